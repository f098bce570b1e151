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
from debatebot.ui.turns import AS_SAID
from tests.fakes import FakeModelServer, Reply
from tests.ui.visits import ask, columns, conversation_of, html, keys, sides, words

REPLY = Reply("FACT: The rule has applied for years [1].\nOPINION: It is worth the trouble [2][99].")


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with FakeModelServer() as running:
        yield running


def connect(page: AppTest, server: FakeModelServer, key: str = "") -> AppTest:
    """Connect a model as a person does, through the dialog."""
    page.button(key="connect").click().run()
    page.text_input(key="connect-address").input(server.base_url)
    page.text_input(key="connect-model").input("fake-model")
    page.text_input(key="connect-key").input(key)
    [submit] = [button for button in page.button if button.label == "Connect"]
    return submit.click().run()


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


# --- the library ----------------------------------------------------------------------------------------------------


def add_text(page: AppTest, text: str) -> AppTest:
    """Add pasted text through the dialog."""
    page.button(key="add").click().run()
    page.text_area(key="add-content").input(text)
    submit = next(button for button in page.button if button.label == "Add")
    return submit.click().run()


TEXT = "The bridge of Oakham\n\nThe old bridge was closed in May. Repairs cost 3 million pounds. People fear delays."


def test_a_pasted_text_is_understood_before_it_is_used_and_then_opened(page: AppTest) -> None:
    add_text(page, TEXT)
    assert "This is what was understood" in words(page)
    assert "English" in words(page)
    page.button(key="add-use").click().run()
    assert "Repairs cost 3 million pounds." in html(page)
    assert any("bridge" in button.label for button in page.button)


def test_an_article_that_is_not_kept_is_gone(page: AppTest) -> None:
    add_text(page, TEXT.replace("May", "June"))
    page.button(key="add-discard").click().run()
    entries = open_shared().debater.library.articles.list(page.session_state["person"], "June")
    assert entries == []


def test_an_article_of_ones_own_is_removed_and_brought_back(page: AppTest) -> None:
    add_text(page, TEXT.replace("May", "July"))
    page.button(key="add-use").click().run()
    [remove] = [key for key in keys(page) if key.startswith("remove-")]
    page.button(key=remove).click().run()
    assert remove not in keys(page)
    page.button(key="undo-remove").click().run()
    assert remove in keys(page)


@pytest.mark.parametrize(("text", "said"), [("   ", "There is no text yet."), ("!!! ???", "")])
def test_a_text_without_words_is_refused_with_its_cure(page: AppTest, text: str, said: str) -> None:
    add_text(page, text)
    assert '<div class="notice problem" role="alert">' in html(page)
    assert said in words(page)
    assert not page.exception


def test_an_address_that_may_not_be_fetched_is_refused(page: AppTest) -> None:
    page.button(key="add").click().run()
    page.text_input(key="add-url").input("http://127.0.0.1:9/article")
    [*_, submit] = [button for button in page.button if button.label == "Add"]
    submit.click().run()
    assert '<div class="notice problem" role="alert">' in html(page)
    assert not page.exception


def test_the_library_is_searched(page: AppTest) -> None:
    before = [key for key in keys(page) if key.startswith("article-")]
    page.text_input(key="library-search").input("zzzzqqqq").run()
    assert "No article holds" in words(page)
    assert len(before) == 1


def test_articles_without_questions_of_their_own_get_general_ones(page: AppTest) -> None:
    add_text(page, TEXT.replace("May", "April"))
    page.button(key="add-use").click().run()
    labels = [button.label for button in page.button if (button.key or "").startswith("suggestion-")]
    assert labels == ["Is it good news?", "What are the facts?", "What can we hope or fear from it?"]


def test_what_an_article_says_is_never_markup(page: AppTest) -> None:
    add_text(
        page, "# <b>Bold</b> <img src=x onerror=alert(1)>\n\nThe <script>alert(2)</script> town grew. **It** grew."
    )
    page.button(key="add-use").click().run()
    article = next(body for body in (one.proto.body for one in page.get("html")) if body.startswith("<article"))
    assert "<script" not in article
    assert "<img" not in article
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in article


# --- conversations --------------------------------------------------------------------------------------------------


def test_a_conversation_is_there_again_for_the_same_person_and_for_nobody_else(page: AppTest) -> None:
    ask(page)
    identifier, person = conversation_of(page), page.session_state["person"]
    again = AppTest.from_file(page._script_path, default_timeout=30)
    again.session_state["person"] = person
    again.query_params["conversation"] = identifier
    assert len(sides(again.run())) == 3
    other = AppTest.from_file(page._script_path, default_timeout=30)
    other.session_state["language"] = "en"
    other.query_params["conversation"] = identifier
    other.run()
    assert "This conversation was not found." in words(other)
    assert not sides(other)
    assert not any(key.startswith("talk-") for key in keys(other))


def test_a_conversation_is_renamed(page: AppTest) -> None:
    ask(page)
    identifier = conversation_of(page)
    page.button(key=f"rename-{identifier}").click().run()
    page.text_input(key=f"title-{identifier}").input("**My** title")
    [save] = [button for button in page.button if button.label == "Save"]
    save.click().run()
    [label] = [button.label for button in page.button if button.key == f"talk-{identifier}-current"]
    assert label.startswith(r"\*\*My\*\* title")


def test_a_conversation_is_deleted_and_brought_back(page: AppTest) -> None:
    ask(page)
    identifier = conversation_of(page)
    page.button(key=f"delete-{identifier}").click().run()
    assert not any(key.startswith("talk-") for key in keys(page))
    assert "conversation" not in page.query_params
    page.button(key="undo-delete").click().run()
    assert conversation_of(page) == identifier
    assert len(sides(page)) == 3


def test_a_new_conversation_begins_with_the_same_article(page: AppTest) -> None:
    ask(page)
    page.button(key="new-conversation").click().run()
    assert "conversation" not in page.query_params
    assert "suggestion-0" in keys(page)


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


def test_the_built_in_engine_is_one_click_away(page: AppTest, server: FakeModelServer) -> None:
    connect(page, server)
    page.button(key="use-builtin").click().run()
    assert "Quotes from the article, no generated text" in words(page)
