"""Leave out what a reasoning model thinks aloud: `<think>…</think>`, wherever the pieces of a stream cut it."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_BEGUN_TAG = re.compile(r"<[/a-z]{0,11}\Z", re.IGNORECASE)


class ThoughtFilter:
    """Pieces of text in, the same without thoughts out; a piece of a tag is held back until it is whole."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._orphan = False

    def feed(self, piece: str) -> str:
        """What of the text so far is no thought and was not given yet."""
        text = self._held + piece
        self._held = ""
        spoken: list[str] = []
        while match := _TAG.search(text):
            before, text = text[: match.start()], text[match.end() :]
            closes = bool(match[1])
            if closes and not self._thinking:
                # Some servers begin the thought in their own template: only its end is in the reply.
                self._orphan = True
                spoken.clear()
            elif not self._thinking:
                spoken.append(before)
            self._thinking = not closes
        if begun := _BEGUN_TAG.search(text):
            text, self._held = text[: begun.start()], text[begun.start() :]
        if not self._thinking:
            spoken.append(text)
        return "".join(spoken)

    def all_was_thought(self) -> bool:
        """Whether the last piece showed that everything before it was a thought; asked once."""
        orphan, self._orphan = self._orphan, False
        return orphan

    def rest(self) -> str:
        """What was held back, when nothing more comes."""
        held, self._held = self._held, ""
        return "" if self._thinking else held
