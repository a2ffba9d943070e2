"""Rows of files of postings, as rules and the log name them: an import's file never changes, so neither do they."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import accumulate

from toolkit.core.records import DatedRows, PostingRows, Rows

PostingRow = tuple[str, int]  # a file of postings, and one of its rows


def ranges(rows: Iterable[int]) -> tuple[Rows, ...]:
    """Rows as they are written, those that follow each other as one: 3, 5-9."""
    spans: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if spans and spans[-1][1] == row - 1:
            spans[-1] = spans[-1][0], row
        else:
            spans.append((row, row))
    return tuple(Rows(f"{first}-{last}" if last > first else f"{first}") for first, last in spans)


def references(rows: Iterable[PostingRow]) -> tuple[PostingRows, ...]:
    """The same of rows of several files, file by file in the order that they come."""
    by_file: defaultdict[str, list[int]] = defaultdict(list)
    for file, row in rows:
        by_file[file].append(row)
    return tuple(PostingRows(f"{file}:{each}") for file, its in by_file.items() for each in ranges(its))


def rows_of(written: Iterable[PostingRows]) -> Iterator[PostingRow]:
    """Each single row that the log names."""
    for each in written:
        file, _, rows = each.rpartition(":")
        first, last = span(Rows(rows))
        yield from ((file, row) for row in range(first, last + 1))


def dated(days: Mapping[PostingRow, date]) -> tuple[DatedRows, ...]:
    """The same of rows that each have a day, the earliest day first."""
    return tuple(
        DatedRows(f"{day} {each}")
        for day in sorted(set(days.values()))
        for each in references(row for row, its in days.items() if its == day)
    )


def days_of(written: Iterable[DatedRows]) -> dict[PostingRow, date]:
    """The day of each single row."""
    found: dict[PostingRow, date] = {}
    for each in written:
        day, _, rows = each.partition(" ")
        found |= dict.fromkeys(rows_of([PostingRows(rows)]), date.fromisoformat(day))
    return found


def has_row(written: tuple[Rows, ...], row: int) -> bool:
    """Whether a row is one of those that are written."""
    firsts, lasts = _sorted(written)
    place = bisect_right(firsts, row)
    return place > 0 and row <= lasts[place - 1]


def span(rows: Rows) -> tuple[int, int]:
    """The first and the last of the rows that are written."""
    first, _, last = rows.partition("-")
    return int(first), int(last or first)


@cache
def _sorted(written: tuple[Rows, ...]) -> tuple[list[int], list[int]]:
    """Where the ranges begin, and how far any of those until there reaches."""
    spans = sorted(map(span, written))
    return [first for first, _last in spans], list(accumulate((last for _first, last in spans), max))
