"""The rows that training/pairs.py learns from: public sets, and rows made of their sentences.

No set under a non-commercial licence, and none without a licence, is read here. Every row has a group (a claim, a topic, a
page, a passage); whole groups are held out together.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from debatebot.documents.sentences import split

Task = Literal["nli", "stance", "match"]

SUPPORTED, NEUTRAL, CONTRADICTED = (0,), (1,), (2,)
NOT_SUPPORTED, NOT_CONTRADICTED = (1, 2), (0, 1)
FOR, AGAINST, NEITHER = (0,), (1,), (2,)
OTHER_POINT, SAME_POINT = (0,), (1,)

CLOSEST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A pair with the classes that it may be of: more than one where a set does not tell them apart."""

    task: Task
    claim: str
    text: str
    allowed: tuple[int, ...]
    source: str
    group: str

    @property
    def held_out(self) -> bool:
        """True for about a quarter of the groups; of sets that have a development part, for that part."""
        if self.group in ("train", "dev"):
            return self.group == "dev"
        return hashlib.sha256(self.group.encode()).digest()[0] < 64


def records(folder: Path, name: str) -> list[dict[str, Any]]:
    """The lines of a set; JSON Lines, compressed or not."""
    packed = folder / f"{name}.jsonl.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{name}.jsonl").read_bytes()
    return [json.loads(line) for line in text.decode("utf-8").splitlines()]


# --- public sets ----------------------------------------------------------------------------------------------------


def closest(claim: str, sentences: Sequence[str]) -> str:
    """The sentences that share most words with the claim (rare ones count more), in their order, `CLOSEST_CHARACTERS`."""
    words = [set(_words(sentence)) for sentence in sentences]
    wanted = sorted(set(_words(claim)))
    weight = {word: 1.0 / (1 + sum(word in others for others in words)) for word in wanted}
    scores = [sum(weight[word] for word in wanted if word in others) / (4 + len(others)) ** 0.5 for others in words]
    chosen: list[int] = []
    for number in sorted(range(len(sentences)), key=lambda number: -scores[number]):
        if not chosen or sum(len(sentences[other]) for other in chosen) + len(sentences[number]) < CLOSEST_CHARACTERS:
            chosen.append(number)
    return " ".join(sentences[number] for number in sorted(chosen))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def nli_rows(folder: Path) -> list[Row]:
    """Claims with texts that bear them out, say nothing of them, or contradict them."""
    labels = {"entailment": SUPPORTED, "neutral": NEUTRAL, "contradiction": CONTRADICTED}
    rows = [
        Row("nli", row["hypothesis"], row["premise"], labels[row["label"]], "rte3_fr", row["premise"])
        for row in records(folder, "rte3_fr")
    ]
    rows += [
        Row(
            "nli",
            row["hypothesis"],
            row["premise"],
            labels.get(row["label"], NOT_CONTRADICTED),
            "daccord_fr",
            row["url"],
        )
        for row in records(folder, "daccord_fr")
    ]
    rows += [
        Row(
            "nli",
            row["response"],
            closest(row["response"], sentences(row["knowledge"])),
            _attributable(row),
            "begin",
            row["knowledge"],
        )
        for row in records(folder, "begin")
    ]
    rows += [
        Row("nli", row["claim"], closest(row["claim"], row["evidence"]), _borne_out(row), "wice_oracle", row["claim"])
        for row in records(folder, "wice_oracle")
    ]
    return rows + _fever(folder) + _exfever(folder)


def _attributable(row: Mapping[str, Any]) -> tuple[int, ...]:
    return SUPPORTED if row["label"] == "Fully attributable" else NOT_SUPPORTED


def _borne_out(row: Mapping[str, Any]) -> tuple[int, ...]:
    return SUPPORTED if row["label"] == "supported" else NOT_SUPPORTED


def sentences(text: str) -> list[str]:
    """The sentences of a text; the text itself where none is found."""
    return [sentence.text for sentence in split("", text, "en")] or [text]


