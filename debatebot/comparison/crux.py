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
_SETTLES = re.compile(  # says on what it turns, in other words than those by which a sentence weighs
    r"\b(?:la (?:vraie |seule )?question (?:est|reste|sera)|reste à (?:savoir|voir|prouver)|selon que|selon qu['’]"
    r"|tout se joue|tient à|à condition (?:que|de|d['’])|se jouera|l['’]enjeu est|vrai test"
    r"|the (?:real |open |only )?(?:question|issue|test) (?:is|remains|will be)|(?:are|is) the real test|hinges? on|turns on"
    r"|comes down to|provided (?:that|the)|matters? (?:as much as|more than)|(?:what|which) counts is|decides? whether"
    r"|nobody can (?:yet )?say whether|good result depends)",
    re.IGNORECASE,
)
_ENOUGH = 2.0  # weight of the words that a weighing sentence shares with the claims, with what its place adds
_SAME_PARAGRAPH = 1.5
_NEXT_PARAGRAPH = 0.5
_SEVERAL = 3  # such words by which a sentence speaks of the same wherever it stands and whatever it calls it
_HOW_SURE = frozenset("may might could would make pourr pourrait devr devrait fair".split())
_HOW_LONG = frozenset("hour day time heur jour temp".split())
"""Terms that far apart two sentences share and speak of different things; how long, where a pair has no name in common."""
_TELLING = 1.2  # weight of a word of the pair from which a sentence right beside a claim speaks of the same


def crux(material: Material, one: Stated, other: Stated, thing: Phrase) -> Sentence | None:
    """The sentence that weighs what both claims speak of, in the evidence or beyond it; None: the article does not."""
    claimed = {stated.claim.text for stated in material.stated if stated.side not in material.balanced}
    both = one.terms | other.terms
    best: tuple[float, Sentence] | None = None
    for sentence in material.sentences:
        if sentence.text in claimed or sentence.text.rstrip().endswith("?") or not _says_what(sentence.text):
            continue
        terms = material.terms(sentence.text, material.language_of(sentence))
        shared, place = material.weight(terms & both), _place(sentence, one, other)
        common = terms & both if place else (terms & both) - (_HOW_SURE if thing.named else _HOW_SURE | _HOW_LONG)
        telling = sum(material.weight([term]) >= _TELLING for term in common)
        names = set(thing.terms) <= terms and (place > 0 or telling > 1)
        about = names or telling >= _SEVERAL or (place == _SAME_PARAGRAPH and telling > 0)
        if not about or shared + place < _ENOUGH:
            continue
        if best is None or shared + place > best[0]:
            best = shared + place, sentence
    return best[1] if best else None


def _says_what(text: str) -> bool:
    """It weighs two sides, or says on what the answer depends; that nobody knows settles nothing."""
    return (
        sets_sides(text)
        or _SETTLES.search(text) is not None
        or (is_weighing(text) and _CONDITION.search(text) is not None)
    )


def _place(sentence: Sentence, one: Stated, other: Stated) -> float:
    """What stands beside a claim in the article speaks of the same more often than not."""
    distances = [
        abs(citation.sentence.paragraph - sentence.paragraph)
        for stated in (one, other)
        for citation in stated.claim.citations
        if citation.sentence.article_id == sentence.article_id
    ]
    nearest = min(distances, default=2)
    return _SAME_PARAGRAPH if nearest == 0 else _NEXT_PARAGRAPH if nearest == 1 else 0.0
