"""Imports an ERP's export into a project: what is new and the project's own, with every krone accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from toolkit import journal
from toolkit.core.checks.books import posting_files_are_as_imported
from toolkit.core.problems import Problem, has_errors
from toolkit.files import unfinished
from toolkit.intake import Count, Import, Intake
from toolkit.project import LOG, Project, digest_of, open_without_postings
from toolkit.readers import shelf
from toolkit.readers.export import Export, open_export
from toolkit.readers.postings import POSTINGS, posting_file, read_postings
from toolkit.readers.rows import Advance


def import_export(
    folder: Path,
    path: Path,
    imported: date,
    *,
    dialect: str | None = None,
    posted: date | None = None,
    dry_run: bool = False,
    advance: Advance = id,
) -> Import:
    """Read the export at `path` into the project in `folder`: a file of new postings and a line in the log, or nothing.

    For lines that are alike, the project has as many as the one export that has most of them: so exports that overlap
    give the same postings in whatever order they come, and the same export twice changes nothing.

    `posted` is the posting date of lines that have none. Raises LogBusy when somebody else is writing in the project.
    """
    with _nothing() if dry_run else journal.locked(folder):
        project = open_without_postings(folder)
        problems = list(_unusable(project))
        result = Import(new=Count(), known=Count(), others=Count(), problems=problems, proposals=[])
        if project.dossier is None or has_errors(problems):
            return result
        result.export = _recognised(folder, path, dialect, problems)
        if result.export is None:
            return result
        intake = Intake(folder, project.dossier, result.export, imported, result)
        with _nothing() if dry_run else unfinished(folder / POSTINGS) as file:
            intake.read(posted, file, advance)
            if not result.failed and result.new.lines:
                result.file = posting_file(imported, intake.system, intake.digest)
                if file is not None:
                    file.finish(folder / result.file)
        if result.file and not dry_run:
            _log(folder, result, intake, path, imported)
        return result


@contextmanager
def _nothing() -> Iterator[None]:
    """What a trial run writes to, and locks."""
    yield


# ── before ───────────────────────────────────────────────────────────────────────────────────


def _unusable(project: Project) -> Iterator[Problem]:
    """What keeps postings from being added: a plan or a log that cannot be read, postings that are not as imported."""
    if project.dossier is None:
        yield from project.problems
        return
    yield from (found for found in project.problems if found.at.file == LOG and found.severity == "error")
    for found in posting_files_are_as_imported(project.dossier, project.dossier.state(date.max)):
        if found.severity == "error":
            yield found
        else:  # nobody has logged what it should be: is it at least postings?
            unlogged: list[Problem] = []
            read_postings(project.folder / found.at.file, found.at.file, unlogged)
            yield from unlogged


def _recognised(folder: Path, path: Path, name: str | None, problems: list[Problem]) -> Export | None:
    """The export in the dialect that was asked for, or that fits; the project's own templates/ go before ours."""
    places = (folder / "templates", shelf.TEMPLATES)
    if name is None:
        dialects = shelf.dialects(problems, places)
    else:
        asked = shelf.dialect(name, problems, places=places)
        dialects = (asked,) if asked else ()
    if not dialects or has_errors(problems):
        return None
    return open_export(path, dialects, problems)


# ── after ────────────────────────────────────────────────────────────────────────────────────


def _log(folder: Path, result: Import, intake: Intake, path: Path, imported: date) -> None:
    """The import as the log's last line; where that cannot be written, the file goes again."""
    assert result.file is not None
    keys = {
        "happened": imported.isoformat(),
        "recorded": imported.isoformat(),
        "file": result.file,
        "digest": f"sha256:{intake.digest}",
        "original": digest_of(path),
    }
    event = journal.append_locked(folder, "imported", keys, open_without_postings)
    result.problems += event.problems
    if event.written:
        result.logged = event.number
    else:
        (folder / result.file).unlink()
        result.file = None
