"""Where a project stands on a day, as far as was known on another: state_at is the only way to a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple, assert_never

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.answers import SOON, Course, course_of, day_of, version_of
from toolkit.core.costs import WAITING, Apart, Cost, Placement, carried_on, costs_of, is_seen, successor
from toolkit.core.events import AnyEvent
from toolkit.core.milestones import MilestoneEvent, MilestoneState, milestone_state, milestones_in
from toolkit.core.money import NOTHING, Money, share, split, total
from toolkit.core.paid_out import PaidOut, paid_out
from toolkit.core.plan import (
    Budget,
    BudgetLine,
    Grant,
    Indicator,
    Period,
    Person,
    Phase,
    Plan,
    Progress,
    Risk,
)
from toolkit.core.postings import Allocated, Booked, Postings
from toolkit.core.problems import At
from toolkit.core.promise import awarded_by, with_values, without_refused
from toolkit.core.reach import Reach, reach_of
from toolkit.core.records import Id
from toolkit.core.roles import Vacancy, holders, vacancies

GrantStage = Literal["planned", "applied", "awarded", "rejected", "closed"]

# ── what a state is made of ──────────────────────────────────────────────────────────────────


class PhaseState(Struct, frozen=True):
    """How far a phase is: `done` is the share of its days that have passed; None for an ongoing one.

    One that was not over when the grant was refused or closed has `lapsed`: it goes on in the calendar alone.
    """

    phase: Phase
    status: Literal["upcoming", "running", "finished"]
    done: Fraction | None
    lapsed: bool = False

    @property
    def standing(self) -> Progress:
        """Where the calendar has it; "lapsed" where it is not gone on with."""
        return "lapsed" if self.lapsed else self.status


class GrantState(Struct, frozen=True, kw_only=True):
    """How far the grant is. `awarded` is None until the answer is known; `received` is what has been paid out.

    `by_files` says that nobody has logged an application or an answer: then project.yaml is all there is to go by.
    `first_awarded` is what it was before an approved change or a new award made it another, and `changed` the last that
    did; both None where none has.
    """

    grant: Grant
    course: Course
    awarded: Money | None
    received: Money
    repaid: Money
    by_files: bool = False
    first_awarded: Money | None = None
    changed: log.ChangeApproved | log.Awarded | None = None

    @property
    def status(self) -> GrantStage:
        """What the log says last; else whether project.yaml has an award."""
        return self.course.status or ("planned" if self.awarded is None else "awarded")

    @property
    def applied(self) -> Money | None:
        """What was applied for; project.yaml's where that is not logged. None of a grant that nobody applies for."""
        return self.application.amount if self.application else self.grant.applied

    @property
    def application(self) -> log.Applied | None:
        """The one that `applied` is of."""
        return self.course.applied

    @property
    def applied_on(self) -> date | None:
        """The day of the application; project.yaml's where none is logged."""
        return self.application.happened if self.application else self.grant.applied_on

    @property
    def awarded_on(self) -> date | None:
        """The day of the award that stands; None where none is logged."""
        return self.course.awarded.happened if self.course.awarded else None

    @property
    def ended(self) -> log.Rejected | log.Closed | None:
        """What refused it or closed it."""
        return self.course.ended

    @property
    def refused(self) -> log.Rejected | None:
        """The no that nobody has changed since, closed or not: then nothing is awarded."""
        return self.course.refused

    @property
    def over(self) -> log.Rejected | log.Closed | None:
        """The event after which the agency asks for nothing: its no, also where it closed the grant since."""
        return self.course.over

    @property
    def closed_on(self) -> date | None:
        """The day that the agency closed it; None where it has not, or the grant has gone on since."""
        return self.course.closed_on

    @property
    def refused_on(self) -> date | None:
        """The day that it was refused; None where it was not, or the answer was changed since."""
        return self.refused.happened if self.refused else None

    @property
    def kept(self) -> Money:
        """What was received and is not paid back."""
        return self.received - self.repaid

    @property
    def owed(self) -> Money | None:
        """What is to be paid back because the grant was refused; None where it was not, or there is nothing to pay.

        What is to be paid back of one that was closed its settlement says (`core/settlement.py`).
        """
        return self.kept if self.refused_on and self.kept > NOTHING else None

    @property
    def in_full(self) -> bool:
        """Whether all that was applied for was awarded."""
        return self.awarded == self.applied


