"""A portfolio as a workbook: every project on a row, and each sum a formula over the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import structs

from toolkit.core.money import Money
from toolkit.core.portfolio import Amounts, Facet, Holding, grouped, sums
from toolkit.core.status import DeadlineStatus
from toolkit.core.words import ATTAINMENT, BASES, DUE, FACETS, PROGRESS, day_off_said, word
from toolkit.documents import danish
from toolkit.documents.compose import CONSTRUCTED
from toolkit.workbook_frame import doubts_told
from toolkit.writers.sheet import Amount, Book, Cell, Row, Share, Sheet, cell, column, subtotal

# Danish, whoever asks: a workbook is a document.
PROJECTS, GROUPS, LINES, MILESTONES, DEADLINES = "Projekter", "Grupper", "Budgetposter", "Milepæle", "Frister"
NOT_SAID = "Ikke oplyst"


HEAD = 5  # the row with the headings, on every sheet: title, day, notice and sums stand above it
FIRST = HEAD + 1

# The sheet of projects, by the number of each column.
_FACET_COLUMNS: dict[Facet, int] = {"region": 3, "cohort": 4, "fund": 5, "phase": 6}
_MONEY_COLUMNS = {"granted": 10, "budget": 11, "spent": 12, "committed": 13, "unallocated": 14, "remaining": 15}
_USED, _FORECAST, _WAITING = 16, 17, 20
_HEADINGS = (
    *("Kommune", "Projekt", "Region", "Kohorte", "Pulje", "Fase"),
    *("Forsinkede milepæle", "Næste frist", "Rapporter ikke sendt"),
    *("Bevilget", "Budget", "Forbrug", "Disponeret", "Ikke fordelt", "Rest", "Brugt", "Prognose"),
    *(
        "Prognose minus budget",
        "Prognosens grundlag",
        "Afventer svar",
        "Opgjort",
        "Forbrug kendt til og med",
        "Bemærkning",
    ),
)
_AMOUNTS = ("Bevilget", "Budget", "Forbrug", "Disponeret", "Ikke fordelt", "Rest", "Prognose", "Afventer svar")


def workbook(holdings: Sequence[Holding], as_of: date) -> Book:
    """The workbook of the projects: what is filtered away leaves the sums at the top, as a controller expects."""
    return _Workbook(holdings, as_of).book()


class _Workbook:
    """One workbook in the making."""

    def __init__(self, holdings: Sequence[Holding], as_of: date) -> None:
        self.holdings = holdings
        self.sound = [each for each in holdings if not each.broken]
        self.as_of = as_of
        self.sums = sums(holdings)
        self.notice = CONSTRUCTED if any(each.status and each.status.synthetic for each in holdings) else ""
        self.last = HEAD + max(len(holdings), 1)

    def book(self) -> Book:
        return Book(
            title="Portefølje",
            author="Portefølje",
            day=self.as_of,
            notice=self.notice,
            sheets=(self.projects(), self.groups(), self.lines(), self.milestones(), self.deadlines()),
        )

    # ── the sheets ───────────────────────────────────────────────────────────────────────────

    def projects(self) -> Sheet:
        """Every project, the broken ones too, and over the headings the sums of what is shown."""
        of = self.sums.amounts
        shown: list[Cell] = [None] * len(_HEADINGS)
        shown[0] = "Viste rækker i alt"
        for name, number in (*_MONEY_COLUMNS.items(), ("forecast", _FORECAST), ("waiting", _WAITING)):
            shown[number - 1] = _kr(getattr(of, name), f"SUBTOTAL(109,{column(number, FIRST, self.last)})")
        if not self.sums.without_spending and not self.sums.without_budget:  # else it is of others than the budget is
            shown[_USED - 1] = _used(of, HEAD - 1)
        rows = [self._project(number, each) for number, each in enumerate(self.holdings, FIRST)]
        return Sheet(
            name=PROJECTS,
            widths=(20, 40, 22, 16, 22, 30, 12, 12, 11, *(17,) * 6, 9, 17, 17, 34, 17, 12, 14, 50),
            rows=(*self._top("Alle projekter"), Row(tuple(shown), "total"), Row(_HEADINGS, "head"), *rows),
            head=HEAD,
            fixed=2,
            filtered=True,
        )

    def groups(self) -> Sheet:
        """The sums by cohort, fund, region and phase, each out of the sheet of projects."""
        rows: list[Row] = [Row((None,)), Row(("Gruppe", "Projekter", *_AMOUNTS, "Uden kendt forbrug"), "head")]
        for facet in FACETS:
            rows.append(Row((word(FACETS, facet).text, *(None,) * (len(_AMOUNTS) + 2)), "part"))
            first = HEAD - 2 + len(rows)
            for group in grouped(self.holdings, facet):
                row = HEAD - 2 + len(rows)
                name = _group_name(group.name)
                of = group.sums
                amounts = self._picked(of.amounts, facet, row + 1)
                rows.append(Row((name, of.projects, *amounts, of.without_spending), "line"))
            last = HEAD - 2 + len(rows)
            in_all = self.sums
            amounts = (
                _kr(amount, f"SUM({cell(number, first + 1)}:{cell(number, last)})")
                for number, amount in enumerate(_in_columns(in_all.amounts), 3)
            )
            rows += [Row(("I alt", in_all.projects, *amounts, in_all.without_spending), "total"), Row(())]
        return Sheet(
            name=GROUPS,
            widths=(36, 11, *(17,) * len(_AMOUNTS), 13),
            rows=(*self._top("Projekterne efter gruppe"), *rows),
            head=HEAD,
            fixed=1,
        )

    def lines(self) -> Sheet:
        """Every line of every budget in force, and what of each project's costs no rule puts on one."""
        rows: list[Row] = []
        for each in self.sound:
            budget = each.budget
            for line in budget.lines if budget else ():
                row = FIRST + len(rows)
                spent, remaining = (None, None) if budget and budget.is_unknown else (line.spent, line.remaining)
                amounts = (_kr(line.budget), _kr(spent), _kr(line.committed))
                left = _kr(remaining, f"ROUND(F{row}-G{row}-H{row}-I{row},2)")
                whose = (each.place, each.called, budget.version if budget else "", line.id, line.title)
                rows.append(Row((*whose, *amounts, None, left)))
            if budget and (budget.unplaced or budget.unallocated):
                row = FIRST + len(rows)
                left = _kr(budget.without_line, f"ROUND(-I{row},2)")
                whose = (each.place, each.called, budget.version, "", "Ikke fordelt på budgetposter")
                rows.append(Row((*whose, None, None, None, _kr(budget.unallocated), left)))
        return self._list(
            LINES,
            "Alle budgetposter i de gældende budgetter",
            (
                "Kommune",
                "Projekt",
                "Budget",
                "Post-id",
                "Budgetpost",
                "Budget",
                "Forbrug",
                "Disponeret",
                "Ikke fordelt",
                "Rest",
            ),
            (20, 40, 22, 20, 44, *(17,) * 5),
            rows,
        )

    def milestones(self) -> Sheet:
        """Every milestone, by project and then by day."""
        rows = [
            Row(
                (
                    *(each.place, each.called, mark.title, mark.deadline, mark.due),
                    *(word(ATTAINMENT, mark.standing).text, mark.reached),
                )
            )
            for each in self.sound
            for mark in sorted(each.milestones, key=lambda mark: mark.deadline)
        ]
        headings = ("Kommune", "Projekt", "Milepæl", "Frist", "Forventes", "Status", "Nået")
        return self._list(MILESTONES, "Alle milepæle", headings, (20, 40, 60, 12, 12, 14, 12), rows)

    def deadlines(self) -> Sheet:
        """What is due in all the projects, the earliest first."""
        found = [(due.day, each, due) for each in self.sound for due in (each.status.deadlines if each.status else ())]
        rows = [
            Row((day, each.place, each.called, _said(due), "Forsinket" if due.late else "", day_off_said(day)))
            for day, each, due in sorted(found, key=lambda entry: entry[0])
        ]
        headings = ("Frist", "Kommune", "Projekt", "Hvad", "Forsinket", "Weekend eller helligdag")
        return self._list(DEADLINES, "Alle frister, der ikke er holdt endnu", headings, (12, 20, 40, 70, 12, 30), rows)

    # ── what sheets are made of ──────────────────────────────────────────────────────────────

    def _top(self, title: str) -> tuple[Row, ...]:
        count = danish.plural(len(self.holdings), "ét projekt", "projekter")
        return (
            Row(("Portefølje",), "title"),
            Row((f"{title}: {count}. Pr. {danish.long_date(self.as_of)}.{self._unknown()}",), "note"),
            Row((self.notice,), "notice"),
        )

    def _unknown(self) -> str:
        """What the sums do not hold, where they lack anything."""
        said = ""
        if self.sums.without_budget:
            count = danish.plural(self.sums.without_budget, "ét projekt", "projekter")
            said = f" Der er intet budget i {count} med tilskud; budget og disponeret er summer af de øvrige."
        if self.sums.without_spending:
            count = danish.plural(self.sums.without_spending, "ét projekt", "projekter")
            said += f" Forbruget er ukendt i {count}; forbrug, rest og prognose er summer af de øvrige."
        if self.sums.with_gaps:
            count = danish.plural(self.sums.with_gaps, "ét projekt", "projekter")
            said += f" I {count} er der måneder, som ingen import dækker: forbruget i dem er ikke med."
        return said

    def _list(
        self, name: str, title: str, headings: Sequence[str], widths: tuple[int, ...], rows: Sequence[Row]
    ) -> Sheet:
        """A sheet of rows to look things up in; amounts are summed over the headings."""
        above = tuple(subtotal(rows, number, FIRST) for number in range(1, len(headings) + 1))
        return Sheet(
            name=name,
            widths=widths,
            rows=(*self._top(title), Row(above, "total"), Row(tuple(headings), "head"), *rows),
            head=HEAD,
            fixed=2,
            filtered=True,
        )

    def _project(self, row: int, each: Holding) -> Row:
        said = each.amounts
        budget, spent, forecast = said.budget, said.spent, said.forecast
        left = f"ROUND(K{row}-L{row}-M{row}-N{row},2)"
        over = _kr(said.difference, f"ROUND(Q{row}-K{row},2)")
        return Row(
            (
                each.place,
                each.called,
                *(_group_name(each.group(facet)) for facet in _FACET_COLUMNS),
                None if each.broken else len(each.late),
                each.next.day if each.next and not each.broken else None,
                len(each.status.reports_not_sent) if each.status and not each.broken else None,
                *(_kr(amount) for amount in (said.granted, budget, spent, said.committed, said.unallocated)),
                _kr(said.remaining, left),
                _used(said, row) if budget is not None and spent is not None else None,
                _kr(forecast),
                over,
                _bases(each) if forecast is not None else None,
                _kr(said.waiting),
                each.status.as_of if each.status else None,
                each.spent_known_until,
                _remark(each),
            )
        )

    def _picked(self, of: Amounts, facet: Facet, row: int) -> Iterable[Cell]:
        """The group's amounts, summed where its name stands on the sheet of projects."""
        names = column(_FACET_COLUMNS[facet], FIRST, self.last)
        for number, amount in zip((*_MONEY_COLUMNS.values(), _FORECAST, _WAITING), _in_columns(of), strict=True):
            amounts = column(number, FIRST, self.last)
            yield _kr(amount, f"SUMIFS('{PROJECTS}'!{amounts},'{PROJECTS}'!{names},$A{row})")


