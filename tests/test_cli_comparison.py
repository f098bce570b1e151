"""The comparison on the command line: complete, in both languages, within 80 columns."""

from __future__ import annotations

import pytest

from debatebot.cli.output import render_debate
from debatebot.errors import EngineReplyError
from debatebot.types import (
    Answer,
    Claim,
    CommonGround,
    Comparison,
    Conflict,
    Debate,
    Disagreement,
    FollowUp,
    Issue,
    Lean,
    Reason,
    Seconds,
    SideBalance,
    UnusedSentence,
    Verdict,
)
from tests.fakes import make_article, make_evidence, quote


def debate(language: str) -> Debate:
    evidence = make_evidence(language=language)
    claims = {
        side: Claim(f"{side}.1", draft.text, "fact", draft.citations, Verdict("supported", 1.0, Reason("quoted")))
        for side, draft in (("optimistic", quote(evidence[2])), ("pessimistic", quote(evidence[3])))
    }
    answers = tuple(
        Answer(side, side.title(), "builtin", "answered", "", (claim,), 0, None, None, Seconds(0.0, 0.0), "")
        for side, claim in claims.items()
    )
    ids = {side: claim.id for side, claim in claims.items()}
    comparison = Comparison(
        common_ground=(CommonGround("The park is open. " * 6, tuple(ids.values()), (1,)),),
        disagreements=(Disagreement("Bills and land", "value", ids, "Who counts for how much?"),),
        unused_evidence=(6,),
        balance={"optimistic": SideBalance(1, 9, 1, 0.8, 2, 0.75, 0.2), "pessimistic": SideBalance(1, 7, 1, None)},
        issues=(Issue("Grazing land", {"pessimistic": "pessimistic.1"}, "one-sided"),),
        unused=(
            UnusedSentence(evidence[5].sentence, 6, 0.9, 0.2),
            UnusedSentence(evidence[0].sentence, None, 0.9, 0.1),
        ),
        conflicts=(Conflict("number", "homes", {"optimistic.1": "4,000", "pessimistic.1": "9,000"}),),
        uncited=("optimistic.2",),
        leans=(Lean("pessimistic", -0.5, 0.25),),
        error=EngineReplyError("comparison_unusable", model="x").describe(language),
    )
    follow_ups = (FollowUp("What next?", evidence[5].sentence, unused=True),)
    article = make_article(language=language)
    return Debate(
        "And farms?", language, (article,), evidence, answers, comparison, "Is it good for farms?", follow_ups
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_is_shown_within_80_columns(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = render_debate(debate(language), language)
    assert max(map(len, shown.splitlines())) <= 80
    folded = " ".join(shown.split())
    for part in (
        "Is it good for farms?",
        "The park is open.",
        "Bills and land",
        "(optimistic.1)",
        "(pessimistic.1)",
        "Who counts for how much?",
        "Grazing land",
        "4,000 (Optimistic, optimistic.1) ≠ 9,000 (Pessimistic, pessimistic.1)",
        "optimistic.2",
        "What next?",
    ):
        assert part in folded
    assert "[6]" in shown
    assert "[–]" in shown


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert "+0.75" in render_debate(debate("en"), "en")
    assert "−0.50" in render_debate(debate("en"), "en")
    assert "20%" in render_debate(debate("en"), "en")
    french = render_debate(debate("fr"), "fr")
    assert "+0,75" in french
    assert "20\u00a0%" in french


def test_one_answer_alone_is_compared_with_nothing() -> None:
    whole = debate("en")
    alone = Debate("?", "en", whole.articles, whole.evidence, whole.answers[:1], whole.comparison)
    assert "Common ground" not in render_debate(alone, "en")
