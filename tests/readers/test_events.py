from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from toolkit.core.events import (
    AnyEvent,
    Awarded,
    ChangeApproved,
    ChangeRequested,
    Corrected,
    Noted,
    PersonChanged,
    Submitted,
)
from toolkit.core.money import kr
from toolkit.core.plan import Phase, Plan, Statement
from toolkit.core.problems import CODES, Problem
from toolkit.core.state import corrected
from toolkit.readers.events import event_line, read_events
from toolkit.readers.plan import read_plan

PLAN = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
grant: {applied: 6.994.528 kr.}
phases: [{id: fase-1, title: Etablering, starts: 2022-01-01, ends: 2022-06-30}]
milestones: [{id: teams-klar, title: Teams er klar, due: 2022-06-15}]
"""
DAY = "happened: 2022-06-10, recorded: 2022-06-10"
NOTED = f"- {{kind: noted, {DAY}, text: A}}\n"
MOVED = f"- {{kind: milestone-moved, {DAY}, milestone: teams-klar, due: 2022-08-15, cause: Ubesat}}\n"


def plan() -> Plan:
    found = read_plan(PLAN, "project.yaml", [])
    assert found is not None
    return found


def read(text: str) -> tuple[tuple[AnyEvent, ...], list[str]]:
    problems: list[Problem] = []
    events = read_events(text, "events.yaml", plan(), problems)
    return events, [said(found) for found in problems]


def said(problem: Problem) -> str:
    """What is wrong, in which line, and the very text that is marked."""
    at = problem.at
    return f"{problem.code} {at.line}: {at.text[at.column - 1 : at.column - 1 + at.length]}"


def change(*values: str) -> tuple[dict[str, object], list[str]]:
    """What an approved change of these values says, each on a line of its own from line 6 on."""
    text = f"- kind: change-approved\n  {DAY.replace(', ', chr(10) + '  ')}\n  change: project\n  values:\n"
    events, problems = read(text + "".join(f"    {value}\n" for value in values))
    (event,) = events
    assert isinstance(event, ChangeApproved)
    return dict(event.values), problems


def test_an_empty_log_has_no_events() -> None:
    assert read("") == ((), [])
    assert read("# intet endnu\n") == ((), [])
    assert read("[]\n") == ((), [])


def test_the_kind_says_which_record_it_is() -> None:
    events, problems = read(MOVED)

    assert problems == []
    assert events[0].kind == "milestone-moved"
    due = events[0].at.of("due")
    assert due.text[due.column - 1 :].startswith("2022-08-15")


def test_an_event_is_called_by_its_id_else_by_its_day_and_kind_and_what_it_says_where_others_have_these() -> None:
    first, second, other = (f"- {{kind: noted, {DAY}, text: {text}}}\n" for text in ("A", "B", "C"))
    events, problems = read(first + second + f"- {{kind: noted, {DAY}, text: A, id: vigtig}}\n" + other)
    moved, _problems = read(other + second + first)

    assert problems == []
    assert [event.once_called for event in events] == [
        *("2022-06-10-noted", "2022-06-10-noted-2", "vigtig", "2022-06-10-noted-3"),
    ]
    assert len({event.called for event in events}) == 4
    assert [event.called for event in moved] == [events[number].called for number in (3, 1, 0)]
    assert read(first)[0][0].called == "2022-06-10-noted"


def test_a_correction_by_place_means_what_it_did_and_is_told_and_one_by_name_follows_its_line() -> None:
    first, second = (f"- {{kind: noted, {DAY}, text: {text}}}\n" for text in ("A", "B"))

    def told(name: str, *lines: str) -> tuple[list[str], list[str]]:
        said = f"- {{kind: corrected, {DAY}, event: {name}, values: {{text: Ny}}}}\n"
        events, problems = read("".join(lines) + said)
        return [getattr(event, "text", "") for event in corrected(events)[:-1]], [each.split()[0] for each in problems]

    by_name = read(first + second)[0][1].called
    assert told("2022-06-10-noted", first, second) == (["Ny", "B"], ["event-named-by-place"])
    assert told("2022-06-10-noted-2", first, second) == (["A", "Ny"], ["event-named-by-place"])
    assert told(by_name, first, second) == (["A", "Ny"], [])
    assert told(by_name, second, first) == (["Ny", "A"], [])
    assert told("2022-06-10-noted", first) == (["Ny"], [])


def test_the_name_of_a_person_is_not_the_name_of_the_event() -> None:
    events, problems = read(f"- {{kind: person-changed, {DAY}, role: project_manager, name: Ny projektleder}}\n")

    assert problems == []
    assert isinstance(events[0], PersonChanged)
    assert (events[0].name, events[0].called) == ("Ny projektleder", "2022-06-10-person-changed")


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ("{kind: tilsagn}", "misspelt-choice 1: tilsagn"),
        ("{kind: fest}", "unknown-choice 1: fest"),
        ("{type: noted}", "misspelt-key 1: type"),
        ("{happened: 2022-01-01}", "key-missing 1: {happened: 2022-01-01}"),
        ("{kind: }", "key-missing 1: kind"),
        ("noted", "section-expected 1: noted"),
        (f"{{kind: noted, {DAY}, tekst: A}}", "misspelt-key 1: tekst"),
    ],
)
def test_an_event_that_cannot_be_read_is_a_problem_where_it_stands(event: str, problem: str) -> None:
    assert read(f"- {event}\n") == ((), [problem])


def test_what_the_reader_gives_an_event_cannot_be_written() -> None:
    assert read(NOTED.replace("text", "called: B, text"))[1] == ["unknown-key 1: called"]


def test_a_log_is_a_list() -> None:
    assert read("kind: noted\n") == ((), ["list-expected 1: kind"])


def test_two_events_cannot_have_the_same_id() -> None:
    noted = f"- {{kind: noted, {DAY}, text: A, id: vigtig}}\n"

    assert read(noted + noted)[1] == ["duplicate-id 2: vigtig"]


# ── changes of what was promised ─────────────────────────────────────────────────────────────


def test_a_promised_value_is_changed_by_its_path_and_has_the_type_of_its_place() -> None:
    values, problems = change(
        "project_period.ends: 2024-03-31",
        "phases.fase-1.ends: 30-09-2022",
        "milestones.teams-klar.due: 2022-08-15",
        "grant.awarded: 6.500.000 kr.",
        "purpose: Bedre pleje",
    )

    assert problems == []
    purpose = values.pop("purpose")
    assert isinstance(purpose, Statement)
    assert purpose.text == "Bedre pleje"
    assert values == {
        "project_period.ends": date(2024, 3, 31),
        "phases.fase-1.ends": date(2022, 9, 30),
        "milestones.teams-klar.due": date(2022, 8, 15),
        "grant.awarded": kr(6_500_000),
    }


def test_a_change_may_bring_a_new_item_and_then_name_it() -> None:
    values, problems = change("phases.fase-4: {title: Drift, starts: 2024-01-01}", "phases.fase-4.ends: 2024-03-31")

    assert problems == []
    phase = values["phases.fase-4"]
    assert isinstance(phase, Phase)
    assert (phase.id, phase.title, phase.starts) == ("fase-4", "Drift", date(2024, 1, 1))


def test_null_drops_an_item_or_a_value_that_can_be_done_without() -> None:
    values, problems = change("phases.fase-1: null", "milestones.teams-klar.shown_by: null")

    assert (values, problems) == ({"phases.fase-1": None, "milestones.teams-klar.shown_by": None}, [])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("milestones.teams-klar.due: null", "value-not-droppable 6: null"),
        ("milestones.teams-klar.due:", "key-missing 6: milestones.teams-klar.due"),
        ("milestones.teams-klar.due: 15/8-2022", "day-unreadable 6: 15/8-2022"),
        ("milestones.teams-klr.due: 2022-08-15", "unknown-path 6: milestones.teams-klr.due"),
        ("milestones.teams-klar.frist: 2022-08-15", "unknown-path 6: milestones.teams-klar.frist"),
        ("milestones.teams-klar.id: andet", "unknown-path 6: milestones.teams-klar.id"),
        ("purpose.text.mere: A", "unknown-path 6: purpose.text.mere"),
        ("formål: A", "unknown-path 6: formål"),
        ("people: A", "unknown-path 6: people"),
    ],
)
def test_a_change_of_what_was_not_promised_is_a_problem(value: str, problem: str) -> None:
    assert change(value) == ({}, [problem])


def test_values_that_are_no_section_are_a_problem() -> None:
    assert read(f"- {{kind: change-approved, {DAY}, change: project, values: alt}}\n")[1] == ["section-expected 1: alt"]


# ── corrections ──────────────────────────────────────────────────────────────────────────────


def correct(values: str) -> tuple[dict[str, object], list[str]]:
    moved = MOVED
    events, problems = read(
        moved + f"- {{kind: corrected, {DAY}, event: 2022-06-10-milestone-moved, values: {values}}}\n"
    )
    event = events[-1]
    assert isinstance(event, Corrected)
    return dict(event.values), problems


def test_a_correction_has_the_types_of_the_event_that_it_corrects() -> None:
    assert correct("{due: 15-09-2022, action: null}") == ({"due": date(2022, 9, 15), "action": None}, [])


def test_a_correction_can_only_name_what_the_event_has() -> None:
    assert correct("{frist: 2022-09-15}") == ({}, ["misspelt-key 2: frist"])
    assert correct("{cause: null}") == ({}, ["value-not-droppable 2: null"])


def test_an_event_that_is_not_there_is_a_problem_with_the_nearest_name() -> None:
    problems: list[Problem] = []
    text = (
        f"- {{kind: noted, {DAY}, text: A}}\n- {{kind: corrected, {DAY}, event: 2022-06-10-notet, withdrawn: true}}\n"
    )
    read_events(text, "events.yaml", plan(), problems)

    assert [CODES[found.code].hint.format(**found.words) for found in problems] == ["did you mean 2022-06-10-noted?"]


def test_a_correction_of_a_change_has_promised_values() -> None:
    changed = f"- {{kind: change-approved, {DAY}, change: extension, values: {{project_period.ends: 2024-03-31}}}}\n"
    right = "values: {values: {project_period.ends: 2024-06-30}}"
    events, problems = read(changed + f"- {{kind: corrected, {DAY}, event: 2022-06-10-change-approved, {right}}}\n")

    assert problems == []
    assert isinstance(events[1], Corrected)
    assert events[1].values == {"values": {"project_period.ends": date(2024, 6, 30)}}


# ── the line of a new event ──────────────────────────────────────────────────────────────────


def test_a_new_event_is_one_line_as_a_person_would_write_it() -> None:
    line = event_line(
        "milestone-moved",
        {
            "happened": "2022-06-10",
            "milestone": "teams-klar",
            "cause": "To stillinger ubesat",
            "action": "Opslået: igen",
        },
    )

    assert line == (
        "- {kind: milestone-moved, happened: 2022-06-10, milestone: teams-klar, cause: To stillinger ubesat, "
        'action: "Opslået: igen"}\n'
    )


SHOWN = st.text(st.characters(exclude_categories=("C", "Zl", "Zp"), include_characters="\n\t")).filter(str.strip)


@given(SHOWN, st.lists(SHOWN, max_size=3))
def test_whatever_a_text_contains_the_line_reads_back(text: str, attachments: list[str]) -> None:
    noted = event_line("noted", {"happened": "2022-06-10", "recorded": "2022-06-10", "text": text})
    days = {"happened": "2022-06-10", "recorded": "2022-06-10"}
    sent = event_line("submitted", {**days, "issued": "v1", "to": text, "attachments": attachments})

    events, problems = read(noted + sent)

    assert noted.count("\n") == sent.count("\n") == 1
    assert [problem for problem in problems if not problem.startswith("value-missing")] == []
    assert isinstance(events[0], Noted)
    assert isinstance(events[1], Submitted)
    assert (events[0].text, events[1].to) == (text.strip(), text.strip())
    assert events[1].attachments == tuple(each.strip() for each in attachments)


def test_a_line_can_hold_promised_values() -> None:
    keys = {"happened": "2022-06-10", "recorded": "2022-06-10", "change": "extension"}
    values = {"project_period.ends": "2024-03-31", "phases.fase-1": None}
    events, problems = read(event_line("change-approved", {**keys, "values": values}))

    assert problems == []
    assert isinstance(events[0], ChangeApproved)
    assert events[0].values == {"project_period.ends": date(2024, 3, 31), "phases.fase-1": None}


def test_in_a_project_without_milestones_a_new_one_is_what_was_meant() -> None:
    keys = {"happened": "2022-06-10", "recorded": "2022-06-10", "change": "project"}
    text = event_line("change-approved", {**keys, "values": {"milestones.klar.due": "2022-09-15"}})
    problems: list[Problem] = []
    read_events(text, "events.yaml", structs.replace(plan(), milestones=()), problems)

    assert [(each.code, each.words["near"]) for each in problems] == [("unknown-path", "milestones.klar")]


@pytest.mark.parametrize("path", ["ses", "0", '""', "purpose.a", "goals", "goals.", "people.a"])
def test_a_promise_names_what_can_be_promised_and_the_rest_of_it_stands(path: str) -> None:
    text = f"- {{kind: awarded, {DAY}, amount: 1 kr., promise: {{{path}: 00, phases.fase-1: 11}}}}\n"
    (event,), problems = read(text)

    assert isinstance(event, Awarded)
    assert event.promise == {"phases.fase-1": "11"}
    assert [each.partition(" ")[0] for each in problems] == ["unknown-path"]


@pytest.mark.parametrize("values", ["Ny", "[a]", "2022", "'# x'"])
@pytest.mark.parametrize("kind", ["change-approved, change: project", "corrected, event: 2022-06-10-noted"])
def test_new_values_that_are_no_keys_are_told_and_change_nothing(kind: str, values: str) -> None:
    events, problems = read(f"{NOTED}- {{kind: {kind}, {DAY}, values: {values}}}\n")

    assert isinstance(events[1], ChangeApproved | Corrected)
    assert events[1].values == {}
    assert problems == [f"section-expected 2: {values}"]


def test_new_values_are_known_by_where_they_stand() -> None:
    (event,), _problems = read(f"- {{kind: change-approved, {DAY}, change: project, values: {{purpose: Ro}}}}\n")

    span = event.at.of("values")
    assert span.text[span.column - 1 :] == "{purpose: Ro}}"


def test_the_year_of_a_carry_over_is_one_that_a_calendar_has() -> None:
    (event,), problems = read(f"- {{kind: change-requested, {DAY}, change: carry-over, year: 20222}}\n")

    assert isinstance(event, ChangeRequested)
    assert event.year is None
    assert problems == ["year-unreadable 1: 20222"]
