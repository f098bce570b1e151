"""The built-in engine: answers in the article's own sentences, without a model, and says so.

It quotes. Which sentences it quotes depends on the perspective's outlook: a hopeful one takes hopeful sentences and the
plain facts they rest on, never a worried one, and the reverse; a balanced one takes facts, the article's own weighing and
one sentence of each side. A question for a plain fact gets the same sentence from every perspective. Connecting words come
from the perspective's file, in the language of the question; the quotes stay in the article's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from debatebot.catalog import translate_about
from debatebot.disputes import matched
from debatebot.questions import Expected, counted_thing, expected_fact, roots
from debatebot.rhetoric import has_date, has_quantity, in_analogy, is_weighing, kind_of, sets_sides, states_figure
from debatebot.supports import may_support, takes_no_side
from debatebot.types import (
    AnswerRequest,
    Citation,
    DraftClaim,
    EngineEvent,
    Evidence,
    Insufficient,
    OutlookPreference,
    Perspective,
    Retrieval,
    Vectors,
)
from debatebot.units import has_unit, unit_asked

if TYPE_CHECKING:
    from debatebot.briefing.types import BrieferEvent, BriefRequest
    from debatebot.rounds.parts import RebuttalRequest, RebutterEvent

NAME = "builtin"

HOPEFUL = 0.3
"""Outlook from which a sentence counts as hopeful; the negative of it: worried. Between 0.25 and 0.3 as many held-out sentences
of our own stand on the wrong side as on the right one (models/outlook.md)."""

PLAIN = 0.2
"""Outlook within which a sentence counts as a plain fact."""

_ANSWERABLE = 0.5
_SURELY = 0.85
"""How sure it must be that the article answers a question for a fact, for a sentence to be quoted in which nothing shows it: "over
half" holds no number, "the mayor" no name. Of 301 questions to the samples five more are answered, of 336 near misses two more."""
_BEARS = 0.5
"""What a sentence must have of what makes the best one bear on the question (`Retrieval.bearing`) to be quoted."""
_BEARS_BESIDE = 0.4  # the same, for one that answers a sentence which bears on it
_ANSWERS = 0.8  # from where on it bears on it as well as the best
_SAME_THING = 0.93  # cosine of two sentences that repeat each other, with the built-in embeddings
_SUPPORTS = 3
_ONE_ARTICLE = re.compile(r"\b(?:l[’']article|le texte|the (?:article|text))\b", re.IGNORECASE)
"""In connecting words: they would be wrong where several articles are quoted."""
_DISPUTED = 0.6  # merit of a sentence that one of the other outlook answers closely
_CLARITY = 0.2
_NEARNESS = 5.0  # cosines of sentences lie within about 0.15 of each other, relevances within 1


class BuiltinEngine:
    """Answers by quoting; needs no key, no network, and about a millisecond.

    Args:
        prompt_hash: tells which prompt file (and version of the composing rules) an answer was made with.
    """

    name = NAME
    warms_prefix = False

    def prompt_hash(self, perspective: Perspective) -> str:
        """The hash of the perspective's file: its phrases are all the prompt there is."""
        return perspective.content_hash

    def answer(self, request: AnswerRequest) -> Iterator[EngineEvent]:
        """Yield each quotation with the words that lead it; never raises."""
        quotations = compose(request)
        if not quotations:
            yield Insufficient(_nothing_to_say(request))
            return
        for lead, evidence in quotations:
            if request.cancelled.is_set():
                return
            yield f"{lead} {evidence.sentence.text}"
            citation = Citation(evidence.number, evidence.sentence)
            yield DraftClaim(evidence.sentence.text, (citation,), kind_of(evidence.sentence.text), lead)

    def rebut(self, request: RebuttalRequest) -> Iterator[RebutterEvent]:
        """Quote what answers the claims that stand against this side (`debatebot.rounds.parts.Rebutter`); never raises."""
        from debatebot.engines.rebuttals import rebut

        return rebut(request)

    def rebuttal_hash(self, perspective: Perspective) -> str:
        """As `prompt_hash`."""
        return self.prompt_hash(perspective)

    def brief(self, request: BriefRequest) -> Iterator[BrieferEvent]:
        """Choose sentences for each section (`debatebot.briefing.types.Briefer`); never raises."""
        from debatebot.engines.briefs import brief

        return brief(request)

    def brief_hash(self) -> str:
        """There is no prompt."""
        return NAME


