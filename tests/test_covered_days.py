from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.core.money import Money, kr, kroner, total
from toolkit.core.problems import Span
from toolkit.intake.covered_days import CoveredDays
from toolkit.readers.export import Lines

WHOLE = Span("eksport.csv", 0, 0)
DAYS = st.integers(1, 6).map(lambda day: date(2022, 3, day))
POSTED = st.lists(st.tuples(DAYS, st.integers(-200, 200).map(Money)), max_size=6)


def told(covered: CoveredDays) -> dict[str, dict[str, str]]:
    return {problem.code: problem.words for problem in covered.remarks(WHOLE)}


def taken(
    posted: list[tuple[date, Money]], starts: date | None, ends: date | None, today: date, at_once: int = 1
) -> CoveredDays:
    """What an export covers that was read so many lines at a time."""
    covered = CoveredDays(starts, ends, today.isoformat())
    for first in range(0, len(posted), at_once):
        some = posted[first : first + at_once]
        days, amounts = [day.isoformat() for day, _ in some], [amount for _, amount in some]
        covered.take(Lines([], days, *([] for _ in range(7)), amounts, [], []))
    return covered


@given(POSTED, st.none() | DAYS, st.none() | DAYS, DAYS, st.integers(1, 6))
def test_each_line_outside_the_said_days_or_after_today_is_counted_and_no_other(posted, starts, ends, today, at_once):
    covered = taken(posted, starts, ends, today, at_once)
    days = [day for day, _amount in posted]
    outside = [one for one in posted if (starts and one[0] < starts) or (ends and one[0] > ends)]
    ahead = [one for one in posted if one[0] > today]
    first, last = starts or min(days, default=None), ends or max(days, default=None)
    known_to = last and min(last, today)
    expected = {}
    if outside:
        expected["import-outside-period"] = {
            "count": str(len(outside)),
            "amount": kroner(total(amount for _day, amount in outside)),
            "starts": str(first),
            "ends": str(last),
            "first": str(min(*days, first)),
            "last": str(max(*days, last)),
        }
    if ahead:
        amount = kroner(total(amount for _day, amount in ahead))
        expected["import-ahead"] = {"count": str(len(ahead)), "amount": amount, "last": str(max(days))}

    assert told(covered) == expected
    assert covered.covered == ((first, known_to) if first and known_to and first <= known_to else (None, None))


@pytest.mark.parametrize("at_once", [1, 4])
def test_the_first_and_the_last_day_of_a_period_are_within_it_and_today_is_not_ahead(at_once):
    first, last = date(2022, 1, 1), date(2022, 3, 31)
    around = [(day, kr(1)) for day in (first - timedelta(days=1), first, last, last + timedelta(days=1))]

    def counted(posted: list[tuple[date, Money]], today: date) -> dict[str, str]:
        return {code: said["count"] for code, said in told(taken(posted, first, last, today, at_once)).items()}

    assert counted(around, date.max) == {"import-outside-period": "2"}
    assert counted(around[1:], date.max) == counted(around[:3], date.max) == {"import-outside-period": "1"}
    assert counted(around[1:3], last) == {}
    assert counted(around[1:3], first) == {"import-ahead": "1"}
