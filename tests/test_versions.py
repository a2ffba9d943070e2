"""Every change of figures or looks raises the version, and says what it changed."""

from __future__ import annotations

import json
import re
import zipfile
from hashlib import sha256
from io import BytesIO

import pytest

from tests.conftest import ROOT
from toolkit import __version__, writers
from toolkit.core.versions import CHANGES, order_of
from toolkit.project import open_project
from toolkit.render import allowed, make_document
from toolkit.writers import pdf

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([0-9.]+)[^\n]*\n(.*?)(?=^## |\Z)", CHANGELOG, re.MULTILINE | re.DOTALL))
RECORD = ROOT / "tests" / "golden" / "version.txt"

# Packages whose own version changes a PDF or a picture, which is not compared here byte by byte.
TYPESETTERS = re.compile(r"^(?:typst|fontpkg-lato)==\S+", re.MULTILINE)

WHAT_TO_DO = """\
The example's {what} are no longer those that {then} was recorded with.
- If that version is released (CHANGELOG.md does not say unreleased), raise __version__ in toolkit/__init__.py and begin
  its section in CHANGELOG.md.
- If the program figures or writes otherwise, and not only the example or a template says something else, add a Change
  to toolkit/core/versions.py with a sentence that CHANGELOG.md has too: without it `pulje verify` takes old documents
  for tampered with.
- Then write in {record}:
{now}
"""


def test_the_newest_section_of_the_changelog_is_this_versions() -> None:
    assert next(iter(SECTIONS)) == __version__
    assert order_of(__version__)


def test_each_change_of_figures_or_looks_stands_in_the_changelog_too() -> None:
    said = {version: " ".join(text.split()) for version, text in SECTIONS.items()}

    assert [change for change in CHANGES if change.what not in said.get(change.version, "")] == []


def test_the_changes_stand_in_the_order_of_their_versions_and_none_is_ahead_of_this_one() -> None:
    orders = [order_of(change.version) for change in CHANGES]

    assert orders == sorted(orders)
    assert all(() < order <= order_of(__version__) for order in orders)


@pytest.mark.parametrize(("earlier", "later"), [("0.1.0", "0.2.0"), ("0.9.0", "0.10.0"), ("1.0.9", "1.1.0")])
def test_versions_are_ordered_as_numbers(earlier: str, later: str) -> None:
    assert order_of(earlier) < order_of(later)


@pytest.mark.parametrize("text", [None, "", "0.2", "ny", "1.0.0-rc1", "1.0.0\n", "٣.0.0"])
def test_what_is_no_version_comes_before_every_version(text: str | None) -> None:
    assert order_of(text) == ()


def test_no_figure_and_no_look_changes_while_the_version_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document of the example, in every format, is held by two digests; the line says whose they are."""
    monkeypatch.setitem(writers.WRITERS, "pdf", lambda document, layout: pdf.source(document, layout).encode())
    dossier = open_project(ROOT / "projects" / "thisted-nordthy").dossier
    assert dossier is not None
    made = [make_document(dossier, occasion, tuple(writers.WRITERS)) for occasion in allowed(dossier)]
    figures = sha256(json.dumps([[each.name, sorted(each.facts.items())] for each in made]).encode())
    looks = sha256("\n".join(TYPESETTERS.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))).encode())
    for each in made:
        for name, content in sorted(each.contents.items()):
            looks.update(f"{each.name} {name}\n".encode() + (_texts(content) if name == "docx" else content))
    now = {"version": __version__, "figures": figures.hexdigest()[:16], "looks": looks.hexdigest()[:16]}
    recorded = dict(line.split() for line in RECORD.read_text(encoding="utf-8").splitlines())

    changed = [key for key in now if now[key] != recorded[key]]
    lines = "\n".join(f"{key} {value}" for key, value in now.items())
    record = RECORD.relative_to(ROOT).as_posix()
    assert not changed, WHAT_TO_DO.format(
        what=" and ".join(changed), then=recorded["version"], record=record, now=lines
    )


def _texts(document: bytes) -> bytes:
    """The parts of a Word file that are text: its pictures are made by the typesetter."""
    with zipfile.ZipFile(BytesIO(document)) as file:
        return b"".join(name.encode() + file.read(name) for name in file.namelist() if name.endswith((".xml", ".rels")))
