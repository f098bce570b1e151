"""One round of rebuttals: find what answers the claims that stand, then let all sides speak at once, each for itself."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from debatebot.documents.language import detect
from debatebot.rounds.finding import Finder, Speaker
from debatebot.rounds.opposing import may_dispute
from debatebot.rounds.parts import Opponent, RebuttalRequest
from debatebot.rounds.setting import Setting, in_order
from debatebot.rounds.side import Side
from debatebot.rounds.types import (
    ContributionCompleted,
    ContributionFailed,
    ContributionStarted,
    Discussion,
    Remark,
    Round,
    RoundEvent,
    RoundFinished,
    RoundStarted,
)
from debatebot.types import Claim, Evidence, FollowUp, Perspective, Retrieval


class RoundRun:
    """A step of a debate (see `debatebot.rounds.session.Step`)."""

    def __init__(self, setting: Setting, discussion: Discussion, remark: Remark | None) -> None:
        self._setting = setting
        self._before = discussion
        self._remark = remark
        self._number = len(discussion.rounds) + 1
        self._queue: queue.SimpleQueue[RoundEvent] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._began = time.monotonic()
        self._evidence: tuple[Evidence, ...] = discussion.opening.evidence
        self._sides: tuple[Side, ...] = ()

    def events(self) -> Iterator[RoundEvent]:
        """What happens; see `debatebot.rounds.types.RoundEvent`.

        Raises:
            StorageError, EngineError: the articles could not be searched.
        """
        try:
            self._prepare()
            yield RoundStarted(self._number, self._remark, self._evidence, self._added())
            yield from self._listen()
            outcome = self.outcome()
            yield RoundFinished(outcome.rounds[-1], outcome, stopped=self._cancelled.is_set())
        finally:
            self._cancelled.set()

    def stop(self) -> None:
        """Let those who speak stop soon."""
        self._cancelled.set()

    def outcome(self) -> Discussion:
        """The debate with this round as far as it has come; unchanged where nobody has begun to speak."""
        if not self._sides:
            return self._before
        contributions = tuple(side.contribution() for side in self._sides)
        held = Round(self._number, self._remark, self._added(), contributions, time.monotonic() - self._began)
        opening = replace(self._before.opening, evidence=self._evidence)
        after = replace(self._before, opening=opening, rounds=(*self._before.rounds, held), closing=None)
        return replace(after, opening=replace(opening, follow_ups=_follow_ups(after)))

    def _added(self) -> tuple[int, ...]:
        return tuple(item.number for item in self._evidence[len(self._before.opening.evidence) :])

    def _prepare(self) -> None:
        before, setting = self._before, self._setting
        listed = setting.evidence_of(before)
        finder = setting.finder(before, listed)
        sides = setting.sides_of(before)
        claims = tuple(claim for claim in in_order(before) if claim.id in sides)
        speakers = [
            _speaker(before, side, claims, sides)
            for side in (setting.perspectives[name] for name in before.sides if name in setting.perspectives)
        ]
        opponents = finder.opponents(speakers)
        found = self._heard(finder)
        self._evidence = listed.evidence
        base = RebuttalRequest(
            asked=setting.asked(before, speakers[0].perspective, listed),
            number=self._number,
            evidence=listed.evidence,
            claims=claims,
            sides=sides,
            standing=(),
            opponents={},
            cancelled=self._cancelled,
        )
        self._sides = tuple(
            self._side(_addressed(base, speaker, answers, self._remark, found))
            for speaker, answers in zip(speakers, opponents, strict=True)
        )

    def _heard(self, finder: Finder) -> Retrieval | None:
        """What the articles say to the person's remark."""
        if self._remark is None:
            return None
        return finder.bearing_on(self._remark.text, detect(self._remark.text, default=self._before.opening.language))

    def _side(self, request: RebuttalRequest) -> Side:
        setting = self._setting
        return Side(request, setting.engine, setting.grounding, self._queue, setting.interface)

    def _listen(self) -> Iterator[RoundEvent]:
        waiting = list(self._sides)
        speaking = waiting[:1] if self._setting.engine.warms_prefix else list(waiting)
        del waiting[: len(speaking)]
        _start(speaking)
        running = len(self._sides)
        while running:
            event = self._queue.get()
            yield event
            if waiting and not isinstance(event, ContributionStarted):
                _start(waiting)  # the first word is there: the server has read the prompt they all share
                waiting = []
            running -= isinstance(event, ContributionCompleted | ContributionFailed)


def _addressed(
    base: RebuttalRequest,
    speaker: Speaker,
    opponents: Mapping[str, Sequence[Opponent]],
    remark: Remark | None,
    found: Retrieval | None,
) -> RebuttalRequest:
    """What one side is asked: the same as the others, with what stands against it and what is put to it."""
    hears = remark is not None and remark.to in (None, speaker.perspective.name)
    return replace(
        base,
        asked=replace(base.asked, perspective=speaker.perspective),
        standing=tuple(claim.id for claim in speaker.standing),
        opponents=opponents,
        remark=remark if hears else None,
        remark_found=found if hears else None,
    )


def _speaker(
    discussion: Discussion, side: Perspective, claims: Sequence[Claim], sides: Mapping[str, Perspective]
) -> Speaker:
    standing = _standing(discussion, side, claims, sides)
    used = {citation.sentence.id for claim in discussion.claims_of(side.name) for citation in claim.citations}
    # What a balanced side quotes of the others is not its own: nobody need answer it.
    own = (claim for claim in standing if sides[claim.id].outlook != "balanced")
    return Speaker(side, standing, tuple(claim for claim in own if may_dispute(side.outlook, claim)), frozenset(used))


def _standing(
    discussion: Discussion, side: Perspective, claims: Sequence[Claim], sides: Mapping[str, Perspective]
) -> tuple[Claim, ...]:
    """Other sides' claims that this side has not dealt with: answered, granted, or found nothing against."""
    dealt_with = {rebuttal.answers for rebuttal in discussion.rebuttals_of(side.name)}
    for one in discussion.rounds:
        for contribution in one.contributions:
            if contribution.perspective == side.name:
                dealt_with.update(contribution.unanswered, contribution.answered_before)
    # What is granted repeats a claim of the side that hears it: nobody answers that.
    granted = {
        rebuttal.claim.id
        for name in discussion.sides
        for rebuttal in discussion.rebuttals_of(name)
        if rebuttal.concedes
    }
    return tuple(
        claim
        for claim in claims
        if sides[claim.id].name != side.name and claim.id not in dealt_with and claim.id not in granted
    )


def _follow_ups(discussion: Discussion) -> tuple[FollowUp, ...]:
    """The opening's, of which the rounds may have used what nobody had."""
    cited = {citation.sentence.id for claim in discussion.claims.values() for citation in claim.citations}
    follow_ups = discussion.opening.follow_ups
    return tuple(replace(one, unused=one.unused and one.sentence.id not in cited) for one in follow_ups)


def _start(sides: Sequence[Side]) -> None:
    for side in sides:
        threading.Thread(target=side.speak, name=f"round-{side.name}", daemon=True).start()
