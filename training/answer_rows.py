"""Questions with passages that answer them or do not: what training/answers.py learns from.

The questions in training/questions were written for this project: twins to texts of its own and to passages of PIAF and XQuAD, one
answered and one not, and questions to whole articles of PIAF and XQuAD. Beside them stand half of the questions that came with
these two sets, with the passage that answers, one that does not, and what is found where the right one was taken out.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from debatebot import answerability
from debatebot.documents.sentences import split
from debatebot.index.ranking import highest, rank
from debatebot.index.shards import Shard, around, joined
from debatebot.lexical import analyzer
from debatebot.types import Sentence, Vectors
from training.question_sets import Collection, Embedder, Question, choose_background

QUESTIONS = Path(__file__).parent / "questions"
PASSAGES = 14  # of an article that questions were written to, at most
SETS = ("piaf_fr", "xquad_en")

_KEPT_BACK = re.compile(r"[mn]\d_4[1-5]")  # twins that the weights of the judgement are fitted on, unseen by the reader
_TOP = 10


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question (`claim`), a passage, whether it answers (1 or 0), and how much the row counts."""

    claim: str
    text: str
    answers: int
    weight: float


@dataclass(frozen=True, slots=True)
class Written:
    """A question that was written to an article, with the place of the sentence that answers it, or None."""

    question: str
    language: str
    article: str
    shard: Shard
    gold: int | None


@dataclass(frozen=True, slots=True)
class Twins:
    """A text, a question that it answers in the sentence `gold`, and one like it that it does not answer."""

    sentences: Sequence[Sentence]
    language: str
    asked: str
    answered: str
    unanswered: str
    gold: int


def lines(name: str) -> list[dict[str, Any]]:
    """The lines of a file of training/questions."""
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


def written(name: str, article: Callable[[dict[str, Any]], Shard]) -> list[Written]:
    """The questions of a file, to the articles that `article` finds for its lines."""
    found = []
    for line in lines(name):
        shard = article(line)
        language = {"fr": "en", "en": "fr"}[shard.language] if line.get("other_language") else shard.language
        gold = _place(shard.sentences, line["sentence"]) if "sentence" in line else None
        found.append(Written(line["question"], language, line["article"], shard, gold))
    return found


def twins(data: Sequence[Collection], *, kept_back: bool) -> list[Twins]:
    """The twins, without those kept back or these alone."""
    passages = {identifier: texts for collection in data for identifier, texts in collection.passages.items()}
    found = []
    for line in lines("twins.jsonl"):
        if (_KEPT_BACK.fullmatch(line["id"]) is not None) is not kept_back:
            continue
        language = line["language"]
        sentences = (
            split(line["id"], line["text"], language)
            if "text" in line
            else [Sentence("", 0, 0, 0, text, 0) for text in passages[line["id"]]]
        )
        for answered, unanswered, gold in line["pairs"]:
            place = _place(sentences, gold)
            found.append(Twins(sentences, language, line.get("asked", language), answered, unanswered, place))
    return found


def _place(sentences: Sequence[Sentence], quoted: str) -> int:
    """The first sentence that is quoted, or of which a part is."""
    texts = [" ".join(sentence.text.split()) for sentence in sentences]
    return next(place for place, text in enumerate(texts) if text in quoted or quoted in text)


def articles_of(
    collections: Sequence[Collection], samples: Mapping[str, Shard], background: Vectors
) -> Callable[[dict[str, Any]], Shard]:
    """Finds the article that a line of a file of training/questions is about."""
    by_name = {collection.name: collection for collection in collections}

    def article(line: dict[str, Any]) -> Shard:
        if line["set"] == "corpus":
            return samples[line["article"]]
        collection = by_name[line["set"]]
        return collection.shard(collection.articles[line["article"]][:PASSAGES], background)

    return article


