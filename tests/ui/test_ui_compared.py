"""Who is compared: chosen behind the arrow beside "Compare", kept for the visit, and true of what was said before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from debatebot import prompts
from debatebot.types import CommonGround, Compared, Comparison, Conflict, Disagreement, Issue, SideBalance
from debatebot.ui.comparison import narrowed
from debatebot.ui.live import Board
from debatebot.ui.resources import open_shared
from debatebot.ui.session import BRIEF, DEBATE
from debatebot.ui.turns import AS_SAID
from tests.fakes import FakeModelServer, Reply
from tests.ui.visits import ask, columns, connect, conversation_of, html, keys, sides, view, visit_again, words

ROOT = Path(__file__).parents[2]


def tick(page: AppTest, name: str) -> AppTest:
    """Tick or untick a perspective."""
    box = page.checkbox(key=f"compare-{name}")
    return (box.uncheck() if box.value else box.check()).run()


def ticked(page: AppTest) -> dict[str, bool]:
    """The perspectives that are offered, and whether each is ticked."""
    found = {box.key or "": box.value for box in page.checkbox}
    return {key.removeprefix("compare-"): value for key, value in found.items() if key.startswith("compare-")}


def test_all_perspectives_are_offered_and_compared_at_first(page: AppTest) -> None:
    assert ticked(page) == {"optimistic": True, "neutral": True, "pessimistic": True}
    assert "compare" not in page.query_params


def test_only_those_chosen_are_asked(page: AppTest) -> None:
    ask(tick(page, "neutral"))
    assert not page.exception
    assert [side for side in sides(page) if "accent-slate" in side] == []
    assert len(sides(page)) == 2
    [turn] = open_shared().debater.conversation(conversation_of(page), page.session_state["person"]).turns
    assert turn.debate is not None
    assert [answer.perspective for answer in turn.debate.answers] == ["optimistic", "pessimistic"]


def test_the_choice_is_kept_when_the_page_is_loaded_again(page: AppTest) -> None:
    ask(tick(page, "neutral"))
    again = visit_again(page, conversation=conversation_of(page), compare=page.query_params["compare"])
    assert ticked(again) == {"optimistic": True, "neutral": False, "pessimistic": True}
    assert len(sides(again)) == 2


def test_two_are_the_fewest(page: AppTest) -> None:
    tick(page, "neutral")
    disabled = {box.key: box.disabled for box in page.checkbox}
    assert disabled == {"compare-optimistic": True, "compare-neutral": False, "compare-pessimistic": True}


@pytest.mark.parametrize("address", ["optimistic", "angry", ""])
def test_an_address_that_names_fewer_than_two_compares_all(page: AppTest, address: str) -> None:
    assert all(ticked(visit_again(page, compare=address)).values())


def test_whoever_is_left_out_later_leaves_the_page_and_comes_back(page: AppTest) -> None:
    ask(page)
    before = html(page)
    tick(page, "neutral")
    assert not page.exception
    assert len(sides(page)) == 2
    assert "c-0-neutral" not in html(page)
    assert "Without ●\ufe0e\u00a0Neutral, which you do not compare." in words(page)
    tick(page, "neutral")
    assert html(page) == before


def test_the_article_is_marked_by_those_who_are_shown(page: AppTest) -> None:
    ask(page)
    assert "cited by Neutral" in words(page)
    tick(page, "neutral")
    assert "cited by Neutral" not in words(page)
    view(page, "pessimistic")
    assert "cited by Optimistic" not in words(page)
    assert "cited by Pessimistic" in words(page)
    assert "cited by nobody" not in html(page)
    assert "consulted, not cited by those shown" in words(page)


def test_the_choice_holds_for_a_debate(page: AppTest) -> None:
    view(tick(page, "neutral"), DEBATE)
    ask(page)
    assert not page.exception
    assert len(columns(page)) == 2
    page.button(key="next-round-0-0").click().run()
    assert not page.exception
    assert html(page).count('class="column side accent-') == 2


def test_choosing_from_the_briefing_shows_the_comparison(page: AppTest) -> None:
    tick(view(page, BRIEF), "optimistic")
    assert page.segmented_control(key="view").value == ""
    assert "view" not in page.query_params


def test_the_view_says_who_is_compared_where_that_is_not_everybody(page: AppTest) -> None:
    assert page.segmented_control(key="view").options[0] == "Compare"
    label = tick(page, "neutral").segmented_control(key="view").options[0]
    assert "▲" in label
    assert "●" not in label


# --- a perspective of one's own -------------------------------------------------------------------------------------


@pytest.fixture
def sceptic(page_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of perspectives to which somebody has added `sceptic.md`."""
    for path in sorted((ROOT / "prompts").rglob("*.md")):
        copy = tmp_path / "prompts" / path.relative_to(ROOT / "prompts")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text("utf-8"), "utf-8")
    written = (ROOT / "prompts" / "pessimistic.md").read_text("utf-8")
    changes = {
        "name: pessimistic": "name: sceptic",
        "en: Pessimistic": "en: Sceptic",
        "Pessimiste": "Sceptique",
        "▼": "◇",
    }
    changes |= {"order: 3": "order: 4"}
    for old, new in changes.items():
        assert old in written
        written = written.replace(old, new)
    (tmp_path / "prompts" / "sceptic.md").write_text(written, "utf-8")
    monkeypatch.setattr(open_shared().debater, "prompts", prompts.load(tmp_path / "prompts"))


