"""What an engine is given and gives for a rebuttal, and the Protocols that it fulfils."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from debatebot.rounds.types import Remark
from debatebot.types import AnswerRequest, Claim, DraftClaim, Evidence, Insufficient, Perspective, Retrieval, Usage


@dataclass(frozen=True, slots=True)
class Opponent:
    """A sentence that answers a claim, and how well: `fit` is about 0 for any two sentences and 1 for a close pair."""

    evidence: Evidence
    fit: float


@dataclass(frozen=True, slots=True)
class RebuttalRequest:
    """What one side is asked in one round.

    `asked`: the opening question as this side was asked it, byte for byte, so that a model's prompt begins the same.
    `evidence`: the whole list as it is now.
    `claims`: all claims so far, of all sides, in the order in which they were made; `sides`: claim id → perspective.
    `standing`: ids of other sides' claims that this side has not answered yet; `opponents`: of those that it may dispute,
    the sentences of `evidence` that answer them, the best first, also when this side has used them before.
    `remark`: what the person said before this round, and `remark_found` what the articles say to it, numbered as in
    `evidence`; both None where the person said nothing, or not to this side.
    """

    asked: AnswerRequest
    number: int
    evidence: tuple[Evidence, ...]
    claims: tuple[Claim, ...]
    sides: Mapping[str, Perspective]
    standing: tuple[str, ...]
    opponents: Mapping[str, Sequence[Opponent]]
    remark: Remark | None = None
    remark_found: Retrieval | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def perspective(self) -> Perspective:
        """Who speaks."""
        return self.asked.perspective

    @property
    def own(self) -> tuple[Claim, ...]:
        """What this side has said so far."""
        return tuple(claim for claim in self.claims if self.sides[claim.id].name == self.perspective.name)

    @property
    def others(self) -> tuple[Claim, ...]:
        """What the other sides have said so far: the claims that may be answered."""
        return tuple(claim for claim in self.claims if self.sides[claim.id].name != self.perspective.name)

    @property
    def added(self) -> tuple[Evidence, ...]:
        """What was found after the opening."""
        known = {item.number for item in self.asked.retrieval.evidence}
        return tuple(item for item in self.evidence if item.number not in known)


@dataclass(frozen=True, slots=True)
class Target:
    """An engine has named what its next words answer: a claim id, or None for the person's remark."""

    answers: str | None
    concedes: bool = False


@dataclass(frozen=True, slots=True)
class RebuttalDraft:
    """A rebuttal as an engine gives it, not yet checked."""

    target: Target
    claim: DraftClaim


@dataclass(frozen=True, slots=True)
class AlreadyAnswered:
    """This side's own earlier claim `by` answers the claim already."""

    claim_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """The engine has nothing in the articles to answer this claim (`REMARK`: the person's remark) with."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line named no claim that this side may answer: it is counted, and never guessed at."""


RebutterEvent = Target | str | RebuttalDraft | AlreadyAnswered | Unanswerable | DroppedLine | Insufficient | Usage


@runtime_checkable
class Rebutter(Protocol):
    """An engine that can also answer another side's claims."""

    def rebut(self, request: RebuttalRequest) -> Iterator[RebutterEvent]:
        """Yield what this side says in this round, as it comes.

        Raises:
            EngineError: the engine could not answer, or broke off; what was yielded before stands.
        """

    def rebuttal_hash(self, perspective: Perspective) -> str:
        """Short hash of all prompt text a rebuttal of this perspective is made with."""


class Opposition(Protocol):
    """Tells how far sentences speak against a claim."""

    def __call__(self, claim: str, outlook: float, sentences: Sequence[Evidence], /) -> Sequence[float]:
        """One number a sentence: 1 where it speaks against the claim, 0 where it does not.

        Args:
            outlook: mean outlook of what the claim cites, -1 (worried) to 1 (hopeful).
        """
