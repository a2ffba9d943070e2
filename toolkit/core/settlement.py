"""What a year leaves for the next, and what goes back to the state at the end, computed step by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from toolkit.core.carry_over import CarryOver, carry_over_of
from toolkit.core.costs import Apart
from toolkit.core.fund import Payers, Term
from toolkit.core.money import NOTHING, Money, split, total
from toolkit.core.plan import Funding
from toolkit.core.spending import YearMoney
from toolkit.core.state import BudgetState, GrantState, State

What = Literal[
    # of a year
    "budget",
    "carried-in",
    "overspent-before",
    "spent",
    "left",
    # of the whole
    "awarded",
    "not-carried-over",
    "not-yet-carried-over",
    "available",
    "spent-on-lines",
    "other-income",
    "income-left",
    "others-pay",
    "not-covered",
    "covered",
    "unspent",
    "received",
    "repaid",
    "balance",
]

Waits = Apart | Literal["unallocated"]  # why something waits for an answer

BEFORE: tuple[What, ...] = ("carried-in", "overspent-before")  # what a year has of the one before it
ORDERS: tuple[Payers, ...] = ("grant-first", "others-first", "proportional")


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
    """What one year had, spent and left; `income` is what others than the state paid in it.

    `carry_over` is None while the year runs, where nothing is left or nothing is awarded, and in the project's last
    year, after which there is none to carry anything to. `part` is what was asked for or approved where that is less
    than what is left.
    """

    year: int
    sum: Sum
    income: Money
    carry_over: CarryOver | None
    part: Money | None = None

    @property
    def left(self) -> Money:
        return self.sum.result.amount

    @property
    def carried(self) -> Money:
        """What of it the year after has."""
        if self.carry_over != "approved":
            return NOTHING
        return self.left if self.part is None else self.part


class Payer(Struct, frozen=True):
    """Whoever pays beside the grant (med- og egenfinansiering): what was promised, and what the books have of it.

    `realised` is None where nobody can know: own money is not booked as income.
    """

    funding: Funding
    realised: Money | None

    @property
    def outstanding(self) -> Money:
        """What was promised and is not in the books under the payer's own name."""
        return max(self.funding.amount - (self.realised or NOTHING), NOTHING)


class Income(Struct, frozen=True):
    """What others than the state paid to the project: each payer that is named, and what has no name to it."""

    payers: tuple[Payer, ...] = ()
    unnamed: Money = NOTHING

    @property
    def amount(self) -> Money:
        return self.unnamed + total(payer.realised for payer in self.payers if payer.realised is not None)

    @property
    def booked(self) -> Money:
        """The same as the books have it, where an income is below zero."""
        return -self.amount

    @property
    def promised(self) -> Money:
        return total(payer.funding.amount for payer in self.payers)

    @property
    def outstanding(self) -> Money:
        """What was promised and has not come. Income that names no payer is taken for what others promised to pay."""
        own = total(each.outstanding for each in self.payers if each.funding.kind == "own")
        return own + max(self._awaited - self.unnamed, NOTHING)

    @property
    def unplanned(self) -> Money:
        """Income that nobody promised: what a payer paid beyond the promise, and what has no name and nobody awaits."""
        beyond = total(max((each.realised or NOTHING) - each.funding.amount, NOTHING) for each in self.payers)
        return beyond + max(self.unnamed - self._awaited, NOTHING)

    @property
    def _awaited(self) -> Money:
        """What others than the municipality itself promised, and have not paid under their own name."""
        others = (each for each in self.payers if each.funding.kind == "co")
        return total(each.outstanding for each in others)


class Outcome(Struct, frozen=True, kw_only=True):
    """How the grant is settled if it, or others, pay first: what it covers, what is unspent, who owes whom.

    `balance` is what was received less repaid less covered: above zero it goes back to the state, below zero the state
    owes it. `is_dropped` is a claim so small that the state drops it; `carried` is the balance where every year
    that waits for its carry-over gets it.
    """

    payers: Payers
    sums: tuple[Sum, ...]
    is_dropped: bool
    carried: Money

    @property
    def covered(self) -> Money:
        return self.result("covered")

    @property
    def unspent(self) -> Money:
        return self.result("unspent")

    @property
    def balance(self) -> Money:
        return self.result("balance")

    @property
    def to_repay(self) -> Money:
        return NOTHING if self.is_dropped else max(self.balance, NOTHING)

    @property
    def to_receive(self) -> Money:
        return max(-self.balance, NOTHING)

    @property
    def if_carried(self) -> Money:
        """What goes back where every year that waits for its carry-over gets it."""
        return max(self.carried, NOTHING)

    @property
    def receive_if_carried(self) -> Money:
        """What the state owes then."""
        return max(-self.carried, NOTHING)

    @property
    def hangs_on_carry_over(self) -> bool:
        """Whether it is another when they do."""
        return (self.if_carried, self.receive_if_carried) != (self.to_repay, self.to_receive)

    def result(self, what: What) -> Money:
        """What the steps come to; nothing where there are none of it, as of a grant that nobody awarded."""
        return next((each.result.amount for each in self.sums if each.result.what == what), NOTHING)


