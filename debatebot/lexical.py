"""Lexical search: BM25 over the sentences of an article, in Python and numpy.

Dense vectors miss names, numbers and rare words; BM25 does not. Chroma's own exists in its cloud version only, and bm25s
drops numbers such as "6,5" and is slower at these sizes, so it is done here: one immutable inverted index an article, and
a search goes over those of the articles that are asked. Nothing is shared but constants, so that searches may run at once.
"""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

STEMMERS = {
    "fr": "french",
    "en": "english",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
}
"""Language → Snowball stemmer; words of any other language are compared whole."""

SATURATION = 1.2
LENGTH_NORM = 0.5
"""k1 and b of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009). From 0.7 to 2 and from 0.3 to
0.75 they change less than chance does (FQuAD: R@5 88.2 to 88.8)."""

PREVIOUS = 0.5
NEXT = 0.25
"""What a word counts for the sentence after, and before, the one it stands in (FQuAD: R@5 87.7 to 88.5 %, MRR 76.2 to 76.8 %)."""

_TOKEN = re.compile(
    r"""
      (?P<grouped>[1-9]\d{0,2}(?:[.,\u0020\u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+(?!\d))?)   # 1 000 000,5
    | (?P<decimal>\d+[.,]\d+(?!\d))                                                         # 6,5
    | (?P<whole>\d+)(?:ers?|res?|ères?|e|es|emes?|èmes?|nde?s?|st|nd|rd|th|º|ª)?(?!\w)      # 15e
    | (?P<word>[^\W_]+(?:['’][^\W\d_]+)*)
    """,
    re.VERBOSE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What is dropped together with the apostrophe after it, and before it; "aujourd'hui" is one word.
_ELIDED = _words("c d j l m n s t qu jusqu lorsqu puisqu quoiqu presqu un dell all nell sull dall gl quell")
_CONTRACTED = _words("s t re ve ll d m")
_APOSTROPHE = re.compile("(?<!aujourd)['’]", re.IGNORECASE)

# Combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters; by regex, which is ten times as fast as looking each
# character up.
_ACCENT = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]+"
)

_STOP_WORDS = {
    "fr": _words(
        """a ai au aujourd'hui aura aurait aux avait avec avoir ayant ca car ce cela celle celles celui ces cet cette
        ceux ci combien comme comment dans de depuis des donc dont du elle elles en entre es est et etaient
        etait etant ete etre eu eux fait font furent fut il ils je la laquelle le lequel les lesquelles
        lesquels leur leurs lui ma mais me meme memes mes moi mon ne ni nos notre nous on ont ou par pas
        pendant peu peut peuvent plus pour pourquoi quand que quel quelle quelles quels qui quoi sa sans se
        selon sera seraient serait seront ses si soit son sont sous sur t ta te tel telle telles tels tes toi
        ton tous tout toute toutes tres tu un une va vers vos votre vous y"""
    ),
    "en": _words(
        """a about after all also am an and any are as at be because been before being between both but by can could did
        do does doing don for from further had has have having he her here hers him his how i if in into is it
        its itself just me more most much my no nor not of off on once only or other our out over own same she
        should so some such than that the their them then there these they this those through to too under
        until up very was we were what when where which while who whom whose why will with would you your"""
    ),
}


_ABBREVIATIONS = {
    "fr": (
        ("IA", "intelligence artificielle"),
        ("UE", "Union européenne"),
        ("ONU", "Nations unies"),
        ("OMS", "Organisation mondiale de la santé"),
        ("OTAN", "Organisation du traité de l'Atlantique Nord"),
        ("USA", "États-Unis"),
        ("PIB", "produit intérieur brut"),
        ("CO2", "dioxyde de carbone"),
        ("OGM", "organismes génétiquement modifiés"),
        ("PME", "petites et moyennes entreprises"),
    ),
    "en": (
        ("AI", "artificial intelligence"),
        ("EU", "European Union"),
        ("UN", "United Nations"),
        ("WHO", "World Health Organization"),
        ("NATO", "North Atlantic Treaty Organization"),
        ("US", "United States"),
        ("USA", "United States"),
        ("UK", "United Kingdom"),
        ("GDP", "gross domestic product"),
        ("CO2", "carbon dioxide"),
        ("GMO", "genetically modified organisms"),
        ("EV", "electric vehicles"),
    ),
}
"""What is asked about by one name and written about by another, often enough to matter."""


