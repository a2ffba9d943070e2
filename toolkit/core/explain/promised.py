"""What was promised, and how approved changes altered it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.core import events as log
from toolkit.core.explain.explanation import Explanation, View, What, happened, latest, place, written
from toolkit.core.plan import Period, Phase, Plan, Precision
from toolkit.core.promise import GRANT_PERIOD, standing, with_values
from toolkit.core.records import Record


def promised(view: View, path: Sequence[str]) -> Explanation | None:
    """A value of the plan by its path: as project.yaml says it, and as each approved change made it.

    An item of a list goes by its id, or by its number where it has none. None where the plan has no such thing.
    """
    record, key = _record(view.state.plan, path), path[-1]
    if record is None or key not in record.__struct_fields__:
        return None
    return latest("promised", _steps(view, path, record))


def _steps(view: View, path: Sequence[str], record: Record) -> list[Explanation]:
    plan, key = view.dossier.plan, path[-1]
    first = _record(plan, path)
    steps = [] if first is None else [written(view, first, key, _known(first, key))]
    for event in standing(plan, view.state.history):
        if event.values:
            before, plan = _record(plan, path), with_values(plan, event.values)
            after = _record(plan, path)
            if after is not None and (before is None or getattr(before, key) != getattr(after, key)):
                steps.append(_change(view, after, key, event))
    grant = view.state.grant
    if (
        path[0] == GRANT_PERIOD
        and grant
        and grant.ended
        and plan.closed(grant.closed_on).cost_period != plan.cost_period
    ):
        steps = steps or _steps(view, ("project_period", *path[1:]), record)  # without one of its own, it has that
        steps += [happened(view, grant.ended, "happened")] if key == "ends" else []
    return steps


def _known(record: Record, key: str) -> What:
    """A day that is known only by its month or year need not be the day that is written."""
    if not isinstance(record, Period | Phase) or key not in ("starts", "ends"):
        return "written"
    known: dict[Precision, What] = {"day": "written", "month": "written-month", "year": "written-year"}
    return known[record.precision]


def _change(view: View, after: Record, key: str, event: log.ChangeApproved) -> Explanation:
    """A changed record still remembers where it was first written: what counts now stands in the event."""
    said = written(view, after, key)
    return Explanation(
        what="changed",
        amount=said.amount,
        value=said.value,
        at=place(event.at, "values"),
        day=event.happened,
        kind=event.kind,
        name=event.by or "",
        reason=event.reason or "",
        source=view.source(event),
        synthetic=event.synthetic,
    )


def _record(plan: Plan, path: Sequence[str]) -> Record | None:
    """The record that holds the path's last name; None where the plan has none."""
    found: Any = plan
    for name in path[:-1]:
        if isinstance(found, tuple):
            by_id = {getattr(item, "id", str(number)): item for number, item in enumerate(found, start=1)}
            found = by_id.get(name)
        else:
            found = getattr(found, name, None)
    return found if isinstance(found, Record) else None