class Settlement(Struct, frozen=True, kw_only=True):
    """The years, and from the end of the grant's period the whole (opgørelse).

    One outcome where the terms, or the figures themselves, leave no doubt; side by side the outcomes of every order in
    which the payers may pay where `payers`, the term that would say, is missing. None before the end, which a change
    that is known may have moved, and neither years nor outcomes while nothing is known of what was spent. `waits` says
    what must be answered for first, also where its costs come to nothing, as a bill and its credit note do: until then
    no outcome is final. `floor` is the rule about small claims. Of a grant that is not awarded there is one outcome, by
    no term: what was received goes back.
    """

    years: tuple[YearSettlement, ...]
    outcomes: tuple[Outcome, ...] = ()
    payers: Term | None = None
    floor: Term | None = None
    is_known_to_the_end: bool = (
        True  # the books reach the last day of the period, without a month between that they lack
    )
    waits: tuple[Waits, ...] = ()
    is_awarded: bool = True

    @property
    def outcome(self) -> Outcome | None:
        """The one outcome there is; None before the end, and where it depends on who pays first."""
        return self.outcomes[0] if len(self.outcomes) == 1 else None

    @property
    def final(self) -> tuple[Sum, ...]:
        return self.outcome.sums if self.outcome else ()

    @property
    def unspent(self) -> Money | None:
        return self.outcome.unspent if self.outcome else None

    @property
    def balance(self) -> Money | None:
        return self.outcome.balance if self.outcome else None

    @property
    def to_repay(self) -> Money | None:
        return self.outcome.to_repay if self.outcome else None

    @property
    def to_repay_at_most(self) -> Money | None:
        """What may have to be paid back, whoever pays first."""
        return max((each.to_repay for each in self.outcomes), default=None)

    @property
    def to_repay_at_least(self) -> Money | None:
        return min((each.to_repay for each in self.outcomes), default=None)

    @property
    def to_receive(self) -> Money | None:
        return self.outcome.to_receive if self.outcome else None

    @property
    def is_final(self) -> bool:
        """Whether the one outcome rests on nothing that is still to come, nor on a carry-over that nobody answered."""
        outcome = self.outcome
        rests = outcome is None or outcome.hangs_on_carry_over or self.waits or not self.is_known_to_the_end
        return not rests

    @property
    def claim(self) -> Outcome | None:
        """The outcome that is final; None where there is none."""
        return self.outcome if self.is_final else None

    @property
    def is_dropped(self) -> bool:
        return self.outcome is not None and self.outcome.is_dropped

    @property
    def pending(self) -> tuple[int, ...]:
        """The years that leave money nobody has answered for: to be asked for, or asked for."""
        return tuple(each.year for each in self.years if each.carry_over in ("requested", "to-ask-for"))


def settlement(state: State, budget: BudgetState, years: Iterable[YearMoney], income: Income) -> Settlement:
    """Year by year on the budget in force, and the whole once the grant's period has ended.

    Source: the agency's handbook (unspent money is carried over only where that was approved, else it goes back; small
    claims are dropped); how small, and who pays first, the terms say. The award letter goes before both. A grant that
    was refused is settled from that day on.
    """
    years = () if state.knows_nothing else tuple(years)
    settled = _years(state, years, pending_is_carried=False)
    ended = state.as_of >= state.plan.cost_period.ends
    if state.grant and state.grant.awarded is None and (ended or state.grant.ended):
        return _without_award(state, state.grant, settled)
    grant, day = state.grant, state.closes  # all is settled by the terms of the period's last day
    floor, payers = state.plan.term("repayment-floor", day), state.plan.term("payer-order", day)
    floor = floor if floor and floor.amount is not None else None
    payers = payers if payers and payers.payers else None
    found = Settlement(years=settled, payers=payers, floor=floor, waits=_waits(budget), is_awarded=state.is_granted)
    if not grant or grant.awarded is None or not state.is_over or state.knows_nothing:
        return found
    if_carried = _years(state, years, pending_is_carried=True)
    outcomes = [
        _outcome(grant, grant.awarded, budget, settled, if_carried, income, order, floor)
        for order in orders_of(payers, income)
    ]
    same = all(each.sums[-1] == outcomes[0].sums[-1] and each.carried == outcomes[0].carried for each in outcomes)
    return Settlement(
        years=settled,
        outcomes=tuple(outcomes[:1] if same else outcomes),
        payers=payers,
        floor=floor,
        is_known_to_the_end=state.reach.is_whole,
        waits=found.waits,
    )


