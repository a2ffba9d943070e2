"""How that came to be which the log tells, and what follows from it on a day."""

from __future__ import annotations

from typing import TypeVar

from msgspec import structs

from toolkit.core import events as log
from toolkit.core.answers import More
from toolkit.core.conditions import SHOWING
from toolkit.core.events import AnyEvent
from toolkit.core.explain.explanation import Explanation, Value, View, happened, latest, place, sum_of, written
from toolkit.core.explain.promised import promised
from toolkit.core.milestones import MilestoneState
from toolkit.core.plan import Report
from toolkit.core.proceedings import StepState
from toolkit.core.roles import stops

E = TypeVar("E", bound=AnyEvent)

# The lists of a document that are the period's events, and the names that a field has in the log.
HAPPENINGS: dict[str, tuple[type[AnyEvent], ...]] = {
    "held": (log.ActivityHeld,),
    "deviations": (log.Deviation,),
    "experiences": (log.Experience,),
    "advice": (log.Advice,),
}
_IN_THE_LOG = {"day": "happened", "answer": "change"}

# ── what has been reached ────────────────────────────────────────────────────────────────────


def milestone(view: View, id: str, name: str) -> Explanation | None:
    """A milestone's promise, its moves, and whether it was reached."""
    match name:
        case "due":
            return _due(view, id)
        case "promised":
            return promised(view, ("milestones", id, "due"))
        case "reached":
            reached = _reached(view, id)
            return happened(view, reached, "happened") if reached else _unsaid()
        case "status" | "late":
            state = _milestone(view, id)
            grant = view.state.grant
            lapsed = grant.over if grant and state and state.status == "lapsed" else None
            ends = (_reached(view, id), state.dropped if state else None, lapsed)
            events = (happened(view, event, "happened") for event in ends if event)
            return _follows(promised(view, ("milestones", id, "due")), *events)
        case "cause" | "action":
            state = _milestone(view, id)
            last = state and state.otherwise
            return happened(view, last, name, reason="") if last else _unsaid()
    return promised(view, ("milestones", id, name))


def reached(view: View) -> Explanation:
    """How many milestones have been reached, and which."""
    events = [_reached(view, each.milestone.id) for each in view.state.milestones]
    because = tuple(happened(view, event, "happened") for event in events if event)
    return Explanation(what="worked-out", value=view.report.milestones_reached, because=because)


def condition(view: View, id: str, name: str) -> Explanation | None:
    """A condition as project.yaml has it, and the event that says it was met."""
    state = next((each for each in view.report.conditions if each.condition.id == id), None)
    if state is None:
        return None
    match name:
        case "met":
            return happened(view, state.met, "happened") if state.met else _unsaid()
        case "evidence":
            return happened(view, state.met, name) if isinstance(state.met, log.ConditionMet) else _unsaid()
        case "status":
            events = [happened(view, state.met, "happened")] if state.met else []
            return _follows(promised(view, ("conditions", id, "due")), *events)
        case "shown_by" if state.condition.shown_by in SHOWING:
            return _unsaid()  # a kind of event is no word of a document
    return promised(view, ("conditions", id, name))


def _due(view: View, id: str) -> Explanation | None:
    """What is expected: the promised day, or that of the last move of one's own since."""
    first, state = promised(view, ("milestones", id, "due")), _milestone(view, id)
    if first is None or state is None:
        return first
    return latest("promised", [first, *(happened(view, event, "due") for event in state.moves)])


def _milestone(view: View, id: str) -> MilestoneState | None:
    return next((each for each in view.state.milestones if each.milestone.id == id), None)


def _reached(view: View, id: str) -> AnyEvent | None:
    """The first event that says so."""
    return next(iter(_all(view, log.MilestoneReached, milestone=id)), None)


def indicator(view: View, id: str, name: str) -> Explanation | None:
    """An indicator's baseline and target, and what was measured."""
    measured = _all(view, log.Measured, indicator=id)
    match name:
        case "measured":
            values = [happened(view, event, "value") for event in measured]
            return latest("latest", values) if values else _unsaid()
        case "measured_on":
            return happened(view, measured[-1], "happened") if measured else _unsaid()
        case "reached":
            goals = (promised(view, ("indicators", id, key)) for key in ("baseline", "target"))
            return _follows(*goals, *(happened(view, event, "value") for event in measured[-1:]))
    return promised(view, ("indicators", id, name))


