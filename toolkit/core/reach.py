"""How far the books are known: until which day the imports reach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.postings import Booked


class Reach(Struct, frozen=True):
    """The last day until which what was spent is known; None while nothing has been imported.

    `told` is whether an import says so itself; else it is only the day of the last posting, and more may have been
    posted after it that the same export would have shown.
    """

    until: date | None = None
    told: bool = True

    def is_short_of(self, day: date) -> bool:
        """Whether spending is not known until the end of that day."""
        return self.until is None or self.until < day

    def short_of(self, day: date) -> date | None:
        """The last day that is known, where that is before `day`; None where all of it is known, or nothing at all."""
        return self.until if self.is_short_of(day) else None


def reach_of(known: Iterable[AnyEvent], booked: Iterable[Booked], known_by: date) -> Reach:
    """How far the imports reach that were known: those of the log by the day that they name, others by their postings.

    Which postings an import brought is seen by its day; where one of a day's imports names no end, its postings go.
    """
    imports = [event for event in known if isinstance(event, log.Imported)]
    ends = [event.ends for event in imports if event.ends is not None]
    silent = {event.happened for event in imports if event.ends is None}
    named = {event.happened for event in imports if event.ends is not None} - silent
    posted = [each.posted for each in booked if each.imported <= known_by and each.imported not in named]
    last_named, last_posted = max(ends, default=None), max(posted, default=None)
    if last_named is None or (last_posted is not None and last_posted > last_named):
        return Reach(last_posted, told=last_posted is None)
    return Reach(last_named)
