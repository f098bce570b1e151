"""The environment, with a `.env` file of the working folder below it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from debatebot.errors import SettingsError

DOTENV = Path(".env")


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What `.env` says, and above it what `environ` says; an empty variable counts as unset.

    A line of `.env` that is none of it is passed over: other programs read the file too. See `unreadable_lines`.

    Raises:
        SettingsError: the file cannot be read.
    """
    return {**_below(), **{name: value for name, value in environ.items() if value.strip()}}


def unreadable_lines() -> list[int]:
    """Numbers of the lines of `.env` that are passed over; raises as `environment`."""
    from dotenv.parser import parse_stream

    return [binding.original.line for binding in parse_stream(StringIO(_text())) if binding.error]


def _below() -> dict[str, str]:
    text = _text()
    if not text:  # most have no such file: nothing is imported for it
        return {}
    from dotenv import dotenv_values

    # Chroma's settings read the file too, and each reading would complain of every line.
    logging.getLogger("dotenv").setLevel(logging.ERROR)
    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}


def _text() -> str:
    try:
        return DOTENV.read_text("utf-8") if DOTENV.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("dotenv", reason=str(error)) from error
