"""What binds from the award on: the promised values, a digest of each, and how an approved change alters them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, get_origin

import msgspec
from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money
from toolkit.core.plan import FINAL_REPORT, PROMISED, Plan, Report
from toolkit.core.records import Entry, Record

# Promised too where there is none: a period of the grant's own decides what counts, also one that somebody adds later.
# Awards that were logged before 0.2.0 say nothing of it.
GRANT_PERIOD = "grant_period"
_NONE = "none"

_LISTS = frozenset(field.name for field in structs.fields(Plan) if get_origin(field.type) is tuple)
_BESIDE_THE_PROMISE = frozenset(Record.__struct_fields__) | frozenset(Entry.__struct_fields__)


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
    ended = plan.project_period.ends
    for path, value in sorted(values.items(), key=lambda pair: not pair[0].endswith(".precision")):
        name, *rest = path.split(".")
        plan = structs.replace(plan, **{name: _with_value(getattr(plan, name), rest, value)})
    ends = plan.project_period.ends
    return plan if ends == ended else structs.replace(plan, reports=tuple(_moved(plan.reports, ended, ends)))


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
    """The approved changes that nobody has refused since.

    A refusal is of the same sort of change, and of the same budget or the same values. What the agency approved nobody
    else can refuse. Carrying over has its own answers, by year (core/carry_over.py).
    """
    found: list[log.ChangeApproved] = []
    for event in events:
        match event:
            case log.ChangeApproved():
                found.append(event)
            case log.ChangeRefused():
                found = [each for each in found if not _is_refused(plan, each, event)]
            case _:
                pass
    return tuple(found)


def _is_refused(plan: Plan, approval: log.ChangeApproved, refusal: log.ChangeRefused) -> bool:
    is_same = refusal.change == approval.change != "carry-over" and (
        refusal.budget == approval.budget if refusal.budget else bool(refusal.values)
    )
    is_above = plan.is_agency(approval.by) and refusal.by is not None and not plan.is_agency(refusal.by)
    return is_same and set(refusal.values) <= set(approval.values) and not is_above


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
