"""The rows of the board about claims: what they count as right, from small sets made for the purpose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from debatebot.evaluation import alterations, calibration, flips, grounding
from debatebot.evaluation.alterations import Material
from debatebot.evaluation.bench import Bench, Figure
from debatebot.types import Vectors
from tests.fake_server import FakeModelServer, Reply

TRUE = "The council approved 56 new homes on the old airfield in spring."
FALSE = "The council never approved 56 new homes on the old airfield in spring."
FOREIGN = "A ferry leaves the harbour for Norway every Thursday evening."


class HashedEmbeddings:
    """Unit vectors from the text alone."""

    name = "hashed"

    def passages(self, texts: Sequence[str]) -> Vectors:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        vectors = np.array([np.random.default_rng(seed).normal(size=16) for seed in seeds], dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.asarray(self.passages([text])[0], dtype=np.float32)


def bench(folder: Path, limit: int | None = None, **sets: Sequence[dict[str, Any]]) -> Bench:
    for name, rows in sets.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return Bench(folder, HashedEmbeddings(), limit=limit)


def figures(module: Any, given: Bench, name: str) -> list[Figure]:
    (measure,) = (one for one in module.MEASURES if one.name == name)
    return list(measure.run(given))


def value(figure: Figure) -> float:
    return figure.statistic(np.arange(figure.units))


def test_a_claim_that_follows_scores_above_one_that_does_not(tmp_path: Path) -> None:
    rows = [
        {"response": TRUE, "knowledge": TRUE, "label": "Fully attributable"},
        {"response": FOREIGN, "knowledge": TRUE, "label": "Not fully attributable"},
        {"response": FOREIGN, "knowledge": TRUE, "label": "Generic"},
    ]
    (figure,) = figures(grounding, bench(tmp_path, begin=rows), "follows/begin")
    assert (figure.units, value(figure)) == (3, 100.0)


def test_contradiction_is_set_against_support_and_the_undecided_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"claim": TRUE, "evidence": TRUE, "label": "SUPPORTS"},
        {"claim": FALSE, "evidence": TRUE, "label": "REFUTES"},
        {"claim": FOREIGN, "evidence": TRUE, "label": "NOT_ENOUGH_INFO"},
    ]
    (figure,) = figures(grounding, bench(tmp_path, climate_fever=rows), "contradicts/climate_fever")
    assert (figure.units, value(figure)) == (2, 100.0)


def test_a_summary_is_as_good_as_all_its_sentences(tmp_path: Path) -> None:
    rows = [
        {"summary": f"{TRUE} {FOREIGN}", "source": f"{TRUE} It rained all day.", "label": "hallucinated"},
        {"summary": f"{TRUE} It rained all day.", "source": f"{TRUE} It rained all day.", "label": "consistent"},
    ]
    (figure,) = figures(grounding, bench(tmp_path, faithbench=rows), "faithful/faithbench")
    assert (figure.units, value(figure)) == (2, 100.0)


def test_evidence_of_many_sentences_is_read_where_it_speaks_of_the_claim(tmp_path: Path) -> None:
    page = [f"Sentence {number} of a page about ships and harbours." for number in range(30)]
    rows = [
        {"claim": TRUE, "evidence": [*page, TRUE], "label": "supported"},
        {"claim": TRUE, "evidence": page, "label": "not_supported"},
    ]
    (figure,) = figures(grounding, bench(tmp_path, wice_oracle=rows), "follows/wice_oracle")
    assert value(figure) == 100.0


def test_a_model_that_is_named_has_rows_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"response": TRUE, "knowledge": TRUE, "label": "Fully attributable"},
        {"response": FOREIGN, "knowledge": TRUE, "label": "Not fully attributable"},
        {"response": FALSE, "knowledge": TRUE, "label": "Not fully attributable"},
    ]
    entries = [{"claim": 1, "verdict": "unsupported", "rests_on": "ferry", "sureness": 10}]
    with FakeModelServer([Reply(json.dumps({"verdicts": entries}))]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("DEBATEBOT_HOME", str(tmp_path))
        given = replace(bench(tmp_path, begin=rows), engine="openai:fake-model")
        builtin, asked = figures(grounding, given, "follows/begin")
    assert (builtin.units, asked.units) == (3, 2)
    assert asked.name == "follows/begin by openai:fake-model"
    assert value(asked) == 100.0
    assert len(server.requests) == 1


def test_calibration_is_an_error_with_its_points(tmp_path: Path) -> None:
    rows = [{"claim": TRUE, "evidence": TRUE, "label": "SUPPORTS"}] * 3
    rows.append({"claim": TRUE, "evidence": TRUE, "label": "REFUTES"})
    (figure,) = figures(calibration, bench(tmp_path, climate_fever=rows), "calibration/never fitted")
    assert figure.lower_is_better
    assert value(figure) == pytest.approx(25.0)
    assert [count for _score, _share, count in figure.points] == [4]


def test_without_a_folder_calibration_has_no_rows_and_flips_come_from_the_sample_articles() -> None:
    given = Bench(None, HashedEmbeddings(), limit=40)
    assert figures(calibration, given, "calibration/all sets") == []
    found = figures(flips, given, "flips")
    assert [figure.name for figure in found] == [kind.name for kind in flips.KINDS]
    assert all(figure.units for figure in found)


def test_the_same_claims_are_made_at_every_run() -> None:
    among = flips.sentences(Bench(None, HashedEmbeddings()))
    for kind in flips.KINDS:
        pairs = flips.made(kind, among, 12)
        assert pairs == flips.made(kind, among, 12)
        assert all((claim == sentence) is (kind.name == "kept/exact quotation") for claim, sentence in pairs)


@pytest.mark.parametrize(
    ("alteration", "sentence", "language"),
    [
        (alterations.another_number, "It cost 7.1 million dollars in 2023.", "en"),
        (alterations.another_number_word, "Les trois écoles ont fermé.", "fr"),
        (alterations.another_unit, "La ligne compte 12 kilomètres.", "fr"),
        (alterations.negated, "The school has closed.", "en"),
        (alterations.negated, "La mairie n’a pas fermé la piscine.", "fr"),
        (alterations.made_certain, "Le loup pourrait revenir.", "fr"),
        (alterations.opposite_word, "The northern coast is dry.", "en"),
        (alterations.shortened, "The council approved 56 new homes on the old airfield, near the river.", "en"),
        (alterations.reworded, "La ville a très vite fermé la piscine.", "fr"),
    ],
)
def test_an_alteration_changes_one_place(alteration: alterations.Alteration, sentence: str, language: str) -> None:
    for seed in range(20):
        altered = alteration(Material(sentence, language, Random(seed)))
        assert altered
        assert altered != sentence
        assert len(set(altered.split()) - set(sentence.split())) <= 2


@pytest.mark.parametrize(
    "alteration", [alterations.another_number, alterations.another_unit, alterations.opposite_word, alterations.negated]
)
def test_nothing_to_alter_gives_nothing(alteration: alterations.Alteration) -> None:
    assert alteration(Material("Bonjour, mademoiselle.", "fr", Random(0))) is None


def test_a_number_is_never_changed_to_an_equal_one() -> None:
    made = {alterations.another_number(Material("It cost 7.1 euros.", "en", Random(seed))) for seed in range(40)}
    assert "It cost 7.10 euros." not in made


def test_a_name_is_changed_for_one_the_sentence_does_not_hold() -> None:
    names = {"en": ["Rouen", "Londonderry", "Marseille"]}
    made = {
        alterations.another_name(Material("She came to London in May.", "en", Random(seed), names))
        for seed in range(20)
    }
    assert made == {"She came to Rouen in May.", "She came to Marseille in May."}
