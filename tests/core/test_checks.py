from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from msgspec import structs

from tests.core.findings import (
    AGENCY,
    CHANGE,
    ENDS,
    FUND,
    TRIPS,
    approval,
    by_year,
    found,
    named,
    request,
    version,
    with_amount,
    with_fund,
)
from tests.core.worlds import (
    APPLICATION,
    AWARD,
    AWARDED,
    COURSES,
    DECEMBER,
    JUNE,
    MARCH,
    PAY,
    event,
    plan,
    posting,
)
from toolkit.core.checks import check
from toolkit.core.checks.days import recorded_ahead
from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.payroll import Hours
from toolkit.core.plan import BudgetLine, Funding, Period
from toolkit.core.postings import Postings, Rule
from toolkit.core.problems import Problem
from toolkit.core.records import Id, Month, Share

# ── lines that the fund does not pay ─────────────────────────────────────────────────────────


def test_a_line_that_says_nothing_of_its_costs_is_named_whatever_its_capitals():
    of = with_fund(version(AWARD.id, PAY, named(COURSES, "Overhead og DIVERSE")))

    (problem,) = found(of, "forbidden-line")

    assert problem.words == {"line": "Overhead og DIVERSE"}
    assert problem.phrases["rule"].words == {"text": "Reglen om forbidden-lines.", "reference": "håndbogen"}


def test_only_the_newest_budget_is_looked_at_since_an_older_one_is_never_edited():
    older = version(APPLICATION.id, named(COURSES, "Overhead"))

    assert found(with_fund(older, version(AWARD.id, COURSES)), "forbidden-line") == []
    assert len(found(with_fund(older, version(AWARD.id, named(COURSES, "Overhead"))), "forbidden-line")) == 1


def test_a_fund_without_a_rule_is_not_held_to_it():
    of = with_fund(version(AWARD.id, named(COURSES, "Overhead")), fund=structs.replace(FUND, terms=()))
    without_fund = structs.replace(of, terms=None)

    assert found(of, "forbidden-line") == []
    assert found(without_fund, "forbidden-line") == []


# ── changes of the budget ────────────────────────────────────────────────────────────────────

MOVES = ("line-new", "line-gone", "move-over-limit", "money-between-years")


def test_a_move_up_to_the_limits_is_the_municipalitys_own():
    up_to = version(CHANGE, PAY, with_amount(COURSES, kr(110_000)))
    over = version(CHANGE, PAY, with_amount(COURSES, kr(110_000, 1)))

    assert found(with_fund(AWARD, up_to), "move-over-limit") == []
    assert [problem.words["moved"] for problem in found(with_fund(AWARD, over), "move-over-limit")] == ["10.000,01"]


def test_a_large_move_is_over_the_limit_however_small_its_share():
    large = with_amount(PAY, kr(4_000_000))
    before = version(AWARD.id, large)
    after = version(CHANGE, with_amount(large, kr(3_899_999)))

    assert [problem.words["moved"] for problem in found(with_fund(before, after), "move-over-limit")] == ["100.001"]


def test_a_line_that_is_new_and_one_that_is_gone_are_each_named():
    of = with_fund(AWARD, version(CHANGE, PAY, TRIPS))

    assert [problem.words["line"] for problem in found(of, "line-new")] == ["Ture"]
    assert [problem.words["line"] for problem in found(of, "line-gone")] == ["Kurser"]


def test_what_the_agency_approved_is_not_warned_of_even_if_the_council_approved_it_too():
    of = with_fund(AWARD, version(CHANGE, PAY, TRIPS))
    by_both = [approval(AGENCY), approval("Kommunalbestyrelsen")]

    assert [code for code in MOVES if found(of, code, events=by_both)] == []
    assert [code for code in MOVES if found(of, code, events=[approval("agency")])] == []
    assert [code for code in MOVES if found(of, code, events=[approval("Kommunalbestyrelsen")])] == [
        "line-new",
        "line-gone",
    ]


