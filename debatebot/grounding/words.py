"""Words of a claim or a sentence: where they stand, how they read without accents and case, and what language it is.

Numbers stay whole ("6,5", "1 000", "37.8"), so that no comparison of words can take "96" for "6". Hyphens and elisions
part words ("vingt-deux", "l'énergie"), because numbers and negations are written inside such compounds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SAME = {
    **dict.fromkeys(map(ord, "’‘ʼ‛′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff"), ""),
    ord("…"): "...",
}
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(
    r"""
    \d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?     # 1 000 000,5
    | \d+(?:[.,]\d+)*                            # 37.8  1,000  12.03.2024
    | aujourd'hui
    | (?:[ldjmnstcç]|(?:jus|lors|puis|quoi)?qu)'(?=[^\W\d_])    # l' qu' jusqu'
    | [^\W\d_][^\W_]*(?:'[^\W\d_]+)*            # word, CO2, don't, O'Brien
    | [%€$£¥°+=<>~&@\#‰]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FRENCH = frozenset(
    "le la les un une des du de et est dans que qui pour sur pas au aux avec ce cette ces sont par plus ne se il elle son sa "
    "ses ont été mais nous vous leur leurs comme d' l' qu' n' s' c' j' en à où tout très sans selon entre était fait".split()
)
_ENGLISH = frozenset(
    "the of and to in is that it for was on are with as his they at be this from have or had by but not what all were we when "
    "their an which there has its will would been than who he she more about into after no".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign. `start` and `end` are code points in the unified text; `gap` is what stands before it."""

    text: str
    start: int
    end: int
    gap: str
    key: str
    """Case removed, otherwise as written: what word-for-word comparison compares."""


def unify(text: str) -> str:
    """One kind of apostrophe, quotation mark, hyphen and space; nothing else is changed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_SAME))


@lru_cache(maxsize=2048)
def tokenise(text: str) -> tuple[Token, ...]:
    """The words, numbers and signs of `text`, in order; other punctuation is kept as the gap before the next one."""
    unified = unify(text)
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(unified):
        word = match.group()
        tokens.append(Token(word, match.start(), match.end(), unified[end : match.start()], word.casefold()))
        end = match.end()
    return tuple(tokens)


def ending(text: str, tokens: tuple[Token, ...]) -> str:
    """What stands after the last word."""
    return unify(text)[tokens[-1].end :] if tokens else text


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Without accents, case and compatibility forms: "Énergie" → "energie", "cœur" → "coeur"."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def guess_language(tokens: tuple[Token, ...]) -> str | None:
    """ "fr" or "en" by function words and accents; None where they do not tell."""
    french = sum(token.key in _FRENCH for token in tokens) + 0.5 * sum(fold(token.key) != token.key for token in tokens)
    english = sum(token.key in _ENGLISH for token in tokens)
    if french == english:
        return None
    return "fr" if french > english else "en"
