"""One library for all tests of the page: embedding an article takes seconds, and so it is done once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.ui.resources import open_shared
from tests.ui.homes import leave_out_other_samples

APP = Path(__file__).parents[2] / "app.py"
OURS = ("DEBATEBOT_", "OPENAI_")


@pytest.fixture(scope="session")
def page_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the shortest sample article, opened for the whole session as the page opens it."""
    home = tmp_path_factory.mktemp("page") / "home"
    leave_out_other_samples(home, kept=1)
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(OURS):
                patch.delenv(name)
        patch.setenv("DEBATEBOT_HOME", str(home))
        patch.chdir(home)
        shared = open_shared()
        shared.preparation.wait()
        yield home
        shared.debater.close()
        open_shared.clear()


@pytest.fixture
def page(page_home: Path) -> AppTest:
    """A visit of a new person, in English."""
    visit = AppTest.from_file(str(APP), default_timeout=30)
    visit.session_state["language"] = "en"
    return visit.run()
