"""Common ground, differences and what nobody used, as quiet markup below the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from debatebot.types import Citation, Claim, Debate, Disagreement
from debatebot.ui.article import perspective_of
from debatebot.ui.claims import citations_html
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, tag, text
from debatebot.ui.reading import Reading
from debatebot.wording import quoted


def comparison_html(reading: Reading, turn: int, debate: Debate) -> Html:
    """The three parts; nothing while fewer than two sides have said anything."""
    if sum(bool(answer.claims) for answer in debate.answers) < 2:
        return NOTHING
    parts = (_common(reading, debate), _differ(reading, turn, debate), _unused(reading, debate))
    return tag("div", join(parts), class_="comparison")


def _common(reading: Reading, debate: Debate) -> Html:
    words = reading.words
    items = [
        tag(
            "li",
            tag("span", text(item.statement), class_="statement"),
            Html(" "),
            citations_html(reading, _citations(debate, item.citations)),
            _signs(reading, (perspective_of(claim) for claim in item.claims)),
        )
        for item in debate.comparison.common_ground
    ]
    return _part(reading, "common", items, words("comparison.common_none"))


def _differ(reading: Reading, turn: int, debate: Debate) -> Html:
    claims = {claim.id: claim for answer in debate.answers for claim in answer.claims}
    items = [_disagreement(reading, turn, one, claims) for one in debate.comparison.disagreements]
    return _part(reading, "differ", items, reading.words("comparison.differ_none"))


def _disagreement(reading: Reading, turn: int, one: Disagreement, claims: Mapping[str, Claim]) -> Html:
    words = reading.words
    kind = tag("span", text(words(f"comparison.{one.kind}")), class_="quiet")
    positions = join(
        _position(reading, turn, name, claims[claim_id])
        for name, claim_id in one.positions.items()
        if claim_id in claims
    )
    crux = (
        tag("p", tag("span", text(words("comparison.crux")), class_="quiet"), Html(" "), text(one.crux), class_="crux")
        if one.crux
        else NOTHING
    )
    issue = tag("p", tag("strong", text(one.issue)), Html(" "), kind, class_="issue")
    return tag("li", issue, tag("ul", positions, class_="positions"), crux)


def _position(reading: Reading, turn: int, perspective: str, claim: Claim) -> Html:
    face = reading.face(perspective)
    return tag(
        "li",
        tag("span", text(face.sign), class_=f"sign accent-{face.accent}", role="img", aria_label=face.label),
        tag("a", text(quoted(claim, reading.languages)), href=f"#{claim_anchor(turn, claim.id)}", class_="position"),
    )


def _unused(reading: Reading, debate: Debate) -> Html:
    citations = _citations(debate, debate.comparison.unused_evidence)
    explained = tag("span", text(reading.words("comparison.unused_explained")))
    items = [tag("li", explained, Html(" "), citations_html(reading, citations))] if citations else []
    return _part(reading, "unused", items, reading.words("comparison.unused_none"))


def _part(reading: Reading, name: str, items: list[Html], otherwise: str) -> Html:
    content = tag("ul", join(items)) if items else tag("p", text(otherwise), class_="quiet")
    return tag("section", tag("h4", text(reading.words(f"comparison.{name}"))), content, class_=name)


def _signs(reading: Reading, perspectives: Iterable[str]) -> Html:
    faces = [reading.face(name) for name in dict.fromkeys(perspectives)]
    names = reading.words("comparison.common_by", names=", ".join(face.label for face in faces))
    signs = join(tag("span", text(face.sign), class_=f"accent-{face.accent}") for face in faces)
    return tag("span", signs, class_="signs", role="img", aria_label=names, title=names)


def _citations(debate: Debate, numbers: Iterable[int]) -> tuple[Citation, ...]:
    sentences = {item.number: item.sentence for item in debate.evidence}
    return tuple(Citation(number, sentences[number]) for number in numbers if number in sentences)
