"""Train the second stage of debatebot/index/ranking.py on public data, and report how well it does.

    python training/ranking.py DATA [--cache FILE]

DATA is a folder with piaf_fr, xquad_en and fquad_fr (passages and questions, JSON Lines). Each question of PIAF and XQuAD is
put to its own article, and some of them to all articles at once. FQuAD is looked at last and nothing is learnt from it.
Writes debatebot/models/ranking.json; what it prints belongs into ranking.md beside it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from debatebot.embeddings import BuiltinEmbeddings, text_key
from debatebot.index.features import candidate_features
from debatebot.index.ranking import CANDIDATES, first_stage, highest
from debatebot.index.shards import Shard
from debatebot.types import Sentence, Vectors

MODEL = Path(__file__).parents[1] / "debatebot" / "models" / "ranking.json"
FOLDS = 4
STEPS = 120
STEP = 0.15
RIDGE = 0.002
WHOLE = {"piaf_fr": 1000, "xquad_en": 300, "fquad_fr": 500}  # questions that are put to all articles at once
WEIGHTS = {("piaf_fr", False): 0.75, ("xquad_en", False): 0.25, ("piaf_fr", True): 0.3, ("xquad_en", True): 0.08}

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A question: features of the sentences looked at, which of them are right, and where the right paragraph is."""

    article: str
    features: Mapping[str, Numbers]
    gold: NDArray[np.bool_]
    paragraphs: NDArray[np.intp]
    gold_paragraph: int


