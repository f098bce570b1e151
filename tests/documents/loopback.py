"""Servers on this machine for the tests of web addresses, and a policy that lets them be reached."""

from __future__ import annotations

import ipaddress
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from debatebot.documents import read_url
from debatebot.documents.web import FetchPolicy
from debatebot.errors import DocumentError, FetchError

LOOPBACK = ipaddress.ip_address("127.0.0.1")
PARAGRAPH = "En 1992, deux loups venus d'Italie sont observés dans le parc national du Mercantour, dans les Alpes."
PAGE = f"<html lang=fr><head><title>Le loup</title></head><body><article><p>{PARAGRAPH}</p></article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}

StartRaw = Callable[[Callable[[socket.socket], None]], int]
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A server on 127.0.0.1, and what it was asked."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "article.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        self.answers[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        return self.url(path)

    def page(self, body: bytes, content_type: str = HTML["Content-Type"], path: str = "/") -> str:
        return self.put(path, body, Content_Type=content_type)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers while the context lasts."""
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.requests.append((self.path, dict(self.headers)))
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@contextmanager
def raw_servers() -> Iterator[StartRaw]:
    """Starts servers that do whatever a function does with each connection; gives their port."""
    servers: list[socketserver.ThreadingTCPServer] = []

    def start(behave: Callable[[socket.socket], None]) -> int:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                behave(self.request)

        class Raw(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """As above."""

        server = Raw(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return int(server.server_address[1])

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def to_loopback(host: str, port: int) -> Sequence[str]:
    return [host] if host[0].isdigit() else ["127.0.0.1"]


LOCAL = FetchPolicy(is_allowed=lambda address: address == LOOPBACK, resolve=to_loopback, seconds=10)


def key_of(url: str, policy: FetchPolicy | None = LOCAL) -> str:
    with pytest.raises((FetchError, DocumentError)) as caught:
        read_url(url, policy=policy)
    for language in ("fr", "en"):
        described = caught.value.describe(language)
        assert described.message
        assert described.hint
    return caught.value.key
