"""Which documents there are to make, and of which day: nothing here asks the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.answers import course_of
from toolkit.core.cases import Case, Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.meetings import step_log
from toolkit.core.plan import STATUS_REPORT, Plan, Report
from toolkit.core.promise import with_changes
from toolkit.core.state import corrected


class Occasion(Struct, frozen=True, kw_only=True):
    """One document to be made: its kind, the day it describes, and the period or the meeting it is for."""

    kind: str  # a folder of templates/documents/
    as_of: date
    known_by: date
    starts: date  # the period that it reports
    ends: date
    prose: str  # the file with the user's own text
    case: Case | None = None
    step: Step | None = None
    decided: bool = False
    change: log.ChangeRequested | None = None
    days: str = ""  # the kind whose days and periods it has: its own, or the one that it is like
    number: int = 1  # among those of the same kind, day and sort of change
    version: int = 1  # of the document, when it has been issued before


class _Known(Struct, frozen=True):
    """What a project's files say, and its log as it was known on a day."""

    dossier: Dossier
    day: date
    events: tuple[AnyEvent, ...]  # in the order of the days on which they happened
    plan: Plan  # as the changes that were approved, whenever from, have made it

    @property
    def closed_on(self) -> date | None:
        return course_of(self.plan, self.events).closed_on

    def until(self, ends: date) -> date:
        """A period's last day, or that of the grant's closing, where the agency closed it before."""
        return self.plan.told_until(ends, self.closed_on)

    def duties(self, kind: str, like: str) -> list[Report]:
        """The duties to report that name a kind; where none does, those of the kind that it is like.

        A status report may be made though its duty has lapsed: the project may go on without the grant.
        """
        reports = self.plan.reports if like == STATUS_REPORT else self.plan.duties(self.closed_on)
        return [each for each in reports if each.kind == kind] or [each for each in reports if each.kind == like]


def occasions(dossier: Dossier, kind: str, like: str | None = None, known_by: date | None = None) -> list[Occasion]:
    """Every document of one kind that the project's files allow, the earliest first.

    Which meetings, requests and periods there are is what the log told by `known_by`; otherwise all that it tells. A
    kind that is `like` another is made for the same days and periods, from prose of its own; where project.yaml names
    reports of that very kind, for theirs.
    """
    finder = FINDERS.get(like or kind)
    known = _known(dossier, known_by)
    found = sorted(finder(known, kind), key=lambda occasion: occasion.as_of) if finder else []
    return [structs.replace(occasion, days=like or kind) for occasion in found]


def on_day(occasion: Occasion, dossier: Dossier, as_of: date) -> Occasion:
    """The same document of another day: a status report's period and its prose end on that day too.

    Those of a meeting tell of the days until it.
    """
    if occasion.days == "agenda-item":
        return structs.replace(occasion, as_of=as_of, ends=as_of)
    if occasion.days != "status-report":
        return structs.replace(occasion, as_of=as_of)
    known = _known(dossier, occasion.known_by)
    before = [each for each in _status_reports(known, occasion.kind) if each.ends < as_of]
    starts = before[-1].ends + timedelta(days=1) if before else known.plan.project_period.starts
    prose = f"texts/{occasion.kind}/{as_of}.md"
    return structs.replace(occasion, as_of=as_of, starts=starts, ends=as_of, prose=prose)


def _known(dossier: Dossier, known_by: date | None) -> _Known:
    day = known_by or dossier.last_known
    known = corrected(dossier.events, day)
    events = tuple(sorted(known, key=lambda event: event.happened))
    return _Known(dossier, day, events, with_changes(dossier.plan, events))


def _application(known: _Known, kind: str) -> Iterator[Occasion]:
    """As of the day it was sent: the log's, else project.yaml's, else the fund's closing day, else the first day.

    There is none where nobody applies, the money being distributed by a key.
    """
    plan = known.plan
    if not plan.is_applied_for or (plan.grant is None and not (plan.terms and plan.terms.gives_grants)):
        return
    logged = [event.happened for event in known.events if isinstance(event, log.Applied)]
    closes = plan.terms.call_closes if plan.terms else None
    applied_on = plan.grant.applied_on if plan.grant else None
    day = (logged[-1] if logged else None) or applied_on or closes or plan.project_period.starts
    period = plan.project_period
    yield Occasion(
        kind=kind,
        as_of=day,
        known_by=known.day,
        starts=period.starts,
        ends=period.ends,
        prose=f"texts/{kind}.md",
    )


