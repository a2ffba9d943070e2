from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, DECEMBER, JUNE, MARCH, PLAN, RULES, event, plan, posting, state
from toolkit.core.economy import economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.forecast import Forecast
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Period, Plan
from toolkit.core.postings import Posting, Rule

NOTED = date(2022, 5, 2)  # weeks after the day of an estimate
PAY = BudgetLine(id="loen", title="Løn", amount=kr(400_000))
BY_MONTH = BudgetLine(
    id="loen",
    title="Løn",
    amount=kr(40_000),
    by_month={"2022-03": kr(10_000), "2022-04": kr(10_000), "2022-06": kr(20_000)},  # type: ignore[dict-item]
)


def forecast(
    line: BudgetLine = PAY,
    as_of: date = DECEMBER,
    known_by: date | None = None,
    *,
    paid: Iterable[Posting] = (),
    events: Iterable[AnyEvent] = (),
    of: Plan = PLAN,
    known_until: date | None = None,
) -> Forecast:
    """Of a plan with this one line; the books reach to `as_of` unless the test says until when."""
    of = structs.replace(of, budgets=(Budget(id=AWARD.id, stage="award", lines=(line,)),))
    told = event("imported", AWARDED.happened, file="postings/a.csv", digest="sha256:0", ends=known_until or as_of)
    found = economy_of(state(as_of, known_by, of=of, events=[AWARDED, told, *events], postings=paid))
    assert found is not None
    return found.lines[0].forecast


def estimate(amount: Money, day: date = MARCH) -> AnyEvent:
    return event("estimate", day, line="loen", amount=amount, reason="Kurset blev aflyst")


# ── the straight line ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["rejected", "closed"])
def test_nothing_is_expected_after_the_grant_was_refused_or_closed(kind: str) -> None:
    over = event(kind, JUNE, **({"by": "Styrelsen"} if kind == "closed" else {}))
    paid = [posting(kr(150_000))]

    assert forecast(paid=paid, events=[over], known_until=JUNE) == Forecast(kr(150_000), "bound")
    assert forecast(BY_MONTH, paid=[], events=[over]) == Forecast(kr(0), "bound")
    assert forecast(paid=paid, events=[over, estimate(kr(380_000))]).amount == kr(150_000)
    assert forecast(paid=paid, events=[over], known_until=date(2022, 3, 31)).amount > kr(150_000)


@pytest.mark.parametrize("kind", ["rejected", "closed"])
def test_a_budget_that_will_never_be_spent_is_not_expected(kind: str) -> None:
    over = event(kind, JUNE, **({"by": "Styrelsen"} if kind == "closed" else {}))
    little = [posting(kr(30_000))]

    assert forecast(as_of=MARCH, paid=little) == Forecast(kr(400_000), "budget")
    assert forecast(paid=little, events=[over], known_until=date(2022, 3, 31)) == Forecast(kr(30_000), "bound")
    assert forecast(events=[over], known_until=date(2022, 3, 31)) == Forecast(kr(0), "bound")
    before, after = estimate(kr(310_000)), estimate(kr(35_000), date(2022, 7, 5))
    assert forecast(paid=little, events=[before, over], known_until=date(2022, 3, 31)).basis == "bound"
    assert forecast(paid=little, events=[before, over, after], known_until=MARCH).amount == kr(35_000)
    late = structs.replace(over, happened=date(2024, 2, 1))
    assert forecast(as_of=date(2024, 2, 1), paid=little, events=[late], known_until=MARCH).basis == "budget"


def test_half_of_the_period_gone_means_twice_what_is_spent() -> None:
    said = forecast(as_of=date(2022, 12, 31), paid=[posting(kr(150_000))])

    assert said == Forecast(kr(300_000), "straight-line")


def test_days_that_no_import_has_reached_are_still_to_come() -> None:
    half, end = date(2022, 12, 31), date(2023, 9, 30)

    assert forecast(as_of=end, known_until=half, paid=[posting(kr(150_000))]).amount == kr(300_000)
    assert forecast(BY_MONTH, JUNE, known_until=MARCH, paid=[posting(kr(12_500))]).amount == kr(42_500)


