"""Debates in rounds as JSON: the public document of `debatebot debate --json`, and the record that a conversation keeps.

Both extend those of a plain question (`debatebot.serialization`): what a side says in a round is written like an answer, each
claim with what it answers. A reader that knows nothing of rounds finds the opening, with all evidence and its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from debatebot.catalog import translate, translate_about
from debatebot.rounds.types import (
    DEFAULT_ROUNDS,
    REMARK,
    Closing,
    Contribution,
    Discussion,
    Effort,
    Rebuttal,
    Remark,
    Round,
)
from debatebot.serialization import debate_to_json, debate_to_record, record_to_debate
from debatebot.types import Answer, Article, Debate
from debatebot.wording import answer_text

_DIGITS = 4

Write = Callable[[Debate], dict[str, Any]]


def discussion_to_json(discussion: Discussion) -> dict[str, Any]:
    """The document that `debatebot debate --json` prints; its schema is `debatebot/schemas/debate.json`."""
    return _document(discussion, debate_to_json) | {
        "over": discussion.is_over,
        "effort": _effort(discussion.effort),
    }


def discussion_to_record(discussion: Discussion) -> dict[str, Any]:
    """What a conversation keeps of a debate in rounds; `record_to_discussion` is its inverse."""
    record = _document(discussion, debate_to_record)
    for kept, one in zip(record["rounds"], discussion.rounds, strict=True):
        for kept_contribution, contribution in zip(kept["contributions"], one.contributions, strict=True):
            kept_contribution["silence"] = contribution.silence
    return record


def record_to_discussion(record: Mapping[str, Any], articles: Mapping[str, Article]) -> Discussion | None:
    """Rebuild a debate from its record; None where the record is that of a question without rounds.

    Args:
        articles: as for `debatebot.serialization.record_to_debate`.
    """
    if "rounds" not in record:
        return None

    def read(answers: Sequence[Mapping[str, Any]], comparison: Mapping[str, Any]) -> Debate:
        return record_to_debate({**record, "answers": answers, "comparison": comparison}, articles)

    def contributions(kept: Mapping[str, Any]) -> tuple[Contribution, ...]:
        answers = read(kept["contributions"], record["comparison"]).answers
        return tuple(map(_read_contribution, kept["contributions"], answers))

    moderator = record["moderator"]
    return Discussion(
        opening=record_to_debate(record, articles),
        rounds=tuple(
            Round(
                number=kept["number"],
                remark=Remark(**kept["remark"]) if kept["remark"] else None,
                added=tuple(kept["added"]),
                contributions=contributions(kept),
                seconds=kept["seconds"],
            )
            for kept in record["rounds"]
        ),
        closing=moderator
        and Closing(
            comparison=read(record["answers"], moderator["comparison"]).comparison,
            conceded=tuple(moderator["conceded"]),
            unanswered=tuple(moderator["unanswered"]),
        ),
        planned=record.get("planned", DEFAULT_ROUNDS),
    )


# --- writing --------------------------------------------------------------------------------------------------------


def _document(discussion: Discussion, write: Write) -> dict[str, Any]:
    opening, closing = discussion.opening, discussion.closing
    return write(opening) | {
        "planned": discussion.planned,
        "rounds": [_round(one, opening, write) for one in discussion.rounds],
        "moderator": closing
        and {
            "comparison": write(replace(opening, comparison=closing.comparison))["comparison"],
            "conceded": list(closing.conceded),
            "unanswered": list(closing.unanswered),
        },
    }


def _round(one: Round, opening: Debate, write: Write) -> dict[str, Any]:
    answers = tuple(_as_answer(contribution, opening) for contribution in one.contributions)
    written = write(replace(opening, answers=answers))["answers"]
    for kept, contribution in zip(written, one.contributions, strict=True):
        kept |= {
            "answered_before": dict(contribution.answered_before),
            "unanswered": list(contribution.unanswered),
            "dropped_lines": contribution.dropped_lines,
        }
        for claim, rebuttal in zip(kept["claims"], contribution.rebuttals, strict=True):
            claim |= {"answers": rebuttal.answers, "concedes": rebuttal.concedes}
    return {
        "number": one.number,
        "remark": asdict(one.remark) if one.remark else None,
        "added": list(one.added),
        "seconds": round(one.seconds, _DIGITS),
        "contributions": written,
    }


def _as_answer(contribution: Contribution, opening: Debate) -> Answer:
    return Answer(
        perspective=contribution.perspective,
        label=contribution.label,
        engine=contribution.engine,
        status=contribution.status,
        text=contribution_text(contribution, opening),
        claims=tuple(rebuttal.claim for rebuttal in contribution.rebuttals),
        dropped_markers=contribution.dropped_markers,
        error=contribution.error,
        usage=contribution.usage,
        seconds=contribution.seconds,
        prompt_hash=contribution.prompt_hash,
    )


def contribution_text(contribution: Contribution, opening: Debate) -> str:
    """What a side said in a round as text: one claim a line, then its asides."""
    languages = {article.id: article.language for article in opening.articles}
    said = answer_text([rebuttal.claim for rebuttal in contribution.rebuttals], languages)
    return "\n".join(line for line in (said, *asides(contribution, opening.language, len(opening.articles))) if line)


def asides(contribution: Contribution, language: str, articles: int) -> list[str]:
    """What a side says in a round without a claim: what it has answered before, and what it cannot answer.

    Args:
        articles: how many are spoken of.
    """
    before = [
        translate("debate.answered_before", language, claim=claim, by=by)
        for claim, by in contribution.answered_before.items()
    ]
    silent = [_nothing_to_answer(identifier, language, articles) for identifier in contribution.unanswered]
    return [*before, *silent, *filter(None, [contribution.silence])]


def _nothing_to_answer(identifier: str, language: str, articles: int) -> str:
    if identifier == REMARK:
        return translate_about(articles, "debate.nothing_to_remark", language)
    return translate_about(articles, "debate.nothing_to_answer", language, claim=identifier)


def _effort(effort: Effort) -> dict[str, Any]:
    return {
        "tokens": effort.tokens,
        "plain_tokens": effort.plain_tokens,
        "tokens_ratio": _rounded(effort.tokens_ratio),
        "seconds": _rounded(effort.seconds),
        "plain_seconds": _rounded(effort.plain_seconds),
        "seconds_ratio": _rounded(effort.seconds_ratio),
        "usage": asdict(effort.usage),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


# --- reading --------------------------------------------------------------------------------------------------------


def _read_contribution(kept: Mapping[str, Any], answer: Answer) -> Contribution:
    return Contribution(
        perspective=answer.perspective,
        label=answer.label,
        engine=answer.engine,
        status=answer.status,
        rebuttals=tuple(
            Rebuttal(claim, written["answers"], written["concedes"])
            for claim, written in zip(answer.claims, kept["claims"], strict=True)
        ),
        answered_before=kept["answered_before"],
        unanswered=tuple(kept["unanswered"]),
        silence=kept["silence"],
        dropped_markers=answer.dropped_markers,
        dropped_lines=kept["dropped_lines"],
        error=answer.error,
        usage=answer.usage,
        seconds=answer.seconds,
        prompt_hash=answer.prompt_hash,
    )
