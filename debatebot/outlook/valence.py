"""What the words of a sentence say of its outlook: lists of words (models/outlook.toml) and how their meanings combine.

Less of something bad is good, a negation turns what follows it, the main clause outweighs a concession (Polanyi and Zaenen,
"Contextual Valence Shifters", 2006). The result is a row of features for the regression in `scorer`.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MODELS = Path(__file__).parents[1] / "models"

Matrix = NDArray[np.float32]

LANGUAGES = ("fr", "en")
"""Languages with word lists and prototypes."""


# --- words that count -----------------------------------------------------------------------------------------------

_CLASSES = (
    "good mild bad wanted unwanted more less negation paired particle promise relief lament concession contrast weighing"
    " definition boundary idle"
).split()
_BIT = {name: 1 << place for place, name in enumerate(_CLASSES)}
_GOOD, _MILD, _BAD, _WANTED, _UNWANTED, _MORE, _LESS = (_BIT[name] for name in _CLASSES[:7])
_NEGATION, _PAIRED, _PARTICLE = _BIT["negation"], _BIT["paired"], _BIT["particle"]
_CONCESSION, _CONTRAST, _IDLE = _BIT["concession"], _BIT["contrast"], _BIT["idle"]
_OPENS = _CONCESSION | _CONTRAST | _BIT["boundary"]
_VALUED = _GOOD | _MILD | _BAD
_SHIFTS = _MORE | _LESS
_PUNCTUATION = 1 << len(_CLASSES)

_COUNTED = dict.fromkeys(("weighing", "definition", "good", "mild", "bad"), 3) | {"promise": 2}
_COUNTED |= dict.fromkeys(("contrast", "concession", "relief", "lament"), 1)
"""Classes whose words are also counted as they are, and up to how many."""

_ANY_COUNTED = sum(_BIT[name] for name in _COUNTED)

_MOST = 3.0
_MILD_VALUE, _AMOUNT_VALUE = 0.5, 0.8
_NONE_VALUE = 0.5
_REACH, _BACKWARD = 10, 3
"""In words: how far from "falls" the thing that falls may stand, and how far before "not" what is not."""

_CONCESSION_WEIGHT, _CONTRAST_WEIGHT = 0.3, 1.3

_TOKEN = re.compile(r"n't\b|[^\W\d_]+|\d++(?:[.,\u00a0\u202f]\d+)*|[,;:.!?()—–…]")


class Mark(NamedTuple):
    """A word or phrase of the lists, or a punctuation mark: the place of its first word, and its classes as bits."""

    place: int
    kinds: int


class _Words:
    """The lists of one language, ready for looking up."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._whole: dict[str, int] = defaultdict(int)
        self._beginnings: dict[str, int] = defaultdict(int)
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._seconds: dict[str, tuple[str, ...]] = {}
        for name, entries in lists.items():
            for entry in entries:
                self._add(entry, _BIT[name])
        for first, phrases in self._phrases.items():
            phrases.sort(key=lambda phrase: len(phrase[0]), reverse=True)
            self._seconds[first] = tuple(words[1].removesuffix("*") for words, _ in phrases)
        self._longest = max(map(len, self._beginnings))
        self._kinds = lru_cache(maxsize=50_000)(self._look_up)

    def _add(self, entry: str, kind: int) -> None:
        words = tuple(re.findall(r"n't|[^\W\d_]+\*?", entry))
        if len(words) > 1:
            self._phrases[words[0]].append((words, kind))
        elif words[0].endswith("*"):
            self._beginnings[words[0][:-1]] |= kind
        else:
            self._whole[words[0]] |= kind

    def marks(self, tokens: Sequence[str]) -> list[Mark]:
        """What of `tokens` counts, in order; a phrase hides its single words."""
        marks, hidden = [], 0
        for place, (token, following) in enumerate(zip_longest(tokens, tokens[1:], fillvalue="")):
            if place < hidden:
                continue
            kinds = self._kinds(token)
            if following.startswith(self._seconds.get(token, ())):
                length, of_phrase = self._phrase(tokens, place)
                hidden, kinds = place + length, of_phrase or kinds
            if kinds:
                marks.append(Mark(place, kinds))
        return marks

    def _phrase(self, tokens: Sequence[str], place: int) -> tuple[int, int]:
        """Length and classes of the longest phrase that begins at `place`; two zeros if there is none."""
        for words, kind in self._phrases[tokens[place]]:
            if _begins(tokens[place : place + len(words)], words):
                return len(words), kind
        return 0, 0

    def _look_up(self, token: str) -> int:
        if not token[0].isalpha():
            return 0 if token[0].isdigit() else _PUNCTUATION
        if token in self._whole:
            return self._whole[token]
        for length in range(min(len(token), self._longest), 1, -1):
            kinds = self._beginnings.get(token[:length])
            if kinds:
                return kinds
        return 0


