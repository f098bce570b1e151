from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from debatebot.answerability import THRESHOLD, background, judge, topical
from debatebot.documents import read_path
from debatebot.documents.sentences import split
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.index import Index
from debatebot.index.ranking import rank
from debatebot.index.shards import Shard
from debatebot.reading import QuestionReader
from debatebot.types import Article
from tests.fakes import FakeEmbeddings, make_article, make_sentences

ROOT = Path(__file__).parents[1]
QUESTIONS = tomllib.loads((ROOT / "training" / "answerability_questions.toml").read_text("utf-8"))
ARTICLES = ("deepseek-janvier-2025", "casgevy-gene-editing")


def words(question: str, language: str) -> list[str]:
    return [token.surface for token in topical(question, language)]


@pytest.mark.parametrize(
    ("language", "question"), [(language, text) for language, texts in QUESTIONS["general"].items() for text in texts]
)
def test_a_question_about_the_whole_article_names_nothing(language: str, question: str) -> None:
    assert words(question, language) == []


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("fr", "Quels sont les risques pour les abeilles ?", ["abeilles"]),
        ("fr", "Est-ce une bonne nouvelle pour l'Italie ?", ["Italie"]),
        ("fr", "Que faut-il penser des 227 tirs ?", ["227", "tirs"]),
        ("en", "What are the risks for bees?", ["bees"]),
        ("en", "Is it good news for small companies?", ["small", "companies"]),
        ("de", "Was sind die Risiken?", ["Was", "sind", "die", "Risiken"]),
    ],
)
def test_a_question_is_about_the_words_that_name_something(language: str, question: str, expected: list[str]) -> None:
    assert words(question, language) == expected


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, dict[str, Article]]]:
    """Two of the sample articles, embedded by the built-in model."""
    model = BuiltinEmbeddings()
    index = Index(model, path=tmp_path_factory.mktemp("samples") / "index", reader=QuestionReader())
    articles = {}
    for name in ARTICLES:
        header, text = (ROOT / "corpus" / f"{name}.md").read_text("utf-8").split("\n---\n", 1)
        language = header.partition("\nlanguage: ")[2][:2]
        articles[name] = Article(name, text.strip(), name, "test", language, "")
        sentences = split(name, text.strip(), language)
        index.add(articles[name], sentences, model.passages([sentence.text for sentence in sentences]))
    yield index, articles
    index.close()


def answered(samples: tuple[Index, dict[str, Article]], kind: str, languages: set[str]) -> list[bool]:
    """For each sample question of a kind, whether the article is said to speak of it."""
    index, articles = samples
    return [
        index.search(question, language, [article]).answerable >= THRESHOLD
        for name, article in articles.items()
        for question in QUESTIONS[name][kind]
        for language in ["en" if question.split()[0] in {"How", "What", "Who", "Is", "Can", "Could", "Why"} else "fr"]
        if language in languages
    ]


class TestSamples:
    def test_what_the_article_speaks_of_is_not_refused(self, samples: tuple[Index, dict[str, Article]]) -> None:
        assert np.mean(answered(samples, "yes", {"fr", "en"})) >= 0.95

    def test_what_is_far_from_the_article_is_refused(self, samples: tuple[Index, dict[str, Article]]) -> None:
        assert np.mean(answered(samples, "far", {"fr", "en"})) <= 0.15

    def test_most_of_what_is_near_and_missing_is_refused(self, samples: tuple[Index, dict[str, Article]]) -> None:
        assert np.mean(answered(samples, "near", {"fr", "en"})) <= 0.2

    @pytest.mark.parametrize(
        ("name", "language", "question"),
        [
            ("deepseek-janvier-2025", "en", "How many parameters does the model have?"),
            ("casgevy-gene-editing", "fr", "Combien de personnes souffrent de drépanocytose dans le monde ?"),
        ],
    )
    def test_another_language_than_the_articles_is_no_reason_to_refuse(
        self, samples: tuple[Index, dict[str, Article]], name: str, language: str, question: str
    ) -> None:
        index, articles = samples
        assert index.search(question, language, [articles[name]]).answerable >= THRESHOLD

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("en", "Is it fair?"),
            ("en", "Is it worth it?"),
            ("en", "Is it safe?"),
            ("fr", "Est-ce utile ?"),
            ("fr", "Cela vaut-il la peine ?"),
        ],
    )
    def test_a_question_for_a_judgement_alone_may_be_put_to_any_article(
        self, samples: tuple[Index, dict[str, Article]], language: str, question: str
    ) -> None:
        index, articles = samples
        for article in articles.values():
            assert index.search(question, language, [article]).answerable == 1.0
        foreign = "Is a football club worth it?" if language == "en" else "Est-ce utile aux abeilles ?"
        assert index.search(foreign, language, [articles["casgevy-gene-editing"]]).answerable < THRESHOLD

    @pytest.mark.parametrize(
        ("name", "language", "question"),
        [
            ("casgevy-gene-editing", "en", "How much does it cost?"),
            ("casgevy-gene-editing", "en", "Who can afford it?"),
        ],
    )
    def test_what_is_asked_in_other_everyday_words_is_found(
        self, samples: tuple[Index, dict[str, Article]], name: str, language: str, question: str
    ) -> None:
        index, articles = samples
        assert index.search(question, language, [articles[name]]).answerable >= THRESHOLD

    def test_a_general_word_does_not_carry_a_foreign_subject(self, samples: tuple[Index, dict[str, Article]]) -> None:
        index, articles = samples
        article = articles["casgevy-gene-editing"]
        assert index.search("What are the risks?", "en", [article]).answerable == 1.0
        assert index.search("What are the risks for bees?", "en", [article]).answerable < THRESHOLD

    @pytest.mark.parametrize(
        ("name", "language", "question", "general"),
        [
            ("casgevy-gene-editing", "en", "Is Casgevy good news?", True),
            ("casgevy-gene-editing", "en", "Is the price of Casgevy too high?", False),
            (
                "casgevy-gene-editing",
                "fr",
                "Casgevy est-il une bonne nouvelle ?",
                False,
            ),  # words of two languages differ
            ("deepseek-janvier-2025", "fr", "Le modèle de DeepSeek est-il dangereux ?", True),
            ("deepseek-janvier-2025", "fr", "DeepSeek est-il dangereux pour la Bourse ?", False),
        ],
    )
    def test_what_all_of_an_article_is_about_names_nothing_within_it(
        self, samples: tuple[Index, dict[str, Article]], name: str, language: str, question: str, general: bool
    ) -> None:
        index, articles = samples
        assert index.search(question, language, [articles[name]]).general is general

    def test_the_subject_of_one_article_is_something_among_several(
        self, samples: tuple[Index, dict[str, Article]]
    ) -> None:
        index, articles = samples
        assert not index.search("Is Casgevy good news?", "en", list(articles.values())).general

    def test_all_articles_together_speak_of_what_one_does(self, samples: tuple[Index, dict[str, Article]]) -> None:
        index, articles = samples
        found = index.search("Combien de paramètres compte le modèle ?", "fr", list(articles.values()))
        assert found.answerable >= THRESHOLD
        assert found.hits[0].sentence.article_id == "deepseek-janvier-2025"


