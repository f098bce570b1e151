"""Adding an article: text, file or address; progress while it is read; what was understood before it is used.

The article is read in a thread of its own: whoever closes the dialog half-way finds it in the library a little later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice

import streamlit as st

from debatebot.errors import DebatebotError, FetchError
from debatebot.types import Article
from debatebot.ui import notices
from debatebot.ui.markup import NOTHING, Html, join, tag, text
from debatebot.ui.session import Session

MEGABYTES = 20
_SECONDS_BETWEEN_LOOKS = 0.1
_BEGINNING = 280  # characters
_SENTENCES_AT_THE_BEGINNING = 20  # more than fit

Progress = Callable[[int, int], None]
Adding = Callable[[Progress], Article]


NAME = "add"


def draw(session: Session) -> None:
    """The dialog, for as long as the person has it open."""

    @st.dialog(session.words("add.title"), width="medium", on_dismiss=lambda: _close(session))
    def dialog() -> None:
        added: Article | None = session.recall("added")
        if added is None:
            _draw_ways(session)
        else:
            _draw_understood(session, added)

    if session.dialog == NAME:
        dialog()


def _close(session: Session) -> None:
    session.dialog = None
    session.forget("added")


# --- three ways to give it ------------------------------------------------------------------------------------------


def _draw_ways(session: Session) -> None:
    words = session.words
    by_text, by_file, by_address = st.tabs([words(f"add.{way}_tab") for way in ("text", "file", "address")])
    with by_text:
        _draw_text(session)
    with by_file:
        _draw_file(session)
    with by_address:
        _draw_address(session)


def _draw_text(session: Session) -> None:
    words = session.words
    with st.form("add-text", border=False):
        content = st.text_area(
            words("add.text"), key="add-content", height=280, placeholder=words("add.text_placeholder")
        )
        if not st.form_submit_button(words("add.submit"), type="primary"):
            return
    given = (content or "").strip()
    if not given:
        notices.show_hint(words("add.nothing_text"), words("add.nothing_text_hint"))
        return
    source, person = words("add.pasted"), session.person
    _add(session, lambda progress: session.debater.add_text(given, source=source, person=person, progress=progress))


def _draw_file(session: Session) -> None:
    words = session.words
    # No form: choosing another file draws the tab again, without what was said of the one before.
    uploaded = st.file_uploader(words("add.file"), key="add-upload")
    notices.quiet(words("add.file_help", megabytes=words.number(MEGABYTES)))
    if not st.button(words("add.submit"), key="add-file", type="primary"):
        return
    if uploaded is None:
        notices.show_hint(words("add.nothing_file"), words("add.nothing_file_hint"))
        return
    data, name, person = uploaded.getvalue(), uploaded.name, session.person
    _add(session, lambda progress: session.debater.add(data, name=name, person=person, progress=progress))


def _draw_address(session: Session) -> None:
    words = session.words
    with st.form("add-address", border=False):
        # No `type="url"`: the browser would then refuse what it takes for no address, in its own language and with no cure.
        address = st.text_input(
            words("add.address"), key="add-url", autocomplete="url", placeholder=words("add.address_placeholder")
        )
        if not st.form_submit_button(words("add.submit"), type="primary"):
            return
    given = (address or "").strip()
    if not given:
        notices.show_hint(words("add.nothing_address"), words("add.nothing_address_hint"))
        return
    person = session.person
    _add(session, lambda progress: session.debater.add(_web_address(given), person=person, progress=progress))


def _web_address(given: str) -> str:
    """What a person gave, with the https:// that people leave out.

    Raises:
        FetchError: another scheme; nobody at the page may name a file of this machine.
    """
    if "://" not in given:
        return f"https://{given}"
    if not given.lower().startswith(("http://", "https://")):
        raise FetchError("fetch_scheme", url=given)
    return given


# --- reading it -----------------------------------------------------------------------------------------------------


@dataclass
class _Work:
    """An article being read in a thread: how far it is, and what came of it."""

    done: int = 0
    total: int = 0
    result: Future[Article] = field(default_factory=Future)

    def start(self, adding: Adding) -> None:
        """Begin; `result` gets the article, or what the thread raised."""
        threading.Thread(target=self._run, args=(adding,), name="adding", daemon=True).start()

    def _run(self, adding: Adding) -> None:
        try:
            self.result.set_result(adding(self._advance))
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the result
            self.result.set_exception(error)

    def _advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def _add(session: Session, adding: Adding) -> None:
    work = _Work()
    work.start(adding)
    bar = st.empty()
    try:
        while not _is_done(work):
            _draw_progress(session, bar, work)
        article = work.result.result()
    except DebatebotError as error:
        bar.empty()
        notices.show(error, session.words.language)
        return
    session.note("added", article)
    st.rerun()


def _is_done(work: _Work) -> bool:
    try:
        work.result.exception(timeout=_SECONDS_BETWEEN_LOOKS)
    except TimeoutError:
        return False
    return True


def _draw_progress(session: Session, bar: st.delta_generator.DeltaGenerator, work: _Work) -> None:
    words = session.words
    if not work.total:
        bar.progress(0.0, text=words("add.fetching"))
        return
    done = words.count("reading", work.total, done=words.number(work.done))
    bar.progress(min(1.0, work.done / work.total), text=done)


# --- what was understood --------------------------------------------------------------------------------------------


def _draw_understood(session: Session, article: Article) -> None:
    words = session.words
    st.html(understood_html(session, article))
    with st.container(horizontal=True):
        if st.button(words("add.use"), key="add-use", type="primary"):
            _close(session)
            session.open_article(article.id)
            st.rerun()
        if st.button(words("add.another"), key="add-another"):
            session.forget("added")
            st.rerun()
        if st.button(words("add.discard"), key="add-discard", type="tertiary"):
            _close(session)
            session.debater.remove(article.id, person=session.person)
            st.rerun()


def understood_html(session: Session, article: Article) -> Html:
    """Title, source, author, date, language, length and the first words, as far as they are known."""
    words = session.words
    sentences = session.debater.library.articles.sentences(article.id)
    known = {
        "title": article.title,
        "source": article.source,
        "author": article.author or "",
        "date": words.written_date(article.date) if article.date else "",
        "language": words.language_name(article.language),
        "length": words.count("sentence", len(sentences)),
    }
    rows = join(
        join((tag("dt", text(words(f"add.field_{name}"))), tag("dd", text(value))))
        for name, value in known.items()
        if value
    )
    told = (sentence.text for sentence in sentences if sentence.text != article.title)
    beginning = _beginning(" ".join(islice(told, _SENTENCES_AT_THE_BEGINNING)))
    quote = tag("blockquote", text(beginning), lang=article.language) if beginning else NOTHING
    heading = tag("p", text(words("add.understood")), class_="what", role="status")
    return tag("div", heading, tag("dl", rows), quote, class_="understood")


def _beginning(told: str) -> str:
    """What fits of it, in whole words; an ellipsis only where something is left out."""
    if len(told) <= _BEGINNING:
        return told
    return f"{told[:_BEGINNING].rpartition(' ')[0].rstrip(' .,;:!?')}…"
