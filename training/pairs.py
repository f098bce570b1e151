"""Train the adapter of debatebot/reading on public data, and report how well it reads pairs that were held out.

    python -m training.pairs DATA [--hold-out] [--start FILE] [--epochs N] [--write FILE]

Needs PyTorch (pip install torch), which debatebot itself does not. DATA is a folder with the sets that pair_rows.py reads
(JSON Lines). The weights of multilingual-e5-small stay as they are; what the layers below `BELOW` make of each pair is
computed once. Above them low-rank matrices (LoRA), biases and norms are trained, and three heads. Without --hold-out all rows
are learned from and debatebot/models/pairs.npz is written; what --hold-out prints belongs into pairs.md beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as torch_functions
from numpy.typing import NDArray

from debatebot.reading.tokens import Tokenization, Tokens
from debatebot.reading.weights import Weights, locate, open_weights
from training.pair_changes import made_rows
from training.pair_figures import figures, unseen_rows
from training.pair_rows import Row, match_rows, nli_rows, stance_rows

MODEL = Path(__file__).parents[1] / "debatebot" / "models" / "pairs.npz"

BELOW, LAYERS = 5, 9
"""Layers that stay as they are, and layers in all: the upper three of twelve are left out, which saves a quarter of the time."""

RANK = 24
RATE = 1.2e-3  # of learning, at its height
WARM_UP = 0.06  # of all steps
BATCH_TOKENS, BATCHES_A_STEP = 768, 4
POOL = 4096  # pairs shuffled together before they are put into batches of about one length
MADE = 3000

# Of the rows of large sets, to save time; all rows of the others.
SHARES = {"argkp_match": 0.45, "perspectrum_match": 0.6, "debate_evidence": 0.5}

HEADS = {"nli": slice(0, 3), "stance": slice(3, 6), "match": slice(6, 8)}

# How much a row counts. The sets that are small and say most about truth count double; made rows are easy and count less.
WEIGHTS = {
    "rte3_fr": 2.0,
    "daccord_fr": 2.0,
    "fever_symmetric": 2.0,
    "exfever": 1.0,
    "wice_oracle": 1.0,
    "begin": 1.0,
    "made": 0.7,
    "translated": 0.7,
    "perspectrum_stance": 1.2,
    "argkp_stance": 1.0,
    "debate_evidence": 0.7,
    "strangers": 0.7,
    "turned": 0.7,
    "argkp_match": 0.5,
    "perspectrum_match": 0.5,
}

LINEAR = {"q+k+v": (384, 1152), "ao": (384, 384), "fi": (384, 1536), "fo": (1536, 384)}
NORMS = ("aln", "oln")

Tensors = dict[str, torch.Tensor]


# --- the transformer, as debatebot/reading/transformer.py has it, in bfloat16 -----------------------------------------


def frozen_layers(weights: Weights) -> list[Tensors]:
    """The layers of the base model; matrices in bfloat16 as torch wants them (outputs, inputs)."""
    return [_frozen_layer(weights, number) for number in range(LAYERS)]


def _frozen_layer(weights: Weights, number: int) -> Tensors:
    tensors = {}
    for names, (inputs, _) in LINEAR.items():
        parts = [f"l{number}.{name}" for name in names.split("+")]
        matrix = np.concatenate([weights.matrix(f"{part}.w", inputs) for part in parts])
        tensors[names] = torch.from_numpy(matrix).to(torch.bfloat16)
        tensors[f"{names}.b"] = torch.from_numpy(np.concatenate([weights.numbers(f"{part}.b") for part in parts]))
    for name in NORMS:
        for kind in "wb":
            tensors[f"{name}.{kind}"] = torch.from_numpy(weights.numbers(f"l{number}.{name}.{kind}").copy())
    return tensors


def new_adapter(frozen: Sequence[Tensors]) -> Tensors:
    """An adapter that changes nothing yet, and heads that say nothing."""
    generator = torch.Generator().manual_seed(0)
    adapter = {}
    for number in range(BELOW, LAYERS):
        for names, (inputs, outputs) in LINEAR.items():
            adapter[f"l{number}.{names}.down"] = torch.randn(inputs, RANK, generator=generator) * inputs**-0.5
            adapter[f"l{number}.{names}.up"] = torch.zeros(RANK, outputs)
            adapter[f"l{number}.{names}.b"] = frozen[number][f"{names}.b"].clone()
        for name in NORMS:
            adapter |= {f"l{number}.{name}.{kind}": frozen[number][f"{name}.{kind}"].clone() for kind in "wb"}
    adapter["heads.weight"] = torch.randn(768, 8, generator=generator) * 0.02
    adapter["heads.bias"] = torch.zeros(8)
    return adapter


def run_layer(x: torch.Tensor, there: torch.Tensor, number: int, frozen: Tensors, adapter: Tensors) -> torch.Tensor:
    """One layer; x of shape (pairs, tokens, width), bfloat16."""

    def part(name: str) -> torch.Tensor:
        return adapter.get(f"l{number}.{name}", frozen[name]).to(torch.bfloat16)

    def linear(inputs: torch.Tensor, names: str) -> torch.Tensor:
        outputs = torch_functions.linear(inputs, frozen[names], part(f"{names}.b"))
        if f"l{number}.{names}.down" not in adapter:
            return outputs
        down, up = (adapter[f"l{number}.{names}.{way}"].to(torch.bfloat16) for way in ("down", "up"))
        return outputs + (inputs @ down) @ up

    def norm(inputs: torch.Tensor, name: str) -> torch.Tensor:
        return torch_functions.layer_norm(inputs, (384,), part(f"{name}.w"), part(f"{name}.b"), 1e-12)

    pairs, tokens, width = x.shape
    queries, keys, values = linear(x, "q+k+v").view(pairs, tokens, 3, 12, 32).permute(2, 0, 3, 1, 4)
    read = torch_functions.scaled_dot_product_attention(queries, keys, values, attn_mask=there[:, None, None, :])
    x = norm(x + linear(read.transpose(1, 2).reshape(pairs, tokens, width), "ao"), "aln")
    return norm(x + linear(torch_functions.gelu(linear(x, "fi"), approximate="tanh"), "fo"), "oln")


# --- rows ready to be learned from ------------------------------------------------------------------------------------


class Pair(Protocol):
    """What is read together."""

    @property
    def claim(self) -> str:
        """What is read first."""

    @property
    def text(self) -> str:
        """What is read after it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows with what the layers below make of them: `states[starts[i]:starts[i] + lengths[i]]`, bfloat16 as int16."""

    rows: Sequence[Pair]
    lengths: list[int]
    starts: list[int]
    states: NDArray[np.int16]

    def batch(self, numbers: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Padded states of some rows, and where there are tokens."""
        longest = max(self.lengths[number] for number in numbers)
        x = torch.zeros(len(numbers), longest, 384, dtype=torch.bfloat16)
        there = torch.zeros(len(numbers), longest, dtype=torch.bool)
        for place, number in enumerate(numbers):
            length, start = self.lengths[number], self.starts[number]
            x[place, :length] = torch.from_numpy(self.states[start : start + length].copy()).view(torch.bfloat16)
            there[place, :length] = True
        return x, there


