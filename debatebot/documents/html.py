"""A web page → Extract, with trafilatura: the article without menus, comments and scripts."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from debatebot.documents.text import Extract, check_length, holds_words, iso_date, join_blocks, shown
from debatebot.errors import DocumentError

_HTML_BEGINS = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?((?><!--.*?-->)\s*)*+<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)


def is_html(text: str) -> bool:
    """Whether a text begins as a web page does."""
    return _HTML_BEGINS.match(text, 0, 5_000) is not None


def declared_encoding(data: bytes) -> str | None:
    """The encoding named by a `<meta>` in the first 2,000 bytes, where browsers look for it."""
    match = _DECLARED.search(data, 0, 2_000)
    return match[1].decode("ascii") if match else None


def load(text: str, name: str, address: str | None = None) -> Extract:
    """Find the article in a page.

    Args:
        address: where the page comes from, if it was fetched; helps to tell the site's name from the title.

    Raises:
        DocumentError: there is no article in it, or the page is too long.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    check_length(len(text), name)
    for library in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they report every odd page on standard error
    page = text if "<html" in text[:5_000].lower() else f"<html><body>{text}</body></html>"
    found = bare_extraction(
        page,
        url=address,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or not found.text or not holds_words(found.text):
        raise DocumentError("document_no_article", name=shown(name))
    return Extract(
        join_blocks(_blocks(found.text)),
        title=found.title,
        author=found.author,
        date=iso_date(found.date),
    )


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """trafilatura gives one paragraph, list item or table row a line."""
    for line in text.split("\n"):
        if line.startswith("|"):
            if line.strip("|:- "):  # else the rule below the head
                yield " | ".join(cell.strip() for cell in line.strip().strip("|").split("|")), True
        elif line.strip():
            yield line, line.startswith("- ")
