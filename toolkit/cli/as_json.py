"""The program's answers as JSON values: amounts are whole øre, and the key says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct, to_builtins

from toolkit.cli import sentences
from toolkit.core.budget_change import Version, approved_between, changes, difference, funding_changes
from toolkit.core.cases import Case
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import BalanceRow, Economy
from toolkit.core.money import Money
from toolkit.core.paid_out import Payment
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import Problem
from toolkit.core.settlement import Step, Sum
from toolkit.core.state import BudgetState, State
from toolkit.core.status import ProblemStatus, grant_of, status_of
from toolkit.language import _

if TYPE_CHECKING:
    from toolkit.verifying import Verified


def as_text(answer: Mapping[str, Any]) -> str:
    """One JSON value in ASCII alone, so that no console, pipe or PowerShell changes a letter of it."""
    return json.dumps(answer, indent=2)


def status(
    name: str, state: State, cases: Iterable[Case], problems: Iterable[Problem], doubted: Doubtful | None = None
) -> dict[str, Any]:
    """A state, as `pulje status --json` shows it and as a portfolio reads it."""
    return builtins(status_of(name, state, cases, [told(found) for found in problems], doubted))


def budget(
    name: str, state: State, economy: Economy | None, problems: Iterable[Problem], doubted: Doubtful | None = None
) -> dict[str, Any]:
    """A state's economy, as `pulje budget --json` shows it: what `status` shows too has the same names here."""
    return {
        "project": name,
        "as_of": state.as_of.isoformat(),
        "known_by": state.known_by.isoformat(),
        "grant": builtins(grant_of(state.grant, economy)) if state.grant else None,
        "budget": _economy(economy, doubted) if economy else None,
        "years": _years(economy) if economy else [],
        "phases": _phases(economy) if economy else [],
        "funding": _funding(economy) if economy else None,
        "instalments": _instalments(economy) if economy else None,
        "balance": _balance(economy) if economy else None,
        "settlement": _settlement(economy) if economy else None,
        "problems": [problem(found) for found in problems],
    }


def versions(
    name: str, plan: Plan, found: Sequence[Version], pair: tuple[Budget, Budget] | None, problems: Iterable[Problem]
) -> dict[str, Any]:
    """A budget's versions and what differs between two of them, as `pulje budget --versions --json` shows it."""
    return {
        "project": name,
        "versions": [
            {
                "version": each.budget.id,
                "stage": each.budget.stage,
                "budget_oere": int(each.budget.amount),
                "events": [
                    {"kind": event.kind, "happened": event.happened.isoformat(), "by": getattr(event, "by", None)}
                    for event in each.events
                ],
            }
            for each in found
        ],
        "change": _change(plan, *pair, approved_between(found, *pair)) if pair else None,
        "problems": [problem(found) for found in problems],
    }


def _change(plan: Plan, before: Budget, after: Budget, between: Iterable[Budget]) -> dict[str, Any]:
    return {
        "before": before.id,
        "after": after.id,
        "lines": [
            {
                "id": each.line.id,
                "title": each.line.title,
                "was": [part.line.id for part in each.carried_on],
                "before_oere": None if each.is_new else int(each.had),
                "after_oere": None if each.is_gone else int(each.gets),
                "difference_oere": int(each.difference),
            }
            for each in changes(before, after, between)
        ],
        "funding": [
            {
                "id": each.funding.id,
                "title": each.funding.title,
                "before_oere": int(each.had),
                "after_oere": int(each.gets),
                "difference_oere": int(each.difference),
            }
            for each in funding_changes(plan, before, after)
        ],
        "before_oere": int(before.amount),
        "after_oere": int(after.amount),
        "difference_oere": int(difference(before, after)),
    }


def verified(name: str, issued: Iterable[Verified], problems: Iterable[Problem]) -> dict[str, Any]:
    """What became of making each issued document again, as `pulje verify --json` shows it."""
    return {
        "project": name,
        "issued": [
            {
                **builtins(each),
                "problems": [problem(found) for found in each.problems],
                "refusals": [problem(found) for found in each.refusals],
                "changes": [{"version": change.version, "what": _(change.what)} for change in each.changes],
            }
            for each in issued
        ],
        "problems": [problem(found) for found in problems],
    }


