"""The board for people: a table for the terminal, and EVALUATION.md with its plots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from debatebot.catalog import entries, translate
from debatebot.errors import StorageError
from debatebot.evaluation.board import Row
from debatebot.evaluation.plots import plot_group, plot_reliability

PLOTS = Path("docs") / "evaluation"
"""Where the plots are, below the folder of the report."""

_NAME_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a report says of the run; nothing that tells one machine from another.

    `limit`: most units of a set; None: all. `embeddings`: name of the embedding model. `engine`: model that judged too.
    """

    day: date
    embeddings: str
    limit: int | None = None
    engine: str | None = None


# --- the terminal ---------------------------------------------------------------------------------------------------


def render_table(rows: Sequence[Row], language: str) -> str:
    """All rows in groups, at most 100 columns wide; ✓ where the target is reached. Empty without rows."""
    return "\n\n".join(_block(group, _of(group, rows), language) for group in groups_of(rows))


def groups_of(rows: Sequence[Row]) -> list[str]:
    """The groups in the order of their first row."""
    return list(dict.fromkeys(row.group for row in rows))


def _block(group: str, rows: Sequence[Row], language: str) -> str:
    heads = [translate(f"evaluation.column.{name}", language) for name in _COLUMNS]
    lines = [group_title(group, language), _line("", heads, "")]
    for row in rows:
        lines.append(_line(row.name, _cells(row, language), "✓" if row.reached else ""))
        if row.anchor:
            lines.append(f"      {translate('evaluation.anchor', language, anchor=row.anchor)}"[:100])
    return "\n".join(line.rstrip() for line in lines)


_COLUMNS = ("value", "interval", "target", "baseline", "n", "seconds")
_WIDTHS = (6, 13, 8, 7, 7, 7)


def _line(name: str, cells: Sequence[str], mark: str) -> str:
    if len(name) > _NAME_WIDTH:
        name = f"{name[: _NAME_WIDTH - 1]}…"
    padded = " ".join(cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return f"{mark:1} {name:{_NAME_WIDTH}}{padded}"


def _cells(row: Row, language: str) -> list[str]:
    return [
        _number(row.value, language),
        _interval(row, language),
        _target(row, language),
        _number(row.baseline, language),
        str(row.n),
        _number(row.seconds, language),
    ]


def _number(value: float | None, language: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}".replace(".", ",") if language == "fr" else f"{value:.1f}"


def _interval(row: Row, language: str) -> str:
    if row.interval is None:
        return "–"
    return "–".join(_number(end, language) for end in row.interval)


def _target(row: Row, language: str) -> str:
    number = _number(row.target, language)
    return f"≤ {number}" if row.lower_is_better and row.target is not None else number


def group_title(group: str, language: str) -> str:
    """What a group is called; one without an entry in the catalog is called by its name."""
    known = entries("fr" if language == "fr" else "en", "evaluation")
    return known.get(f"evaluation.group.{group}", group)


def _of(group: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.group == group]


# --- EVALUATION.md --------------------------------------------------------------------------------------------------


def write_report(folder: Path, rows: Sequence[Row], circumstances: Circumstances, language: str) -> None:
    """Write the plots, and the tables into EVALUATION.md between the marks of their group.

    What stands outside the marks, and groups that were not measured now, stay as they are; a group that has no marks yet
    is added at the end.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = folder / "EVALUATION.md"
    try:
        (folder / PLOTS).mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8") if path.exists() else f"# {translate('evaluation.title', language)}\n"
        for group in groups_of(rows):
            members = _of(group, rows)
            text = _with_section(text, group, _section(group, members, circumstances, language), language)
            _plot(folder, group, members, language)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise StorageError("not_writable", where=folder, reason=error.strerror or error) from error


def _plot(folder: Path, group: str, rows: Sequence[Row], language: str) -> None:
    plot_group(rows, folder / PLOTS / f"{group}.svg", language)
    for row in rows:
        if row.points:
            plot_reliability(row, folder / PLOTS / f"{_file_name(row)}.svg", language)


def _file_name(row: Row) -> str:
    return "reliability-" + re.sub(r"\W+", "-", row.name).strip("-")


def _section(group: str, rows: Sequence[Row], circumstances: Circumstances, language: str) -> str:
    names = ("name", *_COLUMNS, "anchor")
    heads = [translate(f"evaluation.column.{name}", language) for name in names]
    lines = [_said(circumstances, language), "", _markdown_row(["", *heads]), _markdown_row(["---"] * (len(heads) + 1))]
    for row in rows:
        mark = "✓" if row.reached else ""
        lines.append(_markdown_row([mark, f"`{row.name}`", *_cells(row, language), row.anchor or "–"]))
    lines += ["", f"![{group_title(group, language)}]({(PLOTS / group).as_posix()}.svg)"]
    lines += [f"![{row.name}]({(PLOTS / _file_name(row)).as_posix()}.svg)" for row in rows if row.points]
    return "\n".join(lines)


def _said(circumstances: Circumstances, language: str) -> str:
    limit, key = circumstances.limit, "run_all" if circumstances.limit is None else "run"
    said = translate(
        f"evaluation.{key}", language, day=circumstances.day, limit=limit or 0, embeddings=circumstances.embeddings
    )
    if circumstances.engine:
        said += " " + translate("evaluation.run_engine", language, engine=circumstances.engine)
    return said


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _with_section(text: str, group: str, section: str, language: str) -> str:
    begin, end = f"<!-- eval {group} -->", f"<!-- end of eval {group} -->"
    marked = f"{begin}\n{section}\n{end}"
    before, found, rest = text.partition(begin)
    if not found or end not in rest:
        return f"{text.rstrip()}\n\n## {group_title(group, language)}\n\n{marked}\n"
    return before + marked + rest.partition(end)[2]
