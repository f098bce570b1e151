"""Claim × text → stance, from -1 (the text speaks against the claim) to +1 (for it); and whether two texts make one point.

A stance is a product: against a ban and for what was to be banned are one side. So the two embeddings meet in a bilinear form,
and what the words say of each text (`signals`) meets likewise. How it was trained and how well it does: models/stance.md.
"""

from debatebot.stance.scorer import StanceScorer

__all__ = ["StanceScorer"]
