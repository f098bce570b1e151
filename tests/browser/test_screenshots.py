"""Pictures of the page for people to look at, in screenshots/: languages × themes × sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import PHONE, ROOT, WIDE, Visitor
from tests.browser.visits import answer_first_suggestion

FOLDER = ROOT / "screenshots"


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_pictures(visit: Callable[..., Visitor], language: str, theme: str, size: str) -> None:
    locale = "fr-FR" if language == "fr" else "en-GB"
    page = visit(viewport=WIDE if size == "wide" else PHONE, color_scheme=theme, locale=locale).open()
    name = f"{language}-{theme}-{size}"
    page.screenshot(path=FOLDER / f"{name}-first.png")
    answer_first_suggestion(page)
    citation = page.locator("a.citation").nth(2)
    if citation.count():
        citation.click()
        page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}-answers.png")
    assert (FOLDER / f"{name}-answers.png").stat().st_size > 10_000
