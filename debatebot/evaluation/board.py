"""The board: which measures there are, which were asked for, and the row of each figure with its bootstrap interval."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from typing import Any

import numpy as np

from debatebot.errors import InputError
from debatebot.evaluation.bench import Bench, Figure, Measure

MODULES = ("retrieval", "answerable", "answers", "stance", "outlook", "grounding", "calibration", "flips", "leakage")
"""Modules of this package that export MEASURES, in the order of the board."""

DRAWS = (1000, 100, 30)
"""Bootstrap draws of a statistic that is quick, slow or very slow: three steps and not what a time limit happens to
allow, so that two runs on one machine give the same interval."""

QUICK, SLOW = 0.003, 0.03
"""Seconds of one draw up to which a statistic counts as quick, and as slow: no figure's interval takes much over 3 s."""

Progress = Callable[[str, int, int], None]
"""Called before each measure with its name, its number from 1, and how many there are."""

Refusal = Callable[[str, InputError], None]
"""Called with the name of a measure that could not be taken, and why; the others are taken all the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board; figures in percent, the interval that of 95 % of the draws."""

    name: str
    group: str
    value: float
    interval: tuple[float, float] | None
    target: float | None
    baseline: float | None
    anchor: str | None
    n: int
    seconds: float
    lower_is_better: bool = False
    points: tuple[tuple[float, float, int], ...] = ()

    @property
    def reached(self) -> bool:
        """Whether there is a target and the value, as it is shown, is at least as good."""
        if self.target is None:
            return False
        value = round(self.value, 1)
        return value <= self.target if self.lower_is_better else value >= self.target


def measures() -> tuple[Measure, ...]:
    """All measures, in the order of the board."""
    modules = (import_module(f"debatebot.evaluation.{name}") for name in MODULES)
    return tuple(measure for module in modules for measure in module.MEASURES)


def choose(names: Sequence[str], known: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures that are meant, in the order of `known`; all of them where no name is given.

    Args:
        names: each a group, a measure, or the beginning of either.

    Raises:
        InputError: a name that fits nothing; it tells all groups and measures.
    """
    for name in names:
        if not any(_fits(name, measure) for measure in known):
            raise InputError("evaluation_name_unknown", name=name, known=_listed(known))
    return tuple(measure for measure in known if not names or any(_fits(name, measure) for name in names))


def missing(measure: Measure, bench: Bench) -> tuple[str, ...]:
    """The sets that a measure needs and the bench has not."""
    return tuple(name for name in measure.needs if not bench.has(name))


def rows_of(
    bench: Bench, chosen: Sequence[Measure], *, refused: Refusal, progress: Progress | None = None
) -> Iterator[Row]:
    """Take the measures one after the other; each row is given as soon as it is there.

    Raises what the embedding model raises: without it, nothing can be measured.
    """
    for number, measure in enumerate(chosen, start=1):
        if progress:
            progress(measure.name, number, len(chosen))
        try:
            yield from _rows_of_one(bench, measure)
        except InputError as error:
            refused(measure.name, error)


def _rows_of_one(bench: Bench, measure: Measure) -> Iterator[Row]:
    began = time.perf_counter()
    for figure in measure.run(bench):
        # A set that holds nothing for a figure (a class without rows) has no value, which is not the value 0.
        value = figure.statistic(np.arange(figure.units)) if figure.units else float("nan")
        if isfinite(value):
            interval = bootstrap(figure, value)
            yield _row(figure, measure.group, value, interval, time.perf_counter() - began)
        began = time.perf_counter()


def _row(figure: Figure, group: str, value: float, interval: tuple[float, float] | None, seconds: float) -> Row:
    return Row(
        name=figure.name,
        group=group,
        value=round(float(value), 2),
        interval=interval,
        target=figure.target,
        baseline=figure.baseline,
        anchor=figure.anchor,
        n=figure.units,
        seconds=round(seconds, 2),
        lower_is_better=figure.lower_is_better,
        points=tuple(figure.points),
    )


def bootstrap(figure: Figure, value: float) -> tuple[float, float] | None:
    """The middle 95 % of the statistic over units drawn with replacement (Efron 1979), always with the same seed.

    Draws for which it is not defined are left out. A small sample's interval can miss its own value, which the
    percentiles of a biased statistic do: it is then widened to hold it.

    Returns:
        Low and high in percent; None for fewer than two units.
    """
    if figure.units < 2:
        return None
    generator = np.random.default_rng(0)
    drawn = [_timed_draw(figure, generator) for _ in range(3)]
    draws = _draws_for(min(seconds for _, seconds in drawn))
    values = [one for one, _ in drawn] + [_timed_draw(figure, generator)[0] for _ in range(draws - len(drawn))]
    defined = [one for one in values if isfinite(one)] or [value]
    low, high = np.percentile(defined, [2.5, 97.5])
    return round(float(min(low, value)), 2), round(float(max(high, value)), 2)


def _timed_draw(figure: Figure, generator: np.random.Generator) -> tuple[float, float]:
    indices = generator.integers(0, figure.units, figure.units)
    began = time.perf_counter()
    return figure.statistic(indices), time.perf_counter() - began


def _draws_for(seconds: float) -> int:
    return DRAWS[0] if seconds <= QUICK else DRAWS[1] if seconds <= SLOW else DRAWS[2]


def _fits(name: str, measure: Measure) -> bool:
    wanted = name.strip().casefold()
    return bool(wanted) and (measure.group.startswith(wanted) or measure.name.startswith(wanted))


def _listed(known: Sequence[Measure]) -> str:
    groups: dict[str, list[str]] = {}
    for measure in known:
        groups.setdefault(measure.group, []).append(measure.name)
    return "; ".join(f"{group} ({', '.join(names)})" for group, names in groups.items())


def to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as `debatebot/schemas/eval.json` describes them."""
    names = ("name", "value", "target", "baseline", "anchor", "n", "seconds")
    return [
        {name: getattr(row, name) for name in names} | {"interval": list(row.interval) if row.interval else None}
        for row in rows
    ]
