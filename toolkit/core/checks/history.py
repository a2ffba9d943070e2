"""What the log says, held as corrected against the plan as it was changed by then: the one gate for every event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import structs

from toolkit.core import events as log
from toolkit.core.answers import course_of
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent, Event
from toolkit.core.money import kroner
from toolkit.core.plan import Period, Plan
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.promise import awarded_by, with_changes, without_refused
from toolkit.core.state import State, corrected

declare(
    "correction-above",
    "error",
    N_("{event} stands below, at line {line}, and a correction corrects what stands above it: this one does nothing."),
    N_("move this line below line {line}"),
)
declare(
    "refused-after-declined",
    "warning",
    N_("{before}; with this no, of {day}, the grant that was awarded on {awarded} is itself refused."),
    N_("if it is of that application too, take this one back: pulje log … corrected event={event} withdrawn=true"),
    N_("do not log it where it is of that application too; if it is of the grant itself, log it all the same"),
)
_SAID_NO = N_("On {day} the agency said no to the application for more")
_TAKEN_BACK = N_("On {day} the application for more was taken back")
declare(
    "target-absent",
    "error",
    N_("On {day} the plan has no {kind} {id}: {why}"),
    N_("correct the day or the name: pulje log … corrected event={event} values.happened=… or values.{key}=…"),
    N_("correct the day or the name"),
)
declare(
    "reached-already",
    "note",
    N_("{milestone} was reached on {day} already: that day counts, and this changes nothing."),
    N_("if it was not reached then: pulje log … corrected event={event} withdrawn=true"),
    N_("leave it out, or correct what the log says first: pulje log … corrected event={event} withdrawn=true"),
)
declare(
    "logged-twice",
    "warning",
    N_("The log says the same of {day} already, as {before}: both count."),
    N_(
        "if it happened once, take one back: pulje log … corrected event={event} withdrawn=true; if it happened twice, "
        "say what tells them apart: pulje log … corrected event={event} values.note=…"
    ),
    N_("if it happened once, leave it out; if it happened twice, say what tells them apart: note=…"),
)
declare(
    "risk-is-over",
    "warning",
    N_("{risk} was ended on {day}, and this does not say that it is back: no report has it."),
    N_("if it is back: pulje log … corrected event={event} values.ended=false"),
    N_("if it is back, write ended=false too"),
)
declare(
    "due-outside-period",
    "warning",
    N_("{milestone} is moved to {day}, outside the project period as it is then, {starts} to {ends}."),
    N_("correct it: pulje log … corrected event={event} values.due=…, or log the extension that is approved"),
    N_("write a day in the period, or log the extension that is approved"),
)
declare(
    "happened-before-period",
    "warning",
    N_("It is said to have happened on {day}, before the project period begins on {starts}."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…"),
    N_("correct the day: happened={starts}, or --on"),
)
declare(
    "logged-after-end",
    "warning",
    N_("The grant was {how} on {end}, and this is said to have happened after it."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…; {again}"),
    N_("correct the day; {again}"),
)
_GOES_ON = N_("if the grant goes on, log that too: pulje log … awarded amount=… happened={day}")
_GOES_ON_BY = N_("if the grant goes on, log that too: pulje log … awarded amount=… budget={budget} happened={day}")

declare(
    "change-before-award",
    "warning",
    N_("On {day}, when it was approved, nothing is awarded by the log: that it says {amount} kr. changes nothing."),
    N_("correct the day: pulje log … corrected event={event} values.happened=…{award}"),
    N_("log the award first, pulje log … awarded amount=…, or write the day that the change was approved: happened=…"),
)
_AWARD_BEFORE = N_(", or log the award that came before it: pulje log … awarded amount=… happened=…")
_AWARD_EARLIER = N_(", or that of the award: pulje log … corrected event={award} values.happened=…")

_LONG = 3  # years before the period in which preparations are still likely

# What may be logged after the agency has closed or refused: what is settled then, and nothing that moves the work.
_AFTERWARDS = (
    log.Repaid
    | log.InstalmentReceived  # after a refusal it is told by what it came to (rejected-yet-received)
    | log.InstalmentReleased
    | log.ConditionMet
    | log.Audited
    | log.OrderCancelled
    | log.Noted
    | log.Corrected
    | log.Submitted
    | log.MeetingSet
    | log.Decided
    | log.ConsultationAnswered
    | log.Experience
    | log.Advice
    | log.Imported
)
_ENDED = {"rejected": N_("refused"), "closed": N_("closed")}


def corrections_stand_below(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A correction corrects what stands above it; above what it names it would be without effect, unseen."""
    places = {event.called: number for number, event in enumerate(dossier.events)}
    for number, event in enumerate(dossier.events):
        if isinstance(event, log.Corrected) and places.get(event.event, -1) > number:
            line = dossier.events[places[event.event]].at.span.line
            yield problem("correction-above", event.at.of("event"), event=event.event, line=line)


