"""events.yaml as entries with their lines, to be merged and written back as they were typed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from msgspec import Struct, structs

from toolkit.core.log_merge import Entry, Lines
from toolkit.readers import values
from toolkit.readers.events import as_said, corrected_in
from toolkit.readers.source import Listing, Node, Table, load
from toolkit.readers.values import Value
from toolkit.readers.yaml_parts import listed, moved


class Log(Struct, frozen=True, kw_only=True):
    """A log's entries, the comments above and below them, and how far they are indented."""

    head: Lines
    entries: tuple[Entry, ...]
    tail: Lines
    indent: int = 0
    corrects: tuple[int | None, ...] = ()  # for each entry, the place of the one that it corrects


def read_log(text: str) -> Log | None:
    """A log that is written on lines of its own; None for any other, and for one that cannot be read."""
    file = listed(text, "", [])
    if file is None:
        return None
    node = load(text, "", [])
    items = node.items if isinstance(node, Listing) else ()
    parts = file.whole.parts
    entries = tuple(_entry(item, part.lead, part.lines) for item, part in zip(items, parts, strict=True))
    indent = parts[0].indent if parts else 0
    corrects = tuple(target for target, _called in corrected_in(items))
    return Log(head=file.whole.head, entries=entries, tail=file.tail, indent=indent, corrects=corrects)


def _entry(item: Node, lead: Lines, lines: Lines) -> Entry:
    said = {key: _word(item, key) for key in ("id", "event", "kind", "file")}
    happened, recorded = (_day(item, key) for key in ("happened", "recorded"))
    rest = as_said(item)
    if isinstance(rest, dict):
        rest = {key: value for key, value in rest.items() if key not in ("id", "event")}
    says = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return Entry(says=says, lead=lead, lines=lines, happened=happened, recorded=recorded, **said)


def _word(item: Node, key: str) -> str:
    found = item.get(key) if isinstance(item, Table) else None
    return str(found) if isinstance(found, Value) and not found.empty else ""


def _day(item: Node, key: str) -> str:
    found = item.get(key) if isinstance(item, Table) else None
    day = values.day(found) if isinstance(found, Value) else None
    return day.isoformat() if isinstance(day, date) else ""


def written(head: Lines, entries: Sequence[Entry], tail: Lines) -> Lines:
    """The lines of a log."""
    return (*head, *(line for each in entries for line in (*each.lead, *each.lines)), *tail)


def indented(entry: Entry, by: int, known: frozenset[str]) -> Entry:
    """An entry for another log: indented as there, and without the comments that stand there already."""
    lead = tuple(line for line in entry.lead if line.strip() and line.strip() not in known)
    return structs.replace(entry, lead=moved(lead, by), lines=moved(entry.lines, by))


def settled(lines: Lines, entries: Sequence[Entry], corrects: Sequence[int | None]) -> list[Entry] | None:
    """The entries, each correcting what it is meant to correct; None where nothing changes.

    An event without an id is called by its day and kind, and by its place where there are several: so a new one can
    take its name.
    """
    node = load("\n".join(lines), "", [])
    items = node.items if isinstance(node, Listing) else ()
    found = corrected_in(items)
    if len(found) != len(entries):
        return None
    new = list(entries)
    for at, (wanted, (target, _called)) in enumerate(zip(corrects, found, strict=True)):
        if wanted is not None and wanted != target:
            new[at] = entries[at].called({}, {entries[at].event: found[wanted][1]})
    return new if new != list(entries) else None
