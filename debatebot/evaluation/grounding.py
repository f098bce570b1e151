"""Whether the judge of claims sees that a claim follows from its source, that a summary does, that a claim contradicts it.

Area under the ROC curve of the judge's two scores; in the French sets and begin against all other rows, elsewhere against
the class that is named. A second judge, a model that is asked, has rows of its own where one is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Figure, Measure
from debatebot.evaluation.claims import CONTRADICTS, FOLLOWS, NEITHER, Assessed, among, asked, assessed
from debatebot.evaluation.metrics import auc


@dataclass(frozen=True, slots=True)
class Contest:
    """One row of the board: rows of `positive` truth against those of `against` (None: all others), by the score for it."""

    name: str
    data: str
    positive: str
    against: str | None
    target: float
    baseline: float
    anchor: str | None = None


CONTESTS = (
    Contest("follows/begin", "begin", FOLLOWS, None, 96.0, 94.5),
    Contest("follows/wice_oracle", "wice_oracle", FOLLOWS, None, 76.0, 68.8, "gold evidence: GPT-4 80.2, T5-3B 91.3"),
    Contest("follows/rte3_fr", "rte3_fr", FOLLOWS, None, 80.0, 74.2),
    Contest("follows/climate_fever", "climate_fever", FOLLOWS, NEITHER, 76.0, 71.6),
    Contest("faithful/faithbench", "faithbench", FOLLOWS, None, 70.0, 65.3, "best of 8 detectors 65.7, GPT-4o 55.9"),
    Contest("contradicts/daccord_fr", "daccord_fr", CONTRADICTS, None, 79.0, 72.3),
    Contest(
        "contradicts/fever_symmetric",
        "fever_symmetric",
        CONTRADICTS,
        None,
        77.0,
        71.0,
        "BERT trained on FEVER, an earlier version: 58-62 % accuracy",
    ),
    Contest("contradicts/climate_fever", "climate_fever", CONTRADICTS, FOLLOWS, 82.0, 77.9),
)


def _figures(contest: Contest, bench: Bench) -> Iterator[Figure]:
    yield _figure(contest, contest.name, assessed(bench, contest.data))
    if bench.engine:
        yield _figure(contest, f"{contest.name} by {bench.engine}", asked(bench, contest.data))


def _figure(contest: Contest, name: str, said: Assessed) -> Figure:
    scores = said.support if contest.positive == FOLLOWS else said.contradiction
    kept, positive = among(said.truth, contest.positive, contest.against)
    return Figure(
        name,
        len(kept),
        partial(_area, positive, scores[kept]),
        contest.target,
        contest.baseline,
        contest.anchor,
    )


def _area(positive: NDArray[np.bool_], scores: NDArray[np.float64], drawn: NDArray[np.intp]) -> float:
    return auc(positive[drawn], scores[drawn])


MEASURES = tuple(Measure(one.name, "grounding", (one.data,), partial(_figures, one)) for one in CONTESTS)