def prepare(rows: Sequence[Pair], weights: Weights, frozen: Sequence[Tensors]) -> Ready:
    """Run all rows through the layers below."""
    tokens = Tokenization(weights.vocabulary()).pairs([(row.claim, row.text) for row in rows])
    lengths = [len(row) for row in tokens]
    starts = [int(start) for start in np.cumsum([0, *lengths])]
    embedded = np.concatenate([_embedded(row, weights) for row in tokens])
    ready = Ready(rows, lengths, starts, torch.from_numpy(embedded).to(torch.bfloat16).view(torch.int16).numpy())
    with torch.no_grad():
        for numbers in batches(range(len(rows)), lengths, 4096):
            x, there = ready.batch(numbers)
            for layer in range(BELOW):
                x = run_layer(x, there, layer, frozen[layer], {})
            for place, number in enumerate(numbers):
                start, length = starts[number], lengths[number]
                ready.states[start : start + length] = x[place, :length].contiguous().view(torch.int16).numpy()
    return ready


def _embedded(tokens: Tokens, weights: Weights) -> NDArray[np.float32]:
    x = weights.rows("emb.word", tokens) + weights.numbers("emb.pos").reshape(-1, 384)[: len(tokens)]
    x += weights.numbers("emb.type")[:384]
    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt(np.square(x).mean(axis=1, keepdims=True) + weights.epsilon)
    return np.asarray(x * weights.numbers("emb.ln.w") + weights.numbers("emb.ln.b"), dtype=np.float32)


