"""Train the model of debatebot/answerability.py on public data, and report how well it does.

    python training/answerability.py DATA [--cache FILE]

DATA is a folder with piaf_fr, xquad_en, xquad_es, xquad_de and fquad_fr (passages and questions, JSON Lines). Questions are
put to their own articles (yes), to others (no), and to their own without the passage that answers them (no, and hard).
Writes debatebot/models/answerability.json and .npz; what it prints belongs into answerability.md beside them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from debatebot import answerability
from debatebot.documents.sentences import split
from debatebot.embeddings import BuiltinEmbeddings, CachedEmbeddings, text_key
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.types import Sentence, Vectors

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "debatebot" / "models"
BACKGROUND_QUESTIONS = 64  # of each language
BACKGROUND_ARTICLES = {"piaf_fr": 16, "xquad_en": 6}
GROUPS = (1, 1, 2, 4, 8)  # articles searched together
MOST = 680  # questions of a set and a little more, evenly drawn: all of them change no weight by much
WITHOUT_PASSAGE = 0.15  # of the weight of all "no", since they are what the vectors can tell least
RIDGE = 0.01

FEATURES = {
    "same": (
        "sentence_above_background",
        "paragraph_above_background",
        "prominence",
        "words_found",
        "words_in_best_paragraph",
        "names_missing",
        "size",
        "certainty",
        "lead",
        "words_in_best_sentence",
        "words_near_best_sentence",
    ),
    "cross": (
        "sentence_above_background",
        "paragraph_above_background",
        "prominence",
        "words_found",
        "names_missing",
    ),
    "words": ("words_found", "words_in_best_paragraph", "names_missing", "size"),
}


@dataclass(frozen=True)
class Question:
    text: str
    vector: Vectors
    language: str
    article: str
    passage: str


@dataclass(frozen=True)
class Example:
    """One question to some articles. `kind`: own, other or without (the passage that answers)."""

    kind: str
    article: str
    features: Mapping[str, float]


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
                row["question"], self._embedder.query(row["question"]), self.language, row["title"], row["passage_id"]
            )
            for row in rows
        ]

    def asked_in(self, other: Collection) -> list[Question]:
        """The questions of `other`, on the passages here: XQuAD is the same in all its languages."""
        passages = {row["id"]: row["passage_id"] for row in _rows(self._data / f"{self.name}_questions.jsonl.gz")}
        rows = _rows(self._data / f"{other.name}_questions.jsonl.gz")
        return [
            Question(question.text, question.vector, question.language, question.article, passages[row["id"]])
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


def write_background(model: str, questions: Sequence[Question]) -> Vectors:
    """Write the file that `answerability` reads, and give what it will read."""
    vectors = np.stack([question.vector for question in questions]).astype(np.float16)
    languages = np.array([question.language for question in questions])
    np.savez_compressed(MODELS / "answerability.npz", embeddings=model, languages=languages, vectors=vectors)
    return vectors.astype(np.float32)


def features_of(question: str, vector: Vectors, language: str, shards: Sequence[Shard]) -> dict[str, float] | None:
    """What the model weighs; None for a question that names nothing of its own, which no model is asked about."""
    tokens = answerability.topical(question, language)
    if not tokens:
        return None
    found = rank(question, vector, language, shards).found
    return answerability.features(question, tokens, language, shards, found)


def examples(
    collection: Collection,
    questions: Sequence[Question],
    background: Vectors,
    apart: set[tuple[str, str]],
    groups: Sequence[int] = GROUPS,
) -> list[Example]:
    """Each question to its own articles, to others, and to its own without the passage that answers it."""
    chance = random.Random(0)
    allowed = sorted(
        title
        for title in collection.articles
        if ("xquad_en" if "xquad" in collection.name else collection.name, title) not in apart
    )
    result = []
    for question in questions[:: max(1, len(questions) // MOST)]:
        if question.article not in allowed:
            continue
        size = min(chance.choice(groups), len(allowed) // 2)
        others = chance.sample([title for title in allowed if title != question.article], 2 * size - 1)
        beside = [collection.shard(collection.articles[title], background) for title in others[: size - 1]]
        elsewhere = [collection.shard(collection.articles[title], background) for title in others[size - 1 :]]
        own = collection.articles[question.article]
        rest = [passage for passage in own if passage != question.passage]
        searched = {"own": [collection.shard(own, background), *beside], "other": elsewhere}
        if rest:
            searched["without"] = [collection.shard(rest, background), *beside]
        for kind, shards in searched.items():
            values = features_of(question.text, question.vector, question.language, shards)
            if values is not None:
                result.append(Example(kind, question.article, values))
    return result


def weights_of(rows: Sequence[Example]) -> NDArray[np.float64]:
    """Yes and no weigh the same, whatever their number."""
    shares = {"own": 0.5, "other": 0.5 * (1 - WITHOUT_PASSAGE), "without": 0.5 * WITHOUT_PASSAGE}
    kinds = [row.kind for row in rows]
    return np.array([shares[kind] * len(rows) / kinds.count(kind) for kind in kinds])


def fit(rows: Sequence[Example], names: Sequence[str]) -> dict[str, Any]:
    """Logistic regression by Newton's method, on standardised features; the standardisation is put into the weights."""
    values = np.array([[row.features[name] for name in names] for row in rows])
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    inputs = np.column_stack([(values - mean) / deviation, np.ones(len(rows))])
    targets = np.array([row.kind == "own" for row in rows], dtype=float)
    weights = weights_of(rows)
    penalty = RIDGE * len(rows) * np.diag([*np.ones(len(names)), 0.0])
    solution = np.zeros(inputs.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-inputs @ solution))
        gradient = inputs.T @ (weights * (likely - targets)) + penalty @ solution
        curvature = (inputs.T * (weights * likely * (1 - likely))) @ inputs + penalty
        solution -= np.linalg.solve(curvature, gradient)
    plain = solution[:-1] / deviation
    return {
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, plain, strict=True)},
        "bias": round(float(solution[-1] - plain @ mean), 4),
    }


