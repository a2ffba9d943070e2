"""Lists that ERPs write as web pages or XML and call .xls: the tables of HTML, MHTML and Excel's XML of 2003."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

from toolkit.readers.sheets import Sheet, Unreadable

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def sheets(path: Path, kind: Literal["html", "mhtml", "xml"]) -> list[Sheet]:
    """Each table, or each sheet. Raises Unreadable where the file does not end as it should."""
    data = path.read_bytes()
    if kind == "xml":
        return list(_spreadsheet(data))
    page = _Page()
    for part in _pages(data) if kind == "mhtml" else [_decoded(data)]:
        page.feed(part)
        page.close()
        if page.unfinished:
            raise Unreadable
    return [Sheet(f"{number}", rows, hidden_rows=frozenset(hidden)) for number, (rows, hidden) in page.numbered]


def _decoded(data: bytes, charset: str | None = None) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    said = _CHARSET.search(data[:4096])
    for encoding in (charset, said and said[1].decode(), "utf-8-sig"):
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _pages(data: bytes) -> Iterator[str]:
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            yield _decoded(content, part.get_content_charset())


class _Page(HTMLParser):
    """Every table of a page as rows of texts; a table in a cell is one by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[list[Any]], set[int]]] = []
        self._open: list[tuple[list[list[Any]], set[int]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    @property
    def unfinished(self) -> bool:
        """Whether a table begins and never ends."""
        return bool(self._open)

    @property
    def numbered(self) -> Iterator[tuple[int, tuple[list[list[Any]], set[int]]]]:
        return enumerate(self.tables, start=1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "table":
            self._end_cell()
            self._open.append(([], set()))
            self.tables.append(self._open[-1])
        elif self._open and tag == "tr":
            self._end_cell()
            rows, hidden = self._open[-1]
            rows.append([])
            if "hidden" in said or _NOT_SHOWN.search(said.get("style") or ""):
                hidden.add(len(rows))
        elif self._open and self._open[-1][0] and tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            span = said.get("colspan") or "1"
            self._span = min(int(span), 1000) if span.isdecimal() else 1
        elif self._cell is not None and tag in ("br", "p", "div"):
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            text = " ".join("".join(self._cell).split())
            self._open[-1][0][-1] += [text, *[""] * (self._span - 1)]
        self._cell = None


# ── Excel's XML of 2003 ──────────────────────────────────────────────────────────────────────


def _spreadsheet(data: bytes) -> Iterator[Sheet]:
    try:
        book = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise Unreadable from error
    for sheet in _named(book, "Worksheet"):
        rows: list[list[Any]] = []
        hidden = set()
        for row in _named(sheet, "Row"):
            skipped = _index(row, len(rows) + 1) - len(rows) - 1
            rows += [[] for _ in range(skipped)]
            cells: list[Any] = []
            for cell in _named(row, "Cell"):
                cells += [""] * (_index(cell, len(cells) + 1) - len(cells) - 1)
                cells.append(_value(cell))
            rows.append(cells)
            if _said(row, "Hidden") == "1":
                hidden.add(len(rows))
        shown = next((each.text for each in _named(sheet, "Visible")), None)
        yield Sheet(_said(sheet, "Name") or "", rows, shown is not None and "Hidden" in shown, frozenset(hidden))


def _named(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (each for each in element.iter() if each.tag.rpartition("}")[2] == name)


def _said(element: ElementTree.Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _index(element: ElementTree.Element, otherwise: int) -> int:
    """The row or column that an element says it is; as far as any sheet goes, and never backwards."""
    said = _said(element, "Index") or ""
    index = int(said) if said.isdecimal() else otherwise
    if not otherwise <= index <= 1_048_576:
        raise Unreadable
    return index


def _value(cell: ElementTree.Element) -> Any:
    data = next(_named(cell, "Data"), None)
    if data is None:
        return ""
    text = "".join(data.itertext())
    try:
        match _said(data, "Type"):
            case "Number":
                return Decimal(text)
            case "DateTime":
                return datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        pass
    return text
