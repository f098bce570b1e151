"""How the article is looked at: side by side, from one perspective, in a debate or in short; and who is compared."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from debatebot.ui import notices
from debatebot.ui.markup import label
from debatebot.ui.reading import Face, face
from debatebot.ui.session import BRIEF, COMPARE, DEBATE, FEWEST_COMPARED, Session


def draw(session: Session) -> None:
    """The views, and behind a small arrow beside the first one the perspectives that it compares."""
    faces = {
        perspective.name: face(perspective, session.words.language) for perspective in session.debater.perspectives
    }
    st.session_state.setdefault("compared", session.compared)
    with st.container(key="views", horizontal=True, gap=None, wrap=True, width="content"):
        _draw_views(session, faces)
        if len(faces) > FEWEST_COMPARED:
            _draw_compared(session, faces)


def _draw_views(session: Session, faces: Mapping[str, Face]) -> None:
    words = session.words
    names = {
        COMPARE: _compare_label(session, faces),
        **{name: one.widget_label for name, one in faces.items()},
        DEBATE: words("view.debate"),
        BRIEF: words("view.brief"),
    }
    st.session_state.setdefault("view", session.view)
    st.segmented_control(
        words("view.heading"),
        session.views,
        key="view",
        on_change=session.keep_view,
        required=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )


def _compare_label(session: Session, faces: Mapping[str, Face]) -> str:
    """With the signs of those that are compared, where that is not everybody."""
    name = label(session.words("view.compare"))
    if len(session.compared) == len(faces):
        return name
    return " ".join((name, *(faces[one].widget_sign for one in session.compared)))


def _draw_compared(session: Session, faces: Mapping[str, Face]) -> None:
    """A box to tick for each perspective; those that are left when only two are ticked stay ticked."""
    words = session.words
    chosen = session.compared
    with st.popover(words("compared.choose"), key="choose-compared"):
        notices.heading(words("compared.heading"), level="h3")
        for name, one in faces.items():
            key = f"compare-{name}"
            st.session_state[key] = name in chosen
            st.checkbox(
                one.widget_label,
                key=key,
                disabled=name in chosen and len(chosen) <= FEWEST_COMPARED,
                on_change=_choose,
                args=(session, list(faces)),
            )
        notices.quiet(words("compared.explained"))


def _choose(session: Session, names: list[str]) -> None:
    """Who is compared from now on; whoever chooses that from elsewhere wants to see them compared."""
    session.compared = [name for name in names if st.session_state.get(f"compare-{name}")]
    if session.view not in (COMPARE, DEBATE):
        session.view = COMPARE
