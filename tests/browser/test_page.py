"""What a person does on the page, in a real browser: each promise of the page's design is tried here once."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import settle
from tests.browser.visits import (
    COLUMN,
    HEAD,
    SAID,
    SPEAKING,
    SUGGESTION,
    Visit,
    add_text,
    answer_first_suggestion,
    ask,
    connect,
    is_in_view,
)
from tests.fakes import FakeModelServer, Reply

# --- answers --------------------------------------------------------------------------------------------------------


def test_the_first_answer_is_one_click_away_and_needs_no_key(visit: Visit) -> None:
    page = visit().open()
    expect(page.locator(SUGGESTION)).to_have_count(3)
    answer_first_suggestion(page)
    expect(page.locator(HEAD)).to_have_count(3)
    tops = {round(box["y"]) for head in page.locator(HEAD).all() if (box := head.bounding_box())}
    assert len(tops) == 1
    expect(page.locator(".engine-name")).to_have_text("Quotes from the article, no generated text")


def test_three_columns_stream_at_once_and_stop_keeps_what_was_said(visit: Visit, model: FakeModelServer) -> None:
    page = visit().open()
    connect(page, model)
    model.replies.extend([Reply(SAID, piece=3, drip=0.05)] * 3)
    ask(page, "Is it good news?")
    expect(page.locator(f"{COLUMN}[aria-busy=true] .pending, {COLUMN}[aria-busy=true] .claim")).not_to_have_count(0)
    page.wait_for_function("document.querySelectorAll('section.column:has(.claim)').length === 3")
    expect(page.locator(f"{COLUMN}[aria-busy=true]")).to_have_count(3)
    page.click(".st-key-stop button")
    expect(page.locator(".stopped")).to_have_count(3)
    expect(page.locator("#debatebot-live")).to_have_text("Stopped. What had been said is kept.")
    assert page.locator(".claim").count() >= 3
    expect(page.locator(".st-key-stop")).to_have_count(0)
    assert all(request.left.wait(5) for request in model.requests)


def test_stop_works_while_the_model_is_silent(visit: Visit, model: FakeModelServer) -> None:
    page = visit().open()
    connect(page, model)
    model.replies.extend([Reply(hang=-1)] * 3)
    ask(page, "Is it good news?")
    page.click(".st-key-stop button")
    expect(page.locator(".stopped")).to_have_count(3)


def test_closing_the_tab_keeps_what_was_said(visit: Visit, model: FakeModelServer) -> None:
    visitor = visit()
    page = visitor.open()
    connect(page, model)
    model.replies.extend([Reply(SAID, hang=12)] * 3)
    ask(page, "Is it good news?")
    page.wait_for_function("document.querySelectorAll('section.column:has(.claim)').length === 3")
    address = page.url.removeprefix(visitor.url)
    page.close()
    assert all(request.left.wait(10) for request in model.requests)
    visitor.page = visitor.context.new_page()
    page = visitor.open(address)
    expect(page.locator(".claim")).to_have_count(3)
    expect(page.locator(".stopped")).to_have_count(3)


def test_a_failing_column_says_why_and_is_tried_again_alone(visit: Visit, model: FakeModelServer) -> None:
    page = visit().open()
    connect(page, model)
    model.replies.extend([Reply(SAID), Reply(status=400, error="broken"), Reply(SAID)])
    ask(page, "Is it good news?")
    expect(page.locator(".failure")).to_have_count(1)
    settle(page)
    expect(page.locator(SPEAKING)).to_have_count(2)
    model.replies.append(Reply(SAID))
    page.click('[class*="st-key-again-"] button')
    expect(page.locator(SPEAKING)).to_have_count(3)
    expect(page.locator(".failure")).to_have_count(0)
    settle(page)
    expect(page.locator('[class*="st-key-again-"]')).to_have_count(0)


# --- adding articles ------------------------------------------------------------------------------------------------


def test_a_file_is_added_with_progress_and_understood_before_it_is_used(visit: Visit) -> None:
    page = visit().open()
    page.click(".st-key-add button")
    page.locator('[data-testid="stDialog"] [role="tab"]').nth(1).click()
    text = "# The mill of Arden\n\n" + " ".join(
        f"The mill ground {number} sacks of flour in 2024." for number in range(60)
    )
    upload: FilePayload = {"name": "mill.md", "mimeType": "text/markdown", "buffer": text.encode()}
    page.locator('[data-testid="stDialog"] input[type="file"]').set_input_files(files=[upload])
    expect(page.get_by_text("mill.md")).to_be_visible()
    page.click(".st-key-add-file button")
    expect(page.locator('[data-testid="stProgress"]')).to_be_visible()
    understood = page.locator(".understood")
    expect(understood).to_contain_text("The mill of Arden")
    expect(understood).to_contain_text("mill.md")
    expect(understood).to_contain_text("English")
    expect(understood).to_contain_text("61 sentences")
    page.click(".st-key-add-use button")
    expect(page.locator("h1")).to_have_text("The mill of Arden")


def test_a_refused_file_says_what_to_do_instead(visit: Visit) -> None:
    page = visit().open()
    page.click(".st-key-add button")
    page.locator('[data-testid="stDialog"] [role="tab"]').nth(1).click()
    upload: FilePayload = {"name": "picture.txt", "mimeType": "text/plain", "buffer": bytes(range(256)) * 20}
    page.locator('[data-testid="stDialog"] input[type="file"]').set_input_files(files=[upload])
    page.click(".st-key-add-file button")
    expect(page.locator(".notice.problem .hint")).to_be_visible()


def test_an_address_that_is_none_is_refused_in_the_pages_own_words(visit: Visit) -> None:
    page = visit().open()
    page.click(".st-key-add button")
    page.locator('[data-testid="stDialog"] [role="tab"]').nth(2).click()
    page.fill(".st-key-add-url input", "  not an address ")
    page.locator('[data-testid="stDialog"] [data-testid="stFormSubmitButton"] button').nth(1).click()
    expect(page.locator('[data-testid="stDialog"] .notice.problem .hint')).to_be_visible()


def test_what_was_said_of_a_file_goes_when_another_is_chosen(visit: Visit) -> None:
    page = visit().open()
    page.click(".st-key-add button")
    page.locator('[data-testid="stDialog"] [role="tab"]').nth(1).click()
    page.click(".st-key-add-file button")
    expect(page.locator('[data-testid="stDialog"] .notice.problem')).to_be_visible()
    upload: FilePayload = {"name": "mill.md", "mimeType": "text/markdown", "buffer": b"# The mill of Arden"}
    page.locator('[data-testid="stDialog"] input[type="file"]').set_input_files(files=[upload])
    expect(page.get_by_text("mill.md")).to_be_visible()
    expect(page.locator('[data-testid="stDialog"] .notice.problem')).to_have_count(0)


# --- citations ------------------------------------------------------------------------------------------------------


def test_a_citation_shows_its_sentence_on_hover_and_on_focus(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    citation = page.locator("a.citation").first
    sentence = citation.get_attribute("data-tip") or ""
    tip = page.locator("#debatebot-tip")
    citation.hover()
    expect(tip).to_be_visible()
    expect(tip.locator("span")).to_have_text(sentence)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    citation.focus()
    expect(tip).to_be_visible()
    verdict = page.locator(".verdict").first
    verdict.focus()
    expect(tip.locator("span")).to_have_text(verdict.get_attribute("data-tip") or "-")


def test_a_citation_scrolls_to_its_sentence_and_lights_it_without_a_rerun(visit: Visit) -> None:
    page = visit().open()
    frames: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    page.reload()
    page.wait_for_selector(SUGGESTION)
    expect(page.get_by_text("More sample articles are on their way")).to_have_count(0)  # it looks from time to time
    answer_first_suggestion(page)
    expect(page.locator(".claim a.citation").first).to_be_visible()
    links = [link.get_attribute("href") or "" for link in page.locator("a.citation").all()]
    last = max(set(links), key=lambda link: int(link.rpartition("-")[2]))
    link = page.locator(f'a.citation[href="{last}"]').first
    link.scroll_into_view_if_needed()
    before = page.locator(HEAD).first.bounding_box()
    frames.clear()
    link.click()
    expect(page.locator(f"{last}:target")).to_have_count(1)
    page.wait_for_timeout(300)
    assert is_in_view(page, last)
    assert page.evaluate("document.querySelectorAll('.s.lit').length") == 1
    assert page.locator(HEAD).first.bounding_box() == before
    assert frames == []


def test_a_sentence_leads_back_to_the_claim_that_cites_it(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    back = page.locator("a.back").first
    target = back.get_attribute("href") or ""
    back.click()
    expect(page.locator(f"{target}:target")).to_have_count(1)
    assert is_in_view(page, target)


def test_the_same_sentence_twice_and_accents_are_lit_where_they_stand(visit: Visit) -> None:
    page = visit(locale="fr-FR").open()
    filler = " ".join(f"La mairie a réuni {number} habitants du quartier à l’été." for number in range(2, 40))
    add_text(page, f"L’école rouvre\n\nL’été a été très sec. {filler}\n\nL’été a été très sec. La pluie est revenue.")
    same = page.locator(".s", has_text=re.compile("^L’été a été très sec"))
    expect(same).to_have_count(2)
    second = same.nth(1).get_attribute("id")
    page.evaluate("id => { location.hash = id }", second)
    expect(page.locator(":target")).to_have_attribute("id", second or "")
    expect(page.locator(".s.lit")).to_have_count(1)
    assert is_in_view(page, f"#{second}")


def test_a_light_stays_when_the_article_is_marked_again(visit: Visit) -> None:
    page = visit().open()
    answer_first_suggestion(page)
    page.locator("a.citation").first.click()
    lit = page.url.rpartition("#")[2]
    ask(page, "What are the facts?")
    expect(page.locator(HEAD)).to_have_count(6)
    settle(page)
    if page.url.endswith(lit):
        expect(page.locator(f"#{lit}.lit")).to_have_count(1)
