"""The inputs in tests/errors/, each put through the command line: what a user sees then.

A folder is the one that a command runs in. Its `command` says which, a line for each; without it that is the natural
one of what lies there. What no repository can hold (a file that is no text, a disk that refuses) is MADE here.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from unittest import mock

import docx
from docx.document import Document
from filelock import FileLock

from docs.page import ROOT
from toolkit import journal
from toolkit.__main__ import main as pulje

ERRORS = ROOT / "tests" / "errors"

_CHECK, _VERIFY, _BUILD = "check .", "verify .", "build . --format md --out ud"
_A_PROBLEM = re.compile(r"^.*\((?:fejl|advarsel|bemærkning)\)$")
_THE_FUNDS_OWN = "sources-disagree"  # comes with one fund, whatever a project says


@cache
def shown(code: str) -> str:
    """The problems that a user sees when the folder's command is run, in Danish and without colours."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "mappe"
        shutil.copytree(ERRORS / code, folder, ignore=shutil.ignore_patterns("expected.txt"))
        with contextlib.chdir(folder), MADE.get(code, _nothing)(folder):
            said = _run(folder, code)
    return "\n\n".join(text for text in said.strip().split("\n\n") if _told(text, code)) + "\n"


def _told(text: str, code: str) -> bool:
    """Whether it is a problem, and not the note that a fund brings to whatever project."""
    first = text.lstrip("\n").partition("\n")[0]
    return bool(_A_PROBLEM.match(first)) and (code == _THE_FUNDS_OWN or f" {_THE_FUNDS_OWN} " not in first)


def _run(folder: Path, code: str) -> str:
    """What the commands say on standard error; the first that says anything is the last."""
    for command in _commands(folder):
        words = command.split()
        said = _in_a_house_of_its_own(folder, words) if (folder / "house").is_dir() else _said(folder, words)
        if any(_told(text, code) for text in said.split("\n\n")):
            break
    return said


def _commands(folder: Path) -> list[str]:
    if (folder / "command").is_file():
        return (folder / "command").read_text(encoding="utf-8").splitlines()
    if (folder / "seed.yaml").is_file():
        return ["new seed.yaml --dry-run"]
    if export := next(folder.glob("eksport.*"), None):
        return [f"import . {export.name} --dry-run"]
    return [_CHECK, _VERIFY if (folder / "issued").is_dir() else _BUILD]


def _said(folder: Path, words: list[str]) -> str:
    """`pulje` in this process; what is asked is answered out of svar.txt, as if at a terminal."""
    answers = folder / "svar.txt"
    typed = io.StringIO(answers.read_text(encoding="utf-8") if answers.is_file() else "")
    said = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["pulje", "--lang", "da", *words]),
        mock.patch.object(sys, "stdin", typed),
        mock.patch("toolkit.cli.prompts.on_terminal", answers.is_file),
        mock.patch("toolkit.cli.importing.today", lambda: date(2022, 12, 31)),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(said),
        contextlib.suppress(SystemExit),
    ):
        pulje()
    return said.getvalue()


def _in_a_house_of_its_own(folder: Path, words: list[str]) -> str:
    """`pulje` with what stands in house/ laid over a copy of its own templates."""
    house = folder.parent / "house"
    for part in ("toolkit", "templates"):
        shutil.copytree(ROOT / part, house / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(folder / "house", house, dirs_exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "toolkit", "--lang", "da", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8").stderr


# ── what no repository can hold ──────────────────────────────────────────────────────────────

Made = Callable[[Path], AbstractContextManager[None]]
_STANDARD = ROOT / "templates" / "layouts" / "standard" / "reference.docx"


@contextmanager
def _nothing(_folder: Path) -> Iterator[None]:
    yield


@contextmanager
def _a_name_in_no_letters(folder: Path) -> Iterator[None]:
    (folder / os.fsdecode(b"tilsagn til K" + b"\xf8" + b"benhavn.pdf")).write_bytes(b"%PDF")
    yield


@contextmanager
def _somebody_else_writes(folder: Path) -> Iterator[None]:
    with mock.patch.object(journal, "_PATIENCE", 0.05), FileLock(folder / "projekt" / ".pulje.lock"):
        yield


@contextmanager
def _word_holds_the_file(_folder: Path) -> Iterator[None]:
    """As Windows answers while another program has the old file open."""
    with mock.patch("os.replace", side_effect=PermissionError), mock.patch("toolkit.files._TRIES", 1):
        yield


def _opening(raises: str) -> Made:
    """What becomes of a project whose opening goes wrong in a way that none of its files can bring about."""

    @contextmanager
    def made(_folder: Path) -> Iterator[None]:
        fault = compile("\n" * 328 + f"raise {raises}", "state.py", "exec")  # a fault is told with its file and line
        with mock.patch("toolkit.portfolio.open_project", lambda _folder: exec(fault)):
            yield

    return made


def _reference(change: Callable[[Document], None]) -> Made:
    """Our own Word file that rules the looks, changed, as the project's."""

    @contextmanager
    def made(folder: Path) -> Iterator[None]:
        reference = docx.Document(str(_STANDARD))
        change(reference)
        reference.save(str(folder / "layouts" / "standard" / "reference.docx"))
        yield

    return made


def _without_captions(reference: Document) -> None:
    reference.styles["Caption"].delete()


def _with_a_style_that_is_not_there(reference: Document) -> None:
    reference.sections[0].header.paragraphs[0]._p.style = "Findes-ikke"


def _form(paragraph: str, cell: str) -> Made:
    """A Word form of one paragraph and a table of one cell."""

    @contextmanager
    def made(folder: Path) -> Iterator[None]:
        form = docx.Document()
        form.add_paragraph(paragraph)
        form.add_table(1, 1).rows[0].cells[0].text = cell
        form.save(str(folder / "skema.docx"))
        yield

    return made


MADE: dict[str, Made] = {
    "name-not-utf8": _a_name_in_no_letters,
    "project-busy": _somebody_else_writes,
    "file-held": _word_holds_the_file,
    "project-fault": _opening("KeyError('loen')"),
    "project-lost": _opening("MemoryError"),
    "reference-styles-missing": _reference(_without_captions),
    "document-unsound": _reference(_with_a_style_that_is_not_there),
    "tag-unclosed": _form("Skema", "Kommune: {{ municipality"),
    "tags-crossed": _form("{% if area %}Område", "{{ title }}{% endif %}"),
}
