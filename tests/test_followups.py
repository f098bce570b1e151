"""Questions to ask next: answered by the articles, about something new, in the language of the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from debatebot.comparison import compare
from debatebot.followups import FEWEST, MOST, follow_ups
from debatebot.types import Answer, Article, Claim, CompareRequest, Evidence, Reason, Retrieval, Seconds, Verdict
from tests.fakes import make_article, make_evidence, make_retrieval, quote

FRENCH = (
    "La ville a ouvert un parc solaire en 2024.",
    "Le parc fournit une électricité propre à 4 000 foyers.",
    "Les factures des familles inscrites ont baissé de 12 %.",
    "Les bergers ont perdu un pâturage communal.",
    "Personne ne sait si le contrat de location sera prolongé.",
)
ENGLISH = (
    "The town opened a solar park in 2024.",
    "The park supplies clean power to 4,000 homes.",
    "The heating bills of the families fell by 12%.",
    "The herders lost a communal pasture.",
    "Nobody knows whether the lease contract will be prolonged.",
)


class Searching:
    """Finds the sentences that hold a word of the question first; the articles answer what shares a word with them."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self.evidence = evidence
        self.asked: list[str] = []

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        self.asked.append(question)
        words = {word.strip(" ?«»“”.,").lower() for word in question.split()} - {"", "the", "of", "la", "des", "les"}
        share = [len(words & set(item.sentence.text.lower().strip(".").split())) for item in self.evidence]
        found = [replace(item, relevance=min(1.0, count / 4)) for item, count in zip(self.evidence, share, strict=True)]
        return replace(make_retrieval(found), answerable=1.0 if max(share) else 0.0)


def request(language: str, asked: tuple[str, ...] = ()) -> tuple[CompareRequest, Searching]:
    evidence = make_evidence(*(FRENCH if language == "fr" else ENGLISH), language=language)
    drafts = [quote(evidence[0])]
    claims = tuple(
        Claim("neutral.1", draft.text, "fact", draft.citations, Verdict("supported", 1.0, Reason("quoted")))
        for draft in drafts
    )
    answer = Answer("neutral", "Neutral", "fake", "answered", "", claims, 0, None, None, Seconds(0.0, 0.0), "")
    article = make_article(*(item.sentence.text for item in evidence), language=language)
    question = "Est-ce une bonne nouvelle ?" if language == "fr" else "Is it good news?"
    made = CompareRequest(
        question, language, (article,), make_retrieval(evidence), (answer,), asked=asked or (question,)
    )
    return made, Searching(evidence)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_they_lead_to_sentences_that_nobody_used_and_were_searched_for(language: str) -> None:
    asked, retriever = request(language)
    found = follow_ups(asked, compare(asked), retriever)
    assert 3 <= len(found) <= MOST
    assert found[0].unused
    assert sum(one.unused for one in found) >= 2
    assert {one.question for one in found} <= set(retriever.asked)
    assert len({one.sentence.id for one in found}) == len(found)


def test_french_questions_name_things_with_their_article() -> None:
    asked, retriever = request("fr")
    questions = [one.question for one in follow_ups(asked, compare(asked), retriever)]
    assert all(question.endswith("\u00a0?") for question in questions)
    assert any("sur le contrat de location" in question for question in questions)
    assert not any("«" in question for question in questions)


def test_words_of_an_article_in_another_language_are_quoted() -> None:
    asked, retriever = request("fr")
    asked = replace(asked, question="Is it good news?", language="en", asked=("Is it good news?",))
    questions = [one.question for one in follow_ups(asked, compare(asked), retriever)]
    assert any("“le contrat de location”" in question for question in questions)


def test_where_nothing_can_be_named_the_questions_are_about_the_article_as_a_whole() -> None:
    texts = (
        "It may get better soon.",
        "It got worse by 12% since then.",
        "Nobody knows what comes next there.",
        "It is so.",
    )
    evidence = make_evidence(*texts, outlooks=(0.9, -0.9, 0.0, 0.0))
    asked, _ = request("en")
    asked = replace(asked, retrieval=make_retrieval(evidence), articles=(make_article(*texts),), answers=())
    found = follow_ups(asked, compare(asked), Answering(evidence))
    assert len(found) == FEWEST
    assert len({one.question for one in found}) == FEWEST
    assert len({one.sentence.id for one in found}) == FEWEST


class Answering:
    """Answers every question, the next one by the next sentence."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self.evidence = list(evidence)

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        self.evidence.append(self.evidence.pop(0))
        found = [replace(item, relevance=1.0 - at / 10) for at, item in enumerate(self.evidence)]
        return replace(make_retrieval(found), answerable=1.0)


def test_what_was_asked_is_not_proposed_again() -> None:
    asked, retriever = request("en")
    first = follow_ups(asked, compare(asked), retriever)
    again, retriever = request("en", ("Is it good news?", *(one.question for one in first)))
    assert not {one.question for one in first} & {one.question for one in follow_ups(again, compare(again), retriever)}


def test_a_question_of_a_model_that_the_articles_do_not_answer_is_left_out() -> None:
    asked, retriever = request("en")
    suggested = ("How many homes get clean power?", "Qui gagnera demain?")
    found = follow_ups(asked, compare(asked), retriever, suggested)
    questions = [one.question for one in found]
    assert questions[0] == suggested[0]
    assert suggested[1] not in questions
    assert any(one.unused for one in found)


def test_where_the_articles_answer_nothing_more_nothing_is_proposed() -> None:
    asked, retriever = request("en")

    class Silent(Searching):
        def retrieve(self, *arguments: object) -> Retrieval:
            return make_retrieval((), answerable=0.0)

    assert follow_ups(asked, compare(asked), Silent(retriever.evidence), ("What else?",)) == ()
