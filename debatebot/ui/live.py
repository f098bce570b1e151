"""Drawing while the answers come: one loop over the events, in the script's thread.

Streamlit can only stop a script where the script draws. The events are therefore fetched by a thread of their own, and the
loop draws at least every quarter of a second, also while a model is silent: Stop works at any moment.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from debatebot.errors import DebatebotError
from debatebot.types import (
    AnswerCompleted,
    AnswerFailed,
    AnswerStarted,
    Claim,
    ClaimAdded,
    Compared,
    Comparison,
    Debate,
    Event,
    Evidence,
    Finished,
    Retrieved,
    TextAdded,
)
from debatebot.ui.columns import Column

Happening = TypeVar("Happening")
"""What a stream yields: events of an answer, a debate or a briefing."""

BEAT = 0.2
"""Seconds after which the loop draws although nothing has happened."""


class Board:
    """What has been said so far, folded from the events.

    Args:
        is_compared_by_model: after the built-in comparison, a model's is to be expected.
    """

    def __init__(self, perspectives: Sequence[str], *, is_compared_by_model: bool = False) -> None:
        self._comparisons_to_come = 2 if is_compared_by_model else 1
        self.columns = {name: Column(name) for name in perspectives}
        self.evidence: tuple[Evidence, ...] = ()
        self.rewritten: str | None = None
        self.comparison: Comparison | None = None
        """The last one: a model's may come after the built-in one."""
        self.debate: Debate | None = None

    @property
    def is_being_compared(self) -> bool:
        """True from the built-in comparison until the model's has come."""
        return self.comparison is not None and self._comparisons_to_come > 0 and self.debate is None

    @property
    def claims(self) -> list[Claim]:
        """All claims, column by column."""
        return [claim for column in self.columns.values() for claim in column.claims]

    def fold(self, event: Event) -> str | None:
        """Take an event in; returns the perspective whose column changed, if one did."""
        match event:
            case Retrieved():
                self.evidence, self.rewritten = event.evidence, event.rewritten
                return None
            case Compared():
                self.comparison = event.comparison
                self._comparisons_to_come -= 1
                return None
            case Finished():
                self.debate = event.debate
                return None
        column = self.columns[event.perspective]
        match event:
            case AnswerStarted():
                column = replace(column, started=True)
            case TextAdded():
                column = replace(column, pending=column.pending + event.text)
            case ClaimAdded():
                column = replace(column, claims=(*column.claims, event.claim), pending="")
            case AnswerCompleted() | AnswerFailed():
                column = replace(column, claims=event.answer.claims, pending="", answer=event.answer)
        self.columns[event.perspective] = column
        return event.perspective


def batches(stream: Iterator[Happening]) -> Iterator[list[Happening]]:
    """The events as they come, those that are there together in one list; an empty list when nothing has come for a beat.

    Raises:
        DebatebotError: what the stream raises.
    """
    events: queue.SimpleQueue[Happening | DebatebotError | None] = queue.SimpleQueue()
    threading.Thread(target=_fetch, args=(stream, events.put), name="events", daemon=True).start()
    while True:
        batch: list[Happening] = []
        for item in _waiting(events):
            if item is None:
                yield batch
                return
            if isinstance(item, DebatebotError):
                raise item
            batch.append(item)
        yield batch


def _waiting(
    events: queue.SimpleQueue[Happening | DebatebotError | None],
) -> Iterator[Happening | DebatebotError | None]:
    try:
        yield events.get(timeout=BEAT)
        while True:
            yield events.get_nowait()
    except queue.Empty:
        return


def _fetch(stream: Iterator[Happening], put: Callable[[Happening | DebatebotError | None], None]) -> None:
    try:
        for event in stream:
            put(event)
    except DebatebotError as error:
        put(error)
    finally:  # also after a defect of the program: the page must not wait for what will never come
        put(None)
