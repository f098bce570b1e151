"""What went wrong, or what just happened, said in one place: a sentence and what helps."""

from __future__ import annotations

import streamlit as st

from debatebot.catalog import entries
from debatebot.errors import DebatebotError
from debatebot.ui.markup import NOTHING, Html, tag, text


def notice_html(message: str, hint: str = "", kind: str = "problem") -> Html:
    """A message with its cure; `kind` is "problem" or "quiet"."""
    cure = tag("p", text(hint), class_="hint") if hint else NOTHING
    role = "alert" if kind == "problem" else "status"
    return tag("div", tag("p", text(message), class_="what"), cure, class_=f"notice {kind}", role=role)


def show(error: DebatebotError, language: str) -> None:
    """Draw an error where the page stands."""
    st.html(error_html(error, language))


def error_html(error: DebatebotError, language: str) -> Html:
    """An error with its cure; where the cure of the command line is a command, the page has one of its own."""
    described = error.describe(language)
    own = entries(language, "page").get(f"page.hints.{error.key}")
    return notice_html(described.message, own or described.hint)


def heading(name: str, level: str = "h2") -> None:
    """Draw the heading of a region of the left side."""
    st.html(tag(level, text(name), class_="region"))


def quiet(message: str) -> None:
    """Draw a quiet line."""
    st.html(tag("p", text(message), class_="quiet"))


def show_hint(message: str, hint: str) -> None:
    """Draw what is missing and what to do."""
    st.html(notice_html(message, hint))
