"""The judge of claims: quotations at once, everything else by its channels, embedding each text once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from debatebot.grounding.assessment import Assessment
from debatebot.grounding.closest import closest, passage
from debatebot.grounding.quotes import (
    SHORTEST_QUOTE,
    CutFinding,
    find_quotation,
    find_spans,
    is_whole,
    quoted_parts,
    without_frame,
)
from debatebot.grounding.words import ending, tokenise
from debatebot.types import DraftClaim, Embeddings, Reason, Vectors, Verdict, VerdictLabel

if TYPE_CHECKING:
    from debatebot.grounding.channels import Channels
    from debatebot.grounding.decision import Finding
    from debatebot.reading import PairReader

_KEPT_VECTORS = 4096
"""Vectors kept between calls: a debate judges the same sentences for every perspective."""

Judged = tuple[Verdict, Assessment]

_LONGEST = 1_500
"""Characters of a claim that can be judged: what is longer is no statement, and a part of it would stand for the whole."""

_CUT_SCORES = {"partial": 0.6, "contradicted": 0.1}
_UNQUOTED = {False: "quote_invented", True: "quote_translated"}


class ClaimJudge:
    """Judges whether claims follow from what they cite (debatebot.types.Grounding). Safe to share between threads.

    Args:
        embeddings: used only for claims that are no quotation.
        reader: reads claim and sentences together, of claims that are no quotation; without one the judge goes by its own
            channels alone, and has weights of its own for that.
    """

    def __init__(self, embeddings: Embeddings, reader: PairReader | None = None) -> None:
        self._embeddings = embeddings
        self._reader = reader
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        """One verdict a claim, in order.

        Raises:
            EngineError: the embeddings could not be had.
        """
        return [verdict for verdict, _assessment in self._both(claims)]

    def assess(self, claims: Sequence[DraftClaim]) -> list[Assessment]:
        """How likely each claim follows from what it cites, and contradicts it, in order: the scores behind `judge`.

        Raises:
            EngineError: the embeddings could not be had.
        """
        return [assessment for _verdict, assessment in self._both(claims)]

    def _both(self, claims: Sequence[DraftClaim]) -> list[Judged]:
        settled = [_without_channels(claim) for claim in claims]
        pending = [claim for claim, verdict in zip(claims, settled, strict=True) if verdict is None]
        weighed = iter(self._weigh(pending)) if pending else iter(())
        return [(verdict, _settled_assessment(verdict)) if verdict else next(weighed) for verdict in settled]

    def _weigh(self, claims: Sequence[DraftClaim]) -> list[Judged]:
        from debatebot.grounding.channels import examine
        from debatebot.grounding.decision import assess, decide, with_second, worth_reading

        cited = [closest(claim.text, _sentences(claim)) for claim in claims]
        vectors = self._embed(text for claim, read in zip(claims, cited, strict=True) for text in (claim.text, *read))
        examined = [examine(claim.text, read) for claim, read in zip(claims, cited, strict=True)]
        scores: list[Assessment] = []
        for claim, read, channels in zip(claims, cited, examined, strict=True):
            similarity = max(float(vectors[claim.text] @ vectors[sentence]) for sentence in read)
            scores.append(assess(channels, similarity))
        if self._reader is not None:
            asked = [at for at, own in enumerate(scores) if worth_reading(examined[at], own)]
            seconds = self._read([(claims[at].text, passage(claims[at].text, cited[at])) for at in asked], self._reader)
            for at, second in zip(asked, seconds, strict=True):
                scores[at] = with_second(scores[at], second)
        verdicts = [
            decide(channels, said, _outer_findings(claim, channels))
            for claim, channels, said in zip(claims, examined, scores, strict=True)
        ]
        return list(zip(verdicts, scores, strict=True))

    @staticmethod
    def _read(pairs: Sequence[tuple[str, str]], reader: PairReader) -> list[Assessment]:
        """What the reader says of each claim and its sentences."""
        if not pairs:
            return []
        said = reader.read(pairs)
        scores = zip(said.supported, said.contradicted, strict=True)
        return [Assessment(float(support), float(contradiction)) for support, contradiction in scores]

    def _embed(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Vectors of the texts, embedding in one batch those not known yet."""
        wanted = list(dict.fromkeys(texts))
        with self._lock:
            known = {text: self._vectors[text] for text in wanted if text in self._vectors}
        new = [text for text in wanted if text not in known]
        if new:
            known.update(zip(new, self._embeddings.passages(new), strict=True))
        with self._lock:
            for text in wanted:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > _KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return known


