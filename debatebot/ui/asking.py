"""Asking: suggested questions, the field to write one, Stop, and the answers as they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.types import Article
from debatebot.ui import notices
from debatebot.ui.article import Marks, marks_of
from debatebot.ui.live import Board, batches
from debatebot.ui.markup import label, tag, text
from debatebot.ui.session import Again, Ask, Session
from debatebot.ui.turns import TurnView, draw_frame, shown_perspectives

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from debatebot.conversing import ConversationStream
    from debatebot.ui.reading import Reading

_GENERAL = ("one", "two", "three")


def suggestions(session: Session, article: Article, asked: set[str]) -> list[str]:
    """Questions to begin with that were not asked yet: the article's own in the reader's language, else general ones."""
    language = session.words.language
    own = article.questions.get(language, ())
    questions = own or tuple(session.words(f"general.{name}") for name in _GENERAL)
    before = {" ".join(question.split()) for question in asked}
    return [question for question in questions if " ".join(question.split()) not in before]


def draw_suggestions(session: Session, article: Article, asked: set[str]) -> None:
    """The suggested questions; in a conversation that has not begun, with what will happen."""
    words = session.words
    begun, questions = bool(asked), suggestions(session, article, asked)
    if not begun:
        title, explained = text(words("ask.heading")), text(words("ask.explained"))
        st.html(tag("div", tag("h2", title), tag("p", explained), class_="invitation"))
    if not questions:
        return
    with st.container(key="suggestions" if not begun else "more-suggestions"):
        notices.heading(words("ask.more_suggestions" if begun else "ask.suggestions"), level="h3")
        for at, question in enumerate(questions):
            st.button(label(question), key=f"suggestion-{at}", on_click=session.plan, args=(Ask(question),))


def draw_input(session: Session) -> Ask | None:
    """The field; returns what was asked with it in this run."""
    question = st.chat_input(session.words("ask.placeholder"), key="question", submit_mode="disable")
    return Ask(question) if question else None


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are drawn while the answers come: the new turn, the Stop button, and the marks in the article."""

    turn: DeltaGenerator
    stop: DeltaGenerator
    mark: Callable[[Marks], None]


def answer(session: Session, task: Ask, places: Places, reading: Reading) -> None:
    """Ask about the articles that are shown, and draw the answers as they come."""
    names = shown_perspectives(session)
    try:
        stream = session.debater.converse(
            task.question,
            person=session.person,
            articles=list(reading.articles),
            conversation=session.conversation,
            perspectives=names,
            engine=session.engine,
            interface=session.words.language,
        )
    except DebatebotError as error:
        with places.turn:
            notices.show(error.describe(session.words.language))
        return
    with stream:
        session.open_conversation(stream.conversation)
        with places.turn:
            view = draw_frame(
                reading, stream.position, task.question, names, f"{stream.conversation}-{stream.position}"
            )
        _follow(session, stream, view, names, places)


def answer_again(session: Session, task: Again, view: TurnView, places: Places) -> None:
    """Ask one perspective of an earlier question again, in its column."""
    if session.conversation is None:
        return
    try:
        stream = session.debater.again(
            session.conversation,
            task.position,
            task.perspective,
            person=session.person,
            engine=session.engine,
            interface=session.words.language,
        )
    except DebatebotError as error:
        with view.actions[task.perspective]:
            notices.show(error.describe(session.words.language))
        return
    with stream:
        _follow(session, stream, view, [task.perspective], places)


def _follow(session: Session, stream: ConversationStream, view: TurnView, names: list[str], places: Places) -> None:
    """Draw the events until the last one; Streamlit breaks in here when the person stops or does something else."""
    # Any click ends this run; the next one draws what was stored, and so the button needs to do nothing more.
    places.stop.button(session.words("ask.stop"), key="stop", icon=":material/stop_circle:", type="primary")
    board = Board(names)
    for column in board.columns.values():
        view.show(column)
    for batch in batches(stream):
        changed = [name for name in (board.fold(event) for event in batch) if name]
        for name in dict.fromkeys(changed) if batch else list(board.columns)[:1]:
            view.show(board.columns[name])
        if board.debate is None and any(board.columns[name].answer for name in changed):
            places.mark(marks_of(stream.position, board.evidence, board.claims))
    session.note("announcement", _announcement(session, stream.position, board))
    st.rerun()


def _announcement(session: Session, position: int, board: Board) -> str:
    """What is said aloud at the end; a space without width makes it news when the same is said twice in a row."""
    answered = sum(not column.is_failed for column in board.columns.values())
    return session.words.count("answer", answered) + "\u200b" * (position % 2)
