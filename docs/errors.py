"""Makes docs/errors.md, and the shown texts that it is made from: `python -m docs.errors`."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import toolkit
from docs.error_inputs import ERRORS, shown
from docs.page import ROOT
from hatch_build import compile_catalogues
from toolkit.core.problems import CODES, Code

PAGE = ROOT / "docs" / "errors.md"

_SEVERITIES = {
    "error": (
        "Fejl",
        "En fejl skal rettes, før `pulje` kan lave tal og dokumenter. Er det kommandoen, der er skrevet forkert,\n"
        "slutter den med slutkode 2; ved andre fejl er slutkoden 1.",
    ),
    "warning": ("Advarsler", "En advarsel stopper ikke noget, men bør læses."),
    "note": ("Bemærkninger", "En bemærkning kræver intet."),
}


_HEAD = """# Fejl, advarsler og bemærkninger

`pulje check` finder alle problemer på én gang. Hvert problem har et navn, der aldrig skifter, et sted (fil, linje og
kolonne), og et forslag, der kan skrives i stedet. Her står de alle med det mindste eksempel, der fremkalder dem.

Siden er lavet af `python -m docs.errors` ud fra `tests/errors/` og det, hvert modul i `toolkit/` kan melde.
"""


def main() -> None:
    """Write each expected.txt anew, and the page."""
    compile_catalogues(ROOT)
    for folder in sorted(ERRORS.iterdir()):
        _write(folder / "expected.txt", shown(folder.name))
    _write(PAGE, page())
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")


@cache
def codes() -> Mapping[str, Code]:
    """Every code there is: each module declares its own."""
    for module in pkgutil.walk_packages(toolkit.__path__, "toolkit."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return CODES


def page() -> str:
    """docs/errors.md: every code under its severity, by name."""
    parts = [_HEAD]
    for severity, (title, meaning) in _SEVERITIES.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        for code, entry in sorted(codes().items()):
            if entry.severity == severity:
                expected = (ERRORS / code / "expected.txt").read_text(encoding="utf-8")
                parts.append(f"### {code}\n\n```text\n{expected}```\n")
    return "\n".join(parts)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
