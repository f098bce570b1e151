"""Who answers: the quiet line that says so, and the dialog in which a person connects a model of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.ui import notices
from debatebot.ui.columns import BUILTIN
from debatebot.ui.markup import label, tag, text
from debatebot.ui.session import Session

if TYPE_CHECKING:
    from debatebot.engines.servers import LocalServer


NAME = "connect"


def draw(session: Session) -> None:
    """The region."""
    words = session.words
    notices.heading(words("engine.heading"))
    error = session.engine_error
    if error:
        notices.show(error, words.language)
    else:
        _draw_engine(session)
    st.button(
        words("engine.connect"),
        key="connect",
        icon=":material/power:",
        width="stretch",
        on_click=_open,
        args=(session,),
    )
    if error or session.engine.name != BUILTIN:
        st.button(words("engine.back"), key="use-builtin", width="stretch", on_click=_use_builtin, args=(session,))


def _draw_engine(session: Session) -> None:
    words = session.words
    name = session.engine.name
    quoting = name == BUILTIN
    title = words("engine.builtin") if quoting else name
    more = words("engine.builtin_more" if quoting else "engine.model_more")
    st.html(tag("div", tag("p", text(title), class_="engine-name"), tag("p", text(more), class_="quiet")))


def _use_builtin(session: Session) -> None:
    session.engine = session.debater.engine(BUILTIN)


def _open(session: Session) -> None:
    session.forget("servers")
    session.open(NAME)


def _close(session: Session) -> None:
    session.dialog = None


def draw_dialog(session: Session) -> None:
    """The dialog in which a model is connected, for as long as the person has it open."""
    words = session.words

    @st.dialog(words("engine.title"), width="medium", on_dismiss=lambda: _close(session))
    def dialog() -> None:
        st.html(tag("p", text(words("engine.intro"))))
        _draw_found(session)
        _draw_form(session)

    if session.dialog == NAME:
        dialog()


def _draw_found(session: Session) -> None:
    words = session.words
    servers: tuple[LocalServer, ...] | None = session.recall("servers")
    place = st.empty()  # keeps its place, so that what follows is not drawn anew
    if servers is None:
        with place, st.spinner(words("engine.looking")):
            servers = session.debater.local_servers()
        session.note("servers", servers)
    if not servers:
        notices.quiet(words("engine.none_found"))
        return
    notices.heading(words("engine.found"), level="h3")
    for server in servers:
        for model in server.models:
            name = label(words("engine.use_found", model=model, server=server.name))
            if st.button(name, key=f"use-{server.base_url}-{model}", width="stretch"):
                _connect(session, f"openai:{model}", None, server.base_url)


def _draw_form(session: Session) -> None:
    words = session.words
    with st.form("connect-form", border=False):
        address = st.text_input(
            words("engine.address"), key="connect-address", autocomplete="url", placeholder="http://"
        )
        notices.quiet(words("engine.address_help"))
        model = st.text_input(words("engine.name"), key="connect-model")
        key = st.text_input(words("engine.key"), key="connect-key", type="password", autocomplete="off")
        notices.quiet(words("engine.key_help"))
        if not st.form_submit_button(words("engine.submit"), type="primary"):
            return
    if not (model or "").strip():
        notices.show_hint(words("engine.name_missing"), words("engine.name_missing_hint"))
        return
    given = (address or "").strip()
    url = _server_address(given)
    if given and url is None:
        notices.show_hint(words("engine.address_wrong", address=given), words("engine.address_wrong_hint"))
        return
    _connect(session, _model_string((model or "").strip(), given), (key or "").strip() or None, url)


def _server_address(given: str) -> str | None:
    """The address of a server, with the http:// that people leave out; None for what is none."""
    address = given if "://" in given else f"http://{given}"
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - looked up for the error that it raises
    except ValueError:
        return None
    is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)
    return address if is_address else None


def _model_string(name: str, address: str) -> str:
    """A bare name without a server is one of OpenAI's; local names hold colons of their own (`qwen3:8b`)."""
    return name if address or ":" in name else f"openai:{name}"


def _connect(session: Session, model: str, key: str | None, address: str | None) -> None:
    try:
        with st.spinner(session.words("engine.connecting")):
            session.engine = session.debater.connect(model=model, api_key=key, base_url=address)
    except DebatebotError as error:
        notices.show(error, session.words.language)
    else:
        _close(session)
        st.rerun()
