from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.folders import BUDGET, CASE, IMPORTED, NO_BOOKS, PROJECT, write_project
from toolkit.core.money import kr
from toolkit.project import Project, open_project


def told(project: Project) -> list[tuple[str, str]]:
    return [(found.code, str(found.at)) for found in project.problems]


def test_a_folder_is_joined_to_one_dossier(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path))

    assert project.sound, project.problems
    assert project.dossier is not None
    assert project.dossier.plan.title == "Faste teams"
    assert {each.id: each.amount for each in project.dossier.plan.budgets} == {"2021-12-16-award": kr(500_000)}
    assert [case.id for case in project.dossier.cases] == ["orientering"]
    assert {prose.file for prose in project.dossier.prose} == {
        "cases/orientering.md",
        "texts/status-report/2022-06-30.md",
    }


def test_a_folder_without_a_project_file_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    project = open_project(tmp_path)

    assert project.dossier is None
    assert [code for code, _ in told(project)] == ["project-missing"]


def test_a_folder_with_a_files_name_is_no_file_and_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    write_project(tmp_path, {"payroll.yaml": ""})
    (tmp_path / "postings" / "2022-07-08-opus-0a1b2c3d.csv").mkdir(parents=True)

    assert told(open_project(tmp_path)) == [("file-empty", "payroll.yaml:1:1")]


def test_every_files_problems_are_found_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            **NO_BOOKS,
            "project.yaml": PROJECT.replace("500.000 kr.,", "500.5 kr.,").replace("due: 2022-06-15", "due: 2022-06-31"),
            "budgets/2021-12-16-award.yaml": BUDGET.replace("100.000 kr.", "100.5 kr."),
            "events.yaml": "- {kind: noted, happened: i går, recorded: 2022-01-01, text: x}\n",
        },
    )
    project = open_project(tmp_path)

    assert not project.sound
    assert [(code, at.rpartition(":")[0]) for code, at in told(project)] == [
        ("amount-unreadable", "budgets/2021-12-16-award.yaml:4"),
        ("day-unreadable", "events.yaml:1"),
        ("amount-unreadable", "project.yaml:4"),
        ("day-impossible", "project.yaml:10"),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"project.yaml": PROJECT.replace("due: 2022-06-15", "due: 15. juni")}, "day-unreadable"),
        ({"project.yaml": PROJECT.replace("ends: 2022-06-30}", "ends: 30. juni}")}, "day-unreadable"),
        ({"budgets/2021-12-16-award.yaml": BUDGET.replace("400.000 kr.", "0.4 mio.")}, "amount-unreadable"),
    ],
)
def test_an_entry_that_cannot_be_read_brings_no_other_error(tmp_path: Path, changed: dict[str, str], code: str) -> None:
    log = """\
- {kind: milestone-reached, happened: 2022-06-15, recorded: 2022-06-15, milestone: teams-klar}
- {kind: ordered, happened: 2022-06-15, recorded: 2022-06-15, line: loen, amount: 100 kr.}
- {kind: change-requested, happened: 2022-06-16, recorded: 2022-06-16, change: project,
   values: {milestones.teams-klar.due: 2022-07-15}}
"""
    found = open_project(write_project(tmp_path, {"events.yaml": IMPORTED + log, **changed})).problems

    assert [each.code for each in found if each.severity == "error"] == [code]


def test_the_rules_are_asked_where_the_files_can_be_read(tmp_path: Path) -> None:
    write_project(tmp_path, {"budgets/2021-12-16-award.yaml": BUDGET.replace("100.000", "90.000")})
    project = open_project(tmp_path)

    assert told(project) == [("budget-not-funded", "budgets/2021-12-16-award.yaml:1:8")]
    assert project.problems[0].words["difference"] == "10.000"


def test_a_text_may_stand_in_the_place_of_a_file_that_is_not_written_yet(tmp_path: Path) -> None:
    write_project(tmp_path, NO_BOOKS)
    noted = "- {kind: noted, happened: 2022-02-01, recorded: 2022-02-02, text: Som det ville blive}\n"
    project = open_project(tmp_path, instead={"events.yaml": noted})

    assert project.dossier is not None
    assert project.dossier.last_known == date(2022, 2, 2)
    assert not (tmp_path / "events.yaml").exists()


def test_what_is_known_last_is_the_periods_first_day_where_nothing_happened(tmp_path: Path) -> None:
    dossier = open_project(write_project(tmp_path, NO_BOOKS)).dossier

    assert dossier is not None
    assert dossier.last_known == date(2022, 1, 1)


def test_an_approved_extension_brings_its_years_into_the_budget(tmp_path: Path) -> None:
    change = (
        BUDGET.replace("stage: award", "stage: change")
        .replace("400.000 kr.}", "400.000 kr., by_year: {2022: 200.000 kr., 2024: 200.000 kr.}}")
        .replace("100.000 kr.}", "100.000 kr., by_year: {2022: 100.000 kr.}}")
    )
    approved = (
        "- {kind: change-approved, happened: 2023-05-01, recorded: 2023-05-01, change: extension, by: Styrelsen,\n"
        "   budget: 2023-05-01-change, values: {project_period.ends: 2024-06-30}}\n"
    )
    files = {"budgets/2023-05-01-change.yaml": change}

    refused = open_project(write_project(tmp_path / "a", files))
    extended = open_project(write_project(tmp_path / "b", {**files, "events.yaml": approved}))

    assert "year-outside-period" in [code for code, _ in told(refused)]
    assert "year-outside-period" not in [code for code, _ in told(extended)]


def test_an_attachment_may_be_a_document_that_the_project_has_issued(tmp_path: Path) -> None:
    listed = "attachments: [{no: 1, title: Statusrapport, issued: 2022-06-30-status-report-v1}]\n---\n# Resumé"
    case = {"cases/orientering.md": CASE.replace("---\n# Resumé", listed)}
    before = open_project(write_project(tmp_path, case))
    write_project(tmp_path, {"issued/2022-06-30-status-report-v1/receipt.yaml": "issued: x\n"})

    assert "attachment-not-issued" in [code for code, _ in told(before)]
    assert "attachment-not-issued" not in [code for code, _ in told(open_project(tmp_path))]
