"""PDF → Extract, with pypdf.

A PDF knows signs and places, no paragraphs: lines are joined again, words cut at line ends too, and what stands at the
same place of several pages (running titles, page numbers) is left out. All of it goes by place, size and punctuation.
`columns` puts lines that run across columns in order.
"""

from __future__ import annotations

import io
import logging
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, quantiles
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from debatebot.documents.columns import Piece, by_column
from debatebot.documents.text import Extract, check_length, iso_date, join_blocks, shown
from debatebot.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic import DictionaryObject

# pypdf.errors: "broken PDF files might cause other exceptions". A damaged file can make any step fail in its own way.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BULLET = re.compile(r"\s*[•▪◦‣●■□○➢➤⁃\uf0b7\uf0a7\uf0d8](?:\s+|$)")  # the last three: Word's bullets, in a symbol font
_GIVEN_BY_PROGRAM = re.compile(r"(microsoft \w+|untitled|sans titre|document ?\d*|\S*\.\w{2,5})( - .*)?", re.IGNORECASE)


def load(data: bytes, name: str) -> Extract:
    """Read a PDF.

    Raises:
        DocumentError: damaged, locked by a password, too long, or without text (a scan).
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every defect it repairs on standard error
    try:
        return _read(PdfReader(io.BytesIO(data)), name)
    except (DependencyError, FileNotDecryptedError):  # a cipher that needs another library, or a password
        raise DocumentError("document_encrypted", name=shown(name)) from None
    except (PyPdfError, *_DAMAGE) as error:
        raise DocumentError("document_damaged", name=shown(name)) from error


def _read(reader: PdfReader, name: str) -> Extract:
    pages: list[list[_Line]] = []
    length = 0
    for number, page in enumerate(reader.pages):
        pages.append(list(_lines(page, number)))
        length += sum(len(line.text) for line in pages[-1])
        check_length(length, name)
    lines = _without_running_lines(pages)
    if not lines:
        raise DocumentError("document_scan", name=shown(name))
    title, author, written = _metadata(reader)
    return Extract(_join(lines), title=title, heading=_largest(lines), author=author, date=written)


def _metadata(reader: PdfReader) -> tuple[str | None, str | None, str | None]:
    """Title, author and date; a title that a program gave by itself does not count."""
    known = reader.metadata
    if known is None:
        return None, None, None
    title = (known.title or "").strip()
    try:
        written = iso_date(known.creation_date)
    except ValueError:  # a date in the words of the program that wrote it
        written = None
    return None if _GIVEN_BY_PROGRAM.fullmatch(title) else title, known.author, written


_Place = tuple[float, float, float]
"""x, y and size in points."""


# --- lines ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed line: where it begins and how large it is, in points; `y` grows upwards."""

    text: str
    page: int
    x: float
    y: float
    size: float


def _lines(page: PageObject, number: int) -> Iterator[_Line]:
    """The lines of a page that are not blank: in the order in which the file holds them, but column by column."""
    pieces: list[Piece] = []
    for piece in [*by_column(_pieces(page)), Piece("\n", 0.0, 0.0, 0.0, 0.0)]:
        for part in re.split("(\n)", piece.text):
            if part != "\n":
                pieces.append(replace(piece, text=part))
                continue
            line = _line(pieces, number)
            if line is not None:
                yield line
            pieces = []


def _line(pieces: Sequence[Piece], number: int) -> _Line | None:
    """Placed where its first piece stands, as large as most of its letters: a bullet or a raised figure says nothing."""
    visible = [piece for piece in pieces if piece.text.strip()]
    text = _tidy("".join(piece.text for piece in pieces))
    if not visible or not text:
        return None
    letters: Counter[float] = Counter()
    for piece in visible:
        letters[piece.size] += len(piece.text)
    return _Line(text, number, visible[0].x, visible[0].y, letters.most_common(1)[0][0])


