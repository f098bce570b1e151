"""Debates as JSON: the public document of CONTRACT.md, and the richer record that a conversation is kept as.

The record is the public document with what the page needs to show a turn again exactly as it was: where each sentence
stands in its article, the connecting words of each claim, and why it was judged as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from debatebot.errors import ErrorDescription
from debatebot.serialization.comparison import (
    comparison_to_json,
    follow_up_to_json,
    read_comparison,
    read_follow_up,
)
from debatebot.types import (
    Answer,
    Article,
    Citation,
    Claim,
    Debate,
    Evidence,
    Reason,
    Seconds,
    Sentence,
    Usage,
    Verdict,
)

SCHEMA = "debatebot/1"

_DIGITS = 4  # of scores and seconds: more is noise, and makes documents hard to compare


def debate_to_json(debate: Debate) -> dict[str, Any]:
    """The document that `debatebot ask --json` prints; its schema is `debatebot/schemas/ask.json`."""
    return {
        "schema": SCHEMA,
        "question": debate.question,
        "language": debate.language,
        "articles": [_article(article) for article in debate.articles],
        "evidence": [_evidence(item) for item in debate.evidence],
        "answers": [_answer(answer) for answer in debate.answers],
        "comparison": comparison_to_json(debate.comparison),
        "searched": debate.searched,
        "follow_ups": [follow_up_to_json(item) for item in debate.follow_ups],
    }


def debate_to_record(debate: Debate) -> dict[str, Any]:
    """What a conversation keeps of a debate; `record_to_debate` is its inverse."""
    record = debate_to_json(debate)
    for kept, evidence in zip(record["evidence"], debate.evidence, strict=True):
        kept |= {"position": evidence.sentence.position, "paragraph": evidence.sentence.paragraph}
    for kept_answer, answer in zip(record["answers"], debate.answers, strict=True):
        for kept, claim in zip(kept_answer["claims"], answer.claims, strict=True):
            reason = claim.verdict.reason
            kept |= {"lead": claim.lead, "reason": {"key": reason.key, "values": dict(reason.values)}}
    return record


def record_to_debate(record: Mapping[str, Any], articles: Mapping[str, Article]) -> Debate:
    """Rebuild a debate from its record.

    Args:
        articles: id → article, as far as they are still in the library. One that was removed comes back without its
            text: the quoted sentences remain, the article around them does not.
    """
    evidence = tuple(_read_evidence(item) for item in record["evidence"])
    by_number = {item.number: item.sentence for item in evidence}
    return Debate(
        question=record["question"],
        language=record["language"],
        articles=tuple(articles.get(item["id"]) or _bare_article(item) for item in record["articles"]),
        evidence=evidence,
        answers=tuple(_read_answer(item, by_number) for item in record["answers"]),
        comparison=read_comparison(record["comparison"]),
        rewritten=_rewritten(record),
        follow_ups=tuple(read_follow_up(item) for item in record.get("follow_ups", ())),
    )


# --- writing --------------------------------------------------------------------------------------------------------


def _article(article: Article) -> dict[str, Any]:
    return {"id": article.id, "title": article.title, "source": article.source, "language": article.language}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    sentence = evidence.sentence
    return {
        "number": evidence.number,
        "article_id": sentence.article_id,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "outlook": round(sentence.outlook, _DIGITS),
        "relevance": round(evidence.relevance, _DIGITS),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    first = answer.seconds.first_token
    return {
        "perspective": answer.perspective,
        "label": answer.label,
        "engine": answer.engine,
        "status": answer.status,
        "text": answer.text,
        "claims": [_claim(claim) for claim in answer.claims],
        "dropped_markers": answer.dropped_markers,
        "error": asdict(answer.error) if answer.error else None,
        "usage": asdict(answer.usage) if answer.usage else None,
        "seconds": {
            "first_token": None if first is None else round(first, _DIGITS),
            "total": round(answer.seconds.total, _DIGITS),
        },
        "prompt_hash": answer.prompt_hash,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "kind": claim.kind,
        "citations": [citation.number for citation in claim.citations],
        "verdict": claim.verdict.label,
        "score": round(claim.verdict.score, _DIGITS),
    }


# --- reading --------------------------------------------------------------------------------------------------------


def _rewritten(record: Mapping[str, Any]) -> str | None:
    searched = record.get("searched", record["question"])
    return None if searched == record["question"] else str(searched)


def _bare_article(item: Mapping[str, Any]) -> Article:
    return Article(item["id"], "", item["title"], item["source"], item["language"], content_hash="")


def _read_evidence(item: Mapping[str, Any]) -> Evidence:
    sentence = Sentence(
        article_id=item["article_id"],
        position=item["position"],
        start=item["start"],
        end=item["end"],
        text=item["text"],
        paragraph=item["paragraph"],
        outlook=item["outlook"],
    )
    return Evidence(item["number"], sentence, item["relevance"])


def _read_answer(item: Mapping[str, Any], by_number: Mapping[int, Sentence]) -> Answer:
    names = ("perspective", "label", "engine", "status", "text", "dropped_markers", "prompt_hash")
    return Answer(
        **{name: item[name] for name in names},
        claims=tuple(_read_claim(claim, by_number) for claim in item["claims"]),
        error=ErrorDescription(**item["error"]) if item["error"] else None,
        usage=Usage(**item["usage"]) if item["usage"] else None,
        seconds=Seconds(**item["seconds"]),
    )


def _read_claim(item: Mapping[str, Any], by_number: Mapping[int, Sentence]) -> Claim:
    reason = Reason(item["reason"]["key"], item["reason"]["values"])
    return Claim(
        id=item["id"],
        text=item["text"],
        kind=item["kind"],
        citations=tuple(Citation(number, by_number[number]) for number in item["citations"]),
        verdict=Verdict(item["verdict"], item["score"], reason),
        lead=item["lead"],
    )
