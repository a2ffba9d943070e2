"""Days that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core.dossier import Dossier
from toolkit.core.problems import Problem, problem
from toolkit.core.state import State


def period_runs_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The project period, the grant period and every phase end no earlier than they begin."""
    plan = dossier.plan
    for period in (plan.project_period, plan.grant_period):
        if period and period.ends < period.starts:
            yield problem("ends-before-start", period.at.of("ends"), starts=period.starts, ends=period.ends)
    for phase in plan.phases:
        if phase.starts and phase.ends and phase.ends < phase.starts:
            yield problem("ends-before-start", phase.at.of("ends"), starts=phase.starts, ends=phase.ends)


def phases_lie_in_the_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A phase has both its days inside the project period, or is ongoing and needs none."""
    period = dossier.plan.project_period
    for phase in dossier.plan.phases:
        if not phase.ongoing and not (phase.starts and phase.ends):
            yield problem("phase-without-days", phase.at.of("id"), phase=phase.id)
        for key, day in (("starts", phase.starts), ("ends", phase.ends)):
            if day and day not in period:
                yield problem(
                    "phase-outside-period",
                    phase.at.of(key),
                    phase=phase.id,
                    day=day,
                    starts=period.starts,
                    ends=period.ends,
                )


def milestones_lie_in_their_phase(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A milestone is due inside the project period; outside its own phase is worth a warning."""
    plan = dossier.plan
    phases = {phase.id: phase for phase in plan.phases}
    for milestone in plan.milestones:
        period, phase = plan.project_period, milestone.phase and phases.get(milestone.phase)
        words = {"milestone": milestone.id, "day": milestone.due}
        if milestone.due not in period:
            yield problem(
                "milestone-outside-period",
                milestone.at.of("due"),
                starts=period.starts,
                ends=period.ends,
                **words,
            )
        elif phase and phase.starts and phase.ends and not phase.starts <= milestone.due <= phase.ends:
            yield problem("milestone-outside-phase", milestone.at.of("due"), phase=phase.id, **words)


def log_runs_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Nothing is recorded before it happened, and the newest record stands last."""
    newest = date.min
    for event in dossier.events:
        if event.recorded < event.happened:
            yield problem(
                "recorded-before-happened", event.at.of("recorded"), recorded=event.recorded, happened=event.happened
            )
        if event.recorded < newest:
            yield problem("log-out-of-order", event.at.of("recorded"), recorded=event.recorded, newest=newest)
        newest = max(newest, event.recorded)


RULES = (period_runs_forward, phases_lie_in_the_period, milestones_lie_in_their_phase, log_runs_forward)
