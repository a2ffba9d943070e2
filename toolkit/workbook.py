"""A project's economy as a workbook: one chain of formulas from the postings over the years to the settlement."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from toolkit.core.budget_table import RowWhat, TableRow
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import Economy, LineEconomy, is_made_up
from toolkit.core.instalments import Instalments
from toolkit.core.ledger import LedgerPlace, LedgerRow
from toolkit.core.money import NOTHING
from toolkit.core.records import Id
from toolkit.core.spending import YearMoney
from toolkit.core.state import GrantState, State
from toolkit.core.words import BASES, PAID, PAID_OUT, PLACES, ROWS, word
from toolkit.documents import danish
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.danish import long_date
from toolkit.workbook_economy import settlement_sheet, whole_economy
from toolkit.workbook_frame import (
    AMOUNT,
    GAP,
    HEAD,
    INSTALMENTS,
    LINE,
    MONTH,
    OVERVIEW,
    POSTINGS,
    UNNAMED,
    YEAR,
    Frame,
    kr,
    line_title,
)
from toolkit.writers.sheet import Book, Cell, Look, Row, Share, Sheet, cell, column, subtotal

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")

LINES_SUM = word(ROWS, "lines").text
WAITING = "Tæller ikke med ovenfor, før der er svaret i allocation.yaml"


def workbook(state: State, economy: Economy, doubted: Doubtful | None = None) -> Book:
    """The workbook of a state, as a controller would have made it.

    Whoever corrects a posting's line or amount on the last sheet sees every sum follow; what the terms decide, such as
    how much others pay, stays as it was figured. Where anything that it rests on is made up, every sheet says so.
    """
    frame = Frame(state, economy, CONSTRUCTED if is_made_up(state) else "", doubted)
    instalments, received = _instalments(frame)
    settlement, covered = settlement_sheet(frame, received)
    return Book(
        title=f"Økonomi: {state.plan.title}",
        author=state.plan.municipality_name,
        day=state.as_of,
        notice=frame.notice,
        sheets=(
            _overview(frame),
            *(_year(frame, year, money) for year, money in frame.years.items()),
            instalments,
            settlement,
            whole_economy(frame, covered),
            _postings(frame),
        ),
    )


# ── the overview ─────────────────────────────────────────────────────────────────────────────


def _overview(frame: Frame) -> Sheet:
    """Every line: budget, spent, committed, remaining, share used, forecast and what it rests on."""
    headings = (
        *("Id", "Budgetpost", "Budget", "Forbrug", "Disponeret", "Rest", "Brugt"),
        *("Prognose", "Prognose minus budget", "Prognosens grundlag", "Skøn fra", "Begrundelse"),
    )
    rows = [
        *(_overview_line(frame, row, line) for row, line in enumerate(frame.economy.lines, frame.first)),
        *_overview_sums(frame),
        *_overview_waiting(frame),
        *_beside_the_lines(frame),
    ]
    return Sheet(
        name=OVERVIEW,
        widths=(20, 42, 17, 17, 17, 17, 9, 17, 17, 22, 12, 44),
        rows=frame.page(f"Budget {frame.economy.budget.budget.id}", headings, rows),
        head=HEAD,
        fixed=2,
    )


def _overview_line(frame: Frame, row: int, line: LineEconomy) -> Row:
    state, expected = line.state, line.forecast
    own = expected.estimate is not None
    return Row(
        (
            line.line.id,
            line_title(state),
            kr(line.line.amount),
            frame.booked(state.spent, _over_the_years(frame, row)),
            kr(state.committed),
            frame.spent(state.remaining, _left(row)),
            _used(frame, row, line.used),
            kr(expected.amount) if own else frame.spent(expected.amount),
            kr(line.difference, _difference(row)) if own else frame.spent(line.difference, _difference(row)),
            word(BASES, expected.basis).text if own or frame.is_known else "",
            expected.estimated_on,
            expected.estimate.reason if expected.estimate else "",
        )
    )


def _overview_sums(frame: Frame) -> list[Row]:
    """The lines, what stands on none of them, and both: the forecast's own sum stands below what waits."""
    economy, table = frame.economy, frame.table
    beside, taken = (row.spent, row.remaining) if (row := table.unallocated) else (NOTHING, NOTHING)
    lines, unallocated, both = frame.lines_row, frame.unallocated_row, frame.total_row
    is_all = table.booked is None

    def sums(number: int) -> str:
        return f"SUM({cell(number, lines)}:{cell(number, unallocated)})"

    return [
        Row(
            (
                *("", LINES_SUM, kr(table.lines_sum.budget, frame.down(3))),
                frame.booked(table.lines_sum.spent, frame.down(4)),
                kr(table.lines_sum.committed, frame.down(5)),
                frame.spent(table.lines_sum.remaining, frame.down(6)),
                _used(frame, lines, economy.used),
                frame.spent(economy.lines_forecast, frame.down(8)),
                frame.spent(economy.lines_difference, _difference(lines)),
            ),
            "total",
        ),
        Row(
            (
                *("", word(ROWS, "unallocated").text, None),
                frame.booked(beside, _over_the_years(frame, unallocated)),
                None,
                frame.spent(taken, _left(unallocated)),
                None,
                frame.spent(beside, f"D{unallocated}"),
            )
        ),
        Row(
            (
                *("", word(ROWS, "total").text, kr(table.total.budget, sums(3))),
                frame.booked(table.total.spent, sums(4)),
                kr(table.total.committed, sums(5)),
                frame.spent(table.total.remaining, sums(6)),
                None,
                frame.spent(economy.forecast, sums(8)) if is_all else None,
                frame.spent(economy.forecast_difference, _difference(both)) if is_all else None,
            ),
            "total",
        ),
    ]


