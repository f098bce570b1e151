"""A conversation: follow-ups are understood, and a sentence keeps its number in every turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from debatebot import Debater
from debatebot.factory import sample_articles
from debatebot.types import Compared, Debate, Finished, Retrieved

TURNS = (
    "La semaine de quatre jours est-elle une bonne idée ?",
    "Et pour les petites entreprises ?",
    "Pourquoi ?",
    "La semaine de quatre jours est-elle une bonne idée ?",
    "Combien d'entreprises britanniques ont continué après l'essai de 2022 ?",
)


@pytest.fixture
def debater(tmp_path: Path) -> Iterator[Debater]:
    opened = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path / "home")})
    yield opened
    opened.close()


def meanings(debates: list[Debate]) -> dict[int, str]:
    """Number → sentence; fails where a number has two meanings."""
    meaning: dict[int, str] = {}
    for debate in debates:
        for item in debate.evidence:
            assert meaning.setdefault(item.number, item.sentence.id) == item.sentence.id
        for answer in debate.answers:
            for claim in answer.claims:
                assert all(meaning[one.number] == one.sentence.id for one in claim.citations)
        for unused in debate.comparison.unused:
            assert unused.number is None or meaning[unused.number] == unused.sentence.id
    return meaning


def test_five_turns_and_one_asked_again_share_one_numbering(debater: Debater) -> None:
    sample = next(one for one in sample_articles() if "quatre jours" in one.title)
    article = debater.add(sample, person="ada")
    conversation: str | None = None
    shown: list[str] = []
    for question in TURNS:
        with debater.converse(
            question, person="ada", articles=[article.id], conversation=conversation, engine="builtin"
        ) as stream:
            events = list(stream)
        conversation = stream.conversation
        assert isinstance(events[0], Retrieved)
        assert isinstance(events[-2], Compared)
        assert isinstance(events[-1], Finished)
        assert events[-2].comparison == events[-1].debate.comparison
        shown.append(events[0].searched)
    assert conversation is not None
    with debater.again(conversation, 1, "optimistic", person="ada", engine="builtin") as again:
        *_, last = again
    assert isinstance(last, Finished)
    assert len(last.debate.answers) == 3
    assert len(last.debate.comparison.balance) == 3
    debates = [turn.debate for turn in debater.conversation(conversation, "ada").turns if turn.debate]
    assert [debate.searched for debate in debates] == shown
    assert shown[1] == "La semaine de quatre jours est-elle une bonne idée pour les petites entreprises ?"
    assert shown[0] == shown[3] == TURNS[0]
    meaning = meanings([*debates, last.debate])
    assert len(set(meaning.values())) == len(meaning)
    assert debates[0].evidence == debates[3].evidence
    assert {item.number for item in debates[4].evidence} & {item.number for item in debates[0].evidence}
    assert any("petites entreprises" in item.sentence.text for item in debates[1].evidence)


def test_a_follow_up_is_answered_about_what_went_before(debater: Debater) -> None:
    sample = next(one for one in sample_articles() if "Casgevy" in one.title)
    article = debater.add(sample, person="ada")
    first = debater.converse(
        "How much does Casgevy cost in the United States?", person="ada", articles=[article.id], engine="builtin"
    )
    with first:
        list(first)
    second = debater.converse(
        "And why?", person="ada", articles=[article.id], conversation=first.conversation, engine="builtin"
    )
    with second:
        *_, last = second
    assert isinstance(last, Finished)
    assert "Casgevy" in last.debate.searched
    assert last.debate.question == "And why?"
    assert last.debate.language == "en"


def test_debates_and_plain_questions_share_one_numbering(debater: Debater) -> None:
    sample = next(one for one in sample_articles() if "loup" in one.title)
    article = debater.add(sample, person="ada")
    begun = debater.converse(
        "Le loup menace-t-il les éleveurs ?", person="ada", articles=[article.id], engine="builtin"
    )
    with begun:
        list(begun)
    for question in ("Et pour les touristes ?", "Les chiens de protection suffisent-ils ?"):
        session = debater.debates.converse(
            question, person="ada", articles=[article.id], conversation=begun.conversation, engine="builtin", rounds=2
        )
        for step in (session.open, session.next_round):
            with step() as stream:
                list(stream)
    with debater.converse(
        "Et en Italie ?", person="ada", articles=[article.id], conversation=begun.conversation, engine="builtin"
    ) as last:
        list(last)
    # The debate before goes on: what the plain question has found meanwhile has its numbers already.
    resumed = debater.debates.resume(begun.conversation, 1, person="ada", engine="builtin")
    with resumed.next_round(remark="D'où viennent les loups ?") as stream:
        list(stream)
    conversation = debater.conversation(begun.conversation, "ada")
    debates = [turn.debate for turn in conversation.turns if turn.debate]
    for kept, shown in ((debates[1], resumed.discussion.opening), (debates[3], last.snapshot())):
        assert [(one.number, one.sentence.id) for one in kept.evidence] == [
            (one.number, one.sentence.id) for one in shown.evidence
        ]
    assert any(one.added for turn in conversation.turns if turn.discussion for one in turn.discussion.rounds)
    meaning = meanings(debates)
    assert len(set(meaning.values())) == len(meaning)
