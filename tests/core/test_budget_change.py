"""Two versions of a budget, and who said what of each."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest

from tests.core.worlds import PLAN, event, plan
from toolkit.core.budget_change import (
    LineChange,
    before_the_last,
    changes,
    funding_changes,
    unapproved,
    versions,
    year_totals,
)
from toolkit.core.costs import carried_on
from toolkit.core.events import Awarded, ChangeApproved, ChangeRefused
from toolkit.core.money import Money, kr, split
from toolkit.core.plan import Budget, BudgetLine, Funding
from toolkit.core.records import Id, Share

LOEN = BudgetLine(id=Id("loen"), title="Løn", amount=kr(400_000), by_year={2022: kr(200_000), 2023: kr(200_000)})
KURSER = BudgetLine(id=Id("kurser"), title="Kurser", amount=kr(100_000), by_year={2022: kr(100_000)})
REJSER = BudgetLine(id=Id("rejser"), title="Rejser", amount=kr(100_000), by_year={2022: kr(60_000), 2023: kr(40_000)})
AWARD = Budget(id=Id("2021-12-16-award"), stage="award", lines=(LOEN, KURSER))
CHANGE = Budget(id=Id("2022-05-01-change"), stage="change", lines=(LOEN, REJSER))


def test_a_line_that_only_one_version_has_is_new_or_gone():
    found = {change.line.id: (change.is_new, change.is_gone) for change in changes(AWARD, CHANGE)}

    assert found == {"loen": (False, False), "rejser": (True, False), "kurser": (False, True)}


def test_the_differences_sum_to_the_difference_of_the_sums():
    assert [change.difference for change in changes(AWARD, CHANGE)] == [kr(0), kr(100_000), kr(-100_000)]


def version(id: str, *lines: BudgetLine) -> Budget:
    return Budget(id=Id(id), stage="change", lines=lines)


def line(id: str, amount: int, **was: str) -> BudgetLine:
    shares = {Id(name): Share(Fraction(part)) for name, part in was.items()}
    return BudgetLine(id=Id(id), title=id.capitalize(), amount=kr(amount), was=shares)


def told(found: tuple[LineChange, ...]) -> list[tuple[str, list[str], Money, Money]]:
    return [(each.line.id, [part.line.id for part in each.carried_on], each.had, each.gets) for each in found]


def test_a_line_that_carries_on_others_has_what_it_carries_on_before_it():
    after = version("2022-05-01-change", LOEN, line("rejser", 40_000, kurser="2/5"), line("it", 60_000, kurser="3/5"))

    assert told(changes(AWARD, after)) == [
        ("loen", [], kr(400_000), kr(400_000)),
        ("rejser", ["kurser"], kr(40_000), kr(40_000)),
        ("it", ["kurser"], kr(60_000), kr(60_000)),
    ]


def test_what_no_line_carries_on_is_gone_and_the_differences_still_sum():
    after = version("2022-05-01-change", LOEN, line("rejser", 100_000, kurser="1/4"))
    found = changes(AWARD, after)

    assert told(found)[1:] == [
        ("rejser", ["kurser"], kr(25_000), kr(100_000)),
        ("kurser", ["kurser"], kr(75_000), kr(0)),
    ]
    assert sum(each.difference for each in found) == kr(0)


@pytest.mark.parametrize(("oere", "heir", "rest"), [(1, 1, 0), (3, 2, 1), (-1, -1, 0)])
def test_of_half_an_oere_the_line_that_carries_on_gets_it_and_not_what_is_left(oere, heir, rest):
    """In a budget as in the costs, whatever the order of its lines."""
    before = version("2022-01-01-change", BudgetLine(id=Id("kurser"), title="Kurser", amount=Money(oere)))
    for lines in permutations((line("kurser", 1), line("rejser", 1, kurser="1/2"))):
        found = {each.line.id: each.had for each in changes(before, version("2022-05-01-change", *lines))}
        assert found == {"rejser": heir, "kurser": rest}
        where = carried_on((before, version("2022-05-01-change", *lines)))[Id("kurser")]
        assert dict(zip(dict(where), split(Money(oere), [*dict(where).values()]), strict=True)) == found


def test_a_line_is_followed_through_the_versions_between():
    council = version("2022-03-01-change", LOEN, line("rejser", 100_000, kurser="1"))
    after = version("2022-05-01-change", LOEN, line("it", 100_000, rejser="1"))

    assert told(changes(AWARD, after, (council,)))[1:] == [("it", ["kurser"], kr(100_000), kr(100_000))]


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


def test_who_pays_beside_the_grant_is_told_where_a_version_changes_it():
    def version(id: str, **paid: int) -> Budget:
        others = (Funding(id=Id(name), kind="co", title=name.title(), amount=kr(paid[name])) for name in paid)
        return Budget(id=Id(id), stage="change", lines=(), funding=tuple(others))

    before, after = version("a", region=100), version("b", region=70, fond=50)
    told = [(each.funding.title, each.had, each.gets) for each in funding_changes(PLAN, before, after)]

    assert told == [("Region", kr(100), kr(70)), ("Fond", kr(0), kr(50))]
    assert funding_changes(PLAN, before, version("c", region=100)) == ()
    assert [each.difference for each in funding_changes(PLAN, after, version("c", region=70))] == [kr(0), kr(-50)]


def test_the_last_version_is_compared_with_the_last_before_it_that_stands():
    second = Budget(id=Id("2022-09-01-change"), stage="change", lines=(LOEN, REJSER))
    of = plan(budgets=(AWARD, CHANGE, second))
    yes, no = (
        kind(happened=day, recorded=day, change="budget", by="tilskudsyder", budget=CHANGE.id, called=f"{day}")
        for kind, day in ((ChangeApproved, date(2022, 5, 2)), (ChangeRefused, date(2022, 6, 1)))
    )

    def pair(*events):
        return [each.id for each in before_the_last(versions(of, events))]

    assert pair() == [AWARD.id, second.id]
    assert pair(yes) == [CHANGE.id, second.id]
    assert pair(yes, no) == [AWARD.id, second.id]
    assert before_the_last(versions(plan(budgets=(AWARD,)), ())) is None


def test_of_a_version_that_the_council_approved_twice_the_last_approval_is_the_one():
    approvals = [
        ChangeApproved(happened=day, recorded=day, change="budget", by="Byrådet", budget=CHANGE.id, called=f"{day}")
        for day in (date(2022, 5, 2), date(2022, 6, 1))
    ]
    (found,) = unapproved(plan(budgets=(AWARD, CHANGE)), approvals)

    assert found.approval == approvals[-1]


MORE = Budget(id=Id("2022-03-01-application"), stage="application", lines=(line("loen", 900_000),))


def test_a_version_that_was_applied_for_while_an_award_stood_is_what_no_other_is_held_against():
    of = plan(budgets=(AWARD, MORE, CHANGE))
    log = [event("awarded", date(2021, 12, 16), amount=kr(500_000), budget=AWARD.id)]
    log.append(event("applied", date(2022, 3, 1), amount=kr(900_000), budget=MORE.id))
    approved = event("change-approved", date(2022, 5, 1), change="budget", budget=CHANGE.id, by="Byrådet")
    met = event("awarded", date(2022, 4, 1), amount=kr(900_000), budget=MORE.id)

    for answer in ([], [event("rejected", date(2022, 4, 1))]):
        (found,) = unapproved(of, [*log, *answer, approved])
        assert found.base is AWARD
        assert before_the_last(versions(of, [*log, *answer, approved])) == (AWARD, CHANGE)
    (found,) = unapproved(of, [*log, met, approved])
    assert found.base is MORE
