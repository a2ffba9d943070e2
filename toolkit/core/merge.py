"""Three versions of a text to one: as it was made, as the user has it now, and as it would be made today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

from msgspec import Struct

from toolkit.core.problems import N_, Problem, Span, declare, problem

CONFLICT = "KONFLIKT"  # what a file says where its user has to choose

declare(
    "conflict-left",
    "warning",
    N_("A merge left a conflict here that nobody has chosen in yet."),
    N_("keep your own lines or take those in the mark, and delete the lines of the mark"),
)


class Both(Struct, frozen=True):
    """Lines that nobody has to choose between: they stand."""

    lines: tuple[str, ...]


class Conflict(Struct, frozen=True):
    """Lines that the user and the template both changed, each in their own way."""

    ours: tuple[str, ...]  # the user's
    theirs: tuple[str, ...]  # the template's


Part = Both | Conflict


def merge(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[Part, ...]:
    """The parts of the merged text, in order.

    A stretch that only one side changed is that side's; one that both changed alike is both's. Where both changed the
    same stretch otherwise, neither is dropped: it is a conflict.
    """
    return tuple(_joined(_parts(base, ours, theirs)))


def common(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The base with what two versions have changed alike."""
    lines: list[str] = []
    at_base = at_one = at_other = 0
    for start, end, one_start, other_start in _agreed(base, one, other):
        new = other[at_other:other_start]
        lines += new if one[at_one:one_start] == new else base[at_base:start]
        lines += base[start:end]
        at_base, at_one, at_other = end, one_start + end - start, other_start + end - start
    return tuple(lines)


def _parts(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Part]:
    at_base = at_ours = at_theirs = 0
    for start, end, ours_start, theirs_start in _agreed(base, ours, theirs):
        was, mine, new = base[at_base:start], ours[at_ours:ours_start], theirs[at_theirs:theirs_start]
        if mine in (was, new):
            yield Both(tuple(new))
        elif new == was:
            yield Both(tuple(mine))
        else:
            yield Conflict(tuple(mine), tuple(new))
        yield Both(tuple(base[start:end]))
        at_base, at_ours, at_theirs = end, ours_start + end - start, theirs_start + end - start


def _agreed(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches of the base that both sides kept, as (start, end, start in ours, start in theirs), and the end."""
    kept_by_us, kept_by_them = _matches(base, ours), _matches(base, theirs)
    i = j = 0
    while i < len(kept_by_us) and j < len(kept_by_them):
        mine, new = kept_by_us[i], kept_by_them[j]
        start, end = max(mine.a, new.a), min(mine.a + mine.size, new.a + new.size)
        if start < end:
            yield start, end, mine.b + start - mine.a, new.b + start - new.a
        if mine.a + mine.size < new.a + new.size:
            i += 1
        else:
            j += 1
    yield len(base), len(base), len(ours), len(theirs)


def _matches(base: Sequence[str], other: Sequence[str]) -> list[Match]:
    return SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours that need no choice as one, and no part without lines."""
    lines: tuple[str, ...] = ()
    for part in parts:
        if isinstance(part, Both):
            lines += part.lines
            continue
        if lines:
            yield Both(lines)
        lines = ()
        yield part
    if lines:
        yield Both(lines)


def left_in(text: str, file: str) -> Iterator[Problem]:
    """A problem for each conflict that is marked in a file and that nobody has chosen in yet."""
    if CONFLICT not in text:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith((f"# {CONFLICT}:", f"<!-- {CONFLICT}:")):
            yield problem("conflict-left", Span(file, number, 1, len(line), line))