def orders_of(payers: Term | None, income: Income) -> tuple[Payers, ...]:
    """In which order the payers may pay: the grant first where it pays alone, else as the term says, or in each."""
    if not income.payers:
        return ORDERS[:1]
    return (payers.payers,) if payers and payers.payers else ORDERS


def covered_by_grant(spent: Money, income: Income, awarded: Money, available: Money, order: Payers) -> Money:
    """How much of what was spent the grant pays, in øre: what nobody else paid, and never more than is `available`.

    With the grant first that is all of it. With others first they also pay what they promised and have not paid yet.
    In proportion the grant pays its share of what was spent, less income that no payer promised.
    """
    rest = max(spent - income.amount, NOTHING)
    match order:
        case "grant-first":
            wanted = rest
        case "others-first":
            wanted = rest - income.outstanding
        case "proportional":
            wanted = min(_grants_part(max(spent - income.unplanned, NOTHING), awarded, income.promised), rest)
    return max(min(wanted, available), NOTHING)


def lost_of(years: Iterable[YearSettlement], awarded: Money, others: Money, order: Payers) -> list[Step]:
    """The grant's part of what each year left without leave to carry it over, below zero; some may still get leave.

    Where a part got leave, it is that much less.
    """
    return [
        Step(
            "not-yet-carried-over" if each.carry_over in ("requested", "to-ask-for") else "not-carried-over",
            -max(_lost(each, awarded, others, order) - each.carried, NOTHING),
            each.year,
        )
        for each in years
        if each.carry_over and each.carried < each.left
    ]


# ── the years ────────────────────────────────────────────────────────────────────────────────


def _years(state: State, years: Iterable[YearMoney], *, pending_is_carried: bool) -> tuple[YearSettlement, ...]:
    """A year whose budget or spending is not known has nothing to settle, nor has one outside the period.

    What a year spent too much is the next one's to save, whoever answers: only what they leave together is unspent.
    Lines that are not distributed have no part in a year's budget, and none in its rest.
    """
    first, last = state.plan.cost_period.starts.year, state.plan.cost_period.ends.year
    income: dict[int, Money] = defaultdict(lambda: NOTHING)
    for each in state.booked:
        if each.place == "other-income":
            income[each.day.year] -= each.amount
    settled: list[YearSettlement] = []
    carried = NOTHING
    for year in years:
        if not year.known:
            carried = NOTHING  # what it left is not known either
        if year.budget is None or not year.known or not first <= year.year <= last:
            continue
        terms = [
            Step("budget", year.budget),
            *_where_any(Step("carried-in" if carried > NOTHING else "overspent-before", carried)),
            Step("spent", -year.spent_of_budget),
        ]
        left = total(term.amount for term in terms)
        asks = state.is_granted and left > NOTHING and state.as_of >= date(year.year, 12, 31) and year.year < last
        standing = carry_over_of(state, year.year) if asks else None
        carry_over, part = (standing.status, standing.amount) if standing else (None, None)
        if pending_is_carried and carry_over in ("requested", "to-ask-for"):
            carry_over = "approved"
        part = None if part is None or part >= left else max(part, NOTHING)
        sum = Sum(tuple(terms), Step("left", left))
        settled.append(YearSettlement(year.year, sum, income[year.year], carry_over, part))
        carried = min(left, NOTHING) + settled[-1].carried
    return tuple(settled)


def _waits(budget: BudgetState) -> tuple[Waits, ...]:
    return (*budget.waits, "unallocated") if budget.unplaced else budget.waits


