"""Which applications and answers leave the grant as it is: more money asked for, a no to that, a closing by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.plan import Plan

# An application for more, while a grant stands, that is not answered or was met by an award; one that was declined or
# taken back; what says so; a closing by somebody else than the agency, or of no grant; a closing of what is closed.
Aside = Literal["more", "declined", "no-to-more", "not-closed", "closed-already"]


def closed_on(plan: Plan, events: Iterable[AnyEvent]) -> date | None:
    """The day that the agency closed the grant, by some events in the order of their days; None where it goes on."""
    events = list(events)
    beside, day = aside(plan, events), None
    for event in events:
        if isinstance(event, log.Closed | log.Applied | log.Awarded | log.Rejected) and event.called not in beside:
            day = event.happened if isinstance(event, log.Closed) else None
    return day


def aside(plan: Plan, events: Iterable[AnyEvent]) -> dict[str, Aside]:
    """Those of some events, in the order of their days, that the grant stands beside, each by what it is called.

    A grant that was awarded stands until the agency answers anew, closed or not: to ask for more takes nothing from it
    and opens nothing again, a no to that is no refusal of the grant itself, and nobody else closes it. Before the award
    a municipality may take back what it asks.
    """
    found: dict[str, Aside] = {}
    asked: list[log.Applied] = []  # for more, and not answered
    stands = is_closed = False
    for event in events:
        match event:
            case log.Applied() if stands:
                asked.append(event)
                found[event.called] = "more"
            case log.Rejected() | log.Closed() if asked and (
                isinstance(event, log.Rejected) or plan.is_anothers(event.by)
            ):
                found[event.called] = "no-to-more"
                found.update((each.called, "declined") for each in asked)
                asked = []
            case log.Closed() if plan.grant is None or (stands and plan.is_anothers(event.by)):
                found[event.called] = "not-closed"
            case log.Closed() if is_closed:
                found[event.called] = "closed-already"
            case log.Closed():
                is_closed = True
            case log.Applied() | log.Awarded() | log.Rejected():
                asked, stands, is_closed = [], isinstance(event, log.Awarded), False
    return found
