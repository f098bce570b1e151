"""Train the adapter of debatebot/reading/answers.py, and report how well it tells passages that answer from those that do not.

    python -m training.answers DATA --cache FILE --write FIRST        # 22 minutes on two cores
    python -m training.answers DATA --cache FILE --start FIRST        # eight minutes, on rows of a second stage

Needs PyTorch (pip install torch), which debatebot itself does not. DATA is a folder with piaf_fr, xquad_en and fquad_fr; the
questions that were written for the project are in training/questions, see answer_rows.py. It goes on from the adapter of
pairs.npz, with a head of its own; what it prints belongs into debatebot/models/answers.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from debatebot.reading.weights import Weights, locate, open_weights
from training.answer_rows import AnswerRow, rows, second_rows, twins
from training.pairs import MODEL as PAIRS
from training.pairs import Tensors, batches, frozen_layers, new_adapter, prepare, read, restored, stored, train
from training.question_sets import Collection, Embedder, FileStore

MODEL = PAIRS.with_name("answers.npz")

FIRST = (1.5, 1.0e-3)
SECOND = (1.0, 6.0e-4)
"""Epochs, and rate of learning at its height."""


def loss(logits: torch.Tensor, learned: Sequence[AnswerRow]) -> torch.Tensor:
    """Binary cross entropy of the only head."""
    answers = torch.tensor([float(row.answers) for row in learned])
    weights = torch.tensor([row.weight for row in learned])
    losses = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], answers, reduction="none")
    return (losses * weights).mean()


def fresh_adapter(frozen: Sequence[Tensors]) -> Tensors:
    """The adapter of the pair reader, with one head that says nothing yet."""
    adapter = new_adapter(frozen)
    restored(PAIRS, adapter)
    adapter["heads.weight"] = (torch.randn(768, 8, generator=torch.Generator().manual_seed(1)) * 0.02)[:, :1].clone()
    adapter["heads.bias"] = torch.zeros(1)
    return adapter


def scores(
    asked: Sequence[AnswerRow], weights: Weights, frozen: Sequence[Tensors], adapter: Tensors
) -> NDArray[np.float64]:
    """What the head says of each row."""
    ready = prepare(asked, weights, frozen)
    found = np.zeros(len(asked))
    with torch.no_grad():
        for batch in batches(range(len(asked)), ready.lengths, 4096):
            found[batch] = read(ready, batch, frozen, adapter)[:, 0].numpy()
    return found


def area(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Area under the ROC curve."""
    above, level = positive[:, None] > negative, positive[:, None] == negative
    return float(above.mean() + 0.5 * level.mean())


def kept_back(collections: Sequence[Collection]) -> list[AnswerRow]:
    """Twins to texts that were not learned from, each with the sentence that answers one of them."""
    found = []
    for one in twins(collections, kept_back=True):
        text = " ".join(sentence.text for sentence in one.sentences)[:600]
        found += [AnswerRow(one.answered, text, 1, 1.0), AnswerRow(one.unanswered, text, 0, 1.0)]
    return found


def main() -> None:
    """Read the arguments, train, write the adapter, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="file that keeps the vectors between runs")
    parser.add_argument("--start", type=Path, help="what the first stage wrote: the second goes on from it")
    parser.add_argument("--write", type=Path, default=MODEL)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    store = FileStore(arguments.cache)
    embedder = Embedder(store)
    learned = (second_rows if arguments.start else rows)(arguments.data, embedder)
    store.save()
    weights = open_weights(locate())
    frozen = frozen_layers(weights)
    adapter = fresh_adapter(frozen)
    if arguments.start:
        restored(arguments.start, adapter)
    epochs, rate = SECOND if arguments.start else FIRST
    ready = prepare(learned, weights, frozen)
    train(ready, range(len(learned)), frozen, adapter, epochs=epochs, rate=rate, loss=loss)
    arrays: dict[str, Any] = stored(adapter)
    np.savez_compressed(arguments.write, **arrays)
    held = kept_back([Collection(arguments.data, name, embedder) for name in ("piaf_fr", "xquad_en")])
    said, answers = scores(held, weights, frozen, adapter), np.array([row.answers for row in held])
    sys.stdout.write(f"rows {len(learned)}\n")
    sys.stdout.write(
        f"twins to unseen texts, area under the curve {area(said[answers == 1], said[answers == 0]):.3f}\n"
    )


if __name__ == "__main__":
    main()
