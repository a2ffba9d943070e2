"""Random logs: what docs/days.md says of them by a second reading, and what no log may break."""

from __future__ import annotations

import ast
import re
import sys
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import log_oracle as oracle
from tests.conftest import ROOT
from tests.test_days_page import CASE, PLAN
from toolkit.core.deadlines import not_sent
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.problems import Problem
from toolkit.core.report import report_of
from toolkit.documents.facts import leaves
from toolkit.documents.from_state import facts_from
from toolkit.readers.cases import read_case
from toolkit.readers.events import read_events
from toolkit.readers.plan import read_plan

# Few days, so that what contradicts meets: most things are known when they are asked about.
FIRST, LAST = date(2022, 5, 1), date(2022, 7, 31)
DAYS = st.dates(FIRST, LAST)
MEETINGS = st.sampled_from([date(2022, 5, 3), date(2022, 5, 10), date(2022, 5, 17), date(2022, 6, 7)])
ASKED = st.dates(date(2022, 6, 1), date(2022, 9, 30))
_DAYS = {"happened": "2021-12-16", "recorded": "2022-01-03"}
AWARD = {"kind": "awarded", **_DAYS, "id": "tilsagn", "amount": "400.000 kr."}


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """One event, recorded some days after it happened."""
    due = st.dates(date(2022, 5, 15), date(2022, 10, 15))
    values = st.fixed_dictionaries({"milestones.klar.due": due}) | st.fixed_dictionaries(
        {"project_period.ends": st.dates(date(2023, 1, 1), date(2023, 12, 31))}
    )
    about: st.SearchStrategy[dict[str, Any]] = st.one_of(
        st.fixed_dictionaries({"kind": st.just("milestone-moved"), "milestone": st.just("klar"), "due": due}).map(
            lambda keys: {**keys, "cause": "Ubesat"}
        ),
        st.just({"kind": "milestone-dropped", "milestone": "klar", "cause": "Udgået"}),
        st.just({"kind": "milestone-reached", "milestone": "klar"}),
        st.sampled_from(
            [
                {"kind": "risk-changed", "risk": "vikarer", "ended": "true"},
                {"kind": "risk-changed", "risk": "vikarer", "ended": "false"},
                {"kind": "risk-changed", "risk": "vikarer", "action": "Korps"},
                {"kind": "person-changed", "role": "project_manager", "name": "Projektleder C"},
                {"kind": "person-changed", "role": "project_manager", "name": "Projektleder C", "until": "2022-05-31"},
                {"kind": "person-changed", "role": "project_manager", "name": "Projektleder D", "until": "2023-03-31"},
            ]
        ),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["change-approved", "change-approved", "change-refused"]),
                "change": st.just("project"),
                "by": st.sampled_from(["tilskudsyder", "Byrådet"]),
                "values": values,
            }
        ),
        st.sampled_from(
            [
                {"kind": "applied", "amount": "500.000 kr."},
                {"kind": "rejected"},
                {"kind": "closed", "by": "tilskudsyder"},
                {"kind": "awarded", "amount": "450.000 kr."},
                {"kind": "submitted", "issued": "2022-06-30-status-report-v1", "to": "tilskudsyder"},
            ]
        ),
        _of_case("meeting-set", date=MEETINGS, item=st.integers(1, 9)),
        _of_case("meeting-set", date=MEETINGS),
        _of_case(
            "decided", outcome=st.sampled_from(["postponed", "returned", "approved"]), text=st.sampled_from("abc")
        ),
    )
    said = draw(about)
    happened = draw(MEETINGS if "case" in said else DAYS)
    return {**said, "happened": happened, "recorded": happened + timedelta(days=draw(st.integers(0, 40)))}


