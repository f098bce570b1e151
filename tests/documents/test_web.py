"""Web addresses, against real servers on this machine: what is fetched, and what is said of servers that fail."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from debatebot import __version__
from debatebot.documents import read_url
from debatebot.documents.web import trusted_certificates
from debatebot.errors import FetchError
from tests.documents.loopback import LOCAL, PAGE, PARAGRAPH, Site, StartRaw, key_of, raw_servers, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def raw_server() -> Iterator[StartRaw]:
    with raw_servers() as start:
        yield start


# --- what is fetched ------------------------------------------------------------------------------------------------


def test_a_page_becomes_an_article(site: Site) -> None:
    article = read_url(site.page(PAGE.encode(), path="/loup?page=1") + "#suite", policy=LOCAL)
    assert (article.text, article.title, article.language) == (PARAGRAPH, "Le loup", "fr")
    assert article.source == site.url("/loup?page=1")


def test_the_request_says_who_asks_and_nothing_about_the_person(site: Site) -> None:
    site.put("/a", status=302, Location="/b", Set_Cookie="a=b")
    site.page(PAGE.encode(), path="/b")
    read_url(site.url("/a"), policy=LOCAL)
    (_, first), (_, second) = site.requests
    assert first == second
    assert first["User-Agent"] == f"debatebot/{__version__}"
    assert first["Host"] == f"article.example:{site.port}"
    assert not first.keys() & {"Cookie", "Authorization", "Referer"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PARAGRAPH.encode("utf-8"), "text/plain; charset=utf-8"),
        (PARAGRAPH.encode("cp1252"), "text/plain; charset=iso-8859-1"),
        (PARAGRAPH.encode("utf-8"), "text/plain; charset=iso-8859-1"),
        (PARAGRAPH.encode("cp1252"), "text/plain"),
        (PARAGRAPH.encode("cp1252"), "text/plain; charset=no-such-encoding"),
        (f"# Titre\n\n*{PARAGRAPH}*".encode(), "text/markdown"),
        (PAGE.encode(), "application/xhtml+xml"),
        (PAGE.encode("cp1252"), "text/html; charset=windows-1252"),
        (PAGE.replace("<head>", "<head><meta charset=iso-8859-1>").encode("cp1252"), "text/html"),
        (PAGE.encode("utf-16"), "text/html"),
        (PAGE.encode(), "application/octet-stream"),
    ],
)
def test_types_and_encodings(site: Site, body: bytes, content_type: str) -> None:
    assert PARAGRAPH in read_url(site.page(body, content_type), policy=LOCAL).text


def test_the_name_in_the_address_helps_to_tell_the_format(site: Site) -> None:
    url = site.page(f"# Le loup\n\n*{PARAGRAPH}*".encode(), "text/plain", path="/texts/article.md")
    assert read_url(url, policy=LOCAL).text == f"Le loup\n\n{PARAGRAPH}"


def test_an_answer_without_a_type_is_told_by_its_content(site: Site) -> None:
    assert read_url(site.put("/", PAGE.encode()), policy=LOCAL).title == "Le loup"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_packed_answers_are_unpacked(site: Site, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    url = site.put("/", pack(PAGE.encode()), Content_Encoding=encoding, Content_Type="text/html")
    assert read_url(url, policy=LOCAL).text == PARAGRAPH


def test_an_address_in_french_is_asked_for_in_ascii(site: Site) -> None:
    site.page(PAGE.encode(), path="/%C3%A9t%C3%A9?q=%C5%93uf%20dur")
    read_url(site.url("/été?q=œuf%20dur", host="économie.example"), policy=LOCAL)
    assert site.requests[0][1]["Host"].startswith("xn--conomie-9xa.example:")


def test_a_redirect_is_followed_and_its_end_is_the_source(site: Site) -> None:
    site.put("/a", status=301, Location="b?x=1")
    site.put("/b?x=1", status=307, Location=site.url("/c", host="other.example"))
    site.page(PAGE.encode(), path="/c")
    assert read_url(site.url("/a"), policy=LOCAL).source == site.url("/c", host="other.example")


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert read_url(site.page(PAGE.encode()), policy=LOCAL).title == "Le loup"


# --- what servers say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "key", "retryable"),
    [
        (404, "fetch_not_found", False),
        (410, "fetch_not_found", False),
        (401, "fetch_forbidden", False),
        (403, "fetch_forbidden", False),
        (451, "fetch_forbidden", False),
        (429, "fetch_busy", True),
        (500, "fetch_busy", True),
        (503, "fetch_busy", True),
        (418, "fetch_status", False),
        (204, "fetch_status", False),
        (302, "fetch_status", False),
    ],
)
def test_each_status_has_its_error(site: Site, status: int, key: str, retryable: bool) -> None:
    with pytest.raises(FetchError) as caught:
        read_url(site.put("/", PAGE.encode(), status=status), policy=LOCAL)
    assert (caught.value.key, caught.value.retryable) == (key, retryable)


def test_a_forbidden_page_says_to_paste_the_text(site: Site) -> None:
    with pytest.raises(FetchError) as caught:
        read_url(site.put("/", status=403), policy=LOCAL)
    assert "paste" in caught.value.hint
    assert "collez" in caught.value.describe("fr").hint


@pytest.mark.parametrize("content_type", ["image/png", "application/json", "video/mp4", "application/zip", "text/css"])
def test_what_is_no_article_by_its_type_is_not_read(site: Site, content_type: str) -> None:
    assert key_of(site.page(PAGE.encode(), content_type)) == "fetch_type"


@pytest.mark.parametrize(
    ("body", "content_type", "key"),
    [
        (b"", "text/html", "document_no_article"),
        (
            b"<html><body><div id=app></div><script src=app.js></script></body></html>",
            "text/html",
            "document_no_article",
        ),
        (b"<html><body>Log in</body></html>", "application/pdf", "document_no_article"),
        (b"\x89PNG\r\n\0\0", "application/octet-stream", "document_binary"),
        (b"not a pdf", "application/pdf", "document_damaged"),
        (b"42", "text/plain", "document_empty"),
    ],
)
def test_a_page_without_an_article(site: Site, body: bytes, content_type: str, key: str) -> None:
    assert key_of(site.page(body, content_type)) == key


def test_a_packing_that_was_not_asked_for(site: Site) -> None:
    assert key_of(site.put("/", b"x", Content_Type="text/html", Content_Encoding="br")) == "fetch_reply"
    assert key_of(site.put("/", b"no gzip", Content_Type="text/html", Content_Encoding="gzip")) == "fetch_reply"


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"", "fetch_broken"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "fetch_reply"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, "fetch_reply"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "fetch_reply"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>half", "fetch_broken"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf", "fetch_broken"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "fetch_broken"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
            + gzip.compress(PAGE.encode())[:50],
            "fetch_broken",
        ),
    ],
)
def test_a_server_that_misbehaves(raw_server: StartRaw, sent: bytes, key: str) -> None:
    def misbehave(connection: socket.socket) -> None:
        connection.recv(4_096)
        connection.sendall(sent)

    assert key_of(f"http://article.example:{raw_server(misbehave)}/") == key


def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert key_of(f"http://article.example:{port}/") == "fetch_unreachable"


def test_an_unknown_name() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert key_of("http://article.example/", replace(LOCAL, resolve=unknown)) == "fetch_name"


# --- TLS ------------------------------------------------------------------------------------------------------------


def test_tls_asks_for_the_name_and_refuses_who_cannot_prove_it(raw_server: StartRaw) -> None:
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # has no certificate to show
    context.sni_callback = lambda connection, name, context: names.append(name)

    def greet(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True):
            pass

    assert key_of(f"https://article.example:{raw_server(greet)}/") == "fetch_certificate"
    assert names == ["article.example"]


def anonymous(context: ssl.SSLContext) -> ssl.SSLContext:
    """TLS without certificates, which tests the way of the data and leaves out who it comes from."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH:ADH:@SECLEVEL=0")
    return context


def test_a_page_comes_over_tls(raw_server: StartRaw) -> None:
    server_side = anonymous(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_side.check_hostname = False
    client_side.verify_mode = ssl.CERT_NONE
    client_side = anonymous(client_side)
    asked = []

    def answer(connection: socket.socket) -> None:
        with server_side.wrap_socket(connection, server_side=True) as secure:
            asked.append(secure.recv(4_096))
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE))
            secure.sendall(PAGE.encode())

    url = f"https://article.example:{raw_server(answer)}/loup"
    article = read_url(url, policy=replace(LOCAL, certificates=lambda: client_side))
    assert (article.title, article.source) == ("Le loup", url)
    assert asked[0].startswith(b"GET /loup HTTP/1.1\r\n")


def test_plain_http_behind_https_is_refused(site: Site) -> None:
    assert key_of(site.url().replace("http://", "https://")) == "fetch_certificate"
    assert site.requests == []


def test_certificates_and_names_are_verified() -> None:
    context = trusted_certificates()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) > 50
