from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_updating import change, seed, thisted
from toolkit import journal
from toolkit.cli.update import update
from toolkit.journal import locked

__all__ = ["seed"]  # the fixture


def run(*words: object) -> Result:
    return CliRunner().invoke(update, [str(word) for word in words], catch_exceptions=False)


def test_a_project_that_is_up_to_date_says_so(seed: Path):
    assert run(thisted(seed)).stdout == f"{thisted(seed)}: opdateret i forvejen\n"


def test_every_project_is_told_with_its_files(seed: Path):
    change(seed, "due: 2022-08-23", "due: 2022-09-01")
    answer = run(thisted(seed), seed.parent / "vejle-faste-teams")

    assert answer.exit_code == 0
    assert f"{thisted(seed)}: 1 fil\n  {thisted(seed) / 'project.yaml'}: opdateret\n" in answer.stdout


def test_a_dry_run_writes_nothing(seed: Path):
    before = (thisted(seed) / "project.yaml").read_bytes()
    change(seed, "due: 2022-08-23", "due: 2022-09-01")
    answer = run(thisted(seed), "--dry-run")

    assert "opdateret" in answer.stdout
    assert (thisted(seed) / "project.yaml").read_bytes() == before


def test_a_conflict_ends_with_exit_code_one_and_its_line(seed: Path):
    change(thisted(seed) / "project.yaml", "due: 2023-05-30", "due: 2023-05-29")
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    answer = run(thisted(seed))

    assert answer.exit_code == 1
    assert "1 fil, 1 konflikt" in answer.stdout
    assert "konflikt, markeret i filen" in answer.stdout


def test_a_folder_that_was_never_scaffolded_is_an_error(tmp_path: Path):
    answer = run(tmp_path)

    assert answer.exit_code == 1
    assert "not-scaffolded" in answer.stderr


def test_what_stops_one_project_stops_no_other_and_a_file_holds_what_became_of_each(
    seed: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(journal, "_PATIENCE", 0.1)
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    vejle, result = seed.parent / "vejle-faste-teams", seed.parent / "svar.json"
    with locked(thisted(seed)):
        answer = run(seed.parent, "--result", str(result))
    told = json.loads(result.read_text(encoding="utf-8"))["projects"]

    assert answer.exit_code == 1
    assert "due: 2023-05-28" in (vejle / "project.yaml").read_text(encoding="utf-8")
    assert {Path(each["project"]).name: (each["stopped"], each["problems"]) for each in told} == {
        "thisted-faste-teams": (True, ["project-busy"]),
        "vejle-faste-teams": (False, []),
    }
    assert told[1]["files"][0]["values"] == [
        {"path": "milestones.slut.due", "before": "2023-05-30", "after": "2023-05-28", "outcome": "brought"}
    ]
    assert run(thisted(seed)).exit_code == 0
    assert "due: 2023-05-28" in (thisted(seed) / "project.yaml").read_text(encoding="utf-8")


def test_a_dry_run_says_each_value_that_would_change(seed: Path):
    change(thisted(seed) / "project.yaml", "due: 2023-05-30", "due: 2023-05-29")
    change(seed, "due: 2023-05-30", "due: 2023-05-28")
    change(seed, "due: 2022-08-23", "due: 2022-09-01")
    answer = run(thisted(seed), "--dry-run")

    assert "milestones.konference.due: 2022-08-23 → 2022-09-01" in answer.stdout
    assert "milestones.slut.due: 2023-05-29 bliver stående, skabelonen siger 2023-05-28" in answer.stdout
