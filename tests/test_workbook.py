"""The workbook of a project: every figure is the model's, and every formula gives it anew from the postings up."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import APPLICATION, AWARD, AWARDED, JANUARY, JUNE, MARCH, event, plan, posting, state
from tests.writers.workbooks import Value, Workbook
from toolkit.core.budget_table import budget_table
from toolkit.core.economy import Economy, economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, Term
from toolkit.core.ledger import ledger
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Funding
from toolkit.core.postings import Rule
from toolkit.core.records import Id
from toolkit.core.state import State
from toolkit.project import open_project
from toolkit.workbook import LINES_SUM, WAITING, workbook
from toolkit.workbook_economy import NOT_KNOWN, NOT_SETTLED
from toolkit.workbook_frame import ECONOMY, INSTALMENTS, OVERVIEW, POSTINGS, SETTLEMENT
from toolkit.writers.sheet import write

EXAMPLE = Path(__file__).resolve().parents[1] / "projects/thisted-nordthy"
IN_ADVANCE = Term(id="payment-in-advance", text="Forud.", standing="verified", reference="puljens side")
FUND = Fund(
    id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", instalments="quarterly", terms=(IN_ADVANCE,)
)
CLOSED = date(2024, 3, 31)
IMPORTED = event("imported", date(2024, 1, 31), file="postings/alle.csv", digest="0", ends=date(2024, 1, 15))


def economy(of: State) -> Economy:
    found = economy_of(of)
    assert found is not None
    return found


def made(of: State) -> Workbook:
    return Workbook(write(workbook(of, economy(of))))


def example(as_of: date) -> Workbook:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    return made(dossier.state(as_of))


def rule(account: str, **where: Any) -> Rule:
    return Rule(account=account, **where)


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


def tangled() -> State:
    """The same and more: lines divided and gone, costs allowed and performed, each payer by name or by none."""
    lines = (
        BudgetLine(id="loen", title="Løn", amount=kr(300_000), by_year={2022: kr(200_000), 2023: kr(100_000)}),
        BudgetLine(id="moeder", title="Møder", amount=kr(60_000), was={Id("rejser"): Fraction(1, 3)}),
        BudgetLine(id="koersel", title="Kørsel", amount=kr(40_000), was={Id("rejser"): Fraction(2, 3)}),
        BudgetLine(id="tom", title="Uden penge", amount=kr(0)),
    )
    travel = BudgetLine(id="rejser", title="Rejser", amount=kr(90_000))
    award = Budget(id=AWARD.id, stage="award", lines=(*AWARD.lines, travel))
    change = Budget(id="2022-02-01-change", stage="change", lines=lines)
    funding = (
        Funding(kind="own", title="Egen finansiering", amount=kr(1), id="kommunen"),
        Funding(kind="co", title="Regionen", amount=kr(20), id="regionen"),
        Funding(kind="co", title="Fonden", amount=kr(30), id="fonden"),
    )
    rules = (
        rule("8610", grant_income=True),
        rule("7100", other_income=True),
        rule("7200", other_income="regionen"),
        rule("7300", other_income="kommunen"),
        rule("2900", not_eligible=True),
        rule("2901", taken_back=True),
        rule("4600", line="kurser"),
        rule("4700", line="kurser", allowed="Styrelsen, brev af 3. marts"),
        rule("4800", line="rejser", performed=date(2022, 5, 31)),
        rule("4001", line="loen", eligible_amount=kr(99), reason="=Kun en del"),
    )
    return state(
        date(2023, 12, 31),
        of=plan(budgets=(APPLICATION, award, change), terms=FUND, funding=funding),
        events=[
            AWARDED,
            event("change-approved", date(2022, 2, 1), change="budget", budget=change.id),
            event("instalment-received", JANUARY, amount=kr(90_000, 10)),
            event("instalment-withheld", MARCH, amount=kr(10), reason="Rapporten mangler"),
            event("ordered", MARCH, line="loen", amount=kr(5)),
            IMPORTED,
        ],
        postings=[
            posting(kr(100, 1), posted=MARCH, text="=cmd|' /C calc'!A0"),
            posting(kr(40, 5), posted=date(2023, 12, 1), account="4600"),
            posting(kr(3, 33), posted=date(2022, 12, 1), account="4700"),
            posting(kr(10), posted=JUNE, account="4800", voucher="71"),
            posting(kr(20, 1), posted=JUNE, account="4800", voucher="72"),
            posting(kr(7), posted=JUNE, account="5555"),
            posting(kr(8), posted=JUNE, account="2900"),
            posting(kr(6), posted=JUNE, account="2901", text="Fejl"),
            posting(kr(-9), posted=JUNE, account="7100"),
            posting(kr(-12), posted=date(2023, 6, 1), account="7200"),
            posting(kr(-1), posted=date(2023, 6, 1), account="7300"),
            posting(kr(-90_000, 10), posted=JANUARY, account="8610"),
            posting(kr(11), posted=date(2021, 12, 31)),
            posting(kr(13), posted=date(2024, 1, 10), performed=date(2023, 12, 20)),
            posting(kr(17), posted=date(2024, 1, 10)),
        ],
        rules=rules,
    )


def rows(found: Workbook, sheet: str) -> dict[str, str]:
    """The row of each text that stands in one of the first two columns; of several the first."""
    cells = found.sheets[sheet].items()
    texts = [(name[1:], cell.value) for name, cell in cells if re.fullmatch("[AB][0-9]+", name)]
    return {text: row for row, text in reversed(texts) if isinstance(text, str)}


def value(found: Workbook, sheet: str, beside: str, column: str) -> Value | None:
    """What stands in a column beside a text of one of the first two columns; None where nothing does."""
    cell = found.sheets[sheet].get(column + rows(found, sheet)[beside])
    return cell.value if cell else None


def texts(found: Workbook, sheet: str) -> set[str]:
    return {cell.value for cell in found.sheets[sheet].values() if isinstance(cell.value, str)}


def kroner(amount: Money) -> Fraction:
    return Fraction(int(amount), 100)


# ── it adds up, by its own formulas ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("as_of", [date(2021, 12, 20), date(2022, 6, 30), date(2022, 12, 31), CLOSED])
def test_every_formula_of_the_example_gives_the_value_beside_it(as_of: date) -> None:
    holds_throughout(example(as_of))


def test_every_formula_gives_the_value_beside_it_in_a_crowded_project_and_in_an_empty_one() -> None:
    assert holds_throughout(made(crowded())) > 200
    assert holds_throughout(made(tangled())) > 200
    assert holds_throughout(made(state(events=[AWARDED, IMPORTED]))) > 50
    assert holds_throughout(made(state(events=[AWARDED])))


POSTED = st.builds(
    posting,
    st.integers(-5_000_000, 5_000_000).map(Money),
    posted=st.dates(date(2021, 10, 1), date(2024, 2, 28)),
    account=st.sampled_from(["4001", "4600", "4700", "4800", "2900", "2901", "7100", "7200", "7300", "8610", "5555"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(POSTED, min_size=1, max_size=12), st.sampled_from([JUNE, date(2022, 12, 31), CLOSED]))
def test_whatever_the_books_have_the_workbook_gives_it_anew_and_the_whole_economy_balances(
    paid: list[Any], as_of: date
) -> None:
    crowd = tangled()
    of = state(as_of, of=crowd.plan, events=crowd.history, postings=paid, rules=crowd.postings.rules)
    found, balance = made(of), economy(of).balance

    holds_throughout(found)
    assert balance.financed in (None, balance.cost)
    assert value(found, ECONOMY, "Udgifter i alt", "C") == kroner(balance.cost)
    for row in budget_table(of, economy(of).budget).lines:
        assert row.line is not None
        assert value(found, OVERVIEW, row.line.line.id, "D") == kroner(row.line.spent)


def holds_throughout(found: Workbook) -> int:
    """Every formula gives the value beside it; how many there are."""
    formulas = list(found.formulas())
    for sheet, name, cell in formulas:
        calculated = found.calculated(sheet, name)
        exact = "/" not in cell.formula
        assert calculated == cell.value if exact or calculated == "" else _close(calculated, cell.value), (sheet, name)
    return len(formulas)


def _close(one: Value, other: Value) -> bool:
    return isinstance(one, Fraction) and isinstance(other, Fraction) and abs(one - other) < Fraction(1, 10**12)


def test_a_posting_that_is_corrected_by_hand_reaches_the_settlement_and_the_whole_economy() -> None:
    found = example(CLOSED)
    balance = "B" + rows(found, SETTLEMENT)["Mellemværende med tilskudsyder"]
    grant = "C" + rows(found, ECONOMY)["Tilskud"]
    row = next(name[1:] for name, cell in found.sheets[POSTINGS].items() if cell.value == "teamcoach")
    found.sheets[POSTINGS][f"N{row}"].value = Fraction(0)

    assert found.sheets[SETTLEMENT][balance].value == Fraction(18678114, 100)
    assert found.calculated(SETTLEMENT, balance) == Fraction(18678114 + 5521765, 100)
    assert found.calculated(ECONOMY, grant) == Fraction(680774686 - 5521765, 100)


def test_a_posting_that_is_placed_by_hand_is_no_longer_without_a_line() -> None:
    found = made(tangled())
    row = next(name[1:] for name, cell in found.sheets[POSTINGS].items() if cell.value == "Ikke fordelt")
    for column, text in (("J", "loen"), ("L", "Budgetpost")):
        found.sheets[POSTINGS][column + row] = next(
            cell for name, cell in found.sheets[POSTINGS].items() if name[0] == column and cell.value == text
        )

    assert found.calculated(OVERVIEW, "D" + rows(found, OVERVIEW)["Ikke fordelt på budgetposter"]) == 0
    assert found.calculated(OVERVIEW, "D" + rows(found, OVERVIEW)["loen"]) == Fraction(106 + 13)


# ── the overview and the years ───────────────────────────────────────────────────────────────


def test_the_overview_has_the_figures_of_the_model() -> None:
    found = example(date(2022, 12, 31))

    assert value(found, OVERVIEW, "I alt", "C") == Fraction(6_994_528)
    assert value(found, OVERVIEW, "I alt", "D") == Fraction(340328280, 100)
    assert value(found, OVERVIEW, "vikardaekning", "H") == Fraction(2_093_000)
    assert value(found, OVERVIEW, "vikardaekning", "J") == "Eget skøn"
    assert value(found, OVERVIEW, "teamcoach", "J") == "Månedsplan"
    assert value(found, OVERVIEW, "Ikke tilskudsberettiget, betalt uden for tilskuddet", "D") == Fraction(480)


def test_there_is_a_sheet_for_each_year_between_the_overview_and_the_instalments() -> None:
    others = [INSTALMENTS, SETTLEMENT, ECONOMY, POSTINGS]

    assert list(example(date(2022, 12, 31)).sheets) == [OVERVIEW, "2022", "2023", *others]
    assert list(made(tangled()).sheets) == [OVERVIEW, "2021", "2022", "2023", "2024", *others]


def test_what_waits_for_an_answer_stands_apart_and_counts_in_no_sum_above_it() -> None:
    of = tangled()
    found, table = made(of), budget_table(of, economy(of).budget)
    spent = {text: value(found, OVERVIEW, text, "D") for text in rows(found, OVERVIEW)}

    assert spent["Ikke fordelt på budgetposter"] == Fraction(7)
    assert spent["I alt"] == kroner(table.total.spent) == spent[LINES_SUM] + Fraction(7)  # type: ignore[operator]
    assert int(rows(found, OVERVIEW)[WAITING]) == int(rows(found, OVERVIEW)["I alt"]) + 1
    assert spent["Før tilskudsperioden, afklares"] == Fraction(11)
    assert spent["Efter tilskudsperioden, afklares"] == Fraction(17)
    assert spent["På poster, som budgettet ikke har, afklares"] == Fraction(4005, 100)
    assert spent["Bogført i alt"] == spent["I alt"] + 11 + 17 + Fraction(4005, 100)  # type: ignore[operator]
    assert value(found, "2021", "Før tilskudsperioden, afklares", "O") == Fraction(11)
    assert value(found, "2021", "I alt", "P") == Fraction(0)
    assert value(found, "2023", "På poster, som budgettet ikke har, afklares", "O") == Fraction(4005, 100)
    assert value(found, "2024", "Efter tilskudsperioden, afklares", "D") == Fraction(17)


def test_where_nothing_waits_no_row_says_so_and_the_forecast_is_summed_at_once() -> None:
    found = example(CLOSED)

    assert WAITING not in texts(found, OVERVIEW)
    assert value(found, OVERVIEW, "I alt", "H") == Fraction(680774686, 100)


def test_the_forecast_adds_down_to_the_models_past_what_waits() -> None:
    of = tangled()
    found = made(of)

    assert value(found, OVERVIEW, "I alt", "H") is None
    assert value(found, OVERVIEW, "Bogført i alt", "H") == kroner(economy(of).forecast)
    assert value(found, OVERVIEW, "Bogført i alt", "I") == kroner(economy(of).forecast_difference)


def test_a_line_that_is_gone_and_on_which_costs_were_allowed_has_a_row_without_a_budget() -> None:
    found = made(tangled())

    assert value(found, OVERVIEW, "kurser", "B") == "Kurser (ikke i budgettet)"
    assert value(found, OVERVIEW, "kurser", "C") == Fraction(0)
    assert value(found, OVERVIEW, "kurser", "D") == Fraction(333, 100)
    assert value(found, "2022", "kurser", "O") == Fraction(333, 100)
    assert value(found, "2022", "kurser", "C") is None


def test_no_sum_of_a_year_is_another_than_the_models() -> None:
    of = tangled()
    found, table = made(of), budget_table(of, economy(of).budget)

    for index, year in enumerate(table.years):
        sheet = str(year)
        for row in table.lines:
            assert row.line is not None
            assert value(found, sheet, row.line.line.id, "P") == kroner(row.by_year[index])
        assert value(found, sheet, "I alt", "P") == kroner(table.total.by_year[index])
        assert table.booked is not None
        assert value(found, sheet, "Bogført i alt", "P") == kroner(table.booked.by_year[index])


# ── what is known ────────────────────────────────────────────────────────────────────────────


def test_how_far_the_books_are_known_is_said_on_every_sheet() -> None:
    def top(of: State) -> set[str]:
        found = made(of)
        return {str(cells["A2"].value).split("2023. ", 1)[-1].replace("\xa0", " ") for cells in found.sheets.values()}

    paid = [posting(kr(5), posted=MARCH)]

    assert all("Forbruget er kendt til og med den 15. januar 2024." in said for said in top(tangled()))
    assert all(
        "den 31. marts 2022, dagen for den sidste postering: importen siger ikke, hvor langt den går." in said
        for said in top(state(events=[AWARDED], postings=paid))
    )
    assert all("Intet er importeret: forbruget kendes ikke." in said for said in top(state(events=[AWARDED])))


def test_an_own_estimate_has_its_day_beside_what_the_forecast_rests_on() -> None:
    estimate = event("estimate", MARCH, line="loen", amount=kr(250_000), reason="Som sidste år")
    found = made(state(CLOSED, events=[AWARDED, estimate]))

    assert {"Prognosens grundlag", "Skøn fra", "Begrundelse"} <= texts(found, OVERVIEW)
    said = ["Eget skøn", Fraction((MARCH - date(1899, 12, 30)).days), "Som sidste år"]
    assert [value(found, OVERVIEW, "loen", column) for column in "JKL"] == said
    assert value(found, OVERVIEW, "kurser", "K") is None


def test_spending_that_nobody_knows_is_no_figure_anywhere() -> None:
    estimate = event("estimate", MARCH, line="loen", amount=kr(250_000), reason="Som sidste år")
    own = Funding(kind="own", title="Egne timer", amount=kr(100_000))
    found = made(state(CLOSED, of=plan(funding=(own,)), events=[AWARDED, estimate]))
    overview = {text: [value(found, OVERVIEW, text, column) for column in "DFGH"] for text in rows(found, OVERVIEW)}

    assert overview["kurser"] == overview[LINES_SUM] == overview["I alt"] == [None] * 4
    assert overview["loen"] == [None, None, None, Fraction(250_000)]
    assert all(value(found, "2022", "loen", column) is None for column in "DEFGHIJKLMNOPQ")
    assert "Der er ingen opgørelse, før forbruget kendes." in texts(found, SETTLEMENT)
    assert [cell for name, cell in found.sheets[SETTLEMENT].items() if name[0] == "B" and name != "B4"] == []
    assert value(found, ECONOMY, "Udgifter i alt", "B") == Fraction(600_000)
    assert [value(found, ECONOMY, text, "C") for text in ("Udgifter i alt", "Tilskud", "I alt")] == [None] * 3
    assert value(found, ECONOMY, "31-12-2022", "C") == NOT_KNOWN


# ── the settlement and the whole economy ─────────────────────────────────────────────────────


def doubtful(*paid: Any) -> State:
    """A project that cost less than budgeted, partly paid by others, whose terms do not say who pays first."""
    funding = (
        Funding(kind="own", title="Egne timer", amount=kr(300_000)),
        Funding(kind="co", title="Regionen", amount=kr(200_000), id="regionen"),
    )
    received = event("instalment-received", JANUARY, amount=kr(500_000))
    return state(
        CLOSED,
        of=plan(funding=funding),
        events=[AWARDED, received, IMPORTED],
        postings=[posting(kr(400_000)), *paid],
    )


def test_each_outcome_stands_beside_the_others_where_no_term_says_who_pays_first() -> None:
    of = doubtful()
    found, outcomes = made(of), economy(of).settlement.outcomes
    heads = [value(found, SETTLEMENT, "Ved projektets afslutning", column) for column in "BCD"]

    assert heads == ["Tilskuddet betaler først", "De andre betaler først", "Alle betaler deres andel"]
    assert len({each.balance for each in outcomes}) == 3
    for column, each in zip("BCD", outcomes, strict=True):
        assert value(found, SETTLEMENT, "Dækkes af tilskuddet", column) == kroner(each.covered)
        assert value(found, SETTLEMENT, "Uforbrugt tilskud", column) == kroner(each.unspent)
        assert value(found, SETTLEMENT, "Mellemværende med tilskudsyder", column) == kroner(each.balance)
        assert value(found, SETTLEMENT, "Skal betales tilbage til tilskudsyder", column) == kroner(each.to_repay)
    assert "Opgørelsen er foreløbig: vilkårene siger ikke, hvem der betaler først. Spørg tilskudsyder." in texts(
        found, SETTLEMENT
    )
    assert holds_throughout(found)


def test_of_what_a_year_left_a_part_is_carried_over_and_never_more_than_is_left_when_a_posting_is_corrected() -> None:
    line = BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(300_000), 2023: kr(200_000)})
    part = event("change-approved", date(2023, 2, 1), change="carry-over", year=2022, amount=kr(15_000))
    of = plan(budgets=(Budget(id=AWARDED.budget, stage="award", lines=(line,)),))
    at = state(CLOSED, of=of, events=[AWARDED, IMPORTED, part], postings=[posting(kr(280_000))])
    found, by_hand = made(at), made(at)
    carried = "B" + rows(found, SETTLEMENT)["Overført fra året før"]

    assert value(found, SETTLEMENT, "Overført fra året før", "B") == kroner(kr(15_000))
    assert "Overførsel godkendt: 15.000 kr. af 20.000 kr." in texts(found, SETTLEMENT)
    assert holds_throughout(found)
    row = next(name[1:] for name, cell in by_hand.sheets[POSTINGS].items() if cell.value == "loen")
    by_hand.sheets[POSTINGS][f"N{row}"].value = Fraction(290_000)
    assert by_hand.calculated(SETTLEMENT, carried) == Fraction(10_000)


def test_what_the_grant_pays_is_not_said_while_it_depends_on_who_pays_first() -> None:
    found = made(doubtful())

    assert value(found, ECONOMY, "Tilskud", "C") == NOT_SETTLED
    assert value(found, ECONOMY, "Kommunens egen betaling", "C") == NOT_SETTLED
    assert value(found, ECONOMY, "Finansiering i alt", "C") == NOT_SETTLED
    at_the_end = [value(found, ECONOMY, "31-12-2023", column) for column in "BCD"]
    assert at_the_end == [Fraction(500_000), NOT_SETTLED, NOT_SETTLED]


def test_a_settlement_is_not_final_while_something_waits_and_says_what() -> None:
    late, unplaced = posting(kr(17), posted=date(2024, 1, 10)), posting(kr(7), account="5555")
    found = made(doubtful(late, unplaced))
    said = "Opgørelsen er foreløbig: der mangler svar i allocation.yaml på det, der står nederst på arket."

    assert said in texts(found, SETTLEMENT)
    assert value(found, SETTLEMENT, "Efter tilskudsperioden, afklares", "B") == Fraction(17)
    assert value(found, SETTLEMENT, "Ikke fordelt på budgetposter", "B") == Fraction(7)
    assert said not in texts(made(doubtful()), SETTLEMENT)
    assert said in texts(made(doubtful(late, posting(kr(-17), posted=date(2024, 1, 11)))), SETTLEMENT)


def test_a_settlement_of_books_that_end_too_early_is_not_final() -> None:
    of = state(CLOSED, events=[AWARDED], postings=[posting(kr(5))])

    assert "Opgørelsen er foreløbig: forbruget er ikke kendt til og med den 31.\xa0december 2023." in texts(
        made(of), SETTLEMENT
    )


def test_the_settlement_of_a_refused_grant_is_what_was_received_also_where_no_books_are_known() -> None:
    rate, refused = event("instalment-received", MARCH, amount=kr(125_000)), event("rejected", JUNE)
    for imports in ([], [IMPORTED]):
        found = made(state(CLOSED, events=[AWARDED, rate, refused, *imports], postings=[posting(kr(9))] * len(imports)))

        assert value(found, SETTLEMENT, "Skal betales tilbage til tilskudsyder", "B") == 125_000
        assert "Afslag 30.\N{NO-BREAK SPACE}juni 2022" in texts(found, SETTLEMENT)
        assert "Puljens vilkår nævner ingen bagatelgrænse." not in texts(found, SETTLEMENT)
        holds_throughout(found)


def test_the_whole_economy_has_both_sides_and_each_payers_own_part() -> None:
    of = tangled()
    found, balance = made(of), economy(of).balance

    assert value(found, ECONOMY, "Udgifter før tilskudsperioden, afklares", "C") == Fraction(11)
    assert value(found, ECONOMY, "Udgifter uden for tilskuddet", "C") == Fraction(8) + Fraction(101, 100)
    assert value(found, ECONOMY, "Udgifter i alt", "C") == kroner(balance.cost)
    assert value(found, ECONOMY, "Medfinansiering: Regionen", "C") == Fraction(12)
    assert value(found, ECONOMY, "Medfinansiering: Fonden", "C") == NOT_KNOWN
    assert value(found, ECONOMY, "Andre indtægter", "C") == Fraction(9)
    assert value(found, ECONOMY, "Egenfinansiering: Egen finansiering", "C") == Fraction(1)
    assert value(found, ECONOMY, "Betaler ikke nævnt", "C") == Fraction(9)
    assert value(found, ECONOMY, "I alt", "C") == kroner(economy(of).other_income) == Fraction(22)


def test_the_municipalitys_own_money_booked_under_its_name_is_still_its_own() -> None:
    rules = (rule("7300", other_income="kommunen"), rule("4001", line="loen"))
    own = Funding(kind="own", title="Egne penge", amount=kr(100), id="kommunen")
    paid = [posting(kr(1_000)), posting(kr(-100), account="7300")]
    of = state(CLOSED, of=plan(funding=(own,)), events=[AWARDED, IMPORTED], postings=paid, rules=rules)
    found = economy(of)

    assert found.balance.financed == found.balance.cost == kr(1_000)
    assert found.income.outstanding == kr(0)
    assert value(made(of), ECONOMY, "Kommunens egen betaling", "C") == Fraction(100)


def test_the_grant_at_each_years_end_is_the_models() -> None:
    found, ends = example(CLOSED), economy(open_project(EXAMPLE).dossier.state(CLOSED)).year_ends  # type: ignore[union-attr]

    assert [each.year for each in ends] == [2022, 2023]
    for each in ends:
        assert each.used is not None and each.unused is not None
        figures = [value(found, ECONOMY, f"{each.day:%d-%m-%Y}", column) for column in "BCD"]
        assert figures == [kroner(each.received), kroner(each.used), kroner(each.unused)]


def test_the_instalments_say_what_the_terms_do_not_say_of_when_they_come() -> None:
    first = Term(id="first-instalment", text="Efter aftale.", standing="verified", reference="brevet")

    def told(*terms: Term) -> set[str]:
        of = plan(terms=structs.replace(FUND, terms=terms))
        return texts(made(state(JUNE, of=of, events=[AWARDED])), INSTALMENTS)

    assert any(each.startswith("Tilskuddets rater, forud efter det gældende budget") for each in told(IN_ADVANCE))
    assert "Forventet til og med dagen" in told(IN_ADVANCE)
    assert any(each.startswith("Tilskuddets rater efter det gældende budget") for each in told())
    assert "Vilkårene siger ikke, hvornår raterne udbetales." in told()
    later = structs.replace(IN_ADVANCE, since=date(2022, 4, 1))
    arrears = Term(id="payment-in-arrears", text="Bagud.", standing="verified", reference="brevet")
    assert "Vilkårene siger først fra den 1.\N{NO-BREAK SPACE}april 2022, hvornår raterne udbetales." in told(later)
    assert any(each.startswith("Tilskuddets rater, bagud og siden forud efter") for each in told(later, arrears))
    assert "Første rate har ingen dag: Efter aftale." in told(first, IN_ADVANCE)
    assert "Forventet til og med dagen" not in told() | told(first, IN_ADVANCE)


def test_the_instalments_say_why_none_is_expected() -> None:
    no, closed = event("rejected", date(2022, 6, 1)), event("closed", date(2022, 6, 2), by="Styrelsen")
    of = plan(terms=structs.replace(FUND, terms=(IN_ADVANCE,)))

    def told(*events: AnyEvent) -> set[str]:
        return texts(made(state(JUNE, of=of, events=[AWARDED, *events])), INSTALMENTS)

    assert "Tilskudsyder gav afslag den 1.\xa0juni 2022: der ventes ingen rater." in told(no)
    assert "Tilskuddet blev afsluttet den 2.\xa0juni 2022: der ventes ikke flere rater." in told(closed)
    assert not any("tilsagn" in each or "der ventes" in each for each in told())


def test_a_year_says_what_was_spent_in_it_on_lines_without_years() -> None:
    pay = BudgetLine(id="loen", title="Løn", amount=kr(400_000), by_year={2022: kr(100_000), 2023: kr(300_000)})
    other = BudgetLine(id="kurser", title="Kurser", amount=kr(100_000))
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(pay, other)),))
    spent = [posting(kr(40_000)), posting(kr(7_000), account="4002")]
    rules = (rule("4001", line="loen"), rule("4002", line="kurser"))
    found = made(state(JUNE, of=of, events=[AWARDED], postings=spent, rules=rules))
    told = "7.000\xa0kr. er brugt på poster uden fordeling på år: det tager intet af årets rest."

    assert told in texts(found, "2022")
    assert told not in texts(found, "2023")
    holds_throughout(found)


def test_the_instalments_say_whether_the_books_or_the_log_was_asked() -> None:
    assert "Modtaget ifølge bogføringen." in texts(example(CLOSED), INSTALMENTS)
    assert "Modtaget ifølge loggen (events.yaml)." in texts(made(doubtful()), INSTALMENTS)


# ── the postings ─────────────────────────────────────────────────────────────────────────────


def test_every_posting_stands_with_its_place_and_where_it_was_read() -> None:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    of = dossier.state(date(2022, 12, 31))
    cells = made(of).sheets[POSTINGS]

    for row, part in enumerate(of.allocated, 5):
        assert cells[f"N{row}"].value == Fraction(int(part.amount), 100)
        assert (cells[f"O{row}"].value, cells[f"P{row}"].value) == (part.posting.file, part.posting.row)
        assert ("J" + str(row) in cells) == (part.line is not None)
    assert f"A{5 + len(of.allocated)}" not in cells


def of_posting(found: Workbook, column: str, text: Value) -> dict[str, Value]:
    """The first row of the postings' sheet that has a text in a column."""
    cells = found.sheets[POSTINGS]
    row = min(int(name[1:]) for name, cell in cells.items() if name[0] == column and cell.value == text)
    return {name[0]: cell.value for name, cell in cells.items() if name[1:] == str(row)}


