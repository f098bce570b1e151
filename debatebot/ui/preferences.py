"""The language of the page."""

from __future__ import annotations

import streamlit as st

from debatebot.catalog import LANGUAGES
from debatebot.ui import notices
from debatebot.ui.session import Session

_NAMES = {"fr": "Français", "en": "English"}  # each in its own language, for whoever cannot read the other


def draw(session: Session) -> None:
    """The region."""
    name = session.words("language.heading")
    notices.heading(name)
    st.session_state.setdefault("language-choice", session.language)
    st.segmented_control(
        name,
        LANGUAGES,
        key="language-choice",
        required=True,
        format_func=_NAMES.__getitem__,
        label_visibility="collapsed",
        width="stretch",
        on_change=_choose,
    )


def _choose() -> None:
    st.session_state["language"] = st.session_state["language-choice"]
