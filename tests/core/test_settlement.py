from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, DECEMBER, JUNE, RULES, event, plan, posting, state
from toolkit.core.carry_over import carry_overs
from toolkit.core.economy import economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.fund import AskedOf, Fund, LetterTerm, Payers, Term
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Funding, Grant, Period, Plan
from toolkit.core.postings import Posting, Rule
from toolkit.core.settlement import Settlement, Step, Sum, Waits

LAST_OF_2022, FIRST_OF_2023 = date(2022, 12, 31), date(2023, 1, 1)

FLOOR = Term(
    id="repayment-floor",
    text="Krav under 500 kr. bortfalder.",
    standing="sibling",
    reference="håndbogen",
    amount=kr(500),
)
FUND = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", terms=(FLOOR,))
PAY = BudgetLine(id="loen", title="Løn", amount=kr(400_000), by_year={2022: kr(200_000), 2023: kr(200_000)})
COURSES = BudgetLine(id="kurser", title="Kurser", amount=kr(100_000), by_year={2022: kr(100_000), 2023: kr(0)})
OF = plan(terms=FUND, budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY, COURSES)),))
THREE_YEARS = dict.fromkeys((2022, 2023, 2024), kr(100_000))
THREE = Budget(
    id=AWARD.id,
    stage="award",
    lines=(BudgetLine(id="loen", title="Løn", amount=kr(300_000), by_year=THREE_YEARS),),
)
OWN = Funding(kind="own", title="Egen", amount=kr(100_000))
REGION = Funding(id="region", kind="co", title="Regionen", amount=kr(100_000))
RECEIVED = event("instalment-received", date(2022, 1, 3), amount=kr(500_000))
IMPORTED = event("imported", date(2022, 1, 3), file="postings/x.csv", digest="x", ends=date(2024, 12, 31))


def settled(
    as_of: date = DECEMBER,
    known_by: date | None = None,
    *,
    of: Plan = OF,
    paid: Iterable[Posting] = (),
    events: Iterable[AnyEvent] = (),
    rules: tuple[Rule, ...] = RULES,
) -> Settlement:
    found = economy_of(
        state(as_of, known_by, of=of, events=[AWARDED, RECEIVED, IMPORTED, *events], postings=paid, rules=rules)
    )
    assert found is not None
    return found.settlement


def carried(kind: str, happened: date, **keys: Any) -> AnyEvent:
    return event(kind, happened, change="carry-over", **keys)


def spent(kroner: int, year: int = 2022, account: str = "4001") -> Posting:
    return posting(kr(kroner), posted=date(year, 6, 1), imported=date(year, 6, 1), account=account)


def told(sum: Sum) -> dict[str, Money]:
    return {step.what: step.amount for step in (*sum.terms, sum.result)}


def final(found: Settlement, result: str) -> dict[str, Money]:
    return next(told(sum) for sum in found.final if sum.result.what == result)


def test_nothing_is_settled_while_nothing_is_known_of_what_was_spent() -> None:
    found = economy_of(state(of=OF, events=[AWARDED, RECEIVED]))

    assert found is not None
    assert (found.settlement.years, found.settlement.outcomes, found.settlement.to_repay_at_most) == ((), (), None)
    assert (found.balance.cost, found.balance.financed) == (None, None)
    assert [each.used for each in found.year_ends] == [None, None]


# ── from year to year ────────────────────────────────────────────────────────────────────────


def test_what_a_year_left_is_to_be_asked_for_once_the_year_is_over() -> None:
    during, after = settled(date(2022, 12, 30), paid=[spent(250_000)]), settled(LAST_OF_2022, paid=[spent(250_000)])

    assert (during.years[0].left, during.years[0].carry_over) == (kr(50_000), None)
    assert (after.years[0].left, after.years[0].carry_over) == (kr(50_000), "to-ask-for")


def test_an_approved_carry_over_is_the_next_years_to_spend() -> None:
    found = settled(paid=[spent(250_000)], events=[carried("change-approved", date(2023, 2, 15))])

    assert found.years[0].carry_over == "approved"
    assert told(found.years[1].sum) == {
        "budget": kr(200_000),
        "carried-in": kr(50_000),
        "spent": kr(0),
        "left": kr(250_000),
    }


