"""What a briefing is made of, what happens while it is made, and what an engine is given and gives for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from debatebot.errors import ErrorDescription
from debatebot.types import Article, Claim, DraftClaim, Evidence, Insufficient, Seconds, Status, Usage, Vectors

SectionName = Literal["facts", "neutral", "analogy", "optimistic", "pessimistic"]

SECTIONS: tuple[SectionName, ...] = ("facts", "neutral", "analogy", "optimistic", "pessimistic")
"""In the order of the post; the reference stands before them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a briefing. `claims` are empty where the article has nothing for it, or where nothing was written.

    `made_up`: ids of the claims of an analogy that a model has made up; None: told by whether they cite anything.
    """

    name: SectionName
    claims: tuple[Claim, ...] = ()
    made_up: tuple[str, ...] | None = None

    @property
    def invented(self) -> tuple[str, ...]:
        """Ids of the claims that a model has made up: nothing in the article says so, and they must be marked."""
        if self.name != "analogy":
            return ()
        if self.made_up is not None:
            return self.made_up
        return tuple(claim.id for claim in self.claims if not claim.citations)

    @property
    def is_invented(self) -> bool:
        """True for an analogy that a model has made up, or in part."""
        return bool(self.invented)


@dataclass(frozen=True, slots=True)
class Briefing:
    """An article in short. `evidence`: the sentences it could cite; a sentence's number is its place in the article.

    `language`: of the headings and, from a model, of the text. `dropped_lines`: what a model wrote outside the sections.
    """

    article: Article
    language: str
    engine: str
    status: Status
    evidence: tuple[Evidence, ...]
    sections: tuple[Section, ...]
    dropped_markers: int
    dropped_lines: int
    error: ErrorDescription | None
    usage: Usage | None
    seconds: Seconds
    prompt_hash: str

    def section(self, name: SectionName) -> Section:
        """The section of that name; an empty one where it was not written."""
        return next((section for section in self.sections if section.name == name), Section(name))

    @property
    def has_text(self) -> bool:
        """True when any section says anything."""
        return any(section.claims for section in self.sections)

    @property
    def uncited(self) -> tuple[str, ...]:
        """Ids of the claims that state a fact and cite nothing."""
        claims = (claim for section in self.sections for claim in section.claims)
        return tuple(claim.id for claim in claims if claim.kind == "fact" and not claim.citations)

    @property
    def looked(self) -> bool:
        """True where an empty section means that the article has nothing for it.

        The built-in engine looks at every sentence; a model may leave a section out, and a briefing may break off.
        """
        return self.engine == "builtin" and self.status != "failed"

    @property
    def cited(self) -> Mapping[int, Evidence]:
        """Number → sentence, of all that is cited, in the order of the article."""
        numbers = {one.number for section in self.sections for claim in section.claims for one in claim.citations}
        return {item.number: item for item in self.evidence if item.number in numbers}


# --- events ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BriefingStarted:
    """The article is read; the sections follow in their order."""

    article: Article
    evidence: tuple[Evidence, ...]
    engine: str


@dataclass(frozen=True, slots=True)
class SectionStarted:
    """A section begins."""

    section: SectionName


@dataclass(frozen=True, slots=True)
class SectionText:
    """Words of the statement being written, as they come; the `SectionClaim` that follows replaces them."""

    section: SectionName
    text: str


@dataclass(frozen=True, slots=True)
class SectionClaim:
    """A whole, checked statement of a section. `made_up`: an analogy that the model drew, and not the article."""

    section: SectionName
    claim: Claim
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class BriefingFinished:
    """The briefing is there, as far as it came: `briefing.error` says why it is not whole. `stopped`: by the person."""

    briefing: Briefing
    stopped: bool = False


BriefingEvent = BriefingStarted | SectionStarted | SectionText | SectionClaim | BriefingFinished


# --- what engines are given and give --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BriefRequest:
    """What an engine briefs on: an article's sentences in order, with their embeddings, shape (len(evidence), dimensions).

    `relevance` of each is how central it is to the article, 0 to 1.
    """

    article: Article
    language: str
    evidence: tuple[Evidence, ...]
    vectors: Vectors
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class SectionBegun:
    """What follows belongs to this section."""

    section: SectionName


@dataclass(frozen=True, slots=True)
class StrayLine:
    """A line stood outside the sections that were asked for: it is counted, and left out."""


BrieferEvent = SectionBegun | str | DraftClaim | StrayLine | Insufficient | Usage


@runtime_checkable
class Briefer(Protocol):
    """An engine that can also brief on a whole article."""

    def brief(self, request: BriefRequest) -> Iterator[BrieferEvent]:
        """Yield the briefing section by section, as it comes.

        Raises:
            EngineError: the engine could not brief, or broke off; what was yielded before stands.
        """

    def brief_hash(self) -> str:
        """Short hash of all prompt text a briefing is made with."""
