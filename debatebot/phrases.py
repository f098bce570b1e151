"""Which words of a sentence name a thing: "the price of panels", « la semaine de quatre jours ».

Found by the words around them, in French and English, without a parser: what follows an article or a preposition names
something more often than not, and what an article says twice in the same words is one of its subjects. A phrase that is
missed costs a name; a wrong one is read by people, so that doubtful words are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debatebot.lexical import analyzer, fold

_PIECE = re.compile(r"[^\W\d_]+['’](?=\w)|\d+(?:[.,\u00a0\u202f]\d+)*|[^\W_]+(?:-[^\W_]+)*")

_DETERMINERS = {
    "fr": frozenset(
        "le la les l' un une des du au aux ce cet cette ces son sa ses leur leurs notre nos chaque plusieurs".split()
    ),
    "en": frozenset("the a an this these those its their his her our your each every some many several few".split()),
}
_PREPOSITIONS = {
    "fr": frozenset("de d' en dans sur sous pour par avec sans entre vers chez contre".split()),
    "en": frozenset("of in for on with by from between against about without into under".split()),
}
_LINKS = {"fr": frozenset(("de", "du", "des", "d'")), "en": frozenset(("of",))}
_NUMBERS = frozenset("deux trois quatre cinq six sept huit neuf dix".split())
_BEFORE_NOUN = (
    frozenset(
        """petit petite petits petites grand grande grands grandes bon bonne bons bonnes nouveau nouvel nouvelle nouveaux nouvelles
    jeune jeunes vieux vieille gros grosse premier premiere premiers premieres dernier derniere derniers dernieres beau
    belle haut haute long longue mauvais mauvaise meilleur meilleure meilleurs meilleures faible faibles fort forte
    vrai vraie veritable simple simples""".split()
    )
    | _NUMBERS
)
_MARKERS = frozenset(  # they qualify what is named and name nothing
    """seul seule seuls seules autre autres certain certaine certains certaines meme memes tel telle moitie tiers quart peu
    plupart doute verite bout compte voie
    partie nombre fois cas fait part point exemple suite place lieu sorte ainsi moins plus apres avant encore
    may might must shall cannot enough today again alone together whole kept left deal
    only other certain same such half third quarter part lot way kind number case fact example thing things one ones
    more less most least another own first last next time times year years jour jours annee annees temps an ans siecle
    decade decades day days hier soir soirs matin lendemain""".split()
)
_ADJECTIVE = re.compile(
    r"(?:ique|iques|el|elle|els|elles|al|ale|ales|aux|if|ive|ifs|ives|eux|euse|euses|aire|aires|ien|ienne|iens|iennes"
    r"|ais|aise|aises|ois|oise|oises|able|ables|ible|ibles|[éè]e?s?|ain|aine|ains|aines|ert|erte|ertes|ain)$"
)
_VERB_FR = re.compile(r"(?:er|ir|re|ant)$")  # after a preposition; after an article it is "la mer", "le livre"
_NOT_A_NOUN_EN = re.compile(r"(?:ly|ed|ing)$")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a thing: `text` as the sentence writes them, `terms` what its content words are compared as."""

    text: str
    terms: tuple[str, ...]


def names_well(phrase: Phrase, articles: Sequence[str]) -> bool:
    """True for several words, or what the articles speak of more than once: the rest says little by itself."""
    repeated = sum(article.count(phrase.text.lower()) for article in articles) > 1
    return repeated or (len(phrase.terms) > 1 and not phrase.text.endswith("s"))


def best_names(phrases: Sequence[Phrase], articles: Sequence[str]) -> list[Phrase]:
    """The phrases in the order in which they serve as a name.

    What the articles say more than once is one of their subjects; of what they say once, several words tell more than one,
    and what ends as an English verb may ("the body stops") comes last.

    Args:
        articles: their texts in lower case.
    """

    def rank(phrase: Phrase) -> tuple[bool, bool, bool]:
        repeated = sum(article.count(phrase.text.lower()) for article in articles) > 1
        several = len(phrase.terms) > 1
        return not (repeated and several), not repeated and (not several or phrase.text.endswith("s")), not several

    return sorted(phrases, key=rank)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    key: str
    term: str | None
    """None for a word that carries no meaning of its own."""
    start: int
    end: int
    joined: bool
    """Only white space or an apostrophe stands between it and the piece before."""


def noun_phrases(text: str, language: str) -> tuple[Phrase, ...]:
    """The phrases of a sentence that name things, in order; those of other languages than French and English: none."""
    if language not in _DETERMINERS:
        return ()
    pieces = _pieces(text, language)
    find = _french if language == "fr" else _english
    found = (_phrase(text, pieces[start:end]) for start, end in find(pieces))
    return tuple({phrase.text.casefold(): phrase for phrase in found}.values())


