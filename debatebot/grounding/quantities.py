"""Quantities in a text: numbers with their unit, currency, month or bound ("more than 6.5 million euros")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from debatebot.grounding.numerals import Line, Number, half_after, literal_values, number_at, tables
from debatebot.grounding.words import Token, fold

BOUNDS = ("more", "less", "least", "at_most", "near", "about")
_ARTICLES = frozenset({"a", "the", "la", "le", "les", "un", "une"})
_CURRENCY_SIGNS = ("$", "€", "£", "¥")
_DATE_WORDS = frozenset(
    "in since until of by last this early late mid from to en depuis des fin debut mi de jusqu'en et and".split()
)
_RANGE_WORDS = frozenset({"and", "to", "or", "à", "et", "ou"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A phrase that bounds the number after it: its kind (one of BOUNDS) and the position of its first word."""

    kind: str
    start: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `values` are in the base of `dimension`, `raw` without the unit's factor.

    `start` and `end` are positions of words, `text` the words; `shown` begins with the bounding words ("more than");
    `bound` is one of BOUNDS or empty; `noun` tells that something without a known unit is counted; `soft` that the
    number may bind nothing ("first of all").
    """

    values: frozenset[Fraction]
    raw: frozenset[Fraction]
    dimension: str
    start: int
    end: int
    text: str
    shown: str = ""
    bound: str = ""
    noun: bool = False
    soft: bool = False

    @property
    def year(self) -> bool:
        """Looks like a year: a bare whole number from 1100 to 2100."""
        value = min(self.raw, default=Fraction(0))
        return not self.dimension and value.denominator == 1 and 1100 <= value <= 2100


def quantities(line: Line, bounds: Mapping[int, Bound]) -> tuple[Quantity, ...]:
    """All quantities of a line. `bounds`: position after a bounding phrase → the phrase."""
    found: list[Quantity] = []
    index = 0
    while index < len(line.tokens):
        quantity = _calendar_name(line, index) or _quantity(line, index, bounds)
        if quantity:
            found.append(quantity)
        index = quantity.end if quantity else index + 1
    return tuple(_share_units(line.tokens, found))


def _quantity(line: Line, index: int, bounds: Mapping[int, Bound]) -> Quantity | None:
    if _in_a_code(line.tokens, index):
        return _code(line, index)
    number = number_at(line, index)
    if number is None:
        return None
    start, sign = _currency_before(line, index)
    number = _short_scale(line, number, bool(sign))
    dimension, factor, end = (sign, Fraction(1), number.end) if sign else _unit(line, number)
    if not dimension and number.soft and number.kind == "cardinal":
        return None
    if taken := half_after(line, end):
        number, end = replace(number, values=frozenset(value + Fraction(1, 2) for value in number.values)), end + taken
    bound = _bound(line, start, bounds)
    return Quantity(
        values=frozenset(value * factor for value in number.values),
        raw=number.values,
        dimension="day" if not dimension and _day_of_month(line, number, index, end) else dimension,
        start=start,
        end=end,
        text=_written(line.tokens[start:end]),
        shown=_written(line.tokens[bound.start if bound else start : end]),
        bound=bound.kind if bound else "",
        noun=not dimension and _counts_something(line, end),
        soft=number.soft and number.kind == "ordinal",
    )


def _code(line: Line, index: int) -> Quantity:
    values = literal_values(line.tokens[index].text, line.language, line.sure)
    return Quantity(values, values, "code", index, index + 1, _written(line.tokens[index - 1 : index + 1]))


def _bound(line: Line, start: int, bounds: Mapping[int, Bound]) -> Bound | None:
    """The bounding phrase right before the number, or before its article."""
    return bounds.get(start) or (bounds.get(start - 1) if line.word(start - 1) in _ARTICLES else None)


def _written(tokens: Sequence[Token]) -> str:
    first, *rest = tokens
    return first.text + "".join(token.gap + token.text for token in rest)


def _in_a_code(tokens: tuple[Token, ...], index: int) -> bool:
    """COVID-19, F-35: the number is part of a name."""
    token = tokens[index]
    return index > 0 and token.gap == "-" and token.text[0].isdecimal() and tokens[index - 1].text[:1].isupper()


def _currency_before(line: Line, index: int) -> tuple[int, str]:
    if index == 0 or line.word(index - 1) not in _CURRENCY_SIGNS or line.tokens[index].gap not in ("", " "):
        return index, ""
    start = index - 1 - (line.word(index - 2) == "us")
    return start, _forms()[(line.word(index - 1),)][0]


def _short_scale(line: Line, number: Number, currency: bool) -> Number:
    """ "$6m", "6 M€", "300k€": letters that are a scale only beside a currency."""
    power = {"m": 6, "k": 3, "b": 9, "md": 9, "t": 12}.get(line.word(number.end))
    if power is None or not (currency or line.word(number.end + 1) in _CURRENCY_SIGNS):
        return number
    return replace(number, values=frozenset(value * 10**power for value in number.values), end=number.end + 1)


@cache
def _forms() -> dict[tuple[str, ...], tuple[str, Fraction]]:
    """Unit as folded words → dimension and factor; symbols whose case matters as written."""
    units: dict[tuple[str, ...], tuple[str, Fraction]] = {}
    for listed, change in (("words", fold), ("symbols", str)):
        for dimension, factor, forms in tables()[listed]:
            units.update((tuple(change(form).split("_")), (dimension, Fraction(factor))) for form in forms.split())
    return units


def _unit(line: Line, number: Number) -> tuple[str, Fraction, int]:
    """Dimension, factor and end of the unit after the number; the number's own kind where there is none."""
    own = {"ordinal": "ordinal", "times": "times", "vague": "vague", "decade": "decade", "ratio": "ratio"}.get(
        number.kind, ""
    )
    at = number.end
    if number.kind in ("ordinal", "times", "decade"):
        return own, Fraction(1), at
    for step in _unit_places(line, at, own):
        if unit := _unit_at(line, step):
            dimension, factor, end = unit
            return (own, Fraction(1), at) if own and dimension == "ratio" else (dimension, factor, end)
    return own, Fraction(1), at


