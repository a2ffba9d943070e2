"""Laws of the figures, over projects that nobody chose: each is held along two ways that share no rule."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple
from unittest.mock import patch

import click
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.core.dossiers import FIRST, days_of, dossiers
from tests.core.reading import Part, Reading
from tests.core.test_explain import every_part, explained_otherwise
from tests.core.worlds import event, posting
from tests.documents.papers import LAYOUT
from tests.test_workbook import holds_throughout, value
from tests.writers.workbooks import Workbook
from toolkit import portfolio_tables
from toolkit.cli import as_json, screen, screen_budget
from toolkit.core.budget_table import TableRow, budget_table
from toolkit.core.dossier import Dossier
from toolkit.core.economy import Economy, LineEconomy, economy_of
from toolkit.core.explain import View, explanation_of
from toolkit.core.ledger import ledger
from toolkit.core.money import Money, kr, total
from toolkit.core.occasion import Occasion, on_day
from toolkit.core.portfolio import Holding
from toolkit.core.postings import Postings
from toolkit.core.report import Report, report_of
from toolkit.core.settlement import Outcome
from toolkit.core.state import State
from toolkit.core.status import status_of
from toolkit.documents.compose import compose
from toolkit.documents.danish import MINUS, NBSP
from toolkit.documents.facts import Facts, leaves
from toolkit.documents.from_state import facts_from
from toolkit.documents.kind import DocumentKind
from toolkit.documents.markup import plain
from toolkit.documents.tree import Document, Table, as_text, walk
from toolkit.readers import shelf
from toolkit.render import every_occasion
from toolkit.workbook import LINES_SUM, workbook
from toolkit.workbook_frame import ECONOMY, OVERVIEW, SETTLEMENT
from toolkit.writers.sheet import Amount, write

WAITING = ("before-period", "after-period", "dropped-line")


class Day(NamedTuple):
    """A project on a day, as known on another."""

    dossier: Dossier
    as_of: date
    known_by: date

    @property
    def state(self) -> State:
        return self.dossier.state(self.as_of, self.known_by)

    @property
    def reading(self) -> Reading:
        return Reading(self.dossier, self.as_of, self.known_by)

    def report(self, kind: str, starts: date = FIRST) -> Report:
        on = {"kind": kind, "as_of": self.as_of, "known_by": self.known_by, "starts": starts, "ends": self.as_of}
        return report_of(self.dossier, Occasion(**on, prose=""))  # type: ignore[arg-type]


@st.composite
def days(draw: st.DrawFn, **how: bool) -> Day:
    dossier = draw(dossiers(**how))
    as_of = draw(days_of(dossier))
    return Day(dossier, as_of, draw(st.sampled_from([dossier.last_known, as_of])))


@st.composite
def occasions(draw: st.DrawFn) -> tuple[Dossier, Occasion]:
    """Any document of a project, sometimes of another day than its own, and sometimes as known on its day."""
    dossier = draw(dossiers())
    occasion = draw(st.sampled_from(every_occasion(dossier)))
    if draw(st.booleans()):
        occasion = on_day(occasion, dossier, draw(days_of(dossier)))
    known_by = draw(st.sampled_from([occasion.known_by, occasion.as_of]))
    return dossier, structs.replace(occasion, known_by=known_by)


def economy(at: State) -> Economy:
    found = economy_of(at)
    assert found is not None
    return found


def kroner(amount: Money | int | None) -> Fraction | None:
    return None if amount is None else Fraction(int(amount), 100)


# ── the rules, read once more ────────────────────────────────────────────────────────────────


@settings(max_examples=80)
@given(days())
def test_every_figure_is_what_the_rules_say_when_somebody_else_reads_them(day: Day) -> None:
    found, read, state = economy(day.state), day.reading, day.state
    budget, grant = found.budget, state.grant
    assert grant is not None
    same = partial(is_rounding_of, read.parts)
    assert state.reach.until == read.until()
    assert set(state.reach.months_missing(date.max)) == read.missing
    assert all(same(line.spent, read.spent(line.line.id)) for line in budget.lines)
    assert all(same(year.spent, read.spent(year=year.year)) for year in found.years)
    assert all(is_ordered_and_expected(line, read) for line in found.lines)
    beside = budget.unallocated + total(budget.waiting(why) for why in WAITING)  # type: ignore[arg-type]
    assert found.forecast == beside + total(line.forecast.amount for line in found.lines)
    assert all(same(budget.waiting(why), read.total("line", why)) for why in WAITING)  # type: ignore[arg-type]
    assert same(budget.spent, read.spent())
    assert (budget.unallocated, budget.taken_back) == (read.total("unallocated"), read.total("taken-back"))
    assert same(budget.not_eligible, read.total("not-eligible"))
    if read.of("awarded"):
        spent = {year.year: int(year.spent) for year in found.years}
        of_year = {
            year.year: sum(int(line.spent) for line in year.lines if line.line.id not in read.undistributed)
            for year in found.years
        }
        assert (grant.awarded, grant.received, grant.repaid) == (read.awarded, read.received(), read.repaid())
        assert [(each.year, each.left, each.carry_over, each.carried) for each in found.settlement.years] == [
            (year, each.left, each.carry_over, each.carried) for year, each in read.years(of_year).items()
        ]
        outcomes = read.outcomes(int(budget.spent), of_year)
        told = {order.payers: settled(order) for order in found.settlement.outcomes}
        only = set(outcomes.values()) if found.settlement.outcome else set()
        assert told == outcomes or set(told.values()) == only
        assert [(each.year, each.received, each.used) for each in found.year_ends] == read.year_ends(spent, of_year)
        used = read.used(int(budget.spent), of_year, day.as_of.year)
        rows = [(row.what, row.budget, row.actual) for row in found.balance.financing]
        assert rows == who_paid(read, used, found.balance.cost)
        assert found.balance.cost_budget == found.balance.financing_budget
        if found.is_distributed:
            left = total(year.remaining for year in found.years if year.remaining is not None)
            beside = found.undistributed_remaining + found.unallocated_remaining + found.committed_remaining
            assert total(year.budget for year in found.years if year.budget is not None) == (
                budget.amount - found.undistributed
            )
            assert left + beside == budget.remaining
        assert budget.amount == total(line.amount for line in budget.budget.lines)


def who_paid(read: Reading, used: int | None, cost: Money | None) -> list[tuple[str, int | None, int | None]]:
    """Who was to pay, and who did: the grant, the others, whoever has no name, and the municipality the rest."""
    named, unnamed = read.income()
    nobody_knows = unnamed or not read.knows()
    own = [int(each.amount) for each in read.funding if each.kind == "own"]
    others = [each for each in read.funding if each.kind == "co"]
    apart = (
        sum(int(line.amount) for line in read.lines.values())
        - (read.awarded or 0)
        - sum(own)
        - sum(int(e.amount) for e in others)
    )
    rest = None if used is None or cost is None else int(cost) - used - sum(named.values()) - unnamed
    return [
        ("grant", read.awarded, used),
        *(("co", int(each.amount), named.get(each.id, None if nobody_knows else 0)) for each in others),
        *([("unnamed", None, unnamed)] if unnamed else []),
        ("own", sum(own) if own else None, rest),
        *([("unstated", apart, None)] if apart > 0 else []),
    ]


def is_rounding_of(parts: Iterable[Any], amount: Money, exact: Fraction) -> bool:
    """To the øre; each posting, or order, that is divided may have one more or less on each line."""
    divided = [part for part in parts if part.amount.denominator != 1]
    return int(amount) == exact if not divided else abs(int(amount) - exact) < len(divided)


def settled(found: Outcome) -> tuple[Money, ...]:
    return found.covered, found.unspent, found.balance, found.to_repay, found.to_receive, found.if_carried


def is_ordered_and_expected(line: LineEconomy, read: Reading) -> bool:
    orders, state = read.orders(), line.state
    ordered = sum((each.amount for each in orders if each.line == line.line.id), Fraction(0))
    expected = read.expected(line.line, int(state.spent), int(state.committed))
    return is_rounding_of(orders, state.committed, ordered) and line.forecast.amount == expected


@settings(max_examples=26)
@given(days(), st.sampled_from([FIRST, date(2022, 7, 1), date(2023, 1, 1)]), st.sampled_from([0, 200, 10_000]))
def test_a_table_has_each_cost_in_its_month_and_before_the_period_in_it_or_after_it(
    day: Day, starts: date, length: int
) -> None:
    state, read = day.state, day.reading
    assert state.budget is not None
    ends = starts + timedelta(days=length)
    table = budget_table(state, state.budget, starts, ends)
    for row in table.rows:
        parts = [part for part in read.parts if is_in(part, row)]
        same = partial(is_rounding_of, parts)
        before = sum((part.amount for part in parts if part.day < starts), Fraction(0))
        assert same(row.before, before)
        assert same(row.in_period, sum((part.amount for part in parts if starts <= part.day <= ends), Fraction(0)))
        assert same(row.after, sum((part.amount for part in parts if part.day > ends), Fraction(0)))
        for year, months in zip(table.years, row.by_month, strict=True):
            for month, amount in enumerate(months, start=1):
                of_month = (part.amount for part in parts if (part.day.year, part.day.month) == (year, month))
                assert same(amount, sum(of_month, Fraction(0)))


def is_in(part: Part, row: TableRow) -> bool:
    """Whether a cost belongs to a row; the sums have all that stands above them."""
    counts, beside = part.place == "line" and not part.waits, part.place == "unallocated"
    if row.line:
        return counts and part.line == row.line.line.id
    sums = {"total": counts or beside, "booked": part.place == "line" or beside, "unallocated": beside}
    return sums.get(row.what, part.waits == row.what)


@settings(max_examples=26)
@given(days())
def test_every_posting_that_is_seen_has_its_places_and_all_of_it_once(day: Day) -> None:
    state, found = day.state, economy(day.state)
    placed: dict[int, int] = defaultdict(int)
    by_place: Counter[str] = Counter()
    for row in ledger(state):
        placed[row.part.posting.row] += int(row.amount)
        by_place[row.place] += int(row.amount)
    seen = {part.posting.row: int(part.posting.amount) for part in day.reading.parts}
    budget, balance = found.budget, found.balance
    waiting = {why: budget.waiting(why) for why in WAITING}  # type: ignore[arg-type]

    assert placed == seen
    assert by_place["line"] == budget.spent == sum(each.spent for each in found.phases)
    assert {why: by_place[why] for why in WAITING} == waiting
    assert (by_place["unallocated"], by_place["not-eligible"]) == (budget.unallocated, budget.not_eligible)
    assert -by_place["other-income"] == found.other_income
    assert budget.amount == budget.spent + budget.committed + budget.unallocated + budget.remaining
    if found.is_known:
        costs = sum(amount for place, amount in by_place.items() if place in ("line", *WAITING))
        assert balance.cost == costs + by_place["unallocated"] + by_place["not-eligible"]
        assert balance.financed in (None, balance.cost)


# ── the same everywhere ──────────────────────────────────────────────────────────────────────


@settings(max_examples=20)
@given(days())
def test_a_figure_is_the_same_wherever_it_is_shown(day: Day) -> None:
    state, found = day.state, economy(day.state)
    spent = {str(year.year): year.spent for year in found.years}
    outcome, settlement = found.settlement.outcome, found.settlement
    left = found.budget.remaining if found.is_known else None  # of what nobody knows
    in_all = (found.budget.spent, found.budget.committed, left, found.budget.unallocated)

    said = as_json.budget("p", state, found, [])
    status = as_json.status("p", state, (), [])["budget"]
    keys = ("spent_oere", "committed_oere", "remaining_oere", "unallocated_oere")
    assert tuple(status[key] for key in keys) == in_all
    assert tuple(said["budget"][key] for key in keys) == in_all
    assert {str(each["year"]): each["spent_oere"] for each in said["years"]} == spent
    assert said["settlement"]["unspent_oere"] == settlement.unspent
    assert said["settlement"]["to_repay_oere"] == max((each.to_repay for each in settlement.outcomes), default=None)

    rows = in_parquet(day)
    projects, lines, postings = (rows[name] for name in ("projects", "lines", "postings"))
    assert [each["committed_oere"] for each in projects] == [found.budget.committed]
    assert sum(each["amount_oere"] for each in postings if each["place"] == "line") == found.budget.spent
    for line in found.budget.lines:
        on_it = [each["amount_oere"] for each in postings if (each["place"], each["line"]) == ("line", line.line.id)]
        assert sum(on_it) == line.spent
    if found.is_known:
        assert [each["spent_oere"] for each in projects] == [found.budget.spent]
        assert [each["spent_oere"] for each in lines] == [each.spent for each in found.budget.lines]
        reports = [facts_from(day.report(kind)) for kind in ("final-report", "accounts")]
        for facts in reports:
            assert facts.budget is not None
            assert facts.accounts is not None
            assert (facts.budget.spent, facts.budget.remaining, facts.budget.unspent) == (
                *(found.budget.spent, found.budget.remaining, settlement.unspent),
            )
            told = {year.year: year.spent for year in facts.budget.years}
            known = {str(year.year): year.spent if year.known else None for year in found.years}
            assert {year: amount for year, amount in told.items() if amount or year in known} == known
            assert facts.accounts.to_repay == (outcome.to_repay if outcome else None)
            steps = {step.title.id: step.amount for step in facts.accounts.settlement if step.result}
            assert steps.get("unspent") == settlement.unspent
        in_the_workbook(day, found)


def in_the_workbook(day: Day, found: Economy) -> None:
    book, outcome = Workbook(write(workbook(day.state, found))), found.settlement.outcome
    holds_throughout(book)
    assert value(book, OVERVIEW, LINES_SUM, "D") == kroner(found.budget.spent)
    assert value(book, OVERVIEW, "I alt", "F") == kroner(found.budget.remaining)
    assert value(book, ECONOMY, "Udgifter i alt", "C") == kroner(found.balance.cost)
    for year in found.years:
        shown = value(book, str(year.year), LINES_SUM, "P")
        assert shown == (kroner(year.spent) if year.known or year.spent else None)
    if outcome:
        assert value(book, SETTLEMENT, "Uforbrugt tilskud", "B") == kroner(outcome.unspent)
        assert value(book, SETTLEMENT, "Skal betales tilbage til tilskudsyder", "B") == kroner(outcome.to_repay)


def in_parquet(day: Day) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables for other programs, before they are packed."""
    names = {
        id(getattr(portfolio_tables, name.upper())): name for name in ("projects", "lines", "postings", "milestones")
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names.values()}

    def packed(fields: Any, columns: Any) -> None:
        keys = [field.name for field in fields]
        found[names[id(fields)]] += [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]

    with patch.object(portfolio_tables, "rows", packed), patch.object(portfolio_tables, "write", lambda *_: b""):
        holding = Holding(file="p", name="p", status=status_of("p", day.state, (), ()))
        portfolio_tables.tables([(holding, portfolio_tables.postings_of("p", day.state))])
    return found


