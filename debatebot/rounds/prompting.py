"""The prompt of one side for one round: the prompt of its opening, byte for byte, with the debate after it.

A model server that has read the opening's prompt therefore reads only what is new.
"""

from __future__ import annotations

from collections.abc import Sequence

from debatebot.prompts import Messages, PromptBook, numbered, quoted
from debatebot.rounds.parts import RebuttalRequest
from debatebot.rounds.types import REMARK
from debatebot.types import Claim

_NOTHING = "(nothing)"


def rebuttal_messages(book: PromptBook, request: RebuttalRequest) -> Messages:
    """What a model is sent for `request`."""
    others = request.others
    return book.task(
        "rebuttal",
        request.asked,
        quotes={
            "claims": _claims(request.claims) or _NOTHING,
            "further": numbered(request.asked.articles, request.added) or _NOTHING,
            "remark": quoted(request.remark.text) if request.remark else _NOTHING,
        },
        values={
            "remark_word": f"@{REMARK}",
            "example": others[0].id if others else f"{request.perspective.name}.1",
            "name": request.perspective.name,
        },
    )


def _claims(claims: Sequence[Claim]) -> str:
    return "\n".join(f"@{claim.id} {quoted(claim.text)} {_markers(claim)}".rstrip() for claim in claims)


def _markers(claim: Claim) -> str:
    return "".join(f"[{citation.number}]" for citation in claim.citations)
