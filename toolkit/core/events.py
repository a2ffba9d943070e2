"""What happened: the closed set of the log's kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Literal, get_args

from toolkit.core.money import Money
from toolkit.core.plan import Level, Role
from toolkit.core.records import DatedRows, Entry, Id, PostingRows, Year


class Event(Entry, frozen=True, kw_only=True):
    """Something that happened on one day and was recorded on another (hændelse).

    It is `called` by the `id` it was given, as commands give one, else its day and kind, "2022-06-10-milestone-moved";
    where several without an id have these in common, also four letters of what it says. A later event points at it by
    that name, which stays its own wherever its line is moved. `once_called` is what it was called before 0.2.0, by its
    place among the others, and `lettered` its name with the letters, also where it is alone, as in a log that ends
    earlier: what names it so still means it.
    """

    kind: ClassVar[str]
    happened: date
    recorded: date
    id: Id | None = None
    called: str = ""
    once_called: str = ""
    lettered: str = ""

    elsewhere: ClassVar[tuple[str, ...]] = ("called", "once_called", "lettered")

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called now, and was or may be called in another log with the same line."""
        return tuple(name for name in (self.called, self.once_called, self.lettered) if name)

    def is_called(self, name: str | None) -> bool:
        """Whether a name is this event's, now or in another log."""
        return name in self.names


# ── the grant ────────────────────────────────────────────────────────────────────────────────


class Applied(Event, frozen=True, kw_only=True):
    """The application was sent (ansøgt)."""

    kind: ClassVar[str] = "applied"
    amount: Money
    budget: Id | None = None


class Rejected(Event, frozen=True, kw_only=True):
    """The agency said no (afslag)."""

    kind: ClassVar[str] = "rejected"
    reason: str | None = None


class Awarded(Event, frozen=True, kw_only=True):
    """The agency said yes (tilsagn). From here on the promise binds.

    `promise` holds a digest of each promised value as it was that day, so that a later edit can be named.
    """

    kind: ClassVar[str] = "awarded"
    amount: Money
    budget: Id | None = None
    promise: Mapping[str, str] = {}


class Accepted(Event, frozen=True, kw_only=True):
    """The municipality accepted the award and its terms (tilkendegivelse)."""

    kind: ClassVar[str] = "accepted"


class ConditionMet(Event, frozen=True, kw_only=True):
    """A condition of the award letter was met (vilkår opfyldt)."""

    kind: ClassVar[str] = "condition-met"
    condition: Id
    evidence: str | None = None


# ── changes ──────────────────────────────────────────────────────────────────────────────────

Change = Literal["budget", "carry-over", "extension", "project"]


class ChangeEvent(Event, frozen=True, kw_only=True):
    """What a change is about, whoever asks for it or answers."""

    change: Change
    by: str | None = None
    budget: Id | None = None
    year: Year | None = None  # the year whose unspent money is to be carried over
    amount: Money | None = None  # how much of it; all where it does not say
    values: Mapping[str, Any] = {}  # promised values by path, "project_period.ends": their new values
    reason: str | None = None


class ChangeRequested(ChangeEvent, frozen=True, kw_only=True):
    """A change was asked for (ændring søgt)."""

    kind: ClassVar[str] = "change-requested"


class ChangeApproved(ChangeEvent, frozen=True, kw_only=True):
    """A change was approved (ændring godkendt): the only way that a promised value changes after the award."""

    kind: ClassVar[str] = "change-approved"


class ChangeRefused(ChangeEvent, frozen=True, kw_only=True):
    """A change was refused (ændring afvist)."""

    kind: ClassVar[str] = "change-refused"


# ── the grant's money ────────────────────────────────────────────────────────────────────────


class InstalmentReceived(Event, frozen=True, kw_only=True):
    """A part of the grant was paid out (rate modtaget)."""

    kind: ClassVar[str] = "instalment-received"
    amount: Money


class InstalmentWithheld(Event, frozen=True, kw_only=True):
    """A part of the grant was held back (rate tilbageholdt)."""

    kind: ClassVar[str] = "instalment-withheld"
    amount: Money
    reason: str


class InstalmentReleased(Event, frozen=True, kw_only=True):
    """What was held back is paid out after all (rate frigivet): from this day it is no longer held back."""

    kind: ClassVar[str] = "instalment-released"
    amount: Money
    reason: str | None = None