class LineState(Struct, frozen=True):
    """One budget line's money. Below zero, `remaining` means overspent: a finding, not an error.

    A line is `gone` where the budget in force has it not, and costs were allowed on it all the same, or orders stand
    there: its budget is nothing, and what was allowed or ordered counts. `estimated_of` is the line as the budget had
    it when its end was estimated; None where there was no budget then, or none with that line.
    """

    line: BudgetLine
    spent: Money
    committed: Money
    by_year: Mapping[int, Money]
    estimate: log.Estimate | None = None
    estimated_of: BudgetLine | None = None
    gone: bool = False

    @property
    def remaining(self) -> Money:
        return self.line.amount - self.spent - self.committed

    @property
    def bound(self) -> Money:
        """What is spent, and what is ordered and not yet in the books."""
        return self.spent + self.committed

    @property
    def variance(self) -> Money:
        """Spent less budget (afvigelse)."""
        return self.spent - self.line.amount

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a line without money."""
        return share(self.spent, self.line.amount)


class Order(Struct, frozen=True):
    """An order, or the part of it that is on one line; what was cancelled is below zero (ordre).

    `line` is a line of the budget in force; where that has none that carries the order on, the line it was made on.
    No more is cancelled than is open there: `over` is what a cancellation says beyond that, and counts nowhere.
    """

    event: log.Ordered | log.OrderCancelled
    line: Id
    amount: Money
    over: Money = NOTHING


class BudgetState(Struct, frozen=True, kw_only=True):
    """The budget in force, and what became of it.

    `apart` are costs on lines that do not count before somebody has answered for them; `unallocated` is what no rule
    places, and `unplaced` of how many postings. So no krone is dropped: what the lines have, and what stands beside
    them, is all that the books have.
    """

    budget: Budget
    lines: tuple[LineState, ...]
    orders: tuple[Order, ...] = ()
    stray_estimates: tuple[log.Estimate, ...] = ()  # of lines that others carry on in parts, or with others
    apart: tuple[Cost, ...] = ()
    unallocated: Money = NOTHING
    unplaced: int = 0
    not_eligible: Money = NOTHING
    taken_back: Money = NOTHING

    @property
    def amount(self) -> Money:
        return self.budget.amount

    @property
    def spent(self) -> Money:
        """What counts on the lines; nothing of what waits for an answer."""
        return total(line.spent for line in self.lines)

    @property
    def committed(self) -> Money:
        return total(line.committed for line in self.lines)

    @property
    def remaining(self) -> Money:
        return self.amount - self.spent - self.committed - self.unallocated

    @property
    def variance(self) -> Money:
        return self.spent - self.amount

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None for a budget without money."""
        return share(self.spent, self.amount)

    @property
    def waits(self) -> tuple[Apart, ...]:
        """The reasons that costs wait for, also where they come to nothing, as a bill and its credit note do."""
        reasons = {cost.apart for cost in self.apart}
        return tuple(each for each in WAITING if each in reasons)

    def count_waiting(self, reason: Apart) -> int:
        """Of how many postings it is that something waits for this reason."""
        return sum(cost.part.count for cost in self.apart if cost.apart == reason)

    def waiting(self, *reasons: Apart) -> Money:
        """What waits for an answer, for these reasons or for any."""
        return total(cost.amount for cost in self.apart if not reasons or cost.apart in reasons)


class IndicatorState(Struct, frozen=True):
    """What an indicator was measured at, the oldest first."""

    indicator: Indicator
    measured: tuple[log.Measured, ...]

    @property
    def latest(self) -> log.Measured | None:
        return self.measured[-1] if self.measured else None

    @property
    def reached(self) -> bool | None:
        """Whether the latest is at the target, or past it as seen from the baseline; None with nothing to compare."""
        target, baseline = self.indicator.target, self.indicator.baseline
        if self.latest is None or target is None:
            return None
        rising = baseline is None or target >= baseline
        return self.latest.value >= target if rising else self.latest.value <= target


