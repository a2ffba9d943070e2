"""How the grant's and the budget's figures came to be, down to each voucher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct, structs

from toolkit.core import events as log
from toolkit.core.budget_change import LinePart, carried_to
from toolkit.core.costs import WAITING, Apart, costs_of
from toolkit.core.events import AnyEvent
from toolkit.core.explain.explanation import (
    Explanation,
    View,
    What,
    carried_part,
    happened,
    latest,
    place,
    reason_of,
    sum_of,
    written,
)
from toolkit.core.explain.promised import promised
from toolkit.core.money import NOTHING, Money, share, total
from toolkit.core.paid_out import PaidOut, Payment
from toolkit.core.plan import Budget, BudgetLine, Funding
from toolkit.core.postings import Allocated, Booked, Place, Postings, Rule
from toolkit.core.problems import Span
from toolkit.core.promise import awarded_by, without_refused
from toolkit.core.reach import Gap
from toolkit.core.records import Id
from toolkit.core.report import Spending, report_of
from toolkit.core.spending import OF_SPENDING
from toolkit.core.state import BudgetState, GrantState, LineState, Order, state_at

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
    if view.state.budget is None or view.report.spending is None:
        return None
    books = Books(view, view.state.budget, view.report.spending)
    match path:
        case ["lines", id, *rest]:
            line = next((each for each in books.money.lines if each.line.id == id), None)
            return books.of_line(line, rest) if line else None
        case ["years", year, name]:
            return books.of_year(int(year), name)
        case ["beside" | "waiting_rows", id, *rest]:
            return books.of_row(id, rest)
        case [("in_all" | "booked") as name, *rest]:
            return books.of_row("total" if name == "in_all" else "booked", rest)
        case ["late", name]:
            return books.late(name)
        case ["funding", number, key]:
            funding = view.state.plan.funding_of(books.money.budget)
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
                events = self.events(log.Awarded) if self.grant.awarded_on else []
                return happened(self.view, events[-1], "happened") if events else Explanation(what="unsaid")
            case "first_awarded" if self.grant.first_awarded is not None:
                first, by_files = self.grant.course.first, self.view.dossier.plan.grant
                if first is None:
                    return written(self.view, by_files, "awarded") if by_files else None
                return happened(self.view, first, "amount")
            case "changed_on" if self.grant.changed:
                return happened(self.view, self.grant.changed, "happened")
            case "first_awarded" | "changed_on":
                return Explanation(what="unsaid")
            case "received":
                return self.received()
            case "repaid":
                return self.repaid()
            case "rejected_on" | "closed_on":
                closed = self.grant.ended if isinstance(self.grant.ended, log.Closed) else None
                ended: AnyEvent | None = self.grant.refused if name == "rejected_on" else closed
                return happened(self.view, ended, "happened") if ended else Explanation(what="unsaid")
            case "in_full":
                amounts = (self.applied("applied"), self.awarded())
                return Explanation(what="worked-out", value=self.grant.in_full, because=tuple(filter(None, amounts)))
            case "file_number":
                return promised(self.view, ("grant", "grantor_file_number"))
        return None

    def events(self, *kinds: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.view.state.history if isinstance(event, kinds)]

    def applied(self, name: str) -> Explanation | None:
        """As the log says; where nobody logged it, as project.yaml says."""
        if self.grant.application is None:
            return promised(self.view, ("grant", name))
        return happened(self.view, self.grant.application, "amount" if name == "applied" else "happened")

    def awarded(self) -> Explanation | None:
        """The award, and each change of it; project.yaml's own figure where the log has no answer."""
        if self.grant.awarded is None:
            return Explanation(what="unsaid")
        told = without_refused(self.view.dossier.plan, self.view.state.history)
        steps, is_awarded = list[Explanation](), self.grant.by_files
        beside = self.grant.course.beside
        for event in told:
            if isinstance(event, log.Awarded | log.Rejected) and event.called not in beside:
                is_awarded = isinstance(event, log.Awarded)
            if is_awarded:  # a change while there is no award changes nothing
                steps += self._answer(event)
        if not steps:
            return promised(self.view, ("grant", "awarded"))
        return latest("awarded", steps)

    def _answer(self, event: AnyEvent) -> Iterator[Explanation]:
        match event:
            case log.Awarded():
                yield happened(self.view, event, "amount")
            case log.ChangeApproved() if (amount := awarded_by(event.values, None)) is not None:
                yield Explanation(
                    what="changed",
                    amount=amount,
                    at=place(event.at, "values"),
                    day=event.happened,
                    kind=event.kind,
                    name=event.by or "",
                    reason=reason_of(event),
                    synthetic=event.synthetic,
                )

    def received(self) -> Explanation:
        """Each payment that counts: of the books, of the log, or of the log after the books' last day."""
        return sum_of("received", *self.payments(self.view.state.paid_out))

    def payments(self, paid: PaidOut) -> tuple[tuple[Explanation, ...], tuple[Explanation, ...]]:
        """What the log tells, added, and what the books call income, which stands there below zero."""
        events = [each.source for each in paid.payments if not isinstance(each.source, Booked)]
        told = tuple(happened(self.view, event, "amount") for event in events)
        return told, self.booked(paid.payments)

    def booked(self, payments: Iterable[Payment]) -> tuple[Explanation, ...]:
        """The postings of those payments that the books have; each is of one."""
        their = {id(each.source.first): -each.amount for each in payments if isinstance(each.source, Booked)}
        parts = (part for part in self.view.state.allocated if id(part.posting) in their) if their else ()
        return tuple(by_rule(self.view, (Counted(part, their[id(part.posting)]) for part in parts)))

    def repaid(self) -> Explanation:
        return sum_of("repaid", (happened(self.view, event, "amount") for event in self.events(log.Repaid)))


