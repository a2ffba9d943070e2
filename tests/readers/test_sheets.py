"""Files are read by what they are, and what a sheet hides, or cannot say, is told."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter

from toolkit.readers.sheets import Sheet, Unreadable, kind_of, letters, sheets

DAY = date(2022, 3, 15)


def saved(folder: Path, data: bytes, name: str = "liste.xls") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def opened(path: Path) -> list[Sheet]:
    return sheets(path, kind_of(path))


def book(rows: Sequence[Sequence[Any]], *, hidden_rows: Sequence[int] = (), stray: Any = None, **options: Any) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, **options}) as workbook:
        day = workbook.add_format({"num_format": "dd-mm-yyyy"})
        sheet = workbook.add_worksheet("Ark")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(number, column, "=NA()", None, cell)
                else:
                    sheet.write(number, column, cell)
        for row in hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
        if stray:
            sheet.write(*stray)
        workbook.add_worksheet("Skjult").hide()
    return data.getvalue()


def with_part(data: bytes, change: Any) -> bytes:
    """The workbook with its first sheet's XML otherwise."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return out.getvalue()


# ── Excel ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.xls", "liste.csv", "liste"])
def test_a_workbook_is_one_whatever_it_is_called(tmp_path, name):
    (sheet, hidden) = opened(saved(tmp_path, book([["Dag", "Beløb"], [DAY, 12.5]]), name))

    assert (sheet.name, sheet.rows, sheet.hidden) == ("Ark", [["Dag", "Beløb"], [DAY, 12.5]], False)
    assert (hidden.name, hidden.hidden) == ("Skjult", True)


def test_an_error_stands_where_calamine_gives_nothing(tmp_path):
    (sheet, _) = opened(saved(tmp_path, book([["a", "#N/A", 1], ["b", 2, "#REF!"], ["#DIV/0!"]])))

    assert sheet.rows == [["a", "#N/A", 1.0], ["b", 2.0, "#REF!"], ["#DIV/0!", "", ""]]


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path):
    data = book([["a", 1], ["b", "#N/A"]])
    without_value = with_part(data, lambda xml: xml.replace(b' t="e"><f>NA()</f><v>#N/A</v>', b"><f>VLOOKUP(A1)</f>"))

    assert opened(saved(tmp_path, without_value))[0].rows[1] == ["b", "#? =VLOOKUP(A1)"]


def test_hidden_rows_are_known_by_their_numbers(tmp_path):
    (sheet, _) = opened(saved(tmp_path, book([["a"], ["b"], ["c"]], hidden_rows=[1, 2])))

    assert sheet.hidden_rows == {2, 3}


def test_days_since_1904_are_the_same_days(tmp_path):
    assert opened(saved(tmp_path, book([[DAY]], date_1904=True)))[0].rows == [[DAY]]


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [
        (1_048_575, 16_383, "XFD1048576"),
        (1_048_575, 3, "D1048576"),
        (1_048_575, 0, "A1048576, B1"),
        (99, 16_383, "XFD100"),
    ],
)
def test_a_sheet_that_one_stray_cell_makes_huge_is_refused_before_it_is_read(tmp_path, row, column, cell):
    path = saved(tmp_path, book([["a", 1]] * 50, stray=(row, column, "x")))

    with pytest.raises(Unreadable) as refused:
        opened(path)

    assert (refused.value.code, refused.value.words["cells"]) == ("export-too-wide", cell)
    assert refused.value.words["count"] == 101


def test_a_cell_that_is_only_formatted_is_no_cell(tmp_path):
    xml = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    data = with_part(book([["a"]]), lambda part: part.replace(b"</sheetData>", xml))

    assert opened(saved(tmp_path, data))[0].rows == [["a"]]


def test_a_wide_sheet_that_is_full_is_read(tmp_path):
    (sheet, _) = opened(saved(tmp_path, book([["a"] * 200] * 20)))

    assert (len(sheet.rows), len(sheet.rows[0])) == (20, 200)


