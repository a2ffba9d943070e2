"""How far the books are known: until which day the imports reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.plan import Period
from toolkit.core.postings import Booked


class Months(Struct, frozen=True):
    """From the first of some months to a day in the last."""

    starts: date
    ends: date


class Gap(Months, frozen=True):
    """Whole calendar months that no import covers a day of, and the first import that begins after them."""

    after: log.Imported


class Reach(Struct, frozen=True, dict=True):
    """The last day until which what was spent is known; None while nothing has been imported.

    `told` is whether an import says so itself; else it is only the day of the last posting, and more may have been
    posted after it that the same export would have shown. `period` is the one that costs count in, `imports` and
    `booked` what was known.
    """

    until: date | None = None
    told: bool = True
    period: Period | None = None
    imports: tuple[log.Imported, ...] = ()
    booked: tuple[Booked, ...] = ()

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Months before `until` of which nobody knows whether anything was spent in them: found when asked for."""
        return tuple(_gaps(self.imports, self.booked, self.period, self.until)) if self.period else ()

    @property
    def is_of_nothing(self) -> bool:
        """Whether no cost counts, whatever the books have: the grant was closed before its period began."""
        return self.period is not None and self.period.is_empty

    @property
    def is_whole(self) -> bool:
        """Whether each day of the period is known, to its last."""
        return self.period is not None and not (self.lacks_costs_until(self.period.ends) or self.gaps)

    def gaps_until(self, day: date) -> tuple[Gap, ...]:
        """The gaps that begin by a day, with no month that begins after it."""
        return tuple(
            gap if gap.ends <= day else structs.replace(gap, ends=_next_month(day) - timedelta(days=1))
            for gap in self.gaps
            if gap.starts <= day
        )

    def months_missing(self, day: date) -> tuple[str, ...]:
        """Each month of those gaps: 2022-01."""
        return tuple(
            f"{month:%Y-%m}" for gap in self.gaps_until(day) for month, _following in _months(gap.starts, gap.ends)
        )

    def is_unknown(self, starts: date = date.min, ends: date = date.max) -> bool:
        """Whether not one day from `starts` to `ends` is known: they lie after the last, or all that count in gaps.

        Of days after the period there is nothing to know.
        """
        if self.is_of_nothing or (self.period and starts > self.period.ends):
            return False
        if self.until is None or self.until < starts:
            return True
        if self.period is None:
            return False
        first, last = max(starts, self.period.starts), min(ends, self.period.ends, self.until)
        if first > last or not self.gaps:
            return False
        missing = set(self.months_missing(last))
        return all(f"{month:%Y-%m}" in missing for month, _following in _months(first, last))

    def is_short_of(self, day: date) -> bool:
        """Whether spending is not known until the end of that day."""
        return self.until is None or self.until < day

    def lacks_costs_until(self, day: date) -> bool:
        """The same of what counts: nothing is lacking where no cost does."""
        return not self.is_of_nothing and self.is_short_of(day)

    def short_of(self, day: date) -> date | None:
        """The last day that costs are known, where that is before `day`; None where all are, or none at all."""
        return self.until if self.lacks_costs_until(day) else None


def reach_of(known: Iterable[AnyEvent], booked: Iterable[Booked], known_by: date, period: Period) -> Reach:
    """How far the imports reach that were known: those of the log by the day that they name, others by their postings.

    Which postings an import brought is seen by its day; where one of a day's imports names no end, its postings go.
    """
    imports = [event for event in known if isinstance(event, log.Imported)]
    seen = [each for each in booked if each.imported <= known_by]
    ends = [event.ends for event in imports if event.ends is not None]
    silent = {event.happened for event in imports if event.ends is None}
    named = {event.happened for event in imports if event.ends is not None} - silent
    posted = [each.posted for each in seen if each.imported not in named]
    last_named, last_posted = max(ends, default=None), max(posted, default=None)
    if last_named is None or (last_posted is not None and last_posted > last_named):
        return Reach(last_posted, last_posted is None, period, tuple(imports), tuple(seen))
    return Reach(last_named, period=period, imports=tuple(imports), booked=tuple(seen))


def _gaps(
    imports: Sequence[log.Imported], booked: Sequence[Booked], period: Period, until: date | None
) -> Iterator[Gap]:
    """From the period's first month to the last one known: months that no import covers and nothing was booked in.

    An import that does not say when it begins covers everything before its end; and so does the first, where it begins
    with its first posting, for the export had nothing earlier.
    """
    if until is None or not imports or any(event.starts is None for event in imports):
        return
    first_posted: dict[str, date] = {}
    for each in booked:
        first_posted[each.first.file] = min(each.posted, first_posted.get(each.first.file, date.max))
    ordered = sorted(imports, key=lambda event: event.starts or date.min)
    covered = [(event.starts or date.min, event.ends or date.max) for event in ordered]
    if ordered[0].starts == first_posted.get(ordered[0].file, ordered[0].starts):
        covered[0] = (date.min, covered[0][1])
    there = {each.posted.replace(day=1) for each in booked}
    missing = [
        (month, following)
        for month, following in _months(period.starts, min(until, period.ends))
        if month not in there and not any(starts < following and month <= ends for starts, ends in covered)
    ]
    while missing:
        first, following = missing.pop(0)
        while missing and missing[0][0] == following:
            following = missing.pop(0)[1]
        after = next((event for event in ordered if event.starts and event.starts >= following), None)
        if after:
            yield Gap(first, following - timedelta(days=1), after)


def spans(months: Iterable[str]) -> list[Months]:
    """Each run of months, that are told one by one: 2022-01."""
    found: list[Months] = []
    for month in sorted({date.fromisoformat(f"{month}-01") for month in months}):
        if found and _next_month(found[-1].ends) == month:
            found[-1] = Months(found[-1].starts, month)
        else:
            found.append(Months(month, month))
    return found


def _months(starts: date, ends: date) -> Iterator[tuple[date, date]]:
    """The first day of each calendar month, and of the one after it."""
    month = starts.replace(day=1)
    while month <= ends:
        following = _next_month(month)
        yield month, following
        month = following


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