class RiskState(Struct, frozen=True):
    """A risk as it is judged now."""

    risk: Risk
    ended: bool = False
    changes: tuple[log.RiskChanged, ...] = ()


class State(Struct, frozen=True, kw_only=True, dict=True):
    """Where a project stands at the end of `as_of`, as known on `known_by` (stilling).

    `plan` is what was promised with every change that was approved by then; a role that nobody has since the grant was
    refused or closed is no vacancy, as nobody is to fill it. `history` is what had happened, in order;
    `booked` is what had been paid, in sums by day and place, and `costs` what of it the rules put on lines; `allocated`
    is the same in single postings. The books are known as far as `reach`.
    """

    plan: Plan
    as_of: date
    known_by: date
    history: tuple[AnyEvent, ...]
    phases: tuple[PhaseState, ...]
    milestones: tuple[MilestoneState, ...]
    grant: GrantState | None
    budget: BudgetState | None
    indicators: tuple[IndicatorState, ...]
    people: tuple[Person, ...]
    vacancies: tuple[Vacancy, ...]
    risks: tuple[RiskState, ...]
    booked: tuple[Booked, ...]
    paid_out: PaidOut  # of the grant, with a grant or without
    reach: Reach
    placement: Placement | None  # None while there is no budget
    costs: tuple[Cost, ...]
    postings: Postings  # all there are, whatever the day
    closes: date  # the last day of the period, by every change that was known, and never before that of the day

    @cached_property
    def allocated(self) -> tuple[Allocated, ...]:
        """Each of the postings that are seen on the day, or part of one, in its place: made when first asked for."""
        parts = self.postings.allocated
        return tuple(part for part in parts if is_seen(part, self.as_of, self.known_by, self.closes))

    @property
    def is_refused(self) -> bool:
        """Whether the grant was refused, and nobody has changed that answer."""
        return self.grant is not None and self.grant.refused_on is not None

    @property
    def is_granted(self) -> bool:
        """Whether anything is awarded."""
        return self.grant is not None and self.grant.awarded is not None

    @property
    def is_ended(self) -> bool:
        """Whether the agency refused the grant, or closed it: it asks for nothing more."""
        return self.grant is not None and self.grant.ended is not None

    @property
    def asked_until(self) -> date:
        """The last day on which the agency asks for anything: the state's own, or that of its no or its closing."""
        over = self.grant.over if self.grant else None
        return min(self.as_of, over.happened) if over else self.as_of

    def spends_until(self, ends: date) -> date:
        """The last day of the grant's spending until `ends`: that of its closing, where it was closed before."""
        closed = self.grant.closed_on if self.grant else None
        return min(ends, closed) if closed else ends

    @property
    def is_short(self) -> bool:
        """Whether the books reach less far than the day, or than the period's end where that came before it."""
        return self.reach.lacks_costs_until(min(self.as_of, self.closes))

    @property
    def knows_nothing(self) -> bool:
        """Whether nothing is known of what was spent until the day: no import covers a month of it."""
        return self.reach.is_unknown(ends=self.as_of)

    @property
    def is_over(self) -> bool:
        """Whether the last day of the period has come, also by what was changed since the day."""
        return self.as_of >= self.closes

    @property
    def phase(self) -> Phase | None:
        """Of the running phases with dates, the last begun; else an ongoing one."""
        running = [state.phase for state in self.phases if state.standing == "running"]
        return max(running, key=lambda phase: phase.starts or date.min, default=None)


# ── the one way to it ────────────────────────────────────────────────────────────────────────


