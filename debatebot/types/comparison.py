"""Where answers agree and differ, what nobody used, what could be asked next; and a question with all that was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from debatebot.errors import ErrorDescription
from debatebot.types.answers import Answer, Usage
from debatebot.types.sources import Article, Evidence, Sentence

Relation = Literal["shared", "opposed", "one-sided"]
DisagreementKind = Literal["empirical", "value"]
ConflictKind = Literal["number", "name", "date"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One row of the comparison: what it is about, and what each perspective says of it.

    `cells`: perspective → id of its claim, in the order of the answers; a perspective that says nothing of it has no
    cell. `relation`: "shared": the claims say the same; "opposed": two of them part; "one-sided": only one speaks of it.
    """

    name: str
    cells: Mapping[str, str]
    relation: Relation


@dataclass(frozen=True, slots=True)
class CommonGround:
    """A statement that several perspectives make on the same evidence: `claims` are their ids, `citations` the numbers."""

    statement: str
    claims: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims of opposite sides about one thing. `positions`: perspective → claim id. `crux`: what would settle it.

    `kind`: "empirical": about what is or will be; "value": about what matters. `crux_sentence`: the sentence of an
    article that the crux is, word for word; None where a model has written it.
    """

    issue: str
    kind: DisagreementKind
    positions: Mapping[str, str]
    crux: str | None
    crux_sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class UnusedSentence:
    """A sentence that bears on the question and that no side has cited.

    `number`: its number in the conversation; None for a sentence outside the evidence. `relevance`: 0 to 1, to the
    question. `distance`: 0 to 1, from the nearest sentence that is cited (1 - cosine).
    """

    sentence: Sentence
    number: int | None
    relevance: float
    distance: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more perspectives state different facts of one thing. `values`: claim id → what it states, in its words."""

    kind: ConflictKind
    about: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SideBalance:
    """How much one perspective says, and of what kind.

    `claims`, `words` of them, `cited`: distinct sentences; `hedges`: words such as "may" and "perhaps";
    `mean_outlook` of the sentences cited and `said_outlook` of what is said, -1 to 1, None where nothing is;
    `coverage`: share of the evidence cited, each sentence counting by its relevance, 0 to 1.
    """

    claims: int
    words: int
    cited: int
    mean_outlook: float | None
    hedges: int = 0
    said_outlook: float | None = None
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class Lean:
    """A perspective that is to be balanced leans to one side: the outlook of what it cites lies outside ±`band`."""

    perspective: str
    outlook: float
    band: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the sides agree, where they differ, which evidence nobody used, how much each one says.

    `issues`: rows aligned by claim. `unused_evidence`: numbers, in the order of the evidence; `unused`: the same and
    sentences beyond the evidence, the most telling first. `uncited`: ids of claims that state a fact and cite nothing.
    `leans`: balanced perspectives that do not keep the balance. `engine`: who compared ("builtin", or the model string).
    `error`: why a model's comparison was not to be had; the built-in one stands then. `usage`: what the model's cost.
    `seconds`: it took to compare, and to find what to ask next.
    """

    common_ground: tuple[CommonGround, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    unused_evidence: tuple[int, ...] = ()
    balance: Mapping[str, SideBalance] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    unused: tuple[UnusedSentence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    uncited: tuple[str, ...] = ()
    leans: tuple[Lean, ...] = ()
    engine: str = "builtin"
    error: ErrorDescription | None = None
    usage: Usage | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that the articles can answer. `sentence` answers it; `unused`: no side has cited that sentence."""

    question: str
    sentence: Sentence
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Debate:
    """One question with everything that was found and said about it.

    `rewritten`: the question as it was searched for, where what went before in the conversation completes it; else None.
    """

    question: str
    language: str
    articles: tuple[Article, ...]
    evidence: tuple[Evidence, ...]
    answers: tuple[Answer, ...]
    comparison: Comparison
    rewritten: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def searched(self) -> str:
        """The question that the evidence was searched with."""
        return self.rewritten or self.question
