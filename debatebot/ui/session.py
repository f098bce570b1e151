"""What belongs to one person's visit: who they are, their language, engine, and where they are on the page.

The person is a random token that the browser keeps in a cookie. The first visit has no cookie yet: its token lives in the
session, and the page's script puts it into the cookie. Where a person is (which article, which conversation) stands in
the address, so that a reload comes back to it; everything else is in `session_state` or in SQL.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from debatebot.errors import EngineError
from debatebot.rounds.types import DEFAULT_ROUNDS
from debatebot.types import Article, Engine
from debatebot.ui.formats import Words, interface_language
from debatebot.ui.resources import Shared

PERSON_COOKIE = "debatebot_person"
LANGUAGE_COOKIE = "debatebot_language"
COMPARE = ""
"""The view in which all perspectives stand side by side."""
DEBATE = ":debate"
"""The view in which they answer each other in rounds."""
BRIEF = ":brief"
"""The view that shows the article's briefing. Any other view is a perspective's name, which holds no colon."""

FEWEST_COMPARED = 2
"""Perspectives: one alone has nothing to be compared with."""

CHOSEN = "chosen-articles"
"""What a visit notes of articles that are being chosen to be asked about together: their ids, in the order of choice."""

_TOKEN = re.compile(r"[\w-]{32,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to answer in this run."""

    question: str


@dataclass(frozen=True, slots=True)
class Again:
    """One perspective of an earlier question to ask again in this run."""

    position: int
    perspective: str


@dataclass(frozen=True, slots=True)
class NextRound:
    """The next round of a debate, with the person's remark, to one perspective or (None) to all."""

    position: int
    remark: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class CloseDebate:
    """A debate that the moderator is to close."""

    position: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """What the person deleted last, so that it can be brought back."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The article that the person removed last, and the ids of those to be shown when it is brought back."""

    article: Article
    shown: Sequence[str]


Task = Ask | Again | NextRound | CloseDebate


