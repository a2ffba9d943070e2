from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.folders import NO_BOOKS, write_project
from toolkit.cli.explain import explain
from toolkit.cli.screen_explain import WORDS
from toolkit.core.explain import What
from toolkit.documents.facts import leaves
from toolkit.documents.from_state import facts_of
from toolkit.language import set_language
from toolkit.project import open_project
from toolkit.render import every_occasion, make_document

EXAMPLE = ROOT / "projects" / "thisted-nordthy"
HEADER = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n"
RULES = """\
rules:
  - {account: "4001", line: loen, reason: Løn til teamet}
"""


def run(*words: str | Path, color: bool = False) -> Result:
    return CliRunner().invoke(explain, [str(word) for word in words], catch_exceptions=False, color=color)


def as_json(*words: str | Path) -> dict[str, Any]:
    answer = run(*words, "--json")
    assert answer.exit_code == 0
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_a_figure_is_a_sum_down_to_each_voucher_with_its_file_and_line() -> None:
    answer = run(EXAMPLE, "budget.it-planlaegning.remaining", "--as-of", "2022-06-30")

    assert answer.stdout.splitlines() == [
        "Pr. 30-06-2022, som kendt 26-06-2024",
        "",
        "budget.lines.it-planlaegning.remaining",
        "",
        "Rest: It-tilpasning til teamenes planlægning                            73.500",
        "  + Budget                                                             147.000 *",
        f"      {EXAMPLE}/budgets/2021-12-16-award.yaml:112",
        "  – Forbrug                                                             73.500",
        "    Regel: account: 46200000                                            73.500 *",
        f"        {EXAMPLE}/allocation.yaml:46",
        "      08-04-2022  220144461  It, opsætning af teams i                   49.000 *",
        "        planlægningssystem",
        f"          {EXAMPLE}/postings/2022-07-08-opus-1e0f9090.csv:11",
        "      17-06-2022  220144897  It, vagtplaner for tre teams               24.500 *",
        f"          {EXAMPLE}/postings/2022-07-08-opus-1e0f9090.csv:23",
        "  – Disponeret                                                               0",
        "",
        "* konstrueret eksempel: ikke kommunens egne oplysninger",
    ]


def test_a_place_is_named_as_the_user_named_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)

    assert "\n    project.yaml:36\n" in f"{run('.', 'purpose.text').stdout}\n"
    assert "    templates/funds/faste-teams-2021.yaml:" in run(EXAMPLE, "fund.title").stdout


def test_a_rule_of_the_fund_leads_to_its_own_line() -> None:
    words = run(EXAMPLE, "accounts.audit.1.text", "--as-of", "2023-12-31").stdout
    place = re.search(r"^    (templates/funds/.*\.yaml):(\d+)$", words, re.MULTILINE)

    assert place is not None
    assert "id: audit-" in (ROOT / place[1]).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]


def test_sources_that_disagree_are_all_named() -> None:
    words = run(EXAMPLE, "fund.frame.1.value").stdout

    assert [amount in words for amount in ("169.500.000", "170.000.000", "190.000.000")] == [True, True, True]


def test_a_value_in_words_of_the_document_is_shown_as_the_document_says_it() -> None:
    assert "Høj" in run(EXAMPLE, "risks.vikarforbrug.likelihood", "--as-of", "2022-12-31").stdout


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("budget.lines.projektleder.spent", "budget.lines.projektleder.spent"),
        ("budget.projektleder.spent", "budget.lines.projektleder.spent"),
        ("budget.projektleder.2022.spent", "budget.lines.projektleder.years.2022.spent"),
        ("budget.total", "budget.total"),
        ("budget.total.spent", "budget.spent"),
        ("budget.2023.spent", "budget.years.2023.spent"),
    ],
)
def test_a_path_may_be_typed_as_people_say_it(typed: str, path: str) -> None:
    assert as_json(EXAMPLE, typed, "--as-of", "2022-06-30")["fact"] == path


def test_a_list_that_has_nothing_in_it_on_the_day_is_a_fact_all_the_same() -> None:
    told = as_json(EXAMPLE, "held", "--as-of", "2021-12-20")

    assert (told["fact"], told["value"], told["explanation"]) == ("held", None, {"what": "unsaid"})


def test_an_unknown_fact_is_used_wrongly_and_answered_with_the_nearest() -> None:
    answer = run(EXAMPLE, "budget.projektlder.remaining")

    assert answer.exit_code == 2
    assert "Ingen oplysning hedder budget.projektlder.remaining." in answer.stderr
    assert "budget.projektleder.remaining" in answer.stderr


@pytest.mark.parametrize(
    "typed", ["years", "lines", "lines.years", "", ".", "..", "budget.", "x" * 10_000, "æ\u0301", "0"]
)
def test_what_is_no_path_is_used_wrongly_or_is_the_beginning_of_one(typed: str) -> None:
    assert run(EXAMPLE, typed, "--as-of", "2022-06-30").exit_code in (0, 2)


def test_without_a_fact_all_are_listed_and_with_the_beginning_of_one_those_below_it() -> None:
    everything = run(EXAMPLE, "--as-of", "2022-06-30").stdout
    line = run(EXAMPLE, "budget.projektleder", "--as-of", "2022-06-30").stdout

    assert re.search(r"^  grant\.received +1\.734\.032$", everything, re.MULTILINE)
    assert re.search(r"^  milestones\.teams-klar\.due +15-08-2022$", everything, re.MULTILINE)
    assert re.search(r"^  budget\.lines\.projektleder\.budget +1\.481\.480", line, re.MULTILINE)
    assert "grant.received" not in line


