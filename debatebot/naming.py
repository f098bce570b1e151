"""Which runs of a sentence's words may name something, and how well they would serve: told by what stands around them, by
their endings, and by the whole article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from debatebot.subject_words import (
    ADJECTIVE_FR,
    ADVERB_EN,
    BEFORE_NOUN,
    CLOSES_EN,
    DETERMINERS,
    EVIDENCE,
    INDEFINITE,
    JOINS_EN,
    MARKERS,
    NEVER_ADJECTIVE,
    NOUN_EN,
    NUMBERS,
    PARTICIPLE_FR,
    PAST_EN,
    PREDICATES,
    PREPOSITIONS,
    VERB_FR,
    VERB_FR_AFTER_CLITIC,
)
from debatebot.subjects import Piece, Run, Subjects, pieces_of, run_of, runs_in


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words of a sentence that may name something: where it stands, and how well it would serve."""

    start: int
    end: int
    merit: float


def spans_of(sentence: str, language: str, subjects: Subjects) -> list[Span]:
    """The runs of words of a sentence that name something, by their place; overlapping ones too."""
    pieces = pieces_of(sentence, language)
    judge = _French(pieces, subjects) if language == "fr" else _English(pieces, subjects)
    return [
        Span(start, end, merit)
        for start, end in runs_in(pieces, language)
        if (merit := judge.merit(start, end)) is not None
    ]


class _Judge:
    """How well runs of a sentence's words serve as a name."""

    _language = ""

    def __init__(self, pieces: Sequence[Piece], subjects: Subjects) -> None:
        self._pieces = pieces
        self._subjects = subjects

    def merit(self, start: int, end: int) -> float | None:
        """About 0 to 5; None for what is no name."""
        pieces = self._pieces[start:end]
        named = [piece for piece in pieces if piece.term]
        count = self._subjects.runs[run_of(pieces)]
        if not named or not (pieces[-1].is_name or (count > 2 and len(named) > 1)) or self._is_inside_number(start):
            return None
        if not self._names(start, end, count):
            return None
        several = len(named) > 1
        if not several and named[0].key in EVIDENCE:
            return None
        if not several and (len(pieces) > 1 or not self._is_surely_a_noun(pieces[0], count)):
            return None
        merit = 2.0 + min(count, 4) / 2 if several and count > 1 else 1.6 if several else 0.4 * min(count, 4)
        return merit + self._place(start, count) + self._kind(named) - self._bare(start, end, count)

    def _names(self, start: int, end: int, count: int) -> bool:
        raise NotImplementedError

    def _bare(self, _start: int, _end: int, _count: int) -> float:
        """What weakens a name that has no article anywhere."""
        return 0.0

    def _is_surely_a_noun(self, piece: Piece, count: int) -> bool:
        """One word alone must stand as a noun more than once, and not mostly before another word, as adjectives do."""
        seen = self._subjects.nouns[piece.term or ""]
        form = piece.term if self._language == "fr" else piece.key
        return (
            seen >= min(2, self._subjects.length)
            and 5 * seen >= count
            and self._subjects.nouns[form or ""] > 0
            and self._mostly_closed(run_of([piece]))
        )

    def _mostly_closed(self, run: Run) -> bool:
        return self._language == "fr" or 2 * self._subjects.closed[run] >= self._subjects.runs[run]

    def _is_inside_number(self, start: int) -> bool:
        return start > 0 and self._pieces[start].joined and self._pieces[start - 1].text[0].isdigit()

    def _lead(self, start: int) -> str:
        return self._pieces[start - 1].key if start and self._pieces[start].joined else ""

    def _place(self, start: int, count: int) -> float:
        """Subjects stand first, with a definite article; what a sentence says of them stands after "is a"."""
        lead = self._lead(start)
        first = start == 0 or (start == 1 and lead in DETERMINERS[self._language])
        indefinite = lead in INDEFINITE and count < 2
        predicate = indefinite and start > 1 and self._pieces[start - 2].key in PREDICATES
        apposed = indefinite and start > 1 and not self._pieces[start - 1].joined
        return 0.5 * first - 0.6 * indefinite - 1.2 * (predicate or apposed)

    def _kind(self, named: Sequence[Piece]) -> float:
        """A name of somebody, or what the whole article is about, says little of what one sentence is about."""
        proper = all(piece.text[0].isupper() for piece in named) and named[0].start > 0
        general = all(piece.term in self._subjects.common for piece in named)
        numbered = named[0].key.split("-")[0] in NUMBERS
        evidence = any(piece.key in EVIDENCE for piece in (named[0], named[-1]))
        return -1.0 * proper - 1.0 * general - 0.8 * numbered - 0.8 * evidence - self._passing(named)

    def _passing(self, _named: Sequence[Piece]) -> float:
        """What weakens a name in this language alone."""
        return 0.0


