"""Which sentences bear on a question, in two stages.

Dense and lexical scores, of the sentence and of its paragraph, are mixed over everything that is searched; then a linear model
of many features (models/ranking.md is its card, training/ranking.py makes it) brings the best few into their order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np

from debatebot.answerability import Found
from debatebot.index.across import levelled, with_words_expected
from debatebot.index.features import FirstStage, candidate_features, share_asked_for, stretched
from debatebot.index.shards import Rows, Scores, Shard, passage
from debatebot.lexical import Postings, question_terms, shares
from debatebot.types import Vectors

PARAGRAPH_DENSE = 0.4
LEXICAL = 1.6
PARAGRAPH_LEXICAL = 0.6
"""What each score counts beside 1 for the sentence's own dense score."""

READ = 2
"""Sentences that may be read together with the question, to tell whether they answer it; a third tells nothing more."""

CANDIDATES = 40
"""Sentences that the second stage looks at: more take time and bring nothing."""

FOREIGN = 0.25
"""What lexical scores count of that where question and article differ in language and only numbers are compared."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of all rows of the shards that were searched, one shard after the other; each of shape (rows,).

    `dense`: cosine with the question. `lexical`: share of what the question's words weigh that is found in the sentence.
    `words`: of the best sentences, `debatebot.index.features.share_asked_for`; 0 for all others.
    `relevance`: all scores mixed, from 0 for the least to 1 for the most relevant row. `found`: what
    `debatebot.answerability` judges by.
    """

    dense: Scores
    lexical: Scores
    words: Scores
    relevance: Scores
    found: Found


def rank(question: str, query: Vectors, language: str, shards: Sequence[Shard]) -> Ranking:
    """Rank the sentences of `shards`, of which there is at least one.

    The weights were chosen on public data, sentences within their article (8 articles of 217 sentences on average, 93 of 18,
    28 of 25), in percent; those near them do as well, so that nothing hangs on the last digit:

        =============================  =================  =================  =================
        .                              FQuAD (fr)         PIAF (fr)          XQuAD (en)
        .                              R@5   R@10  MRR    R@5   R@10  MRR    R@5   R@10  MRR
        =============================  =================  =================  =================
        dense alone                    75.0  81.9  64.0   84.4  93.3  68.5   95.1  98.2  85.1
        BM25 alone                     80.8  86.4  69.3   87.6  95.7  70.2   97.2  99.0  86.5
        both, mixed                    84.1  89.2  74.5   87.2  94.8  72.1   97.3  98.8  88.6
        with paragraphs                87.7  92.2  76.2   89.5  96.0  73.2   97.6  99.1  88.7
        with neighbours, as here       88.5  92.9  76.8   90.0  96.0  73.8   97.9  99.1  88.8
        =============================  =================  =================  =================

    Those are the first stage's. The second makes it 90.1, 93.9, 79.2 on FQuAD and 90.6, 96.4, 75.4 on PIAF (cross-validated).
    It deals the first stage's scores out anew, so that a relevance keeps its meaning.

    English questions on all Spanish, and all German, articles of XQuAD: the right paragraph comes first in 89.2 and 87.1 %,
    by dense scores alone in 86.8 and 87.1 %.

    Lexical scores count by the share of the question that they explain, and are not stretched as the dense ones are: a
    question of which one common word is found is left to the vectors.

    Every vector is compared. Chroma's own graph was tried: its 400 nearest sentences take 5 ms, and comparing 50,000 in
    memory 10 ms, but then the others have no score, the paragraphs none that is true, and only 7 of the 10 best remained.

    Args:
        query: vector of the question.
        language: of the question.
    """
    first = first_stage(question, query, language, shards)
    mixed = first.mixed.copy()
    words = np.zeros_like(mixed)
    closest: Mapping[str, Scores] = {}
    alike = [shard for shard in shards if shard.language == language]
    if alike:
        rows = np.flatnonzero(np.array([shard.language == language for shard in shards])[first.article_of])
        within = first if len(alike) == len(shards) else first_stage(question, query, language, alike)
        looked_at, closest = _looked_at(question, language, alike, within)
        mixed[rows[looked_at]] = np.sort(mixed[rows[looked_at]])[::-1]
        words[rows[looked_at]] = share_asked_for(question, language, alike, within, looked_at)
    best = int(mixed.argmax())
    place = int(first.article_of[best])
    paragraph = int(first.paragraph_of[best] - first.paragraph_of[first.article_of.searchsorted(place)])
    passages = tuple(passage(shards, int(row)) for row in highest(mixed, READ))
    found = Found(first.dense, first.paragraph_dense, place, paragraph, passages, closest)
    return Ranking(first.dense, first.lexical, words, stretched(mixed), found)


