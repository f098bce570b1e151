"""Word (.docx) → Extract, with python-docx.

Paragraphs, lists and tables in the order of the document. The elements are walked here and not through python-docx's
`iter_inner_content()`: that leaves out what stands in content controls and what was inserted with "track changes".
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from debatebot.documents.text import Extract, iso_date, join_blocks, shown
from debatebot.errors import DocumentError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

MAX_UNPACKED = 100_000_000
MAX_PARTS = 10_000
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,  # lxml: not XML
    TypeError,
    ValueError,
)
_NAMES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "‑"}
# Settings, text moved away, phonetic guides, and the second copy of drawings for older programs.
_NOT_OF_THE_LINE = frozenset(("pPr", "rPr", "moveFrom", "rt", "Fallback"))
_HEADINGS = ("Title", "Heading")
_CONTAINERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo"))


def is_word(data: bytes) -> bool:
    """Whether these bytes are a zip archive that holds a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def load(data: bytes, name: str) -> Extract:
    """Read a Word document.

    Raises:
        DocumentError: damaged, or unpacking to more than `MAX_UNPACKED` bytes.
    """
    import docx
    from docx.opc.exceptions import OpcError

    _check_unpacked(data, name)
    try:
        return _read(docx.Document(io.BytesIO(data)))
    except (OpcError, *_DAMAGE) as error:
        raise DocumentError("document_damaged", name=shown(name)) from error


def _check_unpacked(data: bytes, name: str) -> None:
    """Python's zipfile never unpacks more than the sizes it lists, so that the list can be trusted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DocumentError("document_damaged", name=shown(name)) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DocumentError("document_unpacked", name=shown(name), megabytes=MAX_UNPACKED // 1_000_000)


def _read(document: Document) -> Extract:
    styles = {style.style_id: style.name or "" for style in document.styles}
    blocks = list(_blocks(document.element.body, styles))
    properties = document.core_properties
    headings = {block.style: block.text for block in reversed(blocks) if block.style.startswith(_HEADINGS)}
    first_heading = next((block.text for block in blocks if block.style in headings), None)
    return Extract(
        join_blocks((block.text, block.is_row) for block in blocks),
        title=properties.title,
        heading=headings.get("Title", first_heading),
        author=properties.author,
        date=iso_date(properties.created),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a list item or a table row that is not blank."""

    text: str
    style: str = ""
    is_row: bool = False


def _blocks(container: BaseOxmlElement, styles: Mapping[str, str]) -> Iterator[_Block]:
    for element in container.iterchildren("*"):
        kind = _local(element)
        if kind == "p":
            yield from _paragraph(element, styles)
        elif kind == "tbl":
            yield from _table(element, styles)
        elif kind in _CONTAINERS:
            yield from _blocks(element, styles)


def _paragraph(element: BaseOxmlElement, styles: Mapping[str, str]) -> Iterator[_Block]:
    """The paragraph, then the text boxes that hang on it."""
    boxes: list[BaseOxmlElement] = []
    text = "".join(_words(element, boxes)).strip()
    style = styles.get(_value(element, "w:pPr/w:pStyle"), "")
    if text and _is_item(element, style):
        yield _Block("- " + text, style, is_row=True)
    elif text:
        yield _Block(text, style)
    for box in boxes:
        yield from _blocks(box, styles)


def _is_item(element: BaseOxmlElement, style: str) -> bool:
    if style.startswith(_HEADINGS):  # they may be numbered too
        return False
    is_list = style.startswith("List") and style != "List Paragraph"
    return is_list or element.find("w:pPr/w:numPr", _NAMES) is not None


def _words(element: BaseOxmlElement, boxes: list[BaseOxmlElement]) -> Iterator[str]:
    """What a paragraph shows, in order; `boxes` receives its text boxes.

    Deleted text has element names of its own in Word, and is not met here.
    """
    for child in element.iterchildren("*"):
        kind = _local(child)
        if kind == "t":
            yield child.text or ""
        elif kind in _SIGNS:
            yield _SIGNS[kind]
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind not in _NOT_OF_THE_LINE:
            yield from _words(child, boxes)


def _table(element: BaseOxmlElement, styles: Mapping[str, str]) -> Iterator[_Block]:
    """Row by row; a row of one cell is a frame around paragraphs, and no row."""
    for row in element.iterfind("w:tr", _NAMES):
        cells = [list(_blocks(cell, styles)) for cell in row.iterfind("w:tc", _NAMES)]
        if len(cells) == 1:
            yield from cells[0]
            continue
        text = " | ".join(" ".join(block.text for block in cell) for cell in cells)
        if text.strip(" |"):
            yield _Block(text, is_row=True)


def _value(element: BaseOxmlElement, path: str) -> str:
    found = element.find(path, _NAMES)
    return "" if found is None else str(found.get(f"{{{_NAMES['w']}}}val", ""))


def _local(element: BaseOxmlElement) -> str:
    return str(element.tag).rpartition("}")[2]