def _unit_places(line: Line, at: int, own: str) -> Iterator[int]:
    """Where a unit may stand: at once, after words that change nothing, or after one adjective ("12 consecutive months")."""
    fillers = frozenset(tables()["fillers"].split()) | (
        frozenset({"a", "an", "un", "une"}) if own == "ratio" else frozenset()
    )
    strange = 0
    for place in range(at, min(at + 4, len(line.tokens))):
        if line.tokens[place].gap not in (" ", "-", "") or strange > 1:
            return
        yield place
        strange += line.word(place) not in fillers
        if strange and len(line.word(place)) < 4:
            return


def _unit_at(line: Line, at: int) -> tuple[str, Fraction, int] | None:
    for length in (3, 2, 1):
        tokens = line.tokens[at : at + length]
        if len(tokens) < length or any(token.gap not in (" ", "-", "", "/") for token in tokens[1:]):
            continue
        entry = _forms().get(tuple(token.text for token in tokens)) or _forms().get(line.folded[at : at + length])
        if entry and not (
            length == 1
            and len(tokens[0].text) == 1
            and tokens[0].text.isalpha()
            and tokens[0].text.isupper()
            and tokens[0].text != "W"
        ):
            return entry[0], entry[1], at + length
    return None


def _counts_something(line: Line, end: int) -> bool:
    if end >= len(line.tokens) or line.tokens[end].gap not in (" ", "-"):
        return False
    word = line.word(end)
    return len(word) > 3 and word.isalpha()


def _day_of_month(line: Line, number: Number, start: int, end: int) -> bool:
    if max(number.values, default=99) > 31:
        return False
    after = line.word(end) if line.word(end) != "of" else line.word(end + 1)
    return after in tables()["months"] or line.word(start - 1 - (line.word(start - 1) == "the")) in tables()["months"]


def _calendar_name(line: Line, index: int) -> Quantity | None:
    """Months beside a number or after a word of time, and days of the week."""
    word = line.word(index)
    for name in ("months", "weekdays"):
        value = tables()[name].get(word)
        if value and (name == "weekdays" or _dated(line, index)):
            values = frozenset({Fraction(value)})
            return Quantity(values, values, name, index, index + 1, line.tokens[index].text)
    return None


def _dated(line: Line, index: int) -> bool:
    beside = (line.word(index - 1)[:1] + line.word(index + 1)[:1]).strip()
    if any(letter.isdecimal() for letter in beside) or line.word(index - 1) in ("1er", "premier", "er"):
        return True
    ambiguous = line.word(index) in ("may", "march", "mars", "august", "mai")
    capital = line.tokens[index].text[:1].isupper()
    return line.word(index - 1) in _DATE_WORDS and (not ambiguous or capital == (line.language == "en"))


def _share_units(tokens: tuple[Token, ...], found: list[Quantity]) -> list[Quantity]:
    """ "between 5 and 10 percent": the first number has the unit of the second."""
    for place in range(len(found) - 2, -1, -1):
        first, second = found[place], found[place + 1]
        between = [token.key for token in tokens[first.end : second.start]]
        near = tokens[second.start].gap == "-" if not between else between[0] in _RANGE_WORDS and len(between) == 1
        near = near and "," not in tokens[first.end].gap + tokens[second.start].gap
        if (
            near
            and not first.dimension
            and not first.noun
            and second.dimension not in ("", "months", "weekdays", "day", "ordinal")
        ):
            factor = min(second.values, default=Fraction(1)) / (min(second.raw, default=Fraction(1)) or 1)
            found[place] = replace(
                first, dimension=second.dimension, values=frozenset(value * factor for value in first.raw)
            )
    return found
