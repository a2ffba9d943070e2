"""The hours behind the wages, and the ERP's own word for what was spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import Money, kroner, total
from toolkit.core.payroll import Hours, Payroll
from toolkit.core.plan import BudgetLine
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.state import State, corrected

declare(
    "wages-differ",
    "warning",
    N_("{line}: hours × rate through {month} are {worked} kr., {booked} kr. are booked ({difference} kr. apart)."),
    N_("correct the hours in payroll.yaml, or in allocation.yaml where the wages are placed"),
)
declare(
    "rate-above-budget",
    "warning",
    N_("{line}: the rate {rate} kr. is above the budget's {budget} kr. ({place})."),
    N_("correct the rate, or ask for a budget change"),
)
declare(
    "balance-differs",
    "warning",
    N_("On {day} the ERP says {balance} kr., but the imported postings are {ours} kr. ({difference} kr. apart)."),
    N_(
        "import the postings that are missing, or correct the balance: "
        "pulje log … corrected event={event} values.amount=…"
    ),
    N_("import the postings that are missing, or write amount= as the ERP has it"),
)


def wages_match_the_hours(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Hours × rate on a line are the wages booked on it, through the last month that has hours and was imported.

    Wages are booked in other months than they are earned, so it is the sums that are compared, to the øre. A month's
    wages are in the books once something has been imported after the month ended.
    """
    imports = [each.imported for each in latest.booked]
    this_month = f"{max(imports):%Y-%m}" if imports else ""
    ended = [hours for hours in dossier.payroll.hours if hours.month < this_month]
    for line, hours in _by_line(ended).items():
        last = max(hours, key=lambda each: each.month)
        worked = total(each.wages for each in hours)
        booked = _spent_through(latest, dossier.payroll, line, last.month)
        if worked != booked:
            yield problem(
                "wages-differ",
                last.at.of("month"),
                line=line,
                month=last.month,
                worked=kroner(worked),
                booked=kroner(booked),
                difference=kroner(abs(worked - booked)),
            )


def rates_are_within_the_budget(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An hourly rate is no higher than the price of an hour in the budget that is in force; told once for each rate.

    A line in other units, months or courses, has no price of an hour.
    """
    first = {(each.line, each.hourly_rate): each for each in reversed(dossier.payroll.hours)}
    for each in first.values():
        line = latest.budget.budget.line(each.line) if latest.budget else None
        if line and line.unit_price is not None and _is_by_the_hour(line) and each.hourly_rate > line.unit_price:
            yield problem(
                "rate-above-budget",
                each.at.of("hourly_rate"),
                line=each.line,
                rate=kroner(each.hourly_rate),
                budget=kroner(line.unit_price),
                place=line.at.of("unit_price"),
            )


def balances_agree(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The ERP's own balance is what the imported postings sum to.

    The two agree when they do as known on the day the balance was recorded, or as known now: a voucher that came in
    later with an earlier date is in one and not in the other.
    """
    for event in corrected(dossier.events):
        if not isinstance(event, log.Balance):
            continue
        known = [_in_the_books(dossier, event, known_by) for known_by in (event.recorded, date.max)]
        if event.amount not in known:
            ours = known[0] if int(known[0]) else known[1]
            yield problem(
                "balance-differs",
                event.at.of("amount"),
                event=event.called,
                day=event.happened,
                balance=kroner(event.amount),
                ours=kroner(ours),
                difference=kroner(abs(event.amount - ours)),
            )


RULES = (wages_match_the_hours, rates_are_within_the_budget, balances_agree)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _by_line(hours: Iterable[Hours]) -> dict[str, list[Hours]]:
    by_line: dict[str, list[Hours]] = defaultdict(list)
    for each in hours:
        by_line[each.line].append(each)
    return by_line


def _is_by_the_hour(line: BudgetLine) -> bool:
    return line.unit is not None and line.unit.casefold() in ("time", "timer")


def _spent_through(latest: State, payroll: Payroll, line: str, month: str) -> Money:
    """The wages on a line until the end of a month: other costs on it have no hours behind them."""
    return total(
        each.amount
        for each in latest.booked
        if each.line == line and f"{each.posted:%Y-%m}" <= month and payroll.books_on(each.account)
    )


def _in_the_books(dossier: Dossier, event: log.Balance, known_by: date) -> Money:
    """All costs by the balance's day, on its line if it has one: also those that the grant does not pay."""
    return total(
        each.amount
        for each in dossier.postings.booked
        if each.posted <= event.happened
        and each.imported <= known_by
        and each.place in ("line", "unallocated", "not-eligible")
        and event.line in (None, each.line)
    )