def test_what_is_to_come_hangs_on_a_carry_over_that_nobody_has_answered_as_what_goes_back_does() -> None:
    asked = [
        carried("change-requested", date(2023, 2, 15), year=2022),
        event("repaid", date(2023, 6, 1), amount=kr(450_000)),
    ]
    found, answered = (
        settled(paid=[spent(120_000), spent(264_000, 2023)], events=[*asked, *more])
        for more in ([], [carried("change-approved", date(2023, 3, 1), year=2022)])
    )

    assert found.outcome and answered.outcome
    assert found.outcome.hangs_on_carry_over and found.claim is None
    assert found.outcome.receive_if_carried == answered.outcome.to_receive > found.outcome.to_receive


@pytest.mark.parametrize(("kind", "carry_over"), [("change-requested", "requested"), ("change-refused", "refused")])
def test_a_carry_over_without_approval_gives_the_next_year_nothing(kind: str, carry_over: str) -> None:
    found = settled(paid=[spent(250_000)], events=[carried(kind, date(2023, 2, 15))])

    assert found.years[0].carry_over == carry_over
    assert found.years[1].left == kr(200_000)


@pytest.mark.parametrize(
    ("by", "carry_over"),
    [("Styrelsen", "approved"), ("tilskudsyder", "approved"), (None, "approved"), ("KB", "refused")],
)
def test_what_the_agency_has_answered_about_a_year_nobody_else_answers(by: str | None, carry_over: str) -> None:
    of = structs.replace(OF, terms=Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…"))
    refused = carried("change-refused", date(2023, 2, 1), by="Styrelsen", year=2022)
    approved = carried("change-approved", date(2023, 3, 1), by=by, year=2022)

    assert settled(of=of, paid=[spent(250_000)], events=[refused, approved]).years[0].carry_over == carry_over


@pytest.mark.parametrize(("since", "is_dropped"), [(None, True), (DECEMBER, True), (date(2024, 1, 1), False)])
@pytest.mark.parametrize("as_of", [DECEMBER, date(2024, 6, 1)])
def test_all_is_settled_by_the_terms_of_the_periods_last_day_whenever_it_is_made(
    as_of: date, since: date | None, is_dropped: bool
) -> None:
    letters = LetterTerm(id="repayment-floor", text="…", amount=kr(1_000), since=since)
    order = LetterTerm(id="payer-order", text="…", payers="others-first", since=since)
    found = settled(as_of, of=structs.replace(OF, letter_terms=(letters, order)), paid=[spent(499_200)])

    assert (found.is_dropped, found.balance) == (is_dropped, kr(800))
    assert (found.floor, found.payers) == ((letters, order) if is_dropped else (FLOOR, None))


def test_a_year_of_which_the_books_tell_no_day_is_not_settled() -> None:
    books = event("imported", date(2023, 1, 10), file="postings/a.csv", digest="sha256:0", ends=date(2022, 12, 31))
    found = economy_of(state(DECEMBER, of=OF, events=[AWARDED, RECEIVED, books], postings=[spent(250_000)]))

    assert found is not None
    assert [each.year for each in found.settlement.years] == [2022]
    assert [each.used for each in found.year_ends] == [kr(250_000), None]


def test_the_last_word_about_a_carry_over_counts() -> None:
    refused, approved = (carried(f"change-{answer}", FIRST_OF_2023, year=2022) for answer in ("refused", "approved"))
    refused_first = [refused, approved]

    assert settled(paid=[spent(1)], events=refused_first).years[0].carry_over == "approved"


@pytest.mark.parametrize("day", [date(2022, 7, 1), date(2022, 12, 20), date(2023, 6, 30)])
def test_an_approval_is_about_the_turn_of_the_year_that_is_nearest(day: date) -> None:
    assert settled(events=[carried("change-approved", day)]).years[0].carry_over == "approved"


def test_an_answer_is_about_the_year_that_it_names() -> None:
    answers = [
        carried("change-refused", date(2023, 2, 20), year=2022),
        carried("change-approved", date(2024, 2, 20), year=2023),
    ]
    of = plan(terms=FUND, budgets=(THREE,), project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31)))
    found = settled(date(2024, 12, 31), of=of, paid=[spent(60_000)], events=answers)

    assert [year.carry_over for year in found.years] == ["refused", "approved", None]


