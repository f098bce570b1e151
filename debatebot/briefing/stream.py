"""A briefing from an article to its sections: the sentences by how central they are, an engine, every claim checked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from debatebot.briefing.types import (
    SECTIONS,
    Briefer,
    BrieferEvent,
    Briefing,
    BriefingEvent,
    BriefingFinished,
    BriefingStarted,
    BriefRequest,
    Section,
    SectionBegun,
    SectionClaim,
    SectionName,
    SectionStarted,
    SectionText,
    StrayLine,
)
from debatebot.errors import DebatebotError, EngineReplyError, EngineUnavailable, Stopped
from debatebot.rhetoric import in_analogy
from debatebot.types import (
    Article,
    Claim,
    DraftClaim,
    Embeddings,
    Engine,
    Evidence,
    Grounding,
    Insufficient,
    Seconds,
    Sentence,
    Usage,
    Vectors,
)

_AT_THE_START = 0.5  # standard deviations of centrality that the first sentence gains for its place, the last one none


class BriefingStream(Iterator[BriefingEvent]):
    """The events of one briefing. Iterate it once; `close()`, or leaving a `with` block, stops it.

    Args:
        sentences: of the article, in order.
        language: of headings and of what a model writes.
        interface: language of errors.
    """

    def __init__(
        self,
        article: Article,
        sentences: Sequence[Sentence],
        *,
        language: str,
        interface: str,
        engine: Engine,
        embeddings: Embeddings,
        grounding: Grounding,
    ) -> None:
        vectors = embeddings.passages([sentence.text for sentence in sentences])
        evidence = tuple(
            Evidence(sentence.position + 1, sentence, float(value))
            for sentence, value in zip(sentences, centrality(vectors), strict=True)
        )
        self._request = BriefRequest(article, language, evidence, vectors)
        self._engine = engine
        self._grounding = grounding
        self._interface = interface
        self._claims: dict[SectionName, tuple[Claim, ...]] = {}
        self._in_analogy = _sentences_in_analogies(sentences)
        self._made_up: tuple[str, ...] = ()
        self._section: SectionName | None = None
        self._silent = False
        self._dropped_markers = 0
        self._dropped_lines = 0
        self._usage: Usage | None = None
        self._first_word: float | None = None
        self._began = time.monotonic()
        self._done: Briefing | None = None
        self._events = self._run()

    def __next__(self) -> BriefingEvent:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is still being written. What was written stays in `snapshot()`."""
        self._request.cancelled.set()

    def whole(self) -> Briefing:
        """Wait for the whole briefing."""
        with self:
            for _event in self:
                pass
        return self.snapshot()

    def snapshot(self) -> Briefing:
        """The briefing as far as it has come; if that is not all, it is marked as stopped."""
        return self._done or self._briefing(Stopped("stopped", retryable=True))

    def _run(self) -> Iterator[BriefingEvent]:
        error: DebatebotError | None = None
        yield BriefingStarted(self._request.article, self._request.evidence, self._engine.name)
        try:
            yield from self._listen()
            if self._request.cancelled.is_set():
                error = Stopped("stopped", retryable=True)
            elif not self._claims and not self._silent:
                error = EngineReplyError("reply_empty", retryable=True)
        except DebatebotError as caught:
            error = caught
        self._done = self._briefing(error)
        yield BriefingFinished(self._done, stopped=self._request.cancelled.is_set())

    def _listen(self) -> Iterator[BriefingEvent]:
        if not isinstance(self._engine, Briefer):
            raise EngineUnavailable("engine_cannot_brief", engine=self._engine.name)
        for event in self._engine.brief(self._request):
            if self._request.cancelled.is_set():
                return
            if self._first_word is None and not isinstance(event, Usage):
                self._first_word = time.monotonic()
            yield from self._take(event)

    def _take(self, event: BrieferEvent) -> Iterator[BriefingEvent]:
        match event:
            case SectionBegun():
                self._section = event.section
                yield SectionStarted(event.section)
            case str() if self._section:
                yield SectionText(self._section, event)
            case DraftClaim() if self._section:
                yield self._checked(self._section, event)
            case StrayLine():
                self._dropped_lines += 1
            case Insufficient():
                self._silent = True
            case Usage():
                self._usage = event

    def _checked(self, section: SectionName, draft: DraftClaim) -> SectionClaim:
        [verdict] = self._grounding.judge([draft])
        before = self._claims.get(section, ())
        identifier = f"{section}.{len(before) + 1}"
        claim = Claim(identifier, draft.text, draft.kind, draft.citations, verdict, draft.lead)
        self._dropped_markers += draft.dropped_markers
        made_up = section == "analogy" and not self._is_of_the_article(claim)
        if made_up:
            self._made_up += (identifier,)
        self._claims = {**self._claims, section: (*before, claim)}
        return SectionClaim(section, claim, made_up)

    def _is_of_the_article(self, claim: Claim) -> bool:
        """Whether an analogy is one that the article draws: it quotes it, or reports it so that its sentences bear it out."""
        held = claim.verdict.label in ("supported", "partial")
        cited = {citation.sentence.id for citation in claim.citations}
        return claim.is_quotation or (held and bool(cited & self._in_analogy))

    def _briefing(self, error: DebatebotError | None) -> Briefing:
        now = time.monotonic()
        claims = self._claims
        engine = self._engine
        return Briefing(
            article=self._request.article,
            language=self._request.language,
            engine=engine.name,
            status="failed" if error else "answered" if claims else "insufficient",
            evidence=self._request.evidence,
            sections=tuple(
                Section(name, claims.get(name, ()), self._made_up if name == "analogy" else ()) for name in SECTIONS
            ),
            dropped_markers=self._dropped_markers,
            dropped_lines=self._dropped_lines,
            error=error.describe(self._interface) if error else None,
            usage=self._usage,
            seconds=Seconds(None if self._first_word is None else self._first_word - self._began, now - self._began),
            prompt_hash=engine.brief_hash() if isinstance(engine, Briefer) else "",
        )


def _sentences_in_analogies(sentences: Sequence[Sentence]) -> frozenset[str]:
    inside = in_analogy(sentences)
    return frozenset(sentence.id for sentence, is_inside in zip(sentences, inside, strict=True) if is_inside)


def centrality(vectors: Vectors) -> NDArray[np.float64]:
    """How central each sentence is to its article, 0 to 1: its mean cosine with all others, and a little for its place.

    The measure is that of degree centrality in LexRank (Erkan and Radev, 2004, https://doi.org/10.1613/jair.1523), without
    the threshold; articles of news say first what they are about.
    """
    count = len(vectors)
    if count < 2:
        return np.ones(count)
    similarity = vectors @ vectors.T
    mean = (similarity.sum(axis=1) - 1.0) / (count - 1)
    standard = (mean - mean.mean()) / max(float(mean.std()), 1e-6)
    value = standard + _AT_THE_START * np.linspace(1.0, 0.0, count)
    spread = float(value.max() - value.min())
    return np.asarray((value - value.min()) / spread if spread else np.ones(count), dtype=np.float64)
