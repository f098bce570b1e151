"""A model lays the answers side by side: one call, whose reply is checked, and one more if it does not hold.

The reply is a JSON object in plain text rather than a provider's structured output: every server can give it, a tool call
not, and it has to be checked against the claims in either case. Nothing of a reply that does not hold is kept; what it states
beyond what the cited sentences bear out is asked for once more, and then left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from debatebot.errors import EngineError, EngineReplyError
from debatebot.grounding.unheard import unheard_of
from debatebot.prompts import Messages, PromptBook, quoted
from debatebot.types import (
    AnswerRequest,
    Claim,
    CommonGround,
    CompareRequest,
    Disagreement,
    DisagreementKind,
    DraftClaim,
    Insufficient,
    Issue,
    ModelComparison,
    Usage,
)

_DECODER = json.JSONDecoder()

Ask = Callable[[Messages], Iterator[str | Usage | Insufficient]]

_LONGEST_NAME = 80
_LONGEST_TEXT = 400
_MOST_ISSUES = 8
_MOST_QUESTIONS = 5
_BORNE_OUT = ("supported", "partial")


def compare(book: PromptBook, request: CompareRequest, ask: Ask, model: str) -> Iterator[ModelComparison | Usage]:
    """What the model makes of the answers, with what each call cost; nothing where it is stopped.

    Args:
        ask: sends messages and gives the text of the reply, and its usage.
        model: name of the model, for the error.

    Raises:
        EngineReplyError: what it made does not hold, the second time either.
        PromptError: the prompts lack this task.
    """
    problems: Sequence[str] = ()
    standing: ModelComparison | None = None
    for _attempt in range(2):
        text = ""
        try:
            for event in ask(_messages(book, request, problems)):
                if isinstance(event, Usage):
                    yield event
                elif isinstance(event, str):
                    text += event
        except EngineError:
            if standing is None:
                raise
            break
        if request.cancelled.is_set():
            return
        checked = _Check(request).read(text)
        standing, problems = checked.comparison or standing, checked.problems
        if not problems:
            break
    if standing is not None:
        yield standing
        return
    raise EngineReplyError("comparison_unusable", retryable=True, model=model)


class JsonReader:
    """Collects a whole reply; see `debatebot.engines.replies.Reader`. An empty one is a reply too, and is asked for again."""

    nothing_to_say = False

    def __init__(self) -> None:
        self._text = ""
        self._finished = False
        self._forgotten = False

    @property
    def claims(self) -> int:
        """1 when there is a whole reply."""
        return int(self._finished and not (self._forgotten and not self._text.strip()))

    def feed(self, piece: str) -> Iterator[str]:
        """Take the next piece; there is nothing to show before the end."""
        self._text += piece
        return iter(())

    def finish(self) -> Iterator[str]:
        """The whole text."""
        self._finished = True
        if self._text.strip():
            yield self._text

    def forget(self) -> None:
        """What came so far was no part of the reply."""
        self._forgotten = self._forgotten or bool(self._text.strip())
        self._text = ""


def _messages(book: PromptBook, request: CompareRequest, problems: Sequence[str]) -> Messages:
    answered = [answer for answer in request.answers if answer.claims]
    claims = [claim for answer in answered for claim in answer.claims]
    asked = AnswerRequest(
        question=request.question,
        language=request.language,
        articles=request.articles,
        retrieval=request.retrieval,
        perspective=request.perspectives[0],
    )
    repair = "\n".join(("", "Your last reply could not be used. Mend this:", *(f"- {problem}" for problem in problems)))
    return book.task(
        "compare",
        asked,
        quotes={"claims": "\n".join(map(_line, claims))},
        values={
            "example": answered[0].claims[0].id,
            "other": answered[-1].claims[0].id,
            "problems": repair if problems else "",
        },
        framed=False,
    )


def _line(claim: Claim) -> str:
    markers = "".join(f"[{citation.number}]" for citation in claim.citations)
    return f"{claim.id} {quoted(claim.text)} {markers}".rstrip()


@dataclass(frozen=True, slots=True)
class _Checked:
    """What holds of a comparison, None where nothing does; and what is wrong with it, as it is told to the model."""

    comparison: ModelComparison | None
    problems: tuple[str, ...] = ()


_Row = tuple[Mapping[str, Any], Issue]
"""An issue as the model wrote it, and as it is read."""


class _Check:
    """Checks a reply against the claims that it speaks of."""

    def __init__(self, request: CompareRequest) -> None:
        self._claims = {claim.id: claim for answer in request.answers for claim in answer.claims}
        self._sides = {claim.id: answer.perspective for answer in request.answers for claim in answer.claims}
        self._order = [answer.perspective for answer in request.answers]
        self._request = request
        self._problems: list[str] = []
        self._refused: list[str] = []

    def read(self, text: str) -> _Checked:
        """The comparison in a reply; all of its form holds, or none is taken. What nothing bears out is left out."""
        reply = _json_in(text)
        if reply is None:
            return _Checked(None, ("It is not one JSON object as described.",))
        entries = self._list(reply, "issues")[:_MOST_ISSUES]
        issues = [(entry, self._issue(entry)) for entry in entries]
        rows = self._each_once([(entry, issue) for entry, issue in issues if issue is not None])
        asked = reply.get("questions")
        questions = tuple(text for one in (asked if isinstance(asked, list) else ()) if (text := _text(one)))
        if self._problems:
            return _Checked(None, tuple(dict.fromkeys(self._problems)))
        rows = [(entry, one) for entry, one in rows if one.relation == "opposed" or self._is_borne_out(entry, one)]
        comparison = ModelComparison(
            issues=tuple(issue for _, issue in rows),
            common_ground=tuple(self._ground(entry, one) for entry, one in rows if one.relation == "shared"),
            disagreements=tuple(self._disagreement(entry, one) for entry, one in rows if one.relation == "opposed"),
            questions=questions[:_MOST_QUESTIONS],
        )
        return _Checked(comparison, tuple(self._refused))

    def _each_once(self, rows: Sequence[_Row]) -> list[_Row]:
        """Without what is said twice; claims that are shared in one row and opposed in another are a problem."""
        shared = [set(issue.cells.values()) for _, issue in rows if issue.relation == "shared"]
        kept: dict[tuple[str, frozenset[str]], _Row] = {}
        for entry, issue in rows:
            claims = frozenset(issue.cells.values())
            if issue.relation == "opposed" and any(claims <= agreeing for agreeing in shared):
                self._problems.append(f'"{issue.name}": {", ".join(sorted(claims))} are said to be shared as well.')
            kept.setdefault((issue.relation, claims), (entry, issue))
        return list(kept.values())

    def _is_borne_out(self, entry: Mapping[str, Any], issue: Issue) -> bool:
        """Whether sides share what they are said to: each claim holds, and the common sentences bear out the statement."""
        claims = [self._claims[one] for one in issue.cells.values()]
        doubtful = [claim.id for claim in claims if claim.verdict.label not in _BORNE_OUT]
        if doubtful:
            self._refused.append(
                f'"{issue.name}": what {", ".join(doubtful)} cites does not bear it out, so it is not shared.'
            )
            return False
        common = self._common(issue.cells)
        citations = tuple(citation for citation in claims[0].citations if citation.number in common)
        judge = self._request.grounding
        if judge is None or judge.judge([DraftClaim(_text(entry["statement"]), citations)])[0].label in _BORNE_OUT:
            return True
        self._refused.append(f'"{issue.name}": the sentences that its claims share do not say its "statement".')
        return False

    def _list(self, reply: Mapping[str, Any], key: str) -> list[Any]:
        found = reply.get(key)
        if not isinstance(found, list):
            self._problems.append(f'"{key}" is not a list.')
            return []
        return found

    def _issue(self, entry: Any) -> Issue | None:
        if not isinstance(entry, dict) or not _text(entry.get("name"), _LONGEST_NAME):
            self._problems.append(f'An issue is no object with a short "name": {json.dumps(entry)[:80]}')
            return None
        name = _text(entry["name"], _LONGEST_NAME)
        identifiers = entry.get("claims")
        if not isinstance(identifiers, list) or not all(isinstance(one, str) for one in identifiers):
            self._problems.append(f'"{name}": "claims" is not a list of ids.')
            return None
        unknown = [one for one in identifiers if one not in self._claims]
        if unknown:
            self._problems.append(f'"{name}": there is no claim {", ".join(unknown)[:80]}.')
            return None
        cells = {self._sides[one]: one for one in reversed(identifiers)}
        if len(cells) < 2:
            self._problems.append(f'"{name}": fewer than two readers.')
        relation = entry.get("relation")
        if relation == "shared":
            self._check_shared(name, entry, cells)
        elif relation == "opposed":
            self._check_opposed(name, entry)
        else:
            self._problems.append(f'"{name}": "relation" is neither "shared" nor "opposed".')
        ordered = {side: cells[side] for side in self._order if side in cells}
        return Issue(name, ordered, "shared" if relation == "shared" else "opposed")

    def _check_shared(self, name: str, entry: Mapping[str, Any], cells: Mapping[str, str]) -> None:
        if not _text(entry.get("statement")):
            self._problems.append(f'"{name}": no "statement".')
        if not self._common(cells):
            self._problems.append(f'"{name}": its claims cite no common sentence, so it is not shared.')

    def _check_opposed(self, name: str, entry: Mapping[str, Any]) -> None:
        if entry.get("kind") not in ("empirical", "value"):
            self._problems.append(f'"{name}": "kind" is neither "empirical" nor "value".')
        if entry.get("crux") is not None and not isinstance(entry["crux"], str):
            self._problems.append(f'"{name}": "crux" is neither a sentence nor null.')

    def _common(self, cells: Mapping[str, str]) -> frozenset[int]:
        numbers = [frozenset(citation.number for citation in self._claims[one].citations) for one in cells.values()]
        return frozenset.intersection(*numbers) if numbers else frozenset()

    def _ground(self, entry: Mapping[str, Any], issue: Issue) -> CommonGround:
        numbers = tuple(sorted(self._common(issue.cells)))
        return CommonGround(_text(entry["statement"]), tuple(issue.cells.values()), numbers)

    def _disagreement(self, entry: Mapping[str, Any], issue: Issue) -> Disagreement:
        kind: DisagreementKind = "value" if entry["kind"] == "value" else "empirical"
        return Disagreement(issue.name, kind, issue.cells, self._crux(entry, issue))

    def _crux(self, entry: Mapping[str, Any], issue: Issue) -> str | None:
        """What would settle it; nothing that states a figure or a name of which neither claims nor evidence speak."""
        crux, request = _text(entry.get("crux")), self._request
        if not crux or crux.endswith("?"):
            return crux or None
        claims = [self._claims[one] for one in issue.cells.values()]
        known = [request.question, *(claim.text for claim in claims)]
        known += [item.sentence.text for item in request.retrieval.evidence]
        known += [citation.sentence.text for claim in claims for citation in claim.citations]
        unheard = unheard_of(crux, known, request.language)
        if not unheard:
            return crux
        self._refused.append(
            f'"{issue.name}": neither claims nor sentences speak of {", ".join(unheard)[:80]} in "crux".'
        )
        return None


def _json_in(text: str) -> dict[str, Any] | None:
    """The object in a reply that lists issues, whatever stands around it; else the first object, or None."""
    objects: list[dict[str, Any]] = []
    start = text.find("{")
    while start >= 0:
        try:
            found, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            if "issues" in found:
                return dict(found)
            objects.append(found)
        start = text.find("{", end)
    return objects[0] if objects else None


def _text(value: object, longest: int = _LONGEST_TEXT) -> str:
    """A text on one line; empty where it is none, or too long to be what was asked for."""
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return line if len(line) <= longest else ""
