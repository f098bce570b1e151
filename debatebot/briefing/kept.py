"""Briefings that are kept for a person, so that they are there again after a reload and a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from debatebot.briefing.document import as_debate
from debatebot.briefing.types import Briefing, Section
from debatebot.serialization import debate_to_record, record_to_debate
from debatebot.types import Article

if TYPE_CHECKING:
    from debatebot.library import Library


class KeptBriefings:
    """The briefings of one person in the library: the last one of each article and language."""

    def __init__(self, library: Library, person: str) -> None:
        self._briefings = library.briefings
        self._person = person

    def get(self, article: Article, language: str) -> Briefing | None:
        """What was kept; None where nothing was, or where the article says something else by now."""
        record = self._briefings.get(self._person, article.id, language)
        if record is None or record["content_hash"] != article.content_hash:
            return None
        return record_to_briefing(record, article)

    def keep(self, briefing: Briefing) -> None:
        """Keep a briefing, in place of the one before."""
        record = briefing_to_record(briefing)
        self._briefings.keep(self._person, briefing.article.id, briefing.language, record)


def briefing_to_record(briefing: Briefing) -> dict[str, Any]:
    """What is kept of a briefing: its sections as answers of a debate; `record_to_briefing` is its inverse."""
    return debate_to_record(as_debate(briefing)) | {
        "content_hash": briefing.article.content_hash,
        "sections": [section.name for section in briefing.sections],
        "made_up": list(briefing.section("analogy").invented),
        "dropped_lines": briefing.dropped_lines,
    }


def record_to_briefing(record: Mapping[str, Any], article: Article) -> Briefing:
    """Rebuild a briefing of this article from its record; of the evidence, the sentences that it cites are left."""
    debate = record_to_debate(record, {article.id: article})
    whole, *answers = debate.answers
    sections = zip(record["sections"], answers, strict=True)
    made_up = tuple(record["made_up"]) if "made_up" in record else None  # not in those kept by an earlier version
    return Briefing(
        article=article,
        language=debate.language,
        engine=whole.engine,
        status=whole.status,
        evidence=debate.evidence,
        sections=tuple(Section(name, answer.claims, made_up if name == "analogy" else ()) for name, answer in sections),
        dropped_markers=whole.dropped_markers,
        dropped_lines=record["dropped_lines"],
        error=whole.error,
        usage=whole.usage,
        seconds=whole.seconds,
        prompt_hash=whole.prompt_hash,
    )
