"""Exports with their headings in one row: csv, a workbook's sheet, or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from numbers import Real
from pathlib import Path
from typing import Any

from toolkit.core.problems import N_, Problem, declare
from toolkit.readers.dialect import Dialect, Fit, fit
from toolkit.readers.encodings import Encoded, opened_text
from toolkit.readers.notations import written_day
from toolkit.readers.rows import BLOCK, Advance, Block, Wrong, at_line, column_of, with_lines

_ABOVE = 60  # so many lines may stand above the headings: a title, a date, whose extract it is
_BREAK = re.compile(r"\r\n|\r|\n")
_OERE = Decimal("0.01")
_NOISE = Decimal("0.000001")  # what a binary fraction in a workbook may differ from the øre that were meant

declare(
    "export-quotes",
    "error",
    N_("The quotes in this row do not fit, so the lines after it may have been swallowed."),
    N_("export the file again, or double the quotes inside the text"),
)


class CsvTable:
    """A csv file from its headings on."""

    def __init__(self, source: Encoded, file: str, delimiter: str, headings: Sequence[str], line: int) -> None:
        self.headings = headings
        self._source = source
        self._file = file
        self._delimiter = delimiter
        self._line = line  # where the headings stand

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
            broken = [cell for cell in row if "\n" in cell or "\r" in cell]
            if any(self._delimiter in cell for cell in broken):  # an open quote that has swallowed whole lines
                wrong.append(Wrong(number, None, "export-quotes", {}))
            else:
                numbers.append(number)
                kept.append([_BREAK.sub(" ", cell) for cell in row] if broken else row)
            number += _lines_of([row])
        return Block(numbers, kept)

    def _by_line(self, after: int, wrong: list[Wrong]) -> Iterator[Block]:
        with opened_text(self._source) as text:
            for number, line in enumerate(islice(text, after, None), start=after + 1):
                try:
                    yield Block([number], list(csv.reader([line], delimiter=self._delimiter, strict=True)))
                except csv.Error:
                    wrong.append(Wrong(number, None, "export-quotes", {}))


def csv_table(source: Encoded, file: str, dialect: Dialect) -> tuple[CsvTable, Fit] | None:
    """The file as the dialect's csv: the line and the delimiter that give most of its headings."""
    best: tuple[CsvTable, Fit] | None = None
    lines = _BREAK.split(source.head, _ABOVE)[:_ABOVE]
    for delimiter in dialect.separators:
        for number, line in enumerate(lines, start=1):
            try:
                headings = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
            except csv.Error:
                continue
            found = fit(dialect, headings)
            if found.known and (best is None or _better(found, best[1])):
                best = CsvTable(source, file, delimiter, headings, number), found
    return best


def _better(one: Fit, other: Fit) -> bool:
    return (one.known, -len(one.unknown)) > (other.known, -len(other.unknown))


def _lines_of(rows: list[list[str]]) -> int:
    """How many lines the rows fill: a cell with a line break in quotes fills more than one."""
    breaks = sum(len(_BREAK.findall(cell)) for row in rows for cell in row if "\n" in cell or "\r" in cell)
    return len(rows) + breaks


# ── workbooks and JSON ───────────────────────────────────────────────────────────────────────


class CellTable:
    """Rows of values that are no text yet: a number or a day is written as the dialect has it."""

    def __init__(self, file: str, rows: Sequence[Sequence[Any]], above: int, dialect: Dialect) -> None:
        self.headings = [str(cell).strip() for cell in rows[above]]
        self._file = file
        self._rows = rows
        self._first = above + 1
        self._dialect = dialect

    def blocks(self, wrong: list[Wrong], advance: Advance) -> Iterator[Block]:
        """The rows as text."""
        for start in range(self._first, len(self._rows), BLOCK):
            rows = [self._text(row) for row in self._rows[start : start + BLOCK]]
            yield Block(range(start + 1, start + 1 + len(rows)), rows)

    def explained(self, wrong: Iterable[Wrong]) -> Iterator[Problem]:
        """The problems; a row is shown as if it were csv, and a place is its row and column in the sheet."""
        for found in sorted(wrong, key=lambda each: each.number):
            cells = self._text(self._rows[found.number - 1])
            line = ";".join(cells)
            if found.cell is None:
                yield at_line(found, self._file, line)
            else:
                column = 1 + sum(len(cell) + 1 for cell in cells[: found.cell])
                yield at_line(found, self._file, line, column, len(cells[found.cell]))

    def _text(self, row: Sequence[Any]) -> list[str]:
        return [cell_text(cell, self._dialect) for cell in row]


def cell_text(cell: Any, dialect: Dialect) -> str:
    """A cell as the dialect would write it; a number that is no whole number of øre keeps all its decimals."""
    if isinstance(cell, datetime | date):
        return written_day(cell, dialect.dates[0])
    if isinstance(cell, Real | Decimal) and not isinstance(cell, bool):
        exact = Decimal(str(cell))
        return _number(exact).replace(".", dialect.decimal) if exact.is_finite() else str(cell)
    return _BREAK.sub(" ", str(cell)).strip()


def _number(exact: Decimal) -> str:
    rounded = exact.quantize(_OERE, ROUND_HALF_EVEN) if abs(exact) < 10**15 else exact
    if abs(rounded - exact) > _NOISE:
        return f"{exact:f}"
    return f"{rounded:f}" if rounded % 1 else f"{int(rounded)}"


Sheet = list[list[Any]]


def cell_tables(sheets: Iterable[Sheet], file: str, dialect: Dialect) -> list[tuple[CellTable, Fit]]:
    """Every sheet that has any of the dialect's headings."""
    found = []
    for rows in sheets:
        best: tuple[int, Fit] | None = None
        for number, row in enumerate(rows[:_ABOVE]):
            headings = fit(dialect, [str(cell).strip() for cell in row])
            if headings.known and (best is None or _better(headings, best[1])):
                best = number, headings
        if best:
            found.append((CellTable(file, rows, best[0], dialect), best[1]))
    return found


class Unreadable(Exception):
    """The file says that it is a workbook, or JSON, and cannot be read as one."""


def sheets(path: Path) -> list[Sheet]:
    """A workbook's sheets, or the one table of a JSON file. Raises Unreadable when the file is neither."""
    with path.open("rb") as file:
        head = file.read(64)
    return [_json_rows(path)] if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else _workbook(path)


def _workbook(path: Path) -> list[Sheet]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # what is damaged enough makes the Rust below panic, which is no Exception
        raise Unreadable from error


def _json_rows(path: Path) -> Sheet:
    """A list of objects, or the one below "value" as OData has it: the names of their values are the headings."""
    try:
        found = json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=str, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    objects = found.get("value") if isinstance(found, dict) else found
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise Unreadable
    headings = list(dict.fromkeys(name for each in objects for name in each))
    return [headings, *([_json_cell(each.get(name)) for name in headings] for each in objects)]


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it says something twice: then it is two that have lost what stood between them."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _json_cell(value: Any) -> Any:
    return "" if value is None else value
