"""Claims as markup: connecting words, statement, kind, verdict and citations; and links that lead to a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from debatebot.catalog import translate
from debatebot.types import Citation, Claim, Evidence, Sentence
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, sentence_anchor, sign, tag, text
from debatebot.ui.reading import Reading
from debatebot.wording import quoted

SPACE = Html(" ")


def perspective_of(claim_id: str) -> str:
    """The perspective that made a claim: `optimistic.3` → `optimistic`."""
    return claim_id.rpartition(".")[0]


def short_name(reading: Reading, claim_id: str) -> str:
    """What a claim is called on the page: the perspective's sign and the claim's number."""
    return f"{reading.face(perspective_of(claim_id)).sign}\u00a0{claim_id.rpartition('.')[2]}"


def language_of(reading: Reading, claim: Claim) -> str | None:
    """The language of what a claim quotes, which need not be the page's; None where it does not quote."""
    return reading.language_of(claim.citations[0].sentence) if claim.is_quotation else None


def claim_html(
    reading: Reading, turn: int, claim: Claim, before: Html = NOTHING, *, element: str = "li", kind: str = "claim"
) -> Html:
    """One claim as a list item, or another element.

    Args:
        before: markup above the statement, such as what it answers.
        kind: class of the element.
    """
    return tag(element, before, claim_body_html(reading, claim), class_=kind, id=claim_anchor(turn, claim.id))


def claim_body_html(reading: Reading, claim: Claim) -> Html:
    """What is said. The lead frames and states nothing: it is set apart from the statement."""
    spoken = _spoken_name(reading, claim.id)
    name = tag("span", text(short_name(reading, claim.id)), class_="nth", role="img", aria_label=spoken)
    lead = tag("span", name, SPACE, text(claim.lead), class_="lead") if claim.lead else NOTHING
    language = language_of(reading, claim)
    statement = tag("span", text(quoted(claim, reading.languages)), class_=f"statement {claim.kind}", lang=language)
    signs = tag("span", verdict_html(reading, claim), citations_html(reading, claim), class_="after")
    return join((lead or join((name, SPACE)), statement, SPACE, _kind(reading, claim), signs))


def claim_link_html(reading: Reading, turn: int, claim_id: str, claims: Mapping[str, Claim]) -> Html:
    """A claim's short name, which leads to it and shows its words on hover; plain where the claim is not there."""
    face = reading.face(perspective_of(claim_id))
    name = short_name(reading, claim_id)
    if claim_id not in claims:
        return tag("span", text(name), class_=f"ref accent-{face.accent}")
    words = quoted(claims[claim_id], reading.languages)
    spoken = _spoken_name(reading, claim_id)
    return tag(
        "a",
        text(name),
        class_=f"ref accent-{face.accent}",
        href=f"#{claim_anchor(turn, claim_id)}",
        aria_label=reading.words("claim.label", name=spoken, text=words),
        data_tip=words,
        data_tip_title=spoken,
        data_tip_lang=language_of(reading, claims[claim_id]),
    )


def claim_links_html(reading: Reading, turn: int, claim_ids: Iterable[str], claims: Mapping[str, Claim]) -> Html:
    """Short names of several claims."""
    return join((claim_link_html(reading, turn, one, claims) for one in claim_ids), Html(", "))


def verdict_html(reading: Reading, claim: Claim) -> Html:
    """The sign of the verdict; hovering or focusing it says why."""
    language = reading.words.language
    verdict = claim.verdict
    reason = translate(f"verdicts.reasons.{verdict.reason.key}", language, **verdict.reason.values)
    name = reading.words.verdict(verdict.label)
    return tag(
        "span",
        text(sign(translate(f"verdicts.signs.{verdict.label}", language))),
        class_=f"verdict {verdict.label}",
        role="img",
        tabindex=0,
        aria_label=reading.words("verdict.label", label=name, reason=reason),
        data_tip=reason,
        data_tip_title=name,
    )


def citations_html(reading: Reading, claim: Claim) -> Html:
    """The markers of a claim, or that it has none; a fact without any is an alarm of its own."""
    if not claim.citations:
        key = "column.uncited_fact" if claim.kind == "fact" else "column.uncited"
        return tag("span", text(reading.words(key)), class_="uncited")
    return markers_html(reading, claim.citations)


def markers_html(reading: Reading, citations: Iterable[Citation]) -> Html:
    """Markers, one beside the other."""
    return tag("span", join(citation_html(reading, citation) for citation in citations), class_="citations")


def citation_html(reading: Reading, citation: Citation) -> Html:
    """A marker: a plain link to the sentence in the article, which scrolls there and lights it without a rerun."""
    words, sentence = reading.words, citation.sentence
    article = reading.articles.get(sentence.article_id) if reading.is_of_several else None
    if article is None:
        title = words("citation.tip", number=citation.number)
        spoken = words("citation.label", number=citation.number, text=sentence.text)
    else:
        named = article.title or words("untitled")
        title = words("citation.tip_with_title", number=citation.number, title=named)
        spoken = words("citation.label_with_title", number=citation.number, title=named, text=sentence.text)
    return tag(
        "a",
        Html(str(citation.number)),
        class_="citation",
        href=f"#{sentence_anchor(sentence)}",
        aria_label=spoken,
        data_article=reading.letter(sentence.article_id) or None,
        data_tip=sentence.text,
        data_tip_title=title,
        data_tip_lang=reading.language_of(sentence),
    )


def passage_html(reading: Reading, sentence: Sentence, words: str) -> Html:
    """A sentence without a number, as a link to it in the article; of several articles, it shows which one."""
    article = reading.articles.get(sentence.article_id) if reading.is_of_several else None
    return tag(
        "a",
        text(words),
        href=f"#{sentence_anchor(sentence)}",
        class_="passage",
        lang=reading.language_of(sentence),
        data_article=reading.letter(sentence.article_id) or None,
        data_tip=sentence.text if article else None,
        data_tip_title=(article.title or reading.words("untitled")) if article else None,
    )


def citations_of(evidence: Iterable[Evidence], numbers: Iterable[int]) -> tuple[Citation, ...]:
    """The sentences that these numbers stand for."""
    sentences = {item.number: item.sentence for item in evidence}
    return tuple(Citation(number, sentences[number]) for number in numbers if number in sentences)


def _kind(reading: Reading, claim: Claim) -> Html:
    """That it is an opinion, or concluded rather than read; a fact needs no word."""
    if claim.kind == "fact":
        return NOTHING
    name = reading.words(f"claim.{claim.kind}")
    return join((tag("span", text(name), class_=f"kind {claim.kind}"), SPACE))


def _spoken_name(reading: Reading, claim_id: str) -> str:
    face = reading.face(perspective_of(claim_id))
    return reading.words("claim.name", name=face.label, number=claim_id.rpartition(".")[2])
