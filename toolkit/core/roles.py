"""Who has which role in the project on a day, and which roles nobody has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.plan import Person, Role


class Vacancy(Struct, frozen=True):
    """A role that nobody has, from the day after whoever had it last stopped."""

    last: Person
    since: date

    @property
    def role(self) -> Role:
        return self.last.role


def holders(people: Iterable[Person], changes: Iterable[log.PersonChanged], as_of: date) -> tuple[Person, ...]:
    """Whoever has begun in each role last, in the order of project.yaml: they have it, or had it last.

    A role has one holder at a time: whoever begins takes it over for good, so that a predecessor is not back when the
    successor stops.
    """
    last: dict[Role, Person] = {}
    for person in (*people, *map(_changed, changes)):
        if person.since <= as_of and (person.role not in last or last[person.role].since <= person.since):
            last[person.role] = person
    return tuple(last.values())


def in_turn(people: Iterable[Person], changes: Iterable[log.PersonChanged], role: Role) -> list[Person]:
    """All who have had a role, one after the other."""
    every = (each for each in (*people, *map(_changed, changes)) if each.role == role)
    return sorted(every, key=lambda person: person.since)


def _changed(event: log.PersonChanged) -> Person:
    return Person(role=event.role, name=event.name, since=event.happened, synthetic=event.synthetic, at=event.at)


def vacancies(holders: Iterable[Person], as_of: date) -> tuple[Vacancy, ...]:
    """The roles whose last holder has stopped."""
    return tuple(
        Vacancy(person, person.until + timedelta(days=1))
        for person in holders
        if person.until is not None and person.until < as_of
    )