def _overview_waiting(frame: Frame) -> list[Row]:
    if frame.table.booked is None:
        return []
    booked, both, economy = frame.booked_row, frame.total_row, frame.economy
    return [
        Row((None, WAITING), "part"),
        *(
            Row(
                (
                    *("", word(ROWS, row.what).text, None, frame.booked(row.spent, _over_the_years(frame, number))),
                    *(*GAP, frame.spent(row.spent, f"D{number}")),
                )
            )
            for number, row in frame.waiting.values()
        ),
        Row(
            (
                *("", word(ROWS, "booked").text, None),
                frame.booked(frame.table.booked.spent, f"SUM(D{both}:D{booked - 1})"),
                *GAP,
                frame.spent(economy.forecast, f"SUM(H{frame.lines_row}:H{booked - 1})"),
                frame.spent(economy.forecast_difference, f"ROUND(H{booked}-C{both},2)"),
            ),
            "total",
        ),
    ]


def _beside_the_lines(frame: Frame) -> list[Row]:
    """What was paid or came in and stands on no line: it is in none of the sums."""
    budget = frame.economy.budget
    told = (
        ("Ikke tilskudsberettiget, betalt uden for tilskuddet", budget.not_eligible),
        ("Tilbageført i bogføringen", budget.taken_back),
        ("Andre indtægter", frame.economy.income.booked),
    )
    return [
        Row(()),
        *(
            Row(("", words, None, frame.booked(amount, frame.picked(place))))
            for place, (words, amount) in zip(frame.beside, told, strict=True)
        ),
    ]


def _over_the_years(frame: Frame, row: int) -> str:
    return "+".join(f"'{year}'!P{row}" for year in frame.years)


def _left(row: int) -> str:
    return f"ROUND(C{row}-D{row}-E{row},2)"


def _difference(row: int) -> str:
    return f"ROUND(H{row}-C{row},2)"


def _used(frame: Frame, row: int, used: Fraction | None) -> Share | None:
    return Share(used, f'IF(C{row}=0,"",D{row}/C{row})') if frame.is_known else None


# ── the years ────────────────────────────────────────────────────────────────────────────────


def _year(frame: Frame, year: int, money: YearMoney | None) -> Sheet:
    """Every row of the overview month by month, each month summed from the postings."""
    lines = {line.line.id: line for line in money.lines} if money else {}
    rows = []
    for number, row in enumerate(frame.table.lines, frame.first):
        assert row.line is not None
        line = lines.get(row.line.line.id)
        budget, remaining = (line.budget, line.remaining) if line else (None, None)
        left = frame.spent(remaining, f"ROUND(C{number}-P{number},2)") if money and money.known else None
        named = (row.line.line.id, line_title(row.line), None if budget is None else kr(budget))
        picks = [frame.picked("line", {LINE: f"$A{number}", **_in(year, month)}) for month in _EVERY_MONTH]
        rows.append(Row((*named, *_twelve(frame, number, row, year, picks), left)))
    rows += _year_sums(frame, year, money)
    if money and money.known and money.spent_beside != NOTHING:
        beside = (
            f"{danish.kr(money.spent_beside)} er brugt på poster uden fordeling på år: det tager intet af årets rest."
        )
        rows.append(Row((beside,), "note"))
    return Sheet(
        name=str(year),
        widths=(20, 42, 17, *(12,) * 12, 17, 17),
        rows=frame.page(
            f"Forbrug måned for måned {year}",
            ("Id", "Budgetpost", f"Budget {year}", *MONTHS, f"Forbrug {year}", f"Rest {year}"),
            rows,
        ),
        head=HEAD,
        fixed=2,
    )


