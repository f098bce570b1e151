"""One evidence list for a question: what bears on it, with hopeful, worried and weighing sentences among it.

The list is made once and given to every perspective. It is composed by quota rather than by rank alone, since the sentences
most like a question are often all of one side, and a side whose sentences were not found could not speak. Of what takes a
side, that comes first which the article itself answers with the other one: sides that never meet cannot be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from debatebot.disputes import answered
from debatebot.index import Index, SearchResult
from debatebot.rhetoric import in_analogy, is_weighing, sets_sides, states_figure
from debatebot.types import Article, Evidence, Passage, Retrieval, Sentence

EVIDENCE = 16
"""Sentences in an evidence list, at most: few enough to be read, and for a small model's window."""

_MOST_RELEVANT = 6
_A_SIDE = 4
_WEIGHING = 2
_FACTS = 3
_PLAIN = 0.2  # outlook within which a sentence counts as a plain fact
_TAKES_A_SIDE = 0.25  # outlook from which a sentence counts as hopeful, or below whose negative as worried
_RELEVANT_SHARE = 0.35  # of the best sentence's relevance: what is less bears on another question
_SHORT, _LONG = 12, 40  # sentences up to which all of an article is about one thing, and from which on it is not
_FEW, _ENOUGH = 4, 20  # the same for what bears on a question, which is told more sharply
_TELLING_WORDS = 0.2  # share of a question's words that the best sentence must hold for words to tell
_DISPUTED = 0.5
"""Merit of a sentence that takes a side and that one of the other side answers closely, beside its relevance, 0 to 1. On 110
questions to the samples: 65 disagreements without it, 85 with it; on 24 of them 17 without, 23 with 0.3 to 0.6 of it, 20 with 1.0.
Read, the new ones were the article's own pairs ("could win visitors", "could on the contrary lose some")."""
_ANSWERING = 30  # sentences of each side among which answers are looked for
_CANDIDATES = 400  # sentences looked at closer: beyond them relevance is noise
_LOOKED_AT = 120  # of them read for words that weigh
_BEYOND = 40  # sentences beyond the evidence that are known to whoever compares
_HEADING_WORDS = 12


class EvidenceRetriever:
    """Composes evidence from what the index finds."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def retrieve(
        self,
        question: str,
        language: str,
        articles: Sequence[Article],
        numbers: Mapping[str, int] | None = None,
    ) -> Retrieval:
        """One numbered evidence list, in reading order; see `debatebot.types.Retriever`."""
        found = self._index.search(question, language, articles)
        # Places are in the order of the articles and of their text, so sorting them gives reading order.
        floor = _floor(found)
        composition = _Composition(found, floor)
        chosen = sorted(composition.places())
        sentences = [found.sentences[place] for place in chosen]
        beyond = composition.beyond(chosen)
        evidence = tuple(
            Evidence(number, sentence, float(found.relevance[place]))
            for number, sentence, place in zip(_numbered(sentences, numbers or {}), sentences, chosen, strict=True)
        )
        return Retrieval(
            evidence=evidence,
            answerable=found.answerable,
            vectors=found.vectors_of(chosen),
            general=found.general,
            floor=floor,
            bearing=_bearing(found, chosen),
            beyond=tuple(Passage(found.sentences[place], float(found.relevance[place])) for place in beyond),
            beyond_vectors=found.vectors_of(beyond),
        )


class _Composition:
    """Chooses sentences by their place in a search result; looks closely at no more of them than it needs."""

    def __init__(self, found: SearchResult, floor: float) -> None:
        self._found = found
        self._floor = floor
        self._general = found.general
        self._in_analogy: dict[int, bool] = {}
        self._answered: dict[int, float] = {}

    def places(self) -> list[int]:
        """Places of the sentences that make up the evidence, the most relevant first."""
        ranked = self._ranked()
        if not ranked:
            return []
        bearing = [place for place in ranked if self._found.relevance[place] >= self._floor]
        # A question about a comparison's own words is answered by it; to any other it only draws a picture.
        about_a_picture = not self._general and not self._is_literal(ranked[0])
        relevant = iter(ranked) if about_a_picture else filter(self._is_literal, ranked)
        chosen: dict[int, None] = {}
        _add(chosen, relevant, _MOST_RELEVANT, _anything)
        sides = {fits: self._literal_by_merit(bearing, fits) for fits in (self._is_hopeful, self._is_worried)}
        self._answered = self._answers_among([place for side in sides.values() for place in side[:_ANSWERING]])
        for takes_side, side in sides.items():
            _add(chosen, sorted(side, key=self._merit, reverse=True), _A_SIDE, takes_side)
        _add(chosen, filter(self._is_literal, self._weighing(bearing)), _WEIGHING, self._is_weighing)
        # An article begins with what has happened: for a question about the whole of it, those are the facts.
        facts = sorted(bearing) if self._general else bearing
        _add(chosen, filter(self._is_literal, facts), _FACTS, self._is_plain_fact)
        return list(chosen)[:EVIDENCE]

    def beyond(self, chosen: Sequence[int]) -> list[int]:
        """The next best after those chosen, and those that weigh, however little they share with the question's words."""
        others = [place for place in self._ranked() if place not in chosen]
        weighing = [place for place in others[_BEYOND:_LOOKED_AT] if self._is_weighing(place)]
        return list(filter(self._is_literal, others[:_BEYOND] + weighing))

    def _ranked(self) -> list[int]:
        relevance = self._found.relevance
        order = np.argsort(-relevance, kind="stable")[:_CANDIDATES]
        return [int(place) for place in order if not _is_heading(self._found.sentences[place])]

    def _literal_by_merit(self, places: Iterable[int], fits: Callable[[int], bool]) -> list[int]:
        return list(filter(self._is_literal, sorted(filter(fits, places), key=self._merit, reverse=True)))

    def _merit(self, place: int) -> float:
        # Without a subject in the question, relevance is mostly chance and the clearest sentences serve best.
        weight = 1.0 if self._general else 0.3
        clarity = weight * abs(self._found.sentences[place].outlook)
        return float(self._found.relevance[place]) + clarity + _DISPUTED * self._answered.get(place, 0.0)

    def _answers_among(self, places: Sequence[int]) -> dict[int, float]:
        """How closely each is answered by one of the other side among them."""
        sentences = [self._found.sentences[place] for place in places]
        return dict(zip(places, answered(sentences, self._found.vectors_of(places)).tolist(), strict=True))

    def _is_hopeful(self, place: int) -> bool:
        return self._found.sentences[place].outlook >= _TAKES_A_SIDE and not self._is_weighing(place)

    def _is_worried(self, place: int) -> bool:
        return self._found.sentences[place].outlook <= -_TAKES_A_SIDE and not self._is_weighing(place)

    def _is_weighing(self, place: int) -> bool:
        return is_weighing(self._found.sentences[place].text)

    def _weighing(self, places: Sequence[int]) -> list[int]:
        """Those that weigh, the ones that set two sides against each other first."""
        weighing = [place for place in places[:_LOOKED_AT] if self._is_weighing(place)]
        return sorted(weighing, key=lambda place: not sets_sides(self._found.sentences[place].text))

    def _is_plain_fact(self, place: int) -> bool:
        sentence = self._found.sentences[place]
        return abs(sentence.outlook) <= _PLAIN and states_figure(sentence.text)

    def _is_literal(self, place: int) -> bool:
        """False for a sentence that only draws a picture: true of cakes, it would be quoted as if of the subject."""
        if place not in self._in_analogy:
            paragraph = self._paragraph_of(place)
            flags = in_analogy([self._found.sentences[at] for at in paragraph])
            self._in_analogy.update(zip(paragraph, flags, strict=True))
        return not self._in_analogy[place]

    def _paragraph_of(self, place: int) -> range:
        sentences = self._found.sentences
        key = _paragraph(sentences[place])
        first = last = place
        while first > 0 and _paragraph(sentences[first - 1]) == key:
            first -= 1
        while last + 1 < len(sentences) and _paragraph(sentences[last + 1]) == key:
            last += 1
        return range(first, last + 1)


