"""How much of what a year left is asked for or answered: told where it is not what there is, nor what was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.findings import AGENCY, found, with_fund
from tests.core.worlds import AWARD, event, posting
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Budget, BudgetLine

BY_YEAR = {2022: kr(300_000), 2023: kr(200_000)}
PAY = BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year=BY_YEAR)
OF = with_fund(Budget(id=AWARD.id, stage="award", lines=(PAY,)))
ROWS = [posting(kr(280_000), imported=date(2023, 1, 10))]  # of 2022 20.000 kr. are left
IMPORTED = event("imported", date(2023, 1, 10), file=ROWS[0].file, digest="x", ends=date(2022, 12, 31))


def asked(amount: int | None, **keys: Any) -> AnyEvent:
    return _carried("requested", date(2023, 1, 15), amount, **keys)


def approved(amount: int | None, day: date = date(2023, 2, 15), by: str = AGENCY) -> AnyEvent:
    return _carried("approved", day, amount, by=by)


def refused(amount: int | None, day: date = date(2023, 3, 15)) -> AnyEvent:
    return _carried("refused", day, amount, by=AGENCY)


def _carried(answer: str, day: date, amount: int | None, **keys: Any) -> AnyEvent:
    said = {"change": "carry-over", "year": 2022, "amount": None if amount is None else kr(amount), **keys}
    return event(f"change-{answer}", day, **said)


def told(code: str, *events: AnyEvent) -> list[int]:
    return [each.at.line for each in found(OF, f"carry-over-{code}", events=[IMPORTED, *events], postings=ROWS)]


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ([approved(20_000)], 0),
        ([approved(25_000)], 1),
        ([asked(25_000)], 1),
        ([asked(25_000), approved(15_000)], 0),  # the answer has taken its place
        ([asked(25_000), refused(None)], 0),
    ],
)
def test_more_than_a_year_left_is_told_of_what_stands(events: list[AnyEvent], count: int) -> None:
    assert len(told("over-left", *events)) == count


@pytest.mark.parametrize(
    ("before", "answer", "count"),
    [(15_000, 15_000, 0), (15_000, 16_000, 1), (15_000, None, 1), (20_000, None, 0), (None, None, 0), (None, 5_000, 0)],
)
def test_more_than_was_asked_for_is_told_also_where_the_approval_does_not_say_how_much(
    before: int | None, answer: int | None, count: int
) -> None:
    assert len(told("over-asked", asked(before), approved(answer))) == count


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ([asked(15_000), refused(15_000)], 0),
        ([asked(None), refused(20_000)], 0),
        ([asked(None), refused(5_000)], 1),
        ([asked(20_000), approved(15_000), refused(5_000)], 1),
        ([asked(20_000), refused(5_000, date(2023, 2, 1)), approved(15_000)], 0),  # that stands
    ],
)
def test_a_refusal_of_less_than_all_is_told_where_it_stands(events: list[AnyEvent], count: int) -> None:
    assert len(told("refused-in-part", *events)) == count


MAY = date(2023, 5, 1)


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ([approved(15_000), approved(5_000, MAY)], 1),
        ([approved(15_000), _carried("requested", MAY, 5_000), approved(5_000, MAY)], 1),
        ([approved(15_000), approved(6_000, MAY)], 0),  # there is no more than 20.000 kr.
        ([approved(5_000, by="Byrådet"), approved(5_000, MAY)], 0),
        ([approved(5_000), refused(None), approved(5_000, MAY)], 0),
        ([asked(15_000), _carried("requested", MAY, 5_000)], 1),
        ([asked(15_000), refused(None), _carried("requested", MAY, 5_000)], 0),
    ],
)
def test_a_part_that_takes_the_place_of_another_is_told_where_both_may_be_meant(
    events: list[AnyEvent], count: int
) -> None:
    assert len(told("not-added", *events)) == count
    assert told("over-asked", *events) == []


def test_an_amount_and_a_year_are_of_a_carry_over_alone() -> None:
    assert len(told("key-idle", asked(5_000, change="project"))) == 2
    assert told("key-idle", asked(5_000)) == []


@pytest.mark.parametrize("amount", [0, -5_000])
def test_nothing_and_less_is_no_amount_to_carry_over(amount: int) -> None:
    assert len(told("of-nothing", approved(amount))) == 1
