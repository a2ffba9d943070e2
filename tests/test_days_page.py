"""docs/days.md: what wins when two things in a log say otherwise; each of its answers is what the program gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from toolkit.core.occasion import Occasion
from toolkit.core.report import report_of
from toolkit.documents.facts import leaves
from toolkit.documents.from_state import facts_from
from toolkit.project import open_project

PAGE = (ROOT / "docs" / "days.md").read_text(encoding="utf-8")
PLAN, *LOGS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
(CASE,) = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
_PART = re.compile(r"```yaml\n(?P<log>- .*?)```\n\n(?P<table>\| dag .*?)(?:\n\n|\Z)", re.DOTALL)


class Asked(NamedTuple):
    log: str
    as_of: date
    known_by: date
    fact: str
    answer: str


def asked() -> Iterator[Asked]:
    for part in _PART.finditer(PAGE):
        for row in part["table"].splitlines()[2:]:
            day, known, fact, answer = (cell.strip() for cell in row.strip("|").split("|"))
            yield Asked(part["log"], date.fromisoformat(day), date.fromisoformat(known), fact, answer)


def test_every_log_of_the_page_has_answers() -> None:
    assert len({each.log for each in asked()}) == len(LOGS) > 10


@pytest.mark.parametrize("each", list(asked()), ids=lambda each: f"{each.as_of}-{each.known_by}-{each.fact}")
def test_each_answer_of_the_page_is_what_the_program_gives(each: Asked, tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "events.yaml").write_text(each.log, encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "sag.md").write_text(CASE, encoding="utf-8")
    project = open_project(tmp_path)
    assert project.dossier is not None
    assert [found.code for found in project.problems if found.severity == "error"] == []

    day = Occasion(
        kind="",
        as_of=each.as_of,
        known_by=each.known_by,
        starts=each.as_of,
        ends=each.as_of,
        prose="texts/x.md",
        case=project.dossier.case("sag"),
    )
    facts = {leaf.path: leaf.value for leaf in leaves(facts_from(report_of(project.dossier, day)))}
    value = facts.get(each.fact)

    assert ("–" if value is None else str(value)) == each.answer
