"""Train the stance scorer: public pairs of claims and texts → debatebot/models/stance.npz.

    python training/stance.py DATA CACHE           train on the training rows and write the weights
    python training/stance.py DATA CACHE --check   hold out whole claims or topics instead, and write nothing

DATA is the folder of public sets, CACHE a folder for vectors (made once, a quarter of an hour on two cores). Read are the
training rows of perspectrum_stance (CC BY-SA 4.0), argkp_stance and argkp_match (CDLA-Sharing 1.0), no others. numpy, no
random numbers: ridge regression by conjugate gradients, since the bilinear form has 147,456 weights.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.outlook import OutlookScorer
from debatebot.stance.inputs import COSINES, WIDTH, Texts, point_inputs, prepare, relevance_inputs, stance_inputs
from debatebot.stance.scorer import NEAREST, centred, standardised

Matrix = NDArray[np.float32]
TARGET = Path(__file__).parents[1] / "debatebot" / "models" / "stance.npz"

FOLDS = 4
STEPS = 40
"""Of the conjugate gradients; thirty more move no figure."""

PENALTY = {"stance": 6.0, "point": 20.0}
SHARE = {"stance": 0.12, "point": 0.3}
"""How far a standardised input counts beside a unit vector."""

_CONSTANT = 3
"""Value of the last column: large, so that its weight is hardly penalised."""

ARGUMENTS = 0.5
"""Weight of a row of argkp_stance beside one of perspectrum: 24 topics, and many sentences alike."""

CALIBRATION = {"stance": (1.29, 0.0), "point": (0.93, -0.373)}
"""Factor and shift of the margins, by which `--check` gives held-out rows the highest likelihood."""


class Pairs(NamedTuple):
    """Texts, the places of both members of each pair among them, ±1 labels, weights, and groups that stay together."""

    texts: Texts
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    labels: Matrix
    weights: Matrix
    groups: NDArray[np.int64]
    clean: NDArray[np.bool_]

    def chosen(self, rows: NDArray[np.bool_]) -> Pairs:
        """Only the pairs of these rows."""
        return Pairs(
            self.texts,
            self.first[rows],
            self.second[rows],
            self.labels[rows],
            self.weights[rows],
            self.groups[rows],
            self.clean[rows],
        )


Inputs = Callable[[Texts, Texts], Matrix]
INPUTS: dict[str, Inputs] = {"stance": stance_inputs, "point": point_inputs}


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The training rows of a set, gzipped or not."""
    packed = folder / f"{name}.jsonl.gz"
    plain = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{name}.jsonl").read_bytes()
    table = [json.loads(line) for line in plain.decode().splitlines()]
    return [row for row in table if row["split"] == "train"]


def stance_rows(folder: Path) -> list[tuple[str, str, int, float, str]]:
    """Claim, text, label, weight, group."""
    perspectives = [
        (row["claim"], row["perspective"], 1 if row["label"] == "support" else -1, 1.0, f"claim {row['claim_id']}")
        for row in rows(folder, "perspectrum_stance")
    ]
    arguments = [
        (row["topic"], row["argument"], 1 if row["label"] == "pro" else -1, ARGUMENTS, row["topic"])
        for row in rows(folder, "argkp_stance")
    ]
    points = {(row["topic"], row["key_point"]): int(row["stance"]) for row in rows(folder, "argkp_match")}
    return perspectives + arguments + [(*key, side, ARGUMENTS, key[0]) for key, side in points.items()]


def point_rows(folder: Path) -> list[tuple[str, str, int, float, str]]:
    """Argument, key point, label, weight, group."""
    return [
        (row["argument"], row["key_point"], 1 if row["label"] else -1, 1.0, row["topic"])
        for row in rows(folder, "argkp_match")
    ]


def embed(texts: Sequence[str], cache: Path) -> Matrix:
    """Vectors of the texts, kept in the cache between runs."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / "stance_vectors.npz"
    known = dict(np.load(path)) if path.exists() else {}
    keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
    new = [(key, text) for key, text in zip(keys, texts, strict=True) if key not in known]
    for start in range(0, len(new), 64):
        batch = new[start : start + 64]
        found = BuiltinEmbeddings().passages([text for _, text in batch])
        known.update(zip((key for key, _ in batch), found, strict=True))
    if new:
        np.savez(path, **known)
    return np.stack([known[key] for key in keys]).astype(np.float32)


def read(table: Sequence[tuple[str, str, int, float, str]], cache: Path) -> tuple[Pairs, Matrix]:
    """Pairs ready for training, with centred vectors; and the mean of the vectors."""
    order = {text: place for place, text in enumerate(dict.fromkeys(text for row in table for text in row[:2]))}
    vectors = embed(list(order), cache)
    mean = vectors.mean(axis=0)
    texts = prepare(list(order), vectors, OutlookScorer(BuiltinEmbeddings()).score)
    texts = Texts(centred(texts.vectors, mean), texts.signals, texts.words)
    groups = np.array([zlib.crc32(row[4].encode()) % FOLDS for row in table])
    pairs = Pairs(
        texts,
        np.array([order[row[0]] for row in table], dtype=np.intp),
        np.array([order[row[1]] for row in table], dtype=np.intp),
        np.array([row[2] for row in table], dtype=np.float32),
        np.array([row[3] for row in table], dtype=np.float32),
        groups,
        _clean([row[1].casefold() for row in table], groups),
    )
    return pairs, mean


def _clean(texts: Sequence[str], groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the text stands in no other fold."""
    seen: dict[str, set[int]] = {}
    for text, group in zip(texts, groups, strict=True):
        seen.setdefault(text, set()).add(int(group))
    return np.array([len(seen[text]) == 1 for text in texts])