def test_a_refused_change_is_over_and_the_next_is_held_against_what_was_approved():
    refused = version("2022-02-01-change", PAY, TRIPS)
    refusal = event("change-refused", MARCH, change="budget", by=AGENCY, budget=refused.id)
    of = with_fund(AWARD, refused, version(CHANGE, PAY, with_amount(COURSES, kr(105_000))))

    assert [code for code in MOVES if found(of, code, events=[refusal])] == []


def test_a_change_is_told_of_until_it_is_answered():
    of = with_fund(AWARD, version(CHANGE, PAY, COURSES))
    refusal = event("change-refused", MARCH, change="budget", by=AGENCY, budget=CHANGE)

    assert len(found(of, "budget-not-approved")) == 1
    assert found(of, "budget-not-approved", events=[approval(AGENCY)]) == []
    assert found(of, "budget-not-approved", events=[refusal]) == []


def test_the_application_may_differ_from_the_award_as_much_as_the_agency_likes():
    application = version(APPLICATION.id, TRIPS)

    assert [code for code in MOVES if found(with_fund(application, AWARD), code)] == []


def test_money_between_years_counts_what_one_year_gives_and_another_gets():
    before = version(AWARD.id, by_year(PAY, kr(200_000), kr(200_000)), by_year(COURSES, kr(60_000), kr(40_000)))
    after = version(CHANGE, by_year(PAY, kr(190_000), kr(210_000)), by_year(COURSES, kr(65_000), kr(35_000)))

    assert [problem.words["moved"] for problem in found(with_fund(before, after), "money-between-years")] == ["5.000"]


def test_money_that_comes_on_top_of_a_year_is_not_moved_between_years():
    before = version(AWARD.id, by_year(COURSES, kr(60_000), kr(40_000)))
    after = version(CHANGE, by_year(with_amount(COURSES, kr(105_000)), kr(60_000), kr(45_000)))

    assert found(with_fund(before, after), "money-between-years") == []


def test_a_budget_that_is_not_divided_on_years_says_nothing_of_them():
    before = version(AWARD.id, by_year(COURSES, kr(60_000), kr(40_000)))

    assert found(with_fund(before, version(CHANGE, COURSES)), "money-between-years") == []


# ── days ─────────────────────────────────────────────────────────────────────────────────────


def test_an_extension_may_be_asked_for_until_the_periods_last_day():
    assert found(with_fund(), "extension-late", events=[request(DECEMBER)]) == []
    assert len(found(with_fund(), "extension-late", events=[request(date(2024, 1, 1))])) == 1


def test_an_approved_extension_moves_the_day_until_which_the_next_may_be_asked_for():
    approved = event("change-approved", DECEMBER, change="extension", by=AGENCY, values={ENDS: date(2024, 6, 30)})

    assert found(with_fund(), "extension-late", events=[approved, request(date(2024, 1, 1))]) == []
    assert len(found(with_fund(), "extension-late", events=[approved, request(date(2024, 7, 1))])) == 1


def test_a_change_of_something_else_may_be_asked_for_after_the_period():
    late = event("change-requested", date(2024, 1, 1), change="budget")

    assert found(with_fund(), "extension-late", events=[late]) == []


def test_costs_lie_in_the_period_both_days_included():
    on_the_edges = [posting(kr(1), posted=date(2022, 1, 1)), posting(kr(1), posted=DECEMBER)]
    outside = [posting(kr(1), posted=date(2021, 12, 31)), posting(kr(2), posted=date(2024, 1, 1))]

    assert found(with_fund(), "cost-outside-period", postings=on_the_edges) == []
    (problem,) = found(with_fund(), "cost-outside-period", postings=outside)
    assert (problem.words["amount"], problem.words["count"]) == ("3", "2")


