"""Where looking beats reading: the balance of the sides, who used which sentence, the outlook along the article.

Charts are elements with a height or a width, in the theme's colours; each has its figures as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from debatebot.types import Citation, Claim, Evidence, Lean, Sentence, SideBalance
from debatebot.ui.claims import citation_html, perspective_of
from debatebot.ui.markup import NOTHING, Html, join, sentence_anchor, tag, text
from debatebot.ui.reading import Reading

_EVEN = 0.2  # outlook below which a sentence counts as neither hopeful nor worried
_FEWEST = 4  # sentences, for less there is nothing to look at


def leans_html(reading: Reading, leans: Sequence[Lean]) -> Html:
    """A warning for each balanced perspective that leans, with the figure."""
    return join(_lean(reading, lean) for lean in leans)


def _lean(reading: Reading, lean: Lean) -> Html:
    words = reading.words
    side = "hopeful" if lean.outlook > 0 else "worried"
    said = words(
        f"figures.leans_{side}",
        name=reading.face(lean.perspective).label,
        outlook=words.signed(lean.outlook),
        band=words.number(lean.band, 2),
    )
    return tag("p", tag("strong", text(words("figures.leans"))), Html(" "), text(said), class_="lean", role="note")


def figures_html(
    reading: Reading, claims: Iterable[Claim], evidence: Sequence[Evidence], balance: Mapping[str, SideBalance]
) -> Html:
    """Balance and use of the evidence, folded away."""
    shown = {name: side for name, side in balance.items() if side.claims}
    if not shown:
        return NOTHING
    summary = tag("summary", text(reading.words("figures.heading")))
    parts = join((balance_html(reading, shown), use_html(reading, list(claims), evidence)))
    return tag("details", summary, parts, class_="figures")


# --- balance --------------------------------------------------------------------------------------------------------


def balance_html(reading: Reading, balance: Mapping[str, SideBalance]) -> Html:
    """How much each side says, and how hopeful or worried what it cites is: a row a measure, a column a side."""
    words = reading.words
    rows: tuple[tuple[str, Callable[[SideBalance], Html]], ...] = (
        ("claims", lambda side: text(words.number(side.claims))),
        ("words", lambda side: text(words.number(side.words))),
        ("hedges", lambda side: text(words.number(side.hedges))),
        ("cited", lambda side: text(words.number(side.cited))),
        ("coverage", lambda side: text(words("figures.percent", value=words.number(100 * side.coverage)))),
        ("outlook", lambda side: outlook_html(reading, side.mean_outlook)),
    )
    heads = join(_side_head(reading, name) for name in balance)
    head = tag("tr", tag("th", text(words("figures.measure")), class_="hidden", scope="col"), heads)
    body = join(
        tag(
            "tr",
            tag("th", text(words(f"figures.{name}")), scope="row"),
            join(tag("td", write(side)) for side in balance.values()),
        )
        for name, write in rows
    )
    caption = tag("caption", text(words("figures.balance")))
    return tag("table", caption, tag("thead", head), tag("tbody", body), class_="balance")


def _side_head(reading: Reading, name: str) -> Html:
    face = reading.face(name)
    return tag("th", text(f"{face.sign} {face.label}"), class_=f"accent-{face.accent}", scope="col")


def outlook_html(reading: Reading, outlook: float | None) -> Html:
    """A number with a bar to the right (hopeful) or to the left (worried) of a middle line."""
    if outlook is None:
        return text("–")
    width = round(50 * min(1.0, abs(outlook)))
    left = 50 if outlook >= 0 else 50 - width
    side = "hopeful" if outlook >= 0 else "worried"
    bar = tag("span", class_=f"bar {side}", style=f"left: {left}%; width: {width}%")
    track = tag("span", bar, class_="track", aria_hidden="true")
    return join((tag("span", text(reading.words.signed(outlook)), class_="value"), track))


# --- who used which evidence ----------------------------------------------------------------------------------------


def use_html(reading: Reading, claims: Sequence[Claim], evidence: Sequence[Evidence]) -> Html:
    """A row a perspective, a column a numbered sentence, the perspective's sign where it cites the sentence."""
    words = reading.words
    cited: dict[str, set[int]] = {}
    for claim in claims:
        cited.setdefault(perspective_of(claim.id), set()).update(one.number for one in claim.citations)
    if not cited:
        return NOTHING
    numbers = join(
        tag("th", citation_html(reading, Citation(item.number, item.sentence)), scope="col") for item in evidence
    )
    head = tag("tr", tag("td", class_="corner"), numbers)
    body = join(_use_row(reading, name, found, evidence) for name, found in cited.items())
    table = tag(
        "table",
        tag("caption", text(words("figures.use"))),
        tag("thead", head),
        tag("tbody", body),
        class_="use",
    )
    return tag("div", table, class_="wide", role="region", tabindex=0, aria_label=words("figures.use"))


