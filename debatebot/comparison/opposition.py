"""Whether two claims oppose each other: the one place that decides it.

Two texts may share every word and deny each other, or share none and part all the same; cosines tell neither. What is
known of a sentence here is its outlook: a hopeful and a worried sentence that name the same thing draw opposite conclusions
about it.

The pair reader (`debatebot.reading`) was tried on 110 hopeful and worried pairs of the sample articles and is not asked. On
true opposites it was of no use: for « Le harcèlement en ligne pourrait reculer » and « … risque simplement de se déplacer » it
says that they make one point (0.55) and that one speaks for the other (+0.34), for "Running costs can fall" and "can rise"
likewise (0.60); what it called a contradiction (0.68) were two studies that both found nothing. A high stance both ways did
mark pairs that argue alike, but from 0.35 on only, with true opposites at 0.31 and 0.34. It takes some 60 ms a pair.
"""

from __future__ import annotations

from debatebot.comparison.material import Stated


def opposition(one: Stated, other: Stated) -> float:
    """How clearly two claims take opposite sides, 0 (they do not) to 1; symmetric."""
    if (one.is_hopeful and other.is_worried) or (one.is_worried and other.is_hopeful):
        return min(abs(one.outlook), abs(other.outlook))
    return 0.0
