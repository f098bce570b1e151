"""Word-for-word quotation: whether a claim stands in a sentence as it is, and what a shortened quotation leaves out.

Whole words and whole numbers are compared ("96 %" holds no "6 %"). A part of a sentence may say something else than the
sentence: what was cut is searched for a negation, a doubt, a condition, or the name of who says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from debatebot.grounding.reading import QUANTIFIERS, Cue, Reading, read
from debatebot.grounding.words import Token, ending, tokenise, unify

Cut = Literal["negation_cut", "qualifier_cut", "condition_cut", "attribution_cut", "question_cut", "number_cut"]
SHORTEST_QUOTE = 5
"""Words from which a part of a sentence counts as a quotation; fewer are judged like any other claim."""
_QUOTED = re.compile(r'"([^"]{2,400})"')
_ELLIPSIS = re.compile(r"\[\.\.\.\]|\(\.\.\.\)|\.\.\.")
_BESIDE_BOUND = frozenset({"more", "less", "least", "at_most", "near", "few", "only", "some", "most"})
_NO_SAYING = frozenset(
    "so such fact means meant show shows showed shown prove proves proved found now given time , plus moins aussi si tel telle "
    "tant tellement afin alors tandis parce bien pour fait sorte lors puis autant meme mesure montre montrent prouve moment".split()
)

_DENY_WHAT_FOLLOWS = frozenset({"instead of", "rather than", "au lieu de", "au lieu d'", "plutôt que", "plutôt qu'"})
"""Negations that stand after what they leave standing: "can rise | instead of falling"."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` (exclusive) of a sentence."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CutFinding:
    """What a shortened quotation leaves out, and the words that show it."""

    cut: Cut
    words: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A part of `sentence`, word for word; `cut` is None where what was left out changes nothing."""

    sentence: str
    cut: CutFinding | None


def is_whole(claim: str, sentences: Sequence[str]) -> bool:
    """The claim is one cited sentence, or several one after the other, word for word."""
    keys = _keys(tokenise(claim))
    asks = "?" in ending(claim, tokenise(claim))
    position = 0
    candidates = [(_keys(tokenise(sentence)), sentence) for sentence in sentences]
    while position < len(keys):
        found = next(
            (pair for pair in candidates if pair[0] and keys[position : position + len(pair[0])] == pair[0]), None
        )
        if found is None:
            return False
        position += len(found[0])
        if "?" in ending(found[1], tokenise(found[1])) and not (asks or "?" in claim):
            return False
    return bool(keys)


def find_spans(claim: str, sentence: str) -> tuple[Span, ...]:
    """Where the claim (or its parts between ellipses) stands in the sentence, in order; empty where it does not."""
    tokens = tokenise(sentence)
    keys = _keys(tokens)
    spans: list[Span] = []
    for part in _ELLIPSIS.split(unify(claim)):
        needle = _keys(tokenise(part))
        if not needle:
            continue
        start = _find(needle, keys, tokens, spans[-1].end if spans else 0)
        if start is None:
            return ()
        spans.append(Span(start, start + len(needle)))
    return tuple(spans)


def find_quotation(claim: str, sentence: str) -> Quotation | None:
    """The claim as a part of the sentence, word for word, with what the cut changes; None where it is no part of it."""
    spans = find_spans(claim, sentence)
    if not spans:
        return None
    cut = cut_finding(read(sentence), spans)
    if cut is None and "?" in ending(sentence, tokenise(sentence)) and "?" not in claim:
        cut = CutFinding("question_cut", "?")
    return Quotation(sentence, cut)


def without_frame(text: str) -> str:
    """The claim without "According to the article," or "However," at its beginning."""
    reading = read(text)
    start = 0
    while cue := next((cue for cue in reading.of_kind("frames", "connectors") if cue.start == start), None):
        start = cue.end
    return unify(text)[reading.tokens[start].start :] if 0 < start < len(reading.tokens) else text


def quoted_parts(text: str) -> list[str]:
    """What stands between quotation marks, marks removed."""
    return [part.strip() for part in _QUOTED.findall(unify(text)) if tokenise(part)]


def _keys(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.key for token in tokens)


def _find(needle: tuple[str, ...], keys: tuple[str, ...], tokens: tuple[Token, ...], start: int) -> int | None:
    for at in range(start, len(keys) - len(needle) + 1):
        if keys[at] == needle[0] and keys[at : at + len(needle)] == needle and _at_words(tokens, at, at + len(needle)):
            return at
    return None


def _at_words(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Neither edge parts a compound: "law" is no quotation from "law-abiding"."""
    before = start == 0 or tokens[start].gap not in ("", "-") or tokens[start - 1].text.endswith("'")
    after = end >= len(tokens) or tokens[end].gap not in ("", "-") or tokens[end].text in "%€$£°"
    return before and after