@settings(max_examples=26)
@given(occasions())
def test_every_fact_of_every_document_is_explained_to_the_oere(told: tuple[Dossier, Occasion]) -> None:
    dossier, occasion = told
    report = report_of(dossier, occasion)

    assert explained_otherwise(View(report), leaves(facts_from(report))) == []


@settings(max_examples=26)
@given(days())
def test_each_posting_that_explains_what_a_line_spent_lies_on_that_line(day: Day) -> None:
    view, found = View(day.report("accounts")), economy(day.state)
    if not found.is_known:
        return
    for line in found.budget.lines:
        explained = explanation_of(view, f"budget.lines.{line.line.id}.spent")
        assert explained is not None
        rows = Counter(part.at.line for part in every_part(explained) if part.what == "posting" and part.at)
        assert rows == Counter(part.posting.row for part in day.reading.parts if is_on(part, line.line.id))


def is_on(part: Part, line: str) -> bool:
    return (part.place, part.line, part.waits) == ("line", line, "")


# ── down and across ──────────────────────────────────────────────────────────────────────────

# What a column is the sum of, by the patterns of the headings: with a minus, what is taken from it.
ACROSS = {
    "Forbrug i alt": ("Forbrug 2.*|Forbrug (før|i|efter) perioden", ""),
    "Rest": ("Budget", "Forbrug i alt|Disponeret"),
    "Afvigelse": ("Forbrug i alt", "Godkendt budget"),
    "Nyt budget": ("Godkendt budget|Ændring", ""),
    "Uforbrugt": ("Budget 2.*", "Forbrug 2.*"),
    "Modtaget og endnu ikke brugt": ("Modtaget og ikke betalt tilbage", "Brugt af tilskuddet"),
}
# Tables whose rows are no parts of anything: each says what it is by itself.
APART = (
    *("Forklaring af afvigelserne fra budgettet", "Forklaring af afvigelserne", "Budgettet fordelt på år før og efter"),
    *("Opgørelsen efter, hvem der betaler først", "Tilskuddet ved hvert års udgang"),
    *("Stamdata", "Ændringer", "Milepæle", "Afvigelser", "Det, der er lovet", "Indikatorer", "Roller", "Grupper"),
)


