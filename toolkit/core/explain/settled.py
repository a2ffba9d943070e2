"""How the figures of the accounts and of a change request came to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import structs

from toolkit.core import events as log
from toolkit.core.budget_change import FundingChange, LineChange, payer_of
from toolkit.core.carry_over import Answer, carry_over_of
from toolkit.core.economy import BalanceRow, Economy, side_posted
from toolkit.core.explain.explanation import Explanation, View, What, carried_part, happened, place, sum_of, written
from toolkit.core.explain.money import Books, GrantMoney, by_rule, gaps, in_year, known_until, line_year, years
from toolkit.core.explain.promised import promised
from toolkit.core.money import NOTHING, Money
from toolkit.core.paid_out import Payment
from toolkit.core.plan import Budget, BudgetLine
from toolkit.core.postings import Allocated, Booked
from toolkit.core.problems import Span
from toolkit.core.promise import with_changes
from toolkit.core.records import Id
from toolkit.core.request import BudgetRequest, Request, Uncounted, UnspentLine, is_of_year
from toolkit.core.settlement import BEFORE, Outcome, Step, Sum
from toolkit.core.state import corrected

# ── the accounts ─────────────────────────────────────────────────────────────────────────────


def explain_accounts(view: View, path: list[str]) -> Explanation | None:
    """A figure of the accounts: accounts.to_repay, accounts.settlement.3.amount."""
    economy, grant = view.report.economy, view.state.grant
    if economy is None or grant is None or view.report.spending is None:
        return None
    accounts = _Accounts(view, economy, GrantMoney(view, grant), Books(view, economy.budget, view.report.spending))
    settlement = economy.settlement
    match path:
        case ["received", number, name]:
            return accounts.payment(economy.instalments.received[int(number) - 1], name)
        case ["received_by"]:
            return Explanation(what="worked-out", because=(accounts.grant.received(),))
        case ["received_total"]:
            return accounts.grant.received()
        case ["received_since" | "returned_since" | "repaid_since" as name]:
            return accounts.since(name)
        case ["other_income"]:
            return accounts.books.other_income()
        case ["settlement", number, name] if settlement.outcome:
            return accounts.step(settlement.outcome, int(number) - 1, name)
        case ["outcomes", id, name]:
            return accounts.outcome(next(each for each in settlement.outcomes if each.payers == id), name)
        case [("to_repay" | "to_receive" | "unspent" | "if_carried" | "receive_if_carried") as name]:
            if settlement.outcome:
                return accounts.outcome(settlement.outcome, name)
            return accounts.before_the_end("unspent" if name == "unspent" else "to-repay")
        case ["dropped"]:
            claim = accounts.outcome(settlement.outcome, "to_repay") if settlement.outcome else None
            because = claim.because if claim else ()
            return Explanation(what="worked-out", value=settlement.is_dropped, because=because)
        case [("floor" | "payers") as which, name] if term := getattr(settlement, which):
            return written(view, term, "standing" if name in ("own", "letter") else name)
        case [("costs" | "financing" | "others") as side, number, name]:
            return accounts.row(getattr(economy.balance, side)[int(number) - 1], name)
        case [("costs_total" | "financing_total" | "others_total") as side, name]:
            return accounts.rows(side.removesuffix("_total"), name)
        case ["carry_overs", year, name]:
            return accounts.carry_over(int(year), name)
        case ["pending"]:
            return accounts.before_the_end("unspent")
        case ["allowed", number, name]:
            return accounts.allowed(int(number) - 1, name)
        case ["allowed_total"]:
            return sum_of("spent", (accounts.allowed(each, "amount") for each in range(len(economy.allowed))))
        case ["posted_outside_total"]:
            sides = range(len(economy.posted_outside))
            return sum_of("spent", (accounts.posted_outside(each, "amount") for each in sides))
        case ["posted_outside", number, name]:
            return accounts.posted_outside(int(number) - 1, name)
        case ["year_ends", year, name]:
            return accounts.year_end(int(year), name)
        case ["extended_to"]:
            return accounts.extended_to()
    return None


class _Accounts:
    """The settlement's figures, each as it came to be."""

    def __init__(self, view: View, economy: Economy, grant: GrantMoney, books: Books) -> None:
        self.view = view
        self.economy = economy
        self.grant = grant
        self.books = books

    def payment(self, payment: Payment, name: str) -> Explanation:
        """One instalment: an event of the log, or a sum of the books' postings of one day."""
        if not isinstance(payment.source, Booked):
            return happened(self.view, payment.source, "happened" if name == "day" else "amount")
        source = payment.source
        if name == "day":
            return Explanation(
                what="posting",
                value=payment.day,
                at=Span(source.first.file, source.first.row, 1),
                name=self.view.dossier.postings.text_of(source.first),
            )
        return sum_of("received", (), self.grant.booked([payment]))

    def since(self, name: str) -> Explanation:
        """What was received or paid back after the day: what the last day known has, less what this one has."""
        found = self.view.report.paid_since
        if found is None or found.later.grant is None:
            return Explanation(what="unsaid")
        later = GrantMoney(View(structs.replace(self.view.report, state=found.later)), found.later.grant)
        if found.received if name == "received_since" else found.returned if name == "returned_since" else NOTHING:
            sides = [later.received()], [self.grant.received()]
            return sum_of("received", *(sides if name == "received_since" else reversed(sides)))
        if name != "repaid_since":
            return Explanation(what="worked-out", amount=NOTHING)
        return sum_of("repaid", [later.repaid()], [self.grant.repaid()])

    # ── the settlement ──

    def step(self, outcome: Outcome, number: int, name: str) -> Explanation:
        """One step, by its number in the whole settlement."""
        steps = [(each, step) for each in outcome.sums for step in (*each.terms, each.result)]
        sum, step = steps[number]
        found = self.result(outcome, sum) if step is sum.result else self.term(outcome, step)
        return found if name == "amount" else Explanation(what="worked-out", because=(found,))

    def result(self, outcome: Outcome, sum: Sum) -> Explanation:
        """A sum of steps. What is subtracted stands among them below zero: here it is taken as what it is."""
        plus = [self.figure(outcome, step) for step in sum.terms if step.what not in _SUBTRACTED]
        minus = [self.figure(outcome, step) for step in sum.terms if step.what in _SUBTRACTED]
        return sum_of(_AS_FIGURE.get(sum.result.what, "worked-out"), plus, minus)

    def term(self, outcome: Outcome, step: Step) -> Explanation:
        """A step by itself, with its sign."""
        figure = self.figure(outcome, step)
        return sum_of(figure.what, (), (figure,)) if step.what in _SUBTRACTED else figure

    def figure(self, outcome: Outcome, step: Step) -> Explanation:
        """What a step is about."""
        match step.what:
            case "awarded":
                return self.grant.awarded() or Explanation(what="awarded", amount=step.amount)
            case "received":
                return self.grant.received()
            case "repaid":
                return self.grant.repaid()
            case "other-income":
                return self.books.other_income()
            case "spent-on-lines":
                lines = (self.books.line_spent(each.line, "line") for each in self.books.money.lines)
                return sum_of("spent-on-lines", lines)
            case "not-carried-over" | "not-yet-carried-over":
                about = (event for event in self.view.state.history if isinstance(event, log.ChangeEvent))
                asked = (_said_of(self.view, each) for each in about if self.is_about(each, step.year))
                because = (self.rest_of(step.year or 0), *self.payers(), *asked)
                return Explanation(what=step.what, amount=step.amount, because=because)
            case "others-pay":
                return Explanation(what="others-pay", amount=step.amount, because=self.payers())
            case "not-covered":
                limit = self.of(outcome, "available") or self.grant.awarded()
                return Explanation(what="not-covered", amount=step.amount, because=(limit,) if limit else ())
            case "income-left":
                return Explanation(what="income-left", amount=step.amount, because=(self.books.other_income(),))
        return self.of(outcome, step.what) or Explanation(what="worked-out", amount=step.amount)

    def payers(self) -> tuple[Explanation, ...]:
        """What others were to pay, and who pays first."""
        funding = (written(self.view, each, "amount", name=each.title) for each in self.economy.funding)
        payers = self.economy.settlement.payers
        return (*funding, *([written(self.view, payers, "payers")] if payers else []))

    def rest_of(self, year: int) -> Explanation:
        """What a year left of its budget and of what it had from the one before."""
        budget, settled = self.books.money.budget, self.economy.settlement.years
        steps = (step for each in settled if each.year == year for step in each.sum.terms if step.what in BEFORE)
        before = (Explanation(what="available", amount=step.amount, name=str(year - 1)) for step in steps)
        had = sum_of("budget", (*(line_year(budget, line, year) for line in budget.lines), *before))
        spent = (self.books.line_spent(each.line, "line", in_year(year)) for each in self.books.money.lines)
        return sum_of("difference", (had,), (sum_of("spent-in-year", spent),))

    def is_about(self, event: log.ChangeEvent, year: int | None) -> bool:
        """Whether an event asks for, or answers, the carrying over of that year's money."""
        return any(each.is_of(event) and each.year == year for each in self.view.report.carry_overs)

    def of(self, outcome: Outcome, what: str) -> Explanation | None:
        """The result of the sum that has this one."""
        return next((self.result(outcome, sum) for sum in outcome.sums if sum.result.what == what), None)

    def outcome(self, outcome: Outcome, name: str) -> Explanation | None:
        """A figure of one outcome: what goes back to the state, or is still to come from it."""
        balance, floor = self.of(outcome, "balance"), self.economy.settlement.floor
        because = (*([balance] if balance else []), *([written(self.view, floor, "amount")] if floor else []))
        if not self.economy.settlement.is_awarded:
            because = (*because, *self.refusal())
        match name:
            case "covered" | "unspent":
                return self.of(outcome, name) or Explanation(what=name, amount=NOTHING, because=self.refusal())
            case "to_repay":
                return Explanation(what="to-repay", amount=outcome.to_repay, because=because)
            case "to_receive":
                return Explanation(what="to-receive", amount=outcome.to_receive, because=because[:1])
            case "if_carried" | "receive_if_carried":
                asked = [each for each in self.view.report.carry_overs if each.year in self.economy.settlement.pending]
                events = tuple(_said_of(self.view, each.event) for each in asked)
                what: What = "to-repay" if name == "if_carried" else "to-receive"
                return Explanation(what=what, amount=getattr(outcome, name), because=(*because[:1], *events))
        return Explanation(what="worked-out")

    def refusal(self) -> tuple[Explanation, ...]:
        """The agency's no, where there is one: then nothing is covered and all is owed."""
        refused = self.grant.grant.refused
        return (happened(self.view, refused, "happened"),) if refused else ()

    def before_the_end(self, what: What) -> Explanation:
        """Nothing is settled before the period's end, nor while it depends on who pays first."""
        period = "grant_period" if self.view.state.plan.grant_period else "project_period"
        ends = promised(self.view, (period, "ends"))
        return Explanation(what=what, because=(ends,) if ends else ())

    def carry_over(self, year: int, name: str) -> Explanation | None:
        """What a year has left, and how it stands with carrying it over."""
        found = next(each for each in self.economy.settlement.years if each.year == year)
        about = [each for each in self.view.report.carry_overs if each.year == year]
        events = tuple(_said_of(self.view, each.event) for each in about)
        standing = carry_over_of(self.view.state, year).event
        if name == "part" and found.part is not None and standing:
            return happened(self.view, standing, "amount")
        if name != "left":
            return Explanation(what="worked-out", because=events)
        budget = self.books.money.budget
        had = sum_of("budget", (line_year(budget, line, year) for line in budget.lines))
        spent = self.books.spent("spent-in-year", in_year(year))
        return Explanation(what="unspent", amount=found.left, because=(had, spent))

    # ── the whole economy ──

    def row(self, row: BalanceRow, name: str) -> Explanation | None:
        """One row of what was paid for, or of who paid."""
        if name not in ("budget", "actual"):
            return Explanation(what="worked-out")
        if getattr(row, name) is None:
            return Explanation(what="unsaid")
        if name == "budget":
            return self._budgeted(row)
        match row.what:
            case "lines":
                return self.books.spent("spent-on-lines")
            case "before-period" | "after-period" | "dropped-line":
                return self.books.apart(row.what)
            case "unallocated":
                return self.books.figure("unallocated")
            case "not-eligible":
                return self.books.figure("not_eligible")
            case "grant":
                return self._used_of_grant(row.actual)
            case "co" | "unnamed":
                return self.books.income_of(row.funding)
            case "own":
                costs = [each for each in map(self._actual, self.economy.balance.costs) if each]
                others = [each for each in self.economy.balance.financing if each.what != "own"]
                return sum_of("own-payment", costs, [each for each in map(self._actual, others) if each])
        return Explanation(what="unsaid")  # what the budget's sides are apart, nobody spends or pays

    def _actual(self, row: BalanceRow) -> Explanation | None:
        return self.row(row, "actual")

    def _budgeted(self, row: BalanceRow) -> Explanation | None:
        match row.what:
            case "lines":
                return self.books.budget()
            case "grant":
                return self.grant.awarded()
            case "own":
                own = (each for each in self.economy.funding if each.kind == "own")
                return sum_of("budget", (written(self.view, each, "amount", "line", name=each.title) for each in own))
            case "unstated":
                return sum_of("budget", [self.books.budget()], self._financed(but=row))
            case "unassigned":
                return sum_of("budget", self._financed(but=row), [self.books.budget()])
        return written(self.view, row.funding, "amount") if row.funding else Explanation(what="unsaid")

    def _financed(self, but: BalanceRow) -> list[Explanation]:
        """What those were to pay of whom the budget says it."""
        return [
            each
            for row in self.economy.balance.financing
            if row is not but and row.budget is not None and (each := self._budgeted(row))
        ]

    def _used_of_grant(self, amount: Money | None) -> Explanation:
        outcome = self.economy.settlement.outcome
        covered = self.of(outcome, "covered") if outcome else None
        return covered or Explanation(
            what="used-of-grant", amount=amount, because=(self.books.spent("spent-on-lines"), self.books.other_income())
        )

    def rows(self, side: str, name: str) -> Explanation:
        """A sum of such rows."""
        if name not in ("budget", "actual"):
            return Explanation(what="worked-out")
        balance = self.economy.balance
        paid = {"costs": balance.cost, "financing": balance.financed, "others": balance.others_paid}
        if name == "actual" and paid[side] is None:
            return Explanation(what="unsaid")
        found = [
            each for row in getattr(balance, side) if getattr(row, name) is not None and (each := self.row(row, name))
        ]
        return sum_of("booked" if name == "actual" else "budget", found)

    def allowed(self, number: int, name: str) -> Explanation:
        """What somebody allowed: the rules of allocation.yaml that say so, with their postings."""
        by, placement = self.economy.allowed[number].by, self.view.state.placement

        def is_its(part: Allocated, line: Id) -> bool:
            return placement is not None and placement.allowed_by(part, line) == by

        return self._counting(is_its, name)

    def posted_outside(self, number: int, name: str) -> Explanation:
        """What was performed in the period and is in the books on one side of it: its postings."""
        side, period = self.economy.posted_outside[number].side, self.view.state.plan.cost_period
        return self._counting(lambda part, _line: side_posted(part, period) == side, name)

    def _counting(self, wanted: Callable[[Allocated, Id], bool], name: str) -> Explanation:
        """The costs that count and are wanted; what stands beside their sum follows from it."""
        its = [
            each
            for (line, why), costs in self.books.costs.items()
            for each in costs
            if why is None and wanted(each.part, line)
        ]
        found = sum_of("spent", by_rule(self.view, its))
        return found if name == "amount" else Explanation(what="worked-out", because=(found,))

    def year_end(self, year: int, name: str) -> Explanation | None:
        """The grant at the end of one year."""
        found = next(each for each in self.economy.year_ends if each.year == year)
        match name:
            case "day":
                period = "grant_period" if self.view.state.plan.grant_period else "project_period"
                ends = promised(self.view, (period, "ends"))
                return Explanation(what="worked-out", value=found.day, because=(ends,) if ends else ())
            case "received":
                because = (self.grant.received(), self.grant.repaid())
                return Explanation(what="received", amount=found.received, because=because)
            case "used" if found.used is not None:
                spent = self.books.spent("spent", lambda part: part.day.year <= year)
                return Explanation(what="used-of-grant", amount=found.used, because=(spent, self.books.other_income()))
            case "unused" if found.unused is not None:
                parts = (self.year_end(year, "received"), self.year_end(year, "used"))
                return Explanation(what="unspent", amount=found.unused, because=tuple(filter(None, parts)))
        return Explanation(what="unsaid")

    def extended_to(self) -> Explanation:
        """The answers after the day that moved the period's end: approvals, and refusals of what was approved."""
        if self.economy.extended_to is None:
            return Explanation(what="unsaid")
        state, plan = self.view.state, self.view.dossier.plan
        events = sorted(corrected(self.view.dossier.events, state.known_by), key=lambda event: event.happened)
        answers = [event for event in events if isinstance(event, log.ChangeApproved | log.ChangeRefused)]
        ends = [with_changes(plan, answers[:number]).cost_period.ends for number in range(len(answers) + 1)]
        later = (
            happened(self.view, event, "change", reason="")
            for event, before, after in zip(answers, ends, ends[1:], strict=False)
            if event.happened > state.as_of and before != after
        )
        return Explanation(what="worked-out", value=self.economy.extended_to, because=tuple(later))


