"""Files and folders: what is read, under which name, and what is said when it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from debatebot.documents import find_files, read_bytes, read_path
from debatebot.documents.text import MAX_BYTES
from debatebot.errors import DocumentError

SENTENCE = "En 1992, deux loups venus d'Italie sont observés."


def key_of(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_path(path)
    for language in ("fr", "en"):
        described = caught.value.describe(language)
        assert "\n" not in described.message + described.hint
    return caught.value.key


def test_the_source_is_the_name_and_not_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "mon article.txt"
    file.write_text(SENTENCE, encoding="utf-8")
    article = read_path(file)
    assert (article.source, article.text) == ("mon article.txt", SENTENCE)
    assert read_bytes(SENTENCE.encode(), r"C:\Users\moi\mon article.txt").source == "mon article.txt"
    assert read_bytes(SENTENCE.encode(), "/home/moi/mon article.txt").source == "mon article.txt"


@pytest.mark.parametrize("name", ["article", "article.log", "LISEZMOI", "a.TXT", "un.deux.trois"])
def test_a_text_is_read_whatever_its_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    assert read_path(tmp_path / name).text == SENTENCE


def test_an_unknown_ending_with_binary_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpeg").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)))
    assert key_of(tmp_path / "photo.jpeg") == "document_binary"


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(SENTENCE, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    assert key_of(tmp_path / "missing.txt") == "document_missing"
    assert key_of(tmp_path / "file" / "below.txt") == "document_missing"
    assert key_of(Path("nul\0byte")) == "document_missing"
    assert key_of(Path("a" * 5_000)) == "document_unreadable"
    assert key_of(tmp_path) == "document_folder"
    assert key_of(tmp_path / "pipe") == "document_no_file"
    assert key_of(Path("/dev/zero")) == "document_no_file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(SENTENCE, encoding="utf-8")

    def refuse(*arguments: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the superuser, who runs some test machines, may read everything
    assert key_of(file) == "document_permission"


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)

    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(Path, "open", never)
    assert key_of(file) == "document_too_large"


def test_a_name_with_odd_signs_makes_one_line_of_error(tmp_path: Path) -> None:
    name = os.fsdecode(b"l\xe9ger\n\x1b[31mrouge.txt")
    file = tmp_path / name
    file.write_bytes(b"\0")
    assert key_of(file) == "document_binary"
    file.write_text(SENTENCE, encoding="utf-8")
    assert read_path(file).source == "l\ufffdger [31mrouge.txt"


def test_pasted_text_has_no_name_to_complain_about() -> None:
    with pytest.raises(DocumentError, match="“…”"):
        read_bytes(b"", "")


def test_a_folder_gives_its_readable_files_sorted(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "c.pdf", "d.docx", "e.html", "photo.jpg", ".hidden.txt", "x/y/z.txt", ".git/g.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "x" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    found = [str(path.relative_to(tmp_path)) for path in find_files(tmp_path)]
    assert found == ["a.TXT", "b.md", "c.pdf", "d.docx", "e.html", "x/y/z.txt"]


def test_a_file_is_its_own_folder_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "a.unknown"
    file.write_text(SENTENCE, encoding="utf-8")
    assert find_files(file) == [file]
    assert find_files(tmp_path) == []
    with pytest.raises(DocumentError) as caught:
        find_files(tmp_path / "missing")
    assert caught.value.key == "document_missing"


def test_importing_the_package_imports_no_loader() -> None:
    heavy = ("pypdf", "docx", "trafilatura", "lxml", "markdown_it", "yaml", "numpy", "http.client", "ssl")
    script = f"import debatebot.documents, sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
