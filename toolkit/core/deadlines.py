"""What is due when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.cases import Case, Step
from toolkit.core.conditions import conditions_of
from toolkit.core.meetings import step_log
from toolkit.core.plan import Plan, Report
from toolkit.core.problems import Span
from toolkit.core.state import State

DueKind = Literal["application", "milestone", "report", "condition", "meeting", "period-ends"]


class Due(Struct, frozen=True):
    """Something that is to be done by a day (frist).

    `title` is a milestone's, a condition's or a body's; a report has its kind, and as its `name` what that kind is
    called; `to` is who it goes to, where that is not the agency. `hour` is an application's, where its source has it.
    """

    day: date
    what: DueKind
    title: str
    late: bool
    at: Span
    name: str = ""
    to: str = ""
    hour: str = ""


def due(state: State, cases: Iterable[Case]) -> list[Due]:
    """Everything not yet done by the end of the state's day, the earliest first: what is late, then what comes.

    Of a project whose grant was refused only the meetings are left: nobody asks for the rest. Once the agency has
    closed what it granted, it asks for the reports.
    """
    found = [*_meetings(state, cases), *_reports(state)]
    if not state.is_ended:
        found += [*_application(state), *_milestones(state), *_conditions(state), *_period(state)]
    return sorted(found, key=lambda each: each.day)


def not_sent(state: State) -> list[Report]:
    """The duties to report that are not done yet; a project whose grant was refused has none.

    Of one that the agency closed they are those that are left then (`Plan.closed`), if anything was granted.
    """
    if state.is_ended and not state.is_granted:
        return []
    sent = [event for event in state.history if isinstance(event, log.Submitted)]
    return [report for report in state.plan.reports if not any(fulfils(each, report, state.plan) for each in sent)]


def without_day(state: State) -> list[Report]:
    """The duties that are not done yet and have no day: nobody has said it, or it went when the period was moved."""
    return [report for report in not_sent(state) if report.due is None]


def meetings_without_day(state: State, cases: Iterable[Case]) -> list[tuple[Case, Step]]:
    """The steps whose next meeting has no day: it is to follow, or the case was postponed and no other day is set."""
    return [
        (case, step) for case in cases for step in case.steps if step_log(case, step, state.history).waits_for_a_day
    ]


def recipient(report: Report, plan: Plan) -> str:
    """Whom a duty says that it goes to, where that is not the agency."""
    return report.to if report.to and not plan.is_agency(report.to) else ""


def fulfils(sent: log.Submitted, report: Report, plan: Plan) -> bool:
    """Whether what was sent is what a duty asks for: a document of its kind and period, and to whom it goes."""
    return is_of(sent, report) and is_to(sent, report, plan)


def is_of(sent: log.Submitted, report: Report) -> bool:
    """Whether a document is of the kind and the period of a duty: its folder is called after both."""
    stem, _, version = sent.issued.rpartition("-v")
    return stem == f"{report.period_ends}-{report.kind}" and version.isdecimal()


def is_to(sent: log.Submitted, report: Report, plan: Plan) -> bool:
    """Whether it went where the duty says; where neither that nor a fund says who is to have it, to anybody."""
    if report.to and not plan.is_agency(report.to):
        return sent.to.strip().casefold() == report.to.strip().casefold()
    return plan.terms is None or plan.is_agency(sent.to)


def _application(state: State) -> Iterator[Due]:
    """The deadline of the fund's call, as long as nothing says that the project has applied or got an answer."""
    fund, grant = state.plan.terms, state.grant
    if fund is None or fund.call_closes is None or not fund.by_application:
        return
    written = grant.applied_on if grant else None
    # A grant whose amount is still MANGLER is not in the state, and is there to apply for all the same.
    is_planned = grant.status == "planned" if grant else "grant" in state.plan.at.keys
    told = any(isinstance(event, log.Applied | log.Awarded | log.Rejected | log.Closed) for event in state.history)
    if is_planned and not told and (written is None or written > state.as_of):
        day, its = fund.call_closes, fund.round_of(state.plan.round)
        at = its.at.of("call_closes") if its else fund.at.of("call_closes")
        yield Due(day, "application", fund.title, day < state.as_of, at, hour=fund.call_closes_at or "")


def _milestones(state: State) -> Iterator[Due]:
    """A late one by the day that was promised, another by the day that is expected."""
    for each in state.milestones:
        if each.is_open:
            is_late = each.status == "late"
            day = each.promised if is_late else each.due
            yield Due(day, "milestone", each.milestone.title, is_late, each.milestone.at.of("due"))


def _reports(state: State) -> Iterator[Due]:
    """Without a deadline a report is never due."""
    for report in not_sent(state):
        if report.due:
            name = state.plan.kinds.get(report.kind, report.kind)
            late, at = report.due < state.as_of, report.at.of("due")
            yield Due(report.due, "report", report.kind, late, at, name, recipient(report, state.plan))


def _conditions(state: State) -> Iterator[Due]:
    for each in conditions_of(state):
        if each.met is None and each.condition.due:
            yield Due(each.condition.due, "condition", each.condition.text, each.is_late, each.condition.at.of("due"))


def _meetings(state: State, cases: Iterable[Case]) -> Iterator[Due]:
    """Today's meetings and those to come, on the day that was set last."""
    for case in cases:
        for step in case.steps:
            day = step_log(case, step, state.history).last_set
            if day and day >= state.as_of:
                yield Due(day, "meeting", f"{step.body}: {case.title}", False, step.at.of("date"))


def _period(state: State) -> Iterator[Due]:
    period = state.plan.project_period
    if period.ends >= state.as_of:
        yield Due(period.ends, "period-ends", "", False, period.at.of("ends"))
