"""What the articles hold for a round: sentences that answer the claims that stand, and what bears on the person's remark.

They are added to the one evidence list before anybody speaks: every side is offered the same sentences in the rounds too.
A sentence keeps the number that it has in the conversation; a new one comes after the highest there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from debatebot.following import retrieve_following
from debatebot.rounds.opposing import ANSWERS, BEARS_ON, Opponents, by_outlook
from debatebot.rounds.parts import Opponent, Opposition
from debatebot.types import Article, Claim, Embeddings, Evidence, Perspective, Retrieval, Retriever

_A_CLAIM = 2  # sentences added for one claim and side
_MOST = 8  # sentences added for the claims of one round
_A_REMARK = 6  # sentences that bear on what the person says


@dataclass
class EvidenceList:
    """The one list of a debate, which grows: evidence in the order in which it was found, and sentence id → embedding.

    `numbers`: sentence id → number it has in the conversation, also of sentences that this debate has not found.
    """

    evidence: tuple[Evidence, ...]
    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, evidence: Sequence[Evidence], embeddings: Embeddings, numbers: Mapping[str, int] | None = None
    ) -> EvidenceList:
        """The list with its embeddings; the sentences of an article are embedded once and kept."""
        found = embeddings.passages([item.sentence.text for item in evidence])
        vectors = {item.sentence.id: vector for item, vector in zip(evidence, found, strict=True)}
        return cls(tuple(evidence), vectors, numbers or {})

    def add(self, item: Evidence, vector: NDArray[np.float32]) -> Evidence:
        """The sentence as it stands in the list: under its number, or a new one after the highest of the conversation."""
        for known in self.evidence:
            if known.sentence.id == item.sentence.id:
                return known
        highest = max((*(known.number for known in self.evidence), *self.numbers.values()), default=0)
        added = replace(item, number=self.numbers.get(item.sentence.id, highest + 1))
        self.evidence = (*self.evidence, added)
        self.vectors[added.sentence.id] = vector
        return added


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a round.

    `standing`: other sides' claims that this one has not dealt with; `disputed`: those of them that it may have something
    against; `used`: ids of the sentences that it has cited.
    """

    perspective: Perspective
    standing: tuple[Claim, ...]
    disputed: tuple[Claim, ...]
    used: frozenset[str]


class Finder:
    """Searches the articles of a debate for one round.

    Args:
        language: of the question, in which models write their claims.
    """

    def __init__(
        self,
        retriever: Retriever,
        articles: tuple[Article, ...],
        language: str,
        listed: EvidenceList,
        opposition: Opposition = by_outlook,
    ) -> None:
        self._retriever = retriever
        self._articles = articles
        self._language = language
        self._languages = {article.id: article.language for article in articles}
        self._listed = listed
        self._opposition = opposition
        self._most = len(listed.evidence) + _MOST
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def opponents(self, speakers: Sequence[Speaker]) -> list[dict[str, list[Opponent]]]:
        """For each speaker: claim id → sentences that answer the claim, the best first, all of them in the list now."""
        pool = self._pool({claim.text: claim for one in speakers for claim in one.disputed}.values())
        return [self._ranked(pool, one) for one in speakers]

    def _ranked(self, pool: Opponents, speaker: Speaker) -> dict[str, list[Opponent]]:
        """What answers the claims; where all of that was said before, also what only bears on them."""
        ranked: dict[str, list[Opponent]] = {}
        for least in (ANSWERS, BEARS_ON):
            ranked = {claim.id: pool.rank(claim, speaker.perspective.outlook, least) for claim in speaker.disputed}
            found = {one.evidence.sentence.id for ranks in ranked.values() for one in ranks}
            if found - speaker.used:
                break
        return {identifier: self._listed_only(ranks, speaker) for identifier, ranks in ranked.items()}

    def bearing_on(self, remark: str, language: str) -> Retrieval:
        """What the articles say to a remark, added to the list; as a retrieval of those sentences alone."""
        found = self._retriever.retrieve(remark, language, self._articles, {})
        found = retrieve_following(remark, language, self._articles, self._retriever, found)
        order = sorted(range(len(found.evidence)), key=lambda at: -found.evidence[at].relevance)[:_A_REMARK]
        kept = sorted(order) if found.answerable >= 0.5 else []
        evidence = tuple(
            replace(self._listed.add(found.evidence[at], found.vectors[at]), relevance=found.evidence[at].relevance)
            for at in kept
        )
        return replace(found, evidence=evidence, vectors=found.vectors[kept])

    def _pool(self, claims: Iterable[Claim]) -> Opponents:
        """The evidence and what bears on any of the claims: in a short article, most of it."""
        sentences = {item.sentence.id: item for item in self._listed.evidence}
        vectors = dict(self._listed.vectors)
        for claim in claims:
            found = self._retriever.retrieve(claim.text, self._language_of(claim), self._articles, {})
            for item, vector in _all_of(found):
                sentences.setdefault(item.sentence.id, item)
                vectors.setdefault(item.sentence.id, vector)
        self._vectors = vectors
        in_order = sorted(sentences.values(), key=lambda item: (item.sentence.article_id, item.sentence.position))
        return Opponents(in_order, vectors, self._opposition)

    def _listed_only(self, ranked: Sequence[Opponent], speaker: Speaker) -> list[Opponent]:
        """Those in the list, after adding the best that the speaker has not used, as far as a round has room for them."""
        listed = {item.sentence.id: item for item in self._listed.evidence}
        fresh = [one for one in ranked if one.evidence.sentence.id not in speaker.used][:_A_CLAIM]
        for one in fresh:
            sentence = one.evidence.sentence
            if sentence.id not in listed and len(self._listed.evidence) < self._most:
                listed[sentence.id] = self._listed.add(one.evidence, self._vectors[sentence.id])
        return [
            replace(one, evidence=listed[one.evidence.sentence.id])
            for one in ranked
            if one.evidence.sentence.id in listed
        ]

    def _language_of(self, claim: Claim) -> str:
        """A quotation is in its article's language, anything else in the question's."""
        if not claim.is_quotation:
            return self._language
        return self._languages.get(claim.citations[0].sentence.article_id, self._language)


def _all_of(found: Retrieval) -> Iterator[tuple[Evidence, NDArray[np.float32]]]:
    """The evidence and what is beyond it, which has no number yet, with their embeddings."""
    yield from zip(found.evidence, found.vectors, strict=True)
    for passage, vector in zip(found.beyond, found.beyond_vectors, strict=True):
        if passage.relevance >= found.floor:
            yield Evidence(0, passage.sentence, passage.relevance), vector
