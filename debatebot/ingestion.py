"""From an article to an index entry, in steps that each survive the process being killed.

    stored (SQL, not ready) → embedded (cached in SQL, batch by batch) → scored → indexed (Chroma) → ready (SQL)

Whatever step is reached, `resume` takes it from there: nothing that was embedded is embedded again. The same way it scores
the articles anew that another version of the scorer has scored: their vectors are kept, and they stay ready meanwhile.
Whoever is at an article holds its lock (`library.locks`), so that a process takes up what a dead one has left, and never what
a living one is doing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from debatebot.documents.sentences import split
from debatebot.embeddings import CachedEmbeddings
from debatebot.errors import NotFound, StorageError
from debatebot.index import Index
from debatebot.library import EVERYBODY, Library
from debatebot.outlook import OutlookScorer
from debatebot.types import Article, Sentence, Vectors

_LOG = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with the number of sentences embedded so far, and their total."""


class Ingestion:
    """Adds articles to library and index, and keeps the two in step."""

    def __init__(self, library: Library, index: Index, embeddings: CachedEmbeddings, scorer: OutlookScorer) -> None:
        self._library = library
        self._index = index
        self._embeddings = embeddings
        self._scorer = scorer
        # One article at a time: the model uses all cores, and two threads adding the same text would do it twice.
        self._lock = threading.Lock()

    def add(self, article: Article, *, person: str = EVERYBODY, progress: Progress | None = None) -> None:
        """Store, embed, score and index an article; a known one is only put on the person's shelf.

        One that another process is adding is waited for. What is interrupted here is dropped, its vectors excepted.

        Raises:
            StorageError: it could not be stored.
        """
        articles = self._library.articles
        with self._library.locks.hold(article.id, wait=True), self._lock:
            new = articles.add(article, split(article.id, article.text, article.language), person)
            if articles.is_ready(article.id):
                return
            try:
                self._finish(article.id, progress)
            except BaseException:
                if new:
                    self._drop(article.id, person)
                raise

    def remove(self, article_id: str, *, person: str | None = None) -> None:
        """Take an article from a shelf; forget it when it stands on none."""
        if self._library.articles.remove(article_id, person):
            self._index.remove(article_id)

    def resume(self, progress: Progress | None = None) -> None:
        """Finish half-added articles; index what the index lacks; take from it what the library no longer has; score anew.

        What another process is doing right now is left to it, and not waited for.

        Args:
            progress: told of the sentences of each article that is finished.
        """
        articles = self._library.articles
        # In this order: what another process makes ready in between is in the index.
        ready = articles.ready_ids()
        indexed = self._index.article_ids()
        lacking = {article_id for article_id in ready if article_id not in indexed}
        for article_id in [*lacking, *articles.unfinished()]:
            self._take_up(article_id, progress, reopen=article_id in lacking)
        # And in this one: what becomes ready in between is known.
        for article_id in indexed.difference(articles.unfinished(), articles.ready_ids()):
            self._index.remove(article_id)
        self._score_anew()

    def reindex(self, progress: Progress | None = None) -> int:
        """Make the whole index again from the library. Returns the number of articles."""
        self._index.reset()
        for article_id in self._library.articles.ready_ids():
            self._library.articles.reopen(article_id)
        unfinished = self._library.articles.unfinished()
        for article_id in unfinished:
            # Whoever is adding it may have written to the index that was thrown away.
            with self._library.locks.hold(article_id, wait=True), self._lock, suppress(NotFound):
                self._finish(article_id, progress)
        return len(unfinished)

    def close(self) -> None:
        """Give the index's files back."""
        self._index.close()

    def _take_up(self, article_id: str, progress: Progress | None, *, reopen: bool) -> None:
        """Finish an article that nobody else is at."""
        articles = self._library.articles
        # It may have been finished, or removed, since it was found.
        with self._library.locks.hold(article_id, wait=False) as held, self._lock, suppress(NotFound):
            if held and reopen:
                articles.reopen(article_id)
            if held and not articles.is_ready(article_id):
                self._finish(article_id, progress)

    def _drop(self, article_id: str, person: str) -> None:
        """Forget what was interrupted; where even that fails, the next start takes it up."""
        with suppress(StorageError):
            self.remove(article_id, person=person)

    def _score_anew(self) -> None:
        """Score what another version of the scorer has scored; killed in between, the next start goes on from there."""
        for article_id in self._library.articles.scored_otherwise(self._scorer.mark):
            with self._library.locks.hold(article_id, wait=False) as held, self._lock, suppress(NotFound):
                if held:  # else another process scores it
                    self._finish(article_id, None)

    def _finish(self, article_id: str, progress: Progress | None) -> None:
        began = time.monotonic()
        article = self._library.articles.get(article_id)
        sentences = self._library.articles.sentences(article_id)
        vectors = self._embeddings.passages([sentence.text for sentence in sentences], progress)
        scored = self._scored(sentences, vectors, article.language)
        self._index.add(article, scored, vectors)
        self._library.articles.finish(article_id, [sentence.outlook for sentence in scored], self._scorer.mark)
        _LOG.info("article %s ready: %d sentences in %.1f s", article_id, len(scored), time.monotonic() - began)

    def _scored(self, sentences: Sequence[Sentence], vectors: Vectors, language: str) -> list[Sentence]:
        scores = self._scorer.score([sentence.text for sentence in sentences], vectors, language)
        return [replace(sentence, outlook=float(score)) for sentence, score in zip(sentences, scores, strict=True)]
