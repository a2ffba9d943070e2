"""Rows that an earlier import brought and a later one lacks, as the log tells of them until somebody has answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date

from msgspec import Struct

from toolkit.core.events import AnyEvent, Imported
from toolkit.core.rows import PostingRow, rows_of
from toolkit.core.state import corrected


class Absences(Struct, frozen=True):
    """What the log says of rows that the books seem to have no more, each with the import that says it.

    `open` are those that nobody has answered for in the log. `answered` those that a correction has taken out of the
    import that told of them: they are right, whatever the books say, until an import has them again; what goes after
    that is told anew. `reappeared` those that a later import had again, or alone, without what they were taken back
    for. `exports` says, of rows that an export had unchanged beside others like them, which imports' files have those.
    """

    open: Mapping[PostingRow, Imported]
    answered: Mapping[PostingRow, Imported]
    reappeared: Mapping[PostingRow, Imported]
    exports: Mapping[PostingRow, Set[str]] = {}
    changed: Set[PostingRow] = frozenset()  # of those that are open


def absences_of(events: Iterable[AnyEvent], known_by: date = date.max) -> Absences:
    """Import by import, in the log's order: what came again and went once more is told of once more."""
    events = list(events)
    right = {event.called: event for event in corrected(events, known_by) if isinstance(event, Imported)}
    open: dict[PostingRow, Imported] = {}
    answered: dict[PostingRow, Imported] = {}
    again: dict[PostingRow, Imported] = {}
    changed: set[PostingRow] = set()
    exports: defaultdict[PostingRow, set[str]] = defaultdict(set)
    for event in events:
        now = right.get(event.called)
        if now is None or not isinstance(event, Imported):
            continue
        told = set(rows_of(event.vanished))
        vanished = told & set(rows_of(now.vanished))  # a correction answers for what was told of, and adds nothing
        changed = changed - vanished | vanished.intersection(rows_of(now.changed))
        for row in vanished:
            open[row] = now
            answered.pop(row, None)
            again.pop(row, None)
        for row in told - vanished:
            open.pop(row, None)
            answered[row] = now
        for row in set(rows_of(event.reappeared)) & set(rows_of(now.reappeared)):
            open.pop(row, None)
            answered.pop(row, None)
            again[row] = now
        for row in rows_of(now.unchanged):
            exports[row].add(now.file)
    return Absences(open, answered, again, exports, changed & open.keys())
