"""How much each side says, of what kind, and whether a balanced one keeps the balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from debatebot.comparison.material import Outlooks
from debatebot.grounding.reading import read
from debatebot.types import Answer, Claim, CompareRequest, Evidence, Lean, SideBalance

BAND = 0.25
"""Mean outlook of the sentences cited within which a balanced answer counts as balanced: that from which one sentence takes
a side. Over the 84 questions of tests/data/questions.toml and corpus/ the built-in neutral answer stays within 0.19, half of
its answers within 0.03."""

_FEWEST = 2  # sentences cited: a question for one fact is answered with it, whatever it is


def balance_of(request: CompareRequest, outlooks: Outlooks | None) -> dict[str, SideBalance]:
    """Perspective → how much it says."""
    return {
        answer.perspective: _balance(answer, request.retrieval.evidence, request.language, outlooks)
        for answer in request.answers
    }


def leans(balance: Mapping[str, SideBalance], band: float = BAND) -> tuple[Lean, ...]:
    """Those of the sides given, all of them to be balanced, that lean beyond the band."""
    return tuple(
        Lean(name, side.mean_outlook, band)
        for name, side in balance.items()
        if side.cited >= _FEWEST and side.mean_outlook is not None and abs(side.mean_outlook) > band
    )


def _balance(answer: Answer, evidence: Sequence[Evidence], language: str, outlooks: Outlooks | None) -> SideBalance:
    cited = {citation.number: citation.sentence for claim in answer.claims for citation in claim.citations}
    return SideBalance(
        claims=len(answer.claims),
        words=sum(len(claim.text.split()) for claim in answer.claims),
        cited=len(cited),
        mean_outlook=_mean([sentence.outlook for sentence in cited.values()]),
        hedges=sum(len(read(claim.text, language).of_kind("hedge")) for claim in answer.claims),
        said_outlook=_mean(_said(answer.claims, language, outlooks)),
        coverage=_coverage(evidence, cited),
    )


def _said(claims: Sequence[Claim], language: str, outlooks: Outlooks | None) -> list[float]:
    """The outlook of each claim; nothing where that of some is not to be known."""
    quoted = {
        claim.text: citation.sentence.outlook
        for claim in claims
        for citation in claim.citations
        if citation.sentence.text == claim.text
    }
    written = [claim.text for claim in claims if claim.text not in quoted]
    if written and outlooks is None:
        return []
    scored = dict(zip(written, outlooks(written, language), strict=True)) if written and outlooks else {}
    known = quoted | scored
    return [float(known[claim.text]) for claim in claims]


def _coverage(evidence: Sequence[Evidence], cited: Mapping[int, object]) -> float:
    total = sum(item.relevance for item in evidence)
    return sum(item.relevance for item in evidence if item.number in cited) / total if total else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
