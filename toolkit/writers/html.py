"""A document as one self-contained page that reads on a screen, a phone, paper and by ear."""

from __future__ import annotations

from base64 import b64encode

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
from toolkit.writers.characters import escape
from toolkit.writers.outline import CONTENTS, FIGURE, TABLE, Entry, marker, outline, plain

# The page may show its own style and the pictures inside it, and nothing else: a layout comes from other people, and
# what it holds must neither run nor call home.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write(document: Document, layout: Layout) -> bytes:
    """The page, in UTF-8."""
    page = _Page(outline(document))
    main = page.blocks(document.blocks)
    title = escape(document.title)
    text = f"""\
<!DOCTYPE html>
<html lang="{escape(document.language.partition("-")[0])}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="author" content="{escape(document.author)}">
<meta name="description" content="{escape(document.subject)}">
<meta name="keywords" content="{escape(", ".join(document.keywords))}">
<meta name="date" content="{document.day.isoformat()}">
<style>
{harmless(layout.style).strip()}
</style>
</head>
<body>
<header{' class="cover"' if document.cover else ""}>
{_sender(document, layout) if document.cover else ""}<h1>{title}</h1>
{_front(document)}</header>
<main>
{main}</main>
<footer>
<p>{escape(document.running or document.author)}</p>
</footer>
</body>
</html>
"""
    return text.encode()


def harmless(style: str) -> str:
    r"""CSS that cannot end its own element: in CSS, `<\/` is the same text as `</`."""
    return style.replace("</", r"<\/")


def inlines(content: Inlines) -> str:
    """Inlines as HTML."""
    return "".join(_inline(inline) for inline in content)


def _sender(document: Document, layout: Layout) -> str:
    """The municipality above the title of a cover, with its logo."""
    picture = b64encode(layout.logo.encode()).decode()
    alt = escape(layout.logo_alt or document.author)
    logo = f'<img class="logo" src="data:image/svg+xml;base64,{picture}" alt="{alt}">\n' if layout.logo else ""
    return f'{logo}<p class="sender">{escape(document.author)}</p>\n'


def _front(document: Document) -> str:
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>\n' if document.subtitle else ""
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>\n" for name, value in document.front)
    notices = "".join(f'<p class="notice" role="note">{escape(notice)}</p>\n' for notice in document.notices)
    return subtitle + notices + (f'<dl class="front">\n{facts}</dl>\n' if facts else "")


