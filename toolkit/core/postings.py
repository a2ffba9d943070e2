"""What was paid, and the rule that puts it on a budget line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from toolkit.core.money import NOTHING, Money, split
from toolkit.core.records import Entry, Id, Share

Place = Literal["line", "unallocated", "not-eligible", "grant-income", "other-income"]


class Posting(Struct, frozen=True):
    """One line of the municipality's books (postering): a cost is above zero, an income below.

    `file` and `row` say where it stands, without a Span of its own: there may be a million of them.
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
        return all(
            fnmatchcase(value, pattern)
            for value, pattern in (
                (posting.account, self.account),
                (posting.cost_centre, self.cost_centre),
                (posting.wbs_element, self.wbs_element),
                (posting.text.casefold(), self.text and self.text.casefold()),
                (posting.voucher, self.voucher),
            )
            if pattern is not None
        )


class Allocated(Struct, frozen=True):
    """A posting, or the part of it, that one rule put in one place (fordelt)."""

    posting: Posting
    amount: Money
    line: Id | None  # None: on no line, for the reason that `place` says
    place: Place
    rule: Rule | None


class Postings(Struct, frozen=True):
    """Everything that was imported, and the rules that place it, the first that matches first."""

    rows: tuple[Posting, ...] = ()
    rules: tuple[Rule, ...] = ()


def allocate(posting: Posting, rules: Iterable[Rule]) -> tuple[Allocated, ...]:
    """Where a posting goes: to the first rule that matches, or nowhere. The parts always sum to the posting.

    Source: the agency's handbook on grant accounts: only lines of the approved budget, and a trail for every krone.
    """
    rule = next((rule for rule in rules if rule.matches(posting)), None)
    if rule is None:
        return (Allocated(posting, posting.amount, None, "unallocated", None),)
    if rule.grant_income:
        return (Allocated(posting, posting.amount, None, "grant-income", rule),)
    if rule.other_income:
        return (Allocated(posting, posting.amount, None, "other-income", rule),)
    if rule.not_eligible:
        return (Allocated(posting, posting.amount, None, "not-eligible", rule),)

    eligible = _eligible_part(posting.amount, rule)
    lines = tuple(rule.split) or (rule.line,)
    parts = split(eligible, [rule.split[line] for line in rule.split] or [1])
    placed = [Allocated(posting, part, line, "line", rule) for line, part in zip(lines, parts, strict=True)]
    if eligible != posting.amount:
        placed.append(Allocated(posting, posting.amount - eligible, None, "not-eligible", rule))
    return tuple(placed)


def _eligible_part(amount: Money, rule: Rule) -> Money:
    if rule.eligible is not None:
        return split(amount, [rule.eligible, 1 - rule.eligible])[0]
    if rule.eligible_amount is not None:
        return min(amount, rule.eligible_amount) if amount >= NOTHING else amount
    return amount
