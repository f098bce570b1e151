"""The built-in engine: from the question to three complete answers, against embedding the question alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path

import numpy as np

from debatebot import evaluation
from debatebot.comparison import compare
from debatebot.debate import DebateStream, Parts, Question
from debatebot.documents import read_path
from debatebot.documents.sentences import split
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.engines.builtin import BuiltinEngine
from debatebot.factory import data_folder, sample_articles
from debatebot.grounding import ClaimJudge
from debatebot.index import Index
from debatebot.prompts import PromptBook, load
from debatebot.reading import QuestionReader
from debatebot.retrieval import EvidenceRetriever
from debatebot.types import AnswerCompleted, Article, Sentence, Vectors
from tests.benchmarks.timing import Row, in_turn
from tests.fakes import make_article

_SENTENCES_AN_ARTICLE = 500
_DIMENSIONS = 384
_QUESTIONS = Path(evaluation.__file__).with_name("sample_questions.jsonl")


def rows() -> Iterator[Row]:
    """Libraries of 1,000 and 50,000 sentences. Their vectors are drawn at random around one direction, as e5's lie."""
    embeddings = BuiltinEmbeddings()
    reader = QuestionReader()
    prompts = load(data_folder() / "prompts")
    for size, aim in ((1_000, "≤ 3"), (50_000, "≤ 6")):
        with tempfile.TemporaryDirectory() as folder:
            index = Index(path=Path(folder) / "index", embeddings=embeddings, reader=reader)
            articles = _fill(index, size)
            parts = Parts(EvidenceRetriever(index), BuiltinEngine(), ClaimJudge(embeddings), compare)
            questions = (f"Que dit l'article des prix de l'énergie en {year} ?" for year in count(1900))

            def ask(
                parts: Parts = parts, articles: Sequence[Article] = articles, asked: Iterator[str] = questions
            ) -> None:
                question = Question(next(asked), "fr", "fr", tuple(articles), prompts.perspectives)
                with DebateStream(question, parts) as stream:
                    done = 0
                    while done < len(prompts.perspectives):  # what follows compares them
                        done += isinstance(next(stream), AnswerCompleted)

            def embed(asked: Iterator[str] = questions) -> None:
                embeddings.query(next(asked))

            yield Row(f"builtin, {size:,} sentences: three answers / embed question", *in_turn(ask, embed), aim)
            index.close()
    yield _asked_of_samples(embeddings, reader, prompts)


def _asked_of_samples(embeddings: BuiltinEmbeddings, reader: QuestionReader, prompts: PromptBook) -> Row:
    """Real articles and questions: whether a question is read with what was found depends on both."""
    lines = [json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        index = Index(path=Path(folder) / "index", embeddings=embeddings, reader=reader)
        articles = {}
        for path in sorted((data_folder() / "corpus").glob("*.md")):
            article = articles[path.stem] = read_path(path)
            sentences = split(article.id, article.text, article.language)
            index.add(article, sentences, embeddings.passages([sentence.text for sentence in sentences]))
        parts = Parts(EvidenceRetriever(index), BuiltinEngine(), ClaimJudge(embeddings), compare)
        asked = [(line["question"], articles[line["article"]]) for line in lines if not line.get("other_language")]
        questions, alone = cycle(asked), cycle(asked)

        def ask() -> None:
            text, article = next(questions)
            with DebateStream(
                Question(text, article.language, article.language, (article,), prompts.perspectives), parts
            ) as stream:
                done = 0
                while done < len(prompts.perspectives):
                    done += isinstance(next(stream), AnswerCompleted)

        times = in_turn(ask, lambda: embeddings.query(next(alone)[0]), rounds=len(asked))
        index.close()
    return Row(f"builtin, {len(asked)} questions to the samples: answers / embed question", *times, "–")


def _fill(index: Index, size: int) -> list[Article]:
    samples = [split(article.id, article.text, article.language) for article in sample_articles()]
    stock = [sentence.text for sentences in samples for sentence in sentences]
    random = np.random.default_rng(1)
    articles = []
    for number in range(size // _SENTENCES_AN_ARTICLE):
        texts = [
            f"{stock[at]} ({number}.{place})"
            for place, at in enumerate(random.integers(0, len(stock), _SENTENCES_AN_ARTICLE))
        ]
        article = make_article(
            text="\n\n".join(" ".join(texts[at : at + 5]) for at in range(0, len(texts), 5)), language="fr"
        )
        sentences = _sentences(article, texts, random)
        index.add(article, sentences, _vectors(len(texts), random))
        articles.append(article)
    return articles


def _sentences(article: Article, texts: Sequence[str], random: np.random.Generator) -> list[Sentence]:
    end = 0
    sentences = []
    for position, text in enumerate(texts):
        start = article.text.index(text, end)
        end = start + len(text)
        sentences.append(Sentence(article.id, position, start, end, text, position // 5, float(random.uniform(-1, 1))))
    return [replace(sentence) for sentence in sentences]


def _vectors(size: int, random: np.random.Generator) -> Vectors:
    rows = np.ones((size, _DIMENSIONS)) * 2 + random.standard_normal((size, _DIMENSIONS))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
