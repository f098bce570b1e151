"""What only the browser can do: its cookies, the page's language, announcements, hints on hover. The script is page.js."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from debatebot.ui.markup import tag, text
from debatebot.ui.session import LANGUAGE_COOKIE, PERSON_COOKIE, Session

_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")


def draw(session: Session) -> None:
    """Run the page's script with this visit's settings, and say aloud what was noted for it."""
    words = session.words
    settings = {
        "language": session.language,
        "languageCookie": LANGUAGE_COOKIE if session.recall("language") else None,
        "personCookie": PERSON_COOKIE,
        "person": None if session.has_cookie else session.person,
        "names": {
            name: words(f"widgets.{name}") for name in ("open_sidebar", "close_sidebar", "send", "show_password")
        },
        "focus": session.recall("focus"),
        "close": words("close"),
        "file": {"choose": words("add.file_choose"), "remove": words("add.file_remove")},
    }
    # "<" could end the script element; everything else in JSON is safe inside a script.
    data = json.dumps(settings, ensure_ascii=True).replace("<", "\\u003c")
    with st.container(key="script"):
        st.html(f"<script>{_SCRIPT}\nwindow.debatebot({data});</script>", unsafe_allow_javascript=True)
        st.html(tag("p", text(session.recall("announcement") or ""), class_="announcement", data_announce=""))
