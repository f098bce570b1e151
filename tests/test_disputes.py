"""Which sentences answer one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from debatebot.disputes import answered, matched
from debatebot.types import Evidence, Sentence
from tests.fakes import make_evidence, make_retrieval

TEXTS = (
    "Night trains could win back travellers from the airlines.",
    "The museum delights its young visitors.",
    "Night trains may lose travellers if the tickets stay dear.",
    "The harbour opened in 1904.",
)


def sentences_of(evidence: Sequence[Evidence]) -> list[Sentence]:
    return [item.sentence for item in evidence]


def test_a_hope_and_a_worry_about_one_thing_answer_each_other() -> None:
    retrieval = make_retrieval(make_evidence(*TEXTS, outlooks=(0.8, 0.8, -0.8, 0.0)))
    found = answered(sentences_of(retrieval.evidence), retrieval.vectors)
    assert found.shape == (4,)
    assert found[0] == found[2] > 0.5
    assert found[1] < found[0] / 2
    assert found[3] == 0


def test_what_one_paragraph_sets_against_each_other_answers_more_closely() -> None:
    texts = (
        "Night trains could win back families.",
        "The harbour opened in 1904.",
        "Night work may wear the crews out.",
    )
    evidence = make_evidence(*texts, outlooks=(0.8, 0.0, -0.8))
    retrieval = make_retrieval(evidence)
    far = [replace(item, sentence=replace(item.sentence, paragraph=3 * at)) for at, item in enumerate(evidence)]
    near = [replace(item, sentence=replace(item.sentence, paragraph=at // 2)) for at, item in enumerate(evidence)]
    assert answered(sentences_of(near), retrieval.vectors)[0] > answered(sentences_of(far), retrieval.vectors)[0]


def test_nothing_answers_where_all_lean_one_way() -> None:
    retrieval = make_retrieval(make_evidence(*TEXTS, outlooks=(0.8, 0.8, 0.8, 0.0)))
    assert np.all(answered(sentences_of(retrieval.evidence), retrieval.vectors) == 0)


def test_each_sentence_is_matched_with_one_at_most_and_both_with_each_other() -> None:
    texts = (
        "Night trains could win back travellers from the airlines.",
        "Night trains may win back families.",
        "Night trains may lose travellers if the tickets stay dear.",
        "The harbour opened in 1904.",
    )
    retrieval = make_retrieval(make_evidence(*texts, outlooks=(0.8, 0.8, -0.8, 0.0)))
    sentences = sentences_of(retrieval.evidence)
    found = matched(sentences, retrieval.vectors, [0.5, 0.5, 0.5, 0.5], range(4))
    assert found.keys() == {0, 2}
    assert found[0].place == 2
    assert found[2].place == 0
    assert found[0].closeness == found[2].closeness > 0.5
    better = matched(sentences, retrieval.vectors, [0.0, 3.0, 0.5, 0.5], range(4))
    assert better.keys() == {1, 2}  # of two that are answered, the one that counts for more by itself
    assert matched(sentences, retrieval.vectors, [0.5, 0.5, 0.5, 0.5], (0, 1, 3)) == {}