def test_an_answer_that_names_no_year_is_about_the_last_ended_year_without_a_final_answer() -> None:
    period = Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31))
    refused = carried("change-refused", date(2023, 2, 20))
    asked, approved = carried("change-requested", date(2024, 1, 20)), carried("change-approved", date(2024, 2, 20))

    told = carry_overs([refused, asked, approved], plan(project_period=period))
    assert [(each.year, each.assumed) for each in told] == [
        (2022, True),
        (2023, True),
        (2023, True),
    ]


def test_what_the_council_has_answered_is_no_answer_to_the_agency_nor_to_whoever_asks_it() -> None:
    of = structs.replace(OF, terms=Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…"))
    council = carried("change-approved", date(2023, 2, 1), by="Byrådet")
    asked = carried("change-requested", date(2023, 2, 15), by="Kommunen")
    agency = carried("change-refused", date(2023, 3, 1), by="Styrelsen")
    again = carried("change-approved", date(2023, 4, 1), by="Byrådet")

    told = carry_overs([council, asked, agency, again], of)
    assert [each.year for each in told] == [2022, 2022, 2022, 2023]
    found = settled(of=of, paid=[spent(250_000)], events=[council, asked, agency])
    assert found.years[0].carry_over == "refused"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["change-requested", "change-approved", "change-refused"]),
            st.dates(date(2022, 1, 1), date(2026, 12, 31)),
            st.one_of(st.none(), st.integers(2022, 2025)),
        ),
        max_size=8,
    )
)
def test_what_names_no_year_never_touches_one_that_has_its_answer(told: list[tuple[str, date, int | None]]) -> None:
    period = Period(starts=date(2022, 1, 1), ends=date(2025, 12, 31))
    events = [carried(kind, day, year=year) for kind, day, year in sorted(told, key=lambda each: each[1])]
    answered: set[int] = set()
    for each in carry_overs(events, plan(project_period=period)):
        if each.assumed and each.year < min(each.event.happened.year, 2025):
            assert each.year not in answered
        if each.event.kind != "change-requested":
            answered.add(each.year)


def test_what_nobody_asked_for_is_lost_only_when_the_agency_has_closed_the_grant() -> None:
    overspends = [spent(250_000), spent(240_000, 2023)]
    closed = event("closed", date(2024, 6, 1))
    found = settled(date(2024, 7, 1), paid=overspends, events=[closed])

    assert settled(paid=overspends).pending == (2022,)
    assert (found.years[0].carry_over, found.pending) == ("lapsed", ())
    assert final(found, "available")["not-carried-over"] == kr(-50_000)


def test_of_what_a_year_left_a_part_is_carried_over_and_the_rest_is_lost() -> None:
    part = carried("change-approved", date(2023, 2, 1), year=2022, amount=kr(15_000))
    found = settled(paid=[spent(280_000)], events=[part])

    assert (found.years[0].left, found.years[0].part, found.years[0].carried) == (kr(20_000), kr(15_000), kr(15_000))
    assert told(found.years[1].sum)["carried-in"] == kr(15_000)
    assert final(found, "available")["not-carried-over"] == kr(-5_000)


@pytest.mark.parametrize("amount", [kr(20_000), kr(90_000)])
def test_as_much_as_a_year_left_is_all_of_it(amount: Money) -> None:
    approved = carried("change-approved", date(2023, 2, 1), year=2022)
    more = structs.replace(approved, amount=amount)

    assert settled(paid=[spent(280_000)], events=[more]) == settled(paid=[spent(280_000)], events=[approved])


