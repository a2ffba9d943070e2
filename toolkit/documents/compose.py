"""From facts, a kind and a layout to one whole Document."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from toolkit.core.money import kroner
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, problem
from toolkit.core.prose import Prose
from toolkit.documents import text
from toolkit.documents.danish import long_date
from toolkit.documents.facts import Facts, Origin
from toolkit.documents.kind import DocumentKind, Layout, arrange, with_room_for
from toolkit.documents.markup import parse, plain
from toolkit.documents.tree import Block, Document, Inlines, PageBreak, Paragraph, Section, Table, TableOfContents

CONSTRUCTED = "Konstrueret eksempel – ikke kommunens tal."
VERSION = "Version"
OPEN = "Kladde. Der er spørgsmål, som skal have svar, før dokumentet kan bruges."
DRAFT = "Kladde. Oplysninger, der er markeret med MANGLER, skal udfyldes, før dokumentet kan bruges."

# Sections of text.md that are not part of the running text.
_FRONT_MATTER = ("title", "subtitle", "front")

declare(
    "markup-unsupported",
    "error",
    N_("{kind} cannot hold this kind of Markdown: {what}"),
    N_("use paragraphs, lists, tables, quotes, **strong**, *emphasis* and links"),
)
declare(
    "not-all-allocated",
    "error",
    N_("{kind} cannot be made while {amount} kr. are on no budget line (postings: {count})."),
    N_("add rules to allocation.yaml; pulje check names the accounts"),
)


# What no document can hold, by markup.py's name for it.
_MARKUP = {
    "text-before-section": N_("a text before the first section"),
    "key-figures": N_("key figures that are not a table of two columns"),
    "link-address": N_("a link that does not lead to the web or to a mail"),
    "image": N_("a picture"),
    "hr": N_("a line across the page"),
    "heading": N_("a heading inside something else"),
    "html_inline": N_("HTML"),
    "html_block": N_("HTML"),
}


class Composed(Struct, frozen=True):
    """A document, what is wrong with it, and where each fact that it used was written."""

    document: Document
    problems: tuple[Problem, ...]
    used: dict[str, Origin]
    facts: dict[str, str]  # the same facts as they read, by path


def compose(
    kind: DocumentKind,
    layout: Layout,
    facts: Facts,
    prose: Prose,
    *,
    written_for: Layout | None = None,
    draft: bool = False,
    version: int = 1,
) -> Composed:
    """Write a kind's text, put its sections in the layout's order, and say at the top what a reader must know.

    A cover says which `version` of the document it is.

    Without `draft` a missing fact is an error among the problems, and the document is not to be used.
    """
    written = text.write(kind, layout, facts, prose, written_for)
    sections, refused = parse(written.markup, written.values)
    problems = [
        *not_final(kind, facts),
        *written.problems,
        *(unsupported(found.what, prose, kind) for found in refused),
        *_lost(sections, kind, layout, prose),
    ]
    by_name = {section.name: section for section in sections}
    running_text = (section for section in sections if section.name not in _FRONT_MATTER)
    form = with_room_for(layout.sections_of(kind), written.passages)
    body = arrange(running_text, form, _meeting(facts))
    missing = any(found.code in text.GAPS for found in problems)
    if draft:
        problems = [found for found in problems if found.code not in text.GAPS]
    synthetic = any(fact.origin.synthetic for fact in written.used.values())
    title = _words(by_name.get("title"))
    front = tuple(_front(by_name.get("front"), kind, layout))
    document = Document(
        title=title,
        subtitle=_words(by_name.get("subtitle")),
        author=facts.municipality_name,
        subject=kind.title,
        keywords=(kind.title.lower(), facts.title),
        day=facts.as_of,
        front=(*front, (VERSION, str(version))) if kind.cover else front,
        notices=tuple(notice for notice, said in ((CONSTRUCTED, synthetic), (DRAFT, draft and missing)) if said),
        running=f"{facts.municipality_name} · {kind.title}",
        numbered=kind.numbered or kind.name in layout.numbered,
        cover=kind.cover,
        blocks=_with_contents(body) if kind.contents else body,
    )
    origins = {path: fact.origin for path, fact in written.used.items()}
    facts_said = {path: fact.says for path, fact in written.used.items() if fact.says}
    return Composed(document, tuple(problems), origins, facts_said)


def not_final(kind: DocumentKind, facts: Facts) -> Iterable[Problem]:
    """Final money has a budget line for every krone.

    Source: Håndbog om tilskudsregler (accounts hold only the lines of the latest approved budget).
    """
    budget = facts.budget
    if kind.final and budget and budget.unplaced:
        words = {"amount": kroner(budget.unallocated), "count": budget.unplaced}
        yield problem("not-all-allocated", Span("allocation.yaml", 1, 1), kind=kind.title, **words)


def _with_contents(body: tuple[Block, ...]) -> tuple[Block, ...]:
    return (TableOfContents(), PageBreak(), *body)


def _words(section: Section | None) -> str:
    paragraphs = (block for block in (section.blocks if section else ()) if isinstance(block, Paragraph))
    return " ".join(plain(paragraph.content) for paragraph in paragraphs)


def _front(section: Section | None, kind: DocumentKind, layout: Layout) -> Iterable[tuple[str, str]]:
    """The lines at the top. A layout that has its own says which lines an agenda item has, and what they are called."""
    rows = {plain(label): " ".join(plain(value) for value in values) for label, *values in _rows(section)}
    if kind.days != "agenda-item":
        yield from rows.items()
        return
    for field in layout.front:
        if rows.get(field.name):
            yield field.label, rows[field.name]


def _rows(section: Section | None) -> Iterable[tuple[Inlines, ...]]:
    for block in section.blocks if section else ():
        if isinstance(block, Table):
            yield from block.rows


def _meeting(facts: Facts) -> dict[str, str]:
    """What a layout's heading may name: the body and the day of the meeting."""
    if facts.step is None:
        return {}
    return {"body": facts.step.body, "date": long_date(facts.as_of)}


def _lost(sections: Iterable[Section], kind: DocumentKind, layout: Layout, prose: Prose) -> Iterable[Problem]:
    """Sections that no form would show, as an underlined heading in the user's text begins one."""
    known = {*_FRONT_MATTER, *(spec.name for spec in kind.sections)}
    headings = ", ".join(section.heading for section in layout.sections_of(kind))
    for section in sections:
        if section.name not in known:
            yield problem("prose-heading-unknown", _place(section.name, prose), heading=section.name, known=headings)


def _place(words: str, prose: Prose) -> Span:
    """Where in the user's text a line of these words stands."""
    for passage in prose.passages:
        for number, line in enumerate(passage.text.splitlines(), passage.line):
            if line.strip() == words:
                return Span(prose.file, number, 1, len(line), line)
    return Span(prose.file, 1, 1)


def unsupported(what: str, prose: Prose, kind: DocumentKind) -> Problem:
    """That a document of a kind cannot hold some of the user's Markdown."""
    return problem(
        "markup-unsupported",
        Span(prose.file, 1, 1),
        what=Phrase(_MARKUP[what]) if what in _MARKUP else what,
        kind=kind.title,
    )
