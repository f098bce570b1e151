"""What kind of thing a question asks for, in French and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from debatebot.lexical import analyzer

Expected = Literal["quantity", "date", "person", "place"]

_PATTERNS: tuple[tuple[Expected, re.Pattern[str]], ...] = (
    (
        "quantity",
        re.compile(
            r"\bcombien\b|\bhow (?:many|much|large|big|high|long|old|far|often)\b"
            r"|\b(?:quel(?:le)?|what|which) (?:est |était |is |was )?(?:le |la |l['’]|the )?"
            r"(?:prix|coût|nombre|montant|pourcentage|part|taux|âge|chiffre|proportion|somme|durée|taille|quantité"
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

_TWO_QUESTIONS = re.compile(
    r"\b(?:et|and)\s+(?:à |pour |par |for |to |by )?"
    r"(?:qui|quoi|que|combien|quand|où|pourquoi|comment|quel(?:le)?s?|who|how|when|where|why|what|which)\b",
    re.IGNORECASE,
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


_ASKS = re.compile(
    r"(?:(?:à|de|d['’]|par|pour|avec|dans|en|sur|depuis|selon|to|by|for|with|in|on|at|from|of|since) ?)?"
    r"(?:qui|que|qu['’]|quoi|quand|où|comment|combien|pourquoi|quel(?:le)?s?|lequel|laquelle|est-ce|est-il|est-elle|y a-t-il"
    r"|faut-il|peut-on|who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|will|would|should"
    r"|has|have|had|may|might|must)\b",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """True for one question, with or without its sign; false for statements, single words, and two questions in a row."""
    text = text.strip(" \u00a0\u202f«»\"'“”")
    return text.count("?") == 1 if text.endswith("?") else "?" not in text and _ASKS.match(text) is not None


def expected_fact(question: str) -> Expected | None:
    """The kind of plain fact that the question asks for, or None when it asks for more than one fact.

    "How many parameters?" asks for a quantity; "Is it good news?" and "Who wins and who loses?" ask for no plain fact.
    """
    text = " ".join(question.split()).strip(" ?!.\u00a0\u202f«»\"'")
    if _TWO_QUESTIONS.search(text):
        return None
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


# --- questions that go on from an earlier one -----------------------------------------------------------------------

_CONTINUES = re.compile(
    r"^(?:et|mais|ou|alors|donc|and|but|or|so)\b|^(?:pourquoi|comment ça|c['’]est-à-dire|why|how so|how come)\s*[?!.]*$"
    r"|^(?:qu['’]en est-il|quid|what about|how about)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:il|elle|ils|elles|lui|eux|celui-ci|celle-ci|ceux-ci|celles-ci|ça|cela|leurs?|en|y"
    r"|it|its|they|them|their|he|she|his|her|him|that|those|this|these)\b",
    re.IGNORECASE,
)
_INVERSION = re.compile(r"(?<=[-‐])(?:t[-‐])?(?:il|elle|ils|elles|on|ce)\b", re.IGNORECASE)
_OF_ALL = re.compile(  # about the article as a whole, whatever was asked before
    r"\b(?:article|text[e]?|auteur|author|bonnes? nouvelles?|mauvaises? nouvelles?|good news|bad news|bonne idée|good idea)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:et|mais|ou|alors|donc|and|but|or|so|quid|what about|how about|qu['’]en est-il)\b[\s,]*)+", re.IGNORECASE
)
_PLACED = re.compile(
    r"^(?P<kind>pour|chez|dans|à|au|aux|en|avec|for|in|at|with|among)\s+(?:l['’])?\S.*$", re.IGNORECASE
)
_KINDS = ("pour|for", "chez|dans|à|au|aux|en|in|at|among", "avec|with")
_FEW = 2  # content words up to which a question that points back says too little by itself
_SHORTEST = 4  # characters of what names something
_LONGEST = 300  # characters of a question that was searched before


def completed(question: str, language: str, earlier: Sequence[str]) -> str | None:
    """The question as it can be understood alone, with what an earlier one was about; None where it can be as it is.

    "And for small companies?" after "Is the four-day week a good idea?" becomes "Is the four-day week a good idea for small
    companies?". Both engines search with it: the rule costs nothing before the first word and always does the same, and
    it is shown; a model would need a call of its own before anything can be searched for.

    Args:
        earlier: the questions before, as they were searched for, the last one last.
    """
    if not earlier or not depends(question, language):
        return None
    before = earlier[-1][-_LONGEST:]
    rest = _OPENING.sub("", question).strip()
    placed = _PLACED.match(rest)
    if placed:
        return _placed(before, rest, placed["kind"].lower())
    if not _CONTINUES.search(question.strip()) and depends(before, language):
        return None  # "it" of both is what the article is about: the earlier question names nothing that could be meant
    return f"{before} {question}"


_SIZES = re.compile(
    r"\b(?:petite?s?|grande?s?|gros(?:se)?s?|jeunes?|vieux|vieilles?|small|smaller|large|larger|big|bigger|young|old|new|little)\b\s*",
    re.IGNORECASE,
)


def added(question: str) -> str | None:
    """What a follow-up names of its own, without "and" and without sizes: "for companies" of "And for small companies?".

    An article that has small numbers does not for that speak of small companies. None for a question that names nothing of
    its own, or only points back.
    """
    rest = _OPENING.sub("", question).strip(" ?!.\u00a0\u202f")
    if rest == question.strip(" ?!.\u00a0\u202f") or _POINTS_BACK.search(rest):
        return None
    named = _SIZES.sub("", rest).strip()
    return named if len(named) >= _SHORTEST else None


def depends(question: str, language: str) -> bool:
    """True for a question that says too little to be understood alone: "And in France?", "Why?", "What about them?"."""
    text = question.strip()
    words = [term for term in analyzer(language).terms(text) if not term.isdigit()]
    if _CONTINUES.search(text):
        return not _OF_ALL.search(text)
    if _OF_ALL.search(text):
        return False
    # « Que coûte-t-il ? » points back, « Le loup est-il revenu ? » names who is meant.
    inverted = _INVERSION.search(text) is not None and len(words) > 1
    points_back = _POINTS_BACK.search(_INVERSION.sub("", text) if inverted else text) is not None
    return len(words) <= _FEW and points_back


def _placed(before: str, rest: str, kind: str) -> str:
    """The earlier question with "in France" in the place of its own "in Italy", or at its end."""
    stem = before.rstrip(" ?!.\u00a0\u202f")
    group = next((group for group in _KINDS if kind in group.split("|")), kind)
    own = re.search(rf"\s(?:{group})\s(?!quel|what|which)[^,;:?!]*$", stem, re.IGNORECASE)
    if own and len(own.group().split()) <= 6:
        stem = stem[: own.start()]
    tail = rest.rstrip(" ?!.\u00a0\u202f")
    closing = "\u202f?" if "\u202f?" in before else " ?" if " ?" in before or "\u00a0?" in before else "?"
    return f"{stem} {tail}{closing}"
