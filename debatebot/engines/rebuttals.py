"""Rebuttals without a model: for each claim that stands against a side, the sentence of the articles that answers it best.

It quotes, as all of the built-in engine does. What it finds no sentence for it leaves unanswered, and says so: that grants
nothing, for another article might have held the answer. Only a figure that the article states, and that nothing in it
answers, is granted. A balanced perspective has nothing to defend: it sets beside a claim what weighs it or a plain fact.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import count

from debatebot.catalog import translate_about
from debatebot.rhetoric import kind_of
from debatebot.rounds.opposing import is_settled_figure
from debatebot.rounds.parts import AlreadyAnswered, RebuttalDraft, RebuttalRequest, RebutterEvent, Target, Unanswerable
from debatebot.rounds.types import REMARK
from debatebot.types import Citation, Claim, DraftClaim, Evidence, Insufficient

_VARIANTS = 3  # of each connecting phrase in the catalogs
_BALANCED = 2  # claims that a balanced perspective weighs in one round
_TO_A_REMARK = 2  # sentences that answer what the person says


def rebut(request: RebuttalRequest) -> Iterator[RebutterEvent]:
    """What a side says in a round; see `debatebot.rounds.parts.Rebutter`. Never raises."""
    spoken, unheard, drafted = False, False, False
    for event in _Rebuttals(request).events():
        if request.cancelled.is_set():
            return
        spoken = True
        drafted |= isinstance(event, RebuttalDraft)
        unheard |= isinstance(event, Unanswerable) and event.claim_id == REMARK
        yield event
    if unheard and not drafted:
        yield Insufficient(_said(request, "answers.insufficient"))
    elif not spoken:
        yield Insufficient(_said(request, "debate.nothing_new"))


def _said(request: RebuttalRequest, key: str) -> str:
    return translate_about(len(request.asked.articles), key, request.asked.language)


class _Rebuttals:
    """The rebuttals of one side in one round; no sentence that it has used before."""

    def __init__(self, request: RebuttalRequest) -> None:
        self._request = request
        self._outlook = request.perspective.outlook
        self._own = {citation.sentence.id: claim.id for claim in request.own for citation in claim.citations}
        self._used = set(self._own)
        start = zlib.crc32(f"{request.perspective.name} {request.asked.question} {request.number}".encode())
        self._turn = count(start)

    def events(self) -> Iterator[RebutterEvent]:
        """The answer to the remark first, then to the claims in the order in which they were made."""
        if self._request.remark is not None:
            yield from self._to_remark()
        disputed = [claim for claim in self._request.others if claim.id in self._request.opponents]
        answers = self._assign(disputed)
        for claim in disputed:
            by = self._said_before(claim)
            if claim.id in answers:
                yield from self._draft(Target(claim.id), answers[claim.id], self._outlook)
            elif by is not None:
                yield AlreadyAnswered(claim.id, by)
            elif self._outlook == "balanced":
                continue  # it defends nothing, and so has nothing to grant
            elif is_settled_figure(claim) and claim.citations[0].sentence.id not in self._used:
                cited = claim.citations[0]
                yield from self._draft(
                    Target(claim.id, concedes=True), Evidence(cited.number, cited.sentence, 1.0), "concede"
                )
            else:
                yield Unanswerable(claim.id)

    def _assign(self, claims: Sequence[Claim]) -> dict[str, Evidence]:
        """Claim id → sentence that answers it: the closest pairs first, no sentence twice."""
        pairs = [(one.fit, claim.id, one.evidence) for claim in claims for one in self._request.opponents[claim.id]]
        most = _BALANCED if self._outlook == "balanced" else len(claims)
        answers: dict[str, Evidence] = {}
        for _fit, identifier, evidence in sorted(pairs, key=lambda pair: -pair[0]):
            if identifier not in answers and evidence.sentence.id not in self._used and len(answers) < most:
                answers[identifier] = evidence
                self._used.add(evidence.sentence.id)
        return answers

    def _said_before(self, claim: Claim) -> str | None:
        """This side's own claim that quotes the sentence which answers the claim best of all that it has used; else None."""
        if self._outlook == "balanced":
            return None
        used = (self._own.get(one.evidence.sentence.id) for one in self._request.opponents[claim.id])
        return next((identifier for identifier in used if identifier), None)

    def _to_remark(self) -> Iterator[RebutterEvent]:
        found = self._request.remark_found
        evidence = found.evidence if found else ()
        chosen = [item for item in sorted(evidence, key=lambda item: -item.relevance) if self._speaks_for(item)]
        if not chosen:
            yield Unanswerable(REMARK)
        for item in chosen[:_TO_A_REMARK]:
            self._used.add(item.sentence.id)
            yield from self._draft(Target(None), item, "remark")

    def _speaks_for(self, item: Evidence) -> bool:
        """A sentence that this side has not used, and that does not speak for the other one."""
        lean = item.sentence.outlook
        against = {"hopeful": lean < -0.2, "worried": lean > 0.2}.get(self._outlook, False)
        return not against and item.sentence.id not in self._used and not item.sentence.text.endswith("?")

    def _draft(self, target: Target, item: Evidence, role: str) -> Iterator[RebutterEvent]:
        text = item.sentence.text
        lead = _said(self._request, f"debate.leads.{role}.{next(self._turn) % _VARIANTS + 1}")
        yield target
        yield f"{lead} {text}"
        draft = DraftClaim(text, (Citation(item.number, item.sentence),), kind_of(text), lead)
        yield RebuttalDraft(target, draft)
