from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.folders import BUDGET, CASE, PROJECT, write_project
from toolkit.cli import options
from toolkit.cli.track import status
from toolkit.language import Language, set_language

EXAMPLE = ROOT / "projects" / "thisted-nordthy"
DAYS = ["2021-11-01", "2022-06-30", "2023-01-31", "2023-12-31", "2025-01-01"]


def run(*words: str | Path, color: bool = False) -> Result:
    return CliRunner().invoke(status, [str(word) for word in words], catch_exceptions=False, color=color)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_status_fits_80_columns_and_a_pipe_gets_no_colours(day: str, language: str) -> None:
    set_language(language)
    try:
        answer = run(EXAMPLE, "--as-of", day)
    finally:
        set_language("da")

    assert answer.exit_code == 0
    assert max(map(len, answer.stdout.splitlines())) <= 80
    assert "\x1b" not in answer.stdout


def test_what_an_ended_year_left_is_among_what_is_due_until_somebody_asks_for_it() -> None:
    words = "Overførsel fra 2022 skal søges: 64.781,20 kr."

    assert words in run(EXAMPLE, "--as-of", "2022-12-31").stdout
    assert words not in run(EXAMPLE, "--as-of", "2023-01-31").stdout


def test_who_asks_for_json_gets_a_value_of_a_project_that_cannot_be_read_too(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("title: Uden periode\n", encoding="utf-8")
    answer = run(tmp_path, "--json")
    value = json.loads(answer.stdout)

    assert answer.exit_code == 1
    assert value["project"] == tmp_path.name
    assert "key-missing" in {found["code"] for found in value["problems"]}


def test_a_terminal_gets_colours_that_say_nothing_the_words_do_not() -> None:
    import click

    coloured = run(EXAMPLE, "--as-of", "2023-01-31", color=True).stdout

    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == run(EXAMPLE, "--as-of", "2023-01-31").stdout


def test_a_status_says_where_the_phases_milestones_and_money_are() -> None:
    words = run(EXAMPLE, "--as-of", "2022-06-30").stdout

    assert "Selvstyrende teams i ældreplejen · Thisted" in words
    assert "Pr. 30-06-2022" in words
    assert "nået 27-01-2022" in words
    assert re.search("!  15-06-2022  Teams er sat og oplært +15 dage forsinket\n +forventes 15-08-2022", words)
    assert "søgt 6.994.528 · bevilget 6.994.528 · modtaget 1.734.032" in words
    assert "Til tilskudsyder: statusrapport" in words


def test_the_deadline_of_an_application_is_told_with_its_hour_until_the_log_has_one() -> None:
    words = "01-11-2021  Ansøgningsfrist kl. 12:00: Faste teams i ældreplejen"

    assert words in run(EXAMPLE, "--as-of", "2021-10-31").stdout
    assert "Ansøgningsfrist" not in run(EXAMPLE, "--as-of", "2021-12-31").stdout


def test_a_milestone_that_is_late_says_by_how_much(tmp_path: Path) -> None:
    assert "15 dage forsinket" in run(write_project(tmp_path), "--as-of", "2022-06-30").stdout


def test_days_in_english_are_written_as_english_does(tmp_path: Path) -> None:
    set_language("en")
    try:
        words = run(write_project(tmp_path), "--as-of", "30-06-2022").stdout
    finally:
        set_language("da")

    assert "As of 2022-06-30" in words
    assert "15 days late" in words


def test_what_was_known_then_is_what_is_shown() -> None:
    def spent(*words: str) -> int:
        told = json.loads(run(EXAMPLE, "--as-of", "2022-06-30", "--json", *words).stdout)
        return int(told["budget"]["spent_oere"])

    assert spent("--known-by", "2022-07-08") == 1_607_818_27
    assert spent("--known-by", "2022-10-04") == spent() == 1_650_168_27


def test_a_status_is_of_today_unless_a_day_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(date):
        @classmethod
        def today(cls) -> date:
            return cls(2023, 3, 31)

    monkeypatch.setattr(options, "date", Frozen)

    assert json.loads(run(write_project(tmp_path), "--json").stdout)["as_of"] == "2023-03-31"


def test_json_holds_what_other_programs_count_on() -> None:
    told = json.loads(run(EXAMPLE, "--as-of", "2022-06-30", "--json").stdout)

    assert {key: type(value).__name__ for key, value in told.items()} == {
        "project": "str",
        "as_of": "str",
        "known_by": "str",
        "phase": "str",
        "phases": "list",
        "milestones": "list",
        "grant": "dict",
        "budget": "dict",
        "problems": "list",
        "title": "str",
        "municipality": "str",
        "cohort": "NoneType",
        "fund": "str",
        "project_period": "dict",
        "synthetic": "bool",
        "deadlines": "list",
        "reports_not_sent": "list",
        "reports_without_day": "list",
        "meetings_without_day": "list",
        "to_carry_over": "list",
        "conditions": "list",
    }
    assert (told["project"], told["as_of"], told["known_by"], told["phase"]) == (
        "thisted-nordthy",
        "2022-06-30",
        "2024-06-26",
        "fase-1",
    )
    assert told["phases"][0] == {
        "id": "fase-1",
        "title": "Etablering, foranalyse og mobilisering",
        "starts": "2022-01-01",
        "ends": "2022-06-30",
        "status": "running",
        "precision": "day",
    }
    assert told["milestones"][3] == {
        "id": "teams-klar",
        "title": "Teams er sat og oplært",
        "phase": "fase-1",
        "due": "2022-08-15",
        "status": "late",
        "reached": None,
        "promised": "2022-06-15",
    }
    assert told["grant"] == {
        "applied_oere": 699452800,
        "awarded_oere": 699452800,
        "received_oere": 173403200,
        "refused": None,
        "owed_oere": None,
    }
    budget = told["budget"]
    assert set(budget) == {
        "version",
        "lines",
        "spent_known_until",
        "spent_gaps",
        "doubted_costs_oere",
        "doubted_income_oere",
        "forecast_bases",
        *(f"{key}_oere" for key in ("budget", "spent", "committed", "unallocated", "remaining", "forecast")),
        *(f"{key}_oere" for key in ("elsewhere", "before_period", "after_period")),
        "waits",
        "unplaced",
    }
    assert set(budget["lines"][0]) == {
        "id",
        "title",
        *(f"{key}_oere" for key in ("budget", "spent", "committed", "remaining")),
    }
    assert {key for found in told["problems"] for key in found} == {"code", "severity", "at", "message", "hint"}


@pytest.mark.parametrize("day", DAYS)
def test_the_totals_in_json_are_those_of_the_lines(day: str) -> None:
    budget = json.loads(run(EXAMPLE, "--as-of", day, "--json").stdout)["budget"]

    assert budget["remaining_oere"] == (
        budget["budget_oere"] - budget["spent_oere"] - budget["committed_oere"] - budget["unallocated_oere"]
    )
    for key in ("budget_oere", "spent_oere", "committed_oere"):
        assert budget[key] == sum(line[key] for line in budget["lines"])
        assert type(budget[key]) is int


MEETINGS = CASE.replace("date: 2022-01-11", "date: 2022-04-18").replace("id: ssu", "id: paaske")
DAYS_OFF = {
    "project.yaml": PROJECT.replace("due: 2022-06-15", "due: 2022-06-05").replace("due: 2022-09-01", "due: 2022-09-03"),
    "cases/orientering.md": MEETINGS,
}


def ahead(folder: Path, as_of: str, language: Language = "da") -> list[str]:
    set_language(language)
    try:
        shown = run(folder, "--as-of", as_of).stdout
    finally:
        set_language("da")
    part = shown.split("Det næste\n" if language == "da" else "What is due\n")[1].split("\n\n")[0]
    return [re.sub(" {2,}", " ", line).strip() for line in part.splitlines()]


def test_weekends_and_public_holidays_are_told_beside_what_comes_and_move_no_day(tmp_path: Path) -> None:
    folder = write_project(tmp_path, DAYS_OFF)

    assert ahead(folder, "2022-04-01") == [
        "18-04-2022 Møde: Udvalget: Faste teams (mandag, 2. påskedag)",
        "05-06-2022 Milepæl: Teams er klar (søndag, pinsedag)",
        "03-09-2022 Til tilskudsyder: statusrapport (lørdag)",
        "31-12-2023 Projektperioden slutter (søndag)",
    ]
    assert ahead(folder, "2022-04-01", "en")[:2] == [
        "2022-04-18 Meeting: Udvalget: Faste teams (Monday, Easter Monday)",
        "2022-06-05 Milestone: Teams er klar (Sunday, Whit Sunday)",
    ]
    told = json.loads(run(folder, "--as-of", "2022-04-01", "--json").stdout)["deadlines"]
    assert [(each["day"], each["day_off"]) for each in told] == [
        ("2022-04-18", "easter-monday"),
        ("2022-06-05", "whit-sunday"),
        ("2022-09-03", "saturday"),
        ("2023-12-31", "sunday"),
    ]


def test_a_working_day_is_told_without_more(tmp_path: Path) -> None:
    folder = write_project(tmp_path)

    assert ahead(folder, "2022-06-01")[0] == "15-06-2022 Milepæl: Teams er klar"
    told = json.loads(run(folder, "--as-of", "2022-06-01", "--json").stdout)["deadlines"]
    assert told[0]["day_off"] is None


def test_a_day_off_takes_no_room_from_what_is_due_nor_from_that_it_is_late(tmp_path: Path) -> None:
    long = "Teams er sat og oplært i alle distrikter i kommunen"
    said = DAYS_OFF["project.yaml"].replace("Teams er klar", long)
    folder = write_project(tmp_path, {**DAYS_OFF, "project.yaml": said})

    assert ahead(folder, "2022-06-01")[:2] == [f"05-06-2022 Milepæl: {long[:48]}…", "søndag, pinsedag"]
    short = write_project(tmp_path / "short", DAYS_OFF)
    assert ahead(short, "2022-06-07")[0] == "05-06-2022 Milepæl: Teams er klar (søndag, pinsedag) (overskredet)"
    assert all(len(line) <= 80 for line in run(short, "--as-of", "2022-06-07").stdout.splitlines())


def test_a_period_known_by_month_ends_on_the_last_day_of_its_month(tmp_path: Path) -> None:
    said = PROJECT.replace("ends: 2023-12-31}\ngrant", "ends: 2023-11-01, precision: month}\ngrant")
    folder = write_project(tmp_path, {"project.yaml": said})

    assert ahead(folder, "2022-06-01")[-1] == "30-11-2023 Projektperioden slutter"


def test_what_comes_is_seen_however_much_is_late(tmp_path: Path) -> None:
    days = [f"2022-0{month}-15" for month in range(1, 10)]
    milestones = "".join(f"  - {{id: m{at}, title: M{at}, due: {day}}}\n" for at, day in enumerate(days, start=1))
    said = re.sub(r"milestones:.*?(?=^\w)", f"milestones:\n{milestones}", PROJECT, flags=re.DOTALL | re.MULTILINE)
    folder = write_project(tmp_path, {"project.yaml": said})

    def shown(day: str) -> list[str]:
        return [re.sub(r".*Milepæl: (M.).*", r"\1", line) for line in ahead(folder, day)]

    assert shown("2022-06-01") == ["M1", "M2", "M3", "… og 2 flere overskredne", "M6", "M7", "M8", "… og 3 mere"]
    much_is_late = ["M1", "M2", "M3", "M4", "M5", "… og 5 flere overskredne"]
    assert shown("2022-12-01") == [*much_is_late, "31-12-2023 Projektperioden slutter (søndag)"]


def test_a_report_that_is_not_sent_and_has_no_known_day_is_told_below_those_that_have_one(tmp_path: Path) -> None:
    moved = "- {kind: change-approved, happened: 2023-10-01, recorded: 2023-10-02, change: extension, values: "
    log = moved + "{project_period.ends: 2024-06-30}}\n"
    said = PROJECT + "  - {kind: final-report, period_ends: 2023-12-31, due: 2024-03-31}\n"
    folder = write_project(tmp_path, {"project.yaml": said})
    (folder / "events.yaml").write_text((folder / "events.yaml").read_text(encoding="utf-8") + log, encoding="utf-8")

    assert ahead(folder, "2024-01-02")[-1] == "Til tilskudsyder: slutrapport (frist kendes ikke)"
    told = json.loads(run(folder, "--as-of", "2024-01-02", "--json").stdout)
    assert told["reports_without_day"] == [{"kind": "final-report", "period_ends": "2024-06-30", "due": None}]


def test_a_postponed_item_without_a_new_day_is_told_below_what_has_one(tmp_path: Path) -> None:
    decided = "- {kind: decided, happened: 2022-01-11, recorded: 2022-01-13, case: orientering, step: ssu, outcome: "
    folder = write_project(tmp_path)
    with (folder / "events.yaml").open("a", encoding="utf-8") as log:
        log.write(f"{decided}postponed, text: Udsat.}}\n")

    assert "ikke sat" not in "".join(ahead(folder, "2022-01-10"))
    assert ahead(folder, "2022-01-12")[-1] == "Møde: Udvalget: Faste teams (dagen er ikke sat)"
    told = json.loads(run(folder, "--as-of", "2022-01-12", "--json").stdout)
    whose = {"case": "orientering", "step": "ssu", "body": "Udvalget", "title": "Faste teams"}
    assert told["meetings_without_day"] == [whose]


def test_a_project_without_a_grant_has_a_status_too(tmp_path: Path) -> None:
    text = "title: Uden pulje\nmunicipality: Thisted\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\n"
    folder = write_project(
        tmp_path, {"project.yaml": text, "budgets/2021-12-16-award.yaml": None, "cases/orientering.md": None}
    )
    told = json.loads(run(folder, "--as-of", "2022-03-01", "--json").stdout)

    assert (told["grant"], told["budget"], told["phase"]) == (None, None, None)
    assert run(folder, "--as-of", "2022-03-01").exit_code == 0


def test_errors_are_shown_beside_the_status_and_are_exit_code_1(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"budgets/2021-12-16-award.yaml": BUDGET.replace("100.000", "90.000")})
    answer = run(folder, "--as-of", "2022-06-30")

    assert answer.exit_code == 1
    assert "Etablering" in answer.stdout
    assert "Der er fejl i filerne: det, de handler om, kan mangle i tallene." in answer.stdout
    assert "budget-not-funded" in answer.stderr
    assert json.loads(run(folder, "--json").stdout)["problems"][0]["severity"] == "error"


def test_a_project_that_cannot_be_read_has_no_status(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, {"project.yaml": "title\n"}))

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "project.yaml:1" in answer.stderr


@pytest.mark.parametrize("words", [(), ("findes-ikke",), (str(EXAMPLE), "--as-of", "i går")])
def test_wrong_use_is_exit_code_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_what_is_not_yet_applied_for_is_not_said_to_be(tmp_path: Path) -> None:
    log = "- {kind: applied, happened: 2021-11-01, recorded: 2021-11-01, amount: 500.000 kr.}\n"
    text = "title: Hold\nmunicipality: Thisted\nproject_period: {starts: 2022-01-01, ends: 2022-12-31}\n"
    files = {"project.yaml": text + "grant: {applied: 500.000 kr.}\n", "events.yaml": log}
    folder = write_project(tmp_path, files)

    assert "skal søges: 500.000" in run(folder, "--as-of", "2021-10-31").stdout
    assert "søgt 500.000" in run(folder, "--as-of", "2021-11-01").stdout
