"""What the built-in engine quotes for a question: whether the sentence that answers is among it, and how much is beside the point.

Each article is indexed and asked as anybody's would be. The simple method quotes the two most relevant sentences. The sets are
encyclopedic: which side a sentence takes is mostly chance there, so that the neutral answer tells most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from debatebot.engines.builtin import compose
from debatebot.evaluation.bench import Bench, Figure, Measure
from debatebot.evaluation.passages import Articles, Place, articles, file_names, questions
from debatebot.factory import prompt_book
from debatebot.index import Index
from debatebot.index.shards import Shard
from debatebot.outlook import OutlookScorer
from debatebot.reading import QuestionReader
from debatebot.retrieval import EvidenceRetriever
from debatebot.settings import Settings
from debatebot.types import AnswerRequest, Article, Sentence

NAMES = ("fquad_fr", "piaf_fr", "xquad_en")

_NEUTRAL = "neutral"
_SIMPLE = "the most relevant"
_AS_MANY = 2  # sentences that the simple method quotes: a neutral answer has about as many
_BETWEEN = "\n\n"

Counts = NDArray[np.float64]
"""Of each question: sentences quoted, those of the answering passage, and whether an answering one is among them; shape (n, 3)."""


def _answers(name: str, bench: Bench) -> Iterator[Figure]:
    asked = questions(bench, name)
    searched = articles(bench, name, asked)
    language = name.rpartition("_")[2]
    perspectives = prompt_book(Settings.from_env({})).perspectives
    counts: dict[str, list[tuple[int, int, bool]]] = {
        each: [] for each in (*(one.name for one in perspectives), _SIMPLE)
    }
    with TemporaryDirectory() as folder:
        index = Index(bench.embeddings, path=Path(folder) / "index", reader=QuestionReader.load())
        try:
            indexed = _indexed(bench, searched, language, index)
            retriever = EvidenceRetriever(index)
            for question in asked:
                place = searched.places[question.passage]
                article = indexed[place.article]
                found = retriever.retrieve(question.text, language, [article])
                simple = sorted(found.evidence, key=lambda item: item.relevance, reverse=True)[:_AS_MANY]
                quoted = {_SIMPLE: simple} | {
                    each.name: [
                        item for _, item in compose(AnswerRequest(question.text, language, (article,), found, each))
                    ]
                    for each in perspectives
                }
                for each, items in quoted.items():
                    counts[each].append(_counted([item.sentence.position for item in items], place, question.gold))
        finally:
            index.close()
    yield from _figures(name, {each: np.array(rows, dtype=np.float64).reshape(-1, 3) for each, rows in counts.items()})


def _counted(positions: list[int], place: Place, gold: tuple[int, ...]) -> tuple[int, int, bool]:
    inside = [position - place.start for position in positions if 0 <= position - place.start < place.length]
    return len(positions), len(inside), bool(set(inside) & set(gold))


def _figures(name: str, counts: dict[str, Counts]) -> Iterator[Figure]:
    simple = counts.pop(_SIMPLE)
    neutral = counts[_NEUTRAL]
    anybody = np.max([of_one[:, 2] for of_one in counts.values()], axis=0)
    every = np.arange(len(simple))
    found, near = round(_share(simple[:, 2], every), 1), round(_to_the_point(simple, every), 1)
    yield Figure(f"{name}: neutral, answer found", len(neutral), partial(_share, neutral[:, 2]), baseline=found)
    yield Figure(f"{name}: any side, answer found", len(neutral), partial(_share, anybody), baseline=found)
    yield Figure(f"{name}: neutral, to the point", len(neutral), partial(_to_the_point, neutral), baseline=near)


def _share(flags: NDArray[np.float64], drawn: NDArray[np.intp]) -> float:
    return float(100 * flags[drawn].mean()) if len(drawn) else float("nan")


def _to_the_point(counts: Counts, drawn: NDArray[np.intp]) -> float:
    quoted, inside, _ = counts[drawn].sum(axis=0)
    return float(100 * inside / quoted) if quoted else float("nan")


def _indexed(bench: Bench, searched: Articles, language: str, index: Index) -> dict[str, Article]:
    scorer = OutlookScorer(bench.embeddings)
    found: dict[str, Article] = {}
    for number, (title, shard) in enumerate(searched.shards.items()):
        article, sentences = _article(f"article-{number}", title, shard)
        outlooks = scorer.score([sentence.text for sentence in sentences], shard.vectors, language)
        scored = [
            replace(sentence, outlook=float(outlook)) for sentence, outlook in zip(sentences, outlooks, strict=True)
        ]
        index.add(article, scored, shard.vectors)
        found[title] = article
    return found


def _article(identifier: str, title: str, shard: Shard) -> tuple[Article, list[Sentence]]:
    """The article whose sentences a shard holds, with the places where they stand in it."""
    texts = [sentence.text for sentence in shard.sentences]
    breaks = [_BETWEEN if follower.paragraph != one.paragraph else " " for one, follower in pairwise(shard.sentences)]
    starts = np.cumsum([0, *(len(text) + len(after) for text, after in zip(texts, breaks, strict=False))]).tolist()
    whole = "".join(text + after for text, after in zip(texts, [*breaks, ""], strict=True))
    sentences = [
        Sentence(identifier, position, start, start + len(sentence.text), sentence.text, sentence.paragraph)
        for position, (sentence, start) in enumerate(zip(shard.sentences, starts, strict=True))
    ]
    return Article(identifier, whole, title, title, shard.language, identifier), sentences


MEASURES: tuple[Measure, ...] = tuple(
    Measure(f"answers/{name}", "answers", file_names(name), partial(_answers, name)) for name in NAMES
)
