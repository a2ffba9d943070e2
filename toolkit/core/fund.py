"""What the state's money is bound to: a fund and its terms."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal, TypeVar

from msgspec import structs

from toolkit.core.money import Money
from toolkit.core.records import Entry, Hour, Id, KindName, Record, Share

Standing = Literal["verified", "sibling", "background"]
AnyStanding = Literal["letter", "verified", "sibling", "background"]
Instalments = Literal["quarterly", "half-yearly", "yearly"]
Payers = Literal["grant-first", "others-first", "proportional"]
ShareOf = Literal["line", "budget"]
AskedOf = Literal["claim", "rest"]
After = Literal["award", "acceptance"]
# What somebody may call the agency in the log, whichever it is.
_ANY_AGENCY = ("agency", "grantor", "tilskudsyder", "tilskudsyderen")
ADDING = frozenset({"forbidden-lines"})  # the terms that come beside those of the fund that is extended
# The terms that tell of a fund's call, in the order in which they are asked: who, for whom, how much, where, with what.
CALL_TERMS = ("applicants", "target-group", "distribution-key", "minimum", "maximum", "portal", "annexes")
# What a round says of its call is the round's alone; of the rest its word goes before the fund's.
OF_A_CALL = ("call_opens", "call_closes", "call_closes_at", "published", "applications", "projects")
_ROUNDS_OWN = ("expected_projects", "frame", "starts", "ends")


class SourcedAmount(Entry, frozen=True, kw_only=True):
    """One source's word for an amount; sources may disagree, and then each stands."""

    value: Money
    standing: Standing | None = None


class SourcedDay(Entry, frozen=True, kw_only=True):
    """One source's word for a day; `standing` says how well it is known, where anybody has said."""

    value: date
    standing: Standing | None = None


class Provision(Entry, frozen=True, kw_only=True):
    """Something that the fund asks or says, in our own words, and how we know it.

    `standing`: verified in the fund's own text, only in a sibling fund or the agency's handbook, or as background. The
    award letter always goes before (tilskudsbrevet går forud).
    """

    text: str
    standing: Standing
    reference: str


class Term(Provision, frozen=True, kw_only=True):
    """One of the fund's terms (vilkår). The checks know it by its id.

    It holds for what happens from the day `since` on; without one it always does.
    A limit is exclusive ("over 10 pct.", "under 500 kr."), unless it is `inclusive`: the very limit falls under the
    rule too. `share_of` is what the share is of, a line or the whole budget. `payers` is of `payer-order`: who pays
    first when a project with several payers costs less than was budgeted. `asked_of` is of `repayment-floor`: whether
    the limit is asked of the whole claim or of what is still to be paid. `days` and `after` are of `first-instalment`:
    how long after the award or its acceptance that comes. `address` is of `portal`: where one applies. `allows` is of
    `forbidden-lines`: words of the fund that this one extends, which it takes away. What is None the text does not say,
    and then nothing is assumed.
    """

    id: Id
    since: date | None = None
    share: Share | None = None
    share_of: ShareOf | None = None
    months: int | None = None
    amount: Money | None = None
    inclusive: bool = False
    words: tuple[str, ...] = ()
    payers: Payers | None = None
    asked_of: AskedOf | None = None
    days: int | None = None
    after: After | None = None
    address: str | None = None
    allows: tuple[str, ...] = ()

    @property
    def is_letters(self) -> bool:
        """Whether it is the award letter's own, which nothing goes before."""
        return isinstance(self, LetterTerm)

    def holds_on(self, day: date) -> bool:
        """Whether it holds for what happens on a day."""
        return self.since is None or self.since <= day

    def is_above(self, amount: Money) -> bool | None:
        """Whether an amount in øre is above the limit in kroner; None where the term names none."""
        if self.amount is None:
            return None
        return amount > self.amount or (self.inclusive and amount == self.amount)

    def is_below(self, amount: Money) -> bool | None:
        """Whether an amount in øre is below the limit in kroner; None where the term names none."""
        if self.amount is None:
            return None
        return amount < self.amount or (self.inclusive and amount == self.amount)

    def is_above_share(self, part: Money, whole: Money) -> bool | None:
        """Whether a part is more of the whole than the limit's share; None where the term names none."""
        if self.share is None:
            return None
        allowed = self.share * int(whole)
        return int(part) > allowed or (self.inclusive and int(part) == allowed)


class LetterTerm(Term, frozen=True, kw_only=True):
    """A term of the project's own award letter (tilskudsbrevet): it goes before the fund's of the same id."""

    standing: AnyStanding = "letter"  # type: ignore[assignment]  # no fund's
    reference: str = "tilskudsbrevet"


class Criterion(Provision, frozen=True, kw_only=True):
    """What applications are judged by (vurderingskriterium)."""


class Question(Provision, frozen=True, kw_only=True):
    """What an application must answer (spørgsmål), under a heading of texts/application.md."""

    heading: str


class LineKind(Provision, frozen=True, kw_only=True):
    """A kind of budget line that the fund pays (budgetpost, der kan søges om)."""

    id: Id
    title: str
    unit: str | None = None


class Duty(Provision, frozen=True, kw_only=True):
    """A report that the fund asks for (afrapportering). It has no deadline: that stands in the award letter."""

    report: KindName


