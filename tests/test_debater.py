"""The whole, from Python: real embeddings, real Chroma, real SQLite."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from debatebot import Debater, NotFound
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.types import Answer, ClaimAdded, Finished
from tests.fakes import FakeEngine, make_article

ENGLISH = (
    "The town opened a solar park in 2024. The park supplies clean power to 4,000 homes, which delights the families. "
    "Two farms lost grazing land and fear for their future. Whether the park pays for itself, nobody can say yet."
)
FRENCH = (
    "La ville a ouvert un pont en 1932. Le pont mesure 300 mètres de long. Les commerçants se réjouissent d'attirer "
    "davantage de clients. Les riverains redoutent le bruit et les accidents."
)


@pytest.fixture
def debater(tmp_path: Path) -> Iterator[Debater]:
    opened = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path / "home")})
    yield opened
    opened.close()


def texts(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims]


def test_an_article_is_added_and_asked_about(debater: Debater, tmp_path: Path) -> None:
    path = tmp_path / "park.txt"
    path.write_text(ENGLISH, "utf-8")
    article = debater.add(path)
    debate = debater.ask("Is the park good news?", articles=[article], perspectives=["optimistic", "pessimistic"])
    assert [answer.perspective for answer in debate.answers] == ["optimistic", "pessimistic"]
    assert any("clean power" in text for text in texts(debate.answers[0]))
    assert any("farms" in text for text in texts(debate.answers[1]))
    for item in debate.evidence:
        assert article.text[item.sentence.start : item.sentence.end] == item.sentence.text


def test_nothing_is_embedded_twice_across_articles_and_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    passages = BuiltinEmbeddings.passages

    def counting(model: BuiltinEmbeddings, some: list[str]) -> object:
        embedded.extend(some)
        return passages(model, some)

    monkeypatch.setattr(BuiltinEmbeddings, "passages", counting)
    environ = {"DEBATEBOT_HOME": str(tmp_path)}
    first = Debater.from_env(environ)
    first.add(ENGLISH.encode(), name="a.txt")
    once = len(embedded)
    assert once == len(set(embedded)) > 0
    first.add(ENGLISH.encode(), name="b.txt")
    first.close()
    second = Debater.from_env(environ)
    second.add(f"{ENGLISH} One sentence is new here.".encode(), name="c.txt")
    assert embedded[once:] == ["One sentence is new here."]
    assert second.reindex() == 2
    assert len(embedded) == once + 1
    second.close()


def test_the_index_is_derived_and_mended_without_asking(tmp_path: Path) -> None:
    environ = {"DEBATEBOT_HOME": str(tmp_path)}
    first = Debater.from_env(environ)
    article = first.add(ENGLISH.encode(), name="a.txt")
    first.close()
    for path in sorted((tmp_path / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    second = Debater.from_env(environ)
    assert second.ask("Is the park good news?", articles=[article]).answers[0].status == "answered"
    second.close()


ADDING = """
import sys
from debatebot import Debater
debater = Debater.from_env({"DEBATEBOT_HOME": sys.argv[1]})
print("ready", flush=True)
def progress(done, total):
    print(done, total, flush=True)
