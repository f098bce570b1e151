"""Questions to ask next, each of which the articles answer: searched for before it is proposed.

Without a model they are whole sentences around a name in the article's words. They lead to sentences that no side has used
first, so that at least one does, then to what would settle a disagreement, then to anything else that bears on the question;
where no names are to be had, to the article's hopes, worries and figures as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Literal

from debatebot.catalog import translate, translate_about
from debatebot.grounding.reading import read
from debatebot.lexical import analyzer
from debatebot.phrases import SURE, Phrase, names_in
from debatebot.rhetoric import begins_analogy, is_weighing
from debatebot.types import Article, CompareRequest, Comparison, FollowUp, Retrieval, Retriever, Sentence

MOST = 4
"""Questions proposed, at most."""

FEWEST = 3
"""Questions proposed where the articles have as many sentences that state something."""

_ANSWERABLE = 0.5
_AMONG = 3  # places from the top within which the sentence that answers must be found
_TRIED = 7  # questions searched for, at most: each takes some forty milliseconds
_TRIED_FOR_MORE = 5  # after as many, the fewest are enough
_LEANS = 0.6
_VARIANTS = 2  # of each template in the catalogs
_POSSIBLE = 0.3  # merit of names that are tried where the sure ones are not enough
_LEAST_TOLD = 5  # words below which a sentence tells too little to be asked for

Kind = Literal["says", "figures", "hope", "worry", "open"]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, the sentence it was made from, and the words it asks about."""

    question: str
    sentence: Sentence | None
    terms: frozenset[str]


def follow_ups(
    request: CompareRequest, comparison: Comparison, retriever: Retriever, suggested: Sequence[str] = ()
) -> tuple[FollowUp, ...]:
    """Up to four questions, none that was asked before, no two about the same words.

    Args:
        suggested: by a model; those that the articles do not answer are left out, and others may fill their place.
    """
    return tuple(_Proposals(request, comparison, retriever).choose(suggested))


