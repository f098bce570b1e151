"""Briefings without a model: each section is sentences of the article, chosen by what they do in it and how central they are.

Facts are plain sentences with a figure or a name; the neutral reading is the article's own weighing; the analogy is the one
that the article draws, if it draws one; the two views are its hopeful and its worried sentences. No sentence stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from debatebot.briefing.types import BrieferEvent, BriefRequest, SectionBegun, SectionName
from debatebot.rhetoric import has_date, has_quantity, in_analogy, is_weighing, kind_of, sets_sides
from debatebot.supports import may_support
from debatebot.types import Citation, DraftClaim, Evidence, Insufficient

_LEANS = 0.25
_CLEAR = 0.5  # outlook from which a sentence that leaves something open is one side's all the same
_PLAIN = 0.25  # outlook within which a sentence with a figure is a fact; without one it must be plainer
_PLAINER = 0.2
_MOST = 4  # sentences of a section
_MOST_OF_AN_ANALOGY = 4
_SAME_THING = 0.93  # cosine of two sentences that repeat each other, with the built-in embeddings
_HEADING_WORDS = 12

# A sentence that begins so says by itself neither who nor what: quoted alone, it is half a statement.
_LEANS_ON_ANOTHER = re.compile(
    r"(?:ils?|elles?|celui-ci|celle-ci|ceux-ci|cela|ça|ce (?:chiffre|dernier|n['’]est)|ces|cette|cet|mais|or|car|pourtant|ainsi"
    r"|de même|autrement dit|it|they|he|she|this|that|these|those|such|but|yet|so|and|still)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[^\W\d_] )[A-ZÀÂÉÈÊÎÔÛÇ]\w+|(?<=\d )[A-Z]\w+|\b[A-Z]{2,}\b")

_SOURCE = re.compile(r"\b(?:selon|d['’]après|according to|says?|said|reports?|reported)\b", re.IGNORECASE)

# A view that takes itself back in the same sentence speaks for neither side.
_MIXED = re.compile(
    r"\b(?:mais|pourtant|toutefois|cependant|bien que|quoique|tout en|but|although|though|however|yet|whereas|cannot)\b"
    r"|même si",
    re.IGNORECASE,
)

Merit = Callable[[Evidence], float | None]
"""How much a sentence is worth to a section; None: it does not belong there."""


def brief(request: BriefRequest) -> Iterator[BrieferEvent]:
    """The sections in their order; see `debatebot.briefing.types.Briefer`. Never raises."""
    choice = _Choice(request)
    # The rarest first: what a section alone can use is not taken from it by one that has others.
    analogy = choice.analogy()
    neutral = choice.take(_weighing)
    facts = choice.take(_fact)
    hopeful = choice.take(_hopeful)
    worried = choice.take(_worried)
    sections: dict[SectionName, list[Evidence]] = {
        "facts": facts,
        "neutral": neutral,
        "analogy": analogy,
        "optimistic": hopeful,
        "pessimistic": worried,
    }
    if not any(sections.values()):
        yield Insufficient("")
    yield from (event for name, chosen in sections.items() for event in _section(name, chosen))


def _section(name: SectionName, chosen: Sequence[Evidence]) -> Iterator[BrieferEvent]:
    if chosen:
        yield SectionBegun(name)
    for item in sorted(chosen, key=lambda item: item.number):
        text = item.sentence.text
        yield DraftClaim(text, (Citation(item.number, item.sentence),), kind_of(text))


class _Choice:
    """Takes sentences of one article, none twice, none that repeats one already taken."""

    def __init__(self, request: BriefRequest) -> None:
        self._evidence = request.evidence
        self._vectors = request.vectors
        self._in_analogy = in_analogy([item.sentence for item in request.evidence])
        self._taken: list[int] = []

    def analogy(self) -> list[Evidence]:
        """The first everyday comparison of the article, from the sentence that opens it."""
        if True not in self._in_analogy:
            return []
        first = self._in_analogy.index(True)
        place = self._evidence[first].sentence.paragraph
        run = [
            at
            for at in range(first, len(self._evidence))
            if self._in_analogy[at] and self._evidence[at].sentence.paragraph == place
        ][:_MOST_OF_AN_ANALOGY]
        self._taken += run
        return [self._evidence[at] for at in run]

    def take(self, merit: Merit) -> list[Evidence]:
        """Up to four sentences of a section, the best first; fewer where the article has no more."""
        worth = {at: value for at in self._usable() if (value := merit(self._evidence[at])) is not None}
        chosen: list[int] = []
        for at in sorted(worth, key=lambda at: worth[at], reverse=True):
            if len(chosen) < _MOST and not self._repeats(at):
                chosen.append(at)
                self._taken.append(at)
        return [self._evidence[at] for at in chosen]

    def _usable(self) -> list[int]:
        return [
            at
            for at, item in enumerate(self._evidence)
            if at not in self._taken
            and not self._in_analogy[at]
            and not item.sentence.text.rstrip().endswith("?")
            and not _is_heading(item.sentence.text)
        ]

    def _repeats(self, at: int) -> bool:
        if not self._taken:
            return False
        return bool(np.max(self._vectors[self._taken] @ self._vectors[at]) > _SAME_THING)


def _fact(item: Evidence) -> float | None:
    text, lean = item.sentence.text, abs(item.sentence.outlook)
    figures = has_quantity(text) and any(map(str.isdigit, text))
    if lean > (_PLAIN if figures else _PLAINER) or is_weighing(text) or kind_of(text) != "fact":
        return None
    merit = 0.5 * figures + 0.2 * has_date(text) + 0.15 * bool(_NAME.search(text)) + 0.15 * bool(_SOURCE.search(text))
    return _stands_alone(item) + merit if merit else None


def _weighing(item: Evidence) -> float | None:
    text = item.sentence.text
    if not is_weighing(text) or (abs(item.sentence.outlook) >= _CLEAR and not sets_sides(text)):
        return None
    return _stands_alone(item) + (0.5 if sets_sides(text) else 0.0)


def _hopeful(item: Evidence) -> float | None:
    return _view(item, item.sentence.outlook) if may_support(item.sentence.text, "hopeful") else None


def _worried(item: Evidence) -> float | None:
    return _view(item, -item.sentence.outlook) if may_support(item.sentence.text, "worried") else None


def _view(item: Evidence, lean: float) -> float | None:
    text = item.sentence.text
    if lean < _LEANS or sets_sides(text) or (is_weighing(text) and lean < _CLEAR):
        return None
    outlook_of_somebody = 0.3 if kind_of(text) != "fact" else 0.0  # what may come, or what somebody makes of it
    return _stands_alone(item) + lean + outlook_of_somebody - (0.4 if _MIXED.search(text) else 0.0)


def _stands_alone(item: Evidence) -> float:
    """How central a sentence is, less where it leans on the one before it."""
    return item.relevance - (0.5 if _LEANS_ON_ANOTHER.match(item.sentence.text.lstrip('«“" ')) else 0.0)


def _is_heading(text: str) -> bool:
    """A short line without a stop names what follows and states nothing; a line of signs says nothing at all."""
    if not any(map(str.isalpha, text)):
        return True
    return text[-1] not in ".!?…»”\"')]:;" and len(text.split()) <= _HEADING_WORDS