@pytest.mark.usefixtures("sceptic")
def test_a_perspective_of_ones_own_is_compared_with_any_other(page: AppTest) -> None:
    assert list(ticked(page)) == ["optimistic", "neutral", "pessimistic", "sceptic"]
    tick(tick(page, "neutral"), "pessimistic")
    ask(page)
    assert not page.exception
    [turn] = open_shared().debater.conversation(conversation_of(page), page.session_state["person"]).turns
    assert turn.debate is not None
    assert [answer.perspective for answer in turn.debate.answers] == ["optimistic", "sceptic"]
    assert any("Sceptic" in side for side in sides(page))


def test_one_that_is_added_later_is_asked_in_its_own_column(page: AppTest, request: pytest.FixtureRequest) -> None:
    page.session_state["layout"] = AS_SAID
    ask(page)
    request.getfixturevalue("sceptic")
    tick(page.run(), "sceptic")
    assert len(columns(page)) == 4
    page.button(key="again-0-sceptic").click().run()
    assert not page.exception
    assert "again-0-sceptic" not in keys(page)
    assert len(columns(page)) == 4


# --- what is left of a comparison -----------------------------------------------------------------------------------

SIDE = SideBalance(claims=1, words=10, cited=1, mean_outlook=0.0)
WHOLE = Comparison(
    common_ground=(
        CommonGround("It is so.", ("a.1", "b.1", "c.1"), (1,)),
        CommonGround("So too.", ("b.2", "c.2"), (2,)),
    ),
    disagreements=(
        Disagreement("Price", "empirical", {"a": "a.2", "c": "c.3"}, None),
        Disagreement("Pace", "value", {"b": "b.3", "c": "c.4"}, None),
    ),
    unused_evidence=(7,),
    balance={"a": SIDE, "b": SIDE, "c": SIDE},
    issues=(
        Issue("Price", {"a": "a.2", "b": "b.1", "c": "c.3"}, "opposed"),
        Issue("All", {"a": "a.1", "b": "b.1"}, "shared"),
    ),
    conflicts=(Conflict("number", "cost", {"a.2": "3", "c.3": "4"}),),
    uncited=("b.1", "c.1"),
)


def test_a_comparison_keeps_what_is_between_those_who_are_left() -> None:
    left = narrowed(WHOLE, ["a", "b"])
    assert left.common_ground == (CommonGround("It is so.", ("a.1", "b.1"), (1,)),)
    assert left.disagreements == ()
    assert left.conflicts == ()
    assert left.issues[0] == Issue("Price", {"a": "a.2", "b": "b.1"}, "one-sided")
    assert left.issues[1] == WHOLE.issues[1]
    assert list(left.balance) == ["a", "b"]
    assert left.uncited == ("b.1",)
    assert left.unused_evidence == (7,)


def test_those_who_differ_still_differ() -> None:
    left = narrowed(WHOLE, ["a", "c"])
    assert left.disagreements == WHOLE.disagreements[:1]
    assert left.issues[0] == Issue("Price", {"a": "a.2", "c": "c.3"}, "opposed")
    assert narrowed(WHOLE, ["a", "b", "c"]) == WHOLE


# --- while a model compares -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by_model", "comparisons", "waits"), [(True, 1, True), (True, 2, False), (False, 1, False)])
def test_a_model_is_waited_for_only_where_one_compares(by_model: bool, comparisons: int, waits: bool) -> None:
    board = Board(["optimistic", "pessimistic"], is_compared_by_model=by_model)
    assert not board.is_being_compared
    for _ in range(comparisons):
        board.fold(Compared(Comparison()))
    assert board.is_being_compared is waits


def test_what_a_model_could_not_compare_is_said_above_what_stands(page: AppTest) -> None:
    with FakeModelServer() as server:
        server.replies.extend([Reply("FACT: The rule has applied for years [1].")] * 3)
        connect(page, server)
        ask(page)
    markup = html(page)
    assert "The model is still comparing" not in markup
    assert markup.index("The model could not compare the answers") < markup.index("Common ground")
    [why] = re.findall(r'class="compared-by quiet">[^<]*<a href="#([^"]+)"', markup)
    assert markup.index("Balance and evidence in figures") < markup.index(f'id="{why}"')
    assert "so they are compared by their words and sentences" in markup[markup.index(f'id="{why}"') :]
