"""What went wrong, in one line on standard error, and the status that goes with it."""

from __future__ import annotations

import re
from contextlib import suppress

import typer

from debatebot.cli import streams
from debatebot.cli.language import LANGUAGE
from debatebot.errors import DebatebotError, ErrorDescription, StorageError
from debatebot.visible import visible

ANSWERED, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130


def explanation(error: Exception) -> str:
    """What a usage error says, on one line."""
    text: str = getattr(error, "format_message", error.__str__)()
    return " ".join(text.split())


def refuse(error: DebatebotError) -> int:
    """Tell of an error; the status of bad input."""
    return tell(error.describe(LANGUAGE))


def tell(description: ErrorDescription) -> int:
    """One line on standard error; the status of bad input."""
    # What a library says of its failure often ends without a stop.
    stop = "" if description.message.endswith((".", "!", "?")) else "."
    line = re.sub("[ \t\n]+", " ", visible(f"debatebot: {description.message}{stop} {description.hint}"))
    with suppress(OSError):  # nobody is left to be told
        typer.echo(line, err=True)
    return BAD_INPUT


def leave_output(error: OSError | None) -> int:
    """Nothing more can be written to standard output: the reader has gone (None), or it failed."""
    streams.silence()
    return ANSWERED if error is None else refuse(StorageError("output", reason=error.strerror or error))
