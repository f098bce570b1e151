"""How much a word tells: rare words more than common ones; and which words are ordinary ones, hence no names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from debatebot.grounding.lexicon import stem

UNSEEN = 9.0
"""Weight of a stem that the counted text does not hold."""


@cache
def _weights(language: str) -> Mapping[str, float]:
    path = Path(__file__).parent.parent / "models" / "grounding_words.json"
    classes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["weights"][language]
    return {word: float(weight) for weight, words in classes.items() for word in words.split()}


def weight(stemmed: str, language: str) -> float:
    """Logarithm of (sentences counted / sentences that hold the stem in lower case): about 3 for common words, UNSEEN at most."""
    return _weights(language).get(stemmed, UNSEEN)


def is_ordinary(word: str, language: str) -> bool:
    """Seen in lower case in the counted text: at the beginning of a sentence it is no name."""
    return stem(word, language) in _weights(language)
