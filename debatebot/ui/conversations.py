"""The conversations on the left: search, open, rename, delete and bring back, begin a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.ui import notices
from debatebot.ui.markup import label
from debatebot.ui.session import Deleted, Session

if TYPE_CHECKING:
    from debatebot.library import ConversationEntry

_MOST = 30
_WORTH_SEARCHING = 4
_UNDO = "undo-delete"


def draw(session: Session) -> None:
    """The region."""
    words = session.words
    conversations = session.debater.library.conversations
    notices.heading(words("conversations.heading"))
    everything = conversations.list(session.person)
    if everything:
        st.button(
            words("conversations.new"),
            key="new-conversation",
            icon=":material/edit_square:",
            width="stretch",
            on_click=_begin,
            args=(session,),
        )
    _draw_undo(session)
    wanted = _search(session) if len(everything) >= _WORTH_SEARCHING else ""
    entries = conversations.list(session.person, wanted) if wanted else everything
    for entry in entries[:_MOST]:
        if session.recall("renaming") == entry.id:
            _draw_rename(session, entry)
        else:
            _draw_entry(session, entry)
    if not entries:
        key = "nothing_found" if wanted else "none"
        notices.quiet(words(f"conversations.{key}", search=wanted))


def _search(session: Session) -> str:
    found = st.text_input(
        session.words("conversations.search"),
        key="conversation-search",
        type="search",
        placeholder=session.words("search"),
        label_visibility="collapsed",
        live=True,
    )
    return (found or "").strip()


def _draw_entry(session: Session, entry: ConversationEntry) -> None:
    words = session.words
    with st.container(key=f"row-talk-{entry.id}", horizontal=True, gap=None, vertical_alignment="center", wrap=False):
        current = "-current" if entry.id == session.conversation else ""
        when = words.moment(entry.updated_at, session.zone)
        about = words.count("article", len(entry.article_ids)) if len(entry.article_ids) > 1 else ""
        st.button(
            " · ".join(label(part) for part in (entry.title, about, when) if part),
            key=f"talk-{entry.id}{current}",
            type="tertiary",
            width="stretch",
            on_click=session.open_conversation,
            args=(entry.id,),
        )
        name = label(words("conversations.actions", title=entry.title))
        with st.popover(name, key=f"talk-actions-{entry.id}", icon=":material/more_horiz:", type="tertiary"):
            st.button(
                words("conversations.rename"),
                key=f"rename-{entry.id}",
                width="stretch",
                on_click=_rename,
                args=(session, entry.id),
            )
            st.button(
                words("conversations.delete"),
                key=f"delete-{entry.id}",
                width="stretch",
                on_click=_delete,
                args=(session, entry.id, entry.title),
            )


def _draw_rename(session: Session, entry: ConversationEntry) -> None:
    words = session.words
    with st.form(f"rename-form-{entry.id}"):
        title = st.text_input(words("conversations.title"), value=entry.title, key=f"title-{entry.id}", max_chars=80)
        with st.container(horizontal=True):
            saved = st.form_submit_button(words("conversations.save"), type="primary")
            cancelled = st.form_submit_button(words("conversations.cancel"))
    if saved:
        session.debater.library.conversations.rename(entry.id, session.person, title or "")
    if saved or cancelled:
        session.forget("renaming")
        session.focus(f"talk-{entry.id}")
        st.rerun()


def _rename(session: Session, identifier: str) -> None:
    session.note("renaming", identifier)
    session.focus(f"title-{identifier}")


def _draw_undo(session: Session) -> None:
    deleted: Deleted | None = session.recall("deleted")
    if deleted is None:
        return
    with st.container(key="undo-conversation"):
        notices.quiet(session.words("conversations.deleted", title=deleted.title))
        st.button(
            session.words("conversations.undo"),
            key=_UNDO,
            type="tertiary",
            on_click=_restore,
            args=(session, deleted),
        )


def _begin(session: Session) -> None:
    """A new conversation about the articles that are shown."""
    shown: Sequence[str] | None = session.recall("shown")
    if shown:
        session.open_articles(shown)
    else:
        session.leave()


def _delete(session: Session, identifier: str, title: str) -> None:
    session.debater.library.conversations.delete(identifier, session.person)
    if session.conversation == identifier:
        _begin(session)
    session.note("deleted", Deleted(identifier, title))
    session.focus(_UNDO)


def _restore(session: Session, deleted: Deleted) -> None:
    session.debater.library.conversations.restore(deleted.id, session.person)
    session.open_conversation(deleted.id)
    session.focus(f"talk-{deleted.id}")
