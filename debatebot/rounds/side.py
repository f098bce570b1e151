"""One side in one round: asks the engine in a thread of its own, checks every claim, puts what happens on a queue."""

from __future__ import annotations

import queue
import re
import time
from dataclasses import dataclass, replace

from debatebot.errors import DebatebotError, EngineReplyError, EngineUnavailable, Stopped
from debatebot.rounds.parts import (
    AlreadyAnswered,
    DroppedLine,
    RebuttalDraft,
    RebuttalRequest,
    Rebutter,
    RebutterEvent,
    Target,
    Unanswerable,
)
from debatebot.rounds.types import (
    AnsweredBefore,
    Contribution,
    ContributionCompleted,
    ContributionFailed,
    ContributionStarted,
    NothingToAnswer,
    Rebuttal,
    RebuttalAdded,
    RebuttalStarted,
    RoundEvent,
)
from debatebot.types import Claim, Engine, Grounding, Insufficient, Seconds, TextAdded, Usage

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a side has said so far in a round; replaced as a whole, so that another thread may read it at any moment."""

    rebuttals: tuple[Rebuttal, ...] = ()
    answered_before: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[str, ...] = ()
    silence: str | None = None


class Side:
    """Speaks for one perspective in one round.

    Args:
        interface: language of errors.
    """

    def __init__(
        self,
        request: RebuttalRequest,
        engine: Engine,
        grounding: Grounding,
        events: queue.SimpleQueue[RoundEvent],
        interface: str,
    ) -> None:
        self.name = request.perspective.name
        self._request = request
        self._engine = engine
        self._grounding = grounding
        self._events = events
        self._interface = interface
        self._began = time.monotonic()
        self._first_word: float | None = None
        self._usage: Usage | None = None
        self._dropped_markers = 0
        self._dropped_lines = 0
        self._spoken = Spoken()
        self._said = {_words(claim.text) for claim in request.own}
        self._done: Contribution | None = None

    def speak(self) -> None:
        """Say what there is to say; the last event on the queue is always that the side is done, or failed."""
        error: DebatebotError | None = None
        self._began = time.monotonic()
        self._events.put(ContributionStarted(self.name, self._label, self._engine.name))
        try:
            self._listen()
            if self._request.cancelled.is_set():
                error = Stopped("stopped", retryable=True)
            elif self._spoken == Spoken() and not self._dropped_lines:
                error = EngineReplyError("reply_empty", retryable=True)
        except DebatebotError as caught:
            error = caught
        except BaseException:
            # A defect of the program: the reader is told, the others stand, and the defect is reported as one.
            self._end(EngineReplyError("defect"))
            raise
        self._end(error)

    def contribution(self) -> Contribution:
        """What was said so far; if that is not all, it is marked as stopped."""
        return self._done or self._contribution(Stopped("stopped", retryable=True))

    @property
    def _label(self) -> str:
        return self._request.perspective.label(self._request.asked.language)

    def _listen(self) -> None:
        if not isinstance(self._engine, Rebutter):
            raise EngineUnavailable("engine_cannot_debate", engine=self._engine.name)
        for event in self._engine.rebut(self._request):
            if self._request.cancelled.is_set():
                return
            if self._first_word is None and not isinstance(event, Usage):
                self._first_word = time.monotonic()
            self._take(event)

    def _take(self, event: RebutterEvent) -> None:
        match event:
            case str():
                self._events.put(TextAdded(self.name, event))
            case Target():
                self._events.put(RebuttalStarted(self.name, event.answers, event.concedes))
            case RebuttalDraft():
                self._add(event)
            case AlreadyAnswered():
                pair = (event.claim_id, event.by)
                self._spoken = replace(self._spoken, answered_before=(*self._spoken.answered_before, pair))
                self._events.put(AnsweredBefore(self.name, event.claim_id, event.by))
            case Unanswerable():
                self._spoken = replace(self._spoken, unanswered=(*self._spoken.unanswered, event.claim_id))
                self._events.put(NothingToAnswer(self.name, event.claim_id))
            case DroppedLine():
                self._dropped_lines += 1
            case Insufficient():
                self._spoken = replace(self._spoken, silence=event.text)
            case Usage():
                self._usage = event

    def _add(self, draft: RebuttalDraft) -> None:
        self._dropped_markers += draft.claim.dropped_markers
        words = _words(draft.claim.text)
        # Said before is nothing new, or a debate would never end; and what rests on no sentence answers nothing.
        if words in self._said or not draft.claim.citations:
            self._dropped_lines += 1
            return
        self._said.add(words)
        [verdict] = self._grounding.judge([draft.claim])
        number = len(self._request.own) + len(self._spoken.rebuttals) + 1
        claim = Claim(
            f"{self.name}.{number}",
            draft.claim.text,
            draft.claim.kind,
            draft.claim.citations,
            verdict,
            draft.claim.lead,
        )
        rebuttal = Rebuttal(claim, draft.target.answers, draft.target.concedes)
        self._spoken = replace(self._spoken, rebuttals=(*self._spoken.rebuttals, rebuttal))
        self._events.put(RebuttalAdded(self.name, rebuttal))

    def _end(self, error: DebatebotError | None) -> None:
        self._done = self._contribution(error)
        done = ContributionFailed if error else ContributionCompleted
        self._events.put(done(self.name, self._done))

    def _contribution(self, error: DebatebotError | None) -> Contribution:
        now = time.monotonic()
        spoken = self._spoken
        return Contribution(
            perspective=self.name,
            label=self._label,
            engine=self._engine.name,
            status="failed" if error else "answered" if spoken.rebuttals else "insufficient",
            rebuttals=spoken.rebuttals,
            answered_before=dict(spoken.answered_before),
            unanswered=spoken.unanswered,
            silence="" if spoken.rebuttals else spoken.silence or "",
            dropped_markers=self._dropped_markers,
            dropped_lines=self._dropped_lines,
            error=error.describe(self._interface) if error else None,
            usage=self._usage,
            seconds=Seconds(None if self._first_word is None else self._first_word - self._began, now - self._began),
            prompt_hash=self._prompt_hash(),
        )

    def _prompt_hash(self) -> str:
        perspective = self._request.perspective
        engine = self._engine
        return engine.rebuttal_hash(perspective) if isinstance(engine, Rebutter) else engine.prompt_hash(perspective)


def _words(text: str) -> tuple[str, ...]:
    """What is said without how it is punctuated, so that a comma makes nothing new."""
    return tuple(_WORD.findall(text.casefold()))
