"""How the grant was applied for and answered: what stands, what leaves it as it is, which budget each is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.plan import Budget, Plan, Stage

# An application for more, while a grant stands, that is not answered or was met by an award; one that was declined or
# taken back; what says so; a closing by somebody else than the agency, or of no grant; a closing of what is closed.
Aside = Literal["more", "declined", "no-to-more", "not-closed", "closed-already"]
SOON = timedelta(days=90)  # what is written down so soon after an event is known with it
CourseStatus = Literal["applied", "awarded", "rejected", "closed"]
Asked = Literal["more", "award"]  # what a word of more is about: an application for it, or an award that replaces one
MoreAnswer = Literal["asked", "awarded", "declined", "taken-back"]


class More(Struct, frozen=True):
    """A word of more while an award stands: that it is asked for, is declined or taken back, or an award anew.

    `said` has the amount: the event itself, or what a no is to.
    """

    event: log.Applied | log.Awarded | log.Rejected | log.Closed
    said: log.Applied | log.Awarded

    @property
    def asked(self) -> Asked:
        return "award" if isinstance(self.event, log.Awarded) else "more"

    @property
    def answer(self) -> MoreAnswer:
        match self.event:
            case log.Applied():
                return "asked"
            case log.Awarded():
                return "awarded"
            case log.Rejected():
                return "declined"
            case log.Closed():
                return "taken-back"


class Course(Struct, frozen=True, kw_only=True):
    """Where some applications and answers have brought a grant.

    `beside` are those that it stands beside, and `budgets` what each application and award is about, by what they are
    called. `status` is None where nothing is logged. `ended` is what refused it or closed it, and `refused` the no that
    nobody has changed since, closed or not. `awarded` is the award that stands, and `first` the one that others have
    replaced since, if any has; `more` tells how it came to that.
    """

    beside: Mapping[str, Aside]
    budgets: Mapping[str, Budget]
    status: CourseStatus | None = None
    applied: log.Applied | None = None  # the last that is not declined
    awarded: log.Awarded | None = None
    first: log.Awarded | None = None
    more: tuple[More, ...] = ()
    ended: log.Rejected | log.Closed | None = None
    refused: log.Rejected | None = None

    @property
    def over(self) -> log.Rejected | log.Closed | None:
        """The event after which the agency asks for nothing: its no, also where it closed the grant since."""
        return self.refused or self.ended

    @property
    def closed_on(self) -> date | None:
        """The day that the agency closed it; None where it has not, or the grant has gone on since."""
        return self.ended.happened if isinstance(self.ended, log.Closed) else None


def course_of(
    plan: Plan, events: Iterable[AnyEvent], known: Iterable[AnyEvent] | None = None, known_by: date = date.max
) -> Course:
    """How some events, in the order of their days, have left the grant; `known` are those of later days too.

    What has happened later says which version of the budget is not about what happened before; and so does the day by
    which all of it was known.
    """
    events = [*events]
    known = events if known is None else [*known]
    of_grant = [event for event in events if isinstance(event, log.Applied | log.Awarded | log.Rejected | log.Closed)]
    beside = _beside(plan, of_grant)
    status: CourseStatus | None = None
    applied: log.Applied | None = None
    awarded: log.Awarded | None = None
    first: log.Awarded | None = None
    asked: log.Applied | None = None
    more: list[More] = []
    ended: log.Rejected | log.Closed | None = None
    refused: log.Rejected | None = None
    for event in of_grant:
        if isinstance(event, log.Applied) and beside.get(event.called) in ("more", None):
            applied = event
        if isinstance(event, log.Applied) and event.called in beside:
            asked = event
            more.append(More(event, event))
        elif isinstance(event, log.Rejected | log.Closed) and beside.get(event.called) == "no-to-more" and asked:
            more.append(More(event, asked))
        elif isinstance(event, log.Awarded) and awarded:
            more.append(More(event, event))
        if event.called in beside:
            continue
        match event:
            case log.Applied():
                status, ended, refused = "applied", None, None
            case log.Awarded():
                first = first if awarded else event
                status, awarded, ended, refused = "awarded", event, None, None
            case log.Rejected():
                status, awarded, ended, refused = "rejected", None, event, event
            case log.Closed():
                status, ended = "closed", event
    return Course(
        beside=beside,
        budgets=_budgets(plan, of_grant, _own(plan, known, known_by), beside),
        status=status,
        applied=applied,
        awarded=awarded,
        first=first if awarded else None,
        more=tuple(more),
        ended=ended,
        refused=refused,
    )


def _beside(plan: Plan, events: Iterable[AnyEvent]) -> dict[str, Aside]:
    """Those that the grant stands beside.

    A grant that was awarded stands until the agency answers anew, closed or not: to ask for more takes nothing from it
    and opens nothing again, a no to that is no refusal of the grant itself, and nobody else closes it. Before the award
    a municipality may take back what it asks.
    """
    found: dict[str, Aside] = {}
    asked: list[log.Applied] = []  # for more, and not answered
    events, is_closed = list(events), False
    by_files = plan.grant is not None and plan.grant.awarded is not None
    stands = by_files and not any(isinstance(event, log.Applied | log.Awarded | log.Rejected) for event in events)
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


# ── which budget each is about ───────────────────────────────────────────────────────────────


def _budgets(
    plan: Plan, events: Iterable[AnyEvent], own: Mapping[str, Budget], beside: Mapping[str, Aside]
) -> dict[str, Budget]:
    """The budget that each application and each award is about.

    It is the one that it names, else its own. An application without any has the one before; an award has what was
    applied for since the last award, and not declined. Where nothing was, it is not here.
    """
    found: dict[str, Budget] = {}
    asked: Budget | None = None
    before: Budget | None = None
    for event in events:
        if not isinstance(event, log.Applied | log.Awarded):
            continue
        budget = plan.budget(event.budget) or own.get(event.called)
        if isinstance(event, log.Awarded):
            budget, asked = budget or asked, None
        else:
            asked = asked if beside.get(event.called) == "declined" else budget or asked
            budget = before = budget or before
        if budget:
            found[event.called] = budget
    return found


def _own(plan: Plan, known: Sequence[AnyEvent], known_by: date) -> dict[str, Budget]:
    """The version of its own that each application, and each award, has, of those that no event names.

    A version is of the event of its stage whose day is nearest to its own: of several the last that there was on the
    event's day, and where none was yet the first. One that is nearest to an event that names another is nobody's, and
    so is one that was written down long after the event, until its own day is known.
    """
    by_event: defaultdict[str, list[Budget]] = defaultdict(list)
    events: dict[Stage, list[AnyEvent]] = {
        "application": [event for event in known if isinstance(event, log.Applied)],
        "award": [event for event in known if isinstance(event, log.Awarded)],
    }
    for budget in unnamed_in(plan, known):
        if its := events[budget.stage]:
            nearest = min(its, key=lambda event: abs(event.happened - day_of(budget)))
            if day_of(budget) <= max(known_by, nearest.happened + SOON):
                by_event[nearest.called].append(budget)
    found = {
        event.called: version_of(by_event[event.called], stage, event.happened)
        for stage, its in events.items()
        for event in its
    }
    return {name: budget for name, budget in found.items() if budget}


def unnamed_in(plan: Plan, events: Iterable[AnyEvent]) -> list[Budget]:
    """The versions that an application or an award may be about though no event names them."""
    named = {budget for event in events if (budget := getattr(event, "budget", None))}
    return [budget for budget in plan.budgets if budget.stage != "change" and budget.id not in named]


def version_of(versions: Iterable[Budget], stage: Stage, day: date) -> Budget | None:
    """The last version of a stage that there was on a day; where none was yet, the first there is."""
    found = sorted((budget for budget in versions if budget.stage == stage), key=lambda budget: budget.id)
    return max((budget for budget in found if day_of(budget) <= day), key=lambda budget: budget.id, default=None) or (
        found[0] if found else None
    )


def day_of(budget: Budget) -> date:
    """The day that a version's name begins with; the first of all days where it says none."""
    try:
        return date.fromisoformat(budget.id[:10])
    except ValueError:
        return date.min
