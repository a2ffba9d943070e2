"""From a dossier and an occasion to the facts of one document."""

from __future__ import annotations

from datetime import timedelta

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import total
from toolkit.core.plan import Plan
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import (
    AppropriationFacts,
    AttachmentFacts,
    ChangeFacts,
    Facts,
    GroupFacts,
    HappeningFacts,
    IndicatorFacts,
    Origin,
    PeriodFacts,
    SourceFacts,
)
from toolkit.documents.from_case import decision_facts, step_facts
from toolkit.documents.from_change import request_of
from toolkit.documents.from_economy import accounts_of
from toolkit.documents.from_money import budget_facts, grant_facts
from toolkit.documents.from_plan import (
    activity_facts,
    fund_facts,
    goal_facts,
    indicator_facts,
    item_facts,
    milestone_facts,
    moved_milestones,
    period_facts,
    person_facts,
    phase_facts,
    risk_facts,
    text_fact,
)
from toolkit.documents.occasion import Occasion


def facts_of(dossier: Dossier, occasion: Occasion) -> Facts:
    """Everything that the document of `occasion` may say, from the one state of its day."""
    state = dossier.state(occasion.as_of, occasion.known_by)
    plan = state.plan
    milestones = tuple(milestone_facts(milestone) for milestone in state.milestones)
    people = tuple(person_facts(person) for person in state.people)
    indicators: dict[str, IndicatorFacts] = {each.indicator.id: indicator_facts(each) for each in state.indicators}
    period = _period(occasion)
    following = _following(plan, occasion)
    in_period = [event for event in state.history if occasion.starts <= event.happened]
    current = next((each for each in state.phases if each.phase is state.phase), None)
    return Facts(
        origin=Origin.of(*([occasion.case] if occasion.case else []), synthetic=plan.synthetic),
        title=plan.title,
        municipality=plan.municipality,
        municipality_name=plan.municipality_name,
        area=plan.area,
        case_number=(occasion.case and occasion.case.case_number) or plan.case_number,
        department=plan.applicant.department if plan.applicant else None,
        cvr=plan.applicant.cvr if plan.applicant else None,
        address=plan.applicant.address if plan.applicant else None,
        summary=text_fact(plan.summary),
        purpose=text_fact(plan.purpose),
        target_group=text_fact(plan.target_group),
        as_of=occasion.as_of,
        project_period=period_facts(plan.project_period),
        period=period,
        following=following,
        phase=phase_facts(current) if current else None,
        fund=fund_facts(plan.terms) if plan.terms and plan.terms.gives_grants else None,
        grant=grant_facts(state.grant, state.history) if state.grant else None,
        goals=tuple(goal_facts(goal, plan.indicators, indicators) for goal in plan.goals),
        indicators=tuple(indicators.values()),
        tracks=tuple(item_facts(track) for track in plan.tracks),
        teams=tuple(item_facts(team) for team in plan.teams),
        phases=tuple(phase_facts(phase) for phase in state.phases),
        milestones=milestones,
        milestones_ahead=tuple(
            each
            for each in milestones
            if not each.reached and each.status.id != "dropped" and (following is None or each.due <= following.ends)
        ),
        milestones_late=tuple(each for each in milestones if each.late),
        milestones_moved=tuple(moved_milestones(state.milestones, occasion)),
        activities=tuple(activity_facts(activity) for activity in plan.activities),
        people=people,
        project_manager=next((each for each in people if each.role.id == "project_manager"), None),
        groups=tuple(
            GroupFacts(
                origin=Origin.of(group),
                kind=word(words.GROUPS, group.kind),
                title=group.title,
                members=danish.listed(group.members) if group.members else None,
                text=group.text,
            )
            for group in plan.groups
        ),
        risks=tuple(risk_facts(risk) for risk in state.risks),
        budget=budget_facts(state, state.budget, dossier, occasion) if state.budget else None,
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
                origin=Origin.of(event),
                day=event.happened,
                change=word(words.CHANGES, event.change),
                answer=word(words.ANSWERS, event.kind),
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
            AppropriationFacts(origin=Origin.of(line), title=line.title, year=str(line.year), amount=line.amount)
            for line in (occasion.case.appropriation if occasion.case else ())
        ),
        appropriation_total=total(line.amount for line in (occasion.case.appropriation if occasion.case else ())),
        step=step_facts(occasion.step, dossier, occasion) if occasion.step else None,
        steps=tuple(step_facts(step, dossier, occasion) for step in occasion.case.steps) if occasion.case else (),
        decided=occasion.decided,
        decision=decision_facts(dossier, occasion) if occasion.decided else None,
        attachments=tuple(
            AttachmentFacts(origin=Origin.of(paper), no=paper.no, title=paper.title, open=paper.open)
            for paper in (occasion.case.attachments if occasion.case else ())
        ),
        sources=tuple(
            SourceFacts(origin=Origin((source.at.span,)), id=source.id, title=source.title, address=source.address)
            for source in plan.sources
        ),
    )


# ── its parts ────────────────────────────────────────────────────────────────────────────────


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


def _happening(event: AnyEvent, **told: object) -> HappeningFacts:
    return HappeningFacts(origin=Origin.of(event), day=event.happened, **told)  # type: ignore[arg-type]


# ── the case ─────────────────────────────────────────────────────────────────────────────────