def test_what_is_pending_is_reckoned_with_as_much_as_was_asked_for() -> None:
    paid = [spent(280_000), spent(220_000, 2023)]
    asked = carried("change-requested", date(2023, 2, 1), year=2022, amount=kr(15_000))
    outcome = settled(paid=paid, events=[asked]).outcome

    assert outcome is not None
    assert (outcome.to_repay, outcome.if_carried) == (kr(20_000), kr(5_000))


def test_what_the_agency_has_answered_of_a_part_takes_the_place_of_what_it_said_before() -> None:
    of = structs.replace(OF, terms=Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…"))
    council = carried("change-approved", date(2023, 2, 1), year=2022, by="Byrådet", amount=kr(19_000))
    first, second = (
        carried("change-approved", date(2023, month, 1), year=2022, by="Styrelsen", amount=kr(amount))
        for month, amount in ((3, 15_000), (4, 10_000))
    )
    again = carried("change-requested", date(2023, 5, 1), year=2022, amount=kr(5_000))
    parts = [
        settled(of=of, paid=[spent(280_000)], events=events).years[0].part
        for events in ([council], [council, first], [first, council], [first, second], [first, second, again])
    ]

    assert parts == [kr(19_000), kr(15_000), kr(15_000), kr(10_000), kr(10_000)]


def test_a_new_budget_that_moves_the_money_leaves_less_to_carry() -> None:
    moved = Budget(
        id="2023-02-15-change",
        stage="change",
        lines=(BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(250_000), 2023: kr(250_000)}),),
    )
    of = plan(terms=FUND, budgets=(*OF.budgets, moved))
    approved = carried("change-approved", date(2023, 2, 15), budget=moved.id)
    found = settled(of=of, paid=[spent(250_000)], events=[approved])

    assert [(year.left, year.carry_over) for year in found.years] == [(kr(0), None), (kr(250_000), None)]


def test_what_a_year_spent_too_much_is_the_next_ones_to_save() -> None:
    found = settled(paid=[spent(310_000)])

    assert [year.left for year in found.years] == [kr(-10_000), kr(190_000)]
    assert [step.what for step in found.years[1].sum.terms] == ["budget", "overspent-before", "spent"]
    assert found.years[0].carry_over is None


def test_a_budget_without_years_has_no_year_to_settle() -> None:
    whole = BudgetLine(id="loen", title="Løn", amount=kr(500_000))
    of = plan(terms=FUND, budgets=(Budget(id=AWARD.id, stage="award", lines=(whole,)),))

    assert settled(of=of).years == ()


# ── the end ──────────────────────────────────────────────────────────────────────────────────


def test_there_is_nothing_final_before_the_period_ends() -> None:
    before = settled(date(2023, 12, 30), paid=[spent(300_000)])

    assert before.final == ()
    assert (before.unspent, before.balance, before.to_repay, before.to_receive) == (None,) * 4


def test_the_grants_own_period_rules_the_settlement() -> None:
    """Its last day settles, its years are settled, and what falls outside it waits, though the project goes on."""
    own = Period(starts=date(2022, 2, 15), ends=date(2023, 8, 31))
    of = structs.replace(OF, grant_period=own)
    last, after, before = (
        posting(kr(amount), posted=day, imported=day)
        for amount, day in (
            (10_000, date(2023, 8, 31)),
            (7_000, date(2023, 9, 1)),
            (5_000, date(2022, 2, 14)),
        )
    )
    inside = [spent(300_000), last]

    assert settled(date(2023, 8, 30), of=of).final == ()
    assert settled(own.ends, of=of, paid=inside).unspent == kr(190_000)
    assert settled(own.ends, paid=inside).unspent is None  # by the project's, that goes on
    assert settled(of=of, paid=[*inside, after, before]).waits == ("before-period", "after-period")
    assert settled(of=of, paid=[*inside, after, before]).unspent == kr(190_000)
    assert settled(paid=[*inside, after, before]).unspent == kr(178_000)


def test_what_is_unspent_goes_back() -> None:
    found = settled(paid=[spent(300_000), spent(150_000, 2023)])

    assert final(found, "balance") == {
        "received": kr(500_000),
        "repaid": kr(0),
        "covered": kr(-450_000),
        "balance": kr(50_000),
    }
    assert (found.unspent, found.to_repay, found.to_receive) == (kr(50_000), kr(50_000), kr(0))


