"""The real page in a real Chromium. Plain Playwright with fixtures of our own: its pytest plugin turns warnings into errors."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.fakes import FakeModelServer
from tests.ui.homes import leave_out_other_samples

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 60.0


class PageServer:
    """`debatebot ui` as a process on a free port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it and wait until it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEBATEBOT_", "OPENAI_"))}
        script = f"import sys; sys.argv[1:] = ['ui', '--port', '{self.port}', '--headless']; from debatebot.cli import main; main()"
        with (self.home / "page.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=self.home,
                env={
                    **kept,
                    "DEBATEBOT_HOME": str(self.home),
                    "PYTHONPATH": os.pathsep.join([str(ROOT), kept.get("PYTHONPATH", "")]),
                },
                stdout=log,
                stderr=log,
            )
        _wait_for(f"{self.url}_stcore/health")

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


def _wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@dataclass
class Visitor:
    """A person with a browser of their own."""

    context: BrowserContext
    page: Page
    url: str

    def open(self, address: str = "") -> Page:
        """Go to the page and wait until there is an article to ask."""
        self.page.goto(self.url + address)
        self.page.wait_for_selector(
            ".st-key-asking textarea", timeout=3_000 * PATIENCE
        )  # the first one reads an article
        settle(self.page)
        return self.page


def settle(page: Page) -> None:
    """Wait until Streamlit has nothing more to do."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(300)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The page with the two shortest sample articles."""
    home = tmp_path_factory.mktemp("browser") / "home"
    leave_out_other_samples(home, kept=2)
    running = PageServer(home)
    running.start()
    yield running
    running.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser; every visitor has a context of their own."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, server: PageServer) -> Iterator[Callable[..., Visitor]]:
    """A function that makes a visitor; options are Playwright's for a context."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> Visitor:
        context = chromium.new_context(**{"viewport": WIDE, "locale": "en-GB", "color_scheme": "light", **options})
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Visitor(context, page, server.url)

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def model() -> Iterator[FakeModelServer]:
    """A model server that answers as a test wants."""
    with FakeModelServer() as running:
        yield running
