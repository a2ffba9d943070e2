"""A workbook (xlsx) from plain rows: amounts in whole øre, formulas beside their values, and text that stays text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from toolkit.writers import N_, Unsupported
from toolkit.writers.characters import clean
from toolkit.writers.package import pack, unpack

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1_048_576  # as many as a sheet has
_TEXT = 32_767  # as long as a cell's text may be
_DIGITS = 15  # as many as a cell's number keeps
_HEAD_HEIGHT = 32  # points: room for headings of two lines
_FOOTER = 80  # a footer holds 255 characters, all three parts and their signs together


class Amount(Struct, frozen=True):
    """An amount in whole øre. A `formula`, without its equals sign, gives it anew when the workbook is calculated.

    A `bare` one lacks its unit, and is a dash where it is nothing: for tables that are wide, or mostly empty.
    """

    oere: int
    formula: str = ""
    bare: bool = False


class Share(Struct, frozen=True):
    """A part of a whole, shown in per cent; None where there is no whole."""

    value: Fraction | None
    formula: str = ""


Cell = str | int | date | Amount | Share | None
Look = Literal["title", "notice", "note", "head", "part", "line", "total"]


class Row(Struct, frozen=True):
    """One row, and how it looks."""

    cells: tuple[Cell, ...]
    look: Look = "line"


class Sheet(Struct, frozen=True, kw_only=True):
    """One sheet. Down to row `head`, counted from 1, it stays in view, and that row is repeated on every printed page.

    With a `filtered` head the rows below it, down to the last, can be filtered. `fixed` columns stay in view too.
    """

    name: str
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    head: int
    fixed: int = 0
    filtered: bool = False


class Book(Struct, frozen=True, kw_only=True):
    """A workbook. `day` is the day it says it was made; `notice` stands at the foot of every printed page."""

    title: str
    author: str
    day: date
    sheets: tuple[Sheet, ...]
    notice: str = ""


def cell(column: int, row: int) -> str:
    """The name of a cell, both counted from 1: cell(2, 5) is B5."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return f"{name}{row}"


def column(number: int, first: int, last: int) -> str:
    """A stretch of one column that does not move when a formula is copied: column(2, 5, 9) is $B$5:$B$9."""
    name = cell(number, 1)[:-1]
    return f"${name}${first}:${name}${last}"


def write(book: Book) -> bytes:
    """The workbook's bytes: the same workbook gives the same, on every day and every system.

    Raises Unsupported where a sheet has more rows than a workbook can hold, or an amount more digits than a cell keeps.
    """
    import xlsxwriter  # takes 60 ms to import: only who asks for a workbook pays

    for sheet in book.sheets:
        if len(sheet.rows) > _ROWS:
            raise Unsupported(N_("more than {rows} rows in a sheet"), rows=_ROWS)
    packed = BytesIO()
    file = xlsxwriter.Workbook(packed, {"in_memory": True})
    file.set_properties({"title": book.title, "author": book.author, "created": _midnight(book.day)})
    looks = _Looks(file)
    for sheet in book.sheets:
        _sheet(file.add_worksheet(sheet.name), sheet, book, looks)
    file.close()
    return pack(unpack(packed.getvalue()))  # XlsxWriter's own zip says which system it was made on


# ── one sheet ────────────────────────────────────────────────────────────────────────────────


