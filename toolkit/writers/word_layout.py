"""How much room things take on a Word page: an estimate, for it is Word that lays out the page.

It serves two ends: columns that fit what they hold, and page numbers in a table of contents that are right, or nearly,
before anybody has asked Word to update it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import ceil, inf

from msgspec import Struct

from toolkit.documents.tree import Align, Block, Heading, Section, Table

TWIPS = 20  # in a point: Word counts widths in twentieths of a point
LINE = 1.21  # a single line of Calibri, in type sizes


class _Widths(dict[str, int]):
    """Widths in Calibri, in hundredths of the type size; fonts for office use differ from it by a few per cent."""

    def __missing__(self, character: str) -> int:
        return 55


_WIDTHS = _Widths(
    {
        character: width
        for width, characters in {
            22: "'",
            25: "ijlI .,:;|·\u00a0",
            31: "fJ()[]-\u2011",
            35: "rt!",
            40: 'cszL"/”“',
            45: "gkvxyFSZ?",
            51: "aeåEKPTXY0123456789\u2013§+\u2212\u00d7=»«é",  # an en dash, a minus and a times among them
            54: "bdhnopquøBCRV",
            60: "ADHÅ",
            66: "GNOQUØ",
            72: "w&%",
            76: "æÆ",
            80: "m",
            85: "M",
            90: "W—",
        }.items()
        for character in characters
    }
)
_BOLD = 1.03
_RAGGED = 1.02  # lines break between words, which leaves some of each line empty
_CELL_SIDES = 240  # beside a cell's text, in twips, and some to spare: an amount that wraps is worse than a wide column
_AIR = 300  # what each column gets beyond its need when there is room, in twips
_MANY_COLUMNS = 6  # fewer always stand on an upright page
_CELL_ENDS = 0.5  # above and below a cell's text, in points, with its rule
_WHOLE_ROW = 3  # a row that takes no more than one in so many parts of a page stays on one


class Measure(Struct, frozen=True):
    """What a paragraph style asks for, in points."""

    size: float
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0  # in single lines
    indent: float = 0.0
    close: str = ""  # the style's name, when two paragraphs of it stand without room between them


class Box(Struct, frozen=True):
    """A paragraph or a table row as the page sees it, in points."""

    height: float
    before: float = 0.0
    after: float = 0.0
    line: float = 0.0  # the height of one of its lines, when it may break between them
    keep: bool = False  # on the same page as what follows
    new_page: bool = False
    entry: int | None = None  # which of the document's headings it is
    close: str = ""  # no room between it and another that says the same
    wide: bool = False  # it stands on a page that lies on its side


def text_width(text: str, size: float, *, strong: bool = False) -> int:
    """The width of a line of text, in twips."""
    hundredths = sum(map(_WIDTHS.__getitem__, text))  # this runs for every cell of every table
    return ceil(hundredths / 100 * size * TWIPS * (_BOLD if strong else 1))


def paragraph_box(
    text: str,
    measure: Measure,
    width: int,
    *,
    breaks: int = 0,
    above: float = 0.0,
    keep: bool = False,
    new_page: bool = False,
    entry: int | None = None,
) -> Box:
    """A paragraph in a column `width` twips wide; `breaks` are the new lines that it asks for itself."""
    line = measure.size * LINE * measure.line
    lines = _lines(text, measure, width) + breaks
    return Box(lines * line, max(above, measure.before), measure.after, line, keep, new_page, entry, measure.close)


def row_box(
    cells: Sequence[str],
    widths: Sequence[int],
    measure: Measure,
    *,
    breaks: int = 0,
    strong: bool = False,
    keep: bool = False,
    new_page: bool = False,
    page: float = inf,
) -> Box:
    """A table row, which is as high as its highest cell; only one that takes much of a `page` breaks between lines.

    `breaks` are the new lines that a cell of it asks for itself.
    """
    lines = breaks + max(
        _lines(cell, measure, width - _CELL_SIDES, strong=strong) for cell, width in zip(cells, widths, strict=True)
    )
    line = measure.size * LINE * measure.line
    height = lines * line + measure.before + measure.after + _CELL_ENDS
    tall = height * _WHOLE_ROW > page
    return Box(height, line=line if tall else 0.0, keep=keep and not tall, new_page=new_page)


def pages(boxes: Iterable[Box], upright: float, wide: float = 0.0) -> tuple[dict[int, int], int]:
    """The page of each heading, and how many pages there are, when pages have that many points for their text.

    Each box is looked at once, however high it is: how many pages it goes on over is a division, not a loop.
    """
    found: dict[int, int] = {}
    page, used, above = 1, 0.0, Box(0.0)
    for group in _groups(boxes):
        height = wide if group[0].wide else upright
        rest = sum(_room(before, box) + box.height for before, box in pairwise(group))
        needed = _room(above, group[0]) + group[0].height + rest + _least(group[-1]) - group[-1].height
        if used and (group[0].new_page or used + needed > height):
            page, used = page + 1, 0.0
        for box in group:
            begins = used + (_room(above, box) if used else 0.0)
            used = begins + box.height
            above = box
            if used > height and box.line:
                over = ceil(used / height) - 1
                page, used = page + over, used - over * height
            elif used > height:
                page, used = page + (begins > 0), min(box.height, height)
            if box.entry is not None:
                found[box.entry] = page
    return found, page


def is_wide(
    header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[Align], width: int, size: float
) -> bool:
    """Whether the columns do not fit in `width` twips, even when those of words break wherever a word ends."""
    if len(header) < _MANY_COLUMNS:  # measuring takes time, and few columns always fit
        return False
    columns = [[row[column] for row in rows] for column in range(len(header))]
    needs = (
        _for_amounts(head, cells, size)
        if side == "right"
        else _for_words([word for text in (head, *cells) for word in text.split(" ")], size)
        for head, cells, side in zip(header, columns, align, strict=True)
    )
    return sum(needs) > width


def leads_to(blocks: Sequence[Block], wanted: Callable[[Table], bool]) -> bool:
    """Whether what comes first in the blocks, after headings that must stand with it, is such a table."""
    for block in blocks:
        match block:
            case Heading():
                pass
            case Section(blocks=inner) if inner:
                return leads_to(inner, wanted)
            case Table():
                return wanted(block)
            case _:
                return False
    return False


def column_widths(
    header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[Align], width: int, size: float
) -> tuple[int, ...]:
    """The width of each column, in twips, always `width` together.

    A column of amounts gets what its longest amount needs, with a header that may break in two. When there is room,
    columns of words get theirs and the widest of them most of what is left; when there is not, the widest give way.
    """
    columns = [[row[column] for row in rows] for column in range(len(header))]
    needs = [
        _for_amounts(head, cells, size) if side == "right" else _for_words([head, *cells], size)
        for head, cells, side in zip(header, columns, align, strict=True)
    ]
    worded = [column for column, side in enumerate(align) if side == "left"]
    spare = width - sum(needs)
    if spare < 0:
        _give_way(needs, worded, width)
    else:
        air = min(_AIR, spare // (2 * len(needs)))
        needs = [need + air for need in needs]
        needs[max(worded, key=lambda column: needs[column], default=0)] += spare - air * len(needs)
    return _exactly(width, needs)


def _lines(text: str, measure: Measure, width: int, *, strong: bool = False) -> int:
    room = max(width - measure.indent * TWIPS, measure.size * TWIPS)  # a letter at least, however narrow the column
    needed = text_width(text, measure.size, strong=strong)
    return 1 if needed <= room else ceil(needed * _RAGGED / room)


def _groups(boxes: Iterable[Box]) -> Iterable[list[Box]]:
    """The boxes, those that must stand together with what follows in one list with it."""
    group: list[Box] = []
    for box in boxes:
        if group and box.new_page:
            yield group
            group = []
        group.append(box)
        if not box.keep:
            yield group
            group = []
    if group:
        yield group


def _room(above: Box, below: Box) -> float:
    """The room between two paragraphs: Word takes the larger of what they ask for, not both."""
    return 0.0 if above.close and above.close == below.close else max(above.after, below.before)


def _least(box: Box) -> float:
    """What must fit of a box for it to begin on the page: two lines, or all of three or fewer."""
    return box.height if not box.line or box.height < 4 * box.line else 2 * box.line


def _for_amounts(head: str, cells: Sequence[str], size: float) -> int:
    body = max((text_width(cell, size, strong=True) for cell in cells), default=0)
    half = text_width(head, size, strong=True) * 6 // 10
    longest_word = max(text_width(word, size, strong=True) for word in head.split(" "))
    return max(body, half, longest_word) + _CELL_SIDES


def _for_words(texts: Sequence[str], size: float) -> int:
    return max(text_width(text, size, strong=True) for text in texts) + _CELL_SIDES


def _give_way(needs: list[int], worded: Sequence[int], width: int) -> None:
    """Lets columns of words share what the amounts leave: a narrow one keeps what it needs, the widest get the same."""
    left = max(width - sum(need for column, need in enumerate(needs) if column not in worded), 0)
    for done, column in enumerate(sorted(worded, key=lambda column: needs[column])):
        needs[column] = max(min(needs[column], left // (len(worded) - done)), _CELL_SIDES * 2)
        left = max(left - needs[column], 0)


def _exactly(width: int, widths: Sequence[int]) -> tuple[int, ...]:
    """The widths scaled to `width` together; what rounding leaves goes to the first."""
    scaled = [each * width // sum(widths) for each in widths]
    return (scaled[0] + width - sum(scaled), *scaled[1:])
