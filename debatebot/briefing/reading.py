"""What a model writes as a briefing, line by line → sections with their claims.

A section begins with a line `## NAME`; its lines are read as claims are (`debatebot.citations`). Lines before the first section,
or below a heading that was not asked for, are dropped and counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from debatebot.briefing.types import BrieferEvent, SectionBegun, SectionName, StrayLine
from debatebot.citations import ClaimReader, parse_line
from debatebot.types import DraftClaim, Evidence

_NAMES: Mapping[str, SectionName] = {
    "facts": "facts",
    "faits": "facts",
    "neutral": "neutral",
    "neutre": "neutral",
    "analogy": "analogy",
    "analogie": "analogy",
    "optimistic": "optimistic",
    "optimiste": "optimistic",
    "pessimistic": "pessimistic",
    "pessimiste": "pessimistic",
}
_HEADING = re.compile(r"\s*(?:#{1,6}\s*[*_]{0,2}|\*\*|__)(?P<title>[^#*_\n]{1,80}?)[*_:\s#]*\Z")
_MAY_BE_HEADING = re.compile(r"\s*(?:#|\*\*|__|\*?\Z|_?\Z)")
_WORD = re.compile(r"[a-z]+")


class BriefReader:
    """Reads a stream (`debatebot.engines.replies.Reader`): pieces of text in; sections, words, claims, stray lines out.

    Args:
        evidence: what may be cited.
        insufficient: the line with which a model says that there is nothing to brief on.
    """

    def __init__(self, evidence: Sequence[Evidence], insufficient: str) -> None:
        self._evidence = evidence
        self._insufficient = insufficient
        self._line = ""
        self._section: SectionName | None = None
        self._seen: set[SectionName] = set()
        self._reader: ClaimReader | None = None
        self.claims = 0
        self.nothing_to_say = False

    def feed(self, piece: str) -> Iterator[BrieferEvent]:
        """Take the next piece; yield what it brings."""
        *ended, rest = piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for text in ended:
            yield from self._add(text)
            yield from self._end_line()
        yield from self._add(rest)

    def finish(self) -> Iterator[BrieferEvent]:
        """The text has ended: yield what its last line holds."""
        yield from self._end_line()
        yield from self._end_section()

    def forget(self) -> None:
        """What stands in the line that has not ended was no part of the reply."""
        self._line = ""
        if self._reader:
            self._reader.forget()

    def _add(self, text: str) -> Iterator[BrieferEvent]:
        held = self._held()
        self._line += text
        if self._reader is not None and self._line and not self._held():
            # What was held back as a possible heading is shown with the rest once it is none.
            yield from self._pass(self._line if held else text)

    def _held(self) -> bool:
        """The line may still become a heading."""
        return bool(_MAY_BE_HEADING.match(self._line))

    def _end_line(self) -> Iterator[BrieferEvent]:
        line, held = self._line, self._held()
        self._line = ""
        heading = _HEADING.match(line)
        if heading:
            yield from self._end_section()
            yield from self._begin(heading["title"])
        elif self._reader is not None:
            yield from self._pass(f"{line}\n" if held else "\n")
        elif line.strip().startswith(self._insufficient) and not self.claims:
            self.nothing_to_say = True
        elif parse_line(line, self._evidence) is not None:
            yield StrayLine()

    def _begin(self, title: str) -> Iterator[BrieferEvent]:
        plain = "".join(char for char in unicodedata.normalize("NFD", title.lower()) if not unicodedata.combining(char))
        names = {_NAMES[word] for word in _WORD.findall(plain) if word in _NAMES} - self._seen
        if len(names) == 1:
            [self._section] = names
            self._seen |= names
            self._reader = ClaimReader(self._evidence, self._insufficient)
            yield SectionBegun(self._section)
        else:
            yield StrayLine()

    def _end_section(self) -> Iterator[BrieferEvent]:
        if self._reader is not None:
            yield from self._counted(self._reader.finish())
        self._section, self._reader = None, None

    def _pass(self, text: str) -> Iterator[BrieferEvent]:
        if self._reader is not None:
            yield from self._counted(self._reader.feed(text))

    def _counted(self, events: Iterator[str | DraftClaim]) -> Iterator[BrieferEvent]:
        for event in events:
            self.claims += isinstance(event, DraftClaim)
            yield event