_SUBTRACTED = ("other-income", "covered", "repaid")

_AS_FIGURE: dict[str, What] = {
    "available": "available",
    "covered": "covered",
    "unspent": "unspent",
    "balance": "balance",
}

# ── a change request ─────────────────────────────────────────────────────────────────────────


def explain_request(view: View, path: list[str]) -> Explanation | None:
    """A figure of a change request: request.lines.vikardaekning.difference."""
    request = view.report.request
    if request is None:
        return None
    budget = request.budget
    match path:
        case ["lines", id, name] if budget:
            return _changed_line(view, budget, next(each for each in budget.lines if each.line.id == id), name)
        case ["years", year, name] if budget:
            return _changed_year(view, budget, int(year), name)
        case ["funding", number, name] if budget:
            return _changed_funding(view, budget, budget.funding[int(number) - 1], name)
        case [("total_before" | "total_after" | "total_difference") as name] if budget:
            had, gets = (sum_of("budget", _lines(view, each), name=each.id) for each in (budget.before, budget.after))
            return _of_two(had, gets, name.removeprefix("total_"))
        case ["known_until"]:
            return known_until(view, request.known_until)
        case ["gaps"]:
            return gaps(view, request.gaps)
        case ["told_until"]:
            asked = happened(view, request.event, "happened", reason="")
            return Explanation(what="worked-out", value=request.told_until, because=(asked,))
        case ["council_day"] if budget and budget.council:
            return happened(view, budget.council, "happened", reason="")
        case ["council_by"] if budget and budget.council:
            return happened(view, budget.council, "by", reason="")
        case ["year"]:
            return Explanation(what="worked-out", because=(happened(view, request.event, "change"),))
        case ["unspent", number, name]:
            return _unspent(view, request, [request.unspent[int(number) - 1]], name)
        case ["unspent_total", "title"]:
            return Explanation(what="worked-out")
        case ["unspent_total", "budget"] if request.is_unknown:
            return Explanation(what="unsaid")
        case ["unspent_total", name]:
            return _unspent(view, request, request.unspent, name)
        case ["without_years"]:
            lines = (written(view, line, "title") for line in request.without_years)
            return Explanation(what="worked-out", because=tuple(lines))
        case ["uncounted", number, name]:
            return _uncounted(view, request, request.uncounted[int(number) - 1], name)
        case ["values", number, name]:
            return _changed_value(view, request, int(number) - 1, name)
        case ["day"]:
            return happened(view, request.event, "happened", reason="")
        case ["amount"] if request.year is None:
            return Explanation(what="unsaid")
        case [("change" | "by" | "amount" | "reason") as name]:
            return happened(view, request.event, name, reason="")
    return None


