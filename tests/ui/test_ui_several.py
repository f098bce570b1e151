"""Several articles at once: chosen in the library, asked about together, told apart wherever they are cited."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from debatebot.ui.resources import open_shared
from debatebot.ui.session import BRIEF, DEBATE
from tests.ui.homes import shortest_samples
from tests.ui.visits import add_text, ask, bodies, conversation_of, html, keys, sides, view, visit_again, words

TITLE = "The mobile phone ban at Arden school"
TEXT = (
    f"{TITLE}\n\nThe school in Arden banned the mobile phone in 2024. Teachers hope that pupils will talk more. "
    "Parents fear that they cannot call their children. The ban cost 900 pounds for lockers."
)


def sample() -> str:
    """Id of the sample article."""
    return shortest_samples(1)[0].id


@pytest.fixture
def own(page: AppTest) -> str:
    """Id of an article of the person's own, which is shown."""
    add_text(page, TEXT)
    page.button(key="add-use").click().run()
    return shown(page)[0]


@pytest.fixture
def both(page: AppTest, own: str) -> AppTest:
    """A page that shows the person's own article and the sample together."""
    page.button(key="choose-several").click().run()
    tick(page, sample())
    return page.button(key="open-several").click().run()


def tick(page: AppTest, identifier: str) -> AppTest:
    """Tick or untick an article."""
    box = page.checkbox(key=f"tick-{identifier}")
    return (box.uncheck() if box.value else box.check()).run()


def shown(page: AppTest) -> list[str]:
    """Ids of the articles in the address."""
    value = page.query_params["article"]
    return [value] if isinstance(value, str) else list(value)


def boxes(page: AppTest) -> dict[str, bool]:
    """The articles that can be ticked, and whether each is."""
    found = {box.key or "": box.value for box in page.checkbox}
    return {key.removeprefix("tick-"): value for key, value in found.items() if key.startswith("tick-")}


def title(page: AppTest) -> str:
    """What stands above the page."""
    [found] = re.findall(r"<h1.*?</h1>", html(page))
    return str(found)


def markers(page: AppTest) -> list[dict[str, str]]:
    """Attributes of all citations."""
    found = re.findall(r'<a [^>]*class="citation"[^>]*>', html(page))
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in found]


def shelf(page: AppTest) -> list[str]:
    """Ids of the articles of the open conversation, as they are kept."""
    loaded = open_shared().debater.conversation(conversation_of(page), page.session_state["person"])
    return list(loaded.article_ids)


# --- choosing -------------------------------------------------------------------------------------------------------


def test_where_there_is_one_article_there_is_nothing_to_choose(page: AppTest) -> None:
    assert "choose-several" not in keys(page)


@pytest.mark.usefixtures("own")
def test_one_article_is_still_one_click_away(page: AppTest) -> None:
    assert boxes(page) == {}
    page.button(key=f"article-{sample()}").click().run()
    assert shown(page) == [sample()]
    assert 'data-article="' not in html(ask(page))


def test_what_is_shown_is_ticked_at_first_and_two_are_the_fewest(page: AppTest, own: str) -> None:
    page.button(key="choose-several").click().run()
    assert boxes(page) == {own: True, sample(): False}
    begin = page.button(key="open-several")
    assert (begin.disabled, begin.label) == (True, "Tick two at least")
    tick(page, sample())
    begin = page.button(key="open-several")
    assert (begin.disabled, begin.label) == (False, "Open these 2 articles")


def test_what_is_ticked_stays_ticked_when_a_search_hides_it(page: AppTest, own: str) -> None:
    page.button(key="choose-several").click().run()
    tick(page, sample())
    page.text_input(key="library-search").input("lockers").run()
    assert boxes(page) == {own: True}
    assert page.button(key="open-several").label == "Open these 2 articles"
    page.text_input(key="library-search").input("").run()
    assert boxes(page) == {own: True, sample(): True}


def test_one_may_think_better_of_it(page: AppTest, own: str) -> None:
    page.button(key="choose-several").click().run()
    tick(page, sample())
    page.button(key="cancel-several").click().run()
    assert boxes(page) == {}
    assert shown(page) == [own]
    page.button(key="choose-several").click().run()
    assert boxes(page) == {own: True, sample(): False}


def test_those_chosen_are_shown_together_and_all_are_named(both: AppTest, own: str) -> None:
    assert not both.exception
    assert shown(both) == [own, sample()]
    assert boxes(both) == {}
    assert TITLE in title(both)
    assert shortest_samples(1)[0].title.split()[0] in title(both)
    targets = re.findall(r'href="#(a-\w+)"', title(both))
    assert targets == [f"a-{own}", f"a-{sample()}"]
    assert all(f'id="{target}"' in html(both) for target in targets)
    assert [key for key in keys(both) if key.startswith("article-")] == [
        f"article-{own}-current",
        f"article-{sample()}-current",
    ]


