"""A process that adds articles to an index, for the tests of several processes: PATH NAME ROUNDS; 0 rounds reset it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from debatebot.index import Index
from debatebot.types import Article, Sentence, Vectors


class NumberEmbeddings:
    """Vectors by chance, always the same for one text: only a text itself is near to it."""

    name = "numbers"

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Vectors:
        vector = np.random.default_rng(list(text.encode())).normal(size=32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


EMBEDDINGS = NumberEmbeddings()


def numbered(name: str) -> tuple[Article, list[Sentence], Vectors]:
    """An article of forty sentences."""
    sentences = [Sentence(name, at, 0, 0, f"{name} phrase {at}.", at // 5) for at in range(40)]
    texts = [sentence.text for sentence in sentences]
    return Article(name, " ".join(texts), name, "test", "fr", ""), sentences, EMBEDDINGS.passages(texts)


def is_whole(index: Index, name: str) -> bool:
    """Whether the article of that name is found as it was added."""
    article, sentences, vectors = numbered(name)
    found = index.search(sentences[7].text, "fr", [article])
    same = list(found.sentences) == sentences and np.allclose(found.vectors, vectors, atol=1e-6)
    return same and found.hits[0].sentence == sentences[7]


def main(path: Path, name: str, rounds: int) -> None:
    index = Index(EMBEDDINGS, path=path)
    if not rounds:
        index.reset()
    for number in range(rounds):
        index.add(*numbered(f"{name}{number}"))
        assert is_whole(index, f"{name}{number}")
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
