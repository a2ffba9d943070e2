"""What `pulje portfolio` says of projects that are handed out, and of those that come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from msgspec import structs

from toolkit.cli.as_json import as_text
from toolkit.cli.project_folder import no_project, show_in
from toolkit.cli.update import unused, values_as_json
from toolkit.core.item_merge import Difference, Side, Taken, shown
from toolkit.core.portfolio import Holding
from toolkit.core.problems import N_, FileName, Problem, Refused, Span, phrase, problem
from toolkit.core.records import MISSING
from toolkit.files import refused_by_disk, write_whole
from toolkit.handing_in import HandIn, Returned, hand_in, matched, projects_below, returned, write
from toolkit.handing_in_files import FileReturn, Outcome
from toolkit.handing_out import HandedOut, files_of, handed_out, packed
from toolkit.issuing import unfit_names
from toolkit.journal import locked
from toolkit.language import _, ngettext
from toolkit.project import PLAN

_OUTCOMES: dict[Outcome, str] = {
    "updated": N_("updated"),
    "added": N_("added"),
    "restored": N_("put back: it is deleted here, and was changed there"),
    "conflict": N_("conflict, marked in the file"),
    "beside": N_("left as it is: what came back is otherwise, and lies beside it as {beside}"),
    "kept": N_("left as it is: it is deleted there, and changed here"),
    "stays": N_("left as it is: it is deleted there"),
    "chosen": N_("left as it is"),
}


def hand_out(folder: Path, holdings: Sequence[Holding]) -> tuple[dict[str, bytes], list[Problem]]:
    """A zip for each municipality, by its name; what keeps a project from being handed out is among the problems."""
    from toolkit.render import in_file_name  # what makes documents: whoever hands in does not wait for it

    zips: dict[str, tuple[str, dict[str, HandedOut]]] = {}
    problems: list[Problem] = []
    for each in (each for each in holdings if not each.handed_over):
        name = in_file_name(each.place) if each.place != MISSING else ""
        try:
            files = files_of(folder / each.file)
        except OSError as error:
            problems.append(_by_disk(error))
            continue
        unfit = list(unfit_names(files))
        if not name:
            unfit.append(problem("handed-out-nowhere", Span(PLAN, 0, 0), project=each.file))
        if not unfit:
            goes = handed_out(folder / each.file, each.file, files)
            zips.setdefault(name, (each.place, {}))[1][each.file] = goes
        problems += (_seen_from(each.file, found) for found in unfit)
    written = {f"{name}.zip": packed(place, projects) for name, (place, projects) in sorted(zips.items())}
    return written, problems


def _seen_from(project: str, found: Problem) -> Problem:
    """A project's problem, with its place as seen from the folder of all of them."""
    if isinstance(found.at.file, FileName):
        return found
    return structs.replace(found, at=structs.replace(found.at, file=(Path(project) / found.at.file).as_posix()))


def _by_disk(error: OSError) -> Problem:
    """What the disk refuses, of one project among others. Raises it anew where it is no refusal."""
    if refused := refused_by_disk(error):
        return refused
    raise error


def hand_in_all(folder: Path, back: Path, sides: Taken, result: Path | None, *, dry_run: bool) -> None:
    """Merge each project that came back into the one that it is, and tell of it when it is done."""
    projects = projects_below(folder, back)
    if not projects:
        where = N_("in {folder} or below it") if folder.parts else N_("in this folder or below it")
        no_project(phrase(where, folder=folder))
    done: list[HandIn] = []
    try:
        for each in returned(back):
            found = _handed_in(folder, each, projects, sides, dry_run=dry_run)
            _tell(found, sides, by_value=dry_run)
            done.append(found)
    finally:  # also of those that were done before somebody broke it off
        if result:
            write_whole(result, f"{as_text({'projects': [_as_json(each) for each in done]})}\n".encode())
    show_in(Path(), unused(sides, {name for each in done for file in each.files for name in (*file.taken, file.file)}))
    if any(each.conflicts or each.stopped for each in done):
        raise click.exceptions.Exit(1)


def _handed_in(folder: Path, each: Returned, projects: Mapping[str, str], sides: Taken, *, dry_run: bool) -> HandIn:
    """A hand-in once it is written, or why it was not."""
    place = matched(each, folder, projects) if not each.problems else each.problems[0]
    if isinstance(place, Problem):
        return HandIn(name=each.name, problems=(place,))
    project = folder / place
    try:
        if dry_run:
            return hand_in(project, each, sides)
        with locked(project):
            found = hand_in(project, each, sides)
            if not found.stopped:
                write(found)
            return found
    except Refused as refusal:
        return HandIn(name=each.name, folder=project, problems=(refusal.problem,))
    except OSError as error:
        return HandIn(name=each.name, folder=project, problems=(_by_disk(error),))


def _as_json(found: HandIn) -> dict[str, object]:
    """What became of one project, for a program: its files, the values that changed, and the problems' codes."""
    return {
        "returned": found.name,
        "project": str(found.folder) if found.folder else None,
        "stopped": found.stopped,
        "problems": [each.code for each in found.problems],
        "files": [
            {
                "file": each.file,
                "outcome": each.outcome,
                "lines": list(each.lines),
                "taken": list(each.taken),
                "beside": each.beside or None,
                "values": values_as_json(each.differences),
            }
            for each in found.files
        ],
    }


def _tell(found: HandIn, sides: Taken, *, by_value: bool) -> None:
    """What became of one project, a line for it and one for each file; with each value that it changes, if wanted."""
    show_in(found.folder or Path(), found.problems)
    click.echo(f"{found.folder or found.name}: {_verdict(found)}")
    if found.stopped or found.folder is None:
        return
    for each in found.files:
        for line in _lines(found.folder, each, sides, by_value=by_value):
            click.echo(line)


def _verdict(found: HandIn) -> str:
    if found.stopped:
        return _("left as it is")
    if not found.files:
        return _("nothing new came back")
    words = ngettext("{n} file", "{n} files", len(found.files)).format(n=len(found.files))
    if found.conflicts:
        words += ", " + ngettext("{n} conflict", "{n} conflicts", found.conflicts).format(n=found.conflicts)
    return words


def _lines(folder: Path, each: FileReturn, sides: Taken, *, by_value: bool) -> Iterator[str]:
    place = str(folder / each.file) + (f":{','.join(map(str, each.lines))}" if each.lines else "")
    yield f"  {place}: {_(_OUTCOMES[each.outcome]).format(beside=Path(each.beside).name)}"
    for path in each.taken:
        words = _TAKEN[sides.get(path, sides.get(each.file, "ours"))]
        yield "    " + _(words).format(path=path)
    for difference in each.differences:
        if by_value or difference.outcome == "held":
            yield f"    {_change(difference)}"


_TAKEN: dict[Side, str] = {
    "ours": N_("{path}: yours stays, and what came back is not taken"),
    "theirs": N_("{path}: what came back is taken, instead of yours"),
}

_CHANGES = {
    "brought": N_("{path}: {before} → {after}"),
    "conflict": N_("{path}: {before} stays, what came back says {after}"),
    "held": N_("{path}: stays in the log, though what came back no longer has it"),
}


def _change(difference: Difference) -> str:
    """One value as it is, and as it came back."""
    before, after = shown(difference.ours), shown(difference.theirs)
    return _(_CHANGES[difference.outcome]).format(path=".".join(difference.path), before=before, after=after)
