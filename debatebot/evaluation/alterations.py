"""Makes of a true sentence claims that are wrong in one place, or that say the same, by rules and the lists of flips.toml."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

_DIGITS = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)?(?![\w-]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][\w-]{3,}(?: [A-ZÀ-Ý][\w-]+)*")
_TIME = re.compile(
    r"(?:January|February|March|April|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 7
"""Words of a shortened quotation, at least."""


@dataclass(frozen=True, slots=True)
class Material:
    """A sentence to alter, its language ("fr" or "en"), chance that is the same every time, and names by language."""

    sentence: str
    language: str
    chance: random.Random
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


Alteration = Callable[[Material], str | None]
"""Gives the altered sentence, or None where the sentence holds nothing to alter so."""


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "flips.toml").read_text(encoding="utf-8"))


@cache
def _antonyms(language: str) -> Mapping[str, str]:
    pairs = [pair.split() for pair in _lists()["antonyms"][language].split(",")]
    return {word: opposite for first, second in pairs for word, opposite in ((second, first), (first, second))}


def names_in(sentence: str) -> list[re.Match[str]]:
    """Names within a sentence: capitalised words after a word in lower case; no months and days."""
    return [match for match in _NAME.finditer(sentence) if not _TIME.match(match.group())]


def another_number(material: Material) -> str | None:
    """One number in digits is changed: its first or last digit, a digit less, a digit more."""
    match = _one(material, list(_DIGITS.finditer(material.sentence)))
    if match is None:
        return None
    number = match.group()
    first, last = str(int(number[0]) % 9 + 1), str((int(number[-1]) + 1) % 10)
    changed = [first + number[1:], number[:-1] + last, number + "0", number[:-1] if len(number) > 1 else number + "5"]
    usable = [other for other in changed if other[-1].isdecimal() and _value(other) != _value(number)]
    return _put(material.sentence, match, material.chance.choice(usable))


def _value(number: str) -> Fraction:
    return Fraction(number.replace(",", "."))


def another_number_word(material: Material) -> str | None:
    """One number in words is changed for another of the same language."""
    words = _lists()["number_words"][material.language].split()
    match = _one(material, list(re.finditer(rf"(?<!-)\b(?:{'|'.join(words)})\b(?!-)", material.sentence)))
    if match is None:
        return None
    return _put(material.sentence, match, material.chance.choice([word for word in words if word != match.group()]))


def another_unit(material: Material) -> str | None:
    """The unit of one number is changed for another."""
    found: list[tuple[re.Match[str], str]] = []
    for entry in _lists()["units"][material.language]:
        unit, other = entry.split(">")
        edge = r"\b" if unit[-1].isalpha() else ""
        found += [
            (match, other)
            for match in re.finditer(rf"(?<=\d) ?(?<![^\W\d_]){re.escape(unit)}{edge}", material.sentence)
        ]
    if not found:
        return None
    match, other = material.chance.choice(found)
    return _put(material.sentence, match, " " + other)


def another_name(material: Material) -> str | None:
    """One name is changed for a name of another sentence that has no word in common with this one."""
    match = _one(material, names_in(material.sentence))
    held = material.sentence.casefold()
    others = [
        name
        for name in material.names.get(material.language, ())
        if not any(word[:4].casefold() in held for word in name.split())
    ]
    if match is None or not others:
        return None
    return _put(material.sentence, match, material.chance.choice(others))


def negated(material: Material) -> str | None:
    """A negation is put in, or taken out."""
    return _rewritten(material, _lists()["negation"][material.language])


def made_certain(material: Material) -> str | None:
    """A doubt is made certainty, some are made all."""
    return _rewritten(material, _lists()["modality"][material.language])


def opposite_word(material: Material) -> str | None:
    """One word is changed for its opposite; none in a clause that denies."""
    opposites = _antonyms(material.language)
    match = _one(material, [found for found in _WORD.finditer(material.sentence) if found.group() in opposites])
    if match is None or re.search(r"\b(?:not|no|never|ne|pas)\b|n['’]", material.sentence[: match.start()]):
        return None
    return _put(material.sentence, match, opposites[match.group()])


def unchanged(material: Material) -> str | None:
    """The sentence itself."""
    return material.sentence


def shortened(material: Material) -> str | None:
    """The sentence without its last clause, or without when and where at its beginning, where that changes nothing."""
    sentence, weighty = material.sentence, set(_lists()["kept"]["weighty"].split())
    options: list[tuple[str, str]] = []
    head, comma, tail = sentence.rpartition(", ")
    if comma and not re.search(r"[\"«»“”()]", sentence):
        options.append((head + ".", tail))
    if lead := re.match(_lists()["kept"]["lead"], sentence):
        rest = sentence[lead.end() :]
        options.append((rest[0].upper() + rest[1:], lead.group()))
    usable = [
        kept
        for kept, cut in options
        if len(kept.split()) >= _FEWEST_WORDS and not weighty & {word.casefold() for word in _WORD.findall(cut)}
    ]
    return material.chance.choice(usable) if usable else None


def reworded(material: Material) -> str | None:
    """One word or turn is said in another way."""
    return _rewritten(material, _lists()["kept"][material.language])


def _one(material: Material, found: Sequence[re.Match[str]]) -> re.Match[str] | None:
    return material.chance.choice(found) if found else None


def _put(sentence: str, match: re.Match[str], text: str) -> str:
    return sentence[: match.start()] + text + sentence[match.end() :]


def _rewritten(material: Material, rules: Sequence[tuple[str, str]]) -> str | None:
    fitting = [rule for rule in rules if re.search(rule[0], material.sentence)]
    if not fitting:
        return None
    pattern, replacement = material.chance.choice(fitting)
    return re.sub(pattern, replacement, material.sentence, count=1)
