"""What a quantity is measured in, as a question asks for it and a sentence states it: money, time, a share of something.

"How long do they last?" is answered by a length of time and by no other figure. French and English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

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

_NUMBER = (
    r"(?:\d[\d.,\u00a0\u202f ]*|\b(?:an?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|quarante"
    r"|cinquante|soixante|cent|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred"
    r"|quelques|plusieurs|several|few|half an?))[\s\u00a0\u202f-]*"
)
_STATED: Mapping[Unit, re.Pattern[str]] = {
    "time": re.compile(
        _NUMBER
        + r"(?:secondes?|minutes?|heures?|jours?|journées?|semaines?|mois|ans?|années?|siècles?|seconds?|hours?|days?|weeks?"
        r"|months?|years?|decades?|centur(?:y|ies))\b"
        r"|\b(?:dizaine d['’]années|décennies?|decades|lifetime|à vie|for life|for good)\b",
        re.IGNORECASE,
    ),
    "money": re.compile(
        r"[€$£¥]|\b(?:euros?|dollars?|francs?|livres?|yens?|yuans?|roubles?|roupies?|pounds?|cents?|centimes?|pence|rupees?)\b"
        r"|\b(?:USD|EUR|GBP)\b"
        # "It cost 3 million": the word says what the number is of.
        r"|\b(?:costs?|prices?|worth|coût\w*|prix|vaut|valent|vaudrait)\b[^.;]*?" + _NUMBER,
        re.IGNORECASE,
    ),
    "share": re.compile(
        r"%|\b(?:pour[ -]cent|percent|per cent|moitié|tiers|quarts?|half|thirds?|quarters?|fifths?|tenths?|majorité|majority)\b",
        re.IGNORECASE,
    ),
}


def unit_asked(question: str) -> Unit | None:
    """What a quantity must be measured in to answer: "How long do they last?" wants a time; None where that is not told."""
    return next((unit for unit, pattern in _ASKED if pattern.search(question)), None)


def has_unit(text: str, unit: Unit) -> bool:
    """True for a sentence that states an amount of money, a length of time or a share of something."""
    return _STATED[unit].search(text) is not None
