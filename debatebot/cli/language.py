"""Which language the command line speaks."""

from __future__ import annotations

import os
from collections.abc import Mapping

from debatebot.catalog import DEFAULT_LANGUAGE, translate
from debatebot.environment import environment
from debatebot.errors import SettingsError


def interface_language(environ: Mapping[str, str]) -> str:
    """DEBATEBOT_LANGUAGE, else the language the terminal is set to, else French."""
    for name in ("DEBATEBOT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        language = environ.get(name, "").strip().lower()[:2]
        if language in ("fr", "en"):
            return language
    return DEFAULT_LANGUAGE


def chosen_language() -> str:
    """That of the environment and of `.env`."""
    try:
        return interface_language(environment(os.environ))
    except SettingsError:  # told when a command wants its settings
        return interface_language(os.environ)


LANGUAGE = chosen_language()


def say(key: str, /, **values: object) -> str:
    """An entry of the catalogs below `cli`."""
    return translate(f"cli.{key}", LANGUAGE, **values)
