"""The public sets of claims with their sources in one form, and what the judge of claims makes of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from debatebot import factory
from debatebot.documents.sentences import split
from debatebot.engines.judging import FAILED
from debatebot.evaluation.bench import Bench, Record
from debatebot.types import Citation, DraftClaim, Sentence

FOLLOWS, CONTRADICTS, NEITHER = "follows", "contradicts", "neither"


AT_ONCE = 8
"""Claims a model is asked about in one call: about as many as an answer has."""


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """How the rows of a set are read. `labels`: its label → FOLLOWS or CONTRADICTS; all others are NEITHER.

    `whole`: the claim is a text of several sentences, the source an article.
    """

    claim: str
    source: str
    labels: Mapping[str, str]
    whole: bool = False


SETS: Mapping[str, ClaimSet] = {
    "begin": ClaimSet("response", "knowledge", {"Fully attributable": FOLLOWS}),
    "wice_oracle": ClaimSet("claim", "evidence", {"supported": FOLLOWS}),
    "rte3_fr": ClaimSet("hypothesis", "premise", {"entailment": FOLLOWS, "contradiction": CONTRADICTS}),
    "climate_fever": ClaimSet("claim", "evidence", {"SUPPORTS": FOLLOWS, "REFUTES": CONTRADICTS}),
    "fever_symmetric": ClaimSet("claim", "evidence", {"SUPPORTS": FOLLOWS, "REFUTES": CONTRADICTS}),
    "daccord_fr": ClaimSet("hypothesis", "premise", {"compatibles": FOLLOWS, "contradiction": CONTRADICTS}),
    "faithbench": ClaimSet("summary", "source", {"consistent": FOLLOWS}, whole=True),
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was said of the rows of a set, shape (rows,) each: the two scores (0 to 1) and what is true (FOLLOWS, …)."""

    support: NDArray[np.float64]
    contradiction: NDArray[np.float64]
    truth: NDArray[np.str_]


@lru_cache(maxsize=2 * len(SETS))
def assessed(bench: Bench, name: str) -> Assessed:
    """The drawn rows of a set, assessed by the judge once for all figures.

    A summary is assessed sentence by sentence. It follows from its source where all of them do, which is as likely as
    the product of their support says, and contradicts it as much as the worst of them.

    Raises:
        InputError: a row lacks a field.
    """
    drawn, form = bench.draw(bench.records(name)), SETS[name]
    drafts = [drafts_of(row, form) for row in drawn]
    flat = factory.claim_judge(bench.embeddings).assess([draft for group in drafts for draft in group])
    ends = np.cumsum([len(group) for group in drafts])
    groups = [flat[end - len(group) : end] for end, group in zip(ends, drafts, strict=True)]
    return Assessed(
        np.array([np.prod([one.support for one in group]) for group in groups]),
        np.array([max((one.contradiction for one in group), default=0.0) for group in groups]),
        np.array([form.labels.get(row["label"], NEITHER) for row in drawn]),
    )


@lru_cache(maxsize=2 * len(SETS))
def asked(bench: Bench, name: str) -> Assessed:
    """The drawn rows of a set as the model judges them that the bench names; rows it gives no verdict on are left out.

    A verdict is one score: what it holds for support, and the rest for contradiction, which its lowest scores stand for.

    Raises:
        EngineUnavailable: no such model.
    """
    drawn, form = bench.draw(bench.records(name)), SETS[name]
    settings = factory.settings_from(os.environ)
    judge = factory.model_judge(settings, bench.engine or "", factory.claim_judge(bench.embeddings))
    groups = [drafts_of(row, form) for row in drawn]
    flat = [draft for group in groups for draft in group]
    verdicts = [verdict for at in range(0, len(flat), AT_ONCE) for verdict in judge.judge(flat[at : at + AT_ONCE])]
    ends = np.cumsum([len(group) for group in groups])
    said = [verdicts[end - len(group) : end] for end, group in zip(ends, groups, strict=True)]
    kept = [place for place, group in enumerate(said) if all(one.reason.key != FAILED for one in group)]
    support = np.array([np.prod([one.score for one in said[place]]) for place in kept], np.float64)
    return Assessed(support, 1 - support, np.array([form.labels.get(drawn[place]["label"], NEITHER) for place in kept]))


def drafts_of(row: Record, form: ClaimSet) -> list[DraftClaim]:
    """The claims of a row, each citing its source: one, or one for each sentence of a text."""
    source, claim = row[form.source], row[form.claim]
    if not form.whole:
        return [draft(claim, [source] if isinstance(source, str) else source)]
    sentences = _sentences(source)
    return [draft(one, sentences) for one in _sentences(claim)]


def _sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split("evaluation", text, "en")]


def draft(claim: str, sentences: Sequence[str]) -> DraftClaim:
    """A claim that cites the sentences as [1], [2], …"""
    return DraftClaim(
        claim,
        tuple(
            Citation(number, Sentence("evaluation", number, 0, len(text), text, 0))
            for number, text in enumerate(sentences, start=1)
        ),
    )


def among(truth: NDArray[np.str_], positive: str, against: str | None) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Which rows count, and which of those are positive: `against` names the other class, None all others."""
    kept = np.flatnonzero((truth == positive) | (truth == against if against else truth != positive))
    return kept, truth[kept] == positive
