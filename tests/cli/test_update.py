from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from tests.test_updating import change, seed, thisted
from toolkit.cli.update import update

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
