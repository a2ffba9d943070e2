"""A workbook read back out of its own XML, and its formulas calculated anew: exactly, and from the cells up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any
from xml.etree import ElementTree

from toolkit.writers.package import unpack

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NAMED = re.compile(r"(\$?)([A-Z]+)(\$?)([0-9]+)")
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*")
      | (?P<cells>(?:'(?P<sheet>[^']+)'!)?(?P<first>\$?[A-Z]+\$?[0-9]+)(?::(?P<last>\$?[A-Z]+\$?[0-9]+))?)
      | (?P<call>[A-Z]+(?=\())
      | (?P<other>[0-9]+(?:\.[0-9]+)?|[-+/(),])""",
    re.VERBOSE,
)
_IF = re.compile(r'IF\((?P<cell>[A-Z]+[0-9]+)=0,"",(?P<otherwise>.+)\)')

Value = Fraction | str


class Cell:
    """One cell: its value as the file holds it, and the formula that it says gives it."""

    def __init__(self, node: ElementTree.Element, strings: Sequence[str]) -> None:
        value, formula = node.findtext(f"{_MAIN}v"), node.findtext(f"{_MAIN}f")
        self.style = int(node.get("s", "0"))
        self.formula = formula or ""
        self.written = value or ""
        self.value: Value = strings[int(self.written)] if node.get("t") == "s" else Fraction(value) if value else ""


class Workbook:
    """The sheets of an xlsx file, by name and cell."""

    def __init__(self, packed: bytes) -> None:
        self.parts = unpack(packed)
        strings = [
            "".join(text.text or "" for text in item.iter(f"{_MAIN}t"))
            for item in ElementTree.fromstring(self.parts.get("xl/sharedStrings.xml", b"<sst/>"))
        ]
        book = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        names = [sheet.attrib["name"] for sheet in book.iter(f"{_MAIN}sheet")]
        self.xml = {name: self.parts[f"xl/worksheets/sheet{i}.xml"].decode() for i, name in enumerate(names, 1)}
        self.sheets: dict[str, dict[str, Cell]] = {
            name: {
                node.attrib["r"]: Cell(node, strings)
                for node in ElementTree.fromstring(xml).iter(f"{_MAIN}c")
                if len(node)
            }
            for name, xml in self.xml.items()
        }
        self.calculated = cache(self._calculated)

    def formulas(self) -> Iterator[tuple[str, str, Cell]]:
        """Every cell with a formula: its sheet, its name, itself."""
        for sheet, cells in self.sheets.items():
            for name, cell in cells.items():
                if cell.formula:
                    yield sheet, name, cell

    def _calculated(self, sheet: str, name: str) -> Value:
        """A cell's value, by its formula where it has one, and so on down to the figures that were typed in."""
        cell = self.sheets[sheet].get(name)
        if cell is None:
            return ""
        return self._formula(sheet, cell.formula) if cell.formula else cell.value

    def _formula(self, sheet: str, formula: str) -> Value:
        if condition := _IF.fullmatch(formula):
            if _number(self.calculated(sheet, condition["cell"])) == 0:
                return ""
            formula = condition["otherwise"]
        python, at = "", 0
        for token in _TOKEN.finditer(formula):
            assert token.start() == at, f"{formula!r} holds something else than this test can calculate"
            at = token.end()
            if token["cells"]:
                python += f"cells({token['sheet'] or sheet!r}, {token['first']!r}, {token['last']!r})"
            else:
                python += f"number({token[0]!r})" if token[0][0].isdigit() else token[0]
        assert at == len(formula), formula
        names = {"cells": self._cells, "number": Fraction, **_FUNCTIONS}
        answer: Value = eval(python, {"__builtins__": {}}, names)
        return answer

    def _cells(self, sheet: str, first: str, last: str | None) -> Any:
        if last is None:
            return _number(self.calculated(sheet, first.replace("$", "")))
        (_, left, _, top), (_, right, _, bottom) = (_NAMED.fullmatch(name).groups() for name in (first, last))  # type: ignore[union-attr]
        assert left == right or top == bottom, "a stretch of one row or one column"
        columns = [left] if left == right else [chr(code) for code in range(ord(left), ord(right) + 1)]
        return [
            self.calculated(sheet, f"{column}{row}") for column in columns for row in range(int(top), int(bottom) + 1)
        ]


def _number(value: Value) -> Fraction | str:
    return Fraction(0) if value == "" else value


def _sum(values: Sequence[Value]) -> Fraction:
    return sum((value for value in values if isinstance(value, Fraction)), Fraction(0))


def _sumifs(amounts: Sequence[Value], *criteria: Any) -> Fraction:
    ranges, wanted = criteria[::2], criteria[1::2]
    assert all(len(each) == len(amounts) for each in ranges)
    rows = zip(amounts, *ranges, strict=True)
    return _sum([amount for amount, *found in rows if all(a == b for a, b in zip(found, wanted, strict=True))])


_FUNCTIONS = {
    "SUM": _sum,
    "SUMIFS": _sumifs,
    "SUBTOTAL": lambda _kind, values: _sum(values),
    "MAX": max,
    "MIN": min,
    "ROUND": lambda value, digits: Fraction(round(value * 10**digits), 10**digits),
}
