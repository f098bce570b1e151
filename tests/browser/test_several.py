"""A conversation about two articles, from the library to the cited sentence, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, PageServer, settle
from tests.browser.visits import HEAD, Visit, ask, connect, is_in_view
from tests.fakes import FakeModelServer, Reply

TICK = '[class*="st-key-tick-"] input'
TITLES = "h1.several a"


def open_both(page: Page) -> None:
    """Choose the two sample articles, and show them together, with the keyboard alone."""
    expect(page.get_by_text("More sample articles are on their way")).to_have_count(0)  # two are there
    page.locator(".st-key-choose-several button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(TICK)).to_have_count(2)
    settle(page)
    for at in range(2):
        box = page.locator(TICK).nth(at)
        if not box.is_checked():
            box.focus()
            page.keyboard.press("Space")
            expect(box).to_be_checked()
            settle(page)
    page.locator(".st-key-open-several button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(TITLES)).to_have_count(2)
    settle(page)


def test_two_articles_are_chosen_asked_and_cited_and_are_there_again(visit: Visit, server: PageServer) -> None:
    page = visit().open()
    open_both(page)
    titles = page.locator(TITLES).all_inner_texts()
    page.locator(TITLES).nth(1).click()
    page.wait_for_timeout(400)
    assert is_in_view(page, ".article + .article h2")
    ask(page, "What do they say of pupils, and what of patients?")
    expect(page.locator(HEAD)).to_have_count(3)
    settle(page)
    for letter in {marker.get_attribute("data-article") for marker in page.locator(".claim a.citation").all()}:
        marker = page.locator(f'.claim a.citation[data-article="{letter}"]').first
        target = (marker.get_attribute("href") or "").removeprefix("#")
        marker.click()
        page.wait_for_timeout(400)
        assert is_in_view(page, f"[id='{target}']")
        article = page.locator(f".article:has([id='{target}'])").get_attribute("id")
        assert is_in_view(page, f"[id='{article}'] h2")
        assert page.locator(f"[id='{article}'] .letter").inner_text() == letter
    said = page.locator(".claim").all_text_contents()
    server.stop()
    server.start()
    page.reload()
    expect(page.locator(".claim")).to_have_count(len(said))
    expect(page.locator(TITLES)).to_have_count(2)
    assert page.locator(TITLES).all_inner_texts() == titles


def test_on_a_phone_the_library_makes_way_for_what_was_chosen(visit: Visit) -> None:
    page = visit(viewport=PHONE).open()
    page.locator(".article .s").last.scroll_into_view_if_needed()
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    open_both(page)
    expect(page.locator(".st-key-choose-several button")).not_to_be_in_viewport()
    expect(page.locator("h1.several")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_moves_when_a_model_cannot_compare(
    visit: Visit, model: FakeModelServer, viewport: dict[str, int], language: str
) -> None:
    page = visit(viewport=viewport, locale=f"{language}-{'FR' if language == 'fr' else 'GB'}").open()
    if viewport == PHONE:
        page.locator('[data-testid="stExpandSidebarButton"]').click()
    connect(page, model)
    if viewport == PHONE:
        page.locator('[data-testid="stSidebarCollapseButton"] button').click()
    said = Reply("FACT: The rule has applied for years [1].\nINFERENCE: It may help [2].")
    model.replies.extend([said, said, said, Reply("It is hard to say. " * 12, piece=4, drip=0.05)])
    ask(page, "Is it good news?" if language == "en" else "Est-ce une bonne nouvelle ?")
    heights = "() => document.querySelector('.comparison .compared-by').getBoundingClientRect().height"
    below = (
        "() => document.querySelector('.comparison h4').getBoundingClientRect().top"
        " - document.querySelector('.comparison').getBoundingClientRect().top"
    )
    expect(page.locator(".comparison .compared-by[role=status]")).to_be_visible()
    before = (page.evaluate(heights), page.evaluate(below))
    expect(page.locator(".comparison .compared-by a")).to_be_visible()
    settle(page)
    assert (page.evaluate(heights), page.evaluate(below)) == before
    page.locator(".comparison .compared-by a").click()
    page.wait_for_timeout(400)
    assert is_in_view(page, ".comparison .why-not")
