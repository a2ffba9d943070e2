"""What left the municipality is kept, and can be made again."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from msgspec import structs

from tests.folders import IMPORTED, write_project
from toolkit import issuing
from toolkit.bundle import CONTENTS, bundle
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.receipts import Receipt
from toolkit.issuing import Issued, Sending, Verified, issue, project_files, receipts, unfit_names, verify
from toolkit.project import open_project
from toolkit.readers.receipts import read_receipt, receipt_text
from toolkit.render import occasions_of
from toolkit.writers.package import pack, unpack

BOOKS = IMPORTED.replace("- {", "-\n  {")  # its hyphens on lines of their own
SENT = date(2022, 8, 30)
NAME = "2022-06-30-status-report-v1"


def dossier_of(folder: Path) -> Dossier:
    dossier = open_project(folder).dossier
    assert dossier is not None
    return dossier


def only_report(folder: Path) -> Occasion:
    (report,) = occasions_of(dossier_of(folder), "status-report")
    return report


def sent(folder: Path, *papers: Path) -> Issued:
    sending = Sending("Socialstyrelsen", SENT, via="tilskudsportalen", case_number="22/123", attachments=papers)
    return issue(open_project(folder), only_report(folder), ("html",), None, sending)


def receipt_of(folder: Path, name: str = NAME) -> Receipt:
    problems: list[object] = []
    text = (folder / "issued" / name / "receipt.yaml").read_text(encoding="utf-8")
    receipt = read_receipt(text, "receipt.yaml", problems)  # type: ignore[arg-type]
    assert problems == []
    assert receipt is not None
    return receipt


def verified(folder: Path) -> Verified:
    (only,) = verify(open_project(folder))
    return only


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
    assert dossier_of(folder).events[-1].happened == SENT


def test_the_next_version_stands_beside_the_first(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    first = sent(folder).folder
    second = sent(folder).folder

    assert [path.parent.name for path in receipts(folder)] == [NAME, "2022-06-30-status-report-v2"]
    assert first != second


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
    assert verified(folder).identical


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


# ── making again ─────────────────────────────────────────────────────────────────────────────


def test_a_document_made_again_is_identical(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)

    assert verified(folder).identical
    assert verified(folder).changed == ()


OWN_LAYOUT = {
    "layouts/standard/layout.yaml": """\
extends: standard
sections:
  status-report: [{name: summary, heading: Kort sagt}]
