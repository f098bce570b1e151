"""Agreement, disagreement, what nobody used, and how much each side says."""

from __future__ import annotations

import pytest

from debatebot.comparison import compare
from debatebot.types import Answer, Claim, Comparison, Evidence, Reason, Seconds, Verdict, VerdictLabel
from tests.fakes import make_evidence, make_retrieval, quote


def answer(side: str, *items: Evidence, verdict: VerdictLabel = "supported") -> Answer:
    claims = tuple(
        Claim(f"{side}.{at}", draft.text, "fact", draft.citations, Verdict(verdict, 1.0, Reason("quoted")))
        for at, draft in enumerate(map(quote, items), 1)
    )
    return Answer(side, side, "fake", "answered", "", claims, 0, None, None, Seconds(0.0, 0.0), "")


def compared(evidence: tuple[Evidence, ...], *answers: Answer) -> Comparison:
    return compare(answers, evidence, dict(enumerate(make_retrieval(evidence).vectors, 1)))


PRICES = make_evidence(
    "The price of panels fell for the families of the town.",
    "The low price of panels ruins the factories of the town.",
    "Whether the price of panels stays low, nobody can say.",
    "The contract runs for twenty years.",
    outlooks=(0.8, -0.8, 0.0, 0.0),
)


def test_what_two_sides_rest_on_is_common_ground() -> None:
    result = compared(PRICES, answer("optimistic", PRICES[3], PRICES[0]), answer("pessimistic", PRICES[3]))
    [ground] = result.common_ground
    assert ground.statement == PRICES[3].sentence.text
    assert ground.claims == ("optimistic.1", "pessimistic.1")
    assert ground.citations == (4,)


def test_a_side_does_not_agree_with_itself() -> None:
    assert compared(PRICES, answer("optimistic", PRICES[3], PRICES[3])).common_ground == ()


def test_a_claim_its_citation_does_not_bear_out_agrees_with_nothing() -> None:
    result = compared(PRICES, answer("optimistic", PRICES[3]), answer("pessimistic", PRICES[3], verdict="contradicted"))
    assert result.common_ground == ()


def test_opposite_claims_about_one_thing_disagree_and_the_article_names_the_crux() -> None:
    result = compared(PRICES, answer("optimistic", PRICES[0]), answer("pessimistic", PRICES[1]))
    [disagreement] = result.disagreements
    assert disagreement.positions == {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}
    assert "price" in disagreement.issue
    assert disagreement.kind == "empirical"
    assert disagreement.crux == PRICES[2].sentence.text


def test_a_disagreement_about_what_ought_to_be_is_one_of_value() -> None:
    evidence = make_evidence(
        "Cheap panels are fair to every family.", "Cheap panels hurt every worker.", outlooks=(0.7, -0.7)
    )
    [disagreement] = compared(
        evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1])
    ).disagreements
    assert disagreement.kind == "value"


def test_the_crux_is_empty_where_the_article_does_not_weigh() -> None:
    evidence = PRICES[:2]
    [disagreement] = compared(
        evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1])
    ).disagreements
    assert disagreement.crux is None


def test_opposite_claims_about_different_things_do_not_disagree() -> None:
    evidence = make_evidence("Families save money.", "Wolves kill sheep.", outlooks=(0.8, -0.8))
    result = compared(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]))
    assert result.disagreements == ()


def test_unused_evidence_and_balance_are_counted() -> None:
    result = compared(PRICES, answer("optimistic", PRICES[0], PRICES[3]), answer("neutral"))
    assert result.unused_evidence == (2, 3)
    side = result.balance["optimistic"]
    assert (side.claims, side.cited, side.words) == (2, 2, 17)
    assert side.mean_outlook == pytest.approx(0.4)
    assert result.balance["neutral"].mean_outlook is None
