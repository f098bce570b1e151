"""What a perspective says: claims with citations and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from debatebot.errors import ErrorDescription
from debatebot.types.sources import Sentence

VerdictLabel = Literal["supported", "partial", "unsupported", "contradicted"]
ClaimKind = Literal["fact", "inference", "opinion"]
Status = Literal["answered", "insufficient", "failed"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict was given: an entry of the catalogs below `verdicts.reasons`, with the words it rests on."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim follows from the sentences it cites. `score`: 0 (does not) to 1 (does)."""

    label: VerdictLabel
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Citation:
    """A resolved marker: the number as shown, and the sentence it stands for."""

    number: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim as an engine gives it, not yet checked.

    `text` is the statement without markers; `lead` the connecting words before it, which frame and state nothing: they
    are shown, and never judged. `dropped_markers` counts numbers that stand for no evidence.
    """

    text: str
    citations: tuple[Citation, ...]
    kind: ClaimKind = "inference"
    lead: str = ""
    dropped_markers: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A checked statement. `id` is `perspective.N`, N from 1."""

    id: str
    text: str
    kind: ClaimKind
    citations: tuple[Citation, ...]
    verdict: Verdict
    lead: str = ""

    @property
    def is_quotation(self) -> bool:
        """True when the claim is, word for word, a sentence that it cites: it is then shown in quotation marks."""
        return any(citation.sentence.text == self.text for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model's server reports them; None where it says nothing. `cost_usd` in US dollars."""

    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """From the question to the first word, and to the end; `first_token` is None when there was no word."""

    first_token: float | None
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one perspective said. `insufficient` and `failed` hold no claims unless the answer broke off half-way."""

    perspective: str
    label: str
    engine: str
    status: Status
    text: str
    claims: tuple[Claim, ...]
    dropped_markers: int
    error: ErrorDescription | None
    usage: Usage | None
    seconds: Seconds
    prompt_hash: str
