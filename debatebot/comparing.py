"""Comparing when all answers are there: at once without a model, then by the engine where it can.

What a model makes of the answers is checked before it is taken, and its follow-up questions are searched for like all
others. Where it fails, the built-in comparison stands and says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from debatebot.comparison import with_failure, with_model
from debatebot.errors import DebatebotError, EngineReplyError
from debatebot.followups import follow_ups
from debatebot.types import (
    Compared,
    Comparer,
    CompareRequest,
    Comparison,
    Engine,
    ModelComparison,
    Retriever,
    Usage,
)

_Number = TypeVar("_Number", int, float)

Compare = Callable[[CompareRequest], Comparison]
"""The built-in comparison, as `debatebot.comparison.compare`."""


def compare_at_once(request: CompareRequest, compare: Compare, retriever: Retriever) -> Compared:
    """The built-in comparison, with questions that the articles answer."""
    began = time.monotonic()
    comparison = compare(request)
    proposed = follow_ups(request, comparison, retriever)
    return Compared(replace(comparison, seconds=time.monotonic() - began), proposed)


def compare_with_engine(
    request: CompareRequest, standing: Compared, engine: Engine, retriever: Retriever, interface: str
) -> Compared | None:
    """What the engine makes of the answers, in place of what stands; None where it does not compare, or was stopped.

    Args:
        interface: language of errors.
    """
    if not isinstance(engine, Comparer) or not _worth_comparing(request):
        return None
    began = time.monotonic()
    comparison, questions = _by_engine(request, standing.comparison, engine, interface)
    if comparison is standing.comparison:
        return None
    proposed = follow_ups(request, comparison, retriever, questions) if questions else standing.follow_ups
    taken = standing.comparison.seconds + time.monotonic() - began
    return Compared(replace(comparison, seconds=taken), proposed)


def comparison_by(request: CompareRequest, compare: Compare, engine: Engine, interface: str) -> Comparison:
    """The engine's comparison where it can compare, else the built-in one; without follow-up questions."""
    standing = compare(request)
    if not isinstance(engine, Comparer) or not _worth_comparing(request):
        return standing
    return _by_engine(request, standing, engine, interface)[0]


def _worth_comparing(request: CompareRequest) -> bool:
    said = sum(bool(answer.claims) for answer in request.answers) if request.perspectives else 0
    return said > 1 and not request.cancelled.is_set()


def _by_engine(
    request: CompareRequest, standing: Comparison, engine: Comparer, interface: str
) -> tuple[Comparison, tuple[str, ...]]:
    usage: Usage | None = None
    made: ModelComparison | None = None
    error: DebatebotError | None = None
    try:
        for event in engine.compare(request):
            if isinstance(event, Usage):
                usage = event if usage is None else _sum(usage, event)
            else:
                made = event
    except DebatebotError as caught:
        error = caught
    if made is not None:
        return with_model(standing, made, engine.name, usage), made.questions
    if request.cancelled.is_set():
        return (replace(standing, usage=usage) if usage else standing), ()
    error = error or EngineReplyError("comparison_unusable", model=engine.name)
    return with_failure(standing, error.describe(interface), usage), ()


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        _added(one.input_tokens, other.input_tokens),
        _added(one.cached_tokens, other.cached_tokens),
        _added(one.output_tokens, other.output_tokens),
        _added(one.cost_usd, other.cost_usd),
    )


def _added(one: _Number | None, other: _Number | None) -> _Number | None:
    return one if other is None else other if one is None else one + other
