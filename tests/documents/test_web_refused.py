"""Web addresses that are refused, and the limits of those that are not, against real servers on this machine."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from debatebot.documents import read_url
from debatebot.documents.web import FetchPolicy, is_public
from debatebot.errors import FetchError
from tests.documents.loopback import LOCAL, PAGE, Site, StartRaw, key_of, raw_servers, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def raw_server() -> Iterator[StartRaw]:
    with raw_servers() as start:
        yield start


def test_the_policy_by_default_is_the_strict_one() -> None:
    policy = FetchPolicy()
    assert policy.is_allowed is is_public
    assert (policy.seconds, policy.max_bytes, policy.max_redirects) == (20.0, 20_000_000, 5)


# --- where nothing is fetched from ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("::ffff:93.184.215.14", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("0.1.2.3", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("2002:c0a8:101::1", False),
        ("2001:0:7f00:1::", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "１２７.0.0.1"]
)
def test_by_default_this_machine_is_refused(site: Site, host: str) -> None:
    site.page(PAGE.encode())
    assert key_of(site.url(host=host), policy=None) == "fetch_private"
    assert site.requests == []


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "1.2.3.4.5"]
)
def test_numbers_that_are_no_ordinary_address_are_refused(site: Site, host: str) -> None:
    assert key_of(site.url(host=host), policy=None) == "fetch_address"
    assert site.requests == []


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.2", "[::1]", "169.254.169.254", "0.0.0.0"])
def test_a_redirect_into_a_private_network_is_refused(site: Site, host: str) -> None:
    policy = replace(LOCAL, resolve=lambda name, port: ["127.0.0.1"] if name == "article.example" else [name])
    site.put("/", status=302, Location=f"http://{host}:{site.port}/secret")
    assert key_of(site.url(), policy) == "fetch_private"
    assert [path for path, _ in site.requests] == ["/"]


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("file:///etc/passwd", "fetch_scheme"),
        ("ftp://article.example/x", "fetch_scheme"),
        ("gopher://article.example/x", "fetch_scheme"),
        ("http://user:password@article.example/", "fetch_credentials"),
        ("http://[::1", "fetch_address"),
    ],
)
def test_a_redirect_to_something_else_than_the_web_is_refused(site: Site, location: str, key: str) -> None:
    assert key_of(site.put("/", status=302, Location=location)) == key


def test_redirects_without_end_are_given_up(site: Site) -> None:
    assert key_of(site.put("/", status=302, Location="/")) == "fetch_redirects"
    assert len(site.requests) == 6


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_used(site: Site) -> None:
    answers = iter((["127.0.0.1"], ["10.0.0.1"], ["10.0.0.2"]))
    asked = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return next(answers)

    site.page(PAGE.encode())
    assert read_url(site.url(), policy=replace(LOCAL, resolve=rebinding)).title == "Le loup"
    assert asked == [("article.example", site.port)]


def test_one_private_address_among_several_refuses_them_all(site: Site) -> None:
    site.page(PAGE.encode())
    policy = replace(LOCAL, resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"])
    assert key_of(site.url(), policy) == "fetch_private"
    assert site.requests == []


def test_the_next_address_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    site.page(PAGE.encode())
    policy = replace(LOCAL, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"], is_allowed=lambda address: True)
    assert read_url(site.url(), policy=policy).title == "Le loup"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", "fetch_scheme"),
        ("www.example.org/article", "fetch_scheme"),
        ("file:///etc/passwd", "fetch_scheme"),
        ("javascript:alert(1)", "fetch_scheme"),
        ("http://", "fetch_address"),
        ("http:///article", "fetch_address"),
        ("http://article.example:99999/", "fetch_address"),
        ("http://article.example:0/", "fetch_address"),
        ("http://article.example:x/", "fetch_address"),
        ("http://[::1/", "fetch_address"),
        ("http://article.example/a b", "fetch_address"),
        ("http://article.example/a\r\nX-Injected: 1", "fetch_address"),
        ("http://article.example\\@127.0.0.1/", "fetch_credentials"),
        ("http://ex%61mple.org/", "fetch_address"),
        ("http://" + "a" * 64 + ".example/", "fetch_address"),
        ("http://a..example/", "fetch_address"),
        ("http://user@article.example/", "fetch_credentials"),
        ("https://user:secret@article.example/", "fetch_credentials"),
    ],
)
def test_what_is_no_address_is_refused(url: str, key: str) -> None:
    assert key_of(url) == key


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(FetchError) as caught:
        read_url("https://user:secret@article.example/", policy=LOCAL)
    described = caught.value.describe("fr")
    assert "secret" not in described.message + described.hint + str(caught.value.values)


# --- limits ---------------------------------------------------------------------------------------------------------

SMALL = replace(LOCAL, max_bytes=10_000)


def test_a_page_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    url = site.put("/", b"", Content_Length="20000000000", Content_Type="text/html")
    with pytest.raises(FetchError, match="larger than 20 MB"):
        read_url(url, policy=LOCAL)


def test_a_page_that_does_not_say_how_large_it_is_is_cut_off(raw_server: StartRaw) -> None:
    sent = []

    def endless(connection: socket.socket) -> None:
        connection.recv(4_096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"3e8\r\n" + b"a" * 1_000 + b"\r\n")
            sent.append(1_000)

    assert key_of(f"http://article.example:{raw_server(endless)}/", SMALL) == "fetch_too_large"


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_bomb_is_not_unpacked(site: Site, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"\0" * 8_000_000)
    assert len(bomb) < SMALL.max_bytes
    url = site.put("/", bomb, Content_Encoding=encoding, Content_Type="text/html")
    tracemalloc.start()
    try:
        assert key_of(url, SMALL) == "fetch_too_large"
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n"])
def test_a_server_that_drips_is_left_at_the_deadline(raw_server: StartRaw, head: bytes) -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while not stop.wait(0.02):
            connection.sendall(b"H")

    policy = replace(LOCAL, seconds=0.3)
    try:
        assert key_of(f"http://article.example:{raw_server(drip)}/", policy) == "fetch_timeout"
    finally:
        stop.set()


def test_the_time_of_all_redirects_together_is_limited(raw_server: StartRaw) -> None:
    asked = []

    def slow(connection: socket.socket) -> None:
        connection.recv(4_096)
        asked.append(1)
        threading.Event().wait(0.15)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    policy = replace(LOCAL, seconds=0.4, max_redirects=1_000)
    assert key_of(f"http://article.example:{raw_server(slow)}/", policy) == "fetch_timeout"
    assert len(asked) <= 4


def test_a_name_server_that_does_not_answer_is_left_at_the_deadline() -> None:
    forever = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        forever.wait(30)
        return ["127.0.0.1"]

    try:
        assert key_of("http://article.example/", replace(LOCAL, resolve=hang, seconds=0.2)) == "fetch_timeout"
    finally:
        forever.set()
