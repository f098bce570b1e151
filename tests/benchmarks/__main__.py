"""`make bench`: speed as ratios, each against a baseline measured in the same run. Prints one row a figure; judges nothing.

Give names to run some of them: `python -m tests.benchmarks builtin models`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tests.benchmarks import adding, builtin, grounding, models, processes
from tests.benchmarks.timing import Row

BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "builtin": builtin.rows,
    "models": models.rows,
    "grounding": grounding.rows,
    "adding": adding.rows,
    "processes": processes.rows,
}


def main(names: list[str]) -> int:
    unknown = set(names) - BENCHMARKS.keys()
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    print(f"{'what':62} {'median':>10}  {'baseline':>10}  {'ratio':>6}  aim")
    for name in names or BENCHMARKS:
        for row in BENCHMARKS[name]():
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
