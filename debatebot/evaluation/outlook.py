"""Hopeful, worried or neither, on public sentences that the scorer was not trained on; and, apart, what training on them brings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Figure, Measure
from debatebot.evaluation.metrics import macro_f1
from debatebot.outlook import OutlookScorer
from debatebot.types import Vectors

BANDS = {"fr": (-0.15, 0.15), "en": (-0.15, 0.25)}
"""Outlooks between which a sentence is neither: the best on held-out topics of our own sentences (training/outlook.py --check)."""

_SIDES = {"negative": -1, "neutral": 0, "positive": 1}
_FOLDS = 5
_PENALTY = 0.1
"""Ridge penalty an example of the regression trained on the set itself."""


def _sentences(
    bench: Bench, *, name: str, language: str, target: float, baseline: float, anchor: str
) -> Iterator[Figure]:
    records = bench.draw(bench.records(name))
    texts = [record["text"] for record in records]
    truth = np.array([_SIDES[record["label"]] for record in records], dtype=np.int64)
    vectors = bench.embeddings.passages(texts)
    outlook = OutlookScorer(bench.embeddings).score(texts, vectors, language)
    yield _figure(f"outlook/{name}", truth, sides(outlook, language), target, baseline, anchor)
    yield _figure(f"outlook/{name}_trained", truth, trained_sides(vectors, truth), None, None, anchor)


def _figure(
    name: str,
    truth: NDArray[np.int64],
    said: NDArray[np.int64],
    target: float | None,
    baseline: float | None,
    anchor: str,
) -> Figure:
    def statistic(indices: NDArray[np.intp]) -> float:
        return macro_f1(truth[indices], said[indices])

    return Figure(name, len(truth), statistic, target, baseline, anchor)


def sides(outlook: NDArray[np.float32], language: str) -> NDArray[np.int64]:
    """-1 (worried), 0 or 1 (hopeful) of each outlook, by the band of the language."""
    low, high = BANDS[language]
    return np.where(outlook < low, -1, np.where(outlook > high, 1, 0)).astype(np.int64)


def trained_sides(vectors: Vectors, truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """What a ridge regression on the vectors says of each fifth of the rows, trained on the other four."""
    said = np.zeros(len(truth), dtype=np.int64)
    fold = np.random.default_rng(0).permutation(len(truth)) % _FOLDS
    for number in range(_FOLDS):
        out = fold == number
        if out.any() and not out.all():
            said[out] = _regressed(vectors[~out], truth[~out], vectors[out])
    return said


def _regressed(known: Vectors, truth: NDArray[np.int64], asked: Vectors) -> NDArray[np.int64]:
    """The class whose 0-1 regression is highest."""
    classes = np.unique(truth)
    mean = known.mean(axis=0)
    spread = max(float(known.std()), 1e-6)
    table = ((known - mean) / spread).astype(np.float64)
    targets = (truth[:, None] == classes).astype(np.float64)
    shares = targets.mean(axis=0)
    weights = np.linalg.solve(
        table.T @ table + _PENALTY * len(table) * np.eye(known.shape[1]),
        table.T @ (targets - shares),
    )
    scores = ((asked - mean) / spread) @ weights + shares
    return np.asarray(classes[np.argmax(scores, axis=1)], dtype=np.int64)


MEASURES = (
    Measure(
        "outlook/fpb_sentiment",
        "outlook",
        ("fpb_sentiment",),
        partial(
            _sentences,
            name="fpb_sentiment",
            language="en",
            target=65.0,
            baseline=61.5,
            anchor="trained on it: 80.9; FinBERT 82",
        ),
    ),
    Measure(
        "outlook/umsab_fr",
        "outlook",
        ("umsab_fr",),
        partial(
            _sentences,
            name="umsab_fr",
            language="fr",
            target=62.0,
            baseline=61.5,
            anchor="trained on it: 72.2; XLM-R 72.0, XLM-T 71.2",
        ),
    ),
)