def state_at(plan: Plan, events: Iterable[AnyEvent], postings: Postings, as_of: date, known_by: date) -> State:
    """The state at the end of `as_of`, of what had been recorded or imported by `known_by`.

    Pure: the same five give the same state. An event counts from the day it happened once it is recorded; a posting
    from the day its cost was performed, else its posting date (bogføringsdato), once its file is imported; a correction
    as soon as it is recorded.
    """
    events = tuple(events)
    known = corrected(events, known_by)
    in_order = sorted(known, key=lambda event: event.happened)
    history = tuple(event for event in in_order if event.happened <= as_of)
    by_files_on = None if is_logged(events, known) else as_of
    told = _tell(plan, history, by_files_on, in_order, known_by)
    later = told if len(history) == len(in_order) else _tell(plan, in_order, by_files_on, in_order, known_by)
    ends, promised = later.paid_period.ends, later.plan.cost_period.ends
    closes = ends if ends < promised else max(promised, told.plan.cost_period.ends)

    def seen(part: Booked | Allocated) -> bool:
        return is_seen(part, as_of, known_by, closes)

    booked = tuple(filter(seen, postings.booked))
    plan = told.plan.closed(told.course.closed_on)
    read = [event for event in known if event.called not in postings.lost]
    reach = reach_of(read, postings.booked, known_by, plan.cost_period)
    paid = paid_out(history, booked, reach)
    placement, over = _placement(told, plan), told.course.over
    last = holders(plan.people, told.people, as_of)
    vacant = vacancies(last, as_of)
    costs = costs_of(booked, lambda: filter(seen, postings.allocated), placement) if placement else ()
    return State(
        plan=plan,
        as_of=as_of,
        known_by=known_by,
        history=history,
        phases=tuple(_phase(phase, plan, as_of, over) for phase in plan.phases),
        milestones=tuple(milestone_state(each, told.milestones[each.id], as_of, over) for each in plan.milestones),
        grant=_grant(plan.grant, told, paid) if plan.grant else None,
        budget=_budget(told, costs, booked) if placement else None,
        indicators=tuple(IndicatorState(each, tuple(told.measured[each.id])) for each in plan.indicators),
        people=tuple(person for person in last if not any(each.last is person for each in vacant)),
        vacancies=tuple(each for each in vacant if over is None or each.since <= over.happened),
        risks=tuple(_risk(risk, told.risks[risk.id]) for risk in plan.risks),
        booked=booked,
        paid_out=paid,
        reach=reach,
        placement=placement,
        costs=costs,
        postings=postings,
        closes=closes,
    )


def last_known(events: Iterable[AnyEvent], postings: Postings, otherwise: date) -> date:
    """The last day on which anything was recorded or imported: the default of known_by."""
    days = [event.recorded for event in corrected(events)] + [each.imported for each in postings.booked]
    return max(days, default=otherwise)


def is_logged(events: Iterable[AnyEvent], known: Iterable[AnyEvent]) -> bool:
    """Whether the log tells of an application or an answer, whenever that was recorded.

    Then what project.yaml and the budgets say, without a day of their own, is no fallback on any day. What was `known`
    and has been withdrawn since was told all the same: what was made of it then is made so again.
    """
    told = (*known, *corrected(events))
    return any(isinstance(event, log.Applied | log.Awarded | log.Rejected) for event in told)


def corrected(events: Iterable[AnyEvent], known_by: date = date.max) -> list[AnyEvent]:
    """The events that were known by a day, as the log's own corrections put them right by then, in the log's order.

    A correction stands below what it corrects, and may be corrected itself: so the last one is looked at first. It may
    say on which day an event was recorded, too: then that is the day from which it was known.
    """
    corrections: dict[str, list[log.Corrected]] = defaultdict(list)  # by what they correct, the last first
    found: list[AnyEvent] = []
    for event in reversed(list(events)):
        own = corrections.get(event.called, [])
        if any(correction.withdrawn for correction in own):
            continue
        for correction in reversed(own):
            event = structs.replace(event, at=_where(event, correction), **correction.values)
        if event.recorded > known_by:
            continue
        if isinstance(event, log.Corrected):
            corrections[event.event].append(event)
        found.append(event)
    return found[::-1]


def _where(event: AnyEvent, correction: log.Corrected) -> At:
    """Where the corrected event's values are written: what was put right, in the correction."""
    places = {key: correction.at.keys.get(f"values.{key}") for key in correction.values}
    return structs.replace(event.at, keys={**event.at.keys, **{key: at for key, at in places.items() if at}})


# ── what the log tells ───────────────────────────────────────────────────────────────────────