def _without_award(state: State, grant: GrantState, years: tuple[YearSettlement, ...]) -> Settlement:
    """Where nothing is awarded the grant covers nothing, whatever was spent: what was received is owed, all of it.

    Nothing of that waits for an answer about costs, and no term of a grant is about it, nor one about small claims.
    """
    if grant.received == NOTHING and grant.repaid == NOTHING:
        return Settlement(years=years, is_awarded=False)
    balance = _sum("balance", Step("received", grant.received), Step("repaid", -grant.repaid))
    owed = max(balance.result.amount, NOTHING)
    outcome = Outcome(payers=ORDERS[0], sums=(balance,), is_dropped=False, carried=owed)
    return Settlement(years=years, outcomes=(outcome,), is_known_to_the_end=not state.is_short, is_awarded=False)


# ── the whole ────────────────────────────────────────────────────────────────────────────────


def _outcome(
    grant: GrantState,
    awarded: Money,
    budget: BudgetState,
    years: Iterable[YearSettlement],
    if_carried: Iterable[YearSettlement],
    income: Income,
    order: Payers,
    floor: Term | None,
) -> Outcome:
    """What the grant covers, what is unspent, and who owes whom, if the payers pay in this order."""
    sums = _sums(grant, awarded, budget, years, income, order)
    carried = _sums(grant, awarded, budget, if_carried, income, order)[-1].result.amount
    balance = sums[-1].result.amount
    return Outcome(
        payers=order,
        sums=sums,
        is_dropped=_is_dropped(balance, grant.repaid, floor),
        carried=NOTHING if _is_dropped(carried, grant.repaid, floor) else carried,
    )


def _sums(
    grant: GrantState,
    awarded: Money,
    budget: BudgetState,
    years: Iterable[YearSettlement],
    income: Income,
    order: Payers,
) -> tuple[Sum, ...]:
    """The grant covers what was spent on the lines in force, and never more than there is.

    There is what was awarded, less the grant's part of what a year left without leave to carry it over.
    """
    lost = lost_of(years, awarded, income.promised, order)
    available = awarded + total(step.amount for step in lost)
    spent = budget.spent
    covered = covered_by_grant(spent, income, awarded, available, order)
    rest = spent - income.amount
    without_limit = covered_by_grant(spent, income, awarded, max(rest, NOTHING), order)
    others = max(rest - without_limit, NOTHING)
    return (
        *([Sum((Step("awarded", awarded), *lost), Step("available", available))] if lost else []),
        _sum(
            "covered",
            Step("spent-on-lines", spent),
            *_where_any(Step("other-income", -income.amount)),
            *_where_any(Step("income-left", max(-rest, NOTHING))),
            *_where_any(Step("others-pay", -others)),
            *_where_any(Step("not-covered", covered - without_limit)),
        ),
        _sum("unspent", Step("awarded", awarded), Step("covered", -covered)),
        _sum("balance", Step("received", grant.received), Step("repaid", -grant.repaid), Step("covered", -covered)),
    )


def _lost(year: YearSettlement, awarded: Money, others: Money, order: Payers) -> Money:
    """The grant's part of what a year left, of its own part of the year's money.

    With the grant first, what is left once it has paid all that others did not. Where a year has more credit notes than
    costs, they are money of the year too: the grant's own part of them, whoever pays first.
    """
    spent = -total(step.amount for step in year.sum.terms if step.what == "spent")
    own = _grants_part(max(year.left, year.left + spent), awarded, others)
    match order:
        case "grant-first":
            return max(own - max(spent - year.income, NOTHING), NOTHING)
        case "others-first":
            return min(year.left, own)
        case "proportional":
            return _grants_part(year.left, awarded, others)


def _grants_part(amount: Money, awarded: Money, others: Money) -> Money:
    """The part of a whole project's money that is the grant's."""
    return split(amount, [int(awarded), int(others)])[0] if others > NOTHING else amount


def _is_dropped(balance: Money, repaid: Money, floor: Term | None) -> bool:
    """Whether a claim is below the limit: the whole claim, and what is left of it only where the term says so."""
    if floor is None or balance <= NOTHING:
        return False
    return bool(floor.is_below(balance + repaid)) or (floor.asked_of == "rest" and bool(floor.is_below(balance)))


def _sum(what: What, *terms: Step) -> Sum:
    return Sum(terms, Step(what, total(term.amount for term in terms)))


def _where_any(step: Step) -> list[Step]:
    return [step] if step.amount != NOTHING else []
