"""The values that flow from an article to an answer, and the Protocols of the parts that make them.

Everything here is frozen: a value is made once, by one module, and read by all. The chain is whole: an answer holds
claims, a claim its citations, a citation the sentence with its span; nothing is looked up by guess.
Offsets are code points in `Article.text`, which is Unicode NFC with `\\n` newlines.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from debatebot.errors import ErrorDescription

Vectors = NDArray[np.float32]
"""Unit-length embeddings, shape (number of texts, dimensions)."""

VerdictLabel = Literal["supported", "partial", "unsupported", "contradicted"]
ClaimKind = Literal["fact", "inference", "opinion"]
Status = Literal["answered", "insufficient", "failed"]
OutlookPreference = Literal["hopeful", "balanced", "worried", "any"]


# --- from the source to sentences -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known of it. `id` is the beginning of `content_hash` (SHA-256 of the text, hexadecimal)."""

    id: str
    text: str
    title: str
    source: str
    language: str
    content_hash: str
    author: str | None = None
    date: str | None = None
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions to begin with, by language; only sample articles bring them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`article.text[start:end] == text`, always. `outlook` runs from -1 (worried) to +1 (hopeful)."""

    article_id: str
    position: int
    """0 for the first sentence of the article."""
    start: int
    end: int
    text: str
    paragraph: int
    """0 for the first paragraph of the article."""
    outlook: float = 0.0

    @property
    def id(self) -> str:
        """Unique in the library and stable for as long as the article's text is."""
        return f"{self.article_id}:{self.position}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence offered to every perspective under one number. `relevance` runs from 0 to 1."""

    number: int
    sentence: Sentence
    relevance: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for one question, once for all perspectives.

    `answerable`: 0 to 1, how sure it is that the articles speak of the question at all; measured for the built-in engine,
    which says so below 0.5 (a model judges by itself).
    `vectors`: embeddings of the evidence sentences in the same order, shape (len(evidence), dimensions), so that nothing
    needs to be embedded again to compare them.
    `general`: the question is about the article as a whole ("Is it good news?") and names nothing of its own.
    `floor`: relevance below which a sentence bears on something else than the question.
    """

    evidence: tuple[Evidence, ...]
    answerable: float
    vectors: Vectors
    general: bool = False
    floor: float = 0.0


# --- perspectives ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Perspective:
    """One file of prompts/: how an answer is framed, never what is true."""

    name: str
    labels: Mapping[str, str]
    """What the reader sees, by language."""
    order: int
    sign: str
    """A sign that tells the perspective from the others without colour."""
    accent: str
    """Name of one of the page's accent colours."""
    version: int
    outlook: OutlookPreference
    """Which sentences may support it: a hopeful perspective cites no worried sentence as support, and the reverse."""
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Connecting phrases of the built-in engine: language → role → variants."""
    framing: str
    """The text for a model, with its variables filled in per question."""
    content_hash: str
    """SHA-256 of the file, beginning: tells which prompt an answer was made with."""

    def label(self, language: str) -> str:
        """The name to show in `language`; English stands in for a language without a label."""
        return self.labels.get(language) or self.labels["en"]


# --- answers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict was given: an entry of the catalogs below `verdicts.reasons`, with the words it rests on."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim follows from the sentences it cites. `score`: 0 (does not) to 1 (does)."""

    label: VerdictLabel
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Citation:
    """A resolved marker: the number as shown, and the sentence it stands for."""

    number: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim as an engine gives it, not yet checked.

    `text` is the statement without markers; `lead` the connecting words before it, which frame and state nothing: they
    are shown, and never judged. `dropped_markers` counts numbers that stand for no evidence.
    """

    text: str
    citations: tuple[Citation, ...]
    kind: ClaimKind = "inference"
    lead: str = ""
    dropped_markers: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A checked statement. `id` is `perspective.N`, N from 1."""

    id: str
    text: str
    kind: ClaimKind
    citations: tuple[Citation, ...]
    verdict: Verdict
    lead: str = ""

    @property
    def is_quotation(self) -> bool:
        """True when the claim is, word for word, a sentence that it cites: it is then shown in quotation marks."""
        return any(citation.sentence.text == self.text for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model's server reports them; None where it says nothing. `cost_usd` in US dollars."""

    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """From the question to the first word, and to the end; `first_token` is None when there was no word."""

    first_token: float | None
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one perspective said. `insufficient` and `failed` hold no claims unless the answer broke off half-way."""

    perspective: str
    label: str
    engine: str
    status: Status
    text: str
    claims: tuple[Claim, ...]
    dropped_markers: int
    error: ErrorDescription | None
    usage: Usage | None
    seconds: Seconds
    prompt_hash: str


# --- comparison -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommonGround:
    """A statement that several perspectives make on the same evidence: `claims` are their ids, `citations` the numbers."""

    statement: str
    claims: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims of opposite sides about one thing. `positions`: perspective → claim id. `crux`: what would settle it."""

    issue: str
    kind: Literal["empirical", "value"]
    positions: Mapping[str, str]
    crux: str | None


@dataclass(frozen=True, slots=True)
class SideBalance:
    """How much one perspective says: claims, words of them, distinct sentences cited and their mean outlook (or None)."""

    claims: int
    words: int
    cited: int
    mean_outlook: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the sides agree, where they differ, which evidence nobody used, how much each one says."""

    common_ground: tuple[CommonGround, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    unused_evidence: tuple[int, ...] = ()
    balance: Mapping[str, SideBalance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Debate:
    """One question with everything that was found and said about it."""

    question: str
    language: str
    articles: tuple[Article, ...]
    evidence: tuple[Evidence, ...]
    answers: tuple[Answer, ...]
    comparison: Comparison


# --- events ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The evidence is there: the same list, with the same numbers, for every perspective."""

    question: str
    language: str
    articles: tuple[Article, ...]
    evidence: tuple[Evidence, ...]


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
class Finished:
    """All perspectives are done. `stopped`: the person stopped them; what was said until then is kept."""

    debate: Debate
    stopped: bool = False


Event = Retrieved | AnswerStarted | TextAdded | ClaimAdded | AnswerCompleted | AnswerFailed | Finished


# --- what engines are given and give --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation with what each perspective said, so that a follow-up is understood."""

    question: str
    answers: Mapping[str, str]
    """Perspective → text of its answer."""


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
