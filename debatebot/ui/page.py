"""The whole page, once a run: opens what is shared, then draws the regions and does what this run was asked to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError, NotFound
from debatebot.types import Article
from debatebot.ui import (
    adding,
    article,
    asking,
    briefing,
    browser,
    conversations,
    debating,
    engine,
    library,
    notices,
    preferences,
    viewing,
)
from debatebot.ui.article import Marks, marks_of
from debatebot.ui.debating import DebateView
from debatebot.ui.formats import Words, interface_language
from debatebot.ui.markup import Html, article_anchor, join, tag, text
from debatebot.ui.reading import Reading, reading
from debatebot.ui.resources import open_shared
from debatebot.ui.session import BRIEF, DEBATE, Again, Ask, CloseDebate, NextRound, Session, Task
from debatebot.ui.turns import TurnView, draw_turn, is_shown

if TYPE_CHECKING:
    from debatebot.conversing import LoadedConversation, LoadedTurn
    from debatebot.library import ArticleEntry

_STYLE = Path(__file__).with_name("style.css")
_SIDE = 248  # pixels
_ICON = Path(__file__).with_name("icon.svg")


def draw() -> None:
    """Draw the page. What cannot be opened or found is said, with its cure."""
    st.set_page_config(page_title="debatebot", page_icon=str(_ICON), layout="wide", initial_sidebar_state=_SIDE)
    st.html(_STYLE)
    language = interface_language(None, None, st.context.locale)
    with st.container(key="opening"):
        opening = st.empty()
    opening.html(tag("p", text(Words(language)("opening.wait")), class_="quiet", role="status"))
    try:
        shared = open_shared()
        opening.empty()
        try:
            _draw_session(Session(shared))
        finally:  # also when this run is stopped or begins anew
            shared.preparation.begin()
    except DebatebotError as error:
        opening.empty()
        notices.show(error, language)


def _draw_session(session: Session) -> None:
    browser.draw(session)
    try:
        conversation = _open_conversation(session)
        articles = _open_articles(session, conversation)
    except NotFound:
        _draw_not_found(session)
        return
    session.note("shown", [one.id for one in articles if one.text])
    _draw_side(session, articles)
    if articles:
        _draw_articles(session, articles, conversation)
    else:
        _draw_empty(session)


# --- where the person is --------------------------------------------------------------------------------------------


def _open_conversation(session: Session) -> LoadedConversation | None:
    if session.conversation is None:
        return None
    return session.debater.conversation(session.conversation, session.person)


def _open_articles(session: Session, conversation: LoadedConversation | None) -> list[Article]:
    """The articles of the conversation, else the one in the address, else the one shown before, else the first."""
    if conversation is not None:
        return _articles_of(session, conversation)
    articles = session.debater.library.articles
    if session.articles:
        return [articles.get(identifier, session.person) for identifier in session.articles]
    entries = articles.list(session.person)
    known = {entry.id for entry in entries}
    shown = [identifier for identifier in session.recall("shown") or () if identifier in known]
    return [articles.get(identifier, session.person) for identifier in shown or _first(session, entries)]


def _first(session: Session, entries: Sequence[ArticleEntry]) -> list[str]:
    """The person's newest own article, else the first sample in the reader's language, else the first of all, if any."""
    samples = session.debater.library.articles.list(library.EVERYBODY)
    shared = {entry.id for entry in samples}
    own = [entry for entry in entries if entry.id not in shared]
    readable = [entry for entry in reversed(samples) if entry.language == session.words.language]
    return [entry.id for entry in (*own, *readable, *reversed(samples))][:1]


def _articles_of(session: Session, conversation: LoadedConversation) -> list[Article]:
    """The articles a conversation is about; one that was removed comes from what the answers keep of it."""
    kept = {one.id: one for turn in conversation.turns if turn.debate for one in turn.debate.articles}
    found: list[Article] = []
    for identifier in conversation.article_ids:
        try:
            found.append(session.debater.library.articles.get(identifier, session.person))
        except NotFound:
            gone = kept.get(identifier) or Article(identifier, "", "", "", session.words.language, "")
            found.append(replace(gone, text=""))  # it may be there still, but on somebody else's shelf
    return found


def _draw_not_found(session: Session) -> None:
    words = session.words
    kind = "conversations" if session.conversation else "library"
    _draw_side(session, [])
    st.html(notices.notice_html(words(f"{kind}.unknown"), words(f"{kind}.unknown_hint")))


# --- the left side --------------------------------------------------------------------------------------------------


def _draw_side(session: Session, articles: Sequence[Article]) -> None:
    with st.sidebar:
        name = tag("p", text("debatebot"), class_="name")
        st.html(tag("div", name, tag("p", text(session.words("tagline")), class_="tagline"), class_="masthead"))
        with st.container(key="library"):
            library.draw(session, [one.id for one in articles])
        with st.container(key="conversations"):
            conversations.draw(session)
        with st.container(key="engine"):
            engine.draw(session)
        with st.container(key="language"):
            preferences.draw(session)
    adding.draw(session)
    engine.draw_dialog(session)


# --- the middle and the right side ----------------------------------------------------------------------------------


def _draw_empty(session: Session) -> None:
    words = session.words
    key = "library.first_loading" if session.preparation.is_running else "library.none"
    st.html(tag("div", tag("h2", text(words("tagline"))), tag("p", text(words(key))), class_="invitation"))


def _draw_articles(session: Session, articles: list[Article], conversation: LoadedConversation | None) -> None:
    read = reading(session.words, session.debater.perspectives, articles)
    if session.view == BRIEF:
        read = briefing.with_sections(read)
    _draw_header(session, read)
    with st.container(key="stage"):
        middle, right = st.columns([62, 38], gap="medium")
    with right, st.container(key="article"):
        panel = _Panel(session, read, _last_marks(session, conversation.turns if conversation else ()))
    with middle, st.container(key="conversation"):
        _draw_middle(session, read, panel, conversation)


def _draw_middle(session: Session, read: Reading, panel: _Panel, conversation: LoadedConversation | None) -> None:
    """What was said, or the briefing; then the field, and the task of this run, if there is one."""
    turns = conversation.turns if conversation else ()
    planned = session.take_task()
    name = conversation.id if conversation else ""
    views = (
        {}
        if session.view == BRIEF
        else {turn.position: _draw_turn(session, read, name, turn, planned) for turn in turns}
    )
    if gone := [one for one in read.articles.values() if not one.text]:
        _draw_gone(read, gone)
        return
    # A new turn stands where it will stand when it is drawn from what was stored: nothing has to move then.
    place, below = st.container(key=f"turn-{len(views)}" if session.view != BRIEF else "briefing"), st.empty()
    is_ready = _is_ready(session, read)
    with st.container(key="asking"):
        stop = st.empty()
        if session.view == DEBATE and planned is None:
            debating.draw_rounds(session)
        task = asking.draw_input(session, read, is_ready=is_ready) or planned
    places = asking.Places(place, stop, panel.mark)
    if not is_ready:
        with place:
            library.draw_waiting(session, list(read.articles))
    elif task is None:
        if session.view == BRIEF:
            with place:
                briefing.draw(session, read, places)
        with below.container(key="below"):
            asking.draw_suggestions(session, list(read.articles.values()), turns)
    else:
        _do(session, task, views, places, read)


def _draw_gone(read: Reading, gone: Sequence[Article]) -> None:
    """That nothing more can be asked, since articles of the conversation were removed; of several, which ones."""
    words = read.words
    for one in gone:
        said = read.say("article.removed", title=one.title or words("untitled"))
        st.html(notices.notice_html(said, words("library.unknown_hint"), "quiet"))


View = TurnView | DebateView | None


def _draw_turn(session: Session, read: Reading, name: str, turn: LoadedTurn, planned: Task | None) -> View:
    with st.container(key=f"turn-{turn.position}"):
        if session.view == DEBATE:
            going_on = isinstance(planned, NextRound | CloseDebate) and planned.position == turn.position
            return debating.draw_debate(session, read, name, turn, is_going_on=going_on)
        return draw_turn(session, read, name, turn, planned if isinstance(planned, Again) else None)


def _do(session: Session, task: Task, views: Mapping[int, View], places: asking.Places, read: Reading) -> None:
    """What was asked for: answers, or what a view is to go on with; nothing where its question is not there any more."""
    if isinstance(task, Ask):
        ask = debating.begin if session.view == DEBATE else asking.answer
        ask(session, task, places, read)
        return
    view = views.get(task.position)
    if isinstance(task, Again) and isinstance(view, TurnView):
        asking.answer_again(session, task, view, places)
    elif isinstance(task, NextRound | CloseDebate) and isinstance(view, DebateView):
        debating.go_on(session, task, view, places)


def _is_ready(session: Session, read: Reading) -> bool:
    return all(session.debater.library.articles.is_ready(identifier) for identifier in read.articles)


def _last_marks(session: Session, turns: Sequence[LoadedTurn]) -> Marks:
    """The marks of the last question that was answered, by what this view shows of it."""
    if session.view == BRIEF:
        return Marks()
    for turn in reversed(turns):
        if session.view == DEBATE and turn.discussion:
            return marks_of(turn.position, turn.discussion.opening.evidence, turn.discussion.claims.values())
        if session.view != DEBATE and turn.debate:
            answered = [answer for answer in turn.debate.answers if answer.claims]
            shown = [answer for answer in answered if is_shown(session, answer.perspective)]
            claims = [claim for answer in shown for claim in answer.claims]
            return marks_of(turn.position, turn.debate.evidence, claims, is_narrowed=len(shown) < len(answered))
    return Marks()


class _Panel:
    """The articles on the right, drawn again whenever their marks change; beside a briefing, the one it is about first."""

    def __init__(self, session: Session, read: Reading, marks: Marks) -> None:
        sentences = session.debater.library.articles.sentences
        self._read = read
        self._articles = list(read.articles.values())
        if session.view == BRIEF:
            first = briefing.briefed(session, read)
            self._articles.sort(key=lambda one: one.id != first.id)
        self._sentences = {one.id: sentences(one.id) for one in self._articles}
        # Not an empty place to be filled: the article would be gone for a moment, and the reader back at its beginning.
        self._place = st.html(self._written(marks))

    def mark(self, marks: Marks) -> None:
        """Draw the article with these marks."""
        self._place.html(self._written(marks))

    def _written(self, marks: Marks) -> Html:
        return join(article.article_html(self._read, one, self._sentences[one.id], marks) for one in self._articles)


def _draw_header(session: Session, read: Reading) -> None:
    words = session.words
    articles = list(read.articles.values())
    about = words.about(articles[0], 0) if len(articles) == 1 else words.count("article", len(articles))
    skip = tag("a", text(words("article.jump")), href=f"#{article_anchor(articles[0])}", class_="skip")
    with st.container(key="header", horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.html(
            tag(
                "header",
                skip,
                _titles(read),
                tag("p", text(about), class_="about"),
                class_="title",
                data_view=session.view,
                data_articles=" ".join(read.articles),
            )
        )
        viewing.draw(session)


def _titles(read: Reading) -> Html:
    """The article's title; of several, each with its letter, and leading to its article."""
    titles = {one.id: tag("span", text(one.title), lang=one.language) for one in read.articles.values() if one.title}
    untitled = text(read.words("untitled"))
    if not read.is_of_several:
        return tag("h1", *(titles.get(identifier, untitled) for identifier in read.articles))
    links = (
        tag("a", article.letter_html(read, one.id), titles.get(one.id, untitled), href=f"#{article_anchor(one)}")
        for one in read.articles.values()
    )
    return tag("h1", join(links, Html(" ")), class_="several")
