"""Agreement, disagreement, what nobody used, and how much each side says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from debatebot.comparison import compare
from debatebot.types import (
    Answer,
    Citation,
    Claim,
    ClaimKind,
    CompareRequest,
    Comparison,
    Evidence,
    Passage,
    Reason,
    Seconds,
    Verdict,
    VerdictLabel,
)
from tests.fakes import make_article, make_evidence, make_perspective, make_retrieval, make_sentences, quote


def answer(side: str, *items: Evidence, verdict: VerdictLabel = "supported") -> Answer:
    claims = tuple(
        Claim(f"{side}.{at}", draft.text, "fact", draft.citations, Verdict(verdict, 1.0, Reason("quoted")))
        for at, draft in enumerate(map(quote, items), 1)
    )
    return Answer(side, side, "fake", "answered", "", claims, 0, None, None, Seconds(0.0, 0.0), "")


def request(
    evidence: tuple[Evidence, ...],
    *answers: Answer,
    beyond: tuple[Evidence, ...] = (),
    language: str = "en",
    rebutted: Mapping[str, str] | None = None,
) -> CompareRequest:
    retrieval = make_retrieval(evidence)
    further = make_retrieval(beyond) if beyond else None
    return CompareRequest(
        question="What of it?",
        language=language,
        articles=(make_article(*(item.sentence.text for item in (*evidence, *beyond)), language=language),),
        retrieval=replace(
            retrieval,
            beyond=tuple(Passage(item.sentence, 0.9) for item in beyond),
            beyond_vectors=further.vectors if further else retrieval.beyond_vectors,
        ),
        answers=answers,
        perspectives=(make_perspective("neutral", "balanced"),),
        rebutted=rebutted or {},
    )


def compared(evidence: tuple[Evidence, ...], *answers: Answer, **more: Any) -> Comparison:
    return compare(request(evidence, *answers, **more))


def said(side: str, at: int, text: str, *cited: Evidence, kind: ClaimKind = "fact") -> Answer:
    """An answer of one claim in words of its own."""
    citations = tuple(Citation(item.number, item.sentence) for item in cited)
    claim = Claim(f"{side}.{at}", text, kind, citations, Verdict("supported", 1.0, Reason("quoted")))
    return Answer(side, side, "fake", "answered", "", (claim,), 0, None, None, Seconds(0.0, 0.0), "")


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
    assert "price" in disagreement.issue.lower()
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


def test_every_grounded_claim_has_a_place_in_the_rows_and_cells_name_claims() -> None:
    hopeful, worried = answer("optimistic", PRICES[0], PRICES[3]), answer("pessimistic", PRICES[1], PRICES[3])
    result = compared(PRICES, hopeful, worried)
    assert [(row.relation, dict(row.cells)) for row in result.issues] == [
        ("shared", {"optimistic": "optimistic.2", "pessimistic": "pessimistic.2"}),
        ("opposed", {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}),
    ]
    assert all(row.name for row in result.issues)


def test_what_one_side_alone_says_has_a_row_of_one_cell() -> None:
    [row] = compared(PRICES, answer("optimistic", PRICES[0]), answer("pessimistic")).issues
    assert (row.relation, dict(row.cells)) == ("one-sided", {"optimistic": "optimistic.1"})


def test_a_neutral_side_that_reports_a_fear_does_not_share_it() -> None:
    result = compared(PRICES, answer("neutral", PRICES[1]), answer("pessimistic", PRICES[1]))
    assert result.common_ground == ()
    assert [row.relation for row in result.issues] == ["one-sided"]


def test_what_a_neutral_side_repeats_of_those_who_differ_stands_beside_it() -> None:
    fear = answer("pessimistic", PRICES[1])
    result = compared(PRICES, answer("optimistic", PRICES[0]), answer("neutral", PRICES[2], PRICES[1], PRICES[0]), fear)
    [row, *others] = result.issues
    assert (row.relation, row.cells["neutral"]) == ("opposed", "neutral.1")
    assert others == []
    repeated = compared(PRICES[:2], answer("optimistic", PRICES[0]), answer("neutral", PRICES[1]), fear)
    assert [dict(row.cells) for row in repeated.issues] == [
        {"optimistic": "optimistic.1", "neutral": "neutral.1", "pessimistic": "pessimistic.1"}
    ]
    assert repeated.disagreements[0].positions == {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}


def test_claims_on_one_sentence_that_say_different_things_are_no_common_ground() -> None:
    sentence = make_evidence("The plant made 300 jobs and drained the river that farms depend on.")
    result = compared(
        sentence,
        said("optimistic", 1, "Three hundred people found work at the plant.", sentence[0]),
        said("pessimistic", 1, "Farms lost the river.", sentence[0]),
    )
    assert result.common_ground == ()


def test_the_crux_may_stand_in_the_article_outside_the_evidence() -> None:
    beyond = make_evidence("Whether the price of panels stays low, nobody can say.")
    evidence = make_evidence(*(item.sentence.text for item in PRICES[:2]), outlooks=(0.8, -0.8))
    [disagreement] = compared(
        evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]), beyond=beyond
    ).disagreements
    assert disagreement.crux_sentence == beyond[0].sentence


def test_a_weighing_of_something_else_is_no_crux() -> None:
    beyond = make_evidence("Whether the river floods again, nobody can say.")
    evidence = make_evidence(*(item.sentence.text for item in PRICES[:2]), outlooks=(0.8, -0.8))
    [disagreement] = compared(
        evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]), beyond=beyond
    ).disagreements
    assert disagreement.crux is None


def test_unused_sentences_are_ranked_by_relevance_and_distance_and_may_lie_outside_the_evidence() -> None:
    evidence = make_evidence("The park powers homes.", "The park powers many homes.", "Sheep lost their meadow.")
    beyond = make_evidence("A museum was closed for it.")
    result = compared(evidence, answer("optimistic", evidence[0]), answer("pessimistic"), beyond=beyond)
    found = [(one.number, one.sentence.text) for one in result.unused]
    assert (None, "A museum was closed for it.") in found
    assert found.index((2, "The park powers many homes.")) == len(found) - 1
    assert [one.relevance * one.distance for one in result.unused] == sorted(
        (one.relevance * one.distance for one in result.unused), reverse=True
    )
    assert result.unused_evidence == (2, 3)


def test_where_nothing_is_cited_nothing_is_called_unused() -> None:
    assert compared(PRICES, answer("optimistic"), answer("pessimistic")).unused == ()


def test_the_balance_counts_hedges_coverage_and_what_is_said() -> None:
    evidence = make_evidence("Bills may fall, perhaps by much.", "It rains.", outlooks=(0.6, 0.0))
    request_ = request(evidence, answer("optimistic", evidence[0]), said("pessimistic", 1, "Bills rise.", evidence[1]))
    balance = compare(request_, outlooks=lambda texts, language: [-0.5 for _ in texts]).balance
    assert balance["optimistic"].hedges == 2
    assert balance["optimistic"].said_outlook == pytest.approx(0.6)
    assert balance["pessimistic"].said_outlook == pytest.approx(-0.5)
    shares = [side.coverage for side in balance.values()]
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] > shares[1]


def test_a_neutral_answer_that_leans_is_reported_with_the_figure() -> None:
    worried = make_evidence("Prices ruin us.", "Jobs vanish.", "Rivers dry out.", outlooks=(-0.9, -0.8, -0.7))
    [lean] = compared(worried, answer("neutral", *worried)).leans
    assert lean.perspective == "neutral"
    assert lean.outlook == pytest.approx(-0.8)
    assert abs(lean.outlook) > lean.band
    assert compared(worried, answer("pessimistic", *worried)).leans == ()
    assert compared(PRICES, answer("neutral", PRICES[0], PRICES[1])).leans == ()


def test_facts_without_a_citation_are_listed_and_opinions_are_not() -> None:
    result = compared(
        PRICES, said("optimistic", 1, "Prices fell."), said("neutral", 1, "That is welcome.", kind="opinion")
    )
    assert result.uncited == ("optimistic.1",)


@pytest.mark.parametrize(
    ("one", "other", "kind", "values"),
    [
        (
            "The park powers 4,000 homes in the town.",
            "The park powers 9,000 homes in the town.",
            "number",
            ("4,000", "9,000"),
        ),
        (
            "The park was opened in 2024 by the town.",
            "The park was opened in 2021 by the town.",
            "date",
            ("2024", "2021"),
        ),
        (
            "The park was built by Siemens in the town.",
            "The park was built by Alstom in the town.",
            "name",
            ("Siemens", "Alstom"),
        ),
    ],
)
def test_facts_that_two_sides_state_differently_are_a_conflict(
    one: str, other: str, kind: str, values: tuple[str, str]
) -> None:
    result = compared(PRICES, said("optimistic", 1, one, PRICES[0]), said("pessimistic", 1, other, PRICES[0]))
    [conflict] = result.conflicts
    assert conflict.kind == kind
    assert dict(conflict.values) == {"optimistic.1": values[0], "pessimistic.1": values[1]}
    assert conflict.about


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The park powers 4,000 homes in the town.", "The park powers 4000 homes in the town."),
        ("Bills fell by a quarter for the families.", "Bills fell by 25% for the families."),
        ("The park powers 4,000 homes.", "Two farms lost 12 meadows."),
        ("Families save money in the town.", "Companies save money in the town."),
    ],
)
def test_the_same_figure_in_other_words_or_another_thing_is_no_conflict(one: str, other: str) -> None:
    result = compared(PRICES, said("optimistic", 1, one, PRICES[0]), said("pessimistic", 1, other, PRICES[1]))
    assert result.conflicts == ()


def test_a_number_that_is_not_in_the_sentence_both_cite_is_a_conflict() -> None:
    [sentence] = make_evidence("The scheme created 300 jobs in the valley in two years.")
    result = compared(
        (sentence,),
        said("optimistic", 1, "In the valley the scheme brought 500 jobs.", sentence),
        said("pessimistic", 1, "Only 300 jobs came to the valley, after a long wait and much money.", sentence),
    )
    [conflict] = result.conflicts
    assert set(conflict.values) == {"optimistic.1", "pessimistic.1"}


SALES = {
    "en": make_evidence("In 2024, sales fell by 48% in Germany and by 39% in France, after 52% in 2023."),
    "fr": make_evidence("En 2024, les ventes ont chuté de 48 % en Allemagne et de 39 % en France."),
}


@pytest.mark.parametrize(
    ("language", "one", "other", "values"),
    [
        ("en", "Sales fell by 39% in France in 2024.", "Sales fell by 48% in Germany in 2024.", None),
        ("fr", "Les ventes ont chuté de 39 % en France.", "Les ventes ont chuté de 48 % en Allemagne.", None),
        ("en", "In 2024 sales fell by 48%.", "In 2023 sales fell by 52%.", None),
        ("en", "Sales fell by 48% in Germany.", "Sales rose by 39% in Germany.", None),
        ("en", "Sales fell by 48% in Germany.", "Sales fell by 41% in Germany.", ("48%", "41%")),
        (
            "fr",
            "Les ventes ont chuté de 48 % en Allemagne.",
            "Les ventes ont chuté de 41 % en Allemagne.",
            ("48 %", "41 %"),
        ),
        (
            "fr",
            "Les ventes ont chuté de 39 % en France.",
            "Les ventes ont chuté de 39 % en Espagne.",
            ("France", "Espagne"),
        ),
        ("en", "The law binds from 3 March 2024.", "The law binds from 5 May 2024.", ("3", "5")),
    ],
)
def test_figures_of_two_things_are_no_conflict_and_those_of_one_are(
    language: str, one: str, other: str, values: tuple[str, str] | None
) -> None:
    [sentence] = SALES[language]
    claims = said("optimistic", 1, one, sentence), said("pessimistic", 1, other, sentence)
    found = compared(SALES[language], *claims, language=language).conflicts
    assert [tuple(conflict.values.values()) for conflict in found] == ([values] if values else [])


def test_what_one_sentence_says_of_two_things_is_no_conflict_where_both_claims_hold() -> None:
    [sentence] = SALES["en"]
    held = said("optimistic", 1, "Sales fell by 48%.", sentence), said("pessimistic", 1, "Sales fell by 39%.", sentence)
    assert compared(SALES["en"], *held).conflicts == ()


def test_two_quotations_of_one_article_are_no_conflict() -> None:
    evidence = make_evidence("The park powers 4,000 homes in 2024.", "The park powers 9,000 homes in 2026.")
    assert compared(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1])).conflicts == ()


def test_a_french_comparison_names_its_issue_as_the_article_does() -> None:
    evidence = make_evidence(
        "Le tourisme de montagne pourrait gagner des visiteurs.",
        "Le tourisme de montagne pourrait au contraire perdre des visiteurs.",
        "Le berger perd trente brebis.",
        language="fr",
        outlooks=(0.8, -0.8, 0.0),
    )
    [disagreement] = compared(
        evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]), language="fr"
    ).disagreements
    assert disagreement.issue == "Le tourisme de montagne"


def test_a_fear_that_a_neutral_side_reports_is_no_common_ground_even_where_its_outlook_is_faint() -> None:
    evidence = make_evidence("The race could end badly for the harbour.", outlooks=(-0.1,))
    assert compared(evidence, answer("neutral", evidence[0]), answer("pessimistic", evidence[0])).common_ground == ()
    both = compared(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[0]))
    assert len(both.common_ground) == 1


def test_no_two_rows_have_the_same_name() -> None:
    evidence = make_evidence(
        "The ticket price is high in the town.", "The ticket price was lower in 2020.", "The ticket price has a cap."
    )
    names = [row.name for row in compared(evidence, answer("optimistic", *evidence), answer("pessimistic")).issues]
    assert len(set(names)) == len(names) == 3


def test_the_crux_stands_beside_the_claims_or_shares_several_words_with_them() -> None:
    paragraphs = (
        "Night fishing could feed the village.\n\n",
        "Night fishing may empty the bay. Night fishing depends on how many boats go out.\n\n",
        "The old mill is shut.\n\n",
        "Whether the mill opens depends on the village.",
    )
    article = make_article(text="".join(paragraphs))
    sentences = make_sentences(article, outlooks=(0.8, -0.8))
    evidence = tuple(Evidence(at, sentence, 0.9) for at, sentence in enumerate(sentences, 1))
    asked = replace(
        request(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1])), articles=(article,)
    )
    [disagreement] = compare(asked).disagreements
    assert disagreement.issue == "Night fishing"
    assert disagreement.crux == "Night fishing depends on how many boats go out."
    without = tuple(item for item in evidence if "depends on how" not in item.sentence.text)
    [disagreement] = compare(replace(asked, retrieval=make_retrieval(without))).disagreements
    assert disagreement.crux is None


TARIFF = make_evidence(
    "A machine in the right hall and in trained hands keeps its promise for years.",
    "The wrong hall or untrained hands turn the same machine into a costly failure.",
    "The wheat of the plain feeds two cities.",
    "Nobody has counted the storks of the plain.",
    outlooks=(0.8, -0.8, 0.0, 0.0),
)


def test_claims_that_met_in_a_debate_disagree_also_where_they_name_no_one_thing() -> None:
    answers = (answer("optimistic", TARIFF[0]), answer("pessimistic", TARIFF[1]))
    [met] = compared(TARIFF, *answers, rebutted={"pessimistic.1": "optimistic.1"}).disagreements
    assert met.positions == {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}
    assert met.issue


def test_sentences_that_follow_each_other_and_share_much_disagree_also_where_they_name_no_one_thing() -> None:
    def disagreements(*paragraphs: str) -> int:
        article = make_article(text="\n\n".join(paragraphs))
        outlooks = [item.sentence.outlook for item in TARIFF]
        evidence = tuple(
            Evidence(at, sentence, 0.9) for at, sentence in enumerate(make_sentences(article, outlooks=outlooks), 1)
        )
        asked = request(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]))
        return len(compare(replace(asked, articles=(article,))).disagreements)

    texts = [item.sentence.text for item in TARIFF]
    assert disagreements(" ".join(texts[:2]), *texts[2:]) == 1
    assert disagreements(*texts) == 0


def test_opposite_claims_disagree_about_what_was_asked_where_the_article_sets_them_side_by_side() -> None:
    texts = (
        "The toll may well fall once the bridge is paid for.",
        "The toll is what shopkeepers fear the most.",
        *(f"Number {number} of the fleet sails to another harbour." for number in range(1, 20)),
    )
    evidence = make_evidence(*texts, outlooks=(0.8, -0.8))
    answers = (answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]))
    for question, found in (("Is the toll too high?", 1), ("Where does the fleet sail?", 0)):
        apart = replace(request(evidence, *answers), question=question)
        assert len(compare(apart).disagreements) == found, question


def test_a_weighing_far_away_settles_nothing_by_hours_and_perhapses() -> None:
    texts = (
        "An hour a day with instruments could help the shy. An hour a day of sport may tire the shy and the sick.",
        *(f"Number {number} of the fleet sails to another harbour." for number in range(1, 8)),
        "Whether a ferry could make the crossing in an hour a day depends on the wind.",
    )
    article = make_article(text="\n\n".join(texts))
    outlooks = (0.8, -0.8)
    evidence = tuple(
        Evidence(at, sentence, 0.9) for at, sentence in enumerate(make_sentences(article, outlooks=outlooks), 1)
    )
    asked = request(evidence, answer("optimistic", evidence[0]), answer("pessimistic", evidence[1]))
    [disagreement] = compare(replace(asked, articles=(article,))).disagreements
    assert disagreement.crux is None


def test_meeting_alone_makes_no_disagreement() -> None:
    agreeing = make_evidence(*(item.sentence.text for item in TARIFF), outlooks=(0.8, 0.8, 0.0, 0.0))
    answers = (answer("optimistic", agreeing[0]), answer("pessimistic", agreeing[1]))
    assert compared(agreeing, *answers, rebutted={"pessimistic.1": "optimistic.1"}).disagreements == ()
