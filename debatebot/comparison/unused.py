"""What bears on the question and no side has cited, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from debatebot.comparison.material import cited_numbers
from debatebot.rhetoric import begins_analogy
from debatebot.types import CompareRequest, Sentence, UnusedSentence

_MOST = 8
_BEARS = 0.4  # share of the best relevance that a sentence beyond the evidence needs to bear on the question


def unused_numbers(request: CompareRequest) -> tuple[int, ...]:
    """Numbers of the evidence that no claim cites, in its order."""
    cited = cited_numbers(request.answers)
    return tuple(item.number for item in request.retrieval.evidence if item.number not in cited)


def unused_sentences(request: CompareRequest) -> tuple[UnusedSentence, ...]:
    """Sentences of the evidence, and beyond it, that no claim cites: relevance to the question times distance from all that
    is cited decides; none where nothing is cited.

    Cosines of two sentences lie within about 0.15 of each other, so that it is the order that tells, not the figures.
    """
    cited = _cited_vectors(request)
    if not len(cited):
        return ()
    found = [
        UnusedSentence(sentence, number, relevance, _distance(vector, cited))
        for sentence, number, relevance, vector in _candidates(request)
        if _tells(sentence)
    ]
    return tuple(sorted(found, key=lambda one: one.relevance * one.distance, reverse=True)[:_MOST])


def _candidates(request: CompareRequest) -> Iterator[tuple[Sentence, int | None, float, NDArray[np.float32]]]:
    retrieval = request.retrieval
    numbers = cited_numbers(request.answers)
    texts = {
        citation.sentence.id for answer in request.answers for claim in answer.claims for citation in claim.citations
    }
    for item, vector in zip(retrieval.evidence, retrieval.vectors, strict=True):
        if item.number not in numbers and item.relevance >= retrieval.floor:
            yield item.sentence, item.number, item.relevance, vector
    best = max((item.relevance for item in retrieval.evidence), default=0.0)
    for passage, vector in zip(retrieval.beyond, retrieval.beyond_vectors, strict=True):
        bears = passage.relevance >= max(retrieval.floor, _BEARS * best)
        if bears and passage.sentence.id not in texts:
            yield passage.sentence, None, passage.relevance, vector


def _cited_vectors(request: CompareRequest) -> NDArray[np.float32]:
    numbers = cited_numbers(request.answers)
    rows = [at for at, item in enumerate(request.retrieval.evidence) if item.number in numbers]
    return np.asarray(request.retrieval.vectors[rows], dtype=np.float32) if rows else np.zeros((0, 0), np.float32)


def _distance(vector: NDArray[np.float32], cited: NDArray[np.float32]) -> float:
    return min(1.0, max(0.0, 1.0 - float((cited @ vector).max())))


def _tells(sentence: Sentence) -> bool:
    """Questions and everyday pictures state nothing that a side could have used."""
    return not sentence.text.rstrip().endswith("?") and not begins_analogy(sentence.text)
