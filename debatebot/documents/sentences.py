"""Article text → sentences with exact offsets, by rules for French and English that do for their neighbours as well.

Three steps: lines are joined to paragraphs, paragraphs are cut after sentence marks, and what is still too long to be
cited is cut at a space. A mark ends a sentence when white space and something that can begin a sentence follow; the
rest of the module is the exceptions: abbreviations, initials, numbers, quotations, brackets. In doubt two sentences
stay together, because half a sentence is worse evidence than two.

Every step takes linear time: look-arounds are bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from debatebot.documents.abbreviations import FREQUENT_FIRST_WORDS, begins_often, ends_sentence
from debatebot.types import Sentence

LONGEST = 1000
"""Code points; a longer sentence is cut at a space."""
LONGEST_TOKEN = 4000
"""Code points without a usable space after which even a token is cut, so that no input makes an endless sentence."""

Span = tuple[int, int]


def split(article_id: str, text: str, language: str) -> tuple[Sentence, ...]:
    """Cut a text into sentences.

    Args:
        text: Unicode NFC with `\\n` newlines.
        language: ISO 639-1 code; German has its own quotation marks and ordinals, all else is common to all languages.

    Returns:
        The sentences in order: `text[s.start:s.end] == s.text`, trimmed, and every character that is not white space is
        in exactly one of them. A heading or a list item is a paragraph of its own.
    """
    sentences: list[Sentence] = []
    for paragraph, (begin, stop) in enumerate(_paragraphs(text)):
        for start, end in _sentences(text[begin:stop], language):
            start, end = start + begin, end + begin
            sentences.append(Sentence(article_id, len(sentences), start, end, text[start:end], paragraph))
    return tuple(sentences)


# --- paragraphs -----------------------------------------------------------------------------------------------------

_LINE = re.compile(r"\S[^\n\v\f\x85\u2028\u2029]*")
_ALONE = re.compile(r"\||#{1,6}\s")
_ITEM = re.compile(
    r"[-*+•◦▪‣·●○■□✓→]\s|[•◦▪‣●○■□✓]|\d{1,3}[.)]\s|(?:[a-zA-Z]|[ivxIVX]{1,4})\)\s|\([a-z\d]{1,3}\)\s|[–—]\s"
)
_SOFT_ITEM = re.compile(r"[–—(]|\d+[.)]")
_ADDRESS = re.compile(r"https?:|www\.|\S+@")
_FIRST_WORD = re.compile(r"\S+")
_MIDDLE = frozenset("»”)]},;:!?%€")
"""What no sentence begins with."""
_NARROWEST, _WIDEST = 30, 120
"""Lengths of a line between which it may have been wrapped by a program; longer lines are whole paragraphs."""
_RAGGED = 8
"""Code points by which a wrapped line may be longer than most."""


def _paragraphs(text: str) -> Iterator[Span]:
    lines = [(match.start(), match.start() + len(match.group().rstrip())) for match in _LINE.finditer(text)]
    if not lines:
        return
    width = _wrap_width(text, lines)
    begin = lines[0][0]
    for line, following in pairwise(lines):
        if not _continues(text, begin, line, following, width):
            yield begin, line[1]
            begin = following[0]
    yield begin, lines[-1][1]


def _wrap_width(text: str, lines: Sequence[Span]) -> int:
    """Where lines were wrapped, in code points, or 0: a text is wrapped when many of its lines are unfinished."""
    lengths: list[int] = []
    candidates = 0
    for line, following in pairwise(lines):
        if _ITEM.match(text, following[0]) or _separate(text, line, following):
            continue
        if _NARROWEST <= line[1] - line[0] <= _WIDEST:
            candidates += 1
            if _runs_on(text, line, following):
                lengths.append(line[1] - line[0])
    if not lengths or len(lengths) < 0.4 * candidates:
        return 0
    return sorted(lengths)[len(lengths) * 95 // 100]


def _continues(text: str, begin: int, line: Span, following: Span, width: int) -> bool:
    """Whether the newline between two lines of the paragraph that starts at `begin` is just a space."""
    if _separate(text, line, following):
        return False
    length = line[1] - line[0]
    word = _FIRST_WORD.match(_unquoted(text, following))
    full = 0 < width / 2 < length <= width + _RAGGED and length + 1 + (word.end() if word else 0) > width
    if _ITEM.match(text, following[0]):
        may_be_prose = _SOFT_ITEM.match(text, following[0]) and not _ITEM.match(text, begin)
        return bool(may_be_prose) and full and text[line[1] - 1] not in ".!?…:;»"
    return full or (_runs_on(text, line, following) and (length >= _NARROWEST or text[line[1] - 1] in ",-"))


def _separate(text: str, line: Span, following: Span) -> bool:
    """Whether a blank line lies between, or one of the two stands alone by its form."""
    gap = text[line[1] : following[0]]
    return (
        gap.count("\n") > 1
        or "\u2029" in gap
        or _ALONE.match(text, line[0]) is not None
        or _ALONE.match(text, following[0]) is not None
    )


def _runs_on(text: str, line: Span, following: Span) -> bool:
    """Whether the first line is unfinished and the second begins in the middle of a sentence."""
    if text[line[1] - 1] in ".!?…:;":
        return False
    word = _unquoted(text, following)
    last_word = text[max(line[0], line[1] - 20) : line[1]].rpartition(" ")[2]
    if _ADDRESS.match(word):
        return False
    return (
        word[:1].islower()
        or word[:1] in _MIDDLE
        or (last_word.islower() and last_word.capitalize() in FREQUENT_FIRST_WORDS)
    )


def _unquoted(text: str, line: Span) -> str:
    """The beginning of a line without opening signs and those of an e-mail reply."""
    return text[line[0] : min(line[1], line[0] + 80)].lstrip("> «“\"'(\u00a0\u202f")


# --- sentences ------------------------------------------------------------------------------------------------------

_MARKS = re.compile(r"[.!?…。！？]+")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\W_]")
_ENUMERATOR = re.compile(
    r"(?:(?:Article|Art\.|Chapitre|Chapter|Section|Titre|Étape|Step|Figure|Fig\.|Table|Tableau|Partie|Part|Annexe)\s)?"
    r"(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,5}|[^\W\d_])[.)]+(?=\s)"
)
_ELISION_MARK = re.compile(r"(?:[\[(](?:…|\.{3})[\])]\s*)+")
_BRAND = re.compile(r"[a-z]{1,3}[A-Z]")
_NOTES = re.compile(r"(?:\[[^\[\]\n]{1,30}\]|[¹²³⁰⁴-⁹])+|(?:\s\[\d{1,3}\])+(?=\s)")
_SPEAKER = re.compile(
    r"(?:[A-Z][\w’'.-]*\s){1,3}(?:said|says|asked|asks|replied|answered|added|cried|shouted|wrote|told)\b"
)
_ADDRESS_SIGN = re.compile(r"[/@\\_=#]|www")
_GLUED_WORD = re.compile(r"[^\W\d_]+[\s'’]")
_OPENERS = "«»“”„\"'‘’‹›([{¿¡*_–—-•> \t\n\u00a0\u202f"
_AFTER_MARK = "”’'\")]}›*_"
_NOT_FIRST = frozenset(",;:.!?%…)]}/&=+<")


def _sentences(paragraph: str, language: str) -> Iterator[Span]:
    begin = 0
    for end in (*_Paragraph(paragraph, language).ends(), len(paragraph)):
        for piece_begin, piece_end in _pieces(paragraph, begin, end):
            piece = paragraph[piece_begin:piece_end]
            if trimmed := piece.strip():
                start = piece_begin + len(piece) - len(piece.lstrip())
                yield start, start + len(trimmed)
        begin = end


class _Spans:
    """Stretches between two paired signs; those inside another are left out."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []
        for begin, end in sorted(spans):
            if not self._ends or begin > self._ends[-1]:
                self._begins.append(begin)
                self._ends.append(end)

    def around(self, position: int) -> Span | None:
        """Offsets of the opening and the closing sign around a position."""
        index = bisect_right(self._begins, position) - 1
        if index < 0 or self._ends[index] < position:
            return None
        return self._begins[index], self._ends[index]


