"""The word lists of debatebot/models, read once: cues, stop words, opposed words, names that differ by language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import Stemmer

from debatebot.grounding.words import fold, tokenise

LANGUAGES = ("fr", "en")
_MODELS = Path(__file__).parent.parent / "models"
_SHORTEST_VERB = 4
_ALGORITHMS = {"fr": "french", "en": "english"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that together are a cue of `kind`; `stemmed` tells which of them match by their stem."""

    kind: str
    words: tuple[str, ...]
    stemmed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of one language. `phrases`: first word or stem → phrases, longest first."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    stopwords: frozenset[str]
    sides: Mapping[str, frozenset[tuple[int, int]]]
    """Stem → (group of opposites, side 0 or 1); one word may stand in several groups."""
    sides_in_place: Mapping[str, frozenset[tuple[int, int]]]
    """The same with the groups that count only for words in each other's place."""


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((_MODELS / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """Stem first, then strip accents: the French stemmer needs them. A possessive 's is dropped before."""
    lowered = word.casefold()
    lowered = lowered[:-2] if lowered.endswith("'s") else lowered
    lowered = _bases(language).get(lowered, lowered)
    # A stemmer keeps a buffer and is not made for several threads: one is made for each new word, and the result kept.
    return fold(Stemmer.Stemmer(_ALGORITHMS[language], 0).stemWord(lowered))


@cache
def _bases(language: str) -> Mapping[str, str]:
    """Irregular form → base: "fell" → "fall"."""
    lines = [line.split() for line in _file("grounding_cues.toml")["irregular"][language]]
    return {form: base for base, *forms in lines for form in forms}


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of "fr" or "en"."""
    cues = _file("grounding_cues.toml")
    return Lexicon(
        phrases=_phrases(cues[language], language),
        stopwords=frozenset(fold(word) for word in cues["stopwords"][language].split()),
        sides=_sides(language, in_place=False),
        sides_in_place=_sides(language, in_place=True),
    )


def _phrases(kinds: Mapping[str, str], language: str) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for kind, listed in kinds.items():
        for entry in listed.split(","):
            parts = [part for word in re.split(r"[ ]+", entry.strip()) for part in _parts(word)]
            words = tuple(stem(word[:-1], language) if word.endswith("~") else fold(word) for word in parts)
            phrase = Phrase(kind, words, tuple(word.endswith("~") for word in parts))
            found.setdefault(words[0], []).append(phrase)
    return {first: tuple(sorted(group, key=lambda phrase: -len(phrase.words))) for first, group in found.items()}


def _parts(word: str) -> list[str]:
    """The tokens of one word of an entry: "d'abord" is two."""
    if word.endswith("'"):
        return [word]
    parts = [token.text for token in tokenise(word.rstrip("~"))] or [word]
    return [*parts[:-1], parts[-1] + "~"] if word.endswith("~") else parts


def _sides(language: str, *, in_place: bool) -> dict[str, frozenset[tuple[int, int]]]:
    column = 2 * (language == "fr")
    tables = _file("grounding_opposites.toml").items()
    lines = [line for name, group in tables if in_place or name != "in_place" for line in group]
    found: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        for side, words in enumerate(line.split("|")[column : column + 2]):
            for word in words.split():
                for form in _forms(word, language):
                    found.setdefault(stem(form, language), set()).add((number, side))
    return {word: frozenset(sides) for word, sides in found.items()}


@lru_cache(maxsize=16384)
def same_names(name: str) -> frozenset[int]:
    """Numbers of the groups that hold the name (without accents), or the name it is inflected from.

    Names of one group mean the same: "allemandes" and "germany" share one.
    """
    for ending in ("", "s", "e", "es", "ne", "nes"):
        if name.endswith(ending) and (groups := _name_groups().get(name[: len(name) - len(ending)])):
            return groups
    return frozenset()


def _forms(word: str, language: str) -> tuple[str, ...]:
    """The word and, in French, forms the stemmer does not always join: feminine ("interdite"), plural ("gagnent")."""
    if language != "fr":
        return (word,)
    if len(word) > _SHORTEST_VERB and word.endswith("er"):
        return (word, f"{word[:-1]}nt", f"{word[:-1]}")
    return (word, f"{word}e") if word[-1] not in "aeiousx" else (word,)


@cache
def _name_groups() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_file("grounding_cues.toml")["names"]["equal"]):
        for name in line.split():
            found.setdefault(fold(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def titles() -> frozenset[str]:
    """Words before a name that are no part of it."""
    return frozenset(_file("grounding_cues.toml")["names"]["titles"].split())
