"""From channels to a verdict: what a finding allows at most, and how the rest is weighed.

A finding (a wrong number, a denied sentence, an invented quotation) caps the label whatever the words share; without one,
a logistic function of the channels decides. Weights, thresholds and how they were got: debatebot/models/grounding.json
and grounding.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from debatebot.grounding.assessment import Assessment
from debatebot.grounding.channels import Channels, features, negation_odd
from debatebot.grounding.numbers import NumberFit
from debatebot.types import Reason, Verdict, VerdictLabel

_GRAVITY: tuple[VerdictLabel, ...] = ("contradicted", "unsupported", "partial", "supported")
_ALIGNED_COVERAGE = 0.55
"""Share of a claim's other words from which a wrong number or a negation speaks of the same thing."""
_SHOWN = 3
"""Words named in a reason."""
_HELD, _TRUSTED = 0.9, 0.73
"""Share of a claim's words, and score, from which reading claim and sentences together brings nothing (measured)."""
_AT_ODDS = 0.5
"""Score from which claim and sentences are taken to be at odds, though nothing can be named."""
_SUREST = 0.002
"""Scores nearer to 0 or 1 count as this: a reader is never so sure as it says."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The best label that remains possible, and why."""

    label: VerdictLabel
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """Two logistic functions, and where the score of support begins to mean "partial" and "supported"."""

    support: tuple[float, ...]
    contradiction: tuple[float, ...]
    partial: float
    supported: float

    def assess(self, values: Sequence[float]) -> Assessment:
        """Both scores of what was measured."""
        return Assessment(_logistic(self.support, values), _logistic(self.contradiction, values))


def _logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    total = sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def _fitted() -> Mapping[str, Any]:
    path = Path(__file__).parent.parent / "models" / "grounding.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def model(foreign: bool) -> Model:
    """The fitted model for a claim in the language of its sentences, or for one in another."""
    fitted = _fitted()["foreign" if foreign else "same"]
    support, contradiction = (tuple(fitted[head].values()) for head in ("support", "contradiction"))
    return Model(support, contradiction, fitted["partial"], fitted["supported"])


def assess(channels: Channels, similarity: float) -> Assessment:
    """Both scores of a claim that is no plain quotation.

    Args:
        similarity: cosine of the claim and the closest cited sentence, -1 to 1.
    """
    return model(channels.foreign).assess(features(channels, similarity))


def worth_reading(channels: Channels, own: Assessment) -> bool:
    """Whether a reader could tell what the channels do not: not of a claim whose words the sentences hold nearly all."""
    held = channels.coverage.share >= _HELD and own.support >= _TRUSTED and not negation_odd(channels)
    return not (channels.foreign or held)


def with_second(own: Assessment, second: Assessment) -> Assessment:
    """The scores, with what a reader says of claim and sentences."""
    weights = {head: tuple(_fitted()["read"][head].values()) for head in ("support", "contradiction")}
    values = combined(own, second)
    return Assessment(_logistic(weights["support"], values), _logistic(weights["contradiction"], values))


def combined(own: Assessment, second: Assessment) -> list[float]:
    """What the weights "read" weigh: the logarithms of the odds that channels and reader give."""
    scores = (own.support, own.contradiction, second.support, second.contradiction)
    return [1.0, *(_log_odds(score) for score in scores)]


def _log_odds(score: float) -> float:
    kept = min(1 - _SUREST, max(_SUREST, score))
    return math.log(kept / (1 - kept))


def findings(channels: Channels) -> list[Finding]:
    """What caps the label, the gravest first."""
    same_thing = _same_thing(channels)
    found = [finding for fit in channels.numbers if (finding := _number_finding(fit, same_thing))]
    found += _name_findings(channels)
    for polarity in channels.polarity:
        label: VerdictLabel = "contradicted" if same_thing else "unsupported"
        found.append(Finding(label, polarity.kind, {"claim": polarity.claim, "source": polarity.source}))
    for certainty in channels.certainty:
        found.append(Finding("partial", certainty.kind, {"claim": certainty.claim, "source": certainty.source}))
    return sorted(found, key=lambda finding: _GRAVITY.index(finding.label))


def _same_thing(channels: Channels) -> bool:
    """The claim speaks of what a sentence speaks of; across languages the words cannot tell, and it is taken so."""
    return channels.foreign or channels.coverage.share >= _ALIGNED_COVERAGE