@pytest.fixture(scope="module")
def shard() -> Shard:
    article = read_path(ROOT / "corpus" / "deepseek-janvier-2025.md")
    sentences = split(article.id, article.text, "fr")
    vectors = BuiltinEmbeddings().passages([sentence.text for sentence in sentences])
    return Shard.build(sentences, "fr", vectors, background(BuiltinEmbeddings().name))


class Recorder:
    """A reader that says the same of every passage, and remembers what it was asked."""

    def __init__(self, says: float) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._says = says

    def read(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append((question, tuple(passages)))
        return np.full(len(passages), self._says, dtype=np.float32)


class TestReading:
    """Where words and vectors are not sure, what was found is read together with the question."""

    QUESTION = "Quel âge a le fondateur de DeepSeek ?"

    def ask(self, shard: Shard, question: str, reader: Recorder) -> float:
        found = rank(question, BuiltinEmbeddings().query(question), "fr", [shard]).found
        return judge(question, "fr", [shard], found, reader).answerable

    @pytest.mark.parametrize(("says", "answerable"), [(6.0, True), (-6.0, False)])
    def test_an_unsure_question_is_judged_by_what_is_read(self, shard: Shard, says: float, answerable: bool) -> None:
        reader = Recorder(says)
        assert (self.ask(shard, self.QUESTION, reader) >= THRESHOLD) is answerable
        [(question, passages)] = reader.asked
        assert question == self.QUESTION
        assert len(passages) == 2
        assert "fondateur" in passages[0]

    @pytest.mark.parametrize(
        "question",
        [
            "Quels sont les bienfaits du sommeil ?",  # far from it: no need to read
            "Quels sont les risques ?",  # about the whole article
            "Que dit l'article du fondateur de DeepSeek ?",  # and all that it says of him
            "Le fondateur de DeepSeek est trop jeune.",
            "Quel âge a le fondateur de DeepSeek ? Et celui d'Anduril ?",
        ],
    )
    def test_nothing_else_is_read(self, shard: Shard, question: str) -> None:
        reader = Recorder(6.0)
        self.ask(shard, question, reader)
        assert reader.asked == []


class TestOtherEmbeddings:
    """Nothing is known of how their scores are spread: words decide."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[Index]:
        index = Index(FakeEmbeddings(), path=tmp_path / "index")
        yield index
        index.close()

    def test_words_decide_within_a_language(self, index: Index) -> None:
        article = make_article(language="fr")
        sentences = make_sentences(article)
        index.add(article, sentences, FakeEmbeddings().passages([sentence.text for sentence in sentences]))
        assert index.search("Quand le parc solaire a-t-il ouvert ?", "fr", [article]).answerable >= THRESHOLD
        assert index.search("Qui a peint la Joconde ?", "fr", [article]).answerable < THRESHOLD

    def test_nothing_is_refused_between_two_languages(self, index: Index) -> None:
        article = make_article(language="fr")
        sentences = make_sentences(article)
        index.add(article, sentences, FakeEmbeddings().passages([sentence.text for sentence in sentences]))
        assert index.search("When did the park open?", "en", [article]).answerable == 1.0


def test_the_model_belongs_to_the_built_in_embeddings() -> None:
    stored = json.loads((files("debatebot") / "models" / "answerability.json").read_text("utf-8"))
    vectors = background(BuiltinEmbeddings().name)
    assert stored["embeddings"] == BuiltinEmbeddings().name
    assert vectors is not None
    assert vectors.shape == (128, 384)
    assert background("another") is None