def twins_unseen(collections: Sequence[Collection], embedder: Embedder, background: Vectors) -> list[Written]:
    """The twins that are kept back, as questions to their texts."""
    found = []
    shards: dict[int, Shard] = {}
    for one in twins(collections, kept_back=True):
        if id(one.sentences) not in shards:
            vectors = embedder.passages([sentence.text for sentence in one.sentences])
            shards[id(one.sentences)] = Shard.build(one.sentences, one.language, vectors, background)
        shard = shards[id(one.sentences)]
        name = one.sentences[0].text
        found += [
            Written(one.answered, one.asked, name, shard, one.gold),
            Written(one.unanswered, one.asked, name, shard, None),
        ]
    return found


def is_learned(question: Question) -> bool:
    """Whether the reader learns from this question of the sets, or may have."""
    return hashlib.sha256(question.text.encode()).digest()[0] < 128


def rows(data: Path, embedder: Embedder) -> list[AnswerRow]:
    """All rows to learn from, always the same ones in the same order."""
    collections = [Collection(data, name, embedder) for name in SETS]
    apart, _ = choose_background(collections)
    background = answerability.background(embedder.name)
    assert background is not None
    article = articles_of(collections, {}, background)
    found = [row for one in written("articles.jsonl", article) for row in _of_written(one, embedder)]
    held_out = {(line["set"], line["article"]) for line in lines("held_out.jsonl")}
    for collection in collections:
        step = 2 if collection.name == "piaf_fr" else 1
        for question in collection.questions[::step]:
            known = (collection.name, question.article)
            if known not in apart | held_out and is_learned(question):
                found += _of_crowd(question, collection, background)
    chance = random.Random(4)
    for number, each in enumerate(twins(collections, kept_back=False)):
        found += _of_twins(each, chance, odd=bool(number % 2))
    return found


def second_rows(data: Path, embedder: Embedder) -> list[AnswerRow]:
    """Rows of a second stage: questions with passages about something else, which the first never saw, and some of its own."""
    collections = [Collection(data, name, embedder) for name in SETS]
    apart, _ = choose_background(collections)
    background = answerability.background(embedder.name)
    assert background is not None
    chance = random.Random(7)
    asked = written("articles.jsonl", articles_of(collections, {}, background))
    shards = {one.article: one.shard for one in asked}
    found = []
    for one in asked:
        strangers = [
            shard for article, shard in shards.items() if article != one.article and shard.language == one.language
        ]
        found.append(_far(one.question, one.language, chance.choice(strangers).sentences, chance))
        if one.gold is not None:
            found.append(_row(one.question, one.shard.sentences, one.gold, 1, 1.0))
        elif chance.random() < 0.8:
            top = _found_first(one.question, embedder.query(one.question), one.language, one.shard)[0]
            found.append(_row(one.question, one.shard.sentences, top, 0, 0.9))
    pairs = twins(collections, kept_back=False)
    for number, each in enumerate(pairs):
        if chance.random() < 0.25:
            others = [other for other in chance.sample(pairs, 24) if other.language == each.language]
            sentences = [
                sentence
                for other in others[:8]
                if other.sentences is not each.sentences
                for sentence in other.sentences
            ]
            foreign = each.answered if number % 2 else each.unanswered
            found.append(_far(foreign, each.language, sentences, chance))
        if chance.random() < 0.33:
            found.append(_row(each.answered, each.sentences, each.gold, 1, 1.0))
            found.append(_row(each.unanswered, each.sentences, each.gold, 0, 0.8))
    held_out = {(line["set"], line["article"]) for line in lines("held_out.jsonl")}
    for collection in collections:
        titles = sorted(title for title in collection.articles if (collection.name, title) not in apart | held_out)
        for question in collection.questions[:: 2 if collection.name == "piaf_fr" else 1]:
            if question.article in titles and is_learned(question) and question.gold:
                found += _crowd_and_far(question, collection, titles, background, chance)
    return found


def _crowd_and_far(
    question: Question, collection: Collection, titles: Sequence[str], background: Vectors, chance: random.Random
) -> Iterator[AnswerRow]:
    own = collection.articles[question.article]
    before = sum(len(collection.passages[passage]) for passage in own[: own.index(question.passage)])
    yield _row(question.text, collection.shard(own, background).sentences, before + question.gold[0], 1, 1.0)
    stranger = chance.choice([title for title in titles if title != question.article])
    shard = collection.shard(collection.articles[stranger], background)
    top = _found_first(question.text, question.vector, question.language, shard)[0]
    yield _row(question.text, shard.sentences, top, 0, 0.6)


