"""Whole projects as anybody might have them, each small: for laws that no single project shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct, structs

from tests.core.worlds import event, posting
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, LetterTerm, Term
from toolkit.core.money import Money, kr, split, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Grant, Period, Phase, Plan, Report
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.problems import NOWHERE
from toolkit.core.settlement import ORDERS

FIRST = date(2022, 1, 1)
LINES = ("loen", "kurser", "rejser")
NEW_LINES = ("ny-1", "ny-2", "ny-3", "ny-4")  # that changes bring
REGION = Funding(id="region", kind="co", title="Regionen", amount=kr(40_000))  # type: ignore[arg-type]
SOMEBODY = Funding(kind="co", title="En fond", amount=kr(25_000, 50))
OURSELVES = Funding(id="egen", kind="own", title="Kommunen", amount=kr(30_000))  # type: ignore[arg-type]

BESIDE = (
    Rule(account="8610", grant_income=True),
    Rule(account="7100", other_income=True),
    Rule(account="2900", not_eligible=True, reason="Mad"),
    Rule(account="2901", taken_back=True),
)
NAMED = Rule(account="7200", other_income="region")  # type: ignore[arg-type]
UNPLACED = "5555"
REPAID = kr(7_000)  # where any is, so that books and log may have the same

AMOUNTS = st.integers(-1_000_000, 25_000_000).map(Money)
BUDGETS = st.integers(0, 40).map(lambda tens: kr(tens * 5_000))
SHARES = st.sampled_from([Fraction(1), Fraction(1, 3), Fraction(3, 5)])


class Told(Dossier, frozen=True, kw_only=True):
    """A dossier that says no more of itself than it must, when a law fails."""

    def __repr__(self) -> str:
        return _brief(self)


def _brief(value: object) -> str:
    match value:
        case Struct():
            fields = ((each, getattr(value, each.name)) for each in structs.fields(type(value)))
            told = (f"{each.name}={_brief(now)}" for each, now in fields if now not in (each.default, NOWHERE, (), {}))
            return f"{type(value).__name__}({', '.join(told)})"
        case tuple():
            return f"({', '.join(map(_brief, value))})"
        case date():
            return str(value)
    return str(value)


@st.composite
def dossiers(draw: st.DrawFn, *, imports: bool = True) -> Dossier:
    """One to four years, some lines and what changes made of them, who pays, the log, and the books with their rules.

    Without `imports` nothing has been, and the manager has no estimate.
    """
    period = _period(draw)
    award = Budget(id="2021-12-16-award", stage="award", lines=_lines(draw, period))  # type: ignore[arg-type]
    changes, log = _changes(draw, award, period)
    funding = draw(st.sampled_from([(), (OURSELVES,), (REGION,), (REGION, OURSELVES), (SOMEBODY,), (REGION, SOMEBODY)]))
    granted = max(award.amount - total(each.amount for each in funding), kr(10_000))
    of = Plan(
        title="Faste teams",
        municipality="Thisted",
        project_period=period,
        grant_period=draw(st.sampled_from([None, None, _later(period, 59)])),
        grant=Grant(applied=granted, awarded=granted),
        funding=funding,
        phases=(Phase(id="start", title="Start", starts=FIRST, ends=date(2022, 9, 30)),),  # type: ignore[arg-type]
        budgets=(award, *changes),
        reports=_duties(period),
        terms=_fund(draw),
        letter_terms=_letter(draw, period),
    )
    known = [line.id for line in of.budget_lines]
    rules = _rules(draw, list(dict.fromkeys(known)), period)
    if any(rule.other_income == REGION.id for rule in rules) and REGION not in funding:
        rules = tuple(rule for rule in rules if rule.other_income != REGION.id)
    postings = _postings(draw, rules, period) if imports else ()
    awarded = event("awarded", date(2021, 12, 16), amount=granted, budget=award.id)
    events = [awarded, *log, *_log(draw, known, period, granted), *_imports(draw, postings)]
    if not imports:
        events = [each for each in events if each.kind != "estimate"]
    if of.grant_period is None and draw(st.integers(0, 4)) == 0:
        events.append(_extension(draw, period))
    return Told(plan=of, events=_named(events), postings=Postings(postings, rules))


def days_of(dossier: Dossier) -> st.SearchStrategy[date]:
    """Days on which something may turn: the ends of years and of the period, the days between, and long after."""
    period = dossier.plan.project_period
    ends = [date(year, 12, 31) for year in range(period.starts.year, period.ends.year + 1)]
    others = [date(2021, 12, 31), date(2022, 5, 31), *(day + timedelta(days=1) for day in ends)]
    after = [period.ends, _later(period, 70).ends, _later(period, 200).ends]
    return st.sampled_from([*ends, *others, *after, *after])


# ── what was promised ────────────────────────────────────────────────────────────────────────


def _period(draw: st.DrawFn) -> Period:
    ends = draw(st.sampled_from([date(2022, 12, 31), date(2023, 12, 31), date(2024, 6, 30), date(2025, 12, 31)]))
    return Period(starts=FIRST, ends=ends)


def _later(period: Period, days: int) -> Period:
    return Period(starts=period.starts, ends=period.ends + timedelta(days=days))


def _lines(draw: st.DrawFn, period: Period) -> tuple[BudgetLine, ...]:
    ids = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3, unique=True))
    return tuple(_line(draw, id, period) for id in ids)


def _line(draw: st.DrawFn, id: str, period: Period, **more: Any) -> BudgetLine:
    line = BudgetLine(id=id, title=id.capitalize(), amount=draw(BUDGETS), **more)  # type: ignore[arg-type]
    match draw(st.sampled_from(["whole", "whole", "years", "years", "months"])):
        case "years":
            return _on_years(
                line, period, draw(st.sampled_from([(2, 1, 1, 1), (2, 1, 1, 1), (0, 1, 0, 3), (1, 0, 0, 0)]))
            )
        case "months":
            return _on_months(line, period)
    return line


def _on_years(line: BudgetLine, period: Period, weights: Sequence[int]) -> BudgetLine:
    years = range(period.starts.year, period.ends.year + 1)
    of_these = weights[: len(years)] if any(weights[: len(years)]) else [1] * len(years)
    return structs.replace(line, by_year=dict(zip(years, split(line.amount, of_these), strict=True)))


def _on_months(line: BudgetLine, period: Period) -> BudgetLine:
    """In May, with half of it left on a day that is tried, and in each year's last month."""
    months = [f"{year}-{month}" for year in range(period.starts.year, period.ends.year + 1) for month in ("05", "12")]
    return structs.replace(line, by_month=dict(zip(months, split(line.amount, [1] * len(months)), strict=True)))


