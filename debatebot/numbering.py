"""One numbering for a whole conversation: a sentence has one number in all its turns and rounds, and a number one sentence.

Conversations are kept in which it was not so, from when a debate counted on from its own evidence alone. They are read as if
it had been: the first meaning of a number stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from debatebot.rounds.types import Contribution, Discussion, Rebuttal, Round
from debatebot.types import Answer, Claim, Comparison, Debate, UnusedSentence
from debatebot.wording import answer_text


def numbers_of(debates: Iterable[Debate]) -> dict[str, int]:
    """Sentence id → its number: the first that it had and that no other sentence had before; else the lowest free one.

    The lowest one, because what a conversation finds later is numbered after the highest: the free ones stay free, and the
    number is the same whenever the conversation is read.
    """
    found = [item for debate in debates for item in debate.evidence]
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    for item in found:
        if item.sentence.id not in numbers and item.number not in taken:
            numbers[item.sentence.id] = item.number
            taken.add(item.number)
    kept = {item.number for item in found}
    free = (number for number in count(1) if number not in kept)
    for item in found:
        if item.sentence.id not in numbers:
            numbers[item.sentence.id] = next(free)
    return numbers


def renumbered(debate: Debate, numbers: Mapping[str, int]) -> Debate:
    """The debate with these numbers, in its evidence and wherever it cites.

    Args:
        numbers: sentence id → number, of all its evidence.
    """
    return _Renumbering(debate, numbers).debate()


def renumbered_discussion(discussion: Discussion, numbers: Mapping[str, int]) -> Discussion:
    """The same for a debate in rounds."""
    return _Renumbering(discussion.opening, numbers).discussion(discussion)


class _Renumbering:
    """Gives the sentences of one debate other numbers."""

    def __init__(self, debate: Debate, numbers: Mapping[str, int]) -> None:
        self._debate = debate
        self._new = {item.number: numbers[item.sentence.id] for item in debate.evidence}
        self._languages = {article.id: article.language for article in debate.articles}

    @property
    def _is_needed(self) -> bool:
        return any(old != new for old, new in self._new.items())

    def debate(self) -> Debate:
        if not self._is_needed:
            return self._debate
        evidence = {(new := self._new[item.number]): replace(item, number=new) for item in self._debate.evidence}
        return replace(
            self._debate,
            evidence=tuple(evidence.values()),
            answers=tuple(map(self._answer, self._debate.answers)),
            comparison=self._comparison(self._debate.comparison),
        )

    def discussion(self, discussion: Discussion) -> Discussion:
        if not self._is_needed:
            return discussion
        closing = discussion.closing
        return replace(
            discussion,
            opening=self.debate(),
            rounds=tuple(map(self._round, discussion.rounds)),
            closing=closing and replace(closing, comparison=self._comparison(closing.comparison)),
        )

    def _numbers(self, numbers: Sequence[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._new[number] for number in numbers))

    def _claim(self, claim: Claim) -> Claim:
        citations = {(new := self._new[one.number]): replace(one, number=new) for one in claim.citations}
        return replace(claim, citations=tuple(citations.values()))

    def _answer(self, answer: Answer) -> Answer:
        claims = tuple(map(self._claim, answer.claims))
        return replace(answer, claims=claims, text=answer_text(claims, self._languages) if claims else answer.text)

    def _comparison(self, comparison: Comparison) -> Comparison:
        return replace(
            comparison,
            common_ground=tuple(
                replace(one, citations=self._numbers(one.citations)) for one in comparison.common_ground
            ),
            unused_evidence=self._numbers(comparison.unused_evidence),
            unused=tuple(map(self._unused, comparison.unused)),
        )

    def _unused(self, unused: UnusedSentence) -> UnusedSentence:
        return unused if unused.number is None else replace(unused, number=self._new[unused.number])

    def _round(self, one: Round) -> Round:
        return replace(
            one, added=self._numbers(one.added), contributions=tuple(map(self._contribution, one.contributions))
        )

    def _contribution(self, contribution: Contribution) -> Contribution:
        return replace(contribution, rebuttals=tuple(map(self._rebuttal, contribution.rebuttals)))

    def _rebuttal(self, rebuttal: Rebuttal) -> Rebuttal:
        return replace(rebuttal, claim=self._claim(rebuttal.claim))
