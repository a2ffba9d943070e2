"""What kinds of document there are, and in which form a municipality wants them, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from toolkit.documents.tree import Block, Paragraph, Section, Text


class SectionSpec(Struct, frozen=True, kw_only=True):
    """One section of a document kind: `prose` says that the user writes it, under its heading."""

    name: str
    heading: str
    prose: bool = False
    required: bool = False
    question: str = ""  # what the user should answer there


class DocumentKind(Struct, frozen=True, kw_only=True):
    """A kind of document (dokumenttype): templates/documents/<name>/."""

    name: str  # status-report
    title: str  # Statusrapport
    file_name: str  # statusrapport
    numbered: bool = False  # headings get numbers
    contents: bool = False  # a table of contents
    cover: bool = False  # title and front matter on a page of their own
    final: bool = False  # its money is final: no posting may be without a budget line
    sections: tuple[SectionSpec, ...] = ()
    text: str = ""  # text.md
    file: str = ""  # where text.md stands, for problems

    @property
    def needs_prose(self) -> bool:
        """Whether it cannot be made before the user has written something."""
        return any(section.required for section in self.sections)


class LayoutSection(Struct, frozen=True, kw_only=True):
    """A section's words in one municipality's form."""

    name: str
    heading: str
    empty: str | None = None  # what an empty one says; "" leaves the heading alone; None leaves both out


class Layout(Struct, frozen=True, kw_only=True):
    """A municipality's own form (udformning): templates/layouts/<name>/."""

    name: str
    sections: Mapping[str, tuple[LayoutSection, ...]] = {}  # for each kind of document, in the form's order
    style: str = ""  # css
    reference: bytes = b""  # reference.docx

    def sections_of(self, kind: DocumentKind) -> tuple[LayoutSection, ...]:
        """The sections of a kind in this form; its manifest's own where the layout says nothing."""
        own = tuple(LayoutSection(name=spec.name, heading=spec.heading) for spec in kind.sections)
        return self.sections.get(kind.name, own)


def arrange(sections: Iterable[Section], layout: Iterable[LayoutSection]) -> tuple[Block, ...]:
    """The sections in the layout's order and words; an empty one says what the layout says, or is left out."""
    by_name = {section.name: section for section in sections}
    arranged: list[Block] = []
    for place in layout:
        section = by_name.get(place.name)
        if section and section.blocks:
            arranged.append(structs.replace(section, heading=place.heading))
        elif place.empty is not None:
            blocks = (Paragraph((Text(place.empty),)),) if place.empty else ()
            arranged.append(Section(place.name, place.heading, blocks))
    return tuple(arranged)
