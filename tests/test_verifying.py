"""What was issued is made again, and judged by what is kept."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.conftest import ROOT
from tests.folders import CASE, IMPORTED, PROJECT, write_project
from tests.issued import NAME, SENT, dossier_of, forge, only_report, receipt_of, sent, verified
from toolkit import issuing, verifying
from toolkit.cli.documents import chosen
from toolkit.core import versions
from toolkit.core.occasion import on_day
from toolkit.core.problems import Span, problem
from toolkit.core.versions import Change
from toolkit.issuing import Sending, issue
from toolkit.project import open_project
from toolkit.render import Made, occasions_of
from toolkit.verifying import FactChange, verify
from toolkit.writers.package import pack, unpack


def test_a_document_made_again_is_identical(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)

    assert verified(folder).verdict == "identical"
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
    assert verified(folder).verdict == "identical"
    assert verified(folder).changed == ("layouts/standard/layout.yaml",)


def test_the_cover_of_a_later_version_says_which_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "thisted-nordthy"
    shutil.copytree(ROOT / "projects/thisted-nordthy", folder)

    def send() -> str:
        (application,) = occasions_of(dossier_of(folder), "application")
        sending = Sending("Socialstyrelsen", SENT)
        issued = issue(open_project(folder), application, ("md",), None, sending)
        assert issued.folder is not None, issued.problems
        (page,) = issued.folder.glob("*.md")
        return page.read_text(encoding="utf-8")

    assert "- Version: 1" in send()
    assert "- Version: 2" in send()
    assert [each.verdict for each in verify(open_project(folder))] == ["identical", "identical"]


def test_later_changes_in_the_project_are_named_and_change_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "texts/status-report/2022-06-30.md").write_text("# Resumé\nNoget andet.\n", encoding="utf-8")
    (folder / "texts/final-report.md").write_text("# Resumé\nNyt.\n", encoding="utf-8")

    assert verified(folder).verdict == "identical"
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
    forge(folder, structs.replace(receipt_of(folder), inputs=issuing.digest(content)))


def test_kept_inputs_that_cannot_be_unpacked_are_damaged(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    whole = (folder / "issued" / NAME / "inputs.zip").read_bytes()

    too_long = pack({"project/project.yaml": b"", f"project/{'æ' * 128}": b""})
    both_file_and_folder = pack({"project": b"", "project/project.yaml": b""})
    for content in (
        b"",
        b"no zip",
        whole[:-30],
        whole[:60] + b"\0" * 60 + whole[120:],
        both_file_and_folder,
        too_long,
        pack({}),
    ):
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
    forge(folder, structs.replace(receipt_of(folder), files={file: issuing.digest(content)}))

    assert verified(folder).damaged == (file,)
    assert not verified(folder).sound


# ── another version ──────────────────────────────────────────────────────────────────────────

CHANGE = Change("0.2.0", "Shares are rounded.")


def _made_by(folder: Path, version: str | None) -> None:
    """The receipt as another version would have written it."""
    forge(folder, structs.replace(receipt_of(folder), version=version))


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 0.2.0 changed something, and this is 0.3.0."""
    monkeypatch.setattr(versions, "CHANGES", (CHANGE,))
    monkeypatch.setattr(verifying, "__version__", "0.3.0")


def _otherwise(monkeypatch: pytest.MonkeyPatch, **facts: str | None) -> None:
    """The program writes another document, with facts that read otherwise, or (None) that it does not use."""
    make = verifying.make_document

    def make_otherwise(*args: Any, **more: Any) -> Made:
        made = make(*args, **more)
        said = {**made.facts, **{path.replace("__", "."): value for path, value in facts.items()}}
        return structs.replace(
            made,
            contents={name: data + b"<!-- -->" for name, data in made.contents.items()},
            facts={path: value for path, value in said.items() if value is not None},
        )

    monkeypatch.setattr(verifying, "make_document", make_otherwise)


def _refused(monkeypatch: pytest.MonkeyPatch) -> None:
    make = verifying.make_document
    refusal = problem("not-all-allocated", Span("allocation.yaml", 1, 1), kind="Statusrapport", amount="1")
    monkeypatch.setattr(
        verifying,
        "make_document",
        lambda *args, **more: structs.replace(make(*args, **more), contents={}, problems=(refusal,)),
    )


