"""Embeddings kept between two runs of the board, questions too: the second run costs what the parts themselves cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from debatebot import factory
from debatebot.embeddings import CachedEmbeddings, VectorStore, text_key
from debatebot.library import Library
from debatebot.settings import Settings
from debatebot.types import Embeddings, Vectors


class EvaluationEmbeddings(CachedEmbeddings):
    """`CachedEmbeddings` that keep the vectors of questions as well: a board asks the same thousands at every run."""

    def __init__(self, base: Embeddings, store: VectorStore) -> None:
        super().__init__(base, store)
        # Under a name of their own, because a model embeds a question otherwise than a passage of the same words.
        self._questions = f"{base.name} query"

    def query(self, text: str) -> Vectors:
        """Embed one question, or recall it; shape (dimensions,). Raises what `base` and the store raise."""
        key = text_key(text)
        known = self._store.get(self._questions, [key])
        if key not in known:
            known = {key: self._base.query(text)}
            self._store.put(self._questions, known)
        return known[key]


@contextmanager
def evaluation_embeddings(settings: Settings) -> Iterator[Embeddings]:
    """The embedding model of the settings with a file of vectors in the data folder, apart from the library's.

    Apart, because a library keeps what belongs to its articles, and this file may be thrown away at any time.

    Raises:
        StorageError: the file cannot be opened or written.
    """
    store = Library(f"sqlite:///{factory.home(settings) / 'evaluation.sqlite'}")
    try:
        yield EvaluationEmbeddings(factory.embeddings(settings), store.vectors)
    finally:
        store.close()
