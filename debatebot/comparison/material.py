"""What is compared: every claim with its side, its words and its place among the vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from debatebot.lexical import analyzer, idf
from debatebot.phrases import Phrase, names_in, shared_names
from debatebot.types import Answer, Claim, CompareRequest, Sentence

Outlooks = Callable[[Sequence[str], str], Sequence[float]]
"""Texts and the language they are in → the outlook of each, -1 (worried) to 1 (hopeful)."""

TAKES_A_SIDE = 0.25
"""Outlook of what a claim cites from which it is hopeful, or below whose negative it is worried."""

RARE = 3.6
"""Weight of a word that one sentence alone has; that of a word in all of them is near 0."""

_FEW = 20  # sentences below which it tells little that a word is in several of them
_OF_THE_QUESTION = 0.25  # what a word counts that the question has and many sentences have: everybody speaks of that
_ASKED_FOR = 0.7  # what one counts that the question has and few sentences have
_GAP = 2  # characters between two sentences that follow each other
_MANY = 1.7  # weight below which a word stands in many of them


@dataclass(frozen=True)
class Stated:
    """A claim as it is compared. `outlook`: mean of what it cites; `vector`: of what it cites, unit length, or None."""

    claim: Claim
    side: str
    language: str
    terms: frozenset[str]
    numbers: frozenset[int]
    outlook: float
    vector: NDArray[np.float32] | None

    @property
    def is_hopeful(self) -> bool:
        return self.outlook >= TAKES_A_SIDE

    @property
    def is_worried(self) -> bool:
        return self.outlook <= -TAKES_A_SIDE


class Material:
    """The claims of a comparison, and how much each word tells among the sentences that bear on the question."""

    def __init__(self, request: CompareRequest) -> None:
        self.request = request
        self._languages = {article.id: article.language for article in request.articles}
        self._vectors = {
            item.number: vector
            for item, vector in zip(request.retrieval.evidence, request.retrieval.vectors, strict=True)
        }
        self.sentences = tuple(sentences_of(request))
        """Those of the evidence, and beyond it."""
        self._articles = {article.id: article.text for article in request.articles}
        self._weights = self._weigh()
        self.stated = tuple(self._state(answer, claim) for answer, claim in grounded(request.answers))
        self.balanced = self._balanced()
        """Perspectives that give both sides and take none."""

    def language_of(self, sentence: Sentence) -> str:
        """Of the article that the sentence stands in."""
        return self._languages.get(sentence.article_id, self.request.language)

    def terms(self, text: str, language: str) -> frozenset[str]:
        """What the words of a text are compared as."""
        return frozenset(term for term in analyzer(language).terms(text) if not term.replace(".", "").isdigit())

    def weight(self, terms: Iterable[str]) -> float:
        """How much words tell together: the rarer among the sentences, the more; little where the question has them."""
        return sum(self._weights.get(term, RARE) for term in terms)

    def is_asked_for(self, terms: Iterable[str]) -> bool:
        """Whether the question names it, and few sentences do: two claims that both do speak of what was asked."""
        return any(self._asked_for.get(term, 0.0) >= _MANY for term in terms)

    def nearness(self, one: Stated, other: Stated) -> float:
        """How much nearer two claims are than sentences of the evidence are on average, in standard deviations; 0 where it is not
        known. Claims themselves are too few to tell what is usual, and several sides quote the same sentence."""
        mean, spread = self._similarities
        found = _similarity(one, other)
        return (found - mean) / spread if found is not None and spread else 0.0

    @cached_property
    def _similarities(self) -> tuple[float, float]:
        vectors = self.request.retrieval.vectors
        found = [float(one @ other) for one, other in combinations(vectors, 2)]
        return (float(np.mean(found)), float(np.std(found))) if found else (0.0, 0.0)

    def beside(self, one: Stated, other: Stated) -> bool:
        """Whether what they rest on stands in the same paragraph of an article, or in two that follow each other."""
        places = [
            {(citation.sentence.article_id, citation.sentence.paragraph) for citation in stated.claim.citations}
            for stated in (one, other)
        ]
        return any(
            article == other_article and abs(paragraph - other_paragraph) <= 1
            for article, paragraph in places[0]
            for other_article, other_paragraph in places[1]
        )

    def adjoining(self, one: Stated, other: Stated) -> bool:
        """Whether a sentence that one rests on follows one that the other rests on, in the same paragraph."""
        return any(
            mine.sentence.article_id == theirs.sentence.article_id
            and mine.sentence.paragraph == theirs.sentence.paragraph
            and max(mine.sentence.start, theirs.sentence.start) - min(mine.sentence.end, theirs.sentence.end) <= _GAP
            for mine in one.claim.citations
            for theirs in other.claim.citations
        )

    def names(self, stated: Stated) -> list[Phrase]:
        """Phrases that could name the claim, none that was asked about, the one that serves best first."""
        asked = self.terms(self.request.question, self.request.language)
        found = names_in(stated.claim.text, stated.language, self._texts_of(stated))
        return [phrase for phrase in found if not set(phrase.terms) <= asked]

    def shared(self, one: Stated, other: Stated) -> tuple[Phrase, ...]:
        """What both claims name in the same words, the longest first."""
        if one.language != other.language:
            return ()
        texts = [*self._texts_of(one), *self._texts_of(other)]
        return shared_names(one.claim.text, other.claim.text, one.language, list(dict.fromkeys(texts)))

    def _texts_of(self, stated: Stated) -> list[str]:
        """The articles that a claim cites."""
        cited = dict.fromkeys(citation.sentence.article_id for citation in stated.claim.citations)
        found = [self._articles[article] for article in cited if article in self._articles]
        return found or list(self._articles.values())

    def _weigh(self) -> dict[str, float]:
        counts: Counter[str] = Counter()
        for sentence in self.sentences:
            counts.update(self.terms(sentence.text, self.language_of(sentence)))
        size = max(len(self.sentences), _FEW)
        scale = RARE / idf(1, size)
        weights = {term: scale * idf(count, size) for term, count in counts.items()}
        asked = self.terms(self.request.question, self.request.language)
        self._asked_for = {term: weights.get(term, RARE) for term in asked}
        return weights | {
            term: weight * (_ASKED_FOR if weight >= _MANY else _OF_THE_QUESTION)
            for term, weight in self._asked_for.items()
        }

    def _state(self, answer: Answer, claim: Claim) -> Stated:
        quotes = claim.is_quotation
        language = self.language_of(claim.citations[0].sentence) if quotes else self.request.language
        return Stated(
            claim=claim,
            side=answer.perspective,
            language=language,
            terms=self.terms(claim.text, language),
            numbers=frozenset(citation.number for citation in claim.citations),
            outlook=float(np.mean([citation.sentence.outlook for citation in claim.citations])),
            vector=self._vector(claim),
        )

    def _vector(self, claim: Claim) -> NDArray[np.float32] | None:
        rows = [self._vectors[citation.number] for citation in claim.citations if citation.number in self._vectors]
        if not rows:
            return None
        mean = np.mean(rows, axis=0)
        return np.asarray(mean / (np.linalg.norm(mean) or 1.0), dtype=np.float32)

    def _balanced(self) -> frozenset[str]:
        named = {one.name for one in self.request.perspectives if one.outlook == "balanced"}
        both = {one.side for one in self.stated if one.is_hopeful} & {one.side for one in self.stated if one.is_worried}
        return frozenset(named | both)


def grounded(answers: Sequence[Answer]) -> Iterator[tuple[Answer, Claim]]:
    """Claims that may stand for their side: a statement that its own citation does not bear out agrees with nothing."""
    for answer in answers:
        for claim in answer.claims:
            if claim.citations and claim.verdict.label in ("supported", "partial"):
                yield answer, claim


def sentences_of(request: CompareRequest) -> Iterator[Sentence]:
    """The sentences of the evidence, then those beyond it."""
    yield from (item.sentence for item in request.retrieval.evidence)
    yield from (passage.sentence for passage in request.retrieval.beyond)


def cited_numbers(answers: Sequence[Answer]) -> frozenset[int]:
    """Numbers of all sentences that any claim cites."""
    return frozenset(citation.number for answer in answers for claim in answer.claims for citation in claim.citations)


def _similarity(one: Stated, other: Stated) -> float | None:
    """Cosine of what two claims rest on; None where it is not known."""
    if one.vector is None or other.vector is None:
        return None
    return float(one.vector @ other.vector)
