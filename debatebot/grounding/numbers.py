"""Whether the numbers of a claim stand in the cited sentences, equal in value and unit.

"A quarter" is "25 %", "2 years" are "24 mois", "près de mille milliards" is "nearly a trillion"; "6 million dollars" are
no "6 million euros", and "96 %" is never "6 %".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from debatebot.grounding.quantities import Quantity

Fit = Literal["equal", "precise", "bound", "opposite_bound", "rounded", "unit", "unit_left_out", "differs", "missing"]
_ABOVE = frozenset({"more", "least"})
_BELOW = frozenset({"less", "at_most", "near"})
_LOOSE = frozenset({"", "about", "near"})
_ROUNDED = Fraction(5, 100)
"""How far a rounded number may stand from what it rounds, as a share."""
_DECIMALS = re.compile(r"(\d+)[.,](\d+)")
_NAMED = frozenset({"months", "weekdays", "day", "code"})
"""Dimensions whose numbers stand for names, and count nothing."""


@dataclass(frozen=True, slots=True)
class NumberFit:
    """How one number of a claim stands in the source; `source` is the number it was compared with, if any."""

    fit: Fit
    claim: Quantity
    source: Quantity | None = None


def fit_numbers(claim: Sequence[Quantity], source: Sequence[Quantity]) -> list[NumberFit]:
    """How each number of the claim stands in the source; numbers that bind nothing ("one", "first") are left out."""
    ordinal = any(quantity.dimension == "ordinal" for quantity in source)
    free = [other for other in source if not any(_agree(quantity, other) for quantity in claim)]
    return [_fit(quantity, source, free) for quantity in claim if not quantity.soft or ordinal]


def same_quantity(claim: Quantity, source: Quantity) -> bool:
    """Equal in value and unit, whatever bounds them."""
    return _agree(claim, source)


def _fit(claim: Quantity, source: Sequence[Quantity], free: Sequence[Quantity]) -> NumberFit:
    """`free`: the source's numbers that stand for no number of the claim, one of which it may have been exchanged for."""
    equal = [other for other in source if _agree(claim, other)]
    if equal:
        return min((NumberFit(_equal_fit(claim, other), claim, other) for other in equal), key=_severity)
    for fit, test in (("rounded", _rounds), ("unit_left_out", _leaves_unit_out), ("unit", _same_value)):
        for other in source:
            if test(claim, other):
                return NumberFit(fit, claim, other)  # type: ignore[arg-type]
    rivals = [other for other in free if _comparable(claim, other)]
    return NumberFit("differs", claim, rivals[0]) if rivals else NumberFit("missing", claim)


def _severity(fit: NumberFit) -> int:
    return ("equal", "precise", "bound", "opposite_bound").index(fit.fit)


def _agree(claim: Quantity, source: Quantity) -> bool:
    if not claim.values:
        return not source.values and claim.text == source.text
    if claim.dimension == source.dimension:
        return bool(claim.values & source.values)
    if claim.dimension == "vague" and not source.dimension:
        return min(claim.values) <= max(source.values, default=Fraction(0)) < 1000 * min(claim.values)
    bare = claim if not claim.dimension else source
    dressed = source if bare is claim else claim
    return (
        not bare.dimension
        and not bare.noun
        and dressed.dimension in ("day", "clock", "calendar")
        and bool(claim.raw & source.raw)
    )


def _equal_fit(claim: Quantity, source: Quantity) -> Fit:
    bound = _bound_fit(claim.bound, source.bound)
    return "precise" if bound == "equal" and _adds_zeros(claim.text, source.text) else bound


def _adds_zeros(claim: str, source: str) -> bool:
    """ "7.10" for "7.1": equal, and measured ten times as exactly. Cents of a price are written so and add nothing."""
    mine, theirs = _DECIMALS.search(claim), _DECIMALS.search(source)
    if mine is None or theirs is None or mine.group(1) != theirs.group(1):
        return False
    if claim[mine.end() :].casefold() != source[theirs.end() :].casefold():
        return False
    added = mine.group(2)[len(theirs.group(2)) :]
    return mine.group(2) != theirs.group(2) and bool(added) and not added.strip("0")


def _bound_fit(claim: str, source: str) -> Fit:
    if claim == source or (claim in _LOOSE and source in _LOOSE):
        return "equal"
    if (claim in _ABOVE and source in _BELOW) or (claim in _BELOW and source in _ABOVE):
        return "opposite_bound"
    same_side = {claim, source} <= _ABOVE or {claim, source} <= _BELOW
    return "equal" if same_side else "bound"


def _rounds(claim: Quantity, source: Quantity) -> bool:
    """The claim says "about 7 %" of 6.9 %, or "more than 6 %" of it."""
    if (
        claim.dimension != source.dimension
        or not claim.values
        or not source.values
        or claim.year
        or claim.dimension == "ordinal"
    ):
        return False
    pairs = [(mine, other) for mine in claim.values for other in source.values if other]
    if claim.bound in _ABOVE and source.bound not in _BELOW:
        return any(mine < other <= mine * 2 for mine, other in pairs)
    if claim.bound in ("less", "at_most") and source.bound not in _ABOVE:
        return any(other < mine <= other * 2 for mine, other in pairs)
    in_words = claim.dimension == "ratio" and _is_share_word(claim) != _is_share_word(source)
    return (in_words or claim.bound in ("about", "near")) and any(
        abs(mine - other) <= _ROUNDED * abs(other) for mine, other in pairs
    )


def _is_share_word(quantity: Quantity) -> bool:
    return not any(letter.isdecimal() for letter in quantity.text)


def _leaves_unit_out(claim: Quantity, source: Quantity) -> bool:
    return (
        not claim.dimension
        and source.dimension not in ("", "ratio", "ordinal", "times")
        and bool(claim.raw & source.raw)
    )


def _same_value(claim: Quantity, source: Quantity) -> bool:
    return claim.dimension != source.dimension and bool(claim.raw & source.raw) and claim.dimension not in _NAMED


def _comparable(claim: Quantity, source: Quantity) -> bool:
    return claim.dimension == source.dimension and claim.year == source.year
