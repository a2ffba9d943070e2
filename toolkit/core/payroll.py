"""The hours behind the wages: the largest line of every pilot."""

from __future__ import annotations

from fractions import Fraction

from toolkit.core.money import Money, times
from toolkit.core.records import Entry, Id, Month


class Hours(Entry, frozen=True, kw_only=True):
    """Hours that one role worked on the project in one month (timer): by role, never by person.

    `timesheet` says where the signed timesheet is filed, so that an auditor can find it.
    """

    month: Month
    line: Id
    role: str
    hours: Fraction
    hourly_rate: Money
    timesheet: str

    @property
    def wages(self) -> Money:
        """Hours × rate, in whole øre."""
        return times(self.hours, self.hourly_rate)