def _changes(draw: st.DrawFn, award: Budget, period: Period) -> tuple[list[Budget], list[AnyEvent]]:
    """Versions after the award, each with what was done to the one before, and what the log says of it."""
    budgets, log, before = list[Budget](), list[AnyEvent](), award
    days = draw(st.lists(st.dates(date(2022, 2, 1), period.ends), max_size=2, unique=True).map(sorted))
    for number, day in enumerate(days):
        lines = _changed(draw, before.lines, NEW_LINES[number * 2 :][:2], period)
        budget = Budget(id=f"{day}-change", stage="change", lines=lines)  # type: ignore[arg-type]
        answer = draw(st.sampled_from(["change-approved", "change-approved", "change-approved", "change-refused"]))
        values = draw(st.sampled_from([{}, {}, {"grant.awarded": kr(90_000)}, {"grant.awarded": kr(350_000)}]))
        asked = day - timedelta(days=20)
        log.append(event("change-requested", asked, change="budget", budget=budget.id))
        told = {"values": values} if answer == "change-approved" else {}
        log.append(event(answer, day, change="budget", budget=budget.id, by="Styrelsen", **told))
        budgets.append(budget)
        before = budget if answer == "change-approved" else before
    return budgets, log


def _changed(
    draw: st.DrawFn, lines: Sequence[BudgetLine], names: Sequence[str], period: Period
) -> tuple[BudgetLine, ...]:
    """The first line kept with another amount, dropped, renamed or divided; the others as they were."""
    first, *others = (structs.replace(line, was={}) for line in lines)
    match draw(st.sampled_from(["kept", "dropped", "renamed", "divided", "joined"])):
        case "dropped":
            return (*others, _line(draw, names[0], period))
        case "renamed":
            return (_line(draw, names[0], period, was={first.id: draw(SHARES)}), *others)
        case "divided":
            parts = (Fraction(1, 3), draw(st.sampled_from([Fraction(2, 3), Fraction(1, 2)])))
            return (
                *(_line(draw, id, period, was={first.id: part}) for id, part in zip(names, parts, strict=True)),
                *others,
            )
        case "joined":
            return (_line(draw, names[0], period, was={line.id: Fraction(1) for line in (first, *others)}),)
    return (_line(draw, first.id, period), *others)


