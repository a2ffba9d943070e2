"""What the municipality's bodies have decided, held against the meetings that the case and the log know of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.cases import Case
from toolkit.core.dossier import Dossier
from toolkit.core.meetings import StepLog, step_log
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.state import State, corrected

declare(
    "decided-otherwise",
    "warning",
    N_("{step} decided {case} otherwise the same day ({other}, at line {line}): documents take this, the last."),
    N_("take back the one that is wrong: pulje log … corrected event={event} withdrawn=true, or event={first}"),
    N_("take back the first, if that is wrong: pulje log … corrected event={first} withdrawn=true, or do not log this"),
)
declare(
    "decided-between-meetings",
    "warning",
    N_("{step} is said to have decided {case} on {day}, and the days of its meetings are others: {days}."),
    N_(
        "correct the day: pulje log … corrected event={event} values.happened={meeting}, or log the day too, if there "
        "was a meeting, or it was decided in writing or by the chair: pulje log … meeting-set case={case} step={step} "
        "date={day} happened={day}"
    ),
    N_(
        "write the day of the meeting: happened={meeting}, or log the day too, if there was a meeting, or it was "
        "decided in writing or by the chair: pulje log … meeting-set case={case} step={step} date={day} "
        "happened={day}"
    ),
)
declare(
    "meeting-without-decision",
    "note",
    N_(
        "{step} had {case} on its agenda on {day} by what was known then, and no decision of that day is logged: "
        "documents do not tell of the meeting."
    ),
    N_("if it was put off there: pulje log … decided case={case} step={step} outcome=postponed text=… happened={day}"),
)


def a_step_decides_once_a_day(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Minutes and documents have one decision of each step and day: of two that differ somebody has to choose."""
    last: dict[tuple[str, str, date], log.Decided] = {}
    for event in latest.history:
        if isinstance(event, log.Decided):
            before = last.get((event.case, event.step, event.happened))
            last[event.case, event.step, event.happened] = event
            if before and (before.outcome, before.text) != (event.outcome, event.text):
                said = {"case": event.case, "step": event.step, "other": before.outcome, "line": before.at.span.line}
                named = {"event": event.called, "first": before.called}
                yield problem("decided-otherwise", event.at.of("outcome"), **said, **named)


def a_decision_is_of_a_meeting(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A body decides at its meetings: a decision of another day has a wrong day, or a meeting that is not known."""
    for case, told in _step_logs(dossier):
        days = told.known_days
        for event in told.decided:
            day = event.happened
            if days and not told.is_meeting(day):
                said = {"case": case.id, "step": told.step.id, "day": day, "days": ", ".join(map(str, days))}
                hint = {"event": event.called, "meeting": _nearest(event, told) or "…"}
                yield problem("decided-between-meetings", event.at.of("happened"), **said, **hint)


def a_meeting_that_came_has_done_something(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A day that had come when another was set was that of a meeting: what it did is lacking, or it was not held."""
    for case, told in _step_logs(dossier):
        done = {event.happened for event in (*told.decided, *told.answers)}
        for number, event in enumerate(told.sets):
            day = StepLog(told.step, told.sets[:number], told.decided).last_set
            if day and day < event.happened and day < event.date and day not in done:
                words = {"case": case.id, "step": told.step.id, "day": day}
                yield problem("meeting-without-decision", event.at.of("date"), **words)


RULES = (a_step_decides_once_a_day, a_decision_is_of_a_meeting, a_meeting_that_came_has_done_something)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _step_logs(dossier: Dossier) -> Iterator[tuple[Case, StepLog]]:
    """What the log says of each step of each case."""
    known = corrected(dossier.events)
    return ((case, step_log(case, step, known)) for case in dossier.cases for step in case.steps)


def _nearest(event: log.Decided, told: StepLog) -> date | None:
    """The meeting that a decision of another day is likely to be of: one that could be, and has none of its own."""
    decided = {each.happened for each in told.decided}
    open_days = [day for day in told.known_days if day <= event.recorded and day not in decided]
    return min(open_days, key=lambda day: abs(day - event.happened), default=None)
