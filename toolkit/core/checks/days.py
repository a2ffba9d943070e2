"""Days that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.problems import N_, Problem, declare, problem
from toolkit.core.state import State

declare(
    "ends-before-start",
    "error",
    N_("It ends on {ends}, before it starts on {starts}."),
    N_("swap the two days, or correct the one that is wrong"),
)
declare(
    "phase-without-days",
    "error",
    N_("The phase {phase} has neither starts and ends nor ongoing: true."),
    N_("write starts: 2022-01-01 and ends: 2022-06-30, or ongoing: true if it runs all the way"),
)
declare(
    "phase-outside-period",
    "error",
    N_("{day} in the phase {phase} lies outside the project period, {starts} to {ends}."),
    N_("move the phase, or log an approved extension (change-approved) if the period itself is longer"),
)
declare(
    "milestone-outside-period",
    "error",
    N_("The milestone {milestone} is due on {day}, outside the project period, {starts} to {ends}."),
    N_("choose a day in the period, or log an approved extension (change-approved)"),
)
declare(
    "milestone-outside-phase",
    "warning",
    N_("The milestone {milestone} is due on {day}, outside its own phase, {phase}."),
    N_("correct the day, or name the phase that the milestone belongs to"),
)
declare(
    "recorded-before-happened",
    "error",
    N_("It was recorded on {recorded}, before it happened on {happened}."),
    N_("write the day on which it was written down; it may be the same day"),
)
declare(
    "log-out-of-order",
    "warning",
    N_("It was recorded on {recorded}, but stands after something recorded on {newest}."),
    N_("the newest stands last: move it up to its place, or correct recorded"),
)


def period_runs_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The project period, the grant period and every phase end no earlier than they begin."""
    plan = dossier.plan
    for period in (plan.project_period, plan.grant_period):
        if period and period.ends < period.starts:
            yield problem("ends-before-start", period.at.of("ends"), starts=period.starts, ends=period.ends)
    for event in dossier.events:
        if isinstance(event, log.Imported) and event.starts and event.ends and event.ends < event.starts:
            yield problem("ends-before-start", event.at.of("ends"), starts=event.starts, ends=event.ends)
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
