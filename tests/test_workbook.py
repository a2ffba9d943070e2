"""The workbook of a project: every figure is the model's, and every formula gives it anew from the postings up."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.core.worlds import AWARD, AWARDED, JANUARY, JUNE, MARCH, event, plan, posting, state
from tests.writers.workbooks import Value, Workbook
from toolkit.core.economy import economy_of
from toolkit.core.fund import Fund
from toolkit.core.money import kr
from toolkit.core.plan import Budget, BudgetLine, Funding
from toolkit.core.postings import Rule
from toolkit.core.state import State
from toolkit.project import open_project
from toolkit.workbook import INSTALMENTS, OVERVIEW, POSTINGS, SETTLEMENT, workbook
from toolkit.writers.sheet import write

EXAMPLE = Path(__file__).resolve().parents[1] / "projects/thisted-nordthy"
FUND = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", instalments="quarterly")


def made(of: State) -> Workbook:
    economy = economy_of(of)
    assert economy is not None
    return Workbook(write(workbook(of, economy)))


def example(as_of: date) -> Workbook:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    return made(dossier.state(as_of))


def crowded() -> State:
    """Everything that a project's money can do, on one day."""
    lines = (
        BudgetLine(id="loen", title="Løn", amount=kr(300_000), by_year={2022: kr(200_000), 2023: kr(100_000)}),
        BudgetLine(id="tom", title="Uden penge", amount=kr(0)),
    )
    change = Budget(id="2022-02-01-change", stage="change", lines=lines)
    rules = (
        Rule(account="8610", grant_income=True),
        Rule(account="7100", other_income=True),
        Rule(account="2900", not_eligible=True),
        Rule(account="4600", line="kurser"),  # type: ignore[arg-type]
        Rule(account="4001", line="loen", eligible_amount=kr(99), reason="=Kun en del"),  # type: ignore[arg-type]
    )
    return state(
        date(2023, 12, 31),
        of=plan(
            budgets=(AWARD, change), terms=FUND, funding=(Funding(kind="own", title="Egen finansiering", amount=kr(1)),)
        ),
        events=[
            AWARDED,
            event("change-approved", date(2022, 2, 1), change="budget", budget=change.id),
            event("instalment-received", JANUARY, amount=kr(90_000, 10)),
            event("instalment-withheld", MARCH, amount=kr(10), reason="Rapporten mangler"),
            event("ordered", MARCH, line="loen", amount=kr(5)),
            event("estimate", MARCH, line="loen", amount=kr(250_000), reason="+ vikarer"),
        ],
        postings=[
            posting(kr(100, 1), posted=MARCH, text="=cmd|' /C calc'!A0"),
            posting(kr(40, 5), posted=date(2023, 12, 1), account="4600"),
            posting(kr(7), posted=JUNE, account="5555"),
            posting(kr(8), posted=JUNE, account="2900"),
            posting(kr(-9), posted=JUNE, account="7100"),
            posting(kr(-90_000, 10), posted=JANUARY, account="8610"),
            posting(kr(11), posted=date(2021, 12, 31)),
        ],
        rules=rules,
    )


def value(found: Workbook, sheet: str, beside: str, column: str) -> Value:
    """What stands in a column beside a text of one of the first two columns."""
    for name, cell in found.sheets[sheet].items():
        if name[0] in "AB" and cell.value == beside:
            return found.sheets[sheet][f"{column}{name[1:]}"].value
    raise AssertionError(f"{sheet} has no row {beside}")


@pytest.mark.parametrize("as_of", [date(2021, 12, 20), date(2022, 6, 30), date(2022, 12, 31), date(2024, 3, 31)])
def test_every_formula_of_the_example_gives_the_value_beside_it(as_of: date) -> None:
    holds_throughout(example(as_of))


def test_every_formula_gives_the_value_beside_it_in_a_crowded_project_and_in_an_empty_one() -> None:
    holds_throughout(made(crowded()))
    holds_throughout(made(state(events=[AWARDED])))


