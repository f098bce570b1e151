"""A briefing as JSON: the document that `debatebot brief --json` prints; its schema is `debatebot/schemas/brief.json`."""

from __future__ import annotations

from typing import Any

from debatebot.briefing.types import Briefing, Section
from debatebot.serialization import SCHEMA, debate_to_json
from debatebot.types import Answer, Comparison, Debate


def briefing_to_json(briefing: Briefing) -> dict[str, Any]:
    """The document; evidence holds the sentences that are cited."""
    written = debate_to_json(as_debate(briefing))
    [whole, *answers] = written["answers"]
    article = briefing.article
    return {
        "schema": SCHEMA,
        "article": written["articles"][0] | {"author": article.author, "date": article.date},
        "language": briefing.language,
        "evidence": written["evidence"],
        "sections": [
            {
                "name": section.name,
                "claims": answer["claims"],
                "invented": section.is_invented,
                "invented_claims": list(section.invented),
            }
            for section, answer in zip(briefing.sections, answers, strict=True)
        ],
        "uncited": list(briefing.uncited),
        "dropped_lines": briefing.dropped_lines,
        **{name: whole[name] for name in _OF_THE_WHOLE},
    }


_OF_THE_WHOLE = ("engine", "status", "dropped_markers", "error", "usage", "seconds", "prompt_hash")


def as_debate(briefing: Briefing) -> Debate:
    """The parts that a briefing has in common with the answers to a question, so that both are written alike."""
    whole = _answer(briefing, Section("facts"))
    answers = [whole, *(_answer(briefing, section) for section in briefing.sections)]
    evidence = tuple(briefing.cited.values())
    return Debate("", briefing.language, (briefing.article,), evidence, tuple(answers), Comparison())


def _answer(briefing: Briefing, section: Section) -> Answer:
    return Answer(
        perspective=section.name,
        label=section.name,
        engine=briefing.engine,
        status=briefing.status,
        text="",
        claims=section.claims,
        dropped_markers=briefing.dropped_markers,
        error=briefing.error,
        usage=briefing.usage,
        seconds=briefing.seconds,
        prompt_hash=briefing.prompt_hash,
    )
