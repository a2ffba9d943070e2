"""Who has a role on a day, and when nobody has."""

from __future__ import annotations

from datetime import date

from tests.core.worlds import AWARDED, event, plan, state
from toolkit.core.events import PersonChanged
from toolkit.core.plan import Person
from toolkit.core.roles import handed_over

ANNA = Person(role="project_manager", name="Anna", since=date(2022, 1, 1))
BO = Person(role="project_manager", name="Bo", since=date(2023, 1, 1), until=date(2023, 6, 30))


def names(as_of: date, *people: Person, taken_over: str = "") -> tuple[list[str], list[date]]:
    events = [event("person-changed", date(2023, 3, 1), role="project_manager", name=taken_over)] if taken_over else []
    found = state(as_of, of=plan(people=people), events=events)
    return [person.name for person in found.people], [vacancy.since for vacancy in found.vacancies]


def test_whoever_begins_last_has_the_role() -> None:
    assert names(date(2022, 12, 31), ANNA, BO) == (["Anna"], [])
    assert names(date(2023, 1, 1), ANNA, BO) == (["Bo"], [])
    assert names(date(2023, 1, 1), BO, ANNA) == (["Bo"], [])


def test_a_predecessor_is_not_back_when_the_successor_stops_and_nobody_has_the_role() -> None:
    assert names(date(2023, 6, 30), ANNA, BO) == (["Bo"], [])
    assert names(date(2023, 7, 1), ANNA, BO) == ([], [date(2023, 7, 1)])


def test_whoever_takes_over_in_the_log_has_the_role_until_somebody_else_does() -> None:
    assert names(date(2023, 8, 1), ANNA, BO, taken_over="Dorte") == (["Dorte"], [])
    assert names(date(2023, 2, 28), ANNA, BO, taken_over="Dorte") == (["Bo"], [])


def test_whoever_has_the_role_stops_on_the_day_that_the_log_says_and_another_begins_for_as_long_as_it_says() -> None:
    def said(name: str, happened: date, until: date) -> PersonChanged:
        return event("person-changed", happened, role="project_manager", name=name, until=until)

    leaves = said("Anna", date(2022, 5, 1), date(2022, 5, 31))
    acting = said("Bo", date(2022, 6, 15), date(2022, 8, 31))

    def on(as_of: date) -> tuple[list[str], list[date]]:
        found = state(as_of, of=plan(people=(ANNA,)), events=[leaves, acting])
        return [person.name for person in found.people], [vacancy.since for vacancy in found.vacancies]

    assert on(date(2022, 5, 31)) == (["Anna"], [])
    assert on(date(2022, 6, 1)) == ([], [date(2022, 6, 1)])
    assert on(date(2022, 8, 31)) == (["Bo"], [])
    assert on(date(2022, 9, 1)) == ([], [date(2022, 9, 1)])


def test_a_predecessor_who_stops_after_the_successor_began_leaves_the_role_with_that_one_and_it_is_told() -> None:
    begins = event("person-changed", date(2023, 6, 1), role="project_manager", name="Carl")
    stops = event("person-changed", date(2023, 6, 15), role="project_manager", name="Anna", until=date(2023, 6, 30))
    events, of = [begins, stops], plan(people=(ANNA,))

    for as_of in (date(2023, 6, 15), date(2023, 12, 31)):
        found = state(as_of, of=of, events=events)
        assert ([person.name for person in found.people], found.vacancies) == (["Carl"], ())
    assert [(told.name, now.name) for told, now in handed_over((ANNA,), events)] == [("Anna", "Carl")]
    assert handed_over((ANNA,), [stops, begins]) == []


def test_a_role_that_is_free_after_the_grant_was_refused_or_closed_is_nobodys_to_fill() -> None:
    def free(kind: str, day: date) -> tuple[list[str], list[date]]:
        found = state(date(2023, 12, 1), of=plan(people=(BO,)), events=[AWARDED, event(kind, day)])
        return [person.name for person in found.people], [vacancy.since for vacancy in found.vacancies]

    for kind in ("rejected", "closed"):
        assert free(kind, date(2023, 6, 30)) == ([], [])
        assert free(kind, date(2023, 7, 1)) == ([], [date(2023, 7, 1)])
