"""What a debate in rounds is made of, and what happens while it goes on; what engines are given and give is in `parts`.

A claim keeps its id through the whole debate: what a side says in a round is numbered on from its opening, so that
`optimistic.5` is one claim and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from debatebot.errors import ErrorDescription
from debatebot.types import (
    Claim,
    Comparison,
    Debate,
    Event,
    Evidence,
    Seconds,
    Status,
    Usage,
)

DEFAULT_ROUNDS = 2
MOST_ROUNDS = 5

REMARK = "remark"
"""The word that stands for the person's remark where a claim's id would stand."""


# --- values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """What the person says between two rounds; `to`: the perspective it is put to, None: all of them."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Rebuttal:
    """A checked claim that answers another side's claim, or, where `answers` is None, the person's remark.

    `concedes`: it grants the claim it answers, on the sentences it cites.
    """

    claim: Claim
    answers: str | None
    concedes: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one side said in one round.

    `answered_before`: id of a claim → id of this side's own earlier claim that answers it already.
    `unanswered`: ids of claims to which, as it says, the articles give it nothing to answer; that grants nothing.
    `REMARK` stands among them where that is so of the person's remark.
    `silence`: what it says where it has nothing to say at all. `dropped_lines`: lines of a model that named no claim of
    another side, cited no sentence, or said again what was said. `failed` may hold rebuttals when it broke off half-way.
    """

    perspective: str
    label: str
    engine: str
    status: Status
    rebuttals: tuple[Rebuttal, ...]
    answered_before: Mapping[str, str]
    unanswered: tuple[str, ...]
    silence: str
    dropped_markers: int
    dropped_lines: int
    error: ErrorDescription | None
    usage: Usage | None
    seconds: Seconds
    prompt_hash: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round after the opening. `added`: numbers of the sentences that were found for it; `seconds`: it took."""

    number: int
    """1 for the first round of rebuttals."""
    remark: Remark | None
    added: tuple[int, ...]
    contributions: tuple[Contribution, ...]
    seconds: float

    @property
    def new_claims(self) -> int:
        """Claims and concessions that this round has brought."""
        return sum(len(contribution.rebuttals) for contribution in self.contributions)

    @property
    def is_held(self) -> bool:
        """False for a round that was stopped, or failed, before anything new was said: it counts for nothing."""
        return bool(self.new_claims) or all(one.status != "failed" for one in self.contributions)


@dataclass(frozen=True, slots=True)
class Effort:
    """What the debate has cost, against one plain answer to the same question (the mean of the opening's answers).

    Tokens are None where a server reports none; `seconds` are those of the opening, the rounds and the comparisons, one after
    the other.
    """

    tokens: int | None
    plain_tokens: int | None
    seconds: float
    plain_seconds: float
    usage: Usage

    @property
    def tokens_ratio(self) -> float | None:
        """How many times the tokens of one plain answer; None where they are not known."""
        return self.tokens / self.plain_tokens if self.tokens and self.plain_tokens else None

    @property
    def seconds_ratio(self) -> float | None:
        """How many times the seconds of one plain answer; None where it took none to speak of."""
        return self.seconds / self.plain_seconds if self.plain_seconds else None


@dataclass(frozen=True, slots=True)
class Closing:
    """What the moderator says at the end: the comparison of all claims of all rounds.

    `conceded`: ids of claims that another side has granted; `unanswered`: ids that no side had anything against.
    """

    comparison: Comparison
    conceded: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A whole debate: the opening, whose evidence holds what was found later as well, the rounds, and the closing."""

    opening: Debate
    rounds: tuple[Round, ...] = ()
    closing: Closing | None = None
    planned: int = DEFAULT_ROUNDS
    """Rounds it may have at most."""

    @property
    def is_over(self) -> bool:
        """True when it is closed, when nobody has said anything, after the last round that was planned, and after one that
        brought no new claim though all could speak."""
        if self.closing is not None or not self.claims:
            return True
        held = [one for one in self.rounds if one.is_held]
        return len(held) >= self.planned or any(not one.new_claims for one in held)

    @property
    def has_failures(self) -> bool:
        """True when a side could not speak, in the opening or in a round."""
        statuses = [answer.status for answer in self.opening.answers]
        statuses += [part.status for one in self.rounds for part in one.contributions]
        return "failed" in statuses

    @property
    def sides(self) -> tuple[str, ...]:
        """The perspectives that debate, in their order."""
        return tuple(answer.perspective for answer in self.opening.answers)

    def claims_of(self, perspective: str) -> tuple[Claim, ...]:
        """All that one side has said, in order."""
        opening = [
            claim for answer in self.opening.answers if answer.perspective == perspective for claim in answer.claims
        ]
        later = [rebuttal.claim for rebuttal in self.rebuttals_of(perspective)]
        return (*opening, *later)

    def rebuttals_of(self, perspective: str) -> tuple[Rebuttal, ...]:
        """What one side has answered, in order."""
        return tuple(
            rebuttal
            for one in self.rounds
            for contribution in one.contributions
            if contribution.perspective == perspective
            for rebuttal in contribution.rebuttals
        )

    @property
    def claims(self) -> Mapping[str, Claim]:
        """Id → claim, of all sides and rounds."""
        return {claim.id: claim for side in self.sides for claim in self.claims_of(side)}

    @property
    def effort(self) -> Effort:
        """What it has cost so far."""
        from debatebot.rounds.effort import effort_of

        return effort_of(self)


# --- events ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """A round begins. `evidence`: the whole list, with what was found for this round (numbers `added`) at its end."""

    number: int
    remark: Remark | None
    evidence: tuple[Evidence, ...]
    added: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContributionStarted:
    """A side begins to speak in this round."""

    perspective: str
    label: str
    engine: str


@dataclass(frozen=True, slots=True)
class RebuttalStarted:
    """The side has named the claim it answers; its words follow as `TextAdded`, then the whole as `RebuttalAdded`."""

    perspective: str
    answers: str | None
    concedes: bool


@dataclass(frozen=True, slots=True)
class RebuttalAdded:
    """A whole, checked rebuttal or concession."""

    perspective: str
    rebuttal: Rebuttal


@dataclass(frozen=True, slots=True)
class AnsweredBefore:
    """The side points to a claim of its own, `by`, that answers this claim already."""

    perspective: str
    claim_id: str
    by: str


@dataclass(frozen=True, slots=True)
class NothingToAnswer:
    """The side says that the articles give it nothing to answer this claim with (`REMARK`: the person's remark)."""

    perspective: str
    claim_id: str


@dataclass(frozen=True, slots=True)
class ContributionCompleted:
    """The side has said what it has to say in this round."""

    perspective: str
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class ContributionFailed:
    """The side could not speak in this round; the others go on. `contribution.error` says why and what helps."""

    perspective: str
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class RoundFinished:
    """The round is over, and kept. `stopped`: the person stopped it; what was said until then counts."""

    round: Round
    discussion: Discussion
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The moderator has closed the debate, and it is kept."""

    discussion: Discussion
    stopped: bool = False


RoundEvent = (
    Event
    | RoundStarted
    | ContributionStarted
    | RebuttalStarted
    | RebuttalAdded
    | AnsweredBefore
    | NothingToAnswer
    | ContributionCompleted
    | ContributionFailed
    | RoundFinished
    | Closed
)
"""What a debate yields: in the opening the events of an answer (`Event`), in the rounds the ones above and `TextAdded`."""
