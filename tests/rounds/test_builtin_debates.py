"""Debates and briefings of the built-in engine over every article of corpus/, kept and read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

import debatebot
from debatebot import Debater
from debatebot.briefing.document import briefing_to_json
from debatebot.briefing.post import render_post
from debatebot.briefing.types import SECTIONS
from debatebot.errors import InputError, NotFound, QuestionError
from debatebot.factory import data_folder, parts_of_debater
from debatebot.followups import FEWEST
from debatebot.rounds.opposing import ANSWERS, BEARS_ON, Opponents
from debatebot.rounds.record import discussion_to_json
from debatebot.rounds.types import REMARK, Discussion
from debatebot.settings import Settings
from debatebot.types import Article, Claim, Reason, Verdict
from tests.fakes import FakeEmbeddings, make_evidence, make_retrieval, quote

CORPUS = sorted(path.stem for path in (data_folder() / "corpus").glob("*.md"))
SCHEMAS = Path(debatebot.__file__).parent / "schemas"


@pytest.fixture(scope="module")
def debater(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debater]:
    """With embeddings that know words only: fast, and what is found must hold for any."""
    settings = Settings.from_env(
        {"DEBATEBOT_HOME": str(tmp_path_factory.mktemp("home")), "DEBATEBOT_ENGINE": "builtin"}
    )
    opened = Debater(**parts_of_debater(settings, model=FakeEmbeddings()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def hold(debater: Debater) -> Callable[[str, str], Discussion]:
    """Holds the debate on an article in a language, once."""

    @cache
    def held(name: str, language: str) -> Discussion:
        article = article_of(debater, name)
        return debater.debates.hold(article.questions[language][0], articles=[article], rounds=3)

    return held


def article_of(debater: Debater, name: str) -> Article:
    return debater.add(data_folder() / "corpus" / f"{name}.md")


def validate(document: dict[str, Any], name: str) -> None:
    read = {one: json.loads((SCHEMAS / f"{one}.json").read_text("utf-8")) for one in ("ask", name)}
    registry: Registry[Any] = Registry().with_resources(
        (f"debatebot/1/{one}", Resource.from_contents(schema)) for one, schema in read.items()
    )
    jsonschema.Draft202012Validator(read[name], registry=registry).validate(document)


def check(discussion: Discussion) -> None:
    """What holds for every debate of this engine."""
    numbers = [item.number for item in discussion.opening.evidence]
    assert len(numbers) == len(set(numbers))
    texts = {item.number: item.sentence.text for item in discussion.opening.evidence}
    claims = discussion.claims
    for side in discussion.sides:
        granted = {one.claim.id for one in discussion.rebuttals_of(side) if one.concedes}
        own = [claim for claim in discussion.claims_of(side) if claim.id not in granted]
        said = [citation.number for claim in own for citation in claim.citations]
        assert len(said) == len(set(said)), "a side uses a sentence once"
        for rebuttal in discussion.rebuttals_of(side):
            [citation] = rebuttal.claim.citations
            assert rebuttal.claim.text == citation.sentence.text == texts[citation.number]
            assert rebuttal.claim.verdict.label == "supported"
            assert rebuttal.answers is None or rebuttal.answers in claims
            assert not str(rebuttal.answers).startswith(f"{side}.")
    for one in discussion.rounds:
        for contribution in one.contributions:
            assert {*contribution.unanswered, *contribution.answered_before} <= {*claims, REMARK}
            assert set(contribution.answered_before.values()) <= set(claims)
            assert (
                contribution.rebuttals
                or contribution.unanswered
                or contribution.answered_before
                or contribution.silence
            )
    assert discussion.closing is not None


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", CORPUS)
def test_a_debate_on_every_article_in_both_languages(
    hold: Callable[[str, str], Discussion], name: str, language: str
) -> None:
    discussion = hold(name, language)
    check(discussion)
    validate(discussion_to_json(discussion), "debate")


def test_sides_answer_with_sentences_of_the_other_outlook(hold: Callable[[str, str], Discussion]) -> None:
    held = [hold(name, "fr") for name in CORPUS]
    answers = [
        (discussion.claims[str(one.answers)], one.claim)
        for discussion in held
        for side in ("optimistic", "pessimistic")
        for one in discussion.rebuttals_of(side)
        if not one.concedes
    ]
    assert len(answers) > len(CORPUS)
    for claim, answer in answers:
        assert claim.citations[0].sentence.outlook * answer.citations[0].sentence.outlook < 0


@pytest.mark.parametrize("name", CORPUS)
def test_a_briefing_of_every_article(debater: Debater, name: str) -> None:
    article = article_of(debater, name)
    briefing = debater.brief(article)
    assert briefing.status == "answered"
    assert tuple(section.name for section in briefing.sections) == SECTIONS
    said = [claim for section in briefing.sections for claim in section.claims]
    assert len({claim.text for claim in said}) == len(said), "no sentence stands twice"
    for section in briefing.sections:
        numbers = [claim.citations[0].number for claim in section.claims]
        assert numbers == sorted(numbers)
        assert len(numbers) <= 5
    for claim in said:
        sentence = claim.citations[0].sentence
        assert article.text[sentence.start : sentence.end] == claim.text
        assert claim.citations[0].number == sentence.position + 1
        assert claim.verdict.label == "supported"
    assert briefing.section("facts").claims
    assert bool(briefing.section("analogy").claims) == (name != "solar-power")
    validate(briefing_to_json(briefing), "brief")


def test_a_briefing_reads_as_a_post(debater: Debater) -> None:
    article = article_of(debater, "retour-du-loup")
    briefing = debater.brief(article)
    post = render_post(briefing)
    assert post.startswith(f"# {article.title}\n\n*L’article")
    assert str(article.date) in post.split("\n\n")[1]
    headings = [line for line in post.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Les faits",
        "## Lecture neutre",
        "## Au quotidien",
        "## Le regard optimiste",
        "## Le regard pessimiste",
    ]
    assert "«\N{NO-BREAK SPACE}" in post
    assert "[^" not in post
    with_sources = render_post(briefing, sources=True)
    for number, item in briefing.cited.items():
        assert f"[^{number}]: {item.sentence.text}" in with_sources.replace("\\", "")
    assert "## The facts" in render_post(debater.brief(article, language="en"))


# --- in a conversation ------------------------------------------------------------------------------------------------


def test_a_debate_is_kept_after_every_step_and_taken_up_again(debater: Debater) -> None:
    article = article_of(debater, "semaine-de-quatre-jours")
    session = debater.debates.converse("Est-ce une bonne idée ?", person="p", articles=[article.id])
    assert session.conversation is not None
    assert debater.conversation(session.conversation, "p").turns[0].debate is None
    for _event in session.open():
        pass
    opened = debater.debates.resume(session.conversation, 0, person="p")
    assert opened.discussion == rounded(session.discussion)
    for _event in opened.next_round("Et pour les petites entreprises ?", to="pessimistic"):
        pass
    again = debater.debates.resume(session.conversation, 0, person="p")
    assert again.discussion.rounds[0].remark is not None
    assert again.discussion.rounds[0].remark.to == "pessimistic"
    for _event in again.run():
        pass
    kept = debater.conversation(session.conversation, "p").turns[0]
    assert kept.discussion is not None
    assert kept.discussion.closing is not None
    check(kept.discussion)
    numbers = {item.sentence.id: item.number for item in kept.discussion.opening.evidence}
    assert debater.conversation(session.conversation, "p").numbers == numbers


def rounded(discussion: Discussion) -> Discussion:
    """As it is after having been written and read."""
    from debatebot.rounds.record import discussion_to_record, record_to_discussion

    articles = {article.id: article for article in discussion.opening.articles}
    read = record_to_discussion(json.loads(json.dumps(discussion_to_record(discussion))), articles)
    assert read is not None
    return read


def test_a_record_says_again_all_that_was_said(debater: Debater) -> None:
    article = article_of(debater, "deepseek-janvier-2025")
    session = debater.debates.begin(article.questions["fr"][0], articles=[article])
    for _event in session.open():
        pass
    for _event in session.next_round("Et l'électricité ?"):
        pass
    for _event in session.run():
        pass
    discussion = session.discussion
    read = rounded(discussion)
    assert discussion_to_json(read) == discussion_to_json(rounded(read))
    assert read.claims.keys() == discussion.claims.keys()
    assert [one.remark for one in read.rounds] == [one.remark for one in discussion.rounds]
    for one, other in zip(read.rounds, discussion.rounds, strict=True):
        for mine, theirs in zip(one.contributions, other.contributions, strict=True):
            assert [(one.claim.id, one.claim.lead, one.answers, one.concedes) for one in mine.rebuttals] == [
                (one.claim.id, one.claim.lead, one.answers, one.concedes) for one in theirs.rebuttals
            ]
            assert (mine.silence, mine.unanswered) == (theirs.silence, theirs.unanswered)
            assert mine.answered_before == theirs.answered_before
    assert read.closing is not None
    assert discussion.closing is not None
    assert read.closing.conceded == discussion.closing.conceded
    assert [one.positions for one in read.closing.comparison.disagreements] == [
        one.positions for one in discussion.closing.comparison.disagreements
    ]


def test_a_plain_question_has_no_rounds_and_an_answered_claim_is_not_asked_again(debater: Debater) -> None:
    article = article_of(debater, "retour-du-loup")
    with debater.converse("Est-ce une bonne nouvelle ?", person="q", articles=[article.id]) as stream:
        list(stream)
    assert debater.conversation(stream.conversation, "q").turns[0].discussion is None
    with pytest.raises(InputError):
        debater.debates.resume(stream.conversation, 0, person="q")
    with pytest.raises(NotFound):
        debater.debates.resume(stream.conversation, 7, person="q")
    session = debater.debates.converse(
        "Et pour les éleveurs ?", person="q", articles=[article.id], conversation=stream.conversation
    )
    for _event in session.run():
        pass
    assert session.position == 1
    with pytest.raises(InputError):
        debater.again(stream.conversation, 1, "neutral", person="q")
    with pytest.raises(QuestionError):
        debater.debates.resume(stream.conversation, 1, person="q").next_round()


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_compared_is_named_and_can_be_asked_further(hold: Callable[[str, str], Discussion], name: str) -> None:
    discussion = hold(name, "fr")
    opening, claims = discussion.opening, discussion.claims
    [article] = opening.articles
    names = [issue.name for issue in opening.comparison.issues]
    assert len(set(names)) == len(names)
    for issue in opening.comparison.issues:
        words = issue.name.removesuffix(" \u2026").split()
        head = words[-1].split("'")[-1].lower()
        assert head in article.text.lower()
        if issue.relation == "opposed":
            assert sum(head[:5] in claims[one].text.lower() for one in issue.cells.values()) > 1
    questions = [one.question for one in opening.follow_ups]
    assert len(questions) >= FEWEST
    assert len(set(questions)) == len(questions)
    assert opening.follow_ups[0].sentence.text in article.text
    assert any(one.unused for one in opening.follow_ups) or not opening.comparison.unused


def test_a_side_that_would_be_silent_says_what_only_bears_on_a_claim() -> None:
    texts = (
        "The ferry could bring many young families back to the islands.",
        "Many young families fear the winter storms.",
        "The bakery opened in 1904.",
        "The school has two rooms.",
    )
    evidence = make_evidence(*texts, outlooks=(0.8, -0.8, 0.0, 0.0))
    vectors = {
        item.sentence.id: vector for item, vector in zip(evidence, make_retrieval(evidence).vectors, strict=True)
    }
    draft = quote(evidence[0])
    claim = Claim("optimistic.1", draft.text, "inference", draft.citations, Verdict("supported", 1.0, Reason("quoted")))
    pool = Opponents(evidence, vectors)
    strict, loose = (pool.rank(claim, "worried", least) for least in (ANSWERS, BEARS_ON))
    assert [one.evidence.number for one in loose] == [2]
    assert {one.evidence.number for one in strict} <= {2}
    assert all(one.fit >= BEARS_ON for one in loose)


def test_a_remark_that_the_article_does_not_speak_of_is_said_to_be_such(debater: Debater) -> None:
    article = article_of(debater, "heat-pumps")
    session = debater.debates.begin(article.questions["en"][0], articles=[article], rounds=2)
    for _event in session.open():
        pass
    for _event in session.next_round(remark="And for zzyzx quokkas?"):
        pass
    for contribution in session.discussion.rounds[0].contributions:
        assert REMARK in contribution.unanswered
        assert all(rebuttal.answers is not None for rebuttal in contribution.rebuttals)
        if not contribution.rebuttals:
            assert contribution.silence == "The article does not answer this question."
