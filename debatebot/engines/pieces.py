"""What comes over a model's stream, in one shape: from any LangChain chat model, or from a server of OpenAI's protocol.

Servers of that protocol are read with the openai client alone, and their lines by `compatible_pieces`: a chunk as the client
and then LangChain build it takes ten times as long as the line it came in, and a local server sends one a token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from debatebot.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk, UsageMetadata
    from openai import OpenAI

_ROLES = {"system": "system", "human": "user"}
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason", "status")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text (perhaps none), why the reply ended, what it cost.

    `total`: the usage is that of the whole reply so far, and replaces what was reported before; else it adds to it.
    """

    text: str = ""
    finish: str | None = None
    usage: Usage | None = None
    total: bool = True


def langchain_piece(chunk: AIMessageChunk) -> Piece:
    """A chunk of a LangChain chat model."""
    metadata = chunk.response_metadata
    return Piece(
        text=str(chunk.text),
        finish=next((str(metadata[key]) for key in _FINISH_KEYS if metadata.get(key)), None),
        usage=_langchain_usage(chunk.usage_metadata) if chunk.usage_metadata else None,
        # OpenAI's protocol reports totals; other providers report shares.
        total=metadata.get("model_provider") == "openai",
    )


def _langchain_usage(reported: UsageMetadata) -> Usage:
    return Usage(
        input_tokens=reported["input_tokens"],
        cached_tokens=reported.get("input_token_details", {}).get("cache_read"),
        output_tokens=reported["output_tokens"],
    )


def compatible_pieces(
    client: OpenAI, model: str, pairs: Sequence[tuple[str, str]], arguments: Mapping[str, Any]
) -> Iterator[Piece]:
    """Ask a server of OpenAI's chat-completions protocol and yield what it streams.

    Args:
        pairs: (role, content) with LangChain's roles, "system" and "human".
        arguments: further fields of the request.

    Raises:
        openai.APIError: what the client raises, also for an error that comes within the stream.
        ValueError: what came is no such stream.
    """
    messages: Any = [{"role": _ROLES[role], "content": content} for role, content in pairs]
    asking = client.chat.completions.with_streaming_response.create(
        model=model, messages=messages, stream=True, **arguments
    )
    with asking as response:
        begun = False
        for data in _events(response.iter_bytes()):
            if data.strip() == "[DONE]":
                break
            yield _piece(_checked(json.loads(data), response.http_request))
            begun = True
        if not begun:
            raise ValueError("no event in the stream")


def _events(parts: Iterable[bytes]) -> Iterator[str]:
    """The data of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

    Lines are cut at line feeds only: JSON may hold the other characters that end a line in Unicode.
    """
    rest = b""
    data: list[str] = []
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].decode("utf-8", "replace").strip("\r").removeprefix(" "))
            elif not line.strip() and data:
                yield "\n".join(data)
                data = []
    if rest.startswith(b"data:"):
        data.append(rest[5:].decode("utf-8", "replace"))
    if data:
        yield "\n".join(data)


def _checked(event: Any, request: Any) -> dict[str, Any]:
    from openai import APIError

    if not isinstance(event, dict):
        raise ValueError(f"no chunk of a reply: {event!r:.80}")
    error = event.get("error")
    if error:
        message = error.get("message") if isinstance(error, dict) else error
        raise APIError(str(message or "error"), request, body=error if isinstance(error, dict) else None)
    return event


def _piece(event: Mapping[str, Any]) -> Piece:
    choice: Mapping[str, Any] = next(iter(event.get("choices") or ()), {})
    delta = choice.get("delta") or {}
    usage = event.get("usage")
    return Piece(
        text=_text(delta.get("content")),
        finish=choice.get("finish_reason"),
        usage=_usage(usage) if isinstance(usage, Mapping) else None,
    )


def _text(content: object) -> str:
    """Most servers send text; some send a list of parts, as the protocol has it for questions."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    return str(content or "")


def _usage(reported: Mapping[str, Any]) -> Usage:
    details = reported.get("prompt_tokens_details") or {}
    return Usage(
        input_tokens=reported.get("prompt_tokens"),
        cached_tokens=details.get("cached_tokens"),
        output_tokens=reported.get("completion_tokens"),
    )
