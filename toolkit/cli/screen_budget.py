"""How a project's economy looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from toolkit.cli.screen import (
    WIDTH,
    MoneyRow,
    amount_column,
    as_of_line,
    beside,
    day,
    fit,
    heading,
    money_table,
    wording,
)
from toolkit.core.economy import Economy
from toolkit.core.instalments import Instalments
from toolkit.core.money import NOTHING, Money, kroner, share, total
from toolkit.core.settlement import Settlement, Step
from toolkit.core.state import GrantState, State
from toolkit.core.words import BASES, CARRY_OVERS, STEPS
from toolkit.documents.danish import capitalised
from toolkit.language import _

_WORDS = 40  # columns for words before an amount


def budget(state: State, economy: Economy | None) -> str:
    """Lines, forecast, years, phases, instalments and settlement, on 80 columns."""
    plan = state.plan
    head = [click.style(f"{plan.title} · {plan.municipality}", bold=True), as_of_line(state)]
    if economy is None:
        return "\n".join([*head, "", _("There is no budget yet.")])
    parts = [
        head,
        _lines(economy, state.grant),
        _forecast(economy),
        _years(economy),
        _phases(economy),
        _funding(economy),
        _instalments(economy.instalments),
        _settlement(economy.settlement),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


# ── what is spent, and what it will end at ───────────────────────────────────────────────────


def _lines(economy: Economy, grant: GrantState | None) -> list[str]:
    budget = economy.budget
    head = heading(_("Budget {version} (kr.)").format(version=budget.budget.id))
    if grant and grant.awarded is not None:
        head += "  " + _("granted {amount}").format(amount=kroner(grant.awarded))
    rows = [
        *(
            MoneyRow(
                each.line.title,
                (each.line.amount, each.state.spent, each.state.committed, each.state.remaining),
                _percent(each.state.spent, each.line.amount),
            )
            for each in economy.lines
        ),
        MoneyRow(
            _("Total"),
            (budget.amount, budget.spent, budget.committed, budget.remaining),
            _percent(budget.spent, budget.amount),
        ),
    ]
    names = (_("Budget"), _("Spent"), _("Committed"), _("Remaining"), f"{_('Used'):>5}")
    return [head, *money_table(names, rows), *beside(budget)]


def _forecast(economy: Economy) -> list[str]:
    rows = [
        *(
            MoneyRow(
                each.line.title,
                (each.forecast.amount, each.forecast.amount - each.line.amount),
                wording(BASES, each.forecast.basis),
            )
            for each in economy.lines
        ),
        MoneyRow(_("Total"), (economy.forecast, economy.forecast - economy.budget.amount)),
    ]
    names = (_("Forecast"), _("Against budget"), _("Rests on"))
    lines = [heading(_("Forecast (kr.)")), *money_table(names, rows)]
    for each in economy.lines:
        if estimate := each.forecast.estimate:
            lines.append(fit(f"  {each.line.title}: {estimate.reason}", WIDTH).rstrip())
    return lines


def _percent(part: Money, whole: Money) -> str:
    used = share(part, whole)
    return f"{'–' if used is None else f'{int(used * 100)} %':>5}"


# ── by year and phase ────────────────────────────────────────────────────────────────────────


def _years(economy: Economy) -> list[str]:
    years = economy.years
    distributed = any(year.budget is not None for year in years)
    budget = economy.budget.amount - economy.undistributed if distributed else None
    remaining = None if budget is None else budget - economy.budget.spent
    rows = [
        *(MoneyRow(str(year.year), (year.budget, year.spent, year.remaining)) for year in years),
        MoneyRow(_("Total"), (budget, economy.budget.spent, remaining)),
    ]
    told = [heading(_("Years (kr.)")), *money_table((_("Budget"), _("Spent"), _("Remaining")), rows)]
    if economy.undistributed != NOTHING:
        told.append("  " + _("Not distributed on years: {amount} kr.").format(amount=kroner(economy.undistributed)))
    return told


def _phases(economy: Economy) -> list[str]:
    if not economy.phases:
        return []
    rows = [
        *(
            MoneyRow(each.phase.title if each.phase else _("Outside the phases"), (each.spent,))
            for each in economy.phases
        ),
        MoneyRow(_("Total"), (economy.budget.spent,)),
    ]
    told = [heading(_("Phases (kr.)")), *money_table((_("Spent"),), rows)]
    for each in economy.phases:
        if each.phase and each.shared != NOTHING:
            words = _("{phase}: {amount} kr. of it while another phase ran too")
            told.append("  " + words.format(phase=each.phase.title, amount=kroner(each.shared)))
    return told


# ── who pays ─────────────────────────────────────────────────────────────────────────────────


def _funding(economy: Economy) -> list[str]:
    if not economy.funding and economy.other_income == NOTHING:
        return []
    rows = [
        *((each.title, each.amount) for each in economy.funding),
        (_("Budgeted in all"), total(each.amount for each in economy.funding)),
        (_("Other income, as booked"), economy.other_income),
    ]
    return [heading(_("Own and other funding (kr.)")), *_pairs(rows)]


def _instalments(told: Instalments) -> list[str]:
    rows = [
        *([(_("Expected so far"), told.expected_so_far)] if told.expected else []),
        (_("Received"), told.received_amount),
        *([(_("Withheld"), told.withheld_amount)] if told.withheld else []),
        *([(_("Received against expected"), told.difference)] if told.difference is not None else []),
        *([(_("Next instalment, {day}").format(day=day(told.next.due)), told.next.amount)] if told.next else []),
    ]
    lines = [heading(_("Instalments (kr.)")), *_pairs(rows)]
    if not told.frequency:
        lines.append("  " + _("The fund's terms do not say how often the grant is paid out."))
    return lines


# ── what is carried over, and what goes back ─────────────────────────────────────────────────


def _settlement(settlement: Settlement) -> list[str]:
    sums = [
        *(
            (each.sum, each.year, f"  {wording(CARRY_OVERS, each.carry_over)}" if each.carry_over else "")
            for each in settlement.years
        ),
        *((sum, None, "") for sum in settlement.final),
    ]
    steps = [step for sum, _year, _carried in sums for step in (*sum.terms, sum.result)]
    if not steps:
        return []
    cells = iter(amount_column([step.amount for step in steps]))
    width = max(map(len, amount_column([step.amount for step in steps])))
    lines = [heading(_("Settlement (kr.)"))]
    for sum, year, carried in sums:
        if year:
            lines.append(f"  {year}")
        for step in sum.terms:
            lines.append(f"  {fit(_said(step), _WORDS)}  {next(cells):>{width}}")
        result = f"  {fit('= ' + _said(sum.result), _WORDS)}  {next(cells):>{width}}"
        lines.append(click.style(result, bold=True) + carried)
    return [*lines, *_outcome(settlement)]


def _said(step: Step) -> str:
    return capitalised(wording(STEPS, step.what, year=step.year))


def _outcome(settlement: Settlement) -> Iterator[str]:
    """Who owes whom, and by which rule a small claim is dropped."""
    if settlement.balance is None:
        return
    if settlement.dropped:
        yield "  " + _("The claim is so small that it is dropped.")
    elif settlement.to_repay:
        yield "  " + _("To repay: {amount} kr.").format(amount=kroner(settlement.to_repay))
    elif settlement.to_receive:
        yield "  " + _("To receive: {amount} kr.").format(amount=kroner(settlement.to_receive))
    else:
        yield "  " + _("Nothing to repay and nothing to receive.")
    floor = settlement.floor
    if floor and floor.amount is not None:
        words = _("Claims below {amount} kr. are dropped; the award letter goes before.")
        yield "  " + words.format(amount=kroner(floor.amount))
        yield f"  {floor.reference}"
    else:
        yield "  " + _("The fund's terms say nothing of small claims.")


def _pairs(rows: Iterable[tuple[str, Money]]) -> list[str]:
    """Words and an amount on each line, the amounts below each other."""
    rows = list(rows)
    cells = amount_column([amount for _words, amount in rows])
    width = max(map(len, cells))
    return [f"  {fit(words, _WORDS)}  {cell:>{width}}" for (words, _amount), cell in zip(rows, cells, strict=True)]
