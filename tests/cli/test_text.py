from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.folders import PROJECT, write_project
from toolkit.cli.text import text

ACCOUNTS = PROJECT + "  - {kind: accounts, period_ends: 2023-12-31, due: 2024-03-01}\n"
ASKED = (
    "- {kind: change-requested, id: forlaeng, happened: 2022-03-01, recorded: 2022-03-01, change: extension,\n"
    "   reason: Det tager længere tid}\n"
)


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(text, [str(folder), *words], catch_exceptions=False)


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("application",), "texts/application.md"),
        (("ansøgning",), "texts/application.md"),
        (("slutrapport",), "texts/final-report.md"),
        (("accounts",), "texts/accounts/2023-12-31.md"),
        (("accounts", "31-12-2023"), "texts/accounts/2023-12-31.md"),
        (("change-request",), "texts/change-request/forlaeng.md"),
        (("change-request", "--change", "forlaeng"), "texts/change-request/forlaeng.md"),
        (("status-report", "2022-10-04"), "texts/status-report/2022-10-04.md"),
    ],
)
def test_the_text_of_each_kind_has_its_own_file(tmp_path: Path, words: tuple[str, ...], file: str) -> None:
    folder = write_project(tmp_path, {"project.yaml": ACCOUNTS, "events.yaml": ASKED})
    answer = run(folder, *words)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert (folder / file).read_text(encoding="utf-8").startswith("# ")
    assert str(folder / file) in answer.stdout.splitlines()[0]
    assert "overskrift" in answer.stdout.splitlines()[0]
    assert "pulje render" in answer.stdout.splitlines()[1]


@pytest.mark.parametrize(("others", "said"), [("", ""), (ASKED.replace("forlaeng", "igen"), " --change forlaeng")])
def test_what_is_to_be_run_then_names_the_request_where_another_was_made_that_day(
    tmp_path: Path, others: str, said: str
) -> None:
    answer = run(write_project(tmp_path, {"events.yaml": ASKED + others}), "change-request")

    assert answer.stdout.splitlines()[1].endswith(f"change-request --as-of 2022-03-01{said}")


def test_without_a_date_it_is_the_next_that_nobody_has_begun(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"texts/status-report/2022-06-30.md": None})

    assert "2022-06-30.md: 5 overskrifter er føjet til." in run(folder, "status-report").stdout
    assert "2022-06-30.md har alle sine overskrifter: skriv under dem." in run(folder, "status-report").stdout


def test_when_every_text_is_begun_there_is_nothing_to_do(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path), "status-report")

    assert answer.exit_code == 0
    assert "Der er intet at begynde på" in answer.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("agenda-item",), "skriv den i sagens egen fil i cases/"),
        (("accounts",), "project.yaml nævner intet af slagsen accounts"),
        (("final-report", "2022-01-01"), "2023-12-31"),
    ],
)
def test_what_has_no_text_of_its_own_is_refused_with_what_there_is(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    answer = run(write_project(tmp_path), *words)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert sorted(file.name for file in (tmp_path / "texts").rglob("*.md")) == ["2022-06-30.md"]


def test_a_project_with_errors_gets_no_text(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, {"texts/status-report/2022-06-30.md": "# Resumé\n<!-- åben\n"}), "application")

    assert answer.exit_code == 1
    assert "comment-unclosed" in answer.stderr
