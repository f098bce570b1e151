"""Keyboard, screen readers, languages, phones and measure: for everybody; in a real browser."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, settle
from tests.browser.visits import (
    COLUMN,
    SUGGESTION,
    Visit,
    answer_first_suggestion,
    choose_in_menu,
    is_in_view,
)

# --- for everybody --------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit().open()
    page.locator(SUGGESTION).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("a.citation").first).to_be_visible()
    settle(page)
    page.locator('[data-testid="stChatInputTextArea"]').focus()
    for _ in range(200):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('citation')"):
            break
    expect(page.locator("#debatebot-tip")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".s:target")).to_have_count(1)


def test_a_hint_stays_when_the_focus_scrolls_the_page(visit: Visit) -> None:
    page = visit(viewport=PHONE).open()
    answer_first_suggestion(page)
    page.locator("[data-tip]:is(a, [tabindex='0'])").first.focus()
    for _ in range(12):  # farther than the window reaches
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)
        if page.evaluate("Boolean(document.activeElement.dataset.tip)"):
            expect(page.locator("#debatebot-tip.shown")).to_have_count(1)
            page.wait_for_timeout(250)
            assert page.locator("#debatebot-tip.shown").count() == 1
            assert is_in_view(page, "#debatebot-tip")


def test_a_library_that_is_closed_is_closed_to_the_keyboard(visit: Visit) -> None:
    page = visit(viewport=PHONE).open()
    sidebar = page.locator('[data-testid="stSidebar"]')
    expect(sidebar).to_be_hidden()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert not page.evaluate("Boolean(document.activeElement.closest('[data-testid=\"stSidebar\"]'))")
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    expect(page.locator(".st-key-add button")).to_be_visible()


def test_the_focus_goes_on_where_what_had_it_is_gone(visit: Visit) -> None:
    page = visit().open()
    expect(page.get_by_text("More sample articles are on their way")).to_have_count(0)  # its end would close a menu
    answer_first_suggestion(page)
    choose_in_menu(page, '[class*="st-key-talk-actions-"] button', '[class*="st-key-rename-"] button')
    expect(page.locator('[class*="st-key-title-"] input')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[class*="st-key-talk-"][class*="-current"] button')).to_be_focused()
    settle(page)
    choose_in_menu(page, '[class*="st-key-talk-actions-"] button', '[class*="st-key-delete-"] button')
    expect(page.locator(".st-key-undo-delete button")).to_be_focused()


def test_everything_one_can_use_has_a_name(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, [role=button], [tabindex="0"]')]
            .filter(one => one.offsetParent !== null && !one.closest('[aria-hidden=true]'))
            .filter(one => !(one.getAttribute('aria-label') || one.innerText || one.title
                || (one.labels && one.labels.length) || one.getAttribute('aria-labelledby')))
            .map(one => one.outerHTML.slice(0, 200))"""
    )
    assert nameless == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_language_and_news_are_told_to_screen_readers(visit: Visit, language: str) -> None:
    page = visit(locale=f"{language}-XX" if language == "fr" else "en-GB").open()
    expect(page.locator("html")).to_have_attribute("lang", language)
    answer_first_suggestion(page)
    said = "3 points de vue ont répondu." if language == "fr" else "3 points of view have answered."
    expect(page.locator("#debatebot-live[aria-live=polite]")).to_have_text(said)


def test_the_language_is_chosen_and_kept(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open()
    page.locator(".st-key-language-choice button", has_text="Français").click()
    expect(page.locator(".st-key-add button")).to_have_text(re.compile("Ajouter un article"))
    settle(page)
    page.reload()
    expect(page.locator(".st-key-add button")).to_have_text(re.compile("Ajouter un article"))


def test_on_a_phone_the_columns_stack_and_the_name_stays_in_view(visit: Visit) -> None:
    page = visit(viewport=PHONE).open()
    answer_first_suggestion(page)
    page.locator('[class*="st-key-layout-"] button', has_text="As they said it").click()
    expect(page.locator(COLUMN)).to_have_count(3)
    settle(page)
    boxes = [column.bounding_box() for column in page.locator(COLUMN).all()]
    assert all(one and other and one["y"] + one["height"] <= other["y"] + 1 for one, other in pairwise(boxes))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(f"{COLUMN} .claim").nth(2).evaluate("element => element.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(200)
    assert is_in_view(page, f"{COLUMN} > header")


def test_the_article_has_a_comfortable_measure(visit: Visit) -> None:
    page = visit().open()
    characters = page.evaluate(
        """() => {
            const lines = [];
            for (const paragraph of document.querySelectorAll('.article .text p')) {
                const style = getComputedStyle(paragraph);
                const canvas = document.createElement('canvas').getContext('2d');
                canvas.font = `${style.fontSize} ${style.fontFamily}`;
                const text = paragraph.textContent;
                lines.push(paragraph.clientWidth / (canvas.measureText(text).width / text.length));
            }
            return lines.reduce((sum, one) => sum + one, 0) / lines.length;
        }"""
    )
    assert 60 <= characters <= 75
