"""A period that is known only by its months or years has all of the first of them and all of the last."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import PLAN, RULES, plan, posting, state
from toolkit.core.money import kr
from toolkit.core.plan import Period, Phase
from toolkit.core.promise import promised, with_values

BY_MONTH = Period(starts=date(2022, 6, 1), ends=date(2023, 5, 1), precision="month")


@pytest.mark.parametrize(
    ("precision", "starts", "ends"),
    [
        ("day", date(2022, 6, 15), date(2024, 2, 10)),
        ("month", date(2022, 6, 1), date(2024, 2, 29)),
        ("year", date(2022, 1, 1), date(2024, 12, 31)),
    ],
)
def test_it_goes_from_the_first_day_of_the_first_to_the_last_day_of_the_last(precision, starts, ends):
    written = {"starts": date(2022, 6, 15), "ends": date(2024, 2, 10), "precision": precision}
    period, phase = Period(**written), Phase(id="a", title="Drift", **written)

    assert (period.starts, period.ends) == (phase.starts, phase.ends) == (starts, ends)


def test_a_phase_without_days_stays_without() -> None:
    assert Phase(id="a", title="Drift", ongoing=True, precision="month").ends is None


def test_costs_of_the_whole_last_month_are_inside() -> None:
    def waits(day: date, period: Period) -> list[str]:
        found = state(date(2023, 6, 30), of=plan(project_period=period), postings=[posting(kr(100), day)], rules=RULES)
        assert found.budget is not None
        return list(found.budget.waits)

    assert waits(date(2023, 5, 20), BY_MONTH) == []
    assert waits(date(2023, 5, 31), BY_MONTH) == []
    assert waits(date(2023, 6, 1), BY_MONTH) == ["after-period"]
    assert waits(date(2022, 5, 31), BY_MONTH) == ["before-period"]
    assert waits(date(2023, 5, 20), structs.replace(BY_MONTH, precision="day", ends=date(2023, 5, 1))) == [
        "after-period"
    ]


def test_whichever_day_of_the_month_is_written_the_same_is_promised() -> None:
    other = structs.replace(BY_MONTH, ends=date(2023, 5, 17))

    assert promised(plan(project_period=other)) == promised(plan(project_period=BY_MONTH))


@pytest.mark.parametrize("order", [1, -1])
def test_a_change_of_both_a_day_and_how_precise_it_is_means_the_same_in_either_order(order: int) -> None:
    by_day = {"project_period.ends": date(2024, 3, 15), "project_period.precision": "day"}
    by_month = {"project_period.ends": date(2024, 3, 15), "project_period.precision": "month"}

    def ends(values: dict[str, object], of: Period) -> date:
        changed = dict([*values.items()][::order])
        return with_values(plan(project_period=of), changed).project_period.ends

    assert ends(by_day, BY_MONTH) == date(2024, 3, 15)
    assert ends(by_month, PLAN.project_period) == date(2024, 3, 31)


def test_a_change_of_the_last_day_goes_to_the_end_of_its_month_too() -> None:
    longer = with_values(plan(project_period=BY_MONTH), {"project_period.ends": date(2023, 8, 1)})

    assert longer.project_period.ends == date(2023, 8, 31)
