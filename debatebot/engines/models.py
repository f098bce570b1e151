"""A model string → a LangChain chat model, set up so that retries, waiting and stopping are ours alone."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from debatebot.engines.pieces import Piece, compatible_pieces, langchain_piece
from debatebot.errors import EngineError, EngineUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI_URL = "https://api.openai.com/v1"

_CONNECT_SECONDS = 10.0
_SLACK_SECONDS = 5.0  # the engine's own patience ends first, so that there is one way in which it ends
_MOST_TOKENS = 2_048  # six lines are 300; the rest is for models that think aloud
_TEMPERATURE = 0.3
_NO_KEY = "not-needed"
_COMPATIBLE_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "stream_options": {"stream_options": {"include_usage": True}},
    "max_tokens": {"max_tokens": _MOST_TOKENS},
    "temperature": {"temperature": _TEMPERATURE},
}

Options = Mapping[str, Mapping[str, Any]]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A chat model with what the engine needs to know of it.

    `options`: field of the request → the arguments of `.stream()` that send it. A server that refuses a field by name is
    asked again without. `timeout`: seconds of silence. `direct`: asks a server that speaks OpenAI's protocol, and is not
    OpenAI, without LangChain in between; None for all others.
    """

    model: BaseChatModel = field(repr=False)
    options: Options = field(default_factory=dict)
    timeout: float = 120.0
    secret: str | None = field(default=None, repr=False)
    direct: Callable[[Pairs, Mapping[str, Any]], Iterator[Piece]] | None = field(default=None, repr=False)

    @property
    def compatible(self) -> bool:
        """A server that speaks OpenAI's protocol and is not OpenAI."""
        return self.direct is not None

    def stream(self, pairs: Pairs, arguments: Mapping[str, Any]) -> Iterator[Piece]:
        """Ask with (role, content) pairs, roles "system" and "human"; raises what the provider's library raises."""
        if self.direct is not None:
            return self.direct(pairs, arguments)
        return map(langchain_piece, self.model.stream(list(pairs), **arguments))


def build_chat_model(
    model: str, *, api_key: str | None = None, base_url: str | None = None, timeout: float = 120.0
) -> ChatModel:
    """A chat model for "PROVIDER:MODEL", or for a bare model name where `base_url` names the server.

    Args:
        api_key: for OpenAI and compatible servers; other providers have variables of their own.
        base_url: of an OpenAI-compatible server; None: OpenAI.
        timeout: seconds without a word after which the model counts as silent.

    Raises:
        EngineUnavailable: no such provider, its package is not installed, or there is no key.
    """
    provider, _, name = model.partition(":")
    if provider == "openai":
        return _openai_model(model, name, api_key, base_url, timeout)
    if base_url and not (name and importlib.util.find_spec(f"langchain_{provider.replace('-', '_')}")):
        return _openai_model(model, model, api_key, base_url, timeout)  # names of local models hold colons: qwen3:8b
    if not name:
        raise EngineUnavailable("provider_unknown", model=model)
    with _Setup(model):
        from langchain.chat_models import init_chat_model

        return ChatModel(init_chat_model(model, timeout=timeout, max_retries=0), timeout=timeout)


def _openai_model(model: str, name: str, api_key: str | None, base_url: str | None, timeout: float) -> ChatModel:
    if not name:
        raise EngineUnavailable("provider_unknown", model=model)
    if not api_key and not base_url:
        raise EngineUnavailable("key_missing", model=model)
    url = api_url(base_url) if base_url else OPENAI_URL
    with _Setup(model):
        import openai
        from langchain.chat_models import init_chat_model

        clients = _http_clients(url, timeout)
        # LangChain guesses from the model's name, whatever the server, that it may speak the newer protocol.
        protocol: dict[str, Any] = {"use_responses_api": False} if base_url else {}
        chat = init_chat_model(
            name,
            model_provider="openai",
            api_key=api_key or _NO_KEY,
            base_url=url,
            max_retries=0,
            timeout=timeout + _SLACK_SECONDS,
            **clients,
            **protocol,
        )
        if not base_url:
            return ChatModel(chat, {"stream_options": {"stream_usage": True}}, timeout, api_key)
        client = openai.OpenAI(
            api_key=api_key or _NO_KEY, base_url=url, max_retries=0, http_client=clients["http_client"]
        )
        return ChatModel(chat, _COMPATIBLE_OPTIONS, timeout, api_key, partial(compatible_pieces, client, name))


def _http_clients(url: str, timeout: float) -> dict[str, Any]:
    import httpx2
    import openai

    from debatebot.engines.stream import follow_connection

    # To load the certificates takes 50 ms, and neither plain HTTP nor the client for asyncio, which is never used, needs
    # them. This context holds none, so that it trusts nobody should it be used after all.
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client = openai.DefaultHttpxClient(
        timeout=httpx2.Timeout(timeout + _SLACK_SECONDS, connect=min(timeout, _CONNECT_SECONDS)),
        limits=httpx2.Limits(max_keepalive_connections=0),
        event_hooks={"request": [follow_connection]},
        mounts=direct(url),
        verify=True if url.startswith("https:") else no_certificates,
    )
    return {
        "http_client": client,
        "http_async_client": openai.DefaultAsyncHttpxClient(verify=no_certificates),
        "http_socket_options": (),  # else LangChain warns that it goes past proxies, which the client above does not
    }


def api_url(base_url: str) -> str:
    """`base_url` with the /v1 that people leave out; all local servers have their API there."""
    parts = urlsplit(base_url)
    if parts.path.strip("/") or not is_local(base_url):
        return base_url.rstrip("/")
    return urlunsplit(parts._replace(path="/v1"))


def is_local(base_url: str) -> bool:
    """Whether the server is on this machine or in its own network."""
    host = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))
    return address.is_private or address.is_loopback or address.is_link_local


def direct(url: str) -> dict[str, None] | None:
    """`mounts` of an HTTP client that go past proxies: that of a company does not know this machine; None elsewhere."""
    return dict.fromkeys(("http://", "https://", "all://")) if is_local(url) else None


def without_credentials(url: str) -> str:
    """The address without the user and password that may stand in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class _Setup:
    """Turns whatever a provider's package raises while a model is set up into one of our errors."""

    def __init__(self, model: str) -> None:
        self._model = model

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        provider = self._model.partition(":")[0]
        if isinstance(error, ImportError):
            package = re.search(r"pip install ([\w-]+)", str(error))
            name = package[1] if package else f"langchain-{provider}"
            raise EngineUnavailable("package_missing", model=self._model, package=name) from None
        if type(error) is ValueError:  # of init_chat_model; what pydantic finds wrong is a subclass
            raise EngineUnavailable("provider_unknown", model=self._model) from None
        if isinstance(error, Exception) and not isinstance(error, EngineError):
            # Its text is not shown: it may quote the key.
            problem = type(error).__name__
            raise EngineUnavailable("provider_setup", model=self._model, provider=provider, problem=problem) from None
