"""The briefing of the article: its sections as they come, their citations in the article, and the post to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.briefing.post import render_post
from debatebot.briefing.types import (
    SECTIONS,
    Briefing,
    BriefingEvent,
    BriefingFinished,
    BriefingStarted,
    Section,
    SectionClaim,
    SectionName,
    SectionStarted,
    SectionText,
)
from debatebot.catalog import translate
from debatebot.errors import DebatebotError
from debatebot.types import Article, Claim, Evidence
from debatebot.ui import notices
from debatebot.ui.article import Marks, marks_of
from debatebot.ui.asking import Places, draw_stop, finish
from debatebot.ui.claims import SPACE, citations_html, perspective_of, verdict_html
from debatebot.ui.columns import BUILTIN, failure_html, foot_html
from debatebot.ui.live import batches
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, sign, tag, text
from debatebot.ui.reading import Face, Reading
from debatebot.ui.session import Session
from debatebot.wording import quoted

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

TURN = -1
"""Stands for the briefing where a claim's place on the page names its question."""
_OWN_FACES: Mapping[SectionName, tuple[str, str]] = {"facts": ("◆", "indigo"), "analogy": ("≈", "plum")}


@dataclass(frozen=True, slots=True)
class BriefView:
    """A briefing as far as it has come; `briefing` is there when it is done."""

    engine: str
    evidence: tuple[Evidence, ...] = ()
    claims: Mapping[SectionName, tuple[Claim, ...]] = field(default_factory=dict)
    section: SectionName | None = None
    pending: str = ""
    briefing: Briefing | None = None

    def fold(self, event: BriefingEvent) -> BriefView:
        """With what this event tells."""
        match event:
            case BriefingStarted():
                return replace(self, evidence=event.evidence, engine=event.engine)
            case SectionStarted():
                return replace(self, section=event.section, pending="")
            case SectionText():
                return replace(self, section=event.section, pending=self.pending + event.text)
            case SectionClaim():
                said = (*self.claims.get(event.section, ()), event.claim)
                return replace(self, claims={**self.claims, event.section: said}, pending="")
            case BriefingFinished():
                return brief_view(event.briefing)

    @property
    def marks(self) -> Marks:
        """What it does with the sentences of the article: those it does not cite are not marked."""
        claims = [claim for said in self.claims.values() for claim in said]
        cited = {citation.number for claim in claims for citation in claim.citations}
        return marks_of(TURN, [item for item in self.evidence if item.number in cited], claims)


def brief_view(briefing: Briefing) -> BriefView:
    """A briefing that is done."""
    claims = {section.name: section.claims for section in briefing.sections if section.claims}
    return BriefView(briefing.engine, briefing.evidence, claims, briefing=briefing)


def with_sections(reading: Reading) -> Reading:
    """A reading in which the sections that are no perspective have a sign and a colour of their own."""
    faces: dict[str, Face] = {
        name: Face(name, reading.words(f"brief.section_{name}"), sign(mark), accent)
        for name, (mark, accent) in _OWN_FACES.items()
    }
    return replace(reading, faces={**faces, **reading.faces})


# --- drawing --------------------------------------------------------------------------------------------------------


def draw(session: Session, reading: Reading, article: Article, places: Places) -> None:
    """The briefing of this article: what was written before, else written now; a model is asked first."""
    known: Briefing | None = session.recall(_key(session, article))
    if known is not None:
        _draw_done(session, reading, article, known, places)
    elif session.engine_error:
        notices.show(session.engine_error, session.words.language)
    elif session.engine.name == BUILTIN or session.recall("briefing-wanted") == article.id:
        session.forget("briefing-wanted")
        with places.turn:
            _write(session, reading, article, places, st.empty())
    else:
        _draw_offer(session, article)


def _key(session: Session, article: Article) -> str:
    error = session.engine_error
    return f"briefing-{article.id}-{session.words.language}-{'' if error else session.engine.name}"


def _draw_offer(session: Session, article: Article) -> None:
    words = session.words
    explained = tag("p", text(words("brief.explained")))
    st.html(tag("div", tag("h2", text(words("brief.heading"))), explained, class_="invitation"))
    st.button(
        words("brief.write"),
        key="write-briefing",
        type="primary",
        on_click=session.note,
        args=("briefing-wanted", article.id),
    )


