"""A project's economy as a workbook: one chain of formulas from the postings over the years to the settlement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from toolkit.core.economy import Economy, LineEconomy, is_made_up
from toolkit.core.forecast import Basis
from toolkit.core.instalments import Instalments
from toolkit.core.money import NOTHING, Money, share, total
from toolkit.core.postings import Allocated, Place, Postings
from toolkit.core.settlement import CarryOver, Step, Sum, What
from toolkit.core.spending import Months, YearMoney
from toolkit.core.state import State
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.danish import long_date
from toolkit.documents.from_economy import STEPS
from toolkit.writers.sheet import Amount, Book, Cell, Row, Share, Sheet, cell, column

# Danish, whoever asks: a workbook is a document.
OVERVIEW, INSTALMENTS, SETTLEMENT, POSTINGS = "Oversigt", "Rater", "Opgørelse", "Posteringer"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")

BASES: dict[Basis, str] = {
    "own-estimate": "Projektlederens skøn",
    "monthly-plan": "Budgettets måneder",
    "straight-line": "Lineær fremskrivning",
}
PLACES: dict[Place, str] = {
    "line": "Budgetpost",
    "unallocated": "Ikke fordelt",
    "not-eligible": "Ikke tilskudsberettiget",
    "grant-income": "Tilskud",
    "other-income": "Anden indtægt",
    "taken-back": "Tilbageført i bogføringen",
}
CARRIED: dict[CarryOver, str] = {
    "approved": "Overførsel til næste år er godkendt",
    "refused": "Overførsel til næste år er afslået",
    "requested": "Overførsel til næste år er søgt, men ikke besvaret",
    "to-ask-for": "Overførsel til næste år skal søges",
}

HEAD = 4  # the row with the headings, on every sheet
_GAP = (None, None, None)  # cells between a text and its amount


def workbook(state: State, economy: Economy) -> Book:
    """The workbook of a state, as a controller would have made it.

    Whoever corrects a posting's line or amount on the last sheet sees every sum follow. Where anything that it rests on
    is made up, every sheet says so.
    """
    return _Workbook(state, economy, CONSTRUCTED if is_made_up(state) else "").book()


class _Line(Struct, frozen=True):
    """A line as the workbook shows it: of the budget in force, or one that only another version has."""

    id: str
    title: str
    economy: LineEconomy | None


class _Workbook:
    """One workbook in the making: where each sheet keeps what the others point at."""

    def __init__(self, state: State, economy: Economy, notice: str) -> None:
        self.state = state
        self.economy = economy
        self.notice = notice
        self.lines = [*(_Line(line.line.id, line.line.title, line) for line in economy.lines), *self._others()]
        self.first, self.last = HEAD + 1, HEAD + len(self.lines)
        self.sum = self.last + 1  # the row of the sums, on the overview and on each year

    def book(self) -> Book:
        plan = self.state.plan
        instalments, received = self.instalments()
        return Book(
            title=f"Økonomi: {plan.title}",
            author=plan.municipality_name,
            day=self.state.as_of,
            notice=self.notice,
            sheets=(
                self.overview(),
                *(self.year(year) for year in self.economy.years),
                instalments,
                self.settlement(received),
                self.all_postings(),
            ),
        )

    # ── the sheets ───────────────────────────────────────────────────────────────────────────

    def overview(self) -> Sheet:
        """Every line: budget, spent, committed, remaining, share used, forecast and what it rests on."""
        headings = (
            *("Id", "Budgetpost", "Budget", "Forbrug", "Disponeret", "Rest", "Brugt"),
            *("Prognose", "Prognose minus budget", "Prognosens grundlag", "Begrundelse"),
        )
        rows = [
            *(self._overview_line(row, line) for row, line in enumerate(self.lines, self.first)),
            self._overview_sum(),
            *self._beside_the_lines(),
        ]
        return Sheet(
            name=OVERVIEW,
            widths=(20, 42, 17, 17, 17, 17, 9, 17, 17, 22, 44),
            rows=self._page(f"Budget {self.economy.budget.budget.id}", headings, rows),
            head=HEAD,
            fixed=2,
        )

    def year(self, year: YearMoney) -> Sheet:
        """Every line month by month, each month summed from the postings."""
        budgets: dict[str, Money | None] = {line.line.id: line.budget for line in year.lines}
        months: dict[str, Months] = {**{line.line.id: line.by_month for line in year.lines}, **year.elsewhere}
        rows = []
        for number, line in enumerate(self.lines, self.first):
            spent = months.get(line.id, (NOTHING,) * 12)
            budget = budgets.get(line.id)
            rows.append(
                Row(
                    (
                        line.id,
                        line.title,
                        None if budget is None else _kr(budget),
                        *(
                            _kr(amount, self._month(number, year.year, month), bare=True)
                            for month, amount in enumerate(spent, 1)
                        ),
                        _kr(total(spent), f"SUM(D{number}:O{number})"),
                        None if budget is None else _kr(budget - total(spent), f"ROUND(C{number}-P{number},2)"),
                    )
                )
            )
        in_all = [total(each[i] for each in months.values()) for i in range(12)]
        rows.append(
            Row(
                (
                    "",
                    "I alt",
                    None if year.budget is None else _kr(year.budget, self._down(3)),
                    *(_kr(amount, self._down(i), bare=True) for i, amount in enumerate(in_all, 4)),
                    _kr(year.spent, self._down(16)),
                    None if year.remaining is None else _kr(year.remaining, f"ROUND(C{self.sum}-P{self.sum},2)"),
                ),
                "total",
            )
        )
        return Sheet(
            name=str(year.year),
            widths=(20, 42, 17, *(12,) * 12, 17, 17),
            rows=self._page(
                f"Forbrug måned for måned {year.year}",
                ("Id", "Budgetpost", f"Budget {year.year}", *MONTHS, f"Forbrug {year.year}", f"Rest {year.year}"),
                rows,
            ),
            head=HEAD,
            fixed=2,
        )

    def instalments(self) -> tuple[Sheet, str]:
        """What is to be expected, what came, and the difference on the day; and where the sum of what came stands."""
        paid = self.economy.instalments
        rows = [*self._expected(paid), Row(()), Row(("Dato", "Hvad", *_GAP[:2], "Beløb", None, "Bemærkning"), "head")]
        first = HEAD + len(rows) + 1
        came = [("Modtaget", each) for each in paid.received] + [("Tilbageholdt", each) for each in paid.withheld]
        rows += [
            Row((each.day, what, *_GAP[:2], _kr(each.amount), None, each.reason or "")) for what, each in came
        ] or [Row(("", "Intet endnu"))]
        last = HEAD + len(rows)
        sum = last + 2  # below an empty row
        kinds, amounts = column(2, first, last), column(5, first, last)
        rows += [
            Row(()),
            Row(("Modtaget i alt", *_GAP, _kr(paid.received_amount, f'SUMIFS({amounts},{kinds},"Modtaget")'))),
            Row(("Tilbageholdt i alt", *_GAP, _kr(paid.withheld_amount, f'SUMIFS({amounts},{kinds},"Tilbageholdt")'))),
        ]
        if paid.difference is not None:
            due = [each for each in paid.expected if each.due <= paid.as_of]
            so_far = f"SUM(E{self.first}:E{HEAD + len(due)})" if due else ""
            difference = _kr(paid.difference, f"ROUND(E{sum}-E{sum + 2},2)")
            rows += [
                Row(("Forventet til og med dagen", *_GAP, _kr(paid.expected_so_far, so_far))),
                Row(("Modtaget minus forventet", *_GAP, difference), "total"),
            ]
        headings = ("Rate", "Fra", "Til", "Forventes", "Forventet", "Forventet i alt", None)
        sheet = Sheet(
            name=INSTALMENTS,
            widths=(16, 16, 16, 16, 20, 20, 44),
            rows=self._page("Tilskuddets rater, forud efter det gældende budget", headings, rows),
            head=HEAD,
        )
        return sheet, f"'{INSTALMENTS}'!{cell(5, sum)}"

    def settlement(self, received: str) -> Sheet:
        """Year by year and at the end: each result the sum of the steps above it."""
        settlement = self.economy.settlement
        rows: list[Row] = []
        results: dict[What, str] = {}
        left = ""
        for year in settlement.years:
            points: dict[What, str] = {
                "budget": f"'{year.year}'!C{self.sum}",
                "spent": f"-'{year.year}'!P{self.sum}",
                "carried-in": left,
            }
            rows.append(Row((str(year.year), None), "part"))
            left = self._steps(rows, year.sum, points)
            if year.carry_over:
                rows.append(Row((CARRIED[year.carry_over],), "note"))
            rows.append(Row(()))
        if settlement.final:
            rows.append(Row(("Ved projektets afslutning", None), "part"))
        for each in settlement.final:
            last = HEAD + len(self.economy.lines)
            results[each.result.what] = self._steps(
                rows,
                each,
                {
                    "spent-on-lines": f"SUM('{OVERVIEW}'!D{self.first}:D{last})",
                    "received": received,
                    "covered": f"-{results['covered']}" if "covered" in results else "",
                },
            )
            rows.append(Row(()))
        rows += [Row((text,), "note") for text in self._outcome()]
        rows += self._financing()
        return Sheet(
            name=SETTLEMENT,
            widths=(60, 20),
            rows=self._page("Opgørelse", ("Trin", "Beløb"), rows),
            head=HEAD,
        )

    def all_postings(self) -> Sheet:
        """Every posting, or part of one, with where it was put and why."""
        titles = {line.id: line.title for line in self.lines}
        first, last = self._span()
        amounts = column(11, first, last)
        shown = _kr(total(part.amount for part in self.state.allocated), f"SUBTOTAL(109,{amounts})")
        page = self._page(
            "Alle posteringer, og hvor de er fordelt",
            (
                *("Bogført", "År", "Måned", "Bilag", "Konto", "Omkostningssted", "Tekst", "Post-id", "Budgetpost"),
                *("Placering", "Beløb", "Fil", "Række", "Begrundelse"),
            ),
            [_posting(part, titles, self.state.postings) for part in self.state.allocated],
        )
        above = Row((*page[2].cells, *("",) * (9 - len(page[2].cells)), "Viste rækker i alt", shown), "total")
        return Sheet(
            name=POSTINGS,
            widths=(12, 7, 8, 13, 12, 17, 44, 20, 46, 22, 18, 40, 8, 50),
            rows=(*page[:2], above, *page[3:]),
            head=HEAD,
            filtered=True,
        )

    # ── what sheets are made of ──────────────────────────────────────────────────────────────

    def _page(self, title: str, headings: Sequence[str | None], rows: Iterable[Row]) -> tuple[Row, ...]:
        """Title, day, notice and headings, so that every sheet can be printed and handed on alone."""
        state, plan = self.state, self.state.plan
        days = f"Pr. {long_date(state.as_of)}, som kendt {long_date(state.known_by)}"
        return (
            Row((f"{plan.title} · {plan.municipality_name}",), "title"),
            Row((f"{title}. {days}.",), "note"),
            Row((self.notice,), "notice"),
            Row(tuple(headings), "head"),
            *rows,
        )

    def _overview_line(self, row: int, line: _Line) -> Row:
        sheets = [f"'{year.year}'!P{row}" for year in self.economy.years]
        if line.economy is None:
            spent = total(total(year.elsewhere.get(line.id, ())) for year in self.economy.years)
            budget, committed, forecast, basis, reason = NOTHING, NOTHING, spent, "Forbrug", ""
        else:
            state, expected = line.economy.state, line.economy.forecast
            spent, budget, committed, forecast = state.spent, state.line.amount, state.committed, expected.amount
            basis, reason = BASES[expected.basis], expected.estimate.reason if expected.estimate else ""
        return Row(
            (
                line.id,
                line.title,
                _kr(budget),
                _kr(spent, "+".join(sheets)),
                _kr(committed),
                _kr(budget - spent - committed, f"ROUND(C{row}-D{row}-E{row},2)"),
                self._used(row, spent, budget),
                _kr(forecast, "" if line.economy else f"D{row}"),
                self._variance(row, budget, forecast),
                basis,
                reason,
            )
        )

    def _overview_sum(self) -> Row:
        budget, row = self.economy.budget, self.sum
        forecast = self.economy.forecast - budget.unallocated
        cells = (
            *("", "I alt"),
            _kr(budget.amount, self._down(3)),
            _kr(budget.spent, self._down(4)),
            _kr(budget.committed, self._down(5)),
            _kr(budget.remaining + budget.unallocated, self._down(6)),
            self._used(row, budget.spent, budget.amount),
            _kr(forecast, self._down(8)),
            self._variance(row, budget.amount, forecast),
        )
        return Row(cells, "total")

    def _beside_the_lines(self) -> list[Row]:
        """What was paid and stands on no line: it counts, or is said not to."""
        budget = self.economy.budget
        unallocated = self.sum + 2  # below an empty row
        remaining = _kr(budget.remaining, f"ROUND(F{self.sum}-D{unallocated},2)")
        forecast = _kr(self.economy.forecast, f"ROUND(H{self.sum}+D{unallocated},2)")
        not_eligible = self._beside("not-eligible", budget.not_eligible)
        return [
            Row(()),
            Row(("", "Ikke fordelt på nogen budgetpost", None, self._beside("unallocated", budget.unallocated))),
            Row(("", "Rest og prognose, når det er regnet med", *_GAP, remaining, None, forecast), "total"),
            Row(()),
            Row(("", "Ikke tilskudsberettiget, betalt uden for tilskuddet", None, not_eligible)),
            Row(("", "Andre indtægter", None, self._beside("other-income", -self.economy.other_income))),
        ]

    def _expected(self, paid: Instalments) -> list[Row]:
        if not paid.expected:
            unknown = "Puljens vilkår siger ikke, hvor ofte tilskuddet udbetales."
            return [Row(("Der er intet tilsagn endnu." if paid.frequency else unknown,), "note")]
        rows = []
        running = NOTHING
        for row, each in enumerate(paid.expected, self.first):
            running += each.amount
            so_far = _kr(running, f"SUM(E${self.first}:E{row})")
            rows.append(Row((each.number, each.starts, each.ends, each.due, _kr(each.amount), so_far)))
        in_all = _kr(running, f"SUM(E{self.first}:E{HEAD + len(rows)})")
        return [*rows, Row(("I alt", *_GAP, in_all, None), "total")]

    def _used(self, row: int, spent: Money, budget: Money) -> Share:
        return Share(share(spent, budget), f'IF(C{row}=0,"",D{row}/C{row})')

    def _variance(self, row: int, budget: Money, forecast: Money) -> Amount:
        return _kr(forecast - budget, f"ROUND(H{row}-C{row},2)")

    def _down(self, number: int) -> str:
        return f"SUM({cell(number, self.first)}:{cell(number, self.last)})"

    def _span(self) -> tuple[int, int]:
        """The first and the last row of the postings' sheet; one empty row where there are none."""
        return HEAD + 1, HEAD + max(len(self.state.allocated), 1)

    def _picked(self, *criteria: tuple[int, str]) -> str:
        """The postings' amounts that fit: by a column's number and what stands there."""
        span = self._span()
        picks = ",".join(f"'{POSTINGS}'!{column(number, *span)},{value}" for number, value in criteria)
        return f"SUMIFS('{POSTINGS}'!{column(11, *span)},{picks})"

    def _month(self, row: int, year: int, month: int) -> str:
        return self._picked((8, f"$A{row}"), (2, str(year)), (3, str(month)))

    def _beside(self, place: Place, amount: Money) -> Amount:
        return _kr(amount, self._picked((10, f'"{PLACES[place]}"')))

    def _steps(self, rows: list[Row], sum: Sum, points: dict[What, str]) -> str:
        """Write the steps and their sum; the sum's place is the answer."""
        first = HEAD + len(rows) + 1
        rows += [Row((_said(term), _kr(term.amount, points.get(term.what, "")))) for term in sum.terms]
        last = HEAD + len(rows)
        rows.append(Row((_said(sum.result), _kr(sum.result.amount, f"ROUND(SUM(B{first}:B{last}),2)")), "total"))
        return cell(2, HEAD + len(rows))

    def _outcome(self) -> Iterable[str]:
        settlement = self.economy.settlement
        if settlement.balance is None:
            return
        floor = settlement.floor
        if settlement.to_repay:
            yield "Mellemværendet er til tilbagebetaling."
        elif settlement.to_receive:
            yield "Mellemværendet er til gode hos tilskudsyder."
        elif settlement.dropped:
            yield "Kravet er under bagatelgrænsen og bortfalder."
        else:
            yield "Intet mellemværende."
        if floor:
            yield f"{floor.text} Tilskudsbrevet går forud."
            yield f"Kilde: {floor.reference}"
        else:
            yield "Puljens vilkår nævner ingen bagatelgrænse."

    def _financing(self) -> list[Row]:
        """Who was to pay, where it is not the grant alone."""
        economy, grant = self.economy, self.state.grant
        if not economy.funding:
            return []
        granted = [("Tilskud", grant.awarded)] if grant and grant.awarded is not None else []
        parts = [*granted, *((each.title, each.amount) for each in economy.funding)]
        rows = [Row(()), Row(("Finansiering ifølge budgettet", None), "part")]
        return [*rows, *(Row((title, _kr(amount))) for title, amount in parts)]

    def _others(self) -> list[_Line]:
        known = {line.line.id for line in self.economy.lines}
        others = {part.line for part in self.state.allocated if part.line is not None and part.line not in known}
        titles = {line.id: line.title for budget in self.state.plan.budgets for line in budget.lines}
        return [_Line(id, f"{titles.get(id, id)} (ikke i det gældende budget)", None) for id in sorted(others)]


def _kr(amount: Money, formula: str = "", *, bare: bool = False) -> Amount:
    return Amount(int(amount), formula, bare)


def _said(step: Step) -> str:
    return STEPS[step.what].format(year=step.year)


def _posting(part: Allocated, titles: dict[str, str], postings: Postings) -> Row:
    posting = part.posting
    cells: tuple[Cell, ...] = (
        posting.posted,
        posting.posted.year,
        posting.posted.month,
        postings.voucher_of(posting),
        posting.account,
        posting.cost_centre,
        postings.text_of(posting),
        part.line or "",
        titles.get(part.line, "") if part.line else "",
        PLACES[part.place],
        _kr(part.amount),
        posting.file,
        posting.row,
        part.rule.reason or "" if part.rule else "",
    )
    return Row(cells)
