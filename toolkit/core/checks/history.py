"""What the log says, held as corrected against the plan as it was changed by then: the one gate for every event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.meetings import StepLog, step_log
from toolkit.core.money import kroner
from toolkit.core.plan import Plan
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.promise import awarded_by, with_changes, without_refused
from toolkit.core.state import State, corrected

declare(
    "correction-above",
    "error",
    N_("{event} stands below, at line {line}, and a correction corrects what stands above it: this one does nothing."),
    N_("move this line below line {line}"),
)
declare(
    "target-absent",
    "error",
    N_("On {day} the plan has no {kind} {id}: {why}"),
    N_("correct the day or the name: pulje log … corrected event={event} values.happened=… or values.{key}=…"),
    N_("correct the day or the name"),
)
declare(
    "reached-already",
    "note",
    N_("{milestone} was reached on {day} already: that day counts, and this changes nothing."),
    N_("if it was not reached then: pulje log … corrected event={event} withdrawn=true"),
    N_("leave it out, or correct what the log says first: pulje log … corrected event={event} withdrawn=true"),
)
declare(
    "due-outside-period",
    "warning",
    N_("{milestone} is moved to {day}, outside the project period as it is then, {starts} to {ends}."),
    N_("correct it: pulje log … corrected event={event} values.due=…, or log the extension that is approved"),
    N_("write a day in the period, or log the extension that is approved"),
)
declare(
    "happened-before-period",
    "warning",
    N_("It is said to have happened on {day}, before the project period begins on {starts}."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…"),
    N_("correct the day: happened={starts}, or --on"),
)
declare(
    "logged-after-end",
    "warning",
    N_("The grant was {how} on {end}, and this is said to have happened after it."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…; if the grant goes on, log that first"),
    N_("correct the day; if the grant goes on, log that first"),
)
declare(
    "outside-changed-period",
    "warning",
    N_("{what} {id} lies outside the project period as it is by the log, {starts} to {ends}: {day}."),
    N_(
        "log what is approved of it too: pulje log … change-approved change=project values.{path}=… by=… "
        "happened={since}"
    ),
)
declare(
    "expected-outside-period",
    "warning",
    N_("The milestone {id} is expected on {day}, and since {since} the project period is {starts} to {ends}."),
    N_("log when it is expected now: pulje log … milestone-moved milestone={id} due=… cause=… happened={since}"),
)
declare(
    "phase-ends-before-period",
    "note",
    N_("The phase {id} ended with the project period, which was moved to {ends}; the phase still ends on {day}."),
    N_(
        "if the phase goes on: pulje log … change-approved change=extension values.phases.{id}.ends={ends} by=… "
        "happened={since}"
    ),
)

declare(
    "change-before-award",
    "warning",
    N_("On {day}, when it was approved, nothing is awarded by the log: that it says {amount} kr. changes nothing."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…{award}"),
    N_("log the award first, pulje log … awarded amount=…, or write the day that the change was approved: happened=…"),
)
_AWARD_BEFORE = N_(", or log the award that came before it: pulje log … awarded amount=… happened=…")
_AWARD_EARLIER = N_(", or that of the award: pulje log … corrected event={award} values.happened=…")
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

_LONG = 3  # years before the period in which preparations are still likely

# What may be logged after the agency has closed or refused: nothing that moves the work, and no more of its money.
_AFTERWARDS = (
    log.Repaid  # what the closing found to be owed
    | log.Noted
    | log.Corrected
    | log.Submitted
    | log.MeetingSet
    | log.Decided
    | log.ConsultationAnswered
    | log.Experience
    | log.Advice
    | log.Imported
    | log.Applied
    | log.Awarded
    | log.Rejected
    | log.Closed
)
_ENDED = {"rejected": N_("refused"), "closed": N_("closed")}


def corrections_stand_below(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A correction corrects what stands above it; above what it names it would be without effect, unseen."""
    places = {event.called: number for number, event in enumerate(dossier.events)}
    for number, event in enumerate(dossier.events):
        if isinstance(event, log.Corrected) and places.get(event.event, -1) > number:
            line = dossier.events[places[event.event]].at.span.line
            yield problem("correction-above", event.at.of("event"), event=event.event, line=line)


