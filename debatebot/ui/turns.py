"""A question with its columns: drawn from what is stored, or filled while the answers come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.types import Debate
from debatebot.ui.columns import Column, column_html, column_of
from debatebot.ui.comparison import comparison_html
from debatebot.ui.markup import label, question_anchor, tag, text
from debatebot.ui.reading import Reading
from debatebot.ui.session import COMPARE, Again, Ask, Session

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from debatebot.conversing import LoadedTurn


@dataclass(frozen=True, slots=True)
class TurnView:
    """The places of one question on the page, to be filled and filled again."""

    reading: Reading
    position: int
    columns: Mapping[str, DeltaGenerator]
    actions: Mapping[str, DeltaGenerator]
    below: DeltaGenerator

    def show(self, column: Column) -> None:
        """Draw a column in its place."""
        self.columns[column.perspective].html(column_html(self.reading, self.position, column))

    def compare(self, debate: Debate) -> None:
        """Draw what the columns have in common and where they differ."""
        if len(self.columns) > 1 and (markup := comparison_html(self.reading, self.position, debate)):
            self.below.html(markup)


def draw_frame(reading: Reading, position: int, question: str, perspectives: Sequence[str], name: str) -> TurnView:
    """Draw the question and empty places for the answers.

    Args:
        name: of the turn among all conversations; a new one is scrolled into view once.
    """
    asked = tag("p", text(reading.words("ask.you")), class_="quiet")
    heading = tag("h2", text(question))
    st.html(tag("div", asked, heading, id=question_anchor(position), class_="question", data_turn=name))
    with st.container(key=f"columns-{position}"):
        places = dict(zip(perspectives, st.columns(len(perspectives), gap="small"), strict=True))
    columns = {name: place.empty() for name, place in places.items()}
    actions = {name: place.empty() for name, place in places.items()}
    return TurnView(reading, position, columns, actions, st.empty())


def shown_perspectives(session: Session) -> list[str]:
    """Names of the perspectives that this view shows, in their order."""
    names = [perspective.name for perspective in session.debater.perspectives]
    return names if session.view == COMPARE else [session.view]


def draw_turn(session: Session, reading: Reading, conversation: str, turn: LoadedTurn, again: Again | None) -> TurnView:
    """Draw a stored question; a perspective that is asked again in this run is left waiting."""
    answers = {answer.perspective: answer for answer in turn.debate.answers} if turn.debate else {}
    names = list(dict.fromkeys((*shown_perspectives(session), *(answers if session.view == COMPARE else ()))))
    view = draw_frame(reading, turn.position, turn.question, names, f"{conversation}-{turn.position}")
    for name in names:
        waiting = again == Again(turn.position, name)
        column = column_of(answers[name]) if name in answers and not waiting else Column(name, asked=waiting)
        view.show(column)
        if waiting:
            view.actions[name].html(tag("span"))  # an empty place would go on showing the button of the run before
        elif column.answer is None or column.is_failed:
            _draw_again(session, view, turn, column)
    if turn.debate:
        view.compare(turn.debate)
    return view


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
