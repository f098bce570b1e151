"""Whether the right sentence, or paragraph, is found; in French, across languages, and for a claim.

All go through the ranking that the index searches with. A question is ranked among the sentences of its own article; the
paragraph found is that of the best sentence, among all articles of a set. Across languages, where there are whole paragraphs
(or whole translations) and no neighbours, each is one unit, and the vectors alone are measured in the same run: mixing in
words must not cost anything. Nor may it where articles in the question's language stand beside others: an answer in the other
language must not go under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from debatebot.answerability import background
from debatebot.evaluation.bench import Bench, Figure, Measure, Record
from debatebot.evaluation.metrics import recall_at, reciprocal_rank
from debatebot.evaluation.passages import Asked, articles, file_names, questions, rank_of, shard, titles_of
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.lexical import Postings, analyzer, question_terms, shares
from debatebot.types import Sentence

READ = 15
"""Sentences of a cited page that are embedded: those with most of the claim's words."""

_FOUND = 5  # sentences among which the supporting ones, or the answering one, should be

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the board: what is aimed at, and what a simple method reaches."""

    target: float | None
    baseline: float | None
    anchor: str | None = None


SENTENCES = {
    "fquad_fr": {"R@5": Goal(92.0, 86.7), "R@10": Goal(None, 91.7), "MRR@10": Goal(80.0, 75.3)},
    "piaf_fr": {"R@5": Goal(94.0, 90.0), "MRR@10": Goal(78.0, 73.1)},
}
PARAGRAPHS = {
    "piaf_fr": Goal(82.0, 78.4),
    "fquad_fr": Goal(77.0, 71.9, "BM25 on all of FQuAD's validation part: 58.8"),
    "cnil_fr": Goal(72.0, 67.5),
}
ACROSS = {("en", "es"): 94.0, ("en", "de"): 91.8, ("es", "en"): 93.0, ("de", "en"): 88.5}
BESIDE = (("en", "es"), ("en", "de"))
TRANSLATIONS = {("fr", "en"): 95.8, ("en", "fr"): 92.8}

_STATISTICS: dict[str, Callable[[Numbers], float]] = {
    "R@5": partial(recall_at, depth=5),
    "R@10": partial(recall_at, depth=10),
    "MRR@10": reciprocal_rank,
}


def _sentences(name: str, bench: Bench) -> Iterator[Figure]:
    asked = questions(bench, name)
    searched = articles(bench, name, asked)
    language = name.rpartition("_")[2]
    ranks = []
    for question in asked:
        place = searched.places[question.passage]
        found = rank(question.text, question.vector, language, [searched.shards[place.article]])
        ranks.append(rank_of(found.relevance, [place.start + index for index in question.gold]))
    for statistic, goal in SENTENCES[name].items():
        yield _figure(f"sentence/{name} {statistic}", np.array(ranks, dtype=np.float64), _STATISTICS[statistic], goal)


def _paragraphs(name: str, bench: Bench) -> Iterator[Figure]:
    asked = questions(bench, name)
    right, _alone = _paragraph_hits(bench, name, name, asked, whole=False)
    yield _figure(f"paragraph/{name} R@1", right, _share, PARAGRAPHS[name])


def _across(asked_in: str, written_in: str, bench: Bench) -> Iterator[Figure]:
    name, other = f"xquad_{written_in}", f"xquad_{asked_in}"
    passages = {row["id"]: row["passage_id"] for row in bench.records(file_names(name)[1])}
    titles = titles_of(bench, name)
    known = [row for row in bench.records(file_names(other)[1]) if row["id"] in passages]
    rows = bench.draw_by(known, lambda row: titles[passages[row["id"]]])
    asked = [Asked(row["question"], bench.embeddings.query(row["question"]), passages[row["id"]], ()) for row in rows]
    right, alone = _paragraph_hits(bench, name, other, asked, whole=True)
    yield from _beside_dense(f"{asked_in}→{written_in}/xquad", right, alone, ACROSS[asked_in, written_in])


def _paragraph_hits(
    bench: Bench, name: str, asked_as: str, asked: Sequence[Asked], *, whole: bool
) -> tuple[Numbers, Numbers]:
    """Whether the best sentence stands in the right paragraph, by the ranking and by the vectors alone."""
    searched = articles(bench, name, asked, whole=whole)
    shards = list(searched.shards.values())
    starts = dict(zip(searched.shards, np.cumsum([0, *map(len, shards)]).tolist(), strict=False))
    hits = []
    for question in asked:
        found = rank(question.text, question.vector, asked_as.rpartition("_")[2], shards)
        place = searched.places[question.passage]
        first = starts[place.article] + place.start
        hits.append([first <= int(scores.argmax()) < first + place.length for scores in (found.relevance, found.dense)])
    both = np.array(hits, dtype=np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _beside(asked_in: str, written_in: str, bench: Bench) -> Iterator[Figure]:
    """Questions to all articles, of which every second one is in the other language."""
    own, other = f"xquad_{asked_in}", f"xquad_{written_in}"
    translated = {row["id"]: row for row in bench.records(file_names(other)[1])}
    titles = titles_of(bench, own)
    known = [row for row in bench.records(file_names(own)[1]) if row["id"] in translated]
    rows = bench.draw_by(known, lambda row: titles[row["passage_id"]])
    others = background(bench.embeddings.name)
    here = articles(bench, own, [_asked(bench, row, row) for row in rows], background=others)
    there = articles(bench, other, [_asked(bench, row, translated[row["id"]]) for row in rows], background=others)
    order = sorted(here.shards.keys() & there.shards.keys())
    foreign = set(order[1::2])
    shards = [(there if title in foreign else here).shards[title] for title in order]
    starts = dict(zip(order, np.cumsum([0, *map(len, shards)]).tolist(), strict=False))
    ranks: dict[str, list[tuple[int, int]]] = {asked_in: [], written_in: []}
    for row in rows:
        language = written_in if titles[row["passage_id"]] in foreign else asked_in
        question = _asked(bench, row, row if language == asked_in else translated[row["id"]])
        place = (here if language == asked_in else there).places[question.passage]
        found = rank(question.text, question.vector, asked_in, shards)
        gold = [starts[place.article] + place.start + index for index in question.gold]
        ranks[language].append((rank_of(found.relevance, gold), rank_of(found.dense, gold)))
    for language, pairs in ranks.items():
        both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        goal = Goal(round(recall_at(both[:, 1], _FOUND), 1), None) if len(both) else Goal(None, None)
        name = f"{asked_in}→{asked_in}+{written_in}/xquad, {language} R@5"
        yield _figure(name, both[:, 0], partial(recall_at, depth=_FOUND), goal)


def _asked(bench: Bench, question: Record, answered: Record) -> Asked:
    vector = bench.embeddings.query(question["question"])
    return Asked(question["question"], vector, answered["passage_id"], tuple(answered["gold_sentences"]))


def _translations(asked_in: str, written_in: str, bench: Bench) -> Iterator[Figure]:
    rows = bench.draw(bench.records("tatoeba_fr_en"))
    searched = [shard([[row[written_in]] for row in rows], written_in, bench.embeddings)]
    hits = []
    for place, row in enumerate(rows):
        found = rank(row[asked_in], bench.embeddings.query(row[asked_in]), asked_in, searched)
        hits.append([rank_of(scores, [place]) == 1 for scores in (found.relevance, found.dense)])
    both = np.array(hits, dtype=np.float64).reshape(-1, 2)
    yield from _beside_dense(
        f"{asked_in}→{written_in}/tatoeba", both[:, 0], both[:, 1], TRANSLATIONS[asked_in, written_in]
    )


def _beside_dense(name: str, right: Numbers, alone: Numbers, baseline: float) -> Iterator[Figure]:
    goal = Goal(round(_share(alone), 1), baseline)
    yield _figure(f"{name} R@1", right, _share, goal)


def _claims(bench: Bench) -> Iterator[Figure]:
    rows = bench.draw([row for row in bench.records("wice_claims") if any(row["supporting_sentences"])])
    found = np.array([_supporting(bench, row) for row in rows], dtype=np.float64).reshape(-1, 2)
    yield _figure("claim/wice_claims hit@1", found[:, 0], _share, Goal(90.0, 85.4))
    yield _figure("claim/wice_claims gold recall@5", found[:, 1], _share, Goal(90.0, 85.5))


def _supporting(bench: Bench, row: Record) -> tuple[float, float]:
    """Whether the best sentence supports the claim, and how much of a supporting set is among the best five."""
    found = rank(row["claim"], bench.embeddings.query(row["claim"]), "en", [_page(bench, row)])
    order = np.argsort(-found.relevance, kind="stable").tolist()
    sets = [set(each) for each in row["supporting_sentences"] if each]
    first = set(order[:_FOUND])
    return float(order[0] in set().union(*sets)), max(len(each & first) / len(each) for each in sets)


def _page(bench: Bench, row: Record) -> Shard:
    """The cited page as one paragraph. Sentences that are not embedded stand as far from the claim as the farthest that is."""
    texts = row["sentences"]
    read = best_by_words(row["claim"], texts, READ)
    embedded = bench.embeddings.passages([texts[place] for place in read])
    farthest = embedded[int((embedded @ bench.embeddings.query(row["claim"])).argmin())]
    vectors = np.repeat(farthest[np.newaxis], len(texts), axis=0)
    vectors[read] = embedded
    return Shard.build([Sentence("", 0, 0, 0, text, 0) for text in texts], "en", vectors, None)


def best_by_words(claim: str, sentences: Sequence[str], limit: int) -> list[int]:
    """Places of the sentences with most of a claim's words by BM25, in the order of the page; all English."""
    terms = [analyzer("en").terms(sentence) for sentence in sentences]
    scores = shares(question_terms(claim, "en", "en"), [Postings.build(terms, "en")])
    return sorted(np.argsort(-scores, kind="stable")[:limit].tolist())


