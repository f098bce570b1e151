"""One question from evidence to answers: retrieve once, ask every perspective at once, check every claim as it comes.

`DebateStream` is an iterator of events. Perspectives answer in threads and put what happens on a queue; whoever iterates
draws. What was said is there at any moment in `snapshot()`, so that a person who stops, or a page that is closed, loses
nothing.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from debatebot.comparing import Compare, compare_at_once, compare_with_engine
from debatebot.errors import DebatebotError, EngineReplyError, ErrorDescription, QuestionError, Stopped
from debatebot.following import retrieve_following
from debatebot.types import (
    Answer,
    AnswerCompleted,
    AnswerFailed,
    AnswerRequest,
    AnswerStarted,
    Article,
    Claim,
    ClaimAdded,
    Compared,
    CompareRequest,
    Debate,
    DraftClaim,
    Engine,
    Event,
    Evidence,
    Finished,
    Grounding,
    Insufficient,
    Perspective,
    Retrieval,
    Retrieved,
    Retriever,
    Seconds,
    TextAdded,
    Turn,
    Usage,
)
from debatebot.visible import visible
from debatebot.wording import answer_text

_LOG = logging.getLogger(__name__)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")

MAX_QUESTION = 2_000  # characters; more is a pasted article, not a question


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which articles, from which perspectives.

    `numbers`: sentence id → number it has in this conversation already. `interface`: language of labels and errors.
    `rewritten`: the question to search with, where what went before completes this one. `earlier`: what was said before
    when this question is asked again: the answers of other perspectives, `beside`, stand.
    """

    text: str
    language: str
    interface: str
    articles: tuple[Article, ...]
    perspectives: tuple[Perspective, ...]
    history: tuple[Turn, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    rewritten: str | None = None
    earlier: Debate | None = None
    beside: tuple[Perspective, ...] = ()

    @property
    def searched(self) -> str:
        """What the evidence is searched with."""
        return self.rewritten or self.text


@dataclass(frozen=True, slots=True)
class Parts:
    """What a debate is made with."""

    retriever: Retriever
    engine: Engine
    grounding: Grounding
    compare: Compare
    second_judge: Grounding | None = None
    """Judges the claims of a whole answer once more, when it is complete; its verdicts replace those given on the way."""


def clean_question(text: str) -> str:
    """The question as a reader sees it, with its white space folded.

    Raises:
        QuestionError: there is nothing in it, or too much.
    """
    question = _SPACES.sub(" ", visible(text)).strip()  # not the French spaces at which no line may break
    if not any(character.isalnum() for character in question):
        raise QuestionError("question_empty")
    if len(question) > MAX_QUESTION:
        raise QuestionError("question_too_long", length=len(question), most=MAX_QUESTION)
    return question


class DebateStream(Iterator[Event]):
    """The events of one question. Iterate it once; `close()` stops all perspectives, as does leaving a `with` block."""

    def __init__(self, question: Question, parts: Parts) -> None:
        self._question = question
        self._parts = parts
        self._retrieval = self._retrieve()
        self._compared: Compared | None = None
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._speakers = [
            _Speaker(self._request(perspective), parts, self._queue, question.interface)
            for perspective in question.perspectives
        ]
        self._events = self._run()

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> DebateStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is still being said. What was said stays in `snapshot()`."""
        self._cancelled.set()

    def snapshot(self) -> Debate:
        """The debate as far as it has come; a perspective that is not done is marked as stopped."""
        compared = self._compared or Compared(self._parts.compare(self._compare_request()))
        return Debate(
            question=self._question.text,
            language=self._question.language,
            articles=self._question.articles,
            evidence=self._evidence,
            answers=self._answers(),
            comparison=compared.comparison,
            rewritten=self._question.rewritten,
            follow_ups=compared.follow_ups,
        )

    def _retrieve(self) -> Retrieval:
        question = self._question
        found = self._parts.retriever.retrieve(
            question.searched, question.language, question.articles, question.numbers
        )
        if question.rewritten is None:
            return found
        return retrieve_following(question.text, question.language, question.articles, self._parts.retriever, found)

    @property
    def _evidence(self) -> tuple[Evidence, ...]:
        """What was found, after what was found the first time when the question is asked again."""
        earlier = self._question.earlier.evidence if self._question.earlier else ()
        known = {item.number for item in earlier}
        return earlier + tuple(item for item in self._retrieval.evidence if item.number not in known)

    def _answers(self) -> tuple[Answer, ...]:
        """Those of this stream, among those that stand when the question is asked again."""
        earlier = self._question.earlier.answers if self._question.earlier else ()
        new = {speaker.name: speaker.answer() for speaker in self._speakers}
        return tuple(new.pop(answer.perspective, answer) for answer in earlier) + tuple(new.values())

    def _request(self, perspective: Perspective) -> AnswerRequest:
        return AnswerRequest(
            question=self._question.text,
            language=self._question.language,
            articles=self._question.articles,
            retrieval=self._retrieval,
            perspective=perspective,
            history=self._question.history,
            cancelled=self._cancelled,
            rewritten=self._question.rewritten,
        )

    def _compare_request(self) -> CompareRequest:
        return CompareRequest(
            question=self._question.searched,
            language=self._question.language,
            articles=self._question.articles,
            retrieval=with_earlier(self._retrieval, self._evidence),
            answers=self._answers(),
            perspectives=self._question.perspectives + self._question.beside,
            asked=(*(turn.question for turn in self._question.history), self._question.text),
            grounding=self._parts.grounding,
            cancelled=self._cancelled,
        )

    def _run(self) -> Iterator[Event]:
        question = self._question
        yield Retrieved(
            question.text, question.language, question.articles, self._retrieval.evidence, question.rewritten
        )
        try:
            waiting = list(self._speakers)
            speaking = waiting[:1] if self._parts.engine.warms_prefix else list(waiting)
            del waiting[: len(speaking)]
            _start(speaking)
            running = len(self._speakers)
            while running:
                event = self._queue.get()
                yield event
                if waiting and not isinstance(event, AnswerStarted):
                    _start(waiting)  # the first word is there: the server has read the prompt they all share
                    waiting = []
                running -= isinstance(event, AnswerCompleted | AnswerFailed)
            yield from self._compare()
            yield Finished(self.snapshot(), stopped=self._cancelled.is_set())
        finally:
            self._cancelled.set()

    def _compare(self) -> Iterator[Compared]:
        """Compare when all have answered, so that it holds nobody up; a model after the built-in comparison is there."""
        if self._cancelled.is_set():
            return
        request, parts = self._compare_request(), self._parts
        self._compared = compare_at_once(request, parts.compare, parts.retriever)
        yield self._compared
        by_engine = compare_with_engine(
            request, self._compared, parts.engine, parts.retriever, self._question.interface
        )
        if by_engine is not None:
            self._compared = by_engine
            yield by_engine


def with_earlier(retrieval: Retrieval, evidence: tuple[Evidence, ...]) -> Retrieval:
    """The retrieval with all of `evidence`: sentences that it did not find have no place among its vectors, a zero row."""
    rows = {item.number: vector for item, vector in zip(retrieval.evidence, retrieval.vectors, strict=True)}
    if len(rows) == len(evidence):
        return retrieval
    nowhere = np.zeros(retrieval.vectors.shape[1], dtype=np.float32)
    vectors = np.stack([rows.get(item.number, nowhere) for item in evidence])
    return replace(retrieval, evidence=evidence, vectors=vectors)


def _start(speakers: Sequence[_Speaker]) -> None:
    for speaker in speakers:
        threading.Thread(target=speaker.speak, name=f"perspective-{speaker.name}", daemon=True).start()


class _Speaker:
    """One perspective answering in its own thread."""

    def __init__(self, request: AnswerRequest, parts: Parts, events: queue.SimpleQueue[Event], interface: str) -> None:
        self.name = request.perspective.name
        self._request = request
        self._parts = parts
        self._events = events
        self._interface = interface
        self._began = time.monotonic()
        self._first_word: float | None = None
        self._insufficient: str | None = None
        self._usage: Usage | None = None
        self._dropped = 0
        self._claims: tuple[Claim, ...] = ()
        self._done: Answer | None = None

    def speak(self) -> None:
        """Answer, and put on the queue what happens; the last event is always that it completed or failed."""
        error: DebatebotError | None = None
        self._began = time.monotonic()
        self._events.put(AnswerStarted(self.name, self._label, self._parts.engine.name))
        try:
            error = self._heard()
            self._judge_again()
            if self._request.cancelled.is_set():
                error = Stopped("stopped", retryable=True)
            elif error is None and not self._claims and self._insufficient is None:
                error = EngineReplyError("reply_empty", retryable=True)
        except BaseException:
            # A defect of the program: the reader is told, the others stand, and the defect is reported as one.
            self._end(EngineReplyError("defect"))
            _LOG.exception("a defect while %s answered", self.name)
            raise
        self._end(error)

    def answer(self) -> Answer:
        """What was said so far; if that is not all, it is marked as stopped."""
        return self._done or self._answer(Stopped("stopped", retryable=True))

    @property
    def _label(self) -> str:
        return self._request.perspective.label(self._request.language)

    def _heard(self) -> DebatebotError | None:
        """Listen to the engine; why it broke off, if it did: what it said until then stands."""
        try:
            self._listen()
        except DebatebotError as caught:
            engine = self._parts.engine.name
            _LOG.warning("%s by %s failed: %s %s", self.name, engine, type(caught).__name__, caught.key)
            return caught
        return None

    def _listen(self) -> None:
        for event in self._parts.engine.answer(self._request):
            if self._request.cancelled.is_set():
                return
            if self._first_word is None and not isinstance(event, Usage):
                self._first_word = time.monotonic()
            match event:
                case str():
                    self._events.put(TextAdded(self.name, event))
                case DraftClaim():
                    self._add(event)
                case Insufficient():
                    self._insufficient = event.text
                case Usage():
                    self._usage = event

    def _add(self, draft: DraftClaim) -> None:
        [verdict] = self._parts.grounding.judge([draft])
        identifier = f"{self.name}.{len(self._claims) + 1}"
        claim = Claim(identifier, draft.text, draft.kind, draft.citations, verdict, draft.lead)
        self._dropped += draft.dropped_markers
        self._claims = (*self._claims, claim)
        self._events.put(ClaimAdded(self.name, claim))

    def _judge_again(self) -> None:
        judge = self._parts.second_judge
        if judge is None or not self._claims or self._request.cancelled.is_set():
            return
        drafts = [DraftClaim(claim.text, claim.citations, claim.kind, claim.lead) for claim in self._claims]
        judged = zip(self._claims, judge.judge(drafts), strict=True)
        self._claims = tuple(replace(claim, verdict=verdict) for claim, verdict in judged)

    def _end(self, error: DebatebotError | None) -> None:
        self._done = self._answer(error)
        done = AnswerFailed if error else AnswerCompleted
        self._events.put(done(self.name, self._done))

    def _answer(self, error: DebatebotError | None) -> Answer:
        now = time.monotonic()
        first = None if self._first_word is None else self._first_word - self._began
        description: ErrorDescription | None = error.describe(self._interface) if error else None
        silent = self._insufficient is not None and not self._claims
        return Answer(
            perspective=self.name,
            label=self._label,
            engine=self._parts.engine.name,
            status="failed" if error else "insufficient" if silent else "answered",
            text=self._insufficient if silent and self._insufficient else self._text(),
            claims=self._claims,
            dropped_markers=self._dropped,
            error=description,
            usage=self._usage,
            seconds=Seconds(first, now - self._began),
            prompt_hash=self._parts.engine.prompt_hash(self._request.perspective),
        )

    def _text(self) -> str:
        languages = {article.id: article.language for article in self._request.articles}
        return answer_text(self._claims, languages)
