"""Both things the judge says of a claim, as scores."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assessment:
    """How likely a claim follows from what it cites, and how likely it contradicts it; 0 to 1 each."""

    support: float
    contradiction: float
