"""Public sets of questions on passages, as articles that can be searched: what the training scripts have in common."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from debatebot.embeddings import BuiltinEmbeddings, CachedEmbeddings, text_key
from debatebot.index.shards import Shard
from debatebot.types import Sentence, Vectors

BACKGROUND_QUESTIONS = 64  # of each language
BACKGROUND_ARTICLES = {"piaf_fr": 16, "xquad_en": 6}


@dataclass(frozen=True)
class Question:
    text: str
    vector: Vectors
    language: str
    article: str
    passage: str
    gold: tuple[int, ...]
    """Places in the passage of the sentences that answer."""


class FileStore:
    """Vectors in one file, so that the second run takes seconds."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._vectors: dict[str, NDArray[np.float32]] = {}
        if path is not None and path.exists():
            with np.load(path) as stored:
                self._vectors = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def get(self, model: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        return {key: self._vectors[f"{model} {key}"] for key in keys if f"{model} {key}" in self._vectors}

    def put(self, model: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self._vectors |= {f"{model} {key}": vector for key, vector in vectors.items()}

    def save(self) -> None:
        if self._path is not None:
            np.savez(self._path, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))


class Embedder:
    """Passages and questions, both kept in one store."""

    def __init__(self, store: FileStore) -> None:
        self._model = BuiltinEmbeddings()
        self._passages = CachedEmbeddings(self._model, store)
        self._store = store
        self.name = self._model.name

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._passages.passages(texts)

    def query(self, text: str) -> Vectors:
        key = text_key(f"query: {text}")
        known = self._store.get(self.name, [key])
        if not known:
            self._store.put(self.name, {key: self._model.query(text)})
            known = self._store.get(self.name, [key])
        return known[key]


class Collection:
    """One data set: passages of articles, and questions with the passage that answers them."""

    def __init__(self, data: Path, name: str, embedder: Embedder) -> None:
        self.name = name
        self.language = name.rpartition("_")[2]
        self._embedder = embedder
        self._data = data
        self.passages: dict[str, list[str]] = {}
        self.articles: dict[str, list[str]] = defaultdict(list)
        for row in _rows(data / f"{name}_passages.jsonl.gz"):
            self.passages[row["id"]] = row["sentences"]
            self.articles[row["title"]].append(row["id"])
        self._shards: dict[tuple[str, ...], Shard] = {}

    @cached_property
    def questions(self) -> list[Question]:
        rows = _rows(self._data / f"{self.name}_questions.jsonl.gz")
        return [
            Question(
                row["question"],
                self._embedder.query(row["question"]),
                self.language,
                row["title"],
                row["passage_id"],
                tuple(row["gold_sentences"]),
            )
            for row in rows
        ]

    def asked_in(self, other: Collection) -> list[Question]:
        """The questions of `other`, on the passages here: XQuAD is the same in all its languages."""
        passages = {row["id"]: row["passage_id"] for row in _rows(self._data / f"{self.name}_questions.jsonl.gz")}
        rows = _rows(self._data / f"{other.name}_questions.jsonl.gz")
        return [
            replace(question, passage=passages[row["id"]], gold=())
            for question, row in zip(other.questions, rows, strict=True)
        ]

    def shard(self, passages: Sequence[str], background: Vectors) -> Shard:
        key = tuple(passages)
        if key not in self._shards:
            sentences = [
                Sentence("", 0, 0, 0, text, paragraph)
                for paragraph, passage in enumerate(passages)
                for text in self.passages[passage]
            ]
            vectors = self._embedder.passages([sentence.text for sentence in sentences])
            self._shards[key] = Shard.build(sentences, self.language, vectors, background)
        return self._shards[key]


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def choose_background(collections: Sequence[Collection]) -> tuple[set[tuple[str, str]], list[Question]]:
    """Articles set apart, as (data set, title), and questions on them."""
    apart: set[tuple[str, str]] = set()
    chosen: list[Question] = []
    for collection in collections:
        chance = random.Random(1)
        titles = sorted(collection.articles)
        chance.shuffle(titles)
        held = set(titles[: BACKGROUND_ARTICLES[collection.name]])
        apart |= {(collection.name, title) for title in held}
        questions = [question for question in collection.questions if question.article in held]
        chance.shuffle(questions)
        chosen += questions[:BACKGROUND_QUESTIONS]
    return apart, chosen