def _sheet(page: Worksheet, sheet: Sheet, book: Book, looks: _Looks) -> None:
    for number, width in enumerate(sheet.widths):
        page.set_column(number, number, width)
    figures = {i for row in sheet.rows for i, value in enumerate(row.cells) if isinstance(value, Amount | Share)}
    for number, row in enumerate(sheet.rows):
        for i, value in enumerate(row.cells):
            right = row.look == "head" and i in figures
            _cell(page, number, i, value, looks.of(row.look, _kind(value), right=right))
    page.set_row(sheet.head - 1, _HEAD_HEIGHT)
    page.freeze_panes(sheet.head, sheet.fixed)
    if sheet.filtered:
        page.autofilter(sheet.head - 1, 0, max(len(sheet.rows), sheet.head + 1) - 1, len(sheet.widths) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.fit_to_pages(1, 0)  # as wide as the page, as many pages as it takes
    page.repeat_rows(sheet.head - 1)
    title, notice = (clean(text)[:_FOOTER].replace("&", "&&") for text in (book.title, book.notice))
    page.set_footer(f"&L&8{title}&C&8{notice}&R&8&A · &P / &N")


def _cell(page: Worksheet, row: int, number: int, value: Cell, look: Format) -> None:
    match value:
        case None | "":
            page.write_blank(row, number, None, look)
        case str():
            page.write_string(row, number, _fitting(clean(value)), look)
        case Amount(oere, formula):
            _figure(page, row, number, _kroner(oere), formula, look)
        case Share(share, formula):
            _figure(page, row, number, _decimal(share), formula, look)
        case int():
            page.write_number(row, number, value, look)
        case date():
            page.write_datetime(row, number, _midnight(value), look)


def _figure(page: Worksheet, row: int, number: int, value: Decimal | None, formula: str, look: Format) -> None:
    if formula:
        page.write_formula(row, number, f"={formula}", look, "" if value is None else value)
    elif value is None:
        page.write_blank(row, number, None, look)
    else:
        page.write_number(row, number, value, look)


def _kroner(oere: int) -> Decimal:
    """The amount as the file says it, in kroner: the exact decimals.

    Whoever opens the file makes floats of them, for there is no other kind of number in a cell. That is exact enough
    with at most fifteen digits, which is under ten thousand billion kroner: each amount in whole øre then has a float
    of its own, and is shown as the very same decimals again.
    """
    if abs(oere) >= 10**_DIGITS:
        raise Unsupported(N_("an amount with more than {digits} digits"), digits=_DIGITS)
    return Decimal(oere) / 100


def _decimal(share: Fraction | None) -> Decimal | None:
    return None if share is None else Decimal(share.numerator) / share.denominator


def _fitting(text: str) -> str:
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


# ── how it looks ─────────────────────────────────────────────────────────────────────────────

_Kind = Literal["text", "formula-like", "amount", "bare", "share", "whole", "day"]

_NUMBERS: dict[_Kind, dict[str, Any]] = {
    "text": {},
    "formula-like": {"quote_prefix": True},  # so that it stays text when somebody edits the cell
    "amount": {"num_format": '#,##0.00 "kr."_);[Red]-#,##0.00 "kr."_)'},
    "bare": {"num_format": '#,##0.00;[Red]-#,##0.00;"–"', "align": "right"},
    "share": {"num_format": "0.0 %_)"},
    "whole": {"num_format": "0", "align": "left"},  # a number or a year, nothing to sum
    "day": {"num_format": "dd-mm-yyyy", "align": "left"},
}

_LOOKS: dict[Look, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "notice": {"bold": True, "font_color": "#9C0006"},
    "note": {"italic": True, "font_color": "#404040"},
    "head": {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"},
    "part": {"bold": True, "bg_color": "#D9E2F3"},
    "line": {"valign": "top"},
    "total": {"bold": True, "top": 1, "bottom": 6},
}


class _Looks:
    """The workbook's formats, each made once."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._made: dict[tuple[Look, _Kind, bool], Format] = {}

    def of(self, look: Look, kind: _Kind, *, right: bool) -> Format:
        key = (look, kind, right)
        if key not in self._made:
            properties = {**_LOOKS[look], **_NUMBERS[kind], **({"align": "right"} if right else {})}
            self._made[key] = self._file.add_format(properties)
        return self._made[key]


def _kind(value: Cell) -> _Kind:
    match value:
        case Amount(bare=bare):
            return "bare" if bare else "amount"
        case Share():
            return "share"
        case int():
            return "whole"
        case date():
            return "day"
        case str() if value.startswith(("=", "+", "-", "@")):
            return "formula-like"
    return "text"
