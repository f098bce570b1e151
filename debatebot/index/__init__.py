"""The index: vectors in Chroma, and the search that mixes them with BM25. Derived data: the library can make it again.

`storage` keeps the vectors, `memory` what searches need of them, `ranking` mixes the scores.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from debatebot.answerability import Judgement, Reader, background, judge
from debatebot.index.memory import Memory, metadata_of
from debatebot.index.ranking import Ranking, highest, rank
from debatebot.index.shards import Scores, Shard
from debatebot.index.storage import ServerStorage, Storage, folder
from debatebot.lexical import reworded
from debatebot.types import Article, Sentence, Vectors

if TYPE_CHECKING:
    from chromadb import Collection

    from debatebot.types import Embeddings

__all__ = ["Hit", "Index", "SearchResult"]

_BATCH = 5461  # Chroma takes no more at once


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found. `relevance` as in `SearchResult`; `dense` and `lexical` as in `Ranking`."""

    sentence: Sentence
    relevance: float
    dense: float
    lexical: float
    vector: Vectors


@dataclass(frozen=True, slots=True)
class SearchResult:
    """All sentences of the searched articles, in the order of the articles and of the text, with their scores.

    `relevance`: from 0 to 1 within the question, shape (len(sentences),); it tells nothing between questions.
    `dense`, `lexical`, `words`: what it is made of, see `Ranking`; same shape.
    `hits`: the best of them, best first.
    `answerable`: 0 to 1, how sure it is that the articles speak of the question; `general`: it names nothing of its own.
    """

    sentences: tuple[Sentence, ...]
    relevance: Scores
    dense: Scores
    lexical: Scores
    words: Scores
    hits: tuple[Hit, ...]
    answerable: float
    general: bool
    vectors_of: Callable[[Sequence[int]], Vectors] = field(repr=False)
    """Vectors of some of the sentences, by their place in `sentences`; shape (number of places, dimensions)."""

    @property
    def vectors(self) -> Vectors:
        """Those of all sentences. Of many articles that is a copy of megabytes: prefer `vectors_of`."""
        return self.vectors_of(range(len(self.sentences)))


