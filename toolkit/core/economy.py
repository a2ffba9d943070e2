"""A project's whole economy on one day: what `pulje budget`, the accounts and the checks are made from."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.forecast import Forecast, forecast
from toolkit.core.instalments import Instalments, instalments
from toolkit.core.money import Money, share, total
from toolkit.core.plan import BudgetLine, Funding
from toolkit.core.records import Entry
from toolkit.core.settlement import Settlement, settlement
from toolkit.core.spending import PhaseMoney, YearMoney, by_phase, by_year, spent_by_day
from toolkit.core.state import BudgetState, LineState, State

_MONEY_EVENTS = (
    *(log.Awarded, log.ChangeApproved, log.InstalmentReceived, log.InstalmentWithheld, log.Repaid),
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
        return share(self.state.spent, self.line.amount)


class Economy(Struct, frozen=True, kw_only=True):
    """The budget in force by line, year and phase, how the grant is paid out, and how it is settled (økonomi).

    `undistributed` is what lies on lines without years; `other_income` what others than the state paid to the project,
    above zero; `funding` what they and the municipality itself were to pay.
    """

    budget: BudgetState
    lines: tuple[LineEconomy, ...]
    years: tuple[YearMoney, ...]
    undistributed: Money
    phases: tuple[PhaseMoney, ...]
    funding: tuple[Funding, ...]
    other_income: Money
    instalments: Instalments
    settlement: Settlement

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a budget without money."""
        return share(self.budget.spent, self.budget.amount)

    @property
    def forecast(self) -> Money:
        """What the whole is expected to end at: the lines, and what is spent already and stands on none of them."""
        ahead = total(line.forecast.amount for line in self.lines)
        return ahead + self.budget.elsewhere + self.budget.unallocated


def economy_of(state: State) -> Economy | None:
    """The economy of a state; None while there is no budget.

    Pure, and exact at any as_of and known_by: all of it comes from the state.
    """
    budget = state.budget
    if budget is None:
        return None
    days = spent_by_day(state.booked)
    years = by_year(state, budget, days)
    funding = budget.budget.funding or state.plan.funding
    other_income = total(-each.amount for each in state.booked if each.place == "other-income")
    return Economy(
        budget=budget,
        lines=tuple(LineEconomy(line, forecast(line, state, days)) for line in budget.lines),
        years=years,
        undistributed=total(
            line.line.amount for line in budget.lines if not line.line.by_year and not line.line.by_month
        ),
        phases=by_phase(state, days),
        funding=funding,
        other_income=other_income,
        instalments=instalments(state),
        settlement=settlement(state, budget, years, funding, other_income),
    )


def is_made_up(state: State) -> bool:
    """Whether any of the money is made up to have an example (konstrueret): a line, a posting's import, an order."""
    entries: list[Entry] = [event for event in state.history if isinstance(event, _MONEY_EVENTS)]
    if state.budget:
        budget = state.budget.budget
        entries += [budget, *budget.lines, *(budget.funding or state.plan.funding)]
    return state.plan.synthetic or any(entry.synthetic for entry in entries)