@dataclass
class _Told:
    """What a history adds up to, event by event: the notes that the parts of a state are made from."""

    plan: Plan
    course: Course
    budget: Budget | None = None
    by_files: bool = False
    in_force: list[tuple[Budget, date]] = field(default_factory=list)  # one after another, and when that was recorded
    awarded_amount: Money | None = None
    awarded_by_files: Money | None = None  # where no answer is logged
    grant_changed: log.ChangeApproved | None = None
    repaid: list[Money] = field(default_factory=list)
    milestones: defaultdict[str, list[MilestoneEvent]] = field(default_factory=lambda: defaultdict(list))
    measured: defaultdict[str, list[log.Measured]] = field(default_factory=lambda: defaultdict(list))
    risks: defaultdict[str, list[log.RiskChanged]] = field(default_factory=lambda: defaultdict(list))
    people: list[log.PersonChanged] = field(default_factory=list)
    orders: list[log.Ordered | log.OrderCancelled] = field(default_factory=list)
    estimates: list[_Estimated] = field(default_factory=list)

    @property
    def paid_period(self) -> Period:
        """The days whose costs the grant pays: until the agency closed it, where that was before their end."""
        return self.plan.closed(self.course.closed_on).cost_period

    @property
    def versions(self) -> list[Budget]:
        """The budgets that were in force, one after another."""
        return [budget for budget, _recorded in self.in_force]

    def came_into_force(self, recorded: date) -> None:
        """Remember the budget in force, where it is another than before."""
        if self.budget and (not self.in_force or self.in_force[-1][0] is not self.budget):
            self.in_force.append((self.budget, recorded))

    def estimated(self, event: log.Estimate) -> None:
        """Remember an estimate, and the budgets that had been in force by its day, as known when it was noted."""
        known = max((at for at, each in enumerate(self.in_force, 1) if each[1] <= event.recorded), default=0)
        before = self.versions[:known]
        if self.by_files and known == 1:  # the files had perhaps another that day
            then = _by_files(self.plan, event.happened)
            known, before = int(before == [then]), [then] if then else []
        self.estimates.append(_Estimated(event, before, known if before else 1))


class _Estimated(NamedTuple):
    """An estimate with the budgets before it, and how many of those that were in force came no later.

    Where none had come before it, it is held against the first that came.
    """

    event: log.Estimate
    before: Sequence[Budget]
    known: int


def _tell(
    plan: Plan, history: Sequence[AnyEvent], by_files_on: date | None, known: Sequence[AnyEvent], known_by: date
) -> _Told:
    """Go through the history once. The kinds are a closed set: a new one does not pass here unnoticed.

    Where neither an application nor an answer is logged the files alone say what is awarded, and which budget is in
    force on the day. What is `known` of later days says which version of the budget is not about an earlier award.
    """
    told = _Told(plan, course_of(plan, history, known, known_by), by_files=by_files_on is not None)
    if by_files_on is not None:
        told.budget = _by_files(plan, by_files_on)
        told.awarded_amount = told.awarded_by_files = plan.grant.awarded if plan.grant else None
    told.came_into_force(date.min)
    for event in without_refused(plan, history):
        match event:
            case log.Applied() | log.Rejected() | log.Closed() if event.called in told.course.beside:
                pass
            case log.Applied():
                told.budget = told.course.budgets.get(event.called)
            case log.Awarded():
                told.awarded_amount, told.grant_changed = event.amount, None
                told.budget = (
                    told.course.budgets.get(event.called)
                    or told.budget
                    or version_of(plan.budgets, "application", event.happened)
                )
            case log.Rejected():
                told.awarded_amount = None
            case log.Closed():
                pass
            case log.ChangeApproved():
                told.plan = with_values(told.plan, event.values)
                for milestone in milestones_in(event):
                    told.milestones[milestone].append(event)
                before = told.awarded_amount
                told.awarded_amount = None if before is None else awarded_by(event.values, before)
                told.grant_changed = event if told.awarded_amount != before else told.grant_changed
                told.budget = plan.budget(event.budget) or told.budget
            case log.InstalmentReceived() | log.InstalmentWithheld() | log.InstalmentReleased():
                pass  # held against the books and each other: core/paid_out.py, core/instalments.py
            case log.Repaid():
                told.repaid.append(event.amount)
            case log.MilestoneMoved() | log.MilestoneReached() | log.MilestoneDropped():
                told.milestones[event.milestone].append(event)
            case log.Measured():
                told.measured[event.indicator].append(event)
            case log.RiskChanged():
                told.risks[event.risk].append(event)
            case log.PersonChanged():
                told.people.append(event)
            case log.Ordered() | log.OrderCancelled():
                told.orders.append(event)
            case log.Estimate():
                told.estimated(event)
            case (
                log.Accepted()
                | log.ConditionMet()
                | log.ChangeRequested()
                | log.ChangeRefused()
                | log.Audited()
                | log.ActivityHeld()
                | log.Deviation()
                | log.Experience()
                | log.Advice()
                | log.Imported()
                | log.Balance()
                | log.MeetingSet()
                | log.ConsultationAnswered()
                | log.Decided()
                | log.Submitted()
                | log.Corrected()
                | log.Noted()
            ):
                pass  # these are told by the history itself and add up to nothing
            case _:
                assert_never(event)
        told.came_into_force(event.recorded)
    return told