def test_a_straight_line_ends_where_the_grants_own_period_does() -> None:
    own = structs.replace(PLAN, grant_period=Period(starts=date(2022, 1, 1), ends=date(2022, 12, 31)))

    assert forecast(as_of=date(2023, 3, 1), of=own, paid=[posting(kr(150_000))]).amount == kr(150_000)


def test_before_the_project_has_begun_the_budget_is_the_forecast() -> None:
    assert forecast(as_of=date(2021, 12, 31)) == Forecast(kr(400_000), "budget")


def test_as_long_as_nothing_is_spent_the_budget_is_the_forecast() -> None:
    assert forecast(as_of=date(2023, 11, 1)).amount == kr(400_000)


def test_at_the_end_the_forecast_is_what_was_spent() -> None:
    assert forecast(as_of=DECEMBER, paid=[posting(kr(150_000))]).amount == kr(150_000)
    assert forecast(as_of=date(2024, 3, 1)).amount == kr(0)


def test_a_line_for_one_year_is_measured_against_that_year() -> None:
    only_2022 = BudgetLine(id="loen", title="It", amount=kr(80_000), by_year={2022: kr(80_000), 2023: kr(0)})

    assert forecast(only_2022, date(2023, 6, 30), paid=[posting(kr(70_000))]).amount == kr(70_000)
    assert forecast(only_2022, date(2022, 3, 31), paid=[posting(kr(18_000))]).amount == kr(73_000)


@pytest.mark.parametrize(
    ("ends", "amount"), [(date(2022, 1, 1), kr(400_000)), (date(2021, 12, 31), kr(500)), (date(2021, 6, 1), kr(500))]
)
def test_a_project_of_one_day_has_not_begun_before_it_and_one_of_none_is_over(ends: date, amount: Money) -> None:
    """The checks tell of a period that ends before it begins; its money is still told."""
    period, budget = Period(starts=date(2022, 1, 1), ends=ends), Budget(id=AWARD.id, stage="award", lines=(PAY,))
    of, allowed = plan(project_period=period, budgets=(budget,)), structs.replace(RULES[1], allowed="Styrelsen")
    early = posting(kr(500), posted=date(2021, 5, 1))
    award = event("awarded", date(2021, 5, 1), amount=kr(500_000), budget=AWARD.id)
    found = economy_of(state(date(2021, 5, 31), of=of, events=[award], postings=[early], rules=(allowed,)))

    assert found is not None
    assert found.lines[0].forecast.amount == amount


@pytest.mark.parametrize(
    ("paid", "as_of", "said"),
    [
        (100, date(2022, 2, 1), Forecast(kr(400_000), "budget")),  # a coffee
        (100, date(2022, 12, 31), Forecast(kr(400_000), "budget")),
        (40_000, date(2022, 3, 13), Forecast(kr(400_000), "budget")),  # 72 of 730 days
        (40_000, date(2022, 3, 14), Forecast(kr(400_000), "straight-line")),
        (39_999, date(2022, 12, 31), Forecast(kr(400_000), "budget")),
        (40_000, date(2022, 12, 31), Forecast(kr(80_000), "straight-line")),
        (90_000, date(2022, 3, 14), Forecast(kr(800_000), "straight-capped")),
        (900_000, date(2022, 3, 14), Forecast(kr(900_000), "bound")),
        (100, DECEMBER, Forecast(kr(100), "bound")),  # all of its days are gone: no line is drawn
    ],
)
def test_a_line_is_drawn_once_a_tenth_of_time_and_money_is_gone_and_never_explodes(
    paid: int, as_of: date, said: Forecast
) -> None:
    assert forecast(as_of=as_of, paid=[posting(kr(paid), posted=date(2022, 1, 5))]) == said


# ── the plan's months ────────────────────────────────────────────────────────────────────────


def test_the_months_to_come_are_added_to_what_is_spent() -> None:
    said = forecast(BY_MONTH, MARCH, paid=[posting(kr(12_500))])

    assert said == Forecast(kr(42_500), "monthly-plan")


def test_the_month_that_runs_counts_by_the_days_left_of_it() -> None:
    assert forecast(BY_MONTH, date(2022, 4, 15), paid=[posting(kr(12_500))]).amount == kr(12_500 + 5_000 + 20_000)


