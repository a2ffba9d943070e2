"""A project's whole economy on one day: what `pulje budget`, the accounts and the checks are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.costs import WAITING, Part
from toolkit.core.forecast import Basis, Forecast, forecast
from toolkit.core.instalments import Instalments, instalments
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.plan import BudgetLine, Funding, Period
from toolkit.core.postings import Booked
from toolkit.core.reach import Gap, Reach
from toolkit.core.records import Entry
from toolkit.core.settlement import Income, Payer, Settlement, covered_by_grant, lost_of, orders_of, settlement
from toolkit.core.spending import PhaseMoney, YearMoney, by_phase, by_year, counted, knows_year, spent_figure
from toolkit.core.state import BudgetState, LineState, State

_MONEY_EVENTS = (
    *(
        log.Awarded,
        log.ChangeApproved,
        log.InstalmentReceived,
        log.InstalmentWithheld,
        log.InstalmentReleased,
        log.Repaid,
    ),
    *(log.Imported, log.Ordered, log.OrderCancelled, log.Estimate),
)


class LineEconomy(Struct, frozen=True):
    """One line of the budget in force, and what it is expected to end at."""

    state: LineState
    forecast: Forecast

    @property
    def line(self) -> BudgetLine:
        return self.state.line

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a line without money."""
        return self.state.used

    @property
    def difference(self) -> Money:
        """The forecast less the budget."""
        return self.forecast.amount - self.line.amount


BalanceWhat = Literal[
    # what was paid for
    "lines",
    "before-period",
    "after-period",
    "dropped-line",
    "unallocated",
    "not-eligible",
    "unassigned",
    # who paid
    "grant",
    "co",
    "unnamed",
    "own",
    "unstated",
]


class BalanceRow(Struct, frozen=True):
    """One row of the whole economy: what the budget has and what came of it; None is what is not known.

    A funding's own row names it, and so does the municipality's where one promise is all of it. What the budget's two
    sides are apart has a row where it lacks: money that no line has, or lines that nobody was to pay.
    """

    what: BalanceWhat
    budget: Money | None
    actual: Money | None
    funding: Funding | None = None


class Balance(Struct, frozen=True):
    """The whole economy, inside the grant and outside: what was paid for, and who paid. Both sum to the same."""

    costs: tuple[BalanceRow, ...]
    financing: tuple[BalanceRow, ...]

    @property
    def cost(self) -> Money | None:
        """None where nothing is known of what was spent."""
        if any(row.actual is None for row in self.costs if row.what == "lines"):
            return None
        return total(row.actual for row in self.costs if row.actual is not None)

    @property
    def cost_budget(self) -> Money:
        return total(row.budget for row in self.costs if row.budget is not None)

    @property
    def financed(self) -> Money | None:
        """None where it is not known what the grant pays and what the municipality itself."""
        known = [row.actual for row in self.financing if row.actual is not None]
        unknown = any(row.actual is None for row in self.financing if row.what in ("grant", "own"))
        return None if unknown else total(known)

    @property
    def financing_budget(self) -> Money:
        return total(row.budget for row in self.financing if row.budget is not None)

    @property
    def others(self) -> tuple[BalanceRow, ...]:
        """Of those who pay, who is neither the state nor the municipality."""
        return tuple(row for row in self.financing if row.what in ("co", "unnamed"))

    @property
    def others_budget(self) -> Money:
        return total(row.budget for row in self.others if row.budget is not None)

    @property
    def others_paid(self) -> Money | None:
        """None where of none of them is known what they paid."""
        known = [row.actual for row in self.others if row.actual is not None]
        return total(known) if known else None


class YearEnd(Struct, frozen=True):
    """The grant at the end of a year, all years until then together: received, used, and received but not yet used.

    `day` is the year's last, or the state's where the period ends within the year and nobody has told of more.
    `used` and `unused` are None where the terms do not say who pays first, and it makes a difference, and where nothing
    is `known` of what was spent in the year.
    """

    year: int
    day: date
    received: Money
    used: Money | None
    known: bool = True

    @property
    def unused(self) -> Money | None:
        return None if self.used is None else self.received - self.used


