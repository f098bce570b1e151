"""Whether a dot ends a sentence or belongs to an abbreviation that goes on.

The classes follow Kiss & Strunk, "Unsupervised Multilingual Sentence Boundary Detection" (Computational Linguistics 32:4,
2006): an abbreviation tells by its kind what may follow it, and frequent first words tell "the U.S. The" from "the U.S.
Senate". The lists are French and English first; a word of another language stands here when it harms neither.
"""

from __future__ import annotations

import re
from enum import Enum


class _Kind(Enum):
    """What can follow an abbreviation within the same sentence."""

    NONE = "nothing: it is a word, and the dot ends the sentence"
    ALWAYS = "anything: the dot never ends a sentence"
    NUMBER = "a number"
    NAME = "a name: only a frequent first word that is no part of a name begins a sentence"
    ANY = "any capital: only a frequent first word begins a sentence"
    SMALL = "a small letter, and names of days and time zones"
    SPACED = "another single letter with a dot: z. B."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# An entry in small letters stands for its capitalised form, too.
_ALWAYS = _words("ex cf vs v p.ex incl inkl excl esp c-à-d càd cad N.B P.S P.-S viz op resp bzw vgl sog ggf p.ej EE")
_NUMBERS = _words(
    """no nos n nº nr num núm art arts p pp pag pág págs fig figs vol vols chap ch sect sec § abs l t tél tel réf ref ext pt
    min max ca env approx jan janv feb févr fév mar avr jul juil aug sept sep oct nov dec déc dez okt ene
    Mon Tue Wed Thu Fri Sat Sun"""
)
_NAMES = _words(
    """M MM Mme Mmes Mlle Mlles Dr Drs Pr Prof prof Mr Mrs Ms Mx Messrs St Ste Sts Mgr Me Mes Gen Gén gén Col Cap Capt Cdt
    Cmdr Lt Sgt Adm Rev Fr Hon Sen Rep Gov Pres Sr Sra Srta Dª Sig dott Ing Hr Frhr Mt Ft Bd bd av Ave apr dir trad préf
    coll éd ed"""
)
_ANY = _words("Inc Ltd Corp Co Cie cie Bros Jr Blvd Rd al cit ibid id Assn Dept Univ UU")
_SMALL = _words("etc a.m p.m A.M P.M usw ecc Chr")
_LETTERED = _words(
    """plan vitamin vitamine groupe group type class classe option hépatite hepatitis catégorie category point annexe phase
    figure table tableau section partie part côté side lettre letter level niveau grade note équipe team cas case version
    hypothèse appendix schedule zone axe bloc series série"""
)
_BEFORE_PRONOUN_I = _words("and or than as so do am did was have should could would can will not if")
_ERA = _words("av ap apr avant après")
_AFTER_TIME = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday Eastern Pacific Central Mountain ET EST EDT PT PST PDT CT CST
    GMT UTC BST CET January February March April May June July August September October November December"""
)
_ELISIONS = _words("L D C J N S M T Qu Lorsqu Puisqu Quoiqu Jusqu Aujourd")
_PARTICLES = _words("Le La Les L D De Du Des El Los Las Lo Di Da Della Von Un A An No So All Who")
FREQUENT_FIRST_WORDS = _words(
    """Le La Les Un Une Des Du De Au Aux En Dans Pour Par Sur Sous Avec Sans Selon Depuis Après Avant Pendant Entre Vers
    Chez Contre Malgré Parmi Mais Et Ou Donc Or Ni Car Si Quand Lorsque Comme Puis Alors Ainsi Cependant Toutefois
    Pourtant Néanmoins Ensuite Enfin Déjà Aussi Même Quant Qui Que Quoi Quel Quelle Quels Quelles Où Comment Pourquoi
    Il Ils Elle Elles On Nous Vous Je Tu Ce Cet Cette Ces Cela Ça Celui Celle Ceux Son Sa Ses Leur Leurs Notre Nos
    Votre Vos Mon Ma Mes Plusieurs Certains Certaines Chaque Tout Toute Tous Toutes Aucun Aucune Autre Autres Beaucoup
    Plus Moins Très Hier Demain Bref Voilà Voici Oui Non Grâce Outre Face Deux Trois Quatre Cinq À Afin Rien Personne
    Ceci Toujours Chacun Chacune Jamais Souvent Parfois Désormais Aujourd
    The A An It Its He She They We I You This That These Those There Here His Her Their Our My Your In On At By For
    From With Without Of To As When While Where What Who Why How Which But And So Yet Nor After Before Since Until
    During Between Under Over Among Against Despite Although Though Because However Moreover Meanwhile Then Thus
    Therefore Also Both Each Every Some Many Most Several All Any No Not Another Other Others One Two Three Such Only
    Even Still Now Today Yesterday Later Once According Is Are Was Were Does Did Has Have Had Can Could Would Should
    Let
    Der Die Das Ein Eine Er Sie Es Wir Ich Ihr Im Am Auf Aber Und Oder Mit Nach Bei Von Zu Seit Wenn Als Doch Auch
    Dann Damit Dies Diese Dieser Dieses El Los Las Una Él Ella Pero Con Para Según Sin Esta Este Esto Su Sus Se Desde
    Il Lo Gli Nel Nella Ma Per Secondo Questo Questa Anche"""
)
_LOCATOR = re.compile(r"\d|[IVXLCDM]{2,}\b|[A-Z][.\d-]|[B-HJ-Z]\b|n?[°º§]|[–—-]\d")
_LETTER_WITH_DOT = re.compile(r"[^\W\d_]\.")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD_LIMIT = re.compile(r"[«»“”„\"(\[{/,;:!?…)\]}'’]")
_HYPHENATED_INITIALS = re.compile(r"[^\W\d_](?:\.?-[^\W\d_])+")


def ends_sentence(before: str, body: str, language: str) -> bool:
    """Whether the dot between two pieces of text ends a sentence, or belongs to an abbreviation that goes on."""
    kind = _kind(*_last_words(before), language)
    if body[:1].islower():
        return kind is _Kind.NONE
    if kind in (_Kind.NUMBER, _Kind.SPACED):
        return not (_LOCATOR if kind is _Kind.NUMBER else _LETTER_WITH_DOT).match(body)
    match = _FIRST_WORD.match(body)
    if kind is _Kind.SMALL:
        return match is not None and match.group() not in _AFTER_TIME
    if kind is _Kind.NAME:
        return begins_often(body) and match is not None and match.group() not in _PARTICLES
    return kind is _Kind.NONE or (kind is _Kind.ANY and begins_often(body))


def begins_often(body: str) -> bool:
    """Whether a text begins with a word that sentences often begin with; an initial is no word."""
    match = _FIRST_WORD.match(body)
    if match is None:
        return False
    following = body[match.end() : match.end() + 1]
    if following in ("'", "’") and match.group() in _ELISIONS:
        return True
    return match.group() in FREQUENT_FIRST_WORDS and not (following == "." and len(match.group()) == 1)


def _last_words(before: str) -> tuple[str, str]:
    """The last word, without what is elided or opened before it, and the one before that with its punctuation."""
    words = before.split()
    if not words or before[-1].isspace():
        return "", ""
    token = _WORD_LIMIT.split(words[-1])[-1]
    return token, words[-2] if len(words) > 1 else ""


def _kind(token: str, previous: str, language: str) -> _Kind:
    if token.isdigit():
        return _kind_of_number(token, previous, language)
    forms = {token} if len(token) == 1 else {token, token[:1].lower() + token[1:]}
    for entries, kind in (
        (_ALWAYS, _Kind.ALWAYS),
        (_SMALL, _Kind.SMALL),
        (_NAMES, _Kind.NAME),
        (_NUMBERS, _Kind.NUMBER),
        (_ANY, _Kind.ANY),
    ):
        if not forms.isdisjoint(entries):
            return kind
    return _kind_of_letters(token, _WORD_LIMIT.split(previous.rstrip("."))[-1].casefold())


def _kind_of_number(number: str, previous: str, language: str) -> _Kind:
    if len(number) > 2:
        return _Kind.NONE
    if previous.endswith(";") or (previous.endswith(":") and number == "1"):
        return _Kind.ALWAYS  # a list within a sentence
    return _Kind.ANY if language == "de" else _Kind.NONE  # German ordinals: am 3. Oktober


def _kind_of_letters(token: str, previous: str) -> _Kind:
    """Initials and abbreviations of single letters: K, J.-C, U.S, e.g."""
    if len(token) == 1 and token.islower():
        return _Kind.SPACED
    if len(token) == 1 and token.isupper():
        alone = previous in _LETTERED or (token == "I" and previous in _BEFORE_PRONOUN_I)
        return _Kind.NONE if alone else _Kind.NAME
    if _HYPHENATED_INITIALS.fullmatch(token) and token[0].isupper():
        return _Kind.SMALL if previous in _ERA else _Kind.NAME
    parts = [part for part in re.split(r"[.-]", token) if part]
    dotted = "." in token and all(len(part) == 1 or (len(part) == 2 and part.istitle()) for part in parts)
    if not dotted or not "".join(parts).isalpha():
        return _Kind.NONE
    return _Kind.ALWAYS if token[0].islower() else _Kind.ANY
