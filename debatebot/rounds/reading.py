"""What a model writes in a round, line by line → rebuttals with their targets.

A line is `@optimistic.2 KIND: statement [4]`, or `concede @optimistic.2 KIND: statement [4]`. The id is looked up among the
claims that this side may answer; a line with another id, or with none, is dropped and counted, never guessed at. A line answers
one claim, the first that it names. After its target it is read as any claim is (`debatebot.citations`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from debatebot.citations import ClaimReader, parse_line
from debatebot.rounds.parts import DroppedLine, RebuttalDraft, RebuttalRequest, RebutterEvent, Target, Unanswerable
from debatebot.rounds.types import REMARK
from debatebot.types import DraftClaim

_START = r"\s*(?:(?:[-+•–—·‣▪>↳]|\*(?!\*)|\d{1,2}[.)])\s+)*[*_`(\[]*"
_CONCEDE = r"(?P<concede>(?:I |je )?(?:concede[sd]?|concède[sz]?|grant(?:s|ed)?|accorde)\b[\s:,*_`]*(?:to |à |that )?[*_`(\[]*)?"
_AFTER = r"[*_`)\]]*[\s.:：,;–—*_`-]*"
_TARGET = re.compile(
    rf"{_START}{_CONCEDE}@\s?(?P<id>[^\W_][\w-]*(?:\.\d{{1,4}})?)(?![\w-]|\.\d){_AFTER}"
    rf"(?:[*_`(\[]*@\s?[^\W_][\w-]*\.\d{{1,4}}(?!\d){_AFTER})*(?=[^\s.:：,;–—*_`)\]@-])",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"(?:because|since|as|parce qu(?:e |['’])|car|puisqu(?:e |['’]))\s*:?\s*", re.IGNORECASE)
_FURTHER_TARGET = re.compile(r"\s*(?:,|and|et|&)?\s*@[^\W_][\w-]*\.\d{1,4}\b")
_LONGEST_LINE = 2_000  # characters; a model that never ends a line is cut there


class RebuttalReader:
    """Reads a stream (`debatebot.engines.replies.Reader`): pieces of text in; targets, words, rebuttals, dropped lines out.

    Args:
        request: says which claims may be answered and which sentences cited.
        insufficient: the word with which a model says that it has nothing to say, at all or to one claim.
    """

    def __init__(self, request: RebuttalRequest, insufficient: str) -> None:
        self._evidence = request.evidence
        self._targets: dict[str, str | None] = {claim.id.casefold(): claim.id for claim in request.others}
        if request.remark is not None:
            self._targets[REMARK] = None
        self._insufficient = insufficient
        self._refusal = re.compile(rf"[*_`\"'«“ ]*{re.escape(insufficient)}\b.*")
        self._line = ""
        self._statement: _Statement | None = None
        self.claims = 0
        self.nothing_to_say = False

    def feed(self, piece: str) -> Iterator[RebutterEvent]:
        """Take the next piece; yield what it brings."""
        *ended, rest = piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for text in ended:
            yield from self._add(text)
            yield from self._end_line()
        yield from self._add(rest)
        if len(self._line) > _LONGEST_LINE:
            yield from self._end_line()

    def finish(self) -> Iterator[RebutterEvent]:
        """The text has ended: yield what its last line holds."""
        yield from self._end_line()

    def forget(self) -> None:
        """What stands in the line that has not ended was no part of the reply."""
        self._line, self._statement = "", None

    def _add(self, text: str) -> Iterator[RebutterEvent]:
        if self.nothing_to_say or not text:
            return
        self._line += text
        if self._statement is not None:
            yield from self._statement.feed(text)
            return
        match = _TARGET.match(self._line)
        if match and match["id"].casefold() in self._targets:
            target = Target(self._targets[match["id"].casefold()], concedes=bool(match["concede"]))
            self._statement = _Statement(target, ClaimReader(self._evidence, self._insufficient))
            yield target
            yield from self._statement.feed(self._line[match.end() :])

    def _end_line(self) -> Iterator[RebutterEvent]:
        line, self._line = self._line, ""
        statement, self._statement = self._statement, None
        if statement is not None:
            for event in statement.end():
                self.claims += isinstance(event, RebuttalDraft | Unanswerable)
                yield event
        elif self._refusal.fullmatch(line.strip()):
            self.nothing_to_say = not self.claims
        elif parse_line(line, self._evidence) is not None:
            yield DroppedLine()


class _Statement:
    """What follows a target on its line."""

    def __init__(self, target: Target, reader: ClaimReader) -> None:
        self._target = target
        self._reader = reader

    def feed(self, text: str) -> Iterator[RebutterEvent]:
        """Words of the statement; it is whole at the end of its line only."""
        yield from (event for event in self._reader.feed(text) if isinstance(event, str))

    def end(self) -> Iterator[RebutterEvent]:
        """The statement, that there is none to this claim, or that the line says nothing."""
        drafts: list[DraftClaim] = []
        for event in self._reader.finish():
            if isinstance(event, str):
                yield event
            else:
                drafts.append(event)
        if drafts:
            yield RebuttalDraft(self._target, _polished(drafts[0], self._target.concedes))
        elif self._reader.nothing_to_say:
            yield Unanswerable(self._target.answers or REMARK)
        else:
            yield DroppedLine()


def _polished(draft: DraftClaim, concedes: bool) -> DraftClaim:
    """Without further ids, and without the conjunction that led from a concession to its reason."""
    text = _FURTHER_TARGET.sub("", draft.text).strip()
    if concedes and (match := _BECAUSE.match(text)):
        text = text[match.end() :]
        text = text[:1].upper() + text[1:]
    return replace(draft, text=text or draft.text)
