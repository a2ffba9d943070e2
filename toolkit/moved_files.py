"""The files of a project in their three versions, whatever each of these calls them.

A file is known by its name. Where somebody has given it another, or the template has, it is known by what the record
says of it, and else by what is in it (core/same_file.py), which is only looked at where a file is missed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct, structs

from toolkit.core.same_file import Match, matched, shared
from toolkit.project import BUILT, ISSUED, KEPT
from toolkit.scaffold_engine import as_text

_LARGEST = 1_000_000  # bytes: no file of a template comes near
_OTHERS = {ISSUED, BUILT, "postings"}  # nothing of a template's stands there


class Pair(Struct, frozen=True, kw_only=True):
    """One file, by the names that it was made with, would be made with now, and has in the project; "" for none.

    `alike` are those that it may be, where it is missed in the project and that is in doubt. `is_known` says that
    somebody has said where it stands, or has been told.
    """

    was: str = ""
    now: str = ""
    at: str = ""
    alike: tuple[str, ...] = ()
    is_known: bool = False

    @property
    def is_renamed(self) -> bool:
        """Whether the template calls it otherwise now."""
        return bool(self.was and self.now) and self.was != self.now


def pairs(
    folder: Path,
    pristine: Mapping[str, str],
    now: Mapping[str, str],
    budget: str,
    recorded: Mapping[str, str],
    said: Mapping[str, str],
) -> list[Pair]:
    """Every file that the project was made with or would be made with now, in the order of their names.

    `budget` is the one that the seed makes now, which is named by its day. Where files stand is, by the template's
    names, as it is `recorded` or as the user has `said`; one that is said to stand where the template has it is looked
    for nowhere else.
    """
    told: list[Pair] = []
    missed: dict[str, Pair] = {}
    for was, new in _names(folder, pristine, now, budget):
        place = _place(folder, was, new, {**recorded, **said})
        is_known = place is not None and (not place or place in (recorded.get(was), recorded.get(new)))
        pair = Pair(was=was, now=new, at=place or "", is_known=is_known)
        if place is None and (was or new == budget):
            missed[was or new] = pair
        else:
            told.append(pair)
    if missed:
        taken = {*pristine, *now, *(pair.at for pair in told)}
        others = _others(folder, {PurePosixPath(name).suffix for name in missed}, taken)
        texts = {name: pristine[name] if pair.was else now[name] for name, pair in missed.items()}
        told += (_pair(missed[name], match) for name, match in matched(texts, others, _shared(pristine, now)).items())
    return sorted(told, key=lambda pair: pair.now or pair.was)


def _pair(missed: Pair, match: Match) -> Pair:
    """A file with what it was found to be. Nothing is the one that was never made here: it is asked."""
    if missed.was:
        return structs.replace(missed, at=match.file, alike=match.alike)
    return structs.replace(missed, alike=(match.file,) if match.file else match.alike)


def is_project_file(folder: Path, name: str) -> bool:
    """Whether there is such a file in the project, and it is not kept for us."""
    return _is_inside(name) and _is_file(folder, name)


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    return "" not in parts and not any(part.startswith(".") for part in parts) and not {*name} & {"\\", ":"}


def _names(folder: Path, pristine: Mapping[str, str], now: Mapping[str, str], budget: str) -> Iterator[tuple[str, str]]:
    """The names that each file was made with and would be made with, "" for none."""
    renamed = {
        was: new
        for was, new in _renamed(pristine, now, budget).items()
        if not (_is_file(folder, was) and _is_file(folder, new))  # then they are two
    }
    for was in pristine:
        yield was, renamed.get(was, was if was in now else "")
    for new in now:
        if new not in pristine and new not in renamed.values():
            yield "", new


def _renamed(pristine: Mapping[str, str], now: Mapping[str, str], budget: str) -> dict[str, str]:
    """What the template calls otherwise now: the budget that a seed makes, and files that are known by their text."""
    gone = {name: text for name, text in pristine.items() if name not in now}
    new = {name: text for name, text in now.items() if name not in pristine}
    budgets = [name for name in gone if budget in new and PurePosixPath(name).parent == PurePosixPath(budget).parent]
    if len(budgets) == 1:
        del gone[budgets[0]]
        del new[budget]
    found = matched(gone, new, _shared(pristine, now)) if gone and new else {}
    return {**dict.fromkeys(budgets if len(budgets) == 1 else (), budget)} | {
        name: match.file for name, match in found.items() if match.file
    }


def _shared(*trees: Mapping[str, str]) -> frozenset[str]:
    """The lines that tell no file from another, as the template has it now or had it then."""
    return frozenset().union(*(shared(tree.values()) for tree in trees))


def _place(folder: Path, was: str, new: str, said: Mapping[str, str]) -> str | None:
    """Where a file stands: "" where it is known to be gone, None where it is missed."""
    place = said.get(was) or said.get(new) or ""
    if is_project_file(folder, place):
        return place
    for name in (was, new):
        if name and _is_file(folder, name):
            return name
    return "" if place and place in (was, new) else None


def _is_file(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def _others(folder: Path, endings: Collection[str], taken: Collection[str]) -> dict[str, str]:
    """The texts of all other files of a project that end so; those of projects in it, and links, are not its."""
    found: dict[str, str] = {}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if here != folder and (here / KEPT).is_dir():
            folders.clear()
            continue
        skipped = _OTHERS if here == folder else ()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in skipped)
        for path in (here / name for name in files if PurePosixPath(name).suffix in endings):
            name = path.relative_to(folder).as_posix()
            if _is_inside(name) and name not in taken and not path.is_symlink() and (text := _text(path)) is not None:
                found[name] = text
    return found


def _text(path: Path) -> str | None:
    try:
        return as_text(path.read_bytes()).removeprefix("\ufeff") if path.stat().st_size <= _LARGEST else None
    except OSError:  # nobody can know it again by what nobody can read
        return None
