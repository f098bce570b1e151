"""What all visitors of this process share: the debater, and the thread that makes the library ready."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from debatebot.errors import DebatebotError
from debatebot.factory import open_debater

if TYPE_CHECKING:
    from debatebot.debater import Debater


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
        self._thread = threading.Thread(target=self._prepare, name="preparation", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """True while more articles are to come."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Until all of them are there."""
        self._thread.join()

    @property
    def error(self) -> DebatebotError | None:
        """Why it broke off; None when it did not."""
        return self._error

    def _prepare(self) -> None:
        try:
            self._debater.resume()
            for _ in self._debater.load_samples():
                pass
        except DebatebotError as error:
            self._error = error


@st.cache_resource(show_spinner=False)
def open_shared() -> Shared:
    """Open the library once a process.

    Raises:
        DebatebotError: it cannot be opened; the page says why and how to cure it.
    """
    debater = open_debater(os.environ, resume=False)
    return Shared(debater, Preparation(debater))
