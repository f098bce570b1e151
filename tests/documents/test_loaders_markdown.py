"""Markdown: front matter, and the body without its marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from debatebot.documents import read_bytes, read_path
from debatebot.types import Article

CORPUS = Path(__file__).parents[2] / "corpus"

FRONT = """---
title: "Le loup : retour"
source: Le Journal
author: [Jeanne Martin, Ali Benali]
date: 2024-03-02
language: fr-FR
licence: CC BY 4.0
references: ["IEA, 2024"]
questions:
  fr: ["Le loup est-il dangereux ?", "Combien sont-ils ?"]
  en: ["Is the wolf dangerous?"]
---

"""
BODY = "En 1992, deux loups venus d'Italie sont observés."


def read(text: str) -> Article:
    return read_bytes(text.encode(), "article.md")


def test_front_matter_says_what_is_known() -> None:
    article = read(FRONT + BODY)
    assert article.text == BODY
    assert article.title == "Le loup : retour"
    assert article.source == "Le Journal"
    assert article.author == "Jeanne Martin, Ali Benali"
    assert article.date == "2024-03-02"
    assert article.language == "fr"
    assert article.questions == {
        "fr": ("Le loup est-il dangereux ?", "Combien sont-ils ?"),
        "en": ("Is the wolf dangerous?",),
    }


def test_front_matter_with_windows_newlines_and_a_byte_order_mark_is_read_too() -> None:
    article = read_bytes(b"\xef\xbb\xbf" + (FRONT + BODY).replace("\n", "\r\n").encode(), "article.markdown")
    assert (article.title, article.text) == ("Le loup : retour", BODY)


@pytest.mark.parametrize(
    "front",
    [
        "- a\n- b",
        "title: [unclosed",
        "date: 2024-99-99",
        "just words",
        "a: &a [x]\nb: *missing",
        "!!python/object/apply:os.getcwd []",
        "[" * 1_000,
        "k: " + "x" * 70_000,
    ],
)
def test_front_matter_that_is_no_mapping_is_plain_text(front: str) -> None:
    source = f"---\n{front}\n---\n\n{BODY} Du *texte* encore."
    assert read(source).text == source


def test_values_of_the_wrong_kind_are_left_out() -> None:
    article = read(f"---\ntitle: {{a: b}}\nauthor: {{c: d}}\ndate: hier\nlanguage: 5\nquestions: [x]\n---\n{BODY}")
    assert (article.title, article.author, article.date) == (BODY, None, None)
    assert (article.language, dict(article.questions)) == ("fr", {})


def test_a_yaml_bomb_takes_no_memory() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    article = read(f"---\nl0: &l0 [lol]\n{levels}\ntitle: *l29\n---\n{BODY}")
    assert article.title == BODY


def test_the_text_is_left_without_its_marks() -> None:
    article = read(
        "# Le *retour* du `loup`\n\nUn **loup** [gris](https://example.org) ![un loup](loup.png) est\nrevenu.  \nSeul.\n\n"
        "> Une citation\n> longue.\n\n***\n\nSous-titre\n---\n\n```python\nprint('x')\n```\n\nFin ~~barrée~~ &amp; \\*vraie\\*."
    )
    assert article.title == "Le retour du loup"
    assert article.text == (
        "Le retour du loup\n\nUn loup gris un loup est revenu.\nSeul.\n\nUne citation longue.\n\nSous-titre\n\n"
        "print('x')\n\nFin barrée & *vraie*."
    )


def test_list_items_and_table_rows_stand_line_by_line() -> None:
    article = read(
        "Les chiffres du loup :\n\n- un\n- deux\n  - trois\n\n    suite\n\n1. quatre\n\nPuis un tableau :\n\n"
        "| Année | Loups |\n|---|---:|\n| 2021 | **783** |\n"
    )
    assert article.text == (
        "Les chiffres du loup :\n\n- un\n- deux\n- trois\nsuite\n- quatre\n\nPuis un tableau :\n\n"
        "Année | Loups\n2021 | 783"
    )


def test_html_inside_never_becomes_markup() -> None:
    article = read(
        "Un <b onclick='x()'>loup</b><br>gris est <!-- caché --> revenu.\n\n"
        "<div><p>Un <i>bloc</i> de texte</p><script>alert(1)</script><style>p{}</style></div>\n\n<!-- encore\n\ncaché -->"
    )
    assert article.text == "Un loup\ngris est revenu.\n\nUn bloc de texte"


def test_a_less_than_sign_is_no_tag() -> None:
    assert read("Il faut que 1 < 2 et que 3 > 2, toujours.").text == "Il faut que 1 < 2 et que 3 > 2, toujours."


def test_an_endless_row_of_brackets_is_read_before_the_test_times_out() -> None:
    article = read("Des crochets sans fin, dans ce texte : " + "[" * 700_000)
    assert article.text.endswith("[[[")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.md")), ids=lambda path: path.stem)
def test_the_sample_articles_come_out_right(path: Path) -> None:
    article = read_path(path)
    assert article.language in ("fr", "en")
    assert article.date == "2026-11-23"
    assert article.author
    assert set(article.questions) == {"fr", "en"}
    assert all(article.questions.values())
    assert article.title in path.read_text("utf-8")
    assert not set(article.text) & set("*`#<>[]_|\\"), "marks are left in the text"
    assert len(article.text) > 3_000
    assert not article.text.startswith("---")
