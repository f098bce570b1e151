"""The regressions over pairs of vectors and what the words say, and what stands in for them with other vectors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from debatebot.outlook import OutlookScorer
from debatebot.stance.inputs import Matrix, Texts, point_inputs, prepare, relevance_inputs, stance_inputs
from debatebot.types import Embeddings, Vectors

if TYPE_CHECKING:
    from debatebot.reading import PairReader

_FILE = Path(__file__).parents[1] / "models" / "stance.npz"
_CHUNK = 2048
"""Pairs scored at once: a few megabytes."""

NEAREST = 100
"""Nearest texts whose stance is looked at when texts are ranked."""

_DECISIVENESS = 2.5
"""How much more a stance counts in a ranking than its chance of being right: a text of the wrong side is worse than one that
is only near the subject."""


_OWN, _READ = 0.72, 0.41
"""What the margins here and those of a reader count together, fitted on 4,100 pairs that neither was trained on."""

_SUREST = 0.98


class Form(NamedTuple):
    """A regression of pairs: `vectors` @ `meeting` · `vectors` + `text` · vectors of the text + `inputs` · inputs + `bias`.

    `meeting` (dimensions, dimensions), `text` (dimensions,), `inputs` (inputs,), `bias` (); `alone` (inputs + 1,) are the
    weights and the bias for inputs without vectors. The margin times `steepness` is half the logarithm of the odds.
    """

    meeting: Matrix
    text: Matrix
    inputs: Matrix
    bias: Matrix
    alone: Matrix
    steepness: Matrix


class Head(NamedTuple):
    """Both regressions; `mean` (dimensions,) is taken from vectors of the model named `embeddings`.

    `relevance`: weights of `relevance_inputs` by which a text speaks of a claim at all.
    """

    embeddings: str
    mean: Matrix
    relevance: Matrix
    stance: Form
    point: Form


class StanceScorer:
    """Scores pairs of texts, French or English or one of each. May be used from several threads.

    Args:
        embeddings: the model that embeds the texts. With the built-in one the trained regressions are used whole, with
            another the part of them that reads words.
        reader: reads claim and text together, some 60 ms a pair; where there is one it has its say in `score` and
            `same_point`. Rankings do without it.
    """

    def __init__(self, embeddings: Embeddings, reader: PairReader | None = None) -> None:
        self._embeddings = embeddings
        self._reader = reader
        self._outlook = OutlookScorer(embeddings)

    def score(self, claims: Sequence[str], texts: Sequence[str]) -> Matrix:
        """The stance of each text towards the claim beside it, within [-1, 1]; shape (len(texts),).

        Its size is twice the chance that the side is right, less one, on texts that do take a side.

        Raises:
            ValueError: not one claim a text.
            EngineError: the model could not embed them.
        """
        margins = self._margins("stance", claims, texts)
        if self._reader is not None and len(texts):
            margins = _together(margins, self._reader.read(list(zip(claims, texts, strict=True))).stance)
        return np.asarray(np.tanh(margins), dtype=np.float32)

    def same_point(self, claims: Sequence[str], texts: Sequence[str]) -> Matrix:
        """How likely each text makes the point of the claim beside it, 0 to 1; shape (len(texts),).

        Raises what `score` raises.
        """
        margins = self._margins("point", claims, texts)
        if self._reader is not None and len(texts):
            margins = _together(margins, 2 * self._reader.read(list(zip(claims, texts, strict=True))).same_point - 1)
        return np.asarray((1 + np.tanh(margins)) / 2, dtype=np.float32)

    def rank(self, claim: str, texts: Sequence[str], side: int) -> list[int]:
        """Places of all texts, those first that speak of the claim and for it (`side` 1) or against it (-1).

        The nearest texts are weighed by the chance that they speak of the claim, times that of their side; the others
        follow by nearness alone.

        Raises:
            EngineError: the model could not embed them.
        """
        if not texts:
            return []
        vectors = self._embeddings.passages([claim, *texts])
        if self._is_trained():
            vectors = centred(vectors, head().mean)
        nearness = standardised(vectors[1:] @ vectors[0])
        order = np.argsort(-nearness, kind="stable")
        near = order[:NEAREST]
        known, places = self._prepared([claim, *(texts[place] for place in near)])
        claims, chosen = known.rows(np.repeat(places[:1], len(near))), known.rows(places[1:])
        relevance = relevance_inputs(nearness[near], claims, chosen) @ head().relevance
        stance = side * _margin("stance", claims, chosen, trained=self._is_trained())
        merit = -np.logaddexp(0, -relevance) - np.logaddexp(0, -2 * _DECISIVENESS * stance)
        return [int(place) for place in (*near[np.argsort(-merit, kind="stable")], *order[NEAREST:])]

    def _margins(self, name: str, claims: Sequence[str], texts: Sequence[str]) -> Matrix:
        if len(claims) != len(texts):
            raise ValueError(f"{len(claims)} claims, {len(texts)} texts")
        if not len(texts):
            return np.zeros(0, dtype=np.float32)
        known, places = self._prepared([*claims, *texts])
        chunks = np.array_split(np.arange(len(texts)), -(-len(texts) // _CHUNK))
        parts = [
            _margin(name, known.rows(places[chunk]), known.rows(places[chunk + len(texts)]), trained=self._is_trained())
            for chunk in chunks
        ]
        return np.concatenate(parts)

    def _is_trained(self) -> bool:
        return self._embeddings.name == head().embeddings

    def _prepared(self, texts: Sequence[str]) -> tuple[Texts, NDArray[np.intp]]:
        """Every distinct text once, and the place of each text among them."""
        order = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        distinct = list(order)
        known = prepare(distinct, self._embeddings.passages(distinct), self._outlook.score)
        if self._is_trained():
            known = Texts(centred(known.vectors, head().mean), known.signals, known.words)
        return known, np.array([order[text] for text in texts], dtype=np.intp)


def centred(vectors: Vectors, mean: Vectors) -> Matrix:
    """Unit vectors from the mean: E5's own all point nearly one way."""
    moved = vectors - mean
    unit: Matrix = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit.astype(np.float32)


def _together(margins: Matrix, read: Matrix) -> Matrix:
    """Margins with what a reader says, -1 to 1."""
    return np.asarray(_OWN * margins + _READ * np.arctanh(np.clip(read, -_SUREST, _SUREST)), dtype=np.float32)


def standardised(values: Matrix) -> Matrix:
    """Values with mean 0 and spread 1: cosines of different claims then compare."""
    scaled: Matrix = (values - values.mean()) / max(float(values.std()), 1e-6)
    return scaled


def _margin(name: str, claims: Texts, texts: Texts, *, trained: bool) -> Matrix:
    form: Form = getattr(head(), name)
    inputs = stance_inputs(claims, texts) if name == "stance" else point_inputs(claims, texts)
    if trained:
        meeting = ((claims.vectors @ form.meeting) * texts.vectors).sum(axis=1)
        margin = meeting + texts.vectors @ form.text + inputs @ form.inputs + form.bias
    else:
        margin = inputs @ form.alone[:-1] + form.alone[-1]
    return np.asarray(margin * form.steepness, dtype=np.float32)


@cache
def head() -> Head:
    """The trained weights, read once."""
    with np.load(_FILE, allow_pickle=False) as stored:
        forms = {
            name: Form(*(stored[f"{name}_{field}"].astype(np.float32) for field in Form._fields))
            for name in ("stance", "point")
        }
        return Head(str(stored["embeddings"]), stored["mean"], stored["relevance"], **forms)
