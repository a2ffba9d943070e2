"""Many projects at once: which there are, how they fall into groups, and what they sum to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from msgspec import Struct, structs

from toolkit.core.money import NOTHING, Money, share, total
from toolkit.core.municipality import Municipality
from toolkit.core.plan import Days, Progress
from toolkit.core.reach import Months, spans
from toolkit.core.status import BudgetStatus, DeadlineStatus, MilestoneStatus, PhaseStatus, Status

Facet = Literal["cohort", "fund", "region", "phase"]
FACETS: tuple[Facet, ...] = get_args(Facet)

_RESTS_ON_BUDGET = ("budget", "committed")
_RESTS_ON_SPENDING = ("spent", "unallocated", "remaining", "forecast", "waiting")


class Amounts(Struct, frozen=True, kw_only=True):
    """What a project, or many, has of everything, in øre; None is an amount that nobody has said, or knows."""

    granted: Money | None = None
    budget: Money | None = None
    spent: Money | None = None
    committed: Money | None = None
    unallocated: Money | None = None
    remaining: Money | None = None
    forecast: Money | None = None
    waiting: Money | None = None  # in none of the others

    @property
    def used(self) -> Fraction | None:
        """Spent as a share of the budget; None where either is not known, or there is no budget to have a share of."""
        return share(self.spent, self.budget) if self.spent is not None and self.budget is not None else None

    @property
    def has_money(self) -> bool:
        """Whether there is any to spend."""
        return self.granted is not None or self.budget is not None

    @property
    def difference(self) -> Money | None:
        """The forecast less the budget."""
        return self.forecast - self.budget if self.forecast is not None and self.budget is not None else None


class Holding(Struct, frozen=True, kw_only=True):
    """One project of a portfolio: opened here, or handed over as a status by whoever keeps its files.

    Without a `status` its files could not be read at all.
    """

    file: str  # from the portfolio's folder: the project's own, or the status that was handed over
    name: str
    apart: str = ""  # what tells it from others that are called the same
    made_from: str = ""  # what its record says that it was scaffolded from
    status: Status | None
    home: Municipality | None = None
    handed_over: bool = False
    errors: int = 0
    warnings: int = 0
    notes: int = 0

    @property
    def broken(self) -> bool:
        """Whether it has errors: then no figure is made from it."""
        return self.errors > 0 or self.status is None

    @property
    def title(self) -> str:
        return (self.status.title if self.status else "") or self.name

    @property
    def called(self) -> str:
        """Its title, and what tells it from others of that title."""
        return f"{self.title} ({self.apart})" if self.apart else self.title

    @property
    def years(self) -> str:
        """2022, or 2022–2023: those of its period; "" where they are not known."""
        days = self.status.project_period if self.status else None
        return "–".join(dict.fromkeys((str(days.starts.year), str(days.ends.year)))) if days else ""

    @property
    def identities(self) -> set[tuple[object, ...]]:
        """What only one project has: two that share one of them are one project, met twice."""
        found: set[tuple[object, ...]] = {("made from", self.made_from)} if self.made_from else set()
        days = self.status.project_period if self.status else None
        if self.status and days:
            found.add(("plan", self.place, self.title, self.status.fund, days.starts, days.ends))
        return found | ({self._as_handed_over(days)} if self.handed_over else set())

    @property
    def named(self) -> set[tuple[object, ...]]:
        """All that another copy or status of it may be known by; one of an earlier version says no period."""
        days = self.status.project_period if self.status else None
        return self.identities | {self._as_handed_over(days), self._as_handed_over(None)}

    def _as_handed_over(self, days: Days | None) -> tuple[object, ...]:
        """How a status that is handed over names its project: the folder there, the fund and the first day."""
        return ("name", self.place, self.name, *((self.status and self.status.fund, days.starts) if days else ()))

    @property
    def refused_on(self) -> date | None:
        """The day its grant was refused; None where it was not."""
        return self.status.grant.refused if self.status and self.status.grant else None

    @property
    def closed_on(self) -> date | None:
        """The day that the agency closed its grant; None where it has not."""
        grant = self.status.grant if self.status else None
        return grant.closed or None if grant else None

    @property
    def is_refused(self) -> bool:
        """Whether its grant was refused."""
        return self.refused_on is not None

    @property
    def is_ungranted(self) -> bool:
        """Whether nothing is granted: its budget is of what it applied for, and nothing of that remains to be spent."""
        grant = self.status.grant if self.status else None
        return grant is not None and (grant.awarded is None or self.is_refused)

    @property
    def applied(self) -> Money | None:
        """What it has applied for and got no answer to; None where it has an answer, or has applied for nothing."""
        is_open = self.is_ungranted and not self.is_refused and self.closed_on is None
        return self.status.grant.applied if is_open and self.status and self.status.grant else None

    @property
    def owed(self) -> Money | None:
        """What it is to pay back of a grant that was refused or closed."""
        return self.status.grant.owed if self.status and self.status.grant else None

    @property
    def to_receive(self) -> Money | None:
        """What the agency owes of a grant that it closed."""
        grant = self.status.grant if self.status else None
        return grant.to_receive or None if grant else None

    @property
    def is_unsettled(self) -> bool:
        """Whether its grant was closed, and it is not known yet who owes whom."""
        return self.status is not None and self.status.grant is not None and self.status.grant.unsettled is True

    @property
    def place(self) -> str:
        """Thisted; as it was written where the state lists no municipality of that name."""
        return self.home.place if self.home else self.status.municipality if self.status else ""

    @property
    def phase(self) -> PhaseStatus | None:
        """The phase that it is in: the last begun of those that run."""
        status = self.status
        return next((each for each in status.phases if each.id == status.phase), None) if status else None

    @property
    def stage(self) -> Progress | None:
        """Whether it has begun or ended, as its phases tell; None where there are none."""
        if self.phase:
            return "running"
        found = {each.standing for each in self.status.phases} if self.status else set()
        if not found:
            return None
        if "lapsed" in found:
            return "lapsed"
        return "upcoming" if found == {"upcoming"} else "finished" if found == {"finished"} else "running"

    @property
    def milestones(self) -> tuple[MilestoneStatus, ...]:
        return self.status.milestones if self.status else ()

    @property
    def late(self) -> tuple[MilestoneStatus, ...]:
        return tuple(each for each in self.milestones if each.status == "late")

    @property
    def conditions_late(self) -> int:
        """How many of the award letter's conditions were to be met already."""
        return sum(each.status == "late" for each in self.status.conditions) if self.status else 0

    @property
    def next(self) -> DeadlineStatus | None:
        """What comes next, of what is not late already."""
        return next((each for each in self.status.deadlines if not each.late), None) if self.status else None

    @property
    def amounts(self) -> Amounts:
        """Its money; none of a broken one, for figures from wrong files are wrong figures, nor of what is not granted.

        Where nothing is known of what was spent, neither is what remains, nor what it will end at.
        """
        if self.broken or self.is_ungranted or self.status is None:
            return Amounts()
        grant, budget = self.status.grant, self.budget
        granted = grant.awarded if grant else None
        if budget is None:
            return Amounts(granted=granted)
        if budget.is_unknown:
            return Amounts(granted=granted, budget=budget.budget, committed=budget.committed)
        return Amounts(
            granted=granted,
            budget=budget.budget,
            spent=budget.spent,
            committed=budget.committed,
            unallocated=budget.unallocated,
            remaining=budget.remaining,
            forecast=budget.forecast,
            waiting=budget.waiting,
        )

    @property
    def budget(self) -> BudgetStatus | None:
        """What its money rests on, where it counts."""
        return self.status.budget if self.status and not self.broken and not self.is_ungranted else None

    @property
    def spent_known_until(self) -> date | None:
        """The last day until which its spending is known; None where nothing is, or nobody said."""
        budget = self.budget
        return budget.spent_known_until if budget else None

    @property
    def gaps(self) -> list[Months]:
        """Each run of months that no import covers; none of a project whose money is not shown."""
        is_shown = self.budget is not None and not self.broken and not self.is_ungranted
        return spans(self.budget.spent_gaps) if is_shown and self.budget else []

    @property
    def doubted(self) -> tuple[Money, Money]:
        """What its figures rest on and should perhaps not: costs and income."""
        budget = self.budget
        return (budget.doubted_costs, budget.doubted_income) if budget else (NOTHING, NOTHING)

    @property
    def counts_nothing(self) -> bool:
        """Whether no cost counts, however far the books are known."""
        return self.budget is not None and self.budget.counts_nothing is True

    @property
    def is_unplaced(self) -> bool:
        """Whether it has postings that no rule places, also where they come to nothing."""
        budget = self.budget
        return budget is not None and bool(budget.unplaced or budget.unallocated)

    @property
    def waits(self) -> bool:
        """Whether costs of it wait for an answer, also where they come to nothing."""
        budget = self.budget
        return budget is not None and bool(budget.waits)

    @property
    def is_doubted(self) -> bool:
        return any(amount != NOTHING for amount in self.doubted)

    def group(self, facet: Facet) -> str | None:
        """The group it is in; None where it does not say. A phase goes by its title, or is before or after all."""
        match facet:
            case "cohort":
                return self.status.cohort if self.status else None
            case "fund":
                return self.status.fund if self.status else None
            case "region":
                return self.home.region if self.home else None
            case "phase":
                return self.phase.title if self.phase else self.stage

    def is_in(self, facet: Facet, wanted: str) -> bool:
        """Whether it is in the group that was typed: in any capitals, a region by its place, a phase by its id too."""
        group = self.group(facet)
        names = {group, group.removeprefix("Region ") if group and facet == "region" else group}
        if facet == "phase" and self.phase:
            names.add(self.phase.id)
        return wanted.casefold() in {name.casefold() for name in names if name}


