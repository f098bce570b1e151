"""The moderator closes: all claims of all rounds are compared as if each side had said them in one answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from debatebot.rounds.setting import Setting
from debatebot.rounds.types import REMARK, Closed, Closing, Discussion, RoundEvent
from debatebot.types import Answer, CompareRequest, Comparison


class Moderating:
    """A step of a debate (see `debatebot.rounds.session.Step`)."""

    def __init__(self, setting: Setting, discussion: Discussion) -> None:
        self._setting = setting
        self._before = discussion
        self._cancelled = threading.Event()
        self._closing: Closing | None = None

    def events(self) -> Iterator[RoundEvent]:
        """One event: the debate is closed.

        Raises:
            StorageError, EngineError: the articles could not be searched once more.
        """
        began = time.monotonic()
        comparison = self._compare()
        self._closing = close(self._before, replace(comparison, seconds=time.monotonic() - began))
        yield Closed(self.outcome(), stopped=self._cancelled.is_set())

    def stop(self) -> None:
        """Let a model that compares stop soon."""
        self._cancelled.set()

    def outcome(self) -> Discussion:
        """The debate with its closing, once there is one."""
        return replace(self._before, closing=self._closing) if self._closing else self._before

    def _compare(self) -> Comparison:
        opening = self._before.opening
        request = CompareRequest(
            question=opening.searched,
            language=opening.language,
            articles=opening.articles,
            retrieval=self._setting.whole(self._before),
            answers=tuple(map(self._whole, opening.answers)),
            perspectives=tuple(self._setting.perspectives.values()),
            rebutted=self._rebutted(),
            grounding=self._setting.grounding,
            cancelled=self._cancelled,
        )
        return self._setting.compare(request)

    def _rebutted(self) -> dict[str, str]:
        """Claim → the one it answers: by a rebuttal, or because it had been said before."""
        met: dict[str, str] = {}
        for contribution in (one for each in self._before.rounds for one in each.contributions):
            met |= {by: claim for claim, by in contribution.answered_before.items()}
            met |= {one.claim.id: one.answers for one in contribution.rebuttals if one.answers and not one.concedes}
        return met

    def _whole(self, answer: Answer) -> Answer:
        """All that a side has said, as one answer; a concession repeats the other side's claim and is not its own."""
        granted = {one.claim.id for one in self._before.rebuttals_of(answer.perspective) if one.concedes}
        claims = tuple(claim for claim in self._before.claims_of(answer.perspective) if claim.id not in granted)
        return replace(answer, claims=claims)


def close(discussion: Discussion, comparison: Comparison) -> Closing:
    """What the moderator says: the comparison, the claims that were granted, and those that nobody could answer."""
    rebuttals = [one for side in discussion.sides for one in discussion.rebuttals_of(side)]
    conceded = [one.answers for one in rebuttals if one.concedes and one.answers]
    answered = {one.answers for one in rebuttals}
    # What the comparison sets against another claim has found its answer, whoever gave it.
    answered |= {identifier for one in comparison.disagreements for identifier in one.positions.values()}
    unanswered = [
        identifier
        for one in discussion.rounds
        for contribution in one.contributions
        for identifier in contribution.unanswered
        if identifier not in answered and identifier != REMARK
    ]
    return Closing(comparison, tuple(dict.fromkeys(conceded)), tuple(dict.fromkeys(unanswered)))