def _settled_assessment(verdict: Verdict) -> Assessment:
    return Assessment(verdict.score, 1 - verdict.score if verdict.label == "contradicted" else 0.0)


def _sentences(claim: DraftClaim) -> list[str]:
    return list(dict.fromkeys(citation.sentence.text for citation in claim.citations))


def _without_channels(claim: DraftClaim) -> Verdict | None:
    """The verdict where no weighing is needed: nothing cited, nothing said, or quoted word for word."""
    if not claim.citations:
        return Verdict("unsupported", 0.0, Reason("cites_nothing"))
    if not tokenise(claim.text):
        return Verdict("unsupported", 0.0, Reason("states_nothing"))
    sentences = _sentences(claim)
    if is_whole(claim.text, sentences):
        return Verdict("supported", 1.0, Reason("quoted", {"number": _number_of(claim, sentences[0])}))
    if len(claim.text) > _LONGEST:
        return Verdict("unsupported", 0.0, Reason("too_long"))
    return _quotation(claim)


def _number_of(claim: DraftClaim, sentence: str) -> str:
    return str(next(citation.number for citation in claim.citations if citation.sentence.text == sentence))


def _quotation(claim: DraftClaim) -> Verdict | None:
    """A part of a sentence, word for word: supported unless what was cut changes what it says."""
    text = claim.text
    if len(tokenise(text)) < SHORTEST_QUOTE:
        return None
    found = [quotation for sentence in _sentences(claim) if (quotation := find_quotation(text, sentence))]
    if not found:
        shorter = without_frame(text)
        return _without_channels(replace(claim, text=shorter)) if shorter != text else None
    clean = next((quotation for quotation in found if quotation.cut is None), None)
    if clean:
        return Verdict("supported", 1.0, Reason("quoted_part", {"number": _number_of(claim, clean.sentence)}))
    return _cut_verdict(next(quotation.cut for quotation in found if quotation.cut))


def _cut_verdict(cut: CutFinding) -> Verdict | None:
    if cut.cut == "number_cut":
        return None
    finding = cut_label(cut)
    return Verdict(finding, _CUT_SCORES[finding], Reason(cut.cut, {"source": cut.words}))


def cut_label(cut: CutFinding) -> VerdictLabel:
    """What a claim can be at most when its quotation was cut so."""
    return "contradicted" if cut.cut == "negation_cut" else "partial"


def _outer_findings(claim: DraftClaim, channels: Channels) -> list[Finding]:
    """What quotation marks and cuts tell of a claim that is weighed."""
    from debatebot.grounding.decision import Finding

    found: list[Finding] = []
    sentences = _sentences(claim)
    for part in quoted_parts(claim.text):
        if not any(find_spans(part, sentence) for sentence in sentences):
            found.append(
                Finding("partial" if channels.foreign else "unsupported", _UNQUOTED[channels.foreign], {"claim": part})
            )
    if "?" not in claim.text and all("?" in ending(sentence, tokenise(sentence)) for sentence in sentences):
        found.append(Finding("partial", "question_cut", {"source": "?"}))
    quotations = [find_quotation(claim.text, sentence) for sentence in sentences]
    if quotations and all(quotation and quotation.cut for quotation in quotations):
        cut = next(quotation.cut for quotation in quotations if quotation and quotation.cut)
        label: VerdictLabel = "unsupported" if cut.cut == "number_cut" else cut_label(cut)
        found.append(Finding(label, cut.cut, {"source": cut.words}))
    return found
