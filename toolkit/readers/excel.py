"""Excel's workbooks: the values by python-calamine, and from the sheets' own XML what it does not tell.

That is which cells are errors, which rows are hidden, and how large a rectangle the sheet fills: calamine makes all of
it, and one stray value in the last cell of a sheet would take more memory than any machine has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath
from typing import Any, Literal
from xml.etree import ElementTree
from zipfile import ZipFile

from msgspec import Struct

from toolkit.readers.sheets import Sheet, Unreadable

_PIECE = 1 << 20
_AREA = 1_000_000  # cells of a rectangle that is made without further questions
_EMPTY = 20  # so many times more than that are in it: then most of it is nothing
_LARGEST = 100_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]+)"[^>]*>')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]+)"[^>]*(?<!/)>')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3}[0-9]+)"[^>]*>.*?<(?:\w+:)?v>(.*?)</', re.DOTALL
)
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]+)"[^>]*(?<!/)>'
    rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v\s*/>)?</(?:\w+:)?c>"
)


def sheets(path: Path, kind: Literal["xlsx", "xls"]) -> list[Sheet]:
    """The workbook's sheets, the hidden ones too. Raises Unreadable."""
    import python_calamine as calamine

    if kind == "xls" and _ENCRYPTED in path.read_bytes():
        raise Unreadable("export-protected")
    try:
        looks = _looks(path) if kind == "xlsx" else {}
        with path.open("rb") as file:
            book = calamine.CalamineWorkbook.from_filelike(file)
            found = []
            for each in book.sheets_metadata:
                if each.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                look = looks.get(each.name, _Look())
                look.held_against_its_size(each.name)
                sheet = book.get_sheet_by_name(each.name)
                if sheet.total_height * sheet.total_width > _LARGEST:
                    raise Unreadable
                rows = sheet.to_python(skip_empty_area=False)
                look.mark(rows)
                hidden = each.visible is not calamine.SheetVisibleEnum.Visible
                found.append(Sheet(each.name, rows, hidden, frozenset(look.hidden)))
            return found
    except (KeyboardInterrupt, MemoryError, Unreadable):
        raise
    except calamine.PasswordError as error:
        raise Unreadable("export-protected") from error
    except BaseException as error:  # what is damaged enough makes the Rust below panic, which is no Exception
        raise Unreadable from error


class _Look(Struct):
    """What a sheet's XML says beside its values."""

    columns: int = 0
    rows: int = 0
    count: int = 0
    lowest: str = ""  # a cell that is filled in the last row, and one in the last column: A1048576, F1
    rightmost: str = ""
    hidden: set[int] = set()
    marks: dict[str, str] = {}  # by cell: B7

    def held_against_its_size(self, name: str) -> None:
        """Raises Unreadable where the rectangle around the values is nearly empty, or larger than anything."""
        area = self.columns * self.rows
        if area > _LARGEST or (area > _AREA and area > _EMPTY * self.count):
            cells = ", ".join(dict.fromkeys((self.lowest, self.rightmost)))
            size = {"rows": self.rows, "columns": self.columns, "count": self.count}
            raise Unreadable("export-too-wide", sheet=name, cells=cells, **size)

    def mark(self, rows: list[list[Any]]) -> None:
        """Write each error where it stands: calamine gives nothing in its place."""
        for cell, text in self.marks.items():
            column, row = _place(cell)
            while len(rows) < row:
                rows.append([])
            rows[row - 1] += [""] * (column - len(rows[row - 1]))
            rows[row - 1][column - 1] = text


def _looks(path: Path) -> dict[str, _Look]:
    """What each sheet's XML says, by the sheet's name."""
    with ZipFile(path) as package:
        return {name: _look(package, part) for name, part in _parts(package)}


def _parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets' names and where in the package each stands."""
    names = package.namelist()
    book = next(name for name in names if name.endswith("workbook.xml"))
    folder, _slash, file = book.rpartition("/")
    targets = {
        each.attrib["Id"]: each.attrib["Target"]
        for each in ElementTree.fromstring(package.read(join(folder, "_rels", f"{file}.rels")))
    }
    for each in ElementTree.fromstring(package.read(book)).iter():
        if each.tag.rpartition("}")[2] == "sheet":
            id = next(value for key, value in each.attrib.items() if key.endswith("}id"))
            part = normpath(join("/", folder, targets[id])).lstrip("/")
            if part in names:
                yield each.attrib["name"], part


def _look(package: ZipFile, part: str) -> _Look:
    """Go through a sheet's XML once, some rows at a time."""
    look = _Look(hidden=set(), marks={})
    with package.open(part) as xml:
        rest = b""
        while piece := xml.read(_PIECE):
            whole, end, rest = (rest + piece).rpartition(b"</row>")
            _look_at(look, whole + end)
            if not end and len(rest) > 64 * _PIECE:
                raise Unreadable
        _look_at(look, rest)
    return look


def _look_at(look: _Look, xml: bytes) -> None:
    filled = _FILLED.findall(xml)
    if filled:
        look.count += len(filled)
        last = max({column for column, _row in filled}, key=_number)
        if _number(last) > look.columns:
            look.columns = _number(last)
            look.rightmost = next(column + row for column, row in filled if column == last).decode()
        if int(filled[-1][1]) > look.rows:
            look.rows = int(filled[-1][1])
            look.lowest = b"".join(filled[-1]).decode()
    if b"hidden=" in xml:
        look.hidden.update(int(row[1]) for row in _ROW.finditer(xml) if _HIDDEN.search(row[0]))
    if b't="e"' in xml:
        look.marks |= {cell.decode(): text.decode() for cell, text in _ERROR.findall(xml)}
    if b"<f" in xml or b":f" in xml:
        look.marks |= {cell.decode(): f"#? ={text.decode()}" for cell, text in _NO_VALUE.findall(xml)}


def _place(cell: str) -> tuple[int, int]:
    column = cell.rstrip("0123456789")
    return _number(column.encode()), int(cell[len(column) :])


def _number(column: bytes) -> int:
    """The number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
