"""The briefing of the article: its sections as they come, their citations in the article, and the post to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.briefing.kept import KeptBriefings
from debatebot.briefing.post import missing, render_post
from debatebot.briefing.types import (
    SECTIONS,
    Briefer,
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
from debatebot.ui.claims import SPACE, citations_html, language_of, verdict_html
from debatebot.ui.columns import BUILTIN, failure_html, foot_html
from debatebot.ui.live import batches
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, label, sign, tag, text
from debatebot.ui.reading import Face, Reading
from debatebot.ui.session import Session
from debatebot.wording import quoted

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

TURN = -1
"""Stands for the briefing where a claim's place on the page names its question."""
_WANTED = "briefing-wanted"
_OWN_FACES: Mapping[SectionName, tuple[str, str]] = {"facts": ("◆", "indigo"), "analogy": ("≈", "plum")}


@dataclass(frozen=True, slots=True)
class BriefView:
    """A briefing as far as it has come; `briefing` is there when it is done. `made_up`: ids of what a model has made up."""

    engine: str
    evidence: tuple[Evidence, ...] = ()
    claims: Mapping[SectionName, tuple[Claim, ...]] = field(default_factory=dict)
    section: SectionName | None = None
    pending: str = ""
    made_up: tuple[str, ...] = ()
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
                made_up = (*self.made_up, event.claim.id) if event.made_up else self.made_up
                return replace(self, claims={**self.claims, event.section: said}, pending="", made_up=made_up)
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
    made_up = tuple(identifier for section in briefing.sections for identifier in section.invented)
    return BriefView(briefing.engine, briefing.evidence, claims, made_up=made_up, briefing=briefing)


def with_sections(reading: Reading) -> Reading:
    """A reading in which the sections that are no perspective have a sign and a colour of their own."""
    faces: dict[str, Face] = {
        name: Face(name, reading.words(f"brief.section_{name}"), sign(mark), accent)
        for name, (mark, accent) in _OWN_FACES.items()
    }
    return replace(reading, faces={**faces, **reading.faces})


# --- drawing --------------------------------------------------------------------------------------------------------


def draw(session: Session, reading: Reading, places: Places) -> None:
    """The briefing of the article: the one that is kept, else written now; a model is asked first."""
    if reading.is_of_several:
        _draw_choice(session, reading)
    article = briefed(session, reading)
    slots = _Slots(st.empty(), st.empty(), st.empty())
    known = _kept(session).get(article, session.words.language)
    failed: Briefing | None = session.recall(_failure(session, article))
    if session.recall(_WANTED) == article.id or _is_free(session, known, failed):
        session.forget(_WANTED)
        _write(session, reading, article, places, slots)
    elif known is not None:
        _draw_done(session, reading, known, failed, slots)
        places.mark(brief_view(known).marks)
    elif failed is not None:
        st.html(briefing_html(reading, brief_view(failed)))
        _draw_again(session, article, "column.again")
    elif session.engine_error:
        notices.show(session.engine_error, session.words.language)
    else:
        _draw_offer(session, article)


@dataclass(frozen=True, slots=True)
class _Slots:
    """Where things stand above, in and below the briefing, in every run: what is not filled would go on showing the run before."""

    above: DeltaGenerator
    briefing: DeltaGenerator
    below: DeltaGenerator


def briefed(session: Session, reading: Reading) -> Article:
    """The article to brief on: of several, the one that the person has chosen, at first the first."""
    articles = reading.articles
    return articles.get(session.briefed or "") or next(iter(articles.values()))


def _draw_choice(session: Session, reading: Reading) -> None:
    """Which of several articles to brief on."""
    key = "briefed-choice"
    st.session_state[key] = briefed(session, reading).id
    titles = {
        name: " · ".join(filter(None, (reading.letter(name), label(one.title or session.words("untitled")))))
        for name, one in reading.articles.items()
    }
    st.radio(
        session.words("brief.which"),
        list(titles),
        key=key,
        format_func=titles.__getitem__,
        on_change=lambda: session.brief_on(st.session_state[key]),
    )


def _kept(session: Session) -> KeptBriefings:
    return KeptBriefings(session.debater.library, session.person)


def _failure(session: Session, article: Article) -> str:
    """Where this visit notes a briefing that broke off and was not kept."""
    return f"briefing-{article.id}-{session.words.language}"


def _is_free(session: Session, known: Briefing | None, failed: Briefing | None) -> bool:
    """The built-in engine writes at once and without being asked, also in place of what it quoted by other rules."""
    if failed is not None or session.engine_error or session.engine.name != BUILTIN:
        return False
    return known is None or (known.engine == BUILTIN and known.status != "failed" and _is_outdated(session, known))


def _is_outdated(session: Session, known: Briefing) -> bool:
    """Whether another engine answers by now, or this one by other prompts."""
    if session.engine_error:
        return False
    engine = session.engine
    return known.engine != engine.name or (isinstance(engine, Briefer) and known.prompt_hash != engine.brief_hash())


def _draw_offer(session: Session, article: Article) -> None:
    words = session.words
    explained = tag("p", text(words("brief.explained")))
    st.html(tag("div", tag("h2", text(words("brief.heading"))), explained, class_="invitation"))
    st.button(
        words("brief.write"),
        key="write-briefing",
        type="primary",
        on_click=session.note,
        args=(_WANTED, article.id),
    )


