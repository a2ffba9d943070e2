"""What left the municipality is kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from tests.folders import IMPORTED, NO_BOOKS, write_project
from tests.issued import NAME, SENT, dossier_of, only_report, receipt_of, sent, verified
from tests.writers.workbooks import Workbook
from toolkit import issuing
from toolkit.bundle import CONTENTS, bundle
from toolkit.cli import main
from toolkit.core.money import kroner
from toolkit.core.occasion import Occasion
from toolkit.issuing import Sending, issue, project_files, unfit_names
from toolkit.project import open_project
from toolkit.readers.receipts import receipt_text
from toolkit.render import occasions_of
from toolkit.verifying import kept_folders, verify

BOOKS = IMPORTED.replace("- {", "-\n  {")  # its hyphens on lines of their own

# ── issuing ──────────────────────────────────────────────────────────────────────────────────


def test_a_document_is_kept_with_its_inputs_its_receipt_and_the_papers_that_went_with_it(tmp_path: Path) -> None:
    folder, scan = write_project(tmp_path / "projekt"), tmp_path / "underskrevet.pdf"
    scan.write_bytes(b"scan")
    issued = sent(folder, scan)

    assert issued.folder == folder / "issued" / NAME
    assert sorted(
        file.relative_to(issued.folder).as_posix() for file in issued.folder.rglob("*") if file.is_file()
    ) == [
        "attachments/underskrevet.pdf",
        "inputs.zip",
        "receipt.yaml",
        "statusrapport-2022-06-30.html",
    ]
    receipt = receipt_of(folder)
    assert (receipt.to, receipt.via, receipt.case_number) == ("Socialstyrelsen", "tilskudsportalen", "22/123")
    assert receipt.facts["budget.total"] == "500.000\N{NO-BREAK SPACE}kr."


def test_the_log_says_that_it_was_submitted(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)

    assert "kind: submitted" in (folder / "events.yaml").read_text(encoding="utf-8")
    assert f"issued: {NAME}" in (folder / "events.yaml").read_text(encoding="utf-8")
    receipt = (folder / "issued" / NAME / "receipt.yaml").read_bytes()
    event = dossier_of(folder).events[-1]
    assert event.receipt == issuing.digest(receipt)
    assert (event.known_by, f"{kroner(event.spent)}\N{NO-BREAK SPACE}kr.") == (
        receipt_of(folder).known_by,
        receipt_of(folder).facts["budget.spent"],
    )
    assert dossier_of(folder).events[-1].happened == SENT


def test_the_next_version_stands_beside_the_first(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    first = sent(folder).folder
    second = sent(folder).folder

    assert [path.name for path in kept_folders(folder)] == [NAME, "2022-06-30-status-report-v2"]
    assert first != second


REQUESTS = "".join(
    f"- {{kind: change-requested, id: {id}, happened: 2022-05-01, recorded: 2022-05-01, change: project}}\n"
    for id in ("foerst", "siden")
)
REQUEST = "2022-05-01-change-request-project"


def asked_for(folder: Path, *ids: str) -> list[str]:
    """What the folders of some requests are called that are issued one after another."""
    names = []
    for id in ids:
        project = open_project(folder)
        assert project.dossier is not None
        (occasion,) = (
            each for each in occasions_of(project.dossier, "change-request") if each.change and each.change.called == id
        )
        issued = issue(project, occasion, ("md",), None, Sending("Socialstyrelsen", SENT))
        assert issued.folder is not None
        names.append(issued.folder.name)
    return names


@pytest.fixture
def with_requests(tmp_path: Path) -> Path:
    texts = {f"texts/change-request/{id}.md": "# Begrundelse\nFordi.\n" for id in ("foerst", "siden")}
    return write_project(tmp_path, {"events.yaml": IMPORTED + REQUESTS, **texts})


def test_two_requests_of_one_sort_on_one_day_are_two_documents_with_versions_of_their_own(with_requests: Path) -> None:
    names = asked_for(with_requests, "siden", "foerst", "siden", "foerst")

    assert names == [f"{REQUEST}-v1", f"{REQUEST}-2-v1", f"{REQUEST}-v2", f"{REQUEST}-2-v2"]
    assert {each.verdict for each in verify(open_project(with_requests))} == {"identical"}


def test_what_was_kept_as_a_version_of_another_request_is_still_followed_by_the_next(with_requests: Path) -> None:
    asked_for(with_requests, "foerst")
    was = shutil.copytree(with_requests / "issued" / f"{REQUEST}-v1", with_requests / "issued" / f"{REQUEST}-v2")
    kept = (was / "receipt.yaml").read_text(encoding="utf-8")
    (was / "receipt.yaml").write_text(kept.replace('"foerst"', '"siden"'), encoding="utf-8")

    assert asked_for(with_requests, "siden", "foerst") == [f"{REQUEST}-v3", f"{REQUEST}-v4"]


def test_a_receipt_that_is_gone_does_not_keep_the_next_version_away(with_requests: Path) -> None:
    asked_for(with_requests, "foerst")
    (with_requests / "issued" / f"{REQUEST}-v1" / "receipt.yaml").unlink()

    assert asked_for(with_requests, "siden") == [f"{REQUEST}-v2"]


def test_a_document_that_lacks_something_is_not_issued_and_leaves_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {"texts/status-report/2022-06-30.md": "# Økonomi\nIntet nyt.\n"})
    issued = sent(folder)

    assert issued.folder is None
    assert "prose-missing" in {found.code for found in issued.problems}
    assert not (folder / "issued").exists()
    assert "submitted" not in (folder / "events.yaml").read_text(encoding="utf-8")


def test_what_still_says_mangler_is_not_issued(tmp_path: Path) -> None:
    text = (write_project(tmp_path) / "project.yaml").read_text(encoding="utf-8")
    (tmp_path / "project.yaml").write_text(text + "area: MANGLER\n", encoding="utf-8")

    assert {found.code for found in sent(tmp_path).problems} == {"not-filled-in"}


def test_a_paper_whose_name_holds_a_personal_number_stays_at_home(tmp_path: Path) -> None:
    paper = tmp_path / "010165-1234.pdf"
    paper.write_bytes(b"")

    assert {found.code for found in sent(write_project(tmp_path / "projekt"), paper).problems} == {
        "personal-number-in-name"
    }


@pytest.mark.parametrize(
    ("name", "code"), [(b"010165-1234.txt", "personal-number-in-name"), (b"K\xf8benhavn.txt", "name-not-utf8")]
)
def test_a_file_of_the_project_whose_name_may_not_leave_keeps_all_at_home(
    name: bytes, code: str, tmp_path: Path
) -> None:
    folder = write_project(tmp_path)
    (folder / "sources").mkdir()
    try:
        (folder / "sources" / os.fsdecode(name)).write_text("", encoding="utf-8")
    except (OSError, UnicodeError):  # macOS takes no such name, so nobody there can have one
        pytest.skip("this file system has no such names")

    assert {found.code for found in sent(folder).problems} == {code}
    assert {found.code for found in unfit_names(project_files(folder))} == {code}


def test_what_cannot_be_logged_was_not_issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path)

    def disk_full(*_event: object) -> None:
        raise OSError(28, "No space left on device", "events.yaml")

    monkeypatch.setattr(issuing, "append_locked", disk_full)
    with pytest.raises(OSError, match="No space"):
        sent(folder)

    assert list((folder / "issued").iterdir()) == []


def test_a_log_whose_hyphens_stand_on_lines_of_their_own_is_kept_whole(tmp_path: Path) -> None:
    known = "-\n  {kind: noted, happened: 2022-01-01, recorded: 2022-01-01, text: A}\n"
    later = "-\n  {kind: noted, happened: 2022-01-02, recorded: 2022-09-09, text: B}\n"
    folder = write_project(tmp_path, {"events.yaml": BOOKS + known + later})
    occasion = structs.replace(only_report(folder), known_by=date(2022, 7, 31))

    assert _kept_log(folder, occasion) == BOOKS + known + later
    assert verified(folder).verdict == "identical"


def test_a_log_in_which_nothing_has_happened_yet_is_kept_as_it_is(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {**NO_BOOKS, "events.yaml": "# Loggen\n", "budgets/2021-12-16-award.yaml": None})

    assert _kept_log(folder, only_report(folder)) == "# Loggen\n"


def test_of_the_log_only_what_was_known_is_kept(tmp_path: Path) -> None:
    known = "- {kind: noted, happened: 2022-01-01, recorded: 2022-01-01, text: A}\n"
    later = "- {kind: noted, happened: 2022-01-02,\n   recorded: 2022-09-09, text: B}\n"
    folder = write_project(tmp_path, {"events.yaml": IMPORTED + known + later + known})
    occasion = structs.replace(only_report(folder), known_by=date(2022, 7, 31))

    assert _kept_log(folder, occasion) == IMPORTED + known + known


def _kept_log(folder: Path, occasion: Occasion) -> str:
    issue(open_project(folder), occasion, ("html",), None, Sending("Socialstyrelsen", SENT))
    with zipfile.ZipFile(folder / "issued" / NAME / "inputs.zip") as inputs:
        return inputs.read("project/events.yaml").decode()


def test_a_receipt_reads_back_as_it_was_written(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    receipt = receipt_of(folder)

    assert receipt_text(receipt) == (folder / "issued" / NAME / "receipt.yaml").read_text(encoding="utf-8")


# ── the auditor's dossier ────────────────────────────────────────────────────────────────────


def test_a_bundle_has_everything_with_a_list_and_is_the_same_every_time(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    packed = bundle(folder, dossier_of(folder))
    names = zipfile.ZipFile(BytesIO(packed.content)).namelist()

    assert CONTENTS in names
    assert {"project.yaml", "events.yaml", f"issued/{NAME}/receipt.yaml"} <= set(names)
    assert packed.content == bundle(folder, dossier_of(folder)).content
    listed = zipfile.ZipFile(BytesIO(packed.content)).read(CONTENTS).decode()
    assert all(name in listed for name in names if name != CONTENTS)


def test_a_bundle_never_holds_what_was_built_in_the_project_itself(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    first = bundle(folder, dossier_of(folder))
    (folder / "build").mkdir()
    (folder / "build" / "projekt-revision.zip").write_bytes(first.content)

    assert bundle(folder, dossier_of(folder)) == first


def test_hidden_files_are_in_no_bundle(tmp_path: Path) -> None:
    folder = write_project(tmp_path, {".hemmelig/noter.txt": "privat"})
    names = zipfile.ZipFile(BytesIO(bundle(folder, dossier_of(folder)).content)).namelist()

    assert not any("hemmelig" in name for name in names)


def test_a_page_to_copy_from_is_kept_and_made_again_like_any_other(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    issue(open_project(folder), only_report(folder), ("html", "copy"), None, Sending("Udvalget", SENT))

    assert list(receipt_of(folder).files) == ["statusrapport-2022-06-30.html", "statusrapport-2022-06-30.kopi.html"]
    assert verified(folder).verdict == "identical"


# ── postings that are told of as gone or double ──────────────────────────────────────────────

ERRORS = Path(__file__).parent / "errors"
TAKEN_BACK = '  - {file: "*-standard-*", taken_back: true, reason: Den samme liste}\n'


def doubted(code: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ERRORS / code, tmp_path / "projekt"))


def answered(folder: Path) -> None:
    rules = folder / "allocation.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("rules:\n", f"rules:\n{TAKEN_BACK}"), encoding="utf-8")


def said(folder: Path, command: str, *words: str) -> tuple[int, list[str]]:
    """The exit code, and the codes that are told on screen."""
    answer = CliRunner().invoke(main, [command, str(folder), *words])
    return answer.exit_code, re.findall(r": ([a-z-]+) \((?:fejl|advarsel)\)", answer.stderr)


def test_a_status_report_that_rests_on_doubled_postings_is_sent_and_says_so_on_screen(tmp_path):
    folder, words = doubted("figures-doubtful", tmp_path), ("status-report", "--format", "md")

    assert said(folder, "render", *words, "--out", str(tmp_path)) == (0, ["figures-doubtful"])
    assert said(folder, "issue", *words, "--to", "S") == (0, ["figures-doubtful"])
    assert CliRunner().invoke(main, ["verify", str(folder)]).exit_code == 0
    answered(folder)
    assert said(folder, "render", *words, "--out", str(tmp_path)) == (0, [])


def test_a_final_report_is_not_sent_before_somebody_has_answered_or_says_that_it_is_incomplete(tmp_path):
    folder, words = doubted("figures-unanswered", tmp_path), ("final-report", "--format", "md", "--to", "S")

    assert said(folder, "issue", *words) == (1, ["figures-unanswered"])
    assert said(folder, "issue", *words, "--incomplete") == (0, ["figures-doubtful"])
    answered(folder)
    assert said(folder, "issue", *words) == (0, [])


def test_final_accounts_are_not_made_before_somebody_has_answered(tmp_path):
    folder, words = doubted("accounts-posting-open", tmp_path), ("accounts", "--format", "md", "--out", str(tmp_path))

    assert said(folder, "render", *words) == (1, ["accounts-posting-open"])
    assert said(folder, "issue", *words[:3], "--to", "S", "--incomplete") == (1, ["accounts-posting-open"])
    assert said(folder, "render", *words, "--draft") == (0, ["figures-doubtful"])
    assert "**Kladde. Der er spørgsmål" in next(tmp_path.glob("regnskab-*.md")).read_text(encoding="utf-8")
    answered(folder)
    assert said(folder, "render", *words) == (0, [])


@pytest.mark.parametrize("command", ["status", "budget"])
def test_screens_tell_of_it_in_a_line(tmp_path, command):
    folder, line = doubted("figures-doubtful", tmp_path), "talt to gange: udgifter 1.250 kr., indtægter 0 kr."

    assert line in CliRunner().invoke(main, [command, str(folder)]).stdout
    assert line not in CliRunner().invoke(main, [command, str(folder), "--as-of", "2022-03-01"]).stdout
    answered(folder)
    assert line not in CliRunner().invoke(main, [command, str(folder)]).stdout


def test_answers_for_other_programs_a_portfolio_and_workbooks_tell_of_it_too(tmp_path):
    folder, told = doubted("figures-doubtful", tmp_path), "udgifter 1.250 kr., indtægter 0 kr."

    def run(*words: str) -> str:
        return CliRunner().invoke(main, [*words, "--lang", "da"]).stdout

    def doubts(command: str) -> int:
        return json.loads(run(command, str(folder), "--json"))["budget"]["doubted_costs_oere"]

    def texts(name: str) -> str:
        sheets = Workbook((tmp_path / name).read_bytes()).sheets.values()
        return "\n".join(str(cell.value) for sheet in sheets for cell in sheet.values())

    def made() -> tuple[str, str]:
        run("budget", str(folder), "--xlsx", str(tmp_path / "bog.xlsx"))
        run("portfolio", str(tmp_path), "--xlsx", str(tmp_path / "mappe.xlsx"))
        return texts("bog.xlsx"), texts("mappe.xlsx")

    assert (doubts("status"), doubts("budget")) == (125_000, 125_000)
    assert "1 projekts tal bygger på posteringer" in run("portfolio", str(tmp_path))
    assert [told in each for each in made()] == [True, True]
    answered(folder)
    assert (doubts("status"), doubts("budget")) == (0, 0)
    assert "hviler på posteringer" not in run("portfolio", str(tmp_path))
    assert [told in each for each in made()] == [False, False]
