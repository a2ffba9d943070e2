"""What every layout of an export comes down to: rows of cells below headings, each row with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from msgspec import Struct

from toolkit.core.problems import Problem, Span, problem
from toolkit.readers.sheets import Sheet

BLOCK = 500  # rows at a time: fewer than make the garbage collector look for cycles among them

Advance = Callable[[int], object]  # is told how many bytes have been read since the last time


class Block(Struct, gc=False):
    """Some hundred rows and where each begins: a line of a text, a row of a sheet."""

    numbers: Sequence[int]
    rows: list[list[str]]


class Wrong(Struct, frozen=True):
    """What is wrong with a row, before anybody has looked up how it reads: the cell's index, or None for all of it."""

    number: int
    cell: int | None
    code: str
    words: dict[str, str]


class Source(Protocol):
    """An opened export: its headings, its rows once through, and the places in it."""

    @property
    def headings(self) -> Sequence[str]:
        """The headings as they stand; one that occurs twice counts the first time."""

    @property
    def above(self) -> Sequence[str]:
        """The lines down to the headings."""

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that it stands in, where it does."""

    def heading_at(self, index: int) -> Span:
        """Where a heading stands."""

    def column_name(self, index: int) -> str:
        """What a column is called where it stands: F in a sheet, 6 elsewhere."""

    def blocks(self, wrong: list[Wrong], advance: Advance) -> Iterator[Block]:
        """The rows below the headings; what is no row at all is left in `wrong`."""

    def explained(self, wrong: Iterable[Wrong]) -> Iterator[Problem]:
        """The problems with their places, in the order of the rows."""


def column_of(line: str, index: int, delimiter: str) -> int:
    """The column where cell number `index` of a line begins, past the delimiters that stand in quotes."""
    quoted = False
    for position, character in enumerate(line):
        if index == 0:
            return position + 1 + (character == '"')
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            index -= 1
    return len(line) + 1


def at_line(found: Wrong, file: str, text: str, column: int = 1, length: int | None = None) -> Problem:
    """A problem in a line, or in a stretch of it."""
    length = len(text) if length is None else length
    return problem(found.code, Span(file, found.number, column, max(1, length), text), **found.words)


def with_lines(wrong: Iterable[Wrong], text: Iterable[str]) -> Iterator[tuple[Wrong, str]]:
    """What is wrong, in the order of the lines, each with its line's own text: `text` is gone through once."""
    lines = iter(text)
    number, line = 0, ""
    for found in sorted(wrong, key=lambda each: each.number):
        if found.number > number:
            line = next(islice(lines, found.number - number - 1, None), "").rstrip("\r\n")
            number = found.number
        yield found, line