class _Proposals:
    """Chooses among candidates; searches for each that it may take."""

    def __init__(self, request: CompareRequest, comparison: Comparison, retriever: Retriever) -> None:
        self._request = request
        self._comparison = comparison
        self._retriever = retriever
        claims = (claim for answer in request.answers for claim in answer.claims)
        self._cited = {citation.sentence.id for claim in claims for citation in claim.citations}
        self._asked = [self._terms(question) for question in request.asked or (request.question,)]
        self._chosen: list[FollowUp] = []
        self._about: list[frozenset[str]] = []
        self._tried: list[Phrase] = []
        self._nearly: list[FollowUp] = []
        self._templates: Counter[Kind] = Counter()

    def choose(self, suggested: Sequence[str]) -> list[FollowUp]:
        """A model's first; of our own, those to unused sentences before those to disputed things."""
        for question in suggested[:MOST]:
            self._try(_Candidate(question, None, self._terms(question)))
        own = self._own()
        self._take(islice(own, _TRIED_FOR_MORE), MOST - bool(suggested and not self._leads_to_unused()))
        self._take(islice(own, _TRIED - _TRIED_FOR_MORE), FEWEST)
        self._take(self._general(), FEWEST)
        if self._nearly and not self._leads_to_unused():
            self._chosen[MOST - 1 :] = self._nearly[:1]
        return self._chosen[:MOST]

    def _take(self, candidates: Iterable[_Candidate], most: int) -> None:
        if len(self._chosen) < most:
            for candidate in candidates:
                self._try(candidate)
                if len(self._chosen) >= most:
                    return

    def _leads_to_unused(self) -> bool:
        return any(one.unused for one in self._chosen)

    def _own(self) -> Iterator[_Candidate]:
        """About what sentences name, sure names before others; of unused sentences any name, until one leads to them."""
        named = [(sentence, self._names(sentence)) for sentence in self._sentences()]
        unused = [one for one in named if self._is_unused(one[0])]
        others = [one for one in named if not self._is_unused(one[0])]
        yield from self._named(unused, SURE)
        yield from takewhile(lambda _: not self._leads_to_unused(), self._named(unused, _POSSIBLE))
        yield from self._named(others, SURE)
        yield from self._named(named, _POSSIBLE)

    def _named(self, named: Sequence[tuple[Sentence, list[Phrase]]], least: float) -> Iterator[_Candidate]:
        for sentence, phrases in named:
            new = [one for one in phrases if one.merit >= least and one not in self._tried and self._is_new(one.terms)]
            if new and not self._leads_to(sentence):
                self._tried.append(new[0])
                yield self._about_name(sentence, new[0])

    def _sentences(self) -> Iterator[Sentence]:
        """Those that may be asked for, each once."""
        unused = [one.sentence for one in self._comparison.unused]
        cruxes = [one.crux_sentence for one in self._comparison.disagreements if one.crux_sentence]
        retrieval = self._request.retrieval
        evidence = [item.sentence for item in sorted(retrieval.evidence, key=lambda item: -item.relevance)]
        beyond = [passage.sentence for passage in retrieval.beyond]
        every = {one.id: one for one in (*unused[:4], *cruxes, *unused[4:], *beyond[:6], *evidence)}
        return (one for one in every.values() if _tells(one))

    def _is_unused(self, sentence: Sentence) -> bool:
        """No side has cited it; nothing is called unused where nothing is cited."""
        return bool(self._cited) and sentence.id not in self._cited

    def _leads_to(self, sentence: Sentence) -> bool:
        return any(one.sentence.id == sentence.id for one in self._chosen)

    def _names(self, sentence: Sentence) -> list[Phrase]:
        """What the sentence is about that was not asked yet, the best name first."""
        article = self._article_of(sentence)
        if article is None:
            return []
        found = names_in(sentence.text, article.language, (article.text,), _POSSIBLE)
        return [
            phrase
            for phrase in found
            if self._is_new(phrase.terms) and (article.language != "fr" or _reads_well(phrase))
        ]

    def _article_of(self, sentence: Sentence) -> Article | None:
        """The article that it stands in; one that was removed since has left nothing to name it by."""
        return next((one for one in self._request.articles if sentence.text in one.text), None)

    def _about_name(self, sentence: Sentence, phrase: Phrase) -> _Candidate:
        language = self._request.language
        kind = _kind(sentence)
        key = f"answers.followups.{kind}.{self._templates[kind] % _VARIANTS + 1}"
        article = self._article_of(sentence)
        foreign = article is not None and article.language != language
        words = translate("answers.followups.quoted", language, words=phrase.named) if foreign else phrase.named
        return _Candidate(self._said(key, words=words), sentence, frozenset(phrase.terms))

    def _general(self) -> Iterator[_Candidate]:
        """About the article as a whole, where it holds a sentence of that kind."""
        kinds = {_kind(sentence): sentence for sentence in reversed(list(self._sentences()))}
        for kind in ("open", "worry", "hope", "figures", "says"):
            if kind in kinds:
                question = self._said(f"answers.followups.general.{kind}")
                yield _Candidate(question, None, self._terms(question))

    def _said(self, key: str, **values: str) -> str:
        return translate_about(len(self._request.articles), key, self._request.language, **values)

    def _is_new(self, words: Collection[str]) -> bool:
        terms = frozenset(words)
        if not terms or any(terms <= asked for asked in self._asked):
            return False
        return not any(terms & about for about in self._about)

    def _try(self, candidate: _Candidate) -> None:
        """Take the question if it is new and the articles answer it."""
        same = any(candidate.terms == asked for asked in (*self._asked, *self._about))
        if same or (candidate.sentence is not None and not self._is_new(candidate.terms)):
            return
        request = self._request
        found = self._retriever.retrieve(candidate.question, request.language, request.articles)
        sentence = _answering(found, candidate.sentence)
        if sentence is None:
            self._keep_if_unused(candidate, found)
        if sentence is not None and not self._leads_to(sentence):
            if candidate.sentence is not None:
                self._templates[_kind(candidate.sentence)] += 1
            self._chosen.append(FollowUp(candidate.question, sentence, self._is_unused(sentence)))
            self._about.append(candidate.terms)

    def _keep_if_unused(self, candidate: _Candidate, found: Retrieval) -> None:
        """What leads to an unused sentence, if not to it first, serves where nothing better does."""
        wanted = candidate.sentence
        among = wanted is not None and any(item.sentence.id == wanted.id for item in found.evidence)
        if wanted is not None and among and self._is_unused(wanted) and found.answerable >= _ANSWERABLE:
            self._nearly.append(FollowUp(candidate.question, wanted, unused=True))

    def _terms(self, question: str) -> frozenset[str]:
        return frozenset(analyzer(self._request.language).terms(question))


def _answering(found: Retrieval, wanted: Sentence | None) -> Sentence | None:
    """The sentence that answers: the one wanted if it is among the best, the best one where none is; None: not answered."""
    if found.answerable < _ANSWERABLE or not found.evidence:
        return None
    best = sorted(found.evidence, key=lambda item: item.relevance, reverse=True)[:_AMONG]
    if wanted is None:
        return best[0].sentence
    return next((item.sentence for item in best if item.sentence.id == wanted.id), None)


def _reads_well(phrase: Phrase) -> bool:
    """French needs an article in a sentence, unless it is a name."""
    return phrase.named != phrase.text or phrase.text[0].isupper()


def _tells(sentence: Sentence) -> bool:
    """It states something by itself: no question, no everyday picture, no heading."""
    text = sentence.text.rstrip()
    return not text.endswith("?") and not begins_analogy(text) and len(text.split()) >= _LEAST_TOLD


def _kind(sentence: Sentence) -> Kind:
    """Which template asks for what the sentence says."""
    if is_weighing(sentence.text):
        return "open"
    if _has_figures(sentence.text):
        return "figures"
    if abs(sentence.outlook) >= _LEANS:
        return "hope" if sentence.outlook > 0 else "worry"
    return "says"


def _has_figures(text: str) -> bool:
    """It counts or measures something, in digits; a date or a year does not."""
    return any(
        not quantity.year
        and quantity.dimension not in ("months", "day", "weekdays", "ordinal", "code")
        and any(letter.isdigit() for letter in quantity.text)
        for quantity in read(text).quantities
    )
