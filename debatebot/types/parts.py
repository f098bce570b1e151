"""What the parts of a debate are given and give: the Protocols they fulfil."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from debatebot.types.answers import Answer, DraftClaim, Usage, Verdict
from debatebot.types.comparison import CommonGround, Disagreement, Issue
from debatebot.types.perspectives import Perspective
from debatebot.types.sources import Article, Retrieval, Vectors


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation with what each perspective said, so that a follow-up is understood."""

    question: str
    answers: Mapping[str, str]
    """Perspective → text of its answer."""
    rewritten: str | None = None
    """The question as it was searched for, where what went before completed it."""

    @property
    def searched(self) -> str:
        """The question that the evidence was searched with."""
        return self.rewritten or self.question


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """What an engine answers: one question, one perspective, the evidence that all perspectives share."""

    question: str
    language: str
    """Of the question: the language to answer in."""
    articles: tuple[Article, ...]
    retrieval: Retrieval
    perspective: Perspective
    history: tuple[Turn, ...] = ()
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the person stops: the engine ends soon after, closing its connection."""
    rewritten: str | None = None
    """The question as it was searched for, where what went before completes it."""

    @property
    def searched(self) -> str:
        """The question that the evidence was searched with."""
        return self.rewritten or self.question


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What is compared: the answers of one question, on the evidence that they share.

    `perspectives`: those of the answers, as far as their files are still there. `asked`: the questions of the conversation
    so far, so that none of them is proposed again. `rebutted`: id of a claim → id of the one that it was made against.
    `grounding`: judges what a model states of its own when it compares; None: nobody does.
    """

    question: str
    language: str
    articles: tuple[Article, ...]
    retrieval: Retrieval
    answers: tuple[Answer, ...]
    perspectives: tuple[Perspective, ...] = ()
    asked: tuple[str, ...] = ()
    rebutted: Mapping[str, str] = field(default_factory=dict)
    grounding: Grounding | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the person stops: a model that compares ends soon after."""


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """What a model makes of the answers: every claim id in it exists. `questions`: what it would ask next, not verified."""

    issues: tuple[Issue, ...]
    common_ground: tuple[CommonGround, ...]
    disagreements: tuple[Disagreement, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insufficient:
    """The engine says that the evidence does not speak of the question. Nothing follows it."""

    text: str


EngineEvent = str | DraftClaim | Insufficient | Usage
"""What an engine yields: a piece of text as it is written, a whole claim, that there is nothing to say, or its usage."""


class Engine(Protocol):
    """Answers a question from one perspective. The smallest interface there is: one method."""

    @property
    def name(self) -> str:
        """What the reader is told: "builtin", or the model string."""

    @property
    def warms_prefix(self) -> bool:
        """True when the other perspectives should wait for the first one's first word, so that the server has read
        the shared beginning of the prompt once instead of once a perspective."""

    def prompt_hash(self, perspective: Perspective) -> str:
        """Short hash of all prompt text an answer of this perspective is made with."""

    def answer(self, request: AnswerRequest) -> Iterator[EngineEvent]:
        """Yield the answer as it comes.

        Raises:
            EngineError: the engine could not answer, or broke off; what was yielded before stands.
        """


@runtime_checkable
class Comparer(Protocol):
    """An engine that can also compare the answers; the built-in one leaves that to `debatebot.comparison`."""

    @property
    def name(self) -> str:
        """What the reader is told: the model string."""

    def compare(self, request: CompareRequest) -> Iterator[ModelComparison | Usage]:
        """Yield the comparison, once, and what it cost.

        Raises:
            EngineError: it could not compare, or what it made cannot be used; a usage yielded before stands.
        """


class Embeddings(Protocol):
    """Texts → unit vectors. `name` tells one model (and version) from another: vectors of two are never mixed."""

    @property
    def name(self) -> str: ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed sentences of articles; shape (len(texts), dimensions)."""

    def query(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""


class Retriever(Protocol):
    """Finds the evidence for a question."""

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        """One numbered evidence list.

        Args:
            articles: where to look; all of them are indexed.
            numbers: sentence id → number it already has in this conversation; kept.
        """


class Grounding(Protocol):
    """Judges whether claims follow from what they cite."""

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        """One verdict a claim, in order."""