def test_the_page_speaks_of_articles(both: AppTest) -> None:
    assert "Ask the articles a question" in words(both)
    assert both.chat_input(key="question").placeholder == "Ask a question about these articles…"
    labels = [button.label for button in both.button if (button.key or "").startswith("suggestion-")]
    own_question = shortest_samples(1)[0].questions["en"][0]
    assert labels[0] == "What can we hope or fear from them?"
    assert own_question in [label.replace("\\", "") for label in labels]


# --- asking ---------------------------------------------------------------------------------------------------------


def test_what_is_asked_is_answered_from_both_and_each_citation_says_which(both: AppTest, own: str) -> None:
    ask(both, "What does the mobile phone ban at school mean for pupils and parents?")
    assert not both.exception
    assert len(sides(both)) == 3
    assert shelf(both) == [own, sample()]
    names = {"A": TITLE, "B": shortest_samples(1)[0].title}
    ids = {"A": own, "B": sample()}
    found = markers(both)
    assert {marker["data-article"] for marker in found} == {"A", "B"}
    for marker in found:
        letter, target = marker["data-article"], marker["href"].removeprefix("#")
        assert target.startswith(f"s-{ids[letter]}-")
        assert f'id="{target}"' in html(both)
        assert names[letter].split()[-1] in marker["data-tip-title"]
        assert names[letter].split()[-1] in marker["aria-label"]


def test_a_conversation_about_several_is_there_again_and_goes_on_with_all(both: AppTest, own: str) -> None:
    ask(both)
    again = visit_again(both, conversation=conversation_of(both))
    assert title(again) == title(both)
    ask(again, "And for the parents?")
    assert shelf(again) == [own, sample()]
    assert len(sides(again)) == 6
    [entry] = [button.label for button in again.button if (button.key or "").startswith("talk-")]
    assert "2 articles" in entry
    again.button(key="new-conversation").click().run()
    assert shown(again) == [own, sample()]


def test_a_debate_about_several_is_held_to_its_end(both: AppTest, own: str) -> None:
    ask(view(both, DEBATE), "Is the ban on the mobile phone at school good?")
    both.button(key="next-round-0-0").click().run()
    while close := [key for key in keys(both) if key.startswith(("close-now-", "close-"))]:
        both.button(key=close[0]).click().run()
    assert not both.exception
    assert 'class="closing"' in html(both)
    assert shelf(both) == [own, sample()]
    assert {marker["data-article"] for marker in markers(both)} <= {"A", "B"}


def test_the_article_that_is_briefed_on_stands_first_beside_the_briefing(both: AppTest, own: str) -> None:
    def order() -> list[str]:
        return re.findall(r'<article [^>]*id="a-(\w+)"', html(both))

    view(both, BRIEF)
    assert order() == [own, sample()]
    both.radio(key="briefed-choice").set_value(sample()).run()
    assert order() == [sample(), own]
    [briefing] = [body for body in bodies(both) if body.startswith('<div class="briefing"')]
    cited = set(re.findall(r'href="#s-(\w+)-\d+"', briefing))
    assert cited == {sample()}


# --- when one goes --------------------------------------------------------------------------------------------------


def test_when_one_is_removed_the_other_stays_and_undo_shows_both_again(both: AppTest, own: str) -> None:
    both.button(key=f"remove-{own}").click().run()
    assert shown(both) == [sample()]
    assert TITLE not in title(both)
    both.button(key="undo-remove").click().run()
    assert shown(both) == [own, sample()]
    assert TITLE in title(both)


def test_a_conversation_says_which_of_its_articles_is_gone(both: AppTest, own: str) -> None:
    ask(both, "What does the mobile phone ban at school mean for pupils and parents?")
    both.button(key=f"remove-{own}").click().run()
    assert not both.exception
    assert f"“{TITLE}” is no longer in the library" in words(both)
    assert len(sides(both)) == 3
    assert not [one for one in both.get("chat_input") if one.key == "question"]


def test_an_article_of_somebody_else_is_not_shown_beside_ones_own(both: AppTest, own: str) -> None:
    stranger = AppTest.from_file(both._script_path, default_timeout=30)
    stranger.session_state["language"] = "en"
    stranger.query_params["article"] = [sample(), own]
    stranger.run()
    assert "This article is not in your library." in words(stranger)
    assert TITLE not in html(stranger)
