"""Bytes → text, and text → Article: decoding, cleaning, and what can be told of a text from the text itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import islice

from debatebot.errors import DocumentError
from debatebot.types import Article
from debatebot.visible import visible

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 5_000_000
MIN_LETTERS = 20
MAX_TITLE = 200
MAX_TITLE_FROM_WORDS = 80
DEFAULT_LANGUAGE = "fr"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a loader found in a source; `article` cleans it. None: the source does not say."""

    text: str
    title: str | None = None
    """As the metadata say it."""
    heading: str | None = None
    """First heading of the text itself."""
    author: str | None = None
    date: str | None = None
    language: str | None = None
    source: str | None = None
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def article(extract: Extract, *, name: str) -> Article:
    """Clean what a loader found and fill in what the source does not say.

    Args:
        name: file name or address; stands for the source, and last of all for the title.

    Raises:
        DocumentError: the text is too long, or holds next to no letters.
    """
    from debatebot.documents import language

    check_length(len(extract.text), name)
    text = clean(extract.text)
    if not holds_words(text):
        raise DocumentError("document_empty", name=shown(name))
    digest = sha256(text.encode()).hexdigest()
    return Article(
        id=digest[:12],
        text=text,
        title=_title(extract, text, name),
        source=one_line(extract.source or name),
        language=extract.language or language.detect(text, default=DEFAULT_LANGUAGE),
        content_hash=digest,
        author=one_line(extract.author or "") or None,
        date=extract.date,
        questions=extract.questions,
    )


def holds_words(text: str) -> bool:
    """Whether there are as many letters as the shortest sentence has."""
    return sum(1 for _ in islice(filter(str.isalpha, text), MIN_LETTERS)) == MIN_LETTERS


# --- limits ---------------------------------------------------------------------------------------------------------


