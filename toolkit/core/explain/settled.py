"""How the figures of the accounts and of a change request came to be."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.core import events as log
from toolkit.core.budget_change import changes
from toolkit.core.economy import Economy, economy_of
from toolkit.core.explain.explanation import Explanation, View, What, happened, place, sum_of, written
from toolkit.core.explain.money import Books, GrantMoney, in_year, line_year, parts_of, posting_of, years
from toolkit.core.explain.promised import promised
from toolkit.core.money import NOTHING
from toolkit.core.plan import Budget, BudgetLine
from toolkit.core.settlement import Step, Sum, year_about

# ── the accounts ─────────────────────────────────────────────────────────────────────────────


def explain_accounts(view: View, path: list[str]) -> Explanation | None:
    """A figure of the accounts: accounts.to_repay, accounts.settlement.3.amount."""
    economy, grant = economy_of(view.state), view.state.grant
    if economy is None or grant is None:
        return None
    accounts = _Accounts(view, economy, GrantMoney(view, grant))
    match path:
        case ["received", number, name]:
            return accounts.payment(int(number) - 1, name)
        case ["received_total"]:
            return accounts.grant.received()
        case ["other_income"]:
            return accounts.books.other_income()
        case ["settlement", number, name]:
            return accounts.step(int(number) - 1, name)
        case ["to_repay"]:
            return accounts.claim("to-repay")
        case ["to_receive"]:
            return accounts.claim("to-receive")
        case ["dropped"]:
            claim = accounts.claim("to-repay")
            return Explanation(what="worked-out", value=economy.settlement.dropped, because=claim.because)
        case ["floor", name] if economy.settlement.floor:
            return written(view, economy.settlement.floor, "standing" if name == "own" else name)
    return None


class _Accounts:
    """The settlement's figures, each as it came to be."""

    def __init__(self, view: View, economy: Economy, grant: GrantMoney) -> None:
        self.view = view
        self.settlement = economy.settlement
        self.grant = grant
        self.books = Books(view, economy.budget)

    def payment(self, number: int, name: str) -> Explanation:
        """One instalment: the log's, else the books'."""
        events = self.grant.events(log.InstalmentReceived)
        if events:
            return happened(self.view, events[number], "happened" if name == "day" else "amount")
        booked = [part for part in parts_of(self.view.state) if part.place == "grant-income"]
        posting = posting_of(booked[number], self.view)
        if name == "day":
            return Explanation(what="posting", value=posting.day, at=posting.at, name=posting.name)
        return sum_of("received", (), (posting,))

    def step(self, number: int, name: str) -> Explanation:
        """One step, by its number in the whole settlement."""
        steps = [(each, step) for each in self.settlement.final for step in (*each.terms, each.result)]
        sum, step = steps[number]
        found = self.result(sum) if step is sum.result else self.term(step)
        return found if name == "amount" else Explanation(what="worked-out", because=(found,))

    def result(self, sum: Sum) -> Explanation:
        """A sum of steps. What is subtracted stands among them below zero: here it is taken as what it is."""
        plus = [self.figure(step) for step in sum.terms if step.what not in _SUBTRACTED]
        minus = [self.figure(step) for step in sum.terms if step.what in _SUBTRACTED]
        return sum_of(_AS_FIGURE.get(sum.result.what, "worked-out"), plus, minus)

    def term(self, step: Step) -> Explanation:
        """A step by itself, with its sign."""
        figure = self.figure(step)
        return sum_of(figure.what, (), (figure,)) if step.what in _SUBTRACTED else figure

    def figure(self, step: Step) -> Explanation:
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
            case "not-carried-over":
                about = [event for event in self.view.state.history if _asks_to_carry_over(event)]
                asked = (happened(self.view, event, "change") for event in about)
                return Explanation(what="not-carried-over", amount=step.amount, because=tuple(asked))
            case "not-covered":
                limit = self.of("available") or self.grant.awarded()
                return Explanation(what="not-covered", amount=step.amount, because=(limit,) if limit else ())
        return self.of(step.what) or Explanation(what="worked-out", amount=step.amount)

    def of(self, what: str) -> Explanation | None:
        """The result of the sum that has this one."""
        return next((self.result(sum) for sum in self.settlement.final if sum.result.what == what), None)

    def claim(self, what: What) -> Explanation:
        """What goes back to the state or is still to come from it: nothing before the project's end."""
        amount = self.settlement.to_repay if what == "to-repay" else self.settlement.to_receive
        balance, floor = self.of("balance"), self.settlement.floor
        if balance is None:
            ends = promised(self.view, ("project_period", "ends"))
            return Explanation(what=what, because=(ends,) if ends else ())
        dropped = (written(self.view, floor, "amount"),) if floor and self.settlement.dropped else ()
        return Explanation(what=what, amount=amount, because=(balance, *dropped))