def _duties(period: Period) -> tuple[Report, ...]:
    ends = [date(year, month, day) for year in range(2022, 2024) for month, day in ((6, 30), (12, 31))]
    reports = [Report(kind="status-report", period_ends=day) for day in ends if day < period.ends]
    return (*reports, Report(kind="accounts", period_ends=period.ends))


def _fund(draw: st.DrawFn) -> Fund:
    payers = draw(st.sampled_from([None, *ORDERS]))
    said = {"text": "Vilkåret.", "standing": "verified", "reference": "§ 1"}
    terms = [Term(id="payer-order", payers=payers, **said)] if payers else []  # type: ignore[arg-type]
    if draw(st.booleans()):
        asked_of = draw(st.sampled_from([None, "rest"]))
        terms.append(Term(id="repayment-floor", amount=kr(60_000), asked_of=asked_of, **said))  # type: ignore[arg-type]
    paid = draw(st.sampled_from([None, "payment-in-advance", "payment-in-advance", "payment-in-arrears"]))
    terms += [Term(id=paid, **said)] if paid else []  # type: ignore[arg-type]
    if draw(st.integers(0, 3)) == 0:
        terms.append(Term(id="first-instalment", days=draw(st.integers(0, 400)), after="award", **said))  # type: ignore[arg-type]
    return Fund(
        id="pulje",  # type: ignore[arg-type]
        title="Pulje",
        agency="Styrelsen",
        purpose="Bedre pleje",
        instalments=draw(st.sampled_from([None, "quarterly", "half-yearly", "yearly"])),
        terms=tuple(terms),
    )


def _letter(draw: st.DrawFn, period: Period) -> tuple[LetterTerm, ...]:
    """Terms of the letter's own, some of them from a day on that the settlement may be made before."""
    day = st.sampled_from([None, period.starts, period.ends, _later(period, 1).ends, _later(period, 90).ends])
    order = LetterTerm(id="payer-order", text="…", payers="others-first", since=draw(day))  # type: ignore[arg-type]
    floor = LetterTerm(id="repayment-floor", text="…", amount=kr(90_000), since=draw(day))  # type: ignore[arg-type]
    return draw(st.sampled_from([(), (), (), (order,), (floor,), (order, floor)]))


# ── what happened ────────────────────────────────────────────────────────────────────────────


