"""What must hold of the judge for any text: numbers are never taken for one another, quotations stand, nothing raises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from debatebot.grounding import ClaimJudge
from debatebot.grounding.numerals import literal_values
from debatebot.grounding.reading import read
from debatebot.types import Citation, DraftClaim, Sentence, Vectors

SENTENCES = (
    "In the survey, 96 % of the residents said that the air had improved.",
    "Le budget de la ville est passé de 40 à 52 millions d'euros entre 2019 et 2023.",
    "The council approved 56 new homes on the old airfield in spring.",
    "Le modèle compte 670 milliards de paramètres au total, mais n'en active que 37 milliards à la fois.",
    "Vanguard 1 was launched on 17 March 1958 and fell silent in 1964, after 6.2 years.",
    "Près de 1 227 élèves de 30 établissements ont répondu, soit 6,5 % de plus qu'en 2020.",
    "Unemployment fell to 5.2 percent, while prices rose by 3.1 percent and wages by 2.4 percent.",
    "Der Preis 12,50 war 3 mal so hoch; COVID-19 cost $6m, or 1,000 dollars for each of the 6,000 patients.",
    "A third of the 24 schools closed for two weeks in May 2021.",
)
PLAIN = (
    "Solar panels supplied electricity to the villages along the river, and the school bought a small battery.",
    "La mairie a ouvert une bibliothèque dans l'ancienne gare, et les habitants y viennent chaque semaine.",
    "The ferry leaves the harbour in the morning; the last bus waits for its passengers until the evening.",
    "Les agriculteurs de la vallée vendent leurs légumes au marché du village voisin depuis fort longtemps.",
)


class HashedEmbeddings:
    """Unit vectors from the text alone: quick, the same every time, and close for no two texts."""

    name = "hashed"

    def passages(self, texts: Sequence[str]) -> Vectors:
        seeds = [int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]) for text in texts]
        vectors = np.array([np.random.default_rng(seed).normal(size=16) for seed in seeds], dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.asarray(self.passages([text])[0], dtype=np.float32)


class SameEmbeddings(HashedEmbeddings):
    """Every text means the same: the hardest case for a judge that must tell numbers apart."""

    name = "same"

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), dtype=np.float32)


def draft(claim: str, *sentences: str) -> DraftClaim:
    citations = (Citation(at, Sentence("a", at, 0, len(text), text, 0)) for at, text in enumerate(sentences, start=1))
    return DraftClaim(claim, tuple(citations))


JUDGE = ClaimJudge(SameEmbeddings())
DIGITS = re.compile(r"\d+(?:[.,]\d+)?")


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_another_number_is_never_supported(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(SENTENCES))
    match = data.draw(st.sampled_from(list(DIGITS.finditer(sentence))))
    number = str(data.draw(st.integers(0, 99_999) | st.integers(1900, 2100) | st.integers(0, 99)))
    if "." in match.group() or "," in match.group():
        number += "." + str(data.draw(st.integers(1, 9)))
    before = literal_values(match.group(), "en") | literal_values(match.group(), "fr")
    assume(not before & (literal_values(number, "en") | literal_values(number, "fr")))
    changed = sentence[: match.start()] + number + sentence[match.end() :]
    assume(_numbers(changed) != _numbers(sentence))
    assert JUDGE.judge([draft(changed, sentence)])[0].label != "supported"


def _numbers(text: str) -> list[frozenset[Fraction]]:
    return [quantity.values for quantity in read(text).quantities]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_two_numbers_that_change_places_are_never_supported(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from([text for text in SENTENCES if len(DIGITS.findall(text)) > 1]))
    first, second = sorted(
        data.draw(st.lists(st.sampled_from(list(DIGITS.finditer(sentence))), min_size=2, max_size=2, unique=True)),
        key=lambda match: match.start(),
    )
    assume(first.group() != second.group())
    middle = sentence[first.end() : second.start()]
    changed = sentence[: first.start()] + second.group() + middle + first.group() + sentence[second.end() :]
    assert JUDGE.judge([draft(changed, sentence)])[0].label != "supported"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_part_of_a_plain_sentence_is_supported(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(PLAIN))
    words = list(re.finditer(r"\S+", sentence))
    start = data.draw(st.integers(0, len(words) - 7))
    end = data.draw(st.integers(start + 6, len(words) - 1))
    part = sentence[words[start].start() : words[end].end()]
    verdict = JUDGE.judge([draft(part, sentence)])[0]
    assert (verdict.label, verdict.score) == ("supported", 1.0)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), sentence=st.sampled_from(SENTENCES + PLAIN))
def test_case_spaces_and_quotation_marks_change_nothing(data: st.DataObject, sentence: str) -> None:
    text = data.draw(st.sampled_from((sentence, sentence.upper(), sentence.lower())))
    text = text.replace("'", data.draw(st.sampled_from(("'", "’"))))
    text = text.replace(" ", data.draw(st.sampled_from((" ", "  ", "\u00a0", "\n"))))
    left, right = data.draw(st.sampled_from((("", ""), ("« ", " »"), ("“", "”"), ('"', '"'))))
    assert JUDGE.judge([draft(left + text + right, sentence)])[0].score == 1.0


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("the vaccine is dangerous for children", "It is not true that the vaccine is dangerous for children."),
        ("the vaccine is dangerous for children", "Nothing shows that the vaccine is dangerous for children."),
        ("the drug cures the disease in mice", "The drug may help, and perhaps the drug cures the disease in mice."),
        ("the tax will rise in the spring", "If the vote fails, the tax will rise in the spring."),
        ("the mine will reopen before winter", "The owner claims that the mine will reopen before winter."),
        ("the mine will reopen before winter", "The mine will reopen before winter, the owner said."),
        ("10 percent of the voters abstained", "Less than 10 percent of the voters abstained."),
        ("le vaccin est dangereux pour les enfants", "Rien ne prouve que le vaccin est dangereux pour les enfants."),
        (
            "la centrale fermera à la fin de l'année",
            "Selon la rumeur, il est faux que la centrale fermera à la fin de l'année.",
        ),
        ("la taxe augmentera au printemps prochain", "Si le vote échoue, la taxe augmentera au printemps prochain."),
        ("la mine rouvrira avant l'hiver prochain", "Le patron prétend que la mine rouvrira avant l'hiver prochain."),
        (
            "la mine rouvrira avant l'hiver prochain",
            "La mine rouvrira avant l'hiver prochain, à moins que le prix ne baisse.",
        ),
        ("les élèves du village ne viendront", "Les élèves du village ne viendront plus à l'école."),
    ],
)
def test_a_cut_that_changes_the_meaning_is_not_supported(part: str, sentence: str) -> None:
    verdict = JUDGE.judge([draft(part, sentence)])[0]
    assert verdict.label != "supported"
    assert verdict.reason.key.endswith("_cut")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    claim=st.text(max_size=120),
    sentences=st.lists(st.text(max_size=120), max_size=3),
    known=st.sampled_from(SENTENCES),
)
def test_any_text_is_judged(claim: str, sentences: list[str], known: str) -> None:
    judge = ClaimJudge(HashedEmbeddings())
    drafts = [draft(claim, *sentences), draft(claim, known), draft(known, *sentences), draft(known + claim, known)]
    for verdict in judge.judge(drafts):
        assert verdict.label in ("supported", "partial", "unsupported", "contradicted")
        assert 0 <= verdict.score <= 1


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.sampled_from("ne pas 6 % 1 000 mille cent et un deux sur trois € $ - ' « » \" if que not".split())
    )
)
def test_any_order_of_awkward_words_is_judged(words: list[str]) -> None:
    text = " ".join(words)
    for verdict in JUDGE.judge([draft(text, SENTENCES[0]), draft(SENTENCES[1], text), draft(text, text[::-1])]):
        assert 0 <= verdict.score <= 1


def test_flipped_numbers_in_the_sample_articles_are_never_supported() -> None:
    drafts = []
    for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---", 2)[2]
        for sentence in re.split(r"(?<=[.!?])\s+", body):
            if match := re.search(r"(?<![\w.,-])\d+(?![\w.,-]*[A-Za-z\d])", sentence):
                changed = sentence[: match.start()] + str(int(match.group()) + 1) + sentence[match.end() :]
                drafts.append(draft(changed, sentence))
    assert len(drafts) > 100
    wrong = [
        claim.text for claim, verdict in zip(drafts, JUDGE.judge(drafts), strict=True) if verdict.label == "supported"
    ]
    assert wrong == []
