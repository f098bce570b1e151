"""Model servers on this machine are found by what they answer. The replies below have the shapes of the real programs."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping

import pytest

from debatebot.engines.llm import build_chat_model
from debatebot.engines.servers import LocalServer, find_local_servers, models_at
from tests.fakes import FakeModelServer, LoopbackServer

Routes = Mapping[str, tuple[int, object]]


def listing(owner: str, *names: str) -> dict[str, object]:
    return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": owner} for name in names]}


def tags(*names: str) -> dict[str, object]:
    return {"models": [{"name": name, "model": name, "size": 1, "digest": "d"} for name in names]}


OLLAMA: Routes = {
    "/v1/models": (200, listing("library", "qwen3:8b", "nomic-embed-text:latest", "llama3.2:latest")),
    "/api/tags": (200, tags("qwen3:8b", "nomic-embed-text:latest", "llama3.2:latest")),
}
OLLAMA_WITHOUT_MODELS: Routes = {
    "/v1/models": (200, {"object": "list", "data": None}),
    "/api/tags": (200, {"models": []}),
}
LM_STUDIO: Routes = {
    "/v1/models": (200, listing("organization_owner", "qwen/qwen3-4b", "text-embedding-nomic-embed-text-v1.5")),
}
LM_STUDIO_WITHOUT_MODELS: Routes = {
    "/v1/models": (200, {"data": [], "object": "list"}),
    "/api/v0/models": (200, {"data": [], "object": "list"}),
}
LLAMA_CPP: Routes = {
    "/v1/models": (200, {**tags("smol"), **listing("llamacpp", "smol")}),
    "/api/tags": (200, tags("smol")),
    "/health": (200, {"status": "ok"}),
}
LOADING: tuple[int, object] = (503, {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}})
LLAMA_CPP_LOADING: Routes = {"/v1/models": LOADING, "/health": LOADING}
LLAMA_CPP_ROUTER_LOADING: Routes = {**LLAMA_CPP, "/health": LOADING}
VLLM: Routes = {"/v1/models": (200, listing("vllm", "Qwen/Qwen3-8B")), "/health": (200, "")}
OTHER: Routes = {"/v1/models": (200, listing("me", "smollm"))}

CHROMA: Routes = {"/api/v2/heartbeat": (200, {"nanosecond heartbeat": 1})}
PAGE: Routes = {"/v1/models": (200, b"<html>A web page</html>"), "/api/tags": (200, b"<html>A web page</html>")}
ANOTHER_API: Routes = {"/v1/models": (200, ["cars", "planes"]), "/api/tags": (200, {"tags": []})}
LOCKED: Routes = {"/v1/models": (401, {"error": "Unauthorized"})}


def probe(routes: Routes) -> tuple[tuple[LocalServer, ...], str]:
    with LoopbackServer(routes) as server:
        return find_local_servers(5, ports=[server.port]), server.url


@pytest.mark.parametrize(
    ("routes", "name", "models", "ready"),
    [
        (OLLAMA, "Ollama", ("qwen3:8b", "llama3.2:latest"), True),
        (OLLAMA_WITHOUT_MODELS, "Ollama", (), True),
        (LM_STUDIO, "LM Studio", ("qwen/qwen3-4b",), True),
        (LM_STUDIO_WITHOUT_MODELS, "LM Studio", (), True),
        (LLAMA_CPP, "llama.cpp", ("smol",), True),
        (LLAMA_CPP_LOADING, "llama.cpp", (), False),
        (LLAMA_CPP_ROUTER_LOADING, "llama.cpp", ("smol",), False),
        (VLLM, "vLLM", ("Qwen/Qwen3-8B",), True),
        (OTHER, "OpenAI-compatible", ("smollm",), True),
    ],
)
def test_a_server_is_known_by_its_replies(routes: Routes, name: str, models: tuple[str, ...], ready: bool) -> None:
    found, url = probe(routes)
    assert found == (LocalServer(name, f"{url}/v1", models, ready),)


@pytest.mark.parametrize(
    "routes", [CHROMA, PAGE, ANOTHER_API, LOCKED, {}], ids=["chroma", "page", "api", "locked", "empty"]
)
def test_what_is_no_model_server_is_left_out(routes: Routes) -> None:
    assert probe(routes)[0] == ()


def test_it_says_what_to_set_and_that_works() -> None:
    with FakeModelServer(models=["fake-model"]) as server:
        [found] = find_local_servers(5, ports=[server.port])
        assert found.environment == {"OPENAI_BASE_URL": server.base_url, "DEBATEBOT_ENGINE": "openai:fake-model"}
        chat = build_chat_model(found.environment["DEBATEBOT_ENGINE"], base_url=found.environment["OPENAI_BASE_URL"])
        assert "FACT" in str(chat.model.invoke("?").content)
    assert LocalServer("vLLM", "u", ()).environment["DEBATEBOT_ENGINE"] == "openai:MODEL"


def test_all_ports_are_asked_and_answers_come_in_their_order() -> None:
    with LoopbackServer(VLLM) as first, LoopbackServer(PAGE) as second, LoopbackServer(OLLAMA) as third:
        found = find_local_servers(5, ports=[third.port, second.port, first.port, closed_port()])
    assert [server.name for server in found] == ["Ollama", "vLLM"]
    assert find_local_servers(ports=[]) == ()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_port_is_left_after_the_time_allowed() -> None:
    with silent_port() as port:
        assert find_local_servers(0.05, ports=[port]) == ()


def test_an_endless_reply_is_left() -> None:
    with LoopbackServer({"/v1/models": (200, {"data": [], "filling": "x" * 1_100_000})}) as server:
        assert find_local_servers(5, ports=[server.port]) == ()


def test_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert probe(VLLM)[0]


def test_the_models_of_a_server_are_listed_those_for_embeddings_left_out() -> None:
    with LoopbackServer(OLLAMA) as server:
        assert models_at(f"{server.url}/v1/") == ("qwen3:8b", "llama3.2:latest")
        assert models_at(server.url) == ("qwen3:8b", "llama3.2:latest")


@pytest.mark.parametrize("routes", [PAGE, ANOTHER_API, LOCKED, OLLAMA_WITHOUT_MODELS, {}])
def test_a_server_that_lists_nothing_gives_no_models(routes: Routes) -> None:
    with LoopbackServer(routes) as server:
        assert models_at(f"{server.url}/v1") == ()
    assert models_at(f"http://127.0.0.1:{closed_port()}/v1") == ()


def test_the_key_is_sent_where_there_is_one() -> None:
    with FakeModelServer(key="sk-1") as server:
        assert models_at(server.base_url) == ()
        assert models_at(server.base_url, api_key="sk-1") == ("fake-model",)