def shared_phrases(one: str, other: str, language: str) -> tuple[Phrase, ...]:
    """The phrases that name things in `one` and stand in `other` in the same words, or those of their words that do."""
    held = {piece.term for piece in _pieces(other, language) if piece.term}
    named = {term for phrase in noun_phrases(other, language) for term in phrase.terms}
    found: list[Phrase] = []
    for phrase in noun_phrases(one, language):
        if set(phrase.terms) <= held:
            found.append(phrase)
        else:
            pieces = (piece for piece in _pieces(phrase.text, language) if piece.term in named)
            found += [Phrase(piece.text, (piece.term,)) for piece in pieces if piece.term]
    return tuple(found)


def _pieces(text: str, language: str) -> list[_Piece]:
    words = analyzer(language)
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(text):
        surface = match.group()
        tokens = [token for token in words.tokens(surface) if not token.is_stop_word and not token.is_number]
        key = fold(surface)
        content = bool(tokens) and not key.endswith("'") and len(key) >= _SHORTEST
        between = text[pieces[-1].end : match.start()] if pieces else "."
        joined = not between.strip()
        pieces.append(_Piece(surface, key, tokens[-1].term if content else None, match.start(), match.end(), joined))
    return pieces


def _phrase(text: str, pieces: Sequence[_Piece]) -> Phrase:
    return Phrase(text[pieces[0].start : pieces[-1].end], tuple(piece.term for piece in pieces if piece.term))


def _is_name(piece: _Piece) -> bool:
    return piece.term is not None and piece.key not in _MARKERS and not piece.text[0].isdigit()


def _french(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Article, adjectives that stand before, noun, adjectives that stand after, « de » and another noun."""
    at = 1
    while at < len(pieces):
        end = _french_noun(pieces, at) if _opens_french(pieces[at - 1], pieces[at]) else None
        if end is None:
            at += 1
            continue
        start = at
        if end + 1 < len(pieces) and pieces[end].key in _LINKS["fr"] and pieces[end].joined:
            inner = end + 1 + (pieces[end + 1].key in _DETERMINERS["fr"])
            if inner < len(pieces) and _opens_french(pieces[inner - 1], pieces[inner]):
                end = _french_noun(pieces, inner) or end
        yield start, end
        at = end


def _opens_french(opening: _Piece, piece: _Piece) -> bool:
    if opening.key in _PREPOSITIONS["fr"] and _VERB_FR.search(piece.key):
        return False
    return piece.joined and opening.key in _DETERMINERS["fr"] | _PREPOSITIONS["fr"]


def _french_noun(pieces: Sequence[_Piece], at: int) -> int | None:
    """The end of the noun that begins at `at`, with its adjectives; None where there is none."""
    start = at
    while at < len(pieces) and pieces[at].joined and pieces[at].key in _BEFORE_NOUN:
        at += 1
    counted = at > start and pieces[at - 1].key in _NUMBERS
    if at >= len(pieces) or not pieces[at].joined or not (_is_name(pieces[at]) or (counted and pieces[at].term)):
        return None
    at += 1
    while at < len(pieces) and pieces[at].joined and _is_name(pieces[at]) and _ADJECTIVE.search(pieces[at].text):
        at += 1
    return at


def _english(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """What stands between an article or preposition and the next small word, without a verb at its end."""
    opens = _DETERMINERS["en"] | _PREPOSITIONS["en"]
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and _is_name(pieces[end]) and (end == at or pieces[end].joined):
            end += 1
        led = at > 0 and pieces[at - 1].key in opens and pieces[at].joined
        if end > at and (led or at == 0):
            stop = _without_verb(pieces, at, end, led)
            if stop > at:
                yield at, stop
        at = max(end, at + 1)


def _without_verb(pieces: Sequence[_Piece], start: int, end: int, led: bool) -> int:
    """A noun is not followed by an article or a pronoun, nor does it end as a participle or an adverb does."""
    closed = end >= len(pieces) or not pieces[end].joined
    small = "" if closed else pieces[end].key
    if small in _DETERMINERS["en"] or small[:1].isdigit() or small in ("it", "they", "him", "them", "that"):
        end -= 1
    while end > start and _NOT_A_NOUN_EN.search(pieces[end - 1].key):
        end -= 1
    if end - start > (3 if led else 2):
        return start  # a whole sentence without small words: nobody can tell where its subject ends
    return end
