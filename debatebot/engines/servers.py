"""Find model servers on this machine, and say what to set in order to use one. They are told apart by what they answer."""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from debatebot.engines.models import api_url, direct

if TYPE_CHECKING:
    import httpx2

USUAL_PORTS = (11434, 1234, 8080, 8000)
"""Where Ollama, LM Studio, llama.cpp and vLLM listen unless told otherwise."""

_OWNERS = {
    "llamacpp": "llama.cpp",
    "vllm": "vLLM",
    "sglang": "SGLang",
    "organization_owner": "LM Studio",
    "organization-owner": "LM Studio",
}
_OTHER = "OpenAI-compatible"
_NOT_FOR_ANSWERS = re.compile(r"embed|rerank|minilm|whisper|\b(?:bge|gte|e5|tts|clip)\b", re.IGNORECASE)
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server that answers.

    `name`: the program. `base_url`: of its OpenAI-compatible API. `models`: those that can answer questions, as the server
    lists them. `ready`: False while it loads its model.
    """

    name: str
    base_url: str
    models: tuple[str, ...]
    ready: bool = True

    @property
    def environment(self) -> dict[str, str]:
        """The variables to set in order to use it, with its first model."""
        model = self.models[0] if self.models else "MODEL"
        return {"OPENAI_BASE_URL": self.base_url, "DEBATEBOT_ENGINE": f"openai:{model}"}


def find_local_servers(
    timeout: float = 0.5, *, ports: Sequence[int] = USUAL_PORTS, host: str = "127.0.0.1"
) -> tuple[LocalServer, ...]:
    """The model servers on these ports, in their order; all ports are asked at once.

    Args:
        timeout: seconds to wait for each answer.
    """
    with ThreadPoolExecutor(max_workers=len(ports) or 1) as pool:
        found = list(pool.map(lambda port: _Prober(f"http://{host}:{port}", timeout).probe(), ports))
    return tuple(server for server in found if server)


def models_at(base_url: str, *, api_key: str | None = None, timeout: float = 3.0) -> tuple[str, ...]:
    """The models that the server lists, those for embeddings left out; none when it does not answer."""
    reply = _get(f"{api_url(base_url)}/models", timeout, api_key)
    return _names(_entries(reply, "data"), "id")


class _Prober:
    """Finds out what listens at an address."""

    def __init__(self, root: str, timeout: float) -> None:
        self._root = root
        self._timeout = timeout

    def probe(self) -> LocalServer | None:
        """The model server at the address; None when there is none, or something else."""
        reply = self._ask("/v1/models")
        if reply is None:
            return None
        entries = _entries(reply, "data")
        owners = {str(entry.get("owned_by")) for entry in entries}
        name = next((program for owner, program in _OWNERS.items() if owner in owners), None) or self._by_own_api()
        if name == "Ollama":
            return self._server(name, _names(_entries(self._ask("/api/tags"), "models"), "name"))
        if name is None and reply.status == 503 and "loading model" in str(reply.content).casefold():
            return self._server("llama.cpp", (), ready=False)
        if name is None and not entries:
            return None
        ready = name != "llama.cpp" or _is_healthy(self._ask("/health"))
        return self._server(name or _OTHER, _names(entries, "id"), ready)

    def _by_own_api(self) -> str | None:
        """By the API that a program has beside OpenAI's, where the list of models is empty or names no owner."""
        tags = self._ask("/api/tags")
        if tags and tags.status == 200 and isinstance(tags.content, dict) and "models" in tags.content:
            return "Ollama"
        listing = self._ask("/api/v0/models")
        if listing and listing.status == 200 and isinstance(listing.content, dict) and "data" in listing.content:
            return "LM Studio"
        return None

    def _ask(self, path: str) -> _Reply | None:
        return _get(self._root + path, self._timeout)

    def _server(self, name: str, models: tuple[str, ...], ready: bool = True) -> LocalServer:
        return LocalServer(name, f"{self._root}/v1", models, ready)


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    content: object


def _is_healthy(reply: _Reply | None) -> bool:
    return reply is not None and reply.status == 200


def _entries(reply: _Reply | None, key: str) -> list[Mapping[str, Any]]:
    """The objects of a list in a reply; none where it has another shape."""
    if reply is None or reply.status != 200 or not isinstance(reply.content, dict):
        return []
    values = reply.content.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _names(entries: Iterable[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    names = (entry.get(key) for entry in entries)
    return tuple(name for name in names if isinstance(name, str) and name and not _NOT_FOR_ANSWERS.search(name))


def _get(url: str, timeout: float, api_key: str | None = None) -> _Reply | None:
    """The JSON at an address; None where nothing answers in time, or it answers something else."""
    import httpx2

    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    verify = (
        True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )  # without loading certificates
    client = httpx2.Client(timeout=timeout, mounts=direct(url), headers=headers, verify=verify)
    try:
        with client, client.stream("GET", url) as response:
            return _Reply(response.status_code, json.loads(_body(response, timeout)))
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
        return None


def _body(response: httpx2.Response, timeout: float) -> bytes:
    end = time.monotonic() + timeout
    data = b""
    for piece in response.iter_bytes():
        data += piece
        if len(data) > _MOST_BYTES or time.monotonic() > end:
            raise ValueError
    return data
