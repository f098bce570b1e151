"""The prompt of a briefing: the rules that all prompts share, the article's sentences, and the sections asked for."""

from __future__ import annotations

from collections.abc import Sequence

from debatebot.briefing.types import BriefRequest
from debatebot.prompts import Messages, PromptBook
from debatebot.types import Evidence

MOST_CLAIMS = 24
"""Statements of a whole briefing, at most: a model that goes on for ever is left there."""

_MOST_SENTENCES = 120  # about 4,000 tokens: what a small model's window holds beside the rules and the reply


def most_central(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences that a model reads, in the order of the article: all, or the most central of a long one."""
    kept = sorted(evidence, key=lambda item: item.relevance, reverse=True)[:_MOST_SENTENCES]
    return tuple(sorted(kept, key=lambda item: item.number))


def brief_messages(book: PromptBook, request: BriefRequest, evidence: Sequence[Evidence]) -> Messages:
    """What a model is sent."""
    return book.reading("brief", (request.article,), evidence, request.language)
