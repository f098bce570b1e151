"""One perspective's answer as markup: while it is being given, when it is there, and when it failed."""

from __future__ import annotations

from dataclasses import dataclass

from debatebot.types import Answer, Claim, Usage
from debatebot.ui.claims import claim_html
from debatebot.ui.markup import NOTHING, Html, join, tag, text
from debatebot.ui.reading import Face, Reading

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
        _name(reading, face, column),
        tag("ol", claims, class_="claims") if column.claims else NOTHING,
        _writing(reading, column) if busy else _end(reading, column),
        class_=f"column accent-{face.accent}",
        aria_label=face.label,
        aria_busy="true" if busy else None,
    )


def _name(reading: Reading, face: Face, column: Column) -> Html:
    count = reading.words.count("claim", len(column.claims)) if column.claims else ""
    return tag(
        "header",
        tag("span", text(face.sign), class_="sign", aria_hidden="true"),
        tag("h3", text(face.label)),
        tag("span", text(count), class_="quiet"),
    )


def _writing(reading: Reading, column: Column) -> Html:
    if column.pending:
        return tag("p", text(column.pending), tag("span", class_="caret", aria_hidden="true"), class_="pending")
    key = "column.writing" if column.claims else "column.reading" if column.started else "column.waiting"
    return tag("p", text(reading.words(key)), class_="working")


def _end(reading: Reading, column: Column) -> Html:
    answer = column.answer
    if answer is None:
        return tag("p", text(reading.words("column.not_asked")), class_="insufficient")
    parts = [_failure(reading, answer) if answer.error else NOTHING]
    if answer.status == "insufficient":
        parts.append(tag("p", text(answer.text), class_="insufficient"))
    return join((*parts, _foot(reading, answer)))


def _failure(reading: Reading, answer: Answer) -> Html:
    error = answer.error
    if error is None:
        return NOTHING
    if error.type == STOPPED:
        key = "column.stopped" if answer.claims else "column.stopped_early"
        return tag("p", text(reading.words(key)), class_="stopped")
    heading = reading.words("column.partly_failed" if answer.claims else "column.failed")
    return tag(
        "div",
        tag("p", text(heading), class_="what"),
        tag("p", text(error.message)),
        tag("p", text(error.hint), class_="hint"),
        class_="failure",
        role="alert",
    )


def _foot(reading: Reading, answer: Answer) -> Html:
    words = reading.words
    dropped = answer.dropped_markers
    lost = tag("p", text(words.count("dropped", dropped)), class_="dropped") if dropped else NOTHING
    return tag("footer", lost, tag("p", text(_engine_line(reading, answer)), class_="engine"))


def _engine_line(reading: Reading, answer: Answer) -> str:
    words = reading.words
    if answer.engine == BUILTIN:
        return words("column.builtin")
    seconds = words.seconds(answer.seconds.total)
    usage = answer.usage
    if usage is None or usage.input_tokens is None or usage.output_tokens is None:
        return words("column.no_usage", engine=answer.engine, seconds=seconds)
    return words(
        "column.usage",
        engine=answer.engine,
        read=_tokens_read(reading, usage),
        written=words.number(usage.output_tokens),
        seconds=seconds,
    )


def _tokens_read(reading: Reading, usage: Usage) -> str:
    read = reading.words.count("token", usage.input_tokens or 0)
    if not usage.cached_tokens:
        return reading.words("column.read", read=read)
    return reading.words("column.cached", read=read, cached=reading.words.number(usage.cached_tokens))
