"""Conversations in SQL: every question is stored before anybody answers it, every answer as soon as it is there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Text, cast, exists, func, insert, or_, select, update

from debatebot.errors import NotFound
from debatebot.library.schema import conversations, storage_errors, turns

_TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """What a list shows of a conversation."""

    id: str
    title: str
    article_ids: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One question; `record` is the whole debate as JSON (see `debatebot.serialization`), None while unanswered."""

    position: int
    question: str
    created_at: datetime
    record: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its turns, in order."""

    id: str
    title: str
    article_ids: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    turns: tuple[StoredTurn, ...]


class Conversations:
    """Conversations of all persons; each call says on whose behalf it asks, `person=None` for all."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    def begin(self, person: str, article_ids: Sequence[str], question: str) -> str:
        """Open a conversation with its first question; its title is the question. Returns its id."""
        conversation_id = secrets.token_hex(6)
        now = datetime.now(UTC)
        with storage_errors(self._url), self._engine.begin() as connection:
            connection.execute(
                insert(conversations).values(
                    id=conversation_id,
                    person=person,
                    title=_title(question),
                    article_ids=list(article_ids),
                    created_at=now,
                    updated_at=now,
                )
            )
            _insert_turn(connection, conversation_id, 0, question)
        return conversation_id

    def ask(self, conversation_id: str, person: str | None, question: str) -> int:
        """Store the next question of a conversation before it is answered. Returns its position.

        Raises:
            NotFound: no such conversation of this person.
        """
        with storage_errors(self._url), self._engine.begin() as connection:
            self._require(connection, conversation_id, person)
            last = connection.scalar(
                select(func.max(turns.c.position)).where(turns.c.conversation_id == conversation_id)
            )
            position = 0 if last is None else last + 1
            _insert_turn(connection, conversation_id, position, question)
            _touch(connection, conversation_id)
        return position

    def answer(self, conversation_id: str, person: str | None, position: int, record: Mapping[str, Any]) -> None:
        """Store what was said to the question at `position`; said again, it replaces what was there."""
        with storage_errors(self._url), self._engine.begin() as connection:
            self._require(connection, conversation_id, person)
            connection.execute(
                update(turns)
                .where(turns.c.conversation_id == conversation_id, turns.c.position == position)
                .values(record=dict(record))
            )
            _touch(connection, conversation_id)

    def list(self, person: str | None = None, search: str = "") -> list[ConversationEntry]:
        """Conversations, the one used last first; `search` keeps those whose title or turns hold it."""
        count = select(func.count()).where(turns.c.conversation_id == conversations.c.id).scalar_subquery()
        columns = [conversations.c[name] for name in ("id", "title", "article_ids", "created_at", "updated_at")]
        query = select(*columns, count).where(conversations.c.deleted_at.is_(None))
        if person is not None:
            query = query.where(conversations.c.person == person)
        if search:
            query = query.where(_mentions(search))
        query = query.order_by(conversations.c.updated_at.desc(), conversations.c.id)
        with storage_errors(self._url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [ConversationEntry(row[0], row[1], tuple(row[2]), row[3], row[4], row[5]) for row in rows]

    def get(self, conversation_id: str, person: str | None = None) -> Conversation:
        """A conversation with its turns.

        Raises:
            NotFound: there is none of that id, or it is another person's.
        """
        with storage_errors(self._url), self._engine.connect() as connection:
            row = self._require(connection, conversation_id, person)
            rows = connection.execute(
                select(turns.c.position, turns.c.question, turns.c.created_at, turns.c.record)
                .where(turns.c.conversation_id == row.id)
                .order_by(turns.c.position)
            ).all()
        stored = tuple(StoredTurn(*turn) for turn in rows)
        return Conversation(row.id, row.title, tuple(row.article_ids), row.created_at, row.updated_at, stored)

    def rename(self, conversation_id: str, person: str | None, title: str) -> None:
        """Give a conversation another title; an empty one leaves it as it is."""
        if title.strip():
            self._change(conversation_id, person, title=_title(title))

    def delete(self, conversation_id: str, person: str | None) -> None:
        """Hide a conversation; `restore` brings it back."""
        self._change(conversation_id, person, deleted_at=datetime.now(UTC))

    def restore(self, conversation_id: str, person: str | None) -> None:
        """Bring back a conversation that was deleted."""
        self._change(conversation_id, person, deleted_at=None)

    def _change(self, conversation_id: str, person: str | None, **values: object) -> None:
        with storage_errors(self._url), self._engine.begin() as connection:
            self._require(connection, conversation_id, person)
            connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))

    def _require(self, connection: Connection, conversation_id: str, person: str | None) -> Row[Any]:
        query = select(conversations).where(conversations.c.id == conversation_id)
        if person is not None:
            query = query.where(conversations.c.person == person)
        row = connection.execute(query).first()
        if row is None:
            raise NotFound("conversation_unknown", reference=conversation_id)
        return row


def _mentions(search: str) -> Any:
    # The record is searched as text: what was asked and answered, in any column.
    in_turn = or_(
        turns.c.question.icontains(search, autoescape=True),
        cast(turns.c.record, Text).icontains(search, autoescape=True),
    )
    return or_(
        conversations.c.title.icontains(search, autoescape=True),
        exists().where(turns.c.conversation_id == conversations.c.id, in_turn),
    )


def _insert_turn(connection: Connection, conversation_id: str, position: int, question: str) -> None:
    connection.execute(
        insert(turns).values(
            conversation_id=conversation_id, position=position, question=question, created_at=datetime.now(UTC)
        )
    )


def _touch(connection: Connection, conversation_id: str) -> None:
    connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(updated_at=datetime.now(UTC))
    )


def _title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _TITLE_LENGTH else words[: _TITLE_LENGTH - 1].rstrip() + "…"