class Columns(NamedTuple):
    """The inputs beside the bilinear form: standardised, times SHARE; with the vectors of the second texts before them."""

    mean: Matrix
    spread: Matrix
    with_vectors: bool

    def of(self, inputs: Matrix, vectors: Matrix) -> Matrix:
        """The matrix; its last column is 1, hardly penalised for being large."""
        scaled = (inputs - self.mean) / self.spread
        parts = [vectors] if self.with_vectors else []
        return np.hstack([*parts, scaled, np.full((len(inputs), 1), _CONSTANT, np.float32)])


def ridge(first: Matrix, second: Matrix, columns: Matrix, pairs: Pairs, penalty: float) -> Matrix:
    """Weights of first ⊗ second and columns that minimise the squared error and `penalty` times their squares.

    By conjugate gradients on the normal equations (Hestenes and Stiefel 1952).
    """
    square = first.shape[1] * second.shape[1]

    def forward(weights: Matrix) -> Matrix:
        form = weights[:square].reshape(first.shape[1], second.shape[1])
        return np.asarray(((first @ form) * second).sum(axis=1) + columns @ weights[square:])

    def backward(errors: Matrix) -> Matrix:
        return np.concatenate([(first.T @ (errors[:, None] * second)).ravel(), columns.T @ errors])

    weights = np.zeros(square + columns.shape[1], np.float32)
    left = backward(pairs.weights * pairs.labels)
    direction, size = left.copy(), float(left @ left)
    for _ in range(STEPS):
        moved = backward(pairs.weights * forward(direction)) + penalty * direction
        step = size / float(direction @ moved)
        weights += step * direction
        left -= step * moved
        smaller = float(left @ left)
        direction, size = left + smaller / size * direction, smaller
    return weights


def train(name: str, pairs: Pairs) -> dict[str, Matrix]:
    """The fields of `debatebot.stance.scorer.Form`, before calibration."""
    first, second = pairs.texts.vectors[pairs.first], pairs.texts.vectors[pairs.second]
    inputs = INPUTS[name](pairs.texts.rows(pairs.first), pairs.texts.rows(pairs.second))
    spread = (inputs.std(axis=0) + 1e-3) / share(name, inputs.shape[1])
    columns = Columns(inputs.mean(axis=0), spread, with_vectors=True)
    weights = ridge(first, second, columns.of(inputs, second), pairs, PENALTY[name])
    width = second.shape[1]
    form, text, found = np.split(weights[:-1], [width * width, width * width + width])
    found = found / spread
    return {
        "meeting": form.reshape(width, width),
        "text": text,
        "inputs": found,
        "bias": _CONSTANT * weights[-1] - found @ columns.mean,
        "alone": train_words(name, pairs, inputs, columns),
    }


def train_words(name: str, pairs: Pairs, inputs: Matrix, columns: Columns) -> Matrix:
    """Weights and bias of the inputs alone, those left out that come from vectors."""
    kept = np.ones(inputs.shape[1], np.float32)
    if name == "point":
        kept[:COSINES] = 0
    nothing = np.zeros((len(inputs), 0), np.float32)
    table = columns._replace(with_vectors=False).of(inputs, nothing) * np.append(kept, 1)
    weights = ridge(nothing, nothing, table, pairs, PENALTY[name])
    found = weights[:-1] * kept / columns.spread
    return np.append(found, _CONSTANT * weights[-1] - found @ columns.mean).astype(np.float32)


def share(name: str, width: int) -> Matrix:
    """How far each standardised input counts: of a stance, the claim's own signals a third, crossed ones four fifths."""
    shares = np.full(width, SHARE[name], np.float32)
    if name == "stance":
        shares[:WIDTH] /= 3
        shares[2 * WIDTH : 2 * WIDTH + WIDTH * WIDTH] *= 0.8
    return shares


def margins(name: str, form: dict[str, Matrix], pairs: Pairs) -> tuple[Matrix, Matrix]:
    """What the regression says of each pair, and what the one without vectors says."""
    first, second = pairs.texts.vectors[pairs.first], pairs.texts.vectors[pairs.second]
    inputs = INPUTS[name](pairs.texts.rows(pairs.first), pairs.texts.rows(pairs.second))
    whole = ((first @ form["meeting"]) * second).sum(axis=1) + second @ form["text"] + inputs @ form["inputs"]
    return whole + form["bias"], inputs @ form["alone"][:-1] + form["alone"][-1]


