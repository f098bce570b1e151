"""What a debate costs, in tokens and seconds, beside what one plain answer to the same question costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from debatebot.rounds.types import Effort
from debatebot.types import Comparison, Usage

if TYPE_CHECKING:
    from debatebot.rounds.types import Discussion

_Number = TypeVar("_Number", int, float)


def effort_of(discussion: Discussion) -> Effort:
    """Tokens and seconds of all that was said and compared; a plain answer costs the mean of the opening's answers."""
    answers = discussion.opening.answers
    plain = [answer.usage for answer in answers if answer.usage]
    usage = _total(_usages(discussion))
    seconds = [answer.seconds.total for answer in answers]
    return Effort(
        tokens=_tokens(usage),
        plain_tokens=_mean_tokens(plain),
        seconds=max(seconds, default=0.0)
        + sum(one.seconds for one in discussion.rounds)
        + sum(comparison.seconds for comparison in _comparisons(discussion)),
        plain_seconds=sum(seconds) / len(seconds) if seconds else 0.0,
        usage=usage,
    )


def _usages(discussion: Discussion) -> list[Usage]:
    contributions = [contribution for one in discussion.rounds for contribution in one.contributions]
    found = [answer.usage for answer in discussion.opening.answers]
    found += [contribution.usage for contribution in contributions]
    found += [comparison.usage for comparison in _comparisons(discussion)]
    return [usage for usage in found if usage]


def _comparisons(discussion: Discussion) -> list[Comparison]:
    """The opening's, and the moderator's."""
    closing = discussion.closing
    return [discussion.opening.comparison, *([closing.comparison] if closing else [])]


def _total(usages: Sequence[Usage]) -> Usage:
    return Usage(
        input_tokens=_sum(usage.input_tokens for usage in usages),
        cached_tokens=_sum(usage.cached_tokens for usage in usages),
        output_tokens=_sum(usage.output_tokens for usage in usages),
        cost_usd=_sum(usage.cost_usd for usage in usages),
    )


def _sum(values: Iterable[_Number | None]) -> _Number | None:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _tokens(usage: Usage) -> int | None:
    return _sum((usage.input_tokens, usage.output_tokens))


def _mean_tokens(usages: Sequence[Usage]) -> int | None:
    known = [tokens for tokens in map(_tokens, usages) if tokens is not None]
    return round(sum(known) / len(known)) if known else None
