"""What the reader has before their eyes stays there, and what is new comes to the top, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, settle
from tests.browser.visits import (
    HEAD,
    SAID,
    SUGGESTION,
    Visit,
    answer_first_suggestion,
    ask,
    connect,
    is_in_view,
)
from tests.fakes import FakeModelServer, Reply

NEAR_THE_TOP = 150
"""Pixels from the window's top, with the header above on a wide page."""

PANE = """name => {
    const region = document.querySelector(`.st-key-${name}`);
    return region.closest(innerWidth < 1100 ? '[data-testid="stMain"]' : '[data-testid="stColumn"]');
}"""


def top_of_last_question(page: Page) -> float:
    return float(
        page.evaluate("[...document.querySelectorAll('.question')].at(-1).getBoundingClientRect().top")  # nothing moves
    )


def scrolled(page: Page, region: str) -> int:
    """How far a region is scrolled."""
    return int(page.evaluate(f"name => Math.round(({PANE})(name).scrollTop)", region))


def scroll(page: Page, region: str, to: int) -> None:
    page.evaluate(f"([name, to]) => ({PANE})(name).scrollTo({{top: to}})", [region, to])


def is_at_rest(page: Page) -> None:
    """Wait until the page is drawn and has let go of what it holds in place."""
    settle(page)
    page.wait_for_timeout(700)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_new_question_stands_at_the_top_while_it_is_answered_and_after(
    visit: Visit, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).open()
    answer_first_suggestion(page)
    for count, question in ((2, "What are the facts?"), (3, "Who gains from it?")):
        ask(page, question)
        expect(page.locator(".question")).to_have_count(count)
        expect(page.locator(HEAD)).to_have_count(3 * count)
        is_at_rest(page)
        assert 0 <= top_of_last_question(page) <= NEAR_THE_TOP


def test_on_a_phone_whoever_has_read_on_stays_there_when_the_answer_is_done(
    visit: Visit, model: FakeModelServer
) -> None:
    page = visit(viewport=PHONE).open()
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    connect(page, model)
    page.locator('[data-testid="stSidebarCollapseButton"] button').click()
    model.replies.extend([Reply(SAID, piece=3, drip=0.15)] * 3)
    ask(page, "Is it good news?")
    page.wait_for_function("document.querySelectorAll('section.column:has(.claim)').length === 3")
    page.wait_for_timeout(800)
    page.mouse.move(200, 400)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    before = scrolled(page, "conversation")
    expect(page.locator(".st-key-stop")).to_have_count(0)
    is_at_rest(page)
    assert scrolled(page, "conversation") == before


def test_the_article_stays_where_it_is_when_something_else_is_done(visit: Visit) -> None:
    page = visit().open()
    expect(page.get_by_text("More sample articles are on their way")).to_have_count(0)
    answer_first_suggestion(page)
    scroll(page, "article", 500)
    for control in ("choose-several", "cancel-several", "language-choice", "add"):
        page.locator(f".st-key-{control} button").first.click()
        is_at_rest(page)
        assert scrolled(page, "article") == 500
    page.keyboard.press("Escape")
    is_at_rest(page)
    assert scrolled(page, "article") == 500


def test_another_view_and_another_article_begin_at_their_beginning(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    scroll(page, "conversation", 100_000)
    scroll(page, "article", 500)
    page.locator(".st-key-view button", has_text="Briefing").click()
    expect(page.locator(".brief-section")).to_have_count(5)
    is_at_rest(page)
    assert scrolled(page, "conversation") == 0
    assert scrolled(page, "article") == 500
    page.locator('.st-key-library [class*="st-key-article-"]:not([class*="-current"]) button').first.click()
    expect(page.locator(".brief-section")).to_have_count(5)
    is_at_rest(page)
    assert scrolled(page, "article") == 0


def test_another_view_shows_the_question_that_was_being_read(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    ask(page, "What are the facts?")
    expect(page.locator(HEAD)).to_have_count(6)
    is_at_rest(page)
    page.locator(".st-key-view button", has_text="Pessimistic").click()
    expect(page.locator(HEAD)).to_have_count(2)
    is_at_rest(page)
    page.locator(".st-key-view button", has_text="Compare").click()
    expect(page.locator(HEAD)).to_have_count(6)
    is_at_rest(page)
    assert 0 <= top_of_last_question(page) <= NEAR_THE_TOP


def test_the_last_round_is_read_before_the_closing_that_follows_it(visit: Visit) -> None:
    page = visit().open()
    page.locator(".st-key-view button", has_text="Debate").click()
    page.wait_for_url(lambda address: "view=" in address)
    settle(page)
    page.locator(".st-key-rounds button", has_text="1").click()
    settle(page)
    page.locator(SUGGESTION).first.click()
    remark = page.locator('[class*="st-key-remark-text-"] input')
    expect(remark).to_be_visible()
    settle(page)
    remark.fill("What about those who pay for it?")
    page.locator('[class*="st-key-next-round-"] button').click()
    expect(page.locator("section.closing")).to_have_count(1)
    is_at_rest(page)
    assert is_in_view(page, ".remark")


def test_a_question_that_is_refused_is_seen_and_not_lost(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    question = " ".join(["Is it good news?"] * 300)
    ask(page, question)
    expect(page.locator(".refused .notice")).to_be_visible()
    is_at_rest(page)
    assert is_in_view(page, ".refused .notice")
    assert page.locator('[data-testid="stCode"]').inner_text().strip() == question
