"""One perspective's answer as markup: while it is being given, when it is there, and when it failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from debatebot.errors import ErrorDescription
from debatebot.types import Answer, Claim, Seconds, Usage
from debatebot.ui.claims import claim_html
from debatebot.ui.markup import NOTHING, Html, join, tag, text
from debatebot.ui.reading import Reading

STOPPED = "Stopped"
BUILTIN = "builtin"


@dataclass(frozen=True, slots=True)
class Column:
    """What one perspective has said so far. `answer` is there when it is done; `pending` is what it is writing."""

    perspective: str
    claims: tuple[Claim, ...] = ()
    pending: str = ""
    started: bool = False
    answer: Answer | None = None
    asked: bool = True

    @property
    def is_failed(self) -> bool:
        """True when it could not answer, or was stopped."""
        return self.answer is not None and self.answer.status == "failed"


def column_of(answer: Answer) -> Column:
    """The column of an answer that is done."""
    return Column(answer.perspective, answer.claims, started=True, answer=answer)


def column_html(reading: Reading, turn: int, column: Column) -> Html:
    """The column, as a section with the perspective's name."""
    face = reading.face(column.perspective)
    busy = column.asked and column.answer is None
    claims = join(claim_html(reading, turn, claim) for claim in column.claims)
    return tag(
        "section",
        tag("header", name_html(reading, column)),
        tag("ol", claims, class_="claims") if column.claims else NOTHING,
        _writing(reading, column) if busy else end_html(reading, column),
        class_=f"column accent-{face.accent}",
        aria_label=face.label,
        aria_busy="true" if busy else None,
    )


def name_html(reading: Reading, column: Column) -> Html:
    """Sign and name of the perspective, and how many claims it makes."""
    face = reading.face(column.perspective)
    count = reading.words.count("claim", len(column.claims)) if column.claims else ""
    return join(
        (
            tag("span", text(face.sign), class_="sign", aria_hidden="true"),
            tag("h3", text(face.label)),
            tag("span", text(count), class_="quiet"),
        )
    )


def _writing(reading: Reading, column: Column) -> Html:
    if column.pending:
        return tag("p", text(column.pending), tag("span", class_="caret", aria_hidden="true"), class_="pending")
    key = "column.writing" if column.claims else "column.reading" if column.started else "column.waiting"
    return tag("p", text(reading.words(key)), class_="working")


def end_html(reading: Reading, column: Column) -> Html:
    """What stands below the claims of a column that is done: why it failed, that it has nothing to say, what it took."""
    answer = column.answer
    if answer is None:
        return tag("p", text(reading.words("column.not_asked")), class_="insufficient")
    parts = [failure_html(reading, answer.error, bool(answer.claims))]
    if answer.status == "insufficient":
        parts.append(tag("p", text(answer.text), class_="insufficient"))
        if answer.engine == BUILTIN:  # whose foot says that it quotes, where nothing is quoted
            return join(parts)
    return join((*parts, foot_html(reading, answer)))


def failure_html(reading: Reading, error: ErrorDescription | None, has_spoken: bool) -> Html:
    """Why a perspective could not answer, or broke off; nothing where it did not."""
    if error is None:
        return NOTHING
    if error.type == STOPPED:
        key = "column.stopped" if has_spoken else "column.stopped_early"
        return tag("p", text(reading.words(key)), class_="stopped")
    heading = reading.words("column.partly_failed" if has_spoken else "column.failed")
    return tag(
        "div",
        tag("p", text(heading), class_="what"),
        tag("p", text(error.message)),
        tag("p", text(error.hint), class_="hint"),
        class_="failure",
        role="alert",
    )


class Spoken(Protocol):
    """An answer, or a contribution to a round: what it took."""

    @property
    def engine(self) -> str: ...

    @property
    def dropped_markers(self) -> int: ...

    @property
    def usage(self) -> Usage | None: ...

    @property
    def seconds(self) -> Seconds: ...


def foot_html(reading: Reading, answer: Spoken) -> Html:
    """What was dropped, who answered, and what it took."""
    words = reading.words
    dropped = answer.dropped_markers
    lost = tag("p", text(words.count("dropped", dropped)), class_="dropped") if dropped else NOTHING
    return tag("footer", lost, tag("p", text(_engine_line(reading, answer)), class_="engine"))


def _engine_line(reading: Reading, answer: Spoken) -> str:
    words = reading.words
    if answer.engine == BUILTIN:
        return reading.say("column.builtin")
    seconds = words.seconds(answer.seconds.total)
    usage = answer.usage
    if usage is None or usage.input_tokens is None or usage.output_tokens is None:
        return words("column.no_usage", engine=answer.engine, seconds=seconds)
    line = words(
        "column.usage",
        engine=answer.engine,
        read=_tokens_read(reading, usage),
        written=words.number(usage.output_tokens),
        seconds=seconds,
    )
    return line if usage.cost_usd is None else f"{line} · {words.dollars(usage.cost_usd)}"


def _tokens_read(reading: Reading, usage: Usage) -> str:
    read = reading.words.count("token", usage.input_tokens or 0)
    if not usage.cached_tokens:
        return reading.words("column.read", read=read)
    return reading.words("column.cached", read=read, cached=reading.words.number(usage.cached_tokens))
