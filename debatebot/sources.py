"""Where an article comes from: a file, a web address, or the library."""

from __future__ import annotations

import re
from pathlib import Path

from debatebot import documents
from debatebot.types import Article

Source = Article | Path | str

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def read(source: Source) -> Article:
    """The article that a path, an address or an `Article` stands for; raises `InputError`."""
    if isinstance(source, Article):
        return source
    if isinstance(source, str) and _is_address(source):
        return documents.read_url(source)
    return documents.read_path(Path(source))


def is_source(source: str) -> bool:
    """True when `source` names a file or an address rather than an article of the library."""
    return _is_address(source) or Path(source).is_file()


def _is_address(source: str) -> bool:
    """Whether it is written as an address, also one that is not read: whoever reads it says so."""
    return _SCHEME.match(source) is not None
