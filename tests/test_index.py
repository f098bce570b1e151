from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from debatebot.errors import StorageError
from debatebot.index import Index, SearchResult
from debatebot.types import Article, Sentence
from tests.fakes import FakeEmbeddings, make_article, make_sentences
from tests.index_worker import EMBEDDINGS as NUMBERS
from tests.index_worker import is_whole, numbered

WORKER = Path(__file__).with_name("index_worker.py")
EMBEDDINGS = FakeEmbeddings()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "index"


@pytest.fixture
def index(path: Path) -> Iterator[Index]:
    index = Index(EMBEDDINGS, path=path)
    yield index
    index.close()


def add(index: Index, article: Article, sentences: tuple[Sentence, ...] | None = None) -> Article:
    chosen = make_sentences(article) if sentences is None else sentences
    index.add(article, chosen, EMBEDDINGS.passages([sentence.text for sentence in chosen]))
    return article


def texts(found: SearchResult) -> list[str]:
    return [hit.sentence.text for hit in found.hits]


WOLF = make_article(
    text="Le loup est revenu en 1992.\n\nIl mange des brebis la nuit. Les bergers dorment mal.\n\nOn compte 1 082 loups.",
    title="Loup",
    language="fr",
)
PUMP = make_article(text="A heat pump warms a house. It cost 7,500 pounds in 2023.", title="Pump", language="en")


