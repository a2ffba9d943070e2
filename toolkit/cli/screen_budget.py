"""How a project's economy looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from textwrap import wrap

import click

from toolkit.cli.screen import (
    WIDTH,
    MoneyRow,
    amount_column,
    as_of_line,
    beside,
    budget_rows,
    day,
    fit,
    heading,
    indented,
    line_title,
    money_table,
    months,
    reserve,
    wording,
)
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import Economy
from toolkit.core.forecast import Forecast
from toolkit.core.instalments import Instalments
from toolkit.core.money import NOTHING, Money, kroner, percentage
from toolkit.core.problems import Problem
from toolkit.core.settlement import Outcome, Settlement, Step, Sum, Waits, YearSettlement
from toolkit.core.spending import YearMoney, spent_figure
from toolkit.core.state import BudgetState, State
from toolkit.core.words import BASES, CARRY_OVERS, PAYERS, STEPS
from toolkit.documents.danish import capitalised
from toolkit.language import _, ngettext

_WORDS = 40  # columns for words before an amount


def budget(
    state: State, economy: Economy | None, doubted: Doubtful | None = None, problems: Iterable[Problem] = ()
) -> str:
    """Lines, forecast, years, phases, instalments and settlement, on 80 columns."""
    plan = state.plan
    head = [click.style(f"{plan.title} · {plan.municipality}", bold=True), as_of_line(state), *reserve(problems)]
    if economy is None:
        return "\n".join([*head, "", _("There is no budget yet.")])
    parts = [
        head,
        _lines(state, economy, doubted),
        _forecast(economy),
        _years(economy),
        _phases(economy),
        _funding(economy),
        _instalments(economy.instalments) if state.grant or economy.instalments.received else [],
        [*_settlement(state, economy.budget, economy.settlement), *_not_awarded(state, economy.settlement)],
        _extended(economy),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


# ── what is spent, and what it will end at ───────────────────────────────────────────────────


def _lines(state: State, economy: Economy, doubted: Doubtful | None) -> list[str]:
    budget, grant = economy.budget, state.grant
    head = heading(_("Budget {version} (kr.)").format(version=budget.budget.id))
    if grant and grant.awarded is not None:
        head += "  " + _("granted {amount}").format(amount=kroner(grant.awarded))
    names = (_("Budget"), _("Spent"), _("Committed"), _("Remaining"), f"{_('Used'):>7}")
    return [head, *money_table(names, list(budget_rows(state, budget, _used))), *beside(state, budget, doubted)]


def _forecast(economy: Economy) -> list[str]:
    rows = [
        *(
            MoneyRow(line_title(each.state), (each.forecast.amount, each.difference), _basis(each.forecast))
            if economy.is_known or each.forecast.estimate
            else MoneyRow(line_title(each.state), (None, None))
            for each in economy.lines
        ),
        *_where_any(_("Not on any budget line, or waiting for an answer"), economy.ahead_beside),
        MoneyRow(_("Total"), _known(economy, economy.forecast, economy.forecast_difference)),
    ]
    names = (_("Forecast"), _("Against budget"), _("Rests on"))
    lines = [heading(_("Forecast (kr.)")), *money_table(names, rows)]
    for each in economy.lines:
        if estimate := each.forecast.estimate:
            lines.append(_reason(each.line.title, each.forecast.age, estimate.reason))
    return lines


def _basis(forecast: Forecast) -> str:
    """What a forecast rests on; the manager's own word with the day that it is of."""
    said = f" {day(forecast.estimated_on)}" if forecast.estimated_on else ""
    return wording(BASES, forecast.basis) + said


def _reason(title: str, age: int | None, reason: str) -> str:
    """Why the manager expects that, and how long ago it was said, where the line has room for both."""
    told = ngettext("{n} day ago", "{n} days ago", age).format(n=age) if age else ""
    whole = f"  {title} ({told}): {reason}"
    return whole if told and len(whole) <= WIDTH else fit(f"  {title}: {reason}", WIDTH).rstrip()


