"""Dates, numbers and counts as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from debatebot.ui.formats import Words, interface_language
from tests.fakes import make_article

FR, EN = Words("fr"), Words("en")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "french", "english"),
    [
        ("2025-01-27", "27 janvier 2025", "27 January 2025"),
        ("2025-08-01", "1er août 2025", "1 August 2025"),
        ("2025-02", "février 2025", "February 2025"),
        ("2025", "2025", "2025"),
        ("hier soir", "hier soir", "hier soir"),
    ],
)
def test_dates_are_written_out(written: str, french: str, english: str) -> None:
    assert (FR.written_date(written), EN.written_date(written)) == (french, english)


def test_numbers_have_the_languages_own_signs() -> None:
    assert FR.number(12345.6, 1) == "12\u202f345,6"
    assert EN.number(12345.6, 1) == "12,345.6"


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [(0, "0 phrase", "0 sentences"), (1, "1 phrase", "1 sentence"), (2, "2 phrases", "2 sentences")],
)
def test_nouns_agree_with_their_number(count: int, french: str, english: str) -> None:
    assert (FR.count("sentence", count), EN.count("sentence", count)) == (french, english)


@pytest.mark.parametrize(
    ("moment", "french"),
    [
        (datetime(2026, 11, 23, 8, 5, tzinfo=UTC), "9 h 05"),
        (datetime(2026, 11, 22, 8, 5), "hier"),  # noqa: DTZ001 - SQLite gives naive moments, which are in UTC
        (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), "1er mars"),
        (datetime(2025, 3, 2, 12, 0, tzinfo=UTC), "2 mars 2025"),
    ],
)
def test_moments_are_told_from_where_the_reader_is(moment: datetime, french: str) -> None:
    assert FR.moment(moment, ZoneInfo("Europe/Paris"), NOW) == french


def test_durations_keep_a_digit_while_it_tells_something() -> None:
    assert (FR.seconds(1.26), EN.seconds(12.6)) == ("1,3 s", "13 s")


def test_what_is_known_of_an_article_stands_on_one_line() -> None:
    article = make_article(language="fr", source="Le Journal")
    assert FR.about(article, 6) == "Le Journal · français · 6 phrases"


@pytest.mark.parametrize(
    ("setting", "chosen", "browser", "expected"),
    [
        (None, None, "en-GB", "en"),
        (None, None, "de-DE", "fr"),
        (None, None, None, "fr"),
        ("fr", None, "en-US", "fr"),
        ("fr", "en", "fr-FR", "en"),
        (None, "xx", "en", "en"),
    ],
)
def test_the_readers_choice_goes_before_setting_and_browser(
    setting: str | None, chosen: str | None, browser: str | None, expected: str
) -> None:
    assert interface_language(setting, chosen, browser) == expected


@pytest.mark.parametrize(
    ("dollars", "french", "english"),
    [
        (0.0, "0,00 $", "$0.00"),
        (0.00003, "moins de 0,0001 $", "less than $0.0001"),
        (0.00412, "0,0041 $", "$0.0041"),
        (1234.5, "1 234,50 $", "$1,234.50"),
    ],
)
def test_small_amounts_keep_the_digits_that_tell_something(dollars: float, french: str, english: str) -> None:
    written = FR.dollars(dollars).translate(str.maketrans("\u00a0\u202f", "  "))
    assert (written, EN.dollars(dollars)) == (french, english)
