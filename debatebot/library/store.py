"""One object for the whole library."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert, select

from debatebot.library.articles import Articles
from debatebot.library.briefings import Briefings
from debatebot.library.conversations import Conversations
from debatebot.library.locks import article_locks
from debatebot.library.schema import connect, facts, storage_errors
from debatebot.library.vectors import VectorStore


class Library:
    """Articles, conversations, briefings and cached embeddings behind one database URL. Safe to share between threads.

    Args:
        database: SQLAlchemy URL, such as `postgresql+psycopg://HOST/NAME`, or the path of a SQLite file.

    Raises:
        StorageError: the database cannot be opened or written.
    """

    def __init__(self, database: str | Path) -> None:
        self._url = url = f"sqlite:///{database}" if isinstance(database, Path) else database
        self._engine = connect(database)
        self.articles = Articles(self._engine, url)
        self.conversations = Conversations(self._engine, url)
        self.briefings = Briefings(self._engine, url)
        self.vectors = VectorStore(self._engine, url)
        self.locks = article_locks(self._engine, url)

    def recall(self, key: str) -> str | None:
        """A fact noted earlier, such as which sample articles were once loaded."""
        with storage_errors(self._url), self._engine.connect() as connection:
            value: str | None = connection.scalar(select(facts.c.value).where(facts.c.key == key))
            return value

    def remember(self, key: str, value: str) -> None:
        """Note a fact; an earlier one of that name is replaced."""
        with storage_errors(self._url), self._engine.begin() as connection:
            connection.execute(delete(facts).where(facts.c.key == key))
            connection.execute(insert(facts).values(key=key, value=value))

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()
