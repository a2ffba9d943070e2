"""All that a template may say, each fact with where it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import get_type_hints

from msgspec import Struct

from toolkit.core.money import Money
from toolkit.core.problems import Span
from toolkit.core.records import Entry, Share
from toolkit.core.words import Word


class Origin(Struct, frozen=True):
    """Where a fact was written, and whether it is made up to have an example."""

    spans: tuple[Span, ...] = ()
    synthetic: bool = False

    @classmethod
    def of(cls, *entries: Entry, synthetic: bool = False) -> Origin:
        """The origin of a fact that rests on these entries; it is made up when any of them is."""
        made_up = synthetic or any(entry.synthetic for entry in entries)
        return cls(tuple(entry.at.span for entry in entries), made_up)


class Fact(Struct, frozen=True, kw_only=True):
    """A group of facts. Its fields are what a template may write; None is a fact that nobody has given."""

    origin: Origin = Origin()
    origins: Mapping[str, Origin] = {}  # of the fields that were written somewhere else than the rest


class PeriodFacts(Fact, frozen=True, kw_only=True):
    """From one day to another, both included; `text` is "1. januar – 30. juni 2022"."""

    starts: date
    ends: date
    text: str


class SourcedAmountFact(Fact, frozen=True, kw_only=True):
    """One source's word for an amount; the filter according_to("source-id") picks one."""

    source: str
    value: Money


class SourcedDayFact(Fact, frozen=True, kw_only=True):
    """One source's word for a day; the filter according_to("source-id") picks one."""

    source: str
    value: date


class FundFacts(Fact, frozen=True, kw_only=True):
    """The fund (puljen) and its agency."""

    title: str
    agency: str
    purpose: str
    assessed_by: str | None
    account: str | None
    legal_basis: tuple[str, ...]
    call_closes: date | None
    call_closes_at: str | None
    portal: str | None  # in words: where one applies
    portal_address: str | None
    published: date | None
    applications: int | None
    projects: int | None
    payment: str | None
    frame: tuple[SourcedAmountFact, ...]
    starts: tuple[SourcedDayFact, ...]


class GrantFacts(Fact, frozen=True, kw_only=True):
    """The grant (tilskuddet) as of the document's day."""

    applied: Money | None  # None of a grant that nobody applies for
    awarded: Money | None
    received: Money
    repaid: Money
    applied_on: date | None
    awarded_on: date | None
    first_awarded: Money | None  # where an approved change or a new award has made it another
    changed_on: date | None  # when the last of them did
    rejected_on: date | None
    closed_on: date | None
    file_number: str | None
    in_full: bool  # awarded as applied for


class TextFact(Fact, frozen=True, kw_only=True):
    """A promise in words; `count` is how many people, where that was promised."""

    text: str
    count: int | None = None


class ItemFacts(Fact, frozen=True, kw_only=True):
    """A goal, a track, a team: its title and perhaps a text."""

    id: str
    title: str
    text: str | None


class ActivityFacts(ItemFacts, frozen=True, kw_only=True):
    """An activity, with the ids of the phase and the track that it belongs to."""

    phase: str | None
    track: str | None


class SourceFacts(Fact, frozen=True, kw_only=True):
    """A document that somebody else can look up."""

    id: str
    title: str
    address: str | None


class IndicatorFacts(Fact, frozen=True, kw_only=True):
    """An indicator, from baseline over the latest measurement to target."""

    id: str
    title: str
    goal: str | None
    unit: str
    baseline: Fraction | None
    target: Fraction | None
    method: str | None
    measured: Fraction | None
    measured_on: date | None
    reached: bool | None  # None where there is nothing to compare


class GoalFacts(ItemFacts, frozen=True, kw_only=True):
    """A goal with its indicators."""

    indicators: tuple[IndicatorFacts, ...]


class PhaseFacts(ItemFacts, frozen=True, kw_only=True):
    """A phase; without dates, `when` says "løbende"."""

    starts: date | None
    ends: date | None
    when: str
    status: Word
    running: bool


