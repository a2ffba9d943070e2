"""The books posting by posting: which line each part of one counts on, or why it counts on none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from toolkit.core.costs import Apart
from toolkit.core.money import Money
from toolkit.core.postings import Allocated, Place
from toolkit.core.records import Id
from toolkit.core.state import State

LedgerPlace = Place | Apart


class LedgerRow(Struct, frozen=True, gc=False):
    """A posting, or a part of it, and where it stands: a cost that waits for an answer stands on a line, uncounted.

    `line` is a line of the budget in force, though the rules may have put the cost on one that it carries on. A cost
    that would wait, but for somebody who allowed it, says who that was: `allowed_by`.
    """

    part: Allocated
    amount: Money
    line: Id | None
    place: LedgerPlace
    allowed_by: str | None = None

    @property
    def performed(self) -> date | None:
        """When the cost was incurred, where a rule or the export says so."""
        return (self.part.rule and self.part.rule.performed) or self.part.posting.performed


def ledger(state: State) -> Iterator[LedgerRow]:
    """Every part of every posting that is seen on the day, in the order of the files; together they are the books."""
    placement = state.placement
    for part in state.allocated:
        if part.line is None or placement is None:
            yield LedgerRow(part, part.amount, part.line, part.place)
            continue
        for cost in placement.costs(part):
            by = placement.allowed_by(part, cost.line)
            yield LedgerRow(part, cost.amount, cost.line, cost.apart or part.place, by)
