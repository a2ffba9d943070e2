from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.folders import NO_BOOKS, PROJECT, write_project
from toolkit import portfolio as many
from toolkit.cli import main
from toolkit.cli.portfolio import portfolio
from toolkit.cli.track import status
from toolkit.language import set_language
from toolkit.project import Project

PROJECTS = ROOT / "projects"


def run(*words: str | Path, color: bool = False) -> Result:
    return CliRunner().invoke(portfolio, [str(word) for word in words], catch_exceptions=False, color=color)


def several(folder: Path) -> Path:
    """Two projects of one cohort, one of no cohort, one that cannot be read, and a status."""
    write_project(folder / "a", {"project.yaml": PROJECT + "cohort: Øst\n"})
    write_project(folder / "b", {"project.yaml": PROJECT.replace("Thisted", "Varde") + "cohort: Øst\n"})
    write_project(folder / "c", {"project.yaml": PROJECT.replace("Thisted", "Aarhus")})
    write_project(folder / "brudt", {"project.yaml": "title: [\n"})
    write_project(folder / "elsewhere/d", {"project.yaml": PROJECT.replace("Thisted", "Rudersdal")})
    told = CliRunner().invoke(status, [str(folder / "elsewhere/d"), "--as-of", "2022-03-31", "--json"])
    (folder / "d.json").write_text(told.stdout, encoding="utf-8")
    for file in (folder / "elsewhere/d").rglob("*.*"):
        file.unlink()
    return folder


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("group_by", ["cohort", "fund", "region", "phase"])
def test_many_projects_fit_80_columns_and_a_pipe_gets_no_colours(tmp_path: Path, language: str, group_by: str) -> None:
    set_language(language)
    try:
        answer = run(several(tmp_path), "--as-of", "2022-06-30", "--group-by", group_by)
    finally:
        set_language("da")

    assert max(map(len, answer.stdout.splitlines())) <= 80
    assert "\x1b" not in answer.stdout


def test_one_broken_project_is_shown_as_broken_and_hides_no_other(tmp_path: Path) -> None:
    answer = run(several(tmp_path), "--as-of", "2022-06-30")

    assert answer.exit_code == 1
    assert "! brudt                         kan ikke bruges: 1 fejl" in answer.stdout
    assert all(place in answer.stdout for place in ("Thisted ·", "Varde ·", "Aarhus ·", "Rudersdal ·"))
    assert "1 projekt har fejl: dets penge er ikke med i nogen sum." in answer.stdout
    assert "yaml-unclosed" in answer.stderr or "yaml-unreadable" in answer.stderr


