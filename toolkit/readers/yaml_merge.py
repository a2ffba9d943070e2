"""Three versions of a YAML file to one, item by item: the user's file, with what the template changed put in its place.

What the values are decided to be (core/item_merge.py) is what the text is held to in the end: a merge that would read
otherwise is none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct, structs

from toolkit.core import item_merge
from toolkit.core.item_merge import Difference, Side, items_of, name_of, naming, order, same
from toolkit.core.merge import Both, merge
from toolkit.readers.seed import plain
from toolkit.readers.source import load
from toolkit.readers.yaml_parts import File, Lines, Part, file_of, flow, hyphened, is_comment, moved

# The lines that tell of a conflict, given the template's; none where it has no longer what the user changed.
Marked = Callable[[Lines], Iterator[str]]


class Mark(str):
    """The first line of those that tell of a conflict."""

    __slots__ = ()


class Merged(Struct, frozen=True):
    """A merged text as lines, and the values that the template changed; none where the text has no values.

    `taken` are the conflicts that somebody has decided.
    """

    lines: Lines
    differences: tuple[Difference, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[int, ...]:
        """The numbers of the lines where conflicts are told."""
        return tuple(number for number, line in enumerate(self.lines, start=1) if isinstance(line, Mark))


def merged(
    was: str,
    ours: str,
    theirs: str,
    marked: Marked,
    hold: Collection[str] = (),
    side_of: Callable[[str], Side | None] = lambda path: None,
) -> Merged | None:
    """The merged text; None where the three cannot be merged item by item without doubt.

    Of the keys to `hold` nothing is brought in, nor marked: what the template has changed there is only told. A value
    whose side somebody has taken is no conflict.
    """
    files = [file_of(text, "", []) for text in (was, ours, theirs)]
    base, mine, new = files
    if base is None or mine is None or new is None:
        return None
    _value, every = item_merge.merged(base.whole.value, mine.whole.value, new.whole.value)
    held = tuple(structs.replace(each, outcome="held") for each in every if each.path[:1] and each.path[0] in hold)
    new = structs.replace(new, whole=_holding(base.whole, new.whole, hold)) if held else new
    value, differences = item_merge.merged(base.whole.value, mine.whole.value, new.whole.value)
    taken = [each.path for each in differences if each.outcome == "conflict" and side_of(".".join(each.path))]
    for path in taken:
        if side := side_of(".".join(path)):
            base = structs.replace(base, whole=_settled(base.whole, mine.whole, new.whole, path, side))
    if taken:
        value, differences = item_merge.merged(base.whole.value, mine.whole.value, new.whole.value)
    lines = _Merger(marked).file(base, mine, new)
    read = load("\n".join(lines), "", [])
    if read is None or plain(read) != value:
        return None
    return Merged(lines, (*differences, *held), tuple(".".join(path) for path in taken))


def _holding(was: Part, theirs: Part, hold: Collection[str]) -> Part:
    """The template's file with some keys as they were made."""
    before, now = ({part.name: part for part in each.parts} for each in (was, theirs))
    names = [name for name in order(list(before), list(now), list(now)) if name in (before if name in hold else now)]
    parts = tuple(before[name] if name in hold else now[name] for name in names)
    return structs.replace(theirs, parts=parts, value={part.name: part.value for part in parts})


def _settled(was: Part, ours: Part, theirs: Part, path: Sequence[str], side: Side) -> Part:
    """The file as it was made, with one value as the other side has it: so only the side that is taken changed it."""
    if not (was.parts and ours.parts and theirs.parts):  # in braces: there are no parts to be settled one by one
        said = ours if side == "theirs" else theirs
        return structs.replace(was, value=item_merge.settled(was.value, said.value, path) or "")
    before, mine, new = _by_name(was, ours, theirs)
    name, *rest = path
    told = (mine if side == "theirs" else new).get(name)
    if rest and name in before and name in mine and name in new:
        told = _settled(before[name], mine[name], new[name], rest, side)
    parts = before | ({name: told} if told else {})
    if told is None:
        parts.pop(name, None)
    there = tuple(parts.values())
    is_list = isinstance(was.value, tuple)
    value = tuple(each.value for each in there) if is_list else {each.name: each.value for each in there}
    return structs.replace(was, parts=there, value=value)


def conflict(marked: Marked, theirs: Lines) -> Lines:
    """The lines that tell of a conflict, the first of them as a mark."""
    first, *others = marked(theirs)
    return (Mark(first), *others)


def is_sound(was: str, ours: str, theirs: str, text: str) -> bool:
    """Whether a text that was merged otherwise, line by line, reads as the values of the three make it."""
    nodes = [load(each, "", []) for each in (was, ours, theirs, text)]
    values = [plain(node) if node else {} for node in nodes]
    return item_merge.merged(values[0], values[1], values[2])[0] == values[3]