def _pieces(page: PageObject) -> list[Piece]:
    """Text as pypdf comes across it, one piece for each place it was written at."""
    pieces = _collected(_cut_at_moves(page))
    # pypdf puts what is written from right to left in order as long as it is in one piece.
    from_right = any(bidirectional(sign) in ("R", "AL") for text, *_ in pieces for sign in text if sign > "\u0590")
    fonts: dict[int, Mapping[str, float]] = {}
    placed = []
    for text, (x, y, size), font in _collected(page) if from_right else pieces:
        if id(font) not in fonts:
            fonts[id(font)] = _letter_widths(font)
        end = x + size * sum(fonts[id(font)].get(letter, 0.5) for letter in text.strip())
        placed.append(Piece(text, x, y, size, end))
    return placed


def _collected(page: PageObject) -> list[tuple[str, _Place, DictionaryObject | None]]:
    pieces = []

    def collect(
        text: str, outer: Sequence[float], inner: Sequence[float], font: DictionaryObject | None, size: float
    ) -> None:
        if text:
            pieces.append((text, _place(outer, inner, size), font))

    page.extract_text(visitor_text=collect)
    return pieces


def _cut_at_moves(page: PageObject) -> PageObject:
    """The same page, on which pypdf begins a new piece of text wherever the pen moves.

    It joins what a program writes without leaving the text mode, over any distance, but not over a change of the
    coordinates, even where that changes nothing.
    """
    from pypdf import PageObject
    from pypdf.generic import ArrayObject, ContentStream, NameObject, NullObject, StreamObject

    written = page.get("/Contents", NullObject()).get_object()
    if not isinstance(written, (ArrayObject, StreamObject)):
        return page
    contents = ContentStream(written, page.pdf, "bytes")
    no_change = ([1, 0, 0, 1, 0, 0], b"cm")
    contents.operations = [
        operation
        for move in contents.operations
        for operation in ((no_change, move) if move[1] in (b"Td", b"TD", b"Tm") else (move,))
    ]
    copy = PageObject(page.pdf)
    copy.update(page)
    copy[NameObject("/Contents")] = contents
    return copy


def _letter_widths(font: DictionaryObject | None) -> Mapping[str, float]:
    """How wide each letter is, as a share of its size; none where pypdf does not tell."""
    if font is None or font.get("/Subtype") == "/Type3":  # whose widths have a measure of their own
        return {}
    try:
        from pypdf.generic._font import Font
    except ImportError:  # no public part of pypdf
        return {}
    known = Font.from_font_resource(font)
    measured: Mapping[str, object] = known.character_widths  # as a damaged file holds them
    widths = {}
    for code, width in measured.items():
        letter = known.encoding.get(ord(code), code) if len(code) == 1 and isinstance(known.encoding, dict) else code
        if isinstance(width, (int, float)):
            widths[str(known.character_map.get(letter, letter))] = width / 1000
    return widths


def _place(outer: Sequence[float], inner: Sequence[float], size: float) -> _Place:
    """Where text stands on the page: text matrix times transformation matrix (PDF 32000-1:2008, 9.4.4)."""
    x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
    y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
    area = (inner[0] * inner[3] - inner[1] * inner[2]) * (outer[0] * outer[3] - outer[1] * outer[2])
    return x, y, size * math.sqrt(abs(area))


def _tidy(text: str) -> str:
    """Ligatures as letters, bullets as "- ", no double spaces (justified lines are full of them)."""
    text = _BULLET.sub("- ", text.translate(_LIGATURES), count=1) if _BULLET.match(text) else text.translate(_LIGATURES)
    text = re.sub("[ \t]*[\u00a0\u202f][ \t\u00a0\u202f]*", lambda spaces: spaces[0].strip(" \t")[0], text)
    return " ".join(re.split("[ \t]+", text)).strip()


