"""A document as a PDF that can be read by eye and by ear, and kept: PDF/UA-1 and PDF/A-2a in one file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Figure,
    Heading,
    Inline,
    Inlines,
    KeyFigures,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Table,
    TableOfContents,
    Text,
)
from toolkit.writers.characters import clean
from toolkit.writers.outline import CONTENTS, FIGURE, OF, PAGE, TABLE, Entry, breaks, marker, outline, plain
from toolkit.writers.pictures import fitted
from toolkit.writers.typesetting import FONT, string, typeset
from toolkit.writers.word_layout import TWIPS, Measure, column_widths, is_wide, leads_to, row_box

_WIDTH = 160  # of the text on the page, in millimetres
_PICTURE = 225  # the height of a picture, with room left for a caption
_TABLE_SIZE = 9.7  # points: a table's type is 9.2, in a font that is a little wider than the one we measure with
_WHOLE_TABLE = 7  # rows with the header: a table of no more stays on one page
_WIDE = 247  # the text on a page that lies on its side, in millimetres
_PAGE = 700.0  # points: what is higher, Typst lets run off the page unless it may break
_WIDE_PAGE = 450.0
_WHOLE_TEXT = 1_000  # characters: a box or a caption of no more stays on one page
_UNBROKEN = re.compile(r"[^\s/\u00ad\u200b-]{60,}")  # longer than any Danish word: Typst finds no place to divide it
_PIECE = re.compile(r".{20}(?!$)")


def write(document: Document, layout: Layout) -> bytes:
    """The file. Raises Unsupported for what it cannot show, such as a character that no font has."""
    midnight = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    return typeset(source(document, layout), "pdf", timestamp=int(midnight.timestamp()))


def source(document: Document, layout: Layout) -> str:
    """The document as Typst code: calls of what pdf.typ defines, with every text as a string."""
    day = document.day
    parts = f'(page: "{PAGE}", of: "{OF}", table: "{TABLE}", figure: "{FIGURE}")'
    head = _call(
        "report.with",
        title=_text(document.title),
        subtitle=_text(document.subtitle),
        author=_text(document.author),
        subject=_text(document.subject),
        keywords=_array(map(_text, document.keywords)),
        day=f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
        running=_text(document.running or document.author),
        numbered=_truth(document.numbered),
        cover=_truth(document.cover),
        logo=_logo(layout, document) if document.cover and layout.logo else "none",
        font=f'"{FONT}"',
        **{"text-parts": parts},
    )
    text = _Text(outline(document))
    body = [*_front(document), *text.blocks(document.blocks, at_top=True), *text.turned(False)]
    return f"{_page()}\n#show: {head}\n#{{\n{_lines(body)}}}\n"


@cache
def _page() -> str:
    return Path(__file__).with_name("pdf.typ").read_text("utf-8")


def _front(document: Document) -> Iterable[str]:
    yield from (_call("notice", _text(notice), whole=_whole(notice)) for notice in document.notices)
    if document.front:
        yield _call("front", *(_array((_text(name), _text(value))) for name, value in document.front))
    if document.cover:
        yield "pagebreak()"


class _Text:
    """The tree to code, top down: headings take their levels as they are met."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._ahead = iter(entries)
        self._lying = False  # the page lies on its side

    def blocks(self, blocks: tuple[Block, ...], *, at_top: bool = False) -> list[str]:
        """The code of blocks; those `at_top` stand in no list and no quote, so that they may turn the page."""
        found: list[str] = []
        for number, block in enumerate(blocks):
            if at_top and not isinstance(block, PageBreak):
                found += self.turned(leads_to(blocks[number:], _is_wide))
            found += self._block(block, at_top)
        return found

    def turned(self, lying: bool) -> Iterable[str]:
        """What follows stands on a page that lies on its side, or upright again."""
        if lying != self._lying:
            yield "page(flipped: true, {" if lying else "})"
        self._lying = lying

    def _block(self, block: Block, at_top: bool) -> Iterable[str]:
        match block:
            case Heading():
                yield self._heading()
            case Paragraph(content):
                yield _call("par", _inlines(content))
            case Quote(blocks):
                yield _call("quote", self._body(blocks))
            case BulletList(items):
                yield _call("list", *map(self._item, items))
            case NumberedList(items, start):
                yield _call("enum", *map(self._item, items), start=str(start))
            case Table():
                yield _table(block, *((_WIDE, _WIDE_PAGE) if self._lying else (_WIDTH, _PAGE)))
            case KeyFigures(items):
                pairs = ((_inlines(label), _inlines(value)) for label, value in items)
                whole = _whole("".join(plain(content) for pair in items for content in pair))
                yield _call("key-figures", *map(_array, pairs), whole=whole)
            case Figure(svg, alt, caption):
                width, _ = fitted(svg, _WIDTH, _PICTURE)
                named = {"caption": _words(caption), "width": f"{width:g}mm", "whole": _whole(caption)}
                yield _call("picture", string(svg), alt=_text(alt), **named)
            case Section(_, heading, blocks):
                if heading:
                    yield self._heading()
                yield from self.blocks(blocks, at_top=at_top)
            case TableOfContents():
                yield _call("contents", f'"{CONTENTS}"')
            case PageBreak():
                yield "pagebreak(weak: true)"

    def _heading(self) -> str:
        entry = next(self._ahead)
        return _call("heading", _inlines(entry.content), depth=str(entry.level))

    def _item(self, item: tuple[Block, ...]) -> str:
        match item:
            case (Paragraph(content),):
                return _inlines(content)
            case _:
                return self._body(item)

    def _body(self, blocks: tuple[Block, ...]) -> str:
        return f"{{\n{_lines(self.blocks(blocks))}}}"


