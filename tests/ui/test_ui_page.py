"""The page as a person uses it, run by Streamlit's own test runner on the real debater with the built-in engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.catalog import LANGUAGES, entries
from debatebot.engines.servers import LocalServer
from debatebot.errors import EngineUnavailable, NotFound, StorageError
from debatebot.types import Engine
from debatebot.ui.notices import error_html
from debatebot.ui.resources import Preparation, open_shared
from debatebot.ui.session import DEBATE
from debatebot.ui.turns import AS_SAID
from tests.fakes import FakeModelServer, Reply
from tests.ui.visits import ask, columns, connect, conversation_of, html, keys, sides, view, words

REPLY = Reply("FACT: The rule has applied for years [1].\nOPINION: It is worth the trouble [2][99].")


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with FakeModelServer() as running:
        yield running


def test_the_first_paint_shows_a_sample_article_and_three_questions(page: AppTest) -> None:
    assert not page.exception
    assert '<article class="article"' in html(page)
    assert sum(key.startswith("suggestion-") for key in keys(page)) == 3
    assert "Quotes from the article, no generated text" in words(page)


def test_the_first_answer_is_one_click_away(page: AppTest) -> None:
    page.button(key="suggestion-0").click().run()
    assert not page.exception
    assert len(sides(page)) == 3
    assert html(page).count('class="claim"') >= 3
    assert 'class="citation"' in html(page)
    assert 's cited"' in html(page)


def test_a_suggestion_that_was_asked_is_not_suggested_again(page: AppTest) -> None:
    asked = page.button(key="suggestion-0").label
    page.button(key="suggestion-0").click().run()
    assert asked not in [button.label for button in page.button if (button.key or "").startswith("suggestion-")]


def test_a_typed_question_is_answered_and_stays_in_the_conversation(page: AppTest) -> None:
    ask(page, "Is it good news?")
    ask(page, "What are the facts?")
    assert [words for words in ("Is it good news?", "What are the facts?") if words in html(page)]
    assert len(sides(page)) == 6
    entries = open_shared().debater.library.conversations.list(page.session_state["person"])
    assert [(entry.id, entry.turns) for entry in entries] == [(conversation_of(page), 2)]


def test_one_perspective_alone_is_asked_and_shown_alone(page: AppTest) -> None:
    page.segmented_control(key="view").set_value("pessimistic").run()
    ask(page)
    assert len(sides(page)) == 1
    assert "accent-rust" in columns(page)[0]
    page.segmented_control(key="view").set_value("").run()
    assert len(sides(page)) == 3
    assert words(page).count("This point of view was not asked.") == 2


def test_a_perspective_that_was_not_asked_can_be_asked_later(page: AppTest) -> None:
    page.segmented_control(key="view").set_value("neutral").run()
    ask(page)
    page.segmented_control(key="view").set_value("").run()
    page.button(key="again-0-optimistic").click().run()
    assert "again-0-optimistic" not in keys(page)
    assert "again-0-pessimistic" in keys(page)


def test_an_empty_question_is_refused_with_its_cure(page: AppTest) -> None:
    ask(page, "?!")
    assert "The question is empty." in words(page)
    assert not page.exception


@pytest.mark.parametrize("view_name", ["", DEBATE])
def test_a_question_that_is_too_long_is_refused_and_not_lost(page: AppTest, view_name: str) -> None:
    question = " ".join(["Is it good news?"] * 300)
    ask(view(page, view_name), question)
    assert 'data-turn="refused-1"' in html(page)
    assert [code.value for code in page.code] == [question]


def test_both_languages_have_the_whole_page(page: AppTest) -> None:
    page.segmented_control(key="language-choice").set_value("fr").run()
    assert not page.exception
    assert "Citations de l’article, aucun texte généré" in words(page)
    assert page.button(key="add").label == "Ajouter un article"


def test_what_cannot_be_opened_is_said_with_its_cure(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise StorageError("disk_full", where="library.sqlite")

    monkeypatch.setattr("debatebot.ui.page.open_shared", refuse)
    page.run()
    assert not page.exception
    assert 'role="alert"' in html(page)
    assert "library.sqlite" in words(page)


def test_a_model_of_the_settings_that_is_not_there_is_said_and_not_replaced(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str | None = None) -> Engine:
        if name is None:
            raise EngineUnavailable("no_model", url="http://127.0.0.1:9/v1")
        return engine(name)

    engine = open_shared().debater.engine
    monkeypatch.setattr(open_shared().debater, "engine", away)
    del page.session_state["engine"]
    page.run()
    assert "http://127.0.0.1:9/v1" in words(page)
    ask(page)
    assert not sides(page)
    page.button(key="use-builtin").click().run()
    ask(page)
    assert len(sides(page)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_helps_on_the_page_is_never_a_command(language: str) -> None:
    commands = {key.split(".")[1] for key, text in entries(language, "errors").items() if "`debatebot" in text}
    own = entries(language, "page")
    without = {key for key in commands if f"page.hints.{key}" not in own}
    assert without == {"usage"}
    assert not [text for text in own.values() if "`debatebot" in text]


def test_an_unknown_article_is_said_with_what_the_page_offers() -> None:
    shown = error_html(NotFound("article_unknown", reference="<x>"), "en")
    assert "There is no article “&lt;x&gt;”." in shown
    assert "Choose one in the library" in shown


def test_an_article_that_is_still_being_read_is_shown_and_cannot_be_asked_yet(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(open_shared().debater.library.articles), "is_ready", lambda *_: False)
        page.run()
        assert "This article is still being read." in words(page)
        assert page.chat_input(key="question").disabled
        assert not any(key.startswith("suggestion-") for key in keys(page))
    page.run()
    assert not page.chat_input(key="question").disabled


def test_the_page_is_up_before_what_was_left_half_done_is_finished(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def resume() -> None:
        begun.set()
        go_on.wait(20)

    debater = open_shared().debater
    monkeypatch.setattr(debater, "resume", resume)
    preparation = Preparation(debater)
    assert not begun.wait(0.1)
    preparation.begin()
    assert begun.wait(5)
    was_running = preparation.is_running
    go_on.set()
    preparation.wait()
    assert (was_running, preparation.is_running) == (True, False)
    assert preparation.error is None


def test_claims_are_laid_out_by_issue_or_as_they_were_said(page: AppTest) -> None:
    ask(page)
    assert columns(page) == []
    assert 'class="by-issue"' in html(page)
    said = html(page).count('class="claim"')
    page.segmented_control(key="layout-0").set_value(AS_SAID).run()
    assert len(columns(page)) == 3
    assert 'class="by-issue"' not in html(page)
    assert html(page).count('class="claim"') == said


def test_what_follows_from_an_answer_is_suggested_and_asked_with_a_click(page: AppTest) -> None:
    ask(page)
    following = [button for button in page.button if (button.key or "").startswith("suggestion-")]
    assert 3 <= len(following) <= 5
    assert any("from what nobody used" in button.label for button in following)
    following[0].click().run()
    assert len(sides(page)) == 6


def test_a_follow_up_shows_what_was_searched_for(page: AppTest) -> None:
    ask(page)
    ask(page, "And for the pupils?")
    turns = open_shared().debater.conversation(conversation_of(page), page.session_state["person"]).turns
    assert turns[1].debate is not None
    assert turns[1].debate.rewritten
    assert f"Searched: {turns[1].debate.rewritten}" in words(page)


# --- a model --------------------------------------------------------------------------------------------------------


def test_a_model_is_connected_and_answers(page: AppTest, server: FakeModelServer) -> None:
    server.replies.extend([REPLY] * 3)
    connect(page, server)
    ask(page)
    assert not page.exception
    assert words(page).count("It is worth the trouble.") >= 3
    assert words(page).count("1 marker stood for no sentence") == 3
    assert "900 tokens read" in words(page)
    assert "The model could not compare the answers" in words(page)  # what the server says by itself is no comparison


def test_a_failing_column_says_why_and_is_asked_again_alone(page: AppTest, server: FakeModelServer) -> None:
    page.session_state["layout"] = AS_SAID
    server.replies.extend([REPLY, Reply(status=400, error="broken"), REPLY])
    connect(page, server)
    ask(page)
    assert html(page).count('class="failure"') == 1
    [again] = [key for key in keys(page) if key.startswith("again-")]
    answered = [column for column in columns(page) if 'class="failure"' not in column]
    server.replies.append(REPLY)
    page.button(key=again).click().run()
    assert 'class="failure"' not in html(page)
    assert len(answered) == 2
    assert set(answered) < set(columns(page))


def test_the_key_of_one_person_reaches_nobody_else(page: AppTest, server: FakeModelServer) -> None:
    connect(page, server, key="sk-secret-of-mine")
    other = AppTest.from_file(page._script_path, default_timeout=30)
    other.session_state["language"] = "en"
    other.run()
    assert "Quotes from the article, no generated text" in words(other)
    assert "fake-model" not in words(other)
    assert "sk-secret-of-mine" not in html(page)


def test_a_server_found_on_this_machine_is_one_click_away(
    page: AppTest, server: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (LocalServer("Ollama", server.base_url, ("fake-model",)),)
    monkeypatch.setattr(open_shared().debater, "local_servers", lambda: found)
    page.button(key="connect").click().run()
    page.button(key=f"use-{server.base_url}-fake-model").click().run()
    assert "A model writes these answers." in words(page)


def test_a_model_without_a_name_is_refused_with_its_cure(page: AppTest) -> None:
    page.button(key="connect").click().run()
    [submit] = [button for button in page.button if button.label == "Connect"]
    submit.click().run()
    assert "The name of the model is missing." in words(page)


@pytest.mark.parametrize("address", ["not an address", "http://[::1", "ftp://gpu-box/v1", "http://gpu-box:port/v1"])
def test_an_address_of_no_server_is_refused_with_its_cure(page: AppTest, address: str) -> None:
    page.button(key="connect").click().run()
    page.text_input(key="connect-address").input(address)
    page.text_input(key="connect-model").input("fake-model")
    [submit] = [button for button in page.button if button.label == "Connect"]
    submit.click().run()
    assert "is not the address of a server" in words(page)
    assert not page.exception


def test_the_address_of_a_server_may_lack_its_scheme(page: AppTest, server: FakeModelServer) -> None:
    page.button(key="connect").click().run()
    page.text_input(key="connect-address").input(f"  {server.base_url.removeprefix('http://')} ")
    page.text_input(key="connect-model").input("fake-model")
    [submit] = [button for button in page.button if button.label == "Connect"]
    submit.click().run()
    assert "A model writes these answers." in words(page)


def test_the_built_in_engine_is_one_click_away(page: AppTest, server: FakeModelServer) -> None:
    connect(page, server)
    page.button(key="use-builtin").click().run()
    assert "Quotes from the article, no generated text" in words(page)