def _floor(found: SearchResult) -> float:
    """Relevance that a sentence needs to bear on the question; none where the question names no subject of its own.

    Relevance is stretched over what was searched: in a short article even the last sentence is about its subject.
    """
    if found.general or not len(found.relevance):
        return 0.0
    return _RELEVANT_SHARE * float(found.relevance.max()) * _between(len(found.relevance), _SHORT, _LONG)


def _bearing(found: SearchResult, places: Sequence[int]) -> tuple[float, ...]:
    """See `Retrieval.bearing`: what shares a subject with the question but not what is asked of it lacks half.

    In an article of a few sentences all of them bear on what is asked of it.
    """
    if not places:
        return ()
    relevance, words = found.relevance[places], found.words[places]
    shares = relevance / max(float(relevance.max()), 1e-6)
    if words.max() >= _TELLING_WORDS:
        shares = (shares + words / words.max()) / 2
    told_apart = _between(len(found.relevance), _FEW, _ENOUGH)
    return tuple((1 - told_apart * (1 - shares)).tolist())


def _between(count: int, least: int, most: int) -> float:
    """From 0 at `least` to 1 at `most`."""
    return min(1.0, max(0.0, (count - least) / (most - least)))


def _add(chosen: dict[int, None], ranked: Iterable[int], quota: int, fits: Callable[[int], bool]) -> None:
    """Take sentences until `quota` of those chosen fit; what fits already counts."""
    missing = quota - sum(1 for place in chosen if fits(place))
    for place in ranked:
        if missing <= 0:
            return
        if place not in chosen and fits(place):
            chosen[place] = None
            missing -= 1


def _anything(_place: int) -> bool:
    return True


def _is_heading(sentence: Sentence) -> bool:
    """A short line without a stop names what follows and states nothing; a line of signs says nothing at all."""
    if not any(map(str.isalpha, sentence.text)):
        return True
    return sentence.text[-1] not in ".!?…»”\"')]:;" and len(sentence.text.split()) <= _HEADING_WORDS


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return (sentence.article_id, sentence.paragraph)


def _numbered(sentences: Sequence[Sentence], known: Mapping[str, int]) -> list[int]:
    """Numbers for the sentences: those they have in the conversation, and new ones after the highest."""
    following = max(known.values(), default=0)
    numbers: list[int] = []
    for sentence in sentences:
        number = known.get(sentence.id)
        if number is None:
            following += 1
            number = following
        numbers.append(number)
    return numbers
