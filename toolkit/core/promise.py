"""What binds from the award on: the promised values, a digest of each, and how an approved change alters them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, get_origin

import msgspec
from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money
from toolkit.core.plan import FINAL_REPORT, PROMISED, Grant, Plan, Report
from toolkit.core.records import Entry, Record

# Promised too where there is none: a period of the grant's own decides what counts, also one that somebody adds later.
# Awards that were logged before 0.2.0 say nothing of it.
GRANT_PERIOD = "grant_period"
_NONE = "none"

_LISTS = frozenset(field.name for field in structs.fields(Plan) if get_origin(field.type) is tuple)
_BESIDE_THE_PROMISE = frozenset(Record.__struct_fields__) | frozenset(Entry.__struct_fields__)
_BESIDE_THE_VALUES = _BESIDE_THE_PROMISE | {"id"}


def promised(plan: Plan) -> dict[str, str]:
    """A short digest of each promised value, by path: "phases.fase-1", "project_period".

    Values, not bytes: a comment, the order of keys, a note or a source may change freely.
    """
    found: dict[str, str] = {}
    for name in PROMISED:
        value = getattr(plan, name)
        if isinstance(value, tuple):
            found |= {f"{name}.{item.id}": _digest(item) for item in value}
        elif value is not None:
            found[name] = _digest(value)
        elif name == GRANT_PERIOD:
            found[name] = _NONE
    return found


def is_promise(path: str) -> bool:
    """Whether a path names something that can be promised: an item of a list by its id, all else by itself."""
    name, dot, id = path.partition(".")
    return name in PROMISED and bool(dot) == (name in _LISTS) == bool(id)


def holds(plan: Plan, path: str) -> bool:
    """Whether there is something for a new value of that path to change; a whole record is always welcome."""
    name, *rest = path.split(".")
    value = getattr(plan, name)
    if isinstance(value, tuple):
        return len(rest) < 2 or any(item.id == rest[0] for item in value)
    return not rest or value is not None


def with_values(plan: Plan, values: Mapping[str, Any]) -> Plan:
    """The plan with new values by path; None drops an item of a list, an id that is new adds one at the end.

    A value below something that is not there changes nothing: `checks` tells it. How precise days are comes before the
    days: what is known by month goes to the month's end.
    """
    ended, grant = plan.project_period.ends, plan.grant
    for path, value in sorted(values.items(), key=lambda pair: not pair[0].endswith(".precision")):
        name, *rest = path.split(".")
        plan = structs.replace(plan, **{name: _with_value(getattr(plan, name), rest, value)})
    if grant and plan.grant:
        plan = structs.replace(plan, grant=_as_applied_for(plan.grant, grant, is_whole="grant" in values))
    ends = plan.project_period.ends
    return plan if ends == ended else structs.replace(plan, reports=tuple(_moved(plan.reports, ended, ends)))


def _as_applied_for(grant: Grant, before: Grant, *, is_whole: bool) -> Grant:
    """A changed grant: what was applied for is the application's, and what a whole grant leaves out is as it was."""
    kept = {"applied": before.applied, "applied_on": before.applied_on}
    for key in ("awarded", "grantor_file_number") if is_whole else ():
        if getattr(grant, key) is None:
            kept[key] = getattr(before, key)
    return structs.replace(grant, **kept)


def _moved(reports: Iterable[Report], ended: date, ends: date) -> Iterator[Report]:
    """The duties to report once the project's period ends on another day: what was to be told at its end is so still.

    A day by which that was due goes with it, where it is not after the new end: nobody has said when it is due now.
    """
    for report in reports:
        if report.period_ends == ended or report.kind == FINAL_REPORT:
            due = report.due if report.due and report.due >= ends else None
            report = structs.replace(report, period_ends=ends, due=due)
        yield report


def with_changes(plan: Plan, events: Iterable[AnyEvent]) -> Plan:
    """The plan as the approved changes that stand have made it, in the order of the events."""
    for event in standing(plan, events):
        plan = with_values(plan, event.values)
    return plan


def standing(plan: Plan, events: Iterable[AnyEvent]) -> tuple[log.ChangeApproved, ...]:
    """The approved changes, each with what of it nobody has refused since; those that nothing is left of are none."""
    approved = (event for event in without_refused(plan, events) if isinstance(event, log.ChangeApproved))
    return tuple(event for event in approved if event.values or event.budget)


