from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from tests.core.findings import FUND, found, term, with_fund
from tests.core.worlds import AWARDED, JUNE, MARCH, event, plan, state
from toolkit.core.checks.conditions import overdue
from toolkit.core.conditions import SHOWING, audit_terms, conditions_of
from toolkit.core.deadlines import due
from toolkit.core.dossier import Dossier
from toolkit.core.events import KINDS
from toolkit.core.money import NOTHING, kr
from toolkit.core.plan import Condition, Person
from toolkit.core.status import status_of
from toolkit.readers.model import fields_of

LETTER = Condition(id="svar", text="Tilskuddet accepteres skriftligt", page=2, due=date(2022, 2, 1))
WITHOUT_DAY = Condition(id="logo", text="Puljen nævnes i alt materiale")


def of(*conditions: Condition, **changed: Any) -> dict[str, Any]:
    return {"of": plan(conditions=conditions, **changed)}


def met(day: date, **keys: Any) -> Any:
    return event("condition-met", day, condition="svar", **keys)


@pytest.mark.parametrize(
    ("as_of", "told"), [(date(2022, 2, 1), "open"), (date(2022, 2, 2), "late"), (date(2022, 3, 1), "met")]
)
def test_a_condition_is_open_until_its_day_is_over_late_then_and_met_from_the_day_of_the_event(
    as_of: date, told: str
) -> None:
    (found,) = conditions_of(state(as_of, **of(LETTER), events=[AWARDED, met(date(2022, 3, 1))]))

    assert (found.status, found.met_on) == (told, date(2022, 3, 1) if told == "met" else None)


@pytest.mark.parametrize("kind", ["accepted", "audited"])
def test_an_event_of_the_kind_that_is_to_show_it_meets_a_condition_and_no_other(kind: str) -> None:
    keys = {"by": "Revisoren"} if kind == "audited" else {}
    shown = Condition(id="a", text="A", shown_by=kind)
    other = Condition(id="b", text="B", shown_by="Et brev")
    told = conditions_of(state(**of(shown, other), events=[AWARDED, event(kind, MARCH, **keys)]))

    assert [each.status for each in told] == ["met", "open"]


@pytest.mark.parametrize("kind", SHOWING)
def test_what_is_late_says_how_to_log_the_event_that_is_to_show_it_with_all_its_keys(kind: str) -> None:
    late = Condition(id="a", text="A", due=date(2022, 2, 1), shown_by=kind)
    (problem,) = overdue(Dossier(plan=plan(conditions=(late,)), events=(AWARDED,)), MARCH)
    answer = problem.phrases["answer"].text
    needed = {key for key, field in fields_of(KINDS[kind]).items() if field.required} - {"happened", "recorded"}

    assert answer.startswith(f"pulje log … {kind}")
    assert all(f"{key}=…" in answer for key in needed)


def test_the_first_event_that_says_so_counts_and_a_later_one_is_told() -> None:
    twice = [AWARDED, met(date(2022, 1, 5), id="a"), met(date(2022, 1, 9), id="b")]

    assert conditions_of(state(**of(LETTER), events=twice))[0].met_on == date(2022, 1, 5)
    (problem,) = found(plan(conditions=(LETTER,)), "condition-met-twice", events=twice)
    assert problem.words["day"] == "2022-01-05"


def test_before_the_award_there_is_no_letter_to_have_conditions() -> None:
    assert conditions_of(state(date(2021, 12, 15), **of(LETTER), events=[AWARDED])) == ()
    assert len(conditions_of(state(date(2021, 12, 16), **of(LETTER), events=[AWARDED]))) == 1
    assert len(conditions_of(state(**of(LETTER, grant=None)))) == 1


def test_what_is_not_met_and_has_a_day_is_due_and_stands_in_the_status() -> None:
    known = state(date(2022, 2, 2), **of(LETTER, WITHOUT_DAY), events=[AWARDED])
    told = status_of("p", known, [], [])

    assert [(each.day, each.title, each.late) for each in due(known, []) if each.what == "condition"] == [
        (date(2022, 2, 1), "Tilskuddet accepteres skriftligt", True)
    ]
    assert [(each.id, each.status) for each in told.conditions] == [("svar", "late"), ("logo", "open")]
    later = state(date(2022, 2, 2), **of(LETTER), events=[AWARDED, met(date(2022, 1, 9))])
    assert [each for each in due(later, []) if each.what == "condition"] == []


def overdue_codes(day: date, **changed: Any) -> list[str]:
    return [problem.code for problem in overdue(Dossier(plan=plan(**changed), events=(AWARDED,)), day)]


def test_the_calendar_tells_of_late_conditions_and_of_what_is_to_be_deleted() -> None:
    changed = {"conditions": (LETTER,), "delete_after": date(2022, 3, 1)}

    assert overdue_codes(date(2022, 2, 1), **changed) == []
    assert overdue_codes(date(2022, 3, 1), **changed) == ["condition-late"]
    assert overdue_codes(date(2022, 3, 2), **changed) == ["condition-late", "retention-over"]


