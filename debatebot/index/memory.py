"""What searches need of the articles, read from Chroma once and kept in memory.

A question then touches neither disk nor lock: reading 500 sentences takes 30 ms, and one of Chroma's `where` filters at
question time would take 16 to 74 ms, more than a whole search.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from debatebot.errors import StorageError
from debatebot.index.shards import Shard
from debatebot.index.storage import Storage
from debatebot.types import Article, Sentence, Vectors

if TYPE_CHECKING:
    from chromadb import Collection

IN_MEMORY = 200_000
"""Sentences kept, beyond those of the articles that are being searched; 1.5 kB each for their vectors."""


class Memory:
    """Keeps the articles that were searched last, until somebody writes. May be used from several threads.

    Args:
        background: vectors of the background questions, see `debatebot.answerability`.
    """

    def __init__(self, storage: Storage, collection_name: str, background: Vectors | None) -> None:
        self._storage = storage
        self._background = background
        self._collection_name = collection_name
        self._lock = threading.Lock()
        self._shards: OrderedDict[str, Shard] = OrderedDict()
        self._seen: int | None = None

    def shards(self, articles: Sequence[Article]) -> list[Shard]:
        """The sentences of `articles`, one shard for each that is named, once or several times.

        Raises:
            StorageError: they cannot be read, or one of the articles is not there.
        """
        self._drop_outdated(self._storage.generation())
        found = self._kept(articles)
        missing = [article for article in articles if article.id not in found]
        if missing:
            with self._storage.session(self._collection_name) as (collection, generation):
                self._drop_outdated(generation)
                new = {article.id: self._read(collection, article) for article in missing}
                # Still in the session, so that nobody can have written since the reading.
                self._keep(new)
            found |= new
        return [found[article_id] for article_id in dict.fromkeys(article.id for article in articles)]

    def forget(self, article_id: str, generation: int) -> None:
        """To be called by what writes an article, within the session that makes `generation`."""
        with self._lock:
            self._shards.pop(article_id, None)
            self._seen = generation

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._shards.clear()

    def _kept(self, articles: Sequence[Article]) -> dict[str, Shard]:
        found = {}
        with self._lock:
            for article in articles:
                shard = self._shards.get(article.id)
                if shard is not None:
                    found[article.id] = shard
                    self._shards.move_to_end(article.id)
        return found

    def _keep(self, new: dict[str, Shard]) -> None:
        """Add `new`, and let go of what was searched longest ago while there is too much."""
        with self._lock:
            self._shards.update(new)
            size = sum(len(shard) for shard in self._shards.values())
            while size > IN_MEMORY and next(iter(self._shards)) not in new:
                size -= len(self._shards.popitem(last=False)[1])

    def _drop_outdated(self, generation: int | None) -> None:
        with self._lock:
            if generation is not None and generation != self._seen:
                self._shards.clear()
                self._seen = generation

    def _read(self, collection: Collection, article: Article) -> Shard:
        rows = collection.get(where={"article_id": article.id}, include=["metadatas", "documents", "embeddings"])
        if not rows["ids"]:
            raise StorageError("index_article_missing", title=article.title)
        pairs = zip(rows["metadatas"] or (), rows["documents"] or (), strict=True)
        sentences = [sentence_of(metadata, text) for metadata, text in pairs]
        order = sorted(range(len(sentences)), key=lambda row: sentences[row].position)
        vectors = np.asarray(rows["embeddings"], dtype=np.float32)[order]
        return Shard.build([sentences[row] for row in order], article.language, vectors, self._background)


def metadata_of(sentence: Sentence, language: str) -> dict[str, str | int | float | bool]:
    """What Chroma keeps of a sentence beside its text; `sentence_of` reads it."""
    return {
        "article_id": sentence.article_id,
        "position": sentence.position,
        "start": sentence.start,
        "end": sentence.end,
        "paragraph": sentence.paragraph,
        "outlook": float(sentence.outlook),
        "language": language,
    }


def sentence_of(metadata: Mapping[str, Any], text: str) -> Sentence:
    """The sentence that `metadata_of` was made from."""
    return Sentence(
        article_id=metadata["article_id"],
        position=metadata["position"],
        start=metadata["start"],
        end=metadata["end"],
        text=text,
        paragraph=metadata["paragraph"],
        outlook=metadata["outlook"],
    )
