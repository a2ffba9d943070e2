"""Looks a Word file through before it is written: Word opens what this finds nothing in."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from toolkit.writers import N_, Reason

_STYLE = re.compile(rb'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]*)"')
_STYLE_ID = re.compile(rb'<w:style\b[^>]*w:styleId="([^"]*)"')
_USED = re.compile(rb'\br:(?:id|embed|link)="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target|TargetMode)="([^"]*)"')
_PICTURE = re.compile(rb'<wp:docPr id="([^"]*)"')
_STARTS, _ENDS = (re.compile(rb'<w:bookmark%s w:id="([^"]*)"' % word) for word in (b"Start", b"End"))

_TYPES = "[Content_Types].xml"


def faults(parts: Mapping[str, bytes]) -> tuple[Reason, ...]:
    """What Word would stumble over; nothing where the parts hold together.

    Each part is well-formed XML, every relation leads to a part, every style and relation that is used is there, and
    pictures and bookmarks have ids of their own.
    """
    return tuple(Reason(text, {"part": part, "what": what}) for text, part, what in _faults(parts))


def _faults(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and not _well_formed(content):
            yield N_("{part} is not well-formed"), name, ""
    if _TYPES not in parts:
        yield N_("{part} is missing"), _TYPES, ""
    relations = {name: dict(_relations(name, content)) for name, content in parts.items() if name.endswith(".rels")}
    for name, targets in relations.items():
        lost = (target for target in targets.values() if target and target not in parts)
        yield from ((N_("{part} leads to {what}"), name, target) for target in lost)
    styles = {id for name, content in parts.items() if name.endswith("styles.xml") for id in _STYLE_ID.findall(content)}
    for name, content in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        folder, file = posixpath.split(name)
        known = relations.get(f"{folder}/_rels/{file}.rels", {})
        for text, ids in (
            (N_("{part} uses the relation {what}"), set(_USED.findall(content)) - known.keys()),
            (N_("{part} uses the style {what}"), set(_STYLE.findall(content)) - styles),
            (N_("{part} has the picture {what} twice"), _twice(_PICTURE.findall(content))),
        ):
            yield from ((text, name, id.decode()) for id in ids)
        starts, ends = _STARTS.findall(content), _ENDS.findall(content)
        if _twice(starts) or sorted(starts) != sorted(ends):
            yield N_("{part} has bookmarks that do not end, or end twice"), name, ""


def _well_formed(content: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError:
        return False
    return True


def _relations(name: str, content: bytes) -> Iterator[tuple[bytes, str]]:
    """Each relation's id and the part that it leads to; "" for one that leads out of the file."""
    source = posixpath.dirname(posixpath.dirname(name))
    for relation in _RELATION.findall(content):
        attributes = dict(_ATTRIBUTE.findall(relation))
        target = attributes.get(b"Target", b"").decode()
        inside = attributes.get(b"TargetMode") != b"External"
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(source, target))
        yield attributes.get(b"Id", b""), path if inside else ""


def _twice(ids: list[bytes]) -> list[bytes]:
    return [id for id, count in Counter(ids).items() if count > 1]
