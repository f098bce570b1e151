"""Adding an article: how much of the time is spent in the embedding model, and what a known article costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence

from debatebot.debater import Debater
from debatebot.embeddings import BuiltinEmbeddings
from debatebot.factory import parts_of_debater, sample_articles
from debatebot.settings import Settings
from debatebot.types import Vectors
from tests.benchmarks.timing import Row
from tests.fakes import make_article


class _Stopwatch(BuiltinEmbeddings):
    """The built-in model, counting what it is given and the seconds it takes."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.texts = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed, on the clock."""
        began = time.perf_counter()
        try:
            return super().passages(texts)
        finally:
            self.seconds += time.perf_counter() - began
            self.texts += len(texts)


def rows() -> Iterator[Row]:
    """A new article, then the same one again."""
    article = sorted(sample_articles(), key=lambda one: len(one.text))[-2]
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_env({"DEBATEBOT_HOME": home})
        watch = _Stopwatch()
        debater = Debater(**parts_of_debater(settings, model=watch))
        # What is done once a process (loading models, making tables) is not part of adding an article.
        debater.add(make_article("One sentence to begin with."))
        for what, aim in (("new article", "≤ 1.11 (90 % in the model)"), ("known article", "0 texts embedded")):
            watch.seconds, watch.texts = 0.0, 0
            began = time.perf_counter()
            debater.add(article)
            whole = time.perf_counter() - began
            told = f"{what}, {watch.texts} texts embedded: adding / the model's part"
            yield Row(told, whole, watch.seconds or whole, aim)
        debater.close()
