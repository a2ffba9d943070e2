"""A state as it is handed on: small, without postings, and the same whether we made it or somebody sent it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import force_setattr

from toolkit.core.cases import Case
from toolkit.core.conditions import Fulfilment, conditions_of
from toolkit.core.costs import Apart
from toolkit.core.days_off import day_off
from toolkit.core.deadlines import DueKind, due, meetings_without_day, not_sent, without_day
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import Economy, economy_of, is_made_up
from toolkit.core.forecast import Basis
from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Attainment, Days, Precision, Progress, Report
from toolkit.core.problems import Severity
from toolkit.core.records import KindName
from toolkit.core.state import BudgetState, GrantState, State

SpentMonth = Annotated[str, Meta(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]  # 2022-01


class PhaseStatus(Struct, frozen=True, kw_only=True):
    """How far a phase is by its days; one that the grant did not last for, refused or closed before, has lapsed."""

    id: str
    title: str
    starts: date | None
    ends: date | None
    status: Literal["upcoming", "running", "finished"]
    precision: Precision = "day"  # how well its days are known
    lapsed: Literal[True] | UnsetType = UNSET  # said where it is so

    @property
    def standing(self) -> Progress:
        """The status, or that it has lapsed."""
        return "lapsed" if self.lapsed is True else self.status


class MilestoneStatus(Struct, frozen=True, kw_only=True):
    """How a milestone stands: the day it is expected on, and the one that was promised, against which it is late.

    A status of an earlier version does not say what was promised. One that nobody asks for any more, the grant being
    refused or closed, is dropped and has `lapsed`.
    """

    id: str
    title: str
    phase: str | None
    due: date
    status: Literal["upcoming", "late", "reached", "dropped"]
    reached: date | None
    promised: date | None = None
    lapsed: Literal[True] | UnsetType = UNSET  # said where it is so

    @property
    def standing(self) -> Attainment:
        """The status, or that it has lapsed."""
        return "lapsed" if self.lapsed is True else self.status

    @property
    def deadline(self) -> date:
        """The day that lateness is against."""
        return self.promised or self.due


class GrantStatus(Struct, frozen=True, kw_only=True):
    """The grant; `awarded` is None until there is an answer, and when it was refused, which it was on a day.

    `applied` is None of a grant that nobody applies for.
    `closed` is the day that the agency closed it.
    `owed` is what is to be paid back of a grant that was refused or closed, and `to_receive` what the agency owes of a
    closed one; None where there is nothing of it. `unsettled` says of a closed one that neither is known yet.
    """

    applied: Money | None = field(name="applied_oere")
    awarded: Money | None = field(name="awarded_oere")
    received: Money = field(name="received_oere")
    refused: date | None = None
    closed: date | UnsetType = UNSET  # said where it is so
    owed: Money | None = field(name="owed_oere", default=None)
    to_receive: Money | UnsetType = field(name="to_receive_oere", default=UNSET)  # said where there is any
    unsettled: Literal[True] | UnsetType = UNSET  # said where it is so


class LineStatus(Struct, frozen=True, kw_only=True):
    """One line of the budget in force; `remaining` is None where nothing of what was spent is known."""

    id: str
    title: str
    budget: Money = field(name="budget_oere")
    spent: Money = field(name="spent_oere")
    committed: Money = field(name="committed_oere")
    remaining: Money | None = field(name="remaining_oere")


class BudgetStatus(Struct, frozen=True, kw_only=True):
    """The budget in force; `remaining` and `forecast` are None where nothing that was spent is known, or nobody said.

    `doubted_costs` and `doubted_income` are what postings come to that are told of as gone from the books, or as there
    twice: the figures rest on them. What waits for an answer counts in no line, whatever the reason; None is what a
    status of an earlier version does not say.
    """

    version: str
    lines: tuple[LineStatus, ...]
    budget: Money = field(name="budget_oere")
    spent: Money = field(name="spent_oere")
    committed: Money = field(name="committed_oere")
    unallocated: Money = field(name="unallocated_oere")
    remaining: Money | None = field(name="remaining_oere")
    spent_known_until: date | None = None  # None where nothing of it is known, or nobody said
    spent_gaps: tuple[SpentMonth, ...] = ()  # months before that, until the day, which no import covers
    forecast: Money | None = field(name="forecast_oere", default=None)
    forecast_bases: tuple[Basis, ...] = ()  # what the lines' forecasts rest on, where anybody said
    doubted_costs: Money = field(name="doubted_costs_oere", default=NOTHING)
    doubted_income: Money = field(name="doubted_income_oere", default=NOTHING)
    elsewhere: Money | None = field(name="elsewhere_oere", default=None)
    before_period: Money | None = field(name="before_period_oere", default=None)
    after_period: Money | None = field(name="after_period_oere", default=None)
    unplaced: int = 0  # postings that no rule places, whatever they come to
    waits: tuple[Apart, ...] = ()  # the reasons that costs wait for, also where they come to nothing together
    counts_nothing: Literal[True] | UnsetType = UNSET  # closed before its period: said where it is so

    @property
    def waiting(self) -> Money | None:
        """What was paid and counts only when somebody has answered for it."""
        if self.elsewhere is None or self.before_period is None or self.after_period is None:
            return None
        return self.elsewhere + self.before_period + self.after_period

    @property
    def without_line(self) -> Money:
        """What costs on no line take off what remains on the lines: below zero where there are such."""
        return -self.unallocated

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of what was spent, and something could be.

        A status of an earlier version does not say until when it is known; what it has was spent all the same.
        """
        is_silent = self.spent_known_until is None and self.spent == NOTHING and self.unallocated == NOTHING
        return is_silent and self.counts_nothing is UNSET


