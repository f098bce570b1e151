"""What a model writes, line by line → claims with resolved citations. A marker is never trusted: what it stands for is looked up.

A line is `KIND: statement [1][4]`. Models vary it, so bullets, bold type, French kinds, `[1, 4]`, `[1-3]`, `【1】` and `[^1]`
are read as well; `(1)` is not a marker. A number that stands for no evidence is dropped and counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from debatebot.types import Citation, ClaimKind, DraftClaim, Evidence
from debatebot.visible import visible

_KINDS: Mapping[str, ClaimKind] = {
    "fact": "fact",
    "fait": "fact",
    "inference": "inference",
    "deduction": "inference",
    "opinion": "opinion",
    "avis": "opinion",
}
_KIND_WORDS = "facts?|faits?|inf[eé]rences?|d[eé]ductions?|opinions?|avis"

_BULLETS = re.compile(r"\s*(?:(?:[-+•–—·‣▪>]|\*(?!\*)|\d{1,2}[.)])\s+)*")
_KIND = re.compile(
    rf"[*_`(\[]*(?P<kind>{_KIND_WORDS})(?:\s?\d{{1,2}})?[*_`)\]]*(?:\s*[:：][*_]*|(?<=[)\]]))\s*", re.IGNORECASE
)
_OPEN, _CLOSE = r"\\?[\[【［]", r"\\?[\]】］]"
_INSIDE = r"[\s^#*†]*[-–]?\d[\d\s^#*†,;.、，&–—-]*(?:(?:et|and)[\s^#]*\d[\d\s^#*†,;.、，&–—-]*)*"
_MARKER = rf"(?:<sup>)?(?:{_OPEN})+{_INSIDE}(?:{_CLOSE})+(?:</sup>)?(?:\((?:https?:|\#)[^)\s]*\))?"
_MARKERS = re.compile(
    rf"(?P<comma>[,;]?)\s*{_MARKER}(?:\s*(?:[,;、，&]|et\b|and\b)?\s*{_MARKER})*(?:[ \t]+(?=[.,)\]}}”…]))?",
    re.IGNORECASE,
)
_ONE_MARKER = re.compile(_MARKER, re.IGNORECASE)
_UNFINISHED = re.compile(rf"\s*(?:<sup>)?(?:{_OPEN})+[\d\s^#,;–-]*\Z")
_RANGE = re.compile(r"(\d{1,9})\s*[-–—]\s*(\d{1,9})")
_SEPARATORS = re.compile(r"[\s^#*†,;、，&]+|et|and", re.IGNORECASE)
_LEAVES_NO_SPACE = frozenset(".,;:!?)]}»”…")
# The marks that fence off what the prompt quotes: small models repeat them.
_FENCE = re.compile(r"</?quoted-[^<>\s]*(?:>|(?=\s)|\Z)")
_EMPTY_PARENTHESES = re.compile(r"\s*\(\s*[,;]?\s*\)")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200b\ufeff]")
_SPACES = re.compile("[ \t]+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_STRONG = re.compile(r"\*\*|__|`")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*_])")
_HALF_EMPHASIS = re.compile(r"(?<![\w*_])[*_](?=\S)")
_OPEN_AT_END = re.compile(
    r"(?:(?:<sup>)?\\?[\[【［][^\]】］]*(?:[\]】］](?:\([^()\s]*)?)?|</?[a-z]{0,6}(?:-[^<>\s]*)?>?|\\)\Z"
)
_MARKUP_AT_END = re.compile(r"[\s*_`]*\Z")
_MARKERS_AT_END = re.compile(rf"{_MARKERS.pattern}\s*[,;、，&]?\s*(?:an?d?|et?)?\s*\Z", re.IGNORECASE)
_UNSETTLED = re.compile(r"[\s.,;:!?…()«»*_`&]*\Z")
_NO_STATEMENT = re.compile(r"\s*(?:#{1,6}\s.*|```.*|[-*_=]{3,})?\s*")
# A line that opens a JSON object or list: what follows is data, whatever in it looks like a marker.
_DATA = re.compile(r"\s*(?:\{|\[\s*(?:[{\"]|\Z))")
# How a model says of itself that it will not answer; an article's sentence would not begin so.
_DECLINES = re.compile(
    r"\W*(?:(?:I['’]?m|I am) (?:so |very |really )?sorry\b|sorry\b|my apologies\b|I apologi[sz]e\b|as an? (?:AI|language model)\b"
    r"|(?:unfortunately,? )?I(?: (?:cannot|can['’]?t|can not|could(?:n['’]t| not)|won['’]t|will not|am unable|am not able"
    r"|must decline|have to decline|decline|refuse)|['’]m (?:unable|not able))\b"
    r"|(?:je suis |(?:toutes )?mes excuses, |vraiment )?désolée?\b|je (?:m['’]excuse|regrette|refuse|dois refuser)\b"
    r"|(?:malheureusement,? )?je ne (?:peux|puis|pourrai|suis|saurais)\b|en tant qu(?:['’](?:IA|assistant)|e modèle)\b)",
    re.IGNORECASE,
)

_LONGEST_LINE = 2_000  # characters; what a model writes beyond them, until it ends the line, is left out


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """A line read as a claim; `marked` tells a statement in the form asked for from a remark beside it."""

    claim: DraftClaim
    marked: bool


def parse_line(line: str, evidence: Sequence[Evidence]) -> DraftClaim | None:
    """The claim of one line; None where the line states nothing (empty, a heading, "Here is my answer:").

    Citations come in the order of the line, each once, and are always among `evidence`. A line without a kind counts as
    an inference.
    """
    parsed = read_line(line, {item.number: item for item in evidence})
    return parsed.claim if parsed else None


def read_line(line: str, known: Mapping[int, Evidence]) -> ParsedLine | None:
    """As `parse_line`, for evidence by number."""
    kind, rest = _split_kind(line)
    text, numbers, dropped = _resolved(rest, known)
    marked = kind is not None or bool(numbers) or bool(dropped)
    if not any(map(str.isalnum, text)) or (not marked and (_NO_STATEMENT.fullmatch(line) or text.endswith(":"))):
        return None
    citations = tuple(Citation(number, known[number].sentence) for number in numbers)
    return ParsedLine(DraftClaim(text, citations, kind or "inference", dropped_markers=dropped), marked)


class ClaimReader:
    """Reads a stream: pieces of text in, words to show and whole claims out.

    Words are shown as they come, without kind and markers; whatever may still become a marker is held back. Lines before
    the first statement in the form asked for are remarks ("Here are my claims"), or thoughts of a model that forgot to
    mark them: they count only where nothing better comes, and not where the model declines to answer. From where JSON begins
    on, nothing is a statement.

    Args:
        evidence: what may be cited.
        insufficient: the line that says there is nothing to say.
    """

    def __init__(self, evidence: Sequence[Evidence], insufficient: str) -> None:
        self._known = {item.number: item for item in evidence}
        self._insufficient = insufficient
        self._refusal = re.compile(rf"[*_`\"'«“ ]*{re.escape(insufficient)}\b(?:[*_`\"'».” ]*|\s*[:;,.–—-].*)")
        self._line = ""
        self._shown = ""
        self._remarks: list[DraftClaim] = []
        self._declined = False
        self._is_data = False
        self.claims = 0
        self.nothing_to_say = False
        """The model has said that the evidence does not speak of the question; what follows is not read."""

    def feed(self, piece: str) -> Iterator[str | DraftClaim]:
        """Take the next piece; yield words to show and the claims whose line it ends."""
        *ended, rest = (self._line + piece.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        for line in ended:
            yield from self._end_line(line)
        self._line = rest[: _LONGEST_LINE + 1]
        if len(rest) <= _LONGEST_LINE and not self.nothing_to_say and not self._is_data:
            yield from self._show()

    def finish(self) -> Iterator[str | DraftClaim]:
        """The text has ended: yield what its last line holds, and the remarks if there was nothing else."""
        yield from self._end_line(self._line)
        if not self.claims and not self.nothing_to_say and not self._declined:
            self.claims = len(self._remarks)
            yield from self._remarks

    def forget(self) -> None:
        """What came so far outside claims was no part of the answer."""
        self._line, self._remarks = "", []
        self._declined = self._is_data = False

    def _end_line(self, line: str) -> Iterator[str | DraftClaim]:
        self._line = ""
        if len(line) > _LONGEST_LINE:
            line = f"{line[:_LONGEST_LINE]}…"
        shown, self._shown = self._shown, ""
        self._is_data = self._is_data or _DATA.match(line) is not None
        if self.nothing_to_say or self._is_data:
            return
        if self._refusal.fullmatch(_split_kind(line)[1].strip()):
            self.nothing_to_say = not self.claims
            return
        parsed = read_line(line, self._known)
        if parsed is None:
            return
        if not parsed.claim.citations and _DECLINES.match(parsed.claim.text):
            self._declined = True
            return
        if not parsed.marked and not self.claims:
            self._remarks.append(parsed.claim)
            return
        if rest := _addition(shown, parsed.claim.text):
            yield rest
        self.claims += 1
        yield parsed.claim

    def _show(self) -> Iterator[str]:
        kind, rest = _split_kind(self._line)
        begun = rest.strip("*_ ")
        if kind is None or self._insufficient.startswith(begun) or begun.startswith(self._insufficient):
            return  # it may be a remark, its kind may be on its way, or it says that there is nothing to say
        text = _settled(rest, self._known)
        if addition := _addition(self._shown, text):
            self._shown = text
            yield addition


def _addition(shown: str, text: str) -> str:
    """What `text` adds to the words shown; nothing where it contradicts them (the whole claim follows anyway)."""
    return text[len(shown) :] if text.startswith(shown) else ""


def _settled(text: str, known: Mapping[int, Evidence]) -> str:
    """The beginning of an unfinished line that no later piece can change."""
    text = _MARKERS_AT_END.sub("", _OPEN_AT_END.sub("", text))
    text = _EMPHASIS.sub(r"\2", _clean(_MARKUP_AT_END.sub("", text)))
    if match := _HALF_EMPHASIS.search(text):
        text = text[: match.start()]
    return _UNSETTLED.sub("", _resolved(text, known)[0])


def _split_kind(line: str) -> tuple[ClaimKind | None, str]:
    """The kind that the line begins with, and the rest; bullets and numbering go."""
    line = line[_BULLETS.match(line).end() :]  # type: ignore[union-attr]
    match = _KIND.match(line)
    if match is None:
        return None, line
    word = _without_accents(match["kind"].casefold())
    return _KINDS.get(word) or _KINDS[word.removesuffix("s")], line[match.end() :]


def _resolved(text: str, known: Mapping[int, Evidence]) -> tuple[str, list[int], int]:
    """The text without markers and Markdown, the known numbers in order, and how many others there were."""
    numbers: dict[int, None] = {}
    dropped = 0
    text, unfinished = _UNFINISHED.subn("", _clean(text))
    for match in _ONE_MARKER.finditer(text):
        found, unknown = _resolve(match.group(), known)
        numbers.update(dict.fromkeys(found))
        dropped += unknown
    text = _plain(_MARKERS.sub(_gap, text))
    while _ONE_MARKER.search(text):  # what nested ones leave goes too, and counts for nothing
        text = _plain(_MARKERS.sub(_gap, text))
    return text, list(numbers), dropped + unfinished


def _gap(match: re.Match[str]) -> str:
    """What stands in place of markers: a space between words, nothing before a stop, nor a comma that led to them."""
    after = match.string[match.end() :]
    comma = "" if not after or after[0] in ".)!?…" else match["comma"]
    return comma if not after or after[0] in _LEAVES_NO_SPACE or after[0].isspace() else f"{comma} "


def _resolve(marker: str, known: Mapping[int, Evidence]) -> tuple[list[int], int]:
    inside = re.split(_CLOSE, re.sub(rf"^(?:<sup>)?(?:{_OPEN})+", "", marker, flags=re.IGNORECASE), maxsplit=1)[0]
    found: list[int] = []
    dropped = 0

    def expand(match: re.Match[str]) -> str:
        nonlocal dropped
        first, last = int(match[1]), int(match[2])
        numbers = range(first, last + 1)
        if 0 < len(numbers) <= len(known) and all(number in known for number in numbers):
            return " ".join(map(str, numbers))
        dropped += 1
        return " "

    for token in filter(None, _SEPARATORS.split(_RANGE.sub(expand, inside))):
        number = int(token) if token.isdecimal() and len(token) <= 9 else -1
        if number in known:
            found.append(number)
        else:
            dropped += 1
    return found, dropped


def _clean(text: str) -> str:
    """In NFC, without what no reader sees, the prompt's own marks, and the signs of Markdown that may stand inside a marker."""
    return _FENCE.sub(" ", _STRONG.sub("", unicodedata.normalize("NFC", visible(_CONTROL.sub(" ", text)))))


def _plain(text: str) -> str:
    """Without what is left of Markdown, and without superfluous white space."""
    text = _EMPTY_PARENTHESES.sub("", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text)))
    return _SPACES.sub(" ", text).strip()


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
