from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from debatebot.index.features import asked_for, candidate_features
from debatebot.index.ranking import CANDIDATES, first_stage, highest, rank
from debatebot.index.shards import Shard, passage
from debatebot.types import Sentence
from tests.fakes import FakeEmbeddings

EMBEDDINGS = FakeEmbeddings()


def shard(*paragraphs: tuple[str, ...], language: str = "fr") -> Shard:
    sentences = [Sentence("", 0, 0, 0, text, number) for number, texts in enumerate(paragraphs) for text in texts]
    return Shard.build(sentences, language, EMBEDDINGS.passages([sentence.text for sentence in sentences]))


def features(question: str, *shards: Shard) -> dict[str, list[float]]:
    first = first_stage(question, EMBEDDINGS.query(question), "fr", shards)
    rows = np.arange(len(first.dense))
    return {name: values.tolist() for name, values in candidate_features(question, "fr", shards, first, rows).items()}


HOTEL = shard(("L'hôtel du Parc domine la ville.", "Il fut bâti en 1904.", "Il a brûlé."), ("La gare est loin.",))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quand l'hôtel fut-il bâti ?", "date"),
        ("En quelle année l'hôtel fut-il bâti ?", "date"),
        ("What year was it built?", "date"),
        ("Combien de chambres compte l'hôtel ?", "quantity"),
        ("How many rooms are there?", "quantity"),
        ("Qui a bâti l'hôtel ?", "person"),
        ("Par qui l'hôtel fut-il bâti ?", "person"),
        ("Where is the hotel?", "place"),
        ("Dans quelle ville est l'hôtel ?", "place"),
        ("Où est l'hôtel ?", "place"),
        ("Pourquoi a-t-il brûlé ?", "reason"),
        ("Que domine l'hôtel ?", "other"),
        ("Qu'est-ce qui domine la ville ?", "other"),
    ],
)
def test_what_a_question_asks_for(question: str, expected: str) -> None:
    assert asked_for(question) == expected


class TestFeatures:
    def test_a_date_is_one_that_the_question_does_not_name(self) -> None:
        assert features("Quand l'hôtel fut-il bâti ?", HOTEL)["year_for_date"] == [0, 1, 0, 0]
        assert features("Quand l'hôtel de 1904 a-t-il brûlé ?", HOTEL)["year_for_date"] == [0, 0, 0, 0]
        assert features("Qui a bâti l'hôtel ?", HOTEL)["year_for_date"] == [0, 0, 0, 0]

    def test_a_name_answers_who(self) -> None:
        article = shard(("Le pont fut dessiné par Anna Berg.", "Le pont est beau."))
        assert features("Qui a dessiné le pont ?", article)["name_for_person"] == [1, 0]

    def test_words_are_counted_once_wherever_they_stand(self) -> None:
        found = features("Quand l'hôtel fut-il bâti ?", HOTEL)
        assert found["akin"][1] > 0
        assert found["before"][1] > 0
        assert found["before"][0] == 0
        assert found["before_that"][2] > 0
        for row in range(4):
            parts = ("akin", "before", "before_that", "after", "opening", "elsewhere")
            assert sum(found[part][row] for part in parts) == pytest.approx(found["paragraph"][row], abs=1e-5)

    def test_akin_words_are_found(self) -> None:
        article = shard(("Sa naissance fut fêtée.",), ("Le train part.",))
        found = features("Où naissent les loups ?", article)
        assert found["only_akin"][0] > found["only_akin"][1] == 0

    def test_the_article_that_holds_the_words_is_told(self) -> None:
        other = shard(("Le train part.",))
        found = features("Quand l'hôtel fut-il bâti ?", HOTEL, other)
        assert found["article"][0] == pytest.approx(1.0)
        assert found["article"][4] == 0

    def test_letters_in_common_count_without_a_common_word(self) -> None:
        article = shard(("Un informaticien travaille.",), ("Le train part.",))
        found = features("Que dit l'informatique ?", article)
        assert found["grams"][0] > found["grams"][1] == 0

    @pytest.mark.parametrize("question", ["", "?", "le la les", "zzz 42"])
    def test_a_question_without_known_words_is_no_error(self, question: str) -> None:
        assert all(np.isfinite(values).all() for values in features(question, HOTEL).values())


