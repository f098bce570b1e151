"""Sources → Articles: pasted text, text files, Markdown, PDF, Word, web pages and web addresses.

Each loader stands in a module of its own and is imported when it is first needed.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from debatebot.errors import DocumentError

if TYPE_CHECKING:
    from debatebot.documents.text import Extract
    from debatebot.documents.web import FetchPolicy
    from debatebot.types import Article

ENDINGS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
"""File name endings and the formats they stand for."""

_OTHER_ENDINGS = frozenset(
    (".doc", ".odt", ".ods", ".odp", ".xls", ".xlsx", ".ppt", ".pptx", ".epub", ".rtf", ".pages")
)
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_text(text: str, *, title: str | None = None, source: str = "") -> Article:
    """An article from pasted text or standard input; taken word for word, whatever format it looks like.

    Args:
        source: what to call it where it is cited.

    Raises:
        DocumentError: too long, or without words.
    """
    from debatebot.documents.text import Extract, article

    return article(Extract(text, title=title), name=source)


def read_bytes(data: bytes, name: str) -> Article:
    """An article from the content of a file. The content tells the format, and only then the ending of the name.

    Args:
        name: file name; folders before it are left out.

    Raises:
        DocumentError: too large, damaged, locked, or nothing that is read here.
    """
    from debatebot.documents.text import article

    name = name.replace("\\", "/").rpartition("/")[2]
    return article(_extract(data, name), name=name)


def read_path(path: Path) -> Article:
    """An article from a file; its source is the file's name, without the folders of this machine.

    Raises:
        DocumentError: not there, not a file, not readable, or as in `read_bytes`.
    """
    from debatebot.documents.text import MAX_BYTES, check_size

    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            _refuse("document_folder", path)
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe may never end
            _refuse("document_no_file", path)
        check_size(status.st_size, str(path))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # the file may have grown since
    except OSError as error:
        _refuse(_key(error), path)
    except ValueError:  # a NUL in the name
        _refuse("document_missing", path)
    return read_bytes(data, path.name)


def read_url(url: str, *, policy: FetchPolicy | None = None) -> Article:
    """An article from the web; its source is the address where it was found in the end.

    Args:
        policy: other limits than the usual ones, another resolver.

    Raises:
        FetchError: it cannot or may not be fetched.
        DocumentError: what came back holds no readable article.
    """
    from debatebot.documents.text import article
    from debatebot.documents.web import FetchPolicy, fetch

    page = fetch(url, policy or FetchPolicy())
    extract = _extract(page.data, page.name, kind=page.kind, encoding=page.encoding, address=page.address)
    return article(extract, name=page.address)


def find_files(path: Path) -> list[Path]:
    """The files of a folder and its folders that can be read here, sorted; hidden ones are left out.

    A single file is given back as it is.

    Raises:
        DocumentError: not there, or a folder that may not be read.
    """
    if path.is_file():
        return [path]
    found: list[Path] = []

    def refuse(error: OSError) -> NoReturn:
        _refuse(_key(error), Path(error.filename or path))

    for folder, folders, files in os.walk(path, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(folder, name) for name in files if not name.startswith(".") and Path(name).suffix.lower() in ENDINGS
        ]
    return sorted(file for file in found if file.is_file())


# --- which format ---------------------------------------------------------------------------------------------------


def _extract(
    data: bytes, name: str, *, kind: str = "", encoding: str | None = None, address: str | None = None
) -> Extract:
    """Hand the bytes to the loader of their format.

    Args:
        kind: the format as the sender declared it.
        encoding: likewise.
    """
    from debatebot.documents.text import check_size, shown

    called = address or name
    check_size(len(data), called)
    ending = os.path.splitext(name)[1].lower()
    format_ = _by_content(data) or kind or ENDINGS.get(ending, "")
    if format_ == "other" and ENDINGS.get(ending) == "docx" and _is_half_a_zip(data):
        raise DocumentError("document_damaged", name=shown(called))
    if format_ == "other" or (not format_ and ending in _OTHER_ENDINGS):
        raise DocumentError("document_format", name=shown(called))
    if format_ == "pdf":
        from debatebot.documents import pdf

        return pdf.load(data, called)
    if format_ == "docx":
        from debatebot.documents import word

        return word.load(data, called)
    return _from_text(data, called, format_, encoding, address)


def _by_content(data: bytes) -> str:
    """ "pdf", "docx", "html", "other" for formats that are not read here, "" where the first bytes tell nothing."""
    from debatebot.documents import html

    if data[:1_024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_ZIP):
        from debatebot.documents.word import is_word

        return "docx" if is_word(data) else "other"
    if data.startswith((_OLD_OFFICE, b"{\\rtf")):
        return "other"
    return "html" if html.is_html(data[:5_000].decode("latin-1")) else ""


def _is_half_a_zip(data: bytes) -> bool:
    """Whether it begins as a zip archive and does not end as one: nobody can tell any more what was in it."""
    return data.startswith(_ZIP) and not zipfile.is_zipfile(io.BytesIO(data))


def _from_text(data: bytes, name: str, format_: str, encoding: str | None, address: str | None) -> Extract:
    from debatebot.documents import html
    from debatebot.documents.text import Extract, check_length, decode

    text = decode(data, name, encoding or html.declared_encoding(data))
    check_length(len(text), name)
    if format_ == "html" or html.is_html(text):
        return html.load(text, name, address)
    from debatebot.documents import markdown

    # What comes without a name, such as standard input, has its front matter to be known by.
    if format_ == "md" or (not format_ and markdown.has_front_matter(text)):
        return markdown.load(text)
    return Extract(text)


# --- files that cannot be opened ------------------------------------------------------------------------------------


def _key(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "document_missing"
    return "document_permission" if isinstance(error, PermissionError) else "document_unreadable"


def _refuse(key: str, path: Path) -> NoReturn:
    from debatebot.documents.text import shown

    raise DocumentError(key, name=shown(str(path))) from None
