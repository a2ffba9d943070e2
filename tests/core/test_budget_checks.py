"""Each version of a budget against the grant of its own day."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.findings import AGENCY, FUND, found, version, with_amount
from tests.core.worlds import APPLICATION, AWARD, COURSES, JUNE, MARCH, PAY, event, plan
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Funding, Grant, Period, Plan
from toolkit.core.problems import At, Span
from toolkit.core.promise import awarded_by
from toolkit.core.records import Id, Year

CHANGE = "2022-03-31-change"
LOWER = {"grant.awarded": kr(450_000)}
LOWER_AS_A_WHOLE = {"grant": Grant(applied=kr(500_000), awarded=kr(450_000))}


def of(thousands: int, *more: Budget, **changed: object) -> Plan:
    """The pilot with a change that sums to so many thousands; the award is of 500.000 kr."""
    change = version(CHANGE, PAY, with_amount(COURSES, kr((thousands - 400) * 1000)))
    return plan(budgets=(AWARD, change, *more), **changed)


def approved(day: date = MARCH, budget: str | None = CHANGE, **keys: object) -> AnyEvent:
    name = f"{day} {budget} {keys.get('by')}"
    return event("change-approved", day, **{"change": "budget", "by": AGENCY, "budget": budget, "called": name, **keys})


def wrong(of: Plan, *events: AnyEvent) -> list[str]:
    return [problem.words["difference"] for problem in found(of, "budget-not-funded", events=events)]


@pytest.mark.parametrize("values", [LOWER, LOWER_AS_A_WHOLE])
def test_a_change_is_held_against_the_grant_that_it_brings_itself(values):
    assert wrong(of(450), approved(values=values)) == []
    assert wrong(of(500), approved(values=values)) == ["50.000"]
    assert wrong(of(450), approved()) == ["50.000"]


@pytest.mark.parametrize(("day", "expected"), [(date(2022, 3, 30), []), (MARCH, []), (JUNE, ["450.000"])])
def test_a_change_that_came_before_its_grant_is_told_and_no_error(day, expected):
    lowered = approved(day, budget=None, change="project", values=LOWER)

    assert wrong(of(450), approved(), lowered) == []
    told = found(of(450), "budget-before-grant", events=[approved(), lowered])
    assert [each.words["awarded"] for each in told] == expected


def test_a_version_has_money_in_the_years_of_the_period_that_it_was_made_for():
    def outside(ends: date, *years: int, told_of: str, kind: str = "change-approved") -> list[str]:
        line = structs.replace(PAY, amount=kr(10), by_year={Year(year): kr(10 // len(years)) for year in years})
        versions = {
            "award": plan(budgets=(structs.replace(AWARD, lines=(line,)),)),
            "change": plan(budgets=(AWARD, version(CHANGE, line))),
        }
        moved = event(kind, JUNE, change="extension", by=AGENCY, budget=CHANGE, values={"project_period.ends": ends})
        return [each.words["year"] for each in found(versions[told_of], "year-outside-period", events=[moved])]

    shorter, longer = date(2022, 12, 31), date(2024, 6, 30)
    assert outside(shorter, 2022, 2023, told_of="award") == []
    assert outside(shorter, 2022, 2023, told_of="change") == ["2023"]
    assert outside(longer, 2023, 2024, told_of="change") == []
    assert outside(longer, 2023, 2024, told_of="change", kind="change-requested") == []
    assert outside(longer, 2023, 2025, told_of="change", kind="change-requested") == ["2025"]


def test_a_refused_raise_is_no_grant_that_a_budget_is_held_against():
    raised = event("change-approved", MARCH, change="project", by="Byrådet", values={"grant.awarded": kr(550_000)})
    no = event("change-refused", date(2022, 4, 1), change="project", by=AGENCY, values={"grant.awarded": kr(550_000)})

    assert wrong(of(550), raised, approved(JUNE)) == []
    assert wrong(of(550), raised, no, approved(JUNE)) == ["50.000"]


def test_the_award_is_held_against_what_was_awarded_whatever_came_later():
    assert wrong(of(450), approved(values=LOWER)) == []
    assert found(of(450), "budget-behind-grant", events=[approved(values=LOWER)]) == []


def test_a_grant_that_was_lowered_stays_so_however_the_log_is_written():
    lowered = approved(date(2022, 2, 1), budget=None, change="project", values=LOWER)
    lower_still = approved(JUNE, budget=None, change="project", values={"grant.awarded": kr(400_000)}, by="sbst")

    assert wrong(of(500), lower_still, lowered, approved()) == ["50.000"]
    assert wrong(of(450), lower_still, lowered, approved()) == []


def test_a_budget_without_lines_is_held_against_nothing():
    assert wrong(plan(budgets=(structs.replace(AWARD, lines=()),))) == []


def test_an_award_that_the_log_does_not_name_is_held_against_the_last_answer():
    bare = plan(budgets=(structs.replace(AWARD, id=Id("2022-01-10-award")),))
    raised = event("awarded", date(2022, 1, 10), amount=kr(520_000), called="raised")

    assert wrong(bare) == []
    assert wrong(bare, raised) == ["20.000"]


def test_each_award_is_held_against_the_version_that_it_brought_into_force():
    more = version("2023-05-01-award", *(structs.replace(line, amount=line.amount * 2) for line in AWARD.lines))
    raised = event("awarded", date(2023, 5, 1), amount=kr(1_000_000), called="raised")
    first = structs.replace(AWARD, id=Id("2021-12-01-award"))

    assert wrong(plan(budgets=(first, more)), raised) == []


def test_a_version_that_two_have_approved_may_be_of_the_grant_on_either_day():
    by_council = approved(by="Kommunalbestyrelsen")

    assert wrong(of(450), by_council, approved(JUNE, values=LOWER)) == []
    assert wrong(of(450), by_council) == ["50.000"]


def test_a_version_that_never_came_into_force_may_be_of_the_grant_that_was_asked_for():
    asked = event("change-requested", MARCH, change="budget", budget=CHANGE, values={"grant.awarded": kr(600_000)})
    refused = event("change-refused", JUNE, change="budget", by=AGENCY, budget=CHANGE)

    assert wrong(of(600), asked) == wrong(of(600), asked, refused) == wrong(of(500), asked) == []
    assert wrong(of(550), asked) == ["50.000"]
    assert wrong(of(600)) == ["100.000"]


def test_a_version_that_is_refused_is_held_against_no_grant_until_somebody_asks_for_it_again():
    raised = approved(values={"grant.awarded": kr(600_000)})
    no = event("change-refused", JUNE, change="budget", by=AGENCY, budget=CHANGE, values={"grant.awarded": kr(600_000)})
    its_values = structs.replace(no, budget=None)
    again = event("change-requested", date(2022, 8, 1), change="budget", budget=CHANGE, by="Thisted Kommune")
    councils = approved(date(2022, 8, 1), by="Byrådet")

    assert wrong(of(600), raised, no) == wrong(of(550), no) == []
    assert wrong(of(600, terms=FUND), raised, no, councils) == []  # what the agency has refused, nobody else approves
    assert wrong(of(600), raised, its_values) == ["100.000"]  # the budget stands, and is no longer of the grant
    assert wrong(of(550), raised, no, again) == wrong(of(550), again) == ["50.000"]
    assert wrong(of(550), no, approved(date(2022, 8, 1))) == ["50.000"]


def test_an_application_is_held_against_what_the_log_says_was_applied_for_with_it():
    revised = structs.replace(APPLICATION, lines=(with_amount(PAY, kr(300_000)), COURSES))
    sent = event("applied", date(2021, 11, 1), amount=kr(400_000), budget=APPLICATION.id)

    assert wrong(plan(budgets=(revised,)), sent) == []
    assert wrong(plan(budgets=(revised,))) == ["100.000"]


def test_a_first_application_and_a_revised_one_are_each_about_the_budget_of_their_day():
    first = structs.replace(
        APPLICATION, id=Id("2021-10-01-application"), lines=(with_amount(PAY, kr(500_000)), COURSES)
    )
    later = structs.replace(APPLICATION, id=Id("2021-11-20-application"))
    sent, revised = (
        event("applied", day, amount=amount)
        for day, amount in ((date(2021, 11, 1), kr(600_000)), (date(2021, 11, 25), kr(500_000)))
    )

    assert wrong(plan(budgets=(first, later)), sent, revised) == []
    assert wrong(plan(budgets=(first, later)), revised) == []  # the first is of no event, which is told


@pytest.mark.parametrize(
    ("named", "dated", "answer"),
    [
        (None, "2021-11-01", "give {budget} the lines back"),
        (None, "2021-10-01", "write the budget that it was sent with: budgets/{day}-application.yaml"),
        ("2021-11-20", "2021-11-20", "values.budget={day}-application"),
    ],
)
def test_two_applications_of_one_budget_are_told_and_the_hint_says_what_is_missing(named, dated, answer):
    only = structs.replace(APPLICATION, id=Id(f"{dated}-application"))
    names = {"budget": only.id} if named else {}
    sent = event("applied", date(2021, 11, 1), amount=kr(600_000), **names)
    revised = event("applied", date(2021, 11, 25), amount=kr(500_000))
    own = structs.replace(APPLICATION, id=Id("2021-11-01-application"), lines=(with_amount(PAY, kr(500_000)), COURSES))

    (told,) = found(plan(budgets=(only,)), "application-without-own-budget", events=[sent, revised])

    assert told.words["other"] == "2021-11-25"
    assert answer in told.phrases["answer"].text
    later = structs.replace(only, id=Id("2021-11-20-application"))
    both = plan(budgets=(own, later))
    assert found(both, "application-without-own-budget", events=[structs.replace(sent, budget=None), revised]) == []


def test_each_version_has_the_other_funding_that_it_names_itself():
    region = Funding(id=Id("region"), kind="co", title="Regionen", amount=kr(50_000))
    own = structs.replace(of(550).budgets[1], funding=(region,))
    bare = of(500).budgets[1]
    nobody = structs.replace(bare, at=At(Span("", 0, 0), {"funding": Span("", 4, 1)}))
    award = structs.replace(AWARD, funding=(region,), lines=(PAY, with_amount(COURSES, kr(150_000))))

    def with_change(change: Budget, **keys: object) -> list[str]:
        return wrong(plan(budgets=(award, change), **keys), approved())

    assert with_change(own) == with_change(bare) == []
    assert with_change(bare, funding=(region,)) == ["50.000"]
    assert with_change(nobody, funding=(region,)) == []


def test_what_a_budget_lacks_is_told_with_what_others_pay():
    region = Funding(kind="co", title="Regionen", amount=kr(50_000))
    (problem,) = found(plan(budgets=(AWARD,), funding=(region,)), "budget-not-funded")

    assert (problem.words["sum"], problem.words["funded"], problem.words["difference"]) == (
        "500.000",
        "550.000",
        "50.000",
    )


@pytest.mark.parametrize(
    ("lines", "co", "answer"),
    [
        (600, 0, "name who pays the rest"),
        (450, 50, "come to less than the grant alone"),
        (520, 50, "what others pay: {needed} kr."),
        (450, 0, "come to less than the grant alone"),
    ],
)
def test_where_more_is_promised_than_the_budget_has_no_more_payers_are_asked_for(lines, co, answer):
    budget = version(AWARD.id, with_amount(PAY, kr(lines * 1000)))
    funding = (Funding(kind="co", title="Regionen", amount=kr(co * 1000)),) if co else ()
    (problem,) = found(plan(budgets=(budget,), funding=funding), "budget-not-funded")

    assert answer in problem.phrases["answer"].text
    assert problem.phrases["answer"].words.get("needed", "20.000") == "20.000"


def test_a_grant_that_was_changed_without_a_new_budget_is_told():
    lowered = approved(budget=None, change="project", values=LOWER)
    (problem,) = found(plan(), "budget-behind-grant", events=[lowered])

    assert (problem.words["awarded"], problem.words["sum"], problem.severity) == ("450.000", "500.000", "warning")
    assert found(plan(), "budget-behind-grant") == []


def test_a_grant_that_was_changed_is_told_where_others_pay_too():
    region = Funding(kind="co", title="Regionen", amount=kr(50_000))
    award = structs.replace(AWARD, lines=(PAY, with_amount(COURSES, kr(150_000))))
    lowered = approved(budget=None, change="project", values=LOWER)

    assert len(found(plan(budgets=(award,), funding=(region,)), "budget-behind-grant", events=[lowered])) == 1


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ({}, kr(5)),
        ({"project_period.ends": JUNE}, kr(5)),
        ({"grant.awarded": kr(4)}, kr(4)),
        ({"grant": Grant(applied=kr(9), awarded=kr(4))}, kr(4)),
        ({"grant": Grant(applied=kr(9))}, kr(5)),
        ({"grant.awarded": None}, None),
    ],
)
def test_what_is_awarded_after_a_change_however_it_is_written(values, after):
    assert awarded_by(values, Money(500)) == after


def outside(line: BudgetLine, starts: date, ends: date, **changed: object) -> list[tuple[str, str, str]]:
    of = plan(
        budgets=(structs.replace(AWARD, lines=(line,)),), grant_period=Period(starts=starts, ends=ends), **changed
    )
    problems = found(of, "money-outside-grant-period")
    return [(each.words["line"], each.words["when"], each.words["amount"]) for each in problems]


def test_money_in_years_and_months_outside_the_grants_period_is_told():
    years = structs.replace(PAY, by_year={2022: kr(300_000), 2023: kr(100_000)})
    months = structs.replace(PAY, by_month={"2022-06": kr(1), "2022-07": kr(2), "2023-06": kr(3), "2023-07": kr(4)})
    spring = date(2023, 3, 31)

    assert outside(years, date(2022, 7, 1), spring) == []
    assert outside(years, date(2023, 1, 1), spring) == [("loen", "2022", "300.000")]
    assert outside(structs.replace(years, by_year={2022: kr(0), 2023: kr(1)}), date(2023, 1, 1), spring) == []
    assert outside(months, date(2022, 7, 31), date(2023, 6, 1)) == [("loen", "2022-06, 2023-07", "5")]
    assert outside(structs.replace(PAY, by_year={2024: kr(1)}), date(2022, 1, 1), spring) == []  # an error of its own


def test_of_a_grant_that_is_refused_or_not_there_no_money_lies_outside():
    early = structs.replace(PAY, by_year={2022: kr(400_000)})
    of = plan(
        budgets=(structs.replace(AWARD, lines=(early,)),),
        grant_period=Period(starts=date(2023, 1, 1), ends=date(2023, 12, 31)),
    )

    assert len(found(of, "money-outside-grant-period")) == 1
    assert found(of, "money-outside-grant-period", events=[event("rejected", MARCH)]) == []
    assert found(structs.replace(of, grant=None), "money-outside-grant-period") == []
