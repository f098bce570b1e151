"""Events that somebody listens to, and that are kept as a whole when they end or when nobody listens any more."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
Whole = TypeVar("Whole")


class KeptStream(Iterator[Item], ABC, Generic[Item, Whole]):
    """Iterate it once, in a `with` block: leaving the block in any way, also by an exception that a page raises into it to
    stop the script, stops those who speak and keeps what they had said.

    What was said is kept once, whether the events end, the block is left, or `close()` is called from another thread.

    Args:
        ends: the kinds of events at which the whole is there to be kept.
    """

    def __init__(self, events: Iterator[Item], ends: tuple[type, ...]) -> None:
        self._events = events
        self._ends = ends
        self._is_kept = False
        self._lock = threading.Lock()

    @abstractmethod
    def snapshot(self) -> Whole:
        """The whole as far as it has come."""

    @abstractmethod
    def _stop(self) -> None:
        """Have those who speak end."""

    @abstractmethod
    def _keep(self) -> None:
        """Keep the whole as far as it has come."""

    def __next__(self) -> Item:
        event = next(self._events)
        if isinstance(event, self._ends):
            self._keep_once()
        return event

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is still being said, and keep what was."""
        self._stop()
        self._keep_once()

    def _keep_once(self) -> None:
        with self._lock:
            if not self._is_kept:
                self._keep()
                self._is_kept = True