def _changed_line(view: View, budget: BudgetRequest, change: LineChange, name: str) -> Explanation | None:
    if name == "was":
        return Explanation(what="worked-out", because=(written(view, change.line, name),))
    if name not in ("before", "after", "difference"):
        return written(view, change.line, name)
    none = Explanation(what="version", amount=NOTHING)
    gets = written(view, change.after, "amount", "version", name=budget.after.id) if change.after else none
    parts = tuple(carried_part(view, part, "version", budget.before.id) for part in change.parts)
    had = parts[0] if len(parts) == 1 else sum_of("version", parts, name=budget.before.id) if parts else none
    return _of_two(had, gets, name)


def _changed_funding(view: View, budget: BudgetRequest, change: FundingChange, name: str) -> Explanation | None:
    """A payer's amounts in the two versions, or in project.yaml where a version has no funding of its own."""
    if name == "title":
        return written(view, change.funding, "title")
    plan = view.state.plan

    def amount(version: Budget) -> Explanation:
        its = [each for each in plan.funding_of(version) if payer_of(each) == payer_of(change.funding)]
        return sum_of("budget", (written(view, each, "amount") for each in its), name=version.id)

    return _of_two(amount(budget.before), amount(budget.after), name)


def _changed_year(view: View, budget: BudgetRequest, year: int, name: str) -> Explanation | None:
    if name == "year":
        return years(view)
    had, gets = (
        sum_of("budget", (line_year(version, line, year) for line in version.lines), name=version.id)
        for version in (budget.before, budget.after)
    )
    return _of_two(had, gets, name)


