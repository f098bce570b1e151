"""The built-in neutral answer keeps the balance over a fixed set of questions, and the band it keeps is the one stated."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from debatebot.comparison.balance import BAND, leans
from debatebot.documents import read_path
from debatebot.engines.builtin import compose
from debatebot.factory import parts_of_debater, settings_from
from debatebot.types import AnswerRequest, Article, Perspective, Retriever, SideBalance

ROOT = Path(__file__).parent.parent
EXTRA = tomllib.loads((ROOT / "tests" / "data" / "questions.toml").read_text("utf-8"))
LONGEST = 9_000  # characters
PLAIN_FACT = 1  # sentences of an answer to a question for one fact: there is nothing to balance


def beginning(article: Article) -> Article:
    """The article, or what fits of it: to embed all of the longest would take longer than all other tests of this file."""
    text = article.text[:LONGEST].rpartition("\n\n")[0] if len(article.text) > LONGEST else article.text
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    return replace(article, text=text, content_hash=content_hash, id=content_hash[:12])


def side(retriever: Retriever, neutral: Perspective, article: Article, language: str, question: str) -> SideBalance:
    """What the neutral perspective cites for a question."""
    retrieval = retriever.retrieve(question, language, [article])
    quoted = [item for _, item in compose(AnswerRequest(question, language, (article,), retrieval, neutral))]
    outlooks = [item.sentence.outlook for item in quoted]
    mean = sum(outlooks) / len(outlooks) if outlooks else None
    return SideBalance(len(quoted), 0, len(quoted), mean)


@pytest.mark.timeout(300)  # 200 sentences are embedded, and 84 questions
def test_the_neutral_answer_stays_within_the_band_on_every_fixed_question(tmp_path: Path) -> None:
    parts = parts_of_debater(settings_from({"DEBATEBOT_HOME": str(tmp_path)}))
    neutral = next(one for one in parts["prompts"].perspectives if one.name == "neutral")
    sides: dict[str, SideBalance] = {}
    for path in sorted((ROOT / "corpus").glob("*.md")):
        article = beginning(read_path(path))
        parts["ingestion"].add(article)
        for language in ("fr", "en"):
            for question in (*article.questions[language], *EXTRA[path.stem][language]):
                sides[f"{path.stem}: {question}"] = side(parts["retriever"], neutral, article, language, question)
    parts["ingestion"].close()
    parts["library"].close()
    assert leans(sides) == ()
    judged = [
        abs(one.mean_outlook) for one in sides.values() if one.cited > PLAIN_FACT and one.mean_outlook is not None
    ]
    assert len(judged) > len(sides) / 2
    assert max(judged) < BAND
    assert sum(judged) / len(judged) < BAND / 2


def test_the_band_is_what_separates_a_balanced_answer_from_one_that_leans() -> None:
    def cited(mean: float, sentences: int = 4) -> SideBalance:
        return SideBalance(sentences, 0, sentences, mean)

    assert leans({"neutral": cited(BAND - 0.01)}) == ()
    [lean] = leans({"neutral": cited(-BAND - 0.01)})
    assert (lean.perspective, lean.outlook, lean.band) == ("neutral", -BAND - 0.01, BAND)
    assert leans({"neutral": cited(-0.9, sentences=PLAIN_FACT)}) == ()
