from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import AWARD, AWARDED, DECEMBER, JANUARY, JUNE, PLAN, event, plan, posting, state
from toolkit.core.fund import Fund, Instalments
from toolkit.core.instalments import expected, instalments
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Period, Plan
from toolkit.core.postings import Posting
from toolkit.core.records import Month

TWO_YEARS = Period(starts=date(2022, 1, 1), ends=date(2023, 12, 31))
FUND = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", instalments="quarterly")
PAY = BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(300_000), 2023: kr(200_000)})
BY_MONTH = BudgetLine(
    id="kurser",
    title="Kurser",
    amount=kr(500_000),
    by_month={Month("2022-02"): kr(100_000), Month("2022-12"): kr(200_000), Month("2023-04"): kr(200_000)},
)


def budget(*lines: BudgetLine) -> Budget:
    return Budget(id=AWARD.id, stage="award", lines=lines)


def paid_quarterly(*lines: BudgetLine) -> Plan:
    return plan(terms=FUND, budgets=(budget(*lines),))


HALF_A_MILLION = kr(500_000)


def amounts(*lines: BudgetLine, granted: Money = HALF_A_MILLION) -> list[Money]:
    return [each.amount for each in expected(budget(*lines), granted, TWO_YEARS, "quarterly")]


def test_a_year_is_paid_in_four_equal_parts() -> None:
    assert amounts(PAY) == [kr(75_000)] * 4 + [kr(50_000)] * 4


def test_a_budget_by_months_is_paid_by_months() -> None:
    assert amounts(BY_MONTH) == [
        *(kr(100_000), kr(0), kr(0), kr(200_000)),
        *(kr(0), kr(200_000), kr(0), kr(0)),
    ]


def test_a_year_where_one_line_lacks_months_is_paid_in_equal_parts() -> None:
    assert amounts(PAY, BY_MONTH, granted=kr(1_000_000)) == [kr(150_000)] * 4 + [kr(100_000)] * 4


def test_a_line_without_years_lies_equally_on_all() -> None:
    assert amounts(BudgetLine(id="loen", title="Løn", amount=kr(500_000))) == [kr(62_500)] * 8


def test_a_line_without_years_is_added_to_those_that_have_them() -> None:
    without_years = BudgetLine(id="moebler", title="Møbler", amount=kr(400_000))

    assert amounts(PAY, without_years, granted=kr(900_000)) == [kr(125_000)] * 4 + [kr(100_000)] * 4
    assert amounts(BY_MONTH, without_years, granted=kr(900_000)) == [
        *(kr(150_000), kr(50_000), kr(50_000), kr(250_000)),
        *(kr(50_000), kr(250_000), kr(50_000), kr(50_000)),
    ]


def test_the_grant_pays_its_share_of_each_where_others_pay_too() -> None:
    assert amounts(PAY, granted=kr(250_000)) == [kr(37_500)] * 4 + [kr(25_000)] * 4


def test_a_period_that_begins_inside_a_quarter_is_paid_from_its_own_first_day() -> None:
    period = Period(starts=date(2022, 2, 15), ends=date(2022, 8, 31))
    found = expected(budget(PAY), kr(300_000), period, "quarterly")

    assert [(each.number, each.due, each.ends) for each in found] == [
        (1, date(2022, 2, 15), date(2022, 3, 31)),
        (2, date(2022, 4, 1), date(2022, 6, 30)),
        (3, date(2022, 7, 1), date(2022, 8, 31)),
    ]


@pytest.mark.parametrize(("frequency", "count"), [("quarterly", 8), ("half-yearly", 4), ("yearly", 2)])
def test_how_often_is_the_funds_own_word(frequency: Instalments, count: int) -> None:
    assert len(expected(budget(PAY), kr(500_000), TWO_YEARS, frequency)) == count


