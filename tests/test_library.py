"""The library, on real SQLite files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from debatebot.errors import NotFound, StorageError
from debatebot.library import EVERYBODY, Library
from debatebot.library.schema import storage_errors
from tests.fakes import make_article, make_sentences


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(f"sqlite:///{tmp_path / 'library.sqlite'}")
    yield opened
    opened.close()


def add(library: Library, *sentences: str, person: str = EVERYBODY, **changes: str) -> str:
    article = make_article(*sentences, **changes)
    split = make_sentences(article)
    library.articles.add(article, split, person)
    library.articles.finish(article.id, [0.5] * len(split))
    return article.id


def test_an_article_comes_back_as_it_went_in(library: Library) -> None:
    article = make_article(language="fr", title="Un parc « solaire »")
    split = make_sentences(article)
    assert library.articles.add(article, split)
    assert library.articles.get(article.id) == article
    assert library.articles.sentences(article.id) == split


def test_an_article_is_listed_once_it_is_finished_and_not_before(library: Library) -> None:
    article = make_article()
    library.articles.add(article, make_sentences(article))
    assert library.articles.list() == []
    assert library.articles.unfinished() == [article.id]
    library.articles.finish(article.id, [0.1, 0.2, 0.3, -0.4, -0.5, 0.6])
    assert [entry.id for entry in library.articles.list()] == [article.id]
    assert library.articles.unfinished() == []
    assert library.articles.sentences(article.id)[3].outlook == -0.4
    library.articles.reopen(article.id)
    assert library.articles.unfinished() == [article.id]


def test_the_same_text_is_stored_once(library: Library) -> None:
    article = make_article()
    assert library.articles.add(article, make_sentences(article))
    assert not library.articles.add(article, make_sentences(article), "ada")
    library.articles.finish(article.id, [0.0] * 6)
    assert len(library.articles.list()) == 1


def test_an_article_is_found_by_its_id_the_beginning_of_it_or_its_title(library: Library) -> None:
    identifier = add(library, title="Wind and water")
    for reference in (identifier, identifier[:6], identifier[:6].upper(), "Wind and water"):
        assert library.articles.get(reference).id == identifier


@pytest.mark.parametrize("reference", ["", "   ", "zzzz", "%", "_"])
def test_an_unknown_article_is_refused_with_the_cure(library: Library, reference: str) -> None:
    add(library)
    with pytest.raises(NotFound) as caught:
        library.articles.get(reference)
    assert "debatebot list" in caught.value.hint


def test_an_ambiguous_title_is_refused(library: Library) -> None:
    add(library, "One.", title="Twice")
    add(library, "Two.", title="Twice")
    with pytest.raises(NotFound) as caught:
        library.articles.get("Twice")
    assert caught.value.key == "article_ambiguous"


def test_articles_are_searched_with_accents_and_in_any_case(library: Library) -> None:
    school = add(library, "L'École publique change.", title="Éducation")
    add(library, "The river rises.", title="Water")
    assert [entry.id for entry in library.articles.list(search="école")] == [school]
    assert [entry.id for entry in library.articles.list(search="ÉDUCATION")] == [school]
    assert library.articles.list(search="100%") == []


def test_an_article_one_person_added_is_not_seen_by_another(library: Library) -> None:
    mine = add(library, "My secret.", person="ada")
    everyone = add(library, "For all.")
    assert {entry.id for entry in library.articles.list("ada")} == {mine, everyone}
    assert {entry.id for entry in library.articles.list("bob")} == {everyone}
    assert {entry.id for entry in library.articles.list()} == {mine, everyone}
    with pytest.raises(NotFound):
        library.articles.get(mine, "bob")


def test_removing_takes_an_article_from_ones_own_shelf_only(library: Library) -> None:
    shared = add(library, person="ada")
    add(library, person="bob")
    assert not library.articles.remove(shared, "ada")
    assert library.articles.list("ada") == []
    assert [entry.id for entry in library.articles.list("bob")] == [shared]
    assert library.articles.remove(shared, "bob")
    assert library.articles.list() == []
    assert library.articles.sentences(shared) == ()


def test_vectors_come_back_exactly_and_by_model(library: Library) -> None:
    keys = [f"key-{number}" for number in range(1200)]
    vectors = {key: np.random.default_rng(number).random(8, dtype=np.float32) for number, key in enumerate(keys)}
    library.vectors.put("model-a", vectors)
    library.vectors.put("model-a", vectors)
    found = library.vectors.get("model-a", [*keys, "missing"])
    assert found.keys() == vectors.keys()
    assert all(np.array_equal(found[key], vectors[key]) for key in keys)
    assert library.vectors.get("model-b", keys) == {}


def test_a_question_is_kept_before_it_is_answered(library: Library) -> None:
    conversation = library.conversations.begin("ada", ["a1"], "Is it   good?")
    kept = library.conversations.get(conversation, "ada")
    assert (kept.title, kept.article_ids) == ("Is it good?", ("a1",))
    assert [(turn.question, turn.record) for turn in kept.turns] == [("Is it   good?", None)]
    assert library.conversations.ask(conversation, "ada", "And now?") == 1
    library.conversations.answer(conversation, "ada", 1, {"said": "économie"})
    assert library.conversations.get(conversation, "ada").turns[1].record == {"said": "économie"}


def test_conversations_survive_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.sqlite'}"
    first = Library(url)
    conversation = first.conversations.begin("ada", [], "Why?")
    first.close()
    second = Library(url)
    assert [entry.id for entry in second.conversations.list("ada")] == [conversation]
    second.close()


def test_another_persons_conversation_cannot_be_read_or_changed(library: Library) -> None:
    hers = library.conversations.begin("ada", [], "My question")
    conversations = library.conversations
    assert conversations.list("bob") == []
    for attempt in (
        lambda: conversations.get(hers, "bob"),
        lambda: conversations.ask(hers, "bob", "Mine now"),
        lambda: conversations.answer(hers, "bob", 0, {}),
        lambda: conversations.rename(hers, "bob", "Mine"),
        lambda: conversations.delete(hers, "bob"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert conversations.get(hers, "ada").title == "My question"


def test_a_conversation_is_renamed_deleted_and_brought_back(library: Library) -> None:
    conversation = library.conversations.begin("ada", [], "Why?")
    library.conversations.rename(conversation, "ada", "  Reasons ")
    library.conversations.rename(conversation, "ada", "   ")
    assert library.conversations.get(conversation).title == "Reasons"
    library.conversations.delete(conversation, "ada")
    assert library.conversations.list("ada") == []
    library.conversations.restore(conversation, "ada")
    assert [entry.title for entry in library.conversations.list("ada")] == ["Reasons"]


def test_conversations_are_searched_in_questions_and_answers(library: Library) -> None:
    energy = library.conversations.begin("ada", [], "Que dit l'article ?")
    library.conversations.answer(energy, "ada", 0, {"text": "L'Énergie coûte cher"})
    library.conversations.begin("ada", [], "Something else")
    assert [entry.id for entry in library.conversations.list("ada", search="énergie")] == [energy]


def test_many_threads_write_at_once(library: Library) -> None:
    def write(number: int) -> None:
        add(library, f"Sentence number {number}.", person=f"person-{number}")
        library.conversations.begin(f"person-{number}", [], f"Question {number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.articles.list()) == 8
    assert len(library.conversations.list()) == 8


def test_the_same_article_added_by_many_threads_is_one(library: Library) -> None:
    article = make_article()
    threads = [
        threading.Thread(target=library.articles.add, args=(article, make_sentences(article), f"person-{number}"))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    library.articles.finish(article.id, [0.0] * 6)
    assert len(library.articles.list()) == 1
    assert all(library.articles.list(f"person-{number}") for number in range(8))


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.sqlite'}"
    Library(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE facts SET value = '99' WHERE key = 'schema_version'"))
    engine.dispose()
    with pytest.raises(StorageError) as caught:
        Library(url)
    assert caught.value.key == "library_newer"


def test_a_file_that_is_no_library_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"not a database, only words " * 100)
    with pytest.raises(StorageError) as caught:
        Library(f"sqlite:///{path}")
    assert caught.value.key == "library_damaged"
    assert path.read_bytes().startswith(b"not a database")


def test_a_database_that_may_only_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    create_engine(f"sqlite:///{path}").connect().close()
    with pytest.raises(StorageError) as caught:
        Library(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert caught.value.key == "not_writable"


def test_a_database_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        Library(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'library.sqlite'}")
    assert "DEBATEBOT_HOME" in caught.value.hint


@pytest.mark.parametrize("url", ["nonsense", "nosuchdialect://host/name", "postgresql+nosuchdriver://host/name"])
def test_an_unusable_database_url_is_refused(url: str) -> None:
    with pytest.raises(StorageError) as caught:
        Library(url)
    assert caught.value.key == "database_url"


def test_a_password_is_not_told() -> None:
    with pytest.raises(StorageError) as caught:
        Library("sqlite://someone:secret@host/library")
    assert "secret" not in str(caught.value)


def test_a_full_disk_is_told_as_such_and_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.sqlite'}"
    library = Library(url)
    add(library, "Before.")
    with library._engine.connect() as connection:  # SQLite's own limit stands in for the disk's
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageError) as caught:
        add(library, "A long article. " * 5000)
    assert caught.value.key == "disk_full"
    library.close()
    again = Library(url)
    assert [again.articles.get(entry.id).text for entry in again.articles.list()] == ["Before."]
    again.close()


def test_a_full_disk_is_told_from_one_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> str:
        with pytest.raises(StorageError) as caught, storage_errors(f"sqlite:///{tmp_path / 'library.sqlite'}"):
            raise OperationalError("", {}, Exception("disk I/O error"))
        return caught.value.key

    assert fails() == "library_failed"
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=0))
    assert fails() == "disk_full"


# --- briefings ------------------------------------------------------------------------------------------------------


def test_a_briefing_is_there_again_in_another_process_and_for_nobody_else(library: Library, tmp_path: Path) -> None:
    article = add(library)
    library.briefings.keep("ada", article, "fr", {"said": "été"})
    other = Library(f"sqlite:///{tmp_path / 'library.sqlite'}")
    assert other.briefings.get("ada", article, "fr") == {"said": "été"}
    assert other.briefings.get("bob", article, "fr") is None
    assert other.briefings.get("ada", article, "en") is None
    other.close()


def test_a_briefing_written_again_takes_the_place_of_the_one_before(library: Library) -> None:
    article = add(library)
    for said in ("first", "second"):
        library.briefings.keep("ada", article, "en", {"said": said})
    library.briefings.keep("bob", article, "en", {"said": "mine"})
    assert library.briefings.get("ada", article, "en") == {"said": "second"}
    assert library.briefings.get("bob", article, "en") == {"said": "mine"}


def test_a_briefing_goes_with_the_article(library: Library) -> None:
    article = add(library, person="ada")
    library.articles.add(library.articles.get(article), (), "bob")
    for person in ("ada", "bob"):
        library.briefings.keep(person, article, "en", {"by": person})
    library.articles.remove(article, "ada")
    assert library.briefings.get("ada", article, "en") is None
    assert library.briefings.get("bob", article, "en") == {"by": "bob"}
    library.articles.remove(article)
    assert library.briefings.get("bob", article, "en") is None
    library.briefings.keep("ada", article, "en", {"by": "ada"})
    assert library.briefings.get("ada", article, "en") is None


def test_a_library_from_before_there_were_briefings_opens(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    old = Library(url)
    article = add(old)
    old.close()
    with create_engine(url).begin() as connection:
        connection.execute(text("DROP TABLE briefings"))
    opened = Library(url)
    assert opened.briefings.get("ada", article, "en") is None
    opened.briefings.keep("ada", article, "en", {"said": "new"})
    assert opened.briefings.get("ada", article, "en") == {"said": "new"}
    opened.close()
