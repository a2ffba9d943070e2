"""Our stated subset of Markdown, to the tree.

Paragraphs, headings, bullet and numbered lists, tables, quotes, **strong**, *emphasis*, `as typed`, links and hard line
breaks. Raw HTML is text like any other. Beyond Markdown:

- a level-1 heading opens a section: its text is the section's name;
- a paragraph `Tabel: Budget og forbrug, kr.` is the caption of the table that follows it;
- a table row whose first cell is all strong is the sum row;
- `[^navn]` is a footnote's mark, and a paragraph `[^navn]: …` its text: the marks become [1], [2] …, and the texts a
  numbered list at the end of their section;
- a paragraph `Nøgletal:` turns the two-column table that follows it into a box of key figures;
- a paragraph that is a picture, as a template's `{{ picture("timeline") }}` leaves one, is a figure, and a paragraph
  `Figur: Faser og milepæle` before it is its caption. Within a text, a picture is the words that stand in for it.

Values do not pass through the parser. They travel as tokens of private-use characters, so that nothing in a value, be
it `1*2*3`, `|` or `2022.` at the start of a line, can ever be taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode
from msgspec import Struct, structs

from toolkit.documents.tree import (
    Align,
    Block,
    BulletList,
    Figure,
    Heading,
    Inline,
    Inlines,
    KeyFigures,
    LineBreak,
    Link,
    Missing,
    NumberedList,
    Paragraph,
    Quote,
    Section,
    Table,
    Text,
)

_FIRST, _LAST = "\U000f0000", "\U0010ffff"  # two whole planes for private use: one character is one value
_TOKEN = re.compile(f"([{_FIRST}-{_LAST}])")
_FULL_STOP = re.compile(f"([{_FIRST}-{_LAST}])([*_]*)\\.(?!\\.)")
_TABLE = "Tabel:"
_FIGURE = "Figur:"
_KEY_FIGURES = "Nøgletal:"
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)")


class Values:
    """The values of one document, each behind the token that stands for it in the markup."""

    def __init__(self) -> None:
        self._values: list[str | Missing | Figure] = []

    def token(self, value: str | Missing | Figure) -> str:
        """A token for the value, to be put where the value shall stand."""
        self._values.append(value)
        return chr(ord(_FIRST) + len(self._values) - 1)

    def inlines(self, text: str) -> Iterator[Text | Missing]:
        """The text with its tokens as what they stand for; one that stands for nothing is not shown."""
        for piece in _TOKEN.split(text):
            value = self._behind(piece) if _TOKEN.fullmatch(piece) else piece
            match value:
                case Missing():
                    yield value
                case Figure(alt=words) | str(words) if words:
                    yield Text(words)

    def figures(self, text: str) -> tuple[Figure, ...]:
        """The pictures that a text is, if it is pictures and nothing more."""
        values = [self._behind(piece) if _TOKEN.fullmatch(piece) else piece for piece in _TOKEN.split(text) if piece]
        figures = tuple(value for value in values if isinstance(value, Figure))
        return figures if len(figures) == len(values) else ()

    def put(self, text: str, written: Callable[[str], str]) -> str:
        """The text with what stands behind each token, as it is to be written there."""
        return _TOKEN.sub(lambda found: written(plain(tuple(self.inlines(found[0])))), text)

    def stopped_once(self, markup: str) -> str:
        """The markup, where a value that ends with a full stop of its own, as kr. does, swallows the sentence's."""

        def swallowed(found: re.Match[str]) -> str:
            value = self._behind(found[1])
            return found[1] + found[2] if isinstance(value, str) and value.endswith(".") else found[0]

        return _FULL_STOP.sub(swallowed, markup)

    def _behind(self, token: str) -> str | Missing | Figure:
        number = ord(token) - ord(_FIRST)
        return self._values[number] if number < len(self._values) else ""


class Unsupported(Struct, frozen=True):
    """Markdown outside our subset, and the line of the markup that it stands on, from 1."""

    what: str
    line: int


def without_tokens(text: str) -> str:
    """The user's own text, without the characters that tokens are made of."""
    return _TOKEN.sub("", text)


def parse(markup: str, values: Values) -> tuple[tuple[Section, ...], list[Unsupported]]:
    """The sections of a document, and what in it we do not support. Text before the first section is unsupported."""
    reader = _Reader(values)
    tree = SyntaxTreeNode(_MARKDOWN.parse(values.stopped_once(markup)))
    sections: list[Section] = []
    nodes: list[SyntaxTreeNode] = []
    name: str | None = None
    for node in tree.children:
        if node.type == "heading" and node.tag == "h1":
            if name is not None:
                sections.append(Section(name, "", reader.section(nodes)))
            name, nodes = plain(reader.inlines(node.children[0])), []
        elif name is None:
            reader.unsupported.append(Unsupported("text-before-section", _line(node)))
        else:
            nodes.append(node)
    if name is not None:
        sections.append(Section(name, "", reader.section(nodes)))
    return tuple(sections), reader.unsupported


