"""Embeddings kept by the hash of what was embedded, so that no text is ever embedded twice with one model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, insert, select

from debatebot.library.schema import storage_errors, vectors

_KEYS_PER_QUERY = 500  # below the number of variables every SQLite accepts


class VectorStore:
    """Vectors by model name and key, as little-endian float32."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    def get(self, model: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are there, each of shape (dimensions,)."""
        found: dict[str, NDArray[np.float32]] = {}
        with storage_errors(self._url), self._engine.connect() as connection:
            for batch in _batches(keys):
                rows = connection.execute(
                    select(vectors.c.key, vectors.c.vector).where(vectors.c.model == model, vectors.c.key.in_(batch))
                )
                found.update({key: np.frombuffer(vector, dtype="<f4") for key, vector in rows})
        return found

    def put(self, model: str, new: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors; those that another process has stored meanwhile are left as they are."""
        present = self.get(model, list(new))
        rows = [
            {"model": model, "key": key, "vector": np.asarray(vector, dtype="<f4").tobytes()}
            for key, vector in new.items()
            if key not in present
        ]
        if not rows:
            return
        with storage_errors(self._url), self._engine.begin() as connection:
            connection.execute(insert(vectors).prefix_with("OR IGNORE", dialect="sqlite"), rows)


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    iterator = iter(keys)
    while batch := list(islice(iterator, _KEYS_PER_QUERY)):
        yield batch
