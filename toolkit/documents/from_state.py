"""From a dossier and an occasion to the facts of one document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from toolkit.core import events as log
from toolkit.core.cases import Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent, Event
from toolkit.core.fund import Fund
from toolkit.core.money import NOTHING, Money, share, total
from toolkit.core.plan import (
    Activity,
    Budget,
    Goal,
    Indicator,
    Level,
    Period,
    Person,
    Phase,
    Plan,
    Role,
    Statement,
    TargetGroup,
    Team,
    Track,
)
from toolkit.core.records import Entry, Share
from toolkit.core.state import (
    BudgetState,
    GrantState,
    IndicatorState,
    LineState,
    MilestoneState,
    PhaseState,
    RiskState,
    State,
    corrected,
)
from toolkit.documents import danish
from toolkit.documents.facts import (
    ActivityFacts,
    AppropriationFacts,
    AttachmentFacts,
    BudgetFacts,
    ChangeFacts,
    DecisionFacts,
    Facts,
    FundFacts,
    FundingFacts,
    GoalFacts,
    GrantFacts,
    GroupFacts,
    HappeningFacts,
    IndicatorFacts,
    ItemFacts,
    LineFacts,
    MilestoneFacts,
    Origin,
    PeriodFacts,
    PersonFacts,
    PhaseFacts,
    RiskFacts,
    SourcedAmountFact,
    SourcedDayFact,
    SourceFacts,
    StepFacts,
    TextFact,
    YearFacts,
)
from toolkit.documents.from_change import CHANGES, request_of
from toolkit.documents.from_economy import accounts_of, explanation
from toolkit.documents.occasion import Occasion

# ── the document's words for the model's ─────────────────────────────────────────────────────

ROLES: dict[Role, str] = {
    "project_owner": "Projektejer",
    "project_manager": "Projektleder",
    "grant_manager": "Tilskudsansvarlig",
    "contact": "Kontaktperson",
    "controller": "Økonomikonsulent",
    "auditor": "Revisor",
    "evaluator": "Evaluator",
    "team_coach": "Teamcoach",
}
GROUPS = {
    "steering_committee": "Styregruppe",
    "advisory_group": "Følgegruppe",
    "project_group": "Projektgruppe",
    "team": "Team",
}
LEVELS: dict[Level, str] = {"low": "Lav", "medium": "Middel", "high": "Høj"}
ANSWERS = {"change-requested": "Søgt", "change-approved": "Godkendt", "change-refused": "Afvist"}
OUTCOMES: dict[log.Outcome, str] = {
    "approved": "Godkendt",
    "noted": "Taget til efterretning",
    "discussed": "Drøftet",
    "recommended": "Anbefalet",
    "amended": "Godkendt med ændringer",
    "postponed": "Udsat",
    "returned": "Sendt tilbage til forvaltningen",
    "rejected": "Ikke godkendt",
}
PHASE_STATUS = {"upcoming": "Ikke begyndt", "running": "I gang", "finished": "Afsluttet"}
MILESTONE_STATUS = {"upcoming": "Kommer", "late": "Forsinket", "reached": "Nået", "dropped": "Udgået"}


def facts_of(dossier: Dossier, occasion: Occasion) -> Facts:
    """Everything that the document of `occasion` may say, from the one state of its day."""
    state = dossier.state(occasion.as_of, occasion.known_by)
    plan = state.plan
    milestones = tuple(_milestone(milestone) for milestone in state.milestones)
    people = tuple(_person(person) for person in state.people)
    indicators: dict[str, IndicatorFacts] = {each.indicator.id: _indicator(each) for each in state.indicators}
    period = _period(occasion)
    following = _following(plan, occasion)
    in_period = [event for event in state.history if occasion.starts <= event.happened]
    current = next((each for each in state.phases if each.phase is state.phase), None)
    return Facts(
        origin=_origin(*([occasion.case] if occasion.case else []), synthetic=plan.synthetic),
        title=plan.title,
        municipality=plan.municipality,
        municipality_name=plan.municipality_name,
        area=plan.area,
        case_number=(occasion.case and occasion.case.case_number) or plan.case_number,
        department=plan.applicant.department if plan.applicant else None,
        cvr=plan.applicant.cvr if plan.applicant else None,
        address=plan.applicant.address if plan.applicant else None,
        summary=_text(plan.summary),
        purpose=_text(plan.purpose),
        target_group=_text(plan.target_group),
        as_of=occasion.as_of,
        project_period=_plan_period(plan.project_period),
        period=period,
        following=following,
        phase=_phase(current) if current else None,
        fund=_fund(plan.terms) if plan.terms and plan.terms.gives_grants else None,
        grant=_grant(state.grant, state.history) if state.grant else None,
        goals=tuple(_goal(goal, plan.indicators, indicators) for goal in plan.goals),
        indicators=tuple(indicators.values()),
        tracks=tuple(_item(track) for track in plan.tracks),
        teams=tuple(_item(team) for team in plan.teams),
        phases=tuple(_phase(phase) for phase in state.phases),
        milestones=milestones,
        milestones_ahead=tuple(
            each
            for each in milestones
            if not each.reached
            and each.status != MILESTONE_STATUS["dropped"]
            and (following is None or each.due <= following.ends)
        ),
        milestones_late=tuple(each for each in milestones if each.late),
        milestones_moved=tuple(_moved(state.milestones, occasion)),
        activities=tuple(_activity(activity) for activity in plan.activities),
        people=people,
        project_manager=next((each for each in people if each.role == ROLES["project_manager"]), None),
        groups=tuple(
            GroupFacts(
                origin=_origin(group),
                kind=GROUPS[group.kind],
                title=group.title,
                members=danish.listed(group.members) if group.members else None,
                text=group.text,
            )
            for group in plan.groups
        ),
        risks=tuple(_risk(risk) for risk in state.risks),
        budget=_budget(state, state.budget, dossier, occasion) if state.budget else None,
        accounts=accounts_of(state),
        held=tuple(
            _happening(event, title=event.title, participants=event.participants, evidence=event.evidence)
            for event in in_period
            if isinstance(event, log.ActivityHeld)
        ),
        deviations=tuple(
            _happening(event, cause=event.cause, action=event.action)
            for event in in_period
            if isinstance(event, log.Deviation) and event.line is None  # a line's is told beside its money
        ),
        experiences=tuple(
            _happening(event, theme=event.theme, text=event.text)
            for event in in_period
            if isinstance(event, log.Experience)
        ),
        advice=tuple(
            _happening(event, theme=event.theme, text=event.text)
            for event in in_period
            if isinstance(event, log.Advice)
        ),
        changes=tuple(
            ChangeFacts(
                origin=_origin(event),
                day=event.happened,
                change=CHANGES[event.change],
                answer=ANSWERS[event.kind],
                by=event.by,
                reason=event.reason,
            )
            for event in in_period
            if isinstance(event, log.ChangeEvent)
        ),
        request=request_of(occasion.change, state) if occasion.change else None,
        case_title=occasion.case.title if occasion.case else None,
        case_officer=occasion.case.case_officer if occasion.case else None,
        appropriation=tuple(
            AppropriationFacts(origin=_origin(line), title=line.title, year=str(line.year), amount=line.amount)
            for line in (occasion.case.appropriation if occasion.case else ())
        ),
        appropriation_total=total(line.amount for line in (occasion.case.appropriation if occasion.case else ())),
        step=_step(occasion.step, dossier, occasion) if occasion.step else None,
        steps=tuple(_step(step, dossier, occasion) for step in occasion.case.steps) if occasion.case else (),
        decided=occasion.decided,
        decision=_decision(dossier, occasion) if occasion.decided else None,
        attachments=tuple(
            AttachmentFacts(origin=_origin(paper), no=paper.no, title=paper.title, open=paper.open)
            for paper in (occasion.case.attachments if occasion.case else ())
        ),
        sources=tuple(
            SourceFacts(origin=Origin((source.at.span,)), id=source.id, title=source.title, address=source.address)
            for source in plan.sources
        ),
    )


# ── its parts ────────────────────────────────────────────────────────────────────────────────


def _origin(*entries: Entry, synthetic: bool = False) -> Origin:
    return Origin(tuple(entry.at.span for entry in entries), synthetic or any(entry.synthetic for entry in entries))


def _plan_period(period: Period) -> PeriodFacts:
    return PeriodFacts(
        origin=_origin(period),
        starts=period.starts,
        ends=period.ends,
        text=danish.period(period.starts, period.ends, period.precision),
    )


def _period(occasion: Occasion) -> PeriodFacts:
    """The occasion's own period: it follows from the duty to report, which each document says by itself."""
    return PeriodFacts(starts=occasion.starts, ends=occasion.ends, text=danish.period(occasion.starts, occasion.ends))


