"""The encoder of multilingual-e5-small (BERT: Devlin et al. 2019, https://aclanthology.org/N19-1423) in numpy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from debatebot.reading.tokens import Tokens
from debatebot.reading.weights import Floats, Weights

TOKENS_A_BATCH = 1024
"""Padding counted in. More does not fit into a processor's cache between two matrix products."""


@dataclass(frozen=True, slots=True)
class Linear:
    """`x @ weight + bias`; weight of shape (inputs, outputs)."""

    weight: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        result: Floats = x @ self.weight
        result += self.bias
        return result


@dataclass(frozen=True, slots=True)
class Normalization:
    """Layer normalisation (Ba et al. 2016, https://arxiv.org/abs/1607.06450) over the last axis."""

    scale: Floats
    shift: Floats
    epsilon: float

    def __call__(self, x: Floats) -> Floats:
        """Normalise in place."""
        x -= x.mean(axis=-1, keepdims=True)
        variance = np.einsum("...i,...i->...", x, x)[..., None] / np.float32(x.shape[-1])
        x *= 1.0 / np.sqrt(variance + np.float32(self.epsilon))
        x *= self.scale
        x += self.shift
        return x


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: attention over all tokens of the row, then two matrices for each token."""

    attention_input: Linear
    """Queries, keys and values side by side."""
    attention_output: Linear
    attention_norm: Normalization
    inner: Linear
    output: Linear
    output_norm: Normalization


@dataclass(frozen=True, slots=True)
class Transformer:
    """The layers, ready to multiply."""

    weights: Weights
    layers: tuple[Layer, ...]

    def __call__(self, rows: Sequence[Tokens]) -> Floats:
        """Read rows of tokens.

        Returns:
            For each row its first token's numbers and the mean over its tokens, side by side; shape (rows, 2 · width).
        """
        states = np.empty((len(rows), 2 * self.weights.width), dtype=np.float32)
        for batch in _batches([len(row) for row in rows]):
            states[batch] = self._read([rows[number] for number in batch])
        return states

    def _read(self, rows: Sequence[Tokens]) -> Floats:
        lengths = np.array([len(row) for row in rows])
        there = np.arange(lengths.max()) < lengths[:, None]
        x = self._embedded(rows, there)
        absent = np.where(there, np.float32(0), np.float32(-1e9))[:, None, None, :]
        for layer in self.layers:
            x = layer.attention_norm(_attention(x, layer, absent, self.weights.heads) + x)
            x = layer.output_norm(layer.output(_gelu(layer.inner(x))) + x)
        mean = (x * there[..., None]).sum(axis=1) / lengths[:, None].astype(np.float32)
        return np.concatenate([x[:, 0], mean], axis=1)

    def _embedded(self, rows: Sequence[Tokens], there: NDArray[np.bool_]) -> Floats:
        weights, width = self.weights, self.weights.width
        x = np.zeros((*there.shape, width), dtype=np.float32)
        numbers, places = np.unique(np.concatenate(rows), return_inverse=True)
        x[there] = weights.rows("emb.word", numbers)[places]
        x += weights.numbers("emb.pos").reshape(-1, width)[: there.shape[1]]
        x += weights.numbers("emb.type")[:width]
        return Normalization(weights.numbers("emb.ln.w"), weights.numbers("emb.ln.b"), weights.epsilon)(x)


def build(weights: Weights, adapter: Mapping[str, Floats], layers: int) -> Transformer:
    """Dequantise the first `layers` layers and add the adapter to them.

    Args:
        weights: the file of weights.
        adapter: for a matrix `NAME`, `NAME.down` and `NAME.up` whose product is added to it (LoRA: Hu et al. 2021,
            https://arxiv.org/abs/2106.09685); any other tensor by its name takes the place of the one in the file.
        layers: how many are used, from the first.
    """
    return Transformer(weights, tuple(layer(weights, adapter, number) for number in range(layers)))


def layer(weights: Weights, adapter: Mapping[str, Floats], number: int) -> Layer:
    """One layer, dequantised, with what the adapter changes in it; see `build`."""

    def numbers(name: str) -> Floats:
        replaced = adapter.get(f"l{number}.{name}")
        return weights.numbers(f"l{number}.{name}") if replaced is None else replaced

    def linear(names: Sequence[str], inputs: int = weights.width) -> Linear:
        matrix = np.concatenate([weights.matrix(f"l{number}.{name}.w", inputs) for name in names]).T
        key = f"l{number}.{'+'.join(names)}"
        if f"{key}.down" in adapter:
            matrix = matrix + adapter[f"{key}.down"] @ adapter[f"{key}.up"]
        return Linear(np.ascontiguousarray(matrix), np.concatenate([numbers(f"{name}.b") for name in names]))

    def norm(name: str) -> Normalization:
        return Normalization(numbers(f"{name}.w"), numbers(f"{name}.b"), weights.epsilon)

    inner = linear(["fi"])
    return Layer(
        linear(["q", "k", "v"]), linear(["ao"]), norm("aln"), inner, linear(["fo"], len(inner.bias)), norm("oln")
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of rows of about one length, `TOKENS_A_BATCH` tokens together at most, the shortest first."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        if batch and (len(batch) + 1) * lengths[number] > TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _attention(x: Floats, layer: Layer, absent: Floats, heads: int) -> Floats:
    rows, length, width = x.shape
    parts = layer.attention_input(x).reshape(rows, length, 3, heads, width // heads)
    queries, keys, values = parts.transpose(2, 0, 3, 1, 4)
    scores = queries @ keys.transpose(0, 1, 3, 2)
    scores *= np.float32((width // heads) ** -0.5)
    scores += absent
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return layer.attention_output((scores @ values).transpose(0, 2, 1, 3).reshape(rows, length, width))


def _gelu(x: Floats) -> Floats:
    """Gaussian error linear unit by its tangent form (Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415)."""
    inner = np.square(x)
    inner *= np.float32(0.044715 * 0.7978845608)
    inner += np.float32(0.7978845608)
    inner *= x
    np.tanh(inner, out=inner)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(0.5)
    return inner
