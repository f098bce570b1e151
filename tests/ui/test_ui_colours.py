"""Every colour pair of the page reaches WCAG 2.2 AA, in light and in dark, and accents differ without colour too."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

import debatebot.ui
from debatebot.ui.reading import ACCENTS

STYLE = Path(debatebot.ui.__file__).with_name("style.css").read_text("utf-8")
CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
THEMES = {"light": 0, "dark": 1}
COLOURS = {
    match[1]: (match[2], match[3])
    for match in re.finditer(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", STYLE)
}
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "card", "side")),
    *((accent, "paper") for accent in ACCENTS),
    *((accent, f"tint-{accent}") for accent in ACCENTS),
    *(("ink", f"tint-{accent}") for accent in ACCENTS),
    *(("soft", f"tint-{accent}") for accent in ACCENTS),
    *((ink, "tint-shared") for ink in ("ink", "soft", "link", *ACCENTS)),
    *((accent, "lit") for accent in ACCENTS),
    ("ink", "lit"),
    ("soft", "lit"),
    ("tip-ink", "tip"),
    ("button-ink", "link"),
    ("ink", "alarm-tint"),
    ("alarm", "alarm-tint"),
    ("alarm", "paper"),
    ("alarm", "lit"),
    ("doubt", "paper"),
    ("doubt", "lit"),
]
ENOUGH_FOR_TEXT = 4.5
ENOUGH_FOR_SHAPES = 3.0


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    at = THEMES[theme]
    assert contrast(COLOURS[ink][at], COLOURS[ground][at]) >= ENOUGH_FOR_TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_the_three_main_accents_differ_in_grey(theme: str) -> None:
    accents = [COLOURS[name][THEMES[theme]] for name in ("teal", "slate", "rust")]
    assert all(contrast(one, other) > 1.1 for one, other in combinations(accents, 2))


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_of_the_widgets_is_the_same(theme: str) -> None:
    at, given = THEMES[theme], CONFIG["theme"][theme]
    pairs = {"backgroundColor": "paper", "textColor": "ink", "primaryColor": "link", "borderColor": "rule"}
    assert {name: given[name] for name in pairs} == {name: COLOURS[own][at] for name, own in pairs.items()}
    assert given["sidebar"]["backgroundColor"] == COLOURS["side"][at]


@pytest.mark.parametrize("theme", THEMES)
def test_widgets_can_be_read(theme: str) -> None:
    given = CONFIG["theme"][theme]
    for part in (given, given["sidebar"]):
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(given["textColor"], part[ground]) >= ENOUGH_FOR_TEXT
            assert contrast(given["primaryColor"], part[ground]) >= ENOUGH_FOR_SHAPES


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("accent", "name"), [(accent, name) for accent, name in ACCENTS.items() if name])
def test_signs_in_labels_wear_the_accent(theme: str, accent: str, name: str) -> None:
    assert CONFIG["theme"][theme][f"{name}TextColor"] == COLOURS[accent][THEMES[theme]]


def test_every_accent_of_the_code_is_in_the_style() -> None:
    assert set(re.findall(r"\.accent-(\w+) \{", STYLE)) == {*ACCENTS, "none"}


def test_the_style_asks_nobody_for_anything() -> None:
    assert "http" not in STYLE
    assert all(face["url"].startswith("app/static/") for face in CONFIG["theme"]["fontFaces"])


def test_every_font_is_there_with_its_licence() -> None:
    static = Path(__file__).parents[2] / "static"
    for face in CONFIG["theme"]["fontFaces"]:
        font = static / Path(face["url"]).name
        assert font.read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (static / "OFL.txt").read_text("utf-8")
