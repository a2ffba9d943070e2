from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.core.personal import (
    EMPLOYEE_REMOVED,
    REMOVED,
    personal_numbers,
    without_numbers,
    without_personal_numbers,
)
from toolkit.documents.guard import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Løn, medarb.nr. 123456", "Løn, medarb.nr. [medarbejdernummer fjernet]"),
        ("MA-4471", "MA-[medarbejdernummer fjernet]"),
        ("MA-nr.: 4471, marts", "MA-nr.: [medarbejdernummer fjernet], marts"),
        ("medarbejder 123456", "medarbejder [medarbejdernummer fjernet]"),
        (
            "Tjenestenummer 12345 og lønnr 99",
            "Tjenestenummer [medarbejdernummer fjernet] og lønnr [medarbejdernummer fjernet]",
        ),
        ("Samtale 010165-1234", "Samtale [personnummer fjernet]"),
        ("medarb.nr. 010165-1234", "medarb.nr. [personnummer fjernet]"),
        ("MA 44712", "MA [medarbejdernummer fjernet]"),
        ("MA4471MA12345", "MA[medarbejdernummer fjernet]MA[medarbejdernummer fjernet]"),
        ("medarb.nr. 4471, 500 kr.", "medarb.nr. [medarbejdernummer fjernet], 500 kr."),
        ("lønnr 4471, 15-03-2022", "lønnr [medarbejdernummer fjernet], 15-03-2022"),
    ],
)
def test_a_number_that_is_a_persons_is_taken_out_and_what_it_is_stays(text, shown):
    assert without_numbers(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Løn marts 2022",
            "løn 2022",
            "medarbejdere 2022",
            "mandag 4471",
            "Kursus 2022-03",
            "MASSAGE 2022",
            "Ma 4471",
            "MA 2024",
        ),
        *("medarbejderdag 123456", "ansættelse 2022", "tlf. 97121234", "nr. 123456"),
    ],
)
def test_any_other_number_stays(text):
    assert without_numbers(text) == text


@pytest.mark.parametrize("between", [" og ", ", ", "/", " samt nr. ", "-"])
@pytest.mark.parametrize("head", ["medarbejder nr ", "MA-nr. ", "medarbejdernumre "])
def test_all_numbers_of_a_list_are_covered_also_where_an_earlier_version_covered_the_first(head, between):
    shown = head + between.join([EMPLOYEE_REMOVED] * 3)

    assert without_numbers(f"{head}4471{between}4472{between}4473") == shown
    assert without_numbers(f"{head}{EMPLOYEE_REMOVED}{between}4472{between}4473") == shown


PIECES = st.sampled_from(
    [
        *("0101651234", "010165", "1234", "02", "01 01 65", "01.01.65", "01.01.1965", "4471", "12345", "2022", "5"),
        *(
            " ",
            "-",
            ",",
            ".",
            "/",
            "_",
            " og ",
            " kr.",
            "kr",
            "\n",
            "*",
            "sha256:",
            "XA-",
            "CPR-",
            "MA",
            "MA-",
            "medarb.nr",
        ),
        *("medarbejder ", "løn", "-00020", REMOVED, EMPLOYEE_REMOVED),
    ]
)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=9).map("".join) | st.text("0123456789 -.,MAmalønrtjeestdb:[]", max_size=40))
def test_doing_it_twice_changes_nothing_more(text):
    """What is masked holds nothing that would be found: else a file is told of that an import has just written."""
    assert without_numbers(without_numbers(text)) == without_numbers(text)
    assert personal_numbers(without_numbers(text)) == personal_numbers(without_personal_numbers(text)) == []
    assert personal_numbers(masked(text)) == []


@settings(max_examples=500)
@given(
    st.sampled_from(["", "x", "CPR-", "XA-", "1234-", "1234 ", "kr. ", "(", "nr."]), st.text("Ax -.,;:/()", max_size=3)
)
def test_a_personal_number_is_found_whatever_stands_beside_it(before, after):
    assert "5678" not in without_personal_numbers(f"{before}310170-5678{after}")
    assert "5678" not in without_personal_numbers(f"{before}310170-5678{after} 0101651234 kr. 500")


@pytest.mark.parametrize(
    "digits", ["0101651234", "6101651234", "9112991234", "3102651234", "3206651234", "01016512345"]
)
@given(st.from_regex(r"[0-9]{8,12}", fullmatch=True))
def test_digits_alone_are_looked_at_as_in_a_text(digits, drawn):
    """There may be a million vouchers: that is asked in a shorter way, which says the same."""
    for each in (digits, drawn):
        assert bool(personal_numbers(each)) is bool(personal_numbers(f"{each} "))


@pytest.mark.parametrize("year", [0, 1, 4, 12, 18, 65, 99])
def test_a_number_is_a_persons_where_its_day_was_a_day_in_any_century(year):
    """Or sixty more, which a person gets who has no number of their own yet."""
    found = {
        (day, month)
        for day in range(100)
        for month in range(14)
        if personal_numbers(f"Samtale {day:02}{month:02}{year:02}-1234")
    }

    assert found == {
        (day, month)
        for day in range(100)
        for month in range(14)
        if any(is_a_day(century + year, month, each) for century in (1800, 1900, 2000) for each in (day, day - 60))
    }


def is_a_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
