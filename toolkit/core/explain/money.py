"""How the grant's and the budget's figures came to be, down to each voucher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property

from msgspec import structs

from toolkit.core import events as log
from toolkit.core.events import AnyEvent
from toolkit.core.explain.explanation import (
    Explanation,
    View,
    What,
    happened,
    latest,
    place,
    reason_of,
    sum_of,
    written,
)
from toolkit.core.explain.promised import promised
from toolkit.core.money import NOTHING, Money, share
from toolkit.core.plan import Budget, BudgetLine
from toolkit.core.postings import Allocated, Place, Postings, Rule
from toolkit.core.problems import Span
from toolkit.core.state import BudgetState, GrantState, LineState, State, state_at

Matches = Callable[[Allocated], bool]


def explain_grant(view: View, path: list[str]) -> Explanation | None:
    """A figure of the grant: grant.awarded."""
    grant = view.state.grant
    match path:
        case [name] if grant is not None:
            return GrantMoney(view, grant).figure(name)
    return None


def explain_budget(view: View, path: list[str]) -> Explanation | None:
    """A figure of the budget in force: budget.remaining, budget.lines.projektleder.spent, budget.years.2022.budget."""
    if view.state.budget is None:
        return None
    books = Books(view, view.state.budget)
    match path:
        case ["lines", id, *rest]:
            line = next((each for each in books.money.lines if each.line.id == id), None)
            return books.of_line(line, rest) if line else None
        case ["years", year, name]:
            return books.of_year(int(year), name)
        case ["funding", number, key]:
            funding = books.money.budget.funding or view.state.plan.funding
            return written(view, funding[int(number) - 1], key)
        case [name]:
            return books.figure(name)
    return None


# ── the grant ────────────────────────────────────────────────────────────────────────────────


class GrantMoney:
    """The grant's figures, each as it came to be."""

    def __init__(self, view: View, grant: GrantState) -> None:
        self.view = view
        self.grant = grant

    def figure(self, name: str) -> Explanation | None:
        match name:
            case "applied" | "applied_on":
                return self.applied(name)
            case "awarded":
                return self.awarded()
            case "awarded_on":
                events = self.events(log.Awarded)
                return happened(self.view, events[-1], "happened") if events else Explanation(what="unsaid")
            case "received":
                return self.received()
            case "repaid":
                return self.repaid()
            case "in_full":
                amounts = (self.applied("applied"), self.awarded())
                value = self.grant.awarded == self.grant.applied
                return Explanation(what="worked-out", value=value, because=tuple(filter(None, amounts)))
            case "file_number":
                return promised(self.view, ("grant", "grantor_file_number"))
        return None

    def events(self, *kinds: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.view.state.history if isinstance(event, kinds)]

    def applied(self, name: str) -> Explanation | None:
        """As the log says; where nobody logged it, as project.yaml says."""
        events = self.events(log.Applied)
        if not events:
            return promised(self.view, ("grant", name))
        return happened(self.view, events[-1], "amount" if name == "applied" else "happened")

    def awarded(self) -> Explanation | None:
        """The award, and each change of it; project.yaml's own figure where the log has no answer."""
        if self.grant.awarded is None:
            return Explanation(what="unsaid")
        steps = [step for event in self.view.state.history for step in self._answer(event)]
        if not steps:
            return promised(self.view, ("grant", "awarded"))
        return latest("awarded", steps)

    def _answer(self, event: AnyEvent) -> Iterator[Explanation]:
        match event:
            case log.Awarded():
                yield happened(self.view, event, "amount")
            case log.ChangeApproved() if "grant.awarded" in event.values:
                yield Explanation(
                    what="changed",
                    amount=event.values["grant.awarded"],
                    at=place(event.at, "values"),
                    day=event.happened,
                    kind=event.kind,
                    name=event.by or "",
                    reason=reason_of(event),
                    synthetic=event.synthetic,
                )

    def received(self) -> Explanation:
        """The instalments of the log; where none is logged, what the books took in as the grant's own income."""
        events = self.events(log.InstalmentReceived)
        if events:
            return sum_of("received", (happened(self.view, event, "amount") for event in events))
        booked = (part for part in parts_of(self.view.state) if part.place == "grant-income")
        return sum_of("received", (), by_rule(self.view, booked))

    def repaid(self) -> Explanation:
        return sum_of("repaid", (happened(self.view, event, "amount") for event in self.events(log.Repaid)))


