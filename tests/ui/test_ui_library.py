"""The library and the conversations on the left side, as a person uses them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.ui.resources import open_shared
from tests.ui.visits import add_text, ask, conversation_of, html, keys, sides, words

# --- the library ----------------------------------------------------------------------------------------------------


TEXT = "The bridge of Oakham\n\nThe old bridge was closed in May. Repairs cost 3 million pounds. People fear delays."


def test_a_pasted_text_is_understood_before_it_is_used_and_then_opened(page: AppTest) -> None:
    add_text(page, TEXT)
    assert "This is what was understood" in words(page)
    assert "People fear delays.</blockquote>" in html(page)
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


@pytest.mark.parametrize(
    "address",
    [" http://127.0.0.1:9/article ", "not an address", "http://[::1]:9/", "file:///etc/hostname", "http://[::1"],
)
def test_an_address_that_may_not_be_fetched_is_refused(page: AppTest, address: str) -> None:
    page.button(key="add").click().run()
    page.text_input(key="add-url").input(address)
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
