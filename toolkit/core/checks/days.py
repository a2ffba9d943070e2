"""Days that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import get_args

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.plan import Period, Plan, Role
from toolkit.core.problems import N_, Problem, Span, declare, phrase, problem
from toolkit.core.roles import handed_over, in_turn
from toolkit.core.state import State, corrected

declare(
    "ends-before-start",
    "error",
    N_("It ends on {ends}, before it starts on {starts}."),
    N_("swap the two days, or correct the one that is wrong"),
)
declare(
    "import-ends-before-start",
    "error",
    N_("The import is said to end on {ends}, before it starts on {starts}."),
    N_("correct the day that is wrong: pulje log … corrected event={event} values.starts=… or values.ends=…"),
    N_("swap the two days, or correct the one that is wrong"),
)
declare(
    "stops-before-it-happened",
    "error",
    N_("{name} is said to have had the role until {until}, and that to have happened later, on {happened}."),
    N_("a day that has passed is one it happened on: pulje log … corrected event={event} values.happened={until}"),
    N_("a day that has passed is one it happened on: write happened={until}"),
)
declare(
    "role-handed-over",
    "note",
    N_("{now} had the role already: this is read as the day {name} stopped, {until}, and {now} has it still."),
    N_(
        "if {name} took it over again, log first when {now} stopped: pulje log … corrected event={event} "
        "withdrawn=true, and both anew"
    ),
    N_("if {name} took it over again, log first when {now} stopped: name=… until=…"),
)
declare(
    "role-begun-twice",
    "warning",
    N_("{name} and {other} both have the role {role} from {day}, and a role has one at a time: {name} is shown."),
    N_("give one of them another role, or write the day from which {name} has it"),
)
declare(
    "phase-without-days",
    "error",
    N_("The phase {phase} has neither starts and ends nor ongoing: true."),
    N_("write starts: 2022-01-01 and ends: 2022-06-30, or ongoing: true if it runs all the way"),
)
declare(
    "phase-outside-period",
    "error",
    N_("{day} in the phase {phase} lies outside the project period, {starts} to {ends}."),
    N_(
        "write a day in the period; a longer one that is approved is logged, with the phase's new day: pulje log … "
        "change-approved change=extension values.project_period.{edge}=… values.phases.{phase}.{key}={day} by=…"
    ),
)
declare(
    "milestone-outside-period",
    "error",
    N_("The milestone {milestone} is due on {day}, outside the project period, {starts} to {ends}."),
    N_(
        "write a day in the period; a longer one that is approved is logged, with the milestone's new day: pulje log … "
        "change-approved change=extension values.project_period.{edge}=… values.milestones.{milestone}.due={day} by=…"
    ),
)
declare(
    "milestone-outside-phase",
    "warning",
    N_("The milestone {milestone} is due on {day}, outside its own phase, {phase}."),
    N_("correct the day, or name the phase that the milestone belongs to"),
)
declare(
    "recorded-before-happened",
    "error",
    N_("It was recorded on {recorded}, before it happened on {happened}."),
    N_("correct the day on which it happened: pulje log … corrected event={event} values.happened={recorded}"),
    N_("write {recorded} as the day on which it happened, or an earlier one"),
)
declare(
    "known-after-recorded",
    "error",
    N_("The document cannot have known of anything until {known_by}: that it was sent was recorded on {recorded}."),
    N_("correct the day that is wrong: pulje log … corrected event={event} values.known_by=… or values.recorded=…"),
    N_("write known_by={recorded}, or an earlier day"),
)
declare(
    "recorded-ahead",
    "warning",
    N_("It is said to have been recorded on {recorded}, a day that has not come, and counts as known from then."),
    N_("correct the day: pulje log … corrected event={event} {days}"),
    N_("leave recorded out, for that is today; what has not happened yet is not logged"),
)
_RECORDED_ON = N_("values.recorded=…")
_BOTH_DAYS = N_("values.happened=… values.recorded=…")
declare(
    "log-out-of-order",
    "warning",
    N_("It was recorded on {recorded}, but stands after something recorded on {newest}."),
    N_("the newest stands last: {answer}"),
)
_MOVE = N_("move it up to its place, or correct recorded")
_RECORDED = N_(
    "correct recorded; a correction stands below what it corrects, so this line cannot be moved up to its place"
)


def period_runs_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The periods, every phase, whoever has a role, and what is reported end no earlier than they begin."""
    plan = dossier.plan
    for _path, starts, ends, at in backwards(plan):
        yield problem("ends-before-start", at, starts=starts, ends=ends)
    for person in plan.people:
        if person.until and person.until < person.since:
            yield problem("ends-before-start", person.at.of("to"), starts=person.since, ends=person.until)
    for report in plan.reports:
        if report.period_starts and report.period_ends < report.period_starts:
            at, ends = report.at.of("period_ends"), report.period_ends
            yield problem("ends-before-start", at, starts=report.period_starts, ends=ends)


def backwards(plan: Plan) -> Iterator[tuple[str, date, date, Span]]:
    """What of a plan that changes may bring ends before it begins: its path, its days, and where the last stands."""
    phases = {f"phases.{phase.id}": phase for phase in plan.phases}
    for path, each in {"project_period": plan.project_period, "grant_period": plan.grant_period, **phases}.items():
        if each and each.starts and each.ends and each.ends < each.starts:
            yield path, each.starts, each.ends, each.at.of("ends")


