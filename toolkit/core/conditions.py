"""The award letter's own conditions, which of them are met and by what, and the audit that the terms ask for."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Condition, Plan
from toolkit.core.state import State

Fulfilment = Literal["met", "open", "late"]
# The kinds of event that may be what shows that a condition is met.
SHOWING = (log.Accepted.kind, log.Audited.kind)
MetEvent = log.ConditionMet | log.Accepted | log.Audited


class ConditionState(Struct, frozen=True):
    """A condition at the end of a day; `met` is the first event that says it was met.

    It is late once its day has passed, while the agency asks for anything.
    """

    condition: Condition
    met: MetEvent | None
    is_late: bool

    @property
    def status(self) -> Fulfilment:
        if self.met:
            return "met"
        return "late" if self.is_late else "open"

    @property
    def met_on(self) -> date | None:
        return self.met.happened if self.met else None


def conditions_of(state: State) -> tuple[ConditionState, ...]:
    """How the letter's conditions stand; none where the state knows of no award, for then there is no letter yet."""
    if state.grant is not None and state.grant.awarded is None:
        return ()
    return tuple(_state(each, state) for each in state.plan.conditions)


def audit_terms(plan: Plan, awarded: Money | None, on: date) -> tuple[Term, ...]:
    """The audit that a grant of this size asks for, by the terms of a day whose limit it is above, the lowest first.

    A term for every grant, with a limit of nothing, is what holds until another does. The day is that which all is
    settled by: the last of the grant's period.
    """
    if awarded is None:
        return ()
    every = [term for term in plan.terms_on(on) if term.id.startswith("audit-") and term.is_above(awarded)]
    above = sorted(every, key=lambda term: int(term.amount or NOTHING))
    return tuple([term for term in above if term.amount != NOTHING] or above)


def _state(condition: Condition, state: State) -> ConditionState:
    met = next((event for event in state.history if isinstance(event, MetEvent) and _meets(event, condition)), None)
    return ConditionState(
        condition, met, met is None and condition.due is not None and condition.due < state.asked_until
    )


def _meets(event: MetEvent, condition: Condition) -> bool:
    """Whether the event says so itself, or is of the kind that the condition says is to show it."""
    if isinstance(event, log.ConditionMet):
        return event.condition == condition.id
    return condition.shown_by == event.kind
