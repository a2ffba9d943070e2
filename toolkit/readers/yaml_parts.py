"""A YAML file as parts with names, each with its lines: what is changed in one leaves the others as they were typed.

A part is a key, or an item of a list; what stands in it are parts too, as far down as the file is written in lines. A
value in braces or brackets, or one that is written in some way that cannot be divided, is a part without parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from toolkit.core.item_merge import name_of, naming
from toolkit.core.problems import Problem, has_errors
from toolkit.core.seed import Typed
from toolkit.readers.seed import plain
from toolkit.readers.source import Listing, composed, load
from toolkit.readers.values import Value

_PLAIN = re.compile(r"[\wÆØÅæøå§](?:[\w §./%()+–-]*[\w§./%()+–-])?")  # needs no quotes in braces

Lines = tuple[str, ...]


class Part(Struct, frozen=True, kw_only=True):
    """A key or an item, with the comments above it.

    `head` are the first lines of one with parts, and the comments before the first of them; an item begins with its
    first part, behind a hyphen, and has no head. `indent` is the column of the key or the hyphen. `span` is where the
    value stands in the first of `lines`, the lines of a part without parts; None where it takes several.
    """

    name: str
    value: Typed
    indent: int = 0
    lead: Lines = ()
    head: Lines = ()
    lines: Lines = ()
    parts: tuple[Part, ...] = ()
    is_item: bool = False
    span: tuple[int, int] | None = None

    @property
    def body(self) -> Lines:
        """The part's lines, without the comments above it."""
        if not self.parts:
            return self.lines
        inside = tuple(line for each in self.parts for line in (*each.lead, *each.body))
        return hyphened(inside, self.indent) if self.is_item else (*self.head, *inside)

    @property
    def typed(self) -> str:
        """The value as it may be typed on one line: as it is, where it takes no more."""
        return self.lines[0][slice(*self.span)] if self.span else flow(self.value)

    def with_typed(self, text: str) -> Lines | None:
        """The lines with another value in the place of this one; None where it takes several."""
        if self.span is None:
            return None
        starts, ends = self.span
        return (self.lines[0][:starts] + text + self.lines[0][ends:], *self.lines[1:])


class File(Struct, frozen=True):
    """A whole file: its value, its parts, and the comments before the first and after the last."""

    whole: Part
    tail: Lines


def file_of(text: str, name: str, problems: list[Problem]) -> File | None:
    """A file's parts; None where it cannot be read, or is not written in parts."""
    before = len(problems)
    node = load(text, name, problems)
    if node is None or has_errors(problems[before:]):
        return None
    lines = text.splitlines()
    root = composed(text)
    reader = _Reader(lines)
    value = plain(node)
    parts = reader.inside(root, value)
    if not parts:
        return None
    whole = Part(name="", value=value, head=tuple(lines[: reader.begins(root)]), parts=parts)
    return File(whole, tuple(lines[reader.ends(root) :]))


def listed(text: str, name: str, problems: list[Problem]) -> File | None:
    """A list's items in their order, whatever tells them apart, each a part without parts; None where it has no lines.

    One without items has its comments only.
    """
    before, lines = len(problems), text.splitlines()
    node = load(text, name, problems)
    if has_errors(problems[before:]):
        return None
    if node is None or (isinstance(node, Value) and node.empty) or (isinstance(node, Listing) and not node.items):
        is_empty = all(is_comment(line) or line.strip() in ("[]", "null", "~") for line in lines)
        head = tuple(line for line in lines if is_comment(line))
        return File(Part(name="", value=(), head=head), ()) if is_empty else None
    root = composed(text)
    if root.id != "sequence" or root.flow_style:
        return None
    reader, column, parts, at = _Reader(lines), root.start_mark.column, list[Part](), int(root.start_mark.line)
    for number, inner in enumerate(root.value):
        start, end = int(inner.start_mark.line), reader.ends(inner)
        if start < at or not re.match(rf" {{{column}}}- ", lines[start]):
            return None
        lead = tuple(lines[at:start])
        parts.append(Part(name=str(number), value="", indent=column, lead=lead, lines=tuple(lines[start:end])))
        at = end
    head = tuple(lines[: int(root.start_mark.line)])
    return File(Part(name="", value=(), head=head, parts=tuple(parts)), tuple(lines[at:]))


