"""The briefing as a person uses it: there at once with quotations, asked for first with a model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.ui.resources import open_shared
from debatebot.ui.session import BRIEF, COMPARE
from tests.fakes import FakeModelServer, Reply
from tests.ui.visits import ask, bodies, columns, connect, html, keys, view, visit_again, words

OTHER = "The mill of Arden\n\nThe mill ground 40 sacks of flour in 2024. The miller hopes for rain. Her neighbours fear floods."


WRITTEN = Reply(
    "## Facts\nFACT: A sentence by the model. [1]\n## Neutral\nINFERENCE: It weighs both. [2]\n"
    "## Analogy\nINFERENCE: It is like a bridge.\n## Optimistic\nOPINION: It helps. [3]\n## Pessimistic\nOPINION: It costs. [4]"
)


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


def test_a_briefing_is_there_again_after_a_reload(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    view(page, BRIEF)
    monkeypatch.setattr("debatebot.debater.Debater.briefing", None)
    again = visit_again(page, view="brief")
    assert not again.exception
    assert briefings(again) == briefings(page)
    assert again.code[0].value == page.code[0].value
    assert 's cited"' in html(again)


def test_of_several_articles_the_person_chooses_one(page: AppTest) -> None:
    shared = open_shared()
    person = page.session_state["person"]
    [sample] = shared.debater.library.articles.list("")
    other = shared.debater.add_text(OTHER, person=person)
    talk = shared.debater.library.conversations.begin(person, [sample.id, other.id], "What are the facts?")
    both = visit_again(page, conversation=talk, view="brief")
    choice = both.radio(key="briefed-choice")
    assert choice.value == sample.id
    assert [option.replace("\u2060", "") for option in choice.options] == [
        f"A · {sample.title}",
        "B · The mill of Arden",
    ]
    before = briefings(both)
    choice.set_value(other.id).run()
    assert not both.exception
    assert briefings(both) != before
    assert "The mill ground 40 sacks" in briefings(both)[0]
    view(view(both, COMPARE), BRIEF)
    assert "The mill ground 40 sacks" in briefings(both)[0]
    again = visit_again(both, **both.query_params)
    assert again.radio(key="briefed-choice").value == other.id
    assert "The mill ground 40 sacks" in briefings(again)[0]


def written(page: AppTest, server: FakeModelServer, *replies: Reply) -> AppTest:
    """A briefing by a model."""
    server.replies.extend(replies)
    connect(page, server)
    view(page, BRIEF)
    again = "again-briefing" if "again-briefing" in keys(page) else "write-briefing"
    return page.button(key=again).click().run()


def test_what_a_model_wrote_is_kept_and_reaches_nobody_else(page: AppTest, server: FakeModelServer) -> None:
    written(page, server, WRITTEN)
    assert "A sentence by the model." in words(page)
    again = visit_again(page, view="brief")
    assert "A sentence by the model." in words(again)
    other = AppTest.from_file(page._script_path, default_timeout=30)
    other.session_state["language"] = "en"
    view(other.run(), BRIEF)
    assert len(briefings(other)) == 1
    assert "A sentence by the model." not in words(other)


def test_a_briefing_says_that_another_engine_answers_by_now(page: AppTest, server: FakeModelServer) -> None:
    written(page, server, WRITTEN)
    assert "again-briefing" in keys(page)
    page.button(key="use-builtin").click().run()
    assert "written by fake-model, who does not answer any more" in words(page)
    page.button(key="again-briefing").click().run()
    assert "A sentence by the model." not in words(page)
    assert "who does not answer any more" not in words(page)
    assert "again-briefing" not in keys(page)


def test_quotations_stay_until_a_model_is_asked_to_write(page: AppTest, server: FakeModelServer) -> None:
    view(page, BRIEF)
    before = briefings(page)
    connect(page, server)
    assert briefings(page) == before
    assert "fake-model can write one in its own words" in words(page)
    assert "The whole article is sent to the model." in words(page)
    assert server.requests == []


def test_a_whole_briefing_outlives_one_that_breaks_off(page: AppTest, server: FakeModelServer) -> None:
    view(page, BRIEF)
    [before] = briefings(page)
    written(page, server, Reply(status=400, error="broken"))
    assert 'class="failure"' in html(page)
    assert before in briefings(page)
    assert briefings(visit_again(page, view="brief")) == [before]


def test_a_model_is_asked_for_a_briefing_before_it_writes_one(page: AppTest, server: FakeModelServer) -> None:
    connect(page, server)
    server.replies.append(Reply(status=400, error="broken"))
    view(page, BRIEF)
    assert server.requests == []
    page.button(key="write-briefing").click().run()
    assert 'class="failure"' in html(page)
    assert "again-briefing" in keys(page)
    assert "download-briefing" not in words(page)


def test_of_a_briefing_that_failed_nothing_is_said_to_be_missing_in_the_article(
    page: AppTest, server: FakeModelServer
) -> None:
    connect(page, server)
    server.replies.append(Reply(status=400, error="broken"))
    view(page, BRIEF)
    page.button(key="write-briefing").click().run()
    [failed] = briefings(page)
    assert 'class="failure"' in failed
    assert "brief-section" not in failed


def test_a_section_that_a_model_left_out_says_nothing_of_the_article(page: AppTest, server: FakeModelServer) -> None:
    written(
        page, server, Reply("## Facts\nFACT: A sentence by the model. [1]\n## Neutral\nINFERENCE: It weighs both. [2]")
    )
    [briefing] = briefings(page)
    assert briefing.count("wrote nothing for this section") == 3
    assert "The article gives no reason" not in briefing


def test_an_analogy_that_a_model_made_up_is_marked_though_it_cites_a_sentence(
    page: AppTest, server: FakeModelServer
) -> None:
    written(page, server, Reply(WRITTEN.text.replace("It is like a bridge.", "It is like a bridge. [1]")))
    [briefing] = briefings(page)
    assert "made it up" in briefing
    analogy = briefing.split("It is like a bridge.")[1].split("</p>")[0]
    assert 'class="invented"' in analogy
    assert 'class="citation"' not in analogy
