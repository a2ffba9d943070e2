"""The workbook of many projects: every sum is the model's, and every formula gives it anew."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import structs

from tests.core.test_portfolio import VARDE, from_earlier, holding, silent, status, unplaced, waiting
from tests.core.worlds import JUNE
from tests.test_workbook import texts
from tests.writers.workbooks import Workbook
from toolkit.core.portfolio import Holding, sums
from toolkit.documents.compose import CONSTRUCTED
from toolkit.portfolio_workbook import DEADLINES, GROUPS, LINES, MILESTONES, PROJECTS, workbook
from toolkit.writers.sheet import write

EVERY = [
    holding("a", status=status(cohort="Øst")),
    holding("b", VARDE, status=status(spent=70_001, cohort="Øst")),
    holding("c", VARDE, status=status(spent=-5, title="=1+1"), handed_over=True),
    holding("d", errors=3),
    holding("e", status=structs.replace(status(), budget=None, grant=None)),
    Holding(file="f", name="f", status=None, errors=1),
]


def made(*holdings: Holding) -> Workbook:
    return Workbook(write(workbook(holdings, JUNE)))


def test_every_formula_gives_the_value_that_stands_beside_it() -> None:
    unknown = holding("g", status=silent())
    for holdings in (EVERY, EVERY[:1], EVERY[-1:], [], [unknown], [*EVERY, unknown]):
        book = made(*holdings)
        assert list(book.formulas())
        for sheet, name, cell in book.formulas():
            assert isinstance(cell.value, Fraction) or cell.value == ""
            again = book.calculated(sheet, name)
            near = abs(again - cell.value) < Fraction(1, 10**12) if isinstance(again, Fraction) else again == cell.value
            assert near, f"{sheet}!{name}: {cell.formula}"


def test_the_sums_at_the_top_are_those_of_the_portfolio() -> None:
    top = made(*EVERY).sheets[PROJECTS]
    of = sums(EVERY).amounts

    assert top["A4"].value == "Viste rækker i alt"
    for column, amount in {"J": of.granted, "L": of.spent, "O": of.remaining, "Q": of.forecast}.items():
        assert amount is not None
        assert top[f"{column}4"].value == Fraction(int(amount), 100)
        assert top[f"{column}4"].formula.startswith("SUBTOTAL(109,")


def test_a_forecast_has_what_it_rests_on_beside_it_where_that_was_said() -> None:
    budget = status().budget
    assert budget is not None
    told, silent_of = (
        holding(name, status=status(budget=structs.replace(budget, forecast_bases=bases)))
        for name, bases in (("a", ("own-estimate", "straight-line")), ("b", ()))
    )
    sheet = made(told, silent_of).sheets[PROJECTS]

    assert [sheet[name].value for name in ("S5", "S6")] == ["Prognosens grundlag", "Eget skøn, lineær"]
    assert "S7" not in sheet


def test_a_broken_project_has_a_row_without_figures() -> None:
    sheet = made(*EVERY).sheets[PROJECTS]

    assert sheet["W9"].value == "Fejl i filerne (3): projektets tal er ikke med"
    assert "L9" not in sheet
    assert sheet["W8"].value == "Afleveret som status, uden posteringer"


def test_spending_that_nobody_knows_is_no_figure_and_the_sums_say_whose_they_are() -> None:
    book = made(*EVERY, holding("g", status=silent(cohort="Øst")))
    sheet, groups, lines = book.sheets[PROJECTS], book.sheets[GROUPS], book.sheets[LINES]
    last = {name[1:]: cell for name, cell in groups.items() if name[0] == "A" and cell.value == "I alt"}

    assert sheet["K12"].value == Fraction(500_000)
    assert [name for name in "LNOPQRSTV" if f"{name}12" in sheet] == []
    assert sheet["W12"].value == "Forbruget kendes ikke"
    assert "P4" not in sheet
    assert "Forbruget er ukendt i ét projekt; forbrug, rest og prognose er summer af de øvrige." in str(
        sheet["A2"].value
    )
    assert {groups[f"K{row}"].value for row in last} == {Fraction(1)}
    assert [name for name, cell in lines.items() if name[0] in "GJ" and name[1:] == "12"] == []


def test_each_project_says_until_when_its_spending_is_known() -> None:
    sheet = made(holding("a"), holding("b", status=from_earlier(50_000), handed_over=True)).sheets[PROJECTS]
    said = "Afleveret som status, uden posteringer. Siger ikke, hvor langt forbruget er kendt"

    assert sheet["V6"].value == Fraction(44651)  # 31 March 2022
    assert "V7" not in sheet
    assert sheet["W7"].value == said
    assert sheet["L7"].value == Fraction(50_000)


def test_what_waits_for_an_answer_and_what_no_rule_places_stand_in_columns_of_their_own() -> None:
    book = made(*EVERY, holding("g", status=waiting(300)), holding("h", status=unplaced(200)))
    sheet, lines = book.sheets[PROJECTS], book.sheets[LINES]
    row = next(name[1:] for name, cell in lines.items() if cell.value == "Ikke fordelt på budgetposter")

    assert (sheet["T12"].value, sheet["T4"].value) == (300, 300)
    assert sheet["W12"].value == "Udgifter afventer svar og er ikke med i forbruget"
    assert (lines[f"I{row}"].value, lines[f"J{row}"].value) == (200, -200)
    for over, under in (("K", "F"), ("L", "G"), ("M", "H"), ("N", "I"), ("O", "J")):  # what both sheets sum
        assert book.calculated(PROJECTS, f"{over}4") == book.calculated(LINES, f"{under}4")


def test_each_group_is_summed_out_of_the_sheet_of_projects() -> None:
    cells = made(*EVERY).sheets[GROUPS]
    rows = {cell.value: name[1:] for name, cell in cells.items() if name[0] == "A"}

    assert cells[f"E{rows['Øst']}"].value == Fraction(120_001)
    assert cells[f"E{rows['Region Syddanmark']}"].value == Fraction(69_996)
    assert cells[f"B{rows['Ikke oplyst']}"].value


def test_no_text_becomes_a_formula_and_each_list_has_a_filter() -> None:
    book = made(*EVERY)

    assert book.sheets[PROJECTS]["B8"].value == "=1+1"
    assert not book.sheets[PROJECTS]["B8"].formula
    for name in (PROJECTS, LINES, MILESTONES, DEADLINES):
        assert "<autoFilter" in book.xml[name]
        assert 'state="frozen"' in book.xml[name]


def test_the_same_projects_give_the_same_bytes_and_what_is_made_up_is_marked() -> None:
    made_up = holding(status=status(synthetic=True))

    assert write(workbook(EVERY, JUNE)) == write(workbook(EVERY, JUNE))
    assert made(made_up).sheets[PROJECTS]["A3"].value == CONSTRUCTED
    assert "A3" not in made(EVERY[0]).sheets[PROJECTS]


def test_deadlines_come_in_the_order_of_their_days() -> None:
    cells = made(*EVERY).sheets[DEADLINES]
    days = [cells[f"A{row}"].value for row in range(6, 12)]

    assert days == sorted(days, key=str)
    assert cells["D6"].value == "Milepæl: Teams er klar"


def test_a_deadline_in_a_weekend_or_on_a_public_holiday_stands_on_its_day_and_is_told_so() -> None:
    told = status()
    whit_sunday = structs.replace(told.deadlines[0], day=date(2022, 6, 5))
    cells = made(holding(status=structs.replace(told, deadlines=(whit_sunday, *told.deadlines)))).sheets[DEADLINES]

    assert cells["F5"].value == "Weekend eller helligdag"
    assert cells["F6"].value == "søndag, pinsedag"
    assert str(cells["A6"].value) == str(made(EVERY[0]).sheets[DEADLINES]["A6"].value - 10)
    assert "F7" not in cells


def test_a_project_says_that_it_has_no_budget_and_the_sheet_that_others_sum_without_it() -> None:
    early = holding("b", status=structs.replace(status(), budget=None))
    said = texts(made(holding("a"), early), PROJECTS)

    assert any("Intet budget" in each for each in said)
    assert any("Der er intet budget i ét projekt med tilskud" in each for each in said)
