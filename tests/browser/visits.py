"""What a person does on the page in a real browser, and where things stand there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import Visitor, settle
from tests.fakes import FakeModelServer

Visit = Callable[..., Visitor]

SAID = "FACT: The rule has applied for years [1].\nINFERENCE: It may help many pupils [2][3].\nOPINION: It is worth it [4]."
SUGGESTION = ".st-key-suggestions button"
COLUMN = "section.column"
HEAD = ":is(.column > header, .by-issue .head)"
"""The name of a perspective above what it says, as it said it or by issue."""
SPEAKING = f"{HEAD} .quiet:not(:empty)"


def answer_first_suggestion(page: Page) -> None:
    page.locator(SUGGESTION).first.click()
    expect(page.locator(".comparison, .insufficient").first).to_be_visible()
    settle(page)


def connect(page: Page, model: FakeModelServer) -> None:
    page.click(".st-key-connect button")
    page.fill(".st-key-connect-address input", model.base_url)
    page.fill(".st-key-connect-model input", "fake-model")
    page.click('[data-testid="stDialog"] [data-testid="stFormSubmitButton"] button')
    expect(page.locator(".engine-name")).to_have_text("fake-model")
    settle(page)


def choose_in_menu(page: Page, menu: str, item: str) -> None:
    """Open a menu and choose an item of it, opening it again as a person would: a run that ends in between closes it."""
    for attempts_left in (3, 2, 1, 0):
        page.locator(menu).first.click()
        try:
            page.locator(item).first.click(timeout=5000)
        except TimeoutError:
            if not attempts_left:
                raise
        else:
            return


def ask(page: Page, question: str) -> None:
    page.fill('[data-testid="stChatInputTextArea"]', question)
    page.keyboard.press("Enter")


def add_text(page: Page, text: str) -> None:
    page.click(".st-key-add button")
    page.fill(".st-key-add-content textarea", text)
    page.locator('[data-testid="stDialog"] [data-testid="stFormSubmitButton"] button').first.click()
    page.click(".st-key-add-use button")
    expect(page.locator('[data-testid="stDialog"]')).to_have_count(0)
    settle(page)


def is_in_view(page: Page, selector: str) -> bool:
    """Whether an element lies inside the window and inside all that scrolls around it."""
    return bool(
        page.evaluate(
            """selector => {
                const element = document.querySelector(selector), box = element.getBoundingClientRect();
                let top = 0, bottom = innerHeight;
                for (let outer = element.parentElement; outer; outer = outer.parentElement) {
                    if (getComputedStyle(outer).overflowY === "visible") continue;
                    const frame = outer.getBoundingClientRect();
                    top = Math.max(top, frame.top); bottom = Math.min(bottom, frame.bottom);
                }
                return box.top >= top - 1 && box.bottom <= bottom + 1;
            }""",
            selector,
        )
    )
