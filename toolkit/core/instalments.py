"""How the grant is paid out: the instalments to expect, and those that came."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Instalments as Frequency
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money, split, total
from toolkit.core.paid_out import PaidOutBy, Payment
from toolkit.core.plan import Budget, BudgetLine, Period, Plan
from toolkit.core.records import Id
from toolkit.core.state import State

MONTHS: dict[Frequency, int] = {"quarterly": 3, "half-yearly": 6, "yearly": 12}


Paid = Literal["in-advance", "in-arrears"]
PAYMENT_TERMS: dict[Id, Paid] = {Id("payment-in-advance"): "in-advance", Id("payment-in-arrears"): "in-arrears"}


class Instalment(Struct, frozen=True):
    """One part of the grant as it is to be expected (rate), for the days `starts` to `ends`.

    `paid` is whether the terms that hold on its first day say that it comes before its days or after them. `due` is the
    day that the terms give it; None where they give none, or where what they count from is not logged.
    """

    number: int
    starts: date
    ends: date
    amount: Money
    paid: Paid | None = None
    due: date | None = None


class Instalments(Struct, frozen=True, kw_only=True):
    """The grant's instalments as of a day. `expected` is empty where the fund's terms name no frequency.

    `paid` is what the terms of the day say of when each is paid, and `first_by` the term that gives the first a day of
    its own. `received` is what GrantState sums, and `received_by` says whether the books or the log
    was asked. `withheld` has what was released again below zero.
    """

    as_of: date
    frequency: Frequency | None
    paid: Paid | None
    first_by: Term | None
    expected: tuple[Instalment, ...]
    received: tuple[Payment, ...]
    received_by: PaidOutBy
    withheld: tuple[Payment, ...]

    @property
    def received_amount(self) -> Money:
        return total(payment.amount for payment in self.received)

    @property
    def withheld_amount(self) -> Money:
        return total(payment.amount for payment in self.withheld)

    @property
    def running(self) -> tuple[Money, ...]:
        """What is to be expected in all once each of them is due."""
        return tuple(accumulate(each.amount for each in self.expected))

    @property
    def ways(self) -> tuple[Paid, ...]:
        """Before their days or after them, as the terms say of those that are expected: both where that was changed."""
        said = [each.paid for each in self.expected if each.paid] or ([self.paid] if self.paid else [])
        return tuple(dict.fromkeys(said))

    @property
    def said_from(self) -> date | None:
        """The first day of those that the terms say when they pay, where they say it of none before; else None."""
        starts = next((each.starts for each in self.expected if each.paid), None)
        return starts if any(each.due is None and each.paid is None for each in self.expected) else None

    @property
    def first_has_no_day(self) -> bool:
        """Whether the term about the first instalment gives it no day, or none that is known yet."""
        return self.first_by is not None and any(each.due is None for each in self.expected[:1])

    @property
    def due(self) -> tuple[Instalment, ...]:
        """Those that should have come by the day."""
        return tuple(each for each in self.expected if each.due and each.due <= self.as_of)

    @property
    def expected_so_far(self) -> Money | None:
        """None where any has no day: what should have come by now is not known then."""
        is_known = self.expected and all(each.due for each in self.expected)
        return total(each.amount for each in self.due) if is_known else None

    @property
    def difference(self) -> Money | None:
        """Received less expected so far: below zero, something is missing. None where that is not known."""
        expected = self.expected_so_far
        return None if expected is None else self.received_amount - expected

    @property
    def next(self) -> Instalment | None:
        """The first that is still to come; one of nothing is none, as after the last year with a budget."""
        to_come = ((each.due, each) for each in self.expected if each.due and each.amount != NOTHING)
        return min(
            (each for due, each in to_come if due > self.as_of),
            key=lambda each: (each.due or date.max, each.number),
            default=None,
        )


def instalments(state: State) -> Instalments:
    """What to expect by the fund's frequency on the budget in force, and what came.

    Once the grant is refused or closed nothing more is to come, and none is expected.
    Source: the agency's handbook (in advance, on the latest approved budget); how often is the fund's own word.
    """
    terms, grant = state.plan.terms, state.grant
    frequency = terms.instalments if terms else None
    granted = grant.awarded if grant and not grant.ended else None
    first_by = state.plan.term("first-instalment", state.plan.cost_period.starts)
    told = (
        expected(state.budget.budget, granted, state.plan.cost_period, frequency)
        if state.budget and granted is not None and frequency
        else ()
    )
    return Instalments(
        as_of=state.as_of,
        frequency=frequency,
        paid=_paid_on(state.plan, state.as_of),
        first_by=first_by,
        expected=tuple(_with_day(each, None if each.number > 1 else first_by, state) for each in told),
        received=state.paid_out.payments,
        received_by=state.paid_out.by,
        withheld=tuple(_withheld(state.history)),
    )


def _paid_on(plan: Plan, day: date) -> Paid | None:
    """What the terms of a day say of when instalments are paid: the newest of the letter's, else of the fund's.

    Of two from the same day the first that is written counts.
    """
    said = [term for term in plan.terms_on(day) if term.id in PAYMENT_TERMS]
    letters = [term for term in said if term.is_letters]
    newest = max(letters or said, key=lambda term: term.since or date.min, default=None)
    return PAYMENT_TERMS[newest.id] if newest else None


def _with_day(each: Instalment, by: Term | None, state: State) -> Instalment:
    """By a term about it, else by its own days: the first of them in advance, and in arrears the day after the last."""
    paid = _paid_on(state.plan, each.starts)
    own = {None: None, "in-advance": each.starts, "in-arrears": _days_after(each.ends, 1)}
    return structs.replace(each, paid=paid, due=_counted_from(by, state) if by else own[paid])


def _counted_from(term: Term, state: State) -> date | None:
    """So many days after the award, or after the municipality accepted it; None while that is not logged."""
    accepted = [event.happened for event in state.history if isinstance(event, log.Accepted)]
    awarded = [state.grant.awarded_on] if state.grant and state.grant.awarded_on else []
    counted_from = {"award": awarded, "acceptance": accepted, None: []}[term.after]
    return _days_after(counted_from[-1], term.days) if counted_from and term.days is not None else None


def _days_after(day: date, days: int) -> date:
    """So many days later; the last day that there is where that is further than any calendar goes."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _withheld(history: Iterable[AnyEvent]) -> Iterator[Payment]:
    """What was held back, and below zero what was released of it: never more than was held back by then."""
    held = NOTHING
    for event in history:
        if isinstance(event, log.InstalmentWithheld):
            held += event.amount
            yield Payment(event.happened, event.amount, event, event.reason)
        elif isinstance(event, log.InstalmentReleased):
            released = min(event.amount, held)
            held -= released
            yield Payment(event.happened, -released, event, event.reason)


