"""When an own estimate is asked for again: its line is another since, or more was spent than was expected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pytest
from msgspec import structs

from tests.core.findings import found, version, with_amount
from tests.core.worlds import AWARD, AWARDED, COURSES, JUNE, MARCH, PAY, PLAN, event, plan, posting, state
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Plan
from toolkit.core.problems import Phrase
from toolkit.core.records import Id, Share

APRIL = date(2022, 4, 1)
CHANGE = "2022-03-31-change"
CODES = ("estimate-outdated", "estimate-overtaken", "estimate-of-divided-line", "estimate-past")


def estimate(day: date = MARCH, recorded: date | None = None, line: str = "loen") -> AnyEvent:
    return event("estimate", day, recorded, line=line, amount=kr(380_000), reason="Vakant", called=f"{day} {line}")


def approved(day: date = APRIL, recorded: date | None = None, budget: str = CHANGE) -> AnyEvent:
    return event("change-approved", day, recorded, change="budget", budget=budget, called=budget)


def changed_to(*lines: BudgetLine) -> Plan:
    return plan(budgets=(AWARD, version(CHANGE, *lines)))


def renamed(line: BudgetLine, id: str, share: Fraction = Fraction(1), **keys: object) -> BudgetLine:
    return structs.replace(line, id=Id(id), was={line.id: Share(share)}, **keys)


LESS = changed_to(with_amount(PAY, kr(350_000)), with_amount(COURSES, kr(150_000)))


def told(of: Plan, *events: AnyEvent, spent: Iterable[Money] = ()) -> list[str]:
    postings = [posting(each, JUNE) for each in spent]
    return [problem.code for code in CODES for problem in found(of, code, events=events, postings=postings)]


def test_an_estimate_is_asked_for_again_when_the_line_got_another_amount():
    (problem,) = found(LESS, "estimate-outdated", events=[estimate(), approved()])

    assert problem.words == {"amount": "380.000", "line": "loen", "day": "2022-03-31"}
    assert isinstance(change := problem.phrases["changes"].words["each0"], Phrase)
    assert change.words == {"before": "400.000", "after": "350.000"}


def test_an_estimate_of_the_line_as_it_is_stands():
    same = changed_to(PAY, with_amount(COURSES, kr(90_000)))
    back = plan(budgets=(*LESS.budgets, version("2022-05-01-change", PAY, COURSES)))

    assert told(LESS, approved(), estimate(JUNE)) == []
    assert told(LESS, estimate(), approved(), estimate(JUNE)) == []
    assert told(same, estimate(), approved()) == []
    assert told(back, estimate(), approved(), approved(JUNE, budget="2022-05-01-change")) == []
    assert told(LESS, estimate()) == []  # nobody has approved the change


@pytest.mark.parametrize(("first", "codes"), [(True, ["estimate-outdated"]), (False, [])])
def test_of_one_day_the_later_line_of_the_log_is_the_later(first: bool, codes: list[str]):
    both = [estimate(), approved(MARCH)]

    assert told(LESS, *(both if first else both[::-1])) == codes


def test_a_change_that_was_known_only_after_the_estimate_was_noted_is_a_change_since():
    assert told(LESS, approved(date(2022, 3, 1), JUNE), estimate()) == ["estimate-outdated"]
    assert told(LESS, approved(date(2022, 3, 1), JUNE), estimate(MARCH, JUNE)) == []


def test_an_estimate_is_asked_for_again_when_the_line_got_another_name():
    of = changed_to(renamed(PAY, "team"), COURSES)
    (problem,) = found(of, "estimate-outdated", events=[estimate(), approved()])

    assert problem.words["line"] == "team"
    assert told(of, estimate(), approved(), estimate(JUNE, line="team")) == []
    assert told(of, approved(), estimate(JUNE)) == []  # by its old name, and of what it is now


@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(1)])
def test_an_estimate_of_what_a_line_was_made_into_repairs_it(share: Fraction):
    """A line that was divided, or joined with another: what is said of it since is said of it as it is."""
    joined = structs.replace(PAY, was={Id("loen"): Share(share), Id("kurser"): Share(share)}, id=Id("team"))
    rest = (structs.replace(COURSES, id=Id("kursus"), was={Id("kurser"): Share(1 - share)}),) if share < 1 else ()
    of = changed_to(joined, *rest)

    assert told(of, estimate(), approved()) == ["estimate-of-divided-line"]
    assert told(of, estimate(), approved(), estimate(JUNE, line="team")) == []
    assert state(JUNE, of=of, events=[AWARDED, approved(), estimate(JUNE, line="team")]).budget.lines[0].estimate  # type: ignore[union-attr]


def test_an_estimate_of_a_line_that_was_joined_under_its_own_name_is_of_what_it_was():
    of = changed_to(structs.replace(PAY, was={Id("kurser"): Share(Fraction(1))}))

    assert told(of, estimate(), approved()) == ["estimate-of-divided-line"]
    assert told(of, approved(), estimate(JUNE)) == []


def test_of_a_line_that_was_divided_or_is_gone_only_what_holds_is_said():
    divided = changed_to(renamed(PAY, "a", Fraction(1, 2)), renamed(PAY, "b", Fraction(1, 2)), COURSES)
    gone = changed_to(COURSES)
    order = event("ordered", MARCH, line="loen", amount=kr(390_000))

    assert told(divided, estimate(), approved()) == ["estimate-of-divided-line"]
    assert told(gone, estimate(), approved()) == []
    assert told(gone, estimate(), approved(), order) == []


def test_an_estimate_is_asked_for_again_when_spending_and_orders_have_passed_it():
    order = event("ordered", JUNE, line="loen", amount=kr(80_000))

    assert told(PLAN, estimate(), spent=[kr(380_000)]) == []
    assert told(PLAN, estimate(), order, spent=[kr(300_000)]) == []
    assert told(PLAN, estimate(), order, spent=[kr(300_001)]) == ["estimate-overtaken"]


def test_a_line_that_changed_is_asked_of_once_whatever_was_spent_on_it():
    assert told(LESS, estimate(), approved(), spent=[kr(390_000)]) == ["estimate-outdated"]


def test_who_expected_less_than_was_spent_already_is_not_asked():
    spent = posting(kr(390_000), date(2022, 3, 1))

    assert found(PLAN, "estimate-overtaken", events=[estimate()], postings=[spent]) == []


def test_after_the_case_is_closed_nobody_is_asked():
    closed = event("closed", date(2024, 6, 1), by="Socialstyrelsen")

    assert told(LESS, estimate(), approved(), closed) == []


def test_where_nobody_logged_an_award_the_files_say_what_the_line_was_that_day():
    budgets: tuple[Budget, ...] = (AWARD, structs.replace(LESS.budgets[1], id=Id("2022-04-01-award"), stage="award"))

    def codes(*events: AnyEvent) -> list[str]:
        problems = check(Dossier(plan=plan(budgets=budgets), events=events))
        return [each.code for each in problems if each.code in CODES]

    assert codes(estimate()) == ["estimate-outdated"]
    assert codes(estimate(JUNE)) == []


def test_an_estimate_of_a_period_that_is_over_is_told_where_something_else_was_spent():
    known = event("imported", date(2024, 1, 10), file="postings/a.csv", digest="x", ends=date(2023, 12, 31))
    late = estimate(date(2024, 1, 15))

    assert told(PLAN, estimate(), known, spent=[kr(380_000)]) == []
    assert told(PLAN, estimate(), known, spent=[kr(379_999)]) == ["estimate-past"]
    assert told(LESS, estimate(), approved(), known, spent=[kr(390_000)]) == ["estimate-past"]
    assert told(PLAN, estimate(), known, late, spent=[kr(379_999)]) == []
