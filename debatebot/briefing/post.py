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


def missing(section: Section, language: str) -> str:
    """That the article has nothing for this section."""
    return translate(f"brief.missing.{section.name}", language)


def signature(briefing: Briefing) -> str:
    """Who has written this, and how."""
    if briefing.engine == "builtin":
        return translate("brief.quoted", briefing.language)
    return translate("brief.written", briefing.language, engine=escape(briefing.engine))


def statement(briefing: Briefing, claim: Claim) -> str:
    """A claim in the quotation marks of its article where it quotes it."""
    return quoted(claim, {briefing.article.id: briefing.article.language})


def doubt(claim: Claim, language: str) -> str:
    """What must be said of a claim that its sentences do not bear out; nothing for the others."""
    if not claim.citations or claim.verdict.label == "supported":
        return ""
    return translate(f"verdicts.labels.{claim.verdict.label}", language)


def escape(text: str) -> str:
    """Text as Markdown shows it: what would be a sign of Markdown stands for itself."""
    return _SPECIAL.sub(r"\\\1", text)


def _section(briefing: Briefing, section: Section, sources: bool) -> str:
    lines = list(_lines(briefing, section, sources)) or [missing(section, briefing.language)]
    return "\n\n".join((f"## {heading(section, briefing.language)}", *lines))


def _lines(briefing: Briefing, section: Section, sources: bool) -> Iterator[str]:
    if section.is_invented:
        yield f"*{translate('brief.invented', briefing.language, engine=escape(briefing.engine))}*"
    for claim in section.claims:
        kind, note = kind_note(claim, briefing.language), doubt(claim, briefing.language)
        said = " ".join(filter(None, (escape(statement(briefing, claim)), kind and f"*{kind}*")))
        yield " ".join(filter(None, (said + _notes(claim, sources), note and f"*({note})*")))


def _notes(claim: Claim, sources: bool) -> str:
    numbers = [citation.number for citation in claim.citations]
    if sources:
        return "".join(f"[^{number}]" for number in numbers)
    return "".join(f" \\[{number}\\]" for number in numbers)