# ── the budget ───────────────────────────────────────────────────────────────────────────────


class Books:
    """The figures of the budget in force and of the books, each as it came to be."""

    def __init__(self, view: View, money: BudgetState) -> None:
        self.view = view
        self.money = money
        self.placed = defaultdict[tuple[str, Place], list[Allocated]](list)  # by line and place
        for part in parts_of(view.state):
            self.placed[part.line or "", part.place].append(part)

    def figure(self, name: str) -> Explanation | None:
        """A figure of the whole budget."""
        match name:
            case "total":
                return self.budget()
            case "spent":
                return self.spent("spent")
            case "in_period":
                return self.spent("spent-in-period", self.in_period, day=self.view.starts)
            case "committed":
                return sum_of("committed", (self.committed(line) for line in self.money.lines))
            case "unallocated":
                return sum_of("unallocated", by_rule(self.view, self.placed["", "unallocated"]))
            case "not_eligible":
                return sum_of("not-eligible", by_rule(self.view, self.placed["", "not-eligible"]))
            case "remaining":
                taken = (self.figure(each) for each in ("spent", "committed", "unallocated"))
                return sum_of("remaining", (self.budget(),), filter(None, taken))
            case "variance":
                return sum_of("variance", (self.spent("spent"),), (self.budget(),))
            case "used":
                return _share("used", self.spent("spent"), self.budget())
            case "elsewhere":
                return self.elsewhere()
            case "unspent":
                return self.unspent()
            case "version":
                return self.version()
            case "approved_on" | "approved_by":
                return self.approved(name)
        return written(self.view, self.money.budget, name)

    def budget(self) -> Explanation:
        return sum_of("budget", (self.line_budget(each.line) for each in self.money.lines))

    def spent(self, what: What, when: Matches = lambda part: True, day: date | None = None) -> Explanation:
        """What is on the budget's lines, and on lines that only another version of it has."""
        lines = (self.line_spent(line.line, "line", when) for line in self.money.lines)
        elsewhere = self.elsewhere(when)
        return sum_of(what, (*lines, *([elsewhere] if elsewhere.plus else [])), day=day)

    def elsewhere(self, when: Matches = lambda part: True) -> Explanation:
        known = {line.line.id for line in self.money.lines}
        others = (parts for (line, _place), parts in self.placed.items() if line and line not in known)
        return sum_of("elsewhere", by_rule(self.view, (part for parts in others for part in parts if when(part))))

    def other_income(self) -> Explanation:
        """What others than the state paid: in the books an income is below zero."""
        return sum_of("other-income", (), by_rule(self.view, self.placed["", "other-income"]))

    def in_period(self, part: Allocated) -> bool:
        return part.posting.posted >= self.view.starts

    def unspent(self) -> Explanation:
        """Of the grant: only once the project has ended."""
        awarded = GrantMoney(self.view, self.view.state.grant).awarded() if self.view.state.grant else None
        ended = self.view.state.as_of >= self.view.state.plan.project_period.ends
        if awarded is None or awarded.amount is None or not ended:
            ends = promised(self.view, ("project_period", "ends"))
            return Explanation(what="unspent", because=(ends,) if ends else ())
        return sum_of("unspent", (awarded,), (self.spent("spent"),))

    def version(self) -> Explanation:
        budget = self.money.budget
        return Explanation(
            what="version",
            value=budget.id,
            at=place(budget.at, "stage"),
            because=tuple(_in_force(self.view, event, each.id) for each, event in self.versions),
            synthetic=budget.synthetic,
        )

    def approved(self, name: str) -> Explanation:
        """By the award or the change that named this version."""
        for event in reversed(self.view.state.history):
            if isinstance(event, log.Awarded | log.ChangeApproved) and event.budget == self.money.budget.id:
                if name == "approved_on":
                    return happened(self.view, event, "happened")
                if isinstance(event, log.ChangeApproved):
                    return happened(self.view, event, "by")
                break
        return Explanation(what="unsaid")

    @cached_property
    def versions(self) -> list[tuple[Budget, AnyEvent]]:
        """The budgets that were in force one after another, each with the event that put it there."""
        state, found = self.view.state, list[tuple[Budget, AnyEvent]]()
        for number, event in enumerate(state.history, start=1):
            if isinstance(event, log.Applied | log.Awarded | log.ChangeApproved):
                told = state.history[:number]
                then = state_at(self.view.dossier.plan, told, Postings(), state.as_of, state.known_by).budget
                if then and (not found or found[-1][0].id != then.budget.id):
                    found.append((then.budget, event))
        return found

    # ── a line ──

    def of_line(self, state: LineState, path: list[str]) -> Explanation | None:
        """A figure of one line, or of one year of it."""
        line = state.line
        match path:
            case ["budget"]:
                return self.line_budget(line, "budget")
            case ["spent"]:
                return self.line_spent(line, "spent")
            case ["in_period"]:
                return structs.replace(self.line_spent(line, "spent-in-period", self.in_period), day=self.view.starts)
            case ["committed"]:
                return self.committed(state, "committed")
            case ["remaining"]:
                taken = (self.line_spent(line, "spent"), self.committed(state, "committed"))
                return sum_of("remaining", (self.line_budget(line, "budget"),), taken, name=line.title)
            case ["variance"]:
                spent, budget = self.line_spent(line, "spent"), self.line_budget(line, "budget")
                return sum_of("variance", (spent,), (budget,), name=line.title)
            case ["used"]:
                return _share("used", self.line_spent(line, "spent"), self.line_budget(line, "budget"))
            case ["years", year, "spent"]:
                return self.line_spent(line, "spent-in-year", in_year(int(year)))
            case ["years", year, "budget"]:
                return line_year(self.money.budget, line, int(year), "budget")
            case ["years", _year, "year"]:
                return years(self.view)
            case ["explanation"]:
                return self.deviations(line)
            case [name]:
                return written(self.view, line, name)
        return None

    def line_budget(self, line: BudgetLine, what: What = "line") -> Explanation:
        """What the budget in force has for the line, and what earlier versions had where it is another amount."""
        versions = [(budget, budget.line(line.id), event) for budget, event in self.versions]
        changed = len({each.amount if each else None for _budget, each, _event in versions}) > 1
        return structs.replace(
            written(self.view, line, "amount", what, name=line.title),
            because=tuple(self._version_of(*each) for each in versions) if changed else (),
            synthetic=line.synthetic or self.money.budget.synthetic,
        )

    def _version_of(self, budget: Budget, line: BudgetLine | None, event: AnyEvent) -> Explanation:
        because = (_in_force(self.view, event),)
        if line is None:
            return Explanation(what="version", amount=NOTHING, name=budget.id, because=because)
        synthetic = line.synthetic or budget.synthetic
        said = written(self.view, line, "amount", "version", name=budget.id, because=because)
        return structs.replace(said, synthetic=synthetic)

    def line_spent(self, line: BudgetLine, what: What, when: Matches = lambda part: True) -> Explanation:
        parts = (part for part in self.placed[line.id, "line"] if when(part))
        return sum_of(what, by_rule(self.view, parts), name=line.title)

    def committed(self, state: LineState, what: What = "line") -> Explanation:
        """What was ordered, less what was cancelled or is in the books now."""
        events = [event for event in self.view.state.history if getattr(event, "line", None) == state.line.id]
        return sum_of(
            what,
            (happened(self.view, event, "amount") for event in events if isinstance(event, log.Ordered)),
            (happened(self.view, event, "amount") for event in events if isinstance(event, log.OrderCancelled)),
            name=state.line.title,
        )

    def deviations(self, line: BudgetLine) -> Explanation:
        """What the log gives as causes of the line's spending."""
        events = (event for event in self.view.state.history if isinstance(event, log.Deviation))
        causes = (happened(self.view, event, "cause", reason="") for event in events if event.line == line.id)
        return Explanation(what="worked-out", because=tuple(causes))

    # ── a year ──

    def of_year(self, year: int, name: str) -> Explanation | None:
        """A figure of one calendar year, of all lines."""
        match name:
            case "spent":
                lines = (self.line_spent(each.line, "line", in_year(year)) for each in self.money.lines)
                return sum_of("spent-in-year", lines)
            case "budget":
                known = [each.line for each in self.money.lines if each.line.in_year(year) is not None]
                if not known:
                    return Explanation(what="budget")
                return sum_of("budget", (line_year(self.money.budget, line, year) for line in known))
            case "year":
                return years(self.view)
        return None


