from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

import pytest
from msgspec import structs

from toolkit.core import cases, fund, plan, postings
from toolkit.core.events import KINDS, RiskChanged
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, Milestone, Period, Person, Plan, Statement
from toolkit.core.problems import CODES, Problem
from toolkit.core.records import Id, Record
from toolkit.core.seed import FOLDER
from toolkit.readers import model, words
from toolkit.readers.seed import ROLLOUT

FIRST_DAY = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
"""


def read(text: str) -> tuple[Plan | None, list[str]]:
    problems: list[Problem] = []
    found = model.read(Plan, text, "project.yaml", problems)
    return found, [said(problem) for problem in problems]


def said(problem: Problem) -> str:
    """Where, what, and the very text that is marked."""
    at = problem.at
    return f"{at.line}:{at.column} {problem.code} {at.text[at.column - 1 : at.column - 1 + at.length]}"


def sound(text: str) -> Plan:
    found, problems = read(text)
    assert problems == []
    assert found is not None
    return found


def test_a_record_is_read_by_its_own_hints() -> None:
    project = sound(
        FIRST_DAY + "grant: {applied: 6.994.528 kr.}\n"
        'indicators: [{id: skift, title: Skift, baseline: "12,5", target: 1.000}]\n'
        "people: [{role: project_manager, name: Projektleder, from: 01-02-2022}]\n"
    )

    assert project.project_period == structs.replace(project.project_period, starts=date(2022, 1, 1))
    assert project.grant is not None
    assert project.grant.applied == kr(6_994_528)
    assert (project.indicators[0].baseline, project.indicators[0].target) == (Fraction(25, 2), 1000)
    assert project.people[0].since == date(2022, 2, 1)


def test_amounts_and_whole_numbers_are_told_apart() -> None:
    project = sound(FIRST_DAY + "grant: {applied: 250}\ntarget_group: {text: Borgere, count: 250}\n")

    assert project.grant is not None
    assert project.target_group is not None
    assert (project.grant.applied, project.target_group.count) == (Money(25_000), 250)


def test_a_mapping_has_typed_keys() -> None:
    problems: list[Problem] = []
    line = "{id: loen, title: Løn, amount: 2 kr., by_year: {2022: 1 kr., 2023: 1 kr.}, by_month: {2022-01: 2 kr.}}"
    budget = model.read(Budget, f"stage: award\nlines: [{line}]\n", "b.yaml", problems, id="b")

    assert problems == []
    assert budget is not None
    assert budget.id == "b"
    assert budget.lines[0].by_year == {2022: kr(1), 2023: kr(1)}
    assert budget.lines[0].by_month == {"2022-01": kr(2)}


def test_a_record_knows_where_it_and_its_values_are_written() -> None:
    period = sound(FIRST_DAY).project_period

    assert str(period.at.span) == "project.yaml:3:17"
    assert str(period.at.of("ends")) == "project.yaml:3:44"
    assert str(period.at.of("note")) == "project.yaml:3:17"


def test_a_text_may_stand_for_its_whole_record() -> None:
    purpose = sound(FIRST_DAY + "purpose: Bedre pleje\n").purpose

    assert purpose is not None
    assert purpose.text == "Bedre pleje"
    assert str(purpose.at.of("text")) == "project.yaml:4:10"


def test_a_block_of_text_is_read_without_its_last_line_break() -> None:
    purpose = sound(FIRST_DAY + "purpose: |\n  Bedre pleje\n  for alle\n").purpose

    assert purpose is not None
    assert purpose.text == "Bedre pleje\nfor alle"


def test_every_problem_of_a_file_is_found_at_once() -> None:
    found, problems = read(
        "title:\n"
        "municipality: [Thisted]\n"
        "project_period: {start: 2022-01-01, ends: 31/12-2023, source: Dagsorden}\n"
        "formål: X\n"
        "grant: {applied: 6994528.50}\n"
        "goals: livskvalitet\n"
        "phases:\n"
        "  - {id: fase-1, title: A}\n"
        "  - {id: fase-1, title: B}\n"
        "  - løbende\n"
        "risks:\n"
        "  - {id: tid, title: Tid, likelihood: høj, impact: enorm}\n"
        "budgets: []\n"
    )

    assert found is None
    assert problems == [
        "2:15 text-expected [Thisted]",
        "3:18 misspelt-key start",
        "3:43 day-unreadable 31/12-2023",
        "3:63 id-unreadable Dagsorden",
        "4:1 misspelt-key formål",
        "5:18 amount-unreadable 6994528.50",
        "6:8 list-expected livskvalitet",
        "10:5 section-expected løbende",
        "9:10 duplicate-id fase-1",
        "12:39 misspelt-choice høj",
        "12:52 unknown-choice enorm",
        "13:1 unknown-key budgets",
        "1:1 key-missing title",
    ]


def test_a_key_with_nothing_after_it_is_not_written() -> None:
    assert sound(FIRST_DAY + "area:\nsummary: ~\ngoals: null\n").goals == ()


def test_a_required_text_cannot_be_empty() -> None:
    assert read(FIRST_DAY.replace("Faste teams", '""'))[1] == ["1:1 key-missing title"]


def test_a_text_that_is_still_missing_is_kept_for_a_draft_to_show() -> None:
    found, problems = read(FIRST_DAY + "area: MANGLER\npurpose: MANGLER\n")

    assert found is not None
    assert found.area == "MANGLER"
    assert found.purpose is not None
    assert found.purpose.text == "MANGLER"
    assert problems == ["4:7 value-missing MANGLER", "5:10 value-missing MANGLER"]


def test_a_day_that_is_still_missing_is_none_where_it_may_be() -> None:
    found, problems = read(FIRST_DAY + "phases: [{id: fase-1, title: A, starts: MANGLER, ends: 2022-06-30}]\n")

    assert found is not None
    assert found.phases[0].starts is None
    assert problems == ["4:41 value-missing MANGLER"]


def test_a_record_that_waits_for_its_day_is_left_out_of_its_list() -> None:
    found, problems = read(FIRST_DAY + "milestones: [{id: klar, title: Klar, due: MANGLER}]\n")

    assert found is not None
    assert found.milestones == ()
    assert problems == ["4:43 value-missing MANGLER"]


@pytest.mark.parametrize("period", ["MANGLER", "{starts: 2022-01-01, ends: MANGLER}"])
def test_a_file_that_waits_for_what_it_cannot_do_without_is_an_error(period: str) -> None:
    found, problems = read(f"title: T\nmunicipality: M\nproject_period: {period}\n")

    assert found is None
    assert [problem.split()[1] for problem in problems] == ["value-needed"]


def test_a_missing_key_says_what_to_write() -> None:
    problems: list[Problem] = []
    model.read(Plan, "title: T\nmunicipality: M\n", "project.yaml", problems)

    (found,) = problems
    assert (
        CODES[found.code].hint.format(**found.words) == "write project_period: {starts: 2022-01-31, ends: 2022-01-31}"
    )


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        (Id, "fase-1"),
        (Money, "250.000 kr."),
        (date | None, "2022-01-31"),
        (tuple[str, ...], "[…]"),
        (Literal["low", "high"], "low / high"),
        (Statement, "…"),
        (Milestone, "{id: fase-1, title: …, due: 2022-01-31}"),
        (Period | None, "{starts: 2022-01-31, ends: 2022-01-31}"),
    ],
)
def test_every_kind_of_value_has_an_example(kind: object, example: str) -> None:
    assert model.example_of(kind) == example


def test_a_day_or_a_word_takes_both_and_knows_the_danish() -> None:
    front = "title: T\nlayout: thisted\nsteps: [{{id: med, body: MED, date: {}, case_type: for-information}}]\n"

    def step_date(typed: str) -> tuple[object, list[str]]:
        problems: list[Problem] = []
        case = model.read(cases.Case, front.format(typed), "c.md", problems, id="c")
        return case and case.steps and case.steps[0].date, [said(problem) for problem in problems]

    assert step_date("to-follow") == ("to-follow", [])
    assert step_date("2022-01-18") == (date(2022, 1, 18), [])
    assert step_date("dato følger") == ((), ["3:36 misspelt-choice dato følger"])
    assert step_date("snart") == ((), ["3:36 day-unreadable snart"])


@pytest.mark.parametrize(
    ("danish", "known", "english"),
    [
        ("formål", model.fields_of(Plan), "purpose"),
        ("Milepæle", model.fields_of(Plan), "milestones"),
        ("fra", model.fields_of(Person), "from"),
        ("fra", model.fields_of(Period), "starts"),
        ("projekt periode", model.fields_of(Plan), "project_period"),
        ("milestone", model.fields_of(Plan), "milestones"),
        ("frist", model.fields_of(Milestone), "due"),
        ("xyz", model.fields_of(Plan), None),
    ],
)
def test_a_danish_key_is_understood_by_where_it_stands(danish: str, known: list[str], english: str | None) -> None:
    assert words.meant(danish, known, words.KEYS) == english


@pytest.mark.parametrize(
    ("danish", "english"),
    [("milepæl nået", "milestone-reached"), ("tilsagn", "awarded"), ("Ændring godkendt", "change-approved")],
)
def test_a_danish_kind_of_event_is_understood(danish: str, english: str) -> None:
    assert words.meant(danish, KINDS, words.CHOICES) == english


def every_record() -> list[type[Record]]:
    modules = (cases, fund, plan, postings)
    found = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return [kind for kind in found if issubclass(kind, Record)] + list(KINDS.values())


def test_the_danish_words_lead_to_keys_that_some_record_has() -> None:
    known = {"kind", "heading", "sections", "extends", "rules", FOLDER, *ROLLOUT} | {
        key for record in every_record() for key in model.fields_of(record)
    }

    assert {english for meanings in words.KEYS.values() for english in meanings} <= known


def test_an_event_keeps_what_its_kind_says() -> None:
    assert list(model.fields_of(RiskChanged))[-5:] == ["risk", "likelihood", "impact", "action", "ended"]


@pytest.mark.parametrize(
    ("typed", "was"),
    [
        ("kurser", {"kurser": 1}),
        ("[kurser, rejser]", {"kurser": 1, "rejser": 1}),
        ("{kurser: 60 pct.}", {"kurser": Fraction(3, 5)}),
        ("[]", {}),
    ],
)
def test_the_lines_that_a_line_was_are_one_or_some_or_shares_of_them(typed: str, was: dict[str, Fraction]) -> None:
    problems: list[Problem] = []
    text = f"stage: change\nlines: [{{id: kursus, title: Kursus, amount: 1 kr., was: {typed}}}]\n"
    budget = model.read(Budget, text, "budgets/2022-06-01-change.yaml", problems, id=Id("2022-06-01-change"))

    assert problems == []
    assert budget
    assert budget.lines[0].was == was


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Kurser", "2:57 id-unreadable Kurser"),
        ("[kurser, Ø]", "2:66 id-unreadable Ø"),
        ("{kurser: 60}", "2:66 share-unreadable 60"),
        ("[[kurser]]", "2:58 text-expected [kurser]"),
    ],
)
def test_what_names_no_lines_is_shown_where_it_stands(typed: str, problem: str) -> None:
    problems: list[Problem] = []
    text = f"stage: change\nlines: [{{id: kursus, title: Kursus, amount: 1 kr., was: {typed}}}]\n"
    model.read(Budget, text, "budgets/2022-06-01-change.yaml", problems, id=Id("2022-06-01-change"))

    assert [said(found) for found in problems] == [problem]