# ── the state's parts ────────────────────────────────────────────────────────────────────────


def _phase(phase: Phase, plan: Plan, as_of: date, over: log.Rejected | log.Closed | None) -> PhaseState:
    starts = phase.starts or plan.project_period.starts
    ends = phase.ends or plan.project_period.ends
    lapsed = over is not None and ends > over.happened
    if as_of < starts:
        return PhaseState(phase, "upcoming", None if phase.ongoing else Fraction(0), lapsed)
    if as_of > ends:
        return PhaseState(phase, "finished", None if phase.ongoing else Fraction(1), lapsed)
    gone = Fraction((as_of - starts).days + 1, (ends - starts).days + 1)
    return PhaseState(phase, "running", None if phase.ongoing else gone, lapsed)


def _by_files(plan: Plan, day: date) -> Budget | None:
    """The budget that the files alone put in force on a day: the award's, else the application's.

    An application's is there from the day that project.yaml says it was applied on, where that is before its name's:
    it was written down with a deadline that was not waited for.
    """
    there = [budget for budget in plan.budgets if day_of(budget) <= day]
    found = version_of(there, "award", day) or version_of(there, "application", day)
    applied_on = plan.grant.applied_on if plan.grant else None
    if found is None and applied_on is not None and applied_on <= day:
        first = version_of(plan.budgets, "application", day)
        found = first if first and day_of(first) <= applied_on + SOON else None
    return found


def _grant(grant: Grant, told: _Told, received: PaidOut) -> GrantState:
    """Where nobody has logged an application or an answer, project.yaml is all there is to go by."""
    course = told.course
    awarded = None if course.refused else told.awarded_amount
    first = course.first.amount if course.first else told.awarded_by_files
    is_changed = awarded is not None and first is not None and first != awarded
    return GrantState(
        grant=grant,
        course=course,
        awarded=awarded,
        received=received.amount,
        repaid=total(told.repaid),
        by_files=told.by_files,
        first_awarded=first if is_changed else None,
        changed=(told.grant_changed or course.awarded) if is_changed else None,
    )


def _placement(told: _Told, plan: Plan) -> Placement | None:
    if told.budget is None:
        return None
    where = carried_on(told.versions)
    return Placement(where, frozenset(line.id for line in told.budget.lines), plan)


