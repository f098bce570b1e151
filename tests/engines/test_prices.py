"""What a reply cost: known for servers with published prices, never guessed for others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from debatebot.engines.llm import ChatModel, LanguageModelEngine
from debatebot.engines.prices import with_cost
from debatebot.factory import data_folder
from debatebot.prompts import load
from debatebot.types import Usage
from tests.fakes import make_request

MILLION = 1_000_000


def cost(
    usage: Usage, provider: str = "openai", model: str = "gpt-5-mini", base_url: str | None = None
) -> float | None:
    return with_cost(usage, provider=provider, model=model, base_url=base_url).cost_usd


def test_words_written_cost_more_than_words_read_and_those_read_before_the_least() -> None:
    costs = [
        cost(Usage(MILLION, MILLION, 0)),
        cost(Usage(MILLION, 0, 0)),
        cost(Usage(0, 0, MILLION)),
        cost(Usage(MILLION, 0, MILLION)),
    ]
    known = [one for one in costs if one is not None]
    assert len(known) == len(costs)
    assert all(0 < less < more for less, more in pairwise(known))
    assert known[-1] == pytest.approx(known[1] + known[2])


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-sonnet-4-5"), ("google_genai", "gemini-2.5-flash"), ("mistralai", "mistral-large-latest")],
)
def test_other_providers_go_by_langchains_names(provider: str, model: str) -> None:
    assert cost(Usage(1_000, None, 1_000), provider, model)


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("gpt-5-mini", "http://127.0.0.1:8080/v1"),
        ("gpt-5-mini", "https://models.example/v1"),
        ("a model of nobody", None),
        ("", None),
    ],
)
def test_what_nobody_published_is_not_guessed(model: str, base_url: str | None) -> None:
    assert cost(Usage(1_000, None, 1_000), model=model, base_url=base_url) is None


@pytest.mark.parametrize("usage", [Usage(None, None, 7), Usage(7, None, None)])
def test_without_all_tokens_there_is_no_cost(usage: Usage) -> None:
    assert with_cost(usage, provider="openai", model="gpt-5-mini") == usage


class Metered(BaseChatModel):
    """A model that reports its usage."""

    @property
    def _llm_type(self) -> str:
        return "metered"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        tokens: Any = {"input_tokens": 1_000, "output_tokens": 100, "total_tokens": 1_100}
        yield ChatGenerationChunk(message=AIMessageChunk(content="FACT: Bills fell [3].", usage_metadata=tokens))


def test_an_answer_of_a_provider_brings_its_cost() -> None:
    book = load(data_folder() / "prompts")
    engine = LanguageModelEngine(ChatModel(Metered()), book, name="anthropic:claude-sonnet-4-5")
    used = next(event for event in engine.answer(make_request()) if isinstance(event, Usage))
    assert used == with_cost(Usage(1_000, None, 100), provider="anthropic", model="claude-sonnet-4-5")
    assert used.cost_usd
