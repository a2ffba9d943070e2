"""What projects/thisted-nordthy says: every document as a golden page, and the same figures wherever they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.dom.minidom import parseString
from zipfile import ZipFile

import docx
import pytest
from click.testing import CliRunner
from docx.table import Table
from syrupy.assertion import SnapshotAssertion

from tests.conftest import ROOT, GoldenHtml
from toolkit.cli.screen import status as screen
from toolkit.cli.track import status
from toolkit.core.dossier import Dossier
from toolkit.core.money import Money, kroner
from toolkit.core.occasion import occasions
from toolkit.documents.danish import amount_with_oere, kr
from toolkit.documents.kind import DocumentKind
from toolkit.project import open_project
from toolkit.readers import shelf
from toolkit.render import allowed, file_name, in_file_name, render_document
from toolkit.writers import USUAL

EXAMPLE = ROOT / "projects" / "thisted-nordthy"
JUNE = date(2022, 6, 30)
STATUS = "statusrapport-2022-06-30"
AGENDA = "dagsordenspunkt-2022-01-11-social-og-seniorudvalget"
NAMES = (
    "ansoegning-2021-11-01",
    STATUS,
    "statusrapport-2022-12-31",
    "statusrapport-2023-06-30",
    "slutrapport-2023-12-31",
    "regnskab-2023-12-31",
    AGENDA,
    "dagsordenspunkt-2022-01-18-aeldre-seniorraad",
    "dagsordenspunkt-2024-05-14-social-og-seniorudvalget",
    "dagsordenspunkt-2024-05-21-aeldre-seniorraad",
    "aendring-2023-01-18-budgetaendring",
    "aendring-2023-01-18-overfoersel-mellem-aar",
)


class GoldenXml(GoldenHtml):
    """The parts of a Word file that we write, indented, so that a diff can be read."""

    file_extension = "xml"


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    found = open_project(EXAMPLE)
    assert found.sound
    assert found.dossier is not None
    return found.dossier


@pytest.fixture(scope="module")
def built(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every document of the example in every format, and every picture, by file name."""
    out = tmp_path_factory.mktemp("built")
    for occasion in allowed(dossier):
        made = render_document(dossier, occasion, USUAL, out, pictures=True)
        assert made.files, made.problems
    return {file.name: file.read_bytes() for file in out.iterdir()}


def html_words(page: bytes) -> str:
    """The words of a page's body; those within a picture are nowhere but in it."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(re.sub("<svg.*?</svg>", "", page.decode().partition("<body")[2], flags=re.DOTALL))
    return "\n".join(found)


def word_words(document: bytes) -> str:
    """The words of a Word file's body, as another reader than ours finds them."""
    found: list[str] = []
    for block in docx.Document(BytesIO(document)).iter_inner_content():
        if isinstance(block, Table):
            found += [cell.text for row in block.rows for cell in row.cells]
        else:
            found.append(block.text)
    return "\n".join(found)


def indented(document: bytes) -> str:
    with ZipFile(BytesIO(document)) as file:
        parts = [file.read(part) for part in ("docProps/core.xml", "word/document.xml")]
    return "\n".join(parseString(part).toprettyxml(" ") for part in parts)


# ── golden ───────────────────────────────────────────────────────────────────────────────────


def test_the_example_makes_these_documents_and_no_others(built: dict[str, bytes]) -> None:
    documents = {f"{name}.{format}" for name in NAMES for format in USUAL}
    reported = ("2022-06-30", "2022-12-31", "2023-06-30", "2023-12-31")
    pictures = {f"tidslinje-{day}.svg" for day in ("2021-11-01", *reported)} | {f"budget-{day}.svg" for day in reported}

    assert set(built) == documents | pictures


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, built: dict[str, bytes], snapshot: SnapshotAssertion) -> None:
    assert built[f"{name}.html"].decode() == snapshot(extension_class=GoldenHtml)


@pytest.mark.parametrize("name", [STATUS, AGENDA])
def test_word_file(name: str, built: dict[str, bytes], snapshot: SnapshotAssertion) -> None:
    assert indented(built[f"{name}.docx"]) == snapshot(extension_class=GoldenXml)


# ── one set of figures ───────────────────────────────────────────────────────────────────────

_AMOUNT = r"\u2212?(?:0|[1-9]\d{0,2}(?:\.\d{3})*)(?:,\d{2})?"
_WHAT_MAY_STAND_BEFORE_KR = re.compile(rf"(?:{_AMOUNT}|(?:{_AMOUNT}|\u2212?\d+,\d)\s(?:mio|mia)\.)\skr\b")


