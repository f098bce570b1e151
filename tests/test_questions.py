"""What questions ask for."""

from __future__ import annotations

import pytest

from debatebot.questions import counted_thing, expected_fact, roots


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Combien de paramètres ?", "quantity"),
        ("How many parameters?", "quantity"),
        ("Quel est le prix du traitement ?", "quantity"),
        ("What is the list price of Casgevy?", "quantity"),
        ("Quelle part des collèges ?", "quantity"),
        ("Quand le loup est-il revenu ?", "date"),
        ("When was it approved?", "date"),
        ("En quelle année ?", "date"),
        ("Où le loup est-il revenu ?", "place"),
        ("Which country approved it first?", "place"),
        ("Qui est Palmer Luckey ?", "person"),
        ("Who founded Anduril?", "person"),
        ("Est-ce une bonne nouvelle ?", None),
        ("Is it good news?", None),
        ("Qui gagne et qui perd ?", None),
        ("Who wins and who loses?", None),
        ("Quels sont les risques ?", None),
        ("What happens when prices fall?", None),
        ("Quelle conséquence pour les éleveurs ?", None),
        ("", None),
    ],
)
def test_a_question_asks_for_a_plain_fact_or_for_more(question: str, expected: str | None) -> None:
    assert expected_fact(question) == expected


def test_roots_meet_across_languages_and_accents() -> None:
    assert roots("How many parameters?") & roots("37 milliards de paramètres") == {"param"}
    assert roots("É") == frozenset()


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("Combien de paramètres ?", {"param"}),
        ("Combien d'employés compte DeepSeek ?", {"emplo"}),
        ("How many employees has DeepSeek?", {"emplo"}),
        ("Combien de personnes ont voté ?", set()),
        ("How much does it cost?", set()),
        ("Is it good news?", set()),
    ],
)
def test_what_a_question_counts(question: str, counted: set[str]) -> None:
    assert counted_thing(question) == counted
