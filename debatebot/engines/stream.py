"""A blocking stream that can be left at any moment.

A model's stream blocks inside a socket for as long as the server is silent. It therefore runs in a thread of its own, which
hands over what comes; whoever reads it notices within a moment that the person has stopped, or that the server has said
nothing for too long, and cuts the connection, so that the server stops working too.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator, MutableMapping
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

Piece = TypeVar("Piece")

_LOOK_UP = 0.1  # seconds between two looks at whether the person has stopped
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")


class StreamThread(threading.Thread, Generic[Piece]):
    """Reads a stream in the background.

    Args:
        open_stream: begins the request and returns what comes; called in the thread.
    """

    def __init__(self, open_stream: Callable[[], Iterator[Piece]]) -> None:
        super().__init__(name="model-stream", daemon=True)
        self._open_stream = open_stream
        self._pieces: queue.SimpleQueue[Piece | _End] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._left = threading.Event()
        self.error: BaseException | None = None
        """Why the stream broke off, once `pieces` has ended; None: it was whole, or the person stopped."""

    def pieces(self, cancelled: threading.Event, timeout: float) -> Generator[Piece]:
        """Start, and yield what comes until it ends, `cancelled` is set, or nothing came for `timeout` seconds.

        However the reading ends, the connection is cut if the stream is not over.
        """
        self.start()
        silent_since = time.monotonic()
        try:
            while not cancelled.is_set():
                with contextlib.suppress(queue.Empty):
                    piece = self._pieces.get(timeout=_LOOK_UP)
                    if isinstance(piece, _End):
                        self.error = piece.error
                        return
                    yield piece
                    silent_since = time.monotonic()
                if time.monotonic() - silent_since > timeout:
                    self.error = TimeoutError()
                    return
        finally:
            self.leave()

    def run(self) -> None:
        """Read the stream to its end, or until nobody wants it any more."""
        end = _End()
        with end:
            for piece in self._open_stream():
                self._pieces.put(piece)
                if self._left.is_set():
                    break
        self._pieces.put(end)

    def leave(self) -> None:
        """Nobody reads on: cut the connection."""
        self._left.set()
        if self._socket is not None:
            _cut(self._socket)

    def connected(self, connection: socket.socket) -> None:
        """The stream comes over this connection."""
        self._socket = connection
        if self._left.is_set():
            _cut(connection)


class _End:
    """The last thing on the queue: holds what the stream raised, whatever library it came from."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


class _Request(Protocol):
    extensions: MutableMapping[str, Any]


def follow_connection(request: _Request) -> None:
    """Event hook of an HTTP client: tell the `StreamThread` that sends the request which connection it goes over.

    It hears of new connections only, so the client must not keep any for the next request.
    https://www.python-httpx.org/advanced/extensions/#trace
    """
    thread = threading.current_thread()
    if not isinstance(thread, StreamThread):
        return

    def trace(event: str, info: dict[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            connection = info["return_value"].get_extra_info("socket")
            if isinstance(connection, socket.socket):
                thread.connected(connection)

    request.extensions = {**request.extensions, "trace": trace}


def _cut(connection: socket.socket) -> None:
    # Closing a socket does not wake a thread that waits for it; shutting it down does. Not the method of an SSLSocket,
    # which would take the encryption from under that thread.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
