"""Figures of merit, in percent, over numpy arrays: quick enough to be computed on a thousand bootstrap draws.

Each takes one entry a unit, so that `metric(truth[indices], scores[indices])` is the figure of a draw. A figure that is not
defined (an AUC without both classes, a mean of nothing) is NaN. The tests compare each with its slow definition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[Any]
"""One class a unit: numbers, truth values or text."""

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def accuracy(truth: Labels, predicted: Labels) -> float:
    """Share of units whose class is right, in percent."""
    return _percent(np.asarray(truth == predicted, np.float64))


def macro_f1(truth: Labels, predicted: Labels) -> float:
    """Mean over the classes of the F1 of each, in percent.

    The classes are those that occur in `truth`: one that is predicted and never true lowers the others by what it takes.
    """
    right, true, said = _confusion(truth, predicted)
    occurring = true > 0
    return _percent(2 * right[occurring] / (true + said)[occurring])


def balanced_accuracy(truth: Labels, predicted: Labels) -> float:
    """Mean over the classes of `truth` of the share that is recognised, in percent."""
    right, true, _said = _confusion(truth, predicted)
    occurring = true > 0
    return _percent(right[occurring] / true[occurring])


def auc(positive: Flags, scores: Numbers) -> float:
    """Area under the ROC curve, in percent: how often a positive unit scores above a negative one, ties counted half.

    By the ranks of the positive units (Mann and Whitney 1947).
    """
    positive = np.asarray(positive, bool)
    ordered = np.sort(scores)
    # Twice the mean rank among equals, from 2 on, so that ties are whole numbers.
    ranks = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right") + 1
    positives = int(positive.sum())
    pairs = positives * (len(positive) - positives)
    if not pairs:
        return float("nan")
    return float(100 * (ranks[positive].sum() / 2 - positives * (positives + 1) / 2) / pairs)


def average_precision(positive: Flags, scores: Numbers) -> float:
    """Mean over the positive units of the precision at their score, in percent; equal scores are one step."""
    positive = np.asarray(positive, bool)
    if not positive.any():
        return float("nan")
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    hits = np.cumsum(positive[order])
    descending = scores[order]
    last = np.append(np.flatnonzero(np.diff(descending)), len(descending) - 1)
    precision = hits[last] / (last + 1)
    gained = np.diff(hits[last], prepend=0)
    return float(100 * (precision * gained).sum() / hits[-1])


def recall_at(ranks: Numbers, depth: int) -> float:
    """Share of units whose first right result stands among the first `depth`, in percent.

    Args:
        ranks: rank of the first right result, from 1; infinite where none was found.
    """
    return _percent(np.asarray(np.asarray(ranks) <= depth, np.float64))


def reciprocal_rank(ranks: Numbers, depth: int = 10) -> float:
    """Mean of one over the rank of the first right result (MRR), nothing below `depth`, in percent."""
    ranks = np.asarray(ranks, np.float64)
    return _percent(np.where(ranks <= depth, 1 / ranks, 0.0))


def ndcg(gains: Numbers, possible: Numbers, depth: int = 10) -> Numbers:
    """Normalised discounted cumulative gain of each unit, 0 to 100; their mean is the figure (Järvelin and Kekäläinen 2002).

    Args:
        gains: gain of each result in ranked order, shape (units, results); zero after the last.
        possible: gains of everything there was to find, in any order, shape (units, any).

    Returns:
        Shape (units,); 0 where there was nothing to find.
    """
    reached = _discounted(np.asarray(gains, np.float64), depth)
    ideal = _discounted(-np.sort(-np.asarray(possible, np.float64), axis=1), depth)
    return np.asarray(100 * reached / np.where(ideal > 0, ideal, np.inf))


def reliability(positive: Flags, scores: Numbers, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share of positives (both 0 to 1) and number of units of each bin of scores that holds any.

    Args:
        scores: probabilities, 0 to 1; bins are of equal width.
    """
    scores = np.asarray(scores, np.float64)
    bin_of = np.minimum((scores * bins).astype(np.intp), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    means = np.bincount(bin_of, scores, bins) / np.maximum(counts, 1)
    shares = np.bincount(bin_of, np.asarray(positive, np.float64), bins) / np.maximum(counts, 1)
    held = np.flatnonzero(counts)
    return [(float(means[one]), float(shares[one]), int(counts[one])) for one in held]


def expected_calibration_error(positive: Flags, scores: Numbers, bins: int = 10) -> float:
    """Mean distance between score and share of positives over the bins of `reliability`, weighted by units, in percent.

    Naeini, Cooper and Hauskrecht (2015).
    """
    if not len(scores):
        return float("nan")
    points = reliability(positive, scores, bins)
    return 100 * sum(abs(mean - share) * count for mean, share, count in points) / len(scores)


def _confusion(truth: Labels, predicted: Labels) -> tuple[Numbers, Numbers, Numbers]:
    """By class: units recognised, units that are of it, units said to be of it."""
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    _classes, codes = np.unique(np.concatenate([truth, predicted]), return_inverse=True)
    true, said = codes[: len(truth)], codes[len(truth) :]
    size = int(codes.max(initial=-1)) + 1
    counted = (true[true == said], true, said)
    right, of_it, called = (np.bincount(part, minlength=size).astype(np.float64) for part in counted)
    return right, of_it, called


def _discounted(gains: Numbers, depth: int) -> Numbers:
    kept = gains[:, :depth]
    return np.asarray((kept / np.log2(np.arange(2, kept.shape[1] + 2))).sum(axis=1))


def _percent(values: Numbers) -> float:
    return float(100 * values.mean()) if len(values) else float("nan")
