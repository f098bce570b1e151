"""Several processes at one library: what one is doing is its own, what a dead one has left is taken up."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from debatebot import Debater
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.library.locks import ArticleLocks, article_locks
from debatebot.types import Vectors

LONG = " ".join(f"Arch number {number} opened in the year {1500 + number}." for number in range(70))
SHORT = "The bridge opened in 1932. Traders hope for more customers. Residents fear the noise."

ADDING = """
import sys
from debatebot import Debater
debater = Debater.from_env({"DEBATEBOT_HOME": sys.argv[1]})
print("begin", flush=True)
def progress(done, total):
    print(done, total, flush=True)
debater.add(sys.stdin.buffer.read(), name="long.txt", progress=progress)
print("added", flush=True)
"""


class Adding:
    """A process that adds the long article, seen when it has embedded the first sentences of it."""

    def __init__(self, home: Path, *, lines: int = 3) -> None:
        self.process = subprocess.Popen(
            (sys.executable, "-c", ADDING, str(home)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(LONG)
        self.process.stdin.close()
        for _ in range(lines):
            assert self.process.stdout.readline()

    def rest(self) -> list[str]:
        assert self.process.stdout
        with self.process, self.process.stdout as told:
            return told.read().splitlines()

    def stop(self, sign: signal.Signals) -> None:
        self.process.send_signal(sign)
        if sign == signal.SIGKILL:
            self.rest()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    debater = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path / "home")})
    debater.add(SHORT.encode(), name="short.txt")
    debater.close()
    return tmp_path / "home"


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences that this process embeds."""
    texts: list[str] = []
    passages = BuiltinEmbeddings.passages

    def counting(model: BuiltinEmbeddings, some: Sequence[str]) -> Vectors:
        texts.extend(some)
        return passages(model, some)

    monkeypatch.setattr(BuiltinEmbeddings, "passages", counting)
    return texts


def test_what_another_process_is_adding_is_left_to_it(home: Path, embedded: list[str]) -> None:
    adding = Adding(home)
    adding.stop(signal.SIGSTOP)
    try:
        debater = Debater.from_env({"DEBATEBOT_HOME": str(home)})
        assert [entry.sentences for entry in debater.library.articles.list()] == [3]
        assert embedded == []
    finally:
        adding.stop(signal.SIGCONT)
    assert adding.rest()[-1] == "added"
    debater.resume()
    assert [entry.sentences for entry in debater.library.articles.list()] == [70, 3]
    assert embedded == []
    debater.close()


def test_what_a_killed_process_was_adding_is_finished(home: Path, embedded: list[str]) -> None:
    Adding(home).stop(signal.SIGKILL)
    seen: list[tuple[int, int]] = []
    debater = Debater.from_env({"DEBATEBOT_HOME": str(home)}, resume=False)
    debater.resume(lambda done, total: seen.append((done, total)))
    assert [entry.sentences for entry in debater.library.articles.list()] == [70, 3]
    assert seen[-1] == (70, 70)
    assert 0 < len(embedded) < 70
    debater.close()


def test_two_processes_that_add_the_same_article_embed_it_once(home: Path) -> None:
    first = Adding(home)
    second = Adding(home, lines=1)
    assert first.rest()[-1] == "added"
    assert second.rest() == ["added"]


def test_who_waits_for_an_article_adds_it_when_the_other_dies(home: Path) -> None:
    first = Adding(home)
    first.stop(signal.SIGSTOP)
    second = Adding(home, lines=1)
    first.stop(signal.SIGKILL)
    assert second.rest()[-2:] == ["70 70", "added"]


def test_an_interrupted_addition_is_dropped_and_its_vectors_kept(home: Path, embedded: list[str]) -> None:
    def interrupt(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    debater = Debater.from_env({"DEBATEBOT_HOME": str(home)})
    with pytest.raises(KeyboardInterrupt):
        debater.add(LONG.encode(), name="long.txt", progress=interrupt)
    before = len(embedded)
    assert 0 < before < 70
    assert debater.library.articles.unfinished() == []
    debater.resume()
    assert [entry.sentences for entry in debater.library.articles.list()] == [3]
    assert len(embedded) == before
    debater.add(LONG.encode(), name="long.txt")
    assert len(embedded) == 70
    debater.close()


def test_an_interruption_drops_nothing_that_was_there_before(home: Path) -> None:
    debater = Debater.from_env({"DEBATEBOT_HOME": str(home)})
    [entry] = debater.library.articles.list()
    debater.library.articles.reopen(entry.id)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        debater.add(SHORT.encode(), name="short.txt", progress=interrupt)
    assert debater.library.articles.unfinished() == [entry.id]
    debater.close()


def test_the_terminal_sees_how_far_a_left_article_is(home: Path) -> None:
    Adding(home).stop(signal.SIGKILL)
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        (sys.executable, "-c", "from debatebot.cli import main; main()", "ask", "How many arches?", "--json"),
        env={**os.environ, "DEBATEBOT_HOME": str(home), "DEBATEBOT_LANGUAGE": "en", "DEBATEBOT_ENGINE": "builtin"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    told = b"".join(_read(controller))
    assert process.wait() == 0
    assert b"left half added" in told
    assert b"100%" in told


def _read(controller: int) -> Iterator[bytes]:
    try:
        while piece := os.read(controller, 4096):
            yield piece
    except OSError:  # how Linux says that the other side has closed
        return
    finally:
        os.close(controller)


@pytest.fixture
def locks(tmp_path: Path) -> ArticleLocks:
    url = f"sqlite:///{tmp_path / 'library.sqlite'}"
    return article_locks(create_engine(url), url)


def test_a_lock_has_one_holder_and_leaves_no_file(locks: ArticleLocks, tmp_path: Path) -> None:
    with (
        locks.hold("a", wait=True) as first,
        locks.hold("a", wait=False) as second,
        locks.hold("b", wait=False) as other,
    ):
        assert (first, second, other) == (True, False, True)
    with locks.hold("a", wait=False) as again:
        assert again
    assert list(tmp_path.rglob("*.lock")) == []
