"""Train the outlook head: training/outlook.jsonl → debatebot/models/outlook.json.

    python training/outlook.py           train on everything and write the weights
    python training/outlook.py --check   cross-validate instead, holding out whole topics, and write nothing

Needs numpy and the built-in embeddings only; about a minute, nearly all of it spent on embedding. No random numbers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.outlook.valence import FEATURES, LANGUAGES, MODELS, lexical_features

DATA = Path(__file__).with_name("outlook.jsonl")
LABELS = ("worried", "neutral", "hopeful")

VECTOR_PENALTY, LEXICAL_PENALTY = 0.08, 0.02
"""Strength of the ridge penalty on standardised inputs, per example; chosen by `--check`."""

SHARPNESS = 1.4
"""The penalty leaves probabilities too flat: logits are multiplied by this, which made the likelihood of held-out topics
highest."""

FOLDS = {
    "modified crops": "agriculture",
    "rewilding": "environment",
    "climate debate": "environment",
    "energy": "environment",
    "water": "environment",
    "nuclear power": "environment",
    "plastic": "environment",
    "media": "culture",
    "public broadcasting": "culture",
    "regional languages": "culture",
    "libraries": "culture",
    "companies": "economy",
    "companies two": "economy",
    "work": "economy",
    "basic income": "economy",
    "cash": "economy",
    "lithium": "economy",
    "minimum wage": "economy",
    "medicine explained": "health",
    "antibiotics": "health",
    "remote medicine": "health",
    "robots in care": "health",
    "politics": "law",
    "policy": "law",
    "opinion": "law",
    "social posts": "law",
    "voting online": "law",
    "migration": "law",
    "video surveillance": "law",
    "family and ageing": "school",
    "machines that write": "school",
    "history of technology": "technology",
    "digital rights": "technology",
    "city life": "transport",
    "driverless cars": "transport",
    "night trains": "transport",
    "wine": "agriculture",
    "coffee": "agriculture",
    "fishing": "environment",
    "coral reefs": "environment",
    "rivers": "environment",
    "zoos": "environment",
    "forest fires": "environment",
    "earthquakes": "environment",
    "firefighters and rescue": "environment",
    "noise": "environment",
    "hydrogen": "environment",
    "geothermal": "environment",
    "archaeology": "culture",
    "publishing": "culture",
    "cinema": "culture",
    "language learning": "culture",
    "textile": "economy",
    "mining": "economy",
    "insurance": "economy",
    "pensions": "economy",
    "microcredit": "economy",
    "credit scores and banks": "economy",
    "self-service and shops": "economy",
    "vaccines": "health",
    "malaria": "health",
    "dentistry": "health",
    "diabetes": "health",
    "memory": "health",
    "blood and organ donation": "health",
    "obesity and sleep": "health",
    "disability": "health",
    "courts": "law",
    "police": "law",
    "childcare": "school",
    "loneliness": "school",
    "weather forecasting": "science",
    "quantum computers": "technology",
    "aviation": "transport",
    "road safety": "transport",
    "shipping": "transport",
    "drones": "transport",
    "remote islands and villages": "transport",
}
"""Topics that are near each other are held out together."""

Array = NDArray[np.float64]


class Examples(NamedTuple):
    """What is learned from: one row a sentence."""

    vectors: Array
    features: Array
    labels: NDArray[np.int64]
    languages: NDArray[np.str_]
    folds: NDArray[np.str_]


class Scale(NamedTuple):
    """Means and spreads of the training rows; all vector dimensions share one spread."""

    vector_means: Array
    vector_spread: float
    feature_means: Array
    feature_spreads: Array


def read_examples(path: Path) -> Examples:
    """Read, embed and analyse the sentences of a JSON Lines file (text, language, label, topic)."""
    rows: list[dict[str, str]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows.sort(key=lambda row: LANGUAGES.index(row["language"]))
    features = [
        lexical_features([row["text"] for row in rows if row["language"] == language], language)
        for language in LANGUAGES
    ]
    return Examples(
        BuiltinEmbeddings().passages([row["text"] for row in rows]).astype(np.float64),
        np.concatenate(features).astype(np.float64),
        np.array([LABELS.index(row["label"]) for row in rows]),
        np.array([row["language"] for row in rows]),
        np.array([FOLDS.get(row["topic"], row["topic"]) for row in rows]),
    )


def measure_scale(examples: Examples, rows: NDArray[np.bool_]) -> Scale:
    """Means and spreads of the rows chosen."""
    vectors, features = examples.vectors[rows], examples.features[rows]
    return Scale(vectors.mean(axis=0), float(vectors.std()), features.mean(axis=0), features.std(axis=0) + 1e-6)


def fit(inputs: Array, labels: NDArray[np.int64], penalty: float) -> Array:
    """Multinomial logistic regression by Newton's method; the last column of `inputs` is 1 and not penalised.

    Returns:
        Weights, shape (columns, 3).
    """
    count, width = inputs.shape
    targets = np.eye(len(LABELS))[labels]
    penalties = np.full(width, penalty)
    penalties[-1] = 1e-9
    weights = np.zeros((width, len(LABELS)))
    for _ in range(8):
        chances = probabilities(inputs @ weights)
        gradient = inputs.T @ (chances - targets) / count + penalties[:, None] * weights
        hessian = np.block([[_curvature(inputs, chances, penalties, a, b) for b in range(3)] for a in range(3)])
        hessian[np.diag_indices_from(hessian)] += 1e-8  # adding a constant to all classes changes nothing
        weights -= np.linalg.solve(hessian, gradient.T.ravel()).reshape(len(LABELS), width).T
    return weights


def _curvature(inputs: Array, chances: Array, penalties: Array, first: int, second: int) -> Array:
    weight = chances[:, first] * ((first == second) - chances[:, second])
    block: Array = (inputs * weight[:, None]).T @ inputs / len(inputs)
    return block + np.diag(penalties) if first == second else block


def probabilities(logits: Array) -> Array:
    """Softmax of each row."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Array = odds / odds.sum(axis=1, keepdims=True)
    return chances


