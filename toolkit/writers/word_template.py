"""A layout's reference.docx made ready: styles found, constant parts kept, places left for a document's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Length
from docx.styles.style import BaseStyle, ParagraphStyle
from msgspec import Struct

from toolkit.writers import UnusableReference
from toolkit.writers.package import CONTENT_TYPES, pack, unpack
from toolkit.writers.word_layout import LINE, TWIPS, Measure

HEADINGS = ("Heading 1", "Heading 2", "Heading 3", "Heading 4")
BULLETS = ("List Bullet", "List Bullet 2", "List Bullet 3")
NUMBERS = ("List Number", "List Number 2", "List Number 3")
CONTINUED = ("List Continue", "List Continue 2", "List Continue 3")
CONTENTS_LEVELS = ("toc 1", "toc 2")
_OTHERS = ("Normal", "Title", "Subtitle", "Caption", "Quote", "Footer", "TOC Heading", "Hyperlink", "Table Grid")
_OURS = ("Stamdata", "Nøgletal", "Bemærk", "Tabeltekst", "Beløb")  # what Word has no name for
_STYLES = (*_OTHERS, *HEADINGS, *BULLETS, *NUMBERS, *CONTINUED, *CONTENTS_LEVELS, *_OURS)

# Of what the reference's text needed, only this is needed without the text.
_KEPT = {"styles", "numbering", "settings", "fontTable", "theme", "header", "footer", "webSettings", "glossaryDocument"}
_KEPT_OF_PACKAGE = {"officeDocument", "custom-properties", "extended-properties"}
_A4 = (11906, 16838)  # twips: the page of a reference that names none
_LEAST = 1440  # twips: as much of a page is for text, whatever margins a reference asks for
_PLACE = b"<w:p/>"  # an empty paragraph in a footer: where ours goes


class Gap(Struct, frozen=True):
    """A part with a place in it for what a document says itself."""

    name: str
    before: bytes
    after: bytes

    def filled(self, inner: str) -> bytes:
        return self.before + inner.encode() + self.after


class Wide(Struct, frozen=True, kw_only=True):
    """The page on its side: the same margins, header and footer, whose line goes as far as the page."""

    section: str
    after: str  # the upright page again: one that is not the document's first
    footers: tuple[Gap, ...]
    width: int  # of the text, in twips
    height: float  # of the text, in points


class Template(Struct, frozen=True, kw_only=True):
    """All that a writer needs of a reference document; it holds no text of any document."""

    constant: dict[str, bytes]  # parts that every document gets as they are
    body: str  # names of the parts that a document fills wholly
    properties: str
    relationships: Gap
    numbering: Gap
    footers: tuple[Gap, ...]
    section: str  # the page: its size, margins and headers
    cover_section: str  # the same with a first page of its own
    ids: dict[str, str]  # style ids by name
    measures: dict[str, Measure]  # of paragraph styles, by name
    lists: dict[str, tuple[int, int]]  # abstract list and level of each style of NUMBERS
    next_list: int  # the first number that no list has
    width: int  # of the text, in twips
    height: float  # of the text, in points
    footer_stops: tuple[int, ...]  # tab stops of the footer's style, in twips
    wide: Wide | None  # the page on its side, where it was asked for


@lru_cache(maxsize=32)
def template(reference: bytes, numbered: bool, wide: bool = False) -> Template:
    """The template of a reference; preparing one takes 20 ms, so it is done once for each.

    Whether headings are numbered is the document's own choice. A reference that numbers its headings keeps its own
    way of doing so, one that does not gets 1, 1.1, 1.1.1, and a document that wants none gets none.
    """
    document = _open(reference)
    styles = _styles(document)
    _number_headings(document, [styles[name] for name in HEADINGS], numbered)
    section = document.sections[-1]
    footers = _leave_room_in_footers(document, section)
    names = _drop_the_text(document)
    lying, wide_footers = _on_its_side(document, section) if wide else ("", [])
    plain, cover = _section(section)
    lists = {name: _list(document, styles[name]) for name in NUMBERS}
    next_list = max(number.numId for number in _numbering(document).num_lst) + 1
    saved = BytesIO()
    document.save(saved)
    parts = unpack(saved.getvalue())
    folder, _, file = names["body"].rpartition("/")
    gaps = {
        "relationships": _gap(parts, f"{folder}/_rels/{file}.rels", b"</Relationships>"),
        "numbering": _gap(parts, names["numbering"], b"</w:numbering>"),
    }
    footer_gaps, wide_gaps = (
        tuple(_gap(parts, name, _PLACE, drop=True) for name in each) for each in (footers, wide_footers)
    )
    for name in (names["body"], names["properties"]):
        del parts[name]
    if b'Extension="png"' not in parts[CONTENT_TYPES]:  # the kind of the pictures that a document may have
        png = b'<Default Extension="png" ContentType="image/png"/>'
        parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"<Default ", png + b"<Default ", 1)
    paragraphs = {name: style for name, style in styles.items() if isinstance(style, ParagraphStyle)}
    sides = _twips(section.left_margin) + _twips(section.right_margin)
    ends = _twips(section.top_margin) + _twips(section.bottom_margin)
    short, long = _twips(section.page_width) or _A4[0], _twips(section.page_height) or _A4[1]
    return Template(
        constant=parts,
        body=names["body"],
        properties=names["properties"],
        relationships=gaps["relationships"],
        numbering=gaps["numbering"],
        footers=footer_gaps,
        section=plain,
        cover_section=cover,
        ids={name: style.style_id for name, style in styles.items()},
        measures={name: _measure(style, document) for name, style in paragraphs.items()},
        lists=lists,
        next_list=next_list,
        width=_room(short, sides),
        height=_room(long, ends) / TWIPS,
        footer_stops=tuple(_twips(stop.position) for stop in paragraphs["Footer"].paragraph_format.tab_stops),
        wide=Wide(
            section=lying,
            after=re.sub("<w:titlePg[^>]*>", "", plain),
            footers=wide_gaps,
            width=_room(long, sides),
            height=_room(short, ends) / TWIPS,
        )
        if wide
        else None,
    )


def _open(reference: bytes) -> Document:
    """The reference, which may be a template (.dotx): that is the same file but for what it calls itself."""
    try:
        parts = unpack(reference)
        parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b".template.main+xml", b".document.main+xml")
        return docx.Document(BytesIO(pack(parts)))
    except (BadZipFile, KeyError, ValueError, SyntaxError):  # no zip, no such part, not a .docx, broken XML
        raise UnusableReference from None


def _styles(document: Document) -> dict[str, BaseStyle]:
    """The styles that a document needs, by name; Word keeps English names for its own in every language."""
    found = {(style.name or "").casefold(): style for style in document.styles}
    missing = [name for name in _STYLES if name.casefold() not in found]
    missing += [
        f"{name} (numbering)"
        for name in (*BULLETS, *NUMBERS)
        if name not in missing and _list_number(found[name.casefold()]) is None
    ]
    if missing:
        raise UnusableReference(tuple(missing))
    return {name: found[name.casefold()] for name in _STYLES}


def _numbering(document: Document) -> Any:  # python-docx does not type its elements
    return document.part.numbering_part.element


def _list_number(style: BaseStyle) -> Any:
    """The style's own numPr element, if it has one that leads somewhere."""
    properties = style.element.pPr
    numbering = None if properties is None else properties.numPr
    return numbering if numbering is not None and numbering.numId is not None else None