def _year_sums(frame: Frame, year: int, money: YearMoney | None) -> Iterable[Row]:
    table, lines, unallocated, both = frame.table, frame.lines_row, frame.unallocated_row, frame.total_row

    def beside(what: RowWhat, row: TableRow | None, number: int, picks: list[str]) -> Row:
        look: Look = "total" if what in ("total", "booked") else "line"
        return Row(("", word(ROWS, what).text, None, *_twelve(frame, number, row, year, picks)), look)

    def summed(first: int, last: int) -> list[str]:
        return [f"SUM({cell(number, first)}:{cell(number, last)})" for number in range(4, 16)]

    def posted(what: LedgerPlace) -> list[str]:
        return [frame.picked(what, _in(year, month)) for month in _EVERY_MONTH]

    budget, left = (money.budget, money.remaining if money.known else None) if money else (None, None)
    yield Row(
        (
            *("", LINES_SUM, None if budget is None else kr(budget, frame.down(3))),
            *_twelve(frame, lines, table.lines_sum, year, summed(frame.first, frame.last)),
            frame.spent(left, frame.down(17)),
        ),
        "total",
    )
    yield beside("unallocated", table.unallocated, unallocated, posted("unallocated"))
    yield beside("total", table.total, both, summed(lines, unallocated))
    if table.booked is None:
        return
    yield Row((None, WAITING), "part")
    for each, (number, row) in frame.waiting.items():
        yield beside(each, row, number, posted(each))
    yield beside("booked", table.booked, frame.booked_row, summed(both, frame.booked_row - 1))


_EVERY_MONTH = range(1, 13)


def _in(year: int, month: int) -> dict[int, str]:
    return {YEAR: str(year), MONTH: str(month)}


def _twelve(frame: Frame, number: int, row: TableRow | None, year: int, formulas: Iterable[str]) -> tuple[Cell, ...]:
    """Twelve months of a row and their sum; of what the books do not reach or lack nothing is said."""
    months, in_all = frame.of_year(row, year)
    told = zip(_EVERY_MONTH, months, formulas, strict=True)
    cells = [frame.spent_in(year, month, amount, formula, bare=True) for month, amount, formula in told]
    return (*cells, frame.spent_in(year, None, in_all, f"SUM(D{number}:O{number})"))


# ── the instalments ──────────────────────────────────────────────────────────────────────────


def _instalments(frame: Frame) -> tuple[Sheet, str]:
    """What is to be expected, what came, and the difference on the day; and where the sum of what came stands."""
    paid = frame.economy.instalments
    rows = [*_expected(frame, paid), Row(()), Row(("Dato", "Hvad", *GAP[:2], "Beløb", None, "Bemærkning"), "head")]
    first = HEAD + len(rows) + 1
    came = [*(("Modtaget", each) for each in paid.received), *(("Tilbageholdt", each) for each in paid.withheld)]
    rows += [Row((each.day, what, *GAP[:2], kr(each.amount), None, each.reason or "")) for what, each in came] or [
        Row(("", "Intet endnu"))
    ]
    last = HEAD + len(rows)
    in_all = last + 2  # below an empty row
    kinds, amounts = column(2, first, last), column(5, first, last)
    rows += [
        Row(()),
        Row(("Modtaget i alt", *GAP, kr(paid.received_amount, f'SUMIFS({amounts},{kinds},"Modtaget")'))),
        Row(("Tilbageholdt i alt", *GAP, kr(paid.withheld_amount, f'SUMIFS({amounts},{kinds},"Tilbageholdt")'))),
    ]
    if paid.expected_so_far is not None and paid.difference is not None:
        so_far = "+".join(f"E{HEAD + each.number}" for each in paid.due)
        difference = kr(paid.difference, f"ROUND(E{in_all}-E{in_all + 2},2)")
        rows += [
            Row(("Forventet til og med dagen", *GAP, kr(paid.expected_so_far, so_far))),
            Row(("Modtaget minus forventet", *GAP, difference), "total"),
        ]
    if paid.received:
        rows.append(Row((f"Modtaget ifølge {PAID_OUT[paid.received_by][0]}.",), "note"))
    headings = ("Rate", "Fra", "Til", "Forventes", "Forventet", "Forventet i alt", None)
    sheet = Sheet(
        name=INSTALMENTS,
        widths=(16, 16, 16, 16, 20, 20, 44),
        rows=frame.page(", ".join(("Tilskuddets rater", *_paid(paid))) + " efter det gældende budget", headings, rows),
        head=HEAD,
    )
    return sheet, f"'{INSTALMENTS}'!{cell(5, in_all)}"