def train(examples: Examples, rows: NDArray[np.bool_]) -> dict[str, Array]:
    """Both regressions, trained on the rows chosen, with the scales folded into the weights."""
    scale = measure_scale(examples, rows)
    vectors = (examples.vectors[rows] - scale.vector_means) / scale.vector_spread
    features = (examples.features[rows] - scale.feature_means) / scale.feature_spreads
    ones = np.ones((len(features), 1))
    both = SHARPNESS * fit(np.hstack([vectors, features, ones]), examples.labels[rows], VECTOR_PENALTY)
    lexical = SHARPNESS * fit(np.hstack([features, ones]), examples.labels[rows], LEXICAL_PENALTY)
    vector_weights = both[: vectors.shape[1]] / scale.vector_spread
    feature_weights = both[vectors.shape[1] : -1] / scale.feature_spreads[:, None]
    lexical_weights = lexical[:-1] / scale.feature_spreads[:, None]
    return {
        "vector_weights": vector_weights,
        "feature_weights": feature_weights,
        "bias": both[-1] - scale.vector_means @ vector_weights - scale.feature_means @ feature_weights,
        "lexical_weights": lexical_weights,
        "lexical_bias": lexical[-1] - scale.feature_means @ lexical_weights,
        "feature_means": scale.feature_means,
    }


def held_out_probabilities(examples: Examples) -> Array:
    """For each sentence what a head says that has seen no sentence of its topic; shape (sentences, 3)."""
    chances = np.zeros((len(examples.labels), len(LABELS)))
    for fold in sorted(set(examples.folds)):
        held_out = examples.folds == fold
        head = train(examples, ~held_out)
        logits = examples.vectors @ head["vector_weights"] + examples.features @ head["feature_weights"] + head["bias"]
        chances[held_out] = probabilities(logits[held_out])
    return chances


def macro_f1(labels: NDArray[np.int64], predicted: NDArray[np.int64]) -> float:
    """Mean over the three classes of F1, in percent."""
    scores = []
    for label in range(len(LABELS)):
        found = np.sum((labels == label) & (predicted == label))
        scores.append(2 * found / max(np.sum(labels == label) + np.sum(predicted == label), 1))
    return float(100 * np.mean(scores))


def best_thresholds(labels: NDArray[np.int64], outlook: Array) -> tuple[float, float, float]:
    """The pair of outlooks between which a sentence counts as neither that gives the best macro F1, and that F1."""
    steps = np.arange(0.05, 0.65, 0.05)
    candidates = (
        (macro_f1(labels, np.where(outlook < -low, 0, np.where(outlook > high, 2, 1))), -float(low), float(high))
        for low in steps
        for high in steps
    )
    f1, low, high = max(candidates)
    return low, high, f1


def report(examples: Examples, chances: Array) -> str:
    """The figures of the model card."""
    outlook, polar = chances[:, 2] - chances[:, 0], examples.labels != 1
    lines = [f"log-likelihood {np.log(chances[np.arange(len(chances)), examples.labels]).mean():.4f}"]
    for language in LANGUAGES:
        rows = examples.languages == language
        f1 = macro_f1(examples.labels[rows], chances[rows].argmax(axis=1))
        sides = np.sign(outlook[rows & polar]) == examples.labels[rows & polar] - 1
        low, high, by_outlook = best_thresholds(examples.labels[rows], outlook[rows])
        lines.append(
            f"{language}: macro F1 {f1:.1f} (by outlook {by_outlook:.1f}, thresholds {low:.2f} {high:.2f}),"
            f" sign right {100 * sides.mean():.1f} %"
        )
    clear = (outlook * (examples.labels - 1))[polar] >= 0.5
    plain = np.abs(outlook[~polar]) <= 0.2
    lines.append(f"|outlook| >= 0.5 on the right side: {100 * clear.mean():.0f} % of hopeful and worried sentences")
    lines.append(f"|outlook| <= 0.2: {100 * plain.mean():.0f} % of neutral sentences")
    return "\n".join(lines) + "\n"


def save(head: dict[str, Array], path: Path) -> None:
    """Write the weights as JSON, rounded so that a second training writes the same file."""
    stored: dict[str, Any] = {"embeddings": BuiltinEmbeddings().name, "features": list(FEATURES)}
    stored |= {name: np.round(array, 4).tolist() for name, array in head.items()}
    path.write_text(json.dumps(stored, separators=(",", ":")).replace("],[", "],\n[") + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="cross-validate over topics; write nothing")
    options = parser.parse_args(arguments)
    examples = read_examples(DATA)
    if options.check:
        sys.stdout.write(report(examples, held_out_probabilities(examples)))
    else:
        save(train(examples, np.ones(len(examples.labels), dtype=bool)), MODELS / "outlook.json")


if __name__ == "__main__":
    main(sys.argv[1:])
