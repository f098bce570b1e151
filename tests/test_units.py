"""What a quantity is measured in."""

from __future__ import annotations

import pytest

from debatebot.units import Unit, has_unit, unit_asked


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How long do solar panels last?", "time"),
        ("Combien de temps dure le trajet ?", "time"),
        ("Quelle est la durée du bail ?", "time"),
        ("How much does it cost?", "money"),
        ("How much did the new bridge cost?", "money"),
        ("What is the price of a ticket?", "money"),
        ("Combien coûte un billet ?", "money"),
        ("Combien ça va coûter ?", "money"),
        ("Combien cela a-t-il coûté ?", "money"),
        ("Quel est le prix du pont ?", "money"),
        ("What percentage of homes?", "share"),
        ("Quelle proportion des élèves ?", "share"),
        ("How long is the bridge?", None),
        ("How many people came?", None),
        ("Combien de loups ?", None),
        ("Is it good news?", None),
    ],
)
def test_what_a_question_wants_a_quantity_in(question: str, unit: Unit | None) -> None:
    assert unit_asked(question) == unit


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("The lease runs for thirty years.", {"time"}),
        ("Le bail court sur 99 ans.", {"time"}),
        ("Il a fallu une décennie, ou plusieurs décennies.", {"time"}),
        ("Le pont a coûté 2 millions d'euros.", {"money"}),
        ("A ticket is £3.", {"money"}),
        ("It cost 3 million.", {"money"}),
        ("Le pont a coûté 3 millions.", {"money"}),
        ("The cost is high.", set()),
        ("La moitié des élèves, soit 12 %.", {"share"}),
        ("Two thirds of them left.", {"share"}),
        ("In 2024 the bridge opened.", set()),
        ("Le parc compte 9 000 panneaux.", set()),
    ],
)
def test_what_a_sentence_states(text: str, units: set[Unit]) -> None:
    every: tuple[Unit, ...] = ("money", "time", "share")
    assert {unit for unit in every if has_unit(text, unit)} == units