def _nothing_to_say(request: AnswerRequest) -> str:
    """The article does not speak of the question; or it does, and gives this side nothing."""
    if _is_answerable(request) and _expected(request) is None:
        return _Phrases(request)("absent")
    return translate_about(len(request.articles), "answers.insufficient", request.language)


def _is_answerable(request: AnswerRequest) -> bool:
    return request.retrieval.answerable >= _ANSWERABLE and bool(request.retrieval.evidence)


def _expected(request: AnswerRequest) -> Expected | None:
    return None if request.retrieval.general else expected_fact(_asked(request))


def _asked(request: AnswerRequest) -> str:
    """What is asked for: of a question that only stands after an earlier one, without that one."""
    return request.question if request.searched.endswith(request.question) else request.searched


Quotations = list[tuple[str, Evidence]]


def compose(request: AnswerRequest) -> Quotations:
    """The quotations of an answer with their connecting words, in reading order; empty: nothing to say."""
    if not _is_answerable(request):
        return []
    expected = _expected(request)
    if expected is not None:
        fact = plain_fact(_asked(request), expected, request.retrieval, _same_language(request))
        if fact is None and _SURELY <= request.retrieval.answerable < 1:  # 1: nobody judged it
            fact = _nearest(request.retrieval)
        return [] if fact is None else [(_Phrases(request)("plain"), fact)]
    selection = _Selection(request)
    return _balanced(selection) if request.perspective.outlook == "balanced" else _one_sided(selection)


def _same_language(request: AnswerRequest) -> frozenset[str]:
    """Ids of the articles in the language of the question."""
    return frozenset(article.id for article in request.articles if article.language == request.language)


def plain_fact(
    question: str, expected: Expected, retrieval: Retrieval, same_language: Container[str] = ()
) -> Evidence | None:
    """The sentence that answers a question for one fact: relevant, and holding what is asked for; None if there is none.

    Args:
        same_language: ids of articles in the question's language: there, what is counted must be named. Across languages
            a word may be missing that the sentence has in its own.
    """
    counted = counted_thing(question)
    measured_in = unit_asked(question)

    def names_it(item: Evidence) -> bool:
        foreign = item.sentence.article_id not in same_language
        return foreign or not counted or bool(counted & roots(item.sentence.text))

    def holds_it(item: Evidence) -> bool:
        holds: dict[Expected, Callable[[str], bool]] = {"quantity": has_quantity, "date": has_date}
        if measured_in is not None:
            return has_unit(item.sentence.text, measured_in)
        return holds.get(expected, bool)(item.sentence.text)

    bearing = _bearing(retrieval)
    least = _BEARS if measured_in is None else _BEARS_BESIDE  # an amount in the right unit tells something by itself
    fitting = [
        (item, bearing[place])
        for place, item in enumerate(retrieval.evidence)
        if bearing[place] >= least and holds_it(item) and names_it(item)
    ]
    # Who names a side in so many words argues with the fact; rather who only states it.
    stating = [(item, bears) for item, bears in fitting if may_support(item.sentence.text, "balanced")]
    best = max(stating or fitting, key=_states_it, default=None)
    return best[0] if best else None


def _nearest(retrieval: Retrieval) -> Evidence:
    """The sentence that bears most on the question."""
    return max(zip(retrieval.evidence, _bearing(retrieval), strict=True), key=_states_it)[0]


def _states_it(one: tuple[Evidence, float]) -> float:
    """How well a sentence states what is asked for, given how much it bears on the question."""
    item, bears = one
    return item.relevance + bears / 2 - _argues(item)


def _argues(item: Evidence) -> float:
    """By how much a sentence that argues stands behind one that states."""
    if is_weighing(item.sentence.text):
        return 0.3
    return 0.1 if abs(item.sentence.outlook) >= HOPEFUL else 0.0


