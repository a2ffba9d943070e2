"""A document as a Word file, as somebody who knows Word would make it: styles, real lists, tables and fields."""

from __future__ import annotations

from msgspec import Struct, structs

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
from toolkit.writers import N_, Unsound, Unsupported
from toolkit.writers.characters import escape
from toolkit.writers.outline import CONTENTS, FIGURE, OF, PAGE, TABLE, Entry, breaks, marker, outline, plain
from toolkit.writers.package import XML, pack
from toolkit.writers.word_check import faults
from toolkit.writers.word_layout import TWIPS, Box, column_widths, is_wide, leads_to, pages, paragraph_box, row_box
from toolkit.writers.word_template import (
    BULLETS,
    CONTENTS_LEVELS,
    CONTINUED,
    HEADINGS,
    NUMBERS,
    Template,
    Wide,
    template,
)

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_EMU = 36000  # in a millimetre
_POINTS = 72 / 25.4  # in a millimetre
_FIRST_PICTURE = 1000  # pictures of the reference's own have low numbers, and no two may have the same

_AFTER_TABLE = 10.0  # points: a table has no room below it, so what follows has it above
_ABOVE_FIGURE = 8.0
_BELOW_FIGURE = 60.0  # what is left on a page for a caption
_COVER_TOP = 170.0  # points down a cover to its title
_MOST_COLUMNS = 63  # Word opens no file with more
_WHOLE_TABLE = 6  # rows below the header: a table of no more stays on one page
_NUMBER_STOP = (567, 964)  # twips: where the words begin after a number, by level in a table of contents
_LEADING = {"Title", "Subtitle", "Caption", "TOC Heading", *HEADINGS}  # styles that stay with what follows
_TAB = "<w:r><w:tab/></w:r>"


def write(document: Document, layout: Layout) -> bytes:
    """The file, looked through before anybody gets it.

    Raises Unsupported for what it cannot show, UnusableReference for a reference.docx that will not do, and Unsound
    where the parts do not hold together.
    """
    body = _Body(layout, document)
    body.front(document, layout)
    body.blocks(document.blocks)
    text, page_count = body.finished()
    ready = template(layout.reference, document.numbered, wide=body.turned)
    wide = ready.wide
    footers = [(gap, ready.width) for gap in ready.footers]
    footers += [(gap, wide.width) for gap in wide.footers] if wide else []
    parts = (
        ready.constant
        | {
            ready.body: _whole(text),
            ready.properties: _core_properties(document),
            ready.relationships.name: ready.relationships.filled(body.relationships()),
            ready.numbering.name: ready.numbering.filled(body.lists()),
        }
        | {gap.name: gap.filled(_footer(document.running, page_count, ready, width)) for gap, width in footers}
        | body.pictures()
    )
    if found := faults(parts):
        raise Unsound(found)
    return pack(parts)


class _Contents(Struct, frozen=True):
    """A table of contents, to be written where it stands when the pages are known."""

    at: int  # the place kept for it in the text
    new_page: bool


