"""The article as markup: every sentence a span, marked by who cites it, with a way back to each claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from debatebot.types import Article, Claim, Evidence, Sentence
from debatebot.ui.claims import perspective_of
from debatebot.ui.figures import strip_html
from debatebot.ui.markup import (
    NOTHING,
    Html,
    article_anchor,
    claim_anchor,
    join,
    question_anchor,
    sentence_anchor,
    tag,
    text,
)
from debatebot.ui.reading import Reading

_MOST_STRIPES = 4
_CLOSE_STRIPES = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """What one question did with the sentences: their numbers, and which claims cite them (sentence id → …)."""

    turn: int = 0
    evidence: tuple[Evidence, ...] = ()
    citing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sentence id → ids of the claims that cite it, in the order of the columns."""
    is_narrowed: bool = False
    """Others have answered as well, whose citations are not shown."""

    @property
    def numbers(self) -> dict[str, int]:
        """Sentence id → its number."""
        return {item.sentence.id: item.number for item in self.evidence}


def marks_of(turn: int, evidence: Sequence[Evidence], claims: Iterable[Claim], *, is_narrowed: bool = False) -> Marks:
    """The marks of a question whose perspectives said `claims` on `evidence`."""
    citing: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        for identifier in dict.fromkeys(citation.sentence.id for citation in claim.citations):
            citing[identifier].append(claim.id)
    found = {identifier: tuple(claim_ids) for identifier, claim_ids in citing.items()}
    return Marks(turn, tuple(evidence), found, is_narrowed)


def article_html(reading: Reading, article: Article, sentences: Sequence[Sentence], marks: Marks) -> Html:
    """The article with its marks. One that was removed shows the sentences that were found in it."""
    mine = [item.sentence for item in marks.evidence if item.sentence.article_id == article.id]
    has_title = bool(sentences) and sentences[0].text == article.title  # the text begins with it
    body = _text(reading, article, sentences, marks) if article.text else _remains(reading, mine, marks)
    return tag(
        "article",
        _lettered_head(reading, article) if reading.is_of_several else _head(reading, article, has_title),
        strip_html(reading, sentences, marks.citing),
        _legend(reading, mine, marks) if mine else NOTHING,
        body,
        _way_back(reading, marks) if mine else NOTHING,
        class_="article titled" if has_title else "article",
        id=article_anchor(article),
        lang=article.language,
    )


def _head(reading: Reading, article: Article, has_title: bool) -> Html:
    heading = tag("h2", text(reading.words("article.heading")), lang=reading.words.language)
    if has_title:
        return heading
    return join((heading, tag("p", text(article.title or reading.words("untitled")), class_="name")))


def _lettered_head(reading: Reading, article: Article) -> Html:
    """One of several articles: its letter and title stay in view while it is read; then what is known of it."""
    words = reading.words
    about = words.about(article, 0)
    return join(
        (
            tag("h2", letter_html(reading, article.id), text(article.title or words("untitled")), class_="lettered"),
            tag("p", text(about), class_="about", lang=words.language) if about else NOTHING,
        )
    )


def letter_html(reading: Reading, article_id: str) -> Html:
    """The letter that stands for an article beside the numbers of its sentences; nothing where there is none."""
    letter = reading.letter(article_id)
    return join((tag("span", text(letter), class_="letter"), Html(" "))) if letter else NOTHING


def _text(reading: Reading, article: Article, sentences: Sequence[Sentence], marks: Marks) -> Html:
    numbers = marks.numbers
    paragraphs = (
        tag("p", _paragraph(reading, article, list(group), marks, numbers))
        for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)
    )
    return tag("div", join(paragraphs), class_="text")


def _paragraph(
    reading: Reading, article: Article, sentences: Sequence[Sentence], marks: Marks, numbers: Mapping[str, int]
) -> Html:
    """The sentences with whatever stands between them, so that not a character is lost."""
    parts: list[Html] = []
    end = sentences[0].start
    for sentence in sentences:
        parts += [text(article.text[end : sentence.start]), _sentence(reading, sentence, marks, numbers)]
        end = sentence.end
    return join(parts)


