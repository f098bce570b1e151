from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from debatebot.answerability import background
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.evaluation import answerable, retrieval
from debatebot.evaluation.bench import Bench, Figure
from debatebot.evaluation.passages import articles, questions, rank_of
from tests.fakes import FakeEmbeddings

PASSAGES = [
    ("p1", "Loup", ["Le loup est revenu en 1992.", "Il mange des brebis la nuit."]),
    ("p2", "Loup", ["Les bergers dorment mal.", "Un chien garde le troupeau."]),
    ("p3", "Train", ["Le train part à midi.", "Il roule vers Lyon."]),
]
QUESTIONS = [
    ("q1", "Que mange le loup la nuit ?", "p1", [1]),
    ("q2", "Qui garde le troupeau ?", "p2", [1]),
    ("q3", "Quand part le train ?", "p3", [0]),
]


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    for name in ("fquad_fr", "piaf_fr", "xquad_en", "xquad_es"):
        passages = [{"id": key, "title": title, "text": " ".join(s), "sentences": s} for key, title, s in PASSAGES]
        asked = [{"id": key, "question": q, "passage_id": p, "gold_sentences": gold} for key, q, p, gold in QUESTIONS]
        write(tmp_path, f"{name}_passages", passages)
        write(tmp_path, f"{name}_questions", asked)
    write(
        tmp_path, "tatoeba_fr_en", [{"id": "1", "fr": "Un loup.", "en": "A wolf."}, {"id": "2", "fr": "Un", "en": "a"}]
    )
    claims: list[dict[str, Any]] = [
        {"claim": "The wolf eats sheep.", "supporting_sentences": [[1], [1, 2]]},
        {"claim": "The moon is green.", "supporting_sentences": []},
    ]
    sentences = ["The train leaves.", "The wolf eats sheep at night.", "Nobody sleeps."]
    write(tmp_path, "wice_claims", [row | {"sentences": sentences} for row in claims])
    return Bench(folder=tmp_path, embeddings=FakeEmbeddings())


def figures(bench: Bench, name: str) -> dict[str, Figure]:
    measure = next(each for each in (*retrieval.MEASURES, *answerable.MEASURES) if each.name == name)
    assert all(bench.has(needed) for needed in measure.needs)
    return {figure.name: figure for figure in measure.run(bench)}


def value(figure: Figure) -> float:
    return figure.statistic(np.arange(figure.units))


def test_sentences_are_ranked_within_their_article(bench: Bench) -> None:
    found = figures(bench, "sentence/fquad_fr")
    assert found["sentence/fquad_fr R@5"].units == 3
    assert value(found["sentence/fquad_fr R@5"]) == 100
    assert 50 <= value(found["sentence/fquad_fr MRR@10"]) <= 100


def test_the_paragraph_is_that_of_the_best_sentence(bench: Bench) -> None:
    assert value(figures(bench, "paragraph/piaf_fr")["paragraph/piaf_fr R@1"]) == 100


def test_across_languages_the_vectors_alone_are_the_target(bench: Bench) -> None:
    (figure,) = figures(bench, "across/xquad en→es").values()
    assert figure.target is not None
    assert value(figure) >= 0
    (figure,) = figures(bench, "across/tatoeba fr→en").values()
    assert figure.units == 2


def test_answers_in_another_language_are_counted_apart(bench: Bench) -> None:
    found = figures(bench, "beside/xquad en+es")
    assert {name: figure.units for name, figure in found.items()} == {
        "en→en+es/xquad, en R@5": 2,
        "en→en+es/xquad, es R@5": 1,
    }
    assert value(found["en→en+es/xquad, en R@5"]) == 100


def test_only_claims_with_support_are_asked_for(bench: Bench) -> None:
    found = figures(bench, "claim/wice_claims")
    assert [(figure.units, value(figure)) for figure in found.values()] == [(1, 100), (1, 100)]


def test_the_sentences_read_are_those_with_most_words_in_the_order_of_the_page() -> None:
    sentences = ["Sheep sleep.", "Nothing.", "The wolf eats sheep.", "Trains."]
    assert retrieval.best_by_words("A wolf eats sheep", sentences, 2) == [0, 2]


def test_a_draw_embeds_only_the_articles_it_asks_about(bench: Bench) -> None:
    drawn = Bench(folder=bench.folder, embeddings=bench.embeddings, limit=1)
    asked = questions(drawn, "fquad_fr")
    assert len(asked) == 1
    assert len(articles(drawn, "fquad_fr", asked).shards) == 1


def test_whole_passages_are_one_sentence_each(bench: Bench) -> None:
    found = articles(bench, "fquad_fr", questions(bench, "fquad_fr"), whole=True)
    assert [len(shard) for shard in found.shards.values()] == [2, 1]
    assert found.places["p2"].start == 1


def test_a_rank_counts_what_is_better_than_the_best_right_one() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.5], dtype=np.float32)
    assert rank_of(scores, [2]) == 2
    assert rank_of(scores, [0, 1]) == 1


class TestAnswerable:
    def test_its_figures_are_balanced(self, bench: Bench) -> None:
        real = Bench(folder=bench.folder, embeddings=BuiltinEmbeddings())
        found = figures(real, "answerable/fquad_fr")
        other, removed, own = found.values()
        assert (other.target, removed.target, own.target) == (98.0, 80.0, None)
        assert value(own) > 60
        assert value(other) > 60
        # An article of one paragraph cannot do without it, and counts for neither side.
        assert np.isfinite(value(removed))

    def test_an_article_without_a_paragraph_is_the_rest(self, bench: Bench) -> None:
        searched = articles(bench, "fquad_fr", questions(bench, "fquad_fr")).shards["Loup"]
        rest = answerable.without(searched, 0, None)
        assert [sentence.text for sentence in rest.sentences] == PASSAGES[1][2]
        assert background("another") is None

    def test_near_misses_of_the_samples_are_refused_and_most_questions_accepted(self) -> None:
        few = Bench(folder=None, embeddings=BuiltinEmbeddings(), limit=40)
        answered, near = figures(few, "answerable/samples").values()
        assert value(answered) >= 65
        assert value(near) >= 50
        assert answered.units + near.units == 40