class Embedder:
    """Vectors in one file, so that the second run takes seconds."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._model = BuiltinEmbeddings()
        self._vectors: dict[str, Numbers] = {}
        if path is not None and path.exists():
            with np.load(path) as stored:
                self._vectors = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of sentences."""
        return self._kept(texts, [text_key(text) for text in texts], self._model.passages)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """The vectors of questions."""
        keys = [text_key(f"query: {text}") for text in texts]
        return self._kept(texts, keys, lambda missing: np.stack([self._model.query(text) for text in missing]))

    def save(self) -> None:
        """Keep what was embedded, where there is a file for it."""
        if self._path is not None:
            np.savez(self._path, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))

    def _kept(self, texts: Sequence[str], keys: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        names = [f"{self._model.name} {key}" for key in keys]
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in self._vectors}
        if missing:
            self._vectors |= zip(missing, embed(list(missing.values())), strict=True)
        return np.stack([self._vectors[name] for name in names])


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def examples(data: Path, name: str, embedder: Embedder, *, whole: bool) -> list[Example]:
    """The questions of a set, each to its own article, or evenly drawn ones to all articles."""
    language = name.rpartition("_")[2]
    articles: dict[str, list[Sentence]] = {}
    places: dict[str, tuple[str, int]] = {}
    for passage in rows(data / f"{name}_passages.jsonl.gz"):
        sentences = articles.setdefault(passage["title"], [])
        places[passage["id"]] = (passage["title"], len(sentences))
        sentences += [Sentence("", 0, 0, 0, text, len(places)) for text in passage["sentences"]]
    shards = {
        title: Shard.build(sentences, language, embedder.passages([sentence.text for sentence in sentences]))
        for title, sentences in articles.items()
    }
    offsets = dict(zip(shards, np.cumsum([0, *(len(shard) for shard in shards.values())]).tolist(), strict=False))
    questions = rows(data / f"{name}_questions.jsonl.gz")
    vectors = embedder.questions([question["question"] for question in questions])
    step = max(1, len(questions) // WHOLE[name]) if whole else 1
    found = []
    for question, vector in list(zip(questions, vectors, strict=True))[::step]:
        title, place = places[question["passage_id"]]
        searched = list(shards.values()) if whole else [shards[title]]
        gold = [place + index + (offsets[title] if whole else 0) for index in question["gold_sentences"]]
        found.append(example(title, question["question"], vector, language, searched, gold))
    return found


def example(
    title: str, question: str, vector: Vectors, language: str, shards: Sequence[Shard], gold: Sequence[int]
) -> Example:
    first = first_stage(question, vector, language, shards)
    looked_at = highest(first.mixed, CANDIDATES)
    features = candidate_features(question, language, shards, first, looked_at)
    paragraphs = first.paragraph_of
    return Example(title, features, np.isin(looked_at, gold), paragraphs[looked_at], int(paragraphs[gold[0]]))


def fit(groups: Iterable[tuple[Sequence[Example], float]], names: Sequence[str]) -> Numbers:
    """Weights under which the right sentences have the largest share of the softmax over all that were looked at.

    ListNet's top-one form (Cao et al. 2007), by Adam from zero; the standardisation is put into the weights.
    """
    parts = [(*_stacked(members, names), weight) for members, weight in groups]
    deviation = np.concatenate([values for values, *_ in parts]).std(axis=0) + 1e-6
    weights = np.zeros(len(names), dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = RIDGE * weights
        for values, starts, gold, importance in parts:
            gradient = gradient + importance / len(starts) * _slope(values / deviation, starts, gold, weights)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        pace = STEP * (1.0 if step <= 0.6 * STEPS else 0.3 if step <= 0.85 * STEPS else 0.1)
        weights = weights - pace * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / deviation, dtype=np.float32)


def _stacked(members: Sequence[Example], names: Sequence[str]) -> tuple[Numbers, NDArray[np.intp], Numbers]:
    usable = [member for member in members if member.gold.any()]
    values = [np.stack([member.features[name] for name in names], axis=1) for member in usable]
    starts = np.cumsum([0, *(len(each) for each in values[:-1])])
    gold = np.concatenate([member.gold for member in usable]).astype(np.float32)
    return np.concatenate(values).astype(np.float32), starts, gold


def _slope(values: Numbers, starts: NDArray[np.intp], gold: Numbers, weights: Numbers) -> Numbers:
    question_of = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    scores = values @ weights
    share = np.exp(scores - np.maximum.reduceat(scores, starts)[question_of])
    right = share * gold
    share = share / np.add.reduceat(share, starts)[question_of]
    right = right / np.add.reduceat(right, starts)[question_of]
    return np.asarray((share - right) @ values)


def score(member: Example, names: Sequence[str], weights: Numbers) -> Numbers:
    return np.asarray(np.stack([member.features[name] for name in names], axis=1) @ weights)


def report(title: str, members: Sequence[Example], scores: Sequence[Numbers]) -> None:
    ranks = np.array(
        [
            1 + int((values > values[member.gold].max()).sum()) if member.gold.any() else 10**6
            for member, values in zip(members, scores, strict=True)
        ]
    )
    paragraphs = [
        member.paragraphs[values.argmax()] == member.gold_paragraph
        for member, values in zip(members, scores, strict=True)
    ]
    reciprocal = np.where(ranks <= 10, 1 / ranks, 0).mean()
    figures = [np.mean(ranks <= 5), np.mean(ranks <= 10), reciprocal, np.mean(paragraphs)]
    shown = "  ".join(
        f"{name} {100 * figure:.1f}" for name, figure in zip(("R@5", "R@10", "MRR", "paragraph"), figures, strict=True)
    )
    sys.stdout.write(f"{title:40} {shown}  of {len(members)}\n")


def cross_validate(sets: Mapping[tuple[str, bool], Sequence[Example]], names: Sequence[str]) -> None:
    """By article: none is both learnt from and judged."""
    order = {
        title: place % FOLDS for place, title in enumerate(sorted({row.article for row in sets["piaf_fr", False]}))
    }
    scores: dict[bool, dict[int, Numbers]] = {False: {}, True: {}}
    for fold in range(FOLDS):
        weights = fit(
            [
                ([row for row in members if order.get(row.article) != fold], WEIGHTS[key])
                for key, members in sets.items()
            ],
            names,
        )
        for whole, kept in scores.items():
            for place, row in enumerate(sets["piaf_fr", whole]):
                if order[row.article] == fold:
                    kept[place] = score(row, names, weights)
    for whole, kept in scores.items():
        members = sets["piaf_fr", whole]
        report(_title("PIAF, cross-validated", whole), members, [kept[place] for place in range(len(members))])


def _title(name: str, whole: bool) -> str:
    return f"{name}, {'all articles' if whole else 'own article'}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="file that keeps the vectors between runs")
    arguments = parser.parse_args()
    embedder = Embedder(arguments.cache)
    sets = {key: examples(arguments.data, key[0], embedder, whole=key[1]) for key in WEIGHTS}
    names = list(next(iter(sets.values()))[0].features)
    cross_validate(sets, names)
    weights = fit([(members, WEIGHTS[key]) for key, members in sets.items()], names)
    for whole in (False, True):
        judged = examples(arguments.data, "fquad_fr", embedder, whole=whole)
        report(_title("FQuAD", whole), judged, [score(member, names, weights) for member in judged])
    embedder.save()
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    MODEL.write_text(json.dumps({"trained": "2026-11", "weights": rounded}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
