"""What the sheets of a project's workbook share: their rows, their tops, and how one points at another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from toolkit.core.budget_table import BudgetTable, TableRow, budget_table
from toolkit.core.costs import WAITING, Apart
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import Economy
from toolkit.core.ledger import LedgerPlace, LedgerRow, ledger
from toolkit.core.money import NOTHING, Money, kroner
from toolkit.core.settlement import Settlement
from toolkit.core.spending import Months, YearMoney, knows_month, knows_year, spent_figure
from toolkit.core.state import LineState, State
from toolkit.core.words import PLACES, word
from toolkit.documents.danish import long_date, months
from toolkit.writers.sheet import Amount, Cell, Row, cell, column

# Danish, whoever asks: a workbook is a document.
OVERVIEW, INSTALMENTS, SETTLEMENT = "Oversigt", "Rater", "Opgørelse"
ECONOMY, POSTINGS = "Hele økonomien", "Posteringer"

BESIDE: tuple[LedgerPlace, ...] = ("not-eligible", "taken-back", "other-income")
UNNAMED = "Ikke nævnt"  # whoever paid an income that no rule names the payer of

HEAD = 4  # the row with the headings, on every sheet
GAP = (None, None, None)  # cells between a text and its amount

# The sheet of postings, by the numbers of the columns that others look things up in.
YEAR, MONTH, LINE, PLACE, PAYER, AMOUNT = 4, 5, 10, 12, 13, 14


class Frame:
    """One project's workbook: what it shows, and where each sheet keeps what the others point at.

    The overview and the years have the same rows: the lines, their sum, what no rule places, the sum of both, and below
    it what waits for an answer, where anything does, with the sum of all that is booked.
    """

    def __init__(self, state: State, economy: Economy, notice: str, doubted: Doubtful | None) -> None:
        self.state = state
        self.economy = economy
        self.notice = notice
        self.doubted = doubted
        self.table: BudgetTable = budget_table(state, economy.budget)
        self.ledger: tuple[LedgerRow, ...] = tuple(ledger(state))
        self.is_known = economy.is_known
        self.first, self.last = HEAD + 1, HEAD + len(self.table.lines)
        self.lines_row, self.unallocated_row, self.total_row = self.last + 1, self.last + 2, self.last + 3
        rows = {row.what: (number, row) for number, row in enumerate(self.table.waiting, self.total_row + 2)}
        self.waiting: dict[Apart, tuple[int, TableRow]] = {each: rows[each] for each in WAITING if each in rows}
        self.booked_row = self.total_row + 2 + len(rows)  # the last of the rows, where anything waits
        last = self.booked_row if rows else self.total_row
        self.beside: dict[LedgerPlace, int] = {place: number for number, place in enumerate(BESIDE, last + 2)}

    @property
    def years(self) -> dict[int, YearMoney | None]:
        """Each year that has a sheet, and what the budget has for it: a year in which something waits may have none."""
        budgeted = {year.year: year for year in self.economy.years}
        return {year: budgeted.get(year) for year in sorted({*budgeted, *self.table.years})}

    def of_year(self, row: TableRow | None, year: int) -> tuple[Months, Money]:
        """A row's twelve months and their sum."""
        if row is None or year not in self.table.years:
            return (NOTHING,) * 12, NOTHING
        index = self.table.years.index(year)
        return row.by_month[index], row.by_year[index]

    def page(self, title: str, headings: Sequence[str | None], rows: Iterable[Row]) -> tuple[Row, ...]:
        """Title, day, notice and headings, so that every sheet can be printed and handed on alone."""
        state, plan = self.state, self.state.plan
        days = f"Pr. {long_date(state.as_of)}, som kendt {long_date(state.known_by)}"
        return (
            Row((f"{plan.title} · {plan.municipality_name}",), "title"),
            Row((f"{title}. {days}. {self.known_until()}{self._doubts()}",), "note"),
            Row((self.notice,), "notice"),
            Row(tuple(headings), "head"),
            *rows,
        )

    def known_until(self) -> str:
        """How far the books are known, and how we know."""
        until = self.economy.reach.until
        if self.economy.reach.is_of_nothing:
            return "Tilskuddet blev afsluttet, før perioden begyndte: intet forbrug tæller."
        if until is None:
            return "Intet er importeret: forbruget kendes ikke."
        how = (
            ""
            if self.economy.reach.told
            else ", dagen for den sidste postering: importen siger ikke, hvor langt den går"
        )
        gaps = months(self.economy.gaps)
        beside = f" Ingen import dækker {gaps}: forbruget i de måneder kendes ikke." if gaps else ""
        return f"Forbruget er kendt til og med den {long_date(until)}{how}.{beside}"

    def _doubts(self) -> str:
        """What the figures rest on and should perhaps not."""
        return f" {doubts_told(self.doubted.costs, self.doubted.income)}" if self.doubted else ""

    def spent(self, amount: Money | None, formula: str = "", *, bare: bool = False) -> Amount | None:
        """An amount that rests on what was spent: no figure while nothing of that is known."""
        return kr(amount, formula, bare=bare) if amount is not None and self.is_known else None

    def booked(self, amount: Money, formula: str = "") -> Amount | None:
        """What was spent itself: no figure where nothing was, and nothing of it is known."""
        spent = spent_figure(amount, known=self.is_known)
        return None if spent is None else kr(spent, formula)

    def spent_in(self, year: int, month: int | None, amount: Money, formula: str, *, bare: bool = False) -> Cell:
        """What was spent in a year or month: no figure where not a day of it is known, unless something counts."""
        known = knows_month(self.state, year, month) if month else knows_year(self.state, year)
        spent = spent_figure(amount, known=known and self.is_known)
        return None if spent is None else kr(spent, formula, bare=bare)

    def down(self, number: int) -> str:
        """The lines of a column, summed."""
        return f"SUM({cell(number, self.first)}:{cell(number, self.last)})"

    def picked(self, place: LedgerPlace, also: Mapping[int, str] | None = None) -> str:
        """The postings' amounts in one place, and that fit what stands in other columns, by their numbers."""
        first, last = self.span()
        criteria = {PLACE: quoted(word(PLACES, place).text), **(also or {})}
        picks = ",".join(f"'{POSTINGS}'!{column(number, first, last)},{value}" for number, value in criteria.items())
        return f"SUMIFS('{POSTINGS}'!{column(AMOUNT, first, last)},{picks})"

    def span(self) -> tuple[int, int]:
        """The first and the last row of the postings' sheet; one empty row where there are none."""
        return HEAD + 1, HEAD + max(len(self.ledger), 1)

    def on_overview(self, row: int, number: int = 4) -> str:
        return f"'{OVERVIEW}'!{cell(number, row)}"

    @property
    def settlement(self) -> Settlement:
        return self.economy.settlement


def doubts_told(costs: Money, income: Money) -> str:
    """How much of some figures is told of as gone from the books, or as there twice."""
    return (
        f"Meldt væk eller talt to gange: udgifter {kroner(costs)} kr., indtægter {kroner(income)} kr.; "
        "pulje check nævner dem."
    )


def line_title(state: LineState) -> str:
    """A line's title, and whether the budget in force still has it."""
    return f"{state.line.title} (ikke i budgettet)" if state.gone else state.line.title


def quoted(text: str) -> str:
    """A text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'


def kr(amount: Money, formula: str = "", *, bare: bool = False) -> Amount:
    """An amount as a cell."""
    return Amount(int(amount), formula, bare)
