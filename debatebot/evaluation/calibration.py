"""Whether a score means what it says: of claims said to follow with score s, a share near s should follow.

All sets of claims with a truth are put together. Those the judge was fitted on are not held out in the folder that the
project has; climate_fever and faithbench never were fitted on, and have a row of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Figure, Measure
from debatebot.evaluation.claims import FOLLOWS, SETS, assessed
from debatebot.evaluation.metrics import expected_calibration_error, reliability

TARGET = 8.0
NEVER_FITTED = ("climate_fever", "faithbench")


def _figures(name: str, sets: Sequence[str], bench: Bench) -> Iterator[Figure]:
    said = [assessed(bench, one) for one in sets if bench.has(one)]
    if not said:
        return
    scores = np.concatenate([one.support for one in said])
    truth = np.concatenate([one.truth for one in said]) == FOLLOWS
    yield Figure(
        name,
        len(scores),
        partial(_error, truth, scores),
        TARGET,
        lower_is_better=True,
        points=tuple(reliability(truth, scores)),
    )


def _error(truth: NDArray[np.bool_], scores: NDArray[np.float64], drawn: NDArray[np.intp]) -> float:
    return expected_calibration_error(truth[drawn], scores[drawn])


MEASURES = (
    Measure("calibration/all sets", "calibration", (), partial(_figures, "calibration/all sets", tuple(SETS))),
    Measure("calibration/never fitted", "calibration", (), partial(_figures, "calibration/never fitted", NEVER_FITTED)),
)
