"""Plots of the board as SVG: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debatebot.catalog import translate
from debatebot.errors import SettingsError
from debatebot.evaluation.board import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VALUE, TARGET, BASELINE, GUIDE = "#1f4e79", "#2e7d32", "#b26a00", "#8a8a8a"


def require() -> None:
    """Say now that plots cannot be drawn, rather than after minutes of measuring.

    Raises:
        SettingsError: matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise SettingsError("evaluation_plots")


def plot_group(rows: Sequence[Row], path: Path, language: str) -> None:
    """One line a figure: value with its interval, target, baseline. Higher is better, but for errors (marked ↓).

    Raises:
        OSError: the file cannot be written.
    """
    figure, axes = _canvas(8.0, 1.1 + 0.32 * len(rows))
    for place, row in enumerate(rows):
        _draw_row(axes, place, row)
    axes.set_yticks(range(len(rows)), [f"{row.name} ↓" if row.lower_is_better else row.name for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(_lowest(rows), 100)
    axes.set_xlabel(translate("evaluation.plot.percent", language))
    axes.grid(axis="x", color="#e0e0e0")
    _explain(axes, rows, language)
    _save(figure, path)


def plot_reliability(row: Row, path: Path, language: str) -> None:
    """Share of what holds against the score that was given; on the diagonal a score means what it says.

    Raises:
        OSError: the file cannot be written.
    """
    figure, axes = _canvas(4.6, 4.6)
    scores, shares, counts = zip(*row.points, strict=True)
    axes.plot([0, 1], [0, 1], linestyle="--", color=GUIDE)
    axes.plot(scores, shares, color=VALUE)
    axes.scatter(scores, shares, s=[20 + 180 * count / max(counts) for count in counts], color=VALUE)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_title(row.name)
    axes.set_xlabel(translate("evaluation.plot.score", language))
    axes.set_ylabel(translate("evaluation.plot.share", language))
    _save(figure, path)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _lowest(rows: Sequence[Row]) -> float:
    """The ten below everything that is drawn: dots, unlike bars, need no zero."""
    shown = [row.interval[0] if row.interval else row.value for row in rows]
    shown += [number for row in rows for number in (row.target, row.baseline) if number is not None]
    return min(90.0, 10.0 * floor(min(shown) / 10))


def _draw_row(axes: Axes, place: int, row: Row) -> None:
    if row.interval:
        axes.plot(row.interval, [place, place], color=VALUE, linewidth=2.5, solid_capstyle="butt", clip_on=False)
    axes.plot([row.value], [place], marker="o", color=VALUE, linestyle="none", clip_on=False)
    if row.target is not None:
        axes.plot([row.target], [place], marker="|", markersize=15, markeredgewidth=2.5, color=TARGET, clip_on=False)
    if row.baseline is not None:
        axes.plot([row.baseline], [place], marker="x", color=BASELINE, markeredgewidth=1.8)


def _explain(axes: Axes, rows: Sequence[Row], language: str) -> None:
    from matplotlib.lines import Line2D

    shown: list[tuple[str, dict[str, Any]]] = [("value", {"color": VALUE, "marker": "o", "linewidth": 2.5})]
    if any(row.target is not None for row in rows):
        shown.append(("target", {"color": TARGET, "marker": "|", "markersize": 12, "linestyle": "none"}))
    if any(row.baseline is not None for row in rows):
        shown.append(("baseline", {"color": BASELINE, "marker": "x", "linestyle": "none"}))
    handles = [Line2D([], [], label=translate(f"evaluation.plot.{name}", language), **look) for name, look in shown]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(handles), frameon=False)


def _save(figure: Figure, path: Path) -> None:
    import matplotlib

    # Text stays text, and neither a date nor random names enter the file.
    with matplotlib.rc_context({"svg.hashsalt": "debatebot", "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
