"""The log in the data folder."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from debatebot import Debater, logs


@pytest.fixture(autouse=True)
def _package_log_as_before() -> Iterator[None]:
    package = logging.getLogger("debatebot")
    handlers, level = list(package.handlers), package.level
    yield
    for handler in set(package.handlers) - set(handlers):
        handler.close()
    package.handlers[:] = handlers
    package.setLevel(level)


def written(home: Path) -> str:
    return (home / "logs" / "debatebot.log").read_text("utf-8")


def test_an_article_that_was_added_is_in_the_log_without_its_text(tmp_path: Path) -> None:
    debater = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path)})
    logs.keep(tmp_path)
    article = debater.add_text("Les factures ont baissé de 12 %. Les voisins sont contents.")
    debater.close()
    assert f"article {article.id} ready: 2 sentences" in written(tmp_path)
    assert "factures" not in written(tmp_path)


def test_the_log_follows_the_home(tmp_path: Path) -> None:
    for name in ("one", "two", "two"):
        (tmp_path / name).mkdir(exist_ok=True)
        logs.keep(tmp_path / name)
        logging.getLogger("debatebot.test").warning("from %s", name)
    assert written(tmp_path / "one").count("from") == 1
    assert written(tmp_path / "two").count("from two") == 2


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    logs.keep(tmp_path)
    logging.getLogger("debatebot.test").info("nowhere")
    assert (tmp_path / "logs").read_text() == "a file where the folder should be"
