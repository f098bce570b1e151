"""Debates as JSON: valid by the schema, and back again without loss."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import debatebot
from debatebot.comparison import compare
from debatebot.errors import EngineBusy
from debatebot.serialization import debate_to_json, debate_to_record, record_to_debate
from debatebot.types import (
    Answer,
    Claim,
    CompareRequest,
    Comparison,
    Conflict,
    Debate,
    Evidence,
    FollowUp,
    Lean,
    Reason,
    Seconds,
    Usage,
    Verdict,
)
from tests.fakes import make_article, make_evidence, make_retrieval, quote

SCHEMA: dict[str, Any] = json.loads((Path(debatebot.__file__).parent / "schemas" / "ask.json").read_text("utf-8"))


def answer(side: str, *items: Evidence, **changes: Any) -> Answer:
    claims = tuple(
        Claim(
            f"{side}.{at}",
            f"{draft.text} é",
            "fact",
            draft.citations,
            Verdict("partial", 0.51239, Reason("r", {"a": "b"})),
            "Lead:",
        )
        for at, draft in enumerate(map(quote, items), 1)
    )
    values: dict[str, Any] = {
        "perspective": side,
        "label": side.title(),
        "engine": "fake",
        "status": "answered",
        "text": "text",
        "claims": claims,
        "dropped_markers": 1,
        "error": None,
        "usage": Usage(10, None, 4),
        "seconds": Seconds(0.123456, 1.0),
        "prompt_hash": "abc",
    }
    return Answer(**{**values, **changes})


@pytest.fixture
def debate() -> Debate:
    article = make_article()
    evidence = make_evidence(article=article)
    failed = EngineBusy("reply_empty", retryable=True).describe("fr")
    answers = (
        answer("optimistic", evidence[1], evidence[0]),
        answer("neutral", status="insufficient", text="Nothing.", usage=None, seconds=Seconds(None, 0.1)),
        answer("pessimistic", evidence[3], evidence[0], status="failed", error=failed),
    )
    request = CompareRequest("Is it good?", "en", (article,), make_retrieval(evidence), answers)
    comparison = replace(
        compare(request),
        conflicts=(Conflict("number", "homes", {"optimistic.1": "4", "pessimistic.1": "5"}),),
        leans=(Lean("neutral", 0.51239, 0.35),),
        uncited=("optimistic.1",),
        engine="openai:x",
        error=failed,
        usage=Usage(1, 2, 3),
    )
    follow_ups = (FollowUp("And then?", evidence[2].sentence, unused=True),)
    return Debate("Is it good?", "en", (article,), evidence, answers, comparison, "Is the park good?", follow_ups)


def test_the_document_is_valid_by_the_schema(debate: Debate) -> None:
    jsonschema.validate(debate_to_json(debate), SCHEMA)


def test_the_schema_refuses_what_the_contract_forbids(debate: Debate) -> None:
    document = debate_to_json(debate)
    document["answers"][1]["claims"] = document["answers"][0]["claims"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_every_citation_is_in_the_evidence_and_every_span_in_the_article(debate: Debate) -> None:
    document = debate_to_json(debate)
    numbers = {item["number"] for item in document["evidence"]}
    cited = {number for one in document["answers"] for claim in one["claims"] for number in claim["citations"]}
    assert cited
    assert cited <= numbers
    text = debate.articles[0].text
    assert all(text[item["start"] : item["end"]] == item["text"] for item in document["evidence"])


def test_a_record_brings_the_debate_back(debate: Debate) -> None:
    record = json.loads(json.dumps(debate_to_record(debate)))
    back = record_to_debate(record, {debate.articles[0].id: debate.articles[0]})
    assert debate_to_record(back) == debate_to_record(debate)
    assert back.articles == debate.articles
    assert back.searched == "Is the park good?"
    assert back.follow_ups == debate.follow_ups
    assert back.comparison.issues == debate.comparison.issues
    assert [one.sentence for one in back.comparison.unused] == [one.sentence for one in debate.comparison.unused]
    assert back.answers[0].claims[0].lead == "Lead:"
    assert back.answers[0].claims[0].verdict.reason == Reason("r", {"a": "b"})


def test_a_record_without_its_article_keeps_the_quoted_sentences(debate: Debate) -> None:
    back = record_to_debate(debate_to_record(debate), {})
    assert back.articles[0].text == ""
    assert [item.sentence for item in back.evidence] == [item.sentence for item in debate.evidence]
    jsonschema.validate(debate_to_json(back), SCHEMA)


def test_a_record_of_the_first_version_is_still_read(debate: Debate) -> None:
    record = debate_to_record(debate)
    first = {"common_ground", "disagreements", "unused_evidence", "balance"}
    record["comparison"] = {key: value for key, value in record["comparison"].items() if key in first}
    for disagreement in record["comparison"]["disagreements"]:
        del disagreement["crux_sentence"]
    for side in record["comparison"]["balance"].values():
        for key in ("hedges", "said_outlook", "coverage"):
            del side[key]
    del record["searched"], record["follow_ups"]
    back = record_to_debate(record, {})
    assert back.searched == back.question == "Is it good?"
    assert back.follow_ups == ()
    assert back.comparison.engine == "builtin"
    assert back.comparison.error is None
    assert back.comparison.common_ground == debate.comparison.common_ground
    jsonschema.validate(debate_to_json(back), SCHEMA)


def test_an_empty_comparison_is_valid_too(debate: Debate) -> None:
    jsonschema.validate(debate_to_json(replace(debate, comparison=Comparison(), follow_ups=())), SCHEMA)
