"""What goes before the municipality's committees: cases, their steps and their attachments."""

from __future__ import annotations

from datetime import date
from typing import Literal

from toolkit.core.money import Money
from toolkit.core.records import Entry, Id, Year

CaseType = Literal["for-decision", "for-information", "for-discussion"]


class Step(Entry, frozen=True, kw_only=True):
    """One body's treatment of a case, on a day or on one that still follows (dato følger)."""

    id: Id
    body: str
    date: date | Literal["to-follow"]
    case_type: CaseType
    item: int | None = None
    place: str | None = None
    consultation: bool = False  # heard rather than deciding
    proposed_by: str | None = None
    proposal: tuple[str, ...] = ()


class Attachment(Entry, frozen=True, kw_only=True):
    """A paper that goes with a case (bilag): open to the public or not."""

    no: int
    title: str
    open: bool = True
    issued: str | None = None  # one of our own issued documents: 2022-06-30-status-report-v1


class AppropriationLine(Entry, frozen=True, kw_only=True):
    """One line of a supplementary appropriation that the case asks for (tillægsbevilling).

    Expenses are above zero and income below, as the municipality's budget has them; lines that sum to zero are
    budget-neutral.
    """

    title: str
    year: Year
    amount: Money


class Case(Entry, frozen=True, kw_only=True):
    """One case (sag): cases/<id>.md, its front matter and its text under the layout's own headings."""

    id: Id
    title: str
    layout: Id
    case_number: str | None = None
    case_officer: str | None = None
    appropriation: tuple[AppropriationLine, ...] = ()
    steps: tuple[Step, ...]
    attachments: tuple[Attachment, ...] = ()

    def step(self, id: str) -> Step | None:
        return next((step for step in self.steps if step.id == id), None)
