from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from tests.core.test_spending import books
from tests.core.worlds import AWARD, AWARDED, JUNE, MARCH, OCTOBER, RULES, event, plan, posting, state
from toolkit.core.dossier import Dossier
from toolkit.core.economy import Economy, economy_of
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Funding
from toolkit.core.postings import Posting, Rule
from toolkit.core.problems import At, Span
from toolkit.project import open_project

EXAMPLE = Path(__file__).resolve().parents[2] / "projects/thisted-nordthy"


@pytest.fixture(scope="module")
def example() -> Dossier:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    return dossier


def economy(dossier: Dossier, as_of: date) -> Economy:
    found = economy_of(dossier.state(as_of))
    assert found is not None
    return found


def forecasts(found: Economy) -> Mapping[str, tuple[Money, str]]:
    return {each.line.id: (each.forecast.amount, each.forecast.basis) for each in found.lines}


# ── the example, to the øre ──────────────────────────────────────────────────────────────────


def test_the_example_at_new_year_has_something_to_carry_over(example: Dossier) -> None:
    found = economy(example, date(2022, 12, 31))

    assert [(year.year, year.budget, year.spent) for year in found.years] == [
        (2022, kr(3_468_064), kr(3_403_282, 80)),
        (2023, kr(3_526_464), kr(0)),
    ]
    assert [each.spent for each in found.phases] == [kr(1_650_168, 27), kr(1_753_114, 53), kr(0)]
    assert (found.settlement.years[0].left, found.settlement.years[0].carry_over) == (kr(64_781, 20), "to-ask-for")
    assert found.settlement.final == ()


def test_the_example_at_new_year_expects_by_three_ways(example: Dossier) -> None:
    found = economy(example, date(2022, 12, 31))
    said = forecasts(found)

    assert said["vikardaekning"] == (kr(2_093_000), "own-estimate")
    assert said["teamcoach"] == (kr(999_122, 85), "monthly-plan")
    assert said["projektleder"] == (kr(1_464_229, 80), "straight-line")
    assert said["slutevaluering"] == (kr(242_000), "budget")
    assert found.forecast == kr(6_972_155, 25)


def test_the_example_was_paid_as_its_fund_pays(example: Dossier) -> None:
    paid = economy(example, date(2023, 1, 31)).instalments

    assert [each.amount for each in paid.expected] == [kr(867_016)] * 4 + [kr(881_616)] * 4
    assert (paid.expected_so_far, paid.received_amount, paid.difference) == (kr(4_349_680), kr(4_349_680), kr(0))
    assert paid.next is not None
    assert paid.next.due == date(2023, 4, 1)


def test_the_example_paid_back_what_the_settlement_says(example: Dossier) -> None:
    before, after = economy(example, date(2024, 3, 31)).settlement, economy(example, date(2024, 6, 30)).settlement

    assert (before.unspent, before.to_repay) == (kr(186_781, 14), kr(186_781, 14))
    assert (after.unspent, after.to_repay, after.to_receive) == (kr(186_781, 14), kr(0), kr(0))
    assert before.floor is not None
    assert before.floor.amount == kr(500)


# ── the whole ────────────────────────────────────────────────────────────────────────────────


def test_without_a_budget_there_is_no_economy() -> None:
    assert economy_of(state(of=plan(budgets=()))) is None


def test_a_late_voucher_does_not_change_what_march_expected() -> None:
    late = posting(kr(9_000), posted=date(2022, 3, 30), imported=OCTOBER)
    alone = economy_of(state(MARCH, date(2022, 4, 15), events=[AWARDED]))
    before = economy_of(state(MARCH, date(2022, 4, 15), events=[AWARDED], postings=[late]))
    after = economy_of(state(MARCH, OCTOBER, events=[AWARDED], postings=[late]))

    assert alone == before != after


def test_what_stands_on_no_line_is_expected_too_for_it_is_spent() -> None:
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(BudgetLine(id="loen", title="Løn", amount=kr(1)),)),))
    paid = [posting(kr(700), account="4600"), posting(kr(30), account="5555")]
    found = economy_of(state(JUNE, of=of, events=[AWARDED], postings=paid))

    assert found is not None
    assert found.forecast == kr(1 + 700 + 30)


def test_a_line_without_money_has_no_share_to_use() -> None:
    lines = (BudgetLine(id="loen", title="Løn", amount=kr(0)), BudgetLine(id="kurser", title="Kurser", amount=kr(200)))
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=lines),))
    found = economy_of(state(of=of, events=[AWARDED], postings=[posting(kr(50), account="4600")]))

    assert found is not None
    assert [each.used for each in found.lines] == [None, Fraction(1, 4)]


def test_the_budgets_own_funding_goes_before_the_plans() -> None:
    ours, theirs = Funding(kind="own", title="Egen", amount=kr(1)), Funding(kind="co", title="Fond", amount=kr(2))
    with_funding = Budget(id=AWARD.id, stage="award", lines=AWARD.lines, funding=(theirs,))

    for of, funding in ((plan(funding=(ours,)), ours), (plan(funding=(ours,), budgets=(with_funding,)), theirs)):
        found = economy_of(state(of=of, events=[AWARDED]))
        assert found is not None
        assert found.funding == (funding,)