class Round(Entry, frozen=True, kw_only=True):
    """One round of a fund (ansøgningsrunde): when one could apply, and what is the round's own, and how we know it.

    What it says of its frame and its days goes before what the fund says. Its deadline has an hour if its source has.
    """

    id: Id
    standing: Standing
    reference: str
    title: str | None = None
    call_opens: date | None = None
    call_closes: date | None = None
    call_closes_at: Hour | None = None
    published: date | None = None
    applications: int | None = None
    projects: int | None = None
    expected_projects: int | None = None
    frame: tuple[SourcedAmount, ...] = ()
    starts: tuple[SourcedDay, ...] = ()
    ends: tuple[SourcedDay, ...] = ()


class FundSource(Record, frozen=True, kw_only=True):
    """A document that the fund's facts come from."""

    id: Id
    title: str
    address: str | None = None


class Fund(Entry, frozen=True, kw_only=True):
    """A fund (pulje) that municipalities apply to: templates/funds/<id>.yaml.

    `extends` names a fund whose rules hold here too, such as the agency's general one. `gives_grants` is False where
    there is no fund at all, so that a project can say so; `by_application` is False where the money is distributed by a
    key, and nobody applies. `agency_names` are the other ways to write who the agency is.
    """

    id: Id
    title: str
    agency: str
    agency_names: tuple[str, ...] = ()
    purpose: str
    extends: Id | None = None
    gives_grants: bool = True
    by_application: bool = True
    account: str | None = None
    legal_basis: tuple[str, ...] = ()
    assessed_by: str | None = None
    call_opens: date | None = None
    call_closes: date | None = None
    call_closes_at: Hour | None = None
    published: date | None = None
    applications: int | None = None
    projects: int | None = None  # that got a grant
    expected_projects: int | None = None  # as the call says before anybody has applied
    payment: str | None = None  # in words
    instalments: Instalments | None = None
    frame: tuple[SourcedAmount, ...] = ()
    starts: tuple[SourcedDay, ...] = ()
    ends: tuple[SourcedDay, ...] = ()
    rounds: tuple[Round, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    questions: tuple[Question, ...] = ()
    lines: tuple[LineKind, ...] = ()
    reporting: tuple[Duty, ...] = ()
    terms: tuple[Term, ...] = ()
    sources: tuple[FundSource, ...] = ()

    def term(self, id: str) -> Term | None:
        """The first term of that id, its own before another fund's."""
        return next((term for term in self.terms if term.id == id), None)

    def round_of(self, id: str | None) -> Round | None:
        """The round that a project is of: the one that it names, else the only one that there is."""
        if id is None and len(self.rounds) == 1:
            return self.rounds[0]
        return next((each for each in self.rounds if each.id == id), None)

    def in_round(self, id: str | None) -> Fund:
        """This fund as a project of one of its rounds has it; as it is where nobody can tell which that is."""
        its = self.round_of(id)
        if its is None:
            return self
        own = {name: value for name in _ROUNDS_OWN if (value := getattr(its, name))}
        return structs.replace(self, **{name: getattr(its, name) for name in OF_A_CALL}, **own)

    def is_agency(self, text: str | None) -> bool:
        """Whether a text, such as an event's `by`, names the agency; case, spaces and dashes do not matter."""
        letters = _letters(text or "")
        return bool(letters) and letters in map(_letters, (self.agency, *self.agency_names, *_ANY_AGENCY))

    def upon(self, below: Fund) -> Fund:
        """This fund with the rules of the one that it extends, where it has none of the same name itself.

        A term that its own of that name leaves room for, until the day from which that holds, is one of them.
        What it forbids itself comes beside what the other does (ADDING), but for what it `allows`. Criteria and
        questions are a whole: its own, or all of the other's. The same agency has the same names.
        """
        names = (below.agency, *below.agency_names) if below.is_agency(self.agency) else ()
        always = {term.id for term in self.terms if term.since is None}
        return structs.replace(
            self,
            agency_names=(*self.agency_names, *(name for name in names if not self.is_agency(name))),
            criteria=self.criteria or _seen_elsewhere(below.criteria),
            questions=self.questions or _seen_elsewhere(below.questions),
            lines=_with_others(self.lines, _seen_elsewhere(below.lines), lambda line: line.id),
            reporting=_with_others(self.reporting, _seen_elsewhere(below.reporting), lambda duty: duty.report),
            terms=(*self.terms, *(term for term in self._left_of(below.terms) if term.id not in always - ADDING)),
            sources=_with_others(self.sources, below.sources, lambda source: source.id),
        )

    def _left_of(self, terms: Iterable[Term]) -> Iterator[Term]:
        """Another fund's terms, as known from there, without the words that this one allows."""
        for term in _seen_elsewhere(terms):
            allowed = {word.casefold() for own in self.terms if own.id == term.id for word in own.allows}
            words = tuple(word for word in term.words if word.casefold() not in allowed)
            if words or not allowed:
                yield structs.replace(term, words=words)


def _letters(text: str) -> str:
    """A name's letters and digits alone, so that "Social- og Boligstyrelsen" is written in one way."""
    return "".join(each for each in unicodedata.normalize("NFC", text).casefold() if each.isalnum())


NO_FUND = Fund(id=Id(""), title="", agency="", purpose="", gives_grants=False)  # of a project that names none
P = TypeVar("P", bound=Provision)
T = TypeVar("T")


def _seen_elsewhere(provisions: Iterable[P]) -> tuple[P, ...]:
    """What another fund's own text says is here known from a sibling only."""
    return tuple(
        structs.replace(each, standing="sibling") if each.standing == "verified" else each for each in provisions
    )


def _with_others(own: tuple[T, ...], others: Iterable[T], name: Callable[[T], str]) -> tuple[T, ...]:
    names = {name(each) for each in own}
    return (*own, *(other for other in others if name(other) not in names))
