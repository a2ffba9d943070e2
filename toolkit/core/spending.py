"""What was spent on the budget's lines, by calendar year and by phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from toolkit.core.money import NOTHING, Money, total
from toolkit.core.plan import BudgetLine, Period, Phase
from toolkit.core.postings import Booked
from toolkit.core.state import BudgetState, State

Months = tuple[Money, ...]  # twelve, from January on


class DaySpent(Struct, frozen=True):
    """What was posted on a line on one day and imported on another: all that a breakdown needs of the postings.

    There may be a million postings, and there are never many thousand of these.
    """

    line: str
    posted: date
    imported: date
    amount: Money


class YearLine(Struct, frozen=True):
    """One line in one calendar year. `budget` is None where the line is not distributed on years."""

    line: BudgetLine
    budget: Money | None
    by_month: Months

    @property
    def spent(self) -> Money:
        return total(self.by_month)


class YearMoney(Struct, frozen=True):
    """One calendar year: its part of the budget, and what was posted in it.

    `elsewhere` is spent on lines that only another budget version has, by their ids; it counts as spent.
    """

    year: int
    lines: tuple[YearLine, ...]
    elsewhere: Mapping[str, Months]

    @property
    def budget(self) -> Money | None:
        """The lines' budgets for the year; None where no line is distributed on years."""
        said = [line.budget for line in self.lines if line.budget is not None]
        return total(said) if said else None

    @property
    def spent(self) -> Money:
        return total(line.spent for line in self.lines) + total(map(total, self.elsewhere.values()))

    @property
    def remaining(self) -> Money | None:
        return None if self.budget is None else self.budget - self.spent


class PhaseMoney(Struct, frozen=True):
    """What was spent in one phase; without a `phase`, on days that lie in none.

    `shared` is the part of it that was posted while another phase with dates ran too. It is counted here alone.
    """

    phase: Phase | None
    spent: Money
    shared: Money


def spent_by_day(booked: Iterable[Booked]) -> list[DaySpent]:
    """What lies on lines, line by line and day by day, in øre; costs only, whatever line it is."""
    found: dict[tuple[str, date, date], Money] = defaultdict(lambda: NOTHING)
    for each in booked:
        if each.line is not None:
            found[each.line, each.posted, each.imported] += each.amount
    return [DaySpent(line, posted, imported, amount) for (line, posted, imported), amount in found.items()]


def by_year(state: State, budget: BudgetState, days: Iterable[DaySpent]) -> tuple[YearMoney, ...]:
    """Every calendar year that the project period, the budget or a posting lies in, the earliest first.

    The years' spent sum to the budget's spent. A posting counts in the year of its posting date (bogføringsdato).
    """
    spent: dict[tuple[int, str], list[Money]] = defaultdict(lambda: [NOTHING] * 12)
    for day in days:
        spent[day.posted.year, day.line][day.posted.month - 1] += day.amount
    lines, period = budget.budget.lines, state.plan.project_period
    years = {*range(period.starts.year, period.ends.year + 1), *(year for year, _line in spent)}
    years |= {year for line in lines for year in (*line.by_year, *(int(month[:4]) for month in line.by_month))}
    known = {line.id for line in lines}
    return tuple(
        YearMoney(
            year,
            tuple(YearLine(line, line.in_year(year), _twelve(spent.get((year, line.id)))) for line in lines),
            {
                line: _twelve(months)
                for (in_year, line), months in spent.items()
                if in_year == year and line not in known
            },
        )
        for year in sorted(years)
    )


def by_phase(state: State, days: Iterable[DaySpent]) -> tuple[PhaseMoney, ...]:
    """What was spent in each phase, in the plan's order, and last what lies in none, where anything does.

    A posting belongs to the phase that ran on its posting date; of several, the last begun. So nothing is counted
    twice, and all of them sum to the budget's spent.
    """
    plan = state.plan
    spent: dict[str | None, Money] = defaultdict(lambda: NOTHING)
    shared: dict[str | None, Money] = defaultdict(lambda: NOTHING)
    for day in days:
        running = running_on(plan.phases, plan.project_period, day.posted)
        last = max(running, key=lambda phase: phase.starts or date.min, default=None)  # as State.phase chooses
        id = last.id if last else None
        spent[id] += day.amount
        if sum(not phase.ongoing for phase in running) > 1:
            shared[id] += day.amount
    found = [PhaseMoney(phase, spent[phase.id], shared[phase.id]) for phase in plan.phases]
    if spent[None] != NOTHING:
        found.append(PhaseMoney(None, spent[None], NOTHING))
    return tuple(found)


def running_on(phases: Iterable[Phase], period: Period, day: date) -> list[Phase]:
    """The phases that run on a day; one without a day of its own begins, or ends, with the project."""
    return [phase for phase in phases if (phase.starts or period.starts) <= day <= (phase.ends or period.ends)]


def _twelve(months: Iterable[Money] | None) -> Months:
    return tuple(months) if months else (NOTHING,) * 12
