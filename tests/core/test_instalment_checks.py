"""What was received: the log against the books, and both against the award."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.findings import AGENCY, found
from tests.core.worlds import AWARDED, JUNE, MARCH, OCTOBER, RULES, event, plan, posting
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Grant, Plan
from toolkit.core.postings import Posting, Postings, Rule

JANUARY = date(2022, 1, 5)
ASKED = plan(grant=Grant(applied=kr(500_000)))


def logged(thousands: int, day: date = JANUARY) -> AnyEvent:
    return event("instalment-received", day, amount=kr(thousands * 1000), called=f"rate {day}")


def repaid(thousands: int, day: date = MARCH) -> AnyEvent:
    return event("repaid", day, amount=kr(thousands * 1000))


def booked(thousands: int, day: date = JANUARY) -> Posting:
    """An instalment in the books; below zero it went back."""
    return posting(kr(-thousands * 1000), posted=day, account="8600")


def differences(events: list[AnyEvent], postings: list[Posting], rules: tuple[Rule, ...] = RULES) -> list[str]:
    return [
        each.words["difference"]
        for each in found(plan(), "instalments-differ", events=events, postings=postings, rules=rules)
    ]


def over(*events: AnyEvent, books: tuple[Posting, ...] = ()) -> list[tuple[str, str]]:
    problems = found(plan(), "received-over-awarded", events=events, postings=books)
    return [(each.phrases["source"].text, each.words["received"]) for each in problems]


def test_an_instalment_that_the_log_lacks_is_told_with_both_sums():
    (problem,) = found(plan(), "instalments-differ", events=[logged(100)], postings=[booked(100), booked(100, MARCH)])

    assert problem.words == {
        "until": "2022-03-31",
        "logged": "100.000",
        "repaid": "0",
        "booked": "200.000",
        "difference": "100.000",
    }


def test_the_same_sum_in_other_parts_is_no_difference():
    assert differences([logged(60), logged(40, MARCH)], [booked(100, MARCH)]) == []


def test_a_log_without_instalments_and_books_without_a_rule_for_them_say_nothing():
    cost = posting(kr(1))

    assert differences([], [booked(100)]) == []
    assert differences([logged(100)], []) == []
    assert differences([logged(100)], [cost], rules=(Rule(account="4001", line="loen"),)) == []
    assert differences([logged(100)], [cost]) == ["100.000"]


def test_what_came_after_the_last_posting_or_the_imports_end_is_not_in_the_books_yet():
    ends = event("imported", OCTOBER, file="postings/a.csv", digest="sha256:0", ends=JUNE)

    assert differences([logged(100), logged(100, JUNE)], [booked(100)]) == []
    assert differences([logged(100), logged(100, JUNE)], [booked(100), posting(kr(1), posted=JUNE)]) == ["100.000"]
    assert differences([logged(100), logged(100, JUNE), ends], [booked(100)]) == ["100.000"]
    assert differences([logged(100), logged(100, OCTOBER), ends], [booked(100)]) == []


def test_a_repayment_may_stand_among_the_instalments_in_the_books_or_not():
    both = [logged(100), repaid(30)]

    assert differences(both, [booked(100), booked(-30, MARCH)]) == []
    assert differences(both, [booked(100), posting(kr(1), posted=MARCH)]) == []
    assert differences(both, [booked(90), posting(kr(1), posted=MARCH)]) == ["20.000"]


def test_a_repayment_that_books_do_not_show_though_they_reach_it_is_noted():
    def noted(*postings: Posting) -> list[str]:
        events = [logged(100), repaid(30)]
        return [
            each.words["repaid"] for each in found(plan(), "repayment-not-booked", events=events, postings=postings)
        ]

    assert noted(booked(100), posting(kr(1), posted=MARCH)) == ["30.000"]
    assert noted(booked(100), booked(-30, MARCH)) == []
    assert noted(booked(100)) == []


def test_no_more_can_have_been_paid_back_than_was_received():
    def told(*events: AnyEvent) -> list[str]:
        return [each.words["over"] for each in found(plan(), "repaid-over-received", events=events)]

    assert told(logged(100), repaid(100)) == []
    assert told(logged(100), repaid(101)) == ["1.000"]


def test_a_difference_points_at_a_payment_that_the_other_does_not_have():
    later = posting(kr(-100_000), posted=MARCH, account="8600", row=7)

    def told(*events: AnyEvent) -> tuple[str, str, int]:
        (problem,) = found(plan(), "instalments-differ", events=events, postings=[booked(150), later])
        return problem.words["logged"], problem.words["booked"], problem.at.line

    assert told(logged(250, JUNE)) == ("0", "250.000", 0)
    assert told(logged(150)) == ("150.000", "250.000", 7)


def test_an_instalment_of_less_than_nothing_is_told_alone():
    assert found(plan(), "instalments-differ", events=[logged(-100)], postings=[booked(150)]) == []


def test_money_that_came_after_a_no_is_told_and_what_cannot_have_come_is_told_as_that_alone():
    def told(thousands: int) -> list[str]:
        events = [logged(thousands), event("rejected", MARCH)]
        return [each.words["kept"] for each in found(plan(), "rejected-yet-received", events=events)]

    assert [told(100), told(-100)] == [["100.000"], []]


def test_of_a_refused_grant_only_what_is_not_paid_back_is_told():
    def told(*events: AnyEvent) -> list[str]:
        said = [logged(100), event("rejected", MARCH), *events]
        return [each.words["kept"] for each in found(plan(), "rejected-yet-received", events=said)]

    assert told(repaid(40, JUNE)) == ["60.000"]
    assert told(repaid(100, JUNE)) == []
    assert told(event("applied", JUNE, amount=kr(100))) == []
    assert told(event("closed", JUNE, by=AGENCY)) == ["100.000"]


def test_money_that_came_where_no_award_is_logged_is_told_with_who_says_so():
    asked = event("applied", MARCH, amount=kr(500_000))

    def told(*events: AnyEvent, books: tuple[Posting, ...] = (), of: Plan = ASKED) -> list[tuple[str, str]]:
        dossier = Dossier(plan=of, events=events, postings=Postings(books, RULES))
        problems = [each for each in check(dossier) if each.code == "received-without-award"]
        return [(each.phrases["source"].text, each.words["kept"]) for each in problems]

    assert told(asked, logged(100)) == told(logged(100)) == [("the log", "100.000")]
    assert told(asked, books=(booked(100), booked(-30, MARCH))) == [("the books", "70.000")]
    assert told(asked, logged(100), repaid(100)) == told(asked) == told(logged(100), event("rejected", MARCH)) == []
    assert told(event("rejected", JANUARY), asked, logged(100)) == [("the log", "100.000")]
    assert told(asked, event("awarded", JUNE, amount=kr(500_000)), logged(100)) == []
    assert told(logged(100), of=plan()) == []  # project.yaml says what is awarded, and the log has no answer


def test_money_that_went_back_in_books_without_an_instalment_is_told_since_nobody_counts_it():
    assert differences([], [booked(-30)]) == ["30.000"]
    assert differences([], [booked(100), booked(-30, MARCH)]) == []


@pytest.mark.parametrize(("thousands", "told"), [(499, []), (500, []), (501, ["501.000"])])
def test_more_received_than_awarded_is_told_of_log_and_of_books(thousands, told):
    assert over(logged(thousands)) == [("the log", each) for each in told]
    assert over(books=(booked(thousands),)) == [("the books", each) for each in told]
    assert over(logged(100), books=(booked(thousands),)) == [("the books", each) for each in told]


def test_the_grant_in_force_is_what_counts():
    def changed(thousands: int) -> AnyEvent:
        return event(
            "change-approved", MARCH, change="project", by=AGENCY, values={"grant.awarded": kr(thousands * 1000)}
        )

    assert over(logged(500), changed(450)) == [("the log", "500.000")]
    assert over(logged(600), changed(600)) == []


def test_what_was_paid_back_is_no_longer_received_wherever_that_stands():
    assert over(logged(550), repaid(50)) == []
    assert over(logged(550), books=(booked(550), booked(-50, MARCH))) == []
    assert over(repaid(50), books=(booked(550), booked(-50, MARCH))) == []
    assert over(logged(560), repaid(50)) == [("the log", "510.000")]


def test_the_place_is_the_payment_with_which_it_was_too_much():
    days = ((2, JUNE), (3, JANUARY), (4, MARCH))
    rows = [posting(kr(-250_000), posted=day, account="8600", row=row) for row, day in days]
    (problem,) = found(plan(), "received-over-awarded", postings=rows)

    assert problem.words["over"] == "250.000"
    assert (problem.at.line, problem.at.column) == (2, 1)


def test_what_project_yaml_says_is_awarded_is_held_against_a_refusal_only_where_the_log_never_had_an_award() -> None:
    no, again = event("rejected", JUNE), event("applied", date(2022, 7, 1), amount=kr(500_000))
    changed = event("change-approved", MARCH, change="project", values={"grant.awarded": kr(300_000)})
    silent, says = plan(grant=Grant(applied=kr(500_000))), plan(grant=Grant(applied=kr(500_000), awarded=kr(500_000)))

    def told(of: Plan, *events: AnyEvent) -> list[str]:
        problems = check(Dossier(plan=of, events=events))
        return [each.words["awarded"] for each in problems if each.code == "rejected-yet-awarded"]

    assert told(says, no) == told(says, changed, no) == ["500.000"]
    assert told(silent, no) == told(says, no, again) == []
    assert told(says, AWARDED, no) == told(says, AWARDED, changed, no) == []  # withdrawn after the award
