"""Briefings with engines that write what the test wants, and the built-in one on sentences made for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from debatebot.briefing.document import briefing_to_json
from debatebot.briefing.kept import KeptBriefings, briefing_to_record, record_to_briefing
from debatebot.briefing.post import render_post
from debatebot.briefing.stream import BriefingStream, centrality
from debatebot.briefing.types import (
    SECTIONS,
    BrieferEvent,
    Briefing,
    BriefingFinished,
    BriefingStarted,
    BriefRequest,
    SectionBegun,
    SectionClaim,
    SectionStarted,
    SectionText,
    StrayLine,
)
from debatebot.cli.discussion import render_briefing
from debatebot.engines.builtin import BuiltinEngine
from debatebot.errors import EngineBusy, EngineReplyError
from debatebot.library import Library
from debatebot.types import Citation, ClaimKind, DraftClaim, Engine, Insufficient, Reason, Usage, Verdict
from tests.fakes import FakeEmbeddings, FakeEngine, make_article, make_evidence

Step = BrieferEvent | Exception | Callable[[BriefRequest], None]
EVIDENCE = make_evidence()


class Judging:
    """Finds what cites something supported, except what says so itself."""

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        return [
            Verdict(
                "partial" if "perhaps" in claim.text else "supported" if claim.citations else "unsupported",
                0.5,
                Reason("quoted"),
            )
            for claim in claims
        ]


class BriefingEngine(FakeEngine):
    """Writes a script."""

    def __init__(self, *steps: Step) -> None:
        super().__init__()
        self.steps = steps

    def brief(self, request: BriefRequest) -> Iterator[BrieferEvent]:
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step(request)
            else:
                yield step

    def brief_hash(self) -> str:
        return "abc"


def stream(engine: Engine, *texts: str, outlooks: Sequence[float] = (), language: str = "en") -> BriefingStream:
    evidence = make_evidence(*texts, outlooks=outlooks)
    article = make_article(*(item.sentence.text for item in evidence))
    return BriefingStream(
        article,
        [item.sentence for item in evidence],
        language=language,
        interface="en",
        engine=engine,
        embeddings=FakeEmbeddings(),
        grounding=Judging(),
    )


def brief(engine: Engine, *texts: str, outlooks: Sequence[float] = (), language: str = "en") -> Briefing:
    listening = stream(engine, *texts, outlooks=outlooks, language=language)
    [*_, last] = listening
    assert isinstance(last, BriefingFinished)
    return last.briefing


def claim(text: str, *numbers: int) -> DraftClaim:
    return DraftClaim(text, tuple(Citation(number, EVIDENCE[number - 1].sentence) for number in numbers))


def test_events_come_in_order_and_the_briefing_holds_them() -> None:
    engine = BriefingEngine(
        SectionBegun("facts"),
        "It ",
        claim("It opened.", 1),
        StrayLine(),
        SectionBegun("optimistic"),
        claim("Bills fell.", 3),
        Usage(9, 1, 2),
    )
    events = list(stream(engine))
    assert [type(event) for event in events] == [
        BriefingStarted,
        SectionStarted,
        SectionText,
        SectionClaim,
        SectionStarted,
        SectionClaim,
        BriefingFinished,
    ]
    briefing = brief(engine)
    assert [section.name for section in briefing.sections] == list(SECTIONS)
    assert [one.id for one in briefing.section("optimistic").claims] == ["optimistic.1"]
    assert (briefing.status, briefing.dropped_lines, briefing.usage) == ("answered", 1, Usage(9, 1, 2))
    assert list(briefing.cited) == [1, 3]


def test_an_analogy_of_the_models_own_is_marked() -> None:
    invented = brief(BriefingEngine(SectionBegun("analogy"), claim("It is like a season ticket.")))
    assert invented.section("analogy").is_invented
    assert "This comparison is not in the article: fake made it up." in render_post(invented)
    numbered = brief(BriefingEngine(SectionBegun("analogy"), claim("It is like a season ticket.", 1)))
    assert numbered.section("analogy").is_invented


TICKET = ("The park opened in 2024.", "It is a bit like a season ticket.", "You pay once, then nothing.", "Bills fell.")


def analogies(*drafts: DraftClaim) -> Briefing:
    return brief(BriefingEngine(SectionBegun("analogy"), *drafts), *TICKET)


def drawn(text: str, number: int) -> DraftClaim:
    return DraftClaim(text, (Citation(number, make_evidence(*TICKET)[number - 1].sentence),), "inference")


def test_an_analogy_is_the_article_s_where_it_rests_on_one_that_the_article_draws() -> None:
    briefing = analogies(drawn("One pays at once, as for a season ticket.", 3))
    assert not briefing.section("analogy").is_invented
    assert "not in the article" not in render_post(briefing)


def test_an_analogy_s_claims_are_told_apart_one_by_one() -> None:
    briefing = analogies(drawn("One pays at once.", 3), claim("It is like a sponge."))
    assert briefing.section("analogy").invented == ("analogy.2",)
    post = render_post(briefing)
    assert "fake made it up" not in post
    assert "One pays at once. *(conclusion)* \\[3\\]\n" in post
    assert "It is like a sponge. *(conclusion)* *(a comparison of fake’s own, not in the article)*" in post
    back = record_to_briefing(json.loads(json.dumps(briefing_to_record(briefing))), briefing.article)
    assert back.section("analogy").invented == ("analogy.2",)


def test_a_fact_without_citation_is_marked_and_what_was_left_out_is_told() -> None:
    fact = replace(claim("It cost 3 billion."), kind="fact", dropped_markers=1)
    briefing = brief(BriefingEngine(SectionBegun("facts"), fact, claim("It is so."), StrayLine()))
    for post in (render_post(briefing), render_post(briefing, sources=True)):
        assert "It cost 3 billion. *(states a fact and cites no sentence)*" in post
        assert "It is so. *(conclusion)* *(cites no sentence)*" in post
        assert "Markers that stood for no sentence, and were dropped: 1" in post
        assert "Lines outside the sections asked for, and left out: 1" in post
    assert "It cost 3 billion. (states a fact and cites no sentence)" in " ".join(render_briefing(briefing).split())
    assert briefing_to_json(briefing)["uncited"] == ["facts.1"]


def test_what_a_model_left_out_or_was_cut_off_is_no_statement_about_the_article() -> None:
    cut = EngineReplyError("reply_cut_short", retryable=True, model="fake")
    for steps in ((claim("It opened.", 1), cut), (claim("It opened.", 1),)):
        post = render_post(brief(BriefingEngine(SectionBegun("facts"), *steps)))
        assert "The article gives" not in post
        assert post.count("fake wrote nothing for this section.") == 4
    assert "fake used up its tokens" in render_post(brief(BriefingEngine(SectionBegun("facts"), *steps, cut)))


def test_a_briefing_that_was_stopped_says_nothing_of_what_the_article_lacks() -> None:
    with stream(BuiltinEngine()) as listening:
        next(listening)
    assert render_post(listening.snapshot()).count("The briefing broke off before this section.") == 5


def test_what_its_sentences_do_not_bear_out_is_marked_in_the_post() -> None:
    post = render_post(brief(BriefingEngine(SectionBegun("facts"), claim("Perhaps, perhaps so.", 1), claim("So.", 2))))
    assert "Perhaps, perhaps so. *(conclusion)* \\[1\\] *(partly supported)*" in post
    assert "So. *(conclusion)* \\[2\\]\n" in post


@pytest.mark.parametrize(
    ("kind", "named"), [("fact", ""), ("inference", " *(conclusion)*"), ("opinion", " *(opinion)*")]
)
def test_what_is_not_read_in_the_article_is_named(kind: ClaimKind, named: str) -> None:
    briefing = brief(BriefingEngine(SectionBegun("optimistic"), replace(claim("So.", 2), kind=kind)))
    assert f"So.{named} \\[2\\]\n" in render_post(briefing)
    assert f"So.{named.replace('*', '')} [2]\n" in render_briefing(briefing)


def test_a_long_title_and_reference_keep_to_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    briefing = brief(BriefingEngine(SectionBegun("facts"), claim("So.", 2)))
    article = replace(briefing.article, title="A solar park " * 9, source="https://example.org/" + "park/" * 9)
    shown = render_briefing(replace(briefing, article=article))
    assert max(map(len, shown.splitlines())) <= 80


def test_signs_of_markdown_stand_for_themselves() -> None:
    post = render_post(brief(BriefingEngine(SectionBegun("facts"), claim("A *star* and [link](x) # 1", 1))))
    assert "A \\*star\\* and \\[link\\](x) \\# 1" in post


def test_an_error_leaves_what_was_written() -> None:
    briefing = brief(
        BriefingEngine(SectionBegun("facts"), claim("It opened.", 1), EngineBusy("reply_empty", retryable=True))
    )
    assert briefing.status == "failed"
    assert briefing.error is not None
    assert briefing.error.retryable
    assert len(briefing.section("facts").claims) == 1


def test_an_engine_that_only_answers_says_so() -> None:
    briefing = brief(FakeEngine())
    assert briefing.error is not None
    assert briefing.error.type == "EngineUnavailable"


@pytest.mark.parametrize(("steps", "status"), [((Insufficient(""),), "insufficient"), ((), "failed")])
def test_nothing_written_is_no_briefing(steps: tuple[Step, ...], status: str) -> None:
    assert brief(BriefingEngine(*steps)).status == status


def test_it_is_stopped_at_any_moment_and_keeps_what_was_written() -> None:
    engine = BriefingEngine(SectionBegun("facts"), claim("It opened.", 1), claim("It costs.", 2))
    with stream(engine) as listening:
        for event in listening:
            if isinstance(event, SectionClaim):
                break
    briefing = listening.snapshot()
    assert [one.text for one in briefing.section("facts").claims] == ["It opened."]
    assert briefing.error is not None
    assert briefing.error.type == "Stopped"
    [last] = list(listening)
    assert isinstance(last, BriefingFinished)
    assert last.stopped


# --- without a model --------------------------------------------------------------------------------------------------


def test_sentences_go_where_they_belong() -> None:
    briefing = brief(BuiltinEngine())
    found = {section.name: [one.text for one in section.claims] for section in briefing.sections}
    assert "The contract runs for twenty years." not in found["optimistic"] + found["pessimistic"]
    assert set(found["optimistic"]) == {EVIDENCE[1].sentence.text, EVIDENCE[2].sentence.text}
    assert set(found["pessimistic"]) == {EVIDENCE[3].sentence.text, EVIDENCE[4].sentence.text}
    assert EVIDENCE[0].sentence.text in found["facts"]
    assert found["analogy"] == []


def test_an_analogy_is_recognised_and_nothing_of_it_is_a_fact() -> None:
    briefing = brief(
        BuiltinEngine(),
        "The park opened in 2024 with 12 hectares.",
        "It is a bit like a season ticket that costs 300 euros.",
        "You pay 300 euros once.",
        "Nobody can say whether it pays off.",
    )
    assert [one.citations[0].number for one in briefing.section("analogy").claims] == [2, 3, 4]
    assert [one.citations[0].number for one in briefing.section("facts").claims] == [1]


def test_what_the_article_lacks_is_said() -> None:
    briefing = brief(BuiltinEngine(), "The bridge opened in 1932 and is 300 metres long.", language="fr")
    post = render_post(briefing)
    for missing in ("aucun motif d’espoir", "aucun motif d’inquiétude", "aucune comparaison", "en balance"):
        assert missing in post


def test_an_article_of_questions_and_headings_cannot_be_briefed_on() -> None:
    assert brief(BuiltinEngine(), "Chapter one", "Is it so?", "***").status == "insufficient"


def test_centrality_runs_from_0_to_1_and_favours_what_comes_first() -> None:
    same = np.tile(np.array([[1.0, 0.0]], np.float32), (4, 1))
    assert list(centrality(same)) == sorted(centrality(same), reverse=True)
    vectors = FakeEmbeddings().passages([item.sentence.text for item in EVIDENCE])
    values = centrality(vectors)
    assert (values.min(), values.max()) == (0.0, 1.0)
    assert list(centrality(vectors[:1])) == [1.0]


# --- kept -----------------------------------------------------------------------------------------------------------


def test_a_briefing_comes_back_as_it_was_kept() -> None:
    framed = replace(claim("It opened.", 1, 2), lead="First:", dropped_markers=2)
    engine = BriefingEngine(
        SectionBegun("facts"),
        framed,
        SectionBegun("analogy"),
        claim("Like a bridge."),
        StrayLine(),
        Usage(900, None, 40),
        EngineBusy("reply_empty", retryable=True),
    )
    briefing = brief(engine)
    record = json.loads(json.dumps(briefing_to_record(briefing)))
    back = record_to_briefing(record, briefing.article)
    assert back.sections == briefing.sections
    assert [one.sentence for one in back.evidence] == [one.sentence for one in briefing.cited.values()]
    assert back.error == briefing.error
    assert back.usage == briefing.usage
    assert (back.status, back.engine, back.language, back.prompt_hash) == (
        "failed",
        "fake",
        briefing.language,
        briefing.prompt_hash,
    )
    assert (back.dropped_markers, back.dropped_lines) == (2, 1)
    assert render_post(back, sources=True) == render_post(briefing, sources=True)


def test_a_briefing_of_what_the_article_said_before_is_not_shown(tmp_path: Path) -> None:
    library = Library(f"sqlite:///{tmp_path / 'library.sqlite'}")
    briefing = brief(BriefingEngine(SectionBegun("facts"), claim("It opened.", 1)))
    library.articles.add(briefing.article, ())
    kept = KeptBriefings(library, "ada")
    kept.keep(briefing)
    found = kept.get(briefing.article, briefing.language)
    assert found is not None
    assert found.sections == briefing.sections
    assert kept.get(replace(briefing.article, content_hash="changed"), briefing.language) is None
    assert kept.get(briefing.article, "de") is None
    assert KeptBriefings(library, "bob").get(briefing.article, briefing.language) is None
    library.close()
