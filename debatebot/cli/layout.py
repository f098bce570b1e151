"""How lines are laid out on a terminal."""

from __future__ import annotations

import shutil
import textwrap

_WIDEST = 100


def wrap(text: str, indent: str) -> str:
    """`text` within the terminal's width, the lines after the first indented by two more spaces."""
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
