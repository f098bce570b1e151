"""Numbers as French and English write them → exact values: "6,5", "1 000", "soixante et onze", "two thirds", "mille milliards".

A written number may have more than one reading: "1,000" is a thousand in English and may be one in French, "billion" is
10⁹ in English and 10¹² in French. All readings that the language allows are kept.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from debatebot.grounding.words import Token

Kind = Literal["cardinal", "ordinal", "ratio", "times", "vague", "decade"]
_LONGEST = 30
"""Digits beyond which a token is a code and no quantity."""


@dataclass(frozen=True, slots=True)
class Line:
    """The words that are read: tokens, the same without accents and case, and their language (`sure`: it is not a guess)."""

    tokens: tuple[Token, ...]
    folded: tuple[str, ...]
    language: str
    sure: bool

    def word(self, index: int) -> str:
        """The folded word, or nothing beyond the ends."""
        return self.folded[index] if 0 <= index < len(self.folded) else ""


@dataclass(frozen=True, slots=True)
class Number:
    """The possible values of the words up to (not including) `end`. `soft`: perhaps only an article ("un", "one")."""

    values: frozenset[Fraction]
    end: int
    kind: Kind = "cardinal"
    soft: bool = False


@cache
def tables() -> dict[str, Any]:
    """debatebot/models/grounding_units.toml."""
    path = Path(__file__).parent.parent / "models" / "grounding_units.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def number_at(line: Line, index: int) -> Number | None:
    """The number that begins at the word `index`, if one does: the longest reading."""
    return (
        _proportion(line, index)
        or _fraction(line, index)
        or _cardinal(line, index)
        or _vague(line, index)
        or _ordinal(line, index)
        or _times(line, index)
    )


def literal_values(text: str, language: str, sure: bool = True) -> frozenset[Fraction]:
    """All values that digits with separators may mean.

    A single separator before exactly three digits is ambiguous: thousands or decimals. In English a comma there always
    parts thousands; otherwise both readings stand.
    """
    digits = re.sub(r"[ ']", "", text)
    if len(digits) > _LONGEST:
        return frozenset()
    separators = re.findall(r"[.,]", digits)
    if not separators:
        return frozenset({Fraction(int(digits))})
    if len(separators) == 1:
        return _one_separator(digits, separators[0], language, sure)
    if len(set(separators)) == 1:
        grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
        return frozenset({Fraction(int(re.sub(r"[.,]", "", digits)))}) if grouped else frozenset()
    whole, _, decimals = digits.rpartition(separators[-1])
    return frozenset({_decimal(re.sub(r"[.,]", "", whole), decimals)}) if decimals else frozenset()


def _one_separator(digits: str, separator: str, language: str, sure: bool) -> frozenset[Fraction]:
    whole, _, decimals = digits.partition(separator)
    decimal = _decimal(whole, decimals)
    if len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
        return frozenset({decimal})
    thousands = Fraction(int(whole + decimals))
    if language == "en" and sure and separator == ",":
        return frozenset({thousands})
    return frozenset({decimal, thousands})


def _decimal(whole: str, decimals: str) -> Fraction:
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _is_digits(line: Line, index: int) -> bool:
    return line.tokens[index].text[0].isdecimal() if 0 <= index < len(line.tokens) else False


def _scale(line: Line, index: int) -> frozenset[Fraction]:
    """The power of ten (or dozen) that the word names; empty where it names none."""
    word = line.word(index)
    languages = (
        (line.language,) if line.sure or word not in ("billion", "billions", "trillion", "trillions") else ("en", "fr")
    )
    found = [tables()["scales"][language].get(word) for language in languages]
    return frozenset(
        Fraction(10**entry if isinstance(entry, int) else int(entry)) for entry in found if entry is not None
    )


def _scales(line: Line, values: frozenset[Fraction], index: int) -> tuple[frozenset[Fraction], int]:
    """Multiply by the scales that follow: "3 thousand billion", "dizaines de milliers"."""
    while True:
        step = index + (line.word(index) in ("of", "de") and bool(_scale(line, index - 1)))
        scale = _scale(line, step)
        if not scale:
            return values, index
        values, index = frozenset(value * power for value in values for power in scale), step + 1


def _cardinal(line: Line, index: int) -> Number | None:
    word = line.word(index)
    if _is_digits(line, index):
        return _digits(line, index)
    single = line.tokens[index].text
    if len(single) == 1 and (numeric := unicodedata.numeric(single, None)) is not None:
        return Number(frozenset({Fraction(numeric).limit_denominator(1000)}), index + 1)
    if word in ("a", "an", "un", "une") and _scale(line, index + 1) and line.tokens[index + 1].gap == " ":
        values, end = _scales(line, frozenset({Fraction(1)}), index + 1)
        return Number(values, end)
    run = _french(line, index) if line.language == "fr" else _english(line, index)
    return _with_half(line, run) if run else None


def _digits(line: Line, index: int) -> Number:
    values = literal_values(line.tokens[index].text, line.language, line.sure)
    after, joined = line.word(index + 1), index + 1 < len(line.tokens) and line.tokens[index + 1].gap == ""
    if joined and after in ("th", "st", "nd", "rd", "e", "er", "ere", "eme", "ieme"):
        return Number(values, index + 2, "ordinal")
    if joined and after == "s":
        return Number(values, index + 2, "decade")
    if line.language == "fr" and line.word(index - 1) == "annees":
        return Number(values, index + 1, "decade")
    values, end = _scales(line, values, index + 1)
    return _with_half(line, Number(values, end))


def half_after(line: Line, index: int) -> int:
    """How many words "and a half" or "et demi" at `index` is; 0 where it is not there."""
    words = (line.word(index), line.word(index + 1), line.word(index + 2))
    if words == ("and", "a", "half"):
        return 3
    return 2 if words[0] == "et" and words[1] in ("demi", "demie") else 0


def _with_half(line: Line, number: Number) -> Number:
    taken = half_after(line, number.end)
    if not taken:
        return number
    return Number(frozenset(value + Fraction(1, 2) for value in number.values), number.end + taken, number.kind)


def _english(line: Line, index: int) -> Number | None:
    small: Mapping[str, int] = tables()["small"]["en"]
    total, current, at = Fraction(0), None, index
    while word := line.word(at):
        if word in small and (current is None or _fits_english(current, small[word])):
            current = (current or 0) + small[word]
        elif word == "hundred" and (current or 0) < 100:
            current = 100 * (current or 1)
        elif word == "and" and current and current % 100 == 0 and line.word(at + 1) in small:
            pass
        elif (scale := _scale(line, at)) and word != "hundred" and (current is not None or total):
            total, current = _scaled(total, current, min(scale)), None
        else:
            break
        at += 1
    return _run(total, current, index, at)


def _fits_english(current: int, value: int) -> bool:
    if current >= 100 and current % 100 == 0:
        return 0 < value < 100
    return current % 100 >= 20 and current % 10 == 0 and 0 < value < 10


def _french(line: Line, index: int) -> Number | None:
    small: Mapping[str, int] = tables()["small"]["fr"]
    total, current, at = Fraction(0), None, index
    if line.word(index) == "neuf" and not _counts(line, index):
        return None
    while word := line.word(at):
        if current is not None and current % 100 == 4 and word in ("vingt", "vingts"):
            current += 76
        elif word in small and (current is None or _fits_french(current, small[word])):
            current = (current or 0) + small[word]
        elif word in ("cent", "cents") and line.word(at - 1) != "pour" and (current is None or 1 < current < 20):
            current = 100 * (current or 1)
        elif word == "et" and current and current % 10 == 0 and line.word(at + 1) in ("un", "une", "onze"):
            pass
        elif (scale := _scale(line, at)) and (current is not None or total or word == "mille"):
            total, current = _scaled(total, current, min(scale)), None
        else:
            break
        at += 1
    return _run(total, current, index, at)


def _fits_french(current: int, value: int) -> bool:
    """ "soixante-quinze", "quatre-vingt-douze", "vingt-deux", "soixante-dix-sept", "cent trois"."""
    tens = current % 100
    if current >= 100 and tens == 0:
        return 0 < value < 100
    if tens in (10, 70, 90):
        return 7 <= value < 10
    if tens < 20 or tens % 10:
        return False
    return 0 < value < 10 or (tens in (60, 80) and 10 <= value < 20)


def _counts(line: Line, index: int) -> bool:
    """ "neuf" is nine before what it counts, and new after a noun."""
    if index + 1 >= len(line.tokens) or line.tokens[index + 1].gap not in (" ", "-"):
        return False
    return line.word(index - 1) not in ("un", "une", "tout", "flambant", "quoi", "a", "de", "du")


def _scaled(total: Fraction, current: int | None, scale: Fraction) -> Fraction:
    if current is None and not total:
        return scale
    return total * scale if current is None else total + current * scale


def _run(total: Fraction, current: int | None, index: int, end: int) -> Number | None:
    if end == index:
        return None
    value = total + (current or 0)
    return Number(frozenset({value}), end, soft=value == 1)


def _vague(line: Line, index: int) -> Number | None:
    """ "millions", "des centaines de milliers": an order of magnitude. "une dizaine" has been read as a cardinal."""
    word = line.word(index)
    if not word.endswith("s") or not _scale(line, index):
        return None
    values, end = _scales(line, frozenset({Fraction(1)}), index)
    return Number(values, end, "vague")


def _ordinal(line: Line, index: int) -> Number | None:
    value = tables()["ordinals"][line.language].get(line.word(index))
    if value is not None:
        return Number(frozenset({Fraction(value)}), index + 1, "ordinal", soft=value <= 2)
    roman = re.fullmatch(r"([IVX]+)(?:e|ème|er)", line.tokens[index].text)
    return Number(frozenset({Fraction(_roman(roman.group(1)))}), index + 1, "ordinal") if roman else None


def _roman(numerals: str) -> int:
    worth = {"I": 1, "V": 5, "X": 10}
    values = [worth[numeral] for numeral in numerals]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _times(line: Line, index: int) -> Number | None:
    word = line.word(index)
    value = tables()["times"][line.language].get(word)
    return Number(frozenset({Fraction(value)}), index + 1, "times") if value else None


def _fraction(line: Line, index: int) -> Number | None:
    """ "a third of", "two thirds", "la moitié", "un demi-million", "three quarters"."""
    count, at = _numerator(line, index)
    name = line.word(at)
    share = tables()["fractions"][line.language].get(name)
    if share is None or not _is_share(line, index, at, name, count):
        return None
    values, end = frozenset({count * Fraction(share)}), at + 1
    step = end + (line.word(end) in ("a", "an", "of", "d'", "de")) + (line.word(end + 1) in ("a", "un", "une"))
    scaled, scaled_end = _scales(line, values, step)
    return Number(scaled, scaled_end) if scaled_end > step else Number(values, end, "ratio")


def _numerator(line: Line, index: int) -> tuple[Fraction, int]:
    word = line.word(index)
    small = tables()["small"][line.language].get(word)
    if small is not None:
        return Fraction(small), index + 1
    if word.isdecimal() and len(word) < 3:
        return Fraction(int(word)), index + 1
    return Fraction(1), index + (word in ("a", "an", "the", "le", "la", "l'"))


def _is_share(line: Line, index: int, at: int, name: str, count: Fraction) -> bool:
    """Ordinals have the same form ("the third year"): ask for a plural, or for what is shared out."""
    before = line.word(index - 1) if at == index else line.word(at - 1)
    if name in ("half", "moitie", "tiers", "demi", "demie"):
        return before not in ("first", "second", "other", "latter", "premiere", "seconde", "autre", "last", "et")
    follows = line.word(at + 1) in ("of", "de", "des", "du", "d'")
    if at == index:
        return False
    if count > 1:
        return name.endswith("s") or (line.language == "fr" and follows)
    return before in ("a", "one", "un", "le", "1") and (follows or name in ("quarter", "quart"))


def _proportion(line: Line, index: int) -> Number | None:
    """ "one in three", "9 out of 10", "six Français sur dix": two counts, the second not above a thousand."""
    first = _count(line, index)
    if first is None:
        return None
    for skipped in (0, 1):
        at = index + 1 + skipped
        word = line.word(at)
        step = 2 if (word, line.word(at + 1)) == ("out", "of") else int(word == "sur" or (word == "in" and not skipped))
        second = _count(line, at + step) if step else None
        if second and 1 <= first < second <= 1000 and (second in (10, 100, 1000) or second < 10 or step == 2):
            return Number(frozenset({Fraction(first, second)}), at + step + 1, "ratio")
    return None


def _count(line: Line, index: int) -> int | None:
    word = line.word(index)
    small: int | None = tables()["small"][line.language].get(word)
    if small is not None:
        return small
    return int(word) if word.isdecimal() and len(word) <= 4 else None