class MilestoneFacts(Fact, frozen=True, kw_only=True):
    """A milestone with how it stands on the document's day."""

    id: str
    title: str
    phase: str | None
    promised: date
    due: date
    reached: date | None
    status: Word
    late: bool
    cause: str | None
    action: str | None
    shown_by: str | None


class ConditionFacts(Fact, frozen=True, kw_only=True):
    """A condition of the award letter with how it stands on the document's day."""

    id: str
    text: str
    page: int | None
    due: date | None
    responsible: str | None
    shown_by: str | None
    met: date | None
    evidence: str | None
    status: Word


class PersonFacts(Fact, frozen=True, kw_only=True):
    """Who has a role."""

    role: Word
    name: str
    title: str | None
    email: str | None
    phone: str | None


class GroupFacts(Fact, frozen=True, kw_only=True):
    """A group around the project; `members` is a list in words."""

    kind: Word
    title: str
    members: str | None
    text: str | None


class VacancyFacts(Fact, frozen=True, kw_only=True):
    """A role that nobody has, from a day on."""

    role: Word
    since: date


class RiskFacts(Fact, frozen=True, kw_only=True):
    """A risk as judged on the document's day."""

    id: str
    title: str
    likelihood: Word
    impact: Word
    action: str | None
    ended: bool


class YearFacts(Fact, frozen=True, kw_only=True):
    """A line's or a budget's money in one calendar year."""

    year: str
    budget: Money | None
    spent: Money | None


class LineFacts(Fact, frozen=True, kw_only=True):
    """A budget line; what was spent is up to the document's day, `in_period` within its period, `before` earlier.

    `after` is what was allowed though it came later. While nothing has been imported, what was spent is a fact that
    nobody has given.
    """

    id: str
    title: str
    unit: str | None
    quantity: Fraction | None
    unit_price: Money | None
    budget: Money
    spent: Money | None
    before: Money | None
    in_period: Money | None
    after: Money | None
    committed: Money
    bound: Money | None  # spent and committed
    remaining: Money | None
    used: Share | None
    variance: Money | None
    years: tuple[YearFacts, ...]
    note: str | None
    explanation: str | None  # the causes of the log's deviations on this line


class RowFacts(Fact, frozen=True, kw_only=True):
    """What stands beside the lines of a budget's table, or a sum of its rows."""

    id: str
    title: str
    budget: Money
    spent: Money | None
    before: Money | None
    in_period: Money | None
    after: Money | None
    committed: Money
    remaining: Money | None
    variance: Money | None
    years: tuple[YearFacts, ...]


class LateFacts(Fact, frozen=True, kw_only=True):
    """What came in since the last report was `sent`, of days that it told of; what it knew, and what is otherwise now.

    Together they are all that was spent before the period.
    """

    sent: date
    known: Money | None
    late: Money
    otherwise: Money | None


class FundingFacts(Fact, frozen=True, kw_only=True):
    """Money beside the grant."""

    kind: Word
    title: str
    amount: Money


class BudgetFacts(Fact, frozen=True, kw_only=True):
    """The budget in force on the document's day, and what became of it."""

    version: str
    approved_on: date | None
    approved_by: str | None
    applied: bool  # it is the application's: nobody has approved it
    not_by_agency: bool  # somebody else approved it, and nothing shows that the agency did
    lines: tuple[LineFacts, ...]
    years: tuple[YearFacts, ...]
    funding: tuple[FundingFacts, ...]
    beside: tuple[RowFacts, ...]  # what no rule places, where there is any
    in_all: RowFacts  # the lines, and what stands beside them
    waiting_rows: tuple[RowFacts, ...]  # what does not count before somebody has answered for it
    booked: RowFacts | None  # all that the books have; None where nothing waits
    total: Money
    spent: Money | None
    before: Money | None
    in_period: Money | None
    after: Money | None
    committed: Money
    remaining: Money | None
    variance: Money | None
    unallocated: Money
    unplaced: int  # postings that no rule places, whatever they come to
    not_eligible: Money
    waiting: Money
    elsewhere: Money  # spent on lines that the budget in force lacks: some of what waits
    used: Share | None
    unspent: Money | None  # of the grant, when the project has ended and it is known who pays first
    known_until: date | None  # where the books reach less far than the document
    gaps: str | None  # months before that which no import covers
    late: LateFacts | None
    price_level: str | None


