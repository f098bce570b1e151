"""Thoughts of reasoning models are left out, wherever the stream cuts their tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debatebot.engines.thoughts import ThoughtFilter


def spoken(*pieces: str) -> str:
    thoughts = ThoughtFilter()
    text = ""
    for piece in pieces:
        said = thoughts.feed(piece)
        text = said if thoughts.all_was_thought() else text + said
    return text + thoughts.rest()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("a <think>b</think> c", "a  c"),
        ("<THINK>b\n\nc</THINK>d", "d"),
        ("<thinking>b</thinking>c<think>d</think>e", "ce"),
        ("a <think>never ends", "a "),
        ("a thought</think>b", "b"),
        ("a < b and c <thin", "a < b and c <thin"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("", ""),
    ],
)
def test_thoughts_go_and_the_rest_stays(text: str, rest: str) -> None:
    assert spoken(text) == rest


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "think", ">", "/", "a", "b\n"])), st.integers(1, 9))
def test_however_the_stream_is_cut_the_same_is_left(parts: list[str], size: int) -> None:
    text = "".join(parts)
    assert spoken(*(text[at : at + size] for at in range(0, len(text), size))) == spoken(text)