class TestRank:
    def test_each_weight_has_its_feature(self) -> None:
        stored = json.loads((files("debatebot") / "models" / "ranking.json").read_text("utf-8"))
        assert set(stored["weights"]) == set(features("Quand ?", HOTEL))

    def test_the_second_stage_deals_out_the_same_scores(self) -> None:
        question = "Quand l'hôtel fut-il bâti ?"
        vector = EMBEDDINGS.query(question)
        first = first_stage(question, vector, "fr", [HOTEL])
        low, high = first.mixed.min(), first.mixed.max()
        found = rank(question, vector, "fr", [HOTEL]).relevance
        assert np.sort(found) == pytest.approx(np.sort((first.mixed - low) / (high - low)), abs=1e-6)
        assert found.argmax() == 1

    def test_an_article_in_another_language_keeps_its_scores(self) -> None:
        question = "When was the hotel of 1904 built?"
        vector = EMBEDDINGS.query(question)
        first = first_stage(question, vector, "en", [HOTEL])
        found = rank(question, vector, "en", [HOTEL])
        assert np.argsort(-found.relevance).tolist() == np.argsort(-first.mixed).tolist()
        assert found.found.closest == {}

    def test_articles_of_two_languages_are_ranked_together(self) -> None:
        english = shard(("The hotel was built in 1904.",), ("The train leaves.",), language="en")
        question = "Quand l'hôtel fut-il bâti ?"
        found = rank(question, EMBEDDINGS.query(question), "fr", [english, HOTEL])
        assert found.relevance.shape == (6,)
        assert found.relevance[2:].argmax() == 1
        assert len(found.found.closest["score"]) == 4

    def test_many_sentences_are_ranked_and_the_right_one_found(self) -> None:
        article = shard(
            *[(f"La phrase {number} parle du train.",) for number in range(3 * CANDIDATES)], ("Un loup dort.",)
        )
        question = "Que fait le loup ?"
        found = rank(question, EMBEDDINGS.query(question), "fr", [article])
        assert found.relevance.argmax() == 3 * CANDIDATES
        assert found.found.best_paragraph == 3 * CANDIDATES


def test_the_highest_come_first_and_the_earlier_of_equals() -> None:
    scores = np.array([1, 3, 2, 3, 0], dtype=np.float32)
    assert highest(scores, 3).tolist() == [1, 3, 2]
    assert highest(scores, 9).tolist() == [1, 3, 2, 0, 4]


class TestPassages:
    """What is read together with a question: sentences with their neighbours."""

    def test_a_sentence_stands_with_its_neighbours_in_the_paragraph(self) -> None:
        assert passage([HOTEL], 1) == "L'hôtel du Parc domine la ville. Il fut bâti en 1904. Il a brûlé."
        assert passage([HOTEL], 0) == "L'hôtel du Parc domine la ville. Il fut bâti en 1904."
        assert passage([HOTEL], 3) == "La gare est loin."

    def test_rows_go_on_from_article_to_article(self) -> None:
        assert passage([HOTEL, shard(("Le pont est neuf.", "Il est beau."))], 5) == "Le pont est neuf. Il est beau."

    def test_it_is_about_as_long_as_what_the_reader_learned_from(self) -> None:
        long = "Une phrase " + "très " * 40 + "longue."
        assert passage([shard((long, "Courte.", long))], 1) == f"{long} Courte."
        assert len(passage([shard(("mot " * 1000,))], 0)) == 600

    def test_the_best_sentences_of_all_articles_come_first(self) -> None:
        station = shard(("La gare ouvrit en 1890.", "Elle est au nord."))
        found = rank(
            "Quand la gare ouvrit-elle ?", EMBEDDINGS.query("Quand la gare ouvrit-elle ?"), "fr", [HOTEL, station]
        )
        assert found.found.passages[0] == "La gare ouvrit en 1890. Elle est au nord."
        assert len(found.found.passages) == 2
