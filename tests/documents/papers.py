"""A kind of document and a user's text, to try what a template may say about the small pilot."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import structs

from tests.core.worlds import AWARDED, JUNE, PLAN, RULES
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.plan import Plan
from toolkit.core.postings import Postings
from toolkit.core.problems import Span
from toolkit.core.prose import Passage, Prose
from toolkit.documents.compose import Composed, compose
from toolkit.documents.from_state import facts_of
from toolkit.documents.kind import DocumentKind, Layout, SectionSpec
from toolkit.documents.markup import plain
from toolkit.documents.tree import Heading, KeyFigures, Paragraph, Table, walk

LAYOUT = Layout(name="standard")


def dossier(of: Plan = PLAN, events: tuple[Any, ...] = (AWARDED,), **joined: Any) -> Dossier:
    return Dossier(plan=of, events=events, **{"postings": Postings((), RULES), **joined})


def occasion(as_of: date = JUNE, **changed: Any) -> Occasion:
    """The first half-year's status report."""
    first = Occasion(
        kind="status-report",
        as_of=as_of,
        known_by=date(2024, 12, 31),
        starts=PLAN.project_period.starts,
        ends=as_of,
        prose="texts/status-report/2022-06-30.md",
    )
    return structs.replace(first, **changed)


def kind(text: str, *sections: SectionSpec) -> DocumentKind:
    """A kind whose text is `text`; without others it has the one section `s`, Resumé, that the user must write."""
    own = sections or (SectionSpec(name="s", heading="Resumé", prose=True, required=True),)
    return DocumentKind(
        name="status-report", title="Statusrapport", file_name="statusrapport", sections=own, text=text, file="text.md"
    )


def prose(text: str, heading: str = "Resumé") -> Prose:
    """The user's text under one heading, as it stands from line 3 of its file."""
    file = "texts/status-report/2022-06-30.md"
    return Prose(file, (Passage(heading, text, Span(file, 1, 1, len(heading) + 2, f"# {heading}"), 3),))


def write(
    text: str, user: Prose | None = None, *, of: Dossier | None = None, on: Occasion | None = None, draft: bool = False
) -> Composed:
    """The document that a template makes; the section `s` is opened for it."""
    facts = facts_of(of or dossier(), on or occasion())
    return compose(kind(f"# s\n\n{text}"), LAYOUT, facts, user or prose("Skrevet."), draft=draft)


def said(composed: Composed) -> str:
    """The words of its paragraphs, headings and tables, each on a line of its own."""
    lines: list[str] = []
    for block in walk(composed.document.blocks):
        match block:
            case Paragraph(content=content) | Heading(content=content):
                lines.append(plain(content))
            case Table(rows=rows, total=total):
                lines += ["|".join(plain(cell) for cell in row) for row in (*rows, *([total] if total else ()))]
            case KeyFigures(items=items):
                lines += [f"{plain(label)}: {plain(value)}" for label, value in items]
            case _:
                pass
    return "\n".join(lines)


def wrong(composed: Composed) -> list[tuple[str, str]]:
    """The codes of its problems, and where each is."""
    return [(found.code, f"{found.at.file}:{found.at.line}") for found in composed.problems]