class Index:
    """Adds articles and searches them. May be used from several threads, and on one folder by several processes.

    Args:
        embeddings: embeds the questions; its name tells the collection, so that vectors of two models never meet.
        reader: reads questions with what was found, where it is not clear that the articles speak of them; none: words and vectors
            decide alone.
        path: folder of an embedded Chroma; made where it is missing.
        url: a Chroma server instead.

    Raises (all methods):
        StorageError: the folder or server cannot be read or written.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        *,
        path: Path | None = None,
        url: str | None = None,
        reader: Reader | None = None,
    ) -> None:
        if (path is None) == (url is None):
            raise ValueError("either path or url")
        self._embeddings = embeddings
        self._reader = reader
        self._collection_name = _collection_name(embeddings.name)
        self._storage: Storage = ServerStorage(url) if url is not None else folder(path or Path())
        self._memory = Memory(self._storage, self._collection_name, background(embeddings.name))

    def add(self, article: Article, sentences: Sequence[Sentence], vectors: Vectors) -> None:
        """Put an article's sentences in the index, instead of those it has there.

        The first sentence is written last: an article that has it is whole, whenever the process was killed.

        Args:
            sentences: all of the article, in order.
            vectors: theirs, in the same order; shape (len(sentences), dimensions).
        """
        if len(sentences) != len(vectors):
            raise ValueError("a vector for each sentence")
        with self._storage.session(self._collection_name, write=True) as (collection, generation):
            _delete(collection, article.id)
            for start in reversed(range(0, len(sentences), _BATCH)):
                part = sentences[start : start + _BATCH]
                collection.upsert(
                    ids=[sentence.id for sentence in part],
                    embeddings=np.asarray(vectors[start : start + _BATCH], dtype=np.float32),
                    metadatas=[metadata_of(sentence, article.language) for sentence in part],
                    documents=[sentence.text for sentence in part],
                )
            self._memory.forget(article.id, generation)

    def remove(self, article_id: str) -> None:
        """Take an article out; nothing happens where it is not there."""
        with self._storage.session(self._collection_name, write=True) as (collection, generation):
            _delete(collection, article_id)
            self._memory.forget(article_id, generation)

    def count(self, article_id: str) -> int:
        """How many sentences of an article are there."""
        with self._storage.session(self._collection_name) as (collection, _):
            return len(_ids(collection, article_id))

    def article_ids(self) -> set[str]:
        """The articles that are there as a whole."""
        with self._storage.session(self._collection_name) as (collection, _):
            found = collection.get(where={"position": 0}, include=[])
        return {sentence_id.rpartition(":")[0] for sentence_id in found["ids"]}

    def reset(self) -> None:
        """Throw everything away, also where it is damaged and cannot be read."""
        self._storage.reset(self._collection_name)
        self._memory.clear()

    def close(self) -> None:
        """Give files, connections and memory back; the next use opens them again."""
        self._storage.close()
        self._memory.clear()

    def search(self, question: str, language: str, articles: Sequence[Article], limit: int = 20) -> SearchResult:
        """Rank the sentences of `articles` for a question.

        Args:
            language: of the question; an article in another one is compared by its vectors and numbers.
            articles: where to look.
            limit: how many hits to give.

        Raises:
            StorageError: also where an article is not in the index.
            EngineError: the question could not be embedded.
        """
        if not articles:
            return _NOTHING
        query = self._embeddings.query(question)
        shards = self._memory.shards(articles)
        words = reworded(question, language, [shard.postings for shard in shards])
        ranking = rank(words, query, language, shards)
        judgement = judge(words, language, shards, ranking.found, self._reader)
        return _result(shards, ranking, judgement, limit)

    def prepare(self, articles: Sequence[Article]) -> None:
        """Read articles into memory ahead of the first question: that takes 1.5 seconds for 10,000 sentences."""
        self._memory.shards(articles)


def _gather(matrices: Sequence[Vectors], places: Sequence[int]) -> Vectors:
    rows = np.asarray(places, dtype=np.intp)
    starts = np.array(list(accumulate((len(matrix) for matrix in matrices[:-1]), initial=0)))
    part_of = np.searchsorted(starts, rows, side="right") - 1
    vectors = np.empty((len(rows), matrices[0].shape[1]), dtype=np.float32)
    for part in np.unique(part_of):
        here = part_of == part
        vectors[here] = matrices[part][rows[here] - starts[part]]
    return vectors


_NO_SCORES: Scores = np.empty(0, dtype=np.float32)
_NO_VECTORS = partial(_gather, [np.empty((0, 0), dtype=np.float32)])
_NOTHING = SearchResult((), _NO_SCORES, _NO_SCORES, _NO_SCORES, _NO_SCORES, (), 0.0, False, _NO_VECTORS)


def _result(shards: Sequence[Shard], ranking: Ranking, judgement: Judgement, limit: int) -> SearchResult:
    sentences = tuple(chain.from_iterable(shard.sentences for shard in shards))
    vectors_of = partial(_gather, [shard.vectors for shard in shards])
    best = highest(ranking.relevance, limit).tolist()
    hits = tuple(
        Hit(
            sentence=sentences[place],
            relevance=float(ranking.relevance[place]),
            dense=float(ranking.dense[place]),
            lexical=float(ranking.lexical[place]),
            vector=vector,
        )
        for place, vector in zip(best, vectors_of(best), strict=True)
    )
    return SearchResult(
        sentences=sentences,
        relevance=ranking.relevance,
        dense=ranking.dense,
        lexical=ranking.lexical,
        words=ranking.words,
        hits=hits,
        answerable=judgement.answerable,
        general=judgement.general,
        vectors_of=vectors_of,
    )


def _ids(collection: Collection, article_id: str) -> list[str]:
    return collection.get(where={"article_id": article_id}, include=[])["ids"]


def _delete(collection: Collection, article_id: str) -> None:
    """The first sentence first: what is left after a kill does not pass for a whole article."""
    ids = _ids(collection, article_id)
    first = f"{article_id}:0"
    if first in ids:
        collection.delete(ids=[first])
        ids.remove(first)
    for start in range(0, len(ids), _BATCH):
        collection.delete(ids=ids[start : start + _BATCH])


def _collection_name(model: str) -> str:
    """Readable, and different for each model: Chroma allows letters, digits, dots, dashes and 3 to 512 characters."""
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", model).strip("-")[:40]
    return f"debatebot-{readable}-{hashlib.sha256(model.encode()).hexdigest()[:8]}"
