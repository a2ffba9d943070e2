from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.writers.workbooks import Workbook
from toolkit.writers import Unsupported
from toolkit.writers.sheet import Amount, Book, Cell, Row, Share, Sheet, cell, column, write

HEAD = Row(("Tekst", "Beløb"), "head")


def book(*rows: Row, filtered: bool = False, notice: str = "", title: str = "Økonomi & tal") -> Book:
    sheet = Sheet(name="Ark", widths=(40, 20), rows=(HEAD, *rows), head=1, fixed=1, filtered=filtered)
    return Book(title=title, author="Thisted Kommune", day=date(2022, 6, 30), sheets=(sheet,), notice=notice)


def written(*cells: Cell) -> Workbook:
    return Workbook(write(book(Row(cells))))


def style(workbook: Workbook, name: str) -> str:
    """The cell's format, as styles.xml has it."""
    formats = workbook.parts["xl/styles.xml"].decode().split("<cellXfs", 1)[1].split("<xf ")[1:]
    return formats[workbook.sheets["Ark"][name].style]


def test_a_cell_is_named_by_its_column_and_row() -> None:
    assert [cell(1, 1), cell(2, 5), cell(26, 2), cell(27, 2), cell(703, 9)] == ["A1", "B5", "Z2", "AA2", "AAA9"]
    assert column(2, 5, 9) == "$B$5:$B$9"


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_an_amount_is_the_same_decimals_in_the_file(oere: int) -> None:
    found = written(Amount(oere), Amount(oere, "A2")).sheets["Ark"]

    assert (found["A2"].value, found["B2"].value) == (Fraction(oere, 100), Fraction(oere, 100))
    assert round(Fraction(float(found["A2"].written)) * 100) == oere


def test_an_amount_that_no_cell_can_hold_exactly_is_refused() -> None:
    with pytest.raises(Unsupported, match="more than 15 digits"):
        written("", Amount(10**15))


def test_a_formula_stands_beside_the_value_that_it_gives() -> None:
    found = Workbook(
        write(
            book(Row(("a", Amount(12_345))), Row(("b", Amount(55))), Row(("", Amount(12_400, "SUM(B2:B3)")), "total"))
        )
    )

    assert (found.sheets["Ark"]["B4"].formula, found.sheets["Ark"]["B4"].value) == ("SUM(B2:B3)", Fraction(124))
    assert found.calculated("Ark", "B4") == Fraction(124)


@pytest.mark.parametrize("text", ["=1+1", "+45 12 34 56 78", "-1", "@SUM(A1)", '=HYPERLINK("http://x.dk","klik")'])
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    found = written(text)

    assert (found.sheets["Ark"]["A2"].value, found.sheets["Ark"]["A2"].formula) == (text, "")
    assert 'quotePrefix="1"' in style(found, "A2")
    assert "hyperlink" not in found.xml["Ark"]


def test_a_text_of_digits_stays_text_with_its_zeros() -> None:
    assert written("0787").sheets["Ark"]["A2"].value == "0787"


def test_a_text_keeps_its_letters_and_loses_what_no_file_can_hold() -> None:
    assert written("Æblegrød <&> \x00\x1f\ufeff5").sheets["Ark"]["A2"].value == "Æblegrød <&> 5"


def test_a_text_that_is_too_long_for_a_cell_is_cut_visibly() -> None:
    found = written("x" * 40_000).sheets["Ark"]["A2"].value

    assert isinstance(found, str)
    assert (len(found), found[-1]) == (32_767, "…")


def test_a_share_of_nothing_is_empty_and_keeps_its_formula() -> None:
    found = written(Share(Fraction(1, 8)), Share(None, 'IF(A2=0,"",A2)')).sheets["Ark"]

    assert found["A2"].value == Fraction(1, 8)
    assert (found["B2"].value, found["B2"].formula) == ("", 'IF(A2=0,"",A2)')


def test_a_day_is_a_day_of_the_calendar_and_a_count_is_a_number() -> None:
    found = written(date(2022, 1, 31), 2022)

    assert (found.sheets["Ark"]["A2"].value, found.sheets["Ark"]["B2"].value) == (Fraction(44592), Fraction(2022))
    assert "dd-mm-yyyy" in found.parts["xl/styles.xml"].decode()


def test_amounts_are_shown_with_their_unit_and_what_is_owed_in_red() -> None:
    shown = written(Amount(1), Amount(1, bare=True)).parts["xl/styles.xml"].decode()

    assert "#,##0.00 &quot;kr.&quot;_);[Red]-#,##0.00 &quot;kr.&quot;_)" in shown
    assert "#,##0.00;[Red]-#,##0.00;&quot;–&quot;" in shown


def test_the_headings_stay_in_view_and_on_every_printed_page() -> None:
    found = Workbook(write(book(Row(("a", Amount(1))), Row(("b", Amount(2))), filtered=True, notice="Konstrueret.")))
    sheet, names = found.xml["Ark"], found.parts["xl/workbook.xml"].decode()

    assert '<pane xSplit="1" ySplit="1" topLeftCell="B2"' in sheet
    assert '<autoFilter ref="A1:B3"/>' in sheet
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "<oddFooter>&amp;L&amp;8Økonomi &amp;&amp; tal&amp;C&amp;8Konstrueret.&amp;R" in sheet
    assert "Ark!$1:$1</definedName>" in names


def test_a_long_title_fits_the_footer() -> None:
    footer = Workbook(write(book(title="&" * 300))).xml["Ark"].split("<oddFooter>")[1].split("</oddFooter>")[0]

    assert len(footer.replace("&amp;", "&")) <= 255


def test_a_filter_without_rows_is_still_a_filter() -> None:
    assert '<autoFilter ref="A1:B2"/>' in Workbook(write(book(filtered=True))).xml["Ark"]


def test_a_sheet_with_more_rows_than_there_are_is_refused() -> None:
    with pytest.raises(Unsupported, match="more than 1048576 rows"):
        write(book(*[Row(())] * 1_048_576))


def test_the_same_workbook_gives_the_same_bytes_and_says_the_day_of_its_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = write(book(Row(("a", Amount(1)))))
    monkeypatch.setenv("TZ", "Pacific/Auckland")

    assert write(book(Row(("a", Amount(1))))) == first
    assert b"2022-06-30T00:00:00Z</dcterms:created>" in Workbook(first).parts["docProps/core.xml"]