class Repaid(Event, frozen=True, kw_only=True):
    """A part of the grant was paid back (tilbagebetalt)."""

    kind: ClassVar[str] = "repaid"
    amount: Money
    reason: str | None = None


class Audited(Event, frozen=True, kw_only=True):
    """The accounts were audited (revideret), and where its statement, its protocol and the performance audit are."""

    kind: ClassVar[str] = "audited"
    by: str
    statement: str | None = None
    protocol: str | None = None
    performance_audit: str | None = None


class Closed(Event, frozen=True, kw_only=True):
    """The agency closed the grant (afsluttet)."""

    kind: ClassVar[str] = "closed"
    by: str | None = None


# ── the work ─────────────────────────────────────────────────────────────────────────────────


class MilestoneReached(Event, frozen=True, kw_only=True):
    """A milestone was reached (milepæl nået)."""

    kind: ClassVar[str] = "milestone-reached"
    milestone: Id
    evidence: str | None = None


class MilestoneMoved(Event, frozen=True, kw_only=True):
    """A milestone got another day (milepæl flyttet)."""

    kind: ClassVar[str] = "milestone-moved"
    milestone: Id
    due: date
    cause: str
    action: str | None = None


class MilestoneDropped(Event, frozen=True, kw_only=True):
    """A milestone will not be reached (milepæl udgået)."""

    kind: ClassVar[str] = "milestone-dropped"
    milestone: Id
    cause: str
    action: str | None = None


class ActivityHeld(Event, frozen=True, kw_only=True):
    """Something was done (aktivitet afholdt)."""

    kind: ClassVar[str] = "activity-held"
    title: str
    activity: Id | None = None
    participants: int | None = None
    evidence: str | None = None


class Deviation(Event, frozen=True, kw_only=True):
    """Something went otherwise than approved (afvigelse); with a `line`, it explains that line's spending."""

    kind: ClassVar[str] = "deviation"
    cause: str
    action: str
    line: Id | None = None


class Measured(Event, frozen=True, kw_only=True):
    """An indicator was measured (målt)."""

    kind: ClassVar[str] = "measured"
    indicator: Id
    value: Fraction


class Experience(Event, frozen=True, kw_only=True):
    """Something that was learned (erfaring)."""

    kind: ClassVar[str] = "experience"
    theme: str
    text: str
    phase: Id | None = None


class Advice(Event, frozen=True, kw_only=True):
    """What others should know before they begin (råd)."""

    kind: ClassVar[str] = "advice"
    theme: str
    text: str
    phase: Id | None = None


class RiskChanged(Event, frozen=True, kw_only=True):
    """A risk grew, shrank, went away or came back (risiko ændret); without `ended` it says nothing of that."""

    kind: ClassVar[str] = "risk-changed"
    risk: Id
    likelihood: Level | None = None
    impact: Level | None = None
    action: str | None = None
    ended: bool | None = None


class PersonChanged(Event, frozen=True, kw_only=True):
    """A role went to somebody else, or whoever has it stops (person ændret): `until` is the last day in the role."""

    kind: ClassVar[str] = "person-changed"
    role: Role
    name: str
    until: date | None = None


# ── the municipality's books ─────────────────────────────────────────────────────────────────


class Imported(Event, frozen=True, kw_only=True):
    """Postings were imported (import): which file, and its digest, so that a later edit is seen.

    `original` is the digest of the export as the ERP wrote it, so that it can be told from another one; `starts` and
    `ends` are the period that it covers. `vanished` are rows of earlier imports that it lacks, though it covers their
    days, and `changed` those of them that it has otherwise; `reappeared` are such as it has again. `unchanged` are rows
    that it has to the letter beside others of the same voucher and amount, new ones or such as it has again: they are
    no doubles of each other; and one row of each other system whose books are seen by it to be the same. `elements` are
    the project's elements that it has lines of, where its new lines are not of them all. `performed` are rows that it
    has as performed on another day than was known.
    """

    kind: ClassVar[str] = "imported"
    file: str
    digest: str
    original: str | None = None
    starts: date | None = None
    ends: date | None = None
    vanished: tuple[PostingRows, ...] = ()
    changed: tuple[PostingRows, ...] = ()
    reappeared: tuple[PostingRows, ...] = ()
    unchanged: tuple[PostingRows, ...] = ()
    elements: tuple[str, ...] = ()
    performed: tuple[DatedRows, ...] = ()


