"""Judging claims: sixty of them against the sentences they cite, against embedding the same texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from debatebot.documents.sentences import split
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.factory import claim_judge, sample_articles
from debatebot.types import Citation, DraftClaim, Embeddings, Sentence
from tests.benchmarks.timing import Row, in_turn

_CLAIMS = 60


def rows() -> Iterator[Row]:
    """Claims that are no quotation, each new to the judge: in the sentence's own words, and in others, which it reads."""
    embeddings = BuiltinEmbeddings()
    sentences = _sentences()[: _CLAIMS + 1]
    kinds = {
        "reordered": [_reordered(sentence) for sentence in sentences[:-1]],
        "foreign to them": [DraftClaim(one.text, (Citation(1, other),)) for one, other in pairwise(sentences)],
    }
    for kind, drafts in kinds.items():
        yield Row(
            f"judge {len(drafts)} claims, {kind} / embed claims and sentences", *_times(embeddings, drafts), "≤ 3"
        )


def _times(embeddings: Embeddings, drafts: Sequence[DraftClaim]) -> tuple[float, float]:
    texts = list(dict.fromkeys(text for draft in drafts for text in (draft.text, draft.citations[0].sentence.text)))

    def judge() -> None:
        claim_judge(embeddings).judge(drafts)

    def embed() -> None:
        embeddings.passages(texts)

    return in_turn(judge, embed, rounds=3)


def _sentences() -> list[Sentence]:
    found = [
        sentence
        for article in sample_articles()
        for sentence in split(article.id, article.text, article.language)
        if 60 < len(sentence.text) < 300 and ", " in sentence.text
    ]
    return found[:: len(found) // _CLAIMS]


def _reordered(sentence: Sentence) -> DraftClaim:
    """The sentence with its first clause last."""
    first, _, rest = sentence.text.rstrip(".").partition(", ")
    return DraftClaim(f"{rest[0].upper()}{rest[1:]}, {first}.", (Citation(1, sentence),))
