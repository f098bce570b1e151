"""What all visitors of this process share: the debater, and the thread that makes the library ready."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import streamlit as st

from debatebot import logs
from debatebot.debater import Debater
from debatebot.errors import DebatebotError

_WHILE_THE_BROWSER_DRAWS = 2.0  # seconds; browser and preparation want the same processors, and the page comes first


@dataclass(frozen=True, slots=True)
class Shared:
    """Stateless or locked, as `cache_resource` demands: nobody's conversation, nobody's key."""

    debater: Debater
    preparation: Preparation


class Preparation:
    """Finishes what an earlier process left half added, then loads the samples; in a thread, so that the page is up at once."""

    def __init__(self, debater: Debater) -> None:
        self._debater = debater
        self._error: DebatebotError | None = None
        self._finished = threading.Event()
        self._hurry = threading.Event()
        self._lock = threading.Lock()
        self._begun = False

    def begin(self) -> None:
        """Start, unless it has: once the first page is drawn, for both want the interpreter and the page comes first."""
        with self._lock:
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._prepare, name="preparation", daemon=True).start()

    @property
    def is_running(self) -> bool:
        """True while more articles may come."""
        return not self._finished.is_set()

    def wait(self) -> None:
        """Until all of them are there."""
        self._hurry.set()
        self.begin()
        self._finished.wait()

    @property
    def error(self) -> DebatebotError | None:
        """Why it broke off; None when it did not."""
        return self._error

    def _prepare(self) -> None:
        try:
            if self._debater.library.articles.list():
                self._hurry.wait(_WHILE_THE_BROWSER_DRAWS)
            self._debater.resume()
            for _ in self._debater.load_samples():
                pass
        except DebatebotError as error:
            self._error = error
        finally:
            self._finished.set()


@st.cache_resource(show_spinner=False)
def open_shared() -> Shared:
    """Open the library once a process.

    Raises:
        DebatebotError: it cannot be opened; the page says why and how to cure it.
    """
    debater = Debater.from_env(resume=False)
    logs.keep(debater.settings.home)
    return Shared(debater, Preparation(debater))
