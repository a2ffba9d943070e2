from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports import any_danish, danish
from toolkit.core.money import Money, kr
from toolkit.readers.notations import all_money, day_reader, is_day_notation, money, written_day

OERE = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", kr(1_234, 56)),
        ("1234,56", kr(1_234, 56)),
        ("1.234,56-", kr(-1_234, 56)),
        ("-1.234,56", kr(-1_234, 56)),
        ("(1.234,56)", kr(-1_234, 56)),
        ("1.234", kr(1_234)),
        ("110,7", kr(110, 70)),  # as Excel saves 110,70
        ("1.234,5-", kr(-1_234, 50)),
        ("0,05", Money(5)),
        ("-0,05", Money(-5)),
        ("  12.500,00 ", kr(12_500)),
    ],
)
def test_an_amount_is_read_as_erps_write_it(text, amount):
    assert money(text, ",") == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "1,", "1,234.56", "1.23", "12.34,56", "1234.56", "1.23,5", "--1,00", "-1,00-", "(1,00", "1,00)"),
        *("1 234,56", "1.234,56 kr.", "1e3", "0012,00", "1.234.56", "(-1,00)", "1,000"),
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        money(text, ",")


@pytest.mark.parametrize(
    ("text", "amount"), [("-2343.68", kr(-2343, 68)), ("2343", kr(2343)), ("12.5", kr(12, 50)), ("12.500", kr(12, 50))]
)
def test_with_a_decimal_point_a_dot_is_no_thousands(text, amount):
    assert money(text, ".") == amount


@pytest.mark.parametrize("text", ["1,234.56", "12.345", "1.234,56", "1e3", "nan"])
def test_with_a_decimal_point_a_comma_or_a_third_decimal_is_refused(text):
    with pytest.raises(ValueError):
        money(text, ".")


@given(st.lists(OERE, max_size=5), st.randoms(use_true_random=False))
def test_whatever_form_it_is_written_in_it_is_the_same_amount(amounts, random):
    written = [any_danish(amount, random) for amount in amounts]

    assert all_money(written, ",")[0] == amounts


@given(st.lists(OERE, max_size=5))
def test_amounts_that_are_written_the_usual_way_are_nearly_what_a_file_of_postings_has(amounts):
    plain = all_money([danish(amount) for amount in amounts], ",")[1]

    assert plain == [danish(amount).replace(".", "") for amount in amounts]


def test_nothing_below_zero_is_nothing():
    assert all_money(["-0,00"], ",") == ([Money(0)], None)


# ── days ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("dd-mm-yyyy", "15-03-2022"),
        ("dd.mm.yyyy", "15.03.2022"),
        ("d/m/yyyy", "15/3/2022"),
        ("ddmmyyyy", "15032022"),
        ("yyyy-mm-dd", "2022-03-15"),
        ("yyyy-mm-ddThh:mm:ssZ", "2022-03-15T12:00:00Z"),
        ("yyyy-mm-ddThh:mm:ssZ", "2022-03-15T00:00:00Z"),
        ("dd-mm-yyyy hh:mm", "15-03-2022 23:59"),
        ("dd.mm.yyyy hh:mm:ss", "15.03.2022 8:05:09"),
        ("dd-mm-yy", "15-03-22"),
        ("d/m/yy hh:mm", "15/3/22 0:00"),
    ],
)
def test_a_day_is_read_in_its_own_notation(notation, text):
    assert is_day_notation(notation)
    assert day_reader([notation])(text) == date(2022, 3, 15)


@pytest.mark.parametrize("text", ["2022-03-15T23:00:00Z", "2022-03-15", "15-03-2022", "2022-02-30T12:00:00Z", ""])
def test_a_time_that_may_be_another_day_here_is_refused(text):
    with pytest.raises(ValueError):
        day_reader(["yyyy-mm-ddThh:mm:ssZ"])(text)


@pytest.mark.parametrize(
    "notation", ["dd-mm-yy-yyyy", "hh:mm", "dd-mm-yy hh:mm hh:mm", "dd-mm", "dag-måned-år", "yyyy-mm-dd-dd", ""]
)
def test_a_notation_says_day_month_and_year_once_each(notation):
    assert not is_day_notation(notation)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["dd-mm-yyyy", "d.m.yyyy", "yyyy/mm/dd"]))
def test_a_day_as_it_is_written_reads_back(day, notation):
    assert day_reader([notation])(written_day(day, notation)) == day
