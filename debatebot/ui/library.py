"""The library on the left: search, the person's own articles, the samples, and how to add one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.ui import adding, choosing, notices
from debatebot.ui.markup import label
from debatebot.ui.session import Removed, Session

if TYPE_CHECKING:
    from debatebot.library import ArticleEntry

EVERYBODY = ""
"""Whose articles everybody sees: the samples, and what the command line added."""
_MOST = 30
_UNDO = "undo-remove"
_SECONDS_BETWEEN_LOOKS = 1.5


def draw(session: Session, current: Sequence[str]) -> None:
    """The region; `current`: ids of the articles that are shown."""
    words = session.words
    notices.heading(words("library.heading"))
    st.button(
        words("library.add"),
        key="add",
        icon=":material/add:",
        width="stretch",
        on_click=session.open,
        args=(adding.NAME,),
    )
    _draw_undo(session)
    search = st.text_input(
        words("library.search"),
        key="library-search",
        type="search",
        placeholder=words("search"),
        label_visibility="collapsed",
        live=True,
    )
    choosing.draw_way_in(session, current)
    wanted = (search or "").strip()
    entries = session.debater.library.articles.list(session.person, wanted)
    shared = {entry.id for entry in session.debater.library.articles.list(EVERYBODY, wanted)}
    _draw_group(session, "own", [entry for entry in entries if entry.id not in shared], current)
    _draw_group(session, "samples", [entry for entry in reversed(entries) if entry.id in shared], current)
    if not entries:
        notices.quiet(words("library.nothing_found", search=wanted) if wanted else _why_empty(session))
    choosing.draw_end(session)
    if session.preparation.is_running:
        _watch_preparation(session)
    elif error := session.preparation.error:
        notices.show(error, words.language)


def _why_empty(session: Session) -> str:
    return session.words("library.first_loading" if session.preparation.is_running else "library.none")


def _draw_group(session: Session, name: str, entries: Sequence[ArticleEntry], current: Sequence[str]) -> None:
    if not entries:
        return
    notices.heading(session.words(f"library.{name}"), level="h3")
    for entry in entries[:_MOST]:
        if choosing.is_going_on(session):
            choosing.draw_box(session, entry.id, name_of(session, entry))
        elif name == "own":
            _draw_own(session, entry, current)
        else:
            _draw_entry(session, entry, current)
    if len(entries) > _MOST:
        notices.quiet(session.words("library.more", count=session.words.number(len(entries) - _MOST)))


def name_of(session: Session, entry: ArticleEntry) -> str:
    """What an article is called in the list: its title, after its language where that is not the reader's."""
    title = entry.title or session.words("untitled")
    return title if entry.language == session.words.language else f"{entry.language.upper()} · {title}"


def _draw_entry(session: Session, entry: ArticleEntry, current: Sequence[str]) -> None:
    st.button(
        label(name_of(session, entry)),
        key=f"article-{entry.id}{'-current' if entry.id in current else ''}",
        type="tertiary",
        width="stretch",
        on_click=session.open_article,
        args=(entry.id,),
    )


def _draw_own(session: Session, entry: ArticleEntry, current: Sequence[str]) -> None:
    with st.container(
        key=f"row-article-{entry.id}", horizontal=True, gap=None, vertical_alignment="center", wrap=False
    ):
        _draw_entry(session, entry, current)
        actions = session.words("library.actions", title=entry.title)
        with st.popover(label(actions), key=f"actions-{entry.id}", icon=":material/more_horiz:", type="tertiary"):
            st.button(
                session.words("library.remove"),
                key=f"remove-{entry.id}",
                width="stretch",
                on_click=_remove,
                args=(session, entry.id),
            )


def _remove(session: Session, identifier: str) -> None:
    article = session.debater.library.articles.get(identifier, session.person)
    session.debater.remove(identifier, person=session.person)
    before = session.articles
    if identifier in before:
        left = [one for one in before if one != identifier]
        session.open_articles(left) if left else session.leave()
    session.note("removed", Removed(article, before if identifier in before else [identifier]))
    session.focus(_UNDO)


def _draw_undo(session: Session) -> None:
    removed: Removed | None = session.recall("removed")
    if removed is None:
        return
    with st.container(key="undo-article"):
        notices.quiet(session.words("library.removed", title=removed.article.title))
        if st.button(session.words("library.undo"), key=_UNDO, type="tertiary"):
            try:
                session.debater.add(removed.article, person=session.person)
            except DebatebotError as error:
                notices.show(error, session.words.language)
            else:
                session.open_articles(removed.shown)
                session.focus(f"article-{removed.article.id}")
                st.rerun()


def draw_waiting(session: Session, identifiers: Sequence[str]) -> None:
    """Say that an article is still being read, until it can be asked about."""
    articles = session.debater.library.articles

    @st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
    def wait() -> None:
        st.html(notices.notice_html(session.words("article.unready"), session.words("article.unready_hint"), "quiet"))
        if all(articles.is_ready(identifier) for identifier in identifiers):
            st.rerun()

    wait()


def _watch_preparation(session: Session) -> None:
    """Say that more is coming, and look from time to time whether it has come."""
    known = len(session.debater.library.articles.list(session.person))

    @st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
    def watch() -> None:
        notices.quiet(session.words("library.loading"))
        count = len(session.debater.library.articles.list(session.person))
        if count != known or not session.preparation.is_running:
            st.rerun()

    watch()