def test_what_to_log_is_of_the_kind_that_is_to_show_the_condition() -> None:
    shown = Condition(id="svar", text="A", due=MARCH, shown_by="accepted")
    dossier = Dossier(plan=plan(conditions=(shown, LETTER)), events=(AWARDED,))
    told = [problem.phrases["answer"] for problem in overdue(dossier, date(2023, 1, 1))]

    assert [(each.text, dict(each.words)) for each in told] == [
        ("pulje log … accepted", {}),
        ("pulje log … condition-met condition={condition} evidence=…", {"condition": "svar"}),
    ]


# ── the audit ────────────────────────────────────────────────────────────────────────────────

AUDITED = event("audited", date(2023, 2, 1), by="Revisoren")
AUDIT = structs.replace(
    FUND,
    terms=(
        term("audit-over-100000", amount=kr(100_000)),
        term("audit-over-500000", amount=kr(500_000)),
        term("auditor-change"),
    ),
)
AUDIT_CODES = ("audit-without-statement", "audit-without-performance")


@pytest.mark.parametrize(
    ("awarded", "codes"),
    [(100_000, []), (100_001, AUDIT_CODES[:1]), (500_000, AUDIT_CODES[:1]), (500_001, AUDIT_CODES)],
)
def test_an_audit_has_the_parts_that_a_grant_of_its_size_asks_for(awarded: int, codes: Sequence[str]) -> None:
    events = [structs.replace(AWARDED, amount=kr(awarded)), AUDITED]

    assert [code for code in AUDIT_CODES if found(with_fund(fund=AUDIT), code, events=events)] == list(codes)


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ({}, "values.statement=… values.protocol=…"),
        ({"statement": "Sag 22/17"}, "values.protocol=…"),
        ({"protocol": "Sag 22/17"}, "values.statement=…"),
        ({"statement": "Sag 22/17", "protocol": "Sag 22/17"}, None),
    ],
)
def test_what_an_audit_lacks_is_named_and_can_be_typed(said: dict[str, str], lacking: str | None) -> None:
    events = [AWARDED, structs.replace(AUDITED, **said)]
    told = found(with_fund(fund=AUDIT), "audit-without-statement", events=events)

    assert [problem.words["values"] for problem in told] == ([lacking] if lacking else [])


@pytest.mark.parametrize(
    ("awarded", "asked"),
    [(None, []), (0, []), (50_000, ["audit-any"]), (100_001, ["audit-over-100000"])],
)
def test_no_audit_is_asked_for_whose_limit_the_grant_is_not_above(awarded: int | None, asked: list[str]) -> None:
    of_all = structs.replace(AUDIT, terms=(term("audit-any", amount=NOTHING), *AUDIT.terms))
    amount = None if awarded is None else kr(awarded)

    assert [each.id for each in audit_terms(with_fund(fund=of_all), amount, JUNE)] == asked
    assert [each.id for each in audit_terms(with_fund(fund=AUDIT), amount, JUNE)] == [
        id for id in asked if id != "audit-any"
    ]


def test_the_audit_is_asked_for_by_the_terms_of_the_day_that_all_is_settled_by() -> None:
    audited = event("audited", MARCH, by="Revision Nord")
    for day, count in ((date(2023, 12, 31), 1), (date(2024, 1, 1), 0)):
        later = structs.replace(AUDIT, terms=(term("audit-over-100000", amount=NOTHING, since=day),))
        assert len(found(with_fund(fund=later), "audit-without-statement", events=[AWARDED, audited])) == count


def test_a_new_auditor_is_told_where_the_terms_ask_for_it_and_another_role_is_not() -> None:
    people = (Person(role="auditor", name="Revision Nord", since=date(2022, 1, 1)),)
    changes = [
        event("person-changed", date(2022, 5, 1), role="auditor", name="Revision Syd"),
        event("person-changed", date(2022, 6, 1), role="controller", name="En anden"),
        event("person-changed", date(2022, 7, 1), role="auditor", name="Revision Syd"),
    ]
    (told,) = found(with_fund(fund=AUDIT, people=people), "auditor-changed", events=[AWARDED, *changes])

    assert (told.words["before"], told.words["now"], told.words["day"]) == (
        "Revision Nord",
        "Revision Syd",
        "2022-05-01",
    )
    assert found(with_fund(people=people), "auditor-changed", events=[AWARDED, *changes]) == []
    for day, count in ((date(2022, 5, 1), 1), (date(2022, 5, 2), 0)):
        later = structs.replace(AUDIT, terms=(term("auditor-change", since=day),))
        of = with_fund(fund=later, people=people)
        assert len(found(of, "auditor-changed", events=[AWARDED, *changes])) == count


def test_an_event_meets_the_condition_that_it_names_and_no_other() -> None:
    one, other = (Condition(id=id, text=id) for id in ("logo", "svar"))
    for named, told in (("logo", ["met", "open"]), ("svar", ["open", "met"])):
        events = [AWARDED, event("condition-met", MARCH, condition=named)]
        assert [each.status for each in conditions_of(state(**of(one, other), events=events))] == told
