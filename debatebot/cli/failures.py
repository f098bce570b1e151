"""What standard error is told of sides that failed; what the others said is printed all the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from debatebot.catalog import translate

if TYPE_CHECKING:
    from debatebot.rounds.types import Contribution
    from debatebot.types import Answer


def tell_failures(said: Iterable[Answer | Contribution], language: str) -> None:
    """Who failed, and why, in one line on standard error; nothing where nobody did."""
    failed: dict[str, dict[str, None]] = {}
    for one in said:
        if one.error:
            failed.setdefault(f"{one.error.message} {one.error.hint}", {})[one.label] = None
    told = [
        translate("cli.failed", language, labels=", ".join(labels), reason=reason) for reason, labels in failed.items()
    ]
    if told:
        typer.echo(f"debatebot: {' '.join(told)}", err=True)