def _list(document: Document, style: BaseStyle) -> tuple[int, int]:
    """The abstract list of a list style, and its level in it."""
    numbering = _list_number(style)
    level = 0 if numbering.ilvl is None else numbering.ilvl.val
    return _numbering(document).num_having_numId(numbering.numId.val).abstractNumId.val, level


def _number_headings(document: Document, headings: list[BaseStyle], numbered: bool) -> None:
    if not numbered:
        for style in headings:
            if style.element.pPr is not None:
                style.element.pPr._remove_numPr()
    elif _list_number(headings[0]) is None:
        levels = headings[:3]
        number = _new_heading_list(document, [style.style_id for style in levels])
        for level, style in enumerate(levels):
            numbering = style.element.get_or_add_pPr().get_or_add_numPr()
            numbering.get_or_add_ilvl().val = level
            numbering.get_or_add_numId().val = number


def _new_heading_list(document: Document, style_ids: list[str]) -> int:
    """A list of several levels, each bound to its heading style; its number."""
    numbering = _numbering(document)
    taken = [int(each) for each in numbering.xpath("./w:abstractNum/@w:abstractNumId")]
    abstract = max(taken, default=0) + 1
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="{style_id}"/>'
        f'<w:lvlText w:val="{".".join(f"%{each}" for each in range(1, level + 2))}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{567 + 142 * level}" w:hanging="{567 + 142 * level}"/></w:pPr></w:lvl>'
        for level, style_id in enumerate(style_ids)
    )
    numbering.insert(
        len(taken),  # all abstract lists stand before all lists
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}"><w:multiLevelType w:val="multilevel"/>{levels}'
            "</w:abstractNum>"
        ),
    )
    return int(numbering.add_num(abstract).numId)


def _leave_room_in_footers(document: Document, section: Section) -> list[str]:
    """Ends each footer with an empty paragraph for our line; the names of their parts.

    A footer of the municipality's own stays, and our line comes below it.
    """
    footers = [section.footer]
    if document.settings.odd_and_even_pages_header_footer:
        footers.append(section.even_page_footer)
    if section.different_first_page_header_footer:
        footers.append(section.first_page_footer)
    for footer in footers:
        footer.is_linked_to_previous = False
        for paragraph in footer.paragraphs:
            if not paragraph.text and len(paragraph._p) <= 1:  # nothing in it, or only its properties
                paragraph._p.getparent().remove(paragraph._p)
        footer._element.append(parse_xml(f"<w:p {nsdecls('w')}/>"))
    return [_name(footer.part) for footer in footers]