def line_year(budget: Budget, line: BudgetLine, year: int, what: What = "line") -> Explanation:
    """What a line has for a year: as written, or as the sum of the year's months."""
    synthetic = line.synthetic or budget.synthetic
    if line.by_month and not line.by_year:
        at = place(line.at, "by_month")
        months = (
            Explanation(what="budget-of-month", amount=amount, day=date.fromisoformat(f"{month}-01"), at=at)
            for month, amount in line.by_month.items()
            if month.startswith(f"{year}-")
        )
        return sum_of(what, months, name=line.title, synthetic=synthetic)
    at = place(line.at, "by_year" if line.by_year else "amount")
    return Explanation(what=what, amount=line.in_year(year), name=line.title, at=at, synthetic=synthetic)


# ── postings ─────────────────────────────────────────────────────────────────────────────────


def parts_of(state: State) -> Iterable[Allocated]:
    """All that was booked, as the rules placed it: the one door to the postings."""
    return state.allocated


def by_rule(view: View, parts: Iterable[Allocated]) -> Iterator[Explanation]:
    """The postings under the rule that placed them, in the order of the rules; what none placed comes last."""
    order = {id(rule): number for number, rule in enumerate(view.dossier.postings.rules)}
    placed: dict[int, list[Allocated]] = {}
    for part in parts:
        placed.setdefault(order.get(id(part.rule), len(order)), []).append(part)
    for _number, its in sorted(placed.items()):
        its.sort(key=lambda part: (part.posting.posted, part.posting.file, part.posting.row))
        yield _rule(its[0].rule, [posting_of(part, view) for part in its])


