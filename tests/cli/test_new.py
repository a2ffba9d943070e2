"""pulje new and pulje schema: a project or a list of them, by a file or a conversation, and what is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main
from toolkit.project import open_project

LITTLE = "municipality: Thisted\nfund: faste-teams-2021\n"
LIST = """\
common:
  project_period: {starts: 2022-01-01, ends: 2022-12-31}
  title: Faste teams
municipalities: [Thisted, Varde, Langeland, Køge]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def seed(text: str) -> str:
    Path("seed.yaml").write_text(text, encoding="utf-8")
    return "seed.yaml"


def pulje(*words: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=answers)


def folders(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir() if path.is_dir())


# ── from a file ──────────────────────────────────────────────────────────────────────────────


def test_a_project_is_made_and_the_answer_says_what_comes_next(here):
    result = pulje("new", seed(LITTLE))

    assert result.exit_code == 0
    assert folders(here) == ["thisted-faste-teams-2021"]
    assert "1 projekt lavet i .\n" in result.output
    assert "værdier skal udfyldes" in result.output
    assert "pulje check thisted-faste-teams-2021" in result.output


def test_a_dry_run_shows_the_tree_and_makes_nothing(here):
    result = pulje("new", seed(LITTLE), "--into", "projekter", "--dry-run")

    assert result.exit_code == 0
    assert "projekter/\n  thisted-faste-teams-2021/\n    README.md\n" in result.output
    assert "    budgets/2021-11-01-application.yaml\n" in result.output
    assert "1 projekt ville blive lavet." in result.output
    assert folders(here) == []


def test_a_list_is_made_in_one_command_and_again_changes_nothing(here):
    first = pulje("new", seed(LIST), "--into", "alle")
    made = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    second = pulje("new", "seed.yaml", "--into", "alle")

    assert first.exit_code == second.exit_code == 0
    assert "4 projekter lavet i alle\n" in first.output
    assert folders(here / "alle") == [f"{place}-faste-teams" for place in ("koege", "langeland", "thisted", "varde")]
    assert second.output.count("er der i forvejen") == 4
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == made


def test_a_dry_run_of_a_long_list_shows_the_files_of_the_first(here):
    result = pulje("new", seed(LIST), "--dry-run")

    assert result.output.count("project.yaml") == 1
    assert "4 projekter ville blive lavet." in result.output


def test_a_file_that_somebody_wrote_in_is_left_and_told(here):
    pulje("new", seed(LITTLE))
    mine = here / "thisted-faste-teams-2021" / "project.yaml"
    mine.write_text("title: Mit eget\n", encoding="utf-8")
    result = pulje("new", seed(LITTLE + "area: Nord\nfolder: thisted-faste-teams-2021\n"))

    assert result.exit_code == 0
    assert "beholdt, som det er skrevet siden: project.yaml" in result.output
    assert "pulje update thisted-faste-teams-2021" in result.output
    assert mine.read_text(encoding="utf-8") == "title: Mit eget\n"


def test_a_folder_of_somebody_elses_is_left_and_the_exit_code_says_so(here):
    (here / "thisted-faste-teams-2021").mkdir()
    result = pulje("new", seed(LITTLE))

    assert result.exit_code == 1
    assert "ikke lavet: mappen indeholder noget andet" in result.output
    assert list((here / "thisted-faste-teams-2021").iterdir()) == []


def test_a_seed_with_errors_shows_them_all_and_makes_nothing(here):
    result = pulje("new", seed("municipality: Tisted\nfund: faste-teams-2021\ntitel: A\n"))

    assert result.exit_code == 1
    assert "seed.yaml:1:15: misspelt-municipality" in result.stderr
    assert "prøv: mente du Thisted?" in result.stderr
    assert "seed.yaml:3:1: misspelt-key" in result.stderr
    assert folders(here) == []


def test_a_milestone_outside_the_period_is_told_where_the_seed_says_it(here):
    late = "milestones: [{id: slut, title: Slut, due: 2030-01-01}]\n"
    result = pulje("new", seed(LITTLE + late))

    assert result.exit_code == 1
    assert "seed.yaml:3:43: milestone-outside-period" in result.stderr
    assert folders(here) == []


def test_an_empty_seed_says_how_to_begin(here):
    result = pulje("new", seed(""))

    assert result.exit_code == 1
    assert "municipality: Thisted" in result.stderr