def cut_finding(sentence: Reading, spans: Sequence[Span]) -> CutFinding | None:
    """What the spans leave out of the sentence that changes what they say; the gravest first."""
    start, end = spans[0].start, spans[-1].end
    if (parted := _parted_number(sentence, spans)) is not None:
        return parted
    gaps = [Span(first.end, second.start) for first, second in pairwise(spans)]
    for kinds, cut in _GRAVITY:
        for cue in sentence.of_kind(*kinds):
            inner = any(gap.start <= cue.start and cue.end <= gap.end for gap in gaps)
            if inner or _governs_from_left(sentence, cue, start, cut) or _governs_from_right(sentence, cue, end, cut):
                return CutFinding(cut, sentence.words(cue.start, cue.end))
    return _torn_negation(sentence, start, end) or _said_that(sentence, start) or _beside(sentence, start)


_GRAVITY: tuple[tuple[tuple[str, ...], Cut], ...] = (
    (("negation",), "negation_cut"),
    (("condition",), "condition_cut"),
    (("attribution", "report"), "attribution_cut"),
    (("hedge",), "qualifier_cut"),
)


def _parted_number(sentence: Reading, spans: Sequence[Span]) -> CutFinding | None:
    for quantity in sentence.quantities:
        for span in spans:
            for edge in (span.start, span.end):
                if quantity.start < edge < quantity.end:
                    return CutFinding("number_cut", quantity.text)
    return None


def _governs_from_left(sentence: Reading, cue: Cue, start: int, cut: Cut) -> bool:
    if cue.end > start:
        return False
    closed = _closed(sentence, cue.end, start)
    if cut == "attribution_cut":
        return not closed
    if cut == "condition_cut":
        return not closed and not _answered(sentence, cue.end, start)
    opened = any(that.start >= cue.end - 1 and that.end <= start for that in sentence.of_kind("that"))
    return not closed and (opened or not _parted(sentence, cue.end, start))


def _answered(sentence: Reading, start: int, end: int) -> bool:
    """The condition and what follows from it are both before the cut: "If A, B; C"."""
    return sum("," in token.gap for token in sentence.tokens[start : end + 1]) > 1


def _governs_from_right(sentence: Reading, cue: Cue, end: int, cut: Cut) -> bool:
    if cue.start < end:
        return False
    if cut == "attribution_cut":
        return (
            cue.start <= end + 3
            and not _parted(sentence, end + 1, cue.start)
            and not _begins_clause(sentence, end, cue.start)
        )
    if cut == "condition_cut":
        return not _parted(sentence, end + 1, cue.start) and not _begins_clause(sentence, end, cue.start)
    if cut == "negation_cut" and sentence.words(cue.start, cue.end).casefold() in _DENY_WHAT_FOLLOWS:
        return False
    return not _parted(sentence, end, cue.start)


def _begins_clause(sentence: Reading, start: int, end: int) -> bool:
    return any(start <= cue.start < end for cue in sentence.of_kind("boundary", "strong_boundary"))


def _closed(sentence: Reading, start: int, end: int) -> bool:
    """A new statement begins between the words `start` and `end` (inclusive)."""
    if any(mark in token.gap for token in sentence.tokens[start : end + 1] for mark in ";."):
        return True
    return any(
        start <= cue.start <= end
        and (sentence.folded[cue.start] not in ("and", "et") or "," in sentence.tokens[cue.start].gap)
        for cue in sentence.of_kind("strong_boundary")
    )


def _parted(sentence: Reading, start: int, end: int) -> bool:
    """Punctuation or a conjunction stands between the words `start` and `end` (inclusive)."""
    tokens = sentence.tokens[start : end + 1]
    return any(set(token.gap) & set(',;:.()"?!') or " - " in token.gap for token in tokens) or any(
        start <= cue.start <= end for cue in sentence.of_kind("boundary", "strong_boundary")
    )


def _said_that(sentence: Reading, start: int) -> CutFinding | None:
    """The quotation begins after "that": somebody says, knows or hopes it. Not after "so that", "the fact that"."""
    if (
        start < 2
        or sentence.folded[start - 1] not in ("that", "que", "qu'")
        or sentence.folded[start - 2] in _NO_SAYING
    ):
        return None
    return CutFinding("attribution_cut", sentence.words(start - 2, start))


def _torn_negation(sentence: Reading, start: int, end: int) -> CutFinding | None:
    """The quotation ends between "ne" and what completes it."""
    for at in range(max(start, end - 3), end):
        inside = any(at < cue.start < end for cue in sentence.of_kind("negation", "only"))
        if sentence.folded[at] in ("ne", "n'") and not inside and end < len(sentence.tokens):
            return CutFinding("negation_cut", sentence.words(at, min(end + 1, len(sentence.tokens))))
    return None


def _beside(sentence: Reading, start: int) -> CutFinding | None:
    """ "less than | 10 percent of them": the word that bounds what the quotation begins with is cut."""
    for cue in sentence.cues:
        if (
            cue.kind in _BESIDE_BOUND
            and cue.end == start
            and (cue.kind in QUANTIFIERS or _begins_number(sentence, start))
        ):
            return CutFinding("qualifier_cut", sentence.words(cue.start, cue.end))
    return None


def _begins_number(sentence: Reading, start: int) -> bool:
    return any(quantity.start in (start, start + 1) for quantity in sentence.quantities)