def test_what_was_repaid_is_not_asked_for_again() -> None:
    back = event("repaid", date(2024, 6, 26), amount=kr(50_000))
    found = settled(date(2024, 7, 1), paid=[spent(300_000), spent(150_000, 2023)], events=[back])

    assert (found.unspent, found.to_repay, found.to_receive) == (kr(50_000), kr(0), kr(0))


def test_the_grant_never_covers_more_than_was_awarded() -> None:
    found = settled(paid=[spent(300_000), spent(240_000, 2023)])

    assert final(found, "covered") == {
        "spent-on-lines": kr(540_000),
        "not-covered": kr(-40_000),
        "covered": kr(500_000),
    }
    assert (found.unspent, found.to_repay, found.to_receive) == (kr(0), kr(0), kr(0))


def test_what_the_state_has_not_paid_yet_is_to_be_received() -> None:
    held = event("corrected", date(2022, 1, 4), event=RECEIVED.called, values={"amount": kr(400_000)})
    found = settled(paid=[spent(300_000), spent(190_000, 2023)], events=[held])

    assert (found.to_repay, found.to_receive) == (kr(0), kr(90_000))


def test_what_others_paid_is_not_covered_again() -> None:
    rules = (Rule(account="7100", other_income=True), *RULES)
    found = settled(paid=[spent(300_000), spent(-20_000, account="7100")], rules=rules)

    assert final(found, "covered")["other-income"] == kr(-20_000)
    assert final(found, "covered")["covered"] == kr(280_000)


def test_what_lies_on_no_approved_line_is_not_covered() -> None:
    found = settled(paid=[spent(100_000), spent(7_000, account="5555"), spent(3_000, account="2900")])

    assert final(found, "covered")["covered"] == kr(100_000)


def test_what_a_year_left_without_leave_is_lost_to_the_next() -> None:
    overspends = [spent(250_000), spent(240_000, 2023)]
    approved = carried("change-approved", date(2023, 2, 15))

    without, with_leave = settled(paid=overspends), settled(paid=overspends, events=[approved])

    assert final(without, "available") == {
        "awarded": kr(500_000),
        "not-yet-carried-over": kr(-50_000),
        "available": kr(450_000),
    }
    assert without.final[0].terms[1].year == 2022
    assert (without.to_repay, with_leave.to_repay) == (kr(50_000), kr(10_000))
    assert without.outcome is not None
    assert without.outcome.if_carried == kr(10_000)


def test_of_what_is_lost_the_grant_loses_its_own_part() -> None:
    funding = (Funding(kind="own", title="Egen", amount=kr(500_000)),)
    twice = tuple(
        BudgetLine(id=line.id, title="Post", amount=kr(500_000), by_year={2022: kr(300_000), 2023: kr(200_000)})
        for line in (PAY, COURSES)
    )
    of = plan(terms=FUND, funding=funding, budgets=(Budget(id=AWARD.id, stage="award", lines=twice),))
    found = settled(of=of, paid=[spent(560_000)], events=[carried("change-refused", date(2023, 2, 1))])

    lost = {each.payers: told(each.sums[0])["not-carried-over"] for each in found.outcomes}
    assert lost == {"grant-first": kr(0), "others-first": kr(-40_000), "proportional": kr(-20_000)}


def test_a_grant_of_nothing_loses_nothing_and_covers_nothing() -> None:
    of, nothing = (
        plan(terms=FUND, budgets=OF.budgets),
        event("change-approved", JUNE, change="budget", values={"grant.awarded": kr(0)}),
    )
    found = settled(of=of, paid=[spent(250_000)], events=[nothing])

    assert [(each.covered, each.unspent, each.to_repay) for each in found.outcomes] == [(kr(0), kr(0), kr(500_000))]


# ── who pays first ───────────────────────────────────────────────────────────────────────────