def _table(table: Table, width: int, page: float) -> str:
    """A table whose rows stay on one page each, and all of it when it is small, as far as a page has room for them."""
    rows = _rows(table)
    header, *below = texts = _texts(table)
    widths = column_widths(header, below, table.align, _twips(width), _TABLE_SIZE)
    boxes = [
        row_box(text, widths, Measure(_TABLE_SIZE), breaks=max(map(breaks, row)), page=page)
        for row, text in zip(rows, texts, strict=True)
    ]
    tall = [box.line > 0 for box in boxes]
    whole = len(below) < _WHOLE_TABLE and sum(box.height for box in boxes) < page and not any(tall)
    return _call(
        "data-table",
        *map(_row, table.rows, tall[1:]),
        columns=_array(f"{width / TWIPS:g}pt" for width in widths),
        align=_array(table.align),
        header=_row(table.header, tall[0]),
        total=_row(table.total, tall[-1], strong=True) if table.total else "none",
        tall=_array((_truth(tall[0]), _truth(tall[-1]))),
        caption=_words(table.caption),
        whole=_truth(whole and len(table.caption) < _WHOLE_TEXT),
    )


def _is_wide(table: Table) -> bool:
    header, *rows = _texts(table)
    return is_wide(header, rows, table.align, _twips(_WIDTH), _TABLE_SIZE)


def _rows(table: Table) -> list[tuple[Inlines, ...]]:
    return [table.header, *table.rows, *([table.total] if table.total else [])]


def _texts(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in _rows(table)]


def _twips(millimetres: int) -> int:
    return round(millimetres / 25.4 * 72 * TWIPS)


def _logo(layout: Layout, document: Document) -> str:
    alt = _text(layout.logo_alt or document.author)
    return _call("image", f"bytes({string(layout.logo)})", format='"svg"', alt=alt)


def _row(row: tuple[Inlines, ...], breaks: bool, *, strong: bool = False) -> str:
    cells = [_call("strong", _inlines(cell)) if strong else _inlines(cell) for cell in row]
    return _array(_call("table.cell", cell, breakable="true") for cell in cells) if breaks else _array(cells)


# ── inlines ──────────────────────────────────────────────────────────────────────────────────


def _inlines(content: Inlines) -> str:
    """What stands in one line of code: a text alone as itself, several joined."""
    pieces = [_inline(inline) for inline in content] or ['""']
    return pieces[0] if len(pieces) == 1 else f"{{ {'; '.join(pieces)} }}"


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text, strong, emphasis):
            words = _text(text)
            words = _call("emph", words) if emphasis else words
            return _call("strong", words) if strong else words
        case Link(text, address):
            return _call("link", _text(address), _text(text))
        case Missing():
            return _call("missing", _text(marker(inline)))
        case LineBreak():
            return "linebreak()"


# ── code ─────────────────────────────────────────────────────────────────────────────────────


def _text(text: str) -> str:
    """A text as a string; one that Typst would let run into the margin gets places to break (U+200B)."""
    return string(_UNBROKEN.sub(lambda found: _PIECE.sub("\\g<0>\u200b", found[0]), clean(text)))


def _whole(text: str) -> str:
    return _truth(len(text) < _WHOLE_TEXT)


def _words(caption: str) -> str:
    return _text(caption) if caption else "none"


def _truth(value: bool) -> str:
    return str(value).lower()


def _call(name: str, *values: str, **named: str) -> str:
    return f"{name}({', '.join([*values, *(f'{key}: {value}' for key, value in named.items())])})"


def _array(values: Iterable[str]) -> str:
    return f"({''.join(f'{value}, ' for value in values)})"


def _lines(codes: Iterable[str]) -> str:
    return "".join(f"{code}\n" for code in codes)
