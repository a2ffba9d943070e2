"""A budget and what became of it as one table that adds up, down and across: every krone of the books has its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from toolkit.core.costs import WAITING
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.spending import Months
from toolkit.core.state import BudgetState, LineState, State

_NO_MONTHS: Months = (NOTHING,) * 12

RowWhat = Literal["line", "lines", "unallocated", "total", "before-period", "after-period", "dropped-line", "booked"]


class TableRow(Struct, frozen=True, kw_only=True):
    """One row: what it had, and what was spent before a period, in it and after it, or by year, which is the same.

    A line's row has the line. `lines` is their sum, `total` that and what no rule places; the rows below it wait for
    an answer and count in nothing above; `booked` is all of it. `by_month` and `by_year` follow the table's years.
    """

    what: RowWhat
    line: LineState | None = None
    budget: Money = NOTHING
    before: Money = NOTHING
    in_period: Money = NOTHING
    after: Money = NOTHING
    by_month: tuple[Months, ...] = ()
    committed: Money = NOTHING

    @property
    def by_year(self) -> tuple[Money, ...]:
        return tuple(map(total, self.by_month))

    @property
    def spent(self) -> Money:
        return self.before + self.in_period + self.after

    @property
    def remaining(self) -> Money:
        return self.budget - self.spent - self.committed

    @property
    def variance(self) -> Money:
        """Spent less budget."""
        return self.spent - self.budget

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a row that has none."""
        return Fraction(int(self.spent), int(self.budget)) if self.budget else None


class BudgetTable(Struct, frozen=True, kw_only=True):
    """The rows in their order, and the calendar years that any of them has something in."""

    years: tuple[int, ...]
    lines: tuple[TableRow, ...]
    lines_sum: TableRow
    unallocated: TableRow | None
    total: TableRow
    waiting: tuple[TableRow, ...]
    booked: TableRow | None  # None where nothing waits: then the total is all

    @property
    def rows(self) -> tuple[TableRow, ...]:
        beside = (*([self.unallocated] if self.unallocated else []), self.total)
        return (*self.lines, *beside, *self.waiting, *([self.booked] if self.booked else []))


def budget_table(state: State, budget: BudgetState, starts: date = date.min, ends: date = date.max) -> BudgetTable:
    """The budget in force on the state's day, and what was spent before the period `starts` to `ends`, in it and after.

    After it there may be something once the project has ended: what was allowed though it came later.
    """
    spent: dict[tuple[RowWhat, str], dict[date, Money]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    for cost in state.costs:
        key: tuple[RowWhat, str] = (cost.apart, "") if cost.apart else ("line", cost.line)
        spent[key][cost.day] += cost.amount
    for each in state.booked:
        if each.place == "unallocated":
            spent["unallocated", ""][each.day] += each.amount
    years = tuple(sorted({*state.plan.years, *(day.year for days in spent.values() for day in days)}))

    def row(what: RowWhat, line: LineState | None = None) -> TableRow:
        return _row(what, line, spent.get((what, line.line.id if line else ""), {}), years, starts, ends)

    lines = tuple(row("line", line) for line in budget.lines)
    unallocated = row("unallocated") if ("unallocated", "") in spent else None
    waiting = tuple(row(each) for each in WAITING if (each, "") in spent)
    in_all = _sum("total", (*lines, *([unallocated] if unallocated else [])), years)
    return BudgetTable(
        years=years,
        lines=lines,
        lines_sum=_sum("lines", lines, years),
        unallocated=unallocated,
        total=in_all,
        waiting=waiting,
        booked=_sum("booked", (in_all, *waiting), years) if waiting else None,
    )


def _row(
    what: RowWhat, line: LineState | None, days: Mapping[date, Money], years: Iterable[int], starts: date, ends: date
) -> TableRow:
    return TableRow(
        what=what,
        line=line,
        budget=line.line.amount if line else NOTHING,
        before=total(amount for day, amount in days.items() if day < starts),
        in_period=total(amount for day, amount in days.items() if starts <= day <= ends),
        after=total(amount for day, amount in days.items() if day > ends),
        by_month=tuple(_months(days, year) for year in years),
        committed=line.committed if line else NOTHING,
    )


def _sum(what: RowWhat, rows: Iterable[TableRow], years: tuple[int, ...]) -> TableRow:
    rows = tuple(rows)
    return TableRow(
        what=what,
        budget=total(row.budget for row in rows),
        before=total(row.before for row in rows),
        in_period=total(row.in_period for row in rows),
        after=total(row.after for row in rows),
        by_month=tuple(
            tuple(map(total, zip(_NO_MONTHS, *(row.by_month[index] for row in rows), strict=True)))
            for index in range(len(years))
        ),
        committed=total(row.committed for row in rows),
    )


def _months(days: Mapping[date, Money], year: int) -> Months:
    found = list(_NO_MONTHS)
    for day, amount in days.items():
        if day.year == year:
            found[day.month - 1] += amount
    return tuple(found)
