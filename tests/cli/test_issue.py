from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from tests.folders import write_project
from toolkit import __version__, verifying
from toolkit.cli.issue import bundle, issue, verify
from toolkit.core.versions import Change
from toolkit.render import Made

NAME = "2022-06-30-status-report-v1"


def run_issue(folder: Path, *words: str) -> Result:
    words = (str(folder), *words, "--format", "html")
    return CliRunner().invoke(issue, words, catch_exceptions=False)


def test_it_says_where_the_document_is_kept(tmp_path: Path) -> None:
    answer = run_issue(write_project(tmp_path), "statusrapport", "--to", "Socialstyrelsen")

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == f"Gemt i {tmp_path / 'issued' / NAME} og logget som indsendt.\n"


def test_an_agenda_item_goes_to_its_body(tmp_path: Path) -> None:
    run_issue(write_project(tmp_path), "dagsordenspunkt")

    assert "to: Udvalget" in (tmp_path / "events.yaml").read_text(encoding="utf-8")


def test_without_a_fund_somebody_must_say_to_whom_it_is_sent(tmp_path: Path) -> None:
    answer = run_issue(write_project(tmp_path), "statusrapport")

    assert answer.exit_code == 2
    assert "--to" in answer.stderr


def test_two_papers_of_one_name_are_not_kept_as_one(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "scan.pdf", tmp_path / "b" / "Scan.pdf"  # one name, to Windows
    for paper in (first, second):
        paper.parent.mkdir()
        paper.write_bytes(b"")
    folder = write_project(tmp_path / "projekt")
    answer = run_issue(folder, "statusrapport", "--to", "X", "--attach", str(first), "--attach", str(second))

    assert answer.exit_code == 2
    assert "To bilag hedder scan.pdf" in answer.stderr
    assert not (folder / "issued").exists()


def test_verify_tells_of_each_document_and_fails_when_one_is_damaged(tmp_path: Path) -> None:
    run_issue(write_project(tmp_path), "statusrapport", "--to", "Socialstyrelsen")
    good = CliRunner().invoke(verify, [str(tmp_path)], catch_exceptions=False)
    with (tmp_path / "issued" / NAME / "statusrapport-2022-06-30.html").open("ab") as kept:
        kept.write(b" ")
    bad = CliRunner().invoke(verify, [str(tmp_path)], catch_exceptions=False)

    assert (good.exit_code, good.stdout) == (0, f"{NAME}: identisk\n")
    assert bad.exit_code == 1
    assert "beskadiget: statusrapport-2022-06-30.html" in bad.stdout


def test_with_nothing_issued_verify_says_so(tmp_path: Path) -> None:
    answer = CliRunner().invoke(verify, [str(write_project(tmp_path))], catch_exceptions=False)

    assert (answer.exit_code, answer.stdout) == (0, "Der er ikke udsendt noget endnu.\n")


def test_verify_shows_what_is_figured_otherwise_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_issue(write_project(tmp_path), "statusrapport", "--to", "Socialstyrelsen")
    make = verifying.make_document

    def make_otherwise(*args: Any, **more: Any) -> Made:
        made = make(*args, **more)
        return structs.replace(made, contents={}, facts={**made.facts, "budget.total": "1 kr."})

    monkeypatch.setattr(verifying, "make_document", make_otherwise)
    monkeypatch.setattr(verifying, "changes_since", lambda version: (Change("9.0.0", "Shares are rounded."),))
    answer = CliRunner().invoke(verify, [str(tmp_path)], catch_exceptions=False)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == (
        f"{NAME}: regnet anderledes siden version {__version__}, som det er lavet med (dette er {__version__})\n"
        "  budget.total: dengang 500.000\N{NO-BREAK SPACE}kr., i dag 1 kr.\n"
        "\nDet regner eller skriver nyere versioner af pulje anderledes:\n"
        "  9.0.0: Shares are rounded.\n"
    )


def test_verify_answers_in_json(tmp_path: Path) -> None:
    run_issue(write_project(tmp_path), "statusrapport", "--to", "Socialstyrelsen")
    (tmp_path / "issued" / NAME / "inputs.zip").unlink()
    answer = CliRunner().invoke(verify, [str(tmp_path), "--json"], catch_exceptions=False)
    (found,) = json.loads(answer.stdout)["issued"]

    assert (answer.exit_code, found["verdict"], found["damaged"]) == (1, "not-the-same", ["inputs.zip"])
    assert [each["code"] for each in found["problems"]] == ["issued-damaged"]


def test_verify_says_when_there_is_no_project(tmp_path: Path) -> None:
    answer = CliRunner().invoke(verify, [str(tmp_path)], catch_exceptions=False)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "project-missing" in answer.stderr


def test_a_bundle_is_a_zip_in_one_place(tmp_path: Path) -> None:
    out = tmp_path / "revisor.zip"
    answer = CliRunner().invoke(bundle, [str(write_project(tmp_path / "p")), "--out", str(out)], catch_exceptions=False)

    assert answer.exit_code == 0
    assert "project.yaml" in zipfile.ZipFile(out).namelist()


def test_verify_says_when_what_was_sent_is_no_longer_kept(tmp_path: Path) -> None:
    run_issue(write_project(tmp_path), "statusrapport", "--to", "Socialstyrelsen")
    shutil.rmtree(tmp_path / "issued" / NAME)
    answer = CliRunner().invoke(verify, [str(tmp_path)], catch_exceptions=False)

    assert "issued-gone" in answer.stderr
    assert NAME in answer.stderr
