"""What an explanation is made of: a value, where it stands, and the parts that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Literal, get_args

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.budget_change import LinePart
from toolkit.core.cases import Case, Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, total
from toolkit.core.problems import At, Span
from toolkit.core.records import Entry, Record
from toolkit.core.report import Report
from toolkit.core.state import State, corrected

Value = date | Fraction | int | str | tuple[str, ...] | None

What = Literal[
    # how a value that is no sum came to be
    "written",
    "written-month",
    "written-year",
    "unsaid",
    "promised",
    "changed",
    "event",
    "corrected",
    "latest",
    "source",
    "version",
    "worked-out",
    "asked",
    # figures
    "awarded",
    "received",
    "repaid",
    "budget",
    "spent",
    "spent-in-period",
    "spent-in-year",
    "committed",
    "bound",
    "remaining",
    "variance",
    "used",
    "unspent",
    "unallocated",
    "not-eligible",
    "before-period",
    "after-period",
    "dropped-line",
    "waiting",
    "booked",
    "before",
    "after",
    "late",
    "other-income",
    "difference",
    "appropriation",
    # the settlement
    "not-carried-over",
    "not-yet-carried-over",
    "available",
    "spent-on-lines",
    "income-left",
    "others-pay",
    "not-covered",
    "covered",
    "balance",
    "to-repay",
    "to-receive",
    "own-payment",
    "used-of-grant",
    # what figures are sums of
    "line",
    "budget-of-month",
    "rule",
    "no-rule",
    "month",
    "posting",
]


class Explanation(Struct, frozen=True, kw_only=True):
    """How one value came to be (forklaring).

    A figure's `amount` is what `plus` sums to less what `minus` sums to, to the øre, where it has any of them. What
    else it rests on stands in `because`, the oldest first: what was promised and how it changed, or what was compared.
    """

    what: What
    amount: Money | None = None
    value: Value = None
    at: Span | None = None
    plus: tuple[Explanation, ...] = ()
    minus: tuple[Explanation, ...] = ()
    because: tuple[Explanation, ...] = ()
    name: str = ""  # in the words of the project's files: a line's title, a posting's text
    day: date | None = None  # when it happened, or the day that a posting counts on
    posted: date | None = None  # of a posting that counts on another day
    kind: str = ""  # of an event
    voucher: str = ""
    whole: Money | None = None  # all of a posting, where only a part of it counts here
    reason: str = ""
    source: str = ""  # the title of the document that it comes from
    synthetic: bool = False


class View(Struct, frozen=True):
    """From where a fact is looked at: the record that the documents word, so no figure is figured a second time."""

    report: Report

    @property
    def dossier(self) -> Dossier:
        return self.report.dossier

    @property
    def state(self) -> State:
        return self.report.state

    @property
    def starts(self) -> date:
        return self.report.occasion.starts

    @property
    def ends(self) -> date:
        return self.report.occasion.ends

    @property
    def case(self) -> Case | None:
        return self.report.occasion.case

    @property
    def step(self) -> Step | None:
        return self.report.occasion.step

    def source(self, record: Record) -> str:
        """The title of the source that a record names, or its id where no list of sources has it."""
        id = getattr(record, "source", None)
        terms = self.dossier.plan.terms
        titles: dict[str, str] = {each.id: each.title for each in terms.sources} if terms else {}
        titles |= {each.id: each.title for each in self.dossier.plan.sources}
        return titles.get(id, id) if id else ""

    @property
    def made_up_files(self) -> frozenset[str]:
        """The files of postings whose import is marked as synthetic."""
        imports = (event for event in self.dossier.events if isinstance(event, log.Imported))
        return frozenset(event.file for event in imports if event.synthetic)


# ── makers ───────────────────────────────────────────────────────────────────────────────────


def sum_of(what: What, plus: Iterable[Explanation], minus: Iterable[Explanation] = (), /, **more: Any) -> Explanation:
    """A figure as the sum of its parts."""
    plus, minus = tuple(plus), tuple(minus)
    amount = _amounts(plus) - _amounts(minus)
    return Explanation(what=what, amount=amount, plus=plus, minus=minus, **more)


def written(view: View, record: Record, key: str, what: What = "written", **more: Any) -> Explanation:
    """What a file says under a key of a record: where it says nothing, where it would."""
    return Explanation(
        what=what if getattr(record, key) is not None else "unsaid",
        at=place(record.at, key),
        source=view.source(record),
        synthetic=isinstance(record, Entry) and record.synthetic,
        **_as_typed(record, key, getattr(record, key)),
        **more,
    )


def carried_part(view: View, part: LinePart, what: What, name: str) -> Explanation:
    """What a line carries on of one line of an earlier version."""
    whole = written(view, part.line, "amount", what, name=name)
    return whole if part.is_whole else Explanation(what=what, amount=part.amount, name=name, because=(whole,))


def happened(view: View, event: AnyEvent, key: str, what: What = "event", **more: Any) -> Explanation:
    """What an event of the log says under a key, and how the log corrected it since."""
    more.setdefault("reason", reason_of(event))
    corrections = tuple(_corrections(view, event, key))
    return written(view, event, key, what, day=event.happened, kind=event.kind, because=corrections, **more)


def latest(what: What, steps: Iterable[Explanation]) -> Explanation:
    """The value of the last step, because of all of them; the last alone where there was no other."""
    *earlier, last = steps
    if not earlier:
        return last
    said = {name: getattr(last, name) for name in ("amount", "value", "at", "synthetic")}
    return Explanation(what=what, because=(*earlier, last), **said)


def place(at: At, key: str) -> Span | None:
    """Where a key's value stands; None for what was never in a file."""
    span = at.of(key)
    return span if span.file else None


def reason_of(event: AnyEvent) -> str:
    """Why an event happened, in the words of whoever logged it."""
    return getattr(event, "reason", None) or getattr(event, "cause", None) or getattr(event, "evidence", None) or ""


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _amounts(parts: Iterable[Explanation]) -> Money:
    return total(part.amount for part in parts if part.amount is not None)


def _as_typed(record: Record, key: str, value: Any) -> dict[str, Any]:
    """The value as an amount where its record says that it is one: when the program runs, both are an int."""
    return {"amount": value} if key in _amount_keys(type(record)) else {"value": value}


@cache
def _amount_keys(cls: type[Record]) -> frozenset[str]:
    return frozenset(field.name for field in structs.fields(cls) if Money in (field.type, *get_args(field.type)))


def _corrections(view: View, event: AnyEvent, key: str) -> Iterable[Explanation]:
    """What the log said at first, and each correction of it that was known; nothing where there was none."""
    known = [
        each
        for each in corrected(view.dossier.events, view.state.known_by)
        if isinstance(each, log.Corrected) and key in each.values
    ]
    corrections = [each for each in known if event.called and each.event == event.called]
    if corrections:
        first = next(each for each in view.dossier.events if each.called == event.called)
        yield written(view, first, key, "written", day=first.recorded)
    for each in corrections:
        yield Explanation(
            what="corrected",
            at=place(each.at, "values"),
            day=each.happened,
            kind=each.kind,
            reason=each.note or "",
            synthetic=each.synthetic,
            **_as_typed(event, key, each.values[key]),
        )