""",
    "layouts/standard/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"/>\n',
    "layouts/vores/layout.yaml": "extends: standard\n",
}


@pytest.mark.parametrize("layout", [None, "vores"])
def test_a_document_in_the_projects_own_layout_is_made_again_from_the_one_that_was_kept(
    layout: str | None, tmp_path: Path
) -> None:
    text = "# Kort sagt\nVi er i gang.\n"
    folder = write_project(tmp_path, {**OWN_LAYOUT, "texts/status-report/2022-06-30.md": text})
    sending = Sending("Socialstyrelsen", SENT)
    issued = issue(open_project(folder), only_report(folder), ("html",), layout, sending)
    assert issued.folder is not None
    page = (issued.folder / "statusrapport-2022-06-30.html").read_text(encoding="utf-8")
    (folder / "layouts/standard/layout.yaml").unlink()

    assert "Kort sagt</h2>" in page
    assert verified(folder).identical
    assert verified(folder).changed == ("layouts/standard/layout.yaml",)


def test_the_cover_of_a_later_version_says_which_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "thisted-nordthy"
    shutil.copytree(Path(__file__).parents[1] / "projects/thisted-nordthy", folder)

    def send() -> str:
        (application,) = occasions_of(dossier_of(folder), "application")
        sending = Sending("Socialstyrelsen", SENT)
        issued = issue(open_project(folder), application, ("md",), None, sending)
        assert issued.folder is not None, issued.problems
        (page,) = issued.folder.glob("*.md")
        return page.read_text(encoding="utf-8")

    assert "- Version: 1" in send()
    assert "- Version: 2" in send()
    assert [each.identical for each in verify(open_project(folder))] == [True, True]


def test_later_changes_in_the_project_are_named_and_change_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "texts/status-report/2022-06-30.md").write_text("# Resumé\nNoget andet.\n", encoding="utf-8")
    (folder / "texts/final-report.md").write_text("# Resumé\nNyt.\n", encoding="utf-8")

    assert verified(folder).identical
    assert verified(folder).changed == ("texts/status-report/2022-06-30.md", "texts/final-report.md")


def test_what_was_logged_since_is_no_change(tmp_path: Path) -> None:
    folder = write_project(
        tmp_path, {"events.yaml": IMPORTED + "- {kind: noted, happened: 2022-01-01, recorded: 2022-01-01, text: A}\n"}
    )
    sent(folder)
    with (folder / "events.yaml").open("a", encoding="utf-8") as log:
        log.write("- {kind: noted, happened: 2022-09-01, recorded: 2022-09-01, text: B}\n")

    assert verified(folder).changed == ()


def test_an_edited_line_of_the_log_is_a_change(tmp_path: Path) -> None:
    folder = write_project(
        tmp_path, {"events.yaml": IMPORTED + "- {kind: noted, happened: 2022-01-01, recorded: 2022-01-01, text: A}\n"}
    )
    sent(folder)
    log = folder / "events.yaml"
    log.write_text(log.read_text(encoding="utf-8").replace("text: A", "text: C"), encoding="utf-8")

    assert verified(folder).changed == ("events.yaml",)


@pytest.mark.parametrize("file", ["statusrapport-2022-06-30.html", "inputs.zip"])
def test_a_kept_file_that_somebody_changed_is_damaged(file: str, tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    with (folder / "issued" / NAME / file).open("ab") as kept:
        kept.write(b" ")

    assert verified(folder).damaged == (file,)
    assert not verified(folder).sound


def _with_inputs(folder: Path, content: bytes) -> None:
    """Put another zip in the place of the kept inputs, with a receipt that was made to fit it."""
    (folder / "issued" / NAME / "inputs.zip").write_bytes(content)
    receipt = structs.replace(receipt_of(folder), inputs=issuing.digest(content))
    (folder / "issued" / NAME / "receipt.yaml").write_text(receipt_text(receipt), encoding="utf-8")


def test_kept_inputs_that_cannot_be_unpacked_are_damaged(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    whole = (folder / "issued" / NAME / "inputs.zip").read_bytes()

    for content in (b"", b"no zip", whole[:-30], whole[:60] + b"\0" * 60 + whole[120:]):
        _with_inputs(folder, content)
        assert verified(folder).damaged == ("inputs.zip",)
        assert not verified(folder).sound


@pytest.mark.parametrize(
    "name", ["../taken.txt", "project/../../taken.txt", "/taken.txt", r"C:\taken.txt", r"..\taken.txt"]
)
def test_kept_inputs_never_lead_out_of_where_they_are_unpacked(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path / "projekt")
    sent(folder)
    inputs = unpack((folder / "issued" / NAME / "inputs.zip").read_bytes())
    _with_inputs(folder, pack({**inputs, name: b"taken"}))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert verified(folder).damaged == ("inputs.zip",)
    assert not list(tmp_path.rglob("*taken.txt"))


@pytest.mark.parametrize("file", ["../../../taget.html", "/etc/passwd", "rapport.exe", "rapport"])
def test_a_receipt_that_names_other_files_than_its_own_is_not_sound(file: str, tmp_path: Path) -> None:
    folder = write_project(tmp_path / "projekt")
    sent(folder)
    content = next((folder / "issued" / NAME).glob("*.html")).read_bytes()
    (tmp_path / "taget.html").write_bytes(content)
    receipt = structs.replace(receipt_of(folder), files={file: issuing.digest(content)})
    (folder / "issued" / NAME / "receipt.yaml").write_text(receipt_text(receipt), encoding="utf-8")

    assert verified(folder).damaged == (file,)
    assert not verified(folder).sound


def test_another_version_may_look_otherwise_when_every_figure_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    monkeypatch.setattr(issuing, "make_document", _with_other_looks(issuing.make_document))

    assert not verified(folder).sound  # the same version must give the same bytes
    monkeypatch.setattr(issuing, "__version__", "9.9.9")
    assert verified(folder).sound
    assert verified(folder).differing == ("statusrapport-2022-06-30.html",)


def _with_other_looks(make):  # type: ignore[no-untyped-def]
    def otherwise(*args, **more):  # type: ignore[no-untyped-def]
        made = make(*args, **more)
        return structs.replace(made, contents={name: data + b"<!-- -->" for name, data in made.contents.items()})

    return otherwise


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
    assert verified(folder).identical
