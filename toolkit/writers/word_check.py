"""Looks a Word file through before it is written: Word opens what this finds nothing in."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.parsers import expat

_STYLE = re.compile(rb'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]*)"')
_STYLE_ID = re.compile(rb'<w:style\b[^>]*w:styleId="([^"]*)"')
_USED = re.compile(rb'\br:(?:id|embed|link)="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target|TargetMode)="([^"]*)"')
_PICTURE = re.compile(rb'<wp:docPr id="([^"]*)"')
_STARTS, _ENDS = (re.compile(rb'<w:bookmark%s w:id="([^"]*)"' % word) for word in (b"Start", b"End"))

_TYPES = "[Content_Types].xml"


def faults(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """What Word would stumble over, in English; nothing where the parts hold together.

    Each part is well-formed XML, every relation leads to a part, every style and relation that is used is there, and
    pictures and bookmarks have ids of their own.
    """
    return tuple(_faults(parts))


def _faults(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and not _well_formed(content):
            yield f"{name} is not well-formed"
    if _TYPES not in parts:
        yield f"{_TYPES} is missing"
    relations = {name: dict(_relations(name, content)) for name, content in parts.items() if name.endswith(".rels")}
    for name, targets in relations.items():
        yield from (f"{name} leads to {target}" for target in targets.values() if target and target not in parts)
    styles = {id for name, content in parts.items() if name.endswith("styles.xml") for id in _STYLE_ID.findall(content)}
    for name, content in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        folder, file = posixpath.split(name)
        known = relations.get(f"{folder}/_rels/{file}.rels", {})
        yield from (f"{name} uses the relation {id.decode()}" for id in set(_USED.findall(content)) - known.keys())
        yield from (f"{name} uses the style {id.decode()}" for id in set(_STYLE.findall(content)) - styles)
        yield from (f"{name} has the picture {id.decode()} twice" for id in _twice(_PICTURE.findall(content)))
        starts, ends = _STARTS.findall(content), _ENDS.findall(content)
        if _twice(starts) or sorted(starts) != sorted(ends):
            yield f"{name} has bookmarks that do not end, or end twice"


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