def _following(plan: Plan, occasion: Occasion) -> PeriodFacts | None:
    """From the day after to the next report's last day, or to the project's."""
    ends = plan.project_period.ends
    if occasion.ends >= ends:
        return None
    starts = occasion.ends + timedelta(days=1)
    later = [duty.period_ends for duty in plan.reports if occasion.ends < duty.period_ends < ends]
    until = min(later, default=ends)
    return PeriodFacts(starts=starts, ends=until, text=danish.period(starts, until))


def _text(statement: Statement | TargetGroup | None) -> TextFact | None:
    if statement is None:
        return None
    return TextFact(origin=_origin(statement), text=statement.text, count=getattr(statement, "count", None))


def _item(entry: Track | Team) -> ItemFacts:
    return ItemFacts(
        origin=_origin(entry),
        id=entry.id,
        title=entry.title,
        text=entry.text,
    )


def _activity(activity: Activity) -> ActivityFacts:
    return ActivityFacts(
        origin=_origin(activity),
        id=activity.id,
        title=activity.title,
        text=activity.text,
        phase=activity.phase,
        track=activity.track,
    )


def _fund(fund: Fund) -> FundFacts:
    return FundFacts(
        origin=_origin(fund),
        title=fund.title,
        agency=fund.agency,
        purpose=fund.purpose,
        assessed_by=fund.assessed_by,
        account=fund.account,
        legal_basis=fund.legal_basis,
        published=fund.published,
        applications=fund.applications,
        projects=fund.projects,
        payment=fund.payment,
        frame=tuple(
            SourcedAmountFact(origin=_origin(entry), source=entry.source or "", value=entry.value)
            for entry in fund.frame
        ),
        starts=tuple(
            SourcedDayFact(origin=_origin(entry), source=entry.source or "", value=entry.value) for entry in fund.starts
        ),
    )


