"""What may not leave: anything that can be a citizen's personal number (CPR-nummer), wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit.core.personal import covered, personal_numbers
from toolkit.core.problems import N_, FileName, Problem, Span, declare, problem
from toolkit.documents.tree import Document, Figure, as_text, walk

MASK = "[personnummer]"

declare(
    "personal-number",
    "error",
    N_("This can be a personal number, and must not stand in the project's files."),
    N_("take it out, and write a role or a case number instead; after the first part of a WBS element write *: XA-…*"),
)
declare(
    "personal-number-in-name",
    "error",
    N_("This file's name can hold a personal number."),
    N_("rename the file, and write a case number instead"),
)
declare(
    "personal-number-in-document",
    "error",
    N_("The document would hold what can be a personal number: {excerpt}"),
    N_("take it out of the text that it comes from"),
)


def masked(text: str) -> str:
    """The text with each of them covered, so that a message does not spread what it warns of."""
    return covered(text, personal_numbers(text), lambda _length: MASK)


def in_file(text: str, file: str) -> Iterator[Problem]:
    """A problem for each in a file of the project, and for one in the file's name; the excerpts are masked."""
    if personal_numbers(file):
        yield problem("personal-number-in-name", Span(FileName(masked(file), Span(file, 0, 0).root), 0, 0))
    if not personal_numbers(text):
        return  # a long log is looked through once, not line by line
    for number, line in enumerate(text.splitlines(), start=1):
        for found in personal_numbers(line):
            yield problem("personal-number", Span(file, number, found.start + 1, len(MASK), masked(line)))


def in_document(document: Document, name: str) -> Iterator[Problem]:
    """A problem for each in what the document says, shows, or carries with it unseen."""
    return in_texts(_texts(document), name)


def in_texts(texts: Iterable[str], name: str) -> Iterator[Problem]:
    """A problem for each text of a document that holds one, and for its name."""
    for text in (name, *texts):
        if personal_numbers(text):
            yield problem(
                "personal-number-in-document", Span(FileName(masked(name), "document"), 0, 0), excerpt=_excerpt(text)
            )


def _excerpt(text: str) -> str:
    """A little of what stands around the first one, masked."""
    first = personal_numbers(text)[0]
    return masked(text[max(0, first.start - 20) : first.end + 20])


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.subtitle, document.author, document.subject, document.running)
    yield from document.keywords
    yield from document.notices
    for label, value in document.front:
        yield from (label, value)
    yield from (text.replace("\t", "\n") for text in as_text(document.blocks))  # two cells are no one number
    for block in walk(document.blocks):
        if isinstance(block, Figure):
            yield re.sub(r"<[^>]*>", "\n", block.svg)