class _Body:
    """The text of the file while it is written, top down, with a tally of the room that it takes."""

    def __init__(self, layout: Layout, document: Document) -> None:
        self._ready = ready = template(layout.reference, document.numbered)
        self._template_of = (layout.reference, document.numbered)
        self._entries = outline(document)
        self._section = ready.cover_section if document.cover else ready.section  # the page we are on
        self._wide: Wide | None = None  # while the page lies on its side
        self.turned = False  # whether any page has
        self._xml: list[str] = []
        self._boxes: list[Box] = []
        self._contents: list[_Contents] = []
        self._lists: list[tuple[str, int]] = []  # style and first number of each numbered list
        self._links: dict[str, str] = {}  # relationship ids by address
        self._pictures: list[bytes] = []
        self._headings = 0
        self._captions = 0
        self._numbered_figures = 0
        self._new_page = False  # the next paragraph begins a page
        self._section_begins = False  # it does so by itself
        self._after_table = False

    # ── the tree ─────────────────────────────────────────────────────────────────────────────

    def front(self, document: Document, layout: Layout) -> None:
        """Title, subtitle, notices and facts; on a page of their own, below logo and sender, where there is a cover."""
        if document.cover:
            top = _COVER_TOP - (self._logo(layout, document.author) if layout.logo else 0.0)
            self._paragraph("Subtitle", (Text(document.author),), above=top)
        self._paragraph("Title", (Text(document.title),))
        if document.subtitle:
            self._paragraph("Subtitle", (Text(document.subtitle),))
        for notice in document.notices:
            self._paragraph("Bemærk", (Text(notice),))
        for name, value in document.front:
            self._pair("Stamdata", (Text(name, strong=True),), (Text(value),))
        self._new_page = document.cover

    def blocks(self, blocks: tuple[Block, ...], depth: int = 0, style: str = "Normal") -> None:
        """Blocks that stand in `depth` lists, where running text has this style."""
        for number, block in enumerate(blocks):
            if not isinstance(block, PageBreak):
                at_top = depth == 0 and style == "Normal"
                self._turn(at_top and leads_to(blocks[number:], self._is_wide))
            self._block(block, depth, style)

    def _block(self, block: Block, depth: int, style: str) -> None:
        match block:
            case Heading():
                self._heading()
            case Paragraph(content):
                self._paragraph(style, content)
            case Quote(blocks):
                self.blocks(blocks, depth, "Quote")
            case BulletList(items):
                self._items(items, _deep(BULLETS, depth, _DEEP_LISTS), depth)
            case NumberedList(items, start):
                name = _deep(NUMBERS, depth, _DEEP_LISTS)
                self._items(items, name, depth, numbering=self._begin_list(name, start))
            case Table():
                self._table(block)
            case KeyFigures(items):
                for number, (label, value) in enumerate(items, 1):
                    self._pair("Nøgletal", label, value, strong=True, keep=number < len(items))
            case Figure():
                self._figure(block)
            case Section(_, heading, blocks):
                if heading:
                    self._heading()
                self.blocks(blocks)
            case TableOfContents():
                self._keep_place_for_contents()
            case PageBreak():
                self._new_page = True

    def finished(self) -> tuple[str, int]:
        """The text with its tables of contents, and how many pages it will take."""
        if self._after_table:
            self._xml.append(_SEPARATOR)
        on_page, page_count = pages(
            self._boxes, self._ready.height, self._page_on_its_side().height if self.turned else 0
        )
        for contents in self._contents:
            self._xml[contents.at] = self._contents_xml(contents, on_page)
        return "".join(self._xml) + self._section, page_count

    def relationships(self) -> str:
        """The addresses that the text links to, and the pictures in it."""
        links = (
            f'<Relationship Id="{identity}" Type="{_R}/hyperlink" Target="{escape(address)}" TargetMode="External"/>'
            for address, identity in self._links.items()
        )
        pictures = (
            f'<Relationship Id="figure{number}" Type="{_R}/image" Target="media/figure{number}.png"/>'
            for number in range(1, len(self._pictures) + 1)
        )
        return "".join([*links, *pictures])

    def pictures(self) -> dict[str, bytes]:
        """The pictures, each a part of the file."""
        folder = self._ready.body.rpartition("/")[0]
        return {f"{folder}/media/figure{number}.png": each for number, each in enumerate(self._pictures, 1)}

    def lists(self) -> str:
        """A list of its own for each numbered list, so that it begins where it says."""
        found = []
        for number, (style, start) in enumerate(self._lists, self._ready.next_list):
            abstract, level = self._ready.lists[style]
            found.append(
                f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>'
                f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
            )
        return "".join(found)

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    @property
    def _width(self) -> int:
        """Of the text on the page we are on, in twips."""
        return self._wide.width if self._wide else self._ready.width

    @property
    def _height(self) -> float:
        """Of the text on the page we are on, in points."""
        return self._wide.height if self._wide else self._ready.height

    def _fitted(self, svg: str, height: float) -> tuple[float, float]:
        """The size of a picture in millimetres, with so many points of the page for its height."""
        from toolkit.writers import pictures  # Typst and its fonts: only who has a picture waits for them

        room = height / max(self._ready.measures["Normal"].line, 1.0)  # it stands in a line, which has air above it
        return pictures.fitted(svg, self._width / TWIPS / _POINTS, room / _POINTS)

    def _turn(self, lying: bool) -> None:
        """What follows stands on a page that lies on its side, or upright again: Word wants a section for each."""
        if lying == bool(self._wide):
            return
        end = f"{self._section}</w:pPr>"
        if self._xml[-1].startswith("<w:p>"):
            self._xml[-1] = self._xml[-1].replace("</w:pPr>", end, 1)
        else:  # a table or a table of contents
            self._xml.append(_SEPARATOR.replace("</w:pPr>", end))
        wide = self._page_on_its_side()
        self._wide, self._section = (wide, wide.section) if lying else (None, wide.after)
        self.turned = self._section_begins = True
        self._new_page = self._after_table = False

    def _page_on_its_side(self) -> Wide:
        wide = template(*self._template_of, wide=True).wide
        assert wide is not None  # it was asked for
        return wide

    def _is_wide(self, table: Table) -> bool:
        header, *rows = _texts(table)
        size = self._ready.measures["Tabeltekst"].size
        return is_wide(header, rows, table.align, self._ready.width, size)

    def _stands(self, box: Box) -> None:
        """Takes down what was just written, for counting the pages."""
        begins, self._section_begins = self._section_begins, False
        if begins or self._wide:
            box = structs.replace(box, new_page=begins or box.new_page, wide=bool(self._wide))
        self._boxes.append(box)

    # ── paragraphs ───────────────────────────────────────────────────────────────────────────

    def _paragraph(
        self,
        style: str,
        content: Inlines,
        *,
        lead: str = "",  # runs before the content
        strong: bool = False,
        numbering: str = "",
        above: float = 0.0,  # room above in points, when the style has less
        keep: bool = False,
        below: bool = False,  # it belongs to what stands above it, whatever its style says
        entry: int | None = None,  # which heading it is
    ) -> None:
        new_page, self._new_page = self._new_page, False
        above = max(above, _AFTER_TABLE if self._after_table and not new_page else 0.0)
        self._after_table = False
        measure = self._ready.measures[style]
        room = f'<w:spacing w:before="{above * TWIPS:.0f}"/>' if above > measure.before else ""
        if below:
            measure = structs.replace(measure, before=measure.after, after=measure.before)
            room = f'<w:spacing w:before="{measure.before * TWIPS:.0f}" w:after="{measure.after * TWIPS:.0f}"/>'
        runs = lead + self._inlines(content, strong=strong)
        if entry is not None:
            runs = f'<w:bookmarkStart w:id="{entry}" w:name="{_anchor(entry)}"/>{runs}<w:bookmarkEnd w:id="{entry}"/>'
        self._xml.append(
            "<w:p>"
            + self._properties(style, keep=keep, below=below, new_page=new_page, numbering=numbering, room=room)
            + f"{runs}</w:p>"
        )
        self._stands(
            paragraph_box(
                plain(content),
                measure,
                self._width,
                breaks=breaks(content),
                above=above,
                keep=keep or (style in _LEADING and not below),
                new_page=new_page,
                entry=entry,
            )
        )

    def _properties(
        self,
        style: str,
        *,
        keep: bool = False,
        below: bool = False,
        new_page: bool = False,
        numbering: str = "",
        room: str = "",
    ) -> str:
        """A paragraph's properties, in the order that Word wants them."""
        keep_next = "<w:keepNext/>" if keep else '<w:keepNext w:val="0"/>' if below else ""
        return (
            f'<w:pPr><w:pStyle w:val="{self._ready.ids[style]}"/>'
            f"{keep_next}{'<w:pageBreakBefore/>' if new_page else ''}{numbering}{room}</w:pPr>"
        )

    def _heading(self) -> None:
        number, self._headings = self._headings, self._headings + 1
        entry = self._entries[number]
        self._paragraph(_deep(HEADINGS, entry.level - 1, _DEEP_HEADINGS), entry.content, entry=number)

    def _pair(self, style: str, label: Inlines, value: Inlines, *, strong: bool = False, keep: bool = False) -> None:
        """A label and, at the style's tab stop, its value."""
        self._paragraph(style, value, lead=self._inlines(label) + _TAB, strong=strong, keep=keep)

    def _items(self, items: tuple[tuple[Block, ...], ...], style: str, depth: int, numbering: str = "") -> None:
        for item in items:
            match item:
                case (Paragraph(content), *rest):
                    self._paragraph(style, content, numbering=numbering)
                    self.blocks(tuple(rest), depth + 1, CONTINUED[depth])
                case _:  # the bullet or number stands alone, for it counts
                    self._paragraph(style, (), numbering=numbering)
                    self.blocks(item, depth + 1, CONTINUED[depth])

    def _begin_list(self, style: str, start: int) -> str:
        """The numbering of the paragraphs in a new list."""
        number = self._ready.next_list + len(self._lists)
        self._lists.append((style, start))
        level = self._ready.lists[style][1]
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'

    # ── tables ───────────────────────────────────────────────────────────────────────────────

    def _table(self, table: Table) -> None:
        """python-docx makes a table in time that grows with its square; a row as text costs next to nothing.

        A row stays on one page, and the header comes again on each, as long as there is room beside them for others.
        """
        if len(table.header) > _MOST_COLUMNS:
            raise Unsupported(N_("a table of more than {columns} columns, in a Word file"), columns=_MOST_COLUMNS)
        if table.caption:
            self._captions += 1
            label = _run(f"{TABLE} ") + _field(f"SEQ {TABLE} \\* ARABIC", str(self._captions))
            self._paragraph("Caption", (Text(f". {table.caption}"),), lead=label)
        elif self._after_table:
            self._xml.append(_SEPARATOR)  # else Word makes one table of the two
        rows, texts = _rows(table), _texts(table)
        measure = self._ready.measures["Tabeltekst"]
        widths = column_widths(texts[0], texts[1:], table.align, self._width, measure.size)
        styles = ["Beløb" if side == "right" else "Tabeltekst" for side in table.align]
        last = len(rows) - 1
        self._xml.append(self._table_head(table, texts[0], widths))
        for number, row in enumerate(rows):
            strong = number == 0 or (number == last and table.total is not None)
            keep = number < last and (last <= _WHOLE_TABLE or number < 2 or number > last - 3)
            new_page, self._new_page = self._new_page, False
            box = row_box(
                texts[number],
                widths,
                measure,
                breaks=max(map(breaks, row)),
                strong=strong,
                keep=keep,
                new_page=new_page,
                page=self._height,
            )
            keep, whole = box.keep, not box.line
            cells = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
                f"<w:p>{self._properties(style, keep=keep, new_page=new_page)}"
                f"{self._inlines(cell, strong=strong)}</w:p></w:tc>"
                for cell, style, width in zip(row, styles, widths, strict=True)
            )
            head = "<w:tblHeader/>" if number == 0 else ""
            self._xml.append(f"<w:tr>{f'<w:trPr><w:cantSplit/>{head}</w:trPr>' if whole else ''}{cells}</w:tr>")
            self._stands(box)
        self._xml.append("</w:tbl>")
        self._after_table = True

    def _table_head(self, table: Table, header: list[str], widths: tuple[int, ...]) -> str:
        total = 1 if table.total else 0
        look = f'w:val="{0x0620 + 0x40 * total:04X}" w:firstRow="1" w:lastRow="{total}"'
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        names = escape(", ".join(name for name in header if name))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self._ready.ids["Table Grid"]}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook {look} w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{escape(table.caption) or names}"/><w:tblDescription w:val="Kolonner: {names}"/>'
            f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        )

    # ── pictures ─────────────────────────────────────────────────────────────────────────────

    def _figure(self, figure: Figure) -> None:
        """The picture and, below it, its caption on the same page."""
        from toolkit.writers import pictures

        width, height = self._fitted(figure.svg, self._height - _ABOVE_FIGURE - _BELOW_FIGURE)
        self._pictures.append(pictures.png(figure.svg, width))
        self._picture(width, height, figure.alt, keep=bool(figure.caption))
        if figure.caption:
            self._numbered_figures += 1
            label = _run(f"{FIGURE} ") + _field(f"SEQ {FIGURE} \\* ARABIC", str(self._numbered_figures))
            self._paragraph("Caption", (Text(f". {figure.caption}"),), lead=label, below=True)

    def _logo(self, layout: Layout, sender: str) -> float:
        """The municipality's logo at the top of a cover; how high it is, in points."""
        from toolkit.writers import pictures

        width, height = self._fitted(layout.logo, _COVER_TOP)
        self._pictures.append(pictures.png(layout.logo, width))
        return self._picture(width, height, layout.logo_alt or sender)

    def _picture(self, width: float, height: float, alt: str, *, keep: bool = False) -> float:
        """The latest picture in a paragraph of its own, so many millimetres wide and high; its height in points."""
        new_page, self._new_page = self._new_page, False
        self._after_table = False
        room = f'<w:spacing w:before="{_ABOVE_FIGURE * TWIPS:.0f}"/>'
        drawing = _drawing(len(self._pictures), round(width * _EMU), round(height * _EMU), alt)
        self._xml.append(f"<w:p>{self._properties('Normal', keep=keep, new_page=new_page, room=room)}{drawing}</w:p>")
        points = height * _POINTS * self._ready.measures["Normal"].line
        self._stands(Box(points, _ABOVE_FIGURE, keep=keep, new_page=new_page))
        return points

    # ── the table of contents ────────────────────────────────────────────────────────────────

    def _keep_place_for_contents(self) -> None:
        listed = self._listed()
        if not listed:
            return
        new_page, self._new_page = self._new_page, False
        self._after_table = False
        self._contents.append(_Contents(len(self._xml), new_page))
        self._xml.append("")
        measures, width = self._ready.measures, self._ready.width
        self._stands(paragraph_box(CONTENTS, measures["TOC Heading"], width, keep=True, new_page=new_page))
        for _, entry in listed:
            self._stands(paragraph_box(plain(entry.content), measures[CONTENTS_LEVELS[entry.level - 1]], width))

    def _listed(self) -> list[tuple[int, Entry]]:
        """The headings that a table of contents shows, each with its place among all of them."""
        return [found for found in enumerate(self._entries) if found[1].level <= len(CONTENTS_LEVELS)]

    def _contents_xml(self, contents: _Contents, on_page: dict[int, int]) -> str:
        """The field as Word itself writes it, entries and all: a reader sees it at once and Word can update it."""
        listed = self._listed()
        instruction = f'TOC \\o "1-{len(CONTENTS_LEVELS)}" \\h \\z \\u'
        begin = _mark("begin") + _instruction(instruction) + _mark("separate")
        lines = []
        for number, entry in listed:
            level = entry.level - 1
            stop = f'<w:tab w:val="left" w:pos="{_NUMBER_STOP[level]}"/>' if entry.number else ""
            stops = f'<w:tabs>{stop}<w:tab w:val="right" w:leader="dot" w:pos="{self._ready.width}"/></w:tabs>'
            words = (_run(entry.number) + _TAB if entry.number else "") + _run(plain(entry.content)) + _TAB
            page = _field(f"PAGEREF {_anchor(number)} \\h", str(on_page[number]))
            lines.append(
                f"<w:p>{self._properties(CONTENTS_LEVELS[level], numbering=stops)}{begin}"
                f'<w:hyperlink w:anchor="{_anchor(number)}" w:history="1">{words}{page}</w:hyperlink>'
            )
            begin = ""
        title = f"<w:p>{self._properties('TOC Heading', new_page=contents.new_page)}{_run(CONTENTS)}</w:p>"
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{title}{'</w:p>'.join(lines)}{_mark('end')}</w:p>"
            "</w:sdtContent></w:sdt>"
        )

    # ── inlines ──────────────────────────────────────────────────────────────────────────────

    def _inlines(self, content: Inlines, *, strong: bool = False) -> str:
        return "".join(self._inline(inline, strong) for inline in content)

    def _inline(self, inline: Inline, strong: bool) -> str:
        match inline:
            case Text(text, own_strong, emphasis):
                return _run(text, ("<w:b/>" if strong or own_strong else "") + ("<w:i/>" if emphasis else ""))
            case Link(text, address):
                identity = self._links.setdefault(address, f"link{len(self._links) + 1}")
                style = f'<w:rStyle w:val="{self._ready.ids["Hyperlink"]}"/>'
                return f'<w:hyperlink r:id="{identity}" w:history="1">{_run(text, style)}</w:hyperlink>'
            case Missing():
                return _run(marker(inline), '<w:b/><w:highlight w:val="yellow"/>')
            case LineBreak():
                return "<w:r><w:br/></w:r>"