def flow(value: Typed) -> str:
    """A value on one line, in braces or brackets where it is no text."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value != "null" else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(flow, value)) + "]"


def hyphened(lines: Lines, indent: int) -> Lines:
    """An item's lines with its hyphen before the first that is no comment."""
    at = next(number for number, line in enumerate(lines) if not is_comment(line))
    rest = lines[at][indent + 1 :] if lines[at][: indent + 1].isspace() else f" {lines[at].lstrip()}"
    return (*lines[:at], f"{' ' * indent}-{rest}", *lines[at + 1 :])


def is_comment(line: str) -> bool:
    """Whether a line holds nothing: a comment, or blank."""
    return not line.strip() or line.lstrip().startswith("#")


def moved(lines: Sequence[str], by: int) -> Lines:
    """Lines indented by more or, below zero, by less; a comment at the very left stays there."""
    return tuple(_moved(line, by) for line in lines)


def _moved(line: str, by: int) -> str:
    if not line.strip() or line.startswith("#"):
        return line
    return " " * by + line if by >= 0 else line[min(-by, len(line) - len(line.lstrip())) :]


class _Reader:
    """Cuts a file's lines where its nodes begin and end."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def inside(self, node: Any, value: Typed) -> tuple[Part, ...]:
        """The parts of a section or a list that is written in lines; nothing where it is not, or cannot be divided."""
        if node.id == "scalar" or node.flow_style:
            return ()
        found = self._keys(node, value) if node.id == "mapping" else self._items(node, value)
        return tuple(found) if len(found) == len(node.value) else ()

    def _keys(self, node: Any, value: Typed) -> list[Part]:
        found: list[Part] = []
        at = node.start_mark.line
        for key, inner in node.value:
            start, column = key.start_mark.line, key.start_mark.column
            said = value.get(key.value, "") if isinstance(value, Mapping) else ""
            lead = tuple(self._lines[at:start]) if found else ()
            found.append(self._part(key.value, said, inner, (start, column), lead))
            at = max(start + 1, self.ends(inner))
        return found

    def _items(self, node: Any, value: Typed) -> list[Part]:
        keys = naming(value) if isinstance(value, tuple) else None
        if keys is None or not isinstance(value, tuple):
            return []
        found: list[Part] = []
        at, column = node.start_mark.line, node.start_mark.column
        for inner, said in zip(node.value, value, strict=True):
            start = inner.start_mark.line
            if not re.match(rf" {{{column}}}- ", self._lines[start]):
                return []
            lead = tuple(self._lines[at:start]) if found else ()
            part = self._part(name_of(said, keys), said, inner, (start, column), lead)
            found.append(_as_item(part))
            at = self.ends(inner)
        return found

    def _part(self, name: str, value: Typed, node: Any, place: tuple[int, int], lead: Lines) -> Part:
        start, indent = place
        parts = self.inside(node, value)
        if parts:
            head = tuple(self._lines[start : self.begins(node)])
            return Part(name=name, value=value, indent=indent, lead=lead, head=head, parts=parts)
        lines = tuple(self._lines[start : max(start + 1, self.ends(node))])
        first, last = node.start_mark, node.end_mark
        is_short = first.line == last.line == start and last.column > first.column
        span = (first.column, last.column) if is_short else None
        return Part(name=name, value=value, indent=indent, lead=lead, lines=lines, span=span)

    def begins(self, node: Any) -> int:
        """The line of a section's first key, or of a list's first item."""
        return int(node.start_mark.line)

    def ends(self, node: Any) -> int:
        """The line after a node's last."""
        if node.id != "scalar" and not node.flow_style:
            last = node.value[-1]
            key, value = last if isinstance(last, tuple) else (last, last)
            return max(int(key.start_mark.line) + 1, self.ends(value))
        end = int(node.end_mark.line) + (1 if node.end_mark.column else 0)
        while node.id == "scalar" and node.style in ("|", ">") and not self._lines[end - 1].strip():
            end -= 1
        return end


def _as_item(part: Part) -> Part:
    """An item without its hyphen in the first of its own parts, which may come to stand elsewhere."""
    if not part.parts:
        return structs.replace(part, is_item=True)
    first, *others = part.parts
    return structs.replace(part, is_item=True, head=(), parts=(_unhyphened(first, part.indent), *others))


def _unhyphened(part: Part, column: int) -> Part:
    name = "head" if part.parts else "lines"
    first, *others = getattr(part, name)
    return structs.replace(part, **{name: (f"{first[:column]} {first[column + 1 :]}", *others)})
