"""Numbers that took each other's place: all stand in the sentence, yet not where the claim has them.

A sentence that lists several ("by 48% in Germany and by 39% in France") has each between the same words. A claim that takes one
of them along with what it is said of has exchanged nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from debatebot.grounding.names import name_spans
from debatebot.grounding.numbers import NumberFit, same_quantity
from debatebot.grounding.polarity import ALIGNED
from debatebot.grounding.quantities import Quantity
from debatebot.grounding.reading import Reading

_NUMBER = "#"
_ONE = frozenset({"one", "un", "une", "a", "an"})


@dataclass(frozen=True, slots=True)
class _Masked:
    """The stems of a text, each quantity one `#`; `quantities` holds what stands there, in the same positions."""

    items: tuple[str, ...]
    quantities: tuple[Quantity | None, ...]

    def item(self, index: int) -> str:
        return self.items[index] if 0 <= index < len(self.items) else ""


def exchanged_numbers(claim: Reading, source: Reading) -> list[NumberFit]:
    """Where claim and sentence have other numbers between the same words: "from 52 to 52" for "from 40 to 52"."""
    if not source.quantities:
        return []
    mine, theirs = _mask(claim), _mask(source)
    matcher = SequenceMatcher(None, mine.items, theirs.items, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < ALIGNED * len(mine.items):
        return []
    found: list[NumberFit] = []
    for tag, a, end, b, other_end in matcher.get_opcodes():
        if tag == "equal":
            fits = (_fit_at(mine, a + step, theirs, b + step) for step in range(end - a))
            found += [fit for fit in fits if fit and not _said_elsewhere(claim, source, fit)]
        elif tag == "replace" and (end - a, other_end - b) == (1, 1) and mine.items[a] in _ONE and theirs.quantities[b]:
            found.append(NumberFit("differs", _one(claim, mine.items[a]), theirs.quantities[b]))
    return found


def _fit_at(mine: _Masked, a: int, theirs: _Masked, b: int) -> NumberFit | None:
    """The numbers at two positions differ, and the words on both sides of them do not."""
    own, other = mine.quantities[a], theirs.quantities[b]
    if own is None or other is None or same_quantity(own, other):
        return None
    between_same_words = mine.item(a - 1) == theirs.item(b - 1) and mine.item(a + 1) == theirs.item(b + 1)
    return NumberFit("differs", own, other) if between_same_words else None


def _said_elsewhere(claim: Reading, source: Reading, fit: NumberFit) -> bool:
    """The claim's number stands in another place of the sentence too, in more of the company that it has in the claim."""
    company = _company(claim, fit.claim)
    here = len(company & _company(source, fit.source)) if fit.source else 0
    places = [other for other in source.quantities if other is not fit.source and same_quantity(fit.claim, other)]
    return any(len(company & _company(source, other)) > here for other in places)


def _company(reading: Reading, quantity: Quantity) -> set[str]:
    """What a number is said of: the words after it and the names before it, up to the next clause or number of its kind."""
    after = _within(reading, quantity, range(quantity.end, len(reading.tokens)), ",;:.()")
    # "In France, they fell by …": a comma does not part a number from a name before it.
    before = _within(reading, quantity, range(quantity.start - 1, -1, -1), ";:.()")
    named = {at for start, end in name_spans(reading) for at in range(start, end)}
    return {reading.stems[at] for at in (*after, *(at for at in before if at in named)) if at in reading.content}


def _within(reading: Reading, quantity: Quantity, places: range, marks: str) -> list[int]:
    """The words at these places up to the first that begins another clause, or belongs to a number of the same kind."""
    stops = {at for cue in reading.of_kind("boundary", "strong_boundary") for at in range(cue.start, cue.end)}
    stops |= {
        at
        for other in reading.quantities
        if other is not quantity and other.dimension == quantity.dimension
        for at in range(other.start, other.end)
    }
    reached: list[int] = []
    for at in places:
        gap = reading.tokens[at if places.step > 0 else at + 1].gap
        if at in stops or set(gap) & set(marks):
            break
        reached.append(at)
    return reached


def _mask(reading: Reading) -> _Masked:
    items: list[str] = []
    quantities: list[Quantity | None] = []
    starts = {quantity.start: quantity for quantity in reading.quantities}
    index = 0
    while index < len(reading.stems):
        quantity = starts.get(index)
        items.append(_NUMBER if quantity else reading.stems[index])
        quantities.append(quantity)
        index = quantity.end if quantity else index + 1
    return _Masked(tuple(items), tuple(quantities))


def _one(claim: Reading, word: str) -> Quantity:
    start = claim.stems.index(word)
    return Quantity(frozenset(), frozenset(), "", start, start + 1, claim.tokens[start].text)