def _grant(state: GrantState, history: Iterable[AnyEvent]) -> GrantFacts:
    """What project.yaml says of it, and what the log says: each said by its own, for one may be constructed."""
    told = {kind: [event for event in history if isinstance(event, kind)] for kind in _GRANT_TOLD}
    return GrantFacts(
        origin=_origin(state.grant),
        origins={field: _origin(*told[kind]) for kind, field in _GRANT_TOLD.items() if told[kind]},
        applied=state.applied,
        awarded=state.awarded,
        received=state.received,
        repaid=state.repaid,
        applied_on=state.applied_on,
        awarded_on=state.awarded_on,
        file_number=state.grant.grantor_file_number,
        in_full=state.awarded == state.applied,
    )


_GRANT_TOLD: dict[type[AnyEvent], str] = {
    log.Applied: "applied_on",
    log.Awarded: "awarded_on",
    log.InstalmentReceived: "received",
    log.Repaid: "repaid",
}


def _goal(goal: Goal, indicators: Iterable[Indicator], facts: dict[str, IndicatorFacts]) -> GoalFacts:
    return GoalFacts(
        origin=_origin(goal),
        id=goal.id,
        title=goal.title,
        text=goal.text,
        indicators=tuple(facts[indicator.id] for indicator in indicators if indicator.goal == goal.id),
    )


