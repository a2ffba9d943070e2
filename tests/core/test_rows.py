from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.records import Rows
from toolkit.core.rows import dated, days_of, has_row, ranges, references, rows_of

FILE = "postings/2022-04-01-opus-0a1b2c3d.csv"
ROWS = st.sets(st.integers(1, 30))


@pytest.mark.parametrize(("rows", "written"), [((), ()), ((3,), ("3",)), ((4, 3, 9, 5), ("3-5", "9"))])
def test_rows_that_follow_each_other_are_written_as_one(rows, written):
    assert ranges(rows) == written


@given(ROWS, ROWS)
def test_what_is_written_names_those_rows_and_no_others(rows, others):
    written = ranges(rows)

    assert {row for row in range(1, 32) if has_row(written, row)} == rows
    named = [*((FILE, row) for row in rows), *((f"{FILE}2", row) for row in others)]
    assert set(rows_of(references(named))) == set(named)


@given(st.dictionaries(st.tuples(st.sampled_from([FILE, f"{FILE}2"]), st.integers(1, 9)), st.dates()))
def test_rows_that_each_have_a_day_are_read_as_they_are_written(days):
    assert days_of(dated(days)) == days


def test_ranges_may_overlap_and_stand_in_any_order():
    assert [row for row in range(1, 13) if has_row((Rows("8-9"), Rows("2-6"), Rows("3")), row)] == [2, 3, 4, 5, 6, 8, 9]
