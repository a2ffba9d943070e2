"""How a milestone stands on a day: which day was promised, which is expected now, and whether it was reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.plan import Attainment, Milestone
from toolkit.core.records import Id

MilestoneEvent = log.MilestoneReached | log.MilestoneMoved | log.MilestoneDropped | log.ChangeApproved


class MilestoneState(Struct, frozen=True):
    """A milestone as its plan and the log have it; it is late against the day that was promised (lovet).

    One that was not reached before the grant was refused has lapsed: nobody asks for it (bortfaldet). So has one whose
    day had not passed when the agency closed the grant; one that was late then was never reached.

    `moves` are those of one's own since its day was approved last: what was approved later says otherwise than they.
    """

    milestone: Milestone
    status: Attainment
    reached: date | None = None
    moves: tuple[log.MilestoneMoved, ...] = ()
    dropped: log.MilestoneDropped | None = None

    @property
    def promised(self) -> date:
        """The day that was awarded, or approved since."""
        return self.milestone.due

    @property
    def due(self) -> date:
        """The day that it is expected on."""
        return self.moves[-1].due if self.moves else self.promised

    @property
    def is_open(self) -> bool:
        """Whether it is still asked for, late or not: neither reached nor dropped, and not lapsed."""
        return self.status in ("late", "upcoming")

    @property
    def otherwise(self) -> log.MilestoneMoved | log.MilestoneDropped | None:
        """The last event that made it otherwise than promised, if it is so still."""
        return self.dropped or (self.moves[-1] if self.moves else None)

    def days_late(self, as_of: date) -> int:
        """How many days have passed since the day that was promised."""
        return (as_of - self.promised).days


def milestone_state(
    milestone: Milestone,
    events: Iterable[MilestoneEvent],
    as_of: date,
    over: log.Rejected | log.Closed | None = None,
) -> MilestoneState:
    """How it stands at the end of a day, by what happened to it until then, in order, and whether the grant was over.

    What is approved goes before an older move of one's own; a later one changes what is expected, and not what was
    promised. What was dropped is back once it is moved, approved anew or reached; and what was reached was so on the
    first day that says it.
    """
    moves: tuple[log.MilestoneMoved, ...] = ()
    dropped: log.MilestoneDropped | None = None
    reached: log.MilestoneReached | None = None
    for event in events:
        match event:
            case log.MilestoneMoved() if reached is None:
                moves, dropped = (*moves, event), None
            case log.ChangeApproved() if sets_day(event, milestone):
                moves, dropped = (), None
            case log.MilestoneDropped():
                dropped = event
            case log.MilestoneReached():
                reached = reached or event
    if reached:
        return MilestoneState(milestone, "reached", reached.happened, moves)
    if dropped:
        return MilestoneState(milestone, "dropped", None, moves, dropped)
    lapsed = over and (isinstance(over, log.Rejected) or milestone.due >= over.happened)
    waits: Attainment = "lapsed" if lapsed else "late" if milestone.due < as_of else "upcoming"
    return MilestoneState(milestone, waits, None, moves)


def milestones_in(change: log.ChangeEvent) -> Iterator[Id]:
    """The milestones that a change says anything of."""
    for path in change.values:
        name, *rest = path.split(".")
        if name == "milestones" and rest:
            yield Id(rest[0])


def sets_day(event: log.ChangeEvent, milestone: Milestone) -> bool:
    """Whether a change says when the milestone is due, or all of it."""
    whole = f"milestones.{milestone.id}"
    return any(path in (whole, f"{whole}.due") for path in event.values)
