"""How it stands with carrying over what a year left: asked for, approved or refused, each answer for its own year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money
from toolkit.core.plan import Period, Plan
from toolkit.core.state import State

CarryOver = Literal["approved", "refused", "requested", "to-ask-for", "lapsed"]

_ANSWERS: dict[type[log.AnyEvent], CarryOver] = {
    log.ChangeRequested: "requested",
    log.ChangeApproved: "approved",
    log.ChangeRefused: "refused",
}


Final = log.ChangeApproved | log.ChangeRefused
Answer = log.ChangeRequested | Final


class CarryOverEvent(Struct, frozen=True):
    """What the log says of carrying over one year's money; `assumed` where the log does not name the year itself."""

    event: Answer
    year: int
    assumed: bool = False

    def is_of(self, event: log.Event) -> bool:
        """Whether an event is the one that says it; each reading of the log makes a corrected one anew."""
        return event.called == self.event.called


class Standing(Struct, frozen=True):
    """How it stands with what a year left, and the event that says so; None where nobody asked."""

    status: CarryOver
    event: Answer | None = None

    @property
    def amount(self) -> Money | None:
        """How much was asked for or approved; None where that is all, or nothing."""
        return self.event.amount if self.event and self.status in ("requested", "approved") else None


def carry_over_of(state: State, year: int) -> Standing:
    """The last that was said of the year; what nobody asked for is to ask for until the agency closes the grant.

    Where the agency itself has answered, nobody else has; and what is approved is not undone by asking once more.
    """
    about = _about(state, year)
    if has_agencys_answer(state, year):
        about = [event for event in about if not is_anothers(state.plan, event)]
    answers = [event for event in about if isinstance(event, Final)]
    if answers and isinstance(answers[-1], log.ChangeApproved):
        return Standing("approved", answers[-1])
    if about:
        return Standing(_ANSWERS[type(about[-1])], about[-1])
    return Standing("lapsed" if state.grant and state.grant.closed_on else "to-ask-for")


def has_agencys_answer(state: State, year: int) -> bool:
    """Whether the agency has approved or refused to carry over what a year left."""
    return any(isinstance(event, Final) and state.plan.is_agency(event.by) for event in _about(state, year))


def is_anothers(plan: Plan, event: Answer) -> bool:
    """Whether an answer names somebody else than the agency."""
    return isinstance(event, Final) and plan.is_anothers(event.by)


def _about(state: State, year: int) -> list[Answer]:
    return [each.event for each in carry_overs(state.history, state.plan) if each.year == year]


def carry_overs(history: Iterable[AnyEvent], plan: Plan) -> tuple[CarryOverEvent, ...]:
    """Every carry-over that was asked for or answered, in the order of the days.

    One that names no year, as logs written before years could be named, is about the last ended year that has no final
    answer yet: so an answer never changes what was said of an earlier year. What another has answered is no final
    answer to the agency, nor to whoever asks the agency.
    """
    found: list[CarryOverEvent] = []
    for event in history:
        if not isinstance(event, Answer) or event.change != "carry-over":
            continue
        if event.year is not None:
            found.append(CarryOverEvent(event, event.year))
            continue
        answered = answered_years(plan, found, by_anybody=is_anothers(plan, event))
        year = year_to_ask_about(plan.cost_period, event.happened.year, answered)
        found.append(CarryOverEvent(event, year, assumed=True))
    return tuple(found)


def answered_years(plan: Plan, told: Iterable[CarryOverEvent], *, by_anybody: bool) -> set[int]:
    """The years with a final answer: the agency's, or anybody's."""
    final = (each for each in told if isinstance(each.event, Final))
    return {each.year for each in final if by_anybody or not is_anothers(plan, each.event)}


def year_to_ask_about(period: Period, now: int, answered: Iterable[int]) -> int:
    """The last year before `now` that has no final answer; where every one has, or none has ended, `now` itself.

    So what names no year never touches one that has its answer.
    """
    taken = set(answered)
    ended = (year for year in range(min(now, period.ends.year) - 1, period.starts.year - 1, -1))
    return next((year for year in ended if year not in taken), max(min(now, period.ends.year), period.starts.year))
