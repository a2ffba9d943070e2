"""What a document is, to every writer."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

# ── inlines ──────────────────────────────────────────────────────────────────────────────────


class Text(Struct, frozen=True, tag=True):
    """Characters, as the reader sees them: writers escape, nobody else does."""

    text: str
    strong: bool = False
    emphasis: bool = False


class Link(Struct, frozen=True, tag=True):
    """A link (https:, mailto: or tel:) with words that say where it leads."""

    text: str
    address: str


class Missing(Struct, frozen=True, tag=True):
    """A fact that nobody has given yet; only a draft may hold one. Shown as [MANGLER: name]."""

    name: str


class LineBreak(Struct, frozen=True, tag=True):
    """A new line in the same paragraph."""


Inline = Text | Link | Missing | LineBreak
Inlines = tuple[Inline, ...]

# ── blocks ───────────────────────────────────────────────────────────────────────────────────

Align = Literal["left", "right"]


class Heading(Struct, frozen=True, tag=True):
    """A heading inside the document; level 1 is the highest below the document's title."""

    level: int
    content: Inlines


class Paragraph(Struct, frozen=True, tag=True):
    """One paragraph of running text."""

    content: Inlines


class Quote(Struct, frozen=True, tag=True):
    """Words of somebody else, or a text quoted exactly."""

    blocks: tuple[Block, ...]


class BulletList(Struct, frozen=True, tag=True):
    """A list whose order says nothing; each item is its own blocks (most often one paragraph)."""

    items: tuple[tuple[Block, ...], ...]


class NumberedList(Struct, frozen=True, tag=True):
    """A list whose order counts. It always begins at `start`, never where an earlier list ended."""

    items: tuple[tuple[Block, ...], ...]
    start: int = 1


class Table(Struct, frozen=True, tag=True):
    """A table with one header row. `caption` says what it shows and in which unit, without "Tabel 1"."""

    header: tuple[Inlines, ...]
    align: tuple[Align, ...]  # one for each column
    rows: tuple[tuple[Inlines, ...], ...]
    total: tuple[Inlines, ...] | None = None  # the sum row, shown last and strong
    caption: str = ""


class KeyFigures(Struct, frozen=True, tag=True):
    """The few figures that a reader in a hurry should see: label and value."""

    items: tuple[tuple[Inlines, Inlines], ...]


class Figure(Struct, frozen=True, tag=True):
    """A picture (svg that gives its size in mm) with the words that stand in for it; `name` is its file's."""

    svg: str
    alt: str
    caption: str = ""
    name: str = ""


class Section(Struct, frozen=True, tag=True):
    """One named part of a document, e.g. "proposal"; its heading is the layout's own words.

    A `heading` of "" stands without one.
    """

    name: str
    heading: str
    blocks: tuple[Block, ...]


class TableOfContents(Struct, frozen=True, tag=True):
    """Stands for the list of the document's headings; a writer makes its entries from the tree."""


class PageBreak(Struct, frozen=True, tag=True):
    """What follows begins on a new page."""


Block = (
    Heading
    | Paragraph
    | Quote
    | BulletList
    | NumberedList
    | Table
    | KeyFigures
    | Figure
    | Section
    | TableOfContents
    | PageBreak
)

# ── the whole ────────────────────────────────────────────────────────────────────────────────


class Document(Struct, frozen=True, kw_only=True):
    """A whole document, ready to be written.

    `day` is the day that it describes; it is also the date in its metadata, for a writer never asks the clock.
    """

    title: str
    subtitle: str = ""
    author: str  # e.g. "Thisted Kommune"
    subject: str
    keywords: tuple[str, ...] = ()
    day: date
    front: tuple[tuple[str, str], ...] = ()  # what it is, at the top: ("Projektperiode", "1. januar 2022 – …")
    notices: tuple[str, ...] = ()  # warnings that a reader cannot miss: draft, constructed example
    running: str = ""  # what the foot of each page says beside the page number
    numbered: bool = False  # headings get 1, 1.1 …
    cover: bool = False  # title, front and notices on a page of their own
    blocks: tuple[Block, ...]
    language: str = "da-DK"


def walk(blocks: tuple[Block, ...]) -> list[Block]:
    """Every block in reading order, those inside sections, quotes and lists too."""
    found: list[Block] = []
    for block in blocks:
        found.append(block)
        match block:
            case Section(blocks=inner) | Quote(blocks=inner):
                found += walk(inner)
            case BulletList(items=items) | NumberedList(items=items):
                for item in items:
                    found += walk(item)
            case _:
                pass
    return found
