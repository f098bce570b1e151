"""From the source to sentences, and to the evidence that is found among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit-length embeddings, shape (number of texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known of it. `id` is the beginning of `content_hash` (SHA-256 of the text, hexadecimal)."""

    id: str
    text: str
    title: str
    source: str
    language: str
    content_hash: str
    author: str | None = None
    date: str | None = None
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions to begin with, by language; only sample articles bring them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`article.text[start:end] == text`, always. `outlook` runs from -1 (worried) to +1 (hopeful)."""

    article_id: str
    position: int
    """0 for the first sentence of the article."""
    start: int
    end: int
    text: str
    paragraph: int
    """0 for the first paragraph of the article."""
    outlook: float = 0.0

    @property
    def id(self) -> str:
        """Unique in the library and stable for as long as the article's text is."""
        return f"{self.article_id}:{self.position}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence offered to every perspective under one number. `relevance` runs from 0 to 1."""

    number: int
    sentence: Sentence
    relevance: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence outside the evidence. `relevance` to the question runs from 0 to 1, as that of evidence does."""

    sentence: Sentence
    relevance: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for one question, once for all perspectives.

    `answerable`: 0 to 1, how sure it is that the articles speak of the question at all; measured for the built-in engine,
    which says so below 0.5 (a model judges by itself).
    `vectors`: embeddings of the evidence sentences in the same order, shape (len(evidence), dimensions), so that nothing
    needs to be embedded again to compare them.
    `general`: the question is about the article as a whole ("Is it good news?") and names nothing of its own.
    `floor`: relevance below which a sentence bears on something else than the question.
    `bearing`: of each sentence of the evidence, how much it has of what makes the best of them bear on the question, its relevance
    and the question's own words, 0 to 1; empty where that was not looked at.
    `beyond`: the next best sentences of the articles, best first, which have no number and are given to nobody as
    evidence; `beyond_vectors`: theirs, shape (len(beyond), dimensions).
    """

    evidence: tuple[Evidence, ...]
    answerable: float
    vectors: Vectors
    general: bool = False
    floor: float = 0.0
    bearing: tuple[float, ...] = ()
    beyond: tuple[Passage, ...] = ()
    beyond_vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
