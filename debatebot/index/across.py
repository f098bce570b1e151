"""Articles in the question's language beside articles in others: their scores made comparable before they are ranked together.

Two things favour the question's own language: its sentences are nearer in embedding space whatever they say, and only they can
hold its words. Left alone, an article in another language that answers is hardly cited (XQuAD, English questions, every second
article Spanish: where the answer is in Spanish it is among the best five sentences in 61 % of the questions, by vectors alone in
83 %, as here in 87 %; where it is in English in 97 %, as before). More in models/ranking.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from debatebot.answerability import reached_by_others
from debatebot.index.shards import Rows, Scores, Shard

_NEAREST = 40
"""Sentences of the question's language from which it is learned how many of its words a sentence so near holds."""


_HALF = 0.5
"""Of the difference of all cosines, where no background tells: most of it is language, and some of it the subject."""


def levelled(scores: Scores, shard_of: Rows, language: str, shards: Sequence[Shard], row: int) -> Scores:
    """Cosines with what articles in other languages lack for their language alone added.

    How much that is tell the background questions in the question's language, none of which is on any article's subject:
    the difference of the best cosines they reach in its articles and in the others.

    Args:
        shard_of: the shard of each score; of the shards some are in the question's language and some are not.
        row: of the background: 0 where the scores are of sentences, 1 of paragraphs.
    """
    foreign = np.array([shard.language != language for shard in shards])
    reached = [found[row].mean() for shard in shards if (found := reached_by_others(shard, language)) is not None]
    if len(reached) == len(shards):
        means = np.array(reached)
        lacking = means[~foreign].mean() - means[foreign].mean()
    else:
        lacking = _HALF * (scores[~foreign[shard_of]].mean() - scores[foreign[shard_of]].mean())
    return np.asarray(scores + np.where(foreign, lacking, 0.0)[shard_of], dtype=np.float32)


def with_words_expected(near: Scores, words: Scores, foreign: NDArray[np.bool_]) -> Scores:
    """What the words count, where sentences in other languages get what one as near in the question's language would have.

    Args:
        near: how near each sentence is to the question by vectors, comparable between languages.
        words: what shared words count for each.
        foreign: which are in another language than the question; not all.
    """
    best = np.argsort(-near[~foreign], kind="stable")[:_NEAREST]
    nearness, found = near[~foreign][best], words[~foreign][best]
    spread = float(nearness.var())
    slope = float(((nearness - nearness.mean()) * (found - found.mean())).mean()) / spread if spread > 1e-9 else 0.0
    expected = found.mean() + max(0.0, slope) * (near[foreign] - nearness.mean())
    together = words.copy()
    together[foreign] = np.maximum(words[foreign], expected)
    return together
