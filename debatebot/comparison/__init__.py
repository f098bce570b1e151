"""Where the answers agree, where they differ, what nobody used, how much each side says. Works on any engine's answers.

Nothing is written here: common ground and cruxes are sentences of the article, and an issue is named by words of a claim.
Where the article holds no sentence that weighs the two, the crux is empty. `with_model` puts what a model made of the
answers in their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from debatebot.comparison.balance import balance_of, leans
from debatebot.comparison.conflicts import conflicts
from debatebot.comparison.issues import align
from debatebot.comparison.material import Material, Outlooks
from debatebot.comparison.unused import unused_numbers, unused_sentences
from debatebot.errors import ErrorDescription
from debatebot.types import CompareRequest, Comparison, Issue, Lean, ModelComparison, SideBalance, Usage

__all__ = ["Outlooks", "compare", "with_failure", "with_model"]


def compare(request: CompareRequest, outlooks: Outlooks | None = None) -> Comparison:
    """Compare what the perspectives said on one evidence list.

    Args:
        request: answers that failed or said nothing only count in the balance.
        outlooks: texts and their language → outlook of each, -1 to 1, for what a model writes; quotations have that of
            their sentence.
    """
    material = Material(request)
    aligned = align(material)
    balance = balance_of(request, outlooks)
    return Comparison(
        common_ground=aligned.common_ground,
        disagreements=aligned.disagreements,
        unused_evidence=unused_numbers(request),
        balance=balance,
        issues=aligned.issues,
        unused=unused_sentences(request),
        conflicts=conflicts(request),
        uncited=_uncited(request),
        leans=_leans(request, balance),
    )


def with_model(comparison: Comparison, model: ModelComparison, name: str, usage: Usage | None) -> Comparison:
    """What a model made of the answers, with everything that is counted and not judged as it was.

    Claims that it says nothing of keep their rows: what the words show to be shared stays so, all else is one side's alone.
    """
    used = {identifier for issue in model.issues for identifier in issue.cells.values()}
    rest = tuple(_left_over(comparison.issues, used))
    shared = tuple(ground for ground in comparison.common_ground if not used & set(ground.claims))
    return replace(
        comparison,
        common_ground=model.common_ground + shared,
        disagreements=model.disagreements,
        issues=model.issues + rest,
        engine=name,
        usage=usage,
    )


def _left_over(issues: Sequence[Issue], used: Set[str]) -> Iterator[Issue]:
    """The rows of the claims not used yet, each claim once; those that were set against each other are taken apart."""
    placed = set(used)
    for issue in issues:
        cells = {side: claim for side, claim in issue.cells.items() if claim not in placed}
        placed |= set(cells.values())
        if issue.relation == "shared" and len(cells) == len(issue.cells):
            yield issue
            continue
        alone = [cells] if issue.relation == "one-sided" else [{side: claim} for side, claim in cells.items()]
        yield from (Issue(issue.name, group, "one-sided") for group in alone if group)


def with_failure(comparison: Comparison, error: ErrorDescription, usage: Usage | None) -> Comparison:
    """The comparison as it stands, with why a model's was not to be had and what the attempt cost."""
    return replace(comparison, error=error, usage=usage)


def _uncited(request: CompareRequest) -> tuple[str, ...]:
    claims = (claim for answer in request.answers for claim in answer.claims)
    return tuple(claim.id for claim in claims if claim.kind == "fact" and not claim.citations)


def _leans(request: CompareRequest, balance: Mapping[str, SideBalance]) -> tuple[Lean, ...]:
    balanced = [perspective.name for perspective in request.perspectives if perspective.outlook == "balanced"]
    return leans({name: balance[name] for name in balanced if name in balance})
