"""Train the models of debatebot/answerability.py on public data and on questions written for the project; report how well they do.

    python -m training.answerability DATA [--cache FILE]

DATA is a folder with piaf_fr, xquad_en, xquad_es, xquad_de and fquad_fr (passages and questions, JSON Lines). Questions are
put to their own articles (yes), to others (no), and to their own without the passage that answers them (no, and hard); beside
them stand the questions of training/questions, answered and near misses. The models that weigh what the reader says are fitted on
what the reader has not seen. Writes debatebot/models/answerability.json and .npz; what it prints belongs into answerability.md.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from debatebot import answerability
from debatebot.documents.sentences import split
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.reading import QuestionReader
from debatebot.types import Vectors
from training.answer_rows import Written, articles_of, is_learned, twins_unseen, written
from training.question_sets import Collection, Embedder, FileStore, Question, choose_background

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "debatebot" / "models"
GROUPS = (1, 1, 2, 4, 8)  # articles searched together
MOST = 680  # questions of a set and a little more, evenly drawn: all of them change no weight by much
RIDGE = 0.01
SHARES = {"own": 0.25, "answered": 0.25, "other": 0.3, "near": 0.18, "without": 0.02}
"""Of all weight, by kind, whatever their number; "without" the least, since it is what can be told least."""
FEW = 200  # questions of a set that are also read
READ = ("read_first", "read_best")
YES = ("own", "answered")

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
FEATURES |= {f"{name}, read": (*names, *READ) for name, names in FEATURES.items()} | {"cross words, read": READ}


@dataclass(frozen=True)
class Example:
    """One question to some articles. `kind`: own, other or without (the passage that answers); answered or near (a near miss) of
    what was written for the project."""

    kind: str
    article: str
    features: Mapping[str, float]


def write_background(model: str, questions: Sequence[Question]) -> Vectors:
    """Write the file that `answerability` reads, and give what it will read."""
    vectors = np.stack([question.vector for question in questions]).astype(np.float16)
    languages = np.array([question.language for question in questions])
    np.savez_compressed(MODELS / "answerability.npz", embeddings=model, languages=languages, vectors=vectors)
    return vectors.astype(np.float32)


def features_of(
    question: str, vector: Vectors, language: str, shards: Sequence[Shard], reader: QuestionReader | None = None
) -> dict[str, float] | None:
    """What the model weighs; None for a question that names nothing of its own, which no model is asked about."""
    tokens = answerability.topical(question, language)
    if not tokens:
        return None
    found = rank(question, vector, language, shards).found
    values = answerability.features(question, tokens, language, shards, found)
    values["readable"] = float(answerability.one_passage_could_answer(question, language))
    return values if reader is None else values | answerability.read(question, found.passages, reader)


def examples(
    collection: Collection,
    questions: Sequence[Question],
    background: Vectors,
    apart: set[tuple[str, str]],
    groups: Sequence[int] = GROUPS,
    reader: QuestionReader | None = None,
    most: int = MOST,
) -> list[Example]:
    """Each question to its own articles, to others, and to its own without the passage that answers it."""
    chance = random.Random(0)
    allowed = sorted(
        title
        for title in collection.articles
        if ("xquad_en" if "xquad" in collection.name else collection.name, title) not in apart
    )
    result = []
    for question in questions[:: max(1, len(questions) // most)]:
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
            values = features_of(question.text, question.vector, question.language, shards, reader)
            if values is not None:
                result.append(Example(kind, question.article, values))
    return result


def weights_of(rows: Sequence[Example]) -> NDArray[np.float64]:
    """See `SHARES`."""
    kinds = [row.kind for row in rows]
    return np.array([SHARES[kind] * len(rows) / kinds.count(kind) for kind in kinds])


def fit(rows: Sequence[Example], names: Sequence[str]) -> dict[str, Any]:
    """Logistic regression by Newton's method, on standardised features; the standardisation is put into the weights."""
    values = np.array([[row.features[name] for name in names] for row in rows])
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    inputs = np.column_stack([(values - mean) / deviation, np.ones(len(rows))])
    targets = np.array([row.kind in YES for row in rows], dtype=float)
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


def together(models: Mapping[str, Any], sort: str, features: Mapping[str, float]) -> float:
    """The probability as `answerability.judge` comes to it, which reads only where it is not sure without and reading helps."""
    likely = probability(models[sort], features)
    if answerability.is_sure(likely) or not features["readable"]:
        return likely
    return probability(models[f"{sort}, read"], features)


