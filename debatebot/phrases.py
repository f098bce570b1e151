"""Names for what sentences are about, in the article's words: "small firms", « les chiens de protection ».

A name stands with the article that the text gives it, French always with the definite one, so that it can be read aloud in a
table or in a question. Where no name is sure, there is none: a quotation serves better than a wrong word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from debatebot.naming import Span, spans_of
from debatebot.subject_words import LANGUAGES
from debatebot.subjects import Piece, Run, Subjects, pieces_of, run_of, subjects_of

_LONGEST = 48  # characters of a name
SURE = 1.4
"""Merit from which a run of words is a name; what has less may be one."""
_LEAST_SHARED = 0.4  # the same where two sentences have it in common, which says already that both are about it

_DEFINITE_FR = {
    "le": "le",
    "la": "la",
    "les": "les",
    "un": "le",
    "une": "la",
    "du": "le",
    "au": "le",
    "des": "les",
    "aux": "les",
    "ce": "le",
    "cet": "le",
    "cette": "la",
    "ces": "les",
    "leurs": "les",
    "ses": "les",
    "plusieurs": "les",
    "quelques": "les",
    "son": "le",
}
_VOWEL = re.compile(r"[aeiouyàâéèêëîïôûùœæ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a thing: `text` as the article writes them most often, `terms` what its content words are compared as,
    `named` the same with its article: "the price", « les chiens de protection »."""

    text: str
    terms: tuple[str, ...]
    named: str
    merit: float


def names_in(sentence: str, language: str, articles: Sequence[str], least: float = SURE) -> tuple[Phrase, ...]:
    """What a sentence may be called by, the best first; nothing in other languages than French and English.

    Args:
        articles: the texts in that language, one of which the sentence stands in.
        least: merit that a name must have.
    """
    if language not in LANGUAGES:
        return ()
    return tuple(phrase for phrase in _phrases(sentence, language, articles) if phrase.merit >= least)


def shared_names(one: str, other: str, language: str, articles: Sequence[str]) -> tuple[Phrase, ...]:
    """What both sentences name, in the same words but for their endings; the longest and surest first."""
    if language not in LANGUAGES:
        return ()
    theirs = [piece.term for piece in pieces_of(other, language) if piece.term]
    named = {term for phrase in _phrases(other, language, articles) for term in phrase.terms}
    found = [
        phrase
        for phrase in _phrases(one, language, articles)
        if phrase.merit >= _LEAST_SHARED
        and _stands_in(phrase.terms, theirs)
        and (len(phrase.terms) > 1 or phrase.terms[0] in named)
    ]
    return tuple(sorted(found, key=lambda phrase: (len(set(phrase.terms)), phrase.merit), reverse=True))


def _stands_in(terms: Sequence[str], words: Sequence[str]) -> bool:
    """The terms follow each other among the words: "gene editing" is not named by edits that damage genes."""
    size = len(terms)
    return any(tuple(words[at : at + size]) == tuple(terms) for at in range(len(words) - size + 1))


def _phrases(sentence: str, language: str, articles: Sequence[str]) -> list[Phrase]:
    found: dict[tuple[str, ...], Phrase] = {}
    own = [article for article in articles if sentence in article]
    for subjects in (subjects_of(article, language) for article in own or articles):
        for span in spans_of(sentence, language, subjects):
            phrase = _phrase(sentence, language, span, subjects)
            known = found.get(phrase.terms)
            if len(phrase.text) <= _LONGEST and (known is None or known.merit < phrase.merit):
                found[phrase.terms] = phrase
    return sorted(found.values(), key=lambda phrase: phrase.merit, reverse=True)


def _phrase(sentence: str, language: str, span: Span, subjects: Subjects) -> Phrase:
    pieces = pieces_of(sentence, language)[span.start : span.end]
    text = _as_written(sentence, pieces, subjects)
    named = _french(text, run_of(pieces), subjects) if language == "fr" else _english(text, run_of(pieces), subjects)
    return Phrase(text, tuple(piece.term for piece in pieces if piece.term), named, span.merit)


def _as_written(sentence: str, pieces: Sequence[Piece], subjects: Subjects) -> str:
    """As the article writes it most often; from the beginning of a sentence with a small letter, unless it is a name."""
    surfaces = subjects.surfaces.get(run_of(pieces))
    if surfaces:
        return surfaces.most_common(1)[0][0]
    written, first = sentence[pieces[0].start : pieces[-1].end], pieces[0]
    capital = any(word[0].isupper() for word in subjects.surfaces.get(run_of([first]), ()))
    known = capital or first.text.isupper() or any(piece.text[0].isupper() for piece in pieces[1:])
    return written if known or first.start > 0 or len(pieces) == 1 else written[0].lower() + written[1:]


def _french(text: str, run: Run, subjects: Subjects) -> str:
    """With its definite article, of the gender and number that the article gives it; bare where it gives none."""
    found = subjects.leads.get(run) or subjects.leads.get(run[:1]) or Counter[str]()
    plural = text.split()[0].endswith(("s", "x"))
    invariable = len({surface.split()[0].lower() for surface in subjects.surfaces.get(run[:1], ())}) == 1
    leads = Counter[str]()
    for lead, count in found.items():
        definite = "l'" if lead == "l'" else _DEFINITE_FR.get(lead)
        if definite and ((definite == "les") == plural or (plural and invariable)):
            leads[definite] += count
    if not leads:
        return text
    lead = leads.most_common(1)[0][0]
    return f"l'{text}" if lead == "l'" or (lead != "les" and _VOWEL.match(text)) else f"{lead} {text}"


def _english(text: str, run: Run, subjects: Subjects) -> str:
    """With "the" where it often has it; in the plural where it has one; with "a" where it has nothing else."""
    leads = subjects.leads.get(run, Counter[str]())
    single = leads["a"] + leads["an"]
    if leads["the"] * 3 >= max(subjects.runs[run], 1) and leads["the"] >= single:
        return f"the {text}"
    many = next((surface for surface in subjects.surfaces.get(run, ()) if surface.endswith("s")), None)
    if many and text[:1].islower():
        return many
    return f"{'an' if leads['an'] else 'a'} {text}" if single and not text.endswith("s") else text
