"""What the words of an article do all over it: which are nouns, which runs of words return, with which article they stand.

There is no parser and no dictionary. In French and English what follows an article or a preposition names something more
often than not, and what returns in the same words is one of the subjects; one article says enough of both to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from debatebot.lexical import analyzer, fold
from debatebot.subject_words import (
    BEFORE_NOUN,
    CLOSES_EN,
    DETERMINERS,
    EMPTY,
    LINKS,
    MARKERS,
    NOUN_FOLLOWS_EN,
    NOUN_FOLLOWS_FR,
    NUMBERS,
    VERB_FR_AFTER_CLITIC,
)

_PIECE = re.compile(r"[^\W\d_]+['’](?=\w)|\d+(?:[.,\u00a0\u202f]\d+)*|[^\W_]+(?:-[^\W_]+)*")


_SHORTEST = 3
_LONGEST_RUN = 5
_SHORT = 100  # words up to which an article can hardly say a thing twice


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as it stands. `term`: what it is compared as; None where it carries no meaning of its own. `key`: lower case
    without accents. `joined`: only white space or an apostrophe stands between it and the piece before."""

    text: str
    key: str
    term: str | None
    start: int
    end: int
    joined: bool

    @property
    def is_name(self) -> bool:
        """It may name something."""
        return self.term is not None and self.key not in MARKERS and not self.text[0].isdigit()

    @property
    def part(self) -> str:
        """What it counts as in a run of words: French articles that stand between two words are all alike."""
        return self.term or ("de" if self.key in ("de", "du", "des", "d'") else self.key)


@lru_cache(maxsize=4_000)
def pieces_of(text: str, language: str) -> tuple[Piece, ...]:
    """The words of a text, in order."""
    words = analyzer(language)
    pieces: list[Piece] = []
    for match in _PIECE.finditer(text):
        surface = match.group()
        tokens = [token for token in words.tokens(surface) if not token.is_stop_word and not token.is_number]
        key = fold(surface)
        content = bool(tokens) and not key.endswith("'") and len(key) >= _SHORTEST
        content = content and key not in EMPTY.get(language, ())
        between = text[pieces[-1].end : match.start()] if pieces else "."
        joined = not between.strip()
        pieces.append(Piece(surface, key, tokens[-1].term if content else None, match.start(), match.end(), joined))
    return tuple(pieces)


Run = tuple[str, ...]


def run_of(pieces: Sequence[Piece]) -> Run:
    """What a run of words is counted as, whatever its endings."""
    return tuple(piece.part for piece in pieces if piece.key not in ("la", "le", "les", "l'", "the"))


@dataclass
class Subjects:
    """What is counted in one article.

    `runs`: how often each run of words stands in it; `closed`: how often no word of its own follows it there.
    `surfaces`: run → how it is written within sentences, with counts. `leads`: run → the words before it, with counts.
    `nouns`: terms and words that stand somewhere as only a noun does. `common`: terms that stand in more than a quarter of
    the sentences; `length`: of the article, in hundreds of words.
    """

    language: str
    runs: Counter[Run] = field(default_factory=Counter)
    closed: Counter[Run] = field(default_factory=Counter)
    surfaces: dict[Run, Counter[str]] = field(default_factory=dict)
    leads: dict[Run, Counter[str]] = field(default_factory=dict)
    nouns: Counter[str] = field(default_factory=Counter)
    common: frozenset[str] = frozenset()
    length: int = 0


@lru_cache(maxsize=32)
def subjects_of(text: str, language: str) -> Subjects:
    """Read a whole article once."""
    found = Subjects(language)
    pieces = pieces_of.__wrapped__(text, language)
    for start, end in runs_in(pieces, language):
        run = run_of(pieces[start:end])
        found.runs[run] += 1
        found.closed[run] += end == len(pieces) or not pieces[end].joined or not pieces[end].term
        if not _begins_a_sentence(text, pieces, start):
            found.surfaces.setdefault(run, Counter())[text[pieces[start].start : pieces[end - 1].end]] += 1
        if start and pieces[start].joined and pieces[start - 1].key in DETERMINERS[language]:
            found.leads.setdefault(run, Counter())[pieces[start - 1].key] += 1
    for at, piece in enumerate(pieces):
        if piece.term and _stands_as_noun(pieces, at, language):
            found.nouns.update({piece.term, piece.key})
    found.common = _common(pieces)
    found.length = len(pieces) // _SHORT
    return found


def _begins_a_sentence(text: str, pieces: Sequence[Piece], at: int) -> bool:
    return at == 0 or re.search(r"[.!?…\n]", text[pieces[at - 1].end : pieces[at].start]) is not None


def _common(pieces: Sequence[Piece]) -> frozenset[str]:
    """Terms of every fourth stretch of twenty-five words, about a sentence each."""
    stretches = [pieces[at : at + 25] for at in range(0, len(pieces), 25)]
    counts = Counter(term for stretch in stretches for term in {piece.term for piece in stretch} if term)
    return frozenset(term for term, count in counts.items() if len(stretches) > 8 and count > len(stretches) / 4)


def runs_in(pieces: Sequence[Piece], language: str) -> Iterator[tuple[int, int]]:
    """Where runs of up to five words begin and end, that begin and end with words of their own."""
    links = LINKS[language]
    for start, first in enumerate(pieces):
        if not first.term and first.key not in NUMBERS:
            continue
        for end in range(start + 1, min(start + _LONGEST_RUN + 1, len(pieces) + 1)):
            last = pieces[end - 1]
            if end > start + 1 and not last.joined:
                break
            if last.term:
                yield start, end
            elif end > start + 1 and last.key not in links and last.key not in NUMBERS:
                break


def _stands_as_noun(pieces: Sequence[Piece], at: int, language: str) -> bool:
    piece = pieces[at]
    if at == 0 or not piece.joined:
        return False
    before = pieces[at - 1].key
    if language == "fr":
        if before not in DETERMINERS["fr"] | NOUN_FOLLOWS_FR:
            return False
        clitic = before in ("le", "la", "les", "l'", "leur", "en", "de", "d'", "sans")
        return not (clitic and VERB_FR_AFTER_CLITIC.search(piece.key)) and piece.key not in BEFORE_NOUN
    if before not in DETERMINERS["en"] | NOUN_FOLLOWS_EN:
        return False
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    return after is None or not after.joined or after.key in CLOSES_EN
