"""One HTTP answer over one connection, to an address chosen before, within one deadline and one size.

`http.client` knows a limit for every single read only: a server that sends one byte a minute would hold it for ever.
Here every read gets what is left of the whole time.
"""

from __future__ import annotations

import http.client
import io
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Protocol, TypeVar, cast

_Found = TypeVar("_Found")
_CHUNK = 65_536


class TooLarge(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The body is larger than allowed, as sent or as unpacked."""


class Deadline:
    """A moment after which nothing more is waited for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then.

        Raises:
            TimeoutError: it has passed.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def wait_for(self, function: Callable[[], _Found]) -> _Found:
        """Call a function that knows no time limit (a name server's answer) and stop waiting at the deadline.

        Raises:
            TimeoutError: there was no answer in time; the thread that waits for it ends by itself.
            OSError: the function raised it.
        """
        answers: queue.SimpleQueue[tuple[_Found | None, OSError | None]] = queue.SimpleQueue()

        def call() -> None:
            try:
                answers.put((function(), None))
            except OSError as error:
                answers.put((None, error))

        threading.Thread(target=call, daemon=True).start()
        try:
            found, error = answers.get(timeout=self.left())
        except queue.Empty:
            raise TimeoutError from None
        if error is not None:
            raise error
        return cast("_Found", found)


class _Stream(io.RawIOBase):
    """Reads a socket; no read waits longer than the deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the only buffer that BufferedReader gives
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)


class _Socket:
    """As much of a socket as http.client uses. Who opened the real one closes it."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self._socket, self._deadline), _CHUNK)

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def close(self) -> None:
        """Nothing: the answer may still be read."""


@contextmanager
def get(
    connected: socket.socket, host: str, path: str, headers: Mapping[str, str], deadline: Deadline
) -> Iterator[http.client.HTTPResponse]:
    """Ask for `path` and give the answer, of which the head is read.

    Raises:
        OSError, http.client.HTTPException: no answer, or none in HTTP. TimeoutError: none in time.
    """
    connection = http.client.HTTPConnection(host)
    connection.sock = cast("socket.socket", _Socket(connected, deadline))
    connection.request("GET", path, headers=dict(headers))
    with closing(connection.getresponse()) as response:
        yield response


def connect(
    addresses: Sequence[str], port: int, deadline: Deadline, tls: ssl.SSLContext | None, server_name: str
) -> socket.socket:
    """A connection to the first of the addresses that answers; with TLS, to one that proves to be `server_name`.

    Raises:
        OSError: none can be reached (the error of the last); ssl.SSLError: it does not prove its name.
    """
    failure = OSError("no address")
    for position, address in enumerate(addresses):
        share = deadline.left() / (len(addresses) - position)
        try:
            plain = socket.create_connection((address, port), timeout=share)
        except OSError as error:
            failure = error
        else:
            return _secured(plain, deadline, tls, server_name) if tls else plain
    raise failure


def _secured(plain: socket.socket, deadline: Deadline, tls: ssl.SSLContext, server_name: str) -> socket.socket:
    try:
        plain.settimeout(deadline.left())
        return tls.wrap_socket(plain, server_hostname=server_name)
    except BaseException:  # wrap_socket closes it in some cases only
        plain.close()
        raise


# --- body -----------------------------------------------------------------------------------------------------------


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def read_body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The body, unpacked.

    Args:
        limit: bytes, as sent as well as unpacked.

    Raises:
        TooLarge: there is more.
        http.client.HTTPException: it breaks off, or is packed in a way that was not asked for.
    """
    if (response.length or 0) > limit:
        raise TooLarge
    unpacker: _Unpacker | None = None
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    body = bytearray()
    sent = 0
    while chunk := response.read1(_CHUNK):
        sent += len(chunk)
        if packing not in ("", "identity"):
            unpacker = unpacker or _unpacker(packing, chunk)
            chunk = _unpack(unpacker, chunk, limit + 1 - len(body))
        body += chunk
        if max(sent, len(body)) > limit:
            raise TooLarge
    if response.length or (unpacker is not None and not unpacker.eof):
        raise http.client.IncompleteRead(bytes(body))
    return bytes(body)


def _unpacker(packing: str, begin: bytes) -> _Unpacker:
    if packing in ("gzip", "x-gzip"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if packing == "deflate":  # meant is zlib's format (RFC 9110, 8.4.1.2); some servers send it without its head
        has_head = begin[0] & 15 == 8 and int.from_bytes(begin[:2], "big") % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS)
    raise http.client.HTTPException(f"Content-Encoding: {packing}")


def _unpack(unpacker: _Unpacker, chunk: bytes, limit: int) -> bytes:
    try:
        return unpacker.decompress(chunk, limit)
    except zlib.error as error:
        raise http.client.HTTPException(str(error)) from error
