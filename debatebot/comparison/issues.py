"""Claims side by side: what they share, what they part over, what only one side speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations

from debatebot.comparison.crux import crux
from debatebot.comparison.material import Material, Stated
from debatebot.comparison.opposition import opposition
from debatebot.phrases import Phrase
from debatebot.rhetoric import kind_of, states_value
from debatebot.types import CommonGround, Disagreement, DisagreementKind, Issue, Relation

_MOST_DISAGREEMENTS = 4
_TELLING = 2.0  # weight of a phrase from which two claims that name it may speak of one thing
_MUCH = 4.0  # weight of shared words from which they do, whatever their vectors say
_NEARER = 0.2  # standard deviations above the average nearness from which they do where they share less
_SAME = 0.6  # share of the lighter claim's words that two claims of the same evidence must share to say the same
_LONGEST_NAME = 48
_TOLD_BY_REBUTTAL = 1.0  # weight of one that tells as much of two claims of which one was made against the other
_SAID_AGAINST = 3.0  # strength of a pair that met in a debate: one claim was made against the other


@dataclass(frozen=True)
class Alignment:
    """Rows, and what follows from them."""

    issues: tuple[Issue, ...]
    common_ground: tuple[CommonGround, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True)
class _Row:
    """Claims about one thing, one a side. `name` is empty where no words of theirs name it."""

    name: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True)
class _Opposed:
    one: Stated
    other: Stated
    name: Phrase
    strength: float


def align(material: Material) -> Alignment:
    """Rows for all claims: what is shared first, then what is disputed, then what one side alone says."""
    names = _Names(material)
    opposed = _opposed(material)
    disputed = [_disputed_row(material, pair, names) for pair in opposed]
    shared = list(_shared(material, names))
    used = {one.claim.id for row in (*shared, *disputed) for one in row.stated}
    rest = tuple(_alone(material, names, used))
    told = _Repeats(material, used)
    order = [answer.perspective for answer in material.request.answers]
    return Alignment(
        issues=(
            *(_issue(told.beside(row), "shared", order) for row in shared),
            *(_issue(told.beside(row), "opposed", order) for row in disputed),
            *(_issue(row, "one-sided", order) for row in rest),
        ),
        common_ground=tuple(map(_common_ground, shared)),
        disagreements=tuple(
            _disagreement(material, pair, row.name) for pair, row in zip(opposed, disputed, strict=True)
        ),
    )


class _Repeats:
    """What a balanced side repeats of the others: it stands beside what it repeats, where its cell there is free."""

    def __init__(self, material: Material, used: set[str]) -> None:
        shown = {number for one in material.stated if one.claim.id in used for number in one.numbers}
        self._left = [one for one in material.stated if _is_repeat(material, one, shown) and one.claim.id not in used]

    def beside(self, row: _Row) -> _Row:
        """The row with what is repeated of it; nothing is repeated in two rows."""
        sides = {one.side for one in row.stated}
        found = [one for one in self._left if one.side not in sides and any(_repeats(one, told) for told in row.stated)]
        added = _one_a_side(found)
        self._left = [one for one in self._left if one not in added]
        return replace(row, stated=(*row.stated, *added))


def _is_repeat(material: Material, one: Stated, shown: Set[int]) -> bool:
    return one.side in material.balanced and one.numbers <= shown


def _repeats(one: Stated, told: Stated) -> bool:
    return one.claim.text == told.claim.text or one.numbers == told.numbers


class _Names:
    """Names of rows, none twice: the phrase that serves best, or the beginning of the claim where none does."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._taken: set[str] = set()

    def of_pair(self, pair: _Opposed) -> str:
        """What both claims name."""
        return self._first([pair.name], pair.one)

    def of(self, stated: Stated) -> str:
        """What one claim names."""
        return self._first(self._material.names(stated), stated)

    def _first(self, phrases: Sequence[Phrase], stated: Stated) -> str:
        found = (_capitalised(phrase.named) for phrase in phrases if phrase.named)
        free = (name for name in found if name not in self._taken)
        name = next(free, None) or _beginning(stated.claim.text)
        self._taken.add(name)
        return name


def _issue(row: _Row, relation: Relation, order: Sequence[str]) -> Issue:
    by_side = {one.side: one.claim.id for one in row.stated}
    return Issue(row.name, {side: by_side[side] for side in order if side in by_side}, relation)


# --- what is shared -------------------------------------------------------------------------------------------------


def _shared(material: Material, names: _Names) -> Iterator[_Row]:
    taken: set[str] = set()
    for item in material.request.retrieval.evidence:
        group = _one_a_side(
            [one for one in material.stated if item.number in one.numbers and one.claim.id not in taken]
        )
        agreeing = [one for one in group if _say_the_same(material, group[0], one)]
        if _is_common(material, agreeing):
            taken |= {one.claim.id for one in agreeing}
            yield _Row(names.of(agreeing[0]), tuple(agreeing))


def _one_a_side(stated: Sequence[Stated]) -> list[Stated]:
    return list({one.side: one for one in reversed(stated)}.values())[::-1]


def _say_the_same(material: Material, one: Stated, other: Stated) -> bool:
    if one.claim.text == other.claim.text:
        return True
    common = material.weight(one.terms & other.terms)
    lighter = min(material.weight(one.terms), material.weight(other.terms))
    return common >= _SAME * lighter and not opposition(one, other)


def _is_common(material: Material, stated: Sequence[Stated]) -> bool:
    """Several sides say it; a balanced one that reports what one side fears, hopes or expects does not share it by that."""
    sides = {one.side for one in stated}
    if any(one.is_hopeful or one.is_worried or kind_of(one.claim.text) != "fact" for one in stated):
        sides -= material.balanced
    return len(sides) > 1


