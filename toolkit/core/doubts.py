"""Postings that somebody must look at, since they may count in vain: gone from the books, or there twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from toolkit.core.absences import absences_of
from toolkit.core.costs import is_seen
from toolkit.core.doubles import (
    Double,
    Exports,
    doubles,
    may_be_nowhere,
    named_alike,
    nowhere,
    number_of,
    plain,
    system_of,
)
from toolkit.core.events import AnyEvent, Imported
from toolkit.core.money import Money, total
from toolkit.core.postings import Allocated, Placing, Posting, Postings, Rule, parts
from toolkit.core.rows import PostingRow
from toolkit.core.state import State


class Gone(Struct, frozen=True):
    """Postings of one file that one later import lacks, or has again."""

    event: Imported
    postings: tuple[Posting, ...]


class Doubts(Struct, frozen=True):
    """All that is told of until rules, or the log, have answered.

    `vanished` are postings that count, though a later import lacks them; `reappeared` are some that it has again, and
    that a rule takes back; `doubles` are those of two files, where neither is gone; `nowhere` those of two files that
    one rule takes back. `sizes` are the lengths of files.
    """

    vanished: tuple[Gone, ...] = ()
    reappeared: tuple[Gone, ...] = ()
    doubles: tuple[Double, ...] = ()
    nowhere: tuple[tuple[Rule, Double], ...] = ()
    sizes: Mapping[str, int] = {}

    @property
    def postings(self) -> Iterator[Posting]:
        """Those that likely should not count, and do, and those that should, and do not; each once."""
        each_once: set[PostingRow] = set()
        for found in (*self.vanished, *self.reappeared):
            yield from found.postings
        for double in self.doubles:
            yield from (each for each in double.void if (each.file, each.row) not in each_once)
            each_once |= {(each.file, each.row) for each in double.void}
        for _rule, double in self.nowhere:
            yield from double.earlier


class Doubtful(Struct, frozen=True):
    """How many postings behind some figures are told of, what they cost or brought in, and the first of them."""

    count: int
    costs: Money
    income: Money
    first: Posting


def doubts_of(events: Iterable[AnyEvent], postings: Postings, files_in_order: Sequence[str], known_by: date) -> Doubts:
    """What is told of, as it was known by a day; the rules are those of today."""
    told = absences_of(events, known_by)
    rule_of = Placing(postings.rules).rule_of
    rows = postings.rows
    if any(each.imported > known_by for each in postings.booked):
        rows = tuple(each for each in rows if each.imported <= known_by)

    def is_taken_back(posting: Posting) -> bool:
        rule = rule_of(posting)
        return rule is not None and rule.taken_back

    vanished = [each for each in _among(rows, told.open) if not is_taken_back(each)]
    void = [each for each in _among(rows, told.reappeared) if is_taken_back(each)]
    gone = told.open.keys()
    there = [each for each in rows if (each.file, each.row) not in gone] if gone else rows
    found = doubles(there, rule_of, files_in_order.index, told.exports)
    none = nowhere(there, rule_of, files_in_order.index, told.exports) if may_be_nowhere(postings.rules) else []
    reappeared = _without_doubles(void, there, rule_of, files_in_order, told.exports) if void else []
    return Doubts(
        tuple(_by_import(vanished, told.open)),
        tuple(_by_import(reappeared, told.reappeared)),
        tuple(found),
        tuple(none),
        Counter(each.file for each in rows) if found or none or vanished else {},
    )


def doubtful(doubts: Doubts, state: State) -> Doubtful | None:
    """What the figures of a state rest on and should perhaps not; None where there is nothing of the kind."""
    rule_of = Placing(state.postings.rules).rule_of
    found = [(each, rule_of(each)) for each in doubts.postings]
    seen = [part for each, rule in found for part in parts(each, rule) if _is_behind(part, state)]
    if not seen:
        return None
    income = total(each.amount for each in seen if each.place in ("grant-income", "other-income"))
    costs = total(each.amount for each in seen) - income
    return Doubtful(len({(each.first.file, each.first.row) for each in seen}), costs, -income, seen[0].first)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _among(rows: Iterable[Posting], told: Mapping[PostingRow, Imported]) -> Iterator[Posting]:
    files = {file for file, _row in told}
    return (each for each in rows if each.file in files and (each.file, each.row) in told) if files else iter(())


def _without_doubles(
    void: Sequence[Posting],
    there: Sequence[Posting],
    rule_of: Callable[[Posting], Rule | None],
    files_in_order: Sequence[str],
    exports: Exports,
) -> list[Posting]:
    """Of what rules take back, that which nothing else there stands for: it would be no double, did no rule say so."""
    rows = {(each.file, each.row) for each in void}

    def rule_without_them(posting: Posting) -> Rule | None:
        return None if (posting.file, posting.row) in rows else rule_of(posting)

    found = doubles(there, rule_without_them, files_in_order.index, exports)
    twice = {(each.file, each.row) for double in found for each in (*double.later, *double.earlier)}
    sums = sums_elsewhere(void, there, rule_of)
    return [each for each in void if (each.file, each.row) not in twice and voucher_of(each) not in sums]


def voucher_of(posting: Posting) -> tuple[str, str]:
    """A voucher, and the system that it came from."""
    return plain(posting.voucher), system_of(posting.file)


def sums_elsewhere(
    void: Iterable[Posting], there: Iterable[Posting], rule_of: Callable[[Posting], Rule | None]
) -> set[tuple[str, str]]:
    """The vouchers that come to the same, in other lines that count, in another system's list, as one of invoices."""
    mine: defaultdict[tuple[str, str], list[Posting]] = defaultdict(list)
    for each in void:
        mine[voucher_of(each)].append(each)
    its: dict[str, defaultdict[tuple[str, str], list[Posting]]]  # by the voucher's number
    its = {number_of(each): defaultdict(list) for each in void if each.voucher}
    for each in there if its else ():
        if (number := number_of(each)) in its and not ((rule := rule_of(each)) and rule.taken_back):
            its[number][voucher_of(each)].append(each)
    return {
        (voucher, system)
        for (voucher, system), ours in mine.items()
        for (_voucher, other), others in its.get(number_of(ours[0]), {}).items()
        if other != system and named_alike(ours[0], others[0])
        if len(ours) + len(others) > 2 and total(each.amount for each in ours) == total(each.amount for each in others)
    }


def _by_import(postings: Iterable[Posting], told: Mapping[PostingRow, Imported]) -> Iterator[Gone]:
    """File by file, and apart what different imports tell of."""
    found: dict[tuple[str, str], list[Posting]] = {}
    events: dict[str, Imported] = {}
    for each in postings:
        event = told[each.file, each.row]
        events[event.called] = event
        found.setdefault((each.file, event.called), []).append(each)
    for (_file, called), its in found.items():
        yield Gone(events[called], tuple(its))


def _is_behind(part: Allocated, state: State) -> bool:
    return is_seen(part, state.as_of, state.known_by, state.closes)