class TestWhatIsThere:
    def test_an_added_article_is_counted_and_listed(self, index: Index) -> None:
        add(index, WOLF)
        add(index, PUMP)
        assert index.count(WOLF.id) == 4
        assert index.article_ids() == {WOLF.id, PUMP.id}

    def test_adding_again_changes_nothing(self, index: Index) -> None:
        add(index, WOLF)
        add(index, WOLF)
        assert index.count(WOLF.id) == 4

    def test_adding_again_replaces_sentences_and_outlook(self, index: Index) -> None:
        add(index, WOLF)
        index.search("loup", "fr", [WOLF])
        fewer = tuple(replace(sentence, outlook=-0.5) for sentence in make_sentences(WOLF)[:2])
        add(index, WOLF, fewer)
        assert index.count(WOLF.id) == 2
        assert index.search("loup", "fr", [WOLF]).sentences == fewer

    def test_a_removed_article_is_gone(self, index: Index) -> None:
        add(index, WOLF)
        add(index, PUMP)
        index.search("loup", "fr", [WOLF])
        index.remove(WOLF.id)
        index.remove("never-there")
        assert index.article_ids() == {PUMP.id}
        assert index.count(WOLF.id) == 0
        with pytest.raises(StorageError, match="Loup"):
            index.search("loup", "fr", [WOLF])

    def test_it_survives_a_restart_bit_by_bit(self, index: Index, path: Path) -> None:
        sentences = make_sentences(WOLF, outlooks=[0.25, -0.5, -1.0, 0.0])
        add(index, WOLF, sentences)
        index.close()
        found = Index(EMBEDDINGS, path=path).search("loup", "fr", [WOLF])
        assert found.sentences == sentences
        assert np.allclose(found.vectors, EMBEDDINGS.passages([sentence.text for sentence in sentences]), atol=1e-6)

    def test_vectors_of_two_models_do_not_meet(self, index: Index, path: Path) -> None:
        add(index, WOLF)
        other = Index(FakeEmbeddings(8), path=path)
        assert other.article_ids() == set()
        other.add(PUMP, make_sentences(PUMP), FakeEmbeddings(8).passages(["a", "b"]))
        assert index.article_ids() == {WOLF.id}

    def test_more_sentences_than_chroma_takes_at_once(self, index: Index) -> None:
        count = 5500
        sentences = tuple(Sentence("long", at, at, at + 1, "x", at // 5) for at in range(count))
        article = Article("long", "x" * count, "Long", "test", "en", "")
        vectors = np.random.default_rng(0).normal(size=(count, 4)).astype(np.float32)
        index.add(article, sentences, vectors)
        assert index.count("long") == count
        assert index.article_ids() == {"long"}

    def test_each_sentence_needs_a_vector(self, index: Index) -> None:
        with pytest.raises(ValueError, match="vector"):
            index.add(WOLF, make_sentences(WOLF), EMBEDDINGS.passages(["one"]))

    def test_either_a_folder_or_a_server(self, path: Path) -> None:
        with pytest.raises(ValueError, match="path"):
            Index(EMBEDDINGS)
        with pytest.raises(ValueError, match="path"):
            Index(EMBEDDINGS, path=path, url="http://localhost:1")


class TestSearch:
    def test_what_answers_comes_first(self, index: Index) -> None:
        add(index, WOLF)
        found = index.search("Que mange le loup la nuit ?", "fr", [WOLF])
        assert texts(found)[0] == "Il mange des brebis la nuit."
        assert found.hits[0].relevance == 1.0
        assert found.relevance.min() == 0.0

    def test_scores_stand_beside_their_sentences(self, index: Index) -> None:
        add(index, WOLF)
        add(index, PUMP)
        found = index.search("Combien de loups ?", "fr", [WOLF, PUMP])
        assert found.sentences == make_sentences(WOLF) + make_sentences(PUMP)
        assert found.vectors.shape == (6, EMBEDDINGS.dimensions)
        assert found.dense == pytest.approx(found.vectors @ EMBEDDINGS.query("Combien de loups ?"))
        for hit in found.hits:
            place = found.sentences.index(hit.sentence)
            assert hit.relevance == pytest.approx(found.relevance[place])
            assert np.array_equal(hit.vector, found.vectors_of([place])[0])
        assert [hit.relevance for hit in found.hits] == sorted((float(x) for x in found.relevance), reverse=True)

    def test_only_the_articles_asked_are_searched(self, index: Index) -> None:
        add(index, WOLF)
        add(index, PUMP)
        assert {hit.sentence.article_id for hit in index.search("loup", "fr", [PUMP]).hits} == {PUMP.id}

    def test_no_more_hits_than_wanted(self, index: Index) -> None:
        add(index, WOLF)
        every = index.search("loup", "fr", [WOLF], limit=10)
        assert len(every.hits) == 4
        assert index.search("loup", "fr", [WOLF], limit=2).hits[1].sentence == every.hits[1].sentence
        assert index.search("loup", "fr", [WOLF], limit=0).hits == ()

    def test_an_article_named_twice_is_searched_once(self, index: Index) -> None:
        add(index, WOLF)
        assert len(index.search("loup", "fr", [WOLF, WOLF]).sentences) == 4

    def test_no_articles_hold_nothing(self, index: Index) -> None:
        found = index.search("loup", "fr", [])
        assert (found.hits, found.sentences, found.answerable) == ((), (), 0.0)
        assert len(found.vectors) == 0

    def test_an_article_of_one_sentence(self, index: Index) -> None:
        article = add(index, make_article("Le loup dort.", language="fr"))
        assert index.search("Que fait le loup ?", "fr", [article]).hits[0].relevance == 1.0

    def test_a_number_is_found_in_an_article_in_another_language(self, index: Index) -> None:
        add(index, PUMP)
        found = index.search("Que vaut 7 500 ?", "fr", [PUMP])
        assert found.lexical[1] > found.lexical[0]

    def test_other_words_do_not_count_between_languages(self, index: Index) -> None:
        add(index, PUMP)
        assert not index.search("Une pump dans la house ?", "fr", [PUMP]).lexical.any()

    def test_whether_the_article_speaks_of_it(self, index: Index) -> None:
        add(index, WOLF)
        assert index.search("Combien de loups compte-t-on ?", "fr", [WOLF]).answerable >= 0.5
        assert index.search("Quel est le prix du pétrole à Londres ?", "fr", [WOLF]).answerable < 0.5
        general = index.search("Quels sont les risques ?", "fr", [WOLF])
        assert general.general
        assert general.answerable >= 0.5

    def test_preparing_is_not_needed_and_does_no_harm(self, index: Index) -> None:
        add(index, WOLF)
        index.prepare([WOLF])
        assert len(index.search("loup", "fr", [WOLF]).sentences) == 4

    def test_many_threads_at_once_from_the_first_moment(self, path: Path) -> None:
        add(Index(EMBEDDINGS, path=path), WOLF)
        index = Index(EMBEDDINGS, path=path)
        index.close()
        start = threading.Barrier(16)

        def ask(number: int) -> list[str]:
            start.wait()
            if number % 4 == 0:
                add(index, make_article(f"Article {number} sur le vent.", language="fr"))
            return texts(index.search("Que mange le loup ?", "fr", [WOLF]))

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, range(16)))
        assert all(answer == answers[0] for answer in answers)
        assert len(index.article_ids()) == 5


def worker(path: Path, name: str, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WORKER), str(path), name, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=WORKER.parents[1])


@pytest.fixture
def numbers(path: Path) -> Iterator[Index]:
    index = Index(NUMBERS, path=path)
    yield index
    index.close()


