"""The claims of several perspectives side by side, row by row by issue; what belongs to no common issue stands below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from debatebot.types import Claim, Issue
from debatebot.ui.claims import SPACE, claim_html, claim_link_html, perspective_of
from debatebot.ui.columns import Column, end_html, name_html
from debatebot.ui.markup import NOTHING, Html, join, tag, text
from debatebot.ui.reading import Reading

_RELATION_SIGNS = {"shared": "=", "quoted": "=", "opposed": "≠", "one-sided": "·"}


def common_issues(issues: Sequence[Issue], columns: Sequence[Column]) -> list[Issue]:
    """Issues of which at least two of these columns speak."""
    there = {claim.id for column in columns for claim in column.claims}
    return [issue for issue in issues if sum(claim_id in there for claim_id in issue.cells.values()) > 1]


def issues_html(reading: Reading, turn: int, columns: Sequence[Column], issues: Sequence[Issue]) -> Html:
    """A table: a column a perspective, a row an issue of which several speak, then the other claims: those that rest
    on what others cite as well, and those of one side alone.

    A claim stands in one row; where another issue names it again, a link leads to it.
    """
    return _Rows(reading, turn, columns).html(common_issues(issues, columns))


class _Rows:
    def __init__(self, reading: Reading, turn: int, columns: Sequence[Column]) -> None:
        self._reading = reading
        self._turn = turn
        self._columns = columns
        self._claims: Mapping[str, Claim] = {claim.id: claim for column in columns for claim in column.claims}
        self._placed: set[str] = set()

    def html(self, issues: Sequence[Issue]) -> Html:
        heads = join(self._head(column) for column in self._columns)
        subject = tag("div", text(self._reading.words("issues.subject")), class_="corner", role="columnheader")
        rows = [tag("div", subject, heads, class_="heads", role="row"), *(self._row(issue) for issue in issues)]
        left = [claim for claim in self._claims.values() if claim.id not in self._placed]
        own = [claim for claim in left if not self._is_cited_by_others(claim)]
        rows += [self._rest("repeated", [claim for claim in left if claim not in own]), self._rest("rest", own)]
        ends = join(self._cell(column, end_html(self._reading, column)) for column in self._columns)
        corner = tag("div", class_="corner", role="cell")
        rows.append(tag("div", corner, ends, class_="ends", role="row"))
        name = self._reading.words("issues.heading")
        return tag("div", join(rows), class_="by-issue", role="table", aria_label=name, style=self._template())

    def _template(self) -> str:
        return f"--sides: {len(self._columns)}"

    def _head(self, column: Column) -> Html:
        face = self._reading.face(column.perspective)
        return tag("div", name_html(self._reading, column), class_=f"head accent-{face.accent}", role="columnheader")

    def _row(self, issue: Issue) -> Html:
        relation = self._relation(issue)
        told = tag(
            "span",
            tag("span", text(_RELATION_SIGNS[relation]), class_="relation", aria_hidden="true"),
            SPACE,
            text(self._reading.words(f"issues.{relation.replace('-', '_')}")),
            class_="quiet",
        )
        head = tag("div", tag("strong", text(issue.name)), SPACE, told, class_="issue-name", role="rowheader")
        cells = join(self._cell(column, self._said(issue, column)) for column in self._columns)
        return tag("div", head, cells, class_=f"issue-row {issue.relation}", role="row")

    def _relation(self, issue: Issue) -> str:
        """How its claims stand to each other; sides that quote one sentence are not merely side by side."""
        said = {self._claims[claim_id].text for claim_id in issue.cells.values() if claim_id in self._claims}
        return "quoted" if issue.relation == "one-sided" and len(said) == 1 else issue.relation

    def _said(self, issue: Issue, column: Column) -> Html:
        claim_id = issue.cells.get(column.perspective)
        if claim_id is None or claim_id not in self._claims:
            return tag("p", text(self._reading.words("issues.silent")), class_="quiet silent")
        if claim_id in self._placed:
            link = claim_link_html(self._reading, self._turn, claim_id, self._claims)
            return tag("p", text(self._reading.words("issues.above")), SPACE, link, class_="quiet")
        return self._claim(self._claims[claim_id])

    def _claim(self, claim: Claim) -> Html:
        self._placed.add(claim.id)
        return claim_html(self._reading, self._turn, claim, element="div")

    def _is_cited_by_others(self, claim: Claim) -> bool:
        """Whether another side cites all that this claim rests on."""
        others = {
            citation.sentence.id
            for other in self._claims.values()
            if perspective_of(other.id) != perspective_of(claim.id)
            for citation in other.citations
        }
        return bool(claim.citations) and others.issuperset(citation.sentence.id for citation in claim.citations)

    def _rest(self, key: str, claims: Sequence[Claim]) -> Html:
        """A row of claims of which no issue speaks; nothing where there are none."""
        if not claims:
            return NOTHING
        name = tag("strong", text(self._reading.words(f"issues.{key}")))
        head = tag("div", name, class_="issue-name", role="rowheader")
        cells = (
            self._cell(column, join(self._claim(claim) for claim in column.claims if claim in claims))
            for column in self._columns
        )
        return tag("div", head, join(cells), class_=f"issue-row {key}", role="row")

    def _cell(self, column: Column, content: Html) -> Html:
        """A cell that names its perspective where columns cannot stand side by side."""
        face = self._reading.face(column.perspective)
        name = tag("p", text(f"{face.sign} {face.label}"), class_="whose", aria_hidden="true") if content else NOTHING
        return tag("div", name, content, class_=f"cell accent-{face.accent}", role="cell")
