"""texts/*.md: what the user wrote, passage by passage."""

from __future__ import annotations

import re

from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.prose import Passage, Prose
from toolkit.core.records import MISSING
from toolkit.readers.source import Lines, visible

_HEADING = re.compile(r" {0,3}#(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MISSING = re.compile(rf"\b{MISSING}\b")

declare(
    "text-before-heading",
    "error",
    N_("This text stands under no heading, so no document would show it."),
    N_("write a heading above it, like # {example}"),
)
declare(
    "duplicate-heading",
    "error",
    N_("The heading {heading} stands here twice; the first is in line {line}."),
    N_("put the text under one of them"),
)
declare(
    "comment-unclosed",
    "error",
    N_("The comment that begins here never ends, so the rest of the file would be left out."),
    N_("write --> where it ends"),
)


def read_prose(text: str, file: str, problems: list[Problem]) -> Prose:
    """One file of texts/. A comment `<!-- … -->` is the tool's question to the writer, and no part of the text."""
    lines = Lines(text, file)
    return Prose(file, passages(lines, 1, problems) if visible(lines, problems) else ())


def passages(lines: Lines, first: int, problems: list[Problem]) -> tuple[Passage, ...]:
    """The passages of a file from line `first` on; every passage knows its own lines in the file."""
    found: list[_Open] = []
    homeless: Span | None = None
    for number, text, heading in _without_comments(lines, first, problems):
        if heading is not None:
            found.append(_Open(heading, lines.span(number, 1)))
        elif found:
            found[-1].lines.append((number, text))
        elif text.strip() and homeless is None:
            homeless = lines.span(number, 1)
        for missing in _MISSING.finditer(text):
            key = found[-1].heading if found else lines.file
            column = lines.text(number).find(MISSING, missing.start()) + 1
            problems.append(problem("value-missing", lines.span(number, column, len(MISSING)), key=key))
    if homeless:
        problems.append(problem("text-before-heading", homeless, example="Resumé"))
    _report_duplicates(found, problems)
    return tuple(passage.closed() for passage in found)


class _Open:
    """A passage whose end is still to come."""

    def __init__(self, heading: str, at: Span) -> None:
        self.heading = heading
        self.at = at
        self.lines: list[tuple[int, str]] = []

    def closed(self) -> Passage:
        written = [number for number, text in self.lines if text.strip()]
        if not written:
            return Passage(self.heading, "", self.at, self.at.line + 1)
        first, last = written[0], written[-1]
        text = "\n".join(text for number, text in self.lines if first <= number <= last)
        return Passage(self.heading, text, self.at, first)


def _report_duplicates(found: list[_Open], problems: list[Problem]) -> None:
    first: dict[str, int] = {}
    for passage in found:
        name = passage.heading.casefold()
        if name in first:
            problems.append(problem("duplicate-heading", passage.at, heading=passage.heading, line=first[name]))
        first.setdefault(name, passage.at.line)


def _without_comments(lines: Lines, first: int, problems: list[Problem]) -> list[tuple[int, str, str | None]]:
    """Each line's number, its text without comments, and its heading if it is one; code keeps its # and <!--."""
    found: list[tuple[int, str, str | None]] = []
    fence = ""
    comment: Span | None = None
    for number in range(first, len(lines) + 1):
        text = lines.text(number)
        if not fence:
            text, comment = _outside(text, number, lines, comment)
        mark = _FENCE.match(text)
        if fence:
            if mark and mark[1].startswith(fence) and not text[mark.end() :].strip():
                fence = ""
            found.append((number, text, None))
            continue
        if mark:
            fence = mark[1]
        heading = _HEADING.fullmatch(text)
        found.append((number, text, (heading[1] or "").strip() if heading else None))
    if comment:
        problems.append(problem("comment-unclosed", comment))
    return found


def _outside(text: str, number: int, lines: Lines, comment: Span | None) -> tuple[str, Span | None]:
    """The part of a line that is outside comments, and the comment that is still open at its end."""
    kept = ""
    while text:
        if comment:
            _, ended, text = text.partition("-->")
            comment = None if ended else comment
            continue
        before, begun, text = text.partition("<!--")
        kept += before
        if begun:
            comment = lines.span(number, len(lines.text(number)) - len(text) - 3, 4)
    return (kept.rstrip() if kept != lines.text(number) else kept), comment
