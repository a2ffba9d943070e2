"""The grant and the budget, as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.budget_table import BudgetTable, TableRow
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money
from toolkit.core.plan import Budget
from toolkit.core.records import Share
from toolkit.core.report import LateCosts, Report, Spending
from toolkit.core.spending import YearMoney
from toolkit.core.state import BudgetState, GrantState
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import (
    BudgetFacts,
    FundingFacts,
    GrantFacts,
    LateFacts,
    LineFacts,
    Origin,
    RowFacts,
    YearFacts,
)

_GRANT_TOLD: dict[type[AnyEvent], str] = {
    log.Applied: "applied_on",
    log.Awarded: "awarded_on",
    log.InstalmentReceived: "received",
    log.Repaid: "repaid",
}


def grant_facts(state: GrantState, history: Iterable[AnyEvent]) -> GrantFacts:
    """What project.yaml says of it, and what the log says: each said by its own, for one may be constructed."""
    told = {kind: [event for event in history if isinstance(event, kind)] for kind in _GRANT_TOLD}
    return GrantFacts(
        origin=Origin.of(state.grant),
        origins={field: Origin.of(*told[kind]) for kind, field in _GRANT_TOLD.items() if told[kind]},
        applied=state.applied,
        awarded=state.awarded,
        received=state.received,
        repaid=state.repaid,
        applied_on=state.applied_on,
        awarded_on=state.awarded_on,
        first_awarded=state.first_awarded,
        changed_on=state.changed.happened if state.changed else None,
        rejected_on=state.refused_on,
        closed_on=state.closed_on,
        file_number=state.grant.grantor_file_number,
        in_full=state.in_full,
    )


def budget_facts(report: Report, money: BudgetState, spending: Spending) -> BudgetFacts:
    """The budget in force with what became of it, up to the occasion's day and within its period."""
    budget, table = money.budget, spending.table
    origin = Origin.of(budget, *budget.lines, *report.dossier.postings.rules)
    wording = _Wording(table, spending, origin, budget)
    economy = report.economy
    return BudgetFacts(
        origin=origin,
        version=budget.id,
        approved_on=spending.approval.happened if spending.approval else None,
        approved_by=spending.approval.by if isinstance(spending.approval, log.ChangeApproved) else None,
        applied=budget.stage == "application",
        not_by_agency=spending.unapproved is not None,
        lines=tuple(map(wording.line, table.lines)),
        years=tuple(wording.years(economy.years, table.total) if economy else ()),
        funding=tuple(
            FundingFacts(
                origin=Origin.of(funding),
                kind=word(words.FUNDING, funding.kind),
                title=funding.title,
                amount=funding.amount,
            )
            for funding in (economy.funding if economy else ())
        ),
        beside=(wording.row(table.unallocated),) if table.unallocated else (),
        in_all=wording.row(table.total),
        waiting_rows=tuple(map(wording.row, table.waiting)),
        booked=wording.row(table.booked) if table.booked else None,
        total=money.amount,
        spent=spending.told(money.spent),
        before=spending.told_before(table.lines_sum.before),
        in_period=spending.told_in_period(table.lines_sum.in_period),
        after=spending.told(table.lines_sum.after),
        committed=money.committed,
        remaining=wording.known(money.remaining),
        variance=wording.known(money.variance),
        unallocated=money.unallocated,
        unplaced=money.unplaced,
        not_eligible=money.not_eligible,
        waiting=money.waiting(),
        elsewhere=money.waiting("dropped-line"),
        used=wording.share(money.used),
        unspent=economy.settlement.unspent if economy else None,
        known_until=spending.known_until,
        gaps=danish.months(spending.gaps),
        late=_late(spending.late, origin) if spending.late else None,
        price_level=budget.price_level,
    )


class _Wording:
    """A table's rows as facts; none of what was spent on days that no import reaches or covers."""

    def __init__(self, table: BudgetTable, spending: Spending, origin: Origin, budget: Budget) -> None:
        self.table = table
        self.spending = spending
        self.origin = origin
        self.budget = budget

    def known(self, amount: Money) -> Money | None:
        """What rests on what was spent."""
        return None if self.spending.is_unknown else amount

    def share(self, share: Fraction | None) -> Share | None:
        return None if share is None or self.spending.is_unknown else Share(share)

    def line(self, row: TableRow) -> LineFacts:
        assert row.line is not None
        state, line = row.line, row.line.line
        origin = Origin.of(line, synthetic=self.budget.synthetic)
        causes = [event.cause for event in self.spending.causes.get(line.id, ())]
        return LineFacts(
            origin=origin,
            id=line.id,
            title=f"{line.title} (ikke i budgettet)" if state.gone else line.title,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            budget=line.amount,
            spent=self.spending.told(state.spent),
            before=self.spending.told_before(row.before),
            in_period=self.spending.told_in_period(row.in_period),
            after=self.spending.told(row.after),
            committed=state.committed,
            bound=self.known(state.bound),
            remaining=self.known(state.remaining),
            used=self.share(state.used),
            variance=self.known(state.variance),
            years=tuple(
                YearFacts(
                    origin=origin,
                    year=str(year),
                    budget=line.in_year(year),
                    spent=self.spending.told_in_year(year, spent),
                )
                for year, spent in zip(self.table.years, row.by_year, strict=True)
            ),
            note=line.note,
            explanation=explanation(causes),
        )

    def row(self, row: TableRow) -> RowFacts:
        return RowFacts(
            origin=self.origin,
            id=row.what,
            title=word(words.ROWS, row.what).text,
            budget=row.budget,
            spent=self.spending.told(row.spent),
            before=self.spending.told_before(row.before),
            in_period=self.spending.told_in_period(row.in_period),
            after=self.spending.told(row.after),
            committed=row.committed,
            remaining=self.known(row.remaining),
            variance=self.known(row.variance),
            years=tuple(
                YearFacts(
                    origin=self.origin, year=str(year), budget=None, spent=self.spending.told_in_year(year, spent)
                )
                for year, spent in zip(self.table.years, row.by_year, strict=True)
            ),
        )

    def years(self, known: Iterable[YearMoney], row: TableRow) -> Iterator[YearFacts]:
        """The years of the table, with what the budget has for each and what counts in it."""
        by_year = {each.year: each for each in known}
        for year in self.table.years:
            money = by_year.get(year)
            yield YearFacts(
                origin=Origin.of(self.budget),
                year=str(year),
                budget=money.budget if money else None,
                spent=self.spending.told_in_year(year, money.spent if money else Money(0)),
            )


def _late(late: LateCosts, origin: Origin) -> LateFacts:
    sent = late.report.happened
    return LateFacts(origin=origin, sent=sent, known=late.known, late=late.late, otherwise=late.otherwise)


def explanation(causes: list[str]) -> str | None:
    """The causes that the log gives for one line's spending, as one text."""
    return " ".join(f"{danish.capitalised(cause.rstrip('.'))}." for cause in causes) or None
