from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import AWARD, AWARDED, DECEMBER, RULES, event, plan, posting, state
from toolkit.core.economy import economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, Term
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Plan
from toolkit.core.postings import Posting, Rule
from toolkit.core.settlement import Settlement, Step, Sum

LAST_OF_2022, FIRST_OF_2023 = date(2022, 12, 31), date(2023, 1, 1)

FLOOR = Term(
    id="repayment-floor",
    text="Krav under 500 kr. bortfalder.",
    standing="sibling",
    reference="håndbogen",
    amount=kr(500),
)
FUND = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", terms=(FLOOR,))
PAY = BudgetLine(id="loen", title="Løn", amount=kr(400_000), by_year={2022: kr(200_000), 2023: kr(200_000)})
COURSES = BudgetLine(id="kurser", title="Kurser", amount=kr(100_000), by_year={2022: kr(100_000), 2023: kr(0)})
OF = plan(terms=FUND, budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY, COURSES)),))
RECEIVED = event("instalment-received", date(2022, 1, 3), amount=kr(500_000))


def settled(
    as_of: date = DECEMBER,
    known_by: date | None = None,
    *,
    of: Plan = OF,
    paid: Iterable[Posting] = (),
    events: Iterable[AnyEvent] = (),
    rules: tuple[Rule, ...] = RULES,
) -> Settlement:
    found = economy_of(state(as_of, known_by, of=of, events=[AWARDED, RECEIVED, *events], postings=paid, rules=rules))
    assert found is not None
    return found.settlement


def carried(kind: str, happened: date, **keys: Any) -> AnyEvent:
    return event(kind, happened, change="carry-over", **keys)


def spent(kroner: int, year: int = 2022, account: str = "4001") -> Posting:
    return posting(kr(kroner), posted=date(year, 6, 1), imported=date(year, 6, 1), account=account)


def told(sum: Sum) -> dict[str, Money]:
    return {step.what: step.amount for step in (*sum.terms, sum.result)}


def final(found: Settlement, result: str) -> dict[str, Money]:
    return next(told(sum) for sum in found.final if sum.result.what == result)


# ── from year to year ────────────────────────────────────────────────────────────────────────


def test_what_a_year_left_is_to_be_asked_for_once_the_year_is_over() -> None:
    during, after = settled(date(2022, 12, 30), paid=[spent(250_000)]), settled(LAST_OF_2022, paid=[spent(250_000)])

    assert (during.years[0].left, during.years[0].carry_over) == (kr(50_000), None)
    assert (after.years[0].left, after.years[0].carry_over) == (kr(50_000), "to-ask-for")


def test_an_approved_carry_over_is_the_next_years_to_spend() -> None:
    found = settled(paid=[spent(250_000)], events=[carried("change-approved", date(2023, 2, 15))])

    assert found.years[0].carry_over == "approved"
    assert told(found.years[1].sum) == {
        "budget": kr(200_000),
        "carried-in": kr(50_000),
        "spent": kr(0),
        "left": kr(250_000),
    }


@pytest.mark.parametrize(("kind", "carry_over"), [("change-requested", "requested"), ("change-refused", "refused")])
def test_a_carry_over_without_approval_gives_the_next_year_nothing(kind: str, carry_over: str) -> None:
    found = settled(paid=[spent(250_000)], events=[carried(kind, date(2023, 2, 15))])

    assert found.years[0].carry_over == carry_over
    assert found.years[1].left == kr(200_000)


def test_the_last_word_about_a_carry_over_counts() -> None:
    refused_first = [carried("change-refused", FIRST_OF_2023), carried("change-approved", date(2023, 3, 1))]

    assert settled(paid=[spent(1)], events=refused_first).years[0].carry_over == "approved"


@pytest.mark.parametrize("day", [date(2022, 7, 1), date(2022, 12, 20), date(2023, 6, 30)])
def test_an_approval_is_about_the_turn_of_the_year_that_is_nearest(day: date) -> None:
    assert settled(events=[carried("change-approved", day)]).years[0].carry_over == "approved"


def test_an_approval_about_the_year_before_says_nothing_of_this_one() -> None:
    early = carried("change-approved", date(2022, 6, 30))

    assert settled(events=[early]).years[0].carry_over == "to-ask-for"


def test_a_new_budget_that_moves_the_money_leaves_less_to_carry() -> None:
    moved = Budget(
        id="2023-02-15-change",
        stage="change",
        lines=(BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(250_000), 2023: kr(250_000)}),),
    )
    of = plan(terms=FUND, budgets=(*OF.budgets, moved))
    approved = carried("change-approved", date(2023, 2, 15), budget=moved.id)
    found = settled(of=of, paid=[spent(250_000)], events=[approved])

    assert [(year.left, year.carry_over) for year in found.years] == [(kr(0), None), (kr(250_000), None)]


def test_an_overspent_year_takes_nothing_from_the_next() -> None:
    found = settled(paid=[spent(310_000)])

    assert [year.left for year in found.years] == [kr(-10_000), kr(200_000)]
    assert found.years[0].carry_over is None


def test_a_budget_without_years_has_no_year_to_settle() -> None:
    whole = BudgetLine(id="loen", title="Løn", amount=kr(500_000))
    of = plan(terms=FUND, budgets=(Budget(id=AWARD.id, stage="award", lines=(whole,)),))

    assert settled(of=of).years == ()


# ── the end ──────────────────────────────────────────────────────────────────────────────────


def test_there_is_nothing_final_before_the_period_ends() -> None:
    before = settled(date(2023, 12, 30), paid=[spent(300_000)])

    assert before.final == ()
    assert (before.unspent, before.balance, before.to_repay, before.to_receive) == (None,) * 4


