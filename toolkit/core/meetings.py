"""The meetings that a case's step has in turn: the day and item of each, and what it decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.cases import Case, Step
from toolkit.core.events import AnyEvent, Outcome

AGAIN: tuple[Outcome, ...] = ("postponed", "returned")  # the case is not done with: what was to come still comes


class Meeting(Struct, frozen=True, kw_only=True):
    """One meeting of a step (møde): its day, its place on that day's agenda, and what it decided.

    Nothing of it is another meeting's. `sets` are the events that set it; none where the case itself does.
    """

    day: date
    item: int | None
    sets: tuple[log.MeetingSet, ...]
    decision: log.Decided | None


class StepLog(Struct, frozen=True):
    """What the log says of one step of a case, in the order of the days."""

    step: Step
    sets: tuple[log.MeetingSet, ...] = ()
    decided: tuple[log.Decided, ...] = ()
    answers: tuple[log.ConsultationAnswered, ...] = ()

    @property
    def last_set(self) -> date | None:
        """The day that was set last, by the case or the log; None where it is still to follow.

        A day that is logged after it had come was the day of a meeting all the same: it stands for the one that was
        set before, unless that meeting postponed the case or sent it back, and what was set still comes.
        """
        last = None if self.step.date == "to-follow" else self.step.date
        again = {event.happened for event in self.decided if event.outcome in AGAIN}
        for event in self.sets:
            is_between = last is not None and _is_afterwards(event) and event.date in again
            last = max(last, event.date) if last and is_between else event.date
        return last

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings that decided or answered, and the one that was set last, in the order of their days.

        A day that was set and then moved, without a decision, was no meeting.
        """
        days = {event.happened for event in self.decided}
        days |= {event.happened for event in self.answers} & {event.date for event in self.sets}
        days |= {self.last_set} if self.last_set else set()
        return tuple(map(self.meeting, sorted(days)))

    def meeting(self, day: date) -> Meeting:
        """The meeting of a day. Its item is what was said with that very day, and of two decisions it has the last."""
        sets = tuple(event for event in self.sets if event.date == day)
        decided = [event for event in self.decided if event.happened == day]
        items = [self.step.item if day == self._day_of_case else None, *(event.item for event in sets)]
        return Meeting(
            day=day,
            item=next((item for item in reversed(items) if item is not None), None),
            sets=sets,
            decision=decided[-1] if decided else None,
        )

    @property
    def _day_of_case(self) -> date | None:
        """The day that the item in the case's own file is of: its own, or the first that the log set."""
        if self.step.date != "to-follow":
            return self.step.date
        return self.sets[0].date if self.sets else None

    def is_meeting(self, day: date) -> bool:
        """Whether the case or the log knows of a meeting on a day: it was the one to come, or was told of later."""
        before = StepLog(self.step, tuple(event for event in self.sets if told_on(event) < day), self.decided)
        return before.last_set == day or any(event.date == day <= event.happened for event in self.sets)

    @property
    def waits_for_a_day(self) -> bool:
        """Whether a meeting is to come and nobody has said when: no day was ever set, or none since it was postponed.

        A body that answered or decided without a day is done.
        """
        if not self.decided:
            return self.last_set is None and not self.answers
        last = self.decided[-1]
        return last.outcome == "postponed" and (self.last_set is None or self.last_set <= last.happened)

    @property
    def known_days(self) -> list[date]:
        """The days on which there was or is to be a meeting, by the case and the log, whatever was decided."""
        days = {event.date for event in self.sets} | {self.last_set, self.step.date}
        return sorted(day for day in days if isinstance(day, date) and (day == self.last_set or self.is_meeting(day)))


def step_log(case: Case, step: Step, events: Iterable[AnyEvent], before: date = date.max) -> StepLog:
    """What the log says of a step, of that which was there before a day."""
    own = [
        event
        for event in events
        if isinstance(event, log.MeetingSet | log.Decided | log.ConsultationAnswered)
        and (event.case, event.step) == (case.id, step.id)
        and told_on(event) < before
    ]
    own.sort(key=lambda event: (told_on(event), not _is_afterwards(event), event.happened))
    return StepLog(
        step=step,
        sets=tuple(event for event in own if isinstance(event, log.MeetingSet)),
        decided=tuple(event for event in own if isinstance(event, log.Decided)),
        answers=tuple(event for event in own if isinstance(event, log.ConsultationAnswered)),
    )


def told_on(event: AnyEvent) -> date:
    """The day that an event belongs to: a meeting that was logged afterwards was there on its own day."""
    return min(event.date, event.happened) if isinstance(event, log.MeetingSet) else event.happened


def _is_afterwards(event: AnyEvent) -> bool:
    return isinstance(event, log.MeetingSet) and event.date < event.happened
