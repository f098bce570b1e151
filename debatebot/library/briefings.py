"""Briefings in SQL: the last one a person had written of an article, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from debatebot.library.schema import briefings, storage_errors


class Briefings:
    """Briefings of all persons; each call says on whose behalf it asks, and nobody is given another's."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    def keep(self, person: str, article_id: str, language: str, record: Mapping[str, Any]) -> None:
        """Keep a briefing; one of the same article and language is replaced. Of an article that is gone, nothing is kept."""
        key = {"person": person, "article_id": article_id, "language": language}
        with storage_errors(self._url):
            try:
                with self._engine.begin() as connection:
                    connection.execute(delete(briefings).where(*_where(key)))
                    connection.execute(
                        insert(briefings).values(**key, written_at=datetime.now(UTC), record=dict(record))
                    )
            except IntegrityError:  # the article was removed meanwhile, or a second tab has kept the same
                return

    def get(self, person: str, article_id: str, language: str) -> Mapping[str, Any] | None:
        """The record that was kept, or None."""
        key = {"person": person, "article_id": article_id, "language": language}
        with storage_errors(self._url), self._engine.connect() as connection:
            record: Mapping[str, Any] | None = connection.scalar(select(briefings.c.record).where(*_where(key)))
            return record


def _where(key: Mapping[str, str]) -> list[Any]:
    return [briefings.c[name] == value for name, value in key.items()]
