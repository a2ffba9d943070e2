from __future__ import annotations

from datetime import date

from tests.core.worlds import AWARD, AWARDED, event, plan, posting, state
from toolkit.core import events as log
from toolkit.core.economy import economy_of
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Period
from toolkit.core.request import Request, request_of
from toolkit.core.state import State

PAY = BudgetLine(
    id="loen",  # type: ignore[arg-type]
    title="Løn",
    amount=kr(300_000),
    by_year=dict.fromkeys((2022, 2023, 2024), kr(100_000)),
)
COURSES = BudgetLine(id="kurser", title="Kurser", amount=kr(50_000))  # type: ignore[arg-type]
OF = plan(
    budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY, COURSES)),),
    project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31)),
)
CARRIED = event("change-approved", date(2023, 2, 1), change="carry-over", year=2022)
ASKED = event("change-requested", date(2024, 1, 20), change="carry-over", year=2023)
PAID = (
    posting(kr(60_000)),
    posting(kr(10_000), posted=date(2023, 5, 1)),
    posting(kr(7_000), posted=date(2023, 5, 2), account="4600"),
)


def asked(at: State) -> Request:
    assert isinstance(ASKED, log.ChangeRequested)
    return request_of(ASKED, at, economy_of(at))


def rows(found: Request) -> list[tuple[str | int | None, Money, Money, Money]]:
    return [
        (each.line.id if each.line else each.carried_from, each.budget, each.spent, each.unspent)
        for each in found.unspent
    ]


def test_what_is_asked_to_be_carried_over_is_what_the_settlement_has_left_of_the_year() -> None:
    at = state(date(2024, 1, 20), of=OF, events=[AWARDED, CARRIED, ASKED], postings=PAID)
    found, economy = asked(at), economy_of(at)

    assert rows(found) == [
        ("loen", kr(100_000), kr(10_000), kr(90_000)),
        ("kurser", kr(0), kr(7_000), kr(-7_000)),
        (2022, kr(40_000), kr(0), kr(40_000)),
    ]
    assert found.unspent_total is not None
    assert economy is not None
    assert found.unspent_total.unspent == economy.settlement.years[1].left == kr(123_000)


def test_a_year_that_no_line_has_money_for_has_nothing_to_carry_over() -> None:
    without = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(COURSES,)),), project_period=OF.project_period)

    assert asked(state(date(2024, 1, 20), of=without, events=[AWARDED, ASKED], postings=PAID)).unspent == ()