def test_columns_are_called_as_excel_calls_them():
    assert [letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


# ── what is none ─────────────────────────────────────────────────────────────────────────────


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with ZipFile(data, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"%PDF-1.7", "export-kind", "pdf"),
        (b"\x89PNG\r\n", "export-kind", "png"),
        (zipped("content.xml"), "export-kind", "ods"),
        (zipped("xl/workbook.bin"), "export-kind", "xlsb"),
        (zipped("word/document.xml"), "export-kind", "docx"),
        (zipped("liste.csv"), "export-kind", "zip"),
        (b"PK\x03\x04 afbrudt", "export-unreadable", None),
        (book([["a"]])[:-400], "export-unreadable", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ikke xls", "export-unreadable", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "export-protected", None),
        (b"<table><tr><td>1</td></tr>", "export-unreadable", None),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "export-unreadable",
            None,
        ),
        (b'[{"a": 1}', "export-unreadable", None),
    ],
)
def test_what_holds_no_list_says_why(tmp_path, data, code, kind):
    path = saved(tmp_path, data)

    with pytest.raises(Unreadable) as refused:
        opened(path)

    assert (refused.value.code, refused.value.words.get("kind")) == (code, kind)


@pytest.mark.parametrize("key", ["@odata.nextLink", "odata.nextLink", "nextLink"])
def test_one_page_of_a_list_is_not_taken_for_all_of_it(tmp_path, key):
    page = {"value": [{"Voucher": "V1"}], key: "https://erp.example/data?$skiptoken=10000"}
    with pytest.raises(Unreadable) as refused:
        opened(saved(tmp_path, json.dumps(page).encode()))

    assert (refused.value.code, refused.value.words) == ("export-one-page", {"key": key})
    last = {**page, key: None}
    assert opened(saved(tmp_path, json.dumps(last).encode()))[0].rows == [["Voucher"], ["V1"]]


@pytest.mark.parametrize(
    "data", [b"Dato;Bel\xf8b\n", b"", b"\xef\xbb\xbfDato;", "Dato\t".encode("utf-16"), b"<>;a\n", b"< 5;x"]
)
def test_plain_text_is_plain_text_whatever_it_is_called(tmp_path, data):
    assert kind_of(saved(tmp_path, data, "liste.xlsx")) == "text"


# ── pages and XML ────────────────────────────────────────────────────────────────────────────

HTML = (
    "<html><body>Udtræk<table><tr><th>Dag<th>Tekst<th>Beløb</tr>"
    "<tr><td>15-03-2022<td>Kursus &amp;<br>bog<td>1.250,50</tr>"
    '<tr style="display:none"><td colspan=2>I alt<td>1.250,50</td></tr></table></body></html>'
)
ROWS = [["Dag", "Tekst", "Beløb"], ["15-03-2022", "Kursus & bog", "1.250,50"], ["I alt", "", "1.250,50"]]


@pytest.mark.parametrize(
    "data",
    [
        HTML.encode(),
        HTML.encode("utf-8-sig"),
        HTML.encode("utf-16"),
        HTML.replace("<html>", '<html><meta charset="windows-1252">').encode("cp1252"),
        HTML.encode("cp1252"),
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + HTML.encode(),
    ],
)
def test_a_page_that_is_called_xls_is_its_tables(tmp_path, data):
    (sheet,) = opened(saved(tmp_path, data))

    assert (sheet.rows, sheet.hidden_rows) == (ROWS, {3})


def test_a_table_in_a_cell_is_one_by_itself(tmp_path):
    page = b"<table><tr><td>a<table><tr><td>b</table><td>c</table>"

    assert [each.rows for each in opened(saved(tmp_path, page))] == [[["a", "c"]], [["b"]]]


def test_excels_xml_of_2003_says_its_types_its_gaps_and_what_is_hidden(tmp_path):
    xml = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
      xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
      <Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="DateTime">2022-03-15T00:00:00.000</Data></Cell>
      <Cell ss:Index="3"><Data ss:Type="Number">12.5</Data></Cell></Row>
      <Row ss:Index="3" ss:Hidden="1"><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row></Table></Worksheet>
      <Worksheet ss:Name="B"><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
      </Workbook>"""
    first, second = opened(saved(tmp_path, xml.encode()))

    assert first.rows == [[datetime(2022, 3, 15), "", Decimal("12.5")], [], ["#N/A"]]
    assert (first.hidden_rows, first.hidden, second.hidden) == ({3}, False, True)