class Allowed(Struct, frozen=True):
    """Costs that count though they fell outside the period or on a line that is gone, and who allowed them."""

    by: str
    amount: Money


Side = Literal["before-period", "after-period"]  # of the period that costs may fall in


class PostedOutside(Struct, frozen=True):
    """Costs that count since they were performed in the period, though the books have them before or after it."""

    side: Side
    amount: Money


class Economy(Struct, frozen=True, kw_only=True):
    """The budget in force by line, year and phase, how the grant is paid out, and how it is settled (økonomi).

    `undistributed` is what lies on lines without years; `income` what others than the state pay to the project, each by
    name where the rules name them. `is_known` is whether anything is known of what was spent; else no figure that rests
    on it is one. `gaps` are months until the day that no import covers, and `extended_to` the last day of the
    period where the day's own plan has an earlier one.
    """

    budget: BudgetState
    lines: tuple[LineEconomy, ...]
    years: tuple[YearMoney, ...]
    undistributed: Money
    phases: tuple[PhaseMoney, ...]
    income: Income
    instalments: Instalments
    settlement: Settlement
    balance: Balance
    year_ends: tuple[YearEnd, ...]
    allowed: tuple[Allowed, ...]
    posted_outside: tuple[PostedOutside, ...]
    reach: Reach
    is_known: bool
    gaps: tuple[Gap, ...]
    months_missing: tuple[str, ...]  # 2022-01: each month of them
    extended_to: date | None

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a budget without money."""
        return self.budget.used

    @property
    def funding(self) -> tuple[Funding, ...]:
        """What others, and the municipality itself, were to pay."""
        return tuple(payer.funding for payer in self.income.payers)

    @property
    def other_income(self) -> Money:
        """What others than the state paid to the project, above zero."""
        return self.income.amount

    @property
    def allowed_amount(self) -> Money:
        return total(each.amount for each in self.allowed)

    @property
    def posted_outside_amount(self) -> Money:
        return total(each.amount for each in self.posted_outside)

    @property
    def is_distributed(self) -> bool:
        """Whether any line's money is distributed on years."""
        return any(year.budget is not None for year in self.years)

    @property
    def spent_beside_years(self) -> Money:
        """What was spent on lines whose money no year has a part of."""
        return total(year.spent_beside for year in self.years)

    @property
    def is_partly_without_years(self) -> bool:
        return self.undistributed != NOTHING or self.spent_beside_years != NOTHING

    @property
    def undistributed_remaining(self) -> Money:
        """What is left of the lines that are not distributed."""
        return self.undistributed - self.spent_beside_years

    @property
    def committed_remaining(self) -> Money:
        """What is ordered belongs to no year yet: all of it is taken from what is left."""
        return -self.budget.committed

    @property
    def unallocated_remaining(self) -> Money:
        """What no rule places has no budget: all of it is too much."""
        return -self.budget.unallocated

    @property
    def booked(self) -> Money:
        """What was spent on the lines, and what no rule places."""
        return self.budget.spent + self.budget.unallocated

    @property
    def ahead_beside(self) -> Money:
        """What is spent already and stands on no line, or waits: it may come to count."""
        return self.budget.waiting() + self.budget.unallocated

    @property
    def lines_forecast(self) -> Money:
        """What the lines are expected to end at."""
        return total(line.forecast.amount for line in self.lines)

    @property
    def lines_difference(self) -> Money:
        """The lines' forecast less the budget."""
        return self.lines_forecast - self.budget.amount

    @property
    def forecast(self) -> Money:
        """What the whole is expected to end at: the lines, and what stands beside them."""
        return self.lines_forecast + self.ahead_beside

    @property
    def forecast_bases(self) -> tuple[Basis, ...]:
        """What the lines' forecasts rest on, the best known first; nothing where nothing of what was spent is known."""
        if not self.is_known:
            return ()
        return tuple(each for each in get_args(Basis) if any(line.forecast.basis == each for line in self.lines))

    @property
    def forecast_difference(self) -> Money:
        return self.forecast - self.budget.amount


