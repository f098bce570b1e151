"""The debate view: rounds one under the other, the person's word between them, and the moderator's at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.rounds.types import Closed, Discussion, RoundEvent, RoundFinished, RoundStarted
from debatebot.types import Event, Evidence, TextAdded
from debatebot.ui import notices
from debatebot.ui.article import marks_of
from debatebot.ui.asking import Places, draw_refused, draw_stop, finish, follow
from debatebot.ui.columns import column_of
from debatebot.ui.comparison import Said
from debatebot.ui.live import batches
from debatebot.ui.markup import label, tag, text
from debatebot.ui.reading import Reading
from debatebot.ui.rounds import RoundView, SideEvent, begun, closing_html, effort_html, held, round_html, said_in_debate
from debatebot.ui.session import Ask, CloseDebate, NextRound, Session
from debatebot.ui.turns import Heading, draw_frame, draw_question, heading_of, shown_perspectives

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from debatebot.conversing import LoadedTurn
    from debatebot.rounds.session import DebateSession

_EVERYBODY = ""
_MOST_ROUNDS_OFFERED = 4
_TROUBLE = "debate-trouble"


@dataclass(frozen=True, slots=True)
class DebateView:
    """The place of a debate's next step. `name`: of the question among all conversations."""

    reading: Reading
    position: int
    name: str
    discussion: Discussion
    running: DeltaGenerator


# --- what is stored -------------------------------------------------------------------------------------------------


def draw_debate(
    session: Session, reading: Reading, conversation: str, turn: LoadedTurn, *, is_going_on: bool
) -> DebateView | None:
    """Draw a stored debate, with what can be done next unless it goes on in this run; None for a plain question."""
    heading = heading_of(conversation, turn)
    if turn.discussion is None:
        _draw_plain(session, reading, heading, turn)
        return None
    discussion = turn.discussion
    _draw_opening(reading, heading, discussion)
    said = said_in_debate(turn.position, discussion)
    for one in discussion.rounds:
        st.html(round_html(reading, said, held(one), f"{heading.name}-r{one.number}"))
    if discussion.closing:
        st.html(closing_html(reading, turn.position, discussion, f"{heading.name}-closing"))
    if discussion.rounds:
        st.html(effort_html(reading, discussion))
    running = st.empty()
    if not is_going_on:
        _draw_next(session, reading, turn.position, discussion)
    return DebateView(reading, turn.position, heading.name, discussion, running)


def _draw_plain(session: Session, reading: Reading, heading: Heading, turn: LoadedTurn) -> None:
    draw_question(reading, heading)
    notices.quiet(session.words("debate.none"))
    _draw_begin(session, turn.position, turn.question)


def _draw_begin(session: Session, position: int, question: str) -> None:
    st.button(
        session.words("debate.begin"),
        key=f"debate-{position}",
        icon=":material/forum:",
        on_click=session.plan,
        args=(Ask(question),),
    )


def _draw_opening(reading: Reading, heading: Heading, discussion: Discussion) -> None:
    answers = discussion.opening.answers
    view = draw_frame(
        reading, heading, [answer.perspective for answer in answers], introduction=reading.words("debate.opening")
    )
    for answer in answers:
        view.show(column_of(answer))


# --- what can be done next ------------------------------------------------------------------------------------------


def _draw_next(session: Session, reading: Reading, position: int, discussion: Discussion) -> None:
    trouble: tuple[int, DebatebotError] | None = session.recall(_TROUBLE)
    if trouble and trouble[0] == position:
        notices.show(trouble[1], session.words.language)
        session.forget(_TROUBLE)
    if discussion.closing:
        return
    with st.container(key=f"next-{position}"):
        if not discussion.claims:
            _draw_begin(session, position, discussion.opening.question)
        elif discussion.is_over:
            notices.quiet(session.words("debate.over"))
            _draw_close(session, position)
        else:
            _draw_remark(session, reading, position, discussion)


def _draw_close(session: Session, position: int) -> None:
    st.button(
        session.words("debate.close"),
        key=f"close-{position}",
        type="primary",
        on_click=session.plan,
        args=(CloseDebate(position),),
    )


def _draw_remark(session: Session, reading: Reading, position: int, discussion: Discussion) -> None:
    """A remark, to all or to one side; the next round, with it or without; or the end."""
    words = session.words
    at = f"{position}-{len(discussion.rounds)}"
    number = words("debate.round_of", number=len(discussion.rounds) + 1, planned=discussion.planned)
    with st.form(f"remark-{at}"):
        notices.heading(number, level="h3")
        st.text_input(words("debate.remark"), key=f"remark-text-{at}", placeholder=words("debate.remark_placeholder"))
        _draw_addressees(session, reading, discussion.sides, f"remark-to-{at}")
        with st.container(horizontal=True):
            st.form_submit_button(
                words("debate.next"),
                key=f"next-round-{at}",
                type="primary",
                on_click=_plan_round,
                args=(session, position, at),
            )
            st.form_submit_button(
                words("debate.close"), key=f"close-now-{at}", on_click=session.plan, args=(CloseDebate(position),)
            )