# Strong and emphasis are said of the run itself, not by a character style: Word takes bold twice, from the style of a
# heading and from a character style, for not bold.
def _run(text: str, properties: str = "") -> str:
    words = escape(text)
    for character, element in (("\u2011", "noBreakHyphen"), ("\u00ad", "softHyphen")):  # Calibri has neither
        words = words.replace(character, f'</w:t><w:{element}/><w:t xml:space="preserve">')
    run = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{run}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _field(instruction: str, result: str) -> str:
    """A field with the result that it has until Word works it out again."""
    return _mark("begin") + _instruction(instruction) + _mark("separate") + _run(result) + _mark("end")


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {escape(text)} </w:instrText></w:r>'


def _drawing(number: int, width: int, height: int, alt: str) -> str:
    """The picture of that number in the line of text, with its size in EMU and the words that stand in for it."""
    size, name = f'cx="{width}" cy="{height}"', f"{FIGURE} {number}"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0"'
        ' distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{_FIRST_PICTURE + number}" name="{name}" descr="{escape(alt)}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="figure{number}"/><a:stretch><a:fillRect/></a:stretch>'
        "</pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _anchor(entry: int) -> str:
    """The bookmark of a heading; Word hides those that begin with an underscore, and calls its own like this."""
    return f"_Toc{entry + 1:06d}"