def test_a_posting_says_when_it_was_performed_and_the_day_that_it_counts_on() -> None:
    found = made(tangled())
    by_rule, by_books = of_posting(found, "F", "71"), of_posting(found, "J", "kurser")
    days = {day: Fraction((day - date(1899, 12, 30)).days) for day in (JUNE, date(2022, 5, 31), date(2023, 12, 1))}

    assert (by_rule["A"], by_rule["B"], by_rule["C"]) == (
        days[JUNE],
        days[date(2022, 5, 31)],
        days[date(2022, 5, 31)],
    )
    assert (by_rule["D"], by_rule["E"]) == (2022, 5)
    assert (by_books["A"], by_books.get("B"), by_books["C"]) == (days[date(2023, 12, 1)], None, days[date(2023, 12, 1)])


def test_each_posting_of_a_line_that_was_divided_stands_on_those_that_carry_it_on() -> None:
    of = tangled()
    parts = [(row.part.posting.voucher, row.line, row.amount) for row in ledger(of) if row.part.line == "rejser"]
    found = made(of)

    assert parts == [
        ("71", "moeder", kr(3, 33)),
        ("71", "koersel", kr(6, 67)),
        ("72", "moeder", kr(6, 67)),
        ("72", "koersel", kr(13, 34)),
    ]
    assert "rejser" not in texts(found, POSTINGS)
    assert value(found, OVERVIEW, "moeder", "D") == Fraction(10)
    assert value(found, "2022", "koersel", "H") == Fraction(2001, 100)