def _budget(told: _Told, costs: Iterable[Cost], booked: Iterable[Booked]) -> BudgetState | None:
    """The latest approved budget, and what was spent on its lines.

    Source: Håndbog om tilskudsregler (the accounts hold only lines of the latest approved budget).
    """
    if told.budget is None:
        return None
    spent: dict[str, dict[int, Money]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    apart: list[Cost] = []
    for cost in costs:
        if cost.apart:
            apart.append(cost)
        else:
            spent[cost.line][cost.day.year] += cost.amount
    beside: dict[str, Money] = defaultdict(lambda: NOTHING)
    for each in booked:
        beside[each.place] += each.amount
    orders = tuple(_orders(told))
    committed: dict[str, Money] = defaultdict(lambda: NOTHING)
    for order in orders:
        committed[order.line] += order.amount
    expected, stray = _estimates(told)
    used = (*spent, *(line for line, amount in committed.items() if amount != NOTHING))
    gone = [line for line in dict.fromkeys(used) if told.budget.line(line) is None]
    return BudgetState(
        budget=told.budget,
        lines=tuple(
            LineState(
                line=line,
                spent=total(spent[line.id].values()),
                committed=committed[line.id],
                by_year=dict(sorted(spent[line.id].items())),
                estimate=expected[line.id].estimate if line.id in expected else None,
                estimated_of=expected[line.id].of if line.id in expected else None,
                gone=told.budget.line(line.id) is None,
            )
            for line in (*told.budget.lines, *(_without_money(id, told) for id in gone))
        ),
        orders=orders,
        stray_estimates=tuple(stray),
        apart=tuple(apart),
        unallocated=beside["unallocated"],
        unplaced=sum(each.count for each in booked if each.place == "unallocated"),
        not_eligible=beside["not-eligible"],
        taken_back=beside["taken-back"],
    )


class _Expected(NamedTuple):
    """The last estimate of a line, and the line as it was then; None where no budget had it."""

    estimate: log.Estimate
    of: BudgetLine | None


def _estimates(told: _Told) -> tuple[dict[Id, _Expected], list[log.Estimate]]:
    """The last estimate of each line, and those that count for none.

    An estimate is of a line as it was then, by that name or an older one. It follows the line when another carries on
    all of it and nothing else; whatever was made of the line before, the estimate knew of.
    """
    found, stray = dict[Id, _Expected](), list[log.Estimate]()
    for event, before, known in told.estimates if told.versions else ():
        until = before or told.versions[:1]
        base = until[-1]
        then = event.line if base.line(event.line) else successor(carried_on(until), event.line)
        later = told.versions[known:]
        line = successor(carried_on([_without_was(base), *later]), then) if then else None
        if then and line:
            found[line] = _Expected(event, base.line(then) if before else None)
        else:
            stray.append(event)
    return found, stray


def _without_was(budget: Budget) -> Budget:
    return structs.replace(budget, lines=tuple(structs.replace(line, was={}) for line in budget.lines))


def _without_money(id: str, told: _Told) -> BudgetLine:
    """A line as the last version that has it names it; the budget in force has nothing for it."""
    versions = (*reversed(told.versions), *told.plan.budgets)  # a line may be of a version that is not in force yet
    found = next((line for budget in versions if (line := budget.line(id))), None)
    known = found or BudgetLine(id=Id(id), title=id, amount=NOTHING)
    return structs.replace(known, amount=NOTHING, quantity=None, unit_price=None, by_year={}, by_month={})


def _orders(told: _Told) -> Iterator[Order]:
    """What is ordered, on the lines that carry on those it was ordered on: each order is divided by itself.

    A cancellation takes what is open on its lines, first its part of each and then what is left of the others.
    """
    where = carried_on(told.versions)
    open: dict[Id, Money] = defaultdict(lambda: NOTHING)
    for event in told.orders:
        parts = where.get(event.line) or ((event.line, Fraction(1)),)
        amounts = split(event.amount, [part for _line, part in parts])
        if isinstance(event, log.Ordered):
            for (line, _part), amount in zip(parts, amounts, strict=True):
                open[line] += amount
                yield Order(event, line, amount)
            continue
        taken = {line: min(amount, open[line]) for (line, _part), amount in zip(parts, amounts, strict=True)}
        for line in taken:
            taken[line] += min(event.amount - total(taken.values()), open[line] - taken[line])
        over = event.amount - total(taken.values())
        for line, amount in taken.items():
            open[line] -= amount
            yield Order(event, line, -amount, over)
            over = NOTHING


def _risk(risk: Risk, changes: Iterable[log.RiskChanged]) -> RiskState:
    changes = tuple(changes)
    for event in changes:
        risk = structs.replace(
            risk,
            likelihood=event.likelihood or risk.likelihood,
            impact=event.impact or risk.impact,
            action=event.action or risk.action,
        )
    said = [event.ended for event in changes if event.ended is not None]
    return RiskState(risk, bool(said) and said[-1], changes)