def _known(economy: Economy, *amounts: Money | None) -> tuple[Money | None, ...]:
    """Amounts that rest on what was spent: none of them is a figure while nothing of that is known."""
    return amounts if economy.is_known else (None,) * len(amounts)


def _unallocated(economy: Economy, *amounts: Money) -> list[MoneyRow]:
    """The row of what no rule places, so that each table comes to what is booked."""
    return [MoneyRow(_("Not on any budget line"), amounts)] if economy.budget.unplaced else []


def _used(used: Fraction | None) -> str:
    return f"{'–' if used is None else f'{percentage(used)} %':>7}"


def _where_any(title: str, amount: Money) -> list[MoneyRow]:
    return [MoneyRow(title, (amount, amount))] if amount != NOTHING else []


# ── by year and phase ────────────────────────────────────────────────────────────────────────


def _years(economy: Economy) -> list[str]:
    """Each year's part of the budget and what counts against it; lines without years and orders have their own rows."""
    rows = [MoneyRow(str(year.year), _of_year(year)) for year in economy.years]
    if economy.is_distributed and economy.is_partly_without_years:
        beside = (economy.undistributed, *_known(economy, economy.spent_beside_years, economy.undistributed_remaining))
        rows.append(MoneyRow(_("Lines without years"), beside))
    whole, left = (economy.budget.amount, economy.budget.remaining) if economy.is_distributed else (None, None)
    rows += [
        *_unallocated(economy, NOTHING, economy.budget.unallocated, economy.unallocated_remaining),
        *_ordered(economy),
        MoneyRow(_("Total"), (whole, spent_figure(economy.booked, known=economy.is_known), *_known(economy, left))),
    ]
    lines = [heading(_("Years (kr.)")), *money_table((_("Budget"), _("Spent"), _("Remaining")), rows)]
    if not economy.is_distributed and economy.undistributed != NOTHING:
        lines.append("  " + _("Not distributed on years: {amount} kr.").format(amount=kroner(economy.undistributed)))
    return lines


def _ordered(economy: Economy) -> list[MoneyRow]:
    """The row of what is ordered, so that what is left is the same by year as by line."""
    if economy.budget.committed == NOTHING or not economy.is_distributed:
        return []
    return [MoneyRow(_("Committed, in no year yet"), (None, None, *_known(economy, economy.committed_remaining)))]


def _of_year(year: YearMoney) -> tuple[Money | None, ...]:
    spent = year.spent if year.budget is None else year.spent_of_budget
    return year.budget, spent_figure(spent, known=year.known), year.remaining if year.known else None


def _phases(economy: Economy) -> list[str]:
    if not economy.phases:
        return []
    rows = [
        *(
            MoneyRow(
                each.phase.title if each.phase else _("Outside the phases"),
                (spent_figure(each.spent, known=each.known and economy.is_known),),
            )
            for each in economy.phases
        ),
        *_unallocated(economy, economy.budget.unallocated),
        MoneyRow(_("Total"), (spent_figure(economy.booked, known=economy.is_known),)),
    ]
    lines = [heading(_("Phases (kr.)")), *money_table((_("Spent"),), rows)]
    for each in economy.phases:
        if each.phase and each.shared != NOTHING:
            words = _("{phase}: {amount} kr. of it while another phase ran too")
            lines.append("  " + words.format(phase=each.phase.title, amount=kroner(each.shared)))
    return lines


# ── who pays ─────────────────────────────────────────────────────────────────────────────────


def _funding(economy: Economy) -> list[str]:
    income = economy.income
    if not income.payers and income.amount == NOTHING:
        return []
    rows = [
        *(MoneyRow(each.funding.title, (each.funding.amount, each.realised)) for each in income.payers),
        *([MoneyRow(_("Payer not named"), (None, income.unnamed))] if income.unnamed != NOTHING else []),
        MoneyRow(_("Total"), (income.promised, *_known(economy, income.amount))),
    ]
    return [heading(_("Own and other funding (kr.)")), *money_table((_("Promised"), _("Booked")), rows)]