def _on_its_side(document: Document, section: Section) -> tuple[str, list[str]]:
    """The section's properties for a page on its side, as XML, and the parts of footers of its own."""
    lying = deepcopy(section._sectPr)
    for reference in lying.xpath("./w:footerReference"):
        upright = document.part.related_parts[reference.get(qn("r:id"))]
        part, identity = document.part.add_footer_part()  # type: ignore[no-untyped-call]  # python-docx
        part._element = deepcopy(upright.element)
        for relation in upright.rels.values():
            target = relation.target_ref if relation.is_external else relation.target_part
            part.rels.add_relationship(relation.reltype, target, relation.rId, relation.is_external)
        reference.set(qn("r:id"), identity)
    names = [_name(document.part.related_parts[each]) for each in lying.xpath("./w:footerReference/@r:id")]
    lying.titlePg_val = False
    page = lying.get_or_add_pgSz()
    page.w, page.h, page.orient = page.h, page.w, WD_ORIENT.LANDSCAPE
    return _as_text(lying), names


def _drop_the_text(document: Document) -> dict[str, str]:
    """Takes out the reference's own text and what only that needed; the names of the parts that we write anew."""
    document._body.clear_content()
    _keep(document.part.rels, _KEPT)
    _keep(document.part.package.rels, _KEPT_OF_PACKAGE)
    document.core_properties.title = ""  # makes the part anew: LibreOffice relates its own in a way that no one knows
    for cleanup in _numbering(document).xpath("./w:numIdMacAtCleanup"):
        cleanup.getparent().remove(cleanup)  # it must stand last, and we append
    return {
        "body": _name(document.part),
        "numbering": _name(document.part.numbering_part),
        "properties": _name(document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)),
    }


def _keep(relationships: Any, kinds: set[str]) -> None:
    for identity in [key for key, each in relationships.items() if each.reltype.rsplit("/", 1)[1] not in kinds]:
        del relationships[identity]


def _section(section: Section) -> tuple[str, str]:
    """The section's properties as XML, without and with a first page of its own."""
    own_first_page = section.different_first_page_header_footer
    found = []
    for first_page in (own_first_page, True):
        section.different_first_page_header_footer = first_page
        found.append(_as_text(section._sectPr))
    return found[0], found[1]


def _as_text(properties: Any) -> str:
    return re.sub(r' w:rsid\w+="\w+"', "", properties.xml).strip()


def _measure(style: ParagraphStyle, document: Document) -> Measure:
    """What the style says of its size and room, or else those that it builds on, or else the file's defaults."""
    chain = list(_chain(style))

    def default(path: str, otherwise: int) -> int:
        return int(next(iter(document.styles.element.xpath(f"./w:docDefaults//{path}")), otherwise))

    def points(lengths: Iterable[Length | None], otherwise: float) -> float:
        return next((float(length.pt) for length in lengths if length is not None), otherwise)

    formats = [each.paragraph_format for each in chain]
    size = points((each.font.size for each in chain), default("w:rPr/w:sz/@w:val", 20) / 2)
    single = default("w:pPr/w:spacing/@w:line", 240) / 240
    line = next((each.line_spacing for each in formats if each.line_spacing is not None), single)
    return Measure(
        size=size,
        before=points((each.space_before for each in formats), default("w:pPr/w:spacing/@w:before", 0) / TWIPS),
        after=points((each.space_after for each in formats), default("w:pPr/w:spacing/@w:after", 0) / TWIPS),
        line=line.pt / size / LINE if isinstance(line, Length) else line,
        indent=points((each.left_indent for each in formats), 0) + points((each.right_indent for each in formats), 0),
        close=(style.name or "") if any(each.element.xpath("./w:pPr/w:contextualSpacing") for each in chain) else "",
    )


def _chain(style: ParagraphStyle) -> Iterable[ParagraphStyle]:
    current: BaseStyle | None = style
    while isinstance(current, ParagraphStyle) and current.type == WD_STYLE_TYPE.PARAGRAPH:
        yield current
        current = current.base_style


def _gap(parts: dict[str, bytes], name: str, mark: bytes, *, drop: bool = False) -> Gap:
    """Takes a part out of `parts`, split at the last `mark`, which goes along unless it only held the place."""
    before, _, after = parts.pop(name).rpartition(mark)
    return Gap(name, before, after if drop else mark + after)


def _name(part: Any) -> str:
    return str(part.partname).lstrip("/")


def _room(side: int, margins: int) -> int:
    """What margins leave of a side, in twips: never so little that nothing can be laid out in it."""
    return max(side - margins, _LEAST)


def _twips(length: Length | None) -> int:
    return 0 if length is None else round(length.pt * TWIPS)
