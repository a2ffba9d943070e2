"""What a budget line will end at, and what makes us think so."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.money import NOTHING, Money, split, times, total
from toolkit.core.plan import BudgetLine, Period
from toolkit.core.spending import counted
from toolkit.core.state import LineState, State

Basis = Literal["own-estimate", "monthly-plan", "straight-line", "straight-capped", "budget", "bound"]

_ENOUGH = Fraction(1, 10)  # of the time and of the money: before that, a line says nothing
_MOST = Fraction(2)  # times its budget: what a line may say before all of its time is gone


class Forecast(Struct, frozen=True):
    """What a line is expected to end at (forventet forbrug), in øre.

    `estimate` is the manager's own word for it, and `age` the days that have gone since it was said.
    """

    amount: Money
    basis: Basis
    estimate: log.Estimate | None = None
    age: int | None = None

    @property
    def estimated_on(self) -> date | None:
        """The day that the manager's own word was said; None where it is not what the forecast rests on."""
        return self.estimate.happened if self.estimate else None

    @property
    def is_overtaken(self) -> bool:
        """Whether more has been spent and ordered since than the manager expected."""
        return self.estimate is not None and self.amount > self.estimate.amount


def forecast(line: LineState, state: State) -> Forecast:
    """The manager's own estimate where one is logged, else by the plan's months, else a straight line.

    Never below what is already spent and committed, but where the manager, who could see that, said so: a credit note
    may be on its way. An estimate that the spending has since overtaken is worth what was spent and committed, and one
    of the grant's period is worth nothing once all of that is known.
    """
    bound = line.bound
    if line.estimate is not None and not is_past(line.estimate, state):
        said, age = line.estimate.amount, (state.as_of - line.estimate.happened).days
        knew = said < _bound_when_estimated(line, line.estimate, state)
        return Forecast(said if knew else max(said, bound), "own-estimate", line.estimate, age)
    basis: Basis
    if line.line.by_month:
        amount, basis = line.spent + _planned_after(line.line, _period(state), _known_on(state)), "monthly-plan"
    else:
        amount, basis = _straight(line, state)
    if _period(state).ends <= _known_on(state):
        basis = "bound"
    return Forecast(bound, "bound") if amount < bound else Forecast(amount, basis)


def is_past(estimate: log.Estimate, state: State) -> bool:
    """Whether an estimate is of the grant's period, and all of that is known: then what was spent says more.

    One that is made after the period is of the bills that are still to come. Where the grant was cut short, one from
    before is of a period that never was.
    """
    cut = _cut_short_on(state)
    if cut and estimate.happened <= cut:
        return True
    until = state.reach.until
    return until is not None and estimate.happened <= _period(state).ends <= min(until, state.as_of)


def _period(state: State) -> Period:
    """The days whose costs the grant may pay; none is expected after the day that it was refused or closed."""
    period, over = state.plan.cost_period, state.grant.over if state.grant else None
    return structs.replace(period, ends=min(period.ends, over.happened)) if over else period


def _bound_when_estimated(line: LineState, estimate: log.Estimate, state: State) -> Money:
    """Spent and committed as the manager could know it on the day of the estimate, on what is the line now."""
    day, known = estimate.happened, estimate.recorded
    spent = total(
        cost.amount
        for cost in counted(state)
        if cost.line == line.line.id and cost.day <= day and cost.part.imported <= known
    )
    orders = (order for order in (state.budget.orders if state.budget else ()) if order.line == line.line.id)
    known_orders = (each.amount for each in orders if each.event.happened <= day and each.event.recorded <= known)
    return spent + total(known_orders)


def _known_on(state: State) -> date:
    """The day that what was spent is known until: days that no import has reached yet are still to come."""
    return min(state.as_of, state.reach.until or state.as_of)


def _planned_after(line: BudgetLine, period: Period, day: date) -> Money:
    """What the plan has for the period's days after a day: of a month by the days left of those it has in the period.

    Costs of a month outside the period do not count on the line, and are not to be expected there.
    """
    return total(split(amount, _days_left(month, period, day))[0] for month, amount in line.by_month.items())


def _days_left(month: str, period: Period, day: date) -> tuple[int, int]:
    """How many of a month's days in the period are left, and how many are not: gone, or none of them there."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    days = max((min(last, period.ends) - max(first, period.starts)).days + 1, 0)
    left = min(max((min(last, period.ends) - day).days, 0), days)
    return left, max(days - left, int(days == 0))


def _straight(line: LineState, state: State) -> tuple[Money, Basis]:
    """Spent ÷ the share of the line's time that is gone, and whether that could be asked.

    A line's time is the period that its costs may fall in, or those of its years that the budget has money for. Before
    a tenth of it, or of the line's money, is gone there is no line to draw: the budget stands, unless the grant was
    over before all of its time was, and most of it will never be spent. What a line says is never more than twice the
    budget, until all of its time is known; one without a budget ends at what was spent.
    """
    gone, budget = _gone(line.line, _period(state), _known_on(state)), line.line.amount
    if gone == 1:
        return line.spent, "bound"
    if budget == NOTHING:
        return line.spent, "bound" if line.spent != NOTHING else "budget"
    if gone < _ENOUGH or line.spent < times(_ENOUGH, budget):
        return (line.spent, "bound") if _cut_short_on(state) else (budget, "budget")
    said, most = times(1 / gone, line.spent), times(_MOST, budget)
    return (said, "straight-line") if said <= most else (most, "straight-capped")


def _cut_short_on(state: State) -> date | None:
    """The day that the agency refused or closed the grant, where that was within its period, or before it."""
    over = state.grant.over if state.grant else None
    return over.happened if over and over.happened <= state.plan.cost_period.ends else None


def _gone(line: BudgetLine, period: Period, day: date) -> Fraction:
    years = [year for year, amount in line.by_year.items() if amount != NOTHING and _meets(period, year)]
    starts = max(period.starts, date(min(years), 1, 1)) if years else period.starts
    ends = min(period.ends, date(max(years), 12, 31)) if years else period.ends
    days = (ends - starts).days + 1
    return Fraction(min(max((day - starts).days + 1, 0), days), days) if days > 0 else Fraction(1)


def _meets(period: Period, year: int) -> bool:
    return period.starts.year <= year <= period.ends.year
