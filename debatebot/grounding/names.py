"""Names: those of a claim must stand in the cited sentences, in any inflection and in either language's spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from debatebot.grounding.frequency import is_ordinary
from debatebot.grounding.lexicon import same_names, titles
from debatebot.grounding.reading import Reading
from debatebot.grounding.words import fold

_LIKE = 0.8
"""Similarity from which two spellings of different languages count as one name ("Afrique", "Africa")."""
_JOINING = frozenset("of the de du des la le les d' l' and et for von van".split())
_PRONOUNS = frozenset(
    "he she it they his her its their this that these "
    "il elle ils elles son sa ses leur leurs ce cet cette ces celui celle lui".split()
)


@dataclass(frozen=True, slots=True)
class NameGap:
    """A name of the claim that no cited sentence holds.

    `rival`: a name of the sentences that the claim does not hold and may have been exchanged for it.
    `pronoun`: the sentences speak of somebody without the name.
    """

    name: str
    rival: str | None
    pronoun: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """Two names that change places between the sentence and the claim."""

    first: str
    second: str


def name_spans(reading: Reading) -> list[tuple[int, int]]:
    """Names as spans of words: capitals within a sentence, acronyms, and unknown capitalised words that begin one."""
    spans: list[tuple[int, int]] = []
    for index in reading.content:
        text = reading.tokens[index].text
        if not (text[0].isupper() or any(letter.isdigit() for letter in text)) or reading.folded[index] in titles():
            continue
        if spans and spans[-1][1] == index and reading.tokens[index].gap in (" ", "-"):
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return [span for part in spans for span in _unless_ordinary(reading, part)]


def _unless_ordinary(reading: Reading, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Leave out a single word that is capitalised only because it begins the sentence ("Researchers at …")."""
    start, end = span
    alone = end - start == 1 and _begins_sentence(reading, start) and not _is_marked(reading, start)
    return [] if alone else [span]


def _begins_sentence(reading: Reading, index: int) -> bool:
    return index == 0 or any(mark in reading.tokens[index].gap for mark in '.!?:"([')


def _is_marked(reading: Reading, index: int) -> bool:
    text = reading.tokens[index].text
    if (
        sum(letter.isupper() for letter in text) > 1
        or any(letter.isdigit() for letter in text)
        or same_names(_bare(fold(text)))
    ):
        return True
    return not is_ordinary(text, reading.language)


def missing_names(claim: Reading, sources: Sequence[Reading]) -> list[NameGap]:
    """The names of the claim that none of the cited sentences holds."""
    words = _Words(sources)
    gaps = [span for span in name_spans(claim) if not _holds(claim, span, sources, words)]
    if not gaps:
        return []
    rivals = _unmentioned(claim, sources)
    pronoun = any(_PRONOUNS & set(source.folded) for source in sources)
    return [NameGap(claim.words(*span), rivals[0] if rivals else None, pronoun) for span in gaps]


class _Words:
    """All words of the cited sentences."""

    def __init__(self, sources: Sequence[Reading]) -> None:
        self.folded = {_bare(word) for source in sources for word in source.folded}
        self.stems = {stemmed for source in sources for stemmed in source.stems}
        self.groups = {group for word in self.folded for group in same_names(word)}
        self.joined = {group for source in sources for group in _joined_groups(source)}


