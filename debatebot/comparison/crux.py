"""What would settle a disagreement: the article's own weighing of that very thing, or nothing."""

from __future__ import annotations

import re

from debatebot.comparison.material import Material, Stated
from debatebot.phrases import Phrase
from debatebot.rhetoric import is_weighing, sets_sides
from debatebot.types import Sentence

_CONDITION = re.compile(
    r"\b(?:si|s['’]ils?|dépend\w*|combien|quand|quel\w*|une fois|à condition|whether|if|depend\w*|how|until|unless|once)\b",
    re.IGNORECASE,
)
_ENOUGH = 3.0  # weight of the words that a weighing sentence must share with the two claims


def crux(material: Material, one: Stated, other: Stated, thing: Phrase) -> Sentence | None:
    """The sentence that weighs what both claims speak of, in the evidence or beyond it; None: the article does not."""
    claimed = {one.claim.text, other.claim.text}
    both = one.terms | other.terms
    best: tuple[float, Sentence] | None = None
    for sentence in material.sentences:
        if sentence.text in claimed or not _says_what(sentence.text):
            continue
        terms = material.terms(sentence.text, material.language_of(sentence))
        if not _names(terms, thing):
            continue
        weight = material.weight(terms & both)
        if weight >= _ENOUGH and (best is None or weight > best[0]):
            best = weight, sentence
    return best[1] if best else None


def _says_what(text: str) -> bool:
    """It weighs two sides, or says on what the answer depends; that nobody knows settles nothing."""
    return sets_sides(text) or (is_weighing(text) and _CONDITION.search(text) is not None)


def _names(terms: frozenset[str], thing: Phrase) -> bool:
    return set(thing.terms) <= terms