def test_what_is_ordered_for_more_than_the_months_have_is_expected() -> None:
    order = event("ordered", date(2022, 6, 30), line="loen", amount=kr(7_000))

    assert forecast(BY_MONTH, JUNE, paid=[posting(kr(12_500))], events=[order]).amount == kr(19_500)


def test_months_outside_the_grants_period_are_not_to_be_expected() -> None:
    of = plan(grant_period=Period(starts=date(2022, 4, 11), ends=date(2022, 6, 15)))
    paid = [posting(kr(12_500), posted=date(2022, 4, 12))]

    assert forecast(BY_MONTH, date(2022, 1, 1), of=of).amount == kr(10_000 + 20_000)
    assert forecast(BY_MONTH, date(2022, 4, 20), of=of, paid=paid).amount == kr(12_500 + 5_000 + 20_000)
    assert forecast(BY_MONTH, date(2022, 6, 9), of=of, paid=paid).amount == kr(12_500 + 8_000)
    assert forecast(BY_MONTH, date(2022, 6, 15), of=of, paid=paid).amount == kr(12_500)


# ── the manager's own word ───────────────────────────────────────────────────────────────────


def test_the_managers_estimate_goes_before_any_computing_and_keeps_its_reason() -> None:
    said = forecast(BY_MONTH, JUNE, events=[estimate(kr(25_000))])

    assert (said.amount, said.basis) == (kr(25_000), "own-estimate")
    assert said.estimate is not None
    assert said.estimate.reason == "Kurset blev aflyst"


def test_an_estimate_below_what_was_spent_already_is_the_managers_to_give() -> None:
    credit_note_ahead = estimate(kr(90_000), date(2022, 4, 1))

    assert forecast(as_of=JUNE, paid=[posting(kr(100_000))], events=[credit_note_ahead]).amount == kr(90_000)


def test_an_estimate_that_spending_has_overtaken_is_worth_what_was_spent() -> None:
    later = posting(kr(100_000), posted=date(2022, 5, 2))

    assert forecast(as_of=JUNE, paid=[later], events=[estimate(kr(90_000))]).amount == kr(100_000)


def test_what_was_posted_but_not_yet_imported_is_nothing_that_the_manager_knew() -> None:
    late = posting(kr(100_000), posted=date(2022, 3, 1), imported=date(2022, 5, 2))

    assert forecast(as_of=JUNE, paid=[late], events=[estimate(kr(90_000))]).amount == kr(100_000)


def test_an_estimate_of_just_what_was_spent_is_overtaken_by_the_next_bill() -> None:
    paid = [posting(kr(90_000)), posting(kr(5_000), posted=date(2022, 5, 2))]

    assert forecast(as_of=JUNE, paid=paid, events=[estimate(kr(90_000))]).amount == kr(95_000)


@pytest.mark.parametrize(
    ("happened", "known", "amount"),
    [
        (MARCH, NOTED, kr(90_000)),
        (MARCH - timedelta(days=1), NOTED - timedelta(days=1), kr(90_000)),
        (MARCH, NOTED + timedelta(days=1), kr(100_000)),
        (MARCH + timedelta(days=1), NOTED, kr(100_000)),
    ],
)
def test_the_manager_knew_what_had_happened_by_the_estimates_day_and_was_known_when_it_was_noted(
    happened: date, known: date, amount: Money
) -> None:
    said = event("estimate", MARCH, NOTED, line="loen", amount=kr(90_000), reason="Aflyst")
    bill = posting(kr(100_000), posted=happened, imported=known)
    order = event("ordered", happened, known, line="loen", amount=kr(100_000))

    assert forecast(as_of=JUNE, paid=[bill], events=[said]).amount == amount
    assert forecast(as_of=JUNE, events=[said, order]).amount == amount


def test_what_the_manager_knew_of_other_lines_is_nothing_to_an_estimate() -> None:
    others = [BudgetLine(id=id, title="Andet", amount=kr(200_000)) for id in ("kurser", "rejser")]
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY, *others)),))
    rules = (*(Rule(account=line.id, line=line.id) for line in others), *RULES)
    bills = [posting(kr(60_000), account=line.id) for line in others]
    orders = [event("ordered", MARCH, line=line.id, amount=kr(60_000)) for line in others]
    later = posting(kr(70_000), posted=date(2022, 5, 2))
    events = [AWARDED, *orders, estimate(kr(50_000))]
    found = economy_of(state(JUNE, of=of, events=events, postings=[*bills, later], rules=rules))

    assert found is not None
    assert found.lines[0].forecast.amount == kr(70_000)


