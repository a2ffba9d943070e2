"""What kinds of document there are, and in which form a municipality wants them, as data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, get_args

from msgspec import Struct, structs

from toolkit.core.plan import Plan
from toolkit.core.prose import Prose
from toolkit.core.records import KindName, Record
from toolkit.documents.tree import Block, Paragraph, Section, Text

# Of project.yaml: what has a text that may stand in a document.
PlanText = Literal["summary", "purpose", "target_group"]


class SectionSpec(Struct, frozen=True, kw_only=True):
    """One section of a document kind: `prose` says that the user writes it, under its heading.

    Where nobody has, `instead` names what project.yaml may say of it: a rollout says that for all its projects.
    """

    name: str
    heading: str
    prose: bool = False
    required: bool = False
    instead: PlanText | None = None
    question: str = ""  # what the user should answer there

    def questions(self, said: Collection[PlanText]) -> tuple[str, ...]:
        """What is asked of whoever writes it, where project.yaml has `said` some of it."""
        if self.instead is None or self.instead not in said:
            return (self.question,)
        return self.question, f"Skrives der ikke noget her, står teksten fra {self.instead} i project.yaml."

    def is_required(self, said: Collection[PlanText]) -> bool:
        """Whether it must be written: project.yaml says nothing that can stand in its place."""
        return self.required and (self.instead is None or self.instead not in said)


class DocumentKind(Record, frozen=True, kw_only=True):
    """A kind of document (dokumenttype): templates/documents/<name>/."""

    name: str  # status-report
    title: str  # Statusrapport
    file_name: str  # statusrapport
    also: tuple[str, ...] = ()  # what else it may be called where somebody types
    like: KindName | None = None  # the kind whose days and periods it has
    numbered: bool = False  # headings get numbers
    contents: bool = False  # a table of contents
    cover: bool = False  # title and front matter on a page of their own
    final: bool = False  # its money is final: no posting may be without a budget line
    sections: tuple[SectionSpec, ...] = ()
    text: str = ""  # text.md
    file: str = ""  # where text.md stands, for problems

    @property
    def days(self) -> str:
        """The kind whose days and periods it has, which is itself where it is like no other."""
        return self.like or self.name

    def may_be_made(self, prose: Prose, plan: Plan) -> bool:
        """Whether it has the user's own words, where it needs any: begun, or begun to be asked for and said already."""
        said = said_in(plan)
        return (
            not any(section.required for section in self.sections)
            or prose.begun
            or (bool(prose.passages) and not any(section.is_required(said) for section in self.sections))
        )


def said_in(plan: Plan) -> tuple[PlanText, ...]:
    """What the plan has a text of."""
    return tuple(name for name in get_args(PlanText) if getattr(plan, name) is not None)


class LayoutSection(Struct, frozen=True, kw_only=True):
    """A section's words in one municipality's form. {body} and {date} in a heading are the meeting's.

    `parts` are sections that the form puts below this one, with headings of their own.
    """

    name: str
    heading: str
    empty: str | None = None  # what an empty one says; "" leaves the heading alone; None leaves both out
    parts: tuple[LayoutSection, ...] = ()


class LayoutField(Struct, frozen=True, kw_only=True):
    """A line at the top of an agenda item: what it holds, and the form's word for it."""

    name: str  # body, date, item, place, case-number, case-officer, case-type, routing
    label: str


class Layout(Struct, frozen=True, kw_only=True):
    """A municipality's own form (udformning): templates/layouts/<name>/."""

    name: str
    sections: Mapping[str, tuple[LayoutSection, ...]] = {}  # for each kind of document, in the form's order
    front: tuple[LayoutField, ...] = ()  # at the top of an agenda item, in the form's order
    phrases: Mapping[str, str] = {}  # what the form calls things, by our name for it
    numbered: tuple[str, ...] = ()  # kinds of document whose headings this form numbers
    style: str = ""  # css
    reference: bytes = b""  # reference.docx, or .dotx
    reference_file: str = ""  # where it stands, for problems
    logo: str = ""  # svg that gives its size in mm; a png stands inside one
    logo_alt: str = ""  # the words that stand in for it

    def sections_of(self, kind: DocumentKind) -> tuple[LayoutSection, ...]:
        """The sections of a kind in this form; its manifest's own where the layout says nothing."""
        own = tuple(LayoutSection(name=spec.name, heading=spec.heading) for spec in kind.sections)
        return self.sections.get(kind.name, own)

    def headings_of(self, kind: DocumentKind) -> dict[str, str]:
        """The heading of each section of a kind in this form, those below others too."""
        places = self.sections_of(kind)
        return {place.name: place.heading for each in places for place in (each, *each.parts)}


def with_room_for(layout: Iterable[LayoutSection], passages: Mapping[str, str]) -> tuple[LayoutSection, ...]:
    """The form with room for all that the user wrote, for none of it may be lost.

    What the form has no place for stands below the case, under the heading that it was written under.
    """
    layout = tuple(layout)
    places = {place.name for each in layout for place in (each, *each.parts)}
    homeless = tuple(
        LayoutSection(name=name, heading=heading) for name, heading in passages.items() if name not in places
    )
    return tuple(
        structs.replace(place, parts=(*place.parts, *homeless)) if _holds_the_case(place) else place for place in layout
    )


def _holds_the_case(place: LayoutSection) -> bool:
    return any(each.name == "case" for each in (place, *place.parts))


def arrange(
    sections: Iterable[Section], layout: Iterable[LayoutSection], words: Mapping[str, str] | None = None
) -> tuple[Block, ...]:
    """The sections in the layout's order and words; an empty one says what the layout says, or is left out."""
    by_name = {section.name: section for section in sections}
    placed = (_placed(place, by_name, words or {}) for place in layout)
    return tuple(section for section in placed if section is not None)


def _placed(place: LayoutSection, by_name: Mapping[str, Section], words: Mapping[str, str]) -> Section | None:
    own = by_name[place.name].blocks if place.name in by_name else ()
    parts = tuple(part for below in place.parts if (part := _placed(below, by_name, words)) is not None)
    blocks = (*own, *parts)
    if not blocks and place.empty is None:
        return None
    if not blocks and place.empty:
        blocks = (Paragraph((Text(place.empty),)),)
    heading = place.heading
    for word, value in words.items():
        heading = heading.replace(f"{{{word}}}", value)
    return Section(place.name, heading, blocks)