_SUBTRACTED = ("other-income", "covered", "repaid")

_AS_FIGURE: dict[str, What] = {
    "available": "available",
    "covered": "covered",
    "unspent": "unspent",
    "balance": "balance",
}


def _asks_to_carry_over(event: log.AnyEvent) -> bool:
    return isinstance(event, log.ChangeEvent) and event.change == "carry-over"


# ── a change request ─────────────────────────────────────────────────────────────────────────


def explain_request(view: View, path: list[str]) -> Explanation | None:
    """A figure of a change request: request.lines.vikardaekning.difference."""
    if view.change is None:
        return None
    before = view.state.budget.budget if view.state.budget else None
    after = view.state.plan.budget(view.change.budget)
    match path:
        case ["lines", id, name] if before and after:
            return _changed_line(view, before, after, id, name)
        case ["years", year, name] if before and after:
            return _changed_year(view, before, after, int(year), name)
        case [("total_before" | "total_after" | "total_difference") as name] if before and after:
            had, gets = (sum_of("budget", _lines(view, each), name=each.id) for each in (before, after))
            return _of_two(had, gets, name.removeprefix("total_"))
        case ["year"]:
            return Explanation(what="worked-out", because=(happened(view, view.change, "happened"),))
        case ["unspent", number, name] if view.state.budget:
            lines = _with_money(before, year_about(view.change.happened))
            return _unspent(view, lines[int(number) - 1 : int(number)], name)
        case ["unspent_total", name] if view.state.budget:
            return _unspent(view, _with_money(before, year_about(view.change.happened)), name)
        case ["values", number, name]:
            return _changed_value(view, view.change, int(number) - 1, name)
        case ["day"]:
            return happened(view, view.change, "happened", reason="")
        case [("change" | "by" | "reason") as name]:
            return happened(view, view.change, name, reason="")
    return None


def _changed_line(view: View, before: Budget, after: Budget, id: str, name: str) -> Explanation | None:
    change = next(each for each in changes(before, after) if each.line.id == id)
    if name not in ("before", "after", "difference"):
        return written(view, change.line, name)
    had, gets = (
        written(view, line, "amount", "version", name=budget.id)
        if line
        else Explanation(what="version", amount=NOTHING)
        for budget, line in ((before, change.before), (after, change.after))
    )
    return _of_two(had, gets, name)


def _changed_year(view: View, before: Budget, after: Budget, year: int, name: str) -> Explanation | None:
    if name == "year":
        return years(view)
    had, gets = (
        sum_of("budget", (line_year(budget, line, year) for line in budget.lines), name=budget.id)
        for budget in (before, after)
    )
    return _of_two(had, gets, name)


def _of_two(before: Explanation, after: Explanation, name: str) -> Explanation:
    """The one, the other, or how far they are apart."""
    if name == "difference":
        return sum_of("difference", (after,), (before,))
    return before if name == "before" else after


def _lines(view: View, budget: Budget) -> Iterator[Explanation]:
    return (written(view, line, "amount", "line", name=line.title) for line in budget.lines)


def _with_money(budget: Budget | None, year: int) -> list[tuple[BudgetLine, int]]:
    return [(line, year) for line in (budget.lines if budget else ()) if line.in_year(year) is not None]


def _unspent(view: View, lines: list[tuple[BudgetLine, int]], name: str) -> Explanation | None:
    """What some lines had for a year, spent of it, and had left."""
    assert view.state.budget is not None
    books, budget = Books(view, view.state.budget), view.state.budget.budget
    if name == "title":
        return written(view, lines[0][0], "title") if len(lines) == 1 else Explanation(what="worked-out")
    had = sum_of("budget", (line_year(budget, line, year) for line, year in lines))
    spent = sum_of("spent-in-year", (books.line_spent(line, "line", in_year(year)) for line, year in lines))
    match name:
        case "budget":
            return had
        case "spent":
            return spent
        case "unspent":
            return sum_of("difference", (had,), (spent,))
    return None


def _changed_value(view: View, event: log.ChangeRequested, number: int, name: str) -> Explanation | None:
    path = list(event.values)[number]
    asked = Explanation(
        what="written", name=path, at=place(event.at, "values"), day=event.happened, synthetic=event.synthetic
    )
    before = promised(view, path.split("."))
    return before if name == "before" and before else asked
