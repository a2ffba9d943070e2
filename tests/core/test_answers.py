"""Which applications and answers leave the grant as it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from tests.core.findings import AGENCY, found, with_fund
from tests.core.worlds import AWARD, AWARDED, DECEMBER, JUNE, MARCH, OCTOBER, PLAN, event, plan, posting, state
from toolkit.core.answers import course_of
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Budget
from toolkit.core.records import Id

MORE = event("applied", MARCH, amount=kr(600_000))
NO = event("rejected", JUNE)
AGAIN = event("awarded", OCTOBER, amount=kr(600_000))
WANTED = structs.replace(AWARD, id=Id(f"{MARCH}-application"), stage="application")
CLOSED = event("closed", JUNE, by=AGENCY)


@pytest.mark.parametrize(
    ("events", "beside"),
    [
        ([AWARDED, MORE], {MORE.called: "more"}),
        ([AWARDED, MORE, NO], {MORE.called: "declined", NO.called: "no-to-more"}),
        ([AWARDED, MORE, event("awarded", JUNE, amount=kr(600_000)), NO], {MORE.called: "more"}),
        ([AWARDED, CLOSED, event("applied", OCTOBER, amount=kr(1))], {f"{OCTOBER}-applied": "more"}),
        ([MORE, event("closed", JUNE), event("applied", OCTOBER, amount=kr(1))], {}),
        ([AWARDED, NO], {}),
        ([MORE, NO], {}),
        ([AWARDED, NO, event("applied", OCTOBER, amount=kr(1))], {}),
        ([AWARDED, CLOSED, event("closed", OCTOBER)], {f"{OCTOBER}-closed": "closed-already"}),
        ([AWARDED, event("closed", MARCH, by="Byrådet"), CLOSED], {f"{MARCH}-closed": "not-closed"}),
        ([MORE, event("closed", JUNE, by="Odder Kommune")], {}),
        (
            [AWARDED, MORE, event("closed", JUNE, by="Odder Kommune")],
            {MORE.called: "declined", f"{JUNE}-closed": "no-to-more"},
        ),
    ],
)
def test_a_grant_stands_beside_what_is_asked_for_later_and_what_others_answer(
    events: list[AnyEvent], beside: dict[str, str]
) -> None:
    assert course_of(with_fund(), events).beside == beside


def test_a_no_to_more_leaves_the_award_and_what_was_applied_for_first() -> None:
    first = event("applied", date(2021, 11, 1), amount=kr(500_000), budget=AWARD.id)

    asked, answered = (state(OCTOBER, events=[first, AWARDED, MORE, *no]).grant for no in ([], [NO]))

    assert asked and answered
    assert (asked.applied, asked.awarded, asked.status) == (kr(600_000), kr(500_000), "awarded")
    assert (answered.applied, answered.awarded, answered.status) == (kr(500_000), kr(500_000), "awarded")
    assert (answered.applied_on, answered.refused_on) == (first.happened, None)
    assert state(OCTOBER, events=[AWARDED, MORE]).budget == state(OCTOBER, events=[AWARDED]).budget


@pytest.mark.parametrize(
    ("events", "budgets"),
    [
        ([AWARDED, MORE, AGAIN], [AWARD, WANTED, WANTED]),
        ([AWARDED, MORE, NO, AGAIN], [AWARD, WANTED, None]),
        ([AWARDED, AGAIN], [AWARD, None]),
        ([AWARDED, CLOSED, AGAIN], [AWARD, None]),
        ([MORE, structs.replace(AWARDED, budget=None)], [WANTED, AWARD]),
    ],
)
def test_an_award_without_a_budget_of_its_own_has_that_of_what_was_applied_for_since_the_last(
    events: list[AnyEvent], budgets: list[Budget | None]
) -> None:
    told = [each for each in events if each not in (NO, CLOSED)]
    found = course_of(with_fund(AWARD, WANTED), events).budgets

    assert [found.get(each.called) for each in told] == budgets


def test_of_two_versions_of_an_award_the_one_of_its_own_day_is_its() -> None:
    earlier = structs.replace(AWARD, id=Id("2021-12-10-award"))
    first = structs.replace(AWARDED, budget=None)

    assert course_of(with_fund(earlier, AWARD), [first]).budgets == {first.called: AWARD}


@pytest.mark.parametrize(
    ("written", "is_known"), [(date(2022, 3, 16), True), (date(2022, 3, 17), False), (JUNE, False)]
)
def test_a_version_that_was_written_down_long_after_its_award_is_not_known_before_its_day(
    written: date, is_known: bool
) -> None:
    later = structs.replace(AWARD, id=Id(f"{written}-award"))
    asked = structs.replace(WANTED, id=Id("2021-11-01-application"))
    of = plan(budgets=(asked, later))
    first = structs.replace(AWARDED, budget=None)
    events = [event("applied", date(2021, 11, 1), amount=kr(500_000)), first]

    budgets = [state(MARCH, of=of, events=events, known_by=day).budget for day in (date(2022, 2, 1), JUNE)]

    assert [each and each.budget.id for each in budgets] == [later.id if is_known else asked.id, later.id]
    named = [*events, event("awarded", JUNE, amount=kr(600_000), budget=later.id)]
    assert (found := state(MARCH, of=of, events=named).budget) and found.budget == asked


def test_what_was_spent_after_the_agency_closed_the_grant_waits_for_an_answer() -> None:
    paid = [posting(kr(100), MARCH), posting(kr(70), OCTOBER)]

    budget = state(DECEMBER, of=with_fund(), events=[AWARDED, CLOSED], postings=paid).budget
    others = state(
        DECEMBER, of=with_fund(), events=[AWARDED, event("closed", JUNE, by="Byrådet")], postings=paid
    ).budget

    assert budget and others
    assert (budget.spent, budget.waiting("after-period")) == (kr(100), kr(70))
    assert (others.spent, others.waiting()) == (kr(170), kr(0))


@pytest.mark.parametrize(("day", "first_is_in"), [(date(2021, 12, 31), False), (date(2022, 1, 1), True), (JUNE, True)])
def test_a_grant_that_is_closed_ends_that_day_and_has_no_day_where_it_had_not_begun(
    day: date, first_is_in: bool
) -> None:
    assert PLAN.closed(day).cost_period.ends == day
    assert (date(2022, 1, 1) in PLAN.closed(day).cost_period) is first_is_in
    assert PLAN.closed(day).project_period == PLAN.project_period


def test_a_closing_after_the_end_changes_no_period() -> None:
    assert PLAN.closed(DECEMBER) == PLAN.closed(date(2024, 5, 1)) == PLAN.closed(None) == PLAN


def test_the_last_day_of_the_period_is_the_same_whatever_the_order_of_the_lines() -> None:
    longer = {"project_period.ends": date(2024, 3, 31)}
    approved = event("change-approved", JUNE, OCTOBER, change="extension", by=AGENCY, values=longer)
    refused = event("change-refused", date(2022, 9, 1), change="extension", by=AGENCY, values=longer)

    one, other = (state(DECEMBER, events=[AWARDED, *log]) for log in ([approved, refused], [refused, approved]))

    assert one.closes == other.closes == DECEMBER


def test_a_closing_by_another_or_by_nobody_or_of_nothing_is_told() -> None:
    by = {name: event("closed", DECEMBER, by=name) for name in ("Byrådet", AGENCY, None)}

    assert len(found(with_fund(), "closing-not-by-agency", events=[by["Byrådet"]])) == 1
    assert len(found(with_fund(), "answer-without-whom", events=[by[None]])) == 1
    assert found(with_fund(), "closing-not-by-agency", events=[by[AGENCY]]) == []
    councils = event("closed", JUNE, by="Byrådet")
    assert found(with_fund(), "closing-not-by-agency", events=[councils, by[AGENCY]]) == []
    assert len(found(plan(grant=None), "nothing-to-close", events=[by["Byrådet"]])) == 1


def test_what_was_said_of_more_while_an_award_stood_is_told_in_its_order_with_the_amount_that_it_is_about() -> None:
    back = event("closed", JUNE, by="Odder Kommune")

    def more(*events: AnyEvent) -> list[tuple[str, Any]]:
        return [(each.answer, each.said.amount) for each in course_of(with_fund(), [AWARDED, *events]).more]

    assert more() == more(NO) == more(NO, AGAIN) == more(CLOSED) == []
    assert more(MORE, NO) == [("asked", kr(600_000)), ("declined", kr(600_000))]
    assert more(MORE, back) == [("asked", kr(600_000)), ("taken-back", kr(600_000))]
    assert more(MORE, AGAIN) == [("asked", kr(600_000)), ("awarded", kr(600_000))]


def test_what_was_awarded_first_is_kept_where_another_award_or_a_change_replaced_it() -> None:
    changed = event("change-approved", DECEMBER, change="project", values={"grant.awarded": kr(550_000)})

    def told(*events: AnyEvent) -> tuple[Any, Any]:
        grant = state(DECEMBER, events=[AWARDED, *events]).grant
        assert grant is not None
        return grant.first_awarded, grant.changed

    assert told() == told(MORE, NO) == told(NO, AGAIN) == (None, None)
    assert told(MORE, AGAIN) == (kr(500_000), AGAIN)
    assert told(AGAIN, changed) == (kr(500_000), changed)
