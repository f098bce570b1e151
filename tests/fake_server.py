"""A model server on the loopback address that misbehaves on demand.

It speaks the chat-completions protocol and takes one `Reply` from its queue for each question, in the order in which
questions arrive; what is asked never decides what is answered.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

USAGE = {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940}


@dataclass(frozen=True)
class Reply:
    """What the server does with one question.

    Attributes:
        text: the answer; it is sent in pieces of `piece` characters, `drip` seconds apart.
        reasoning: thoughts sent before the text, in the field `reasoning_content`.
        status: another one than 200 is answered with `error` in the shape OpenAI uses.
        body: raw bytes sent instead, as `content_type`.
        hang: the number of pieces after which nothing more comes; -1: not even the headers.
        cut: the number of pieces after which the connection is cut; -1: before the headers.
        usage: what the last piece reports; None: nothing.
    """

    text: str = "FACT: The article says so [1]."
    reasoning: str = ""
    piece: int = 7
    drip: float = 0.0
    status: int = 200
    error: str = "the server refuses"
    error_code: str | None = None
    retry_after: str | None = None
    body: bytes | None = None
    content_type: str = "text/html"
    hang: int | None = None
    cut: int | None = None
    usage: Mapping[str, Any] | None = field(default_factory=lambda: dict(USAGE))
    finish_reason: str = "stop"

    def pieces(self) -> list[str]:
        """The text, cut where the stream is."""
        return [self.text[at : at + self.piece] for at in range(0, len(self.text), self.piece)]


@dataclass
class Recorded:
    """A request as it arrived, with the names of its headers in small letters.

    `left` is set when the client went away before the reply was whole, `done` when the server is through with it.
    """

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    characters_read: int = 0
    """Characters of the prompt that were not in the server's prefix cache."""
    left: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""
        return "\n".join(str(message["content"]) for message in self.body.get("messages", []))


