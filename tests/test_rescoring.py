"""A library whose outlooks come from another version of the scorer: scored anew when it is opened, nothing embedded again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from debatebot import Debater
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.outlook import OutlookScorer
from debatebot.types import Vectors

ARTICLES = tuple(
    f"The river froze in {year}. The new bridge saved many lives. Two farms were ruined by the flood."
    for year in (1911, 1912, 1913)
)

Outlooks = list[list[float]]


def opened(home: Path) -> Debater:
    return Debater.from_env({"DEBATEBOT_HOME": str(home)})


def stored(debater: Debater) -> Outlooks:
    """The outlooks of each article's sentences in SQL, the oldest article first."""
    articles = debater.library.articles
    return [[sentence.outlook for sentence in articles.sentences(one)] for one in articles.ready_ids()]


def indexed(debater: Debater) -> Outlooks:
    """The same as questions find them: in the index."""
    articles = [debater.library.articles.get(one) for one in debater.library.articles.ready_ids()]
    found = [debater.ask("Is the new bridge good news?", articles=[article]).evidence for article in articles]
    return [[item.sentence.outlook for item in sorted(some, key=lambda item: item.number)] for some in found]


def filled(home: Path) -> tuple[Outlooks, Outlooks]:
    """A library of three articles, then opened by an older version, for which every sentence is neutral.

    Returns:
        The outlooks as they were before, in SQL and in the index.
    """
    debater = opened(home)
    for number, article in enumerate(ARTICLES):
        debater.add(article.encode(), name=f"{number}.txt")
    before = stored(debater), indexed(debater)
    debater.close()
    with pytest.MonkeyPatch.context() as older:
        older.setattr(OutlookScorer, "mark", "an older version")
        older.setattr(OutlookScorer, "score", _neutral)
        debater = opened(home)
        assert not np.any(stored(debater))
        assert not np.any(indexed(debater))
        debater.close()
    return before


def _neutral(_scorer: OutlookScorer, texts: Sequence[str], _vectors: Vectors, _language: str) -> Vectors:
    return np.zeros(len(texts), dtype=np.float32)


@pytest.mark.parametrize("statement", [None, "DELETE FROM scorings", "DROP TABLE scorings"])
def test_outlooks_of_another_version_are_made_anew(
    tmp_path: Path, statement: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_sql, in_index = filled(tmp_path)
    assert np.any(in_sql)
    if statement:  # a library made before versions were noted
        engine = create_engine(f"sqlite:///{tmp_path / 'library.sqlite'}")
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()
    embedded: list[str] = []
    monkeypatch.setattr(BuiltinEmbeddings, "passages", lambda _model, texts: embedded.extend(texts))
    debater = opened(tmp_path)
    assert stored(debater) == in_sql
    assert np.allclose(indexed(debater), in_index)
    assert embedded == []
    debater.close()


def test_outlooks_of_this_version_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    opened(tmp_path).close()
    monkeypatch.setattr(OutlookScorer, "score", lambda *_: pytest.fail("scored again"))
    opened(tmp_path).close()


OPENING = """
import logging, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
from debatebot import Debater
Debater.from_env({"DEBATEBOT_HOME": sys.argv[1]})
"""


@pytest.mark.parametrize("articles", [1, 2])
def test_a_process_killed_while_scoring_anew_is_taken_up(tmp_path: Path, articles: int) -> None:
    in_sql, in_index = filled(tmp_path)
    process = subprocess.Popen((sys.executable, "-c", OPENING, str(tmp_path)), stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for _ in range(articles):
        while " ready: " not in process.stdout.readline():
            assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    debater = opened(tmp_path)
    assert stored(debater) == in_sql
    assert np.allclose(indexed(debater), in_index)
    debater.close()


def test_an_article_removed_meanwhile_stays_removed(tmp_path: Path) -> None:
    filled(tmp_path)
    debater = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path)}, resume=False)
    first, *others = debater.library.articles.ready_ids()
    debater.remove(first)
    debater.library.articles.finish(first, [0.5], "a mark")  # by a process that had read it before
    debater.resume()
    assert debater.library.articles.ready_ids() == others
    debater.close()
