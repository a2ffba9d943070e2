"""Makes docs/errors.md, and the shown texts that it is made from: `python -m docs.errors`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hatch_build import compile_catalogues
from toolkit.cli import screen
from toolkit.core.problems import CODES, Problem
from toolkit.language import set_language
from toolkit.project import open_project
from toolkit.readers import shelf

ROOT = Path(__file__).resolve().parents[1]
ERRORS = ROOT / "tests" / "errors"
PAGE = ROOT / "docs" / "errors.md"

_SEVERITIES = {
    "error": ("Fejl", "En fejl skal rettes, før `pulje` kan lave tal og dokumenter."),
    "warning": ("Advarsler", "En advarsel stopper ikke noget, men bør læses."),
    "note": ("Bemærkninger", "En bemærkning kræver intet."),
}

_HEAD = """# Fejl, advarsler og bemærkninger

`pulje check` finder alle problemer på én gang. Hvert problem har et navn, der aldrig skifter, et sted (fil, linje og
kolonne), og et forslag, der kan skrives i stedet. Her står de alle med det mindste eksempel, der fremkalder dem.

Siden er lavet af `python -m docs.errors` ud fra `toolkit/core/problems.py` og `tests/errors/`.
"""


def main() -> None:
    """Write each expected.txt anew, and the page."""
    compile_catalogues(ROOT)
    set_language("da")
    for folder in sorted(ERRORS.iterdir()):
        _write(folder / "expected.txt", shown(folder.name))
    _write(PAGE, page())
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")


def shown(code: str) -> str:
    """What a user sees when the folder of a code is checked."""
    return "\n\n".join(click.unstyle(screen.problem(found)) for found in _provoked(ERRORS / code)) + "\n"


def page() -> str:
    """docs/errors.md: every code under its severity, in the order of the table."""
    parts = [_HEAD]
    for severity, (title, meaning) in _SEVERITIES.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        for code, entry in CODES.items():
            if entry.severity == severity:
                expected = (ERRORS / code / "expected.txt").read_text(encoding="utf-8")
                parts.append(f"### {code}\n\n```text\n{expected}```\n")
    return "\n".join(parts)


def _provoked(folder: Path) -> tuple[Problem, ...]:
    """The problems of a project's folder, or of a shelf of templates."""
    templates = folder / "templates"
    if not templates.is_dir():
        return open_project(folder).problems
    problems: list[Problem] = []
    for name in shelf.kinds((templates,)):
        shelf.kind(name, problems, places=(templates,))
    for name in shelf.layouts((templates,)):
        shelf.layout(name, problems, places=(templates,))
    return tuple(problems)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