class Sums(Struct, frozen=True, kw_only=True):
    """What some projects come to. A broken one is counted, and nothing else of it.

    Of the money of the refused there is only what is to be paid back; `owed` is that, and the same of the closed. Of
    those that wait for an answer, `unanswered`, there is only what they `applied` for. The budget is of those that have
    one, which some with a grant, `without_budget`, have not.

    What was spent and remains is of those whose spending is known, which it is not of `without_spending`; the forecast
    of those that give one, which `without_forecast` do not. All of it is known until `spent_known_until`, but for those
    `without_until`, which do not say how far theirs is, and for months of those `with_gaps` that no import covers. The
    figures of those `doubted` rest on postings that are told of as gone from the books, or as there twice; costs of
    those `waiting` count when somebody answers for them, and no rule places some of those `unplaced`.
    """

    projects: int
    broken: int
    refused: int
    unanswered: int
    handed_over: int
    milestones_late: int
    reports_not_sent: int
    conditions_late: int
    without_budget: int
    without_spending: int
    without_forecast: int
    without_until: int
    with_gaps: int
    doubted: int
    waiting: int
    unplaced: int
    spent_known_until: date | None
    owed: Money
    applied: Money
    amounts: Amounts


class Group(Struct, frozen=True, kw_only=True):
    """The projects that have a cohort, a fund, a region or a phase in common; without a name they do not say which."""

    name: str | None
    holdings: tuple[Holding, ...]

    @property
    def sums(self) -> Sums:
        return sums(self.holdings)


