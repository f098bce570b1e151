"""What the words of a text say of its attitude: whether it promotes or curbs, denies, demands, hopes or worries."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from debatebot.outlook.valence import FEATURES, lexical_features

Matrix = NDArray[np.float32]

LANGUAGES = ("fr", "en")
"""Languages with word lists."""

_VALENCE = ("balance", "share", "last", "first")
SIGNALS = (
    *_VALENCE,
    "attitude",
    "attitude_unturned",
    "first_attitude",
    "odd_negations",
    "negations",
    "demand",
    "demands",
)
"""Names of the signals of a text, in order."""

_FILE = Path(__file__).parents[1] / "models" / "stance.toml"
_TOKEN = re.compile(r"n't\b|[^\W\d_]+")
_REACH = 4
"""In words: how far a negation turns what follows it."""

_OBJECT = 5
"""In words: how far after "should" stands what should be done."""

_STEEPNESS = 0.7


class _Words:
    """The lists of one language, ready for looking up."""

    def __init__(self, lists: dict[str, str]) -> None:
        self.negations = frozenset(lists["negation"].split())
        self.demands = frozenset(lists["demands"].split())
        self._whole: dict[str, int] = {}
        beginnings: dict[int, tuple[str, ...]] = {}
        for name, value in (("curbs", -1), ("promotes", 1)):
            entries = lists[name].split()
            self._whole.update({entry: value for entry in entries if not entry.endswith("*")})
            beginnings[value] = tuple(entry[:-1] for entry in entries if entry.endswith("*"))
        self._beginnings = beginnings
        self.value = lru_cache(maxsize=50_000)(self._look_up)

    def _look_up(self, token: str) -> int:
        """+1 for a word that promotes, -1 for one that curbs, else 0."""
        if token in self._whole:
            return self._whole[token]
        return next((value for value, words in self._beginnings.items() if token.startswith(words)), 0)


@cache
def _words(language: str) -> _Words:
    return _Words(tomllib.loads(_FILE.read_text(encoding="utf-8"))[language])


def signals(texts: Sequence[str], language: str) -> Matrix:
    """What the words of each text say; shape (len(texts), len(SIGNALS)), each within about [-1, 1].

    Args:
        language: "fr" or "en".
    """
    if not texts:
        return np.zeros((0, len(SIGNALS)), dtype=np.float32)
    words = _words(language)
    attitudes = np.array([_row(text, words) for text in texts], dtype=np.float32)
    columns = [FEATURES.index(name) for name in _VALENCE]
    return np.hstack([lexical_features(texts, language)[:, columns], attitudes])


def _row(text: str, words: _Words) -> list[float]:
    tokens = _TOKEN.findall(text.lower().replace("’", "'").replace("n't", " n't"))
    negated = [token in words.negations for token in tokens]
    values = [words.value(token) for token in tokens]
    turned = [
        -value if value and any(negated[max(0, place - _REACH) : place]) else value
        for place, value in enumerate(values)
    ]
    negations = sum(negated)
    return [
        math.tanh(_STEEPNESS * sum(turned)),
        math.tanh(_STEEPNESS * sum(values)),
        next((value for value in turned if value), 0),
        negations % 2,
        min(negations, 2) / 2,
        _demand(tokens, negated, values, words),
        any(token in words.demands for token in tokens),
    ]


def _demand(tokens: Sequence[str], negated: Sequence[bool], values: Sequence[int], words: _Words) -> int:
    """+1 if the first demand is to do something, -1 if to end or forbid it, 0 if nothing is demanded."""
    place = next((place for place, token in enumerate(tokens) if token in words.demands), None)
    if place is None:
        return 0
    curbs = -1 in values[place + 1 : place + 1 + _OBJECT]
    # French has its negation before the infinitive as English after the verb: "ne doit pas être", "should not be".
    return (-1 if curbs else 1) * (-1 if any(negated[place + 1 : place + 3]) else 1)
