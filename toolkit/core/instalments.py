"""How the grant is paid out: the instalments to expect, and those that came."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Instalments as Frequency
from toolkit.core.money import NOTHING, Money, split, total
from toolkit.core.paid_out import PaidOutBy, Payment
from toolkit.core.plan import Budget, BudgetLine, Period
from toolkit.core.state import State

MONTHS: dict[Frequency, int] = {"quarterly": 3, "half-yearly": 6, "yearly": 12}


class Instalment(Struct, frozen=True):
    """One part of the grant as it is to be expected (rate): for the days `starts` to `ends`, due on the first."""

    number: int
    starts: date
    ends: date
    amount: Money

    @property
    def due(self) -> date:
        return self.starts


class Instalments(Struct, frozen=True, kw_only=True):
    """The grant's instalments as of a day. `expected` is empty where the fund's terms name no frequency.

    `received` is what GrantState sums, and `received_by` says whether the books or the log was asked. `withheld` has
    what was released again below zero.
    """

    as_of: date
    frequency: Frequency | None
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
    def expected_so_far(self) -> Money:
        return total(each.amount for each in self.expected if each.due <= self.as_of)

    @property
    def difference(self) -> Money | None:
        """Received less expected so far: below zero, something is missing. None without a frequency."""
        return self.received_amount - self.expected_so_far if self.expected else None

    @property
    def next(self) -> Instalment | None:
        """The first that is still to come; one of nothing is none, as after the last year with a budget."""
        return next((each for each in self.expected if each.due > self.as_of and each.amount != NOTHING), None)


def instalments(state: State) -> Instalments:
    """What to expect by the fund's frequency on the budget in force, and what came.

    Source: the agency's handbook (in advance, on the latest approved budget); how often is the fund's own word.
    """
    terms, grant = state.plan.terms, state.grant
    frequency = terms.instalments if terms else None
    granted = grant.awarded if grant and grant.status != "rejected" else None
    return Instalments(
        as_of=state.as_of,
        frequency=frequency,
        expected=(
            expected(state.budget.budget, granted, state.plan.cost_period, frequency)
            if state.budget and granted is not None and frequency
            else ()
        ),
        received=state.paid_out.payments,
        received_by=state.paid_out.by,
        withheld=tuple(_withheld(state.history)),
    )


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
    line without years lies equally on all. Where others pay a part, the grant pays the same share of each.
    """
    spans = list(_spans(period, MONTHS[frequency]))
    if not spans:
        return ()
    weights = [max(0, int(amount)) for amount in _budgeted(budget, spans)]
    amounts = split(granted, weights if any(weights) else [1] * len(spans))
    return tuple(
        Instalment(number, starts, ends, amount)
        for number, ((starts, ends), amount) in enumerate(zip(spans, amounts, strict=True), start=1)
    )


def _budgeted(budget: Budget, spans: Sequence[tuple[date, date]]) -> list[Money]:
    """The budget's money for each span, in øre."""
    amounts = [NOTHING] * len(spans)
    for year in sorted({starts.year for starts, _ends in spans}):
        places = [i for i, (starts, _ends) in enumerate(spans) if starts.year == year]
        told = [line for line in budget.lines if line.in_year(year) not in (None, NOTHING)]
        if all(line.by_month for line in told):
            parts = [total(_in_span(line, *spans[i]) for line in told) for i in places]
        else:
            parts = split(total(line.in_year(year) or NOTHING for line in told), [1] * len(places))
        for i, part in zip(places, parts, strict=True):
            amounts[i] += part
    undistributed = total(line.amount for line in budget.lines if not line.by_year and not line.by_month)
    parts = split(undistributed, [1] * len(spans))
    return [amount + part for amount, part in zip(amounts, parts, strict=True)]


def _in_span(line: BudgetLine, starts: date, ends: date) -> Money:
    return total(amount for month, amount in line.by_month.items() if f"{starts:%Y-%m}" <= month <= f"{ends:%Y-%m}")


def _spans(period: Period, months: int) -> Iterator[tuple[date, date]]:
    """The calendar's stretches of so many months, cut to the period."""
    starts = period.starts
    while starts <= period.ends:
        last = (starts.month - 1) // months * months + months
        ends = min(date(starts.year, last, monthrange(starts.year, last)[1]), period.ends)
        yield starts, ends
        starts = ends + timedelta(days=1)
