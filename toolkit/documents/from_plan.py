"""What was promised and how far it is, as facts."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.conditions import SHOWING, ConditionState
from toolkit.core.fund import Fund
from toolkit.core.milestones import MilestoneState
from toolkit.core.plan import (
    Activity,
    Goal,
    Indicator,
    Period,
    Person,
    Phase,
    Statement,
    TargetGroup,
    Team,
    Track,
)
from toolkit.core.roles import Vacancy
from toolkit.core.state import (
    IndicatorState,
    PhaseState,
    RiskState,
)
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import (
    ActivityFacts,
    ConditionFacts,
    FundFacts,
    GoalFacts,
    IndicatorFacts,
    ItemFacts,
    MilestoneFacts,
    Origin,
    PeriodFacts,
    PersonFacts,
    PhaseFacts,
    RiskFacts,
    SourcedAmountFact,
    SourcedDayFact,
    TextFact,
    VacancyFacts,
)


def period_facts(period: Period) -> PeriodFacts:
    """The project's period or the grant's, as far as its source knows it; a grant closed before it begins has none."""
    days = danish.period(period.starts, period.ends, period.precision)
    return PeriodFacts(
        origin=Origin.of(period),
        starts=period.starts,
        ends=period.ends,
        text="Ingen: tilskuddet blev afsluttet, før perioden begyndte" if period.is_empty else days,
    )


def text_fact(statement: Statement | TargetGroup | None) -> TextFact | None:
    """A promise in words; None where it was not given."""
    if statement is None:
        return None
    return TextFact(origin=Origin.of(statement), text=statement.text, count=getattr(statement, "count", None))


def item_facts(entry: Track | Team) -> ItemFacts:
    """A track or a team."""
    return ItemFacts(
        origin=Origin.of(entry),
        id=entry.id,
        title=entry.title,
        text=entry.text,
    )


def activity_facts(activity: Activity) -> ActivityFacts:
    """An activity with its phase and its track."""
    return ActivityFacts(
        origin=Origin.of(activity),
        id=activity.id,
        title=activity.title,
        text=activity.text,
        phase=activity.phase,
        track=activity.track,
    )


def fund_facts(fund: Fund) -> FundFacts:
    """The fund and its agency."""
    portal = fund.term("portal")
    return FundFacts(
        origin=Origin.of(fund),
        title=fund.title,
        agency=fund.agency,
        purpose=fund.purpose,
        assessed_by=fund.assessed_by,
        account=fund.account,
        legal_basis=fund.legal_basis,
        call_closes=fund.call_closes,
        call_closes_at=fund.call_closes_at,
        portal=portal.text if portal else None,
        portal_address=portal.address if portal else None,
        published=fund.published,
        applications=fund.applications,
        projects=fund.projects,
        payment=fund.payment,
        frame=tuple(
            SourcedAmountFact(origin=Origin.of(entry), source=entry.source or "", value=entry.value)
            for entry in fund.frame
        ),
        starts=tuple(
            SourcedDayFact(origin=Origin.of(entry), source=entry.source or "", value=entry.value)
            for entry in fund.starts
        ),
    )


def goal_facts(goal: Goal, indicators: Iterable[Indicator], facts: dict[str, IndicatorFacts]) -> GoalFacts:
    """A goal with its own indicators."""
    return GoalFacts(
        origin=Origin.of(goal),
        id=goal.id,
        title=goal.title,
        text=goal.text,
        indicators=tuple(facts[indicator.id] for indicator in indicators if indicator.goal == goal.id),
    )


def indicator_facts(state: IndicatorState) -> IndicatorFacts:
    """An indicator from baseline over the latest measurement to target."""
    indicator, latest = state.indicator, state.latest
    return IndicatorFacts(
        origin=Origin.of(indicator, *state.measured),
        id=indicator.id,
        title=indicator.title,
        goal=indicator.goal,
        unit=indicator.unit,
        baseline=indicator.baseline,
        target=indicator.target,
        method=indicator.method,
        measured=latest.value if latest else None,
        measured_on=latest.happened if latest else None,
        reached=state.reached,
    )


def phase_facts(state: PhaseState) -> PhaseFacts:
    """A phase and how it stands on the day."""
    phase: Phase = state.phase
    when = "løbende"
    if phase.starts and phase.ends and not phase.ongoing:
        when = danish.period(phase.starts, phase.ends, phase.precision)
    return PhaseFacts(
        origin=Origin.of(phase),
        id=phase.id,
        title=phase.title,
        text=phase.text,
        starts=phase.starts,
        ends=phase.ends,
        when=when,
        status=word(words.PROGRESS, state.standing),
        running=state.standing == "running",
    )


def milestone_facts(state: MilestoneState) -> MilestoneFacts:
    """A milestone and how it stands on the day; why, if it was moved or dropped."""
    milestone, last = state.milestone, state.otherwise
    return MilestoneFacts(
        origin=Origin.of(milestone, *state.moves, *([state.dropped] if state.dropped else [])),
        id=milestone.id,
        title=milestone.title,
        phase=milestone.phase,
        promised=state.promised,
        due=state.due,
        reached=state.reached,
        status=word(words.ATTAINMENT, state.status),
        late=state.status == "late",
        cause=last.cause if last else None,
        action=last.action if last else None,
        shown_by=milestone.shown_by,
    )


def condition_facts(state: ConditionState) -> ConditionFacts:
    """A condition of the award letter, and what met it; what is to show it is no kind of event in a document."""
    condition, met = state.condition, state.met
    return ConditionFacts(
        origin=Origin.of(condition, *([met] if met else [])),
        id=condition.id,
        text=condition.text,
        page=condition.page,
        due=condition.due,
        responsible=condition.responsible,
        shown_by=None if condition.shown_by in SHOWING else condition.shown_by,
        met=state.met_on,
        evidence=met.evidence if isinstance(met, log.ConditionMet) else None,
        status=word(words.FULFILMENT, state.status),
    )


def person_facts(person: Person) -> PersonFacts:
    """Who has a role."""
    return PersonFacts(
        origin=Origin.of(person),
        role=word(words.ROLES, person.role),
        name=person.name,
        title=person.title,
        email=person.email,
        phone=person.phone,
    )


def vacancy_facts(vacancy: Vacancy) -> VacancyFacts:
    """A role that nobody has."""
    return VacancyFacts(origin=Origin.of(vacancy.last), role=word(words.ROLES, vacancy.role), since=vacancy.since)


def risk_facts(state: RiskState) -> RiskFacts:
    """A risk as it is judged on the day."""
    return RiskFacts(
        origin=Origin.of(state.risk, *state.changes),
        id=state.risk.id,
        title=state.risk.title,
        likelihood=word(words.LEVELS, state.risk.likelihood),
        impact=word(words.LEVELS, state.risk.impact),
        action=state.risk.action,
        ended=state.ended,
    )
