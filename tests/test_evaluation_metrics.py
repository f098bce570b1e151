"""Every figure of merit against its definition, written out slowly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import isnan, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debatebot.evaluation import metrics

LABELS = ("opposes", "neither", "supports")
PREDICTIONS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)
# Few distinct scores, so that ties are common.
SCORED = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=1, max_size=30)
RANKS = st.lists(st.one_of(st.integers(1, 30).map(float), st.just(float("inf"))), min_size=1, max_size=20)
GAINS = st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=4, max_size=4)


def same(one: float, other: float) -> bool:
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


def mean(values: list[float]) -> float:
    return 100 * sum(values) / len(values) if values else float("nan")


def f1(truth: list[str], predicted: list[str], label: str) -> float:
    hits = sum(t == p == label for t, p in zip(truth, predicted, strict=True))
    precision = hits / predicted.count(label) if label in predicted else 0.0
    recall = hits / truth.count(label)
    return 2 * precision * recall / (precision + recall) if hits else 0.0


@given(PREDICTIONS)
def test_classes(pairs: list[tuple[str, str]]) -> None:
    truth, predicted = [t for t, _ in pairs], [p for _, p in pairs]
    given_to = np.array(truth), np.array(predicted)
    classes = sorted(set(truth))
    recalls = [mean([float(p == label) for t, p in pairs if t == label]) / 100 for label in classes]
    assert same(metrics.accuracy(*given_to), mean([float(t == p) for t, p in pairs]))
    assert same(metrics.balanced_accuracy(*given_to), mean(recalls))
    assert same(metrics.macro_f1(*given_to), mean([f1(truth, predicted, label) for label in classes]))


@given(SCORED)
def test_auc_is_how_often_a_positive_unit_scores_above_a_negative_one(units: list[tuple[bool, float]]) -> None:
    positives, negatives = [s for p, s in units if p], [s for p, s in units if not p]
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p, n in product(positives, negatives)]
    assert same(metrics.auc(np.array([p for p, _ in units]), np.array([s for _, s in units])), mean(wins))


@given(SCORED)
def test_average_precision_is_the_mean_precision_at_the_score_of_each_positive(units: list[tuple[bool, float]]) -> None:
    at_least = [[p for p, s in units if s >= score] for positive, score in units if positive]
    expected = mean([sum(found) / len(found) for found in at_least])
    assert same(metrics.average_precision(np.array([p for p, _ in units]), np.array([s for _, s in units])), expected)


@given(RANKS, st.integers(1, 20))
def test_ranks_of_the_first_right_result(ranks: list[float], depth: int) -> None:
    assert same(metrics.recall_at(np.array(ranks), depth), mean([float(rank <= depth) for rank in ranks]))
    expected = mean([1 / rank if rank <= depth else 0.0 for rank in ranks])
    assert same(metrics.reciprocal_rank(np.array(ranks), depth), expected)


def discounted(gains: list[float], depth: int) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains[:depth], start=1))


@given(st.lists(GAINS, min_size=1, max_size=5), st.integers(1, 6))
def test_ndcg_compares_with_the_best_order(units: list[list[float]], depth: int) -> None:
    ideal = [discounted(sorted(gains, reverse=True), depth) for gains in units]
    expected = [
        100 * discounted(gains, depth) / best if best else 0.0 for gains, best in zip(units, ideal, strict=True)
    ]
    assert metrics.ndcg(np.array(units), np.array(units), depth) == pytest.approx(expected)


@given(SCORED)
def test_calibration_error_is_the_distance_between_score_and_share(units: list[tuple[bool, float]]) -> None:
    bins: dict[int, list[tuple[bool, float]]] = {}
    for positive, score in units:
        bins.setdefault(min(int(score * 10), 9), []).append((positive, score))
    expected = sum(abs(sum(score - positive for positive, score in held)) for held in bins.values()) / len(units)
    flags, scores = np.array([p for p, _ in units]), np.array([s for _, s in units])
    assert same(metrics.expected_calibration_error(flags, scores), 100 * expected)
    assert sum(count for _, _, count in metrics.reliability(flags, scores)) == len(units)


FLAT: list[tuple[Callable[..., float], str]] = [
    (metrics.macro_f1, "text"),
    (metrics.auc, "scores"),
    (metrics.average_precision, "scores"),
    (metrics.expected_calibration_error, "scores"),
]


@pytest.mark.parametrize(("metric", "kind"), FLAT)
def test_what_is_perfect_is_a_hundred_and_nothing_at_all_is_no_number(metric: Callable[..., float], kind: str) -> None:
    truth = np.array([True, False, True])
    perfect = truth if kind == "text" else truth.astype(float)
    assert metric(truth, perfect) == (0 if metric is metrics.expected_calibration_error else 100)
    assert isnan(metric(truth[:0], perfect[:0]))