class _French(_Judge):
    _language = "fr"

    def _names(self, start: int, end: int, count: int) -> bool:
        """Article, adjectives that stand before, noun, adjectives that stand after, and the same once more after « de »."""
        return self._opens(start) and self._holds_together(start, end, count) and self._is_closed(end, count)

    def _passing(self, _named: Sequence[Piece]) -> float:
        """« Les murs du collège », said once: a turn of phrase rather than a thing of which the article speaks."""
        once = len(_named) > 1 and self._subjects.runs[(_named[0].term or "",)] < 2
        return 0.4 if once and _named[0].start > 5 else 0.0

    def _opens(self, start: int) -> bool:
        lead, first = self._lead(start), self._pieces[start]
        if lead not in PREPOSITIONS["fr"] | DETERMINERS["fr"]:
            return False
        # « le télécharger », « pour finir »: a word that looks like a verb must be seen as a noun in just this form.
        seen = self._subjects.nouns[first.key if VERB_FR_AFTER_CLITIC.search(first.key) else first.term or ""] > 0
        return seen or first.key in BEFORE_NOUN or (lead in PREPOSITIONS["fr"] and not VERB_FR.search(first.key))

    def _holds_together(self, start: int, end: int, count: int) -> bool:
        at = start
        while at < end - 1 and self._pieces[at].key in BEFORE_NOUN:
            at += 1
        if not self._pieces[at].is_name and not (at > start and self._pieces[at].term):
            return False
        if any(piece.key == "et" for piece in self._pieces[start:end]) and count < 2:
            return False
        for place in range(at + 1, end):
            piece, before = self._pieces[place], self._pieces[place - 1]
            if piece.term and before.term and not self._qualifies(piece, before, count):
                return False
            if piece.key in ("le", "la", "les", "l'") and before.key not in ("de", "d'", "a", "en", "et"):
                return False  # the pronoun of a verb: « le téléphone l'inquiète »
        return count > 1 or all(piece.key not in ("en", "a", "sans") for piece in self._pieces[start:end])

    def _qualifies(self, piece: Piece, before: Piece, count: int) -> bool:
        if before.key in BEFORE_NOUN:
            return True
        if piece.key in NEVER_ADJECTIVE or piece.key.endswith(("s", "x")) != before.key.endswith(("s", "x")):
            return False
        return _is_adjective(piece) or (count > 1 and PARTICIPLE_FR.search(piece.text.lower()) is not None)

    def _is_closed(self, end: int, count: int) -> bool:
        """No adjective and no « de » goes on from here, unless the article says just this more than once."""
        after = self._pieces[end] if end < len(self._pieces) and self._pieces[end].joined else None
        if after is None or count > 1:
            return True
        if after.text.isupper() or after.text[0].isdigit():
            return False  # « l'annexe II »
        if after.term:
            return not (_is_adjective(after) or PARTICIPLE_FR.search(after.text.lower()))
        several = sum(piece.term is not None for piece in self._pieces[:end]) > 0
        return not (several and after.key in ("de", "d'", "du", "des"))


def _is_adjective(piece: Piece) -> bool:
    return ADJECTIVE_FR.search(piece.key) is not None and piece.key not in NEVER_ADJECTIVE


