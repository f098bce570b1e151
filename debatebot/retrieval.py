"""One evidence list for a question: what bears on it, with hopeful, worried and weighing sentences among it.

The list is made once and given to every perspective. It is composed by quota rather than by rank alone, since the sentences
most like a question are often all of one side, and a side whose sentences were not found could not speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from debatebot.index import Index, SearchResult
from debatebot.rhetoric import in_analogy, is_weighing
from debatebot.types import Article, Evidence, Retrieval, Sentence

EVIDENCE = 16
"""Sentences in an evidence list, at most: few enough to be read, and for a small model's window."""

_MOST_RELEVANT = 6
_A_SIDE = 4
_WEIGHING = 2
_TAKES_A_SIDE = 0.25  # outlook from which a sentence counts as hopeful, or below whose negative as worried
_RELEVANT_SHARE = 0.35  # of the best sentence's relevance: what is less bears on another question
_CANDIDATES = 400  # sentences looked at for their rhetoric: beyond them relevance is noise
_HEADING_WORDS = 12


class EvidenceRetriever:
    """Composes evidence from what the index finds."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def retrieve(
        self,
        question: str,
        language: str,
        articles: Sequence[Article],
        numbers: Mapping[str, int] | None = None,
    ) -> Retrieval:
        """One numbered evidence list, in reading order; see `debatebot.types.Retriever`."""
        found = self._index.search(question, language, articles)
        chosen = choose(found)
        # Reading order: articles as they were given, sentences as they stand.
        order = {article.id: place for place, article in enumerate(articles)}
        chosen.sort(key=lambda index: (order[found.sentences[index].article_id], found.sentences[index].position))
        sentences = [found.sentences[index] for index in chosen]
        evidence = tuple(
            Evidence(number, sentence, float(found.relevance[index]))
            for number, sentence, index in zip(_numbered(sentences, numbers or {}), sentences, chosen, strict=True)
        )
        return Retrieval(evidence, found.answerable, found.vectors[chosen], found.general)


def choose(found: SearchResult) -> list[int]:
    """Indices of the sentences that make up the evidence, the most relevant first."""
    ranked = _candidates(found)
    if not ranked:
        return []
    floor = 0.0 if found.general else _RELEVANT_SHARE * float(found.relevance[ranked[0]])
    bearing = [index for index in ranked if found.relevance[index] >= floor]
    analogies = _analogies(found, bearing)
    plain = [index for index in bearing if index not in analogies]
    outlook = _strength(found, plain)
    chosen: dict[int, None] = dict.fromkeys(ranked[:_MOST_RELEVANT] if not found.general else plain[:_MOST_RELEVANT])
    for fits in (
        lambda index: outlook[index] >= _TAKES_A_SIDE,
        lambda index: outlook[index] <= -_TAKES_A_SIDE,
    ):
        by_side = sorted(filter(fits, plain), key=lambda index: _merit(found, outlook, index), reverse=True)
        _add(chosen, by_side, _A_SIDE, fits)
    _add(chosen, plain, _WEIGHING, lambda index: is_weighing(found.sentences[index].text))
    return list(chosen)[:EVIDENCE]


def _candidates(found: SearchResult) -> list[int]:
    order = np.argsort(-found.relevance, kind="stable")[:_CANDIDATES]
    return [int(index) for index in order if not _is_heading(found.sentences[index])]


def _is_heading(sentence: Sentence) -> bool:
    """A short line without a stop names what follows and states nothing."""
    return sentence.text[-1] not in ".!?…»”\"')]:;" and len(sentence.text.split()) <= _HEADING_WORDS


def _analogies(found: SearchResult, indices: Iterable[int]) -> set[int]:
    """Those of the sentences that only draw a picture: true of cakes, they would be quoted as if of the subject."""
    # A comparison is told by the sentence that opens it, so the whole paragraph is needed, in order.
    paragraphs = {_paragraph(found.sentences[index]) for index in indices}
    members = [at for at, sentence in enumerate(found.sentences) if _paragraph(sentence) in paragraphs]
    flags = in_analogy([found.sentences[at] for at in members])
    return {at for at, flag in zip(members, flags, strict=True) if flag}


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return (sentence.article_id, sentence.paragraph)


def _strength(found: SearchResult, indices: Iterable[int]) -> dict[int, float]:
    return {index: found.sentences[index].outlook for index in indices}


def _merit(found: SearchResult, outlook: Mapping[int, float], index: int) -> float:
    # Without a subject in the question, relevance is mostly chance and the clearest sentences serve best.
    weight = 1.0 if found.general else 0.3
    return float(found.relevance[index]) + weight * abs(outlook[index])


def _add(chosen: dict[int, None], ranked: Iterable[int], quota: int, fits: Callable[[int], bool]) -> None:
    missing = quota - sum(1 for index in chosen if fits(index))
    for index in ranked:
        if missing <= 0:
            return
        if index not in chosen and fits(index):
            chosen[index] = None
            missing -= 1


def _numbered(sentences: Sequence[Sentence], known: Mapping[str, int]) -> list[int]:
    """Numbers for the sentences: those they have in the conversation, and new ones after the highest."""
    following = max(known.values(), default=0)
    numbers: list[int] = []
    for sentence in sentences:
        number = known.get(sentence.id)
        if number is None:
            following += 1
            number = following
        numbers.append(number)
    return numbers
