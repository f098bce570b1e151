"""Markup from text: the only place where text becomes HTML, and all of it is escaped here.

`Html` is a type of its own, so that mypy refuses a plain string where markup is wanted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NewType

from debatebot.types import Article, Sentence

Html = NewType("Html", str)

NOTHING = Html("")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!~|<>$^=&])")
_BEFORE_MARKS = re.compile(r" (?=[?!;»]|: )|(?<=«) ")
"""Where French has a space that no line may break at; people type a plain one."""
_LINE_BREAKS = re.compile(r"[ \t\r\n\v\f]+")
_WORD_JOINER = "\u2060"
_TEXT_PRESENTATION = "\ufe0e"


def text(value: str) -> Html:
    """Text as markup that shows exactly this text."""
    return Html(html.escape(value, quote=True))


def tag(name: str, *content: Html, **attributes: str | int | None) -> Html:
    """An element. `class_` stands for `class`, `data_tip` for `data-tip`; an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{written}>{''.join(content)}</{name}>")


def join(parts: Iterable[Html], separator: Html = NOTHING) -> Html:
    """Pieces of markup one after the other."""
    return Html(separator.join(parts))


def sign(value: str) -> str:
    """A sign that is drawn as a letter in the text's colour, never as a coloured picture."""
    return f"{value}{_TEXT_PRESENTATION}" if len(value) == 1 and not value.isascii() else value


def label(value: str) -> str:
    """Text as the label of a widget: Streamlit reads labels as Markdown, and this shows exactly the text.

    Punctuation is escaped; a colon would begin a directive or a named picture (`:red[…]`, `:smile:`), so a character
    without width parts it from what follows.
    """
    one_line = _BEFORE_MARKS.sub("\u00a0", _LINE_BREAKS.sub(" ", value).strip())
    return _MARKDOWN.sub(r"\\\1", one_line).replace(":", f":{_WORD_JOINER}")


def article_anchor(article: Article) -> str:
    """The id of an article on the page."""
    return f"a-{_identifier(article.id)}"


def sentence_anchor(sentence: Sentence) -> str:
    """The id of a sentence on the page: by article and position, for the same words may stand there twice."""
    return f"s-{_identifier(sentence.article_id)}-{sentence.position}"


def claim_anchor(turn: int, claim_id: str) -> str:
    """The id of a claim on the page."""
    return f"c-{turn}-{_identifier(claim_id)}"


def question_anchor(turn: int) -> str:
    """The id of a question on the page."""
    return f"q-{turn}"


def _identifier(value: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "-", value)
