"""Whether the scorer of stances sees which side a text takes, finds the texts of a wanted side, and texts with one point.

The pair reader, where it runs here, has its say on perspectives and on key points; topics and rankings do without it.
Rows of a set's "test" split count where it has one, else those of "dev"; the scorer was trained on "train" alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Figure, Measure, Record
from debatebot.evaluation.metrics import macro_f1, ndcg
from debatebot.reading import PairReader
from debatebot.stance import StanceScorer

_DEPTH = 10
_PERFECT_SIDE = "this retriever with a perfect side: 59.3"
_TUNED = "fine-tuned BERT-base (STANCY) 79.8, clean 78.1"
_BEST_POINTS = "0.91 strict, best of the shared task (fine-tuned large models)"
_READ_POINTS = 2
"""Key points of an argument that a reader reads; the others are far behind, and 50 ms each."""

_TOPIC_BASELINE = 66.4
"""Ridge regression on the vectors of argument and topic, trained on the training rows, measured on those of "dev"."""


def held_out(records: Sequence[Record]) -> list[Record]:
    """The rows that are for testing: "test" where there are any, else "dev"."""
    splits = {record["split"] for record in records}
    wanted = "test" if "test" in splits else "dev"
    return [record for record in records if record["split"] == wanted]


def _perspectives(bench: Bench) -> Iterator[Figure]:
    records = bench.records("perspectrum_stance")
    chosen = bench.draw(held_out(records))
    said = StanceScorer(bench.embeddings, PairReader.load()).score(
        [record["claim"] for record in chosen], [record["perspective"] for record in chosen]
    )
    truth = np.array([record["label"] == "support" for record in chosen])
    clean = np.flatnonzero(_unseen(records, chosen))
    yield _side("stance/perspectrum", truth, said, 67.0, None, _TUNED)
    yield _side("stance/perspectrum_clean", truth[clean], said[clean], 67.2, 73.0, _TUNED)


def _unseen(records: Sequence[Record], chosen: Sequence[Record]) -> list[bool]:
    """Whether neither claim nor perspective of a row stands in the training rows."""
    known = {record[name] for record in records if record["split"] == "train" for name in ("claim", "perspective")}
    return [
        not record.get("overlap_dev") and record["claim"] not in known and record["perspective"] not in known
        for record in chosen
    ]


def _side(
    name: str,
    truth: NDArray[np.bool_],
    said: NDArray[np.float32],
    baseline: float | None,
    target: float | None,
    anchor: str | None,
) -> Figure:
    def statistic(indices: NDArray[np.intp]) -> float:
        return macro_f1(truth[indices], said[indices] > 0)

    return Figure(name, len(truth), statistic, target, baseline, anchor)


def _arguments(bench: Bench) -> Iterator[Figure]:
    chosen = bench.draw(held_out(bench.records("argkp_stance")))
    said = StanceScorer(bench.embeddings).score(
        [record["topic"] for record in chosen], [record["argument"] for record in chosen]
    )
    truth = np.array([record["label"] == "pro" for record in chosen])
    yield _side("stance/argkp", truth, said, _TOPIC_BASELINE, _TOPIC_BASELINE + 5, None)


def _wanted_side(bench: Bench) -> Iterator[Figure]:
    """Claim and side as a question, all perspectives of the split as the pool (in a quick look those of the claims drawn)."""
    records = held_out(bench.records("perspectrum_stance"))
    by_claim: dict[str, dict[str, int]] = {}
    for record in records:
        side = 1 if record["label"] == "support" else -1
        by_claim.setdefault(record["claim"], {})[record["perspective"]] = side
    claims = bench.draw(list(by_claim))
    pool = list(dict.fromkeys(one for claim in (claims if bench.quick else by_claim) for one in by_claim[claim]))
    asked = [(by_claim[claim], claim, side) for claim in claims for side in (1, -1) if side in by_claim[claim].values()]
    found = _sides_found(StanceScorer(bench.embeddings), asked, pool)
    counts = np.array([sum(given == side for given in sides.values()) for sides, _, side in asked], dtype=np.intp)
    possible = (np.arange(_DEPTH) < counts[:, None]).astype(np.float64)
    quality = ndcg((found > 0).astype(np.float64), possible, _DEPTH)
    right, own = (found > 0).sum(axis=1), (found != 0).sum(axis=1)

    def mean_quality(indices: NDArray[np.intp]) -> float:
        return float(quality[indices].mean())

    yield Figure("wanted_side/ndcg@10", len(asked), mean_quality, 53.0, 48.7, _PERFECT_SIDE)
    yield Figure("wanted_side/side_right", len(asked), partial(_share, right, own), 70.0, 61.8)


def _sides_found(
    scorer: StanceScorer, asked: Sequence[tuple[dict[str, int], str, int]], pool: Sequence[str]
) -> NDArray[np.int64]:
    """Of the first results of each question: 1 for the claim's own of the wanted side, -1 for its others, else 0."""
    found = np.zeros((len(asked), _DEPTH), dtype=np.int64)
    for row, (sides, claim, side) in enumerate(asked):
        for place, chosen in enumerate(scorer.rank(claim, pool, side)[:_DEPTH]):
            found[row, place] = sides.get(pool[chosen], 0) * side
    return found


