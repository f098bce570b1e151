"""Web pages: the article without the rest, and never a script."""

from __future__ import annotations

import pytest

from debatebot.documents import read_bytes
from debatebot.documents.html import is_html
from debatebot.errors import DocumentError

PARAGRAPHS = (
    "En 1992, deux loups venus d'Italie sont observés dans le parc national du Mercantour, dans les Alpes.",
    "Compter un animal aussi discret que le loup reste difficile, et les chiffres bougent après coup, disent-ils.",
    "Les éleveurs voient dans la révision la preuve d'un comptage trop bas, et les naturalistes une méthode honnête.",
)
PAGE = f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Le loup est de retour – Le Journal</title>
<meta property="og:title" content="Le loup est de retour"><meta name="author" content="Jeanne Martin">
<meta property="article:published_time" content="2024-03-02T08:00:00+01:00"><style>p {{ color: red }}</style></head><body>
<nav><a href="/">Accueil</a> <a href="/politique">Politique</a></nav>
<div id="cookie-banner">Nous utilisons des cookies. <button>Accepter</button></div>
<article><h1>Le loup est de retour</h1><p>{PARAGRAPHS[0]}</p><script>var secret = "piste";</script><h2>Les chiffres</h2>
<p>{PARAGRAPHS[1]}</p><ul><li>1 082 loups en 2025</li><li>10 000 brebis</li></ul>
<table><tr><th>Année</th><th>Loups</th></tr><tr><td>2021</td><td>783</td></tr></table><p>{PARAGRAPHS[2]}</p></article>
<section id="comments"><h3>Commentaires</h3><p>Bravo pour cet article qui dit tout !</p></section>
<footer>Mentions légales</footer></body></html>"""


def test_the_article_is_left_and_nothing_else() -> None:
    article = read_bytes(PAGE.encode(), "page.html")
    assert article.text == (
        f"Le loup est de retour\n\n{PARAGRAPHS[0]}\n\nLes chiffres\n\n{PARAGRAPHS[1]}\n\n"
        f"- 1 082 loups en 2025\n- 10 000 brebis\nAnnée | Loups\n2021 | 783\n\n{PARAGRAPHS[2]}"
    )
    assert (article.title, article.author, article.date) == ("Le loup est de retour", "Jeanne Martin", "2024-03-02")
    assert (article.source, article.language) == ("page.html", "fr")


@pytest.mark.parametrize("name", ["page", "page.txt", "page.md", "page.pdf"])
def test_a_page_is_told_by_its_content(name: str) -> None:
    assert read_bytes(PAGE.encode(), name).title == "Le loup est de retour"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-16", "windows-1251"])
def test_the_encoding_of_the_page_is_followed(encoding: str) -> None:
    paragraph = PARAGRAPHS[1] if encoding != "windows-1251" else "Волк вернулся во Францию через Альпы, и это факт."
    page = f"<html><head><meta charset='{encoding}'><title>Titre</title></head><body><p>{paragraph}</p></body></html>"
    assert paragraph in read_bytes(page.encode(encoding), "page.html").text


def test_a_fragment_without_a_head_is_a_page_too() -> None:
    assert read_bytes(f"<p>{PARAGRAPHS[0]}</p>".encode(), "fragment.html").text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><body><script>document.write('un texte qui n est pas un article')</script></body></html>",
        "<html><body>" + "<div>" * 5_000 + PARAGRAPHS[0] + "</body></html>",
        "<html",
    ],
)
def test_a_page_without_an_article_says_to_paste_the_text(page: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_bytes(page.encode(), "page.html")
    assert caught.value.key == "document_no_article"
    assert "paste" in caught.value.hint


def test_scripts_of_all_kinds_never_leak() -> None:
    scripts = (
        "<script>secret1()</script>",
        "<SCRIPT type='text/x'>secret2</SCRIPT >",
        "<style>secret3{}</style>",
        "<svg><script>secret4</script></svg>",
        "<noscript><img src='secret5'></noscript>",
        "<p onclick='secret7()'>Un clic.</p>",
        "<!-- secret8 -->",
    )
    body = "".join(f"<p>{paragraph}</p>{''.join(scripts)}" for paragraph in PARAGRAPHS)
    text = read_bytes(f"<html><body><article>{body}</article></body></html>".encode(), "page.html").text
    assert PARAGRAPHS[2] in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><title>x</title>", True),
        (" \n<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<HTML lang=fr>", True),
        ("<p>Un paragraphe", False),
        ("Un texte sur <html>", False),
        ("<!---->" * 700, False),
    ],
)
def test_how_a_page_begins(text: str, expected: bool) -> None:
    assert is_html(text) is expected
