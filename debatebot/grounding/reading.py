"""A text as grounding reads it: its words, language, stems, cues and quantities, worked out once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from debatebot.grounding.lexicon import LANGUAGES, Phrase, lexicon, stem
from debatebot.grounding.numerals import Line
from debatebot.grounding.quantities import BOUNDS, Bound, Quantity, quantities
from debatebot.grounding.words import Token, fold, guess_language, tokenise

QUANTIFIERS = ("all", "only", "most", "some", "few")
# Kinds of cue that a harmless phrase around them ("not only") takes away.
_HUSHED = frozenset({"negation", "negation_with_ne", "hedge", "proof", "condition", *QUANTIFIERS})
_STATES_NOTHING = frozenset(
    {
        "negation",
        "harmless",
        "hedge",
        "proof",
        "report",
        "according",
        "condition",
        "boundary",
        "connectors",
        "frames",
        *BOUNDS,
        *QUANTIFIERS,
    }
)
"""Kinds of cue whose words are weighed as cues and not as content."""
_NO_CONDITIONAL = frozenset(
    "portrait retrait attrait trait extrait abstrait distrait souhait lait fait parfait plait contrait".split()
)
_NE_REACH = 5
"""Words over which "ne" makes a negation of "plus", or a restriction of "que"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words from `start` to `end` (exclusive) that mean something of `kind` (a list of grounding_cues.toml)."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a text. `content`: positions of the words that carry meaning, numbers apart."""

    text: str
    language: str
    tokens: tuple[Token, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    cues: tuple[Cue, ...]
    quantities: tuple[Quantity, ...]
    content: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The words from `start` to `end` as written."""
        first, *rest = self.tokens[start:end]
        return first.text + "".join(token.gap + token.text for token in rest)

    def of_kind(self, *kinds: str) -> list[Cue]:
        """The cues of these kinds, in order."""
        return [cue for cue in self.cues if cue.kind in kinds]


def language_of(text: str) -> str | None:
    """ "fr", "en", or None where function words do not tell."""
    return guess_language(tokenise(text))


@lru_cache(maxsize=1024)
def read(text: str, hint: str = "en") -> Reading:
    """Read a text; `hint` is the language where it does not tell by itself."""
    tokens = tokenise(text)
    guessed = guess_language(tokens)
    language = guessed or (hint if hint in LANGUAGES else "en")
    folded = tuple(fold(token.key) for token in tokens)
    line = Line(tokens, folded, language, guessed is not None)
    stems = tuple(stem(token.key, language) for token in tokens)
    cues = _cues(line, stems)
    bounds = {cue.end: Bound(cue.kind, cue.start) for cue in cues if cue.kind in BOUNDS}
    found = quantities(line, bounds)
    return Reading(text, language, tokens, folded, stems, cues, found, _content(line, found, cues))


def _content(line: Line, found: tuple[Quantity, ...], cues: tuple[Cue, ...]) -> tuple[int, ...]:
    counted = {index for quantity in found for index in range(quantity.start, quantity.end)}
    counted.update(index for cue in cues if cue.kind in _STATES_NOTHING for index in range(cue.start, cue.end))
    stopwords = lexicon(line.language).stopwords
    return tuple(
        index
        for index, word in enumerate(line.folded)
        if index not in counted
        and len(word) > 1
        and word[0].isalpha()
        and word not in stopwords
        and not word.endswith("'")
    )


def _cues(line: Line, stems: tuple[str, ...]) -> tuple[Cue, ...]:
    found = [cue for index in range(len(line.tokens)) for cue in _cues_at(line, stems, index)]
    kept = [cue for cue in found if not any(_hushes(quiet, cue) for quiet in found)]
    return tuple(cue for cue in kept if not any(_outgrows(other, cue) for other in kept))


def _cues_at(line: Line, stems: tuple[str, ...], index: int) -> list[Cue]:
    phrases = lexicon(line.language).phrases
    longest: dict[str, Cue] = {}
    for first in {line.folded[index], stems[index]}:
        for phrase in phrases.get(first, ()):
            if phrase.kind not in longest and _matches(phrase, line, stems, index):
                longest[phrase.kind] = Cue(phrase.kind, index, index + len(phrase.words))
    if (needs_ne := longest.pop("negation_with_ne", None)) and _near_ne(line, index):
        longest.setdefault("negation", Cue("negation", index, needs_ne.end))
    if line.folded[index].endswith("n't"):
        longest["negation"] = Cue("negation", index, index + 1)
    if line.language == "fr":
        _add_french(line, index, longest)
    return list(longest.values())


def _add_french(line: Line, index: int, found: dict[str, Cue]) -> None:
    word = line.folded[index]
    if word.endswith(("rait", "raient")) and len(word) > 5 and word not in _NO_CONDITIONAL:
        found.setdefault("hedge", Cue("hedge", index, index + 1))
    if word in ("que", "qu'") and _restricts(line, index):
        found.setdefault("only", Cue("only", index, index + 1))


def _matches(phrase: Phrase, line: Line, stems: tuple[str, ...], index: int) -> bool:
    end = index + len(phrase.words)
    if end > len(line.tokens) or any("." in token.gap or "," in token.gap for token in line.tokens[index + 1 : end]):
        return False
    pairs = zip(phrase.words, phrase.stemmed, range(index, end), strict=True)
    return all(word == (stems[at] if stemmed else line.folded[at]) for word, stemmed, at in pairs)


def _near_ne(line: Line, index: int) -> bool:
    before = line.folded[max(0, index - _NE_REACH) : index]
    after = line.word(index + 1)
    subject = line.word(index) != "plus" and after in ("ne", "n'")
    return "ne" in before or "n'" in before or subject or (line.word(index) == "plus" and after in ("personne", "rien"))


def _restricts(line: Line, index: int) -> bool:
    """ "ne … que": only. Not where a negation stands between."""
    before = line.folded[max(0, index - _NE_REACH) : index]
    between = before[max((at for at, word in enumerate(before) if word in ("ne", "n'")), default=len(before)) :]
    clause = any(token.gap.strip() for token in line.tokens[max(0, index - len(between) + 1) : index + 1])
    return (
        bool(between)
        and not clause
        and not {"pas", "plus", "jamais", "rien", "aucun", "aucune", "moins", "autre"} & set(between)
    )


def _hushes(quiet: Cue, cue: Cue) -> bool:
    """ "not only" is no negation; nor is "not" in "no more than" or in "sans doute"."""
    inside = quiet.start <= cue.start and cue.end <= quiet.end and quiet.end - quiet.start > cue.end - cue.start
    if quiet.kind == "harmless":
        return inside and cue.kind in _HUSHED
    return inside and cue.kind == "negation" and quiet.kind in ("hedge", "proof", "least", "at_most", "all", "only")


def _outgrows(other: Cue, cue: Cue) -> bool:
    """A longer phrase of the same family covers the shorter: "nearly all" is most, not all."""
    family = other.kind == cue.kind or (other.kind in QUANTIFIERS and cue.kind in QUANTIFIERS)
    longer = other.end - other.start > cue.end - cue.start
    return family and longer and other.start <= cue.start and cue.end <= other.end
