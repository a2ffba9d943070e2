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
from toolkit.core.personal import without_numbers, without_personal_numbers
from toolkit.core.records import DayPattern, Entry, Id, Rows, Share
from toolkit.core.rows import has_row

_KEPT_TEXTS = 50_000  # texts repeat from month to month; where they do not, remembering them all would cost more

Place = Literal["line", "unallocated", "not-eligible", "grant-income", "other-income", "taken-back"]


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
    performed: date | None = None  # udført: when the cost was incurred, where the export says so


class Rule(Entry, frozen=True, kw_only=True):
    """Which postings go where (fordelingsregel). All patterns that are given must match; * stands for anything.

    Exactly one of `line`, `split`, `grant_income`, `other_income`, `not_eligible` and `taken_back` says where.
    `eligible` or `eligible_amount` makes the rest of a posting not eligible: outside the grant, and still counted.
    `performed` and `allowed` say something of a cost, and stand beside `line` or `split`.
    """

    account: str | None = None
    cost_centre: str | None = None
    wbs_element: str | None = None
    text: str | None = None
    voucher: str | None = None
    posted: DayPattern | None = None
    amount: Money | None = None
    file: str | None = None  # of postings/, with or without the folder
    rows: tuple[Rows, ...] = ()  # of such a file

    line: Id | None = None
    split: Mapping[Id, Fraction] = {}
    grant_income: bool = False
    other_income: bool | Id = False  # what others pay to the project: neither a cost nor the grant; whose, by its id
    not_eligible: bool = False
    taken_back: bool = False  # tilbageført: in the books and taken back there, so neither a cost nor anybody's money
    eligible: Share | None = None
    eligible_amount: Money | None = None
    performed: date | None = None  # when the cost was incurred, where the books do not say so
    allowed: str | None = None  # who allowed a cost outside the period, or on a line that the budget in force lacks
    reason: str | None = None

    def matches(self, posting: Posting) -> bool:
        """Whether every pattern that the rule gives fits the posting."""
        coding = (posting.account, posting.cost_centre, posting.wbs_element)
        return self.fits_coding(coding) and self.fits_rest(posting)

    def fits_coding(self, coding: Coding) -> bool:
        """Whether the patterns of account, cost centre and WBS element fit: few codings stand behind many postings."""
        account, cost_centre, wbs_element = coding
        return (
            fits(self.account, account) and fits(self.cost_centre, cost_centre) and fits(self.wbs_element, wbs_element)
        )

    def fits_rest(self, posting: Posting) -> bool:
        """Whether all but the coding fits; capital letters in a text make no difference."""
        return (
            fits(self.voucher, posting.voucher)
            and (self.text is None or fits(self.text.casefold(), posting.text.casefold()))
            and (self.posted is None or fits(self.posted, posting.posted.isoformat()))
            and self.amount in (None, posting.amount)
            and self.fits_file(posting.file)
            and (not self.rows or has_row(self.rows, posting.row))
        )

    def fits_file(self, file: str) -> bool:
        """Whether the rule may place postings of this file."""
        return self.file is None or fits(self.file, file) or fits(self.file, file.rpartition("/")[2])

    @property
    def looks_at_coding_alone(self) -> bool:
        return self.text is None and self.file is None and not self.looks_closely

    @property
    def looks_closely(self) -> bool:
        """Whether two postings of one coding, one text and one file may differ in what the rule says of them."""
        return bool(self.rows) or any(each is not None for each in (self.voucher, self.posted, self.amount))

    @property
    def names_file(self) -> bool:
        """Whether it is for one file: a pattern may fit such as are imported later, too."""
        return self.file is not None and "*" not in self.file

    @property
    def is_of_a_sort(self) -> bool:
        """Whether it chooses by text, whatever the voucher and file: such postings as there are, and as will come."""
        return self.text is not None and self.voucher is None and not self.rows and not self.names_file

    @property
    def divides(self) -> bool:
        """Whether a posting may end in more than one place, so that each must be divided by itself."""
        beside = self.grant_income or self.other_income or self.not_eligible or self.taken_back
        return not beside and (bool(self.split) or self.eligible is not None or self.eligible_amount is not None)


Coding = tuple[str, str, str]  # account, cost centre, WBS element (kontering)


class Allocated(Struct, frozen=True, gc=False):
    """A posting, or the part of it, that one rule put in one place (fordelt)."""

    posting: Posting
    amount: Money
    line: Id | None  # None: on no line, for the reason that `place` says
    place: Place
    rule: Rule | None
    day: date  # that it counts on

    @property
    def imported(self) -> date:
        return self.posting.imported

    @property
    def first(self) -> Posting:
        return self.posting

    @property
    def count(self) -> int:
        return 1


