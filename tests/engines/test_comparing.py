"""A model that compares: what holds is taken, what does not is mended once and then reported."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from debatebot.comparing import compare_with_engine, comparison_by
from debatebot.comparison import compare
from debatebot.engines.llm import LanguageModelEngine, Retries, build_chat_model
from debatebot.prompts import load
from debatebot.types import (
    Answer,
    Claim,
    Compared,
    Comparer,
    CompareRequest,
    Comparison,
    DraftClaim,
    Reason,
    Seconds,
    Verdict,
)
from tests.fakes import FakeModelServer, Reply, make_article, make_evidence, make_perspective, make_retrieval, quote

PROMPTS = load(Path(__file__).parents[2] / "prompts")
EVIDENCE = make_evidence()

GOOD: dict[str, Any] = {
    "issues": [
        {
            "name": "The contract",
            "relation": "shared",
            "claims": ["optimistic.2", "pessimistic.2"],
            "statement": "The contract runs for twenty years.",
        },
        {
            "name": "Who pays",
            "relation": "opposed",
            "kind": "value",
            "claims": ["optimistic.1", "pessimistic.1"],
            "crux": "Whether savings outweigh the lost land.",
        },
    ],
    "questions": ["Who owns the park?"],
}


def answer(side: str, *numbers: int) -> Answer:
    drafts = [quote(EVIDENCE[number - 1]) for number in numbers]
    claims = tuple(
        Claim(f"{side}.{at}", draft.text, "fact", draft.citations, Verdict("supported", 1.0, Reason("quoted")))
        for at, draft in enumerate(drafts, 1)
    )
    return Answer(side, side.title(), "fake", "answered", "", claims, 0, None, None, Seconds(0.0, 0.0), "")


def request(**changes: Any) -> CompareRequest:
    values: dict[str, Any] = {
        "question": "Is it good news?",
        "language": "en",
        "articles": (make_article(),),
        "retrieval": make_retrieval(EVIDENCE),
        "answers": (answer("optimistic", 3, 6), answer("pessimistic", 4, 6), answer("neutral", 1)),
        "perspectives": (make_perspective("optimistic", "hopeful"), make_perspective("neutral", "balanced")),
    }
    return CompareRequest(**{**values, **changes})


def engine_at(server: FakeModelServer) -> LanguageModelEngine:
    chat = build_chat_model("openai:fake", api_key="key", base_url=server.base_url, timeout=5)
    return LanguageModelEngine(chat, PROMPTS, name="openai:fake", base_url=server.base_url, retries=Retries(attempts=1))


def compared(
    *replies: Reply | str | dict[str, Any], asked: CompareRequest | None = None
) -> tuple[Comparison, list[str]]:
    """The comparison, and the prompts that were sent."""
    queue = [
        Reply(text=json.dumps(one) if isinstance(one, dict) else one) if not isinstance(one, Reply) else one
        for one in replies
    ]
    with FakeModelServer(queue) as server:
        result = comparison_by(asked or request(), compare, engine_at(server), "en")
        return result, [recorded.prompt for recorded in server.requests]


def wrong(**changes: Any) -> dict[str, Any]:
    """The good reply with its second issue changed."""
    return {**GOOD, "issues": [GOOD["issues"][0], {**GOOD["issues"][1], **changes}]}


def test_the_engine_is_one_that_compares() -> None:
    with FakeModelServer([]) as server:
        assert isinstance(engine_at(server), Comparer)


def test_what_a_model_makes_of_the_answers_takes_the_place_of_the_built_in_rows() -> None:
    result, [prompt] = compared(GOOD)
    assert [(one.name, one.relation, dict(one.cells)) for one in result.issues[:2]] == [
        ("The contract", "shared", {"optimistic": "optimistic.2", "pessimistic": "pessimistic.2"}),
        ("Who pays", "opposed", {"optimistic": "optimistic.1", "pessimistic": "pessimistic.1"}),
    ]
    [ground], [disagreement] = result.common_ground, result.disagreements
    assert (ground.claims, ground.citations) == (("optimistic.2", "pessimistic.2"), (6,))
    assert (disagreement.kind, disagreement.crux_sentence) == ("value", None)
    assert disagreement.crux == "Whether savings outweigh the lost land."
    assert (result.engine, result.error) == ("openai:fake", None)
    assert result.usage is not None
    assert result.usage.output_tokens == 40
    assert "optimistic.1 Bills fell by 12% for the families who joined. [3]" in prompt


def test_claims_the_model_passes_over_and_what_is_counted_stay() -> None:
    result, _ = compared(GOOD)
    builtin = compare(request())
    assert {"neutral": "neutral.1"} in [dict(row.cells) for row in result.issues]
    assert result.balance == builtin.balance
    assert result.unused == builtin.unused


@pytest.mark.parametrize(
    "fence",
    [
        "{note} the braces of {this}: {}",
        "```json\n{}\n```",
        "Here it is:\n{}\nI hope that helps.",
        "<think>Hm.</think>{}",
        "[{}]",
    ],
)
def test_words_around_the_object_do_no_harm(fence: str) -> None:
    result, prompts = compared(fence.replace("{}", json.dumps(GOOD)))
    assert result.common_ground
    assert (result.engine, len(prompts)) == ("openai:fake", 1)


BAD: dict[str, str | dict[str, Any]] = {
    "unknown id": wrong(claims=["optimistic.9", "pessimistic.1"]),
    "one side missing": wrong(claims=["optimistic.1", "optimistic.2"]),
    "ids without text": wrong(name=""),
    "no ids": wrong(claims=[]),
    "no list of ids": wrong(claims="optimistic.1"),
    "unknown relation": wrong(relation="similar"),
    "unknown kind": wrong(kind="moral"),
    "no crux but a number": wrong(crux=3),
    "shared without a statement": wrong(relation="shared", claims=["optimistic.2", "pessimistic.2"]),
    "shared on different sentences": wrong(relation="shared", statement="Both."),
    "prose": "Both readers make good points, and the truth lies in between.",
    "half a line": json.dumps(GOOD)[:120],
    "a refusal": "I'm sorry, but I can't help with that.",
    "issues that are no objects": {"issues": ["optimistic.1"], "questions": []},
    "no issues": {"questions": []},
    "nothing": "",
    "the same claims shared and opposed": {
        **GOOD,
        "issues": [*GOOD["issues"], {**GOOD["issues"][1], "claims": ["optimistic.2", "pessimistic.2"]}],
    },
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_does_not_hold_is_mended_by_a_second_call(bad: str | dict[str, Any]) -> None:
    result, [first, second] = compared(bad, GOOD)
    assert (result.engine, result.error) == ("openai:fake", None)
    assert "Mend this" in second
    assert "Mend this" not in first
    assert result.usage is not None
    assert result.usage.output_tokens == 80


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_does_not_hold_twice_is_reported_and_nothing_of_it_kept(bad: str | dict[str, Any]) -> None:
    result, prompts = compared(bad, bad)
    builtin = compare(request())
    assert len(prompts) == 2
    assert result.error is not None
    assert result.error.hint
    assert (result.engine, result.issues, result.common_ground) == ("builtin", builtin.issues, builtin.common_ground)
    assert result.disagreements == builtin.disagreements
    assert result.usage is not None
    assert result.usage.output_tokens == 80


def test_a_reply_without_questions_is_taken() -> None:
    result, prompts = compared({"issues": GOOD["issues"]})
    assert (result.engine, len(prompts), len(result.disagreements)) == ("openai:fake", 1, 1)


def test_what_is_said_twice_stands_once() -> None:
    result, _ = compared({**GOOD, "issues": [*GOOD["issues"], *GOOD["issues"]]})
    assert [one.name for one in result.issues[:2]] == ["The contract", "Who pays"]
    assert (len(result.common_ground), len(result.disagreements)) == (1, 1)


def test_no_claim_vanishes_where_the_model_says_nothing_of_it() -> None:
    nothing: dict[str, Any] = {"issues": [], "questions": []}
    for reply in (nothing, {**GOOD, "issues": GOOD["issues"][:1]}):
        result, _ = compared(reply)
        placed = [claim for row in result.issues for claim in row.cells.values()]
        assert sorted(placed) == ["neutral.1", "optimistic.1", "optimistic.2", "pessimistic.1", "pessimistic.2"]
        assert not result.disagreements
        assert [ground.claims for ground in result.common_ground] == [("optimistic.2", "pessimistic.2")]


class Strict:
    """Bears out what it is told to, by its text."""

    def __init__(self, *held: str) -> None:
        self.held = held

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        assert all([citation.number for citation in claim.citations] == [6] for claim in claims)
        labels = ["supported" if claim.text in self.held else "unsupported" for claim in claims]
        return [Verdict(label, 0.5, Reason("quoted")) for label in labels]  # type: ignore[arg-type]


def test_a_statement_that_the_shared_sentences_do_not_bear_out_is_asked_for_again_and_then_left_out() -> None:
    invented = {**GOOD, "issues": [{**GOOD["issues"][0], "statement": "It rained."}, GOOD["issues"][1]]}
    strict = request(grounding=Strict("The contract runs for twenty years."))
    result, [_, second] = compared(invented, GOOD, asked=strict)
    assert "do not say its" in second
    assert [one.statement for one in result.common_ground] == ["The contract runs for twenty years."]
    result, _ = compared(invented, invented, asked=strict)
    assert (result.engine, len(result.disagreements)) == ("openai:fake", 1)
    assert result.common_ground == compare(request()).common_ground


def test_a_claim_that_nothing_bears_out_is_no_common_ground() -> None:
    [optimistic, pessimistic, neutral] = request().answers
    doubted = replace(optimistic.claims[1], verdict=Verdict("unsupported", 0.1, Reason("quoted")))
    answers = (replace(optimistic, claims=(optimistic.claims[0], doubted)), pessimistic, neutral)
    result, prompts = compared(GOOD, GOOD, asked=request(answers=answers))
    assert (len(prompts), result.common_ground, len(result.disagreements)) == (2, (), 1)


@pytest.mark.parametrize(
    ("crux", "stands"),
    [
        ("Whether the 2031 Brussels treaty cuts tariffs by 83%.", False),
        ("Whether the mayor of Brussels agrees.", False),
        ("Whether the two groups share the 12% by which bills fell.", True),
        ("Would a treaty of 2031 change that?", True),
    ],
)
def test_a_crux_states_no_figure_and_no_name_of_which_nobody_speaks(crux: str, stands: bool) -> None:
    result, prompts = compared(wrong(crux=crux), wrong(crux=crux))
    [disagreement] = result.disagreements
    assert disagreement.crux == (crux if stands else None)
    assert len(prompts) == (1 if stands else 2)


def test_the_model_is_told_what_was_wrong() -> None:
    _, [_, second] = compared(wrong(claims=["optimistic.9", "pessimistic.1"]), GOOD)
    assert '"Who pays": there is no claim optimistic.9.' in second


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500), Reply(status=401), Reply(text=json.dumps(GOOD), cut=3)],
    ids=["server error", "key refused", "connection cut"],
)
def test_a_server_that_fails_leaves_the_built_in_comparison(reply: Reply) -> None:
    result, _ = compared(reply, reply)
    assert result.engine == "builtin"
    assert result.error is not None
    assert result.issues == compare(request()).issues


def test_one_answer_alone_is_not_compared_by_a_model() -> None:
    with FakeModelServer([]) as server:
        alone = request(answers=(answer("optimistic", 3), answer("pessimistic")))
        assert comparison_by(alone, compare, engine_at(server), "en").error is None
        assert server.requests == []


def test_a_stop_ends_the_comparison_and_is_no_error() -> None:
    stopped = threading.Event()
    with FakeModelServer([Reply(text=json.dumps(GOOD), hang=2)]) as server:
        asked = request(cancelled=stopped)
        threading.Timer(0.2, stopped.set).start()
        standing = Compared(compare(asked))
        assert compare_with_engine(asked, standing, engine_at(server), Nothing(), "en") is None


class Nothing:
    """A retriever that is never asked."""

    def retrieve(self, *_: object) -> Any:
        raise AssertionError
