"""Lines that run across the columns of a page → lines in reading order.

Some programs write a page of several columns row by row: a line of the left column, the one beside it, the next of the
left. The gutter between them is told by geometry: in rows that follow each other the right pieces begin at the same
place, after a gap wider than any between words, and both sides hold prose. Where that is not so, as in tables, nothing moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that was written at once: where it begins, how large its letters are and where it ends, in points."""

    text: str
    x: float
    y: float
    size: float
    end: float


Row = list[Piece]
"""What stands on one line of a page, over all its columns."""
_Cut = tuple[Row, Row]
"""What stands left and right of a gutter."""

_GAP = 0.8  # three spaces, in letter sizes; gutters narrower than a letter are hardly ever set
_SAME = _GAP / 2  # as far as two starts of one column lie apart in pages that were scanned and read by a machine
_FEWEST_ROWS = 3
_FEWEST_LETTERS = 15  # in half of the lines of a column: cells of a table have less
_MOST_ROWS = 500  # more than a page can hold: a file made to take long
_MOST_GUTTERS = 12


def by_column(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a page in reading order: where columns stand side by side, the left one whole, then the next.

    Args:
        pieces: in the order of the file; a line break in their text ends a line.
    """
    rows: list[Row] = []
    last: Piece | None = None
    for piece in pieces:
        # Not by line breaks: some programs move the pen down after each piece, and up again for the next.
        goes_on = last is not None and piece.x >= last.x and abs(piece.y - last.y) < 0.5 * last.size
        if rows and (goes_on or not piece.text.strip()):
            rows[-1].append(piece)
        else:
            rows.append([piece])
        if piece.text.strip():
            last = piece
    return [piece for row in _in_order(rows) for piece in row]


def _in_order(rows: Sequence[Row]) -> list[Row]:
    visible = [row for row in rows if _visible(row)]
    for gutter in _gutters(visible) if len(visible) <= _MOST_ROWS else ():
        cuts = [_cut(row, gutter) for row in visible]
        for begin, end in _bands(visible, cuts, gutter):
            band = [cut for cut in cuts[begin:end] if cut is not None]
            columns = ([_line(cut[side]) for cut in band if _visible(cut[side])] for side in (0, 1))
            ordered = [row for column in columns for row in _in_order(column)]
            return [*_in_order(visible[:begin]), *ordered, *_in_order(visible[end:])]
    return visible


def _line(row: Row) -> Row:
    """A part of a row as one line of its own."""
    texts = [piece.text.replace("\n", " ") for piece in row]
    texts[0], texts[-1] = "\n" + texts[0], texts[-1] + "\n"
    return [replace(piece, text=text) for piece, text in zip(row, texts, strict=True)]


def _gutters(rows: Sequence[Row]) -> list[int]:
    """Where pieces of several rows begin after a wide gap, from left to right."""
    starts = Counter(
        round(after.x)
        for row in rows
        for before, after in pairwise(_visible(row))
        if after.x - before.end >= _GAP * before.size
    )
    return sorted(x for x, count in starts.most_common(_MOST_GUTTERS) if count >= _FEWEST_ROWS)


def _cut(row: Row, gutter: float) -> _Cut | None:
    """What stands left and right of the gutter; None where text runs across it."""
    left = [piece for piece in row if piece.x < gutter - _SAME * piece.size]
    right = [piece for piece in row if piece.x >= gutter - _SAME * piece.size]
    before, after = _visible(left), _visible(right)
    if not before:
        return left, right
    end, size = max(piece.end for piece in before), before[0].size
    near = min((piece.x for piece in after), default=gutter)
    between_words = near > gutter + _SAME * size and near - end < _GAP * size
    return None if between_words or end > gutter - _SAME * size else (left, right)


def _bands(rows: Sequence[Row], cuts: Sequence[_Cut | None], gutter: float) -> Iterator[tuple[int, int]]:
    """The first and the next after the last row of what is set in columns on both sides of the gutter."""
    tops = [_visible(row)[0].y for row in rows]
    both = [cut is not None and all(map(_visible, cut)) for cut in cuts]
    steps = [tops[n] - tops[n + 1] for n in range(len(rows) - 1) if both[n] and both[n + 1]]
    step = median(steps) if steps else 0.0

    def follows(row: int, limit: float) -> bool:
        return 0 <= tops[row - 1] - tops[row] <= limit * step

    def stands_alone(row: int) -> bool:  # a short title between two bands, which does not reach over the gutter
        inside = 0 < row < len(rows) - 1 and both[row - 1] and not both[row] and both[row + 1]
        return inside and not follows(row, 1.3) and not follows(row + 1, 1.3)

    begin = 0
    for row in range(len(rows) + 1):
        goes_on = row < len(rows) and cuts[row] is not None and not stands_alone(row)
        if goes_on and (row == begin or tops[row] <= tops[row - 1]):
            continue
        aligned = [n for n in range(begin, row) if _shows(cuts[n], gutter)]
        if _are_columns([cuts[n] for n in aligned], sum(both[begin:row]), aligned):
            first, last = aligned[0], aligned[-1] + 1
            while first > begin and both[first - 1] and follows(first, 1.8):
                first -= 1
            while last < row and follows(last, 1.8):  # one column is longer than the other
                last += 1
            size = median(_visible(rows[n])[0].size for n in aligned)
            while _visible(rows[last - 1])[0].size > 1.15 * size:  # a heading stands over what follows
                last -= 1
            yield first, last
        begin = row if goes_on else row + 1


def _shows(cut: _Cut | None, gutter: float) -> bool:
    """Whether a row shows that there is a gutter: its right part begins just there, after a gap between no words."""
    before, after = map(_visible, cut or ((), ()))
    if not before or not after or abs(after[0].x - gutter) > _SAME * after[0].size:
        return False
    # Where every word is a piece of its own, a justified line is full of gaps, all of them as wide.
    widest = max((two.x - one.end for one, two in pairwise(before)), default=0.0)
    return after[0].x - before[-1].end >= max(_GAP * before[0].size, 1.5 * widest)


def _are_columns(cuts: Sequence[_Cut | None], pairs: int, places: Sequence[int]) -> bool:
    in_turn = sum(after - before == 1 for before, after in pairwise(places)) + 1
    if in_turn < _FEWEST_ROWS or 2 * len(cuts) < pairs:
        return False
    if 2 * pairs < places[-1] - places[0] + 1:  # names beside some lines of what they say, in a conversation
        return False
    return all(_is_prose([_visible(cut[side]) for cut in cuts if cut is not None]) for side in (0, 1))


def _is_prose(lines: Sequence[Row]) -> bool:
    """Whether lines fill their column, hold words and go on from one to the next; the cells of a table do not."""
    room = max(line[-1].end for line in lines) - min(line[0].x for line in lines)
    if median(map(_covered, lines)) < 0.7 * room:
        return False
    texts = ["".join(piece.text for piece in line).strip() for line in lines]
    if median(sum(map(str.isalpha, text)) for text in texts) < _FEWEST_LETTERS:
        return False
    return sum(text[0].isupper() or text[0].isdigit() for text in texts) <= 0.75 * len(texts)


def _covered(line: Row) -> float:
    """How much of its length a line fills, without gaps that are too wide even for a justified line."""
    gaps = (two.x - one.end for one, two in pairwise(line) if two.x - one.end >= 2 * _GAP * one.size)
    return line[-1].end - line[0].x - sum(gaps)


def _visible(row: Sequence[Piece]) -> Row:
    return [piece for piece in row if piece.text.strip()]
