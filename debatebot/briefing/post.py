"""A briefing as a post in Markdown: title, reference, headed sections, quotations in the article's marks, numbers as notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debatebot.briefing.types import Briefing, Section
from debatebot.catalog import translate
from debatebot.types import Claim
from debatebot.wording import kind_note, quoted

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def render_post(briefing: Briefing, *, sources: bool = False) -> str:
    """The whole post.

    Args:
        sources: with a note below for each sentence cited.
    """
    blocks = [f"# {escape(briefing.article.title)}", reference(briefing)]
    blocks += [_section(briefing, section, sources) for section in briefing.sections]
    blocks.append(f"*{signature(briefing)}*")
    blocks += [f"*{escape(note)}*" for note in notes(briefing)]
    if sources and briefing.cited:
        blocks.append(
            "\n".join(f"[^{number}]: {escape(item.sentence.text)}" for number, item in briefing.cited.items())
        )
    return "\n\n".join(blocks) + "\n"


def reference(briefing: Briefing) -> str:
    """Who wrote the article, when, where it stands."""
    article = briefing.article
    facts = [escape(fact) for fact in (article.author, article.date, article.source) if fact]
    return f"*{translate('brief.reference', briefing.language, facts=' · '.join(facts))}*"


def heading(section: Section, language: str) -> str:
    """What the section is called."""
    return translate(f"brief.headings.{section.name}", language)


def missing(briefing: Briefing, section: Section) -> str:
    """Why a section is empty: the article has nothing for it; or nothing was written, which tells nothing of the article."""
    if briefing.looked:
        return translate(f"brief.missing.{section.name}", briefing.language)
    key = "unreached" if briefing.engine == "builtin" else "unwritten"
    return translate(f"brief.{key}", briefing.language, engine=briefing.engine)


def signature(briefing: Briefing) -> str:
    """Who has written this, and how."""
    if briefing.engine == "builtin":
        return translate("brief.quoted", briefing.language)
    return translate("brief.written", briefing.language, engine=escape(briefing.engine))


def statement(briefing: Briefing, claim: Claim) -> str:
    """A claim in the quotation marks of its article where it quotes it."""
    return quoted(claim, {briefing.article.id: briefing.article.language})


def notes(briefing: Briefing) -> list[str]:
    """What the reader has to know of the whole: that it broke off, and what was left out of it."""
    language, found = briefing.language, []
    if briefing.error:
        error = briefing.error
        found.append(translate("brief.failed", language, message=error.message, hint=error.hint))
    if briefing.dropped_lines:
        found.append(translate("brief.dropped_lines", language, count=briefing.dropped_lines))
    if briefing.dropped_markers:
        found.append(translate("brief.dropped_markers", language, count=briefing.dropped_markers))
    return found


def invention(briefing: Briefing, section: Section) -> str:
    """That the whole section is a model's own; nothing where it is not, or not all of it."""
    if not section.invented or len(section.invented) < len(section.claims):
        return ""
    return translate("brief.invented", briefing.language, engine=briefing.engine)


def doubt(briefing: Briefing, section: Section, claim: Claim) -> str:
    """What must be said of a claim that nothing bears out, or that a model has made up; nothing for the others."""
    language = briefing.language
    if claim.id in section.invented:
        own = translate("brief.made_up", language, engine=briefing.engine)
        return "" if invention(briefing, section) else own
    if not claim.citations:
        return translate("brief.uncited_fact" if claim.kind == "fact" else "brief.uncited", language)
    return "" if claim.verdict.label == "supported" else translate(f"verdicts.labels.{claim.verdict.label}", language)


def escape(text: str) -> str:
    """Text as Markdown shows it: what would be a sign of Markdown stands for itself."""
    return _SPECIAL.sub(r"\\\1", text)


def _section(briefing: Briefing, section: Section, sources: bool) -> str:
    lines = list(_lines(briefing, section, sources)) or [escape(missing(briefing, section))]
    return "\n\n".join((f"## {heading(section, briefing.language)}", *lines))


def _lines(briefing: Briefing, section: Section, sources: bool) -> Iterator[str]:
    if own := invention(briefing, section):
        yield f"*{escape(own)}*"
    for claim in section.claims:
        kind, note = kind_note(claim, briefing.language), escape(doubt(briefing, section, claim))
        said = " ".join(filter(None, (escape(statement(briefing, claim)), kind and f"*{kind}*")))
        yield " ".join(filter(None, (said + _notes(claim, sources), note and f"*({note})*")))


def _notes(claim: Claim, sources: bool) -> str:
    numbers = [citation.number for citation in claim.citations]
    if sources:
        return "".join(f"[^{number}]" for number in numbers)
    return "".join(f" \\[{number}\\]" for number in numbers)