_DEEP_LISTS = N_("lists within lists, more than {count} deep, in a Word file")
_DEEP_HEADINGS = N_("headings below headings, more than {count} deep, in a Word file")


def _deep(styles: tuple[str, ...], depth: int, what: str) -> str:
    if depth >= len(styles):
        raise Unsupported(what, count=len(styles))
    return styles[depth]


def _rows(table: Table) -> list[tuple[Inlines, ...]]:
    return [table.header, *table.rows, *([table.total] if table.total else [])]


def _texts(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in _rows(table)]


_SEPARATOR = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'  # 1 point high
)


def _whole(text: str) -> bytes:
    return f'{XML}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{text}</w:body></w:document>'.encode()


def _footer(running: str, page_count: int, ready: Template, width: int) -> str:
    """One line: what the document is to the left, the page to the right, whatever stops the footer's style has."""
    cleared = "".join(f'<w:tab w:val="clear" w:pos="{stop}"/>' for stop in ready.footer_stops if stop != width)
    tabs = f'<w:tabs>{cleared}<w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    page = _run(f"{PAGE} ") + _field("PAGE", "1") + _run(f" {OF} ") + _field("NUMPAGES", str(page_count))
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{ready.ids["Footer"]}"/>{tabs}</w:pPr>'
        f"{_run(running) if running else ''}{_TAB}{page}</w:p>"
    )


def _core_properties(document: Document) -> bytes:
    """docProps/core.xml; its times are the document's own day, for we never ask the clock."""
    day = f'xsi:type="dcterms:W3CDTF">{document.day.isoformat()}T00:00:00Z'
    author, keywords = escape(document.author), escape(", ".join(document.keywords))
    return (
        f'{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:subject>{escape(document.subject)}</dc:subject>"
        f"<dc:creator>{author}</dc:creator><cp:keywords>{keywords}</cp:keywords>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f"<dcterms:created {day}</dcterms:created><dcterms:modified {day}</dcterms:modified>"
        f"<dc:language>{escape(document.language)}</dc:language></cp:coreProperties>"
    ).encode()
