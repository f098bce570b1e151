"""Everyday words that stand for one another."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from debatebot.lexical import analyzer
from debatebot.thesaurus import kindred

GROUPS: dict[str, list[str]] = tomllib.loads((files("debatebot") / "models" / "thesaurus.toml").read_text("utf-8"))


def term(word: str, language: str) -> str:
    [found] = analyzer(language).terms(word)
    return found


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("en", "cost", "price"),
        ("en", "costs", "prices"),
        ("en", "afford", "price"),
        ("en", "subsidy", "grant"),
        ("fr", "coûte", "prix"),
        ("fr", "dégâts", "indemnisation"),
        ("fr", "humains", "homme"),
    ],
)
def test_a_question_and_an_article_may_use_different_words_for_one_thing(
    language: str, asked: str, written: str
) -> None:
    assert term(written, language) in kindred(term(asked, language), language)
    assert term(asked, language) in kindred(term(written, language), language)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "lighthouse"), ("fr", "phare"), ("de", "Preis"), ("xx", "price")]
)
def test_a_word_of_no_group_stands_for_itself_alone(language: str, word: str) -> None:
    assert kindred(term(word, language), language) == frozenset()


def test_a_word_is_not_its_own_kin() -> None:
    for language, lines in GROUPS.items():
        for word in " ".join(lines).split():
            assert term(word, language) not in kindred(term(word, language), language)


@pytest.mark.parametrize("language", sorted(GROUPS))
def test_every_group_joins_at_least_two_words_that_are_compared(language: str) -> None:
    for line in GROUPS[language]:
        assert len(set(analyzer(language).terms(line))) > 1, line
        assert all(len(analyzer(language).terms(word)) == 1 for word in line.split()), line
    assert len(set(GROUPS[language])) == len(GROUPS[language])
