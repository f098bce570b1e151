"""Rows made of sentences: quotes, shortened and translated ones, neighbours, and sentences with one thing changed."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from training.pair_rows import CONTRADICTED, NEUTRAL, SUPPORTED, Row, records, sentences

OPPOSITES = Path(__file__).parents[1] / "debatebot" / "models" / "grounding_opposites.toml"

NEGATIONS = {
    "en": [
        (word, f"{word} not") for word in "is are was were can could will would should has have had must may".split()
    ],
    "fr": [
        (f"{word}", f"{'n’' if word[0] in 'aeéê' else 'ne '}{word} pas")
        for word in "est sont était étaient a ont avait peut peuvent doit doivent sera seront fut furent va vont".split()
    ],
}
MODALS = {
    "en": [
        ("may", "will"),
        ("might", "will"),
        ("could", "will"),
        ("can", "must"),
        ("often", "always"),
        ("some", "all"),
    ],
    "fr": [
        ("peut", "va"),
        ("pourrait", "va"),
        ("pourraient", "vont"),
        ("parfois", "toujours"),
        ("souvent", "toujours"),
        ("certains", "tous les"),
    ],
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NAME = re.compile(r"(?<=[\w,;’'] )[A-ZÉÈÀÂÎÔ][\w’'-]{2,}(?: [A-ZÉÈÀÂÎÔ][\w’'-]{2,})*")


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that stand together in one language."""

    sentences: tuple[str, ...]
    language: str
    names: tuple[str, ...]


def made_rows(folder: Path, chance: random.Random, count: int) -> list[Row]:
    """Made rows: quotes, shortened and translated ones, neighbours, and sentences with one thing changed."""
    passages = _passages(folder)
    names = {
        language: sorted({name for p in passages if p.language == language for name in p.names})
        for language in ("fr", "en")
    }
    rows: list[Row] = []
    while len(rows) < count:
        passage = chance.choice(passages)
        rows += _made(passage, names[passage.language], chance)
    return rows + _translated(folder, chance)


def _passages(folder: Path) -> list[Passage]:
    found = []
    for name, language in (("piaf_fr_passages", "fr"), ("xquad_en_passages", "en")):
        found += [(tuple(row["sentences"]), language) for row in records(folder, name)]
    found += [
        (tuple(sentences(row["knowledge"])), "en")
        for row in records(folder, "begin")[::3]
        if not Row("nli", "", "", (), "", row["knowledge"]).held_out
    ]
    usable = [(tuple(s for s in sentences if 30 < len(s) < 260), language) for sentences, language in found]
    return [
        Passage(sentences, language, tuple(name for s in sentences for name in _NAME.findall(s)))
        for sentences, language in usable
        if len(sentences) > 1
    ]


def _made(passage: Passage, names: Sequence[str], chance: random.Random) -> Iterator[Row]:
    number = chance.randrange(len(passage.sentences))
    sentence = passage.sentences[number]
    others = [other for place, other in enumerate(passage.sentences) if place != number]
    neighbour = chance.choice(others)
    context = chance.choice(["{0}", "{0}", "{1} {0}", "{0} {1}"])

    def row(claim: str, allowed: tuple[int, ...], text: str = sentence) -> Row:
        return Row("nli", claim, context.format(text, neighbour), allowed, "made", passage.sentences[0])

    kind = chance.choice(["quote", "shorter", "neighbour", "longer", "change", "change", "change", "change"])
    if kind == "quote":
        yield row(sentence, SUPPORTED)
    elif kind == "shorter":
        yield row(_shorter(sentence, chance), SUPPORTED)
    elif kind == "neighbour" and len(others) > 1:
        yield row(chance.choice([other for other in others if other != neighbour] or others), NEUTRAL)
    elif kind == "longer":
        yield (
            row(f"{sentence.rstrip('. ')}, {_shorter(chance.choice(others), chance)}", NEUTRAL)
            if context == "{0}"
            else row(f"{sentence} {neighbour}", SUPPORTED)
        )
    else:
        yield from _changed(sentence, passage.language, names, row, chance)


def _shorter(sentence: str, chance: random.Random) -> str:
    parts = [part.strip() for part in re.split(r"[,;:–(]", sentence)]
    long_enough = [part for part in parts if len(part.split()) > 3]
    return (chance.choice(long_enough) if chance.random() < 0.3 else long_enough[0]) if long_enough else sentence