def holds_throughout(found: Workbook) -> None:
    formulas = list(found.formulas())

    assert len(formulas) > 50
    for sheet, name, cell in formulas:
        calculated = found.calculated(sheet, name)
        exact = "/" not in cell.formula
        assert calculated == cell.value if exact or calculated == "" else _close(calculated, cell.value), (sheet, name)


def _close(one: Value, other: Value) -> bool:
    return isinstance(one, Fraction) and isinstance(other, Fraction) and abs(one - other) < Fraction(1, 10**12)


def test_a_posting_that_is_corrected_by_hand_reaches_the_settlement() -> None:
    found = example(date(2024, 3, 31))
    balance = next(
        name for name, cell in found.sheets[SETTLEMENT].items() if cell.value == "Mellemværende med tilskudsyder"
    ).replace("A", "B")
    row = next(name[1:] for name, cell in found.sheets[POSTINGS].items() if cell.value == "teamcoach")
    found.sheets[POSTINGS][f"K{row}"].value = Fraction(0)

    assert found.sheets[SETTLEMENT][balance].value == Fraction(18678114, 100)
    assert found.calculated(SETTLEMENT, balance) == Fraction(18678114 + 5521765, 100)


def test_the_overview_has_the_figures_of_the_model() -> None:
    found = example(date(2022, 12, 31))

    assert value(found, OVERVIEW, "I alt", "C") == Fraction(6_994_528)
    assert value(found, OVERVIEW, "I alt", "D") == Fraction(340328280, 100)
    assert value(found, OVERVIEW, "vikardaekning", "H") == Fraction(2_093_000)
    assert value(found, OVERVIEW, "vikardaekning", "J") == "Eget skøn"
    assert value(found, OVERVIEW, "teamcoach", "J") == "Månedsplan"
    assert value(found, OVERVIEW, "Ikke tilskudsberettiget, betalt uden for tilskuddet", "D") == Fraction(480)


def test_there_is_a_sheet_for_each_year_between_the_overview_and_the_instalments() -> None:
    assert list(example(date(2022, 12, 31)).sheets) == [OVERVIEW, "2022", "2023", INSTALMENTS, SETTLEMENT, POSTINGS]


def test_every_posting_stands_with_its_place_and_where_it_was_read() -> None:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    of = dossier.state(date(2022, 12, 31))
    cells = made(of).sheets[POSTINGS]

    for row, part in enumerate(of.allocated, 5):
        assert cells[f"K{row}"].value == Fraction(int(part.amount), 100)
        assert (cells[f"L{row}"].value, cells[f"M{row}"].value) == (part.posting.file, part.posting.row)
        assert ("H" + str(row) in cells) == (part.line is not None)
    assert f"A{5 + len(of.allocated)}" not in cells


def test_every_sheet_of_constructed_figures_says_so() -> None:
    found = example(date(2022, 12, 31))

    for sheet, cells in found.sheets.items():
        assert cells["A3"].value == "Konstrueret eksempel – ikke kommunens tal."
        assert "Konstrueret eksempel" in found.xml[sheet].split("<oddFooter>")[1]


def test_real_figures_are_not_called_constructed() -> None:
    assert "A3" not in made(crowded()).sheets[OVERVIEW]


def test_one_constructed_order_makes_the_workbook_constructed() -> None:
    order = event("ordered", MARCH, line="loen", amount=kr(5), synthetic=True)

    assert "A3" in made(state(events=[AWARDED, order])).sheets[OVERVIEW]


def test_what_the_user_wrote_is_never_a_formula() -> None:
    found = made(crowded())
    texts = [
        cell for cells in found.sheets.values() for cell in cells.values() if str(cell.value).startswith(("=", "+"))
    ]

    assert {cell.value for cell in texts} == {"=cmd|' /C calc'!A0", "=Kun en del", "+ vikarer"}
    assert {cell.formula for cell in texts} == {""}


def test_what_lies_on_another_versions_line_has_a_row_of_its_own() -> None:
    found = made(crowded())

    assert value(found, OVERVIEW, "Kurser (ikke i det gældende budget)", "D") == Fraction(4005, 100)
    assert value(found, "2023", "Kurser (ikke i det gældende budget)", "O") == Fraction(4005, 100)
