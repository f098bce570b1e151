"""Claims made wrong on purpose, and claims that only say the same in other words: how many the judge tells apart.

The sentences are those of the sample articles and, where the folder holds them, of French and English Wikipedia
(piaf_fr, xquad_en). `alterations` changes one thing in each. A wrong claim is caught when its verdict is anything but
"supported"; a kept one has to be "supported".
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot import factory
from debatebot.documents.sentences import split
from debatebot.evaluation import alterations
from debatebot.evaluation.alterations import Alteration, Material
from debatebot.evaluation.bench import Bench, Figure, Measure
from debatebot.types import Citation, DraftClaim, Sentence

SETS = {"piaf_fr_passages": "fr", "xquad_en_passages": "en"}
MOST = 200
"""Claims of one kind."""
_SHORTEST, _LONGEST = 40, 320
"""Characters of a sentence."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to alter a sentence. `kept`: what comes out still follows from the sentence."""

    name: str
    alteration: Alteration
    target: float
    kept: bool = False


KINDS = (
    Kind("flips/digits", alterations.another_number, 99.0),
    Kind("flips/number words", alterations.another_number_word, 99.0),
    Kind("flips/units", alterations.another_unit, 99.0),
    Kind("flips/names", alterations.another_name, 97.0),
    Kind("flips/negation", alterations.negated, 95.0),
    Kind("flips/modality", alterations.made_certain, 80.0),
    Kind("flips/antonyms", alterations.opposite_word, 80.0),
    Kind("kept/exact quotation", alterations.unchanged, 98.0, kept=True),
    Kind("kept/shortened quotation", alterations.shortened, 98.0, kept=True),
    Kind("kept/light rewording", alterations.reworded, 98.0, kept=True),
)


def sentences(bench: Bench) -> list[tuple[str, str]]:
    """Sentences with their language, without repetition, in an order that chance gave and every run has."""
    found = [
        (sentence.text, article.language)
        for article in factory.sample_articles()
        for sentence in split(article.id, article.text, article.language)
    ]
    for name, language in SETS.items():
        if bench.has(name):
            found += [(text, language) for row in bench.records(name) for text in row["sentences"]]
    fitting = [(text, language) for text, language in dict.fromkeys(found) if _SHORTEST <= len(text) <= _LONGEST]
    random.Random(0).shuffle(fitting)
    return fitting


def made(kind: Kind, among: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most `most` claims of a kind, each with the sentence it was made of; the same ones at every run."""
    chance, names = random.Random(0), _names(among)
    pairs: list[tuple[str, str]] = []
    for sentence, language in among:
        claim = kind.alteration(Material(sentence, language, chance, names))
        if claim and (claim != sentence) is not (kind.alteration is alterations.unchanged):
            pairs.append((claim, sentence))
        if len(pairs) == most:
            break
    return pairs


def _names(among: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = {"fr": {}, "en": {}}
    for sentence, language in among:
        for match in alterations.names_in(sentence):
            found[language][match.group()] = None
    return {language: sorted(names) for language, names in found.items()}


def _figures(bench: Bench) -> Iterator[Figure]:
    judge, among = factory.claim_judge(bench.embeddings), sentences(bench)
    most = MOST if bench.limit is None else min(MOST, max(1, bench.limit // 8))
    for kind in KINDS:
        pairs = made(kind, among, most)
        verdicts = judge.judge([_draft(claim, sentence) for claim, sentence in pairs])
        right = np.array([(verdict.label == "supported") is kind.kept for verdict in verdicts], np.float64)
        yield Figure(kind.name, len(pairs), partial(_share, right), kind.target)


def _share(right: NDArray[np.float64], drawn: NDArray[np.intp]) -> float:
    return float(100 * right[drawn].mean())


def _draft(claim: str, sentence: str) -> DraftClaim:
    return DraftClaim(claim, (Citation(1, Sentence("evaluation", 0, 0, len(sentence), sentence, 0)),))


MEASURES = (Measure("flips", "flips", (), _figures),)
