"""How sure it is that the searched articles speak of a question at all.

E5's cosines lie between 0.75 and 0.9 for nearly everything, so the best one alone says little. It is held against what other
questions, on other subjects, reach in the same articles; beside it stand the question's words and names: how many of them
the articles hold, and the paragraph that ranks first. A small logistic model weighs these; models/answerability.md is its
card, training/answerability.py makes it. Where it is not sure, the sentences found first are read together with the question.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from debatebot.general_words import BROAD_WORDS, GENERAL_WORDS, JUDGING_WORDS
from debatebot.lexical import Postings, Token, analyzer, idf
from debatebot.questions import is_question
from debatebot.thesaurus import kindred

THRESHOLD = 0.5
"""Below it, the articles do not speak of the question."""

_SURELY_NOT, _SURELY = 0.35, 0.9
"""Below the one and above the other a question is not read with what was found: most of what reading brings lies between, and
half of all questions are then answered without."""

_ABBREVIATION = 2  # letters
_SUBJECT = 0.65  # share of an article's paragraphs that name what the article is about
_PARAGRAPHS = 5  # of an article, from which on that share tells something

ROOT = 5
"""Letters by which two words count as akin: "paramètres" and "parameters"."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`answerable`: 0 to 1. `general`: the question is about the articles as a whole: it names nothing of its own, or only
    what they speak of from beginning to end."""

    answerable: float
    general: bool


class Searched(Protocol):
    """What is asked of a searched article."""

    @property
    def language(self) -> str:
        """Its language, two letters."""

    @property
    def postings(self) -> Postings:
        """The inverted index of its sentences."""

    @property
    def paragraph_postings(self) -> Postings:
        """The inverted index of its paragraphs."""

    @property
    def roots(self) -> frozenset[str]:
        """See `roots`."""

    @property
    def background(self) -> NDArray[np.float32] | None:
        """Cosines of its best sentence, and of its best paragraph, with each background question; shape (2, questions)."""


class Reader(Protocol):
    """Reads a question with passages; `debatebot.reading.QuestionReader` does."""

    def read(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """How sure it is that each passage answers the question: logarithms of odds, shape (len(passages),)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, as far as the judgement needs it.

    `dense`, `paragraph_dense`: cosines of all sentences, and of all paragraphs. `best`: place of the article of the most
    relevant sentence among those searched; `best_paragraph`: place of its paragraph in that article. `passages`: the most relevant
    sentences, best first, each with its neighbours. `closest`: features of the sentences that the ranking looked at closer, best
    first, see `debatebot.index.features`; empty between two languages.
    """

    dense: NDArray[np.float32]
    paragraph_dense: NDArray[np.float32]
    best: int
    best_paragraph: int
    passages: tuple[str, ...]
    closest: Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Background:
    """Questions on other subjects: what embedded them, their languages, their vectors of shape (questions, dimensions)."""

    embeddings: str
    languages: tuple[str, ...]
    vectors: NDArray[np.float32]

    def of(self, language: str) -> NDArray[np.bool_]:
        """Which of them are in `language`; all of them where none is."""
        same = np.array([language == other for other in self.languages])
        return same if same.any() else ~same


@dataclass(frozen=True, slots=True)
class _Model:
    weights: Mapping[str, float]
    bias: float

    def probability(self, features: Mapping[str, float]) -> float:
        total = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def judge(
    question: str, language: str, articles: Sequence[Searched], found: Found, reader: Reader | None = None
) -> Judgement:
    """Whether `articles` speak of `question`.

    Args:
        language: of the question.
        articles: what was searched, in the order of `found`.
        reader: asked where words and vectors are not sure, and only about questions that one passage could answer: it never saw
            a statement, and "is it good news?" is answered by all that bears on it.
    """
    tokens = topical(question, language)
    if not tokens or _is_the_subject(tokens, language, articles):
        return Judgement(1.0, general=True)
    if {token.term for token in tokens} <= _judging_terms(language):
        return Judgement(1.0, general=False)
    values = features(question, tokens, language, articles, found)
    kind = _kind(values, same=articles[found.best].language == language)
    # Between two languages with foreign embeddings there are no words to compare, and nothing is known of how the vectors are
    # spread: without a reader it is not for us to say no.
    likely = _models()[kind].probability(values) if kind in _models() else 1.0
    unsure = kind not in _models() or not is_sure(likely)
    if reader is not None and unsure and one_passage_could_answer(question, language):
        likely = _models()[f"{kind}, read"].probability(values | read(question, found.passages, reader))
    return Judgement(likely, general=False)


def is_sure(likely: float) -> bool:
    """Whether a probability is left as it is, without reading."""
    return not _SURELY_NOT < likely < _SURELY


def one_passage_could_answer(question: str, language: str) -> bool:
    """Whether it is a question, and not one for an opinion or for all that an article says."""
    return is_question(question) and not _is_broad(question, language)


def read(question: str, passages: Sequence[str], reader: Reader) -> dict[str, float]:
    """What a reader says, as features: of the passage that was found first, and of the one that answers best."""
    said = reader.read(question, passages)
    return {"read_first": float(said[0]), "read_best": float(said.max())}


def _kind(values: Mapping[str, float], *, same: bool) -> str:
    """Name of the model that can weigh these features."""
    if "sentence_above_background" in values:
        return "same" if same else "cross"
    return "words" if same else "cross words"


def _is_the_subject(tokens: Sequence[Token], language: str, articles: Sequence[Searched]) -> bool:
    """True where all that a question names is what each of the articles is about, by how many of their paragraphs name it.

    "Is the wolf's return good news?" asks of an article on wolves what "Is it good news?" asks.
    """

    def is_about(article: Searched, term: str) -> bool:
        paragraphs = article.paragraph_postings
        enough = article.language == language and paragraphs.size >= _PARAGRAPHS
        return enough and len(paragraphs.found(term)[0]) >= _SUBJECT * paragraphs.size

    return all(is_about(article, token.term) for article in articles for token in tokens)


def topical(question: str, language: str) -> list[Token]:
    """The words of a question that name what it is about."""
    general = _general_terms(language)
    tokens = analyzer(language).tokens(question)
    named = [token for token in tokens if not token.is_stop_word and (token.is_number or token.term not in general)]
    # Articles spell out what a question abbreviates ("IA", "EU"): beside other words, an abbreviation decides nothing.
    return [token for token in named if token.is_number or len(token.term) > _ABBREVIATION] or named


def features(
    question: str, tokens: Sequence[Token], language: str, articles: Sequence[Searched], found: Found
) -> dict[str, float]:
    """What the model weighs. Those that begin with "sentence" or "paragraph" need the background and may be missing.

    Args:
        tokens: of the question, at least one; see `topical`.
    """
    terms = list(dict.fromkeys(token.term for token in tokens))
    names = {token.term for token in tokens if _is_name(token, question)}
    values = {
        "words_found": _share(_is_known(term, articles) for term in terms),
        "names_missing": _share(not _is_known(name, articles) for name in names),
        "words_in_best_paragraph": _support(terms, articles, found),
        "prominence": _prominence(found.dense),
        "size": math.log(len(found.dense)),
    }
    values |= _closest(found.closest)
    known = [reach for article in articles if (reach := reached_by_others(article, language)) is not None]
    if len(known) == len(articles):
        reached = np.max(known, axis=0)
        values["sentence_above_background"] = _above(float(found.dense.max()), reached[0])
        values["paragraph_above_background"] = _above(float(found.paragraph_dense.max()), reached[1])
    return values


def _closest(seen: Mapping[str, NDArray[np.float32]]) -> dict[str, float]:
    """How sure the ranking is of its first sentence, by how much it leads the next five, and what of the question it holds."""
    if not seen:
        return {}
    scores = seen["score"].astype(np.float64)
    nearby = sum(float(seen[name][0]) for name in ("akin", "before", "before_that", "after", "opening"))
    return {
        "certainty": float(1 / np.exp(scores - scores[0]).sum()),
        "lead": float(scores[0] - scores[1:6].mean()) if len(scores) > 1 else 0.0,
        "words_in_best_sentence": float(seen["akin"][0]),
        "words_near_best_sentence": nearby,
    }


def roots(postings: Postings) -> frozenset[str]:
    """The beginnings of all words of an article: enough to match "paramètres" with "parameters", and "Chine" with
    "chinoise", whose stem is one letter shorter."""
    return frozenset(term[:length] for term in postings.spans for length in (ROOT - 1, ROOT))


def background(embeddings: str) -> NDArray[np.float32] | None:
    """Vectors of the background questions by the embeddings of that name, shape (questions, dimensions), or None.

    They were embedded when the model was trained, so that no search waits for it; so there are none for a provider's
    embeddings, which are judged by words alone.
    """
    stored = _background()
    return stored.vectors if embeddings == stored.embeddings else None


def reached_by_others(article: Searched, language: str) -> NDArray[np.float32] | None:
    """What background questions in `language` reach in an article, see `Searched.background`; shape (2, of that language)."""
    return None if article.background is None else article.background[:, _background().of(language)]


def _is_known(term: str, articles: Sequence[Searched]) -> bool:
    def knows(article: Searched) -> bool:
        spans = article.postings.spans
        return term[:ROOT] in article.roots or any(other in spans for other in kindred(term, article.language))

    return any(map(knows, articles))


def _above(reached: float, by_others: NDArray[np.float32]) -> float:
    return (reached - float(by_others.mean())) / max(float(by_others.std()), 1e-3)


def _prominence(dense: NDArray[np.float32]) -> float:
    """By how many standard deviations the best sentence stands out of all; 0 where there is no telling."""
    deviation = float(dense.std())
    return float(dense.max() - dense.mean()) / deviation if deviation > 1e-3 else 0.0


def _support(terms: Sequence[str], articles: Sequence[Searched], found: Found) -> float:
    """Share of what the terms weigh, by idf over all sentences, that stands in the paragraph that ranks first."""
    size = sum(article.postings.size for article in articles)
    paragraphs = articles[found.best].paragraph_postings
    total = supported = 0.0
    for term in terms:
        weight = idf(sum(len(article.postings.found(term)[0]) for article in articles), size)
        total += weight
        if any(
            found.best_paragraph in paragraphs.found(each)[0] for each in (term, *kindred(term, paragraphs.language))
        ):
            supported += weight
    return supported / total if total else 0.0


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 0.0


def _is_name(token: Token, question: str) -> bool:
    """A capital letter within the question, or a digit."""
    if any(character.isdigit() for character in token.surface):
        return True
    return token.surface[:1].isupper() and not question.lstrip("«“\"'¿¡ \u00a0\u202f").startswith(token.surface)


@cache
def _general_terms(language: str) -> frozenset[str]:
    return frozenset(analyzer(language).terms(GENERAL_WORDS.get(language, "")))


@cache
def _judging_terms(language: str) -> frozenset[str]:
    return frozenset(analyzer(language).terms(JUDGING_WORDS.get(language, "")))


def _is_broad(question: str, language: str) -> bool:
    tokens = analyzer(language).tokens(question)
    return any(token.term in _broad_terms(language) for token in tokens)


@cache
def _broad_terms(language: str) -> frozenset[str]:
    words = BROAD_WORDS.get(language, "")
    return frozenset(token.term for token in analyzer(language).tokens(words)) | _judging_terms(language)


@cache
def _models() -> Mapping[str, _Model]:
    stored = json.loads((files("debatebot") / "models" / "answerability.json").read_text("utf-8"))
    return {name: _Model(model["weights"], model["bias"]) for name, model in stored["models"].items()}


@cache
def _background() -> _Background:
    with (files("debatebot") / "models" / "answerability.npz").open("rb") as file, np.load(file) as stored:
        return _Background(
            str(stored["embeddings"]),
            tuple(str(language) for language in stored["languages"]),
            stored["vectors"].astype(np.float32),
        )
