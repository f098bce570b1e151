"""What happens while a question is answered, in order."""

from __future__ import annotations

from dataclasses import dataclass

from debatebot.types.answers import Answer, Claim
from debatebot.types.comparison import Comparison, Debate, FollowUp
from debatebot.types.sources import Article, Evidence


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The evidence is there: the same list, with the same numbers, for every perspective.

    `rewritten`: the question as it was searched for, where what went before completes it; else None.
    """

    question: str
    language: str
    articles: tuple[Article, ...]
    evidence: tuple[Evidence, ...]
    rewritten: str | None = None

    @property
    def searched(self) -> str:
        """The question that the evidence was searched with."""
        return self.rewritten or self.question


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    """A perspective begins to answer with the engine named."""

    perspective: str
    label: str
    engine: str


@dataclass(frozen=True, slots=True)
class TextAdded:
    """Words of the claim being written, as they come; the `ClaimAdded` that follows replaces them."""

    perspective: str
    text: str


@dataclass(frozen=True, slots=True)
class ClaimAdded:
    """A whole, checked claim."""

    perspective: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class AnswerCompleted:
    """The perspective has answered, or has said that the articles do not speak of the question."""

    perspective: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class AnswerFailed:
    """The perspective could not answer; the others stand. `answer.error` says why and what helps."""

    perspective: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Compared:
    """All answers are there and are compared. It comes a second time when a model has compared them: the last one stands."""

    comparison: Comparison
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """All perspectives are done. `stopped`: the person stopped them; what was said until then is kept."""

    debate: Debate
    stopped: bool = False


Event = Retrieved | AnswerStarted | TextAdded | ClaimAdded | AnswerCompleted | AnswerFailed | Compared | Finished
