from __future__ import annotations

from datetime import date

from toolkit.core.problems import Problem
from toolkit.readers.cases import read_case

CASE = """\
---
title: Selvstyrende teams
layout: thisted
steps:
  - {id: ssu, body: Social- og Seniorudvalget, date: 2022-01-11, item: 14, case_type: for-information}
---

# Sagstema

Kommunen har fået tilsagn.
"""


def problems_of(text: str) -> list[str]:
    problems: list[Problem] = []
    read_case(text, "cases/tilsagn.md", "tilsagn", problems)
    return [f"{found.at.line}:{found.at.column} {found.code}" for found in problems]


def test_a_case_is_its_facts_and_its_text() -> None:
    problems: list[Problem] = []
    found = read_case(CASE, "cases/tilsagn.md", "tilsagn", problems)

    assert problems == []
    assert found is not None
    case, prose = found
    assert (case.id, case.title) == ("tilsagn", "Selvstyrende teams")
    assert case.steps[0].date == date(2022, 1, 11)
    assert [(passage.heading, passage.text, passage.line) for passage in prose.passages] == [
        ("Sagstema", "Kommunen har fået tilsagn.", 10)
    ]


def test_places_count_from_the_files_own_first_line() -> None:
    assert problems_of(CASE.replace("2022-01-11", "11/1-2022")) == ["5:54 day-unreadable"]
    assert problems_of(CASE.replace("# Sagstema", "Sagstema")) == ["8:1 text-before-heading"]


def test_facts_and_text_are_both_read_whatever_is_wrong_with_the_other() -> None:
    wrong = CASE.replace("layout: thisted\n", "").replace("# Sagstema", "Sagstema")

    assert problems_of(wrong) == ["2:1 key-missing", "7:1 text-before-heading"]


def test_a_case_begins_and_ends_its_facts_with_hyphens() -> None:
    assert problems_of("# Sagstema\n") == ["1:1 front-matter-missing"]
    assert problems_of("") == ["1:1 front-matter-missing"]
    assert problems_of("---\ntitle: A\n") == ["3:1 front-matter-missing"]


def test_a_rule_in_the_text_is_no_end_of_the_facts() -> None:
    problems: list[Problem] = []
    found = read_case(CASE + "\n---\n\nMere.\n", "cases/tilsagn.md", "tilsagn", problems)

    assert found is not None
    assert found[1].passages[0].text.endswith("---\n\nMere.")
