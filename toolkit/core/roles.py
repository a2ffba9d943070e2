"""Who has which role in the project on a day, and which roles nobody has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct, structs

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
    return _begun_last(_terms(people, changes), as_of)


def in_turn(people: Iterable[Person], changes: Iterable[log.PersonChanged], role: Role) -> list[Person]:
    """All who have had a role, one after the other."""
    return sorted((each for each in _terms(people, changes) if each.role == role), key=lambda person: person.since)


def stops(event: log.PersonChanged, person: Person) -> bool:
    """Whether an event says when somebody who has, or had, a role has it no more."""
    return event.until is not None and (event.role, event.name) == (person.role, person.name)


def handed_over(
    people: Iterable[Person], changes: Iterable[log.PersonChanged]
) -> list[tuple[log.PersonChanged, Person]]:
    """Each event that says when somebody stopped whose role another had taken over before, and who that is."""
    changes = list(changes)
    found = []
    for at, event in enumerate(changes):
        terms = _terms(people, changes[:at])
        now = _serving(terms, event)
        if now and now.name != event.name and _term_of(terms, event):
            found.append((event, now))
    return found


def _terms(people: Iterable[Person], changes: Iterable[log.PersonChanged]) -> list[Person]:
    """All who have had a role, as project.yaml and the log say it together."""
    every = list(people)
    for event in changes:
        stopped, now = _term_of(every, event), _serving(every, event)
        if stopped and (now or stopped in _begun_last(every, event.happened)):
            every[every.index(stopped)] = structs.replace(stopped, until=event.until)
        else:
            every.append(_changed(event))
    return every


def _term_of(terms: Iterable[Person], event: log.PersonChanged) -> Person | None:
    """The last term of whoever an event says stops, of those that had begun on its day."""
    return max(
        (each for each in terms if stops(event, each) and each.since <= event.happened),
        key=lambda each: each.since,
        default=None,
    )


def _serving(terms: Iterable[Person], event: log.PersonChanged) -> Person | None:
    """Whoever has the role on an event's day, if anybody has it."""
    last = (each for each in _begun_last(terms, event.happened) if each.role == event.role)
    return next((each for each in last if each.until is None or each.until >= event.happened), None)


def _begun_last(terms: Iterable[Person], as_of: date) -> tuple[Person, ...]:
    last: dict[Role, Person] = {}
    for person in terms:
        if person.since <= as_of and (person.role not in last or last[person.role].since <= person.since):
            last[person.role] = person
    return tuple(last.values())


def _changed(event: log.PersonChanged) -> Person:
    return Person(
        role=event.role,
        name=event.name,
        since=event.happened,
        until=event.until,
        synthetic=event.synthetic,
        at=event.at,
    )


def vacancies(holders: Iterable[Person], as_of: date) -> tuple[Vacancy, ...]:
    """The roles whose last holder has stopped."""
    return tuple(
        Vacancy(person, person.until + timedelta(days=1))
        for person in holders
        if person.until is not None and person.until < as_of
    )
