"""Articles in two languages that are searched together, with the real embeddings and with others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from debatebot.answerability import background
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.index.across import with_words_expected
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.types import Sentence

EMBEDDINGS = BuiltinEmbeddings()

FRENCH = (
    "Le conseil municipal a voté le budget des écoles.",
    "La gratuité des bus coûtera deux millions d'euros par an à la ville.",
    "Les voyageurs attendent davantage de bus le soir.",
    "Le maire inaugure une piscine au printemps.",
    "Les commerçants du centre espèrent plus de clients.",
)
ENGLISH = (
    "The town council met on Tuesday in a full hall.",
    "Free buses will cost the town three million euros a year.",
    "Passengers say that evening services are too rare.",
    "A new library opens next month.",
    "Shopkeepers in the centre hope for more customers.",
)
FOREIGN_TO_IT = (
    "The volcano erupted twice in the eighteenth century.",
    "Ash covered the island for three weeks.",
    "Sheep now graze on its northern slope.",
)


def shard(texts: Sequence[str], language: str, *, known: bool = True) -> Shard:
    sentences = [Sentence("", number, 0, len(text), text, number) for number, text in enumerate(texts)]
    others = background(EMBEDDINGS.name) if known else None
    return Shard.build(sentences, language, EMBEDDINGS.passages(list(texts)), others)


def best(question: str, language: str, *shards: Shard) -> list[str]:
    texts = [sentence.text for one in shards for sentence in one.sentences]
    relevance = rank(question, EMBEDDINGS.query(question), language, shards).relevance
    return [texts[place] for place in np.argsort(-relevance, kind="stable")]


@pytest.mark.parametrize("known", [True, False], ids=["background", "no background"])
@pytest.mark.parametrize(
    ("question", "language"), [("Combien coûtent les bus gratuits ?", "fr"), ("What do free buses cost?", "en")]
)
def test_both_languages_answer(question: str, language: str, known: bool) -> None:
    found = best(question, language, shard(FRENCH, "fr", known=known), shard(ENGLISH, "en", known=known))
    assert set(found[:2]) == {FRENCH[1], ENGLISH[1]}


def test_an_article_on_something_else_does_not_come_up_for_its_language() -> None:
    found = best("Combien coûtent les bus gratuits ?", "fr", shard(FRENCH, "fr"), shard(FOREIGN_TO_IT, "en"))
    assert not set(found[:3]) & set(FOREIGN_TO_IT)


def test_one_language_alone_is_ranked_as_before() -> None:
    question = "Combien coûtent les bus gratuits ?"
    alone = best(question, "fr", shard(FRENCH, "fr"))
    together = best(question, "fr", shard(FRENCH, "fr"), shard(FOREIGN_TO_IT, "en"))
    assert [text for text in together if text in FRENCH] == alone


class TestExpectedWords:
    NEAR = np.array([1.0, 0.5, 0.0, 1.0, 0.0], dtype=np.float32)
    WORDS = np.array([2.0, 1.0, 0.0, 0.0, 0.0], dtype=np.float32)
    FOREIGN = np.array([False, False, False, True, True])

    def test_as_near_as_one_of_the_own_language_gets_as_much(self) -> None:
        assert with_words_expected(self.NEAR, self.WORDS, self.FOREIGN) == pytest.approx([2, 1, 0, 2, 0])

    def test_numbers_that_are_found_count_where_they_are_more(self) -> None:
        words = np.array([2.0, 1.0, 0.0, 0.0, 0.7], dtype=np.float32)
        assert with_words_expected(self.NEAR, words, self.FOREIGN)[4] == pytest.approx(0.7)

    def test_words_that_fall_with_nearness_say_nothing_of_it(self) -> None:
        found = with_words_expected(self.NEAR, self.WORDS[[2, 1, 0, 3, 4]], self.FOREIGN)
        assert found[3] == found[4] == pytest.approx(1)

    def test_one_sentence_is_enough(self) -> None:
        found = with_words_expected(self.NEAR[2:], self.WORDS[2:] + 1, self.FOREIGN[2:])
        assert found == pytest.approx([1, 1, 1])
