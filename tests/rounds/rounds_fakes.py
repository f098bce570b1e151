"""A debate on the article of `Texts` with parts that need no model: sides that say what the test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from debatebot.comparing import Compare
from debatebot.comparison import compare
from debatebot.debate import DebateStream, Parts, Question
from debatebot.rounds.parts import RebuttalDraft, RebuttalRequest, RebutterEvent, Target
from debatebot.rounds.session import DebateSession
from debatebot.rounds.setting import Setting
from debatebot.rounds.types import Discussion, RoundEvent
from debatebot.types import (
    AnswerRequest,
    Article,
    Citation,
    DraftClaim,
    EngineEvent,
    Evidence,
    Perspective,
    Reason,
    Retrieval,
    Verdict,
)
from tests.fakes import FakeEmbeddings, FakeEngine, make_article, make_evidence, make_perspective, quote

SIDES = (
    make_perspective("optimistic", "hopeful"),
    make_perspective("neutral", "balanced"),
    make_perspective("pessimistic", "worried"),
)

Step = RebutterEvent | Exception | Callable[[RebuttalRequest], None]
Script = Mapping[str, Sequence[Sequence[Step]]]
"""Perspective → what it says in each round."""


class Believing:
    """Finds every claim supported."""

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        return [Verdict("supported", 1.0, Reason("quoted")) for _ in claims]


class WholeArticle:
    """Finds all sentences of `Texts` for everything; the first `known` of them when a debate is opened."""

    def __init__(self, known: int = 6, answerable: float = 1.0) -> None:
        self.known = known
        self.answerable = answerable
        self.asked: list[str] = []

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        evidence = make_evidence()[: self.known if not self.asked else None]
        self.asked.append(question)
        vectors = FakeEmbeddings().passages([item.sentence.text for item in evidence])
        return Retrieval(evidence, self.answerable, vectors, beyond_vectors=np.zeros((0, vectors.shape[1]), np.float32))


class DebatingEngine(FakeEngine):
    """Opens by quoting one sentence of each side's own, then says in each round what the script has for it."""

    def __init__(self, script: Script | None = None, *, warms_prefix: bool = False) -> None:
        [_, hopeful, _, worried, *_] = make_evidence()
        opening = {"optimistic": [quote(hopeful)], "pessimistic": [quote(worried)]}
        super().__init__(by_perspective=opening, warms_prefix=warms_prefix)
        self.script = {name: list(rounds) for name, rounds in (script or {}).items()}
        self.rebutted: list[RebuttalRequest] = []
        self._rebutting = threading.Lock()

    def answer(self, request: AnswerRequest) -> Iterator[EngineEvent]:
        return super().answer(request)

    def rebut(self, request: RebuttalRequest) -> Iterator[RebutterEvent]:
        with self._rebutting:
            self.rebutted.append(request)
            rounds = self.script.get(request.perspective.name, [])
            steps = rounds.pop(0) if rounds else []
        for step in steps:
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step(request)
            else:
                yield step

    def rebuttal_hash(self, perspective: Perspective) -> str:
        return "abc"


def rebuttal(answers: str | None, item: Evidence, text: str = "", *, concedes: bool = False) -> RebuttalDraft:
    claim = DraftClaim(text or item.sentence.text, (Citation(item.number, item.sentence),), "fact")
    return RebuttalDraft(Target(answers, concedes), claim)


def begin(
    engine: FakeEngine,
    retriever: WholeArticle | None = None,
    *,
    sides: tuple[Perspective, ...] = SIDES,
    rounds: int = 2,
    keep: Callable[[Discussion], None] | None = None,
    opened: Discussion | None = None,
    comparing: Compare = compare,
) -> DebateSession:
    """A debate that is about to be opened, or the one that was `opened`."""
    finding = retriever or WholeArticle()
    question = Question("Is the park good news?", "en", "en", (make_article(),), sides)
    setting = Setting(
        retriever=finding,
        embeddings=FakeEmbeddings(),
        engine=engine,
        grounding=Believing(),
        compare=comparing,
        perspectives={side.name: side for side in sides},
        interface="en",
    )
    if opened:
        return DebateSession(setting, discussion=opened, keep=keep)
    stream = DebateStream(question, Parts(finding, engine, Believing(), compare))
    return DebateSession(setting, opening=stream, rounds=rounds, keep=keep)


def listen(session: DebateSession) -> list[RoundEvent]:
    """The whole debate."""
    return list(session.run())