def targets_are_there(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What an event is about is in the plan on its day: not taken out before, nor brought by a later change."""
    for event, plan in with_the_plan(dossier):
        lists = (("milestone", plan.milestones), ("phase", plan.phases), ("condition", plan.conditions))
        for key, things in lists:
            id = getattr(event, key, None)
            if id is None or any(thing.id == id for thing in things):
                continue
            if why := _why_absent(dossier, f"{key}s", id, event.happened):
                words = {
                    "kind": Phrase(_KINDS[key]),
                    "key": key,
                    "id": id,
                    "day": event.happened,
                    "event": event.called,
                }
                yield problem("target-absent", event.at.of(key), why=why, **words)


_KINDS = {"milestone": N_("milestone"), "phase": N_("phase"), "condition": N_("condition")}


def what_is_reached_is_so_once(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone is reached on the first day that says so; what comes after it changes nothing."""
    first: dict[str, log.MilestoneReached] = {}
    for event, _plan in with_the_plan(dossier):
        if not isinstance(event, log.MilestoneReached | log.MilestoneMoved | log.MilestoneDropped):
            continue
        if reached := first.get(event.milestone):
            said = {"milestone": event.milestone, "day": reached.happened, "event": reached.called}
            yield problem("reached-already", event.at.of("milestone"), **said)
        elif isinstance(event, log.MilestoneReached):
            first[event.milestone] = event


def nothing_is_logged_twice(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Two lines that say the same of one day are likely one event, typed or merged twice."""
    first: dict[str, AnyEvent] = {}
    for event in in_order(dossier):
        if isinstance(event, log.MilestoneReached):  # that counts once, and is told
            continue
        said = {name: value for name, value in structs.asdict(event).items() if name not in _OF_THE_LINE}
        other = first.setdefault(f"{event.kind} {said}", event)
        if other is not event:
            yield problem("logged-twice", event.at.span, day=event.happened, before=other.called, event=event.called)


_OF_THE_LINE = {"id", "recorded", "at", *Event.elsewhere}  # and not of what happened


def what_is_over_is_said_to_be_back(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """How likely a risk is, or how bad, is said of one that there is: only `ended: false` brings it back."""
    over: dict[str, log.RiskChanged] = {}
    for event in in_order(dossier):
        if not isinstance(event, log.RiskChanged):
            continue
        ended = over.get(event.risk)
        if event.ended is not None:
            over.pop(event.risk, None)
            if event.ended:
                over[event.risk] = event
        elif ended and (event.likelihood or event.impact):
            words = {"risk": event.risk, "day": ended.happened, "event": event.called}
            yield problem("risk-is-over", event.at.of("likelihood" if event.likelihood else "impact"), **words)


def days_are_of_the_project(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A day that is moved to lies in the period as it is then, and nothing happened years before it."""
    for event, plan in with_the_plan(dossier):
        period = plan.project_period
        if isinstance(event, log.MilestoneMoved) and event.due not in period:
            said = {"milestone": event.milestone, "day": event.due, "event": event.called}
            yield problem("due-outside-period", event.at.of("due"), starts=period.starts, ends=period.ends, **said)
        is_work = isinstance(event, log.MilestoneReached)
        if event.happened < (period.starts if is_work else _years_before(period.starts)):
            words = {"day": event.happened, "starts": period.starts, "event": event.called}
            yield problem("happened-before-period", event.at.of("happened"), **words)


def nothing_is_logged_on_a_grant_that_ended(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """After the agency's no, or its closing, no work is the grant's any more, and of its money only what is settled.

    Where it goes on that day, by an application or an award, it does so for all of the day, however the lines stand.
    """
    events = in_order(dossier)
    beside = course_of(dossier.plan, events).beside
    events = [event for event in events if event.called not in beside]
    goes_on = {event.happened for event in events if isinstance(event, log.Applied | log.Awarded)}
    ended: log.Rejected | log.Closed | None = None
    for event in events:
        if isinstance(event, log.Applied | log.Awarded):
            ended = None
        elif isinstance(event, log.Rejected | log.Closed):
            ended = event
        elif (
            ended
            and event.happened > ended.happened
            and not (event.happened in goes_on or isinstance(event, _AFTERWARDS))
        ):
            said = {"how": Phrase(_ENDED[ended.kind]), "end": ended.happened, "event": event.called}
            yield problem(
                "logged-after-end", event.at.of("happened"), again=_goes_on(latest, ended, event.happened), **said
            )


def a_no_is_said_once(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A no to more leaves the award; the next one is of the grant itself, and may be the same no in two lines."""
    events = in_order(dossier)
    beside = course_of(dossier.plan, events).beside
    award: log.Awarded | None = None
    declined: AnyEvent | None = None
    for event in events:
        if beside.get(event.called) == "no-to-more":
            declined = event
        elif isinstance(event, log.Awarded):
            award, declined = event, None
        elif isinstance(event, log.Rejected):
            if award and declined:
                how = _TAKEN_BACK if isinstance(declined, log.Closed) else _SAID_NO
                before = phrase(how, day=declined.happened)
                words = {"awarded": award.happened, "before": before, "event": event.called}
                yield problem("refused-after-declined", event.at.span, day=event.happened, **words)
            award = declined = None


def what_is_awarded_is_changed_after_the_award(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A change of what is awarded changes nothing while there is no award: before it, or after a refusal."""
    written = dossier.plan.grant
    is_awarded = written is None or latest.grant is None or (latest.grant.by_files and written.awarded is not None)
    awards = [event for event in latest.history if isinstance(event, log.Awarded)]
    beside = course_of(dossier.plan, latest.history).beside
    for event in without_refused(dossier.plan, latest.history):
        if isinstance(event, log.Awarded | log.Rejected) and event.called not in beside:
            is_awarded = isinstance(event, log.Awarded)
        elif isinstance(event, log.ChangeApproved) and not is_awarded:
            amount = awarded_by(event.values, None)
            if amount is not None:
                path = "grant.awarded" if "grant.awarded" in event.values else "grant"
                later = [each.called for each in awards if each.happened >= event.happened]
                award = phrase(_AWARD_EARLIER, award=later[0]) if later else Phrase(_AWARD_BEFORE)
                words = {"day": event.happened, "amount": kroner(amount), "event": event.called, "award": award}
                yield problem("change-before-award", event.at.of(f"values.{path}"), **words)


RULES = (
    corrections_stand_below,
    targets_are_there,
    what_is_reached_is_so_once,
    nothing_is_logged_twice,
    what_is_over_is_said_to_be_back,
    days_are_of_the_project,
    nothing_is_logged_on_a_grant_that_ended,
    a_no_is_said_once,
)
JOINED_RULES = (what_is_awarded_is_changed_after_the_award,)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def in_order(dossier: Dossier) -> list[AnyEvent]:
    """Every event as corrected, in the order of the days; of one day as they are written."""
    return sorted(corrected(dossier.events), key=lambda event: event.happened)


def with_the_plan(dossier: Dossier) -> Iterator[tuple[AnyEvent, Plan]]:
    """Every event as corrected, in the order of the days, with the plan as the changes that stood then had made it."""
    plan, before = dossier.plan, []
    for event in in_order(dossier):
        yield event, plan
        if isinstance(event, log.ChangeApproved | log.ChangeRefused):
            before.append(event)
            plan = with_changes(dossier.plan, before)


def period_without_closing(dossier: Dossier, latest: State) -> Period:
    """The grant's period as the agency approved it, also where the agency closed the grant before its end."""
    return with_changes(dossier.plan, latest.history).cost_period


def _goes_on(latest: State, ended: log.Rejected | log.Closed, day: date) -> Phrase:
    """The award to log where the grant goes on: a closed one with the budget that it had, if a change brought that."""
    budget = latest.budget.budget if latest.budget and isinstance(ended, log.Closed) else None
    if budget and budget.stage == "change":
        return phrase(_GOES_ON_BY, budget=budget.id, day=day)
    return phrase(_GOES_ON, day=day)


def _why_absent(dossier: Dossier, name: str, id: str, day: date) -> Phrase | None:
    """Why it is not there: taken out, refused since, or to come; None where nothing ever had it, which is told."""
    path = f"{name}.{id}"
    why = None
    for event, _plan in with_the_plan(dossier):
        if not isinstance(event, log.ChangeApproved) or path not in event.values:
            continue
        is_taken_out = event.values[path] is None
        if is_taken_out and event.happened <= day:
            return phrase(N_("it was taken out on {day}."), day=event.happened)
        if not is_taken_out and event.happened > day:
            return phrase(N_("it comes with the change of {day}."), day=event.happened)
        if not is_taken_out:
            why = phrase(N_("the change of {day} that brought it was refused."), day=event.happened)
    return why


def _years_before(day: date) -> date:
    return date(max(day.year - _LONG, 1), day.month, min(day.day, 28))
