"""Rounds of a debate and its closing as markup: what each side answers to which claim, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from debatebot.rounds.types import (
    REMARK,
    AnsweredBefore,
    Contribution,
    ContributionCompleted,
    ContributionFailed,
    ContributionStarted,
    Discussion,
    NothingToAnswer,
    Rebuttal,
    RebuttalAdded,
    RebuttalStarted,
    Remark,
    Round,
    RoundStarted,
)
from debatebot.types import Claim, Evidence, TextAdded
from debatebot.ui.claims import (
    SPACE,
    citations_of,
    claim_html,
    claim_link_html,
    claim_links_html,
    language_of,
    markers_html,
)
from debatebot.ui.columns import failure_html, foot_html
from debatebot.ui.comparison import Said, comparison_html
from debatebot.ui.markup import NOTHING, Html, join, tag, text
from debatebot.ui.reading import Reading
from debatebot.wording import quoted

_TELLING = 0.1  # seconds that a plain answer must take for "times as long" to say something

SideEvent = (
    ContributionStarted
    | RebuttalStarted
    | TextAdded
    | RebuttalAdded
    | AnsweredBefore
    | NothingToAnswer
    | ContributionCompleted
    | ContributionFailed
)


@dataclass(frozen=True, slots=True)
class SideView:
    """What one side has said so far in a round. `contribution` is there when it is done."""

    perspective: str
    rebuttals: tuple[Rebuttal, ...] = ()
    answered_before: Mapping[str, str] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    target: RebuttalStarted | None = None
    pending: str = ""
    started: bool = False
    contribution: Contribution | None = None

    def fold(self, event: SideEvent) -> SideView:
        """With what this event tells."""
        match event:
            case ContributionStarted():
                return replace(self, started=True)
            case RebuttalStarted():
                return replace(self, target=event, pending="")
            case TextAdded():
                return replace(self, pending=self.pending + event.text)
            case RebuttalAdded():
                return replace(self, rebuttals=(*self.rebuttals, event.rebuttal), target=None, pending="")
            case AnsweredBefore():
                return replace(self, answered_before={**self.answered_before, event.claim_id: event.by}, pending="")
            case NothingToAnswer():
                return replace(self, unanswered=(*self.unanswered, event.claim_id), target=None, pending="")
            case ContributionCompleted() | ContributionFailed():
                return side_view(event.contribution)


def side_view(contribution: Contribution) -> SideView:
    """A contribution that is done."""
    return SideView(
        contribution.perspective,
        contribution.rebuttals,
        contribution.answered_before,
        contribution.unanswered,
        started=True,
        contribution=contribution,
    )


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as far as it has come."""

    number: int
    remark: Remark | None
    added: tuple[int, ...]
    sides: Mapping[str, SideView]

    def fold(self, event: SideEvent) -> RoundView:
        """With what this event tells."""
        name = event.perspective
        side = self.sides.get(name) or SideView(name)
        return replace(self, sides={**self.sides, name: side.fold(event)})

    @property
    def claims(self) -> list[Claim]:
        """What was said in it."""
        return [rebuttal.claim for side in self.sides.values() for rebuttal in side.rebuttals]


def begun(event: RoundStarted, sides: Iterable[str]) -> RoundView:
    """A round in which nobody has spoken yet."""
    return RoundView(event.number, event.remark, event.added, {name: SideView(name) for name in sides})


def held(one: Round) -> RoundView:
    """A round that is over."""
    sides = {contribution.perspective: side_view(contribution) for contribution in one.contributions}
    return RoundView(one.number, one.remark, one.added, sides)


# --- a round --------------------------------------------------------------------------------------------------------


def round_html(reading: Reading, said: Said, one: RoundView, name: str) -> Html:
    """A round: the person's remark, then the sides beside each other.

    Args:
        said: all claims of the debate, those of this round included.
        name: of the round among all conversations; a new one is scrolled into view once.
    """
    words = reading.words
    heading = words("debate.round", number=one.number)
    return tag(
        "section",
        tag("h3", text(heading)),
        _remark(reading, one.remark),
        _added(reading, said.evidence, one.added),
        tag("div", join(_side(reading, said, side) for side in one.sides.values()), class_="sides"),
        class_="round",
        aria_label=heading,
        data_turn=name,
        style=f"--sides: {max(1, len(one.sides))}",
    )


def _remark(reading: Reading, remark: Remark | None) -> Html:
    if remark is None:
        return NOTHING
    words = reading.words
    to = reading.face(remark.to).label if remark.to else words("debate.everybody")
    whom = tag("span", text(words("debate.remark_by_you", to=to)), class_="quiet")
    return tag("p", whom, SPACE, tag("q", text(remark.text)), class_="remark")


def _added(reading: Reading, evidence: Iterable[Evidence], numbers: Iterable[int]) -> Html:
    found = citations_of(evidence, numbers)
    if not found:
        return NOTHING
    return tag("p", text(reading.words("debate.added")), SPACE, markers_html(reading, found), class_="added quiet")


def _side(reading: Reading, said: Said, side: SideView) -> Html:
    face = reading.face(side.perspective)
    busy = side.contribution is None
    rebuttals = join(_rebuttal(reading, said, one) for one in side.rebuttals)
    return tag(
        "section",
        tag("header", tag("span", text(face.sign), class_="sign", aria_hidden="true"), tag("h4", text(face.label))),
        tag("ol", rebuttals, class_="claims") if side.rebuttals else NOTHING,
        _silences(reading, said, side),
        _writing(reading, said, side) if busy else _end(reading, side),
        class_=f"column side accent-{face.accent}",
        aria_label=face.label,
        aria_busy="true" if busy else None,
    )