class Grid(NamedTuple):
    """A table as a reader sees it: words."""

    caption: str
    head: list[str]
    rows: list[list[str]]


@settings(max_examples=26)
@given(occasions())
def test_every_table_of_every_document_adds_down_and_across(told: tuple[Dossier, Occasion]) -> None:
    dossier, occasion = told
    for grid in grids(document(dossier, occasion)):
        if occasion.kind != "application" and not any("MANGLER" in cell for row in grid.rows for cell in row):
            adds_across(grid)
            adds_down(grid)


def adds_across(grid: Grid) -> None:
    for row in grid.rows:
        cells = dict(zip(grid.head[1:], map(oere, row[1:]), strict=True))
        for result, (plus, minus) in ACROSS.items():
            parts = [amount or 0 for head, amount in cells.items() if re.fullmatch(plus, head)]
            taken = [amount or 0 for head, amount in cells.items() if minus and re.fullmatch(minus, head)]
            if cells.get(result) is not None and parts:
                assert cells[result] == sum(parts) - sum(taken), (grid.caption, row)


def adds_down(grid: Grid) -> None:
    """A sum is of the rows above it. What follows a sum is added to it, unless another list begins there."""
    running, sums = [0] * (len(grid.head) - 1), 0
    for title, *cells in grid.rows:
        amounts = [oere(cell) for cell in cells]
        if title.startswith("= ") or title == "I alt" or title.endswith(" i alt"):
            sums += 1
            assert all(amount in (None, so_far) for amount, so_far in zip(amounts, running, strict=True)), grid
            if title.startswith("= ") or title == "Udgifter i alt":
                running = [0] * len(running)
        else:
            running = [so_far + (amount or 0) for so_far, amount in zip(running, amounts, strict=True)]
    assert sums or grid.caption.startswith(APART) or all(oere(cell) is None for row in grid.rows for cell in row[1:])
    both = {title: cells for title, *cells in grid.rows if title in ("Udgifter i alt", "Finansiering i alt")}
    if both:
        assert both["Finansiering i alt"][1] in ("–", both["Udgifter i alt"][1])


