"""Numbers that took each other's place: all stand in the sentence, yet not where the claim has them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

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
            found += [fit for step in range(end - a) if (fit := _fit_at(mine, a + step, theirs, b + step))]
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
