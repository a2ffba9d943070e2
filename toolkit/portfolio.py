"""Opens all projects below a folder, on all processors, and keeps of each what an overview needs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct

from toolkit.core.learnings import Lessons, lessons_of
from toolkit.core.portfolio import Holding
from toolkit.core.problems import Problem
from toolkit.core.status import status_of
from toolkit.portfolio_tables import postings_of
from toolkit.project import PLAN, open_project
from toolkit.readers.handed_over import read_status
from toolkit.readers.municipalities import municipalities
from toolkit.writers.parquet import Rows

STATUS = ".json"

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


def found_in(folder: Path) -> list[str]:
    """The projects and the statuses that were handed over, below a folder and named from there, in order.

    What lies in a project is the project's own, and a folder whose name begins with a dot belongs to some program.
    """
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        below = Path(place).relative_to(folder)
        if PLAN in files:
            found.append(below.as_posix())
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [(below / name).as_posix() for name in files if name.endswith(STATUS) and not name.startswith(".")]
    return sorted(found)


def opened(
    folder: Path, found: Sequence[str], as_of: date, known_by: date | None, *, with_postings: bool = False
) -> Iterator[Opened]:
    """Each of what was found, in the same order."""
    read = partial(_opened, folder, as_of, known_by, with_postings)
    processes = min(_processors(), _PROCESSES)
    if len(found) < _WORTH_A_POOL or processes < 2:
        yield from map(read, found)
        return
    from concurrent.futures import ProcessPoolExecutor  # 25 ms that a small portfolio does not pay

    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(read, found, chunksize=max(1, len(found) // (processes * 8)))


def _opened(folder: Path, as_of: date, known_by: date | None, with_postings: bool, file: str) -> Opened:
    return (
        _handed_over(folder, file)
        if file.endswith(STATUS) and (folder / file).is_file()
        else _project(folder, file, as_of, known_by, with_postings)
    )


def _project(folder: Path, file: str, as_of: date, known_by: date | None, with_postings: bool) -> Opened:
    project = open_project(folder / file)
    name = (folder / file).resolve().name
    errors, warnings, notes = (
        sum(found.severity == severity for found in project.problems) for severity in ("error", "warning", "note")
    )
    holding = partial(Holding, file=file, name=name, errors=errors, warnings=warnings, notes=notes)
    dossier = project.dossier
    if dossier is None:
        return Opened(holding=holding(status=None), problems=project.problems)
    state = dossier.state(as_of, known_by)
    return Opened(
        holding=holding(status=status_of(name, state, dossier.cases, ()), home=dossier.plan.home),
        problems=project.problems,
        lessons=lessons_of(name, state) if project.sound else None,
        postings=postings_of(name, state) if with_postings and project.sound else {},
    )


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
