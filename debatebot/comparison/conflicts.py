"""Where two perspectives state different facts of one thing: a perspective changes what is stressed, never what is true.

Two claims are laid beside each other word by word; where they say the same but for one number, date or name, that is a
conflict. Where a name has changed along with a number, they speak of two things. What an article says in one sentence, and
sentences that quote one article word for word, are not held against each other: the article says both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from debatebot.grounding.names import missing_names, name_spans
from debatebot.grounding.numbers import fit_numbers, same_quantity
from debatebot.grounding.polarity import opposed
from debatebot.grounding.quantities import Quantity
from debatebot.grounding.reading import Reading, read
from debatebot.types import Claim, CompareRequest, Conflict, ConflictKind

_ALIKE = 0.6  # share of the words of two claims that must agree for one word to be exchanged
_DATES = frozenset({"months", "weekdays", "day", "calendar"})
_AROUND = 3  # words shown on each side of what differs, to say what it is about


def conflicts(request: CompareRequest) -> tuple[Conflict, ...]:
    """The conflicts between claims of different perspectives, each pair of values once."""
    sides = [(answer.perspective, claim) for answer in request.answers for claim in answer.claims]
    found: dict[tuple[str, ...], Conflict] = {}
    for (side, one), (other_side, other) in combinations(sides, 2):
        if side != other_side and not _quote_one_article(one, other):
            for conflict in _between(one, other, request.language):
                found.setdefault(tuple(sorted(conflict.values.values())), conflict)
    return tuple(found.values())


def _quote_one_article(one: Claim, other: Claim) -> bool:
    articles = {citation.sentence.article_id for claim in (one, other) for citation in claim.citations}
    return one.is_quotation and other.is_quotation and len(articles) == 1


def _between(one: Claim, other: Claim, language: str) -> Iterator[Conflict]:
    mine, theirs = read(one.text, language), read(other.text, language)
    if mine.language != theirs.language or one.text == other.text:
        return
    matcher = SequenceMatcher(None, mine.stems, theirs.stems, autojunk=False)
    if matcher.ratio() >= _ALIKE:
        places = [
            ((mine, a, end), (theirs, b, other_end))
            for tag, a, end, b, other_end in matcher.get_opcodes()
            if tag == "replace"
        ]
        if not any(_are_opposed(*place) for place in places):
            yield from _exchanged(one, other, places)
    elif not _name_two_things(mine, theirs) and _sentences_of_both(one, other):
        yield from _invented(one, other, mine, theirs)


def _name_two_things(mine: Reading, theirs: Reading) -> bool:
    """Each names what the other does not: figures of Germany and of France do not contradict each other."""
    return bool(missing_names(mine, [theirs]) and missing_names(theirs, [mine]))


def _sentences_of_both(one: Claim, other: Claim) -> list[str]:
    """What both claims cite."""
    theirs = {citation.number for citation in other.citations}
    return [citation.sentence.text for citation in one.citations if citation.number in theirs]


Span = tuple[Reading, int, int]
Place = tuple[Span, Span]
"""What stands in the place of the same words in one claim and in the other."""


def _exchanged(one: Claim, other: Claim, places: Sequence[Place]) -> list[Conflict]:
    """The one thing that is stated differently: a number, a date or a name; nothing where they differ in more."""
    found = [conflict for place in places if (conflict := _exchanged_at(one, other, *place))]
    kinds = {conflict.kind for conflict in found}
    if len(kinds) > 1 or (kinds == {"name"} and len(found) > 1):
        return []
    if found and kinds != {"name"} and _name_two_things(places[0][0][0], places[0][1][0]):
        return []
    return found[:1] if kinds == {"date"} else found


def _exchanged_at(one: Claim, other: Claim, mine: Span, theirs: Span) -> Conflict | None:
    """Another number, date or name, unless one sentence that bears out both claims holds both."""
    own, their = _quantity_in(*mine), _quantity_in(*theirs)
    if bool(own) != bool(their):
        return None
    borne_out = one.verdict.label == other.verdict.label == "supported"
    cited = [read(text, mine[0].language) for text in _sentences_of_both(one, other)] if borne_out else []
    if own and their:
        if same_quantity(own, their) or same_quantity(their, own):
            return None
        if any(_stands(own, source.quantities) and _stands(their, source.quantities) for source in cited):
            return None
        return _conflict(_kind(own), one, other, (own.text, their.text), mine)
    if not (_is_name(*mine) and _is_name(*theirs)):
        return None
    if any(_words_stand(mine, source) and _words_stand(theirs, source) for source in cited):
        return None
    return _conflict("name", one, other, (mine[0].words(*mine[1:]), theirs[0].words(*theirs[1:])), mine)


def _are_opposed(mine: Span, theirs: Span) -> bool:
    """ "can fall by 10%" and "can rise by 20%" do not state one figure differently."""
    reading, other = mine[0], theirs[0]
    return any(
        opposed(reading.stems[a], other.stems[b], reading.language, other.language, in_place=True)
        for a in set(range(*mine[1:])) & set(reading.content)
        for b in set(range(*theirs[1:])) & set(other.content)
    )


def _words_stand(span: Span, source: Reading) -> bool:
    reading, start, end = span
    return {reading.stems[at] for at in range(start, end) if at in reading.content} <= set(source.stems)


def _invented(one: Claim, other: Claim, mine: Reading, theirs: Reading) -> Iterator[Conflict]:
    """Claims on the same sentence in other words: a number in each, comparable, and one of them not in the sentence."""
    sources = [read(citation.sentence.text, mine.language) for claim in (one, other) for citation in claim.citations]
    known = [quantity for source in sources for quantity in source.quantities]
    for fit in fit_numbers(mine.quantities, theirs.quantities):
        if fit.fit != "differs" or fit.source is None or not (fit.claim.noun or fit.claim.dimension):
            continue
        if not (_stands(fit.claim, known) and _stands(fit.source, known)):
            place = (mine, fit.claim.start, fit.claim.end)
            yield _conflict(_kind(fit.claim), one, other, (fit.claim.text, fit.source.text), place)


def _stands(quantity: Quantity, known: Sequence[Quantity]) -> bool:
    return any(same_quantity(quantity, other) for other in known)


def _conflict(kind: ConflictKind, one: Claim, other: Claim, values: tuple[str, str], place: Span) -> Conflict:
    return Conflict(kind, _about(*place), dict(zip((one.id, other.id), values, strict=True)))


def _quantity_in(reading: Reading, start: int, end: int) -> Quantity | None:
    return next((one for one in reading.quantities if one.start < end and start < one.end), None)


def _is_name(reading: Reading, start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in name_spans(reading))


def _kind(quantity: Quantity) -> ConflictKind:
    return "date" if quantity.year or quantity.dimension in _DATES else "number"


def _about(reading: Reading, start: int, end: int) -> str:
    """The words around what differs, with an ellipsis in its place."""
    before = reading.words(max(0, start - _AROUND), start) if start else ""
    after = reading.words(end, min(len(reading.tokens), end + _AROUND)) if end < len(reading.tokens) else ""
    return " ".join(part for part in (before, "…", after) if part)
