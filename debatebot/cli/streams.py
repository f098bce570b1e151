"""Standard output as the command line finds it: closed, full, or with nobody at the other end."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

import typer

from debatebot.visible import visible


def write(text: str) -> None:
    """Print a line or several, without what would command the terminal.

    Raises:
        OSError: it cannot be written.
    """
    if sys.stdout is None:  # closed when the program was started
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    typer.echo(visible(text))


def silence() -> None:
    """Let what could not be written go, or Python would try once more when it ends, and fail."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
