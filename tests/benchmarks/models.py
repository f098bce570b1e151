"""The language-model engine: our time a question against the same three streams with the bare openai client.

The server runs in a process of its own: in ours it would wait for the interpreter that it is measured with.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from openai import OpenAI

from debatebot.comparison import compare
from debatebot.debate import DebateStream, Parts, Question
from debatebot.documents.sentences import split
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.engines.llm import LanguageModelEngine
from debatebot.engines.models import build_chat_model
from debatebot.factory import data_folder, sample_articles
from debatebot.grounding import ClaimJudge
from debatebot.index import Index
from debatebot.prompts import Messages, load
from debatebot.retrieval import EvidenceRetriever
from debatebot.types import AnswerCompleted, AnswerRequest, Perspective
from tests.benchmarks.timing import Row, in_turn
from tests.fakes import FakeModelServer, Reply

_TOKENS_A_SECOND = 50
_CHARACTERS_A_TOKEN = 4
_CLAIMS = (
    "DeepSeek says that its model cost 6 million dollars.",
    "The model activates 37 billion parameters of 670 billion.",
    "The market lost nearly a thousand billion dollars.",
    "The truth probably lies in between.",
)
_TEXT = "\n".join(f"FACT: {sentence} [{number}]" for number, sentence in enumerate(_CLAIMS, 1))


class _Setting:
    """One article, indexed; an engine on a fake server that answers with `reply` whatever it is asked."""

    def __init__(self, folder: str, server: _Server, warm_prefix: str) -> None:
        embeddings = BuiltinEmbeddings()
        self.prompts = load(data_folder() / "prompts")
        self.article = min(sample_articles(), key=lambda article: len(article.text))
        sentences = split(self.article.id, self.article.text, self.article.language)
        self.index = Index(path=Path(folder) / "index", embeddings=embeddings)
        self.index.add(self.article, sentences, embeddings.passages([sentence.text for sentence in sentences]))
        chat = build_chat_model("openai:fake-model", api_key="key", base_url=server.base_url, timeout=60)
        engine = LanguageModelEngine(
            chat,
            self.prompts,
            name="openai:fake-model",
            base_url=server.base_url,
            warm_prefix="on" if warm_prefix == "on" else "off",
        )
        self.parts = Parts(EvidenceRetriever(self.index), engine, ClaimJudge(embeddings), compare)
        self.client = OpenAI(api_key="key", base_url=server.base_url)
        retrieval = self.parts.retriever.retrieve("Is it good news?", "en", (self.article,))
        self.messages = [
            self.prompts.messages(AnswerRequest("Is it good news?", "en", (self.article,), retrieval, perspective))
            for perspective in self.prompts.perspectives
        ]

    def ask(self, perspectives: Sequence[Perspective]) -> None:
        question = Question("Is it good news?", "en", "en", (self.article,), tuple(perspectives))
        with DebateStream(question, self.parts) as stream:
            done = 0
            while done < len(perspectives):  # the comparison that follows is one more call
                done += isinstance(next(stream), AnswerCompleted)

    def bare(self) -> None:
        """The same three requests, in three threads: nothing is searched before, and nothing done to what comes back."""
        threads = [threading.Thread(target=self._stream, args=(written,)) for written in self.messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _stream(self, written: Messages) -> None:
        stream = self.client.chat.completions.create(
            model="fake-model",
            messages=[{"role": "system", "content": written.system}, {"role": "user", "content": written.user}],
            stream=True,
        )
        for _chunk in stream:
            pass


def rows() -> Iterator[Row]:
    """An instant server, one that writes at the pace of a model, and one with a single slot and a prefix cache.

    Both of the first two send a token a chunk, as servers do. Claims that were judged before are known; what judging costs
    that were not is a row of its own.
    """
    at_once = Reply(text=_TEXT, piece=_CHARACTERS_A_TOKEN)
    at_pace = Reply(text=_TEXT, piece=_CHARACTERS_A_TOKEN, drip=1 / _TOKENS_A_SECOND)
    for what, reply, rounds in (("at once", at_once, 21), (f"at {_TOKENS_A_SECOND} tokens a second", at_pace, 5)):
        with tempfile.TemporaryDirectory() as folder, _Server([reply]) as server:
            setting = _Setting(folder, server, "off")
            three = setting.prompts.perspectives
            ours, bare = in_turn(partial(setting.ask, three), setting.bare, rounds=rounds)
            yield Row(f"model server that answers {what}: ours / bare client", ours, bare, "≤ 1.2")
            both = in_turn(partial(setting.ask, three), partial(setting.ask, three[:1]), rounds=rounds)
            yield Row(f"model server that answers {what}: three perspectives / one", *both, "≤ 1.15")
            setting.index.close()
    yield _new_claims()
    yield _warming()


def _new_claims() -> Row:
    """Every reply differs, so that each claim has to be judged anew."""
    replies = [Reply(text=_TEXT.replace("says", f"said in {year}"), piece=_CHARACTERS_A_TOKEN) for year in range(200)]
    with tempfile.TemporaryDirectory() as folder, _Server(replies) as server:
        setting = _Setting(folder, server, "off")
        ours, bare = in_turn(partial(setting.ask, setting.prompts.perspectives), setting.bare, rounds=15)
        setting.index.close()
        return Row("the same at once, a claim of each answer never judged before", ours, bare, "")


def _warming() -> Row:
    """A server that answers one at a time and reads what it has not cached: the first perspective ahead, or all at once."""
    times = {mode: [_first_question(mode) for _ in range(3)] for mode in ("on", "off")}
    medians = {mode: statistics.median(some) for mode, some in times.items()}
    return Row("single-slot server with a prefix cache: warmed / all at once", medians["on"], medians["off"], "< 1")


def _first_question(warm_prefix: str) -> float:
    """Seconds of three answers from a server that has read nothing yet."""
    reply = Reply(text=_TEXT, piece=40)
    with tempfile.TemporaryDirectory() as folder, _Server([reply], slots=1, seconds_per_character=2e-4) as server:
        setting = _Setting(folder, server, warm_prefix)
        began = time.perf_counter()
        setting.ask(setting.prompts.perspectives)
        seconds = time.perf_counter() - began
        setting.index.close()
        return seconds


class _Server:
    """A fake model server in its own process, giving these replies in turn, again and again."""

    def __init__(self, replies: Sequence[Reply], slots: int | None = None, seconds_per_character: float = 0.0) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        arguments = (there, list(replies), slots, seconds_per_character)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        self.base_url = str(self._here.recv())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._here.send("stop")
        self._process.join(10)


def _serve(pipe: Connection, replies: list[Reply], slots: int | None, seconds_per_character: float) -> None:
    many = [replies[number % len(replies)] for number in range(2_000)]
    with FakeModelServer(many, slots=slots, seconds_per_character=seconds_per_character) as server:
        pipe.send(server.base_url)
        pipe.recv()
