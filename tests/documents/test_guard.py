"""What may not leave a project."""

from datetime import date

import pytest

from toolkit.documents.guard import in_document, in_file, masked, personal_numbers
from toolkit.documents.tree import Document, Figure, Section, Table, Text


@pytest.mark.parametrize(
    "text",
    [
        "010165-1234",
        "0101651234",
        "010165 1234",
        "010165–1234",
        "010165\u00a01234",
        "0101 65 1234",
        "01 01 65 1234",
        "01.01.65-1234",
        "01-01-65-1234",
        "010165 - 1234",
        "610165-1234",  # a substitute number: 60 is added to the day
        "bilag 0101651234",
        "Bilag 12 010165-1234",
        "(010165-1234)",
        "290200-1234",
        "cpr:3112991234.",
        *("CPR-010165-1234 kørsel", "CPR-0101651234", "VIKAR-010165-1234", "XA-0101651234", "NR-0101651234-1"),
        *("kr-0101651234-00020", "nr-0101651234*"),
        *("01.01.1965-1234", "01011965-1234", "01/01/65-1234", "01-01-65 1234"),
        *("010165/1234", "010165.1234", "010165_1234", "010165,1234", "010165-1234,50"),
        *("010165-1234 kr. 500", "0101651234 kr. 500", "0101651234,37 timer", "0101651234.000"),
        *("999999 0101 65-1234", "12 01 01 65 1234"),
    ],
)
def test_what_can_be_a_personal_number_is_found(text):
    assert len(personal_numbers(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "CVR 29189560",
        "EAN 5798003712010",
        "EAN 5798 0003 7120 1",
        "XA-1391100000-00020",
        "XA-0101651234-00020",
        "tlf. 99 17 17 17",
        "+45 99171717",
        "konto 3201651234",  # the 32nd of a month
        "konto 0113651234",  # the 13th month
        "300265-1234",
        "290201-1234",
        "1.010.165.123,40 kr.",
        *("1212651234,50", "1212651234 kr.", "1212651234 kr. i alt"),
        *("XA-0101650000*", "XA-0101650000-00*", "ved XA-0101651234-00020, marts"),
        "31-12-2021 til 31-12-2023",
        *("01.01.2022-31.12.2022", "010122-311222", "31-12-2022 – 2023", "30-06-2022 1400", "2022-06-30-1400"),
        "2022-06-30 14:00",
        "voucher 220144871",
        "12345678901234",
        "sha256:" + "0101651234abcdef" * 4,
    ],
)
def test_what_is_no_date_or_part_of_something_longer_is_let_through(text):
    assert personal_numbers(text) == []


def test_a_problem_points_at_the_number_and_does_not_repeat_it():
    (found,) = in_file("Første linje\nBorgeren 010165-1234 er med.\n", "texts/final-report.md")

    assert (found.code, found.at.line, found.at.column) == ("personal-number", 2, 10)
    assert found.at.text == "Borgeren [personnummer] er med."
    assert "1234" not in str(found)


def test_a_number_in_a_file_name_is_masked_too():
    (found,) = in_file("", "sources/010165-1234.pdf")

    assert found.code == "personal-number-in-name"
    assert "010165" not in str(found)


@pytest.mark.parametrize("text", ["010165-1234,020270-5678", "1212651234,02 02 70 5678", "0202705678.0202705678"])
def test_two_numbers_that_touch_are_both_covered(text):
    assert len(personal_numbers(text)) == 2


def test_masking_covers_every_number_and_nothing_else():
    assert masked("a 010165-1234 b 0202661234 c") == "a [personnummer] b [personnummer] c"


def test_a_document_is_read_where_nobody_looks_too():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><desc>010165-1234</desc></svg>'
    table = Table(header=((Text("Navn"),),), align=("left",), rows=(((Text("010265-1234"),),),), caption="010365-1234")
    document = Document(
        title="Rapport",
        author="Thisted Kommune",
        subject="Rapport",
        keywords=("010465-1234",),
        day=date(2022, 6, 30),
        blocks=(Section("a", "A", (table, Figure(svg, "Tidslinje"))),),
    )

    assert len(list(in_document(document, "rapport"))) == 4


def test_two_cells_beside_each_other_are_not_one_number():
    table = Table(
        header=((Text("A"),), (Text("B"),)), align=("left", "left"), rows=(((Text("010165"),), (Text("1234"),)),)
    )
    document = Document(title="R", author="T", subject="R", day=date(2022, 6, 30), blocks=(table,))

    assert list(in_document(document, "rapport")) == []