# ── footnotes, which markdown-it does not know ───────────────────────────────────────────────


def _footnote_text(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """`[^navn]: …` up to the next empty line, and what is indented below it."""
    if state.is_code_block(first):
        return False
    mark = _FOOTNOTE.match(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    if mark is None or not state.src.startswith(":", mark.end()):
        return False
    if silent:
        return True
    end = first + 1
    while end < last and (state.isEmpty(end) or state.sCount[end] >= state.blkIndent + 2 or _goes_on(state, end)):
        end += 1
    rest = state.src[mark.end() + 1 : state.eMarks[first]].strip()
    below = state.getLines(first + 1, end, state.blkIndent + 4, False)
    state.push("footnote_open", "", 1).meta = {"name": mark[1]}
    state.md.block.parse(f"{rest}\n{below}", state.md, state.env, state.tokens)
    state.push("footnote_close", "", -1)
    state.line = end
    return True


def _goes_on(state: StateBlock, line: int) -> bool:
    """Whether a line is the next one of a paragraph above it."""
    return not state.isEmpty(line - 1) and not _FOOTNOTE.match(state.src, state.bMarks[line] + state.tShift[line])


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    mark = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if mark is None:
        return False
    if not silent:
        state.push("footnote_mark", "", 0).meta = {"name": mark[1]}
    state.pos = mark.end()
    return True


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.block.ruler.before("reference", "footnote_text", _footnote_text, {"alt": ["paragraph"]})
_MARKDOWN.inline.ruler.before("link", "footnote_mark", _footnote_mark)


class _Reader:
    def __init__(self, values: Values) -> None:
        self.values = values
        self.unsupported: list[Unsupported] = []
        self.footnotes: dict[str, SyntaxTreeNode] = {}  # of the section that is being read
        self.marked: list[str] = []

    def section(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        """The blocks of a section, and last its footnotes in the order of their marks; one without a mark comes too."""
        inside = [node for top in nodes for node in top.walk() if node.type == "footnote"]
        self.footnotes, self.marked = {str(node.meta["name"]): node for node in inside}, []
        found = self.blocks(nodes)
        notes: list[tuple[Block, ...]] = []
        while len(notes) < len(self.footnotes):
            if len(notes) == len(self.marked):
                self.marked.append(next(name for name in self.footnotes if name not in self.marked))
            notes.append(self.blocks(self.footnotes[self.marked[len(notes)]].children))
        return (*found, NumberedList(tuple(notes))) if notes else found

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        found: list[Block] = []
        for node in nodes:
            block, *more = self._figures(node) or (self._block(node),)
            if block is None:
                continue
            before = found[-1] if found else None  # a paragraph that may turn out to belong to what follows it
            announced = self._announced(block, plain(before.content), node) if isinstance(before, Paragraph) else None
            if announced is None:
                found.append(block)
            else:
                found[-1] = announced
            caption = _continued(found[-1])
            found += (structs.replace(each, caption=caption) for each in more)
        return tuple(found)

    def _figures(self, node: SyntaxTreeNode) -> tuple[Figure, ...]:
        return self.values.figures(node.children[0].content) if node.type == "paragraph" else ()

    def _block(self, node: SyntaxTreeNode) -> Block | None:
        match node.type:
            case "paragraph":
                return Paragraph(self.inlines(node.children[0]))
            case "heading":
                return Heading(int(node.tag[1:]), self.inlines(node.children[0]))
            case "bullet_list":
                return BulletList(tuple(self.blocks(item.children) for item in node.children))
            case "ordered_list":
                start = node.attrs.get("start", 1)
                return NumberedList(tuple(self.blocks(item.children) for item in node.children), int(start))
            case "blockquote":
                return Quote(self.blocks(node.children))
            case "table":
                return self._table(node)
            case "footnote":
                return None  # section() puts it last
            case "code_block" | "fence":
                # Indented by accident more often than meant as code: a paragraph of the very text.
                return Paragraph(tuple(self.values.inlines(node.content.strip())))
            case _:
                self.unsupported.append(Unsupported(node.type, _line(node)))
                return None

    def _table(self, node: SyntaxTreeNode) -> Table:
        header = [cell for row in node.children[0].children for cell in row.children]
        rows = [row.children for body in node.children[1:] for row in body.children]
        cells = [tuple(self.inlines(cell.children[0]) for cell in row) for row in rows]
        has_total = bool(cells) and bool(cells[-1][0]) and all(_strong(inline) for inline in cells[-1][0])
        return Table(
            header=tuple(self.inlines(cell.children[0]) for cell in header),
            align=tuple(_align(cell) for cell in header),
            rows=tuple(cells[:-1] if has_total else cells),
            total=tuple(tuple(_weak(inline) for inline in cell) for cell in cells[-1]) if has_total else None,
        )

    def _announced(self, block: Block, words: str, node: SyntaxTreeNode) -> Block | None:
        """A block as the paragraph before it wants it; None when they have nothing to do with each other."""
        match block:
            case Table() if words == _KEY_FIGURES:
                return self._key_figures(block, node)
            case Table() if caption := _caption(words, _TABLE):
                return structs.replace(block, caption=caption)
            case Figure() if caption := _caption(words, _FIGURE):
                return structs.replace(block, caption=caption)
            case _:
                return None

    def _key_figures(self, table: Table, node: SyntaxTreeNode) -> Block:
        if len(table.header) != 2:
            self.unsupported.append(Unsupported("key-figures", _line(node)))
            return table
        return KeyFigures(tuple((row[0], row[1]) for row in table.rows))

    def inlines(self, node: SyntaxTreeNode) -> Inlines:
        return _joined(self._inlines(node, strong=False, emphasis=False))

    def _inlines(self, node: SyntaxTreeNode, *, strong: bool, emphasis: bool) -> Iterator[Inline]:
        for child in node.children:
            match child.type:
                case "text" | "code_inline":
                    for inline in self.values.inlines(child.content):
                        yield Text(inline.text, strong, emphasis) if isinstance(inline, Text) else inline
                case "strong":
                    yield from self._inlines(child, strong=True, emphasis=emphasis)
                case "em":
                    yield from self._inlines(child, strong=strong, emphasis=True)
                case "softbreak":
                    yield Text(" ", strong, emphasis)
                case "hardbreak":
                    yield LineBreak()
                case "link":
                    yield self._link(child)
                case "footnote_mark":
                    yield Text(self._footnote(child), strong, emphasis)
                case _:
                    self.unsupported.append(Unsupported(child.type, _line(child)))

    def _footnote(self, node: SyntaxTreeNode) -> str:
        name = str(node.meta["name"])
        if name not in self.footnotes:
            self.unsupported.append(Unsupported(f"[^{name}]", _line(node)))
            return f"[^{name}]"
        if name not in self.marked:
            self.marked.append(name)
        return f"[{self.marked.index(name) + 1}]"

    def _link(self, node: SyntaxTreeNode) -> Inline:
        words = plain(tuple(self._inlines(node, strong=False, emphasis=False)))
        address = plain(tuple(self.values.inlines(unquote(str(node.attrs["href"])))))
        if not _ADDRESS.match(address):
            self.unsupported.append(Unsupported("link-address", _line(node)))
        return Link(words, address)


def _caption(words: str, kind: str) -> str:
    return words.removeprefix(kind).strip() if words.startswith(kind) else ""


def _continued(block: Block) -> str:
    """The caption of a picture that goes on from another."""
    return f"{block.caption} (fortsat)" if isinstance(block, Figure) and block.caption else ""


def _align(cell: SyntaxTreeNode) -> Align:
    return "right" if "right" in str(cell.attrs.get("style", "")) else "left"


def _strong(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.strong


def _weak(inline: Inline) -> Inline:
    """A sum row is strong by being the sum row."""
    return structs.replace(inline, strong=False) if isinstance(inline, Text) else inline


def _joined(inlines: Iterator[Inline]) -> Inlines:
    """Neighbouring texts of the same kind as one."""
    joined: list[Inline] = []
    for inline in inlines:
        last = joined[-1] if joined else None
        if (
            isinstance(inline, Text)
            and isinstance(last, Text)
            and (inline.strong, inline.emphasis) == (last.strong, last.emphasis)
        ):
            joined[-1] = structs.replace(last, text=last.text + inline.text)
        else:
            joined.append(inline)
    return tuple(joined)


def plain(inlines: Sequence[Inline]) -> str:
    """The words alone, for what has no room for more: a name, a caption, a link's address."""
    words: list[str] = []
    for inline in inlines:
        match inline:
            case Text(text=text) | Link(text=text):
                words.append(text)
            case Missing(name=name):
                words.append(f"[MANGLER: {name}]")
            case LineBreak():
                words.append(" ")
    return "".join(words).strip()


def _line(node: SyntaxTreeNode) -> int:
    while node.map is None and node.parent is not None:
        node = node.parent
    return node.map[0] + 1 if node.map else 1
