"""Count in how many sentences each stem stands: debatebot/models/grounding_words.json.

    python training/grounding_words.py DATA

DATA is the folder of public benchmarks. Only sets whose licence allows sharing counts are read; no label is used. The
result is deterministic: the same files give the same bytes.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from debatebot.grounding.lexicon import stem
from debatebot.grounding.words import tokenise

SOURCES = {
    "en": ("wice_claims", "begin", "debate_evidence", "perspectrum_stance", "xquad_en_passages", "tatoeba_fr_en"),
    "fr": ("piaf_fr_passages", "cnil_fr_passages", "rte3_fr", "daccord_fr", "tatoeba_fr_en"),
}
FIELDS = ("sentences", "claim", "knowledge", "evidence", "perspective", "text", "premise", "hypothesis")
FEWEST = {"en": 4, "fr": 2}
"""Sentences a stem must stand in to be kept; the French text is smaller."""
TARGET = Path(__file__).parent.parent / "debatebot" / "models" / "grounding_words.json"


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a set, gzipped or not."""
    packed = folder / f"{name}.jsonl.gz"
    text = (
        gzip.decompress(packed.read_bytes()).decode()
        if packed.exists()
        else (folder / f"{name}.jsonl").read_text("utf-8")
    )
    yield from map(json.loads, text.splitlines())


def sentences(row: dict[str, Any], language: str) -> Iterator[str]:
    """The texts of a row, cut at full stops."""
    for field in (*FIELDS, language):
        value = row.get(field, "")
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield from re.split(r"(?<=[.!?]) ", text)


def weights(folder: Path, language: str) -> dict[str, str]:
    """Weight (logarithm of the inverse share of sentences, to one half) → stems that have it."""
    texts = {
        text for name in SOURCES[language] for row in rows(folder, name) for text in sentences(row, language) if text
    }
    counts: Counter[str] = Counter()
    for text in texts:
        lower = (
            token
            for token in tokenise(text)
            if token.text[0].islower() and token.text.isalpha() and len(token.text) > 1
        )
        counts.update({stem(token.key, language) for token in lower})
    classes: dict[float, list[str]] = {}
    for word, count in counts.items():
        if count >= FEWEST[language]:
            classes.setdefault(round(2 * math.log(len(texts) / count)) / 2, []).append(word)
    return {f"{weight:g}": " ".join(sorted(words)) for weight, words in sorted(classes.items())}


def main(folder: Path) -> None:
    """Write TARGET."""
    content = {"weights": {language: weights(folder, language) for language in SOURCES}}
    TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
