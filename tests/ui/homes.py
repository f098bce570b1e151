"""Homes for tests of the page: a few sample articles instead of all, for embedding one takes seconds."""

from __future__ import annotations

from pathlib import Path

from debatebot.factory import open_library, sample_articles, settings_from
from debatebot.types import Article


def shortest_samples(count: int) -> list[Article]:
    """The sample articles that a test home holds."""
    return sorted(sample_articles(), key=lambda article: len(article.text))[:count]


def leave_out_other_samples(home: Path, kept: int) -> None:
    """Let a home believe that it once had all the sample articles but the `kept` shortest."""
    home.mkdir(parents=True, exist_ok=True)
    library = open_library(settings_from({"DEBATEBOT_HOME": str(home)}))
    wanted = {article.id for article in shortest_samples(kept)}
    for article in sample_articles():
        if article.id not in wanted:
            library.remember(f"sample:{article.content_hash}", article.id)
    library.close()
