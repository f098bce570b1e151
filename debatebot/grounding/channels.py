"""All channels of one claim against the sentences it cites, and the numbers a weighing makes of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from debatebot.grounding.certainty import CertaintyFinding, certainty_findings
from debatebot.grounding.coverage import Coverage, Difference, coverage, difference
from debatebot.grounding.exchange import exchanged_numbers
from debatebot.grounding.frequency import weight
from debatebot.grounding.names import NameGap, Swap, missing_names, swapped_names
from debatebot.grounding.numbers import NumberFit, fit_numbers
from debatebot.grounding.polarity import PolarityFinding, cross_language_findings, negation_cues, polarity_findings
from debatebot.grounding.reading import Reading, language_of, read

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”)]?\s+(?=[«\"“(]?[A-ZÀ-Ý])")
FEATURES = (
    "bias",
    "coverage",
    "coverage_high",
    "joined",
    "aligned",
    "similarity",
    "similarity_high",
    "numbers_wrong",
    "names_missing",
    "opposed",
    "uncertain",
    "negation_odd",
    "heaviest_missing",
    "words_missing",
    "phrases",
    "personal",
    "length",
    "numbers_rival",
)
_PERSONAL = frozenset("i i'm i've my me you your we our je j' mon ma mes moi tu vous nous notre".split())


@dataclass(frozen=True, slots=True)
class Channels:
    """What was found of one claim. `foreign`: it is in another language than all of its sentences."""

    claim: Reading
    sources: tuple[Reading, ...]
    foreign: bool
    coverage: Coverage
    difference: Difference | None
    numbers: tuple[NumberFit, ...]
    names: tuple[NameGap, ...]
    swap: Swap | None
    polarity: tuple[PolarityFinding, ...]
    certainty: tuple[CertaintyFinding, ...]


def examine(claim: str, sentences: Sequence[str]) -> Channels:
    """Compare a claim with the sentences it cites; nothing is embedded."""
    known = [language_of(sentence) for sentence in sentences]
    hint = next((language for language in known if language), None) or language_of(claim) or "en"
    mine = read(claim, hint)
    sources = tuple(
        read(part, mine.language) for sentence in sentences for part in _SENTENCE_END.split(sentence) if part
    )
    same = [source for source in sources if source.language == mine.language]
    pairs = [(difference(mine, source), source) for source in same]
    best = max(pairs, key=lambda pair: pair[0].ratio, default=None)
    ordered = [best[1], *(source for source in sources if source is not best[1])] if best else list(sources)
    return Channels(
        claim=mine,
        sources=tuple(ordered),
        foreign=not same,
        coverage=coverage(mine, sources),
        difference=best[0] if best else None,
        numbers=(
            *fit_numbers(mine.quantities, [quantity for source in sources for quantity in source.quantities]),
            *(exchanged_numbers(mine, best[1]) if best else ()),
        ),
        names=tuple(missing_names(mine, sources)) if sources else (),
        swap=swapped_names(mine, best[1]) if best else None,
        polarity=tuple(polarity_findings(mine, best[1], best[0]) if best else cross_language_findings(mine, sources)),
        certainty=tuple(certainty_findings(mine, ordered, best[0] if best else None)) if ordered else (),
    )


def features(channels: Channels, similarity: float) -> list[float]:
    """The numbers named by FEATURES, each about -1 to 1. `similarity`: cosine of the claim and the closest sentence."""
    covered = channels.coverage
    heaviest = max(
        (weight(channels.claim.stems[index], channels.claim.language) for index in covered.missing), default=0.0
    )
    return [
        1.0,
        covered.share,
        max(0.0, covered.share - 0.75) * 4,
        covered.joined,
        channels.difference.ratio if channels.difference else 0.0,
        (similarity - 0.85) * 10,
        max(0.0, similarity - 0.93) * 15,
        min(2.0, sum(fit.fit in ("differs", "missing", "unit", "opposite_bound") for fit in channels.numbers)),
        min(2.0, len(channels.names)) + (channels.swap is not None),
        min(2.0, len(channels.polarity)),
        min(2.0, len(channels.certainty)),
        negation_odd(channels),
        heaviest / 9,
        min(4, len(covered.missing)) / 4,
        _phrases_held(channels),
        float(_is_personal(channels)),
        math.log1p(len(channels.claim.content)) / 3,
        covered.share * any(fit.fit in ("differs", "unit", "opposite_bound") for fit in channels.numbers),
    ]


def negation_odd(channels: Channels) -> float:
    """One text denies and the other does not, whatever it is said of: 1 for texts of about the same length.

    A longer sentence may well deny something that the claim does not speak of; a claim that denies where no sentence
    does counts in full.
    """
    mine = len(negation_cues(channels.claim))
    theirs = [len(negation_cues(source)) for source in channels.sources]
    if mine % 2 == sum(theirs[:1]) % 2:
        return 0.0
    length = sum(len(source.tokens) for source in channels.sources)
    return 1.0 if mine and not sum(theirs) else min(1.0, 1.5 * len(channels.claim.tokens) / max(1, length))


def _phrases_held(channels: Channels) -> float:
    """Share of the claim's runs of three words that a sentence holds."""
    runs = _runs(channels.claim)
    held = {run for source in channels.sources for run in _runs(source)}
    return sum(run in held for run in runs) / len(runs) if runs else 1.0


def _runs(reading: Reading) -> list[tuple[str, ...]]:
    return [reading.stems[at : at + 3] for at in range(len(reading.stems) - 2)]


def _is_personal(channels: Channels) -> bool:
    """The claim asks, or speaks of "I" and "you" where no sentence does: talk, and no statement about the article."""
    if "?" in channels.claim.text:
        return True
    theirs = {word for source in channels.sources for word in source.folded}
    return bool(_PERSONAL & set(channels.claim.folded) - theirs)
