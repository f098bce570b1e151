"""Everyday words that stand for the same thing: "cost" in a question, "price" in the article.

Vectors know most of that; but whether an article speaks of a question at all, and which of its sentences, is told by words too,
and a word that is not there was taken for a subject that is not there. The groups are in models/thesaurus.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from debatebot.lexical import analyzer


def kindred(term: str, language: str) -> frozenset[str]:
    """The terms that stand for the same as `term`, itself not among them; empty where it is in no group.

    Args:
        term: as `debatebot.lexical.Analyzer` gives it.
        language: two letters.
    """
    return _groups(language).get(term, frozenset())


@cache
def _groups(language: str) -> Mapping[str, frozenset[str]]:
    """Term → all others of its groups."""
    found: dict[str, set[str]] = {}
    for line in _lines().get(language, ()):
        # Some plurals have a stem of their own ("dégât", "dégâts").
        terms = set(analyzer(language).terms(" ".join(f"{word} {word}s" for word in line.split())))
        for term in terms:
            found.setdefault(term, set()).update(terms - {term})
    return {term: frozenset(others) for term, others in found.items()}


@cache
def _lines() -> Mapping[str, tuple[str, ...]]:
    stored = tomllib.loads((files("debatebot") / "models" / "thesaurus.toml").read_text("utf-8"))
    return {language: tuple(lines) for language, lines in stored.items()}
