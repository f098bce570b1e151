"""Claim × text → stance: French and English, either way round, with other embeddings, and in a ranking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.evaluation.bench import Bench
from debatebot.evaluation.stance import MEASURES, held_out, strict_precision
from debatebot.stance import StanceScorer
from debatebot.stance.signals import LANGUAGES, SIGNALS, signals
from debatebot.types import Vectors

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "debatebot/models"


class KeptEmbeddings:
    """The built-in vectors, each text embedded once, under a name of choice."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._known: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, BuiltinEmbeddings().passages(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def query(self, text: str) -> Vectors:
        return BuiltinEmbeddings().query(text)


EMBEDDINGS = KeptEmbeddings(BuiltinEmbeddings().name)
SCORER = StanceScorer(EMBEDDINGS)
OTHER = StanceScorer(KeptEmbeddings("another-model"))
FRENCH = [json.loads(line) for line in (ROOT / "tests/data/stance_french.jsonl").read_text("utf-8").splitlines()]

BAN = "Cars should be banned from the city centre."
FOR_IT = "Cars pollute the air and kill pedestrians."
AGAINST_IT = "Cars are useful and give people freedom."


@pytest.mark.parametrize(("scorer", "least"), [(SCORER, 0.57), (OTHER, 0.6)], ids=["trained", "words alone"])
def test_french_pairs_nobody_trained_on(scorer: StanceScorer, least: float) -> None:
    said = scorer.score([row["claim"] for row in FRENCH], [row["text"] for row in FRENCH])
    sides = np.array([row["side"] for row in FRENCH])
    assert np.mean(np.sign(said) == sides) >= least  # measured: 62 and 66 %, chance 50
    assert np.mean(said * sides) > 0.05


def test_english_sides() -> None:
    pairs = [
        ("Homework should be abolished.", "Homework is a useless burden for children.", 1),
        ("Homework should be abolished.", "Homework is important because it helps pupils to learn.", -1),
        ("Nuclear power is necessary.", "Nuclear power provides clean energy and protects the climate.", 1),
        ("Nuclear power is necessary.", "Nuclear power is dangerous and too expensive.", -1),
        ("The death penalty should be allowed.", "The state should not kill.", -1),
    ]
    said = SCORER.score([claim for claim, _, _ in pairs], [text for _, text, _ in pairs])
    assert list(np.sign(said)) == [side for _, _, side in pairs]


def test_a_turned_claim_turns_the_stance() -> None:
    text = "Nuclear power is dangerous and too expensive."
    banned, wanted = SCORER.score(["Nuclear power should be banned.", "We should build nuclear plants."], [text, text])
    assert banned > 0 > wanted


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (
            "A uniform saves parents money.",
            "School uniforms are cheaper for families.",
            "Uniforms hinder free expression.",
        ),
        (
            "Les vaccins sauvent des vies.",
            "Grâce aux vaccins, des vies sont sauvées.",
            "Chacun doit rester libre de disposer de son corps.",
        ),
    ],
)
def test_same_point(one: str, same: str, other: str) -> None:
    likely, unlikely = SCORER.same_point([one, one], [same, other])
    assert 1 >= likely > unlikely >= 0


def test_rank_puts_the_wanted_side_first_and_keeps_every_text() -> None:
    texts = [AGAINST_IT, "The recipe asks for two eggs.", FOR_IT]
    assert SCORER.rank(BAN, texts, 1)[0] == 2
    assert SCORER.rank(BAN, texts, -1)[0] == 0
    assert sorted(SCORER.rank(BAN, texts, 1)) == [0, 1, 2]
    assert SCORER.rank(BAN, [], 1) == []


def test_rank_of_more_texts_than_are_looked_at_closely() -> None:
    texts = [f"{AGAINST_IT} {number}" for number in range(110)]
    assert sorted(SCORER.rank(BAN, texts, -1)) == list(range(110))


def test_shape_order_and_refusal() -> None:
    claims, texts = [BAN, BAN, BAN], [FOR_IT, AGAINST_IT, FOR_IT]
    said = SCORER.score(claims, texts)
    assert said.shape == (3,)
    assert said.dtype == np.float32
    assert said[0] == pytest.approx(said[2], abs=1e-5)
    assert said[:1] == pytest.approx(SCORER.score([BAN], [FOR_IT]), abs=1e-5)
    assert SCORER.score([], []).shape == SCORER.same_point([], []).shape == (0,)
    with pytest.raises(ValueError, match="1 claims, 2 texts"):
        SCORER.score([BAN], texts[:2])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_stay_within_bounds(claim: str, text: str) -> None:
    assert -1 <= OTHER.score([claim], [text])[0] <= 1
    assert 0 <= OTHER.same_point([claim], [text])[0] <= 1


@pytest.mark.parametrize(
    ("language", "text", "attitude"),
    [
        ("en", "It should be banned.", -1),
        ("en", "It should not be banned.", 1),
        ("en", "It must be protected.", 1),
        ("en", "The river is long.", 0),
        ("fr", "Il faut interdire la chasse.", -1),
        ("fr", "Il ne faut pas interdire la chasse.", 1),
        ("fr", "On doit protéger les abeilles.", 1),
    ],
)
def test_what_is_demanded(language: str, text: str, attitude: int) -> None:
    assert signals([text], language)[0, SIGNALS.index("demand")] == attitude


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_texts_have_no_signals(language: str) -> None:
    assert signals([], language).shape == (0, len(SIGNALS))


def test_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.glob("stance.*")) < 1_000_000


def test_rows_for_testing_are_those_of_the_last_split() -> None:
    rows = [{"split": name} for name in ("train", "dev")]
    assert held_out(rows) == [{"split": "dev"}]
    assert held_out([*rows, {"split": "test"}]) == [{"split": "test"}]


def test_strict_precision() -> None:
    assert strict_precision(np.array([True, False, True])) == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert strict_precision(np.array([False])) == 0


def test_measures_on_a_folder_with_only_a_second_part(tmp_path: Path) -> None:
    perspectives = [
        {"split": "test", "claim": BAN, "perspective": FOR_IT, "label": "support", "overlap_dev": False},
        {"split": "test", "claim": BAN, "perspective": AGAINST_IT, "label": "undermine", "overlap_dev": True},
    ]
    arguments = [
        {"split": "test", "topic": BAN, "argument": FOR_IT, "label": "pro"},
        {"split": "test", "topic": BAN, "argument": AGAINST_IT, "label": "con"},
    ]
    matches = [
        {"split": "test", "topic": BAN, "stance": "1", "argument": argument, "key_point": point, "label": label}
        for argument, point, label in [
            (FOR_IT, "Cars kill pedestrians and pollute.", 1),
            (FOR_IT, "Shops would earn more.", 0),
            ("Shops sell more in streets where people walk.", "Shops would earn more.", 1),
        ]
    ]
    sets: dict[str, Sequence[object]] = {
        "perspectrum_stance": perspectives,
        "argkp_stance": arguments,
        "argkp_match": matches,
    }
    for name, rows in sets.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    bench = Bench(tmp_path, EMBEDDINGS)
    figures = {figure.name: figure for measure in MEASURES for figure in measure.run(bench)}
    values = {name: figure.statistic(np.arange(figure.units)) for name, figure in figures.items()}
    assert figures["stance/perspectrum_clean"].units == 1
    assert values["stance/argkp"] == values["wanted_side/ndcg@10"] >= 99
    assert values["same_point/argkp_map_strict"] == 100