def probability(model: Mapping[str, Any], features: Mapping[str, float]) -> float:
    total = model["bias"] + sum(weight * features[name] for name, weight in model["weights"].items())
    return float(1 / (1 + np.exp(-total)))


def report(title: str, model: Mapping[str, Any], rows: Sequence[Example]) -> None:
    """Share of right answers by kind, and the balanced mean of each "no" with the "yes"."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        said_yes = probability(model, row.features) >= answerability.THRESHOLD
        rights[row.kind].append(said_yes == (row.kind == "own"))
    own, other, without = (float(np.mean(rights[kind])) for kind in ("own", "other", "without"))
    tell(f"{title:24} own {own:.3f}  other {other:.3f} (balanced {(own + other) / 2:.3f})")
    tell(f"{'':24} without the passage {without:.3f} (balanced {(own + without) / 2:.3f})")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def cross_validate(rows: Sequence[Example], names: Sequence[str], title: str) -> None:
    """Five folds by article: no article is both learnt from and judged."""
    order = {article: place % 5 for place, article in enumerate(sorted({row.article for row in rows}))}
    folds = [fit([row for row in rows if order[row.article] != fold], names) for fold in range(5)]
    judged = [
        Example(row.kind, row.article, {"p": np.log(p / (1 - p))})
        for row in rows
        for p in [probability(folds[order[row.article]], row.features)]
    ]
    report(title, {"weights": {"p": 1.0}, "bias": 0.0}, judged)


def report_samples(models: Mapping[str, Any], embedder: Embedder, background: Vectors) -> None:
    """The questions written for the sample articles, which nothing was learnt from."""
    questions = tomllib.loads((ROOT / "training" / "answerability_questions.toml").read_text("utf-8"))
    general = questions.pop("general")
    outcome: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, kinds in questions.items():
        header, text = (ROOT / "corpus" / f"{name}.md").read_text("utf-8").split("\n---\n", 1)
        language = header.partition("\nlanguage: ")[2][:2]
        sentences = split(name, text.strip(), language)
        shard = Shard.build(
            sentences, language, embedder.passages([sentence.text for sentence in sentences]), background
        )
        for kind, texts in kinds.items():
            for text in texts:
                asked = _language(text)
                values = features_of(text, embedder.query(text), asked, [shard])
                sort = "same" if asked == language else "cross"
                likely = 1.0 if values is None else probability(models[sort], values)
                right = (likely >= answerability.THRESHOLD) == (kind == "yes")
                outcome[sort, kind].append(right)
                if not right:
                    tell(f"  {likely:.2f} {kind:5} {name[:12]:12} {text}")
    for (sort, kind), rights in sorted(outcome.items()):
        tell(f"sample articles, {sort:5} {kind:5} {np.mean(rights):.3f} of {len(rights)}")
    known = [not answerability.topical(text, language) for language, texts in general.items() for text in texts]
    tell(f"general questions known as such {np.mean(known):.3f} of {len(known)}")


def _language(question: str) -> str:
    first = question.partition(" ")[0]
    english = "What Why How Who Is Are Does Could Can Will Should Which".split()
    return "en" if first in english else "fr"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="file that keeps the vectors between runs")
    arguments = parser.parse_args()
    store = FileStore(arguments.cache)
    embedder = Embedder(store)
    french, english, spanish, german, test = (
        Collection(arguments.data, name, embedder)
        for name in ("piaf_fr", "xquad_en", "xquad_es", "xquad_de", "fquad_fr")
    )
    apart, chosen = choose_background([french, english])
    background = write_background(embedder.name, chosen)
    same = [row for each in (french, english) for row in examples(each, each.questions, background, apart)]
    cross = [row for each in (spanish, german) for row in examples(each, each.asked_in(english), background, apart)]
    judged = examples(test, test.questions, background, set(), groups=(1,))
    store.save()
    rows = {"same": same, "cross": cross, "words": same}
    models = {sort: fit(rows[sort], names) for sort, names in FEATURES.items()}
    for sort, names in FEATURES.items():
        cross_validate(rows[sort], names, f"{sort}, cross-validated")
        if sort != "cross":
            report(f"{sort}, FQuAD", models[sort], judged)
    report_samples(models, embedder, background)
    store.save()
    content = {"embeddings": embedder.name, "trained": "2026-11", "models": models}
    (MODELS / "answerability.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