def posting_of(part: Allocated, view: View) -> Explanation:
    """One posting, or the part of it that counts here."""
    posting, postings = part.posting, view.dossier.postings
    return Explanation(
        what="posting",
        amount=part.amount,
        day=posting.posted,
        voucher=postings.voucher_of(posting),
        name=postings.text_of(posting),
        at=Span(posting.file, posting.row, 1) if posting.file else None,
        whole=posting.amount if posting.amount != part.amount else None,
        synthetic=posting.file in view.made_up_files,
    )


def _rule(rule: Rule | None, postings: list[Explanation]) -> Explanation:
    grouped = _by_month(postings)
    if rule is None:
        return sum_of("no-rule", grouped)
    patterns = ((key, getattr(rule, key)) for key in _PATTERNS)
    return sum_of(
        "rule",
        grouped,
        name=", ".join(f"{key}: {pattern}" for key, pattern in patterns if pattern is not None),
        at=rule.at.span if rule.at.span.file else None,
        reason=rule.reason or "",
        synthetic=rule.synthetic,
    )


_PATTERNS = ("account", "cost_centre", "wbs_element", "text", "voucher")


def _by_month(postings: list[Explanation]) -> Iterable[Explanation]:
    """Under their months where there are many; a subtotal of one or two postings would tell nothing."""
    months: dict[date, list[Explanation]] = {}
    for posting in postings:
        assert posting.day is not None
        months.setdefault(posting.day.replace(day=1), []).append(posting)
    if len(months) < 2 or len(postings) < 3 * len(months):
        return postings
    return (sum_of("month", its, day=month) for month, its in months.items())


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def in_year(year: int) -> Matches:
    """Postings of one calendar year."""
    return lambda part: part.posting.posted.year == year


def _share(what: What, part: Explanation, whole: Explanation) -> Explanation:
    value = share(part.amount or Money(0), whole.amount or Money(0))
    return Explanation(what=what, value=value, because=(part, whole))


def _in_force(view: View, event: AnyEvent, budget: str | None = None) -> Explanation:
    """The event that put a budget in force: one that names none means the one of its stage."""
    return structs.replace(happened(view, event, "budget"), value=budget)


def years(view: View) -> Explanation:
    """The years that a budget is shown for are those of the project period."""
    days = (promised(view, ("project_period", key)) for key in ("starts", "ends"))
    return Explanation(what="worked-out", because=tuple(filter(None, days)))
