"""What the one evidence list of a question is composed of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from debatebot.index import Index
from debatebot.retrieval import EVIDENCE, EvidenceRetriever
from debatebot.types import Article
from tests.fakes import FakeEmbeddings, make_article, make_sentences

PLEASANT = ("museum", "harbour", "castle", "orchard", "library", "garden", "stadium", "chapel", "theatre", "market")
UNPLEASANT = ("quarry", "chimney", "airport", "motorway", "landfill", "sewer", "refinery", "barrage", "foundry", "silo")
HOPES = tuple(f"It is good news that the {place} stays." for place in PLEASANT)
WORRIES = tuple(f"It is no good news for the {place}." for place in UNPLEASANT)
PAIR = (
    "It is good news that night trains win travellers.",
    "It is no good news that night trains lose travellers.",
)


@pytest.fixture
def searched(tmp_path: Path) -> Iterator[tuple[EvidenceRetriever, Article]]:
    """An article whose only pair of sentences that answer each other is also the one that takes its sides least clearly."""
    article = make_article(*HOPES, *WORRIES, *PAIR)
    outlooks = (*(0.9 for _ in HOPES), *(-0.9 for _ in WORRIES), 0.6, -0.6)
    sentences = [
        replace(sentence, outlook=outlook) for sentence, outlook in zip(make_sentences(article), outlooks, strict=True)
    ]
    embeddings = FakeEmbeddings()
    index = Index(embeddings, path=tmp_path / "index")
    index.add(article, sentences, embeddings.passages([sentence.text for sentence in sentences]))
    yield EvidenceRetriever(index), article
    index.close()


def test_what_the_article_answers_itself_is_evidence_for_both_sides(
    searched: tuple[EvidenceRetriever, Article],
) -> None:
    retriever, article = searched
    found = retriever.retrieve("Is it good news?", "en", [article])
    assert found.general
    texts = [item.sentence.text for item in found.evidence]
    assert len(texts) <= EVIDENCE
    assert set(PAIR) <= set(texts)


NOISY = "The ferry is noisy when the island wakes."


def bearing_of(tmp_path: Path, question: str, *texts: str) -> dict[str, float]:
    """How much each sentence of the evidence bears on a question."""
    article = make_article(*texts)
    embeddings = FakeEmbeddings()
    index = Index(embeddings, path=tmp_path / "index")
    index.add(article, make_sentences(article), embeddings.passages(list(texts)))
    found = EvidenceRetriever(index).retrieve(question, "en", [article])
    index.close()
    return dict(zip((item.sentence.text for item in found.evidence), found.bearing, strict=True))


def test_what_is_asked_for_weighs_more_than_the_subject_that_all_sentences_share(tmp_path: Path) -> None:
    others = [f"The ferry takes the {place} road of the island." for place in (*PLEASANT, *UNPLEASANT)]
    bearing = bearing_of(tmp_path, "How noisy is the ferry to the island?", *others, NOISY)
    assert max(bearing, key=bearing.__getitem__) == NOISY
    assert all(0 <= share <= 1 for share in bearing.values())
    assert max(share for text, share in bearing.items() if text != NOISY) < 0.75


def test_in_an_article_of_a_few_sentences_all_of_them_bear_on_what_is_asked(tmp_path: Path) -> None:
    bearing = bearing_of(tmp_path, "How noisy is the ferry?", NOISY, "The ferry is old.", "Pilgrims love it.")
    assert set(bearing.values()) == {1.0}
