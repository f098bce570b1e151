"""What a side may not cite as its support, whatever the scorer says: a sentence that says in so many words where it stands.

Long sentences mislead the scorer, now and then with a high score (models/outlook.md). Some of them name their side: they
speak for the pessimists, call something a reason to worry, say what a thing can never change, or rid somebody of a danger.
Such words weigh more than a score. They are turns of phrase of French and English journalism, and no subject matter; rather
one sentence fewer in an answer than one on the wrong side.
"""

from __future__ import annotations

import re
from functools import lru_cache

from debatebot.types import OutlookPreference

_HOPE = (
    r"\boptimist\w*",
    r"(?<!sans )\b(?:espoirs?|espèrent|espère|espérer)\b",
    r"\bbonnes? nouvelles?\b",
    r"\b(?:good|best) news\b",
    r"\b(?:real|genuine|strong|good|best) (?:reasons? for )?hopes?\b",
    r"\breasons? (?:for|to) hope\b",
    r"\bpromise of\b",
    r"\b(?:would|could|can|will) (?:be|become) (?:safer|cheaper|better|cleaner|healthier|easier|fairer)\b",
    r"\b(?:remove|spare|end|ease|calm)(?:s|d|ed)?\b.{0,70}\b(?:dangers?|risks?|fears?|pain|worr(?:y|ies)|threats?)\b",
    r"\b(?:does|did|do) away with\b|\b(?:put|puts) an end to\b",
    r"\b(?:délivr|épargn|soulag|apais|supprim|évit)(?:e|ent|er|era|erait)\b.{0,70}\b(?:dangers?|risques?|peurs?|douleurs?|angoisses?)\b",
    r"\b(?:met|mettra|mettrait) fin (?:à|aux)\b",
    r"\bmoins\b.{0,25}\bqu[e'’].{0,25}\b(?:crain|redout)\w*|\bless\b.{0,25}\bthan\b.{0,25}\bfear\w*",
)

_WORRY = (
    r"\b(?:pessimist|sceptic|skeptic)\w*",
    r"\b(?:pessimistes?|sceptiques?|inquiets|adversaires|opposants)\b",
    r"\b(?:opponents|critics)\b",
    r"\binqui(?:èt|ét)\w+",
    r"\b(?:crainte|craignent|craint|redoutent|redoute)\b",
    r"\brisqu(?:e|ent|erait|eraient) (?:de |d['’]|simplement de )",
    r"\ble (?:pire|danger|risque) (?:est|serait)\b",
    r"\b(?:accidents?|attaques?|dangers?|risques?)\b.{0,20}\brest(?:e|ent) (?:possible|réel|présent)s?\b",
    r"\b(?:accidents?|attacks?|dangers?|risks?)\b.{0,20}\bremains? (?:possible|real)\b",
    r"\brisk(?:s|ed)? being\b",
    r"\b(?:reasons? for|reasons? to|should|the|a|greatest) worr(?:y|ies)\b|\bworrying\b|\bthe worry\b",
    r"\bfrighten(?:s|ing)\b|\bfears? that\b|\bobservers fear\b",
    r"\b(?:can|could|will|would)(?:not| not| never) (?:change|solve|stop|prevent|undo|replace|cure|repair|save)\b",
    r"\bne (?:peu(?:t|vent)|saurai(?:t|ent)) (?:rien|pas) (?:changer|résoudre|arrêter|empêcher|réparer|remplacer|sauver)\b",
    r"\bne (?:soigner|résoudr|chang|empêch|sauver|suffir)\w* (?:pas|rien|jamais)\b",
    r"\brien ne (?:prouve|garantit|dit|permet)\b|\bnothing (?:proves|guarantees|shows|suggests)\b",
    r"^(?:without|unless)\b|^(?:faute|à défaut) d[e'’]",
    r"\b(?:will|would) have to pay\b|\bdev(?:ra|ront|rait|raient) payer\b",
    r"\bexposed to\b|\bexposée?s? (?:à|aux|au)\b",
    r"\bwears? off\b|\bdraws? (?:\w+ )*away from\b",
)

_NEITHER = (
    r"\baucun(?:e)? (?:effet|écart|différence|lien) (?:\w+ )*(?:de|sur|entre|mesurable)\b",
    r"\bfound no (?:\w+ )?(?:effect|difference|change|link)\b",
    r"\bcorrélation n['’]est pas\b|\bcorrelation is not\b",
    r"\b(?:peurs?|craintes?|inquiétudes?)\b.{0,80}\b(?:trouve(?:nt)? peu d['’]appui|(?:est|sont) (?:peu|mal) fondée?s?)\b",
    r"\b(?:fears?|worr(?:y|ies))\b.{0,80}\b(?:finds? little support|(?:is|are) (?:unfounded|ill-founded|exaggerated))\b",
    r"\bsens opposés\b|\bopposite directions\b",
    r"\b(?:compter|mesurer|comparer|estimer)\b.*\b(?:reste|est) (?:difficile|délicat)\b",
    r"\b(?:count|measur|compar|estimat)ing\b.*\b(?:is|remains) (?:hard|difficult)\b",
)

_REMEMBERED = 20_000


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_HOPES, _WORRIES, _STANDS_NOWHERE = _any_of(_HOPE), _any_of(_WORRY), _any_of(_NEITHER)


@lru_cache(maxsize=_REMEMBERED)
def may_support(text: str, outlook: OutlookPreference) -> bool:
    """Whether nothing that a sentence says in so many words keeps it from being cited by a perspective of that outlook.

    One that speaks for both sides supports neither, and stands in no balanced answer as a plain fact.
    """
    against = {"hopeful": (_WORRIES,), "worried": (_HOPES,)}.get(outlook, (_WORRIES, _HOPES))
    return not any(said.search(text) for said in against)


@lru_cache(maxsize=_REMEMBERED)
def takes_no_side(text: str) -> bool:
    """True for a finding that nothing was found, a caution about method, or two things that pull apart: no side's support."""
    return _STANDS_NOWHERE.search(text) is not None