@pytest.mark.usefixtures("changed")
def test_what_a_later_version_figures_otherwise_is_told_beside_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, "0.1.0")
    _otherwise(monkeypatch, budget__total="1 kr.", budget__spent=None, new="2 kr.")
    found = verified(folder)

    assert (found.verdict, found.sound) == ("figured-otherwise", True)
    assert found.changes == (CHANGE,)
    assert found.facts == (
        FactChange("budget.spent", "0\N{NO-BREAK SPACE}kr.", None),
        FactChange("budget.total", "500.000\N{NO-BREAK SPACE}kr.", "1 kr."),
        FactChange("new", None, "2 kr."),
    )


@pytest.mark.usefixtures("changed")
def test_a_later_version_may_write_otherwise_and_figure_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, "0.1.0")
    _otherwise(monkeypatch)

    assert (verified(folder).verdict, verified(folder).sound) == ("looks-otherwise", True)
    assert verified(folder).differing == ("statusrapport-2022-06-30.html",)


def test_the_figures_that_somebody_edited_are_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    page = folder / "issued" / NAME / "statusrapport-2022-06-30.html"
    page.write_bytes(page.read_bytes().replace(b">500.000,00<", b">900.000,00<", 1))

    assert (verified(folder).verdict, verified(folder).damaged) == ("not-the-same", (page.name,))
    assert verified(folder).facts == (FactChange(page.name, "900.000,00", "500.000,00"),)


@pytest.mark.usefixtures("changed")
def test_a_figure_that_is_in_no_fact_is_told_with_its_file(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    page = folder / "issued" / NAME / "statusrapport-2022-06-30.html"
    page.write_bytes(page.read_bytes().replace(b">500.000,00<", b">900.000,00<", 1))
    receipt = structs.replace(receipt_of(folder), files={page.name: issuing.digest(page.read_bytes())})
    forge(folder, structs.replace(receipt, version="0.1.0"))

    assert verified(folder).verdict == "figured-otherwise"
    assert verified(folder).facts == (FactChange(page.name, "900.000,00", "500.000,00"),)


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize("version", ["0.2.0", "0.3.0", "0.2.10", None, "", "0.2", "ny", "9" * 400 + ".0.0"])
def test_nothing_but_a_change_since_its_version_explains_a_document_that_comes_out_otherwise(
    version: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, version)
    _otherwise(monkeypatch)
    found = verified(folder)

    assert (found.verdict, found.sound, found.changes) == ("not-the-same", False, ())
    assert [each.code for each in found.problems] == ["issued-otherwise"]


@pytest.mark.usefixtures("changed")
def test_what_a_later_version_refuses_to_make_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path, {"allocation.yaml": "rules: []\n"})
    sent(folder)
    _made_by(folder, "0.1.0")
    _refused(monkeypatch)
    found = verified(folder)

    assert (found.verdict, found.sound, found.differing) == ("not-made-again", True, ())
    assert [str(each.at) for each in found.refusals] == [f"issued/{NAME}/inputs.zip/project/allocation.yaml:1:1"]


def test_what_this_version_made_and_refuses_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path, {"allocation.yaml": "rules: []\n"})
    sent(folder)
    _refused(monkeypatch)

    assert [each.code for each in verified(folder).problems] == ["issued-otherwise", "not-all-allocated"]
    assert not verified(folder).sound