def test_nothing_can_be_performed_in_a_period_that_never_began():
    closed = event("closed", date(2021, 12, 30), by=AGENCY)

    (problem,) = found(with_fund(), "cost-outside-period", postings=[posting(kr(1), posted=date(2021, 12, 31))])
    assert "performed" in problem.phrases
    (problem,) = found(with_fund(), "cost-outside-period", events=[closed], postings=[posting(kr(1))])
    assert "performed" not in problem.phrases


def test_the_grants_own_period_goes_before_the_projects():
    year = Period(starts=date(2022, 1, 1), ends=date(2022, 12, 31))
    in_2023 = [posting(kr(1), posted=date(2023, 6, 30))]

    assert len(found(with_fund(grant_period=year), "cost-outside-period", postings=in_2023)) == 1
    assert found(with_fund(), "cost-outside-period", postings=in_2023) == []


def test_an_approved_extension_makes_room_for_costs():
    approved = event("change-approved", DECEMBER, change="extension", by=AGENCY, values={ENDS: date(2024, 6, 30)})
    in_2024 = [posting(kr(1), posted=date(2024, 1, 15))]

    assert found(with_fund(), "cost-outside-period", events=[approved], postings=in_2024) == []


def test_what_the_municipality_pays_itself_may_lie_anywhere():
    own = [posting(kr(1), posted=date(2021, 12, 31), account="2900")]

    assert found(with_fund(), "cost-outside-period", postings=own) == []


def test_a_cost_on_a_new_line_waits_for_the_lines_approval():
    of = with_fund(AWARD, version(CHANGE, PAY, COURSES, TRIPS))
    approved = approval(AGENCY, MARCH)
    before = posting(kr(100), posted=date(2022, 3, 30), account="4700")
    after = posting(kr(100), posted=MARCH, account="4700")

    assert found(of, "cost-before-approval", events=[approved], postings=[after]) == []
    (problem,) = found(of, "cost-before-approval", events=[approved], postings=[before, after])
    assert (problem.words["amount"], problem.words["day"]) == ("100", "2022-03-31")


def test_a_line_from_the_beginning_waits_for_nothing():
    of = with_fund(AWARD, version(CHANGE, PAY, COURSES))

    assert found(of, "cost-before-approval", events=[approval(AGENCY)], postings=[posting(kr(1))]) == []


# ── overspending ─────────────────────────────────────────────────────────────────────────────


def test_a_line_may_be_spent_to_the_last_oere():
    exactly = [posting(kr(100_000), account="4600")]
    over = [*exactly, posting(Money(1), account="4600")]

    assert found(with_fund(), "line-overspent", postings=exactly) == []
    assert [problem.words["over"] for problem in found(with_fund(), "line-overspent", postings=over)] == ["0,01"]


def test_a_line_whose_overspending_the_log_explains_is_not_told_again():
    over = [posting(kr(100_001), account="4600")]
    explained = event("deviation", JUNE, line="kurser", cause="Dyrere lokaler", action="Ingen")
    of_something_else = event("deviation", JUNE, cause="Dyrere lokaler", action="Ingen")

    assert found(with_fund(), "line-overspent", events=[explained], postings=over) == []
    assert len(found(with_fund(), "line-overspent", events=[of_something_else], postings=over)) == 1


def test_what_others_pay_may_be_spent_too():
    over = [posting(kr(500_001))]
    co_funded = with_fund(funding=(Funding(kind="own", title="Kommunen", amount=kr(1)),))

    assert [problem.words["over"] for problem in found(with_fund(), "grant-overspent", postings=over)] == ["1"]
    assert found(co_funded, "grant-overspent", postings=over) == []


def test_without_a_fund_overspending_is_still_told_and_no_rule_is_claimed():
    (problem,) = found(plan(), "grant-overspent", postings=[posting(kr(500_001))])

    assert problem.phrases["rule"].text == ""


# ── VAT ──────────────────────────────────────────────────────────────────────────────────────