def shared(payers: Payers | None = None, *, funding: Iterable[Funding] = (OWN,)) -> Plan:
    """A grant of 400.000 kr. and 100.000 kr. of somebody else's, for a budget of 500.000 kr."""
    terms = (Term(id="payer-order", text="Rækkefølge", standing="letter", reference="brevet", payers=payers),)
    fund = structs.replace(FUND, terms=(FLOOR, *(terms if payers else ())))
    grant = Grant(applied=kr(400_000), awarded=kr(400_000))
    return plan(terms=fund, grant=grant, funding=tuple(funding), budgets=OF.budgets)


SHARED = [
    event("awarded", date(2021, 12, 16), amount=kr(400_000), budget=AWARD.id),
    event("instalment-received", date(2022, 1, 3), amount=kr(400_000)),
]


def outcomes(of: Plan, *paid: Posting, rules: tuple[Rule, ...] = RULES) -> dict[str, tuple[Money, Money]]:
    found = economy_of(state(DECEMBER, of=of, events=SHARED, postings=paid, rules=rules))
    assert found is not None
    return {each.payers: (each.covered, each.to_repay) for each in found.settlement.outcomes}


def test_where_no_term_says_who_pays_first_the_outcomes_stand_side_by_side() -> None:
    assert outcomes(shared(), spent(300_000), spent(150_000, 2023)) == {
        "grant-first": (kr(400_000), kr(0)),
        "others-first": (kr(350_000), kr(50_000)),
        "proportional": (kr(360_000), kr(40_000)),
    }


@pytest.mark.parametrize(
    ("payers", "to_repay"), [("grant-first", 0), ("others-first", 50_000), ("proportional", 40_000)]
)
def test_where_a_term_says_who_pays_first_there_is_one_outcome(payers: Payers, to_repay: int) -> None:
    found = outcomes(shared(payers), spent(300_000), spent(150_000, 2023))

    assert {order: back for order, (_covered, back) in found.items()} == {payers: kr(to_repay)}


def test_where_the_order_makes_no_difference_there_is_one_outcome() -> None:
    assert list(outcomes(shared(), spent(300_000), spent(200_000, 2023)).values()) == [(kr(400_000), kr(0))]


INCOME = (Rule(account="7100", other_income="region"), Rule(account="7200", other_income=True), *RULES)


def test_what_a_payer_has_paid_is_no_longer_outstanding() -> None:
    paid = (spent(300_000), spent(200_000, 2023), spent(-100_000, account="7100"))

    assert list(outcomes(shared(funding=[REGION]), *paid, rules=INCOME).values()) == [(kr(400_000), kr(0))]


def test_income_that_names_no_payer_is_taken_for_what_others_promised() -> None:
    paid = (spent(300_000), spent(200_000, 2023), spent(-100_000, account="7200"))

    assert list(outcomes(shared(funding=[REGION]), *paid, rules=INCOME).values()) == [(kr(400_000), kr(0))]


def test_income_that_nobody_promised_makes_the_project_cheaper() -> None:
    assert settled(paid=[spent(300_000), spent(-20_000, account="7200")], rules=INCOME).to_repay == kr(220_000)


@given(
    st.lists(st.tuples(st.integers(-40_000_000, 40_000_000), st.sampled_from([2021, 2022, 2023, 2024])), max_size=6),
    st.integers(0, 20_000_000),
    st.integers(0, 20_000_000),
)
def test_the_grant_covers_least_where_others_pay_first_and_most_where_it_does_itself(
    paid: list[tuple[int, int]], region: int, unnamed: int
) -> None:
    postings = [posting(Money(oere), posted=date(year, 2, 1), imported=date(year, 2, 1)) for oere, year in paid]
    income = [posting(Money(-region), account="7100"), posting(Money(-unnamed), account="7200")]
    found = outcomes(shared(funding=[OWN, REGION]), *postings, *income, rules=INCOME)

    if len(found) == 3:
        least, share, most = (found[order][0] for order in ("others-first", "proportional", "grant-first"))
        assert kr(0) <= least <= share <= most <= kr(400_000)