def test_a_fault_of_ours_in_one_project_is_named_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = many.open_project

    def open_project(folder: Path) -> Project:
        return opening(folder) if folder.name != "b" else opening(folder / str(1 // 0))

    monkeypatch.setattr(many, "open_project", open_project)
    answer = run(several(tmp_path), "--as-of", "2022-06-30")

    assert answer.exit_code == 1
    assert all(place in answer.stdout for place in ("Thisted ·", "Aarhus ·", "Rudersdal ·"))
    assert "! b                             kan ikke bruges: 1 fejl" in answer.stdout
    assert "b kunne ikke beregnes: det er en fejl i pulje, ikke i dets filer. ZeroDivisionError" in answer.stderr
    assert f"{tmp_path / 'b' / 'project.yaml'}: project-fault (fejl)" in answer.stderr


def test_a_status_that_was_handed_over_is_shown_with_its_day(tmp_path: Path) -> None:
    assert "afleveret som status pr. 31-03-2022" in run(several(tmp_path), "--as-of", "2022-06-30").stdout

    earlier = run(tmp_path, "--as-of", "2022-02-28")
    assert "Rudersdal" not in earlier.stdout
    assert "status-later" in earlier.stderr


def test_a_status_that_is_left_out_says_which_of_its_two_days_is_later(tmp_path: Path) -> None:
    write_project(tmp_path / "d")
    told = CliRunner().invoke(status, [str(tmp_path / "d"), "--as-of", "2022-03-31", "--json"])
    folder = tmp_path / "portfolio"
    folder.mkdir()
    (folder / "d.json").write_text(told.stdout, encoding="utf-8")
    known = json.loads(told.stdout)["known_by"]

    def why(*days: str) -> str:
        return run(folder, *days).stderr

    both = why("--as-of", "2022-02-28", "--known-by", "2021-01-01")
    assert "er fra 2022-03-31, efter den dag, der vises: den" in why("--as-of", "2022-02-28")
    assert "prøv: --as-of 2022-03-31 viser den" in why("--as-of", "2022-02-28", "--known-by", known)
    assert "efter den dag, som --known-by siger" in why("--as-of", "2022-03-31", "--known-by", "2021-01-01")
    assert f"prøv: --known-by {known} viser den" in why("--as-of", "2022-03-31", "--known-by", "2021-01-01")
    assert f"prøv: --as-of 2022-03-31 --known-by {known} viser den" in both
    assert why("--as-of", "2022-03-31", "--known-by", known) == ""


def test_the_same_project_is_not_counted_twice(tmp_path: Path) -> None:
    write_project(tmp_path / "a")
    told = CliRunner().invoke(status, [str(tmp_path / "a"), "--as-of", "2022-03-31", "--json"])
    (tmp_path / "a.json").write_text(told.stdout, encoding="utf-8")
    answer = run(tmp_path, "--as-of", "2022-06-30")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("1 projekt\n")
    assert "status-doubled" in answer.stderr


def test_json_has_the_totals_the_groups_and_the_status_of_each(tmp_path: Path) -> None:
    told = json.loads(run(several(tmp_path), "--as-of", "2022-06-30", "--json", "--group-by", "cohort").stdout)
    by_file = {each["file"]: each for each in told["projects"]}

    assert (told["as_of"], told["known_by"]) == ("2022-06-30", None)
    assert told["totals"]["granted_oere"] == 4 * 500_000_00
    assert (told["totals"]["projects"], told["totals"]["broken"], told["totals"]["handed_over"]) == (5, 1, 1)
    assert [(group["name"], group["totals"]["granted_oere"]) for group in told["groups"]] == [
        ("Øst", 1_000_000_00),
        (None, 1_000_000_00),
    ]
    assert by_file["brudt"]["status"] is None
    assert by_file["brudt"]["granted_oere"] is None
    assert by_file["d.json"]["status"]["as_of"] == "2022-03-31"


def test_the_status_inside_is_what_status_says_of_the_project_alone(tmp_path: Path) -> None:
    write_project(tmp_path / "a")
    alone = CliRunner().invoke(status, [str(tmp_path / "a"), "--as-of", "2022-06-30", "--json"])
    (among,) = json.loads(run(tmp_path, "--as-of", "2022-06-30", "--json").stdout)["projects"]

    assert among["status"] == json.loads(alone.stdout)


def test_what_nobody_knows_to_be_spent_is_no_figure_on_the_screen_and_the_total_says_so(tmp_path: Path) -> None:
    write_project(tmp_path / "a", NO_BOOKS)
    shutil.copytree(PROJECTS / "thisted-nordthy", tmp_path / "b")
    answer = run(tmp_path, "--as-of", "2024-03-31")
    money = next(line for line in answer.stdout.splitlines() if "500.000" in line)

    assert money.split()[-4:] == ["500.000", "–", "–", "–"]
    assert "1 projekt siger ikke, hvad der er brugt: forbrug og rest er for de øvrige." in answer.stdout
    assert "Forbruget er kendt mindst til og med 31-12-2023." in answer.stdout


def test_json_has_the_sum_of_what_is_known_beside_the_day_until_which_it_is(tmp_path: Path) -> None:
    write_project(tmp_path / "a", NO_BOOKS)
    shutil.copytree(PROJECTS / "thisted-nordthy", tmp_path / "b")
    told = json.loads(run(tmp_path, "--as-of", "2024-03-31", "--json").stdout)
    (a, b), totals = sorted(told["projects"], key=lambda each: each["file"]), told["totals"]

    assert (a["spent_oere"], a["remaining_oere"], a["spent_known_until"]) == (0, None, None)
    assert b["spent_known_until"] == totals["spent_known_until"] == "2023-12-31"
    assert (totals["spent_oere"], totals["without_spending"]) == (b["spent_oere"], 1)


def test_only_the_projects_that_are_asked_for(tmp_path: Path) -> None:
    words = run(several(tmp_path), "--as-of", "2022-06-30", "--cohort", "øst", "--region", "Nordjylland").stdout

    assert "Thisted" in words
    assert "Varde" not in words
    assert "brudt" in words


def test_a_group_that_no_project_is_in_is_wrong_use_and_the_others_are_named(tmp_path: Path) -> None:
    answer = run(several(tmp_path), "--cohort", "Vest")

    assert answer.exit_code == 2
    assert "Intet projekt hører til Vest. prøv: brug en af disse: Øst" in " ".join(answer.stderr.split())


def test_a_folder_without_projects_is_wrong_use(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2


def test_tables_take_the_place_of_earlier_ones_and_leave_other_files_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = out / "postings/municipality=Thisted/year=1999/postings.parquet"
    for file in (old, out / "postings/mine.parquet"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    answer = run(PROJECTS, "--as-of", "2022-06-30", "--parquet", out)

    assert answer.exit_code == 0
    assert not old.exists()
    assert (out / "postings/mine.parquet").exists()
    assert (out / "postings/municipality=Thisted/year=2022/postings.parquet").exists()


def test_the_catalogue_gathers_what_the_examples_learned(tmp_path: Path) -> None:
    words = ("--as-of", "2023-12-31", "--learnings", "--out", tmp_path, "--format", "md,html,docx")
    answer = run(PROJECTS, *words)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert answer.exit_code == 0
    assert set(files) == {f"laeringskatalog-2023-12-31.{format}" for format in ("md", "html", "docx")}
    assert "Varde Kommune" in files["laeringskatalog-2023-12-31.md"].decode()
    assert "Konstrueret eksempel" in files["laeringskatalog-2023-12-31.html"].decode()

    run(PROJECTS, *words)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_learnings_as_json_have_measurements_as_numbers(tmp_path: Path) -> None:
    words = ("--as-of", "2023-12-31", "--learnings", "--out", tmp_path, "--format", "md", "--json")
    told = json.loads(run(PROJECTS, *words).stdout)
    thisted = next(each for each in told["learnings"] if each["project"] == "thisted-nordthy")

    assert all(isinstance(each["target"], int | float) for each in thisted["measurements"])
    assert {each["kind"] for each in thisted["learned"]} == {"advice", "experience"}


def test_a_workbook_is_written_beside_the_answer(tmp_path: Path) -> None:
    answer = run(PROJECTS, "--as-of", "2022-06-30", "--xlsx", tmp_path / "p.xlsx")

    assert answer.exit_code == 0
    assert (tmp_path / "p.xlsx").read_bytes().startswith(b"PK")


def test_colours_say_nothing_the_words_do_not(tmp_path: Path) -> None:
    several(tmp_path)
    coloured = run(tmp_path, "--as-of", "2022-06-30", color=True).stdout

    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == run(tmp_path, "--as-of", "2022-06-30").stdout


def test_what_needs_care_is_told_of_each_project(tmp_path: Path) -> None:
    seeds = tmp_path / "liste.yaml"
    period = "project_period: {{starts: 2022-01-01, ends: 2022-12-31}}"
    common = "common: {{title: Teams, fund: ingen-pulje, purpose: {}, " + period + "}}\n"
    towns = "municipalities: [Køge, Varde, Odder]\n"
    seeds.write_text(common.format("Ro") + towns, encoding="utf-8")
    assert CliRunner().invoke(main, ["new", str(seeds), "--into", str(tmp_path / "alle")]).exit_code == 0

    def cared_for() -> dict[str, tuple[str, str]]:
        told = json.loads(CliRunner().invoke(main, ["portfolio", str(tmp_path / "alle"), "--upkeep", "--json"]).stdout)
        return {each["municipality"]: (each["upkeep"]["template"], each["upkeep"]["seed"]) for each in told["projects"]}

    assert set(cared_for().values()) == {("same", "same")}
    seeds.write_text(common.format("Nærvær") + "municipalities: [Køge, Varde]\n", encoding="utf-8")
    record = tmp_path / "alle" / "varde-teams" / ".pulje" / "scaffold.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("liste.yaml", "anden.yaml"), encoding="utf-8")
    assert cared_for() == {
        "Køge": ("same", "changed"),
        "Odder": ("same", "off-the-list"),
        "Varde": ("same", "not-there"),
    }
    shown = CliRunner().invoke(main, ["portfolio", str(tmp_path / "alle"), "--upkeep"]).stdout
    assert "pulje update har noget at bringe til 3 projekter." in shown
    assert max(map(len, shown.splitlines())) <= 100
