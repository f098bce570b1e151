"""The comparison on the command line: complete, in both languages, within 80 columns."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from debatebot.cli.discussion import render_discussion
from debatebot.cli.output import render_debate
from debatebot.errors import EngineReplyError, EngineUnavailable
from debatebot.rounds.types import Closing, Discussion
from debatebot.types import (
    Answer,
    Claim,
    ClaimKind,
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


def as_discussion(language: str) -> Discussion:
    """The same, found by the moderator of a debate whose opening was compared with nothing to show."""
    whole = debate(language)
    return Discussion(replace(whole, comparison=Comparison()), closing=Closing(whole.comparison, ("optimistic.1",), ()))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("in_rounds", [False, True])
def test_everything_is_shown_within_80_columns(language: str, in_rounds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    whole, moderated = debate(language), as_discussion(language)
    shown = render_discussion(moderated, language) if in_rounds else render_debate(whole, language)
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
        {"en": "leans to", "fr": "penche vers"}[language],
        " ".join(EngineReplyError("comparison_unusable", model="x").describe(language).message.split()),
        "What next?",
    ):
        assert part in folded
    [farms] = re.findall(r"Pessimistic\s*: (.*?) \(pessimistic.1\)", folded)
    assert farms.endswith("[4]")  # each position with what it cites
    assert "[6]" in shown
    assert "[–]" in shown


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert "+0.75" in render_debate(debate("en"), "en")
    assert "−0.50" in render_debate(debate("en"), "en")
    assert "20%" in render_debate(debate("en"), "en")
    french = render_debate(debate("fr"), "fr")
    assert "+0,75" in french
    assert "20\u00a0%" in french


@pytest.mark.parametrize(("language", "named"), [("en", "conclusion"), ("fr", "déduction")])
def test_what_is_not_read_in_the_article_is_named(language: str, named: str) -> None:
    whole = debate(language)
    kinds: tuple[ClaimKind, ...] = ("opinion", "inference")
    answers = tuple(
        replace(answer, claims=(replace(answer.claims[0], kind=kind),))
        for answer, kind in zip(whole.answers, kinds, strict=True)
    )
    for shown in (
        render_debate(replace(whole, answers=answers), language),
        render_discussion(Discussion(replace(whole, answers=answers)), language),
    ):
        folded = " ".join(shown.split())
        assert "(opinion) [3] ✓" in folded
        assert f"({named}) [4] ✓" in folded
    assert f"({named})" not in render_debate(whole, language)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_failures_and_silence_keep_to_80_columns(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    whole = debate(language)
    error = EngineUnavailable("engine_cannot_debate", engine="openai:a-model-with-a-name").describe(language)
    failed = replace(whole.answers[0], claims=(), status="failed", error=error)
    silent = replace(whole.answers[1], claims=(), status="insufficient", text="The article does not say. " * 5)
    shown = render_debate(replace(whole, answers=(failed, silent)), language)
    assert max(map(len, shown.splitlines())) <= 80


def test_one_answer_alone_is_compared_with_nothing() -> None:
    whole = debate("en")
    alone = Debate("?", "en", whole.articles, whole.evidence, whole.answers[:1], whole.comparison)
    assert "Common ground" not in render_debate(alone, "en")
