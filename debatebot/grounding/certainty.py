"""Whether a claim says more than its sentence: a doubt made certain, "some" made "all", an opinion made a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from debatebot.grounding.coverage import Difference
from debatebot.grounding.polarity import ALIGNED
from debatebot.grounding.reading import QUANTIFIERS, Cue, Reading

CertaintyKind = Literal[
    "modality_dropped",
    "certainty_added",
    "quantifier_changed",
    "quantifier_added",
    "attribution_dropped",
    "condition_dropped",
]
_REACH = 8
"""Words over which a cue speaks of what follows it."""
_SOFT = ("some", "most", "few", "only")
_STRONG = ("all", "only")


@dataclass(frozen=True, slots=True)
class CertaintyFinding:
    """What the claim changed; the cue's words in the claim and in the sentence (one may be empty)."""

    kind: CertaintyKind
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim, its sentences with the best one first, and how the two line up where they share a language."""

    claim: Reading
    sources: Sequence[Reading]
    difference: Difference | None

    @property
    def source(self) -> Reading:
        return self.sources[0]

    @property
    def aligned(self) -> Difference | None:
        """The difference, where claim and sentence are alike enough to be compared word for word."""
        return self.difference if self.difference and self.difference.ratio >= ALIGNED else None


def certainty_findings(
    claim: Reading, sources: Sequence[Reading], difference: Difference | None
) -> list[CertaintyFinding]:
    """What the claim says with more certainty, or of more cases, than the sentences.

    `difference` is given where claim and best sentence (the first of `sources`) share a language.
    """
    pair = _Pair(claim, sources, difference)
    checks = (_modality, _proof, _quantifier, _attribution, _condition)
    return [finding for check in checks if (finding := check(pair))]


def _modality(pair: _Pair) -> CertaintyFinding | None:
    lost = _lost(pair, ("hedge", "attribution"), "hedge")
    return CertaintyFinding("modality_dropped", "", lost) if lost else None


def _proof(pair: _Pair) -> CertaintyFinding | None:
    if any(source.of_kind("proof") for source in pair.sources):
        return None
    added = pair.claim.of_kind("proof")
    return CertaintyFinding("certainty_added", _text(pair.claim, added[0]), "") if added else None


def _quantifier(pair: _Pair) -> CertaintyFinding | None:
    theirs = {cue.kind for source in pair.sources for cue in source.of_kind(*QUANTIFIERS)}
    mine = pair.claim.of_kind(*QUANTIFIERS)
    new = [cue for cue in mine if cue.kind not in theirs or _put_in(pair, cue)]
    stronger = [_text(pair.claim, cue) for cue in new if cue.kind in _STRONG]
    weaker = _dropped(pair, *_SOFT)
    if stronger and not weaker:
        return CertaintyFinding("quantifier_added", stronger[0], "")
    if weaker and (stronger or not mine or (new and weaker.kind not in {cue.kind for cue in mine})):
        changed = [*stronger, *(_text(pair.claim, cue) for cue in new), ""]
        return CertaintyFinding("quantifier_changed", changed[0], _text(pair.source, weaker))
    return None


def _attribution(pair: _Pair) -> CertaintyFinding | None:
    if pair.difference is None:
        return None
    lost = _lost(pair, ("attribution", "report", "according", "hedge"), "attribution")
    return CertaintyFinding("attribution_dropped", "", lost) if lost else None


def _condition(pair: _Pair) -> CertaintyFinding | None:
    difference = pair.aligned
    if difference is None or pair.claim.of_kind("condition"):
        return None
    start, end = difference.span.start, difference.span.end
    for cue in pair.source.of_kind("condition"):
        before = cue.end <= start and not _closed(pair.source, cue.end, start)
        if before or end <= cue.start <= end + 2:
            return CertaintyFinding("condition_dropped", "", _text(pair.source, cue))
    return None


def _text(reading: Reading, cue: Cue) -> str:
    return reading.words(cue.start, cue.end)


def _lost(pair: _Pair, kept: Sequence[str], kind: str) -> str:
    """A cue of the best sentence that the claim repeats the object of without any such cue; empty where none is lost.

    In line with the sentence, cues are counted against those the claim puts in; otherwise any cue of `kept` will do.
    """
    if difference := pair.aligned:
        lost = [
            cue
            for cue in pair.source.of_kind(kind)
            if _is_among(cue, difference.source_only) and _speaks_of_claim(pair, cue)
        ]
        added = [cue for cue in pair.claim.of_kind(*kept) if _is_among(cue, difference.claim_only)]
        if len(lost) > len(added):
            return _text(pair.source, lost[0])
    if pair.claim.of_kind(*kept):
        return ""
    dropped = _dropped(pair, kind)
    return _text(pair.source, dropped) if dropped else ""


def _dropped(pair: _Pair, *kinds: str) -> Cue | None:
    """The first cue of these kinds in the best sentence that bears on what the claim repeats."""
    return next((cue for cue in pair.source.of_kind(*kinds) if _speaks_of_claim(pair, cue)), None)


def _speaks_of_claim(pair: _Pair, cue: Cue) -> bool:
    """The cue bears on words that the claim repeats. Across languages any cue of a sentence of like length does."""
    source, difference = pair.source, pair.aligned
    if pair.difference is None:
        return len(source.tokens) <= 2 * len(pair.claim.tokens)
    inside = difference and difference.span.start <= cue.start < difference.span.end
    if difference and inside and not _is_among(cue, difference.source_only):
        return False
    reach = range(cue.end, cue.end + _REACH)
    after = [index for index in source.content if index in reach and not _closed(source, cue.end, index)]
    focus = after[:2] or [index for index in source.content if index < cue.start][-1:]
    return bool(focus) and all(source.stems[index] in pair.claim.stems for index in focus)


def _put_in(pair: _Pair, cue: Cue) -> bool:
    """The claim has the cue where the sentence has none of its kind."""
    difference = pair.aligned
    if difference is None or not _is_among(cue, difference.claim_only):
        return False
    return not any(_is_among(other, difference.source_only) for other in pair.source.of_kind(cue.kind))


def _is_among(cue: Cue, positions: frozenset[int]) -> bool:
    return not positions.isdisjoint(range(cue.start, cue.end))


def _closed(source: Reading, start: int, end: int) -> bool:
    return any(set(token.gap) & set(";:.") for token in source.tokens[start + 1 : end + 1])
