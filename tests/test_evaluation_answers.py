"""What the answers quote, on two small articles whose answering sentences are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.evaluation import answers
from debatebot.evaluation.bench import Bench
from tests.fakes import FakeEmbeddings

PASSAGES = [
    ("p1", "Wolf", ["The wolf came back in 1992.", "It eats sheep at night."]),
    ("p2", "Wolf", ["Shepherds sleep badly.", "A dog guards the flock."]),
    ("p3", "Train", ["The train leaves at noon.", "It runs to Lyon."]),
]
QUESTIONS = [
    ("q1", "What does the wolf eat at night?", "p1", [1]),
    ("q2", "What guards the flock?", "p2", [1]),
    ("q3", "In what year did the wolf come back?", "p1", [0]),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    passages = [{"id": key, "title": title, "text": " ".join(s), "sentences": s} for key, title, s in PASSAGES]
    asked = [{"id": key, "question": q, "passage_id": p, "gold_sentences": gold} for key, q, p, gold in QUESTIONS]
    for name, rows in (("xquad_en_passages", passages), ("xquad_en_questions", asked)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return tmp_path


def values(bench: Bench) -> dict[str, float]:
    [measure] = [each for each in answers.MEASURES if all(map(bench.has, each.needs))]
    return {figure.name: figure.statistic(np.arange(figure.units)) for figure in measure.run(bench)}


def test_a_plain_fact_is_found_by_all_and_the_figures_agree(folder: Path) -> None:
    found = values(Bench(folder, BuiltinEmbeddings()))
    neutral, anybody, near = found.values()
    assert neutral <= anybody <= 100
    assert neutral > 30  # one question in three: a year is a plain fact: every side quotes the sentence that has it
    assert 0 < near <= 100


def test_every_question_is_a_unit_and_the_simple_method_is_asked_the_same(folder: Path) -> None:
    bench = Bench(folder, FakeEmbeddings())
    [measure] = [each for each in answers.MEASURES if all(map(bench.has, each.needs))]
    figures = list(measure.run(bench))
    assert {figure.units for figure in figures} == {len(QUESTIONS)}
    assert all(figure.baseline is not None and 0 <= figure.baseline <= 100 for figure in figures)
