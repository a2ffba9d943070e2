"""What was promised at the award, and is no longer so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.answers import course_of
from toolkit.core.carry_over import carry_overs, has_agencys_answer, is_anothers
from toolkit.core.checks.grounds import agency
from toolkit.core.checks.history import in_order, with_the_plan
from toolkit.core.dossier import Dossier
from toolkit.core.money import Money, kroner
from toolkit.core.plan import Grant, Period, Plan
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.core.promise import GRANT_PERIOD, holds, promised, without_refused
from toolkit.core.state import State, corrected

declare(
    "grant-differs-from-log",
    "error",
    N_("Here the grant is {written} kr., in the log {logged} kr. ({place})."),
    N_("{answer}"),
    N_('correct the one that is wrong: write {logged} kr. here, or amount="{written} kr." in the line'),
)
_CORRECT_ONE = N_(
    "correct the one that is wrong: write {logged} kr. here, or: "
    'pulje log … corrected event={event} values.amount="{written} kr."'
)
_DECLINED = N_("write {logged} kr. here: what was applied for beside it was declined, or taken back")
declare(
    "award-not-logged",
    "warning",
    N_("{awarded} kr. are awarded here, but the log has an application and no answer: no document shows the award."),
    N_('log the answer on its day: pulje log … awarded amount="{awarded} kr."'),
)
declare(
    "promise-changed",
    "error",
    N_("{path} was promised, and has been changed here since the award."),
    N_(
        "put the promised value back, and log the change when it is approved: pulje log … change-approved "
        "change=project values.{path}.…=… by=…"
    ),
)
declare(
    "promise-added",
    "error",
    N_("{path} was not part of what was promised at the award."),
    N_(
        "take it out, and log it when it is approved: pulje log … change-approved change=project "
        '"values.{path}={{…}}" by=…'
    ),
)
declare(
    "promise-removed",
    "error",
    N_("{path} was promised at the award, and is gone from here."),
    N_(
        "put it back; if it will not be done, log that when it is approved: pulje log … change-approved change=project "
        "values.{path}=null by=…"
    ),
)
declare(
    "change-of-nothing",
    "error",
    N_("{path} cannot be changed: on {day} there is no {whole} to change."),
    N_(
        'say all of it: pulje log … corrected event={event} "values.values={{{whole}: {all}}}", or correct the day or '
        "the name"
    ),
    N_('write all of it, "values.{whole}={all}", or correct the day or the name'),
)
declare(
    "answer-not-by-agency",
    "warning",
    N_("This is for {agency} to approve, and by the log it is {by} that has: {what}. {counts}"),
    N_(
        'if {agency} has approved it too, log that with by="{agency}"; if not, take this back: '
        "pulje log … corrected event={event} withdrawn=true"
    ),
    N_('if {agency} has approved it too, log that with by="{agency}"; if not, do not log this'),
)
declare(
    "closing-not-by-agency",
    "warning",
    N_("Only {agency} closes its grant, and by the log {by} has: it does not count."),
    N_(
        'if {agency} has closed it, log that with by="{agency}"; if not, take this back: '
        "pulje log … corrected event={event} withdrawn=true"
    ),
    N_('if {agency} has closed it, log that with by="{agency}"; if not, do not log this'),
)
declare(
    "answer-without-whom",
    "note",
    N_("This is for {agency} to approve, and the log does not say who has: {what}. It counts as approved."),
    N_('if it was {agency}: pulje log … corrected event={event} values.by="{agency}"'),
    N_('write by="{agency}" too, if it was they'),
)
declare(
    "promise-not-recorded",
    "note",
    N_("What was promised is not kept with this award, so later changes of it cannot be seen."),
    N_('pulje log … corrected event={event} "values.promise={promise}"'),
    N_('write "promise={promise}" too'),
)


def award_is_what_was_logged(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """project.yaml's grant is the one in the log: two figures for one award would both be used.

    Of several applications, and of several awards, the last is the one that project.yaml has: those before it were true
    on their own days.
    """
    grant, events = dossier.plan.grant, in_order(dossier)
    if grant is None:
        return
    beside = course_of(dossier.plan, events).beside
    asked = [event for event in events if isinstance(event, log.Applied)]
    more, declined = ({each.amount for each in asked if beside.get(each.called) == how} for how in ("more", "declined"))
    events = [event for event in events if event.called not in beside]
    for kind, key, written in ((log.Applied, "applied", grant.applied), (log.Awarded, "awarded", grant.awarded)):
        last = next((event for event in reversed(events) if isinstance(event, kind)), None)
        # It may stay as it was promised, or be what was applied for since.
        also = more if kind is log.Applied else set()
        if last and written is not None and written not in {last.amount, *also}:
            said = {"written": kroner(written), "logged": kroner(last.amount)}
            is_declined = kind is log.Applied and written in declined
            answer = phrase(_DECLINED if is_declined else _CORRECT_ONE, event=last.called, **said)
            yield problem("grant-differs-from-log", grant.at.of(key), place=last.at.span, answer=answer, **said)


def an_award_is_logged(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A log that has an application and no answer shows no award: then project.yaml's counts nowhere."""
    grant = dossier.plan.grant
    if grant is None or grant.awarded is None or latest.grant is None or latest.grant.by_files:
        return
    if latest.grant.awarded is None and latest.grant.refused is None:
        yield problem("award-not-logged", grant.at.of("awarded"), awarded=kroner(grant.awarded))


