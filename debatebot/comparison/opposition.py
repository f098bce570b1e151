"""Whether two claims oppose each other: the one place that decides it.

Two texts may share every word and deny each other, or share none and part all the same; cosines tell neither. What is
known of a sentence here is its outlook: a hopeful and a worried sentence that name the same thing draw opposite conclusions
about it.
"""

from __future__ import annotations

from debatebot.comparison.material import Stated


def opposition(one: Stated, other: Stated) -> float:
    """How clearly two claims take opposite sides, 0 (they do not) to 1; symmetric."""
    if (one.is_hopeful and other.is_worried) or (one.is_worried and other.is_hopeful):
        return min(abs(one.outlook), abs(other.outlook))
    return 0.0
