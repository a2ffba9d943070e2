"""Duties to report that cannot be, that an approved change moved, or that went to somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.core import events as log
from toolkit.core.checks.grounds import agency
from toolkit.core.deadlines import fulfils, is_of, is_to
from toolkit.core.dossier import Dossier
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.state import State

declare(
    "duty-due-before-end",
    "warning",
    N_("The report is due on {due}, before the period that it tells of ends on {ends}."),
    N_("correct the day that is wrong, as the award letter has it"),
)
declare(
    "duty-twice",
    "error",
    N_("A report of this kind and of the period until {ends} stands at line {line} already."),
    N_("take one of them out, or correct period_ends"),
)
declare(
    "duty-moved",
    "warning",
    N_("The project's period ends on {ends} by the changes that are approved, and this report is written until {was}."),
    N_("it is taken to be of the period until {ends}: write period_ends: {ends}, and due: as the agency says now"),
)
declare(
    "duty-after-end",
    "warning",
    N_("The project's period ends on {ends} by the changes that are approved, and this report is of days until {was}."),
    N_("ask {agency} whether it is to be sent; if not, take it out of reports:, else write period_ends: {ends}"),
)
declare(
    "report-sent-elsewhere",
    "warning",
    N_("This report is for {agency}, and what was sent of it went to {to}: the duty is not fulfilled."),
    N_('if it went to {agency} too: pulje log … submitted issued={issued} to="{agency}"'),
    N_('write to="{agency}", if it went there'),
)


def duties_can_be(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A report is not due before its period ends, and each stands once."""
    lines: dict[tuple[str, object], int] = {}
    for report in dossier.plan.reports:
        ends = report.period_ends
        if report.due and report.due < ends:
            yield problem("duty-due-before-end", report.at.of("due"), due=report.due, ends=ends)
        about = (report.kind, ends)
        if about in lines:
            yield problem("duty-twice", report.at.of("period_ends"), ends=ends, line=lines[about])
        lines.setdefault(about, report.at.span.line)


def duties_are_of_the_period_as_it_is(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is to be told at the project's end is written with the end that is approved, and nothing else after it."""
    was, ends = dossier.plan.project_period.ends, latest.plan.project_period.ends
    for written, now in zip(dossier.plan.reports, latest.plan.reports, strict=True):
        if written.period_ends != now.period_ends:
            yield problem("duty-moved", written.at.of("period_ends"), ends=now.period_ends, was=written.period_ends)
        elif ends < now.period_ends <= was:
            words = {"ends": ends, "was": now.period_ends, "agency": agency(latest.plan)}
            yield problem("duty-after-end", written.at.of("period_ends"), **words)


def reports_went_where_they_should(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What was sent of a duty went to whom it says, at least once."""
    sent = [event for event in latest.history if isinstance(event, log.Submitted)]
    for report in latest.plan.reports:
        about = [each for each in sent if is_of(each, report)]
        if about and not any(fulfils(each, report, latest.plan) for each in about):
            to = report.to or agency(latest.plan)
            last = next(each for each in reversed(about) if not is_to(each, report, latest.plan))
            yield problem("report-sent-elsewhere", last.at.of("to"), agency=to, to=last.to, issued=last.issued)


RULES = (duties_can_be,)
JOINED_RULES = (duties_are_of_the_period_as_it_is, reports_went_where_they_should)