def economy_of(state: State) -> Economy | None:
    """The economy of a state; None while there is no budget.

    Pure, and exact at any as_of and known_by: all of it comes from the state.
    """
    budget = state.budget
    if budget is None:
        return None
    years = by_year(state, budget)
    income = income_of(state, state.booked)
    settled = settlement(state, budget, years, income)
    return Economy(
        budget=budget,
        lines=tuple(LineEconomy(line, forecast(line, state)) for line in budget.lines),
        years=years,
        undistributed=total(
            line.line.amount for line in budget.lines if not line.line.by_year and not line.line.by_month
        ),
        phases=by_phase(state),
        income=income,
        instalments=instalments(state),
        settlement=settled,
        balance=_balance(state, budget, income, settled),
        year_ends=tuple(_year_ends(state, settled)),
        allowed=tuple(_allowed(state)),
        posted_outside=tuple(_posted_outside(state)),
        reach=state.reach,
        is_known=not state.knows_nothing,
        gaps=state.reach.gaps_until(state.as_of),
        months_missing=state.reach.months_missing(state.as_of),
        extended_to=state.closes if state.plan.cost_period.ends < state.closes else None,
    )


def income_of(state: State, booked: Iterable[Booked]) -> Income:
    """What others than the state paid, by whoever the rules say it came from; what names none stands by itself.

    Own money is not booked as income, and of somebody who has not paid under their own name nothing is known while
    there is income that names no payer, or no income at all is known.
    """
    named: dict[str, Money] = defaultdict(lambda: NOTHING)
    unnamed = NOTHING
    for each in booked:
        if each.place == "other-income":
            payer = each.rule.other_income if each.rule else True
            if isinstance(payer, str):
                named[payer] -= each.amount
            else:
                unnamed -= each.amount
    funding = state.plan.funding_of(state.budget.budget) if state.budget else state.plan.funding
    is_open = unnamed != NOTHING or state.knows_nothing
    payers = [Payer(each, _realised(each, named, is_open=is_open)) for each in funding]
    known = {each.id for each in funding if each.id}
    beside = total(amount for payer, amount in named.items() if payer not in known)
    return Income(tuple(payers), unnamed + beside)


def _realised(funding: Funding, named: dict[str, Money], *, is_open: bool) -> Money | None:
    if funding.id in named:
        return named[funding.id]
    return None if funding.kind == "own" or is_open else NOTHING


# ── the whole economy ────────────────────────────────────────────────────────────────────────


def _balance(state: State, budget: BudgetState, income: Income, settled: Settlement) -> Balance:
    is_known = not state.knows_nothing
    costs = [
        BalanceRow("lines", budget.amount, spent_figure(budget.spent, known=is_known)),
        *(BalanceRow(each, None, budget.waiting(each)) for each in WAITING if budget.waiting(each) != NOTHING),
        *_where_any("unallocated", budget.unallocated),
        *_where_any("not-eligible", budget.not_eligible),
    ]
    awarded = state.grant.awarded if state.grant and state.grant.awarded is not None else None
    grant = NOTHING if awarded is None else _used_until(state, state.as_of, budget.spent, income, awarded, settled)
    paid = total(row.actual for row in costs if row.actual is not None)
    own = [each.funding for each in income.payers if each.funding.kind == "own"]
    others = [each for each in income.payers if each.funding.kind == "co"]
    from_others = income.unnamed + total(each.realised for each in others if each.realised is not None)
    financing = [
        *([BalanceRow("grant", awarded, grant)] if state.grant else []),
        *(BalanceRow("co", each.funding.amount, each.realised, each.funding) for each in others),
        *_where_any("unnamed", income.unnamed),
        BalanceRow(
            "own",
            total(each.amount for each in own) if own else None,
            paid - grant - from_others if is_known and grant is not None else None,
            own[0] if len(own) == 1 else None,
        ),
    ]
    apart = budget.amount - total(row.budget for row in financing if row.budget is not None)
    if apart < NOTHING:
        costs.append(BalanceRow("unassigned", -apart, None))
    elif apart > NOTHING:
        financing.append(BalanceRow("unstated", apart, None))
    return Balance(tuple(costs), tuple(financing))


