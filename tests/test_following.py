"""Follow-ups: what they add must be spoken of, or the old answers would be given once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from debatebot.following import retrieve_following, speaks_of_new
from debatebot.questions import added
from debatebot.types import Article, Retrieval
from tests.fakes import make_article, make_retrieval


class Knowing:
    """Articles that speak of what holds one of the words known; `answerable` for the rest."""

    def __init__(self, *known: str, unknown: float = 0.05, found: float = 0.9) -> None:
        self.known = known
        self.unknown = unknown
        self.found = found
        self.asked: list[str] = []

    def retrieve(
        self, question: str, language: str, articles: Sequence[Article], numbers: Mapping[str, int] | None = None
    ) -> Retrieval:
        self.asked.append(question)
        knows = any(word in question for word in self.known)
        return replace(make_retrieval(), answerable=self.found if knows else self.unknown)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And for small companies?", "for companies"),
        ("Et pour les petites entreprises ?", "pour les entreprises"),
        ("And in Japan?", "in Japan"),
        ("What about football?", "football"),
        ("And what does it cost?", None),
        ("Why?", None),
        ("How are wolves counted?", None),
    ],
)
def test_what_a_follow_up_adds(question: str, expected: str | None) -> None:
    assert added(question) == expected


def test_what_is_new_must_be_spoken_of() -> None:
    articles, known = (make_article(),), Knowing("companies")
    assert speaks_of_new("And for small companies?", "en", articles, known)
    assert not speaks_of_new("And for football?", "en", articles, known)


def test_across_languages_less_is_asked_for() -> None:
    faint = Knowing("tourists", unknown=0.04, found=0.2)
    assert speaks_of_new("And for the tourists?", "en", (make_article(language="fr"),), faint)
    assert not speaks_of_new("And for the tourists?", "en", (make_article(),), faint)
    assert not speaks_of_new("And for the dogs?", "en", (make_article(language="fr"),), faint)


def test_a_follow_up_about_something_else_is_not_answered_with_the_old_sentences() -> None:
    articles, old = (make_article(),), make_retrieval()
    assert retrieve_following("And in Japan?", "en", articles, Knowing("park"), old).answerable == 0
    assert retrieve_following("And in the park?", "en", articles, Knowing("park"), old) is old


def test_a_question_that_only_points_back_is_searched_for_once() -> None:
    retriever, old = Knowing("park"), make_retrieval()
    assert retrieve_following("And what does it cost?", "en", (make_article(),), retriever, old) is old
    assert retriever.asked == []