def check_size(size: int, name: str) -> None:
    """Refuse more than `MAX_BYTES` bytes.

    Raises:
        DocumentError: too many.
    """
    if size > MAX_BYTES:
        raise DocumentError("document_too_large", name=shown(name), megabytes=MAX_BYTES // 1_000_000)


def check_length(length: int, name: str) -> None:
    """Refuse more than `MAX_CHARACTERS` characters.

    Raises:
        DocumentError: too many.
    """
    if length > MAX_CHARACTERS:
        raise DocumentError("document_too_long", name=shown(name), millions=MAX_CHARACTERS // 1_000_000)


# --- cleaning -------------------------------------------------------------------------------------------------------

_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("[ \t]+")
_BLANK_LINES = re.compile("\n{3,}")


def clean(text: str) -> str:
    """Unicode NFC with `\\n` newlines, at most one blank line in a row, and nothing that a reader cannot see.

    Non-breaking spaces stay: French typography needs them. Cleaning a second time changes nothing.
    """
    text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", visible(text)))
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """Cleaned, with its lines joined: for titles, names, and messages."""
    return re.sub("[ \n]+", " ", clean(text))


def shown(name: str) -> str:
    """A file name or address as a message may show it: one line that is not too long; "…" for pasted text."""
    return shorten(one_line(name), MAX_TITLE) or "…"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with "…" where something is missing."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    head = cut.rpartition(" ")[0] or cut[:-1]
    return head.rstrip(" ,;:.…–—-") + "…"


def join_blocks(blocks: Iterable[tuple[str, bool]]) -> str:
    """Blocks of text, a blank line between them; but list items and table rows (True) follow each other line by line."""
    parts: list[str] = []
    after_row = False
    for text, is_row in blocks:
        parts += ["\n" if is_row and after_row else "\n\n", text]
        after_row = is_row
    return "".join(parts).strip()


# --- what the source does not say -----------------------------------------------------------------------------------

_HEADING_MARKS = re.compile(r"^#+\s+")


def _title(extract: Extract, text: str, name: str) -> str:
    """Metadata, first heading, first line if it is short, first words; the name where none of them holds a letter."""
    for known in (extract.title, extract.heading):
        line = one_line(known or "")
        if _has_letter(line):
            return shorten(line, MAX_TITLE)
    first_line = _HEADING_MARKS.sub("", one_line(text.partition("\n")[0]))
    words = shorten(first_line, MAX_TITLE_FROM_WORDS)
    return words if _has_letter(words) or not name else shown(name)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def iso_date(value: object) -> str | None:
    """`YYYY-MM-DD` from a date, a date with a time, or a string that begins with one; else None."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()[:10]
    match = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None


# --- decoding -------------------------------------------------------------------------------------------------------

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What French and its neighbours write beyond ASCII. Other alphabets, read as Windows-1252, give signs that are not here.
_WESTERN = re.compile(r"[\x00-\x7fÀ-ÅÆ-ÏÑ-ÖØ-ÜßŒœŸà-æç-ïñ-öø-üÿ«»‹›‘’“”„–—…•€§°²³ªº¡¿©¤®™·±×½¼¾´\xa0\xad]*")
# UTF-8 read as Windows-1252: "Ã©" for "é", "â€™" for "’".
_MISREAD = re.compile("Ã[\xa0©¨ª®¯´§¢¹¼]|â€")
_LATIN_9 = re.compile("[^\\W\\d_][½¼¾]|[½¼¾][^\\W\\d_]|¤")
_SAMPLE = 20_000


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """Bytes → text.

    A byte order mark decides, then valid UTF-8, then the encoding the sender declared, then Windows-1252 where it gives
    western European letters and nothing else, then charset-normalizer.

    Args:
        declared: the encoding named by an HTTP header or a `<meta>`; servers are often wrong, UTF-8 is hardly ever.

    Raises:
        DocumentError: these are no letters: a picture, a program, an unknown encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text: str | None = data[len(mark) :].decode(encoding, errors="replace")
            break
    else:
        if b"\0" in data:
            raise DocumentError("document_binary", name=shown(name))
        attempts = (_utf8, lambda data: _declared(data, declared), _western, _guessed)
        text = next((found for attempt in attempts if (found := attempt(data)) is not None), None)
    if text is None:
        raise DocumentError("document_encoding", name=shown(name))
    _check_readable(text, name)
    return text


def _utf8(data: bytes) -> str | None:
    """UTF-8, forgiving a few broken bytes in a text whose other signs prove what it is.

    In another encoding hardly any two bytes happen to make a sign of UTF-8 ("É»" does): a few such signs are proof enough.
    """
    text = data.decode("utf-8", errors="replace")
    valid, broken = _signs(text)
    return text if broken * 3 <= valid or not broken else None


def _signs(text: str) -> tuple[int, int]:
    """How many signs beyond ASCII were read as UTF-8, and how many bytes could not be."""
    broken = text.count("\ufffd")
    return sum(1 for sign in text if sign > "\x7f") - broken, broken


def _declared(data: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    if encoding.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        encoding = "windows-1252"  # as browsers do: https://encoding.spec.whatwg.org/#names-and-labels
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):  # unknown encoding, or not in it
        return None


def _western(data: bytes) -> str | None:
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        return None
    accented = sum(1 for letter in text if letter > "\x7f" and letter.isalpha())
    letters = sum(map(str.isalpha, text))
    if not _WESTERN.fullmatch(text) or accented * 3 > letters or _MISREAD.search(text):
        return None
    return data.decode("iso-8859-15") if _LATIN_9.search(text) else text


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    valid, broken = _signs(data.decode("utf-8", errors="replace"))
    best = from_bytes(data).best() if valid <= broken else None  # else it is UTF-8, too broken to be read
    return None if best is None else str(best)


def _check_readable(text: str, name: str) -> None:
    """Refuse a text of which more than 2 % are controls, unassigned or undecodable signs."""
    sample = text[:_SAMPLE]
    categories = [unicodedata.category(sign) for sign in sample if sign > "\x7e" or sign < " "]
    harmless = sum(map(sample.count, "\t\n\r\x0b\x0c\x85"))
    controls = categories.count("Cc") - harmless
    strange = sum(map(categories.count, ("Cn", "Co", "Cs"))) + sample.count("\ufffd")
    if controls * 50 > len(sample):
        raise DocumentError("document_binary", name=shown(name))
    if strange * 50 > len(sample):
        raise DocumentError("document_encoding", name=shown(name))
