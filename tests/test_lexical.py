from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debatebot.lexical import Analyzer, Postings, QuestionTerms, analyzer, fold, idf, question_terms, reworded, shares


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Une hausse de 6,5 % en 2006.", ["hauss", "6.5", "2006"]),
        ("1.000 loups, 1 000 brebis, 1\u202f000 cerfs", ["1000", "loup", "1000", "breb", "1000", "cerf"]),
        ("1 000 000,5 et 0,125 et 12,345", ["1000000.5", "0.125", "12345"]),
        ("le 15e arrondissement et le 1er janvier", ["15", "arrond", "1", "janvi"]),
        ("L'économie d’aujourd’hui, qu'elle croît", ["econom", "croit"]),
        ("la COVID-19, le CO2, la ligne T3a et la 5G", ["covid", "19", "co2", "lign", "t3a", "5g"]),
        ("Œuvres et œufs", ["oeuvr", "oeuf"]),
    ],
)
def test_french_text_becomes_stems_without_accents_and_whole_numbers(text: str, terms: list[str]) -> None:
    assert analyzer("fr").terms(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The children's doctors don't agree", ["children", "doctor", "agre"]),
        ("O'Brien paid $1,200.50 on the 20th", ["o", "brien", "paid", "1200.50", "20"]),
        ("A well-known pre-war café", ["well", "known", "pre", "war", "cafe"]),
    ],
)
def test_english_text_becomes_stems(text: str, terms: list[str]) -> None:
    assert analyzer("en").terms(text) == terms


def test_a_language_without_a_stemmer_is_compared_by_whole_words() -> None:
    assert analyzer("xx").terms("Żółta łódź płynie") == ["zołta", "łodz", "płynie"]


def test_accents_typed_or_not_mean_the_same() -> None:
    assert analyzer("fr").terms("économie") == analyzer("fr").terms("economie")


@given(st.text())
def test_any_text_can_be_analysed(text: str) -> None:
    tokens = analyzer("fr").tokens(text)
    assert all(token.surface in text for token in tokens)
    assert all(token.term == fold(token.term) for token in tokens)


def test_threads_may_share_an_analyzer() -> None:
    shared, text = Analyzer("fr"), "Les éleveurs redoutent les attaques des loups dans les alpages."
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: shared.terms(text), range(200)))
    assert found == [["eleveur", "redoutent", "attaqu", "loup", "alpag"]] * 200


def postings(*texts: str) -> Postings:
    return Postings.build([analyzer("fr").terms(text) for text in texts], "fr")


def best(question: str, *parts: Postings, follows: list[bool] | None = None) -> int:
    terms = question_terms(question, "fr", "fr")
    return int(shares(terms, parts, None if follows is None else np.array(follows)).argmax())


def test_the_sentence_with_the_rarer_word_comes_first() -> None:
    article = postings("Le loup est là.", "Le loup mange la brebis.", "Le loup dort.", "La brebis craint le berger.")
    assert best("Que craint la brebis ?", article) == 3


def test_idf_is_that_of_what_is_searched() -> None:
    wolves = postings("Le loup dort.", "Le loup et le berger.", "Le loup mange.")
    others = postings("Un berger.", "Un autre berger.", "Encore un berger.")
    # Within the first article "loup" tells nothing; in both together it is the rarer of the two.
    assert best("loup berger", wolves) == 1
    scores = shares(QuestionTerms(("loup", "berg")), [wolves, others])
    assert scores.shape == (6,)
    assert best("loup berger", wolves, others) == 1
    assert scores[0] > scores[4] > 0


def test_a_sentence_answers_for_what_its_neighbour_names() -> None:
    article = postings(
        "L'hôtel Beaulieu domine le lac.", "Il fut bâti en 1904.", "Un pont fut bâti.", "Le parc est grand."
    )
    question = "Quand l'hôtel Beaulieu fut-il bâti ?"
    terms = question_terms(question, "fr", "fr")
    alone = shares(terms, [article])
    together = shares(terms, [article], np.array([False, True, True, True]))
    assert together[1] > alone[1]
    assert together[1] > together[2]
    assert shares(terms, [article], np.array([False, False, True, True]))[1] == pytest.approx(alone[1])


def test_a_score_is_the_share_of_the_question_that_is_found() -> None:
    article = postings("Le loup dort.", "Le parc est grand.")
    half = shares(question_terms("Le loup vole-t-il ?", "fr", "fr"), [article])
    whole = shares(question_terms("Le loup dort ?", "fr", "fr"), [article])
    assert 0 < half[0] < whole[0]
    assert whole[1] == 0


def test_between_two_languages_only_what_holds_digits_is_compared() -> None:
    assert question_terms("Why did Paris build line T3 in 2006?", "en", "fr") == QuestionTerms(("t3", "2006"), lost=3)


def test_a_question_without_words_finds_nothing() -> None:
    assert not shares(question_terms("Est-ce que c'est ?", "fr", "fr"), [postings("C'est ainsi.", "Le loup.")]).any()


def test_no_texts_make_no_scores() -> None:
    assert shares(QuestionTerms(("loup",)), [Postings.build([], "fr")]).shape == (0,)


def test_idf_falls_as_a_word_becomes_common_and_stays_above_zero() -> None:
    values = [idf(frequency, 100) for frequency in range(101)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Que change l'IA ?", "Que change l'intelligence artificielle ?"),
        ("Que fait l'union européenne ?", "Que fait l'UE ?"),
        ("Que fait l'ONU ?", "Que fait l'ONU ?"),
        ("Que change la poésie ?", "Que change la poésie ?"),
    ],
)
def test_an_abbreviation_is_asked_for_as_the_article_writes_it(question: str, expected: str) -> None:
    article = postings("L'intelligence artificielle progresse.", "L'UE hésite.")
    assert reworded(question, "fr", [article]) == expected


def test_a_pronoun_is_no_country() -> None:
    article = Postings.build([analyzer("en").terms("The United States agreed.")], "en")
    assert reworded("Who told us?", "en", [article]) == "Who told us?"
    assert reworded("Did the US agree?", "en", [article]) == "Did the United States agree?"