@pytest.mark.parametrize("name", NAMES)
def test_word_and_html_say_the_same_figures_in_the_same_order(name: str, built: dict[str, bytes]) -> None:
    figures = re.compile(r"\u2212?\d+(?:\.\d{3})+(?:,\d{2})?|\u2212?\d+,\d{2}\b")
    in_html = figures.findall(html_words(built[f"{name}.html"]))

    assert figures.findall(word_words(built[f"{name}.docx"])) == in_html


@pytest.mark.parametrize("name", NAMES)
def test_every_amount_is_written_the_danish_way(name: str, built: dict[str, bytes]) -> None:
    words = html_words(built[f"{name}.html"])
    before_kr = re.findall(r"(?<!\S)[^\s(]*\d\s(?:mi[oa]\.\s)?kr\b", words)

    assert [found for found in before_kr if not _WHAT_MAY_STAND_BEFORE_KR.fullmatch(found)] == []
    assert re.findall(r"(?<![\d.])\d{5,}(?![\d.])|\d\.\d{1,2} kr|\d,\d{3}", words) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_finished_document_lacks_anything(name: str, built: dict[str, bytes]) -> None:
    for words in (html_words(built[f"{name}.html"]), word_words(built[f"{name}.docx"])):
        assert "MANGLER" not in words
        assert "None" not in words
        assert "{{" not in words


def test_the_same_money_in_json_on_the_screen_and_in_both_documents(dossier: Dossier, built: dict[str, bytes]) -> None:
    answer = CliRunner().invoke(status, [str(EXAMPLE), "--as-of", "2022-06-30", "--json"])
    told = json.loads(answer.stdout)
    awarded, spent, remaining = (
        Money(told[group][key])
        for group, key in (
            ("grant", "awarded_oere"),
            ("budget", "spent_oere"),
            ("budget", "remaining_oere"),
        )
    )
    on_screen = screen(dossier.state(JUNE), [], [])

    assert awarded == Money(6_994_528_00)
    for amount in (awarded, spent, remaining):
        assert kroner(amount) in on_screen
        for words in (html_words(built[f"{STATUS}.html"]), word_words(built[f"{STATUS}.docx"])):
            assert amount_with_oere(amount) in words
    assert kr(spent) in html_words(built[f"{STATUS}.html"])


def test_the_documents_of_the_example_say_that_it_is_constructed_where_it_is(built: dict[str, bytes]) -> None:
    marked = {name for name in NAMES if "Konstrueret eksempel" in html_words(built[f"{name}.html"])}
    real = {AGENDA, "dagsordenspunkt-2022-01-18-aeldre-seniorraad"}

    assert marked == set(NAMES) - real
    for name in NAMES:
        assert ("Konstrueret eksempel" in word_words(built[f"{name}.docx"])) == (name in marked)


# ── same inputs, same bytes ──────────────────────────────────────────────────────────────────

# Another day, three years on, for whoever would ask the clock.
LATER = """
import time
now, there = time.time, time.localtime
time.time = lambda: now() + 1e8
time.localtime = lambda seconds=None: there(time.time() if seconds is None else seconds)
from toolkit.__main__ import main
main()
"""


def test_another_day_place_language_and_chance_give_the_same_bytes(built: dict[str, bytes], tmp_path: Path) -> None:
    elsewhere = tmp_path / "et andet sted" / "Thisted æøå"
    shutil.copytree(EXAMPLE, elsewhere)
    surroundings = {"TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4711"}
    subprocess.run(
        [sys.executable, "-c", LATER, "build", str(elsewhere), "--out", str(tmp_path / "ud"), "--lang", "en"],
        env={**os.environ, **surroundings, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    again = {file.name: file.read_bytes() for file in (tmp_path / "ud").iterdir()}
    assert again.keys() == built.keys()
    assert [name for name in built if again[name] != built[name]] == []


# ── files ────────────────────────────────────────────────────────────────────────────────────


def test_a_document_that_lacks_something_is_not_written_in_any_format(dossier: Dossier, tmp_path: Path) -> None:
    made = render_document(dossier, occasions(dossier, "application")[0], ("docx",), tmp_path, layout="findes-ikke")

    assert [problem.code for problem in made.problems] == ["unknown-template"]
    assert list(tmp_path.iterdir()) == []


def test_a_document_is_called_by_its_kind_its_day_and_its_body(dossier: Dossier) -> None:
    kind = shelf.kind("agenda-item", [])
    assert isinstance(kind, DocumentKind)
    first = occasions(dossier, "agenda-item")[0]

    assert file_name(kind, first) == AGENDA


def test_a_file_name_holds_what_every_system_can() -> None:
    assert in_file_name("Ældre-/Seniorråd") == "aeldre-seniorraad"
    assert in_file_name("  Børn & Unge: Éns ") == "boern-unge-ens"
