"""The built-in engine on evidence whose outlook is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from debatebot.engines.builtin import BuiltinEngine
from debatebot.types import AnswerRequest, DraftClaim, Evidence, Insufficient, Perspective, Retrieval
from tests.fakes import FakeEmbeddings, make_article, make_evidence, make_perspective, make_request

OPTIMIST = make_perspective("optimistic", "hopeful")
NEUTRAL = make_perspective("neutral", "balanced")
PESSIMIST = make_perspective("pessimistic", "worried")
ALL = (OPTIMIST, NEUTRAL, PESSIMIST)

ARTICLE = make_evidence(
    "The town opened a solar park with 9,000 panels in 2024.",
    "The park supplies clean power to 4,000 homes.",
    "Bills fell for the families who joined the park.",
    "Two farms lost grazing land to the park.",
    "The council fears that repairs of the park will cost more than planned.",
    "Whether the park pays for itself, nobody can say yet.",
    "Imagine a neighbour who lends you his ladder and then charges for it.",
    "The contract of the park runs for twenty years.",
    outlooks=(0.0, 0.7, 0.8, -0.7, -0.8, 0.0, 0.6, 0.0),
)


def claims(request: AnswerRequest) -> list[DraftClaim]:
    return [event for event in BuiltinEngine().answer(request) if isinstance(event, DraftClaim)]


def ask(
    question: str, perspective: Perspective, evidence: Sequence[Evidence] = ARTICLE, **changes: Any
) -> list[DraftClaim]:
    return claims(make_request(question, perspective=perspective, evidence=evidence, **changes))


@pytest.mark.parametrize("perspective", ALL, ids=lambda one: one.name)
def test_every_claim_is_a_whole_sentence_of_the_evidence(perspective: Perspective) -> None:
    said = ask("Is the park good news?", perspective)
    assert said
    for claim in said:
        [citation] = claim.citations
        assert claim.text == citation.sentence.text
        assert ARTICLE[citation.number - 1].sentence == citation.sentence
        assert claim.lead


def test_a_hopeful_answer_cites_no_worried_sentence_and_the_reverse() -> None:
    hopeful = [claim.citations[0].sentence.outlook for claim in ask("Is the park good news?", OPTIMIST)]
    worried = [claim.citations[0].sentence.outlook for claim in ask("Is the park good news?", PESSIMIST)]
    assert max(hopeful) > 0.5
    assert min(hopeful) > -0.2
    assert min(worried) < -0.5
    assert max(worried) < 0.2


def test_a_neutral_answer_is_balanced() -> None:
    outlooks = [claim.citations[0].sentence.outlook for claim in ask("Is the park good news?", NEUTRAL)]
    assert sum(outlook > 0.25 for outlook in outlooks) == sum(outlook < -0.25 for outlook in outlooks) == 1
    assert "Whether the park pays for itself, nobody can say yet." in [
        claim.text for claim in ask("Is the park good news?", NEUTRAL)
    ]


def test_a_neutral_answer_does_not_lean_where_one_side_is_missing() -> None:
    evidence = make_evidence("The park has 9,000 panels.", "Bills fell.", "Power is cheap.", outlooks=(0.0, 0.8, 0.8))
    said = ask("Is the park good news?", NEUTRAL, evidence)
    assert [claim.text for claim in said] == ["The park has 9,000 panels."]


def test_nothing_is_said_twice() -> None:
    for perspective in ALL:
        texts = [claim.text for claim in ask("Is the park good news?", perspective)]
        assert len(texts) == len(set(texts))


def test_a_sentence_that_only_draws_a_picture_supports_nothing() -> None:
    assert not any("ladder" in claim.text for perspective in ALL for claim in ask("Is it good?", perspective))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many panels does the park have?", "9,000 panels"),
        ("Combien de foyers le parc alimente-t-il ?", "4,000 homes"),
        ("How many homes does the park supply?", "4,000 homes"),
        ("When did the park open?", "2024"),
    ],
)
def test_a_plain_fact_is_the_same_for_all(question: str, expected: str) -> None:
    ranked = [item for item in ARTICLE if expected in item.sentence.text]
    rest = [item for item in ARTICLE if item not in ranked]
    evidence = tuple(
        Evidence(item.number, item.sentence, 1.0 - 0.1 * place) for place, item in enumerate([*ranked, *rest])
    )
    said = [[claim.text for claim in ask(question, perspective, evidence)] for perspective in ALL]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 1
    assert expected in said[0][0]


def test_a_quantity_that_the_article_does_not_give_is_not_made_up() -> None:
    evidence = make_evidence("The park opened in 2024.", "Bills fell.", "Farms lost land.")
    assert ask("How many panels does the park have?", NEUTRAL, evidence) == []


@pytest.mark.parametrize(("answerable", "said"), [(0.9, ["The park supplies most homes."]), (0.6, []), (1.0, [])])
def test_what_surely_answers_is_quoted_though_it_holds_no_number(answerable: float, said: list[str]) -> None:
    evidence = make_evidence("The park supplies most homes.", "Bills fell.", "Farms lost land.")
    request = make_request(
        "How many homes does the park supply?", perspective=NEUTRAL, evidence=evidence, answerable=answerable
    )
    assert [claim.text for claim in claims(request)] == said


def test_another_quantity_than_the_one_asked_for_is_no_answer() -> None:
    request = make_request("How many employees does the park have?", perspective=NEUTRAL, evidence=ARTICLE)
    article = make_article(*(item.sentence.text for item in ARTICLE))
    assert claims(replace(request, articles=(replace(article, id=ARTICLE[0].sentence.article_id),))) == []


@pytest.mark.parametrize(("language", "words"), [("fr", "ne répond pas"), ("en", "does not answer")])
def test_what_the_article_does_not_speak_of_is_said_and_nothing_cited(language: str, words: str) -> None:
    request = make_request("Who won the match?", language=language, answerable=0.2)
    [event] = list(BuiltinEngine().answer(request))
    assert isinstance(event, Insufficient)
    assert words in event.text


def test_a_side_that_finds_nothing_at_all_says_that_and_not_that_the_article_is_silent() -> None:
    evidence = make_evidence("Farms lost land.", outlooks=(-0.8,))
    request = make_request("Is the park good news?", perspective=OPTIMIST, evidence=evidence)
    [event] = list(BuiltinEngine().answer(request))
    assert isinstance(event, Insufficient)
    assert "absent" in event.text


def test_without_evidence_there_is_nothing_to_say() -> None:
    request = make_request(evidence=())
    [event] = list(BuiltinEngine().answer(request))
    assert isinstance(event, Insufficient)


def test_a_side_that_finds_nothing_of_its_own_says_so_and_stays_with_the_facts() -> None:
    evidence = make_evidence("The park has 9,000 panels.", "Farms lost land.", outlooks=(0.0, -0.8))
    said = ask("Is the park good news?", OPTIMIST, evidence)
    assert [claim.text for claim in said] == ["The park has 9,000 panels."]
    assert "absent" in said[0].lead


def test_connecting_words_are_in_the_language_of_the_question_and_quotes_in_that_of_the_article() -> None:
    french = {language: make_perspective("optimistic", "hopeful").phrases[language] for language in ("fr", "en")}
    told = {
        "fr": {role: (f"FR {role}",) for role in french["fr"]},
        "en": {role: (f"EN {role}",) for role in french["en"]},
    }
    perspective = make_perspective("optimistic", "hopeful", phrases=told)
    said = claims(make_request("Est-ce bien ?", language="fr", perspective=perspective, evidence=ARTICLE))
    assert all(claim.lead.startswith("FR ") for claim in said)
    assert claims(make_request("Ist das gut?", language="de", perspective=perspective, evidence=ARTICLE))[
        0
    ].lead.startswith("EN")


def test_of_several_articles_no_connecting_words_say_the_article() -> None:
    perspective = make_perspective("optimistic", "hopeful")
    variants = ("The article says:", "One reads:", "On this, the text says:", "Elsewhere:")
    told = {"en": dict.fromkeys(perspective.phrases["en"], variants)}
    one = make_request("Is it good?", perspective=replace(perspective, phrases=told), evidence=ARTICLE)
    several = replace(one, articles=(make_article("One."), make_article("Two.")))
    assert {claim.lead for claim in claims(one)} & {"The article says:", "On this, the text says:"}
    assert {claim.lead for claim in claims(several)} <= {"One reads:", "Elsewhere:"}


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Les articles ne répondent pas"), ("en", "The articles do not")]
)
def test_several_articles_that_do_not_speak_of_it(language: str, words: str) -> None:
    request = make_request("Who won the match?", language=language, answerable=0.2)
    [event] = list(BuiltinEngine().answer(replace(request, articles=(make_article("One."), make_article("Two.")))))
    assert isinstance(event, Insufficient)
    assert event.text.startswith(words)


def ranked(first: str, outlook: float) -> list[Evidence]:
    """The article with a sentence that was found before all others."""
    others = [Evidence(item.number + 1, item.sentence, 0.6) for item in ARTICLE]
    return [Evidence(1, make_evidence(first, outlooks=(outlook,))[0].sentence, 1.0), *others]


@pytest.mark.parametrize("perspective", ALL, ids=lambda one: one.name)
def test_every_answer_starts_from_what_was_found_first_if_that_takes_no_side(perspective: Perspective) -> None:
    answer = "Whether the park saves money depends on the price of gas."
    assert ask("Does the park save money?", perspective, ranked(answer, 0.1))[0].text == answer


@pytest.mark.parametrize("perspective", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("first", "outlook"),
    [("Families risk being trapped with dear gas.", -0.1), ("The gas bill is a burden for families.", -0.4)],
)
def test_what_takes_a_side_is_no_fact_to_start_from(perspective: Perspective, first: str, outlook: float) -> None:
    assert ask("Does the park save money?", perspective, ranked(first, outlook))[0].text != first


def test_what_one_side_quotes_against_the_other_the_other_quotes_too() -> None:
    texts = (
        "The ferry spares the islanders a long detour.",
        "The ferry costs the islanders a fortune in fares.",
        "The lighthouse delights its painters.",
        "The orchard won a prize for its pears.",
        "The beach is praised by swimmers.",
        "Mould ruins the chapel.",
        "Rats plague the granary.",
        "The well is dry.",
    )
    evidence = make_evidence(*texts, outlooks=(0.4, -0.4, 0.9, 0.9, 0.9, -0.9, -0.9, -0.9))
    hopeful, worried = (
        {claim.text for claim in ask("What is life like there?", side, evidence)} for side in (OPTIMIST, PESSIMIST)
    )
    assert texts[0] in hopeful
    assert texts[1] in worried


def test_the_same_question_gets_the_same_answer() -> None:
    assert ask("Is the park good news?", OPTIMIST) == ask("Is the park good news?", OPTIMIST)


def test_a_stopped_answer_ends_at_once() -> None:
    request = make_request(perspective=OPTIMIST, evidence=ARTICLE)
    request.cancelled.set()
    assert claims(request) == []


def test_sentences_that_say_the_same_are_quoted_once() -> None:
    evidence = make_evidence("Bills fell a lot.", "Bills fell a lot!", "Homes get power.", outlooks=(0.8, 0.8, 0.7))
    assert len(ask("Is it good news?", OPTIMIST, evidence)) == 2


def test_what_bears_little_on_the_question_is_left_out_unless_the_question_is_general() -> None:
    evidence = make_evidence("The park cuts bills.", "Wolves are back, happily.", outlooks=(0.8, 0.9))
    distant = (evidence[0], Evidence(2, evidence[1].sentence, 0.1))
    request = make_request("What about bills?", perspective=OPTIMIST, evidence=distant)
    request = replace(request, retrieval=replace(request.retrieval, floor=0.35))
    assert [claim.citations[0].number for claim in claims(request)] == [1]
    vectors = FakeEmbeddings().passages([item.sentence.text for item in distant])
    general = Retrieval(distant, 1.0, vectors, general=True)
    whole = AnswerRequest("Is it good?", "en", request.articles, general, OPTIMIST)
    assert [claim.citations[0].number for claim in claims(whole)] == [1, 2]


ASKED = make_evidence(
    "The turbines hum at night beside the hamlet.",
    "The turbines pay the hamlet a rent.",
    "The turbines spoil the view.",
    "The turbines stand on 12 hectares.",
    outlooks=(-0.6, 0.8, -0.8, 0.0),
)
"""Of "How loud are the turbines?" the first alone has what is asked for."""


def bearing(evidence: Sequence[Evidence], *shares: float, **changes: Any) -> AnswerRequest:
    request = make_request("How loud are the turbines at night?", evidence=evidence, **changes)
    return replace(request, retrieval=replace(request.retrieval, bearing=shares))


def quoted(request: AnswerRequest) -> list[int]:
    return [claim.citations[0].number for claim in claims(request)]


def test_what_shares_the_subject_but_not_what_is_asked_is_not_quoted() -> None:
    assert quoted(bearing(ASKED, 1.0, 0.3, 0.4, 0.3, perspective=PESSIMIST)) == [1]
    assert quoted(bearing(ASKED, 1.0, 0.3, 0.6, 0.3, perspective=PESSIMIST)) == [1, 3]


def test_a_side_that_the_article_gives_nothing_on_the_point_says_so_rather_than_quote_something_else() -> None:
    [event] = list(BuiltinEngine().answer(bearing(ASKED, 1.0, 0.3, 0.4, 0.3, perspective=OPTIMIST)))
    assert isinstance(event, Insufficient)
    assert "absent" in event.text


def test_a_neutral_answer_does_not_keep_from_the_reader_what_answers_the_question() -> None:
    assert quoted(bearing(ASKED, 1.0, 0.3, 0.4, 0.3, perspective=NEUTRAL)) == [1]
    assert quoted(bearing(ASKED, 0.7, 0.3, 0.4, 1.0, perspective=NEUTRAL)) == [4]


def test_on_a_general_question_everything_bears() -> None:
    request = bearing(ASKED, 1.0, 0.3, 0.4, 0.3, perspective=OPTIMIST)
    request = replace(request, retrieval=replace(request.retrieval, general=True))
    assert 2 in quoted(request)


@pytest.mark.parametrize("perspective", ALL, ids=lambda one: one.name)
def test_what_answers_and_takes_no_side_comes_first_in_every_answer(perspective: Perspective) -> None:
    evidence = make_evidence(
        "The turbines spoil the view.", "At night the turbines reach 35 decibels.", outlooks=(-0.8, 0.1)
    )
    assert quoted(bearing(evidence, 1.0, 0.85, perspective=perspective))[0] == 2


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long does the lease of the park run?", "twenty years"),
        ("How much does the park cost?", "3 million euros"),
    ],
)
def test_an_amount_is_given_in_what_was_asked_for(question: str, expected: str) -> None:
    evidence = make_evidence(
        "The park has 9,000 panels.",
        "The lease of the park runs for twenty years.",
        "The park stands in the books at 3 million euros.",
    )
    [claim] = ask(question, NEUTRAL, evidence)
    assert expected in claim.text


def test_no_amount_in_what_was_asked_for_is_no_answer() -> None:
    evidence = make_evidence("The park has 9,000 panels.", "The park opened in 2024.")
    assert ask("How much does the park cost?", NEUTRAL, evidence) == []


@pytest.mark.parametrize("perspective", ALL, ids=lambda one: one.name)
def test_a_fact_is_given_by_who_states_it_before_who_argues_with_it(perspective: Perspective) -> None:
    evidence = make_evidence(
        "The price is the greatest worry, since 3 million euros are out of reach.",
        "The park costs 3 million euros.",
        outlooks=(-0.9, 0.0),
    )
    level = tuple(Evidence(item.number, item.sentence, 1.0) for item in evidence)
    [claim] = ask("How much does the park cost?", perspective, level)
    assert claim.text == "The park costs 3 million euros."
