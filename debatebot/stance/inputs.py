"""What the regressions see of a claim and a text, beside their vectors: signals, shared and opposed words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from debatebot.grounding.frequency import weight
from debatebot.grounding.lexicon import lexicon, stem
from debatebot.grounding.words import fold, guess_language, tokenise
from debatebot.stance.signals import LANGUAGES, SIGNALS, signals
from debatebot.types import Vectors

Matrix = NDArray[np.float32]
Outlooks = Callable[[Sequence[str], Vectors, str], Matrix]
"""`OutlookScorer.score`: texts, their vectors and their language → outlooks."""

WIDTH = 1 + len(SIGNALS)
"""Signals of a text with its outlook before them."""

_PIECE = 4
"""Letters of the pieces of words that are compared: they find "teach" in "teacher", in any language."""

COSINES = 4

_ODD = 1 + SIGNALS.index("odd_negations")
_LONG = 20
"""Content words of a long text."""


@dataclass(frozen=True, slots=True)
class Words:
    """The content words of a text by their stems, and the pieces of all its words, each with how much it tells."""

    language: str
    stems: Mapping[str, float]
    pieces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts ready to be compared, one row each: unit `vectors` (texts, dimensions), `signals` (texts, WIDTH), `words`."""

    vectors: Matrix
    signals: Matrix
    words: tuple[Words, ...]

    def rows(self, places: NDArray[np.intp]) -> Texts:
        """The texts at these places, which may repeat."""
        return Texts(self.vectors[places], self.signals[places], tuple(self.words[place] for place in places))


def prepare(texts: Sequence[str], vectors: Vectors, outlooks: Outlooks) -> Texts:
    """Read texts: their words, their signals and outlooks, each text in its own language."""
    words = tuple(read_words(text) for text in texts)
    table = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for language in LANGUAGES:
        places = [place for place, found in enumerate(words) if found.language == language]
        if places:
            chosen = [texts[place] for place in places]
            table[places, 0] = outlooks(chosen, vectors[places], language)
            table[places, 1:] = signals(chosen, language)
    return Texts(np.asarray(vectors, dtype=np.float32), table, words)


@lru_cache(maxsize=4096)
def read_words(text: str) -> Words:
    """The words of a text; one whose function words do not tell its language is read as English."""
    tokens = tokenise(text)
    language = guess_language(tokens) or "en"
    stopwords = lexicon(language).stopwords
    content = [token.key for token in tokens if len(token.key) > 1 and fold(token.key) not in stopwords]
    stems = {found: weight(found, language) for found in (stem(word, language) for word in content)}
    line = f" {' '.join(fold(token.key) for token in tokens)} "
    pieces = frozenset(line[start : start + _PIECE] for start in range(len(line) - _PIECE + 1))
    return Words(language, stems, pieces)


def stance_inputs(claims: Texts, texts: Texts) -> Matrix:
    """What speaks for a side, row by row; shape (rows, a fixed number)."""
    mine, theirs = claims.signals, texts.signals
    crossed = (mine[:, :, None] * theirs[:, None, :]).reshape(len(mine), -1)
    agree = (1 - 2 * mine[:, _ODD]) * (1 - 2 * theirs[:, _ODD])
    echo = np.array([_echo(a, b) for a, b in zip(claims.words, texts.words, strict=True)], dtype=np.float32)
    echo = echo.reshape(-1, 3)
    return np.hstack([mine, theirs, crossed, echo, echo * agree[:, None]])


def point_inputs(claims: Texts, texts: Texts) -> Matrix:
    """What speaks for one point made by both, row by row; shape (rows, a fixed number), the first COSINES by the vectors."""
    cosine = (claims.vectors * texts.vectors).sum(axis=1)[:, None]
    held = np.array([_held(a, b) for a, b in zip(claims.words, texts.words, strict=True)], dtype=np.float32)
    held = held.reshape(-1, 6)
    near = np.hstack([cosine, cosine**2, cosine * held[:, :2]])
    return np.hstack([near, held, held[:, :1] * held[:, 1:2], held[:, 2:4] ** 2])


def relevance_inputs(nearness: Matrix, claims: Texts, texts: Texts) -> Matrix:
    """What tells that a text speaks of the claim at all, row by row; shape (rows, 7), the last column 1.

    Args:
        nearness: cosine of each text with its claim, standardised over all texts there are.
    """
    held = np.array([_held(a, b)[:4] for a, b in zip(claims.words, texts.words, strict=True)], dtype=np.float32)
    ones = np.ones_like(nearness)
    return np.hstack([np.stack([nearness, nearness**2 / 3], axis=1), held.reshape(-1, 4), ones[:, None]])


def _echo(claim: Words, text: Words) -> tuple[float, float, float]:
    """Weighed shares of the claim's words in the text and the reverse, and 1 where a word of one opposes one of the other."""
    return (*_shares(claim, text), float(_opposed(claim, text)))


def _shares(claim: Words, text: Words) -> tuple[float, float]:
    shared = sum(claim.stems[found] for found in claim.stems.keys() & text.stems.keys())
    return shared / (sum(claim.stems.values()) or 1), shared / (sum(text.stems.values()) or 1)


def _opposed(claim: Words, text: Words) -> bool:
    mine = {side for word in claim.stems for side in lexicon(claim.language).sides.get(word, ())}
    theirs = {side for word in text.stems for side in lexicon(text.language).sides.get(word, ())}
    return any((group, 1 - side) in theirs and (group, side) not in theirs for group, side in mine)


def _held(claim: Words, text: Words) -> tuple[float, ...]:
    """Shares of words and of pieces of words, both ways, and the lengths."""
    pieces = len(claim.pieces & text.pieces)
    lengths = min(len(claim.stems) / _LONG, 1.5), min(len(text.stems) / _LONG, 1.5)
    return (*_shares(claim, text), pieces / (len(claim.pieces) or 1), pieces / (len(text.pieces) or 1), *lengths)
