"""Budgets that do not add up, or that nobody approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.money import Money, kroner, times, total
from toolkit.core.plan import BudgetLine
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.state import State, corrected

declare(
    "line-product-differs",
    "error",
    N_("{line}: quantity × unit price is {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct the quantity, the unit price or the amount: {computed}"),
)
declare(
    "was-over-whole",
    "error",
    N_("{share} pct. of {line} is carried on by the lines of {budget}: there is no more than 100 pct. of it."),
    N_("let the shares of {line} be at most 100 pct. together: was: {{{line}: {rest} pct.}}"),
)
declare(
    "line-years-differ",
    "error",
    N_("{line}: the years sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct one of the years, or the amount: {computed}"),
)
declare(
    "line-months-differ",
    "error",
    N_("{line}: the months sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct one of the months, or the amount: {computed}"),
)
declare(
    "year-outside-period",
    "error",
    N_("{line} has money in {year}, outside the project period, {starts} to {ends}."),
    N_("move the money to a year of the period"),
)
declare(
    "budget-not-funded",
    "error",
    N_("The budget {budget} sums to {sum} kr.; grant and other funding are {funded} kr. ({difference} kr. apart)."),
    N_("correct the lines, or name who pays the rest under funding:"),
)
declare(
    "budget-not-approved",
    "warning",
    N_("The budget {budget} is a change that nobody has approved: it does not count yet."),
    N_("when it is approved: pulje log … change-approved change=budget budget={budget} by=…"),
)


def budget_lines_add_up(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Quantity × unit price is the amount, and so is the sum of the years, and of the months."""
    period = latest.plan.project_period  # an approved extension brings its years with it
    for line in dossier.plan.budget_lines:
        if line.quantity is not None and line.unit_price is not None:
            product = times(line.quantity, line.unit_price)
            if product != line.amount:
                yield problem("line-product-differs", line.at.of("amount"), **_difference(line, product))
        for key, parts in (("by_year", line.by_year), ("by_month", line.by_month)):
            if parts and (summed := total(parts.values())) != line.amount:
                code = "line-years-differ" if key == "by_year" else "line-months-differ"
                yield problem(code, line.at.of(key), **_difference(line, summed))
        years = {*line.by_year, *(int(month[:4]) for month in line.by_month)}
        for year in sorted(years):
            if not period.starts.year <= year <= period.ends.year:
                key = "by_year" if line.by_year else "by_month"
                yield problem(
                    "year-outside-period",
                    line.at.of(key),
                    line=line.id,
                    year=year,
                    starts=period.starts,
                    ends=period.ends,
                )


def lines_carry_on_no_more_than_there_was(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The lines of one version carry on at most the whole of an earlier line; told where that is passed."""
    for budget in dossier.plan.budgets:
        carried: dict[str, Fraction] = defaultdict(Fraction)
        for line in budget.lines:
            for was, share in line.was.items():
                before, carried[was] = carried[was], carried[was] + share
                if before <= 1 < carried[was]:
                    yield problem(
                        "was-over-whole",
                        line.at.of("was"),
                        budget=budget.id,
                        line=was,
                        share=_per_cent(carried[was]),
                        rest=_per_cent(1 - before),
                    )


def budgets_equal_their_funding(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The lines sum to the grant and what others pay: neither over- nor under-budgeted.

    An application is held against what was applied for; a later version against what was awarded.
    Source: Håndbog om tilskudsregler, finansiering af projekter (financing must equal budgeted cost).
    """
    plan = dossier.plan
    if plan.grant is None:
        return
    for budget in plan.budgets:
        grant = plan.grant.applied if budget.stage == "application" else plan.grant.awarded
        if grant is None or not budget.lines:
            continue
        financed = grant + total(funding.amount for funding in budget.funding or plan.funding)
        if budget.amount != financed:
            yield problem(
                "budget-not-funded",
                budget.at.of("stage"),
                budget=budget.id,
                sum=kroner(budget.amount),
                funded=kroner(financed),
                difference=kroner(abs(budget.amount - financed)),
            )


def changed_budgets_are_approved(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A budget of stage change counts only when a change-approved event names it; a refused one never will."""
    answers = log.ChangeApproved | log.ChangeRefused
    answered = {event.budget for event in corrected(dossier.events) if isinstance(event, answers)}
    for budget in dossier.plan.budgets:
        if budget.stage == "change" and budget.id not in answered:
            yield problem("budget-not-approved", budget.at.of("stage"), budget=budget.id)


def _per_cent(share: Fraction) -> str:
    """As it may be typed back: 60 or 12,5; what has more decimals is rounded down."""
    whole, decimals = divmod(int(share * 10_000), 100)
    return f"{whole}" + (f",{decimals:02}".rstrip("0") if decimals else "")


def _difference(line: BudgetLine, computed: Money) -> dict[str, object]:
    return {
        "line": line.id,
        "amount": kroner(line.amount),
        "computed": kroner(computed),
        "difference": kroner(abs(computed - line.amount)),
    }


RULES = (
    budget_lines_add_up,
    lines_carry_on_no_more_than_there_was,
    budgets_equal_their_funding,
    changed_budgets_are_approved,
)
