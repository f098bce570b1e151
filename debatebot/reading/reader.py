"""Pairs of claim and text → what the text says of the claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from debatebot.reading.model import Reader
from debatebot.reading.weights import Floats

_HEADS = {"truth": slice(0, 3), "stance": slice(3, 6), "point": slice(6, 8)}
"""Columns of the heads: supported, neutral, contradicted; for, against, neither; another point, the same."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says of one claim; the fields are those of `Readings`."""

    supported: float
    contradicted: float
    stance: float
    same_point: float


@dataclass(frozen=True, slots=True)
class Readings:
    """What each text says of its claim, in the order of the pairs; arrays of shape (pairs,)."""

    supported: NDArray[np.float32]
    """Probability that the claim follows from the text, 0 … 1."""
    contradicted: NDArray[np.float32]
    """Probability that the text says the contrary, 0 … 1; what is left of 1 is for texts that do not tell."""
    stance: NDArray[np.float32]
    """-1: the text argues against the claim; +1: for it; near 0: it does neither, or cannot be told."""
    same_point: NDArray[np.float32]
    """Probability that both make the same point, 0 … 1."""

    def __len__(self) -> int:
        return len(self.supported)

    def __iter__(self) -> Iterator[Reading]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Reading:
        return Reading(
            float(self.supported[number]),
            float(self.contradicted[number]),
            float(self.stance[number]),
            float(self.same_point[number]),
        )


class PairReader(Reader):
    """Reads claims and texts together, French and English first, other languages as far as the base model knows them.

    The same pair gives the same values, up to rounding, whatever stands beside it. Arguments and errors: see `Reader`.
    """

    shipped = "pairs.npz"

    def read(self, pairs: Sequence[tuple[str, str]]) -> Readings:
        """Read pairs of (claim, text).

        A pair is cut to 256 tokens, about 900 characters: a claim keeps its first 128 tokens, the text has what is left.
        """
        logits = self.logits(pairs)
        truth, stance, point = (_softmax(logits[:, columns]) for columns in _HEADS.values())
        return Readings(truth[:, 0], truth[:, 2], stance[:, 0] - stance[:, 1], point[:, 1])


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
