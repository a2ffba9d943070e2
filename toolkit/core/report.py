"""All that may be said of a project on one occasion: figured once, here, and only worded by documents and screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.answers import More
from toolkit.core.budget_change import Unapproved, unapproved
from toolkit.core.budget_table import BudgetTable, budget_table
from toolkit.core.carry_over import CarryOverEvent, carry_overs
from toolkit.core.conditions import ConditionState, audit_terms, conditions_of
from toolkit.core.dossier import Dossier
from toolkit.core.economy import Economy, economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Term
from toolkit.core.milestones import MilestoneState
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.occasion import Occasion
from toolkit.core.plan import Budget, Days, Plan
from toolkit.core.proceedings import Proceedings, proceedings_of
from toolkit.core.reach import Gap
from toolkit.core.request import Request, request_of
from toolkit.core.spending import counted, knows_year, spent_figure, spent_until
from toolkit.core.state import State, corrected

AnyChange = log.ChangeRequested | log.ChangeApproved | log.ChangeRefused


class LateCosts(Struct, frozen=True):
    """What has come in since the last report was sent, of days that it told of already.

    `known` is what that report had until the day before the period, `until`: what the log keeps of it, else what was
    known by the day that it was sent; `is_kept` tells which. `otherwise` is what counts otherwise now, as where a
    change has dropped a line or a rule was put right: the three are all that lies before. None where nothing was known.
    """

    report: log.Submitted
    until: date
    known_by: date
    known: Money | None
    late: Money
    otherwise: Money | None
    is_kept: bool


class Spending(Struct, frozen=True, kw_only=True):
    """What was spent of the budget in force, until the occasion's day and within its period.

    `known_until` is the last day that the imports reach, where that is before the end of what is told, and `gaps` are
    months before that which none covers; `is_unknown` where nothing is known of what was spent, so that no figure that
    rests on it is one. `unapproved` is what the budget in
    force has that the agency has not approved, though somebody else has; None where the agency has approved all of it,
    and where no grant asks for its approval.
    """

    table: BudgetTable
    known_until: date | None
    gaps: tuple[Gap, ...]
    late: LateCosts | None
    causes: Mapping[str, tuple[log.Deviation, ...]]  # by line, the causes that the log gives for its spending
    approval: log.Awarded | log.ChangeApproved | None  # of this version
    unapproved: Unapproved | None
    is_unknown: bool
    knows_before: bool  # whether anything is known of what was spent before the occasion's period
    knows_period: bool
    unknown_years: frozenset[int]

    def told(self, amount: Money) -> Money | None:
        """An amount that was spent: nothing is no figure where nothing is known."""
        return spent_figure(amount, known=not self.is_unknown)

    def told_before(self, amount: Money) -> Money | None:
        return spent_figure(amount, known=self.knows_before and not self.is_unknown)

    def told_in_period(self, amount: Money) -> Money | None:
        return spent_figure(amount, known=self.knows_period)

    def told_in_year(self, year: int, amount: Money) -> Money | None:
        return spent_figure(amount, known=year not in self.unknown_years)


class PaidSince(Struct, frozen=True):
    """What was received of the grant, and paid back, after a day, as far as it was known: no figure of the day has it.

    `returned` is what the books have taken off what was received, which nobody has logged as paid back; `later` is the
    state that has it all.
    """

    received: Money
    returned: Money
    repaid: Money
    later: State


class Report(Struct, frozen=True, kw_only=True):
    """A project on one occasion (the record behind every document and explanation)."""

    dossier: Dossier
    occasion: Occasion
    state: State
    economy: Economy | None
    paid_since: PaidSince | None
    spending: Spending | None
    following: Days | None
    events: tuple[AnyEvent, ...]  # that happened in the period
    changes: tuple[AnyChange | More, ...]  # that were asked for or answered in it
    milestones_ahead: tuple[MilestoneState, ...]
    milestones_late: tuple[MilestoneState, ...]
    milestones_moved: tuple[MilestoneState, ...]
    milestones_reached: int
    carry_overs: tuple[CarryOverEvent, ...]
    request: Request | None
    proceedings: Proceedings | None
    conditions: tuple[ConditionState, ...]
    audit: tuple[Term, ...]


def report_of(dossier: Dossier, occasion: Occasion) -> Report:
    """Everything that the document of `occasion` may say, from the one state of its day."""
    state = dossier.state(occasion.as_of, occasion.known_by)
    known = corrected(dossier.events, occasion.known_by)
    following = _following(state.plan, occasion)
    economy = economy_of(state)
    events = tuple(event for event in state.history if occasion.starts <= event.happened)
    return Report(
        dossier=dossier,
        occasion=occasion,
        state=state,
        economy=economy,
        paid_since=_paid_since(dossier, state, economy),
        spending=_spending(dossier, state, occasion, known) if state.budget else None,
        following=following,
        events=events,
        changes=tuple(_changes(state, events)),
        milestones_ahead=tuple(each for each in state.milestones if _is_ahead(each, following) and not state.is_ended),
        milestones_late=tuple(each for each in state.milestones if each.status == "late"),
        milestones_moved=tuple(each for each in state.milestones if _was_moved(each, occasion.starts)),
        milestones_reached=sum(each.status == "reached" for each in state.milestones),
        carry_overs=carry_overs(state.history, state.plan),
        request=request_of(occasion.change, state, economy) if occasion.change else None,
        proceedings=proceedings_of(occasion, known),
        conditions=conditions_of(state),
        audit=audit_terms(state.plan, state.grant.awarded if state.grant else None, state.closes),
    )


def _paid_since(dossier: Dossier, state: State, economy: Economy | None) -> PaidSince | None:
    """Asked only of a grant that is settled: the last instalment often comes after the period."""
    if economy is None or not economy.settlement.outcomes or state.known_by <= state.as_of:
        return None
    later = dossier.state(state.known_by, state.known_by)
    assert state.grant and later.grant  # only a grant is settled, and it stays one
    received, repaid = later.grant.received - state.grant.received, later.grant.repaid - state.grant.repaid
    is_new = any(payment.day > state.as_of for payment in later.paid_out.payments)
    if not (received or repaid) or (received == repaid and not is_new):  # the books had already what is logged since
        return None
    return PaidSince(max(received, NOTHING), max(-received, NOTHING), repaid, later)


def _changes(state: State, events: Iterable[AnyEvent]) -> Iterator[AnyChange | More]:
    more = {each.event.called: each for each in state.grant.course.more} if state.grant else {}
    for event in events:
        if isinstance(event, log.ChangeEvent):
            yield event
        elif event.called in more:
            yield more[event.called]


def _following(plan: Plan, occasion: Occasion) -> Days | None:
    """From the day after to the next report's last day, or to the project's."""
    ends = plan.project_period.ends
    if occasion.ends >= ends:
        return None
    later = [duty.period_ends for duty in plan.reports if occasion.ends < duty.period_ends < ends]
    return Days(occasion.ends + timedelta(days=1), min(later, default=ends))


def _is_ahead(milestone: MilestoneState, following: Days | None) -> bool:
    return milestone.is_open and (following is None or milestone.due <= following.ends)


def _was_moved(milestone: MilestoneState, starts: date) -> bool:
    """Whether it was moved or dropped within the period."""
    events = [*milestone.moves, *([milestone.dropped] if milestone.dropped else [])]
    return any(starts <= event.happened for event in events)


def _spending(dossier: Dossier, state: State, occasion: Occasion, known: Iterable[AnyEvent]) -> Spending:
    assert state.budget is not None
    table, reach = budget_table(state, state.budget, occasion.starts, occasion.ends), state.reach
    return Spending(
        table=table,
        known_until=state.reach.short_of(state.spends_until(occasion.ends)),
        gaps=state.reach.gaps_until(state.spends_until(occasion.ends)),
        late=_late(dossier, state, occasion.starts, known),
        causes=_causes(state),
        approval=_approval(state.history, state.budget.budget),
        unapproved=_unapproved(state, state.budget.budget) if state.grant else None,
        is_unknown=state.knows_nothing,
        knows_before=occasion.starts <= state.plan.cost_period.starts  # there is nothing before it to know
        or not reach.is_unknown(ends=occasion.starts - timedelta(days=1)),
        knows_period=not reach.is_unknown(occasion.starts, occasion.ends),
        unknown_years=frozenset(year for year in table.years if not knows_year(state, year)),
    )


def _late(dossier: Dossier, state: State, starts: date, known: Iterable[AnyEvent]) -> LateCosts | None:
    """What came in after the last status report of the days before this one's was sent; None where none was.

    It may have been sent late, after the days of this one too.
    """
    sent_before = [
        event
        for event in known
        if isinstance(event, log.Submitted)
        and "-status-report" in event.issued
        and event.issued[:10] < starts.isoformat()
    ]
    if not sent_before:
        return None
    sent, until = max(sent_before, key=lambda event: (event.issued[:10], event.happened)), starts - timedelta(days=1)
    known_by = sent.known_by or sent.happened
    kept = sent.spent if sent.issued.startswith(until.isoformat()) else None  # that it told until the same day
    before = kept if kept is not None else spent_until(dossier.state(until, known_by))
    earlier = [cost for cost in counted(state) if cost.day < starts]
    late = total(cost.amount for cost in earlier if cost.part.imported > known_by)
    otherwise = None if before is None else total(cost.amount for cost in earlier) - late - before
    return LateCosts(sent, until, known_by, before, late, otherwise, is_kept=kept is not None)


def _causes(state: State) -> dict[str, tuple[log.Deviation, ...]]:
    """What explains each line's spending, and that of the lines it carries on: their costs are its own now."""
    causes: dict[str, tuple[log.Deviation, ...]] = {}
    for event in state.history:
        if isinstance(event, log.Deviation) and event.line and state.placement:
            for line in state.placement.heirs(event.line):
                causes[line] = (*causes.get(line, ()), event)
    return causes


def _approval(history: Iterable[AnyEvent], budget: Budget) -> log.Awarded | log.ChangeApproved | None:
    """The award or the change that named this version, the last that did."""
    found = None
    for event in history:
        if isinstance(event, log.Awarded | log.ChangeApproved) and event.budget == budget.id:
            found = event
    return found


def _unapproved(state: State, budget: Budget) -> Unapproved | None:
    return next((each for each in unapproved(state.plan, state.history) if each.budget is budget), None)
