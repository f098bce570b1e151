"""Sentences that say in so many words where they stand: "the fear is that", "for the optimists", "is good news".

A long sentence of that kind often scores the wrong way, for what is feared and what is hoped are told in the same words. Such
a beginning outweighs them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from debatebot.outlook.valence import MODELS, Matrix

FILE = "outlook_said.toml"

LEAST = 0.4
"""Outlook that such a sentence has at least, on its side."""

# After one of these a sentence may go on to the opposite.
_CONTRAST = re.compile(
    r"\b(?:mais|pourtant|toutefois|cependant|tandis que|alors que|but|however|yet|although|though|while|whereas)\b|;",
    re.IGNORECASE,
)


class _Sides(NamedTuple):
    hopeful: re.Pattern[str]
    worried: re.Pattern[str]


def corrected(scores: Matrix, texts: Sequence[str], language: str) -> Matrix:
    """`scores`, with those of sentences that name their side moved to it; shape (len(texts),)."""
    sides = _all_sides().get(language)
    if sides is None:
        return scores
    moved = scores.copy()
    for row, text in enumerate(texts):
        side = _side(text, sides)
        if side:
            moved[row] = max(scores[row], LEAST) if side > 0 else min(scores[row], -LEAST)
    return moved


def _side(text: str, sides: _Sides) -> int:
    """1 hopeful, -1 worried, 0 neither or both."""
    hopeful, worried = sides.hopeful.search(text), sides.worried.search(text)
    said = hopeful or worried
    if said is None or (hopeful and worried) or _CONTRAST.search(text, said.end()):
        return 0
    return 1 if hopeful else -1


@cache
def _all_sides() -> dict[str, _Sides]:
    lists = tomllib.loads((MODELS / FILE).read_text(encoding="utf-8"))
    return {language: _Sides(*(_any_of(sides[name]) for name in _Sides._fields)) for language, sides in lists.items()}


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
