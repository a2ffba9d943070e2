"""Exports with their headings in one row, or with none: csv, and sheets of cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from numbers import Rational, Real
from typing import Any

from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.readers.dialect import HEADLESS, Dialect, Fit, fit
from toolkit.readers.encodings import Encoded, opened_text
from toolkit.readers.notations import day_reader, money, written_day
from toolkit.readers.rows import BLOCK, Advance, Block, Wrong, at_line, column_of, with_lines
from toolkit.readers.sheets import Sheet, letters

_ABOVE = 60  # so many lines may stand above the headings: a title, a date, whose extract it is
_BREAK = re.compile(r"\r\n|\r|\n")
_OERE = Decimal("0.01")
_FIFTEEN_DIGITS = Decimal(10) ** 15
_NOISE = Decimal("0.000001")  # what a binary fraction in a workbook may differ from the øre that were meant

declare(
    "export-quotes",
    "error",
    N_("The quotes in this row do not fit, so the lines after it may have been swallowed."),
    N_(
        'write a text with quotes in it on one line and like "Kursus ""A""", or take them out; or save the list as xlsx'
    ),
)


class CsvTable:
    """A csv file from its headings on."""

    sheet = None

    def __init__(
        self, source: Encoded, file: str, delimiter: str, headings: Sequence[str], above: Sequence[str]
    ) -> None:
        self.headings = headings
        self.above = above
        self._source = source
        self._file = file
        self._delimiter = delimiter
        self._line = len(above)  # how many there are before the first row

    def heading_at(self, index: int) -> Span:
        """Where a heading stands."""
        line = self.above[-1]
        return Span(self._file, self._line, column_of(line, index, self._delimiter), len(self.headings[index]), line)

    def column_name(self, index: int) -> str:
        """Which column it is: 6."""
        return str(index + 1)

    def blocks(self, wrong: list[Wrong], advance: Advance) -> Iterator[Block]:
        """The rows; from a line whose quotes do not fit, each line is read by itself, to find the other bad ones."""
        last = self._line
        with opened_text(self._source, advance) as text:
            below = islice(text, last, None)
            rows = csv.reader(below, delimiter=self._delimiter, strict=True)
            whole = True
            while whole:
                found: list[list[str]] = []
                try:
                    found.extend(islice(rows, BLOCK))
                except csv.Error:
                    whole = False
                if not found:
                    break
                first, last = last + 1, rows.line_num + self._line if whole else last + _lines_of(found)
                yield self._numbered(found, first, last, wrong)
        if not whole:
            yield from self._by_line(last, wrong)

    def explained(self, wrong: Iterable[Wrong]) -> Iterator[Problem]:
        """The problems, each at its cell: the file is read again for the lines' own text."""
        with opened_text(self._source) as text:
            for found, line in with_lines(wrong, text):
                if found.cell is None:
                    yield at_line(found, self._file, line)
                else:
                    column = column_of(line, found.cell, self._delimiter)
                    yield at_line(found, self._file, line, column, len(found.words.get("text", "")))

    def _numbered(self, rows: list[list[str]], first: int, last: int, wrong: list[Wrong]) -> Block:
        """The rows with their lines, of which a cell with line breaks has more than one."""
        if last == first + len(rows) - 1:
            return Block(range(first, first + len(rows)), rows)
        numbers, kept, number = [], [], first
        for row in rows:
            broken = {place: cell for place, cell in enumerate(row) if "\n" in cell or "\r" in cell}
            if any(self._has_swallowed(place, cell) for place, cell in broken.items()):
                wrong.append(Wrong(number, None, "export-quotes", {}))
            else:
                numbers.append(number)
                kept.append([_BREAK.sub(" ", cell) for cell in row] if broken else row)
            number += _lines_of([row])
        return Block(numbers, kept)

    def _has_swallowed(self, place: int, cell: str) -> bool:
        """Whether a cell with line breaks may hold the end of one row and the beginning of another.

        A quote that nobody closed ends at a quote in the same column of a later row. What is between them has as many
        delimiters as a row, and after its last line break as many as stand before that column.
        """
        before = _BREAK.split(cell)[-1].count(self._delimiter)
        return cell.count(self._delimiter) >= len(self.headings) - 1 or before >= place > 0

    def _by_line(self, after: int, wrong: list[Wrong]) -> Iterator[Block]:
        with opened_text(self._source) as text:
            for number, line in enumerate(islice(text, after, None), start=after + 1):
                try:
                    yield Block([number], list(csv.reader([line], delimiter=self._delimiter, strict=True)))
                except csv.Error:
                    wrong.append(Wrong(number, None, "export-quotes", {}))


def csv_table(source: Encoded, file: str, dialect: Dialect) -> tuple[CsvTable, Fit] | None:
    """The file as the dialect's csv: the line and the delimiter that give most of its headings.

    Where the dialect says what the columns of a file without headings are, its rows may begin at once.
    """
    best: tuple[CsvTable, Fit] | None = None
    first: tuple[CsvTable, Fit] | None = None
    lines = _BREAK.split(source.head, _ABOVE)[:_ABOVE]
    for delimiter in dialect.separators:
        for number, line in enumerate(lines):
            try:
                cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
            except csv.Error:
                continue
            found = fit(dialect, cells)
            if found.known and (best is None or _better(found, best[1])):
                best = CsvTable(source, file, delimiter, cells, lines[: number + 1]), found
            if first is None and dialect.headings and is_row(dialect, cells):
                first = CsvTable(source, file, delimiter, dialect.headings, lines[:number]), HEADLESS
    return first if first and (best is None or best[1].missing) else best


