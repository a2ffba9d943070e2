"""What was promised: a project as its application and award letter describe it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import ClassVar, Literal

from msgspec import Struct, field, structs
from msgspec.structs import force_setattr

from toolkit.core.fund import ADDING, NO_FUND, Fund, LetterTerm, Term
from toolkit.core.money import Money, total
from toolkit.core.municipality import Municipality
from toolkit.core.records import ID, Entry, Id, KindName, Month, Record, Share, Year

Level = Literal["low", "medium", "high"]
Precision = Literal["day", "month", "year"]
Progress = Literal["upcoming", "running", "finished", "lapsed"]  # of a phase
Attainment = Literal["upcoming", "late", "reached", "dropped", "lapsed"]  # of a milestone


# ── the frame ────────────────────────────────────────────────────────────────────────────────


class Source(Record, frozen=True, kw_only=True):
    """Where facts come from (kilde): a document that somebody else can look up."""

    id: Id
    title: str
    address: str | None = None
    date: date | None = None


class Period(Entry, frozen=True, kw_only=True):
    """From one day to another, both included (periode).

    Where the source gives only months or years, `precision` says so, and documents say no more than it does. Whichever
    day of them is written, it is all of the first and all of the last.
    """

    starts: date
    ends: date
    precision: Precision = "day"

    def __post_init__(self) -> None:
        _widen(self)

    def __contains__(self, day: date) -> bool:
        return self.starts <= day <= self.ends

    @property
    def is_empty(self) -> bool:
        """Whether no day is in it: the grant was closed before it began."""
        return self.ends < self.starts


class Days(Struct, frozen=True):
    """From one day to another, both included."""

    starts: date
    ends: date


def _widen(stretch: Period | Phase) -> None:
    """From the first day of its first month or year to the last day of its last, where no more is known."""
    if stretch.precision == "day":
        return
    is_year = stretch.precision == "year"
    if starts := stretch.starts:
        force_setattr(stretch, "starts", starts.replace(month=1 if is_year else starts.month, day=1))
    if ends := stretch.ends:
        month = 12 if is_year else ends.month
        force_setattr(stretch, "ends", date(ends.year, month, monthrange(ends.year, month)[1]))


class Grant(Entry, frozen=True, kw_only=True):
    """The state's money for the project (tilskud). `awarded` is None until there is an answer.

    `applied` is None only where the fund is not applied for.
    """

    applied: Money | None = None
    awarded: Money | None = None
    applied_on: date | None = None
    grantor_file_number: str | None = None


FundingKind = Literal["own", "co"]


class Funding(Entry, frozen=True, kw_only=True):
    """Money beside the grant: own (egenfinansiering) or from others (medfinansiering)."""

    id: Id | None = None  # by which a rule says whose money an income was
    kind: FundingKind
    title: str
    amount: Money


class Statement(Entry, frozen=True, kw_only=True):
    """A promise in words, e.g. the purpose. May be written as the text alone."""

    shorthand: ClassVar[str] = "text"
    text: str


class TargetGroup(Entry, frozen=True, kw_only=True):
    """Whom the project is for (målgruppe), and how many if that was promised."""

    shorthand: ClassVar[str] = "text"
    text: str
    count: int | None = None


# ── what is to be reached ────────────────────────────────────────────────────────────────────


class Goal(Entry, frozen=True, kw_only=True):
    """What the project wants to reach (mål)."""

    id: Id
    title: str
    text: str | None = None


class Indicator(Entry, frozen=True, kw_only=True):
    """How a goal is measured (indikator): from a baseline to a target, both in `unit`."""

    id: Id
    title: str
    goal: Id | None = None
    unit: str = ""
    baseline: Fraction | None = None
    target: Fraction | None = None
    method: str | None = None


class Track(Entry, frozen=True, kw_only=True):
    """One of the lines of work that run through the phases (arbejdsspor)."""

    id: Id
    title: str
    text: str | None = None


class Team(Entry, frozen=True, kw_only=True):
    """A team, or a kind of team, that the project tries out."""

    id: Id
    title: str
    text: str | None = None


class Phase(Entry, frozen=True, kw_only=True):
    """A stretch of the project (fase). An ongoing one (løbende) has no dates and runs all the way.

    Its `precision` is as a period's.
    """

    id: Id
    title: str
    starts: date | None = None
    ends: date | None = None
    precision: Precision = "day"
    ongoing: bool = False
    text: str | None = None

    def __post_init__(self) -> None:
        _widen(self)


class Milestone(Entry, frozen=True, kw_only=True):
    """Something that has been reached or has not, on a day (milepæl)."""

    id: Id
    title: str
    due: date
    phase: Id | None = None
    shown_by: str | None = None


class Activity(Entry, frozen=True, kw_only=True):
    """Something the project does (aktivitet), in a phase and perhaps along a track."""

    id: Id
    title: str
    phase: Id | None = None
    track: Id | None = None
    text: str | None = None


# ── people, risks, duties: may change at any time ────────────────────────────────────────────

Role = Literal[
    "project_owner", "project_manager", "grant_manager", "contact", "controller", "auditor", "evaluator", "team_coach"
]
GroupKind = Literal["steering_committee", "advisory_group", "project_group", "team"]


class Person(Entry, frozen=True, kw_only=True):
    """Who has a role in the project, and from when."""

    role: Role
    name: str
    since: date = field(name="from")
    until: date | None = field(name="to", default=None)
    title: str | None = None
    email: str | None = None
    phone: str | None = None


class Group(Entry, frozen=True, kw_only=True):
    """A group around the project: steering committee (styregruppe), advisory group (følgegruppe) …"""

    kind: GroupKind
    title: str
    members: tuple[str, ...] = ()
    text: str | None = None


class Risk(Entry, frozen=True, kw_only=True):
    """What may go wrong (risiko), and what is done about it."""

    id: Id
    title: str
    likelihood: Level
    impact: Level
    action: str | None = None


FINAL_REPORT = KindName("final-report")  # of the whole project, whenever that ends
STATUS_REPORT = KindName("status-report")  # of some of its days


class Report(Entry, frozen=True, kw_only=True):
    """A duty to report (afrapportering), as the award letter sets it: no deadline is ever assumed.

    Without `to` it is to the agency that gives the grant.
    """

    kind: KindName
    period_ends: date
    period_starts: date | None = None
    due: date | None = None
    to: str | None = None


class Condition(Entry, frozen=True, kw_only=True):
    """One thing that the award letter itself asks (vilkår i tilskudsbrevet), met once an event says so.

    `shown_by` says what shows that it is met; where that is `accepted` or `audited`, an event of that kind does.
    """

    id: Id
    text: str
    page: int | None = None
    due: date | None = None
    responsible: str | None = None
    shown_by: str | None = None


AccountKind = Literal["cost", "equipment", "vat"]


class Erp(Entry, frozen=True, kw_only=True):
    """What in the municipality's ledger is this project's."""

    wbs_elements: tuple[str, ...] = ()
    cost_centres: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    account_kinds: Mapping[str, AccountKind] = {}  # by account, in which * stands for anything; the first that fits


class Applicant(Entry, frozen=True, kw_only=True):
    """Who applies (ansøger): the municipality as a legal body."""

    cvr: str | None = None
    address: str | None = None
    department: str | None = None


# ── money promised ───────────────────────────────────────────────────────────────────────────

Stage = Literal["application", "award", "change"]


class BudgetLine(Entry, frozen=True, kw_only=True):
    """One line of one budget version (budgetpost): quantity × unit price = amount = the years' sum.

    An `equipment` line (materiel) is for things that the terms may set a limit on for each year.
    `was` says which lines of earlier versions it carries on, and which share of each: their costs follow.
    """

    id: Id
    title: str
    amount: Money
    unit: str | None = None
    quantity: Fraction | None = None
    unit_price: Money | None = None
    by_year: Mapping[Year, Money] = {}
    by_month: Mapping[Month, Money] = {}
    equipment: bool = False
    was: Mapping[Id, Share] = {}

    def in_year(self, year: int) -> Money | None:
        """What the line has for one calendar year; None where the budget does not say."""
        if self.by_year:
            return self.by_year.get(Year(year), Money(0))
        if self.by_month:
            return total(amount for month, amount in self.by_month.items() if month.startswith(f"{year}-"))
        return None


class Budget(Entry, frozen=True, kw_only=True):
    """A whole budget version (budget): never changed, only followed by a new one."""

    id: Id  # the file's name: 2021-12-16-award
    stage: Stage
    lines: tuple[BudgetLine, ...]
    funding: tuple[Funding, ...] = ()
    price_level: str | None = None

    @property
    def amount(self) -> Money:
        return total(line.amount for line in self.lines)

    def line(self, id: str) -> BudgetLine | None:
        return next((line for line in self.lines if line.id == id), None)


# ── the whole ────────────────────────────────────────────────────────────────────────────────


class Plan(Record, frozen=True, kw_only=True):
    """A project as promised (plan): project.yaml with its budget versions and its fund."""

    title: str
    municipality: str
    project_period: Period
    synthetic: bool = False  # the whole project is made up
    area: str | None = None
    cohort: str | None = None
    summary: Statement | None = None
    case_number: str | None = None
    applicant: Applicant | None = None
    fund: Id | None = None
    round: Id | None = None
    grant_period: Period | None = None
    grant: Grant | None = None
    funding: tuple[Funding, ...] = ()
    purpose: Statement | None = None
    target_group: TargetGroup | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    tracks: tuple[Track, ...] = ()
    phases: tuple[Phase, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    activities: tuple[Activity, ...] = ()
    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    risks: tuple[Risk, ...] = ()
    reports: tuple[Report, ...] = ()
    conditions: tuple[Condition, ...] = ()
    delete_after: date | None = None
    erp: Erp | None = None
    letter_terms: tuple[LetterTerm, ...] = field(name="terms", default=())
    sources: tuple[Source, ...] = ()

    elsewhere: ClassVar[tuple[str, ...]] = ("budgets", "unwritten", "terms", "home", "kinds", "likes")
    budgets: tuple[Budget, ...] = ()
    unwritten: tuple[Id, ...] = ()  # budgets that are not among these, since some amounts are yet to be written
    terms: Fund | None = field(name="fund_terms", default=None)  # `terms` in project.yaml are the letter's
    home: Municipality | None = None  # None where the owner is no municipality: KL og FOA
    kinds: Mapping[str, str] = {}  # what the kinds of document that are to be sent in are called, by name
    likes: Mapping[str, str] = {}  # the kind whose days those have that are like another

    @property
    def municipality_name(self) -> str:
        """Thisted Kommune; an owner that is no municipality has no other name than its own."""
        return self.home.name if self.home else self.municipality

    @property
    def budget_lines(self) -> Iterator[BudgetLine]:
        """The lines of every version, one version after the other."""
        return (line for budget in self.budgets for line in budget.lines)

    def budget(self, id: str | None) -> Budget | None:
        return next((budget for budget in self.budgets if budget.id == id), None)

    def funding_of(self, budget: Budget) -> tuple[Funding, ...]:
        """What others pay in a version: its own list, also an empty one that is written; else project.yaml's."""
        own = budget.funding or "funding" in budget.at.keys
        return budget.funding if own else self.funding

    @property
    def is_applied_for(self) -> bool:
        """Whether its grant is one that is applied for, as far as anybody has said."""
        return self.terms is None or self.terms.by_application

    def is_agency(self, text: str | None) -> bool:
        """Whether a text names the agency that gives the grant; a project without a fund has only the common words."""
        return (self.terms or NO_FUND).is_agency(text)

    def is_anothers(self, by: str | None) -> bool:
        """Whether an answer is said to be by another than the agency; without a fund nobody says who that is."""
        return by is not None and self.terms is not None and not self.is_agency(by)

    def line_title(self, id: str) -> str | None:
        """What a budget line is called, by the last version that has it; None where none does."""
        newest_first = sorted(self.budgets, key=lambda budget: budget.id, reverse=True)
        return next((line.title for budget in newest_first if (line := budget.line(id))), None)

    @property
    def cost_period(self) -> Period:
        """The days whose costs the grant may pay: the grant's own period where it has one, else the project's."""
        return self.grant_period or self.project_period

    def closed(self, day: date | None) -> Plan:
        """The plan once the agency has closed the grant: its period has ended with that day, if it had not before.

        Closed before it begins, it ends before it begins: no day is in it. What is still to be told of the whole is
        told of the days until then; when, nobody has said, but for a day that had passed.
        """
        if day is None:
            return self
        period = self.cost_period
        ended = period if day >= period.ends else structs.replace(period, ends=day)
        return structs.replace(
            self,
            grant_period=self.grant_period if ended is period else ended,
            reports=tuple(self._ended(report, day) for report in self.duties(day)),
        )

    def duties(self, closed: date | None) -> tuple[Report, ...]:
        """The duties to report as they are written, without those that lapsed when the agency closed the grant.

        A status report lapses whose period had not ended by then. All else is of the whole, and the last of each kind,
        to whom it goes, tells that.
        """
        if closed is None:
            return self.reports
        last: dict[tuple[str, str | None], Report] = {}
        for report in sorted(self.reports, key=lambda report: report.period_ends):
            about = (report.kind, report.to)
            is_told = about in last and last[about].period_ends == closed
            if report.period_ends >= closed and not is_told and not self._lapses(report, closed):
                last[about] = report
        return tuple(each for each in self.reports if each.period_ends < closed or each in last.values())

    def _lapses(self, report: Report, closed: date) -> bool:
        return report.period_ends > closed and self.likes.get(report.kind, report.kind) == STATUS_REPORT

    def told_until(self, ends: date, closed: date | None) -> date:
        """The last day of a report of the whole: that of the grant's closing, where the agency closed it before."""
        return min(ends, closed) if closed and closed >= self.project_period.starts else ends

    def _ended(self, report: Report, closed: date) -> Report:
        if report.period_ends <= closed:
            return report
        due = report.due if report.due and report.due < closed else None
        return structs.replace(report, period_ends=self.told_until(report.period_ends, closed), due=due)

    @property
    def years(self) -> set[int]:
        """The calendar years that the project or the grant's own period lies in."""
        periods = (self.project_period, self.cost_period)
        return {year for each in periods for year in range(each.starts.year, each.ends.year + 1)}

    @property
    def every_term(self) -> tuple[Term, ...]:
        """The award letter's terms, then the fund's, from whatever day they hold."""
        return (*self.letter_terms, *(self.terms.terms if self.terms else ()))

    def terms_on(self, day: date) -> tuple[Term, ...]:
        """The award letter's terms that hold on a day, and the fund's that the letter has none of the same id for then.

        So the fund's holds until the day from which the letter's does.
        """
        holding: dict[Id, Term] = {}
        for term in self.every_term:
            if term.holds_on(day):
                holding.setdefault(term.id, term)
        return tuple(holding.values())

    def every_term_of(self, id: str, on: date) -> tuple[Term, ...]:
        """The term of that id that binds the project on a day, and those of other funds that it comes beside."""
        first = self.term(id, on)
        if first is None or first.is_letters or id not in ADDING:
            return (first,) if first else ()
        return tuple(term for term in self.every_term if term.id == id and term.holds_on(on) and not term.is_letters)

    def term(self, id: str, on: date) -> Term | None:
        """The term of that id that binds the project on a day; None where nobody has set one for it."""
        return next((term for term in self.terms_on(on) if term.id == id), None)

    def who_allows(self, by: str, on: date) -> str | None:
        """Who allowed a cost of a day, as a rule says it: in words of its own, or by a term's id.

        A term answers with its text. None where the id is of no term that holds then: nobody has allowed it.
        """
        if term := self.term(by, on):
            return term.text
        is_id = any(term.id == by for term in self.every_term) or ("-" in by and ID.fullmatch(by))
        return None if is_id else by


# From the award on these change only by an approved change (LOVET in project.yaml).
PROMISED = (
    "purpose",
    "goals",
    "target_group",
    "project_period",
    "grant_period",
    "phases",
    "milestones",
    "grant",
)
# What an approved change may bring: nobody promised the letter's own conditions, yet the agency moves them.
CHANGEABLE = (*PROMISED, "conditions")
