"""What differs between two versions of a budget."""

from __future__ import annotations

from msgspec import Struct

from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Budget, BudgetLine


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
    def difference(self) -> Money:
        """What the line gains, in øre; below zero what it gives up."""
        return (self.after.amount if self.after else NOTHING) - (self.before.amount if self.before else NOTHING)


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