def test_without_a_seed_or_a_terminal_there_is_nobody_to_ask(here):
    result = pulje("new")

    assert result.exit_code == 2
    assert "Der kan kun spørges på en terminal" in result.stderr


# ── by asking ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked(here, monkeypatch):
    monkeypatch.setattr("toolkit.cli.prompts.on_terminal", lambda: True)
    return here


def test_a_conversation_makes_a_whole_project_with_the_funds_own_proposals(asked):
    answers = [
        *("Tisted", "Thisted"),  # the first is refused
        *("faste-teams-2021", "", "Nordthy", "", ""),  # the title and the days are the fund's
        *("6.9", "6.994.528 kr.", "At gøre det bedre"),
        *("Etablering", "2022-06-30", "Drift", "2020-01-01", "", ""),  # the second phase ends with the project
    ]
    result = pulje("new", answers="\n".join(answers) + "\n")
    folder = asked / "thisted-nordthy"
    dossier = open_project(folder).dossier

    assert result.exit_code == 0, result.output
    assert "mente du Thisted?" in result.output
    assert dossier is not None
    assert dossier.plan.title == "Faste teams i ældreplejen"
    assert dossier.plan.grant is not None
    assert dossier.plan.grant.applied == 6_994_528_00
    assert [(phase.title, str(phase.starts), str(phase.ends)) for phase in dossier.plan.phases] == [
        ("Etablering", "2021-12-31", "2022-06-30"),
        ("Drift", "2022-07-01", "2023-12-31"),
    ]


def test_of_a_fund_with_several_rounds_it_is_asked_which_and_the_days_are_that_rounds(asked):
    answers = ["Thisted", "faellesskabspulje", "2", *[""] * 8]
    result = pulje("new", answers="\n".join(answers) + "\n")
    (folder,) = asked.iterdir()
    plan = open_project(folder).dossier.plan

    assert result.exit_code == 0, result.output
    assert plan.round == "udmoentning-2"
    assert (str(plan.project_period.starts), str(plan.project_period.ends)) == ("2019-01-01", "2022-12-31")


def test_of_a_fund_that_a_key_distributes_it_is_asked_what_was_granted(asked):
    answers = ["Thisted", "bedre-bemanding-2018", "", "", "", "", "1.000 kr.", *[""] * 4]
    result = pulje("new", answers="\n".join(answers) + "\n")
    (folder,) = asked.iterdir()
    grant = open_project(folder).dossier.plan.grant

    assert result.exit_code == 0, result.output
    assert (grant.applied, grant.awarded) == (None, 1_000_00)


def test_only_what_the_seed_leaves_out_is_asked_for(asked):
    whole = LITTLE + (
        "title: A\narea: B\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\ngrant: {applied: 1.000 kr.}\n"
        "purpose: C\nphases: []\n"
    )
    result = pulje("new", seed(whole))

    assert result.exit_code == 0
    assert ">" not in result.output


@pytest.mark.parametrize("answers", ["", "Thisted\n", "Thisted\nfaste-teams-2021\nTitel\n"])
def test_a_conversation_that_is_broken_off_leaves_nothing(asked, answers):
    result = pulje("new", answers=answers)

    assert result.exit_code == 1
    assert folders(asked) == []


def test_a_list_asks_nothing(asked):
    result = pulje("new", seed(LIST))

    assert result.exit_code == 0
    assert len(folders(asked)) == 4


# ── schemas ──────────────────────────────────────────────────────────────────────────────────


def test_a_schema_is_written_by_name(here):
    result = pulje("schema", "project")

    assert json.loads(result.output)["properties"]["title"]["description"] == "projektets titel"


def test_without_a_name_the_schemas_are_listed(here):
    assert [line.split()[0] for line in pulje("schema").output.splitlines()] == [
        *("project", "budget", "events", "allocation", "payroll", "case", "seed", "rollout")
    ]


def test_the_schemas_are_written_where_a_projects_files_look_for_them(here):
    pulje("new", seed(LITTLE))
    folder = here / "thisted-faste-teams-2021"
    named = [path.read_text(encoding="utf-8").split("$schema=")[1].split("\n")[0] for path in folder.glob("*.yaml")]
    before = {name: (folder / name).read_bytes() for name in named}
    for name in named:
        (folder / name).unlink()
    result = pulje("schema", "--into", str(folder))

    assert result.exit_code == 0
    assert len(named) == 3
    assert {name: (folder / name).read_bytes() for name in named} == before
