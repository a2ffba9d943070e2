"""What was spent on the budget's lines, by calendar year and by phase."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from toolkit.core.costs import Cost
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.plan import BudgetLine, Period, Phase
from toolkit.core.state import BudgetState, State

Months = tuple[Money, ...]  # twelve, from January on

# The facts that rest on what was spent.
OF_SPENDING = frozenset(
    {"spent", "before", "in_period", "after", "bound", "remaining", "used", "variance", "unspent", "actual"}
)


class YearLine(Struct, frozen=True):
    """One line in one calendar year. `budget` is None where the line is not distributed on years."""

    line: BudgetLine
    budget: Money | None
    by_month: Months

    @property
    def spent(self) -> Money:
        return total(self.by_month)

    @property
    def is_of_year(self) -> bool:
        """Whether its costs are held against a year's budget: all but those of a line that is not distributed."""
        return self.budget is not None or self.line.amount == NOTHING

    @property
    def remaining(self) -> Money | None:
        return (self.budget or NOTHING) - self.spent if self.is_of_year else None


class YearMoney(Struct, frozen=True):
    """One calendar year: its part of the budget, and what was spent in it on each line.

    It is not `known` where not one day of it is: it begins after the last day that the books reach, or no import covers
    a month of it. Then what is left of it is no figure, and what was spent only where anything was.
    """

    year: int
    lines: tuple[YearLine, ...]
    known: bool

    @property
    def budget(self) -> Money | None:
        """The lines' budgets for the year; None where no line is distributed on years."""
        said = [line.budget for line in self.lines if line.budget is not None]
        return total(said) if said else None

    @property
    def spent(self) -> Money:
        return total(line.spent for line in self.lines)

    @property
    def spent_of_budget(self) -> Money:
        """What was spent on the lines that have a part in the year's budget, and on those that have no money at all."""
        return total(line.spent for line in self.lines if line.is_of_year)

    @property
    def spent_beside(self) -> Money:
        """What was spent on lines that no year has a part of the money of."""
        return self.spent - self.spent_of_budget

    @property
    def remaining(self) -> Money | None:
        """What is left of the year's budget, which lines without years have no part in."""
        return None if self.budget is None else self.budget - self.spent_of_budget


class PhaseMoney(Struct, frozen=True):
    """What was spent in one phase; without a `phase`, on days that lie in none.

    `shared` is the part of it that was posted while another phase with dates ran too. It is counted here alone. It is
    `known` as a year is.
    """

    phase: Phase | None
    spent: Money
    shared: Money
    known: bool = True


def by_year(state: State, budget: BudgetState) -> tuple[YearMoney, ...]:
    """Every calendar year that a period of the plan, the budget or a cost that counts lies in, the earliest first.

    The years' spent sum to the budget's. A cost counts in the year of its day: when it was performed, where that is
    known, else its posting date (bogføringsdato). One that was allowed outside the period has a year of its own there.
    """
    spent: dict[tuple[int, str], list[Money]] = defaultdict(lambda: [NOTHING] * 12)
    for cost in counted(state):
        spent[cost.day.year, cost.line][cost.day.month - 1] += cost.amount
    lines = [each.line for each in budget.lines]
    years = {*state.plan.years, *(year for year, _line in spent)}
    years |= {year for line in lines for year in (*line.by_year, *(int(month[:4]) for month in line.by_month))}
    return tuple(
        YearMoney(
            year,
            tuple(YearLine(line, line.in_year(year), _twelve(spent.get((year, line.id)))) for line in lines),
            known=knows_year(state, year),
        )
        for year in sorted(years)
    )


def by_phase(state: State) -> tuple[PhaseMoney, ...]:
    """What was spent in each phase, in the plan's order, and last what lies in none, where anything does.

    A cost belongs to the phase that ran on its day; of several, the last begun. So nothing is counted twice, and all of
    them sum to the budget's spent.
    """
    plan = state.plan
    days: dict[date, Money] = defaultdict(lambda: NOTHING)
    for cost in counted(state):
        days[cost.day] += cost.amount
    spent: dict[str | None, Money] = defaultdict(lambda: NOTHING)
    shared: dict[str | None, Money] = defaultdict(lambda: NOTHING)
    for day, amount in days.items():
        running = running_on(plan.phases, plan.project_period, day)
        last = max(running, key=lambda phase: phase.starts or date.min, default=None)  # as State.phase chooses
        id = last.id if last else None
        spent[id] += amount
        if sum(not phase.ongoing for phase in running) > 1:
            shared[id] += amount
    found = [PhaseMoney(phase, spent[phase.id], shared[phase.id], _knows_phase(state, phase)) for phase in plan.phases]
    if spent[None] != NOTHING:
        found.append(PhaseMoney(None, spent[None], NOTHING))
    return tuple(found)


def knows_month(state: State, year: int, month: int) -> bool:
    """Whether anything is known of what was spent in a month, until the state's day."""
    ends = date(year, month, monthrange(year, month)[1])
    return not state.reach.is_unknown(date(year, month, 1), min(ends, state.as_of))


def knows_year(state: State, year: int) -> bool:
    """Whether anything is known of what was spent in a year, until the state's day."""
    return not state.reach.is_unknown(date(year, 1, 1), min(date(year, 12, 31), state.as_of))


def _knows_phase(state: State, phase: Phase) -> bool:
    period = state.plan.project_period
    ends = min(phase.ends or period.ends, state.as_of)
    return not state.reach.is_unknown(phase.starts or period.starts, ends)


def spent_figure(amount: Money, *, known: bool) -> Money | None:
    """What was spent of something: where not a day of it is known, nothing is no figure."""
    return amount if known or amount != NOTHING else None


def counted(state: State) -> Iterator[Cost]:
    """The costs that count: on a line, and not waiting for an answer."""
    return (cost for cost in state.costs if cost.apart is None)


def spent_until(state: State) -> Money | None:
    """What was spent until its day; None where nothing was known. What is allowed after the period comes later."""
    if state.budget is None:
        return None
    spent = total(cost.amount for cost in counted(state) if cost.day <= state.as_of)
    return spent_figure(spent, known=not state.knows_nothing)


def running_on(phases: Iterable[Phase], period: Period, day: date) -> list[Phase]:
    """The phases that run on a day; one without a day of its own begins, or ends, with the project."""
    return [phase for phase in phases if (phase.starts or period.starts) <= day <= (phase.ends or period.ends)]


def _twelve(months: Iterable[Money] | None) -> Months:
    return tuple(months) if months else (NOTHING,) * 12
