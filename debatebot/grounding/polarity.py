"""Whether a claim affirms what its sentence denies, or says the opposite: negations, opposed words, turned comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from debatebot.grounding.coverage import Difference
from debatebot.grounding.lexicon import lexicon
from debatebot.grounding.reading import Cue, Reading

PolarityKind = Literal["negation_added", "negation_dropped", "opposed", "comparison_reversed"]
ALIGNED = 0.55
"""Share of a claim's words in line with a sentence from which the two are compared position by position."""
_WINDOW = 5
"""Content words on each side that tell what a word is said of."""
_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis", "mal", "anti")
_WEAK_PREFIXES = ("de", "des")
"""Negating only before long roots: "déstabiliser", but not "déplacer"."""
_SHORTEST_ROOT = 4
_VERBAL = frozenset("not never cannot longer pas jamais plus guere to".split())
"""Negations of a verb, whose subject stands before them."""


@dataclass(frozen=True, slots=True)
class PolarityFinding:
    """The word of the claim and the word of the sentence that say opposite things (one may be empty)."""

    kind: PolarityKind
    claim: str
    source: str


def polarity_findings(claim: Reading, source: Reading, difference: Difference) -> list[PolarityFinding]:
    """Where claim and sentence (same language) oppose each other. A negation and an opposed word cancel out."""
    opposed = opposed_words(claim, source, difference)
    aligned = difference.ratio >= ALIGNED
    negations = _negations_aligned(claim, source, difference) if aligned else _negations_by_focus(claim, source)
    # "fails to" for "manages to": the opposed word is the negation, and does not take it back.
    said = {finding.claim.casefold() for finding in opposed} | {finding.source.casefold() for finding in opposed}
    negations = [
        finding for finding in negations if not said & set((finding.claim or finding.source).casefold().split())
    ]
    if (len(opposed) + len(negations)) % 2 == 0 and opposed and negations:
        return []
    turned = _turned_comparison(claim, source)
    return [*negations, *opposed, *([turned] if turned else [])]


def opposed(first: str, second: str, first_language: str, second_language: str, *, in_place: bool = False) -> bool:
    """The two stems stand on opposite sides of a group, or one is the other with a negating prefix.

    `in_place`: one stands where the other does, in a sentence that is otherwise the same; more groups count then.
    """
    mine, theirs = _sides(first, first_language, in_place), _sides(second, second_language, in_place)
    if any((group, 1 - side) in theirs for group, side in mine):
        return not mine & theirs
    return first_language == second_language and _negating_prefix(first, second)


def _sides(stemmed: str, language: str, in_place: bool) -> frozenset[tuple[int, int]]:
    known = lexicon(language)
    return (known.sides_in_place if in_place else known.sides).get(stemmed, frozenset())


@cache
def _negated_forms(root: str) -> frozenset[str]:
    return frozenset(
        prefix + root for prefix in (_PREFIXES if len(root) < 2 + _SHORTEST_ROOT else _PREFIXES + _WEAK_PREFIXES)
    )


def _negating_prefix(first: str, second: str) -> bool:
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return len(shorter) >= _SHORTEST_ROOT and longer in _negated_forms(shorter)


def opposed_words(claim: Reading, source: Reading, difference: Difference) -> list[PolarityFinding]:
    """Words of the claim whose opposite stands in the same place, or in the same company, of the sentence."""
    found: dict[int, PolarityFinding] = {}
    for mine, theirs in difference.replaced if difference.ratio >= ALIGNED else ():
        for a in mine:
            for b in theirs:
                if opposed(claim.stems[a], source.stems[b], claim.language, source.language, in_place=True):
                    found[a] = _finding(claim, a, source, b)
    held = set(source.stems)
    for a in _statements(claim):
        if a in found or claim.stems[a] in held or _has_synonym(claim, a, source):
            continue
        for b in _statements(source):
            if (
                source.stems[b] not in claim.stems
                and _opposed_at(claim, a, source, b)
                and _same_company(claim, a, source, b)
            ):
                found[a] = _finding(claim, a, source, b)
    return list(found.values())


