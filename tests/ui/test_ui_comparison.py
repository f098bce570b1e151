"""Comparison, rows by issue and figures as markup: quoted by short name, linked, said in words as well as drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from debatebot.errors import ErrorDescription
from debatebot.types import (
    Compared,
    Comparison,
    Conflict,
    Disagreement,
    Issue,
    Lean,
    SideBalance,
    UnusedSentence,
)
from debatebot.ui.columns import Column, column_of
from debatebot.ui.comparison import comparison_html
from debatebot.ui.figures import strip_html
from debatebot.ui.issues import issues_html
from debatebot.ui.live import Board
from debatebot.ui.markup import sentence_anchor
from tests.fakes import make_article, make_evidence, make_sentences
from tests.ui.test_ui_markup import HOSTILE, Page, answer, claim, read, said

HOPEFUL, WORRIED = claim("optimistic.1", 2), claim("pessimistic.1", 4)
SENTENCES = [item.sentence for item in make_evidence()]


def compared(**parts: object) -> Page:
    """The comparison of one hopeful and one worried claim."""
    return Page(comparison_html(read(), said(HOPEFUL, WORRIED), Comparison(**parts)))  # type: ignore[arg-type]


def disagreement(**changes: object) -> Disagreement:
    values: dict[str, object] = {
        "issue": "The park",
        "kind": "value",
        "positions": {"optimistic": HOPEFUL.id, "pessimistic": WORRIED.id},
        "crux": None,
    }
    return Disagreement(**{**values, **changes})  # type: ignore[arg-type]


# --- where they differ ----------------------------------------------------------------------------------------------


def test_a_disagreement_quotes_both_sides_by_short_name_and_never_by_id() -> None:
    page = compared(disagreements=(disagreement(),))
    assert [link["href"] for link in page.of_class("ref")] == ["#c-0-optimistic-1", "#c-0-pessimistic-1"]
    assert "▲\ufe0e\u00a01" in page.words
    assert "optimistic.1" not in page.words
    assert "a question of values" in page.words


def test_a_disagreement_that_the_article_does_not_settle_says_so() -> None:
    assert "The article does not settle it." in compared(disagreements=(disagreement(),)).words


def test_a_crux_that_stands_in_the_article_is_a_citation() -> None:
    crux = SENTENCES[5]
    page = compared(disagreements=(disagreement(crux=crux.text, crux_sentence=crux),))
    assert crux.text in page.words
    assert page.of_class("citation")[0]["href"] == f"#{sentence_anchor(crux)}"
    beyond = replace(crux, position=99)
    page = compared(disagreements=(disagreement(crux=beyond.text, crux_sentence=beyond),))
    assert page.of_class("passage")[0]["href"] == f"#{sentence_anchor(beyond)}"


# --- facts, unused, balance -----------------------------------------------------------------------------------------


def test_conflicting_facts_are_shown_with_both_values() -> None:
    conflict = Conflict("number", "the price … in May", {HOPEFUL.id: "3 million", WORRIED.id: "5 million"})
    page = compared(conflicts=(conflict,))
    assert "Two numbers for one thing (the price … in May):" in page.words
    assert "3 million" in page.words
    assert "5 million" in page.words


def test_a_fact_without_a_citation_is_flagged() -> None:
    assert "States a fact and cites no sentence:" in compared(uncited=(HOPEFUL.id,)).words


def test_what_nobody_used_is_named_by_number_or_quoted() -> None:
    unused = (
        UnusedSentence(SENTENCES[4], 5, 0.9, 0.2),
        UnusedSentence(replace(SENTENCES[5], position=70), None, 0.5, 0.3),
    )
    page = compared(unused=unused, unused_evidence=(5, 6))
    assert "No side has used sentence 5:" in page.words
    assert page.of_class("passage")[0]["href"].endswith("-70")
    assert [link["href"] for link in page.of_class("citation")[:2]] == [
        f"#{sentence_anchor(SENTENCES[4])}",
        f"#{sentence_anchor(SENTENCES[5])}",
    ]


def test_a_neutral_answer_that_leans_is_a_warning_with_the_figure() -> None:
    page = compared(leans=(Lean("optimistic", 0.4231, 0.35),))
    assert "+0.42" in page.words
    assert "±0.35" in page.words
    assert "hopeful" in page.words


def test_balance_is_told_in_numbers_beside_the_bars() -> None:
    balance = {
        "optimistic": SideBalance(1, 8, 1, 0.6, 2, 0.5, 0.25),
        "pessimistic": SideBalance(1, 9, 1, -0.6, 1, -0.5, 0.5),
    }
    page = compared(balance=balance)
    assert all(told in page.words for told in ("+0.60", "\u22120.60", "25%", "50%"))
    assert [one["style"] for one in page.of_class("bar")] == ["left: 50%; width: 30%", "left: 20%; width: 30%"]
    assert page.of_class("track")[0]["aria-hidden"] == "true"


def test_a_models_comparison_that_failed_is_said_quietly() -> None:
    error = ErrorDescription("EngineReplyError", "It wrote <prose>.", "Try another model.", retryable=True)
    page = compared(error=error)
    assert "It wrote <prose>. Try another model." in page.words
    assert page.of_class("compared-by")
    assert "Compared by openai:model." in compared(engine="openai:model").words


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_model_compares_stays_text(words: str) -> None:
    page = compared(
        disagreements=(disagreement(issue=words, crux=words),),
        conflicts=(Conflict("name", words, {HOPEFUL.id: words, WORRIED.id: words}),),
    )
    assert page.words.count(words) == 5
    assert "script" not in {name for name, _ in page.elements}


def test_a_models_comparison_takes_the_place_of_the_first_one() -> None:
    board = Board(["optimistic", "pessimistic"])
    first, second = Comparison(), Comparison(engine="openai:model")
    assert [board.fold(Compared(one)) for one in (first, second)] == [None, None]
    assert board.comparison is second


# --- rows by issue --------------------------------------------------------------------------------------------------


def columns() -> list[Column]:
    more = claim("optimistic.2", 3)
    return [
        column_of(answer("optimistic", HOPEFUL, more)),
        column_of(answer("pessimistic", WORRIED)),
    ]


def test_claims_of_one_issue_stand_in_one_row_and_the_others_below() -> None:
    issues = (
        Issue("Land & power", {"optimistic": HOPEFUL.id, "pessimistic": WORRIED.id}, "opposed"),
        Issue("Prices", {"optimistic": "optimistic.2"}, "one-sided"),
    )
    page = Page(issues_html(read(), 3, columns(), issues))
    assert "Land & power" in page.words
    assert "they part" in page.words
    assert "Prices" not in page.words
    assert "What only one side speaks of" in page.words
    assert sorted(page.ids) == ["c-3-optimistic-1", "c-3-optimistic-2", "c-3-pessimistic-1"]
    roles = [attributes.get("role") for _, attributes in page.elements]
    assert (roles.count("row"), roles.count("rowheader"), roles.count("columnheader")) == (4, 2, 3)
    assert len(page.of_class("whose")) == roles.count("cell") - 2  # the corner, and a side with nothing more to say


def test_every_row_has_as_many_cells_as_there_are_headers() -> None:
    issues = (Issue("Land & power", {"optimistic": HOPEFUL.id, "pessimistic": WORRIED.id}, "opposed"),)
    roles = [attributes.get("role") for _, attributes in Page(issues_html(read(), 0, columns(), issues)).elements]
    rows = " ".join(role for role in roles if role in ("row", "columnheader", "rowheader", "cell")).split("row ")
    assert {len(row.split()) for row in rows if row} == {3}


def test_what_others_cite_as_well_is_not_one_sides_alone() -> None:
    issues = (Issue("Land & power", {"optimistic": HOPEFUL.id, "pessimistic": WORRIED.id}, "opposed"),)
    number = WORRIED.citations[0].number
    both = [column_of(answer("optimistic", HOPEFUL, claim("optimistic.2", number))), *columns()[1:]]
    page = Page(issues_html(read(), 0, both, issues))
    assert "What others cite as well" in page.words
    assert "What only one side speaks of" not in page.words


def test_sides_that_quote_one_sentence_are_not_merely_side_by_side() -> None:
    both = [column_of(answer(side, claim(f"{side}.1", 3))) for side in ("optimistic", "pessimistic")]
    issues = (Issue("Prices", {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}, "one-sided"),)
    assert "they quote the same sentence" in Page(issues_html(read(), 0, both, issues)).words


def test_a_claim_named_by_two_issues_stands_once() -> None:
    cells = {"optimistic": HOPEFUL.id, "pessimistic": WORRIED.id}
    issues = (Issue("One", cells, "opposed"), Issue("Two", {**cells, "optimistic": "optimistic.2"}, "opposed"))
    page = Page(issues_html(read(), 0, columns(), issues))
    assert len(page.ids) == len(set(page.ids)) == 3
    assert "See above:" in page.words


def test_an_issue_of_a_claim_that_is_not_there_is_left_out() -> None:
    issues = (Issue("Gone", {"optimistic": HOPEFUL.id, "pessimistic": "pessimistic.9"}, "opposed"),)
    assert "Gone" not in Page(issues_html(read(), 0, columns(), issues)).words


def test_a_side_that_failed_says_why_below_the_rows() -> None:
    error = ErrorDescription("EngineBusy", "Too many requests.", "Wait.", retryable=True)
    failed = [*columns()[:1], column_of(answer("pessimistic", status="failed", error=error))]
    assert "Too many requests." in Page(issues_html(read(), 0, failed, ())).words


# --- the outlook along the article ----------------------------------------------------------------------------------


def test_the_outlook_is_a_bar_a_sentence_with_a_text_and_a_line_for_each_side_that_cites() -> None:
    sentences = make_sentences(make_article(), [0.0, 0.6, 0.8, -0.6, -0.8, 0.0])
    citing = {sentences[1].id: ("optimistic.1",), sentences[3].id: ("pessimistic.1",)}
    page = Page(strip_html(read(), sentences, citing))
    assert "6 sentences: 2 hopeful (up), 2 worried (down)." in page.words
    links = [attributes["href"] for name, attributes in page.elements if name == "a"]
    assert links == [f"#{sentence_anchor(sentence)}" for sentence in sentences]
    assert [tick["style"].split(";")[0] for tick in page.of_class("tick")] == ["left: 16.67%", "left: 50.00%"]


def test_an_article_without_outlooks_has_no_strip() -> None:
    assert strip_html(read(), make_sentences(make_article()), {}) == ""
