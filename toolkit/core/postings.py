"""What was paid, and the rule that puts it on a budget line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from typing import Literal

from msgspec import Struct

from toolkit.core.money import NOTHING, Money, split
from toolkit.core.records import Entry, Id, Share

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more

Place = Literal["line", "unallocated", "not-eligible", "grant-income", "other-income"]


class Posting(Struct, frozen=True, gc=False):
    """One line of the municipality's books (postering): a cost is above zero, an income below.

    `file` and `row` say where it stands, without a Span of its own: there may be a million of them. For the same reason
    the garbage collector need not look at them, since none can lead back to itself.
    """

    posted: date  # bogføringsdato
    voucher: str
    account: str
    cost_centre: str
    wbs_element: str
    text: str
    amount: Money
    imported: date
    file: str = ""
    row: int = 0


class Rule(Entry, frozen=True, kw_only=True):
    """Which postings go where (fordelingsregel). All patterns that are given must match; * stands for anything.

    Exactly one of `line`, `split`, `grant_income`, `other_income` and `not_eligible` says where. `eligible` or
    `eligible_amount` makes the rest of a posting not eligible: outside the grant, and still counted.
    """

    account: str | None = None
    cost_centre: str | None = None
    wbs_element: str | None = None
    text: str | None = None
    voucher: str | None = None

    line: Id | None = None
    split: Mapping[Id, Fraction] = {}
    grant_income: bool = False
    other_income: bool = False  # what others pay to the project: neither a cost nor the grant
    not_eligible: bool = False
    eligible: Share | None = None
    eligible_amount: Money | None = None
    reason: str | None = None

    def matches(self, posting: Posting) -> bool:
        """Whether every pattern that the rule gives fits the posting."""
        coding = (posting.account, posting.cost_centre, posting.wbs_element)
        return self.fits_coding(coding) and self.fits_words(posting)

    def fits_coding(self, coding: Coding) -> bool:
        """Whether the patterns of account, cost centre and WBS element fit: few codings stand behind many postings."""
        account, cost_centre, wbs_element = coding
        return (
            fits(self.account, account) and fits(self.cost_centre, cost_centre) and fits(self.wbs_element, wbs_element)
        )

    def fits_words(self, posting: Posting) -> bool:
        """Whether the patterns of text and voucher fit; capital letters in a text make no difference."""
        return fits(self.voucher, posting.voucher) and (
            self.text is None or fits(self.text.casefold(), posting.text.casefold())
        )

    @property
    def looks_at_words(self) -> bool:
        return self.text is not None or self.voucher is not None

    @property
    def divides(self) -> bool:
        """Whether a posting may end in more than one place, so that each must be divided by itself."""
        beside = self.grant_income or self.other_income or self.not_eligible
        return not beside and (bool(self.split) or self.eligible is not None or self.eligible_amount is not None)


Coding = tuple[str, str, str]  # account, cost centre, WBS element (kontering)


class Allocated(Struct, frozen=True, gc=False):
    """A posting, or the part of it, that one rule put in one place (fordelt)."""

    posting: Posting
    amount: Money
    line: Id | None  # None: on no line, for the reason that `place` says
    place: Place
    rule: Rule | None


class Booked(Struct, frozen=True, gc=False):
    """What one account had on one day, by one import, and that went to one place (bogført): enough for every sum.

    There may be a million postings, and there are never many thousand of these.
    """

    posted: date
    imported: date
    account: str
    line: Id | None
    place: Place
    amount: Money
    count: int
    first: Posting  # the one to point at


class Postings(Struct, frozen=True, dict=True):
    """Everything that was imported, and the rules that place it, the first that matches first."""

    rows: tuple[Posting, ...] = ()
    rules: tuple[Rule, ...] = ()

    @cached_property
    def booked(self) -> tuple[Booked, ...]:
        """All of it in sums, always in the same order; together they are what the postings are."""
        return tuple(_booked(self.rows, Placing(self.rules)))

    @cached_property
    def allocated(self) -> tuple[Allocated, ...]:
        """Each posting, or part of one, in its place: made when first asked for, since there may be a million."""
        rule_of = Placing(self.rules).rule_of
        return tuple(part for posting in self.rows for part in parts(posting, rule_of(posting)))

    def where(self, wanted: Callable[[Posting], bool]) -> Postings:
        """Only those that are wanted, with the same rules."""
        return Postings(tuple(filter(wanted, self.rows)), self.rules)

    def with_text(self, wanted: Callable[[str], bool]) -> Postings:
        """Only those whose text is wanted: each text is looked at once, however many postings have it."""
        texts = set(filter(wanted, {posting.text for posting in self.rows}))
        return self.where(lambda posting: posting.text in texts) if texts else Postings((), self.rules)

    def until(self, as_of: date, known_by: date) -> Postings:
        """Those that were posted by `as_of` and imported by `known_by`."""
        if all(each.posted <= as_of and each.imported <= known_by for each in self.booked):
            return self
        return self.where(lambda posting: posting.posted <= as_of and posting.imported <= known_by)


class Placing:
    """The rules, made ready to place a million postings: each as `allocate` would.

    What a rule says of the coding is looked at once for each coding there is, and a rule for a single voucher only
    where that voucher turns up. What is left to do for a posting is mostly nothing.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self.looks_at_vouchers = any(rule.voucher and "*" in rule.voucher for rule in self._rules)
        self.vouchers = {rule.voucher for rule in self._rules if rule.voucher and "*" not in rule.voucher}
        self._by_coding: dict[Coding, tuple[Rule, ...]] = {}
        self._by_words: dict[tuple[Coding, str], Rule | None] = {}

    def rule_of(self, posting: Posting) -> Rule | None:
        """The first rule that matches, or None."""
        if posting.voucher in self.vouchers:
            return next((rule for rule in self._rules if rule.matches(posting)), None)
        coding = (posting.account, posting.cost_centre, posting.wbs_element)
        if self.looks_at_vouchers:
            return self._first(coding, posting)
        key = (coding, posting.text)
        if key not in self._by_words:
            if len(self._by_words) >= _KEPT_TEXTS:
                self._by_words.clear()
            self._by_words[key] = self._first(coding, posting)
        return self._by_words[key]

    def surely(self, coding: Coding) -> tuple[bool, Rule | None]:
        """Whether the coding alone says where a posting goes, and by which rule; `vouchers` are exceptions."""
        possible = self._of(coding)
        if not possible:
            return True, None
        return not possible[0].looks_at_words, possible[0]

    def _first(self, coding: Coding, posting: Posting) -> Rule | None:
        rules = self._of(coding)
        return next((rule for rule in rules if not rule.looks_at_words or rule.fits_words(posting)), None)

    def _of(self, coding: Coding) -> tuple[Rule, ...]:
        possible = self._by_coding.get(coding)
        if possible is None:
            possible = self._by_coding[coding] = tuple(self._possible(coding))
        return possible

    def _possible(self, coding: Coding) -> Iterator[Rule]:
        """The rules that may place a posting of this coding, until one of them surely does."""
        for rule in self._rules:
            if rule.voucher not in self.vouchers and rule.fits_coding(coding):
                yield rule
                if not rule.looks_at_words:
                    return


