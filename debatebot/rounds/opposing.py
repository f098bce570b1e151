"""Which sentences of an article answer a claim: of the other outlook, and about the same thing.

Two sentences are about the same thing when they share words that are rare in the article, and when their embeddings lie
nearer to each other than the claim's does to other sentences. Neither alone tells: opposites share a subject and a shape
("The town may gain visitors", "The town may lose visitors"), and an article's own subject stands in every sentence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from debatebot.questions import roots
from debatebot.rhetoric import has_quantity, in_analogy, is_weighing, sets_sides
from debatebot.rounds.parts import Opponent, Opposition
from debatebot.supports import may_support, takes_no_side
from debatebot.types import Claim, Evidence, OutlookPreference

LEANS = 0.25
"""Outlook from which a sentence or a claim takes the hopeful side; the negative of it: the worried one."""

ANSWERS = 0.3
"""How well a sentence must fit a claim (see `Opponents.rank`) to be said to answer it.

Read off the 120 closest pairs of the sample articles: above it nearly all speak of one thing, below it hardly any do.
"""

BEARS_ON = 0.12
"""The same for a sentence that only bears on a claim: enough where a side would otherwise be silent."""

_ALONE = (
    0.3  # standard deviations of nearness from which one word in common tells: "shipped abroad", "steel and shipping"
)
_SEVERAL = 2  # words in common from which two sentences speak of one thing though they are far apart otherwise
_CLOSELY = 0.4  # the same where more is asked: against a settled figure, and of what takes no side itself
_CLEAR = 0.5  # outlook from which even a sentence that leaves something open is one side's
_PLAIN = 0.2  # outlook within which a sentence is a plain fact
_NEARNESS = 0.16  # weight of a standard deviation of similarity beside the share of rare words in common


def by_outlook(_claim: str, outlook: float, sentences: Sequence[Evidence]) -> list[float]:
    """An `Opposition` that needs no model: a sentence of the other outlook speaks against the claim."""
    return [float(abs(item.sentence.outlook) >= LEANS and item.sentence.outlook * outlook < 0) for item in sentences]


def lean_of(claim: Claim) -> float:
    """Mean outlook of what a claim cites, -1 to 1; 0 where it cites nothing."""
    outlooks = [citation.sentence.outlook for citation in claim.citations]
    return float(np.mean(outlooks)) if outlooks else 0.0


def takes_side(claim: Claim) -> bool:
    """True for a claim that can be disputed: what it cites is no plain fact."""
    return abs(lean_of(claim)) >= LEANS


def may_dispute(outlook: OutlookPreference, claim: Claim) -> bool:
    """Whether a perspective of that outlook has anything against a claim: a hopeful one against worried ones, and so on."""
    lean = lean_of(claim)
    return {"hopeful": lean <= -LEANS, "worried": lean >= LEANS}.get(outlook, abs(lean) >= LEANS)


def is_settled_figure(claim: Claim) -> bool:
    """True for a figure that the article states: where nothing answers it, an honest opponent grants it.

    What takes its side clearly is a judgement with a figure in it ("the price is the greatest worry").
    """
    stated = claim.kind == "fact" and claim.verdict.label == "supported" and abs(lean_of(claim)) < _CLEAR
    return stated and has_quantity(claim.text) and any(map(str.isdigit, claim.text))


class Opponents:
    """Ranks sentences as answers to claims.

    Args:
        evidence: the sentences, of which rarity of words is counted too.
        vectors: sentence id → embedding, shape (dimensions,), of the evidence and of what the claims cite.
    """

    def __init__(
        self,
        evidence: Sequence[Evidence],
        vectors: Mapping[str, NDArray[np.float32]],
        opposition: Opposition = by_outlook,
    ) -> None:
        literal = [not flag for flag in in_analogy([item.sentence for item in evidence])]
        self._vectors = vectors
        self._opposition = opposition
        self._all = evidence
        self._roots = {item.sentence.id: roots(item.sentence.text) for item in evidence}
        self._frequency = Counter(root for found in self._roots.values() for root in found)
        self._usable = [
            item
            for item, plain in zip(evidence, literal, strict=True)
            if plain and not item.sentence.text.endswith("?")
        ]

    def rank(self, claim: Claim, outlook: OutlookPreference, least: float = ANSWERS) -> list[Opponent]:
        """Sentences with which a perspective of that outlook may answer the claim, the best first; none that do not fit.

        Args:
            least: fit from which they do; more is asked against a settled figure, and of what takes no side itself.
        """
        cited = {citation.sentence.id for citation in claim.citations}
        candidates = [item for item in self._usable if item.sentence.id not in cited and _suits(item, outlook)]
        if outlook == "balanced":
            opposed = [1.0] * len(candidates)
        else:
            opposed = list(self._opposition(claim.text, lean_of(claim), candidates))
        found = [
            Opponent(item, self._fit(claim, item, closely=least >= ANSWERS))
            for item, against in zip(candidates, opposed, strict=True)
            if against >= 0.5
        ]
        if outlook == "balanced" or is_settled_figure(claim):
            least = max(least, _CLOSELY)
        return sorted((one for one in found if one.fit >= least), key=lambda one: one.fit, reverse=True)

    def _fit(self, claim: Claim, item: Evidence, *, closely: bool) -> float:
        mine, theirs = roots(claim.text), self._roots[item.sentence.id]
        nearness = self._nearness(claim, item)
        in_common = len(mine & theirs)
        if nearness < 0 and in_common < _SEVERAL:
            return 0.0
        if closely and (not in_common or (in_common == 1 and nearness < _ALONE)):
            return 0.0
        least = min(self._weight(mine), self._weight(theirs))
        return (self._weight(mine & theirs) / least if least else 0.0) + _NEARNESS * nearness

    def _weight(self, words: frozenset[str]) -> float:
        size = len(self._all) + 1
        return sum(math.log(size / (1 + self._frequency[word])) for word in words)

    def _nearness(self, claim: Claim, item: Evidence) -> float:
        """Standard deviations by which the claim is nearer to the sentence than to sentences on the whole."""
        known = [citation.sentence.id for citation in claim.citations if citation.sentence.id in self._vectors]
        near = [self._vectors[identifier] for identifier in known]
        if not near:
            return 0.0
        whole = np.stack([self._vectors[other.sentence.id] for other in self._all])
        similarity = np.max(whole @ np.stack(near).T, axis=1)
        others = similarity[similarity < 0.999]
        mine = float(np.max(np.stack(near) @ self._vectors[item.sentence.id]))
        return (mine - float(others.mean())) / max(float(others.std()), 1e-3) if len(others) else 0.0


def _suits(item: Evidence, outlook: OutlookPreference) -> bool:
    """Whether a perspective of that outlook may speak this sentence as its own."""
    text, lean = item.sentence.text, item.sentence.outlook
    one_sided = not sets_sides(text) and (abs(lean) >= _CLEAR or not is_weighing(text))
    if outlook == "balanced":
        return (is_weighing(text) and not one_sided) or (abs(lean) <= _PLAIN and has_quantity(text))
    if not one_sided or takes_no_side(text):
        return False
    if outlook not in ("hopeful", "worried"):
        return abs(lean) >= LEANS
    return may_support(text, outlook) and (lean >= LEANS if outlook == "hopeful" else lean <= -LEANS)
