"""Tables of the library, and the one way to open them. SQLite by default, PostgreSQL by URL, with the same code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from debatebot.errors import StorageError

SCHEMA_VERSION = "1"

_LEAST_FREE = 4 * 1024 * 1024  # bytes, below which a failed write is taken for a full disk

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("content_hash", String(64), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("author", Text),
    Column("date", String(40)),
    Column("language", String(8), nullable=False),
    Column("questions", JSON, nullable=False),
    Column("text", Text, nullable=False),
    # False from the first word stored until every sentence is in the index: what a crash leaves is found by it.
    Column("ready", Boolean, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

sentences = Table(
    "sentences",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("paragraph", Integer, nullable=False),
    Column("outlook", Float, nullable=False),
)

# Which scorer the outlooks of an article come from. A table of its own, because a library made before it gets a missing table
# when it is opened, and never a missing column.
scorings = Table(
    "scorings",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("scorer", String(200), nullable=False),
)

# Who sees an article: the empty person stands for everybody who opens this library.
shelves = Table(
    "shelves",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("model", String(120), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("article_ids", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    # Deleting only hides, so that it can be undone.
    Column("deleted_at", DateTime(timezone=True)),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # Empty until the answers are there: a question is stored before anybody answers it.
    Column("record", JSON),
)

# One a person, article and language of headings: written again, it takes the place of the one before.
briefings = Table(
    "briefings",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("record", JSON, nullable=False),
)


def connect(database: str | Path) -> Engine:
    """Open the database at a URL, or the SQLite file at a path, making its tables where they are missing.

    Raises:
        StorageError: no such database, not writable, or written by a newer debatebot.
    """
    # A path is no part of a URL as it stands: "?" and "#" would end it.
    url = URL.create("sqlite", database=str(database)) if isinstance(database, Path) else database
    with storage_errors(str(database)):
        try:
            is_file = str(url).startswith("sqlite")
            engine = create_engine(url, pool_pre_ping=not is_file, json_serializer=_to_json)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise StorageError("database_url", reason=str(error).splitlines()[0]) from error
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
        _create_tables(engine)
    return engine


@contextmanager
def storage_errors(where: str) -> Iterator[None]:
    """Turn the database's own errors into a `StorageError` that names `where` and the cure."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StorageError(_storage_key(reason, where), where=_without_password(where), reason=reason) from error


def _storage_key(reason: str, where: str) -> str:
    reason = reason.lower()
    # SQLite's words when it is its log that cannot grow.
    if "full" in reason or "no space" in reason or ("disk i/o error" in reason and _is_full(where)):
        return "disk_full"
    if "readonly" in reason or "read-only" in reason or "unable to open" in reason or "permission" in reason:
        return "not_writable"
    if "not a database" in reason or "malformed" in reason:
        return "library_damaged"
    return "library_failed"


def _is_full(where: str) -> bool:
    folder = Path(where.removeprefix("sqlite:///")).parent
    return folder.is_dir() and shutil.disk_usage(folder).free < _LEAST_FREE


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if separator else url


def _to_json(value: Any) -> str:
    # Accents stand as they are, so that a conversation is found by its words.
    return json.dumps(value, ensure_ascii=False)


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # Readers never wait for the writer (WAL); what is committed survives a power cut (FULL); a second process waits.
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows ASCII only: "École" would not be found by "école".
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return None if text is None else str(text).lower()


def _create_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        # "If not exists" rather than looking first: two processes may open a library of an older version at once.
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        version = connection.scalar(select(facts.c.value).where(facts.c.key == "schema_version"))
        if version is None:
            _remember_version(connection)
        elif int(version) > int(SCHEMA_VERSION):
            raise StorageError("library_newer", version=version)


def _remember_version(connection: Connection) -> None:
    connection.execute(insert(facts).values(key="schema_version", value=SCHEMA_VERSION))