def test_what_is_unspent_goes_back() -> None:
    found = settled(paid=[spent(300_000), spent(150_000, 2023)])

    assert final(found, "balance") == {
        "received": kr(500_000),
        "repaid": kr(0),
        "covered": kr(-450_000),
        "balance": kr(50_000),
    }
    assert (found.unspent, found.to_repay, found.to_receive) == (kr(50_000), kr(50_000), kr(0))


def test_what_was_repaid_is_not_asked_for_again() -> None:
    back = event("repaid", date(2024, 6, 26), amount=kr(50_000))
    found = settled(date(2024, 7, 1), paid=[spent(300_000), spent(150_000, 2023)], events=[back])

    assert (found.unspent, found.to_repay, found.to_receive) == (kr(50_000), kr(0), kr(0))


def test_the_grant_never_covers_more_than_was_awarded() -> None:
    found = settled(paid=[spent(300_000), spent(240_000, 2023)])

    assert final(found, "covered") == {
        "spent-on-lines": kr(540_000),
        "not-covered": kr(-40_000),
        "covered": kr(500_000),
    }
    assert (found.unspent, found.to_repay, found.to_receive) == (kr(0), kr(0), kr(0))


def test_what_the_state_has_not_paid_yet_is_to_be_received() -> None:
    held = event("corrected", date(2022, 1, 4), event=RECEIVED.called, values={"amount": kr(400_000)})
    found = settled(paid=[spent(300_000), spent(190_000, 2023)], events=[held])

    assert (found.to_repay, found.to_receive) == (kr(0), kr(90_000))


def test_what_others_paid_is_not_covered_again() -> None:
    rules = (Rule(account="7100", other_income=True), *RULES)
    found = settled(paid=[spent(300_000), spent(-20_000, account="7100")], rules=rules)

    assert final(found, "covered")["other-income"] == kr(-20_000)
    assert final(found, "covered")["covered"] == kr(280_000)


def test_what_lies_on_no_approved_line_is_not_covered() -> None:
    found = settled(paid=[spent(100_000), spent(7_000, account="5555"), spent(3_000, account="2900")])

    assert final(found, "covered")["covered"] == kr(100_000)


def test_what_a_year_left_without_leave_is_lost_to_the_next() -> None:
    overspends = [spent(250_000), spent(240_000, 2023)]
    approved = carried("change-approved", date(2023, 2, 15))

    without, with_leave = settled(paid=overspends), settled(paid=overspends, events=[approved])

    assert final(without, "available") == {
        "awarded": kr(500_000),
        "not-carried-over": kr(-50_000),
        "available": kr(450_000),
    }
    assert without.final[0].terms[1].year == 2022
    assert (without.to_repay, with_leave.to_repay) == (kr(50_000), kr(10_000))


def test_of_what_is_lost_the_grant_loses_its_own_part() -> None:
    funding = (Funding(kind="own", title="Egen", amount=kr(500_000)),)
    twice = tuple(
        BudgetLine(id=line.id, title="Post", amount=kr(500_000), by_year={2022: kr(300_000), 2023: kr(200_000)})
        for line in (PAY, COURSES)
    )
    of = plan(terms=FUND, funding=funding, budgets=(Budget(id=AWARD.id, stage="award", lines=twice),))

    assert final(settled(of=of, paid=[spent(560_000)]), "available")["not-carried-over"] == kr(-20_000)


def test_a_rejected_project_has_nothing_to_settle() -> None:
    assert settled(events=[event("rejected", date(2021, 12, 17))]).final == ()


# ── small claims ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("left", "to_repay", "dropped"), [(499, 0, True), (500, 500, False), (0, 0, False)])
def test_a_claim_below_the_funds_floor_is_dropped_by_the_funds_own_rule(
    left: int, to_repay: int, dropped: bool
) -> None:
    found = settled(paid=[spent(300_000), spent(200_000 - left, 2023)])

    assert (found.to_repay, found.dropped, found.floor) == (kr(to_repay), dropped, FLOOR)
    assert found.unspent == kr(left)


def test_without_the_funds_terms_every_krone_goes_back() -> None:
    of = plan(budgets=OF.budgets)
    found = settled(of=of, paid=[spent(300_000), spent(199_999, 2023)])

    assert (found.to_repay, found.dropped, found.floor) == (kr(1), False, None)


def test_the_floor_drops_no_claim_of_the_municipalitys_own() -> None:
    short = event("corrected", date(2022, 1, 4), event=RECEIVED.called, values={"amount": kr(499_900)})

    assert settled(paid=[spent(300_000), spent(200_000, 2023)], events=[short]).to_receive == kr(100)


@given(
    st.lists(st.tuples(st.integers(-40_000_000, 40_000_000), st.sampled_from([2021, 2022, 2023, 2024])), max_size=6),
    st.sampled_from([None, "change-requested", "change-approved", "change-refused"]),
)
def test_every_result_is_the_sum_of_its_steps(paid: list[tuple[int, int]], answer: str | None) -> None:
    postings = [posting(Money(oere), posted=date(year, 2, 1), imported=date(year, 2, 1)) for oere, year in paid]
    events = [carried(answer, date(2023, 2, 15))] if answer else []
    found = settled(date(2024, 12, 31), of=OF, paid=postings, events=events)

    for sum in (*(year.sum for year in found.years), *found.final):
        assert total(term.amount for term in sum.terms) == sum.result.amount
    assert kr(0) <= final(found, "covered")["covered"] <= kr(500_000)
    assert found.unspent == kr(500_000) - final(found, "covered")["covered"]


def test_what_is_lost_says_of_which_year() -> None:
    assert settled().final[0].terms == (Step("awarded", kr(500_000)), Step("not-carried-over", kr(-300_000), 2022))