def _instalments(told: Instalments) -> list[str]:
    ahead = told.next
    rows = [
        *([(_("Expected so far"), told.expected_so_far)] if told.expected_so_far is not None else []),
        (_("Received"), told.received_amount),
        *([(_("Withheld"), told.withheld_amount)] if told.withheld else []),
        *([(_("Received against expected"), told.difference)] if told.difference is not None else []),
        *([(_("Next instalment, {day}").format(day=day(ahead.due)), ahead.amount)] if ahead and ahead.due else []),
    ]
    return [heading(_("Instalments (kr.)")), *_pairs(rows), *_without_days(told)]


def _without_days(told: Instalments) -> Iterator[str]:
    """What the terms do not say of when the grant is paid out, so that nothing is expected by a day."""
    if not told.frequency:
        yield "  " + _("The fund's terms do not say how often the grant is paid out.")
    elif told.expected and not told.ways:
        yield "  " + _("The terms do not say when the instalments are paid: none is expected by a day.")
    elif told.said_from:
        words = _("The terms say only from {day} on when the instalments are paid: not all before it have a day.")
        yield from wrap(words.format(day=day(told.said_from)), WIDTH, initial_indent="  ", subsequent_indent="  ")
    if told.first_by and told.first_has_no_day:
        words = _("The first instalment has no day: {term}").format(term=told.first_by.text)
        yield from wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")


# ── what is carried over, and what goes back ─────────────────────────────────────────────────


def _extended(economy: Economy) -> list[str]:
    """That the period ends later than the day's own plan says, so that nothing is settled yet.

    What moved it is not said: an extension did, or the refusal of what had made it shorter.
    """
    if economy.extended_to is None:
        return []
    return [_("The grant's period now ends on {day}.").format(day=day(economy.extended_to))]


def _settlement(state: State, budget: BudgetState, settlement: Settlement) -> list[str]:
    """The years, each outcome that there can be, and what it comes to; beside them what waits for an answer."""
    parts: list[tuple[str, list[tuple[Sum, int | None, str]]]] = [("", [])]
    for settled in settlement.years:
        parts[0][1].append((settled.sum, settled.year, _carried(settled)))
    for outcome in settlement.outcomes:
        head = "" if settlement.outcome else _if_paid(outcome)
        parts.append((head, [(each, None, "") for each in outcome.sums]))
    steps = [step for _head, sums in parts for each, _year, _carried in sums for step in (*each.terms, each.result)]
    if not steps:
        return []
    cells = iter(amount_column([step.amount for step in steps]))
    width = max(map(len, amount_column([step.amount for step in steps])))
    is_open = settlement.outcomes and not settlement.is_final
    lines = [heading(_("Settlement, not final (kr.)") if is_open else _("Settlement (kr.)"))]
    for head, sums in parts:
        lines += ["", "  " + head] if head else []
        for each, year, carried in sums:
            lines += [f"  {year}"] if year else []
            for step in each.terms:
                lines.append(f"  {fit(_said(step), _WORDS)}  {next(cells):>{width}}")
            result = f"  {fit('= ' + _said(each.result), _WORDS)}  {next(cells):>{width}}"
            lines.append(click.style(result, bold=True) + carried)
    reasons = _not_known(state, settlement) if is_open else ()
    return [*lines, *reasons, *_outcome(settlement), *_waiting(budget, settlement)]


def _carried(year: YearSettlement) -> str:
    """How it stands with carrying over what a year left, and of how much where that is a part."""
    if year.carry_over is None:
        return ""
    said = "  " + wording(CARRY_OVERS, year.carry_over)
    if year.part is None:
        return said
    words = _("{said}: {part} kr. of {left} kr.")
    return words.format(said=said, part=kroner(year.part), left=kroner(year.left))


def _not_known(state: State, settlement: Settlement) -> Iterator[str]:
    """Of which days it is not known what was spent, or without an award what was received: no outcome is final."""
    if not settlement.is_awarded:
        yield "  " + _("Not final: the books are not known until the day.")
        return
    until = state.reach.short_of(state.plan.cost_period.ends)
    if until:
        yield "  " + _("Not final: what was spent is known until {day}.").format(day=day(until))
    if gaps := months(state.reach.gaps_until(state.as_of)):
        yield from indented(_("Not final: no import covers {months}.").format(months=gaps))