def _of_case(kind: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    step = {"kind": st.just(kind), "case": st.just("sag"), "step": st.sampled_from(["ssu", "br"])}
    return st.fixed_dictionaries({**step, **keys})


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A log in the order in which it was written, some of it corrected, and some of the corrections too."""
    found = sorted(draw(st.lists(events(), min_size=4, max_size=12)), key=lambda each: each["recorded"])
    written: list[dict[str, Any]] = [AWARD]
    for number, event in enumerate(found):
        written.append({**event, "id": f"e{number}"})
        if draw(st.integers(0, 7)) == 0:
            written += _recorded_too_late(written.pop(), number)
        if draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from(written[1:]))
            happened = event["recorded"]
            days = {"happened": happened, "recorded": happened, "id": f"r{number}"}
            withdrawn = {"withdrawn": "true"} if target["kind"] == "corrected" or draw(st.booleans()) else None
            moved = {"values": {"happened": draw(st.dates(FIRST, max(FIRST, target["happened"])))}}
            if draw(st.booleans()):
                moved = {"values": {"recorded": target["recorded"] - timedelta(days=draw(st.integers(0, 40)))}}
            written.append({"kind": "corrected", **days, "event": target["id"], **(withdrawn or moved)})
    return written


def _recorded_too_late(event: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """An event with a year too many in the day it was recorded, and what puts that right."""
    day = event["recorded"]
    right = {"kind": "corrected", "happened": day, "recorded": day, "id": f"d{number}", "event": event["id"]}
    return [{**event, "recorded": day.replace(year=day.year + 1)}, {**right, "values": {"recorded": day}}]


def text_of(log: list[dict[str, Any]]) -> str:
    return "".join(f"- {_flow(each)}\n" for each in log)


def _flow(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"


def dossier_of(log: list[dict[str, Any]]) -> Dossier:
    problems: list[Problem] = []
    plan = read_plan(PLAN, "project.yaml", problems)
    assert plan is not None
    found = read_events(text_of(log), "events.yaml", plan, problems)
    case = read_case(CASE, "cases/sag.md", "sag", problems)
    assert case
    assert problems == []
    return Dossier(plan=plan, events=found, cases=case[:1])


def told(dossier: Dossier, as_of: date, known_by: date) -> dict[str, object]:
    day = Occasion(
        kind="",
        as_of=as_of,
        known_by=known_by,
        starts=as_of,
        ends=as_of,
        prose="texts/x.md",
        case=dossier.case("sag"),
    )
    return {leaf.path: leaf.value for leaf in leaves(facts_from(report_of(dossier, day)))}


@settings(max_examples=50)
@given(logs(), ASKED, ASKED)
def test_a_log_says_what_a_second_reading_of_the_page_makes_of_it(
    log: list[dict[str, Any]], as_of: date, known_by: date
) -> None:
    case, events = oracle.read(CASE.split("---")[1]), oracle.read(text_of(log))
    mine = oracle.facts(oracle.read(PLAN), events, as_of, known_by) | oracle.course(case, events, as_of, known_by)
    its = told(dossier_of(log), as_of, known_by)

    assert {name: its.get(name) for name in mine} == mine


@settings(max_examples=50)
@given(logs(), ASKED, ASKED)
def test_what_is_not_sent_is_what_a_second_reading_makes_of_it(
    log: list[dict[str, Any]], as_of: date, known_by: date
) -> None:
    mine = oracle.not_sent(oracle.read(PLAN), oracle.read(text_of(log)), as_of, known_by)
    its = not_sent(dossier_of(log).state(as_of, known_by))

    assert {(str(each.kind), each.period_ends, each.due) for each in its} == mine


@settings(max_examples=26)
@given(logs(), ASKED, ASKED)
def test_what_is_recorded_later_changes_nothing_of_what_was_known_before(
    log: list[dict[str, Any]], as_of: date, known_by: date
) -> None:
    known = [each for each in log if each is AWARD or each["recorded"] <= known_by]
    about = {each["event"] for each in known if each["kind"] == "corrected"}
    before = [each for each in log if each in known or each["id"] in about]

    assert told(dossier_of(log), as_of, known_by) == told(dossier_of(before), as_of, known_by)


@settings(max_examples=26)
@given(logs(), ASKED, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_matters_only_within_a_day(log: list[dict[str, Any]], as_of: date, chance: Any) -> None:
    plain = [each for each in log if each["kind"] != "corrected"]
    days: dict[Any, list[dict[str, Any]]] = {}
    for each in plain:
        days.setdefault(str(each["happened"]), []).append(each)
    groups = list(days.values())
    chance.shuffle(groups)

    assert told(dossier_of([each for group in groups for each in group]), as_of, date.max) == (
        told(dossier_of(plain), as_of, date.max)
    )


def test_the_second_reading_shares_no_code_with_the_program() -> None:
    tree = ast.parse((ROOT / "tests" / "log_oracle.py").read_text(encoding="utf-8"))
    names = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    names |= {alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names}

    assert {str(name).partition(".")[0] for name in names} - sys.stdlib_module_names == {"yaml"}
    assert re.search(r"^fund:", PLAN, re.MULTILINE)
