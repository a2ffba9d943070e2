"""A document as Markdown (CommonMark with tables), for whoever wants its text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Align,
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
from toolkit.writers.outline import CONTENTS, FIGURE, TABLE, Entry, marker, outline, plain

# What may be markup wherever it stands, and what only may at the beginning of a line.
_MARKUP = re.compile(r"[\\`*_\[\]<|]|&(?=#?\w+;)|!(?=\[)|~(?=~)|:(?=//)")
_BLOCK = re.compile(r"^(\s*)(?:([#>=~+-])|(\d{1,9})([.)])(?=\s|$))")
_CLOSING = re.compile(r"(#+)$")  # what ends a heading without being shown
_SPACE = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def write(document: Document, layout: Layout) -> bytes:
    """The text, in UTF-8. The layout's looks have no place in it."""
    text = _Text(outline(document))
    blocks = [*_front(document), *text.blocks(document.blocks)]
    return ("\n\n".join(blocks) + "\n").encode()


def _front(document: Document) -> Iterable[str]:
    yield f"# {_words(document.title)}"
    if document.subtitle:
        yield _not_a_block(_words(document.subtitle))
    for notice in document.notices:
        yield f"**{_words(notice)}**"
    if document.front:
        yield "\n".join(f"- {_words(name)}: {_words(value)}" for name, value in document.front)


class _Text:
    """The tree to Markdown, top down: headings, tables and figures take their numbers as they are met."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        self._ahead = iter(entries)
        self._tables = 0
        self._figures = 0

    def blocks(self, blocks: tuple[Block, ...]) -> list[str]:
        found: list[str] = []
        other = False  # two lists after each other have different marks, else they are read as one
        for before, block in zip((None, *blocks), blocks, strict=False):
            other = not other and type(before) is type(block)
            found += self._block(block, other)
        return found

    def _block(self, block: Block, other: bool) -> Iterable[str]:
        match block:
            case Heading():
                yield self._heading()
            case Paragraph(content):
                yield "\n".join(map(_not_a_block, _inlines(content).split("\n")))
            case Quote(blocks):
                yield _indented("\n\n".join(self.blocks(blocks)), "> ", "> ")
            case BulletList(items):
                yield self._items(items, ["* " if other else "- "] * len(items))
            case NumberedList(items, start):
                stop = ")" if other else "."
                yield self._items(items, [f"{number}{stop} " for number in range(start, start + len(items))])
            case Table():
                if block.caption:
                    self._tables += 1
                    yield f"{TABLE} {self._tables}. {_words(block.caption)}"
                yield _table(block)
            case KeyFigures(items):
                yield "\n".join(f"- {_inlines(label)}: {_inlines(value)}" for label, value in items)
            case Figure(_, alt, caption):
                if caption:
                    self._figures += 1
                    yield f"{FIGURE} {self._figures}. {_words(caption)}"
                yield _not_a_block(_words(alt))
            case Section(_, heading, blocks):
                if heading:
                    yield self._heading()
                yield from self.blocks(blocks)
            case TableOfContents():
                listed = [entry for entry in self._entries if entry.level <= 2]
                yield f"## {CONTENTS}"
                yield "\n".join(f"{'  ' * (entry.level - 1)}- {_title(entry)}" for entry in listed)
            case PageBreak():
                pass

    def _heading(self) -> str:
        entry = next(self._ahead)
        return f"{'#' * min(entry.level + 1, 6)} {_title(entry)}"

    def _items(self, items: tuple[tuple[Block, ...], ...], marks: list[str]) -> str:
        texts = [
            _indented("\n\n".join(self.blocks(item)), mark, " " * len(mark))
            for mark, item in zip(marks, items, strict=True)
        ]
        return ("\n" if all(len(item) == 1 for item in items) else "\n\n").join(texts)


def _title(entry: Entry) -> str:
    words = _CLOSING.sub(r"\\\1", _escape(plain(entry.content)))
    return f"{entry.number} {words}" if entry.number else words


def _table(table: Table) -> str:
    head = _row(table.header)
    rule = "| " + " | ".join(_RULES[side] for side in table.align) + " |"
    total = [_row(table.total, strong=True)] if table.total else []
    return "\n".join([head, rule, *map(_row, table.rows), *total])


_RULES: dict[Align, str] = {"left": ":--", "right": "--:"}


def _row(row: tuple[Inlines, ...], *, strong: bool = False) -> str:
    cells = (_inlines(cell, strong=strong, line_break=" ") for cell in row)
    return "| " + " | ".join(cells) + " |"


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines)).replace(
        f"\n{rest}\n", f"\n{rest.rstrip()}\n"
    )


# ── inlines ──────────────────────────────────────────────────────────────────────────────────


def _inlines(content: Inlines, *, strong: bool = False, line_break: str = "\\\n") -> str:
    return "".join(_inline(inline, strong, line_break) for inline in content)


def _inline(inline: Inline, strong: bool, line_break: str) -> str:
    match inline:
        case Text(text, own_strong, emphasis):
            return _marked(text, ("**" if strong or own_strong else "") + ("*" if emphasis else ""))
        case Link(text, address):
            return f"[{_words(text)}](<{clean(address)}>)"
        case Missing():
            return _marked(marker(inline), "**")
        case LineBreak():
            return line_break


def _marked(text: str, marks: str) -> str:
    """The words between marks; a space at their ends stands outside, for marks must touch the words."""
    before, words, after = _SPACE.fullmatch(clean(text)).groups()  # type: ignore[union-attr]  # it matches any text
    return f"{before}{marks}{_escape(words)}{marks}{after}" if words and marks else _escape(before + words + after)


def _words(text: str) -> str:
    return _escape(clean(text))


def _escape(text: str) -> str:
    return _MARKUP.sub(lambda found: f"\\{found[0]}", text)


def _not_a_block(line: str) -> str:
    """The line, where what would begin a list, a heading or a quote does not: 2022\\. blev."""
    return _BLOCK.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}", line
    )
