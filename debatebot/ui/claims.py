"""Claims as markup: connecting words, statement, verdict and citations."""

from __future__ import annotations

from debatebot.catalog import translate
from debatebot.types import Citation, Claim
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, sentence_anchor, sign, tag, text
from debatebot.ui.reading import Reading
from debatebot.wording import quoted


def claim_html(reading: Reading, turn: int, claim: Claim) -> Html:
    """One claim as a list item. The lead frames and states nothing: it is set apart from the statement."""
    lead = tag("span", text(claim.lead), class_="lead") if claim.lead else NOTHING
    statement = tag("span", text(quoted(claim, reading.languages)), class_=f"statement {claim.kind}")
    after = tag("span", verdict_html(reading, claim), citations_html(reading, claim.citations), class_="after")
    return tag("li", lead, statement, Html(" "), after, class_="claim", id=claim_anchor(turn, claim.id))


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


def citations_html(reading: Reading, citations: tuple[Citation, ...]) -> Html:
    """The markers of a claim, or that it has none."""
    if not citations:
        return tag("span", text(reading.words("column.uncited")), class_="uncited")
    return tag("span", join(citation_html(reading, citation) for citation in citations), class_="citations")


def citation_html(reading: Reading, citation: Citation) -> Html:
    """A marker: a plain link to the sentence in the article, which scrolls there and lights it without a rerun."""
    sentence = citation.sentence
    article = reading.articles.get(sentence.article_id)
    several = len(reading.articles) > 1 and article is not None
    title = (
        reading.words("citation.tip_with_title", number=citation.number, title=article.title if article else "")
        if several
        else reading.words("citation.tip", number=citation.number)
    )
    return tag(
        "a",
        Html(str(citation.number)),
        class_="citation",
        href=f"#{sentence_anchor(sentence)}",
        aria_label=reading.words("citation.label", number=citation.number, text=sentence.text),
        data_tip=sentence.text,
        data_tip_title=title,
    )
