"""Whether a claim follows from the sentences it cites, without a model: quotations, numbers, names, negations, meaning."""

from debatebot.grounding.assessment import Assessment
from debatebot.grounding.judge import ClaimJudge

__all__ = ["Assessment", "ClaimJudge"]
