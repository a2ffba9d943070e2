"""When a milestone is due and how it stands: each rule of docs/days.md with its smallest log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import event
from toolkit.core.milestones import MilestoneState, milestone_state
from toolkit.core.plan import Milestone

PROMISED, MOVED, APPROVED = date(2022, 6, 15), date(2022, 8, 15), date(2022, 9, 1)
MILESTONE = Milestone(id="klar", title="Teams er klar", due=PROMISED)


def moved(happened: date, due: date = MOVED) -> Any:
    return event("milestone-moved", happened, milestone="klar", due=due, cause="Ubesat")


def dropped(happened: date) -> Any:
    return event("milestone-dropped", happened, milestone="klar", cause="Ikke brug for den")


def reached(happened: date) -> Any:
    return event("milestone-reached", happened, milestone="klar")


def approved(happened: date, **values: Any) -> Any:
    return event("change-approved", happened, change="extension", values=values or {"milestones.klar.due": APPROVED})


def standing(as_of: date, *events: Any, promised: date = PROMISED) -> MilestoneState:
    about = sorted((each for each in events if each.happened <= as_of), key=lambda each: each.happened)
    return milestone_state(Milestone(id="klar", title="Teams er klar", due=promised), about, as_of)


@pytest.mark.parametrize(
    ("over", "until_then", "afterwards"),
    [("rejected", "lapsed", "lapsed"), ("closed", "lapsed", "late")],
)
def test_what_is_not_reached_lapses_when_the_grant_is_over_and_what_was_late_at_its_closing_was_never_reached(
    over: str, until_then: str, afterwards: str
) -> None:
    klar = Milestone(id="klar", title="Teams er klar", due=PROMISED)
    whom: dict[str, Any] = {"by": "Styrelsen"} if over == "closed" else {}
    ends: list[Any] = [event(over, day, **whom) for day in (PROMISED, PROMISED + timedelta(days=1))]

    assert [milestone_state(klar, (), date(2022, 12, 1), each).status for each in ends] == [until_then, afterwards]
    assert milestone_state(klar, [reached(PROMISED)], date(2022, 12, 1), ends[0]).status == "reached"


def test_a_move_of_ones_own_changes_what_is_expected_and_not_what_was_promised() -> None:
    found = standing(date(2022, 6, 20), moved(date(2022, 6, 10)))

    assert (found.promised, found.due, found.status) == (PROMISED, MOVED, "late")
    assert found.days_late(date(2022, 6, 20)) == 5


def test_a_later_approval_goes_before_an_older_move() -> None:
    found = standing(date(2022, 8, 20), moved(date(2022, 2, 1)), approved(date(2022, 4, 1)), promised=APPROVED)

    assert (found.due, found.status, found.moves) == (APPROVED, "upcoming", ())


def test_a_later_move_is_expected_and_lateness_stays_against_the_approved_day() -> None:
    later = moved(date(2022, 5, 1), date(2022, 10, 1))
    events = (approved(date(2022, 4, 1)), later)

    assert standing(date(2022, 9, 1), *events, promised=APPROVED).status == "upcoming"
    assert standing(date(2022, 9, 2), *events, promised=APPROVED).status == "late"
    assert standing(date(2022, 9, 2), *events, promised=APPROVED).due == date(2022, 10, 1)


def test_an_approval_of_something_else_leaves_a_move_as_it_is() -> None:
    renamed = approved(date(2022, 4, 1), **{"milestones.klar.title": "Teams er sat"})

    assert standing(date(2022, 6, 1), moved(date(2022, 2, 1)), renamed).due == MOVED


def test_a_dropped_milestone_is_never_late_and_comes_back_when_it_is_moved_approved_or_reached() -> None:
    gone = dropped(date(2022, 5, 1))

    assert standing(date(2022, 7, 1), gone).status == "dropped"
    assert standing(date(2022, 7, 1), gone, moved(date(2022, 6, 1))).status == "late"
    assert standing(date(2022, 7, 1), gone, approved(date(2022, 6, 1)), promised=APPROVED).status == "upcoming"
    assert standing(date(2022, 7, 1), gone, reached(date(2022, 6, 1))).status == "reached"
    assert standing(date(2022, 7, 1), moved(date(2022, 4, 1)), gone).otherwise == gone


def test_what_is_reached_twice_was_reached_the_first_day() -> None:
    found = standing(date(2022, 9, 1), reached(date(2022, 7, 1)), reached(date(2022, 8, 1)), dropped(date(2022, 8, 2)))

    assert (found.status, found.reached) == ("reached", date(2022, 7, 1))


@given(st.lists(st.tuples(st.sampled_from([moved, dropped, reached]), st.dates(date(2022, 1, 1), date(2023, 1, 1)))))
def test_nothing_of_ones_own_moves_what_was_promised(told: list[tuple[Any, date]]) -> None:
    found = standing(date(2023, 1, 1), *(kind(day) for kind, day in told))

    assert found.promised == PROMISED
    assert found.status == "reached" or (found.status == "late") == (found.dropped is None)
