"""Three versions of the values of a file to one: by key, and in lists by what tells their items apart.

Lines know nothing of items: where a template puts an indicator first, a merge of lines gives it the numbers of the one
that stood there. Here each value has its path, and is compared with itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from toolkit.core.seed import Typed

# What tells the items of a list apart, the first of these that all of them have, each its own.
_NAMES: tuple[tuple[str, ...], ...] = (
    ("id",),
    ("role",),
    ("role", "from"),
    ("kind", "period_ends"),
    ("kind", "title"),
    ("kind",),
    ("title",),
    ("name",),
)

Path = tuple[str, ...]
Items = Mapping[str, Typed]

Outcome = Literal["brought", "conflict", "held"]
Side = Literal["ours", "theirs"]
Taken = Mapping[str, Side]  # whose is in force where both changed it, by a value's path or a file


class Difference(Struct, frozen=True):
    """A value that the template changed: as it was made, as the user has it, and as it would be made now.

    None is a value that is not there. What is `brought` is in force as the template has it; in a `conflict` the user's
    is, and so it is where the template's is `held` back.
    """

    path: Path
    was: Typed | None
    ours: Typed | None
    theirs: Typed | None
    outcome: Outcome


def merged(was: Typed, ours: Typed, theirs: Typed) -> tuple[Typed, tuple[Difference, ...]]:
    """The values of the merged file, and what the template changed in them.

    Whatever the user changed stands, and so does what the user took out. All else is as the template has it now.
    """
    found: list[Difference] = []
    return _merged((), was, ours, theirs, found) or {}, tuple(found)


def _merged(
    path: Path, was: Typed | None, ours: Typed | None, theirs: Typed | None, found: list[Difference]
) -> Typed | None:
    if same(theirs, was) or same(ours, theirs):
        return ours
    inside = items_of(was, ours, theirs)
    if inside is None:
        is_brought = same(ours, was)
        found.append(Difference(path, was, ours, theirs, "brought" if is_brought else "conflict"))
        return theirs if is_brought else ours
    before, mine, new = inside
    values = {
        name: _merged((*path, name), before.get(name), mine.get(name), new.get(name), found)
        for name in order(list(before), list(mine), list(new))
    }
    kept = {name: value for name, value in values.items() if value is not None}
    return None if not kept else kept if isinstance(ours, Mapping) else tuple(kept.values())


def items_of(was: Typed | None, ours: Typed | None, theirs: Typed | None) -> tuple[Items, Items, Items] | None:
    """The three versions by the names of what is in them, where both sides have a section or a list of named items.

    None where they can only be compared as a whole.
    """
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return (was if isinstance(was, Mapping) else {}), ours, theirs
    if not isinstance(ours, tuple) or not isinstance(theirs, tuple):
        return None
    before = was if isinstance(was, tuple) else ()
    keys = naming(before, ours, theirs)
    return None if keys is None else (_by_name(before, keys), _by_name(ours, keys), _by_name(theirs, keys))


def settled(was: Typed | None, told: Typed | None, path: Sequence[str]) -> Typed | None:
    """A value with what stands under a path in it as another has it; None where that leaves nothing."""
    inside = items_of(was, told, told) if path else None
    if inside is None:
        return told
    before, other, _same = inside
    name, *rest = path
    values = {**before, name: settled(before.get(name), other.get(name), rest)}
    kept = {each: value for each, value in values.items() if value is not None}
    return None if not kept else kept if isinstance(told, Mapping) else tuple(kept.values())


def naming(*lists: Sequence[Typed]) -> tuple[str, ...] | None:
    """The keys that tell the items apart in each of some lists; None where none do."""
    for keys in _NAMES:
        named = [[name_of(item, keys) for item in each] for each in lists]
        if all("" not in names and len({*names}) == len(names) for names in named):
            return keys
    return None


def name_of(item: Typed, keys: Sequence[str]) -> str:
    """What an item is called by some of its keys; "" where it lacks one."""
    if not isinstance(item, Mapping):
        return ""
    said = [item.get(key) for key in keys]
    return (
        " ".join(each for each in said if isinstance(each, str)) if all(isinstance(each, str) for each in said) else ""
    )


def same(one: Typed | None, other: Typed | None) -> bool:
    """Whether two values are the same to whoever reads them: the order of keys is nobody's business."""
    return one == other


def order(was: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """All names of three versions: in the user's order, each new one after the one that it follows in the template.

    Where the user has moved nothing, the template's order is taken.
    """
    is_moved = _among(ours, was) != _among(was, ours)
    first, second = (ours, theirs) if is_moved or _among(was, theirs) == _among(theirs, was) else (theirs, ours)
    return _with(_with(list(first), second), was)


def _among(names: Iterable[str], others: Iterable[str]) -> list[str]:
    kept = {*others}
    return [name for name in names if name in kept]


def _with(names: list[str], others: Sequence[str]) -> list[str]:
    """The names with those that only others have, each after the one that it follows there."""
    at = -1
    for name in others:
        if name in names:
            at = names.index(name)
        else:
            at += 1
            names.insert(at, name)
    return names


def _by_name(items: Sequence[Typed], keys: Sequence[str]) -> Items:
    return {name_of(item, keys): item for item in items}


def shown(value: Typed | None) -> str:
    """A value in a few words."""
    match value:
        case None:
            return "–"
        case str():
            return value
        case Mapping():
            return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
        case _:
            return "[" + ", ".join(shown(each) for each in value) + "]"
