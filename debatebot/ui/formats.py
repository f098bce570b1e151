"""Text, numbers, dates and times in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from debatebot.catalog import LANGUAGES, translate
from debatebot.types import Article, VerdictLabel

_LEAST_DOLLARS = 0.0001
_NARROW_SPACE = "\u202f"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language: `words("library.add")` is the entry `page.library.add`."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        return translate(f"page.{key}", self.language, **values)

    def count(self, noun: str, count: int, **values: object) -> str:
        """A number with its noun; French counts 0 as one, English as many."""
        one = count < 2 if self.language == "fr" else count == 1
        return self(f"count.{noun}_{'one' if one else 'many'}", count=self.number(count), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """1 234,5 in French and 1,234.5 in English."""
        written = f"{value:,.{digits}f}"
        if self.language != "fr":
            return written
        return written.replace(",", _NARROW_SPACE).replace(".", ",")

    def signed(self, value: float) -> str:
        """A number with its sign and two digits after the point: +0.42, −0,10."""
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return f"{sign}{self.number(abs(value), 2)}"

    def dollars(self, value: float) -> str:
        """An amount in US dollars, with the digits that a small one needs: $1.25, 0,0004 $."""
        if 0 < value < _LEAST_DOLLARS:
            return self("dollars_less", amount=self.number(_LEAST_DOLLARS, 4))
        return self("dollars", amount=self.number(value, 2 if value >= 1 or not value else 4))

    def seconds(self, value: float) -> str:
        """A duration, with a digit after the point while that tells something."""
        return self("dates.seconds", value=self.number(value, 1 if value < 10 else 0))

    def written_date(self, written: str) -> str:
        """An article's date ("2025-01-27", "2025-01") as a reader writes it; anything else as it stands."""
        match = _DATE.fullmatch(written.strip())
        if match is None or not match[2]:
            return written.strip()
        month = self(f"months.{int(match[2])}")
        if not match[3]:
            return self("dates.month", month=month, year=match[1])
        day = int(match[3])
        return self("dates.first" if day == 1 else "dates.day", day=day, month=month, year=match[1])

    def moment(self, moment: datetime, zone: tzinfo = UTC, now: datetime | None = None) -> str:
        """When something was: the time today, "yesterday", and then the day. A naive `moment` is in UTC."""
        then = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
        today = (now or datetime.now(UTC)).astimezone(zone).date()
        if then.date() == today:
            return self("dates.time", hour=then.hour, minute=f"{then.minute:02d}")
        if then.date() == today - timedelta(days=1):
            return self("dates.yesterday")
        return self._day(then.date(), today)

    def language_name(self, code: str) -> str:
        """The name of a language in the reader's; its code where it has none here."""
        known = ("fr", "en", "de", "es", "it", "pt", "nl", "ar", "zh", "ja", "ru", "pl")
        return self(f"languages.{code}") if code in known else code

    def verdict(self, label: VerdictLabel) -> str:
        """What a verdict is called, as the beginning of a sentence."""
        name = translate(f"verdicts.labels.{label}", self.language)
        return name[:1].upper() + name[1:]

    def about(self, article: Article, sentences: int) -> str:
        """What is known of an article, on one line: author, source, date, language, length."""
        known = (
            article.author,
            article.source,
            self.written_date(article.date) if article.date else None,
            self.language_name(article.language),
            self.count("sentence", sentences) if sentences else None,
        )
        return " · ".join(dict.fromkeys(part for part in known if part))

    def _day(self, day: date, today: date) -> str:
        month = self(f"months.{day.month}")
        if day.year == today.year:
            return self("dates.first_this_year" if day.day == 1 else "dates.this_year", day=day.day, month=month)
        return self("dates.first" if day.day == 1 else "dates.day", day=day.day, month=month, year=day.year)


def interface_language(setting: str | None, chosen: str | None, browser: str | None) -> str:
    """The reader's choice, else the setting, else the browser's language, else French."""
    for candidate in (chosen, setting, (browser or "")[:2].lower()):
        if candidate in LANGUAGES:
            return candidate
    return LANGUAGES[0]
