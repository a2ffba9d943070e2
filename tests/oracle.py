"""A second opinion on every figure: docs/figures.md worked out again from the files, with not a line of toolkit/.

Where the page leaves a rule open, a comment says "open:" and what is taken for granted here. As a script it tells them
all, of a project's folder on a day, and if wanted with the known day and a period's first day.
"""

from __future__ import annotations

import csv
import functools
import re
import sys
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FUNDS = Path(__file__).resolve().parents[1] / "templates" / "funds"
ORDERS = ("grant-first", "others-first", "proportional")
MINUS = "\N{MINUS SIGN}"
WAITS = ("before-period", "after-period", "dropped-line")
PENDING = ("requested", "to-ask-for")

Node = dict[str, Any]

# ── what is written in the files ──────────────────────────────────────────────────────────────────


def read(file: Path) -> Any:
    """A YAML file with every value as the text that stands there: 250.000 is no decimal number here."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) if file.exists() else None


def oere(text: str) -> int:
    """250.000,50 kr. as øre; a point stands between thousands, a comma before the øre."""
    kroner, _, cents = re.sub(r"kr\.?|[\s.]", "", text).partition(",")
    size = int(kroner.lstrip("-") or 0) * 100 + int((cents + "00")[:2])
    return -size if kroner.startswith("-") else size


def day(text: str) -> date:
    """2022-06-30 or 30-06-2022."""
    first, second, third = (int(part) for part in text.split("-"))
    return date(first, second, third) if first > 31 else date(third, second, first)


def whole(first: date, last: date, precision: str | None) -> tuple[date, date]:
    """From the first day of the first month or year to the last day of the last, where no more is known."""
    if precision not in ("month", "year"):
        return first, last
    start, end = (1, 12) if precision == "year" else (first.month, last.month)
    return date(first.year, start, 1), date(last.year, end, monthrange(last.year, end)[1])


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def share(text: str) -> Fraction:
    """60 pct. or 33,5 as a part of one."""
    return number(re.sub(r"pct\.?|%|\s", "", text)) / 100


def divide(whole: int, weights: Iterable[Fraction | int]) -> list[int]:
    """Whole øre: towards zero, and what is over one by one to those who lost most by it, the first of equals."""
    weights = list(weights)
    exact = [whole * Fraction(weight) / sum(weights) for weight in weights]
    parts = [int(each) for each in exact]
    over = whole - sum(parts)
    for at in sorted(range(len(parts)), key=lambda at: -abs(exact[at] - parts[at]))[: abs(over)]:
        parts[at] += 1 if over > 0 else -1
    return parts


def percent(part: int, whole: int) -> str:
    """One decimal, a half away from zero; more of them where it would else look like 0 or 100."""
    exact = Fraction(abs(part) * 100, whole)
    for decimals in range(1, 9):
        units = int(exact * 10**decimals + Fraction(1, 2))
        if exact in (0, 100) or units not in (0, 100 * 10**decimals):
            break
    digits = str(units).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]},{digits[-decimals:]}".rstrip("0").rstrip(",")
    return f"{MINUS * (part < 0)}{text} pct."


class Line(NamedTuple):
    id: str
    title: str
    amount: int
    years: Counter[int]
    months: dict[str, int]
    was: list[tuple[str, Fraction]]


class Budget(NamedTuple):
    id: str
    stage: str
    lines: list[Line]
    funding: list[Node]

    def dated(self) -> date:
        return day(self.id[:10]) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", self.id) else date.min


def read_budget(file: Path) -> Budget:
    wrote, lines = read(file), []
    for each in wrote["lines"]:
        years: Counter[int] = Counter()
        for when, amount in (each.get("by_year") or each.get("by_month") or {}).items():
            years[int(when[:4])] += oere(amount)
        was = each.get("was", [])
        was = dict.fromkeys([was] if isinstance(was, str) else was, "100") if not isinstance(was, dict) else was
        heirs = [(old, share(part)) for old, part in was.items()]
        months = {when: oere(amount) for when, amount in each.get("by_month", {}).items()}
        lines.append(Line(each["id"], each["title"], oere(each["amount"]), years, months, heirs))
    return Budget(file.stem, wrote["stage"], lines, wrote.get("funding", []))


class Posting(NamedTuple):
    """One posting, where its rule puts it: a cost on lines, some of it not eligible, or what else its sort says."""

    imported: date
    posted: date
    day: date
    amount: int
    sort: str  # cost, grant, income, not-eligible, taken-back or unallocated
    parts: list[tuple[str, int]]  # of a cost, line by line, before any `was`
    not_eligible: int
    payer: str | None
    allowed: str | None


def fits(rule: Node, row: dict[str, str], file: str) -> bool:
    def like(pattern: str, text: str) -> bool:
        return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.DOTALL) is not None

    asked = [like(rule[key], row[key]) for key in ("account", "cost_centre", "wbs_element", "voucher") if key in rule]
    asked += [like(rule["text"].lower(), row["text"].lower())] if "text" in rule else []
    asked += [like(rule["file"].removeprefix("postings/"), file)] if "file" in rule else []
    asked += [oere(rule["amount"]) == oere(row["amount"])] if "amount" in rule else []
    if posted := rule.get("posted"):
        asked.append(like(posted if "*" in posted else day(posted).isoformat(), row["posted"]))
    return all(asked)


def allocate(row: dict[str, str], file: str, rules: list[Node]) -> Posting:
    """A posting with the first rule that fits; open: what is not eligible is taken off before the rest is split."""
    rule = next((rule for rule in rules if fits(rule, row, file)), {})
    amount, parts, outside, payer = oere(row["amount"]), [], 0, None
    sorts = {"line": "cost", "split": "cost", "grant_income": "grant", "other_income": "income"}
    sorts |= {"not_eligible": "not-eligible", "taken_back": "taken-back"}
    sort = next((sort for key, sort in sorts.items() if key in rule), "unallocated")
    if sort == "cost":
        counted = amount
        if "eligible" in rule:
            counted = divide(amount, [share(rule["eligible"]), 1 - share(rule["eligible"])])[0]
        elif "eligible_amount" in rule:
            most = oere(rule["eligible_amount"])
            counted = min(amount, most) if amount >= 0 else max(amount, -most)
        weights = rule.get("split") or {rule["line"]: "1"}
        parts = list(zip(weights, divide(counted, map(number, weights.values())), strict=True))
        outside = amount - counted
    elif sort == "income" and rule["other_income"] != "true":
        payer = rule["other_income"]
    elif sort == "not-eligible":
        outside = amount
    on = row["posted"] if sort == "grant" else rule.get("performed") or row.get("performed") or row["posted"]
    days = day(file[:10]), day(row["posted"]), day(on)
    return Posting(*days, amount, sort, parts, outside, payer, rule.get("allowed"))


class Project:
    """A project's folder as it is written, before any day is asked about."""

    def __init__(self, folder: Path) -> None:
        self.plan = read(folder / "project.yaml")
        self.budgets = {file.stem: read_budget(file) for file in sorted((folder / "budgets").glob("*.yaml"))}
        self.log = read(folder / "events.yaml") or []
        rules = (read(folder / "allocation.yaml") or {}).get("rules", [])
        self.files: dict[str, list[Posting]] = {}
        for file in sorted((folder / "postings").glob("*.csv")):
            with file.open(encoding="utf-8", newline="") as stream:
                rows = csv.DictReader(stream, delimiter=";")
                self.files[file.name] = [allocate(row, file.name, rules) for row in rows]
        self.postings = [posting for postings in self.files.values() for posting in postings]
        self.terms: list[Node] = list(self.plan.get("terms", []))  # those that go before come before
        fund = self.plan.get("fund")
        self.agencies: set[str] = set()
        while fund:
            wrote = read(FUNDS / f"{fund}.yaml")
            self.agencies |= {each.casefold() for each in (wrote["agency"], *wrote.get("agency_names", []))}
            self.terms += wrote.get("terms", [])
            fund = wrote.get("extends")

    def known_at_last(self) -> date:
        events = put_right(self.log, date.max)
        return max([day(each["recorded"]) for each in events] + [each.imported for each in self.postings])


