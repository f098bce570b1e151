"""Text as a reader sees it: without control characters, and without what hides or turns round what stands beside it."""

from __future__ import annotations

import re

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x85\u2028]")
_PARAGRAPH_BREAK = re.compile("[\x0c\u2029]")
# Joiners are part of words in some scripts, and hold a family of emoji together; elsewhere nobody sees them.
_JOINED = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af"
_EMOJI = "\u2190-\u2bff\u3030-\u303d\U0001f000-\U0001faff"
_SEEN = f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
_INVISIBLE = re.compile(
    f"({_SEEN})|["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff"  # soft hyphen, spaces without width, joiners, byte order mark
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction of writing
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"  # annotations, tags (a text hidden in a text), selectors
)


def visible(text: str) -> str:
    """`text` with `\\n` for every kind of line break, and without anything that a reader cannot see."""
    return _INVISIBLE.sub(r"\1", _PARAGRAPH_BREAK.sub("\n\n", _LINE_BREAK.sub("\n", text)))
