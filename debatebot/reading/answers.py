"""Questions and passages → whether the passage answers the question."""

from __future__ import annotations

from collections.abc import Sequence

from debatebot.reading.model import Reader
from debatebot.reading.weights import Floats


class QuestionReader(Reader):
    """Reads questions and passages together; models/answers.md is its card. Arguments and errors: see `Reader`."""

    shipped = "answers.npz"

    def read(self, question: str, passages: Sequence[str]) -> Floats:
        """How sure it is that each passage answers the question: logarithms of odds, shape (len(passages),)."""
        said: Floats = self.logits([(question, passage) for passage in passages])[:, 0]
        return said
