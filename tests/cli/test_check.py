from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.documents.forms import word
from tests.folders import BUDGET, PROJECT, write_project
from toolkit.cli.track import check
from toolkit.language import set_language

TOO_LITTLE = {"budgets/2021-12-16-award.yaml": BUDGET.replace("100.000", "90.000")}
UNAPPROVED = {"budgets/2022-09-01-change.yaml": BUDGET.replace("stage: award", "stage: change")}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(check, [str(word) for word in words], catch_exceptions=False)


def test_a_project_with_nothing_wrong_is_exit_code_0(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path))

    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, f"{tmp_path}: ingen fejl eller mangler\n", "")


def test_an_error_is_shown_on_standard_error_with_its_place_its_line_and_what_to_do(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, TOO_LITTLE))

    assert (answer.exit_code, answer.stdout) == (1, f"{tmp_path}: 1 fejl\n")
    assert answer.stderr.splitlines()[:3] == [
        f"{tmp_path}/budgets/2021-12-16-award.yaml:1:8: budget-not-funded (fejl)",
        "    1 | stage: award",
        "      |        ^^^^^",
    ]
    assert "prøv:" in answer.stderr


def test_a_warning_stops_nothing(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, UNAPPROVED))

    assert (answer.exit_code, answer.stdout) == (0, f"{tmp_path}: 1 advarsel\n")
    assert "budget-not-approved (advarsel)" in answer.stderr


def test_the_project_may_be_named_by_its_file(tmp_path: Path) -> None:
    assert run(write_project(tmp_path) / "project.yaml").stdout.startswith(f"{tmp_path}: ")


def test_every_project_below_is_checked_where_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path / "projects" / "a")
    write_project(tmp_path / "projects" / "b", TOO_LITTLE)
    monkeypatch.chdir(tmp_path)
    both = run()
    monkeypatch.chdir(tmp_path / "projects" / "a")
    this_one = run()

    assert [line.partition(":")[2] for line in both.stdout.splitlines()] == [" ingen fejl eller mangler", " 1 fejl"]
    assert (both.exit_code, this_one.exit_code) == (1, 0)


@pytest.mark.parametrize("words", [(), ("findes-ikke",)])
def test_where_there_is_no_project_check_is_used_wrongly(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(*words).exit_code == 2


def test_a_folder_that_is_no_project_is_an_error_in_the_input(tmp_path: Path) -> None:
    answer = run(tmp_path)

    assert answer.exit_code == 1
    assert "project-missing" in answer.stderr


def test_json_is_one_value_with_the_same_problems(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, {**TOO_LITTLE, **UNAPPROVED}), "--json")
    (found,) = json.loads(answer.stdout).values()

    assert answer.exit_code == 1
    assert [(each["code"], each["severity"], each["at"]) for each in found] == [
        ("budget-not-funded", "error", "budgets/2021-12-16-award.yaml:1:8"),
        ("budget-not-approved", "warning", "budgets/2022-09-01-change.yaml:1:8"),
    ]
    assert all(each["message"] and each["hint"] for each in found)


def test_the_same_problem_in_english(tmp_path: Path) -> None:
    set_language("en")
    try:
        answer = run(write_project(tmp_path, TOO_LITTLE))
    finally:
        set_language("da")

    assert "budget-not-funded (error)" in answer.stderr
    assert "The budget 2021-12-16-award sums to 490.000 kr." in answer.stderr
    assert answer.stdout == f"{tmp_path}: 1 error\n"


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, TOO_LITTLE))

    assert "\x1b" not in answer.stdout + answer.stderr


def test_a_very_long_line_is_cut_around_what_is_wrong(tmp_path: Path) -> None:
    padding = "x" * 300
    text = PROJECT.replace("Faste teams", f'"{padding}"').replace("municipality: Thisted", f"area: {padding}")
    answer = run(write_project(tmp_path, {"project.yaml": text + "formål: x\n"}))

    assert max(len(line) for line in answer.stderr.splitlines() if " | " in line) <= 80


# ── an agency's form ─────────────────────────────────────────────────────────────────────────


def test_a_form_is_checked_alone_and_a_wrong_name_is_shown_in_its_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word("{{ title }}", [["x"]], [["x", "y"], ["x", "Beløb: {{ grant.awardd }}"]]).save(str(tmp_path / "skema.docx"))
    monkeypatch.chdir(tmp_path)
    answer = run("--form", "skema.docx")

    assert (answer.exit_code, answer.stdout) == (1, "skema.docx: 1 fejl (2 felter, rettet ved læsningen: 0)\n")
    assert answer.stderr.splitlines()[:5] == [
        "skema.docx, tabel 2, række 2, kolonne 2: fact-unknown (fejl)",
        "      | Beløb: {{ grant.awardd }}",
        "      |        ^^^^^^^^^^^^^^^^^^",
        "Ingen oplysning hedder grant.awardd.",
        "prøv: brug grant.awarded",
    ]


def test_a_form_is_checked_beside_the_projects_that_are_named(tmp_path: Path) -> None:
    form = tmp_path / "skema.docx"
    word("{{ written(”summary”) }}").save(str(form))
    answer = run(write_project(tmp_path / "p"), "--form", form)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == [
        f"{tmp_path / 'p'}: ingen fejl eller mangler",
        f"{form}: ingen fejl eller mangler (1 felt, rettet ved læsningen: 1)",
    ]


def test_a_form_in_json_is_beside_the_projects(tmp_path: Path) -> None:
    form = tmp_path / "skema.docx"
    word("{{ titel }}").save(str(form))
    answer = run("--json", "--form", form)
    (found,) = json.loads(answer.stdout)[str(form)]

    assert answer.exit_code == 1
    assert (found["code"], found["severity"]) == ("fact-unknown", "error")