def _without_running_lines(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """All lines but those that stand at the same place, at the top or the bottom, of several pages.

    Two pages are several in a document of up to four, three in a longer one. Numbers count as equal.
    """
    edges = [{_running_key(line) for line in _edge_lines(page)} for page in pages]
    pages_with = Counter(key for keys in edges for key in keys)
    several = 2 if len(pages) <= 4 else 3
    everything = [line for page in pages for line in page]
    kept = [
        line
        for page, keys in zip(pages, edges, strict=True)
        for line in page
        if _running_key(line) not in keys or pages_with[_running_key(line)] < several
    ]
    return kept or everything


def _edge_lines(page: Sequence[_Line]) -> list[_Line]:
    """The lines at the two highest and at the two lowest places."""
    heights = sorted({round(line.y) for line in page})
    return [line for line in page if round(line.y) in heights[:2] + heights[-2:]]


def _running_key(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.lower()), round(line.y)


def _largest(lines: Sequence[_Line]) -> str | None:
    """The words in the largest letters of the first page, where they are clearly larger than the rest."""
    first = [line for line in lines if line.page == lines[0].page and any(map(str.isalpha, line.text))]
    usual = median(line.size for line in lines)
    largest = max((line.size for line in first), default=0.0)
    if largest < usual * 1.15:
        return None
    return " ".join(line.text for line in first if line.size > largest * 0.97)


# --- paragraphs -----------------------------------------------------------------------------------------------------

_ENDED = re.compile(r"[.!?…:;][\s»”\"’')\]\d]*$")
_CUT = re.compile(r"(?P<left>[^\W\d_]+(?:[-‐][^\W\d_]+)*)[-‐]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
# Words that follow a hyphen in French ("dit-il", "celui-là") and never are the end of a word cut by the typesetter.
_AFTER_HYPHEN = frozenset(("il", "ils", "elle", "elles", "là", "même", "mêmes"))
MAX_WORD = 100


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is common in a document: distance between lines in letter sizes, characters of a full line, its words."""

    spacing: float
    length: float
    words: frozenset[str]


def _join(lines: Sequence[_Line]) -> str:
    usual = _usual(lines)
    blocks = [[lines[0].text]]
    for before, line in pairwise(lines):
        if line.text.startswith("- ") or _begins_paragraph(before, line, usual):
            blocks.append([line.text])
        else:
            blocks[-1][-1], joint = _joint(blocks[-1][-1], line.text, usual.words)
            blocks[-1] += [joint, line.text]
    texts = ("".join(block) for block in blocks)
    return join_blocks((text, text.startswith("- ")) for text in texts)


def _usual(lines: Sequence[_Line]) -> _Usual:
    steps = [
        (before.y - line.y) / line.size
        for before, line in pairwise(lines)
        if before.page == line.page and before.y > line.y and line.size
    ]
    lengths = [len(line.text) for line in lines]
    words = frozenset(word for line in lines for word in _WORD.findall(line.text.lower()))
    return _Usual(
        spacing=median(steps) if steps else 1.2,
        length=quantiles(lengths, n=5)[-1] if len(lengths) > 1 else lengths[0],
        words=words,
    )


def _begins_paragraph(before: _Line, line: _Line, usual: _Usual) -> bool:
    """Whether a new paragraph begins: by letter size, by distance, by indentation, or after a line that ended early."""
    if before.text == "-":
        return False
    if max(before.size, line.size) > 1.15 * min(before.size, line.size):
        return True
    ended = bool(_ENDED.search(before.text))
    goes_on = not ended and (line.text[0].islower() or before.text[-1] in "-‐")
    early = len(before.text) < (0.75 if ended else 0.55) * usual.length and not goes_on
    step = before.y - line.y
    if before.page != line.page or step < 0:  # the next page or column
        return ended or early
    indented = ended and line.size < line.x - before.x < 6 * line.size
    return early or indented or (step > 1.3 * usual.spacing * line.size and not goes_on)


def _joint(left: str, right: str, words: frozenset[str]) -> tuple[str, str]:
    """The end of one line as it stands in the paragraph, and what comes between it and the next.

    A hyphen between them stays where the document itself writes the word with it, or where a capital letter or a figure
    follows; else it was the typesetter's and goes.
    """
    cut, rest = _CUT.search(left[-MAX_WORD:]), _WORD.match(right[:MAX_WORD])
    if cut is None or rest is None:
        is_range = left[-1] in "-‐–" and left[-2:-1].isdigit() and right[0].isdigit()
        return left, "" if is_range else " "
    if not right[0].islower():
        return left, ""
    before, after = cut["left"].lower(), rest[0].lower()
    with_hyphen, without = f"{before}-{after}" in words, before + after in words
    if with_hyphen == without:
        with_hyphen = "-" in before or after.partition("-")[0] in _AFTER_HYPHEN
    return (left if with_hyphen else left[:-1]), ""