def _indicator(state: IndicatorState) -> IndicatorFacts:
    indicator, latest = state.indicator, state.latest
    return IndicatorFacts(
        origin=_origin(indicator, *state.measured),
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


def _phase(state: PhaseState) -> PhaseFacts:
    phase: Phase = state.phase
    when = "løbende"
    if phase.starts and phase.ends and not phase.ongoing:
        when = danish.period(phase.starts, phase.ends, phase.precision)
    return PhaseFacts(
        origin=_origin(phase),
        id=phase.id,
        title=phase.title,
        text=phase.text,
        starts=phase.starts,
        ends=phase.ends,
        when=when,
        status=PHASE_STATUS[state.status],
        running=state.status == "running",
    )


def _milestone(state: MilestoneState) -> MilestoneFacts:
    milestone, last = state.milestone, state.dropped or (state.moves[-1] if state.moves else None)
    return MilestoneFacts(
        origin=_origin(milestone, *state.moves, *([state.dropped] if state.dropped else [])),
        id=milestone.id,
        title=milestone.title,
        phase=milestone.phase,
        promised=milestone.due,
        due=state.due,
        reached=state.reached,
        status=MILESTONE_STATUS[state.status],
        late=state.status == "late",
        cause=last.cause if last else None,
        action=last.action if last else None,
        shown_by=milestone.shown_by,
    )


def _moved(states: Iterable[MilestoneState], occasion: Occasion) -> Iterable[MilestoneFacts]:
    """The milestones that were moved or dropped within the occasion's period."""
    for state in states:
        events: list[Event] = [*state.moves, *([state.dropped] if state.dropped else [])]
        if any(occasion.starts <= event.happened for event in events):
            yield _milestone(state)


def _person(person: Person) -> PersonFacts:
    return PersonFacts(
        origin=_origin(person),
        role=ROLES[person.role],
        name=person.name,
        title=person.title,
        email=person.email,
        phone=person.phone,
    )


def _risk(state: RiskState) -> RiskFacts:
    return RiskFacts(
        origin=_origin(state.risk, *state.changes),
        id=state.risk.id,
        title=state.risk.title,
        likelihood=LEVELS[state.risk.likelihood],
        impact=LEVELS[state.risk.impact],
        action=state.risk.action,
        ended=state.ended,
    )


def _budget(state: State, money: BudgetState, dossier: Dossier, occasion: Occasion) -> BudgetFacts:
    budget, period = money.budget, state.plan.project_period
    years = range(period.starts.year, period.ends.year + 1)
    in_period: dict[str, Money] = {}
    for each in state.booked:
        if each.line is not None and occasion.starts <= each.posted:
            in_period[each.line] = in_period.get(each.line, NOTHING) + each.amount
    causes = _causes(state)
    approval = next((event for event in reversed(state.history) if _approves(event, budget)), None)
    lines = tuple(
        _line(line, budget, years, in_period.get(line.line.id, NOTHING), causes.get(line.line.id, []))
        for line in money.lines
    )
    by_year = tuple(
        YearFacts(
            origin=_origin(budget),
            year=str(year),
            budget=_sum_or_none(line.years[index].budget for line in lines),
            spent=total(line.years[index].spent for line in lines),
        )
        for index, year in enumerate(years)
    )
    ended = occasion.as_of >= period.ends and state.grant is not None and state.grant.awarded is not None
    awarded = state.grant.awarded if state.grant and state.grant.awarded is not None else NOTHING
    return BudgetFacts(
        origin=_origin(budget, *budget.lines, *dossier.postings.rules),
        version=budget.id,
        approved_on=approval.happened if approval else None,
        approved_by=approval.by if isinstance(approval, log.ChangeApproved) else None,
        lines=lines,
        years=by_year,
        funding=tuple(
            FundingFacts(
                origin=_origin(funding),
                kind="Egenfinansiering" if funding.kind == "own" else "Medfinansiering",
                title=funding.title,
                amount=funding.amount,
            )
            for funding in budget.funding or state.plan.funding
        ),
        total=money.amount,
        spent=money.spent,
        in_period=total(in_period.values()),
        committed=money.committed,
        remaining=money.remaining,
        variance=money.spent - money.amount,
        unallocated=money.unallocated,
        not_eligible=money.not_eligible,
        elsewhere=money.elsewhere,
        used=_share(money.spent, money.amount),
        unspent=awarded - money.spent if ended else None,
        price_level=budget.price_level,
    )


def _approves(event: AnyEvent, budget: Budget) -> bool:
    return isinstance(event, log.Awarded | log.ChangeApproved) and event.budget == budget.id


def _causes(state: State) -> dict[str, list[str]]:
    """What the log says of why each line's spending is not as budgeted."""
    causes: dict[str, list[str]] = {}
    for event in state.history:
        if isinstance(event, log.Deviation) and event.line:
            causes.setdefault(event.line, []).append(event.cause)
    return causes


def _line(state: LineState, budget: Budget, years: range, in_period: Money, causes: list[str]) -> LineFacts:
    line = state.line
    return LineFacts(
        origin=_origin(line, synthetic=budget.synthetic),
        id=line.id,
        title=line.title,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        budget=line.amount,
        spent=state.spent,
        in_period=in_period,
        committed=state.committed,
        remaining=state.remaining,
        used=_share(state.spent, line.amount),
        variance=state.spent - line.amount,
        years=tuple(
            YearFacts(
                origin=_origin(line, synthetic=budget.synthetic),
                year=str(year),
                budget=line.in_year(year),
                spent=state.by_year.get(year, NOTHING),
            )
            for year in years
        ),
        note=line.note,
        explanation=explanation(causes),
    )


def _share(part: Money, whole: Money) -> Share | None:
    exact = share(part, whole)
    return None if exact is None else Share(exact)


def _sum_or_none(amounts: Iterable[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None


def _happening(event: AnyEvent, **told: object) -> HappeningFacts:
    return HappeningFacts(origin=_origin(event), day=event.happened, **told)  # type: ignore[arg-type]


# ── the case ─────────────────────────────────────────────────────────────────────────────────


def _step(step: Step, dossier: Dossier, occasion: Occasion) -> StepFacts:
    """A step as the current one may tell of it: what earlier bodies decided or answered, never what came later."""
    assert occasion.case is not None
    day, item = (None if step.date == "to-follow" else step.date), step.item
    current = occasion.step is not None and step.id == occasion.step.id
    decision = answer = None
    told: list[Event] = []
    for event in _known(dossier, occasion):
        match event:
            case log.MeetingSet(case=occasion.case.id, step=step.id) if current or event.happened < occasion.as_of:
                day, item = event.date, event.item or item
            case log.Decided(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                decision = event.text
            case log.ConsultationAnswered(case=occasion.case.id, step=step.id) if event.happened < occasion.as_of:
                answer = event.text
            case _:
                continue
        told.append(event)
    return StepFacts(
        origin=_origin(step, *told),
        body=step.body,
        day=day,
        item=item,
        place=step.place,
        case_type=step.case_type,
        consultation=step.consultation,
        proposed_by=step.proposed_by,
        proposal=step.proposal,
        current=current,
        decision=decision,
        answer=answer,
    )


def _decision(dossier: Dossier, occasion: Occasion) -> DecisionFacts | None:
    """What the log says that this step decided; None until it is logged."""
    assert occasion.case is not None
    assert occasion.step is not None
    found = None
    for event in _known(dossier, occasion):
        match event:
            case log.Decided(case=occasion.case.id, step=occasion.step.id):
                found = DecisionFacts(
                    origin=_origin(event),
                    outcome=OUTCOMES[event.outcome],
                    text=event.text,
                    absent=event.absent,
                    not_taking_part=event.not_taking_part,
                    votes=event.votes,
                    minority=event.minority,
                )
            case _:
                pass
    return found


def _known(dossier: Dossier, occasion: Occasion) -> list[AnyEvent]:
    """The log as it was known, whatever day it tells of: a case's later steps are told by their own documents."""
    return corrected(event for event in dossier.events if event.recorded <= occasion.known_by)
