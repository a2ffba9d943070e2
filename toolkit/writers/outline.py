"""The headings of a document, with the level, number and anchor that every writer gives them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Heading,
    Inlines,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    Quote,
    Section,
    Text,
)
from toolkit.writers.characters import clean

# A document is always Danish, and so are the few words that a writer adds to it.
CONTENTS = "Indhold"
TABLE = "Tabel"
FIGURE = "Figur"
PAGE = "Side"
OF = "af"


class Entry(Struct, frozen=True):
    """One heading: level 1 stands right below the document's title, and no level is ever jumped over."""

    level: int
    number: str  # "2.1", or "" when the document is not numbered
    anchor: str  # letters, digits and hyphens; unique in the document
    content: Inlines


def outline(document: Document) -> tuple[Entry, ...]:
    """Every heading in reading order, those of sections too."""
    taken: Counter[str] = Counter()
    counters: list[int] = []
    entries = []
    for level, name, content in _headings(document.blocks, 0):
        counters = [*counters[: level - 1], counters[level - 1] + 1 if len(counters) >= level else 1]
        number = ".".join(map(str, counters)) if document.numbered else ""
        entries.append(Entry(level, number, _unique(_slug(name or plain(content)), taken), content))
    return tuple(entries)


def plain(content: Inlines) -> str:
    """The inlines as clean text alone, on one line."""
    return clean("".join(_plain(inline) for inline in content))


def breaks(content: Inlines) -> int:
    """How many new lines the inlines ask for."""
    return sum(isinstance(inline, LineBreak) for inline in content)


def marker(missing: Missing) -> str:
    """What stands in a draft for a fact that nobody has given yet."""
    return f"[MANGLER: {missing.name}]"


def _plain(inline: Text | Link | Missing | LineBreak) -> str:
    match inline:
        case Text(text) | Link(text):
            return text
        case Missing():
            return marker(inline)
        case LineBreak():
            return " "


def _headings(blocks: tuple[Block, ...], base: int) -> Iterator[tuple[int, str, Inlines]]:
    """Level, name if any, and words of each heading below a heading of level `base`.

    A heading counts from the section that it stands in: people begin at whatever level looks right to them, and a
    screen reader that meets a level 3 right after a level 1 tells its user that something is lost.
    """
    open_levels: list[int] = []
    for block in blocks:
        match block:
            case Heading(level, content):
                while open_levels and open_levels[-1] >= level:
                    open_levels.pop()
                open_levels.append(level)
                yield base + len(open_levels), "", content
            case Section(name, heading, inner):
                if heading:
                    yield base + 1, name, (Text(heading),)
                yield from _headings(inner, base + 1 if heading else base)
            case Quote(inner):
                yield from _headings(inner, base + len(open_levels))
            case BulletList(items) | NumberedList(items):
                for item in items:
                    yield from _headings(item, base + len(open_levels))
            case _:
                pass


def _slug(text: str) -> str:
    ascii_text = text.lower().translate({ord("æ"): "ae", ord("ø"): "oe", ord("å"): "aa"})
    return re.sub("[^a-z0-9]+", "-", ascii_text).strip("-") or "afsnit"


def _unique(slug: str, taken: Counter[str]) -> str:
    taken[slug] += 1
    if taken[slug] == 1:
        return slug
    return _unique(f"{slug}-{taken[slug]}", taken)