class PaymentFacts(Fact, frozen=True, kw_only=True):
    """A part of the grant that was received."""

    day: date
    amount: Money


class SettlementFacts(Fact, frozen=True, kw_only=True):
    """One step of the settlement, with the sign it is added with; a `result` is the sum of the steps above it."""

    title: Word
    amount: Money
    result: bool


class TermFacts(Fact, frozen=True, kw_only=True):
    """A rule of the fund; `own` is False when only a sibling fund or the agency's handbook says so.

    `letter` is whether it is the award letter's, which nothing goes before.
    """

    text: str
    reference: str
    own: bool
    letter: bool


class OutcomeFacts(Fact, frozen=True, kw_only=True):
    """How the grant is settled if those who pay do it in one order: `title` says which."""

    id: str
    title: str
    covered: Money
    unspent: Money
    to_repay: Money
    to_receive: Money


class AllowedFacts(Fact, frozen=True, kw_only=True):
    """Costs outside the period, or on a dropped line, that count since somebody allowed them: who, or which rule."""

    by: str
    amount: Money


class PostedOutsideFacts(Fact, frozen=True, kw_only=True):
    """Costs that were performed in the period, and that the books have before or after it."""

    title: str
    amount: Money


class BalanceFacts(Fact, frozen=True, kw_only=True):
    """One row of the whole economy, or a side's sum: what the budget has, and what came of it."""

    title: str
    budget: Money | None
    actual: Money | None


class CarryOverFacts(Fact, frozen=True, kw_only=True):
    """What an ended year has left of its budget, and how it stands with carrying it over."""

    year: str
    left: Money
    part: Money | None  # what of it was asked for or approved, where that is not all
    status: Word


class YearEndFacts(Fact, frozen=True, kw_only=True):
    """The grant at the end of a year, all days until then together; nothing is told after `day`."""

    year: str
    day: date
    received: Money
    used: Money | None
    unused: Money | None


class AccountsFacts(Fact, frozen=True, kw_only=True):
    """How the grant was paid out and is settled (tilskudsregnskab).

    `settlement` is the one outcome there is; where it depends on who pays first, `outcomes` stand side by side.
    """

    received: tuple[PaymentFacts, ...]
    received_total: Money
    received_by: str  # books, log or books-and-log
    received_since: Money | None  # after the document's day, where the grant is settled and more was paid since
    returned_since: Money | None  # taken off what was received, and not logged as paid back
    repaid_since: Money | None
    other_income: Money
    costs: tuple[BalanceFacts, ...]
    costs_total: BalanceFacts
    financing: tuple[BalanceFacts, ...]
    financing_total: BalanceFacts
    others: tuple[BalanceFacts, ...]  # of the financing: what others than the state and the municipality pay
    others_total: BalanceFacts
    carry_overs: tuple[CarryOverFacts, ...]
    year_ends: tuple[YearEndFacts, ...]
    allowed: tuple[AllowedFacts, ...]
    allowed_total: Money
    posted_outside: tuple[PostedOutsideFacts, ...]
    posted_outside_total: Money
    settlement: tuple[SettlementFacts, ...]
    outcomes: tuple[OutcomeFacts, ...]
    pending: tuple[str, ...]  # the years that wait for leave to carry over what they left
    to_repay: Money | None
    to_receive: Money | None
    if_carried: Money | None  # what goes back if they get it
    receive_if_carried: Money | None  # what is to come then
    dropped: bool
    extended_to: date | None  # the period's last day, where a change after the document's day has moved it
    payers: TermFacts | None
    floor: TermFacts | None
    audit: tuple[TermFacts, ...]


