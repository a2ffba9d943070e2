"""How the grant was applied for and answered: what stands, what leaves it as it is, which budget each is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.plan import Budget, Plan, Stage
from toolkit.core.records import Id

# An application for more, while a grant stands, that is not answered or was met by an award; one that was declined or
# taken back; what says so; a closing by somebody else than the agency, or of no grant; a closing of what is closed.
Aside = Literal["more", "declined", "no-to-more", "not-closed", "closed-already"]
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


def course_of(plan: Plan, events: Iterable[AnyEvent]) -> Course:
    """How some events, in the order of their days, have left the grant."""
    events = [event for event in events if isinstance(event, log.Applied | log.Awarded | log.Rejected | log.Closed)]
    beside = _beside(plan, events)
    status: CourseStatus | None = None
    applied: log.Applied | None = None
    awarded: log.Awarded | None = None
    first: log.Awarded | None = None
    asked: log.Applied | None = None
    more: list[More] = []
    ended: log.Rejected | log.Closed | None = None
    refused: log.Rejected | None = None
    for event in events:
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
        budgets=_budgets(plan, events, beside),
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


# ── which budget each is about ───────────────────────────────────────────────────────────────


def _budgets(plan: Plan, events: Iterable[AnyEvent], beside: Mapping[str, Aside]) -> dict[str, Budget]:
    """The budget that each application and each award is about.

    It is the one that it names, else the version of its stage on its day. An award has none of its own where an earlier
    award took that: then it is about what was applied for since that and not declined; where nothing was, it is not
    here.
    """
    found: dict[str, Budget] = {}
    taken: set[Id] = set()
    asked: Budget | None = None
    for event in events:
        if isinstance(event, log.Applied):
            budget = plan.budget(event.budget) or version_of(plan.budgets, "application", event.happened)
            asked = asked if beside.get(event.called) == "declined" else budget
        elif isinstance(event, log.Awarded):
            # What an earlier award took is another's too only where it was written down later than both.
            free = [each for each in plan.budgets if each.id not in taken or day_of(each) >= event.happened]
            own = plan.budget(event.budget) or version_of(free, "award", event.happened)
            budget = own or (asked if asked in free else None)
            taken |= {each.id for each in (budget, asked) if each}
            asked = None
        else:
            continue
        if budget:
            found[event.called] = budget
    return found


def version_of(versions: Iterable[Budget], stage: Stage, day: date) -> Budget | None:
    """The last version of a stage that there was on a day; where none was yet, the first there is.

    What names no version means the one of its stage, however much later that was written down.
    """
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
