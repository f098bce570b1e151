"""Text a person reads, in French and English: one TOML file a language and part beside this module.

`fr.errors.toml` holds what begins with `errors.`, `en.page.toml` what begins with `page.`, and so on; a part is read when
one of its entries is first asked for, so that `debatebot --help` does not pay for the page. Both languages hold the same
entries with the same `{variables}`: a test compares them.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"


@cache
def entries(language: str, part: str) -> dict[str, str]:
    """All entries of one part, flattened to dotted keys.

    Raises:
        FileNotFoundError: there is no such part: a defect of the program.
    """
    path = Path(__file__).with_name(f"{language}.{part}.toml")
    texts = dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8")), f"{part}."))
    return {key: _spaced(text) for key, text in texts.items()} if language == "fr" else texts


def translate(key: str, language: str, /, **values: object) -> str:
    """The text of `key` in `language` with `values` filled in.

    Any other language than French reads English: an article or a question may be in one that has no catalog.

    Raises:
        KeyError: the catalog has no such entry, or the entry names a variable that was not given.
    """
    part = key.partition(".")[0]
    text = entries("fr" if language == "fr" else "en", part)[key]
    return text.format_map(values) if values else text


def translate_about(articles: int, key: str, language: str, /, **values: object) -> str:
    """As `translate`; where several articles are spoken of, the entry `KEY_several` if there is one.

    Raises:
        KeyError: as `translate`.
    """
    several = f"{key}_several"
    part = key.partition(".")[0]
    known = articles > 1 and several in entries("fr" if language == "fr" else "en", part)
    return translate(several if known else key, language, **values)


def _spaced(text: str) -> str:
    """French puts a space before : ; ? ! % » and after «, at which no line may break; catalogs hold plain ones."""
    return re.sub(r" (?=[:;?!%»])|(?<=«) ", "\u00a0", text)


def _flatten(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        pairs += _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return pairs