def _write(session: Session, reading: Reading, article: Article, places: Places, place: DeltaGenerator) -> None:
    try:
        stream = session.debater.briefing(
            article, engine=session.engine, language=session.words.language, interface=session.words.language
        )
    except DebatebotError as error:
        notices.show(error, session.words.language)
        return
    draw_stop(session, places)
    view = BriefView(session.engine.name)
    try:
        with stream:
            for batch in batches(stream):
                for event in batch:
                    view = view.fold(event)
                place.html(briefing_html(reading, view))
    finally:
        session.note(_key(session, article), stream.snapshot())
    finish(session, session.words("brief.done"))


def _draw_done(session: Session, reading: Reading, article: Article, briefing: Briefing, places: Places) -> None:
    view = brief_view(briefing)
    st.html(briefing_html(reading, view))
    places.mark(view.marks)
    words = session.words
    if briefing.status == "failed":
        st.button(words("column.again"), key="again-briefing", on_click=_again, args=(session, article))
        return
    post = render_post(briefing)
    with st.container(key="post", horizontal=True):
        st.download_button(
            words("brief.download"),
            post,
            file_name=f"{words('brief.file')}-{article.id}.md",
            mime="text/markdown",
            key="download-briefing",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover(words("brief.copy"), key="copy-briefing", icon=":material/content_copy:"):
            st.code(post, language="markdown", wrap_lines=True, height=320)


def _again(session: Session, article: Article) -> None:
    session.forget(_key(session, article))
    session.note("briefing-wanted", article.id)


# --- markup ---------------------------------------------------------------------------------------------------------


def briefing_html(reading: Reading, view: BriefView) -> Html:
    """Sections, and who wrote them; a section that is not there yet is left out."""
    done = view.briefing
    sections = join(
        _section(reading, view, name) for name in SECTIONS if done or name in view.claims or name == view.section
    )
    waiting = tag("p", text(reading.words("brief.reading")), class_="working", role="status")
    return tag(
        "div",
        tag("h2", text(reading.words("brief.heading"))),
        sections or waiting,
        _end(reading, done) if done else NOTHING,
        class_="briefing",
        aria_busy=None if done else "true",
    )


def _section(reading: Reading, view: BriefView, name: SectionName) -> Html:
    language = reading.words.language
    face = reading.face(name)
    claims = view.claims.get(name, ())
    busy = view.briefing is None and view.section == name
    parts = [_statement(reading, claim) for claim in claims]
    if Section(name, claims).is_invented:
        parts.insert(0, tag("p", text(translate("brief.invented", language, engine=view.engine)), class_="invented"))
    if busy and view.pending:
        parts.append(tag("p", text(view.pending), tag("span", class_="caret", aria_hidden="true"), class_="pending"))
    if not parts and not busy:
        parts.append(tag("p", text(translate(f"brief.missing.{name}", language)), class_="insufficient"))
    heading = tag(
        "h3",
        tag("span", text(face.sign), class_="sign", aria_hidden="true"),
        SPACE,
        text(translate(f"brief.headings.{name}", language)),
    )
    return tag("section", heading, join(parts), class_=f"brief-section accent-{face.accent}")


def _statement(reading: Reading, claim: Claim) -> Html:
    """A statement; an analogy that a model made up cites nothing, and the line above it says so."""
    made_up = not claim.citations and perspective_of(claim.id) == "analogy"
    signs = NOTHING if made_up else join((verdict_html(reading, claim), citations_html(reading, claim)))
    return tag(
        "p",
        tag("span", text(quoted(claim, reading.languages)), class_="statement"),
        SPACE,
        tag("span", signs, class_="after"),
        class_="claim",
        id=claim_anchor(TURN, claim.id),
    )


def _end(reading: Reading, briefing: Briefing) -> Html:
    has_text = any(section.claims for section in briefing.sections)
    lines = (
        tag("p", text(reading.words.count("dropped_line", briefing.dropped_lines)), class_="dropped")
        if briefing.dropped_lines
        else NOTHING
    )
    return join((failure_html(reading, briefing.error, has_text), lines, foot_html(reading, briefing)))
