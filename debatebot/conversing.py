"""Debates that belong to a conversation: the question is kept before anybody answers, the answers whatever happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from debatebot.debate import DebateStream
from debatebot.errors import NotFound
from debatebot.keeping import KeptStream
from debatebot.library import Conversation, Library, StoredTurn
from debatebot.numbering import numbers_of, renumbered, renumbered_discussion
from debatebot.rounds.record import record_to_discussion
from debatebot.rounds.types import Discussion
from debatebot.serialization import debate_to_record, record_to_debate
from debatebot.types import Article, Debate, Event, Finished, Turn


@dataclass(frozen=True, slots=True)
class LoadedTurn:
    """A question of a conversation; `debate` is None when it was never answered."""

    position: int
    question: str
    created_at: datetime
    debate: Debate | None
    discussion: Discussion | None = None
    """The debate in rounds that `debate` opened; None where the question was a plain one."""


@dataclass(frozen=True, slots=True)
class LoadedConversation:
    """A conversation as it was left."""

    id: str
    title: str
    article_ids: tuple[str, ...]
    turns: tuple[LoadedTurn, ...]

    def turn(self, position: int) -> LoadedTurn:
        """The question at `position`.

        Raises:
            NotFound: there is none.
        """
        for turn in self.turns:
            if turn.position == position:
                return turn
        raise NotFound("conversation_unknown", reference=f"{self.id}/{position}")

    @property
    def history(self) -> tuple[Turn, ...]:
        """What was asked and answered, for an engine that is to understand a follow-up."""
        return tuple(
            Turn(
                turn.question,
                {answer.perspective: answer.text for answer in turn.debate.answers if answer.claims},
                turn.debate.rewritten,
            )
            for turn in self.turns
            if turn.debate is not None
        )

    @property
    def numbers(self) -> dict[str, int]:
        """Sentence id → the number it has had since it was first found in this conversation."""
        return numbers_of(turn.debate for turn in self.turns if turn.debate is not None)


class ConversationStream(KeptStream[Event, Debate]):
    """The events of a question that is part of a conversation; what was said is stored when it ends or is left."""

    def __init__(self, stream: DebateStream, library: Library, conversation: str, position: int, person: str) -> None:
        super().__init__(stream, ends=(Finished,))
        self.conversation = conversation
        self.position = position
        self._stream = stream
        self._library = library
        self._person = person

    def snapshot(self) -> Debate:
        """The whole debate as far as it has come."""
        return self._stream.snapshot()

    def _stop(self) -> None:
        self._stream.close()

    def _keep(self) -> None:
        record = debate_to_record(self.snapshot())
        self._library.conversations.answer(self.conversation, self._person, self.position, record)


def load(library: Library, conversation: str, person: str | None) -> LoadedConversation:
    """A conversation with its debates; articles that were removed come without their text.

    Raises:
        NotFound: no such conversation of this person.
    """
    stored = library.conversations.get(conversation, person)
    return loaded(stored, _articles(library, stored.article_ids))


def loaded(stored: Conversation, articles: Mapping[str, Article]) -> LoadedConversation:
    """A conversation from what was kept of it; a sentence has one number in all its turns.

    Args:
        articles: as for `debatebot.serialization.record_to_debate`.
    """
    turns = tuple(_loaded(turn, articles) for turn in stored.turns)
    whole = LoadedConversation(stored.id, stored.title, stored.article_ids, turns)
    numbers = whole.numbers
    return replace(whole, turns=tuple(_renumbered(turn, numbers) for turn in turns))


def _loaded(turn: StoredTurn, articles: Mapping[str, Article]) -> LoadedTurn:
    debate = record_to_debate(turn.record, articles) if turn.record else None
    discussion = record_to_discussion(turn.record, articles) if turn.record else None
    return LoadedTurn(turn.position, turn.question, turn.created_at, debate, discussion)


def _renumbered(turn: LoadedTurn, numbers: Mapping[str, int]) -> LoadedTurn:
    return replace(
        turn,
        debate=turn.debate and renumbered(turn.debate, numbers),
        discussion=turn.discussion and renumbered_discussion(turn.discussion, numbers),
    )


def _articles(library: Library, identifiers: Sequence[str]) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for identifier in identifiers:
        try:
            found[identifier] = library.articles.get(identifier)
        except NotFound:  # removed since: the conversation stays readable without it
            continue
    return found
