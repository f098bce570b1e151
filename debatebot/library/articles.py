"""Articles and their sentences in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from debatebot.errors import NotFound
from debatebot.library.schema import articles, briefings, scorings, sentences, shelves, storage_errors
from debatebot.types import Article, Sentence

EVERYBODY = ""
"""The person whose articles everybody sees: samples, and what the command line adds."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """What a list shows of an article, without its text."""

    id: str
    title: str
    source: str
    author: str | None
    date: str | None
    language: str
    sentences: int


class Articles:
    """Articles of the library. `person=None` means all of them, whoever added them."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    def add(self, article: Article, split: Sequence[Sentence], person: str = EVERYBODY) -> bool:
        """Store an article with its sentences, not yet ready, and put it on the person's shelf.

        Returns:
            True when the article is new; False when its text was in the library already.
        """
        with storage_errors(self._url):
            try:
                with self._engine.begin() as connection:
                    new = not connection.scalar(select(exists().where(articles.c.id == article.id)))
                    if new:
                        _insert_article(connection, article, split)
            except IntegrityError:  # another process added the same text in between
                new = False
            self._put_on_shelf(article.id, person)
        return new

    def finish(self, article_id: str, outlooks: Sequence[float], scorer: str = "") -> None:
        """Note the outlook of each sentence, in order, and that the article is ready to be asked about.

        Args:
            scorer: the mark of what scored them; see `scored_otherwise`.
        """
        rows = [{"at": position, "value": float(outlook)} for position, outlook in enumerate(outlooks)]
        with storage_errors(self._url), self._engine.begin() as connection:
            if rows:
                statement = update(sentences).where(
                    sentences.c.article_id == article_id, sentences.c.position == bindparam("at")
                )
                connection.execute(statement.values(outlook=bindparam("value")), rows)
            connection.execute(update(articles).where(articles.c.id == article_id).values(ready=True))
            connection.execute(delete(scorings).where(scorings.c.article_id == article_id))
            # Selected, not given: the article may have been removed since it was read.
            scored = select(articles.c.id, literal(scorer)).where(articles.c.id == article_id)
            connection.execute(insert(scorings).from_select(["article_id", "scorer"], scored))

    def reopen(self, article_id: str) -> None:
        """Note that an article has to be indexed again."""
        with storage_errors(self._url), self._engine.begin() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(ready=False))

    def unfinished(self) -> list[str]:
        """Ids of the articles that are stored and not ready: what a crash leaves behind."""
        with storage_errors(self._url), self._engine.connect() as connection:
            return list(
                connection.scalars(select(articles.c.id).where(~articles.c.ready).order_by(articles.c.added_at))
            )

    def ready_ids(self) -> list[str]:
        """Ids of all articles that can be asked about."""
        with storage_errors(self._url), self._engine.connect() as connection:
            return list(connection.scalars(select(articles.c.id).where(articles.c.ready).order_by(articles.c.added_at)))

    def scored_otherwise(self, scorer: str) -> list[str]:
        """Ids of the ready articles whose outlooks do not come from the scorer of that mark, or from an unknown one."""
        same = exists().where(scorings.c.article_id == articles.c.id, scorings.c.scorer == scorer)
        with storage_errors(self._url), self._engine.connect() as connection:
            return list(
                connection.scalars(select(articles.c.id).where(articles.c.ready, ~same).order_by(articles.c.added_at))
            )

    def is_ready(self, article_id: str) -> bool:
        """Whether the article is stored and indexed."""
        with storage_errors(self._url), self._engine.connect() as connection:
            return bool(connection.scalar(select(articles.c.ready).where(articles.c.id == article_id)))

    def list(self, person: str | None = None, search: str = "") -> list[ArticleEntry]:
        """Ready articles, the newest first; `search` keeps those whose title or text holds it."""
        count = select(func.count()).where(sentences.c.article_id == articles.c.id).scalar_subquery()
        columns = [articles.c[name] for name in ("id", "title", "source", "author", "date", "language")]
        query = select(*columns, count).where(articles.c.ready).order_by(articles.c.added_at.desc(), articles.c.id)
        if person is not None:
            query = query.where(_on_shelf(person))
        if search:
            query = query.where(
                or_(
                    articles.c.title.icontains(search, autoescape=True),
                    articles.c.text.icontains(search, autoescape=True),
                )
            )
        with storage_errors(self._url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [ArticleEntry(row[0], row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows]

    def get(self, reference: str, person: str | None = None) -> Article:
        """The article whose id is `reference` or begins with it, or whose title it is.

        Raises:
            NotFound: none, or several; the hint says how to list them.
        """
        query = select(articles).where(
            or_(articles.c.id.startswith(reference.lower(), autoescape=True), articles.c.title == reference)
        )
        if person is not None:
            query = query.where(_on_shelf(person))
        with storage_errors(self._url), self._engine.connect() as connection:
            rows = connection.execute(query.limit(2)).all() if reference.strip() else []
        if len(rows) != 1:
            raise NotFound("article_ambiguous" if rows else "article_unknown", reference=reference)
        return _article(rows[0])

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """The sentences of an article, in order."""
        columns = [sentences.c[name] for name in ("position", "start", "end", "paragraph", "outlook")]
        with storage_errors(self._url), self._engine.connect() as connection:
            text = connection.scalar(select(articles.c.text).where(articles.c.id == article_id)) or ""
            rows = connection.execute(
                select(*columns).where(sentences.c.article_id == article_id).order_by(sentences.c.position)
            ).all()
        return tuple(
            Sentence(
                article_id, row.position, row.start, row.end, text[row.start : row.end], row.paragraph, row.outlook
            )
            for row in rows
        )

    def remove(self, article_id: str, person: str | None = None) -> bool:
        """Take an article, with the briefings of it, from a person's shelf, or from all (`person=None`).

        Returns:
            True when nobody has it any more: it is deleted, and the index may forget it.
        """
        with storage_errors(self._url), self._engine.begin() as connection:
            for table in (shelves, briefings):
                rows = delete(table).where(table.c.article_id == article_id)
                connection.execute(rows if person is None else rows.where(table.c.person == person))
            if connection.scalar(select(exists().where(shelves.c.article_id == article_id))):
                return False
            connection.execute(delete(scorings).where(scorings.c.article_id == article_id))
            connection.execute(delete(sentences).where(sentences.c.article_id == article_id))
            connection.execute(delete(articles).where(articles.c.id == article_id))
        return True

    def _put_on_shelf(self, article_id: str, person: str) -> None:
        try:
            with self._engine.begin() as connection:
                present = exists().where(shelves.c.article_id == article_id, shelves.c.person == person)
                if not connection.scalar(select(present)):
                    connection.execute(insert(shelves).values(person=person, article_id=article_id))
        except IntegrityError:  # another process put it there in between, or removed the article
            if not self.is_ready(article_id):
                raise


def _on_shelf(person: str) -> Any:
    return exists().where(shelves.c.article_id == articles.c.id, shelves.c.person.in_((person, EVERYBODY)))


def _insert_article(connection: Connection, article: Article, split: Sequence[Sentence]) -> None:
    connection.execute(
        insert(articles).values(
            id=article.id,
            content_hash=article.content_hash,
            title=article.title,
            source=article.source,
            author=article.author,
            date=article.date,
            language=article.language,
            questions={language: list(some) for language, some in article.questions.items()},
            text=article.text,
            ready=False,
            added_at=datetime.now(UTC),
        )
    )
    names = ("article_id", "position", "start", "end", "paragraph", "outlook")
    if split:
        connection.execute(insert(sentences), [{name: getattr(one, name) for name in names} for one in split])


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        text=row.text,
        title=row.title,
        source=row.source,
        language=row.language,
        content_hash=row.content_hash,
        author=row.author,
        date=row.date,
        questions={language: tuple(some) for language, some in row.questions.items()},
    )