class Booked(Struct, frozen=True, gc=False):
    """What one account had on one day, by one import, and that one rule put in one place (bogført).

    Enough for every sum: there may be a million postings, and there are never many thousand of these.
    """

    posted: date
    imported: date
    account: str
    line: Id | None
    place: Place
    amount: Money
    count: int
    first: Posting  # the one to point at; all of them were performed on the same day
    rule: Rule | None
    day: date  # that they count on


class Postings(Struct, frozen=True, dict=True):
    """Everything that was imported, and the rules that place it, the first that matches first.

    Rules look at what the files hold. What is shown goes through `text_of` and `voucher_of`: an earlier version may
    have let through what no import keeps today, and a file of postings is never changed. `lost` are the imports of the
    log, by what they are called, whose files are there no more: nothing is known by them on any day.
    """

    rows: tuple[Posting, ...] = ()
    rules: tuple[Rule, ...] = ()
    without_text: Mapping[str, tuple[str, ...]] = {}  # by file: accounts of wages, whose texts name people
    lost: frozenset[str] = frozenset()

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
        return Postings(tuple(filter(wanted, self.rows)), self.rules, self.without_text, self.lost)

    def with_text(self, wanted: Callable[[str], bool]) -> Postings:
        """Only those whose text is wanted: each text is looked at once, however many postings have it."""
        texts = set(filter(wanted, {posting.text for posting in self.rows}))
        return self.where(lambda posting: posting.text in texts) if texts else self.where(lambda _posting: False)

    def text_of(self, posting: Posting) -> str:
        """A posting's text as it may be shown: without a person's number, and none on an account of wages."""
        return "" if self.is_silent(posting) else without_numbers(posting.text)

    def voucher_of(self, posting: Posting) -> str:
        """A posting's voucher as it may be shown."""
        return without_personal_numbers(posting.voucher)

    def is_silent(self, posting: Posting) -> bool:
        """Whether its text names people, as those of wages do."""
        return any(fits(pattern, posting.account) for pattern in self.without_text.get(posting.file, ()))


