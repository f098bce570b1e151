"""What a text brings in that none of its sources speaks of: figures and names, whatever else it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debatebot.grounding.names import missing_names
from debatebot.grounding.numbers import fit_numbers
from debatebot.grounding.quantities import Quantity
from debatebot.grounding.reading import Reading, read

_COUNTS_LITTLE = 10
"""Value up to which a bare number in letters counts as a word ("the two readings")."""


def unheard_of(text: str, sources: Sequence[str], language: str) -> tuple[str, ...]:
    """The numbers and names of a text that stand in none of the sources, as written.

    Args:
        language: of a text whose own words do not tell.
    """
    mine, theirs = read(text, language), [read(source, language) for source in sources]
    return (*_numbers(mine.quantities, [one for source in theirs for one in source.quantities]), *_names(mine, theirs))


def _numbers(mine: Sequence[Quantity], theirs: Sequence[Quantity]) -> Iterator[str]:
    for fit in fit_numbers(mine, theirs):
        if fit.fit in ("differs", "missing", "unit") and not _is_a_word(fit.claim):
            yield fit.claim.text


def _is_a_word(quantity: Quantity) -> bool:
    bare = not quantity.dimension and not any(letter.isdecimal() for letter in quantity.text)
    return bare and max(quantity.values, default=0) <= _COUNTS_LITTLE


def _names(mine: Reading, theirs: Sequence[Reading]) -> Iterator[str]:
    if theirs:
        yield from (gap.name for gap in missing_names(mine, theirs))