class Token(NamedTuple):
    """One word or number: `term` is what it is compared as, the stem without accents in lower case, or the number as
    digits with a point."""

    surface: str
    term: str
    is_number: bool
    is_stop_word: bool


class Analyzer:
    """Texts of one language → tokens. May be used from several threads.

    Args:
        language: two letters; decides the stemmer and the stop words.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._stop_words = _STOP_WORDS.get(language, frozenset())
        self._local = threading.local()
        # The same few words make up most of a text: remembering them makes indexing four times as fast.
        self._tokens_of = lru_cache(maxsize=50_000)(self._divide)

    def tokens(self, text: str) -> list[Token]:
        """The words and numbers of `text`, in order, stop words among them."""
        tokens: list[Token] = []
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or ""
            tokens += self._tokens_of(match[kind], kind)
        return tokens

    def terms(self, text: str) -> list[str]:
        """What the words and numbers of `text` are compared as, stop words left out."""
        return [token.term for token in self.tokens(text) if not token.is_stop_word]

    def _divide(self, surface: str, kind: str) -> tuple[Token, ...]:
        if kind == "word":
            return tuple(self._word(piece) for piece in _pieces(surface))
        return (Token(surface, _number(surface, grouped=kind == "grouped"), True, False),)

    def _word(self, surface: str) -> Token:
        return Token(surface, fold(self._stem(surface.lower())), False, fold(surface) in self._stop_words)

    def _stem(self, word: str) -> str:
        name = STEMMERS.get(self.language)
        if name is None:
            return word
        stemmer = getattr(self._local, "stemmer", None)
        if stemmer is None:  # one a thread: no two may use a Snowball stemmer at once
            import Stemmer

            stemmer = self._local.stemmer = Stemmer.Stemmer(name)
        return str(stemmer.stemWord(word))


@cache
def analyzer(language: str) -> Analyzer:
    """The one analyzer of a language."""
    return Analyzer(language)


def fold(text: str) -> str:
    """Lower case without accents and ligatures: "Œuvré" → "oeuvre"."""
    text = text.casefold().replace("’", "'")
    if text.isascii():
        return text
    return _ACCENT.sub("", unicodedata.normalize("NFD", text.replace("œ", "oe").replace("æ", "ae")))


def _number(surface: str, *, grouped: bool) -> str:
    """One way of writing for each number: "1 000,5" → "1000.5". A comma before three digits groups, as a point does."""
    if not grouped:
        return surface.replace(",", ".")
    whole, *decimals = re.split(r"[.,](?=\d+$)(?!\d{3}$)", surface)
    return ".".join([re.sub(r"\D", "", whole), *decimals])


def _pieces(word: str) -> list[str]:
    """A word at its apostrophes: "l'économie" → "économie", "children's" → "children", "O'Brien" → "O", "Brien"."""
    pieces = _APOSTROPHE.split(word)
    last = len(pieces) - 1
    return [
        piece
        for place, piece in enumerate(pieces)
        if not (place < last and piece.lower() in _ELIDED) and not (place > 0 and piece.lower() in _CONTRACTED)
    ]


@dataclass(frozen=True, slots=True)
class Postings:
    """The inverted index of a list of texts: for each term the rows it stands in, and what it adds there but for idf."""

    language: str
    size: int
    spans: Mapping[str, tuple[int, int]]
    """Term → where its part of `rows` and `impacts` begins and ends."""
    rows: NDArray[np.int32]
    impacts: NDArray[np.float32]

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]], language: str) -> Self:
        """Index texts in `language`, each given by its terms, one for each time it occurs."""
        counts = [Counter(terms) for terms in texts]
        lengths = np.array([count.total() for count in counts], dtype=np.float32)
        norms = SATURATION * (1 - LENGTH_NORM + LENGTH_NORM * lengths / max(lengths.mean() if counts else 0, 1))
        rows_of: dict[str, list[int]] = {}
        for row, count in enumerate(counts):
            for term in count:
                rows_of.setdefault(term, []).append(row)
        rows = np.array(list(chain.from_iterable(rows_of.values())), dtype=np.int32)
        frequencies = np.array([counts[row][term] for term, found in rows_of.items() for row in found])
        impacts = frequencies * (SATURATION + 1) / (frequencies + norms[rows])
        ends = accumulate(len(found) for found in rows_of.values())
        spans = {term: (end - len(rows_of[term]), end) for term, end in zip(rows_of, ends, strict=True)}
        return cls(language, len(counts), spans, rows, impacts.astype(np.float32))

    def found(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows `term` stands in, ascending, and what it adds to each but for idf."""
        start, end = self.spans.get(term, (0, 0))
        return self.rows[start:end], self.impacts[start:end]