class _Merger:
    """Goes down the three together; None stands for what one of them has not."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked

    def file(self, was: File, ours: File, theirs: File) -> Lines:
        inside = self._inside(was.whole, ours.whole, theirs.whole)
        return (*inside, *_comments(was.tail, ours.tail, theirs.tail))

    def _conflict(self, theirs: Lines) -> Lines:
        return conflict(self._marked, theirs)

    def _part(self, was: Part | None, ours: Part | None, theirs: Part | None, indent: int) -> Lines:
        """What becomes of a key or an item: its comments and its lines; nothing where it is not there any more."""
        if ours is None:
            if theirs is None or (was and same(theirs.value, was.value)):
                return ()
            if was:
                return self._conflict(theirs.body)
            return moved((*theirs.lead, *theirs.body), indent - theirs.indent)
        if theirs is None:
            if was is None:
                return (*ours.lead, *ours.body)
            own = () if _alike(ours.lead, was.lead) else ours.lead
            return own if same(ours.value, was.value) else (*ours.lead, *self._conflict(()), *ours.body)
        body = self._body(was, ours, theirs)
        lead = _comments(was.lead if was else (), ours.lead, theirs.lead)
        return (*lead, *body) if body else ()

    def _body(self, was: Part | None, ours: Part, theirs: Part) -> Lines:
        as_it_was = was is not None and _alike(ours.body, was.body)
        settled = same(ours.value, theirs.value) or (was is not None and same(theirs.value, was.value))
        if as_it_was:
            return moved(theirs.body, ours.indent - theirs.indent)
        if self._is_divided(was, ours, theirs):
            return self._inside(was, ours, theirs)
        if settled:
            return ours.body
        if was is not None and same(ours.value, was.value):
            return ours.with_typed(theirs.typed) or (
                *_own_comments(ours, was),
                *moved(theirs.body, ours.indent - theirs.indent),
            )
        value, differences = item_merge.merged(was.value if was else "", ours.value, theirs.value)
        is_settled = not any(each.outcome == "conflict" for each in differences)
        own = ours.body if same(value, ours.value) else ours.with_typed(flow(value))
        return own if own and is_settled else (*self._conflict(theirs.body), *(own or ours.body))

    def _is_divided(self, was: Part | None, ours: Part, theirs: Part) -> bool:
        if not ours.parts or not theirs.parts or (was and not was.parts):
            return False
        return items_of(was.value if was else None, ours.value, theirs.value) is not None

    def _inside(self, was: Part | None, ours: Part, theirs: Part) -> Lines:
        """The merged parts of what all have, below its merged first lines."""
        before, mine, new = _by_name(was, ours, theirs)
        indent = ours.parts[0].indent
        names = order(list(before), list(mine), list(new))
        parts = [self._part(before.get(name), mine.get(name), new.get(name), indent) for name in names]
        inside = tuple(line for part in parts for line in part)
        if all(is_comment(line) for line in inside):  # nothing is left of it but what there is to choose between
            return inside if any(isinstance(line, Mark) for line in inside) else ()
        if ours.is_item:
            return hyphened(inside, ours.indent)
        return (*_comments(was.head if was else (), ours.head, theirs.head), *inside)


def _by_name(*versions: Part | None) -> tuple[dict[str, Part], dict[str, Part], dict[str, Part]]:
    """The parts of three versions by their names, which for items are what tells them apart in all three."""
    lists = [each.value for each in versions if each and isinstance(each.value, tuple)]
    keys = naming(*lists) if lists else None
    found = []
    for version in versions:
        parts = version.parts if version else ()
        found.append({name_of(part.value, keys) if keys else part.name: part for part in parts})
    before, mine, new = found
    return before, mine, new


def _alike(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether lines are the same but for spaces at their ends, and for how far all of them are indented."""
    return _bare(some) == _bare(others)


def _bare(lines: Sequence[str]) -> list[str]:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:].rstrip() if line[:indent].isspace() or not indent else line.rstrip() for line in lines]


def _comments(was: Lines, ours: Lines, theirs: Lines) -> Lines:
    """Comments of three versions: the user's, with what the template alone has changed in them."""
    if _alike(ours, was):
        return theirs
    if _alike(theirs, was) or _alike(ours, theirs):
        return ours
    versions = ([line.rstrip() for line in lines] for lines in (was, ours, theirs))
    parts = merge(*versions)
    return tuple(line for part in parts for line in (part.lines if isinstance(part, Both) else part.ours))


def _own_comments(ours: Part, was: Part) -> Iterator[str]:
    """What the user has noted in lines that are replaced."""
    there = {line.strip() for line in was.body}
    for line in ours.body:
        _text, sign, note = line.partition(" #")
        if sign and line.strip() not in there:
            yield f"{' ' * ours.indent}#{note}"