def check(name: str, pairs: Pairs) -> str:
    """Figures on held-out groups."""
    said, words = np.zeros(len(pairs.labels)), np.zeros(len(pairs.labels))
    for fold in range(FOLDS):
        out = pairs.groups == fold
        form = train(name, pairs.chosen(~out))
        said[out], words[out] = margins(name, form, pairs.chosen(out))
    lines = [f"{name}: {len(said)} pairs"]
    for title, kept in (("weight 1", pairs.weights == 1), ("weight below 1", pairs.weights < 1)):
        for kind, rows_ in (("all", kept), ("clean", kept & pairs.clean)):
            if rows_.any():
                figures = [macro_f1(pairs.labels[rows_] > 0, scores[rows_] > 0) for scores in (said, words)]
                lines.append(f"  {title}, {kind} ({rows_.sum()}): {figures[0]:.1f}, words alone {figures[1]:.1f}")
    return "\n".join([*lines, f"  calibration {calibration(said, pairs.labels)}"]) + "\n"


def calibration(said: NDArray[np.float64], labels: Matrix) -> tuple[float, float]:
    """Factor and shift of the margins for the highest likelihood, by Newton's method."""
    table = np.stack([said, np.ones(len(said))], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(20):
        chances = 1 / (1 + np.exp(-2 * table @ weights))
        gradient = 2 * table.T @ (chances - (labels > 0))
        curve = 4 * (table * (chances * (1 - chances))[:, None]).T @ table
        weights -= np.linalg.solve(curve, gradient)
    return round(float(weights[0]), 2), round(float(weights[1] / weights[0]), 3)


def macro_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Mean of the F1 of both classes, in percent."""
    right = [np.sum(truth & said), np.sum(~truth & ~said)]
    marked = [np.sum(truth) + np.sum(said), np.sum(~truth) + np.sum(~said)]
    return float(100 * np.mean([2 * hits / count for hits, count in zip(right, marked, strict=True)]))


def train_relevance(pairs: Pairs) -> Matrix:
    """Weights of `relevance_inputs`: the claim's own texts among the nearest of its fold, by logistic regression."""
    tables, labels = [], []
    for fold in range(FOLDS):
        part = pairs.chosen((pairs.groups == fold) & (pairs.weights == 1))
        pool = np.unique(part.second)
        candidates = part.texts.rows(pool)
        for claim in np.unique(part.first):
            nearness = standardised(candidates.vectors @ part.texts.vectors[claim])
            near = np.argsort(-nearness, kind="stable")[:NEAREST]
            claims = part.texts.rows(np.full(len(near), claim))
            tables.append(relevance_inputs(nearness[near], claims, candidates.rows(near)))
            labels.append(np.isin(pool[near], part.second[part.first == claim]))
    return logistic(np.concatenate(tables).astype(np.float64), np.concatenate(labels).astype(np.float64))


def logistic(table: NDArray[np.float64], labels: NDArray[np.float64]) -> Matrix:
    """Weights of the highest likelihood, less half their squares, by Newton's method."""
    weights = np.zeros(table.shape[1])
    for _ in range(12):
        chances = 1 / (1 + np.exp(-table @ weights))
        curve = (table * (chances * (1 - chances))[:, None]).T @ table + np.eye(len(weights))
        weights -= np.linalg.solve(curve, table.T @ (chances - labels) + weights)
    return weights.astype(np.float32)


def save(forms: dict[str, dict[str, Matrix]], relevance: Matrix, mean: Matrix) -> None:
    """Write the weights, the two large forms in 16 bits."""
    stored: dict[str, Any] = {"embeddings": np.array(BuiltinEmbeddings().name), "mean": mean, "relevance": relevance}
    for name, form in forms.items():
        factor, shift = CALIBRATION[name]
        form["bias"] = form["bias"] + np.float32(shift)
        form["alone"][-1] += np.float32(shift)
        for field, value in form.items():
            stored[f"{name}_{field}"] = value.astype(np.float16 if field == "meeting" else np.float32)
        stored[f"{name}_steepness"] = np.array(factor, np.float32)
    np.savez_compressed(TARGET, **stored)


def main(arguments: Sequence[str]) -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--check", action="store_true", help="hold out claims and topics; write nothing")
    options = parser.parse_args(arguments)
    tables = {"stance": stance_rows(options.data), "point": point_rows(options.data)}
    pairs, mean = read(tables["stance"] + tables["point"], options.cache)
    count = len(tables["stance"])
    is_stance = np.arange(len(pairs.labels)) < count
    parts = {"stance": pairs.chosen(is_stance), "point": pairs.chosen(~is_stance)}
    if options.check:
        sys.stdout.writelines(check(name, part) for name, part in parts.items())
    else:
        forms = {name: train(name, part) for name, part in parts.items()}
        save(forms, train_relevance(parts["stance"]), mean)


if __name__ == "__main__":
    main(sys.argv[1:])
