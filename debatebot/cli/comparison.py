"""The comparison as the command line prints it, of a question and of a debate: one thing a line, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from debatebot.catalog import translate
from debatebot.cli.layout import wrap
from debatebot.types import Claim, Comparison, Debate, SideBalance
from debatebot.wording import quoted

_COLUMNS = ("claims", "words", "hedges", "cited", "said", "coverage")


def render_comparison(debate: Debate, language: str) -> str:
    """Everything that the comparison holds and that is not empty; of common ground and disagreements also that there are none."""
    page = _Page(debate, language)
    parts = (page.common(), page.differ(), page.alone(), page.conflicts(), page.unused(), page.balance(), page.notes())
    return "\n\n".join("\n".join(part) for part in map(tuple, parts) if len(part) > 1)


def render_follow_ups(debate: Debate, language: str) -> str:
    """The questions to ask next, one a line."""
    lines = [wrap(f"– {one.question}", "  ") for one in debate.follow_ups]
    return "\n".join([translate("cli.compare.follow_ups", language), *lines]) if lines else ""


class _Page:
    """Parts of a comparison, each a heading and lines; a heading alone has nothing under it."""

    def __init__(self, debate: Debate, language: str) -> None:
        self._debate = debate
        self._language = language
        self._labels = {answer.perspective: answer.label for answer in debate.answers}
        self._claims = {claim.id: claim for answer in debate.answers for claim in answer.claims}
        self._sides = {claim.id: answer.perspective for answer in debate.answers for claim in answer.claims}
        self._languages = {article.id: article.language for article in debate.articles}

    @property
    def _comparison(self) -> Comparison:
        return self._debate.comparison

    def common(self) -> Iterator[str]:
        """What the sides share."""
        yield self._words("common")
        if not self._comparison.common_ground:
            yield wrap(self._words("nothing_common"), "  ")
        for ground in self._comparison.common_ground:
            markers = "".join(f"[{number}]" for number in ground.citations)
            yield wrap(f"– {ground.statement} {markers} ({self._names(ground.claims)})", "  ")

    def differ(self) -> Iterator[str]:
        """Where they part, with both sides and the crux."""
        yield self._words("differ")
        if not self._comparison.disagreements:
            yield wrap(self._words("nothing_opposed"), "  ")
        for item in self._comparison.disagreements:
            yield wrap(f"– {item.issue} ({self._words(item.kind)})", "  ")
            for side, identifier in item.positions.items():
                yield wrap(f"{self._labels.get(side, side)}{self._colon} {self._quote(identifier)}", "      ")
            if item.crux:
                yield wrap(f"{self._words('crux')} {item.crux}", "      ")

    def alone(self) -> Iterator[str]:
        """What one side alone speaks of, by name."""
        yield self._words("alone")
        by_sides: dict[str, list[str]] = {}
        for issue in self._comparison.issues:
            if issue.relation == "one-sided":
                by_sides.setdefault(self._names(issue.cells.values()), []).append(issue.name)
        for sides, names in by_sides.items():
            yield wrap(f"{sides}{self._colon} {' · '.join(names)}", "  ")

    def conflicts(self) -> Iterator[str]:
        """Facts that the sides state differently."""
        yield self._words("conflicts")
        for item in self._comparison.conflicts:
            values = " ≠ ".join(
                f"{value} ({self._labels.get(self._sides.get(identifier, ''), identifier)}, {identifier})"
                for identifier, value in item.values.items()
            )
            yield wrap(f"! {item.about}{self._colon} {values}", "  ")

    def unused(self) -> Iterator[str]:
        """What nobody has used, the most telling first."""
        yield self._words("unused")
        for item in self._comparison.unused[:3]:
            number = "[–]" if item.number is None else f"[{item.number}]"
            yield wrap(f"{number} {item.sentence.text}", "  ")

    def balance(self) -> Iterator[str]:
        """A line of figures a side, in columns."""
        yield self._words("balance")
        heads = [self._words(f"column.{name}") for name in _COLUMNS]
        rows = [(self._labels.get(name, name), self._figures(side)) for name, side in self._comparison.balance.items()]
        first = max((len(label) for label, _ in rows), default=0)
        yield _row("", heads, first, heads)
        yield from (_row(label, figures, first, heads) for label, figures in rows)

    def notes(self) -> Iterator[str]:
        """Warnings, and who compared."""
        yield self._words("notes")
        for lean in self._comparison.leans:
            label = self._labels.get(lean.perspective, lean.perspective)
            way = self._words("hopeful" if lean.outlook > 0 else "worried")
            values = {
                "label": label,
                "way": way,
                "outlook": self._signed(lean.outlook),
                "band": self._number(lean.band),
            }
            yield wrap("! " + translate("cli.compare.leans", self._language, **values), "  ")
        if self._comparison.uncited:
            yield wrap(f"! {self._words('uncited')} {', '.join(self._comparison.uncited)}", "  ")
        if self._comparison.error:
            yield wrap(f"! {self._comparison.error.message} {self._comparison.error.hint}", "  ")
        elif self._comparison.engine != "builtin":
            yield wrap(translate("cli.compare.by", self._language, engine=self._comparison.engine), "  ")

    def _words(self, key: str) -> str:
        return translate(f"cli.compare.{key}", self._language)

    @property
    def _colon(self) -> str:
        return "\u00a0:" if self._language == "fr" else ":"

    def _names(self, identifiers: Iterable[str]) -> str:
        sides = dict.fromkeys(self._sides.get(one, one) for one in identifiers)
        return ", ".join(self._labels.get(side, side) for side in sides)

    def _quote(self, identifier: str) -> str:
        claim: Claim | None = self._claims.get(identifier)
        if claim is None:
            return identifier
        markers = "".join(f"[{citation.number}]" for citation in claim.citations)
        return f"{quoted(claim, self._languages)} {markers} ({identifier})"

    def _figures(self, side: SideBalance) -> list[str]:
        said = "–" if side.said_outlook is None else self._signed(side.said_outlook)
        share = f"{side.coverage:.0%}".replace("%", "\u00a0%" if self._language == "fr" else "%")
        return [str(side.claims), str(side.words), str(side.hedges), str(side.cited), said, share]

    def _signed(self, value: float) -> str:
        return self._number(value, "+.2f").replace("-", "−")

    def _number(self, value: float, form: str = ".2f") -> str:
        text = format(value, form)
        return text.replace(".", ",") if self._language == "fr" else text


def _row(label: str, cells: Sequence[str], first: int, heads: Sequence[str]) -> str:
    widths = [max(len(head), 5) for head in heads]
    return "  " + "  ".join(
        [label.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))]
    )
