"""Questions to ask next, each of which the articles answer: searched for before it is proposed.

Without a model they are made from templates and the articles' own words, in quotation marks, so that they need no article,
no gender and no elision. At least one leads to a sentence that no side has used, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debatebot.catalog import translate
from debatebot.grounding.reading import read
from debatebot.lexical import analyzer
from debatebot.phrases import Phrase, best_names, noun_phrases
from debatebot.rhetoric import is_weighing
from debatebot.types import CompareRequest, Comparison, FollowUp, Retrieval, Retriever, Sentence

MOST = 4
"""Questions proposed, at most."""

_ANSWERABLE = 0.5
_AMONG = 3  # places from the top within which the sentence that answers must be found
_TRIED = 8  # questions searched for, at most: each takes some milliseconds
_LEANS = 0.6
_OFTEN = 2  # times above which a single word is a subject of its article
_LONGEST_PHRASE = 45


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, the sentence it was made from, and the words it asks about."""

    question: str
    sentence: Sentence | None
    terms: frozenset[str]


def follow_ups(
    request: CompareRequest, comparison: Comparison, retriever: Retriever, suggested: Sequence[str] = ()
) -> tuple[FollowUp, ...]:
    """Up to four questions, none that was asked before, no two about the same words.

    Args:
        suggested: by a model; those that the articles do not answer are left out, and others may fill their place.
    """
    return tuple(_Proposals(request, comparison, retriever).choose(suggested))


class _Proposals:
    """Chooses among candidates; searches for each that it may take."""

    def __init__(self, request: CompareRequest, comparison: Comparison, retriever: Retriever) -> None:
        self._request = request
        self._comparison = comparison
        self._retriever = retriever
        self._unused = {one.sentence.id for one in comparison.unused}
        self._asked = [self._terms(question) for question in request.asked or (request.question,)]
        self._texts = [article.text.lower() for article in request.articles]
        self._chosen: list[FollowUp] = []
        self._about: list[frozenset[str]] = []

    def choose(self, suggested: Sequence[str]) -> list[FollowUp]:
        """A model's first; of our own, those to unused sentences before those to disputed things."""
        for question in suggested[:MOST]:
            self._try(_Candidate(question, None, self._terms(question)))
        for tried, candidate in enumerate(self._own()):
            enough = len(self._chosen) >= MOST - bool(suggested and not self._leads_to_unused())
            if tried == _TRIED or enough:
                break
            self._try(candidate)
        return self._chosen[:MOST]

    def _leads_to_unused(self) -> bool:
        return any(one.unused for one in self._chosen)

    def _own(self) -> Iterator[_Candidate]:
        sentences = [one.sentence for one in self._comparison.unused]
        cruxes = [one.crux_sentence for one in self._comparison.disagreements if one.crux_sentence]
        for sentence in (*sentences[:3], *cruxes, *sentences[3:]):
            if phrase := self._phrase(sentence):
                key = f"answers.followups.{_kind(sentence)}"
                question = translate(key, self._request.language, words=phrase.text)
                yield _Candidate(question, sentence, frozenset(phrase.terms))

    def _phrase(self, sentence: Sentence) -> Phrase | None:
        """What the sentence is about that was not asked yet: its longest name for a thing."""
        language = next(
            (one.language for one in self._request.articles if one.id == sentence.article_id), self._request.language
        )
        fitting = [
            phrase
            for phrase in noun_phrases(sentence.text, language)
            if len(phrase.text) <= _LONGEST_PHRASE and self._is_new(frozenset(phrase.terms))
        ]
        named = best_names(fitting, self._texts)
        return next((phrase for phrase in named if self._is_subject(phrase)), None)

    def _is_subject(self, phrase: Phrase) -> bool:
        """Several words, a name, or what the articles speak of more than once."""
        counts = sum(text.count(phrase.text.lower()) for text in self._texts)
        return len(set(phrase.terms)) > 1 or phrase.text[0].isupper() or counts > _OFTEN

    def _is_new(self, terms: frozenset[str]) -> bool:
        if not terms or any(terms <= asked for asked in self._asked):
            return False
        return not any(terms & about for about in self._about)

    def _try(self, candidate: _Candidate) -> None:
        """Take the question if it is new and the articles answer it."""
        same = any(candidate.terms == asked for asked in self._asked)
        if same or (candidate.sentence is not None and not self._is_new(candidate.terms)):
            return
        request = self._request
        found = self._retriever.retrieve(candidate.question, request.language, request.articles)
        sentence = _answering(found, candidate.sentence)
        if sentence is not None:
            self._chosen.append(FollowUp(candidate.question, sentence, sentence.id in self._unused))
            self._about.append(candidate.terms)

    def _terms(self, question: str) -> frozenset[str]:
        return frozenset(analyzer(self._request.language).terms(question))


def _answering(found: Retrieval, wanted: Sentence | None) -> Sentence | None:
    """The sentence that answers: the one wanted if it is among the best, the best one where none is; None: not answered."""
    if found.answerable < _ANSWERABLE or not found.evidence:
        return None
    best = sorted(found.evidence, key=lambda item: item.relevance, reverse=True)[:_AMONG]
    if wanted is None:
        return best[0].sentence
    return next((item.sentence for item in best if item.sentence.id == wanted.id), None)


def _kind(sentence: Sentence) -> str:
    """Which template asks for what the sentence says."""
    if is_weighing(sentence.text):
        return "open"
    if _has_figures(sentence.text):
        return "figures"
    if abs(sentence.outlook) >= _LEANS:
        return "hope" if sentence.outlook > 0 else "worry"
    return "says"


def _has_figures(text: str) -> bool:
    """It counts or measures something, in digits; a date or a year does not."""
    return any(
        not quantity.year
        and quantity.dimension not in ("months", "day", "weekdays", "ordinal", "code")
        and any(letter.isdigit() for letter in quantity.text)
        for quantity in read(text).quantities
    )