def test_a_settlement_is_final_once_nothing_waits_for_an_answer_whatever_it_comes_to() -> None:
    known, unallocated = (spent(300_000), spent(150_000, 2023)), spent(7_000, 2023, account="5555")
    before, after, credited = spent(-7_000, 2021), spent(7_000, 2024), spent(-7_000, 2024)

    def found(*waiting: Posting) -> tuple[bool, tuple[Waits, ...]]:
        at = settled(date(2024, 12, 31), paid=[*known, *waiting])
        return at.is_final, at.waits

    assert found() == (True, ())
    assert found(unallocated) == (False, ("unallocated",))
    assert found(before, after) == (False, ("before-period", "after-period"))
    assert found(after, unallocated) == (False, ("after-period", "unallocated"))
    assert found(after, credited) == (False, ("after-period",))


# ── where nothing is awarded ─────────────────────────────────────────────────────────────────

REFUSED = event("rejected", date(2022, 5, 2))
EXTENDED = Period(starts=date(2022, 1, 1), ends=date(2025, 12, 31))
CLOSED = event("closed", date(2022, 6, 1), by="Styrelsen")


def owed(*events: AnyEvent, as_of: date = JUNE, of: Plan = OF, paid: Iterable[Posting] = ()) -> list[dict[str, Money]]:
    found = economy_of(state(as_of, of=of, events=[RECEIVED, IMPORTED, *events], postings=paid))
    assert found is not None
    return [told(sum) for sum in found.settlement.final]


def test_of_a_refused_grant_all_that_was_received_is_owed_from_that_day_on_whatever_was_spent() -> None:
    all_of_it = {"received": kr(500_000), "repaid": kr(0), "balance": kr(500_000)}

    assert owed(AWARDED, REFUSED, as_of=date(2022, 5, 1)) == []
    assert owed(AWARDED, REFUSED, paid=[spent(100_000), spent(9, 2021), spent(1, account="9999")]) == [all_of_it]
    assert owed(AWARDED, REFUSED, CLOSED) == [all_of_it]
    assert settled(events=[REFUSED]).to_repay == kr(500_000)


def test_what_was_paid_back_of_a_refused_grant_is_owed_no_more_and_no_floor_drops_the_rest() -> None:
    back = [event("repaid", day, amount=kr(kroner)) for day, kroner in ((JUNE, 499_900), (LAST_OF_2022, 100))]

    assert [owed(AWARDED, REFUSED, *back, as_of=day)[0]["balance"] for day in (JUNE, LAST_OF_2022)] == [kr(100), kr(0)]
    assert settled(events=[REFUSED, back[0]]).to_repay == kr(100)


def test_what_came_of_a_grant_without_an_answer_is_owed_when_its_period_is_over_or_it_is_closed() -> None:
    applied, again = (
        event("applied", day, amount=kr(500_000), budget=AWARD.id) for day in (date(2021, 11, 1), date(2022, 5, 3))
    )

    assert owed(applied) == owed(REFUSED, again) == []
    assert owed(applied, as_of=DECEMBER) == owed(applied, CLOSED) != []


def test_costs_that_wait_keep_no_refused_grant_open_and_books_that_end_too_early_do() -> None:
    waiting = [spent(9, 2021), spent(1, account="9999")]

    assert settled(events=[REFUSED], paid=waiting).is_final
    assert not settled(date(2025, 1, 1), of=structs.replace(OF, grant_period=EXTENDED), events=[REFUSED]).is_final


def test_a_refused_project_that_received_nothing_has_nothing_to_settle() -> None:
    found = economy_of(state(DECEMBER, of=OF, events=[AWARDED, IMPORTED, REFUSED]))

    assert found is not None
    assert (found.settlement.outcomes, found.settlement.to_repay) == ((), None)


# ── small claims ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("left", "to_repay", "dropped"), [(499, 0, True), (500, 500, False), (0, 0, False)])
def test_a_claim_below_the_funds_floor_is_dropped_by_the_funds_own_rule(
    left: int, to_repay: int, dropped: bool
) -> None:
    found = settled(paid=[spent(300_000), spent(200_000 - left, 2023)])

    assert (found.to_repay, found.is_dropped, found.floor) == (kr(to_repay), dropped, FLOOR)
    assert found.unspent == kr(left)


