"""What a year leaves for the next, and what goes back to the state at the end, computed step by step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money, split, total
from toolkit.core.plan import Funding
from toolkit.core.spending import YearMoney
from toolkit.core.state import BudgetState, GrantState, State

What = Literal[
    # of a year
    "budget",
    "carried-in",
    "spent",
    "left",
    # of the whole
    "awarded",
    "not-carried-over",
    "available",
    "spent-on-lines",
    "other-income",
    "not-covered",
    "covered",
    "unspent",
    "received",
    "repaid",
    "balance",
]

CarryOver = Literal["approved", "refused", "requested", "to-ask-for"]


class Step(Struct, frozen=True):
    """One figure of a computation, with the sign it is added with; `year` where it is about another than its own."""

    what: What
    amount: Money
    year: int | None = None


class Sum(Struct, frozen=True):
    """Steps that add up to the last one."""

    terms: tuple[Step, ...]
    result: Step


class YearSettlement(Struct, frozen=True):
    """What one year had, spent and left.

    `carry_over` is None while the year runs, where nothing is left, and in the project's last year, after which there
    is none to carry anything to.
    """

    year: int
    sum: Sum
    carry_over: CarryOver | None

    @property
    def left(self) -> Money:
        return self.sum.result.amount


class Settlement(Struct, frozen=True, kw_only=True):
    """The years, and from the end of the project period the whole.

    `balance` is what was received less repaid less covered: above zero it goes back to the state, below zero the state
    owes it; None before the end. `floor` is the fund's rule about small claims, where its terms have one.
    """

    years: tuple[YearSettlement, ...]
    final: tuple[Sum, ...] = ()
    floor: Term | None = None

    @property
    def unspent(self) -> Money | None:
        return self._result("unspent")

    @property
    def balance(self) -> Money | None:
        return self._result("balance")

    @property
    def dropped(self) -> bool:
        """Whether there is a claim so small that the state drops it."""
        balance = self.balance
        floor = self.floor.amount if self.floor else None
        return balance is not None and floor is not None and NOTHING < balance < floor

    @property
    def to_repay(self) -> Money | None:
        return None if self.balance is None else NOTHING if self.dropped else max(self.balance, NOTHING)

    @property
    def to_receive(self) -> Money | None:
        return None if self.balance is None else max(-self.balance, NOTHING)

    def _result(self, what: What) -> Money | None:
        return next((sum.result.amount for sum in self.final if sum.result.what == what), None)


def settlement(
    state: State, budget: BudgetState, years: Iterable[YearMoney], funding: Iterable[Funding], other_income: Money
) -> Settlement:
    """Year by year on the budget in force, and the whole once the project period has ended.

    Source: the agency's handbook (unspent money is carried over only where that was approved, else it goes back; small
    claims are dropped); how small, the fund's terms say. The award letter goes before both.
    """
    settled = _years(state, years)
    grant = state.grant
    ended = state.as_of >= state.plan.project_period.ends
    floor = state.plan.term("repayment-floor")
    return Settlement(
        years=settled,
        final=(
            _final(grant, grant.awarded, budget, settled, funding, other_income)
            if grant and grant.awarded is not None and grant.status != "rejected" and ended
            else ()
        ),
        floor=floor if floor and floor.amount is not None else None,
    )


def _years(state: State, years: Iterable[YearMoney]) -> tuple[YearSettlement, ...]:
    """A year whose budget is not known has nothing to settle."""
    last = state.plan.project_period.ends.year
    settled: list[YearSettlement] = []
    carried = NOTHING
    for year in years:
        if year.budget is None:
            continue
        terms = [
            Step("budget", year.budget),
            *([Step("carried-in", carried)] if carried != NOTHING else []),
            Step("spent", -year.spent),
        ]
        left = total(term.amount for term in terms)
        asks = left > NOTHING and state.as_of >= date(year.year, 12, 31) and year.year < last
        carry_over = _carry_over(state, year.year) if asks else None
        settled.append(YearSettlement(year.year, Sum(tuple(terms), Step("left", left)), carry_over))
        carried = left if carry_over == "approved" else NOTHING
    return tuple(settled)


def _carry_over(state: State, year: int) -> CarryOver:
    """How it stands with carrying over what a year left: the last that was said of it counts.

    The log has no year with a carry-over. It is asked for at the end of the year or with the year's accounts, so what
    is said of it is about the turn of the year that is nearest, and the years before. A new budget that comes with
    the approval moves the money itself: then there is less left here to begin with.
    """
    answers: dict[type[log.ChangeEvent], CarryOver] = {
        log.ChangeRequested: "requested",
        log.ChangeApproved: "approved",
        log.ChangeRefused: "refused",
    }
    found: CarryOver = "to-ask-for"
    for event in state.history:
        if isinstance(event, log.ChangeEvent) and event.change == "carry-over" and year_about(event.happened) >= year:
            found = answers[type(event)]
    return found


def year_about(day: date) -> int:
    """The year whose end is nearest: for July 2022 to June 2023 it is 2022."""
    return day.year if day.month > 6 else day.year - 1


def _final(
    grant: GrantState,
    awarded: Money,
    budget: BudgetState,
    years: Iterable[YearSettlement],
    funding: Iterable[Funding],
    other_income: Money,
) -> tuple[Sum, ...]:
    """What the grant covers, what is unspent, and who owes whom.

    The grant covers what was spent on the lines of the budget in force and what nobody else paid, and never more than
    there is: what was awarded, less the grant's part of what a year left without leave to carry it over. Own money
    that was only promised is not subtracted: no source says who gains when a project with several payers costs less.
    """
    others = total(each.amount for each in funding)
    lost = [
        Step("not-carried-over", -_grants_part(each.left, awarded, others), each.year)
        for each in years
        if each.carry_over not in (None, "approved")
    ]
    available = awarded + total(step.amount for step in lost)
    spent = total(line.spent for line in budget.lines)
    covered = max(min(spent - other_income, available), NOTHING)
    return (
        *([Sum((Step("awarded", awarded), *lost), Step("available", available))] if lost else []),
        _sum(
            "covered",
            Step("spent-on-lines", spent),
            *_where_any(Step("other-income", -other_income)),
            *_where_any(Step("not-covered", covered - (spent - other_income))),
        ),
        _sum("unspent", Step("awarded", awarded), Step("covered", -covered)),
        _sum("balance", Step("received", grant.received), Step("repaid", -grant.repaid), Step("covered", -covered)),
    )


def _grants_part(amount: Money, awarded: Money, others: Money) -> Money:
    """The part of a whole project's money that is the grant's."""
    return split(amount, [int(awarded), int(others)])[0] if others > NOTHING else amount


def _sum(what: What, *terms: Step) -> Sum:
    return Sum(terms, Step(what, total(term.amount for term in terms)))


def _where_any(step: Step) -> list[Step]:
    return [step] if step.amount != NOTHING else []