def _statements(reading: Reading) -> list[int]:
    """Content words and the words that compare ("more", "most")."""
    sides = lexicon(reading.language).sides
    return [index for index, stemmed in enumerate(reading.stems) if index in reading.content or stemmed in sides]


def _opposed_at(claim: Reading, a: int, source: Reading, b: int) -> bool:
    return opposed(claim.stems[a], source.stems[b], claim.language, source.language)


def _finding(claim: Reading, a: int, source: Reading, b: int) -> PolarityFinding:
    return PolarityFinding("opposed", claim.tokens[a].text, source.tokens[b].text)


def _has_synonym(claim: Reading, index: int, source: Reading) -> bool:
    sides = lexicon(claim.language).sides.get(claim.stems[index], frozenset())
    return any(sides & lexicon(source.language).sides.get(stemmed, frozenset()) for stemmed in source.stems)


def _same_company(claim: Reading, a: int, source: Reading, b: int) -> bool:
    """The words around both have at least one in common (or the claim is too short to tell)."""
    mine = _around(claim, a)
    return len(mine) < 2 or len(mine & _around(source, b)) >= min(2, len(mine) // 2 + 1)


def _around(reading: Reading, index: int) -> set[str]:
    before = [at for at in reading.content if at < index][-_WINDOW:]
    after = [at for at in reading.content if at > index][:_WINDOW]
    return {reading.stems[at] for at in before + after}


def negation_cues(reading: Reading) -> list[Cue]:
    """Negations, one for "neither … nor", "ne … ni … ni", "n'a jamais rien"."""
    kept: list[Cue] = []
    for cue in reading.of_kind("negation"):
        repeated = kept and reading.folded[cue.start] in ("nor", "ni")
        doubled = kept and reading.language == "fr" and cue.start - kept[-1].end <= 2
        if not repeated and not doubled:
            kept.append(cue)
    return kept


def _negations_aligned(claim: Reading, source: Reading, difference: Difference) -> list[PolarityFinding]:
    added = [
        cue
        for cue in negation_cues(claim)
        if set(range(cue.start, cue.end)) & difference.claim_only and _shares_focus(claim, cue, source)
    ]
    reach = range(difference.span.start - 3, difference.span.end + 2)
    dropped = [
        cue
        for cue in negation_cues(source)
        if _shares_focus(source, cue, claim)
        and (
            set(range(cue.start, cue.end)) & difference.source_only
            or (cue.start in reach and not _within(cue, difference) and not _punctuated(source, cue, difference))
        )
    ]
    if len(added) % 2 == len(dropped) % 2:
        return []
    if len(added) > len(dropped):
        return [PolarityFinding("negation_added", claim.words(added[0].start, added[0].end), "")]
    return [PolarityFinding("negation_dropped", "", source.words(dropped[0].start, dropped[0].end))]


def _within(cue: Cue, difference: Difference) -> bool:
    return difference.span.start <= cue.start < difference.span.end


def _shares_focus(reading: Reading, cue: Cue, other: Reading) -> bool:
    """What the negation is said of stands in the other text too; otherwise it denies nothing the other affirms."""
    before = [index for index in reading.content if index < cue.start][-1:]
    verbal = reading.folded[cue.end - 1].endswith("n't") or reading.folded[cue.end - 1] in _VERBAL
    focus = _focus(reading, cue) + (before if verbal else [])
    return not focus or any(reading.stems[index] in other.stems for index in focus)


def _punctuated(source: Reading, cue: Cue, difference: Difference) -> bool:
    start, end = (
        (cue.end, difference.span.start) if cue.start < difference.span.start else (difference.span.end, cue.start)
    )
    return any(set(token.gap) & set(",;:.()") for token in source.tokens[start : end + 1])


def _focus(reading: Reading, cue: Cue) -> list[int]:
    """What a cue is said of: the next two content words of the clause, else the one before."""
    after: list[int] = []
    for index in range(cue.end, min(cue.end + 6, len(reading.tokens))):
        if set(reading.tokens[index].gap) & set(",;:.") and index > cue.end:
            break
        if index in reading.content:
            after.append(index)
    return after[:2] or [at for at in reading.content if at < cue.start][-1:]


def _negations_by_focus(claim: Reading, source: Reading) -> list[PolarityFinding]:
    added = _one_sided(claim, source)
    dropped = _one_sided(source, claim)
    if len(added) == len(dropped):
        return []
    if added:
        return [PolarityFinding("negation_added", claim.words(added[0].start, added[0].end), "")]
    return [PolarityFinding("negation_dropped", "", source.words(dropped[0].start, dropped[0].end))]


def _one_sided(reading: Reading, other: Reading) -> list[Cue]:
    """Negations whose focus the other text holds without any negation."""
    negated = {other.stems[index] for cue in negation_cues(other) for index in _focus(other, cue)}
    return [
        cue
        for cue in negation_cues(reading)
        if (focus := {reading.stems[index] for index in _focus(reading, cue)})
        and focus <= set(other.stems)
        and not focus & negated
    ]


def _turned_comparison(claim: Reading, source: Reading) -> PolarityFinding | None:
    """ "A costs less than B" of "B costs less than A"."""
    mine, theirs = _comparison(claim), _comparison(source)
    if not mine or not theirs:
        return None
    crossed = (mine[0] - mine[1]) & (theirs[1] - theirs[0]) and (mine[1] - mine[0]) & (theirs[0] - theirs[1])
    straight = (mine[0] & theirs[0] - mine[1] - theirs[1]) and (mine[1] & theirs[1] - mine[0] - theirs[0])
    if not crossed or straight or opposed_pair(claim, source):
        return None
    at = claim.of_kind("than")[0]
    return PolarityFinding("comparison_reversed", claim.words(at.start, at.end), "")


def opposed_pair(claim: Reading, source: Reading) -> bool:
    """Some word of the claim is opposed to some word of the sentence: then a turned comparison says the same."""
    compared = [index for index in _statements(claim) if claim.stems[index] not in source.stems]
    return any(_opposed_at(claim, a, source, b) for a in compared for b in _statements(source))


def _comparison(reading: Reading) -> tuple[set[str], set[str]] | None:
    """Content words before and after "than" ("que" after "plus" or "moins")."""
    for cue in reading.of_kind("than"):
        before = reading.folded[max(0, cue.start - 6) : cue.start]
        if reading.language == "en" or {"plus", "moins", "meilleur", "meilleure", "pire"} & set(before):
            left = {reading.stems[index] for index in reading.content if index < cue.start}
            right = {reading.stems[index] for index in reading.content if index >= cue.end}
            return left, right
    return None


def cross_language_findings(claim: Reading, sources: Sequence[Reading]) -> list[PolarityFinding]:
    """What can be told of two languages: one text denies and the other, of about the same length, does not."""
    mine = len(negation_cues(claim))
    lengths = sum(len(source.tokens) for source in sources)
    opposed_found = _opposed_across(claim, sources)
    theirs = sum(len(negation_cues(source)) for source in sources)
    comparable = 0.6 <= len(claim.tokens) / max(1, lengths) <= 1.7
    odd = mine % 2 != theirs % 2 and (comparable or (mine and not theirs))
    if odd and opposed_found:
        return []
    if not odd:
        return opposed_found
    if mine > theirs:
        cue = negation_cues(claim)[0]
        return [PolarityFinding("negation_added", claim.words(cue.start, cue.end), "")]
    source, cue = next((source, cue) for source in sources for cue in negation_cues(source))
    return [PolarityFinding("negation_dropped", "", source.words(cue.start, cue.end))]


def _opposed_across(claim: Reading, sources: Sequence[Reading]) -> list[PolarityFinding]:
    for a in claim.content:
        if any(_has_synonym(claim, a, source) for source in sources):
            continue
        for source in sources:
            for b in source.content:
                if _opposed_at(claim, a, source, b) and not _has_synonym(source, b, claim):
                    return [_finding(claim, a, source, b)]
    return []
