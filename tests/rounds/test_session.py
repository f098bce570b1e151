"""A debate from the opening to the closing, with sides that say what the test wants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from debatebot.cli.discussion import render_discussion
from debatebot.comparison import compare
from debatebot.errors import EngineBusy, NotFound, QuestionError
from debatebot.rounds.parts import AlreadyAnswered, DroppedLine, RebuttalDraft, RebuttalRequest, Target, Unanswerable
from debatebot.rounds.record import discussion_to_json, discussion_to_record, record_to_discussion
from debatebot.rounds.types import (
    AnsweredBefore,
    Closed,
    ContributionCompleted,
    ContributionFailed,
    ContributionStarted,
    Discussion,
    NothingToAnswer,
    RebuttalAdded,
    RebuttalStarted,
    RoundFinished,
    RoundStarted,
)
from debatebot.types import CompareRequest, Comparison, DraftClaim, Finished, FollowUp, Insufficient, TextAdded, Usage
from tests.fakes import FakeEngine, make_evidence
from tests.rounds.rounds_fakes import SIDES, DebatingEngine, Script, Step, WholeArticle, begin, listen, rebuttal

FOUNDING, POWER, BILLS, FARMS, REPAIRS, CONTRACT = make_evidence()


def test_no_side_sees_another_in_the_opening() -> None:
    engine = DebatingEngine()
    session = begin(engine)
    events = list(session.open())
    assert isinstance(events[-1], Finished)
    assert all(not hasattr(request, "claims") for request in engine.requests)
    assert engine.rebutted == []


def test_a_rebuttal_names_its_claim_and_is_numbered_on() -> None:
    target = Target("pessimistic.1")
    engine = DebatingEngine({"optimistic": [[target, "Bills ", rebuttal("pessimistic.1", BILLS)]]})
    session = begin(engine)
    list(session.open())
    events = [event for event in session.next_round() if getattr(event, "perspective", "optimistic") == "optimistic"]
    assert [type(event) for event in events] == [
        RoundStarted,
        ContributionStarted,
        RebuttalStarted,
        TextAdded,
        RebuttalAdded,
        ContributionCompleted,
        RoundFinished,
    ]
    [said] = session.discussion.rebuttals_of("optimistic")
    assert (said.claim.id, said.answers, said.concedes) == ("optimistic.2", "pessimistic.1", False)
    assert said.claim.verdict.label == "supported"
    assert session.discussion.claims["optimistic.2"] is said.claim


def test_every_side_hears_all_claims_so_far_and_is_told_which_stand_against_it() -> None:
    engine = DebatingEngine({"optimistic": [[rebuttal("pessimistic.1", BILLS)]]})
    listen(begin(engine))
    first, second = (
        next(request for request in engine.rebutted if request.number == number and request.perspective == SIDES[0])
        for number in (1, 2)
    )
    assert {claim.id for claim in first.others} == {"neutral.1", "pessimistic.1"}
    assert first.standing == ("neutral.1", "pessimistic.1")
    assert second.standing == ("neutral.1",)
    assert [claim.id for claim in second.own] == ["optimistic.1", "optimistic.2"]


def test_it_ends_after_its_rounds_or_when_one_brings_nothing_new() -> None:
    talkative: Script = {"optimistic": [[rebuttal("pessimistic.1", item)] for item in (BILLS, CONTRACT, FOUNDING)]}
    session = begin(DebatingEngine(talkative), rounds=2)
    listen(session)
    assert [one.new_claims for one in session.discussion.rounds] == [1, 1]
    quiet: Script = {
        "optimistic": [[Unanswerable("pessimistic.1")]],
        "neutral": [[Insufficient("…")]],
        "pessimistic": [[Insufficient("…")]],
    }
    session = begin(DebatingEngine(quiet), rounds=4)
    listen(session)
    assert len(session.discussion.rounds) == 1
    assert session.is_over


def test_saying_the_same_again_is_nothing_new() -> None:
    same: list[Step] = [rebuttal("pessimistic.1", BILLS), DroppedLine()]
    engine = DebatingEngine({name: [[*same], [*same], [*same]] for name in ("optimistic", "neutral", "pessimistic")})
    session = begin(engine, rounds=5)
    listen(session)
    assert [one.new_claims for one in session.discussion.rounds] == [3, 0]
    assert {part.dropped_lines for part in session.discussion.rounds[1].contributions} == {2}


def test_a_comma_makes_nothing_new() -> None:
    said = ("Bills fell by 12% for all", "Bills fell, by 12%, for all.", "*BILLS* fell by 12% for all!")
    quiet: list[Step] = [Insufficient("Nothing.")]
    script: Script = {
        "optimistic": [[rebuttal("pessimistic.1", BILLS, text)] for text in said],
        "neutral": [quiet] * 5,
        "pessimistic": [quiet] * 5,
    }
    session = begin(DebatingEngine(script), rounds=5)
    listen(session)
    assert [one.new_claims for one in session.discussion.rounds] == [1, 0]
    assert [
        one.dropped_lines for one in session.discussion.rounds[1].contributions if one.perspective == "optimistic"
    ] == [1]


def test_a_rebuttal_that_cites_nothing_answers_nothing() -> None:
    bare = RebuttalDraft(Target("pessimistic.1"), DraftClaim("Farms do well.", (), dropped_markers=1))
    script: Script = {
        "optimistic": [[bare]],
        "neutral": [[Unanswerable("pessimistic.1")]],
        "pessimistic": [[Insufficient("Nothing.")]],
    }
    engine = DebatingEngine(script)
    engine.by_perspective["neutral"] = [Insufficient("Nothing.")]
    session = begin(engine, rounds=3)
    listen(session)
    [held] = session.discussion.rounds  # it has brought nothing new
    [said] = [one for one in held.contributions if one.perspective == "optimistic"]
    assert (said.rebuttals, said.dropped_lines, said.dropped_markers) == ((), 1, 1)
    assert session.discussion.closing is not None
    assert session.discussion.closing.unanswered == ("pessimistic.1",)
    assert "cited no sentence" in render_discussion(session.discussion, "en")


def test_one_side_that_fails_leaves_the_others_standing_and_may_speak_again() -> None:
    failure = EngineBusy("reply_empty", retryable=True)
    script: Script = {
        "optimistic": [[failure], [rebuttal("pessimistic.1", BILLS)]],
        "neutral": [[Insufficient("Nothing.")], [Insufficient("Nothing.")]],
        "pessimistic": [[Unanswerable("optimistic.1")], [Insufficient("Nothing.")]],
    }
    session = begin(DebatingEngine(script))
    events = listen(session)
    failed = [event for event in events if isinstance(event, ContributionFailed)]
    assert [event.perspective for event in failed] == ["optimistic"]
    assert failed[0].contribution.error is not None
    assert failed[0].contribution.error.hint
    assert [part.status for part in session.discussion.rounds[0].contributions] == [
        "failed",
        "insufficient",
        "insufficient",
    ]
    assert session.discussion.claims_of("optimistic")[-1].text == BILLS.sentence.text
    assert session.discussion.has_failures


def test_a_round_that_failed_before_anything_was_said_does_not_end_the_debate() -> None:
    script: Script = {side.name: [[EngineBusy("reply_empty")]] for side in SIDES}
    session = begin(DebatingEngine(script), rounds=1)
    list(session.open())
    list(session.next_round())
    assert not session.is_over
    assert list(session.next_round())


def test_an_engine_that_only_answers_says_so() -> None:
    session = begin(FakeEngine())
    listen(session)
    errors = {part.error.type for part in session.discussion.rounds[0].contributions if part.error}
    assert errors == {"EngineUnavailable"}


def test_what_is_granted_is_told_and_belongs_to_nobodys_side() -> None:
    engine = DebatingEngine({"optimistic": [[rebuttal("pessimistic.1", FARMS, concedes=True)]]})
    session = begin(engine)
    [*_, last] = listen(session)
    assert isinstance(last, Closed)
    closing = last.discussion.closing
    assert closing is not None
    assert closing.conceded == ("pessimistic.1",)
    assert closing.comparison.balance["optimistic"].claims == 1
    later = [request for request in engine.rebutted if request.number == 2 and request.perspective == SIDES[2]]
    assert all("optimistic.2" not in request.standing for request in later)


def test_what_a_side_cannot_answer_is_told_and_not_asked_again() -> None:
    script: Script = {
        "optimistic": [[Unanswerable("pessimistic.1")]],
        "pessimistic": [[AlreadyAnswered("optimistic.1", "pessimistic.1")]],
    }
    engine = DebatingEngine({**script, "neutral": [[rebuttal("optimistic.1", CONTRACT)]]})
    session = begin(engine)
    events = listen(session)
    assert [event.claim_id for event in events if isinstance(event, NothingToAnswer)] == ["pessimistic.1"]
    assert [event.by for event in events if isinstance(event, AnsweredBefore)] == ["pessimistic.1"]
    second = {request.perspective.name: request.standing for request in engine.rebutted if request.number == 2}
    assert "pessimistic.1" not in second["optimistic"]
    assert "optimistic.1" not in second["pessimistic"]


def test_the_evidence_grows_and_numbers_keep_their_meaning() -> None:
    engine = DebatingEngine()
    session = begin(engine, WholeArticle(known=4))
    list(session.open())
    before = session.discussion.opening.evidence
    events = list(session.next_round(remark="What of repairs?"))
    started = events[0]
    assert isinstance(started, RoundStarted)
    assert started.evidence[: len(before)] == before
    assert started.added == (5, 6)
    assert [item.number for item in started.evidence] == [1, 2, 3, 4, 5, 6]
    asked = engine.rebutted[0].asked
    assert asked.retrieval.evidence == before
    assert [item.number for item in engine.rebutted[0].added] == [5, 6]


def test_a_remark_is_heard_by_whom_it_is_put_to() -> None:
    engine = DebatingEngine({"pessimistic": [[rebuttal(None, REPAIRS)]]})
    session = begin(engine)
    list(session.open())
    list(session.next_round(remark="  And the\nrepairs? ", to="pessimistic"))
    heard = {request.perspective.name: request.remark for request in engine.rebutted}
    assert heard["optimistic"] is None
    assert heard["pessimistic"] is not None
    assert heard["pessimistic"].text == "And the repairs?"
    assert [one.answers for one in session.discussion.rebuttals_of("pessimistic")] == [None]
    assert session.discussion.rounds[0].remark is not None


def test_a_remark_that_the_articles_do_not_speak_of_adds_no_evidence() -> None:
    engine = DebatingEngine()
    session = begin(engine, WholeArticle(known=4, answerable=0.1))
    list(session.open())
    list(session.next_round(remark="Who won the race?"))
    found = engine.rebutted[0].remark_found
    assert found is not None
    assert found.evidence == ()


@pytest.mark.parametrize(
    ("remark", "to", "error"),
    [("?!", None, QuestionError), ("x" * 3000, None, QuestionError), ("So?", "nobody", NotFound)],
)
def test_a_remark_that_cannot_be_put_is_refused(remark: str, to: str | None, error: type[Exception]) -> None:
    session = begin(DebatingEngine())
    list(session.open())
    with pytest.raises(error):
        session.next_round(remark=remark, to=to)


def test_steps_come_in_their_order() -> None:
    session = begin(DebatingEngine())
    with pytest.raises(QuestionError):
        session.next_round()
    with pytest.raises(QuestionError):
        session.moderate()
    list(session.run())
    for step in (session.open, session.next_round):
        with pytest.raises(QuestionError):
            step()


@pytest.mark.parametrize("rounds", [0, 6])
def test_a_debate_has_one_to_five_rounds(rounds: int) -> None:
    with pytest.raises(QuestionError):
        begin(DebatingEngine(), rounds=rounds)


def test_every_step_is_kept_once() -> None:
    kept: list[Discussion] = []
    session = begin(DebatingEngine({"optimistic": [[rebuttal("pessimistic.1", BILLS)]]}), keep=kept.append)
    listen(session)
    assert [(len(one.rounds), one.closing is not None) for one in kept] == [
        (0, False),
        (1, False),
        (2, False),
        (2, True),
    ]


def test_leaving_a_round_stops_the_sides_and_keeps_what_was_said() -> None:
    kept: list[Discussion] = []
    cancelled: list[RebuttalRequest] = []

    def wait(request: RebuttalRequest) -> None:
        request.cancelled.wait(20)
        cancelled.append(request)

    script: Script = {"optimistic": [[rebuttal("pessimistic.1", BILLS), wait, rebuttal("pessimistic.1", CONTRACT)]]}
    session = begin(DebatingEngine({**script, "neutral": [[wait]], "pessimistic": [[wait]]}), keep=kept.append)
    list(session.open())
    with session.next_round() as stream:
        for event in stream:
            if isinstance(event, RebuttalAdded):
                break
    [said] = kept[-1].rebuttals_of("optimistic")
    assert said.claim.text == BILLS.sentence.text
    assert {part.status for part in kept[-1].rounds[0].contributions} == {"failed"}
    assert all(part.error and part.error.type == "Stopped" for part in kept[-1].rounds[0].contributions)


def test_the_first_side_reads_the_prompt_for_all() -> None:
    engine = DebatingEngine(warms_prefix=True)
    session = begin(engine)
    list(session.open())
    events = [event for event in session.next_round() if isinstance(event, ContributionStarted | ContributionFailed)]
    assert [type(event) for event in events[:2]] == [ContributionStarted, ContributionFailed]


def test_tokens_are_counted_against_one_plain_answer() -> None:
    engine = DebatingEngine({side.name: [[rebuttal("optimistic.1", CONTRACT), Usage(200, 0, 20)]] for side in SIDES})
    engine.by_perspective = {name: [*steps, Usage(100, 0, 10)] for name, steps in engine.by_perspective.items()}
    session = begin(engine)
    listen(session)
    effort = session.discussion.effort
    assert effort.plain_tokens == 110
    assert effort.tokens == 2 * 110 + 3 * 220
    assert effort.tokens_ratio == pytest.approx(8.0)
    assert effort.usage.output_tokens == 80


def test_comparing_takes_its_time_too() -> None:
    session = begin(DebatingEngine())
    listen(session)
    discussion = session.discussion
    assert discussion.closing is not None
    comparing = [discussion.opening.comparison.seconds, discussion.closing.comparison.seconds]
    assert min(comparing) > 0
    speaking = [answer.seconds.total for answer in discussion.opening.answers]
    held = [one.seconds for one in discussion.rounds]
    assert discussion.effort.seconds == pytest.approx(max(speaking) + sum(held) + sum(comparing))
    kept = record_to_discussion(discussion_to_record(discussion), {})
    assert kept is not None
    assert kept.effort.seconds == pytest.approx(discussion.effort.seconds, abs=1e-3)


def test_the_moderator_is_asked_the_completed_question() -> None:
    asked: list[str] = []

    def comparing(request: CompareRequest) -> Comparison:
        asked.append(request.question)
        return compare(request)

    session = begin(DebatingEngine())
    list(session.open())
    opening = replace(session.discussion.opening, question="And in Norway?", rewritten="Is the park good in Norway?")
    list(begin(DebatingEngine(), opened=Discussion(opening), comparing=comparing).moderate())
    assert asked == ["Is the park good in Norway?"]


def test_what_a_round_has_cited_is_no_longer_unused() -> None:
    session = begin(DebatingEngine())
    list(session.open())
    proposed = tuple(FollowUp("What of it?", item.sentence, unused=True) for item in (CONTRACT, REPAIRS))
    opened = Discussion(replace(session.discussion.opening, follow_ups=proposed))
    going_on = begin(DebatingEngine({"optimistic": [[rebuttal("pessimistic.1", CONTRACT)]]}), opened=opened)
    list(going_on.next_round())
    assert [one.unused for one in going_on.discussion.opening.follow_ups] == [False, True]


def test_a_debate_that_is_closed_is_over_also_where_its_sides_failed() -> None:
    script: Script = {side.name: [[EngineBusy("reply_empty")]] for side in SIDES}
    session = begin(DebatingEngine(script))
    list(session.open())
    list(session.next_round())
    going_on = session.discussion
    list(session.moderate())
    assert (going_on.is_over, session.discussion.is_over) == (False, True)
    assert discussion_to_json(session.discussion)["over"] is True


def test_without_reported_tokens_no_ratio_is_made_up() -> None:
    session = begin(DebatingEngine())
    listen(session)
    assert (session.discussion.effort.tokens, session.discussion.effort.tokens_ratio) == (None, None)


def test_where_nobody_has_anything_to_say_there_is_no_debate() -> None:
    engine = DebatingEngine()
    engine.by_perspective = {side.name: [Insufficient("Not in the article.")] for side in SIDES}
    session = begin(engine)
    events = listen(session)
    assert isinstance(events[-1], Finished)
    assert session.is_over
    assert (session.discussion.rounds, session.discussion.closing) == ((), None)