def _said(step: Step) -> str:
    return capitalised(wording(STEPS, step.what, year=step.year))


def _if_paid(outcome: Outcome) -> str:
    """If the grant pays first: what the outcome hangs on where no term says who does."""
    return _("If {what}").format(what=wording(PAYERS, outcome.payers))


def _outcome(settlement: Settlement) -> Iterator[str]:
    """Who owes whom, by which rule, and what it still depends on."""
    if not settlement.outcomes:
        return
    for each in settlement.outcomes:
        head = "" if settlement.outcome else _if_paid(each) + ": "
        yield "  " + head + _claim(each)
        if each.hangs_on_carry_over:
            repaid = _("If the carry-over from {years} is approved: {amount} kr.")
            received = _("If the carry-over from {years} is approved, to receive: {amount} kr.")
            words, amount = (
                (received, each.receive_if_carried) if each.receive_if_carried else (repaid, each.if_carried)
            )
            yield "  " + words.format(years=", ".join(map(str, settlement.pending)), amount=kroner(amount))
    if not settlement.is_awarded:  # no term is about that
        return
    if settlement.payers:
        yield f"  {settlement.payers.text}"
        yield f"  {settlement.payers.reference}"
    elif not settlement.outcome:
        yield "  " + _("The terms do not say who pays first when a project costs less than budgeted: ask the agency.")
    floor = settlement.floor
    if floor and floor.amount is not None:
        words = floor.text if floor.is_letters else floor.text + " " + _("The award letter goes before it.")
        yield from wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield f"  {floor.reference}"
    else:
        yield "  " + _("The fund's terms say nothing of small claims.")


def _not_awarded(state: State, settlement: Settlement) -> Iterator[str]:
    """Why what was received goes back, all of it."""
    if settlement.is_awarded or not settlement.outcomes:
        return
    refused = state.grant.refused_on if state.grant else None
    why = _("The grant was refused {day}").format(day=day(refused)) if refused else _("No award is logged")
    words = _("{why}: it covers nothing, and what was received goes back.").format(why=why)
    yield from wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _claim(outcome: Outcome) -> str:
    if outcome.is_dropped:
        return _("What would go back is dropped by the rule about small claims.")
    if outcome.to_repay:
        return _("To repay: {amount} kr.").format(amount=kroner(outcome.to_repay))
    if outcome.to_receive:
        return _("To receive: {amount} kr.").format(amount=kroner(outcome.to_receive))
    return _("Nothing to repay and nothing to receive.")


def _waiting(budget: BudgetState, settlement: Settlement) -> Iterator[str]:
    """What must be answered first: it is counted in no step above."""
    told: dict[Waits, str] = {
        "before-period": _("Costs outside the grant's period, before it began: {amount} kr. (postings: {count})"),
        "after-period": _("Costs outside the grant's period, after it ended: {amount} kr. (postings: {count})"),
        "dropped-line": _("Costs on lines that the budget lacks: {amount} kr. (postings: {count})"),
        "unallocated": _("Not on any budget line: {amount} kr. (postings: {count})"),
    }
    if settlement.waits:
        yield "  " + _("Not final: this is counted nowhere above before it is answered for in allocation.yaml.")
    for each in settlement.waits:
        amount, count = (
            (budget.unallocated, budget.unplaced)
            if each == "unallocated"
            else (budget.waiting(each), budget.count_waiting(each))
        )
        yield "  " + told[each].format(amount=kroner(amount), count=count)


def _pairs(rows: Iterable[tuple[str, Money]]) -> list[str]:
    """Words and an amount on each line, the amounts below each other."""
    rows = list(rows)
    cells = amount_column([amount for _words, amount in rows])
    width = max(map(len, cells))
    return [f"  {fit(words, _WORDS)}  {cell:>{width}}" for (words, _amount), cell in zip(rows, cells, strict=True)]