def _share(right: NDArray[np.int64], all_of_them: NDArray[np.int64], indices: NDArray[np.intp]) -> float:
    total = all_of_them[indices].sum()
    return float(100 * right[indices].sum() / total) if total else float("nan")


def _key_points(bench: Bench) -> Iterator[Figure]:
    """Strict mean average precision of the KPA 2021 shared task (Friedman-Melamed et al. 2021).

    Each argument counts with its best key point; the better half of the arguments of a topic and stance is kept; a pair
    without a label counts as no match.
    """
    records = held_out(bench.records("argkp_match"))
    drawn = set(bench.draw(list(dict.fromkeys(record["argument"] for record in records))))
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if record["argument"] in drawn:
            groups.setdefault((record["topic"], record["stance"]), []).append(record)
    quick, thorough = StanceScorer(bench.embeddings), StanceScorer(bench.embeddings, PairReader.load())
    precision = np.array([_group_precision(quick, thorough, records) for records in groups.values()])

    def mean_precision(indices: NDArray[np.intp]) -> float:
        return float(precision[indices].mean())

    yield Figure("same_point/argkp_map_strict", len(groups), mean_precision, 75.0, 59.6, _BEST_POINTS)


def _group_precision(quick: StanceScorer, thorough: StanceScorer, records: Sequence[Record]) -> float:
    """Of the arguments of one topic and stance; a reader reads each with its two likeliest key points."""
    labels = {(record["argument"], record["key_point"]): bool(record["label"]) for record in records}
    arguments = list(dict.fromkeys(record["argument"] for record in records))
    points = list(dict.fromkeys(record["key_point"] for record in records))
    pairs = [(argument, point) for argument in arguments for point in points]
    said = quick.same_point(*_columns(pairs)).reshape(len(arguments), len(points))
    likely = np.argsort(-said, axis=1, kind="stable")[:, :_READ_POINTS]
    candidates = [(arguments[row], points[place]) for row, places in enumerate(likely) for place in places]
    closer = thorough.same_point(*_columns(candidates)).reshape(likely.shape)
    best = closer.argmax(axis=1)
    order = np.argsort(-closer.max(axis=1), kind="stable")[: len(arguments) // 2]
    hits = np.array([labels.get((arguments[row], points[likely[row, best[row]]]), False) for row in order], dtype=bool)
    return strict_precision(hits)


def _columns(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [first for first, _ in pairs], [second for _, second in pairs]


def strict_precision(hits: NDArray[np.bool_]) -> float:
    """Average precision, in percent, of results in ranked order; 0 where none is right."""
    if not hits.any():
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(100 * precision[hits].mean())


MEASURES = (
    Measure("stance/perspectrum", "stance", ("perspectrum_stance",), _perspectives),
    Measure("stance/argkp", "stance", ("argkp_stance",), _arguments),
    Measure("wanted_side/perspectrum", "wanted_side", ("perspectrum_stance",), _wanted_side),
    Measure("same_point/argkp", "same_point", ("argkp_match",), _key_points),
)