def _write(session: Session, reading: Reading, article: Article, places: Places, slots: _Slots) -> None:
    for slot in (slots.above, slots.below):
        slot.html(tag("span"))
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
                slots.briefing.html(briefing_html(reading, view))
    finally:  # also when the person stops it
        _keep(session, stream.snapshot())
    finish(session, session.words("brief.done"))


def _keep(session: Session, briefing: Briefing) -> None:
    """Keep what was written. What broke off does not take the place of a whole one, and is shown in this visit alone."""
    kept = _kept(session)
    failure = _failure(session, briefing.article)
    before = kept.get(briefing.article, briefing.language)
    is_whole = briefing.status != "failed"
    if is_whole or (briefing.has_text and (before is None or before.status == "failed")):
        kept.keep(briefing)
        session.forget(failure)
    else:
        session.note(failure, briefing)


def _draw_done(session: Session, reading: Reading, briefing: Briefing, failed: Briefing | None, slots: _Slots) -> None:
    """A briefing that is kept; with what became of writing it again, and that it may be due."""
    is_outdated, is_whole = _is_outdated(session, briefing), briefing.status != "failed"
    slots.briefing.html(briefing_html(reading, brief_view(briefing)))
    with slots.above.container():
        if failed is not None:
            st.html(failure_html(reading, failed.error, has_spoken=False))
        elif is_outdated:
            st.html(notices.notice_html(*_why_outdated(session, briefing), "quiet"))
        if is_outdated:
            _draw_again(session, briefing.article, "brief.write" if briefing.engine == BUILTIN else "brief.again")
    with slots.below.container():
        if is_whole:
            _draw_post(session, briefing, can_be_written_again=briefing.engine != BUILTIN and not is_outdated)
        elif not is_outdated:
            _draw_again(session, briefing.article, "column.again")


def _why_outdated(session: Session, briefing: Briefing) -> tuple[str, str]:
    """Who wrote what is shown, and what another one would take."""
    words = session.words
    if briefing.engine == session.engine.name:
        said = words("brief.other_prompts", engine=briefing.engine)
    elif briefing.engine == BUILTIN:
        said = words("brief.quoted_before", now=session.engine.name)
    else:
        said = words("brief.other_engine", engine=briefing.engine)
    return said, "" if session.engine.name == BUILTIN else words("brief.sent")


def _draw_again(session: Session, article: Article, name: str) -> None:
    st.button(session.words(name), key="again-briefing", on_click=_again, args=(session, article))


def _draw_post(session: Session, briefing: Briefing, *, can_be_written_again: bool) -> None:
    words = session.words
    article, post = briefing.article, render_post(briefing)
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
        if can_be_written_again:
            _draw_again(session, article, "brief.again")


def _again(session: Session, article: Article) -> None:
    session.forget(_failure(session, article))
    session.note(_WANTED, article.id)


# --- markup ---------------------------------------------------------------------------------------------------------


def briefing_html(reading: Reading, view: BriefView) -> Html:
    """Sections, and who wrote them; a section that is not there yet is left out."""
    done = view.briefing
    is_whole = done is not None and done.status != "failed"  # of one that broke off, nobody knows what it lacks
    shown = [name for name in SECTIONS if is_whole or name in view.claims or (not done and name == view.section)]
    sections = join(_section(reading, view, name) for name in shown)
    waiting = tag("p", text(reading.words("brief.reading")), class_="working", role="status")
    return tag(
        "div",
        tag("h2", text(reading.words("brief.heading"))),
        sections or (NOTHING if done else waiting),
        _end(reading, done) if done else NOTHING,
        class_="briefing",
        aria_busy=None if done else "true",
    )


def _section(reading: Reading, view: BriefView, name: SectionName) -> Html:
    language = reading.words.language
    face = reading.face(name)
    claims = view.claims.get(name, ())
    busy = view.briefing is None and view.section == name
    parts = [_statement(reading, view, claim) for claim in claims]
    if claims and all(claim.id in view.made_up for claim in claims):
        parts.insert(0, tag("p", text(translate("brief.invented", language, engine=view.engine)), class_="invented"))
    if busy and view.pending:
        parts.append(tag("p", text(view.pending), tag("span", class_="caret", aria_hidden="true"), class_="pending"))
    if not parts and view.briefing:
        parts.append(tag("p", text(missing(view.briefing, Section(name))), class_="insufficient"))
    heading = tag(
        "h3",
        tag("span", text(face.sign), class_="sign", aria_hidden="true"),
        SPACE,
        text(translate(f"brief.headings.{name}", language)),
    )
    return tag("section", heading, join(parts), class_=f"brief-section accent-{face.accent}")


def _statement(reading: Reading, view: BriefView, claim: Claim) -> Html:
    """A statement; one of an analogy that a model made up rests on nothing, and says so instead of citing."""
    after = join((verdict_html(reading, claim), citations_html(reading, claim)))
    if claim.id in view.made_up:
        own = translate("brief.made_up", reading.words.language, engine=view.engine)
        after = tag("span", text(f"({own})"), class_="invented")
    return tag(
        "p",
        tag("span", text(quoted(claim, reading.languages)), class_="statement", lang=language_of(reading, claim)),
        SPACE,
        tag("span", after, class_="after"),
        class_="claim",
        id=claim_anchor(TURN, claim.id),
    )


def _end(reading: Reading, briefing: Briefing) -> Html:
    lines = (
        tag("p", text(reading.words.count("dropped_part", briefing.dropped_lines)), class_="dropped")
        if briefing.dropped_lines
        else NOTHING
    )
    return join((failure_html(reading, briefing.error, briefing.has_text), lines, foot_html(reading, briefing)))