@given(
    st.integers(0, 900_000_000),
    st.lists(st.tuples(st.integers(0, 90_000_000), st.integers(0, 90_000_000)), min_size=1, max_size=6),
    st.sampled_from(["quarterly", "half-yearly", "yearly"]),
    st.dates(date(2022, 1, 1), date(2023, 12, 31)),
)
def test_the_instalments_sum_to_the_grant(
    granted: int, years: list[tuple[int, int]], frequency: Instalments, starts: date
) -> None:
    lines = [
        BudgetLine(id=f"post-{i}", title="Post", amount=Money(a + b), by_year={2022: Money(a), 2023: Money(b)})  # type: ignore[arg-type]
        for i, (a, b) in enumerate(years)
    ]
    period = Period(starts=starts, ends=date(2023, 12, 31))
    found = expected(budget(*lines), Money(granted), period, frequency)

    assert total(each.amount for each in found) == Money(granted)
    assert all(each.amount >= kr(0) for each in found)


def test_what_came_is_held_against_what_is_due_by_the_day() -> None:
    came = event("instalment-received", JANUARY, amount=kr(75_000))
    held = event("instalment-withheld", date(2022, 4, 1), amount=kr(75_000), reason="Rapporten mangler")
    found = instalments(state(JUNE, of=paid_quarterly(PAY), events=[AWARDED, came, held]))

    assert (found.expected_so_far, found.received_amount, found.withheld_amount) == (
        kr(150_000),
        kr(75_000),
        kr(75_000),
    )
    assert found.difference == kr(-75_000)
    assert found.next is not None
    assert (found.next.due, found.next.amount) == (date(2022, 7, 1), kr(75_000))


def test_the_next_instalment_is_the_next_that_is_of_something() -> None:
    paid = paid_quarterly(BY_MONTH)
    soon, none = (instalments(state(day, of=paid, events=[AWARDED])).next for day in (JANUARY, date(2023, 4, 1)))

    assert soon is not None
    assert (soon.due, soon.amount) == (date(2022, 10, 1), kr(200_000))
    assert none is None


def test_an_instalment_that_only_the_books_know_counts_as_received() -> None:
    booked = posting(kr(-75_000), posted=JANUARY, account="8610")
    found = instalments(state(JUNE, of=paid_quarterly(PAY), events=[AWARDED], postings=[booked]))

    assert [(each.day, each.amount) for each in found.received] == [(JANUARY, kr(75_000))]


def test_a_repayment_that_log_and_books_have_is_the_logs_alone_whatever_was_booked_that_day() -> None:
    rows = [posting(kr(-75_000), posted=JUNE, account="8610"), posting(kr(5_000), posted=JUNE, account="8610")]
    earlier = posting(kr(5_000), posted=JANUARY, account="8610")
    back = event("repaid", JUNE, amount=kr(5_000))

    def received(*booked: Posting) -> list[tuple[date, Money]]:
        found = instalments(state(JUNE, of=paid_quarterly(PAY), events=[AWARDED, back], postings=booked))
        return [(each.day, each.amount) for each in found.received]

    assert received(*rows) == [(JUNE, kr(75_000))]
    assert received(*rows, earlier) == [(JANUARY, kr(-5_000)), (JUNE, kr(75_000))]


APRIL, MAY, JULY = date(2022, 4, 1), date(2022, 5, 10), date(2022, 7, 4)