class Session:
    """One run's view of a person's visit."""

    def __init__(self, shared: Shared) -> None:
        self.debater = shared.debater
        self.preparation = shared.preparation
        self.words = Words(self.language)

    # --- who ---------------------------------------------------------------------------------------------------------

    @property
    def person(self) -> str:
        """The token under which this person's articles and conversations are kept."""
        if "person" not in st.session_state:
            kept = _cookie(PERSON_COOKIE)
            st.session_state["person"] = kept if _TOKEN.fullmatch(kept) else secrets.token_urlsafe(32)
        return cast(str, st.session_state["person"])

    @property
    def has_cookie(self) -> bool:
        """True when the browser told us who it is, so that it need not be told."""
        return _cookie(PERSON_COOKIE) == self.person

    @property
    def language(self) -> str:
        """Language of the interface."""
        chosen = st.session_state.get("language") or _cookie(LANGUAGE_COOKIE)
        return interface_language(self.debater.settings.language, chosen, st.context.locale)

    @property
    def zone(self) -> tzinfo:
        """The browser's time zone."""
        try:
            return ZoneInfo(st.context.timezone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    # --- who answers -------------------------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The engine this person connected, else the one of the settings; looked for once a visit, for it may take a while.

        Raises:
            EngineError: the one of the settings cannot be used.
        """
        if "engine" not in st.session_state:
            try:
                st.session_state["engine"] = self.debater.engine(None)
            except EngineError as error:
                st.session_state["engine"] = error
        found = st.session_state["engine"]
        if isinstance(found, EngineError):
            raise found
        return cast(Engine, found)

    @engine.setter
    def engine(self, engine: Engine) -> None:
        st.session_state["engine"] = engine

    @property
    def engine_error(self) -> EngineError | None:
        """Why the engine cannot be used; None when it can."""
        try:
            self.engine  # noqa: B018 - looked up for the error it may raise
        except EngineError as error:
            return error
        return None

    # --- where -------------------------------------------------------------------------------------------------------

    @property
    def conversation(self) -> str | None:
        """Id of the open conversation."""
        return st.query_params.get("conversation") or None

    @property
    def articles(self) -> list[str]:
        """Ids of the chosen articles, each once; without any, the page chooses one."""
        return list(dict.fromkeys(filter(None, st.query_params.get_all("article"))))

    def open_conversation(self, identifier: str) -> None:
        """Show this conversation."""
        self._go(conversation=identifier)

    def open_article(self, identifier: str) -> None:
        """Show this article, with no conversation yet."""
        self.open_articles([identifier])

    def open_articles(self, identifiers: Sequence[str]) -> None:
        """Show these articles together, with no conversation yet."""
        self._go(article=list(identifiers))

    def leave(self) -> None:
        """Show the article that the page chooses."""
        st.query_params.clear()

    def _go(self, **where: str | list[str]) -> None:
        """What was deleted can be brought back until the person goes somewhere else; the view stays."""
        for name in ("deleted", "removed", CHOSEN):
            self.forget(name)
        st.query_params.from_dict(where)
        self.keep_view()

    @property
    def view(self) -> str:
        """`COMPARE`, `DEBATE`, `BRIEF`, or the perspective that is shown and asked alone."""
        addressed = st.query_params.get("view", COMPARE)
        chosen = (st.session_state.get("view", addressed), f":{addressed}")
        return next((view for view in chosen if view in self.views), COMPARE)

    @view.setter
    def view(self, view: str) -> None:
        st.session_state["view"] = view
        self.keep_view()

    @property
    def views(self) -> list[str]:
        """All views, in their order."""
        return [COMPARE, *(perspective.name for perspective in self.debater.perspectives), DEBATE, BRIEF]

    @property
    def compared(self) -> list[str]:
        """The perspectives that stand side by side and debate, in their order: those the person chose, else all."""
        known = [perspective.name for perspective in self.debater.perspectives]
        wanted = st.session_state.get("compared") or st.query_params.get_all("compare")
        chosen = [name for name in known if name in wanted]
        return chosen if len(chosen) >= FEWEST_COMPARED else known

    @compared.setter
    def compared(self, names: Sequence[str]) -> None:
        st.session_state["compared"] = list(names)
        self.keep_view()

    @property
    def briefed(self) -> str | None:
        """Id of the article that the person wants briefed, of several; in the address, so that a reload comes back to it."""
        return st.query_params.get("brief")

    def brief_on(self, identifier: str) -> None:
        """Brief on this article; for callbacks."""
        st.query_params["brief"] = identifier

    def keep_view(self) -> None:
        """Put the view, and who is compared, into the address, so that a reload comes back to it; for callbacks."""
        compared = self.compared
        if self.view == COMPARE:
            st.query_params.pop("view", None)
        else:
            st.query_params["view"] = self.view.removeprefix(":")
        if len(compared) == len(self.debater.perspectives):
            st.query_params.pop("compare", None)
        else:
            st.query_params["compare"] = compared

    @property
    def rounds(self) -> int:
        """How many rounds the next debate of this visit may have."""
        return cast(int, st.session_state.get("rounds", DEFAULT_ROUNDS))

    @rounds.setter
    def rounds(self, count: int) -> None:
        st.session_state["rounds"] = count

    @property
    def dialog(self) -> str | None:
        """The dialog that is open; kept here so that it stays open when something else has the page drawn again."""
        return cast("str | None", st.session_state.get("dialog"))

    @dialog.setter
    def dialog(self, name: str | None) -> None:
        st.session_state["dialog"] = name

    def open(self, name: str) -> None:
        """Open a dialog; for callbacks."""
        self.dialog = name

    # --- what is to be done in this run ------------------------------------------------------------------------------

    def plan(self, task: Task) -> None:
        """Have a task done in the next run; for callbacks."""
        st.session_state["task"] = task

    def take_task(self) -> Task | None:
        """The task of this run, once."""
        return cast("Task | None", st.session_state.pop("task", None))

    def announce(self, said: str) -> None:
        """Say something aloud; a space without width makes it news when the same is said twice in a row."""
        self.note("announcement", f"{said}\u200b" if said == self.recall("announcement") else said)

    def focus(self, key: str) -> None:
        """Give the focus to the widget whose key begins so, since the one that had it is gone; for callbacks."""
        count = self.recall("focus")["count"] + 1 if self.recall("focus") else 1
        self.note("focus", {"key": key, "count": count})

    def note(self, name: str, value: Any) -> None:
        """Keep something small between runs of this visit."""
        st.session_state[name] = value

    def recall(self, name: str) -> Any:
        """What was noted under `name`, or None."""
        return st.session_state.get(name)

    def forget(self, name: str) -> None:
        """Drop what was noted."""
        st.session_state.pop(name, None)


def _cookie(name: str) -> str:
    """A cookie as it came with the connection; empty where there is none."""
    return str(st.context.cookies.get(name, ""))
