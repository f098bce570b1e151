"""Common ground, differences and what nobody used, as quiet markup below what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from debatebot.types import (
    Citation,
    Claim,
    Comparison,
    Conflict,
    Debate,
    Disagreement,
    Evidence,
    Issue,
    UnusedSentence,
)
from debatebot.ui.claims import (
    SPACE,
    citation_html,
    citations_of,
    claim_link_html,
    claim_links_html,
    language_of,
    markers_html,
    passage_html,
    perspective_of,
)
from debatebot.ui.figures import figures_html, leans_html
from debatebot.ui.markup import NOTHING, Html, claim_anchor, join, tag, text
from debatebot.ui.reading import Reading
from debatebot.wording import quoted

_MOST_UNUSED = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared: the claims that stand on the page (id → claim), on one evidence list."""

    turn: int
    claims: Mapping[str, Claim]
    evidence: Sequence[Evidence]

    @property
    def sides(self) -> list[str]:
        """Perspectives that have said anything."""
        return list(dict.fromkeys(perspective_of(claim_id) for claim_id in self.claims))


def said_in(turn: int, debate: Debate, sides: Sequence[str]) -> Said:
    """What these sides said to one question."""
    claims = {claim.id: claim for answer in debate.answers if answer.perspective in sides for claim in answer.claims}
    return Said(turn, claims, debate.evidence)


def narrowed(comparison: Comparison, sides: Sequence[str]) -> Comparison:
    """What of a comparison is between these sides alone; what no side used stays, whoever is looked at."""

    chosen = frozenset(sides)
    return replace(
        comparison,
        common_ground=tuple(
            replace(one, claims=_among(chosen, one.claims))
            for one in comparison.common_ground
            if _speakers(chosen, one.claims) > 1
        ),
        disagreements=tuple(
            replace(one, positions=_positions(chosen, one.positions))
            for one in comparison.disagreements
            if _speakers(chosen, one.positions.values()) > 1
        ),
        conflicts=tuple(
            replace(one, values={claim_id: one.values[claim_id] for claim_id in _among(chosen, one.values)})
            for one in comparison.conflicts
            if _speakers(chosen, one.values) > 1
        ),
        issues=tuple(_issue(chosen, one, comparison.disagreements) for one in comparison.issues),
        balance={side: one for side, one in comparison.balance.items() if side in chosen},
        uncited=_among(chosen, comparison.uncited),
        leans=tuple(lean for lean in comparison.leans if lean.perspective in chosen),
    )