class HappeningFacts(Fact, frozen=True, kw_only=True):
    """Something from the log: `title` and `text` are what was written, `cause` and `action` where there are any.

    A deviation may be of one budget `line`.
    """

    day: date
    line: str | None = None
    title: str | None = None
    text: str | None = None
    theme: str | None = None
    cause: str | None = None
    action: str | None = None
    participants: int | None = None
    evidence: str | None = None


class ChangeFacts(Fact, frozen=True, kw_only=True):
    """A change that was asked for, approved or refused; `what` says what it changes, where the log does.

    So is more than what is awarded: then `amount` is what was asked for, or is awarded now. Of what is carried over
    it is how much, where that is not all.
    """

    day: date
    change: Word
    what: str | None
    amount: Money | None
    answer: Word
    by: str | None
    reason: str | None


class ChangedLineFacts(Fact, frozen=True, kw_only=True):
    """A budget line before and after a change; `was` are the lines that it carries on, where the title says it not."""

    id: str
    title: str
    was: tuple[str, ...]
    before: Money
    after: Money
    difference: Money
    note: str | None


class ChangedYearFacts(Fact, frozen=True, kw_only=True):
    """A year's money before and after a change."""

    year: str
    before: Money
    after: Money
    difference: Money


class ChangedFundingFacts(Fact, frozen=True, kw_only=True):
    """What somebody pays beside the grant, before and after a change."""

    title: str
    before: Money
    after: Money
    difference: Money


class ChangedValueFacts(Fact, frozen=True, kw_only=True):
    """A promised value before and after a change, in words."""

    what: str
    before: str
    after: str


class UnspentFacts(Fact, frozen=True, kw_only=True):
    """What a line, or all of them, had left of a year's budget."""

    title: str
    budget: Money | None
    spent: Money | None
    unspent: Money | None


class UncountedFacts(Fact, frozen=True, kw_only=True):
    """What was booked in a year, and counts on no line before somebody has placed it or answered for it."""

    title: str
    amount: Money


class RequestFacts(Fact, frozen=True, kw_only=True):
    """A change that the document asks for."""

    change: Word
    day: date
    by: str | None
    reason: str | None
    lines: tuple[ChangedLineFacts, ...]
    years: tuple[ChangedYearFacts, ...]
    funding: tuple[ChangedFundingFacts, ...]
    total_before: Money | None
    total_after: Money | None
    total_difference: Money | None
    council_day: date | None  # of the last change since then that is not said to be approved by the agency
    council_by: str | None  # who approved that
    year: str | None  # the year whose unspent money is to be carried over
    amount: Money | None  # how much of it, where that is not all
    unspent: tuple[UnspentFacts, ...]
    unspent_total: UnspentFacts | None
    uncounted: tuple[UncountedFacts, ...]
    without_years: tuple[str, ...]  # lines whose money is not distributed on years
    told_until: date | None  # where the year that the request tells of was not over
    known_until: date | None  # where the books reach less far than that
    gaps: str | None  # months before that which no import covers
    values: tuple[ChangedValueFacts, ...]
    rule: TermFacts | None


class StepFacts(Fact, frozen=True, kw_only=True):
    """One body's treatment of a case at one meeting. `day` is None where it still follows."""

    body: str
    day: date | None
    item: int | None
    place: str | None
    case_type: str  # for-decision, for-information or for-discussion: phrase(step.case_type) is its word
    consultation: bool
    proposed_by: str | None
    proposal: tuple[str, ...]
    current: bool
    decision: str | None
    answer: str | None


class AppropriationFacts(Fact, frozen=True, kw_only=True):
    """One line of a supplementary appropriation: an expense above zero, an income below."""

    title: str
    year: str
    amount: Money


class DecisionFacts(Fact, frozen=True, kw_only=True):
    """What the body decided, in its own words; `outcome` is our word for it."""

    outcome: Word
    text: str
    absent: tuple[str, ...]
    not_taking_part: tuple[str, ...]
    votes: str | None
    minority: str | None


class AttachmentFacts(Fact, frozen=True, kw_only=True):
    """A paper that goes with the case."""

    no: int
    title: str
    open: bool