def _changed(
    sentence: str, language: str, names: Sequence[str], row: Callable[..., Row], chance: random.Random
) -> Iterator[Row]:
    """One thing changed in the claim or in the text; where both say the changed thing, the claim is borne out."""
    change = _change(sentence, language, names, chance)
    if change is None:
        return
    changed, allowed = change
    way = chance.random()
    if way < 0.3 and allowed == CONTRADICTED:
        yield row(sentence, allowed, changed)
    elif way < 0.45:
        yield row(changed, SUPPORTED, changed)
    else:
        yield row(changed, allowed)
    if way > 0.85:
        yield row(sentence, SUPPORTED)


def _change(
    sentence: str, language: str, names: Sequence[str], chance: random.Random
) -> tuple[str, tuple[int, ...]] | None:
    changes: list[tuple[str | None, tuple[int, ...]]] = [
        (_number_changed(sentence, chance), CONTRADICTED),
        (_negated(sentence, language, chance), CONTRADICTED),
        (_opposed(sentence, language, chance), CONTRADICTED),
        (_renamed(sentence, names, chance), CONTRADICTED),
        (_swapped(sentence, MODALS[language], chance), NEUTRAL),
    ]
    possible = [(changed, allowed) for changed, allowed in changes if changed and changed != sentence]
    return chance.choice(possible) if possible else None


def _swapped(sentence: str, swaps: Iterable[tuple[str, str]], chance: random.Random) -> str | None:
    possible = [(old, new) for old, new in swaps if re.search(rf"\b{old}\b", sentence)]
    if not possible:
        return None
    old, new = chance.choice(possible)
    return re.sub(rf"\b{old}\b", new, sentence, count=1)


def _negated(sentence: str, language: str, chance: random.Random) -> str | None:
    without = re.sub(
        r"\b(is|are|was|were|can|could|will|would|should|has|have|had|do|does|did) ?not\b", r"\1", sentence, count=1
    )
    without = re.sub(r"\b(?:ne |n['’])(\w+) (?:pas|jamais|plus)\b", r"\1", without, count=1)
    return without if without != sentence else _swapped(sentence, NEGATIONS[language], chance)


def _number_changed(sentence: str, chance: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(sentence))
    if not numbers:
        return None
    number = chance.choice(numbers)
    digits = list(number.group())
    places = [place for place, digit in enumerate(digits) if digit.isdigit()]
    place = chance.choice(places)
    digits[place] = chance.choice([digit for digit in "123456789" if digit != digits[place]])
    return sentence[: number.start()] + "".join(digits) + sentence[number.end() :]


def _renamed(sentence: str, names: Sequence[str], chance: random.Random) -> str | None:
    found = list(_NAME.finditer(sentence))
    if not found:
        return None
    name = chance.choice(found)
    other = chance.choice(names)
    return None if other in sentence else sentence[: name.start()] + other + sentence[name.end() :]


@cache
def _opposites() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    tables: dict[str, dict[str, tuple[str, ...]]] = {"en": {}, "fr": {}}
    for lines in tomllib.loads(OPPOSITES.read_text("utf-8")).values():
        for line in lines:
            sides = [tuple(side.split()) for side in line.split("|")]
            for language, (one, other) in zip(("en", "fr"), (sides[:2], sides[2:4]), strict=True):
                tables[language].update(dict.fromkeys(one, other) | dict.fromkeys(other, one))
    return tables


def _opposed(sentence: str, language: str, chance: random.Random) -> str | None:
    table = _opposites()[language]
    found = [word for word in re.finditer(r"\w+", sentence) if word.group() in table]
    if not found:
        return None
    word = chance.choice(found)
    old = word.group()
    new = max(table[old], key=lambda other: (_same_ending(old, other), -abs(len(old) - len(other))))
    return sentence[: word.start()] + new + sentence[word.end() :]


def _same_ending(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other), 3) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


def _translated(folder: Path, chance: random.Random) -> list[Row]:
    found = records(folder, "tatoeba_fr_en")
    names = sorted({name for row in found for name in _NAME.findall(row["en"])})
    rows = []
    for place, pair in enumerate(found):
        languages = chance.choice([("fr", "en"), ("en", "fr")])
        claim, text = (pair[language] for language in languages)
        other = found[(place + 1 + chance.randrange(len(found) - 1)) % len(found)][languages[0]]
        rows += [
            Row("nli", claim, text, SUPPORTED, "translated", pair["en"]),
            Row("nli", other, text, NEUTRAL, "translated", pair["en"]),
        ]
        if change := _change(claim, languages[0], names, chance):
            rows.append(Row("nli", change[0], text, change[1], "translated", pair["en"]))
    return rows