def problem(found: Problem) -> dict[str, str]:
    """A problem, in the user's language."""
    return builtins(told(found))


def told(found: Problem) -> ProblemStatus:
    """A problem as others may read it, in the user's language."""
    return ProblemStatus(
        code=found.code,
        severity=found.severity,
        at=str(found.at),
        message=sentences.message(found),
        hint=sentences.hint(found),
    )


def _budget(budget: BudgetState) -> dict[str, Any]:
    return {
        "version": budget.budget.id,
        "lines": [
            {
                "id": each.line.id,
                "title": each.line.title,
                "budget_oere": int(each.line.amount),
                "spent_oere": int(each.spent),
                "committed_oere": int(each.committed),
                "remaining_oere": int(each.remaining),
            }
            for each in budget.lines
        ],
        "budget_oere": int(budget.amount),
        "spent_oere": int(budget.spent),
        "committed_oere": int(budget.committed),
        "unallocated_oere": int(budget.unallocated),
        "unplaced": budget.unplaced,
        "remaining_oere": int(budget.remaining),
    }


def _economy(economy: Economy, doubted: Doubtful | None) -> dict[str, Any]:
    told = _budget(economy.budget)
    if not economy.is_known:  # what is left, or to be expected, of what nobody knows is no figure
        for each in (told, *told["lines"]):
            each["remaining_oere"] = None
    for line, each in zip(told["lines"], economy.lines, strict=True):
        is_said = economy.is_known or each.forecast.estimate
        line["forecast_oere"] = int(each.forecast.amount) if is_said else None
        line["forecast_basis"] = each.forecast.basis if is_said else None
        line["forecast_reason"] = each.forecast.estimate.reason if each.forecast.estimate else None
        line["forecast_estimated_on"] = _day(each.forecast.estimated_on)
        line["forecast_age_days"] = each.forecast.age
    return {
        **told,
        "spent_known_until": _day(economy.reach.until) if economy.is_known else None,
        "spent_gaps": list(economy.months_missing),
        "elsewhere_oere": int(economy.budget.waiting("dropped-line")),
        "before_period_oere": int(economy.budget.waiting("before-period")),
        "after_period_oere": int(economy.budget.waiting("after-period")),
        "waits": list(economy.budget.waits),
        "taken_back_oere": int(economy.budget.taken_back),
        "not_eligible_oere": int(economy.budget.not_eligible),
        "doubted_costs_oere": int(doubted.costs) if doubted else 0,
        "doubted_income_oere": int(doubted.income) if doubted else 0,
        "undistributed_oere": int(economy.undistributed),
        "undistributed_spent_oere": int(economy.spent_beside_years),
        "forecast_oere": int(economy.forecast) if economy.is_known else None,
        "forecast_bases": list(economy.forecast_bases),
    }


def _years(economy: Economy) -> list[dict[str, Any]]:
    return [
        {
            "year": year.year,
            "budget_oere": _oere(year.budget),
            "spent_oere": int(year.spent),
            "spent_of_budget_oere": int(year.spent_of_budget),
            "remaining_oere": _oere(year.remaining) if year.known else None,
            "lines": [
                {"id": line.line.id, "budget_oere": _oere(line.budget), "spent_oere": int(line.spent)}
                for line in year.lines
            ],
        }
        for year in economy.years
    ]


def _phases(economy: Economy) -> list[dict[str, Any]]:
    return [
        {
            "id": each.phase.id if each.phase else None,
            "title": each.phase.title if each.phase else None,
            "spent_oere": int(each.spent),
            "shared_oere": int(each.shared),
        }
        for each in economy.phases
    ]


def _funding(economy: Economy) -> dict[str, Any]:
    return {
        "budgeted": [
            {
                "id": each.funding.id,
                "kind": each.funding.kind,
                "title": each.funding.title,
                "amount_oere": int(each.funding.amount),
                "realised_oere": _oere(each.realised),
            }
            for each in economy.income.payers
        ],
        "unnamed_oere": int(economy.income.unnamed),
        "realised_oere": int(economy.other_income),
    }