class TestSeveralProcesses:
    def test_two_write_in_turn_while_a_third_searches(self, numbers: Index, path: Path) -> None:
        rounds = 10
        article, sentences, vectors = numbered("a0")
        numbers.add(article, sentences[:3], vectors[:3])
        assert len(numbers.search("phrase", "fr", [article]).sentences) == 3  # in memory now, and out of date soon
        writers = [worker(path, name, rounds) for name in ("a", "b")]
        seen: set[str] = set()
        while any(process.poll() is None for process in writers):
            there = numbers.article_ids()
            assert seen <= there
            seen = there
            whole = sorted(there - {"a0"})
            assert all(is_whole(numbers, name) for name in random.sample(whole, min(3, len(whole))))
        assert [process.communicate()[0] for process in writers] == ["done\n", "done\n"]
        assert numbers.article_ids() == {f"{name}{number}" for name in "ab" for number in range(rounds)}
        assert all(is_whole(numbers, name) for name in numbers.article_ids())

    def test_a_killed_writer_leaves_a_folder_that_opens_and_takes_the_article_again(
        self, numbers: Index, path: Path
    ) -> None:
        chance = random.Random(0)
        for number in range(2):
            name = f"k{number}-"
            process = worker(path, name, 1000)
            while not (there := [known for known in numbers.article_ids() if known.startswith(name)]):
                assert process.poll() is None
                time.sleep(0.02)
            time.sleep(chance.random() * 0.1)
            process.kill()
            process.communicate()
            assert process.returncode == -9
            there = [known for known in numbers.article_ids() if known.startswith(name)]
            assert all(is_whole(numbers, known) for known in there)
            for again in (len(there) - 1, len(there)):
                numbers.add(*numbered(f"{name}{again}"))
                assert is_whole(numbers, f"{name}{again}")

    def test_another_process_that_never_ends_is_named(
        self, numbers: Index, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script = (
            "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n print('held', flush=True)\n sys.stdin.read()"
        )
        command = [sys.executable, "-c", script, f"{path}.lock"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            monkeypatch.setattr("debatebot.index.storage.LOCK_TIMEOUT", 0.05)
            with pytest.raises(StorageError) as caught:
                numbers.remove("a")
            process.communicate("")
        assert caught.value.retryable
        numbers.remove("a")


class TestDamage:
    @pytest.mark.parametrize("damage", ["garbage", "cut", "no vectors", "a file"])
    def test_it_is_named_with_its_cure_and_reset_mends_it(self, index: Index, path: Path, damage: str) -> None:
        count = 1100  # so many that Chroma has written its vector files
        vectors = np.random.default_rng(0).normal(size=(count, EMBEDDINGS.dimensions)).astype(np.float32)
        article = replace(WOLF, id="long")
        index.add(article, [Sentence("long", at, 0, 0, "x", 0) for at in range(count)], vectors)
        index.close()
        database = path / "chroma.sqlite3"
        if damage == "garbage":
            database.write_bytes(b"garbage" * 5000)
        elif damage == "cut":
            database.write_bytes(database.read_bytes()[:20_000])
        elif damage == "no vectors":
            for file in path.glob("*/*.bin"):
                file.write_bytes(b"")
        else:
            Index(EMBEDDINGS, path=path).reset()
            path.write_bytes(b"")
        with pytest.raises(StorageError) as caught:
            index.search("x", "fr", [article])
        assert "debatebot reindex" in caught.value.hint or damage == "a file"
        index.reset()
        assert index.article_ids() == set()
        add(index, WOLF)
        assert texts(index.search("loups", "fr", [WOLF]))

    def test_other_processes_notice_the_reset(self, numbers: Index, path: Path) -> None:
        numbers.add(*numbered("a0"))
        assert is_whole(numbers, "a0")
        assert worker(path, "reset", 0).communicate()[0] == "done\n"
        assert numbers.article_ids() == set()

    def test_a_folder_that_may_not_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StorageError):
            Index(EMBEDDINGS, path=tmp_path / "file" / "index").article_ids()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server_url(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None and not listens(port):
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_server_behaves_as_a_folder_does(server_url: str) -> None:
    index = Index(EMBEDDINGS, url=server_url)
    add(index, WOLF)
    add(index, PUMP)
    assert texts(index.search("Que mange le loup la nuit ?", "fr", [WOLF]))[0] == "Il mange des brebis la nuit."
    second = Index(EMBEDDINGS, url=server_url)
    assert second.article_ids() == {WOLF.id, PUMP.id}
    second.close()
    index.remove(WOLF.id)
    assert index.article_ids() == {PUMP.id}
    index.reset()
    index.reset()
    assert index.article_ids() == set()
    index.close()


def test_a_server_that_is_not_there_is_named_with_its_cure() -> None:
    with pytest.raises(StorageError) as caught:
        Index(EMBEDDINGS, url="http://127.0.0.1:9").article_ids()
    assert "DEBATEBOT_CHROMA_URL" in caught.value.hint
