"""Conversations that were kept when a debate still counted by itself: read with one meaning a number, one number a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from debatebot.cli.output import conversation_to_json
from debatebot.conversing import LoadedConversation, loaded
from debatebot.library import Conversation, StoredTurn
from debatebot.rounds.record import discussion_to_record, record_to_discussion
from debatebot.rounds.types import Closing, Contribution, Discussion, Rebuttal, Round
from debatebot.types import (
    Answer,
    Citation,
    Claim,
    CommonGround,
    Comparison,
    Debate,
    Evidence,
    Reason,
    Seconds,
    UnusedSentence,
    Usage,
    Verdict,
)
from tests.fakes import make_article, make_evidence

FOUNDING, POWER, BILLS, FARMS, REPAIRS, CONTRACT = make_evidence()
NOW = datetime.now(UTC)


def numbered(*pairs: tuple[int, Evidence]) -> tuple[Evidence, ...]:
    return tuple(replace(item, number=number) for number, item in pairs)


def claim(identifier: str, item: Evidence) -> Claim:
    citation = Citation(item.number, item.sentence)
    return Claim(identifier, item.sentence.text, "fact", (citation,), Verdict("supported", 1.0, Reason("quoted")))


def debate(evidence: Sequence[Evidence]) -> Debate:
    """One side quotes the first sentence; the second is common ground, the last used by nobody."""
    first, second, *_, last = evidence
    text = f"“{first.sentence.text}” [{first.number}]"
    said = Answer(
        "a", "A", "builtin", "answered", text, (claim("a.1", first),), 0, None, Usage(), Seconds(0.0, 0.0), ""
    )
    comparison = Comparison(
        common_ground=(CommonGround("Both.", ("a.1",), (second.number,)),),
        unused_evidence=(last.number,),
        unused=(UnusedSentence(last.sentence, last.number, 0.5, 0.5),),
    )
    return Debate("Is it?", "en", (make_article(),), tuple(evidence), (said,), comparison)


def discussion(evidence: Sequence[Evidence]) -> Discussion:
    """A debate in which one side answers with the last sentence, found in the round."""
    opening, last = debate(evidence), evidence[-1]
    contribution = Contribution(
        "a",
        "A",
        "builtin",
        "answered",
        (Rebuttal(claim("a.2", last), "b.1"),),
        {},
        (),
        "",
        0,
        0,
        None,
        None,
        Seconds(0.0, 0.0),
        "",
    )
    rounds = (Round(1, None, (last.number,), (contribution,), 0.0),)
    return Discussion(opening, rounds, Closing(opening.comparison, (), ()))


def stored(*turns: Discussion) -> Conversation:
    kept = tuple(StoredTurn(at, "Is it?", NOW, discussion_to_record(turn)) for at, turn in enumerate(turns))
    return Conversation("c", "Is it?", (), NOW, NOW, kept)


def check(conversation: LoadedConversation) -> dict[int, str]:
    """Number → text of its sentence; fails where one of them has two of the other, or a number cites another sentence."""
    meaning: dict[int, str] = {}
    for turn in conversation.turns:
        assert turn.discussion is not None
        assert turn.debate == turn.discussion.opening
        opening = turn.discussion.opening
        for item in opening.evidence:
            assert meaning.setdefault(item.number, item.sentence.text) == item.sentence.text
        for said in turn.discussion.claims.values():
            assert [meaning[one.number] for one in said.citations] == [said.text]
        assert turn.discussion.closing is not None
        for comparison in (opening.comparison, turn.discussion.closing.comparison):
            [unused] = comparison.unused
            assert unused.number is not None
            assert (meaning[unused.number], comparison.unused_evidence) == (unused.sentence.text, (unused.number,))
            assert set(comparison.common_ground[0].citations) <= meaning.keys()
        [held] = turn.discussion.rounds
        assert [meaning[number] for number in held.added] == [opening.evidence[-1].sentence.text]
        assert opening.answers[0].text == f"“{opening.evidence[0].sentence.text}” [{opening.evidence[0].number}]"
    assert len(set(meaning.values())) == len(meaning)
    assert conversation.numbers == {
        item.sentence.id: number
        for number, text in meaning.items()
        for item in make_evidence()
        if item.sentence.text == text
    }
    return meaning


def test_the_first_meaning_of_a_number_stands() -> None:
    first = discussion(numbered((1, FOUNDING), (2, POWER), (3, BILLS)))
    # Counted by itself: 3 for another sentence, and a second number for the one that was 2.
    second = discussion(numbered((1, FOUNDING), (3, FARMS), (4, POWER), (5, REPAIRS)))
    meaning = check(loaded(stored(first, second), {}))
    assert meaning[2] == POWER.sentence.text
    assert meaning[3] == BILLS.sentence.text
    assert meaning[6] == FARMS.sentence.text
    assert meaning[5] == REPAIRS.sentence.text


def test_what_is_asked_later_changes_no_number() -> None:
    turns = [
        discussion(numbered((1, FOUNDING), (2, POWER), (3, BILLS))),
        discussion(numbered((1, FOUNDING), (3, FARMS), (2, POWER))),
    ]
    before = loaded(stored(*turns), {}).numbers
    assert sorted(before.values()) == [1, 2, 3, 4]
    highest = max(before.values())
    turns.append(discussion(numbered((1, FOUNDING), (highest + 1, REPAIRS), (highest + 2, CONTRACT))))
    after = loaded(stored(*turns), {}).numbers
    assert {sentence: after[sentence] for sentence in before} == before


def test_one_debate_that_held_a_sentence_twice_holds_it_once() -> None:
    turns = (
        discussion(numbered((1, FOUNDING), (2, POWER), (3, BILLS))),
        discussion(numbered((4, FOUNDING), (1, FARMS), (5, FOUNDING), (6, REPAIRS))),
    )
    whole = loaded(stored(*turns), {})
    check(whole)
    assert whole.turns[1].discussion is not None
    assert [item.number for item in whole.turns[1].discussion.opening.evidence] == [1, 7, 6]


def test_a_conversation_without_collisions_is_read_as_it_was_kept() -> None:
    turns = (
        discussion(numbered((1, FOUNDING), (2, POWER), (3, BILLS))),
        discussion(numbered((4, FARMS), (2, POWER), (9, REPAIRS))),
    )
    kept = stored(*turns)
    assert [turn.discussion for turn in loaded(kept, {}).turns] == [
        record_to_discussion(turn.record, {}) for turn in kept.turns if turn.record
    ]


def test_history_shows_the_same_numbers() -> None:
    kept = stored(
        discussion(numbered((1, FOUNDING), (2, POWER), (3, BILLS))),
        discussion(numbered((1, POWER), (2, FARMS), (3, BILLS))),
    )
    document = conversation_to_json(kept)
    meaning: dict[int, str] = {}
    for turn in document["turns"]:
        for item in turn["debate"]["evidence"]:
            assert meaning.setdefault(item["number"], item["text"]) == item["text"]
    assert len(set(meaning.values())) == len(meaning) == 4
