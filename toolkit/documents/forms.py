"""An agency's own Word form, in which somebody has put our facts' names as tags: checked, mended and filled.

A tag is Jinja's, `{{ grant.awarded | kr }}`, or docxtpl's for whole rows and paragraphs, `{%p if area %}` and
`{%tr for line in budget.lines %}`. Word splits a tag over runs when it is edited, and curls its quotes: both are mended
in memory.

Each tag carries its own number through docxtpl, in white space that Jinja does not read, and begins a line of its own
in what Jinja gets: so the line of a mistake says which tag it stands in, and the tag in which paragraph or cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from docx.opc.oxml import parse_xml, serialize_part_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from markupsafe import Markup
from msgspec import Struct

from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.prose import Prose
from toolkit.documents.compose import not_final, unsupported
from toolkit.documents.facts import Facts
from toolkit.documents.form_names import unknown_names
from toolkit.documents.kind import DocumentKind, Layout
from toolkit.documents.markup import Values, parse, without_tokens
from toolkit.documents.text import GAPS, Rendering, compiled
from toolkit.documents.tree import as_text

CONTENT_TYPES = "[Content_Types].xml"
Room = Literal["body", "header", "footer", "note"]

declare(
    "tags-crossed",
    "error",
    N_("The tags here cut across paragraphs, rows or cells."),
    N_("end as you begin: {{%tr for … %}} with {{%tr endfor %}}, {{%p if … %}} with {{%p endif %}}"),
)
declare(
    "tag-unclosed",
    "error",
    N_("The tag that begins here, {tag}, does not end in the same paragraph."),
    N_("write {end} where it ends, before the next line or cell"),
)


class Where(Struct, frozen=True, kw_only=True):
    """Where in a form something stands: a cell of a table, or a paragraph outside them, each counted from 1."""

    room: Room = "body"
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0


Named = Callable[[Where], str]  # what a place is called in the user's language, the form's name too


class Form(Struct, frozen=True):
    """A Word file by its parts: those that hold text, each with the room that it is, and all as they are kept."""

    parts: Mapping[str, bytes]
    rooms: Mapping[str, Room]


class Checked(Struct, frozen=True):
    """How many tags a form has, how many of them had to be mended, and what is wrong with them."""

    tags: int
    mended: int
    problems: tuple[Problem, ...]


class Filled(Struct, frozen=True, kw_only=True):
    """A form's parts with the facts in them, none if anything is wrong; and all that they then say."""

    parts: Mapping[str, bytes] = {}
    texts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: Mapping[str, str] = {}  # the facts that were used, as they read, by path
    synthetic: bool = False  # whether any of them is made up to have an example


def form(parts: Mapping[str, bytes]) -> Form | None:
    """The form that a Word file's parts are; None where they are no document without macros."""
    types = parts.get(CONTENT_TYPES, b"").decode("utf-8", "replace")
    found = {name.lstrip("/"): _ROOMS.get(kind) for name, kind in _types(types)}
    rooms = {name: room for name, room in found.items() if room and name in parts}
    if "body" not in rooms.values() or "macroEnabled" in types or any(b"<!DOCTYPE" in parts[name] for name in rooms):
        return None
    try:
        for name in rooms:
            _parsed(parts[name])
    except SyntaxError:
        return None
    # What is filled is a document: Word refuses a template by a document's name.
    document = types.replace("wordprocessingml.template.main+xml", "wordprocessingml.document.main+xml")
    return Form({**parts, CONTENT_TYPES: document.encode()}, rooms)


def check(form: Form, named: Named) -> Checked:
    """Every name in a form that is no fact of ours, and every tag that cannot be read."""
    read = [_read(form, name, named) for name in form.rooms]
    problems = [found for part in read for found in (*part.problems, *(() if part.problems else _unknown(part)))]
    return Checked(sum(len(part.tags) for part in read), sum(part.mended for part in read), tuple(problems))


def fill(
    form: Form, kind: DocumentKind, layout: Layout, facts: Facts, prose: Prose, named: Named, *, draft: bool = False
) -> Filled:
    """Put the facts where their names stand, written as in our own texts; nothing where anything is wrong.

    With `draft` a fact that nobody has given is shown as [MANGLER: …].
    """
    read = [_read(form, name, named) for name in form.rooms]
    problems = [*not_final(kind, facts), *(found for part in read for found in part.problems)]
    rendering = _Rendering(kind, layout, facts, prose, layout)
    roots: dict[str, Any] = {}
    for part in read if not problems else ():
        rendered = rendering.render(part)
        try:
            if rendered:
                roots[part.name] = _tree(rendered, part, rendering.values)
        except SyntaxError:
            problems.append(problem("tags-crossed", part.everywhere))
    problems += dict.fromkeys(rendering.problems)
    if draft:
        problems = [found for found in problems if found.code not in GAPS]
    if problems:
        return Filled(problems=tuple(problems))
    used = rendering.used
    return Filled(
        parts={**form.parts, **{name: serialize_part_xml(root) for name, root in roots.items()}},
        texts=(*(text for root in roots.values() for text in _texts(root)), _properties(form)),
        facts={path: fact.says for path, fact in used.items() if fact.says},
        synthetic=any(fact.origin.synthetic for fact in used.values()),
    )