def _one_sided(selection: _Selection) -> Quotations:
    outlook = selection.request.perspective.outlook
    own = {"hopeful": _is_hopeful, "worried": _is_worried}.get(outlook, bool)
    phrases = _Phrases(selection.request)
    supports = selection.take(own, _SUPPORTS)
    serves = _is_figure if supports else _is_plain
    facts = selection.take_direct() or selection.take(
        lambda item: serves(item) and may_support(item.sentence.text, outlook), 1 if supports else 2, beside=supports
    )
    quotations = [(phrases("fact"), item) for item in facts[:1]]
    if supports:
        roles = ["support"] + ["more"] * (len(supports) - 1)
        return quotations + [
            (phrases(role), item) for role, item in zip(roles, in_reading_order(supports), strict=True)
        ]
    quotations += [(phrases("more"), item) for item in facts[1:]]
    return [(f"{phrases('absent')} {lead}", item) for lead, item in quotations[:1]] + quotations[1:]


def _balanced(selection: _Selection) -> Quotations:
    phrases = _Phrases(selection.request)
    direct = selection.take_direct()
    facts = direct + in_reading_order(selection.take(_is_figure, 2 - len(direct))) or selection.take(_is_plain, 1)
    hopeful = selection.take(_is_hopeful, 1)
    worried = selection.take(_is_worried, 1)
    weighing = selection.take(lambda item: is_weighing(item.sentence.text), 1)
    if not (hopeful and worried):
        # One side alone would make a balanced answer lean; what answers the question is not kept from the reader for that.
        hopeful, worried = (list(filter(selection.answers, side)) for side in (hopeful, worried))
    roles = ["fact"] + ["more"] * max(0, len(facts) - 1)
    quotations = [(phrases(role), item) for role, item in zip(roles, facts, strict=False)]
    for role, chosen in (("hopeful", hopeful), ("worried", worried), ("weighing", weighing)):
        quotations += [(phrases(role), item) for item in chosen]
    return quotations


def in_reading_order(items: Sequence[Evidence]) -> list[Evidence]:
    """As the articles have them, so that what builds on a sentence follows it."""
    return sorted(items, key=lambda item: item.number)


def _is_hopeful(item: Evidence) -> bool:
    return item.sentence.outlook >= HOPEFUL and _can_support(item.sentence.text, "hopeful")


def _is_worried(item: Evidence) -> bool:
    return item.sentence.outlook <= -HOPEFUL and _can_support(item.sentence.text, "worried")


def _can_support(text: str, outlook: OutlookPreference) -> bool:
    return not is_weighing(text) and not takes_no_side(text) and may_support(text, outlook)


def _is_plain(item: Evidence) -> bool:
    text = item.sentence.text
    return abs(item.sentence.outlook) <= PLAIN and not is_weighing(text)


def _is_figure(item: Evidence) -> bool:
    """A plain fact that can be looked up. Without one, what the scorer takes for plain is too often a side's argument."""
    return _is_plain(item) and states_figure(item.sentence.text)


def _bearing(retrieval: Retrieval) -> Sequence[float]:
    """How much each sentence of the evidence bears on the question, as a share of the best; all of it where there is no telling."""
    most = max(retrieval.bearing, default=0.0)
    if retrieval.general or not most:
        return [1.0] * len(retrieval.evidence)
    return [bearing / most for bearing in retrieval.bearing]


class _Phrases:
    """Connecting phrases of a perspective; the same question always gets the same, another one other variants."""

    def __init__(self, request: AnswerRequest) -> None:
        phrases = request.perspective.phrases
        self._by_role = phrases.get(request.language) or phrases["en"]
        self._several = len(request.articles) > 1
        start = zlib.crc32(f"{request.perspective.name} {request.question}".encode())
        self._turn = count(start)

    def __call__(self, role: str) -> str:
        variants = self._by_role[role]
        if self._several:
            variants = tuple(one for one in variants if not _ONE_ARTICLE.search(one)) or variants
        return variants[next(self._turn) % len(variants)]


