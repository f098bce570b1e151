"""Rebuttals and briefings by a language model, against a real server on the loopback address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from debatebot.briefing.types import Briefer, BrieferEvent, BriefRequest, SectionBegun, StrayLine
from debatebot.engines.builtin import BuiltinEngine
from debatebot.engines.llm import LanguageModelEngine, Retries, build_chat_model
from debatebot.errors import EngineError, EngineReplyError, PromptError
from debatebot.prompts import PARTS, PromptBook, load
from debatebot.rounds.parts import (
    DroppedLine,
    RebuttalDraft,
    RebuttalRequest,
    Rebutter,
    RebutterEvent,
    Target,
    Unanswerable,
)
from debatebot.rounds.prompting import rebuttal_messages
from debatebot.rounds.types import Remark
from debatebot.types import Citation, Claim, DraftClaim, Insufficient, Reason, Usage, Verdict
from tests.fakes import FakeModelServer, Reply, make_article, make_evidence, make_request, make_retrieval

BOOK = load(Path(__file__).parent.parent.parent / "prompts")
OPTIMISTIC, _, PESSIMISTIC = BOOK.perspectives
EVIDENCE = make_evidence()


def engine_at(server: FakeModelServer) -> LanguageModelEngine:
    chat = build_chat_model("openai:fake-model", api_key="sk-test", base_url=server.base_url, timeout=10.0)
    return LanguageModelEngine(
        chat, BOOK, name="openai:fake-model", base_url=server.base_url, retries=Retries(first=0.001)
    )


def request(**changes: Any) -> RebuttalRequest:
    claims = [
        Claim(
            name,
            f"Claim {name}.",
            "fact",
            (Citation(2, EVIDENCE[1].sentence),),
            Verdict("supported", 1.0, Reason("quoted")),
        )
        for name in ("optimistic.1", "pessimistic.1")
    ]
    values: dict[str, Any] = {
        "asked": make_request(perspective=PESSIMISTIC, evidence=EVIDENCE[:4]),
        "number": 1,
        "evidence": EVIDENCE,
        "claims": tuple(claims),
        "sides": {"optimistic.1": OPTIMISTIC, "pessimistic.1": PESSIMISTIC},
        "standing": ("optimistic.1",),
        "opponents": {},
    }
    return RebuttalRequest(**{**values, **changes})


def rebut(reply: Reply | str, **changes: Any) -> list[RebutterEvent]:
    with FakeModelServer([reply]) as server:
        return list(engine_at(server).rebut(request(**changes)))


def broken_off(reply: Reply) -> tuple[list[RebutterEvent], EngineError]:
    """What came, and the error that ended it."""
    events: list[RebutterEvent] = []
    with FakeModelServer([reply]) as server:
        stream = engine_at(server).rebut(request())
        try:
            for event in stream:
                events.append(event)
        except EngineError as error:
            return events, error
    raise AssertionError(events)


# --- rebuttals ------------------------------------------------------------------------------------------------------


def test_both_engines_rebut_and_brief() -> None:
    with FakeModelServer() as server:
        for engine in (engine_at(server), BuiltinEngine()):
            assert isinstance(engine, Rebutter)
            assert isinstance(engine, Briefer)
            assert engine.rebuttal_hash(OPTIMISTIC) != engine.rebuttal_hash(PESSIMISTIC)
            assert engine.brief_hash()


def test_words_come_between_the_target_and_the_rebuttal() -> None:
    events = rebut("@optimistic.1 FACT: Two farms lost land [4].\nconcede @optimistic.1 FACT: Power is clean [2].")
    kinds = [type(event).__name__ for event in events]
    assert [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind] == [
        *("Target", "str", "RebuttalDraft") * 2,
        "Usage",
    ]
    drafts = [event for event in events if isinstance(event, RebuttalDraft)]
    assert [draft.target for draft in drafts] == [Target("optimistic.1"), Target("optimistic.1", concedes=True)]


def test_sentences_found_later_may_be_cited() -> None:
    [draft] = [
        event for event in rebut("@optimistic.1 FACT: It runs for long [6].") if isinstance(event, RebuttalDraft)
    ]
    assert [citation.number for citation in draft.claim.citations] == [6]


def test_unknown_ids_are_dropped_and_the_rest_stands() -> None:
    events = rebut("@optimistic.7 FACT: No such claim [4].\n@optimistic.1 FACT: Two farms lost land [4].")
    assert events.count(DroppedLine()) == 1
    assert len([event for event in events if isinstance(event, RebuttalDraft)]) == 1


@pytest.mark.parametrize(
    "reply",
    ["I think the others are wrong, since farms lost land [4].", "FACT: Two farms lost land [4].", "@x.1 No [4]."],
)
def test_prose_is_no_rebuttal(reply: str) -> None:
    events, error = broken_off(Reply(text=reply))
    assert error.key == "reply_without_targets"
    assert [type(event) for event in events] == [DroppedLine, Usage]


def test_a_refusal_is_told() -> None:
    events = rebut("INSUFFICIENT")
    assert [type(event) for event in events] == [Usage, Insufficient]


def test_nothing_against_one_claim_is_told_of_that_claim() -> None:
    assert Unanswerable("optimistic.1") in rebut("@optimistic.1 INSUFFICIENT")


def test_half_a_line_is_no_rebuttal() -> None:
    whole = "@optimistic.1 FACT: Two farms lost land [4].\n"
    half = f"{whole}@optimistic.1 FACT: The council fears that"
    for reply in (Reply(half, cut=9), Reply(half, finish_reason="length")):
        events, error = broken_off(reply)
        assert error.retryable
        assert len([event for event in events if isinstance(event, RebuttalDraft)]) == 1


def test_the_prompt_begins_byte_for_byte_as_that_of_the_opening() -> None:
    asked = request().asked
    opening = BOOK.messages(asked)
    later = [
        rebuttal_messages(BOOK, request()),
        rebuttal_messages(BOOK, request(number=2, remark=Remark("And the farms?"))),
    ]
    for messages in later:
        assert messages.system == opening.system
        assert messages.user.startswith(opening.user)
    other = rebuttal_messages(BOOK, request(asked=replace(asked, perspective=OPTIMISTIC)))
    assert other.shared == opening.shared


def test_the_prompt_holds_claims_with_ids_new_sentences_and_the_remark() -> None:
    prompt = rebuttal_messages(BOOK, request(remark=Remark("And [9] the farms?\nObey!"))).framing
    assert "\n@optimistic.1 Claim optimistic.1. [2]\n" in prompt
    assert "[5] The council fears" in prompt
    assert "[1] The town" not in prompt
    assert "\nAnd (9) the farms? Obey!\n" in prompt
    assert "@remark" in prompt


def test_a_folder_without_the_task_still_answers(tmp_path: Path) -> None:
    parts = {name: (f"$${name}" if name == "rules" else f"${variables[-1]}") for name, variables in PARTS.items()}
    book = PromptBook(BOOK.perspectives, parts)
    assert book.messages(make_request())
    with pytest.raises(PromptError) as caught:
        rebuttal_messages(book, request())
    assert caught.value.key == "prompt_task_missing"


# --- briefings ------------------------------------------------------------------------------------------------------

BRIEF = """## facts
FACT: The park opened in 2024 [1].
## neutral
INFERENCE: It is too early to say whether it pays off [5][6].
## analogy
OPINION: It is like buying a season ticket.
## optimistic
FACT: Bills fell by 12% [3].
## pessimistic
FACT: Two farms lost grazing land [4][77].
"""


def brief(reply: Reply | str, evidence: int = 6) -> list[BrieferEvent]:
    article = make_article()
    retrieval = make_retrieval(EVIDENCE[:evidence])
    with FakeModelServer([reply]) as server:
        return list(engine_at(server).brief(BriefRequest(article, "en", retrieval.evidence, retrieval.vectors)))


def sections(events: list[BrieferEvent]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, SectionBegun):
            found[event.section] = []
        elif isinstance(event, DraftClaim):
            found[list(found)[-1]].append(event.text)
    return found


def test_a_briefing_comes_section_by_section_in_one_reply() -> None:
    events = brief(BRIEF)
    assert sections(events) == {
        "facts": ["The park opened in 2024."],
        "neutral": ["It is too early to say whether it pays off."],
        "analogy": ["It is like buying a season ticket."],
        "optimistic": ["Bills fell by 12%."],
        "pessimistic": ["Two farms lost grazing land."],
    }
    drafts = [event for event in events if isinstance(event, DraftClaim)]
    assert [draft.dropped_markers for draft in drafts] == [0, 0, 0, 0, 1]
    assert drafts[2].citations == ()
    assert isinstance(events[-1], Usage)


@pytest.mark.parametrize("piece", [1, 5, 1000])
def test_pieces_may_be_cut_anywhere(piece: int) -> None:
    assert sections(brief(Reply(text=BRIEF, piece=piece))) == sections(brief(BRIEF))


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("**Facts**", "facts"),
        ("### Les faits :", "facts"),
        ("# OPTIMISTIC VIEW", "optimistic"),
        ("## Analogie", "analogy"),
    ],
)
def test_variants_of_a_heading_are_read(heading: str, name: str) -> None:
    assert sections(brief(f"{heading}\nFACT: Bills fell by 12% [3].")) == {name: ["Bills fell by 12%."]}


def test_what_stands_outside_the_sections_is_dropped_and_counted() -> None:
    events = brief(f"Gladly, here it is [1].\n{BRIEF}## Conclusion\nFACT: All is well [1].\n")
    assert sections(events) == sections(brief(BRIEF))
    assert events.count(StrayLine()) == 3


def test_a_missing_section_stays_missing() -> None:
    text = BRIEF.replace("## analogy\nOPINION: It is like buying a season ticket.\n", "")
    assert "analogy" not in sections(brief(text))


@pytest.mark.parametrize("reply", ["The park opened in 2024 [1]. Bills fell [3].", "FACT: The park opened [1]."])
def test_prose_is_no_briefing(reply: str) -> None:
    with pytest.raises(EngineReplyError) as caught:
        brief(reply)
    assert caught.value.key == "brief_without_sections"


def test_a_model_may_decline_to_brief() -> None:
    assert [type(event) for event in brief("INSUFFICIENT")] == [Usage, Insufficient]


def test_half_a_statement_is_none() -> None:
    events: list[BrieferEvent] = []

    def collect(stream: Iterator[BrieferEvent]) -> None:
        with pytest.raises(EngineReplyError) as caught:
            events.extend(stream)
        assert caught.value.key == "reply_cut_short"

    retrieval = make_retrieval(EVIDENCE)
    with FakeModelServer([Reply(text=BRIEF, finish_reason="length", piece=60)]) as server:
        collect(engine_at(server).brief(BriefRequest(make_article(), "en", retrieval.evidence, retrieval.vectors)))
    assert sections(events)["pessimistic"] == ["Two farms lost grazing land."]
    with FakeModelServer([Reply(text=BRIEF[:-20], finish_reason="length")]) as server:
        events.clear()
        collect(engine_at(server).brief(BriefRequest(make_article(), "en", retrieval.evidence, retrieval.vectors)))
    assert sections(events)["pessimistic"] == []
