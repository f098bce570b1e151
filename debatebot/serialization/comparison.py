"""Comparisons and follow-up questions as JSON, and back.

What came after the first version of the document has defaults when it is read: conversations that were kept before it was
there stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from debatebot.errors import ErrorDescription
from debatebot.types import (
    CommonGround,
    Comparison,
    Conflict,
    Disagreement,
    FollowUp,
    Issue,
    Lean,
    Sentence,
    SideBalance,
    UnusedSentence,
    Usage,
)

_DIGITS = 4


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """The `comparison` of the document; `read_comparison` is its inverse."""
    return {
        "common_ground": [
            {"statement": item.statement, "claims": list(item.claims), "citations": list(item.citations)}
            for item in comparison.common_ground
        ],
        "disagreements": [_disagreement(item) for item in comparison.disagreements],
        "unused_evidence": list(comparison.unused_evidence),
        "balance": {name: _balance(side) for name, side in comparison.balance.items()},
        "issues": [
            {"name": item.name, "cells": dict(item.cells), "relation": item.relation} for item in comparison.issues
        ],
        "unused": [
            {
                **sentence_to_json(item.sentence),
                "number": item.number,
                "relevance": round(item.relevance, _DIGITS),
                "distance": round(item.distance, _DIGITS),
            }
            for item in comparison.unused
        ],
        "conflicts": [
            {"kind": item.kind, "about": item.about, "values": dict(item.values)} for item in comparison.conflicts
        ],
        "uncited": list(comparison.uncited),
        "leans": [asdict(item) | {"outlook": round(item.outlook, _DIGITS)} for item in comparison.leans],
        "engine": comparison.engine,
        "error": asdict(comparison.error) if comparison.error else None,
        "usage": asdict(comparison.usage) if comparison.usage else None,
        "seconds": round(comparison.seconds, _DIGITS),
    }


def read_comparison(item: Mapping[str, Any]) -> Comparison:
    """A comparison from its JSON, also from that of an earlier version."""
    return Comparison(
        common_ground=tuple(
            CommonGround(one["statement"], tuple(one["claims"]), tuple(one["citations"]))
            for one in item["common_ground"]
        ),
        disagreements=tuple(_read_disagreement(one) for one in item["disagreements"]),
        unused_evidence=tuple(item["unused_evidence"]),
        balance={name: SideBalance(**side) for name, side in item["balance"].items()},
        issues=tuple(Issue(**one) for one in item.get("issues", ())),
        unused=tuple(
            UnusedSentence(read_sentence(one), one["number"], one["relevance"], one["distance"])
            for one in item.get("unused", ())
        ),
        conflicts=tuple(Conflict(**one) for one in item.get("conflicts", ())),
        uncited=tuple(item.get("uncited", ())),
        leans=tuple(Lean(**one) for one in item.get("leans", ())),
        engine=item.get("engine", "builtin"),
        error=ErrorDescription(**item["error"]) if item.get("error") else None,
        usage=Usage(**item["usage"]) if item.get("usage") else None,
        seconds=item.get("seconds", 0.0),
    )


def follow_up_to_json(follow_up: FollowUp) -> dict[str, Any]:
    """One of the `follow_ups` of the document; `read_follow_up` is its inverse."""
    return {
        "question": follow_up.question,
        "sentence": sentence_to_json(follow_up.sentence),
        "unused": follow_up.unused,
    }


def read_follow_up(item: Mapping[str, Any]) -> FollowUp:
    """A follow-up question from its JSON."""
    return FollowUp(item["question"], read_sentence(item["sentence"]), item["unused"])


def sentence_to_json(sentence: Sentence) -> dict[str, Any]:
    """A sentence of an article that may stand outside the evidence."""
    return asdict(sentence) | {"outlook": round(sentence.outlook, _DIGITS)}


def read_sentence(item: Mapping[str, Any]) -> Sentence:
    """A sentence from its JSON."""
    names = ("article_id", "position", "start", "end", "text", "paragraph", "outlook")
    return Sentence(**{name: item[name] for name in names})


def _disagreement(item: Disagreement) -> dict[str, Any]:
    return {
        "issue": item.issue,
        "kind": item.kind,
        "positions": dict(item.positions),
        "crux": item.crux,
        "crux_sentence": sentence_to_json(item.crux_sentence) if item.crux_sentence else None,
    }


def _read_disagreement(item: Mapping[str, Any]) -> Disagreement:
    sentence = item.get("crux_sentence")
    return Disagreement(
        issue=item["issue"],
        kind=item["kind"],
        positions=item["positions"],
        crux=item["crux"],
        crux_sentence=read_sentence(sentence) if sentence else None,
    )


def _balance(side: SideBalance) -> dict[str, Any]:
    return asdict(
        replace(
            side,
            mean_outlook=_rounded(side.mean_outlook),
            said_outlook=_rounded(side.said_outlook),
            coverage=round(side.coverage, _DIGITS),
        )
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