_UNSAID = Explanation(what="unsaid")


def gaps(view: View, told: Sequence[Gap]) -> Explanation:
    """The months that no import covers, by what each import says of its days."""
    imports = (event for event in view.state.history if isinstance(event, log.Imported))
    said = (happened(view, event, key) for event in imports for key in ("starts", "ends") if getattr(event, key))
    return Explanation(what="worked-out", because=tuple(said)) if told else _UNSAID


def known_until(view: View, value: date | None) -> Explanation:
    """The imports that say how far the books are known."""
    events = [event for event in view.state.history if isinstance(event, log.Imported)]
    its = tuple(happened(view, event, "ends" if event.ends else "file") for event in events)
    return Explanation(what="worked-out", value=value, because=its)


# ── the budget ───────────────────────────────────────────────────────────────────────────────


class Books:
    """The figures of the budget in force and of the books, each as it came to be."""

    def __init__(self, view: View, money: BudgetState, spending: Spending) -> None:
        self.view = view
        self.money = money
        self.spending = spending

    @cached_property
    def costs(self) -> dict[tuple[Id, Apart | None], list[Counted]]:
        """Every posting on the line that has it now, placed as for the figures, and by why it waits where it does."""
        state = self.view.state
        assert state.placement is not None
        found: dict[tuple[Id, Apart | None], list[Counted]] = defaultdict(list)
        for cost in costs_of(state.allocated, lambda: state.allocated, state.placement):
            assert isinstance(cost.part, Allocated)
            found[cost.line, cost.apart].append(Counted(cost.part, cost.amount))
        return found

    @cached_property
    def beside(self) -> dict[Place, list[Counted]]:
        """Every posting that no rule put on a line, by where it is."""
        found: dict[Place, list[Counted]] = defaultdict(list)
        for part in self.view.state.allocated:
            if part.line is None:
                found[part.place].append(Counted(part, part.amount))
        return found

    def figure(self, name: str) -> Explanation | None:
        """A figure of the whole budget."""
        match name:
            case "total":
                return self.budget()
            case "spent":
                return self.told(self.spent("spent"))
            case "in_period":
                return self.told_in_period(self.spent("spent-in-period", self.in_period))
            case "before":
                return self.told_before(self.spent("before", self.before_period, day=self.view.starts))
            case "after":
                return self.told(self.spent("after", self.after_period))
            case "committed":
                return sum_of("committed", (self.committed(line) for line in self.money.lines))
            case "unallocated":
                return sum_of("unallocated", by_rule(self.view, self.beside["unallocated"]))
            case "unplaced":
                unplaced = sum_of("unallocated", by_rule(self.view, self.beside["unallocated"]))
                return Explanation(what="worked-out", value=self.money.unplaced, because=(unplaced,))
            case "not_eligible":
                return sum_of("not-eligible", by_rule(self.view, self.beside["not-eligible"]))
            case "remaining":
                taken = (self.spent("spent"), self.figure("committed"), self.figure("unallocated"))
                return self.known(sum_of("remaining", (self.budget(),), filter(None, taken)))
            case "variance":
                return self.known(sum_of("variance", (self.spent("spent"),), (self.budget(),)))
            case "used":
                return self.known(_share("used", self.spent("spent"), self.budget()))
            case "waiting":
                return sum_of("waiting", (self.apart(each) for each in WAITING if self.money.waiting(each) != NOTHING))
            case "elsewhere":
                return self.apart("dropped-line")
            case "gaps":
                return gaps(self.view, self.spending.gaps)
            case "known_until":
                return self.reach()
            case "late" | "booked":
                return Explanation(what="unsaid")  # there is none: else its own figures are asked for
            case "version":
                return self.version()
            case "approved_on" | "approved_by":
                return self.approved(name)
            case "applied":
                said = written(self.view, self.money.budget, "stage")
                return Explanation(what="worked-out", value=self.money.budget.stage == "application", because=(said,))
            case "not_by_agency":
                why = (self.version(), self.approved("approved_by"))
                return Explanation(what="worked-out", value=self.spending.unapproved is not None, because=why)
        return written(self.view, self.money.budget, name)

    def known(self, explained: Explanation) -> Explanation:
        """A figure that rests on what was spent; it is none while nothing of that is known."""
        return Explanation(what="unsaid") if self.spending.is_unknown else explained

    def told(self, explained: Explanation, *, known: bool = True) -> Explanation:
        """What was spent; nothing is no figure where nothing is known."""
        if explained.amount:
            return explained
        return self.known(explained) if known else Explanation(what="unsaid")

    def told_before(self, explained: Explanation) -> Explanation:
        return self.told(explained, known=self.spending.knows_before)

    def told_in_period(self, explained: Explanation) -> Explanation:
        return explained if self.spending.told_in_period(explained.amount or NOTHING) is not None else _UNSAID

    def told_in_year(self, explained: Explanation, year: int) -> Explanation:
        return explained if self.spending.told_in_year(year, explained.amount or NOTHING) is not None else _UNSAID

    def budget(self) -> Explanation:
        return sum_of("budget", (self.line_budget(each.line) for each in self.money.lines))

    def spent(self, what: What, when: Matches = lambda part: True, day: date | None = None) -> Explanation:
        """What counts on the budget's lines."""
        return sum_of(what, (self.line_spent(line.line, "line", when) for line in self.money.lines), day=day)

    def apart(self, reason: Apart, when: Matches = lambda part: True) -> Explanation:
        """What waits for an answer for one reason."""
        waiting = [each for (_line, why), its in self.costs.items() if why == reason for each in its if when(each.part)]
        return sum_of(reason, by_rule(self.view, waiting))

    def other_income(self) -> Explanation:
        """What others than the state paid: in the books an income is below zero."""
        return sum_of("other-income", (), by_rule(self.view, self.beside["other-income"]))

    def income_of(self, funding: Funding | None) -> Explanation:
        """What one payer paid; without one, what names no payer that the budget has."""
        own = [each for each in self.beside["other-income"] if self._payer(each) == (funding.id if funding else None)]
        return sum_of("other-income", (), by_rule(self.view, own))

    def _payer(self, counted: Counted) -> str | None:
        payer = counted.part.rule.other_income if counted.part.rule else True
        known = {each.id for each in self.view.state.plan.funding_of(self.money.budget)}
        return payer if isinstance(payer, str) and payer in known else None

    def in_period(self, part: Allocated) -> bool:
        occasion = self.view.report.occasion
        return occasion.starts <= part.day <= occasion.ends

    def before_period(self, part: Allocated) -> bool:
        return part.day < self.view.starts

    def after_period(self, part: Allocated) -> bool:
        return part.day > self.view.report.occasion.ends

    def reach(self) -> Explanation:
        return known_until(self.view, self.spending.known_until)

    def late(self, name: str) -> Explanation | None:
        """What came in after the last report was sent, what that knew, and what counts otherwise now."""
        late = self.spending.late
        if late is None:
            return None
        view = self.view
        match name:
            case "sent":
                return happened(view, late.report, "happened")
            case "late":
                return self.spent("late", lambda part: self.before_period(part) and part.imported > late.known_by)
            case "known" if late.is_kept:
                return happened(view, late.report, "spent")
            case "known":
                days = {"starts": date.min, "ends": late.until, "as_of": late.until, "known_by": late.known_by}
                earlier = structs.replace(view.report.occasion, **days, change=None)
                return explain_budget(View(report_of(view.dossier, earlier)), ["in_period"])
            case "otherwise" if late.otherwise is None:
                return Explanation(what="unsaid")
            case "otherwise":
                parts = (self.late("known"), self.late("late"))
                return sum_of("difference", (self.spent("before", self.before_period),), filter(None, parts))
        return None

    # ── a row beside the lines ──

    def of_row(self, id: str, path: list[str]) -> Explanation | None:
        """A figure of what stands beside the lines, of the lines with it, or of all that the books have."""
        match path:
            case ["spent"]:
                return self.told(self.row(id, "spent"))
            case ["in_period"]:
                return self.told_in_period(self.row(id, "spent-in-period", self.in_period))
            case ["before"]:
                return self.told_before(self.row(id, "before", self.before_period))
            case ["after"]:
                return self.told(self.row(id, "after", self.after_period))
            case ["years", year, "spent"]:
                return self.told_in_year(self.row(id, "spent-in-year", in_year(int(year))), int(year))
            case ["committed"]:
                return self.figure("committed") if id in ("total", "booked") else sum_of("committed", ())
            case ["budget"]:
                return self.budget() if id in ("total", "booked") else sum_of("budget", ())
            case ["years", _, "budget"]:
                return Explanation(what="unsaid")
            case ["variance"]:
                budget = [self.budget()] if id in ("total", "booked") else []
                return self.known(sum_of("variance", (self.row(id, "spent"),), budget))
            case ["remaining"]:
                had = [self.budget()] if id in ("total", "booked") else []
                committed = [sum_of("committed", map(self.committed, self.money.lines))] if had else []
                return self.known(sum_of("remaining", had, (self.row(id, "spent"), *committed)))
        return Explanation(what="worked-out")

    def row(self, id: str, what: What, when: Matches = lambda part: True) -> Explanation:
        """What one row has."""
        match id:
            case "unallocated":
                return sum_of(what, by_rule(self.view, (e for e in self.beside["unallocated"] if when(e.part))))
            case "before-period" | "after-period" | "dropped-line":
                return structs.replace(self.apart(id, when), what=what)
            case "total":
                beside = [e for e in self.beside["unallocated"] if when(e.part)]
                unplaced = sum_of("unallocated", by_rule(self.view, beside))
                return sum_of(what, (self.spent("spent", when), *([unplaced] if beside else [])))
        reasons = [reason for reason in WAITING if any(why == reason for _line, why in self.costs)]
        return sum_of(what, (self.row("total", "spent", when), *(self.apart(reason, when) for reason in reasons)))

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
            case ["committed"]:
                return self.committed(state, "committed")
            case ["years", year, "budget"]:
                return line_year(self.money.budget, line, int(year), "budget")
            case ["years", _year, "year"]:
                return years(self.view)
            case ["explanation"]:
                return self.deviations(line)
            case [name] if name not in OF_SPENDING:
                return written(self.view, line, name)
        return self.line_figure(state, path)

    def line_figure(self, state: LineState, path: list[str]) -> Explanation:
        """A figure of what was spent on a line."""
        line = state.line
        match path:
            case ["in_period"]:
                return self.told_in_period(self.line_spent(line, "spent-in-period", self.in_period))
            case ["before"]:
                before = self.line_spent(line, "before", self.before_period)
                return self.told_before(structs.replace(before, day=self.view.starts))
            case ["after"]:
                return self.told(self.line_spent(line, "after", self.after_period))
            case ["bound"]:
                return self.known(sum_of("bound", (self.line_spent(line, "spent"), self.committed(state, "committed"))))
            case ["remaining"]:
                taken = (self.line_spent(line, "spent"), self.committed(state, "committed"))
                return self.known(sum_of("remaining", (self.line_budget(line, "budget"),), taken, name=line.title))
            case ["variance"]:
                spent, budget = self.line_spent(line, "spent"), self.line_budget(line, "budget")
                return self.known(sum_of("variance", (spent,), (budget,), name=line.title))
            case ["used"]:
                return self.known(_share("used", self.line_spent(line, "spent"), self.line_budget(line, "budget")))
            case ["years", year, _]:
                return self.told_in_year(self.line_spent(line, "spent-in-year", in_year(int(year))), int(year))
        return self.told(self.line_spent(line, "spent"))

    def line_budget(self, line: BudgetLine, what: What = "line") -> Explanation:
        """What the budget in force has for the line, and what earlier versions had where it is another amount.

        What they had is what the line carries on of theirs, by whatever name: as a comparison of the versions has it.
        """
        budgets = [budget for budget, _event in self.versions]
        versions = [
            (budget, carried_to(line.id, budget, budgets[at:]), event)
            for at, (budget, event) in enumerate(self.versions, start=1)
        ]
        changed = len({total(part.amount for part in parts) if parts else None for _, parts, _ in versions}) > 1
        return structs.replace(
            written(self.view, line, "amount", what, name=line.title),
            because=tuple(self._version_of(*each) for each in versions) if changed else (),
            synthetic=line.synthetic or self.money.budget.synthetic,
        )

    def _version_of(self, budget: Budget, parts: Sequence[LinePart], event: AnyEvent) -> Explanation:
        because = (_in_force(self.view, event),)
        if not parts:
            return Explanation(what="version", amount=NOTHING, name=budget.id, because=because)
        synthetic = budget.synthetic or any(part.line.synthetic for part in parts)
        if len(parts) == 1 and parts[0].is_whole:
            said = written(self.view, parts[0].line, "amount", "version", name=budget.id, because=because)
        else:
            carried = (carried_part(self.view, part, "line", part.line.title) for part in parts)
            said = sum_of("version", carried, name=budget.id, because=because)
        return structs.replace(said, synthetic=synthetic)

    def line_spent(self, line: BudgetLine, what: What, when: Matches = lambda part: True) -> Explanation:
        parts = (each for each in self.costs[line.id, None] if when(each.part))
        return sum_of(what, by_rule(self.view, parts), name=line.title)

    def committed(self, state: LineState, what: What = "line") -> Explanation:
        """What was ordered, less what was cancelled or is in the books now."""
        orders = [order for order in self.money.orders if order.line == state.line.id]
        return sum_of(
            what,
            (self._order(order, order.amount) for order in orders if isinstance(order.event, log.Ordered)),
            (self._order(order, -order.amount) for order in orders if isinstance(order.event, log.OrderCancelled)),
            name=state.line.title,
        )

    def _order(self, order: Order, amount: Money) -> Explanation:
        """An order as the log has it, or the part of it that a line carries on."""
        whole = order.event.amount if order.event.amount != amount else None
        return structs.replace(happened(self.view, order.event, "amount"), amount=amount, whole=whole)

    def deviations(self, line: BudgetLine) -> Explanation:
        """What the log gives as causes of the line's spending."""
        events = (event for event in self.view.state.history if isinstance(event, log.Deviation))
        placement = self.view.state.placement
        of_line = (each for each in events if each.line and placement and line.id in placement.heirs(each.line))
        causes = (happened(self.view, event, "cause", reason="") for event in of_line)
        return Explanation(what="worked-out", because=tuple(causes))

    # ── a year ──

    def of_year(self, year: int, name: str) -> Explanation | None:
        """A figure of one calendar year, of all lines."""
        match name:
            case "spent":
                lines = (self.line_spent(each.line, "line", in_year(year)) for each in self.money.lines)
                return self.told_in_year(sum_of("spent-in-year", lines), year)
            case "budget":
                known = [each.line for each in self.money.lines if each.line.in_year(year) is not None]
                economy = self.view.report.economy
                if not known or not any(each.year == year for each in (economy.years if economy else ())):
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


