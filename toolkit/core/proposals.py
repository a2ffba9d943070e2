"""Rules to propose for accounts that no rule places: a beginning for allocation.yaml, for a person to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from toolkit.core.money import Money
from toolkit.core.plan import BudgetLine
from toolkit.core.records import Id

_WORD = re.compile(r"[^\W\d_]{4,}")
_ROOT = 5  # letters that two words share where they mean the same: konsulent, konsulentydelser
_GRANT = re.compile(r"statstilskud|tilskud fra staten|puljemidler|puljetilskud", re.IGNORECASE)


class Unplaced(Struct):
    """What one account has that no rule places: how much, and what it is called."""

    account: str
    title: str  # the ERP's name for the account; "" where the export has none
    text: str  # one of its postings' texts
    count: int
    amount: Money
    names_people: bool = False  # whether its name may name one, as a wage account's may: then it is not written


class Proposal(Struct, frozen=True):
    """A rule that may be the right one: on a line, or as the grant's own income, or for somebody else to say."""

    unplaced: Unplaced
    line: Id | None
    grant_income: bool


def propose(unplaced: Iterable[Unplaced], lines: Iterable[BudgetLine]) -> list[Proposal]:
    """A rule for each account, in the accounts' order: the line that shares most words with its name and text."""
    lines = tuple(lines)
    return [
        Proposal(each, None if is_grant(each) else _line_for(each, lines), is_grant(each))
        for each in sorted(unplaced, key=lambda each: each.account)
    ]


def is_grant(each: Unplaced) -> bool:
    """Whether an account's name or text says that it is the state's grant."""
    return bool(_GRANT.search(each.title) or _GRANT.search(each.text))


def _line_for(each: Unplaced, lines: Iterable[BudgetLine]) -> Id | None:
    said = _roots(f"{each.title} {each.text}")
    shared = {line.id: len(said & _roots(f"{line.title} {line.id}")) for line in lines}
    best = max(shared.values(), default=0)
    named = [id for id, count in shared.items() if count == best]
    return named[0] if best and len(named) == 1 else None


def _roots(text: str) -> set[str]:
    return {word[:_ROOT] for word in _WORD.findall(text.casefold())}