def _in_columns(of: Amounts) -> tuple[Money | None, ...]:
    return tuple(structs.asdict(of).values())


def _used(of: Amounts, row: int) -> Share:
    return Share(of.used, f'IF(K{row}=0,"",L{row}/K{row})')


def _kr(amount: Money | None, formula: str = "") -> Amount | None:
    return None if amount is None else Amount(int(amount), formula)


def _bases(each: Holding) -> str | None:
    """What the forecast rests on, line by line: several, where the lines' are; None where nobody has said."""
    bases = each.budget.forecast_bases if each.budget else ()
    return ", ".join(word(BASES, basis).text for basis in bases).capitalize() or None


def _group_name(name: str | None) -> str:
    if name is None:
        return NOT_SAID
    return next((word(PROGRESS, id).text for id in PROGRESS if id == name), name)


def _said(due: DeadlineStatus) -> str:
    title = due.name or due.title
    what = f"til {due.to}" if due.to else word(DUE, due.what).text
    what += f" kl. {due.hour}" if due.hour else ""
    return f"{what}: {title}" if title else what


def _remark(each: Holding) -> str:
    if each.broken:
        return f"Fejl i filerne ({each.errors}): projektets tal er ikke med"
    said = ["Afleveret som status, uden posteringer"] if each.handed_over else []
    if each.refused_on:
        said.append(f"Afslag {danish.long_date(each.refused_on)}: projektets penge er ikke med")
    if each.applied is not None:
        said.append(f"Intet svar endnu på ansøgningen om {danish.kr(each.applied)}: projektets penge er ikke med")
    if each.closed_on:
        said.append(f"Afsluttet {danish.long_date(each.closed_on)}")
    if each.owed is not None:
        said.append(f"Modtaget og skal betales tilbage: {danish.kr(each.owed)}")
    if each.to_receive:
        said.append(f"Til gode hos tilskudsyder: {danish.kr(each.to_receive)}")
    if each.is_unsettled:
        said.append("Mellemværendet med tilskudsyder er ikke endeligt gjort op")
    if each.amounts.has_money and each.amounts.budget is None:
        said.append("Intet budget")
    if each.is_unplaced:
        said.append("Posteringer er ikke fordelt på budgetposter")
    if each.waits:
        said.append("Udgifter afventer svar og er ikke med i forbruget")
    if each.gaps:
        said.append(f"Ingen import dækker {danish.months(each.gaps)}")
    if each.is_doubted:
        said.append(doubts_told(*each.doubted).rstrip("."))
    if each.amounts.budget is not None and each.spent_known_until is None and not each.counts_nothing:
        unknown = each.amounts.spent is None
        said.append("Forbruget kendes ikke" if unknown else "Siger ikke, hvor langt forbruget er kendt")
    return ". ".join(said)
