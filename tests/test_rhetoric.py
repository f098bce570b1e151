"""What sentences do, told on sentences that stand in no sample article."""

from __future__ import annotations

import pytest

from debatebot.rhetoric import (
    begins_analogy,
    has_date,
    has_quantity,
    in_analogy,
    is_weighing,
    kind_of,
    states_figure,
    states_value,
)
from tests.fakes import make_article, make_sentences


@pytest.mark.parametrize(
    "text",
    [
        "La réponse se trouve sans doute entre les deux.",
        "Les mêmes chiffres servent les partisans et les adversaires du barrage.",
        "D'un côté la facture baisse, de l'autre le réseau vieillit.",
        "Personne ne sait si la mesure tiendra.",
        "Reste à savoir qui paiera.",
        "Tout dépendra de la pluie.",
        "La réforme du port est une mesure à double face.",
        "Le maire a défendu le projet, tout en reconnaissant son prix.",
        "Bien entretenu, le pont tient un siècle ; mal entretenu, il ferme en dix ans.",
        "L'enquête nuance pourtant ce tableau.",
        "Le dossier impose un choix entre le prix et la sûreté.",
        "The truth lies somewhere in between.",
        "Both sides quote the same report.",
        "Neither the ministry nor the union has counted them.",
        "It is too early to tell.",
        "Much depends on the next harvest.",
        "The fairest verdict is that the port is busy and poor.",
        "A fast boat wins in calm water; in a storm the same boat loses.",
        "The new law is a double-edged one.",
        "Whether the bridge holds remains open.",
    ],
)
def test_a_weighing_sentence_is_told(text: str) -> None:
    assert is_weighing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le barrage mesure 40 mètres de haut.",
        "La facture a baissé de 6,5 % en un an.",
        "Les riverains redoutent une inondation.",
        "The bridge opened in 1932.",
        "The union welcomed the new contract.",
        "Nobody was hurt in the accident.",
    ],
)
def test_a_plain_sentence_is_not_taken_for_weighing(text: str) -> None:
    assert not is_weighing(text)


def test_an_analogy_runs_to_the_end_of_its_paragraph() -> None:
    text = (
        "The law passed.\n\nImagine a baker with one oven. The baker sells to all. Customers are glad.\n\n"
        "The law costs a lot."
    )
    sentences = make_sentences(make_article(text=text))
    assert in_analogy(sentences) == [False, True, True, True, False]
    assert begins_analogy("C'est un peu comme un boulanger sans four.")
    assert not begins_analogy("The baker closed in May.")


@pytest.mark.parametrize(
    ("text", "quantity", "date"),
    [
        ("In 2024 the town voted.", False, True),
        ("In 2024 the town spent 3 million.", True, True),
        ("The town has 2,500 homes.", True, False),
        ("Un tiers des élèves est venu.", True, False),
        ("The town voted.", False, False),
        ("Prices rose by 20%.", True, False),
        ("The khan ruled from 1321 to 1323, for two years.", True, True),
        ("The plain was settled in the twelfth century.", False, True),
        ("La plaine est habitée depuis le XIIe siècle.", False, True),
        ("Les glaciers ont fondu il y a douze mille ans.", True, True),
        ("Warming began some 13,000 years ago.", True, True),
        ("Le bourg compte 1200 habitants.", True, False),
    ],
)
def test_a_year_is_a_date_and_no_quantity(text: str, quantity: bool, date: bool) -> None:
    assert (has_quantity(text), has_date(text)) == (quantity, date)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The dam is 40 metres high.", "fact"),
        ("Le barrage mesure 40 mètres.", "fact"),
        ("The dam could fail.", "inference"),
        ("Le barrage pourrait céder.", "inference"),
        ("Critics fear a flood.", "opinion"),
        ("Les riverains redoutent une crue.", "opinion"),
    ],
)
def test_a_claim_has_a_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_sentence_about_what_ought_to_be_states_a_value() -> None:
    assert states_value("A fair price is owed to every farmer.")
    assert states_value("Il faudrait aider les éleveurs.")
    assert not states_value("The price fell.")


@pytest.mark.parametrize(
    "text",
    ["Le barrage mesure 40 mètres de haut.", "The bridge opened in 1932.", "La facture a baissé de 6,5 % en un an."],
)
def test_a_fact_that_can_be_looked_up_states_its_figure_in_digits(text: str) -> None:
    assert states_figure(text)


@pytest.mark.parametrize(
    "text",
    [
        "Les riverains paieront 40 euros de plus.",  # what will be is no fact yet
        "Two units cause most of the confusion.",
        "Critics fear a bill of 40 million.",
        "Depending on the rain, the harvest is worth 3 or 9 million; it all depends on the rain.",
        "La copie décourage la recherche.",
    ],
)
def test_a_guess_an_opinion_or_a_statement_without_digits_states_no_figure(text: str) -> None:
    assert not states_figure(text)
