"""The engine for language models: any LangChain chat model, most of all OpenAI and what speaks its protocol."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from debatebot.catalog import translate
from debatebot.citations import ClaimReader
from debatebot.engines.failures import Failure, Server, failure_of
from debatebot.engines.models import OPENAI_URL, ChatModel, build_chat_model, is_local
from debatebot.engines.stream import StreamThread
from debatebot.engines.thoughts import ThoughtFilter
from debatebot.errors import EngineRefused, EngineReplyError
from debatebot.prompts import INSUFFICIENT, Messages, PromptBook
from debatebot.types import AnswerRequest, DraftClaim, EngineEvent, Insufficient, Perspective, Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk, UsageMetadata

__all__ = ["ChatModel", "LanguageModelEngine", "Retries", "build_chat_model"]

_MOST_CLAIMS = 8  # six are asked for; a model that goes on for ever is left
_MOST_CHARACTERS = 8_000
_AFTER_REFUSAL = 400  # characters; time for a server to report its usage
_CUT_SHORT = frozenset({"length", "max_tokens", "MAX_TOKENS", "incomplete"})
_FILTERED = frozenset({"content_filter", "SAFETY", "PROHIBITED_CONTENT", "refusal"})
_NO_SYSTEM_ROLE = re.compile(r"system (?:role|message|prompt)s? (?:is |are )?not (?:supported|allowed)", re.IGNORECASE)
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason", "status")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a server that is busy or away is asked, while nothing has come.

    The pause is half to all of `first` seconds, doubled each time, or what the server asks for; it is never longer than
    `longest`: a server that wants more patience than that is reported as busy.
    """

    attempts: int = 3
    first: float = 0.5
    longest: float = 20.0

    def pause(self, attempt: int, failure: Failure) -> float | None:
        """Seconds to wait after the failure of an attempt (from 0); None: give up."""
        if attempt + 1 >= self.attempts or not failure.again:
            return None
        if failure.wait is not None:
            return failure.wait if failure.wait <= self.longest else None
        return min(self.longest, self.first * 2.0**attempt) * random.uniform(0.5, 1.0)


class LanguageModelEngine:
    """Asks a chat model for claims, one a line, and resolves what they cite. Safe to use from several threads.

    Args:
        chat: from `build_chat_model`, or a `ChatModel` around any LangChain chat model.
        name: what the reader is told: the model string.
        base_url: of the server, where it is not the provider's own.
        warm_prefix: whether other perspectives wait for the first one's first word ("auto": at local servers, which
            read a prompt slowly and remember it).
    """

    def __init__(
        self,
        chat: ChatModel,
        prompts: PromptBook,
        *,
        name: str,
        base_url: str | None = None,
        warm_prefix: Literal["auto", "on", "off"] = "auto",
        retries: Retries | None = None,
    ) -> None:
        self._chat = chat
        self._prompts = prompts
        self._name = name
        self._warms_prefix = warm_prefix == "on" or (
            warm_prefix == "auto" and bool(base_url) and is_local(base_url or "")
        )
        self._retries = retries or Retries()
        self._options = dict(chat.options)
        self._system_role = True
        self._server = Server(name.removeprefix("openai:"), base_url or _provider_url(name), chat.secret)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name!r})"

    @property
    def name(self) -> str:
        """The model string."""
        return self._name

    @property
    def warms_prefix(self) -> bool:
        """Whether the perspectives' common prompt should be read once before all are asked."""
        return self._warms_prefix

    def prompt_hash(self, perspective: Perspective) -> str:
        """Hash of the shared parts and the perspective's framing."""
        return self._prompts.prompt_hash(perspective)

    def answer(self, request: AnswerRequest) -> Iterator[EngineEvent]:
        """Words as they come, a claim at each line's end, the usage, and whether there was nothing to say.

        When `request.cancelled` is set it ends within a moment, with what was said until then, and the connection is cut.

        Raises:
            EngineRefused: bad key, unknown model, used-up quota, too long a prompt, or a filtered answer.
            EngineBusy: too many requests or a failing server, after retries; or the connection broke.
            EngineTimeout: the server is silent.
            EngineUnavailable: it cannot be reached.
            EngineReplyError: what it says cannot be used.
        """
        if not request.retrieval.evidence:
            yield Insufficient(translate("answers.insufficient", request.language))
            return
        reply = _Reply(request, self._chat.compatible, self._server)
        with contextlib.closing(self._chunks(request)) as chunks:
            for chunk in chunks:
                yield from reply.add(chunk)
                if reply.enough:
                    break
        if not request.cancelled.is_set():
            yield from reply.finish()

    def _chunks(self, request: AnswerRequest) -> Generator[AIMessageChunk]:
        """The reply as it comes; asked for again while nothing has come and that may help."""
        messages = self._prompts.messages(request)
        attempt = 0
        while True:
            stream = StreamThread(partial(self._stream, messages))
            begun = False
            with contextlib.closing(stream.pieces(request.cancelled, self._chat.timeout)) as chunks:
                for chunk in chunks:
                    begun = begun or bool(chunk.text)
                    yield chunk
            if stream.error is None:
                return
            failure = failure_of(stream.error, self._server)
            if self._gives_way(failure):
                continue
            pause = None if begun else self._retries.pause(attempt, failure)
            if pause is None:
                raise failure.error from None  # what caused it may quote the key
            if request.cancelled.wait(pause):
                return
            attempt += 1

    def _stream(self, messages: Messages) -> Iterator[AIMessageChunk]:
        arguments: dict[str, Any] = {}
        for option in self._options.values():
            arguments.update(option)
        pairs = messages.pairs() if self._system_role else [("human", f"{messages.system}\n\n{messages.user}")]
        return self._chat.model.stream(pairs, **arguments)

    def _gives_way(self, failure: Failure) -> bool:
        """Do without, from now on, what the server says it does not take; whether there was such a thing."""
        if failure.status not in (400, 422, 500):
            return False
        refused = [name for name in self._options if name in failure.detail]
        self._options = {name: option for name, option in self._options.items() if name not in refused}
        no_system_role = self._system_role and _NO_SYSTEM_ROLE.search(failure.detail) is not None
        self._system_role = self._system_role and not no_system_role
        return bool(refused) or no_system_role


