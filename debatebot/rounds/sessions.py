"""Debates begun, taken up again, or held in one go, with the parts of a `Debater`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from debatebot.comparing import Compare, comparison_by
from debatebot.errors import InputError
from debatebot.rounds.record import discussion_to_record
from debatebot.rounds.session import DebateSession, Keep
from debatebot.rounds.setting import Numbers, Setting
from debatebot.rounds.types import DEFAULT_ROUNDS, Discussion
from debatebot.types import Debate, Embeddings, Engine, Grounding, Retriever, Turn

if TYPE_CHECKING:
    from debatebot.debater import Debater
    from debatebot.sources import Source


class Sessions:
    """What `Debater.debates` offers.

    Args:
        compare: the built-in comparison; an engine that compares is asked as well.
    """

    def __init__(
        self,
        debater: Debater,
        retriever: Retriever,
        embeddings: Embeddings,
        grounding: Grounding,
        compare: Compare,
    ) -> None:
        self._debater = debater
        self._retriever = retriever
        self._embeddings = embeddings
        self._grounding = grounding
        self._compare = compare

    def begin(
        self,
        question: str,
        *,
        articles: Iterable[Source] | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
        rounds: int = DEFAULT_ROUNDS,
        interface: str | None = None,
        keep_for: str | None = None,
    ) -> DebateSession:
        """A debate on its own; arguments and errors as for `Debater.stream`, and InputError for fewer than two perspectives.

        Args:
            rounds: 1 to 5.
            keep_for: a person for whom it is kept after every step, as a conversation of its own; None: nowhere.
        """
        self._check_sides(perspectives)
        speaking = self._engine(engine)
        stream = self._debater.stream(
            question, articles=articles, perspectives=perspectives, engine=speaking, interface=interface
        )
        asked = stream.snapshot()
        setting = self._setting(speaking, asked, interface)
        if keep_for is None:
            return DebateSession(setting, opening=stream, rounds=rounds)
        conversations = self._debater.library.conversations
        conversation = conversations.begin(keep_for, [article.id for article in asked.articles], asked.question)
        keep = self._keeping(conversation, 0, keep_for)
        return DebateSession(setting, opening=stream, rounds=rounds, keep=keep, conversation=conversation, position=0)

    def hold(
        self,
        question: str,
        *,
        articles: Iterable[Source] | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
        rounds: int = DEFAULT_ROUNDS,
    ) -> Discussion:
        """Hold a whole debate and wait for it; arguments and errors as for `begin`."""
        session = self.begin(question, articles=articles, perspectives=perspectives, engine=engine, rounds=rounds)
        for _event in session.run():
            pass
        return session.discussion

    def converse(
        self,
        question: str,
        *,
        person: str,
        articles: Sequence[str],
        conversation: str | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
        rounds: int = DEFAULT_ROUNDS,
        interface: str | None = None,
    ) -> DebateSession:
        """A debate within a conversation of a person, kept after every step.

        Arguments and errors as `Debater.converse`, and InputError for fewer than two perspectives.
        """
        self._check_sides(perspectives)
        speaking = self._engine(engine)
        before = self._debater.conversation(conversation, person).history if conversation else ()
        stream = self._debater.converse(
            question,
            person=person,
            articles=articles,
            conversation=conversation,
            perspectives=perspectives,
            engine=speaking,
            interface=interface,
        )
        return DebateSession(
            self._setting(speaking, stream.snapshot(), interface, before, self._numbers(stream.conversation, person)),
            opening=stream,
            rounds=rounds,
            keep=self._keeping(stream.conversation, stream.position, person),
            conversation=stream.conversation,
            position=stream.position,
        )

    def resume(
        self,
        conversation: str,
        position: int,
        *,
        person: str,
        engine: str | Engine | None = None,
        interface: str | None = None,
    ) -> DebateSession:
        """Take up a debate of a conversation where it was left.

        Raises:
            NotFound: no such conversation of this person, or an article of it was removed.
            InputError: the question at that position was no debate.
            EngineUnavailable: the engine is not to be had.
        """
        loaded = self._debater.conversation(conversation, person)
        turn = loaded.turn(position)
        if turn.discussion is None:
            raise InputError("no_debate", question=turn.question)
        opening = turn.discussion.opening
        for article in opening.articles:
            self._debater.library.articles.get(article.id, person)
        numbers = self._numbers(conversation, person)
        setting = self._setting(self._engine(engine), opening, interface, loaded.history[:position], numbers)
        keep = self._keeping(conversation, position, person)
        return DebateSession(
            setting, discussion=turn.discussion, keep=keep, conversation=conversation, position=position
        )

    def _check_sides(self, perspectives: Sequence[str] | None) -> None:
        sides = self._debater.prompts.select(perspectives)
        if len(sides) < 2:
            raise InputError("debate_alone", name=sides[0].name)

    def _engine(self, engine: str | Engine | None) -> Engine:
        return self._debater.engine(engine) if engine is None or isinstance(engine, str) else engine

    def _keeping(self, conversation: str, position: int, person: str) -> Keep:
        conversations = self._debater.library.conversations

        def keep(discussion: Discussion) -> None:
            conversations.answer(conversation, person, position, discussion_to_record(discussion))

        return keep

    def _numbers(self, conversation: str, person: str) -> Numbers:
        return lambda: self._debater.conversation(conversation, person).numbers

    def _setting(
        self,
        engine: Engine,
        opening: Debate,
        interface: str | None,
        history: tuple[Turn, ...] = (),
        numbers: Numbers = dict,
    ) -> Setting:
        sides = {answer.perspective for answer in opening.answers}
        said_in = interface or opening.language
        return Setting(
            retriever=self._retriever,
            embeddings=self._embeddings,
            engine=engine,
            grounding=self._grounding,
            compare=lambda request: comparison_by(request, self._compare, engine, said_in),
            perspectives={one.name: one for one in self._debater.perspectives if one.name in sides},
            interface=said_in,
            history=history,
            numbers=numbers,
        )
