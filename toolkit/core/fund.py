"""What the state's money is bound to: a fund and its terms."""

from __future__ import annotations

from datetime import date
from typing import Literal

from toolkit.core.money import Money
from toolkit.core.records import Entry, Id, Record, Share

Standing = Literal["verified", "sibling", "background"]
Instalments = Literal["quarterly", "half-yearly", "yearly"]


class SourcedAmount(Entry, frozen=True, kw_only=True):
    """One source's word for an amount; sources may disagree, and then each stands."""

    value: Money


class SourcedDay(Entry, frozen=True, kw_only=True):
    """One source's word for a day."""

    value: date


class Term(Entry, frozen=True, kw_only=True):
    """One rule of the fund (vilkår), in our own words.

    `standing` says how we know it: verified in the fund's own text, only in a sibling fund or the agency's handbook,
    or as background. The award letter always goes before (tilskudsbrevet går forud).
    """

    id: Id
    text: str
    standing: Standing
    reference: str
    since: date | None = None
    share: Share | None = None
    amount: Money | None = None
    words: tuple[str, ...] = ()


class FundSource(Record, frozen=True, kw_only=True):
    """A document that the fund's facts come from."""

    id: Id
    title: str
    address: str | None = None


class Fund(Entry, frozen=True, kw_only=True):
    """A fund (pulje) that municipalities apply to: templates/funds/<id>.yaml."""

    id: Id
    title: str
    agency: str
    purpose: str
    account: str | None = None
    legal_basis: tuple[str, ...] = ()
    assessed_by: str | None = None
    call_closes: date | None = None
    published: date | None = None
    applications: int | None = None
    projects: int | None = None
    payment: str | None = None  # in words
    instalments: Instalments | None = None
    frame: tuple[SourcedAmount, ...] = ()
    starts: tuple[SourcedDay, ...] = ()
    ends: tuple[SourcedDay, ...] = ()
    terms: tuple[Term, ...] = ()
    sources: tuple[FundSource, ...] = ()

    def term(self, id: str) -> Term | None:
        return next((term for term in self.terms if term.id == id), None)
