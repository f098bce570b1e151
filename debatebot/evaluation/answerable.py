"""Whether it is seen that an article speaks of a question: its own article does, another does not, and neither does its own
without the paragraph that answers. And questions to the sample articles: those that they answer, and those that they do not though
they are on their subject. One threshold for all, the one that decides whether an answer is given."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from debatebot import factory
from debatebot.answerability import THRESHOLD, background, judge
from debatebot.documents import read_path
from debatebot.documents.sentences import split
from debatebot.evaluation.bench import Bench, Figure, Measure, read
from debatebot.evaluation.passages import Articles, Asked, articles, file_names, questions
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.lexical import reworded
from debatebot.reading import QuestionReader
from debatebot.types import Vectors

_NAME, _LANGUAGE = "fquad_fr", "fr"
_OTHER = {"fr": "en", "en": "fr"}

Flags = NDArray[np.float64]


def speaks(question: str, vector: Vectors, language: str, searched: Shard) -> bool:
    """Whether an article is said to speak of a question, as a search says it."""
    words = reworded(question, language, [searched.postings])
    found = rank(words, vector, language, [searched]).found
    return judge(words, language, [searched], found, _reader()).answerable >= THRESHOLD


@cache
def _reader() -> QuestionReader | None:
    return QuestionReader.load()


def without(searched: Shard, paragraph: int, others: Vectors | None) -> Shard:
    """An article without one of its paragraphs.

    Args:
        others: vectors of the background questions.
    """
    rows = [row for row, sentence in enumerate(searched.sentences) if sentence.paragraph != paragraph]
    sentences = [searched.sentences[row] for row in rows]
    return Shard.build(sentences, searched.language, searched.vectors[rows], others)


def _answerable(bench: Bench) -> Iterator[Figure]:
    others = background(bench.embeddings.name)
    asked = questions(bench, _NAME)
    searched = articles(bench, _NAME, asked, background=others)
    own = np.array([_speaks(question, searched.shards[_title(question, searched)]) for question in asked], dtype=float)
    far = _elsewhere(asked, searched)
    near = _paragraph_removed(asked, searched, others)
    yield _balanced("another article", own, far, 98.0)
    yield _balanced("own article without the paragraph", own, near, 80.0)
    yield Figure(f"{_NAME}: own article is said to answer", len(own), partial(_share, own))


def _speaks(question: Asked, searched: Shard) -> bool:
    return speaks(question.text, question.vector, _LANGUAGE, searched)


def _elsewhere(asked: Sequence[Asked], searched: Articles) -> Flags:
    """Whether each question is said to be answered by another article, drawn with a fixed seed."""
    chance = random.Random(0)
    titles = sorted(searched.shards)
    said = []
    for question in asked:
        foreign = [title for title in titles if title != _title(question, searched)]
        said.append(bool(foreign) and _speaks(question, searched.shards[chance.choice(foreign)]))
    return np.array(said, dtype=float)


def _paragraph_removed(asked: Sequence[Asked], searched: Articles, others: Vectors | None) -> Flags:
    """Whether each question is said to be answered by its own article without the paragraph that does; NaN if it has no other."""
    rests: dict[str, Shard | None] = {}
    said = []
    for question in asked:
        if question.passage not in rests:
            title = _title(question, searched)
            passages = searched.passages[title]
            alone = len(passages) < 2
            paragraph = passages.index(question.passage)
            rests[question.passage] = None if alone else without(searched.shards[title], paragraph, others)
        rest = rests[question.passage]
        said.append(np.nan if rest is None else float(_speaks(question, rest)))
    return np.array(said, dtype=float)


def _title(question: Asked, searched: Articles) -> str:
    return searched.places[question.passage].article


def _balanced(name: str, yes: Flags, no: Flags, target: float) -> Figure:
    """Mean of the shares of answerable questions accepted and of others refused."""

    def statistic(drawn: NDArray[np.intp]) -> float:
        return float(50 * (yes[drawn].mean() + 1 - np.nanmean(no[drawn])))

    return Figure(f"{_NAME}: {name}", len(yes), statistic, target)


def _samples(bench: Bench) -> Iterator[Figure]:
    """Questions written for the sample articles by who had not seen the program; nothing was trained on them."""
    rows = bench.draw(read(Path(__file__).with_name("sample_questions.jsonl")))
    shards = _sample_shards(bench, {row["article"] for row in rows})
    said: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        searched = shards[row["article"]]
        language = _OTHER[searched.language] if row.get("other_language") else searched.language
        vector = bench.embeddings.query(row["question"])
        said[row["answered"]].append(float(speaks(row["question"], vector, language, searched)))
    answered, near = np.array(said[True]), 1 - np.array(said[False])
    for name, right in (("answered questions are accepted", answered), ("near misses are refused", near)):
        yield Figure(f"samples: {name}", len(right), partial(_share, right))


def _share(flags: Flags, drawn: NDArray[np.intp]) -> float:
    return float(100 * flags[drawn].mean())


def _sample_shards(bench: Bench, names: set[str]) -> dict[str, Shard]:
    shards = {}
    for path in sorted((factory.data_folder() / "corpus").glob("*.md")):
        if path.stem in names:
            article = read_path(path)
            sentences = split(article.id, article.text, article.language)
            vectors = bench.embeddings.passages([sentence.text for sentence in sentences])
            others = background(bench.embeddings.name)
            shards[path.stem] = Shard.build(sentences, article.language, vectors, others)
    return shards


MEASURES: tuple[Measure, ...] = (
    Measure(f"answerable/{_NAME}", "answerable", file_names(_NAME), _answerable),
    Measure("answerable/samples", "answerable", (), _samples),
)
