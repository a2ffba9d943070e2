"""The books posting by posting are the books in sums, whatever was divided, dropped or allowed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import AWARD, AWARDED, COURSES, PAY, event, plan, posting, state
from toolkit.core.budget_table import budget_table
from toolkit.core.ledger import ledger
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine
from toolkit.core.postings import Posting, Rule
from toolkit.core.records import Id
from toolkit.core.state import State

CHANGE = Budget(
    id="2022-06-01-change",
    stage="change",
    lines=(
        BudgetLine(id="hold", title="Hold", amount=PAY.amount, was={Id("loen"): Fraction(2, 3)}),
        BudgetLine(id="rejser", title="Rejser", amount=COURSES.amount, was={Id("loen"): Fraction(1, 7)}),
    ),
)
RULES = (
    Rule(account="4001", line=Id("loen")),
    Rule(account="4600", line=Id("kurser")),
    Rule(account="4700", line=Id("kurser"), allowed="Styrelsen"),
    Rule(account="2900", not_eligible=True),
)
POSTED = st.builds(
    posting,
    st.integers(-10_000, 10_000).map(Money),
    st.dates(date(2021, 12, 1), date(2024, 1, 31)),
    account=st.sampled_from(["4001", "4600", "4700", "2900", "5555"]),
)


def changed(*paid: Posting) -> State:
    return state(
        date(2024, 3, 31),
        of=plan(budgets=(AWARD, CHANGE)),
        events=[AWARDED, event("change-approved", date(2022, 6, 1), change="budget", budget=CHANGE.id)],
        postings=paid,
        rules=RULES,
    )


@given(st.lists(POSTED, max_size=8))
def test_the_rows_are_every_krone_and_on_each_line_and_in_each_place_what_the_sums_are(paid: list[Posting]) -> None:
    of = changed(*paid)
    assert of.budget is not None
    table, rows = budget_table(of, of.budget), list(ledger(of))
    by_place: Counter[tuple[str, str]] = Counter()
    for row in rows:
        by_place[row.place, row.line or "" if row.place == "line" else ""] += int(row.amount)

    assert sum(int(row.amount) for row in rows) == sum(int(each.amount) for each in paid)
    assert all(by_place["line", each.line.line.id] == int(each.spent) for each in table.lines if each.line)
    assert all(by_place[each.what, ""] == int(each.spent) for each in table.waiting)
    assert by_place["unallocated", ""] == int(table.unallocated.spent if table.unallocated else 0)


@given(st.lists(POSTED, max_size=8))
def test_a_tables_months_are_its_years_and_all_that_is_booked(paid: list[Posting]) -> None:
    of = changed(*paid)
    assert of.budget is not None

    for row in budget_table(of, of.budget).rows:
        assert [len(months) for months in row.by_month] == [12] * len(row.by_year)
        assert sum(map(int, row.by_year)) == int(row.spent)


def test_who_allowed_a_cost_is_said_where_it_would_wait_without() -> None:
    late, within = posting(kr(7), date(2024, 1, 10), account="4700"), posting(kr(5), account="4001")

    assert [(row.place, row.allowed_by) for row in ledger(changed(late))] == [("line", "Styrelsen")]
    assert [(row.line, row.place, row.allowed_by) for row in ledger(changed(within))] == [
        ("hold", "line", None),
        ("rejser", "line", None),
        ("loen", "dropped-line", None),
    ]
