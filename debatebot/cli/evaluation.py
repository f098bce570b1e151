"""`debatebot eval`: the board of figures on public data. What it measures is imported when it runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debatebot.catalog import translate
from debatebot.cli import Json, _settings, app, streams
from debatebot.cli.language import LANGUAGE, say
from debatebot.cli.telling import ANSWERED, BAD_INPUT
from debatebot.errors import InputError

if TYPE_CHECKING:
    from debatebot.evaluation.bench import Bench, Measure
    from debatebot.evaluation.board import Row
    from debatebot.settings import Settings

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help=say("help.eval_names"))]
Data = Annotated[Path | None, typer.Option("--data", metavar="FOLDER", help=say("help.eval_data"))]
Training = Annotated[Path | None, typer.Option("--training", metavar="FOLDER", help=say("help.eval_training"))]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=0, help=say("help.eval_limit"))]
Everything = Annotated[bool, typer.Option("--all", help=say("help.eval_all"))]
Report = Annotated[Path | None, typer.Option("--report", metavar="FOLDER", help=say("help.eval_report"))]
ModelName = Annotated[str | None, typer.Option("--engine", metavar="PROVIDER:MODEL", help=say("help.eval_engine"))]


@app.command(name="eval", help=say("help.eval"))
def evaluate(
    names: Names = None,
    data: Data = None,
    training: Training = None,
    engine: ModelName = None,
    limit: Limit = 200,
    everything: Everything = False,
    report: Report = None,
    as_json: Json = False,
) -> int:
    from debatebot.evaluation.board import choose, measures, rows_of, to_json

    chosen = choose(names or (), measures())
    _check_folders(data, training, report)
    refusals: list[str] = []
    with _bench(data, training, engine, None if everything else limit or None) as bench:
        runnable = _runnable(chosen, bench)
        rows = list(rows_of(bench, runnable, refused=_refusing(refusals), progress=_told_progress()))
        if not rows and not refusals:  # a measure that takes whichever sets are there found none
            raise InputError("evaluation_nothing")
        if report:
            _write(report, rows, bench)
    if as_json:
        document = {"schema": "debatebot/1", "rows": to_json(rows)}
        streams.write(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print_table(rows)
    return BAD_INPUT if refusals else ANSWERED


def _check_folders(data: Path | None, training: Path | None, report: Path | None) -> None:
    for folder in (data, training):
        if folder is not None and not folder.is_dir():
            raise InputError("evaluation_folder", folder=folder)
    if report is not None:
        from debatebot.evaluation.plots import require

        require()


@contextmanager
def _bench(data: Path | None, training: Path | None, engine: str | None, limit: int | None) -> Iterator[Bench]:
    from debatebot.evaluation.bench import Bench
    from debatebot.evaluation.cached import evaluation_embeddings

    settings = _settings()
    model = _model(settings, engine)
    with evaluation_embeddings(settings) as embeddings:
        yield Bench(data, embeddings, limit=limit, engine=model, training=training)


def _model(settings: Settings, engine: str | None) -> str | None:
    """The model that judges too. Only one that is named here does: a board is thousands of calls."""
    if engine is None:
        return None
    from debatebot.factory import engines, prompt_book

    name = engines(settings, prompt_book(settings))(engine).name
    return None if name == "builtin" else name


def _runnable(chosen: tuple[Measure, ...], bench: Bench) -> list[Measure]:
    """The measures whose sets are there; the others are said to be left out.

    Raises:
        InputError: nothing is left.
    """
    from debatebot.evaluation.board import missing

    lacking = {measure.name: missing(measure, bench) for measure in chosen}
    if bench.folder is None and any(lacking.values()):
        tell("no_data", names=", ".join(name for name, files in lacking.items() if files))
    elif bench.folder is not None:
        for name, files in lacking.items():
            if files:
                tell("left_out", name=name, files=", ".join(files))
    runnable = [measure for measure in chosen if not lacking[measure.name]]
    if not runnable:
        raise InputError("evaluation_nothing")
    return runnable


def _refusing(refusals: list[str]) -> Callable[[str, InputError], None]:
    def refused(name: str, error: InputError) -> None:
        refusals.append(name)
        description = error.describe(LANGUAGE)
        tell("refused", name=name, message=description.message, hint=description.hint)

    return refused


def _told_progress() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    return lambda name, number, count: tell("progress", name=name, number=number, count=count)


def _write(folder: Path, rows: list[Row], bench: Bench) -> None:
    from datetime import UTC, datetime

    from debatebot.evaluation.report import Circumstances, write_report

    day = datetime.now(UTC).date()
    circumstances = Circumstances(day, bench.embeddings.name, limit=bench.limit, engine=bench.engine)
    write_report(folder, rows, circumstances, LANGUAGE)
    tell("written", path=folder / "EVALUATION.md")


def _print_table(rows: list[Row]) -> None:
    from debatebot.evaluation.report import render_table

    streams.write(render_table(rows, LANGUAGE))


def tell(key: str, /, **values: object) -> None:
    typer.echo(translate(f"evaluation.{key}", LANGUAGE, **values), err=True)
