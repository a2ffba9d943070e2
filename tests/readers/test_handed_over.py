from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.test_portfolio import status
from toolkit.core.problems import Problem
from toolkit.core.status import Status
from toolkit.readers.handed_over import read_status

# As docs say that `pulje status --json` answers, and no key more.
LEAST: dict[str, Any] = {
    "project": "faste-teams",
    "as_of": "2022-06-30",
    "known_by": "2022-07-08",
    "phase": None,
    "phases": [],
    "milestones": [],
    "grant": None,
    "budget": None,
    "problems": [],
}


def read(folder: Path, data: bytes) -> tuple[Status | None, list[Problem]]:
    path = folder / "faste-teams.json"
    path.write_bytes(data)
    problems: list[Problem] = []
    return read_status(path, "øst/faste-teams.json", problems), problems


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    told = status()

    assert read(tmp_path, msgspec.json.encode(told)) == (told, [])


def test_a_status_from_an_older_version_may_say_less_and_from_a_newer_one_more(tmp_path: Path) -> None:
    told, problems = read(tmp_path, json.dumps({**LEAST, "invented_later": 1}).encode())

    assert problems == []
    assert told is not None
    assert (told.title, told.cohort, told.deadlines) == ("", None, ())


def test_whether_a_deadline_is_on_a_day_off_follows_from_its_day_whatever_the_other_version_says(
    tmp_path: Path,
) -> None:
    sunday = {"day": "2022-06-05", "what": "milestone", "title": "Teams er klar", "late": False}
    monday = {**sunday, "day": "2022-06-07", "day_off": "a-holiday-of-later"}
    told, problems = read(tmp_path, json.dumps({**LEAST, "deadlines": [sunday, monday]}).encode())

    assert problems == []
    assert told is not None
    assert [each.day_off for each in told.deadlines] == ["whit-sunday", None]


def test_a_status_from_a_version_that_knew_no_day_for_its_spending_is_read(tmp_path: Path) -> None:
    written = json.loads(msgspec.json.encode(status()))
    del written["budget"]["spent_known_until"]
    told, problems = read(tmp_path, json.dumps(written).encode())

    assert problems == []
    assert told is not None
    assert told.budget is not None
    assert (told.budget.spent, told.budget.spent_known_until) == (5_000_000, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_danish_letters_survive_what_consoles_do_to_a_file(tmp_path: Path, encoding: str) -> None:
    text = json.dumps({**LEAST, "title": "Ældre på Ærø"}, ensure_ascii=False)
    told, problems = read(tmp_path, text.encode(encoding))

    assert problems == []
    assert told is not None
    assert told.title == "Ældre på Ærø"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"[]", "JSON"),
        (b'{"project": "faste-teams"}', "as_of"),
        (json.dumps({**LEAST, "as_of": "30-06-2022"}).encode(), "as_of"),
        (json.dumps({**LEAST, "budget": {"version": "a", "lines": []}}).encode(), "budget.budget_oere"),
        (json.dumps({**LEAST, "grant": {"applied_oere": 1.5}}).encode(), "grant.applied_oere"),
    ],
)
def test_a_file_that_is_no_status_says_what_is_wrong_with_it(tmp_path: Path, data: bytes, where: str) -> None:
    told, problems = read(tmp_path, data)

    assert told is None
    assert [(found.code, found.at.file, found.words["where"]) for found in problems] == [
        ("status-unreadable", "øst/faste-teams.json", where)
    ]
