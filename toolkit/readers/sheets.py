"""What an export is, by its bytes and not by its name, and the sheets of cells in one that is no plain text."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from toolkit.core.problems import N_, declare

Kind = Literal["text", "xlsx", "xls", "json", "html", "mhtml", "xml"]

_HEAD = 1 << 12
_BREAK = re.compile(r"\r\n|\r|\n")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people also attach, by how it begins.
_FOREIGN = {
    b"%PDF": "pdf",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpg",
    b"\x1f\x8b": "gz",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"{\\rtf": "rtf",
}
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|table|meta|style|\?xml|workbook|div)\b", re.IGNORECASE)
_MORE = ("odata.nextlink", "nextlink")  # what OData says beside a page that is not the last
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"

declare(
    "export-unreadable",
    "error",
    N_("{file} cannot be read: it is damaged, or only half of it is there."),
    N_("open it in the program that wrote it, and save it again as xlsx or csv"),
)
declare(
    "export-kind",
    "error",
    N_("{file} is a file of the kind {kind}, and no list that can be read."),
    N_("save the list as xlsx or csv"),
)
declare(
    "export-protected",
    "error",
    N_("{file} is locked with a password."),
    N_("open it, save it without the password as xlsx or csv, and import that"),
)
declare(
    "export-too-wide",
    "error",
    N_("{sheet} spans {rows} rows and {columns} columns for {count} cells. Lowest and furthest to the right: {cells}"),
    N_("delete what is not of the list ({cells}: look there first), or copy the list to a new sheet; then save"),
)
declare(
    "export-one-page",
    "error",
    N_("{file} is one page of a list, and more follow: it says {key}."),
    N_(
        "fetch the pages that follow too, and put all their rows in one value: […] without {key}; or save the list as "
        "xlsx or csv"
    ),
)


class Sheet(Struct):
    """One sheet of cells: its rows from the first on, as values that are no text yet.

    `hidden_rows` are the numbers, from 1, of rows that whoever looks at the sheet does not see.
    """

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


class Unreadable(Exception):
    """The file cannot be read as what it is; a problem's code says why, and the words of its sentence."""

    def __init__(self, code: str = "export-unreadable", **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def kind_of(path: Path) -> Kind:
    """What the file is. Raises Unreadable for what holds no list at all."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return _zipped(path)
    if head.startswith(_OLE):
        return "xls"
    for mark, kind in _FOREIGN.items():
        if head.startswith(mark):
            raise Unreadable("export-kind", kind=kind)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]
    text = head.decode("utf-16-be" if wide and head[0] in (0, 0xFE) else "utf-16-le" if wide else "latin-1", "replace")
    text = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    if text[:1] in ("{", "["):
        return "json"
    if re.match(r"(?:[\w-]+: .*\r?\n){0,20}MIME-Version:", text, re.IGNORECASE):
        return "mhtml"
    if _MARKUP.match(text):
        return "xml" if _SPREADSHEET in text else "html"
    return "text"


def sheets(path: Path, kind: Kind) -> list[Sheet]:
    """The sheets of a file that is no plain text. Raises Unreadable where it is not what it seems to be."""
    match kind:
        case "xlsx" | "xls":
            from toolkit.readers import excel

            return excel.sheets(path, kind)
        case "json":
            return [Sheet("", _json_rows(path))]
        case "html" | "mhtml" | "xml":
            from toolkit.readers import markup_sheets

            return markup_sheets.sheets(path, kind)
        case "text":
            return []


def letters(number: int) -> str:
    """What a column is called: 1 is A, 16384 is XFD."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _zipped(path: Path) -> Literal["xlsx"]:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as package:
            names = set(package.namelist())
    except (BadZipFile, ValueError, EOFError) as error:
        raise Unreadable from error
    if any(name.endswith("workbook.xml") for name in names):
        return "xlsx"
    marks = {"xl/workbook.bin": "xlsb", "content.xml": "ods", "word/document.xml": "docx"}
    raise Unreadable("export-kind", kind=next((kind for name, kind in marks.items() if name in names), "zip"))


def _json_rows(path: Path) -> list[list[Any]]:
    """A list of objects, or the one below "value" as OData has it: the names of their values are the headings."""
    try:
        found = json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=str, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if isinstance(found, dict) and (more := next((key for key in found if _is_more(key) and found[key]), "")):
        raise Unreadable("export-one-page", key=more)
    objects = found.get("value") if isinstance(found, dict) else found
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise Unreadable
    headings = list(dict.fromkeys(name for each in objects for name in each))
    return [headings, *([_json_cell(each.get(name)) for name in headings] for each in objects)]


def _is_more(key: str) -> bool:
    """Whether a key names the page that follows."""
    return key.casefold().lstrip("@") in _MORE


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it says something twice: then it is two that have lost what stood between them."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _json_cell(value: Any) -> Any:
    return "" if value is None else value