def _looked_at(
    question: str, language: str, shards: Sequence[Shard], first: FirstStage
) -> tuple[Rows, Mapping[str, Scores]]:
    """The second stage: the best rows of the first in their new order, and their features in the same order."""
    rows = highest(first.mixed, CANDIDATES)
    features = candidate_features(question, language, shards, first, rows)
    scores: Scores = np.sum([weight * features[name] for name, weight in _weights().items()], axis=0)
    order = np.argsort(-scores, kind="stable")
    return rows[order], {name: values[order] for name, values in (features | {"score": scores}).items()}


def highest(scores: Scores, limit: int) -> Rows:
    """Places of the highest scores, best first, the earlier first where two are equal."""
    floor = np.partition(scores, -limit)[-limit] if limit < len(scores) else -np.inf  # no need to sort them all
    places = np.flatnonzero(scores >= floor)
    return np.asarray(places[np.argsort(-scores[places], kind="stable")][:limit])


@cache
def _weights() -> Mapping[str, np.float32]:
    stored = json.loads((files("debatebot") / "models" / "ranking.json").read_text("utf-8"))
    return {name: np.float32(weight) for name, weight in stored["weights"].items()}


def first_stage(question: str, query: Vectors, language: str, shards: Sequence[Shard]) -> FirstStage:
    """The scores of all rows; arguments as of `rank`."""
    sizes = [len(shard) for shard in shards]
    starts = np.concatenate(
        [shard.starts + end - size for shard, size, end in zip(shards, sizes, np.cumsum(sizes), strict=True)]
    )
    dense = np.concatenate([shard.vectors @ query for shard in shards])
    paragraph_of = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(dense)))
    article_of = np.repeat(np.arange(len(shards)), sizes)
    paragraph_dense = _of_paragraphs(dense, starts, shards)
    lexical, paragraph_lexical = _lexical(question, language, shards)
    words = LEXICAL * lexical + PARAGRAPH_LEXICAL * paragraph_lexical[paragraph_of]
    foreign = np.array([shard.language != language for shard in shards])[article_of]
    if foreign.any() and not foreign.all():
        of_sentences = levelled(dense, article_of, language, shards, 0)
        of_paragraphs = levelled(paragraph_dense, article_of[starts], language, shards, 1)
        near = _near(of_sentences, of_paragraphs, paragraph_of)
        words = with_words_expected(near, words, foreign)
    else:
        near = _near(dense, paragraph_dense, paragraph_of)
    return FirstStage(
        dense=dense,
        paragraph_dense=paragraph_dense,
        lexical=lexical,
        paragraph_lexical=paragraph_lexical,
        mixed=near + words,
        starts=starts,
        paragraph_of=paragraph_of,
        article_of=article_of,
    )


def _near(dense: Scores, paragraph_dense: Scores, paragraph_of: Rows) -> Scores:
    near: Scores = stretched(dense) + PARAGRAPH_DENSE * stretched(paragraph_dense)[paragraph_of]
    return near


def _of_paragraphs(dense: Scores, starts: Rows, shards: Sequence[Shard]) -> Scores:
    """Cosine of the question with the mean of each paragraph's vectors.

    Embedding the paragraphs themselves takes half as long again and gains nothing (FQuAD: R@5 88.5 for 88.3).
    """
    norms = np.concatenate([shard.norms for shard in shards])
    return np.asarray(np.add.reduceat(dense, starts) / norms, dtype=np.float32)


def _lexical(question: str, language: str, shards: Sequence[Shard]) -> tuple[Scores, Scores]:
    """Lexical scores of the sentences, and of the paragraphs; articles of one language share their idf."""
    places = sorted(range(len(shards)), key=lambda place: shards[place].language)
    sentences: dict[int, Scores] = {}
    paragraphs: dict[int, Scores] = {}
    for article_language, group in groupby(places, key=lambda place: shards[place].language):
        members = list(group)
        parts = [shards[place] for place in members]
        terms = question_terms(question, language, article_language)
        factor = np.float32(1.0 if language == article_language else FOREIGN)
        follows = np.concatenate([part.follows for part in parts])
        found = factor * shares(terms, [part.postings for part in parts], follows)
        of_paragraphs = factor * shares(terms, [part.paragraph_postings for part in parts])
        sentences |= zip(members, _split(found, [part.postings for part in parts]), strict=True)
        paragraphs |= zip(members, _split(of_paragraphs, [part.paragraph_postings for part in parts]), strict=True)
    ordered = range(len(shards))
    return np.concatenate([sentences[at] for at in ordered]), np.concatenate([paragraphs[at] for at in ordered])


def _split(scores: Scores, parts: Sequence[Postings]) -> list[Scores]:
    return np.split(scores, np.cumsum([part.size for part in parts])[:-1])