class _Page:
    """The tree to HTML, top down: headings take their anchors, tables and figures their numbers, as they are met."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        self._ahead = iter(entries)
        self._tables = 0
        self._captions = 0
        self._figures = 0

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                return self._heading()
            case Paragraph(content):
                return f"<p>{inlines(content)}</p>\n"
            case Quote(blocks):
                return f"<blockquote>\n{self.blocks(blocks)}</blockquote>\n"
            case BulletList(items):
                return f"<ul>\n{self._items(items)}</ul>\n"
            case NumberedList(items, start):
                begins = f' start="{start}"' if start != 1 else ""
                return f"<ol{begins}>\n{self._items(items)}</ol>\n"
            case Table():
                return self._table(block)
            case KeyFigures(items):
                figures = "".join(
                    f"<div><dt>{inlines(label)}</dt><dd>{inlines(value)}</dd></div>\n" for label, value in items
                )
                return f'<dl class="key-figures">\n{figures}</dl>\n'
            case Figure():
                return self._figure(block)
            case Section(_, heading, blocks):
                return (f"<section>\n{self._heading()}" if heading else "") + (
                    self.blocks(blocks) + ("</section>\n" if heading else "")
                )
            case TableOfContents():
                return (
                    f'<nav class="contents" aria-labelledby="{CONTENTS.lower()}_">\n'
                    f'<h2 id="{CONTENTS.lower()}_">{CONTENTS}</h2>\n{_contents(self._entries)}</nav>\n'
                )
            case PageBreak():
                return '<div class="page-break"></div>\n'

    def _heading(self) -> str:
        entry = next(self._ahead)
        tag = f"h{min(entry.level + 1, 6)}"  # the title is h1, and HTML ends at h6
        return f'<{tag} id="{entry.anchor}">{_number(entry)}{inlines(entry.content)}</{tag}>\n'

    def _items(self, items: tuple[tuple[Block, ...], ...]) -> str:
        return "".join(f"<li>{self._item(item)}</li>\n" for item in items)

    def _item(self, item: tuple[Block, ...]) -> str:
        match item:
            case (Paragraph(content), *rest):  # a first paragraph needs no room of its own around it
                return inlines(content) + ("\n" + self.blocks(tuple(rest)) if rest else "")
            case _:
                return "\n" + self.blocks(item)

    def _table(self, table: Table) -> str:
        self._tables += 1
        name = f"{TABLE.lower()}_{self._tables}"  # an anchor of a heading never holds an underscore
        if table.caption:
            self._captions += 1
            caption = f'<caption id="{name}">{TABLE} {self._captions}. {escape(table.caption)}</caption>\n'
            label = f'aria-labelledby="{name}"'
        else:
            caption = ""
            label = f'aria-label="{escape(TABLE + ": " + ", ".join(plain(cell) for cell in table.header))}"'
        head = "".join(_header(cell, align) for cell, align in zip(table.header, table.align, strict=True))
        body = "".join(_row(row, table.align) for row in table.rows)
        foot = f"<tfoot>\n{_row(table.total, table.align)}</tfoot>\n" if table.total else ""
        # A wide table scrolls by itself on a small screen: whoever uses a keyboard must be able to reach it.
        return (
            f'<div class="table" role="region" {label} tabindex="0">\n<table>\n{caption}'
            f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n{foot}</table>\n</div>\n"
        )

    def _figure(self, figure: Figure) -> str:
        self._figures += 1
        caption = f"<figcaption>{FIGURE} {self._figures}. {escape(figure.caption)}</figcaption>\n"
        picture = figure.svg[figure.svg.index("<svg") :]  # an XML declaration has no place inside a page
        return (
            f'<figure>\n<div role="img" aria-label="{escape(figure.alt)}">{picture.strip()}</div>\n'
            f"{caption if figure.caption else ''}</figure>\n"
        )


def _header(cell: Inlines, align: Align) -> str:
    if not cell:
        return "<td></td>"
    return f'<th scope="col"{_amount(align)}>{inlines(cell)}</th>'


def _row(row: tuple[Inlines, ...], align: tuple[Align, ...]) -> str:
    """One row; a first cell of words names the row to whoever hears the table cell by cell."""
    cells = "".join(
        f'<th scope="row">{inlines(cell)}</th>'
        if column == 0 and align[0] == "left" and cell
        else f"<td{_amount(align[column])}>{inlines(cell)}</td>"
        for column, cell in enumerate(row)
    )
    return f"<tr>{cells}</tr>\n"


def _amount(align: Align) -> str:
    return ' class="amount"' if align == "right" else ""


def _contents(entries: tuple[Entry, ...]) -> str:
    """A list of links to the headings of level 1, each with a list of those of level 2 below it."""
    chapters: list[tuple[str, list[str]]] = []
    for entry in entries:
        link = f'<a href="#{entry.anchor}">{_number(entry)}{escape(plain(entry.content))}</a>'
        if entry.level == 1:
            chapters.append((link, []))
        elif entry.level == 2:
            chapters[-1][1].append(link)
    return _links([link + ("\n" + _links(below) if below else "") for link, below in chapters])


def _links(links: list[str]) -> str:
    return "<ol>\n" + "".join(f"<li>{link}</li>\n" for link in links) + "</ol>\n"


def _number(entry: Entry) -> str:
    return f'<span class="number">{entry.number}</span> ' if entry.number else ""


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text, strong, emphasis):
            words = escape(text)
            words = f"<em>{words}</em>" if emphasis else words
            return f"<strong>{words}</strong>" if strong else words
        case Link(text, address):
            return f'<a href="{escape(address)}">{escape(text)}</a>'
        case Missing():
            return f"<mark>{escape(marker(inline))}</mark>"
        case LineBreak():
            return "<br>\n"
