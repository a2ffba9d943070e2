"""Which days an export covers: as somebody said, else from its first posting date to its last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.core.money import kroner
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.readers.export import Count, Lines

declare(
    "import-outside-period",
    "warning",
    N_("{count} of the lines, {amount} kr. in all, were posted outside the period of the export, {starts} to {ends}."),
    N_("look which period was chosen in the ERP; where the export does not say it: --starts {first} --ends {last}"),
)
declare(
    "import-ahead",
    "warning",
    N_("{count} of the lines, {amount} kr. in all, were posted after today; the last on {last}."),
    N_("look whether the year is right; what is right counts from its day"),
)


class CoveredDays:
    """The days that an export covers: as somebody said, else from its first posting date to its last."""

    def __init__(self, starts: date | None, ends: date | None, today: str) -> None:
        self._starts = starts.isoformat() if starts else ""
        self._ends = ends.isoformat() if ends else ""
        self._today = today
        self._first, self._last = "9999", ""
        self._outside, self._ahead = Count(), Count()

    def take(self, lines: Lines) -> None:
        """Some more of the export's lines."""
        first, last = min(lines.posted), max(lines.posted)
        self._first, self._last = min(self._first, first), max(self._last, last)
        starts, ends = self._starts or first, self._ends or last
        if first < starts or last > ends or last > self._today:
            for posted, amount in zip(lines.posted, lines.amount, strict=True):
                if not starts <= posted <= ends:
                    self._outside.add(amount)
                if posted > self._today:
                    self._ahead.add(amount)

    @property
    def whole(self) -> tuple[str, str]:
        """The first day and the last, as text."""
        return self._starts or self._first, self._ends or self._last

    @property
    def covered(self) -> tuple[date | None, date | None]:
        """The days of which all is known that was posted until today; None where there is no line and nobody said."""
        first, last = self.whole
        last = min(last, self._today)
        return (date.fromisoformat(first), date.fromisoformat(last)) if first <= last else (None, None)

    def remarks(self, whole: Span) -> Iterator[Problem]:
        """Lines on days where none should be."""
        starts, ends = self.whole
        if (outside := self._outside).lines:
            days = {"first": min(self._first, starts), "last": max(self._last, ends), "starts": starts, "ends": ends}
            said = {"count": outside.lines, "amount": kroner(outside.amount)}
            yield problem("import-outside-period", whole, **said, **days)
        if (ahead := self._ahead).lines:
            said = {"count": ahead.lines, "amount": kroner(ahead.amount)}
            yield problem("import-ahead", whole, **said, last=self._last)