def _begins(tokens: Sequence[str], words: Sequence[str]) -> bool:
    if len(tokens) < len(words):
        return False
    pairs = zip(tokens, words, strict=True)
    return all(token.startswith(word[:-1]) if word[-1] == "*" else token == word for token, word in pairs)


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads((MODELS / "outlook.toml").read_text(encoding="utf-8"))


def prototypes(side: str) -> list[str]:
    """Sentences that are as "hopeful" or as "worried" (`side`) as can be, in all languages."""
    return [text for language in LANGUAGES for text in _lists()["prototypes"][language][side]]


@cache
def _words(language: str) -> _Words:
    return _Words(_lists()[language])


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'").replace("n't", " n't"))


# --- how their meanings combine -------------------------------------------------------------------------------------


class Tally(NamedTuple):
    """What a clause says: how much good and bad, which of them (`side`, -1 to 1), all by the clause's weight; changes of
    nothing known, and how many negations."""

    good: float
    bad: float
    side: float
    loose: int
    negations: int


def _clauses(marks: Iterable[Mark]) -> Iterator[list[Mark]]:
    clause: list[Mark] = []
    for mark in marks:
        if mark.kinds & (_PUNCTUATION | _OPENS):
            if clause:
                yield clause
            clause = []
        if mark.kinds != _PUNCTUATION:
            clause.append(mark)
    if clause:
        yield clause


class _Shift(NamedTuple):
    """More (+1) or less (-1) of what stands near `place`; `of`: the values it can turn; `turned`: a negation turned it."""

    place: int
    sign: int
    of: int
    turned: bool


def _tally(clause: Sequence[Mark]) -> Tally:
    """Add up a clause: less of something turns its sign, a negation that of what follows it."""
    live = [mark for mark in clause if not mark.kinds & _IDLE]
    negating = _NEGATION | _PAIRED if any(mark.kinds & _PARTICLE for mark in clause) else _NEGATION
    negations = [mark.place for mark in live if mark.kinds & negating]
    live = [mark for mark in live if not mark.kinds & negating]
    shifts, free = _shifts(live, negations)
    amounts = _amounts(live, shifts, free)
    values = amounts + _values(live, shifts, free, alone=not amounts)
    good, bad = sum(value for value in values if value > 0), -sum(value for value in values if value < 0)
    loose = 0 if values else sum(shift.sign for shift in shifts)
    opening = clause[0].kinds
    weight = _CONCESSION_WEIGHT if opening & _CONCESSION else _CONTRAST_WEIGHT if opening & _CONTRAST else 1.0
    return Tally(weight * good, weight * bad, weight * math.tanh(good - bad), loose, len(negations))


def _shifts(clause: Sequence[Mark], negations: Sequence[int]) -> tuple[list[_Shift], list[int]]:
    """The changes in a clause, and the negations that did not go into turning one."""
    free, shifts = list(negations), []
    for mark in clause:
        if mark.kinds & _SHIFTS:
            turned = bool(free) and free[0] < mark.place
            if turned:
                free.pop(0)
            sign = 1 if mark.kinds & _MORE else -1
            of = _BAD if mark.kinds & _GOOD else _GOOD | _MILD if mark.kinds & _BAD else _VALUED
            shifts.append(_Shift(mark.place, -sign if turned else sign, of, turned))
    return shifts, free


def _values(clause: Sequence[Mark], shifts: Sequence[_Shift], negations: Sequence[int], *, alone: bool) -> list[float]:
    """What is good or bad in itself. A change ("lost", "protects") has a value of its own only where it is `alone`."""
    valued = [mark for mark in clause if mark.kinds & _VALUED]
    changed = [mark for mark in valued if not mark.kinds & _SHIFTS]
    values = []
    for mark in changed or (valued if alone else []):
        value = -1.0 if mark.kinds & _BAD else 1.0 if mark.kinds & _GOOD else _MILD_VALUE
        value *= _change(mark, shifts) or 1
        turned = _is_negated(mark.place, negations, changed) or any(
            shift.turned for shift in shifts if shift.place == mark.place
        )
        values.append(-value if turned else value)
    return values


def _is_negated(place: int, negations: Sequence[int], valued: Sequence[Mark]) -> bool:
    """After a negation, or shortly before one that nothing follows: "the danger is not real"."""
    if any(negation < place for negation in negations):
        return True
    return any(
        negation - place <= _BACKWARD and not any(mark.place > negation for mark in valued) for negation in negations
    )


def _amounts(clause: Sequence[Mark], shifts: Sequence[_Shift], negations: Sequence[int]) -> list[float]:
    """The first thing only: in "the price of jobs" it is the price that rises."""
    for mark in clause:
        if mark.kinds & (_WANTED | _UNWANTED) and not mark.kinds & _VALUED:
            side = 1 if mark.kinds & _WANTED else -1
            change = _change(mark, shifts)
            if not change and any(0 < mark.place - negation <= _BACKWARD for negation in negations):
                return [-_NONE_VALUE * side]
            return [_AMOUNT_VALUE * change * side] if change else []
    return []