def sums(holdings: Iterable[Holding]) -> Sums:
    """The sums of some projects: what none of them says is nothing, and what none of them knows is not known."""
    holdings = list(holdings)
    sound = [each for each in holdings if not each.broken]
    amounts = [each.amounts for each in sound]
    until = [each.spent_known_until for each in sound if each.amounts.spent is not None and not each.counts_nothing]
    known = [day for day in until if day is not None]
    without_budget = sum(each.has_money and each.budget is None for each in amounts)
    without_spending = sum(each.has_money and each.spent is None for each in amounts)
    lacking = {name for name in _RESTS_ON_BUDGET if without_budget}
    lacking |= {name for name in _RESTS_ON_SPENDING if without_spending}
    if not any(each.has_money for each in amounts):  # of none there is anything to say
        lacking |= set(Amounts.__struct_fields__)
    return Sums(
        projects=len(holdings),
        broken=len(holdings) - len(sound),
        refused=sum(each.is_refused for each in sound),
        unanswered=sum(each.applied is not None for each in sound),
        handed_over=sum(each.handed_over for each in holdings),
        milestones_late=sum(len(each.late) for each in sound),
        reports_not_sent=sum(len(each.status.reports_not_sent) for each in sound if each.status),
        conditions_late=sum(each.conditions_late for each in sound),
        without_budget=without_budget,
        without_spending=without_spending,
        without_forecast=sum(each.has_money and each.forecast is None for each in amounts),
        without_until=len(until) - len(known),
        with_gaps=sum(bool(each.gaps) for each in sound if each.amounts.spent is not None),
        doubted=sum(each.is_doubted for each in sound),
        waiting=sum(each.waits for each in sound),
        unplaced=sum(each.is_unplaced for each in sound),
        spent_known_until=min(known, default=None),
        owed=total(each.owed for each in sound if each.owed is not None),
        applied=total(each.applied for each in sound if each.applied is not None),
        amounts=Amounts(
            **{name: _sum(amounts, name, is_known=name not in lacking) for name in Amounts.__struct_fields__}
        ),
    )