def _among(sides: Set[str], claim_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(claim_id for claim_id in claim_ids if perspective_of(claim_id) in sides)


def _speakers(sides: Set[str], claim_ids: Iterable[str]) -> int:
    return len({perspective_of(claim_id) for claim_id in _among(sides, claim_ids)})


def _positions(sides: Set[str], cells: Mapping[str, str]) -> dict[str, str]:
    return {side: claim_id for side, claim_id in cells.items() if side in sides}


def _issue(sides: Set[str], issue: Issue, disagreements: Iterable[Disagreement]) -> Issue:
    """An issue without the cells of others; where the one who differed is gone, the rest merely stand side by side."""
    cells = _positions(sides, issue.cells)
    if len(cells) == len(issue.cells) or issue.relation != "opposed":
        return replace(issue, cells=cells)
    left = set(cells.values())
    parted = any(len(left & set(one.positions.values())) > 1 for one in disagreements)
    return replace(issue, cells=cells, relation="opposed" if parted else "one-sided")


def comparison_html(reading: Reading, said: Said, comparison: Comparison, *, is_waiting: bool = False) -> Html:
    """All that is to be compared; nothing while fewer than two sides have said anything.

    Args:
        is_waiting: a model is still comparing, and what is shown stands only until it has.
    """
    if len(said.sides) < 2:
        return NOTHING
    parts = (
        waiting_html(reading) if is_waiting else _compared_by(reading, said.turn, comparison),
        leans_html(reading, comparison.leans),
        _facts(reading, said, comparison),
        _common(reading, said, comparison),
        _differ(reading, said, comparison),
        _unused(reading, said, comparison),
        figures_html(reading, said.claims.values(), said.evidence, comparison.balance),
        _why_not_by_model(reading, said.turn, comparison),
    )
    return tag("div", join(parts), class_="comparison")


# --- what they share ------------------------------------------------------------------------------------------------


def _common(reading: Reading, said: Said, comparison: Comparison) -> Html:
    items = [
        tag(
            "li",
            tag("span", text(item.statement), class_="statement", lang=_language(reading, said, item.claims)),
            SPACE,
            markers_html(reading, citations_of(said.evidence, item.citations)),
            tag("span", claim_links_html(reading, said.turn, item.claims, said.claims), class_="refs"),
        )
        for item in comparison.common_ground
    ]
    return _part(reading, "common", items, reading.words("comparison.common_none"))


def _language(reading: Reading, said: Said, claim_ids: Iterable[str]) -> str | None:
    """Of what these claims quote alike."""
    found = [said.claims[claim_id] for claim_id in claim_ids if claim_id in said.claims]
    return language_of(reading, found[0]) if found else None


# --- where they part ------------------------------------------------------------------------------------------------


def _differ(reading: Reading, said: Said, comparison: Comparison) -> Html:
    items = [_disagreement(reading, said, one) for one in comparison.disagreements]
    return _part(reading, "differ", items, reading.words("comparison.differ_none"))


def _disagreement(reading: Reading, said: Said, one: Disagreement) -> Html:
    kind = tag("span", text(reading.words(f"comparison.{one.kind}")), class_="quiet")
    positions = join(
        _position(reading, said, claim_id) for claim_id in one.positions.values() if claim_id in said.claims
    )
    issue = tag("p", tag("strong", text(one.issue)), SPACE, kind, class_="issue")
    return tag("li", issue, tag("ul", positions, class_="positions"), _crux(reading, said, one))


def _position(reading: Reading, said: Said, claim_id: str) -> Html:
    link = tag(
        "a",
        text(quoted(said.claims[claim_id], reading.languages)),
        href=f"#{claim_anchor(said.turn, claim_id)}",
        class_="position",
        lang=_language(reading, said, [claim_id]),
    )
    return tag("li", claim_link_html(reading, said.turn, claim_id, said.claims), link)


def _crux(reading: Reading, said: Said, one: Disagreement) -> Html:
    """What would settle it: the article's own sentence as a citation, what a model wrote as it is, or that there is nothing."""
    words = reading.words
    if not one.crux:
        return tag("p", text(reading.say("comparison.crux_none")), class_="crux none quiet")
    name = tag("span", text(words("comparison.crux")), class_="quiet")
    if one.crux_sentence is None:
        return tag("p", name, SPACE, text(one.crux), class_="crux")
    numbers = {item.sentence.id: item.number for item in said.evidence}
    number = numbers.get(one.crux_sentence.id)
    if number is None:
        return tag("p", name, SPACE, passage_html(reading, one.crux_sentence, one.crux), class_="crux")
    marker = citation_html(reading, Citation(number, one.crux_sentence))
    quote = tag("span", text(one.crux), lang=reading.language_of(one.crux_sentence))
    return tag("p", name, SPACE, quote, SPACE, marker, class_="crux")


# --- facts ----------------------------------------------------------------------------------------------------------


def _facts(reading: Reading, said: Said, comparison: Comparison) -> Html:
    """Facts that contradict each other, and facts without a citation: to be seen before all else."""
    items = [_conflict(reading, said, conflict) for conflict in comparison.conflicts]
    uncited = [claim_id for claim_id in comparison.uncited if claim_id in said.claims]
    if uncited:
        links = claim_links_html(reading, said.turn, uncited, said.claims)
        items.append(tag("li", text(reading.words("comparison.uncited")), SPACE, links))
    if not items:
        return NOTHING
    heading = tag("h4", text(reading.words("comparison.facts")))
    return tag("section", heading, tag("ul", join(items)), class_="facts")


def _conflict(reading: Reading, said: Said, conflict: Conflict) -> Html:
    values = join(
        (
            tag("li", claim_link_html(reading, said.turn, claim_id, said.claims), text(value))
            for claim_id, value in conflict.values.items()
        )
    )
    about = tag("span", text(reading.words(f"comparison.conflict_{conflict.kind}", about=conflict.about)))
    return tag("li", about, tag("ul", values, class_="positions"))


# --- what nobody used -----------------------------------------------------------------------------------------------


def _unused(reading: Reading, said: Said, comparison: Comparison) -> Html:
    telling = comparison.unused[:_MOST_UNUSED]
    told = {one.number for one in telling}
    items = [_unused_sentence(reading, one) for one in telling]
    others = citations_of(said.evidence, (number for number in comparison.unused_evidence if number not in told))
    if others:
        key = "comparison.unused_others" if telling else "comparison.unused_explained"
        items.append(
            tag("li", tag("span", text(reading.words(key)), class_="quiet"), SPACE, markers_html(reading, others))
        )
    return _part(reading, "unused", items, reading.words("comparison.unused_none"))


def _unused_sentence(reading: Reading, one: UnusedSentence) -> Html:
    """By its number where it has one, else the sentence itself; both lead to it in the article."""
    words = reading.words
    if one.number is None:
        return tag("li", passage_html(reading, one.sentence, one.sentence.text))
    marker = citation_html(reading, Citation(one.number, one.sentence))
    said = tag("span", text(words("comparison.unused_sentence", number=one.number)), class_="quiet")
    quote = tag("span", text(one.sentence.text), class_="statement", lang=reading.language_of(one.sentence))
    return tag("li", said, SPACE, quote, SPACE, marker)


# --- parts ----------------------------------------------------------------------------------------------------------


def _part(reading: Reading, name: str, items: Iterable[Html], otherwise: str) -> Html:
    written = list(items)
    content = tag("ul", join(written)) if written else tag("p", text(otherwise), class_="quiet")
    return tag("section", tag("h4", text(reading.words(f"comparison.{name}"))), content, class_=name)


def waiting_html(reading: Reading) -> Html:
    """That a model is comparing; it stands where its name will stand, so that nothing moves."""
    waiting = text(reading.words("comparison.waiting"))
    return tag("p", waiting, class_="compared-by quiet", role="status", data_announce="")


def _compared_by(reading: Reading, turn: int, comparison: Comparison) -> Html:
    """Said quietly: that a model compared, or could not; a line as long as the one before, so that nothing moves."""
    words = reading.words
    if comparison.error:
        why = tag("a", text(words("comparison.why")), href=f"#{_why_anchor(turn)}")
        return tag("p", text(words("comparison.failed")), SPACE, why, class_="compared-by quiet")
    if comparison.engine == "builtin":
        return NOTHING
    return tag("p", text(words("comparison.by_model", engine=comparison.engine)), class_="compared-by quiet")


def _why_not_by_model(reading: Reading, turn: int, comparison: Comparison) -> Html:
    """Why a model could not compare, and what stands in its place: at the end, for it is long and comes late."""
    if comparison.error is None:
        return NOTHING
    said = reading.words("comparison.failed_why", message=comparison.error.message)
    return tag("p", text(f"{said} {comparison.error.hint}"), class_="why-not quiet", id=_why_anchor(turn))


def _why_anchor(turn: int) -> str:
    return f"why-{turn}"
