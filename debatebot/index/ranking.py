"""Which sentences bear on a question: dense and lexical scores, of the sentence and of its paragraph, mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from debatebot.answerability import Found
from debatebot.index.shards import Rows, Scores, Shard
from debatebot.lexical import Postings, question_terms, shares
from debatebot.types import Vectors

PARAGRAPH_DENSE = 0.4
LEXICAL = 1.6
PARAGRAPH_LEXICAL = 0.6
"""What each score counts beside 1 for the sentence's own dense score."""

FOREIGN = 0.25
"""What lexical scores count of that where question and article differ in language and only numbers are compared."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of all rows of the shards that were searched, one shard after the other; each of shape (rows,).

    `dense`: cosine with the question. `lexical`: share of what the question's words weigh that is found in the sentence.
    `relevance`: all scores mixed, from 0 for the least to 1 for the most relevant row. `found`: what
    `debatebot.answerability` judges by.
    """

    dense: Scores
    lexical: Scores
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
    dense = np.concatenate([shard.vectors @ query for shard in shards])
    sizes = [len(shard) for shard in shards]
    ends = np.cumsum(sizes)
    starts = np.concatenate([shard.starts + end - size for shard, size, end in zip(shards, sizes, ends, strict=True)])
    paragraph_of = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(dense)))
    of_paragraphs = _of_paragraphs(dense, starts, shards)
    lexical, paragraph_lexical = _lexical(question, language, shards)
    mixed = _stretched(dense) + LEXICAL * lexical
    mixed += PARAGRAPH_DENSE * _stretched(of_paragraphs)[paragraph_of]
    mixed += PARAGRAPH_LEXICAL * paragraph_lexical[paragraph_of]
    best = int(mixed.argmax())
    place = int(np.searchsorted(ends, best, side="right"))
    in_place = best - int(ends[place]) + sizes[place]
    paragraph = int(np.searchsorted(shards[place].starts, in_place, side="right")) - 1
    return Ranking(dense, lexical, _stretched(mixed), Found(dense, of_paragraphs, place, paragraph))


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


def _stretched(scores: Scores) -> Scores:
    """From 0 for the least to 1 for the most; all 1 where none is better than another."""
    least, most = scores.min(), scores.max()
    if most <= least:
        return np.ones_like(scores)
    return np.asarray((scores - least) / (most - least), dtype=np.float32)