def test_vat_is_known_by_its_text_and_only_on_a_line():
    vat = posting(kr(25), text="KØBSMOMS af kursus", account="4600")
    paid_by_the_municipality = posting(kr(25), text="Købsmoms", account="2900")
    course = posting(kr(100), text="Kursus", account="4600")

    assert found(with_fund(), "vat-mentioned", postings=[course, paid_by_the_municipality]) == []
    (problem,) = found(with_fund(), "vat-mentioned", postings=[course, vat])
    assert (problem.words["amount"], problem.words["account"], problem.severity) == ("25", "4600", "note")


# ── wages ────────────────────────────────────────────────────────────────────────────────────

APRIL = date(2022, 4, 5)
RATE = kr(400)


def test_hours_are_held_against_the_wages_to_the_oere():
    booked = [posting(kr(40_000), posted=MARCH, imported=APRIL)]
    one_oere_less = [posting(Money(3_999_999), posted=MARCH, imported=APRIL)]

    assert found(with_fund(), "wages-differ", hours=[hours("2022-03")], postings=booked) == []
    (problem,) = found(with_fund(), "wages-differ", hours=[hours("2022-03")], postings=one_oere_less)
    assert problem.words["difference"] == "0,01"


def test_it_is_the_sums_that_are_held_against_each_other_whenever_a_month_was_booked():
    both_in_march = [posting(kr(80_000), posted=MARCH, imported=APRIL)]

    assert found(with_fund(), "wages-differ", hours=[hours("2022-02"), hours("2022-03")], postings=both_in_march) == []


def test_the_hours_of_a_month_that_is_not_imported_yet_wait():
    booked = [posting(kr(40_000), posted=MARCH, imported=APRIL)]

    assert found(with_fund(), "wages-differ", hours=[hours("2022-03"), hours("2022-04")], postings=booked) == []
    assert found(with_fund(), "wages-differ", hours=[hours("2022-03")]) == []


def test_wages_that_were_placed_on_another_line_are_missed():
    elsewhere = [posting(kr(40_000), posted=MARCH, imported=APRIL, account="4600")]

    (problem,) = found(with_fund(), "wages-differ", hours=[hours("2022-03")], postings=elsewhere)

    assert problem.words["booked"] == "0"


def test_a_cost_that_is_no_wage_needs_no_hours():
    booked = [
        posting(kr(40_000), posted=MARCH, imported=APRIL),
        posting(kr(700), posted=MARCH, imported=APRIL, account="4009"),
    ]
    to_pay = (Rule(account="400*", line=Id("loen")),)

    assert (
        found(
            with_fund(),
            "wages-differ",
            hours=[hours("2022-03")],
            postings=booked,
            rules=to_pay,
            wage_accounts=("4001",),
        )
        == []
    )
    assert len(found(with_fund(), "wages-differ", hours=[hours("2022-03")], postings=booked, rules=to_pay)) == 1


def test_a_rate_is_no_higher_than_the_budgets_price_of_an_hour_and_is_told_once():
    hourly = structs.replace(PAY, unit="time", quantity=Fraction(1_000), unit_price=kr(400))
    of = with_fund(version(AWARD.id, hourly, COURSES))
    dear = [hours("2022-03", rate=kr(401)), hours("2022-04", rate=kr(401))]

    assert found(of, "rate-above-budget", hours=[hours("2022-03", rate=kr(400))]) == []
    assert [problem.words["rate"] for problem in found(of, "rate-above-budget", hours=dear)] == ["401"]


def test_the_price_of_a_month_is_no_price_of_an_hour():
    monthly = structs.replace(PAY, unit="måned", quantity=Fraction(1_000), unit_price=kr(400))
    of = with_fund(version(AWARD.id, monthly, COURSES))

    assert found(of, "rate-above-budget", hours=[hours("2022-03", rate=kr(401))]) == []