def allocate(posting: Posting, rules: Iterable[Rule]) -> tuple[Allocated, ...]:
    """Where a posting goes: to the first rule that matches, or nowhere. The parts always sum to the posting.

    Source: the agency's handbook on grant accounts: only lines of the approved budget, and a trail for every krone.
    """
    return parts(posting, next((rule for rule in rules if rule.matches(posting)), None))


def parts(posting: Posting, rule: Rule | None) -> tuple[Allocated, ...]:
    """The posting as the rule places it, whole or divided; without a rule it is unallocated."""
    if rule is None or not rule.divides:
        line, place = _whole(rule)
        return (Allocated(posting, posting.amount, line, place, rule),)

    eligible = _eligible_part(posting.amount, rule)
    lines = tuple(rule.split) or (rule.line,)
    amounts = split(eligible, [rule.split[line] for line in rule.split] or [1])
    placed = [Allocated(posting, amount, line, "line", rule) for line, amount in zip(lines, amounts, strict=True)]
    if eligible != posting.amount:
        placed.append(Allocated(posting, posting.amount - eligible, None, "not-eligible", rule))
    return tuple(placed)


def fits(pattern: str | None, text: str) -> bool:
    """Whether a text fits a pattern, in which * stands for anything; no pattern fits everything."""
    return pattern is None or _matcher(pattern)(text)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _whole(rule: Rule | None) -> tuple[Id | None, Place]:
    if rule is None:
        return None, "unallocated"
    if rule.grant_income:
        return None, "grant-income"
    if rule.other_income:
        return None, "other-income"
    if rule.not_eligible:
        return None, "not-eligible"
    return rule.line, "line"


def _eligible_part(amount: Money, rule: Rule) -> Money:
    if rule.eligible is not None:
        return split(amount, [rule.eligible, 1 - rule.eligible])[0]
    if rule.eligible_amount is not None:
        return max(min(amount, rule.eligible_amount), -rule.eligible_amount)  # a credit note takes back what it gave
    return amount


def _booked(rows: Iterable[Posting], placing: Placing) -> Iterator[Booked]:
    by_coding: dict[tuple[date, date, str, str, str], _Sum | None] = {}
    by_rule: dict[tuple[date, date, str, int], _Sum] = {}
    divided: dict[tuple[date, date, str, Id | None, Place], _Sum] = {}
    vouchers = placing.vouchers
    for posting in rows:
        found = None
        if posting.voucher not in vouchers:
            key = (posting.posted, posting.imported, posting.account, posting.cost_centre, posting.wbs_element)
            try:
                found = by_coding[key]
            except KeyError:
                surely, rule = placing.surely(key[2:])
                found = by_coding[key] = _Sum(posting, rule) if surely and not (rule and rule.divides) else None
        if found is None:
            rule = placing.rule_of(posting)
            if rule is not None and rule.divides:
                for part in parts(posting, rule):
                    place = (posting.posted, posting.imported, posting.account, part.line, part.place)
                    divided.setdefault(place, _Sum(posting, rule)).add(part.amount)
                continue
            named = (posting.posted, posting.imported, posting.account, id(rule))
            found = by_rule.setdefault(named, _Sum(posting, rule))
        found.amount += posting.amount
        found.count += 1
    for found in (*by_coding.values(), *by_rule.values()):
        if found is not None:
            yield _booked_once(found, *_whole(found.rule))
    for (_posted, _imported, _account, line, where), found in divided.items():
        yield _booked_once(found, line, where)


def _booked_once(found: _Sum, line: Id | None, place: Place) -> Booked:
    first = found.first
    return Booked(first.posted, first.imported, first.account, line, place, found.amount, found.count, first)


class _Sum:
    """A sum that grows, and the first posting in it."""

    __slots__ = ("amount", "count", "first", "rule")

    def __init__(self, first: Posting, rule: Rule | None) -> None:
        self.first = first
        self.rule = rule
        self.amount = NOTHING
        self.count = 0

    def add(self, amount: Money) -> None:
        self.amount += amount
        self.count += 1


@cache
def _matcher(pattern: str) -> Callable[[str], bool]:
    """A pattern as a test of a text; nothing but * has a meaning of its own."""
    if "*" not in pattern:
        return pattern.__eq__
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None