class _English(_Judge):
    _language = "en"

    def _names(self, start: int, end: int, count: int) -> bool:
        """What stands between an article, a preposition or the beginning, and a word that cannot go on with it."""
        return self._opens(start) and self._holds_together(start, end, count) and self._is_closed(start, end, count)

    def _opens(self, start: int) -> bool:
        lead = self._lead(start)
        return not lead or lead in DETERMINERS["en"] | PREPOSITIONS["en"] | JOINS_EN

    def _bare(self, _start: int, _end: int, _count: int) -> float:
        """ "The choice of light bulb": one thing that needs an article, and of which the text does not tell which."""
        leads = self._subjects.leads.get(run_of(self._pieces[_start:_end]), Counter[str]())
        told = leads["the"] or leads["a"] or leads["an"] or self._pieces[_end - 1].key.endswith("s")
        return 0.0 if told or (_count > 2 and not leads) else 1.0

    def _is_led(self, start: int) -> bool:
        """By an article or the like, behind which a verb cannot stand."""
        return self._lead(start) in DETERMINERS["en"]

    def _holds_together(self, start: int, end: int, count: int) -> bool:
        pieces = self._pieces[start:end]
        again = count > 1
        if any(piece.key in PAST_EN for piece in pieces) or self._joins_badly(pieces, again):
            return False
        if ADVERB_EN.search(pieces[-1].key) and not self._is_activity(pieces, count):
            return False
        if again:
            return self._is_led(start) or not any(piece.text[0].isupper() for piece in pieces[start == 0 :])
        return self._is_sure(start, pieces)

    def _is_activity(self, pieces: Sequence[Piece], count: int) -> bool:
        """ "Gene editing": what ends as a verb does, and returns as a name does."""
        known = count > 1 and self._subjects.nouns[pieces[-1].key] > 0
        return known or (
            count > 2 and len(pieces) > 1 and pieces[-1].key.endswith("ing") and self._mostly_closed(run_of(pieces))
        )

    def _joins_badly(self, pieces: Sequence[Piece], again: bool) -> bool:
        """An article within that no "of" leads in: "raise the risk"; "and" between two names, unless it returns."""
        keys = [piece.key for piece in pieces]
        return any(key == "the" and keys[at - 1] not in ("of", "and") for at, key in enumerate(keys)) or (
            "and" in keys and not again
        )

    def _is_sure(self, start: int, pieces: Sequence[Piece]) -> bool:
        """No verb among words that the article puts together once."""
        words = [piece for piece in pieces if piece.term]
        if any(piece.key in MARKERS for piece in pieces) or len(words) > 3:
            return False
        if len(words) == 2 and not self._is_led(start) and words[1].key.endswith("s") and words[0].key.endswith("er"):
            return False  # "of heater matters"
        if len(words) < len(pieces) and not (self._is_noun(pieces[-1]) and self._is_noun(words[0])):
            return False
        if len(words) > 1 and not self._is_led(start):
            lead = self._lead(start)
            if lead not in PREPOSITIONS["en"] and start > 0:
                return False
            if words[0].key.endswith("ing") or any(piece.text[0].isupper() for piece in words[start == 0 :]):
                return False
        return not any(map(self._is_clause, words, words[1:]))

    def _is_clause(self, word: Piece, following: Piece) -> bool:
        """ "Researchers hope", "the body stops", "the firm raised": a noun and its verb rather than two words of one name."""
        plural = word.key.endswith("s") and not word.key.endswith(("ss", "us", "is"))
        verb = following.key.endswith("ed") or (
            following.key.endswith("s") and not following.key.endswith(("ss", "tions", "ments", "ities", "ists"))
        )
        return plural or (verb and self._subjects.nouns[word.term or ""] > 0)

    def _is_closed(self, start: int, end: int, count: int) -> bool:
        after = self._pieces[end] if end < len(self._pieces) and self._pieces[end].joined else None
        last = self._pieces[end - 1]
        if after is None or after.key in CLOSES_EN or after.key in PAST_EN:
            return True
        if after.term:
            # Another word goes on with it, or is its verb: only what returns without that word stands alone.
            return count > 1 and self._is_noun(last) and self._mostly_closed(run_of(self._pieces[start:end]))
        if after.key == "that" and not self._is_led(start):
            return False  # "critics say that"
        return self._is_noun(last)

    def _is_noun(self, piece: Piece) -> bool:
        return self._subjects.nouns[piece.term or ""] > 0 or NOUN_EN.search(piece.key) is not None
