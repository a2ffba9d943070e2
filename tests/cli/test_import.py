"""pulje import: what is answered on the screen, in a pipe and as JSON, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests import exports
from tests.exports import OURS
from tests.folders import NO_BOOKS, PROJECT, write_project
from toolkit.cli import main
from toolkit.cli.importing import import_

HEAD = ";".join(exports.STANDARD)
ROWS = (
    f"15-03-2022;1001;46000000;Kurser;{OURS};Kursus, modul 2;12.500,00;\n"
    f"31-03-2022;1002;40000000;Løn;{OURS};Løn marts;8.750,50;\n"
    "31-03-2022;1003;40000000;Løn;XA-9;Et andet projekt;100,00;\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project beside an export, seen from the folder that holds both."""
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path / "projekt", {**NO_BOOKS, "project.yaml": f"{PROJECT}erp: {{wbs_elements: [{OURS}]}}\n"})
    (tmp_path / "marts.csv").write_text(f"{HEAD}\n{ROWS}", encoding="cp1252")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", "projekt", "marts.csv", *words])


def test_the_answer_is_a_control_total_to_the_oere_and_where_it_was_written(folder):
    result = run()
    (written,) = (folder / "projekt" / "postings").glob("*.csv")

    assert result.exit_code == 0
    assert (
        result.output
        == f"""\
standard: Almindelig CSV med bogføringsdato, bilag, konto, tekst og beløb (cp1252)

                       linjer        kr.
  Nye                       2  21.250,50
  Kendt fra tidligere       0       0,00
  Andre projekters          1     100,00
  Læst                      3  21.350,50

Periode: 15-03-2022 til 31-03-2022, efter første og sidste bogføringsdato
Udeladt: teksten på 1 linje på en lønkonto

Skrevet: projekt/postings/{written.name}
Logget: projekt/events.yaml:2

Ingen regel placerer disse konti. Vælg en budgetpost, og sæt ind i projekt/allocation.yaml under rules:
  # 1 postering, 8.750,50 kr.
  - {{account: "40000000", line: …}}
  # 1 postering, 12.500,00 kr.: Kursus, modul 2
  - {{account: "46000000", line: kurser, reason: "Kurser"}}
"""
    )


def test_the_second_time_nothing_is_written_and_that_is_no_error(folder):
    run()
    result = run()

    assert result.exit_code == 0
    assert "Kendt fra tidligere       2  21.250,50" in result.output
    assert "Der er intet nyt: intet blev skrevet." in result.output


def test_bad_lines_are_all_shown_with_the_file_as_it_was_typed_and_nothing_is_written(folder):
    (folder / "marts.csv").write_text(f"{HEAD}\n{ROWS.replace(',00', '.00')}", encoding="cp1252")
    result = run()

    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if line.startswith("marts.csv")] == [
        "marts.csv:2:69: export-value (fejl)",
        "marts.csv:4:52: export-value (fejl)",
    ]
    assert result.stderr.endswith("Der blev ikke skrevet noget.\n")
    assert not list((folder / "projekt").glob("postings/*"))


def test_a_warning_is_shown_and_the_exit_code_is_0(folder):
    (folder / "marts.csv").write_text(f"{HEAD}\n{ROWS.replace('Løn marts', 'Løn 010165-1234')}", encoding="cp1252")
    result = run()

    assert result.exit_code == 0
    assert "import-masked (advarsel)" in result.stderr
    assert "010165" not in result.stdout


def test_a_period_is_said_as_days_are_and_runs_forward(folder):
    result = run("--starts", "01-01-2022", "--ends", "2022-03-31")

    assert "Periode: 01-01-2022 til 31-03-2022\n" in result.output
    assert run("--starts", "2022-04-01", "--ends", "2022-03-31").exit_code == 2
    assert run("--posted", "2199-04-01").exit_code == 2


def test_sums_are_told_beside_the_control_total(folder):
    (folder / "marts.csv").write_text(f"{HEAD}\n{ROWS};;;;;I alt;21.350,50;\nI alt;;;;;;;\n", encoding="cp1252")

    assert "Ikke læst som posteringer: 2 sumrækker, 21.350,50 kr." in run("--dry-run").output
    assert json.loads(run("--json", "--dry-run").stdout)["sums"] == {"lines": 2, "amount_oere": 2_135_050}


def test_as_json_what_failed_says_nothing_of_a_period_and_counts_nothing(folder):
    (folder / "projekt" / "project.yaml").unlink()
    answer = json.loads(run("--json", "--ends", "2022-03-31").stdout)

    assert [answer[key] for key in ("starts", "ends", "period_said", "file")] == [None, None, False, None]
    assert answer["read"] == answer["new"] == {"lines": 0, "amount_oere": 0}


def test_as_json_amounts_are_oere_and_the_key_says_so(folder):
    answer = json.loads(run("--json", "--dry-run").stdout)

    assert answer["new"] == {"lines": 2, "amount_oere": 2_125_050}
    assert answer["read"]["amount_oere"] == sum(answer[key]["amount_oere"] for key in ("new", "known", "others"))
    assert (answer["dialect"], answer["encoding"], answer["problems"]) == ("standard", "cp1252", [])
    assert not (folder / "projekt" / "postings").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--dialect", "standart"], 1, "standard"),
        (["--dialect", "opus-cji3"], 1, "dialect-unknown"),
        (["--posted", "marts"], 2, "er ikke en dato"),
    ],
)
def test_a_wrong_word_is_answered_with_what_would_do(folder, words, code, said):
    result = run(*words)

    assert (result.exit_code, said in result.output) == (code, True)


def test_a_file_that_is_not_there_is_wrong_use(folder):
    assert CliRunner().invoke(import_, ["projekt", "april.csv"]).exit_code == 2


def test_a_broken_log_stops_the_import_and_is_shown(folder):
    (folder / "projekt" / "events.yaml").write_text("- {kind: noted", encoding="utf-8")
    result = run()

    assert result.exit_code == 1
    assert result.stderr.startswith("projekt/events.yaml:1:")