def targets_are_there(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What an event is about is in the plan on its day: not taken out before, nor brought by a later change."""
    for event, plan in with_the_plan(dossier):
        lists = (("milestone", plan.milestones), ("phase", plan.phases), ("condition", plan.conditions))
        for key, things in lists:
            id = getattr(event, key, None)
            if id is None or any(thing.id == id for thing in things):
                continue
            if why := _why_absent(dossier, f"{key}s", id, event.happened):
                words = {
                    "kind": Phrase(_KINDS[key]),
                    "key": key,
                    "id": id,
                    "day": event.happened,
                    "event": event.called,
                }
                yield problem("target-absent", event.at.of(key), why=why, **words)


_KINDS = {"milestone": N_("milestone"), "phase": N_("phase"), "condition": N_("condition")}


def what_is_reached_is_so_once(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone is reached on the first day that says so; what comes after it changes nothing."""
    first: dict[str, log.MilestoneReached] = {}
    for event, _plan in with_the_plan(dossier):
        if not isinstance(event, log.MilestoneReached | log.MilestoneMoved | log.MilestoneDropped):
            continue
        if reached := first.get(event.milestone):
            said = {"milestone": event.milestone, "day": reached.happened, "event": reached.called}
            yield problem("reached-already", event.at.of("milestone"), **said)
        elif isinstance(event, log.MilestoneReached):
            first[event.milestone] = event


def days_are_of_the_project(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A day that is moved to lies in the period as it is then, and nothing happened years before it."""
    for event, plan in with_the_plan(dossier):
        period = plan.project_period
        if isinstance(event, log.MilestoneMoved) and event.due not in period:
            said = {"milestone": event.milestone, "day": event.due, "event": event.called}
            yield problem("due-outside-period", event.at.of("due"), starts=period.starts, ends=period.ends, **said)
        is_work = isinstance(event, log.MilestoneReached)
        if event.happened < (period.starts if is_work else _years_before(period.starts)):
            words = {"day": event.happened, "starts": period.starts, "event": event.called}
            yield problem("happened-before-period", event.at.of("happened"), **words)


def nothing_is_logged_on_a_grant_that_ended(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """After the agency's no, or its closing, neither money nor work is the grant's any more."""
    ended: log.Rejected | log.Closed | None = None
    for event, _plan in with_the_plan(dossier):
        if isinstance(event, log.Applied | log.Awarded):
            ended = None
        elif isinstance(event, log.Rejected | log.Closed):
            ended = event
        elif ended and event.happened > ended.happened and not _may_follow(event, ended):
            said = {"how": Phrase(_ENDED[ended.kind]), "end": ended.happened, "event": event.called}
            yield problem("logged-after-end", event.at.of("happened"), **said)


def what_is_awarded_is_changed_after_the_award(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A change of what is awarded changes nothing while there is no award: before it, or after a refusal."""
    written = dossier.plan.grant
    is_awarded = written is None or latest.grant is None or (latest.grant.by_files and written.awarded is not None)
    awards = [event for event in latest.history if isinstance(event, log.Awarded)]
    for event in without_refused(dossier.plan, latest.history):
        if isinstance(event, log.Awarded | log.Rejected):
            is_awarded = isinstance(event, log.Awarded)
        elif isinstance(event, log.ChangeApproved) and not is_awarded:
            amount = awarded_by(event.values, None)
            if amount is not None:
                path = "grant.awarded" if "grant.awarded" in event.values else "grant"
                later = [each.called for each in awards if each.happened >= event.happened]
                award = phrase(_AWARD_EARLIER, award=later[0]) if later else Phrase(_AWARD_BEFORE)
                words = {"day": event.happened, "amount": kroner(amount), "event": event.called, "award": award}
                yield problem("change-before-award", event.at.of(f"values.{path}"), **words)


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
    known = corrected(dossier.events)
    for case in dossier.cases:
        for step in case.steps:
            told = step_log(case, step, known)
            days = told.known_days
            for event in told.decided:
                day = event.happened
                if days and not told.is_meeting(day):
                    said = {"case": case.id, "step": step.id, "day": day, "days": ", ".join(map(str, days))}
                    hint = {"event": event.called, "meeting": _nearest(event, told) or "…"}
                    yield problem("decided-between-meetings", event.at.of("happened"), **said, **hint)


def what_is_planned_lies_in_the_changed_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where the log changed the project's period, or days in it, phases and open milestones lie in it as it is now.

    What project.yaml itself has outside its own period is told of there.
    """
    written, planned = set(_outside(dossier.plan)), latest.plan
    still_open = {each.milestone.id for each in latest.milestones if each.is_open}
    for path, day in _outside(planned):
        name, id, key = path.split(".")
        if (path, day) not in written and (name == "phases" or id in still_open):
            item = next(each for each in getattr(planned, name) if each.id == id)
            said = {"what": Phrase(_PLANNED[name]), "id": id, "path": path, "day": day}
            yield problem("outside-changed-period", item.at.of(key), **said, **_as_it_is(dossier, latest))


_PLANNED = {"phases": N_("the phase"), "milestones": N_("the milestone")}


def what_is_expected_lies_in_the_changed_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone that was moved within the period as it was then lies in it as it is now."""
    still_open = [each for each in latest.milestones if each.is_open]
    last = {each.moves[-1].called for each in still_open if each.due not in latest.plan.project_period and each.moves}
    for event, plan in with_the_plan(dossier) if last else ():
        if isinstance(event, log.MilestoneMoved) and event.called in last and event.due in plan.project_period:
            said = {"id": event.milestone, "day": event.due}
            yield problem("expected-outside-period", event.at.of("due"), **said, **_as_it_is(dossier, latest))


def phases_go_on_with_a_longer_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A phase that ended with the project's period may go on with it, once that is longer."""
    ends = latest.plan.project_period.ends
    for phase in latest.plan.phases:
        if phase.ends == dossier.plan.project_period.ends < ends:
            said = {"id": phase.id, "day": phase.ends, "ends": ends, "since": _moved_on(dossier, latest)}
            yield problem("phase-ends-before-period", phase.at.of("ends"), **said)


def _as_it_is(dossier: Dossier, latest: State) -> dict[str, date]:
    period = latest.plan.project_period
    return {"starts": period.starts, "ends": period.ends, "since": _moved_on(dossier, latest)}


def _moved_on(dossier: Dossier, latest: State) -> date:
    """The day on which the log moved the project's period last; where it never did, that of its last change."""
    changes = [event for event in latest.history if isinstance(event, log.ChangeApproved | log.ChangeRefused)]
    periods = [with_changes(dossier.plan, changes[:count]).project_period for count in range(len(changes) + 1)]
    moved = [event for event, (was, now) in zip(changes, pairwise(periods), strict=True) if was != now]
    return (moved or changes)[-1].happened


def _outside(plan: Plan) -> Iterator[tuple[str, date]]:
    """The days of phases and milestones that lie outside the project's period, by their paths."""
    for phase in plan.phases:
        for key, day in (("starts", phase.starts), ("ends", phase.ends)):
            if day and day not in plan.project_period:
                yield f"phases.{phase.id}.{key}", day
    for milestone in plan.milestones:
        if milestone.due not in plan.project_period:
            yield f"milestones.{milestone.id}.due", milestone.due


RULES = (
    corrections_stand_below,
    targets_are_there,
    what_is_reached_is_so_once,
    days_are_of_the_project,
    nothing_is_logged_on_a_grant_that_ended,
    a_step_decides_once_a_day,
    a_decision_is_of_a_meeting,
)
JOINED_RULES = (
    what_is_planned_lies_in_the_changed_period,
    what_is_expected_lies_in_the_changed_period,
    phases_go_on_with_a_longer_period,
    what_is_awarded_is_changed_after_the_award,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def in_order(dossier: Dossier) -> list[AnyEvent]:
    """Every event as corrected, in the order of the days; of one day as they are written."""
    return sorted(corrected(dossier.events), key=lambda event: event.happened)


def with_the_plan(dossier: Dossier) -> Iterator[tuple[AnyEvent, Plan]]:
    """Every event as corrected, in the order of the days, with the plan as the changes that stood then had made it."""
    plan, before = dossier.plan, []
    for event in in_order(dossier):
        yield event, plan
        if isinstance(event, log.ChangeApproved | log.ChangeRefused):
            before.append(event)
            plan = with_changes(dossier.plan, before)


def _nearest(event: log.Decided, told: StepLog) -> date | None:
    """The meeting that a decision of another day is likely to be of: one that could be, and has none of its own."""
    decided = {each.happened for each in told.decided}
    open_days = [day for day in told.known_days if day <= event.recorded and day not in decided]
    return min(open_days, key=lambda day: abs(day - event.happened), default=None)


def _may_follow(event: AnyEvent, ended: log.Rejected | log.Closed) -> bool:
    """Money that came after a refusal is told by what it came to (rejected-yet-received)."""
    is_told = isinstance(ended, log.Rejected) and isinstance(event, log.InstalmentReceived)
    return is_told or isinstance(event, _AFTERWARDS)


def _why_absent(dossier: Dossier, name: str, id: str, day: date) -> Phrase | None:
    """Why it is not there: taken out, refused since, or to come; None where nothing ever had it, which is told."""
    path = f"{name}.{id}"
    why = None
    for event, _plan in with_the_plan(dossier):
        if not isinstance(event, log.ChangeApproved) or path not in event.values:
            continue
        is_taken_out = event.values[path] is None
        if is_taken_out and event.happened <= day:
            return phrase(N_("it was taken out on {day}."), day=event.happened)
        if not is_taken_out and event.happened > day:
            return phrase(N_("it comes with the change of {day}."), day=event.happened)
        if not is_taken_out:
            why = phrase(N_("the change of {day} that brought it was refused."), day=event.happened)
    return why


def _years_before(day: date) -> date:
    return date(max(day.year - _LONG, 1), day.month, min(day.day, 28))