class Counted(Struct, frozen=True):
    """A posting, or a part of one, and how much of that counts in one figure."""

    part: Allocated
    amount: Money


def by_rule(view: View, counted: Iterable[Counted]) -> Iterator[Explanation]:
    """The postings under the rule that placed them, in the order of the rules; what none placed comes last."""
    order = {id(rule): number for number, rule in enumerate(view.dossier.postings.rules)}
    placed: dict[int, list[Counted]] = {}
    for each in counted:
        placed.setdefault(order.get(id(each.part.rule), len(order)), []).append(each)
    for _number, its in sorted(placed.items()):
        its.sort(key=lambda each: (each.part.day, each.part.posting.file, each.part.posting.row))
        yield _rule(its[0].part.rule, [posting_of(each, view) for each in its])


def posting_of(counted: Counted, view: View) -> Explanation:
    """One posting, or the part of it that counts here, on the day that it counts on."""
    posting, postings = counted.part.posting, view.dossier.postings
    return Explanation(
        what="posting",
        amount=counted.amount,
        day=counted.part.day,
        posted=posting.posted if posting.posted != counted.part.day else None,
        voucher=postings.voucher_of(posting),
        name=postings.text_of(posting),
        at=Span(posting.file, posting.row, 1) if posting.file else None,
        whole=posting.amount if posting.amount != counted.amount else None,
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


_PATTERNS = ("account", "cost_centre", "wbs_element", "text", "voucher", "posted", "amount", "file")


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
    return lambda part: part.day.year == year


def _share(what: What, part: Explanation, whole: Explanation) -> Explanation:
    value = share(part.amount or Money(0), whole.amount or Money(0))
    return Explanation(what=what, value=value, because=(part, whole))


def _in_force(view: View, event: AnyEvent, budget: str | None = None) -> Explanation:
    """The event that put a budget in force: one that names none means the one of its stage."""
    return structs.replace(happened(view, event, "budget"), value=budget)


def years(view: View) -> Explanation:
    """The years that a budget is shown for are those of the project period, and any other that has something."""
    days = (promised(view, ("project_period", key)) for key in ("starts", "ends"))
    return Explanation(what="worked-out", because=tuple(filter(None, days)))