def expected(budget: Budget, granted: Money, period: Period, frequency: Frequency) -> tuple[Instalment, ...]:
    """The grant divided as the budget is, by calendar quarters, half-years or years; the parts sum to the grant.

    A year's instalments follow the months where every line with money in that year has them, else they are equal. A
    line without years lies equally on all. One that the period cuts is for its own days alone: so much less than a
    whole one. Where others pay a part, the grant pays the same share of each.
    """
    spans = list(_spans(period, MONTHS[frequency]))
    if not spans:
        return ()
    parts = [_part(starts, ends, MONTHS[frequency]) for starts, ends in spans]
    weights = [max(0, int(amount)) for amount in _budgeted(budget, spans, parts)]
    amounts = split(granted, weights if any(weights) else parts)
    return tuple(
        Instalment(number, starts, ends, amount)
        for number, ((starts, ends), amount) in enumerate(zip(spans, amounts, strict=True), start=1)
    )


def _budgeted(budget: Budget, spans: Sequence[tuple[date, date]], whole: Sequence[Fraction]) -> list[Money]:
    """The budget's money for each span, in øre; `whole` is how much of its calendar's stretch each is."""
    amounts = [NOTHING] * len(spans)
    for year in sorted({starts.year for starts, _ends in spans}):
        places = [i for i, (starts, _ends) in enumerate(spans) if starts.year == year]
        told = [line for line in budget.lines if line.in_year(year) not in (None, NOTHING)]
        if all(line.by_month for line in told):
            parts = [total(_in_span(line, *spans[i]) for line in told) for i in places]
        else:
            parts = split(total(line.in_year(year) or NOTHING for line in told), [whole[i] for i in places])
        for i, part in zip(places, parts, strict=True):
            amounts[i] += part
    undistributed = total(line.amount for line in budget.lines if not line.by_year and not line.by_month)
    parts = split(undistributed, whole)
    return [amount + part for amount, part in zip(amounts, parts, strict=True)]


def _in_span(line: BudgetLine, starts: date, ends: date) -> Money:
    return total(amount for month, amount in line.by_month.items() if f"{starts:%Y-%m}" <= month <= f"{ends:%Y-%m}")


def _part(starts: date, ends: date, months: int) -> Fraction:
    """How much of its stretch of the calendar a span is, by days: less than all where the period cuts it."""
    first, last = _stretch(starts, months)
    return Fraction((ends - starts).days + 1, (last - first).days + 1)


def _spans(period: Period, months: int) -> Iterator[tuple[date, date]]:
    """The calendar's stretches of so many months, cut to the period."""
    starts = period.starts
    while starts <= period.ends:
        ends = min(_stretch(starts, months)[1], period.ends)
        yield starts, ends
        starts = ends + timedelta(days=1)


def _stretch(day: date, months: int) -> tuple[date, date]:
    """The first and the last day of the calendar's stretch of so many months that a day is in."""
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])