# ── what a form's file holds ─────────────────────────────────────────────────────────────────

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_ROOMS: Mapping[str, Room] = {
    f"{_WORD}document.main+xml": "body",
    f"{_WORD}template.main+xml": "body",
    f"{_WORD}header+xml": "header",
    f"{_WORD}footer+xml": "footer",
    f"{_WORD}footnotes+xml": "note",
    f"{_WORD}endnotes+xml": "note",
}
_PARAGRAPH, _TEXT, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "t", "tbl", "tr", "tc"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"


def _parsed(xml: str | bytes) -> Any:
    return parse_xml(xml)  # type: ignore[arg-type]  # bytes are what python-docx itself gives it


def _types(content_types: str) -> Iterator[tuple[str, str]]:
    """The name and content type of each part."""
    for override in re.findall(r"<Override\b[^>]*>", content_types):
        keys = dict(re.findall(r'(\w+)="([^"]*)"', override))
        yield keys.get("PartName", ""), keys.get("ContentType", "")


# ── reading: tags mended and numbered ────────────────────────────────────────────────────────

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_UNCLOSED = re.compile(r"\{[{%#]")
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
        "\u00a0": " ",  # which Word puts before a colon in some languages
    }
)
_DIGITS = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"  # spaces of many widths: white space to Jinja
_INSIDE = re.compile(r"(\{[{%])([-+]?)(.*?)([-+]?[%}]\})", re.DOTALL)


class _Part(Struct, frozen=True):
    """One part of a form as Jinja reads it. Each tag begins a line, from the second on: `tags` says where it stands."""

    name: str
    text: str
    tags: tuple[Span, ...]
    everywhere: Span
    problems: tuple[Problem, ...]
    mended: int
    columns: bool  # whether a loop may make a table wider or narrower

    def line(self, number: int) -> Span:
        """The place of the tag that begins a line; of the first line, where none does, the first one's."""
        return self.tags[max(number - 2, 0)] if self.tags else self.everywhere


def _read(form: Form, name: str, named: Named) -> _Part:
    """A part with its tags whole, numbered, and in docxtpl's own words turned into Jinja's."""
    root = _parsed(form.parts[name])
    places: list[Span] = []
    problems: list[Problem] = []
    mended = 0
    for paragraph, where in _paragraphs(root, form.rooms[name]):
        texts = [text for text in paragraph.iter(_TEXT) if next(text.iterancestors(_PARAGRAPH)) is paragraph]
        said = "".join(text.text or "" for text in texts)
        if "{" not in said:
            continue
        here, shown = named(where), said.translate(_QUOTES)
        places += [Span(here, 0, tag.start() + 1, len(tag[0]), shown) for tag in _TAG.finditer(shown)]
        if unclosed := _UNCLOSED.search(_TAG.sub(lambda tag: " " * len(tag[0]), shown)):
            at = Span(here, 0, unclosed.start() + 1, len(shown) - unclosed.start(), shown)
            problems.append(problem("tag-unclosed", at, tag=unclosed[0], end=_ENDS[unclosed[0]]))
        mended += _mend(texts, said, len(places))
    xml = _PATCHES.xml_to_string(root)
    source, lines = _on_lines(_PATCHES.patch_xml(xml))
    everywhere = Span(named(Where(room=form.rooms[name])), 0, 0)
    tags = tuple(places[number] if number < len(places) else everywhere for number in lines)
    return _Part(name, source, tags, everywhere, tuple(problems), mended, "{%tc " in xml)


def _paragraphs(root: Any, room: Room) -> Iterator[tuple[Any, Where]]:
    """Every paragraph with its place, in reading order; those outside tables are counted where they say something."""
    tables = {table: number for number, table in enumerate(root.iter(_TABLE), start=1)}
    count = 0
    for paragraph in root.iter(_PARAGRAPH):
        cell = next(paragraph.iterancestors(_CELL), None)
        if cell is None:
            count += any(text.text for text in paragraph.iter(_TEXT))
            yield paragraph, Where(room=room, paragraph=count)
            continue
        row, table = next(cell.iterancestors(_ROW)), next(cell.iterancestors(_TABLE))
        column = list(row.iter(_CELL)).index(cell) + 1
        yield paragraph, Where(room=room, table=tables[table], row=list(table.iter(_ROW)).index(row) + 1, column=column)


