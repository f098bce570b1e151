"""How well held-out pairs are read: what training/pairs.py --hold-out prints. All figures are in percent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.pair_rows import CONTRADICTED, NEUTRAL, SUPPORTED, Row, closest, records
from training.pair_rows import sentences as split

Values = NDArray[np.float64]

SUPPORT = ("rte3_fr", "begin", "wice_oracle", "made", "translated")
CONTRADICTION = ("daccord_fr", "made", "translated")
EITHER = ("fever_symmetric", "climate_fever")
STANCE = ("perspectrum_stance", "argkp_stance")


def unseen_rows(folder: Path) -> list[Row]:
    """Sets that may be measured on but not learned from: climate_fever (no licence stated), faithbench (NC)."""
    labels = {"SUPPORTS": SUPPORTED, "REFUTES": CONTRADICTED, "NOT_ENOUGH_INFO": NEUTRAL}
    rows = [
        Row("nli", row["claim"], row["evidence"], labels[row["label"]], "climate_fever", row["claim_id"])
        for row in records(folder, "climate_fever")
    ]
    for row in records(folder, "faithbench"):
        allowed = SUPPORTED if row["label"] in ("consistent", "benign") else NEUTRAL
        source = split(row["source"])
        rows += [
            Row("nli", sentence, closest(sentence, source), allowed, "faithbench", row["id"])
            for sentence in split(row["summary"])
        ]
    return rows


def figures(rows: Sequence[Row], logits: Values, seen: set[str]) -> dict[str, float]:
    """All figures.

    Args:
        rows: what was held out.
        logits: what the heads said; shape (rows, 8).
        seen: texts that stand in the rows learned from; stance is also given without them ("clean").
    """
    truth, stance, point = (_softmax(logits[:, first:last]) for first, last in ((0, 3), (3, 6), (6, 8)))
    found: dict[str, float] = {}

    def of(name: str, keep: Callable[[Row], bool] = bool) -> list[int]:
        return [number for number, row in enumerate(rows) if row.source == name and keep(row)]

    def add(name: str, scores: Values, numbers: Sequence[int], positive: tuple[int, ...]) -> None:
        if numbers:
            found[name] = _auc(scores[numbers], np.array([rows[number].allowed == positive for number in numbers]))

    for name in SUPPORT:
        add(f"{name} supported, AUC", truth[:, 0], of(name), SUPPORTED)
    for name in CONTRADICTION:
        add(f"{name} contradicted, AUC", truth[:, 2], of(name), CONTRADICTED)
    for name in EITHER:
        decided = of(name, lambda row: row.allowed != NEUTRAL)
        add(f"{name} supports against refutes, AUC", truth[:, 0] - truth[:, 2], decided, SUPPORTED)
    add("climate_fever supports against not enough, AUC", truth[:, 0], of("climate_fever", _not_refuted), SUPPORTED)
    found["faithbench, least supported sentence, AUC"] = _faithful(rows, truth[:, 0], of("faithbench"))
    for name in STANCE:
        found[f"{name}, macro F1"] = _side(rows, stance, of(name))
        found[f"{name} clean, macro F1"] = _side(rows, stance, of(name, lambda row: row.text not in seen))
    found["argkp_match strict, AP"] = _best_points(rows, point[:, 1], of("argkp_match"))
    add("perspectrum_match, AUC", point[:, 1], of("perspectrum_match"), (1,))
    return {name: round(value, 1) for name, value in found.items() if np.isfinite(value)}


def _not_refuted(row: Row) -> bool:
    return row.allowed != CONTRADICTED


def _softmax(logits: Values) -> Values:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _auc(scores: Values, positive: NDArray[np.bool_]) -> float:
    """Chance that a positive row scores higher than another (Mann and Whitney 1947); ties count half."""
    above = (scores[positive][:, None] > scores[~positive]).mean()
    return float(100 * (above + (scores[positive][:, None] == scores[~positive]).mean() / 2))


def _faithful(rows: Sequence[Row], supported: Values, numbers: Sequence[int]) -> float:
    least: Mapping[str, list[int]] = defaultdict(list)
    for number in numbers:
        least[rows[number].group].append(number)
    if not least:
        return float("nan")
    scores = np.array([supported[group].min() for group in least.values()])
    return _auc(scores, np.array([rows[group[0]].allowed == SUPPORTED for group in least.values()]))


def _side(rows: Sequence[Row], stance: Values, numbers: Sequence[int]) -> float:
    """Macro F1 of for and against."""
    if not numbers:
        return float("nan")
    right = np.array([rows[number].allowed[0] for number in numbers])
    said = (stance[numbers, 1] > stance[numbers, 0]).astype(int)
    scores = [
        2 * ((right == side) & (said == side)).sum() / ((right == side).sum() + (said == side).sum()) for side in (0, 1)
    ]
    return float(100 * np.mean(scores))


def _best_points(rows: Sequence[Row], same: Values, numbers: Sequence[int]) -> float:
    """Average precision over the surer half of the arguments, each with its best key point, mean over the topics.

    Friedman et al. 2021, https://aclanthology.org/2021.argmining-1.16; each topic's two sides count apart there, and do here as
    far as a key point is offered to one side only.
    """
    best: dict[str, int] = {}
    for number in numbers:
        text = rows[number].text
        if text not in best or same[number] > same[best[text]]:
            best[text] = number
    order = sorted(best.values(), key=lambda number: -same[number])
    right = np.array([rows[number].allowed == (1,) for number in order[: len(order) // 2]], dtype=float)
    precision = right.cumsum() / np.arange(1, len(right) + 1)
    return float(100 * (right * precision).sum() / max(1.0, right.sum()))
