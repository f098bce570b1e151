"""`debatebot eval` as a script sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import debatebot

SCHEMA = json.loads((Path(debatebot.__file__).parent / "schemas" / "eval.json").read_text("utf-8"))
TWEETS = [("train", "Le parc ouvre demain."), ("test", "le parc ouvre demain"), ("test", "La mairie ferme.")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    lines = [json.dumps({"id": text, "split": split, "text": text, "label": "neutral"}) for split, text in TWEETS]
    (folder / "umsab_fr.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def run(folder: Path, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    unset = ("DEBATEBOT_", "OPENAI_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    environment |= {"DEBATEBOT_HOME": str(folder / "home"), "DEBATEBOT_LANGUAGE": language, "PYTHONUTF8": "1"}
    program = (sys.executable, "-c", "from debatebot.cli import main; main()", "eval", *arguments)
    return subprocess.run(program, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)


def test_json_holds_the_rows_and_standard_output_nothing_else(tmp_path: Path, data: Path) -> None:
    done = run(tmp_path, "leakage", "--data", str(data), "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    (row,) = document["rows"]
    assert (row["name"], row["value"], row["n"]) == ("leakage/umsab_fr", 50.0, 2)
    assert "leakage/begin left out: begin not there." in done.stderr


def test_the_table_speaks_the_language_of_the_interface(tmp_path: Path, data: Path) -> None:
    done = run(tmp_path, "leakage/umsab", "--data", str(data), language="fr")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Lignes de mesure vues à l'entraînement" in done.stdout
    assert "50,0" in done.stdout


def test_a_report_is_written_where_it_was_asked_for(tmp_path: Path, data: Path) -> None:
    done = run(tmp_path, "leakage/umsab", "--data", str(data), "--report", "report", "--all")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "report" / "EVALUATION.md").read_text("utf-8")
    assert "`leakage/umsab_fr`" in text
    assert "all units of every set" in text
    assert (tmp_path / "report" / "docs" / "evaluation" / "leakage.svg").is_file()


def test_a_broken_set_is_left_out_with_its_line_and_the_status_says_so(tmp_path: Path, data: Path) -> None:
    (data / "fpb_sentiment.jsonl").write_text('{"split": "train"\n', "utf-8")
    done = run(tmp_path, "leakage", "--data", str(data), "--json")
    assert done.returncode == 2
    assert "line 1" in done.stderr
    assert [row["name"] for row in json.loads(done.stdout)["rows"]] == ["leakage/umsab_fr"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "leakage/begin"),
        (("leakage",), "--data FOLDER"),
        (("leakage", "--data", "nowhere"), "nowhere"),
        (("--limit", "-1"), "--limit"),
        (("leakage", "--data", ".", "--engine", "nonsense:model"), "nonsense"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_cure(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