def _use_row(reading: Reading, name: str, found: set[int], evidence: Sequence[Evidence]) -> Html:
    face = reading.face(name)
    cells = join(
        tag("td", text(face.sign), aria_label=reading.words("figures.used"))
        if item.number in found
        else tag("td", text("·"), class_="not", aria_label=reading.words("figures.not_used"))
        for item in evidence
    )
    return tag("tr", tag("th", text(f"{face.sign} {face.label}"), scope="row"), cells, class_=f"accent-{face.accent}")


# --- outlook along the article --------------------------------------------------------------------------------------


def strip_html(reading: Reading, sentences: Sequence[Sentence], citing: Mapping[str, Sequence[str]]) -> Html:
    """A bar a sentence, up where it is hopeful and down where it is worried; below, a line a perspective that cites.

    Args:
        citing: sentence id → ids of the claims that cite it.
    """
    if len(sentences) < _FEWEST or not any(sentence.outlook for sentence in sentences):
        return NOTHING
    words = reading.words
    here = {sentence.id: citing[sentence.id] for sentence in sentences if sentence.id in citing}
    hopeful = sum(sentence.outlook >= _EVEN for sentence in sentences)
    worried = sum(sentence.outlook <= -_EVEN for sentence in sentences)
    told = words(
        "figures.strip_told",
        sentences=words.count("sentence", len(sentences)),
        hopeful=words.number(hopeful),
        worried=words.number(worried),
    )
    bars = tag("div", join(_strip_bar(reading, sentence) for sentence in sentences), class_="bars")
    rows = join(_strip_row(reading, name, sentences, here) for name in _citing_sides(reading, here))
    caption = tag("figcaption", tag("span", text(words("figures.strip"))), Html(" "), tag("span", text(told)))
    picture = tag("div", bars, rows, class_="picture", aria_hidden="true")
    return tag("figure", picture, caption, class_="strip", lang=words.language)


def _strip_bar(reading: Reading, sentence: Sentence) -> Html:
    height = max(2, round(50 * min(1.0, abs(sentence.outlook))))
    side = "hopeful" if sentence.outlook > 0 else "worried" if sentence.outlook < 0 else "even"
    bar = tag("span", class_=side, style=f"height: {height}%")
    return tag(
        "a",
        bar,
        href=f"#{sentence_anchor(sentence)}",
        tabindex=-1,
        data_tip=sentence.text,
        data_tip_title="",
        data_tip_lang=reading.language_of(sentence),
    )


def _strip_row(reading: Reading, name: str, sentences: Sequence[Sentence], citing: Mapping[str, Sequence[str]]) -> Html:
    face = reading.face(name)
    width = 100 / len(sentences)
    ticks = join(
        tag("span", class_="tick", style=f"left: {at * width:.2f}%; width: {width:.2f}%")
        for at, sentence in enumerate(sentences)
        if any(perspective_of(claim_id) == name for claim_id in citing.get(sentence.id, ()))
    )
    return tag(
        "div",
        tag("span", text(face.sign), class_="sign"),
        tag("span", ticks, class_="line"),
        class_=f"cites accent-{face.accent}",
    )


def _citing_sides(reading: Reading, citing: Mapping[str, Sequence[str]]) -> list[str]:
    found = {perspective_of(claim_id) for claims in citing.values() for claim_id in claims}
    known = [name for name in reading.faces if name in found]
    return known + sorted(found - set(known))
