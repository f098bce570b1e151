"""Sentences that say in so many words where they stand, and which perspectives may cite them."""

from __future__ import annotations

import pytest

from debatebot.supports import may_support, takes_no_side

HOPEFUL = (
    "The gate removes the queue at the border and the danger of waiting in the dark.",
    "Floods do less harm than people fear.",
    "Travelling by night would be safer with the new lamps.",
    "Les optimistes répondent que le pont tiendra un siècle.",
    "Le filet épargne aux grimpeurs la chute et la peur du vide.",
)
WORRIED = (
    "A pessimist notes that nine bridges in ten are older than their engineers.",
    "One new lamp cannot change the number of accidents in the valley.",
    "Cheap tickets are also a reason for worry.",
    "Pour les pessimistes, le pont ne tiendra pas l'hiver.",
    "Le pont a tenu un hiver, et rien ne prouve qu'il en tienne dix.",
    "Without new cables the bridge may become a ruin that everybody admires.",
    "Drivers will have to pay somewhat more, at least for a while.",
    "Bridges of wood are exposed to every flood.",
    "L'élan des premiers mois risque de s'essouffler.",
)
PLAIN = ("The bridge is 300 metres long.", "Le pont a été ouvert en 1932.")


@pytest.mark.parametrize("text", HOPEFUL)
def test_what_speaks_for_hope_does_not_support_the_worried(text: str) -> None:
    assert may_support(text, "hopeful")
    assert not may_support(text, "worried")
    assert not may_support(text, "balanced")


@pytest.mark.parametrize("text", WORRIED)
def test_what_speaks_for_worry_does_not_support_the_hopeful(text: str) -> None:
    assert may_support(text, "worried")
    assert not may_support(text, "hopeful")
    assert not may_support(text, "balanced")


@pytest.mark.parametrize("text", PLAIN)
def test_plain_sentences_may_stand_anywhere(text: str) -> None:
    assert may_support(text, "hopeful")
    assert may_support(text, "worried")
    assert may_support(text, "balanced")
    assert not takes_no_side(text)


@pytest.mark.parametrize(
    "text",
    [
        "The survey found no difference between the two banks of the river.",
        "L'étude n'a trouvé aucun effet du péage sur le trafic.",
        "Une corrélation n'est pas une cause.",
        "Le commerce et la nature tirent ici dans des sens opposés.",
    ],
)
def test_what_takes_no_side_supports_none(text: str) -> None:
    assert takes_no_side(text)