def _why_none(grant: GrantState | None, paid: Instalments) -> str:
    """Why no instalment is to be expected."""
    if grant is None:
        return "Der er intet tilskud."
    if grant.refused_on:
        return f"Tilskudsyder gav afslag den {danish.long_date(grant.refused_on)}: der ventes ingen rater."
    if grant.ended:
        return f"Tilskuddet blev afsluttet den {danish.long_date(grant.ended.happened)}: der ventes ikke flere rater."
    if not paid.frequency:
        return "Puljens vilkår siger ikke, hvor ofte tilskuddet udbetales."
    return "Der er intet tilsagn endnu."


def _expected(frame: Frame, paid: Instalments) -> list[Row]:
    if not paid.expected:
        return [Row((_why_none(frame.state.grant, paid),), "note")]
    rows = []
    for row, (each, running) in enumerate(zip(paid.expected, paid.running, strict=True), frame.first):
        so_far = kr(running, f"SUM(E${frame.first}:E{row})")
        rows.append(Row((each.number, each.starts, each.ends, each.due, kr(each.amount), so_far)))
    in_all = kr(paid.running[-1], f"SUM(E{frame.first}:E{HEAD + len(rows)})")
    return [*rows, Row(("I alt", *GAP, in_all, None), "total"), *_without_days(paid)]


def _paid(paid: Instalments) -> Iterable[str]:
    return [" og siden ".join(word(PAID, each).text.lower() for each in paid.ways)] if paid.ways else []


def _without_days(paid: Instalments) -> Iterable[Row]:
    if not paid.ways:
        yield Row(("Vilkårene siger ikke, hvornår raterne udbetales.",), "note")
    elif paid.said_from:
        yield Row((f"Vilkårene siger først fra den {long_date(paid.said_from)}, hvornår raterne udbetales.",), "note")
    if paid.first_by and paid.first_has_no_day:
        yield Row((f"Første rate har ingen dag: {paid.first_by.text}",), "note")


# ── the postings ─────────────────────────────────────────────────────────────────────────────


def _postings(frame: Frame) -> Sheet:
    """Every posting, or part of one, with the day and the place that it counts in, and why."""
    titles = {line.id: line.title for budget in frame.state.plan.budgets for line in budget.lines}
    titles |= {line.line.id: line_title(line) for line in frame.economy.budget.lines}
    payers = {payer.funding.id for payer in frame.economy.income.payers if payer.funding.id}
    rows = [_posting(row, titles, payers, frame) for row in frame.ledger]
    page = frame.page(
        "Alle posteringer, og hvor de er fordelt",
        (
            *("Bogført", "Udført", "Tæller den", "År", "Måned", "Bilag", "Konto", "Omkostningssted", "Tekst"),
            *("Post-id", "Budgetpost", "Placering", "Betaler", "Beløb", "Fil", "Række", "Tilladt af", "Begrundelse"),
        ),
        rows,
    )
    shown = subtotal(rows, AMOUNT, frame.first)
    above = Row((*page[2].cells, *("",) * (AMOUNT - 2 - len(page[2].cells)), "Viste rækker i alt", shown), "total")
    return Sheet(
        name=POSTINGS,
        widths=(12, 12, 12, 7, 8, 13, 12, 17, 44, 20, 46, 30, 20, 18, 40, 8, 40, 50),
        rows=(*page[:2], above, *page[3:]),
        head=HEAD,
        filtered=True,
    )


def _posting(row: LedgerRow, titles: dict[Id, str], payers: set[Id], frame: Frame) -> Row:
    posting, rule, postings = row.part.posting, row.part.rule, frame.state.postings
    payer = ""
    if rule and row.place == "other-income":
        payer = rule.other_income if isinstance(rule.other_income, str) and rule.other_income in payers else UNNAMED
    cells: tuple[Cell, ...] = (
        posting.posted,
        row.performed,
        row.part.day,
        row.part.day.year,
        row.part.day.month,
        postings.voucher_of(posting),
        posting.account,
        posting.cost_centre,
        postings.text_of(posting),
        row.line or "",
        titles.get(row.line, "") if row.line else "",
        word(PLACES, row.place).text,
        payer,
        kr(row.amount),
        posting.file,
        posting.row,
        row.allowed_by or "",
        rule.reason or "" if rule else "",
    )
    return Row(cells)
