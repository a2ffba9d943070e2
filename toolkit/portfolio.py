"""Opens all projects below a folder, on all processors, and keeps of each what an overview needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from msgspec import Struct

from toolkit.core.doubts import doubtful
from toolkit.core.learnings import Lessons, lessons_of
from toolkit.core.portfolio import Holding
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.status import status_of
from toolkit.portfolio_tables import postings_of
from toolkit.project import ORIGIN, PLAN, Project, open_project, provenance
from toolkit.readers.handed_over import read_status
from toolkit.readers.municipalities import municipalities
from toolkit.writers.parquet import Rows

if TYPE_CHECKING:
    from toolkit.scaffold import Scaffold
    from toolkit.upkeep import Upkeep

STATUS = ".json"

declare(
    "project-fault",
    "error",
    N_("{project} could not be computed: this is a fault in pulje, not in its files. {fault}"),
    N_("report these words and what the project holds; the other projects are shown"),
)
declare(
    "project-lost",
    "error",
    N_("The process that opened {project} ended before it was done: there may be too little memory for it."),
    N_("see whether it can be opened by itself: pulje check {project}"),
)

_WORTH_A_POOL = 16  # projects: fewer are read while a second process starts
_PROCESSES = 8  # more than so many wait for the disk and for each other


class Opened(Struct, frozen=True, kw_only=True):
    """A project of a portfolio, without its dossier: a thousand of those would not fit a PC's memory.

    `postings` are rows of a table, by the year that they count in; empty where nobody asked for them.
    """

    holding: Holding
    problems: tuple[Problem, ...] = ()
    lessons: Lessons | None = None
    postings: Mapping[int, Rows] = {}
    upkeep: Upkeep | None = None  # None where nobody asked for it, and of a status that was handed over


class Wanted(Struct, frozen=True):
    """What an overview needs of each project: its state on a day, and what is looked at only where it is asked for."""

    as_of: date
    known_by: date | None = None
    postings: bool = False
    upkeep: bool = False


def found_in(folder: Path) -> list[str]:
    """The projects and the statuses that were handed over, below a folder and named from there, in order.

    What lies in a project is the project's own, and a folder whose name begins with a dot belongs to some program. A
    folder that may not be looked into may be a project: it is among them, for nobody knows what it holds.
    """
    found: list[str] = []
    unread: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=lambda error: unread.append(Path(error.filename))):
        below = Path(place).relative_to(folder)
        if PLAN in files:
            found.append(below.as_posix())
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [(below / name).as_posix() for name in files if name.endswith(STATUS) and not name.startswith(".")]
    return sorted([*found, *(place.relative_to(folder).as_posix() for place in unread)])


def projects_in(folder: Path) -> list[Path]:
    """The projects that a folder names: itself, or all below it where it is none; itself too where there are none."""
    if (folder / PLAN).is_file() or (folder / ORIGIN).is_file():
        return [folder]
    below = [folder / name for name in found_in(folder) if not name.endswith(STATUS)]
    return below or [folder]


def opened(folder: Path, found: Sequence[str], wanted: Wanted) -> Iterator[Opened]:
    """Each of what was found, in the same order. One that cannot be computed is broken, whatever the cause."""
    read = partial(_opened_or_broken, folder, wanted)
    processes = min(_processors(), _PROCESSES)
    if len(found) < _WORTH_A_POOL or processes < 2:
        yield from map(read, found)
    else:
        yield from _in_processes(read, folder, found, processes)


def _in_processes(
    read: Callable[[str], Opened], folder: Path, found: Sequence[str], processes: int
) -> Iterator[Opened]:
    """Each of them; what a process leaves when it dies goes on in a single one, which then knows of whom it died.

    From then on each turn leaves fewer.
    """
    from concurrent.futures import ProcessPoolExecutor  # 25 ms that a small portfolio does not pay
    from concurrent.futures.process import BrokenProcessPool

    left = list(found)
    while left:
        try:
            with ProcessPoolExecutor(processes) as pool:
                chunk = max(1, len(left) // (processes * 8)) if processes > 1 else 1
                for each in pool.map(read, tuple(left), chunksize=chunk):
                    yield each
                    del left[0]
        except BrokenProcessPool:
            if processes == 1:
                yield _lost(folder, left.pop(0))
            processes = 1


def _opened_or_broken(folder: Path, wanted: Wanted, file: str) -> Opened:
    """A project as it is opened, or that it cannot be: one of a thousand may not keep the others from being shown."""
    try:
        return _opened(folder, wanted, file)
    except OSError as error:
        return _broken(folder, file, problem("file-unreadable", _place(file), file=error.filename or file))
    except MemoryError:
        return _lost(folder, file)
    except Exception as error:
        if os.environ.get("PULJE_DEBUG"):
            raise
        place = extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        name = _name(folder, file)
        return _broken(folder, file, problem("project-fault", _place(file), project=name, fault=fault))


def _lost(folder: Path, file: str) -> Opened:
    return _broken(folder, file, problem("project-lost", _place(file), project=_name(folder, file)))


def _broken(folder: Path, file: str, found: Problem) -> Opened:
    handed_over = file.endswith(STATUS)
    holding = Holding(file=file, name=_name(folder, file), status=None, handed_over=handed_over, errors=1)
    return Opened(holding=holding, problems=(found,))


def _name(folder: Path, file: str) -> str:
    return (folder / file).resolve().name


def _place(file: str) -> Span:
    return Span(file if file.endswith(STATUS) else PLAN, 0, 0)


def _opened(folder: Path, wanted: Wanted, file: str) -> Opened:
    return (
        _handed_over(folder, file)
        if file.endswith(STATUS) and (folder / file).is_file()
        else _project(folder, file, wanted)
    )


def _project(folder: Path, file: str, wanted: Wanted) -> Opened:
    project = open_project(folder / file)
    name = (folder / file).resolve().name
    errors, warnings, notes = (
        sum(found.severity == severity for found in project.problems) for severity in ("error", "warning", "note")
    )
    counted = partial(Holding, errors=errors, warnings=warnings, notes=notes)
    holding = partial(counted, file=file, name=name, made_from=provenance(folder / file))
    dossier = project.dossier
    upkeep = _upkeep(project) if wanted.upkeep else None
    if dossier is None:
        return Opened(holding=holding(status=None), problems=project.problems, upkeep=upkeep)
    state = dossier.state(wanted.as_of, wanted.known_by)
    doubted = doubtful(dossier.doubts(wanted.known_by), state)
    return Opened(
        holding=holding(status=status_of(name, state, dossier.cases, (), doubted), home=dossier.plan.home),
        problems=project.problems,
        lessons=lessons_of(name, state) if project.sound else None,
        postings=postings_of(name, state) if wanted.postings and project.sound else {},
        upkeep=upkeep,
    )


def _upkeep(project: Project) -> Upkeep:
    from toolkit.upkeep import upkeep_of  # what scaffolds: an overview of states does not wait for it

    return upkeep_of(project.folder, project.problems, project.dossier.events if project.dossier else (), _scaffold())


@cache
def _scaffold() -> Scaffold:
    """Read once in each process."""
    from toolkit.scaffold import Scaffold

    return Scaffold()


def _handed_over(folder: Path, file: str) -> Opened:
    problems: list[Problem] = []
    status = read_status(folder / file, file, problems)
    if status is None:
        holding = Holding(file=file, name=file, status=None, handed_over=True, errors=len(problems))
        return Opened(holding=holding, problems=tuple(problems))
    errors, warnings, notes = (
        sum(found.severity == severity for found in status.problems) for severity in ("error", "warning", "note")
    )
    holding = Holding(
        file=file,
        name=status.project,
        status=status,
        home=municipalities().named(status.municipality),
        handed_over=True,
        errors=errors,
        warnings=warnings,
        notes=notes,
    )
    return Opened(holding=holding)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
