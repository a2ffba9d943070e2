"""What earlier versions wrote is opened, checked, verified and gone on with by this one; tests/old/ says what it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from toolkit.cli.documents import render
from toolkit.cli.issue import bundle, verify
from toolkit.cli.log import log
from toolkit.cli.money import budget
from toolkit.cli.track import check, status
from toolkit.core.events import KINDS
from toolkit.intake.importing import import_export
from toolkit.project import open_project
from toolkit.readers.receipts import read_receipt
from toolkit.render import kinds
from toolkit.verifying import kept_folders
from toolkit.writers import WRITERS, format_of

OLD = Path(__file__).with_name("old")
PROJECTS = sorted(path.parent.relative_to(OLD).as_posix() for path in OLD.glob("*/*/*/project.yaml"))
ISSUED = [name for name in PROJECTS if "/projects/" in name]
EXPORTS = [name for name in PROJECTS if "/exports/" in name]

# Of every file but the README, so that nobody makes them anew or mends them.
DIGESTS = {"0.1.0": "855cedfacd63896f9c9fa7a7336dea929628a1c66cf98edb503557c04fd5a2fd"}

EXPLAINED = ("identical", "looks-otherwise", "figured-otherwise", "not-made-again")


def ran(command: click.Command, *words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def copied(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of one of the old projects, to write in."""
    return shutil.copytree(OLD / request.param, tmp_path / "projekt")


@pytest.mark.parametrize("version", [path.name for path in OLD.iterdir() if path.is_dir()])
def test_they_are_the_bytes_that_the_old_version_wrote(version: str) -> None:
    found = sha256()
    for path in sorted((OLD / version).rglob("*"), key=lambda path: path.relative_to(OLD).as_posix()):
        name = path.relative_to(OLD).as_posix()
        if path.is_file() and name != f"{version}/README.md" and not path.name.startswith("."):
            found.update(f"{name}\n".encode() + path.read_bytes())

    assert found.hexdigest() == DIGESTS[version]


SINCE = {"condition-met", "instalment-released"}  # kinds of events that no earlier build knew


def test_they_have_every_kind_of_document_in_every_format_and_every_kind_of_event() -> None:
    receipts = [
        receipt
        for name in ISSUED
        for folder in kept_folders(OLD / name)
        if (receipt := read_receipt((folder / "receipt.yaml").read_text(encoding="utf-8"), folder.name, []))
    ]
    dossiers = [open_project(OLD / name).dossier for name in PROJECTS]

    assert {receipt.kind for receipt in receipts} == set(kinds())
    assert {format_of(receipt.name, file) for receipt in receipts for file in receipt.files} == set(WRITERS)
    assert {event.kind for dossier in dossiers if dossier for event in dossier.events} == set(KINDS) - SINCE


@pytest.mark.parametrize("name", PROJECTS)
def test_they_are_checked_without_an_error(name: str) -> None:
    """None had an error when it was made; what a later version warns of is another matter."""
    answer = ran(check, OLD / name)

    assert answer.exit_code == 0, answer.stderr


@pytest.mark.parametrize("name", PROJECTS)
def test_they_show_their_status_and_their_money(name: str) -> None:
    for command in (status, budget):
        answer = ran(command, OLD / name, "--as-of", "2024-12-31", "--json")

        assert answer.exit_code == 0, answer.stderr
        assert json.loads(answer.stdout)["project"] == Path(name).name


@pytest.mark.parametrize("name", ISSUED)
def test_what_comes_out_otherwise_is_never_taken_for_tampering(name: str) -> None:
    answer = ran(verify, OLD / name, "--json")
    found = json.loads(answer.stdout)["issued"]

    unexplained = [each["issued"] for each in found if each["verdict"] not in EXPLAINED]

    assert not unexplained, f"name the change that {unexplained} come out otherwise for in toolkit/core/versions.py"
    assert (answer.exit_code, [each["damaged"] for each in found if each["damaged"]]) == (0, [])
    assert len(found) == len(kept_folders(OLD / name)) > 0


@pytest.mark.parametrize("copied", ["0.1.0/projects/aftenhold"], indirect=True)
def test_tampering_is_seen_whatever_the_version(copied: Path) -> None:
    for folder in kept_folders(copied):
        document = next(path for path in sorted(folder.iterdir()) if path.suffix in (".md", ".html", ".docx", ".pdf"))
        document.write_bytes(document.read_bytes() + b" ")
    answer = ran(verify, copied, "--json")

    assert answer.exit_code == 1
    assert {each["verdict"] for each in json.loads(answer.stdout)["issued"]} == {"not-the-same"}


@pytest.mark.parametrize("copied", PROJECTS, indirect=True)
def test_their_logs_are_gone_on_with(copied: Path) -> None:
    events = copied / "events.yaml"
    before = events.read_bytes()
    answer = ran(log, copied, "noted", "text=Skrevet af en senere version")

    assert answer.exit_code == 0, answer.stderr
    assert events.read_bytes().startswith(before)
    assert ran(check, copied).exit_code == 0


@pytest.mark.parametrize("copied", EXPORTS, indirect=True)
def test_every_line_of_an_export_that_comes_again_is_known(copied: Path) -> None:
    files = sorted((copied / "postings").iterdir())
    for export in sorted(copied.glob("[0-9]-*")):
        result = import_export(copied, export, date(2026, 12, 1))

        assert not result.failed, result.problems
        assert (result.new.lines, result.file) == (0, None)
        assert result.known.lines > 0
    assert sorted((copied / "postings").iterdir()) == files


@pytest.mark.parametrize("copied", ISSUED, indirect=True)
def test_they_are_packed_for_the_auditor(copied: Path, tmp_path: Path) -> None:
    answer = ran(bundle, copied, "--out", tmp_path / "revisor.zip")

    assert answer.exit_code == 0, answer.stderr


def test_an_agencys_form_is_still_filled(tmp_path: Path) -> None:
    form, project = OLD / "0.1.0/skema.docx", OLD / "0.1.0/projects/faste-hold"
    words: Sequence[str | Path] = (project, "status-report", "--form", form, "--out", tmp_path)

    assert ran(check, project, "--form", form).exit_code == 0
    assert ran(render, *words).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["skema-statusrapport-2023-12-31.docx"]
