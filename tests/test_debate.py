"""A question through the whole debate, with an engine that says what the test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

import pytest

from debatebot.comparison import compare
from debatebot.debate import DebateStream, Parts, Question, clean_question
from debatebot.errors import EngineBusy, EngineReplyError, QuestionError
from debatebot.types import (
    AnswerCompleted,
    AnswerFailed,
    AnswerRequest,
    AnswerStarted,
    Article,
    Claim,
    ClaimAdded,
    Compared,
    CompareRequest,
    DraftClaim,
    Event,
    Finished,
    Insufficient,
    Issue,
    ModelComparison,
    Perspective,
    Reason,
    Retrieval,
    Retrieved,
    Seconds,
    TextAdded,
    Usage,
    Verdict,
)
from tests.fakes import FakeEngine, make_article, make_perspective, make_retrieval, quote

SIDES = (
    make_perspective("optimistic", "hopeful"),
    make_perspective("neutral", "balanced"),
    make_perspective("pessimistic", "worried"),
)


class FixedRetriever:
    """Finds the same evidence for every question, and counts how often it was asked."""

    def __init__(self, retrieval: Retrieval) -> None:
        self.retrieval = retrieval
        self.asked: list[str] = []

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        self.asked.append(question)
        return self.retrieval


class Believing:
    """Finds every claim supported."""

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        return [Verdict("supported", 1.0, Reason("quoted")) for _ in claims]


def debate(
    engine: FakeEngine,
    perspectives: tuple[Perspective, ...] = SIDES,
    retriever: FixedRetriever | None = None,
) -> DebateStream:
    question = Question("Is it good news?", "en", "en", (make_article(),), perspectives)
    parts = Parts(retriever or FixedRetriever(make_retrieval()), engine, Believing(), compare)
    return DebateStream(question, parts)


def finished(events: Sequence[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def test_every_perspective_gets_the_same_evidence_that_was_searched_once() -> None:
    engine = FakeEngine()
    retriever = FixedRetriever(make_retrieval())
    events = list(debate(engine, retriever=retriever))
    assert retriever.asked.count("Is it good news?") == 1  # the others look for questions to ask next
    assert isinstance(events[0], Retrieved)
    assert {id(request.retrieval) for request in engine.requests} == {id(retriever.retrieval)}
    assert finished(events).debate.evidence == retriever.retrieval.evidence


def test_the_events_of_a_perspective_come_in_order_and_its_answer_holds_them() -> None:
    [first, second, *_] = make_retrieval().evidence
    engine = FakeEngine(
        by_perspective={"neutral": ["The to", "wn…", quote(first, lead="Note:"), quote(second), Usage(10, 5, 3)]}
    )
    events = [event for event in debate(engine, SIDES[1:2]) if not isinstance(event, Retrieved | Compared | Finished)]
    kinds = [type(event) for event in events]
    assert kinds == [AnswerStarted, TextAdded, TextAdded, ClaimAdded, ClaimAdded, AnswerCompleted]
    done = events[-1]
    assert isinstance(done, AnswerCompleted)
    assert [claim.id for claim in done.answer.claims] == ["neutral.1", "neutral.2"]
    assert done.answer.status == "answered"
    assert done.answer.usage == Usage(10, 5, 3)
    assert done.answer.text.splitlines() == [
        "Note: “The town opened a solar park in 2024.” [1]",
        "“The park supplies clean power to 4,000 homes.” [2]",
    ]
    assert done.answer.seconds.first_token is not None


def test_one_failure_leaves_the_others_standing_and_is_never_an_answer() -> None:
    failure = EngineBusy("reply_empty", retryable=True)
    events = list(debate(FakeEngine(by_perspective={"neutral": [failure]})))
    failed = [event for event in events if isinstance(event, AnswerFailed)]
    assert [event.perspective for event in failed] == ["neutral"]
    answer = failed[0].answer
    assert (answer.status, answer.text, answer.claims) == ("failed", "", ())
    assert answer.error is not None
    assert answer.error.retryable
    assert answer.error.hint
    statuses = [answer.status for answer in finished(events).debate.answers]
    assert statuses == ["answered", "failed", "answered"]


def test_what_was_said_before_a_failure_is_kept_and_marked() -> None:
    evidence = make_retrieval().evidence
    engine = FakeEngine(by_perspective={"neutral": [quote(evidence[0]), EngineBusy("reply_empty")]})
    [answer] = finished(list(debate(engine, SIDES[1:2]))).debate.answers
    assert answer.status == "failed"
    assert [claim.text for claim in answer.claims] == [evidence[0].sentence.text]


def test_a_reply_that_says_nothing_fails() -> None:
    [answer] = finished(list(debate(FakeEngine([[]]), SIDES[:1]))).debate.answers
    assert answer.status == "failed"
    assert answer.error is not None
    assert answer.error.type == "EngineReplyError"


def test_nothing_to_say_is_an_answer_without_claims() -> None:
    [answer] = finished(list(debate(FakeEngine([[Insufficient("Not in it.")]]), SIDES[:1]))).debate.answers
    assert (answer.status, answer.text, answer.claims, answer.error) == ("insufficient", "Not in it.", (), None)


def test_dropped_markers_are_counted_over_the_answer() -> None:
    evidence = make_retrieval().evidence
    drafts = [
        DraftClaim(item.sentence.text, (), dropped_markers=count)
        for item, count in zip(evidence[:3], (1, 0, 2), strict=True)
    ]
    [answer] = finished(list(debate(FakeEngine([drafts]), SIDES[:1]))).debate.answers
    assert answer.dropped_markers == 3


def test_perspectives_answer_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=20)

    def wait(request: AnswerRequest) -> None:
        together.wait()

    evidence = make_retrieval().evidence
    engine = FakeEngine([[wait, quote(evidence[0])]] * 3)
    assert [answer.status for answer in finished(list(debate(engine))).debate.answers] == ["answered"] * 3


def test_the_first_perspective_warms_the_prefix_before_the_others_start() -> None:
    started_before_the_first_word: list[int] = []
    engine: FakeEngine

    def look(request: AnswerRequest) -> None:
        started_before_the_first_word.append(len(engine.requests))

    evidence = make_retrieval().evidence
    engine = FakeEngine([[look, quote(evidence[0])]], warms_prefix=True)
    list(debate(engine))
    assert started_before_the_first_word == [1]
    assert len(engine.requests) == 3


def test_others_start_although_the_one_that_warms_fails() -> None:
    engine = FakeEngine([[EngineBusy("reply_empty")]], warms_prefix=True)
    statuses = [answer.status for answer in finished(list(debate(engine))).debate.answers]
    assert statuses == ["failed", "answered", "answered"]


def test_stopping_keeps_what_was_said_and_tells_the_engines() -> None:
    evidence = make_retrieval().evidence
    told = threading.Event()

    def hang(request: AnswerRequest) -> None:
        assert request.cancelled.wait(20)
        told.set()

    engine = FakeEngine([[quote(evidence[0]), hang, quote(evidence[1])]])
    stream = debate(engine, SIDES[:1])
    for event in stream:
        if isinstance(event, ClaimAdded):
            stream.close()
            break
    [answer] = stream.snapshot().answers
    assert told.wait(20)
    assert [claim.text for claim in answer.claims] == [evidence[0].sentence.text]
    assert answer.status == "failed"
    assert answer.error is not None
    assert answer.error.type == "Stopped"


def test_a_stream_that_is_stopped_while_iterated_ends_with_what_was_said() -> None:
    evidence = make_retrieval().evidence

    def hang(request: AnswerRequest) -> None:
        request.cancelled.wait(20)

    stream = debate(FakeEngine([[quote(evidence[0]), hang]] * 3))
    events: list[Event] = []
    for event in stream:
        events.append(event)
        if sum(isinstance(one, ClaimAdded) for one in events) == 3:
            stream.close()
    assert finished(events).stopped
    assert all(len(answer.claims) == 1 for answer in finished(events).debate.answers)


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\t"])
def test_an_empty_question_is_refused(text: str) -> None:
    with pytest.raises(QuestionError):
        clean_question(text)


def test_a_question_keeps_its_french_spaces_and_loses_the_others() -> None:
    assert clean_question("  Est-ce\n une   bonne nouvelle\u00a0? ") == "Est-ce une bonne nouvelle\u00a0?"


def test_a_question_that_is_an_article_is_refused() -> None:
    with pytest.raises(QuestionError) as caught:
        clean_question("word " * 1000)
    assert "debatebot add" in caught.value.hint


def test_a_claim_that_is_a_sentence_is_a_quotation_and_another_is_not() -> None:
    [item, *_] = make_retrieval().evidence
    draft = quote(item)
    verdict = Verdict("supported", 1.0, Reason("quoted"))
    assert Claim("x.1", draft.text, "fact", draft.citations, verdict).is_quotation
    assert not Claim("x.1", draft.text[:-1], "fact", draft.citations, verdict).is_quotation
    assert Seconds(None, 1.0).first_token is None


def test_the_comparison_comes_when_all_have_answered_and_the_debate_holds_it() -> None:
    events = list(debate(FakeEngine()))
    kinds = [type(event) for event in events]
    assert kinds.count(Compared) == 1
    assert kinds.index(Compared) > max(at for at, kind in enumerate(kinds) if kind is AnswerCompleted)
    [compared] = [event for event in events if isinstance(event, Compared)]
    assert finished(events).debate.comparison == compared.comparison
    assert finished(events).debate.follow_ups == compared.follow_ups


class ComparingEngine(FakeEngine):
    """An engine that compares with what it is given."""

    def __init__(self, made: ModelComparison | EngineBusy) -> None:
        super().__init__()
        self.made = made

    def compare(self, request: CompareRequest) -> Iterator[ModelComparison | Usage]:
        yield Usage(7, None, 2)
        if isinstance(self.made, EngineBusy):
            raise self.made
        yield self.made


def test_an_engine_s_comparison_follows_the_built_in_one_and_stands() -> None:
    issue = Issue("Power", {"neutral": "neutral.1", "pessimistic": "pessimistic.1"}, "opposed")
    events = list(debate(ComparingEngine(ModelComparison((issue,), (), (), ()))))
    first, second = (event.comparison for event in events if isinstance(event, Compared))
    assert (first.engine, second.engine) == ("builtin", "fake")
    assert second.issues[0] == issue
    assert second.usage == Usage(7, None, 2)
    assert finished(events).debate.comparison == second


def test_an_engine_that_cannot_compare_leaves_the_built_in_comparison_and_says_why() -> None:
    events = list(debate(ComparingEngine(EngineBusy("reply_empty", retryable=True))))
    comparison = finished(events).debate.comparison
    assert comparison.engine == "builtin"
    assert comparison.issues
    assert comparison.error is not None
    assert comparison.usage == Usage(7, None, 2)
    assert [answer.status for answer in finished(events).debate.answers] == ["answered"] * 3


def test_an_answer_that_failed_keeps_what_was_said_and_what_it_cost() -> None:
    cut = EngineReplyError("reply_cut_short", retryable=True, model="m")
    engine = FakeEngine([[quote(make_retrieval().evidence[0]), Usage(10, 5, 3), cut]])
    [answer] = finished(list(debate(engine, SIDES[1:2]))).debate.answers
    assert (answer.status, len(answer.claims), answer.usage) == ("failed", 1, Usage(10, 5, 3))