class DeadlineStatus(Struct, frozen=True, kw_only=True):
    """Something that is to be done by a day; a report has its kind as `title`, and what that is called as `name`.

    `to` is whom a report goes to, where that is not the agency. `hour` is that of an application's deadline, where its
    source has one. `day_off` is the public holiday that the day is, else
    saturday or sunday, and None on a working day; it follows from the day, whatever a status of another version says.
    """

    day: date
    what: DueKind
    title: str
    late: bool
    name: str = ""
    to: str = ""
    hour: str | UnsetType = UNSET  # said where it is known
    day_off: str | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "day_off", next(reversed(day_off(self.day)), None))


class ReportStatus(Struct, frozen=True, kw_only=True):
    """A report whose period has ended, and that nobody has sent."""

    kind: KindName
    period_ends: date
    due: date | None


class MeetingStatus(Struct, frozen=True, kw_only=True):
    """A meeting that is to come, and nobody has said when."""

    case: str
    step: str
    body: str
    title: str


class LeftStatus(Struct, frozen=True, kw_only=True):
    """What an ended year has left, and nobody has asked to carry over."""

    year: int
    left: Money = field(name="left_oere")


class ConditionStatus(Struct, frozen=True, kw_only=True):
    """A condition of the award letter: whether and when it was met."""

    id: str
    text: str
    due: date | None
    status: Fulfilment
    met: date | None


class ProblemStatus(Struct, frozen=True, kw_only=True):
    """A problem in the project's files, in the words of whoever made the status."""

    code: str
    severity: Severity
    at: str
    message: str
    hint: str


class Status(Struct, frozen=True, kw_only=True):
    """Where a project stands on a day (status): what `pulje status --json` says, key by key.

    What has a default may be missing in a status that somebody else has made.
    """

    project: str  # the name of its folder
    as_of: date
    known_by: date
    phase: str | None
    phases: tuple[PhaseStatus, ...]
    milestones: tuple[MilestoneStatus, ...]
    grant: GrantStatus | None
    budget: BudgetStatus | None
    problems: tuple[ProblemStatus, ...]
    title: str = ""
    municipality: str = ""
    cohort: str | None = None
    fund: str | None = None
    project_period: Days | None = None
    synthetic: bool = False  # some of its money is made up to have an example
    deadlines: tuple[DeadlineStatus, ...] = ()
    reports_not_sent: tuple[ReportStatus, ...] = ()
    reports_without_day: tuple[ReportStatus, ...] = ()  # not sent, whether their period has ended or not
    meetings_without_day: tuple[MeetingStatus, ...] = ()  # to follow, or postponed without another day
    to_carry_over: tuple[LeftStatus, ...] = ()
    conditions: tuple[ConditionStatus, ...] = ()


