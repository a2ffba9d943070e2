from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_moved import FIRST, LATER, OWN, budget, budgets, move, two
from tests.test_updating import change, seed, thisted
from toolkit import journal
from toolkit.cli import main
from toolkit.cli.update import update
from toolkit.journal import locked

__all__ = ["budget", "seed", "two"]  # the fixtures


def run(*words: object) -> Result:
    return CliRunner().invoke(update, [str(word) for word in words], catch_exceptions=False)


def pulje(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


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


def test_a_file_that_has_got_another_name_is_told_by_both_and_by_value(budget: Path):
    change(budget, "applied_on: 2022-01-01", "applied_on: 2022-02-01")
    change(budget, "title: Kurser", "title: Kompetencer")
    before = budgets(budget)
    answer = run(thisted(budget), "--dry-run")

    assert f"{thisted(budget) / LATER}: opdateret\n    hed før {FIRST}\n" in answer.stdout
    assert "    lines.kurser.title: Kurser → Kompetencer\n" in answer.stdout
    assert budgets(budget) == before


def test_a_file_that_the_user_moved_is_told_by_the_templates_name(budget: Path):
    move(budget, FIRST, OWN)
    answer = run(thisted(budget))

    assert f"{thisted(budget) / OWN}: som den var, et andet sted\n    skabelonen kalder den {FIRST}\n" in answer.stdout


def test_what_may_be_the_file_is_told_with_what_to_type_and_that_can_be_typed(two: Path):
    result = two.parent / "svar.json"
    answer = run(thisted(two), "--result", str(result))
    hint = f"--moved {FIRST} {OWN}"
    (told,) = (each for each in json.loads(result.read_text("utf-8"))["projects"][0]["files"] if each["alike"])

    assert answer.exit_code == 1
    assert f'--moved {FIRST} "budgets/gemt/en kopi.yaml"\n' in answer.stdout
    assert hint in answer.stdout and f"--take ours {FIRST}" in answer.stdout
    assert (told["file"], told["outcome"], OWN in told["alike"]) == (FIRST, "unsure", True)
    assert run(thisted(two), *hint.split()).exit_code == 0
    assert "title: Kompetencer" in (thisted(two) / OWN).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("LES.md", OWN), (FIRST, "../rollout.yaml"), (FIRST, ".pulje/scaffold.yaml")])
def test_where_nothing_stands_nothing_is_said_to_be_decided(budget: Path, words: tuple[str, str]):
    assert "moved-of-nothing" in run(thisted(budget), "--moved", *words).stderr


def test_a_file_that_was_taken_for_another_can_be_said_to_be_gone(budget: Path):
    move(budget, FIRST, OWN)
    change(budget, "title: Kurser", "title: Kompetencer")
    answer = run(thisted(budget), "--moved", FIRST, FIRST)

    assert f"{thisted(budget) / FIRST}: forbliver slettet" in answer.stdout
    assert "Kurser" in (thisted(budget) / OWN).read_text(encoding="utf-8")


def test_what_is_promised_in_many_projects_is_offered_as_one_event_for_all_of_them(tmp_path: Path) -> None:
    seeds, everything = tmp_path / "liste.yaml", tmp_path / "alle"
    text = """\
common:
  title: Teams
  fund: ingen-pulje
  purpose: Ro
  project_period: {starts: 2022-01-01, ends: 2023-12-31}
  phases: [{id: drift, title: Drift, starts: 2022-01-01, ends: 2023-12-31}]
  milestones: [{id: konf, title: Konference, due: 2022-08-23, phase: drift}]
  grant: {applied: 100.000 kr.}
  budget_lines: [{id: loen, title: Løn, amount: 100.000 kr.}]
municipalities: [Køge, Varde]
"""
    seeds.write_text(text, encoding="utf-8")
    assert pulje("new", seeds, "--into", everything).exit_code == 0
    assert pulje("log", everything, "awarded", "amount=100.000", "--on", "2021-12-16").exit_code == 0
    seeds.write_text(text.replace("2022-08-23", "2022-09-15"), encoding="utf-8")
    told = pulje("update", everything).stdout
    (typed,) = [line.strip() for line in told.splitlines() if line.startswith("  pulje log ")]

    value = '"values.milestones.konf.due=2022-09-15"'
    assert typed == f"pulje log {everything} change-requested change=project reason=… {value}"
    _pulje, *words = shlex.split(typed.replace("requested", "approved").replace("reason=…", "reason=Flyttet"))
    assert pulje(*words, "by=Styrelsen", "--on", "2022-01-05").exit_code == 0
    assert "pulje log" not in pulje("update", everything).stdout