def without_refused(plan: Plan, events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """The events, each approval with what of it nobody has refused (afvisning).

    A refusal is of what it names, whatever sort of change it says: values that are the same, path by path, and a
    budget; one that names a budget alone takes all that was approved with it. The last answer stands, but what the
    agency has approved nobody else can refuse, and what it has refused nobody else can approve. Whether a year's money
    is carried over has its own answers, by year (core/carry_over.py).
    """
    return answered(plan, events)[0]


def answered(plan: Plan, events: Iterable[AnyEvent]) -> tuple[tuple[AnyEvent, ...], tuple[log.ChangeRefused, ...]]:
    """The events, each approval with what of it nobody has refused, and each refusal with what nobody has approved."""
    found: list[AnyEvent] = []
    refusals: list[log.ChangeRefused] = []
    for event in events:
        if isinstance(event, log.ChangeRefused):
            refusals.append(event)
            found = [
                left_of(each, event)
                if isinstance(each, log.ChangeApproved) and not outranks(plan, each, event)
                else each
                for each in found
            ]
        elif isinstance(event, log.ChangeApproved):
            above = [each for each in refusals if outranks(plan, each, event)]
            refusals = [each if each in above else left_of(each, event) for each in refusals]
            for refusal in above:
                event = left_of(event, refusal)
        found.append(event)
    return tuple(found), tuple(refusals)


Answer = TypeVar("Answer", log.ChangeApproved, log.ChangeRefused)


def left_of(answer: Answer, other: log.ChangeEvent) -> Answer:
    """What is left of an answer once another has answered the same otherwise."""
    is_the_budget = other.budget is not None and other.budget == answer.budget
    if is_the_budget and not other.values:
        return structs.replace(answer, values={}, budget=None)
    theirs, own = values_by_path(other.values), values_by_path(answer.values)
    left = {path: value for path, value in own.items() if path not in theirs or theirs[path] != value}
    return structs.replace(
        answer,
        values=answer.values if left == own else left,
        budget=None if is_the_budget else answer.budget,
    )


def outranks(plan: Plan, answer: log.ChangeApproved | log.ChangeRefused, other: log.ChangeEvent) -> bool:
    """Whether an answer is the agency's, and the other is said to be somebody else's."""
    return plan.is_agency(answer.by) and other.by is not None and not plan.is_agency(other.by)


def values_by_path(values: Mapping[str, Any]) -> dict[str, Any]:
    """New values by their full paths: a whole record is its values, one by one, where it says any."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        if isinstance(value, Record):
            said = {key: getattr(value, key) for key in value.__struct_fields__ if key not in _BESIDE_THE_VALUES}
            found |= values_by_path({f"{path}.{key}": part for key, part in said.items() if part is not None})
        else:
            found[path] = value
    return found


def awarded_by(values: Mapping[str, Any], before: Money | None) -> Money | None:
    """What is awarded once a change has brought its values, however it says it: `grant.awarded`, or the whole `grant`.

    A whole grant that names no award leaves it as it was.
    """
    if (grant := values.get("grant")) is not None and grant.awarded is not None:
        before = grant.awarded
    awarded: Money | None = values.get("grant.awarded", before)
    return awarded


def _with_value(current: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    if current is None:
        return None
    if not isinstance(current, tuple):
        return structs.replace(current, **{path[0]: _with_value(getattr(current, path[0]), path[1:], value)})
    id, *rest = path
    if any(item.id == id for item in current):
        changed = [_with_value(item, rest, value) if item.id == id else item for item in current]
    else:
        changed = [*current, None if rest else value]
    return tuple(item for item in changed if item is not None)


def _digest(value: Struct) -> str:
    """A key that was left out counts for nothing, so that a later version of pulje may know more keys."""
    kept = {
        field.encode_name: str(getattr(value, field.name))
        for field in _fields(type(value))
        if field.name not in _BESIDE_THE_PROMISE and getattr(value, field.name) != field.default
    }
    return sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()[:8]


@cache
def _fields(record: type[Struct]) -> tuple[structs.FieldInfo, ...]:
    return structs.fields(record)