def in_full(values: Node) -> Node:
    """New values by their full paths: a whole record is each of its values."""
    found: Node = {}
    for path, said in values.items():
        parts = {f"{path}.{key}": part for key, part in said.items()} if isinstance(said, dict) else {}
        found |= in_full(parts) or {path: said}
    return found


def put_right(log: list[Node], known_by: date) -> list[Node]:
    """The log as it was known, corrections and all; a correction of a correction is made first."""
    told = [{**each, "called": each.get("id", f"{day(each['happened'])}-{each['kind']}")} for each in log]
    corrections = [each for each in told if each["kind"] == "corrected"]
    names = {each["called"] for each in corrections}
    for correction in sorted(corrections, key=lambda each: each["event"] not in names):
        for event in told if day(correction["recorded"]) <= known_by else ():
            if event["called"] == correction["event"] and not correction.get("struck"):
                event |= correction.get("values", {})
                event["struck"] = event.get("struck") or correction.get("withdrawn") == "true"
    return [each for each in told if not each.get("struck") and day(each["recorded"]) <= known_by]


def corrected(log: list[Node], known_by: date) -> list[Node]:
    """What was known to have happened, in the order that it did."""
    left = [each for each in put_right(log, known_by) if each["kind"] != "corrected"]
    return sorted(left, key=lambda each: day(each["happened"]))  # open: of the same day, as they stand


# ── what is seen on a day ─────────────────────────────────────────────────────────────────────────


class Money(NamedTuple):
    """A cost, or a part of one, in øre."""

    day: date
    amount: int
    imported: date


class Rest(NamedTuple):
    """A year of the settlement: its money, what was spent and is left of it, and what was answered about that."""

    year: int
    carried: int
    money: int
    spent: int
    left: int
    answer: str | None
    to_next: int  # of what is left


def total(some: Iterable[Money]) -> int:
    return sum(each.amount for each in some)


