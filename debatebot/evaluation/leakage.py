"""Whether what is measured on was seen in training: near-duplicates between training rows and evaluation rows.

Two rows are near-duplicates when their words are the same in the same order (case, accents and punctuation aside), or when
their sets of words have a Jaccard overlap of at least `OVERLAP`. Training rows are those of the folder that
`debatebot eval leakage --training` names; without it, those that a set itself marks as its training part.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import ceil

import numpy as np
from numpy.typing import NDArray

from debatebot.evaluation.bench import Bench, Figure, Measure, Record, path_of, read

OVERLAP = 0.8

FIELDS: dict[str, tuple[str, ...]] = {
    "argkp_match": ("argument", "key_point"),
    "argkp_stance": ("topic", "argument"),
    "begin": ("knowledge", "response"),
    "climate_fever": ("claim", "evidence"),
    "daccord_fr": ("premise", "hypothesis"),
    "faithbench": ("source", "summary"),
    "fever_symmetric": ("claim", "evidence"),
    "fpb_sentiment": ("text",),
    "perspectrum_stance": ("claim", "perspective"),
    "rte3_fr": ("premise", "hypothesis"),
    "umsab_fr": ("text",),
    "wice_oracle": ("claim", "evidence"),
}
"""What of a row makes it that row, by set."""


def near_duplicates(training: Sequence[str], evaluation: Sequence[str]) -> NDArray[np.bool_]:
    """For each evaluation text whether a near-duplicate of it stands in the training texts; shape (len(evaluation),).

    Two sets with a Jaccard overlap of t share one of the rarest |x| − ⌈t·|x|⌉ + 1 words of each (prefix filtering, Bayardo
    et al. 2007): only those that share one are compared.
    """
    trained, examined = [_words(text) for text in training], [_words(text) for text in evaluation]
    frequency = Counter(word for words in (*trained, *examined) for word in set(words))
    exact = {tuple(words) for words in trained}
    by_rare_word: dict[str, list[frozenset[str]]] = defaultdict(list)
    for words in {frozenset(words) for words in trained}:
        for word in _rarest(words, frequency):
            by_rare_word[word].append(words)

    def seen(words: list[str]) -> bool:
        if tuple(words) in exact:
            return True
        own = frozenset(words)
        return any(_alike(own, other) for word in _rarest(own, frequency) for other in by_rare_word[word])

    return np.array([seen(words) for words in examined], bool)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _rarest(words: frozenset[str], frequency: Counter[str]) -> list[str]:
    kept = len(words) - ceil(OVERLAP * len(words) - 1e-9) + 1  # 0.8 is a little more than four fifths in binary
    return sorted(words, key=lambda word: (frequency[word], word))[:kept] if words else []


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= OVERLAP * (len(one) + len(other) - shared) - 1e-9


def _leaked(bench: Bench, name: str) -> Iterator[Figure]:
    training, evaluation = _parts(bench, name)
    if not training or not evaluation:
        return
    seen = near_duplicates([_text(row, name) for row in training], [_text(row, name) for row in evaluation])

    def share(indices: NDArray[np.intp]) -> float:
        return float(100 * seen[indices].mean())

    yield Figure(f"leakage/{name}", len(seen), share, target=0.0, lower_is_better=True)


def _parts(bench: Bench, name: str) -> tuple[list[Record], list[Record]]:
    rows = bench.records(name)
    if bench.training is not None:
        path = path_of(bench.training, name)
        return (read(path) if path else []), rows
    return (
        [row for row in rows if row.get("split") == "train"],
        [row for row in rows if row.get("split") not in (None, "train")],
    )


def _text(row: Record, name: str) -> str:
    parts = (row[field] for field in FIELDS[name])
    return " ".join(part if isinstance(part, str) else " ".join(map(str, part)) for part in parts)


def _measure(name: str) -> Measure:
    run: Callable[[Bench], Iterator[Figure]] = partial(_leaked, name=name)
    return Measure(name=f"leakage/{name}", group="leakage", needs=(name,), run=run)


MEASURES = tuple(_measure(name) for name in FIELDS)
