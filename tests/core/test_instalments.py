from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, DECEMBER, JANUARY, JUNE, MARCH, PLAN, event, plan, posting, state
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, Instalments, LetterTerm, Term
from toolkit.core.instalments import expected, instalments
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Period, Plan
from toolkit.core.postings import Posting
from toolkit.core.records import Id, Month

TWO_YEARS = Period(starts=date(2022, 1, 1), ends=date(2023, 12, 31))


def term(id: str, **keys: Any) -> Term:
    return Term(id=Id(id), text=f"Reglen om {id}.", standing="verified", reference="puljens side", **keys)


IN_ADVANCE = term("payment-in-advance")
FUND = Fund(
    id="pulje",
    title="Pulje",
    agency="Styrelsen",
    purpose="Bedre pleje",
    instalments="quarterly",
    terms=(IN_ADVANCE,),
)
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


INSIDE = Period(starts=date(2022, 2, 15), ends=date(2022, 8, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "thousands"),
    [
        (date(2022, 2, 15), date(2022, 6, 30), [50, 100]),  # 45 of the quarter's 90 days
        (date(2022, 4, 1), date(2022, 8, 15), [100, 50]),  # 46 of 92
        (date(2022, 1, 1), date(2022, 6, 30), [75, 75]),  # whole quarters are equal, whatever days they have
    ],
)
def test_an_instalment_that_the_period_cuts_is_for_its_own_days_alone(
    starts: date, ends: date, thousands: list[int]
) -> None:
    on_years = BudgetLine(id="loen", title="Løn", amount=kr(150_000), by_year={2022: kr(150_000)})
    without_years, nothing = (structs.replace(on_years, amount=amount, by_year={}) for amount in (kr(150_000), kr(0)))

    for line in (on_years, without_years, nothing):
        found = expected(budget(line), kr(150_000), Period(starts=starts, ends=ends), "quarterly")
        assert [each.amount for each in found] == [kr(each * 1000) for each in thousands]


# ── the day that each is expected ────────────────────────────────────────────────────────────

ACCEPTED = event("accepted", date(2022, 1, 7))


def days(*terms: Term, events: Iterable[AnyEvent] = (AWARDED,), of: Plan | None = None) -> list[date | None]:
    """When the first three are expected of a grant that is paid out by the quarter, where those are all the terms."""
    of = structs.replace(of or paid_quarterly(PAY), terms=structs.replace(FUND, terms=terms))
    return [each.due for each in instalments(state(JUNE, of=of, events=events)).expected[:3]]


def test_an_instalment_is_expected_by_its_own_days_as_the_terms_say() -> None:
    inside = structs.replace(paid_quarterly(PAY), project_period=INSIDE)

    assert days(IN_ADVANCE) == [date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)]
    assert days(IN_ADVANCE, of=inside) == [date(2022, 2, 15), date(2022, 4, 1), date(2022, 7, 1)]
    assert days(term("payment-in-arrears"), of=inside) == [date(2022, 4, 1), date(2022, 7, 1), date(2022, 9, 1)]
    assert days(term("payment-in-arrears"), IN_ADVANCE) == [date(2022, 4, 1), date(2022, 7, 1), date(2022, 10, 1)]


def test_terms_that_say_nothing_of_when_give_no_day() -> None:
    of = structs.replace(paid_quarterly(PAY), terms=structs.replace(FUND, terms=()))
    found = instalments(state(JUNE, of=of, events=[AWARDED]))

    assert days() == [None, None, None]
    assert (found.paid, found.expected_so_far, found.difference, found.next) == (None, None, None, None)
    assert total(each.amount for each in found.expected) == kr(500_000)


@pytest.mark.parametrize(
    ("first", "due"),
    [
        ({"days": 30, "after": "acceptance"}, date(2022, 2, 6)),
        ({"days": 30, "after": "award"}, date(2022, 1, 15)),
        ({"days": 0, "after": "award"}, date(2021, 12, 16)),
        ({"days": 9_999_999, "after": "award"}, date.max),
        ({"days": 30}, None),
        ({"after": "award"}, None),
        ({}, None),
    ],
)
def test_the_first_instalment_is_expected_by_the_term_about_it(first: dict[str, Any], due: date | None) -> None:
    found = days(term("first-instalment", **first), IN_ADVANCE, events=[AWARDED, ACCEPTED])

    assert found == [due, date(2022, 4, 1), date(2022, 7, 1)]


def test_until_what_it_is_counted_from_is_logged_the_first_instalment_has_no_day() -> None:
    first = term("first-instalment", days=30, after="acceptance")
    of = structs.replace(paid_quarterly(PAY), terms=structs.replace(FUND, terms=(first, IN_ADVANCE)))
    before, after = (
        instalments(state(day, of=of, events=[AWARDED, ACCEPTED])) for day in (date(2022, 1, 6), date(2022, 1, 7))
    )

    assert (before.first_has_no_day, before.expected_so_far, before.difference) == (True, None, None)
    assert (after.first_has_no_day, after.expected_so_far, after.difference) == (False, kr(0), kr(0))
    assert after.next is not None
    assert after.next.due == date(2022, 2, 6)