def test_a_budget_that_says_itself_that_nobody_else_pays_has_no_other_funding() -> None:
    ours, nobody = (
        Funding(kind="own", title="Egen", amount=kr(1)),
        At(Span("x.yaml", 1, 1), {"funding": Span("x", 1, 1)}),
    )
    alone = Budget(id=AWARD.id, stage="award", lines=AWARD.lines, at=nobody)
    found = economy_of(state(of=plan(funding=(ours,), budgets=(alone,)), events=[AWARDED]))

    assert found is not None
    assert found.funding == ()


def test_what_others_paid_is_an_income_above_zero() -> None:
    rules = (Rule(account="7100", other_income=True),)
    paid = posting(kr(-20_000), account="7100")
    found = economy_of(state(events=[AWARDED], postings=[paid], rules=rules))

    assert found is not None
    assert found.other_income == kr(20_000)
    assert found.budget.spent == kr(0)


def test_income_of_a_payer_that_the_budget_does_not_have_stands_with_what_names_none() -> None:
    rules = (Rule(account="7100", other_income=True), Rule(account="7200", other_income="ukendt"))
    paid = [posting(kr(-3), account="7100"), posting(kr(-1), account="7200")]
    found = economy_of(state(events=[AWARDED], postings=paid, rules=rules))

    assert found is not None
    assert found.income.unnamed == kr(4)


def test_a_budgets_bases_are_those_that_its_lines_have() -> None:
    estimate = event("estimate", JUNE, line="kurser", amount=kr(90_000), reason="Skøn")
    paid = [posting(kr(5))]
    for events, postings, bases in (
        ([AWARDED], paid, {"budget"}),
        ([AWARDED, estimate], paid, {"own-estimate", "budget"}),
        ([AWARDED, estimate], [], set()),
    ):
        found = economy_of(state(JUNE, events=events, postings=postings))
        assert found is not None
        assert set(found.forecast_bases) == bases


def test_what_comes_and_goes_on_a_years_last_day_is_that_years() -> None:
    last_day, rules = date(2022, 12, 31), (Rule(account="7100", other_income=True), *RULES)
    paid = [posting(kr(9_000), posted=last_day), posting(kr(-2_000), posted=last_day, account="7100")]
    log = [
        event("instalment-received", last_day, amount=kr(20_000)),
        event("repaid", last_day, amount=kr(5_000)),
    ]
    found = economy_of(state(last_day, events=[AWARDED, *log], postings=paid, rules=rules))

    assert found is not None
    assert [(each.year, each.received, each.used) for each in found.year_ends] == [(2022, kr(15_000), kr(7_000))]


@pytest.mark.parametrize(("amounts", "realised"), [([], kr(0)), ([-20_000], None), ([20_000], None)])
def test_while_there_is_money_without_a_name_nobody_knows_what_a_payer_has_paid(
    amounts: list[int], realised: Money | None
) -> None:
    fund = Funding(kind="co", title="Fond", amount=kr(50_000))
    paid = [posting(kr(1)), *(posting(kr(amount), account="7100") for amount in amounts)]
    rules = (Rule(account="7100", other_income=True), *RULES)
    found = economy_of(state(of=plan(funding=(fund,)), events=[AWARDED], postings=paid, rules=rules))

    assert found is not None
    assert [each.realised for each in found.income.payers] == [realised]


@given(books)
def test_the_budget_is_what_is_spent_committed_unplaced_and_left(paid: list[Posting]) -> None:
    found = economy_of(state(date(2024, 12, 31), events=[AWARDED], postings=paid))

    assert found is not None
    budget = found.budget
    assert budget.amount == budget.spent + budget.committed + budget.unallocated + budget.remaining
    assert budget.spent == total(each.state.spent for each in found.lines)
    cost = total(row.amount for row in paid if row.account != "8610") if paid else None
    assert found.balance.cost == cost == found.balance.financed


@pytest.mark.parametrize(
    ("budgeted", "side", "row"), [(600_000, "financing", "unstated"), (400_000, "costs", "unassigned")]
)
def test_what_the_budgets_two_sides_are_apart_has_a_row_of_its_own(budgeted: int, side: str, row: str) -> None:
    version = Budget(id=AWARD.id, stage="award", lines=(BudgetLine(id="loen", title="Løn", amount=kr(budgeted)),))
    found = economy_of(state(of=plan(budgets=(version,)), events=[AWARDED], postings=[posting(kr(1))]))

    assert found is not None
    last = getattr(found.balance, side)[-1]
    assert (last.what, last.budget, last.actual) == (row, kr(100_000), None)
    assert found.balance.cost_budget == found.balance.financing_budget == kr(max(budgeted, 500_000))
    assert found.balance.cost == found.balance.financed == kr(1)


def test_a_budget_without_a_grant_says_that_nobody_is_named_who_pays() -> None:
    version = Budget(id=AWARD.id, stage="award", lines=(BudgetLine(id="loen", title="Løn", amount=kr(150_000)),))
    found = economy_of(state(of=plan(grant=None, budgets=(version,)), postings=[posting(kr(1))]))

    assert found is not None
    assert [(each.what, each.budget) for each in found.balance.financing] == [("own", None), ("unstated", kr(150_000))]