def idf(frequency: int, size: int) -> float:
    """How much a term tells that stands in `frequency` of `size` texts; above 0 (Lucene's form of BM25's idf)."""
    return math.log1p((size - frequency + 0.5) / (frequency + 0.5))


def reworded(question: str, language: str, articles: Sequence[Postings]) -> str:
    """The question with a well-known abbreviation, or its long form, written as the articles write it."""
    same = [article for article in articles if article.language == language]
    for pair in _ABBREVIATIONS.get(language, ()):
        for asked, written in (pair, pair[::-1]):
            # An abbreviation is one in capitals only: "US" and "WHO" are other words without.
            pattern = re.compile(rf"\b{asked}\b", 0 if asked.isupper() else re.IGNORECASE)
            if pattern.search(question) and not _hold(same, asked, language) and _hold(same, written, language):
                question = pattern.sub(written, question)
    return question


def _hold(articles: Sequence[Postings], text: str, language: str) -> bool:
    terms = analyzer(language).terms(text)
    return bool(terms) and all(any(term in article.spans for article in articles) for term in terms)


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question as it is compared with articles of one language.

    `lost`: how many of its words cannot be compared, the articles being in another language; they weigh nevertheless, so
    that a year in common does not pass for the whole question.
    """

    terms: tuple[str, ...]
    lost: int = 0


def question_terms(question: str, language: str, article_language: str) -> QuestionTerms:
    """The terms of a question in `language` for articles in `article_language`.

    Between two languages only what holds digits is compared. Names were tried and cost more than they brought (XQuAD,
    English questions on German articles: the right paragraph first in 86.5 instead of 86.8 %).
    """
    tokens = [token for token in analyzer(language).tokens(question) if not token.is_stop_word]
    terms = dict.fromkeys(token.term for token in tokens)
    if language == article_language:
        return QuestionTerms(tuple(terms))
    comparable = tuple(term for term in terms if any(character.isdigit() for character in term))
    return QuestionTerms(comparable, len(terms) - len(comparable))


def shares(
    question: QuestionTerms, parts: Sequence[Postings], follows: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """BM25 of all texts of `parts`, as a share of what the words of the question weigh together: 0 to about 1.

    Idf is counted over `parts` alone: what is common in all that is searched tells its sentences apart no more.

    Args:
        follows: for each text, whether it continues the one before. Where it is given, a text also counts words that its
            neighbours hold and it lacks: "It was built in 1904." answers for the hotel named before.

    Returns:
        Shape (number of texts,), the parts one after the other.
    """
    size = sum(part.size for part in parts)
    offsets = list(accumulate((part.size for part in parts), initial=0))
    scores = np.zeros(size, dtype=np.float32)
    total = question.lost * idf(0, size)
    for term in question.terms:
        found = [part.found(term) for part in parts]
        rows = np.concatenate([rows + offset for (rows, _), offset in zip(found, offsets, strict=False)])
        weight = idf(len(rows), size)
        total += weight
        if len(rows):
            impacts = np.concatenate([impacts for _, impacts in found])
            _add(scores, np.float32(weight) * impacts, rows, weight, follows)
    return scores / np.float32(total) if total else scores


def _add(
    scores: NDArray[np.float32],
    amounts: NDArray[np.float32],
    rows: NDArray[np.int_],
    weight: float,
    follows: NDArray[np.bool_] | None,
) -> None:
    """Add one term's amounts at `rows`, and to their neighbours what they lack."""
    if follows is None:
        scores[rows] += amounts
        return
    term = np.zeros(len(scores), dtype=np.float32)
    term[rows] = amounts
    before = rows[follows[rows]] - 1
    term[before] = np.maximum(term[before], NEXT * weight)
    after = rows[rows + 1 < len(scores)] + 1
    after = after[follows[after]]
    term[after] = np.maximum(term[after], PREVIOUS * weight)
    scores += term