@pytest.mark.usefixtures("changed")
def test_kept_inputs_that_this_version_cannot_read_are_no_tampering(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    inputs = unpack((folder / "issued" / NAME / "inputs.zip").read_bytes())
    inputs["project/events.yaml"] = b"- {kind: en-art-fra-dengang, happened: 2022-01-01, recorded: 2022-01-01}\n"
    del inputs["project/project.yaml"]
    content = pack(inputs)
    (folder / "issued" / NAME / "inputs.zip").write_bytes(content)
    forge(folder, structs.replace(receipt_of(folder), inputs=issuing.digest(content), version="0.1.0"))
    found = verified(folder)

    assert (found.verdict, found.sound, found.facts) == ("not-made-again", True, ())
    assert {each.code for each in found.refusals} == {"project-missing", "unknown-choice"}
    assert any(str(each.at).startswith(f"issued/{NAME}/inputs.zip/project/events.yaml:1:") for each in found.refusals)


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize("file", ["statusrapport-2022-06-30.html", "inputs.zip"])
def test_what_somebody_edited_is_an_error_whatever_version_made_it(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, "0.1.0")
    _otherwise(monkeypatch, budget__total="1 kr.")
    with (folder / "issued" / NAME / file).open("ab") as kept:
        kept.write(b" ")

    assert (verified(folder).verdict, verified(folder).damaged) == ("not-the-same", (file,))
    assert [each.code for each in verified(folder).problems] == ["issued-damaged"]


def test_a_receipt_that_was_made_to_fit_is_seen_by_the_log(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    page = folder / "issued" / NAME / "statusrapport-2022-06-30.html"
    page.write_bytes(page.read_bytes().replace(b"500.000", b"900.000"))
    receipt = structs.replace(receipt_of(folder), files={page.name: issuing.digest(page.read_bytes())})
    log = (folder / "events.yaml").read_bytes()
    forge(folder, receipt)
    (folder / "events.yaml").write_bytes(log)

    assert verified(folder).damaged == ("receipt.yaml",)
    assert not verified(folder).sound


def test_a_fact_that_was_edited_in_the_receipt_is_seen(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    receipt = receipt_of(folder)
    forge(folder, structs.replace(receipt, facts={**receipt.facts, "budget.total": "1 kr."}))

    assert (verified(folder).verdict, verified(folder).sound) == ("not-the-same", False)
    assert [each.path for each in verified(folder).facts] == ["budget.total"]


def test_a_newer_version_is_told_and_nothing_is_held_against_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, "99.0.0")
    assert verified(folder).verdict == "identical"

    _otherwise(monkeypatch, budget__total="1 kr.")
    assert (verified(folder).verdict, verified(folder).sound) == ("newer", True)
    assert verified(folder).facts == ()


@pytest.mark.parametrize("more", ["form: skema.docx\n", "files: [a, b]\n", "kind: [ukendt]\n"])
def test_keys_of_a_newer_version_are_no_fault_of_the_receipt(more: str, tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, "99.0.0")
    receipt = folder / "issued" / NAME / "receipt.yaml"
    text = re.sub(rf"^{more.partition(':')[0]}:.*\n(?:  .*\n)*", "", receipt.read_text(encoding="utf-8"), flags=re.M)
    receipt.write_text(text + more, encoding="utf-8")

    assert verified(folder).verdict in ("identical", "newer")
    assert verified(folder).sound


# ── receipts that are no whole receipts ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"[]\n", "section-expected"),
        (b"\xff\xfe\x00", "not-utf8"),
        (b"issued: 2022-06-30-status-report-v1\n", "key-missing"),
        (b"{", "yaml-unreadable"),
    ],
)
def test_a_receipt_that_cannot_be_read_says_why(content: bytes, code: str, tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "issued" / NAME / "receipt.yaml").write_bytes(content)
    found = verified(folder)

    assert (found.verdict, found.sound) == ("unreadable", False)
    assert code in {each.code for each in found.problems}


def test_a_folder_whose_receipt_is_gone_is_an_error(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "issued" / NAME / "receipt.yaml").unlink()

    assert [each.code for each in verified(folder).problems] == ["receipt-missing"]
    assert not verified(folder).sound


def test_a_receipt_in_a_folder_that_it_does_not_name_is_an_error(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "issued" / NAME).rename(folder / "issued" / "2022-06-30-status-report-v1 - kopi")

    assert [each.code for each in verified(folder).problems] == ["receipt-misplaced"]


def test_a_receipt_that_names_no_document_proves_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    forge(folder, structs.replace(receipt_of(folder), files={}))
    receipt = folder / "issued" / NAME / "receipt.yaml"
    receipt.write_text(receipt.read_text(encoding="utf-8") + "files: {}\n", encoding="utf-8")

    assert [each.code for each in verified(folder).problems] == ["receipt-empty"]