def test_a_posting_says_why_it_does_not_count_who_paid_it_and_who_allowed_it() -> None:
    found = made(tangled())

    assert of_posting(found, "I", "Fejl")["L"] == "Tilbageført i bogføringen"
    assert of_posting(found, "L", "På en post, som budgettet ikke har, afklares")["J"] == "kurser"
    assert of_posting(found, "L", "Efter tilskudsperioden, afklares")["N"] == Fraction(17)
    assert of_posting(found, "M", "regionen")["L"] == "Anden indtægt"
    assert of_posting(found, "M", "Ikke nævnt")["N"] == Fraction(-9)
    assert of_posting(found, "Q", "Styrelsen, brev af 3. marts")["L"] == "Budgetpost"


def test_what_was_allowed_is_told_by_whoever_allowed_it_and_by_the_text_of_a_term() -> None:
    term = Term(id="audit", text="Revision må betales efter perioden.", standing="verified", reference="vejledningen")
    terms = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…", terms=(term,))
    rules = (rule("4600", line="kurser", allowed="audit"), rule("4001", line="loen", allowed="Styrelsen"))
    paid = [posting(kr(30), date(2024, 1, 10), account="4600"), posting(kr(5))]
    of = state(CLOSED, of=plan(terms=terms), events=[AWARDED, IMPORTED], postings=paid, rules=rules)
    found = made(of)

    later = structs.replace(terms, terms=(structs.replace(term, since=date(2024, 1, 11)),))
    before = made(state(CLOSED, of=plan(terms=later), events=[AWARDED, IMPORTED], postings=paid, rules=rules))

    assert "Q" not in of_posting(before, "N", Fraction(30))
    assert value(found, ECONOMY, term.text, "C") == Fraction(30)
    assert of_posting(found, "N", Fraction(30))["Q"] == term.text
    assert "Q" not in of_posting(found, "N", Fraction(5))
    assert value(found, "2024", "kurser", "P") == Fraction(30)


