"""How much of a claim stands in the cited sentences, word by word, and how the two line up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from debatebot.grounding.frequency import weight
from debatebot.grounding.lexicon import lexicon, same_names
from debatebot.grounding.quotes import Span
from debatebot.grounding.reading import Reading

_SYNONYM, _KIN, _COGNATE = 0.8, 0.7, 0.7
"""What counts for a word of the same side of an opposition, of the same root, or spelled alike in the other language."""
_ROOT = 5
"""Letters two words must share at their beginning to be of one root."""
_ALIKE = 0.75
"""Similarity from which words of two languages count as cognates ("économie", "economy")."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """`share`: 0 to 1, weighed by how much each word tells. `missing`: positions of the claim's words that are not held,
    the weightiest first. `joined`: share of neighbouring words of the claim that are neighbours in a sentence too."""

    share: float
    missing: tuple[int, ...]
    joined: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim laid beside one sentence: which words are only in the claim, and only in the sentence (inside `span`).

    `ratio`: share of the claim's words that line up. `replaced`: runs of words of the claim and the sentence in each
    other's place.
    """

    ratio: float
    claim_only: frozenset[int]
    source_only: frozenset[int]
    span: Span
    replaced: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def coverage(claim: Reading, sources: Sequence[Reading]) -> Coverage:
    """Weighed share of the claim's words that the sentences hold together."""
    if not claim.content:
        return Coverage(1.0, (), 1.0)
    stems = {source.stems[index] for source in sources for index in range(len(source.stems))}
    held = {index: _held(claim, index, stems, sources) for index in claim.content}
    weights = {index: weight(claim.stems[index], claim.language) for index in claim.content}
    share = sum(held[index] * weights[index] for index in held) / sum(weights.values())
    missing = sorted((index for index in held if held[index] < 0.5), key=lambda index: -weights[index])
    return Coverage(share, tuple(missing), _joined(claim, sources))


def _held(claim: Reading, index: int, stems: set[str], sources: Sequence[Reading]) -> float:
    stemmed, word = claim.stems[index], claim.folded[index]
    if stemmed in stems or any(word in source.folded for source in sources):
        return 1.0
    groups = same_names(word)
    return max((_kinship(stemmed, word, groups, claim.language, source) for source in sources), default=0.0)


def _kinship(stemmed: str, word: str, groups: frozenset[int], language: str, source: Reading) -> float:
    sides = lexicon(language).sides.get(stemmed, frozenset())
    best = 0.0
    for index in source.content:
        other = source.stems[index]
        if groups & same_names(source.folded[index]):
            return 1.0
        if sides & lexicon(source.language).sides.get(other, frozenset()):
            best = max(best, _SYNONYM)
        elif source.language == language and _one_root(stemmed, other):
            best = max(best, _KIN)
        elif source.language != language and cognate(word, source.folded[index]):
            best = max(best, _COGNATE)
    return best


def _one_root(first: str, second: str) -> bool:
    shared = min(len(first), len(second))
    return shared >= _ROOT and first[:shared] == second[:shared]


@lru_cache(maxsize=16384)
def cognate(word: str, other: str) -> bool:
    """Spelled alike: same first letter, and most letters in the same order."""
    if word[0] != other[0] or min(len(word), len(other)) < 4 or abs(len(word) - len(other)) > 4:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= _ALIKE


def _joined(claim: Reading, sources: Sequence[Reading]) -> float:
    pairs = [(claim.stems[a], claim.stems[b]) for a, b in pairwise(claim.content)]
    if not pairs:
        return 1.0
    near: set[tuple[str, str]] = set()
    for source in sources:
        for place, index in enumerate(source.content):
            near.update((source.stems[index], source.stems[other]) for other in source.content[place + 1 : place + 4])
    return sum(pair in near for pair in pairs) / len(pairs)


def difference(claim: Reading, source: Reading) -> Difference:
    """Line up the words of the claim and the sentence, by stem, in order."""
    matcher = SequenceMatcher(None, claim.stems, source.stems, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return Difference(0.0, frozenset(range(len(claim.stems))), frozenset(), Span(0, 0), ())
    span = Span(blocks[0].b, blocks[-1].b + blocks[-1].size)
    mine = {index for block in blocks for index in range(block.a, block.a + block.size)}
    theirs = {index for block in blocks for index in range(block.b, block.b + block.size)}
    replaced = tuple(
        (tuple(range(a, b)), tuple(range(c, d))) for tag, a, b, c, d in matcher.get_opcodes() if tag == "replace"
    )
    return Difference(
        ratio=len(mine) / len(claim.stems),
        claim_only=frozenset(range(len(claim.stems))) - mine,
        source_only=frozenset(range(span.start, span.end)) - theirs,
        span=span,
        replaced=replaced,
    )
