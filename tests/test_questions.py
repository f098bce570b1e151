"""What questions ask for."""

from __future__ import annotations

import pytest

from debatebot.questions import completed, counted_thing, expected_fact, is_question, roots


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
        ("According to the FDA, how many patients were treated?", "quantity"),
        ("Quels sont les risques ?", None),
        ("Quels sont les coûts ?", None),
        ("Quel est le coût et qui le paie ?", None),
        ("How much does it cost, and who pays?", None),
        ("What happens when prices fall?", None),
        ("Quelle conséquence pour les éleveurs ?", None),
        ("", None),
    ],
)
def test_a_question_asks_for_a_plain_fact_or_for_more(question: str, expected: str | None) -> None:
    assert expected_fact(question) == expected


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Qui a fondé DeepSeek ?", True),
        ("« Le loup attaque-t-il l'homme ? »", True),
        ("the price, is it fair?", True),
        ("combien coûte le traitement", True),
        ("d'où vient le chiffre", True),
        ("How much does it cost", True),
        ("Le prix du traitement", False),
        ("The price is too high.", False),
        ("Howard Carter found it", False),
        ("Les tirs ? Ils ne servent à rien.", False),
        ("Le loup est-il dangereux ? Et pour les enfants ?", False),
        ("", False),
    ],
)
def test_a_question_has_its_sign_or_begins_as_questions_do(text: str, asks: bool) -> None:
    assert is_question(text) is asks


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


IDEA = "La semaine de quatre jours est-elle une bonne idée ?"
COST = "Combien coûte Casgevy aux États-Unis ?"


@pytest.mark.parametrize(
    ("before", "question", "language", "searched"),
    [
        (
            IDEA,
            "Et pour les petites entreprises ?",
            "fr",
            "La semaine de quatre jours est-elle une bonne idée pour les petites entreprises ?",
        ),
        (
            "Is the four-day week a good idea?",
            "And for small companies?",
            "en",
            "Is the four-day week a good idea for small companies?",
        ),
        (COST, "Et au Royaume-Uni ?", "fr", "Combien coûte Casgevy au Royaume-Uni ?"),
        (
            "How much does Casgevy cost in the United States?",
            "And in England?",
            "en",
            "How much does Casgevy cost in England?",
        ),
        (IDEA, "Pourquoi ?", "fr", f"{IDEA} Pourquoi ?"),
        ("Who opposes the park?", "Why?", "en", "Who opposes the park? Why?"),
        ("Que pensent les éleveurs du loup ?", "Et lui ?", "fr", "Que pensent les éleveurs du loup ? Et lui ?"),
        ("Who built the park?", "What does it cost?", "en", "Who built the park? What does it cost?"),
        (IDEA, "Et les risques ?", "fr", f"{IDEA} Et les risques ?"),
        ("Is the park good news?", "What about the farmers?", "en", "Is the park good news? What about the farmers?"),
    ],
)
def test_a_question_that_depends_on_an_earlier_one_is_completed(
    before: str, question: str, language: str, searched: str
) -> None:
    assert completed(question, language, ["Something else?", before]) == searched


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Combien de loups vivent en France ?", "fr"),
        ("En quelle année le loup est-il revenu en France ?", "fr"),
        ("Est-ce une bonne nouvelle ?", "fr"),
        ("Is it good news?", "en"),
        ("How many heat pumps are installed in Europe?", "en"),
        ("Que dit l'article de la santé des salariés ?", "fr"),
        ("Quels sont les espoirs et les risques de l'édition génétique ?", "fr"),
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str, language: str) -> None:
    assert completed(question, language, [IDEA]) is None


@pytest.mark.parametrize(
    ("before", "question", "language"),
    [
        ("How much does it cost?", "Could it cause cancer?", "en"),
        ("Est-ce qu'il coûte cher ?", "Est-ce qu'il est dangereux ?", "fr"),
    ],
)
def test_what_an_earlier_question_does_not_name_is_not_taken_from_it(before: str, question: str, language: str) -> None:
    assert completed(question, language, [before]) is None


def test_why_goes_on_from_any_question() -> None:
    assert completed("Why?", "en", ["Could it cause cancer?"]) == "Could it cause cancer? Why?"


def test_the_first_question_of_a_conversation_is_never_completed() -> None:
    assert completed("Et pour les petites entreprises ?", "fr", []) is None


def test_a_chain_of_such_questions_stays_readable() -> None:
    first = completed("Et pour les petites entreprises ?", "fr", [IDEA])
    assert first is not None
    assert completed("Et pour les salariés ?", "fr", [IDEA, first]) == (
        "La semaine de quatre jours est-elle une bonne idée pour les salariés ?"
    )
    many = [IDEA]
    for _ in range(30):
        many.append(completed("Pourquoi ?", "fr", many) or "")
    assert len(many[-1]) < 400
