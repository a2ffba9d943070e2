"""Many projects at once as one JSON value: amounts are whole øre, and the key says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import structs, to_builtins

from toolkit.cli.as_json import builtins, told
from toolkit.core.learnings import Lessons
from toolkit.core.money import NOTHING
from toolkit.core.portfolio import Amounts, Facet, Holding, Sums, grouped, sums
from toolkit.core.problems import Problem

if TYPE_CHECKING:
    from toolkit.portfolio import Opened
    from toolkit.upkeep import Upkeep


def portfolio(shown: Sequence[Opened], group_by: Facet | None) -> dict[str, Any]:
    """Every project with its own status in it, the groups if they are asked for, and the totals.

    What was found here are the project's problems; a status that was handed over has its own.
    """
    holdings = [each.holding for each in shown]
    answer: dict[str, Any] = {"projects": [_holding(each.holding, each.problems, each.upkeep) for each in shown]}
    if group_by:
        answer["groups"] = [
            {
                "by": group_by,
                "name": group.name,
                "projects": [each.file for each in group.holdings],
                "totals": _sums(group.sums),
            }
            for group in grouped(holdings, group_by)
        ]
    return {**answer, "totals": _sums(sums(holdings))}


def learnings(lessons: Sequence[Lessons]) -> list[dict[str, Any]]:
    """What each project learned and measured."""
    return [to_builtins(each, enc_hook=_plain) for each in lessons]


def _plain(value: object) -> object:
    """A measurement is a number; a text that remembers where it stood is a text."""
    return float(value) if isinstance(value, Fraction) else str(value)


def _holding(each: Holding, problems: Sequence[Problem], upkeep: Upkeep | None) -> dict[str, Any]:
    status = each.status
    if status and not each.handed_over:
        status = structs.replace(status, problems=tuple(map(told, problems)))
    return {
        "file": each.file,
        "project": each.name,
        "title": each.title,
        "municipality": each.place or None,
        "region": each.home.region if each.home else None,
        "cohort": each.group("cohort"),
        "fund": each.group("fund"),
        "phase": each.phase.title if each.phase else None,
        "stage": each.stage,
        "handed_over": each.handed_over,
        "broken": each.broken,
        "errors": each.errors,
        "warnings": each.warnings,
        "notes": each.notes,
        "milestones_late": len(each.late),
        "reports_not_sent": len(status.reports_not_sent) if status else 0,
        "conditions_late": each.conditions_late,
        "next_deadline": builtins(each.next) if each.next else None,
        **_money(each.amounts),
        "spent_known_until": _day(each.spent_known_until),
        "spent_gaps": list(each.budget.spent_gaps) if each.budget else [],
        "status": builtins(status) if status else None,
        "problems": [builtins(told(found)) for found in problems] if status is None else [],
        **({"upkeep": to_builtins(upkeep)} if upkeep else {}),
    }


def _sums(of: Sums) -> dict[str, Any]:
    money = {"owed_oere": int(of.owed), "applied_oere": int(of.applied)}
    values = structs.asdict(of).items()
    counts = {name: value for name, value in values if isinstance(value, int) and f"{name}_oere" not in money}
    return {**counts, **_money(of.amounts), **money, "spent_known_until": _day(of.spent_known_until)}


def _money(amounts: Amounts) -> dict[str, int | None]:
    """What was spent is the sum of what is known, also where that is nothing.

    `spent_known_until` says how far that is, and a project's `spent_gaps` what lacks before it.
    """
    if amounts.budget is not None and amounts.spent is None:
        amounts = structs.replace(amounts, spent=NOTHING)
    return {f"{name}_oere": None if amount is None else int(amount) for name, amount in structs.asdict(amounts).items()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