debater.add(open(sys.argv[2], "rb").read(), name="long.txt", progress=progress)
print("added", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_process_killed_while_adding_leaves_a_library_that_mends_itself(tmp_path: Path, lines: int) -> None:
    sentences = [f"Sentence number {number} speaks of the bridge and of its {number} arches." for number in range(120)]
    long = tmp_path / "long.txt"
    long.write_text(" ".join(sentences), "utf-8")
    home = tmp_path / "home"
    process = subprocess.Popen(
        (sys.executable, "-c", ADDING, str(home), str(long)), stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout
    for _ in range(lines):
        assert process.stdout.readline()
    time.sleep(0.05 * lines)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    debater = Debater.from_env({"DEBATEBOT_HOME": str(home)})
    assert debater.library.articles.unfinished() == []
    kept = [debater.library.articles.get(entry.id) for entry in debater.library.articles.list()]
    for article in kept:
        found = debater.ask("How many arches does the bridge have?", articles=[article])
        assert all(article.text[one.sentence.start : one.sentence.end] == one.sentence.text for one in found.evidence)
    again = debater.add(long)
    assert len(debater.library.articles.sentences(again.id)) == 120
    debater.close()


def test_a_conversation_is_kept_as_it_was_left(debater: Debater) -> None:
    article = debater.add(ENGLISH.encode(), name="a.txt", person="ada")
    with debater.converse("Is the park good news?", person="ada", articles=[article.id]) as stream:
        *_, last = stream
    assert isinstance(last, Finished)
    loaded = debater.conversation(stream.conversation, "ada")
    assert loaded.turns[0].debate is not None
    assert loaded.turns[0].debate.answers[0].text == last.debate.answers[0].text
    with pytest.raises(NotFound):
        debater.conversation(stream.conversation, "bob")


def test_numbers_keep_their_meaning_through_a_conversation(debater: Debater) -> None:
    article = debater.add(ENGLISH.encode(), name="a.txt", person="ada")
    with debater.converse("Is the park good news?", person="ada", articles=[article.id]) as stream:
        list(stream)
    with debater.converse(
        "And for the farms?", person="ada", articles=[article.id], conversation=stream.conversation
    ) as follow:
        list(follow)
    turns = debater.conversation(stream.conversation, "ada").turns
    meaning: dict[int, str] = {}
    for turn in turns:
        assert turn.debate is not None
        for item in turn.debate.evidence:
            assert meaning.setdefault(item.number, item.sentence.id) == item.sentence.id
    assert len(turns) == 2


def test_what_was_said_before_the_page_was_left_is_kept(debater: Debater) -> None:
    article = debater.add(ENGLISH.encode(), name="a.txt", person="ada")

    def hang(request: object) -> None:
        request.cancelled.wait(20)  # type: ignore[attr-defined]

    from tests.fakes import quote

    class Half(FakeEngine):
        def _take(self, request):  # type: ignore[no-untyped-def]
            return [quote(request.retrieval.evidence[0]), hang]

    class Left(BaseException):
        """What a page raises into the script when the reader leaves."""

    with (  # noqa: PT012 - leaving the block is what is tested
        pytest.raises(Left),
        debater.converse("Is it good?", person="ada", articles=[article.id], engine=Half()) as stream,
    ):
        for event in stream:
            if isinstance(event, ClaimAdded):
                raise Left
    kept = debater.conversation(stream.conversation, "ada").turns[0].debate
    assert kept is not None
    assert any(answer.claims for answer in kept.answers)


def test_one_perspective_is_asked_again_and_the_others_stay(debater: Debater) -> None:
    article = debater.add(ENGLISH.encode(), name="a.txt", person="ada")
    from debatebot.errors import EngineBusy

    failing = FakeEngine(by_perspective={"neutral": [EngineBusy("reply_empty", retryable=True)]})
    with debater.converse("Is it good news?", person="ada", articles=[article.id], engine=failing) as stream:
        *_, before = stream
    assert isinstance(before, Finished)
    assert [answer.status for answer in before.debate.answers] == ["answered", "failed", "answered"]
    with debater.again(stream.conversation, stream.position, "neutral", person="ada") as again:
        *_, after = again
    assert isinstance(after, Finished)
    assert [answer.status for answer in after.debate.answers] == ["answered"] * 3
    assert after.debate.answers[0].text == before.debate.answers[0].text
    kept = debater.conversation(stream.conversation, "ada").turns[0].debate
    assert kept is not None
    assert [answer.status for answer in kept.answers] == ["answered"] * 3
    assert len(kept.comparison.balance) == 3


def test_another_persons_article_cannot_be_asked_about(debater: Debater) -> None:
    article = debater.add(ENGLISH.encode(), name="a.txt", person="ada")
    with pytest.raises(NotFound):
        debater.converse("Is it good?", person="bob", articles=[article.id])
    assert debater.library.conversations.list("bob") == []


def test_the_whole_library_is_asked_without_naming_an_article(debater: Debater) -> None:
    debater.add(ENGLISH.encode(), name="a.txt")
    bridge = debater.add(FRENCH.encode(), name="b.txt")
    debate = debater.ask("Quelle est la longueur du pont ?")
    assert len(debate.articles) == 2
    assert {one.sentence.article_id for one in debate.evidence} >= {bridge.id}
    cited = {c.sentence.article_id for answer in debate.answers for claim in answer.claims for c in claim.citations}
    assert cited == {bridge.id}


def test_an_article_made_in_python_is_added_when_it_is_asked_about(debater: Debater) -> None:
    article = make_article(ENGLISH)
    assert debater.ask("Is the park good news?", articles=[article]).answers


def test_samples_are_loaded_once_and_a_removed_one_stays_away(debater: Debater) -> None:
    first = next(debater.load_samples())
    assert [entry.id for entry in debater.library.articles.list()] == [first.id]
    debater.remove(first.id)
    assert next(debater.load_samples()).id != first.id


def test_settings_of_a_file_stand_below_those_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"DEBATEBOT_HOME={tmp_path / 'home'}\nDEBATEBOT_LANGUAGE=en\n")
    monkeypatch.delenv("DEBATEBOT_HOME", raising=False)
    monkeypatch.setenv("DEBATEBOT_LANGUAGE", "fr")
    debater = Debater.from_env()
    debater.close()
    assert (debater.settings.home, debater.settings.language) == (tmp_path / "home", "fr")


PICTURE = (
    "La ville interdit les téléphones au collège depuis 2024. Les professeurs y voient un progrès.\n\n"
    "Le portable en classe, c'est un peu comme un paquet de bonbons ouvert. Même l'enfant sage pense aux bonbons, et les "
    "parents rangent le paquet. Mais l'enfant court au placard dès que les parents s'éloignent.\n\n"
    "Des parents craignent de ne plus joindre leur enfant. D'autres parents se réjouissent du calme retrouvé."
)


def test_a_picture_is_no_evidence_unless_it_is_asked_about(debater: Debater) -> None:
    article = debater.add(PICTURE.encode(), name="a.txt")
    about_parents = debater.ask("Les parents sont-ils d'accord ?", articles=[article])
    assert [one.sentence.text for one in about_parents.evidence if "paquet" in one.sentence.text] == []
    about_the_picture = debater.ask("Que font les parents du paquet de bonbons ?", articles=[article])
    assert any("rangent le paquet" in one.sentence.text for one in about_the_picture.evidence)