def _remains(reading: Reading, sentences: Sequence[Sentence], marks: Marks) -> Html:
    numbers = marks.numbers
    ordered = sorted(sentences, key=lambda sentence: sentence.position)
    quotes = (tag("p", _sentence(reading, sentence, marks, numbers)) for sentence in ordered)
    return tag(
        "div", tag("p", text(reading.words("article.removed")), class_="removed"), join(quotes), class_="text remains"
    )


def _sentence(reading: Reading, sentence: Sentence, marks: Marks, numbers: Mapping[str, int]) -> Html:
    number = numbers.get(sentence.id)
    claims = marks.citing.get(sentence.id, ())
    anchor = sentence_anchor(sentence)
    if number is None:
        return tag("span", text(sentence.text), id=anchor, class_="s")
    if not claims:
        key = "article.consulted_narrowed" if marks.is_narrowed else "article.consulted"
        mark = tag("sup", Html(str(number)), class_="number", title=reading.words(key, number=number))
        return tag("span", text(sentence.text), mark, id=anchor, class_="s consulted")
    back = join(_back(reading, marks.turn, claim) for claim in claims)
    mark = tag("sup", Html(str(number)), back, class_="number")
    return tag("span", text(sentence.text), mark, id=anchor, class_="s cited", style=_stripes(reading, claims))


def _back(reading: Reading, turn: int, claim_id: str) -> Html:
    face = reading.face(perspective_of(claim_id))
    name = reading.words("article.back", name=face.label)
    href = f"#{claim_anchor(turn, claim_id)}"
    return tag("a", text(face.sign), class_=f"back accent-{face.accent}", href=href, aria_label=name, title=name)


def _stripes(reading: Reading, claims: Sequence[str]) -> str:
    """A line under the sentence for each perspective that cites it, in its colour."""
    accents = list(dict.fromkeys(reading.face(perspective_of(claim)).accent for claim in claims))[:_MOST_STRIPES]
    images = ", ".join(f"linear-gradient(var(--{accent}), var(--{accent}))" for accent in accents)
    step = 3 if len(accents) < _CLOSE_STRIPES else 2  # pixels; farther apart, three would run through the letters
    places = ", ".join(f"0 calc(100% - {step * at}px)" for at in range(len(accents)))
    background = f"var(--tint-{accents[0]})" if len(accents) == 1 else "var(--tint-shared)"
    return f"background-color: {background}; background-image: {images}; background-position: {places};"


def _way_back(reading: Reading, marks: Marks) -> Html:
    """Where the article stands below the answers, a way back up to them."""
    link = tag("a", text(reading.words("article.top")), href=f"#{question_anchor(marks.turn)}")
    return tag("p", link, class_="to-answers", lang=reading.words.language)


def _legend(reading: Reading, mine: Sequence[Sentence], marks: Marks) -> Html:
    """What the marks in one article mean; `mine`: its sentences among those that were found."""
    cited = [marks.citing.get(sentence.id, ()) for sentence in mine]
    names = dict.fromkeys(perspective_of(claim) for claims in cited for claim in claims)
    faces = sorted((reading.face(name) for name in names), key=lambda face: list(reading.faces).index(face.name))
    entries = [
        _legend_entry(face.sign, reading.words("article.legend_cited", name=face.label), face.accent) for face in faces
    ]
    if not all(cited):
        key = "article.legend_consulted_narrowed" if marks.is_narrowed else "article.legend_consulted"
        entries.append(_legend_entry("…", reading.words(key), "none"))
    return tag("ul", join(entries), class_="legend", lang=reading.words.language)


def _legend_entry(sign: str, name: str, accent: str) -> Html:
    swatch = tag("span", text(sign), class_=f"swatch accent-{accent}", aria_hidden="true")
    return tag("li", swatch, text(name))