class Ordered(Event, frozen=True, kw_only=True):
    """Money was bound by an order that is not yet in the books (disponeret)."""

    kind: ClassVar[str] = "ordered"
    line: Id
    amount: Money
    reason: str | None = None


class OrderCancelled(Event, frozen=True, kw_only=True):
    """An order was cancelled, or its invoice is now in the books (annulleret)."""

    kind: ClassVar[str] = "order-cancelled"
    line: Id
    amount: Money
    reason: str | None = None


class Balance(Event, frozen=True, kw_only=True):
    """What the ERP itself says has been spent (saldo)."""

    kind: ClassVar[str] = "balance"
    amount: Money
    line: Id | None = None
    reason: str | None = None


class Estimate(Event, frozen=True, kw_only=True):
    """What the project manager expects a line to end at (forventet forbrug)."""

    kind: ClassVar[str] = "estimate"
    line: Id
    amount: Money
    reason: str


# ── the committees and the agency ────────────────────────────────────────────────────────────

Outcome = Literal["approved", "noted", "discussed", "recommended", "amended", "postponed", "returned", "rejected"]


class MeetingSet(Event, frozen=True, kw_only=True):
    """A step of a case got its day (møde fastsat)."""

    kind: ClassVar[str] = "meeting-set"
    case: Id
    step: Id
    date: date
    item: int | None = None


class ConsultationAnswered(Event, frozen=True, kw_only=True):
    """A body that was heard has answered (høringssvar)."""

    kind: ClassVar[str] = "consultation-answered"
    case: Id
    step: Id
    text: str


class Decided(Event, frozen=True, kw_only=True):
    """A body decided a case (besluttet): its exact words, and who was not there."""

    kind: ClassVar[str] = "decided"
    case: Id
    step: Id
    outcome: Outcome
    text: str
    absent: tuple[str, ...] = ()
    not_taking_part: tuple[str, ...] = ()
    votes: str | None = None
    minority: str | None = None


class Submitted(Event, frozen=True, kw_only=True):
    """A document was sent in, or put on the agenda (indsendt eller sat på dagsordenen).

    `receipt` is the digest of its receipt, so that a later edit of that is seen. `known_by` is the day until which it
    knew of anything, and `spent` what it says was spent on the budget's lines, for the next report to begin from.
    """

    kind: ClassVar[str] = "submitted"
    issued: str  # 2022-06-30-status-report-v1
    to: str
    known_by: date | None = None
    spent: Money | None = None
    via: str | None = None
    case_number: str | None = None
    attachments: tuple[str, ...] = ()
    receipt: str | None = None


# ── the log itself ───────────────────────────────────────────────────────────────────────────


class Corrected(Event, frozen=True, kw_only=True):
    """An earlier event was wrong (rettet): the right values, or that it never happened."""

    kind: ClassVar[str] = "corrected"
    event: str
    values: Mapping[str, Any] = {}
    withdrawn: bool = False


class Noted(Event, frozen=True, kw_only=True):
    """Worth remembering (bemærket)."""

    kind: ClassVar[str] = "noted"
    text: str


AnyEvent = (
    Applied
    | Rejected
    | Awarded
    | Accepted
    | ConditionMet
    | ChangeRequested
    | ChangeApproved
    | ChangeRefused
    | InstalmentReceived
    | InstalmentWithheld
    | InstalmentReleased
    | Repaid
    | Audited
    | Closed
    | MilestoneReached
    | MilestoneMoved
    | MilestoneDropped
    | ActivityHeld
    | Deviation
    | Measured
    | Experience
    | Advice
    | RiskChanged
    | PersonChanged
    | Imported
    | Ordered
    | OrderCancelled
    | Balance
    | Estimate
    | MeetingSet
    | ConsultationAnswered
    | Decided
    | Submitted
    | Corrected
    | Noted
)

KINDS: Mapping[str, type[AnyEvent]] = {cls.kind: cls for cls in get_args(AnyEvent)}
