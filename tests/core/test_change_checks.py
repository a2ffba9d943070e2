"""What the log says of changes and corrections: whether each says something, and of what there is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from tests.core.findings import AGENCY, found, with_fund
from tests.core.worlds import JUNE, MARCH, OCTOBER, PLAN, event, plan
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Grant, Period, Person

LONGER = {"project_period.ends": date(2024, 6, 30)}
NEW_PURPOSE = {"purpose": "Et andet"}
LONGEST = {"project_period.ends": date(2024, 12, 31)}


def change(kind: str, day: date = MARCH, of: str = "extension", **keys: Any) -> AnyEvent:
    return event(f"change-{kind}", day, change=of, **keys)


def codes(*events: AnyEvent) -> list[str]:
    wanted = ("change-says-nothing", "refusal-says-nothing", "refusal-of-another-value")
    return [code for code in wanted for _each in found(PLAN, code, events=events)]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"of": "extension"}, ["change-says-nothing"]),
        ({"of": "budget"}, ["change-says-nothing"]),
        ({"of": "budget", "budget": "2021-12-16-award"}, []),
        ({"values": LONGER}, []),
        ({"of": "carry-over"}, []),
    ],
)
def test_an_approval_says_what_it_approves(keys: dict[str, Any], told: list[str]) -> None:
    assert codes(change("approved", **keys)) == told


def test_a_refusal_of_nothing_named_is_of_what_was_asked_for_last_and_else_told() -> None:
    approved, no = change("approved", by="Byrådet", values=LONGER), change("refused", OCTOBER, by=AGENCY)

    assert codes(no) == []
    assert codes(approved, no) == ["refusal-says-nothing"]
    assert codes(change("requested", date(2022, 2, 1), values=LONGER), approved, no) == ["refusal-says-nothing"]
    assert codes(approved, change("requested", JUNE, values=LONGEST), no) == []
    agencys, councils = change("approved", by=AGENCY, values=LONGER), change("refused", OCTOBER, by="Byrådet")
    assert found(with_fund(), "refusal-says-nothing", events=[agencys, councils]) == []


TWINS = [("approved", "refused", "approved-after-refusal"), ("refused", "approved", "refused-after-approval")]


@pytest.mark.parametrize(("councils", "agencys", "code"), TWINS)
def test_what_the_council_answers_after_the_agency_said_otherwise_is_told_until_the_agency_says_so_too(
    councils: str, agencys: str, code: str
) -> None:
    first, other = change(agencys, by=AGENCY, values=LONGER), change(agencys, JUNE, by=AGENCY, values=NEW_PURPOSE)
    late, later = change(councils, OCTOBER, by="Byrådet", values=LONGER), date(2022, 11, 1)

    def told(*events: AnyEvent) -> list[tuple[str, str]]:
        return [(each.words["day"], each.words["what"]) for each in found(with_fund(), code, events=events)]

    assert told(first, other, late) == [(MARCH.isoformat(), "project_period.ends")]
    assert told(late, change(agencys, later, by=AGENCY, values=LONGER)) == told(other, late) == []
    assert told(first, late, change(councils, later, by=AGENCY, values=LONGER)) == []
    assert told(first, change(councils, JUNE, values=LONGER), late) == []
    assert told(change(agencys, by="Økonomiudvalget", values=LONGER), late) == []


@pytest.mark.parametrize(("councils", "agencys", "code"), TWINS)
def test_only_what_both_have_answered_is_told_and_typed_for_the_agency(councils: str, agencys: str, code: str) -> None:
    budget = "2022-05-01-change"
    first = change(agencys, by=AGENCY, values=LONGER)
    late = change(councils, OCTOBER, of="project", by="Byrådet", values=LONGER | NEW_PURPOSE)
    whole = change(agencys, of="budget", by=AGENCY, budget=budget, values=LONGER)
    again = change(councils, OCTOBER, of="budget", by="Byrådet", budget=budget, values=LONGER)

    (part,) = found(with_fund(), code, events=[first, late])
    (both,) = found(with_fund(), code, events=[whole, again])

    assert (part.words["what"], part.words["anew"]) == (
        "project_period.ends",
        '"values.project_period.ends=2024-06-30"',
    )
    assert both.words["what"] == f"{budget}, project_period.ends"
    assert both.words["anew"] == f'budget={budget} "values.project_period.ends=2024-06-30"'


@pytest.mark.parametrize("answer", ["approved", "refused"])
@pytest.mark.parametrize("keys", [{"values": LONGER}, {"of": "budget", "budget": "2022-05-01-change"}])
def test_a_refusal_that_names_nothing_is_told_while_something_of_its_sort_is_unanswered(
    answer: str, keys: dict[str, Any]
) -> None:
    asked, sort = change("requested", date(2022, 5, 1), **keys), {"of": keys.get("of", "extension")}
    other = {"of": "budget", "budget": "2022-06-01-change"} if "budget" in keys else {"values": {"purpose": "…"}}
    no, again = change("refused", OCTOBER, by=AGENCY, **sort), change("refused", date(2022, 11, 1), by=AGENCY, **sort)

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["asked"] for each in found(PLAN, "refusal-of-which", events=events)]

    name = keys.get("budget", "project_period.ends")
    assert told(asked, no) == told(asked, no, again) == told(asked, change(answer, JUNE, **other), no) == [name]
    assert (
        told(asked, change(answer, JUNE, **keys), no)
        == told(no)
        == told(asked, change("refused", JUNE, of="carry-over"))
        == []
    )


def test_a_refusal_that_names_nothing_is_of_all_that_was_asked_for_in_its_sort_that_day() -> None:
    day, no = date(2022, 5, 1), change("refused", OCTOBER, by=AGENCY, id="nej")
    first, second = (
        change("requested", day, values=LONGER, id="a"),
        change("requested", day, values=NEW_PURPOSE, id="b"),
    )
    earlier = change("requested", MARCH, values={"target_group": "Andre"})
    budget = change("requested", day, budget="2022-05-01-change", id="c")

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["asked"] for each in found(PLAN, "refusal-of-which", events=events)]

    assert told(earlier, first, second, no) == ["project_period.ends, purpose"]
    assert told(first, second, structs.replace(no, values=LONGER)) == []
    assert told(first, budget, no) == ["2022-05-01-change"]
    assert told(budget, first, no) == ["project_period.ends"]


def test_what_was_asked_for_and_never_answered_is_told_once_the_grant_is_closed() -> None:
    asked, closed = change("requested", MARCH, values=LONGER), event("closed", OCTOBER, by=AGENCY)
    late = change("requested", date(2022, 11, 1), values=LONGER)
    answers = [change(kind, JUNE, by=AGENCY, values=LONGER) for kind in ("approved", "refused")]
    again = event("awarded", date(2022, 11, 1), amount=kr(500_000))

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["asked"] for each in found(PLAN, "request-unanswered", events=events)]

    assert told(asked, closed) == ["project_period.ends"]
    assert told(asked) == told(asked, closed, again) == told(closed, late) == []
    assert [told(asked, each, closed) for each in answers] == [[], []]
    assert told(asked, change("refused", JUNE), closed) == []  # told of the refusal, with what it may be of
    assert told(change("requested", budget="2022-05-01-change", values=LONGER), closed) == []  # told of the budget


def test_a_carry_over_that_nobody_answered_before_the_closing_is_told_once() -> None:
    closed = event("closed", date(2023, 6, 30), by=AGENCY)
    days = [(date(2023, month, 1), kind) for month, kind in ((1, "requested"), (2, "requested"), (3, "approved"))]
    first, again, answer = (change(kind, day, of="carry-over", by=AGENCY, year=2022) for day, kind in days)

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["event"] for each in found(PLAN, "request-unanswered", events=events)]

    assert told(first, again, closed) == [again.called]
    assert told(first, again, answer, closed) == told(first, again) == []


@pytest.mark.parametrize("amount", [400_000, 600_000])
def test_what_was_applied_for_is_changed_by_no_approval(amount: int) -> None:
    def told(*events: AnyEvent, **values: Any) -> list[str]:
        change_of = change("approved", JUNE, of="project", by=AGENCY, values=values)
        return [each.words["path"] for each in found(PLAN, "change-of-application", events=[*events, change_of])]

    day = date(2021, 11, 1)
    sent = event("applied", day, amount=kr(amount))
    assert told(**{"grant.applied": kr(amount)}) == ["grant.applied"]
    assert told(sent, **{"grant.applied": kr(amount), "grant.applied_on": day}) == []
    assert told(sent, **{"grant.applied_on": JUNE}) == ["grant.applied_on"]
    assert told(sent, grant=Grant(applied=kr(500_000), awarded=kr(1))) == ["grant.applied"]


def test_a_refused_value_is_the_one_that_was_approved_or_one_that_was_asked_for() -> None:
    approved = change("approved", by="Byrådet", values=LONGER)
    no = change("refused", OCTOBER, by=AGENCY, values=LONGEST)

    assert codes(approved, no) == ["refusal-of-another-value"]
    assert codes(approved, change("requested", JUNE, values=LONGEST), no) == []
    assert codes(approved, change("refused", OCTOBER, by=AGENCY, values=LONGER)) == []
    assert codes(no) == []


def test_a_refusal_of_values_leaves_the_budget_that_was_approved_with_them_and_that_is_told() -> None:
    approved = change("approved", values=LONGER, budget="b")
    no = change("refused", OCTOBER, by=AGENCY, values=LONGER)

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["budget"] for each in found(PLAN, "budget-not-refused", events=events)]

    assert told(approved, no) == ["b"]
    assert told(change("approved", values=LONGER), no) == []
    assert told(change("approved", values=LONGER | {"purpose": "Ro"}, budget="b"), no) == []
    assert told(approved, change("refused", OCTOBER, by=AGENCY, values=LONGER, budget="b")) == []
    assert told(approved, change("refused", OCTOBER, by=AGENCY, values=LONGEST)) == []


def test_a_correction_says_what_is_right_or_that_it_never_was() -> None:
    noted = event("noted", MARCH, text="Møde", called="a")
    said = [
        event("corrected", JUNE, event="a", **keys) for keys in ({}, {"values": {"text": "B"}}, {"withdrawn": True})
    ]

    assert [len(found(PLAN, "correction-says-nothing", events=[noted, each])) for each in said] == [1, 0, 0]


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"project_period.ends": date(2021, 6, 30)}, ["project_period"]),
        ({"grant_period": Period(starts=date(2022, 2, 1), ends=date(2022, 1, 1))}, ["grant_period"]),
        ({"phases.fase-1.starts": date(2022, 7, 1)}, ["phases.fase-1"]),
        (LONGER, []),
    ],
)
@pytest.mark.parametrize("kind", ["requested", "approved"])
def test_what_a_change_brings_ends_no_earlier_than_it_begins(
    kind: str, values: dict[str, Any], paths: list[str]
) -> None:
    told = found(PLAN, "changed-days-backwards", events=[change(kind, values=values)])

    assert [each.words["path"] for each in told] == paths


def test_nobody_stops_before_they_begin() -> None:
    gone = Person(role="auditor", name="Revision Nord", since=date(2022, 5, 1), until=date(2022, 4, 30))

    assert len(found(plan(people=(gone,)), "ends-before-start")) == 1


def test_an_award_that_the_log_does_not_answer_is_told_where_it_has_an_application() -> None:
    applied, awarded = event("applied", MARCH, amount=kr(500_000)), event("awarded", JUNE, amount=kr(500_000))

    def told(*events: AnyEvent, **changed: Any) -> int:
        problems = check(Dossier(plan=plan(**changed), events=events))
        return sum(each.code == "award-not-logged" for each in problems)

    assert [told(), told(applied), told(applied, awarded), told(applied, event("rejected", JUNE))] == [0, 1, 0, 0]
    assert told(applied, grant=Grant(applied=kr(500_000))) == 0


def test_an_answer_of_anothers_that_the_agency_refused_is_no_longer_told_of() -> None:
    councils = change("approved", by="Byrådet", values=LONGER)
    no = change("refused", OCTOBER, by=AGENCY, values=LONGER)

    assert len(found(with_fund(), "answer-not-by-agency", events=[councils])) == 1
    assert found(with_fund(), "answer-not-by-agency", events=[councils, no]) == []


def test_an_extension_that_makes_the_period_shorter_is_told_and_a_shorter_project_is_not() -> None:
    shorter = {"project_period.ends": date(2022, 12, 31)}

    assert len(found(PLAN, "extension-shortens", events=[change("requested", values=shorter)])) == 1
    assert found(PLAN, "extension-shortens", events=[change("requested", values=LONGER)]) == []
    assert found(PLAN, "extension-shortens", events=[change("approved", of="project", values=shorter)]) == []


def test_a_grants_own_period_that_an_extension_leaves_is_told_where_the_two_ended_together() -> None:
    both, other = (Period(starts=date(2022, 1, 1), ends=ends) for ends in (PLAN.project_period.ends, date(2023, 6, 30)))
    longer = change("approved", values=LONGER)
    moved = change("approved", OCTOBER, values={"grant_period.ends": date(2024, 6, 30)})

    assert len(found(plan(grant_period=both), "grant-period-left", events=[longer])) == 1
    assert found(plan(grant_period=both), "grant-period-left", events=[longer, moved]) == []
    assert found(plan(grant_period=other), "grant-period-left", events=[longer]) == []
    assert found(PLAN, "grant-period-left", events=[longer]) == []
