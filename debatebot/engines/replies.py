"""One reply of a model, whatever it is asked for: its pieces in, events out, and whether it ended as a reply should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from debatebot.engines.failures import Server
from debatebot.engines.pieces import Piece
from debatebot.engines.thoughts import ThoughtFilter
from debatebot.errors import EngineRefused, EngineReplyError
from debatebot.types import Insufficient, Usage

Read = TypeVar("Read")
Read_co = TypeVar("Read_co", covariant=True)

_AFTER_REFUSAL = 400  # characters; time for a server to report its usage
_CUT_SHORT = frozenset({"length", "max_tokens", "MAX_TOKENS", "incomplete"})
_FILTERED = frozenset({"content_filter", "SAFETY", "PROHIBITED_CONTENT", "refusal"})


class Reader(Protocol[Read_co]):
    """Reads a stream of text: pieces in, words to show and whole statements out (see `debatebot.citations.ClaimReader`)."""

    @property
    def claims(self) -> int:
        """Whole statements so far."""

    @property
    def nothing_to_say(self) -> bool:
        """The model has said that it has nothing to say."""

    def feed(self, piece: str) -> Iterator[Read_co]:
        """Take the next piece."""

    def finish(self) -> Iterator[Read_co]:
        """The text has ended."""

    def forget(self) -> None:
        """What came so far outside statements was no part of the reply."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a reply.

    `most_claims`, `most_characters`: a model that goes on for ever is left there. `silence`: what the reader is told where
    the model has nothing to say. `nothing_usable`: the error where it says nothing that can be used.
    """

    silence: str
    most_claims: int = 8  # six are asked for
    most_characters: int = 8_000
    nothing_usable: str = "reply_without_claims"


class Reply(Generic[Read]):
    """Takes the pieces of one reply, gives the events that its reader makes of them."""

    def __init__(
        self,
        reader: Reader[Read],
        expected: Expected,
        compatible: bool,
        server: Server,
        price: Callable[[Usage], Usage],
    ) -> None:
        self._reader = reader
        self._expected = expected
        self._thoughts = ThoughtFilter()
        self._compatible = compatible
        self._server = server
        self._price = price
        self._characters = 0
        self._finish: str | None = None
        self._usage: Usage | None = None

    @property
    def enough(self) -> bool:
        """Nothing of use can follow."""
        most = _AFTER_REFUSAL if self._reader.nothing_to_say else self._expected.most_characters
        return self._reader.claims >= self._expected.most_claims or self._characters > most

    def add(self, piece: Piece) -> Iterator[Read]:
        """Take a piece; yield the words and statements it brings."""
        self._finish = piece.finish or self._finish
        if piece.usage:
            self._usage = piece.usage if piece.total else _sum(self._usage, piece.usage)
        text = self._thoughts.feed(piece.text)
        if self._thoughts.all_was_thought():
            self._reader.forget()
        self._characters += len(text)
        yield from self._reader.feed(text)

    def finish(self) -> Iterator[Read | Usage | Insufficient]:
        """The stream has ended, or was left. What it cost comes first: it was spent whatever the reply is good for.

        Raises:
            EngineRefused: a filter cut it off.
            EngineReplyError: it broke off, was cut off, or holds nothing.
        """
        cut = self._finish in _CUT_SHORT
        broken = self._compatible and self._finish is None and self._usage is None and not self.enough
        if cut or broken or self._finish in _FILTERED:
            self._reader.forget()  # half a line is no claim
        yield from self._reader.feed(self._thoughts.rest())
        yield from self._reader.finish()
        if self._usage:
            yield self._price(self._usage)
        if self._finish in _FILTERED:
            raise EngineRefused("answer_filtered", model=self._server.model)
        if broken and self._characters:
            raise EngineReplyError("reply_broken", retryable=True, url=self._server.shown_url)
        if not self._reader.claims and not self._reader.nothing_to_say:
            key = "reply_cut" if cut else self._expected.nothing_usable
            raise EngineReplyError(key, retryable=True, model=self._server.model)
        if cut and not self._reader.nothing_to_say:
            raise EngineReplyError("reply_cut_short", retryable=True, model=self._server.model)
        if self._reader.nothing_to_say:
            yield Insufficient(self._expected.silence)


def _sum(before: Usage | None, more: Usage) -> Usage:
    """Usage that comes in shares, added up; what is never reported stays unknown."""
    if before is None:
        return more
    return Usage(
        input_tokens=_added(before.input_tokens, more.input_tokens),
        cached_tokens=_added(before.cached_tokens, more.cached_tokens),
        output_tokens=_added(before.output_tokens, more.output_tokens),
    )


def _added(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
