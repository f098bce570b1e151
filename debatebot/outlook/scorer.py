"""The regression over vectors and lexical features, and what stands in for it with other vectors."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from debatebot.outlook import said
from debatebot.outlook.valence import FEATURES, LANGUAGES, MODELS, Matrix, lexical_features, prototypes
from debatebot.types import Embeddings, Vectors

_AXIS_SHARE, _LEXICAL_SHARE = 0.5, 0.7
"""With vectors that the head was not trained for: what they and the words count for."""


class Head(NamedTuple):
    """The trained regressions. Columns: worried, neither, hopeful.

    `vector_weights` (dimensions, 3), `feature_weights` (features, 3) and `bias` (3,) for vectors of the model named
    `embeddings`; `lexical_weights` and `lexical_bias` for the features alone. `feature_means` stand in for the features
    where the language has no word lists.
    """

    embeddings: str
    vector_weights: Matrix
    feature_weights: Matrix
    bias: Matrix
    lexical_weights: Matrix
    lexical_bias: Matrix
    feature_means: Matrix


class _Axis(NamedTuple):
    """From worried to hopeful in a space of vectors: 0 half-way, 1 twice as far as the prototypes are on average."""

    direction: Matrix
    middle: float
    length: float

    def place(self, vectors: Vectors) -> Matrix:
        places: Matrix = np.clip((vectors @ self.direction - self.middle) / self.length, -1, 1)
        return places


class OutlookScorer:
    """Scores sentences. May be used from several threads.

    Args:
        embeddings: the model that the vectors come from. With the built-in one the trained head is used. With another the
            outlook is how much nearer a sentence is to hopeful than to worried sentences of our own (`prototypes` in
            models/outlook.toml, embedded once, when first needed), together with what the word lists say.
    """

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._lock = threading.Lock()
        self._axis: _Axis | None = None

    @property
    def mark(self) -> str:
        """Tells this scorer from those that score otherwise: the hash of its files in models/, and the model of the vectors."""
        return f"{_files_hash()} {self._embeddings.name}"

    def score(self, texts: Sequence[str], vectors: Vectors, language: str) -> Matrix:
        """The outlook of each text, within [-1, 1]; shape (len(texts),).

        Args:
            texts: sentences.
            vectors: their embeddings by `embeddings.passages`, in the same order.
            language: of the texts; one without word lists is scored by the vectors alone.

        Raises:
            ValueError: not one vector a text.
            EngineError: the model could not embed the prototypes.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors")
        if not len(texts):
            return np.zeros(0, dtype=np.float32)
        features = lexical_features(texts, language) if language in LANGUAGES else None
        return said.corrected(self._scored(vectors, features), texts, language)

    def _scored(self, vectors: Vectors, features: Matrix | None) -> Matrix:
        if self._embeddings.name == _head().embeddings:
            return _trained_outlook(vectors, features)
        axis = self._prepared_axis().place(vectors)
        if features is None:
            return axis
        return np.clip(_AXIS_SHARE * axis + _LEXICAL_SHARE * _lexical_outlook(features), -1, 1)

    def _prepared_axis(self) -> _Axis:
        with self._lock:
            if self._axis is None:
                self._axis = _measured_axis(self._embeddings)
            return self._axis


@cache
def _files_hash() -> str:
    """Of what the scores come from. A change of `valence` changes the features, and so asks for a new training."""
    digest = hashlib.sha256()
    for name in ("outlook.json", "outlook.toml", said.FILE):
        digest.update((MODELS / name).read_bytes())
    return digest.hexdigest()[:16]


@cache
def _head() -> Head:
    stored = json.loads((MODELS / "outlook.json").read_text(encoding="utf-8"))
    arrays = {name: np.array(stored[name], dtype=np.float32) for name in Head._fields[1:]}
    return Head(stored["embeddings"], **arrays)


def _trained_outlook(vectors: Vectors, features: Matrix | None) -> Matrix:
    head = _head()
    known = np.broadcast_to(head.feature_means, (1, len(FEATURES))) if features is None else features
    return _outlook(vectors @ head.vector_weights + known @ head.feature_weights + head.bias)


def _lexical_outlook(features: Matrix) -> Matrix:
    return _outlook(features @ _head().lexical_weights + _head().lexical_bias)


def _outlook(logits: Matrix) -> Matrix:
    """P(hopeful) - P(worried) of each row."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    outlook: Matrix = (odds[:, 2] - odds[:, 0]) / odds.sum(axis=1)
    return outlook.astype(np.float32)


def _measured_axis(embeddings: Embeddings) -> _Axis:
    """The axis of a model, its length measured on prototypes that are each left out of their own side's mean."""
    hopeful, worried = embeddings.passages(prototypes("hopeful")), embeddings.passages(prototypes("worried"))
    hope, worry = hopeful.mean(axis=0), worried.mean(axis=0)
    high = np.mean(np.sum(hopeful * (_others_mean(hopeful) - worry), axis=1))
    low = np.mean(np.sum(worried * (hope - _others_mean(worried)), axis=1))
    return _Axis(hope - worry, float(high + low) / 2, max(float(high - low), 1e-6))


def _others_mean(vectors: Vectors) -> Matrix:
    """For each row the mean of the other rows."""
    mean: Matrix = (vectors.sum(axis=0) - vectors) / (len(vectors) - 1)
    return mean