def test_the_award_letters_term_goes_before_the_funds() -> None:
    letters = LetterTerm(id=Id("first-instalment"), text="14 dage efter tilsagnet.", days=14, after="award")
    of = structs.replace(paid_quarterly(PAY), letter_terms=(letters,))

    assert days(term("first-instalment", days=30, after="award"), IN_ADVANCE, of=of)[0] == date(2021, 12, 30)
    in_arrears = LetterTerm(id=Id("payment-in-arrears"), text="Raterne udbetales bagud.")
    assert days(IN_ADVANCE, of=structs.replace(of, letter_terms=(in_arrears,)))[0] == date(2022, 4, 1)


def arrears(since: date | None) -> LetterTerm:
    return LetterTerm(id=Id("payment-in-arrears"), text="Raterne udbetales bagud.", since=since)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (date(2022, 4, 1), [date(2022, 1, 1), date(2022, 7, 1), date(2022, 10, 1)]),
        (date(2022, 4, 2), [date(2022, 1, 1), date(2022, 4, 1), date(2022, 10, 1)]),
        (date(2024, 1, 1), [date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)]),
    ],
)
def test_an_instalment_is_paid_by_the_terms_of_its_own_first_day(since: date, due: list[date]) -> None:
    of = structs.replace(paid_quarterly(PAY), letter_terms=(arrears(since),))

    assert days(IN_ADVANCE, of=of) == due


def test_of_the_letters_own_two_ways_to_pay_the_newest_counts_and_from_one_day_the_first_that_is_written() -> None:
    in_advance = LetterTerm(id=Id("payment-in-advance"), text="Forud.")
    both = structs.replace(paid_quarterly(PAY), letter_terms=(in_advance, arrears(None)))
    changed = structs.replace(both, letter_terms=(in_advance, arrears(date(2022, 4, 1))))
    found = instalments(state(MARCH, of=changed, events=[AWARDED]))

    assert days(of=both) == [date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)]
    assert days(of=changed) == [date(2022, 1, 1), date(2022, 7, 1), date(2022, 10, 1)]
    assert (found.paid, found.ways, found.said_from) == ("in-advance", ("in-advance", "in-arrears"), None)
    assert instalments(state(JUNE, of=changed, events=[AWARDED])).paid == "in-arrears"


def test_before_the_day_of_the_only_term_about_it_an_instalment_has_no_day() -> None:
    of = structs.replace(
        paid_quarterly(PAY), terms=structs.replace(FUND, terms=()), letter_terms=(arrears(date(2022, 4, 1)),)
    )
    found = instalments(state(JUNE, of=of, events=[AWARDED]))

    assert [each.due for each in found.expected[:2]] == [None, date(2022, 7, 1)]
    assert (found.said_from, found.expected_so_far) == (date(2022, 4, 1), None)


def test_a_first_instalment_that_comes_after_the_second_is_the_next_in_its_turn() -> None:
    first = term("first-instalment", days=150, after="award")  # the 15th of May
    of = structs.replace(paid_quarterly(PAY), terms=structs.replace(FUND, terms=(first, IN_ADVANCE)))
    march, april, june = (instalments(state(day, of=of, events=[AWARDED])) for day in (MARCH, date(2022, 4, 1), JUNE))

    assert [each.next.number if each.next else None for each in (march, april, june)] == [2, 1, 3]
    assert [each.expected_so_far for each in (march, april, june)] == [kr(0), kr(75_000), kr(150_000)]
    assert [each.number for each in april.due] == [2]


def test_the_grants_own_period_rules_the_instalments() -> None:
    own = Period(starts=date(2022, 2, 15), ends=date(2023, 8, 31))
    found = instalments(state(JUNE, of=structs.replace(paid_quarterly(PAY), grant_period=own), events=[AWARDED]))

    assert (found.expected[0].due, found.expected[-1].ends) == (own.starts, own.ends)
    assert total(each.amount for each in found.expected) == kr(500_000)


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


def test_nothing_is_expected_before_the_award_or_after_a_rejection_or_a_closing() -> None:
    refused, closed = event("rejected", date(2021, 12, 16)), event("closed", MARCH, by="Styrelsen")
    of = paid_quarterly(PAY)
    found = instalments(state(JUNE, of=of, events=[AWARDED, closed]))

    assert (found.expected, found.expected_so_far, found.difference, found.next) == ((), None, None, None)
    assert len(instalments(state(JANUARY, of=of, events=[AWARDED, closed])).expected) == 8

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