def _figure(name: str, values: Numbers, statistic: Callable[[Numbers], float], goal: Goal) -> Figure:
    return Figure(name, len(values), lambda drawn: statistic(values[drawn]), goal.target, goal.baseline, goal.anchor)


def _share(values: Numbers) -> float:
    return float(100 * values.mean()) if len(values) else float("nan")


def _measures() -> Iterator[Measure]:
    for name in SENTENCES:
        yield Measure(f"sentence/{name}", "retrieval", file_names(name), partial(_sentences, name))
    for name in PARAGRAPHS:
        yield Measure(f"paragraph/{name}", "retrieval", file_names(name), partial(_paragraphs, name))
    for asked_in, written_in in ACROSS:
        needs = (f"xquad_{written_in}_passages", f"xquad_{written_in}_questions", f"xquad_{asked_in}_questions")
        run = partial(_across, asked_in, written_in)
        yield Measure(f"across/xquad {asked_in}→{written_in}", "retrieval", needs, run)
    for asked_in, written_in in BESIDE:
        both = (*file_names(f"xquad_{asked_in}"), *file_names(f"xquad_{written_in}"))
        run = partial(_beside, asked_in, written_in)
        yield Measure(f"beside/xquad {asked_in}+{written_in}", "retrieval", both, run)
    for asked_in, written_in in TRANSLATIONS:
        run = partial(_translations, asked_in, written_in)
        yield Measure(f"across/tatoeba {asked_in}→{written_in}", "retrieval", ("tatoeba_fr_en",), run)
    yield Measure("claim/wice_claims", "retrieval", ("wice_claims",), _claims)


MEASURES: tuple[Measure, ...] = tuple(_measures())
