"""What a debate is held with: the parts, who debates, and what went before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from debatebot.rounds.finding import EvidenceList, Finder
from debatebot.rounds.opposing import by_outlook
from debatebot.rounds.parts import Opposition
from debatebot.rounds.types import Discussion
from debatebot.types import (
    AnswerRequest,
    Claim,
    CompareRequest,
    Comparison,
    Embeddings,
    Engine,
    Evidence,
    Grounding,
    Perspective,
    Retrieval,
    Retriever,
    Turn,
)

Numbers = Callable[[], Mapping[str, int]]
"""Sentence id → number in the conversation, as it stands when it is asked for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Parts and circumstances of one debate.

    `perspectives`: name → perspective of those who debate. `interface`: language of errors. `numbers`: of the
    conversation, which may have gone on since the debate was opened. `opposition`: tells what speaks against a claim.
    """

    retriever: Retriever
    embeddings: Embeddings
    engine: Engine
    grounding: Grounding
    compare: Callable[[CompareRequest], Comparison]
    perspectives: Mapping[str, Perspective]
    interface: str
    history: tuple[Turn, ...] = ()
    numbers: Numbers = dict
    opposition: Opposition = by_outlook

    def evidence_of(self, discussion: Discussion) -> EvidenceList:
        """The debate's one list."""
        return EvidenceList.of(discussion.opening.evidence, self.embeddings, self.numbers())

    def finder(self, discussion: Discussion, listed: EvidenceList) -> Finder:
        """Searches the debate's articles, and adds to its list."""
        opening = discussion.opening
        return Finder(self.retriever, opening.articles, opening.language, listed, self.opposition)

    def sides_of(self, discussion: Discussion) -> dict[str, Perspective]:
        """Claim id → perspective that made it, as far as its file is still there."""
        return {
            claim.id: self.perspectives[side]
            for side in discussion.sides
            if side in self.perspectives
            for claim in discussion.claims_of(side)
        }

    def asked(self, discussion: Discussion, perspective: Perspective, listed: EvidenceList) -> AnswerRequest:
        """The opening question as this perspective was asked it: with the evidence that was there then."""
        opening = discussion.opening
        later = {number for one in discussion.rounds for number in one.added}
        evidence = tuple(item for item in opening.evidence if item.number not in later)
        return AnswerRequest(
            question=opening.question,
            language=opening.language,
            articles=opening.articles,
            retrieval=retrieval_of(evidence, listed),
            perspective=perspective,
            history=self.history,
            rewritten=opening.rewritten,
        )

    def whole(self, discussion: Discussion) -> Retrieval:
        """All evidence of the debate as one retrieval, with what the articles hold beyond it."""
        opening, listed = discussion.opening, self.evidence_of(discussion)
        numbers = {item.sentence.id: item.number for item in opening.evidence}
        found = self.retriever.retrieve(opening.searched, opening.language, opening.articles, numbers)
        evidence = retrieval_of(opening.evidence, listed)
        kept = [at for at, passage in enumerate(found.beyond) if passage.sentence.id not in numbers]
        return replace(
            found,
            evidence=evidence.evidence,
            vectors=evidence.vectors,
            beyond=tuple(found.beyond[at] for at in kept),
            beyond_vectors=found.beyond_vectors[kept],
        )


def retrieval_of(evidence: tuple[Evidence, ...], listed: EvidenceList) -> Retrieval:
    """Sentences of the list with their embeddings, as one retrieval."""
    vectors = [listed.vectors[item.sentence.id] for item in evidence]
    return Retrieval(evidence, 1.0, np.stack(vectors) if vectors else np.zeros((0, 0), np.float32))


def in_order(discussion: Discussion) -> tuple[Claim, ...]:
    """All claims in the order in which they were made: the opening's, then round by round."""
    opening = [claim for answer in discussion.opening.answers for claim in answer.claims]
    later = [
        rebuttal.claim
        for one in discussion.rounds
        for contribution in one.contributions
        for rebuttal in contribution.rebuttals
    ]
    return (*opening, *later)