def _description(known: _Known, kind: str) -> Iterator[Occasion]:
    """As of the project's first day: what was planned, with or without a grant."""
    period = known.plan.project_period
    yield Occasion(
        kind=kind,
        as_of=period.starts,
        known_by=known.day,
        starts=period.starts,
        ends=period.ends,
        prose=f"texts/{kind}.md",
    )


def _status_reports(known: _Known, kind: str) -> Iterator[Occasion]:
    """One for each duty to report; each period begins the day after the last one ended, unless the duty says when."""
    starts = known.plan.project_period.starts
    for report in sorted(known.duties(kind, "status-report"), key=lambda report: report.period_ends):
        ends = report.period_ends
        yield Occasion(
            kind=kind,
            as_of=ends,
            known_by=known.day,
            starts=report.period_starts or starts,
            ends=ends,
            prose=f"texts/{kind}/{ends}.md",
        )
        starts = ends + timedelta(days=1)


def _final_report(known: _Known, kind: str) -> Iterator[Occasion]:
    """Of the project's period, as changes have made it; a duty to report may say from when, and until when."""
    period = known.plan.project_period
    duty = next(iter(known.duties(kind, "final-report")), None)
    ends = known.until(duty.period_ends if duty else period.ends)
    yield Occasion(
        kind=kind,
        as_of=_settled_on(known, ends),
        known_by=known.day,
        starts=duty.period_starts if duty and duty.period_starts else period.starts,
        ends=ends,
        prose=f"texts/{kind}.md",
    )


def _agenda_items(known: _Known, kind: str) -> Iterator[Occasion]:
    """One for each meeting of a step, as before it: those that decided, and the one that was set last."""
    for case in known.dossier.cases:
        for step in case.steps:
            for meeting in step_log(case, step, known.events).meetings:
                yield Occasion(
                    kind=kind,
                    as_of=meeting.day,
                    known_by=known.day,
                    starts=known.plan.project_period.starts,
                    ends=meeting.day,
                    prose=f"cases/{case.id}.md",
                    case=case,
                    step=step,
                )


def _accounts(known: _Known, kind: str) -> Iterator[Occasion]:
    """One for each duty to account, from the project's first day: the accounts show every year."""
    starts = known.plan.project_period.starts
    for report in known.duties(kind, "accounts"):
        ends = known.until(report.period_ends)
        yield Occasion(
            kind=kind,
            as_of=_settled_on(known, ends),
            known_by=known.day,
            starts=report.period_starts or starts,
            ends=ends,
            prose=f"texts/{kind}/{report.period_ends}.md",
        )


def _settled_on(known: _Known, ends: date) -> date:
    """The day of what tells of the whole period: its last, or the later day on which that was approved to be the last.

    Of days that have gone the agency may approve afterwards that the project ended with them.
    """
    plan = known.plan
    if ends not in (plan.project_period.ends, plan.cost_period.ends):
        return ends
    answers = [event for event in known.events if isinstance(event, log.ChangeApproved | log.ChangeRefused)]
    for day in (ends, *(event.happened for event in answers if event.happened > ends)):
        then = with_changes(known.dossier.plan, (event for event in answers if event.happened <= day))
        if (then.project_period, then.cost_period) == (plan.project_period, plan.cost_period):
            return day
    return ends


def _change_requests(known: _Known, kind: str) -> Iterator[Occasion]:
    """One for each change that was asked for, as of the day it was."""
    period = known.plan.project_period
    asked: Counter[tuple[date, str]] = Counter()
    for event in known.events:
        if isinstance(event, log.ChangeRequested):
            asked[event.happened, event.change] += 1
            yield Occasion(
                kind=kind,
                as_of=event.happened,
                known_by=known.day,
                starts=period.starts,
                ends=event.happened,
                prose=_prose_of(known.dossier, kind, event),
                change=event,
                number=asked[event.happened, event.change],
            )


def _prose_of(dossier: Dossier, kind: str, event: AnyEvent) -> str:
    """The file with the text of a request: by what it was once called, where that is there."""
    files = [f"texts/{kind}/{name}.md" for name in event.names]
    return next((file for file in files if dossier.text(file).begun), files[0])


# When there is a document to make, in the order of a project's life: our own kinds, which others may be like.
FINDERS: Mapping[str, Callable[[_Known, str], Iterator[Occasion]]] = {
    "application": _application,
    "status-report": _status_reports,
    "final-report": _final_report,
    "accounts": _accounts,
    "agenda-item": _agenda_items,
    "change-request": _change_requests,
    "project-description": _description,
}