def _instalments(economy: Economy) -> dict[str, Any]:
    told = economy.instalments
    return {
        "frequency": told.frequency,
        "paid": told.paid,
        "expected": [
            {"number": each.number, "due": _day(each.due), "amount_oere": int(each.amount)} for each in told.expected
        ],
        "received": _payments(told.received),
        "received_by": told.received_by,
        "withheld": _payments(told.withheld),
        "expected_so_far_oere": _oere(told.expected_so_far),
        "received_oere": int(told.received_amount),
        "withheld_oere": int(told.withheld_amount),
        "difference_oere": _oere(told.difference),
        "next": {"due": _day(told.next.due), "amount_oere": int(told.next.amount)} if told.next else None,
    }


def _payments(payments: Iterable[Payment]) -> list[dict[str, Any]]:
    return [
        {"day": each.day.isoformat(), "amount_oere": int(each.amount), "reason": each.reason or None}
        for each in payments
    ]


def _balance(economy: Economy) -> dict[str, Any]:
    """The whole economy: what was paid for, who paid, and the grant at the end of each year."""
    return {
        "costs": [_balance_row(row) for row in economy.balance.costs],
        "cost_oere": _oere(economy.balance.cost),
        "financing": [_balance_row(row) for row in economy.balance.financing],
        "financed_oere": _oere(economy.balance.financed),
        "year_ends": [
            {
                "year": each.year,
                "day": each.day.isoformat(),
                "received_oere": int(each.received),
                "used_oere": _oere(each.used),
                "unused_oere": _oere(each.unused),
            }
            for each in economy.year_ends
        ],
    }


def _balance_row(row: BalanceRow) -> dict[str, Any]:
    title = {"title": row.funding.title} if row.funding else {}
    return {"what": row.what, **title, "budget_oere": _oere(row.budget), "actual_oere": _oere(row.actual)}


def _settlement(economy: Economy) -> dict[str, Any]:
    told = economy.settlement
    return {
        "years": [
            {
                "year": each.year,
                "steps": _sum(each.sum),
                "left_oere": int(each.left),
                "carry_over": each.carry_over,
                "part_oere": _oere(each.part),
                "carried_oere": int(each.carried),
            }
            for each in told.years
        ],
        "final": [_sum(each) for each in told.final],
        "is_final": told.is_final,
        "waits": list(told.waits),
        "pending_years": list(told.pending),
        "payers": told.payers.payers if told.payers else None,
        "outcomes": [
            {
                "payers": each.payers,
                "steps": [_sum(sum) for sum in each.sums],
                "covered_oere": int(each.covered),
                "unspent_oere": int(each.unspent),
                "balance_oere": int(each.balance),
                "to_repay_oere": int(each.to_repay),
                "to_repay_if_carried_over_oere": int(each.if_carried),
                "to_receive_oere": int(each.to_receive),
                "to_receive_if_carried_over_oere": int(each.receive_if_carried),
                "claim_dropped": each.is_dropped,
            }
            for each in told.outcomes
        ],
        "unspent_oere": _oere(told.unspent),
        "balance_oere": _oere(told.balance),
        "to_repay_oere": _oere(told.to_repay_at_most),
        "to_repay_at_least_oere": _oere(told.to_repay_at_least),
        "to_receive_oere": _oere(told.to_receive),
        "floor_oere": _oere(told.floor.amount) if told.floor else None,
        "floor_reference": told.floor.reference if told.floor else None,
        "claim_dropped": told.is_dropped,
    }


def _sum(sum: Sum) -> list[dict[str, Any]]:
    """The steps, and last what they add up to."""
    return [_step(step) for step in (*sum.terms, sum.result)]


def _step(step: Step) -> dict[str, Any]:
    about = {"year": step.year} if step.year is not None else {}
    return {"what": step.what, "amount_oere": int(step.amount), **about}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _oere(amount: Money | None) -> int | None:
    return None if amount is None else int(amount)


def builtins(record: Struct) -> dict[str, Any]:
    """A record as plain values; a text that remembers where it stood is a text."""
    answer: dict[str, Any] = to_builtins(record, enc_hook=str)
    return answer