def test_every_sheet_of_constructed_figures_says_so() -> None:
    found = example(date(2022, 12, 31))

    for sheet, cells in found.sheets.items():
        assert cells["A3"].value == "Konstrueret eksempel – ikke kommunens tal."
        assert "Konstrueret eksempel" in found.xml[sheet].split("<oddFooter>")[1]


def test_real_figures_are_not_called_constructed() -> None:
    assert "A3" not in made(tangled()).sheets[OVERVIEW]


def test_one_constructed_order_makes_the_workbook_constructed() -> None:
    order = event("ordered", MARCH, line="loen", amount=kr(5), synthetic=True)

    assert "A3" in made(state(events=[AWARDED, order])).sheets[OVERVIEW]


def test_what_the_user_wrote_is_never_a_formula() -> None:
    estimate = event("estimate", MARCH, line="loen", amount=kr(250_000), reason="+ vikarer")
    books = [made(tangled()), made(state(JUNE, events=[AWARDED, estimate]))]
    sheets = [cells for found in books for cells in found.sheets.values()]
    texts = [cell for cells in sheets for cell in cells.values() if str(cell.value).startswith(("=", "+"))]

    assert {cell.value for cell in texts} == {"=cmd|' /C calc'!A0", "=Kun en del", "+ vikarer"}
    assert {cell.formula for cell in texts} == {""}
