"""From an article to an index entry, in steps that each survive the process being killed.

    stored (SQL, not ready) → embedded (cached in SQL, batch by batch) → scored → indexed (Chroma) → ready (SQL)

Whatever step is reached, `resume` takes it from there: nothing that was embedded is embedded again. The same way it scores
the articles anew that another version of the scorer has scored: their vectors are kept, and they stay ready meanwhile.
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
from debatebot.errors import NotFound
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

        Raises:
            StorageError: it could not be stored; what was done so far is taken up at the next start.
        """
        articles = self._library.articles
        articles.add(article, split(article.id, article.text, article.language), person)
        with self._lock:
            if not articles.is_ready(article.id):
                self._finish(article.id, progress)

    def remove(self, article_id: str, *, person: str | None = None) -> None:
        """Take an article from a shelf; forget it when it stands on none."""
        if self._library.articles.remove(article_id, person):
            self._index.remove(article_id)

    def resume(self) -> None:
        """Finish half-added articles; index what the index lacks; take from it what the library no longer has; score anew."""
        articles = self._library.articles
        indexed = self._index.article_ids()
        ready = set(articles.ready_ids())
        for article_id in ready - indexed:
            articles.reopen(article_id)
        unfinished = articles.unfinished()
        with self._lock:
            for article_id in unfinished:
                self._finish(article_id, None)
        for article_id in indexed - ready - set(unfinished):
            self._index.remove(article_id)
        self._score_anew()

    def reindex(self, progress: Progress | None = None) -> int:
        """Make the whole index again from the library. Returns the number of articles."""
        self._index.reset()
        for article_id in self._library.articles.ready_ids():
            self._library.articles.reopen(article_id)
        unfinished = self._library.articles.unfinished()
        with self._lock:
            for article_id in unfinished:
                self._finish(article_id, progress)
        return len(unfinished)

    def close(self) -> None:
        """Give the index's files back."""
        self._index.close()

    def _score_anew(self) -> None:
        """Score what another version of the scorer has scored; killed in between, the next start goes on from there."""
        for article_id in self._library.articles.scored_otherwise(self._scorer.mark):
            with self._lock, suppress(NotFound):  # it may have been removed since
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