class _Reply:
    """One reply: takes its chunks, gives events."""

    def __init__(self, request: AnswerRequest, compatible: bool, server: Server) -> None:
        self._reader = ClaimReader(request.retrieval.evidence, INSUFFICIENT)
        self._thoughts = ThoughtFilter()
        self._language = request.language
        self._compatible = compatible
        self._server = server
        self._characters = 0
        self._finish: str | None = None
        self._usage: UsageMetadata | None = None

    @property
    def enough(self) -> bool:
        """Nothing of use can follow."""
        most = _AFTER_REFUSAL if self._reader.nothing_to_say else _MOST_CHARACTERS
        return self._reader.claims >= _MOST_CLAIMS or self._characters > most

    def add(self, chunk: AIMessageChunk) -> Iterator[str | DraftClaim]:
        """Take a chunk; yield the words and claims it brings."""
        self._note(chunk)
        text = self._thoughts.feed(str(chunk.text))
        if self._thoughts.all_was_thought():
            self._reader.forget()
        self._characters += len(text)
        yield from self._reader.feed(text)

    def finish(self) -> Iterator[EngineEvent]:
        """The stream has ended, or was left.

        Raises:
            EngineRefused: a filter cut it off.
            EngineReplyError: it broke off, or holds nothing.
        """
        cut = self._finish in _CUT_SHORT
        broken = self._compatible and self._finish is None and self._usage is None and not self.enough
        if cut or broken or self._finish in _FILTERED:
            self._reader.forget()  # half a line is no claim
        yield from self._reader.feed(self._thoughts.rest())
        yield from self._reader.finish()
        if self._finish in _FILTERED:
            raise EngineRefused("answer_filtered", model=self._server.model)
        if broken and self._characters:
            raise EngineReplyError("reply_broken", retryable=True, url=self._server.shown_url)
        if not self._reader.claims and not self._reader.nothing_to_say:
            key = "reply_cut" if cut else "reply_without_claims"
            raise EngineReplyError(key, retryable=True, model=self._server.model)
        if self._usage:
            yield _usage(self._usage)
        if self._reader.nothing_to_say:
            yield Insufficient(translate("answers.insufficient", self._language))

    def _note(self, chunk: AIMessageChunk) -> None:
        """How it ended and what it cost, as far as the chunk says so."""
        metadata = chunk.response_metadata
        self._finish = next((str(metadata[key]) for key in _FINISH_KEYS if metadata.get(key)), self._finish)
        if chunk.usage_metadata is None:
            return
        # OpenAI's protocol reports totals, and some servers do so with every chunk; other providers report shares.
        from langchain_core.messages.ai import add_usage

        totals = metadata.get("model_provider") == "openai" or self._compatible
        self._usage = chunk.usage_metadata if totals else add_usage(self._usage, chunk.usage_metadata)


def _usage(reported: UsageMetadata) -> Usage:
    return Usage(
        input_tokens=reported["input_tokens"],
        cached_tokens=reported.get("input_token_details", {}).get("cache_read"),
        output_tokens=reported["output_tokens"],
    )


def _provider_url(name: str) -> str:
    provider = name.partition(":")[0]
    return OPENAI_URL if provider == "openai" else provider
