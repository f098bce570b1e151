"""Asking: suggested questions, the field to write one, Stop, and the answers as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.types import Article, Compared, Comparer, Event, Retrieved
from debatebot.ui import notices
from debatebot.ui.article import Marks, marks_of
from debatebot.ui.comparison import Said, waiting_html
from debatebot.ui.live import Board, batches
from debatebot.ui.markup import label, tag, text
from debatebot.ui.session import BRIEF, COMPARE, DEBATE, Again, Ask, Session
from debatebot.ui.turns import Heading, TurnView, draw_frame, shown_perspectives

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from debatebot.conversing import LoadedTurn
    from debatebot.ui.formats import Words
    from debatebot.ui.reading import Reading

_GENERAL = ("one", "two", "three")
_GENERAL_OF_SEVERAL = ("several", "two", "one")
_OWN_OF_SEVERAL = 2
"""Questions made for one article of several: those of the first two, so that general ones have a place as well."""
_REFUSED_HEIGHT = 200  # pixels; a question that is refused is a long one


def draw_suggestions(session: Session, articles: Sequence[Article], turns: Sequence[LoadedTurn]) -> None:
    """Questions to click: those that follow from the last answer, else the articles' own; at first, with what will happen."""
    words = session.words
    begun = bool(turns)
    questions = suggestions(session, articles, turns)
    if not begun:
        debating = session.view == DEBATE
        title = words("ask.heading" if len(articles) == 1 else "ask.heading_several")
        explained = words("debate.explained" if debating else "ask.explained")
        st.html(tag("div", tag("h2", text(title)), tag("p", text(explained)), class_="invitation"))
    if not questions:
        return
    with st.container(key="suggestions" if not begun else "more-suggestions"):
        notices.heading(words("ask.more_suggestions" if begun else "ask.suggestions"), level="h3")
        for at, (question, note) in enumerate(questions.items()):
            name = f"{label(question)} :gray[{label(note)}]" if note else label(question)
            st.button(name, key=f"suggestion-{at}", on_click=_ask, args=(session, question))


def suggestions(session: Session, articles: Sequence[Article], turns: Sequence[LoadedTurn]) -> dict[str, str]:
    """Questions that were not asked yet, each with a note where there is something to say of it."""
    words = session.words
    before = {_plain(turn.question) for turn in turns}
    answered = [turn.debate for turn in turns if turn.debate]
    following = answered[-1].follow_ups if answered else ()
    if following:
        found = {one.question: words("ask.from_unused") if one.unused else "" for one in following}
    else:
        found = dict.fromkeys(_first_questions(words, articles), "")
    return {question: note for question, note in found.items() if _plain(question) not in before}


def _first_questions(words: Words, articles: Sequence[Article]) -> Sequence[str]:
    """Those written for the article, else general ones; of several articles a general one and one of each of the first."""
    own = [one.questions.get(words.language, ()) for one in articles]
    if len(articles) == 1:
        return own[0] or [words(f"general.{name}") for name in _GENERAL]
    general = [words(f"general.{name}") for name in _GENERAL_OF_SEVERAL]
    firsts = [questions[0] for questions in own if questions][:_OWN_OF_SEVERAL]
    return [*general[:1], *firsts, *general[1:]][: len(_GENERAL)]


def _plain(question: str) -> str:
    return " ".join(question.split())


def draw_input(session: Session, reading: Reading, *, is_ready: bool) -> Ask | None:
    """The field; returns what was asked with it in this run. Nothing can be asked while the article is being read."""
    question = st.chat_input(
        reading.words("debate.placeholder") if session.view == DEBATE else reading.say("ask.placeholder"),
        key="question",
        submit_mode="disable",
        disabled=not is_ready,
        on_submit=_leave_briefing,
        args=(session,),
    )
    return Ask(question) if question else None


def _ask(session: Session, question: str) -> None:
    _leave_briefing(session)
    session.plan(Ask(question))


def _leave_briefing(session: Session) -> None:
    """What is asked beside the briefing is answered side by side."""
    if session.view == BRIEF:
        session.view = COMPARE


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
        draw_refused(session, task, error, places)
        return
    with stream:
        session.open_conversation(stream.conversation)
        heading = Heading(stream.position, task.question, f"{stream.conversation}-{stream.position}")
        with places.turn:
            view = draw_frame(reading, heading, names)
        board = follow(session, stream, view, names, places)
    finish(session, _announcement(session, board))


def draw_refused(session: Session, task: Ask, error: DebatebotError, places: Places) -> None:
    """Why a question cannot be asked, where it is seen; and the question, which the field has let go of."""
    refusals = (session.recall("refusals") or 0) + 1
    session.note("refusals", refusals)
    with places.turn:
        said = notices.error_html(error, session.words.language)
        st.html(tag("div", said, class_="refused", data_turn=f"refused-{refusals}"))
        if task.question.strip():
            notices.quiet(session.words("ask.refused"))
            st.code(task.question, language=None, wrap_lines=True, height=_REFUSED_HEIGHT)


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
            notices.show(error, session.words.language)
        return
    with stream:
        board = follow(session, stream, view, [task.perspective], places)
    finish(session, _announcement(session, board))


def follow(session: Session, stream: Iterator[Event], view: TurnView, names: Sequence[str], places: Places) -> Board:
    """Draw the events until the last one; Streamlit breaks in here when the person stops or does something else."""
    draw_stop(session, places)
    board = Board(names, is_compared_by_model=isinstance(session.engine, Comparer))
    for column in board.columns.values():
        view.show(column)
    for batch in batches(stream):
        changed = [name for name in (board.fold(event) for event in batch) if name]
        for name in dict.fromkeys(changed) if batch else list(board.columns)[:1]:
            view.show(board.columns[name])
        _draw_found(view, board, batch)
        if board.debate is None and any(board.columns[name].answer for name in changed):
            places.mark(marks_of(view.position, board.evidence, board.claims))
    return board


def draw_stop(session: Session, places: Places) -> None:
    """The button to stop; any click ends the run, the next one draws what was stored: this one is said aloud as well."""
    places.stop.button(
        session.words("ask.stop"),
        key="stop",
        icon=":material/stop_circle:",
        type="primary",
        on_click=session.announce,
        args=(session.words("ask.stopped"),),
    )


def finish(session: Session, announcement: str) -> None:
    """Say aloud what happened, and draw the page from what was stored."""
    session.announce(announcement)
    st.rerun()


def _draw_found(view: TurnView, board: Board, batch: Sequence[Event]) -> None:
    """What is there before the end: the question as it was searched for, the comparison, which a model may replace."""
    if board.rewritten and any(isinstance(event, Retrieved) for event in batch):
        view.ask(board.rewritten)
    if board.comparison is None or not any(isinstance(event, Compared) for event in batch):
        return
    if view.waits_for_one and board.is_being_compared:
        for name in board.columns:
            view.actions[name].html(waiting_html(view.reading))
    elif len(board.columns) > 1:
        claims = {claim.id: claim for claim in board.claims}
        said = Said(view.position, claims, board.evidence)
        view.compare(said, board.comparison, is_waiting=board.is_being_compared)


def _announcement(session: Session, board: Board) -> str:
    """What is said aloud at the end."""
    return session.words.count("answer", sum(not column.is_failed for column in board.columns.values()))
