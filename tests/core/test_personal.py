from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.personal import personal_numbers, without_numbers, without_personal_numbers


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
        ),
        *("medarbejderdag 123456", "ansættelse 2022", "tlf. 97121234", "nr. 123456"),
    ],
)
def test_any_other_number_stays(text):
    assert without_numbers(text) == text


@given(st.text(st.sampled_from("0123456789 -.MAmalønrtjeestdb,:[]"), max_size=40))
def test_doing_it_twice_changes_nothing_more(text):
    assert without_numbers(without_numbers(text)) == without_numbers(text)
    assert without_personal_numbers(without_personal_numbers(text)) == without_personal_numbers(text)


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
