"""What the command line prints of debates in rounds and of briefings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from debatebot.briefing.post import doubt, heading, invention, missing, notes, reference, signature, statement
from debatebot.briefing.types import Briefing, Section
from debatebot.catalog import translate
from debatebot.cli.comparison import render_comparison, render_follow_ups
from debatebot.cli.layout import wrap as _wrap
from debatebot.cli.output import _engine, claim_with_verdict
from debatebot.rounds.record import asides
from debatebot.rounds.types import Closing, Contribution, Discussion, Rebuttal, Round
from debatebot.types import Answer, Claim, Debate
from debatebot.wording import kind_note

_TELLING = 0.1  # seconds of a plain answer, below which a debate is not compared with it


def render_discussion(discussion: Discussion, language: str) -> str:
    """The opening, the rounds, what the moderator says, the sentences that are cited, and what could be asked next."""
    shown = _Shown(discussion, language)
    opening = discussion.opening
    searched = _wrap(translate("cli.searched", language, question=opening.searched), "") if opening.rewritten else ""
    blocks = [searched, shown.title("opening"), *map(shown.answer, opening.answers)]
    for one in discussion.rounds:
        blocks += [shown.title("round", number=one.number), *shown.round(one)]
    if discussion.closing:
        blocks += [shown.title("moderator"), *shown.closing(discussion.closing)]
    blocks.append(shown.effort())
    if discussion.closing or discussion.claims:
        blocks.append(shown.sources())
    blocks.append(render_follow_ups(opening, language))
    return "\n\n".join(block for block in blocks if block)


def render_briefing(briefing: Briefing, *, sources: bool = False) -> str:
    """The briefing as plain text; with `sources`, the sentences cited below."""
    blocks = [_wrap(briefing.article.title, ""), _wrap(reference(briefing).strip("*").replace("\\", ""), "")]
    blocks += ["\n".join(_section(briefing, section)) for section in briefing.sections]
    blocks.append("\n".join(_wrap(line, "") for line in (signature(briefing).replace("\\", ""), *notes(briefing))))
    if sources and briefing.cited:
        cited = [_wrap(f"[{number}] {item.sentence.text}", "  ") for number, item in briefing.cited.items()]
        blocks.append("\n".join([translate("brief.sources", briefing.language), *cited]))
    return "\n\n".join(blocks)


def _section(briefing: Briefing, section: Section) -> Iterator[str]:
    yield heading(section, briefing.language)
    if own := invention(briefing, section):
        yield _wrap(own, "  ")
    for claim in section.claims:
        markers = "".join(f"[{citation.number}]" for citation in claim.citations)
        kind, note = kind_note(claim, briefing.language), doubt(briefing, section, claim)
        parts = (statement(briefing, claim), kind, markers, note and f"({note})")
        yield _wrap(" ".join(filter(None, parts)), "  ")
    if not section.claims:
        yield _wrap(missing(briefing, section), "  ")


class _Shown:
    """A debate as lines of text, in the language of the interface."""

    def __init__(self, discussion: Discussion, language: str) -> None:
        self._discussion = discussion
        self._language = language
        self._languages = {article.id: article.language for article in discussion.opening.articles}
        self._labels = {answer.perspective: answer.label for answer in discussion.opening.answers}

    def title(self, key: str, **values: object) -> str:
        """The heading of a part."""
        text = self._say(key, **values)
        return f"{text}\n{'─' * len(text)}"

    def answer(self, answer: Answer) -> str:
        """What a side said in the opening."""
        engine = _engine(answer.engine, self._language)
        lines = [translate("cli.heading", self._language, label=answer.label, engine=engine)]
        lines += [self._claim(claim.id, claim) for claim in answer.claims]
        if answer.status == "insufficient":
            lines.append(_wrap(answer.text, "  "))
        if answer.error:
            lines.append(_wrap(f"✗ {answer.error.message} {answer.error.hint}", "  "))
        return "\n".join(lines)

    def round(self, one: Round) -> Iterator[str]:
        """What was put to the sides, what was found, and what each of them said."""
        lines = []
        if one.remark:
            to = self._labels.get(one.remark.to or "", self._say("everybody"))
            lines.append(_wrap(self._say("remark", to=to, text=one.remark.text), ""))
        if one.added:
            numbers = " ".join(f"[{number}]" for number in one.added)
            lines.append(_wrap(self._say("added", numbers=numbers), ""))
        yield "\n".join(lines)
        yield from map(self._contribution, one.contributions)

    def closing(self, closing: Closing) -> Iterator[str]:
        """What was granted or left unanswered, and the comparison of all that was said."""
        outcome = (("conceded", closing.conceded), ("unanswered", closing.unanswered))
        yield "\n".join(_wrap(self._say(key, claims=", ".join(claims)), "") for key, claims in outcome if claims)
        yield render_comparison(_as_one_question(self._discussion, closing), self._language)

    def effort(self) -> str:
        """What the debate has cost beside one plain answer."""
        effort = self._discussion.effort
        numbers = {"seconds": self._number(effort.seconds), "plain": self._number(effort.plain_seconds)}
        key = "effort" if effort.plain_seconds >= _TELLING else "effort_alone"
        lines = [_wrap(self._say(key, **numbers), "")]
        if effort.tokens is not None and effort.plain_tokens and effort.tokens_ratio:
            ratio = self._number(effort.tokens_ratio)
            tokens = self._say("effort_tokens", tokens=effort.tokens, ratio=ratio, plain=effort.plain_tokens)
            lines.append(_wrap(tokens, ""))
        return "\n".join(lines)

    def sources(self) -> str:
        """The sentences that any claim of the debate cites."""
        claims = self._discussion.claims.values()
        cited = {citation.number: citation.sentence.text for claim in claims for citation in claim.citations}
        lines = [_wrap(f"[{number}] {cited[number]}", "  ") for number in sorted(cited)]
        return "\n".join([translate("cli.sources", self._language), *lines]) if lines else ""

    def _contribution(self, contribution: Contribution) -> str:
        lines = [contribution.label]
        lines += [self._rebuttal(rebuttal) for rebuttal in contribution.rebuttals]
        lines += [_wrap(text, "  ") for text in asides(contribution, self._language, len(self._languages))]
        if contribution.error:
            lines.append(_wrap(f"✗ {contribution.error.message} {contribution.error.hint}", "  "))
        if contribution.dropped_lines:
            lines.append(_wrap(self._say("dropped_lines", count=contribution.dropped_lines), "  "))
        if contribution.dropped_markers:
            dropped = translate("cli.dropped", self._language, count=contribution.dropped_markers)
            lines.append(_wrap(dropped, "  "))
        return "\n".join(lines)

    def _rebuttal(self, rebuttal: Rebuttal) -> str:
        claim = rebuttal.claim
        key = "answers_remark" if rebuttal.answers is None else "concedes" if rebuttal.concedes else "answers"
        return self._claim(self._say(key, id=claim.id, claim=rebuttal.answers), claim)

    def _claim(self, name: str, claim: Claim) -> str:
        return "\n".join((f"  {name}", claim_with_verdict(claim, self._languages, self._language, "    ")))

    def _number(self, value: float) -> str:
        text = f"{value:.1f}" if value >= 0.1 else f"{value:.3f}"
        return text.replace(".", ",") if self._language == "fr" else text

    def _say(self, key: str, **values: object) -> str:
        return translate(f"debate.{key}", self._language, **values)


def _as_one_question(discussion: Discussion, closing: Closing) -> Debate:
    """All that each side has said as one answer, with the moderator's comparison."""
    opening = discussion.opening
    answers = tuple(replace(answer, claims=discussion.claims_of(answer.perspective)) for answer in opening.answers)
    return replace(opening, answers=answers, comparison=closing.comparison)
