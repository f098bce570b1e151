"""Names for what sentences are about: nouns with their articles, never a verb, an adjective or half a name."""

from __future__ import annotations

import pytest

from debatebot.documents.sentences import split
from debatebot.factory import sample_articles
from debatebot.phrases import names_in, shared_names
from debatebot.types import Article

ENGLISH = (
    "The ferry company raised the ticket price twice last year. Small islands depend on the ticket price more than the coast"
    " does. A slow ferry is better than none, the islanders say. Critics think that a slow ferry drives young families away."
    " Young families need the ferry for school, and the ferry needs young families. Passengers hope that the price falls."
    " The new route works, as the company admits. Fuel costs can rise again, and fuel costs can fall. Night crossings are rare."
    " The ticket price is high, the company is small, and the price of bread is not its fault. Few of the families are rich."
)
FRENCH = (
    "Le bac relie les petites îles au continent. Le prix du billet a doublé, et le prix du billet inquiète les familles."
    " Les petites îles vivent du bac. L'horaire d'hiver gêne les familles, et un horaire plus souple les aiderait."
    " Le harcèlement en ligne touche aussi les îles. Le harcèlement en ligne recule pourtant. La méfiance l'emporte."
    " Des bacs électriques arrivent ; chaque bac électrique coûte cher, selon la compagnie. La compagnie du bac hésite."
)


def names(sentence: str, article: str, language: str) -> list[str]:
    return [phrase.named for phrase in names_in(sentence, language, [article])]


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("The ferry company", "the ticket price"),
        ("Small islands", "the ticket price"),
        ("A slow ferry", "a slow ferry"),
        ("Young families need", "young families"),
        ("Fuel costs", "fuel costs"),
    ],
)
def test_english_names_stand_with_the_article_that_the_text_gives_them(beginning: str, expected: str) -> None:
    assert expected in names(sentence_of(ENGLISH, "en", beginning), ENGLISH, "en")


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("Le prix du billet", "le prix du billet"),
        ("Les petites îles vivent", "les petites îles"),
        ("Le harcèlement en ligne touche", "le harcèlement en ligne"),
        ("Des bacs électriques", "les bacs électriques"),
    ],
)
def test_french_names_stand_with_their_definite_article(beginning: str, expected: str) -> None:
    assert expected in names(sentence_of(FRENCH, "fr", beginning), FRENCH, "fr")


@pytest.mark.parametrize(
    "wrong",
    ["critics think", "passengers hope", "route works", "new", "slow", "rise", "company raised", "company admits"],
)
def test_no_verb_and_no_adjective_is_part_of_an_english_name(wrong: str) -> None:
    found = [name.lower() for sentence in split("a", ENGLISH, "en") for name in names(sentence.text, ENGLISH, "en")]
    assert not [name for name in found if name.removeprefix("the ").removeprefix("a ") == wrong]


@pytest.mark.parametrize("wrong", ["emporte", "méfiance l'", "aiderait", "électriques arrivent", "petites", "souple"])
def test_no_verb_and_no_adjective_is_part_of_a_french_name(wrong: str) -> None:
    found = [name for sentence in split("a", FRENCH, "fr") for name in names(sentence.text, FRENCH, "fr")]
    assert not [name for name in found if name.endswith(wrong) and name.split()[-1] == wrong.split()[-1]]
    assert not [name for name in found if wrong.endswith("'") and wrong in name]


def test_two_sentences_share_the_longest_name() -> None:
    one, other = "The ticket price may fall.", "The ticket price is ruinous."
    assert shared_names(one, other, "en", [f"{one} {other}"])[0].named == "the ticket price"


def test_words_that_only_stand_near_each_other_are_no_shared_name() -> None:
    one = "The price of gene editing may fall."
    other = "Careless edits could damage a healthy gene."
    article = f"{one} {other} Doctors hope for gene editing. The cost of gene editing is high."
    assert "gene editing" not in [phrase.text for phrase in shared_names(one, other, "en", [article])]


def test_singular_and_plural_are_one_name() -> None:
    one, other = "Les chiens de protection aident le berger.", "Un chien de protection a mordu un randonneur."
    assert shared_names(one, other, "fr", [f"{one} {other}"])[0].text in ("chiens de protection", "chien de protection")


def test_other_languages_name_nothing() -> None:
    assert names_in("Der Preis der Karten steigt.", "de", ["Der Preis der Karten steigt."]) == ()


@pytest.mark.parametrize("article", sample_articles(), ids=lambda article: article.source + article.title[:12])
def test_names_in_the_sample_articles_are_the_article_s_own_words(article: Article) -> None:
    found = 0
    sentences = split(article.id, article.text, article.language)
    for sentence in sentences:
        for phrase in names_in(sentence.text, article.language, [article.text]):
            found += 1
            assert phrase.text.lower() in article.text.lower()
            assert phrase.terms
            assert 2 <= len(phrase.text) <= 48
            assert phrase.named.removeprefix("the ").split("'")[-1].split()[-1] in article.text
            # An infinitive after « le » is a pronoun and its verb.
            assert not (article.language == "fr" and " " not in phrase.text and phrase.text.endswith("ger"))
    assert found > len(sentences) / 2


def sentence_of(article: str, language: str, beginning: str) -> str:
    return next(sentence.text for sentence in split("a", article, language) if sentence.text.startswith(beginning))
