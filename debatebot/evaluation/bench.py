"""What a measure is given, and what it gives: the public sets, the parts to measure, and figures that can be resampled."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from debatebot.errors import InputError
from debatebot.types import Embeddings

Record = dict[str, Any]
Statistic = Callable[[NDArray[np.intp]], float]
Item = TypeVar("Item")

QUICK = 100
"""Fewer units of a set than this are a quick look, not figures to compare with others."""

_UNITS_A_GROUP = 10  # in a quick look


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the board, in percent, over units (questions, pairs, claims) that can be drawn again.

    `statistic(indices)` computes it over the units with these indices, each from 0 to `units` - 1 and possibly repeated:
    once over all of them for the value, often over drawn ones for its bootstrap interval.
    `target`: what is aimed at; `baseline`: a simple method's figure on data of the same kind; `anchor`: what others published.
    `lower_is_better`: of errors, for which the target is a limit.
    `points`: of a calibration figure, what `metrics.reliability` gives: mean score, share (both 0 to 1), number of units.
    """

    name: str
    units: int
    statistic: Statistic
    target: float | None = None
    baseline: float | None = None
    anchor: str | None = None
    lower_is_better: bool = False
    points: Sequence[tuple[float, float, int]] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """Makes the figures of one set. `needs` names the files (without ending) that have to be there for it."""

    name: str
    group: str
    needs: tuple[str, ...]
    run: Callable[[Bench], Iterable[Figure]]


@dataclass(frozen=True, slots=True)
class Bench:
    """The public data and the parts that every measure shares.

    `folder`: where the sets are; None: there are none.
    `limit`: most units of one set, drawn with a fixed seed; None takes all.
    `engine`: name of the model whose figures are wanted beside those of the built-in parts; None: these alone.
    `training`: the folder that holds what the parts were trained on, for the measures that compare with it.
    """

    folder: Path | None
    embeddings: Embeddings
    limit: int | None = None
    engine: str | None = None
    training: Path | None = None

    def has(self, name: str) -> bool:
        """Whether the folder holds that set."""
        return self._path(name) is not None

    def records(self, name: str) -> list[Record]:
        """All lines of a set.

        Raises:
            InputError: the file is missing or no JSON Lines; later, where a row lacks a field that is asked for.
        """
        path = self._path(name)
        if path is None:
            raise InputError("evaluation_set_missing", name=name, folder=self.folder)
        return read(path)

    def draw(self, items: Sequence[Item]) -> list[Item]:
        """At most `limit` of them in their order, always the same ones."""
        if self.limit is None or len(items) <= self.limit:
            return list(items)
        chosen = random.Random(0).sample(range(len(items)), self.limit)
        return [items[index] for index in sorted(chosen)]

    @property
    def quick(self) -> bool:
        """So few units are taken that the figures are a quick look: what is searched may then be less, too."""
        return self.limit is not None and self.limit < QUICK

    def draw_by(self, items: Sequence[Item], group: Callable[[Item], str]) -> list[Item]:
        """As `draw`; where the figures are a quick look, of a few groups only, since each brings an article to embed."""
        if self.limit is None or not self.quick:
            return self.draw(items)
        names = sorted({group(item) for item in items})
        chosen = set(random.Random(0).sample(names, min(len(names), max(2, self.limit // _UNITS_A_GROUP))))
        return self.draw([item for item in items if group(item) in chosen])

    def _path(self, name: str) -> Path | None:
        return None if self.folder is None else path_of(self.folder, name)


class _Row(dict[str, Any]):
    """A line of a set, which names itself when a field is missing that a measure asks for."""

    def __init__(self, fields: dict[str, Any], file: str) -> None:
        super().__init__(fields)
        self._file = file

    def __missing__(self, field: str) -> Any:
        raise InputError("evaluation_field_missing", name=self._file, field=field)


def path_of(folder: Path, name: str) -> Path | None:
    """The file of that set in `folder`, compressed or not; None where there is none."""
    candidates = (folder / f"{name}{ending}" for ending in (".jsonl", ".jsonl.gz"))
    return next((path for path in candidates if path.is_file()), None)


def read(path: Path) -> list[Record]:
    """All lines of a file of a set.

    Raises:
        InputError: it cannot be read, or a line is no JSON object; the line is named.
    """
    try:
        return list(_lines(path))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError("evaluation_set_broken", name=path.name, reason=str(error)) from error


def _lines(path: Path) -> Iterator[Record]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _Row(_fields(line, number), path.name)


def _fields(line: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(f"line {number}: not an object")
    return fields