# What the log and the books have, in thousands by day: (instalments, repayments) of the log, all rows of the books.
# The books reach to the end of June.
TOGETHER = {
    "a repayment in two parts": ({JANUARY: 500}, {MAY: 150}, [(JANUARY, 500), (MAY, -100), (MAY, -50)], 500),
    "a repayment that is a little off": ({JANUARY: 500}, {MAY: 150}, [(JANUARY, 500), (MAY, -149)], 500),
    "an instalment booked by mistake, and a repayment that is not booked": (
        {JANUARY: 150, APRIL: 200},
        {JULY: 150},
        [(JANUARY, 150), (JANUARY, -150), (JANUARY, 150), (APRIL, 200)],
        350,
    ),
    "a whole instalment that went back": (
        {JANUARY: 150, APRIL: 150},
        {MAY: 150},
        [(JANUARY, 150), (APRIL, 150), (MAY, -150)],
        300,
    ),
    "an instalment that was logged after the books' last day": (
        {JANUARY: 100, JULY: 100},
        {},
        [(JANUARY, 100), (JUNE, 100)],
        200,
    ),
    "the next instalment, of the same amount": ({JANUARY: 100, JULY: 100}, {}, [(JANUARY, 100)], 200),
    "one that only the books have": ({JANUARY: 100}, {MAY: 30}, [(JANUARY, 100), (APRIL, 90), (MAY, -30)], 190),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_nothing_that_log_and_books_both_have_is_received_or_paid_back_twice(case: str) -> None:
    logged, repaid, booked, received = TOGETHER[case]
    events = [
        AWARDED,
        event("imported", JANUARY, file="postings/a.csv", digest="sha256:0", ends=JUNE),
        *(
            event("instalment-received", day, amount=kr(each * 1000), called=f"rate {day}")
            for day, each in logged.items()
        ),
        *(event("repaid", day, amount=kr(each * 1000)) for day, each in repaid.items()),
    ]
    rows = [posting(kr(-each * 1000), posted=day, account="8610") for day, each in booked]
    grant = state(DECEMBER, of=PLAN, events=events, postings=rows).grant

    assert grant is not None
    assert (grant.received, grant.repaid) == (kr(received * 1000), kr(sum(repaid.values()) * 1000))


@pytest.mark.parametrize(("days", "received"), [(0, 100), (31, 100), (32, 200)])
def test_what_was_booked_up_to_31_days_before_it_was_logged_is_the_same_instalment(days: int, received: int) -> None:
    """The books reach to the end of June, and have a line that was posted ahead where it is no days at all."""
    told = event("imported", JANUARY, file="postings/a.csv", digest="sha256:0", ends=JUNE)
    logged = event("instalment-received", JULY, amount=kr(100))
    booked = posting(kr(-100), posted=JULY - timedelta(days=days), imported=JANUARY, account="8610")
    found = instalments(state(DECEMBER, of=PLAN, events=[AWARDED, told, logged], postings=[booked]))

    assert found.received_amount == kr(received)


def test_without_a_frequency_only_what_came_is_said() -> None:
    came = event("instalment-received", JANUARY, amount=kr(75_000))
    found = instalments(state(JUNE, of=PLAN, events=[AWARDED, came]))

    assert (found.expected, found.difference, found.next) == ((), None, None)
    assert found.received_amount == kr(75_000)


def test_nothing_is_expected_before_the_award_or_after_a_rejection() -> None:
    refused = event("rejected", date(2021, 12, 16))
    of = paid_quarterly(PAY)

    assert instalments(state(date(2021, 12, 15), JUNE, of=of, events=[AWARDED])).expected == ()
    assert instalments(state(JUNE, of=of, events=[refused])).expected == ()


def test_own_funding_is_not_paid_by_the_state() -> None:
    of = plan(
        terms=FUND, budgets=(budget(PAY, BY_MONTH),), funding=(Funding(kind="own", title="Egen", amount=kr(500_000)),)
    )

    assert total(each.amount for each in instalments(state(JUNE, of=of, events=[AWARDED])).expected) == kr(500_000)


def test_what_was_held_back_is_released_on_its_day_and_both_days_stay_true() -> None:
    held = event("instalment-withheld", date(2022, 4, 1), amount=kr(75_000), reason="Rapporten mangler")
    released = event("instalment-released", date(2022, 5, 1), amount=kr(75_000))
    more = event("instalment-released", date(2022, 5, 2), amount=kr(1))

    def withheld(as_of: date) -> Money:
        return instalments(state(as_of, events=[AWARDED, held, released, more])).withheld_amount

    assert withheld(date(2022, 4, 30)) == kr(75_000)
    assert (withheld(date(2022, 5, 1)), withheld(date(2022, 5, 2))) == (kr(0), kr(0))