class LoopbackServer:
    """An HTTP server on a free loopback port that answers GET from `routes`: path → (status, body)."""

    def __init__(self, routes: Mapping[str, tuple[int, object]] | None = None, port: int = 0) -> None:
        self.routes = dict(routes or {})
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, handler: _Handler) -> None:
        """Answer a GET."""
        status, content = self.routes.get(handler.path, (404, {"error": "not found"}))
        handler.send_json(status, content)

    def post(self, handler: _Handler, body: dict[str, Any]) -> None:
        """Answer a POST; this server knows none."""
        handler.send_json(404, {"error": {"message": f"no such path: {handler.path}"}})

    def close(self) -> None:
        """Let hanging requests go and stop."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FakeModelServer(LoopbackServer):
    """An OpenAI-compatible server with a queue of replies.

    Args:
        replies: taken one a question, in the order of arrival; when none is left, `Reply()` is given.
        models: what /v1/models lists.
        refuses: body fields that are answered with status 400, without taking a reply from the queue.
        slots: questions answered at once; others wait (None: no limit).
        seconds_per_character: time to read one character of a prompt that is not in the prefix cache.
        key: a key that requests must carry.
    """

    def __init__(
        self,
        replies: Iterable[Reply | str] = (),
        *,
        models: Sequence[str] = ("fake-model",),
        refuses: Sequence[str] = (),
        slots: int | None = None,
        seconds_per_character: float = 0.0,
        key: str | None = None,
        routes: Mapping[str, tuple[int, object]] | None = None,
    ) -> None:
        self.replies = deque(Reply(text=reply) if isinstance(reply, str) else reply for reply in replies)
        self.refuses = tuple(refuses)
        self.seconds_per_character = seconds_per_character
        self.key = key
        self.requests: list[Recorded] = []
        self.peak = 0
        self._running = 0
        self._cached: list[str] = []
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(slots) if slots else contextlib.nullcontext()
        listing = {"object": "list", "data": [{"id": name, "object": "model"} for name in models]}
        super().__init__({"/v1/models": (200, listing), **(routes or {})})

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"{self.url}/v1"

    def get(self, handler: _Handler) -> None:
        """List the models, to whoever has the key."""
        if self.key and handler.headers.get("Authorization") != f"Bearer {self.key}":
            handler.send_json(401, {"error": {"message": "no key"}})
        else:
            super().get(handler)

    def post(self, handler: _Handler, body: dict[str, Any]) -> None:
        """Answer one question."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        recorded = Recorded(handler.path, headers, body)
        with self._lock:
            self.requests.append(recorded)
            reply = self._refusal(recorded) or (self.replies.popleft() if self.replies else Reply())
            self._running += 1
            self.peak = max(self.peak, self._running)
        try:
            with self._slots:
                self._read(recorded)
                _send(handler, reply, recorded)
        except (BrokenPipeError, ConnectionResetError):
            recorded.left.set()
        finally:
            with self._lock:
                self._running -= 1
            recorded.done.set()

    def _refusal(self, recorded: Recorded) -> Reply | None:
        if self.key and recorded.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(status=401, error="Incorrect API key provided: sk-se***et", error_code="invalid_api_key")
        for name in self.refuses:
            if name in recorded.body:
                return Reply(status=400, error=f"Unrecognized request argument supplied: {name}")
        return None

    def _read(self, recorded: Recorded) -> None:
        with self._lock:
            known = max((_common_prefix(old, recorded.prompt) for old in self._cached), default=0)
            recorded.characters_read = len(recorded.prompt) - known
        time.sleep(recorded.characters_read * self.seconds_per_character)
        with self._lock:
            self._cached.append(recorded.prompt)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: LoopbackServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests, not worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self.server.owner.get(self)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self.server.owner.post(self, body)

    def send_json(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        """Bytes are sent as they are and count as HTML, text as plain text, anything else as JSON."""
        kinds: dict[type, str] = {bytes: "text/html", str: "text/plain"}
        kind = kinds.get(type(content), "application/json")
        data = content if isinstance(content, bytes) else str(content).encode()
        if kind == "application/json":
            data = json.dumps(content).encode()
        self.send_whole(status, data, kind, headers)

    def send_whole(self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send_event(self, content: str) -> None:
        data = f"data: {content}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def pause(self, seconds: float) -> None:
        """Wait, and notice a client that leaves meanwhile.

        Raises:
            BrokenPipeError: the client has gone, or the server is closing.
        """
        end = time.monotonic() + seconds
        while True:
            readable, _, _ = select.select([self.connection], [], [], min(0.02, max(0.0, end - time.monotonic())))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise BrokenPipeError
            if self.server.owner.closing.is_set():
                self.close_connection = True
                raise BrokenPipeError
            if time.monotonic() >= end:
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _send(handler: _Handler, reply: Reply, recorded: Recorded) -> None:
    if reply.cut == -1:
        handler.cut()
        raise BrokenPipeError
    if reply.hang == -1:
        handler.pause(3600)
    if reply.body is not None:
        handler.send_whole(reply.status, reply.body, reply.content_type)
    elif reply.status != 200:
        headers = {"Retry-After": reply.retry_after} if reply.retry_after else {}
        error = {"message": reply.error, "type": "error", "code": reply.error_code, "param": None}
        handler.send_json(reply.status, {"error": error}, headers)
    elif recorded.body.get("stream"):
        _stream(handler, reply, recorded)
    else:
        message = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
        handler.send_json(200, {**_envelope("chat.completion"), "choices": [choice], "usage": reply.usage})


def _stream(handler: _Handler, reply: Reply, recorded: Recorded) -> None:
    handler.start_stream()
    if reply.reasoning:
        handler.send_event(_chunk({"reasoning_content": reply.reasoning}))
    pieces = reply.pieces()
    for count, piece in enumerate(pieces):
        _misbehave(handler, reply, count)
        handler.send_event(_chunk({"content": piece}))
        if reply.drip:
            handler.pause(reply.drip)
    _misbehave(handler, reply, len(pieces))
    handler.send_event(_chunk({}, reply.finish_reason))
    if reply.usage is not None and recorded.body.get("stream_options", {}).get("include_usage"):
        handler.send_event(json.dumps({**_envelope("chat.completion.chunk"), "choices": [], "usage": reply.usage}))
    handler.send_event("[DONE]")
    handler.end_stream()


def _misbehave(handler: _Handler, reply: Reply, count: int) -> None:
    if reply.cut == count:
        handler.cut()
        raise BrokenPipeError
    if reply.hang == count:
        handler.pause(3600)


def _chunk(delta: dict[str, str], finish_reason: str | None = None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish_reason}
    return json.dumps({**_envelope("chat.completion.chunk"), "choices": [choice]}, ensure_ascii=False)


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": "fake-model"}


def _common_prefix(first: str, second: str) -> int:
    for at, (left, right) in enumerate(zip(first, second, strict=False)):
        if left != right:
            return at
    return min(len(first), len(second))
