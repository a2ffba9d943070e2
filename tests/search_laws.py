"""Looks for a log that breaks a law of every log, and makes it small: `python -m tests.search_laws SECONDS [FIRST]`.

The suite tries a few logs of each law in tests/test_log_worlds.py; this one goes on for as long as it is asked to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from random import Random
from time import monotonic
from typing import Any

import click
from msgspec import structs

from tests.log_worlds import World, name_of
from tests.test_log_worlds import (
    AtOnce,
    Corrected,
    Later,
    at_once,
    disagreements,
    later,
    put_right,
    said_otherwise_later,
    said_otherwise_when_put_right,
)
from toolkit.language import set_language

Case = Any  # Later, Corrected or AtOnce: worlds, and days
PAGES = 10  # of so many logs one is made to a page too, which takes ten times as long


def broken(case: Case, page: int | None = None) -> object:
    """What the law of a case finds wrong; nothing where it holds."""
    match case:
        case Later():
            return said_otherwise_later(case, page)
        case Corrected():
            return said_otherwise_when_put_right(case, page)
        case AtOnce():
            return disagreements(*case)
    raise TypeError(case)


def smaller(case: Case, page: int | None) -> Case:
    """The same break with as few events as may be."""
    tried = True
    while tried:
        tried = False
        for less in without_one(case):
            if _is_broken(less, page):
                case, tried = less, True
                break
    return case


def _is_broken(case: Case, page: int | None) -> bool:
    try:
        return bool(broken(case, page))
    except AssertionError:  # what is left cannot be read: a correction of what is gone
        return False


def without_one(case: Case) -> Iterator[Case]:
    """The case without one event and what corrects it, in all of its worlds."""
    worlds = [field for field in case._fields if isinstance(getattr(case, field), World)]
    longest = max((getattr(case, field) for field in worlds), key=lambda world: len(world.log))
    for at in reversed(range(len(longest.log))):
        gone = _with_corrections(longest, name_of(longest.log, at))
        left = {field: _without(getattr(case, field), gone) for field in worlds}
        if all(world.log for world in left.values()):
            yield case._replace(**left)


def _with_corrections(world: World, name: str) -> set[str]:
    gone = {name}
    for at, event in enumerate(world.log):
        if {event.get("event"), event.get("values", {}).get("event")} & gone:
            gone |= {name_of(world.log, at)}
    return gone


def _without(world: World, gone: set[str]) -> World:
    kept = (event for at, event in enumerate(world.log) if name_of(world.log, at) not in gone)
    return structs.replace(world, log=tuple(kept))


LAWS: tuple[Callable[[Random], Case], ...] = (later, put_right, at_once)


def search(seconds: float, first: int) -> int:
    """Each law in turn until the time is gone, or until one is broken, which is printed."""
    end, seed = monotonic() + seconds, first
    while monotonic() < end:
        for law in LAWS:
            page = seed if seed % PAGES == 0 else None
            case = law(Random(seed))
            if broken(case, page):
                least = smaller(case, page)
                click.echo(f"{law.__name__}, seed {seed}: {broken(least, page)}"[:4000])
                for each in least:
                    click.echo(each.text if isinstance(each, World) else each)
                return 1
        seed += 1
    click.echo(f"{seed - first} logs of each law, none broken")
    return 0


if __name__ == "__main__":
    set_language("da")
    sys.exit(search(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