def _of_two(before: Explanation, after: Explanation, name: str) -> Explanation:
    """The one, the other, or how far they are apart."""
    if name == "difference":
        return sum_of("difference", (after,), (before,))
    return before if name == "before" else after


def _lines(view: View, budget: Budget) -> Iterator[Explanation]:
    return (written(view, line, "amount", "line", name=line.title) for line in budget.lines)


def _unspent(view: View, request: Request, rows: Iterable[UnspentLine], name: str) -> Explanation | None:
    """What some lines had for a year, spent of it, and had left; with what was carried over to it."""
    spending, state = view.report.spending, view.state.budget
    if spending is None or state is None or request.year is None:
        return None
    year, books, rows = request.year, Books(view, state, spending), tuple(rows)
    lines: list[BudgetLine] = [each.line for each in rows if each.line]
    if name == "title":
        return written(view, lines[0], "title") if lines else Explanation(what="worked-out")
    carried = (each for each in rows if each.carried_from)
    had = sum_of(
        "budget",
        (
            *(line_year(state.budget, line, year) for line in lines),
            *(_carried_in(view, each.carried_from, each.budget) for each in carried),
        ),
    )
    spent = sum_of("spent-in-year", (books.line_spent(line, "line", in_year(year)) for line in lines))
    match name:
        case "budget":
            return had
        case "spent" | "unspent" if request.is_unknown:
            return Explanation(what="unsaid")
        case "spent":
            return spent
        case "unspent":
            return sum_of("difference", (had,), (spent,))
    return None


def _carried_in(view: View, year: int | None, amount: Money) -> Explanation:
    """What a year left, and was approved carried over."""
    events = (_said_of(view, each.event) for each in view.report.carry_overs if each.year == year)
    return Explanation(what="available", amount=amount, name=str(year), because=tuple(events))


def _said_of(view: View, event: Answer) -> Explanation:
    """What an event says of carrying over: how much where that is not all."""
    return happened(view, event, "change" if event.amount is None else "amount")


def _uncounted(view: View, request: Request, row: Uncounted, name: str) -> Explanation | None:
    assert view.state.budget is not None and view.report.spending is not None and request.year is not None
    books = Books(view, view.state.budget, view.report.spending)
    year = request.year
    found = books.row(row.what, "spent-in-year", lambda part: is_of_year(part, year))
    return found if name == "amount" else Explanation(what="worked-out", because=(found,))


def _changed_value(view: View, request: Request, number: int, name: str) -> Explanation | None:
    event, path = request.event, request.values[number].path
    asked = Explanation(
        what="written", name=path, at=place(event.at, "values"), day=event.happened, synthetic=event.synthetic
    )
    before = promised(view, path.split("."))
    return before if name == "before" and before else asked
