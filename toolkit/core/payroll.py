"""The hours behind the wages: the largest line of every pilot."""

from __future__ import annotations

from fnmatch import fnmatchcase
from fractions import Fraction

from toolkit.core.money import Money, times
from toolkit.core.records import Entry, Id, Month, Record


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


class Payroll(Record, frozen=True, kw_only=True):
    """payroll.yaml: the accounts that wages are booked on (* stands for anything), and the hours behind them."""

    accounts: tuple[str, ...] = ("*",)
    hours: tuple[Hours, ...] = ()

    def books_on(self, account: str) -> bool:
        """Whether an account is one that wages are booked on."""
        return any(fnmatchcase(account, pattern) for pattern in self.accounts)