def batches(numbers: Sequence[int], lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Rows of about one length together, as many as `tokens` allows, padding counted in."""
    found: list[list[int]] = [[]]
    for number in sorted(numbers, key=lambda number: lengths[number]):
        if found[-1] and (len(found[-1]) + 1) * lengths[number] > tokens:
            found.append([])
        found[-1].append(number)
    return found


# --- learning ---------------------------------------------------------------------------------------------------------


def read(ready: Ready, numbers: Sequence[int], frozen: Sequence[Tensors], adapter: Tensors) -> torch.Tensor:
    """What the heads say of some rows; shape (rows, 8)."""
    x, there = ready.batch(numbers)
    for layer in range(BELOW, LAYERS):
        x = run_layer(x, there, layer, frozen[layer], adapter)
    x = x.float()
    mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True)
    return torch.cat([x[:, 0], mean], 1) @ adapter["heads.weight"] + adapter["heads.bias"]


def loss(logits: torch.Tensor, rows: Sequence[Row]) -> torch.Tensor:
    """How little probability the heads give to the classes that a row may be of."""
    of_task, allowed = torch.zeros(len(rows), 8, dtype=torch.bool), torch.zeros(len(rows), 8, dtype=torch.bool)
    for place, row in enumerate(rows):
        columns = HEADS[row.task]
        of_task[place, columns] = True
        allowed[place, [columns.start + number for number in row.allowed]] = True
    weight = torch.tensor([WEIGHTS[row.source] for row in rows])
    whole, part = (torch.logsumexp(logits.masked_fill(~mask, -1e9), 1) for mask in (of_task, allowed))
    return ((whole - part) * weight).mean()


def train(
    ready: Ready,
    numbers: Sequence[int],
    frozen: Sequence[Tensors],
    adapter: Tensors,
    *,
    epochs: float,
    rate: float,
    loss: Callable[[torch.Tensor, Sequence[Any]], torch.Tensor] = loss,
) -> None:
    """Change the adapter in place; the rate falls to zero in a straight line.

    Args:
        loss: of what the heads say of some rows, shape (rows, heads), and these rows.
    """
    for tensor in adapter.values():
        tensor.requires_grad_(True)
    matrices = [tensor for tensor in adapter.values() if tensor.ndim == 2]
    others = [tensor for tensor in adapter.values() if tensor.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate)
    steps = list(_steps(ready, numbers, epochs))
    for step, together in enumerate(steps):
        factor = min(1.0, (step + 1) / (WARM_UP * len(steps))) * max(0.02, 1 - step / len(steps))
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
        optimizer.zero_grad()
        for batch in together:
            found = loss(read(ready, batch, frozen, adapter), [ready.rows[number] for number in batch])
            (found / len(together)).backward()
        torch.nn.utils.clip_grad_norm_(list(adapter.values()), 1.0)
        optimizer.step()
        if step % 50 == 0:
            sys.stderr.write(f"step {step} of {len(steps)}: {found.item():.3f}\n")


def _steps(ready: Ready, numbers: Sequence[int], epochs: float) -> Iterator[list[list[int]]]:
    chance = random.Random(0)
    plan: list[list[int]] = []
    size = 0
    for epoch in range(int(np.ceil(epochs))):
        plan += _shuffled(ready, numbers, chance)
        size = size or len(plan)
        if epoch + 1 > epochs:
            del plan[int(size * epochs) :]
    for start in range(0, len(plan) - BATCHES_A_STEP + 1, BATCHES_A_STEP):
        yield plan[start : start + BATCHES_A_STEP]


def _shuffled(ready: Ready, numbers: Sequence[int], chance: random.Random) -> list[list[int]]:
    order = list(numbers)
    chance.shuffle(order)
    found = []
    for start in range(0, len(order), POOL):
        found += batches(order[start : start + POOL], ready.lengths, BATCH_TOKENS)
    chance.shuffle(found)
    return found


# --- what comes out ---------------------------------------------------------------------------------------------------


def stored(adapter: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    """The adapter as debatebot/reading wants it: float16, the biases of queries, keys and values apart."""
    arrays: dict[str, Any] = {"layers": np.array(LAYERS)}
    for name, tensor in adapter.items():
        values = tensor.detach().numpy().astype(np.float16)
        if ".q+k+v.b" in name:
            arrays |= {name.replace("q+k+v", one): part for one, part in zip("qkv", np.split(values, 3), strict=True)}
        else:
            arrays[name] = values
    return arrays


def restored(path: Path, adapter: Tensors) -> None:
    """Fill an adapter with what was stored."""
    with np.load(path) as arrays:
        for name, tensor in adapter.items():
            names = [name.replace("q+k+v", one) for one in "qkv"] if ".q+k+v.b" in name else [name]
            tensor.data.copy_(torch.from_numpy(np.concatenate([arrays[one] for one in names]).astype(np.float32)))


def gather(folder: Path) -> list[Row]:
    """All rows; each kind is drawn by a chance of its own, so that one does not shift the others."""
    rows = nli_rows(folder) + stance_rows(folder, random.Random(1)) + match_rows(folder, random.Random(1))
    rows += made_rows(folder, random.Random(1), MADE)
    chance = random.Random(5)
    return [row for row in rows if chance.random() < SHARES.get(row.source, 1.0)]


def main() -> None:
    """Read the arguments, train, write the adapter, print the figures of what was held out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--start", type=Path, help="an adapter to go on from")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--write", type=Path, default=MODEL)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    weights = open_weights(locate())
    frozen = frozen_layers(weights)
    adapter = new_adapter(frozen)
    if arguments.start:
        restored(arguments.start, adapter)
    rows = gather(arguments.data)
    unseen = unseen_rows(arguments.data) if arguments.hold_out else []
    ready = prepare([*rows, *unseen], weights, frozen)
    learned = [number for number, row in enumerate(rows) if not (arguments.hold_out and row.held_out)]
    train(ready, learned, frozen, adapter, epochs=arguments.epochs, rate=arguments.rate)
    np.savez_compressed(arguments.write, **stored(adapter))
    if arguments.hold_out:
        held = sorted(set(range(len(ready.rows))) - set(learned))
        everything = [*rows, *unseen]
        found = figures(
            [everything[number] for number in held], _read_all(ready, held, frozen, adapter), _texts(rows, learned)
        )
        sys.stdout.write(json.dumps(found, indent=1) + "\n")


def _read_all(ready: Ready, numbers: Sequence[int], frozen: Sequence[Tensors], adapter: Tensors) -> NDArray[np.float64]:
    logits = np.zeros((len(ready.rows), 8))
    with torch.no_grad():
        for batch in batches(numbers, ready.lengths, 4096):
            logits[batch] = read(ready, batch, frozen, adapter).numpy()
    return logits[list(numbers)]


def _texts(rows: Sequence[Row], numbers: Sequence[int]) -> set[str]:
    return {rows[number].text for number in numbers}


if __name__ == "__main__":
    main()
