"""Imports an ERP's export into a project: what is new and the project's own, with every krone accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from toolkit import journal
from toolkit.core.checks.books import posting_files_are_as_imported, postings_edited
from toolkit.core.dossier import Dossier, PostingFile
from toolkit.core.events import Imported
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.rows import dated, references
from toolkit.core.state import corrected
from toolkit.files import Unfinished, unfinished
from toolkit.intake.reading import Intake
from toolkit.intake.result import NOTHING_SAID, Import, Said
from toolkit.project import LOG, Project, digest_of, open_without_postings
from toolkit.readers import shelf
from toolkit.readers.events import Written
from toolkit.readers.export import Export, open_export
from toolkit.readers.postings import POSTINGS, import_day, import_system, read_postings
from toolkit.readers.rows import Advance

declare(
    "dialect-left",
    "warning",
    N_("The dialect {dialect} cannot be used, so the file was not held against it; another one fits."),
    N_("see what is wrong in it: pulje import … --dialect {dialect}"),
)


def import_export(
    folder: Path,
    path: Path,
    imported: date,
    *,
    dialect: str | None = None,
    said: Said = NOTHING_SAID,
    dry_run: bool = False,
    advance: Advance = id,
) -> Import:
    """Read the export at `path` into the project in `folder`: a file of new postings and a line in the log, or nothing.

    For lines that are alike, the project has as many as the one export that has most of them: so exports that overlap
    give the same postings in whatever order they come, and the same export twice changes nothing. Where nothing is new
    and the export covers days that none did before, or lacks lines that none did, a file without postings says so.

    Raises LogBusy when somebody else is writing in the project.
    """
    with _nothing() if dry_run else journal.locked(folder):
        project = open_without_postings(folder)
        problems = list(_unusable(project))
        if project.dossier is None or has_errors(problems):
            return Import(problems=problems)
        export = _recognised(folder, path, dialect, problems)
        if export is None:
            return Import(problems=problems)

        original = digest_of(path)

        def read(file: Unfinished | None, leaving_out: Iterable[str] = ()) -> tuple[Import, Intake]:
            assert project.dossier is not None
            result = Import(export=export, problems=[*problems])
            intake = Intake(folder, project.dossier, result, imported, said, leaving_out, original)
            intake.read(file, advance)
            return result, intake

        for left in _unlogged(project.dossier, export):
            result, intake = read(None, [each.file for each in left])
            found = next((each for each in left if each.digest == f"sha256:{intake.digest}"), None)
            if found and not result.failed:  # an import that was withdrawn wrote it, or one that was stopped
                result.file, result.found = found.file, True
                result.withdrawn = any(
                    isinstance(event, Imported) and event.file == found.file for event in project.dossier.events
                )
                if not dry_run:
                    _log(folder, result, intake, original, imported)
                return result
        with _nothing() if dry_run else unfinished(folder / POSTINGS) as file:
            result, intake = read(file)
            if not result.failed and (result.new.lines or intake.is_news):
                result.file = intake.file
                if (folder / intake.file).exists():  # nobody logged it, and somebody edited it
                    result.problems.append(postings_edited(intake.file, intake.file))
                    result.file = None
                elif file is not None:
                    _write(folder, file, result, intake, original, imported)
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
    broken: list[Problem] = []
    if name is None:
        dialects = shelf.dialects(broken, places)
    else:
        asked = shelf.dialect(name, problems, places=places)
        dialects = (asked,) if asked else ()
    if not dialects or has_errors(problems):
        problems += broken
        return None
    found: list[Problem] = []
    export = open_export(path, dialects, found)
    if export is None and broken:  # what may be the cause, and not what follows from it
        found = [*broken, *(each for each in found if each.code not in _FOLLOWS)]
    problems += found
    if export is not None:
        files = dict.fromkeys(each.at.file for each in broken)
        problems += (problem("dialect-left", Span(file, 0, 0), dialect=Path(file).stem) for file in files)
    return export


_FOLLOWS = ("dialect-unknown", "export-heading-missing")  # where the one that was meant cannot be used


def _unlogged(dossier: Dossier, export: Export) -> Iterator[list[PostingFile]]:
    """The files of this system that the log does not tell of, each alone, then all: this export may have made one."""
    logged = {event.file for event in corrected(dossier.events) if isinstance(event, Imported)}
    system = Intake.system_of(export)
    found = [each for each in dossier.posting_files if each.file not in logged and import_system(each.file) == system]
    yield from ([each] for each in found)
    if len(found) > 1:
        yield found


# ── after ────────────────────────────────────────────────────────────────────────────────────


def _write(folder: Path, file: Unfinished, result: Import, intake: Intake, original: str, imported: date) -> None:
    """The file and its line in the log: both, or neither, whatever happens between the two."""
    assert result.file is not None
    written = folder / result.file
    file.finish(written)
    try:
        _log(folder, result, intake, original, imported)
    finally:
        if not _is_logged(folder, written.name):
            written.unlink(missing_ok=True)


def _log(folder: Path, result: Import, intake: Intake, original: str, imported: date) -> None:
    """The import as the log's last line; where that cannot be written, there is no file."""
    assert result.file is not None
    keys: dict[str, Written] = {
        "happened": (import_day(result.file) or imported).isoformat(),
        "recorded": imported.isoformat(),
        "file": result.file,
        "digest": f"sha256:{intake.digest}",
        "original": original,
    }
    if result.starts and result.ends:
        keys |= {"starts": result.starts.isoformat(), "ends": result.ends.isoformat()}
    if result.vanished:
        keys["vanished"] = references(result.vanished)
    if result.changed:
        keys["changed"] = references(result.changed)
    if result.reappeared:
        keys["reappeared"] = references(result.reappeared)
    if result.unchanged:
        keys["unchanged"] = references(result.unchanged)
    if result.performed:
        keys["performed"] = dated(result.performed)
    if result.elements:
        keys["elements"] = result.elements
    event = journal.append_locked(folder, "imported", keys, open_without_postings)
    result.problems += event.problems
    if event.written:
        result.logged = event.number
    else:
        result.file = None


def _is_logged(folder: Path, name: str) -> bool:
    log = folder / LOG
    return log.is_file() and name.encode() in log.read_bytes()
