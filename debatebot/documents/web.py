"""Fetches one web address, with limits on time, size and redirects, and never from a private network.

A page fetched on somebody's behalf could be made to point at machines that only this one can reach: a router, a
database, the metadata service of a cloud. So a name is resolved once, every address it stands for is checked, and the
connection goes to the very address that was checked (a name that stands for something else a moment later changes
nothing); each redirect is checked in the same way. Proxies named in the environment are not used, for the same reason.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urljoin, urlsplit

from debatebot.documents.connection import Deadline, TooLarge, connect, get, read_body
from debatebot.documents.text import MAX_BYTES, shown
from debatebot.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MEDIA_TYPES: Mapping[str, str] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "",
    "text/markdown": "md",
    "text/x-markdown": "md",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/octet-stream": "",
    "": "",
}
"""What is read, and as what; "": the content and the name in the address tell."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also one that wraps an IPv4 address in an IPv6 address."""
    inner = _wrapped(address) if isinstance(address, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)
    )
    return address.is_global and not special


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside ::ffff:0:0/96 (mapped), 2002::/16 (6to4) or 64:ff9b::/96 (NAT64, RFC 6052)."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them.

    Raises:
        OSError: it knows none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def trusted_certificates() -> ssl.SSLContext:
    """Certificates and names are verified, with the system's authorities and those that Mozilla trusts: not every
    Python finds the system's."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be fetched. The defaults are meant for everybody; tests put their own resolver and addresses in."""

    is_allowed: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolve
    certificates: Callable[[], ssl.SSLContext] = trusted_certificates
    seconds: float = 20.0
    """For everything together: name, connections, redirects, the last byte."""
    max_bytes: int = MAX_BYTES
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What came back. `address` is where it really is, after redirects; `kind` a value of `MEDIA_TYPES`."""

    address: str
    kind: str
    encoding: str | None
    data: bytes

    @property
    def name(self) -> str:
        """The last part of the path: "article.md" of "https://example.org/texts/article.md?x=1"."""
        return urlsplit(self.address).path.rpartition("/")[2]


def fetch(url: str, policy: FetchPolicy) -> Page:
    """Fetch a web address.

    Raises:
        FetchError: it cannot or may not be fetched, or is nothing that is read here.
    """
    deadline = Deadline(policy.seconds)
    address = url.strip()
    for _ in range(policy.max_redirects + 1):
        target = _target(address)
        with _as_fetch_errors(target, policy):
            found = _request(target, policy, deadline)
        if isinstance(found, Page):
            return found
        address = found
    raise FetchError("fetch_redirects", url=shown(url), limit=policy.max_redirects)


# --- the address ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    """A checked address, taken apart once, so that what is checked and what is used cannot differ."""

    address: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_NOT_IN_ADDRESS = re.compile('[\x00-\x20\x7f-\xa0<>"\\\\^`{|}\ud800-\udfff]')
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")
_NUMBER_AT_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
_PATH_SIGNS = "/%:@!$&'()*+,;=~-._"


def _target(address: str) -> _Target:
    """Take an address apart.

    Raises:
        FetchError: it is no web address, or holds a user name.
    """
    wrong = FetchError("fetch_address", url=shown(address))
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _PORTS:
        raise FetchError("fetch_scheme", url=shown(address))
    if parts.username is not None or parts.password is not None:
        raise FetchError("fetch_credentials", host=shown(parts.hostname or ""))
    if _NOT_IN_ADDRESS.search(address) or port == 0:
        raise wrong
    path = quote(parts.path or "/", safe=_PATH_SIGNS)
    query = "?" + quote(parts.query, safe=_PATH_SIGNS + "?") if parts.query else ""
    host = _host(parts.hostname or "")
    if host is None:
        raise wrong
    whole = parts._replace(fragment="").geturl()
    return _Target(whole, parts.scheme, host, port or _PORTS[parts.scheme], path + query)


def _host(name: str) -> str | None:
    """A host in ASCII; None for what is none. Numbers that only look like a name (2130706433, 0x7f.1) are none."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        host = name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if _is_address(host):  # digits of another script, now in ASCII
        return host
    return host if _HOST.fullmatch(host) and not _NUMBER_AT_END.search(host) else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _checked_addresses(target: _Target, policy: FetchPolicy, deadline: Deadline) -> list[str]:
    """Resolve the host, once. One address that is not allowed refuses them all.

    Raises:
        FetchError: not known, or not allowed.
    """
    try:
        found = deadline.wait_for(partial(policy.resolve, target.host, target.port))
    except socket.gaierror:
        raise FetchError("fetch_name", retryable=True, host=shown(target.host)) from None
    addresses = [ipaddress.ip_address(address) for address in found]
    if not all(policy.is_allowed(address) for address in addresses):
        raise FetchError("fetch_private", host=shown(target.host))
    return [str(address) for address in addresses]


