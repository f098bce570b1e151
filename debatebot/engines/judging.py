"""A second judge of claims: a chat model, asked once for all claims of an answer, with nothing of the prompt that wrote them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from debatebot.engines.failures import Server, failure_of
from debatebot.engines.stream import StreamThread
from debatebot.engines.thoughts import ThoughtFilter
from debatebot.types import DraftClaim, Grounding, Reason, Verdict, VerdictLabel

if TYPE_CHECKING:
    from debatebot.engines.models import ChatModel, Pairs

FAILED = "judge_failed"
"""Key of the reason of a verdict that the built-in judge gave because the model gave none that can be used."""

_SURE = frozenset({"quoted", "quoted_part", "cites_nothing", "states_nothing", "too_long"})
"""Reasons of the built-in judge that leave nothing to ask: word for word there, or nothing there at all."""

_RANGES: Mapping[VerdictLabel, tuple[float, float]] = {
    "supported": (0.6, 1.0),
    "partial": (0.3, 0.6),
    "unsupported": (0.1, 0.3),
    "contradicted": (0.0, 0.1),
}
"""Scores of a label; how sure the model is decides where in them."""

_SCHEMA: Mapping[str, Any] = {
    "title": "verdicts",
    "description": "One verdict for each claim.",
    "type": "object",
    "additionalProperties": False,
    "required": ["verdicts"],
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["claim", "verdict", "rests_on", "sureness"],
                "properties": {
                    "claim": {"type": "integer"},
                    "verdict": {"type": "string", "enum": list(get_args(VerdictLabel))},
                    "rests_on": {"type": "string"},
                    "sureness": {"type": "integer"},
                },
            },
        }
    },
}
_REFUSES_SCHEMA = re.compile(r"response_format|json_schema|structured|tool|function", re.IGNORECASE)


class ModelJudge:
    """Judges claims by asking a chat model (debatebot.types.Grounding); safe to share between threads. Never raises.

    A claim that the model gives no usable verdict on (no reply, no such claim, words that stand nowhere) keeps the built-in
    verdict, and its reason says so. Quotations are not asked about.

    Args:
        chat: from `build_chat_model`.
        builtin: judges first, and stands in.
        name: the model string.
        base_url: of the server, where it is not the provider's own.
    """

    def __init__(self, chat: ChatModel, builtin: Grounding, *, name: str, base_url: str | None = None) -> None:
        self._chat = chat
        self._builtin = builtin
        self.name = name
        self._server = Server(name.removeprefix("openai:"), base_url or name.partition(":")[0], chat.secret)
        self._structured = True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def judge(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        """One verdict a claim, in order, with one call for all of them."""
        verdicts = self._builtin.judge(claims)
        asked = [place for place, verdict in enumerate(verdicts) if verdict.reason.key not in _SURE]
        if not asked:
            return verdicts
        said = self._ask([claims[place] for place in asked])
        for number, place in enumerate(asked, start=1):
            own = _verdict(said.get(number), claims[place], self.name)
            verdicts[place] = own or _stand_in(verdicts[place], self.name)
        return verdicts

    def _ask(self, claims: Sequence[DraftClaim]) -> Mapping[int, Mapping[str, Any]]:
        """What the model says of each claim by its number from 1; nothing where the call failed."""
        pairs: Pairs = [("system", _instructions()), ("human", _material(claims))]
        while True:
            structured = self._structured
            thread: StreamThread[Any] = StreamThread(partial(self._call, pairs, structured))
            replies = list(thread.pieces(threading.Event(), self._chat.timeout))
            if thread.error is None:
                return _by_claim(replies[0] if replies else None)
            failure = failure_of(thread.error, self._server)
            if not (structured and failure.status in (400, 404, 422, 500) and _REFUSES_SCHEMA.search(failure.detail)):
                return {}
            self._structured = False

    def _call(self, pairs: Pairs, structured: bool) -> Iterator[Any]:
        """The reply as the object it holds, or None."""
        if not structured:
            yield _loaded(str(self._chat.model.invoke(list(pairs)).text))
            return
        model = self._chat.model.with_structured_output(dict(_SCHEMA), method="json_schema", include_raw=True)
        reply = cast(Mapping[str, Any], model.invoke(list(pairs)))
        yield reply["parsed"] or _loaded(str(reply["raw"].text))


@cache
def _instructions() -> str:
    return (Path(__file__).parent / "judge.md").read_text(encoding="utf-8")


def _material(claims: Sequence[DraftClaim]) -> str:
    lines: list[str] = []
    for number, claim in enumerate(claims, start=1):
        lines.append(f'<claim number="{number}">{escape(claim.text, quote=False)}</claim>')
        sentences = dict.fromkeys(citation.sentence.text for citation in claim.citations)
        lines += [f"<sentence>{escape(sentence, quote=False)}</sentence>" for sentence in sentences]
    return "\n".join(lines)


def _loaded(text: str) -> Any:
    """The JSON that a reply is, thoughts and the fence around it left out; None where it is none."""
    thoughts = ThoughtFilter()
    said = (thoughts.feed(text) + thoughts.rest()).strip()
    try:
        return json.loads(said.removeprefix("```json").removeprefix("```").removesuffix("```"))
    except ValueError:
        return None


def _by_claim(reply: Any) -> dict[int, Mapping[str, Any]]:
    """The entries of a reply by claim; one that comes twice counts as none, for which of the two is meant is not known."""
    entries = reply.get("verdicts") if isinstance(reply, Mapping) else None
    found: dict[int, list[Mapping[str, Any]]] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and isinstance(entry.get("claim"), int):
            found.setdefault(entry["claim"], []).append(entry)
    return {number: some[0] for number, some in found.items() if len(some) == 1}


def _verdict(entry: Mapping[str, Any] | None, claim: DraftClaim, name: str) -> Verdict | None:
    """The model's verdict, where it is one and rests on words that stand in the claim or in a sentence it cites."""
    if entry is None or entry.get("verdict") not in get_args(VerdictLabel):
        return None
    label = cast(VerdictLabel, entry["verdict"])
    words, sureness = entry.get("rests_on"), entry.get("sureness")
    if not isinstance(words, str) or isinstance(sureness, bool) or not isinstance(sureness, int | float):
        return None
    texts = [claim.text, *(citation.sentence.text for citation in claim.citations)]
    if not words.strip() or not any(_plain(words) in _plain(text) for text in texts):
        return None
    low, high = _RANGES[label]
    score = round(low + (high - low) * min(100.0, max(0.0, float(sureness))) / 100, 4)
    return Verdict(label, score, Reason("judged_by_model", {"model": name, "words": words.strip()}))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .\"'«»“”")


def _stand_in(verdict: Verdict, name: str) -> Verdict:
    rests_on = " – ".join(value for value in verdict.reason.values.values() if value)
    return Verdict(verdict.label, verdict.score, Reason(FAILED, {"model": name, "words": rests_on or "–"}))