def document(dossier: Dossier, occasion: Occasion) -> Document:
    """A draft of it, without anybody's own words."""
    facts = facts_from(report_of(dossier, occasion))
    return compose(kind(occasion.kind), LAYOUT, facts, dossier.text(occasion.prose), draft=True).document


@cache
def kind(name: str) -> DocumentKind:
    found = shelf.kind(name, [])
    assert found is not None
    return found


def grids(of: Document) -> Iterator[Grid]:
    for block in walk(of.blocks):
        if isinstance(block, Table):
            rows = (*block.rows, *([block.total] if block.total else ()))
            yield Grid(block.caption, list(map(plain, block.header)), [list(map(plain, row)) for row in rows])


def oere(cell: str) -> int | None:
    """An amount as a document writes it; None for what is none."""
    found = re.fullmatch(rf"({MINUS}?)([0-9.]+)(?:,([0-9]{{2}}))?(?:{NBSP}kr\.)?", cell)
    if found is None:
        return None
    amount = int(found[2].replace(".", "")) * 100 + int(found[3] or 0)
    return -amount if found[1] else amount


# ── from report to report ────────────────────────────────────────────────────────────────────


@settings(max_examples=26)
@given(dossiers())
def test_two_reports_in_a_row_add_up_when_they_are_made_of_the_same_books(dossier: Dossier) -> None:
    reports = [each for each in every_occasion(dossier) if each.kind == "status-report"]
    for first, second in pairwise(reports):
        one, other = (report_of(dossier, each) for each in (first, second))
        assert one.spending is not None
        assert other.spending is not None
        ones, others = one.spending.table, other.spending.table

        assert (ones.booked or ones.total).spent == (others.booked or others.total).before
        if one.state.placement == other.state.placement:
            told = {of(row): row.spent for row in ones.rows if row.spent and row.what != "booked"}
            assert told == {of(row): row.before for row in others.rows if row.before and row.what != "booked"}