def _draw_addressees(session: Session, reading: Reading, sides: Sequence[str], key: str) -> None:
    names = {_EVERYBODY: label(session.words("debate.everybody_label"))}
    names |= {side: reading.face(side).widget_label for side in sides}
    st.session_state.setdefault(key, _EVERYBODY)
    st.segmented_control(
        session.words("debate.remark_to"), list(names), key=key, required=True, format_func=names.__getitem__
    )


def _plan_round(session: Session, position: int, at: str) -> None:
    said = (st.session_state.get(f"remark-text-{at}") or "").strip()
    to = st.session_state.get(f"remark-to-{at}") or None
    session.plan(NextRound(position, said or None, to if said else None))


def draw_rounds(session: Session) -> None:
    """How many rounds the next debate may have."""
    key = "rounds-choice"
    st.session_state[key] = session.rounds

    def choose() -> None:
        session.rounds = st.session_state[key]

    with st.container(key="rounds"):
        st.segmented_control(
            session.words("debate.rounds"),
            range(1, _MOST_ROUNDS_OFFERED + 1),
            key=key,
            required=True,
            on_change=choose,
        )


# --- going on -------------------------------------------------------------------------------------------------------


def begin(session: Session, task: Ask, places: Places, reading: Reading) -> None:
    """Open a debate about the articles that are shown: each side speaks without seeing the others."""
    names = shown_perspectives(session)
    try:
        debate = session.debater.debates.converse(
            task.question,
            person=session.person,
            articles=list(reading.articles),
            conversation=session.conversation,
            perspectives=names,
            engine=session.engine,
            rounds=session.rounds,
            interface=session.words.language,
        )
    except DebatebotError as error:
        draw_refused(session, task, error, places)
        return
    if debate.conversation is None or debate.position is None:  # pragma: no cover - a debate that is kept has both
        raise AssertionError(debate)
    heading = Heading(debate.position, task.question, f"{debate.conversation}-{debate.position}")
    with debate.open() as stream:
        session.open_conversation(debate.conversation)
        with places.turn:
            view = draw_frame(reading, heading, names, introduction=session.words("debate.opening"))
        follow(session, _opening_events(stream), view, names, places)
    finish(session, session.words("debate.opened"))


def _opening_events(stream: Iterator[RoundEvent]) -> Iterator[Event]:
    return (event for event in stream if isinstance(event, Event))


def go_on(session: Session, task: NextRound | CloseDebate, view: DebateView, places: Places) -> None:
    """Hold the next round, or close; a debate that is over after its round is closed at once."""
    if session.conversation is None:
        return
    try:
        debate = session.debater.debates.resume(
            session.conversation,
            task.position,
            person=session.person,
            engine=session.engine,
            interface=session.words.language,
        )
        draw_stop(session, places)
        if isinstance(task, NextRound):
            _hold_round(session, debate, task, view, places)
        if isinstance(task, CloseDebate) or debate.is_over:
            _close(session, debate, view)
    except DebatebotError as error:
        session.note(_TROUBLE, (task.position, error))
        st.rerun()
    closed = debate.discussion.closing is not None
    finish(session, session.words("debate.closed" if closed else "debate.round_done"))


def _hold_round(session: Session, debate: DebateSession, task: NextRound, view: DebateView, places: Places) -> None:
    progress = _Progress(session, view, places)
    progress.draw()
    with debate.next_round(task.remark, task.to) as stream:
        for batch in batches(stream):
            for event in batch:
                progress.fold(event)
            progress.draw()


def _close(session: Session, debate: DebateSession, view: DebateView) -> None:
    with debate.moderate() as stream, view.running.container():
        working = tag("p", text(session.words("debate.closing_wait")), class_="working", role="status")
        place = st.empty()
        for _ in batches(stream):  # draws again and again, so that Stop works while a model compares
            place.html(working)


class _Progress:
    """A round while it is held."""

    def __init__(self, session: Session, view: DebateView, places: Places) -> None:
        self._words = session.words
        self._view = view
        self._mark = places.mark
        self._evidence: tuple[Evidence, ...] = view.discussion.opening.evidence
        self._round: RoundView | None = None

    def fold(self, event: RoundEvent) -> None:
        """Take an event in; marks the article when a side is done."""
        match event:
            case RoundStarted():
                self._evidence = event.evidence
                self._round = begun(event, self._view.discussion.sides)
            case RoundFinished() | Closed():
                pass
            case _ if isinstance(event, SideEvent) and self._round:
                self._round = self._round.fold(event)
                if not isinstance(event, TextAdded) and self._round.sides[event.perspective].contribution:
                    self._mark(marks_of(self._view.position, self._evidence, self._said().claims.values()))

    def draw(self) -> None:
        """Draw the round as far as it has come."""
        if self._round is None:
            waiting = tag("p", text(self._words("debate.searching")), class_="working", role="status")
            self._view.running.html(waiting)
            return
        name = f"{self._view.name}-r{self._round.number}"
        self._view.running.html(round_html(self._view.reading, self._said(), self._round, name))

    def _said(self) -> Said:
        claims = dict(self._view.discussion.claims)
        if self._round:
            claims |= {claim.id: claim for claim in self._round.claims}
        return Said(self._view.position, claims, self._evidence)