def phase(view: View, id: str, name: str) -> Explanation | None:
    """A phase's days and words, and how far it is on the day."""
    if name in ("status", "running", "when"):
        days = (promised(view, ("phases", id, key)) for key in ("starts", "ends"))
        known, over = [day for day in days if day and day.value], view.state.grant and view.state.grant.over
        if name == "when":
            return _follows(*known)
        return _follows(*known, happened(view, over, "happened") if over else as_of(view))
    return promised(view, ("phases", id, name))


# ── people and risks ─────────────────────────────────────────────────────────────────────────


def person(view: View, number: int, name: str) -> Explanation | None:
    """Who has a role on the day: as project.yaml says, or as the log says who took it over."""
    found = view.state.people[number]
    took_over = (found.role, found.name, found.since)
    for event in view.state.history:
        if isinstance(event, log.PersonChanged) and (event.role, event.name, event.happened) == took_over:
            return happened(view, event, name) if name in ("role", "name") else _unsaid()
    return written(view, found, name)


def vacancy(view: View, number: int, name: str) -> Explanation | None:
    """A role that nobody has: whoever had it last stopped on a day."""
    last = view.state.vacancies[number].last
    said = [event for event in _all(view, log.PersonChanged, role=last.role) if stops(event, last)]
    match name:
        case "role":
            return written(view, last, "role")
        case "since":
            return _follows(happened(view, said[-1], "until") if said else written(view, last, "until"))
    return None


def risk(view: View, id: str, name: str) -> Explanation | None:
    """A risk as it was first judged, and each time it was judged anew."""
    changes = _all(view, log.RiskChanged, risk=id)
    if name == "ended":
        said = [event for event in changes if event.ended is not None]
        return happened(view, said[-1], "ended") if said else Explanation(what="worked-out", value=False)
    first = promised(view, ("risks", id, name))
    judged = changes if name in ("likelihood", "impact", "action") else ()
    later = [happened(view, event, name) for event in judged if getattr(event, name)]
    return latest("promised", [first, *later]) if first else None


# ── the period, and what happened in it ──────────────────────────────────────────────────────


def period(view: View, name: str) -> Explanation | None:
    """The period that a document reports: a duty to report sets it, else the project's own days do."""
    duty = next((report for report in view.state.plan.reports if report.period_ends == view.ends), None)
    closing = view.state.grant.ended if view.state.grant and view.state.grant.closed_on == view.ends else None
    match name:
        case "starts":
            if duty and duty.period_starts == view.starts:
                return written(view, duty, "period_starts")
            return _if_equal(promised(view, ("project_period", "starts")), view.starts) or _asked(view.starts)
        case "ends":
            whole = _if_equal(promised(view, ("project_period", "ends")), view.ends)
            if not whole and closing and not any(each.period_ends == view.ends for each in view.dossier.plan.reports):
                return happened(view, closing, "happened")
            return whole or (written(view, duty, "period_ends") if duty else _asked(view.ends))
    return _follows(period(view, "starts"), period(view, "ends"))


def following(view: View, name: str) -> Explanation | None:
    """The period after: from the next day to the next report's last, or to the project's."""
    match name:
        case "starts":
            return _follows(period(view, "ends"))
        case "ends":
            later = [duty for duty in view.state.plan.reports if duty.period_ends > view.ends]
            nearest: Report | None = min(later, key=lambda duty: duty.period_ends, default=None)
            ends = view.state.plan.project_period.ends
            if nearest and nearest.period_ends < ends:
                return written(view, nearest, "period_ends")
            return promised(view, ("project_period", "ends"))
    return _follows(following(view, "starts"), following(view, "ends"))


def happening(view: View, group: str, number: int, name: str) -> Explanation | None:
    """One of the period's events, by its number in the document's list."""
    events = (each for each in view.state.history if isinstance(each, HAPPENINGS[group]))
    listed = [each for each in events if view.starts <= each.happened]
    event, key = listed[number], _IN_THE_LOG.get(name, name)
    if key == "line" and isinstance(event, log.Deviation) and event.line:
        said = happened(view, event, "line", reason="")
        return structs.replace(said, value=view.state.plan.line_title(event.line))
    return happened(view, event, key, reason="") if key in event.__struct_fields__ else _unsaid()


