"""The cited sentences that share most with a claim: of a whole page cited, the others are not worth embedding or reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from debatebot.grounding.frequency import UNSEEN, weight
from debatebot.grounding.reading import Reading, read

MOST = 8
"""Sentences that are compared with a claim. A claim that cites more is rare, but for the public sets."""

PASSAGE_CHARACTERS = 400
"""About what the pair reader was trained on: of a longer text it tells little (begin, claims of held-out pages: AUC 78.8 on
whole texts, 95.5 on their sentences that share most with the claim)."""

_END = re.compile(r"(?<=[.!?;])\s+")


def closest(claim: str, sentences: Sequence[str], most: int = MOST) -> list[str]:
    """The `most` sentences that hold most of the claim's words, by how much each tells; in their order."""
    if len(sentences) <= most:
        return list(sentences)
    return [sentences[at] for at in sorted(_ranked(claim, sentences)[:most])]


def passage(claim: str, sentences: Sequence[str]) -> str:
    """The sentences to be read together with the claim, joined: those that hold most of its words, in their order.

    What is cited as one sentence and is longer than all that is read counts as the sentences it holds.
    """
    if sum(map(len, sentences)) <= PASSAGE_CHARACTERS:
        return " ".join(sentences)
    sentences = list(chain.from_iterable(map(_parts, sentences)))
    chosen: list[int] = []
    for at in _ranked(claim, sentences):
        if not chosen or sum(len(sentences[other]) for other in chosen) + len(sentences[at]) < PASSAGE_CHARACTERS:
            chosen.append(at)
    return " ".join(sentences[at] for at in sorted(chosen))


def _parts(sentence: str) -> list[str]:
    return _END.split(sentence) if len(sentence) > PASSAGE_CHARACTERS else [sentence]


def _ranked(claim: str, sentences: Sequence[str]) -> list[int]:
    """Positions of the sentences, that which shares most with the claim first."""
    mine = read(claim)
    telling = {mine.stems[index]: weight(mine.stems[index], mine.language) for index in mine.content}
    telling |= {
        mine.folded[index]: UNSEEN for quantity in mine.quantities for index in range(quantity.start, quantity.end)
    }
    return sorted(range(len(sentences)), key=lambda at: -_shared(telling, read(sentences[at], mine.language)))


def _shared(telling: dict[str, float], sentence: Reading) -> float:
    held = {*sentence.stems, *sentence.folded}
    return sum(weighed for word, weighed in telling.items() if word in held)