def test_a_receipt_without_its_version_is_a_warning_while_the_document_is_identical(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    _made_by(folder, None)

    assert (verified(folder).verdict, verified(folder).sound) == ("identical", True)
    assert [each.code for each in verified(folder).problems] == ["receipt-without-version"]


def test_another_projects_document_is_judged_by_its_own_inputs(tmp_path: Path) -> None:
    folder, other = write_project(tmp_path / "her"), write_project(tmp_path / "der")
    sent(other)
    shutil.copytree(other / "issued", folder / "issued")
    (folder / "project.yaml").write_text("title: Et andet projekt\n", encoding="utf-8")

    assert verified(folder).verdict == "identical"
    assert "project.yaml" in verified(folder).changed


def test_a_file_that_the_receipt_does_not_name_is_told_of(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    (folder / "issued" / NAME / "svar fra styrelsen.txt").write_text("Tak.", encoding="utf-8")
    (folder / "issued" / NAME / ".DS_Store").write_text("", encoding="utf-8")

    assert (verified(folder).verdict, verified(folder).beside) == ("identical", ("svar fra styrelsen.txt",))


def test_a_document_of_another_day_than_its_own_is_made_again(tmp_path: Path) -> None:
    day = date(2022, 5, 31)
    folder = write_project(tmp_path, {f"texts/status-report/{day}.md": "# Resumé\nProjektet følger planen.\n"})
    occasion = on_day(only_report(folder), dossier_of(folder), day)
    issue(open_project(folder), occasion, ("md",), None, Sending("Socialstyrelsen", SENT))

    assert verified(folder).verdict == "identical"


AWARD = "- {kind: awarded, happened: 2022-01-02, recorded: %s, amount: 500.000 kr.}\n"
ASKED = "- {kind: change-requested, happened: 2022-05-01, recorded: 2022-05-0%s, change: project, reason: %s}\n"
CORRECTED = """\
- {kind: noted, happened: 2022-07-01, recorded: 2032-07-01, id: n, text: Under arbejde}
- {kind: corrected, happened: 2022-07-09, recorded: 2022-07-09, event: n, values: {recorded: 2022-07-01}}
- {kind: noted, happened: 2022-08-01, recorded: 2022-08-01, id: m, text: Siden}
"""


@pytest.mark.parametrize(
    ("kind", "log", "known_by"),
    [
        ("project-description", AWARD % "2022-08-01", date(2022, 7, 31)),
        ("change-request", AWARD % "2022-01-02" + ASKED % (1, "Ja") + ASKED % (2, "Også"), date(2022, 5, 1)),
        ("status-report", CORRECTED, date(2022, 7, 31)),
    ],
    ids=["the first answer came later", "another request of the day came later", "a day was corrected by then"],
)
def test_what_was_not_known_yet_is_not_missed_when_a_document_is_made_again(
    kind: str, log: str, known_by: date, tmp_path: Path
) -> None:
    text = "# Resumé\nDer er {% if grant.awarded %}givet tilsagn{% else %}intet svar{% endif %}.\n"
    project_file = f"{PROJECT}purpose: Mere stabilitet\n"
    files = {"events.yaml": IMPORTED + log, "project.yaml": project_file, "texts/project-description.md": text}
    folder = write_project(tmp_path, files)
    project = open_project(folder)
    assert project.dossier
    (occasion,) = occasions_of(project.dossier, kind, known_by=known_by)
    if occasion.change:
        file = folder / "texts/change-request" / f"{occasion.change.called}.md"
        file.parent.mkdir()
        file.write_text("# Begrundelse\nFordi.\n", encoding="utf-8")
    issue(open_project(folder), occasion, ("html",), None, Sending("Socialstyrelsen", SENT))

    assert verified(folder).verdict == "identical"


def test_minutes_of_a_later_meeting_are_made_again_of_the_days_until_that(tmp_path: Path) -> None:
    what = "case: orientering, step: ssu, outcome: noted, text: Taget til efterretning"
    decided = "".join(
        f"- {{kind: decided, happened: {day}, recorded: {day}, {what}}}\n" for day in ("2022-01-11", "2022-01-25")
    )
    text = CASE.replace("{{ grant.awarded }}", "tilskud ({{ period.text }})")
    folder = write_project(tmp_path, {"cases/orientering.md": text, "events.yaml": IMPORTED + decided})
    project = open_project(folder)
    words = ("agenda-item", "orientering", "ssu", None, date(2022, 1, 25))
    issue(project, chosen(project, *words, decided=True), ("html",), None, Sending("Udvalget", SENT))

    assert verified(folder).verdict == "identical"


def test_line_ends_that_git_made_are_no_damage(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    sent(folder)
    for file in (folder / "issued" / NAME).glob("*.[hy]*"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert verified(folder).verdict == "identical"


def test_a_word_file_with_the_same_parts_is_the_same_however_it_was_packed(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    issue(open_project(folder), only_report(folder), ("docx",), None, Sending("Socialstyrelsen", SENT))
    document = folder / "issued" / NAME / "statusrapport-2022-06-30.docx"
    with zipfile.ZipFile(document) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}

    def pack_otherwise(parts: dict[str, bytes]) -> None:
        with zipfile.ZipFile(document, "w", zipfile.ZIP_STORED) as stored:
            for name, content in parts.items():
                stored.writestr(name, content)
        forge(folder, structs.replace(receipt_of(folder), files={document.name: issuing.digest(document.read_bytes())}))

    pack_otherwise(parts)
    assert verified(folder).verdict == "identical"

    pack_otherwise({**parts, "word/document.xml": parts["word/document.xml"] + b" "})
    assert verified(folder).verdict == "not-the-same"