def a_role_goes_from_one_to_the_next(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Nobody takes a role on the day that another does, and whoever stops is said to no later than the last day."""
    changes = [event for event in latest.history if isinstance(event, log.PersonChanged)]
    for event in changes:
        if event.until and event.until < event.happened:
            said = {"name": event.name, "until": event.until, "happened": event.happened, "event": event.called}
            yield problem("stops-before-it-happened", event.at.of("until"), **said)
    for event, now in handed_over(dossier.plan.people, changes):
        told = {"name": event.name, "now": now.name, "until": event.until, "event": event.called}
        yield problem("role-handed-over", event.at.of("name"), **told)
    for role in get_args(Role):
        for other, person in pairwise(in_turn(dossier.plan.people, changes, role)):
            if other.since == person.since and other.name != person.name:
                begun = {"name": person.name, "other": other.name, "role": role, "day": person.since}
                yield problem("role-begun-twice", person.at.of("name"), **begun)


def imports_run_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The period that an import covers ends no earlier than it begins."""
    for event in corrected(dossier.events):
        if isinstance(event, log.Imported) and event.starts and event.ends and event.ends < event.starts:
            at = max(event.at.of("ends"), event.at.of("starts"), key=lambda at: at.line)  # the day that came last
            days = {"starts": event.starts, "ends": event.ends}
            yield problem("import-ends-before-start", at, event=event.called, **days)


def phases_lie_in_the_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A phase has both its days inside the project period, or is ongoing and needs none."""
    period = dossier.plan.project_period
    for phase in dossier.plan.phases:
        is_read = not phase.at.unread & {"starts", "ends", "ongoing"}
        if is_read and not phase.ongoing and not (phase.starts and phase.ends):
            yield problem("phase-without-days", phase.at.of("id"), phase=phase.id)
        for key, day in (("starts", phase.starts), ("ends", phase.ends)):
            if day and day not in period:
                yield problem(
                    "phase-outside-period",
                    phase.at.of(key),
                    phase=phase.id,
                    key=key,
                    day=day,
                    edge=_edge(period, day),
                    starts=period.starts,
                    ends=period.ends,
                )


def milestones_lie_in_their_phase(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone is due inside the project period; outside its own phase is worth a warning."""
    plan = dossier.plan
    phases = {phase.id: phase for phase in plan.phases}
    for milestone in plan.milestones:
        period, phase = plan.project_period, milestone.phase and phases.get(milestone.phase)
        words = {"milestone": milestone.id, "day": milestone.due}
        if milestone.due not in period:
            yield problem(
                "milestone-outside-period",
                milestone.at.of("due"),
                edge=_edge(period, milestone.due),
                starts=period.starts,
                ends=period.ends,
                **words,
            )
        elif phase and phase.starts and phase.ends and not phase.starts <= milestone.due <= phase.ends:
            yield problem("milestone-outside-phase", milestone.at.of("due"), phase=phase.id, **words)


def _edge(period: Period, day: date) -> str:
    """Which of a period's days would have to be another for a day outside it to lie inside."""
    return "starts" if day < period.starts else "ends"


def log_runs_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Nothing is recorded before it happened, and no document knew of more than had been recorded."""
    for event in corrected(dossier.events):
        words = {"recorded": event.recorded, "event": event.called}
        if event.recorded < event.happened:
            at = max(event.at.of("recorded"), event.at.of("happened"), key=lambda at: at.line)
            yield problem("recorded-before-happened", at, happened=event.happened, **words)
        if isinstance(event, log.Submitted) and event.known_by and event.recorded < event.known_by:
            yield problem("known-after-recorded", event.at.of("known_by"), known_by=event.known_by, **words)


def the_newest_stands_last(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Each line was recorded no earlier than those above it; one whose day was corrected since says nothing of others.

    A correction cannot be moved up above what it corrects: then only its day can be wrong.
    """
    written = {event.called: event.recorded for event in dossier.events}
    events = corrected(dossier.events)
    newest = date.min
    for event in events:
        if event.recorded < newest:
            days = ((at, each) for at, each in enumerate(events) if each.recorded == written[each.called])
            place = next(at for at, each in days if each.recorded > event.recorded)
            answer = phrase(_RECORDED if _is_bound(event, events[place:]) else _MOVE)
            words = {"recorded": event.recorded, "newest": newest, "answer": answer}
            yield problem("log-out-of-order", event.at.of("recorded"), **words)
        if event.recorded == written[event.called]:
            newest = max(newest, event.recorded)


def _is_bound(event: AnyEvent, below: Iterable[AnyEvent]) -> bool:
    """Whether it corrects one of those that it would have to stand above."""
    return isinstance(event, log.Corrected) and any(event.event == each.called for each in below)


def recorded_ahead(dossier: Dossier, today: date) -> Iterator[Problem]:
    """What only the calendar says: nothing has been recorded on a day that has not come."""
    for event in corrected(dossier.events):
        if event.recorded > today:
            days = phrase(_BOTH_DAYS if event.happened > today else _RECORDED_ON)
            at = event.at.of("recorded")
            yield problem("recorded-ahead", at, recorded=event.recorded, event=event.called, days=days)


RULES = (
    period_runs_forward,
    a_role_goes_from_one_to_the_next,
    imports_run_forward,
    phases_lie_in_the_period,
    milestones_lie_in_their_phase,
    log_runs_forward,
    the_newest_stands_last,
)
