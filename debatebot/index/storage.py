"""Where Chroma keeps the vectors: a folder that several processes may share, or a server. Nothing else imports chromadb.

An embedded Chroma has no eye for other processes. Measured with 1.5.9: an open client finds rows that another process wrote
in its tables and not their vectors ("Error finding id"), and when it then writes itself, the others' vectors are lost to
its searches. So whatever touches a folder holds a file lock, and opens the client anew when another process has written
since. A number in a file beside the folder tells: each write makes it odd while it lasts, and even when it is done.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast
from urllib.parse import urlsplit

from debatebot.errors import StorageError

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.config import Settings

LOCK_TIMEOUT = 120.0
"""Seconds to wait for another process: longer than any article takes to be written."""

_HNSW: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_search": 400, "ef_construction": 200, "max_neighbors": 32}
}
_FOLDERS_LOCK = threading.Lock()
_GENERATION_DIGITS = 20
_LEAST_FREE = 4 * 1024 * 1024  # bytes, below which a failed write is taken for a full disk


class Storage(Protocol):
    """Hands out the collection for as long as nobody else may change it."""

    def generation(self) -> int | None:
        """A number that changes when somebody has written, so that what was kept in memory is out of date; None while
        somebody writes, so that it is good until that is done."""

    def session(self, name: str, *, write: bool = False) -> AbstractContextManager[tuple[Collection, int]]:
        """The collection `name`, made where it is missing, and the generation that it shows.

        Raises:
            StorageError: it cannot be read or written; whatever Chroma raises inside becomes one, too.
        """

    def reset(self, name: str) -> None:
        """Throw all vectors away, also where they cannot be read."""

    def close(self) -> None:
        """Give files and connections back; the next session opens them again."""


@cache
def _folder(path: Path) -> FolderStorage:
    return FolderStorage(path)


def folder(path: Path) -> FolderStorage:
    """The one handle of this process for a folder: Chroma shares its state between clients of one folder, so that two
    handles could never both open it anew."""
    with _FOLDERS_LOCK:
        return _folder(path.absolute())


class FolderStorage:
    """An embedded Chroma. Use `folder` to make one."""

    def __init__(self, path: Path) -> None:
        from filelock import FileLock

        self._path = path
        self._lock = threading.RLock()
        lock_path = path.with_name(f"{path.name}.lock")
        self._file_lock = FileLock(lock_path, thread_local=False, preserve_lock_file=True)
        self._generation_path = path.with_name(f"{path.name}.generation")
        self._client: Client | None = None
        self._opened_at = -1

    def generation(self) -> int | None:
        """See `Storage`; takes no lock."""
        number = self._read_generation()
        return None if number % 2 else number

    @contextmanager
    def session(self, name: str, *, write: bool = False) -> Iterator[tuple[Collection, int]]:
        """See `Storage`. Sessions of all threads and processes follow one another."""
        with self._lock, self._errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._file_lock.acquire(LOCK_TIMEOUT):
                collection = self._collection(name)
                if not write:
                    yield collection, self._opened_at
                    return
                # An odd number here is what a killed writer left: go on to the next odd one.
                self._write_generation(self._opened_at + 1 + self._opened_at % 2)
                try:
                    yield collection, self._opened_at + 1
                finally:
                    self._write_generation(self._opened_at + 1)

    def reset(self, name: str) -> None:
        """Delete the folder."""
        del name  # none of its collections can be trusted
        with self._lock, self._errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._file_lock.acquire(LOCK_TIMEOUT):
                self._close()
                if self._path.is_dir():
                    shutil.rmtree(self._path)
                else:
                    self._path.unlink(missing_ok=True)
                number = self._read_generation()
                self._write_generation(number + 2 - number % 2)

    def close(self) -> None:
        """See `Storage`."""
        with self._lock:
            self._close()

    def _collection(self, name: str) -> Collection:
        if self._client is not None and self._opened_at != self._read_generation():
            self._close()
        if self._client is None:
            self._opened_at = self._read_generation()
            self._client = self._open()
        return self._client.get_or_create_collection(name, embedding_function=None, configuration=_HNSW)

    def _open(self) -> Client:
        from chromadb import PersistentClient
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.errors import ChromaError

        try:
            return cast("Client", PersistentClient(str(self._path), settings=_settings()))
        except ChromaError:
            # Chroma keeps what failed to start, and would give it to whoever opens the mended folder.
            SharedSystemClient.clear_system_cache()
            raise

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _read_generation(self) -> int:
        try:
            return int(self._generation_path.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def _write_generation(self, number: int) -> None:
        # Always as long, and in place: a reader, who takes no lock, sees the old number or the new one.
        handle = os.open(self._generation_path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{number:0{_GENERATION_DIGITS}d}".encode("ascii"))
        finally:
            os.close(handle)
        self._opened_at = number

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from chromadb.errors import ChromaError
        from filelock import Timeout

        try:
            yield
        except Timeout as error:
            raise StorageError("index_busy", retryable=True, where=self._path, seconds=round(LOCK_TIMEOUT)) from error
        except ChromaError as error:
            self._close()
            self._refuse(error)
        except OSError as error:
            raise StorageError("not_writable", where=self._path, reason=error.strerror or error) from error

    def _refuse(self, error: Exception) -> NoReturn:
        reason = _one_line(error)
        if "disk is full" in reason or "No space left" in reason or _is_full(self._path.parent):
            raise StorageError("disk_full", where=self._path) from error
        if "readonly" in reason or not os.access(self._path.parent, os.W_OK):
            raise StorageError("not_writable", where=self._path, reason=reason) from error
        raise StorageError("index_damaged", where=self._path, reason=reason) from error


class ServerStorage:
    """A Chroma server, which takes care of its writers itself. What another client changes in an article that is in memory
    here is seen after a restart; an article that is new is seen at once.

    Args:
        url: `http://HOST:PORT` or `https://HOST`.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.RLock()
        self._client: Client | None = None

    def generation(self) -> int | None:
        """See `Storage`; always the same."""
        return 0

    @contextmanager
    def session(self, name: str, *, write: bool = False) -> Iterator[tuple[Collection, int]]:
        """See `Storage`."""
        del write  # the server puts its writers in order
        with self._lock, self._errors():
            yield self._connected().get_or_create_collection(name, embedding_function=None, configuration=_HNSW), 0

    def reset(self, name: str) -> None:
        """Delete the collection `name`; the server may hold others."""
        from chromadb.errors import NotFoundError

        with self._errors():
            try:
                self._connected().delete_collection(name)
            except NotFoundError:
                return

    def close(self) -> None:
        """See `Storage`."""
        with self._lock:
            if self._client is not None:
                client: Any = self._client
                self._client = None
                client.close()
                for part in (client, client._admin_client):  # Chroma leaves their sockets open
                    part._server._session.close()

    def _connected(self) -> Client:
        from chromadb import HttpClient

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        with self._lock:
            if self._client is None:
                port = parts.port or (443 if secure else 80)
                client = HttpClient(parts.hostname or "", port, ssl=secure, settings=_settings())
                self._client = cast("Client", client)
            return self._client

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from chromadb.errors import ChromaError
        from httpx import HTTPError

        try:
            yield
        except (ChromaError, HTTPError, OSError, ValueError) as error:
            self.close()
            raise StorageError("index_server", retryable=True, where=self._url, reason=_one_line(error)) from error


def _is_full(path: Path) -> bool:
    """Chroma's own words for a full disk depend on which of its files was being written."""
    return shutil.disk_usage(path).free < _LEAST_FREE


def _settings() -> Settings:
    from chromadb.config import Settings

    # No .env: what debatebot reads of the environment stands in debatebot.settings.
    options: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}
    return Settings(**options)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