@pytest.mark.parametrize(("asked_of", "to_repay"), [(None, 400), ("claim", 400), ("rest", 0)])
def test_the_floor_is_asked_of_what_is_left_of_a_claim_only_where_the_term_says_so(
    asked_of: AskedOf | None, to_repay: int
) -> None:
    of = plan(terms=structs.replace(FUND, terms=(structs.replace(FLOOR, asked_of=asked_of),)), budgets=OF.budgets)
    back = event("repaid", date(2024, 3, 1), amount=kr(9_600))
    found = settled(date(2024, 7, 1), of=of, paid=[spent(300_000), spent(190_000, 2023)], events=[back])

    assert (found.to_repay, found.is_dropped) == (kr(to_repay), to_repay == 0)


def test_without_the_funds_terms_every_krone_goes_back() -> None:
    of = plan(budgets=OF.budgets)
    found = settled(of=of, paid=[spent(300_000), spent(199_999, 2023)])

    assert (found.to_repay, found.is_dropped, found.floor) == (kr(1), False, None)


def test_the_floor_drops_no_claim_of_the_municipalitys_own() -> None:
    short = event("corrected", date(2022, 1, 4), event=RECEIVED.called, values={"amount": kr(499_900)})

    assert settled(paid=[spent(300_000), spent(200_000, 2023)], events=[short]).to_receive == kr(100)


@given(
    st.lists(st.tuples(st.integers(-40_000_000, 40_000_000), st.sampled_from([2021, 2022, 2023, 2024])), max_size=6),
    st.sampled_from([None, "change-requested", "change-approved", "change-refused"]),
)
def test_every_result_is_the_sum_of_its_steps(paid: list[tuple[int, int]], answer: str | None) -> None:
    postings = [posting(Money(oere), posted=date(year, 2, 1), imported=date(year, 2, 1)) for oere, year in paid]
    events = [carried(answer, date(2023, 2, 15))] if answer else []
    found = settled(date(2024, 12, 31), of=OF, paid=postings, events=events)

    for sum in (*(year.sum for year in found.years), *found.final):
        assert total(term.amount for term in sum.terms) == sum.result.amount
    assert kr(0) <= final(found, "covered")["covered"] <= kr(500_000)
    assert found.unspent == kr(500_000) - final(found, "covered")["covered"]
    sides = {2021: "before-period", 2024: "after-period"}
    assert set(found.waits) == {sides[row.posted.year] for row in postings if row.posted.year in sides}


def test_what_is_lost_says_of_which_year() -> None:
    assert settled().final[0].terms == (Step("awarded", kr(500_000)), Step("not-yet-carried-over", kr(-300_000), 2022))


def test_what_is_approved_is_not_undone_by_asking_once_more() -> None:
    approved, refused = (carried(kind, date(2023, 2, 1), year=2022) for kind in ("change-approved", "change-refused"))
    again = carried("change-requested", date(2023, 3, 1), year=2022)

    assert settled(paid=[spent(250_000)], events=[approved, again]).years[0].carry_over == "approved"
    assert settled(paid=[spent(250_000)], events=[refused, again]).years[0].carry_over == "requested"


def test_a_year_with_more_credit_notes_than_costs_settles_in_one_way_where_the_grant_alone_pays() -> None:
    found = settled(paid=[spent(-10_000), spent(150_000, 2023)])

    assert found.outcome is not None
    assert final(found, "available")["not-yet-carried-over"] == kr(-310_000)


@pytest.mark.parametrize("order", ["grant-first", "others-first", "proportional"])
def test_of_credit_notes_beyond_a_years_costs_the_grant_loses_its_share_whoever_pays_first(order: Payers) -> None:
    found = economy_of(state(DECEMBER, of=shared(order), events=[*SHARED, IMPORTED], postings=[spent(-10_000)]))

    assert found is not None  # four fifths of the year's 300.000 kr. and of the 10.000 kr.
    assert final(found.settlement, "available")["not-yet-carried-over"] == kr(-248_000)