def _far(question: str, language: str, sentences: Sequence[Sentence], chance: random.Random) -> AnswerRow:
    """A question with the sentence of other texts that shares most words with it."""
    place = _most_alike(question, language, sentences, range(0), chance)
    assert place is not None
    return _row(question, sentences, place, 0, 0.6)


def _row(question: str, sentences: Sequence[Sentence], place: int, answers: int, weight: float) -> AnswerRow:
    return AnswerRow(question, joined(sentences, around(sentences, place)), answers, weight)


def _found_first(question: str, vector: Any, language: str, shard: Shard) -> list[int]:
    ranking = rank(question, vector, language, [shard])
    return [int(place) for place in highest(ranking.relevance, _TOP)]


def _of_written(one: Written, embedder: Embedder) -> Iterator[AnswerRow]:
    sentences = one.shard.sentences
    top = _found_first(one.question, embedder.query(one.question), one.language, one.shard)
    if one.gold is None:
        for place in top[:2]:
            yield AnswerRow(one.question, joined(sentences, around(sentences, place)), 0, 0.75)
        return
    yield AnswerRow(one.question, joined(sentences, around(sentences, one.gold)), 1, 1.0)
    for place in top[:3]:
        near = around(sentences, place)
        if one.gold not in near:
            yield AnswerRow(one.question, joined(sentences, near), 0, 0.5)
            return
        if place != one.gold:
            yield AnswerRow(one.question, joined(sentences, near), 1, 0.5)


def _of_crowd(question: Question, collection: Collection, background: Any) -> Iterator[AnswerRow]:
    own = collection.articles[question.article]
    if not answerability.topical(question.text, question.language) or not question.gold:
        return
    shard = collection.shard(own, background)
    before = sum(len(collection.passages[passage]) for passage in own[: own.index(question.passage)])
    gold = before + question.gold[0]
    yield AnswerRow(question.text, joined(shard.sentences, around(shard.sentences, gold)), 1, 0.8)
    for place in _found_first(question.text, question.vector, question.language, shard)[:4]:
        near = around(shard.sentences, place)
        if gold not in near:
            yield AnswerRow(question.text, joined(shard.sentences, near), 0, 0.5)
            break
    rest = [passage for passage in own if passage != question.passage]
    if rest:
        shard = collection.shard(rest, background)
        place = _found_first(question.text, question.vector, question.language, shard)[0]
        yield AnswerRow(question.text, joined(shard.sentences, around(shard.sentences, place)), 0, 0.6)


def _of_twins(one: Twins, chance: random.Random, *, odd: bool) -> Iterator[AnswerRow]:
    near = around(one.sentences, one.gold)
    yield AnswerRow(one.answered, joined(one.sentences, near), 1, 1.0)
    yield AnswerRow(one.unanswered, joined(one.sentences, near), 0, 0.8)
    elsewhere = [
        _most_alike(question, one.language, one.sentences, near, chance) for question in (one.answered, one.unanswered)
    ]
    place = elsewhere[0 if odd else 1]
    if place is None:
        return
    there = around(one.sentences, place)
    if odd:
        alone = range(place, place + 1)
        yield AnswerRow(one.answered, joined(one.sentences, alone if one.gold in there else there), 0, 0.5)
    else:
        yield AnswerRow(one.unanswered, joined(one.sentences, there), 0, 0.6)


def _most_alike(
    question: str, language: str, sentences: Sequence[Sentence], apart: range, chance: random.Random
) -> int | None:
    """The sentence that shares most words with a question, beside some."""
    terms = analyzer(language).terms
    asked = set(terms(question))
    scores = [
        (len(asked & set(terms(sentence.text))) + chance.random() * 0.5, place)
        for place, sentence in enumerate(sentences)
        if place not in apart
    ]
    return max(scores)[1] if scores else None
