"""docs/figures.md read once more, to hold the program against: exact shares, plain loops, and no rule of the core's.

It takes records for what they hold and asks them nothing. It knows what dossiers.py makes: rules that look at the
account alone, and lines that are distributed on years, on months or not at all.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from toolkit.core.dossier import Dossier
from toolkit.core.plan import Budget, BudgetLine, Period
from toolkit.core.postings import Posting, Rule

ORDERS = ("grant-first", "others-first", "proportional")


class Part(NamedTuple):
    """What of a posting stands in one place: on a line, or why it is on none; `waits` is why a cost does not count."""

    posting: Posting
    amount: Fraction
    day: date
    place: str
    line: str = ""
    waits: str = ""
    payer: object = None


class Order(NamedTuple):
    """What an order, or what was taken off one, has committed on a line."""

    line: str
    amount: Fraction
    happened: date
    recorded: date


class Year(NamedTuple):
    """A year's own money with what was carried over to it, what it left, and the word about carrying that over."""

    had: int
    left: int
    carry_over: str | None
    carried: int = 0


class Outcome(NamedTuple):
    """How a grant is settled if the payers pay in one order."""

    covered: int
    unspent: int
    balance: int
    to_repay: int
    to_receive: int
    if_carried: int


class Reading:
    """A dossier on a day, as known on another."""

    def __init__(self, dossier: Dossier, as_of: date, known_by: date) -> None:
        plan = dossier.plan
        self.as_of = as_of
        self.known = [each for each in dossier.events if each.recorded <= known_by]
        self.history = sorted((each for each in self.known if each.happened <= as_of), key=lambda each: each.happened)
        self.period = plan.grant_period or plan.project_period
        ends = "project_period.ends"
        later = [each for each in self.known if each.kind == "change-approved" and ends in each.values]
        self.closes = later[-1].values[ends] if later else self.period.ends
        if counts := [each for each in later if each.happened <= as_of]:
            self.period = Period(starts=self.period.starts, ends=counts[-1].values[ends])
        self.closes = max(self.closes, self.period.ends)
        self.budgets = plan.budgets
        self.versions = _in_force(plan.budgets, self.history)
        self.lines = {line.id: line for line in self.versions[-1].lines}
        self.funding = plan.funding
        self.agency = plan.terms.agency if plan.terms else None
        its_terms = (*(plan.terms.terms if plan.terms else ()), *plan.letter_terms)  # the letter's go before
        self.terms = {term.id: term for term in its_terms if not (term.since and term.since > self.closes)}
        lost = dossier.postings.lost
        self.imports: list[Any] = [each for each in self.known if each.kind == "imported" and each.called not in lost]
        self.rows = [row for row in dossier.postings.rows if row.imported <= known_by]
        rules = {rule.account: rule for rule in dossier.postings.rules}
        self.parts = [
            part for row in self.rows for part in self._parts(row, rules.get(row.account)) if self._seen(part)
        ]

    def of(self, *kinds: str) -> list[Any]:
        return [each for each in self.history if each.kind in kinds]

    def total(self, place: str, waits: str = "") -> Fraction:
        return _sum(each.amount for each in self.parts if (each.place, each.waits) == (place, waits))

    def spent(self, line: str | None = None, year: int | None = None, until: date = date.max) -> Fraction:
        """What counts, exactly: shares of an øre where postings are divided."""
        counting = (each for each in self.parts if each.place == "line" and not each.waits and each.day <= until)
        return _sum(each.amount for each in counting if line in (None, each.line) and year in (None, each.day.year))

    def orders(self) -> list[Order]:
        """What is ordered, on the lines that carry on those it was ordered on; no more is taken off than is open."""
        found, open = list[Order](), defaultdict[str, Fraction](Fraction)
        for each in self.of("ordered", "order-cancelled"):
            parts = {line: int(each.amount) * part for line, part in self._now(each.line).items()}
            if each.kind == "order-cancelled":
                taken = {line: min(amount, open[line]) for line, amount in parts.items()}
                for line in taken:
                    taken[line] += min(int(each.amount) - _sum(taken.values()), open[line] - taken[line])
                parts = {line: -amount for line, amount in taken.items()}
            for line, amount in parts.items():
                open[line] += amount
                found.append(Order(line, amount, each.happened, each.recorded))
        return found

    def _of_line(self, estimate: Any) -> str | None:
        """The line that an estimate is of now: all of what it was of when it was noted, and nothing else since."""
        came = [each for each in self.history[: self.history.index(estimate)] if _brings_budget(each)]
        while came and came[-1].recorded > estimate.recorded:
            came.pop()
        before = _in_force(self.budgets, came)
        there, line = {each.id for each in before[-1].lines}, str(estimate.line)
        then = line if line in there else self._successor(line, before, set())
        return self._successor(then, self.versions[len(before) :], there) if then else None

    def _successor(self, line: str, versions: Sequence[Budget], there: set[Any]) -> str | None:
        """The one line that is all of another one after these versions, and of no third; `there` are known already."""
        now = list(self._now(line, versions))
        others = there | {each.id for version in versions for each in version.lines}
        others |= {id for version in versions for each in version.lines for id in each.was}
        joined = [id for id in others - {line, *now} if now[0] in self._now(id, versions)]
        return now[0] if len(now) == 1 and not joined else None

    def expected(self, line: BudgetLine, spent: int, committed: int) -> int:
        """What a line ends at: the manager's word, the budget's months, or as much a day as until now."""
        bound, known = spent + committed, min(self.as_of, self.until() or self.as_of)
        is_over = self.until() is not None and known >= self.period.ends
        estimates = [each for each in self.of("estimate") if self._of_line(each) == line.id]
        if estimates and not (is_over and estimates[-1].happened <= self.period.ends):
            last = estimates[-1]
            costs = [each for each in self.parts if (each.place, each.line, each.waits) == ("line", line.id, "")]
            seen = [
                each.amount for each in costs if each.day <= last.happened if each.posting.imported <= last.recorded
            ]
            orders = [each for each in self.orders() if each.line == line.id and each.happened <= last.happened]
            seen += [each.amount for each in orders if each.recorded <= last.recorded]
            return int(last.amount) if last.amount < _sum(seen) else max(int(last.amount), bound)
        if line.by_month:
            left = spent
            for month, amount in line.by_month.items():
                starts = date.fromisoformat(f"{month}-01")
                days = [starts + timedelta(days=day) for day in range(monthrange(starts.year, starts.month)[1])]
                days = [day for day in days if self.period.starts <= day <= self.period.ends]
                ahead = sum(day > known for day in days)
                left += _share(int(amount), ahead, len(days) - ahead) if days else 0
            return max(left, bound)
        years = [year for year, amount in line.by_year.items() if amount]
        days = [
            date.fromordinal(day) for day in range(self.period.starts.toordinal(), self.period.ends.toordinal() + 1)
        ]
        days = [day for day in days if not years or min(years) <= day.year <= max(years)]
        gone = sum(day <= known for day in days)
        if gone == len(days):
            return bound if committed > 0 else spent
        if not line.amount:
            return bound
        if gone * 10 < len(days) or spent * 10 < line.amount:
            return max(int(line.amount), bound)
        size = (spent * len(days) * 2 + gone) // (2 * gone)
        return max(min(size, 2 * int(line.amount)), bound)

    # ── what a posting is ──

    def _seen(self, part: Part) -> bool:
        late = self.as_of >= self.closes and part.place != "grant-income"
        return part.day <= self.as_of or late

    def _parts(self, row: Posting, rule: Rule | None) -> list[Part]:
        day, amount = _day(row, rule), int(row.amount)
        if rule is None:
            return [Part(row, Fraction(amount), day, "unallocated")]
        beside = {"grant-income": rule.grant_income, "not-eligible": rule.not_eligible, "taken-back": rule.taken_back}
        for place, is_it in {**beside, "other-income": rule.other_income}.items():
            if is_it:
                return [Part(row, Fraction(amount), day, place, payer=rule.other_income)]
        eligible = amount
        if rule.eligible is not None:
            eligible = _share(amount, rule.eligible.numerator, rule.eligible.denominator - rule.eligible.numerator)
        if rule.eligible_amount is not None:
            most = int(rule.eligible_amount)
            eligible = min(max(amount, -most), most)
        found = [Part(row, Fraction(amount - eligible), day, "not-eligible")] if eligible != amount else []
        shares = dict(rule.split) or {rule.line: Fraction(1)}
        for line, share in shares.items():
            for now, part in self._now(str(line)).items():
                waits = "" if rule.allowed else self._waits(day, now)
                found.append(Part(row, eligible * share / _sum(shares.values()) * part, day, "line", now, waits))
        return found

    def _now(self, line: str, versions: Sequence[Budget] | None = None) -> dict[str, Fraction]:
        """Where a line's costs stand now, and how much of them on each."""
        where = {line: Fraction(1)}
        for version in self.versions if versions is None else versions:
            after: dict[str, Fraction] = defaultdict(Fraction)
            for id, part in where.items():
                heirs = {each.id: each.was[id] for each in version.lines if id in each.was}  # type: ignore[index]
                for heir, share in heirs.items():
                    after[heir] += part * share
                after[id] += part * (1 - _sum(heirs.values()))
            where = {id: part for id, part in after.items() if part}
        return where

    def _waits(self, day: date, line: str) -> str:
        if not self.period.starts <= day <= self.period.ends:
            return "before-period" if day < self.period.starts else "after-period"
        return "" if line in self.lines else "dropped-line"

    # ── what was received, and how far the books are known ──

    def until(self) -> date | None:
        """The last day that any import names, or of a posting of a day's imports that do not all name one."""
        imports = self.imports
        silent = {each.happened for each in imports if not each.ends}
        named = {each.happened for each in imports if each.ends} - silent
        posted = [row.posted for row in self.rows if row.imported not in named]
        return max([*(each.ends for each in imports if each.ends), *posted], default=None)

    @cached_property
    def missing(self) -> set[str]:
        """The months of the period that no import covers a day of, before one that begins later; nothing booked in."""
        imports, until = self.imports, self.until()
        if until is None or not all(each.starts for each in imports):
            return set()
        booked = {f"{row.posted:%Y-%m}" for row in self.rows}
        first = min(imports, key=lambda each: each.starts, default=None)
        posted = [row.posted for row in self.rows if first and row.file == first.file]
        if first is None or min(posted, default=first.starts) == first.starts:
            booked |= {month for month, day in _days(self.period) if not first or day <= (first.ends or date.max)}
        found = set()
        for month in {month for month, day in _days(self.period) if day <= until} - booked:
            days = [date.fromisoformat(f"{month}-{day:02}") for day in range(1, _length(month) + 1)]
            covered = any(each.starts <= day <= (each.ends or date.max) for each in imports for day in days)
            if not covered and any(each.starts > days[-1] for each in imports):
                found.add(month)
        return found

    def knows(self, year: int | None = None) -> bool:
        """Whether any day until this one is known, of a year or of all."""
        until, missing = self.until(), self.missing
        if until is None or (year and until.year < year):
            return False
        days = [(month, day) for month, day in _days(self.period) if day <= min(until, self.as_of)]
        days = [(month, day) for month, day in days if year in (None, day.year)]
        return not days or any(month not in missing for month, _day in days)

    def received(self, until: date = date.max) -> int:
        """The books as far as they reach where they have an instalment, and the log after that; else the log.

        What was booked within a month before it was logged is the books'; a repayment that both have is the log's.
        """
        log = sorted((each.happened, int(each.amount)) for each in self.of("instalment-received"))
        books = sorted((each.day, -int(each.amount)) for each in self.parts if each.place == "grant-income")
        if not any(amount > 0 for _, amount in books):
            return sum(amount for day, amount in log if day <= until)
        reach, rates, later = self.until(), [each for each in books if each[1] > 0], []
        for day, amount in log:
            same = [each for each in rates if each[1] == amount]
            if reach is None or day > reach:
                same = [each for each in same if timedelta(0) <= day - each[0] <= timedelta(31)]
                later += [] if same else [(day, amount)]
            if same:
                rates.remove(min(same, key=lambda each: abs(each[0] - day)))
        told = [each for each in log if each not in later]
        return sum(amount for day, amount in (*self._kept(books, told), *later) if day <= until)

    def _kept(self, books: list[tuple[date, int]], told: list[tuple[date, int]]) -> list[tuple[date, int]]:
        """The books without the repayments that the log has too."""
        unseen = []
        for back in self.of("repaid"):
            same = [each for each in books if each[1] == -int(back.amount)]
            if same and not any(each[1] == int(back.amount) for each in books):
                books.remove(min(same, key=lambda each: (abs(each[0] - back.happened), each[0])))
            else:
                unseen.append((back.happened, int(back.amount)))
        went_back = [each for each in books if each[1] < 0]
        both = min(sum(amount for _, amount in unseen), -sum(amount for _, amount in went_back))
        if told:
            both = min(both, max(sum(amount for _, amount in told) - sum(amount for _, amount in books), 0))
        kept = [each for each in books if each[1] > 0]
        went_back.sort(key=lambda each: min((abs(each[0] - day) for day, _ in unseen), default=timedelta(0)))
        for day, amount in went_back:
            taken = min(both, -amount)
            both -= taken
            kept.append((day, amount + taken))
        return kept

    def repaid(self, until: date = date.max) -> int:
        return sum(int(each.amount) for each in self.of("repaid") if each.happened <= until)

    # ── the years ──

    @property
    def undistributed(self) -> set[str]:
        """The lines that no year has a part of."""
        return {id for id, line in self.lines.items() if line.amount and not (line.by_year or line.by_month)}

    def years(self, spent: dict[int, int], *, all_is_approved: bool = False) -> dict[int, Year]:
        """Each year of the period, where any line has years; `spent` is what counts in each on lines that have.

        With `all_is_approved`, as if whatever waits for an answer got leave.
        """
        found: dict[int, Year] = {}
        carried, first, last = 0, self.period.starts.year, self.period.ends.year
        if not any(line.by_year or line.by_month for line in self.lines.values()) or not self.knows():
            return found
        answers = self._carried_over()
        silent = "lapsed" if self.of("closed") else "to-ask-for"
        for year in range(first, min(last, (self.until() or date.min).year) + 1):
            if not self.knows(year):
                carried = 0
                continue
            had = carried + sum(_of_year(line, year) for line in self.lines.values())
            left = had - spent.get(year, 0)
            is_over = left > 0 and self.as_of >= date(year, 12, 31) and year < last
            answer, amount = answers.get(year, (silent, None)) if is_over else (None, None)
            if all_is_approved and answer in ("requested", "to-ask-for"):
                answer = "approved"
            carried = left if answer == "approved" or left < 0 else 0
            if answer == "approved" and amount is not None and amount < left:
                carried = amount
            found[year] = Year(had, left, answer, max(carried, 0))
        return found

    def _carried_over(self) -> dict[int, tuple[str, int | None]]:
        """The last word about each year, and how much it is about."""
        said: dict[int, tuple[str, int | None]] = {}
        final, others, agencys = set[int](), set[int](), set[int]()
        first, last = self.period.starts.year, self.period.ends.year
        for each in self.of("change-requested", "change-approved", "change-refused"):
            if each.change != "carry-over":
                continue
            is_final, is_agencys = each.kind != "change-requested", each.by == self.agency
            is_anothers = is_final and each.by is not None and not is_agencys
            taken = final | others if is_anothers else final
            open_years = [year for year in range(first, last) if year < each.happened.year and year not in taken]
            year = each.year or (open_years[-1] if open_years else max(min(each.happened.year, last), first))
            if is_final:
                (others if is_anothers else final).add(year)
            if is_anothers and year in agencys:
                continue
            if is_final and is_agencys and year not in agencys:
                agencys.add(year)
                said.pop(year, None)
            if not (each.kind == "change-requested" and year in said and said[year][0] == "approved"):
                said[year] = each.kind.removeprefix("change-"), each.amount
        return said

    # ── the whole ──

    def outcomes(self, spent: int, by_year: dict[int, int]) -> dict[str, Outcome]:
        """How it is settled in each order there can be; nothing before the period's end, or while nothing is known."""
        if self.as_of < self.closes or not self.knows():
            return {}
        return {order: self._outcome(order, spent, by_year) for order in self.orders_of_payers}

    def used(self, spent: int, by_year: dict[int, int], before: int, until: date = date.max) -> int | None:
        """What the grant covers of what is spent until a day, less what the years before one lost; if that is known."""
        if not self.knows():
            return None
        years = self.years(by_year)
        found = {self._covered(order, spent, years, before, until) for order in self.orders_of_payers}
        return found.pop() if len(found) == 1 else None

    def year_ends(self, by_year: dict[int, int], of_year: dict[int, int]) -> list[tuple[int, int, int | None]]:
        """Each year that has ended, what was received and not repaid by then, and what of it was used."""
        found, first, last = list[tuple[int, int, int | None]](), self.period.starts.year, self.period.ends.year
        for year in range(first, last + 1):
            ends = date(year, 12, 31)
            is_end = self.closes <= ends
            if self.as_of >= min(self.closes, ends):
                spent = sum(amount for its, amount in by_year.items() if its <= year or is_end)
                used = self.used(spent, of_year, year, date.max if is_end else ends) if self.knows(year) else None
                found.append((year, self.received(ends) - self.repaid(ends), used))
        return found

    @property
    def orders_of_payers(self) -> tuple[str, ...]:
        term = self.terms.get("payer-order")  # type: ignore[call-overload]
        return ORDERS[:1] if not self.funding else (term.payers,) if term else ORDERS

    @property
    def awarded(self) -> int:
        amounts = [each.values.get("grant.awarded") for each in self.of("change-approved")]
        return int([self.of("awarded")[0].amount, *(each for each in amounts if each is not None)][-1])

    def _outcome(self, order: str, spent: int, by_year: dict[int, int]) -> Outcome:
        paid = self.received() - self.repaid()
        covered = self._covered(order, spent, self.years(by_year))
        if_carried = paid - self._covered(order, spent, self.years(by_year, all_is_approved=True))
        balance = paid - covered
        owed, owed_if_carried = (0 if self._is_dropped(each) else max(each, 0) for each in (balance, if_carried))
        return Outcome(covered, self.awarded - covered, balance, owed, max(-balance, 0), owed_if_carried)

    def _covered(
        self, order: str, spent: int, years: dict[int, Year], before: int = date.max.year, until: date = date.max
    ) -> int:
        awarded, promised = self.awarded, sum(int(each.amount) for each in self.funding)
        named, unnamed = self.income(until)
        lost = 0
        for number, year in years.items():
            if number < before and year.carry_over and year.left > year.carried:
                own = _share(max(year.had, year.left), awarded, promised)
                part = _share(year.left, awarded, promised)
                its = (each for each in self.parts if each.place == "other-income" and each.day.year == number)
                cost = year.had - year.left
                first = max(own - max(cost + sum(int(each.amount) for each in its), 0), 0)
                all_of_it = {"grant-first": first, "others-first": min(year.left, own), "proportional": part}[order]
                lost += all_of_it - min(year.carried, all_of_it)
        awaited = sum(max(int(each.amount) - named.get(each.id, 0), 0) for each in self.funding if each.kind == "co")
        ours = sum(max(int(each.amount) - named.get(each.id, 0), 0) for each in self.funding if each.kind == "own")
        rest = max(spent - sum(named.values()) - unnamed, 0)
        beyond = sum(max(named.get(each.id, 0) - int(each.amount), 0) for each in self.funding if each.id)
        in_share = _share(max(spent - max(unnamed - awaited, 0) - beyond, 0), awarded, promised)
        wanted = {
            "grant-first": rest,
            "others-first": rest - ours - max(awaited - unnamed, 0),
            "proportional": min(in_share, rest),
        }[order]
        return max(min(wanted, awarded - lost), 0)

    def income(self, until: date = date.max) -> tuple[dict[object, int], int]:
        """By the payer that a rule names and the budget has; and all other."""
        ids = {each.id for each in self.funding if each.id}
        named: dict[object, int] = defaultdict(int)
        unnamed = 0
        for each in (each for each in self.parts if each.place == "other-income" and each.day <= until):
            if each.payer in ids:
                named[each.payer] -= int(each.amount)
            else:
                unnamed -= int(each.amount)
        return named, unnamed

    def _is_dropped(self, balance: int) -> bool:
        floor = self.terms.get("repayment-floor")  # type: ignore[call-overload]
        if floor is None or balance <= 0:
            return False
        return balance + self.repaid() < int(floor.amount) or (floor.asked_of == "rest" and balance < int(floor.amount))


