"""Makes docs/errors.md, and the shown texts that it is made from: `python -m docs.errors`."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path

import click
from msgspec import structs

import toolkit
from hatch_build import compile_catalogues
from toolkit.cli import screen
from toolkit.core.dossier import Dossier
from toolkit.core.problems import CODES, Code, Problem, Span, problem
from toolkit.importing import import_export
from toolkit.language import set_language
from toolkit.project import open_project
from toolkit.readers import shelf, source
from toolkit.render import allowed, make_document
from toolkit.scaffold import projects
from toolkit.verifying import verify

ROOT = Path(__file__).resolve().parents[1]
ERRORS = ROOT / "tests" / "errors"
PAGE = ROOT / "docs" / "errors.md"

_SEVERITIES = {
    "error": ("Fejl", "En fejl skal rettes, før `pulje` kan lave tal og dokumenter."),
    "warning": ("Advarsler", "En advarsel stopper ikke noget, men bør læses."),
    "note": ("Bemærkninger", "En bemærkning kræver intet."),
}

_REFERENCE = "templates/layouts/standard/reference.docx"
_REPORT = "build/statusrapport-2022-06-30.docx"
_FORM = "skema.docx"
_THE_FUNDS_OWN = "sources-disagree"  # comes with the only fund there is, whatever a project says


def codes() -> Mapping[str, Code]:
    """Every code there is: each module declares its own."""
    for module in pkgutil.walk_packages(toolkit.__path__, "toolkit."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return CODES


codes()
# No folder can hold these alone: they are met when a document is made, or where there is no project at all.
_MET_ELSEWHERE = {
    found.code: found
    for found in (
        problem("project-missing", Span("project.yaml", 1, 1), folder="projects/thisted"),
        problem("template-unsafe", Span("templates/project", 0, 0), reason="hooks"),
        problem("not-all-allocated", Span("allocation.yaml", 1, 1), kind="Tilskudsregnskab", amount="1.250"),
        problem("accounts-cost-open", Span("postings/2024-02-01-opus-0a1b2c3d.csv", 9, 1), amount="5.000,01"),
        problem(
            "accounts-payer-open",
            Span("project.yaml", 3, 17),
            outcomes="grant-first 0 kr., others-first 50.000 kr., proportional 40.000 kr.",
            agency="Socialstyrelsen",
        ),
        problem("spending-not-imported", Span("templates/documents/status-report/text.md", 69, 1)),
        problem("spending-incomplete", Span("project.yaml", 3, 17), until="2022-05-31", ends="2022-06-30"),
        problem("personal-number-in-document", Span(_REPORT, 0, 0), excerpt="samtalen med [personnummer] er holdt"),
        problem("not-filled-in", Span("project.yaml", 4, 10, 7, "area:    MANGLER"), key="area"),
        problem("name-not-utf8", Span("sources/tilsagn til K?benhavn.pdf", 0, 0)),
        problem("format-unsupported", Span(_REPORT, 0, 0), what="Figure"),
        problem("reference-styles-missing", Span(_REFERENCE, 0, 0), styles="Heading 1, Caption"),
        problem("reference-unreadable", Span(_REFERENCE, 0, 0)),
        problem("form-unreadable", Span(_FORM, 0, 0), file=_FORM),
        problem("tags-crossed", Span(_FORM, 0, 0)),
        problem(
            "tag-unclosed",
            Span(f"{_FORM}, tabel 2, række 3, kolonne 1", 0, 7, 16, "Navn: {{ municipality"),
            tag="{{",
            end="}}",
        ),
        problem("log-in-brackets", Span("events.yaml", 1, 1, 46, "[{kind: noted, happened: 2022-01-31, text: Hej}]")),
        problem("import-period-other", Span("posteringer.csv", 0, 0), starts="2022-01-01", ends="2022-03-31"),
        problem("export-old-format", Span("posteringer.xls", 0, 0)),
        problem("status-unreadable", Span("rudersdal.json", 1, 1), where="budget.spent_oere", file="rudersdal.json"),
        problem("status-later", Span("rudersdal.json", 1, 1), project="rudersdal-hjemmepleje", day="2023-09-30"),
        problem(
            "status-doubled",
            Span("varde.json", 1, 1),
            project="varde-borgerstyret",
            other="gruppe-1/varde-borgerstyret",
        ),
        problem("document-unsound", Span(_REFERENCE, 0, 0), faults="word/document.xml uses the style Titel"),
        problem("file-held", Span(_REPORT, 0, 0), file="statusrapport-2022-06-30.docx"),
    )
}

_HEAD = """# Fejl, advarsler og bemærkninger

`pulje check` finder alle problemer på én gang. Hvert problem har et navn, der aldrig skifter, et sted (fil, linje og
kolonne), og et forslag, der kan skrives i stedet. Her står de alle med det mindste eksempel, der fremkalder dem.

Siden er lavet af `python -m docs.errors` ud fra `tests/errors/` og det, hvert modul i `toolkit/` kan melde.
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
    """docs/errors.md: every code under its severity, by name."""
    parts = [_HEAD]
    for severity, (title, meaning) in _SEVERITIES.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        for code, entry in sorted(codes().items()):
            if entry.severity == severity:
                expected = (ERRORS / code / "expected.txt").read_text(encoding="utf-8")
                parts.append(f"### {code}\n\n```text\n{expected}```\n")
    return "\n".join(parts)


def _provoked(folder: Path) -> tuple[Problem, ...]:
    """The problems of a project's folder and, if that is sound, of its documents and what it issued; or of others."""
    if folder.name in _MET_ELSEWHERE:
        return (_MET_ELSEWHERE[folder.name],)
    seed = folder / "seed.yaml"
    if seed.is_file():
        return tuple(_of_seed(seed))
    export = next(folder.glob("eksport.*"), None)
    if export is not None:
        return tuple(_of_import(folder, export))
    templates = folder / "templates"
    if templates.is_dir():
        return tuple(_of_shelf(templates))
    project = open_project(folder)
    problems = tuple(
        found for found in project.problems if folder.name == _THE_FUNDS_OWN or found.code != _THE_FUNDS_OWN
    )
    if project.dossier is None or problems:
        return problems
    return (*_of_documents(project.dossier), *(found for each in verify(project) for found in each.problems))


def _of_seed(seed: Path) -> list[Problem]:
    problems: list[Problem] = []
    node = source.load(seed.read_text(encoding="utf-8"), seed.name, problems)
    if node is not None:
        projects(node, problems)
    return problems


def _from_folder(at: Span, folder: Path) -> Span:
    return structs.replace(at, file=at.file.removeprefix(f"{folder}/"))


def _of_import(folder: Path, export: Path) -> list[Problem]:
    """The problems of reading an export into the folder's project."""
    found = import_export(folder, export, date(2022, 12, 31), dry_run=True).problems
    return [structs.replace(each, at=_from_folder(each.at, folder)) for each in found]


def _of_shelf(templates: Path) -> list[Problem]:
    problems: list[Problem] = []
    for name in shelf.kinds((templates,)):
        shelf.kind(name, problems, places=(templates,))
    shelf.dialects(problems, (templates,))
    for name in shelf.layouts((templates,)):
        shelf.layout(name, problems, places=(templates,))
    return problems


def _of_documents(dossier: Dossier) -> list[Problem]:
    return [found for occasion in allowed(dossier) for found in make_document(dossier, occasion, ()).problems]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