def report(title: str, judged: Callable[[Mapping[str, float]], float], rows: Sequence[Example]) -> None:
    """Share of right answers, by kind."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        said_yes = judged(row.features) >= answerability.THRESHOLD
        rights[row.kind].append(said_yes == (row.kind in YES))
    tell(f"{title:42} " + "  ".join(f"{kind} {np.mean(rights[kind]):.3f}" for kind in SHARES if kind in rights))


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
    report(title, partial(probability, {"weights": {"p": 1.0}, "bias": 0.0}), judged)


def examples_of(asked: Sequence[Written], embedder: Embedder, reader: QuestionReader | None = None) -> list[Example]:
    """Questions that were written to articles."""
    found = []
    for one in asked:
        values = features_of(one.question, embedder.query(one.question), one.language, [one.shard], reader)
        if values is not None:
            found.append(Example("near" if one.gold is None else "answered", one.article, values))
    return found


def told_apart(asked: Sequence[Written]) -> tuple[list[Written], list[Written]]:
    """Those in the language of their article, and those in another."""
    same = [one for one in asked if one.language == one.shard.language]
    return same, [one for one in asked if one.language != one.shard.language]


def report_samples(models: Mapping[str, Any], embedder: Embedder, background: Vectors, reader: QuestionReader) -> None:
    """The first questions written for the sample articles, which nothing was learnt from; those judged wrongly are told."""
    questions = tomllib.loads((ROOT / "training" / "answerability_questions.toml").read_text("utf-8"))
    general = questions.pop("general")
    outcome: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, kinds in questions.items():
        shard = sample(name, embedder, background)
        for kind, texts in kinds.items():
            for text in texts:
                asked = _language(text)
                values = features_of(text, embedder.query(text), asked, [shard], reader)
                sort = "same" if asked == shard.language else "cross"
                likely = 1.0 if values is None else together(models, sort, values)
                right = (likely >= answerability.THRESHOLD) == (kind == "yes")
                outcome[sort, kind].append(right)
                if not right:
                    tell(f"  {likely:.2f} {kind:5} {name[:12]:12} {text}")
    for (sort, kind), rights in sorted(outcome.items()):
        tell(f"sample articles, {sort:5} {kind:5} {np.mean(rights):.3f} of {len(rights)}")
    known = [not answerability.topical(text, language) for language, texts in general.items() for text in texts]
    tell(f"general questions known as such {np.mean(known):.3f} of {len(known)}")


def sample(name: str, embedder: Embedder, background: Vectors) -> Shard:
    """A sample article."""
    header, text = (ROOT / "corpus" / f"{name}.md").read_text("utf-8").split("\n---\n", 1)
    language = header.partition("\nlanguage: ")[2][:2]
    sentences = split(name, text.strip(), language)
    return Shard.build(sentences, language, embedder.passages([sentence.text for sentence in sentences]), background)


def _language(question: str) -> str:
    first = question.partition(" ")[0]
    english = "What Why How Who Is Are Does Could Can Will Should Which".split()
    return "en" if first in english else "fr"


def main() -> None:
    """Read the argument, fit, write the models, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="file that keeps the vectors between runs")
    arguments = parser.parse_args()
    store = FileStore(arguments.cache)
    embedder = Embedder(store)
    reader = QuestionReader()
    french, english, spanish, german, test = sets = [
        Collection(arguments.data, name, embedder)
        for name in ("piaf_fr", "xquad_en", "xquad_es", "xquad_de", "fquad_fr")
    ]
    apart, chosen = choose_background([french, english])
    background = write_background(embedder.name, chosen)
    samples = {path.stem: sample(path.stem, embedder, background) for path in (ROOT / "corpus").glob("*.md")}
    find = articles_of(sets, samples, background)

    # Without the reader: everything may be learned from.
    same, cross = told_apart(written("articles.jsonl", find) + written("samples.jsonl", find))
    rows = {
        "same": [row for each in (french, english) for row in examples(each, each.questions, background, apart)],
        "cross": [
            row for each in (spanish, german) for row in examples(each, each.asked_in(english), background, apart)
        ],
    }
    rows["same"] += examples_of(same, embedder)
    rows["cross"] += examples_of(cross, embedder)
    rows["words"] = rows["same"]

    # With it: what it has not seen.
    unseen = written("samples.jsonl", find) + twins_unseen([french, english], embedder, background)
    same, cross = told_apart(unseen)
    crowd = [
        row
        for each in (french, english)
        for row in examples(
            each, [one for one in each.questions if not is_learned(one)], background, apart, (1, 1, 4), reader, FEW
        )
    ]
    foreign = [
        row
        for each in (spanish, german)
        for row in examples(
            each,
            [one for one in each.asked_in(english) if not is_learned(one)],
            background,
            apart,
            (1, 1, 4),
            reader,
            FEW,
        )
    ]
    rows["same, read"] = rows["words, read"] = crowd + examples_of(same, embedder, reader)
    rows["cross, read"] = rows["cross words, read"] = foreign + examples_of(cross, embedder, reader)
    store.save()

    models = {sort: fit(rows[sort], names) for sort, names in FEATURES.items()}
    judged = examples(test, test.questions, background, set(), (1,), reader, FEW)
    held_out = examples_of(written("held_out.jsonl", find), embedder, reader)
    for sort, names in FEATURES.items():
        cross_validate(rows[sort], names, f"{sort}, cross-validated")
        if "cross" not in sort:
            report(f"{sort}, FQuAD", partial(probability, models[sort]), judged)
            report(f"{sort}, unseen articles", partial(probability, models[sort]), held_out)
    for sort in ("same", "words"):
        report(f"{sort}, read where unsure, FQuAD", partial(together, models, sort), judged)
        report(f"{sort}, read where unsure, unseen articles", partial(together, models, sort), held_out)
    report_samples(models, embedder, background, reader)
    store.save()
    content = {"embeddings": embedder.name, "trained": "2026-11", "models": models}
    (MODELS / "answerability.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
