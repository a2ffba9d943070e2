"""Which costs count: what stands on an approved line and fell in the period, and what waits for somebody's answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from msgspec import Struct

from toolkit.core.money import Money, split
from toolkit.core.plan import Budget, Plan
from toolkit.core.postings import Allocated, Booked
from toolkit.core.records import Id

Apart = Literal["before-period", "after-period", "dropped-line"]
WAITING: tuple[Apart, ...] = get_args(Apart)

Part = Booked | Allocated  # a sum of the books, or a single posting


class Cost(Struct, frozen=True, gc=False):
    """What the books have on one budget line by one sum of theirs, or the part of it that a split left there (udgift).

    `line` is a line of the budget in force; where that has none that carries the cost on, the line it was placed on.
    `apart` says why it is not counted before somebody has answered: it fell outside the period, or its line is gone.
    """

    part: Part
    line: Id
    amount: Money
    apart: Apart | None = None

    @property
    def day(self) -> date:
        """The day that it counts on: when it was performed, where that is known, else when it was posted."""
        return self.part.day


Parts = tuple[tuple[Id, Fraction], ...]  # lines of a budget, and the share that each has of an earlier line's costs


def is_seen(each: Part, as_of: date, known_by: date, closes: date) -> bool:
    """Whether the books' line counts in a state of `as_of`, as known by `known_by`; the project `closes` that day.

    From the project's last day on, all that is known but the grant's instalments is seen whatever day it has, since an
    invoice comes after the work: what fell in the period belongs to it, and what did not must be told of before
    accounts are made.
    """
    if each.imported > known_by:
        return False
    return each.day <= as_of or (as_of >= closes and each.place != "grant-income")


def carried_on(versions: Iterable[Budget]) -> Mapping[Id, Parts]:
    """Where the costs of each line that ever was now stand, by the budgets that were in force, the last of them now.

    A line of the newest version has its own costs, less the shares that others carry on. One that is gone has those
    that `was` names, and nothing of it that nobody carries on: that part stands under its own id; or under that of the
    line it came from, where the version has that again. The first version may carry on lines of an application that
    nobody has logged.
    """
    where: dict[Id, dict[Id, Fraction]] = {}
    for version in versions:
        ids = {line.id for line in version.lines}
        heirs: dict[Id, list[tuple[Id, Fraction]]] = defaultdict(list)
        for line in version.lines:
            for was, part in line.was.items():
                if was != line.id:
                    heirs[was].append((line.id, part))
        for id in {*ids, *heirs}:
            where.setdefault(id, {id: Fraction(1)})
        for id, parts in where.items():
            where[id] = _moved(parts, heirs) if id not in ids else _returned(id, _moved(parts, heirs), ids)
    return {id: tuple(parts.items()) for id, parts in where.items()}


def successor(where: Mapping[Id, Parts], line: Id) -> Id | None:
    """The one line that carries on all of this one and nothing else; None where it was divided, or joined."""
    heirs = [id for id, _share in where.get(line, ((line, Fraction(1)),))]
    joined = {id for id, parts in where.items() if id != heirs[0] and heirs[0] in dict(parts)}
    return heirs[0] if len(heirs) == 1 and joined <= {line} else None


def _moved(parts: Mapping[Id, Fraction], heirs: Mapping[Id, list[tuple[Id, Fraction]]]) -> dict[Id, Fraction]:
    found: dict[Id, Fraction] = defaultdict(Fraction)
    for line, whole in parts.items():
        rest = Fraction(1)
        for heir, part in heirs.get(line, ()):
            found[heir] += whole * part
            rest -= part
        if rest > 0:
            found[line] += whole * rest
    return dict(found)


def _returned(line: Id, parts: Mapping[Id, Fraction], ids: Set[Id]) -> dict[Id, Fraction]:
    """A line that is there again has back what stood on lines that are gone."""
    found: dict[Id, Fraction] = defaultdict(Fraction)
    for other, part in parts.items():
        found[other if other in ids else line] += part
    return dict(found)


def costs_of(parts: Iterable[Part], single: Callable[[], Iterable[Allocated]], placing: Placement) -> tuple[Cost, ...]:
    """Every cost that the rules put on a line, on the line that has it now, and whether it counts.

    `parts` may be sums of the books. Of a line that was divided among others each posting is divided by itself, so that
    the parts of any day and any voucher sum to the line's: `single` gives the same parts as postings, when it is asked.
    """
    on_lines = [part for part in parts if part.line is not None]
    divided = {line for line, its in placing.where.items() if len(its) > 1}
    whole = (placing.whole(part) for part in on_lines if part.line not in divided)
    split_up = (part for part in (single() if divided else ()) if part.line in divided)
    return (*whole, *(cost for part in split_up for cost in placing.costs(part)))


class Placement(Struct, frozen=True):
    """What a budget in force, its forerunners and a plan's period and terms make of costs that rules put on a line."""

    where: Mapping[Id, Parts]
    known: frozenset[Id]
    plan: Plan

    def heirs(self, line: Id) -> tuple[Id, ...]:
        """The lines that carry on a line now; the line itself where nobody does."""
        return tuple(id for id, _share in self.where.get(line) or ((line, Fraction(1)),))

    def whole(self, part: Part) -> Cost:
        """The part of a line that no other shares in, on the line that has it now."""
        assert part.line is not None
        its = self.where.get(part.line)
        line = its[0][0] if its else part.line
        return Cost(part, line, part.amount, self._apart(part, line))

    def costs(self, part: Part) -> Iterator[Cost]:
        """The part on the lines that have it now; together they are never more or less than it was."""
        assert part.line is not None
        lines = self.where.get(part.line) or ((part.line, Fraction(1)),)
        amounts = [part.amount] if len(lines) == 1 else split(part.amount, [share for _line, share in lines])
        for (line, _share), amount in zip(lines, amounts, strict=True):
            yield Cost(part, line, amount, self._apart(part, line))

    def _apart(self, part: Part, line: Id) -> Apart | None:
        """Whoever allowed a cost outside the period, or on a line that is gone, has answered for it."""
        return None if self.allowed_by(part, line) else self._would_wait(part, line)

    def allowed_by(self, part: Part, line: Id) -> str | None:
        """Who allowed a cost that would wait for an answer; None where it would not, or where nobody has."""
        by = part.rule.allowed if part.rule else None
        return self.plan.who_allows(by, part.day) if by and self._would_wait(part, line) else None

    def _would_wait(self, part: Part, line: Id) -> Apart | None:
        """Why a cost would not count, had nobody allowed it."""
        period = self.plan.cost_period
        if part.day < period.starts:
            return "before-period"
        if part.day > period.ends:
            return "after-period"
        return None if line in self.known else "dropped-line"
