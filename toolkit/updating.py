"""Brings a newer template, and a changed seed, into a project that somebody has written in since it was made.

Three versions of each file are merged: as it was made, as it is, and as it would be made now. What the user wrote
stays. Where both changed the same lines, the user's stand and the template's are put beside them as a comment, marked,
so that the project can still be read; nothing is said to be done that is not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

from toolkit.core.events import AnyEvent, Applied, Awarded, Submitted
from toolkit.core.item_merge import Taken
from toolkit.core.plan import PROMISED
from toolkit.core.problems import N_, FileName, Problem, Span, declare, has_errors, problem
from toolkit.core.promise import with_changes
from toolkit.core.seed import Seed
from toolkit.core.state import corrected
from toolkit.files import rename, write_whole
from toolkit.journal import locked
from toolkit.moved_files import is_project_file, pairs
from toolkit.project import LOG, PLAN, open_project
from toolkit.readers import shelf
from toolkit.readers.source import decoded
from toolkit.scaffold import Origin, Scaffold, disagreements, origin, read_seeds, seen_from
from toolkit.scaffold_engine import as_bytes
from toolkit.updating_files import Files, FileUpdate, Sent

declare(
    "not-scaffolded",
    "error",
    N_("{folder} was not made by pulje new: there is nothing to hold the template of today against."),
    N_("bind it to a seed or a rollout: pulje link {folder} SEED; until then, edit its files yourself"),
)

declare(
    "seed-without-entry",
    "error",
    N_("{seed} does not name {entry} any more: what the project was made from has been taken off the list."),
    N_("put it back, name the file that has it with --seed, or take the template alone: --template-only"),
)

NOTHING_TAKEN: Taken = {}


class Update(Struct, frozen=True, kw_only=True):
    """What an update does to a project, or why it does nothing.

    `problems` with an error stop it: the project would not hold together with the update, and is left as it is.
    """

    folder: Path
    seed_found: bool = True  # else the seed is the recorded one
    files: tuple[FileUpdate, ...] = ()
    problems: tuple[Problem, ...] = ()
    contents: Mapping[str, bytes] = {}
    renames: Mapping[str, str] = {}  # the new names, by the old ones
    said: frozenset[str] = frozenset()  # the files of which somebody has said where they stand

    @property
    def stopped(self) -> bool:
        return has_errors(self.problems)

    @property
    def conflicts(self) -> int:
        return sum(max(len(each.lines), each.outcome in ("unlike", "unsure")) for each in self.files)


def look(
    folder: Path,
    scaffold: Scaffold,
    seed_file: Path | None,
    places: shelf.Places = (shelf.TEMPLATES,),
    *,
    template_only: bool = False,
    taken: Taken = NOTHING_TAKEN,
    moved: Mapping[str, str] = {},
) -> Update:
    """What an update would do. Nothing is written. What is `taken` is no conflict.

    `moved` is where files stand that the template calls otherwise, as somebody has said. One that is said to stand
    where the template has it, and is not there, is looked for nowhere else.
    """
    problems: list[Problem] = []
    was = origin(folder, problems, places)
    if was is None:
        unmade = problem("not-scaffolded", Span(FileName(str(folder), "here"), 0, 0), folder=folder)
        return Update(folder=folder, problems=tuple(problems) or (unmade,))
    path = None if template_only else seed_file or recorded_seed_file(folder, was)
    seed = seed_today(path, was, problems, places) if path else None
    if has_errors(problems):
        return Update(folder=folder, problems=tuple(found for found in problems if found.severity == "error"))
    where = seen_from(folder, path) if path else was.seed_file
    now = scaffold.generated(seed or was.seed)
    budget = f"budgets/{(seed or was.seed).budget}.yaml"
    names = {*was.pristine, *now}
    said = {name: at for name, at in moved.items() if name in names and (name == at or is_project_file(folder, at))}
    files = Files(folder, was.pristine, now, cache(lambda: _sent(folder, seed or was.seed, places)), taken)
    every = [files.updated(pair) for pair in pairs(folder, was.pristine, now, budget, was.moved, said)]
    problems += files.problems
    if has_errors(problems):
        return Update(
            folder=folder, problems=tuple(dict.fromkeys(each for each in problems if each.severity == "error"))
        )
    kept = scaffold.kept(seed or was.seed, files.base, where, files.moved)
    brought = tuple(_brought(folder, files, places)) if files.texts or files.renames else ()
    return Update(
        folder=folder,
        seed_found=seed is not None or template_only,
        files=tuple(each for each in every if each),
        problems=brought,
        contents={
            **{name: as_bytes(text) for name, text in files.texts.items()},
            **{name: content for name, content in kept.items() if _is_other(folder / name, content)},
        },
        renames=files.renames,
        said=frozenset(said),
    )


def write(update: Update) -> None:
    """Write what `look` found, unless it stops. Each file whole; what it was made from comes last.

    A file gets its new name before its new text, so that it is never there twice: an update that is broken off finds
    it there and goes on. Raises LogBusy when somebody else is writing in the project.
    """
    with locked(update.folder):
        for name, to in update.renames.items():
            rename(update.folder / name, update.folder / to)
        for name, content in sorted(update.contents.items(), key=lambda item: (item[0].startswith("."), item[0])):
            write_whole(update.folder / name, content)


def _is_other(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


# ── the seed of today ────────────────────────────────────────────────────────────────────────


def recorded_seed_file(folder: Path, was: Origin) -> Path | None:
    """The seed file that the project was made from, wherever one stands; None where it is not there."""
    path = Path(os.path.normpath((folder if was.entry else folder.parent) / was.seed_file))
    return path if was.seed_file and path.is_file() else None


@lru_cache(maxsize=1)
def _seeds_of(
    path: Path, changed: tuple[int, int], places: shelf.Places
) -> tuple[tuple[Seed, ...], tuple[Problem, ...]]:
    """What a file holds, read once for all the projects of a list, until it is `changed`."""
    problems: list[Problem] = []
    return read_seeds(path, problems, places), tuple(problems)


def seed_today(path: Path, was: Origin, problems: list[Problem], places: shelf.Places) -> Seed | None:
    """The project's own seed in a file that may hold many; one that is not there, or is another's, is an error."""
    there = path.stat()
    found, told = _seeds_of(path, (there.st_mtime_ns, there.st_size), places)
    problems += told
    if has_errors(problems):
        return None
    own = [seed for seed in found if (seed.entry == was.entry if was.entry else seed.folder == was.seed.folder)]
    if len(own) != 1:
        here, entry = Span(FileName(str(path), "here"), 0, 0), was.entry or was.seed.folder
        problems.append(problem("seed-without-entry", here, seed=path.name, entry=entry))
        return None
    problems += disagreements(was.seed.plan, own[0])
    return own[0]


def _sent(folder: Path, seed: Seed, places: shelf.Places) -> Sent:
    """From the log: an application sends its budget, whatever it says, and the award makes a promise of the plan.

    What may not be touched is not known where the plan, the log or a budget cannot be read.
    """
    project = open_project(folder, places=places)
    dossier, errors = project.dossier, tuple(found for found in project.problems if found.severity == "error")
    if dossier is None or dossier.unread & {LOG, "budgets"}:
        return Sent(unread=errors)
    events = corrected(dossier.events)
    if not any(isinstance(event, Applied | Awarded) or _is_application(event) for event in events):
        return Sent()
    named = {getattr(event, "budget", None) for event in events}
    budgets = (each for each in dossier.plan.budgets if each.id in named or each.stage == "application")
    files = frozenset(f"budgets/{each.id}.yaml" for each in budgets)
    plan_errors = tuple(found for found in errors if found.at.file == PLAN)
    if not any(isinstance(event, Awarded) for event in events):
        return Sent(files, ("grant",), plan_errors=plan_errors)
    plan = with_changes(dossier.plan, sorted(events, key=lambda event: event.happened))
    return Sent(files, PROMISED, (plan, seed.plan), plan_errors=plan_errors)


def _is_application(event: AnyEvent) -> bool:
    """Whether it says that an application was sent, also where nobody has logged what was applied for."""
    return isinstance(event, Submitted) and "-application-v" in event.issued


def _brought(folder: Path, files: Files, places: shelf.Places) -> Iterator[Problem]:
    """The errors that the project would have with the update, and has not now."""
    before = {
        (found.code, files.renames.get(found.at.file, found.at.file), found.at.text)
        for found in open_project(folder, places=places).problems
    }
    instead: dict[str, str | None] = {to: _read(folder / name) for name, to in files.renames.items()}
    instead |= files.texts | dict.fromkeys(files.renames)
    for found in open_project(folder, instead=instead, places=places).problems:
        if found.severity == "error" and (found.code, found.at.file, found.at.text) not in before:
            yield found


def _read(path: Path) -> str | None:
    return decoded(path.read_bytes(), path.name, [])
