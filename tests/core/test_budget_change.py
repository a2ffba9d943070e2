"""Two versions of a budget, and who said what of each."""

from __future__ import annotations

from datetime import date

from tests.core.worlds import plan
from toolkit.core.budget_change import changes, versions, year_totals
from toolkit.core.events import Awarded, ChangeApproved
from toolkit.core.money import kr
from toolkit.core.plan import Budget, BudgetLine
from toolkit.core.records import Id

LOEN = BudgetLine(id=Id("loen"), title="Løn", amount=kr(400_000), by_year={2022: kr(200_000), 2023: kr(200_000)})
KURSER = BudgetLine(id=Id("kurser"), title="Kurser", amount=kr(100_000), by_year={2022: kr(100_000)})
REJSER = BudgetLine(id=Id("rejser"), title="Rejser", amount=kr(100_000), by_year={2022: kr(60_000), 2023: kr(40_000)})
AWARD = Budget(id=Id("2021-12-16-award"), stage="award", lines=(LOEN, KURSER))
CHANGE = Budget(id=Id("2022-05-01-change"), stage="change", lines=(LOEN, REJSER))


def test_a_line_that_only_one_version_has_is_new_or_gone():
    found = {change.line.id: (change.before is None, change.after is None) for change in changes(AWARD, CHANGE)}

    assert found == {"loen": (False, False), "rejser": (True, False), "kurser": (False, True)}


def test_the_differences_sum_to_the_difference_of_the_sums():
    assert [change.difference for change in changes(AWARD, CHANGE)] == [kr(0), kr(100_000), kr(-100_000)]


def test_a_year_is_known_when_every_line_says_what_it_has_for_it():
    bare = BudgetLine(id=Id("it"), title="It", amount=kr(1))

    assert year_totals(AWARD, range(2022, 2024)) == {2022: kr(300_000), 2023: kr(200_000)}
    assert year_totals(Budget(id=Id("x"), stage="award", lines=(LOEN, bare)), range(2022, 2023)) == {2022: None}


def test_each_version_has_the_events_that_name_it():
    awarded = Awarded(happened=date(2021, 12, 16), recorded=date(2021, 12, 16), amount=kr(500_000), budget=AWARD.id)
    approved = ChangeApproved(
        happened=date(2022, 5, 1), recorded=date(2022, 5, 2), change="budget", by="Socialstyrelsen", budget=CHANGE.id
    )

    found = versions(plan(budgets=(CHANGE, AWARD)), (awarded, approved))

    assert [(version.budget.id, version.events) for version in found] == [
        (AWARD.id, (awarded,)),
        (CHANGE.id, (approved,)),
    ]