def of(row: TableRow) -> str:
    return row.line.line.id if row.line else row.what


@settings(max_examples=26)
@given(dossiers())
def test_a_report_says_what_came_late_since_the_one_before_it_was_sent(dossier: Dossier) -> None:
    for occasion in (each for each in every_occasion(dossier) if each.kind == "status-report"):
        spending = report_of(dossier, occasion).spending
        assert spending is not None
        if (late := spending.late) is None:
            continue
        before = Day(dossier, occasion.starts - timedelta(days=1), late.known_by)
        told = facts_from(before.report("status-report")).budget
        read = Reading(dossier, occasion.as_of, occasion.known_by)
        came = [part.amount for part in read.parts if is_late(part, late.known_by, occasion.starts)]

        assert told is not None
        assert late.known == told.spent
        assert abs(late.late - sum(came)) < max(len(came), 1)
        if told.spent is not None:
            assert spending.table.lines_sum.before == told.spent + late.late + (late.otherwise or Money(0))


def is_late(part: Part, sent: date, starts: date) -> bool:
    return part.place == "line" and not part.waits and part.day < starts and part.posting.imported > sent


# ── in any order ─────────────────────────────────────────────────────────────────────────────

# A cancellation takes what is open by then, so of one day the lines' order decides it: docs/days.md.
FREE = ("ordered", "instalment-received", "repaid", "imported", "submitted")


