"""Claims as lines of text, the same on the page, on the command line and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from debatebot.catalog import translate
from debatebot.types import Claim


def answer_text(claims: Sequence[Claim], languages: Mapping[str, str]) -> str:
    """A whole answer as text: one claim a line.

    Args:
        languages: article id → language, which decides the quotation marks.
    """
    return "\n".join(claim_line(claim, languages) for claim in claims)


def claim_line(claim: Claim, languages: Mapping[str, str], note: str = "") -> str:
    """One claim as a line: connecting words, statement (in quotation marks when it quotes), markers.

    Args:
        note: what is said of the statement right after it.
    """
    markers = "".join(f"[{citation.number}]" for citation in claim.citations)
    return " ".join(part for part in (claim.lead, quoted(claim, languages), note, markers) if part)


def kind_note(claim: Claim, language: str) -> str:
    """That a claim is an opinion, or concluded rather than read, in brackets; a fact needs no word."""
    return "" if claim.kind == "fact" else f"({translate(f'page.claim.{claim.kind}', language)})"


def quoted(claim: Claim, languages: Mapping[str, str]) -> str:
    """The claim's text, in its article's quotation marks when it is a sentence of the article word for word."""
    if not claim.is_quotation:
        return claim.text
    language = languages.get(claim.citations[0].sentence.article_id)
    return f"«\u00a0{claim.text}\u00a0»" if language == "fr" else f"“{claim.text}”"
