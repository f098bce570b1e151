"""Sentence → outlook: on sentences it never saw, on negations and changes, and with embeddings it was not trained for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.evaluation.bench import Bench
from debatebot.evaluation.outlook import MEASURES, sides, trained_sides
from debatebot.outlook import OutlookScorer
from debatebot.outlook.valence import FEATURES, LANGUAGES, MODELS, lexical_features
from debatebot.types import Vectors

ROOT = Path(__file__).parents[1]
SIDES = {"worried": -1, "neutral": 0, "hopeful": 1}

BUILTIN = BuiltinEmbeddings()
SCORER = OutlookScorer(BUILTIN)


class OtherEmbeddings:
    """The built-in vectors under another name: a model that no head was trained for. Counts what it is asked to embed."""

    name = "another-model"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(len(texts))
        return BUILTIN.passages(texts)

    def query(self, text: str) -> Vectors:
        return BUILTIN.query(text)


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


UNSEEN = rows(ROOT / "tests/data/outlook_unseen.jsonl")
UNSEEN_LONG = rows(ROOT / "tests/data/outlook_unseen_two.jsonl")


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return BUILTIN.passages([row["text"] for row in UNSEEN])


def unseen(language: str, vectors: Vectors, scorer: OutlookScorer = SCORER) -> tuple[Vectors, Vectors]:
    """Outlooks and labels (-1, 0, 1) of the unseen sentences of one language."""
    chosen = [place for place, row in enumerate(UNSEEN) if row["language"] == language]
    outlook = scorer.score([UNSEEN[place]["text"] for place in chosen], vectors[chosen], language)
    return outlook, np.array([SIDES[UNSEEN[place]["label"]] for place in chosen], dtype=np.float32)


def outlook(text: str, language: str) -> float:
    return float(SCORER.score([text], BUILTIN.passages([text]), language)[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_side_of_sentences_on_unseen_topics(language: str, vectors: Vectors) -> None:
    scores, labels = unseen(language, vectors)
    polar = labels != 0
    assert np.mean(np.sign(scores[polar]) == labels[polar]) >= 0.65  # measured: 71 % fr, 79 % en
    assert np.mean(scores[polar] * labels[polar] >= 0.5) >= 0.4  # measured: about half


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_facts_on_unseen_topics_stay_small(language: str, vectors: Vectors) -> None:
    scores, labels = unseen(language, vectors)
    assert np.mean(np.abs(scores[labels == 0]) <= 0.2) >= 0.9  # measured: all but one


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_sentences_on_unseen_topics(language: str) -> None:
    chosen = [row for row in UNSEEN_LONG if row["language"] == language]
    texts = [row["text"] for row in chosen]
    scores = SCORER.score(texts, BUILTIN.passages(texts), language)
    labels = np.array([SIDES[row["label"]] for row in chosen], dtype=np.float32)
    polar = labels != 0
    assert np.mean(np.sign(scores[polar]) == labels[polar]) >= 0.65  # measured: 71 % fr, 92 % en
    assert np.mean(scores[polar] * labels[polar] <= -0.5) <= 0.1  # measured: 4 % in both


@pytest.mark.parametrize(
    ("language", "hopeful", "worried"),
    [
        ("fr", "Le chantier créera trois cents emplois.", "Le chantier ne créera aucun emploi."),
        ("fr", "Le danger a disparu.", "Le danger n'a pas disparu."),
        ("fr", "Le traitement est sans danger pour les enfants.", "Le traitement est dangereux pour les enfants."),
        ("fr", "Le prix des médicaments recule enfin.", "Le prix des médicaments s'envole encore."),
        ("fr", "Les salaires ont augmenté.", "Les salaires ont baissé."),
        (
            "fr",
            "Malgré les risques, la réforme profite à tous.",
            "Malgré ses promesses, la réforme ne profite à personne.",
        ),
        ("en", "The project will create three hundred jobs.", "The project will not create a single job."),
        ("en", "The danger has disappeared.", "The danger has not disappeared."),
        ("en", "The treatment is harmless for children.", "The treatment is not safe for children."),
        ("en", "Unemployment fell sharply.", "Unemployment rose sharply."),
        ("en", "Wages have increased.", "Wages have decreased."),
        ("en", "Despite the risks, the reform benefits everyone.", "Despite its promises, the reform benefits nobody."),
    ],
)
def test_negations_and_changes_turn_the_side(language: str, hopeful: str, worried: str) -> None:
    assert outlook(hopeful, language) > 0 > outlook(worried, language)


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("en", "Net sales came to 6.4 million euros, against 5.1 million a year earlier.", 1),
        ("en", "Net sales came to 6.4 million euros, against 5.1 billion a year earlier.", -1),
        ("en", "Net sales came to 1,250 dollars, compared with 998 dollars.", 1),
        ("en", "The firm reports net sales of 900 units from 2019.", 0),
        ("fr", "Les ventes atteignent 3,9 millions d'euros, contre 4,2 l'an dernier.", -1),
        ("fr", "La facture s'élève à 1 250 euros, contre 1 400 l'an dernier.", 1),
        ("fr", "Le lac mesure 12 kilomètres de long, contre 4 de large.", 0),
    ],
)
def test_figures_compared_with_earlier_ones(language: str, text: str, side: int) -> None:
    assert lexical_features([text], language)[0, FEATURES.index("comparison")] == side


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("fr", "La crainte est que le nouveau port rende la ville plus belle et plus chère.", -1),
        ("fr", "La fermeture du bureau de poste inquiète aussi les plus âgés.", -1),
        ("fr", "Pour les pessimistes, cette belle récolte est la promesse de prix trop bas.", -1),
        ("fr", "L'espoir est que la sécheresse de trop réveille enfin les élus.", 1),
        ("en", "Critics fear that the prize will bring more visitors than the valley can bear.", -1),
        ("en", "For the optimists, the collapse of the old bank cleared the way.", 1),
        ("fr", "Le danger serait un port magnifique dont personne ne veut.", -1),
        ("fr", "La belle victoire du club risque de se retourner contre lui.", -1),
        ("fr", "Rien ne prouve que ces excellents résultats tiennent ailleurs.", -1),
        ("fr", "Les maisons du quai seraient à l'abri des crues et des tempêtes.", 1),
        ("en", "Villages behind the dyke would be safer from floods like the one that killed hundreds.", 1),
        ("en", "The vaccine removes the long wait for a doctor and the danger of infection.", 1),
        ("en", "A cheap harvest is also a reason for worry.", -1),
        ("en", "Without more money, however, the finest museum will shine for nobody.", -1),
    ],
)
def test_a_sentence_that_says_where_it_stands_stands_there(language: str, text: str, side: int) -> None:
    [outlook] = SCORER.score([text], BUILTIN.passages([text]), language)
    assert outlook * side >= 0.35


@pytest.mark.parametrize(
    "text",
    [
        "The fear that the graft would be rejected proved groundless, and the patient went home.",
        "Critics fear that the harvest will fail, but the farmers celebrate the best and happiest spring in years.",
    ],
)
def test_a_fear_that_is_answered_in_the_same_sentence_decides_nothing(text: str) -> None:
    [outlook] = SCORER.score([text], BUILTIN.passages([text]), "en")
    assert outlook > -0.35


def test_shape_and_order(vectors: Vectors) -> None:
    texts = [row["text"] for row in UNSEEN]
    together = SCORER.score(texts, vectors, "fr")
    assert together.shape == (len(texts),)
    assert together.dtype == np.float32
    alone = [SCORER.score([text], vectors[place : place + 1], "fr")[0] for place, text in enumerate(texts[:5])]
    assert together[:5] == pytest.approx(alone, abs=1e-5)
    assert SCORER.score([], vectors[:0], "fr").shape == (0,)


def test_one_vector_a_text(vectors: Vectors) -> None:
    with pytest.raises(ValueError, match="2 texts, 3 vectors"):
        SCORER.score(["a", "b"], vectors[:3], "en")


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(st.one_of(st.characters(), st.sampled_from("0123456789.,'’ \u00a0")), max_size=200),
    language=st.sampled_from(["fr", "en", "de", ""]),
)
def test_any_text_stays_within_bounds(text: str, language: str) -> None:
    unit = np.full((1, 384), 384**-0.5, dtype=np.float32)
    assert -1 <= SCORER.score([text], unit, language)[0] <= 1


@pytest.mark.parametrize("figure", ["9" * 400, "1," * 500, "1 000 " * 500])
def test_endless_figures(figure: str) -> None:
    features = lexical_features([f"Sales came to {figure} euros, against {figure} euros."], "en")
    assert features[0, FEATURES.index("comparison")] == 0


def test_a_language_without_word_lists_is_scored_by_its_vectors() -> None:
    texts = ["Das ist ein großer Erfolg für alle Familien.", "Das ist eine schreckliche Katastrophe für alle Familien."]
    hopeful, worried = SCORER.score(texts, BUILTIN.passages(texts), "de")
    assert hopeful > worried


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_embeddings(language: str, vectors: Vectors) -> None:
    scores, labels = unseen(language, vectors, OutlookScorer(OtherEmbeddings()))
    assert scores[labels > 0].mean() - scores[labels < 0].mean() >= 0.25
    assert np.mean(np.sign(scores[labels != 0]) == labels[labels != 0]) >= 0.55  # measured: 61 % fr, 71 % en
    assert np.abs(scores).max() <= 1


def test_prototypes_are_embedded_once_and_only_where_needed(vectors: Vectors) -> None:
    embeddings = OtherEmbeddings()
    scorer = OutlookScorer(embeddings)
    assert embeddings.calls == []
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: unseen("fr", vectors, scorer)[0], range(8)))
    assert embeddings.calls == [24, 24]
    assert all(np.array_equal(result, results[0]) for result in results)


def test_the_mark_tells_which_files_and_which_vectors_scored() -> None:
    assert SCORER.mark == OutlookScorer(BUILTIN).mark != OutlookScorer(OtherEmbeddings()).mark


def test_the_stored_head_fits_the_features() -> None:
    stored = json.loads((MODELS / "outlook.json").read_text("utf-8"))
    assert stored["features"] == FEATURES
    assert stored["embeddings"] == BUILTIN.name
    assert sum(path.stat().st_size for path in MODELS.glob("outlook.*")) < 1_000_000


def test_training_and_unseen_sentences_share_nothing() -> None:
    training = rows(ROOT / "training/outlook.jsonl")
    texts = [row["text"] for row in training]
    assert len(set(texts)) == len(texts)
    assert {row["label"] for row in training} == set(SIDES)
    for unseen in (UNSEEN, UNSEEN_LONG):
        assert not set(texts) & {row["text"] for row in unseen}
        assert not {row["topic"] for row in training} & {row["topic"] for row in unseen}
    for language in LANGUAGES:
        assert sum(row["language"] == language for row in training) >= 500


def test_bands_part_worried_neither_and_hopeful() -> None:
    outlooks = np.array([-0.5, -0.1, 0.2, 0.9], dtype=np.float32)
    assert list(sides(outlooks, "fr")) == [-1, 0, 1, 1]
    assert list(sides(outlooks, "en")) == [-1, 0, 0, 1]


def test_what_training_brings_is_learned_from_other_rows() -> None:
    generator = np.random.default_rng(0)
    truth = np.repeat(np.array([-1, 0, 1]), 40)
    told = (np.eye(3)[truth + 1] + 0.1 * generator.standard_normal((120, 3))).astype(np.float32)
    assert np.mean(trained_sides(told, truth) == truth) > 0.95
    nothing = generator.standard_normal((120, 3)).astype(np.float32)
    assert np.mean(trained_sides(nothing, truth) == truth) < 0.6


def test_measures_of_public_sentences(tmp_path: Path) -> None:
    labels = {"worried": "negative", "neutral": "neutral", "hopeful": "positive"}
    for name, language in (("fpb_sentiment", "en"), ("umsab_fr", "fr")):
        chosen = [row for row in UNSEEN if row["language"] == language]
        lines = [json.dumps({"split": "test", "text": row["text"], "label": labels[row["label"]]}) for row in chosen]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    figures = [figure for measure in MEASURES for figure in measure.run(Bench(tmp_path, BUILTIN))]
    values = {figure.name: figure.statistic(np.arange(figure.units)) for figure in figures}
    assert len(values) == 4
    assert values["outlook/umsab_fr"] > 60
    assert values["outlook/fpb_sentiment"] > 60