def is_row(dialect: Dialect, cells: Sequence[str]) -> bool:
    """Whether it is a row below the headings that the dialect gives to files without any."""
    if len(cells) != len(dialect.headings):
        return False
    by_heading = dict(zip(dialect.headings, cells, strict=True))
    read = day_reader(dialect.dates)
    amounts = [
        by_heading[name]
        for name in (*dialect.columns.amount, *dialect.columns.debit, *dialect.columns.credit)
        if name in by_heading
    ]
    try:
        read(next(by_heading[name] for name in dialect.columns.posted if name in by_heading))
        return bool([money(amount, dialect.decimal) for amount in amounts if amount])
    except (ValueError, StopIteration):
        return False


def _better(one: Fit, other: Fit) -> bool:
    return (one.known, -len(one.unknown)) > (other.known, -len(other.unknown))


def _lines_of(rows: list[list[str]]) -> int:
    """How many lines the rows fill: a cell with a line break in quotes fills more than one."""
    breaks = sum(len(_BREAK.findall(cell)) for row in rows for cell in row if "\n" in cell or "\r" in cell)
    return len(rows) + breaks


# ── sheets ───────────────────────────────────────────────────────────────────────────────────


class CellTable:
    """Rows of values that are no text yet: a number or a day is written as the dialect has it."""

    def __init__(self, file: str, sheet: Sheet, headings: Sequence[str], above: int, dialect: Dialect) -> None:
        self.headings = headings
        self.sheet = sheet
        self.above = [" ".join(filter(None, self._text(row, dialect))) for row in sheet.rows[:_ABOVE][:above]]
        self._file = file
        self._first = above + (0 if dialect.headings == headings else 1)
        self._dialect = dialect

    def blocks(self, wrong: list[Wrong], advance: Advance) -> Iterator[Block]:
        """The rows as text."""
        rows, wide = self.sheet.rows, len(self.headings)
        for start in range(self._first, len(rows), BLOCK):
            found = [self._text(row, self._dialect) for row in rows[start : start + BLOCK]]
            for row in found:  # a sheet's rows may end with their last value, or go on with nothing
                if len(row) != wide and not any(row[wide:]):
                    row[wide:] = [""] * (wide - len(row))
            yield Block(range(start + 1, start + 1 + len(found)), found)

    def explained(self, wrong: Iterable[Wrong]) -> Iterator[Problem]:
        """The problems; a row is shown as if it were csv, and a place is its row and column in the sheet."""
        for found in sorted(wrong, key=lambda each: each.number):
            at = self._span(found.number, found.cell)
            yield problem(found.code, at, **found.words)

    def heading_at(self, index: int) -> Span:
        """Where a heading stands."""
        return self._span(self._first, index)

    def column_name(self, index: int) -> str:
        """What whoever looks at the sheet calls the column: F."""
        return letters(index + 1)

    def _span(self, number: int, cell: int | None) -> Span:
        cells = self._text(self.sheet.rows[number - 1], self._dialect)
        line = ";".join(cells)
        if cell is None or cell >= len(cells):
            return Span(self._file, number, 1, max(1, len(line)), line)
        return Span(self._file, number, 1 + sum(len(each) + 1 for each in cells[:cell]), max(1, len(cells[cell])), line)

    @staticmethod
    def _text(row: Sequence[Any], dialect: Dialect) -> list[str]:
        return [cell_text(cell, dialect) for cell in row]


def cell_text(cell: Any, dialect: Dialect) -> str:
    """A cell as the dialect would write it; a number that is no whole number of øre keeps all its decimals.

    Excel keeps fifteen digits of a number: what has more is written 1,23456789012346E+15, as no ERP writes anything.
    """
    if isinstance(cell, datetime | date):
        return written_day(cell, dialect.dates[0])
    if isinstance(cell, Real | Decimal) and not isinstance(cell, bool):
        exact = Decimal(str(cell))
        if not exact.is_finite():
            return str(cell)
        shortened = not isinstance(cell, Rational | Decimal) or exact.as_tuple().exponent > 0  # type: ignore[operator]
        return _number(exact, shortened=shortened).replace(".", dialect.decimal)
    return _BREAK.sub(" ", str(cell)).strip()


def _number(exact: Decimal, *, shortened: bool) -> str:
    if abs(exact) >= _FIFTEEN_DIGITS:
        return f"{exact.normalize():E}" if shortened else f"{exact:f}"
    rounded = exact.quantize(_OERE, ROUND_HALF_EVEN)
    if abs(rounded - exact) > _NOISE:
        return f"{exact:f}"
    return f"{rounded:f}" if rounded % 1 else f"{int(rounded)}"


def cell_tables(sheets: Iterable[Sheet], file: str, dialect: Dialect) -> list[tuple[CellTable, Fit]]:
    """Every sheet that has any of the dialect's headings, or the rows of one that has none."""
    found = []
    for sheet in sheets:
        best: tuple[int, tuple[str, ...], Fit] | None = None
        for number, row in enumerate(sheet.rows[:_ABOVE]):
            headings = tuple(str(cell).strip() for cell in row)
            fits = fit(dialect, headings)
            if fits.known and (best is None or _better(fits, best[2])):
                best = number, headings, fits
        if dialect.headings and (best is None or best[2].missing):
            texts = ([cell_text(cell, dialect) for cell in row] for row in sheet.rows[:_ABOVE])
            first = next((number for number, row in enumerate(texts) if is_row(dialect, row)), None)
            best = None if first is None else (first, dialect.headings, HEADLESS)
        if best:
            found.append((CellTable(file, sheet, best[1], best[0], dialect), best[2]))
    return found