class _Selection:
    """Takes sentences from the evidence, best first, none twice, none that repeats one already taken."""

    def __init__(self, request: AnswerRequest) -> None:
        self.request = request
        self._evidence = request.retrieval.evidence
        self._vectors: Vectors = request.retrieval.vectors
        self._taken: list[int] = []
        self._bearing = _bearing(request.retrieval)
        quotable = self._indices_worth_quoting()
        self._own = [self._own_merit(index) for index in range(len(self._evidence))]
        sided = [
            index for index in quotable if _is_hopeful(self._evidence[index]) or _is_worried(self._evidence[index])
        ]
        self._matches = matched([item.sentence for item in self._evidence], self._vectors, self._own, sided)
        self._usable = sorted(filter(self._bears, quotable), key=self._merit, reverse=True)

    def take(self, fits: Callable[[Evidence], bool], most: int, beside: Sequence[Evidence] = ()) -> list[Evidence]:
        """Up to `most` sentences that fit, the best first; those that speak of the same as `beside` before the others."""
        chosen: list[int] = []
        for index in self._nearest_to(beside):
            if len(chosen) == most:
                break
            if fits(self._evidence[index]) and not self._repeats(index):
                chosen.append(index)
                self._taken.append(index)
        return [self._evidence[index] for index in chosen]

    def take_direct(self) -> list[Evidence]:
        """The sentence that answers the question best of those that may stand on either side; none on a general one."""
        direct = filter(self._is_direct, self._evidence)
        best = max(direct, key=lambda item: self._bearing[self._evidence.index(item)], default=None)
        return [] if best is None else self.take(lambda item: item is best, 1)

    def _is_direct(self, item: Evidence) -> bool:
        takes_side = abs(item.sentence.outlook) >= HOPEFUL or not may_support(item.sentence.text, "balanced")
        return not takes_side and self.answers(item)

    def answers(self, item: Evidence) -> bool:
        """Whether it bears on a question that names something as well as the best does."""
        if self.request.retrieval.general:
            return False
        if self.request.retrieval.bearing:
            return self._bearing[self._evidence.index(item)] >= _ANSWERS
        return item.relevance >= max(other.relevance for other in self._evidence)

    def _bears(self, index: int) -> bool:
        if self._bearing[index] >= _BEARS:
            return True
        match = self._matches.get(index)
        return match is not None and self._bearing[index] >= _BEARS_BESIDE and self._bearing[match.place] >= _BEARS

    def _nearest_to(self, beside: Sequence[Evidence]) -> list[int]:
        if not beside:
            return self._usable
        rows = [index for index, item in enumerate(self._evidence) if item in beside]
        nearness = (self._vectors @ self._vectors[rows].T).mean(axis=1)
        return sorted(self._usable, key=lambda index: self._merit(index) + _NEARNESS * nearness[index], reverse=True)

    def _indices_worth_quoting(self) -> list[int]:
        analogy = in_analogy([item.sentence for item in self._evidence])
        floor = self.request.retrieval.floor
        return [
            index
            for index, item in enumerate(self._evidence)
            if item.relevance >= floor
            and self._bearing[index] >= _BEARS_BESIDE
            and not analogy[index]
            and not item.sentence.text.rstrip().endswith("?")
        ]

    def _merit(self, index: int) -> float:
        """What a sentence counts for, near to what the one that answers it counts for: quoted together, or not at all."""
        match = self._matches.get(index)
        if match is None:
            return self._own[index]
        difference = self._own[match.place] - self._own[index]
        both = self._bearing[index] * self._bearing[match.place]
        return self._own[index] + match.closeness * (both * _DISPUTED + difference / 2)

    def _own_merit(self, index: int) -> float:
        # How clearly a sentence takes its side matters as much as the last shades of relevance, more so when the
        # question names nothing that a sentence could be relevant to.
        item = self._evidence[index]
        weight = 0.8 if self.request.retrieval.general else _CLARITY
        clarity = abs(item.sentence.outlook) if abs(item.sentence.outlook) >= HOPEFUL else 0.5
        figures = 0.15 if abs(item.sentence.outlook) <= PLAIN and has_quantity(item.sentence.text) else 0.0
        weighs = 0.5 if sets_sides(item.sentence.text) else 0.0
        known = self.request.retrieval.bearing and not self.request.retrieval.general
        near = self._bearing[index] if known else item.relevance
        return near + weight * clarity + figures + weighs

    def _repeats(self, index: int) -> bool:
        if index in self._taken:
            return True
        if not self._taken:
            return False
        similar = self._vectors[self._taken] @ self._vectors[index]
        return bool(np.max(similar) > _SAME_THING)