def _rebuttal(reading: Reading, said: Said, rebuttal: Rebuttal) -> Html:
    kind = "claim concession" if rebuttal.concedes else "claim rebuttal"
    target = _target(reading, said, rebuttal.answers, concedes=rebuttal.concedes)
    return claim_html(reading, said.turn, rebuttal.claim, target, kind=kind)


def _target(reading: Reading, said: Said, claim_id: str | None, *, concedes: bool) -> Html:
    """The claim that is answered or granted: its short name, which leads to it, and how it begins."""
    words = reading.words
    if claim_id is None:
        return tag("p", text(words("debate.answers_remark")), class_="target")
    key = "debate.concedes" if concedes else "debate.answers"
    link = claim_link_html(reading, said.turn, claim_id, said.claims)
    claim = said.claims.get(claim_id)
    beginning = _beginning(reading, claim) if claim else NOTHING
    mark = tag("strong", text(words(key))) if concedes else text(words(key))
    return tag("p", tag("span", mark, SPACE, link), beginning, class_="target")


def _beginning(reading: Reading, claim: Claim) -> Html:
    words = quoted(claim, reading.languages)
    return tag("span", text(words), class_="beginning", lang=language_of(reading, claim))


def _silences(reading: Reading, said: Said, side: SideView) -> Html:
    """What this side answers with nothing, and what it has answered before."""
    words = reading.words
    claims = [claim_id for claim_id in side.unanswered if claim_id != REMARK]
    parts: list[Html] = []
    if claims:
        links = claim_links_html(reading, said.turn, claims, said.claims)
        parts.append(tag("p", text(reading.say("debate.nothing_against")), SPACE, links, class_="nothing"))
    if REMARK in side.unanswered:
        parts.append(tag("p", text(reading.say("debate.nothing_to_remark")), class_="nothing"))
    for claim_id, by in side.answered_before.items():
        one = claim_link_html(reading, said.turn, claim_id, said.claims)
        other = claim_link_html(reading, said.turn, by, said.claims)
        parts.append(tag("p", one, text(words("debate.before")), SPACE, other, class_="nothing"))
    return join(parts)


def _writing(reading: Reading, said: Said, side: SideView) -> Html:
    target = _target(reading, said, side.target.answers, concedes=side.target.concedes) if side.target else NOTHING
    if side.pending:
        caret = tag("span", class_="caret", aria_hidden="true")
        return join((target, tag("p", text(side.pending), caret, class_="pending")))
    key = "column.writing" if side.rebuttals or side.target else "column.reading" if side.started else "column.waiting"
    return join((target, tag("p", text(reading.words(key)), class_="working")))


def _end(reading: Reading, side: SideView) -> Html:
    done = side.contribution
    if done is None:
        return NOTHING
    silence = tag("p", text(done.silence), class_="insufficient") if done.silence else NOTHING
    lines = (
        tag("p", text(reading.words.count("dropped_line", done.dropped_lines)), class_="dropped")
        if done.dropped_lines
        else NOTHING
    )
    return join((failure_html(reading, done.error, bool(done.rebuttals)), silence, lines, foot_html(reading, done)))


# --- the closing ----------------------------------------------------------------------------------------------------


def said_in_debate(turn: int, discussion: Discussion) -> Said:
    """All that was said in a debate."""
    return Said(turn, dict(discussion.claims), discussion.opening.evidence)


def closing_html(reading: Reading, turn: int, discussion: Discussion, name: str) -> Html:
    """What the moderator says: what was granted, what nobody could answer, and the comparison of all that was said."""
    closing = discussion.closing
    if closing is None:
        return NOTHING
    said = said_in_debate(turn, discussion)
    outcome = join(
        _outcome(reading, said, key, claim_ids)
        for key, claim_ids in (("conceded", closing.conceded), ("unanswered", closing.unanswered))
    )
    return tag(
        "section",
        tag("h3", text(reading.words("debate.closing"))),
        tag("div", outcome, class_="outcome") if outcome else NOTHING,
        comparison_html(reading, said, closing.comparison),
        class_="closing",
        data_turn=name,
    )


def _outcome(reading: Reading, said: Said, key: str, claim_ids: Iterable[str]) -> Html:
    links = claim_links_html(reading, said.turn, claim_ids, said.claims)
    return tag("p", tag("strong", text(reading.words(f"debate.{key}"))), SPACE, links) if links else NOTHING


def effort_html(reading: Reading, discussion: Discussion) -> Html:
    """Tokens and seconds so far, beside those of one plain answer."""
    words = reading.words
    effort = discussion.effort
    parts: list[str] = []
    if effort.tokens is not None:
        parts.append(words.count("token", effort.tokens))
        if effort.plain_tokens and effort.tokens_ratio:
            plain = words.count("token", effort.plain_tokens)
            parts.append(words("debate.times_plain", ratio=words.number(effort.tokens_ratio, 1), plain=plain))
    parts.append(words.seconds(effort.seconds))
    if effort.seconds_ratio and effort.plain_seconds >= _TELLING:
        plain = words.seconds(effort.plain_seconds)
        parts.append(words("debate.times_plain", ratio=words.number(effort.seconds_ratio, 1), plain=plain))
    return tag("p", text(words("debate.effort", effort=" · ".join(parts))), class_="effort quiet")
