"""Brings a newer template, and a changed seed, into a project that somebody has written in since it was made.

Three versions of each file are merged: as it was made, as it is, and as it would be made now. What the user wrote
stays. Where both changed the same lines, the user's stand and the template's are put beside them as a comment, marked,
so that the project can still be read; nothing is said to be done that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from toolkit.core.merge import CONFLICT, Both, Conflict, merge
from toolkit.core.problems import N_, FileName, Problem, Span, declare, has_errors, problem
from toolkit.core.seed import Seed
from toolkit.files import write_whole
from toolkit.journal import locked
from toolkit.project import open_project
from toolkit.readers import shelf
from toolkit.readers.source import decoded
from toolkit.scaffold import Origin, Scaffold, origin, read_seeds

_ENDS = f"{CONFLICT} SLUT"
_SAYS = f"{CONFLICT}: skabelonen siger nu dette; jeres egne linjer står nedenfor. Vælg, og slet disse linjer."

declare(
    "not-scaffolded",
    "error",
    N_("{folder} was not made by pulje new: there is nothing to hold the template of today against."),
    N_("edit its files yourself; pulje update is for projects that pulje new has made from a seed or a rollout"),
)

Outcome = Literal["updated", "added", "conflict", "unlike", "left-out", "deleted"]


class FileUpdate(Struct, frozen=True):
    """What became of one file.

    `unlike` is one that both sides added otherwise, and is left as the user has it. `left-out` is no longer part of the
    template, and `deleted` is gone from the project: both stay so.
    """

    file: str
    outcome: Outcome
    lines: tuple[int, ...] = ()  # where conflicts are marked


class Update(Struct, frozen=True, kw_only=True):
    """What an update does to a project, or why it does nothing.

    `problems` with an error stop it: the project would not hold together with the update, and is left as it is.
    """

    folder: Path
    seed_found: bool = True  # else the seed is the recorded one
    files: tuple[FileUpdate, ...] = ()
    problems: tuple[Problem, ...] = ()
    contents: Mapping[str, bytes] = {}

    @property
    def stopped(self) -> bool:
        return has_errors(self.problems)

    @property
    def conflicts(self) -> int:
        return sum(max(len(each.lines), each.outcome == "unlike") for each in self.files)


def look(folder: Path, scaffold: Scaffold, seed_file: Path | None, places: shelf.Places = (shelf.TEMPLATES,)) -> Update:
    """What an update would do. Nothing is written."""
    problems: list[Problem] = []
    was = origin(folder, problems, places)
    if was is None:
        unmade = problem("not-scaffolded", Span(FileName(str(folder), "here"), 0, 0), folder=folder)
        return Update(folder=folder, problems=tuple(problems) or (unmade,))
    path = seed_file or _recorded(folder, was)
    seed = _seed(path, was, problems, places) if path else None
    if has_errors(problems):
        return Update(folder=folder, problems=tuple(problems))
    contents = scaffold.contents(seed or was.seed, str(path) if path else was.seed_file)
    now = {name: contents.pop(name).decode() for name in scaffold.generated(seed or was.seed)}
    texts: dict[str, str] = {}
    files = tuple(_files(folder, was.pristine, now, texts))
    brought = tuple(_brought(folder, texts, places))
    return Update(
        folder=folder,
        seed_found=seed is not None,
        files=files,
        problems=brought,
        contents={**{name: text.encode() for name, text in texts.items()}, **contents},
    )


def write(update: Update) -> None:
    """Write what `look` found, unless it stops. Each file whole; what it was made from comes last.

    Raises LogBusy when somebody else is writing in the project.
    """
    with locked(update.folder):
        for name, content in sorted(update.contents.items(), key=lambda item: (item[0].startswith("."), item[0])):
            write_whole(update.folder / name, content)


# ── the seed of today ────────────────────────────────────────────────────────────────────────


def _recorded(folder: Path, was: Origin) -> Path | None:
    """The seed file that the project was made from, from here or from the folder above the project."""
    for path in (Path(was.seed_file), folder.parent / was.seed_file):
        if path.is_file():
            return path
    return None


def _seed(path: Path, was: Origin, problems: list[Problem], places: shelf.Places) -> Seed | None:
    """The project's own seed in a file that may hold many.

    By its folder's name, which a new title would change; else the only one of its municipality.
    """
    found = read_seeds(path, problems, places)
    same_folder = [seed for seed in found if seed.folder == was.seed.folder]
    same_place = [seed for seed in found if seed.plan.municipality == was.seed.plan.municipality]
    candidates = same_folder or same_place
    return candidates[0] if len(candidates) == 1 else None


# ── the files ────────────────────────────────────────────────────────────────────────────────


def _files(
    folder: Path, pristine: Mapping[str, str], now: Mapping[str, str], texts: dict[str, str]
) -> Iterator[FileUpdate]:
    """What becomes of each file; the new texts are put in `texts`."""
    for file in sorted({*pristine, *now}):
        was, new, mine = pristine.get(file), now.get(file), _text(folder / file)
        if was == new or new == mine:
            continue
        if new is None:
            yield FileUpdate(file, "left-out")
        elif mine is None and was is not None:
            yield FileUpdate(file, "deleted")
        elif mine is None:
            texts[file] = new
            yield FileUpdate(file, "added")
        elif was is None:
            yield FileUpdate(file, "unlike")
        else:
            lines, marks = _merged(was, mine, new, file)
            texts[file] = "".join(lines)
            yield FileUpdate(file, "conflict" if marks else "updated", tuple(marks))


def _text(path: Path) -> str | None:
    try:
        text = decoded(path.read_bytes(), path.name, []) if path.is_file() else None
    except OSError:  # a name that no file can have
        text = None
    return None if text is None else text.replace("\r\n", "\n")


def _merged(was: str, mine: str, new: str, file: str) -> tuple[list[str], list[int]]:
    """The merged lines, and the numbers of those that mark a conflict."""
    lines: list[str] = []
    marks: list[int] = []
    for part in merge(*(text.splitlines(keepends=True) for text in (was, mine, new))):
        match part:
            case Both(lines=both):
                lines += both
            case Conflict(ours=ours, theirs=theirs):
                marks.append(len(lines) + 1)
                lines += [*_marked(theirs, markdown=file.endswith(".md") and not _in_front_matter(lines)), *ours]
    return lines, marks


def _marked(theirs: tuple[str, ...], *, markdown: bool) -> Iterator[str]:
    """The template's lines as a comment: the file can be read as before, and nothing of theirs is in force."""
    if markdown:
        yield f"<!-- {_SAYS}\n"
        yield from (line.rstrip("\n").replace("-->", "-- >") + "\n" for line in theirs)
        yield f"{_ENDS} -->\n"
        return
    yield f"# {_SAYS}\n"
    yield from (f"# {line.rstrip()}".rstrip() + "\n" for line in theirs)
    yield f"# {_ENDS}\n"


def _in_front_matter(lines: list[str]) -> bool:
    return sum(line.rstrip() == "---" for line in lines) == 1


def _brought(folder: Path, texts: Mapping[str, str], places: shelf.Places) -> Iterator[Problem]:
    """The errors that the project would have with the update, and has not now."""
    before = {(found.code, found.at.file, found.at.text) for found in open_project(folder, places=places).problems}
    for found in open_project(folder, instead=texts, places=places).problems:
        if found.severity == "error" and (found.code, found.at.file, found.at.text) not in before:
            yield found
