"""What may not leave: anything that can be a citizen's personal number (CPR-nummer).

A plausible date decides, not the old control digit: numbers without it have been given since 2007. A number is stopped
wherever it stands, "bilag 0101651234" too; what is no date, or is part of something longer, is let through: a CVR or
EAN number, a WBS element, a telephone number, an amount.

Source: CPR-kontoret (personnumre uden kontrolciffer; erstatningspersonnumre have 60 added to the day).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from toolkit.core.problems import N_, FileName, Problem, Span, declare, problem
from toolkit.documents.tree import Document, Figure, as_text, walk

_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_GAP = " \t\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(
    rf"""
    (?<![0-9]) (?<![A-Z][{_DASH}])                      # not inside a longer number, nor in XA-1391100000-00020
    (?: (?P<run>[0-9]{{6}})                             # 010165
      | (?P<spaced>(?<![0-9][{_GAP}])[0-9]{{2}}[{_GAP}]?[0-9]{{2}}[{_GAP}][0-9]{{2}})   # 0101 65, 01 01 65
      | (?P<dated>[0-9]{{2}}[{_DASH}.][0-9]{{2}}[{_DASH}.][0-9]{{2}}(?=[{_GAP}]?[{_DASH}])) # 01.01.65-
    )
    [{_GAP}]? [{_DASH}]? [{_GAP}]?
    [0-9]{{4}}
    (?![0-9]) (?![.,][0-9]) (?![{_GAP}]?(?:kr\b|øre\b|mio\b|DKK\b))   # not longer, and no amount
    """,
    re.VERBOSE,
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUBSTITUTE_DAY = 60

MASK = "[personnummer]"

declare(
    "personal-number",
    "error",
    N_("This can be a personal number, and must not stand in the project's files."),
    N_("take it out, and write a role or a case number instead"),
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


class Found(Struct, frozen=True):
    """Where in a text something stands that can be a personal number."""

    start: int
    end: int


def personal_numbers(text: str) -> list[Found]:
    """Every place that can be a personal number, in order."""
    text = _DIGEST.sub(lambda digest: "." * len(digest[0]), text)
    return [Found(*match.span()) for match in _NUMBER.finditer(text) if _is_date(match)]


def masked(text: str) -> str:
    """The text with each of them covered, so that a message does not spread what it warns of."""
    for found in reversed(personal_numbers(text)):
        text = text[: found.start] + MASK + text[found.end :]
    return text


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


def _is_date(match: re.Match[str]) -> bool:
    digits = re.sub(r"[^0-9]", "", match[0])
    day, month = int(digits[:2]), int(digits[2:4])
    if day > _SUBSTITUTE_DAY:
        day -= _SUBSTITUTE_DAY
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    return not (month == 2 and day == 29 and int(digits[4:6]) % 4)


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
