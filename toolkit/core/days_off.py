"""The days that nobody works: weekends and public holidays, worked out and not looked up.

What is often closed and is no public holiday counts as any other day: 1 May, 5 June, 24 and 31 December, and the
Friday after Ascension Day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Holiday = Literal[
    "new-year",
    "maundy-thursday",
    "good-friday",
    "easter-sunday",
    "easter-monday",
    "great-prayer-day",
    "ascension-day",
    "whit-sunday",
    "whit-monday",
    "christmas-day",
    "second-christmas-day",
]

_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_FIXED: Mapping[tuple[int, int], Holiday] = {
    (1, 1): "new-year",
    (12, 25): "christmas-day",
    (12, 26): "second-christmas-day",
}
_AFTER_EASTER: Mapping[int, Holiday] = {
    -3: "maundy-thursday",
    -2: "good-friday",
    0: "easter-sunday",
    1: "easter-monday",
    26: "great-prayer-day",
    39: "ascension-day",
    49: "whit-sunday",
    50: "whit-monday",
}
_LAST_GREAT_PRAYER_DAY = 2023  # abolished from 2024


def day_off(day: date) -> tuple[Weekday | Holiday, ...]:
    """Why nobody works on a day: its weekday, and the public holiday if it is one; nothing on a working day."""
    weekday, holiday = _WEEKDAYS[day.weekday()], _holiday(day)
    if holiday:
        return weekday, holiday
    return (weekday,) if weekday in ("saturday", "sunday") else ()


def _holiday(day: date) -> Holiday | None:
    found = _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get((day - easter(day.year)) // timedelta(days=1))
    return None if found == "great-prayer-day" and day.year > _LAST_GREAT_PRAYER_DAY else found


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar: the algorithm of Meeus, Jones and Butcher."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