def _used_until(
    state: State, ends: date, spent: Money, income: Income, awarded: Money, settled: Settlement
) -> Money | None:
    """What the grant pays of what was spent until a day, less what earlier years lost; None where nobody can know."""
    if state.knows_nothing:
        return None
    orders = orders_of(settled.payers, income)
    earlier = [each for each in settled.years if each.year < ends.year]
    found = set()
    for order in orders:
        lost = lost_of(earlier, awarded, income.promised, order)
        available = awarded + total(step.amount for step in lost)
        found.add(covered_by_grant(spent, income, awarded, available, order))
    return found.pop() if len(found) == 1 else None


def _where_any(what: BalanceWhat, amount: Money) -> list[BalanceRow]:
    return [BalanceRow(what, None, amount)] if amount != NOTHING else []


# ── the grant at the end of each year ────────────────────────────────────────────────────────


def _year_ends(state: State, settled: Settlement) -> Iterator[YearEnd]:
    """Every year of the period that has ended, and the one in which it ends, once it has: with all that counts.

    What was received is that of the whole year, though the period may end within it.
    """
    grant, period = state.grant, state.plan.cost_period
    if grant is None or grant.awarded is None:
        return
    repaid = [event for event in state.history if isinstance(event, log.Repaid)]
    paid = instalments(state).received
    for year in range(period.starts.year, period.ends.year + 1):
        ends = date(year, 12, 31)
        if min(ends, state.closes) > state.as_of:
            return
        until = ends if ends < state.closes else date.max
        spent = total(cost.amount for cost in counted(state) if cost.day <= until)
        income = income_of(state, (each for each in state.booked if each.day <= until))
        received = total(each.amount for each in paid if each.day <= ends)
        back = total(event.amount for event in repaid if event.happened <= ends)
        day = min(ends, state.as_of)
        is_known = not state.knows_nothing and knows_year(state, year)
        used = _used_until(state, ends, spent, income, grant.awarded, settled) if is_known else None
        yield YearEnd(year, day, received - back, used, is_known)


def _allowed(state: State) -> Iterator[Allowed]:
    """What would wait for an answer had nobody given one, by whoever did."""
    placement, found = state.placement, dict[str, list[Money]]()
    for cost in counted(state) if placement else ():
        if placement and (by := placement.allowed_by(cost.part, cost.line)):
            found.setdefault(by, []).append(cost.amount)
    for by, amounts in found.items():
        yield Allowed(by, total(amounts))


def side_posted(part: Part, period: Period) -> Side | None:
    """Where the books have a cost that was performed in the period: before it or after it; None where they agree."""
    if not period.starts <= part.day <= period.ends:
        return None
    if part.first.posted < period.starts:
        return "before-period"
    return "after-period" if part.first.posted > period.ends else None


def _posted_outside(state: State) -> Iterator[PostedOutside]:
    costs = [(side_posted(cost.part, state.plan.cost_period), cost.amount) for cost in counted(state)]
    for side in get_args(Side):
        if amounts := [amount for its, amount in costs if its == side]:
            yield PostedOutside(side, total(amounts))


def is_made_up(state: State) -> bool:
    """Whether any of the money is made up to have an example (konstrueret): a line, a posting's import, an order."""
    entries: list[Entry] = [event for event in state.history if isinstance(event, _MONEY_EVENTS)]
    if state.budget:
        budget = state.budget.budget
        entries += [budget, *budget.lines, *state.plan.funding_of(budget)]
    return state.plan.synthetic or any(entry.synthetic for entry in entries)