def promise_is_kept(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """After the award project.yaml's promised values are what they were; a change lives in the log.

    The awarded event carries a digest of each value (`pulje log` writes them). Without them nothing can be compared,
    which is said once.
    """
    award = next((event for event in corrected(dossier.events) if isinstance(event, log.Awarded)), None)
    if award is None:
        return
    now = promised(dossier.plan)
    if not award.promise:
        digests = ", ".join(f"{path}: {digest}" for path, digest in now.items())
        yield problem("promise-not-recorded", award.at.span, promise=f"{{{digests}}}", event=award.called)
        return
    for path in sorted({*award.promise, *now}):
        if path not in now:
            yield problem("promise-removed", _promise_place(dossier.plan, path), path=path)
        elif path not in award.promise and path != GRANT_PERIOD:
            yield problem("promise-added", _promise_place(dossier.plan, path), path=path)
        elif now[path] != award.promise.get(path, now[path]):
            yield problem("promise-changed", _promise_place(dossier.plan, path), path=path)


def changes_find_what_they_change(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A change below something changes what is there on its day: what was never promised, or dropped, is not."""
    for event, plan in with_the_plan(dossier):
        if not isinstance(event, log.ChangeEvent):
            continue
        for path in event.values:
            if not holds(plan, path):
                whole = ".".join(path.split(".")[:-1])
                words = {"path": path, "whole": whole, "day": event.happened, "event": event.called}
                yield problem("change-of-nothing", event.at.of("values"), all=_all_of(event, whole), **words)


declare(
    "nothing-to-close",
    "warning",
    N_("The project has no grant, so there is none to close: this changes nothing."),
    N_(
        "if the project ended that day, say so: pulje log … change-approved change=project values.project_period.ends="
        "{day}; and take this back: pulje log … corrected event={event} withdrawn=true"
    ),
    N_(
        "if the project ended that day, log that: pulje log … change-approved change=project "
        "values.project_period.ends={day}"
    ),
)


def closings_are_the_agencys(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The agency closes a grant that there is; what others have written changes nothing, and is told."""
    plan, events = latest.plan, in_order(dossier)
    course = course_of(dossier.plan, events)
    for event in events:
        if not isinstance(event, log.Closed):
            continue
        words = {"agency": agency(plan), "event": event.called}
        if plan.grant is None:
            yield problem("nothing-to-close", event.at.span, day=event.happened, event=event.called)
        elif course.beside.get(event.called) == "not-closed":
            if course.closed_on is None:  # else the agency has, and this is the municipality's own part of it
                yield problem("closing-not-by-agency", event.at.of("by"), by=event.by, **words)
        elif event.by is None and plan.terms is not None:
            what = Phrase(N_("that the grant is closed"))
            yield problem("answer-without-whom", event.at.span, what=what, **words)


def what_is_the_agencys_is_answered_by_the_agency(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The council decides of the municipality's own money; of the grant, its period and its years the agency does.

    What both have approved is in order, and so is what the agency has refused since. An answer that does not say by
    whom is asked about, and not said to be another's; where no fund says who the agency is, nobody can tell.
    """
    if latest.plan.grant is None or latest.plan.terms is None:
        return
    told = without_refused(dossier.plan, in_order(dossier))
    approved = [event for event in told if isinstance(event, log.ChangeApproved)]
    by_agency = [what for event in approved if latest.plan.is_agency(event.by) for what in _of_agency(latest, event)]
    for event in approved:
        words = {"agency": agency(latest.plan), "event": event.called}
        for what in _of_agency(latest, event):
            if what in by_agency:
                continue
            if event.by is None:
                yield problem("answer-without-whom", event.at.span, what=what, **words)
            elif is_anothers(latest.plan, event):
                answered = event.change == "carry-over" and _is_answered(latest, event)
                counts = N_("What {agency} has answered counts.") if answered else N_("It counts all the same.")
                said = {"what": what, "counts": phrase(counts, agency=agency(latest.plan))}
                yield problem("answer-not-by-agency", event.at.of("by"), by=event.by, **said, **words)


# A change of these is a change of the project (projektændring); the letter's own conditions are the agency's too.
_PROJECT = ("purpose", "target_group", "conditions")


def _is_answered(state: State, event: log.ChangeApproved) -> bool:
    about = carry_overs(state.history, state.plan)
    return any(has_agencys_answer(state, each.year) for each in about if each.is_of(event))


def _of_agency(state: State, event: log.ChangeApproved) -> Iterator[str | Phrase]:
    """What of a change is for the agency alone; budgets are told of elsewhere."""
    if event.change == "carry-over":
        about = carry_overs(state.history, state.plan)
        yield from (phrase(N_("carrying over from {year}"), year=each.year) for each in about if each.is_of(event))
    period = GRANT_PERIOD if state.plan.grant_period else "project_period"
    for path, value in event.values.items():
        if path.split(".")[0] in ("grant", period, *_PROJECT):
            yield f"{path}: {_said(value)}"


def _said(value: object) -> str:
    """A new value of the grant or its period, in part or whole."""
    match value:
        case Period():
            return f"{value.starts} – {value.ends}"
        case Grant():
            amount = value.applied if value.awarded is None else value.awarded
            return "–" if amount is None else kroner(amount)
        case int():
            return kroner(Money(value))
        case _:
            return str(value)


def _all_of(event: log.ChangeEvent, whole: str) -> str:
    """What may be typed for all of what a change says in part, its days in place: {starts: …, ends: 2024-06-30}."""
    below = {
        path.removeprefix(f"{whole}."): value for path, value in event.values.items() if path.startswith(f"{whole}.")
    }
    said = {key: value.isoformat() for key, value in below.items() if isinstance(value, date)}
    keys = ("starts", "ends") if whole == GRANT_PERIOD else (*below, "…")
    return "{" + ", ".join(key if key == "…" else f"{key}: {said.get(key, '…')}" for key in keys) + "}"


def _promise_place(plan: Plan, path: str) -> Span:
    name, _, id = path.partition(".")
    value = getattr(plan, name)
    if id:
        found = next((item for item in value if item.id == id), None)
        return found.at.span if found else plan.at.of(name)
    return value.at.span if value is not None else plan.at.span


RULES = (
    an_award_is_logged,
    award_is_what_was_logged,
    promise_is_kept,
    changes_find_what_they_change,
    what_is_the_agencys_is_answered_by_the_agency,
    closings_are_the_agencys,
)