_BRACKETS = re.compile(r"\((?:[^()]|\([^()]{0,100}\)){1,300}\)|\[[^\[\]]{1,300}\]")
_GUILLEMETS = re.compile(r"«[^«»]{1,300}»")
_REVERSED_GUILLEMETS = re.compile(r"»[^«»]{1,300}«")
_CURLY = re.compile(r"[“„][^“”„]{1,300}[”“]")
_STRAIGHT = re.compile(r"(?<![^\s(\[«“—–-])\"[^\"]{1,300}\"")


def _matches(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [(match.start(), match.end() - 1) for match in pattern.finditer(text)]


class _Paragraph:
    """One paragraph with its quotations and brackets. Longer ones than 300 code points are cut like running text."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._has_capitals = text != text.lower()
        first = re.search("[«»]", text)
        self._reversed = language == "de" and first is not None and first.group() == "»"
        guillemets = _REVERSED_GUILLEMETS if self._reversed else _GUILLEMETS
        quotations = [span for pattern in (guillemets, _CURLY, _STRAIGHT) for span in _matches(pattern, text)]
        self._closing = frozenset(end for _, end in quotations)
        self._quotations = _Spans(quotations)
        self._brackets = _Spans(_matches(_BRACKETS, text))

    def ends(self) -> Iterator[int]:
        """Offsets where a sentence ends and another follows."""
        head = self._head(0)
        for mark in _MARKS.finditer(self._text):
            if mark.start() < head:
                continue
            end = self._past_closing(mark.end())
            if self._is_end(head, mark, end):
                yield end
                head = self._head(end)

    def _head(self, begin: int) -> int:
        """The first letter or digit of a sentence; the number or letter of a list item is not counted."""
        word = _WORD.search(self._text, begin)
        if word and (enumerator := _ENUMERATOR.match(self._text, word.start())):
            word = _WORD.search(self._text, enumerator.end())
        return word.start() if word else len(self._text)

    def _past_closing(self, position: int) -> int:
        """Past the closing signs and the footnote marks that belong to the sentence."""
        text = self._text
        while position < len(text):
            if text[position] in _AFTER_MARK or self._closes(position):
                position += 1
            elif text[position].isspace() and self._closes(position + 1):
                position += 2
            else:
                break
        notes = _NOTES.match(text, position)
        return notes.end() if notes else position

    def _closes(self, position: int) -> bool:
        return position in self._closing or (self._text.startswith("»", position) and not self._reversed)

    def _is_end(self, head: int, mark: re.Match[str], end: int) -> bool:
        text = self._text
        gap = _SPACE.match(text, end)
        begin = gap.end() if gap else end
        if begin == len(text) or (begin == end and not self._needs_no_space(mark, end)):
            return False
        body = _ELISION_MARK.sub("", text[begin : begin + 48], count=1).lstrip(_OPENERS)
        if not self._can_begin(body, begin, mark.group()) or self._is_inside(head, mark, end, body):
            return False
        if text[end - 1] in '”’»"' and _SPEAKER.match(body):
            return False
        before = text[max(head, mark.start() - 48) : mark.start()]
        return mark.group() != "." or ends_sentence(before, body, self._language)

    def _can_begin(self, body: str, begin: int, mark: str) -> bool:
        """Whether a sentence can begin with `body`, which stands after its opening signs at `begin`."""
        first = body[:1]
        if not first or first in _NOT_FIRST or (first.isdigit() and (".." in mark or "…" in mark)):
            return False
        if first.islower() and not _BRAND.match(body) and (self._has_capitals or len(mark) > 1 or mark == "…"):
            return False
        aside = self._brackets.around(begin) if self._text[begin] == "(" else None
        return not aside or aside[1] - aside[0] <= 4 or self._before(aside[1]) in ".!?…"

    def _needs_no_space(self, mark: re.Match[str], end: int) -> bool:
        """Whether a sentence may follow at once: a quotation, or a frequent first word glued on by a bad extraction."""
        following = self._text[end : end + 20]
        if following[0] in "«“" or mark.group()[-1] in "。！？":
            return True
        before = self._text[max(0, mark.start() - 48) : mark.start()].rstrip().rpartition(" ")[2]
        plain = before[-3:].isalpha() and before[-2:].islower() and _ADDRESS_SIGN.search(before) is None
        return plain and _GLUED_WORD.match(following) is not None and begins_often(following)

    def _is_inside(self, head: int, mark: re.Match[str], end: int, body: str) -> bool:
        """Whether the mark belongs to a bracket or a quotation within a longer sentence."""
        if bracket := self._brackets.around(mark.start()):
            replaces_dot = mark.group() in (".", "...", "…") and begins_often(body)
            return end <= bracket[1] or (head < bracket[0] and not replaces_dot)
        quotation = self._quotations.around(mark.start())
        return quotation is not None and end <= quotation[1] and self._runs_through(head, quotation)

    def _runs_through(self, head: int, quotation: Span) -> bool:
        """Whether the sentence began before the quotation or goes on after it."""
        opening, closing = quotation
        after = self._text[closing + 1 : closing + 8].lstrip()
        if head < opening:
            return True
        if not after or after[0] in ".!?…":
            return False
        return after.lstrip("–—- ")[:1].islower() or after[0] in ",;:" or self._before(closing) not in ".!?…"

    def _before(self, position: int) -> str:
        """The last character before `position` that is not white space."""
        return self._text[max(0, position - 8) : position].rstrip()[-1:]


# --- what is too long -----------------------------------------------------------------------------------------------

_CUTS = (
    re.compile(r"(?<=[;:])[ \t]|(?<![.\d])\n(?![\d%€])"),
    re.compile(r"(?<=[,)–—])[ \t]"),
    re.compile(r"(?<![\d.°])[ \n\t]|(?<=\d)[ \n\t](?![\d%€$£°])"),
    re.compile(r"\s"),
)
"""Where to cut, best first; never within a number with spaces, or after a dot, as long as there is another place."""


def _pieces(text: str, begin: int, end: int) -> Iterator[Span]:
    """A span in pieces of at most `LONGEST` code points, but for tokens longer than that."""
    while end - begin > LONGEST:
        cut = _cut(text, begin, end)
        yield begin, cut
        begin = cut
    yield begin, end


def _cut(text: str, begin: int, end: int) -> int:
    latest = begin + LONGEST
    for pattern in _CUTS:
        # One code point more than wanted, because a pattern looks at what follows the space.
        places = [
            match.end() for match in pattern.finditer(text, begin + LONGEST // 3, latest + 1) if match.end() <= latest
        ]
        if places:
            return places[-1]
    space = _CUTS[-1].search(text, latest, min(end, begin + LONGEST_TOKEN))
    return space.end() if space else min(end, begin + LONGEST_TOKEN)