def _mend(texts: list[Any], said: str, until: int) -> int:
    """Put each tag of a paragraph whole where it begins, its quotes straight and its number in it; how many needed it.

    `until` is how many tags the part has up to and with this paragraph.
    """
    owners = [number for number, text in enumerate(texts) for _character in text.text or ""]
    tags = list(_TAG.finditer(said))
    pieces: list[list[str]] = [[] for _text in texts]
    place, mended = 0, 0
    for number, tag in enumerate(tags, start=until - len(tags)):
        for position in range(place, tag.start()):
            pieces[owners[position]].append(without_tokens(said[position]))
        straight = re.sub(f"[{_DIGITS}]", " ", tag[0].translate(_QUOTES))
        mended += straight != tag[0] or owners[tag.start()] != owners[tag.end() - 1]
        pieces[owners[tag.start()]].append(_numbered(straight, number))
        place = tag.end()
    for position in range(place, len(said)):
        pieces[owners[position]].append(without_tokens(said[position]))
    for text, piece in zip(texts, pieces, strict=True):
        text.text = "".join(piece)
        text.set(_SPACE, "preserve")
    return mended


def _numbered(tag: str, number: int) -> str:
    """The tag with its number before its end, in white space."""
    inside = _INSIDE.fullmatch(tag)
    return f"{inside[1]}{inside[2]}{inside[3]} {_in_spaces(number)}{inside[4]}" if inside else tag


def _in_spaces(number: int) -> str:
    return (_in_spaces(number // 8) if number >= 8 else "") + _DIGITS[number % 8]


def _on_lines(text: str) -> tuple[str, list[int]]:
    """The text with each tag on a line of its own, and the numbers of the tags in that order."""
    numbers: list[int] = []

    def on_a_line(tag: re.Match[str]) -> str:
        written = re.search(f"[{_DIGITS}]+$", tag[3])
        digits = (_DIGITS.index(space) for space in written[0]) if written else iter([1 << 30])
        number = 0
        for digit in digits:
            number = number * 8 + digit
        numbers.append(number)
        return f"{tag[1]}{tag[2]}\n{tag[3]}{tag[4]}"

    return _INSIDE.sub(on_a_line, text.replace("\r", " ").replace("\n", " ")), numbers


def _unknown(part: _Part) -> Iterator[Problem]:
    """What Jinja cannot read in a part, else the names in it that are no facts."""
    try:
        compiled(part.text)
    except TemplateSyntaxError as error:
        yield problem("template-broken", part.line(error.lineno), reason=error.message)
        return
    for found in unknown_names(part.text):
        at = part.line(found.line)
        if found.near:
            yield problem("fact-unknown", at, fact=found.name, near=found.near)
        else:
            yield problem("template-broken", at, reason=found.name)


# ── filling ──────────────────────────────────────────────────────────────────────────────────

_PATCHES = DocxTemplate(b"")  # its ways with a part's XML; the file itself is never opened by it
_NEW_PARAGRAPH = "\a"  # what docxtpl reads as the end of one


class _Rendering(Rendering):
    """A form being filled: what the user wrote goes in as plain paragraphs, for a form has its own looks."""

    def written(self, section: str) -> Any:
        markup = super().written(section)
        if not isinstance(markup, Markup):
            return markup
        sections, refused = parse(f"# {section}\n\n{markup}", self.values)
        for found in refused:
            self.problems.append(unsupported(found.what, self.prose, self.kind))
        return Markup(self.values.token(_NEW_PARAGRAPH.join(as_text(sections[0].blocks))))


def _tree(rendered: str, part: _Part, values: Values) -> Any:
    """A part's XML with the values in it. Raises SyntaxError where its tags cut across paragraphs, rows and cells."""
    xml = _PATCHES.resolve_listing(values.put(values.stopped_once(rendered), _escaped))
    root = _parsed(xml)
    if part.columns:
        root = _PATCHES.fix_tables(xml)
    _tidy(root)
    return root


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _tidy(root: Any) -> None:
    """Mend what a loop or a condition leaves and Word does not take: ids that stand twice, a cell with no paragraph."""
    taken: set[str] = set()
    for element in root.iter(_PARAGRAPH):
        if (own := element.get(_PARAGRAPH_ID)) in taken:
            del element.attrib[_PARAGRAPH_ID]
        elif own:
            taken.add(own)
    for number, picture in enumerate(root.iter(qn("wp:docPr")), start=1):
        picture.set("id", str(number))
    marks: set[str] = set()
    for element in list(root.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
        mark = f"{element.tag} {element.get(qn('w:id'))}"
        if mark in marks:
            element.getparent().remove(element)
        marks.add(mark)
    for cell in root.iter(_CELL):
        if len(cell) == 0 or cell[-1].tag != _PARAGRAPH:
            cell.append(cell.makeelement(_PARAGRAPH))


def _properties(form: Form) -> str:
    """What the file says of itself: title, author …"""
    return re.sub("<[^>]*>", "\n", form.parts.get("docProps/core.xml", b"").decode("utf-8", "replace"))


def _texts(root: Any) -> Iterator[str]:
    """What a reader finds in a part: each paragraph, and what stands for its pictures."""
    for paragraph in root.iter(_PARAGRAPH):
        yield "".join(text.text or "" for text in paragraph.iter(_TEXT))
    for picture in root.iter(qn("wp:docPr")):
        yield " ".join(picture.get(key, "") for key in ("name", "title", "descr"))
