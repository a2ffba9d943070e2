from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from click.testing import CliRunner, Result

from tests.folders import write_project
from toolkit.cli.issue import bundle, issue, verify

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
