"""The versions of a budget, what the log says of each, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Budget, BudgetLine, Plan


class LineChange(Struct, frozen=True):
    """One budget line in two versions; None where a version does not have it."""

    before: BudgetLine | None
    after: BudgetLine | None

    @property
    def line(self) -> BudgetLine:
        """The line as it is now, or as it last was."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def had(self) -> Money:
        return self.before.amount if self.before else NOTHING

    @property
    def gets(self) -> Money:
        return self.after.amount if self.after else NOTHING

    @property
    def difference(self) -> Money:
        """What the line gains, in øre; below zero what it gives up."""
        return self.gets - self.had


def changes(before: Budget, after: Budget) -> tuple[LineChange, ...]:
    """Every line of the two versions, the new version's order first, then the lines that are gone."""
    gone = [line for line in before.lines if after.line(line.id) is None]
    return (
        *(LineChange(before.line(line.id), line) for line in after.lines),
        *(LineChange(line, None) for line in gone),
    )


def year_totals(budget: Budget, years: range) -> dict[int, Money | None]:
    """What a whole version has for each year; None for a year that some line does not divide its money on."""
    totals: dict[int, Money | None] = {}
    for year in years:
        parts = [line.in_year(year) for line in budget.lines]
        known = [part for part in parts if part is not None]
        totals[year] = sum(known, NOTHING) if len(known) == len(parts) else None
    return totals


class Version(Struct, frozen=True):
    """A budget version and what the log says of it: applied for, awarded, asked for, approved or refused.

    The agency approves what the grant may be spent on, the council what the municipality may spend: both may stand.
    """

    budget: Budget
    events: tuple[VersionEvent, ...]


VersionEvent = log.Applied | log.Awarded | log.ChangeRequested | log.ChangeApproved | log.ChangeRefused


def versions(plan: Plan, history: Iterable[AnyEvent]) -> tuple[Version, ...]:
    """Every version, the earliest first, with the events that name it."""
    about: dict[str, list[VersionEvent]] = {}
    for event in history:
        if isinstance(event, VersionEvent) and event.budget:
            about.setdefault(event.budget, []).append(event)
    by_id = sorted(plan.budgets, key=lambda budget: budget.id)
    return tuple(Version(budget, tuple(about.get(budget.id, ()))) for budget in by_id)
