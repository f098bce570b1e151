"""What a quantity is measured in, as a question asks for it and a sentence states it: money, time, a share of something.

"How long do they last?" is answered by a length of time and by no other figure. French and English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from debatebot.grounding.reading import read

Unit = Literal["money", "time", "share"]

_IS = r"(?:est |était |is |was )?(?:le |la |the )?"
_ASKED: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    (
        "time",
        re.compile(
            r"\bcombien de temps\b|\bquelle " + _IS + r"durée\b|\bhow long (?!is\b|are\b|ago\b)\w+", re.IGNORECASE
        ),
    ),
    (
        "money",
        re.compile(
            r"\bcombien (?:\S+ ){0,4}?(?:coût|vaut|valent|vaudr|d['’](?:argent|euros?))"
            r"|\b(?:quel|what) " + _IS + r"(?:prix|coût|price|cost|list price)\b"
            r"|\bhow much (?:\w+ ){0,6}?costs?\b|\bhow much money\b|\bhow expensive\b",
            re.IGNORECASE,
        ),
    ),
    (
        "share",
        re.compile(
            r"\b(?:quel(?:le)?|what|which) " + _IS + r"(?:pourcentage|proportion|percent(?:age)?)\b", re.IGNORECASE
        ),
    ),
)

_DIMENSIONS: Mapping[Unit, frozenset[str]] = {
    "money": frozenset("dollar euro sterling pound yen yuan franc rupee rouble cent".split()),
    "time": frozenset("clock calendar".split()),
    "share": frozenset({"ratio"}),
}
"""What each is measured in, by the names of models/grounding_units.toml."""
# What says so without a number, or with one that is none of its kind: "they last for decades", "half of them".
_IN_WORDS: Mapping[Unit, re.Pattern[str]] = {
    "time": re.compile(
        r"\b(?:dizaine d['’]années|décennies?|decades|lifetime|à vie|for life|for good)\b", re.IGNORECASE
    ),
    "share": re.compile(
        r"\b(?:moitié|tiers|quarts?|half|thirds?|quarters?|fifths?|tenths?|majorité|majority)\b", re.IGNORECASE
    ),
}
_OF_A_PRICE = re.compile(r"\b(?:costs?|prices?|worth|coût\w*|prix|vaut|valent|vaudrait)\b", re.IGNORECASE)


def unit_asked(question: str) -> Unit | None:
    """What a quantity must be measured in to answer: "How long do they last?" wants a time; None where that is not told."""
    return next((unit for unit, pattern in _ASKED if pattern.search(question)), None)


def has_unit(text: str, unit: Unit) -> bool:
    """True for a sentence that states an amount of money, a length of time or a share of something."""
    found = read(text).quantities
    if any(quantity.dimension in _DIMENSIONS[unit] for quantity in found) or _says(text, unit):
        return True
    # "It cost 3 million": the word says what the bare number is of.
    bare = any(not quantity.dimension and not quantity.year for quantity in found)
    return unit == "money" and bare and _OF_A_PRICE.search(text) is not None


def _says(text: str, unit: Unit) -> bool:
    words = _IN_WORDS.get(unit)
    return words is not None and words.search(text) is not None
