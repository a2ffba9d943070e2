"""The award letter's own conditions, the audit that the terms ask for, and what is to be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from toolkit.core import events as log
from toolkit.core.checks.grounds import GROUNDS, quoted, term_of
from toolkit.core.conditions import SHOWING, audit_terms, conditions_of
from toolkit.core.dossier import Dossier
from toolkit.core.plan import Condition
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.roles import in_turn
from toolkit.core.state import State

declare(
    "condition-late",
    "warning",
    N_("The condition {condition} was to be met by {due}, and nothing in the log says that it is: {text}"),
    N_(
        "when it is met: {answer}; where the agency has given more time: pulje log … change-approved change=project "
        "values.conditions.{condition}.due=… by=…"
    ),
)
_MET = N_("pulje log … condition-met condition={condition} evidence=…")
_SHOWN = {
    log.Accepted.kind: N_("pulje log … accepted"),
    log.Audited.kind: N_("pulje log … audited by=… statement=… protocol=…"),
}
declare(
    "condition-met-twice",
    "note",
    N_("The condition {condition} was met on {day} already: that day counts."),
    N_("say what is new in a note instead, pulje log … noted text=…, or correct the one whose day is wrong"),
)
declare(
    "retention-over",
    "warning",
    N_("The project's information was to be deleted after {day}."),
    N_("delete the folder and its copies as your rules say, or write the day that counts now: delete_after:"),
)
declare(
    "audit-without-statement",
    "warning",
    N_("The log says that the accounts were audited, but not where the auditor's {lacking} is. {rule}"),
    N_("pulje log … corrected event={event} {values}"),
    N_("write {keys}"),
)
declare(
    "audit-without-performance",
    "warning",
    N_("The log says that the accounts were audited, but not where the performance audit is. {rule}"),
    N_("pulje log … corrected event={event} values.performance_audit=…"),
    N_("write performance_audit=…"),
)
declare(
    "auditor-changed",
    "note",
    N_("From {day} the auditor is {now} instead of {before}. {rule}"),
    N_("tell the agency, and write down that it was told: pulje log … noted text=…"),
)
GROUNDS.update(
    {
        "audit-without-statement": "audit-over-100000",
        "audit-without-performance": "audit-over-500000",
        "auditor-changed": "auditor-change",
    }
)


def overdue(dossier: Dossier, today: date) -> Iterator[Problem]:
    """What only the calendar says: conditions whose day has passed, and that the day to delete after has gone."""
    plan = dossier.plan
    for each in conditions_of(dossier.state(today)) if plan.conditions else ():
        if each.status == "late":
            condition = each.condition
            yield problem(
                "condition-late",
                condition.at.of("due"),
                condition=condition.id,
                due=condition.due,
                text=condition.text,
                answer=_answer(condition),
            )
    if plan.delete_after and plan.delete_after < today:
        yield problem("retention-over", plan.at.of("delete_after"), day=plan.delete_after)


def _answer(condition: Condition) -> Phrase:
    """The event to log, which is of the kind that the condition says is to show it."""
    if condition.shown_by in SHOWING:
        return phrase(_SHOWN[condition.shown_by])
    return phrase(_MET, condition=condition.id)


def conditions_are_met_once(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A condition is met on the first day that says so; a later one is told."""
    first: dict[str, log.ConditionMet] = {}
    for event in latest.history:
        if isinstance(event, log.ConditionMet):
            before = first.setdefault(event.condition, event)
            if before is not event:
                words = {"condition": event.condition, "day": before.happened}
                yield problem("condition-met-twice", event.at.of("condition"), **words)


def the_audit_is_all_there(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An audit has the parts that the terms ask for of a grant of this size.

    Source: Håndbog om tilskudsregler, revision.
    """
    day = latest.closes  # it is of the whole grant, which is settled by the terms of that day
    asked = {term.id for term in audit_terms(latest.plan, latest.grant.awarded if latest.grant else None, day)}
    for event in latest.history:
        if not isinstance(event, log.Audited):
            continue
        lacking = [key for key in ("statement", "protocol") if getattr(event, key) is None]
        if lacking and GROUNDS["audit-without-statement"] in asked:
            yield problem(
                "audit-without-statement",
                event.at.of("by"),
                lacking=phrase(_LACKING[lacking[0]] if len(lacking) == 1 else _BOTH),
                rule=quoted(dossier.plan, term_of(dossier.plan, "audit-without-statement", day)),
                event=event.called,
                keys=" ".join(f"{key}=…" for key in lacking),
                values=" ".join(f"values.{key}=…" for key in lacking),
            )
        if event.performance_audit is None and GROUNDS["audit-without-performance"] in asked:
            rule = quoted(dossier.plan, term_of(dossier.plan, "audit-without-performance", day))
            yield problem("audit-without-performance", event.at.of("by"), rule=rule, event=event.called)


_LACKING = {"statement": N_("statement"), "protocol": N_("protocol")}
_BOTH = N_("statement and protocol")


def a_new_auditor_is_told(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where the terms ask for it, the agency is told when another takes over as auditor."""
    changes = (event for event in latest.history if isinstance(event, log.PersonChanged))
    every = in_turn(latest.plan.people, changes, "auditor")
    for before, now in pairwise(every):
        term = term_of(dossier.plan, "auditor-changed", now.since)
        if term and before.name != now.name:
            words = {"now": now.name, "before": before.name, "rule": quoted(dossier.plan, term)}
            yield problem("auditor-changed", now.at.of("name"), day=now.since, **words)


JOINED_RULES = (conditions_are_met_once, the_audit_is_all_there, a_new_auditor_is_told)
