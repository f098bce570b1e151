"""PDF: paragraphs made whole again, running lines left out, and everything that can be wrong with a file."""

from __future__ import annotations

import io
import logging
import random
from collections.abc import Sequence

import pytest
from pypdf import PdfReader, PdfWriter

from debatebot.documents import read_bytes
from debatebot.documents.text import MAX_CHARACTERS
from debatebot.errors import DocumentError

Printed = tuple[float, float, float, str]
"""Size, x, y, text."""


def make_pdf(*pages: Sequence[Printed], info: str = "", between_pieces: str = "ET BT") -> bytes:
    """A PDF written by hand: one font with WinAnsi letters, and the ligature fi as sign 1."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding"
        " /BaseEncoding /WinAnsiEncoding /Differences [1 /fi] >> >>",
        f"<< {info} >>",
    ]
    for number, page in enumerate(pages):
        pieces = (
            f"{f'/F1 {size} Tf' if size != before else ''} 1 0 0 1 {x} {y} Tm"
            f" ({text.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj"
            for before, (size, x, y, text) in zip([0.0, *(piece[0] for piece in page)], page, strict=False)
        )
        drawn = f"BT {f' {between_pieces}{chr(10)}'.join(pieces)} ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream")
    body = b"%PDF-1.7\n"
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R"
    return body + f"{end} /Info 4 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode()


def column(*lines: str, top: float = 700, size: float = 11, x: float = 72) -> list[Printed]:
    return [(size, x, top - 14 * number, line) for number, line in enumerate(lines)]


PARAGRAPH = column(
    "En 1992, deux loups venus d'Italie sont observés dans le parc national du Mercan-",
    "tour, plus d'un demi-siècle après la disparition de l'espèce en France. Le loup est",
    "revenu seul, à pied, par les Alpes.",
)


def test_lines_become_paragraphs_and_cut_words_are_made_whole() -> None:
    article = read_bytes(make_pdf([*PARAGRAPH, *column("Une autre idée commence ici, plus bas.", top=620)]), "a.pdf")
    assert article.text == (
        "En 1992, deux loups venus d'Italie sont observés dans le parc national du Mercantour, plus d'un demi-siècle "
        "après la disparition de l'espèce en France. Le loup est revenu seul, à pied, par les Alpes.\n\n"
        "Une autre idée commence ici, plus bas."
    )


def test_an_indented_line_or_one_after_a_short_line_begins_a_paragraph() -> None:
    lines = column(
        "Une première ligne, aussi longue que la page le permet à un texte ordinaire.",
        "Une fin.",
        "Le deuxième paragraphe commence à la marge, et sa ligne est longue elle aussi.",
        "Il se poursuit encore, toujours de la même façon, et il remplit toute sa page.",
    )
    indented = [(11.0, 90.0, 630.0, "Le troisième est en retrait.")]
    text = read_bytes(make_pdf(lines + indented), "a.pdf").text
    assert [part.split()[1] for part in text.split("\n\n")] == ["première", "deuxième", "troisième"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Il a pris son porte-monnaie, puis son porte-", "monnaie est tombé.", "son porte-monnaie est tombé."),
        ("Il dit que c'est-à-", "dire rien du tout, hier.", "c'est-à-dire rien"),
        ("Qui va là, demanda-t-", "il au loup gris ?", "demanda-t-il au"),
        ("Le loup est-", "il revenu en France ?", "est-il revenu"),
        ("Madame Jean-", "Pierre est arrivée en retard.", "Jean-Pierre est"),
        ("Le plan des années 2024-", "2029 est connu de tous.", "2024-2029 est"),
        ("Le cas est extraordi-", "naire, dit le berger.", "extraordinaire, dit"),
        ("Un mot puis un tiret -", "et la suite de la phrase.", "tiret - et la"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, joined: str) -> None:
    assert joined in read_bytes(make_pdf(column(first, second)), "a.pdf").text


def test_running_titles_and_page_numbers_are_left_out() -> None:
    words = ("Les loups", "Les brebis", "Les bergers", "Les chiens", "Les cerfs")
    pages = [
        [
            (9.0, 72.0, 800.0, f"Le Journal {number}"),
            *column(f"{word} vivent dans le Mercantour.", f"Voici le chapitre sur {word.lower()}.", f"{word} sont là."),
            (9.0, 290.0, 30.0, f"{number} / 12"),
        ]
        for number, word in enumerate(words, 8)
    ]
    text = read_bytes(make_pdf(*pages), "a.pdf").text
    assert all(f"{word} vivent dans le Mercantour." in text for word in words)
    assert "Journal" not in text
    assert "/ 12" not in text


def test_a_paragraph_goes_on_over_the_page() -> None:
    first = column("Le loup est un animal qui a longtemps vécu dans toute la")
    second = column("France, puis il a disparu.", top=780)
    text = read_bytes(make_pdf(first, second), "a.pdf").text
    assert text == "Le loup est un animal qui a longtemps vécu dans toute la France, puis il a disparu."


def test_a_heading_stands_alone_and_gives_the_title() -> None:
    pages = [(20.0, 72.0, 760.0, "Le retour du loup"), (11.0, 72.0, 735.0, "Par Jeanne Martin"), *PARAGRAPH]
    article = read_bytes(make_pdf(pages), "a.pdf")
    assert article.title == "Le retour du loup"
    assert article.text.startswith("Le retour du loup\n\nPar Jeanne Martin\n\nEn 1992,")


def test_bullets_and_ligatures_become_ordinary_signs() -> None:
    lines = column(
        "Les chiffres \x01nals sont les suivants, pour cette année :", "• un loup gris", "• deux loups noirs"
    )
    assert read_bytes(make_pdf(lines), "a.pdf").text == (
        "Les chiffres finals sont les suivants, pour cette année :\n\n- un loup gris\n- deux loups noirs"
    )


LEFT = (
    "The left column begins with a",
    "sentence that is hyphen-",
    "ated across its lines. Copper",
    "rose by 3.5 percent last year,",
    "and analysts praised all of it.",
)
RIGHT = (
    "Workers on the right feared",
    "for their jobs, and asked for",
    "a rise of 4 percent at once;",
    "the company refused, and so",
    "a strike was called for May.",
)
THIRD = (
    "Far from both, in the third",
    "column, ministers said that",
    "they had known nothing of",
    "it and that they would soon",
    "write a report about that.",
)
LEFT_TEXT = (
    "The left column begins with a sentence that is hyphenated across its lines. Copper rose by 3.5 percent last year, "
    "and analysts praised all of it."
)
RIGHT_TEXT = (
    "Workers on the right feared for their jobs, and asked for a rise of 4 percent at once; the company refused, and so "
    "a strike was called for May."
)
THIRD_TEXT = (
    "Far from both, in the third column, ministers said that they had known nothing of it and that they would soon write "
    "a report about that."
)
SPANNING = (
    "This paragraph is as wide as the whole page, reaches over the gutter, and belongs to no column",
    "whatever stands above it or below it; it ends here.",
)


def row_by_row(*columns: Sequence[Printed]) -> list[Printed]:
    return sorted((piece for column in columns for piece in column), key=lambda piece: (-piece[2], piece[1]))


def word_by_word(lines: Sequence[str], gaps: Sequence[float], x: float = 72) -> list[Printed]:
    """Each word a piece of its own, about as wide as its letters are, and with gaps that differ from line to line."""
    words = []
    for number, line in enumerate(lines):
        at = x
        for word in line.split():
            words.append((10.0, at, 700 - 14.0 * number, word))
            at += 5.2 * len(word) + gaps[number % len(gaps)]
    return words


def paragraphs(*pieces: Sequence[Printed]) -> list[str]:
    return read_bytes(make_pdf([piece for part in pieces for piece in part]), "a.pdf").text.split("\n\n")


def test_columns_written_row_by_row_are_read_one_after_the_other() -> None:
    rows = row_by_row(column(*LEFT), column(*RIGHT, x=260))
    assert paragraphs(rows) == [LEFT_TEXT, RIGHT_TEXT]
    in_one_text = read_bytes(make_pdf(rows, between_pieces=""), "a.pdf")
    assert in_one_text.text.split("\n\n") == [LEFT_TEXT, RIGHT_TEXT]


def test_three_columns_are_read_one_after_the_other() -> None:
    rows = row_by_row(column(*LEFT, x=40), column(*RIGHT, x=210), column(*THIRD, x=380))
    assert paragraphs(rows) == [LEFT_TEXT, RIGHT_TEXT, THIRD_TEXT]


def test_columns_stored_one_after_the_other_stay_as_they_are() -> None:
    assert paragraphs(column(*LEFT), column(*RIGHT, x=260)) == [LEFT_TEXT, RIGHT_TEXT]


def test_what_spans_the_columns_stays_above_between_and_below_them() -> None:
    def band(top: float) -> list[Printed]:
        return row_by_row(column(*LEFT, top=top), column(*RIGHT, top=top, x=330))

    title = [(20.0, 72.0, 760.0, "A title over both of the columns")]
    subtitle = [(14.0, 72.0, 480.0, "Second part")]
    pieces = title, band(700), column(*SPANNING, top=590), subtitle, band(450), column(*SPANNING, top=340)
    spanning = " ".join(SPANNING)
    columns = [LEFT_TEXT, RIGHT_TEXT]
    assert paragraphs(*pieces) == [title[0][3], *columns, spanning, subtitle[0][3], *columns, spanning]


def test_a_short_title_between_two_bands_belongs_to_no_column() -> None:
    above, below = (row_by_row(column(*LEFT, top=top), column(*RIGHT, top=top, x=260)) for top in (700, 590))
    title = [(11.0, 72.0, 617.0, "Second part")]
    assert paragraphs(above, title, below) == [LEFT_TEXT, RIGHT_TEXT, "Second part", LEFT_TEXT, RIGHT_TEXT]


def test_columns_of_unequal_length_are_read_to_their_ends() -> None:
    rows = row_by_row(column(*LEFT, *RIGHT), column(*THIRD, x=260))
    assert paragraphs(rows) == [f"{LEFT_TEXT} {RIGHT_TEXT}", THIRD_TEXT]


def test_columns_are_told_from_the_gaps_between_their_words() -> None:
    left, right = word_by_word(LEFT, (6.0, 7.0)), word_by_word(RIGHT, (7.0, 6.0, 5.0), x=300)
    assert " ".join(paragraphs(row_by_row(left, right))) == f"{LEFT_TEXT} {RIGHT_TEXT}"


@pytest.mark.parametrize("gaps", [(6.0,), (12.0, 15.0, 9.0), (20.0,)])
def test_wide_gaps_between_the_words_of_one_column_are_no_gutter(gaps: Sequence[float]) -> None:
    lines = [f"ab cd ef gh {line}" for line in (*LEFT, *RIGHT)]  # words that stand below each other in all lines
    text = " ".join(paragraphs(word_by_word(lines, gaps)))
    assert [text.index(line.split()[-1].rstrip("-")) for line in lines] == sorted(
        text.index(line.split()[-1].rstrip("-")) for line in lines
    )
    assert text.startswith("ab cd ef gh The left column begins with a ab cd ef gh sentence")


TABLES = [
    [("Région", "Loups", "Brebis"), ("Alpes", "412", "81 000"), ("Jura", "35", "9 200"), ("Vosges", "12", "4 100")],
    [
        ("Consommation des ménages", "12 400 000 000"),
        ("Consommation des communes", "3 100 000 000"),
        ("Consommation des bureaux", "2 900 000 000"),
        ("Consommation des transports", "6 200 000 000"),
    ],
    [
        ("Ministère de la Culture", "Rue de Valois, à Paris"),
        ("Ministère de la Justice", "Place Vendôme, à Paris"),
        ("Ministère des Armées", "Rue Saint-Dominique, à Paris"),
        ("Ministère du Travail", "Rue de Grenelle, à Paris"),
    ],
    [
        ("Figure 1. Où vivent les loups en hiver", "12"),
        ("Figure 2. Où ils vont en été", "15"),
        ("Figure 3. Brebis", "19"),
    ],
]


@pytest.mark.parametrize("table", TABLES)
def test_tables_and_lists_stay_row_by_row(table: Sequence[Sequence[str]]) -> None:
    cells = [
        (11.0, 72.0 + 190 * place, 700.0 - 14 * number, cell)
        for number, row in enumerate(table)
        for place, cell in enumerate(row)
    ]
    assert " ".join(paragraphs(cells)) == " ".join(cell for row in table for cell in row)


def test_names_beside_what_was_said_stay_there() -> None:
    names = ("Madame Jeanne Martin :", "Monsieur Pierre Durand :", "Madame Jeanne Martin :", "Monsieur Pierre Durand :")
    pieces = [
        piece
        for number, name in enumerate(names)
        for piece in (
            (11.0, 72.0, 700.0 - 42 * number, name),
            *column(*LEFT[:3], top=700 - 42 * number, x=260),
        )
    ]
    text = " ".join(paragraphs(pieces))
    assert text.count("Martin : The left column") == text.count("Durand : The left column") == 2


def test_metadata_are_used_where_they_say_something() -> None:
    info = "/Title (Un vrai titre) /Author (Jeanne Martin) /CreationDate (D:20240302101500+01'00')"
    article = read_bytes(make_pdf(PARAGRAPH, info=info), "a.pdf")
    assert (article.title, article.author, article.date) == ("Un vrai titre", "Jeanne Martin", "2024-03-02")
    info = "/Title (Microsoft Word - brouillon.docx) /CreationDate (hier)"
    article = read_bytes(make_pdf(PARAGRAPH, info=info), "a.pdf")
    assert (article.title.split()[:2], article.author, article.date) == (["En", "1992,"], None, None)


def test_the_format_is_told_by_the_content() -> None:
    article = read_bytes(make_pdf(PARAGRAPH), "lettre.txt")
    assert article.source == "lettre.txt"
    assert "Mercantour" in article.text


def key_of(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_bytes(data, "a.pdf")
    assert "a.pdf" in caught.value.describe("fr").message
    return caught.value.key


def test_a_pdf_without_text_is_a_scan_with_a_cure() -> None:
    assert key_of(make_pdf([])) == "document_scan"
    with pytest.raises(DocumentError) as caught:
        read_bytes(make_pdf([], []), "a.pdf")
    assert "OCR" in caught.value.hint


def test_a_password_is_named_as_what_is_wrong() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf(PARAGRAPH))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert key_of(locked.getvalue()) == "document_encrypted"


def test_a_pdf_that_everybody_may_open_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf(PARAGRAPH))))
    writer.encrypt("", owner_password="owner", algorithm="RC4-128")
    open_to_all = io.BytesIO()
    writer.write(open_to_all)
    assert "Mercantour" in read_bytes(open_to_all.getvalue(), "a.pdf").text


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\xff" * 500, b"no PDF at all, in spite of its name"])
def test_a_damaged_pdf_is_one_error(data: bytes) -> None:
    assert key_of(data) == "document_damaged"


def test_whatever_is_damaged_the_answer_is_an_article_or_one_error(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    whole = make_pdf(PARAGRAPH, PARAGRAPH, info="/Title (Un vrai titre)")
    chance = random.Random(1)
    outcomes = set()
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 5, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_bytes(bytes(damaged), "a.pdf")
            outcomes.add("read")
        except DocumentError as error:
            outcomes.add(error.key)
    assert {"read", "document_damaged"} <= outcomes
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_too_much_text_is_refused_while_it_is_read() -> None:
    line = "mot " * 25_000
    page = [(11.0, 72.0, 800.0 - n, line) for n in range(10)]
    pages = [page] * (MAX_CHARACTERS // 1_000_000 + 1)
    assert key_of(make_pdf(*pages)) == "document_too_long"
