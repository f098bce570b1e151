"""Markdown → Extract: front matter, then the text without its marks.

Parsed with markdown-it-py (CommonMark and tables). Every paragraph, heading and quotation stands on its own; list items
and table rows follow each other line by line. HTML inside is stripped to its text: it never becomes markup again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from debatebot.documents.text import Extract, iso_date, join_blocks, one_line

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=-|_|$)", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
MAX_FRONT_MATTER = 64_000
MAX_BRACKETS = 20_000
"""Reading links takes a time that grows with the square of the open brackets: beyond this many it stays undone."""


def load(text: str) -> Extract:
    """Read a Markdown text.

    A text that begins with `---` but whose front matter is no YAML mapping is taken as plain text, word for word.
    """
    text = re.sub("\r\n?", "\n", text)
    match = _FRONT_MATTER.match(text)
    known = _mapping(match["yaml"]) if match else {}
    if known is None:
        return Extract(text)
    body, heading = _plain(text[match.end() :] if match else text)
    return Extract(
        body,
        title=_string(known.get("title")),
        heading=heading,
        author=_names(known.get("author")),
        date=iso_date(known.get("date")),
        language=_language(known.get("language") or known.get("lang")),
        source=_string(known.get("source")),
        questions=_questions(known.get("questions")),
    )


def has_front_matter(text: str) -> bool:
    """Whether the text begins with a block of entries between two lines `---`."""
    match = _FRONT_MATTER.match(re.sub("\r\n?", "\n", text[: 2 * MAX_FRONT_MATTER]))
    return match is not None and bool(_mapping(match["yaml"]))


# --- front matter ---------------------------------------------------------------------------------------------------


def _mapping(source: str) -> Mapping[str, object] | None:
    import yaml

    if len(source) > MAX_FRONT_MATTER:
        return None
    try:
        found = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date such as 2026-13-45
        return None
    return found if isinstance(found, dict) else None


def _string(value: object) -> str | None:
    """Only what is written as a string or a number: a mapping or list as title would be a mistake shown to readers."""
    return (one_line(str(value)) or None) if isinstance(value, str | int | float) else None


def _names(value: object) -> str | None:
    names = value if isinstance(value, list) else [value]
    return ", ".join(name for name in map(_string, names) if name) or None


def _language(value: object) -> str | None:
    match = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return match[0].lower() if match else None


def _questions(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    lists = ((_language(language), questions) for language, questions in value.items())
    return {
        language: tuple(filter(None, map(_string, questions)))
        for language, questions in lists
        if language and isinstance(questions, list)
    }


# --- body -----------------------------------------------------------------------------------------------------------


def _plain(source: str) -> tuple[str, str | None]:
    """The text of a Markdown body, and its first heading."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    if source.count("[") > MAX_BRACKETS:
        parser.disable(["link", "image", "reference"])
    writer = _Writer()
    for token in parser.parse(source):
        writer.take(token)
    return writer.text(), writer.heading


class _Writer:
    """Collects blocks of text from markdown-it's tokens."""

    def __init__(self) -> None:
        self.heading: str | None = None
        self._blocks: list[tuple[str, bool]] = []
        self._depth = 0
        self._new_item = False
        self._in_heading = False
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "table_open":
                self._depth += 1
            case "bullet_list_close" | "ordered_list_close" | "table_close":
                self._depth -= 1
            case "list_item_open":
                self._new_item = True
            case "heading_open" | "heading_close":
                self._in_heading = token.type == "heading_open"
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._add(" | ".join(self._cells or []))
                self._cells = None
            case "inline":
                self._inline(_inline(token.children or []))
            case "fence" | "code_block":
                self._add(token.content)
            case "html_block":
                self._add(_without_tags(token.content))

    def _inline(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(one_line(text))
            return
        if self._in_heading and self.heading is None:
            self.heading = one_line(text) or None
        self._add(text)

    def _add(self, text: str) -> None:
        if not text.strip():
            return
        bullet = "- " if self._new_item else ""
        self._new_item = False
        self._blocks.append((bullet + text.strip(), self._depth > 0))

    def text(self) -> str:
        return join_blocks(self._blocks)


def _inline(tokens: Sequence[Token]) -> str:
    """The words of one paragraph; a line that was only wrapped goes on, a break that was meant stays."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "image":
            parts.append(_inline(token.children or []))
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak" or (token.type == "html_inline" and _BREAK_TAG.fullmatch(token.content)):
            parts.append("\n")
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)


class _TextOnly(HTMLParser):
    """Keeps what a browser would show as text."""

    _HIDDEN = ("script", "style", "template")

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the name HTMLParser gives
        self._hidden += tag in self._HIDDEN
        self.parts.append("\n" if tag in ("p", "br", "div", "li", "tr", "td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _without_tags(source: str) -> str:
    parser = _TextOnly()
    parser.feed(source)
    parser.close()
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(parser.parts))
