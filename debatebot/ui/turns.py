"""A question with its columns: drawn from what is stored, or filled while the answers come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.types import Comparison, Debate
from debatebot.ui import notices
from debatebot.ui.columns import Column, column_html, column_of
from debatebot.ui.comparison import Said, comparison_html, narrowed, said_in
from debatebot.ui.issues import common_issues, issues_html
from debatebot.ui.markup import NOTHING, Html, label, question_anchor, tag, text
from debatebot.ui.reading import Reading
from debatebot.ui.session import BRIEF, COMPARE, DEBATE, Again, Ask, Session

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from debatebot.conversing import LoadedTurn

BY_ISSUE = "issue"
AS_SAID = "said"


@dataclass(frozen=True, slots=True)
class Heading:
    """A question's place on the page. `name`: of the turn among all conversations; a new one is scrolled into view once.

    `rewritten`: what was searched for, where that is not the question as it was asked.
    """

    position: int
    question: str
    name: str
    rewritten: str | None = None


@dataclass(frozen=True, slots=True)
class TurnView:
    """The places of one question on the page, to be filled and filled again."""

    reading: Reading
    heading: Heading
    question: DeltaGenerator
    columns: Mapping[str, DeltaGenerator]
    actions: Mapping[str, DeltaGenerator]
    below: DeltaGenerator
    waits_for_one: bool = False
    """One perspective is asked again beside others that have answered."""

    @property
    def position(self) -> int:
        """Of the question in its conversation."""
        return self.heading.position

    def ask(self, rewritten: str) -> None:
        """Draw the question again, with what was searched for."""
        self.question.html(question_html(self.reading, replace(self.heading, rewritten=rewritten)))

    def show(self, column: Column) -> None:
        """Draw a column in its place."""
        self.columns[column.perspective].html(column_html(self.reading, self.position, column))

    def compare(self, said: Said, comparison: Comparison, *, is_waiting: bool = False) -> None:
        """Draw what the columns have in common and where they differ; `is_waiting`: a model is still comparing them."""
        if markup := comparison_html(self.reading, said, comparison, is_waiting=is_waiting):
            self.below.html(markup)


def question_html(reading: Reading, heading: Heading) -> Html:
    """The question as it was asked, and quietly the one that was searched for."""
    asked = tag("p", text(reading.words("ask.you")), class_="quiet")
    searched = (
        tag("p", text(reading.words("ask.searched", question=heading.rewritten)), class_="searched quiet")
        if heading.rewritten
        else NOTHING
    )
    return tag(
        "div",
        asked,
        tag("h2", text(heading.question)),
        searched,
        id=question_anchor(heading.position),
        class_="question",
        data_turn=heading.name,
    )


def heading_of(conversation: str, turn: LoadedTurn) -> Heading:
    """The place of a stored question. `conversation`: its id."""
    rewritten = turn.debate.rewritten if turn.debate else None
    return Heading(turn.position, turn.question, f"{conversation}-{turn.position}", rewritten)


def draw_question(reading: Reading, heading: Heading) -> DeltaGenerator:
    """Draw a question; returns its place. It is there at once: were it filled later, what is below would move."""
    return st.html(question_html(reading, heading))


def draw_frame(
    reading: Reading, heading: Heading, perspectives: Sequence[str], introduction: str | None = None
) -> TurnView:
    """Draw the question, what introduces the answers, and empty places for them."""
    question = draw_question(reading, heading)
    if introduction:
        st.html(tag("p", text(introduction), class_="introduction quiet"))
    columns, actions = _draw_places(heading.position, perspectives)
    return TurnView(reading, heading, question, columns, actions, st.empty())


def shown_perspectives(session: Session) -> list[str]:
    """Names of the perspectives that this view shows, in their order."""
    return session.compared if session.view in (COMPARE, DEBATE, BRIEF) else [session.view]


def is_shown(session: Session, perspective: str) -> bool:
    """Whether this view shows what a perspective said; side by side also one whose file is gone, which nobody can choose."""
    known = {one.name for one in session.debater.perspectives}
    return perspective in shown_perspectives(session) or (session.view == COMPARE and perspective not in known)


def draw_turn(session: Session, reading: Reading, conversation: str, turn: LoadedTurn, again: Again | None) -> TurnView:
    """Draw a stored question; a perspective that is asked again in this run is left waiting."""
    waiting = again.perspective if again and again.position == turn.position else None
    columns = _columns_of(session, turn, waiting)
    heading = heading_of(conversation, turn)
    sides = [column.perspective for column in columns]
    comparison = narrowed(turn.debate.comparison, sides) if turn.debate else Comparison()
    if turn.debate and waiting is None and common_issues(comparison.issues, columns):
        view = _draw_compared(session, reading, heading, columns, comparison)
    else:
        view = replace(draw_frame(reading, heading, sides), waits_for_one=waiting is not None)
        for column in columns:
            view.show(column)
    for column in columns:
        _draw_action(session, view, turn, column, waiting)
    if turn.debate and len(columns) > 1:
        view.compare(said_in(turn.position, turn.debate, sides), comparison)
        _draw_hidden(reading, turn.debate, sides)
    if turn.discussion:
        _draw_way_to_debate(session, turn)
    return view


def _columns_of(session: Session, turn: LoadedTurn, waiting: str | None) -> list[Column]:
    answers = {answer.perspective: answer for answer in turn.debate.answers} if turn.debate else {}
    names = dict.fromkeys((*shown_perspectives(session), *(name for name in answers if is_shown(session, name))))
    return [
        column_of(answers[name]) if name in answers and name != waiting else Column(name, asked=name == waiting)
        for name in names
    ]


def _draw_places(
    position: int, perspectives: Sequence[str]
) -> tuple[dict[str, DeltaGenerator], dict[str, DeltaGenerator]]:
    """Places for the answers side by side, and below each one for its button."""
    with st.container(key=f"columns-{position}"):
        places = dict(zip(perspectives, st.columns(len(perspectives), gap="small"), strict=True))
    columns = {name: place.empty() for name, place in places.items()}
    return columns, {name: place.empty() for name, place in places.items()}


def _draw_compared(
    session: Session, reading: Reading, heading: Heading, columns: Sequence[Column], comparison: Comparison
) -> TurnView:
    """Draw answers of which several speak of one thing: row by row by issue, or as they said it, as the person likes."""
    question = draw_question(reading, heading)
    _draw_choice(session, heading.position)
    by_issue = session.recall("layout") != AS_SAID
    if by_issue:
        st.html(issues_html(reading, heading.position, columns, comparison.issues))
    names = [column.perspective for column in columns]
    has_places = not by_issue or any(column.answer is None or column.is_failed for column in columns)
    places, actions = _draw_places(heading.position, names) if has_places else ({}, {})
    view = TurnView(reading, heading, question, places, actions, st.empty())
    if not by_issue:
        for column in columns:
            view.show(column)
    return view


def _draw_choice(session: Session, position: int) -> None:
    key = f"layout-{position}"
    st.session_state[key] = session.recall("layout") or BY_ISSUE

    def choose() -> None:
        session.note("layout", st.session_state[key])

    st.segmented_control(
        session.words("issues.choice"),
        [BY_ISSUE, AS_SAID],
        key=key,
        required=True,
        format_func=lambda layout: session.words(f"issues.layout_{layout}"),
        label_visibility="collapsed",
        on_change=choose,
    )


def _draw_action(session: Session, view: TurnView, turn: LoadedTurn, column: Column, waiting: str | None) -> None:
    if column.perspective == waiting:
        view.actions[waiting].html(tag("span"))  # an empty place would go on showing the button of the run before
    elif column.answer is None or (column.is_failed and turn.discussion is None):
        _draw_again(session, view, turn, column)


def _draw_again(session: Session, view: TurnView, turn: LoadedTurn, column: Column) -> None:
    """Offer to ask this perspective, for itself alone; a question that nobody answered is asked as a whole."""
    face = view.reading.face(column.perspective)
    key = "column.again" if column.answer or not turn.debate else "column.ask"
    task = Again(turn.position, column.perspective) if turn.debate else Ask(turn.question)
    view.actions[column.perspective].button(
        f"{session.words(key)} · {label(face.label)}",
        key=f"again-{turn.position}-{column.perspective}",
        width="stretch",
        on_click=session.plan,
        args=(task,),
    )


def _draw_hidden(reading: Reading, debate: Debate, sides: Sequence[str]) -> None:
    """Who has answered as well and is not among those that the person compares."""
    faces = [reading.face(answer.perspective) for answer in debate.answers if answer.perspective not in sides]
    if faces:
        names = ", ".join(f"{face.sign}\u00a0{face.label}" for face in faces)
        notices.quiet(reading.words("compared.hidden", names=names))


def _draw_way_to_debate(session: Session, turn: LoadedTurn) -> None:
    """A question that was debated says so where only its opening is shown."""
    st.button(
        session.words("debate.show"),
        key=f"show-debate-{turn.position}",
        icon=":material/forum:",
        on_click=_show_debate,
        args=(session,),
    )


def _show_debate(session: Session) -> None:
    session.view = DEBATE