class Placing:
    """The rules, made ready to place a million postings: each as `allocate` would.

    What a rule says of the coding is looked at once for each coding there is, and a rule for a single voucher only
    where that voucher turns up. What is left to do for a posting is mostly nothing.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self.vouchers = {rule.voucher for rule in self._rules if rule.voucher and "*" not in rule.voucher}
        self._by_coding: dict[Coding, _Possible] = {}
        self._in_file: dict[tuple[Coding, str], _Possible] = {}
        self._by_text: dict[tuple[Coding, str, str], Rule | None] = {}

    def rule_of(self, posting: Posting) -> Rule | None:
        """The first rule that matches, or None."""
        if posting.voucher in self.vouchers:
            return next((rule for rule in self._rules if rule.matches(posting)), None)
        coding = (posting.account, posting.cost_centre, posting.wbs_element)
        possible = self._of(coding)
        if possible.closely:
            possible = self._of_file(coding, posting.file)
        if possible.closely:
            return possible.first(posting)
        key = (coding, posting.text, posting.file)
        if key not in self._by_text:
            if len(self._by_text) >= _KEPT_TEXTS:
                self._by_text.clear()
            self._by_text[key] = possible.first(posting)
        return self._by_text[key]

    def surely(self, coding: Coding) -> tuple[bool, Rule | None]:
        """Whether the coding alone says where a posting goes, and by which rule; `vouchers` are exceptions."""
        rules = self._of(coding).rules
        if not rules:
            return True, None
        return rules[0].looks_at_coding_alone, rules[0]

    def by_text(self, coding: Coding) -> bool:
        """Whether the coding, the text and the file say where a posting goes; `vouchers` are exceptions."""
        return not self._of(coding).closely

    def possible(self, coding: Coding) -> tuple[Rule, ...]:
        """The rules that may place a posting of this coding, those for a single voucher left out."""
        return self._of(coding).rules

    def _of(self, coding: Coding) -> _Possible:
        possible = self._by_coding.get(coding)
        if possible is None:
            possible = self._by_coding[coding] = _possible(self._possible(coding))
        return possible

    def _of_file(self, coding: Coding, file: str) -> _Possible:
        """The same without the rules for other files: what one of them takes back must not slow down all of them."""
        possible = self._in_file.get((coding, file))
        if possible is None:
            rules = (rule for rule in self._of(coding).rules if rule.fits_file(file))
            possible = self._in_file[coding, file] = _possible(rules)
        return possible

    def _possible(self, coding: Coding) -> Iterator[Rule]:
        """The rules that may place a posting of this coding, until one of them surely does."""
        for rule in self._rules:
            if rule.voucher not in self.vouchers and rule.fits_coding(coding):
                yield rule
                if rule.looks_at_coding_alone:
                    return


class _Possible(Struct, frozen=True):
    """The rules that may place a posting of one coding, and whether they look at more of it than its text and file."""

    rules: tuple[Rule, ...]
    closely: bool

    def first(self, posting: Posting) -> Rule | None:
        return next((rule for rule in self.rules if rule.fits_rest(posting)), None)


def _possible(rules: Iterable[Rule]) -> _Possible:
    found = tuple(rules)
    return _Possible(found, any(rule.looks_closely for rule in found))


def day_of(posting: Posting, rule: Rule | None) -> date:
    """The day that a posting counts on: when its cost was performed, as its rule or the export says, else its own.

    An instalment is no cost, and came on the day that it was booked.
    """
    if rule and rule.grant_income:
        return posting.posted
    return (rule and rule.performed) or posting.performed or posting.posted


def allocate(posting: Posting, rules: Iterable[Rule]) -> tuple[Allocated, ...]:
    """Where a posting goes: to the first rule that matches, or nowhere. The parts always sum to the posting.

    Source: the agency's handbook on grant accounts: only lines of the approved budget, and a trail for every krone.
    """
    return parts(posting, next((rule for rule in rules if rule.matches(posting)), None))


def parts(posting: Posting, rule: Rule | None) -> tuple[Allocated, ...]:
    """The posting as the rule places it, whole or divided; without a rule it is unallocated."""
    day = day_of(posting, rule)
    if rule is None or not rule.divides:
        line, place = _whole(rule)
        return (Allocated(posting, posting.amount, line, place, rule, day),)

    eligible = _eligible_part(posting.amount, rule)
    lines = tuple(rule.split) or (rule.line,)
    amounts = split(eligible, [rule.split[line] for line in rule.split] or [1])
    placed = [Allocated(posting, amount, line, "line", rule, day) for line, amount in zip(lines, amounts, strict=True)]
    if eligible != posting.amount:
        placed.append(Allocated(posting, posting.amount - eligible, None, "not-eligible", rule, day))
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
    if rule.taken_back:
        return None, "taken-back"
    return rule.line, "line"


def _eligible_part(amount: Money, rule: Rule) -> Money:
    if rule.eligible is not None:
        return split(amount, [rule.eligible, 1 - rule.eligible])[0]
    if rule.eligible_amount is not None:
        return max(min(amount, rule.eligible_amount), -rule.eligible_amount)  # a credit note takes back what it gave
    return amount


def _booked(rows: Iterable[Posting], placing: Placing) -> Iterator[Booked]:
    by_coding: dict[tuple[date, date, str, str, str, date | None], _Sum | None] = {}
    by_rule: dict[tuple[date, date, str, int, date | None], _Sum] = {}
    divided: dict[tuple[date, date, str, int, date | None, Id | None, Place], _Sum] = {}
    singles: list[_Sum] = []
    vouchers = placing.vouchers
    for posting in rows:
        found = None
        if posting.voucher not in vouchers:
            account, performed = posting.account, posting.performed
            key = (posting.posted, posting.imported, account, posting.cost_centre, posting.wbs_element, performed)
            try:
                found = by_coding[key]
            except KeyError:
                surely, rule = placing.surely(key[2:5])
                whole = surely and not (rule and (rule.divides or rule.grant_income))
                found = by_coding[key] = _Sum(posting, rule) if whole else None
        if found is None:
            rule = placing.rule_of(posting)
            by = (posting.posted, posting.imported, posting.account, id(rule), posting.performed)
            if rule is not None and rule.divides:
                for part in parts(posting, rule):
                    divided.setdefault((*by, part.line, part.place), _Sum(posting, rule)).add(part.amount)
                continue
            if rule is not None and rule.grant_income:  # by itself: an instalment and a repayment may be of one day
                singles.append(found := _Sum(posting, rule))
            else:
                found = by_rule.setdefault(by, _Sum(posting, rule))
        found.amount += posting.amount
        found.count += 1
    for found in (*by_coding.values(), *by_rule.values(), *singles):
        if found is not None:
            yield _booked_once(found, *_whole(found.rule))
    for (*_by, line, where), found in divided.items():
        yield _booked_once(found, line, where)


def _booked_once(found: _Sum, line: Id | None, place: Place) -> Booked:
    first = found.first
    where, day = (first.account, line, place), day_of(first, found.rule)
    return Booked(first.posted, first.imported, *where, found.amount, found.count, first, found.rule, day)


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
