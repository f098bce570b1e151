"""Measuring two things in turn, so that both see the same machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure: seconds of a thing, seconds of its baseline, their ratio, and what is aimed at."""

    what: str
    seconds: float
    baseline: float
    aim: str

    def __str__(self) -> str:
        ratio = self.seconds / self.baseline
        return f"{self.what:62} {_milliseconds(self.seconds)}  {_milliseconds(self.baseline)}  {ratio:6.2f}  {self.aim}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:7.1f} ms"


def in_turn(thing: Callable[[], object], baseline: Callable[[], object], *, rounds: int = 21) -> tuple[float, float]:
    """Median seconds of both, measured A B A B … after one round that is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for one, kept in zip((thing, baseline), times, strict=True):
            began = time.perf_counter()
            one()
            if number:
                kept.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])
