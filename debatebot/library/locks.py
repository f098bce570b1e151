"""Who is adding an article right now: a lock an article, which the system gives back when its process dies, however it dies.

So what one process has half added is told from what a dead one has left.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, func, select

from debatebot.errors import StorageError
from debatebot.library.schema import storage_errors


class ArticleLocks(Protocol):
    """Locks of articles, one holder at a time: neither another process nor another thread."""

    def hold(self, article_id: str, *, wait: bool) -> AbstractContextManager[bool]:
        """Hold the lock of an article; True when it is held, False (only without `wait`) when somebody else holds it.

        Raises:
            StorageError: locks cannot be had.
        """


def article_locks(engine: Engine, url: str) -> ArticleLocks:
    """Locks that reach as far as the database does: a machine for SQLite, all its clients for PostgreSQL."""
    if engine.dialect.name == "postgresql":
        return _PostgresLocks(engine, url)
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        return _FileLocks(Path(f"{engine.url.database}-adding"))
    return _NoLocks()


class _FileLocks:
    """Files in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, article_id: str, *, wait: bool) -> Iterator[bool]:
        from filelock import FileLock, Timeout

        path = self._folder / f"{article_id}.lock"
        lock = FileLock(path, thread_local=False)
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            lock.acquire(blocking=wait)
        except Timeout:
            yield False
            return
        except OSError as error:
            key = "disk_full" if error.errno == errno.ENOSPC else "not_writable"
            raise StorageError(key, where=self._folder, reason=error.strerror or error) from error
        try:
            yield True
        finally:
            # While it is held: who waits for it sees that the file has gone, and makes a new one.
            with suppress(OSError):
                path.unlink()
            lock.release()


class _PostgresLocks:
    """PostgreSQL's own locks, which end with the connection: also one on another machine."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    @contextmanager
    def hold(self, article_id: str, *, wait: bool) -> Iterator[bool]:
        key = func.hashtextextended(f"debatebot:{article_id}", 0)
        take = func.pg_advisory_lock if wait else func.pg_try_advisory_lock
        # No transaction stays open meanwhile, which the server may have a time limit for.
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            with storage_errors(self._url):
                held = connection.scalar(select(take(key))) is not False
            try:
                yield held
            finally:
                if held:
                    with storage_errors(self._url):
                        connection.execute(select(func.pg_advisory_unlock(key)))


class _NoLocks:
    """For a database in memory, which no other process sees, and for others without such locks: there two processes may
    do the same work, and the vectors of one are kept."""

    @contextmanager
    def hold(self, article_id: str, *, wait: bool) -> Iterator[bool]:
        del article_id, wait
        yield True