def _bare(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word


def _joined_groups(reading: Reading) -> set[int]:
    """Groups of the names written in several words ("united states", "royaume-uni")."""
    words = [_bare(word) for word in reading.folded]
    found: set[int] = set()
    for size in (2, 3, 4, 5, 6, 7):
        for at in range(len(words) - size + 1):
            found |= same_names("-".join(word.rstrip("'") for word in words[at : at + size]))
    return found


def _holds(claim: Reading, span: tuple[int, int], sources: Sequence[Reading], words: _Words) -> bool:
    known = [_known(claim, index, words, sources) for index in range(*span)]
    if all(known) or _groups_of(claim, span) & (words.groups | words.joined) or _abbreviates(claim, span, sources):
        return True
    foreign = all(source.language != claim.language for source in sources)
    if foreign:
        return sum(known) * 2 >= len(known) > 1
    return known[-1] and len(known) > 1 and not _other_forename(claim, span, sources)


def _known(claim: Reading, index: int, words: _Words, sources: Sequence[Reading]) -> bool:
    word, stemmed = _bare(claim.folded[index]), claim.stems[index]
    if word in words.folded or stemmed in words.stems or word in _JOINING:
        return True
    groups = same_names(word)
    if groups & (words.groups | words.joined):
        return True
    return not groups and any(_alike(word, other, sources, claim) for other in words.folded)


def _alike(word: str, other: str, sources: Sequence[Reading], claim: Reading) -> bool:
    """One is an inflection of the other; in another language, similar spelling is enough."""
    shared = next(
        (at for at, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), min(len(word), len(other))
    )
    if shared >= 5 and shared >= 0.75 * max(len(word), len(other)):
        return True
    if sources[0].language == claim.language or word[0] != other[0] or min(len(word), len(other)) < 4:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= _LIKE


def _groups_of(reading: Reading, span: tuple[int, int]) -> frozenset[int]:
    words = [_bare(word) for word in reading.folded[span[0] : span[1]]]
    wider = [_bare(word).rstrip("'") for word in reading.folded[span[0] : span[1] + 5]]
    longest = (same_names("-".join(wider[:size])) for size in range(len(wider), len(words) - 1, -1))
    return next((groups for groups in longest if groups), same_names("-".join(words)))


def _abbreviates(claim: Reading, span: tuple[int, int], sources: Sequence[Reading]) -> bool:
    """ "IEA" for "International Energy Agency", and the reverse."""
    if span[1] - span[0] == 1:
        acronym = claim.tokens[span[0]].text
        return (
            acronym.isupper()
            and len(acronym) > 1
            and any(acronym.casefold() in _initials(source) for source in sources)
        )
    initials = "".join(word[0] for word in claim.folded[span[0] : span[1]])
    return len(initials) > 2 and any(
        token.text.isupper() and token.key == initials for source in sources for token in source.tokens
    )


def _initials(reading: Reading) -> str:
    """First letters of the capitalised words, with a bar where a run of them ends."""
    letters = ""
    for token, word in zip(reading.tokens, reading.folded, strict=True):
        if token.text[0].isupper():
            letters += word[0]
        elif word not in _JOINING:
            letters += "|"
    return letters


def _other_forename(claim: Reading, span: tuple[int, int], sources: Sequence[Reading]) -> bool:
    """The family name stands in a sentence, after another capitalised word than in the claim."""
    last, first = claim.folded[span[1] - 1], set(claim.folded[span[0] : span[1] - 1])
    return any(
        word == last
        and index
        and source.tokens[index - 1].text[0].isupper()
        and source.folded[index - 1] not in first | titles()
        for source in sources
        for index, word in enumerate(source.folded)
    )


def _unmentioned(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """Names of the sentences that the claim does not hold."""
    words = _Words([claim])
    return [
        source.words(*span)
        for source in sources
        for span in name_spans(source)
        if not _holds(source, span, [claim], words)
    ]


def swapped_names(claim: Reading, source: Reading) -> Swap | None:
    """Two names that stand in both, in the opposite order, though neither text is passive where the other is not."""
    mine, theirs = _order(claim), _order(source)
    shared = sorted((name for name in mine if name in theirs), key=lambda name: mine[name])
    for first, second in pairwise(shared):
        reversed_order = theirs[first][0] > theirs[second][0]
        if (
            reversed_order
            and not _listed(claim, mine[first], mine[second])
            and not _listed(source, theirs[second], theirs[first])
        ):
            same_link = _link(claim, mine[first], mine[second]) & _link(source, theirs[second], theirs[first])
            same_voice = _passive(claim, mine[first], mine[second]) == _passive(source, theirs[second], theirs[first])
            if same_voice and same_link:
                return Swap(claim.words(*mine[first]), claim.words(*mine[second]))
    return None


def _order(reading: Reading) -> dict[str, tuple[int, int]]:
    return {" ".join(reading.folded[slice(*span)]): span for span in reversed(name_spans(reading))}


def _between(reading: Reading, first: tuple[int, int], second: tuple[int, int]) -> tuple[str, ...]:
    return reading.folded[first[1] : second[0]]


def _link(reading: Reading, first: tuple[int, int], second: tuple[int, int]) -> set[str]:
    """What is said between two names."""
    return {reading.stems[index] for index in reading.content if first[1] <= index < second[0]}


def _listed(reading: Reading, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """ "A and B", "A, B and C": the order of a list says nothing."""
    return not set(range(first[1], second[0])) & set(reading.content)


def _passive(reading: Reading, first: tuple[int, int], second: tuple[int, int]) -> bool:
    return bool({"by", "par"} & set(_between(reading, first, second)))