@settings(max_examples=20)
@given(days(), st.randoms(use_true_random=False))
def test_the_order_of_postings_of_rules_apart_and_of_events_of_one_day_is_free(day: Day, chance: Any) -> None:
    books, events = day.dossier.postings, day.dossier.events
    bound = [each for each in events if each.kind not in FREE]
    on_a_day = [
        structs.replace(each, happened=date(2022, 10, 1), recorded=date(2022, 10, 1))
        for each in events
        if each.kind in FREE and each.kind != "imported"
    ]
    imports = [each for each in events if each.kind == "imported"]

    def mixed(of: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(chance.sample(list(of), k=len(list(of))))

    one = structs.replace(day.dossier, events=(*bound, *imports, *on_a_day))
    other = structs.replace(
        day.dossier,
        events=(*bound, *mixed(imports), *mixed(on_a_day)),
        postings=Postings(mixed(books.rows), mixed(books.rules)),
    )

    assert figures(Day(one, *day[1:])) == figures(Day(other, *day[1:]))


def figures(day: Day) -> dict[str, object]:
    facts: Facts = facts_from(day.report("accounts", date(2022, 7, 1)))
    return {leaf.path: leaf.value for leaf in leaves(facts)}


# ── what nobody knows ────────────────────────────────────────────────────────────────────────


@settings(max_examples=10)
@given(days(imports=False), st.booleans())
def test_what_is_not_known_is_nowhere_a_figure(day: Day, covers_later: bool) -> None:
    """Each figure that is shown while nothing is imported stands there too, the same, once much is.

    And so where all that is imported covers later days alone.
    """
    if covers_later:
        assume(day.as_of >= day.state.plan.cost_period.starts)  # before it there is nothing to know
        day = with_later_days(day)
    state = day.state
    years = range(state.plan.project_period.starts.year, state.plan.project_period.ends.year + 1)
    paid = [
        posting(kr(13 * number, 7), date(year, 3, 4), FIRST, account=rule.account, voucher="1")
        for year in years
        for number, rule in enumerate(day.dossier.postings.rules, start=year)
        if rule.line or rule.other_income
    ]
    told = event("imported", FIRST, file="postings/alt.csv", digest="0", ends=date(2027, 12, 31))
    books = Postings((*paid, posting(kr(3), FIRST, account="?")), day.dossier.postings.rules)
    full = structs.replace(day.dossier, events=(*day.dossier.events, told), postings=books)
    known = Day(full, day.as_of, day.known_by)

    assert state.knows_nothing and not day.reading.knows()
    more = beyond(everywhere(day), everywhere(known))

    assert more == []


def with_later_days(day: Day) -> Day:
    """The same with an import of the days after it, or after the project; it brings an instalment of such a day."""
    ends = max(day.as_of, day.state.closes)
    starts = (ends.replace(day=1) + timedelta(days=31)).replace(day=1)
    file, instalments = "postings/senere.csv", "8610"
    told = event("imported", FIRST, file=file, digest="0", starts=starts, ends=date(2027, 12, 31))
    row = posting(kr(-3), starts + timedelta(days=5), FIRST, account=instalments, file=file)
    books = Postings((row,), day.dossier.postings.rules)
    return day._replace(dossier=structs.replace(day.dossier, events=(*day.dossier.events, told), postings=books))


def beyond(unknown: Mapping[str, set[str]], known: Mapping[str, set[str]]) -> list[tuple[str, set[str]]]:
    return [(where, more) for where, said in unknown.items() if (more := said - known.get(where, set()))]


def everywhere(day: Day) -> dict[str, set[str]]:
    """Every amount that anything says, by where: what stands beside it in a table, or only that a text has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for occasion in every_occasion(day.dossier):
        of = document(day.dossier, structs.replace(occasion, known_by=day.known_by))
        for grid in grids(of):
            for title, *cells in grid.rows:
                for head, cell in zip(grid.head[1:], cells, strict=True):
                    if oere(cell) is not None:
                        found[f"{occasion.kind}, {grid.caption}, {title}, {head}"].add(cell)
        for line in as_text(of.blocks):
            if "\t" not in line:
                found[f"{occasion.kind} {occasion.as_of}"] |= set(re.findall(rf"{MINUS}?[0-9.,]+{NBSP}kr", line))
    state = day.state
    on_screen = {
        "status": screen.status(state, (), ()),
        "budget": screen_budget.budget(state, economy_of(state)),
    }
    for name, text in on_screen.items():
        part = ""
        for line in click.unstyle(text).splitlines():
            title, *cells = re.split(r" {2,}", line.strip())
            title = title[:10]  # a long one is cut where the amounts need room
            part = title if not line.startswith(" ") else part
            for number, cell in enumerate(cells):
                if re.fullmatch(r"-?[0-9.]+(,[0-9]{2})?|-?[0-9,]+ %", cell):
                    found[f"{name}, {part}, {title}, {number}"].add(cell)
    for sheet in workbook(state, economy(state)).sheets:
        for row in sheet.rows:
            named = " ".join(cell for cell in row.cells[:2] if isinstance(cell, str))
            for number, cell in enumerate(row.cells):
                if isinstance(cell, Amount):
                    found[f"{sheet.name}, {named}, {number}"].add(str(cell.oere))
    holding = Holding(file="p", name="p", status=status_of("p", state, (), ()))
    for name, amount in structs.asdict(holding.amounts).items():
        found[f"portfolio, {name}"] |= set() if amount is None else {str(int(amount))}
    return found
