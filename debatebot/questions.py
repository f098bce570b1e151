"""What kind of thing a question asks for, in French and English."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Expected = Literal["quantity", "date", "person", "place"]

_PATTERNS: tuple[tuple[Expected, re.Pattern[str]], ...] = (
    (
        "quantity",
        re.compile(
            r"\bcombien\b|\bhow (?:many|much|large|big|high|long|old|far|often)\b"
            r"|\b(?:quel(?:le)?s?|what|which) (?:est |sont |is |are |was |were )?(?:le |la |les |l['’]|the )?"
            r"(?:prix|coûts?|nombre|montant|pourcentage|part|taux|âge|chiffre|proportion|somme|durée|taille|quantité"
            r"|longueur|hauteur|distance|superficie|population|vitesse"
            r"|price|cost|number|amount|percentage|share|rate|age|figure|proportion|sum|size|list price"
            r"|length|height|distance|population|speed)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            r"^quand\b|\bdepuis quand\b|\b(?:quelle|what|which) (?:année|date|year|day|month)\b|^when\b|\bsince when\b"
            r"|\bquand (?:est|a|ont|sont|fut|la|le|les)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "place",
        re.compile(r"^où\b|^where\b|\b(?:quel|what|which) (?:pays|ville|country|city|region|région)\b", re.IGNORECASE),
    ),
    (
        "person",
        re.compile(
            r"^(?:à |par |pour |avec )?qui (?:est|était|sont|a|ont|fut|dirige|préside|suggère|affirme|dit)\b"
            r"|^who (?:is|was|are|were|has|said|says|made|founded|created|invented|discovered|suggests|claims|wrote|leads)\b",
            re.IGNORECASE,
        ),
    ),
)

_COUNTED = re.compile(r"\b(?:combien (?:de |d['’]|des )|how many |quel nombre (?:de |d['’]))([^\W\d_]+)", re.IGNORECASE)
_COUNTED_OTHERWISE = frozenset(
    "perso gens temps fois annee mois jours heure argen peopl times years month days hours".split()
)

_WORD = re.compile(r"[^\W_]{4,}")

_FUNCTION_WORDS = frozenset(
    """pour avec dans sans mais donc dont leur leurs elle elles cette celui celle ceux entre chez vers plus moins aussi
    tres tout tous toute toutes comme quand alors ainsi apres avant depuis pendant encore deja meme memes autre autres
    selon parce puis sous quel quelle quels quelles sont etre avoir fait faire peut peuvent that this these those with
    from into than then they them their there here have been will would could should about after before because between
    both each more most much many other others over such under very what when where which while whose your""".split()
)


def expected_fact(question: str) -> Expected | None:
    """The kind of plain fact that the question asks for, or None when it asks for more than one fact.

    "How many parameters?" asks for a quantity; "Is it good news?" and "Who wins and who loses?" ask for no plain fact.
    """
    text = " ".join(question.split()).strip(" ?!.\u00a0\u202f«»\"'")
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)


def counted_thing(question: str) -> frozenset[str]:
    """Roots of what a question counts: "How many employees has the firm?" counts employees; empty when it counts nothing.

    People, times and the like are counted under other names ("patients", "twice"), and so they count as nothing here.
    """
    match = _COUNTED.search(question)
    return roots(match.group(1)) - _COUNTED_OTHERWISE if match else frozenset()


def roots(text: str) -> frozenset[str]:
    """The first five letters of each longer content word, without accents: "parameters" then meets "paramètres"."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(word[:5] for word in _WORD.findall(plain) if word not in _FUNCTION_WORDS)
