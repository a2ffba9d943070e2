"""A printed list turned into text: SAP's "Eksporter som tekst", cut where the headings' bars stand.

It is never split at the bars of a line, since a text may hold one of its own. Every page has its headings again, and
what else is printed on a page can stand between a record and the line that continues it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import islice, pairwise

from msgspec import Struct

from toolkit.core.problems import N_, Problem, Span, declare
from toolkit.readers.dialect import Dialect, Fit, fit
from toolkit.readers.encodings import Encoded, opened_text
from toolkit.readers.rows import BLOCK, Advance, Block, Wrong, at_line, with_lines

_BAR = "|"
_ABOVE = 200  # so many lines of title and selection may stand above the first headings

declare(
    "export-line",
    "error",
    N_("This line looks like a part of a posting, but not like a whole one."),
    N_("export the list again: the file is damaged, or has been edited"),
)


class Cut(Struct, frozen=True):
    """Where a line is cut: each column's first place and the one after its last; the last runs to the line's end."""

    headings: tuple[str, ...]
    columns: tuple[tuple[int, int | None], ...]
    bars: tuple[int, ...]

    def fits(self, line: str) -> bool:
        """Whether a bar stands everywhere the headings have one, and nothing after the last column."""
        last = self.columns[-1][1]
        return all(line[bar : bar + 1] == _BAR for bar in self.bars) and (last is None or not line[last + 1 :].strip())

    def squeezed(self, line: str) -> str:
        """The line with its bars below those of the headings, where a minus after an amount has pushed them on.

        A column is as wide as its amounts; the minus of one that is less than zero takes a place more.
        """
        for bar, following in pairwise(self.bars):
            if line[following : following + 2] == "-|" and line[bar + 1 : bar + 2] == " ":
                line = line[: bar + 1] + line[bar + 2 :]
        return line

    def cells(self, line: str) -> list[str]:
        return [line[start:end].strip() for start, end in self.columns]


def cut(headings: str) -> Cut:
    """How a line of headings cuts the lines below it, whether it begins with a bar or not."""
    bars = tuple(place for place, character in enumerate(headings) if character == _BAR)
    starts = [bar + 1 for bar in bars] if headings.startswith(_BAR) else [0, *(bar + 1 for bar in bars)]
    columns: list[tuple[int, int | None]] = [(start, end - 1) for start, end in pairwise(starts)]
    if headings[starts[-1] :].strip():
        columns.append((starts[-1], None))
    return Cut(tuple(headings[start:end].strip() for start, end in columns), tuple(columns), bars)


class Kind(Enum):
    """What a line of a printed list is."""

    RECORD = auto()
    CONTINUATION = auto()
    SUM = auto()  # with stars where the voucher would stand
    PAGE = auto()  # headings, rules, titles: what the printer added
    BROKEN = auto()  # it looks like a part of a record, and is none


class Spool:
    """A printed list from its first headings on."""

    sheet = None

    def __init__(
        self, source: Encoded, file: str, dialect: Dialect, main: str, below: str, above: Sequence[str]
    ) -> None:
        self.above = above
        self._source = source
        self._file = file
        self._line = len(above)
        self._main_line, self._below_line = main, below
        self._main, self._below = cut(main), cut(below) if below else None
        self.headings: Sequence[str] = (*self._main.headings, *(self._below.headings if self._below else ()))
        self._id = self._main.headings.index(dialect.columns.voucher[0])
        posted = [self.headings.index(name) for name in dialect.columns.posted if name in self._main.headings]
        self._posted = posted[0] if posted else self._id

    def heading_at(self, index: int) -> Span:
        """Where a heading stands."""
        main = len(self._main.columns)
        part, text = (
            (self._main, self._main_line) if index < main or not self._below else (self._below, self._below_line)
        )
        line = self._line - (self._below is not None and part is self._main)
        index -= 0 if part is self._main else main
        return Span(self._file, line, part.columns[index][0] + 1, max(1, len(part.headings[index])), text)

    def column_name(self, index: int) -> str:
        """Which column it is: 6."""
        return str(index + 1)

    def blocks(self, wrong: list[Wrong], advance: Advance) -> Iterator[Block]:
        """The records, each a main line and what continues it."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        open_record = False  # it may still be continued
        with opened_text(self._source, advance) as text:
            for number, each in enumerate(islice(text, self._line, None), start=self._line + 1):
                line = self._main.squeezed(each.rstrip())
                kind = self._kind(line, open_record)
                if kind in (Kind.RECORD, Kind.SUM):
                    if len(rows) >= BLOCK:
                        yield Block(numbers, rows)
                        numbers, rows = [], []
                    numbers.append(number)
                    rows.append(self._main.cells(line) + [""] * (len(self.headings) - len(self._main.headings)))
                    open_record = self._below is not None and kind is Kind.RECORD
                elif kind is Kind.CONTINUATION and self._below:
                    rows[-1][len(self._main.headings) :] = self._below.cells(line)
                    open_record = False
                elif kind is Kind.BROKEN:
                    wrong.append(Wrong(number, None, "export-line", {}))
        yield Block(numbers, rows)

    def explained(self, wrong: Iterable[Wrong]) -> Iterator[Problem]:
        """The problems, each at its column: the file is read again for the lines' own text."""
        with opened_text(self._source) as text:
            for found, line in with_lines(wrong, text):
                if found.cell is None or found.cell >= len(self._main.columns):
                    yield at_line(found, self._file, line)
                else:
                    start, end = self._main.columns[found.cell]
                    cell = line[start:end]
                    indent = len(cell) - len(cell.lstrip())
                    yield at_line(found, self._file, line, start + indent + 1, len(cell.strip()))

    def _kind(self, line: str, open_record: bool) -> Kind:
        """What the line is. What might have been a record is never taken for something that was printed around it."""
        if line.startswith(_BAR):
            if line == self._main_line:
                return Kind.PAGE
            cells = self._main.cells(line)
            if self._main.fits(line) and cells[self._id].isdecimal():
                return Kind.RECORD
            is_sum = self._main.fits(line) and not cells[self._id].strip("* ") and not cells[self._posted]
            if not line.strip("|-+ "):
                return Kind.PAGE
            return Kind.SUM if is_sum else Kind.BROKEN
        if line == self._below_line or _BAR not in line:
            return Kind.PAGE
        if self._below and self._below.fits(line):
            return Kind.CONTINUATION if open_record else Kind.BROKEN
        return Kind.BROKEN if line.count(_BAR) * 2 >= len(self._main.bars) else Kind.PAGE


def spool(source: Encoded, file: str, dialect: Dialect) -> tuple[Spool, Fit] | None:
    """The file as the dialect's printed list; None where no line has its headings between bars."""
    lines = [line.rstrip() for line in source.head.split("\n", _ABOVE)[:_ABOVE]]
    for number, line in enumerate(lines, start=1):
        if not line.startswith(_BAR) or dialect.columns.voucher[0] not in cut(line).headings:
            continue
        below = lines[number] if number < len(lines) else ""
        if below.startswith(_BAR) or _BAR not in below:
            below = ""
        opened = Spool(source, file, dialect, line, below, lines[: number + bool(below)])
        return opened, fit(dialect, opened.headings)
    return None


def is_shifted(source: Encoded, dialect: Dialect) -> bool:
    """Whether it is the same list with tabs between its columns: a cell that is too short moves all those after it."""
    lines = source.head.split("\n", _ABOVE)[:_ABOVE]
    return any(dialect.columns.voucher[0] in map(str.strip, line.split("\t")) for line in lines if "\t" in line)
