"""An article as a search needs it, in memory; made once and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from debatebot.answerability import ROOT, roots
from debatebot.lexical import Postings, analyzer
from debatebot.types import Sentence, Vectors

Scores = NDArray[np.float32]
Rows = NDArray[np.intp]

PASSAGE = 330
"""Characters of a sentence with what stands around it, when it is read with a question: as the reader was trained."""

_LONGEST = 600  # characters that are read, of a sentence without end


@dataclass(frozen=True, slots=True)
class Shard:
    """One article. Rows are its sentences, in order.

    `starts`: first row of each paragraph. `follows`: whether a row stands in the same paragraph as the row before.
    `norms`: for each paragraph, the length of the sum of its vectors. `akin`: beginnings of words, with the terms that begin so.
    `roots`, `background`: see `debatebot.answerability`.
    """

    language: str
    sentences: tuple[Sentence, ...]
    starts: Rows
    follows: NDArray[np.bool_]
    postings: Postings
    paragraph_postings: Postings
    akin: Mapping[str, Sequence[str]]
    roots: frozenset[str]
    vectors: Vectors
    norms: Scores
    background: Scores | None

    @classmethod
    def build(
        cls, sentences: Sequence[Sentence], language: str, vectors: Vectors, background: Vectors | None = None
    ) -> Self:
        """Prepare an article.

        Args:
            sentences: its sentences, in order; at least one.
            language: of the article.
            vectors: those of the sentences, in the same order.
            background: vectors of the background questions, if there are any by these embeddings.
        """
        paragraphs = np.array([sentence.paragraph for sentence in sentences])
        follows = np.zeros(len(sentences), dtype=np.bool_)
        follows[1:] = paragraphs[1:] == paragraphs[:-1]
        starts = np.flatnonzero(~follows)
        terms = [analyzer(language).terms(sentence.text) for sentence in sentences]
        ends = [*starts[1:], len(terms)]
        of_paragraphs = [list(chain(*terms[start:end])) for start, end in zip(starts, ends, strict=True)]
        postings = Postings.build(terms, language)
        sums = np.add.reduceat(vectors, starts, axis=0)
        norms = np.maximum(np.linalg.norm(sums, axis=1), 1e-6).astype(np.float32)
        return cls(
            language=language,
            sentences=tuple(sentences),
            starts=starts,
            follows=follows,
            postings=postings,
            paragraph_postings=Postings.build(of_paragraphs, language),
            akin=_akin(postings),
            roots=roots(postings),
            vectors=vectors,
            norms=norms,
            background=None if background is None else _reached(vectors, sums / norms[:, np.newaxis], background),
        )

    def __len__(self) -> int:
        return len(self.sentences)


def passage(shards: Sequence[Shard], row: int) -> str:
    """The sentence in a row of the shards, one after the other, and what stands around it; see `around`."""
    for shard in shards:
        if row < len(shard):
            break
        row -= len(shard)
    return joined(shard.sentences, around(shard.sentences, row))


def around(sentences: Sequence[Sentence], row: int) -> range:
    """A sentence with those before and after it in its paragraph, as far as they fit into `PASSAGE`."""
    first = last = row
    size = len(sentences[row].text)
    for beside in (row - 1, row + 1):
        if 0 <= beside < len(sentences) and sentences[beside].paragraph == sentences[row].paragraph:
            length = len(sentences[beside].text)
            if size + length <= PASSAGE:
                size += length + 1
                first, last = min(first, beside), max(last, beside)
    return range(first, last + 1)


def joined(sentences: Sequence[Sentence], rows: range) -> str:
    """Their text, cut where a sentence has no end."""
    return " ".join(sentences[row].text for row in rows)[:_LONGEST]


def _akin(postings: Postings) -> Mapping[str, Sequence[str]]:
    beginnings: dict[str, list[str]] = {}
    for term in postings.spans:
        if len(term) >= ROOT - 1:
            beginnings.setdefault(term[:ROOT], []).append(term)
    return beginnings


def _reached(vectors: Vectors, paragraphs: Vectors, background: Vectors) -> Scores:
    """The best cosine of a sentence, and of a paragraph, with each background question; shape (2, questions)."""
    best = [(vectors @ background.T).max(axis=0), (paragraphs @ background.T).max(axis=0)]
    return np.stack(best).astype(np.float32)
