"""Days that nobody works, held against a library that others keep."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from toolkit.core.days_off import day_off, easter
from toolkit.core.words import day_off_said


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days) for days in range((date(year, 12, 31) - first).days + 1)]


@pytest.mark.parametrize("decade", range(1970, 2100, 10))
def test_public_holidays_are_those_of_the_library_each_by_its_name(decade: int) -> None:
    for year in range(decade, decade + 10):
        ours = {day: day_off_said(day).split(", ")[1] for day in days_of(year) if len(day_off(day)) > 1}
        theirs = holidays.country_holidays("DK", years=year, language="da")

        assert {day: name.casefold() for day, name in theirs.items()} == {
            day: name.casefold().replace("2. ", "anden ") for day, name in ours.items()
        }


def test_every_other_day_is_off_only_in_a_weekend() -> None:
    for year in (2022, 2023, 2024):
        theirs = holidays.country_holidays("DK", years=year)
        for day in days_of(year):
            assert bool(day_off(day)) == (day.isoweekday() > 5 or day in theirs)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2022, 6, 3), ""),
        (date(2022, 6, 4), "lørdag"),
        (date(2022, 6, 5), "søndag, pinsedag"),
        (date(2023, 4, 10), "mandag, 2. påskedag"),
        (date(2023, 5, 5), "fredag, store bededag"),
        (date(2024, 5, 9), "torsdag, Kristi himmelfartsdag"),
        (date(2026, 12, 26), "lørdag, 2. juledag"),
    ],
)
def test_a_day_off_is_told_by_its_weekday_and_its_name(day: date, said: str) -> None:
    assert day_off_said(day) == said


def test_the_great_prayer_day_is_a_day_off_through_2023_and_then_a_friday_like_others() -> None:
    assert day_off(easter(2023) + timedelta(26)) == ("friday", "great-prayer-day")
    assert day_off(easter(2024) + timedelta(26)) == ()


def test_what_is_often_closed_is_no_public_holiday() -> None:
    closed = [date(2023, 5, 1), date(2023, 6, 5), date(2024, 12, 24), date(2024, 12, 31), date(2023, 5, 19)]

    assert [day_off(day) for day in closed] == [()] * 5