class Figures:
    """Every figure of a project on a day, with what was known by another; `since` is the first day of a period."""

    def __init__(self, project: Project, as_of: date, known_by: date | None = None, since: date | None = None) -> None:
        self.project, self.plan, self.as_of, self.since = project, project.plan, as_of, since or date.min
        self.known_by = known_by = known_by or project.known_at_last()
        self.known = corrected(project.log, known_by)
        self.events = [each for each in self.known if day(each["happened"]) <= as_of]
        self.starts, self.ends = self.paid_period(self.events)
        self.chain = self.in_force(self.events)
        self.lines = self.chain[-1].lines if self.chain else []
        self.total = sum(line.amount for line in self.lines)
        self.funding = (self.chain[-1].funding if self.chain else []) or self.plan.get("funding", [])
        self.promised = sum(oere(each["amount"]) for each in self.funding)
        self.awarded = self.grant()
        seen = [each for each in project.postings if each.imported <= known_by]
        shortest = self.paid_period(self.known)[1]  # a closing that is known ends it on every day
        self.closes = shortest if shortest < self.period(self.known)[1] else max(shortest, self.period(self.events)[1])
        late = as_of >= self.closes  # from the last day on all but the instalments
        self.seen = [each for each in seen if each.day <= as_of or (late and each.sort != "grant")]
        self.known_until = self.until()
        self.count()
        self.receive()

    def told(self, kind: str) -> list[tuple[date, int]]:
        return [(day(each["happened"]), oere(each["amount"])) for each in self.events if each["kind"] == kind]

    def changes(self, events: list[Node]) -> list[tuple[str, str]]:
        """What approved changes have given another value, in their order."""
        return [value for each in self.approved(events).values() for value in in_full(each.get("values", {})).items()]

    def period(self, events: list[Node], which: str = "grant_period") -> tuple[date, date]:
        which = which if which in self.plan else "project_period"
        wrote = {f"{which}.{key}": value for key, value in self.plan[which].items()} | dict(self.changes(events))
        return whole(day(wrote[f"{which}.starts"]), day(wrote[f"{which}.ends"]), wrote.get(f"{which}.precision"))

    def paid_period(self, events: list[Node]) -> tuple[date, date]:
        """The period that the grant pays in: it ends where the agency closes the grant before its last day."""
        starts, ends = self.period(events)
        closed = [day(each["happened"]) for each in self.deciding(events)[-1:] if each["kind"] == "closed"]
        return (starts, closed[0]) if closed and closed[0] < ends else (starts, ends)

    def closed_on(self) -> date:
        """The day that the agency closed the grant; the last of all days where it goes on."""
        closed = [day(each["happened"]) for each in self.deciding(self.events)[-1:] if each["kind"] == "closed"]
        return closed[0] if closed else date.max

    def deciding(self, events: list[Node]) -> list[Node]:
        """The applications and answers that the grant follows: not what is asked for beside it, nor a no to that."""
        found, asked, stands = list[Node](), False, False
        for each in (each for each in events if each["kind"] in ("applied", "awarded", "rejected", "closed")):
            if each["kind"] == "applied" and stands:
                asked = True
            elif asked and (each["kind"] == "rejected" or (each["kind"] == "closed" and self.who(each) == "other")):
                asked = False
            elif each["kind"] != "closed":
                found.append(each)
                asked, stands = False, each["kind"] == "awarded"
            elif self.plan.get("grant") and not (stands and self.who(each) == "other"):
                found += [each] if [last["kind"] for last in found[-1:]] != ["closed"] else []
        return found

    def its_own(self, event: Node) -> list[Budget]:
        """What an application or an award has for itself: what it names, else what is dated nearest to it."""
        if event.get("budget"):
            return [self.project.budgets[event["budget"]]]
        named = {each["budget"] for each in self.known if each.get("budget")}
        others = sorted(
            (each for each in self.known if each["kind"] == event["kind"]), key=lambda each: day(each["happened"])
        )
        when, near = day(event["happened"]), list[Budget]()
        for name, version in sorted(self.project.budgets.items()):
            if version.stage == {"applied": "application", "awarded": "award"}[event["kind"]] and name not in named:
                closest = min(others, key=lambda each: abs(day(each["happened"]) - version.dated()))
                if closest is event and (version.dated() <= self.known_by or (version.dated() - when).days <= 90):
                    near.append(version)
        return [each for each in near if each.dated() <= when][-1:] or near[:1]

    def stage(self, stage: str, when: date) -> list[Budget]:
        """The budget of a stage: the last that its name dates until then, otherwise the first; at most one."""
        budgets = [each for _, each in sorted(self.project.budgets.items()) if each.stage == stage]
        return [each for each in budgets if each.dated() <= when][-1:] or budgets[:1]

    def in_force(self, events: list[Node]) -> list[Budget]:
        """The budgets that have been in force, in their order, each once."""
        chain = list[Budget]()
        if not self.logged():
            chain = self.by_files(self.as_of)
        stands, deciding = self.approved(self.events), self.deciding(events)
        wanted, before = list[Budget](), list[Budget]()  # applied for since the last award; and last of all
        for told in events:
            if told["kind"] == "applied":
                own = self.its_own(told)
                before, wanted = own or before, own or wanted
                chain += before if told in deciding else []
            elif told["kind"] in ("rejected", "closed"):
                more = told not in deciding and (told["kind"] == "rejected" or self.who(told) == "other")
                wanted = [] if more else wanted
            elif told["kind"] == "awarded":
                first = [] if chain else self.stage("application", day(told["happened"]))
                chain += self.its_own(told) or wanted or first
                wanted = []
            elif told["kind"] == "change-approved" and (name := stands.get(id(told), {}).get("budget")):
                chain.append(self.project.budgets[name])
        return [budget for at, budget in enumerate(chain) if at == 0 or budget is not chain[at - 1]]

    def by_files(self, when: date) -> list[Budget]:
        """The budget that the files alone give on a day: the last award of its days, otherwise the application."""
        dated = [each for _, each in sorted(self.project.budgets.items()) if each.dated() <= when]
        found = [each for stage in ("application", "award") for each in dated if each.stage == stage][-1:]
        sent = self.plan.get("grant", {}).get("applied_on")
        if found or not sent or day(sent) > when:
            return found
        asked = [each for _, each in sorted(self.project.budgets.items()) if each.stage == "application"][:1]
        return [each for each in asked if each.dated() <= day(sent) + timedelta(90)]

    def logged(self) -> bool:
        """Whether the log has an application or an answer, of whatever day and recorded whenever, or had it then."""
        told = [*self.known, *corrected(self.project.log, date.max)]
        return any(each["kind"] in ("applied", "awarded", "rejected") for each in told)

    def grant(self) -> int | None:
        """What is awarded; project.yaml says it only where the log knows neither application nor answer."""
        said = None if self.logged() else self.plan.get("grant", {}).get("awarded")
        stands = self.approved(self.events)
        deciding = self.deciding(self.events)
        for each in self.events:
            if each["kind"] in ("awarded", "rejected"):
                if each not in deciding:
                    continue
                said = each.get("amount") if each["kind"] == "awarded" else None
            elif id(each) in stands and said:
                said = in_full(stands[id(each)].get("values", {})).get("grant.awarded", said)
        return oere(said) if said and not self.is_refused() else None

    def is_refused(self) -> bool:
        """Whether the last application or answer is a no."""
        answers = [each["kind"] for each in self.deciding(self.events) if each["kind"] != "closed"]
        return answers[-1:] == ["rejected"]

    def approved(self, events: list[Node]) -> dict[int, Node]:
        """Of each approval, by its place in memory, what nobody has refused since: the same budget, the same values."""
        found: dict[int, Node] = {}
        refusals: list[Node] = []
        for each in events:
            if each["kind"] == "change-approved":
                above = [no for no in refusals if self.left(no, each) is no]  # the agency's, and this is another's
                refusals = [no if no in above else self.left(no, each) for no in refusals]
                found[id(each)] = functools.reduce(lambda left, no: self.less(left, no), above, each)
            if each["kind"] == "change-refused":
                refusals.append(each)
                found |= {name: self.left(old, each) for name, old in found.items()}
        return {name: each for name, each in found.items() if each.get("values") or each.get("budget")}

    def left(self, old: Node, answer: Node) -> Node:
        """What a refusal leaves of an approval; nothing of the agency's is refused by others."""
        agencys, by = self.project.agencies, answer.get("by", "").casefold()
        if old.get("by", "").casefold() in agencys and by and by not in agencys:
            return old
        return self.less(old, answer)

    def less(self, old: Node, answer: Node) -> Node:
        """An answer without what another names too."""
        same, told, no = (
            bool(answer.get("budget")) and answer["budget"] == old.get("budget"),
            *(in_full(each.get("values", {})) for each in (old, answer)),
        )
        left = {path: said for path, said in told.items() if no.get(path, ()) != said}
        return {**old, "values": {} if same and not no else left, "budget": None if same else old.get("budget")}

    def until(self) -> date | None:
        """How far spending is known: what an import says, otherwise its last posting."""
        days = []
        for each in self.known:
            if each["kind"] == "imported":
                if (rows := self.project.files.get(each["file"].removeprefix("postings/"))) is None:
                    continue  # the file was deleted since: what it held is known on no day
                days += [day(each["ends"])] if "ends" in each else [row.posted for row in rows]
        return max(days, default=None)

    def follow(self, line: str, amount: int, chain: list[Budget] | None = None) -> list[tuple[str, int]]:
        """Where an amount is after every budget in force; open: their shares are multiplied, and it is divided once."""
        parts = {line: Fraction(1)}
        for budget in self.chain if chain is None else chain:
            moved: dict[str, Fraction] = defaultdict(Fraction)
            for name, part in parts.items():
                heirs = [(new.id, of) for new in budget.lines for old, of in new.was if old == name]
                for heir, of in [*heirs, (name, 1 - sum(of for _, of in heirs))]:
                    ids = {each.id for each in budget.lines}
                    moved[line if line in ids and heir not in ids else heir] += part * of
            parts = {name: part for name, part in moved.items() if part}
        return list(zip(parts, divide(amount, parts.values()), strict=True))

    def estimated(self, said: Node) -> str | None:
        """The line that an estimate is of now: it follows the one it was of when noted, whole and alone since."""
        came = [each for each in self.events[: self.events.index(said)] if self.brings_budget(each)]
        while came and day(came[-1]["recorded"]) > day(said["recorded"]):
            came.pop()
        before = self.in_force(came) or self.chain[:1]
        later = self.chain[len(before) :]
        if not self.logged() and not came and (then := self.by_files(day(said["happened"]))) not in ([], before):
            before, later = then, self.chain
        there = {each.id for each in before[-1].lines} if before else set[str]()
        line: str | None = said["line"]
        if line not in there:
            line = self.alone(said["line"], before, set())
        return self.alone(line, later, there) if line else None

    def brings_budget(self, each: Node) -> bool:
        return each["kind"] in ("applied", "awarded") or (
            each["kind"] == "change-approved" and bool(self.approved(self.events).get(id(each), {}).get("budget"))
        )

    def alone(self, line: str, chain: list[Budget], there: set[str]) -> str | None:
        """The line that carries on another after a chain, where it carries on all of that and nothing else."""
        now, *others = (name for name, _ in self.follow(line, 0, chain))
        lines = there | {each.id for budget in chain for each in budget.lines}
        lines |= {old for budget in chain for each in budget.lines for old, _ in each.was}
        shared = any(now in dict(self.follow(each, 0, chain)) for each in lines - {line, now})
        return None if others or shared else now

    # ── what counts ───────────────────────────────────────────────────────────────────────────────

    def count(self) -> None:
        """Every cost on its line, or why it waits; open: outside the period goes before a line that is gone."""
        self.rows: dict[str, list[Money]] = {line.id: [] for line in self.lines}
        self.waiting: dict[str, list[Money]] = {why: [] for why in WAITS}
        self.allowed: Counter[str] = Counter()
        self.posted_outside: Counter[str] = Counter()
        for each in self.seen:
            outside = each.day < self.starts, each.day > self.ends
            late = "after" if each.posted > self.ends else "before" if each.posted < self.starts else ""
            for line, amount in [piece for part in each.parts for piece in self.follow(*part)]:
                gone = line not in {line.id for line in self.lines}
                why = next((why for why, so in zip(WAITS, (*outside, gone), strict=True) if so), None)
                by = self.who_allows(each)
                row = self.waiting[why] if why and not by else self.rows.setdefault(line, [])
                row.append(Money(each.day, amount, each.imported))
                if late and not any(outside) and row is not self.waiting["dropped-line"]:
                    self.posted_outside[late] += amount
                if why and by:
                    self.allowed[by] += amount
        self.committed: Counter[str] = Counter()
        self.placed: list[tuple[Node, Counter[str]]] = []
        for event in self.events:
            if event["kind"] in ("ordered", "order-cancelled"):
                self.placed.append((event, self.ordered(event)))
                self.committed.update(self.placed[-1][1])
        for line in self.committed:
            if self.committed[line]:
                self.rows.setdefault(line, [])
        self.costs = [money for row in self.rows.values() for money in row]
        strays = [each for each in self.seen if each.sort == "unallocated"]
        self.unallocated = [Money(each.day, each.amount, each.imported) for each in strays]
        self.not_eligible = sum(each.not_eligible for each in self.seen)

    def who_allows(self, posting: Posting) -> str:
        """In words, or the text of the term that holds on the cost's day; an id of any other term allows nothing."""
        said = posting.allowed or ""
        is_id = said in {each["id"] for each in self.project.terms} or re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", said)
        return self.term(said, posting.day).get("text", "") if is_id else said

    def ordered(self, event: Node) -> Counter[str]:
        """What an order commits on each line, or takes off: its part of what is open there, then of what is left."""
        parts = Counter(dict(self.follow(event["line"], oere(event["amount"]))))
        if event["kind"] == "ordered":
            return parts
        taken = Counter({line: min(amount, self.committed[line]) for line, amount in parts.items()})
        for line in parts:
            taken[line] += min(sum(parts.values()) - sum(taken.values()), self.committed[line] - taken[line])
        return Counter({line: -amount for line, amount in taken.items()})

    def spent(self, year: int | None = None, last: date = date.max) -> int:
        return total(each for each in self.costs if each.day.year == (year or each.day.year) and each.day <= last)

    def years(self) -> list[int]:
        """Both periods' years, the budget's, and those of costs that somebody has allowed."""
        periods = [*self.period(self.events, "project_period"), self.starts, self.ends]
        some = {*range(min(periods).year, max(periods).year + 1), *(money.day.year for money in self.costs)}
        return sorted(some.union(*(line.years for line in self.lines)))

    def late(self) -> Node:
        """What came to earlier periods after the day the last status report was sent."""
        sent = [each for each in self.known if each["kind"] == "submitted" and "status-report" in each["issued"]]
        sent = [each for each in sent if each["issued"][:10] < str(self.since)]
        if not sent or self.since == date.min:
            return {}
        report = max(sent, key=lambda each: (each["issued"][:10], day(each["happened"])))
        until = self.since - timedelta(1)
        on, before = day(report.get("known_by", report["happened"])), [m for m in self.costs if m.day < self.since]
        late = total(money for money in before if money.imported > on)
        then = Figures(self.project, until, on)
        known = total(money for money in then.costs if money.day <= until) if then.known_until else None
        if "spent" in report and report["issued"].startswith(str(until)):
            known = oere(report["spent"])
        names = ("sent", "known", "late", "otherwise")
        told = day(report["happened"]), known, late, total(before) - known - late if known is not None else None
        return {f"budget.late.{name}": value for name, value in zip(names, told, strict=True)}

    # ── what is to come ───────────────────────────────────────────────────────────────────────────

    def expected(self, line: str) -> int:
        """What a line is expected to end at: the manager's estimate, the budget's months, or a straight line."""
        spent = total(self.rows[line])
        bound, known = spent + self.committed[line], min(self.as_of, self.known_until or self.as_of)
        said = [each for each in self.events if each["kind"] == "estimate"]
        mine = [each for each in said if self.estimated(each) == line]
        budget = next((each for each in self.lines if each.id == line), None)
        last = self.last_expected()
        known_to_the_end = self.known_until is not None and known >= last
        over = self.over()
        is_cut = over is not None and over <= self.ends
        is_of_what_was = is_cut and mine and day(mine[-1]["happened"]) <= over
        if mine and not is_of_what_was and not (known_to_the_end and day(mine[-1]["happened"]) <= last):
            said, happened, noted = oere(mine[-1]["amount"]), day(mine[-1]["happened"]), day(mine[-1]["recorded"])
            seen = total(each for each in self.rows[line] if each.day <= happened and each.imported <= noted)
            for event, parts in self.placed:
                if day(event["happened"]) <= happened and day(event["recorded"]) <= noted:
                    seen += parts[line]
            return said if said < seen else max(said, bound)
        if budget and budget.months:
            return max(spent + sum(self.ahead(month, amount, known) for month, amount in budget.months.items()), bound)
        starts, ends = self.starts, last
        funded = [year for year, amount in (budget.years if budget else {}).items() if amount]
        funded = [year for year in funded if starts.year <= year <= ends.year]
        first = max(starts, date(min(funded, default=1), 1, 1))
        days = (min(ends, date(max(funded, default=9999), 12, 31)) - first).days + 1
        gone = min((known - first).days + 1, days)
        whole = budget.amount if budget else 0
        if gone >= days:
            return max(spent, bound)
        if not whole:
            return bound
        if gone * 10 < days or spent * 10 < whole:
            return bound if is_cut else max(whole, bound)
        return max(min(int(spent * Fraction(days, gone) + Fraction(1, 2)), 2 * whole), bound)

    def last_expected(self) -> date:
        """The last day that costs are expected on: of the period, or that of the agency's no or closing before it."""
        over = self.over()
        return min(self.ends, over) if over else self.ends

    def over(self) -> date | None:
        """The day of the agency's no or closing, where nothing was applied for or awarded since."""
        said: dict[str, date] = {}
        for event in self.deciding(self.events):
            if event["kind"] in ("applied", "awarded"):
                said = {}
            elif event["kind"] in ("rejected", "closed"):
                said[event["kind"]] = day(event["happened"])
        return said.get("rejected") or said.get("closed")

    def ahead(self, month: str, amount: int, known: date) -> int:
        """A month's money for those of its days in the period that are still to come."""
        first, last = whole(day(f"{month}-01"), day(f"{month}-01"), "month")
        days = [date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1)]
        days = [each for each in days if self.starts <= each <= self.last_expected()]
        left = sum(each > known for each in days)
        return divide(amount, [left, len(days) - left])[0] if days else 0

    # ── what came in ──────────────────────────────────────────────────────────────────────────────

    def receive(self) -> None:
        """Instalments of the books or of the log, and repayments, each once; a booked repayment is no instalment."""
        self.repayments, self.instalments, self.received_by = (
            self.told("repaid"),
            self.told("instalment-received"),
            "log",
        )
        booked = [(each.day, -each.amount) for each in self.seen if each.sort == "grant"]
        if any(amount > 0 for _, amount in booked):
            rates, later = [each for each in booked if each[1] > 0], []
            for when, amount in sorted(self.instalments, key=lambda each: each[0]):
                is_late = not self.known_until or when > self.known_until
                same = [
                    each for each in rates if each[1] == amount and (not is_late or 0 <= (when - each[0]).days <= 31)
                ]
                if same:
                    rates.remove(min(same, key=lambda each: abs(each[0] - when)))
                elif is_late:
                    later.append((when, amount))
            shared = self.instalments[:]
            for each in later:
                shared.remove(each)
            self.instalments = sorted(self.kept_of(booked, shared) + later, key=lambda each: each[0])
            self.received_by = "books-and-log" if later else "books"
        self.received = sum(amount for _, amount in self.instalments)
        self.repaid = sum(amount for _, amount in self.repayments)

    def kept_of(self, booked: list[tuple[date, int]], shared: list[tuple[date, int]]) -> list[tuple[date, int]]:
        """The books' instalments without the repayments that the log has too; `shared` are the log's instalments."""
        left, unseen, rates = booked[:], [], {amount for _, amount in booked if amount > 0}
        for when, amount in self.repayments:
            same = [each for each in left if each[1] == -amount and amount not in rates]
            if same:
                left.remove(min(same, key=lambda each: abs(each[0] - when)))
            else:
                unseen.append((when, amount))
        back = [at for at, each in enumerate(left) if each[1] < 0]
        limit = min(sum(amount for _, amount in unseen), -sum(left[at][1] for at in back))
        if shared:
            limit = min(limit, max(sum(amount for _, amount in shared) - sum(amount for _, amount in left), 0))
        for at in sorted(back, key=lambda at: min((abs(left[at][0] - when) for when, _ in unseen), default=0)):
            take = min(limit, -left[at][1])
            left[at], limit = (left[at][0], left[at][1] + take), limit - take
        return [each for each in left if each[1]]

    def income(self, last: date = date.max) -> Counter[str | None]:
        """What each payer has paid by a day, by the name in the books; None is income without a name."""
        paid: Counter[str | None] = Counter()
        for each in self.seen:
            if each.sort == "income" and each.day <= last:
                paid[each.payer] -= each.amount
        return paid

    # ── the settlement ────────────────────────────────────────────────────────────────────────────

    def answers(self) -> dict[int, tuple[str, int]]:
        """The last answer about each year's rest, and the most it is of; open: a year unsaid is never the last."""
        told: list[tuple[int, str, tuple[str, int]]] = []  # the year, who, what and how much
        for each in self.events:
            if each["kind"].startswith("change-") and each["change"] == "carry-over":
                own, answer = day(each["happened"]).year, each["kind"].removeprefix("change-")
                who = self.who(each) if answer != "requested" else "asks"
                final = {at for at, whose, _ in told if whose == "agency" or whose == "other" == who}
                final |= {at for at, whose, _ in told if whose == "nobody"}
                before = [year for year in self.years() if year < min(own, self.ends.year) and year not in final]
                most = oere(each["amount"]) if "amount" in each else sys.maxsize
                told.append((int(each.get("year", max(before, default=own))), who, (answer, most)))
        said: dict[int, tuple[str, int]] = {}
        for year, who, answer in told:
            if who == "other" and any(whose == "agency" for at, whose, _ in told if at == year):
                continue
            if not (answer[0] == "requested" and said.get(year, answer)[0] == "approved"):
                said[year] = answer
        return said

    def who(self, each: Node) -> str:
        """Whose answer it is, where there is a fund to say who the agency is."""
        by = each.get("by", "").casefold()
        return "nobody" if not by or not self.project.agencies else "agency" if by in self.project.agencies else "other"

    def rests(self, if_carried: bool = False) -> list[Rest]:
        """Year by year; with `if_carried`, as if everything that waits were approved."""
        answers, carried, rests = self.answers(), 0, []
        unasked = "lapsed" if any(each["kind"] == "closed" for each in self.deciding(self.events)) else "to-ask-for"
        known = self.known_until and any(line.years for line in self.lines)
        for year in range(self.starts.year, min(self.ends.year, self.known_until.year) + 1) if known else ():
            money, answer, most = sum(line.years[year] for line in self.lines) + carried, None, 0
            without = {line.id for line in self.lines if line.amount and not line.years}
            of_year = ((line, each) for line, some in self.rows.items() for each in some if each.day.year == year)
            spent = sum(each.amount for line, each in of_year if line not in without)
            left = money - spent
            if self.awarded is not None and left > 0 and year < self.ends.year and self.as_of >= date(year, 12, 31):
                answer, most = answers.get(year, (unasked, sys.maxsize))
                answer = "approved" if if_carried and answer in PENDING else answer
            to_next = min(left, most) if answer == "approved" else 0
            rests.append(Rest(year, carried, money, spent, left, answer, to_next))
            carried = to_next if left > 0 else left
        return rests

    def grants_share(self, amount: int) -> int:
        return divide(amount, [self.awarded, self.promised])[0] if self.awarded else 0

    def available(self, order: str, before: int, if_carried: bool = False) -> tuple[int, list[tuple[str, int]]]:
        """The award less the grant's part of each earlier year's rest that is not carried over; and the steps."""
        steps = []
        for rest in self.rests(if_carried):
            if rest.year < before and rest.answer and rest.to_next < rest.left:
                own, what = (
                    self.grants_share(max(rest.left, rest.money)),
                    "not-yet" if rest.answer in PENDING else "not",
                )
                paid = self.income(date(rest.year, 12, 31)).total() - self.income(date(rest.year - 1, 12, 31)).total()
                parts = {"grant-first": max(own - max(rest.spent - paid, 0), 0), "others-first": min(rest.left, own)}
                part = parts.get(order, self.grants_share(rest.left))
                steps.append((f"{what}-carried-over {rest.year}", -max(part - rest.to_next, 0)))
        return (self.awarded or 0) + sum(amount for _, amount in steps), steps

    def covering(self, order: str, available: int, last: date = date.max) -> tuple[int, int, int, int]:
        """What was spent by a day, others' income, what others pay besides, and what the grant covers of it."""
        paid, spent = self.income(last), self.spent(last=last)
        unnamed, missing, surplus = paid[None], 0, 0
        for each in self.funding:
            promised, has = oere(each["amount"]), paid[each.get("id", "-")]
            lacks, surplus = max(promised - has, 0), surplus + max(has - promised, 0)
            if each["kind"] == "co":
                lacks, unnamed = max(lacks - unnamed, 0), max(unnamed - lacks, 0)
            missing += lacks
        left = pays = spent - paid.total()
        if order == "others-first":
            pays = left - missing
        elif order == "proportional":  # what nobody has promised: without a name, or more than its payer promised
            pays = min(self.grants_share(spent - unnamed - surplus), left)
        return spent, paid.total(), left - max(pays, 0), max(min(pays, available), 0)

    def outcome(self, order: str, if_carried: bool = False) -> Node:
        available, lost = self.available(order, 9999, if_carried)
        spent, income, others, covered = self.covering(order, available)
        awarded, balance = self.awarded or 0, self.received - self.repaid - covered
        term = self.term("repayment-floor")
        asked, floor = balance + self.repaid * (term.get("asked_of") != "rest"), oere(term.get("amount", "0"))
        dropped = balance > 0 and (asked < floor or (asked == floor and term.get("inclusive") == "true"))
        beside = spent - income - others
        steps = [("awarded", awarded), *lost, ("available", available)] if lost else []
        maybe = ("other-income", -income), ("others-pay" if others > 0 else "income-left", -others)
        maybe += (("not-covered", covered - beside),)
        steps += [("spent-on-lines", spent), *(step for step in maybe if step[1]), ("covered", covered)]
        steps += [("awarded", awarded), ("covered", -covered), ("unspent", awarded - covered)]
        steps += [("received", self.received), ("repaid", -self.repaid), ("covered", -covered), ("balance", balance)]
        told = {"covered": covered, "unspent": awarded - covered, "balance": balance, "dropped": dropped}
        told |= {"to_repay": 0 if dropped else max(balance, 0), "to_receive": max(-balance, 0)}
        return told | {"steps": steps}

    def term(self, id: str, on: date | None = None) -> Node:
        """The term that holds on a day; without one, on the last of the period, by which all is settled."""
        last = on or self.closes
        holding = (each for each in self.project.terms if "since" not in each or day(each["since"]) <= last)
        return next((each for each in holding if each["id"] == id), {})

    def orders(self) -> list[str]:
        said = self.term("payer-order").get("payers")
        return ["grant-first"] if not self.funding else [said] if said else list(ORDERS)

    def outcomes(self) -> dict[str, Node]:
        """One settlement where it is given who pays first, or where that makes no difference; otherwise three."""
        if self.awarded is None:
            return self.without_award()
        if self.as_of < self.closes or not (self.known_until or self.ends < self.starts):
            return {}
        carried = {order: self.outcome(order, if_carried=True) for order in self.orders()}
        made = {
            order: self.outcome(order) | {"if_carried": then["to_repay"], "receive_if_carried": then["to_receive"]}
            for order, then in carried.items()
        }
        same = len({str(each | {"steps": None}) for each in made.values()}) == 1
        return dict(list(made.items())[:1]) if same else made

    def without_award(self) -> dict[str, Node]:
        """What was received goes back where nothing is awarded: from a no or a closing, or the period's last day."""
        last = [each["kind"] for each in self.deciding(self.events)][-1:]
        over = self.as_of >= self.ends or last in (["rejected"], ["closed"])
        if not self.plan.get("grant") or not over or not (self.received or self.repaid):
            return {}
        balance = self.received - self.repaid
        told = {"covered": 0, "unspent": 0, "balance": balance, "dropped": False, "if_carried": max(balance, 0)}
        told |= {"to_repay": max(balance, 0), "to_receive": max(-balance, 0), "receive_if_carried": max(-balance, 0)}
        steps = [("received", self.received), ("repaid", -self.repaid), ("balance", balance)]
        return {ORDERS[0]: told | {"steps": steps}}

    def agreed(self, before: int, last: date = date.max) -> int | None:
        """What the grant covers of all spent by a day, when it is the same whoever pays first."""
        said = {self.covering(order, self.available(order, before)[0], last)[3] for order in self.orders()}
        return said.pop() if len(said) == 1 else None

    # ── all of it, by the names that documents use ────────────────────────────────────────────────

    def in_documents(self) -> Node:
        """The same, but for what was spent in a year or a period of which the books tell not one day: no figure.

        After the grant's last day there is nothing to tell.
        """
        told, until = self.figures(), self.known_until or date.min
        for name in told:
            *_, of, what = f".{name}".split(".")
            since = date(int(of), 1, 1) if what == "spent" and of.isdigit() else date.min
            since = self.since if what == "in_period" else since
            told[name] = told[name] if until >= since or since > self.ends else None
        return told

    def figures(self) -> Node:
        told: Node = {"grant.awarded": self.awarded, "grant.received": self.received, "grant.repaid": self.repaid}
        told["budget.version"] = self.chain[-1].id if self.chain else None
        told["spent_known_until"] = self.known_until
        told_until = min(self.as_of, self.closed_on())  # of a closed grant there is no more to tell
        told["budget.known_until"] = self.known_until if self.known_until and self.known_until < told_until else None
        waiting = [each for some in self.waiting.values() for each in some]
        years = sorted({*self.years(), *(money.day.year for money in waiting + self.unallocated)})

        def row(name: str, money: list[Money], budget: int = 0, committed: int = 0) -> None:
            spent, before = total(money), total(each for each in money if each.day < self.since)
            after = total(each for each in money if each.day > self.as_of)
            told.update({f"{name}.budget": budget, f"{name}.spent": spent, f"{name}.committed": committed})
            told.update({f"{name}.before": before, f"{name}.in_period": spent - before - after, f"{name}.after": after})
            told.update({f"{name}.remaining": budget - spent - committed, f"{name}.variance": spent - budget})
            for year in years:
                told[f"{name}.years.{year}.spent"] = total(each for each in money if each.day.year == year)

        amounts, committed = {line.id: line.amount for line in self.lines}, self.committed.total()
        for line, money in self.rows.items():
            name, budget = f"budget.lines.{line}", amounts.get(line, 0)
            row(name, money, budget, self.committed[line])
            told[f"{name}.forecast"] = self.expected(line)
            told[f"{name}.bound"] = total(money) + self.committed[line]
            told[f"{name}.used"] = total(money) / budget if budget else None
        for year in years if any(line.years for line in self.lines) else ():
            budget = sum(line.years[year] for line in self.lines)
            told[f"budget.years.{year}.budget"] = budget if year in self.years() else None
            for line in self.lines:
                told[f"budget.lines.{line.id}.years.{year}.budget"] = line.years[year] if line.years else None
        row("budget", self.costs, self.total, committed)
        told["budget.total"], told["budget.used"] = self.total, self.spent() / self.total if self.total else None
        told["budget.remaining"] -= total(self.unallocated)
        told["budget.unallocated"], told["budget.not_eligible"] = total(self.unallocated), self.not_eligible
        told["budget.waiting"], told["budget.elsewhere"] = total(waiting), total(self.waiting["dropped-line"])
        told["taken_back"] = sum(each.amount for each in self.seen if each.sort == "taken-back")
        lines = sum(told[f"budget.lines.{line}.forecast"] for line in self.rows)
        told["budget.forecast"] = lines + total(self.unallocated) + told["budget.waiting"]
        row("budget.beside.unallocated", self.unallocated)
        row("budget.in_all", self.costs + self.unallocated, self.total, committed)
        row("budget.booked", self.costs + self.unallocated + waiting, self.total, committed)
        for why, some in self.waiting.items():
            row(f"budget.waiting_rows.{why}", some)
        return told | self.late() | self.accounts() | self.milestones()

    def accounts(self) -> Node:
        told: Node = {"accounts.received_total": self.received, "accounts.received_by": self.received_by}
        for at, (when, amount) in enumerate(self.instalments, 1):
            told[f"accounts.received.{at}.day"], told[f"accounts.received.{at}.amount"] = when, amount
        paid, covered = self.income(), self.agreed(9999 if self.as_of >= self.ends else self.as_of.year)
        costs = {"lines": self.spent(), **{why: total(some) for why, some in self.waiting.items()}}
        costs |= {"unallocated": total(self.unallocated), "not-eligible": self.not_eligible}
        told |= {f"accounts.costs.{what}": amount for what, amount in costs.items()}
        told["accounts.costs_total.actual"], told["accounts.other_income"] = sum(costs.values()), paid.total()
        payers = {each["title"]: paid[each.get("id", "-")] for each in self.funding if each["kind"] == "co"}
        own = None if covered is None else sum(costs.values()) - covered - paid.total()
        payers |= {"grant": covered, "own": own, "unnamed": paid[None]}
        told |= {f"accounts.financing.{payer}": amount for payer, amount in payers.items()}
        told["accounts.allowed"] = sorted(self.allowed.values())
        told["accounts.allowed_total"] = self.allowed.total()
        told["accounts.posted_outside"] = sorted(self.posted_outside.values())
        told["accounts.posted_outside_total"] = self.posted_outside.total()
        for year in range(self.starts.year, self.ends.year + 1):
            last = date(year, 12, 31)
            if (
                self.awarded is not None and min(last, self.closes) <= self.as_of
            ):  # open: the last year is told from the period's last day
                used = self.agreed(year, last if last < self.closes else date.max)
                used = used if self.known_until and self.known_until >= date(year, 1, 1) else None
                got = sum(amount for when, amount in self.instalments if when <= last)
                got -= sum(amount for when, amount in self.repayments if when <= last)
                unused = None if used is None else got - used
                ends = {"received": got, "used": used, "unused": unused}
                told |= {f"accounts.year_ends.{year}.{what}": amount for what, amount in ends.items()}
        rests, outcomes = self.rests(), self.outcomes()
        told |= {f"rests.{rest.year}": (rest.carried, rest.left, rest.answer, rest.to_next) for rest in rests}
        told["accounts.pending"] = [rest.year for rest in rests if rest.answer in PENDING]
        for order, outcome in outcomes.items():
            told |= {f"accounts.outcomes.{order}.{what}": value for what, value in outcome.items()}
        only = next(iter(outcomes.values())) if len(outcomes) == 1 else {}
        told |= {
            f"accounts.{what}": only.get(what)
            for what in ("to_repay", "to_receive", "if_carried", "receive_if_carried")
        }
        return told | {"budget.unspent": only.get("unspent")}

    def milestones(self) -> Node:
        """Each milestone: when it is due, when it was reached, and whether it is late."""
        told: Node = {"milestones_reached": 0}
        for each in self.plan.get("milestones", []):
            mine = [event for event in self.events if event.get("milestone") == each["id"]]
            promised, due = self.days_of(each)
            reached = [day(event["happened"]) for event in mine if event["kind"] == "milestone-reached"]
            gone = any(event["kind"] == "milestone-dropped" for event in mine) or self.is_refused()
            name = f"milestones.{each['id']}"
            told |= {f"{name}.due": due, f"{name}.reached": reached[0] if reached else None}
            told |= {f"{name}.promised": promised}
            told[f"{name}.late"] = not reached and not gone and promised < min(self.as_of, self.closed_on())
            told["milestones_reached"] += bool(reached)
        return told

    def days_of(self, milestone: Node) -> tuple[date, date]:
        """When a milestone was promised, and when it is expected: a move counts until a day is approved after it."""
        promised = due = day(milestone["due"])
        reached = False
        name, stands = f"milestones.{milestone['id']}", self.approved(self.events)
        for event in self.events:
            if event.get("milestone") == milestone["id"]:
                reached = reached or event["kind"] == "milestone-reached"
                if "due" in event and not reached:
                    due = day(event["due"])
            if new := in_full(stands.get(id(event), {}).get("values", {})).get(f"{name}.due"):
                promised = due = day(new)
        return promised, due


if __name__ == "__main__":
    told = Figures(Project(Path(sys.argv[1])), *(day(text) for text in sys.argv[2:])).figures()
    sys.stdout.writelines(f"{name}  {value}\n" for name, value in told.items())
