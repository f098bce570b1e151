"""The briefing as a person uses it: there at once with quotations, asked for first with a model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.ui.session import BRIEF, COMPARE
from tests.fakes import FakeModelServer, Reply
from tests.ui.visits import ask, bodies, columns, html, keys, view, words


def briefings(page: AppTest) -> list[str]:
    """The markup of the briefing."""
    return [body for body in bodies(page) if body.startswith('<div class="briefing"')]


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with FakeModelServer() as running:
        yield running


def test_the_briefing_has_its_five_parts_and_can_be_taken_away(page: AppTest) -> None:
    view(page, BRIEF)
    assert not page.exception
    [briefing] = briefings(page)
    assert briefing.count('<section class="brief-section') == 5
    assert 'class="citation"' in briefing
    assert 's cited"' in html(page)
    [download] = page.get("download_button")
    assert download.proto.label == "Download as Markdown"
    assert page.code[0].value.startswith("# ")


def test_the_briefing_is_written_once(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    view(page, BRIEF)
    before = briefings(page)
    monkeypatch.setattr("debatebot.debater.Debater.briefing", None)
    page.run()
    assert briefings(page) == before


def test_a_question_beside_the_briefing_is_answered_side_by_side(page: AppTest) -> None:
    ask(view(page, BRIEF), "What are the facts?")
    assert page.segmented_control(key="view").value == COMPARE
    assert briefings(page) == []
    assert columns(page) or 'class="by-issue"' in html(page)


def test_a_suggestion_beside_the_briefing_is_answered_side_by_side(page: AppTest) -> None:
    view(page, BRIEF)
    page.button(key="suggestion-0").click().run()
    assert briefings(page) == []
    assert columns(page) or 'class="by-issue"' in html(page)


def test_a_model_is_asked_for_a_briefing_before_it_writes_one(page: AppTest, server: FakeModelServer) -> None:
    page.button(key="connect").click().run()
    page.text_input(key="connect-address").input(server.base_url)
    page.text_input(key="connect-model").input("fake-model")
    next(button for button in page.button if button.label == "Connect").click().run()
    server.replies.append(Reply(status=400, error="broken"))
    view(page, BRIEF)
    assert server.requests == []
    page.button(key="write-briefing").click().run()
    assert 'class="failure"' in html(page)
    assert "again-briefing" in keys(page)
    assert "download-briefing" not in words(page)
