"""Rows by issue, the debate, the briefing and follow-up questions, as a person uses them in a real browser."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, settle
from tests.browser.visits import HEAD, SUGGESTION, Visit, answer_first_suggestion, ask, connect, is_in_view
from tests.fakes import FakeModelServer, Reply
from tests.ui.homes import shortest_samples

ROW = ".by-issue .issue-row"
FORM = '[data-testid="stForm"]'


def view(page: Page, name: str) -> None:
    """Choose a view."""
    page.locator(".st-key-view button", has_text=name).click()
    page.wait_for_url(lambda address: "view=" in address)
    settle(page)


def open_debate(page: Page) -> None:
    """A debate on the first suggested question about the shortest sample, as far as its opening."""
    beginning = " ".join(shortest_samples(1)[0].title.split()[:3])
    page.locator('.st-key-library [class*="st-key-article-"] button', has_text=beginning).click()
    settle(page)
    view(page, "Debate")
    page.locator(SUGGESTION).first.click()
    expect(page.locator(FORM)).to_be_visible()
    settle(page)


def next_round(page: Page, number: int, remark: str = "") -> None:
    """Hold a round, with a remark to everybody."""
    if remark:
        page.locator('[class*="st-key-remark-text-"] input').fill(remark)
    page.locator('[class*="st-key-next-round-"] button').click()
    expect(page.locator("section.round")).to_have_count(number)
    expect(page.locator("section.round [aria-busy=true]")).to_have_count(0)
    settle(page)


# --- by issue -------------------------------------------------------------------------------------------------------


def test_claims_of_one_issue_stand_beside_each_other_under_names_that_stay(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    expect(page.locator(ROW).first).to_be_visible()
    for row in page.locator(ROW).all():
        tops = [box["y"] for cell in row.locator(".cell").all() if (box := cell.bounding_box())]
        assert max(tops) - min(tops) <= 1
    page.locator(f"{ROW} .claim").last.evaluate("element => element.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(200)
    assert is_in_view(page, ".by-issue .head")


def hover_until_told(page: Page, link: Locator) -> None:
    """Hover as a person does, again when what is still being drawn has moved the link from under the pointer."""
    tip = page.locator("#debatebot-tip")
    for _ in range(10):
        page.mouse.move(1, 1)
        link.hover()
        page.wait_for_timeout(300)
        if tip.is_visible():
            break
    expect(tip).to_be_visible()


def test_a_short_name_lights_the_claim_it_stands_for(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    link = page.locator(".comparison a.ref").first
    target = link.get_attribute("href") or ""
    hover_until_told(page, link)
    link.click()
    expect(page.locator(f"{target}:target")).to_have_count(1)
    page.wait_for_timeout(300)
    assert is_in_view(page, target)


def test_on_a_phone_the_rows_stack_and_each_claim_keeps_its_perspectives_name(visit: Visit) -> None:
    page = visit(viewport=PHONE).open()
    answer_first_suggestion(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".by-issue .heads")).to_be_hidden()
    row = page.locator(ROW).first
    cells = [cell for cell in row.locator(".cell").all() if cell.is_visible()]
    boxes = [cell.bounding_box() for cell in cells]
    assert len(cells) > 1
    assert all(one and other and one["y"] + one["height"] <= other["y"] + 1 for one, other in pairwise(boxes))
    for cell in cells:
        expect(cell.locator(".whose")).to_be_visible()


# --- who is compared ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_who_is_compared_is_chosen_with_the_keyboard_and_kept(visit: Visit, viewport: dict[str, int]) -> None:
    page = visit(viewport=viewport).open()
    expect(page.get_by_text("More sample articles are on their way")).to_have_count(0)  # its end would close a menu
    arrow = page.get_by_role("button", name="Choose whom to compare")
    first, second = (page.locator(".st-key-view button").nth(at).bounding_box() for at in (0, 1))
    between = arrow.bounding_box()
    assert first
    assert second
    assert between
    assert first["x"] + first["width"] <= between["x"] + 2
    assert between["x"] + between["width"] <= second["x"] + 2
    arrow.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Neutral")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url(lambda address: "compare=" in address)
    settle(page)
    expect(page.get_by_role("checkbox", name="Optimistic")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    answer_first_suggestion(page)
    expect(page.locator(".by-issue .head, .column > header")).to_have_count(2)
    page.reload()
    expect(page.locator(".by-issue .head, .column > header")).to_have_count(2)
    expect(page.locator(".st-key-view button").first).not_to_contain_text("●")


def test_while_a_model_compares_the_page_says_so_and_the_answers_stay_where_they_are(
    visit: Visit, model: FakeModelServer
) -> None:
    page = visit().open()
    connect(page, model)
    said = Reply("FACT: The rule has applied for years [1].\nINFERENCE: It may help [2].")
    model.replies.extend([said, said, said, Reply(hang=-1)])
    ask(page, "Is it good news?")
    waiting = page.locator(".comparison .compared-by[role=status]")
    expect(waiting).to_have_text("The model is still comparing the answers…")
    expect(page.locator("#debatebot-live")).to_have_text("The model is still comparing the answers…")
    line, heading = waiting.bounding_box(), page.locator(".comparison h4").first.bounding_box()
    assert line
    assert heading
    assert line["y"] + line["height"] <= heading["y"]
    expect(page.locator(f"{HEAD} .quiet:not(:empty)")).to_have_count(3)
    page.wait_for_timeout(600)
    assert page.locator(".comparison h4").first.bounding_box() == heading
    page.click(".st-key-stop button")
    expect(waiting).to_have_count(0)
    expect(page.locator(HEAD)).to_have_count(3)
    assert all(request.left.wait(10) for request in model.requests[3:])


# --- follow-up questions --------------------------------------------------------------------------------------------


def test_a_question_that_follows_is_asked_with_a_click(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    following = page.locator(".st-key-more-suggestions button")
    expect(following.first).to_be_visible()  # between two runs the page may seem at rest before they are drawn
    assert 3 <= following.count() <= 5
    following.first.click()
    expect(page.locator(".question")).to_have_count(2)
    expect(page.locator(HEAD)).to_have_count(6)


# --- the debate -----------------------------------------------------------------------------------------------------


def test_a_debate_of_two_rounds_with_a_remark_survives_a_reload_in_the_middle(visit: Visit) -> None:
    page = visit().open()
    open_debate(page)
    next_round(page, 1, "What about those who pay for it?")
    expect(page.locator(".remark")).to_contain_text("What about those who pay for it?")
    said = page.locator("section.round").text_content()
    page.reload()
    expect(page.locator('section.closing, [class*="st-key-next-round-"] button').first).to_be_visible()
    settle(page)
    assert page.locator("section.round").text_content() == said
    if page.locator('[class*="st-key-next-round-"]').count():  # else the first round brought nothing new
        next_round(page, 2)
    expect(page.locator("section.closing")).to_have_count(1)
    expect(page.locator(".effort")).to_be_visible()
    expect(page.locator('[class*="st-key-next-round-"]')).to_have_count(0)


def test_a_rebuttal_leads_to_the_claim_that_it_answers(visit: Visit) -> None:
    page = visit().open()
    open_debate(page)
    next_round(page, 1)
    link = page.locator("section.round a.ref").first
    target = link.get_attribute("href") or ""
    link.click()
    expect(page.locator(f"{target}:target")).to_have_count(1)
    page.wait_for_timeout(400)
    assert is_in_view(page, target)


def test_a_round_is_stopped_and_what_was_said_is_kept(visit: Visit, model: FakeModelServer) -> None:
    page = visit().open()
    connect(page, model)
    view(page, "Debate")
    model.replies.extend([Reply("FACT: The rule has applied for years [1].\nINFERENCE: It may help [2].")] * 3)
    ask(page, "Is it good news?")
    expect(page.locator(FORM)).to_be_visible()
    settle(page)
    model.replies.clear()
    model.replies.extend([Reply(hang=-1)] * 3)
    page.locator('[class*="st-key-next-round-"] button').click()
    expect(page.locator("section.round [aria-busy=true]").first).to_be_visible()
    page.click(".st-key-stop button")
    expect(page.locator("section.round .stopped")).to_have_count(3)
    expect(page.locator(".st-key-stop")).to_have_count(0)
    expect(page.locator('[class*="st-key-next-round-"]')).to_have_count(1)


# --- the briefing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_the_briefing_lights_its_sentences_and_is_taken_away(
    visit: Visit, viewport: dict[str, int], tmp_path: Path
) -> None:
    page = visit(viewport=viewport).open()
    view(page, "Briefing")
    expect(page.locator(".brief-section")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    citation = page.locator(".briefing a.citation").first
    target = citation.get_attribute("href") or ""
    citation.click()
    expect(page.locator(f"{target}:target")).to_have_count(1)
    with page.expect_download() as download:
        page.click(".st-key-download-briefing button")
    download.value.save_as(tmp_path / "post.md")
    post = (tmp_path / "post.md").read_text("utf-8")
    assert post.startswith("# ")
    assert post.count("\n## ") == 5


# --- for everybody --------------------------------------------------------------------------------------------------


def test_the_views_are_chosen_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit().open()
    page.locator(".st-key-view button", has_text="Compare").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        if "Briefing" in (page.evaluate("document.activeElement.innerText") or ""):
            break
        page.keyboard.press("Tab")
    page.locator(".st-key-view button", has_text="Briefing").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".briefing")).to_be_visible()


@pytest.mark.parametrize("name", ["Debate", "Briefing"])
def test_everything_in_these_views_has_a_name(visit: Visit, name: str) -> None:
    page = visit().open()
    if name == "Debate":
        open_debate(page)
        next_round(page, 1)
    else:
        view(page, name)
        expect(page.locator(".briefing")).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, [role=button], [tabindex="0"]')]
            .filter(one => one.offsetParent !== null && !one.closest('[aria-hidden=true]'))
            .filter(one => !(one.getAttribute('aria-label') || one.innerText || one.title
                || (one.labels && one.labels.length) || one.getAttribute('aria-labelledby')))
            .map(one => one.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