def _log(draw: st.DrawFn, lines: Sequence[str], period: Period, granted: Money) -> list[AnyEvent]:
    """Orders, estimates, instalments, repayments, answers about carrying over, and what was sent in."""
    days, found = st.dates(FIRST, period.ends), list[AnyEvent]()
    for kind in draw(st.lists(st.sampled_from(["ordered", "ordered", "order-cancelled", "estimate"]), max_size=3)):
        more = {"reason": "Skøn"} if kind == "estimate" else {}
        amount, day = draw(st.integers(1, 4_000_000).map(Money)), draw(days)
        noted = day + timedelta(days=draw(st.sampled_from([0, 0, 100])))
        found.append(event(kind, day, noted, line=draw(st.sampled_from(lines)), amount=amount, **more))
    for day in draw(st.lists(days, max_size=2)):
        found.append(event("instalment-received", day, amount=Money(int(granted) // 2)))
    if draw(st.booleans()):
        found.append(event("repaid", draw(st.sampled_from([period.ends, _later(period, 100).ends])), amount=REPAID))
    for kind in draw(st.lists(st.sampled_from(["requested", "approved", "refused"]), max_size=3)):
        year = draw(st.sampled_from([None, 2022, 2023]))
        day = draw(st.dates(date(2022, 12, 31), period.ends + timedelta(days=60)))
        by = draw(st.sampled_from([None, "Styrelsen", "Byrådet"]))
        amount = draw(st.none() | st.integers(1, 6_000_000).map(Money))
        found.append(event(f"change-{kind}", day, change="carry-over", year=year, by=by, amount=amount))
    for sent in draw(st.lists(st.sampled_from(["2022-06-30", "2022-12-31", "2023-06-30"]), max_size=2, unique=True)):
        day = date.fromisoformat(sent) + timedelta(days=draw(st.sampled_from([0, 40, 90])))
        found.append(event("submitted", day, issued=f"{sent}-status-report-v1", to="Styrelsen"))
    if draw(st.integers(0, 5)) == 0:
        found.append(event("closed", period.ends + timedelta(days=150)))
    return found


def _extension(draw: st.DrawFn, period: Period) -> AnyEvent:
    ends = {"project_period.ends": _later(period, 120).ends}
    after = period.ends + timedelta(days=1)  # where it is known, the old end is not the last day any more
    happened = st.dates(FIRST, period.ends) | st.dates(after, after + timedelta(days=40))
    return event("change-approved", draw(happened), change="extension", values=ends)


def _named(events: Sequence[AnyEvent]) -> tuple[AnyEvent, ...]:
    """In the log's order, each with a name of its own."""
    in_order = sorted(events, key=lambda each: each.recorded)
    return tuple(structs.replace(each, called=f"{number}-{each.kind}") for number, each in enumerate(in_order))


# ── the books ────────────────────────────────────────────────────────────────────────────────


def _rules(draw: st.DrawFn, lines: Sequence[str], period: Period) -> tuple[Rule, ...]:
    """One account for each line, and some that divide, are answered for, or are only in part eligible."""
    one, other = draw(st.sampled_from(lines)), draw(st.sampled_from(lines))
    given: list[dict[str, Any]] = [{"account": f"40{number:02}", "line": id} for number, id in enumerate(lines)]
    given.append(
        {"account": "4200", "split": {one: Fraction(60)} if one == other else {one: Fraction(60), other: Fraction(45)}}
    )
    given.append({"account": "4300", "line": one, "eligible": Fraction(1, 3), "reason": "En tredjedel"})
    given.append({"account": "4310", "line": other, "eligible_amount": kr(900), "reason": "Højst"})
    given.append({"account": "4400", "line": one, "allowed": "Styrelsen, brev af 3. marts"})
    given.append({"account": "4410", "line": other, "performed": date(2022, 12, 20)})
    return (*(Rule(**each) for each in given), *BESIDE, NAMED)


def _postings(draw: st.DrawFn, rules: Sequence[Rule], period: Period) -> tuple[Posting, ...]:
    accounts = st.sampled_from(
        [*(rule.account or "" for rule in rules), *("4000", "8610", "7200", "4001") * 2, UNPLACED]
    )
    edges = (period.starts, period.ends, date(2022, 6, 30), date(2022, 7, 1), date(2022, 12, 31))
    beyond = (period.starts - timedelta(days=1), period.ends + timedelta(days=1))
    days = st.sampled_from([*edges, *beyond]) | st.dates(date(2021, 11, 1), period.ends + timedelta(days=90))
    late = period.ends + timedelta(days=120)
    found = []
    for number in range(draw(st.integers(1, 8))):
        posted, account = draw(days), draw(accounts)
        imported = draw(st.sampled_from([_import_after(posted), _import_after(posted), late]))
        amount = REPAID if account == "8610" and draw(st.integers(0, 2)) == 0 else draw(AMOUNTS)
        is_income = account[0] in "78" and amount != REPAID
        found.append(
            posting(
                -amount if is_income else amount,
                posted=posted,
                imported=imported,
                account=account,
                voucher=str(number),
                text="Bilag",
                performed=draw(st.sampled_from([None, None, None, posted - timedelta(days=40)])),
                file=f"postings/{imported}-opus-00000000.csv",
                row=number + 2,
            )
        )
    return tuple(found)


def _import_after(day: date) -> date:
    """The tenth of the month after the quarter that a day is in."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 10)


def _imports(draw: st.DrawFn, postings: Sequence[Posting]) -> list[AnyEvent]:
    """The log of the imports: each names its last day, or none, or is not there; all name a first day, or none does.

    Where they do, months may lie between them.
    """
    found, before = [], draw(st.sampled_from([None, None, 20, 100, 400]))
    for day in sorted({each.imported for each in postings}):
        ends = draw(st.sampled_from(["said", "said", "silent", "unlogged"]))
        if ends != "unlogged":
            said = {"ends": day - timedelta(days=10)} if ends == "said" else {}
            said |= {"starts": day - timedelta(days=before)} if before else {}
            found.append(event("imported", day, file=f"postings/{day}-opus-00000000.csv", digest="0", **said))
    return found
