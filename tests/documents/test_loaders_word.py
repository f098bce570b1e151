"""Word: paragraphs, lists and tables in order, and files that are not what they seem."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from debatebot.documents import read_bytes, word
from debatebot.errors import DocumentError

SENTENCE = "En 1992, deux loups venus d'Italie sont observés."


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def made(fill: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    return saved(document)


def test_everything_comes_in_the_order_of_the_document() -> None:
    document = docx.Document()
    document.add_heading("Le retour du loup", 0)
    document.add_paragraph(SENTENCE)
    document.add_paragraph("un", style="List Bullet")
    document.add_paragraph("deux", style="List Number")
    document.add_heading("Les chiffres", 1)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Année", "Loups", "2021", "783"), strict=True):
        cell.text = text
    document.add_paragraph("Une\tfin\nen deux lignes")
    article = read_bytes(saved(document), "a.docx")
    assert article.text == (
        f"Le retour du loup\n\n{SENTENCE}\n\n- un\n- deux\n\nLes chiffres\n\nAnnée | Loups\n2021 | 783\n\n"
        "Une fin\nen deux lignes"
    )
    assert article.title == "Le retour du loup"


def test_properties_are_used() -> None:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    document.core_properties.title = "Titre des propriétés"
    document.core_properties.author = "Jeanne Martin"
    document.core_properties.created = datetime(2024, 3, 2, 10, 15)  # noqa: DTZ001 - as python-docx gives it
    article = read_bytes(saved(document), "a.docx")
    assert (article.title, article.author, article.date) == ("Titre des propriétés", "Jeanne Martin", "2024-03-02")


def body_with(xml: str) -> bytes:
    document = docx.Document()
    body = document.element.body
    body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent>{xml}</w:sdtContent></w:sdt>"))
    return saved(document)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    xml = (
        f"<w:p>{run('Le loup ')}<w:ins>{run('gris ')}</w:ins><w:del><w:r><w:delText>noir </w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('parti ')}</w:moveFrom><w:hyperlink>{run('revient')}</w:hyperlink>{run(' en France.')}</w:p>"
    )
    assert read_bytes(body_with(xml), "a.docx").text == "Le loup gris revient en France."


def test_a_text_box_follows_its_paragraph_once() -> None:
    box = f"<w:txbxContent><w:p>{run('Un encadré.')}</w:p></w:txbxContent>"
    xml = (
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"{run('Le loup est ')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('revenu en France.')}</w:p>"
    )
    assert read_bytes(body_with(xml), "a.docx").text == "Le loup est revenu en France.\n\nUn encadré."


def test_a_table_that_only_frames_the_text_is_no_row() -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = SENTENCE
        cell.add_paragraph("Un deuxième paragraphe.")

    assert read_bytes(made(fill), "a.docx").text == f"{SENTENCE}\n\nUn deuxième paragraphe."


def test_the_content_tells_the_format_whatever_the_name() -> None:
    data = made(lambda document: document.add_paragraph(SENTENCE))
    assert read_bytes(data, "a.txt").text == SENTENCE
    assert read_bytes(data, "").text == SENTENCE


def key_of(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(DocumentError) as caught:
        read_bytes(data, name)
    assert caught.value.hint
    return caught.value.key


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


def test_damaged_and_empty_documents() -> None:
    whole = made(lambda document: document.add_paragraph(SENTENCE))
    assert key_of(whole[: len(whole) // 2]) == "document_damaged"
    assert key_of(zipped(word__document_xml=b"<no xml")) == "document_damaged"
    assert key_of(b"no zip at all, but a long enough text") == "document_damaged"
    assert key_of(saved(docx.Document())) == "document_empty"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_UNPACKED", 1_000_000)
    bomb = zipped(word__document_xml=b"<w/>", word__media=b"\0" * 1_000_001)
    assert len(bomb) < 10_000
    assert key_of(bomb) == "document_unpacked"


def test_an_xml_bomb_does_not_go_off() -> None:
    whole = made(lambda document: document.add_paragraph(SENTENCE))
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(
                    b"<w:document", f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><w:document'.encode(), 1
                )
                data = data.replace(SENTENCE.encode(), SENTENCE.encode() + b"&e11;")
            new.writestr(name, data)
    with contextlib.suppress(DocumentError):  # what the XML library does with it depends on its version
        assert "lol" not in read_bytes(file.getvalue(), "a.docx").text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zipped(content_xml=b"<office/>"), "a.odt"),
        (zipped(xl__workbook_xml=b"<x/>"), "a.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "a.doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "a.docx"),
        (rb"{\rtf1\ansi Un texte assez long pour un article.}", "a.rtf"),
        (b"Un texte assez long pour un article.", "a.odt"),
    ],
)
def test_other_office_formats_are_named_as_such(data: bytes, name: str) -> None:
    assert key_of(data, name) == "document_format"
