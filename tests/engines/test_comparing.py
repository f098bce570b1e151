"""A model that compares: what holds is taken, what does not is mended once and then reported."""

from __future__ import annotations

import json
import threading
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
    Reason,
    Seconds,
    Verdict,
)
from tests.fakes import FakeModelServer, Reply, make_article, make_evidence, make_perspective, make_retrieval, quote

PROMPTS = load(Path(__file__).parents[2] / "prompts")
EVIDENCE = make_evidence()

GOOD = {
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


def compared(*replies: Reply | str | dict[str, Any]) -> tuple[Comparison, list[str]]:
    """The comparison, and the prompts that were sent."""
    queue = [
        Reply(text=json.dumps(one) if isinstance(one, dict) else one) if not isinstance(one, Reply) else one
        for one in replies
    ]
    with FakeModelServer(queue) as server:
        result = comparison_by(request(), compare, engine_at(server), "en")
        return result, [recorded.prompt for recorded in server.requests]


def wrong(**changes: Any) -> dict[str, Any]:
    """The good reply with its second issue changed."""
    return {**GOOD, "issues": [GOOD["issues"][0], {**GOOD["issues"][1], **changes}]}  # type: ignore[index]


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
    "fence", ["```json\n{}\n```", "Here it is:\n{}\nI hope that helps.", "<think>Hm.</think>{}", "[{}]"]
)
def test_words_around_the_object_do_no_harm(fence: str) -> None:
    result, prompts = compared(fence.replace("{}", json.dumps(GOOD)))
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
    "no questions": {"issues": []},
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


def test_the_model_is_told_what_was_wrong() -> None:
    _, [_, second] = compared(wrong(claims=["optimistic.9", "pessimistic.1"]), GOOD)
    assert '"Who pays": there is no claim optimistic.9.' in second


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500), Reply(status=401), Reply(text=json.dumps(GOOD), cut=3), Reply(text="")],
    ids=["server error", "key refused", "connection cut", "nothing"],
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
