"""Three versions of a log to one: what each side appended, in the order of the days that it was recorded on.

A log only grows. So what is new on the other side goes in among what is new on ours, and what stands on both sides
stands once. Two events of one name are two events: the other side's gets another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial

from msgspec import Struct, structs

Lines = tuple[str, ...]
Pair = tuple[int | None, int | None]  # an entry by its place in each of two versions; None where it is not there


class Entry(Struct, frozen=True, kw_only=True):
    """An event of a log as it is written: what tells it apart, all else that it `says`, and its lines.

    `recorded` is its day as 2022-06-30, "" where that cannot be read. `event` is the one that it corrects.
    """

    says: str
    id: str = ""
    event: str = ""
    kind: str = ""
    file: str = ""  # of postings, where it is an import
    happened: str = ""
    recorded: str = ""
    lead: Lines = ()  # the comments above it
    lines: Lines = ()

    @property
    def whole(self) -> tuple[str, str, str]:
        """All that it says: two of which this is the same are one event, told on both sides."""
        return self.id, self.event, self.says

    @property
    def plainly(self) -> str:
        """What it is called where it has no id, and is the only one of its day and kind."""
        return f"{self.happened or '?'}-{self.kind or '?'}"

    def identified(self, id: str) -> Entry:
        """The same with an id, which it has not: written in its lines, and no more."""
        first, *rest = self.lines
        typed = _KIND.sub(rf"\1, id: {id}", first, count=1)
        if typed == first:
            indent = len(first) - len(first.lstrip(" -"))
            rest = [f"{' ' * indent}id: {id}", *rest]
        return structs.replace(self, id=id, lines=(typed, *rest))

    def called(self, ids: Mapping[str, str], events: Mapping[str, str]) -> Entry:
        """The same under another name, or correcting one that has another: it is written in its lines, and no more."""
        id, event = ids.get(self.id, self.id), events.get(self.event, self.event)
        lines = "\n".join(self.lines)
        for key, was, now in (("id", self.id, id), ("event", self.event, event)):
            if was != now:
                typed = re.compile(_TYPED.format(key=key, name=re.escape(was)), re.MULTILINE)
                lines = typed.sub(partial(_retyped, now), lines, count=1)
        return structs.replace(self, id=id, event=event, lines=tuple(lines.split("\n")))


_KIND = re.compile(r"""^(\s*-\s+\{\s*kind:\s+["']?[\w-]+["']?)(?=\s*,)""")
_TYPED = r"""((?:^|[\s{{,-]){key}:\s+["']?){name}(?=["']?\s*(?:[,}}#]|$))"""


def _retyped(name: str, found: re.Match[str]) -> str:
    return f"{found[1]}{name}"


class Edit(Struct, frozen=True, kw_only=True):
    """An old entry that has been changed: as it was, and as it is there; `at` is its place in the merged log."""

    at: int
    was: Entry
    theirs: Entry


class Merged(Struct, frozen=True, kw_only=True):
    """The merged log.

    `added` are the places of the other side's new entries, and `gone` those of old ones that it has no longer, which
    stay. What it alone has changed in old ones is `brought`; what both have, each in its own way, is `edited`, and
    stands as ours. `called` are its new events that are called otherwise here, with what they were called there.
    `corrects` is, for each entry, the place of the one that it is meant to correct.
    """

    entries: tuple[Entry, ...]
    added: tuple[int, ...]
    brought: tuple[Edit, ...]
    gone: tuple[int, ...]
    edited: tuple[Edit, ...]
    called: tuple[tuple[str, str], ...]
    corrects: tuple[int | None, ...]


class _Slot(Struct, eq=False):
    """An entry of the merged log while it is made, with where it comes from: ours, else theirs."""

    entry: Entry
    ours: int | None = None
    theirs: int | None = None


def merged(
    was: Sequence[Entry],
    ours: Sequence[Entry],
    theirs: Sequence[Entry],
    taken: Collection[str],
    targets: tuple[Sequence[int | None], Sequence[int | None]],
    left_out: Collection[int] = (),
) -> Merged:
    """One log of three versions.

    `taken` are all names that our events have. `targets` are, for our entries and for theirs, the place in the same log
    of the one that each corrects. What is `left_out` of their new ones does not come in.
    """
    slots = [_Slot(entry, at) for at, entry in enumerate(ours)]
    of_ours = {before: at for before, at in paired(was, ours) if before is not None}
    stands: dict[int, _Slot] = {}  # their entries, by their place: what they are here
    left = [at for before, at in paired(was, ours) if before is None and at is not None]
    gone, new = list[_Slot](), list[int]()
    brought, edited = list[tuple[_Slot, Entry]](), list[tuple[_Slot, Entry, Entry]]()
    for before, at in paired(was, theirs):
        mine = slots[here] if before is not None and (here := of_ours.get(before)) is not None else None
        if at is None:
            gone += [mine] if mine else []
        elif before is None or (mine is None and theirs[at].whole != was[before].whole):
            new.append(at)
        elif mine is not None:
            stands[at] = mine
            if theirs[at].whole in (was[before].whole, mine.entry.whole):
                mine.entry = _typed(was[before], mine.entry, theirs[at])
                continue
            if mine.entry.whole == was[before].whole:
                brought.append((mine, mine.entry))
                mine.entry = structs.replace(theirs[at], lead=mine.entry.lead)
            else:
                edited.append((mine, was[before], theirs[at]))
    named: dict[str, str] = {}
    called: list[tuple[str, str]] = []
    added: list[_Slot] = []
    first = max((at for at in of_ours.values() if at is not None), default=-1) + 1
    for at in (at for at in new if at not in left_out):
        entry = theirs[at].called({}, named)
        here = _told(entry, ours, left)
        if here is not None:
            left.remove(here)
            stands[at] = slots[here]
            named |= {entry.id: ours[here].id} if entry.id and entry.id != ours[here].id else {}
            continue
        others = {*taken, *(each.entry.id for each in added)}
        free = _free(entry.id or entry.plainly, {*others, *(each.id for each in theirs)})
        if entry.id and entry.id in others:
            named[entry.id] = free
            called.append((entry.id, free))
            entry = entry.called({entry.id: free}, {})
        elif not entry.id and _is_numbered(entry.plainly, taken):  # else it would move the numbers of ours
            called.append((entry.plainly, free))
            entry = entry.identified(free)
        target = targets[1][at]
        slot = stands[at] = _Slot(entry, None, at)
        after = slots.index(stands[target]) + 1 if target is not None and target in stands else first
        slots.insert(_place(slots, max(after, first), entry.recorded), slot)
        added.append(slot)
    place = {id(slot): at for at, slot in enumerate(slots)}
    by_ours = {slot.ours: at for at, slot in enumerate(slots) if slot.ours is not None}
    by_theirs = {at: place[id(slot)] for at, slot in stands.items()}
    return Merged(
        entries=tuple(slot.entry for slot in slots),
        added=tuple(sorted(place[id(slot)] for slot in added)),
        brought=tuple(Edit(at=place[id(slot)], was=before, theirs=slot.entry) for slot, before in brought),
        gone=tuple(sorted(place[id(slot)] for slot in gone)),
        edited=tuple(Edit(at=place[id(slot)], was=before, theirs=new) for slot, before, new in edited),
        called=tuple(called),
        corrects=tuple(
            _found(by_ours, targets[0], slot.ours)
            if slot.theirs is None
            else _found(by_theirs, targets[1], slot.theirs)
            for slot in slots
        ),
    )


def _typed(was: Entry, ours: Entry, theirs: Entry) -> Entry:
    """Our entry, as they have typed it and noted above it where we have not: it says the same."""
    is_ours = (was.lead, was.lines) != (ours.lead, ours.lines) or ours.whole != theirs.whole
    return ours if is_ours else structs.replace(ours, lead=theirs.lead, lines=theirs.lines)


def _found(places: Mapping[int, int], targets: Sequence[int | None], at: int | None) -> int | None:
    """Where the entry came to stand that another corrects."""
    target = None if at is None else targets[at]
    return None if target is None else places.get(target)


def with_common(was: Sequence[Entry], last: Sequence[Entry], now: Sequence[Entry]) -> tuple[Entry, ...]:
    """A log with what two later versions have both appended."""
    _before, appended = _same(
        [each.whole for each in was], [each.whole for each in now], range(len(was)), range(len(now)), []
    )
    there = list(last)
    return (*was, *(now[at] for at in appended if _took(there, now[at])))


def _took(entries: list[Entry], entry: Entry) -> bool:
    """Whether there is such an entry, which is then taken out."""
    at = next((at for at, each in enumerate(entries) if each.whole == entry.whole), None)
    if at is not None:
        del entries[at]
    return at is not None


def paired(was: Sequence[Entry], now: Sequence[Entry]) -> list[Pair]:
    """Each entry of two versions with what it is in the other.

    That is the same; else one that says the same under another name, one of that id, or one that stands in its place.
    """
    found: list[Pair] = []
    old, new = _same(
        [each.whole for each in was], [each.whole for each in now], range(len(was)), range(len(now)), found
    )
    old, new = _same([each.says for each in was], [each.says for each in now], old, new, found)
    ids_was = {was[at].id: at for at in old if was[at].id}
    for at in list(new):
        before = ids_was.pop(now[at].id, None) if now[at].id else None
        if before is not None:
            found.append((before, at))
            old.remove(before)
            new.remove(at)
    for before, at in _in_place(was, now):
        if before in old and at in new and (was[before].kind, was[before].happened) == (now[at].kind, now[at].happened):
            found.append((before, at))
            old.remove(before)
            new.remove(at)
    found += [(before, None) for before in old]
    found += [(None, at) for at in new]
    return sorted(found, key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0] or 0))


def _same(
    was: Sequence[object], now: Sequence[object], old: Iterable[int], new: Iterable[int], found: list[Pair]
) -> tuple[list[int], list[int]]:
    """The places of what only one version has; each that both have goes with the first that is left of its like."""
    places: dict[object, list[int]] = {}
    for at in old:
        places.setdefault(was[at], []).append(at)
    left: list[int] = []
    for at in new:
        if places.get(now[at]):
            found.append((places[now[at]].pop(0), at))
        else:
            left.append(at)
    return sorted(at for others in places.values() for at in others), left


def _in_place(was: Sequence[Entry], now: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The entries that stand where others stood, in the order that they stand."""
    matcher = SequenceMatcher(None, [each.whole for each in was], [each.whole for each in now], autojunk=False)
    for tag, start, end, now_start, now_end in matcher.get_opcodes():
        if tag == "replace":
            yield from zip(range(start, end), range(now_start, now_end), strict=False)


def _told(entry: Entry, ours: Sequence[Entry], left: Sequence[int]) -> int | None:
    """The place of ours that tells the same, perhaps under a name that it got here."""
    for at in left:
        if ours[at].whole == entry.whole:
            return at
    for at in left:
        other = ours[at]
        is_renamed = _is_numbered(entry.id or entry.plainly, (other.id,)) and other.id != entry.id
        if is_renamed and (other.event, other.says) == (entry.event, entry.says):
            return at
    return None


def _is_numbered(name: str, names: Iterable[str]) -> bool:
    """Whether one of some names is this one, or this one with a number."""
    return any(each == name or (each.startswith(f"{name}-") and each[len(name) + 1 :].isdecimal()) for each in names)


def _free(id: str, taken: Collection[str]) -> str:
    number = 2
    while f"{id}-{number}" in taken:
        number += 1
    return f"{id}-{number}"


def _place(slots: Sequence[_Slot], first: int, recorded: str) -> int:
    """Where an entry goes: after all that was recorded no later, from `first` on."""
    return next((at for at in range(first, len(slots)) if slots[at].entry.recorded > recorded), len(slots))