def _number_finding(fit: NumberFit, same_thing: bool) -> Finding | None:
    values = {"claim": fit.claim.shown or fit.claim.text, "source": ""}
    if fit.source:
        values["source"] = fit.source.shown or fit.source.text
    wrong: VerdictLabel = "contradicted" if same_thing else "unsupported"
    match fit.fit:
        case "equal":
            return None
        case "bound" | "rounded" | "unit_left_out" | "precise":
            return Finding("partial", f"number_{fit.fit}", values)
        case "missing":
            return Finding("unsupported", "number_missing", values)
        case "opposite_bound":
            return Finding(wrong, "number_bound", values)
        case "unit":
            return Finding(wrong, "number_unit", values)
    return Finding(wrong, "number_differs", values)


def _name_findings(channels: Channels) -> list[Finding]:
    found: list[Finding] = []
    for gap in channels.names:
        if gap.rival:
            found.append(Finding("unsupported", "name_differs", {"claim": gap.name, "source": gap.rival}))
        else:
            mild = channels.foreign or gap.pronoun
            found.append(Finding("partial" if mild else "unsupported", "name_missing", {"claim": gap.name}))
    if channels.swap:
        found.append(
            Finding("unsupported", "names_swapped", {"claim": channels.swap.first, "source": channels.swap.second})
        )
    return found


def decide(channels: Channels, said: Assessment, others: Sequence[Finding] = ()) -> Verdict:
    """The verdict on a claim that is no plain quotation.

    Args:
        said: its scores.
        others: findings from outside the channels (an invented quotation, a cut).
    """
    score, fitted = said.support, model(channels.foreign)
    weighed = _weighed(channels, said, fitted)
    capped = sorted([*others, *findings(channels), weighed], key=lambda finding: _GRAVITY.index(finding.label))
    if weighed.label == "unsupported" and capped[0].label == "contradicted" and score < fitted.partial / 2:
        capped = [finding for finding in capped if finding.label != "contradicted"] or [weighed]
    gravest = capped[0]
    return Verdict(gravest.label, _banded(score, gravest.label, fitted), Reason(gravest.key, dict(gravest.values)))


def _weighed(channels: Channels, said: Assessment, fitted: Model) -> Finding:
    missing = channels.coverage.missing
    held = [index for index in channels.claim.content if index not in missing]
    label = _label_of(said.support, fitted)
    if label == "supported":
        key = "same_meaning" if channels.foreign else "words_held"
        return Finding("supported", key, {"words": _listed(channels, held)})
    at_odds = said.contradiction > max(_AT_ODDS, said.support)
    if at_odds:  # without a word that shows it, it is not said to contradict
        return Finding("unsupported", "at_odds", {"words": _listed(channels, _own_words(channels))})
    if channels.foreign or not missing:
        return Finding(label, "far_in_meaning", {"words": _listed(channels, list(channels.claim.content))})
    return Finding(label, "words_missing", {"words": _listed(channels, list(missing))})


def _label_of(score: float, fitted: Model) -> VerdictLabel:
    """The label of a score of support that nothing caps."""
    if score >= fitted.supported:
        return "supported"
    return "partial" if score >= fitted.partial else "unsupported"


def _own_words(channels: Channels) -> list[int]:
    """Where the claim's words are that the closest sentence has not in the same place; all that tell, if there are none."""
    content = list(channels.claim.content)
    if channels.difference is None:
        return content
    return [index for index in content if index in channels.difference.claim_only] or content


def _listed(channels: Channels, positions: Sequence[int]) -> str:
    words = [channels.claim.tokens[index].text for index in positions]
    return ", ".join(dict.fromkeys(words[:_SHOWN])) or channels.claim.text


def _banded(score: float, label: VerdictLabel, fitted: Model) -> float:
    """The score, moved into the range of its label where something caps it; the order within a label is kept."""
    if label == _label_of(score, fitted):
        return round(score, 4)
    low, high = {
        "supported": (fitted.supported, 1.0),
        "partial": (fitted.partial, fitted.supported),
        "unsupported": (fitted.partial / 2, fitted.partial),
        "contradicted": (0.0, fitted.partial / 2),
    }[label]
    return round(low + (high - low) * score, 4)
