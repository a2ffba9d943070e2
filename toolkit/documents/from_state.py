"""From a dossier and an occasion to the facts of one document."""

from __future__ import annotations

from datetime import date

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.answers import More
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import NOTHING
from toolkit.core.occasion import Occasion
from toolkit.core.plan import Plan
from toolkit.core.report import Report, report_of
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
from toolkit.documents.from_change import change_said, request_facts
from toolkit.documents.from_economy import accounts_of
from toolkit.documents.from_money import budget_facts, grant_facts
from toolkit.documents.from_plan import (
    activity_facts,
    condition_facts,
    fund_facts,
    goal_facts,
    indicator_facts,
    item_facts,
    milestone_facts,
    period_facts,
    person_facts,
    phase_facts,
    risk_facts,
    text_fact,
    vacancy_facts,
)


def facts_of(dossier: Dossier, occasion: Occasion) -> Facts:
    """Everything that the document of `occasion` may say."""
    return facts_from(report_of(dossier, occasion))


def facts_from(report: Report) -> Facts:
    """A report in the words of documents; every figure of it is the report's own."""
    occasion, state = report.occasion, report.state
    plan, case, proceedings, spending = state.plan, report.occasion.case, report.proceedings, report.spending
    people = tuple(person_facts(person) for person in state.people)
    indicators: dict[str, IndicatorFacts] = {each.indicator.id: indicator_facts(each) for each in state.indicators}
    years = {each.event.called: each.year for each in report.carry_overs}
    current = next((each for each in state.phases if each.phase is state.phase), None)
    return Facts(
        origin=Origin.of(*([case] if case else []), synthetic=plan.synthetic),
        title=plan.title,
        municipality=plan.municipality,
        municipality_name=plan.municipality_name,
        area=plan.area,
        cohort=plan.cohort,
        case_number=(case and case.case_number) or plan.case_number,
        department=plan.applicant.department if plan.applicant else None,
        cvr=plan.applicant.cvr if plan.applicant else None,
        address=plan.applicant.address if plan.applicant else None,
        summary=text_fact(plan.summary),
        purpose=text_fact(plan.purpose),
        target_group=text_fact(plan.target_group),
        as_of=occasion.as_of,
        project_period=period_facts(plan.project_period),
        grant_period=_grant_period(plan),
        period=_period(occasion.starts, occasion.ends),
        following=_period(report.following.starts, report.following.ends) if report.following else None,
        phase=phase_facts(current) if current else None,
        fund=fund_facts(plan.terms) if plan.terms and plan.terms.gives_grants else None,
        grant=grant_facts(state.grant, state.history) if state.grant else None,
        goals=tuple(goal_facts(goal, plan.indicators, indicators) for goal in plan.goals),
        indicators=tuple(indicators.values()),
        tracks=tuple(item_facts(track) for track in plan.tracks),
        teams=tuple(item_facts(team) for team in plan.teams),
        phases=tuple(phase_facts(phase) for phase in state.phases),
        milestones=tuple(map(milestone_facts, state.milestones)),
        milestones_ahead=tuple(map(milestone_facts, report.milestones_ahead)),
        milestones_late=tuple(map(milestone_facts, report.milestones_late)),
        milestones_moved=tuple(map(milestone_facts, report.milestones_moved)),
        milestones_reached=report.milestones_reached,
        conditions=tuple(map(condition_facts, report.conditions)),
        activities=tuple(activity_facts(activity) for activity in plan.activities),
        people=people,
        vacancies=tuple(vacancy_facts(vacancy) for vacancy in state.vacancies),
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
        budget=budget_facts(report, state.budget, spending) if state.budget and spending else None,
        accounts=accounts_of(report),
        held=tuple(
            _happening(event, title=event.title, participants=event.participants, evidence=event.evidence)
            for event in report.events
            if isinstance(event, log.ActivityHeld)
        ),
        deviations=tuple(
            _happening(
                event, line=plan.line_title(event.line) if event.line else None, cause=event.cause, action=event.action
            )
            for event in report.events
            if isinstance(event, log.Deviation)
        ),
        experiences=tuple(
            _happening(event, theme=event.theme, text=event.text)
            for event in report.events
            if isinstance(event, log.Experience)
        ),
        advice=tuple(
            _happening(event, theme=event.theme, text=event.text)
            for event in report.events
            if isinstance(event, log.Advice)
        ),
        changes=tuple(
            _more(each) if isinstance(each, More) else _change(each, plan, years.get(each.called))
            for each in report.changes
        ),
        request=request_facts(report.request, plan) if report.request else None,
        case_title=case.title if case else None,
        case_officer=case.case_officer if case else None,
        appropriation=tuple(
            AppropriationFacts(origin=Origin.of(line), title=line.title, year=str(line.year), amount=line.amount)
            for line in (case.appropriation if case else ())
        ),
        appropriation_total=proceedings.appropriation if proceedings else NOTHING,
        competence=proceedings.decides.body if proceedings and proceedings.decides else None,
        step=step_facts(proceedings.current) if proceedings and proceedings.current else None,
        steps=tuple(map(step_facts, proceedings.steps)) if proceedings else (),
        decided=occasion.decided,
        decision=decision_facts(proceedings.decision)
        if occasion.decided and proceedings and proceedings.decision
        else None,
        attachments=tuple(
            AttachmentFacts(origin=Origin.of(paper), no=paper.no, title=paper.title, open=paper.open)
            for paper in (case.attachments if case else ())
        ),
        unwritten=(
            *(name for name in ("goals", "phases") if name in plan.at.unwritten and not getattr(plan, name)),
            *(["budget"] if plan.unwritten and state.budget is None else []),
        ),
        sources=tuple(
            SourceFacts(origin=Origin((source.at.span,)), id=source.id, title=source.title, address=source.address)
            for source in plan.sources
        ),
    )


# ── its parts ────────────────────────────────────────────────────────────────────────────────


def _period(starts: date, ends: date) -> PeriodFacts:
    """A period of the occasion: it follows from the duty to report, which each document says by itself."""
    return PeriodFacts(starts=starts, ends=ends, text=danish.period(starts, ends))


def _grant_period(plan: Plan) -> PeriodFacts | None:
    """The grant's own period, where its days are others than the project's."""
    own, project = plan.grant_period, plan.project_period
    return period_facts(own) if own and (own.starts, own.ends) != (project.starts, project.ends) else None


def _change(event: log.ChangeEvent, plan: Plan, year: int | None) -> ChangeFacts:
    return ChangeFacts(
        origin=Origin.of(event),
        day=event.happened,
        change=word(words.CHANGES, event.change),
        what=change_said(event, plan, year),
        amount=event.amount if year else None,
        answer=word(words.ANSWERS, event.kind),
        by=event.by,
        reason=event.reason,
    )


def _more(more: More) -> ChangeFacts:
    event = more.event
    return ChangeFacts(
        origin=Origin.of(event, more.said),
        day=event.happened,
        change=word(words.ASKED, more.asked),
        what=None,
        amount=more.said.amount,
        answer=word(words.MORE_ANSWERS, more.answer),
        by=event.by if isinstance(event, log.Closed) else None,
        reason=event.reason if isinstance(event, log.Rejected) else None,
    )


def _happening(event: AnyEvent, **told: object) -> HappeningFacts:
    return HappeningFacts(origin=Origin.of(event), day=event.happened, **told)  # type: ignore[arg-type]
