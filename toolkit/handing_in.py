"""What comes back of projects that were handed out: found, held to be whole, and known as the project that it is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Literal
from unicodedata import normalize
from zipfile import BadZipFile

import msgspec
from msgspec import Struct

from toolkit.core.item_merge import Taken
from toolkit.core.problems import N_, FileName, Problem, Span, declare, has_errors, problem
from toolkit.core.seed import Typed
from toolkit.files import write_whole
from toolkit.handing_in_files import FileReturn, Merging
from toolkit.handing_out import HANDED_OUT, LEFT, Base, is_handed, text_of
from toolkit.portfolio import STATUS, found_in
from toolkit.project import LOG, PLAN, open_project, provenance
from toolkit.readers.seed import plain
from toolkit.readers.source import load
from toolkit.writers.package import unpack

declare(
    "returned-nothing",
    "error",
    N_("{file} has no project in it."),
    N_("lay the zip that came back there, or the folder that was in it, with its project.yaml and its .pulje folder"),
)
declare(
    "returned-unreadable",
    "error",
    N_("{file} cannot be unpacked: it is damaged, it is no zip, or it holds what no project holds."),
    N_("ask for it again, packed as the folder was handed out"),
)
declare(
    "returned-outside",
    "error",
    N_("{project} has a file that leads out of its folder: {file}. Nothing of it is handed in."),
    N_("ask for it again without links, packed as the folder was handed out"),
)
declare(
    "returned-without-base",
    "error",
    N_("{project} does not say what was handed out: its {file} is gone, or is damaged. Nothing of it is handed in."),
    N_(
        "ask for the whole folder, with .pulje in it; if that is gone, hand the project out again and lay the files "
        "that were worked on in the new copy"
    ),
)
declare(
    "returned-unknown",
    "error",
    N_("{project} is none of the projects here. Nothing of it is handed in."),
    N_("name the folder that it was handed out from"),
)
declare(
    "returned-of-several",
    "error",
    N_("{project} may be any of these: {found}. Nothing of it is handed in."),
    N_("name the folder of the one that it is: pulje portfolio {first} --hand-in …"),
)


class Returned(Struct, frozen=True, kw_only=True):
    """A project that came back: its name as the user would type it, its files, or why they are not taken."""

    name: str
    files: Mapping[str, bytes] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def base(self) -> Base | None:
        """What it was handed out as; None where it does not say so."""
        try:
            return msgspec.json.decode(self.files.get(HANDED_OUT, b""), type=Base)
        except msgspec.DecodeError:
            return None


def returned(back: Path) -> list[Returned]:
    """Every project in a folder of what came back, in zips or unpacked, or in one zip."""
    if back.is_file():
        return _in_zip(back)
    found: list[Returned] = []
    for at, folders, files in os.walk(back):
        place = Path(at)
        if PLAN in files or (place / HANDED_OUT).is_file():
            found.append(_in_folder(place))
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in LEFT)
        zips = sorted(name for name in files if name.lower().endswith(".zip") and not name.startswith("."))
        found += (each for name in zips for each in _in_zip(place / name))
    found.sort(key=lambda each: each.name)
    return found or [Returned(name=str(back), problems=(_refused("returned-nothing", back),))]


def _refused(code: Literal["returned-nothing", "returned-unreadable"], file: Path) -> Problem:
    return problem(code, Span(FileName(str(file), "here"), 0, 0), file=file.name)


def _in_folder(folder: Path) -> Returned:
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not is_handed(name) and name != HANDED_OUT:
            continue
        if path.is_symlink():
            return Returned(name=str(folder), problems=(_outside(str(folder), name),))
        try:
            if path.is_file():
                files[name] = path.read_bytes()
        except OSError:
            unreadable = problem("file-unreadable", Span(FileName(str(path), "here"), 0, 0), file=name)
            return Returned(name=str(folder), problems=(unreadable,))
    return _checked(str(folder), files)


def _in_zip(path: Path) -> list[Returned]:
    try:
        parts = {name.replace("\\", "/"): part for name, part in unpack(path.read_bytes()).items()}
    except (BadZipFile, OSError):
        return [Returned(name=str(path), problems=(_refused("returned-unreadable", path),))]
    roots = sorted({root for name in parts for mark in (PLAN, HANDED_OUT) if (root := _root(name, mark)) is not None})
    roots = [root for root in roots if not any(root != other and root.startswith(other) for other in roots)]
    if not roots:
        return [Returned(name=str(path), problems=(_refused("returned-nothing", path),))]
    stray = next((name for name in parts if not _is_inside(name)), None)
    if stray is not None:
        return [Returned(name=str(path), problems=(_outside(str(path), stray),))]
    return [
        _checked(
            str(path / root) if root else str(path),
            {name.removeprefix(root): part for name, part in parts.items() if name.startswith(root)},
        )
        for root in roots
    ]


def _root(name: str, mark: str) -> str | None:
    """The folder of a project, with its last stroke, that one of its files tells of."""
    return name.removesuffix(mark) if name == mark or name.endswith(f"/{mark}") else None


def _checked(name: str, files: Mapping[str, bytes]) -> Returned:
    if (outside := next((file for file in files if not _is_inside(file)), None)) is not None:
        return Returned(name=name, problems=(_outside(name, outside),))
    base = Returned(name=name, files=files).base
    known = {normalize("NFC", file): file for file in (base.versions if base else ())}
    taken = {file: content for file, content in files.items() if is_handed(file) or file == HANDED_OUT}
    composed = ((normalize("NFC", file), content) for file, content in taken.items())  # macOS writes å as two letters
    return Returned(name=name, files={known.get(file, file): content for file, content in composed})


def _is_inside(name: str) -> bool:
    """Whether a name stays in its folder, on every system."""
    parts = name.split("/")
    return not any(part in ("", "..") or part != part.rstrip(" .") for part in parts) and not {*name} & {":", "\0"}


def _outside(project: str, file: str) -> Problem:
    return problem("returned-outside", Span(FileName(project, "here"), 0, 0), project=Path(project).name, file=file)


# ── which project it is ──────────────────────────────────────────────────────────────────────


def projects_below(folder: Path, back: Path) -> dict[str, str]:
    """What each project below a folder was made from, by where it stands; what came back is none of them."""
    outside = back.resolve()
    found = (place for place in found_in(folder) if not place.endswith(STATUS))
    return {
        place: provenance(folder / place)
        for place in found
        if (folder / place / PLAN).is_file() and not (folder / place).resolve().is_relative_to(outside)
    }


def matched(each: Returned, folder: Path, projects: Mapping[str, str]) -> str | Problem:
    """Where the project stands that came back, or why that cannot be said."""
    base, name = each.base, Path(each.name).name
    at = Span(FileName(each.name, "here"), 0, 0)
    if base is None:
        return problem("returned-without-base", at, project=name, file=HANDED_OUT)
    left = [place for place, made_from in projects.items() if not base.made_from or made_from in ("", base.made_from)]
    is_found = False
    for fitting in (
        [place for place in left if base.made_from and projects[place] == base.made_from],
        [place for place in left if place == base.place],
        [place for place in left if _is_called(folder / place, base, name)],
    ):
        narrowed = [place for place in fitting if place in left]
        left, is_found = (narrowed, True) if narrowed else (left, is_found)
    if not is_found:
        return problem("returned-unknown", at, project=name)
    if len(left) > 1:
        found = ", ".join(left)
        return problem("returned-of-several", at, project=name, found=found, first=folder / left[0])
    return left[0]


def _is_called(project: Path, base: Base, name: str) -> bool:
    """Whether a project has the name of what came back, and its plan is not another's."""
    if project.resolve().name not in (name, PurePosixPath(base.place).name):
        return False
    was, now = (_plan(text) for text in (base.texts.get(PLAN, ""), text_of(PLAN, (project / PLAN).read_bytes()) or ""))
    if not was or not now:
        return True
    title, period, municipality = (was.get(key) == now.get(key) for key in ("title", "project_period", "municipality"))
    return municipality and (title or period)


