"""The engine for language models: any LangChain chat model, most of all OpenAI and what speaks its protocol."""

from __future__ import annotations

import contextlib
import random
import re
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from debatebot.catalog import translate, translate_about
from debatebot.citations import ClaimReader
from debatebot.engines.failures import Failure, Server, failure_of
from debatebot.engines.models import OPENAI_URL, ChatModel, build_chat_model, is_local
from debatebot.engines.pieces import Piece
from debatebot.engines.prices import with_cost
from debatebot.engines.replies import Expected, Read, Reader, Reply
from debatebot.engines.stream import StreamThread
from debatebot.prompts import INSUFFICIENT, Messages, PromptBook
from debatebot.types import (
    AnswerRequest,
    CompareRequest,
    EngineEvent,
    Insufficient,
    ModelComparison,
    Perspective,
    Usage,
)

if TYPE_CHECKING:
    from debatebot.briefing.types import BrieferEvent, BriefRequest
    from debatebot.rounds.parts import RebuttalRequest, RebutterEvent

__all__ = ["ChatModel", "LanguageModelEngine", "Retries", "build_chat_model"]

_NO_SYSTEM_ROLE = re.compile(r"system (?:role|message|prompt)s? (?:is |are )?not (?:supported|allowed)", re.IGNORECASE)


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
        self._price = partial(
            with_cost,
            provider=name.partition(":")[0],
            model=self._server.model if base_url else name.partition(":")[2],
            base_url=base_url,
        )

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
            yield Insufficient(translate_about(len(request.articles), "answers.insufficient", request.language))
            return
        reader = ClaimReader(request.retrieval.evidence, INSUFFICIENT)
        expected = Expected(silence=translate_about(len(request.articles), "answers.insufficient", request.language))
        yield from self._reply(self._prompts.messages(request), reader, expected, request.cancelled)

    def rebut(self, request: RebuttalRequest) -> Iterator[RebutterEvent]:
        """What this side says in a round (`debatebot.rounds.parts.Rebutter`); cancelled and raises as `answer`."""
        from debatebot.rounds.prompting import rebuttal_messages
        from debatebot.rounds.reading import RebuttalReader

        expected = Expected(
            silence=translate_about(len(request.asked.articles), "debate.nothing_new", request.asked.language),
            nothing_usable="reply_without_targets",
        )
        messages = rebuttal_messages(self._prompts, request)
        yield from self._reply(messages, RebuttalReader(request, INSUFFICIENT), expected, request.cancelled)

    def rebuttal_hash(self, perspective: Perspective) -> str:
        """Hash of the shared parts, the perspective's framing and the task."""
        return self._prompts.task_hash("rebuttal", perspective)

    def brief(self, request: BriefRequest) -> Iterator[BrieferEvent]:
        """A whole briefing in one reply (`debatebot.briefing.types.Briefer`); cancelled and raises as `answer`."""
        from debatebot.briefing.prompting import MOST_CLAIMS, brief_messages, most_central
        from debatebot.briefing.reading import BriefReader

        evidence = most_central(request.evidence)
        expected = Expected(
            silence=translate("answers.insufficient", request.language),
            most_claims=MOST_CLAIMS,
            most_characters=12_000,
            nothing_usable="brief_without_sections",
        )
        messages = brief_messages(self._prompts, request, evidence)
        yield from self._reply(messages, BriefReader(evidence, INSUFFICIENT), expected, request.cancelled)

    def compare(self, request: CompareRequest) -> Iterator[ModelComparison | Usage]:
        """One comparison of all answers (`debatebot.types.Comparer`), checked, and asked for once more if it is wrong.

        Raises:
            EngineReplyError: it is wrong the second time too; else as `answer`.
        """
        from debatebot.engines.comparing import JsonReader, compare

        expected = Expected(silence="", most_characters=12_000, nothing_usable="comparison_unusable")

        def ask(messages: Messages) -> Iterator[str | Usage | Insufficient]:
            return self._reply(messages, JsonReader(), expected, request.cancelled)

        return compare(self._prompts, request, ask, self._server.model)

    def brief_hash(self) -> str:
        """Hash of the shared parts and the task."""
        return self._prompts.task_hash("brief")

    def _reply(
        self, messages: Messages, reader: Reader[Read], expected: Expected, cancelled: threading.Event
    ) -> Iterator[Read | Usage | Insufficient]:
        """What the reader makes of the model's reply."""
        reply = Reply(reader, expected, self._chat.compatible, self._server, self._price)
        with contextlib.closing(self._pieces(messages, cancelled)) as pieces:
            for piece in pieces:
                yield from reply.add(piece)
                if reply.enough:
                    break
        if not cancelled.is_set():
            yield from reply.finish()

    def _pieces(self, messages: Messages, cancelled: threading.Event) -> Generator[Piece]:
        """The reply as it comes; asked for again while nothing has come and that may help."""
        attempt = 0
        while True:
            stream = StreamThread(partial(self._stream, messages))
            begun = False
            with contextlib.closing(stream.pieces(cancelled, self._chat.timeout)) as pieces:
                for piece in pieces:
                    begun = begun or bool(piece.text)
                    yield piece
            if stream.error is None:
                return
            failure = failure_of(stream.error, self._server)
            if self._gives_way(failure):
                continue
            pause = None if begun else self._retries.pause(attempt, failure)
            if pause is None:
                raise failure.error from None  # what caused it may quote the key
            if cancelled.wait(pause):
                return
            attempt += 1

    def _stream(self, messages: Messages) -> Iterator[Piece]:
        arguments: dict[str, Any] = {}
        for option in self._options.values():
            arguments.update(option)
        pairs = messages.pairs() if self._system_role else [("human", f"{messages.system}\n\n{messages.user}")]
        return self._chat.stream(pairs, arguments)

    def _gives_way(self, failure: Failure) -> bool:
        """Do without, from now on, what the server says it does not take; whether there was such a thing."""
        if failure.status not in (400, 422, 500):
            return False
        refused = [name for name in self._options if name in failure.detail]
        self._options = {name: option for name, option in self._options.items() if name not in refused}
        no_system_role = self._system_role and _NO_SYSTEM_ROLE.search(failure.detail) is not None
        self._system_role = self._system_role and not no_system_role
        return bool(refused) or no_system_role


def _provider_url(name: str) -> str:
    provider = name.partition(":")[0]
    return OPENAI_URL if provider == "openai" else provider
