"""Columns, article and comparison as markup: nothing is lost, nothing is interpreted, everything can be reached."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from debatebot.errors import ErrorDescription
from debatebot.types import (
    Answer,
    Article,
    Claim,
    CommonGround,
    Comparison,
    Disagreement,
    Reason,
    Seconds,
    Usage,
    Verdict,
)
from debatebot.ui.article import article_html, marks_of
from debatebot.ui.columns import Column, column_html, column_of
from debatebot.ui.comparison import Said, comparison_html
from debatebot.ui.formats import Words
from debatebot.ui.markup import label, sentence_anchor, tag, text
from debatebot.ui.reading import Reading, reading
from debatebot.wording import quoted
from tests.fakes import make_article, make_evidence, make_perspective, make_sentences, quote

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "</article></section></div>",
    "<style>*{display:none}</style> & &amp; &lt;",
    "[link](javascript:alert(1)) **bold** `code` :red[x] $x^2$",
)
PERSPECTIVES = [
    make_perspective("optimistic", "hopeful", accent="teal", sign="▲", order=1),
    make_perspective("pessimistic", "worried", accent="rust", sign="▼", order=2),
]


class Page(HTMLParser):
    """The elements and the words of some markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of_class(self, name: str) -> list[dict[str, str]]:
        """Attributes of the elements of a class."""
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]

    @property
    def ids(self) -> list[str]:
        """All ids."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def read(*articles: Article, language: str = "en") -> Reading:
    return reading(Words(language), PERSPECTIVES, articles or (make_article(),))


def claim(identifier: str, *numbers: int, words: str | None = None, lead: str = "") -> Claim:
    draft = quote(*(make_evidence()[number - 1] for number in numbers), lead=lead)
    verdict = Verdict("supported", 1.0, Reason("quoted", {"number": str(numbers[0])}))
    return Claim(identifier, draft.text if words is None else words, "fact", draft.citations, verdict, lead)


def said(*claims: Claim, turn: int = 0) -> Said:
    return Said(turn, {one.id: one for one in claims}, make_evidence())


def answer(perspective: str, *claims: Claim, **changes: object) -> Answer:
    values: dict[str, object] = {
        "perspective": perspective,
        "label": perspective.capitalize(),
        "engine": "openai:model",
        "status": "answered",
        "text": "",
        "claims": claims,
        "dropped_markers": 0,
        "error": None,
        "usage": None,
        "seconds": Seconds(0.1, 1.31),
        "prompt_hash": "0",
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_stays_text(words: str) -> None:
    page = Page(tag("p", text(words), title=words))
    assert page.words == words
    assert page.elements == [("p", {"title": words})]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_model_says_is_shown_word_for_word(words: str) -> None:
    said = claim("optimistic.1", 1, words=words, lead=words)
    page = Page(column_html(read(), 0, Column("optimistic", (said,), pending=words)))
    assert page.words.count(words) == 3
    assert {name for name, _ in page.elements} <= {"section", "header", "span", "h3", "ol", "li", "a", "p"}


@pytest.mark.parametrize("words", HOSTILE)
def test_an_article_is_shown_word_for_word(words: str) -> None:
    article = make_article(title=words, text=f"{words}. Et puis ?\n\nThe end.")
    page = Page(article_html(read(article), article, make_sentences(article), marks_of(0, (), ())))
    shown = page.words.replace("The article", "", 1)
    assert shown == words + article.text.replace("\n\n", "")


def test_labels_of_widgets_are_escaped_for_markdown() -> None:
    assert label("**a** [b](c) :red[d] <e>") == (r"\*\*a\*\* \[b\]\(c\) " + ":\u2060" + r"red\[d\] \<e\>")
    assert label("one\n\n# two") == r"one \# two"
    assert label("Est-ce bon\u00a0?") == "Est\\-ce bon\u00a0?"
    assert label("« Est-ce bon ? »") == "«\u00a0Est\\-ce bon\u00a0?\u00a0»"


def test_the_same_sentence_twice_has_two_anchors() -> None:
    article = make_article("Rien n’est sûr.", "Tout change.", "Rien n’est sûr.", language="fr")
    first, _, last = make_sentences(article)
    assert first.text == last.text
    page = Page(article_html(read(article), article, make_sentences(article), marks_of(0, (), ())))
    assert sentence_anchor(first) != sentence_anchor(last)
    assert page.ids == [f"a-{article.id}", *(f"s-{article.id}-{position}" for position in range(3))]


def test_a_citation_leads_to_its_sentence_and_back() -> None:
    article = make_article()
    said = claim("optimistic.1", 2, 3)
    column = Page(column_html(read(article), 4, column_of(answer("optimistic", said))))
    panel = Page(article_html(read(article), article, make_sentences(article), marks_of(4, make_evidence(), [said])))
    targets = [link["href"].removeprefix("#") for link in column.of_class("citation")]
    assert targets == [sentence_anchor(citation.sentence) for citation in said.citations]
    assert set(targets) <= set(panel.ids)
    assert {link["href"].removeprefix("#") for link in panel.of_class("back")} <= set(column.ids)
    assert column.of_class("citation")[0]["data-tip"] == said.citations[0].sentence.text


def test_cited_and_consulted_sentences_are_told_apart_without_colour() -> None:
    article = make_article()
    evidence = make_evidence()[:3]
    said = [claim("optimistic.1", 1), claim("pessimistic.1", 1, 2)]
    page = Page(article_html(read(article), article, make_sentences(article), marks_of(0, evidence, said)))
    assert [mark["id"][-1] for mark in page.of_class("cited")] == ["0", "1"]
    assert [mark["id"][-1] for mark in page.of_class("consulted")] == ["2"]
    assert "1▲\ufe0e▼\ufe0e" in page.words
    assert "2▼\ufe0e" in page.words
    assert "cited by Optimistic" in page.words
    assert "consulted, cited by nobody" in page.words


def test_where_others_answered_as_well_the_article_does_not_say_that_nobody_cites() -> None:
    article = make_article()
    marks = marks_of(0, make_evidence()[:3], [claim("optimistic.1", 1)], is_narrowed=True)
    page = Page(article_html(read(article), article, make_sentences(article), marks))
    assert "consulted, not cited by those shown" in page.words
    assert not any("nobody" in attributes.get("title", "") for _, attributes in page.elements)


def test_what_is_quoted_says_its_language() -> None:
    one, other = claim("optimistic.1", 1), claim("pessimistic.1", 1, words="It is said otherwise.")
    reader = read(language="fr")
    page = Page(column_html(reader, 0, Column("optimistic", (one, other))))
    assert [quote.get("lang") for quote in page.of_class("statement")] == ["en", None]
    assert {mark["data-tip-lang"] for mark in page.of_class("citation")} == {"en"}
    ground = CommonGround(one.text, (one.id,), (1,))
    compared = Page(comparison_html(reader, said(one, other), Comparison(common_ground=(ground,))))
    assert [quote.get("lang") for quote in compared.of_class("statement")] == ["en"]


def test_a_side_that_found_nothing_is_not_said_to_quote() -> None:
    silent = column_of(answer("optimistic", status="insufficient", engine="builtin", text="Nothing of it."))
    assert "Quotes from the article" not in Page(column_html(read(), 0, silent)).words


def test_an_article_that_was_removed_still_shows_what_was_quoted() -> None:
    whole = make_article()
    bare = Article(whole.id, "", whole.title, whole.source, "en", "")
    page = Page(article_html(read(bare), bare, (), marks_of(0, make_evidence()[:2], [claim("optimistic.1", 1)])))
    assert make_evidence()[0].sentence.text in page.words
    assert sentence_anchor(make_evidence()[1].sentence) in page.ids


def test_the_verdict_says_why() -> None:
    page = Page(column_html(read(), 0, column_of(answer("optimistic", claim("optimistic.1", 1)))))
    [verdict] = page.of_class("verdict")
    assert verdict["data-tip-title"] == "Supported"
    assert "[1]" in verdict["data-tip"]
    assert verdict["data-tip"] in verdict["aria-label"]
    assert verdict["tabindex"] == "0"


def test_a_claim_that_quotes_wears_the_articles_quotation_marks_and_its_lead_apart() -> None:
    said = claim("optimistic.1", 1, lead="To begin with:")
    page = Page(column_html(read(), 0, column_of(answer("optimistic", said))))
    assert quoted(said, {said.citations[0].sentence.article_id: "en"}) in page.words
    assert len(page.of_class("lead")) == 1


def test_what_was_dropped_and_what_it_took_is_said() -> None:
    told = answer("optimistic", claim("optimistic.1", 1), dropped_markers=2, usage=Usage(1200, 800, 40))
    words = Page(column_html(read(), 0, column_of(told))).words
    assert "2 markers stood for no sentence" in words
    assert "openai:model · 1,200 tokens read (800 of them known), 40 written · 1.3 s" in words


def test_a_failing_column_says_why_with_its_cure_and_keeps_what_was_said() -> None:
    error = ErrorDescription("EngineBusy", "The server is <busy>.", "Try later.", retryable=True)
    failed = answer("optimistic", claim("optimistic.1", 1), status="failed", error=error)
    page = Page(column_html(read(), 0, column_of(failed)))
    assert "The server is <busy>." in page.words
    assert "Try later." in page.words
    assert len(page.of_class("claim")) == 1
    assert page.of_class("failure")[0]["role"] == "alert"


def test_a_stopped_column_is_no_alarm() -> None:
    error = ErrorDescription("Stopped", "stopped", "hint", retryable=True)
    page = Page(column_html(read(), 0, column_of(answer("optimistic", status="failed", error=error))))
    assert not page.of_class("failure")
    assert len(page.of_class("stopped")) == 1


def test_a_perspective_whose_file_is_gone_is_still_shown() -> None:
    page = Page(column_html(read(), 0, column_of(answer("sceptic", claim("sceptic.1", 1)))))
    assert "Sceptic" in page.words


def test_the_comparison_shows_common_ground_differences_and_what_nobody_used() -> None:
    one, other = claim("optimistic.1", 1), claim("pessimistic.1", 1, 2)
    comparison = Comparison(
        common_ground=(CommonGround("The park opened.", (one.id, other.id), (1,)),),
        disagreements=(
            Disagreement("park", "empirical", {"optimistic": one.id, "pessimistic": other.id}, "Who counts?"),
        ),
        unused_evidence=(5,),
    )
    page = Page(comparison_html(read(), said(one, other, turn=2), comparison))
    assert "The park opened." in page.words
    assert "Who counts?" in page.words
    assert [link["href"] for link in page.of_class("position")] == ["#c-2-optimistic-1", "#c-2-pessimistic-1"]
    assert page.of_class("citation")[-1]["href"] == f"#{sentence_anchor(make_evidence()[4].sentence)}"


def test_one_answer_alone_is_compared_with_nothing() -> None:
    assert comparison_html(read(), said(claim("optimistic.1", 1)), Comparison()) == ""
