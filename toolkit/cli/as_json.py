"""The program's answers as JSON values: amounts are whole øre, and the key says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolkit.core.problems import CODES, Problem
from toolkit.core.state import BudgetState, GrantState, State
from toolkit.language import _


def status(name: str, state: State, problems: Iterable[Problem]) -> dict[str, Any]:
    """A state, as `pulje status --json` shows it and as a portfolio reads it."""
    return {
        "project": name,
        "as_of": state.as_of.isoformat(),
        "known_by": state.known_by.isoformat(),
        "phase": state.phase.id if state.phase else None,
        "phases": [
            {
                "id": each.phase.id,
                "title": each.phase.title,
                "starts": each.phase.starts and each.phase.starts.isoformat(),
                "ends": each.phase.ends and each.phase.ends.isoformat(),
                "status": each.status,
            }
            for each in state.phases
        ],
        "milestones": [
            {
                "id": each.milestone.id,
                "title": each.milestone.title,
                "phase": each.milestone.phase,
                "due": each.due.isoformat(),
                "status": each.status,
                "reached": each.reached and each.reached.isoformat(),
            }
            for each in state.milestones
        ],
        "grant": _grant(state.grant) if state.grant else None,
        "budget": _budget(state.budget) if state.budget else None,
        "problems": [problem(found) for found in problems],
    }


def problem(found: Problem) -> dict[str, str]:
    """A problem, in the user's language."""
    code = CODES[found.code]
    return {
        "code": found.code,
        "severity": code.severity,
        "at": str(found.at),
        "message": _(code.message).format(**found.words),
        "hint": _(code.hint).format(**found.words) if code.hint else "",
    }


def _grant(grant: GrantState) -> dict[str, Any]:
    return {
        "applied_oere": int(grant.applied),
        "awarded_oere": None if grant.awarded is None else int(grant.awarded),
        "received_oere": int(grant.received),
    }


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
        "remaining_oere": int(budget.remaining),
    }