def _sum(amounts: Iterable[Amounts], name: str, *, is_known: bool) -> Money | None:
    """What those that say it come to; where none does, nothing, or unknown."""
    said = [amount for each in amounts if (amount := getattr(each, name)) is not None]
    return total(said) if said or is_known else None


def chosen(holdings: Iterable[Holding], wanted: Mapping[Facet, Sequence[str]]) -> list[Holding]:
    """The projects that are in one of the wanted groups of each facet.

    One whose files cannot be read at all says of no group whether it is in it, and is never left out.
    """
    return [
        holding
        for holding in holdings
        if holding.status is None
        or all(any(holding.is_in(facet, name) for name in names) for facet, names in wanted.items() if names)
    ]


def grouped(holdings: Iterable[Holding], facet: Facet) -> list[Group]:
    """The projects by group, the groups by name, and last those that do not say; all of them are there once."""
    found: dict[str | None, list[Holding]] = {}
    for holding in holdings:
        found.setdefault(holding.group(facet), []).append(holding)
    names = sorted(found, key=lambda name: (name is None, alphabetical(name or "")))
    return [Group(name=name, holdings=tuple(found[name])) for name in names]


def in_order(holdings: Iterable[Holding]) -> list[Holding]:
    """By municipality, then by name: the same order whatever order the folders were found in."""
    return sorted(holdings, key=lambda each: (alphabetical(each.place), alphabetical(each.name), each.file))


class Told(Struct, frozen=True):
    """Each project once, and what is not shown, each for its reason."""

    holdings: tuple[Holding, ...]
    later: tuple[Holding, ...]  # statuses from after the day that was asked for
    doubled: tuple[tuple[Holding, Holding], ...]  # of a project that is shown already, and where that is from


def told_once(holdings: Iterable[Holding], as_of: date, known_by: date | None) -> Told:
    """Each project once, as of one day: its own files go before a status, and of several the latest.

    Of a folder that was copied that is the copy whose log was written in last.
    """
    kept, later, doubled = list[Holding](), list[Holding](), list[tuple[Holding, Holding]]()
    shown: dict[tuple[object, ...], Holding] = {}
    for holding in sorted(holdings, key=_best_first):
        status = holding.status
        if holding.handed_over and status and (status.as_of > as_of or (known_by and status.known_by > known_by)):
            later.append(holding)
        elif other := next((shown[each] for each in holding.identities if each in shown), None):
            doubled.append((holding, other))
        else:
            kept.append(holding)
            shown |= dict.fromkeys(holding.named, holding)
    return Told(tuple(in_order(told_apart(kept))), tuple(later), tuple(doubled))


def _best_first(holding: Holding) -> tuple[object, ...]:
    status = holding.status
    day = (status.as_of if holding.handed_over else status.known_by) if status else date.min
    return holding.handed_over, holding.broken, -day.toordinal(), holding.file


def told_apart(holdings: Iterable[Holding]) -> list[Holding]:
    """Those of one municipality and title with the years of each beside it, and its folder where that says more."""
    found: dict[tuple[str, str], list[Holding]] = {}
    for each in holdings:
        found.setdefault((each.place, each.title), []).append(each)
    return [
        each if len(alike) == 1 else structs.replace(each, apart=_apart(each, alike))
        for alike in found.values()
        for each in alike
    ]


def _apart(holding: Holding, alike: Sequence[Holding]) -> str:
    is_told = holding.years and sum(each.years == holding.years for each in alike) == 1
    return holding.years if is_told else ", ".join(filter(None, (holding.years, holding.file)))


# Danish letters in the order of the alphabet, after z: their code points have å before æ.
_DANISH = str.maketrans({"æ": "{a", "ø": "{b", "å": "{c"})


def alphabetical(text: str) -> str:
    """What to sort a Danish text by; capitals say nothing."""
    return text.casefold().translate(_DANISH)