def _common_ground(row: _Row) -> CommonGround:
    numbers = frozenset.intersection(*(one.numbers for one in row.stated)) or row.stated[0].numbers
    return CommonGround(
        statement=row.stated[0].claim.text,
        claims=tuple(one.claim.id for one in row.stated),
        citations=tuple(sorted(numbers)),
    )


# --- what is disputed -----------------------------------------------------------------------------------------------


def _opposed(material: Material) -> list[_Opposed]:
    """Pairs of claims of two sides that oppose each other about one thing, each claim in one pair, the clearest first."""
    pairs = sorted(_candidates(material), key=lambda pair: pair.strength, reverse=True)
    chosen: list[_Opposed] = []
    taken: set[str] = set()
    names: set[tuple[str, ...]] = set()
    for pair in pairs:
        claims = {pair.one.claim.id, pair.other.claim.id}
        if claims & taken or pair.name.terms in names or len(chosen) == _MOST_DISAGREEMENTS:
            continue
        taken |= claims
        names.add(pair.name.terms)
        chosen.append(pair)
    return chosen


def _candidates(material: Material) -> Iterator[_Opposed]:
    sided = [one for one in material.stated if one.side not in material.balanced]
    met = {frozenset(pair) for pair in material.request.rebutted.items()}
    for one, other in combinations(sided, 2):
        clear = opposition(one, other)
        if one.side == other.side or not clear:
            continue
        against = {one.claim.id, other.claim.id} in met
        least = _TOLD_BY_REBUTTAL if against else _TELLING
        names = [
            name
            for name in material.shared(one, other)
            if material.weight(name.terms) >= least or material.is_asked_for(name.terms)
        ]
        weight, nearness = material.weight(one.terms & other.terms), material.nearness(one, other)
        several, beside = len(names[0].terms) > 1 if names else False, material.beside(one, other)
        asked_for = bool(names) and material.is_asked_for(names[0].terms)
        alike = ((several or asked_for) and beside) or (nearness >= _NEARER and (several or beside))
        adjoining = material.adjoining(one, other)
        if (against or adjoining) and not names and weight >= _MUCH:
            names = [_nameless(material, one, other)]
        if names and (against or alike or _telling(material, one, other, names[0]) >= _MUCH):
            yield _Opposed(one, other, names[0], weight + nearness + clear + (_SAID_AGAINST if against else 0.0))


def _nameless(material: Material, one: Stated, other: Stated) -> Phrase:
    """What two claims share where they do not name it alike: their most telling word, in a name that one of them has for it."""
    word = max(sorted(one.terms & other.terms), key=lambda term: material.weight([term]))
    phrases = (phrase for stated in (one, other) for phrase in material.names(stated))
    named = next((phrase.named for phrase in phrases if word in phrase.terms), "")
    return Phrase(named, (word,), named, 0.0)


def _telling(material: Material, one: Stated, other: Stated, name: Phrase) -> float:
    """Weight of what both say, the words of one name counting as one: "sickle cell disease" is one thing and not three."""
    common = one.terms & other.terms
    return material.weight(common - set(name.terms)) + max(material.weight([term]) for term in name.terms)


def _disputed_row(material: Material, pair: _Opposed, names: _Names) -> _Row:
    """The two claims, and what a balanced side says of the same thing, its own weighing before a repetition."""
    stated = [pair.one, pair.other]
    for side in sorted(material.balanced):
        own = [one for one in material.stated if one.side == side and set(pair.name.terms) <= one.terms]
        weighing = sorted(
            own, key=lambda one: (bool(one.numbers & (pair.one.numbers | pair.other.numbers)), one.claim.id)
        )
        stated += weighing[:1]
    return _Row(names.of_pair(pair), tuple(stated))


def _disagreement(material: Material, pair: _Opposed, name: str) -> Disagreement:
    kind: DisagreementKind = (
        "value" if any(states_value(one.claim.text) for one in (pair.one, pair.other)) else "empirical"
    )
    sentence = crux(material, pair.one, pair.other, pair.name)
    return Disagreement(
        issue=name,
        kind=kind,
        positions={pair.one.side: pair.one.claim.id, pair.other.side: pair.other.claim.id},
        crux=sentence.text if sentence else None,
        crux_sentence=sentence,
    )


# --- what one side alone says ---------------------------------------------------------------------------------------


def _alone(material: Material, names: _Names, used: set[str]) -> Iterator[_Row]:
    """The other claims, each with those of other sides that rest on the same sentence."""
    taken = set(used)
    # What a balanced side repeats of the others stands in their rows.
    shown = {number for one in material.stated if one.claim.id in used for number in one.numbers}
    taken |= {one.claim.id for one in material.stated if _is_repeat(material, one, shown)}
    for one in sorted(material.stated, key=lambda stated: stated.side in material.balanced):
        if one.claim.id in taken:
            continue
        beside = [
            other
            for other in material.stated
            if other.side != one.side and other.claim.id not in taken and other.numbers & one.numbers
        ]
        group = (one, *_one_a_side([other for other in beside if not opposition(one, other)]))
        taken |= {stated.claim.id for stated in group}
        yield _Row(names.of(one), group)


def _beginning(text: str) -> str:
    words = text.split()
    while len(" ".join(words)) > _LONGEST_NAME and len(words) > 1:
        words.pop()
    beginning = " ".join(words)
    return beginning if beginning == text.strip() else f"{beginning.rstrip(' ,;:.')} …"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
