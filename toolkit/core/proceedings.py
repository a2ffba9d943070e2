"""A case before the committees as one of its steps may tell of it: who met when, and what was decided so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.cases import Case, Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.meetings import Meeting, step_log
from toolkit.core.money import Money, total
from toolkit.core.occasion import Occasion
from toolkit.core.state import corrected


class StepState(Struct, frozen=True, kw_only=True):
    """One meeting of a step, with what it decided or was answered before the document's own day, never what came later.

    A step stands once for each of its meetings, or once without a day where that is to follow. `events` are what the
    log says of it.
    """

    step: Step
    day: date | None  # None where it is to follow
    item: int | None
    is_current: bool
    decision: log.Decided | None
    answer: log.ConsultationAnswered | None
    events: tuple[AnyEvent, ...]


class Proceedings(Struct, frozen=True):
    """The meetings of the case's steps, the one that the document is for, and what that one decided, once logged.

    They stand in the order of their days. One that is to follow comes where the case has it: after those before it.
    `decides` is the last step that is there to decide, and no hearing: the case is that body's.
    """

    steps: tuple[StepState, ...]
    decides: Step | None
    current: StepState | None
    decision: log.Decided | None
    appropriation: Money


def proceedings_of(occasion: Occasion, known: Iterable[AnyEvent]) -> Proceedings | None:
    """The proceedings of an occasion's case, by the log as it was known; None for a document without a case."""
    if occasion.case is None:
        return None
    known = tuple(known)
    steps = _by_day(state for step in occasion.case.steps for state in _states(occasion.case, step, known, occasion))
    return Proceedings(
        steps=steps,
        decides=next((step for step in reversed(occasion.case.steps) if _decides(step)), None),
        current=next((each for each in steps if each.is_current), None),
        decision=_own_meeting(occasion, known).decision if occasion.step else None,
        appropriation=total(line.amount for line in occasion.case.appropriation),
    )


def _decides(step: Step) -> bool:
    return step.case_type == "for-decision" and not step.consultation


def _by_day(states: Iterable[StepState]) -> tuple[StepState, ...]:
    """The meetings of all steps in the order of their days, and otherwise in the case's own."""
    last, order = date.min, list[tuple[date, StepState]]()
    for state in states:
        day = state.day or (state.answer.happened if state.answer else last)
        last = max(last, day)
        order.append((day, state))
    return tuple(state for _day, state in sorted(order, key=lambda pair: pair[0]))


def _states(case: Case, step: Step, known: Iterable[AnyEvent], occasion: Occasion) -> Iterator[StepState]:
    """A step's meetings as the document may tell of them: those of other steps as was known before its day.

    Of its own step it is for one meeting, and tells of those that came before with what they did, and of one to come.
    """
    so_far = step_log(case, step, known, before=occasion.as_of)
    meetings, is_own = list(so_far.meetings), occasion.step is not None and step.id == occasion.step.id
    if is_own:
        answered = {event.happened for event in so_far.answers}
        before = [each for each in meetings if each.day < occasion.as_of and (each.decision or each.day in answered)]
        own = structs.replace(_own_meeting(occasion, known), decision=None)
        meetings = [*before, own, *(each for each in meetings if each.day > occasion.as_of)]
    if not meetings:
        yield _state(step, None, next(reversed(so_far.answers), None))
    answers = _answers(so_far.answers, [each.day for each in meetings])
    for each in meetings:
        yield _state(step, each, answers.get(each.day), is_current=is_own and each.day == occasion.as_of)


def _state(
    step: Step, meeting: Meeting | None, answer: log.ConsultationAnswered | None, *, is_current: bool = False
) -> StepState:
    decision, sets = (meeting.decision, meeting.sets) if meeting else (None, ())
    said = (each for each in (decision, answer) if each)
    return StepState(
        step=step,
        day=meeting.day if meeting else None,
        item=meeting.item if meeting else step.item,
        is_current=is_current,
        decision=decision,
        answer=answer,
        events=(*sets, *said),
    )


def _answers(answers: Iterable[log.ConsultationAnswered], days: list[date]) -> dict[date, log.ConsultationAnswered]:
    """The last answer to each meeting: given on its day or later, before the next; an early one is to the first."""
    return {max((day for day in days if day <= event.happened), default=days[0]): event for event in answers if days}


def _own_meeting(occasion: Occasion, known: Iterable[AnyEvent]) -> Meeting:
    """The meeting that the document is for, whatever was set before it or since."""
    assert occasion.case and occasion.step
    return step_log(occasion.case, occasion.step, known).meeting(occasion.as_of)


def decision_of(dossier: Dossier, occasion: Occasion) -> log.Decided | None:
    """What the meeting of an occasion decided, as the log was known; None until it is logged."""
    known = corrected(dossier.events, occasion.known_by)
    return _own_meeting(occasion, known).decision if occasion.case and occasion.step else None