def _plan(text: str) -> Mapping[str, Typed]:
    node = load(text, PLAN, [])
    value = plain(node) if node is not None else ""
    return value if isinstance(value, Mapping) else {}


# ── what becomes of it ───────────────────────────────────────────────────────────────────────


class HandIn(Struct, frozen=True, kw_only=True):
    """What a hand-in does to a project, or why it does nothing: `problems` with an error stop it."""

    name: str  # what came back
    folder: Path | None = None
    files: tuple[FileReturn, ...] = ()
    problems: tuple[Problem, ...] = ()
    contents: Mapping[str, bytes] = {}

    @property
    def stopped(self) -> bool:
        return has_errors(self.problems)

    @property
    def conflicts(self) -> int:
        return sum(each.conflicts for each in self.files)


def hand_in(folder: Path, back: Returned, taken: Taken) -> HandIn:
    """What a hand-in would do to a project. Nothing is written."""
    base = back.base
    assert base is not None
    merging = Merging(folder, base, back.files, taken)
    files = merging.files()
    merging.problems += _brought(merging.ours, merging.contents, folder)
    contents = {**merging.contents, **merging.record()} if merging.is_new else {}
    return HandIn(
        name=back.name, folder=folder, files=tuple(files), problems=tuple(merging.problems), contents=contents
    )


def write(found: HandIn) -> None:
    """Write what a hand-in does, unless it is stopped; that it is handed in comes last. Hold the project's lock."""
    assert found.folder is not None
    order = sorted(found.contents.items(), key=lambda item: (item[0].startswith("."), item[0] == LOG, item[0]))
    for name, content in order:
        write_whole(found.folder / name, content)


def _brought(ours: Mapping[str, bytes], contents: Mapping[str, bytes], folder: Path) -> Iterator[Problem]:
    """The errors and warnings that the project would have, and has not now; marked conflicts are told by themselves.

    It is opened as it would be, from a copy: postings and receipts too are among what comes.
    """
    if not contents:
        return
    with TemporaryDirectory() as place:
        copy = Path(place) / folder.resolve().name
        _lay(copy, ours)
        before = {(found.code, found.at.file, found.at.text) for found in open_project(copy).problems}
        _lay(copy, contents)
        for found in open_project(copy).problems:
            is_told = found.severity != "note" and found.code != "conflict-left"
            if is_told and (found.code, found.at.file, found.at.text) not in before:
                yield found


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
