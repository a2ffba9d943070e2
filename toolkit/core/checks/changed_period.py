"""What was planned and expected, held against the project's period as the log has changed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.checks.history import with_the_plan
from toolkit.core.dossier import Dossier
from toolkit.core.plan import Plan
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.state import State

declare(
    "outside-changed-period",
    "warning",
    N_("{what} {id} lies outside the project period as it is by the log, {starts} to {ends}: {day}."),
    N_(
        "log what is approved of it too: pulje log … change-approved change=project {typed} by=… happened={since}{also}"
    ),
)
_OR_MOVED = N_("; if it is moved, and not left out, {typed} in its place")
_OR_GIVEN_UP = N_("; if it is given up: pulje log … milestone-dropped milestone={id} cause=… happened={since}")
declare(
    "expected-outside-period",
    "warning",
    N_("The milestone {id} is expected on {day}, and since {since} the project period is {starts} to {ends}."),
    N_("log when it is expected now: pulje log … milestone-moved milestone={id} due=… cause=… happened={since}"),
)
declare(
    "phase-ends-before-period",
    "note",
    N_("The phase {id} ended with the project period, which was moved to {ends}; the phase still ends on {day}."),
    N_(
        "if the phase goes on: pulje log … change-approved change=extension values.phases.{id}.ends={ends} by=… "
        "happened={since}"
    ),
)
_PLANNED = {"phases": N_("the phase"), "milestones": N_("the milestone")}


def what_is_planned_lies_in_the_changed_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Where the log changed the project's period, or days in it, phases and open milestones lie in it as it is now.

    What project.yaml itself has outside its own period is told of there. A phase none of whose days is left is likely
    left out.
    """
    written = set(_outside(dossier.plan))
    still_open = {each.milestone.id for each in latest.milestones if each.is_open}
    told: dict[tuple[str, str], dict[str, date]] = {}
    for path, day in _outside(latest.plan):
        name, id, key = path.split(".")
        if (path, day) not in written and (name == "phases" or id in still_open):
            told.setdefault((name, id), {})[key] = day
    for (name, id), days in told.items():
        now, item = _as_it_is(dossier, latest), next(each for each in getattr(latest.plan, name) if each.id == id)
        typed, also = " ".join(f"values.{name}.{id}.{key}=…" for key in days), Phrase("")
        if name == "milestones":
            also = phrase(_OR_GIVEN_UP, id=id, since=now["since"])
        elif len(days) > 1 and (days["starts"] > now["ends"] or days["ends"] < now["starts"]):
            typed, also = f"values.{name}.{id}=null", phrase(_OR_MOVED, typed=typed)
        said = {"what": Phrase(_PLANNED[name]), "id": id, "day": ", ".join(map(str, days.values()))}
        at = item.at.of(next(iter(days)))
        yield problem("outside-changed-period", at, typed=typed, also=also, **said, **now)


def what_is_expected_lies_in_the_changed_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone that was moved within the period as it was then lies in it as it is now."""
    still_open = [each for each in latest.milestones if each.is_open]
    last = {each.moves[-1].called for each in still_open if each.due not in latest.plan.project_period and each.moves}
    for event, plan in with_the_plan(dossier) if last else ():
        if isinstance(event, log.MilestoneMoved) and event.called in last and event.due in plan.project_period:
            said = {"id": event.milestone, "day": event.due}
            yield problem("expected-outside-period", event.at.of("due"), **said, **_as_it_is(dossier, latest))


def phases_go_on_with_a_longer_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A phase that ended with the project's period may go on with it, once that is longer."""
    ends = latest.plan.project_period.ends
    for phase in latest.plan.phases:
        if phase.ends == dossier.plan.project_period.ends < ends:
            said = {"id": phase.id, "day": phase.ends, "ends": ends, "since": _moved_on(dossier, latest)}
            yield problem("phase-ends-before-period", phase.at.of("ends"), **said)


JOINED_RULES = (
    what_is_planned_lies_in_the_changed_period,
    what_is_expected_lies_in_the_changed_period,
    phases_go_on_with_a_longer_period,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _as_it_is(dossier: Dossier, latest: State) -> dict[str, date]:
    period = latest.plan.project_period
    return {"starts": period.starts, "ends": period.ends, "since": _moved_on(dossier, latest)}


def _moved_on(dossier: Dossier, latest: State) -> date:
    """The day on which the log moved the project's period last; where it never did, that of its last change."""
    told = [(event, plan.project_period) for event, plan in with_the_plan(dossier)]
    after = [*(period for _event, period in told[1:]), latest.plan.project_period]
    moved = [event for (event, before), now in zip(told, after, strict=True) if before != now]
    changes = [event for event, _before in told if isinstance(event, log.ChangeApproved | log.ChangeRefused)]
    return (moved or changes)[-1].happened


def _outside(plan: Plan) -> Iterator[tuple[str, date]]:
    """The days of phases and milestones that lie outside the project's period, by their paths."""
    for phase in plan.phases:
        for key, day in (("starts", phase.starts), ("ends", phase.ends)):
            if day and day not in plan.project_period:
                yield f"phases.{phase.id}.{key}", day
    for milestone in plan.milestones:
        if milestone.due not in plan.project_period:
            yield f"milestones.{milestone.id}.due", milestone.due