class Facts(Fact, frozen=True, kw_only=True):
    """Everything that a document of one occasion may say."""

    title: str
    municipality: str  # Thisted
    municipality_name: str  # Thisted Kommune
    area: str | None
    cohort: str | None
    case_number: str | None
    department: str | None
    cvr: str | None
    address: str | None
    summary: TextFact | None
    purpose: TextFact | None
    target_group: TextFact | None
    as_of: date
    project_period: PeriodFacts
    grant_period: PeriodFacts | None  # where it is another than the project's
    period: PeriodFacts
    following: PeriodFacts | None  # the period after this one
    phase: PhaseFacts | None
    fund: FundFacts | None
    grant: GrantFacts | None
    goals: tuple[GoalFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    tracks: tuple[ItemFacts, ...]
    teams: tuple[ItemFacts, ...]
    phases: tuple[PhaseFacts, ...]
    milestones: tuple[MilestoneFacts, ...]
    milestones_ahead: tuple[MilestoneFacts, ...]
    milestones_late: tuple[MilestoneFacts, ...]
    milestones_moved: tuple[MilestoneFacts, ...]
    milestones_reached: int
    conditions: tuple[ConditionFacts, ...]
    activities: tuple[ActivityFacts, ...]
    people: tuple[PersonFacts, ...]
    vacancies: tuple[VacancyFacts, ...]
    project_manager: PersonFacts | None
    groups: tuple[GroupFacts, ...]
    risks: tuple[RiskFacts, ...]
    budget: BudgetFacts | None
    accounts: AccountsFacts | None
    held: tuple[HappeningFacts, ...]
    deviations: tuple[HappeningFacts, ...]
    experiences: tuple[HappeningFacts, ...]
    advice: tuple[HappeningFacts, ...]
    changes: tuple[ChangeFacts, ...]
    request: RequestFacts | None
    case_title: str | None
    case_officer: str | None
    appropriation: tuple[AppropriationFacts, ...]
    appropriation_total: Money
    competence: str | None
    step: StepFacts | None
    steps: tuple[StepFacts, ...]
    decided: bool  # the document is the minutes of the item: it must have the decision
    decision: DecisionFacts | None
    attachments: tuple[AttachmentFacts, ...]
    sources: tuple[SourceFacts, ...]
    unwritten: tuple[str, ...]  # which of goals, phases and budget somebody has yet to write: they are not given


# ── facts by their paths ─────────────────────────────────────────────────────────────────────


class Leaf(Struct, frozen=True):
    """One fact that is no group of others: budget.lines.projektleder.spent. An amount or a share says its `unit`."""

    path: str
    value: object
    unit: str
    origin: Origin


def leaves(fact: Fact, path: str = "") -> Iterator[Leaf]:
    """Every fact with its path, in the order of the classes above; a group that nobody has given is one of them."""
    for name, unit in units(type(fact)).items():
        value, here = getattr(fact, name), f"{path}.{name}" if path else name
        items = value if isinstance(value, tuple) else ()
        if isinstance(value, Fact):
            yield from leaves(value, here)
        elif any(isinstance(item, Fact) for item in items):
            for number, item in enumerate(items, start=1):
                yield from leaves(item, f"{here}.{called(item, number)}")
        elif value != ():
            yield Leaf(here, value, unit, fact.origins.get(name, fact.origin))


def called(item: Fact, number: int) -> str:
    """What an item of a list is called in a path: its id, a year by itself, else its number."""
    if isinstance(item, YearFacts | ChangedYearFacts | CarryOverFacts | YearEndFacts):
        return item.year
    return str(getattr(item, "id", number))


@cache
def units(fact: type[Fact]) -> Mapping[str, str]:
    """The unit of each field, "Money", "Share" or none: an amount is an int when the program runs."""
    names = {Money: "Money", Share: "Share"}
    found = {}
    for name, hint in get_type_hints(fact).items():
        kinds = getattr(hint, "__args__", (hint,))
        found[name] = " ".join(names.get(kind, "") for kind in kinds).strip()
    return {name: hint for name, hint in found.items() if name not in Fact.__struct_fields__}
