"""Costs that a later export has as performed on another day than they count on, until somebody says which is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct, structs

from toolkit.core.doubles import rule_for
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.postings import Placing, Posting, Rule, day_of
from toolkit.core.rows import PostingRow, days_of
from toolkit.core.state import corrected


class Otherwise(Struct, frozen=True):
    """Costs of one file that an export has on one other day; `rule` places them as they are, and says that day."""

    performed: date
    postings: tuple[Posting, ...]
    rule: str


class Said(Struct, frozen=True):
    """What the log says of days of performance: `open`, the last that an import said of a row, and that import.

    `answered` are those of them that a correction has taken out of the import: the day that was known is right.
    """

    open: Mapping[PostingRow, tuple[date, Imported]]
    answered: Mapping[PostingRow, date]


def said_of_days(events: Iterable[AnyEvent]) -> Said:
    """Import by import, in the log's order: what is said last stands."""
    events = list(events)
    right = {event.called: event for event in corrected(events) if isinstance(event, Imported)}
    open: dict[PostingRow, tuple[date, Imported]] = {}
    answered: dict[PostingRow, date] = {}
    for event in events:
        now = right.get(event.called)
        if now is None or not isinstance(event, Imported):
            continue
        days = days_of(now.performed)
        for row, day in days_of(event.performed).items():
            if row in days:
                open[row] = days[row], now
                answered.pop(row, None)
            else:
                open.pop(row, None)
                answered[row] = day
    return Said(open, answered)


def otherwise(found: Iterable[tuple[Posting, date]], placing: Placing) -> Iterator[Otherwise]:
    """Those of the costs that would count on another day, had they been performed when it is said, file by file."""
    groups: defaultdict[tuple[str, date, str], list[Posting]] = defaultdict(list)
    for posting, day in found:
        rule = placing.rule_of(posting)
        is_cost = rule is None or bool(rule.line or rule.split)
        if is_cost and day_of(posting, rule) != day_of(structs.replace(posting, performed=day), rule):
            groups[posting.file, day, _place_of(rule)].append(posting)
    for (_file, day, place), its in groups.items():
        yield Otherwise(day, tuple(its), rule_for(tuple(its), {}, f"{place}, performed: {day}"))


def _place_of(rule: Rule | None) -> str:
    """Where a rule puts its postings, as another would say it; what else it says of them stays to be written."""
    if rule is None:
        return "line: …"
    return f"line: {rule.line}" if rule.line and not rule.divides and rule.allowed is None else "…"