# ── the ERP's balance ────────────────────────────────────────────────────────────────────────


def test_a_balance_holds_all_costs_and_none_of_the_income():
    books = [
        posting(kr(100)),
        posting(kr(20), account="2900"),  # paid by the municipality
        posting(kr(3), account="9999"),  # on no line yet
        posting(kr(-5_000), account="8600"),
    ]

    assert found(with_fund(), "balance-differs", events=[balance(kr(123))], postings=books) == []
    (problem,) = found(with_fund(), "balance-differs", events=[balance(kr(100))], postings=books)
    assert (problem.words["ours"], problem.words["difference"]) == ("123", "23")


def test_a_balance_of_one_line_holds_that_lines_costs():
    books = [posting(kr(100)), posting(kr(50), account="4600")]

    assert found(with_fund(), "balance-differs", events=[balance(kr(50), line="kurser")], postings=books) == []


def test_a_balance_agrees_as_known_when_it_was_drawn_or_as_known_now():
    in_time = posting(kr(100), posted=MARCH, imported=APRIL)
    late = posting(kr(9), posted=MARCH, imported=JUNE)

    for drawn in (kr(100), kr(109)):
        assert found(with_fund(), "balance-differs", events=[balance(drawn)], postings=[in_time, late]) == []
    assert len(found(with_fund(), "balance-differs", events=[balance(kr(9))], postings=[in_time, late])) == 1


def test_a_corrected_balance_is_the_one_that_counts():
    wrong = event("balance", MARCH, APRIL, amount=kr(1), id="saldo")
    correction = event("corrected", APRIL, event="saldo", values={"amount": kr(100)})

    assert found(with_fund(), "balance-differs", events=[wrong, correction], postings=[posting(kr(100))]) == []


def test_an_answer_that_was_corrected_is_held_against_the_agency_all_the_same():
    answer = event("change-approved", date(2023, 2, 1), change="carry-over", year=2022, by="Byrådet", id="svar")
    correction = event("corrected", date(2023, 2, 2), event="svar", values={"reason": "Ubesat"})

    for events in ([AWARDED, answer], [AWARDED, answer, correction]):
        assert len(found(with_fund(), "answer-not-by-agency", events=events)) == 1


def test_a_log_is_in_order_once_the_day_that_was_wrong_is_corrected():
    wrong = event("noted", MARCH, date(2032, 3, 31), text="x", id="n")
    correction = event("corrected", JUNE, event="n", values={"recorded": APRIL})

    assert len(found(with_fund(), "log-out-of-order", events=[wrong, event("noted", JUNE, text="y")])) == 1
    assert found(with_fund(), "log-out-of-order", events=[wrong, correction]) == []


def test_a_line_whose_recorded_was_corrected_does_not_put_those_below_it_out_of_order():
    moved = event("noted", MARCH, MARCH, text="x", id="n")
    correction = event("corrected", APRIL, event="n", values={"recorded": JUNE})

    assert found(with_fund(), "log-out-of-order", events=[moved, correction, event("noted", APRIL, text="y")]) == []


def test_a_correction_is_not_told_to_stand_above_what_it_corrects():
    wrong = event("noted", APRIL, APRIL, text="x", id="n")
    early = event("corrected", MARCH, event="n", values={"text": "y"})
    other = event("noted", MARCH, MARCH, text="z")

    (bound,) = found(with_fund(), "log-out-of-order", events=[wrong, early])
    (free,) = found(with_fund(), "log-out-of-order", events=[wrong, other])
    assert "cannot be moved up" in bound.phrases["answer"].text
    assert "move it up" in free.phrases["answer"].text