def _days(period: Period) -> list[tuple[str, date]]:
    """Each day of a period, after its month."""
    return _days_of(period.starts, period.ends)


@lru_cache(maxsize=64)
def _days_of(starts: date, ends: date) -> list[tuple[str, date]]:
    days = (date.fromordinal(day) for day in range(starts.toordinal(), ends.toordinal() + 1))
    return [(f"{day:%Y-%m}", day) for day in days]


def _length(month: str) -> int:
    return monthrange(int(month[:4]), int(month[5:]))[1]


def _in_force(budgets: Sequence[Budget], history: Iterable[Any]) -> list[Budget]:
    """The budgets that came into force one after another: the award's from the beginning."""
    by_id = {each.id: each for each in budgets}
    named = [by_id[each.budget] for each in history if _brings_budget(each)]
    award = next(each for each in budgets if each.stage == "award")
    return named if named and named[0] is award else [award, *named]


def _brings_budget(event: Any) -> bool:
    return event.kind in ("awarded", "change-approved") and bool(event.budget)


def _of_year(line: BudgetLine, year: int) -> int:
    months = [int(amount) for month, amount in line.by_month.items() if int(month[:4]) == year]
    return int(line.by_year.get(year, 0)) if line.by_year else sum(months)  # type: ignore[call-overload]


def _day(row: Posting, rule: Rule | None) -> date:
    """When a cost was performed, where that is known; an instalment of the grant has only the day it was booked."""
    if rule and rule.grant_income:
        return row.posted
    return (rule and rule.performed) or row.performed or row.posted


def _share(amount: int, one: int, other: int) -> int:
    """The first of two parts in whole øre: each toward zero, and the øre left over to the one that lost the most."""
    if one + other == 0:
        return amount
    size, whole = abs(amount), one + other
    mine, my_loss = divmod(size * one, whole)
    theirs, their_loss = divmod(size * other, whole)
    mine += 1 if mine + theirs < size and my_loss >= their_loss else 0
    return mine if amount >= 0 else -mine


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))