def test_what_the_manager_knew_of_a_line_goes_with_it_to_its_new_name() -> None:
    renamed = BudgetLine(id="team", title="Team", amount=kr(400_000), was={"loen": Fraction(1)})  # type: ignore[arg-type, dict-item]
    change = Budget(id="2022-05-01-change", stage="change", lines=(renamed,))  # type: ignore[arg-type]
    of = plan(budgets=(structs.replace(AWARD, lines=(PAY,)), change))
    approved = event("change-approved", date(2022, 5, 1), change="budget", budget=change.id)
    credit_note_ahead = estimate(kr(90_000), date(2022, 4, 1))
    found = economy_of(
        state(JUNE, of=of, events=[AWARDED, credit_note_ahead, approved], postings=[posting(kr(100_000))])
    )

    assert found is not None
    assert [(each.line.id, each.forecast.amount) for each in found.lines] == [("team", kr(90_000))]


def test_an_estimate_says_its_day_and_how_many_days_have_gone_since() -> None:
    said = forecast(as_of=JUNE, events=[estimate(kr(90_000))])

    assert (said.estimated_on, said.age) == (MARCH, 91)
    assert (forecast(as_of=MARCH, events=[estimate(kr(90_000))]).age, forecast(as_of=JUNE).age) == (0, None)
    assert forecast(as_of=JUNE).estimated_on is None


def test_an_estimate_counts_once_it_is_recorded() -> None:
    later = event("estimate", MARCH, date(2022, 5, 2), line="loen", amount=kr(1), reason="Aflyst")

    assert forecast(as_of=JUNE, known_by=MARCH, events=[later]).basis == "budget"
    assert forecast(as_of=JUNE, known_by=date(2022, 5, 2), events=[later]).basis == "own-estimate"


@given(
    st.lists(st.integers(0, 5_000_000), max_size=5),
    st.integers(0, 5_000_000),
    st.dates(AWARDED.happened, date(2024, 2, 1)),
    st.sampled_from([PAY, BY_MONTH]),
)
def test_no_computed_forecast_is_below_what_is_spent_and_committed(
    spent: list[int], ordered: int, as_of: date, line: BudgetLine
) -> None:
    paid = [posting(Money(oere), posted=date(2022, 1, 3)) for oere in spent]
    order = event("ordered", date(2022, 1, 3), line="loen", amount=Money(ordered))
    bound = sum(spent) + ordered if as_of >= date(2022, 1, 3) else 0

    assert int(forecast(line, as_of, DECEMBER, paid=paid, events=[order]).amount) >= bound


def test_a_line_without_a_budget_ends_at_what_was_spent_also_below_zero() -> None:
    none = structs.replace(PAY, amount=kr(0))
    orders = event("ordered", MARCH, line="loen", amount=kr(500))

    assert forecast(none, JUNE) == Forecast(kr(0), "budget")
    assert forecast(none, JUNE, paid=[posting(kr(-2_000))]) == Forecast(kr(-2_000), "bound")
    assert forecast(none, JUNE, paid=[posting(kr(-2_000))], events=[orders]).amount == kr(-1_500)


def test_an_estimate_of_the_period_is_over_once_all_of_that_is_known() -> None:
    paid, said, late = [posting(kr(100_000))], estimate(kr(340_000)), estimate(kr(120_000), date(2024, 1, 15))
    after, day_before = date(2024, 3, 1), DECEMBER - timedelta(1)

    assert forecast(as_of=day_before, paid=paid, events=[said]).basis == "own-estimate"
    assert forecast(as_of=after, paid=paid, events=[said], known_until=day_before).amount == kr(340_000)
    assert forecast(as_of=DECEMBER, paid=paid, events=[said]) == Forecast(kr(100_000), "bound")
    assert forecast(as_of=after, paid=paid, events=[said, late]).amount == kr(120_000)
