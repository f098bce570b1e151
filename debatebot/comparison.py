"""Where the answers agree, where they differ, what nobody used, how much each side says. Works on any engine's answers.

Nothing is written here: common ground and cruxes are sentences of the article, and an issue is named by words that both
sides use. Where the article holds no sentence that weighs the two, the crux is empty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from debatebot.questions import roots
from debatebot.rhetoric import is_weighing, states_value
from debatebot.types import (
    Answer,
    Claim,
    CommonGround,
    Comparison,
    Disagreement,
    Evidence,
    SideBalance,
)

_OPPOSITE = 0.25  # mean outlook of the cited sentences from which a claim takes a side
_MOST_DISAGREEMENTS = 4
_WORD = re.compile(r"[^\W\d_]{4,}")


def compare(
    answers: Sequence[Answer], evidence: Sequence[Evidence], vectors: Mapping[int, NDArray[np.float32]]
) -> Comparison:
    """Compare what the perspectives said on one evidence list.

    Args:
        answers: one a perspective; those that failed or said nothing only count in the balance.
        evidence: what they were given.
        vectors: number → embedding of that evidence sentence, shape (dimensions,).
    """
    return Comparison(
        common_ground=tuple(_common_ground(answers, evidence)),
        disagreements=tuple(_disagreements(answers, evidence, vectors)),
        unused_evidence=_unused(answers, evidence),
        balance={answer.perspective: _balance(answer) for answer in answers},
    )


def _common_ground(answers: Sequence[Answer], evidence: Sequence[Evidence]) -> Iterator[CommonGround]:
    users: dict[int, list[Claim]] = defaultdict(list)
    for claim in _grounded_claims(answers):
        for citation in claim.citations:
            users[citation.number].append(claim)
    for item in evidence:
        claims = users[item.number]
        if len({_side(claim) for claim in claims}) > 1:
            yield CommonGround(item.sentence.text, tuple(claim.id for claim in claims), (item.number,))


def _grounded_claims(answers: Sequence[Answer]) -> Iterator[Claim]:
    """Claims that may stand for their side: a statement that its own citation does not bear out agrees with nothing."""
    for answer in answers:
        for claim in answer.claims:
            if claim.citations and claim.verdict.label in ("supported", "partial"):
                yield claim


def _side(claim: Claim) -> str:
    return claim.id.rpartition(".")[0]


@dataclass(frozen=True)
class _Opposition:
    hopeful: Claim
    worried: Claim
    shared: frozenset[str]
    similarity: float


def _disagreements(
    answers: Sequence[Answer], evidence: Sequence[Evidence], vectors: Mapping[int, NDArray[np.float32]]
) -> Iterator[Disagreement]:
    settled: set[str] = set()
    oppositions = sorted(
        _oppositions(answers, vectors), key=lambda one: (len(one.shared), one.similarity), reverse=True
    )
    for one in oppositions:
        if len(settled) >= 2 * _MOST_DISAGREEMENTS or {one.hopeful.id, one.worried.id} & settled:
            continue
        settled |= {one.hopeful.id, one.worried.id}
        texts = (one.hopeful.text, one.worried.text)
        yield Disagreement(
            issue=_name_of(one),
            kind="value" if any(states_value(text) for text in texts) else "empirical",
            positions={_side(one.hopeful): one.hopeful.id, _side(one.worried): one.worried.id},
            crux=_crux(one, evidence),
        )


def _oppositions(answers: Sequence[Answer], vectors: Mapping[int, NDArray[np.float32]]) -> Iterator[_Opposition]:
    hopeful = [claim for claim in _grounded_claims(answers) if _mean_outlook(claim) >= _OPPOSITE]
    worried = [claim for claim in _grounded_claims(answers) if _mean_outlook(claim) <= -_OPPOSITE]
    # A perspective that gives both sides itself takes none of them.
    balanced = {_side(claim) for claim in hopeful} & {_side(claim) for claim in worried}
    for one, other in product(hopeful, worried):
        shared = roots(one.text) & roots(other.text)
        if shared and not balanced & {_side(one), _side(other)}:
            yield _Opposition(one, other, shared, _similarity(one, other, vectors))


def _mean_outlook(claim: Claim) -> float:
    return float(np.mean([citation.sentence.outlook for citation in claim.citations]))


def _similarity(one: Claim, other: Claim, vectors: Mapping[int, NDArray[np.float32]]) -> float:
    pairs = product(one.citations, other.citations)
    known = [(a.number, b.number) for a, b in pairs if a.number in vectors and b.number in vectors]
    return max((float(vectors[first] @ vectors[second]) for first, second in known), default=0.0)


def _name_of(opposition: _Opposition) -> str:
    """The words that both sides use, in the order of the hopeful claim, as it writes them."""
    words = [word for word in _WORD.findall(opposition.hopeful.text) if roots(word) & opposition.shared]
    distinct = {next(iter(roots(word))): word.lower() for word in reversed(words)}
    return " · ".join(reversed(distinct.values()))


def _crux(opposition: _Opposition, evidence: Sequence[Evidence]) -> str | None:
    """The article's own weighing of what both sides speak of; None when it does not weigh that."""
    weighing = [item.sentence.text for item in evidence if is_weighing(item.sentence.text)]
    shares = {text: len(roots(text) & opposition.shared) for text in weighing}
    best = max(shares, key=lambda text: shares[text], default=None)
    return best if best is not None and shares[best] else None


def _unused(answers: Sequence[Answer], evidence: Sequence[Evidence]) -> tuple[int, ...]:
    cited = {citation.number for answer in answers for claim in answer.claims for citation in claim.citations}
    return tuple(item.number for item in evidence if item.number not in cited)


def _balance(answer: Answer) -> SideBalance:
    cited = {citation.number: citation.sentence for claim in answer.claims for citation in claim.citations}
    outlooks = [sentence.outlook for sentence in cited.values()]
    return SideBalance(
        claims=len(answer.claims),
        words=sum(len(claim.text.split()) for claim in answer.claims),
        cited=len(cited),
        mean_outlook=float(np.mean(outlooks)) if outlooks else None,
    )
