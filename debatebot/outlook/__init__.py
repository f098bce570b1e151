"""Sentence → outlook, from -1 (worried) over 0 (neither: a plain fact, a weighing of both) to +1 (hopeful).

Two kinds of evidence, since each misses what the other sees. Embeddings know what a sentence is about, and take "the risk"
and "the risk has disappeared" for nearly the same; word lists (`valence`) know how meanings combine. A multinomial logistic
regression over both gives the probabilities of hopeful and worried; the outlook is their difference. A sentence that says in
so many words where it stands is put on that side (`said`). How it was trained and how well it does: models/outlook.md.
"""

from debatebot.outlook.scorer import OutlookScorer

__all__ = ["OutlookScorer"]
