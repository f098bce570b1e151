"""What goes wrong between us and a model: each has its own error with a cure, and none tells the key."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debatebot.engines.failures import Failure
from debatebot.engines.llm import ChatModel, LanguageModelEngine, Retries, build_chat_model
from debatebot.engines.models import without_credentials
from debatebot.errors import (
    EngineBusy,
    EngineError,
    EngineRefused,
    EngineReplyError,
    EngineTimeout,
    EngineUnavailable,
)
from debatebot.prompts import load
from debatebot.types import DraftClaim, EngineEvent, Usage
from tests.fakes import FakeModelServer, Reply, make_request

BOOK = load(Path(__file__).parent.parent.parent / "prompts")
KEY = "sk-test-0123456789"
FAST = Retries(first=0.001, longest=0.5)


def ask(
    server: FakeModelServer, *, timeout: float = 10.0, key: str | None = KEY, retries: Retries = FAST
) -> tuple[list[EngineEvent], EngineError | None]:
    """What came, and the error that ended it."""
    chat = build_chat_model("openai:fake-model", api_key=key, base_url=server.base_url, timeout=timeout)
    engine = LanguageModelEngine(
        chat, BOOK, name="openai:fake-model", base_url=server.base_url, warm_prefix="off", retries=retries
    )
    events: list[EngineEvent] = []
    try:
        events.extend(engine.answer(make_request()))
    except EngineError as error:
        return events, error
    return events, None


def failure(*replies: Reply, **changes: Any) -> tuple[EngineError, int]:
    """The error that the replies end in, and how often the server was asked."""
    with FakeModelServer(replies) as server:
        events, error = ask(server, **changes)
        assert error, events
        for language in ("fr", "en"):
            described = error.describe(language)
            assert KEY not in described.message + described.hint
        return error, len(server.requests)


def texts(events: Sequence[EngineEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, DraftClaim)]


HTML = b"<!doctype html><html><body>Sign in to the hotel network</body></html>"
LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
SSE = "text/event-stream"


def bad(error: str, code: str | None = None, status: int = 400) -> Reply:
    return Reply(status=status, error=error, error_code=code)


REFUSALS: list[tuple[str, Reply, type[EngineError], str]] = [
    ("a wrong key", bad(f"Incorrect API key provided: {KEY}", status=401), EngineRefused, "key_refused"),
    ("a forbidden thing", bad("no", status=403), EngineRefused, "key_refused"),
    ("an unknown model", bad("model 'fake-model' not found", status=404), EngineRefused, "model_unknown"),
    ("a page at a wrong path", Reply(status=404, body=HTML), EngineRefused, "model_unknown"),
    ("too long a prompt", bad(LONG, "context_length_exceeded"), EngineRefused, "prompt_too_long"),
    ("the same of llama.cpp", bad("exceeds the available context size"), EngineRefused, "prompt_too_long"),
    ("the same as a failure", bad("exceed context window", status=500), EngineRefused, "prompt_too_long"),
    ("a filter", bad("management policy", "content_filter"), EngineRefused, "answer_filtered"),
    ("a used-up quota", bad("x", "insufficient_quota", status=429), EngineRefused, "quota_used_up"),
    ("no money", bad("Insufficient Balance", status=402), EngineRefused, "quota_used_up"),
    ("a bad request", bad(f"no such thing, {KEY}"), EngineRefused, "request_refused"),
    ("a page with an error", Reply(status=400, body=HTML), EngineRefused, "request_refused"),
    ("a page", Reply(body=HTML), EngineReplyError, "reply_unusable"),
    ("JSON that is no stream", Reply(body=b"{}", content_type="application/json"), EngineReplyError, "reply_unusable"),
    ("broken JSON", Reply(body=b"data: {broken\n\n", content_type=SSE), EngineReplyError, "reply_unusable"),
    ("another shape", Reply(body=b'data: {"choices": [3]}\n\n', content_type=SSE), EngineReplyError, "reply_unusable"),
    ("an empty stream", Reply(body=b"data: [DONE]\n\n", content_type=SSE), EngineReplyError, "reply_unusable"),
    ("nothing", Reply(""), EngineReplyError, "reply_without_claims"),
    ("only thoughts", Reply("<think>FACT: a [1]."), EngineReplyError, "reply_without_claims"),
    ("only thoughts, to the limit", Reply("", reasoning="x", finish_reason="length"), EngineReplyError, "reply_cut"),
]


@pytest.mark.parametrize(("reply", "kind", "key"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_what_will_not_get_better_is_not_tried_again(reply: Reply, kind: type[EngineError], key: str) -> None:
    error, asked = failure(reply)
    assert (type(error), error.key, asked) == (kind, key, 1)
    assert error.retryable is (kind is EngineReplyError)


def test_the_server_s_own_words_are_told_without_the_key_and_without_pages() -> None:
    assert "no such thing, …" in str(failure(Reply(status=400, error=f"no such thing, {KEY}"))[0])
    assert "no such thing, …" in str(
        failure(Reply(status=400, error="no such thing, plain-secret"), key="plain-secret")[0]
    )
    assert "of …" in str(failure(Reply(status=400, error="the account of sk-somebody-else"))[0])
    assert "hotel" not in str(failure(Reply(status=400, body=HTML))[0])
    assert len(str(failure(Reply(status=400, error="very " * 1_000))[0])) < 400


def test_a_server_that_wants_a_key_says_so() -> None:
    with FakeModelServer(key=KEY) as server:
        _, error = ask(server, key=None)
        assert error
        assert (type(error), error.key) == (EngineRefused, "key_wanted")
        assert ask(server)[1] is None


@pytest.mark.parametrize(
    ("reply", "key"),
    [
        (Reply(""), "reply_without_claims"),
        (Reply("I'm sorry, I can't help with that."), "reply_without_claims"),
        (Reply('{"claims": [{"text": "Bills fell", "citations": [3]}]}'), "reply_without_claims"),
        (Reply("FACT: Bills fell [3].", finish_reason="content_filter"), "answer_filtered"),
        (Reply("", reasoning="x", finish_reason="length"), "reply_cut"),
        (Reply("FACT: Bills fell [3].\nFACT: Two farms", finish_reason="length"), "reply_cut_short"),
    ],
)
def test_what_a_reply_cost_is_told_though_it_is_of_no_use(reply: Reply, key: str) -> None:
    with FakeModelServer([reply]) as server:
        events, error = ask(server)
    assert error is not None
    assert error.key == key
    assert [event.input_tokens for event in events if isinstance(event, Usage)] == [900]


def test_a_line_cut_off_by_the_token_limit_is_no_claim_and_the_reader_is_told() -> None:
    with FakeModelServer([Reply("FACT: Bills fell [3].\nFACT: Two farms lost", finish_reason="length")]) as server:
        events, error = ask(server)
    assert texts(events) == ["Bills fell."]
    assert error is not None
    assert (error.key, error.retryable) == ("reply_cut_short", True)


# --- trying again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(status=429),
        Reply(status=500),
        Reply(status=502, body=HTML),
        Reply(status=503),
        Reply(cut=-1),
        Reply(cut=0),
    ],
    ids=lambda reply: f"{reply.status} {reply.cut}",
)
def test_passing_trouble_is_tried_again(trouble: Reply) -> None:
    with FakeModelServer([trouble, trouble, Reply("FACT: Bills fell [3].")]) as server:
        events, error = ask(server)
        assert error is None
        assert texts(events) == ["Bills fell."]
        assert len(server.requests) == 3


def test_lasting_trouble_is_reported_after_three_attempts() -> None:
    error, asked = failure(*[Reply(status=503)] * 5)
    assert (type(error), error.key, error.retryable, asked) == (EngineBusy, "server_busy", True, 3)


def test_the_server_s_wish_to_wait_is_heard_and_told_when_it_is_too_long() -> None:
    with FakeModelServer([Reply(status=429, retry_after="0.01")]) as server:
        assert ask(server, retries=Retries(first=3600, longest=3600))[1] is None
    error, asked = failure(Reply(status=429, retry_after="37"))
    assert (error.key, asked) == ("server_busy_for", 1)
    assert "37 s" in str(error)
    error, asked = failure(Reply(status=503, retry_after=formatdate(4e9, usegmt=True)))
    assert (error.key, asked) == ("server_busy_for", 1)


@given(st.integers(0, 4), st.one_of(st.none(), st.floats(0, 100)), st.booleans())
def test_pauses_grow_and_stay_in_their_bounds(attempt: int, wait: float | None, again: bool) -> None:
    retries = Retries(attempts=4, first=1.0, longest=3.0)
    pause = retries.pause(attempt, Failure(EngineBusy("server_busy"), again=again, wait=wait))
    if attempt >= 3 or not again or (wait is not None and wait > 3):
        assert pause is None
    elif wait is not None:
        assert pause == wait
    else:
        assert pause is not None
        assert 0.5 * min(3.0, 2.0**attempt) <= pause <= min(3.0, 2.0**attempt)


@pytest.mark.parametrize(
    "refuses", [["stream_options"], ["max_tokens"], ["temperature", "stream_options", "max_tokens"]]
)
def test_a_server_that_refuses_a_field_is_asked_without_it_from_then_on(refuses: list[str]) -> None:
    with FakeModelServer(refuses=refuses) as server:
        chat = build_chat_model("openai:fake-model", base_url=server.base_url)
        engine = LanguageModelEngine(chat, BOOK, name="openai:fake-model")
        for _ in range(2):
            assert texts(list(engine.answer(make_request())))
        assert len(server.requests) == len(refuses) + 2
        assert not set(refuses) & server.requests[-1].body.keys()


def test_a_model_without_a_system_role_gets_the_rules_in_the_question() -> None:
    with FakeModelServer([bad("System role not supported")]) as server:
        chat = build_chat_model("openai:fake-model", base_url=server.base_url)
        assert texts(list(LanguageModelEngine(chat, BOOK, name="openai:fake-model").answer(make_request())))
        first, second = (request.body["messages"] for request in server.requests)
    assert [message["role"] for message in second] == ["user"]
    assert second[0]["content"] == f"{first[0]['content']}\n\n{first[1]['content']}"


# --- streams that break ---------------------------------------------------------------------------------------------

TWO_LINES = "FACT: Bills fell [3].\nFACT: Two farms lost land [4].\n"


def broken(reply: Reply) -> tuple[list[str], EngineError]:
    with FakeModelServer([reply, Reply("FACT: From the start [1].")]) as server:
        events, error = ask(server)
        assert error
        assert len(server.requests) == 1
        return texts(events), error


def test_a_cut_connection_leaves_what_was_said_and_is_not_tried_again() -> None:
    said, error = broken(Reply(TWO_LINES, piece=22, cut=1))
    assert said == ["Bills fell."]
    assert (type(error), error.key, error.retryable) == (EngineBusy, "connection_broken", True)


def test_half_a_line_is_no_claim() -> None:
    assert broken(Reply(TWO_LINES, piece=30, cut=1))[0] == ["Bills fell."]


def chunk(text: str) -> str:
    return f'data: {{"choices": [{{"index": 0, "delta": {{"role": "assistant", "content": "{text}"}}}}]}}\n\n'


def test_an_error_in_the_middle_of_the_stream_is_told() -> None:
    body = chunk("FACT: Bills fell [3].\\nFACT: Two") + f'data: {{"error": {{"message": "out of memory, {KEY}"}}}}\n\n'
    said, error = broken(Reply(body=body.encode(), content_type=SSE))
    assert said == ["Bills fell."]
    assert (type(error), error.key) == (EngineReplyError, "reply_failed")
    assert "out of memory, …" in str(error)


def test_a_stream_that_ends_without_saying_so_was_broken() -> None:
    said, error = broken(Reply(body=chunk("FACT: Bills fell [3].\\nFACT: Two").encode(), content_type=SSE))
    assert said == ["Bills fell."]
    assert (type(error), error.key, error.retryable) == (EngineReplyError, "reply_broken", True)


def test_a_filter_in_the_middle_leaves_what_was_said() -> None:
    said, error = broken(Reply("FACT: Bills fell [3].\nFACT: Two", finish_reason="content_filter"))
    assert said == ["Bills fell."]
    assert (type(error), error.key) == (EngineRefused, "answer_filtered")


@pytest.mark.parametrize("hang", [-1, 0, 1])
def test_a_silent_server_is_left_after_the_time_allowed(hang: int) -> None:
    with FakeModelServer([Reply(TWO_LINES, piece=22, hang=hang)]) as server:
        events, error = ask(server, timeout=0.2)
        assert error
        assert (type(error), error.key, error.retryable) == (EngineTimeout, "server_silent", True)
        assert texts(events) == (["Bills fell."] if hang == 1 else [])
        assert server.requests[0].left.wait(10)


def test_a_slow_server_that_says_something_now_and_then_is_waited_for() -> None:
    with FakeModelServer([Reply("FACT: Bills fell [3].", piece=2, drip=0.06)]) as server:
        events, error = ask(server, timeout=0.4)
        assert error is None
        assert texts(events) == ["Bills fell."]


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    chat = build_chat_model("fake-model", base_url=f"http://user:secret@127.0.0.1:{port}/v1")
    engine = LanguageModelEngine(
        chat, BOOK, name="fake-model", base_url=f"http://user:secret@127.0.0.1:{port}/v1", retries=FAST
    )
    with pytest.raises(EngineUnavailable) as caught:
        list(engine.answer(make_request()))
    assert (caught.value.key, caught.value.retryable) == ("server_unreachable", True)
    assert f"http://127.0.0.1:{port}/v1" in str(caught.value)
    assert "secret" not in str(caught.value)


# --- setting up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "key", "said"),
    [
        ("openai:gpt-5-mini", "key_missing", "OPENAI_API_KEY"),
        ("openai:", "provider_unknown", "PROVIDER:MODEL"),
        ("gpt-5-mini", "provider_unknown", "PROVIDER:MODEL"),
        ("nobody:model", "provider_unknown", "PROVIDER:MODEL"),
        ("anthropic:claude", "package_missing", "pip install langchain-anthropic"),
        ("mistralai:small", "package_missing", "pip install langchain-mistralai"),
    ],
)
def test_a_model_that_cannot_be_set_up_says_what_is_missing(model: str, key: str, said: str) -> None:
    with pytest.raises(EngineUnavailable) as caught:
        build_chat_model(model)
    assert caught.value.key == key
    assert said in caught.value.hint
    assert "--engine builtin" in caught.value.hint


def test_setting_up_asks_nobody_and_leaves_retries_to_us() -> None:
    chat: Any = build_chat_model("openai:gpt-5-mini", api_key=KEY).model
    assert chat.max_retries == 0
    assert chat.openai_api_base == "https://api.openai.com/v1"
    assert chat.root_client.max_retries == 0


# --- the key --------------------------------------------------------------------------------------------------------


def test_the_key_is_in_no_text_log_or_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [
        Reply(status=401, error=f"Incorrect API key provided: {KEY}"),
        Reply(status=400, error=f"bad {KEY}"),
        Reply(body=f'data: {{"error": {{"message": "{KEY}"}}}}\n\n'.encode(), content_type=SSE),
        Reply(cut=2),
    ]
    for reply in replies:
        error, _ = failure(reply)
        assert KEY not in "".join(traceback.format_exception(error)) + repr(error) + repr(error.values)
    chat: ChatModel = build_chat_model("openai:m", api_key=KEY)
    assert KEY not in repr(chat) + repr(chat.model) + repr(LanguageModelEngine(chat, BOOK, name="openai:m"))
    assert KEY not in caplog.text
    assert caplog.records


@given(st.sampled_from(["user:pw@", "user@", ""]), st.sampled_from(["host", "host:80", "[::1]:80"]))
def test_credentials_are_taken_out_of_addresses(credentials: str, host: str) -> None:
    assert without_credentials(f"http://{credentials}{host}/v1") == f"http://{host}/v1"
