"""A debate, driven round by round by whoever shows it: open, next round (with a remark, if the person has one), moderate.

Each step is a `RoundsStream`: an iterator of events that can be left at any moment. What was said until then is kept, in the
session and wherever `keep` puts it, so that a debate can be taken up again from what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from debatebot.debate import clean_question
from debatebot.errors import NotFound, QuestionError
from debatebot.keeping import KeptStream
from debatebot.rounds.moderating import Moderating
from debatebot.rounds.round import RoundRun
from debatebot.rounds.setting import Setting
from debatebot.rounds.types import (
    DEFAULT_ROUNDS,
    MOST_ROUNDS,
    Closed,
    Discussion,
    Remark,
    RoundEvent,
    RoundFinished,
)
from debatebot.types import Debate, Event, Finished

Keep = Callable[[Discussion], None]


class OpeningStream(Protocol):
    """The blind opening: an ordinary question to the perspectives that debate (see `debatebot.debate.DebateStream`)."""

    def __next__(self) -> Event: ...

    def __iter__(self) -> Iterator[Event]: ...

    def snapshot(self) -> Debate:
        """The answers as far as they have come."""

    def close(self) -> None:
        """Stop what is still being said."""


class Step(Protocol):
    """One step of a debate."""

    def events(self) -> Iterator[RoundEvent]:
        """What happens, as it happens; the last one is `Finished`, `RoundFinished` or `Closed`."""

    def stop(self) -> None:
        """Let those who speak stop soon."""

    def outcome(self) -> Discussion:
        """The whole debate with what this step has brought so far."""


class RoundsStream(KeptStream[RoundEvent, Discussion]):
    """The events of one step; what was said is kept when it ends or is left."""

    def __init__(self, step: Step, keep: Keep) -> None:
        super().__init__(step.events(), ends=(Finished, RoundFinished, Closed))
        self._step = step
        self._put = keep

    def snapshot(self) -> Discussion:
        """The whole debate as far as it has come."""
        return self._step.outcome()

    def _stop(self) -> None:
        self._step.stop()

    def _keep(self) -> None:
        self._put(self.snapshot())


class DebateSession:
    """A debate that goes on from step to step; made by `debatebot.rounds.sessions.Sessions`.

    Args:
        opening: the question as it is about to be asked; None where the debate was opened before.
        discussion: what was kept of a debate that was opened before.
        rounds: how many rounds it may have, 1 to 5.
        keep: called with the whole debate after each step.

    Raises:
        QuestionError: another number of rounds.
    """

    def __init__(
        self,
        setting: Setting,
        *,
        opening: OpeningStream | None = None,
        discussion: Discussion | None = None,
        rounds: int = DEFAULT_ROUNDS,
        keep: Keep | None = None,
        conversation: str | None = None,
        position: int | None = None,
    ) -> None:
        if not 1 <= rounds <= MOST_ROUNDS:
            raise QuestionError("debate_rounds", rounds=rounds, most=MOST_ROUNDS)
        self.conversation = conversation
        self.position = position
        self._setting = setting
        self._opening = opening
        self._discussion = discussion
        self._rounds = discussion.planned if discussion else rounds
        self._keep = keep

    @property
    def discussion(self) -> Discussion:
        """What was said so far, in steps that have ended.

        Raises:
            QuestionError: the debate was not opened yet.
        """
        if self._discussion is None:
            raise QuestionError("debate_not_open")
        return self._discussion

    @property
    def is_over(self) -> bool:
        """No further round; false before the opening."""
        return self._discussion is not None and self._discussion.is_over

    def open(self) -> RoundsStream:
        """The blind opening: no side sees another.

        Raises:
            QuestionError: the debate was opened before.
        """
        if self._opening is None:
            raise QuestionError("debate_opened")
        opening, self._opening = self._opening, None
        return self._stream(_Opening(opening, self._rounds))

    def next_round(self, remark: str | None = None, to: str | None = None) -> RoundsStream:
        """Every side answers what stands against it, and the person's remark where there is one.

        Args:
            to: name of the perspective that the remark is put to; None: all of them.

        Raises:
            QuestionError: the debate is not open, or over; the remark is empty or too long.
            NotFound: no such side in this debate.
        """
        discussion = self.discussion
        if self.is_over:
            raise QuestionError("debate_over")
        said = None if remark is None else Remark(clean_question(remark), self._side(to))
        return self._stream(RoundRun(self._setting, discussion, said))

    def moderate(self) -> RoundsStream:
        """The moderator closes; allowed after any step.

        Raises:
            QuestionError: the debate is not open.
        """
        return self._stream(Moderating(self._setting, self.discussion))

    def run(self) -> Iterator[RoundEvent]:
        """What is left of opening, rounds and closing, without remarks; nothing to close where nobody has said anything."""
        if self._opening is not None:
            yield from self._followed(self.open())
        for _ in range(self._rounds):
            if self.is_over:
                break
            yield from self._followed(self.next_round())
        if self.discussion.closing is None and self.discussion.claims:
            yield from self._followed(self.moderate())

    def _followed(self, stream: RoundsStream) -> Iterator[RoundEvent]:
        with stream:
            yield from stream

    def _stream(self, step: Step) -> RoundsStream:
        return RoundsStream(step, self._take)

    def _take(self, discussion: Discussion) -> None:
        self._discussion = discussion
        if self._keep:
            self._keep(discussion)

    def _side(self, name: str | None) -> str | None:
        sides: Sequence[str] = self.discussion.sides
        if name is not None and name not in sides:
            raise NotFound("perspective_unknown", name=name, known=", ".join(sides))
        return name


@dataclass(frozen=True, slots=True)
class _Opening:
    """The first step."""

    stream: OpeningStream
    planned: int

    def events(self) -> Iterator[RoundEvent]:
        yield from self.stream

    def stop(self) -> None:
        self.stream.close()

    def outcome(self) -> Discussion:
        return Discussion(self.stream.snapshot(), planned=self.planned)


__all__ = ["DebateSession", "Keep", "OpeningStream", "RoundsStream", "Step"]
