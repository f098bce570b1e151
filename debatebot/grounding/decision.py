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

from debatebot.grounding.channels import Channels, features
from debatebot.grounding.numbers import NumberFit
from debatebot.types import Reason, Verdict, VerdictLabel

_GRAVITY: tuple[VerdictLabel, ...] = ("contradicted", "unsupported", "partial", "supported")
_ALIGNED_COVERAGE = 0.55
"""Share of a claim's other words from which a wrong number or a negation speaks of the same thing."""
_SHOWN = 3
"""Words named in a reason."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The best label that remains possible, and why."""

    label: VerdictLabel
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic function and where its score begins to mean "partial" and "supported"."""

    weights: tuple[float, ...]
    partial: float
    supported: float

    def score(self, values: Sequence[float]) -> float:
        """0 to 1."""
        total = sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def weights(foreign: bool) -> Weights:
    """The weights for one language, or for a claim in another language than its sentences."""
    path = Path(__file__).parent.parent / "models" / "grounding.json"
    model = json.loads(path.read_text(encoding="utf-8"))["foreign" if foreign else "same"]
    return Weights(tuple(model["weights"].values()), model["partial"], model["supported"])


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
        case "bound" | "rounded" | "unit_left_out":
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


def decide(channels: Channels, similarity: float, others: Sequence[Finding] = ()) -> Verdict:
    """The verdict on a claim that is no plain quotation.

    Args:
        similarity: cosine of the claim and the closest cited sentence, -1 to 1.
        others: findings from outside the channels (an invented quotation, a cut).
    """
    model = weights(channels.foreign)
    score = model.score(features(channels, similarity))
    weighed = _weighed(channels, score, model)
    capped = sorted([*others, *findings(channels), weighed], key=lambda finding: _GRAVITY.index(finding.label))
    if weighed.label == "unsupported" and capped[0].label == "contradicted" and score < model.partial / 2:
        capped = [finding for finding in capped if finding.label != "contradicted"] or [weighed]
    gravest = capped[0]
    return Verdict(
        gravest.label, _banded(score, weighed.label, gravest.label, model), Reason(gravest.key, dict(gravest.values))
    )


def _weighed(channels: Channels, score: float, model: Weights) -> Finding:
    missing = channels.coverage.missing
    held = [index for index in channels.claim.content if index not in missing]
    if score >= model.supported:
        key = "same_meaning" if channels.foreign else "words_held"
        return Finding("supported", key, {"words": _listed(channels, held)})
    label: VerdictLabel = "partial" if score >= model.partial else "unsupported"
    if channels.foreign or not missing:
        return Finding(label, "far_in_meaning", {"words": _listed(channels, list(channels.claim.content))})
    return Finding(label, "words_missing", {"words": _listed(channels, list(missing))})


def _listed(channels: Channels, positions: Sequence[int]) -> str:
    words = [channels.claim.tokens[index].text for index in positions]
    return ", ".join(dict.fromkeys(words[:_SHOWN])) or channels.claim.text


def _banded(score: float, weighed: VerdictLabel, label: VerdictLabel, model: Weights) -> float:
    """The score, moved into the range of its label where a finding caps it; the order within a label is kept."""
    if label == weighed:
        return round(score, 4)
    low, high = {
        "supported": (model.supported, 1.0),
        "partial": (model.partial, model.supported),
        "unsupported": (model.partial / 2, model.partial),
        "contradicted": (0.0, model.partial / 2),
    }[label]
    return round(low + (high - low) * score, 4)