def test_what_was_cancelled_without_an_order_is_withdrawn_and_no_amount_of_it_is_proposed():
    cancelled = event("order-cancelled", APRIL, line="loen", amount=kr(8))
    order = event("ordered", MARCH, line="loen", amount=kr(5))

    (none,) = found(with_fund(), "order-cancelled-over", events=[AWARDED, cancelled])
    (less,) = found(with_fund(), "order-cancelled-over", events=[AWARDED, order, cancelled])
    assert "withdrawn=true" in none.phrases["answer"].text
    assert "values.amount" not in none.phrases["answer"].text
    assert less.phrases["answer"].words == {"ordered": "5"}


@pytest.mark.parametrize(("happened", "asks"), [(MARCH, 1), (JUNE, 2)])
def test_what_is_recorded_on_a_day_that_has_not_come_is_told_from_the_day_before_it(happened, asks):
    ahead = event("noted", happened, JUNE, text="x", id="n")
    dossier = Dossier(plan=with_fund(), events=(ahead,))
    (told,) = recorded_ahead(dossier, APRIL)

    assert list(recorded_ahead(dossier, JUNE)) == []
    assert told.phrases["days"].text.count("values.") == asks


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def balance(amount: Money, line: str | None = None) -> AnyEvent:
    return event("balance", MARCH, APRIL, amount=amount, line=line)


def hours(month: str, rate: Money = RATE) -> Hours:
    return Hours(
        month=Month(month),
        line=Id("loen"),
        role="Projektleder",
        hours=Fraction(100),
        hourly_rate=rate,
        timesheet="sag 22/1234",
    )


# ── lines that carry on earlier ones, income that was somebody's ─────────────────────────────


def carrying(line: BudgetLine, **was: int) -> BudgetLine:
    return structs.replace(line, was={Id(id): Share(Fraction(part, 100)) for id, part in was.items()})


def test_a_line_carries_on_lines_of_earlier_versions_only():
    renamed = version("2022-06-01-change", carrying(TRIPS, **{COURSES.id: 100, "ture": 100}))
    (problem,) = found(plan(budgets=(AWARD, renamed)), "unknown-id")

    assert problem.words["id"] == "ture"
    assert COURSES.id in problem.words["known"]


def test_no_more_of_an_earlier_line_is_carried_on_than_all_of_it():
    def after(*parts: int) -> list[Problem]:
        lines = [carrying(named(TRIPS, f"Ture {n}"), **{COURSES.id: part}) for n, part in enumerate(parts)]
        return found(plan(budgets=(AWARD, version("2022-06-01-change", *lines))), "was-over-whole")

    assert after(60, 40) == after(60) == []
    (problem,) = after(60, 60, 60)

    assert problem.words == {"budget": "2022-06-01-change", "line": COURSES.id, "share": "120", "rest": "40"}


def test_an_income_names_a_funding_of_the_project_or_of_any_budget():
    region = Funding(id=Id("region"), kind="co", title="Regionen", amount=kr(1))
    of = plan(funding=(region,), budgets=(structs.replace(AWARD, funding=(structs.replace(region, id=Id("fond")),)),))

    def unknown(*payers: str | bool) -> list[str]:
        rules = tuple(Rule(account="71*", other_income=Id(p) if isinstance(p, str) else p) for p in payers)
        return [each.words["known"] for each in found(of, "unknown-id", rules=rules)]

    assert unknown("region", "fond", True) == []
    assert unknown("regoin") == ["region"]
    assert unknown("ja") == ["fond, region, true"]


def test_a_rule_for_one_file_names_one_that_is_there():
    file = "postings/2022-04-01-opus-0a1b2c3d.csv"

    def unknown(pattern: str) -> list[str]:
        rule = Rule(file=pattern, taken_back=True)
        dossier = Dossier(plan=plan(), postings=Postings((), (rule,)), posting_files=(PostingFile(file, "sha256:0"),))
        return [each.words["known"] for each in check(dossier) if each.code == "unknown-id"]

    assert unknown(file) == unknown(file.removeprefix("postings/")) == unknown("*-prisme-*") == []
    assert unknown("postings/2022-04-01-opus-0a1b2c3e.csv") == [file]
