"""Sets of questions on passages, as articles that can be searched: what the measures of retrieval have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Record
from debatebot.index.shards import Shard
from debatebot.types import Embeddings, Sentence, Vectors


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its vector, the passage that answers it, and the places of the answering sentences in the passage."""

    text: str
    vector: Vectors
    passage: str
    gold: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its article, its first sentence there, and how many it has."""

    article: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of a set by title, each a shard with a paragraph for each passage, and where each passage stands."""

    shards: Mapping[str, Shard]
    places: Mapping[str, Place]
    passages: Mapping[str, Sequence[str]]
    """Article → its passages, in order."""


def file_names(name: str) -> tuple[str, str]:
    """The files of a set."""
    return f"{name}_passages", f"{name}_questions"


def questions(bench: Bench, name: str) -> list[Asked]:
    """The questions of a set, at most as many as the bench takes."""
    titles = titles_of(bench, name)
    rows = [row for row in bench.records(file_names(name)[1]) if row["passage_id"] in titles]
    return [
        Asked(row["question"], bench.embeddings.query(row["question"]), row["passage_id"], tuple(row["gold_sentences"]))
        for row in bench.draw_by(rows, lambda row: titles[row["passage_id"]])
    ]


def titles_of(bench: Bench, name: str) -> dict[str, str]:
    """Passage → the title of its article."""
    return {row["id"]: row["title"] for row in bench.records(file_names(name)[0])}


def articles(
    bench: Bench, name: str, asked: Sequence[Asked], *, whole: bool = False, background: Vectors | None = None
) -> Articles:
    """The articles that `asked` are about, in the language that the set's name ends in.

    Where the bench takes all questions these are all articles; where it draws some, only theirs are embedded.

    Args:
        whole: passages are one sentence each.
    """
    rows = bench.records(file_names(name)[0])
    wanted = {question.passage for question in asked}
    titles = {row["title"] for row in rows if row["id"] in wanted}
    by_title: dict[str, list[Record]] = {}
    for row in rows:
        if row["title"] in titles:
            by_title.setdefault(row["title"], []).append(row)
    language = name.rpartition("_")[2]
    shards: dict[str, Shard] = {}
    places: dict[str, Place] = {}
    for title, members in by_title.items():
        texts = [[row["text"]] if whole else row["sentences"] for row in members]
        starts = np.cumsum([0, *(len(each) for each in texts)]).tolist()
        places |= {
            row["id"]: Place(title, start, len(each)) for row, each, start in zip(members, texts, starts, strict=False)
        }
        shards[title] = shard(texts, language, bench.embeddings, background)
    passages = {title: [row["id"] for row in members] for title, members in by_title.items()}
    return Articles(shards, places, passages)


def shard(
    paragraphs: Sequence[Sequence[str]], language: str, embeddings: Embeddings, background: Vectors | None = None
) -> Shard:
    """An article of paragraphs, each given by its sentences."""
    sentences = [
        Sentence("", 0, 0, 0, text, number) for number, paragraph in enumerate(paragraphs) for text in paragraph
    ]
    vectors = embeddings.passages([sentence.text for sentence in sentences])
    return Shard.build(sentences, language, vectors, background)


def rank_of(scores: NDArray[np.float32], gold: Sequence[int]) -> int:
    """The rank of the best of the right places, from 1; those that score the same come after it."""
    return 1 + int((scores > scores[list(gold)].max()).sum())