def _change(mark: Mark, shifts: Sequence[_Shift]) -> int:
    """-1 if there is less of a thing, +1 if more, 0 if neither."""
    near = (
        shift.sign
        for shift in shifts
        if shift.place != mark.place
        and abs(shift.place - mark.place) <= _REACH
        and (not mark.kinds & _VALUED or mark.kinds & shift.of)
    )
    return min(near, default=0)


# --- two figures compared -------------------------------------------------------------------------------------------

_FIGURE = r"(?<![\d.,])(\d++(?:[.,]\d++|\s\d{3}(?!\d))*+)\s?(%|mn|m\b|bn|million|billion|milliard|thousand|mille\b)?"
_COMPARISON = re.compile(
    rf"{_FIGURE}[^\d.;:]{{0,40}}?\b(?:from|compared (?:with|to)|against|versus|contre)\b[^\d.;:]{{0,45}}?{_FIGURE}"
)
_UNITS = dict.fromkeys(("mn", "m", "million"), 1e6) | dict.fromkeys(("bn", "billion", "milliard"), 1e9)
_UNITS |= dict.fromkeys(("thousand", "mille"), 1e3)


def _comparison(text: str, marks: Sequence[Mark]) -> int:
    """+1 if a figure is better than the one it is compared with ("6.4 million, against 5.1 a year before"), -1 if worse."""
    found = _COMPARISON.search(text.lower())
    thing = next((mark.kinds for mark in marks if mark.kinds & (_WANTED | _UNWANTED | _BAD)), 0)
    if found is None or not thing:
        return 0
    new, old = _number(found[1]), _number(found[3])
    new_unit, old_unit = _UNITS.get(found[2], 1), _UNITS.get(found[4], 1)
    if 1900 < old < 2100 and found[4] is None:  # a year
        return 0
    common = max(new_unit, old_unit)  # "3.9 million, against 0.7"
    new, old = new * (new_unit if found[2] else common), old * (old_unit if found[4] else common)
    return ((new > old) - (new < old)) * (1 if thing & _WANTED else -1)


def _number(figure: str) -> float:
    """The value of a figure with French or English separators; three digits after one are thousands."""
    whole, _, decimals = re.sub(r"\s|[.,](?=\d{3}(?!\d))", "", figure).replace(",", ".").partition(".")
    return float(f"{whole}.{decimals.replace('.', '')}")


# --- features -------------------------------------------------------------------------------------------------------

FEATURES = (
    "comparison good bad balance share sign last first loose any_loose negations only_negations nothing"
    " weighing definition good_words mild_words bad_words promise contrast concession relief lament"
    " disappointed question figures length"
).split()
"""Names of the lexical features, in order."""


def lexical_features(texts: Sequence[str], language: str) -> Matrix:
    """What the word lists say of each text; shape (len(texts), len(FEATURES)).

    Args:
        language: "fr" or "en".
    """
    rows = [_row(text, _words(language)) for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), len(FEATURES))


def _row(text: str, words: _Words) -> list[float]:
    tokens = _tokens(text)
    marks = words.marks(tokens)
    tallies = [_tally(clause) for clause in _clauses(marks)]
    comparison = _comparison(text, marks)
    good = sum(tally.good for tally in tallies) + max(comparison, 0)
    bad = sum(tally.bad for tally in tallies) + max(-comparison, 0)
    balance = math.tanh(good - bad)
    sides = [tally.side for tally in tallies] or [0.0]
    loose = sum(tally.loose for tally in tallies)
    negations = sum(tally.negations for tally in tallies)
    nothing = good + bad == 0
    share = (good - bad) / max(good + bad, 1)
    counts = _counts(marks)
    return [
        *(
            comparison,
            min(good, _MOST),
            min(bad, _MOST),
            balance,
            share,
            (balance > 0.05) - (balance < -0.05),
            sides[-1],
            sides[0],
        ),
        *(min(max(loose, -1), 1), loose != 0, min(negations, 2), negations > 0 and nothing, nothing),
        *counts,
        *(
            balance if any(mark.kinds & _BIT["promise"] for mark in marks) else 0.0,
            "?" in tokens,
            any(token[0].isdigit() for token in tokens),
        ),
        min(len(tokens), 40) / 20,
    ]


def _counts(marks: Sequence[Mark]) -> list[float]:
    found = [mark.kinds for mark in marks if mark.kinds & _ANY_COUNTED]
    return [min(sum(1 for kinds in found if kinds & _BIT[name]), most) for name, most in _COUNTED.items()]