def _fever(folder: Path) -> list[Row]:
    """Claims and evidence are crossed in this set: what shares either belongs to one group."""
    found = records(folder, "fever_symmetric")
    leader: dict[str, str] = {}

    def lead(text: str) -> str:
        while leader.setdefault(text, text) != text:
            text = leader[text]
        return text

    for row in found:
        leader[lead(row["claim"])] = lead(row["evidence"])
    labels = {"SUPPORTS": SUPPORTED, "REFUTES": CONTRADICTED}
    return [
        Row("nli", row["claim"], row["evidence"], labels[row["label"]], "fever_symmetric", lead(row["claim"]))
        for row in found
    ]


def _exfever(folder: Path) -> list[Row]:
    """Claims with what explains why they are true, false, or not known to be either (EX-FEVER, as used by PIR)."""
    labels = {"SUPPORT": SUPPORTED, "REFUTE": CONTRADICTED, "NOT ENOUGH INFO": NEUTRAL}
    found = records(folder, "pir_exfever")
    texts = {row["id"]: row["text"] for row in found if row["type"] == "doc"}
    return [
        Row("nli", texts[claim], row["root"], labels[row["label"]], "exfever", row["root"])
        for row in found
        if row["type"] == "query" and row["label"] in labels
        for claim in row["gold"]
        if claim in texts
    ]


def stance_rows(folder: Path, chance: random.Random) -> list[Row]:
    """Claims with texts that speak for them, against them, or of something else."""
    sides = {"support": FOR, "undermine": AGAINST, "pro": FOR, "con": AGAINST}
    rows = [
        Row("stance", row["claim"], row["perspective"], sides[row["label"]], "perspectrum_stance", row["split"])
        for row in records(folder, "perspectrum_stance")
    ]
    rows += [
        Row("stance", row["topic"], row["argument"], sides[row["label"]], "argkp_stance", row["split"])
        for row in records(folder, "argkp_stance")
    ]
    evidence = [row for row in records(folder, "debate_evidence") if row["stance"] in sides]
    rows += [
        Row(
            "stance",
            row["claim"],
            _beginning(f"{row['perspective']} {row['evidence']}", 50),
            sides[row["stance"]],
            "debate_evidence",
            row["split"],
        )
        for row in chance.sample(evidence, len(evidence) // 2)
    ]
    return rows + _strangers(rows, chance) + _turned(rows, chance)


def _beginning(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


def _strangers(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """A twelfth of the claims with a text about another claim of the same set."""
    strangers = []
    for row in chance.sample(list(rows), len(rows) // 12):
        other = chance.choice(rows)
        if (other.source, other.group) == (row.source, row.group) and other.claim != row.claim:
            strangers.append(replace(row, text=other.text, allowed=NEITHER, source="strangers"))
    return strangers


def _turned(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Claims turned into their contrary, with the sides changed: what a text says must be read against the claim."""
    turned = []
    for row in rows:
        claim = re.sub(
            r"\bshould\b( not)?", lambda found: "should" if found.group(1) else "should not", row.claim, count=1
        )
        if claim != row.claim and chance.random() < 0.2:
            turned.append(replace(row, claim=claim, allowed=AGAINST if row.allowed == FOR else FOR, source="turned"))
    return turned


def match_rows(folder: Path, chance: random.Random) -> list[Row]:
    """Pairs of statements that make the same point, or not, on one topic."""
    rows = [
        Row("match", row["key_point"], row["argument"], (int(row["label"]),), "argkp_match", row["split"])
        for row in records(folder, "argkp_match")
        if row["split"] == "dev" or row["label"] == 1 or chance.random() < 0.25
    ]
    return rows + _clusters(folder, chance)


def _clusters(folder: Path, chance: random.Random) -> list[Row]:
    by_claim: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in records(folder, "perspectrum_stance"):
        by_claim[row["claim"], row["split"]].append(row)
    rows = []
    for (_, part), members in by_claim.items():
        for one in members:
            other = chance.choice(members)
            if other["perspective"] != one["perspective"] and chance.random() < 0.4:
                same = (int(other["cluster"] == one["cluster"]),)
                rows.append(Row("match", one["perspective"], other["perspective"], same, "perspectrum_match", part))
    return rows
