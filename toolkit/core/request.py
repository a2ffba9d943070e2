"""What a change request asks for, against the plan of its day and the budget that the agency approved last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.budget_change import (
    FundingChange,
    LineChange,
    approved_between,
    changes,
    difference,
    funding_changes,
    unapproved,
    versions,
    year_totals,
)
from toolkit.core.budget_table import RowWhat
from toolkit.core.carry_over import carry_overs
from toolkit.core.costs import WAITING, Part
from toolkit.core.economy import Economy
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.plan import Budget, BudgetLine, Plan
from toolkit.core.reach import Gap
from toolkit.core.settlement import BEFORE
from toolkit.core.state import State

# The rule that each change falls under (templates/funds/).
_RULES: dict[log.Change, str] = {
    "budget": "budget-change-approval",
    "carry-over": "carry-over",
    "extension": "extension",
    "project": "project-change",
}


class YearChange(Struct, frozen=True):
    """What the whole budget has for one year, before and after."""

    year: int
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        return self.after - self.before


class UnspentLine(Struct, frozen=True):
    """What one line had for a year, and what was spent of it; without a `line`, all of them together.

    What the year before left, and was approved carried over, or spent too much, has a row of its own: `carried_from` is
    that year.
    """

    line: BudgetLine | None
    budget: Money
    spent: Money
    carried_from: int | None = None

    @property
    def unspent(self) -> Money:
        return self.budget - self.spent


class Uncounted(Struct, frozen=True):
    """What the books have in a year and the lines do not count, by where it stands."""

    what: RowWhat
    amount: Money


class ValueChange(Struct, frozen=True):
    """A promised value by its path, as it is and as it would be; None where there is none, or an item is to go."""

    path: str
    before: Any
    after: Any


class BudgetRequest(Struct, frozen=True):
    """The budget that the agency approved last and the one that is asked for, line by line and year by year.

    `funding` is what others pay, where that changes too. `council` is the last change that was approved since then
    without a word that it was by the agency, which is asked.
    """

    before: Budget
    after: Budget
    lines: tuple[LineChange, ...]
    years: tuple[YearChange, ...]
    council: log.ChangeApproved | None
    funding: tuple[FundingChange, ...] = ()

    @property
    def difference(self) -> Money:
        return difference(self.before, self.after)


class Request(Struct, frozen=True, kw_only=True):
    """One change that was asked for (ændringsanmodning).

    `year` is the year whose unspent money is to be carried over, and `unspent` its lines, which sum to what the
    settlement has left of that year; None and empty for any other change. `uncounted` is what the books have in the
    year besides, and nobody has placed or answered for; `without_years` are lines that no year has a part of.
    `tells_until` is the last day whose spending it tells, `known_until` the last that the books are known until, where
    that is before it, and `gaps` the months before that no import covers: what an earlier year left is in it too.
    """

    event: log.ChangeRequested
    term: Term | None
    budget: BudgetRequest | None = None
    year: int | None = None
    unspent: tuple[UnspentLine, ...] = ()
    unspent_total: UnspentLine | None = None
    uncounted: tuple[Uncounted, ...] = ()
    without_years: tuple[BudgetLine, ...] = ()
    values: tuple[ValueChange, ...] = ()
    tells_until: date | None = None
    known_until: date | None = None
    gaps: tuple[Gap, ...] = ()
    is_unknown: bool = False  # not one day of the year is known

    @property
    def told_until(self) -> date | None:
        """The last day that it tells, where the year was not over."""
        is_over = self.tells_until is None or self.tells_until == date(self.tells_until.year, 12, 31)
        return None if is_over else self.tells_until

    @property
    def is_before_year(self) -> bool:
        """Whether it asks to carry over what a year leaves that had not begun."""
        return self.year is not None and self.event.happened.year < self.year

    @property
    def lacks_budget(self) -> bool:
        """Whether it asks for another budget, and does not say which."""
        return self.event.change == "budget" and self.event.budget is None

    @property
    def is_of_nothing(self) -> bool:
        """Whether it asks to carry over what the year, as far as it is known, has not left."""
        return self.unspent_total is not None and not self.is_unknown and self.unspent_total.unspent <= NOTHING


def request_of(event: log.ChangeRequested, state: State, economy: Economy | None) -> Request:
    """The request as it was made."""
    after = state.plan.budget(event.budget)
    year = _year(event, state) if event.change == "carry-over" else None
    unspent = tuple(_unspent(economy, year)) if economy and year else ()
    tells_until = min(date(year, 12, 31), event.happened) if unspent and year else None
    reach = state.reach
    return Request(
        event=event,
        term=state.plan.term(_RULES[event.change], event.happened),
        budget=_budget(state, after) if after else None,
        year=year,
        unspent=unspent,
        unspent_total=UnspentLine(None, total(each.budget for each in unspent), total(each.spent for each in unspent))
        if unspent
        else None,
        tells_until=tells_until,
        without_years=tuple(_without_years(economy, year)) if unspent and economy and year else (),
        uncounted=tuple(_uncounted(state, year)) if unspent and year else (),
        known_until=reach.short_of(tells_until) if tells_until else None,
        gaps=reach.gaps_until(tells_until) if tells_until else (),
        is_unknown=bool(year) and reach.is_unknown(date(year or 1, 1, 1), tells_until or date(year or 1, 12, 31)),
        values=tuple(ValueChange(path, value_at(state.plan, path), value) for path, value in event.values.items()),
    )


def value_at(plan: Plan, path: str) -> Any:
    """A promised value by its path, as the plan has it; None where it has none."""
    value: Any = plan
    for key in path.split("."):
        if value is None:
            return None
        value = _item(value, key) if isinstance(value, tuple) else getattr(value, key)
    return value


def _item(items: tuple[Any, ...], id: str) -> Any:
    return next((item for item in items if item.id == id), None)


def _year(event: log.ChangeRequested, state: State) -> int | None:
    about = carry_overs(state.history, state.plan)
    return next((each.year for each in about if each.is_of(event)), event.year)


def _budget(state: State, after: Budget) -> BudgetRequest | None:
    if state.budget is None:
        return None
    waiting = unapproved(state.plan, state.history)
    before = next((each.base for each in waiting if each.budget is after), state.budget.budget)
    councils = [each.approval for each in waiting if each.approval and each.budget is not after]
    years = tuple(_years(before, after, state.plan))
    between = approved_between(versions(state.plan, state.history), before, after)
    council, funding = councils[-1] if councils else None, funding_changes(state.plan, before, after)
    return BudgetRequest(before, after, changes(before, after, between), years, council, funding)


def _years(before: Budget, after: Budget, plan: Plan) -> Iterator[YearChange]:
    """Every year that either budget has money in, or the project runs in, where both say what it has."""
    period = plan.project_period
    lines = (*before.lines, *after.lines)
    years = {*range(period.starts.year, period.ends.year + 1), *(year for line in lines for year in line.by_year)}
    ordered = range(min(years), max(years) + 1)
    had, gets = year_totals(before, ordered), year_totals(after, ordered)
    for year in ordered:
        old, new = had[year], gets[year]
        if old is not None and new is not None and (year in years):
            yield YearChange(year, old, new)


def _without_years(economy: Economy, year: int) -> Iterator[BudgetLine]:
    return (each.line for its in economy.years if its.year == year for each in its.lines if not each.is_of_year)


def is_of_year(part: Part, year: int) -> bool:
    """Whether a cost is of a year by its day, or by the day that it was booked."""
    return year in (part.day.year, part.first.posted.year)


def _uncounted(state: State, year: int) -> Iterator[Uncounted]:
    found: dict[RowWhat, Money] = defaultdict(lambda: NOTHING)
    for each in state.booked:
        if each.place == "unallocated" and is_of_year(each, year):
            found["unallocated"] += each.amount
    for cost in state.costs:
        if cost.apart and is_of_year(cost.part, year):
            found[cost.apart] += cost.amount
    rows: tuple[RowWhat, ...] = ("unallocated", *WAITING)
    return (Uncounted(what, found[what]) for what in rows if found[what] != NOTHING)


def _unspent(economy: Economy, year: int) -> Iterator[UnspentLine]:
    """The year's lines that have a budget for it or anything spent in it, and what was carried over to it."""
    money = next((each for each in economy.years if each.year == year), None)
    if money is None or money.budget is None:
        return
    for each in money.lines:
        if each.is_of_year and (each.budget is not None or each.spent != NOTHING):
            yield UnspentLine(each.line, each.budget or NOTHING, each.spent)
    settled = (each for each in economy.settlement.years if each.year == year)
    for step in (step for each in settled for step in each.sum.terms if step.what in BEFORE):
        yield UnspentLine(None, step.amount, NOTHING, year - 1)
