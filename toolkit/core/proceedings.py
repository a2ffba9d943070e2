"""A case before the committees as one of its steps may tell of it: who met when, and what was decided so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.cases import Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, total
from toolkit.core.occasion import Occasion
from toolkit.core.state import corrected


class StepState(Struct, frozen=True, kw_only=True):
    """A step with what earlier bodies decided or answered, never what came later. `events` are what the log says."""

    step: Step
    day: date | None  # None where it is to follow
    item: int | None
    is_current: bool
    decision: log.Decided | None
    answer: log.ConsultationAnswered | None
    events: tuple[AnyEvent, ...]


class Proceedings(Struct, frozen=True):
    """The case's steps, the one that the document is for, and its own decision where that is logged."""

    steps: tuple[StepState, ...]
    current: StepState | None
    decision: log.Decided | None
    appropriation: Money


def proceedings_of(occasion: Occasion, known: Iterable[AnyEvent]) -> Proceedings | None:
    """The proceedings of an occasion's case, by the log as it was known; None for a document without a case."""
    if occasion.case is None:
        return None
    known = sorted(known, key=lambda event: event.happened)
    steps = tuple(_step(step, known, occasion) for step in occasion.case.steps)
    return Proceedings(
        steps=steps,
        current=next((each for each in steps if each.is_current), None),
        decision=_decision(known, occasion),
        appropriation=total(line.amount for line in occasion.case.appropriation),
    )


def _step(step: Step, known: Iterable[AnyEvent], occasion: Occasion) -> StepState:
    assert occasion.case is not None
    day, item = (None if step.date == "to-follow" else step.date), step.item
    current = occasion.step is not None and step.id == occasion.step.id
    decision: log.Decided | None = None
    answer: log.ConsultationAnswered | None = None
    events: list[AnyEvent] = []
    for event in known:
        match event:
            case log.MeetingSet(case=occasion.case.id, step=step.id) if current or event.happened < occasion.as_of:
                day, item = event.date, event.item or item
            case log.Decided(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                decision = event
            case log.ConsultationAnswered(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                answer = event
            case _:
                continue
        events.append(event)
    return StepState(
        step=step, day=day, item=item, is_current=current, decision=decision, answer=answer, events=tuple(events)
    )


def _decision(known: Iterable[AnyEvent], occasion: Occasion) -> log.Decided | None:
    """What this step's meeting decided, else the last that the step did; None until it is logged."""
    found = decisions_of(known, occasion)
    of_the_day = [event for event in found if event.happened == occasion.as_of]
    return next(reversed(of_the_day or found), None)


def decisions_of(known: Iterable[AnyEvent], occasion: Occasion) -> list[log.Decided]:
    """Everything that the step of an occasion has decided, in the order of the events."""
    case, step = occasion.case, occasion.step
    return [
        event
        for event in known
        if isinstance(event, log.Decided) and case and step and (event.case, event.step) == (case.id, step.id)
    ]


def decisions(dossier: Dossier, occasion: Occasion) -> list[log.Decided]:
    """The same, as the log was known."""
    known = corrected(dossier.events, occasion.known_by)
    return decisions_of(sorted(known, key=lambda event: event.happened), occasion)