def status_of(
    project: str,
    state: State,
    cases: Iterable[Case],
    problems: Sequence[ProblemStatus],
    doubted: Doubtful | None = None,
) -> Status:
    """The status of a state, as others may read it."""
    plan, grant, economy = state.plan, state.grant, economy_of(state)
    return Status(
        project=project,
        as_of=state.as_of,
        known_by=state.known_by,
        phase=state.phase.id if state.phase else None,
        phases=tuple(
            PhaseStatus(
                id=each.phase.id,
                title=each.phase.title,
                starts=each.phase.starts,
                ends=each.phase.ends,
                status=each.status,
                precision=each.phase.precision,
                lapsed=True if each.lapsed else UNSET,
            )
            for each in state.phases
        ),
        milestones=tuple(
            MilestoneStatus(
                id=each.milestone.id,
                title=each.milestone.title,
                phase=each.milestone.phase,
                due=each.due,
                status="dropped" if each.status == "lapsed" else each.status,
                reached=each.reached,
                promised=each.promised,
                lapsed=True if each.status == "lapsed" else UNSET,
            )
            for each in state.milestones
        ),
        grant=grant_of(grant, economy) if grant else None,
        budget=_budget(state.budget, state, economy, doubted) if state.budget else None,
        problems=tuple(problems),
        title=plan.title,
        municipality=plan.municipality,
        cohort=plan.cohort,
        fund=plan.fund,
        project_period=Days(plan.project_period.starts, plan.project_period.ends),
        synthetic=is_made_up(state),
        deadlines=tuple(
            DeadlineStatus(
                day=each.day,
                what=each.what,
                title=each.title,
                late=each.late,
                name=each.name,
                to=each.to,
                hour=each.hour or UNSET,
            )
            for each in due(state, cases)
        ),
        reports_not_sent=tuple(_report(each) for each in not_sent(state) if each.period_ends <= state.as_of),
        reports_without_day=tuple(map(_report, without_day(state))),
        meetings_without_day=tuple(
            MeetingStatus(case=case.id, step=step.id, body=step.body, title=case.title)
            for case, step in meetings_without_day(state, cases)
        ),
        to_carry_over=tuple(to_carry_over(state, economy)),
        conditions=tuple(
            ConditionStatus(
                id=each.condition.id,
                text=each.condition.text,
                due=each.condition.due,
                status=each.status,
                met=each.met_on,
            )
            for each in conditions_of(state)
        ),
    )


def _report(report: Report) -> ReportStatus:
    return ReportStatus(kind=report.kind, period_ends=report.period_ends, due=report.due)


def grant_of(grant: GrantState, economy: Economy | None) -> GrantStatus:
    """What the state says of the grant, as others may read it; how a closed one is settled once that is final."""
    is_settled = grant.closed_on is not None and not grant.refused
    claim = economy.settlement.claim if economy and is_settled else None
    owed, to_receive = (claim.to_repay, claim.to_receive) if claim else (grant.owed or NOTHING, NOTHING)
    has_money = grant.awarded is not None or grant.kept != NOTHING
    return GrantStatus(
        applied=grant.applied,
        awarded=grant.awarded,
        received=grant.received,
        refused=grant.refused_on,
        closed=grant.closed_on or UNSET,
        owed=owed if owed != NOTHING else None,
        to_receive=to_receive if to_receive != NOTHING else UNSET,
        unsettled=True if is_settled and has_money and claim is None else UNSET,
    )


def to_carry_over(state: State, economy: Economy | None) -> Iterator[LeftStatus]:
    """The ended years that have something left, which the agency is to be asked about."""
    for each in economy.settlement.years if economy and economy.is_known and state.is_granted else ():
        if each.carry_over == "to-ask-for":
            yield LeftStatus(year=each.year, left=each.left)


def _budget(money: BudgetState, state: State, economy: Economy | None, doubted: Doubtful | None) -> BudgetStatus:
    return BudgetStatus(
        version=money.budget.id,
        lines=tuple(
            LineStatus(
                id=each.line.id,
                title=each.line.title,
                budget=each.line.amount,
                spent=each.spent,
                committed=each.committed,
                remaining=None if state.knows_nothing else each.remaining,
            )
            for each in money.lines
        ),
        budget=money.amount,
        spent=money.spent,
        committed=money.committed,
        unallocated=money.unallocated,
        remaining=None if state.knows_nothing else money.remaining,
        spent_known_until=None if state.knows_nothing else state.reach.until,
        spent_gaps=state.reach.months_missing(state.as_of),
        forecast=economy.forecast if economy and economy.is_known else None,
        forecast_bases=economy.forecast_bases if economy else (),
        doubted_costs=doubted.costs if doubted else NOTHING,
        doubted_income=doubted.income if doubted else NOTHING,
        elsewhere=money.waiting("dropped-line"),
        before_period=money.waiting("before-period"),
        after_period=money.waiting("after-period"),
        unplaced=money.unplaced,
        waits=money.waits,
        counts_nothing=True if state.reach.is_of_nothing else UNSET,
    )
