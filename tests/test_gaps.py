"""Months that no import covers, as they are shown: no figure of them anywhere, and named wherever spending is."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.folders import FILE_OF_POSTINGS, PROJECT, write_project
from toolkit.cli import main
from toolkit.core.economy import economy_of
from toolkit.project import open_project
from toolkit.render import every_occasion, make_document
from toolkit.workbook import workbook

BOOKS = """\
posted;voucher;line;account;cost_centre;wbs_element;text;amount
2023-03-15;1;1;4001;;;Vikar;1000,00
"""
FILE = f"postings/2024-01-15-opus-{hashlib.sha256(BOOKS.encode()).hexdigest()[:8]}.csv"
LOG = f"""\
- {{kind: awarded, happened: 2021-12-16, recorded: 2021-12-16, amount: 500.000 kr., budget: 2021-12-16-award}}
- {{kind: imported, happened: 2024-01-15, recorded: 2024-01-15, starts: STARTS, ends: 2024-01-10, file: {FILE},
   digest: "sha256:{hashlib.sha256(BOOKS.encode()).hexdigest()}"}}
- {{kind: change-requested, happened: 2024-01-20, recorded: 2024-01-20, change: carry-over, year: 2022}}
"""
FILES = {
    "project.yaml": PROJECT + "  - {kind: accounts, period_ends: 2023-12-31}\n",
    "budgets/2021-12-16-award.yaml": """\
stage: award
lines:
  - {id: loen, title: Løn, amount: 500.000 kr., by_year: {2022: 250.000 kr., 2023: 250.000 kr.}}
""",
    "allocation.yaml": "rules:\n  - {account: '4001', line: loen}\n",
    FILE: BOOKS,
    FILE_OF_POSTINGS: None,
}
AS_OF = "2024-02-01"


def project(folder: Path, starts: str = "2023-01-01") -> Path:
    """Two years, and one import that begins on a day."""
    return write_project(folder, {**FILES, "events.yaml": LOG.replace("STARTS", starts)})


def run(*words: str | Path, exit_code: int = 0) -> str:
    answer = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == exit_code, answer.output
    return answer.output


def said(folder: Path, kind: str) -> str:
    dossier = open_project(folder).dossier
    assert dossier is not None
    occasion = [each for each in every_occasion(dossier) if each.kind == kind][-1]
    made = make_document(dossier, occasion, ("md",), draft=True, own=folder)
    return re.sub(r"\\(.)", r"\1", made.contents["md"].decode().replace("\xa0", " "))


@pytest.mark.parametrize("command", ["status", "budget"])
def test_a_screen_names_the_months_and_shows_no_figure_of_a_year_without_any(tmp_path: Path, command: str) -> None:
    shown = run(command, project(tmp_path), "--as-of", AS_OF)

    assert "Ingen import dækker 01-2022 – 12-2022: forbruget da er ikke kendt." in shown
    assert "skal søges" not in shown
    assert command == "status" or re.search(r"\n  2022 +250\.000 +– +–\n", shown)
    assert command == "status" or "Foreløbig: ingen import dækker 01-2022 – 12-2022." in shown
    assert max(map(len, shown.splitlines())) <= 90


@pytest.mark.parametrize("command", ["status", "budget"])
def test_json_lists_the_months(tmp_path: Path, command: str) -> None:
    told = json.loads(run(command, project(tmp_path), "--as-of", AS_OF, "--json"))["budget"]

    assert told["spent_gaps"] == [f"2022-{month:02}" for month in range(1, 13)]
    assert told["spent_known_until"] == "2024-01-10"
    whole = json.loads(run(command, project(tmp_path / "hel", "2022-01-01"), "--as-of", AS_OF, "--json"))["budget"]
    assert whole["spent_gaps"] == []


def test_a_portfolio_names_them_by_project_also_of_a_status_that_was_handed_over(tmp_path: Path) -> None:
    told = run("status", project(tmp_path / "andre"), "--as-of", AS_OF, "--json")
    (tmp_path / "mange").mkdir()
    (tmp_path / "mange" / "status.json").write_text(told, encoding="utf-8")
    write_project(
        tmp_path / "mange" / "a",
        {**FILES, "events.yaml": LOG.replace("STARTS", "2022-06-01"), "project.yaml": PROJECT.replace("Thi", "Ro")},
    )
    shown = run("portfolio", tmp_path / "mange", "--as-of", AS_OF)
    as_json = json.loads(run("portfolio", tmp_path / "mange", "--as-of", AS_OF, "--json"))

    assert "    ingen import dækker 01-2022 – 12-2022" in shown
    assert "    ingen import dækker 01-2022 – 05-2022" in shown
    assert "2 projekter har måneder, som ingen import dækker: forbruget da er ikke kendt." in shown
    assert "Ellers er forbruget kendt mindst til og med 10-01-2024." in shown
    assert [len(each["spent_gaps"]) for each in as_json["projects"]] in ([5, 12], [12, 5])
    assert as_json["totals"]["with_gaps"] == 2


def test_a_request_about_such_a_year_is_not_made_and_one_of_a_part_is_not_sent(tmp_path: Path) -> None:
    whole, part = project(tmp_path / "a"), project(tmp_path / "b", "2022-06-01")

    refused = run("render", whole, "change-request", "--format", "md", "--out", tmp_path, exit_code=1)
    assert "spending-months-unknown" in refused
    assert "| Løn | 250.000,00 | **[MANGLER" in said(whole, "change-request")
    assert "Ingen import dækker januar – december 2022." in said(whole, "change-request")
    text = said(part, "change-request")
    assert "| Løn | 250.000,00 | 0,00 | 250.000,00 |" in text
    assert "Ingen import dækker januar – maj 2022. Udgifter i de måneder kan mangle." in text
    sent = ("issue", part, "change-request", "--format", "md", "--to", "Styrelsen")
    assert "request-without-months" in run(*sent, exit_code=1)
    assert "request-without-months" not in run(*sent, "--incomplete")


def test_accounts_have_no_figure_of_the_year_and_say_why_they_are_not_final(tmp_path: Path) -> None:
    text = said(project(tmp_path), "accounts")

    assert "| Løn | 500.000,00 | – | 1.000,00 | 1.000,00 |" in text
    assert "| 31-12-2022 | 0,00 | – | – |" in text
    assert "Opgørelsen er foreløbig: ingen import dækker januar – december 2022." in text


def test_a_workbook_leaves_the_months_empty_and_names_them_on_every_sheet(tmp_path: Path) -> None:
    dossier = open_project(project(tmp_path, "2022-06-01")).dossier
    assert dossier is not None
    state = dossier.state(date(2024, 2, 1), dossier.last_known)
    economy = economy_of(state)
    assert economy is not None
    book = workbook(state, economy)

    for sheet in book.sheets:
        assert "Ingen import dækker januar – maj 2022" in str(sheet.rows[1].cells[0])
    year = next(sheet for sheet in book.sheets if sheet.name == "2022")
    assert [cell is None for cell in year.rows[4].cells[3:15]] == [True] * 5 + [False] * 7
