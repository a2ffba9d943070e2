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


def as_text(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The words alone, a line for each paragraph, item and row, for what takes typed text only.

    The cells of a row have tabs between them, and a picture says what its alternative text says.
    """
    found: list[str] = []
    for block in blocks:
        match block:
            case Heading(content=content) | Paragraph(content=content):
                found.append(_words(content))
            case Quote(blocks=inner):
                found += as_text(inner)
            case BulletList(items=items):
                for item in items:
                    found += _item("–", item)
            case NumberedList(items=items, start=start):
                for number, item in enumerate(items, start):
                    found += _item(f"{number}.", item)
            case Table(header=header, rows=rows, total=total, caption=caption):
                found += [caption] if caption else []
                found += ["\t".join(map(_words, row)) for row in (header, *rows, *([total] if total else ()))]
            case KeyFigures(items=figures):
                found += [f"{_words(label)}: {_words(value)}" for label, value in figures]
            case Figure(alt=alt):
                found.append(alt)
            case Section(heading=heading, blocks=inner):
                found += [*([heading] if heading else []), *as_text(inner)]
            case TableOfContents() | PageBreak():
                pass
    return tuple(found)


def _item(mark: str, blocks: tuple[Block, ...]) -> tuple[str, ...]:
    first, *rest = as_text(blocks) or ("",)
    return (f"{mark} {first}", *rest)


def _words(content: Inlines) -> str:
    words: list[str] = []
    for inline in content:
        match inline:
            case Text(text=text):
                words.append(text)
            case Link(text=text, address=address):
                words.append(text if text in address else f"{text} ({address})")
            case Missing(name=name):
                words.append(f"[MANGLER: {name}]")
            case LineBreak():
                words.append("\n")
    return "".join(words)
