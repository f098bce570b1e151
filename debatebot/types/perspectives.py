"""How an answer is framed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

OutlookPreference = Literal["hopeful", "balanced", "worried", "any"]


@dataclass(frozen=True, slots=True)
class Perspective:
    """One file of prompts/: how an answer is framed, never what is true."""

    name: str
    labels: Mapping[str, str]
    """What the reader sees, by language."""
    order: int
    sign: str
    """A sign that tells the perspective from the others without colour."""
    accent: str
    """Name of one of the page's accent colours."""
    version: int
    outlook: OutlookPreference
    """Which sentences may support it: a hopeful perspective cites no worried sentence as support, and the reverse."""
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Connecting phrases of the built-in engine: language → role → variants."""
    framing: str
    """The text for a model, with its variables filled in per question."""
    content_hash: str
    """SHA-256 of the file, beginning: tells which prompt an answer was made with."""

    def label(self, language: str) -> str:
        """The name to show in `language`; English stands in for a language without a label."""
        return self.labels.get(language) or self.labels["en"]
