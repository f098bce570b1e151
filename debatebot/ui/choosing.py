"""Several articles at once: in the library, a box to tick for each, and the button that opens those ticked together.

One article is opened with one click, as before: boxes are there only once the person has asked for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from debatebot.ui import notices
from debatebot.ui.markup import label
from debatebot.ui.session import CHOSEN, Session

FEWEST = 2


def is_going_on(session: Session) -> bool:
    """Whether the library shows boxes to tick."""
    return session.recall(CHOSEN) is not None


def draw_way_in(session: Session, current: Sequence[str]) -> None:
    """The button that shows the boxes, where there is anything to choose; then, what to do with them.

    Args:
        current: ids of the articles that are shown; they are ticked at first.
    """
    if is_going_on(session):
        notices.quiet(session.words("several.explained"))
    elif len(session.debater.library.articles.list(session.person)) >= FEWEST:
        st.button(
            session.words("several.choose"),
            key="choose-several",
            icon=":material/checklist:",
            type="tertiary",
            on_click=session.note,
            args=(CHOSEN, tuple(current)),
        )


def draw_box(session: Session, identifier: str, name: str) -> None:
    """The box of an article."""
    key = f"tick-{identifier}"
    st.session_state[key] = identifier in _chosen(session)
    st.checkbox(label(name), key=key, on_change=_tick, args=(session, identifier))


def draw_end(session: Session) -> None:
    """The button that opens what is ticked, and the one that leaves all as it was."""
    if not is_going_on(session):
        return
    chosen, words = _chosen(session), session.words
    is_enough = len(chosen) >= FEWEST
    with st.container(key="choosing"):
        st.button(
            words("several.open", count=words.number(len(chosen))) if is_enough else words("several.too_few"),
            key="open-several",
            type="primary",
            width="stretch",
            disabled=not is_enough,
            on_click=session.open_articles,
            args=(chosen,),
        )
        st.button(
            words("several.cancel"), key="cancel-several", width="stretch", on_click=session.forget, args=(CHOSEN,)
        )


def _chosen(session: Session) -> tuple[str, ...]:
    return session.recall(CHOSEN) or ()


def _tick(session: Session, identifier: str) -> None:
    others = tuple(one for one in _chosen(session) if one != identifier)
    is_ticked = st.session_state[f"tick-{identifier}"]
    session.note(CHOSEN, (*others, identifier) if is_ticked else others)