def test_what_nobody_has_said_is_a_dash_with_the_place_where_it_belongs(tmp_path: Path) -> None:
    words = run(write_project(tmp_path), "grant.file_number", "--as-of", "2022-06-30").stdout

    assert re.search(r"^Ikke oplyst +–$", words, re.MULTILINE)
    assert "project.yaml:4" in words


def test_a_group_that_nobody_has_given_explains_what_is_below_it(tmp_path: Path) -> None:
    assert as_json(write_project(tmp_path), "fund.title")["fact"] == "fund"


def test_a_document_has_its_own_day_and_period() -> None:
    report = as_json(EXAMPLE, "budget.in_period", "--kind", "statusrapport", "--as-of", "2022-12-31")
    asked = "2023-01-18-change-requested"
    request = as_json(EXAMPLE, "request.lines.vikardaekning.difference", "--kind", "change-request", "--change", asked)
    item = run(EXAMPLE, "step.body", "--kind", "agenda-item", "--case", "orientering-om-tilsagn", "--step", "ssu")

    assert (report["as_of"], report["amount_oere"]) == ("2022-12-31", 175_311_453)
    assert (request["kind"], request["amount_oere"]) == ("change-request", 18_500_000)
    assert item.stdout.startswith("Pr. 11-01-2022, som kendt 26-06-2024, til dokumentet: dagsordenspunkt\n")


def test_every_fact_that_a_document_used_can_be_asked_for() -> None:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    for occasion in every_occasion(dossier):
        used = make_document(dossier, occasion, ()).facts
        known = {leaf.path for leaf in leaves(facts_of(dossier, occasion))}

        assert used
        assert used.keys() - known == set()


def test_json_is_the_same_tree_with_whole_oere(tmp_path: Path) -> None:
    rows = HEADER + "2022-03-31;17;1;4001;;;Løn marts;1250,50\n2022-04-29;18;1;9999;;;Ukendt;70,00\n"
    project = write_project(
        tmp_path, {**NO_BOOKS, "allocation.yaml": RULES, "postings/2022-05-02-opus-0a1b2c3d.csv": rows}
    )
    found = as_json(project, "budget.loen.spent", "--as-of", "2022-06-30")

    assert found == {
        "project": tmp_path.name,
        "as_of": "2022-06-30",
        "known_by": "2022-05-02",
        "kind": None,
        "fact": "budget.lines.loen.spent",
        "amount_oere": 125_050,
        "explanation": {
            "what": "spent",
            "amount_oere": 125_050,
            "name": "Løn",
            "plus": [
                {
                    "what": "rule",
                    "amount_oere": 125_050,
                    "name": "account: 4001",
                    "reason": "Løn til teamet",
                    "at": "allocation.yaml:2",
                    "plus": [
                        {
                            "what": "posting",
                            "amount_oere": 125_050,
                            "name": "Løn marts",
                            "day": "2022-03-31",
                            "voucher": "17",
                            "at": "postings/2022-05-02-opus-0a1b2c3d.csv:2",
                        }
                    ],
                }
            ],
        },
    }
    assert as_json(project, "budget.unallocated", "--as-of", "2022-06-30")["amount_oere"] == 7_000
    assert (
        as_json(project, "budget.unallocated", "--as-of", "2022-06-30", "--known-by", "2022-05-01")["amount_oere"] == 0
    )


def test_a_part_of_an_order_stands_beside_the_whole_that_the_log_has(tmp_path: Path) -> None:
    heir = "stage: change\nlines: [{id: moeder, title: Møder, amount: 50.000 kr., was: {kurser: 25 pct.}}]\n"
    log = """\
- {kind: ordered, happened: 2022-03-01, recorded: 2022-03-01, line: kurser, amount: 20.000 kr.}
- {kind: change-approved, happened: 2022-05-01, recorded: 2022-05-01, change: budget, budget: 2022-05-01-change}
"""
    project = write_project(tmp_path, {**NO_BOOKS, "events.yaml": log, "budgets/2022-05-01-change.yaml": heir})
    shown = run(project, "budget.lines.moeder.committed", "--as-of", "2022-06-30").stdout

    assert re.search(r"01-03-2022  disponeret  \(af 20\.000\) +5\.000$", shown, re.MULTILINE)


def test_errors_in_the_files_are_shown_too_with_exit_code_1(tmp_path: Path) -> None:
    answer = run(write_project(tmp_path, {"events.yaml": "- {kind: nix}\n"}), "title")

    assert answer.exit_code == 1
    assert "events.yaml:1" in answer.stderr
    assert "Faste teams" in answer.stdout


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("fact", ["budget.remaining", "accounts.to_repay", "purpose.text", "indicators", None])
def test_a_tree_fits_80_columns_and_a_pipe_gets_no_colours(
    language: str, fact: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLE)
    set_language("da" if language == "da" else "en")
    try:
        answer = run(".", *([fact] if fact else []), "--as-of", "2024-06-30")
    finally:
        set_language("da")

    assert answer.exit_code == 0
    assert max(map(len, answer.stdout.splitlines())) <= 80
    assert not any(line != line.rstrip() for line in answer.stdout.splitlines())
    assert "\x1b" not in answer.stdout


def test_a_terminal_gets_colours_that_say_nothing_the_words_do_not() -> None:
    import click

    coloured = run(EXAMPLE, "grant.received", "--as-of", "2023-01-31", color=True).stdout

    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == run(EXAMPLE, "grant.received", "--as-of", "2023-01-31").stdout


def test_every_kind_of_part_has_its_words() -> None:
    assert set(WORDS) == set(What.__args__)  # type: ignore[attr-defined]