# --- request and answer ---------------------------------------------------------------------------------------------

_REDIRECTS = (301, 302, 303, 307, 308)


def _request(target: _Target, policy: FetchPolicy, deadline: Deadline) -> Page | str:
    """One request: the page, or the address it is to be found at."""
    addresses = _checked_addresses(target, policy, deadline)
    tls = policy.certificates() if target.scheme == "https" else None
    with (
        closing(connect(addresses, target.port, deadline, tls, target.host.rstrip("."))) as connected,
        get(connected, target.host, target.path, _headers(target), deadline) as response,
    ):
        location = response.headers.get("Location")
        if response.status in _REDIRECTS and location:
            return _joined(target, location.encode("latin-1").decode("utf-8", "replace").strip())
        _check_status(target, response.status)
        kind = _kind(target, response)
        data = read_body(response, policy.max_bytes)
    return Page(target.address, kind, response.headers.get_content_charset(), data)


def _joined(target: _Target, location: str) -> str:
    try:
        return urljoin(target.address, location)
    except ValueError:
        raise FetchError("fetch_address", url=shown(location)) from None


def _headers(target: _Target) -> dict[str, str]:
    from debatebot import __version__

    return {
        "Host": target.host_header,
        "User-Agent": f"debatebot/{__version__}",
        "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf, */*;q=0.5",
        "Accept-Language": "fr, en;q=0.9, *;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _check_status(target: _Target, status: int) -> None:
    if status == 200:
        return
    url = shown(target.address)
    if status in (404, 410):
        raise FetchError("fetch_not_found", url=url)
    if status in (401, 402, 403, 407, 451):
        raise FetchError("fetch_forbidden", url=url, status=status)
    if status == 429 or status >= 500:
        raise FetchError("fetch_busy", retryable=True, url=url, status=status)
    raise FetchError("fetch_status", url=url, status=status)


def _kind(target: _Target, response: http.client.HTTPResponse) -> str:
    declared = response.headers.get_content_type() if "Content-Type" in response.headers else ""
    if declared not in MEDIA_TYPES:
        raise FetchError("fetch_type", url=shown(target.address), type=shown(declared))
    return MEDIA_TYPES[declared]


@contextmanager
def _as_fetch_errors(target: _Target, policy: FetchPolicy) -> Iterator[None]:
    """Say what a network error means to a reader, and what helps."""
    url, host = shown(target.address), shown(target.host)
    try:
        yield
    except TooLarge as error:
        raise FetchError("fetch_too_large", url=url, megabytes=f"{policy.max_bytes / 1e6:g}") from error
    except TimeoutError as error:
        raise FetchError("fetch_timeout", retryable=True, host=host, seconds=f"{policy.seconds:g}") from error
    except (http.client.RemoteDisconnected, http.client.IncompleteRead, ssl.SSLEOFError, ConnectionResetError) as error:
        raise FetchError("fetch_broken", retryable=True, host=host) from error
    except http.client.HTTPException as error:
        raise FetchError("fetch_reply", host=host) from error
    except ssl.SSLError as error:
        raise FetchError("fetch_certificate", host=host) from error
    except OSError as error:
        raise FetchError("fetch_unreachable", retryable=True, host=host) from error
