"""What the fund's call says, held against what a project applies for: its round, its days, its period, its limits."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.findings import AGENCY, term
from tests.core.worlds import AWARDED, event, plan
from toolkit.core.checks import check
from toolkit.core.deadlines import due
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, LetterTerm, Round, SourcedDay
from toolkit.core.money import Money, kr
from toolkit.core.occasion import occasions
from toolkit.core.plan import Grant, Period, Plan
from toolkit.core.problems import Problem
from toolkit.core.records import Hour, Id

CLOSES = date(2021, 11, 1)
FIRST = Round(
    id=Id("runde-1"),
    call_opens=date(2021, 9, 1),
    call_closes=CLOSES,
    call_closes_at=Hour("12:00"),
    standing="verified",
    reference="Opslaget",
)
SECOND = Round(
    id=Id("runde-2"),
    call_closes=date(2022, 11, 1),
    starts=(SourcedDay(value=date(2023, 1, 1)),),
    ends=(SourcedDay(value=date(2024, 12, 31)),),
    standing="sibling",
    reference="Håndbogen",
)
FUND = Fund(
    id=Id("pulje"),
    title="Puljen",
    agency=AGENCY,
    purpose="Bedre pleje",
    starts=(SourcedDay(value=date(2021, 12, 31)), SourcedDay(value=date(2022, 1, 1))),
    ends=(SourcedDay(value=date(2023, 12, 31), standing="verified"),),
    rounds=(FIRST,),
)
CALLS = ("applied-outside-call", "period-outside-fund", "round-not-said", "round-unknown", "applied-without-call")


def of(fund: Fund = FUND, **changed: object) -> Plan:
    """The small pilot, not awarded yet, in its round of a fund."""
    changed.setdefault("grant", Grant(applied=kr(500_000)))
    made = plan(budgets=(), **changed)
    return structs.replace(made, terms=fund.in_round(made.round))


def told(of: Plan, *events: AnyEvent) -> list[Problem]:
    return [each for each in check(Dossier(plan=of, events=events)) if each.code in CALLS]


def codes(of: Plan, *events: AnyEvent) -> list[str]:
    return [each.code for each in told(of, *events)]


def applied(day: date) -> AnyEvent:
    return event("applied", day, amount=kr(500_000))


# ── rounds ───────────────────────────────────────────────────────────────────────────────────


def test_a_project_of_a_fund_with_one_round_is_of_that():
    assert of().terms.call_closes == CLOSES
    assert codes(of()) == []


def test_what_a_round_says_of_its_period_goes_before_the_fund_and_what_it_leaves_out_is_the_funds():
    fund = structs.replace(FUND, rounds=(FIRST, SECOND))

    assert fund.in_round("runde-2").starts == SECOND.starts
    assert fund.in_round("runde-1").starts == FUND.starts


def test_a_deadline_without_an_hour_gets_none_from_another_round():
    assert structs.replace(FUND, call_closes_at=Hour("12:00"), rounds=(SECOND,)).in_round(None).call_closes_at is None


def test_of_several_rounds_the_project_says_which_and_until_then_none_is_held_against_it():
    fund = structs.replace(FUND, rounds=(FIRST, SECOND))
    late = Grant(applied=kr(500_000), applied_on=date(2025, 1, 1))

    assert codes(of(fund, grant=late)) == ["round-not-said"]
    assert "applied-outside-call" in codes(of(fund, grant=late, round=Id("runde-2")))
    assert codes(of(fund, round=Id("runde-3"))) == ["round-unknown"]


# ── the deadline ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "is_told"),
    [(date(2021, 8, 31), True), (date(2021, 9, 1), False), (CLOSES, False), (date(2021, 11, 2), True)],
)
def test_an_application_is_of_a_day_of_the_call_and_its_last_day_is_in_time_whatever_the_hour(day, is_told):
    written = Grant(applied=kr(500_000), applied_on=day)

    assert codes(of(), applied(day)) == ["applied-outside-call"] * is_told
    assert codes(of(grant=written)) == ["applied-outside-call"] * is_told


def test_a_late_application_is_told_with_the_hour_and_whose_word_it_is():
    (late,) = told(of(), applied(date(2021, 11, 2)))

    assert late.phrases["told"].words["hour"].words == {"hour": "12:00"}
    assert late.phrases["rule"].words == {"reference": "Opslaget"}


def test_an_application_for_more_is_not_held_against_the_call():
    more = event("applied", date(2022, 6, 1), amount=kr(600_000))

    assert codes(of(grant=Grant(applied=kr(500_000), awarded=kr(500_000))), applied(CLOSES), AWARDED, more) == []


def test_the_deadline_is_due_with_its_hour_until_somebody_has_applied():
    def deadlines(*events: AnyEvent, on: date) -> list[tuple[date, str, bool]]:
        state = Dossier(plan=of(), events=events).state(on, on)
        return [(each.day, each.hour, each.late) for each in due(state, ()) if each.what == "application"]

    assert deadlines(on=date(2021, 10, 1)) == [(CLOSES, "12:00", False)]
    assert deadlines(on=date(2021, 11, 2)) == [(CLOSES, "12:00", True)]
    assert deadlines(applied(date(2021, 10, 15)), on=date(2021, 10, 20)) == []


# ── the period ───────────────────────────────────────────────────────────────────────────────


def test_a_period_outside_all_that_the_sources_give_is_told_and_one_within_some_of_them_is_not():
    early = Period(starts=date(2021, 12, 31), ends=date(2023, 12, 31))
    late = Period(starts=date(2022, 1, 1), ends=date(2024, 1, 1))

    assert codes(of(project_period=early)) == []
    assert codes(of(project_period=late)) == ["period-outside-fund"]
    assert codes(of(project_period=late, grant_period=early)) == []


def test_a_period_that_is_known_by_year_is_outside_only_in_another_year():
    years = Period(starts=date(2021, 1, 1), ends=date(2023, 1, 1), precision="year")
    longer = Period(starts=date(2021, 1, 1), ends=date(2024, 1, 1), precision="year")

    assert codes(of(project_period=years)) == []
    assert codes(of(project_period=longer)) == ["period-outside-fund"]


def test_a_period_that_the_letter_sets_goes_before_the_funds():
    late = Period(starts=date(2022, 1, 1), ends=date(2024, 1, 1))
    letter = LetterTerm(id=Id("costs-in-period"), text="Tilskuddet dækker til 1. januar 2024.")

    assert codes(of(project_period=late, letter_terms=(letter,))) == []


# ── limits ───────────────────────────────────────────────────────────────────────────────────

LIMITS = structs.replace(
    FUND, terms=(term("maximum", amount=kr(400_000)), term("minimum", amount=kr(100_000))), starts=(), ends=()
)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (kr(400_000), []),
        (kr(400_001), ["applied-over-maximum"]),
        (kr(100_000), []),
        (kr(99_999), ["applied-under-minimum"]),
    ],
)
def test_what_is_applied_for_keeps_the_funds_limits(amount: Money, code: list[str]):
    found = check(Dossier(plan=of(LIMITS, grant=Grant(applied=amount))))

    assert [each.code for each in found if each.code.startswith("applied-")] == code


def test_a_limit_of_the_letters_goes_before_the_funds():
    letter = LetterTerm(id=Id("maximum"), text="Der kan gives 500.000 kr.", amount=kr(500_000))
    found = check(Dossier(plan=of(LIMITS, grant=Grant(applied=kr(500_000)), letter_terms=(letter,))))

    assert [each.code for each in found if each.code.startswith("applied-")] == []


# ── what a key distributes ───────────────────────────────────────────────────────────────────

BY_KEY = structs.replace(FUND, by_application=False, rounds=())


def test_where_a_key_distributes_the_money_there_is_no_application_and_no_amount_that_was_asked_for():
    its = of(BY_KEY, grant=Grant(awarded=kr(500_000)))
    dossier = Dossier(plan=its)

    assert codes(its) == []
    assert occasions(dossier, "application") == []
    assert dossier.state(date(2022, 1, 1), date(2022, 1, 1)).grant.applied is None


def test_an_application_for_what_a_key_distributes_is_told():
    its = of(BY_KEY, grant=Grant(applied=kr(500_000), awarded=kr(500_000), applied_on=CLOSES))

    assert codes(its, applied(CLOSES)) == ["applied-without-call"] * 3