def change(view: View, number: int, name: str) -> Explanation | None:
    """A change that was asked for or answered in the period, or more than is awarded, by its number in the list."""
    each, key = view.report.changes[number], _IN_THE_LOG.get(name, name)
    event: AnyEvent = each.event if isinstance(each, More) else each
    if isinstance(each, More) and name == "amount":
        return happened(view, each.said, "amount", reason="")
    if isinstance(each, More) and name in ("change", "answer"):
        return _follows(happened(view, event, "happened", reason=""))
    if isinstance(event, log.ChangeEvent) and name == "what":
        says = event.values or event.change == "carry-over"
        key = "values" if event.values else "change"
        return _follows(happened(view, event, key, reason="")) if says else _unsaid()
    is_idle = key == "amount" and isinstance(event, log.ChangeEvent) and event.change != "carry-over"
    return happened(view, event, key, reason="") if key in event.__struct_fields__ and not is_idle else _unsaid()


def as_of(view: View) -> Explanation:
    """The day itself."""
    return _asked(view.state.as_of)


# ── the case ─────────────────────────────────────────────────────────────────────────────────


def of_case(view: View, key: str) -> Explanation | None:
    """What the case that the document is about says of itself."""
    return written(view, view.case, key) if view.case else None


def case_number(view: View) -> Explanation | None:
    """The case's own number, else the project's."""
    if view.case and view.case.case_number:
        return written(view, view.case, "case_number")
    return promised(view, ("case_number",))


def competence(view: View) -> Explanation | None:
    """The body that decides the case, as its step names it."""
    found = view.report.proceedings
    return written(view, found.decides, "body") if found and found.decides else None


def step(view: View, number: int | None, name: str) -> Explanation | None:
    """One meeting of a step of the case: as the case says, and as the log set its day and tells what came of it."""
    proceedings = view.report.proceedings
    if proceedings is None:
        return None
    state = proceedings.current if number is None else proceedings.steps[number]
    if state is None:
        return None
    match name:
        case "day":
            return _day(view, state)
        case "item":
            return _item(view, state)
        case "decision" | "answer":
            said = state.decision if name == "decision" else state.answer
            return happened(view, said, "text") if said else _unsaid()
        case "current":
            return Explanation(what="asked", value=state.is_current, at=place(state.step.at, "id"))
    return written(view, state.step, name)


def _day(view: View, state: StepState) -> Explanation:
    """The day that the case says, and the one that the log set; where neither knows of it, that of the decision."""
    sets = [happened(view, event, "date") for event in state.events if isinstance(event, log.MeetingSet)]
    if sets or state.day is None or state.step.date == state.day:
        return latest("latest", [written(view, state.step, "date"), *sets])
    own = view.report.proceedings.decision if view.report.proceedings and state.is_current else state.decision
    return happened(view, own, "happened") if own else _asked(state.day)


def _item(view: View, state: StepState) -> Explanation:
    """The place on the agenda that was said with the meeting's own day, by the case or the log."""
    sets = [event for event in state.events if isinstance(event, log.MeetingSet) and event.item is not None]
    if not sets and state.item != state.step.item:
        return _unsaid()  # the case's is of another day
    is_of_case = state.step.date in (state.day, "to-follow") or not sets
    first = [written(view, state.step, "item")] if is_of_case else []
    return latest("latest", [*first, *(happened(view, event, "item") for event in sets)])


def decision(view: View, name: str) -> Explanation | None:
    """What the body decided."""
    found = view.report.proceedings
    return happened(view, found.decision, name) if found and found.decision else None


def appropriation(view: View) -> Explanation:
    """What the case asks for in all: expenses above zero, income below."""
    lines = view.case.appropriation if view.case else ()
    return sum_of("appropriation", (written(view, line, "amount", "line", name=line.title) for line in lines))


def appropriation_line(view: View, number: int, name: str) -> Explanation | None:
    """One line of it."""
    return written(view, view.case.appropriation[number], name) if view.case else None


def attachment(view: View, number: int, name: str) -> Explanation | None:
    """A paper that goes with the case."""
    return written(view, view.case.attachments[number], name) if view.case else None


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _all(view: View, kind: type[E], **about: str) -> list[E]:
    """The history's events of one kind about one thing."""
    events = (event for event in view.state.history if isinstance(event, kind))
    return [event for event in events if all(getattr(event, key) == id for key, id in about.items())]


def _last(view: View, kind: type[E], **about: str) -> E | None:
    found = _all(view, kind, **about)
    return found[-1] if found else None


def _follows(*because: Explanation | None) -> Explanation:
    return Explanation(what="worked-out", because=tuple(filter(None, because)))


def _asked(value: Value) -> Explanation:
    return Explanation(what="asked", value=value)


def _if_equal(found: Explanation | None, value: Value) -> Explanation | None:
    return found if found and found.value == value else None


def _unsaid() -> Explanation:
    """Nobody has said it, so no file can be named."""
    return Explanation(what="unsaid")
