"""The debate view as a person uses it: opening, remark, rounds, closing; and what is there again after a reload."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.errors import EngineUnavailable
from debatebot.ui.resources import open_shared
from debatebot.ui.session import DEBATE
from tests.ui.visits import ask, bodies, columns, conversation_of, html, keys, view, words

QUESTION = "Is it good news?"


def rounds(page: AppTest) -> list[str]:
    """The markup of the rounds."""
    return [body for body in bodies(page) if body.startswith('<section class="round"')]


def closings(page: AppTest) -> list[str]:
    """The markup of the closings."""
    return [body for body in bodies(page) if body.startswith('<section class="closing"')]


def opened(page: AppTest) -> AppTest:
    """A debate whose sides have spoken without seeing each other."""
    return ask(view(page, DEBATE), QUESTION)


def next_round(page: AppTest, at: str, remark: str = "", to: str = "") -> AppTest:
    """Hold the next round."""
    if remark:
        page.text_input(key=f"remark-text-{at}").input(remark)
        page.segmented_control(key=f"remark-to-{at}").set_value(to)
    return page.button(key=f"next-round-{at}").click().run()


def test_a_debate_opens_blind_and_then_asks_for_the_next_round(page: AppTest) -> None:
    opened(page)
    assert not page.exception
    assert "each side speaks without seeing the others" in words(page)
    assert len(columns(page)) == 3
    assert rounds(page) == []
    assert "next-round-0-0" in keys(page)
    assert "Round 1 of 2" in words(page)


@pytest.mark.parametrize("count", [1, 4])
def test_a_debate_has_as_many_rounds_as_the_person_chooses(page: AppTest, count: int) -> None:
    view(page, DEBATE)
    assert page.segmented_control(key="rounds-choice").options == ["1", "2", "3", "4"]
    assert page.segmented_control(key="rounds-choice").value == 2
    page.segmented_control(key="rounds-choice").set_value(count).run()
    ask(page, QUESTION)
    assert f"Round 1 of {count}" in words(page)
    view(view(page, ""), DEBATE)
    assert page.segmented_control(key="rounds-choice").value == count
    next_round(page, "0-0")
    assert len(closings(page)) == (count == 1)


def test_a_round_carries_the_remark_and_links_to_the_claims_it_answers(page: AppTest) -> None:
    next_round(opened(page), "0-0", "Who pays for it?", "pessimistic")
    assert not page.exception
    [first] = rounds(page)
    assert "Who pays for it?" in first
    assert "You, to Pessimistic:" in first
    ids = set(re.findall(r'id="(c-0-[\w-]+)"', html(page)))
    targets = re.findall(r'class="ref accent-\w+" href="#(c-0-[\w-]+)"', first)
    assert targets
    assert set(targets) <= ids
    assert "next-round-0-1" in keys(page)


def test_a_debate_that_is_over_is_closed_by_itself(page: AppTest) -> None:
    next_round(opened(page), "0-0")
    if "next-round-0-1" in keys(page):
        next_round(page, "0-1")
    assert not page.exception
    assert len(closings(page)) == 1
    assert "What came of it" in closings(page)[0]
    assert not any(key.startswith("next-round-") for key in keys(page))
    assert "What the debate took:" in words(page)


def test_a_debate_may_be_closed_before_its_rounds_are_over(page: AppTest) -> None:
    opened(page)
    page.button(key="close-now-0-0").click().run()
    assert rounds(page) == []
    assert len(closings(page)) == 1


def test_a_debate_is_there_again_where_it_was_left_and_goes_on(page: AppTest) -> None:
    next_round(opened(page), "0-0", "Who pays for it?")
    again = AppTest.from_file(page._script_path, default_timeout=30)
    again.session_state["person"] = page.session_state["person"]
    again.session_state["language"] = "en"
    again.query_params["conversation"] = conversation_of(page)
    again.query_params["view"] = "debate"
    again.run()
    assert rounds(again) == rounds(page)
    again.button(key="close-now-0-1").click().run()
    assert len(closings(again)) == 1


def test_the_view_stands_in_the_address(page: AppTest) -> None:
    opened(page)
    assert page.query_params["view"] in ("debate", ["debate"])  # Streamlit sets the one and reads the other
    assert "conversation" in page.query_params
    view(page, "")
    assert "view" not in page.query_params
    assert "conversation" in page.query_params


def test_a_plain_question_is_debated_with_one_click(page: AppTest) -> None:
    ask(page, QUESTION)
    view(page, DEBATE)
    assert columns(page) == []
    page.button(key="debate-0").click().run()
    assert len(columns(page)) == 3
    assert "next-round-1-0" in keys(page)


def test_the_comparison_of_a_debated_question_leads_to_the_debate(page: AppTest) -> None:
    opened(page)
    view(page, "")
    assert not any(key.startswith("again-") for key in keys(page))
    page.button(key="show-debate-0").click().run()
    assert "next-round-0-0" in keys(page)


def test_a_round_that_cannot_be_held_says_why_and_may_be_tried_again(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(page)
    debates = type(open_shared().debater.debates)
    with monkeypatch.context() as patch:

        def refuse(*_: object, **__: object) -> None:
            raise EngineUnavailable("no_model", url="http://127.0.0.1:9/v1")

        patch.setattr(debates, "resume", refuse)
        next_round(page, "0-0")
    assert 'class="notice problem" role="alert"' in html(page)
    next_round(page, "0-0")
    assert len(rounds(page)) == 1
    assert 'class="notice problem"' not in html(page)


def test_a_remark_that_is_too_long_is_refused_with_what_the_page_offers(page: AppTest) -> None:
    next_round(opened(page), "0-0", "why " * 600)
    assert "debatebot add" not in words(page)
    assert "Add an article" in words(page)
    assert rounds(page) == []
